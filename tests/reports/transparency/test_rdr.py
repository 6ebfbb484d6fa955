"""All twenty elements are answered, by a section that is there and says something."""

from __future__ import annotations

import re

from habeas.reports.transparency import as_html
from habeas.reports.transparency.rdr import elements
from tests.reports.transparency.made import BAND, entries, made

SECTION = re.compile(r'<section class="part" id="([\w-]+)".*?</section>', re.S)


def test_the_three_indicators_have_their_twenty_elements() -> None:
    found = [each.id.partition(".")[0] for each in elements()]
    assert {indicator: found.count(indicator) for indicator in found} == {"P10a": 7, "P11a": 10, "P12": 3}
    assert len({each.id for each in elements()}) == 20


def test_each_element_leads_to_a_section_that_answers_it() -> None:
    page = as_html(made(entries(), BAND), data=("requests.csv",))
    sections = {found[1]: found[0] for found in SECTION.finditer(page)}
    for each in elements():
        assert f'<a href="#{each.anchor}" dir="ltr">{each.id}</a>' in page
        text = re.sub(r"<[^>]+>", " ", sections[each.anchor])
        assert len(text.split()) > 10
        if each.counts:
            assert re.search(r'<td class="num">[1-9][\d,]*</td>', sections[each.anchor]), each.id

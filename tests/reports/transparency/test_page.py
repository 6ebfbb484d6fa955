"""The page works with zero requests, in six languages, on a phone and on paper, without a script."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from habeas.desk.events import DelayGround
from habeas.desk.letters import Language
from habeas.desk.public import GIVING, Counted
from habeas.gateways import confined
from habeas.reports.published import Witnessed, Witnesses
from habeas.reports.site import PAGES
from habeas.reports.site import words as site_words
from habeas.reports.site.pages import FONTS
from habeas.reports.transparency import (
    House,
    How,
    Narrative,
    Period,
    Report,
    Restriction,
    as_html,
    printed,
    report,
)
from habeas.reports.transparency.tables import SUBJECTS
from habeas.reports.transparency.words import words
from tests.reports.test_printing import Pdf
from tests.reports.transparency.histories import SEED, STATES
from tests.reports.transparency.made import BAND, HALF, HOUSE, MADE, entries, made
from tests.reports.transparency.shown import Shown

IN_FORCE = confined.protections()
FULL, EMPTY = made(entries(), BAND), made([])
OTHERS = {language: f"../{language}/" for language in Language}


def run(function: str, data: bytes, *, seconds: float, megabytes: int) -> bytes:
    """As the app plugs it in, with what this kernel can enforce."""
    minimum = confined.MINIMUM & IN_FORCE
    return confined.run(function, data, seconds=seconds, megabytes=megabytes, minimum=minimum)


@pytest.mark.parametrize("language", Language)
def test_a_page_is_whole_in_each_language_and_asks_nothing_of_anybody(language: Language) -> None:
    page = as_html(FULL, language, others=OTHERS, data=("requests.csv",), pdf="report.pdf")
    assert f'<html lang="{language}" dir="{language.direction}">' in page
    assert not re.search(
        r"<script|<img|<iframe|<link|\bon\w+=|style=|url\(|@import|https?://(?!record\.example|www\.w3)", page
    )
    style = re.search(r"<style>(.*?)</style>", page, re.S)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in page or f"style-src 'sha256-{digest}'" in page
    assert (language is Language.ENGLISH) != (words(language).say("page", "unreviewed") in page)


@pytest.mark.parametrize("language", Language)
def test_a_report_says_how_the_log_stood_on_its_day_in_the_words_of_the_site(language: Language) -> None:
    day = words(language).day(MADE)
    for witnesses, mark in ((Witnesses(), "notice"), (Witnesses(of=3, quorum=2, cosigned=2), "quiet")):
        page = as_html(msgspec.structs.replace(FULL, witnesses=witnesses), language)
        [line] = re.findall(rf'<p class="{mark}">(.*?)</p>', page)[:1]
        assert str(site_words(str(language)).standing(witnesses)) in line
        assert day in line
    assert Witnesses(of=3, quorum=2, cosigned=1).witnessed is Witnessed.TOO_FEW


def test_on_paper_too_it_is_unwitnessed() -> None:
    """What is printed is the page for paper and no other."""
    assert "Unwitnessed: nobody outside vouches" in as_html(EMPTY)


def test_fonts_come_from_beside_the_page_or_not_at_all() -> None:
    assert "@font-face" not in as_html(FULL)
    page = as_html(FULL, site="../..")
    fetched = set(re.findall(r'url\("([^"]+)"\)', page))
    assert "../../fonts/source-serif-4-latin-opsz-normal.woff2" in fetched
    assert fetched <= {f"../../fonts/{name}" for name in FONTS}
    assert "font-src 'self'" in page


@pytest.mark.parametrize("language", Language)
def test_a_report_on_a_site_is_no_dead_end(language: Language) -> None:
    """It has the menu of the site, and leads to its PDF and to the page for receipts, all in one language."""
    page = as_html(FULL, language, others=OTHERS, pdf="report.pdf", site="../..")
    menu = site_words(str(language)).texts.nav
    for name in PAGES:
        address = f"../../{language}/{name + '/' if name else ''}index.html"
        assert re.search(
            rf'<a href="{re.escape(address)}"[^>]*>{re.escape(getattr(menu, name or "home"))}</a>', page
        )
    assert f'href="../../verify/{language}.html"' in page
    assert 'href="report.pdf"' in page
    alone = as_html(FULL, language)
    assert "index.html" not in alone
    assert "verify/" not in alone


def test_each_table_has_one_caption_and_each_of_its_numbers_a_bar_at_most_in_its_row() -> None:
    page = as_html(FULL)
    captions = re.findall(r"<caption>(.*?)</caption>", page)
    assert len(set(captions)) == len(captions)
    [states] = re.findall(r"<caption>Foreign states</caption>.*?</table>", page, re.S)
    rows = re.findall(r'<th scope="row">([^<]+)(<svg.*?</svg>)?</th><td class="num[^"]*">([\d,]+)', states)
    asked = {name: int(count.replace(",", "")) for name, _, count in rows[:-1]}
    assert {name for name, bar, _ in rows if bar} == {name for name, count in asked.items() if count}
    widths = {name: float(bar.rpartition('width="')[2].partition("%")[0]) for name, bar, _ in rows if bar}
    most = max(asked.values())
    assert widths == {name: pytest.approx(100 * asked[name] / most, abs=0.001) for name in widths}


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.ARABIC, Language.CHINESE])
def test_no_table_is_broken_over_two_sheets(language: Language) -> None:
    import weasyprint

    tables: dict[Any, set[int]] = {}
    for number, sheet in enumerate(weasyprint.HTML(string=as_html(FULL, language)).render().pages):
        for box in sheet._page_box.descendants():
            if box.element_tag == "table":
                tables.setdefault(box.element, set()).add(number)
    assert len(tables) == as_html(FULL, language).count("<table")
    assert [sheets for sheets in tables.values() if len(sheets) != 1] == []


def test_the_sum_of_shown_rows_is_the_number_in_the_head() -> None:
    page = as_html(made(entries()))
    head = re.findall(r"<dd>([\d,]+)</dd>", page)[:3]
    sums = re.findall(r'<tr class="total"><th scope="row">All listed</th><td class="num">([\d,]+)</td>', page)
    assert head == sums


class Cells:
    """The numbers of a report, added up by the test."""

    def __init__(self, report: Report) -> None:
        self._cells = report.cells

    def __call__(self, subject: str, part: str = "", *values: str, **of: str) -> int:
        return sum(
            each.count
            for each in self._cells
            if (each.subject, each.part) == (subject, part)
            and (not values or each.value in values)
            and all(getattr(each, name) == value for name, value in of.items())
        )


@pytest.fixture(scope="module")
def busy() -> tuple[Cells, Shown]:
    """A half year in which more arrived than became requests, and few emergencies were validated in time."""
    month = HALF.months[2]
    late = Counted(kind="validation", month=month, state="DEU", footing="order", how="late")
    early = msgspec.structs.replace(late, footing="request", how="in-time")
    refused = msgspec.structs.replace(late, footing="direct", how="refused")
    more = [Counted(kind="arrival", month=month, door="portal")] * 65
    whole = made([*entries(requests=900), *more, *[late] * 10, *[early] * 15, *[refused] * 20])
    return Cells(whole), Shown(as_html(whole))


FOOTINGS = {"request": "Foreign states", "direct": "Straight to us", "order": "Own state"}


def test_the_head_and_its_sentence_say_the_numbers_of_the_report(busy: tuple[Cells, Shown]) -> None:
    cells, shown = busy
    asked = {footing: cells("request", footing=footing) for footing in FOOTINGS}
    given = cells("decision", "decision", *GIVING)
    assert shown.figures == {
        "requests from foreign states": f"{asked['request']:,}",
        "requests straight from foreign authorities": f"{asked['direct']:,}",
        "orders of our own state": f"{asked['order']:,}",
        "refusals": f"{cells('refusal'):,}",
        "accounts of which something was disclosed": f"{cells('release'):,}",
    }
    numbers = [*asked.values(), cells("refusal"), given]
    assert len(set(numbers)) == len(numbers)  # none can stand for another
    assert 0 not in numbers
    assert re.findall(r"about ([\d,]*\d)", shown.lead) == [f"{each:,}" for each in numbers]


def test_each_state_has_its_own_requests_refusals_and_disclosures(busy: tuple[Cells, Shown]) -> None:
    cells, shown = busy
    state_of = words(Language.ENGLISH).state
    for footing, caption in FOOTINGS.items():
        rows = shown.tables[caption]
        for code in STATES:
            of = {"footing": footing, "state": code}
            given = cells("decision", "decision", *GIVING, **of)
            expected = [cells("request", **of), cells("refusal", **of), given]
            found = shown.row(caption, state_of(code)) if state_of(code) in rows else [0, 0, 0]
            assert found == expected
        sums = [cells("request", footing=footing), cells("refusal", footing=footing)]
        assert shown.row(caption, "All listed") == [
            *sums,
            cells("decision", "decision", *GIVING, footing=footing),
        ]
        assert rows["Other states"] == ("0", "0", "0")


def test_an_emergency_counts_as_validated_when_it_was_in_time_or_late_and_not_when_refused(
    busy: tuple[Cells, Shown],
) -> None:
    cells, shown = busy
    for at, footing in enumerate(FOOTINGS):
        given = cells("decision", "emergency-given", "emergency", footing=footing)
        validated = {how: cells("validation", "how", how, footing=footing) for how in ("in-time", "late")}
        assert all(validated.values())
        assert cells("validation", "how", "refused", footing=footing)
        assert shown.row("Emergencies", "Decided to disclose in an emergency")[at] == given
        assert shown.row("Emergencies", "Not validated (yet)")[at] == max(0, given - sum(validated.values()))
    assert any(shown.row("Emergencies", "Not validated (yet)"))


def test_the_difference_at_a_door_is_what_arrived_less_what_became_a_request(
    busy: tuple[Cells, Shown],
) -> None:
    cells, shown = busy
    named = words(Language.ENGLISH).value
    for door in ("mailbox", "portal", "api"):
        arrived, became = (cells(subject, "door", door) for subject in ("arrival", "request"))
        assert shown.row("At which door", named("door", door)) == [arrived, became, arrived - became]
    assert shown.row("At which door", named("door", "portal"))[-1] > 50


@pytest.mark.parametrize("language", Language)
def test_delays_of_notices_are_broken_down_by_their_ground(language: Language) -> None:
    spoken = words(language)
    page = as_html(FULL, language)
    [table] = re.findall(
        rf"<caption>{re.escape(spoken.part('notice-delay', 'ground'))}.*?</table>", page, re.S
    )
    shown = re.findall(r'<th scope="row">(.*?)</th>', table)
    words_of_grounds = [spoken.value("ground", str(ground)) for ground in DelayGround]
    assert [each for each in words_of_grounds if each not in page] == []  # what rounds to nothing is said too
    assert set(shown) <= {spoken.value("ground", str(each)) for each in (*DelayGround, "other", "not-stated")}
    delayed = [each for each in FULL.cells if each.subject == "notice-delay"]
    assert sum(each.count for each in delayed if not each.part) >= 5
    assert all(each.count % 5 == 0 for each in delayed)
    for row in (each for each in delayed if not each.part):
        parts = [
            each.count
            for each in delayed
            if each.part == "ground" and (each.footing, each.state) == (row.footing, row.state)
        ]
        assert sum(parts) == row.count  # rounded the small numbers' way: they add up to their row


def test_nothing_is_said_in_words_and_not_in_empty_charts() -> None:
    page = as_html(EMPTY)
    assert "So few of the requests that we may count reached us that every number rounds to nothing." in page
    assert "<table" not in page
    assert 'class="bars"' not in page


def test_words_of_people_are_text_whatever_they_are() -> None:
    story = Narrative(texts={"en": "<script>x</script>"}, ground="scope", approved=date(2026, 7, 1))
    bad = House(name="<b>Provider</b>", site="https://record.example.org", contact='"><i>')
    page = as_html(report(entries(), FULL.period, house=bad, seed=SEED, made=MADE, narratives=[story]))
    assert "<script>" not in page
    assert "<b>Provider" not in page
    assert "<i>" not in page


def test_a_number_that_law_forbids_is_a_dash_with_its_reason() -> None:
    page = as_html(FULL)
    assert "0-249, the band the law allows" in page
    assert BAND.law in page
    [orders] = re.findall(r"<dd>([^<]+)</dd><dt>orders of our own state", page)
    assert orders == "–"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_sum_in_which_a_silenced_number_would_stand_is_a_dash_and_never_a_zero(subject: str) -> None:
    """For one footing and for all of them, law may forbid it; on the page nothing is said that it is not."""
    for footing in ("", "order"):
        law = Restriction(subject=subject, footing="" if subject == "arrival" else footing, how=How.NEVER)
        whole = made(entries(), law)
        silent = {each.subject for each in whole.restrictions}
        shown = Shown(as_html(whole))
        assert shown.lead == words(Language.ENGLISH).say("lead", "partly")
        assert (shown.figures["refusals"] == "–") == ("refusal" in silent)
        assert (shown.figures["accounts of which something was disclosed"] == "–") == ("release" in silent)
        assert (shown.figures["orders of our own state"] == "–") == (subject == "request")
        rows = [row for row in shown.tables["At which door"].values() if row != ("0",)]
        assert len(rows) >= 3
        for arrived, became, difference in rows:
            assert (arrived == "–") == ("arrival" in silent)
            assert (became == "–") == (subject == "request")
            assert (difference == "–") == (not silent.isdisjoint({"arrival", "request"}))
        answers = ("refusal", "reroute", "release")
        for row in shown.tables["Days to the answer"].values():
            assert [each == "–" for each in row] == [each in silent for each in answers] or set(row) == {"0"}
        assert ("Half of the answers took" in as_html(whole)) == silent.isdisjoint(answers)
        unvalidated = shown.tables["Emergencies"]["Not validated (yet)"]
        assert (unvalidated[-1] == "–") == (not silent.isdisjoint({"decision", "validation"}))


@pytest.mark.parametrize("language", Language)
def test_a_supplement_shows_what_was_put_off_and_nothing_else(language: Language) -> None:
    law = Restriction(subject="hold", footing="order", how=How.DEFER, until="2026-10")
    first = made(entries(), law)
    later = report(
        entries(), HALF, house=HOUSE, seed=SEED, made=date(2026, 10, 2), before=[first], deferred="2026-10"
    )
    shown = Shown(as_html(later, language))
    assert words(language).month("2026-10") in shown.lead
    [table] = shown.tables.values()
    for *others, orders in (row for row in table.values() if row != ("0",)):
        assert others == ["–", "–"]
        assert int(orders) % 5 == 0
    assert set(shown.figures.values()) == {"–"}
    english = as_html(later)
    assert "The standing of" not in english
    assert 'href="#who"' not in english


def test_where_everything_is_silenced_nothing_is_said_to_be_small() -> None:
    rules = [Restriction(subject=each, how=How.NEVER) for each in SUBJECTS]
    page = as_html(made(entries(), *rules))
    assert "at most four" not in page
    assert "Every number here rounds to nothing" not in page
    assert set(Shown(page).figures.values()) == {"–"}
    assert set(Shown(as_html(made([]))).figures.values()) == {"0"}


@pytest.mark.parametrize("language", Language)
def test_a_report_of_the_time_in_which_the_log_began_says_since_when(language: Language) -> None:
    began = date(2026, 3, 9)
    young = report(entries(), HALF, house=HOUSE, seed=SEED, made=MADE, began=began)
    said = words(language).say("lead", "since", day=words(language).day(began))
    start = said.partition(words(language).day(began))[0]
    assert said in as_html(young, language)
    older = report(entries(), HALF, house=HOUSE, seed=SEED, made=MADE, began=date(2025, 3, 9))
    assert older.since is None
    assert start not in as_html(older, language)


def test_a_report_for_inside_use_says_so() -> None:
    inside = Period(first="2026-01", last="2026-03")
    short = report(entries(), inside, house=HOUSE, seed=SEED, made=date(2026, 4, 2))
    assert "For inside use only, and not published" in as_html(short)
    assert "For inside use only." not in as_html(FULL)


@pytest.mark.parametrize("language", Language)
def test_the_page_sets_as_a_tagged_pdf_the_same_each_time(language: Language) -> None:
    pdf = printed(FULL, run, language)
    assert pdf.startswith(b"%PDF-")
    opened = Pdf(pdf)
    assert f"/Lang ({language})".encode() in opened.root
    assert {b"Table", b"TH", b"Figure", b"H2"} <= set(opened.tags())
    if language is Language.ENGLISH:
        assert printed(FULL, run, language) == pdf


def test_an_empty_report_sets_too() -> None:
    assert printed(EMPTY, run).startswith(b"%PDF-")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Any, tmp_path: Path, language: Language, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for name, one in (("full", FULL), ("empty", EMPTY))[: 1 + (language is Language.ENGLISH)]:
        found = look(browser, tmp_path / f"{name}.html", as_html(one, language, others=OTHERS), width)
        assert (
            found.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        )
        assert [each["id"] for each in Axe().run(found).response["violations"]] == []
        found.context.close()


def look(browser: Any, path: Path, page: str, width: int) -> Any:
    path.write_text(page, encoding="utf-8")
    opened = browser.new_context(viewport={"width": width, "height": 900}, color_scheme="light").new_page()
    opened.on("console", lambda said: pytest.fail(said.text))
    opened.goto(path.as_uri())
    return opened


def test_everything_to_press_is_reached_by_keyboard_and_shows_it(browser: Any, tmp_path: Path) -> None:
    page = as_html(FULL, others=OTHERS, data=("requests.csv",), pdf="report.pdf")
    opened = look(browser, tmp_path / "page.html", page, 1280)
    count = opened.evaluate("document.querySelectorAll('a[href], [tabindex=\"0\"]').length")
    seen = set()
    for _ in range(count):
        opened.keyboard.press("Tab")
        seen.add(
            opened.evaluate(
                "[...document.querySelectorAll('a[href], [tabindex=\"0\"]')].indexOf(document.activeElement)"
            )
        )
        assert opened.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert seen == set(range(count))
    opened.context.close()


def test_a_year_shows_both_halves_in_one_page() -> None:
    first: Report = report(entries(), Period.half(2025, 2), house=HOUSE, seed=SEED, made=date(2026, 1, 5))
    whole = report(
        entries(), Period(first="2025-07", last="2026-06"), house=HOUSE, seed=SEED, made=MADE, before=[first]
    )
    assert "July 2025 – June 2026" in as_html(whole)


def test_what_was_given_stands_by_kind_and_by_state_and_adds_up_to_the_cells() -> None:
    """Element P11a.7: the demands that were complied with, by kind."""
    whole = made(entries())
    page = as_html(whole)
    given = [each for each in whole.cells if each.part == "categories-given" and each.value != "not-given"]
    asked = [each for each in given if each.footing == "request" and each.value == "content"]
    assert sum(each.count for each in asked) > 0
    for caption in ("Something given, by kind of help", "Something given, by data asked for"):
        assert caption in page
    table = re.search(r"Something given, by data asked for: [^<]*</caption>(.*?)</table>", page, re.S | re.I)
    assert table is not None
    assert "Content" in table[1]
    names = {
        words(Language.ENGLISH).state(each.state)
        for each in given
        if each.footing == "request" and each.count
    }
    assert names
    assert all(name in table[1] for name in names)
    assert "nothing given</" not in table[1]

"""The page of a case shows what was found with its reasons, what can be done and what cannot, and why."""

from __future__ import annotations

import re

from habeas.reports.brief import Passage, SignLine
from habeas.reports.marks import Mark, runs
from habeas.web.views.case import anchored
from tests import world
from tests.web.house import House, ransomware


def test_a_case_shows_request_assessment_ceiling_moves_clocks_and_history(house: House) -> None:
    case = house.assessed(world.request(supposed=(), facts=world.INSULT, language="en"))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    for words in (
        "The request",
        "Recommended. People decide.",
        "The most that may leave",
        "Next moves",
        "Clocks",
        "Who did what",
    ):
        assert words in page
    assert '<mark class="protected"' in page
    assert "moves are barred today" in page


def test_what_bars_a_move_is_said(house: House) -> None:
    case = house.reviewed()
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert "You reviewed this case. Somebody else must look at it as the second person." in page


def test_the_auditor_reads_everything_and_has_no_form(house: House) -> None:
    case = house.reviewed()
    page = house.client("auditor").get(f"/cases/{case.id}/").content.decode()
    assert "Recommended. People decide." in page
    assert "You read this case and change nothing in it." in page
    assert not re.findall(r"<(form|input|textarea|button)\b", page)


def test_the_one_filled_button_is_the_viewers_turn(house: House) -> None:
    case = house.assessed(ransomware())
    button = re.compile(r'<a class="button end" href="([^"]+)">([^<]+)<')
    mine = button.findall(house.client("reviewer").get(f"/cases/{case.id}/").content.decode())
    assert mine == [(f"/cases/{case.id}/review/", "Review and decide")]
    assert button.findall(house.client("custodian").get(f"/cases/{case.id}/").content.decode()) == []


def test_a_case_that_is_not_assessed_says_so_and_shows_their_words(house: House) -> None:
    case = house.received(world.request(supposed=(), facts="Only these words."))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert "Not assessed yet" in page
    assert "Only these words." in page


def test_links_between_signs_and_words_lead_somewhere(house: House) -> None:
    case = house.assessed(world.request(supposed=(), facts=world.INSULT, language="en"))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_a_sign_in_two_texts_is_anchored_once() -> None:
    def passage(title: str) -> Passage:
        cut = runs("some words", [Mark(0, 4, 1, "harm")])
        return Passage(
            title=title, language="", lang=None, dir="ltr", runs=cut, blocks=cut, numbers=(1,), aside=False
        )

    sign = SignLine(number=1, kind="harm", kind_words="", says="", weight=None, categories=(), quotes=())
    anchors, places = anchored([passage("one"), passage("two")], [sign])
    assert places == {1: "s1"}
    assert [each for each in anchors.values() if each] == ["s1"]

"""The day on one screen: each open case in the first part that it belongs to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from habeas.desk.case import Case
from habeas.desk.letters.model import Kind, Language
from habeas.desk.queue import SECOND, View
from habeas.request import Emergency, Measure
from habeas.web.views import sections
from tests import world
from tests.web.house import House, ransomware


def _parts(page: str) -> dict[str, list[str]]:
    found = re.findall(r'<tbody id="part-([a-z]+)">(.*?)</tbody>', page, re.DOTALL)
    return {id: re.findall(r'class="ref">([\w-]+)<', rows) for id, rows in found}


def _day(house: House, person: str, more: str = "") -> dict[str, list[str]]:
    return _parts(house.client(person).get(f"/?view=day{more}").content.decode())


def _urgent(house: House, hours: int) -> Case:
    deadline = house.installation.now().replace(microsecond=0) + timedelta(hours=hours)
    return house.received(
        world.request(
            supposed=(),
            measure=Measure.EMERGENCY,
            emergency=Emergency(claimed=True, statement="x", deadline=deadline),
        )
    )


def test_each_case_stands_once_in_the_first_part_that_it_belongs_to(house: House) -> None:
    late = _urgent(house, 3)
    fresh, ready, agreed = house.received(ransomware()), house.assessed(), house.reviewed()
    assert _day(house, "reviewer") == {
        "late": [late.id],
        "you": [ready.id],
        "second": [agreed.id],  # the reviewer decided it, so somebody else agrees
        "rest": [fresh.id],
    }
    assert sorted(_day(house, "second")["you"]) == sorted((ready.id, agreed.id))
    assert _day(house, "intake")["you"] == [fresh.id]
    # Counsel may do what is a reviewer's turn, and reads whose it is.
    assert "for reviewer, open to you" in house.client("counsel").get("/").content.decode()
    assert "open to you" not in house.client("auditor").get("/").content.decode()
    shown = _day(house, "auditor")
    assert "you" not in shown
    every = [case for cases in shown.values() for case in cases]
    assert sorted(every) == sorted((late.id, fresh.id, ready.id, agreed.id))


def test_the_day_is_where_somebody_comes_to_and_says_what_each_part_is(house: House) -> None:
    house.assessed()
    page = house.client("reviewer").get("/").content.decode()
    assert 'id="view-day" href="?view=day" aria-current="page"' in page
    assert "Wait for you" in page
    assert 'id="part-late"' not in page  # a part with nothing in it is not there
    empty = House(house.installation).client("reviewer").get("/").content.decode()
    assert "No request is open." in empty


def test_what_lies_with_a_colleague_does_not_wait_for_its_reader(house: House) -> None:
    case = house.assessed()
    desk, now = house.installation.desk(house.organisation), house.installation.now
    desk.assign(case.id, "counsel", now(), to="second")
    assert _day(house, "reviewer") == {"rest": [case.id]}
    desk.assign(case.id, "counsel", now(), to="reviewer")
    assert _day(house, "reviewer") == {"you": [case.id]}


def test_what_waits_for_others_says_for_what(house: House) -> None:
    case = house.assessed()
    desk, now = house.installation.desk(house.organisation), house.installation.now
    desk.ask(case.id, "reviewer", now(), questions=["Which court?"])
    [row] = house.installation.queue(house.organisation, View(turn=(SECOND,))).rows
    assert (row.case, row.next) == (case.id, "agree-questions")
    desk.agree_questions(case.id, "second", now(), agrees=True)
    kind, language = Kind.CLARIFICATION, Language.ENGLISH
    desk.write(case.id, "reviewer", now(), letter=kind, language=language, sha256="0" * 64)
    assert _day(house, "reviewer") == {"others": [case.id]}


def test_a_filter_narrows_every_part(house: House) -> None:
    one, _other = house.assessed(world.request(supposed=(), measure=Measure.PRESERVATION)), house.assessed()
    assert _day(house, "reviewer", "&measure=preservation") == {"you": [one.id]}
    assert _day(house, "reviewer", "&kind=emergency") == {}


def test_a_part_that_has_more_leads_to_the_view_that_holds_all_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "_MOST", {"you": 1})
    for _case in range(2):
        house.assessed(ransomware())
    page = house.client("reviewer").get("/").content.decode()
    assert 'The first 1. <a href="?view=now">All: Need me now</a>' in page
    # What a part that is cut holds back waits for nobody else, so it stands in no other part.
    assert {id: len(rows) for id, rows in _parts(page).items()} == {"you": 1}
    assert "1 of 2 open requests are shown." in page
    assert '<a href="?view=team">All open</a>' in page
    page = house.client("reviewer").get("/?view=day&kind=foreign").content.decode()
    assert "1 of 2 open requests are shown." in page
    assert '<a href="?kind=foreign&amp;view=team">All open</a>' in page


def test_what_is_late_beyond_the_first_still_waits_for_its_reader_and_never_for_somebody_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "_MOST", {"late": 1})
    first, other = _urgent(house, 3), _urgent(house, 4)
    assert _day(house, "reviewer") == {"late": [first.id]}  # not among what waits for colleagues
    assert _day(house, "intake") == {"late": [first.id], "you": [other.id]}
    page = house.client("reviewer").get("/").content.decode()
    assert 'The first 1. <a href="?view=team">All: All open</a>' in page


def test_more_of_what_waits_for_a_second_person_has_a_view_of_its_own(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "_LESS", 1)
    cases = [house.reviewed().id for _case in range(2)]
    page = house.client("reviewer").get("/").content.decode()
    assert 'The first 1. <a href="?view=second">All: Wait for a second person</a>' in page
    assert 'id="view-second"' not in page  # no view to begin with
    page = house.client("reviewer").get("/?view=second").content.decode()
    assert 'id="view-second" href="?view=second" aria-current="page"' in page
    assert sorted(re.findall(r'class="ref">([\w-]+)<', page)) == sorted(cases)


def test_that_nothing_is_late_or_waits_for_its_reader_is_said(house: House) -> None:
    house.assessed()
    late, you = "Nothing is late or due within 24 hours.", "Nothing waits for you."
    for person, said in (("reviewer", (True, False)), ("intake", (True, True)), ("auditor", (True, False))):
        page = house.client(person).get("/").content.decode()
        assert (late in page, you in page) == said, person
    _urgent(house, 3)
    assert late not in house.client("auditor").get("/").content.decode()

"""What was changed in the house itself can be read by who looks over its shoulder, and by who runs it."""

from __future__ import annotations

import html
import re

import msgspec
import pytest

from habeas.desk.events import Configured
from habeas.gateways import almanac
from habeas.web.views import house_history
from tests.web.house import PEOPLE, SECOND, SETTINGS, House

ADDRESS = "/settings/history/"


def seen(house: House, more: str = "", person: str = "auditor") -> str:
    answer = house.client(person).get(ADDRESS + more)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def lines(page: str) -> list[str]:
    found = re.findall(r"<li><b>(.*?)</li>", page, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", " ", each).split()) for each in found]


def test_it_is_for_the_auditor_and_the_administrator_and_for_nobody_else(everybody: House) -> None:
    allowed = {person for person in PEOPLE if everybody.client(person).get(ADDRESS).status_code == 200}
    assert allowed == {"auditor", "administrator"}
    for person in allowed:
        assert f'href="{ADDRESS}"' in everybody.client(person).get("/people/").content.decode()


def test_a_change_says_who_proposed_and_confirmed_it_why_and_what_it_was_before(house: House) -> None:
    house.received()
    times = msgspec.structs.replace(SETTINGS.times, waiting_days=9)
    by = (house.organisation, "administrator")
    changed = house.installation.configure(
        *by, msgspec.structs.replace(SETTINGS, times=times), why="Counsel are hard to find here."
    )
    house.installation.confirm(house.organisation, SECOND, changed.length)
    made, confirmed, proposed, opened, *_before = lines(seen(house))
    assert made.startswith("The settings of the house were changed. Administrator 2")
    assert made.endswith(f"Waiting time after a notice 9 Before: {SETTINGS.times.waiting_days}")
    assert confirmed.startswith(f"A second person confirmed proposal {changed.length}. Administrator 2")
    assert proposed.startswith("A change of settings was proposed; a second person has to confirm it.")
    assert "Administrator ·" in proposed
    assert "Counsel are hard to find here." in proposed
    assert f"Waiting time after a notice 9 Before: {SETTINGS.times.waiting_days}" in proposed
    assert opened.startswith("The first request came in")


def test_people_are_named_by_title_and_what_they_may_do(house: House) -> None:
    desk = house.installation.desk(house.organisation)
    desk.change_roles(
        "administrator", house.installation.now(), person="intake", roles=["reviewer"], why="More work."
    )
    desk.dismiss("administrator", house.installation.now(), person="second")
    left, roles, *before = lines(seen(house))
    assert left.startswith("A person left the house.")
    assert "Reviewer 2" in left
    assert "Intake 1 Reviewer Before: Intake" in roles
    assert any("Outside expert (expert, A university)" in each for each in before)
    assert before[-1].startswith(("A person was admitted", "The settings of the house"))


def test_of_many_public_holidays_it_says_how_many_whose_and_when_and_has_all_of_them_behind(
    house: House,
) -> None:
    days = almanac.read("CHE", "ZH", on=house.installation.now().date())
    house.configured(msgspec.structs.replace(SETTINGS, calendar=days))
    page = seen(house)
    (says, behind, before) = re.findall(
        r"<dt>Public holidays[^<]*</dt><dd><details[^>]*><summary>(.*?)</summary>(.*?)</details>(.*?)</dd>",
        page,
        re.DOTALL,
    )[0]
    years = sorted({each.day.year for each in days.holidays})
    assert says == f"{len(days.holidays)} days of Switzerland, ZH, {years[0]} to {years[-1]}"
    assert behind.count("<li>") == len(days.holidays)
    assert f"<bdi>{days.holidays[0].day} {days.holidays[0].name}" in behind
    assert " ".join(re.sub("<[^>]+>", " ", before).split()) == "Before: None"
    one = msgspec.structs.replace(days, holidays=days.holidays[1:])
    house.configured(msgspec.structs.replace(SETTINGS, calendar=one))
    newest = lines(seen(house))[0]
    assert f"None Before: {days.holidays[0].day} {days.holidays[0].name}" in newest, (
        "one day is read as it is"
    )


def test_a_story_that_was_dropped_is_still_there_with_the_reason(house: House) -> None:
    desk, now = house.installation.desk(house.organisation), house.installation.now
    told = {"en": "A critic was called a thief."}
    number = desk.write_story("reviewer", now(), half="2026-H1", ground="persecution", texts=told).length
    desk.drop_story("counsel", now(), story=number, why="A place is named.")
    dropped, written, *_before = lines(seen(house))
    assert dropped.startswith(f"Story {number} was dropped. Counsel 1")
    assert dropped.endswith("A place is named.")
    assert written.endswith("Persecution: A critic was called a thief.")


def test_what_came_before_is_on_another_page_and_nothing_is_left_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = lines(seen(house))
    monkeypatch.setattr(house_history, "LINES", 4)
    found, more = [], ""
    while True:
        page = seen(house, more)
        found += lines(page)
        onward = re.search(r'href="(\?before=[0-9]+)"', page)
        if onward is None:
            break
        more = onward[1]
    assert found == whole
    assert lines(seen(house, "?before=nonsense")) == whole[:4]
    assert lines(seen(house, "?before=999999999")) == whole[:4]
    assert lines(seen(house, "?before=0")) == []


def test_another_house_is_not_among_it(house: House) -> None:
    other = House(house.installation)
    other.configured(Configured(seat="USA:provider", zone="Asia/Tokyo", sender=SETTINGS.sender))
    assert "Asia/Tokyo" in seen(other)
    assert "Asia/Tokyo" not in seen(house)

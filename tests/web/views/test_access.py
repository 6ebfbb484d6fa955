"""The page of the access record: for administrator and auditor, filtered, paged, and never just empty."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from habeas.web.accounts.models import AccessLine
from habeas.web.views import access
from tests.web.house import PEOPLE, House


@pytest.fixture(autouse=True)
def fresh(site: object) -> None:
    cache.clear()


def _page(house: House, **chosen: str) -> str:
    answer = house.client("auditor").get("/access/", chosen)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("person", PEOPLE)
def test_the_record_is_for_administrator_and_auditor(person: str, everybody: House) -> None:
    status = everybody.client(person).get("/access/").status_code
    assert status == (200 if person in ("administrator", "auditor") else 403)


def test_people_leads_to_it(house: House) -> None:
    assert 'href="/access/"' in house.client("auditor").get("/people/").content.decode()


def test_lines_are_shown_in_words_the_newest_first(house: House) -> None:
    case = house.received()
    house.client("custodian").get(f"/cases/{case.id}/review/")
    house.client("expert").get(f"/cases/{case.id}/")
    page = _page(house)
    refused, not_there = page.index("Refused: not theirs to do"), page.index("not there, or not theirs")
    assert not_there < refused
    assert "Custodian 1" in page
    assert f"case {case.id}" in page
    assert page.count(case.id) == 1, "of what is not theirs the record names no case"


def test_what_and_who_can_be_chosen(house: House) -> None:
    house.client("custodian").get("/people/")
    house.client("counsel")
    assert "Refused: not theirs" in _page(house, kind="refused")
    assert "Signed in" not in _page(house, kind="refused")
    mine = _page(house, person="counsel", kind="in")
    assert "Signed in" in mine
    assert "Refused" not in mine.partition("<tbody>")[2]
    assert "Nothing of this kind is written down." in _page(house, kind="ways")
    assert "Signed in" in _page(house, kind="forged"), "an unknown word chooses nothing"


def test_a_record_without_a_line_says_so(house: House) -> None:
    client = house.client("auditor")
    AccessLine.objects.filter(organisation=house.organisation).delete()
    assert "Nothing is written down yet." in client.get("/access/").content.decode()


def test_older_lines_are_a_page_further(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "LINES", 2)
    for person in ("custodian", "counsel", "expert"):
        house.client(person).get("/people/")
    first = house.client("auditor").get("/access/?kind=refused").content.decode()
    (older,) = [each for each in first.split('"') if each.startswith("?") and "before=" in each]
    assert "kind=refused" in older
    second = house.client("auditor").get(f"/access/{older.replace('&amp;', '&')}").content.decode()
    bodies = [each.partition("<tbody>")[2].partition("</tbody>")[0] for each in (first, second)]
    assert [each.count("<tr>") for each in bodies] == [2, 1]
    assert "Custodian 1" in bodies[1]
    assert "Back to the newest" in second


@pytest.mark.parametrize("place", ["-1", "x", "1e3", "9" * 40, "٣"])
def test_a_place_that_was_never_ours_is_not_there(place: str, everybody: House) -> None:
    assert everybody.client("auditor").get("/access/", {"before": place}).status_code == 404


def test_a_line_of_another_house_is_never_shown(house: House) -> None:
    other = House(house.installation)
    other.client("custodian").get("/people/")
    assert "Custodian 1" not in _page(house).partition("<tbody>")[2]
    assert "Nothing of this kind" in _page(house, person="custodian")


def test_attempts_under_unknown_names_are_a_number_only(house: House) -> None:
    Client(SERVER_NAME="localhost").post("/sign-in/", {"login": "planted@nowhere.example", "password": "x"})
    page = _page(house)
    assert "under names that belong to nobody" in page
    assert "planted" not in page


def test_what_is_too_old_is_not_shown_even_before_it_is_dropped(house: House) -> None:
    house.client("custodian").get("/people/")
    mine = AccessLine.objects.filter(organisation=house.organisation)
    for line in mine:
        line.at -= timedelta(days=181)
        line.save()
    assert "Refused" not in _page(house, kind="refused").partition("<tbody>")[2]

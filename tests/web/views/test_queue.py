"""The queue: the clock that ends first on top, whose turn it is, and nothing about a person."""

from __future__ import annotations

import re

from habeas.request import Emergency, Measure
from habeas.web.views import queue
from tests import world
from tests.web.conftest import INSTALLATION
from tests.web.house import House, ransomware

SECRET = "lantern-seven@mail.example"


def _ids(page: str) -> list[str]:
    return re.findall(r'class="ref">([\w-]+)<', page)


def test_a_row_says_nothing_about_a_person_or_the_charge(house: House) -> None:
    asked = world.request(
        supposed=(), facts=world.INSULT, reference="AZ 77/1", targets=(world.target(value=SECRET),)
    )
    house.assessed(asked)
    page = house.client("reviewer").get("/").content.decode()
    for word in (SECRET, "AZ 77/1", "insulted", "Interference"):
        assert word not in page


def test_the_next_act_is_named_and_leads_there_for_who_may(house: House) -> None:
    case = house.assessed()
    mine = house.client("reviewer").get("/").content.decode()
    assert f'href="/cases/{case.id}/#now"' in mine
    assert "Review and decide" in mine
    assert 'id="now"' in house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    theirs = house.client("auditor").get("/?view=team").content.decode()
    assert "Review and decide" in theirs
    assert f'href="/cases/{case.id}/#now"' not in theirs
    assert "for reviewer" in theirs


def test_a_view_holds_what_it_says(house: House) -> None:
    fresh, ready = house.received(), house.assessed()
    desk, now = house.installation.desk(house.organisation), house.installation.now()
    desk.assign(ready.id, "counsel", now, to="counsel")
    shown = {
        view: set(_ids(house.client("counsel").get(f"/?view={view}").content.decode()))
        for view in ("mine", "team", "closed", "waiting")
    }
    assert shown == {"mine": {ready.id}, "team": {fresh.id, ready.id}, "closed": set(), "waiting": set()}
    assert set(_ids(house.client("intake").get("/?view=now").content.decode())) == {fresh.id}


def test_an_emergency_stands_on_top_and_can_be_filtered(house: House) -> None:
    plain = house.assessed(ransomware())
    deadline = house.installation.now().replace(microsecond=0)
    urgent = house.assessed(
        world.request(
            supposed=(),
            measure=Measure.EMERGENCY,
            emergency=Emergency(claimed=True, statement="x", deadline=deadline),
        )
    )
    client = house.client("reviewer")
    assert _ids(client.get("/?view=team").content.decode()) == [urgent.id, plain.id]
    only = client.get("/?view=team&kind=emergency").content.decode()
    assert _ids(only) == [urgent.id]
    assert "Remove filter" in only
    assert _ids(client.get(f"/?view=team&instrument={plain.request.instrument}").content.decode()) == [
        plain.id
    ]


def test_pages_follow_each_other_without_a_gap(house: House, monkeypatch: object) -> None:
    monkeypatch.setattr(queue, "ROWS", 2)  # type: ignore[attr-defined]
    every = {house.received().id for _ in range(5)}
    client, address, seen = house.client("intake"), "/?view=team", []
    for _page in range(3):
        page = client.get(address).content.decode()
        seen += _ids(page)
        following = re.search(r'href="(\?[^"]+)">Next page', page)
        address = "/" + following[1].replace("&amp;", "&") if following else ""
    assert address == ""
    assert len(seen) == 5
    assert set(seen) == every


def test_a_damaged_place_in_the_list_breaks_nothing(house: House) -> None:
    house.received()
    assert house.client("intake").get("/?view=team&after=nonsense").status_code in (200, 404)


def test_a_case_is_found_by_exact_words_only_and_they_stand_in_no_address(house: House) -> None:
    case = house.assessed(world.request(supposed=(), targets=(world.target(value=SECRET),)))
    client = house.client("reviewer")
    assert client.post("/find/", {"words": SECRET}).headers["Location"] == f"/cases/{case.id}/"
    assert client.post("/find/", {"words": SECRET[:-3]}).headers["Location"] == "/"
    assert client.get(f"/find/?words={SECRET}").status_code == 405
    assert House(INSTALLATION).client("reviewer").post("/find/", {"words": SECRET}).headers["Location"] == "/"


def test_a_guest_has_no_queue_and_searches_nothing(house: House) -> None:
    case = house.assessed(world.request(supposed=(), targets=(world.target(value=SECRET),)))
    expert = house.client("expert")
    assert case.id not in expert.get("/").content.decode()
    assert expert.post("/find/", {"words": SECRET}).headers["Location"] == "/"
    assert expert.get(f"/open/?case={case.id}", follow=True).status_code == 404

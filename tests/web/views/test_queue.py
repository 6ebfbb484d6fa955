"""The queue: the clock that ends first on top, whose turn it is, and nothing about a person."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from benchmarks import load_clients
from habeas.desk.case import Case
from habeas.desk.moves import TABLE, Act
from habeas.desk.queue import guest
from habeas.request import Emergency, Measure, Request
from habeas.web.views import queue
from tests import world
from tests.desk.desks import as_covered
from tests.web.conftest import INSTALLATION
from tests.web.house import SETTINGS, House, ransomware

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


def _urgent(house: House, hours: int = 0) -> Request:
    deadline = house.installation.now().replace(microsecond=0) + timedelta(hours=hours)
    return world.request(
        supposed=(),
        measure=Measure.EMERGENCY,
        emergency=Emergency(claimed=True, statement="x", deadline=deadline),
    )


def test_an_emergency_stands_on_top_and_can_be_filtered(house: House) -> None:
    plain = house.assessed(ransomware())
    urgent = house.assessed(_urgent(house))
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
    assert expert.get(f"/cases/{case.id}/").status_code == 404


def _invited(
    house: House, case: Case, question: str, *, person: str = "expert", blinded: bool = True
) -> None:
    house.installation.desk(house.organisation).invite(
        case.id,
        "counsel",
        house.installation.now(),
        person=person,
        blinded=blinded,
        question=question,
        confirmed=as_covered(case),
    )


def _list(house: House, person: str) -> str:
    return str(house.client(person).get("/").content.decode())


def test_a_guest_sees_the_cases_they_sit_in_what_is_asked_and_until_when(house: House) -> None:
    asked = world.request(supposed=(), targets=(world.target(value=SECRET),))
    mine, other = house.assessed(asked), house.assessed(asked)
    _invited(house, mine, f"Is {SECRET.upper()} charged with speech?")
    page = _list(house, "expert")
    assert f'href="/cases/{mine.id}/"' in page
    assert other.id not in page
    assert "charged with speech?" in page
    assert "Say whether you have an interest in this" in page, "and what they can do there now"
    assert "House answer" in page
    assert SECRET not in page.lower(), "counsel's question covers what the invitation covers"
    assert SECRET not in house.client("expert").get(f"/cases/{mine.id}/").content.decode().lower()
    for word in (asked.reference or "", "France", "Subscriber", asked.facts[:20]):
        assert not word or word not in page, "nothing that the case says"
    assert house.client("delegate").get("/").content.decode().count("/cases/") == 0


def test_a_guest_sees_the_limit_that_ends_first(house: House) -> None:
    case = house.assessed(_urgent(house, hours=5))
    _invited(house, case, "A question")
    assert "left" in _list(house, "expert").partition('data-l="Until"')[2]


def test_who_was_invited_with_the_names_reads_the_question_as_it_was_put(house: House) -> None:
    case = house.assessed(world.request(supposed=(), targets=(world.target(value=SECRET),)))
    _invited(house, case, f"Is {SECRET} charged with speech?", blinded=False)
    assert SECRET in _list(house, "expert")


def test_a_case_leaves_the_list_with_the_access_to_it(house: House) -> None:
    desk, now = house.installation.desk(house.organisation), house.installation.now
    first, second, third = (house.assessed() for _number in range(3))
    for case in (first, second, third):
        _invited(house, case, "A question")
    assert "Nothing now" not in _list(house, "expert")
    desk.declare_conflict(first.id, "expert", now(), conflict=True)
    desk.declare_conflict(second.id, "expert", now(), conflict=False)
    desk.withdraw(third.id, "counsel", now(), why="They no longer ask.")
    desk.close(third.id, "counsel", now())
    page = _list(house, "expert")
    assert [case.id in page for case in (first, second, third)] == [False, True, False]
    assert "opinion" in page
    desk.give_opinion(second.id, "expert", now(), words="It is speech.")
    assert "You sit in no case now." in _list(house, "expert")


def test_a_delegate_is_told_when_nothing_waits_for_them(house: House) -> None:
    early, ripe = house.assessed(), house.reviewed()
    for case in (early, ripe):
        _invited(house, case, "", person="delegate", blinded=False)
    page = _list(house, "delegate")
    assert page.index(ripe.id) < page.index(early.id), "what waits for them stands on top"
    assert "Look at it as the second person" in page
    assert "Nothing now: it waits for others." in page
    assert "No question was put." in page


def test_a_request_cannot_put_itself_on_the_list_of_a_guest(house: House) -> None:
    """The word that a guest's cases are found by can be typed into a request; that makes nobody a guest."""
    planted = world.request(
        supposed=(), reference=guest("expert"), targets=(world.target(value=guest("expert")),)
    )
    case = house.assessed(planted)
    assert case.id not in _list(house, "expert")
    assert house.client("expert").get(f"/cases/{case.id}/").status_code == 404


def test_a_guest_of_another_house_sees_nothing_of_this_one(house: House) -> None:
    case = house.assessed()
    _invited(house, case, "A question")
    assert case.id not in _list(House(INSTALLATION), "expert")


def test_a_request_shows_how_long_it_is_here_from_the_day_it_came(house: House) -> None:
    today = house.installation.now().astimezone(ZoneInfo(SETTINGS.zone)).date()  # of the house
    came = today - timedelta(days=12)
    old = house.received(world.request(supposed=(), received_on=came))
    new = house.received(world.request(supposed=(), reference="today"))
    page = house.client("reviewer").get("/?view=team").content.decode()
    rows = {id: part for part in page.split("<tr>") for id in (old.id, new.id) if f">{id}<" in part}
    assert re.search(r"Here 1[12] days", rows[old.id])
    assert "Came today" in rows[new.id]


def test_a_row_says_which_data_of_how_many_accounts_and_what_is_recommended(house: House) -> None:
    case = house.assessed(ransomware())
    fresh = house.received()
    page = house.client("reviewer").get("/?view=team").content.decode()
    rows = {
        each.id: page.partition(f'class="ref">{each.id}')[2].partition("</tr>")[0] for each in (case, fresh)
    }
    assert "Subscriber data, traffic data and content of 1 account" in rows[case.id]
    assert "</span>Narrow</span>" in rows[case.id]
    assert "Not assessed" in rows[fresh.id]
    assert "</time>" in rows[case.id]
    assert "Europe/Paris</time>" in rows[case.id]


def test_the_people_of_the_load_run_find_their_turns_in_the_list_and_write_them_by_its_forms(
    house: House,
) -> None:
    assert {TABLE[Act(act)].says: act for act in load_clients.TURNS.values()} == load_clients.TURNS
    case, chance = house.received(ransomware()), random.Random(1)

    def write(person: str, act: str) -> None:
        client = house.client(person)
        assert load_clients.turns(client.get("/").content.decode()) == [(case.id, act)]
        form = client.get(f"/cases/{case.id}/{act}/").content.decode()
        sent = load_clients.filled(act, form, person, chance)
        fields = {name: [value for each, value in sent if each == name] for name, _value in sent}
        assert client.post(f"/cases/{case.id}/{act}/", fields).status_code == 302

    write("intake", "identify")
    write("reviewer", "assess")
    write("reviewer", "review")
    assert house.case(case.id).stage in ("reviewed", "decided")
    for act in load_clients.ACTS:
        form = house.client("second").get(f"/cases/{case.id}/{act}/").content.decode()
        sent = dict(load_clients.filled(act, form, "second", chance))
        assert house.client("second").post(f"/cases/{case.id}/{act}/", sent).status_code == 302

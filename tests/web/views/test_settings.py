"""Settings and keys: changed by who runs the house, read by the auditor, and never changed blindly."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyrage
import pytest

from habeas.desk.calendars import Calendar
from habeas.desk.clocks import HouseTimes
from habeas.desk.events import Configured
from habeas.desk.package import KEY_DAYS, RegisteredKey, fingerprint
from habeas.desk.stamping import Stamping, named
from tests.stamps import certificate, pem
from tests.web.house import SECOND, House

KEY = str(pyrage.x25519.Identity.generate().to_public())


def form(house: House, **changes: str) -> dict[str, str]:
    """What the form sends when nothing but `changes` was typed."""
    text = house.client("administrator").get("/settings/change/").content.decode()
    given: dict[str, str] = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', text))
    given |= {
        name: chosen
        for name, body in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', text, re.DOTALL)
        for chosen in re.findall(r'value="([^"]*)" selected', body)
        or re.findall(r"<option selected>(.*?)<", body)
    }
    given["as_if_in_force"] = re.findall(r'value="(yes|no)"[^>]* checked', text)[0]
    given.pop("csrfmiddlewaretoken", None)
    return {**given, **changes}


def settings(house: House) -> Configured:
    return house.installation.people(house.organisation).settings


def post(house: House, data: dict[str, str]) -> Any:
    return house.client("administrator").post("/settings/change/", data)


def test_a_form_sent_as_it_came_changes_nothing_but_says_who_sent_it(house: House) -> None:
    before = settings(house)
    assert post(house, form(house)).status_code == 302
    assert settings(house) == before
    assert house.installation.people(house.organisation).length == len(_stream(house))


def _stream(house: House) -> tuple[Any, ...]:
    return house.installation.store.load(house.organisation, "house")


def test_every_setting_can_be_changed_on_the_form(house: House) -> None:
    typed = form(
        house,
        state="CHE",
        role="central-authority",
        zone="Europe/Zurich",
        holidays="",
        calendar="fri-sat",
        suspended="blr, rus blr",
        as_if_in_force="yes",
        sender_name="Example House",
        sender_office="Office for requests",
        sender_contact="its address",
        sender_oversight="the authority",
        waiting_days="10",
        review_days="30",
        answer_days="20",
        emergency_hours="12",
        reply_days="15",
        reply_hours="6",
        approval_hours="24",
        retention_years="3",
        grace_hours="0",
        warn_hours="12, 72",
    )
    assert post(house, typed).status_code == 302
    found = settings(house)
    assert (found.seat, found.zone, found.calendar) == ("CHE:central-authority", "Europe/Zurich", "fri-sat")
    assert (found.suspended, found.as_if_in_force) == (("BLR", "RUS"), True)
    assert found.sender is not None
    assert (found.sender.name, found.sender.oversight) == ("Example House", "the authority")
    assert found.times == HouseTimes(
        waiting_days=10,
        review_days=30,
        answer_days=20,
        emergency_hours=12,
        reply_days=15,
        reply_hours=6,
        approval_hours=24,
        retention_years=3,
        grace_hours=0,
        warn_hours=(72, 12),
    )
    shown = house.client("auditor").get("/settings/").content.decode()
    assert "nothing is ever released on that footing" in shown
    assert "Example House" in shown


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"zone": "Mars/Base"}, "zone"),
        ({"state": "XXQ"}, "state"),
        ({"role": "king"}, "role"),
        ({"state": "", "role": "provider"}, "state"),
        ({"suspended": "France"}, "suspended"),
        ({"calendar": "never"}, "calendar"),
        ({"calendar": "", "holidays": "", "part": ""}, "calendar"),
        ({"holidays": "", "part": "BE"}, "holidays"),
        ({"holidays": "CHE", "part": "QQ"}, "part"),
        ({"holidays": "XXQ", "part": ""}, "state"),
        ({"closed": "2027-03-05"}, "closed"),
        ({"added": "soon mourning"}, "added"),
        ({"struck": "2027-03-17 no such day"}, "calendar: struck"),
        ({"checked": "next year"}, "checked"),
        ({"checked": "20"}, "calendar: checked"),
        ({"waiting_days": "a week"}, "waiting_days"),
        ({"waiting_days": "-1"}, "waiting_days"),
        ({"waiting_days": "0"}, "house times"),
        ({"warn_hours": ""}, "warn_hours"),
        ({"sender_name": "Example House", "sender_office": ""}, "sender_office"),
        ({"timestamps_url": "http://stamps.example.org/", "timestamps_roots": "x"}, "timestamps: url"),
        ({"timestamps_url": "https://stamps.example.org/"}, "timestamps: roots"),
        ({"timestamps_url": "https://stamps.example.org/", "timestamps_roots": "x"}, "timestamps: roots"),
        ({"timestamps_roots": "x"}, "timestamps: url"),
        ({"timestamps_url": "https://stamps.example.org/", "timestamps_wait": "soon"}, "timestamps_wait"),
        ({"timestamps_url": "https://stamps.example.org/", "timestamps_wait": "0"}, "timestamps: wait"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_with_its_place_and_keeps_what_was_typed(
    changes: dict[str, str], place: str, house: House
) -> None:
    before = settings(house)
    ours = {"sender_name": "A house", "sender_office": "An office", "sender_contact": "typed and kept"}
    answer = post(house, form(house, **{**ours, **changes}))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'<span class="place">{place}</span>' in text
    assert "typed and kept" in text
    assert settings(house) == before


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(house: House) -> None:
    mine = form(house, waiting_days="9")
    assert post(house, form(house, zone="Europe/Oslo")).status_code == 302
    answer = post(house, mine)
    assert answer.status_code == 422
    assert "The settings changed while you looked at them" in answer.content.decode()
    assert settings(house).zone == "Europe/Oslo"
    assert settings(house).times.waiting_days == 7


@pytest.mark.parametrize("address", ["/settings/", "/settings/keys/"])
def test_settings_are_read_by_who_runs_the_house_and_by_the_auditor(address: str, everybody: House) -> None:
    found = {
        person: everybody.client(person).get(address).status_code
        for person in ("administrator", "auditor", "counsel", "custodian", "expert")
    }
    assert found == {"administrator": 200, "auditor": 200, "counsel": 403, "custodian": 403, "expert": 403}
    assert "/settings/change/" not in everybody.client("auditor").get("/settings/").content.decode()


@pytest.mark.parametrize("address", ["/settings/change/", "/settings/keys/register/"])
def test_to_change_them_presence_is_proved_first(address: str, house: House) -> None:
    answer = house.client("administrator", minutes_ago=16).get(address)
    assert (answer.status_code, answer.headers["Location"].startswith("/presence/")) == (302, True)
    assert house.client("auditor").get(address).status_code == 403


# ---- keys ----


def key_form(house: House, **changes: str) -> dict[str, str]:
    return {
        "authority": "Cybercrime Unit 7",
        "state": "FRA",
        "recipient": KEY,
        "fingerprint": fingerprint(KEY),
        "verified_by": "Counsel, by call back",
        "verified_on": house.installation.now().date().isoformat(),
        "what": "register",
        **changes,
    }


def register(house: House, **changes: str) -> Any:
    return house.client("administrator").post("/settings/keys/register/", key_form(house, **changes))


def known(house: House) -> tuple[RegisteredKey, ...]:
    return house.installation.people(house.organisation).keys


def test_a_key_is_registered_with_who_compared_it_and_when(house: House) -> None:
    assert register(house).status_code == 302
    (key,) = known(house)
    assert (key.recipient, key.verified_by) == (KEY, "Counsel, by call back")
    text = house.client("auditor").get("/settings/keys/").content.decode()
    assert fingerprint(KEY) in text
    assert f"{KEY_DAYS} more days" in text
    assert KEY not in text


def test_the_fingerprint_is_shown_before_anything_is_registered(house: House) -> None:
    answer = register(house, what="show", fingerprint="", verified_by="")
    assert answer.status_code == 200
    assert fingerprint(KEY) in answer.content.decode()
    assert known(house) == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"fingerprint": "SHA256:" + "A" * 43}, "It is another key, or a letter was misheard."),
        ({"fingerprint": ""}, "The fingerprint that was verified is not that of this key"),
        ({"recipient": "age1nothing"}, "This is no key that a package can be sealed to"),
        ({"state": "France"}, "France is no state"),
        ({"authority": ""}, "A word is missing here"),
        ({"verified_by": ""}, "A word is missing here"),
        ({"verified_on": "2099-01-01"}, "This key is said to have been verified on a day still to come"),
        ({"verified_on": "2020-01-01"}, f"This key was verified more than {KEY_DAYS} days ago"),
    ],
)
def test_a_key_nobody_compared_is_not_registered(changes: dict[str, str], says: str, house: House) -> None:
    answer = register(house, **changes)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert known(house) == ()


# ---- what takes two people ----


def opened(house: House) -> None:
    """The house, which has two administrators, took a request in."""
    house.received()


def proposed(house: House, **changes: str) -> int:
    answer = register(house, **{"why": "The office called.", **changes})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"] == "/settings/proposals/"
    return house.installation.people(house.organisation).length


def answered(house: House, person: str, number: int, what: str = "confirm", **more: str) -> Any:
    sent = {"proposal": str(number), "what": what, **more}
    return house.client(person).post("/settings/proposals/answer/", sent)


def test_a_key_is_proposed_by_one_and_confirmed_by_another(house: House) -> None:
    opened(house)
    form = house.client("administrator").get("/settings/keys/register/").content.decode()
    assert "Propose the key" in form
    number = proposed(house)
    assert known(house) == ()
    mine = house.client("administrator").get("/settings/proposals/").content.decode()
    assert "You proposed this. Somebody else must confirm it." in mine
    assert "Confirm it" not in mine
    for person in (SECOND, "counsel", "auditor"):
        page = house.client(person).get("/settings/proposals/").content.decode()
        assert "The office called." in page
        assert fingerprint(KEY) in page
        assert ("Confirm it" in page) is (person != "auditor")
    assert "The office called." not in house.client("reviewer").get("/settings/proposals/").content.decode()
    assert "To confirm</a>" in house.client("counsel").get("/law/").content.decode()
    assert "To confirm</a>" not in house.client("reviewer").get("/law/").content.decode()
    assert answered(house, "administrator", number).status_code == 422
    assert known(house) == ()
    assert answered(house, SECOND, number).status_code == 302
    assert [key.recipient for key in known(house)] == [KEY]
    assert "before the first request" not in house.client("auditor").get("/settings/keys/").content.decode()


def test_a_key_of_the_set_up_says_that_one_administrator_registered_it(house: House) -> None:
    assert register(house).headers["Location"] == "/settings/keys/"
    assert (
        "Registered by one administrator" in house.client("auditor").get("/settings/keys/").content.decode()
    )


def test_a_proposal_needs_a_reason_and_is_declined_with_one(house: House) -> None:
    opened(house)
    assert register(house).status_code == 422
    number = proposed(house)
    assert answered(house, SECOND, number, "decline").status_code == 422
    assert answered(house, SECOND, number, "decline", why="Misheard.").status_code == 302
    page = house.client(SECOND).get("/settings/proposals/").content.decode()
    assert "Nothing waits." in page
    assert known(house) == ()


@pytest.mark.parametrize("person", ["auditor", "reviewer", "custodian", "intake", "expert"])
def test_nobody_else_answers_a_proposal(person: str, house: House) -> None:
    opened(house)
    number = proposed(house)
    assert answered(house, person, number).status_code == 403
    assert known(house) == ()


def test_who_proved_no_presence_lately_confirms_nothing(house: House) -> None:
    opened(house)
    number = proposed(house)
    stale = house.client(SECOND, minutes_ago=20)
    answer = stale.post("/settings/proposals/answer/", {"proposal": str(number), "what": "confirm"})
    assert answer.headers["Location"].startswith("/presence/")
    assert known(house) == ()
    assert "Confirm it" in house.client(SECOND).get("/settings/proposals/answer/").content.decode()


def test_new_settings_are_proposed_and_what_would_change_is_shown(house: House) -> None:
    opened(house)
    before = house.installation.people(house.organisation).settings
    page = house.client("administrator").get("/settings/change/").content.decode()
    assert "Propose the change" in page
    answer = post(house, form(house, waiting_days="21", why="Ten days were too few."))
    assert answer.headers["Location"] == "/settings/proposals/"
    assert house.installation.people(house.organisation).settings == before
    page = house.client(SECOND).get("/settings/proposals/").content.decode()
    assert "Waiting time after a notice" in page
    assert f"Now: <bdi>{before.times.waiting_days}</bdi>" in page
    number = house.installation.people(house.organisation).proposals[0].number
    assert answered(house, SECOND, number).status_code == 302
    assert house.installation.people(house.organisation).settings.times.waiting_days == 21


# ---- working days ----


def days(house: House) -> Calendar:
    return house.installation.people(house.organisation).calendar


def test_public_holidays_of_a_state_are_chosen_and_shown_with_what_is_not_known(house: House) -> None:
    assert post(house, form(house, holidays="IND", part="DL", calendar="")).status_code == 302
    found = days(house)
    assert (found.id, found.weekend) == ("IND-DL", (5, 6))
    assert not found.working(date(house.installation.now().year + 1, 1, 26))
    shown = house.client("auditor").get("/settings/").content.decode()
    assert "India" in shown
    assert "Republic Day" in shown
    assert "(estimated)" in shown
    assert found.source in shown
    assert post(house, form(house, holidays="CHN", part="")).status_code == 302
    shown = house.client("auditor").get("/settings/").content.decode()
    assert "are not known to be on file" in shown
    assert "exchanged by order" in shown
    assert post(house, form(house, holidays="CHE", part="")).status_code == 302
    assert (
        "Parts of that state have days of their own"
        in house.client("auditor").get("/settings/").content.decode()
    )


def test_the_years_that_are_shown_are_those_of_the_house_and_not_of_greenwich(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = house.installation.now().year + 1
    monkeypatch.setattr(house.installation, "now", lambda: datetime(year, 12, 31, 23, 30, tzinfo=UTC))
    assert post(house, form(house, holidays="CHN", part="", calendar="")).status_code == 302
    shown = house.client("auditor").get("/settings/").content.decode()
    assert f"Those of {year + 2} are not known to be on file" in shown


def test_a_house_adds_strikes_and_closes_days_and_its_list_stays_as_it_was_read(house: House) -> None:
    assert post(house, form(house, holidays="CHE", part="BE", calendar="")).status_code == 302
    first = days(house)
    year, known = house.installation.now().year + 1, max(first.complete)
    march = [day for day in (date(year, 3, number) for number in range(1, 32)) if first.working(day)]
    held = next(each.day for each in first.holidays if each.day.year == year and each.day.weekday() < 5)
    typed = {
        "added": f"{march[0]} mourning\r\n",
        "struck": f"{held} not here",
        "closed": f"{march[1]} the house is closed\r\n{march[2]} <b>again</b>",
        "checked": f"{known + 1}",
    }
    assert post(house, form(house, **typed)).status_code == 302
    found = days(house)
    assert found.holidays == first.holidays
    assert [each.day for each in found.closed] == march[1:3]
    assert found.working(held)
    assert not found.working(march[0])
    assert found.unknown((known, known + 1, known + 2)) == (known + 2,)
    shown = house.client("auditor").get("/settings/").content.decode()
    assert f"{march[1]} the house is closed" in shown
    assert "<b>again</b>" not in shown
    again = house.client("administrator").get("/settings/change/").content.decode()
    assert f"{held} not here" in again, "what is set stands in the form"
    assert "ZH" in again, "the parts of the state are named"


def test_the_list_is_read_anew_only_when_somebody_says_so(house: House) -> None:
    assert post(house, form(house, holidays="CHE", part="BE", calendar="")).status_code == 302
    old = days(house)
    real, later = house.installation.now, house.installation.now() + timedelta(days=40)
    house.installation.now = lambda: later
    try:
        assert post(house, form(house, waiting_days="9")).status_code == 302
        assert days(house) == old
        assert post(house, form(house, anew="yes")).status_code == 302
        assert days(house).source != old.source
    finally:
        house.installation.now = real


def test_another_calendar_takes_two_and_the_second_sees_which_days_differ(house: House) -> None:
    assert post(house, form(house, holidays="CHE", part="ZH", calendar="")).status_code == 302
    opened(house)
    assert post(house, form(house, part="BE", why="We moved.")).status_code == 302
    before = days(house)
    assert before.part == "ZH"
    page = house.client(SECOND).get("/settings/proposals/").content.decode()
    year = house.installation.now().year
    assert "public holidays of CHE, BE" in page
    assert "Public holidays (those that differ)" in page
    assert f"{year + 1}-05-01 Labor Day" in page, "kept in Zurich and not in Bern"
    assert f"{year + 1}-08-01 National Day" not in page, "kept in both"
    number = house.installation.people(house.organisation).proposals[0].number
    assert answered(house, "administrator", number).status_code == 422
    assert days(house) == before
    assert answered(house, SECOND, number).status_code == 302
    assert days(house).part == "BE"


ROOT = pem([certificate("root")[0]]).strip()
STAMPS = {
    "timestamps_url": "https://stamps.example.org/tsa",
    "timestamps_roots": ROOT.replace("\n", "\r\n"),  # as a form sends it
    "timestamps_wait": "7",
}


def test_who_stamps_the_time_is_settled_on_the_form_and_taken_back(house: House) -> None:
    assert "Nobody is asked." in house.client("auditor").get("/settings/").content.decode()
    assert post(house, form(house, **STAMPS)).status_code == 302
    asks = Stamping(url="https://stamps.example.org/tsa", roots=ROOT, wait=7)
    assert settings(house).timestamps == asks
    shown = house.client("auditor").get("/settings/").content.decode()
    assert "https://stamps.example.org/tsa" in shown
    assert str(named(ROOT)[0]) in shown
    again = house.client("administrator").get("/settings/change/").content.decode()
    assert ROOT.splitlines()[1] in again, "what is set stands in the form"
    kept = form(house, timestamps_roots=ROOT, waiting_days="21")
    assert post(house, kept).status_code == 302
    assert settings(house).timestamps == asks, "a form sent with other changes leaves it"
    assert post(house, form(house, timestamps_url="")).status_code == 302
    assert settings(house).timestamps is None


def test_who_stamps_the_time_is_proposed_with_the_fingerprint_of_what_is_trusted(house: House) -> None:
    opened(house)
    answer = post(house, form(house, **STAMPS, why="Courts ask for it."))
    assert answer.headers["Location"] == "/settings/proposals/"
    assert settings(house).timestamps is None
    page = house.client(SECOND).get("/settings/proposals/").content.decode()
    assert "Who is asked for time-stamps" in page
    assert str(named(ROOT)[0]) in page
    assert "BEGIN CERTIFICATE" not in page
    number = house.installation.people(house.organisation).proposals[0].number
    assert answered(house, "administrator", number).status_code == 422
    assert settings(house).timestamps is None
    assert answered(house, SECOND, number).status_code == 302
    assert settings(house).timestamps is not None


def test_a_single_administrator_proposes_and_counsel_confirms(house: House) -> None:
    opened(house)
    desk, now = house.installation.desk(house.organisation), house.installation.now()
    desk.dismiss("administrator", now, person=SECOND)
    number = proposed(house)
    assert answered(house, "administrator", number).status_code == 422
    assert answered(house, "counsel", number).status_code == 302
    assert [key.recipient for key in known(house)] == [KEY]


def test_a_key_that_serves_no_more_says_why(house: House) -> None:
    now = house.installation.now()
    key = RegisteredKey(
        authority="Unit 8",
        state="FRA",
        recipient=KEY,
        fingerprint=fingerprint(KEY),
        verified_by="counsel",
        verified_on=(now - timedelta(days=KEY_DAYS)).date(),
    )
    desk = house.installation.desk(house.organisation)
    desk.register_key("administrator", now, key=key)
    assert "0 more days" in house.client("auditor").get("/settings/keys/").content.decode()
    real = house.installation.now
    house.installation.now = lambda: now + timedelta(days=1)
    try:
        text = house.client("auditor").get("/settings/keys/").content.decode()
    finally:
        house.installation.now = real
    assert "No more" in text
    assert f"This key was verified more than {KEY_DAYS} days ago" in text


def test_each_part_of_the_settings_has_a_way_of_its_own_and_stands_open_there(house: House) -> None:
    client = house.client("administrator")
    shown = client.get("/settings/").content.decode()
    for part in ("house", "letters", "times", "stamps"):
        assert f'href="/settings/change/?part={part}#{part}"' in shown
        form = client.get(f"/settings/change/?part={part}").content.decode()
        assert form.count('<details class="shelf" open>') == 1
        assert '<details class="shelf" open><summary><h2>' in form
        assert (
            f'<div class="on" id="{part}">'
            in form.partition('<details class="shelf" open>')[2].partition("</summary>")[2][:40]
        )
    assert '<details class="shelf" open>' not in client.get("/settings/change/").content.decode()
    auditor = house.client("auditor").get("/settings/").content.decode()
    assert "?part=" not in auditor

"""The notice is shown before it is given, in the words it will have; giving it tells the code once."""

from __future__ import annotations

import re

import msgspec
import pytest

from habeas.desk.case import Case
from habeas.desk.events import Configured, NoticeSent
from habeas.desk.letters import Sender
from habeas.request import Secrecy
from tests.desk.desks import TWO
from tests.web.house import House, ransomware


@pytest.fixture
def decided(house: House) -> Case:
    case = house.reviewed(msgspec.structs.replace(ransomware(), secrecy=Secrecy()))
    desk = house.installation.desk(house.organisation)
    return desk.second_review(case.id, "second", house.installation.now(), agrees=True)


def _named(house: House) -> None:
    sender = Sender(name="Example House", office="Office", contact="its address", oversight="its overseer")
    settings = Configured(seat="USA:provider", zone="Europe/Paris", sender=sender)
    house.configured(settings)


def test_the_form_shows_the_notice_as_it_will_go_and_records_nothing(house: House, decided: Case) -> None:
    _named(house)
    for address in (f"/cases/{decided.id}/", f"/cases/{decided.id}/notify/"):
        page = house.client("second").get(address).content.decode()
        assert "The notice, as it will go" in page
        assert "Somebody asked for data about you" in page
        assert "Example House" in page
    assert house.case(decided.id).length == decided.length


def test_a_house_without_a_name_is_shown_no_letter_and_tells_nobody(house: House, decided: Case) -> None:
    house.configured(Configured(seat="USA:provider", zone="Europe/Paris"))
    client = house.client("second")
    page = client.get(f"/cases/{decided.id}/notify/").content.decode()
    assert "The notice, as it will go" not in page
    answer = client.post(f"/cases/{decided.id}/notify/", {"seen": str(decided.length)})
    assert answer.status_code == 422
    assert "has not said how its letters name it" in answer.content.decode()
    assert house.case(decided.id).notices == ()


def test_the_code_is_told_once_where_the_notice_is_sent_and_opens_the_door_of_this_case(
    house: House, decided: Case
) -> None:
    client = house.client("second")
    answer = client.post(f"/cases/{decided.id}/notify/", {"seen": str(decided.length), "language": "fr"})
    said = client.get(answer.headers["Location"]).content.decode()
    (code,) = re.findall(r"for the notice: ([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})", said)
    assert 'id="h-now">Record that the notice went out<' in said
    found = house.installation.door_of(house.organisation, code)
    assert found is not None
    assert found.id == decided.id
    assert found.letters[-1].language == "fr"
    assert code not in client.get(f"/cases/{decided.id}/").content.decode()


def test_that_it_went_out_is_recorded_with_its_way_and_its_day(house: House, decided: Case) -> None:
    client = house.client("second")
    client.post(f"/cases/{decided.id}/notify/", {"seen": str(decided.length)})
    (notice,) = house.case(decided.id).notices
    today = house.installation.people(house.organisation).day(house.installation.now())
    sent = {"seen": str(house.case(decided.id).length), "targets": list(notice.targets), "way": "account"}
    nothing = client.post(f"/cases/{decided.id}/send-notice/", sent)
    assert nothing.status_code == 422  # no day
    assert house.case(decided.id).notices[0].sent is None
    answer = client.post(f"/cases/{decided.id}/send-notice/", {**sent, "on": today.isoformat()})
    assert answer.status_code == 302
    event = house.case(decided.id).history[-1].event
    assert isinstance(event, NoticeSent)
    assert (event.letter, event.way, event.on) == (notice.letter, "account", today)


def test_of_two_persons_each_has_a_notice_on_the_form_and_a_code(house: House) -> None:
    case = house.reviewed(msgspec.structs.replace(TWO, received_on=None))
    desk = house.installation.desk(house.organisation)
    case = desk.second_review(case.id, "second", house.installation.now(), agrees=True)
    client = house.client("second")
    page = client.get(f"/cases/{case.id}/notify/").content.decode()
    accounts = [", ".join(each.value for each in target.identifiers) for target in case.request.targets]
    assert len(accounts) == page.count("The notice about <bdi>") == 2
    assert all(f"The notice about <bdi>{each}</bdi>" in page for each in accounts)
    answer = client.post(f"/cases/{case.id}/notify/", {"seen": str(case.length)})
    said = client.get(answer.headers["Location"]).content.decode()
    codes = re.findall(r"(t[12]): ([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})", said)
    assert [target for target, _code in codes] == ["t1", "t2"]
    assert len({code for _target, code in codes}) == 2


def test_a_form_that_is_old_tells_nobody(house: House, decided: Case) -> None:
    answer = house.client("second").post(f"/cases/{decided.id}/notify/", {"seen": str(decided.length - 1)})
    assert answer.status_code == 409
    assert house.case(decided.id).notices == ()

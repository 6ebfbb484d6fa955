"""The notice is shown before it is given, in the words it will have; giving it tells the code once."""

from __future__ import annotations

import re

import msgspec
import pytest

from habeas.desk.case import Case
from habeas.desk.events import Configured
from habeas.desk.letters import Sender
from habeas.request import Secrecy
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


def test_a_house_without_a_name_can_tell_and_is_shown_no_letter(house: House, decided: Case) -> None:
    page = house.client("second").get(f"/cases/{decided.id}/notify/").content.decode()
    assert "The notice, as it will go" not in page
    assert 'class="button">Tell the person<' in page


def test_the_code_is_told_once_and_opens_the_door_of_this_case(house: House, decided: Case) -> None:
    client = house.client("second")
    answer = client.post(f"/cases/{decided.id}/notify/", {"seen": str(decided.length)})
    said = client.get(answer.headers["Location"]).content.decode()
    (code,) = re.findall(r"for the notice: ([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})", said)
    found = house.installation.door_of(house.organisation, code)
    assert found is not None
    assert found.id == decided.id
    assert code not in client.get(f"/cases/{decided.id}/").content.decode()


def test_a_form_that_is_old_tells_nobody(house: House, decided: Case) -> None:
    answer = house.client("second").post(f"/cases/{decided.id}/notify/", {"seen": str(decided.length - 1)})
    assert answer.status_code == 409
    assert house.case(decided.id).notices == ()

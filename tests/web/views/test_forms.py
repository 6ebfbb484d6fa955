"""Each form does its verb: the ordinary road of a case, from intake to the end, through the pages alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from habeas.desk import recommended
from habeas.desk.moves import TABLE, Act
from habeas.request import Secrecy
from habeas.request.formats import to_native
from habeas.web.views.forms import FORMS
from tests.web.house import House, ransomware


class Road:
    """A case that people move with the forms of the site."""

    def __init__(self, house: House, case: str) -> None:
        self.house = house
        self.case = case

    def do(self, person: str, act: Act, status: int = 302, **typed: Any) -> str:
        seen = str(self.house.case(self.case).length)
        client = self.house.client(person)
        answer = client.post(f"/cases/{self.case}/{act}/", {**typed, "seen": seen})
        assert answer.status_code == status, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[:2000]
        return client.get(f"/cases/{self.case}/").content.decode()


@pytest.fixture
def road(house: House) -> Road:
    return Road(house, house.received(msgspec.structs.replace(ransomware(), secrecy=Secrecy())).id)


def _checked(road: Road) -> dict[str, str]:
    read = road.house.installation.now().date() - timedelta(days=10)
    return {
        "kind": "call-back",
        "holds": "yes",
        "register_entry": "the prosecutor's office",
        "register_state": "fra",
        "register_read_on": read.isoformat(),
    }


def test_a_case_goes_through_the_house_by_its_forms(road: Road) -> None:
    road.do("intake", Act.IDENTIFY, **_checked(road))
    road.do("intake", Act.HOLD, targets=["t1"])
    road.do("custodian", Act.CONFIRM_HOLD, hold="hold-1", kept=["t1"])
    road.do(
        "custodian",
        Act.RECORD_ACCOUNT,
        **{"exists-0": "yes", "country-0": "fra", "held-0": ["subscriber", "traffic"]},
    )
    road.do("reviewer", Act.ASSIGN, to="reviewer")
    road.do("reviewer", Act.ASSESS)
    case = road.house.case(road.case)
    assert case.assessment is not None
    assert case.accounts[0].exists is True
    choices = {f"choice-{each}": "recommended" for each in range(len(recommended(case.assessment)))}
    road.do("reviewer", Act.REVIEW, **choices, assessment=case.digest)
    road.do("second", Act.SECOND_REVIEW, agrees="yes")
    page = road.do("reviewer", Act.NOTIFY)
    assert re.search(r"shown this once, for the notice: [A-Z0-9]{4}(-[A-Z0-9]{4})+", page)
    given = list(road.house.case(road.case).giving())
    files = {
        f"file-{number}": SimpleUploadedFile(f"records-{number}.csv", f"rows {number}".encode())
        for number in range(len(given))
    }
    holds = {f"holds-{number}": str(each.ceiling) for number, each in enumerate(given)}
    road.do("custodian", Act.PREPARE, **files, **holds)
    assert len(road.house.case(road.case).files) == len(given)
    page = road.do("second", Act.APPROVE_RELEASE, status=422)  # the waiting time has not passed
    assert road.house.case(road.case).approval is None


def test_a_question_and_its_answer(road: Road) -> None:
    road.do("intake", Act.IDENTIFY, **_checked(road))
    road.do("reviewer", Act.ASSESS)
    road.do("reviewer", Act.ASK, own="Which court ordered it?\n\nOn which day?")
    assert road.house.case(road.case).questions == ("Which court ordered it?", "On which day?")
    newer = to_native(
        msgspec.structs.replace(ransomware(), secrecy=Secrecy(), necessity="Two accounts remain.")
    )
    road.do("intake", Act.ANSWER, json=newer.decode())
    case = road.house.case(road.case)
    assert (case.version, case.stage, case.request.necessity) == (2, "received", "Two accounts remain.")


def test_an_answer_that_cannot_be_read_is_refused_and_kept(road: Road) -> None:
    road.do("intake", Act.IDENTIFY, **_checked(road))
    road.do("reviewer", Act.ASSESS)
    road.do("reviewer", Act.ASK, own="Which court?")
    road.do("intake", Act.ANSWER, status=422, json="{not json")
    assert road.house.case(road.case).version == 1


def test_an_extension_and_an_end_of_a_hold(road: Road) -> None:
    road.do("intake", Act.HOLD, targets=["t1"])
    until = road.house.case(road.case).holds[0].until.date() + timedelta(days=30)
    road.do("reviewer", Act.EXTEND, status=422, hold="hold-1", until="soon", why="The request is late.")
    road.do("reviewer", Act.EXTEND, hold="hold-1", until=until.isoformat(), why="The request is late.")
    assert road.house.case(road.case).holds[0].until.date() == until


def test_a_case_is_handed_to_counsel_who_closes_it(road: Road) -> None:
    road.do("reviewer", Act.ESCALATE, why="A journalist may be meant.")
    assert road.house.case(road.case).escalated
    road.do("counsel", Act.CONSULT, whom="The ministry", about="Whether the treaty binds.")
    road.do("counsel", Act.WITHDRAW, why="They wrote that they withdraw.")
    road.do("counsel", Act.CLOSE, words="")
    assert road.house.case(road.case).stage == "closed"
    road.do("counsel", Act.RETAIN, until="2030-01-01", why="A court asked for the file.")
    road.do("counsel", Act.REOPEN, why="They wrote again.")
    assert road.house.case(road.case).stage == "received"


def test_a_target_goes_on_in_a_case_of_its_own(house: House) -> None:
    from tests import world

    two = world.request(supposed=(), targets=(world.target(), world.target(value="@other", number=2)))
    road = Road(house, house.received(two).id)
    page = road.do("reviewer", Act.SPLIT, targets=["t2"])
    (into,) = re.findall(r"The targets go on in case ([\w-]+)\.", page)
    assert [each for each, _item in house.case(into).asked()] == ["t2", "t2"]


def test_a_merge_and_a_word_to_a_colleague(road: Road) -> None:
    other = road.house.received(msgspec.structs.replace(ransomware(), secrecy=Secrecy()))
    road.do("intake", Act.HAND_OVER, to="reviewer", words="The call-back is done.")
    road.do("reviewer", Act.MERGE, into=other.id, why="The same request came twice.")
    assert road.house.case(road.case).merged_into == other.id


def test_every_form_says_what_it_did_and_every_field_has_a_label() -> None:
    assert all(form.done for form in FORMS)
    assert all(field.label and field.name for form in FORMS for field in form.fields)
    assert all(form.act in TABLE for form in FORMS)


def test_what_cannot_be_undone_asks_for_presence() -> None:
    grave = {form.act for form in FORMS if form.fresh}
    assert grave >= {Act.APPROVE_RELEASE, Act.RELEASE, Act.REFUSE, Act.ERASE}

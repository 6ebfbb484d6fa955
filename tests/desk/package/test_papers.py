"""The papers say the same to people and to machines, and no word breaks them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from habeas.desk.package.papers import Condition
from habeas.errors import Refused
from habeas.request import Authorisation
from tests.desk.package.packages import PAPER, tarred, unpacked


def test_the_conditions_stand_in_the_bag_for_people_and_for_machines() -> None:
    found = unpacked(tarred())
    text = found["conditions.txt"].decode()
    said = json.loads(found["conditions.json"])
    assert [one["kind"] for one in said["conditions"]] == ["speciality", "no-onward-transfer", "deletion"]
    assert said["conditions"][2]["until"] == "2027-11-21"
    for one in PAPER.conditions:
        assert one.text in text
    assert "2027-11-21" in text
    assert "4 Js 17/26" in text


def test_a_condition_that_was_accepted_says_so_with_the_day_and_no_other_does() -> None:
    agreed = Condition(kind="decided", text="Two officers read it.", accepted=date(2026, 11, 20))
    found = unpacked(tarred(paper=msgspec.structs.replace(PAPER, conditions=(*PAPER.conditions, agreed))))
    said = json.loads(found["conditions.json"])["conditions"]
    assert [each["accepted"] for each in said] == [None, None, None, "2026-11-20"]
    lines = found["conditions.txt"].decode().splitlines()
    told = [line for line in lines if "accepted" in line]
    assert told == [
        "4. decided: Two officers read it. You accepted this; we recorded it on 2026-11-20.",
    ]


def test_a_disclosure_without_conditions_says_so() -> None:
    found = unpacked(tarred(paper=msgspec.structs.replace(PAPER, conditions=())))
    assert b"No condition was set." in found["conditions.txt"]


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "../x"},
        {"id": ""},
        {"organisation": ""},
        {"organisation": "Example\nPayload-Oxum: 0.0"},
        {"authority": "Court\x85of"},
        {"reference": "4 Js 17/26\r\nX: y"},
        {"reference": " "},
        {"conditions": (Condition(kind="speciality", text="one\u2028two"),)},
        {"conditions": (Condition(kind="", text="x"),)},
        {"authorisation": Authorisation(reference="a\nb")},
    ],
)
def test_a_word_that_would_break_a_line_of_the_papers_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        tarred(paper=msgspec.structs.replace(PAPER, **changes))

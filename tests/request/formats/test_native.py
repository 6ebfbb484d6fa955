from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from habeas.errors import Refused
from habeas.request.formats.native import convert, decode, to_native
from habeas.request.model import (
    Authority,
    Category,
    Emergency,
    Offence,
    Penalty,
    PenaltyKind,
    Request,
    Secrecy,
)
from tests.request.samples import native, requests


def refusal(values: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        convert(values)
    return caught.value


def test_every_field_is_read_as_it_is_written() -> None:
    request = convert(native())
    assert request.requesting_state == "NOR"
    assert request.issuing == Authority(
        name="District Prosecutor, Northern District", contact="desk@prosecutor.example"
    )
    assert request.targets[0].items[0].category is Category.SUBSCRIBER
    assert request.emergency.deadline is not None
    assert request.emergency.deadline.utcoffset() is not None


@given(requests)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_is_read_back_the_same(request: Request) -> None:
    assert decode(to_native(request)) == request


@given(requests)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_same_request_gives_the_same_bytes(request: Request) -> None:
    written = to_native(request)
    assert to_native(decode(written)) == written
    assert b"\n" not in written


@given(requests)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_our_own_bytes_and_any_other_spelling_of_them_are_read_the_same(request: Request) -> None:
    written = to_native(request)
    spelled = json.dumps(json.loads(written), indent=1, sort_keys=True).encode()
    assert decode(spelled) == decode(written) == decode(written + b" \n")


@pytest.mark.parametrize(
    ("found", "instead", "told"),
    [
        (b'"id":"R-1"', b'"id":"R-1","id":"R-1"', "twice"),
        (b'"id":"R-1"', b'"id":"R-1","id":"R-2"', "twice"),
        (b'"years":6.0', b'"years":6.00000000000000000000000000000001', "too long"),
        (b'"years":6.0', b'"years":NaN', "not a number"),
        (b'"years":6.0', b'"years":1001.0', "cannot be"),
        (b'"facts":"', b'"facts":"\\ud800', "is not text"),
        (b'"id":"R-1"', b'"id":"R-1","supposed":["seat-law-permits"]', "supposed"),
    ],
)
def test_nothing_is_accepted_because_it_looks_like_our_own_bytes(
    found: bytes, instead: bytes, told: str
) -> None:
    penalty = Penalty(kind=PenaltyKind.YEARS, years=6.0)
    written = to_native(
        Request(
            id="R-1",
            instrument="uncc",
            measure=convert(native()).measure,
            facts="What happened.",
            offences=(Offence(label="Theft", claimed_maximum=penalty),),
        )
    )
    assert decode(written).id == "R-1"
    assert found in written
    with pytest.raises(Refused) as caught:
        decode(written.replace(found, instead))
    assert told in str(caught.value)


def test_what_is_not_stated_is_not_written_however_it_was_made() -> None:
    bare = Request(id="R-1", instrument="uncc", measure=convert(native()).measure)
    spelled_out = msgspec.structs.replace(bare, emergency=Emergency(claimed=False), secrecy=Secrecy())
    assert to_native(bare) == to_native(spelled_out)
    assert json.loads(to_native(bare)) == {"id": "R-1", "instrument": "uncc", "measure": "stored-access"}


@pytest.mark.parametrize(
    ("changes", "place", "sentence", "hint"),
    [
        ({"measure": ...}, "measure", "the field `measure` is missing", "cannot be left out"),
        ({"measure": "arrest"}, "measure", "`arrest` is not a word known here", "stored-access"),
        ({"mesure": "x"}, "mesure", "there is no field `mesure` here", "did you mean `measure`?"),
        ({"zzzz": "x"}, "zzzz", "there is no field `zzzz` here", "habeas schema"),
        ({"id": 5}, "id", "here stands a whole number where text belongs", "habeas schema"),
        ({"facts": None}, "facts", "here stands null where text belongs", "leave the field out"),
        ({"received_on": "31.05.2024"}, "received_on", "this is not a date of the calendar", "2024-05-31"),
        ({"received_on": "2024-02-30"}, "received_on", "this is not a date of the calendar", "2024-05-31"),
        ({"received_on": 5}, "received_on", "here stands a whole number where a date belongs", "schema"),
        (
            {"offences": {}},
            "offences",
            "here stands an object with named fields where a list belongs",
            "schema",
        ),
        (
            {"emergency": {"deadline": "soon"}},
            "emergency.deadline",
            "this is not a date and time",
            "2024-05-31T18:00:00+02:00",
        ),
        (
            {"authorisation": {"kind": "sheriff"}},
            "authorisation.kind",
            "`sheriff` is not a word known here",
            "judge, prosecutor",
        ),
        (
            {"offences": [{"label": "x", "claimed_maximum": {"kind": "whipping"}}]},
            "offences[0].claimed_maximum.kind",
            "`whipping` is not a word known here",
            "years, life, death, fine",
        ),
        (
            {"targets": [{"id": "t1", "identifiers": [], "items": [{"id": "i", "category": "all"}]}]},
            "targets[0].items[0].category",
            "`all` is not a word known here",
            "subscriber",
        ),
        ({"requesting_state": "NO"}, "requesting_state", "`NO` is not the code of a state", "NOR"),
    ],
)
def test_each_mistake_has_its_sentence_place_and_hint(
    changes: dict[str, Any], place: str, sentence: str, hint: str
) -> None:
    refused = refusal(native(**changes))
    assert refused.place == place
    assert refused.sentence == sentence
    assert hint in refused.hint


@pytest.mark.parametrize("values", [[], "text", 5, None])
def test_what_has_no_fields_is_not_a_request(values: Any) -> None:
    assert "where an object with named fields belongs" in refusal(values).sentence


@pytest.mark.parametrize("data", [b'{"id": "a", "id": "b"}', b"{", b"[]", b"\xff", b'{"id": NaN}'])
def test_bytes_that_are_not_one_request_are_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        decode(data)


def test_a_name_from_the_input_cannot_write_on_the_terminal() -> None:
    refused = refusal(native(**{"\x1b[2Jfield": 1}))
    assert "\x1b" not in str(refused)

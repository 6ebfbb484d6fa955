"""The closed list of what can happen: every event is made by some verb, comes back the same, and says
what happened without saying to whom."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.desk import Recorded, events
from habeas.desk.events import CaseEvent, Event, HouseEvent, decode, encode
from tests.desk.desks import CODE, PEOPLE, SOUND, SOURCE, everything_done

CASE_EVENTS = 59
CASE_KINDS = {str(each.__struct_config__.tag) for each in get_args(CaseEvent)}
HOUSE_KINDS = {str(each.__struct_config__.tag) for each in get_args(HouseEvent)}
STATES_OF_MIND = (
    "believes thinks feels suspects guilty innocent angry afraid wants dangerous criminal".split()
)


@cache
def _recorded() -> tuple[tuple[str, Recorded], ...]:
    """Everything that every verb wrote, with its stream, each event once."""
    found: dict[bytes, tuple[str, Recorded]] = {}
    for memory in everything_done():
        for (_organisation, stream), history in memory.streams.items():
            for each in history:
                found.setdefault(encode(each.event), (stream, each))
    return tuple(found.values())


def _samples() -> tuple[Event, ...]:
    return tuple(each.event for _stream, each in _recorded())


def test_the_list_is_closed() -> None:
    assert len(CASE_KINDS) == len(get_args(CaseEvent)) == CASE_EVENTS
    assert not CASE_KINDS & HOUSE_KINDS
    every = {each for each in vars(events).values() if isinstance(each, type) and issubclass(each, Event)}
    assert every - {Event} == set(get_args(CaseEvent)) | set(get_args(HouseEvent))


def test_every_event_of_the_list_is_written_by_some_verb() -> None:
    assert {event.kind for event in _samples()} == CASE_KINDS | HOUSE_KINDS


def test_events_of_a_case_and_of_the_house_stand_in_their_own_streams() -> None:
    for stream, recorded in _recorded():
        assert recorded.event.kind in (HOUSE_KINDS if stream == "house" else CASE_KINDS)


def test_every_event_comes_back_the_same_and_as_the_same_bytes() -> None:
    for event in _samples():
        data = encode(event)
        assert decode(data) == event
        assert encode(decode(data)) == data
        assert data.startswith(b'{"type":"' + event.kind.encode() + b'"')


def test_a_word_that_no_event_has_is_no_event() -> None:
    for data in (b'{"type":"released-quietly"}', b'{"type":"noted","words":"a","x":1}', b"{}", b"[]"):
        with pytest.raises(msgspec.ValidationError):
            decode(data)


@given(words=st.text(), hold=st.text(), targets=st.lists(st.text(), max_size=4))
def test_any_words_come_back_the_same(words: str, hold: str, targets: list[str]) -> None:
    for event in (
        events.Noted(words=words),
        events.HoldConfirmed(hold=hold, kept=tuple(targets)),
        events.Asked(questions=tuple(targets)),
        events.SecondReviewed(agrees=False, reason=words),
    ):
        try:
            data = encode(event)
        except UnicodeEncodeError:  # half a surrogate pair is no text, and no request has one
            continue
        assert decode(data) == event


def test_each_sentence_is_one_plain_sentence() -> None:
    for event in _samples():
        sentence = event.sentence()
        assert sentence[0].isupper() or sentence[0].isdigit(), sentence
        assert sentence.endswith(".")
        assert len(sentence) < 120
        assert "\n" not in sentence


def test_no_sentence_names_a_person_an_identifier_or_a_state_of_mind() -> None:
    request = SOUND
    secrets = [each.value for target in request.targets for each in target.identifiers]
    secrets += [CODE, SOURCE, request.facts, "h1", "It came by post.", "This is a mistake."]
    for event in _samples():
        sentence = event.sentence()
        words = set(re.findall(r"[\w-]+", sentence.lower()))
        assert not any(secret in sentence for secret in secrets), sentence
        assert not words & set(STATES_OF_MIND), sentence
        named = words & (set(PEOPLE) | {"administrator"})
        assert not {each for each in named if each not in set(events.Role)}, sentence  # roles, never people


def test_the_words_of_a_free_text_never_reach_a_sentence() -> None:
    secret = "the-person-next-door"
    for event in _samples():
        texts = {
            name: secret
            for name in (
                "words",
                "whom",
                "why",
                "reason",
                "about",
                "question",
                "cite",
                "letter",
                "receipt",
                "who",
                "how",
                "unstamped",
            )
            if hasattr(event, name)
        }
        assert secret not in msgspec.structs.replace(event, **texts).sentence()


def test_events_are_numbered_without_gaps_and_in_time() -> None:
    for memory in everything_done():
        for history in memory.streams.values():
            assert [each.number for each in history] == list(range(1, len(history) + 1))
            assert all(a.at <= b.at for a, b in pairwise(history))

"""The values keep their words apart."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from habeas.request.model import Category, Measure
from habeas.treaty import Instrument, Kind, PartyRecord, Role, law
from habeas.treaty.model import Action, Evidence


def test_an_instrument_finds_the_nearest_article_that_contains_a_number() -> None:
    budapest = law().instrument("budapest")
    found = budapest.article("27(4)(c)")
    assert found is not None
    assert found.number == "27(4)"
    assert budapest.article("99(1)") is None


def test_an_instrument_without_articles_finds_none() -> None:
    bare = Instrument(
        id="bare",
        title="Bare",
        kind=Kind.TREATY,
        in_force="not in force",
        as_of=date(2026, 1, 1),
        source="invented",
        about="Nothing.",
    )
    assert bare.article("1") is None


def test_a_record_reads_its_own_date() -> None:
    record = PartyRecord(
        state="FRA", action=Action.SIGNATURE, date="2026-02", source="invented", evidence=Evidence.SEEN
    )
    assert record.when.precision == "month"


def test_values_are_frozen() -> None:
    with pytest.raises(AttributeError):
        law().instrument("uncc").title = "another"  # type: ignore[misc]


def test_the_roles_are_the_four_seats() -> None:
    assert list(Role) == ["provider", "central-authority", "24/7-point", "executing-authority"]


def test_every_seat_rule_survives_a_round_trip() -> None:
    for code in law().seats:
        for role in Role:
            answer = law().seat_law(
                seat_state=code,
                role=role,
                arrival="request",
                measure=Measure.STORED_ACCESS,
                category=Category.CONTENT,
                requesting_state="USA",
                instrument="budapest",
                emergency=False,
                on=date(2026, 11, 21),
            )
            assert msgspec.json.decode(msgspec.json.encode(answer), type=type(answer)) == answer

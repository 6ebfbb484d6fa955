"""Every entry has its place in every table, whatever word stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.desk.public import GIVING, OPEN, Kind
from habeas.reports.transparency.tables import (
    ACCOUNTS,
    AT_MOST,
    GIVEN_BY,
    KINDS,
    NOT_GIVEN,
    NOT_STATED,
    OTHER,
    SUBJECTS,
    Part,
    parts,
)

EVERY = [part for every in parts().values() for part in every]


@pytest.mark.parametrize("part", EVERY, ids=lambda part: part.name)
@given(text=st.text(max_size=40), other=st.text(max_size=10))
def test_any_words_have_a_place_in_the_closed_list(part: Part, text: str, other: str) -> None:
    found = part.read(*(text, other)[: len(part.fields)])
    assert found
    assert set(found) <= set(part.values)


def test_the_kinds_are_all_but_the_open_ones_and_padding() -> None:
    assert set(KINDS) == {str(kind) for kind in Kind} - {str(kind) for kind in OPEN} - {"padding"}
    assert set(SUBJECTS) - {ACCOUNTS} <= set(KINDS)
    assert set(parts()) == set(SUBJECTS)
    assert {subject for fewer, more in AT_MOST for subject in (*fewer, more)} <= set(SUBJECTS)


def test_several_values_are_read_in_the_order_of_the_list() -> None:
    [ground] = [part for part in parts()["refusal"] if part.name == "ground"]
    assert ground.read("scope | persecution") == ("persecution", "scope")
    assert ground.read("a ground nobody lists | scope") == ("scope", OTHER)
    assert ground.read("") == (NOT_STATED,)


@pytest.mark.parametrize(
    ("days", "band"),
    [("0", "0-2"), ("2", "0-2"), ("3", "3-10"), ("365", "91-365"), ("366", "366+"), ("", NOT_STATED)],
)
def test_days_fall_into_bands_without_a_gap(days: str, band: str) -> None:
    [part] = parts()["reroute"]
    assert part.read(days) == (band,)


def test_what_was_asked_for_is_counted_where_something_was_given_and_nowhere_else() -> None:
    [measure, categories] = [part for part in parts()["decision"] if part.name in GIVEN_BY]
    for decision in GIVING:
        assert measure.read(decision, "stored-access") == ("stored-access",)
        assert measure.read(decision, "a help nobody lists") == (OTHER,)
        assert categories.read(decision, "content subscriber") == ("subscriber", "content")
        assert categories.read(decision, "") == (NOT_STATED,)
    for decision in ("refuse", "ask", "", "a decision nobody lists"):
        assert measure.read(decision, "stored-access") == (NOT_GIVEN,)
        assert categories.read(decision, "content subscriber") == (NOT_GIVEN,)

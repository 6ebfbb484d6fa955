from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.request.formats.json_text import MAX_DIGITS, first_refusal, list_entries, parse, shown

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)


def refusal(text: str) -> Refused:
    value, tainted = parse(text)
    assert tainted or isinstance(value, Refused)
    refused = first_refusal(value)
    assert refused is not None
    return refused


@given(plain)
def test_what_strict_json_says_is_read_as_everybody_reads_it(value: Any) -> None:
    assert parse(json.dumps(value)) == (value, False)


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "b", "`c` stands twice"),
        ('{"a": [1, NaN]}', "a[1]", "`NaN`"),
        ('{"a": -Infinity}', "a", "`-Infinity`"),
        ('{"a": 1e999}', "a", "too long"),
        ('{"a": 1' + "0" * MAX_DIGITS + "}", "a", "too long"),
        ('{"a": 0.' + "1" * 5000 + "}", "a", "too long"),
        ('{"a": 1} x', "line 1, column 10", "follows after"),
        ('{"a":\n "b', "line 2, column 2", "cut off"),
        ('{"a":', "line 1, column 6", "cut off"),
        ('{"a": 1 "b": 2}', "line 1, column 9", "cannot be read at"),
        ("{'a': 1}", "line 1, column 2", "cannot be read at"),
        ('{"a": "x\ny"}', "line 1, column 9", "cannot be read"),
        ('{"a":' * 100_000, "line 1, column 1", "nested too deeply"),
        ("[" * 100_000, "line 1, column 1", "nested too deeply"),
    ],
)
def test_what_two_readers_could_take_differently_is_refused(text: str, place: str, word: str) -> None:
    refused = refusal(text)
    assert refused.place == place
    assert word in refused.sentence
    assert refused.hint


@pytest.mark.parametrize(
    "text",
    ['{"a": 1, "b": {"a": 2}}', '{"a": 1' + "0" * (MAX_DIGITS - 1) + "}", '{"a": 1.5e3}', '{"A": 1, "a": 2}'],
)
def test_its_neighbour_is_read(text: str) -> None:
    assert parse(text) == (json.loads(text), False)


def test_a_list_gives_its_entries_one_by_one() -> None:
    assert [value for value, _ in list_entries(' [1, {"a": 2} ,[3]]\n')] == [1, {"a": 2}, [3]]
    assert list(list_entries("[ ]")) == []


@pytest.mark.parametrize(
    "text", ["[1, 2, {", "[1, 2, ", "[1, 2", "[1, 2 3]", "[1, 2, ]", "[1, 2] 3", '[1, 2, "x']
)
def test_a_broken_list_gives_what_came_before_the_break_and_one_refusal(text: str) -> None:
    *good, last = (value for value, _ in list_entries(text))
    assert good == [1, 2]
    assert isinstance(last, Refused)


def test_one_entry_with_a_name_twice_leaves_the_others() -> None:
    found = [first_refusal(value) for value, _ in list_entries('[{"a": 1}, {"a": 1, "a": 2}, {"b": 1}]')]
    assert [refused is None for refused in found] == [True, False, True]


def test_a_word_from_the_input_is_made_safe_to_show() -> None:
    assert shown("a\x1b[31mb\u202e") == "a\\x1b[31mb\\u202e"
    assert len(shown("x" * 1000)) == 61
    assert shown("naïve") == "naïve"

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.request.formats import yaml_text
from habeas.request.formats.json_text import first_refusal
from habeas.request.formats.yaml_text import MAX_ALIASES, MAX_DEPTH, documents


def one(text: str) -> Any:
    ((value, _),) = documents(text)
    return value


def refusal(text: str) -> Refused:
    ((value, tainted),) = documents(text)
    refused = first_refusal(value)
    assert tainted
    assert refused is not None
    assert refused.hint
    return refused


@pytest.mark.parametrize(
    "word",
    [
        "no",
        "NO",
        "on",
        "off",
        "yes",
        "y",
        "2019-08-16",
        "0777",
        "1_000",
        "12:30:45",
        "0x1F",
        ".inf",
        "1e3",
        "=",
    ],
)
def test_words_that_yaml_would_turn_into_something_else_stay_words(word: str) -> None:
    assert one(f"a: {word}") == {"a": word}


def test_the_few_plain_values_are_read() -> None:
    text = "{a: 1, b: -2.5, c: true, d: False, e: null, f: ~, g: , h: '7', i: \"null\", j: !!str 8}"
    expected = {"a": 1, "b": -2.5, "c": True, "d": False, "e": None, "f": None, "g": None}
    assert one(text) == {**expected, "h": "7", "i": "null", "j": "8"}


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text("abc: -#'\"é用\n", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcé -", max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(plain.filter(lambda value: "'<<'" not in repr(value)))
def test_what_a_yaml_writer_writes_is_read_back(value: Any) -> None:
    assert one(yaml.safe_dump(value, allow_unicode=True)) == value


def test_a_list_used_twice_by_a_writer_is_read_back() -> None:
    shared = ["content", "traffic"]
    value = [{"asked": shared}, {"asked": shared}]
    text = yaml.safe_dump(value)
    assert "&id001" in text
    assert one(text) == value


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: 1\nb: {c: 1, c: 2}", "`c` stands twice"),
        ("a: !!python/object/apply:os.system [ls]", "tag"),
        ("a: !!python/name:os.system", "tag"),
        ("a: !!int 3", "tag"),
        ("a: !custom {b: 1}", "tag"),
        ("!!map {a: 1}", "tag"),
        ("a: 99999999999999999999", "too long"),
        ("a: *b", "repeats something"),
        ("a: &b [*b]", "repeats something"),
        ("a: {<<: {b: 1}}", "merge"),
        ("a: {1: b}", "name of a field"),
        ("a: {? [b] : c}", "name of a field"),
        (bomb(9), "too often"),
        ("a: &b x\nc: [" + ", ".join(["*b"] * (MAX_ALIASES + 1)) + "]", "too often"),
        ("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH, "nested too deeply"),
        ("- " * 50_000 + "x", "nested too deeply"),
        ("- " + "[" * 100_000, "nested too deeply"),
        ("? " * 50_000 + "x", "nested too deeply"),
        ("a: 'never closed", "cannot be read"),
        ("a: b: c", "cannot be read"),
        ("\ta", "cannot be read"),
        ("a: \x07", "not text"),
    ],
)
def test_what_could_surprise_is_refused(text: str, word: str) -> None:
    assert word in refusal(text).sentence


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: {c: 1, d: {c: 2}}",
        "a: &b [x]\nc: *b",
        "a: &b x\nc: [" + ", ".join(["*b"] * MAX_ALIASES) + "]",
        bomb(3),
        "a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1),
        "a: '<<'",
    ],
)
def test_its_neighbour_is_read(text: str) -> None:
    ((value, tainted),) = documents(text)
    assert not tainted
    assert first_refusal(value) is None


@pytest.mark.parametrize("wrapper", ["", "version: 1\ncases:\n"])
@pytest.mark.parametrize(
    "bad",
    ["- {a: 1, a: 2}", "- !x {a: 1}", "- a: *gone", "- [[[" + "[" * 60 + "]" * 60 + "]]]", "- {[a]: 1}"],
)
def test_one_bad_entry_leaves_the_others(wrapper: str, bad: str) -> None:
    value = one(f"{wrapper}- a: first\n{bad}\n- a: last\n")
    entries = value["cases"] if wrapper else value
    assert entries[0] == {"a": "first"}
    assert first_refusal(entries[1]) is not None
    assert entries[2] == {"a": "last"}


@pytest.mark.parametrize("wrapper", ["", "version: 1\ncases:\n"])
def test_a_file_cut_off_gives_the_whole_entries_before_the_cut(wrapper: str) -> None:
    value = one(f"{wrapper}- a: first\n- a: second\n- a: 'thi")
    entries = value["cases"] if wrapper else value
    assert entries[:2] == [{"a": "first"}, {"a": "second"}]
    assert isinstance(entries[2], Refused)
    assert "line" in entries[2].place


def test_a_file_with_too_many_values_is_left_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MAX_VALUES", 10)
    assert "more than 10 values" in refusal("- a\n" * 10).sentence
    assert one("- a\n" * 5) == ["a"] * 5


def test_a_text_longer_than_yaml_can_be_read_in_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MAX_YAML", 10)
    assert "MiB" in refusal("a: 34567890").sentence
    assert one("a: 3456789") == {"a": 3456789}


def test_each_document_is_read() -> None:
    assert [value for value, _ in documents("a: 1\n---\nb: 2\n")] == [{"a": 1}, {"b": 2}]
    assert documents("# nothing\n") == []

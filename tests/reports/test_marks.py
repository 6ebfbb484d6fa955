"""A text cut at its marks is still the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.reports.marks import Mark, Run, bearing, blocks, fitting, runs

TEXT = "abcdefghij"
MARKS = st.lists(
    st.builds(Mark, st.integers(-2, 14), st.integers(-2, 14), st.integers(1, 5), st.sampled_from(["x", "y"]))
)


def mark(start: int, end: int, number: int = 1, kind: str = "x") -> Mark:
    return Mark(start, end, number, kind)


@given(MARKS)
def test_the_pieces_in_order_are_the_text(marks: list[Mark]) -> None:
    assert "".join(run.text for run in runs(TEXT, marks)) == TEXT
    assert "".join(run.text for run in blocks(TEXT, marks)) == TEXT


@given(MARKS)
def test_every_fitting_mark_ends_exactly_once(marks: list[Mark]) -> None:
    ends = [number for run in runs(TEXT, marks) for number in run.ends]
    for number in {each.number for each in fitting(marks, len(TEXT))}:
        places = {each.end for each in fitting(marks, len(TEXT)) if each.number == number}
        assert ends.count(number) == len(places)


@given(MARKS)
def test_a_piece_names_exactly_the_marks_over_it(marks: list[Mark]) -> None:
    at = 0
    for run in runs(TEXT, marks):
        over = {each.number for each in fitting(marks, len(TEXT)) if each.start <= at < each.end}
        assert set(run.numbers) == over
        at += len(run.text)


def test_overlapping_marks_are_cut_where_they_meet() -> None:
    assert runs(TEXT, [mark(1, 5, 1), mark(3, 8, 2, "y")]) == (
        Run("a"),
        Run("bc", ("x",), (1,), ()),
        Run("de", ("x", "y"), (1, 2), (1,)),
        Run("fgh", ("y",), (2,), (2,)),
        Run("ij"),
    )


def test_overlapping_marks_are_one_block_and_touching_ones_are_two() -> None:
    assert [run.text for run in blocks(TEXT, [mark(1, 5), mark(3, 8, 2)])] == ["a", "bcdefgh", "ij"]
    assert [run.text for run in blocks(TEXT, [mark(1, 5), mark(5, 8, 2)])] == ["a", "bcde", "fgh", "ij"]


def test_a_mark_inside_another_keeps_both_numbers() -> None:
    assert [run.numbers for run in blocks(TEXT, [mark(0, 9, 1), mark(2, 3, 2)])] == [(1, 2), ()]


def test_a_mark_beyond_the_text_is_left_out_and_its_neighbour_is_not() -> None:
    assert fitting([mark(8, 11), mark(-1, 2), mark(4, 4), mark(8, 10)], 10) == (mark(8, 10),)


def test_no_mark_is_one_piece_and_no_text_is_none() -> None:
    assert runs(TEXT, []) == blocks(TEXT, []) == (Run(TEXT),)
    assert runs("", []) == blocks("", []) == ()


@pytest.mark.parametrize(
    ("text", "language", "underlined"),
    [
        ("were", "en", None),
        ("not", "en", None),
        ("the child was not", "en", "child"),
        ("is limited", "en-GB", "limited"),
        ("de la rançon", "fr", "rançon"),
        ("The saw", "de", "The saw"),
        ("were", None, "were"),
        ("ce seul homme", "fr", "seul homme"),
        ("...", "en", "..."),
        ("12", "en", "12"),
    ],
)
def test_a_word_that_says_nothing_is_not_underlined(
    text: str, language: str | None, underlined: str | None
) -> None:
    mark = bearing(Mark(0, len(text), number=1, kind="harm"), text, language)
    assert (text[mark.start : mark.end] if mark is not None else None) == underlined


@given(st.text(alphabet="the child was not ", max_size=30), st.sampled_from(["en", "fr", "", None]))
def test_what_is_underlined_lies_within_the_mark(text: str, language: str | None) -> None:
    mark = bearing(Mark(0, len(text), number=1, kind="harm"), text, language)
    assert mark is None or 0 <= mark.start < mark.end <= len(text) or text == ""

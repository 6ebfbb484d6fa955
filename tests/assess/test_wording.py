"""What a text resembles: one figure, from words alone, of which no state and no year is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.assess.text import read
from habeas.assess.wording import RUN, SILENT, Wording, parts, points, resemblance, runs, table

CRIME = "The widow was robbed and stabbed; 4,000 dollars were paid from the stolen cards. A judge ordered it."
PERSECUTION = (
    "The accused published correspondence of foreign organisations and incited readers against officials."
)


def of(words: str, language: str = "en") -> Wording:
    return resemblance([("facts", read(words, language))])


def test_a_crime_and_a_persecution_lie_on_their_sides() -> None:
    assert of(CRIME).points < 0 < of(PERSECUTION).points


def test_the_words_that_weigh_most_point_at_the_facts() -> None:
    for words in (CRIME, PERSECUTION):
        for quote in of(words).words:
            assert quote.span is not None
            first, last = quote.span
            assert words[first:last] == quote.words
            assert quote.ref == "facts"


def test_saying_it_again_adds_nothing() -> None:
    assert of(CRIME * 3).points == of(CRIME).points
    again = resemblance([("facts", read(CRIME, "en")), ("facts of version 1", read(CRIME, "en"))])
    assert again.points == of(CRIME).points


@pytest.mark.parametrize("words", ["", "...", "42 2024-11-30", "xq zj"])
def test_what_holds_no_known_word_resembles_nothing(words: str) -> None:
    assert of(words) == SILENT


def test_writing_without_blanks_is_read_by_its_characters() -> None:
    assert set(parts("嫌疑人被捕")) >= {"嫌疑", "疑人", "嫌疑人"}
    assert of("被害人的银行账户被盗，凶手持刀杀人。", "zh").points != 0


def test_no_figure_is_looked_at() -> None:
    assert parts("2024") == parts("v2") == ()
    assert not [run for run in table().weights if any(letter.isdigit() for letter in run)]


def test_other_states_and_years_change_nothing() -> None:
    told = "{} The victim lost the money in {}."
    assert of(told.format("", "March 2019")).points == of(told.format("", "March 2024")).points


def test_the_table_names_its_cases_and_none_that_are_held_out() -> None:
    assert table().cases
    assert "held_out" not in table().cases
    assert all(name.startswith("fresh_") for name in table().cases)


@given(st.lists(st.integers(-900, 900), max_size=300), st.integers(-100, 100))
def test_the_figure_has_bounds(weights: list[int], base: int) -> None:
    assert -60 <= points(weights, len(weights), base) <= 60


@given(st.text(alphabet="abcdefgh", min_size=3, max_size=12))
def test_a_word_is_weighed_by_its_beginning_its_middle_its_end_and_as_a_whole(word: str) -> None:
    *of_letters, whole = runs(word)
    assert all(len(run) == RUN for run in of_letters)
    assert of_letters[0].startswith("^")
    assert of_letters[-1].endswith("$")
    assert whole == f"^{word}$"

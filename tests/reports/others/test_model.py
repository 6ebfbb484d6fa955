"""Published numbers say how exact they are, and a missing one is never nought."""

from __future__ import annotations

import pytest

from habeas.reports.others.model import Band, Counting, Number, Period, band, highest, lowest, shown
from tests.reports.others.tables import REMOVALS, one


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (1234, "1,234"),
        (Band(0, 249), "0–249"),
        (Band(1000, 1249), "1,000–1,249"),
        (Band(1000, None), "1,000 or more"),
        (None, "not published"),
    ],
)
def test_a_number_says_how_exact_it_is(number: Number, words: str) -> None:
    assert shown(number) == words


def test_a_band_of_one_number_is_exact() -> None:
    assert band(7, 7) == 7
    assert band(7, 8) == Band(7, 8)


def test_the_ends_of_a_number_are_where_it_may_lie() -> None:
    assert (lowest(7), highest(7)) == (7, 7)
    assert (lowest(Band(0, 9)), highest(Band(0, 9))) == (0, 9)
    assert highest(Band(3, None)) is None


def test_a_year_comes_after_its_halves_and_before_the_next() -> None:
    first, second, year, following = Period(2025, 1), Period(2025, 2), Period(2025), Period(2026, 1)
    assert sorted([following, year, second, first], key=lambda period: period.order) == [
        first,
        second,
        year,
        following,
    ]
    assert year.halves() == (first, second)
    assert first.halves() == (first,)
    assert (str(first), str(year)) == ("2025 H1", "2025")


def test_a_sentence_names_the_numbers_there_are_and_no_other() -> None:
    two = Counting(key="k", requests="letters", accounts="boxes", whole="added up over days")
    assert (
        two.sentence("X") == "X: “requests” counts letters and “accounts” counts boxes; added up over days."
    )
    assert Counting(key="k", with_data="answers").sentence("X") == "X: “with data” counts answers."


def test_the_same_line_in_other_letters_has_the_same_key() -> None:
    small = one(REMOVALS, "January - June 2011,ar,argentina,police,fraud,1,2,0")
    large = one(REMOVALS, "January - June 2011,AR,Argentina,Police,Fraud,5,6,0")
    other = one(REMOVALS, "January - June 2011,AR,Argentina,Police,Other,5,6,0")
    assert small.key == large.key
    assert small.key != other.key

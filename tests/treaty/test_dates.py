"""Half-known dates stay half known, and the waits of final clauses are counted as the clauses say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.treaty.dates import days_after, first_of_month_after, months_after, span


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2025-10-25", date(2025, 10, 25), date(2025, 10, 25), "day"),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "month"),
        ("2006", date(2006, 1, 1), date(2006, 12, 31), "year"),
        ("2025-11/2026-01", date(2025, 11, 1), date(2026, 1, 31), "range"),
    ],
)
def test_a_date_keeps_the_precision_of_its_source(text: str, first: date, last: date, precision: str) -> None:
    read = span(text)
    assert (read.first, read.last, read.precision) == (first, last, precision)
    assert span(str(read)) == read


@pytest.mark.parametrize("text", ["", "soon", "2025-13", "2025-02-30", "2026/2025", "25-10-2025"])
def test_what_is_no_date_does_not_read(text: str) -> None:
    with pytest.raises(ValueError):
        span(text)


def test_inside_a_year_the_answer_is_unknown_and_outside_it_is_not() -> None:
    year = span("2006")
    assert year.reached(date(2005, 12, 31)) is False
    assert year.reached(date(2006, 6, 1)) is None
    assert year.reached(date(2006, 12, 31)) is True


def test_three_months_and_the_first_of_the_month_after_them() -> None:
    # ETS 185 itself: the fifth consent on 18 March 2004, in force on 1 July 2004
    assert first_of_month_after(date(2004, 3, 18), 3) == date(2004, 7, 1)
    assert first_of_month_after(date(2025, 12, 31), 3) == date(2026, 4, 1)
    assert first_of_month_after(date(2025, 11, 30), 3) == date(2026, 3, 1)


def test_ninety_days_after_a_deposit() -> None:
    assert days_after(date(2026, 1, 1), 90) == date(2026, 4, 1)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 36))
def test_the_first_of_the_month_after_is_a_first_and_comes_later(day: date, months: int) -> None:
    found = first_of_month_after(day, months)
    assert found.day == 1
    assert found > months_after(day, months) >= day

from __future__ import annotations

from datetime import date

import pytest

from habeas.request.model import Category, Item, Penalty, PenaltyKind, Period


@pytest.mark.parametrize(
    ("penalty", "reaches"),
    [
        (Penalty(kind=PenaltyKind.YEARS, years=4), True),
        (Penalty(kind=PenaltyKind.YEARS, years=3.99), False),
        (Penalty(kind=PenaltyKind.LIFE), True),
        (Penalty(kind=PenaltyKind.DEATH), True),
        (Penalty(kind=PenaltyKind.FINE), False),
        (Penalty(kind=PenaltyKind.YEARS), False),
    ],
)
def test_a_maximum_reaches_four_years_only_when_it_is_that_long(penalty: Penalty, reaches: bool) -> None:
    assert penalty.at_least(4) is reaches


def test_both_ends_of_a_period_are_counted() -> None:
    assert Period(start=date(2024, 1, 1), end=date(2024, 1, 1)).days == 1


def test_a_period_with_an_open_end_is_not_bounded() -> None:
    assert not Period(start=date(2024, 1, 1)).bounded
    assert Period(start=date(2024, 1, 1)).days is None


def test_only_the_agreed_word_makes_an_item_one_to_be_kept() -> None:
    assert Item(id="i1", category=Category.CONTENT, description="preservation").preservation_only
    assert not Item(
        id="i1", category=Category.CONTENT, description="preservation and copies"
    ).preservation_only


@pytest.mark.parametrize(
    ("first", "last", "begins_after", "lasts_beyond"),
    [
        (date(2026, 1, 1), date(2026, 5, 4), False, False),
        (date(2026, 1, 1), date(2026, 5, 5), False, False),  # it is the day after somewhere on Earth
        (date(2026, 1, 1), date(2026, 5, 6), False, True),
        (date(2026, 5, 6), date(2026, 6, 1), True, True),
        (date(2026, 5, 6), None, True, False),
        (None, None, False, False),
    ],
)
def test_days_that_had_not_come_when_the_request_arrived(
    first: date | None, last: date | None, begins_after: bool, lasts_beyond: bool
) -> None:
    asked = Item(id="i1", category=Category.TRAFFIC, period=Period(start=first, end=last))
    arrived = date(2026, 5, 4)
    assert asked.begins_after(arrived) is begins_after
    assert asked.lasts_beyond(arrived) is lasts_beyond
    assert not Item(id="i1", category=Category.TRAFFIC).lasts_beyond(arrived)

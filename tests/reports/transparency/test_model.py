"""A period is months in order; a report is whole halves of years, and comes back from its bytes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from habeas.errors import Refused
from habeas.reports.transparency import How, Period, Report, Restriction, Totals
from habeas.reports.transparency.model import months_over
from tests.reports.transparency.made import BAND, entries, made


@pytest.mark.parametrize(
    ("first", "last", "name", "publishable"),
    [
        ("2026-01", "2026-06", "2026-H1", True),
        ("2026-07", "2026-12", "2026-H2", True),
        ("2026-01", "2026-12", "2026", True),
        ("2025-07", "2026-06", "2025-H2_2026-H1", True),
        ("2026-01", "2026-05", "2026-01_2026-05", False),
        ("2026-02", "2026-07", "2026-02_2026-07", False),
        ("2026-06", "2026-06", "2026-06", False),
    ],
)
def test_only_whole_halves_of_years_are_published(
    first: str, last: str, name: str, publishable: bool
) -> None:
    period = Period(first=first, last=last)
    assert (period.name, period.publishable) == (name, publishable)


def test_a_period_is_cut_where_a_half_of_a_year_begins() -> None:
    units = Period(first="2025-11", last="2026-08").units
    assert [unit.months for unit in units] == [
        ("2025-11", "2025-12"),
        tuple(f"2026-0{month}" for month in range(1, 7)),
        ("2026-07", "2026-08"),
    ]


@pytest.mark.parametrize(
    ("first", "last"), [("2026-13", "2027-01"), ("2026-02", "2026-01"), ("2026", "2027")]
)
def test_what_is_no_period_is_refused(first: str, last: str) -> None:
    with pytest.raises(Refused):
        Period(first=first, last=last)


def test_a_restriction_without_its_measure_is_refused() -> None:
    with pytest.raises(Refused):
        Restriction(subject="request", how=How.BAND)
    with pytest.raises(Refused):
        Restriction(subject="request", how=How.DEFER)
    assert Restriction(subject="request", how=How.NEVER).covers("request", "order")


def test_a_report_comes_back_from_its_bytes() -> None:
    report = made(entries(), BAND)
    assert Report.decode(report.encoded()) == report
    assert Report.decode(report.encoded()).encoded() == report.encoded()


def test_other_bytes_are_no_report() -> None:
    with pytest.raises(Refused):
        Report.decode(b'{"house": 1}')
    with pytest.raises(Refused):
        Totals.decode(b"[]")
    assert Totals.decode(Totals(month="2026-01", counts={"request": 5}).encoded()).counts == {"request": 5}


def test_a_month_is_over_on_the_day_after_its_last_and_waited_for_from_then_on() -> None:
    begun = date(2025, 12, 31)
    assert months_over(begun, date(2025, 12, 31)) == ()
    assert months_over(begun, date(2026, 1, 1)) == ("2025-12",)
    assert months_over(begun, date(2026, 3, 1)) == ("2025-12", "2026-01", "2026-02")
    assert months_over(begun, date(2026, 1, 14), timedelta(days=14)) == ()
    assert months_over(begun, date(2026, 1, 15), timedelta(days=14)) == ("2025-12",)
    assert months_over(begun, date(2025, 11, 1)) == ()

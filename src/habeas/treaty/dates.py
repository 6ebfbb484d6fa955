"""Dates that are only partly known, and waits written into treaties.

A register often gives a year or a month, sometimes two possible days. A `Span` keeps the first and
the last day it can have been, so that nobody has to invent the missing part. The waits follow the
two families of final clauses: so many days after a deposit (UN treaties), or the first day of the
month after so many months have run (Council of Europe treaties, e.g. ETS 185 art 36).
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

import msgspec

_PART = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


class Span(msgspec.Struct, frozen=True):
    """From the first to the last day something can have happened (both included)."""

    first: date
    last: date

    @property
    def exact(self) -> bool:
        return self.first == self.last

    @property
    def precision(self) -> str:
        """`day`, `month`, `year` or `range`."""
        if self.exact:
            return "day"
        if self.first.day == 1 and self.last == _month_end(self.first):
            return "month"
        if (self.first, self.last) == (date(self.first.year, 1, 1), date(self.first.year, 12, 31)):
            return "year"
        return "range"

    def reached(self, on: date) -> bool | None:
        """Has it happened by `on`? None while `on` falls between the first and the last day."""
        if on < self.first:
            return False
        return True if on >= self.last else None

    def __str__(self) -> str:
        texts = {
            "day": self.first.isoformat(),
            "month": f"{self.first:%Y-%m}",
            "year": f"{self.first:%Y}",
        }
        return texts.get(self.precision, f"{self.first}/{self.last}")


def span(text: str) -> Span:
    """Read `2026-10-25`, `2026-02`, `2006` or `2025-11/2026-01`. ValueError when it is none of these."""
    first, _, last = text.partition("/")
    start, end = _part(first), _part(last or first)
    if end.last < start.first:
        raise ValueError(f"the range {text} ends before it begins")
    return Span(start.first, end.last)


def days_after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def first_of_month_after(day: date, months: int) -> date:
    """The first day of the month that follows the end of `months` months after `day`."""
    return _month_end(months_after(day, months)) + timedelta(days=1)


def _part(text: str) -> Span:
    found = _PART.match(text)
    if found is None:
        raise ValueError(f"{text!r} is not a day, a month or a year")
    year, month, day = found.groups()
    if day:
        exact = date(int(year), int(month), int(day))
        return Span(exact, exact)
    if month:
        start = date(int(year), int(month), 1)
        return Span(start, _month_end(start))
    return Span(date(int(year), 1, 1), date(int(year), 12, 31))


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])

"""Which days are working days, as values that a house keeps.

A calendar is a weekend and a set of public holidays, with their source and the years for which they are
complete. Weekends ship with the program (`calendars.toml`). Public holidays are read at the edge
(`habeas.gateways.almanac`) when a house chooses its calendar, and stand in its settings from then on: a limit
comes out the same however the list is corrected elsewhere, until somebody of the house has it read anew.

What law designates and what the house does stay apart: `added` and `struck` correct the list of public
holidays, `closed` are days of the house. Which of them a time limit leaves out is for `habeas.desk.clocks`.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable
from datetime import date, timedelta
from importlib import resources
from typing import Annotated

import msgspec

from habeas.errors import Refused

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ORDINARY = "sat-sun"
"""The weekend of most states, and of the Union's own acts."""
_YEARS = range(1900, 2201)


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A day that is not as its weekday says. name: why, in words. estimated: a day that follows the moon and
    was reckoned before anybody announced it."""

    day: date
    name: Annotated[str, msgspec.Meta(min_length=1)]
    estimated: bool = False


class Calendar(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, dict=True
):
    """Working days of one place. weekend: days of the week, Monday = 0, as `date.weekday()` counts.

    From the source, `state` and `part` say whose public holidays these are: alpha-3, and a part of it; both
    are empty where none were read. parted: the state has parts with days of their own, and none was
    chosen. holidays: public holidays; worked: weekend days that are worked. complete: the years for which the
    source has them all. doubts: why it does not have those of another year, which each begins with.

    From the house, week: the id of a shipped weekend that it keeps instead of the state's own. added: public
    holidays that the list lacks. struck: days it names and that are none. closed: days on which the house is
    closed. checked: years of which the house says that the list is whole.

    Raises Refused for a week that never works, and for a day that is struck and not there.
    """

    id: Annotated[str, msgspec.Meta(min_length=1)]
    weekend: tuple[int, ...]
    source: Annotated[str, msgspec.Meta(min_length=1)]
    state: str = ""
    part: str = ""
    week: str = ""
    parted: bool = False
    holidays: tuple[Holiday, ...] = ()
    worked: tuple[Holiday, ...] = ()
    complete: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()
    added: tuple[Holiday, ...] = ()
    struck: tuple[Holiday, ...] = ()
    closed: tuple[Holiday, ...] = ()
    checked: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not frozenset(self.weekend) < frozenset(range(7)):
            raise Refused(
                f"the calendar {self.id} has no working day, or a day of the week that does not exist",
                place="weekend",
                hint="days are counted from Monday = 0 to Sunday = 6, and one must be left to work on",
            )
        named = {each.day for each in (*self.holidays, *self.added)}
        for each in self.struck:
            if each.day not in named:
                raise Refused(
                    f"{each.day} is no public holiday of this list, so it cannot be struck from it",
                    place="calendar: struck",
                    hint="take the line out",
                )
        for year in self.checked:
            if year not in _YEARS:
                raise Refused(f"{year} is no year", place="calendar: checked", hint="four digits: 2027")

    @property
    def public(self) -> tuple[Holiday, ...]:
        """The public holidays, with what the house corrected."""
        struck = {each.day for each in self.struck}
        return tuple(each for each in (*self.holidays, *self.added) if each.day not in struck)

    @functools.cached_property
    def _off(self) -> dict[date, Holiday]:
        return {each.day: each for each in (*self.closed, *self.public)}

    @functools.cached_property
    def _on(self) -> frozenset[date]:
        return frozenset(each.day for each in self.worked)

    def _weekday(self, day: date) -> bool:
        return day.weekday() not in self.weekend or day in self._on

    def working(self, day: date) -> bool:
        return self._weekday(day) and day not in self._off

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on."""
        while not self.working(day):
            day += timedelta(days=1)
        return day

    def between(self, after: date, last: date) -> int:
        """How many working days follow `after` up to `last`, which is counted."""
        return sum(self.working(after + timedelta(days=n)) for n in range(1, (last - after).days + 1))

    def off(self, after: date, last: date) -> tuple[Holiday, ...]:
        """The days after `after` up to `last` that would be worked if they were no holidays, in order."""
        return tuple(
            self._off[day] for day in sorted(self._off) if after < day <= last and self._weekday(day)
        )

    def estimated(self, first: date, last: date) -> tuple[Holiday, ...]:
        """The days from `first` to `last` of which nobody knows yet whether they are the right ones."""
        return tuple(
            self._off[day] for day in sorted(self._off) if first <= day <= last and self._off[day].estimated
        )

    def unknown(self, years: Iterable[int]) -> tuple[int, ...]:
        """Those of these years whose public holidays are not known to be on file."""
        return tuple(sorted(set(years) - {*self.complete, *self.checked}))

    def why_unknown(self, years: Iterable[int]) -> tuple[str, ...]:
        """What the source lacks in those of these years that are not known to be on file."""
        unknown = {str(year) for year in self.unknown(years)}
        return tuple(each for each in self.doubts if each[:4] in unknown)

    @property
    def named(self) -> str:
        """Whose public holidays these are, in words; empty for a weekend alone."""
        part = f", {self.part}" if self.part else ", without those of its parts" if self.parted else ""
        return f"{self.state}{part}" if self.state else ""

    @property
    def weekdays(self) -> str:
        """The days of the weekend, in words."""
        return ", ".join(WEEKDAYS[day] for day in sorted(self.weekend)) or "none"

    def describe(self) -> str:
        """The calendar in words."""
        holidays = f"public holidays of {self.named}" if self.named else "no public holidays"
        return f"weekend: {self.weekdays}; {holidays}"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    calendar: tuple[Calendar, ...]


@functools.cache
def shipped() -> tuple[Calendar, ...]:
    """The calendars that come with the program: weekends, and no holidays."""
    text = (resources.files("habeas.desk") / "calendars.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _File).calendar


def calendar(chosen: str | Calendar) -> Calendar:
    """The calendar a house chose: its own as it is, or the shipped one of that name. Refused if unknown."""
    if isinstance(chosen, Calendar):
        return chosen
    known = {each.id: each for each in shipped()}
    if chosen not in known:
        raise Refused(
            f"no calendar {chosen} is on file",
            place="calendar",
            hint=f"one of: {', '.join(sorted(known))}; public holidays are read by `habeas house calendar`",
        )
    return known[chosen]


def days(lines: Iterable[str], place: str) -> tuple[Holiday, ...]:
    """Single days as people write them, a day and why: `2027-03-05 the ministry is closed`; in order.

    Empty lines are passed over. Raises Refused for a line without its day or without a reason, and for a day
    that stands there twice.
    """
    found: dict[date, Holiday] = {}
    for line in filter(None, map(str.strip, lines)):
        first, _, why = line.partition(" ")
        try:
            day = date.fromisoformat(first)
        except ValueError:
            raise Refused(
                f"“{first}” is not a day", place=place, hint="write it like 2027-03-05, then why"
            ) from None
        if not why.strip():
            raise Refused(
                f"nothing says why {first} is another day", place=place, hint="write it after the day"
            )
        if day in found:
            raise Refused(f"{first} stands there twice", place=place, hint="leave one of them")
        found[day] = Holiday(day, why.strip())
    return tuple(found[day] for day in sorted(found))


def lines(days: Iterable[Holiday]) -> tuple[str, ...]:
    """As `days` reads them, with a mark where a day is estimated."""
    return tuple(f"{each.day} {each.name}{' (estimated)' if each.estimated else ''}" for each in days)

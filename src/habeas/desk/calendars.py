"""Which days are working days, as data a house can add to.

A calendar is a weekend and a set of public holidays, with its source and the years for which the
holidays are complete. Only weekends ship with the program (`calendars.toml`): a list of the world's
holidays that nobody keeps would be worse than none, so a sum says where holidays are not on file. What
a holiday does to a time limit is for `habeas.desk.clocks`.
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
from habeas.treaty.model import StateCode

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERYWHERE_ELSE = "sat-sun"  # the weekend of a state no other calendar names


class Calendar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Working days of one place. weekend: days of the week, Monday = 0, as `date.weekday()` counts.

    holidays: public holidays. complete: the years for which they are all on file. states: the states
    this calendar is known to hold for. Raises Refused for a week that never works.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    weekend: frozenset[int]
    source: Annotated[str, msgspec.Meta(min_length=1)]
    holidays: frozenset[date] = frozenset()
    complete: frozenset[int] = frozenset()
    states: frozenset[StateCode] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekend < frozenset(range(7)):
            raise Refused(
                f"the calendar {self.id} has no working day, or a day of the week that does not exist",
                place="weekend",
                hint="days are counted from Monday = 0 to Sunday = 6, and one must be left to work on",
            )

    def working(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on."""
        while not self.working(day):
            day += timedelta(days=1)
        return day

    def between(self, after: date, last: date) -> int:
        """How many working days follow `after` up to `last`, which is counted."""
        return sum(self.working(after + timedelta(days=n)) for n in range(1, (last - after).days + 1))

    def describe(self, years: Iterable[int]) -> str:
        """The calendar in words, with the years for which it knows no holidays."""
        weekend = [WEEKDAYS[day] for day in sorted(self.weekend)]
        missing = [str(year) for year in sorted(set(years) - self.complete)]
        text = "weekend: " + (", ".join(weekend) or "none")
        return f"{text}; public holidays of {', '.join(missing)} not on file" if missing else text


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    calendar: tuple[Calendar, ...]


def read_calendars(text: str, *, place: str = "calendars") -> tuple[Calendar, ...]:
    """The calendars of a TOML text, one `[[calendar]]` each. Raises Refused at the first fault."""
    try:
        found = msgspec.convert(tomllib.loads(text), _File).calendar
    except tomllib.TOMLDecodeError as fault:
        raise Refused(f"the calendar file is not TOML: {fault}", place=place) from fault
    except msgspec.ValidationError as fault:
        raise Refused(
            f"the calendar file does not have the form it needs: {fault}",
            place=place,
            hint="each [[calendar]] has an id, a weekend such as [5, 6] (Monday = 0), a source, and holidays "
            "with the years for which they are complete",
        ) from fault
    except Refused as fault:
        raise fault.at(place) from fault
    ids = [calendar.id for calendar in found]
    for id in ids:
        if ids.count(id) > 1:
            raise Refused(f"two calendars are called {id}", place=place, hint="give each a name of its own")
    return found


@functools.cache
def shipped() -> tuple[Calendar, ...]:
    """The calendars that come with the program: weekends, and no holidays."""
    text = (resources.files("habeas.desk") / "calendars.toml").read_text("utf-8")
    return read_calendars(text, place="calendars.toml")


def calendar(id: str, *, own: Iterable[Calendar] = ()) -> Calendar:
    """The calendar of that name; one of the house's `own` goes before a shipped one. Refused if unknown."""
    known = {each.id: each for each in (*shipped(), *own)}
    if id not in known:
        raise Refused(
            f"no calendar {id} is on file", place="calendar", hint="one of: " + ", ".join(sorted(known))
        )
    return known[id]


def calendar_of(state: str, *, own: Iterable[Calendar] = ()) -> Calendar:
    """The calendar of a state: the house's own first, then a shipped one, then the weekend of most states."""
    for each in (*own, *shipped()):
        if state in each.states:
            return each
    return calendar(EVERYWHERE_ELSE)

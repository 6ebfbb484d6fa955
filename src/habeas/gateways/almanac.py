"""Public holidays of a state, read out of the library `holidays` when a house chooses its calendar.

It is a list that others keep, and it is asked here and nowhere else: what comes out is a value that the house
records, with the version it was read from. The library knows states and parts of states. It knows no
institution of the Union, and no day that was declared after its release.

Some of what it does not know it leaves out without a word, so each year is compared with those before it: a
year that lacks a day which came in each of them is not called complete. Loading the library takes half a
second, most of it for the states, so it is loaded when somebody chooses and not before.
"""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import msgspec
from babel.core import get_global

from habeas.desk.calendars import ORDINARY, Calendar, Holiday, calendar
from habeas.errors import Refused

BACK = 3  # years before this one: requests that came in then are still open, or are compared
AHEAD = 5  # years after it: longer than any limit on file; what is further off is decided by laws to come
_STATE = re.compile(r"[A-Z]{3}")
_OF_THE_HOUSE = ("added", "struck", "closed", "checked")
_LANGUAGE = "en_US"  # names as the letters of the sums, whatever the machine's own language is


@functools.cache
def states() -> tuple[str, ...]:
    """The states whose public holidays can be read, alpha-3."""
    from holidays.registry import COUNTRIES

    known = {names[1] for names in COUNTRIES.values()}
    return tuple(sorted(state for state, code in _codes().items() if code in known))


def parts(state: str) -> tuple[str, ...]:
    """The parts of that state that have days of their own, as the library calls them; mostly ISO 3166-2."""
    return tuple(_entity(state).subdivisions)


def read(state: str, part: str = "", *, on: date, week: str = "") -> Calendar:
    """The calendar of a state, or of a part of it, for the years around `on`.

    part: one of `parts`; empty for the days that the whole state keeps. on: today, which the source names.
    week: a shipped weekend to keep instead of the state's own. Raises Refused for a state or a part that is
    not known.
    """
    from holidays.version import __version__

    entity = _entity(state)
    known = parts(state)
    if part and part not in known:
        raise Refused(
            f"{part} is no part of {state} with holidays of its own",
            place="part",
            hint=f"one of: {', '.join(known)}" if known else "leave it empty",
        )
    found = {year: _Year(entity, part, year) for year in range(on.year - BACK, on.year + AHEAD + 1)}
    usual = frozenset.intersection(*(found[year].names for year in found if year < on.year))
    doubts = {year: doubt for year, each in found.items() if (doubt := each.doubt(usual, on.year))}
    return Calendar(
        id=f"{state}-{part}" if part else state,
        weekend=calendar(week).weekend if week else tuple(sorted(found[on.year].weekend)),
        source=f"holidays {__version__}, read on {on.isoformat()}",
        state=state,
        part=part,
        week=week,
        parted=bool(known) and not part,
        holidays=tuple(day for each in found.values() for day in each.days),
        worked=() if week else tuple(day for each in found.values() for day in each.worked),
        complete=tuple(year for year in found if year not in doubts),
        doubts=tuple(doubts.values()),
    )


def chosen(
    kept: str | Calendar, place: str, *, on: date, week: str = "", anew: bool = False, **days: Any
) -> str | Calendar:
    """What a house records that chose this calendar, and has `kept` so far.

    place: a state and perhaps a part of it, `IND` or `IND-DL`; or a shipped weekend, without public holidays.
    week: a shipped weekend instead of the state's own. anew: the list of the same place is read again;
    otherwise it stays as it was read. days: what the house says of single days and years, the fields `added`,
    `struck`, `closed` and `checked` of `Calendar`. Raises Refused for what is not known or cannot stand.
    """
    own = {name: value for name, value in days.items() if value}
    state, _, part = place.partition("-")
    if not _STATE.fullmatch(state):
        found = calendar(place)
        return msgspec.structs.replace(found, **own) if own else found.id
    before = calendar(kept)
    if anew or (before.state, before.part, before.week) != (state, part, week):
        before = read(state, part, on=on, week=week)
    return msgspec.structs.replace(before, **{**dict.fromkeys(_OF_THE_HOUSE, ()), **own})


def of_seat(seat: str, *, on: date) -> str | Calendar:
    """The calendar of the state that a house sits in (`CHE:provider`), without the days of its parts; the
    ordinary weekend for a seat that no state has, the Union's and none."""
    state = seat.partition(":")[0]
    return read(state, on=on) if state in states() else ORDINARY


@functools.cache
def _codes() -> dict[str, str]:
    """Alpha-2 by alpha-3, from CLDR: a few of the library's own alpha-3 codes are not those of ISO 3166-1."""
    aliases = get_global("territory_aliases").items()
    return {"XKX": "XK"} | {
        str(state): str(codes[0]) for state, codes in aliases if len(state) == 3 and state.isalpha()
    }


def _entity(state: str) -> Any:
    """The class of that state in the library, loaded now."""
    from holidays.registry import COUNTRIES, EntityLoader

    if state in states():
        module, name = next(
            (module, names[0]) for module, names in COUNTRIES.items() if names[1] == _codes()[state]
        )
        return EntityLoader(f"holidays.countries.{module}.{name}").get_entity()
    raise Refused(
        f"no public holidays of {state or 'an empty word'} can be read",
        place="state",
        hint="three letters of a state that the library knows, for example CHE; or a weekend alone",
    )


class _Year:
    """One year of a state: its days, their names, and what is wrong with the list."""

    def __init__(self, entity: Any, part: str, year: int) -> None:
        options = {"islamic_show_estimated", "hindu_show_estimated"} & entity.get_supported_options().keys()
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            found = entity(
                years=[year], subdiv=part or None, language=_LANGUAGE, **dict.fromkeys(options, True)
            )
        self.year = year
        self.weekend = frozenset(int(day) for day in found.weekend)
        self.days = tuple(
            Holiday(day, name.replace(" (estimated)", "").replace("; ", " and "), "estimated" in name)
            for day, name in sorted(found.items())
        )
        self.worked = tuple(
            Holiday(day, "worked by order") for day in sorted(found.weekend_workdays) if day.year == year
        )
        self.names = frozenset(_plain(found.values()))
        self._swaps = bool(found.has_substituted_holidays)
        self._unknown = bool(warned) or not found or not entity.start_year <= year <= entity.end_year

    def doubt(self, usual: frozenset[str], this_year: int) -> str:
        """Why this year is not known to be complete; empty where nothing speaks against it. usual: names of
        the days that came in each of the years before this one."""
        if self._unknown:
            return f"{self.year}: the source does not know this year, or only a part of it"
        if self.year > this_year and self._swaps and not self.worked:
            return f"{self.year}: days are exchanged by order there each year, and no order is known"
        missing = sorted(usual - self.names)
        if missing and self.year >= this_year:
            return f"{self.year}: without {', '.join(missing)}, which each of the years before had"
        return ""


def _plain(names: Collection[str]) -> Iterator[str]:
    """The names of holidays without what is said about them: estimated, observed, instead of which day."""
    for several in names:
        for name in several.split("; "):
            yield name.split(" (")[0]

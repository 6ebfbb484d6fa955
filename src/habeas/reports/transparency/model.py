"""The report as a value: what is said of a period, ready to be shown, packed or counted again.

Nothing here counts or rounds. Every number in a `Report` may be published; the true ones never get this far.
A unit is the half of a calendar year, the shortest time of which a table is published, for with less time
there are more small numbers. A longer report is the sum of its units, each rounded once and for all.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from habeas.desk.events import Silence
from habeas.errors import Refused
from habeas.reports.published import Witnesses

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Period(_Value, frozen=True, kw_only=True):
    """Months, both included, as YYYY-MM in UTC. Raises Refused where they are no months or in the wrong
    order."""

    first: str
    last: str

    def __post_init__(self) -> None:
        for place, month in (("first", self.first), ("last", self.last)):
            if not _MONTH.fullmatch(month):
                raise Refused("this is not a month", place=place, hint="write it as 2026-01")
        if self.last < self.first:
            raise Refused("the period ends before it begins", place="last", hint="turn the two months round")

    @classmethod
    def half(cls, year: int, half: int) -> Period:
        """The first or second half of a year."""
        return cls(first=f"{year:04}-{6 * half - 5:02}", last=f"{year:04}-{6 * half:02}")

    @property
    def months(self) -> tuple[str, ...]:
        start, end = (int(each[:4]) * 12 + int(each[5:]) - 1 for each in (self.first, self.last))
        return tuple(f"{n // 12:04}-{n % 12 + 1:02}" for n in range(start, end + 1))

    @property
    def units(self) -> tuple[Period, ...]:
        """The halves of years in it, the first and last cut where the period cuts them."""
        found: dict[str, list[str]] = {}
        for month in self.months:
            found.setdefault(half_of(month), []).append(month)
        return tuple(Period(first=months[0], last=months[-1]) for months in found.values())

    @property
    def publishable(self) -> bool:
        """Whether it is made of whole halves of years."""
        return int(self.first[5:]) % 6 == 1 and int(self.last[5:]) % 6 == 0

    @property
    def name(self) -> str:
        """`2026-H1`, `2026`, or the two months."""
        if not self.publishable:
            return f"{self.first}_{self.last}" if self.first != self.last else self.first
        if len(self.months) == 6:
            return half_of(self.first)
        if len(self.months) == 12 and self.first.endswith("-01"):
            return self.first[:4]
        return f"{half_of(self.first)}_{half_of(self.last)}"

    @property
    def first_day(self) -> date:
        return date(int(self.first[:4]), int(self.first[5:]), 1)

    @property
    def last_day(self) -> date:
        year, month = int(self.last[:4]), int(self.last[5:])
        return date(year, month, calendar.monthrange(year, month)[1])


SUPPLEMENT = " from "
"""In the name of a unit of which numbers were put off and told later: a line of its own beside the others."""


def line_of(unit: str, deferred: str) -> str:
    """The line in which numbers are rounded: that of a unit, or of what was put off in it."""
    return f"{unit}{SUPPLEMENT}{deferred}" if deferred else unit


def half_of(month: str) -> str:
    """`2026-H1` for the months January to June of 2026."""
    return f"{month[:4]}-H{1 if int(month[5:]) <= 6 else 2}"


def months_over(since: date, day: date, wait: timedelta = timedelta()) -> tuple[str, ...]:
    """The months from that of `since` on whose last day is over on `day`, longer than `wait` ago. In UTC."""
    if day < since:
        return ()
    every = Period(first=f"{since:%Y-%m}", last=f"{day:%Y-%m}").months
    return tuple(each for each in every if Period(first=each, last=each).last_day < day - wait)


class Cell(_Value, frozen=True, kw_only=True, order=True):
    """One published number of one unit.

    subject: what is counted (see `tables`). footing, state: of those who asked; the state is empty where none
    was stated. part and value: the cell of a breakdown; both empty for the total of the row.
    """

    unit: str
    subject: str
    footing: str
    state: str
    part: str = ""
    value: str = ""
    count: int


class How(StrEnum):
    """What the law leaves of a number."""

    BAND = "band"  # only a band may be shown
    DEFER = "defer"  # not before some month
    NEVER = "never"
    UNSAID = "unsaid"  # never, and not even that something is left out
    ELSEWHERE = "elsewhere"  # it stands in the report that a supplement belongs to, if anywhere
    TOLD = "told"  # it had been put off, and stands in this supplement


class Restriction(_Value, frozen=True, kw_only=True):
    """What law forbids to count openly. subject: see `tables`. footing, state, instrument: of which requests;
    empty for all. One for some states or instruments leaves those out of every number, and what is shown is
    of the others; of several that cover an entry the first counts.

    law: as it may be named; empty where even that is forbidden. step: width of a band (250: `0-249`).
    until: the first month in which a deferred number may be shown. because: where the law is about another
    subject, which the number of this one would give away.
    """

    subject: str
    how: How
    footing: str = ""
    law: str = ""
    step: int = 0
    until: str = ""
    because: str = ""
    state: str = ""
    instrument: str = ""

    def __post_init__(self) -> None:
        if self.how is How.BAND and self.step < 5:
            raise Refused("a band holds five values or more", place="step", hint="the law names its width")
        if self.how is How.DEFER and not _MONTH.fullmatch(self.until):
            raise Refused("a deferred number names its month", place="until", hint="write it as 2028-01")

    @property
    def whole(self) -> bool:
        """Of all states and instruments, so that no number is left."""
        return not self.state and not self.instrument

    def covers(self, subject: str, footing: str, state: str = "", instrument: str = "") -> bool:
        """Whether all of this is covered; without a state or an instrument, all of them."""
        return (
            self.subject == subject
            and self.footing in ("", footing)
            and self.state in ("", state)
            and self.instrument in ("", instrument)
        )

    def meets(self, other: Restriction) -> bool:
        """Whether some entry could be covered by both."""
        return self.subject == other.subject and all(
            not one or not two or one == two
            for one, two in (
                (self.footing, other.footing),
                (self.state, other.state),
                (self.instrument, other.instrument),
            )
        )


def restrictions_of(silences: Iterable[Silence]) -> tuple[Restriction, ...]:
    """What a house is forbidden to count, as a report needs it: what may not even be said comes first."""
    found = [
        Restriction(
            subject=each.subject,
            how=How(each.how),
            footing=each.footing,
            law=each.law,
            step=each.step,
            until=each.until,
            state=each.state,
            instrument=each.instrument,
        )
        for each in silences
    ]
    return tuple(sorted(found, key=lambda each: each.how is not How.UNSAID))


class Restricted(_Value, frozen=True, kw_only=True):
    """What is said in place of a number that law forbids. band: as `0-249`, empty where nothing may be
    said."""

    unit: str
    restriction: Restriction
    band: str = ""


class Narrative(_Value, frozen=True, kw_only=True):
    """A request we refused, told so that nobody can be recognised. Written and approved by people.

    texts: by language. ground: see `tables`. approved: the day on which the second of two people approved
    the words.
    """

    texts: dict[str, str]
    ground: str
    approved: date


class Standing(_Value, frozen=True, kw_only=True, order=True):
    """A state whose requests were suspended, or no longer are. These entries are open to everybody."""

    month: str
    state: str
    how: str


class Unit(_Value, frozen=True, kw_only=True):
    """How the tables of one unit came about. attempt: which draw passed the check; withheld: subjects of
    which no draw did, and which are not shown."""

    name: str
    first: str
    last: str
    attempt: int = 0
    withheld: tuple[str, ...] = ()


class House(_Value, frozen=True, kw_only=True):
    """Who reports. site: where the log and the report stand, without a slash at the end; empty before
    that."""

    name: str
    site: str = ""
    contact: str = ""


class Counting(_Value, frozen=True, kw_only=True):
    """What a door that runs apart from the desk counted by itself, beside the log. door: which one. until: up
    to when. agrees: whether everything that it counted, and whose promised day is over, stands in the log.
    word: as it signed it (`habeas.desk.tally`), which binds its list and tells no number."""

    door: str
    until: datetime
    agrees: bool
    word: str


class Report(_Value, frozen=True, kw_only=True):
    """Everything a report says. Made by `report`, kept by whoever makes the next one. witnesses: of the
    log's newest tree on the day it was made; none where nobody said. since: the day on which the log began,
    where that is in the period. deferred: of a supplement, the month until which law had put off the numbers
    that it shows, and it shows no others. doors: what those that run apart counted by themselves."""

    house: House
    period: Period
    made: date
    units: tuple[Unit, ...]
    cells: tuple[Cell, ...]
    suspensions: tuple[Standing, ...] = ()
    suspended: tuple[str, ...] = ()
    restricted: tuple[Restricted, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    narratives: tuple[Narrative, ...] = ()
    witnesses: Witnesses = Witnesses()
    since: date | None = None
    deferred: str = ""
    doors: tuple[Counting, ...] = ()

    @property
    def name(self) -> str:
        """Of its folder: that of its period, and of a supplement the month from which it may be told."""
        return f"{self.period.name}_from_{self.deferred}" if self.deferred else self.period.name

    def silent(self, subject: str, footing: str = "", unit: str = "") -> bool:
        """Whether a number may not be shown, by law or to keep small numbers. Without a footing, or a unit,
        it is a sum over all of them, in which none may be missing."""
        if any(subject in each.withheld for each in self.units if unit in ("", each.name)):
            return True
        rules = [*self.restrictions]
        rules += [each.restriction for each in self.restricted if unit in ("", each.unit)]
        rules = [each for each in rules if each.subject == subject]
        told = [each.footing for each in rules if each.how is How.TOLD]
        return any(
            each.whole
            and each.how is not How.TOLD
            and (not footing or each.footing in ("", footing))
            and not ("" in told or (each.footing and each.footing in told))
            for each in rules
        )

    def encoded(self) -> bytes:
        """As JSON, the same bytes for the same report."""
        return msgspec.json.encode(self, order="deterministic")

    @classmethod
    def decode(cls, data: bytes) -> Report:
        try:
            return msgspec.json.decode(data, type=cls)
        except (msgspec.ValidationError, msgspec.DecodeError) as fault:
            raise Refused("this is not a report", place="report", hint=str(fault)) from fault


class Totals(_Value, frozen=True, kw_only=True):
    """How many entries of each kind one month has, rounded. withheld: kinds that wait for the half's
    report. deferred: of a supplement, the month until which law had put off the numbers that it shows, and it
    shows no others."""

    month: str
    counts: dict[str, int]
    withheld: tuple[str, ...] = ()
    restricted: tuple[Restriction, ...] = ()
    deferred: str = ""

    @property
    def name(self) -> str:
        """Of its file: the month, and of a supplement the one from which it may be told."""
        return f"{self.month}_from_{self.deferred}" if self.deferred else self.month

    @property
    def unit(self) -> str:
        """The half of a year whose table these add up to with the other months, or its supplement."""
        return line_of(half_of(self.month), self.deferred)

    def encoded(self) -> bytes:
        return msgspec.json.encode(self, order="deterministic")

    @classmethod
    def decode(cls, data: bytes) -> Totals:
        try:
            return msgspec.json.decode(data, type=cls)
        except (msgspec.ValidationError, msgspec.DecodeError) as fault:
            raise Refused("these are not monthly totals", place="totals", hint=str(fault)) from fault

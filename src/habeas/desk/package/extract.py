"""An extract: what is left of a custodian's table when columns and rows that were not decided are taken out.

Here is what is recorded of it, which days of a decision a row has to lie in, and for what a column is taken
by its name, as a proposal (`columns.toml`). No table is read here (`habeas.gateways.tables`). A day of a
request whose zone nobody knows is a day anywhere on earth: a row stays only where it lies within those days
in every zone.
"""

from __future__ import annotations

import functools
import tomllib
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from importlib import resources
from typing import NamedTuple
from zoneinfo import ZoneInfo

from habeas.assess import Ceiling
from habeas.desk.package.values import Value
from habeas.errors import Refused
from habeas.request import Period

_LEVELS = tuple(Ceiling)  # lowest first
_EAST = timezone(timedelta(hours=14))  # where a day begins first on earth
_WEST = timezone(timedelta(hours=-12))  # where it ends last
_NAMES = 20  # of columns in one sentence


class Extract(Value, frozen=True):
    """What was taken out of a table: names of columns and numbers of rows, and no cell.

    original: SHA-256 of the table as it came, which stays in the case. kept, taken: its columns. rows: that
    stay. time: the column by which the others were told apart; empty where rows of all times stay. zone: of
    its times without one, empty where nobody said it. days: the decided days; days_zone: in which they were
    counted, empty for days anywhere on earth. outside: rows not wholly within them. account: the column by
    which rows of other accounts were taken out; empty where rows of all stay. as_asked: the account was
    looked for as the request names it, and not as the custodian says that the table writes it. others: those
    rows.
    """

    original: str
    kept: tuple[str, ...]
    rows: int
    taken: tuple[str, ...] = ()
    time: str = ""
    zone: str = ""
    days: Period | None = None
    days_zone: str = ""
    outside: int = 0
    account: str = ""
    as_asked: bool = True
    others: int = 0

    @property
    def without(self) -> int:
        """Rows that were taken out."""
        return self.outside + self.others

    def said(self) -> str:
        """For the house: what stays, what was taken out and why."""
        out = []
        if self.taken:
            out.append(f"{_counted(len(self.taken), 'column')} ({_listed(self.taken)})")
        if self.time:
            out.append(
                f"{_counted(self.outside, 'row')} outside {self._days()}, by “{self.time}”{self._zone()}"
            )
        if self.account:
            how = "" if self.as_asked else ", written there otherwise than in the request"
            out.append(f"{_counted(self.others, 'row')} of other accounts, by “{self.account}”{how}")
        left = (
            f"{_counted(self.rows, 'row')} with {_counted(len(self.kept), 'column')} ({_listed(self.kept)})"
        )
        open_ = " ".join(
            said
            for said, holds in (
                ("By the custodian's word, no column holds a time.", not self.time),
                ("By the custodian's word, all rows are of this account.", not self.account),
            )
            if holds
        )
        return f"An extract of a table: {left}. Taken out: {'; '.join(out) or 'nothing'}. {open_}".rstrip()

    def told(self) -> str:
        """For who receives it. How much was taken out, and what it was, was not decided to be given: the
        words are the same whether any row was."""
        said = ["An extract of a table, with the columns that were decided."]
        if self.time and self.days is not None:
            said.append(f"Only rows from {self._days()}{self._by(self.time)}.")
        if self.account:
            said.append(f"Only rows of this account{self._by(self.account)}.")
        return " ".join(said)

    def _by(self, column: str) -> str:
        return f", by the column “{column}”" if column in self.kept else ""

    def _days(self) -> str:
        if self.days is None:
            return "no days, since none were decided"
        first = str(self.days.start) if self.days.start is not None else "any day"
        last = str(self.days.end) if self.days.end is not None else "any day"
        return f"the days {first} to {last} ({self.days_zone or 'in every zone'})"

    def _zone(self) -> str:
        return f", where it names no zone in {self.zone}" if self.zone else ""


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMES
    return ", ".join(names[:_NAMES]) + (f" and {more:,} more" if more > 0 else "")


class Window(NamedTuple):
    """From which instant on and before which one a row has to lie; None where that end is open."""

    start: datetime | None = None
    end: datetime | None = None


def window(days: Period | None, zone: str) -> Window:
    """The instants that surely lie in these days. zone: in which they were stated (IANA); empty where nobody
    knows it. Raises Refused where no instant surely does."""
    if days is None:
        return Window()
    place = ZoneInfo(zone) if zone else None
    start = end = None
    if days.start not in (None, date.min):  # nothing is earlier than that
        start = datetime.combine(days.start, time(), place or _WEST).astimezone(UTC)
    if days.end not in (None, date.max):
        end = datetime.combine(days.end + timedelta(days=1), time(), place or _EAST).astimezone(UTC)
    if start is not None and end is not None and start >= end:
        raise Refused(
            "the zone of these days is not known, and they are too few to be sure of any",
            place="zone",
            hint="have the zone of their dates recorded first",
        )
    return Window(start, end)


def reach(first: datetime, last: datetime, zone: str) -> Period:
    """The days from the first instant to the last. zone: as for `window`."""
    place = ZoneInfo(zone) if zone else UTC
    return Period(start=first.astimezone(place).date(), end=last.astimezone(place).date())


@functools.cache
def _kinds() -> dict[str, Ceiling]:
    data = tomllib.loads(resources.files(__package__).joinpath("columns.toml").read_text("utf-8"))
    return {word: Ceiling[kind.upper()] for kind, words in data.items() for word in words}


def known(column: str) -> Ceiling | None:
    """For what a column is taken by its name: `existence` for what tells rows apart and goes with any data.
    None where nobody here knows that name."""
    plain = unicodedata.normalize("NFKC", column).casefold()
    return _kinds().get("".join(each for each in plain if each.isalnum()))


def proposed(column: str, level: Ceiling) -> bool:
    """Whether it is proposed that this column stays. level: what may be given."""
    return known(column) in (Ceiling.EXISTENCE, level)


def beyond(column: str, level: Ceiling) -> bool:
    """Whether its name says that it holds more than may be given."""
    kind = known(column)
    return kind is not None and _LEVELS.index(kind) > _LEVELS.index(level)

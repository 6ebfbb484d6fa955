"""Published figures as values: who published them, about whom, for which months, and what each number counts.

A number is exact, a band with both ends included, or not published; a missing number is never nought. What
two numbers count stands beside them (`Counting`), because providers count different things under like words.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

from habeas.errors import Refused
from habeas.request.model import StateCode


class Band(msgspec.Struct, frozen=True):
    """A number known to lie between two, both included. high None: nothing is said about how many at most."""

    low: int
    high: int | None

    def __str__(self) -> str:
        return f"{self.low:,} or more" if self.high is None else f"{self.low:,}–{self.high:,}"


Number: TypeAlias = int | Band | None
"""Exact, a band, or (None) not published."""


def band(low: int, high: int | None) -> int | Band:
    """Everything from `low` to `high`; exact where that is one number."""
    return low if low == high else Band(low, high)


def lowest(number: int | Band) -> int:
    return number.low if isinstance(number, Band) else number


def highest(number: int | Band) -> int | None:
    """The largest it can be; None where no limit is published."""
    return number.high if isinstance(number, Band) else number


def shown(number: Number) -> str:
    """A number as people read it: `1,234`, `0–249`, `not published`."""
    if number is None:
        return "not published"
    return str(number) if isinstance(number, Band) else f"{number:,}"


class Period(msgspec.Struct, frozen=True):
    """A half of a calendar year, or (half None) the whole of it, where nothing finer is published."""

    year: int
    half: Literal[1, 2] | None = None

    def __str__(self) -> str:
        return str(self.year) if self.half is None else f"{self.year} H{self.half}"

    @property
    def order(self) -> tuple[int, int]:
        """For sorting by time; a whole year comes after its halves."""
        return (self.year, self.half or 3)

    def halves(self) -> tuple[Period, ...]:
        """The half-years it is made of."""
        return (self,) if self.half else (Period(self.year, 1), Period(self.year, 2))


class Group(StrEnum):
    """What a type of request is about, in plain words. Being of one group allows no adding."""

    DATA = "user data of any kind"
    ACCOUNTS = "data about accounts"
    DEVICES = "data about devices"
    PAYMENTS = "data about payments"
    PUSH = "push tokens"
    EMERGENCY = "emergency disclosure"
    PRESERVATION = "preservation"
    SUBPOENA = "subpoena"
    ORDER = "court order"
    WARRANT = "search warrant"
    LIVE = "interception and real-time collection"
    CROSS_BORDER = "request from abroad"
    NATIONAL_SECURITY = "national security"
    RESTRICTION = "restricting or deleting accounts"
    REMOVAL = "removal of content"
    OTHER = "something else"


class Whose(StrEnum):
    """Whether a line is about a state."""

    STATE = "state"
    TOGETHER = "no single state"  # all states in one line, a police organisation, a remainder
    UNKNOWN = "unmapped"  # somebody should look: the name or code is not known, or the two disagree


class Counting(msgspec.Struct, frozen=True, kw_only=True):
    """What the numbers of one kind of line count; empty for a number that such lines do not have.

    key: the same key, the same thing counted. whole: where the lines of a state and period are parts of one
    whole, the words for what was added up; empty where lines must never be added.
    """

    key: str
    requests: str = ""
    accounts: str = ""
    with_data: str = ""
    whole: str = ""

    def sentence(self, publisher: str) -> str:
        """One sentence that says what each number counts."""
        parts = [
            f"“{name}” counts {words}"
            for name, words in (
                ("requests", self.requests),
                ("accounts", self.accounts),
                ("with data", self.with_data),
            )
            if words
        ]
        listed = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
        return f"{publisher}: {listed}" + (f"; {self.whole}." if self.whole else ".")


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One published line.

    place: file and line it was read from. state: alpha-3, None unless whose is STATE; unmapped says why.
    named, code: as the publisher writes them. type: the publisher's own words, without blanks around them.
    requests, accounts, with_data: see `counting`. share: requests with data in percent as printed, where
    that is printed. notes: what a reader should know before relying on it.
    """

    publisher: str
    place: str
    period: Period
    state: StateCode | None
    whose: Whose
    named: str
    counting: Counting
    type: str
    group: Group
    code: str = ""
    unmapped: str = ""
    requests: Number = None
    accounts: Number = None
    with_data: Number = None
    share: str = ""
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it one line and no other; the same key twice would be the same figures counted twice."""
        about = (self.named.casefold(), self.code.upper(), self.type.casefold())
        return (self.publisher, self.counting.key, str(self.period), *about)

    @property
    def numbers(self) -> tuple[Number, Number, Number]:
        return (self.requests, self.accounts, self.with_data)


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What one file holds, in its order. form: which of the known forms it has. refused: unreadable lines."""

    name: str
    form: str
    figures: tuple[Figure, ...]
    refused: tuple[Refused, ...] = ()


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """Our own published figures for one state and half-year, rounded as they were published. footing: of
    `habeas.desk.public.Footing`; empty where ours are not kept apart by it."""

    footing: str = ""
    requests: Number = None
    accounts: Number = None
    disclosed: Number = None

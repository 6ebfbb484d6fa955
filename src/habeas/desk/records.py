"""What the desk asks of whoever keeps its events, and what it hands over to be written."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import msgspec

from habeas.desk.events import Recorded
from habeas.desk.public import Entry
from habeas.desk.queue import Job, Row
from habeas.errors import Refused


class Conflict(Refused):
    """Somebody else changed the case meanwhile. Nothing was written."""


class Change(msgspec.Struct, frozen=True):
    """What one append adds to one stream, with all that follows from it. expected: how many events the stream
    has before. row, search and jobs are folded from the whole case; a stream without a row only adds. done:
    jobs that these events complete."""

    stream: str
    expected: int
    new: tuple[Recorded, ...]
    row: Row | None = None
    search: tuple[str, ...] = ()
    jobs: tuple[Job, ...] = ()
    public: tuple[Entry, ...] = ()
    done: tuple[str, ...] = ()


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What a search for these words, in these years, found when something was decided because of it."""

    words: tuple[str, ...]
    years: tuple[int, ...]
    found: tuple[str, ...]


class Records(Protocol):
    """Where events are kept. One append is one transaction, of one stream or several: all or nothing."""

    def load(self, organisation: str, stream: str) -> tuple[Recorded, ...]: ...

    def search(self, organisation: str, words: Collection[str], years: Collection[int]) -> tuple[str, ...]:
        """The cases opened in these years that know exactly one of these words."""

    def append(self, organisation: str, *changes: Change, looked: Looked | None = None) -> None:
        """Raises Conflict where a stream has another length than `expected`, or where the search of `looked`
        finds something else by now."""

"""What the store asks of a database, and the little in which SQLite and PostgreSQL differ.

SQL is written once, with `?` for values and `{text}`, `{bytes}`, `{serial}` for the types that have another
name elsewhere. Every thread has a connection of its own. A transaction commits when its block ends and
leaves nothing behind when the block raises, or when the machine stops within it.
"""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

Value = str | int | bytes | None
Rows = list[tuple[Any, ...]]
C = TypeVar("C")


class Taken(Exception):
    """Somebody else wrote a row with this key first."""


class Run(Protocol):
    """Runs one statement within a transaction and gives its rows."""

    def __call__(self, sql: str, *values: Value) -> Rows: ...


class PerThread(Generic[C]):
    """One connection for each thread, opened when first asked for.

    A process that was forked opens its own; those of its parent it neither uses nor closes, because closing
    would end the parent's.
    """

    def __init__(self, open: Callable[[], C], close: Callable[[C], None]) -> None:
        self._open = open
        self._close = close
        self._inherited: list[object] = []
        self._forked = threading.Lock()
        self._reset()

    def _reset(self) -> None:
        self._here = threading.local()
        self._all: list[tuple[threading.Thread, C]] = []
        self._guard = threading.Lock()
        self.writing = threading.Lock()
        self._pid = os.getpid()  # last: whoever sees it may go on

    def get(self) -> C:
        if self._pid != os.getpid():
            with self._forked:  # the first threads of a new process come at once
                if self._pid != os.getpid():
                    self._inherited += [self._here, self._all]
                    self._reset()
        found: C | None = getattr(self._here, "connection", None)
        if found is None:
            found = self._open()
            self._here.connection = found
            with self._guard:
                ended = [connection for thread, connection in self._all if not thread.is_alive()]
                self._all = [pair for pair in self._all if pair[0].is_alive()]
                self._all.append((threading.current_thread(), found))
            for connection in ended:
                self._close(connection)
        return found

    def drop(self) -> None:
        """This thread's connection is of no use any more; the next `get` opens another."""
        found: C | None = getattr(self._here, "connection", None)
        if found is not None:
            self._here.connection = None
            with self._guard:
                self._all = [pair for pair in self._all if pair[1] is not found]
            self._close(found)

    def close(self) -> None:
        if self._pid != os.getpid():
            return
        with self._guard:
            connections = [connection for _, connection in self._all]
        self._reset()
        for connection in connections:
            self._close(connection)


class Database(ABC):
    """A place for rows. `Sqlite` and `Postgres` are the two there are."""

    kind: ClassVar[str]
    types: ClassVar[Mapping[str, str]]
    for_update: ClassVar[str]  # what makes a SELECT wait for other writers of the row, and them for us
    for_share: ClassVar[str]  # the same, but several who only look do not wait for each other

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Run]:
        """Raises `Taken` where a key was there, Refused where the disk is full; nothing is half done."""

    @abstractmethod
    def ask(self, sql: str, *values: Value) -> Rows:
        """One statement that only reads."""

    @abstractmethod
    def alone(self, run: Run, what: str) -> None:
        """Waits until nobody else does `what`, and keeps others from it until the transaction ends."""

    @abstractmethod
    def scrub(self) -> None:
        """After a deletion: no file of the database keeps what was deleted, as far as the engine can."""

    @abstractmethod
    def faults(self) -> tuple[str, ...]:
        """What the engine itself finds wrong, in plain sentences."""

    @abstractmethod
    def dump(self, folder: Path) -> None:
        """A consistent copy of everything, while others go on writing."""

    @abstractmethod
    def load(self, folder: Path) -> None:
        """Takes in such a copy. Refused where there is something already."""

    @abstractmethod
    def close(self) -> None: ...

    @property
    @abstractmethod
    def folder(self) -> Path | None:
        """Where the files are, if they are ours."""

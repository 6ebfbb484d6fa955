"""SQLite, the embedded default: one file, full durability, one writer at a time.

WAL with `synchronous=FULL`: an append that was acknowledged survives the loss of power (sqlite.org/wal,
section 3). `secure_delete` overwrites what is deleted with zeros.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from habeas.errors import Refused
from habeas.store.database import Database, PerThread, Rows, Run, Taken, Value
from habeas.store.room import no_room

_WAIT = 30.0  # seconds for another writer; a write takes milliseconds
_AGAIN = 0.02  # seconds, where SQLite does not wait by itself
_COPY = "habeas.sqlite"
_FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE"}  # a quota shows itself as the second


class Sqlite(Database):
    kind = "SQLite"
    types: ClassVar = {
        "text": "TEXT",
        "bytes": "BLOB",
        "serial": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "unordered": " WITHOUT ROWID",  # a row id would keep the order in which rows were written
    }
    for_update = ""  # BEGIN IMMEDIATE has the whole file
    for_share = ""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._threads = PerThread(self._open, sqlite3.Connection.close)

    @property
    def folder(self) -> Path | None:
        return self.path.parent

    def _open(self) -> sqlite3.Connection:
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(
            self.path,
            timeout=_WAIT,
            isolation_level=None,  # transactions are ours
            check_same_thread=False,  # used by one thread, closed by whoever closes the store
        )
        _into_wal(connection)
        for pragma in (
            "synchronous=FULL",
            "secure_delete=ON",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    @contextmanager
    def transaction(self) -> Iterator[Run]:
        connection = self._threads.get()

        def run(sql: str, *values: Value) -> Rows:
            return connection.execute(sql, values).fetchall()

        # SQLite has one writer; waiting for a lock of our own is fairer than its polling.
        with self._threads.writing:
            try:
                with self._room():
                    connection.execute("BEGIN IMMEDIATE")
                    yield run
                    connection.execute("COMMIT")
            except sqlite3.IntegrityError as error:
                raise Taken(str(error)) from error
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def ask(self, sql: str, *values: Value) -> Rows:
        with self._room():
            return self._threads.get().execute(sql, values).fetchall()

    @contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname not in _FULL:
                raise
            raise no_room(self.path.parent) from error

    def alone(self, run: Run, what: str) -> None:
        pass  # BEGIN IMMEDIATE was enough

    def scrub(self) -> None:
        """The write-ahead log holds old pages until it is emptied. For a reader SQLite waits by itself, for
        somebody else who empties the log just now it does not."""
        end = time.monotonic() + _WAIT
        while self.ask("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            if time.monotonic() > end:
                raise Refused(
                    "somebody reads the database without end, and deleted bytes stay in its log",
                    place=str(self.path),
                    hint="stop that reader and run the erasure again",
                )
            time.sleep(_AGAIN)

    def faults(self) -> tuple[str, ...]:
        try:
            said = [str(line) for (line,) in self.ask("PRAGMA integrity_check")]
        except sqlite3.DatabaseError as fault:  # too damaged to be looked through
            said = [str(fault)]
        return () if said == ["ok"] else tuple(f"{self.path.name}: {line}" for line in said)

    def copy(self, to: Path) -> None:
        """A consistent copy in one file, safely on disk. `to` must not exist."""
        os.close(os.open(to, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        target = sqlite3.connect(to)
        try:
            self._threads.get().backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        finally:
            target.close()
        with to.open("rb") as file:
            os.fsync(file.fileno())

    def dump(self, folder: Path) -> None:
        self.copy(folder / _COPY)

    def load(self, folder: Path) -> None:
        if self.path.exists():
            raise Refused("there is a database already", place=str(self.path))
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (folder / _COPY).is_file():
            raise Refused("this is no backup of an SQLite database", place=str(folder))
        bring(folder / _COPY, self.path)

    def close(self) -> None:
        self._threads.close()


def _into_wal(connection: sqlite3.Connection) -> None:
    """Of several who open a new file at once one changes its mode; SQLite does not let the others wait for
    that, it sends them away."""
    for _ in range(int(_WAIT / _AGAIN)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY":
                raise
            time.sleep(_AGAIN)
        else:
            return
    raise Refused("somebody holds the database and does not let go of it", hint="stop whoever it is")


def bring(copy: Path, to: Path) -> None:
    """Copies a database that nobody writes to, without touching it: a backup may be on a read-only disk."""
    for ending in ("", "-wal"):
        found = copy.with_name(copy.name + ending)
        if found.exists():
            target = to.with_name(to.name + ending)
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            shutil.copyfile(found, target)
            with target.open("rb") as file:
                os.fsync(file.fileno())

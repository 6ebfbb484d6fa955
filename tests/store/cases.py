"""What the tests of the store put into it: small events, rows and an installation on either database."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from habeas.desk.events import Noted, Recorded
from habeas.desk.queue import Job, Row
from habeas.desk.records import Change
from habeas.store import Fence, MasterKey, MasterKeys, Postgres, Sqlite, Store
from habeas.store.database import Database

HOUSE = "provider"
CASE = "2026-000001"
AT = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)
MASTER = MasterKey(bytes(range(32)))


def later(days: float) -> datetime:
    return AT + timedelta(days=days)


def noted(number: int, words: str = "looked at", *, at: datetime | None = None) -> Recorded:
    return Recorded(
        number=number, at=at or AT + timedelta(seconds=number), by="p-7", event=Noted(words=words)
    )


def row(case: str = CASE, version: int = 1, **parts: Any) -> Row:
    good: dict[str, Any] = {
        "case": case,
        "stage": "received",
        "turn": "reviewer",
        "next": "identify",
        "assigned": "",
        "state": "FRA",
        "instrument": "uncc",
        "measure": "stored-access",
        "emergency": False,
        "domestic": False,
        "received": AT,
        "due": later(30),
        "due_what": "answer",
        "held": False,
        "closed": False,
        "version": version,
    }
    return Row(**{**good, **parts})


def job(id: str = "answer", days: float = 30, what: str = "answer-due") -> Job:
    return Job(id=id, due=later(days), what=what)


def fold(events: tuple[Recorded, ...]) -> tuple[Row | None, tuple[str, ...], tuple[Job, ...]]:
    """Read models of a case made of notes: what `append_note` writes."""
    words = events[-1].event
    assert isinstance(words, Noted)
    case, version = words.words.split("/")[0], events[-1].number
    return row(case, version), (f"@{case}",), (job(days=version),)


def append_note(
    store: Store,
    case: str = CASE,
    expected: int = 0,
    *,
    done: tuple[str, ...] = (),
    fence: Fence | None = None,
) -> None:
    """One event, with the read models that `fold` makes of it."""
    new = (noted(expected + 1, f"{case}/{expected + 1}"),)
    folded, search, jobs = fold(new)
    store.append(
        HOUSE, Change(case, expected, new, row=folded, search=search, jobs=jobs, done=done), fence=fence
    )


@dataclasses.dataclass
class Installation:
    """Where a store lives in a test, and how to open it again and again."""

    folder: Path
    connect: Callable[[], Database]
    files: Callable[[], tuple[Path, ...]]  # the folders of everything this installation owns on disk
    kind: str
    masters: MasterKeys = dataclasses.field(default_factory=lambda: MasterKeys(MASTER))
    opened: list[Store] = dataclasses.field(default_factory=list)
    connected: list[Database] = dataclasses.field(default_factory=list)

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def blobs(self) -> Path:
        return self.folder / "blobs"

    def make(self) -> Database:
        self.connected.append(self.connect())
        return self.connected[-1]

    def open(self, **parts: Any) -> Store:
        store = Store(
            self.make(),
            keys=self.keys,
            blobs=self.blobs,
            **{"masters": self.masters, "clock": lambda: AT, **parts},
        )
        self.opened.append(store)
        return store

    def close(self) -> None:
        for store in self.opened:
            store.close()
        for database in self.connected:
            database.close()
        self.opened.clear()
        self.connected.clear()


def on_sqlite(folder: Path) -> Installation:
    path = folder / "data" / "habeas.sqlite"
    return Installation(folder, lambda: Sqlite(path), lambda: (folder,), "sqlite")


def on_postgres(folder: Path, conninfo: str, data: Path) -> Installation:
    """data: of the server. Its write-ahead log and the files of our database in it are ours too."""

    def files() -> tuple[Path, ...]:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            found = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
            [(oid,)] = found.fetchall()
        return (folder, data / "pg_wal", data / "base" / str(oid))

    return Installation(folder, lambda: Postgres(conninfo), files, "postgres")


def steps(act: Callable[[], object], *connections: sqlite3.Connection) -> int:
    """What an act costs on these connections, in steps of SQLite's machine: the same however busy ours is."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1

    for each in connections:
        each.set_progress_handler(step, 1)
    try:
        act()
    finally:
        for each in connections:
            each.set_progress_handler(None, 1)
    return taken


def connection(store: Store) -> sqlite3.Connection:
    """This thread's, of a store in SQLite."""
    found: sqlite3.Connection = store.database._threads.get()  # type: ignore[attr-defined]
    return found


def found_on_disk(word: bytes, *folders: Path) -> list[str]:
    """The files below these folders in which a word stands, as it is or written in hex."""
    return [
        str(path)
        for path in all_files(*folders)
        if word in (data := bytes_of(path)) or word.hex().encode() in data
    ]


def bytes_of(path: Path) -> bytes:
    """Of a file that a running server may take away between looking and reading: then it holds nothing."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def all_files(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]

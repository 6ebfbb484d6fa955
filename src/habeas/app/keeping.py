"""Keeping an installation through the years: a new master key, a backup, and what comes back out of one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from habeas.app.home import ACCOUNTS, PAGES_KEY, RESTORED, database_of, private, there, write_private
from habeas.app.installation import Installation, utc_now
from habeas.app.masters import NOBODY, Holder, Masters, Passphrases, Place
from habeas.errors import Refused
from habeas.store import MasterKeys
from habeas.store import backup as backup_records
from habeas.store import restore as restore_records


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """A change of the master key. keys: how many were wrapped anew. gone: older master keys, taken out of the
    home folder. can_go: older ones that others hold, which open nothing here any more."""

    keys: int
    gone: tuple[Place, ...]
    can_go: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A master key at hand: where it is, its id, how many keys are wrapped under it, whether it is in use."""

    place: Place
    id: str
    keys: int
    in_use: bool


def rotate(
    home: Path,
    *,
    database: str = "",
    kind: Holder | None = None,
    command: Sequence[str] = (),
    passphrases: Passphrases = NOBODY,
) -> Rotated:
    """Wrap all case keys under the new master key; kind and command as in `Masters.change`.

    Broken off anywhere, it is taken up by calling it again: until the end all of them are there.
    """
    there(home)
    masters = Masters(home, passphrases)
    known = masters.change(kind, command)
    opened = Installation.open(home, database=database, masters=known, make=False)
    try:
        count = opened.store.rotate(known.current)
    finally:
        opened.close()
    gone, can_go = masters.changed()
    return Rotated(keys=count, gone=gone, can_go=can_go)


def holdings(home: Path, *, database: str = "", passphrases: Passphrases = NOBODY) -> tuple[Holding, ...]:
    """Every master key at hand, that in use first."""
    there(home)
    found = Masters(home, passphrases).opened()
    if not found:
        raise Refused("there is no master key here", place=str(home / "master"))
    known = MasterKeys(found[0][1], tuple(key for _, key in found[1:]))
    opened = Installation.open(home, database=database, masters=known, make=False)
    under = opened.store.keyring.under()
    opened.close()
    return tuple(
        Holding(
            place=place,
            id=key.id,
            keys=under.get(key.id, 0),
            in_use=key is known.current and not place.older,
        )
        for place, key in found
    )


def restore(
    home: Path,
    data: Path,
    keys: Path,
    *,
    database: str = "",
    masters: MasterKeys | None = None,
    passphrases: Passphrases = NOBODY,
    ledgers: Sequence[Path] = (),
    now: Callable[[], datetime] = utc_now,
) -> None:
    """Bring a backup into an empty home folder. Its master key is there already, or handed over."""
    known = masters or Masters(home, passphrases).keys(make=False)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    private(home / "data")
    restore_records(
        data,
        keys,
        database=database_of(home, database),
        keys=home / "keys",
        blobs=home / "data" / "blobs",
        masters=known,
        ledgers=ledgers,
        clock=now,
    ).close()
    write_private(home / RESTORED, b"")
    for folder, name in ((data, ACCOUNTS), (keys, PAGES_KEY)):
        if (folder / name).exists() and not (home / name).exists():
            write_private(home / name, (folder / name).read_bytes())


def backup(app: Installation, data: Path, keys: Path) -> None:
    """Copy the records to one new folder and the keyring to another, while everything runs.

    The accounts people sign in with go with the records, and the key of the pages, which opens the second
    factors in them, with the keyring.
    """
    backup_records(app.store, data, keys)
    accounts, pages = app.home / ACCOUNTS, app.home / PAGES_KEY
    if accounts.exists():
        with closing(sqlite3.connect(f"file:{accounts}?mode=ro", uri=True)) as found:
            os.close(os.open(data / ACCOUNTS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(data / ACCOUNTS)) as copy:
                found.backup(copy)
    if pages.exists():
        write_private(keys / PAGES_KEY, pages.read_bytes())

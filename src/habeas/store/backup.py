"""Backups that respect erasures: the data in one folder, the keyring in another, and a restore that forgets.

A backup of the data without its keyring is noise. Each copy of the keyring is registered, so that an erasure
destroys the key in it as well; where a copy was out of reach, the erasure ledger tells the restore. What was
erased after a backup was made stays erased.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from habeas.errors import Refused
from habeas.store import keyring, ledger
from habeas.store.blobs import Blobs
from habeas.store.database import Database
from habeas.store.keyring import sync_folder
from habeas.store.keys import MasterKeys, Random
from habeas.store.ledger import Ledger
from habeas.store.sqlite import bring
from habeas.store.store import Store, apart

_BLOBS = "blobs"
_MANIFEST = "backup.json"


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup is of. master: the id of the master key in use; the key itself is nowhere in it."""

    made: datetime
    database: str
    master: str


def backup(store: Store, data: Path, keys: Path) -> Manifest:
    """Copies an installation while it runs: database and blobs to `data`, keyring and ledger to `keys`.

    Both must be new. The database comes first: every file it names was on disk before it was named.
    """
    apart(keys, data)
    for folder in (data, keys):
        _fresh(folder)
    manifest = Manifest(
        made=store.clock(), database=store.database.kind, master=store.keyring.masters.current.id
    )
    # Registered before it exists: an erasure from now on reaches it, or says that it could not.
    copy = (keys / keyring.FILE).resolve()
    store.keyring.register(copy, manifest.made.isoformat())
    store.database.dump(data)
    store.blobs.copy(data / _BLOBS)
    (data / _MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
    sync_folder(data)
    store.keyring.copy(copy)
    store.ledger.copy(keys / ledger.FILE)
    store.reach_copies()  # what was erased while we copied
    return manifest


def restore(
    data: Path,
    backup_keys: Path,
    *,
    database: Database,
    keys: Path,
    blobs: Path,
    masters: MasterKeys,
    ledgers: Sequence[Path] = (),
    random: Random = os.urandom,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Store:
    """Brings a backup back into an empty place, and erases again what was erased since it was made.

    database, keys, blobs: where to. ledgers: every erasure ledger there is, first of all the newest; one that
    already lies in `keys` is used in any case.
    """
    try:
        manifest = msgspec.json.decode((data / _MANIFEST).read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.DecodeError):
        raise Refused("this is no backup", place=str(data)) from None
    if manifest.database != database.kind:
        raise Refused(f"this is a backup of {manifest.database}, not of {database.kind}", place=str(data))
    for theirs in ((keys / keyring.FILE), blobs):
        if theirs.exists():
            raise Refused("there is something already, and nothing is written over", place=str(theirs))
    if not (backup_keys / keyring.FILE).is_file():
        raise Refused("there is no copy of the keyring here", place=str(backup_keys))
    missing = [path for path in ledgers if not path.is_file()]
    if missing:
        raise Refused("there is no erasure ledger here", place=str(missing[0]))
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    _merge(Ledger(keys / ledger.FILE), (backup_keys / ledger.FILE, *ledgers))
    bring(backup_keys / keyring.FILE, keys / keyring.FILE)
    database.load(data)
    Blobs(data / _BLOBS).copy(blobs)
    store = Store(database, keys=keys, blobs=blobs, masters=masters, random=random, clock=clock)
    store.replay_erasures()
    return store


def _merge(into: Ledger, others: Sequence[Path]) -> None:
    known = {(each.organisation, each.stream) for each in into}
    for path in others:
        for each in Ledger(path):
            if (each.organisation, each.stream) not in known:
                known.add((each.organisation, each.stream))
                into.add(each.organisation, each.stream, each.at)


def _fresh(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Refused("the folder for the backup is not empty", place=str(folder))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)

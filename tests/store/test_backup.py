"""What backups refuse. What they keep and forget stands in test_erasure.py."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from habeas.errors import Refused
from habeas.store import backup, doctor, restore
from tests.store.cases import HOUSE, Installation, append_note, fold, on_sqlite


def test_data_and_keys_never_go_into_one_folder(house: Installation, tmp_path: Path) -> None:
    store = house.open()
    for data, keys in (("b", "b"), ("b", "b/keys"), ("b/data", "b")):
        with pytest.raises(Refused, match="one folder"):
            backup(store, tmp_path / data, tmp_path / keys)


def test_a_backup_is_never_written_over_another(house: Installation, tmp_path: Path) -> None:
    store = house.open()
    append_note(store)
    backup(store, tmp_path / "data", tmp_path / "keys")
    for data, keys in (("data", "keys2"), ("data2", "keys")):
        with pytest.raises(Refused, match="not empty"):
            backup(store, tmp_path / data, tmp_path / keys)


def test_the_master_key_is_in_no_backup(house: Installation, tmp_path: Path) -> None:
    store = house.open()
    append_note(store)
    backup(store, tmp_path / "data", tmp_path / "keys")
    secret = bytes(range(32))
    for path in (*tmp_path.glob("data/**/*"), *tmp_path.glob("keys/**/*")):
        assert path.is_dir() or secret not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0 or path.suffix in {".json", ".log"}


def _restore(tmp_path: Path, other: Installation, **parts: Any) -> None:
    given: dict[str, Any] = {"database": other.make(), "keys": other.keys, "blobs": other.blobs, **parts}
    store = restore(tmp_path / "data", tmp_path / "keys", masters=other.masters, **given)
    other.opened.append(store)


def test_a_restore_writes_over_nothing(
    house: Installation, install: Callable[[str], Installation], tmp_path: Path
) -> None:
    store = house.open()
    append_note(store)
    backup(store, tmp_path / "data", tmp_path / "keys")
    for taken in ("keys", "blobs"):
        with pytest.raises(Refused, match="written over"):
            _restore(tmp_path, install(f"other-{taken}"), **{taken: getattr(house, taken)})
    with pytest.raises(Refused, match="already"):
        _restore(tmp_path, install("third"), database=house.make())
    with pytest.raises(Refused, match="no erasure ledger"):
        _restore(tmp_path, install("fourth"), ledgers=(tmp_path / "none",))


def test_what_is_no_backup_is_refused(house: Installation, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(Refused, match="no backup"):
        _restore(tmp_path, house)


def test_a_backup_of_the_other_database_is_refused(
    server: object, install: Callable[[str], Installation], tmp_path: Path
) -> None:
    first = install("first")
    backup(first.open(), tmp_path / "data", tmp_path / "keys")
    if first.kind == "sqlite":
        manifest = tmp_path / "data" / "backup.json"
        manifest.write_text(manifest.read_text().replace("SQLite", "PostgreSQL"))
        other = install("other")
    else:
        other = on_sqlite(tmp_path / "other")
    with pytest.raises(Refused, match="not of"):
        _restore(tmp_path, other)


def test_a_backup_made_while_others_write_agrees_with_itself(
    house: Installation, install: Callable[[str], Installation], tmp_path: Path
) -> None:
    store = house.open()
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            case = f"2026-{number:06d}"
            store.put(HOUSE, case, case.encode())
            append_note(store, case)
            append_note(store, case, 1)

    thread = threading.Thread(target=write)
    thread.start()
    while len(list(store.heads(HOUSE))) < 20:
        pass
    backup(store, tmp_path / "data", tmp_path / "keys")
    stop.set()
    thread.join()
    other = install("restored")
    _restore(tmp_path, other)
    restored = other.opened[-1]
    assert len(list(restored.heads(HOUSE))) >= 20
    # Files and keys are copied after the database, so those of cases begun meanwhile may be there too.
    assert [said for said in doctor(restored, HOUSE, fold) if "no such case" not in said] == []

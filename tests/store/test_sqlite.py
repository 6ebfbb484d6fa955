from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from habeas.errors import Refused
from habeas.store import Store, sqlite
from habeas.store.sqlite import Sqlite
from tests.store.cases import CASE, HOUSE, Installation, append_note, on_sqlite

# The byte of the shared memory that whoever empties the log locks (sqlite.org/walformat, section 2.3.1).
_HOLDS = """
import fcntl, os, sys
file = os.open(sys.argv[1], os.O_RDWR)
fcntl.lockf(file, fcntl.LOCK_EX, 1, 121)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def house(tmp_path: Path) -> Installation:
    return on_sqlite(tmp_path)


def test_nothing_is_acknowledged_before_it_is_on_the_disk(house: Installation) -> None:
    store = house.open()
    said = {
        name: store.database.ask(f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
    }
    assert said == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


def test_only_we_can_read_the_files(house: Installation) -> None:
    append_note(house.open())
    files = [each for each in house.folder.rglob("*") if each.is_file()]
    assert len(files) >= 4
    assert [str(each) for each in files if each.stat().st_mode & 0o077] == []


def _limited(store: Store, more: int) -> None:
    """The database may grow by `more` pages and no further: what a full disk looks like to it."""
    store.database.scrub()
    [(pages,)] = store.database.ask("PRAGMA page_count")
    store.database.ask(f"PRAGMA max_page_count = {pages + more}")


def test_a_full_disk_is_said_plainly_leaves_nothing_half_done_and_passes(house: Installation) -> None:
    store = house.open()
    append_note(store)
    _limited(store, 2)
    written: list[int] = [1]

    def fill() -> None:
        while True:
            append_note(store, expected=written[-1])
            written.append(written[-1] + 1)

    with pytest.raises(Refused, match="no room") as refused:
        fill()
    here = written[-1]
    assert refused.value.hint == "make room, then do it again"
    row = store.row(HOUSE, CASE)
    assert row is not None
    assert row.version == len(store.load(HOUSE, CASE)) == store.verify_chain(HOUSE, CASE) == here
    store.database.ask("PRAGMA max_page_count = 1000000")
    append_note(store, expected=here)
    assert store.verify_chain(HOUSE, CASE) == here + 1


def test_a_file_that_may_not_grow_is_said_plainly_too(house: Installation) -> None:
    """The kernel refuses the write itself, as it does at the end of a quota."""
    store = house.open()
    append_note(store)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, before[1]))
    written: list[int] = [1]

    def fill() -> None:
        while True:
            append_note(store, expected=written[-1])
            written.append(written[-1] + 1)

    try:
        with pytest.raises(Refused, match="no room"):
            fill()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    here = written[-1]
    assert len(store.load(HOUSE, CASE)) == store.verify_chain(HOUSE, CASE) == here
    append_note(store, expected=here)
    assert store.verify_chain(HOUSE, CASE) == here + 1


def test_a_reader_does_not_keep_a_writer_waiting(house: Installation) -> None:
    store = house.open()
    append_note(store)
    assert isinstance(store.database, Sqlite)
    reader = sqlite3.connect(store.database.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM event").fetchall()
    append_note(store, expected=1)
    assert reader.execute("SELECT count(*) FROM event").fetchall() == [(1,)]
    reader.close()


def test_deleted_bytes_leave_the_log_although_another_process_empties_it_just_now(tmp_path: Path) -> None:
    """SQLite lets one at a time empty it and sends the others away at once."""
    path = tmp_path / "x.sqlite"
    database = Sqlite(path)
    with database.transaction() as run:
        run("CREATE TABLE word (word TEXT PRIMARY KEY)")
    held = subprocess.Popen(
        [sys.executable, "-c", _HOLDS, f"{path}-shm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert held.stdout is not None
    assert held.stdout.readline() == b"held\n"
    done = threading.Thread(target=database.scrub)
    done.start()
    done.join(0.2)
    assert done.is_alive()
    held.communicate()
    done.join()
    assert path.with_name("x.sqlite-wal").stat().st_size == 0
    database.close()


def test_who_reads_without_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_WAIT", 0.1)
    database = Sqlite(tmp_path / "x.sqlite")
    with database.transaction() as run:
        run("CREATE TABLE word (word TEXT PRIMARY KEY)")
    reader = sqlite3.connect(database.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM word").fetchall()
    with database.transaction() as run:
        run("INSERT INTO word VALUES ('later')")
    with pytest.raises(Refused, match="reads the database without end"):
        database.scrub()
    reader.close()
    database.scrub()
    database.close()


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    database = Sqlite(tmp_path / "x.sqlite")
    assert database.faults() == ()
    with database.transaction() as run:
        run("CREATE TABLE word (word TEXT PRIMARY KEY)")
        for number in range(2000):
            run("INSERT INTO word VALUES (?)", f"{number:020d}")
    database.scrub()
    database.close()
    data = bytearray(database.path.read_bytes())
    middle = data.index(b"00000000000000001000")
    data[middle : middle + 20] = b"9" * 20
    database.path.write_bytes(data)
    assert database.faults()
    database.close()


def test_a_backup_is_never_loaded_over_something(tmp_path: Path) -> None:
    database = Sqlite(tmp_path / "x.sqlite")
    database.ask("SELECT 1")
    (tmp_path / "copy").mkdir()
    with pytest.raises(Refused, match="already"):
        database.load(tmp_path / "copy")
    with pytest.raises(Refused, match="no backup"):
        Sqlite(tmp_path / "y.sqlite").load(tmp_path / "copy")
    database.dump(tmp_path / "copy")
    Sqlite(tmp_path / "y.sqlite").load(tmp_path / "copy")
    database.close()

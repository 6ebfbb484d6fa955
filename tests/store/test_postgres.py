from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from habeas.errors import Refused
from habeas.store.postgres import Postgres
from tests.store.cases import CASE, HOUSE, Installation, append_note, on_postgres
from tests.store.server import Server


@pytest.fixture
def house(server: Server, tmp_path: Path) -> Installation:
    return on_postgres(tmp_path, server.new_database(), server.data)


def test_after_a_crash_of_the_server_what_was_acknowledged_is_there_and_work_goes_on(
    house: Installation, server: Server
) -> None:
    store = house.open()
    append_note(store)
    server.crash()
    with pytest.raises(psycopg.OperationalError):
        append_note(store, expected=1)
    append_note(store, expected=1)
    assert store.verify_chain(HOUSE, CASE) == 2
    house.close()


def test_acknowledged_means_on_disk_whatever_the_server_was_told(house: Installation, server: Server) -> None:
    database = house.make()
    with database.transaction() as run:
        run("SELECT 1")
    [(mode,)] = database.ask("SHOW synchronous_commit")
    assert mode == "on"
    database.close()


def test_a_backup_is_never_loaded_over_something(house: Installation, server: Server, tmp_path: Path) -> None:
    store = house.open()
    folder = tmp_path / "copy"
    folder.mkdir()
    with pytest.raises(Refused, match="no backup"):
        store.database.load(folder)
    store.database.dump(folder)
    with pytest.raises(Refused, match="already"):
        store.database.load(folder)
    house.close()


def test_a_tool_that_gives_up_says_why(tmp_path: Path, server: Server) -> None:
    with pytest.raises(Refused, match="pg_dump gave up"):
        Postgres(server.conninfo("nowhere")).dump(tmp_path)


def test_writers_of_different_cases_do_not_wait_for_each_other(house: Installation) -> None:
    store, other = house.open(), house.open()
    append_note(store)
    with store.database.transaction() as run:
        run("SELECT 1 FROM head WHERE stream = ? FOR UPDATE", CASE)
        append_note(other, "2026-000002")
    assert len(other.load(HOUSE, "2026-000002")) == 1
    house.close()

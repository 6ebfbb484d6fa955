from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from habeas.errors import Refused
from habeas.store.postgres import Postgres, protected
from tests.store.cases import CASE, HOUSE, Installation, append_note, on_postgres
from tests.store.server import Server


@pytest.fixture
def house(server: Server, tmp_path: Path) -> Installation:
    return on_postgres(tmp_path, server.new_database(), server.data)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_who_rested_while_the_server_was_restarted_notices_nothing(
    house: Installation, server: Server, mode: str
) -> None:
    store = house.open()
    append_note(store)
    server.restart(mode)
    append_note(store, expected=1)
    assert store.verify_chain(HOUSE, CASE) == 2
    house.close()


def test_a_server_that_goes_away_in_the_middle_leaves_nothing_half_done(
    house: Installation, server: Server
) -> None:
    store = house.open()
    append_note(store)
    with pytest.raises(psycopg.OperationalError), store.database.transaction() as run:  # noqa: PT012
        run("DELETE FROM event")
        server.restart("immediate")
        run("DELETE FROM head")
    assert store.verify_chain(HOUSE, CASE) == 1
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


def test_no_statement_is_compiled_before_it_runs(house: Installation, server: Server) -> None:
    """A page of several filters takes milliseconds; to compile it takes a second."""
    database = house.make()
    assert database.ask("SHOW jit") == [("off",)]
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


def test_no_writer_waits_long_while_a_backup_keeps_the_tables_from_being_written_anew(
    house: Installation,
) -> None:
    store, backup = house.open(), house.make()
    append_note(store)

    def file() -> int:
        return int(store.database.ask("SELECT pg_relation_filenode('outbox')")[0][0])

    before = file()
    with backup.transaction() as run:
        run("SELECT 1 FROM outbox")  # as pg_dump does, for as long as it lasts
        store.database.scrub()
        append_note(store, expected=1)
        assert file() == before
    store.database.scrub()
    assert file() != before
    assert store.database.ask("SHOW lock_timeout") == [("0",)]
    house.close()


def test_writers_of_different_cases_do_not_wait_for_each_other(house: Installation) -> None:
    store, other = house.open(), house.open()
    append_note(store)
    with store.database.transaction() as run:
        run("SELECT 1 FROM head WHERE stream = ? FOR UPDATE", CASE)
        append_note(other, "2026-000002")
    assert len(other.load(HOUSE, "2026-000002")) == 1
    house.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://desk:word@db.example.org/desk",
        "postgresql://desk@db.example.org/desk?sslmode=require",
        "postgresql://desk@db.example.org/desk?sslmode=verify-ca",
        "postgresql://localhost,db.example.org/desk",
        "postgresql://localhost/desk?hostaddr=10.0.0.7",
        "postgresql:///desk?host=10.0.0.7",
        "host=db.example.org dbname=desk",
        "service=elsewhere",
        "postgresql://[2001:db8::1]/desk",
    ],
)
def test_a_server_over_a_network_is_spoken_to_under_its_checked_certificate_only(address: str) -> None:
    with pytest.raises(Refused, match="under its checked certificate only"):
        Postgres(address)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://desk:word@db.example.org/desk?sslmode=verify-full&sslrootcert=/etc/ssl/ca.pem",
        "postgresql://desk@localhost/desk",
        "postgresql://127.0.0.1:5433/desk",
        "postgresql://[::1]/desk",
        "postgresql:///desk?host=/run/postgresql",
        "postgresql:///desk",
        "host=/run/postgresql dbname=desk",
    ],
)
def test_a_server_on_this_machine_or_under_its_name_is_spoken_to(address: str) -> None:
    assert protected(address)["dbname"] == "desk"


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(Refused, match="no address"):
        Postgres("nothing at all")

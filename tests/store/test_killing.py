"""Whatever takes the ground away under writers, nothing they acknowledged is lost and nothing is half done.

The long run is made by hand: `python -m tests.store.killing --help`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from habeas.desk.records import Change
from habeas.errors import Refused
from habeas.store import Postgres, Sqlite
from habeas.store.database import Run
from tests.store import disk, killing, server
from tests.store.cases import Installation
from tests.store.killing import Ground, Said, ground, killed, restarted, shake

KILLS = 15
_TRIES = 12  # of which eleven find the fault


def _stands(kind: str) -> Iterator[Ground]:
    """Without disks that can be full where they cannot be mounted."""
    if kind == "postgres" and server.binaries() is None:
        pytest.skip(server.MISSING)
    try:
        with ground(kind, disks=True) as here:
            yield here
    except PermissionError:
        with ground(kind, disks=False) as here:
            yield here


@pytest.fixture(scope="module")
def sqlite() -> Iterator[Ground]:
    yield from _stands("sqlite")


@pytest.fixture(scope="module")
def postgres() -> Iterator[Ground]:
    yield from _stands("postgres")


def test_a_killed_writer_loses_nothing_and_leaves_nothing_half_done(house: Installation) -> None:
    came = shake(house, "killed", killed, KILLS, seed=26)
    assert came.wrong == []  # where the machine is busy, each life may end before the first word
    came = shake(house, "at-work", restarted(lambda: None), 1, seed=26)
    assert came.wrong == []
    assert came.acknowledged > 0


@pytest.mark.parametrize("how", killing.RESTARTS)
def test_a_restarted_server_loses_nothing_and_the_writers_go_on(postgres: Ground, how: str) -> None:
    came = shake(postgres.house, how, postgres.shocks[how], 1, seed=27)
    assert came.wrong == []
    assert came.acknowledged > 0


@pytest.mark.parametrize("place", killing.FULL["sqlite"])
def test_a_full_disk_is_said_loses_nothing_and_passes(sqlite: Ground, place: str) -> None:
    if "data" not in sqlite.shocks:
        pytest.skip(disk.MISSING)
    came = shake(sqlite.house, place, sqlite.shocks[place], 1, seed=28)
    assert came.wrong == []
    assert came.met["full"] == 1


@pytest.mark.parametrize("place", ["data", "wal"])
def test_a_full_disk_of_the_server_is_survived_too(postgres: Ground, place: str) -> None:
    if "data" not in postgres.shocks:
        pytest.skip(disk.MISSING)
    came = shake(postgres.house, place, postgres.shocks[place], 1, seed=29)
    assert came.wrong == []
    assert came.met


# ---- what is wrong is found --------------------------------------------------------------------------------


class _Hasty(Postgres):
    """Acknowledges before it is on the disk."""

    def _open(self) -> psycopg.Connection[tuple[object, ...]]:
        connection = super()._open()
        connection.execute("SET synchronous_commit = off")
        return connection


class _Deaf(Sqlite):
    """Does not hear that there is no room."""

    @contextmanager
    def transaction(self) -> Iterator[Run]:
        try:
            with super().transaction() as run:
                yield run
        except Refused as refused:
            if "no room" not in refused.sentence:
                raise


def test_a_server_that_does_not_wait_for_the_disk_is_found_out(postgres: Ground, tmp_path: Path) -> None:
    with psycopg.connect(postgres.conninfo, autocommit=True) as connection:
        connection.execute(
            "ALTER SYSTEM SET wal_writer_delay = '10s'"
        )  # or it might be on the disk by chance
        connection.execute("SELECT pg_reload_conf()")
    hasty = Installation(tmp_path, lambda: _Hasty(postgres.conninfo), postgres.house.files, "postgres")
    assert any(
        "were acknowledged and" in each
        for life in range(_TRIES)
        # What is erased brings all to the disk that came earlier; so nothing is.
        for each in shake(
            hasty, f"hasty{life}", postgres.shocks["immediate"], 1, seed=life, erasing=False
        ).wrong
    )


def test_a_store_that_acknowledges_what_found_no_room_is_found_out(sqlite: Ground) -> None:
    if "data" not in sqlite.shocks:
        pytest.skip(disk.MISSING)
    path = sqlite.house.folder / "data" / "deaf.sqlite"
    deaf = Installation(sqlite.house.folder, lambda: _Deaf(path), sqlite.house.files, "sqlite")
    # An erasure empties the log of the database as well, hears there that no room is left, and is tried again
    # until there is some: writers who came to one first would lose nothing. So nothing is erased.
    came = shake(deaf, "deaf", sqlite.shocks["data"], 1, seed=31, erasing=False)
    assert any("were acknowledged and" in each for each in came.wrong), came.wrong


def test_half_a_line_was_not_said() -> None:
    said = Said()
    said.hear(b"append a 1\nappend a 3\nput b 00ff\nfull - -\nerase c -\nappend d 1")
    assert (said.versions, said.files, said.erased, said.count) == ({"a": 3}, {"b": "00ff"}, {"c"}, 4)
    said.hear(b"2\n")
    assert said.versions["d"] == 12
    assert said.met == {"full": 1}


def test_what_was_said_and_is_not_there_is_noticed(house: Installation) -> None:
    store = house.open()
    store.append("life-1", Change("a", 0, (killing.noted(1, "a/1"),)))
    store.close()
    store = house.open()
    store.append("life-1", killing.linked("b", 0, "c"))
    store.close()
    wrong = killing.look(house, "life-1", Said(versions={"a": 2}, erased={"a"}))
    assert "b was written without c." in wrong
    assert any("2 events were acknowledged and 1 are there" in each for each in wrong)
    assert any("erasure was acknowledged" in each for each in wrong)
    assert any("its row in the queue is missing" in each for each in wrong)

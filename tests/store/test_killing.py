"""A writer killed at any moment loses nothing it acknowledged and leaves nothing half done.

The long run is made by hand: `python -m tests.store.killing --kills 200`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.desk.desk import Change
from tests.store import killing
from tests.store.cases import Installation, on_postgres
from tests.store.killing import Said, kill_writers
from tests.store.server import Server

KILLS = 15


def test_a_killed_writer_loses_nothing_and_leaves_nothing_half_done(house: Installation) -> None:
    acknowledged, wrong = kill_writers(house, KILLS, seed=26)
    assert wrong == []
    assert acknowledged > 0


def test_a_server_that_crashes_under_a_writer_loses_nothing(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = on_postgres(tmp_path, server.new_database(), server.data)
    monkeypatch.setattr(killing, "LONGEST", 1.0)
    acknowledged, wrong = kill_writers(house, 4, seed=27, server=server, crash_each=2)
    assert wrong == []
    assert acknowledged > 0


def test_half_a_line_was_not_said() -> None:
    said = Said()
    said.hear(b"append a 1\nappend a 3\nput b 00ff\nerase c -\nappend d 1")
    assert (said.versions, said.files, said.erased, said.count) == ({"a": 3}, {"b": "00ff"}, {"c"}, 4)


def test_what_was_said_and_is_not_there_is_noticed(house: Installation) -> None:
    store = house.open()
    store.append("life-1", Change("a", 0, (killing.noted(1, "a/1"),)))
    store.close()
    store = house.open()
    store.append("life-1", killing._linked("b", 0, "c"))
    store.close()
    wrong = killing.look(house, "life-1", Said(versions={"a": 2}, erased={"a"}))
    assert "b was written without c." in wrong
    assert any("2 events were acknowledged and 1 are there" in each for each in wrong)
    assert any("erasure was acknowledged" in each for each in wrong)
    assert any("its row in the queue is missing" in each for each in wrong)

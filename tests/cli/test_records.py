"""`habeas records`: is it whole, made anew, copied and brought back; and what was erased stays erased."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.app.houses import ORGANISATION, brought, taken_in
from tests.cli.conftest import Terminal

WELL = "All is as it should be.\n"


def test_the_doctor_says_that_all_is_well(terminal: Terminal) -> None:
    app = terminal.open()
    for stage in ("received", "decided", "released"):
        brought(app, terminal.clock, stage)
    assert terminal.well("records", "doctor") == WELL


def test_one_changed_byte_is_said(terminal: Terminal) -> None:
    app = terminal.open()
    case = taken_in(app)
    ((sealed,),) = app.store.database.ask("SELECT sealed FROM event WHERE stream = ?", case.id)
    app.close()
    file = terminal.home / "data" / "desk.sqlite"
    data = bytearray(file.read_bytes())
    place = data.find(bytes(sealed)[:40])
    assert place > 0
    data[place + 20] ^= 1
    file.write_bytes(data)
    result = terminal("records", "doctor")
    assert result.exit_code == 1
    assert f"{case.id}, event 1: the contents of an event were changed." in result.stdout
    assert "All is" not in result.output


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE event SET by = 'somebody else' WHERE stream = ? AND number = 2",
        "DELETE FROM event WHERE stream = ? AND number = 3",
        "UPDATE queue SET turn = 'counsel' WHERE stream = ?",
        "DELETE FROM queue WHERE stream = ?",
        "DELETE FROM token WHERE stream = ?",
        "UPDATE job SET due = due + 1 WHERE stream = ?",
    ],
)
def test_whatever_is_changed_behind_the_desk_is_said(terminal: Terminal, damage: str) -> None:
    app = terminal.open()
    case = brought(app, terminal.clock, "closed")
    with app.store.database.transaction() as run:
        run(damage, case.id)
    result = terminal("records", "doctor")
    assert result.exit_code == 1
    assert case.id in result.stdout


def test_a_changed_reference_in_the_file_is_said(terminal: Terminal) -> None:
    app = terminal.open()
    case = taken_in(app)
    app.close()
    file = terminal.home / "data" / "desk.sqlite"
    data = bytearray(file.read_bytes())
    place = data.find(case.id.encode()) + len("2026-")
    data[place] = ord("B") if data[place] != ord("B") else ord("C")
    file.write_bytes(data)
    result = terminal("records", "doctor")
    assert result.exit_code == 1
    assert "to look at." in result.stderr


def test_a_house_by_a_typing_mistake_is_never_in_order(terminal: Terminal) -> None:
    for verb in ("doctor", "rebuild"):
        assert "there is no such house here" in terminal.barred("records", verb, "-o", "typo")


def test_a_rebuild_makes_the_queue_anew(terminal: Terminal) -> None:
    app = terminal.open()
    case = brought(app, terminal.clock, "decided")
    before = app.store.row(ORGANISATION, case.id)
    with app.store.database.transaction() as run:
        for table in ("queue", "token", "job"):
            run(f"DELETE FROM {table}")
    assert terminal("records", "doctor").exit_code == 1
    assert terminal.well("records", "rebuild") == "1 cases.\n"
    assert terminal.well("records", "doctor") == WELL
    assert app.store.row(ORGANISATION, case.id) == before


def restored(terminal: Terminal, data: Path, keys: Path, to: Path, *words: object) -> Terminal:
    (to / "master").mkdir(parents=True, mode=0o700)
    shutil.copy(terminal.home / "master" / "master.key", to / "master" / "master.key")
    other = Terminal(to, terminal.clock)
    assert other.well("records", "restore", data, keys, *words) == f"Restored into {to}.\n"
    return other


def test_a_backup_comes_back_whole(terminal: Terminal, tmp_path: Path) -> None:
    app = terminal.open()
    case = brought(app, terminal.clock, "released")
    data, keys = tmp_path / "data", tmp_path / "keys"
    terminal.well("records", "backup", data, keys)
    other = restored(terminal, data, keys, tmp_path / "other")
    assert other.well("records", "doctor") == WELL
    found = other.open()
    assert found.case(ORGANISATION, case.id) == case
    for held in case.files:
        assert found.get(ORGANISATION, case.id, held.sha256)
    assert found.house_key(ORGANISATION) == app.house_key(ORGANISATION), "earlier packages still verify"


def test_a_case_erased_since_the_backup_stays_erased(terminal: Terminal, tmp_path: Path) -> None:
    app = terminal.open()
    gone, stays = brought(app, terminal.clock, "closed"), brought(app, terminal.clock, "closed")
    data, keys = tmp_path / "data", tmp_path / "keys"
    terminal.well("records", "backup", data, keys)
    old_keys = Path(shutil.copytree(keys, tmp_path / "taken elsewhere"))
    terminal.clock.go(days=800)
    terminal.well("desk", "erase", "--by", "counsel", "--why", "The time is over.", gone.id)
    ledger = next((terminal.home / "keys").glob("*.jsonl"), None) or next(
        path for path in (terminal.home / "keys").iterdir() if "eras" in path.name
    )
    for number, (where, words) in enumerate(((keys, ()), (old_keys, ("--ledger", ledger)))):
        other = restored(terminal, data, where, tmp_path / f"other-{number}", *words)
        assert "erased" in other.barred("desk", "show", "--by", "reviewer", gone.id)
        assert stays.id in other.well("desk", "show", "--by", "reviewer", stays.id)
        assert other.well("records", "doctor") == WELL


def test_a_copy_of_the_keyring_out_of_reach_is_named(terminal: Terminal, tmp_path: Path) -> None:
    case = brought(terminal.open(), terminal.clock, "closed")
    data, keys = tmp_path / "data", tmp_path / "keys"
    terminal.well("records", "backup", data, keys)
    keys.rename(tmp_path / "in a safe")
    terminal.clock.go(days=800)
    erase = ("desk", "erase", "--by", "counsel", "--why", "The time is over.", case.id)
    assert f"could not be reached and still opens it: {keys}" in terminal.well(*erase)
    (tmp_path / "in a safe").rename(keys)
    assert terminal.well(*erase) == f"{case.id}: erased.\n"


def test_nothing_is_brought_back_over_something_or_without_the_master_key(
    terminal: Terminal, tmp_path: Path
) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    terminal.well("records", "backup", data, keys)
    terminal.barred("records", "restore", data, keys)
    other = Terminal(tmp_path / "other", terminal.clock)
    said = other.barred("records", "restore", data, keys)
    assert "the master key of the backup is not here" in said
    assert not other.home.exists()


def test_a_backup_never_lies_with_its_keys(terminal: Terminal, tmp_path: Path) -> None:
    terminal.barred("records", "backup", tmp_path / "one", tmp_path / "one")
    terminal.barred("records", "backup", tmp_path / "one", tmp_path / "one" / "keys")


def test_a_new_master_key_takes_the_place_of_the_old_one(terminal: Terminal) -> None:
    app = terminal.open()
    case = taken_in(app)
    app.close()
    old = (terminal.home / "master" / "master.key").read_bytes()
    assert "keys are wrapped under the new master key." in terminal.well("records", "rotate")
    assert (terminal.home / "master" / "master.key").read_bytes() != old
    assert case.id in terminal.well("desk", "show", "--by", "reviewer", case.id)
    assert terminal.well("records", "doctor") == WELL

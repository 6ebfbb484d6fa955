"""Erasure that erases: marked bytes are planted, then every file of the installation is searched for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from habeas.desk.public import Counted, Entry
from habeas.desk.records import Change
from habeas.errors import Refused
from habeas.store import Store, backup, doctor, restore
from habeas.store.keyring import Keyring
from tests.store.cases import (
    AT,
    CASE,
    HOUSE,
    Installation,
    append_note,
    fold,
    found_on_disk,
    job,
    later,
    noted,
    row,
)

WORDS, IDENTIFIER, FILE = "marked-words-7f3a9c", "@marked-account-5be1", b"marked file c0ffee91 " * 300
MARKS = (WORDS.encode(), IDENTIFIER.encode(), FILE[:20])
NEIGHBOUR = "2026-000002"


@dataclass
class Planted:
    store: Store
    sha256: str
    plain: bytes
    wrapped: bytes
    blob: Path


def plant(house: Installation) -> Planted:
    store = house.open()
    sha256 = store.put(HOUSE, CASE, FILE)
    [name] = store.blobs.names(HOUSE, CASE)
    store.append(
        HOUSE,
        Change(
            CASE,
            0,
            (noted(1, WORDS), noted(2, WORDS * 50)),
            row=row(version=2),
            search=(IDENTIFIER,),
            jobs=(job(),),
            public=(Entry(count=Counted(kind="received"), number=1),),
        ),
    )
    append_note(store, NEIGHBOUR)
    plain = store.keyring.key(HOUSE, CASE)
    assert plain is not None
    return Planted(store, sha256, plain, wrapped(store.keyring, CASE), store.blobs.path(HOUSE, CASE, name))


def wrapped(ring: Keyring, name: str) -> bytes:
    [(found,)] = ring._file.ask(
        "SELECT wrapped FROM casekey WHERE organisation = ? AND name = ?", HOUSE, name
    )
    return bytes(found)


def test_nothing_marked_is_readable_in_any_file_before_or_after(house: Installation, tmp_path: Path) -> None:
    planted = plant(house)
    data, keys = tmp_path / "backup-data", tmp_path / "backup-keys"
    backup(planted.store, data, keys)
    everywhere = (*house.files(), data, keys)
    for mark in (*MARKS, planted.plain):
        assert found_on_disk(mark, *everywhere) == []
    with_key = found_on_disk(planted.wrapped, *everywhere)
    assert {Path(each).parent for each in with_key} == {house.keys, keys}
    assert all(Path(each).name.startswith("keys.sqlite") for each in with_key)

    assert planted.store.erase(HOUSE, CASE, later(1)).unreached == ()
    everywhere = (*house.files(), data, keys)
    for mark in (*MARKS, planted.plain, planted.wrapped):
        assert found_on_disk(mark, *everywhere) == []
    planted.store.close()
    for mark in (*MARKS, planted.plain, planted.wrapped):
        assert found_on_disk(mark, *everywhere) == []


def test_what_was_erased_cannot_be_read_found_or_written_to(house: Installation) -> None:
    planted = plant(house)
    store = planted.store
    chain = [head.chain for head in store.heads(HOUSE)]
    store.erase(HOUSE, CASE, later(1))
    for act in (
        lambda: store.load(HOUSE, CASE),
        lambda: store.get(HOUSE, CASE, planted.sha256),
        lambda: store.put(HOUSE, CASE, b"more"),
        lambda: append_note(store, expected=2),
        lambda: append_note(store),
    ):
        with pytest.raises(Refused, match="erased"):
            act()
    assert store.search(HOUSE, (IDENTIFIER,), (2026,)) == ()
    assert store.jobs(HOUSE, CASE) == ()
    assert not planted.blob.exists()
    assert store.keyring.key(HOUSE, CASE) is None
    # What stays: that it happened, when, and that nobody changed it since.
    assert store.erased(HOUSE, CASE) == later(1)
    assert store.verify_chain(HOUSE, CASE) == 2
    assert [head.chain for head in store.heads(HOUSE)] == chain
    assert store.row(HOUSE, CASE) == row(version=2)
    assert store.trace.waiting(HOUSE) == 1


def test_the_neighbour_of_an_erased_case_is_whole(house: Installation) -> None:
    store = plant(house).store
    store.erase(HOUSE, CASE, later(1))
    assert len(store.load(HOUSE, NEIGHBOUR)) == 1
    assert store.search(HOUSE, (f"@{NEIGHBOUR}",), (2026,)) == (NEIGHBOUR,)
    append_note(store, NEIGHBOUR, 1)
    assert store.erased(HOUSE, NEIGHBOUR) is None


def test_erasing_twice_changes_nothing_and_a_case_that_is_not_there_cannot_be_erased(
    house: Installation,
) -> None:
    store = plant(house).store
    store.erase(HOUSE, CASE, later(1))
    store.erase(HOUSE, CASE, later(2))
    assert store.erased(HOUSE, CASE) == later(1)
    assert [each.stream for each in store.ledger] == [CASE]
    with pytest.raises(Refused, match="no such case"):
        store.erase(HOUSE, "2026-999999", later(1))


def test_the_skeleton_of_an_erased_case_cannot_be_changed_unseen(house: Installation) -> None:
    store = plant(house).store
    store.erase(HOUSE, CASE, later(1))
    with store.database.transaction() as run:
        run("UPDATE event SET by = 'p-8' WHERE stream = ? AND number = 1", CASE)
    with pytest.raises(Refused, match="was changed"):
        store.verify_chain(HOUSE, CASE)


@pytest.mark.parametrize("again", ["start", "erase"])
@pytest.mark.parametrize("step", ["keyring", "database", "blobs"])
def test_an_erasure_broken_off_anywhere_is_finished_at_the_next_start_or_when_done_again(
    house: Installation, step: str, again: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = plant(house)
    store = planted.store

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    target = {"keyring": (store.keyring, "destroy"), "database": (store.database, "transaction")}
    owner, name = target.get(step, (store.blobs, "remove"))
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, stop)
        with pytest.raises(KeyboardInterrupt):
            store.erase(HOUSE, CASE, later(1))
    assert store.erasing(HOUSE, CASE)
    assert not store.erasing(HOUSE, NEIGHBOUR)
    if step != "keyring":
        with pytest.raises(Refused, match="begun and is not finished"):
            store.load(HOUSE, CASE)
    if again == "erase":
        store.erase(HOUSE, CASE, later(1))
    else:
        store.close()
        store = house.open()
    assert not store.erasing(HOUSE, CASE)
    assert store.erased(HOUSE, CASE) == later(1)
    assert [each.stream for each in store.ledger] == [CASE]
    assert store.keyring.key(HOUSE, CASE) is None
    assert not planted.blob.exists()
    assert store.search(HOUSE, (IDENTIFIER,), (2026,)) == ()
    assert found_on_disk(planted.wrapped, house.keys) == []


def test_the_search_key_of_a_past_year_goes_with_its_last_case(house: Installation) -> None:
    store = house.open()
    for case in ("a", "b"):
        append_note(store, case)
    secret = wrapped(store.keyring, ".search-2026")
    store.erase(HOUSE, "a", later(300))
    assert store.search(HOUSE, ("@b",), (2026,)) == ("b",)
    store.erase(HOUSE, "b", later(300))
    assert store.search(HOUSE, ("@b",), (2026,)) == ()
    assert found_on_disk(secret, house.keys) == []


def test_the_search_key_of_the_running_year_stays(house: Installation) -> None:
    store = house.open()
    append_note(store, "a")
    store.erase(HOUSE, "a", later(1))
    append_note(store, "b")
    assert store.search(HOUSE, ("@b",), (2026,)) == ("b",)


def test_a_case_that_is_written_to_while_it_is_erased_leaves_nothing_either(house: Installation) -> None:
    store = house.open()
    cases = [f"2026-{number:06d}" for number in range(6)]
    for case in cases:
        append_note(store, case)
    gate = threading.Barrier(2)
    unexpected: list[BaseException] = []

    def write() -> None:
        for case in cases:
            gate.wait()
            try:
                for expected in range(1, 100):
                    store.put(HOUSE, case, bytes(expected))
                    append_note(store, case, expected)
            except Refused:
                continue
            except BaseException as error:
                unexpected.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    for number, case in enumerate(cases):
        gate.wait()
        time.sleep(number * 0.004)
        store.erase(HOUSE, case, later(1))
    writer.join()
    assert unexpected == []
    assert list(doctor(store, HOUSE, fold)) == []
    assert store.database.ask("SELECT count(*) FROM event WHERE sealed IS NOT NULL") == [(0,)]


# ---- backups -----------------------------------------------------------------------------------------------


def test_a_restored_backup_is_whole(
    house: Installation, install: Callable[[str], Installation], tmp_path: Path
) -> None:
    planted = plant(house)
    said = backup(planted.store, tmp_path / "b" / "data", tmp_path / "b-keys")
    assert (said.made, said.master) == (AT, house.masters.current.id)
    append_note(planted.store, NEIGHBOUR, 1)  # after the backup: not in it
    other = install("restored")
    restored = restore(
        tmp_path / "b" / "data",
        tmp_path / "b-keys",
        database=other.make(),
        keys=other.keys,
        blobs=other.blobs,
        masters=house.masters,
    )
    other.opened.append(restored)
    assert restored.load(HOUSE, CASE) == planted.store.load(HOUSE, CASE)
    assert restored.get(HOUSE, CASE, planted.sha256) == FILE
    assert restored.search(HOUSE, (IDENTIFIER,), (2026,)) == (CASE,)
    assert restored.verify_chain(HOUSE, NEIGHBOUR) == 1
    append_note(restored, NEIGHBOUR, 1)
    assert len(restored.load(HOUSE, NEIGHBOUR)) == 2


def test_what_was_erased_after_a_backup_stays_erased_when_it_is_restored(
    house: Installation, install: Callable[[str], Installation], tmp_path: Path
) -> None:
    """The copy of the keyring was away when the case was erased, as an offline copy is: the key is in it."""
    planted = plant(house)
    data, keys, away = tmp_path / "b-data", tmp_path / "b-keys", tmp_path / "away"
    backup(planted.store, data, keys)
    keys.rename(away)
    assert planted.store.erase(HOUSE, CASE, later(1)).unreached == (keys / "keys.sqlite",)
    assert found_on_disk(planted.wrapped, away) != []

    other = install("restored")
    restored = restore(
        data,
        away,
        database=other.make(),
        keys=other.keys,
        blobs=other.blobs,
        masters=house.masters,
        ledgers=(planted.store.ledger.path,),
    )
    other.opened.append(restored)
    with pytest.raises(Refused, match="erased"):
        restored.load(HOUSE, CASE)
    with pytest.raises(Refused, match="erased"):
        restored.get(HOUSE, CASE, planted.sha256)
    assert restored.erased(HOUSE, CASE) == later(1)
    assert restored.verify_chain(HOUSE, CASE) == 2
    assert restored.search(HOUSE, (IDENTIFIER,), (2026,)) == ()
    assert len(restored.load(HOUSE, NEIGHBOUR)) == 1
    for mark in (*MARKS, planted.plain, planted.wrapped):
        assert found_on_disk(mark, *other.files()) == []


def test_a_copy_that_was_away_is_reached_when_it_is_back(house: Installation, tmp_path: Path) -> None:
    planted = plant(house)
    keys, away = tmp_path / "b-keys", tmp_path / "away"
    backup(planted.store, tmp_path / "b-data", keys)
    keys.rename(away)
    planted.store.erase(HOUSE, CASE, later(1))
    assert planted.store.reach_copies().unreached == (keys / "keys.sqlite",)
    away.rename(keys)
    assert planted.store.reach_copies().unreached == ()
    assert found_on_disk(planted.wrapped, keys) == []


def test_a_copy_that_is_broken_is_named_and_stops_no_erasure(house: Installation, tmp_path: Path) -> None:
    planted = plant(house)
    keys = tmp_path / "b-keys"
    backup(planted.store, tmp_path / "b-data", keys)
    (keys / "keys.sqlite").write_bytes(b"no keyring any more" * 100)
    assert planted.store.erase(HOUSE, CASE, later(1)).unreached == (keys / "keys.sqlite",)
    assert planted.store.erased(HOUSE, CASE) == later(1)


def test_a_reached_backup_cannot_open_the_erased_case_even_without_any_ledger(
    house: Installation, install: Callable[[str], Installation], tmp_path: Path
) -> None:
    planted = plant(house)
    data, keys = tmp_path / "b-data", tmp_path / "b-keys"
    backup(planted.store, data, keys)
    planted.store.erase(HOUSE, CASE, later(1))
    (keys / "erased.log").unlink(missing_ok=True)
    other = install("restored")
    restored = restore(
        data, keys, database=other.make(), keys=other.keys, blobs=other.blobs, masters=house.masters
    )
    other.opened.append(restored)
    with pytest.raises(Refused, match="missing from the keyring"):
        restored.load(HOUSE, CASE)
    with pytest.raises(Refused):
        restored.get(HOUSE, CASE, planted.sha256)
    assert len(restored.load(HOUSE, NEIGHBOUR)) == 1

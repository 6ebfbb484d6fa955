from __future__ import annotations

import threading
from pathlib import Path

import pytest

from habeas.errors import Refused
from habeas.store.keyring import Keyring
from habeas.store.keys import MasterKey, MasterKeys

OLD, NEW = MasterKey(b"o" * 32), MasterKey(b"n" * 32)


def bytes_on_disk(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.glob(path.name + "*"))


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys.sqlite", MasterKeys(OLD))


def test_a_key_is_made_once_and_is_the_same_ever_after(ring: Keyring) -> None:
    assert ring.key("house", "1") is None
    made = ring.made("house", "1")
    assert len(made) == 32
    assert ring.made("house", "1") == ring.key("house", "1") == made
    assert ring.made("house", "2") != made
    assert ring.made("other", "1") != made
    ring.close()
    assert Keyring(ring.path, MasterKeys(OLD)).key("house", "1") == made


def test_many_who_make_a_key_at_once_get_the_same(ring: Keyring) -> None:
    got: set[bytes] = set()
    gate = threading.Barrier(6)

    def make() -> None:
        gate.wait()
        got.add(ring.made("house", "1"))

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_no_plain_key_is_on_the_disk(ring: Keyring) -> None:
    assert ring.made("house", "1") not in bytes_on_disk(ring.path)


def test_a_key_made_for_nothing_is_taken_back_while_others_read(ring: Keyring) -> None:
    kept = ring.made("house", "1")
    ring.made("house", "2")
    ring.unmade("house", "2")
    assert (ring.key("house", "1"), ring.key("house", "2")) == (kept, None)
    ring.unmade("house", "2")


def test_a_destroyed_key_is_in_no_file_and_its_neighbours_are(ring: Keyring) -> None:
    for number in range(300):
        ring.made("house", str(number))
    wrapped = {
        name: bytes(data) for name, data in ring._file.ask("SELECT name, wrapped FROM casekey ORDER BY name")
    }
    assert all(data in bytes_on_disk(ring.path) for data in wrapped.values())
    assert ring.destroy("house", "7", "150", "none") == 2
    left = bytes_on_disk(ring.path)
    assert [name for name, data in wrapped.items() if data not in left] == ["150", "7"]
    assert ring.key("house", "7") is None
    assert ring.destroy("house", "7") == 0


def test_a_key_cannot_be_given_to_another_case(ring: Keyring) -> None:
    ring.made("house", "1")
    with ring._file.transaction() as run:
        run("UPDATE casekey SET name = '2'")
    with pytest.raises(Refused, match="does not open"):
        ring.key("house", "2")


def test_rotation_leaves_nothing_under_the_old_key_and_no_old_bytes(ring: Keyring) -> None:
    keys = {str(number): ring.made("house", str(number)) for number in range(50)}
    wrapped = [bytes(data) for (data,) in ring._file.ask("SELECT wrapped FROM casekey")]
    assert ring.rotate(NEW, at_most=20, at_once=10) == 20
    assert {name: ring.key("house", name) for name in keys} == keys
    assert ring.rotate(NEW, at_once=10) == 30
    assert ring.rotate(NEW) == 0
    left = bytes_on_disk(ring.path)
    assert not any(data in left for data in wrapped)
    ring.masters = MasterKeys(NEW)
    assert {name: ring.key("house", name) for name in keys} == keys


def test_how_many_keys_each_master_key_wraps_is_known(ring: Keyring) -> None:
    assert ring.under() == {}
    for number in range(5):
        ring.made("house", str(number))
    ring.rotate(NEW, at_most=2, at_once=2)
    assert ring.under() == {OLD.id: 3, NEW.id: 2}
    ring.rotate(NEW)
    assert ring.under() == {NEW.id: 5}


def test_after_a_rotation_nobody_wraps_a_key_under_the_old_one(ring: Keyring) -> None:
    still = Keyring(ring.path, MasterKeys(OLD))  # a process that was not stopped
    still.made("house", "1")
    ring.rotate(NEW, at_most=1, at_once=1)
    assert still.made("house", "2"), "not finished, and the old key is kept"
    assert ring.rotate(NEW) == 1
    with pytest.raises(Refused, match="took the place"):
        still.made("house", "3")
    assert ring.made("house", "3")
    assert Keyring(ring.path, MasterKeys(NEW)).key("house", "2")
    assert ring.rotate(OLD) == 3, "and back, where somebody wants it"
    assert still.made("house", "4")


def test_rotation_without_the_old_key_is_refused_and_harms_nothing(ring: Keyring) -> None:
    made = ring.made("house", "1")
    ring.masters = MasterKeys(NEW)
    with pytest.raises(Refused, match="not at hand"):
        ring.rotate(NEW)
    ring.masters = MasterKeys(NEW, (OLD,))
    assert ring.key("house", "1") == made


def test_a_copy_is_complete_and_by_itself(ring: Keyring, tmp_path: Path) -> None:
    made = ring.made("house", "1")
    (tmp_path / "copy").mkdir()
    copy = tmp_path / "copy" / "keys.sqlite"
    ring.copy(copy)
    assert [each.name for each in copy.parent.iterdir()] == ["keys.sqlite"]
    assert copy.stat().st_mode & 0o077 == 0
    assert Keyring(copy, MasterKeys(OLD)).key("house", "1") == made


def test_copies_are_remembered_and_can_be_forgotten(ring: Keyring, tmp_path: Path) -> None:
    for name in ("b", "a", "a"):
        ring.register(tmp_path / name, "2026-11-21")
    assert ring.copies() == (tmp_path / "a", tmp_path / "b")
    ring.forget(tmp_path / "a")
    assert ring.copies() == (tmp_path / "b",)


def test_names_come_in_order_however_many(ring: Keyring) -> None:
    with ring._file.transaction() as run:
        for number in range(2500):
            run("INSERT INTO casekey VALUES ('house', ?, 'm', x'00')", f"{number:04d}")
    assert list(ring.names("house")) == [f"{number:04d}" for number in range(2500)]


def test_only_we_can_read_the_keyring(ring: Keyring) -> None:
    assert ring.path.stat().st_mode & 0o077 == 0

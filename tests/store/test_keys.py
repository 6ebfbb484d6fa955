from __future__ import annotations

from pathlib import Path

import pytest

from habeas.errors import Refused
from habeas.store.keys import (
    MasterKey,
    MasterKeys,
    from_credential,
    from_key_file,
    from_passphrase,
    handed_over,
    new_key_file,
    new_passphrase_file,
)

FAST = 2**4  # scrypt's cost in tests; the shipped cost takes half a second


def test_a_wrapped_key_opens_with_its_context_only() -> None:
    master = MasterKey(b"m" * 32)
    wrapped = master.wrap(b"k" * 32, b"case 1")
    assert master.unwrap(wrapped, b"case 1") == b"k" * 32
    for other, context in ((master, b"case 2"), (MasterKey(b"n" * 32), b"case 1")):
        with pytest.raises(Refused, match="does not open"):
            other.unwrap(wrapped, context)
    with pytest.raises(Refused, match="does not open"):
        master.unwrap(b"", b"case 1")


def test_the_same_key_is_never_wrapped_to_the_same_bytes() -> None:
    master = MasterKey(b"m" * 32)
    assert master.wrap(b"k" * 32, b"") != master.wrap(b"k" * 32, b"")


def test_a_master_key_never_shows_itself() -> None:
    master = MasterKey(b"m" * 32)
    assert "mmm" not in repr(master) + master.id
    assert b"m".hex() * 8 not in repr(master) + master.id
    assert not hasattr(master, "__dict__")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(Refused, match="needs 32"):
        MasterKey(b"m" * length)


def test_the_master_key_in_use_and_older_ones_are_found_by_their_id() -> None:
    old, new = MasterKey(b"o" * 32), MasterKey(b"n" * 32)
    both = MasterKeys(new, (old,))
    assert both.of(old.id) is old
    assert both.of(new.id) is new
    with pytest.raises(Refused, match="not at hand"):
        MasterKeys(new).of(old.id)


def test_a_passphrase_gives_the_same_key_again_and_another_passphrase_none(tmp_path: Path) -> None:
    path = tmp_path / "master.json"
    made = new_passphrase_file(path, "four words of ours", n=FAST)
    assert from_passphrase(path, "four words of ours").id == made.id
    assert b"four" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(Refused, match="not the passphrase"):
        from_passphrase(path, "four words of theirs")


def test_the_shipped_cost_of_a_guess_is_a_hundred_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "master.json"
    made = new_passphrase_file(path, "four words of ours")
    assert '"n": 131072' in path.read_text()
    assert from_passphrase(path, "four words of ours").id == made.id


def test_two_installations_with_one_passphrase_have_two_keys(tmp_path: Path) -> None:
    made = [new_passphrase_file(tmp_path / name, "the same", n=FAST).id for name in ("a", "b")]
    assert made[0] != made[1]


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "master"
    new_key_file(path)
    with pytest.raises(Refused, match="already"):
        new_key_file(path)
    with pytest.raises(Refused, match="already"):
        new_passphrase_file(path, "x", n=FAST)


@pytest.mark.parametrize("content", ["", "{}", '{"kdf":"scrypt"}', "\0", '{"kdf":1,"salt":"zz"}'])
def test_what_is_no_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "master.json"
    path.write_text(content)
    with pytest.raises(Refused, match="no key file"):
        from_passphrase(path, "x")


def test_another_way_of_stretching_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.json"
    new_passphrase_file(path, "x", n=FAST)
    path.write_text(path.read_text().replace("scrypt", "md5"))
    with pytest.raises(Refused, match="asks for md5"):
        from_passphrase(path, "x")


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master"
    made = new_key_file(path)
    assert from_key_file(path).id == made.id
    for mode in (0o640, 0o604, 0o660, 0o644):
        path.chmod(mode)
        with pytest.raises(Refused, match="others on this machine"):
            from_key_file(path)
    path.chmod(0o400)
    assert from_key_file(path).id == made.id


def test_a_key_file_may_be_raw_bytes_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "master"
    path.touch(0o600)
    path.write_bytes(b"m" * 32)
    assert from_key_file(path).id == MasterKey(b"m" * 32).id
    for data in (b"", b"m" * 31, b"zz" * 32, b"00" * 31, b"\xff" * 64):
        path.write_bytes(data)
        with pytest.raises(Refused) as refused:
            from_key_file(path)
        assert refused.value.place == str(path)


def test_a_key_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no key file"):
        from_key_file(tmp_path / "none")
    with pytest.raises(Refused, match="no key file"):
        from_passphrase(tmp_path / "none", "x")


def test_systemd_hands_the_key_over(tmp_path: Path) -> None:
    path = tmp_path / "habeas-master"
    for data in (b"m" * 32, b"m".hex().encode() * 32 + b"\n"):
        path.write_bytes(data)
        assert from_credential(path).id == MasterKey(b"m" * 32).id
    path.write_bytes(b"m" * 31)
    with pytest.raises(Refused, match="no master key"):
        from_credential(path)
    assert handed_over("habeas-master", {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == path
    assert handed_over("other", {"CREDENTIALS_DIRECTORY": str(tmp_path)}) is None
    assert handed_over("habeas-master", {}) is None


def test_a_passphrase_is_the_same_however_its_accents_are_written(tmp_path: Path) -> None:
    path = tmp_path / "master.json"
    made = new_passphrase_file(path, "caf\u00e9 four words", n=FAST)
    assert from_passphrase(path, "cafe\u0301 four words").id == made.id


@pytest.mark.parametrize("cost", [3, -1, 2**70])
def test_a_cost_that_cannot_be_paid_is_refused(tmp_path: Path, cost: int) -> None:
    path = tmp_path / "master.json"
    new_passphrase_file(path, "x", n=FAST)
    path.write_text(path.read_text().replace('"n": 16', f'"n": {cost}'))
    with pytest.raises(Refused):
        from_passphrase(path, "x")

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from habeas.errors import Refused
from habeas.store.blobs import Blobs


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def _write(blobs: Blobs, case: str, name: str, sealed: bytes) -> None:
    half = blobs.begin("house", case, name)
    half.write(sealed)
    half.named(name)


@pytest.fixture
def little_room() -> Iterator[None]:
    """The kernel refuses to let a file grow beyond 64 KiB, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_is_read_as_it_was_written(blobs: Blobs) -> None:
    _write(blobs, "1", "a", b"sealed")
    with blobs.open("house", "1", "a") as file:  # type: ignore[union-attr]
        assert file.read() == b"sealed"
    assert blobs.open("house", "1", "b") is None
    assert blobs.open("house", "2", "a") is None
    assert blobs.names("house", "1") == ("a",)
    assert blobs.names("house", "2") == ()
    assert blobs.path("house", "1", "a").stat().st_mode & 0o077 == 0


def test_where_there_is_no_room_nothing_is_left(blobs: Blobs, little_room: None) -> None:
    with pytest.raises(Refused, match="no room"):
        _write(blobs, "1", "a", bytes(100_000))
    assert blobs.names("house", "1") == ()
    _write(blobs, "1", "a", bytes(1000))
    assert blobs.names("house", "1") == ("a",)


def test_a_half_that_is_discarded_leaves_nothing(blobs: Blobs) -> None:
    half = blobs.begin("house", "1", "a")
    half.write(b"sealed")
    half.discard()
    half.discard()
    assert blobs.names("house", "1") == ()


def test_a_half_that_a_crash_left_is_swept_away_and_one_that_is_written_at_is_not(blobs: Blobs) -> None:
    young = blobs.begin("house", "1", "young")
    old = blobs.path("house", "1", "old.99.half")
    old.write_bytes(b"left by a crash")
    os.utime(old, (0, 0))
    half = blobs.begin("house", "1", "new")
    assert not old.exists()
    for each in (young, half):
        each.named("a")
    assert blobs.names("house", "1") == ("a",)


@pytest.mark.parametrize("after", range(1, 4))
def test_a_file_of_a_case_that_is_erased_meanwhile_is_refused_in_words(
    blobs: Blobs, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(blobs, "1", "a", b"sealed")
    blobs.remove("house", "1")
    real, done = os.mkdir, os.fsync
    steps = 0

    def erased(*given: Any) -> None:
        nonlocal steps
        steps += 1
        if steps == after:
            blobs.remove("house", "1")

    def mkdir(path: Any, *more: Any, **named: Any) -> None:
        real(path, *more, **named)
        erased()

    def fsync(file: int) -> None:
        done(file)
        erased()

    monkeypatch.setattr(os, "mkdir", mkdir)
    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Refused, match="erased while a file of it was written"):
        _write(blobs, "1", "b", b"sealed")
    assert blobs.names("house", "1") == ()


def test_a_file_that_is_begun_while_its_case_is_removed_goes_too(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(blobs, "1", "a", b"sealed")
    real, begun = os.rmdir, []

    def rmdir(path: Any, **named: Any) -> None:
        if not begun:
            begun.append(blobs.begin("house", "1", "b"))
        real(path, **named)

    monkeypatch.setattr(os, "rmdir", rmdir)
    blobs.remove("house", "1")
    assert begun
    assert list(blobs.cases("house")) == []
    with pytest.raises(Refused, match="erased while a file of it was written"):
        begun[0].named("b")


def test_a_case_that_may_not_be_removed_says_so(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(blobs, "1", "a", b"sealed")

    def rmdir(path: Any, **named: Any) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "rmdir", rmdir)
    with pytest.raises(PermissionError):
        blobs.remove("house", "1")


def test_removing_a_case_takes_every_file_of_it_and_no_other(blobs: Blobs) -> None:
    for case in ("1", "2"):
        _write(blobs, case, "a", b"sealed")
    blobs.path("house", "1", "b.99.half").write_bytes(b"left by a crash")
    blobs.remove("house", "1")
    blobs.remove("house", "1")
    assert blobs.names("house", "1") == ()
    assert blobs.names("house", "2") == ("a",)
    assert list(blobs.cases("house")) == ["2"]
    assert list(blobs.cases("other")) == []


def test_a_copy_has_every_whole_file(blobs: Blobs, tmp_path: Path) -> None:
    _write(blobs, "1", "a", b"sealed")
    blobs.path("house", "1", "b.99.half").write_bytes(b"being written")
    blobs.copy(tmp_path / "copy")
    copied = Blobs(tmp_path / "copy")
    assert copied.names("house", "1") == ("a",)
    assert copied.path("house", "1", "a").read_bytes() == b"sealed"

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


@pytest.fixture
def little_room() -> Iterator[None]:
    """The kernel refuses to let a file grow beyond 64 KiB, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_is_read_as_it_was_written(blobs: Blobs) -> None:
    blobs.write("house", "1", "a", b"sealed")
    assert blobs.read("house", "1", "a") == b"sealed"
    assert blobs.read("house", "1", "b") is None
    assert blobs.read("house", "2", "a") is None
    assert blobs.names("house", "1") == ("a",)
    assert blobs.names("house", "2") == ()
    assert blobs.path("house", "1", "a").stat().st_mode & 0o077 == 0


def test_where_there_is_no_room_nothing_is_left(blobs: Blobs, little_room: None) -> None:
    with pytest.raises(Refused, match="no room"):
        blobs.write("house", "1", "a", bytes(100_000))
    assert blobs.names("house", "1") == ()
    blobs.write("house", "1", "a", bytes(1000))
    assert blobs.names("house", "1") == ("a",)


@pytest.mark.parametrize("after", range(1, 4))
def test_a_file_of_a_case_that_is_erased_meanwhile_is_refused_in_words(
    blobs: Blobs, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs.write("house", "1", "a", b"sealed")
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
        blobs.write("house", "1", "b", b"sealed")
    assert blobs.names("house", "1") == ()


def test_removing_a_case_takes_every_file_of_it_and_no_other(blobs: Blobs) -> None:
    for case in ("1", "2"):
        blobs.write("house", case, "a", b"sealed")
    blobs.path("house", "1", "b.99.half").write_bytes(b"left by a crash")
    blobs.remove("house", "1")
    blobs.remove("house", "1")
    assert blobs.names("house", "1") == ()
    assert blobs.names("house", "2") == ("a",)
    assert list(blobs.cases("house")) == ["2"]
    assert list(blobs.cases("other")) == []


def test_a_copy_has_every_whole_file(blobs: Blobs, tmp_path: Path) -> None:
    blobs.write("house", "1", "a", b"sealed")
    blobs.path("house", "1", "b.99.half").write_bytes(b"being written")
    blobs.copy(tmp_path / "copy")
    copied = Blobs(tmp_path / "copy")
    assert copied.names("house", "1") == ("a",)
    assert copied.read("house", "1", "a") == b"sealed"

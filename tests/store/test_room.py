from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from habeas.store.room import NO_ROOM, no_room
from tests.store.disk import MISSING, Disk


def test_what_the_system_answers_for_a_full_disk_is_known(tmp_path: Path) -> None:
    try:
        disk = Disk(tmp_path / "small", 1)
    except PermissionError:
        pytest.skip(MISSING)
    try:
        disk.fill(0)
        with pytest.raises(OSError, match="No space") as full:
            (disk.folder / "more").write_bytes(b"more")
        assert full.value.errno in NO_ROOM
        disk.empty()
        assert disk.free() > os.sysconf("SC_PAGE_SIZE")
    finally:
        disk.close()


def test_another_failure_of_the_disk_is_not_taken_for_it() -> None:
    assert NO_ROOM.isdisjoint({errno.EIO, errno.EROFS, errno.EACCES, errno.ENOENT})


def test_it_says_where_and_what_to_do() -> None:
    said = no_room(Path("/srv/data"))
    assert (said.place, said.hint) == ("/srv/data", "make room, then do it again")

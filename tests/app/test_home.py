"""Files of the home folder are their owner's alone, and a mistyped folder is none."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from habeas.app.home import private, there, write_private
from habeas.errors import Refused


def test_a_folder_and_a_file_are_for_their_owner_alone(tmp_path: Path) -> None:
    private(tmp_path / "data", tmp_path / "data" / "blobs")
    write_private(tmp_path / "data" / "key", b"first, and longer")
    write_private(tmp_path / "data" / "key", b"second")
    modes = {
        stat.S_IMODE(path.stat().st_mode) for path in ((tmp_path / "data"), (tmp_path / "data" / "blobs"))
    }
    assert modes == {0o700}
    assert stat.S_IMODE((tmp_path / "data" / "key").stat().st_mode) == 0o600
    assert (tmp_path / "data" / "key").read_bytes() == b"second"


def test_a_folder_without_records_is_no_installation(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no installation here"):
        there(tmp_path)
    private(tmp_path / "data")
    there(tmp_path)

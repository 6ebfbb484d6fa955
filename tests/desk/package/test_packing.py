"""The bag holds exactly what was shown, and other people's tools find it whole."""

from __future__ import annotations

import io
import tarfile
import warnings
from datetime import timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from habeas.assess import Ceiling
from habeas.desk.package import packing
from habeas.desk.package.leaving import Preview, preview
from habeas.desk.package.packing import bag
from habeas.desk.package.reading import check_bag, members
from habeas.errors import Refused
from tests.desk.package.packages import (
    APPROVED,
    AT,
    FILES,
    PAPER,
    SUBSCRIBER,
    TRAFFIC,
    a_file,
    tarred,
    unpacked,
)


def test_no_name_of_a_file_and_no_trace_of_the_machine_is_in_the_bag() -> None:
    tar = tarred()
    assert b"Example (home)" not in tar
    assert b"log.csv" not in tar
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        for one in archive:
            assert (one.uid, one.gid, one.uname, one.gname, one.mode) == (0, 0, "", "", 0o644)
            assert one.mtime == int(AT.timestamp())


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert tarred() == tarred()
    elsewhere = msgspec.structs.replace(PAPER, at=AT.astimezone(timezone(timedelta(hours=9))))
    assert tarred(paper=elsewhere) == tarred()


def test_another_moment_gives_other_bytes() -> None:
    assert tarred(paper=msgspec.structs.replace(PAPER, at=AT + timedelta(days=1))) != tarred()


def test_the_order_of_items_is_that_of_the_decision_whatever_order_files_come_in() -> None:
    assert tarred(files=(FILES[1], FILES[0], FILES[2])) == tarred(files=FILES[:3])


def _validated_by_the_library_of_congress(where: Path) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks an old part of setuptools for its own version
        import bagit
    return bool(bagit.Bag(str(where)).validate(processes=1))


def _extract(tar: bytes, where: Path) -> Path:
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        archive.extractall(where, filter="data")
    return where / PAPER.id


def test_the_library_of_congress_finds_our_bag_valid(tmp_path: Path) -> None:
    assert _validated_by_the_library_of_congress(_extract(tarred(), tmp_path))


def test_the_library_of_congress_sees_our_bag_changed(tmp_path: Path) -> None:
    where = _extract(tarred(), tmp_path)
    (where / "data/target-1/item-1/file-00001.csv").write_bytes(SUBSCRIBER[:-1] + b"X")
    with pytest.raises(Exception, match="Bag validation failed"):
        _validated_by_the_library_of_congress(where)


def test_our_own_reader_finds_our_bag_whole() -> None:
    top, found = members(io.BytesIO(tarred()))
    contents = check_bag(found)
    assert top == PAPER.id
    assert len(contents.payload) == 3
    assert contents.unlisted == ()
    assert contents.algorithms == contents.tag_algorithms == ("sha256", "sha512")


def test_the_bag_says_who_when_and_how_much() -> None:
    info = unpacked(tarred())["bag-info.txt"].decode().splitlines()
    assert "Source-Organization: Example Provider" in info
    assert "External-Identifier: 4 Js 17/26" in info
    assert "Bagging-Date: 2026-11-21" in info
    assert f"Payload-Oxum: {len(SUBSCRIBER) + len(TRAFFIC)}.3" in info


def test_a_reference_that_was_not_stated_is_left_out() -> None:
    info = unpacked(tarred(paper=msgspec.structs.replace(PAPER, reference="")))["bag-info.txt"]
    assert b"External-Identifier" not in info


def test_a_package_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="nothing may leave"):
        tarred(files=FILES[3:])


def test_what_leaves_is_what_was_shown_or_nothing() -> None:
    shown = preview(APPROVED, FILES)
    for files in (FILES[:2], (*FILES, a_file(b"one more"))):
        with pytest.raises(Refused, match="no longer what was shown"):
            list(bag(shown, APPROVED, files, PAPER))
    wider = (APPROVED[0], msgspec.structs.replace(APPROVED[1], ceiling=Ceiling.CONTENT), APPROVED[2])
    with pytest.raises(Refused, match="no longer what was shown"):
        list(bag(shown, wider, FILES, PAPER))
    with pytest.raises(Refused, match="no longer what was shown"):
        list(bag(Preview(leaving=shown.leaving, stripped=()), APPROVED, FILES, PAPER))


def test_a_file_beyond_eight_gibibytes_gets_a_header_every_tar_can_read() -> None:
    header = packing._header("x/data/target-1/item-1/file-00001.bin", 9 << 30, 0)
    with tarfile.open(fileobj=io.BytesIO(header), mode="r:") as archive:
        first = archive.next()
    assert first is not None
    assert first.size == 9 << 30

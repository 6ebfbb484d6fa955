"""A bag that is incomplete, lenient or misleading is refused; what the RFC allows is not."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
import zlib
from typing import Any

import pytest

from habeas.desk.package import reading
from habeas.desk.package.packing import BAGIT
from habeas.desk.package.reading import check_bag, members
from habeas.errors import Refused
from tests.desk.package.packages import opened
from tests.published import BAGIT as SUITE


def _odd_tar(**changes: Any) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("x/data/a")
        for name, value in changes.items():
            setattr(info, name, value)
        archive.addfile(info)
        archive.addfile(tarfile.TarInfo("x/data/b"))
    return out.getvalue()


@pytest.mark.parametrize(
    "tar",
    [
        _odd_tar(type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        _odd_tar(type=tarfile.LNKTYPE, linkname="x/data/b"),
        _odd_tar(type=tarfile.CHRTYPE),
        _odd_tar(type=tarfile.FIFOTYPE),
        _odd_tar(name="/x/data/a"),
        _odd_tar(name="x/../../a"),
        _odd_tar(name="y/data/a"),
        _odd_tar(name="x/data/b"),
        _odd_tar(name="a"),
        b"",
        b"not a tar" * 100,
        zlib.compress(b"x"),
    ],
    ids=[
        *("symbolic link", "hard link", "device", "pipe", "absolute", "upwards", "two folders", "twice"),
        *("no folder", "empty", "text", "compressed"),
    ],
)
def test_a_tar_that_could_reach_outside_or_mislead_is_refused(tar: bytes) -> None:
    with pytest.raises(Refused):
        members(io.BytesIO(tar))


def test_a_plain_tar_with_a_folder_in_it_is_not_refused() -> None:
    assert members(io.BytesIO(_odd_tar()))[1].keys() == {"data/a", "data/b"}
    assert members(io.BytesIO(_odd_tar(type=tarfile.DIRTYPE)))[1].keys() == {"data/b"}


def _small_bag(**changes: bytes | None) -> dict[str, bytes]:
    data = {"bagit.txt": BAGIT, "data/a": b"a"}
    data["manifest-sha256.txt"] = f"{hashlib.sha256(b'a').hexdigest()}  data/a\n".encode()
    named = {name.replace("__", ".").replace("_", "-"): value for name, value in changes.items()}
    return {path: value for path, value in {**data, **named}.items() if value is not None}


@pytest.mark.parametrize(
    "change",
    [
        {"bagit__txt": None},
        {"bagit__txt": BAGIT.replace(b"1.0", b"0.97")},
        {"bagit__txt": BAGIT.replace(b"UTF-8", b"UTF-16")},
        {"bagit__txt": b"\xef\xbb\xbf" + BAGIT},
        {"bagit__txt": b"\xff" + BAGIT},
        {"bagit__txt": BAGIT + b"\n"},
        {"manifest_sha256__txt": None},
        {"manifest_sha256__txt": b"\n"},
        {"manifest_sha256__txt": b"abc  data/a\n"},
        {"manifest_sha256__txt": b"data/a\n"},
        {"manifest_sha256__txt": (hashlib.sha256(b"a").hexdigest().encode() + b"  data/a\n") * 2},
        {"manifest_md5__txt": b"0cc175b9c0f1b6a831c399e269772661  data/a\n"},
        {"fetch__txt": b"https://example.org/a 1 data/a\n"},
        {"tagmanifest_sha256__txt": b"\n"},
        {"tagmanifest_sha256__txt": hashlib.sha256(b"a").hexdigest().encode() + b"  data/a\n"},
        {"bag_info__txt": b"Payload-Oxum: 1.2\n"},
        {"bag_info__txt": b"payload-oxum : 2.1\n"},
        {"DATA/A": b"", "Data/a": b""},
    ],
    ids=lambda change: ",".join(change),
)
def test_a_bag_that_is_incomplete_or_lenient_is_refused(change: dict[str, bytes | None]) -> None:
    with pytest.raises(Refused):
        check_bag(opened(_small_bag(**change)))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"bagit__txt": BAGIT.replace(b"\n", b"\r\n")},
        {"bagit__txt": BAGIT.rstrip()},
        {"bag_info__txt": b"Payload-Oxum: 1.1\nAnything: else\n"},
        {"notes__txt": b"unlisted"},
        {"manifest_sha256__txt": hashlib.sha256(b"a").hexdigest().upper().encode() + b"\t./data/a\r\n"},
    ],
    ids=lambda change: ",".join(change),
)
def test_a_bag_as_the_rfc_allows_it_is_not_refused(change: dict[str, bytes]) -> None:
    contents = check_bag(opened(_small_bag(**change)))
    assert contents.payload == ("data/a",)
    assert ("notes.txt" in contents.unlisted) is ("notes__txt" in change)


def test_a_tag_file_too_large_to_be_one_is_not_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(_small_bag()["manifest-sha256.txt"])
    monkeypatch.setattr(reading, "LARGEST_TAG_FILE", size)
    check_bag(opened(_small_bag()))
    monkeypatch.setattr(reading, "LARGEST_TAG_FILE", size - 1)
    with pytest.raises(Refused, match="too large"):
        check_bag(opened(_small_bag()))


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "data/../../a",
        "/a",
        "~/a",
        "~root/a",
        "C:/a",
        "c:a",
        "data\\a",
        "data//a",
        "data/./a",
        "a\0b",
        "",
    ],
)
def test_a_path_that_leads_out_of_the_bag_somewhere_is_refused(path: str) -> None:
    with pytest.raises(Refused, match="leads out of the bag"):
        check_bag(opened({**_small_bag(), path: b""}))


def test_a_line_break_in_a_name_is_written_as_the_rfc_says() -> None:
    data = {"bagit.txt": BAGIT, "data/a\nb%": b"a"}
    data["manifest-sha256.txt"] = f"{hashlib.sha256(b'a').hexdigest()}  data/a%0Ab%25\n".encode()
    assert check_bag(opened(data)).payload == ("data/a\nb%",)


def _bags(version: str) -> dict[tuple[str, str], dict[str, bytes]]:
    """Every bag of the suite, by (expectation, name)."""
    found: dict[tuple[str, str], dict[str, bytes]] = {}
    for name, data in SUITE.files().items():
        of, expected, bag_name, *rest = name.split("/")
        if rest and of == version:
            found.setdefault((expected, bag_name), {})["/".join(rest)] = data
    return found


@SUITE.needed
def test_the_suite_of_the_library_of_congress_for_version_1_is_judged_as_it_says() -> None:
    bags = _bags("v1.0")
    assert sorted(expected for expected, _ in bags) == ["invalid"] * 4 + ["valid"]
    for (expected, name), files in bags.items():
        if expected == "valid":
            assert check_bag(opened(files)).payload, name
        else:
            with pytest.raises(Refused):
                check_bag(opened(files))


def _retold(files: dict[str, bytes]) -> dict[str, bytes]:
    """A bag of version 0.97 as one of version 1.0 with SHA-256 or SHA-512; a wrong hash stays wrong.

    The suite has most of its cases in the old version, and what they test did not change.
    """
    strong = ("sha256", "sha512")
    told = dict(files)
    if "bagit.txt" in told:
        told["bagit.txt"] = re.sub(rb"0\.97", b"1.0", told["bagit.txt"]).replace(b"1.0 ", b"1.0")
    lists = {path: found for path in files if (found := re.fullmatch(r"(tag)?manifest-(\w+)\.txt", path))}
    renamed = {path: path.replace(f"-{found[2]}.", "-sha256.") for path, found in lists.items()}
    renamed |= {path: path for path, found in lists.items() if found[2] in strong}
    for path in lists:
        del told[path]
    for path in sorted(lists):  # tag manifests last: they hash the others
        algorithm, lines = lists[path][2], []
        for line in files[path].decode("utf-8").splitlines():
            value, name = line.split(None, 1)
            plain = name.removeprefix("*").removeprefix("./").replace("%0A", "\n").replace("%25", "%")
            right = hashlib.new(algorithm, files.get(plain, b"")).hexdigest() == value.lower()
            now = told.get(renamed.get(plain, plain), b"") if right else b"something else"
            hashed = hashlib.new(algorithm if algorithm in strong else "sha256", now).hexdigest()
            lines.append(f"{hashed} {renamed.get(plain, name)}\n")
        if renamed[path] == path or renamed[path] not in lists:
            told[renamed[path]] = "".join(dict.fromkeys(lines) if path != renamed[path] else lines).encode()
    return told


REFUSED_ON_PURPOSE = {
    "ISO-8859-1-encoded-tag-files": "UTF-8",  # one encoding, so that nobody reads a path differently
    "UTF-16-encoded-tag-files": "UTF-8",
    "holey-bag": "fetched",  # a package is whole when it leaves
}


@SUITE.needed
def test_the_older_bags_of_the_suite_are_judged_as_it_says() -> None:
    bags = {key: files for key, files in _bags("v0.97").items() if "bagit.txt" in files or len(files) > 1}
    count = dict.fromkeys(("valid", "invalid", "linux-only", "windows-only", "warning"), 0)
    for (expected, name), files in bags.items():
        count[expected] += 1
        encoded = name == "UTF-16-encoded-tag-files"  # its manifests cannot be told again
        told = files if encoded else _retold(files)
        if expected == "valid" and name not in REFUSED_ON_PURPOSE:
            assert check_bag(opened(told)).payload, name
        elif expected != "warning":  # those may be judged either way
            with pytest.raises(Refused, match=REFUSED_ON_PURPOSE.get(name)):
                check_bag(opened(told))
    assert count == {"valid": 12, "invalid": 11, "linux-only": 6, "windows-only": 6, "warning": 6}

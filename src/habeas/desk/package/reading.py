"""A bag that came from elsewhere, read: is it complete, valid and unchanged (RFC 8493 section 3)?

Stricter than the RFC where leniency helps only a forger. Knows bags and nothing of what a house signs.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
import unicodedata
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from habeas.desk.package.values import CHUNK, HEX_LENGTHS, Opener, Value
from habeas.errors import Refused

LARGEST_TAG_FILE = 64 << 20  # bytes; the SHA-512 manifest of 390,000 files


def digest(source: BinaryIO, *algorithms: str) -> tuple[int, dict[str, str]]:
    """How many bytes there are, and their hashes in hex, by algorithm."""
    size, hashes = 0, {one: hashlib.new(one) for one in algorithms}
    while chunk := source.read(CHUNK):
        size += len(chunk)
        for one in hashes.values():
            one.update(chunk)
    return size, {name: one.hexdigest() for name, one in hashes.items()}


def members(tar: BinaryIO) -> tuple[str, dict[str, Opener]]:
    """The folder a tar holds, and the files in it by their path below it. Plain files in one folder only."""
    found: dict[str, Opener] = {}
    tops: set[str] = set()
    try:
        archive = tarfile.TarFile(fileobj=tar, mode="r")
        for info in archive:
            top, _, path = info.name.partition("/")
            _safe(info.name, "tar")
            tops.add(top)
            if info.isdir():
                continue
            if not info.isreg() or not path:
                raise Refused("a package holds plain files in one folder and nothing else", place=info.name)
            if path in found:
                raise Refused("a file stands twice in the tar", place=path)
            found[path] = _opener(archive, info)
    except tarfile.TarError as error:
        raise Refused("this is no tar that can be read", hint=str(error)) from None
    if len(tops) != 1:
        raise Refused("a package is one folder")
    return tops.pop(), found


def _opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Opener:
    def opened() -> BinaryIO:
        source = archive.extractfile(info)
        assert source is not None, "a plain file"
        return source  # type: ignore[return-value]  # reads bytes, as a BinaryIO does

    return opened


class Contents(Value, frozen=True):
    """A bag that is whole and unchanged. unlisted: tag files in no tag manifest (RFC 8493 lets them be)."""

    payload: tuple[str, ...]
    tags: tuple[str, ...]
    unlisted: tuple[str, ...]
    algorithms: tuple[str, ...]
    tag_algorithms: tuple[str, ...]


_END = r"(?:\r\n|\n|\r)"
_BAGIT = re.compile(rf"BagIt-Version: 1\.0{_END}Tag-File-Character-Encoding: (?i:UTF-8){_END}?")
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_LISTED = re.compile(r"([0-9A-Fa-f]+)[ \t]+(.+)")


def _safe(path: str, place: str) -> str:
    """A path that stays inside the bag on every system (RFC 8493 section 5.2)."""
    parts = path.rstrip("/").split("/")
    if (
        path.startswith(("/", "~"))
        or re.match("[A-Za-z]:", path)
        or "\\" in path
        or "\0" in path
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise Refused("a path leads out of the bag or is not plain", place=f"{place}: {path}")
    return path


def _text(opener: Opener, place: str) -> str:
    with opener() as source:
        data = source.read(LARGEST_TAG_FILE + 1)
    if len(data) > LARGEST_TAG_FILE:
        raise Refused("a tag file is too large to be one", place=place)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("a tag file is not in UTF-8", place=place) from None


def _listed(text: str, algorithm: str, place: str) -> dict[str, str]:
    """What a manifest lists: each path with its hash, once (RFC 8493 section 2.1.3)."""
    found: dict[str, str] = {}
    for number, line in enumerate(re.split(_END, text), start=1):
        if not line:
            continue
        match = _LISTED.fullmatch(line)
        if not match or len(match[1]) != HEX_LENGTHS[algorithm]:
            raise Refused("a line of a manifest is not a hash and a path", place=f"{place}, line {number}")
        path = re.sub("%(0[Aa]|0[Dd]|25)", lambda code: chr(int(code[1], 16)), match[2]).removeprefix("./")
        if _safe(path, place) in found:
            raise Refused("a manifest lists a file twice", place=f"{place}, line {number}")
        found[path] = match[1].lower()
    return found


def check_bag(files: Mapping[str, Opener]) -> Contents:
    """Is this a complete and valid bag (RFC 8493 section 3)? files: every file below the bag's folder.

    Stricter than the RFC where leniency helps only a forger: version 1.0 in UTF-8, SHA-256 or SHA-512,
    nothing to be fetched, no two names that some systems take for one. Holds no payload in memory.
    """
    for path in files:
        _safe(path, "bag")
    seen: dict[str, str] = {}
    for path in files:
        same = seen.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
        if same != path:
            raise Refused("two files have names that some systems take for one", place=path)
    if "bagit.txt" not in files:
        raise Refused("this is no bag: bagit.txt is missing")
    if not _BAGIT.fullmatch(_text(files["bagit.txt"], "bagit.txt")):
        raise Refused("this is no bag of version 1.0 in UTF-8", place="bagit.txt")
    if "fetch.txt" in files:
        raise Refused("parts of the bag would have to be fetched from elsewhere", place="fetch.txt")

    payload = {path for path in files if path.startswith("data/")}
    tags = files.keys() - payload
    manifests: dict[str, dict[str, str]] = {}
    for path in sorted(tags):
        if match := _MANIFEST.fullmatch(path):
            if match[2] not in HEX_LENGTHS:
                raise Refused("a manifest uses a hash that proves too little", place=path)
            manifests[path] = _listed(_text(files[path], path), match[2], path)
    lists = {path: one for path, one in manifests.items() if path.startswith("manifest-")}
    if not lists:
        raise Refused("the bag has no manifest of its files")
    for path, listed in lists.items():
        if listed.keys() != payload:
            odd = min(listed.keys() ^ payload)
            what = "a listed file is missing" if odd in listed else "a file is not listed"
            raise Refused(what, place=f"{path}: {odd}")
    tag_lists = {path: one for path, one in manifests.items() if path.startswith("tagmanifest-")}
    for path, listed in tag_lists.items():
        if odd_ones := sorted(listed.keys() - tags | listed.keys() & tag_lists.keys()):
            raise Refused("a tag manifest lists what is no tag file here", place=f"{path}: {odd_ones[0]}")
        if odd_ones := sorted(lists.keys() - listed.keys()):
            raise Refused("a tag manifest leaves out a manifest", place=f"{path}: {odd_ones[0]}")

    octets = 0
    for path in sorted(files):
        with files[path]() as source:
            size, hashes = digest(source, *HEX_LENGTHS)
        octets += size if path in payload else 0
        for name, listed in manifests.items():
            if path in listed and listed[path] != hashes[name.rpartition("-")[2].removesuffix(".txt")]:
                raise Refused("a file is not the one the manifest speaks of", place=f"{name}: {path}")
    _check_oxum(files, octets, len(payload))
    in_tag_lists = set[str]().union(*tag_lists.values())
    return Contents(
        payload=tuple(sorted(payload)),
        tags=tuple(sorted(tags)),
        unlisted=tuple(sorted(tags - in_tag_lists - tag_lists.keys())),
        algorithms=_algorithms(lists),
        tag_algorithms=_algorithms(tag_lists),
    )


def _algorithms(manifests: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(path.rpartition("-")[2].removesuffix(".txt") for path in manifests))


def _check_oxum(files: Mapping[str, Opener], octets: int, streams: int) -> None:
    """The one number in bag-info.txt that has to be true (RFC 8493 section 2.2.2)."""
    if "bag-info.txt" not in files:
        return
    for line in re.split(_END, _text(files["bag-info.txt"], "bag-info.txt")):
        label, _, value = line.partition(":")
        if label.strip().lower() == "payload-oxum" and value.strip() != f"{octets}.{streams}":
            raise Refused("the bag holds another number of bytes or files than it says", place="bag-info.txt")

"""The bag as it is written: BagIt 1.0 (RFC 8493) with manifests in SHA-256 and SHA-512, as a tar whose bytes
depend on the arguments alone. Exactly what was shown goes in, chunk by chunk, and nothing else.
"""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from habeas.desk.package.describing import description
from habeas.desk.package.leaving import Approved, File, Leaving, Preview, planned
from habeas.desk.package.papers import CONDITIONS, Disclosure, conditions_json, conditions_text
from habeas.desk.package.values import CHUNK, HEX_LENGTHS, moment
from habeas.errors import Refused

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"  # RFC 8493 section 2.1.1
DESCRIPTION = "description.jsonld"


def _header(name: str, size: int, mtime: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, mtime, 0o644
    return info.tobuf(tarfile.PAX_FORMAT)  # uid, gid 0 and no names: the house's machine is nobody's business


def _padding(size: int, block: int = tarfile.BLOCKSIZE) -> bytes:
    return b"\0" * (-size % block)


def _copied(file: File, into: Sequence[Any]) -> Iterator[bytes]:
    """The bytes of one file; refused as soon as they are not those that were shown."""
    changed = Refused(
        "a file is not the one that was approved",
        place=f"{file.target}/{file.item}",
        hint="its size or SHA-256 differs; look at it, and approve it again",
    )
    sha256 = hashlib.sha256()
    left = file.size
    with file.open() as source:
        while chunk := source.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise changed
            sha256.update(chunk)
            for one in into:
                one.update(chunk)
            yield chunk
    if left or sha256.hexdigest() != file.sha256:
        raise changed


def bag(
    shown: Preview, approved: Sequence[Approved], files: Iterable[File], paper: Disclosure
) -> Iterator[bytes]:
    """The bag as a tar, chunk by chunk: the same arguments give the same bytes. For `seal`, not for sending.

    Refused where what would leave is not what was shown, or a file is not what it was said to be. A changed
    file can only be seen on the way; everything else is refused before the first chunk.
    """
    paper.check()
    now, order = planned(approved, files)
    if now != shown:
        raise Refused("what would leave is no longer what was shown", hint="look at the preview again")
    if not order:
        raise Refused("nothing may leave, so there is no package")
    return _tar(shown, order, paper)


def _tar(shown: Preview, order: Sequence[File], paper: Disclosure) -> Iterator[bytes]:
    mtime = int(moment(paper.at).timestamp())
    tags: dict[str, bytes] = {}
    written = 0

    def placed(path: str, data: bytes) -> bytes:
        tags[path] = data
        return _header(f"{paper.id}/{path}", len(data), mtime) + data + _padding(len(data))

    info = [
        f"Source-Organization: {paper.organisation}",
        f"Bagging-Date: {moment(paper.at):%Y-%m-%d}",
        f"Internal-Sender-Identifier: {paper.id}",
        f"Payload-Oxum: {shown.size}.{len(order)}",
    ]
    if paper.reference:
        info.append(f"External-Identifier: {paper.reference}")
    for path, data in (
        ("bagit.txt", BAGIT),
        ("bag-info.txt", "\n".join([*info, ""]).encode()),
        ("conditions.txt", conditions_text(paper)),
        (CONDITIONS, conditions_json(paper)),
    ):
        chunk = placed(path, data)
        written += len(chunk)
        yield chunk
    hashes: list[tuple[Leaving, str]] = []
    for place, file in zip(shown.leaving, order, strict=True):
        head = _header(f"{paper.id}/{place.path}", file.size, mtime)
        tail = _padding(file.size)
        sha512 = hashlib.sha512()
        yield head
        yield from _copied(file, [sha512])
        yield tail
        written += len(head) + file.size + len(tail)
        hashes.append((place, sha512.hexdigest()))
    lists = {
        "manifest-sha256.txt": [(one.sha256, one.path) for one, _ in hashes],
        "manifest-sha512.txt": [(sha512, one.path) for one, sha512 in hashes],
    }
    last = [(DESCRIPTION, description(paper, hashes))]
    last += [(name, _manifest(lines)) for name, lines in lists.items()]
    for path, data in last:
        chunk = placed(path, data)
        written += len(chunk)
        yield chunk
    listed = dict(tags)
    for algorithm in HEX_LENGTHS:
        lines = [(hashlib.new(algorithm, data).hexdigest(), path) for path, data in sorted(listed.items())]
        chunk = placed(f"tagmanifest-{algorithm}.txt", _manifest(lines))
        written += len(chunk)
        yield chunk
    end = b"\0" * (2 * tarfile.BLOCKSIZE)
    yield end + _padding(written + len(end), tarfile.RECORDSIZE)


def _manifest(lines: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{value}  {path}\n" for value, path in lines).encode()

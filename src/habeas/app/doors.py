"""A door: a folder into which a mail filter, a portal or a machine lays what came in, one file for each.

The door is not the desk. It counts what lies there before anything of it is read, gives the promise for its
sender, and only then lets it be read; nobody at the desk can take in what was not counted, or let what was
counted disappear. A house that keeps no public log has doors too: they count nothing and promise nothing.

Beside what came in, three folders: `promises` (for the senders, each beginning with the name of the file
that came in), `unread` (what is no request, with the reason, for a person to look at) and `too-long`. What
became a case is sealed there and taken out of the folder.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from habeas.app.home import write_private
from habeas.app.installation import Installation, Taken
from habeas.desk.events import Door
from habeas.request.formats.text import MAX_FILE

PROMISES, UNREAD, TOO_LONG = "promises", "unread", "too-long"
_PIECE = 1 << 20  # bytes read at a time


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One file that lay at a door. promise: where it was written, None without a public log. lies: where a
    file lies that became no case, None where all of it did."""

    name: str
    taken: tuple[Taken, ...]
    promise: Path | None
    lies: Path | None


def look(
    installation: Installation, organisation: str, by: str, folder: Path, door: Door
) -> Iterator[HandedIn]:
    """Take in what lies at a door now, oldest first. by: in whose name; somebody who may take requests in.

    A name that begins with a dot or ends in `.part` is not finished yet and stays; so does what is no plain
    file. Where this ends at any moment, what was not taken in still lies there: it is looked at again, with
    the promise that was given for it. What is laid there once more later is another arrival.
    """
    for path in sorted(folder.iterdir(), key=lambda each: (each.lstat().st_mtime_ns, each.name)):
        if (
            path.name.startswith(".")
            or path.name.endswith(".part")
            or path.is_symlink()
            or not path.is_file()
        ):
            continue
        yield _one(installation, organisation, by, path, door)


def _one(installation: Installation, organisation: str, by: str, path: Path, door: Door) -> HandedIn:
    sha256, data = _read(path)
    # The promise of what lies here now. It goes before the file does: whatever happens between the two, the
    # next look can count an arrival too many, and never a request for which nothing arrived.
    standing = path.parent / PROMISES / f".{path.name}.{sha256[:16]}.given"
    given = standing.read_bytes() if standing.is_file() else installation.arrived(organisation, sha256, door)
    written = None
    if given:
        _write(standing, given)
        written = path.parent / PROMISES / f"{path.name}.{hashlib.sha256(given).hexdigest()[:16]}.promise"
        _write(written, given)
    if data is None:
        standing.unlink(missing_ok=True)
        lies = _laid_aside(path, TOO_LONG, f"it has more than {MAX_FILE // 1024**2} MiB")
        return HandedIn(path.name, (), written, lies)
    taken = installation.take_in(organisation, by, data, door=door, name=path.name, given=given)
    standing.unlink(missing_ok=True)
    refused = [each.refused for each in taken if each.refused is not None]
    if refused:
        lies = _laid_aside(path, UNREAD, "\n".join(str(each) for each in refused))
        return HandedIn(path.name, taken, written, lies)
    path.unlink()
    return HandedIn(path.name, taken, written, None)


def _read(path: Path) -> tuple[str, bytes | None]:
    """The hash of what lies there, and the bytes; None where they are more than a request ever has."""
    digest, pieces, length = hashlib.sha256(), [], 0
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            length += len(piece)
            if length <= MAX_FILE:
                pieces.append(piece)
    return digest.hexdigest(), b"".join(pieces) if length <= MAX_FILE else None


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and for the owner alone."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    half = path.with_name(f".{path.name}")
    write_private(half, data)
    half.replace(path)


def _laid_aside(path: Path, where: str, why: str) -> Path:
    to = path.parent / where / path.name
    number = 1
    while to.exists():
        number += 1
        to = path.parent / where / f"{path.stem}-{number}{path.suffix}"
    _write(to.with_name(f"{to.name}.why.txt"), why.encode() + b"\n")
    path.replace(to)
    return to

"""The erasure ledger: which case was erased and when, in a small file that only grows.

It lies outside the database, so that a restored backup can be told what happened after it was made. It names
no person: a case number and a time. Each line carries a hash over itself and the line before.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from habeas.store.keyring import sync_folder
from habeas.store.room import NO_ROOM, no_room
from habeas.store.sealing import Broken, packed

FILE = "erased.log"
_FIRST = "0" * 64
_LINE = 1024  # more bytes than a line has


class Erasure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line. at: microseconds since 1970 in UTC."""

    organisation: str
    stream: str
    at: int
    chain: str


class Ledger:
    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, organisation: str, stream: str, at: int) -> None:
        """Writes one erasure down. When this returns, it is on the disk. Raises Refused where that is full;
        then nothing of it is left."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = not self.path.exists()
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            before = self._mended(file)
            chain = _chained(before, organisation, stream, at)
            line = Erasure(organisation=organisation, stream=stream, at=at, chain=chain)
            self._write(file, msgspec.json.encode(line) + b"\n")
        finally:
            os.close(file)
        if fresh:
            sync_folder(self.path.parent)

    def _write(self, file: int, line: bytes) -> None:
        """Where little room is left, the system writes as much of a line as there is room for."""
        size = os.fstat(file).st_size
        try:
            written = os.write(file, line)
            if written == len(line):
                os.fsync(file)
                return
        except OSError as error:
            os.ftruncate(file, size)
            if error.errno not in NO_ROOM:
                raise
            raise no_room(self.path.parent) from error
        os.ftruncate(file, size)
        raise no_room(self.path.parent)

    def _mended(self, file: int) -> str:
        """The hash of the last whole line. Half a line, from a crash, was never acknowledged and goes."""
        size = os.fstat(file).st_size
        tail = os.pread(file, _LINE * 2, max(0, size - _LINE * 2))
        whole, newline, half = tail.rpartition(b"\n")
        if half:
            os.ftruncate(file, size - len(half))
        if not newline:
            return _FIRST
        return msgspec.json.decode(whole.rpartition(b"\n")[2], type=Erasure).chain

    def __iter__(self) -> Iterator[Erasure]:
        """All erasures, oldest first. Raises Broken where a line was changed or taken out."""
        if not self.path.exists():
            return
        before = _FIRST
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.endswith(b"\n"):
                    return  # a crash in the middle of a line; see _mended
                place = f"{self.path}: line {number}"
                try:
                    said = msgspec.json.decode(line, type=Erasure)
                except ValueError:
                    raise Broken("the erasure ledger is damaged", place=place) from None
                if said.chain != _chained(before, said.organisation, said.stream, said.at):
                    raise Broken("the erasure ledger was changed", place=place)
                before = said.chain
                yield said

    def latest(self, number: int) -> tuple[Erasure, ...]:
        """The last lines, newest first, without reading the rest."""
        if not self.path.exists():
            return ()
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = max(0, size - number * _LINE)
            file.seek(start)
            lines = file.read().split(b"\n")[1 if start else 0 : -1]
        return tuple(msgspec.json.decode(line, type=Erasure) for line in reversed(lines[-number:]))

    def copy(self, to: Path) -> None:
        """A copy, in place only when it is complete. Nothing to copy where nothing was erased."""
        if not self.path.exists():
            return
        waiting = to.with_name(to.name + ".new")
        waiting.write_bytes(self.path.read_bytes())
        with waiting.open("rb") as file:
            os.fsync(file.fileno())
        waiting.rename(to)
        sync_folder(to.parent)


def _chained(before: str, organisation: str, stream: str, at: int) -> str:
    return hashlib.sha256(packed("habeas erasure v1", before, organisation, stream, at)).hexdigest()

"""Sealed files of a case on disk: the request as it came, enclosures, packages.

A file is whole or not there: it is written under another name, brought to the disk and renamed, before any
event names it. Names are keyed hashes; the bytes are sealed before they come here.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from habeas.errors import Refused
from habeas.store.keyring import sync_folder
from habeas.store.room import NO_ROOM, no_room

_HALF = ".half"  # the ending of a file that is being written
_FORGOTTEN = 24 * 3600  # seconds after which nobody writes at one any more: a crash left it


def remove_folder(folder: Path) -> None:
    """Removes a folder and all in it, also what somebody begins or finishes there meanwhile. Nothing is done
    where there is none."""
    if not folder.exists():
        return
    while folder.exists():
        try:
            shutil.rmtree(folder)
        except OSError as error:  # somebody began or finished a file while we looked: look again
            if error.errno not in {errno.ENOENT, errno.ENOTEMPTY}:
                raise
    sync_folder(folder.parent)


class Half:
    """A file that is being written: none until it gets its name."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._path = folder / f"{name}.{os.getpid()}{_HALF}"
        with _room(self._path):
            self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")

    def write(self, sealed: bytes) -> None:
        """Raises Refused where the disk is full; then nothing of it is left."""
        with self._whole():
            self._file.write(sealed)

    def named(self, name: str) -> None:
        """It is whole, on the disk, and has this name."""
        with self._whole():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._path.rename(self._folder / name)
            sync_folder(self._folder)

    def discard(self) -> None:
        with suppress(OSError):  # what could not be written out need not be
            self._file.close()
        self._path.unlink(missing_ok=True)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        try:
            with _room(self._path):
                yield
        except BaseException:
            self.discard()
            raise


@contextmanager
def _room(path: Path) -> Iterator[None]:
    """Says in words that the disk is full, or that the case is gone."""
    try:
        yield
    except FileNotFoundError as error:
        raise Refused(
            "the case was erased while a file of it was written",
            place=path.parent.name if path.suffix == _HALF else path.name,
            hint="nothing was recorded",
        ) from error
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise no_room(path.parent) from error


class Blobs:
    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _of(self, organisation: str, stream: str) -> Path:
        """A folder for each case; 256 folders between, so that none grows to a million entries."""
        shelf = hashlib.sha256(stream.encode()).hexdigest()[:2]
        return self.root / organisation / shelf / stream

    def path(self, organisation: str, stream: str, name: str) -> Path:
        return self._of(organisation, stream) / name

    def begin(self, organisation: str, stream: str, name: str) -> Half:
        """A file to be written piece by piece. name: of the half, another for each."""
        folder = self._of(organisation, stream)
        made = [each for each in (folder, *folder.parents) if not each.exists()]
        with _room(folder):
            for each in reversed(made):  # one by one: parents made on the way would have the umask's mode
                each.mkdir(exist_ok=True, mode=0o700)
            for each in made:
                sync_folder(each.parent)
        for left in folder.glob(f"*{_HALF}"):
            with suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > _FORGOTTEN:
                    left.unlink()
        return Half(folder, name)

    def open(self, organisation: str, stream: str, name: str) -> BinaryIO | None:
        try:
            return self.path(organisation, stream, name).open("rb")
        except FileNotFoundError:
            return None

    def remove(self, organisation: str, stream: str) -> None:
        """Removes every file of a case, also those that no transaction ever named."""
        remove_folder(self._of(organisation, stream))

    def cases(self, organisation: str) -> Iterator[str]:
        """The cases that have files."""
        for shelf in sorted((self.root / organisation).glob("??")):
            yield from sorted(folder.name for folder in shelf.iterdir())

    def names(self, organisation: str, stream: str) -> tuple[str, ...]:
        folder = self._of(organisation, stream)
        return tuple(sorted(each.name for each in folder.iterdir())) if folder.exists() else ()

    def copy(self, to: Path) -> None:
        """Copies all files. One that is erased meanwhile is left out."""
        for folder, _, names in os.walk(self.root):
            target = to / Path(folder).relative_to(self.root)
            target.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name in names:
                if name.endswith(_HALF):
                    continue
                try:
                    shutil.copyfile(Path(folder, name), target / name)
                except FileNotFoundError:
                    continue
                with (target / name).open("rb") as file:
                    os.fsync(file.fileno())
            sync_folder(target)

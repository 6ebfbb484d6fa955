"""Sealed files of a case on disk: the request as it came, enclosures, packages.

A file is whole or not there: it is written under another name, brought to the disk and renamed, before any
event names it. Names are keyed hashes; the bytes are sealed before they come here.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from habeas.errors import Refused
from habeas.store.keyring import sync_folder

_HALF = ".half"  # the ending of a file that is being written
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


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

    def write(self, organisation: str, stream: str, name: str, sealed: bytes) -> None:
        folder = self._of(organisation, stream)
        made = [each for each in (folder, *folder.parents) if not each.exists()]
        half = folder / f"{name}.{os.getpid()}{_HALF}"
        try:
            for each in reversed(
                made
            ):  # one by one: the mode of parents made on the way would be the umask's
                each.mkdir(exist_ok=True, mode=0o700)
            for each in made:
                sync_folder(each.parent)
            file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(file, "wb") as out:
                out.write(sealed)
                out.flush()
                os.fsync(out.fileno())
            half.rename(folder / name)
            sync_folder(folder)
        except FileNotFoundError as error:
            raise Refused(
                "the case was erased while a file of it was written",
                place=stream,
                hint="nothing was recorded",
            ) from error
        except OSError as error:
            half.unlink(missing_ok=True)
            if error.errno in _NO_ROOM:
                raise Refused(
                    "there is no room left on the disk, and nothing was recorded",
                    place=str(self.root),
                    hint="make room, then do it again",
                ) from error
            raise

    def read(self, organisation: str, stream: str, name: str) -> bytes | None:
        try:
            return self.path(organisation, stream, name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, organisation: str, stream: str) -> None:
        """Removes every file of a case, also those that no transaction ever named."""
        folder = self._of(organisation, stream)
        if not folder.exists():
            return
        while folder.exists():
            with suppress(FileNotFoundError):  # somebody finished a file while we looked: look again
                shutil.rmtree(folder)
        sync_folder(folder.parent)

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

"""A small disk of its own that can be filled to the last byte and emptied again: a tmpfs, which only root can
mount."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

_PIECE = 8 << 20  # bytes taken at a time
MISSING = "a disk that can be full is mounted by root, and this is not root or may not"


class Disk:
    def __init__(self, folder: Path, megabytes: int) -> None:
        """Raises PermissionError where nothing can be mounted here."""
        self.folder = folder
        self._ballast = folder / "ballast"
        if os.geteuid() or shutil.which("mount") is None:
            raise PermissionError(MISSING)
        folder.mkdir(parents=True, mode=0o700)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            folder.rmdir()
            raise PermissionError(f"{MISSING}: {done.stderr.strip()}")

    def fill(self, leave: int) -> None:
        """Takes all the room there is but about so many bytes."""
        file = os.open(self._ballast, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            while (free := self.free() - leave) >= os.fstatvfs(file).f_frsize:
                with suppress(OSError):  # somebody was quicker: look again
                    os.posix_fallocate(file, os.fstat(file).st_size, min(free, _PIECE))
        finally:
            os.close(file)

    def free(self) -> int:
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def empty(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        subprocess.run(["umount", str(self.folder)], check=True)
        self.folder.rmdir()

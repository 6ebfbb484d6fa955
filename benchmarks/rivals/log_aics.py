"""aics-tlog (Apache-2.0, Python 3.12): the same tiles, a checkpoint signed and written after each append.

It trusts the right edge it reads back, keeps it in memory between appends, and has no compare-and-swap.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import aics_tlog
from appending import answer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "log.example.org/bench"


class Aics:
    version = version("aics-tlog")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
        self._store = aics_tlog.DirectoryTileStore(folder / "public")
        self._writer: aics_tlog.IncrementalTileWriter | None = None

    def _checkpoint(self) -> aics_tlog.Checkpoint | None:
        data = self._store.read_checkpoint()
        if data is None:
            return None
        return aics_tlog.parse_checkpoint(aics_tlog.parse_note(data).text)

    @property
    def size(self) -> int:
        checkpoint = self._checkpoint()
        return checkpoint.size if checkpoint else 0

    def append(self, entries: list[bytes], durable: bool) -> None:
        self._store.fsync = durable
        if self._writer is None:
            self._writer = aics_tlog.IncrementalTileWriter(self._store, self.size, prune_partials=False)
        done = self._writer.append(entries)
        checkpoint = aics_tlog.Checkpoint(ORIGIN, done.size, done.root)
        note = aics_tlog.sign_checkpoint(checkpoint, self._key, ORIGIN)
        self._store.write_checkpoint(note.to_bytes())

    def settle(self) -> None:
        """Nothing is left to do."""

    def root(self) -> bytes:
        checkpoint = self._checkpoint()
        return checkpoint.root if checkpoint else b""

    def prove(self, index: int) -> tuple[bytes, ...]:
        return tuple(aics_tlog.inclusion_proof_from_tiles(self._store, index, self.size))

    def audit(self) -> None:
        """Every tile and bundle against the root; no signature and nothing beside the log."""
        aics_tlog.audit_tiles(aics_tlog.FileSystemTileReader(self._folder / "public"), self.size, self.root())

    def cold(self, index: int) -> Iterable[Path]:
        size = self.size
        public = self._folder / "public"
        yield public / "checkpoint"
        level = 0
        while size:
            index >>= 8
            yield public / aics_tlog.tiles.tile_path(level, index)
            if size % 256:
                yield public / aics_tlog.tiles.tile_path(level, size // 256, size % 256)
            size, level = size >> 8, level + 1


if __name__ == "__main__":
    answer(Aics)

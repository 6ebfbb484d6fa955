"""Habeas: tiles, swap and publication, each brought to the disk; the newest checkpoint is verified first.

A log that asks no witness (`quorum none`): what witnesses take is their own affair and is measured elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from appending import answer

from habeas import __version__
from habeas.tlog.log import Log
from habeas.tlog.note import Algorithm, Signer
from habeas.tlog.policy import Policy, opened
from habeas.tlog.storage import CheckpointFile, Folder, reader
from habeas.tlog.tiles import Tree, tile_path

ORIGIN = "log.example.org/bench"


class Ours:
    version = __version__

    def __init__(self, folder: Path) -> None:
        signer = Signer.from_seed(ORIGIN, b"\x01" * 32, Algorithm.ED25519)
        self._folder = folder
        self._tiles = Folder(folder / "public")
        self._log = Log(ORIGIN, signer, self._tiles, CheckpointFile(folder / "apart" / "newest"))
        self._policy = Policy.parse(f"log {signer.key}\nquorum none\n")
        self._size: int | None = None  # where the next batch begins; a caller knows it from the last one

    @property
    def size(self) -> int:
        return self._log.size

    def append(self, entries: list[bytes], durable: bool) -> None:
        if self._size is None:
            self._size = self._log.size
        self._log.extend(entries, start=self._size)
        self._size += len(entries)
        if len(entries) != 256:  # a day is published; the core of 256 is durable and signed
            self._log.publish([], self._policy)

    def settle(self) -> None:
        if self.size:
            self._log.publish([], self._policy)

    def root(self) -> bytes:
        data = self._log.checkpoint
        return opened(data, self._policy).checkpoint.root if data else b""

    def prove(self, index: int) -> tuple[bytes, ...]:
        data = self._tiles.read("checkpoint") or b""
        tree = Tree(opened(data, self._policy).checkpoint.size, reader(self._tiles))
        return tree.inclusion(index)

    def cold(self, index: int) -> Iterable[Path]:
        size = self.size
        yield self._folder / "public" / "checkpoint"
        level = 0
        while size:
            index >>= 8
            yield self._folder / "public" / tile_path(level, index)
            if size % 256:
                yield self._folder / "public" / tile_path(level, size // 256, size % 256)
            size, level = size >> 8, level + 1


if __name__ == "__main__":
    answer(Ours)

"""pymerkle (GPL-3.0-or-later, so outside): leaves in SQLite, each append one transaction with a full sync.

It signs nothing and serves no tiles; its tree and its proofs are the same as ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from appending import answer
from pymerkle import SqliteTree


class Pymerkle:
    version = version("pymerkle")

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "tree.db"
        self._tree = SqliteTree(str(self._file))
        self._tree.con.execute("PRAGMA synchronous=FULL")

    @property
    def size(self) -> int:
        found: int = self._tree.get_size()
        return found

    def append(self, entries: list[bytes], durable: bool) -> None:
        self._tree.append_entries(entries)

    def settle(self) -> None:
        """Nothing is left to do."""

    def root(self) -> bytes:
        found: bytes = self._tree.get_root()
        return found

    def prove(self, index: int) -> tuple[bytes, ...]:
        return tuple(self._tree.prove_inclusion(index + 1).path)

    def cold(self, index: int) -> Iterable[Path]:
        yield self._file


if __name__ == "__main__":
    answer(Pymerkle)

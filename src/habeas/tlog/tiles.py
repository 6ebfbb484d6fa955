"""A tree in tiles (C2SP tlog-tiles): where its hashes lie, what a growing tree adds, proofs made from them.

A tile holds up to 256 hashes of one level, eight rows of the tree above each other; an entry bundle holds the
entries below a tile of level 0. Reading is a function from a path to bytes: this module opens nothing, and
who signed the root is for others. Where a tile is full, the level above holds its hash, and a tile that does
not fit is Unproven. The partial tiles at the right edge make the root. So once `Tree.root()` is the root that
a checkpoint names, every hash, proof and entry that the same Tree gives belongs to that checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from habeas.errors import Refused
from habeas.tlog.tree import (
    EMPTY_ROOT,
    HASH,
    MOST_LEAVES,
    Unproven,
    check_hashes,
    leaf_hash,
    node_hash,
    paired,
    root_of,
)

WIDTH = 256  # hashes of a full tile, entries of a full bundle
HEIGHT = 8  # rows of the tree between one level of tiles and the next: 2^8 = WIDTH
MOST_LEVEL = 63
MOST_ENTRY = 2**16 - 1  # bytes: a bundle gives lengths in two bytes
_KEPT = 512  # full tiles whose rows are remembered, some 50 KB each; proofs of neighbours share them


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """Where the tile lies below the log's prefix. Raises ValueError where there can be none."""
    if not 0 <= level <= MOST_LEVEL:
        raise ValueError(f"there is no level {level}")
    return f"tile/{level}/{_number(index)}{_partial(width)}"


def entries_path(index: int, width: int = WIDTH) -> str:
    """Where the entry bundle lies below the log's prefix. Raises ValueError where there can be none."""
    return f"tile/entries/{_number(index)}{_partial(width)}"


def _number(index: int) -> str:
    if index < 0:
        raise ValueError(f"there is no tile {index}")
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])


def _partial(width: int) -> str:
    if not 1 <= width <= WIDTH:
        raise ValueError(f"a tile has 1 to {WIDTH} hashes, not {width}")
    return "" if width == WIDTH else f".p/{width}"


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries, each after its length in two bytes. Raises Refused for one too long, or too many."""
    if not 1 <= len(entries) <= WIDTH:
        raise Refused(f"a bundle holds 1 to {WIDTH} entries, not {len(entries)}")
    for number, entry in enumerate(entries):
        if len(entry) > MOST_ENTRY:
            raise Refused(
                f"an entry has {len(entry):,} bytes, and {MOST_ENTRY:,} fit", place=f"entries[{number}]"
            )
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(data: bytes) -> tuple[bytes, ...]:
    """The entries of a bundle. Raises Unproven where lengths do not fit, for none and for too many."""
    found: list[bytes] = []
    start, end = 0, len(data)
    while start < end:
        stop = start + 2 + int.from_bytes(data[start : start + 2], "big")
        if start + 2 > end or stop > end:
            raise Unproven("a bundle of entries ends within an entry")
        if len(found) == WIDTH:
            raise Unproven(f"a bundle holds 1 to {WIDTH} entries, not more")
        found.append(data[start + 2 : stop])
        start = stop
    if not found:
        raise Unproven(f"a bundle holds 1 to {WIDTH} entries, not 0")
    return tuple(found)


class Tree:
    """A tree of `size` leaves in tiles.

    read: gives the bytes at a path, and raises Unproven where there are none. A partial tile that is gone is
    sought in the full one. Every method raises Unproven where a tile is missing, has another length than the
    tree needs, or does not fit the tile above it; compare `root()` with the checkpoint first.
    """

    def __init__(self, size: int, read: Callable[[str], bytes]) -> None:
        if not 0 <= size <= MOST_LEAVES:
            raise Unproven(f"there is no tree of {size} leaves")
        self.size = size
        self._read = read
        self._edge: dict[int, list[list[bytes]]] = {}  # level -> rows of its partial tile; they make the root
        self._full: dict[tuple[int, int], list[list[bytes]]] = {}  # the latest used last

    def root(self) -> bytes:
        return self._right(0) if self.size else EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """The hash of one leaf."""
        self._stands(index)
        return self._node(0, index)

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """The proof that a leaf stands in this tree, from its neighbour up (RFC 6962, 2.1.1)."""
        self._stands(index)
        return tuple(self._beside(0, index))

    def consistency(self, old: int) -> tuple[bytes, ...]:
        """The proof that this tree begins with its first `old` leaves (RFC 6962, 2.1.2).

        It is empty for none of them and for all.
        """
        if not 0 <= old <= self.size:
            raise Unproven(f"a tree of {self.size} leaves cannot begin with one of {old}")
        if old in (0, self.size):
            return ()
        # The last whole subtree of the old tree is in both. Where it is all of it, its hash is known.
        height = (old & -old).bit_length() - 1
        index = (old >> height) - 1
        own = [self._node(height, index)] if index else []
        return (*own, *self._beside(height, index))

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The entries from `start` up to `end`, each compared with its leaf."""
        if not 0 <= start <= end <= self.size:
            raise Unproven(f"there are no entries {start} to {end} in a tree of {self.size}")
        while start < end:
            number, first = divmod(start, WIDTH)
            width = min(WIDTH, self.size - number * WIDTH)
            path = entries_path(number, width)
            last = min(WIDTH, end - number * WIDTH)
            try:
                found = unbundle(self._file(path, entries_path(number)))
            except Unproven as unproven:
                raise unproven if unproven.place else unproven.at(path) from None
            if len(found) < width:
                raise Unproven("a bundle has fewer entries than the tree needs", place=path)
            for place in range(first, last):
                if leaf_hash(found[place]) != self._node(0, number * WIDTH + place):
                    raise Unproven(f"entry {number * WIDTH + place} is not the one in the tree", place=path)
                yield found[place]
            start = number * WIDTH + last

    def edge(self, level: int = 0) -> list[bytes]:
        """The hashes of the tile of this level that is not full yet; none where every one is."""
        tile, begun = divmod(self.size >> HEIGHT * level, WIDTH)
        return self._rows(level, tile)[0] if begun else []

    def grown(self, leaves: Sequence[bytes]) -> tuple[dict[str, bytes], bytes]:
        """What is new when these leaf hashes are appended: (tiles by path, root).

        A partial tile is given only at the size that the tree has in the end. What was there before is not
        checked against a root: do that first. Raises Unproven where a tile is missing or the tree would be
        too large.
        """
        check_hashes(leaves)
        if self.size + len(leaves) > MOST_LEAVES:
            raise Unproven("a tree has fewer than 2^63 leaves")
        files: dict[str, bytes] = {}
        level, row = 0, list(leaves)  # row: the hashes that are new at this level
        while row:
            first = (self.size >> HEIGHT * level) // WIDTH
            row = self.edge(level) + row
            above = []
            for start in range(0, len(row), WIDTH):
                part = row[start : start + WIDTH]
                files[tile_path(level, first + start // WIDTH, len(part))] = b"".join(part)
                if len(part) == WIDTH:
                    above.append(root_of(part))
            level, row = level + 1, above

        def there(path: str) -> bytes:
            return files[path] if path in files else self._read(path)

        new = Tree(self.size + len(leaves), there)
        new._edge = {each: rows for each, rows in self._edge.items() if each >= level}  # nothing new up there
        return files, new.root()

    def _stands(self, index: int) -> None:
        if not 0 <= index < self.size:
            raise Unproven(f"there is no leaf {index} in a tree of {self.size}")

    def _beside(self, height: int, index: int) -> Iterator[bytes]:
        """What stands beside the way from a node up to the root."""
        while (count := -(-self.size >> height)) > 1:  # nodes at this height, the last one perhaps not whole
            neighbour = index ^ 1
            if neighbour < count:  # else this one is the last and goes up as it is
                whole = (neighbour + 1) << height <= self.size
                yield self._node(height, neighbour) if whole else self._right(neighbour << height)
            height, index = height + 1, index >> 1

    def _right(self, start: int) -> bytes:
        """The hash over the leaves from `start` to the end: whole subtrees, folded from the right."""
        found, end = b"", self.size
        while end > start:
            height = (end & -end).bit_length() - 1
            node = self._node(height, (end >> height) - 1)
            found = node_hash(node, found) if found else node
            end -= 1 << height
        return found

    def _node(self, height: int, index: int) -> bytes:
        """The hash of a whole subtree of 2^height leaves."""
        level, row = divmod(height, HEIGHT)
        tile, place = divmod(index << row, WIDTH)
        return self._rows(level, tile)[row][place >> row]

    def _rows(self, level: int, tile: int) -> list[list[bytes]]:
        """The hashes of a tile, and above them what they come to, as far as it is whole."""
        width = min(WIDTH, (self.size >> HEIGHT * level) - tile * WIDTH)
        if width < WIDTH:
            if level not in self._edge:
                self._edge[level] = self._loaded(level, tile, width)
            return self._edge[level]
        rows = self._full.pop((level, tile), None)
        if rows is None:
            rows = self._loaded(level, tile, width)
            if node_hash(*rows[-1]) != self._node(HEIGHT * (level + 1), tile):
                raise Unproven("a tile does not fit the tile above it", place=tile_path(level, tile))
            if len(self._full) >= _KEPT:
                del self._full[next(iter(self._full))]
        self._full[level, tile] = rows
        return rows

    def _loaded(self, level: int, tile: int, width: int) -> list[list[bytes]]:
        path = tile_path(level, tile, width)
        data = self._file(path, tile_path(level, tile))
        if len(data) not in (width * HASH, WIDTH * HASH):
            raise Unproven("a tile has another length than the tree needs", place=path)
        rows = [_hashes(data[: width * HASH])]
        while len(rows) < HEIGHT:
            rows.append(paired(rows[-1]))
        return rows

    def _file(self, path: str, full: str) -> bytes:
        """The file at this path, or the full one where the partial one is not kept any more."""
        try:
            return self._read(path)
        except Unproven:
            if path == full:
                raise
            try:
                return self._read(full)
            except Unproven:
                pass
            raise  # what is missing is the file that this tree needs


def grown(size: int, leaves: Sequence[bytes], read: Callable[[str], bytes]) -> tuple[dict[str, bytes], bytes]:
    """What is new when these leaf hashes are appended to a tree of `size` that `read` gives: `Tree.grown`."""
    return Tree(size, read).grown(leaves)


def _hashes(data: bytes) -> list[bytes]:
    return [data[start : start + HASH] for start in range(0, len(data), HASH)]

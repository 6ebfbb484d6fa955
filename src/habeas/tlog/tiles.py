"""A tree in tiles (C2SP tlog-tiles): where its hashes lie, what a growing tree adds, proofs made from them.

A tile holds up to 256 hashes of one level, eight levels of the tree above each other; an entry bundle holds
the 256 entries below a tile of level 0. Reading is a function from a path to bytes: this module opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from habeas.tlog.tree import EMPTY_ROOT, HASH, Unproven, node_hash, paired, root_of

WIDTH = 256
HEIGHT = 8
MOST_ENTRY = 2**16 - 1  # bytes


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    return f"tile/{level}/{_number(index)}{_partial(width)}"


def entries_path(index: int, width: int = WIDTH) -> str:
    return f"tile/entries/{_number(index)}{_partial(width)}"


def _number(index: int) -> str:
    digits = f"{index:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])


def _partial(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries, each after its length in two bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(data: bytes) -> tuple[bytes, ...]:
    """Raises Unproven where the lengths do not fit."""
    found, start, end = [], 0, len(data)
    while start < end:
        stop = start + 2 + int.from_bytes(data[start : start + 2], "big")
        if start + 2 > end or stop > end:
            raise Unproven("a bundle of entries ends within an entry")
        found.append(data[start + 2 : stop])
        start = stop
    return tuple(found)


def widths(size: int) -> Iterator[tuple[int, int, int]]:
    """The last tile of every level of a tree: (level, index, width)."""
    level, count = 0, size
    while count:
        full, rest = divmod(count, WIDTH)
        yield (level, full, rest) if rest else (level, full - 1, WIDTH)
        level, count = level + 1, full


class Tree:
    """A tree of `size` leaves in tiles. read: gives the bytes at a path, and raises Unproven where there are
    none. What it reads is not checked against a root: a proof made here is checked by whoever gets it."""

    def __init__(self, size: int, read: Callable[[str], bytes]) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], bytes] = {}

    def root(self) -> bytes:
        return self._range(0, self.size) if self.size else EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """The hash of one leaf."""
        if not 0 <= index < self.size:
            raise Unproven(f"there is no leaf {index} in a tree of {self.size}")
        return self._hash(0, index)

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """The proof that a leaf stands in this tree (RFC 6962, 2.1.1)."""
        if not 0 <= index < self.size:
            raise Unproven(f"there is no leaf {index} in a tree of {self.size}")
        low, high, proof = 0, self.size, list[bytes]()
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                proof.append(self._range(middle, high))
                high = middle
            else:
                proof.append(self._range(low, middle))
                low = middle
        return tuple(reversed(proof))

    def consistency(self, old: int) -> tuple[bytes, ...]:
        """The proof that this tree begins with its first `old` leaves (RFC 6962, 2.1.2)."""
        if not 0 <= old <= self.size:
            raise Unproven(f"a tree of {self.size} leaves cannot begin with one of {old}")
        if old in (0, self.size):
            return ()
        low, high, whole, proof = 0, self.size, True, list[bytes]()
        while old != high:
            middle = low + _split(high - low)
            if old <= middle:
                proof.append(self._range(middle, high))
                high = middle
            else:
                proof.append(self._range(low, middle))
                low, whole = middle, False
        if not whole:
            proof.append(self._range(low, high))
        return tuple(reversed(proof))

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The entries from `start` up to `end`."""
        if not 0 <= start <= end <= self.size:
            raise Unproven(f"there are no entries {start} to {end} in a tree of {self.size}")
        while start < end:
            index, first = divmod(start, WIDTH)
            found = unbundle(self._file(entries_path, index, min(WIDTH, self.size - index * WIDTH)))
            if len(found) < min(WIDTH, self.size - index * WIDTH):
                raise Unproven("a bundle of entries is too short", place=entries_path(index))
            last = min(WIDTH, end - index * WIDTH)
            yield from found[first:last]
            start = index * WIDTH + last

    def _range(self, low: int, high: int) -> bytes:
        """The hash over leaves `low` to `high`, whose beginning is aligned as in any split of a tree."""
        result = b""
        parts = []
        while low < high:
            level = (high - low).bit_length() - 1
            if low:
                level = min(level, (low & -low).bit_length() - 1)
            parts.append(self._hash(level, low >> level))
            low += 1 << level
        for part in reversed(parts):
            result = node_hash(part, result) if result else part
        return result

    def _hash(self, level: int, index: int) -> bytes:
        """The hash of a whole subtree of 2^level leaves."""
        tile_level, inner = divmod(level, HEIGHT)
        first = index << inner
        tile, place = divmod(first, WIDTH)
        data = self._tile(tile_level, tile)
        row = [data[each : each + HASH] for each in range(place * HASH, (place + (1 << inner)) * HASH, HASH)]
        while len(row) > 1:
            row = paired(row)
        return row[0]

    def _tile(self, level: int, index: int) -> bytes:
        if (level, index) not in self._tiles:
            width = min(WIDTH, (self.size >> HEIGHT * level) - index * WIDTH)
            if width <= 0:
                raise Unproven(
                    f"a tree of {self.size} leaves has no such tile", place=tile_path(level, index)
                )
            data = self._file(lambda number, wide: tile_path(level, number, wide), index, width)
            if len(data) < width * HASH or len(data) % HASH:
                raise Unproven("a tile has another length than the tree needs", place=tile_path(level, index))
            self._tiles[level, index] = data[: width * HASH]
        return self._tiles[level, index]

    def _file(self, path: Callable[[int, int], str], index: int, width: int) -> bytes:
        """A tile or bundle of that width; the full one where the partial one is not kept any more."""
        try:
            return self._read(path(index, width))
        except Unproven:
            if width == WIDTH:
                raise
            return self._read(path(index, WIDTH))


def grown(size: int, leaves: Sequence[bytes], read: Callable[[str], bytes]) -> tuple[dict[str, bytes], bytes]:
    """The tiles that are new when these leaf hashes are added to a tree of `size`, and the root after it."""
    old = Tree(size, read)
    files: dict[str, bytes] = {}
    level, row, count = 0, list(leaves), size
    edge: list[tuple[int, bytes]] = []  # what does not fill a tile, level by level
    while True:
        start, rest = divmod(count, WIDTH)
        before = old._tile(level, start) if rest else b""
        hashes = [before[each : each + HASH] for each in range(0, len(before), HASH)] + row
        above = []
        for first in range(0, len(hashes), WIDTH):
            part = hashes[first : first + WIDTH]
            if row:
                files[tile_path(level, start + first // WIDTH, len(part))] = b"".join(part)
            if len(part) == WIDTH:
                above.append(root_of(part))
        rest = len(hashes) % WIDTH
        if rest:
            edge.append((level, b"".join(hashes[-rest:])))
        count >>= HEIGHT
        if not above and not count:
            break
        level, row = level + 1, above
    result = b""
    for _level, data in edge:
        part = _peaks([data[each : each + HASH] for each in range(0, len(data), HASH)], result)
        result = part
    return files, result or EMPTY_ROOT


def _peaks(row: list[bytes], right: bytes) -> bytes:
    """The hash over a row of whole subtrees, with what stands to the right of it."""
    parts = []
    low = 0
    while low < len(row):
        width = 1 << ((len(row) - low).bit_length() - 1)
        if low:
            width = min(width, low & -low)
        parts.append(root_of(row[low : low + width]))
        low += width
    for part in reversed(parts):
        right = node_hash(part, right) if right else part
    return right


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1

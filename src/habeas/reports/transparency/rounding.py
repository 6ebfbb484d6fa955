"""How small numbers are kept: controlled rounding to multiples of five, the same for every table.

Counts in a line are summed up from the left, a start between 0 and 4 is added, and each gets as many fives as
the sum passes multiples of five on its way across it. So each count goes to one of the two multiples of five
beside it (one that is a multiple stays), any stretch of the line adds up to within four of the truth, and
over the starts every count is right on average. The rows of a subject are one line; each breakdown of a row
is a line of its own whose start is drawn among those that give the row's own rounded total, so tables add up
exactly.

Why nothing is given away: the rounded tables are one possible truth, and so are the tables in which any one
cell, with a cell of each other breakdown and the totals, lies up to four higher or lower. Each of these leads
to what is published for some start. So nobody can rule out any of the values beside a rounded one.

Starts come from a seed by SHA-256, so an auditor who is given the seed can do it again. Who knows the seed
knows more than is published: it is kept like a key.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

BASE = 5  # below this a person can be recognised

Counts = NDArray[np.int64]


def start(seed: bytes, *label: str) -> int:
    """A start between 0 and 4, evenly spread, for the line of this label."""
    return drawn(seed, BASE, *label)


def drawn(seed: bytes, below: int, *label: str) -> int:
    """A number from 0 up to `below`, evenly spread (to 2 to the power of -250)."""
    digest = hashlib.sha256(b"habeas/rounding/v1")
    for part in (seed, *(each.encode() for each in label)):
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return int.from_bytes(digest.digest(), "big") % below


def along(counts: Counts, starts: Any) -> Counts:
    """Each count of the last axis rounded, with one start for each line."""
    sums = np.cumsum(counts, axis=-1, dtype=np.int64) + np.asarray(starts, dtype=np.int64)[..., None]
    fives = sums // BASE
    first = np.zeros((*fives.shape[:-1], 1), dtype=np.int64)  # a start below five passes nothing yet
    return BASE * np.diff(fives, axis=-1, prepend=first)


def order(seed: bytes, keys: tuple[str, ...], *label: str) -> Counts:
    """The positions of the keys in an order drawn for this label; the line runs in that order."""
    ranked = sorted(range(len(keys)), key=lambda at: (drawn(seed, 1 << 62, *label, keys[at]), keys[at]))
    return np.array(ranked, dtype=np.int64)


def rows(counts: Counts, first: int, ranks: Counts) -> Counts:
    """The totals of rows, rounded as one line in the order of `ranks`."""
    rounded = np.empty_like(counts)
    rounded[ranks] = along(counts[ranks], first)
    return rounded


def within(cells: Counts, totals: Counts, seed: bytes, labels: tuple[tuple[str, ...], ...]) -> Counts:
    """A breakdown of rows (rows by cells), each rounded so that its cells add up to its rounded total."""
    sums = cells.sum(axis=1)
    rest = sums % BASE
    up = totals > sums
    lowest = np.where(up, BASE - rest, 0)
    choices = np.where(rest == 0, BASE, np.where(up, rest, BASE - rest))
    starts = np.array(
        [
            low + drawn(seed, int(many), *label)
            for low, many, label in zip(lowest.tolist(), choices.tolist(), labels, strict=True)
        ],
        dtype=np.int64,
    )
    return along(cells, starts)

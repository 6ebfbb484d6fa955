"""Where the signs stand in the words: a text cut at the edges of marks that may overlap.

Given a text and marks with numbers, `runs` cuts it so that every piece lies under the same marks from end to
end (what a page needs), and `blocks` joins marks that touch (what plain text needs). Nothing is lost or
repeated: the pieces in order are the text. A mark that does not fit the text is left out, never moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import msgspec


class Mark(msgspec.Struct, frozen=True, order=True):
    """Characters start up to end (not included) of one text, under a number. kind: what sort of sign."""

    start: int
    end: int
    number: int
    kind: str


class Run(msgspec.Struct, frozen=True):
    """A piece of the text. kinds and numbers: the marks it lies under; ends: those that end with it."""

    text: str
    kinds: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def fitting(marks: Iterable[Mark], length: int) -> tuple[Mark, ...]:
    """The marks that lie inside a text of `length` characters, in order, each once."""
    return tuple(sorted({mark for mark in marks if 0 <= mark.start < mark.end <= length}))


def runs(text: str, marks: Iterable[Mark]) -> tuple[Run, ...]:
    """`text` cut at every edge of a mark."""
    kept = fitting(marks, len(text))
    edges = sorted({0, len(text), *(mark.start for mark in kept), *(mark.end for mark in kept)})
    coming = list(reversed(kept))
    over: list[Mark] = []
    found = []
    for start, end in pairwise(edges):
        over = [mark for mark in over if mark.end > start]
        while coming and coming[-1].start == start:
            over.append(coming.pop())
        found.append(
            Run(
                text[start:end],
                kinds=_each_once(mark.kind for mark in over),
                numbers=tuple(sorted({mark.number for mark in over})),
                ends=tuple(sorted({mark.number for mark in over if mark.end == end})),
            )
        )
    return tuple(found)


def blocks(text: str, marks: Iterable[Mark]) -> tuple[Run, ...]:
    """`text` with overlapping marks joined into one piece, which carries the numbers of all of them."""
    kept = fitting(marks, len(text))
    joined: list[list[Mark]] = []
    reach = 0
    for mark in kept:
        if joined and mark.start < reach:
            joined[-1].append(mark)
        else:
            joined.append([mark])
        reach = max(reach, mark.end)
    found = []
    at = 0
    for group in joined:
        start, end = group[0].start, max(mark.end for mark in group)
        if at < start:
            found.append(Run(text[at:start]))
        numbers = tuple(sorted({mark.number for mark in group}))
        found.append(Run(text[start:end], _each_once(mark.kind for mark in group), numbers, numbers))
        at = end
    if at < len(text):
        found.append(Run(text[at:]))
    return tuple(found)


def _each_once(kinds: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kinds))

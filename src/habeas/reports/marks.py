"""Where the signs stand in the words: a text cut at the edges of marks that may overlap.

Given a text and marks with numbers, `runs` cuts it so that every piece lies under the same marks from end to
end (what a page needs), and `blocks` joins marks that touch (what plain text needs). Nothing is lost or
repeated: the pieces in order are the text. A mark that does not fit the text is left out, never moved.

What is underlined begins and ends with words that say something (`bearing`): whoever reads sees at once what
speaks, and no article or auxiliary verb looks like a sign.
"""

from __future__ import annotations

import re
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


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
_SILENT = {
    "en": "a an and are as at be been being but by did do does for from had has have he her him his"
    " if in into is it its no not of on or our saw she so such than that the their them then"
    " there these they this those to was we were what when which who whom will with would you"
    " your",
    "fr": "a à au aux avec ce ces cet cette d dans de des du elle en est et était étaient eu il ils l"
    " la le les leur leurs lui ne n on ont ou où par pas pour qu que qui s sa se ses son sont"
    " sur un une y",
    "es": "a al como con de del e el ella en es esta este fue fueron ha han la las le les lo los no o"
    " para por que se ser sin su sus un una y",
    "pt": "a ao aos as com como da das de do dos e é em essa esse esta este foi foram lhe na nas no"
    " nos não o os ou para pela pelo por que se sem ser seu sua um uma",
    "it": "a al alla che con da dal dei del della di e è gli ha hanno i il in la le lo nel nella non"
    " o per se si sono su un una",
    "de": "als am an auf aus bei bis das dass dem den der des die durch ein eine einem einen einer es"
    " für hat hatte im in ist mit nicht oder sein sich sie sind so und vom von vor war waren wie"
    " wird wurde wurden zu zum zur",
    "ru": "а без был была были было в во для до же за и из или к как ко на не но о об от по при с со"
    " то у что это",
    "uk": "а без був була були було в для до же з за й і із или його на не по при про та то у що це",
    "tr": "bir bu da daha de en gibi ile için ise ki mi o olan olarak olduğu şu ve veya ya",
    "ar": "أن أو إلى التي الذي الى أنه إن بعد به بها ثم عن على في قد كان كانت كل لا لم له لها ما مع"
    " من هذا هذه هو هي و",
}
"""By language, words that bear no meaning of their own: at the edges of a mark they are not underlined."""


def bearing(mark: Mark, text: str, language: str | None) -> Mark | None:
    """`mark` without the words at its edges that bear no meaning; None where all of its words are such. Of a
    language that is not known here nothing is left out. language: its tag."""
    silent = _SILENT.get((language or "").split("-")[0].lower(), "").split()
    found = list(_WORD.finditer(text, mark.start, mark.end))
    if not silent or not found:
        return mark
    speaking = [each for each in found if each[0].lower() not in silent]
    if not speaking:
        return None
    start = mark.start if speaking[0] is found[0] else speaking[0].start()
    end = mark.end if speaking[-1] is found[-1] else speaking[-1].end()
    return msgspec.structs.replace(mark, start=start, end=end)


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

"""What the wording of a request resembles: its words, weighed as they stand in requests labelled before.

Word lists know what somebody thought of; requests are told in other words every day.
`language/wording.toml` gives weights to words and to runs of their letters, reckoned from labelled cases
(`make wording`) and chosen by nobody: below zero where they stand in crimes as they are told, above in
persecution as it is told. A word weighs what it and its runs weigh together. The sum is one figure on the
scales of `weighing.py` and never an answer: it opens nothing and refuses nothing without facts or signs
beside it. Names of states and peoples teach it nothing, and neither do figures: the country is no ground,
nor is the year.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain
from math import sqrt
from operator import itemgetter

import msgspec

from habeas.assess.finding import FactSource
from habeas.assess.kept import PerWord
from habeas.assess.text import Text

RUN = 4  # letters, the beginning and the end of a word each counting as one
_SHORTEST = 3  # letters; shorter words are in every sentence
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_FIGURE = re.compile(r"\d")
_PARTS = (2, 3)  # characters: Thai, Lao, Burmese, Khmer, Kana and Han are written without blanks
_MOST = 60  # tenths; beyond this a text only says the same once more
_SHOWN = 4  # words named where the figure is explained


class Wording(msgspec.Struct, frozen=True, gc=False):
    """points: tenths of a logit, from -60 (as crimes are told) to 60 (as persecution is told); 0 where no
    word is known. words: those that weigh most for what the sum says, as they stand in the facts."""

    points: int = 0
    words: tuple[FactSource, ...] = ()


SILENT = Wording()


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """language/wording.toml. weights and base in hundredths of a logit; cases: the files they come from."""

    cases: tuple[str, ...]
    base: int
    weights: dict[str, int]


@cache
def table() -> Table:
    raw = tomllib.loads((files("habeas.assess") / "language" / "wording.toml").read_text("utf-8"))
    return msgspec.convert(raw, Table)


def parts(word: str) -> tuple[str, ...]:
    """What of a folded word (`Text.words`) is looked at: the word; the runs of one written without blanks."""
    if not word.isascii() and _UNSPACED.search(word):
        cut = [word[at : at + length] for length in _PARTS for at in range(len(word) - length + 1)]
        return tuple([part for part in cut if not _FIGURE.search(part)])
    return (word,) if len(word) >= _SHORTEST and not _FIGURE.search(word) else ()


def runs(part: str) -> tuple[str, ...]:
    """What a part is weighed by: its runs of letters, and the part as a whole."""
    if not part.isascii() and _UNSPACED.search(part):
        return (part,)
    bounded = f"^{part}$"
    return (*[bounded[at : at + RUN] for at in range(len(bounded) - RUN + 1)], bounded)


def points(weights: Sequence[int], known: int, base: int) -> int:
    """Tenths of a logit: weights of the parts, known: how many runs of theirs have a weight."""
    if not known:
        return 0
    return max(-_MOST, min(_MOST, round((sum(weights) / sqrt(known) + base) / 10)))


def _weighed(word: str) -> tuple[tuple[str, int, int], ...]:
    """Of each part that has any: (part, weight, runs that have a weight)."""
    weights = table().weights
    found = []
    for part in parts(word):
        known = [weights[run] for run in runs(part) if run in weights]
        if known:
            found.append((part, sum(known), len(known)))
    return tuple(found)


_known = PerWord(_weighed)


def resemblance(facts: Iterable[tuple[str, Text]]) -> Wording:
    """What the statement of facts resembles; facts: its fields, as (path, text). A word counts once."""
    weights: dict[str, int] = {}
    known = 0
    begun = []  # how many were known before each field
    for field, text in facts:
        begun.append((len(weights), field, text))
        for part, weight, count in chain.from_iterable(map(_known.__getitem__, text.words)):
            if part not in weights:
                weights[part] = weight
                known += count
    total = points(list(weights.values()), known, table().base)
    if not total:
        return SILENT
    heaviest = sorted(weights, key=weights.__getitem__, reverse=total > 0)[:_SHOWN]
    order = list(weights)
    places = [bisect_right(begun, order.index(part), key=itemgetter(0)) - 1 for part in heaviest]
    quotes = [_quote(*begun[place][1:], part) for place, part in zip(places, heaviest, strict=True)]
    return Wording(total, tuple(quotes))


def _quote(field: str, text: Text, part: str) -> FactSource:
    at = text.folded.find(part) if _UNSPACED.search(part) else f" {text.folded} ".find(f" {part} ")
    first, last = text.span(at, at + len(part))
    return FactSource(kind="narrative", ref=field, words=text.original[first:last], span=(first, last))

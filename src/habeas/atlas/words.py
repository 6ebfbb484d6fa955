"""The vocabulary of citations, read once from `citation_words.toml`.

Decides only which class a folded word belongs to. What the classes do is in `citation`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from habeas.atlas.folding import fold


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """Folded words by class; the last two are whole names."""

    article: frozenset[str]
    part: frozenset[str]
    chapter: frozenset[str]
    glue: frozenset[str]
    conjunction: frozenset[str]
    law: frozenset[str]
    number_word: frozenset[str]
    year_word: frozenset[str]
    months: frozenset[str]
    qualifier: frozenset[str]
    other_law: tuple[str, ...]
    main_code: tuple[str, ...]


_ARABIC_PREFIXES = ("و", "ب", "ل", "ف", "وب", "ول")  # and, by, for: written onto the next word


@cache
def vocabulary() -> Vocabulary:
    raw = tomllib.loads(files("habeas.atlas").joinpath("citation_words.toml").read_text("utf-8"))
    classes: dict[str, frozenset[str] | tuple[str, ...]] = {}
    for name, value in raw.items():
        if isinstance(value, str):
            words = {fold(word).rstrip(".:") for word in value.split()}
            if name in ("article", "part", "law"):
                words |= {p + w for w in words if "\u0621" <= w[0] <= "\u064a" for p in _ARABIC_PREFIXES}
                words |= {"لل" + w[2:] for w in words if w.startswith("ال")}
            classes[name] = frozenset(words)
        else:
            classes[name] = tuple(fold(word) for word in value)
    return msgspec.convert(classes, Vocabulary)

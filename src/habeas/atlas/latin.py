"""Citations spelled in Latin letters, though the law is written in others: "st. 207.3 UK RF", "matra 112".

Decides which words of a citation are the names of a state's laws, or words for article and paragraph, in
another alphabet, and puts them back into their own (ст. 207.3 УК РФ, มาตรา 112); `binding` reads that. Names
follow from the alphabets of `latin.toml`, or stand there. A short word says little (`st` is a street, a saint
and a paragraph elsewhere): it counts only near the name of a law that is put back too, and a short name of a
law only near a word for article, which no other language has where another state is called so (`UK`).
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import NamedTuple

from habeas.atlas.folding import fold, positions
from habeas.atlas.model import Law
from habeas.atlas.tokens import UNSPACED, Entry, Names
from habeas.atlas.words import vocabulary

PLAIN = 5  # letters; a word or name of as many says by itself whose it is
NEAR = 60  # characters between a short word and the name of a law, or the other way round
# The letters of a script, from the first to the last that a name here can have.
_SCRIPTS = {
    "greek": ("\u0370", "\u03ff"),
    "cyrillic": ("\u0400", "\u052f"),
    "armenian": ("\u0530", "\u058f"),
    "hebrew": ("\u0590", "\u05ff"),
    "arabic": ("\u0600", "\u06ff"),
    "devanagari": ("\u0900", "\u097f"),
    "bengali": ("\u0980", "\u09ff"),
    "thai": ("\u0e00", "\u0e7f"),
    "lao": ("\u0e80", "\u0eff"),
    "georgian": ("\u10a0", "\u10ff"),
    "ethiopic": ("\u1200", "\u137f"),
    "khmer": ("\u1780", "\u17ff"),
    "han": ("\u3400", "\u9fff"),
    "hangul": ("\uac00", "\ud7af"),
}
_Hit = tuple[int, int, Entry]  # start, end, what stands there
_SMALL = ("article", "part")
_BETWEEN = ("conjunction", "glue")  # and, of: read where they stand near what is put back


class Native(NamedTuple):
    """A citation put back into its script. places: of each character, and of the end, in the original."""

    text: str
    places: tuple[int, ...]


class _Data(NamedTuple):
    """latin.toml, read. letters: by script, one table a system. words: by script, (native, spelled)."""

    letters: dict[str, tuple[dict[str, str], ...]]
    words: dict[str, tuple[tuple[str, str], ...]]


@cache
def _data() -> _Data:
    raw = tomllib.loads(files("habeas.atlas").joinpath("latin.toml").read_text("utf-8"))
    letters: dict[str, tuple[dict[str, str], ...]] = {}
    for table in raw["letters"]:
        pairs = table["pairs"].split()
        spelled = dict(zip(pairs[::2], (each.strip("-") for each in pairs[1::2]), strict=True))
        letters[table["script"]] = (*letters.get(table["script"], ()), spelled)
    words = {
        script: tuple((native, fold(form)) for native, forms in table.items() for form in forms)
        for script, table in raw["words"].items()
    }
    return _Data(letters, words)


@cache
def _words() -> dict[str, list[str]]:
    """The words of `citation_words.toml` by class, as written there."""
    raw = tomllib.loads(files("habeas.atlas").joinpath("citation_words.toml").read_text("utf-8"))
    return {name: each.split() if isinstance(each, str) else each for name, each in raw.items()}


@cache
def _small() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """By script with an alphabet, the words around a number: (class, native, spelled)."""
    found: dict[str, dict[tuple[str, str, str], None]] = {}
    for name in (*_SMALL, *_BETWEEN):
        for word in _words()[name]:
            script = script_of(word)
            if script in _data().letters:
                for form in spellings(word, script):
                    if name in _SMALL or len(form) > 1:
                        found.setdefault(script, {})[name, word, form] = None
    return {script: tuple(each) for script, each in found.items()}


def script_of(text: str) -> str:
    """The script of the first letter that is none of ours, "" where all are."""
    for char in text:
        if not char.isascii():
            for script, (first, last) in _SCRIPTS.items():
                if first <= char <= last:
                    return script
    return ""


@cache
def spellings(name: str, script: str) -> tuple[str, ...]:
    """The ways to spell a name by the alphabets of its script, folded; none where a letter is in no table."""
    found = dict.fromkeys(_spelled(name.lower(), table) for table in _data().letters.get(script, ()))
    return tuple(each for each in found if each)


def _spelled(name: str, table: dict[str, str]) -> str:
    out = []
    place = 0
    while place < len(name):
        size = 2 if name[place : place + 2] in table else 1
        piece = name[place : place + size]
        if piece in table:
            out.append(table[piece])
        elif piece.isascii():
            out.append(piece)
        else:
            return ""
        place += size
    return fold("".join(out))


class Latin:
    """The Latin spellings of the laws of one state. tellers: those that say whose law it is."""

    def __init__(self, laws: Sequence[Law], more: Iterable[str] = (), others: Iterable[str] = ()) -> None:
        """more: other words in the scripts of the state. others: names of other states, folded (`uk`)."""
        named = [name for law in laws for name in (law.name, *law.names, *law.own_names)]
        own = {fold(name) for law in laws for name in law.own_names}
        scripts = {script_of(name) for name in (*named, *more)}
        if any(law.main for law in laws):
            named = [*_words()["main_code"], *named]
        known = {fold(name) for name in named} | set(vocabulary().other_law)
        common = vocabulary().article  # `art` is a word for article in Latin letters as well
        taken = frozenset(others)
        entries: dict[str, Entry] = {}  # own: what a short name or word says, it says alone
        for script in sorted(scripts - {""}):
            for kind, native, form in _small().get(script, ()):
                entries.setdefault(form, Entry(kind, (native,), form not in common))
            for native, form in _data().words.get(script, ()):
                kind = "law" if fold(native) in known else _kind(native)
                entries.setdefault(form, Entry(kind, (native,), form not in taken | common))
        for name in named:
            script = script_of(name)
            for form in spellings(name, script) if script in scripts else ():
                entries[form] = Entry("law", (name,), form not in taken)
        self.tellers = tuple(
            form for form, entry in entries.items() if entry.kind == "law" and fold(entry.keys[0]) in own
        )
        self._names = Names(entries) if entries else None

    def native(self, text: str) -> Native | None:
        """The text with what is spelled in Latin letters put back; None where nothing is."""
        if self._names is None:
            return None
        hits = list(_kept(self._names.hits(fold(text))))
        if not hits:
            return None
        at = positions(text)
        out: list[str] = []
        places: list[int] = []
        edge = 0
        for start, end, entry in hits:
            if at is not None:
                start, end = at[start], at[end]
            between = text[edge:start]
            native = entry.keys[0]
            joined = bool(UNSPACED.match(native))
            if joined and not between.strip() and out:
                between = ""  # 第 293 条: signs are written without spaces
            elif joined and between[-1:] == " " and between[-2:-1].isdigit():
                between = between[:-1]
            out.append(between)
            places.extend(range(edge, edge + len(between)))
            out.append(native)
            places.extend([start] * len(native))
            edge = end
            if joined and text[edge : edge + 1] == " " and text[edge + 1 : edge + 2].isdigit():
                edge += 1
        out.append(text[edge:])
        places.extend(range(edge, len(text) + 1))
        return Native("".join(out), tuple(places))


def _kind(native: str) -> str:
    """Of a word of `latin.toml` that is no name of a law here: article, part, or another."""
    words = vocabulary()
    folded = fold(native)
    return "article" if folded in words.article else "part" if folded in words.part else "other"


def _kept(hits: list[_Hit]) -> Iterator[_Hit]:
    """The hits that count: long ones, and short ones near the other sort. In order, as they came."""
    articles = [hit for hit in hits if hit[2].kind == "article"]
    telling = [hit for hit in articles if hit[2].own]
    laws = [
        hit
        for hit in hits
        if hit[2].kind == "law" and (_plain(hit) or _near(hit, articles if hit[2].own else telling))
    ]
    sure = {hit[0] for hit in laws}
    for hit in hits:
        kind = hit[2].kind
        if hit[0] in sure if kind == "law" else (kind in _SMALL and _plain(hit)) or _near(hit, laws):
            yield hit


def _plain(hit: _Hit) -> bool:
    return hit[1] - hit[0] >= PLAIN


def _near(hit: _Hit, others: list[_Hit]) -> bool:
    """Does one of the others, in order and none over this one, stand near it?"""
    at = bisect_left(others, hit[0], key=itemgetter(0))
    before = at > 0 and hit[0] - others[at - 1][1] <= NEAR
    return before or (at < len(others) and others[at][0] - hit[1] <= NEAR)

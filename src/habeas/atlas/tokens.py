"""Cuts a folded citation into tokens: names of laws and states, numbers, words by class.

Decides what one article number is, in any script: "184b", "314/2", "295-C", "87 مكرر", "355²", "第十条之一".
Each piece keeps the mark before it, because the same mark divides articles in one law and paragraphs in
another. Leaves to `binding` which law a number belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

import ahocorasick_rs

from habeas.atlas.folding import SUPERSCRIPT_ZERO, SUPERSCRIPTS
from habeas.atlas.numerals import LETTERS, arabic_ordinal, han_number
from habeas.atlas.words import vocabulary

LONGEST_LETTER_SUFFIX = 2  # 377BH is an article; three letters and more are a word


class Component(NamedTuple):
    """One piece of an article number and the mark before it ("" for the first)."""

    mark: str
    text: str


class Number(NamedTuple):
    """An article number as written. parts: paragraphs said in words (each a chain). until: end of a range."""

    components: tuple[Component, ...]
    parts: tuple[tuple[str, ...], ...]
    start: int
    end: int
    until: tuple[Component, ...] | None


class Named(NamedTuple):
    """A law named in a citation. identified: the name says whose law it is. year: the edition named."""

    keys: tuple[str, ...]
    identified: bool
    year: int | None


class Cited(NamedTuple):
    """Numbers and the law they are bound to: None where none is named, no keys where it is another's.

    announced: a word for article stands with them, or they are written as only articles are (295-C).
    """

    numbers: tuple[Number, ...]
    law: Named | None
    start: int
    end: int
    announced: bool


class Reading(NamedTuple):
    """What one citation says. alone: laws named without a number. clean: nothing in it was not understood."""

    cited: tuple[Cited, ...]
    alone: tuple[tuple[Named, int, int], ...]
    phrases: tuple[tuple[tuple[str, ...], int, int], ...]
    clean: bool


class Entry(NamedTuple):
    """What a name in the word finder stands for."""

    kind: str  # "law", "other", "home", "abroad", "phrase"
    keys: tuple[str, ...] = ()
    own: bool = False
    main: bool = False


_SPACELESS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
UNSPACED = re.compile(f"[{_SPACELESS}]")
_NOT_WORD = rf"\s\d!-/:-@\[-`{{-~§{SUPERSCRIPTS}"
_TOKEN = re.compile(
    rf"""
      (?P<han>(?:第|제\s?)?(?P<hn>[〇零一二三四五六七八九十百千两\d]+)\s?(?P<hu>条|條|조|款|項|项|항)
         (?:\s?(?:之|의|の|ノ)\s?(?P<hz>[一二三四五六七八九十\d]+))?)
    | (?P<number>\d+)
    | (?P<word>[^{_NOT_WORD}]+(?:\.[^{_NOT_WORD}]+)*)
    | (?P<mark>[^\s])
    """,
    re.VERBOSE,
)
_LATIN = "bis|ter|quater|quinquies|sexies|septies|octies|novies|decies"
_BIS = {"مكرر": "bis", "مكررا": "bis", "مكرره": "bis", "ស្ទួន": "bis", "bis": "bis"}
_LETTER_NAMES = "|".join(sorted((re.escape(x) for x in LETTERS if len(x) > 1), key=len, reverse=True))
_SUFFIX = re.compile(
    rf"""
      (?P<plain>[.\-/:^])(?P<digits>\d+)
    | \.?(?P<super>[{SUPERSCRIPTS}]+)
    | \s?[-/.]?\s?(?P<bis>{_LATIN}|مكررا|مكرره|مكرر|ស្ទួន)(?![^{_NOT_WORD}])(?:\s(?P<again>\d{{1,2}})(?!\d))?
    | \s?\(\s?(?P<inner>[^\s()]{{1,6}})\s?\)
    | (?P<lm>[-/.:]?)(?P<letters>[a-z]{{1,{LONGEST_LETTER_SUFFIX}}})(?![^{_NOT_WORD}])
    | (?P<nm>[-/.]?\s?)(?P<name>{_LETTER_NAMES})(?![^{_NOT_WORD}])
    | (?P<om>[-/]?)(?P<other>[^{_NOT_WORD}a-z{_SPACELESS}])(?![^{_NOT_WORD}])
    | \s(?P<apart>[a-z])(?![^{_NOT_WORD}]|['.])
    """,
    re.VERBOSE,
)
# Endings that make an ordinal of a number and are no part of it: 323-cü, 133-nji, 5th, 2-ші.
_ORDINAL = re.compile(
    rf"-?(?:st|nd|rd|th|cu|ci|nci|nji|inci|uncu|ncu|er|eme|aki|ге|ші|шы|ая|ой|ый|го|й|я|е|ე|րդ)(?![^{_NOT_WORD}])"
)
_ROMAN = re.compile(r"[ivxl]+")
_INNER = re.compile(r"(\d*)([^\d]*)(\d*)")


def _inner(text: str) -> tuple[str, ...] | None:
    """The pieces of what stands in brackets after a number; None where it is a word."""
    if text.isdigit():
        return (text,)
    if _ROMAN.fullmatch(text):
        return (text,)
    found = _INNER.fullmatch(text)
    if found is None or not found[2]:
        return None
    letters = found[2].strip("-")
    if letters.isascii() and letters.isalpha() and len(letters) <= LONGEST_LETTER_SUFFIX:
        mapped = letters
    elif letters in LETTERS:
        mapped = LETTERS[letters]
    else:
        return None
    return (found[1] + mapped + found[3],)


def number_at(text: str, start: int, end: int) -> tuple[tuple[Component, ...], int]:
    """The components of the number that begins at `start`, and where it ends."""
    place = start
    while place < end and text[place].isdigit():
        place += 1
    components = [Component("", text[start:place].lstrip("0") or "0")]
    while place < end:
        ordinal = _ORDINAL.match(text, place, end)
        if ordinal:
            place = ordinal.end()
            break
        found = _SUFFIX.match(text, place, end)
        if found is None:
            break
        if found["digits"]:
            components.append(Component(found["plain"], found["digits"].lstrip("0") or "0"))
        elif found["super"]:
            digits = "".join(str(ord(char) - SUPERSCRIPT_ZERO) for char in found["super"])
            components.append(Component("^", digits))
        elif found["bis"]:
            components.append(Component("bis", _BIS.get(found["bis"], found["bis"])))
            if found["again"]:
                components.append(Component("bis", found["again"]))
        elif found["inner"]:
            pieces = _inner(found["inner"])
            if pieces is None:
                break
            components.extend(Component("(", piece) for piece in pieces)
        elif found["letters"]:
            components.append(Component(found["lm"] + "a", found["letters"]))
        elif found["name"]:
            components.append(Component(found["nm"].strip() + "a", LETTERS[found["name"]]))
        elif found["other"]:
            letter = LETTERS.get(found["other"])
            if letter is None:
                break
            components.append(Component(found["om"] + "a", letter))
        else:
            components.append(Component(" a", found["apart"]))
        place = found.end()
    return tuple(components), place


class Token(NamedTuple):
    kind: str  # number, word, mark, law, other, home, abroad, phrase, article, part
    start: int
    end: int
    text: str
    components: tuple[Component, ...] = ()
    entry: Entry | None = None


class Numbered(NamedTuple):
    """An official number of a law of this state: 175/2018, 5237."""

    keys: tuple[str, ...]
    year: int | None


class Names:
    """The names one reader knows: laws of the state, its own names, other states' names, other laws.

    numbered: laws by official number. articles: (law, article) for numbers that could be taken for years.
    """

    def __init__(
        self,
        entries: Mapping[str, Entry],
        numbered: Mapping[str, tuple[Numbered, ...]] | None = None,
        articles: Set[tuple[str, str]] = frozenset(),
    ) -> None:
        self.numbered = numbered or {}
        self.articles = articles
        self._entries = tuple(entries.values())
        self._automaton = ahocorasick_rs.AhoCorasick(entries, store_patterns=False)

    def hits(self, text: str) -> list[tuple[int, int, Entry]]:
        """Names in the text as whole words, the longest first where two overlap, in order."""
        found = [
            (start, end, self._entries[number])
            for number, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if _whole(text, start, end)
        ]
        if len(found) < 2:
            return found
        found.sort(key=lambda hit: (hit[0], -hit[1]))
        kept: list[tuple[int, int, Entry]] = []
        edge = -1
        for hit in found:
            if hit[0] >= edge:
                kept.append(hit)
                edge = hit[1]
        return kept


_GLUED_BEFORE = frozenset("وبلفכלהב")  # Arabic and Hebrew particles written onto the word


def _whole(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if "." in text[start:end] and text[start:end].isascii():  # c.p. is not the name in c.p.p. or k.p.c.
        if start and text[start - 1] == ".":
            return False
        rest = text[end : end + 2]
        if rest[:1].isalpha() or (last != "." and rest[:1] == "." and rest[1:].isalpha()):
            return False
    if start and text[start - 1].isalnum() and first.isalnum() and not UNSPACED.match(first):
        before = text[start - 1]
        if before.isdigit() and not first.isdigit():
            pass  # 314TCK, 5УК
        elif not (before in _GLUED_BEFORE and (start < 2 or not text[start - 2].isalnum())):
            return False
    if end < len(text) and last.isalnum() and not UNSPACED.match(last):
        after = text[end]
        if after.isalnum() and not (after.isdigit() and not last.isdigit()):
            return False
    return True


def tokens(text: str, hits: list[tuple[int, int, Entry]]) -> Iterator[Token]:
    """The tokens of a folded citation in which `hits` are the names found."""
    place = 0
    for start, end, entry in [*hits, (len(text), len(text), None)]:
        yield from _plain(text, place, start)
        if entry is not None:
            yield Token(entry.kind, start, end, text[start:end], (), entry)
        place = end


def _plain(text: str, place: int, end: int) -> Iterator[Token]:
    words = vocabulary()
    while place < end:
        found = _TOKEN.search(text, place, end)
        if found is None:
            return
        place = found.end()
        if found["number"]:
            components, place = number_at(text, found.start(), end)
            yield Token("number", found.start(), place, text[found.start() : place], components)
        elif found["han"]:
            yield from _han(found)
        elif found["word"]:
            word = found["word"]
            start = found.start()
            if word in words.article or word.rstrip(".") in words.article:
                yield Token("article", start, place, word)
                while (ordinal := _ordinal(text, place, end)) is not None:
                    yield ordinal
                    place = ordinal.end
            elif word in words.part:
                yield Token("part", start, place, word)
            elif UNSPACED.match(word):
                yield from _unspaced(word, start)
            else:
                yield Token("word", start, place, word)
        elif found["mark"] == "§":
            yield Token("article", found.start(), place, "§")
        else:
            yield Token("mark", found.start(), place, found["mark"])


def _han(found: re.Match[str]) -> Iterator[Token]:
    value = han_number(found["hn"])
    if value is None:
        yield Token("word", found.start(), found.end(), found[0])
        return
    components = [Component("", str(value))]
    if found["hz"]:
        sub = han_number(found["hz"])
        components.append(Component("-", str(sub)))
    if found["hu"] in "款項项항":
        yield Token("part", found.start(), found.start(), found["hu"])
    else:
        yield Token("article", found.start(), found.start(), found["hu"])
    yield Token("number", found.start(), found.end(), found[0], tuple(components))


def _ordinal(text: str, place: int, end: int) -> Token | None:
    """An Arabic ordinal after the word for article."""
    rest = text[place:end].split(None, 5)[:5]
    if not rest or not "\u0621" <= rest[0][0] <= "\u064a":
        return None
    value, used = arabic_ordinal(rest)
    if not used:
        return None
    start = text.index(rest[0], place)
    stop = start
    for word in rest[:used]:
        stop = text.index(word, stop) + len(word)
    return Token("number", start, stop, text[start:stop], (Component("", str(value)),))


def _unspaced(word: str, start: int) -> Iterator[Token]:
    """Thai, Lao, Khmer, Burmese, Chinese: the word for article may be the tail of a run of letters."""
    words = vocabulary()
    for size in range(min(8, len(word)), 0, -1):
        tail = word[-size:]
        if tail in words.article or tail in words.part:
            if len(word) > size:
                yield Token("word", start, start + len(word) - size, word[:-size])
            kind = "article" if tail in words.article else "part"
            yield Token(kind, start + len(word) - size, start + len(word), tail)
            return
    yield Token("word", start, start + len(word), word)

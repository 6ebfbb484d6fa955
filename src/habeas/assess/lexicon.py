"""Words of a request -> concepts, with their places.

A concept is one thing a lawyer would underline ("insult", "authority", "ransom"); language files under
`language/` list the words for each, and this module finds all of them in one pass (Aho-Corasick over
the folded text). It knows words only: what a combination of concepts means stands in signals.toml.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import ahocorasick_rs
import msgspec

from habeas.assess.text import Text, fold
from habeas.errors import Refused

_FOLDER = files("habeas.assess") / "language"
_UNSPACED = frozenset("zh th km my lo ja".split())  # written without spaces: a word may begin anywhere
_PREFIXED = frozenset("ar fa ur".split())  # Arabic script: one-letter words are written onto the next word
_PROCLITICS = re.compile(r"(?:^| )[وف]?(?:[بكلس]|ال|لل|بال|كال|فال|وال)?$")
_LONGEST_PROCLITIC = 4
_NO_LETTER = re.compile(r"[^\w ]")  # marks, and what a few letters fold to, as "½": words begin behind them


class Hit(msgspec.Struct, frozen=True, gc=False):
    """One concept found: `start` and `end` are places in the folded text, `sentence` its index."""

    concept: str
    start: int
    end: int
    sentence: int


class _Term(NamedTuple):
    concept: str
    open_start: bool  # any letters may stand before
    open_end: bool  # any letters may follow
    rest: re.Pattern[str] | None  # what must follow the literal, for a star inside the term


@cache
def concepts() -> dict[str, str]:
    """Every concept's name with the words that explain it to a translator."""
    return dict(_toml("concepts.toml")["concept"])


class Spheres(NamedTuple):
    """Concepts that speak of protected conduct by themselves; concepts.toml says what each list is."""

    always: frozenset[str]
    unless_harmed: frozenset[str]


@cache
def spheres() -> Spheres:
    """The table [sphere] of concepts.toml; an unknown name is refused."""
    listed = _toml("concepts.toml")["sphere"]
    found = Spheres(*(frozenset(listed[name]) for name in Spheres._fields))
    if unknown := frozenset().union(*found) - concepts().keys():
        raise Refused(
            f"no concept is called {min(unknown)!r}",
            place="concepts.toml: sphere",
            hint="use a name of the table [concept]",
        )
    return found


def _toml(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((_FOLDER / name).read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Refused(
            f"this file is not readable TOML: {error}", place=name, hint="correct the line it names"
        ) from error


def languages() -> tuple[str, ...]:
    """The languages that have a word list, by ISO 639-1 code."""
    names = (entry.name.removesuffix(".toml") for entry in _FOLDER.iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(name for name in names if len(name) == 2))


class Lexicon:
    """The words of one language. `find` answers every concept named in a text, in order of place."""

    def __init__(self, language: str, terms: dict[str, list[str]]) -> None:
        self.language = language
        self._spaced = language not in _UNSPACED
        self._prefixed = language in _PREFIXED
        self._apart = self._spaced and not self._prefixed  # a blank stands before every word
        by_literal: dict[str, list[_Term]] = {}
        for concept, words in terms.items():
            if concept not in concepts():
                raise Refused(
                    f"the concept {concept!r} is not one that signals know",
                    place=f"{language}.toml",
                    hint="use a name of concepts.toml",
                )
            for word in words:
                literal, term = _term(language, concept, word)
                if self._apart and _NO_LETTER.search(literal):
                    raise Refused(
                        f"a mark stands between the letters of {word!r}",
                        place=f"{language}.toml: {concept}",
                        hint="write the words without it, a blank between them",
                    )
                # The blank before a word is looked for with it: most letters then begin nothing at all.
                first = " " if self._apart and not term.open_start else ""
                by_literal.setdefault(first + literal, []).append(term)
        # The blank put before the text counts where a literal has none of its own.
        self._found = [(not literal.startswith(" "), tuple(found)) for literal, found in by_literal.items()]
        self._automaton = ahocorasick_rs.AhoCorasick(by_literal, store_patterns=False)

    def find(self, text: Text) -> list[Hit]:
        hits: list[Hit] = []
        folded = text.folded
        searched = folded
        if self._apart and not text.original.isascii():
            searched = _NO_LETTER.sub(" ", folded)
        sentences = text.sentences
        sentence = 0
        sentence_end = sentences[0][1]
        last = len(sentences) - 1
        spaced, prefixed = self._spaced, self._prefixed
        # One blank was put before the text: what was seen last there is what follows here.
        for number, start, after in self._automaton.find_matches_as_indexes(f" {searched}", overlapping=True):
            before, terms = self._found[number]
            start -= before
            after -= 1
            at_end = not spaced or not folded[after : after + 1].isalnum()
            while start >= sentence_end and sentence < last:
                sentence += 1
                sentence_end = sentences[sentence][1]
            for concept, open_start, open_end, rest in terms:
                if prefixed and not open_start and not self._begins(folded, start):
                    continue
                end = after
                if rest is not None:
                    more = rest.match(folded, after)
                    if more is None:
                        continue
                    end = more.end()
                elif not (at_end or open_end):
                    continue
                # a literal seen late can begin in an earlier sentence than the one last looked at
                index = sentence
                while index and start < sentences[index][0]:
                    index -= 1
                hits.append(Hit(concept, start, end, index))
        return hits

    def _begins(self, folded: str, start: int) -> bool:
        """Does a word begin here, with or without a one-letter word written onto it?"""
        return start == 0 or not folded[start - 1].isalnum() or self._proclitic(folded, start)

    @staticmethod
    def _proclitic(folded: str, start: int) -> bool:
        return _PROCLITICS.search(folded[max(0, start - _LONGEST_PROCLITIC) : start]) is not None


def _term(language: str, concept: str, word: str) -> tuple[str, _Term]:
    pieces = word.split("*")
    folded = [fold(piece) for piece in pieces]
    open_start = pieces[0] == "" and len(pieces) > 1
    if open_start:
        pieces, folded = pieces[1:], folded[1:]
    literal = folded[0]
    if pieces[0].endswith(" ") and len(pieces) > 1:
        literal += " "
    if not literal or (len(literal) < 2 and language not in _UNSPACED):
        raise Refused(
            f"the word {word!r} is too short to be looked for",
            place=f"{language}.toml: {concept}",
            hint="give two letters or more",
        )
    rest = None
    open_end = len(pieces) > 1
    if len(pieces) > 2 or (len(pieces) == 2 and folded[1]):
        body = r"\w*"
        for piece in pieces[1:]:
            inner = fold(piece)
            if piece.startswith(" ") and inner:
                body += " "
            body += re.escape(inner) + (r"\w*" if piece is not pieces[-1] else "")
        rest = re.compile(body + ("" if word.endswith("*") else r"\b"))
    return literal, _Term(concept, open_start, open_end, rest)


@cache
def lexicon(language: str) -> Lexicon:
    """The word list of a language; an unknown language has none."""
    if language not in languages():
        return Lexicon(language, {})
    return Lexicon(language, _toml(f"{language}.toml").get("terms", {}))


# Letters that English never has. Their marks fall in folding: "gây" (to cause) and "gay" become one word.
_MARKED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_TONAL, _UNMARKED = "vi", frozenset("en id ms".split())


def find(text: Text) -> list[Hit]:
    """Every concept in the text, read in each of the text's languages.

    Where Vietnamese is one of them, what is written with its marks is no word of a language that has none,
    nor of one that the text is less likely to be in.
    """
    hits: list[Hit] = []
    tonal = False
    for language in text.languages:
        found = lexicon(language).find(text)
        if tonal or (language in _UNMARKED and _TONAL in text.languages):
            found = [hit for hit in found if not _MARKED.search(text.quote(hit.start, hit.end))]
        tonal = tonal or language == _TONAL
        hits += found
    return hits

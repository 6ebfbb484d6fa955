"""The words of the letters, one file for each language, checked against each other before anything is said.

Every language has the same sections, keys, names in braces and digits; a file that strays does not load. A
section counts as reviewed when a jurist's role, a day and the fingerprint of the words then read stand in it;
when the words or the English beside them change, the review lapses by itself.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from habeas.desk.letters.model import Language
from habeas.errors import Refused

ORIGINAL = Language.ENGLISH
"""The language the others were made from, and against which they are checked."""

_REVIEW = ("reviewed_by", "reviewed_on", "reviewed_text")
_ONLY_TRANSLATED = "questions"  # in the original they come with the assessment
_NUMBERED_BY_LANGUAGE = "dates"  # months are numbers in Chinese; the first of a month is "1er" in French
_NAME = re.compile(r"\{([a-z_]+)\}")
_LEFT_TO_RIGHT, _FIRST_STRONG, _END = "\u2066", "\u2068", "\u2069"
_RTL = frozenset(("R", "AL", "AN"))

Section = Mapping[str, str]
Book = Mapping[str, Section]


def isolated(value: str, language: Language, *, ltr: bool = False) -> str:
    """`value`, enclosed where a line of `language` could otherwise be shown in another order.

    ltr: references, numbers and articles, which run from left to right everywhere.
    """
    foreign = any(unicodedata.bidirectional(char) in _RTL for char in value)
    if language.direction == "ltr" and not foreign:
        return value
    return f"{_LEFT_TO_RIGHT if ltr else _FIRST_STRONG}{value}{_END}"


class Texts:
    """The words of one language. `used` grows as sections are spoken from."""

    def __init__(self, language: Language, book: Book, original: Book) -> None:
        self.language = language
        self._book = book
        self._original = original
        self.used: set[str] = set()

    def knows(self, section: str, key: str) -> bool:
        return key in self._book[section] and key not in _REVIEW

    def say(self, section: str, key: str, **values: str) -> str:
        """The words under `key`, with its names filled in. A name left open is our mistake."""
        self.used.add(section)
        words = self._book[section][key]
        return _NAME.sub(lambda name: values[name[1]], words)

    def day(self, day: date) -> str:
        """As in `3 March 2026 (2026-03-03)`, in Western digits."""
        number = self.say("dates", "first_day") if day.day == 1 else str(day.day)
        words = self.say("dates", _MONTHS[day.month - 1], day=number, year=str(day.year))
        words = words.replace(" ", "\u00a0")  # a date stays on one line
        iso = isolated(day.isoformat(), self.language, ltr=True)
        return isolated(self.say("dates", "with_iso", date=words, iso=iso), self.language)

    def all_reviewed(self) -> bool:
        """Whether every section spoken from so far has a review that stands."""
        return all(reviewed(self._book, self._original, section) for section in self.used)


_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def texts(language: Language) -> Texts:
    """A fresh speaker of the packaged words."""
    books = _books()
    return Texts(language, books[language], books[ORIGINAL])


def question_facts() -> frozenset[str]:
    """The facts whose questions stand in every language besides the original."""
    return frozenset(_books()[Language.FRENCH][_ONLY_TRANSLATED]) - frozenset(_REVIEW)


def fingerprint(book: Book, original: Book, section: str) -> str:
    """What a review of this section speaks for: its words and the original's."""
    words = [f"{key}={book[section][key]}" for key in sorted(book[section]) if key not in _REVIEW]
    words += [f"{key}={original[section][key]}" for key in sorted(original[section]) if key not in _REVIEW]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]


def reviewed(book: Book, original: Book, section: str) -> bool:
    """Whether somebody reviewed this section, and its words are still those."""
    stated = book[section]
    return bool(
        stated["reviewed_by"]
        and stated["reviewed_on"]
        and stated["reviewed_text"] == fingerprint(book, original, section)
    )


class Review(NamedTuple):
    """Who read a section, and on which day; both empty where nobody did. stands: its words, and the English
    beside them, are still those. words: the fingerprint of what stands there now."""

    section: str
    by: str
    on: str
    stands: bool
    words: str


def reviews(language: Language) -> tuple[Review, ...]:
    """Each section of a language, in the order of its file."""
    book, original = _books()[language], _books()[ORIGINAL]
    return tuple(
        Review(
            section,
            entries["reviewed_by"],
            entries["reviewed_on"],
            reviewed(book, original, section),
            fingerprint(book, original, section),
        )
        for section, entries in book.items()
    )


@cache
def _books() -> Mapping[Language, Book]:
    folder = files("habeas.desk.letters") / "texts"
    return agreeing(
        {one: read(one, (folder / f"{one}.toml").read_text("utf-8"), f"{one}.toml") for one in Language}
    )


def read(language: Language, text: str, place: str) -> Book:
    """One language's file. Raises Refused for what is not TOML, not text, or not this language's."""
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Refused(f"the letters do not read: {fault}", place=place) from fault
    if parsed.pop("language", None) != language:
        raise Refused(f"the file does not say that its language is {language}", place=place)
    book: dict[str, dict[str, str]] = {}
    for section, entries in parsed.items():
        if not isinstance(entries, dict):
            raise Refused(f"{section} stands outside a section", place=place)
        book[section] = {}
        for key, value in entries.items():
            said = value.isoformat() if key == "reviewed_on" and isinstance(value, date) else value
            if not isinstance(said, str) or (key not in _REVIEW and not said.strip()):
                raise Refused("every entry is words", place=f"{place}: {section}.{key}")
            book[section][key] = said
        if absent := [key for key in _REVIEW if key not in entries]:
            raise Refused(
                f"the section does not say {', '.join(absent)}",
                place=f"{place}: {section}",
                hint='empty ("") where nobody has reviewed it',
            )
    return book


def agreeing(books: Mapping[Language, Book]) -> Mapping[Language, Book]:
    """The same books, where all agree with the original. Raises Refused naming the entry that does not."""
    original = books[ORIGINAL]
    model = next(book for language, book in books.items() if language is not ORIGINAL)
    for language, book in books.items():
        if set(book) != set(original):
            odd = sorted(set(book) ^ set(original))
            raise Refused(
                f"the sections differ from {ORIGINAL}.toml: {', '.join(odd)}", place=f"{language}.toml"
            )
        for section, entries in book.items():
            place = f"{language}.toml: {section}"
            beside = original[section]
            if section == _ONLY_TRANSLATED:
                beside = original[section] if language is ORIGINAL else model[section]
            if set(entries) != set(beside):
                odd = sorted(set(entries) ^ set(beside))
                raise Refused(f"the entries differ from the other languages: {', '.join(odd)}", place=place)
            for key, words in entries.items():
                if key not in _REVIEW:
                    _same(words, beside[key], section, f"{place}.{key}")
    return books


def _same(words: str, beside: str, section: str, place: str) -> None:
    if Counter(_NAME.findall(words)) != Counter(_NAME.findall(beside)):
        raise Refused("the names in braces differ between languages", place=place)
    if left := set(_NAME.sub("", words)) & set("{}"):
        raise Refused(f"a stray {' and '.join(sorted(left))} stands in the words", place=place)
    digits = [char for char in _NAME.sub("", words) if unicodedata.category(char) in ("Nd", "Nl", "No")]
    if any(not char.isascii() for char in digits):
        raise Refused("digits are Western in every language", place=place)
    if section != _NUMBERED_BY_LANGUAGE and section != _ONLY_TRANSLATED:
        theirs = [char for char in _NAME.sub("", beside) if char.isdigit()]
        if Counter(digits) != Counter(theirs):
            raise Refused("the numbers differ between languages", place=place)
    for char in words:
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
            raise Refused(f"a sign that is not read stands in the words: U+{ord(char):04X}", place=place)

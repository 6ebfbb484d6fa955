"""The words of the report in six languages, one file each, checked against the English ones before use.

English is complete and is the original. The other files say in `reviewed` whether somebody who speaks the
language has read them; until then the page says that nobody has. What kinds of entries are called is said in
`habeas.reports.kinds`, for every page alike. Names of states and months are from CLDR.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date

from habeas.atlas import atlas
from habeas.desk.letters import Language
from habeas.errors import Refused
from habeas.reports import kinds
from habeas.reports.transparency.model import Period

_NAME = re.compile(r"\{([a-z_]+)\}")
_CODES = {"EUU": "EU", "XKX": "XK"}
_THOUSANDS = {Language.FRENCH: "\u202f", Language.RUSSIAN: "\u00a0", Language.SPANISH: "\u00a0"}


class Words:
    """The fixed words of one language, and how it writes numbers, days and states."""

    def __init__(self, language: Language, book: Mapping[str, Mapping[str, str]], reviewed: bool) -> None:
        self.language, self.reviewed = language, reviewed
        self._book = book
        self._locale = Locale.parse(str(language))

    def say(self, section: str, key: str, **values: str) -> str:
        """The words under a key, with its names filled in. A name left open is our mistake."""
        return _NAME.sub(lambda name: values[name[1]], self._book[section][key])

    def value(self, part: str, value: str) -> str:
        if part == "days" and value[0].isdigit():
            return value.replace("-", "–")
        text = self.say("value", value)
        return text[0].upper() + text[1:]

    def part(self, subject: str, part: str) -> str:
        known = self._book["part"]
        return known.get(f"{subject}_{part}", known[part])

    def number(self, count: int) -> str:
        return f"{count:,}".replace(",", _THOUSANDS.get(self.language, ","))

    def state(self, code: str) -> str:
        if not code:
            return self.say("column", "unstated")
        name: str | None = self._locale.territories.get(_CODES.get(code) or atlas().iso2(code))
        return name or code

    def day(self, day: date) -> str:
        return format_date(day, "long", locale=self._numbered())

    def month(self, month: str) -> str:
        first = date(int(month[:4]), int(month[5:]), 1)
        return format_date(first, "LLLL y" if self.language != "zh" else "y年M月", locale=self._numbered())

    def period(self, period: Period) -> str:
        if period.first == period.last:
            return self.month(period.first)
        return f"{self.month(period.first)} – {self.month(period.last)}"

    def _numbered(self) -> str:
        # Western digits everywhere: the tables have them, and a reader compares.
        # The day stands before the month in English too, as on every page of the site.
        return {"ar": "ar_EG@numbers=latn", "en": "en_GB"}.get(self.language, str(self.language))


@cache
def words(language: Language) -> Words:
    """Raises Refused where the file of the language strays from the English one."""
    original, _ = _read(Language.ENGLISH)
    book, reviewed = _read(language)
    if wrong := strays(book, original):
        raise Refused("the words of a language stray from the English ones", place=f"{language}: {wrong[0]}")
    return Words(language, book, reviewed)


def strays(book: Mapping[str, Mapping[str, str]], original: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Keys that one has and the other lacks, and words whose names in braces differ."""
    mine = {(section, key): text for section, keys in book.items() for key, text in keys.items()}
    theirs = {(section, key): text for section, keys in original.items() for key, text in keys.items()}
    found = [f"{section}.{key}" for section, key in sorted(mine.keys() ^ theirs.keys())]
    return found + [
        f"{place[0]}.{place[1]}"
        for place in sorted(mine.keys() & theirs.keys())
        if set(_NAME.findall(mine[place])) != set(_NAME.findall(theirs[place])) or not mine[place].strip()
    ]


def _read(language: Language) -> tuple[dict[str, dict[str, str]], bool]:
    text = (files(__package__) / "texts" / f"{language}.toml").read_text("utf-8")
    book = tomllib.loads(text)
    book["subject"] |= kinds.many(language)
    return book, bool(book.pop("reviewed"))

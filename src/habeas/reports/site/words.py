"""The words of the site in the six official languages of the United Nations, one file each.

Decides how a sentence is filled, and how numbers, dates, months, periods and names of states are written in
a language (CLDR, by Babel). Western digits everywhere, so that a number can be compared across languages.
Whether somebody who speaks the language has read its file, the file itself says.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from habeas.errors import Refused
from habeas.reports.published import Witnesses

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
_LOCALES = {"en": "en_GB", "zh": "zh_Hans"}  # day before month, and the characters that the texts use
_USER_ASSIGNED = {"EUU": "EU", "XKX": "XK"}  # no codes of ISO 3166-1, so not in CLDR's table
_PLACE = re.compile(r"\{([a-z]+)\}")
_HALF = re.compile(r"([0-9]{4})-H([12])")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Words:
    """One language. texts: its sentences, by part of the site. reviewed: whether they were read by somebody
    who speaks it."""

    language: str
    name: str
    direction: str
    reviewed: bool
    texts: SimpleNamespace
    locale: Locale

    def number(self, count: int) -> Markup:
        return Markup('<bdi dir="ltr">{}</bdi>').format(format_decimal(count, locale=self.locale))

    def standing(self, witnesses: Witnesses) -> Markup:
        """Whether anybody outside vouches for the tree, in one sentence."""
        number = self.number
        return said(
            getattr(self.texts.standing, witnesses.witnessed),
            k=number(witnesses.cosigned),
            n=number(witnesses.of),
            quorum=number(witnesses.quorum),
        )

    def day(self, on: date) -> Markup:
        """A day in words, with the day for programs beside it."""
        written = format_date(on, format="long", locale=self.locale)
        return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), written)

    def instant(self, at: datetime) -> Markup:
        """A time to the minute, in UTC."""
        utc = at.astimezone(UTC)
        written = said(
            self.texts.site.instant,
            day=format_date(utc.date(), format="long", locale=self.locale),
            time=Markup('<bdi dir="ltr">{} UTC</bdi>').format(utc.strftime("%H:%M")),
        )
        return Markup('<time datetime="{}">{}</time>').format(utc.strftime("%Y-%m-%dT%H:%M:%SZ"), written)

    def month(self, month: str) -> Markup:
        """`2026-03` in words."""
        first = date.fromisoformat(f"{month}-01")
        written = format_skeleton("yMMMM", first, locale=self.locale)
        return Markup('<time datetime="{}">{}</time>').format(month, written)

    def period(self, name: str) -> str:
        """`2026-H1`, `2026-Q3` or `2026` in words; any other name as it is."""
        if found := _HALF.fullmatch(name) or _QUARTER.fullmatch(name):
            months = 6 if "H" in name else 3
            first = (int(found[2]) - 1) * months + 1
            year = int(found[1])
            return str(
                format_interval(
                    date(year, first, 1), date(year, first + months - 1, 1), "yMMMM", locale=self.locale
                )
            )
        if _YEAR.fullmatch(name):
            return str(format_date(date(int(name), 1, 1), format="y", locale=self.locale))
        return name

    def state(self, alpha3: str) -> str:
        """The name of a state; its code where CLDR has none."""
        code = _USER_ASSIGNED.get(alpha3) or _two_letters().get(alpha3, alpha3)
        return str(self.locale.territories.get(code, alpha3))


def said(sentence: str, **values: object) -> Markup:
    """The sentence with its {places} filled, escaped. A place without a value is a KeyError."""
    parts = _PLACE.split(sentence)
    return Markup("").join(
        escape(values[part]) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def catalogue(language: str) -> dict[str, Any]:
    """The file of one language, as it is."""
    if language not in LANGUAGES:
        raise Refused(
            "there are no pages in this language",
            place=repr(language),
            hint=f"there are {', '.join(LANGUAGES)}",
        )
    text = (files("habeas.reports.site") / "texts" / f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def words(language: str) -> Words:
    """The words of one language. Raises Refused where there are none."""
    read = catalogue(language)
    return Words(
        language=language,
        name=read.pop("name"),
        direction=read.pop("direction"),
        reviewed=read.pop("reviewed"),
        texts=_named(read),
        locale=Locale.parse(_LOCALES.get(language, language)),
    )


def _named(texts: Mapping[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(
        **{key: _named(value) if isinstance(value, dict) else value for key, value in texts.items()}
    )


@cache
def _two_letters() -> Mapping[str, str]:
    """alpha-3 to alpha-2, by CLDR."""
    return {old: new[0] for old, new in get_global("territory_aliases").items() if len(old) == 3 and new}

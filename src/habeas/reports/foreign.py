"""Words of strangers, made safe to show.

A request is written by somebody we do not know. Before its words stand on a page or in a terminal, every
character that commands instead of being read (escape codes, bidirectional overrides, invisible letters, lone
surrogates) is replaced by its visible name, and the direction of the script is found from the letters
themselves (Unicode Annex 9, rules P2 and P3), never from what the sender claims. Escaping for HTML or
Markdown is left to the pages.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import msgspec

Direction = Literal["ltr", "rtl"]

_JOINERS = frozenset("\u200c\u200d")  # Persian, Hindi and others cannot be written without them
_LAID_OUT = frozenset("\n\t")
_COMMANDS = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_LETTERS = frozenset(("L", "R", "AL", "AN"))  # Cf characters of these classes are marks that are read
_STRONG: dict[str, Direction] = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Theirs(msgspec.Struct, frozen=True):
    """Words of the request, harmless. lang: a language tag where one is stated and well-formed."""

    text: str
    lang: str | None = None
    dir: Direction = "ltr"

    def __str__(self) -> str:
        return self.text


def harmless(text: str) -> str:
    """`text` with every character that is a command written out, as in ‹U+001B›; lines end in newlines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _is_read(char) else f"‹U+{ord(char):04X}›" for char in text)


def _is_read(char: str) -> bool:
    if char in _LAID_OUT or char in _JOINERS:
        return True
    category = unicodedata.category(char)
    if category == "Cf":
        return unicodedata.bidirectional(char) in _LETTERS
    return category not in _COMMANDS


def one_line(text: str) -> str:
    """`text` made harmless and put on one line."""
    return " ".join(harmless(text).split())


def direction(text: str) -> Direction:
    """The direction of the first letter that has one; left to right where none has."""
    for char in text:
        found = _STRONG.get(unicodedata.bidirectional(char))
        if found is not None:
            return found
    return "ltr"


def language_tag(language: str | None) -> str | None:
    """A stated language as it may stand in a `lang` attribute; None where it is no tag."""
    return language if language and _TAG.fullmatch(language) else None


def theirs(text: str, language: str | None = None) -> Theirs:
    """Words of the request on one line, with language and direction."""
    shown = one_line(text)
    return Theirs(shown, language_tag(language), direction(shown))

"""Words that no password of a house may contain: what a stranger who knows the house tries first.

Its own name, the names of the site, the product's, and a list that the operator keeps (places, departments,
nicknames). They are looked for whatever the case, with signs between the letters, and with the digits people
put in their place (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, V6.1.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from habeas.errors import Refused

SHORTEST = 4  # letters; shorter words stand within too many others
PRODUCT = ("habeas", "corpus")
_INSTEAD = str.maketrans("013457@$!", "oieastasi")
_SIGNS = re.compile(r"[\W_]+")


class HouseWords:
    """Django's validator for them. words: of the site and of the operator's list."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = _parts(*PRODUCT, *words)

    def validate(self, password: str, user: Any = None) -> None:
        barred = self._words | _parts(getattr(user, "organisation", ""))
        letters = _plain(password)
        if any(word in letters for word in barred):
            raise ValidationError(self.get_help_text(), code="house_word")

    def get_help_text(self) -> str:
        return "It must not contain the name of the house, of this site, or another word of the house's list."


def listed(path: Path) -> tuple[str, ...]:
    """The operator's list: UTF-8, one word or name a line; what follows a # is a remark. Raises Refused."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, ValueError):
        raise Refused(
            "the list of words that no password may contain cannot be read",
            place=str(path),
            hint="a text file in UTF-8, one word a line",
        ) from None
    words = tuple(word for each in lines if (word := each.partition("#")[0].strip()))
    for word in words:
        if len(_plain(word)) < SHORTEST:
            raise Refused(
                f"a word that no password may contain has {SHORTEST} letters at least",
                place=f"{path}: {word}",
                hint="shorter ones stand within too many others",
            )
    return words


def _parts(*names: str) -> frozenset[str]:
    """Each name as a whole, and the words it is made of; of what is too short, nothing."""
    every = (part for name in names for part in (name, *_SIGNS.split(name)))
    return frozenset(word for each in every if len(word := _plain(each)) >= SHORTEST)


def _plain(words: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", words).casefold().translate(_INSTEAD))

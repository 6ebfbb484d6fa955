"""Passwords known from breaches, looked up in a list that lies here: no service learns that one is chosen.

The list is the published one of Have I Been Pwned, ordered by hash: a line for each password, its SHA-1 in
capital hex, a colon, how often it was seen. SHA-1 is the list's form and protects nothing here. The file has
tens of gigabytes and is not read but looked into, some forty lines for an answer.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from habeas.errors import Refused

_HEX = 40
_LINE = re.compile(rb"[0-9A-F]{40}(:[0-9]+)?\r?\n?")


class BreachedPasswords:
    """Django's validator for them. path: of the list."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def validate(self, password: str, user: Any = None) -> None:
        if holds(self._path, password):
            raise ValidationError(self.get_help_text(), code="breached")

    def get_help_text(self) -> str:
        return "It must not be one that is known from a breach somewhere."


def holds(path: Path, password: str) -> bool:
    """Whether the list has this password."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            file.seek(max(middle - 1, 0))
            if middle:
                file.readline()  # to the first line that begins here or later
            found = file.readline()[:_HEX]
            if found == wanted:
                return True
            if found and found < wanted:
                low = file.tell()
            else:
                high = middle
    return False


def usable(path: Path) -> Path:
    """The same path, where such a list is there. Raises Refused."""
    try:
        with path.open("rb") as file:
            first = file.readline()
            file.seek(-min(file.seek(0, os.SEEK_END), 200), os.SEEK_END)
            last = (file.read().splitlines() or [b""])[-1]
    except OSError as error:
        raise Refused(
            "the list of passwords from breaches cannot be read", place=str(path), hint=str(error.strerror)
        ) from None
    if not (_LINE.fullmatch(first) and _LINE.fullmatch(last) and first[:_HEX] <= last[:_HEX]):
        raise Refused(
            "this is no list of passwords from breaches",
            place=str(path),
            hint="the SHA-1 list of Have I Been Pwned, ordered by hash, as one file",
        )
    return path

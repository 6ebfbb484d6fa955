"""What everything in a package is made of: values with one text each, plain lines, whole seconds in UTC."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO

import msgspec

from habeas.errors import Refused

CHUNK = 1 << 20  # bytes read at a time
HEX_LENGTHS = {"sha256": 64, "sha512": 128}
"""The hashes that RFC 8493 section 2.4 recommends, and their lengths in hex; others prove too little."""

Opener = Callable[[], BinaryIO]
"""Opens a file to be read from its beginning; its bytes are needed one file at a time."""


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


def canonical(value: object) -> bytes:
    """One value, one text: sorted keys, no spaces, UTF-8 (RFC 8785; no numbers but integers)."""
    return msgspec.json.encode(value, order="sorted")


def one_line(text: str, place: str, *, needed: bool = True) -> str:
    """One line of plain words: it goes into files where a line break would begin another field."""
    if needed and not text.strip():
        raise Refused("this may not be empty in a package", place=place)
    if text != text.strip() or any(unicodedata.category(one) in ("Cc", "Zl", "Zp") for one in text):
        raise Refused("this has to be one line without spaces around it", place=place)
    return text


def moment(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return at.astimezone(UTC).replace(microsecond=0)

"""The twenty elements of Ranking Digital Rights that a report has to answer, and where it does.

The indicators are P10a (how demands of governments are answered), P11a (data about them) and P12 (telling
users). The list is data, `rdr.toml`; the page links each element to the section that answers it, and a test
follows the links.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec


class Element(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """id: indicator and number. asks: what for, in our words. anchor: of the section that answers it."""

    id: str
    asks: str
    anchor: str
    counts: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    element: tuple[Element, ...]


@cache
def elements() -> tuple[Element, ...]:
    text = (files(__package__) / "rdr.toml").read_bytes()
    return msgspec.toml.decode(text, type=_File).element

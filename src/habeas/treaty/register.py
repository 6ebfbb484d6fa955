"""Who checked which provision against a certified text, and when.

The register is a TOML file that only grows: one `[[confirmation]]` per act, naming a role (never a
person), a day and the text used. It is read and written as text here; the file itself is opened by
the caller. A confirmation speaks for our words as they stood: it carries their fingerprint, and
lapses when the words under the citation change.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from habeas.errors import Refused
from habeas.treaty.citations import Citation

_Filled = Annotated[str, msgspec.Meta(min_length=1)]


class Confirmation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """by: a role or office. on: the day of reading. text: which certified text was read."""

    citation: _Filled
    by: _Filled
    on: date
    text: _Filled
    fingerprint: _Filled


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    confirmation: tuple[Confirmation, ...] = ()


def read_register(text: str, *, place: str = "") -> tuple[Confirmation, ...]:
    """The confirmations in a register file. Raises Refused when the file does not read."""
    try:
        return msgspec.convert(tomllib.loads(text), _File).confirmation
    except tomllib.TOMLDecodeError as fault:
        raise Refused(f"the register is not TOML: {fault}", place=place) from fault
    except msgspec.ValidationError as fault:
        raise Refused(f"the register does not read: {fault}", place=place) from fault


def confirm(
    citation: str, citations: Iterable[Citation], *, by: str, on: date, text: str, today: date
) -> Confirmation:
    """A new confirmation. Refuses an unknown citation, a day to come, an empty role or text."""
    known = {entry.name: entry for entry in citations}
    if citation not in known:
        raise Refused(
            f"no law file cites {citation}", place="citation", hint="`habeas law check` lists the citations"
        )
    if not by.strip():
        raise Refused("a confirmation needs the role of whoever read the text", place="--by")
    if not text.strip():
        raise Refused("a confirmation needs the certified text that was read", place="--text")
    if on > today:
        raise Refused(f"{on} has not come yet", place="--on", hint="give the day on which the text was read")
    return Confirmation(
        citation=citation, by=by.strip(), on=on, text=text.strip(), fingerprint=known[citation].fingerprint
    )


def entry_text(confirmation: Confirmation) -> str:
    """The TOML lines that add this confirmation to the end of a register file."""
    lines = ["[[confirmation]]"]
    for key in ("citation", "by", "text", "fingerprint"):
        lines.append(f"{key} = {_quoted(getattr(confirmation, key))}")
    lines.append(f"on = {confirmation.on.isoformat()}")
    return "\n".join(lines) + "\n"


def outstanding(
    citations: Iterable[Citation], confirmations: Iterable[Confirmation], *, on: date
) -> tuple[Citation, ...]:
    """The citations nobody has confirmed by `on`, or whose words changed since, in the given order."""
    settled = {(entry.citation, entry.fingerprint) for entry in confirmations if entry.on <= on}
    return tuple(entry for entry in citations if (entry.name, entry.fingerprint) not in settled)


def _quoted(text: str) -> str:
    escaped = "".join(
        {"\\": "\\\\", '"': '\\"'}.get(char, char if char.isprintable() else f"\\U{ord(char):08x}")
        for char in text
    )
    return f'"{escaped}"'

"""Who did what, in sentences: a line for each event of a case."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from habeas.desk.events import CLOCK, PERSON_CONCERNED, Objected, Recorded, Role
from habeas.desk.people import House, Person

_TOLD = ("words", "why", "reasons", "reason", "about", "cite", "unstamped", "who", "how", "receipt")
"""Fields in which people explain themselves, or name whom they heard it from."""
READS_OBJECTIONS = (Role.COUNSEL, Role.AUDITOR)
"""Who reads what a person concerned wrote, as their door tells them."""


class Done(NamedTuple):
    """A line of the history. words: what the one who did it said about it."""

    recorded: Recorded
    by: str
    words: tuple[str, ...]


def title_of(person: str, house: House) -> str:
    """Who somebody is, as colleagues see it."""
    if person == CLOCK:
        return "The clock"
    if person == PERSON_CONCERNED:
        return "The person concerned"
    known = house.people.get(person)
    return known.title if known is not None else person


def done(recorded: Recorded, house: House, reader: Person) -> Done:
    if isinstance(recorded.event, Objected) and not reader.has(*READS_OBJECTIONS):
        return Done(recorded, title_of(recorded.by, house), ())
    values = msgspec.structs.asdict(recorded.event)
    said = tuple(text for name in _TOLD if isinstance(text := values.get(name), str) and text)
    return Done(recorded, title_of(recorded.by, house), said)

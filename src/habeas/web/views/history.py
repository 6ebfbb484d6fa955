"""Who did what, in sentences: a line for each event of a case, with all that its event says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from habeas.desk import events
from habeas.desk.events import CLOCK, PERSON_CONCERNED, Objected, Recorded, Role
from habeas.desk.letters import filling
from habeas.desk.people import House, Person
from habeas.reports import words
from habeas.request import REGISTERS, Evidence, Register

_TOLD = ("words", "why", "reasons", "reason", "about", "cite", "unstamped", "who", "how", "receipt")
"""Fields in which people explain themselves, or name whom they heard it from."""
_CITE = re.compile(r"[A-Za-z0-9-]+:\S.*")
_WORD = re.compile(r"[a-z]+(-[a-z]+)*")
READS_OBJECTIONS = (Role.COUNSEL, Role.AUDITOR)
"""Who reads what a person concerned wrote, as their door tells them."""


class Done(NamedTuple):
    """A line of the history. words: what the event holds besides, and what the one who did it said of it."""

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
    return Done(recorded, title_of(recorded.by, house), (*_held(recorded.event, house, reader), *said))


def ground_of(ground: str) -> str:
    """An article as a lawyer writes it, a ground of the closed list in plain words, others as they are."""
    if _CITE.fullmatch(ground):
        return words.cite(ground)
    return words.capital(words.plain(ground)) if _WORD.fullmatch(ground) else ground


def _held(event: events.Event, house: House, reader: Person) -> Iterator[str]:
    """What an event holds besides its sentence and its writer's words."""
    match event:
        case events.MoreTime(slow=slow) if slow is not None:
            yield f"{filling.why_slow(slow)}."
        case events.Identified(evidence=evidence):
            yield from (_looked_at(each) for each in evidence)
        case events.Assigned(to=to) if to:
            yield f"To {title_of(to, house)}."
        case events.HandedOver(to=to):
            yield f"To {title_of(to, house)}."
        case events.HoldPlaced() | events.HoldExtended():
            yield f"Until {_when(event.until, house)}."
        case events.Reviewed():
            for each in event.rulings:
                yield _ruled(each)
        case events.Consulted(whom=whom, version=version):
            yield f"Asked: {whom}."
            yield from _on_version(version)
        case events.OpinionGiven(version=version):
            yield from _on_version(version)
        case events.Invited():
            names = "without the names" if event.blinded else "with the names"
            yield f"{title_of(event.person, house)}, {names}."
            if event.question:
                yield event.question
        case events.QuestionsProposed() | events.Asked():
            yield from event.questions
        case events.ConditionsAnswered(conditions=conditions):
            yield from (filling.in_words(each) for each in conditions)
        case events.Rerouted(to=to) if to:
            yield f"To: {to}"
        case events.RequestRefused(grounds=grounds):
            yield from (ground_of(each) for each in grounds)
        case events.Validated(reference=reference) if reference:
            yield f"Under: {reference}"
        case events.NoticeDelayProposed():
            yield f"Until {event.until}, to be looked at again by {event.review}."
        case events.FilesPrepared():
            for held in event.files:
                days = f", from {held.period.start} to {held.period.end}" if held.period is not None else ""
                yield f"{held.target}, {held.item}: said to hold {held.holds}{days}. SHA-256 {held.sha256}"
                if held.extract is not None and reader.reads_cases:  # a column can be called after somebody
                    yield f"{held.extract.said()} The table as it came: SHA-256 {held.extract.original}"
        case events.ReleaseApproved():
            yield f"It stands until {_when(event.lapses, house)}."
        case events.Retained(until=date() as until):
            yield f"Until {until}."


def _looked_at(piece: Evidence) -> str:
    """One thing that was looked at, and by which entry of which register."""
    showed = {True: "for the sender", False: "against the sender", None: "not settled"}[piece.holds]
    said = f"{words.capital(words.plain(piece.kind))}, {showed}"
    if piece.register_entry is not None:
        where = piece.register_named if piece.register is Register.OTHER else ""
        known = where or (REGISTERS[piece.register] if piece.register is not None else "a register not named")
        read = f", verified {piece.register_read_on}" if piece.register_read_on is not None else ""
        said += f"; entry {piece.register_entry} in {known}{read}"
    return f"{said}; {piece.detail}." if piece.detail else f"{said}."


def _on_version(version: int) -> Iterator[str]:
    """0: of an earlier version of the desk, which did not say."""
    if version:
        yield f"On version {version} of the request."


def _ruled(ruling: events.Ruling) -> str:
    more = f", on this ground: {ground_of(ruling.ground)}" if ruling.ground else ""
    confined = f", confined to {ruling.scope}" if ruling.scope else ""
    terms = f", on these terms: {'; '.join(ruling.conditions)}" if ruling.conditions else ""
    said = words.recommended(ruling.decision).word
    return f"{ruling.target}, {ruling.item}: {said}, at most {ruling.ceiling}{confined}{more}{terms}."


def _when(at: datetime, house: House) -> str:
    """In the zone of the house, which counts its days there."""
    zone = ZoneInfo(house.settings.zone)
    return f"{at.astimezone(zone):%Y-%m-%d, %H:%M} {zone.key}"

"""What a house may say about itself: names, roles, keys, settings, and how its public log is kept.

Each check refuses what would make the house stand still, or believe what nobody could check. Who may say it,
and who has to confirm it, stands in `habeas.desk.moves` and `habeas.desk.desk`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from habeas.desk import limits, promise, public, tally
from habeas.desk.clocks import HouseTimes
from habeas.desk.events import (
    CLOCK,
    FILL,
    HOUSE,
    INVITED,
    PERSON_CONCERNED,
    UNSAID,
    Configured,
    LogConfigured,
    Role,
    StoryWritten,
)
from habeas.desk.letters import Ground, Language
from habeas.desk.letters.filling import PERSECUTION
from habeas.desk.package import RegisteredKey, check_keys
from habeas.desk.people import House
from habeas.desk.public import OTHER
from habeas.errors import Refused
from habeas.request import check_state
from habeas.tlog import Algorithm, Key, outsiders
from habeas.treaty import Role as SeatRole
from habeas.treaty import law

_PERSON = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_BY_A_MACHINE_OR_FROM_OUTSIDE = frozenset({CLOCK, PERSON_CONCERNED, HOUSE, ""})
"""Names that the records use for who is nobody of the house."""

_ORIGIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*")
_LONGEST_PROMISE = 31  # days
LONGEST_APPROVAL = HouseTimes().approval_hours
_NARROWEST_BAND = 5  # values: the same as what small numbers are rounded to
_HALF = re.compile(r"20[0-9]{2}-H[12]")
_LONGEST_STORY = 2000  # characters: what fits on a page of a report
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
FILLS = tuple(FILL << step for step in range(11))
"""To a multiple of how many leaves a day can be filled up: 16 to 16,384. With more than come on the busiest
day every day has as many."""
USUAL = LogConfigured(origin="", fill=256)
"""How a log that is opened is kept where nothing else is said."""
SILENCES = ("band", "defer", "never", UNSAID)
"""In what way law may forbid to count something in public: exactly, now, at all, or to say even that."""
_ALONE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.EXPERT, Role.DELEGATE})
"""Roles nobody holds beside another: who runs the house or looks over its shoulder does not decide."""


def roles_of(roles: Collection[Role]) -> tuple[Role, ...]:
    """Roles that one person can hold together, in their order."""
    chosen = tuple(role for role in Role if role in roles)
    if not chosen:
        raise Refused("a person has at least one role", place="roles", hint="choose one")
    alone = [role for role in chosen if role in _ALONE]
    if alone and len(chosen) > 1:
        raise Refused(f"{alone[0]} is held beside no other role", place="roles", hint="use two accounts")
    return chosen


def name_of(person: str) -> str:
    """The id of a person: it stands in addresses of pages and in the history."""
    if not _PERSON.fullmatch(person) or person in _BY_A_MACHINE_OR_FROM_OUTSIDE:
        raise Refused(
            "nobody can have this name here",
            place="person",
            hint="small letters, digits and hyphens, 64 at most",
        )
    return person


def from_a_partner(roles: Collection[Role], partner: str) -> None:
    """Raises Refused for somebody invited of whom nobody says where they come from."""
    if not partner and not INVITED.isdisjoint(roles):
        raise Refused(
            "an expert or delegate belongs to another organisation", place="partner", hint="name it"
        )


def sealable(key: RegisteredKey, at: datetime) -> None:
    """Raises Refused for a key that nothing could be sealed to today."""
    check_keys((key,), authority=key.authority, state=key.state, on=at.date())


def workable(settings: Configured, at: datetime, *, opened: bool) -> None:
    """Raises Refused for a zone, calendar, seat or state that is none, and for an authority of time-stamps
    that gives none: every case would stand still. An approval can be made to lapse sooner, and no later than
    it does usually. opened: whether a request has come in; from then on nobody is a second from the moment
    they are let in."""
    if settings.times.approval_hours > LONGEST_APPROVAL:
        raise Refused(
            f"an approval stands for {LONGEST_APPROVAL} hours at the most",
            place="approval_hours",
            hint="what was approved longer ago was another situation",
        )
    limits.waiting_ends(at, House(organisation="", settings=settings))
    if settings.timestamps is not None:
        settings.timestamps.check()
    if opened and settings.times.settling_hours == 0:
        raise Refused(
            "who was let in or got a role waits before they are a second person",
            place="settling_hours",
            hint="one hour at least; none only before the first request",
        )
    state, _, role = settings.seat.partition(":")
    for code in (*([state] if state else []), *settings.suspended):
        check_state(code, "settings")
    if role and role not in set(SeatRole):
        raise Refused(f"{role} is no seat", place="settings: seat", hint="one of: " + ", ".join(SeatRole))


def keepable(settings: LogConfigured, house: House) -> None:
    """Raises Refused for settings under which nothing could be published, or nothing believed."""
    if house.log is not None and house.log.origin != settings.origin:
        raise Refused(
            "the origin of a public log never changes",
            place="origin",
            hint=f"it is {house.log.origin}; whoever holds a receipt looks for that name",
        )
    if not _ORIGIN.fullmatch(settings.origin):
        raise Refused("this is no origin", place="origin", hint="the site's address without https://")
    if not 0 <= settings.hour <= 23:
        raise Refused("there is no such hour", place="hour", hint="from 0 to 23")
    if not 1 <= settings.within <= _LONGEST_PROMISE:
        raise Refused("a promise runs for days, not longer", place="within", hint=f"1 to {_LONGEST_PROMISE}")
    keys = [Key.parse(each.key) for each in settings.witnesses]
    if any(key.algorithm is Algorithm.ED25519 for key in keys):
        raise Refused("this is the key of a log, not of a witness", place="witnesses", hint="ask the witness")
    if len({key.public for key in keys}) != len(keys):
        raise Refused("the same witness is named twice", place="witnesses", hint="name each once")
    of = outsiders(keys)
    if not 0 <= settings.quorum <= of:
        hint = f"at most {of}; one that signs with two keys is one"
        raise Refused("so many witnesses are not named", place="quorum", hint=hint)
    if settings.fill not in FILLS:
        hint = f"{FILL}, 32, 64 and so on, {FILLS[-1]:,} at most"
        raise Refused("to so many leaves no day is filled up", place="fill", hint=hint)
    if house.log is not None and settings.fill < house.log.fill:
        raise Refused(
            "to how many leaves a day is filled up is raised and never lowered",
            place="fill",
            hint=f"it is {house.log.fill}; whoever counts again goes by the newest",
        )
    _doors(settings)
    for silence in settings.silences:
        known = silence.subject in {*public.Kind, "accounts"} and silence.footing in {"", *public.Footing}
        if not known or silence.how not in SILENCES:
            raise Refused(
                "this silences nothing that is counted", place="silences", hint="see docs/report.md"
            )
        if silence.how == "band" and silence.step < _NARROWEST_BAND:
            raise Refused(
                "a band holds five values or more", place="silences", hint="the law names its width"
            )
        if silence.state:
            check_state(silence.state, "silences")
        if silence.instrument and silence.instrument not in {each.id for each in law().instruments}:
            raise Refused(
                f"there is no instrument {silence.instrument}", place="silences", hint="habeas law check"
            )
        if (silence.state or silence.instrument) and silence.subject in ("arrival", *map(str, public.OPEN)):
            raise Refused(
                "this says neither a state nor an instrument", place="silences", hint="silence all of it"
            )
        if silence.how == "defer" and not _MONTH.fullmatch(silence.until):
            raise Refused("a deferred number names its month", place="silences", hint="write it as 2028-01")


def tellable(story: StoryWritten) -> None:
    """Raises Refused for a story that no report could tell: of no half of a year, on a ground that is none of
    the closed list, too long, or without a text in English, which stands in for every other language."""
    if not _HALF.fullmatch(story.half):
        raise Refused("this is no half of a year", place="half", hint="write it as 2026-H1")
    grounds = (PERSECUTION, *map(str, Ground), OTHER)
    if story.ground not in grounds:
        hint = "one of " + ", ".join(grounds)
        raise Refused(f"there is no such ground: {story.ground[:80]}", place="ground", hint=hint)
    if unknown := sorted(set(story.texts) - set(map(str, Language))):
        raise Refused(f"there are no pages in this language: {unknown[0][:40]}", place="texts")
    if any(not text.strip() or len(text) > _LONGEST_STORY for text in story.texts.values()):
        hint = f"{_LONGEST_STORY:,} characters at most in each language"
        raise Refused("a story is empty or too long", place="texts", hint=hint)
    if str(Language.ENGLISH) not in story.texts:
        raise Refused("the text in English is missing", place="texts", hint="en = ...")


def _doors(settings: LogConfigured) -> None:
    """Raises Refused for a door that runs apart and could not promise in the name of this log."""
    for each in settings.doors:
        key = Key.parse(each.key)
        if each.door not in tally.DOORS:
            raise Refused("no such door runs apart", place="doors", hint="one of: " + ", ".join(tally.DOORS))
        if key.name != promise.key_name(settings.origin) or key.algorithm is not Algorithm.ED25519:
            raise Refused(
                "this is no key of a door of this log",
                place="doors",
                hint="`habeas door new` with the origin of the log prints one",
            )
    if len({each.key for each in settings.doors}) != len(settings.doors):
        raise Refused("the same door is named twice", place="doors", hint="name each once")

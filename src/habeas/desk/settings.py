"""What a house may say about itself: names, roles, keys, settings, and how its public log is kept.

Each check refuses what would make the house stand still, or believe what nobody could check. Who may say it,
and who has to confirm it, stands in `habeas.desk.moves` and `habeas.desk.desk`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from habeas.desk import limits, public
from habeas.desk.events import CLOCK, HOUSE, INVITED, PERSON_CONCERNED, Configured, LogConfigured, Role
from habeas.desk.package import RegisteredKey, check_keys
from habeas.desk.people import House
from habeas.errors import Refused
from habeas.request import check_state
from habeas.tlog import Algorithm, Key
from habeas.treaty import Role as SeatRole

_PERSON = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_BY_A_MACHINE_OR_FROM_OUTSIDE = frozenset({CLOCK, PERSON_CONCERNED, HOUSE, ""})
"""Names that the records use for who is nobody of the house."""

_ORIGIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*")
_LONGEST_PROMISE = 31  # days
_NARROWEST_BAND = 5  # values: the same as what small numbers are rounded to
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
SILENCES = ("band", "defer", "never")
"""In what way law may forbid to count something in public: exactly, now, or at all."""
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
    that gives none: every case would stand still. opened: whether a request has come in; from then on nobody
    is a second from the moment they are let in."""
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
    if not 0 <= settings.quorum <= len(keys):
        raise Refused("so many witnesses are not named", place="quorum", hint=f"at most {len(keys)}")
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
        if silence.how == "defer" and not _MONTH.fullmatch(silence.until):
            raise Refused("a deferred number names its month", place="silences", hint="write it as 2028-01")

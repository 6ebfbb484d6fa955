"""The law of the seat: may we, sitting here, give this to them?

A treaty binds states; whether a given desk may answer is a matter of the law where it sits. The
rules of the seat (and of the Union above a member state) that speak to role, arrival, measure, data
category, requesting side and instrument are collected; a specific rule displaces the general ones
it names. Then: one bar is enough for no; without a bar, one open point is enough for unknown. A line
whose certainty is only `check` decides nothing: a bar or a permission that rests on it alone is
unknown. So is an unknown seat, always. Unknown blocks, like no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

import msgspec

from habeas.errors import Refused
from habeas.request.model import Category, Measure
from habeas.treaty.dates import span
from habeas.treaty.model import (
    ANY,
    UNION,
    Arrival,
    Certainty,
    Permits,
    Role,
    Seat,
    SeatRule,
    States,
)

_Word = TypeVar("_Word", Role, Arrival, Measure, Category)


class SeatAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """permits: True (under all of `conditions`), False, or None (unknown: blocks).

    rules: those that decided, in file order. conditions: what has to hold before anything is given.
    reroute_to: the authority the law points to, where one of the rules names it. why: one sentence.
    """

    permits: bool | None
    rules: tuple[SeatRule, ...]
    conditions: tuple[str, ...]
    reroute_to: str | None
    why: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question to the law of the seat, with every word known."""

    seat_state: str | None
    role: Role
    arrival: Arrival
    measure: Measure
    category: Category
    requesting_state: str | None
    instrument: str
    emergency: bool
    on: date


def question(
    *,
    seat_state: str | None,
    role: str,
    arrival: str,
    measure: str,
    category: str,
    requesting_state: str | None,
    instrument: str,
    emergency: bool,
    on: date,
) -> Question:
    """The question in known words. Raises Refused for a word that does not exist."""
    return Question(
        seat_state=seat_state,
        role=_word(Role, role, "role"),
        arrival=_word(Arrival, arrival, "arrival"),
        measure=_word(Measure, measure, "measure"),
        category=_word(Category, category, "category"),
        requesting_state=requesting_state,
        instrument=instrument,
        emergency=emergency,
        on=on,
    )


def answer(
    asked: Question,
    seats: Mapping[str, Seat],
    states: States,
    in_force: Callable[[str, str | None, str | None, date], bool | None],
) -> SeatAnswer:
    """See `Law.seat_law`. in_force: the basis look-up (instrument, seat, requesting state, day)."""
    here = [seats[code] for code in _layers(asked, states) if code in seats]
    if not here:
        return SeatAnswer(
            permits=None,
            rules=(),
            conditions=(),
            reroute_to=None,
            why=f"The law of the seat {asked.seat_state or '(not stated)'} is not on file.",
        )
    matches: dict[str, tuple[SeatRule, bool]] = {}
    for seat in here:
        for rule in seat.rules:
            fits = _fits(rule, asked, states, in_force)
            if fits is not False:
                matches[rule.id] = (rule, fits is True)
    displaced = {other for rule, sure in matches.values() if sure for other in rule.overrides}
    perhaps = {other for rule, sure in matches.values() if not sure for other in rule.overrides}
    deciding = [
        (rule, sure and key not in perhaps) for key, (rule, sure) in matches.items() if key not in displaced
    ]
    return _combine(asked, deciding)


def _combine(asked: Question, deciding: list[tuple[SeatRule, bool]]) -> SeatAnswer:
    def found(permits: bool | None, rules: list[SeatRule], why: str) -> SeatAnswer:
        conditions = () if permits is False else tuple(dict.fromkeys(c for r in rules for c in r.conditions))
        return SeatAnswer(
            permits=permits,
            rules=tuple(rules),
            conditions=conditions,
            reroute_to=next((rule.reroute_to for rule in rules if rule.reroute_to), None),
            why=why,
        )

    every = [rule for rule, _ in deciding]
    bars = [
        rule
        for rule, sure in deciding
        if sure and rule.permits is Permits.NO and rule.certainty is not Certainty.CHECK
    ]
    if bars:
        return found(False, bars, f"Barred by {bars[0].citation}.")
    open_points = [rule for rule, sure in deciding if rule.permits is Permits.UNKNOWN or not sure]
    if open_points:
        return found(None, every, f"Open under {open_points[0].citation}: counsel must answer.")
    unchecked = [rule for rule in every if rule.permits is Permits.NO]
    if unchecked:
        return found(None, every, f"{unchecked[0].citation} may bar it, but nobody has checked that line.")
    opened = [rule for rule in every if rule.opens]
    if not opened:
        return found(None, every, f"No rule of {asked.seat_state} on file opens the way for this.")
    checked = [rule for rule in opened if rule.certainty is not Certainty.CHECK]
    if not checked:
        return found(None, every, f"{opened[0].citation} may permit it, but nobody has checked that line.")
    return found(True, every, f"Permitted under {checked[0].citation}, on the conditions named.")


def _layers(asked: Question, states: States) -> tuple[str, ...]:
    """The Union's law first, then the state's own."""
    if asked.seat_state is None:
        return ()
    if in_union(states, asked.seat_state, asked.on):
        return (UNION, asked.seat_state)
    return (asked.seat_state,)


def in_union(states: States, state: str, on: date) -> bool:
    return any(
        member.state == state and member.since <= on and (member.until is None or on <= member.until)
        for member in states.eu
    )


def _fits(
    rule: SeatRule,
    asked: Question,
    states: States,
    in_force: Callable[[str, str | None, str | None, date], bool | None],
) -> bool | None:
    """Does the rule speak to the question? None where a date or a treaty basis leaves it open."""
    plain = (
        asked.role in rule.roles
        and asked.arrival in rule.arrival
        and rule.covers(asked.measure, (asked.category,), emergency=asked.emergency)
        and (ANY in rule.instruments or asked.instrument in rule.instruments)
        and asked.instrument not in rule.except_instruments
    )
    if not plain:
        return False
    parts = [span(rule.since).reached(asked.on), _side(rule.requesting, asked, states)]
    if rule.until is not None:
        ended = span(rule.until).reached(asked.on)
        parts.append(None if ended is None else not ended)
    if rule.needs_in_force:
        parts.append(in_force(asked.instrument, asked.seat_state, asked.requesting_state, asked.on))
    if False in parts:
        return False
    return None if None in parts else True


def _side(tokens: tuple[str, ...], asked: Question, states: States) -> bool | None:
    """Is the requesting side one the rule speaks of? None when it is not stated and that matters."""
    if ANY in tokens:
        return True
    state = asked.requesting_state
    if state is None:
        return None
    if state in tokens:
        return True
    if state == asked.seat_state:
        return False
    member = state == UNION or in_union(states, state, asked.on)
    in_area = member or state in states.eea
    return (
        "foreign" in tokens
        or ("eu" in tokens and member)
        or ("not-eu" in tokens and not member)
        or ("not-eea" in tokens and not in_area)
    )


def _word(kind: type[_Word], text: str, name: str) -> _Word:
    try:
        return kind(text)
    except ValueError as fault:
        raise Refused(
            f"{text} is not a {name}", place=name, hint="one of: " + ", ".join(sorted(kind))
        ) from fault

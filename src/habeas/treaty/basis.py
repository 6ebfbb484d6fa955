"""Is this instrument in force between these two states on this day?

Three answers: True, False, and None where the records on file cannot say. A negative answer is
relied on only up to the day the table names; a record that rests on memory or on an unseen deposit
never decides. The entry-into-force arithmetic follows the final clauses (UN Convention art 65,
ETS 185 art 36(3)-(4), CETS 224 art 16). Whether a provider may answer without any treaty is not
decided here: that is the law of the seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from habeas.treaty.dates import Span, days_after, first_of_month_after, months_after
from habeas.treaty.load import PAIRWISE
from habeas.treaty.model import (
    JOINING,
    UNION,
    Action,
    Entry,
    Evidence,
    Instrument,
    Kind,
    Parties,
    PartyRecord,
    States,
)


class BasisAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer with its reasons.

    answer: True, False or None (unknown). why: one or more plain sentences. articles: the clauses
    that decide. sources: where the facts come from. as_of: the day of the newest list read.
    stale: the day asked about lies after the last day that list is relied on. supposed: the
    instrument was treated as in force though it need not be.
    """

    answer: bool | None
    why: str
    articles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    as_of: date | None = None
    stale: bool = False
    supposed: bool = False


class _Half(msgspec.Struct, frozen=True):
    """A three-valued answer about one state, or about the instrument itself."""

    answer: bool | None
    why: str
    sources: tuple[str, ...] = ()
    stale: bool = False


def between(
    instrument: Instrument,
    tables: Mapping[str, Parties],
    instruments: Mapping[str, Instrument],
    states: States,
    a: str | None,
    b: str | None,
    on: date,
) -> BasisAnswer:
    """See `Law.in_force_between`."""
    if instrument.kind is Kind.NATIONAL_LAW:
        return BasisAnswer(answer=None, why="No treaty is invoked: the law of the seat alone decides.")
    if instrument.kind is Kind.CHANNEL:
        return BasisAnswer(
            answer=None, why="A channel between police forces is no basis for a compelled measure."
        )
    if a is None or b is None:
        return BasisAnswer(answer=None, why="One of the two states is not stated.")
    unknown = [code for code in (a, b) if code not in states.codes]
    if unknown:
        return BasisAnswer(answer=None, why=f"Which treaties reach {unknown[0]} is not on file.")
    if instrument.kind is Kind.DOMESTIC_ORDER:
        if a == b:
            return BasisAnswer(answer=True, why=f"An order of {a} binds in {a}.")
        return BasisAnswer(answer=False, why=f"An order of {a} is no domestic order in {b}.")
    if instrument.kind is Kind.UNION_ACT and UNION in (a, b):
        return BasisAnswer(answer=None, why="A Union act binds its member states: name the member state.")
    if a == b:
        return BasisAnswer(answer=False, why=f"Both ends are {a}: no instrument between states applies.")
    table = tables.get(instrument.id)
    if table is None:
        return BasisAnswer(
            answer=None, why=f"No record of who is bound by {instrument.id} is on file: ask the depositary."
        )
    if instrument.kind in PAIRWISE:
        whole = _pair(instrument, table, a, b, on)
    else:
        whole = _both(instrument, tables, instruments, a, b, on)
    return BasisAnswer(
        answer=whole.answer,
        why=whole.why,
        articles=instrument.entry.articles,
        sources=tuple(dict.fromkeys((*whole.sources, table.source))),
        as_of=table.as_of,
        stale=whole.stale or on > table.relied_until,
    )


def _both(
    instrument: Instrument,
    tables: Mapping[str, Parties],
    instruments: Mapping[str, Instrument],
    a: str,
    b: str,
    on: date,
) -> _Half:
    table = tables[instrument.id]
    halves = [_itself(instrument, table, on)]
    for state in (a, b):
        halves.append(_state(instrument, table, state, on))
        if instrument.parent is not None:
            parent = instruments[instrument.parent]
            halves.append(_state(parent, tables[parent.id], state, on))
    deciding = [half for half in halves if half.answer is False] or [h for h in halves if h.answer is None]
    shown = deciding or halves
    return _Half(
        shown[0].answer,
        " ".join(dict.fromkeys(half.why for half in shown)),
        tuple(source for half in shown for source in half.sources),
        any(half.stale for half in shown),
    )


def _itself(instrument: Instrument, table: Parties, on: date) -> _Half:
    """Is the instrument itself in force? Counts deposits where no date is on file."""
    entry = instrument.entry
    if entry.on is not None:
        if on >= entry.on:
            return _Half(True, f"{instrument.title} applies since {entry.on}.")
        return _Half(False, f"{instrument.title} applies only from {entry.on}.")
    if entry.instruments is None:
        return _Half(None, f"No day is on file on which {instrument.title} began to apply.")
    possible = _nth_entry(entry, table, sure=False)
    if possible is not None and on >= possible.first:
        sure = _nth_entry(entry, table, sure=True)
        if sure is not None and on >= sure.last:
            return _Half(True, f"{instrument.title} is in force since {sure}.")
        return _Half(None, f"{instrument.title} may be in force: not all deposits are verified.")
    seen = sum(1 for record in _deposits(entry, table, sure=True) if record.when.first <= on)
    count = f"deposits seen by {table.as_of}: {seen} of the {entry.instruments} it needs"
    if on <= table.relied_until:
        return _Half(False, f"{instrument.title} is not in force on {on}: {count}.", (table.source,))
    return _Half(
        None,
        f"Whether {instrument.title} is in force on {on} is unknown: {count}, and the list is relied on "
        f"only until {table.relied_until}. Ask the depositary.",
        (table.source,),
        True,
    )


def _deposits(entry: Entry, table: Parties, *, sure: bool) -> list[PartyRecord]:
    return [
        record
        for record in table.records
        if record.action in JOINING
        and record.state not in entry.not_counted
        and (record.evidence is Evidence.SEEN or not sure)
    ]


def _nth_entry(entry: Entry, table: Parties, *, sure: bool) -> Span | None:
    """From when to when the instrument can have entered into force, counting deposits; None if too few."""
    deposits = _deposits(entry, table, sure=sure)
    needed = entry.instruments or 0
    if needed == 0 or len(deposits) < needed:
        return None
    firsts = sorted(record.when.first for record in deposits)
    lasts = sorted(record.when.last for record in deposits)
    return _after_wait(entry, Span(firsts[needed - 1], lasts[needed - 1]), later=False)


def _after_wait(entry: Entry, when: Span, *, later: bool) -> Span:
    if entry.wait_months is not None:
        months = entry.wait_months
        return Span(first_of_month_after(when.first, months), first_of_month_after(when.last, months))
    days = entry.later_wait_days if later and entry.later_wait_days is not None else entry.wait_days
    return Span(days_after(when.first, days or 0), days_after(when.last, days or 0))


def _state(instrument: Instrument, table: Parties, state: str, on: date) -> _Half:
    """Is this state bound on this day, supposing the instrument itself is in force?"""
    mine = [record for record in table.records if record.state == state]
    left = _left(instrument.entry, mine, on)
    if left is not None:
        return left
    joins = [r for r in mine if r.action in JOINING or r.action is Action.ENTRY_INTO_FORCE]
    if not joins:
        return _not_joined(instrument, table, mine, state, on)
    join = min(joins, key=lambda record: record.when.first)
    begins = join.when
    if join.action in JOINING:
        begins = _after_wait(instrument.entry, join.when, later=True)
        if instrument.entry.on is not None:
            begins = Span(max(begins.first, instrument.entry.on), max(begins.last, instrument.entry.on))
    reached = begins.reached(on)
    sources = (join.source,)
    if reached is False:
        return _Half(False, f"{state} is bound only from {begins}.", sources)
    if join.evidence is not Evidence.SEEN:
        basis = "rests on memory" if join.evidence is Evidence.MEMORY else "is reported, no deposit seen"
        return _Half(None, f"That {state} is bound {basis}.", sources)
    if reached is None:
        return _Half(None, f"{state} became bound between {begins.first} and {begins.last}.", sources)
    since = str(begins.first) if begins.exact else f"{begins.last} at the latest"
    return _Half(True, f"{state} is bound since {since}.", sources)


def _left(entry: Entry, mine: list[PartyRecord], on: date) -> _Half | None:
    for record in mine:
        if record.action is Action.CESSATION:
            ends = record.when
        elif record.action is Action.DENUNCIATION:
            months = entry.leave_months or 0
            ends = Span(months_after(record.when.first, months), months_after(record.when.last, months))
        else:
            continue
        if on >= ends.first:
            answer = False if on >= ends.last else None
            return _Half(answer, f"{record.state} is no longer bound from {ends}.", (record.source,))
    return None


def _not_joined(
    instrument: Instrument, table: Parties, mine: list[PartyRecord], state: str, on: date
) -> _Half:
    sources = (table.source,)
    if not table.complete and not mine:
        return _Half(None, f"No record says whether {state} is bound by {instrument.id}.", sources)
    until = table.relied_until
    if any(record.action in (Action.SIGNATURE, Action.INVITATION) for record in mine):
        # a signatory or invited state can join the day after the list was read
        joined = Span(table.as_of + timedelta(days=1), table.as_of + timedelta(days=1))
        until = min(until, _after_wait(instrument.entry, joined, later=True).first - timedelta(days=1))
    if on <= until:
        return _Half(False, f"{state} is not a party ({instrument.id}, list of {table.as_of}).", sources)
    return _Half(
        None,
        f"{state} was not a party on {table.as_of}; that list is relied on only until {until}. "
        "Ask the depositary.",
        sources,
        True,
    )


def _pair(instrument: Instrument, table: Parties, a: str, b: str, on: date) -> _Half:
    hub = instrument.entry.hub
    if hub is not None and hub not in (a, b):
        return _Half(False, f"{instrument.title} always has {hub} at one end.")
    mine = [record for record in table.records if {record.state, record.partner} == {a, b}]
    left = _left(instrument.entry, mine, on)
    if left is not None:
        return left
    begun = [record for record in mine if record.action is Action.ENTRY_INTO_FORCE]
    if not begun:
        return _Half(None, f"No record of such an instrument between {a} and {b} is on file: ask counsel.")
    record = min(begun, key=lambda entry: entry.when.first)
    reached = record.when.reached(on)
    sources = (record.source,)
    if record.evidence is not Evidence.SEEN:
        return _Half(
            None,
            f"An instrument between {a} and {b} is recalled ({record.note or record.date}), not checked.",
            sources,
        )
    if reached is None:
        span = f"between {record.when.first} and {record.when.last}"
        return _Half(None, f"It entered into force {span}.", sources)
    word = "since" if reached else "only from"
    return _Half(reached, f"In force between {a} and {b} {word} {record.date}.", sources)

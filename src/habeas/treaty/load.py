"""Reading the packaged law: TOML in, typed and cross-checked values out.

A law file that is wrong never loads halfway: the first fault is refused with the file, the key and
one thing to do. What is checked here is form and consistency (every citation points to an article
on file, every date reads, every rule names measures and categories that exist, a line that is not
sure says that it needs the certified text). Whether the law itself is right is for the register of
confirmations.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import TypeVar

import msgspec

from habeas.errors import Refused
from habeas.request.model import Category, Measure
from habeas.treaty.citations import OUTSIDE_WORKS, split_citation
from habeas.treaty.dates import Span, span
from habeas.treaty.model import (
    ALL,
    ANY,
    LIMITING,
    Action,
    Certainty,
    Clock,
    Force,
    Instrument,
    Kind,
    Outcome,
    Parties,
    Permits,
    Safeguard,
    Seat,
    SeatRule,
    States,
    TreatyTest,
)

OTHER_FLOWS = frozenset({"joint-investigation", "extradition", "confiscation"})
"""Kinds of help the instruments speak of and a request to this desk never is."""

FLOWS = frozenset(Measure) | OTHER_FLOWS
REQUESTING_GROUPS = frozenset({ANY, "foreign", "eu", "not-eu", "not-eea"})
UNSURE = frozenset({Certainty.ANALOG, Certainty.MEMORY, Certainty.CHECK})
PAIRWISE = frozenset({Kind.EXECUTIVE_AGREEMENT, Kind.BILATERAL})

_STATE = re.compile(r"^[A-Z]{3}$")
_Shape = TypeVar("_Shape")


class _TestFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    instrument: str
    test: tuple[TreatyTest, ...]


class _SafeguardFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    safeguard: tuple[Safeguard, ...]


_LISTED: tuple[type, ...] = (Instrument, Parties, Seat)
_PLURALS = {
    "article": "articles",
    "test": "tests",
    "clock": "clocks",
    "record": "records",
    "rule": "rules",
}


class LawFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on file, checked."""

    states: States
    instruments: dict[str, Instrument]
    parties: dict[str, Parties]
    safeguards: tuple[Safeguard, ...]
    seats: dict[str, Seat]


def packaged_files() -> dict[str, str]:
    """The packaged law files as {`instruments/uncc.toml`: text, ...}: the one place that reads them."""
    root = resources.files("habeas.treaty")
    found = {name: (root / name).read_text("utf-8") for name in ("states.toml", "safeguards.toml")}
    for folder in ("instruments", "parties", "seats"):
        for entry in sorted((root / folder).iterdir(), key=lambda e: e.name):
            if entry.name.endswith(".toml"):
                found[f"{folder}/{entry.name}"] = entry.read_text("utf-8")
    return found


def read_law(files: Mapping[str, str]) -> LawFiles:
    """Read and cross-check a whole set of law files. Raises Refused at the first fault."""
    states = _read("states.toml", files["states.toml"], States)
    instruments = _instruments(files)
    for instrument in instruments.values():
        _check_instrument(instrument, instruments)
    parties = {}
    for name in _names(files, "parties/"):
        table = _read(name, files[name], Parties)
        _check_parties(name, table, instruments, states)
        parties[table.instrument] = table
    safeguards = _read("safeguards.toml", files["safeguards.toml"], _SafeguardFile).safeguard
    _check_safeguards(safeguards, instruments)
    seats = {}
    for name in _names(files, "seats/"):
        seat = _read(name, files[name], Seat)
        _check_seat(name, seat, instruments, states)
        seats[seat.seat] = seat
    return LawFiles(
        states=states, instruments=instruments, parties=parties, safeguards=safeguards, seats=seats
    )


def _names(files: Mapping[str, str], folder: str) -> list[str]:
    return sorted(name for name in files if name.startswith(folder))


def _read(name: str, text: str, shape: type[_Shape]) -> _Shape:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Refused(f"the law file is not TOML: {fault}", place=name) from fault
    except RecursionError:
        raise Refused("the law file is nested too deeply", place=name) from None
    except ValueError:
        raise Refused("the law file holds a number too long to be read", place=name) from None
    # TOML names one table of an array in the singular, the value in Python is the plural
    raw = {_PLURALS.get(key, key) if shape in _LISTED else key: value for key, value in raw.items()}
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as fault:
        what, _, where = str(fault).partition(" - at ")
        key = where.strip("`").removeprefix("$.").removeprefix("$")
        raise Refused(
            f"the law file does not have the form it needs: {what}",
            place=f"{name}: {key}" if key else name,
            hint="compare with a neighbouring entry; the permitted words are in habeas.treaty.model",
        ) from fault


def _instruments(files: Mapping[str, str]) -> dict[str, Instrument]:
    found: dict[str, Instrument] = {}
    test_files = [name for name in _names(files, "instruments/") if name.endswith("_tests.toml")]
    for name in _names(files, "instruments/"):
        if name in test_files:
            continue
        instrument = _read(name, files[name], Instrument)
        if name != f"instruments/{instrument.id}.toml":
            raise Refused(
                f"the file holds the instrument {instrument.id}",
                place=name,
                hint="name the file after its id",
            )
        found[instrument.id] = instrument
    for name in test_files:
        extra = _read(name, files[name], _TestFile)
        owner = found.get(extra.instrument)
        if owner is None:
            raise Refused(f"no instrument {extra.instrument} is on file", place=f"{name}: instrument")
        found[owner.id] = msgspec.structs.replace(owner, tests=owner.tests + extra.test)
    return found


def _check_instrument(instrument: Instrument, all_of_them: Mapping[str, Instrument]) -> None:
    name = f"instruments/{instrument.id}.toml"
    if instrument.parent is not None and instrument.parent not in all_of_them:
        raise Refused(f"no instrument {instrument.parent} is on file", place=f"{name}: parent")
    for other in instrument.yields_to:
        if other not in all_of_them or other == instrument.id:
            raise Refused(
                f"it cannot stand back before {other}",
                place=f"{name}: yields_to",
                hint="name another instrument on file",
            )
    if instrument.dual_criminality_by is not None:
        _cites(
            (f"{instrument.id}:{instrument.dual_criminality_by}",),
            all_of_them,
            f"{name}: dual_criminality_by",
        )
    _once((article.number for article in instrument.articles), f"{name}: article")
    _once((test.id for test in instrument.tests), f"{name}: test")
    _once((clock.id for clock in instrument.clocks), f"{name}: clock")
    for article in instrument.articles:
        place = f"{name}: article {article.number}"
        _flows(article.applies_to, place)
        if article.certainty in UNSURE and not article.needs_certified_text:
            raise Refused(
                f"a line that is only {article.certainty} must say that it needs the certified text",
                place=place,
                hint="set needs_certified_text = true",
            )
    for test in instrument.tests:
        place = f"{name}: test {test.id}"
        _flows(test.applies_to, place)
        _cites(test.cites, all_of_them, place)
        if not test.cites and test.certainty is not Certainty.POLICY:
            raise Refused("a test that is not policy must cite a provision", place=place)
        if test.outcome is Outcome.REFUSE_MANDATORY and test.force is Force.MAY and not test.note:
            raise Refused(
                "a test the treaty leaves open cannot be called mandatory without saying why",
                place=place,
                hint="name the outside law or the policy in its note",
            )
    for clock in instrument.clocks:
        place = f"{name}: clock {clock.id}"
        _check_clock(clock, all_of_them, place)


def _check_clock(clock: Clock, instruments: Mapping[str, Instrument], place: str) -> None:
    _cites(clock.cites, instruments, place)
    if not clock.cites:
        raise Refused("a clock must cite the provision that sets it", place=place)
    _scope(clock, place)


def _check_parties(name: str, table: Parties, instruments: Mapping[str, Instrument], states: States) -> None:
    instrument = instruments.get(table.instrument)
    if instrument is None:
        raise Refused(f"no instrument {table.instrument} is on file", place=f"{name}: instrument")
    for index, record in enumerate(table.records):
        place = f"{name}: record[{index}] {record.state}"
        for code in (record.state, record.partner):
            if code is not None and code not in states.codes:
                raise Refused(f"{code} is not a state code known here", place=place)
        _date(record.date, place)
        if (record.partner is not None) != (instrument.kind in PAIRWISE):
            raise Refused(
                "only an instrument concluded pair by pair has a partner, and it always has one",
                place=place,
            )
        if record.action is Action.RESERVATION and not (record.articles and record.effect):
            raise Refused("a reservation must name the articles it touches and its effect", place=place)
        if record.action not in LIMITING and (record.articles or record.effect or record.until):
            raise Refused("only a reservation or declaration touches articles or is withdrawn", place=place)
        if record.until is not None and _date(record.until, place).last < record.when.first:
            raise Refused("it was withdrawn before it was made", place=place)
        _cites((f"{table.instrument}:{number}" for number in record.articles), instruments, place)


def _check_safeguards(safeguards: Iterable[Safeguard], instruments: Mapping[str, Instrument]) -> None:
    safeguards = tuple(safeguards)
    _once((safeguard.id for safeguard in safeguards), "safeguards.toml: safeguard")
    for safeguard in safeguards:
        place = f"safeguards.toml: safeguard {safeguard.id}"
        if not safeguard.hooks:
            raise Refused("a safeguard without a hook in the treaty cannot be used", place=place)
        if not safeguard.standards:
            raise Refused("a safeguard must name the standard it comes from", place=place)
        _cites((hook.cite for hook in safeguard.hooks), instruments, place)
        _cites(safeguard.peers, instruments, place)


def _check_seat(name: str, seat: Seat, instruments: Mapping[str, Instrument], states: States) -> None:
    if name != f"seats/{seat.seat}.toml":
        raise Refused(f"the file holds the seat {seat.seat}", place=name, hint="name the file after its seat")
    if seat.seat not in states.codes:
        raise Refused(f"{seat.seat} is not a state code known here", place=f"{name}: seat")
    _once((rule.id for rule in seat.rules), f"{name}: rule")
    overrides = {rule.id: rule.overrides for rule in seat.rules}
    for rule in seat.rules:
        place = f"{name}: rule {rule.id}"
        _check_rule(place, rule, instruments, states)
        for other in rule.overrides:
            if other not in overrides:
                raise Refused(f"it overrides {other}, which is no rule of this seat", place=place)
            if rule.id in overrides[other]:
                raise Refused(f"it and {other} override each other, so that neither speaks", place=place)


def _check_rule(place: str, rule: SeatRule, instruments: Mapping[str, Instrument], states: States) -> None:
    since = _date(rule.since, place)
    if rule.until is not None and _date(rule.until, place).last < since.first:
        raise Refused("the rule ends before it begins", place=place)
    _scope(rule, place)
    for token in rule.requesting:
        if token in REQUESTING_GROUPS:
            continue
        if not _STATE.match(token) or token not in states.codes:
            raise Refused(f"{token} is neither a state code known here nor a group of states", place=place)
    for token in rule.instruments + rule.except_instruments:
        if token != ANY and token not in instruments:
            raise Refused(f"no instrument {token} is on file", place=place)
    if rule.permits is Permits.CONDITIONS and not rule.conditions:
        raise Refused(
            "a rule that permits on conditions must name them",
            place=place,
            hint="list the conditions, or answer yes, no or unknown",
        )
    if rule.certainty is Certainty.POLICY:
        raise Refused("the law of a seat is never policy", place=place)


def _flows(flows: Iterable[str], place: str) -> None:
    for flow in flows:
        if flow != ALL and flow not in FLOWS:
            raise Refused(
                f"{flow} is not a measure", place=place, hint="the measures are in habeas.request.model"
            )


def _scope(line: Clock | SeatRule, place: str) -> None:
    _flows(line.measures + line.except_measures, place)
    for category in line.categories:
        if category != ALL and category not in frozenset(Category):
            raise Refused(f"{category} is not a data category", place=place)


def _cites(cites: Iterable[str], instruments: Mapping[str, Instrument], place: str) -> None:
    for cite in cites:
        work, number = split_citation(cite)
        if work in OUTSIDE_WORKS and number:
            continue
        if work not in instruments:
            raise Refused(f"the citation {cite} names no instrument on file", place=place)
        if instruments[work].article(number) is None:
            raise Refused(
                f"the citation {cite} names an article that is not on file",
                place=place,
                hint="add the article with its source and certainty, or correct the number",
            )


def _once(keys: Iterable[str], place: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise Refused(f"{key} is there twice", place=place)
        seen.add(key)


def _date(text: str, place: str) -> Span:
    try:
        return span(text)
    except ValueError as fault:
        raise Refused(
            f"the date does not read: {fault}", place=place, hint="write 2026-10-25, 2026-02, 2006 or a range"
        ) from fault

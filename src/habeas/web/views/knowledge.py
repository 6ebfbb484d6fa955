"""What the desk knows of law, to be read by every member: instruments, who is bound, seats, national law.

Nothing is judged here and nothing of a case is shown. Every value stands with its source, its date and how
sure we are of it. What is known of how a provision is abused is for the house's own work and is not shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from django.http import Http404, HttpResponse
from django.shortcuts import render

from habeas import atlas, treaty
from habeas.assess import REQUESTED_DEADLINE, rulebook
from habeas.atlas import Match, PenaltyValue, Provision, Verification
from habeas.desk.letters import Kind, Language
from habeas.desk.letters.texts import reviews
from habeas.desk.moves import TABLE, Act
from habeas.errors import Refused
from habeas.reports import kinds, words
from habeas.treaty import BasisAnswer, Instrument, PartyRecord, TreatyTest
from habeas.web.door import Visit
from habeas.web.views.reviews import lines

LONGEST = 2_000  # characters of citations looked for at once

CHECKED = {
    Verification.STATUTE_TEXT: ("met", "Statute text"),
    Verification.SECONDARY: ("met", "Secondary source"),
    Verification.PARTIAL: ("ask", "Partly checked"),
    Verification.KNOWLEDGE: ("ask", "Not checked"),
}
"""How a value of the atlas was checked: its mark and its words."""


class Source(NamedTuple):
    """Where a value comes from. address: to be followed, where it is one."""

    words: str
    address: str


class Penalty(NamedTuple):
    """A dated penalty as it is read."""

    value: PenaltyValue
    says: str
    applies: str
    old: int
    tone: str
    checked: str
    sources: tuple[Source, ...]


class Bound(NamedTuple):
    """A state and an instrument. answer: with the other state on the day; None where none was chosen."""

    state: str
    records: tuple[PartyRecord, ...]
    answer: BasisAnswer | None


class Found(NamedTuple):
    """What was found for one citation."""

    citation: str
    matches: tuple[Match, ...]


def page(request: Visit) -> HttpResponse:
    """Where everything is."""
    law = treaty.law()
    return render(
        request,
        "knowledge.html",
        {
            "instruments": law.instruments,
            "seats": [law.seat(each) for each in law.seats],
            "states": _named(atlas.atlas().states()),
            "letters": [(words.language(each), reviews(each)) for each in Language],
            "versions": {"Treaties and seats": law.version, "National law": atlas.atlas().version},
        },
    )


# ---- treaties ---------------------------------------------------------------------------------------------


def instrument(request: Visit, instrument: str) -> HttpResponse:
    found = _instrument(instrument)
    said = {each.id: answers(found, each) for each in found.tests}
    return render(
        request,
        "knowledge_instrument.html",
        {
            "instrument": found,
            "parties": len({each.state for each in treaty.law().party_records(instrument)}),
            "certainties": words.certainties(),
            "answers": said,
            "answered": all(said.values()),
        },
    )


PAGES = {
    "parties": "the page of who is bound says it, on any day",
    "receive": "a request is taken in as a file, or typed from its letter, which is kept sealed",
}
"""What a page of the desk does about a question, by the name of its address."""


def answers(instrument: Instrument, test: TreatyTest) -> tuple[str, ...]:
    """Where a question of an instrument is answered: by tests of the assessment, at the desk, or not at all.

    Raises KeyError or ValueError for a place that does not exist.
    """
    checks = tuple(f"Assessment: {check.id}" for check in rulebook().checks if test.id in check.tests)
    return (*checks, *(_place(instrument, each) for each in test.answered_by))


def _place(instrument: Instrument, place: str) -> str:
    kind, _, name = place.partition(": ")
    match kind:
        case "move":
            return f"Desk: {TABLE[Act(name)].says}"
        case "letter":
            return f"Letter: {words.plain(Kind(name))}"
        case "clock":
            rules = {each.id: each.article for each in instrument.clocks} | {REQUESTED_DEADLINE: "40(26)"}
            return f"Time limit: {words.plain(name)}, {rules[name]}"
        case "log":
            return f"Public log: {kinds.one('en')[name]}"
        case "page":
            return f"Desk: {PAGES[name]}"
        case "outside":
            return f"Outside of what is done here: {name}"
    raise ValueError(place)


def parties(request: Visit, instrument: str) -> HttpResponse:
    """Who did what about an instrument; with another state chosen, whether it binds the two on the day."""
    found = _instrument(instrument)
    refused, day = _day(request)
    house = request.viewer.house.settings.seat.partition(":")[0]
    other = request.GET.get("with", house)
    other = other if other in treaty.law().states else ""
    bound = _bound(instrument, other, day)
    sources = Counter(record.source for each in bound for record in each.records)
    return render(
        request,
        "knowledge_parties.html",
        {
            "instrument": found,
            "bound": bound,
            "usual": sources.most_common(1)[0][0] if sources else "",
            "on": day,
            "other": other,
            "states": [("", "No other state"), *_named(treaty.law().states)],
            "refused": refused,
        },
        status=422 if refused else 200,
    )


def _bound(instrument: str, other: str, on: date) -> list[Bound]:
    law = treaty.law()
    by_state: dict[str, list[PartyRecord]] = {}
    for record in law.party_records(instrument):
        if record.when.first <= on:
            by_state.setdefault(record.state, []).append(record)
    return [
        Bound(
            state,
            tuple(sorted(by_state[state], key=lambda each: each.when.first)),
            law.in_force_between(instrument, state, other, on) if other and other != state else None,
        )
        for state, _name in _named(by_state)
    ]


def seat(request: Visit, state: str) -> HttpResponse:
    """What the law of a seat lets a desk there do."""
    if state not in treaty.law().seats:
        raise Http404
    return render(
        request, "knowledge_seat.html", {"law": treaty.law().seat(state), "certainties": words.certainties()}
    )


def _instrument(id: str) -> Instrument:
    try:
        return treaty.law().instrument(id)
    except Refused:
        raise Http404 from None


# ---- national law -----------------------------------------------------------------------------------------


def state(request: Visit, state: str) -> HttpResponse:
    """What the atlas holds about a state."""
    if not atlas.atlas().knows(state):
        raise Http404
    found, on = atlas.atlas().state(state), request.viewer.at.date()
    return render(
        request,
        "knowledge_state.html",
        {
            "state": found,
            "facts": [
                (atlas.atlas().columns[name].meaning, fact) for name, fact in found.facts.facts.items()
            ],
            "provisions": [(each, _highest(each, on)) for each in found.provisions],
            "defaults": [(each, *CHECKED[each.verification]) for each in found.defaults],
            "on": on,
        },
    )


def provision(request: Visit, provision: str) -> HttpResponse:
    """One offence with its penalties; without the note on its abuse."""
    try:
        found = atlas.atlas().provision(provision)
    except Refused:
        raise Http404 from None
    on = request.viewer.at.date()
    return render(
        request,
        "knowledge_provision.html",
        {
            "provision": msgspec.structs.replace(found, abuse=None),
            "penalties": [_penalty(each, on) for each in found.penalties],
            "answers": [
                (f"Stood on {on}", _answer(found.in_force(on))),
                ("Reaches four years", _answer(found.reaches(4, on))),
                ("On checked values alone", _answer(found.reaches(4, on, verified_only=True))),
                ("Death possible", _answer(found.capital(on))),
            ],
            "on": on,
        },
    )


def find(request: Visit) -> HttpResponse:
    """The provisions that citations name, in any script; one citation on each line."""
    asked = request.GET.get("words", "")
    cited = lines(asked)
    code = request.GET.get("state", "")
    refused, on = _day(request)
    if len(asked) > LONGEST:
        refused = Refused(
            "this is more than can be looked for at once",
            place="words",
            hint=f"at most {LONGEST} characters, one citation on each line",
        )
        cited = ()
    return render(
        request,
        "knowledge_find.html",
        {
            "asked": asked[:LONGEST],
            "state": code,
            "states": [("", "As the citation tells"), *_named(atlas.atlas().states())],
            "found": _found(cited, code, on),
            "on": on,
            "refused": refused,
        },
        status=422 if refused else 200,
    )


def _found(cited: tuple[str, ...], code: str, on: date) -> list[Found]:
    state = code if atlas.atlas().knows(code) else None
    matches = atlas.atlas().find(cited, state=state, on=on) if cited else ()
    return [
        Found(words, tuple(each for each in matches if each.where == place))
        for place, words in enumerate(cited)
    ]


def _highest(provision: Provision, on: date) -> Penalty | None:
    """The highest maximum of today, as it was checked; otherwise the last value on record."""
    maximum = provision.maximum(on)
    if maximum is not None:
        return _penalty(maximum.value, on)
    return _penalty(provision.penalties[-1], on) if provision.penalties else None


def _penalty(value: PenaltyValue, on: date) -> Penalty:
    least = f"From {value.minimum:g} " if value.minimum is not None else ""
    most = f"to {value.maximum}" if value.maximum is not None else "no ceiling on record"
    applies = f"{value.start or ''} to {value.end or ''}" if value.start or value.end else "Not dated"
    tone, checked = CHECKED[value.verification]
    return Penalty(
        value=value,
        says=words.capital(f"{least}{most}"),
        applies=words.capital(applies.removesuffix(" to ") if not value.end else applies.strip()),
        old=max(0, on.year - value.as_of),
        tone=tone,
        checked=checked,
        sources=tuple(source(each) for each in value.sources),
    )


def source(text: str) -> Source:
    """A source as it stands; with a link where it is nothing but a web address."""
    parts = urlsplit(text)
    plain = parts.scheme == "https" and bool(parts.hostname) and not any(map(str.isspace, text))
    return Source(text, text if plain else "")


def _answer(value: bool | None) -> str:
    return "Not known" if value is None else "Yes" if value else "No"


def _named(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, words.state(code)) for code in sorted(codes, key=words.state)]


def _day(request: Visit) -> tuple[Refused | None, date]:
    """The day asked for; today where none was, or none that is one."""
    written, today = request.GET.get("on", ""), request.viewer.at.date()
    if not written:
        return None, today
    try:
        return None, date.fromisoformat(written)
    except ValueError:
        return Refused("this is no day", place="on", hint="year, month, day: 2026-11-21"), today

"""The form of the evaluation corpus: one case per entry, written as an authority would write.

Read are the fields a requester would fill in (`READ`). The labels of a case (`LABELS`: what a
careful lawyer would decide, where the case comes from) are cut away before a request is made, so
that no answer can depend on them; `read_labels` reads them on their own, for measuring only.

The form leaves out what a desk would know by other means, so each request made here carries
`SUPPOSED`, and every answer repeats it:

* `instrument-in-force`: the treaty or law named binds both states on the date of decision;
* `sender-identified`: the authority named is really the sender;
* `seat-law-permits`: the law of the custodian's state allows an answer under that instrument.

A case says in its text when one of these fails; the text is there for `habeas.assess` to read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from habeas.errors import Refused
from habeas.request.checking import Notice, check, notices
from habeas.request.formats.entries import entries
from habeas.request.formats.instruments import instrument_named
from habeas.request.formats.json_text import shown
from habeas.request.formats.text import load
from habeas.request.model import (
    PRESERVATION_ONLY,
    Authorisation,
    AuthorisationKind,
    Authority,
    Category,
    Emergency,
    Identifier,
    Item,
    Offence,
    Penalty,
    PenaltyKind,
    Period,
    Request,
    Secrecy,
    Target,
    stands_for_many,
)

SUPPOSED = ("instrument-in-force", "sender-identified", "seat-law-permits")

READ = frozenset(
    {
        "id",
        "language",
        "requesting_state",
        "requested_from",
        "authority",
        "instrument",
        "offence_as_charged",
        "statute_cited",
        "max_penalty_years",
        "narrative",
        "data_requested",
        "period_start",
        "period_end",
        "targets",
        "judicial_authorisation",
        "emergency",
        "confidentiality_requested",
    }
)
LABELS = frozenset({"expected", "difficulty", "label_confidence", "tags", "sources", "split_group"})

_NOT_STATED = frozenset({"", "XXX", "ZZZ", "UNK", "MASKED", "??"})
_YES = frozenset({"true", "yes", "on", "y"})
_NO = frozenset({"false", "no", "off", "n", ""})

_CATEGORIES = {
    **{str(category): category for category in Category},
    "basic-subscriber": Category.SUBSCRIBER,
    "registration": Category.SUBSCRIBER,
    "metadata": Category.TRAFFIC,
    "logs": Category.TRAFFIC,
    "stored-content": Category.CONTENT,
    "messages": Category.CONTENT,
    "real-time-traffic": Category.REALTIME_TRAFFIC,
    "live-traffic": Category.REALTIME_TRAFFIC,
    "location-tracking": Category.REALTIME_TRAFFIC,
    "interception": Category.REALTIME_CONTENT,
    "wiretap": Category.REALTIME_CONTENT,
    "real-time-content": Category.REALTIME_CONTENT,
    "live-content": Category.REALTIME_CONTENT,
    "password": Category.CREDENTIALS,
    "passwords": Category.CREDENTIALS,
    "keys": Category.CREDENTIALS,
    "encryption-keys": Category.CREDENTIALS,
    "decryption": Category.CREDENTIALS,
}
_KEEP = frozenset({"preservation", "preserve", "expedited-preservation"})
_ALL_STORED = (Category.SUBSCRIBER, Category.TRAFFIC, Category.CONTENT)


# Where a field of the request stands in a case: a refusal names the place its writer can see.
_PLACES = tuple(
    (re.compile(pattern), place)
    for pattern, place in (
        (r"seat_state", "requested_from.state"),
        (r"addressee", "requested_from.provider_kind"),
        (r"issuing\.name", "authority"),
        (r"authorisation\.reference", "judicial_authorisation"),
        (r"instrument_stated", "instrument"),
        (r"offences\[0\]\.label", "offence_as_charged"),
        (r"offences\[0\]\.citations\[0\]", "statute_cited"),
        (r"offences\[0\]\.claimed_maximum", "max_penalty_years"),
        (r"facts", "narrative"),
        (r"emergency\.statement", "emergency.claim"),
        (r"targets\[(\d+)\]\.identifiers\[0\]\.value", r"targets[\1].handle"),
        (r"targets\[\d+\]\.items\[\d+\]\.description", "data_requested"),
        (r"targets\[\d+\]\.items\[\d+\]\.period\.start", "period_start"),
        (r"targets\[\d+\]\.items\[\d+\]\.period(?:\.end)?", "period_end"),
    )
)


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What a careful lawyer would decide on one case; never part of a request.

    cls: `protected-conduct`, `legitimate-crime` or `fraudulent-request`. acceptable and must_not:
    decisions that could be defended, and serious failures. state: the requesting state, where given.
    """

    id: str
    cls: str
    decision: str
    acceptable: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    protected_conduct: tuple[str, ...] = ()
    difficulty: str | None = None
    language: str | None = None
    state: str | None = None


def is_case(values: Mapping[str, Any]) -> bool:
    """Do these fields belong to this form rather than to our own?"""
    return "measure" not in values and not READ.isdisjoint(values.keys() - Request.__struct_fields__)


def read_corpus(path: str | os.PathLike[str]) -> Iterator[Request]:
    """The requests of a corpus file, in its order. Raises `Refused` at the first unacceptable entry."""
    for place, values in _cases(path):
        try:
            yield to_request(values)
        except Refused as refused:
            raise refused.at(place) from None


def read_labels(path: str | os.PathLike[str]) -> tuple[Label, ...]:
    """The labels of a corpus file, for measuring; cases without any are left out. Raises `Refused`."""
    labels = []
    for place, values in _cases(path):
        expected = values.get("expected")
        if expected is None:
            continue
        try:
            labels.append(_label(_Case(values), _Case(_mapping(expected, "expected"))))
        except Refused as refused:
            raise refused.at(place) from None
    return tuple(labels)


def to_request(values: Mapping[str, Any]) -> Request:
    """One checked request from the fields of one case. Raises `Refused` with the field that is wrong."""
    case = _Case({name: values[name] for name in READ if name in values})
    stated, cited = case.text("instrument"), case.text("statute_cited")
    words = case.words("data_requested")
    keep_only = bool(words) and all(_folded(word) in _KEEP for word in words)
    instrument, measure = instrument_named(f"{stated or ''} {cited or ''}", stated or "", keep_only)
    asked_of = _Case(_mapping(case.get("requested_from"), "requested_from"))
    emergency = _Case(_mapping(case.get("emergency"), "emergency"))
    authority = case.text("authority")
    request = Request(
        id=case.required("id"),
        instrument=instrument,
        instrument_stated=stated,
        measure=measure,
        requesting_state=_state(case.text("requesting_state")),
        seat_state=_state(asked_of.text("state", "requested_from.state")),
        addressee=asked_of.text("provider_kind", "requested_from.provider_kind"),
        issuing=Authority(name=authority) if authority else None,
        authorisation=_authorisation(case.text("judicial_authorisation")),
        offences=_offences(case, cited),
        facts=case.text("narrative") or "",
        language=case.text("language"),
        targets=_targets(case, words),
        emergency=Emergency(
            claimed=emergency.yes("claimed", "emergency.claimed"),
            statement=emergency.text("claim", "emergency.claim"),
        ),
        secrecy=Secrecy(asked=case.yes("confidentiality_requested")),
        supposed=SUPPOSED,
    )
    try:
        return check(request)
    except Refused as refused:
        raise Refused(refused.sentence, place=place_in_case(refused.place), hint=refused.hint) from None


def place_in_case(place: str) -> str:
    """The place in a case that a place in the request made of it comes from."""
    for pattern, written in _PLACES:
        if found := pattern.fullmatch(place):
            return found.expand(written)
    return place


def case_notices(values: Mapping[str, Any], request: Request) -> tuple[Notice, ...]:
    """What deserves a second look, with fields this form does not have and an instrument nobody knows."""
    unread = sorted(shown(name) for name in values.keys() - READ - LABELS)
    found = [
        Notice(place=name, sentence="this field is not part of the form and was not read") for name in unread
    ]
    if request.instrument == "unknown" and request.instrument_stated:
        found.append(
            Notice(place="instrument", sentence="no treaty or law known here is named by these words")
        )
    found += [msgspec.structs.replace(odd, place=place_in_case(odd.place)) for odd in notices(request)]
    return tuple(found)


class _Case:
    """Fields of one case, each read as what it must be."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def get(self, name: str) -> Any:
        return self._values.get(name)

    def text(self, name: str, place: str = "") -> str | None:
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise _wrong(value, "text", place or name, "put it in quotes if it is meant as text")
        return value

    def required(self, name: str, place: str = "") -> str:
        value = self.text(name, place)
        if value is None:
            raise Refused(f"the field `{name}` is missing", place=place or name, hint="it cannot be left out")
        return value

    def yes(self, name: str, place: str = "") -> bool:
        value = self._values.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        if isinstance(value, str) and value.strip().lower() in _YES | _NO:
            return value.strip().lower() in _YES
        raise _wrong(value, "true or false", place or name, "write true or false")

    def words(self, name: str, place: str = "") -> tuple[str, ...]:
        value = self._values.get(name)
        if isinstance(value, str):
            value = [value]
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
            raise _wrong(
                value, "a list of words", place or name, "write one word on each line, after a hyphen"
            )
        return tuple(dict.fromkeys(value))

    def day(self, name: str) -> date | None:
        value = self._values.get(name)
        if isinstance(value, datetime):
            return value.date()
        if value is None or value == "" or isinstance(value, date):
            return value or None
        try:
            if isinstance(value, str) and len(value) == len("2024-05-31"):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise Refused("this is not a date of the calendar", place=name, hint="write it like 2024-05-31")


def _cases(path: str | os.PathLike[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for place, values in entries(load(path), str(path)):
        if isinstance(values, Refused):
            raise values.at(place)
        yield place, values


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(value, "named fields", place, "write its fields below it, each with its name")
    return value


def _wrong(value: Any, wanted: str, place: str, hint: str) -> Refused:
    kinds = (
        (bool, "true or false"),
        ((int, float), "a number"),
        (str, "text"),
        (list, "a list"),
        (Mapping, "fields"),
    )
    got = next((word for kind, word in kinds if isinstance(value, kind)), "something else")
    return Refused(f"here stands {got} where {wanted} belongs", place=place, hint=hint)


def _folded(word: str) -> str:
    return re.sub(r"[\s_]+", "-", word.strip().lower())


def _state(code: str | None) -> str | None:
    return None if code is None or code in _NOT_STATED else code


def _authorisation(word: str | None) -> Authorisation:
    """A word outside the four is kept as a reference: whoever it names, it is not shown to be a judge."""
    if word is None:
        return Authorisation()
    try:
        return Authorisation(kind=AuthorisationKind(_folded(word)))
    except ValueError:
        return Authorisation(reference=word)


def _offences(case: _Case, cited: str | None) -> tuple[Offence, ...]:
    label, maximum = case.text("offence_as_charged"), _penalty(case.get("max_penalty_years"))
    if label is None and cited is None and maximum is None:
        return ()
    return (Offence(label=label or "", citations=(cited,) if cited else (), claimed_maximum=maximum),)


def _penalty(value: Any) -> Penalty | None:
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Penalty(kind=PenaltyKind.YEARS, years=float(value))
    if isinstance(value, str):
        if found := re.fullmatch(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)(?: years?)?", value.strip()):
            return Penalty(kind=PenaltyKind.YEARS, years=float(found[1]))
        word = value.strip().lower()
        if word in (PenaltyKind.LIFE, PenaltyKind.DEATH, PenaltyKind.FINE):
            return Penalty(kind=PenaltyKind(word))
    raise Refused(
        "this is not a maximum penalty",
        place="max_penalty_years",
        hint="write a number of years, `life`, `death` or `fine`; leave it out if it is not stated",
    )


def _targets(case: _Case, words: tuple[str, ...]) -> tuple[Target, ...]:
    """One target per handle. Data asked about nobody stays visible as a target that names none."""
    period = Period(start=case.day("period_start"), end=case.day("period_end"))
    items = _items(words, period if period != Period() else None)
    listed = case.get("targets")
    if listed is None:
        listed = []
    if not isinstance(listed, list | tuple):
        raise _wrong(listed, "a list", "targets", "write one target on each line, after a hyphen")
    targets = []
    for index, entry in enumerate(listed):
        place = f"targets[{index}]"
        fields = _Case({"handle": entry} if isinstance(entry, str) else _mapping(entry, place))
        handle = fields.text("handle", f"{place}.handle")
        identifiers = (Identifier(value=handle, bulk=stands_for_many(handle)),) if handle else ()
        role = fields.text("role", f"{place}.role") or ""
        targets.append(Target(id=f"t{index + 1}", identifiers=identifiers, role=role, items=items))
    if not targets and items:
        targets.append(Target(id="t1", identifiers=(), items=items))
    return tuple(targets)


def _items(words: tuple[str, ...], period: Period | None) -> tuple[Item, ...]:
    """One item per word. `preservation` stands for keeping all stored categories."""
    asked: list[tuple[Category, str]] = []
    for word in words:
        folded = _folded(word)
        if folded in _KEEP:
            asked.extend((category, PRESERVATION_ONLY) for category in _ALL_STORED)
        elif folded in _CATEGORIES:
            asked.append((_CATEGORIES[folded], "" if folded == _CATEGORIES[folded] else word))
        else:
            asked.append((Category.OTHER_STORED, word))
    return tuple(
        Item(id=f"i{number}", category=category, description=description, period=period)
        for number, (category, description) in enumerate(asked, start=1)
    )


def _label(case: _Case, expected: _Case) -> Label:
    return Label(
        id=case.required("id"),
        cls=expected.required("class", "expected.class"),
        decision=expected.required("decision", "expected.decision"),
        acceptable=expected.words("acceptable", "expected.acceptable"),
        must_not=expected.words("must_not", "expected.must_not"),
        protected_conduct=expected.words("protected_conduct", "expected.protected_conduct"),
        difficulty=case.text("difficulty"),
        language=case.text("language"),
        state=_state(case.text("requesting_state")),
    )

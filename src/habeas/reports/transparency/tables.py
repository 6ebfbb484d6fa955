"""Which tables there are: what is counted, and by what it is broken down.

A subject is a kind of entry, or the accounts that requests named. A part is one way to break a subject down.
Its values are a closed list, all of them always shown, so that neither a row nor its absence says anything;
what no list knows is `other`, what was not stated is `not-stated`. A part with a joiner has many values in
one entry (two kinds of data in one request): each whole combination is one cell when numbers are rounded,
and what is shown of a value is the sum over the combinations it stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import msgspec

from habeas.assess import Decision
from habeas.atlas import Category as Offence
from habeas.desk.events import DelayGround, Door
from habeas.desk.letters import Ground
from habeas.desk.letters.filling import PERSECUTION
from habeas.desk.public import GIVING, OTHER, Mixed
from habeas.request import AuthorisationKind, Category, Measure
from habeas.treaty import law

NOT_STATED = "not-stated"
NOT_GIVEN = "not-given"
"""Of a decision that gives nothing, where those that give something are broken down."""
GIVEN_BY = ("measure-given", "categories-given")
"""Breakdowns of the decisions that give something, by what was asked for (RDR P11a.7)."""

ACCOUNTS = "accounts"
"""The one subject that is no kind of entry: accounts named by requests, and by answers that add to them."""
NAMING = ("request", "addition")
"""The kinds of entry whose accounts were asked about."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One breakdown. fields: of the entry it is read from. joiner: between several values of one entry."""

    name: str
    fields: tuple[str, ...]
    values: tuple[str, ...]
    joiner: str = ""

    def read(self, *texts: str) -> tuple[str, ...]:
        """The values of an entry, in the order of the list."""
        if self.name == "days":
            return (_band(texts[0]),)
        if self.name == "emergency-given":
            decision, emergency = texts
            return ("emergency" if decision in GIVING and emergency != "" else OTHER,)
        if self.name in GIVEN_BY and texts[0] not in GIVING:
            return (NOT_GIVEN,)
        texts = texts[-1:]
        words = texts[0].split(self.joiner) if self.joiner else [texts[0]]
        known = {self._known(word.strip()) for word in words if word.strip()} or {NOT_STATED}
        return tuple(value for value in self.values if value in known)

    def _known(self, word: str) -> str:
        word = _SAME.get(word, word)
        return word if word in self.values else OTHER


_SAME = {"shorter-period": "narrower-scope", "after-delay": "after-release"}
"""Words of older entries for what now has another."""

BANDS = ("0-2", "3-10", "11-30", "31-90", "91-365", "366+")
"""Days to an answer; the first and third are what an urgent and an ordinary order allow in much of the
world."""


def _band(days: str) -> str:
    if not days.isdecimal():
        return NOT_STATED
    number = int(days)
    return next(band for band in BANDS if "+" in band or number <= int(band.partition("-")[2]))


def _closed(*values: str) -> tuple[str, ...]:
    return (*values, OTHER, NOT_STATED)


@cache
def parts() -> Mapping[str, tuple[Part, ...]]:
    """Every subject with its parts, in the order in which they are shown."""
    categories = _closed(*map(str, Category))
    narrowed = _closed("fewer-accounts", "fewer-categories", "narrower-scope", "conditions")

    def part(name: str, values: tuple[str, ...], joiner: str = "", fields: tuple[str, ...] = ()) -> Part:
        return Part(name=name, fields=fields or (name,), values=values, joiner=joiner)

    door = part("door", _closed(*map(str, Door)))
    days = part("days", (*BANDS, NOT_STATED))
    measure = part("measure", _closed(*map(str, Measure)))
    emergency = part("emergency", _closed("claimed", "verified"))
    return {
        "arrival": (door,),
        "request": (
            door,
            part("instrument", _closed(*sorted(each.id for each in law().instruments))),
            measure,
            part("categories", categories, " "),
            part("offences", _closed(*map(str, Offence), "unknown"), " "),
            part("authorisation", _closed(*(str(each) for each in AuthorisationKind if each != "unstated"))),
            emergency,
        ),
        ACCOUNTS: (part("categories", categories, " "),),
        "hold": (part("how", _closed("placed", "extended", "ended")),),
        "decision": (
            part("decision", _closed(*map(str, Decision), *map(str, Mixed))),
            part("basis", _closed("shown", "not-shown", "missing")),
            part("how", narrowed, " "),
            part("emergency-given", ("emergency", OTHER), fields=("decision", "emergency")),
            part("measure-given", (*measure.values, NOT_GIVEN), fields=("decision", "measure")),
            part("categories-given", (*categories, NOT_GIVEN), " ", ("decision", "categories")),
        ),
        "refusal": (part("ground", _closed(PERSECUTION, *map(str, Ground)), " | "), days),
        "reroute": (days,),
        "withdrawal": (),
        "release": (part("given", categories, " "), part("how", narrowed, " "), days, emergency),
        "notice": (part("how", _closed("before-release", "after-release", "gag-ended", "after-refusal")),),
        "notice-delay": (part("ground", _closed(*map(str, DelayGround))),),
        "objection": (),
        "objection-answer": (part("how", _closed("upheld", "not-upheld")),),
        "validation": (part("how", _closed("in-time", "late", "refused")),),
    }


SUBJECTS = (
    "arrival",
    "request",
    ACCOUNTS,
    "hold",
    "decision",
    "refusal",
    "reroute",
    "withdrawal",
    "release",
    "notice",
    "notice-delay",
    "objection",
    "objection-answer",
    "validation",
)

KINDS = (*(each for each in SUBJECTS if each != ACCOUNTS), "addition", "closing", "letter", "erasure")
"""The kinds of which monthly totals are given. The others are about no person and open to everybody."""

FOOTLESS = ("arrival", "erasure")
"""Kinds of which entries say no footing, or did not always: each may be of any."""

GIVEN_AWAY_BY: Mapping[str, tuple[str, ...]] = {
    "request": tuple(each for each in dict.fromkeys((*SUBJECTS, *KINDS)) if each != "request"),
    ACCOUNTS: ("addition",),
    "decision": ("refusal", "reroute", "release", "validation"),
    "refusal": ("decision",),
    "reroute": ("decision",),
    "release": ("decision", "notice"),
    "notice-delay": ("notice",),
    "objection": ("objection-answer",),
}
"""What would give the number of a subject away where law forbids that one: because both count nearly the same
things, because the one is broken down by what the other counts, or because the one is all and the other the
only part that is not shown. Of a request almost everything is counted that follows from it."""

AT_MOST: tuple[tuple[tuple[str, ...], str], ...] = (
    (("request",), ACCOUNTS),
    (("refusal", "reroute", "withdrawal"), "request"),
    (("release",), ACCOUNTS),
    (("objection-answer",), "objection"),
    (("validation",), "decision"),
)
"""What anybody would suppose: the first together are no more than the second, from the beginning on. The
first line holds within every unit too. A case answered twice breaks the second; whoever attacks may still
try it."""

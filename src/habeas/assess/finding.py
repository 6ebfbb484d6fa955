"""The answer as values: findings, decisions per target and item, questions, conditions, clocks.

Everything here is frozen and ready for JSON. What a value means for a reader is said beside it; how it is
shown (terminal, Markdown, HTML) is left to `habeas.reports`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec
from msgspec.structs import astuple

from habeas.request.model import Category


class _Answer(msgspec.Struct, frozen=True, kw_only=True, gc=False):  # values hold no cycles
    pass


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not met"
    NOT_SHOWN = "not shown"


class Ceiling(StrEnum):
    """The most that may be given for one item of one target, lowest first."""

    NOTHING = "nothing"
    PRESERVE = "preserve silently"
    EXISTENCE = "existence"
    SUBSCRIBER = "subscriber"
    TRAFFIC = "traffic of these days"
    CONTENT = "content of this account"


HIGHEST = {
    Category.SUBSCRIBER: Ceiling.SUBSCRIBER,
    Category.TRAFFIC: Ceiling.TRAFFIC,
    Category.CONTENT: Ceiling.CONTENT,
    Category.OTHER_STORED: Ceiling.CONTENT,
}
"""The most that an item of a category can ask for. Of a category that is not here nothing is ever given."""


class FactSource(_Answer, frozen=True, kw_only=True):
    """Where a fact comes from.

    kind: request, narrative, atlas, treaty, seat, register, record or supposed.
    """

    kind: str
    ref: str
    words: str = ""
    span: tuple[int, int] | None = None


class FactUsed(_Answer, frozen=True, kw_only=True):
    fact: str
    says: str
    outcome: Outcome
    note: str = ""
    sources: tuple[FactSource, ...] = ()


class FactMissing(_Answer, frozen=True, kw_only=True):
    """A fact that is not shown. effect: blocks, conditions or notes (what its absence does here)."""

    fact: str
    says: str
    supplier: str
    question: str
    effect: str


class Cited(_Answer, frozen=True, kw_only=True):
    """An article with how sure we are of it (seen, analog, memory, check, policy)."""

    cite: str
    title: str
    certainty: str


class Finding(_Answer, frozen=True, kw_only=True):
    """One legal test with its outcome, in one sentence, and what follows.

    treaty: what follows by the instrument's own words. yardstick: the instrument is silent, and `cites` and
    `treaty` are those of the UN Convention, to measure by. house: what this house does by default.
    """

    check: str
    theme: str
    outcome: Outcome
    sentence: str
    question: str
    cites: tuple[Cited, ...]
    treaty: str
    house: str
    yardstick: bool = False
    used: tuple[FactUsed, ...] = ()
    missing: tuple[FactMissing, ...] = ()

    def __eq__(self, other: object) -> bool:
        """By what it says: one that recurs equals the same one read back from a record."""
        return isinstance(other, Finding) and astuple(self) == astuple(other)

    __hash__ = None  # type: ignore[assignment]  # nothing looks a finding up


class Recurring(Finding, frozen=True, kw_only=True):
    """A finding that quotes nothing of its request: every request that says the same gets the very same one.

    It reads like any other, and equals one that says the same. Whoever writes many answers may write it once.
    """

    __eq__ = Finding.__eq__
    __hash__ = None


class Sign(_Answer, frozen=True, kw_only=True):
    """A sign found in the words of the request, with the words."""

    id: str
    kind: str
    says: str
    weight: int
    categories: tuple[str, ...]
    sources: tuple[FactSource, ...]


class ItemDecision(_Answer, frozen=True, kw_only=True):
    """What is recommended for one item of one target."""

    target: str
    role: str
    item: str
    category: str
    decision: str
    ceiling: Ceiling
    why: str


class Question(_Answer, frozen=True, kw_only=True):
    """A question to the requester: for a document or a fact, never for the answer that passes."""

    fact: str
    question: str
    cites: tuple[str, ...]


class Task(_Answer, frozen=True, kw_only=True):
    """Something we must find out or do ourselves."""

    who: str
    task: str
    why: str


class ClockRun(_Answer, frozen=True, kw_only=True):
    """One time limit with its sum. bound: not-before or not-after."""

    id: str
    cite: str
    bound: str
    due: date | None
    sum: str
    rule: str
    certainty: str


class Change(_Answer, frozen=True, kw_only=True):
    """A fact whose value would change the result. For the house only."""

    fact: str
    says: str
    now: Outcome
    if_outcome: Outcome
    then: str


class Versions(_Answer, frozen=True, kw_only=True):
    habeas: str
    rules: str
    policy: str
    law: str
    atlas: str


class Assessment(_Answer, frozen=True, kw_only=True):
    """What is recommended for one request, and why. People decide.

    road: where the request should go instead, if it is to be rerouted, else empty.
    """

    id: str
    decision: str
    because: str
    protected_conduct: tuple[str, ...]
    on: date
    seat: str
    supposed: tuple[str, ...]
    items: tuple[ItemDecision, ...]
    findings: tuple[Finding, ...]
    signs: tuple[Sign, ...]
    questions: tuple[Question, ...]
    tasks: tuple[Task, ...]
    conditions: tuple[str, ...]
    clocks: tuple[ClockRun, ...]
    would_change: tuple[Change, ...]
    versions: Versions
    road: str = ""

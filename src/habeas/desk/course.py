"""What was decided about each item, step by step: by whom, when, what, on which ground, in which assessment.

Folded from the events of a case, so that nothing which was decided once is lost when it is decided anew. What
is in force now is for `habeas.desk.case`; here everything stands that ever was. For whoever reads the case,
and first for who has to check it later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

import msgspec

from habeas.desk import events
from habeas.desk.case import GIVES, Case
from habeas.desk.events import Recorded, Ruling

Key = tuple[str, str]
"""A target and one of its items."""


class What(StrEnum):
    """What somebody did about an item."""

    DECIDED = "decided"
    AGREED = "agreed"
    DISAGREED = "did not agree"
    UNDONE = "handed to counsel, to be decided anew"
    UPHELD = "upheld an objection, to be decided anew"
    APPROVED = "approved the release"
    HANDED_OVER = "handed over"
    REFUSED = "refused"
    REROUTED = "showed the right road"
    WITHDRAWN = "recorded that it was withdrawn"
    REOPENED = "reopened, to be decided anew"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done about one item. by: a person's id. ruling: the one it is about; None where
    nothing was decided about the item yet. assessment: digest of the one that was looked at, empty for none.
    version: of the request. why: in their words."""

    at: datetime
    by: str
    what: What
    ruling: Ruling | None
    assessment: str
    version: int
    why: str = ""


class Assessed(msgspec.Struct, frozen=True, kw_only=True):
    """An assessment that was made. number: counted from the first one of the case."""

    number: int
    at: datetime
    recommended: str
    version: int


def assessments(case: Case) -> dict[str, Assessed]:
    """Every assessment of the case by its digest, as it was made last."""
    found: dict[str, Assessed] = {}
    for recorded in case.history:
        if isinstance(recorded.event, events.Assessed):
            made = recorded.event
            number = found[made.digest].number if made.digest in found else len(found) + 1
            found[made.digest] = Assessed(
                number=number,
                at=recorded.at,
                recommended=made.assessment.decision,
                version=made.version,
            )
    return found


def of(case: Case) -> dict[Key, tuple[Step, ...]]:
    """Every step about every item that was ever asked for, the first one first."""
    found: dict[Key, list[Step]] = {
        (target.id, item.id): []
        for version in case.versions
        for target in version.request.targets
        for item in target.items
    }
    for key, step in _steps(case):
        found.setdefault(key, []).append(step)
    return {key: tuple(steps) for key, steps in found.items()}


def _steps(case: Case) -> Iterator[tuple[Key, Step]]:
    review: dict[Key, Ruling] = {}
    assessment, version, asked = "", 1, _asked(case, 1)
    for recorded in case.history:
        match recorded.event:
            case events.Answered() | events.NarrowingAccepted():
                version += 1
                review, assessment, asked = {}, "", _asked(case, version)
                continue
            case events.Assessed() as event:
                version = event.version
                continue
            case events.Reviewed() as event:
                review = {ruling.key: ruling for ruling in event.rulings}
                assessment = event.assessment
        for what, keys, why in _done(recorded, review, asked):
            for key in keys:
                yield (
                    key,
                    Step(
                        at=recorded.at,
                        by=recorded.by,
                        what=what,
                        ruling=review.get(key),
                        assessment=assessment,
                        version=version,
                        why=why,
                    ),
                )


def _asked(case: Case, version: int) -> tuple[Key, ...]:
    request = case.versions[version - 1].request
    return tuple((target.id, item.id) for target in request.targets for item in target.items)


def _done(
    recorded: Recorded, review: dict[Key, Ruling], asked: tuple[Key, ...]
) -> Iterator[tuple[What, tuple[Key, ...], str]]:
    """What one event does, to which items, and why."""
    decided = tuple(review)
    match recorded.event:
        case events.Reviewed() as event:
            yield What.DECIDED, decided, event.why or event.reasons
        case events.SecondReviewed() as event:
            yield What.AGREED if event.agrees else What.DISAGREED, decided, event.reason
        case events.Escalated() as event:
            yield What.UNDONE, decided, event.why
        case events.ObjectionAnswered(upheld=True) as event:
            yield What.UPHELD, decided, event.reason
        case events.ReleaseApproved():
            yield What.APPROVED, tuple(key for key in decided if review[key].decision in GIVES), ""
        case events.Released():
            yield What.HANDED_OVER, tuple(key for key in decided if review[key].decision in GIVES), ""
            yield What.REFUSED, tuple(key for key in decided if review[key].decision in _REFUSING), ""
        case events.RequestRefused():
            yield What.REFUSED, asked, ""
        case events.Rerouted() as event:
            yield What.REROUTED, asked, event.to
        case events.Withdrawn() as event:
            yield What.WITHDRAWN, asked, event.why
        case events.Reopened() as event:
            yield What.REOPENED, asked, event.why


_REFUSING = frozenset({"refuse", "challenge"})

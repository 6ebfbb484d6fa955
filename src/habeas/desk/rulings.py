"""What people decide for each item: what was recommended, how a decision departs from it, and what no
decision may give.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from habeas.assess import HIGHEST, Assessment, Ceiling, Consequence, Decision, Finding
from habeas.desk import case as cases
from habeas.desk import limits
from habeas.desk.case import Case
from habeas.desk.events import Ruling
from habeas.desk.letters import filling
from habeas.errors import Refused
from habeas.request import Category, Item, Measure

FORBIDDEN = frozenset(Category) - HIGHEST.keys()
"""Live data, keys and passwords: the ceiling is nothing, whoever decides."""
WHICH_ZONE = "In which time zone are the dates and times in your request stated?"
_KEEPS_MEANWHILE = frozenset({Decision.CLARIFY, Decision.ESCALATE, Decision.REROUTE, Decision.SEEK_DELAY})


def recommended(assessment: Assessment) -> tuple[Ruling, ...]:
    """What is recommended, as rulings. A refusal names the article of the finding that leads to it, by its
    id: a letter finds its ground by that (`habeas.desk.letters.filling`)."""
    return tuple(
        Ruling(
            target=each.target,
            item=each.item,
            decision=Decision(each.decision),
            ceiling=each.ceiling,
            ground=_ground(assessment, each.why)
            if each.decision in (Decision.REFUSE, Decision.CHALLENGE)
            else "",
        )
        for each in assessment.items
    )


def _ground(assessment: Assessment, why: str) -> str:
    """The first article of the finding an item is refused for, otherwise of the one that weighs most."""
    effective = [
        each for each in assessment.findings if each.outcome != "met" and _strength(each) > 0 and each.cites
    ]
    if not effective:
        return why or assessment.because
    for_this = [each for each in effective if each.sentence == why]
    strongest = max(for_this or effective, key=lambda each: _strength(each))
    return str(strongest.cites[0].cite)


def _strength(finding: Finding) -> int:
    return int(Consequence.read(finding.house, "answer"))


def questions_known(case: Case) -> tuple[str, ...]:
    """The questions to the requester in words that no one of the house chose: those of the assessment, and
    in which zone their dates are, where nobody knows it."""
    found = tuple(each.question for each in case.assessment.questions) if case.assessment is not None else ()
    return (*found, WHICH_ZONE) if limits.zone_missing(case) else found


def departures(case: Case, rulings: Iterable[Ruling]) -> tuple[tuple[str, str], ...]:
    """The items for which these rulings differ from what was recommended: in the decision, in the ceiling, in
    the ground of a refusal, by a scope or by conditions of our own."""
    advised = recommended(case.assessment) if case.assessment is not None else ()
    known = {each.key: _weighed(case, each) for each in advised}
    return tuple(ruling.key for ruling in rulings if known.get(ruling.key) != _weighed(case, ruling))


def _weighed(case: Case, ruling: Ruling) -> tuple[str, Ceiling, str, str, tuple[str, ...]]:
    """What counts in a ruling; its ground as a letter reads it, which two articles can have in common."""
    refuses = ruling.decision in (Decision.REFUSE, Decision.CHALLENGE)
    ground = (filling.ground(case, ruling.ground) or ruling.ground.strip()) if refuses else ""
    return str(ruling.decision), ruling.ceiling, ground, ruling.scope.strip(), ruling.conditions


def gives(rulings: Iterable[Ruling]) -> bool:
    return any(ruling.ceiling is not Ceiling.NOTHING for ruling in rulings)


def whole(case: Case, rulings: Sequence[Ruling]) -> None:
    """Every item asked for has one ruling, and no ruling gives what never may be given."""
    asked = case.asked()
    if sorted(ruling.key for ruling in rulings) != sorted(asked):
        raise Refused(
            "each item that was asked for needs exactly one decision",
            place="rulings",
            hint="decide every item, and none that was not asked for",
        )
    items: dict[tuple[str, str], Item] = {
        (target.id, item.id): item for target in case.request.targets for item in target.items
    }
    for ruling in rulings:
        item = items[ruling.key]
        keep = item.preservation_only or case.request.measure is Measure.PRESERVATION
        _sound(ruling, item, keep=keep, arrived=case.request.received_on or case.received.date())


def _sound(ruling: Ruling, item: Item, *, keep: bool, arrived: date) -> None:
    """keep: it was asked to keep the data, so that the most to be said is that there are none. arrived: the
    day the request did; what lies wholly after it could only be collected as it arises."""
    place = f"rulings.{ruling.target}.{ruling.item}"
    order = tuple(Ceiling)
    to_come = item.category is not Category.SUBSCRIBER and item.begins_after(arrived)
    if item.category in FORBIDDEN or to_come:
        if ruling.ceiling is not Ceiling.NOTHING:
            raise Refused(
                "live data, keys and passwords are never given, whoever decides",
                place=place,
                hint="refuse this item",
            )
    elif order.index(ruling.ceiling) > order.index(Ceiling.EXISTENCE if keep else HIGHEST[item.category]):
        raise Refused("that is more than was asked for", place=place, hint="choose a lower ceiling")
    if ruling.decision in cases.GIVES and ruling.ceiling is Ceiling.NOTHING:
        raise Refused("this gives nothing", place=place, hint="refuse the item, or say what is given")
    if ruling.decision not in cases.GIVES:
        most = Ceiling.PRESERVE if ruling.decision in _KEEPS_MEANWHILE else Ceiling.NOTHING
        if order.index(ruling.ceiling) > order.index(most):
            raise Refused(
                f"an item decided as {ruling.decision} gives nothing", place=place, hint="lower the ceiling"
            )
    if ruling.decision in (Decision.REFUSE, Decision.CHALLENGE) and not ruling.ground.strip():
        raise Refused("a refusal names its ground", place=place, hint="name the article or safeguard")

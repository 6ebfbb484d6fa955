"""A request as it goes on: answered, narrowed, split, merged. What may follow what, and what goes along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from habeas.assess import HIGHEST, Ceiling, signed_words, texts
from habeas.desk import case as cases
from habeas.desk import events, limits
from habeas.desk.case import Case
from habeas.desk.events import Event
from habeas.errors import Refused
from habeas.request import Category, Item, Period, Request, Target, check


def staying(case: Case) -> Request:
    """The request without the targets that were split off."""
    left = tuple(each for each in case.request.targets if each.id not in case.split_targets)
    return msgspec.structs.replace(case.request, targets=left)


def goes_along(case: Case, targets: set[str], at: datetime) -> Iterator[Event]:
    """What a case that is split off takes along: everything that could stand against a release. What one
    person recorded alone for one is recorded anew."""
    if case.evidence:
        yield events.Identified(evidence=case.evidence, level=case.identification(at.date()).level)
    yield from _against(case, "The case it was split off was with counsel.")
    for hold in case.holds:
        going = tuple(target for target in hold.targets if target in targets)
        if going and hold.ended is None:
            yield events.HoldPlaced(hold=hold.id, targets=going, until=hold.until, placed=hold.placed)


def goes_into(case: Case, other: Case, at: datetime) -> Iterator[Event]:
    """What a merged case leaves with the other one besides its words: what could stand against a release."""
    new = tuple(each for each in case.evidence if each.holds is False and each not in other.evidence)
    if new:
        every = (*other.evidence, *new)
        level = msgspec.structs.replace(other, evidence=every).identification(at.date()).level
        yield events.Identified(evidence=every, level=level)
    yield from _against(case, "A case that was merged into this one was with counsel.")


def _against(case: Case, why: str) -> Iterator[Event]:
    if case.escalated:
        yield events.Escalated(why=why)
    if case.validated is False:
        yield events.Validated(valid=False)
    yield from limits.grounds_raised(case)


def asks_no_more(case: Case, request: Request, *, same_ids: bool = True) -> bool:
    """Whether the case asks for everything that `request` asks for, item by item."""
    wider = staying(case).targets
    return all(
        _asked_among(item, target, wider, same_ids) for target in request.targets for item in target.items
    )


def _asked_among(item: Item, target: Target, wider: tuple[Target, ...], same_ids: bool) -> bool:
    return any(
        set(target.identifiers) <= set(other.identifiers)
        and (not same_ids or (target.id, item.id) == (other.id, each.id))
        and (item.category is each.category or _lower(item.category, each.category))
        and cases.confined(item.period or Period(), each.period or Period())
        for other in wider
        for each in other.items
    )


def _lower(category: Category, other: Category) -> bool:
    order = tuple(Ceiling)
    return (
        category in HIGHEST
        and other in HIGHEST
        and order.index(HIGHEST[category]) < order.index(HIGHEST[other])
    )


def next_version(case: Case, request: Request) -> Request:
    """The new version: under the same id, from the same state, with everything that was said before."""
    before = case.request
    if request.requesting_state != before.requesting_state:
        raise Refused(
            "the answer comes from another state than the request",
            place="requesting_state",
            hint="take it in as a request of its own",
        )
    said = (*before.earlier_facts, before.facts, *signed_words(before), *request.earlier_facts)
    again = (set(texts(request).values()) - set(request.earlier_facts)) | {request.facts}
    kept = tuple(words for words in dict.fromkeys(said) if words and words not in again)
    newer = msgspec.structs.replace(request, id=before.id, earlier_facts=kept)
    supposes_nothing(newer)
    if not any(target.id not in case.split_targets and target.items for target in newer.targets):
        raise Refused("the answer asks for nothing any more", place="targets", hint="record a withdrawal")
    _left_stays(case, newer)
    check(newer)
    return newer


def _left_stays(case: Case, request: Request) -> None:
    """Raises Refused where the new version has another account or item in place of one of which something has
    left: its person could not be told any more."""
    then = {target.id: target for target in case.request.targets}
    now = {target.id: target for target in request.targets}
    for target, item, _ceiling in case.left:
        before, after = then[target], now.get(target)
        same = after is not None and after.identifiers == before.identifiers
        if not same or _item(before, item) != _item(after, item):
            raise Refused(
                "something of this account has left already, so what was asked of it stays as it was",
                place=target,
                hint="take what they ask now in as a request of its own",
            )


def _item(target: Target | None, id: str) -> Item | None:
    return next((each for each in target.items if each.id == id), None) if target is not None else None


def supposes_nothing(request: Request) -> None:
    """Raises Refused where a request says of itself what was not checked: that is for calculations only."""
    if request.supposed:
        raise Refused(
            "a request at a desk supposes nothing about itself",
            place="supposed",
            hint="state what was checked instead, piece by piece",
        )


def known_targets(case: Case, targets: Sequence[str]) -> None:
    """Raises Refused where one of these is no target that the case still has, or where there is none."""
    known = {target.id for target in case.request.targets} - set(case.split_targets)
    for target in targets:
        if target not in known:
            raise Refused("there is no such target in this case", place=target, hint="open the case again")
    if not targets:
        raise Refused("no target is named", place="targets", hint="choose at least one")

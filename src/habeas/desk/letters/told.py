"""What the person concerned can read at their door of what happened: the closed sentences of the notice, and
what became of each kind of data that their own notice told them of.

There is no place here for a number of a case, a name, an account, a charge or a reason. Whose notice it is
decides what is said: nothing of other persons of the same case, nothing that was decided and not told yet,
and nothing at all while a later delay of the notice stands.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from habeas.desk import limits
from habeas.desk.case import Case, Fate, Notice
from habeas.desk.events import Released
from habeas.desk.letters.filling import state_name
from habeas.desk.letters.model import Language
from habeas.desk.letters.texts import Texts, isolated, texts
from habeas.desk.people import House
from habeas.request import Item


class Became(StrEnum):
    """What became of one kind of data."""

    OPEN = "open"  # nothing given, and nothing settled
    GIVEN = "given"
    REFUSED = "refused"
    NOT_HELD = "not-held"  # it was answered that there is nothing
    NOT_GIVEN = "not-given"  # the request ended otherwise, and nothing of this was given


_BECAME = {
    Fate.OPEN: Became.OPEN,
    Fate.RELEASED: Became.GIVEN,
    Fate.REFUSED: Became.REFUSED,
    Fate.NOT_HELD: Became.NOT_HELD,
}


class Line(msgspec.Struct, frozen=True):
    """One kind of data, with its days where it was asked for some. on: when it was settled, as a day in
    words; empty while it is open."""

    what: str
    became: Became
    on: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """opening: who asked, and when it came. waits: until when nothing is given, empty where that has passed.
    objected: the holder's own objection is open. lines: none while nothing may be said."""

    opening: str
    waits: str
    objected: bool
    lines: tuple[Line, ...]


def told(case: Case, house: House, at: datetime, language: Language, code: str) -> Told | None:
    """What the holder of a code may read at `at`; None where nothing may be said now. code: its SHA-256."""
    mine = [each for each in case.notices if each.code == code]
    if not mine or _delayed_since(case, mine[-1], house.day(at)):
        return None
    speaks = texts(language)
    fates = case.fates()
    lines = tuple(
        _line(speaks, case, house, item, key, fates[key])
        for key, item in _items(case, mine).items()
        if key in fates
    )
    if not lines:
        return None
    ends = max(each.waits_until for each in mine)
    waiting = at < ends and all(each.became is Became.OPEN for each in lines)
    return Told(
        opening=_opening(speaks, case, house, language),
        waits=speaks.say("notice", "undecided", not_before=speaks.day(house.day(ends))) if waiting else "",
        objected=case.objection is not None and code in case.objectors,
        lines=lines,
    )


def _delayed_since(case: Case, notice: Notice, today: date) -> bool:
    """Whether two people put a delay on telling these persons more, after they were told of this."""
    delay = case.delay
    if delay is None or delay.agreed is None or not delay.stands(today):
        return False
    return delay.agreed >= notice.at and not set(delay.targets).isdisjoint(notice.targets)


def _items(case: Case, notices: list[Notice]) -> dict[tuple[str, str], Item]:
    """The items that these notices told of, where they are still about the same person."""
    found: dict[tuple[str, str], Item] = {}
    now = {target.id: target.identifiers for target in case.request.targets}
    for notice in notices:
        for target in case.versions[notice.version - 1].request.targets:
            if now.get(target.id, target.identifiers) != target.identifiers:
                continue
            given = {item for whose, item, _ceiling in notice.told if whose == target.id}
            found |= {(target.id, item.id): item for item in target.items if item.id in given}
    return found


def _opening(speaks: Texts, case: Case, house: House, language: Language) -> str:
    received = speaks.day(limits.received_on(case, house))
    if case.domestic:
        return speaks.say("notice", "domestic", received=received)
    state = state_name(case.request.requesting_state or "", language)
    if not state:
        return speaks.say("notice", "subject")
    return speaks.say("notice", "opening", received=received, requesting_state=isolated(state, language))


def _line(speaks: Texts, case: Case, house: House, item: Item, key: tuple[str, str], fate: Fate) -> Line:
    became = _BECAME.get(fate, Became.NOT_GIVEN)
    settled = _left(case, key) if became is Became.GIVEN else case.answered_at
    day = "" if became is Became.OPEN or settled is None else speaks.day(house.day(settled))
    category = speaks.say("categories", item.category)
    period = item.period
    if period is None or period.start is None or period.end is None:
        return Line(speaks.say("words", "own_item", category=category), became, day)
    first, last = speaks.day(period.start), speaks.day(period.end)
    what = speaks.say("words", "own_item_period", category=category, first=first, last=last)
    return Line(what, became, day)


def _left(case: Case, key: tuple[str, str]) -> datetime | None:
    """When the file of an item left."""
    for each in case.history:
        left = each.event.files if isinstance(each.event, Released) else ()
        if key in {(file.target, file.item) for file in left}:
            return each.at
    return case.released_at

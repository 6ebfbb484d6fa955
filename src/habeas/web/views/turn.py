"""Whose turn it is, as one person sees it: the act a case page offers at its top, and where they go after it.

The order of the work is the desk's (`habeas.desk.queue`), and whether somebody may act is asked of
`habeas.desk.moves`; nothing of either is decided here.
"""

from __future__ import annotations

from habeas.assess import Assessment
from habeas.desk import queue
from habeas.desk.blinding import as_confirmed, covered, covered_words, numbered
from habeas.desk.case import Case
from habeas.desk.events import Challenged, Role
from habeas.desk.letters import filling
from habeas.desk.moves import TABLE, Act, may
from habeas.desk.queue import NOBODY, PERSON, REQUESTER, SECOND, View
from habeas.request import Request
from habeas.web.door import Viewer, installation

APART = frozenset({Act.ANSWER, Act.ACCEPT_SECRECY, Act.ANSWER_CONDITIONS})
"""What is recorded only when the requester wrote: on a page of its own, and no case page opens with it."""
_SECONDS = (Role.REVIEWER, Role.COUNSEL)
LOOKED_THROUGH = 10  # rows of the queue, from the top, before we say that nothing more needs somebody


def turns(viewer: Viewer) -> tuple[str, ...]:
    """What a row names as its turn that this person can have: their roles, and to be the second."""
    roles = {role.value for role in viewer.person.roles}
    return tuple(sorted(roles | ({SECOND} if viewer.person.has(*_SECONDS) else set())))


def turn(viewer: Viewer, case: Case) -> Act | None:
    """The act whose turn it is, where the viewer may do it now."""
    _who, word = queue.turn_of(case, viewer.house, viewer.at)
    act = Act(word) if word in list(Act) else None
    if act not in TABLE or not may(viewer.person, act, case, viewer.house, viewer.at):
        return None
    return act


def blind(viewer: Viewer, case: Case) -> bool:
    """Whether this is an expert or a delegate who was invited without the names."""
    seat = case.seat(viewer.person.id)
    return seat is not None and seat.blinded and not viewer.person.reads_cases


def seen(viewer: Viewer, case: Case) -> tuple[Request, Assessment | None]:
    """The request and its assessment as the viewer may read them: with the names covered for who was invited
    without them."""
    seat = case.seat(viewer.person.id)
    if seat is None or not blind(viewer, case):
        return case.request, case.assessment
    return as_confirmed(case.request, case.assessment, seat.covered, seat.shown)


def changed_since(viewer: Viewer, case: Case) -> bool:
    """Whether an expert sees the request as it was confirmed for them, and it has changed since."""
    seat = case.seat(viewer.person.id)
    if seat is None or seat.shown is None or not blind(viewer, case):
        return False
    return numbered(seat.shown) != covered(case.request, case.request, seat.covered)


def said(viewer: Viewer, case: Case, words: str) -> str:
    """Words of the house about this case, as the viewer may read them."""
    seat = case.seat(viewer.person.id)
    if seat is None or not blind(viewer, case):
        return words
    return covered_words(words, case.request, seat.covered)


def question(viewer: Viewer, case: Case) -> str:
    """What the viewer was invited to answer; empty where nothing was asked. Counsel wrote it, and may have
    named in it what is covered everywhere else."""
    seat = case.seat(viewer.person.id)
    if seat is None:
        return ""
    return said(viewer, case, seat.question)


def inline(viewer: Viewer, case: Case) -> Act | None:
    """The act whose form stands at the top of the case page. None for who was invited without the names:
    the forms show what was asked as it was asked."""
    act = turn(viewer, case)
    return None if act in APART or blind(viewer, case) else act


def waits(viewer: Viewer, case: Case) -> str:
    """What the case waits for where its next act is not the viewer's, in a sentence or two."""
    who, word = queue.turn_of(case, viewer.house, viewer.at)
    if who == PERSON:
        return "Nothing needs you now. The person may object until their time has ended."
    if who == REQUESTER and (said := case.said()) is not None and isinstance(said.event, Challenged):
        return "Nothing needs you now. The case waits for the court."
    if who == REQUESTER:
        return "Nothing needs you now. The case waits for the requester."
    if who == NOBODY:
        return "Nothing is left to do."
    move = TABLE[Act(word)]
    if move.act is Act.WRITE and (owed := filling.owed(case, viewer.house.day(viewer.at))) is not None:
        return f"Nothing needs you now. Next: {move.says} ({owed.kind.replace('-', ' ')}), for {who}."
    if not viewer.person.has(*move.roles):
        instead = _TELL_LATER if move.act is Act.DELAY_NOTICE else ""
        return f"Nothing needs you now. Next: {move.says}, for {who}.{instead}"
    barred = may(viewer.person, move.act, case, viewer.house, viewer.at).reason
    return f"Next: {move.says}. Not by you now: {barred}"


_TELL_LATER = (
    " With a notice begins a waiting time before anything is handed over. In an emergency counsel and a "
    "second person can delay the notice, where a law or a danger to somebody bears it; otherwise the person "
    "is told."
)


def next_case(viewer: Viewer, but: str) -> str:
    """The case that needs the viewer first, and lies with no colleague; empty where none does.

    but: the case they come from.
    """
    if not viewer.person.reads_cases:
        return ""
    view = View(turn=turns(viewer))
    for row in installation().queue(viewer.organisation, view, "", LOOKED_THROUGH).rows:
        if row.case == but or row.assigned not in ("", viewer.person.id):
            continue
        if turn(viewer, installation().case(viewer.organisation, row.case)) is not None:
            return row.case
    return ""

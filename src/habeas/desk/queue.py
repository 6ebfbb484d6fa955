"""What the queue shows of a case: one row in clear, without anything about a person or the charge.

The store keeps rows in clear so that it can sort and filter them. So a row holds who asks, for what kind of
measure, whose turn it is and which limit ends first, and never an identifier, a statement, an offence or
what the charge is really about. Rows are folded from the case and can be made anew at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from habeas.assess import Ceiling, Decision
from habeas.desk import limits, terms
from habeas.desk.case import ANSWERED, ENDED, Case, Stage
from habeas.desk.clocks import Chore, Reckoning
from habeas.desk.events import Received, Role
from habeas.desk.letters import filling
from habeas.desk.letters.model import Kind
from habeas.desk.people import House
from habeas.request import Level, Request
from habeas.treaty import Arrival

SEARCHED_YEARS = 10  # cases are looked for among those opened in so many years
REQUESTER, PERSON, NOBODY = "requester", "person", "nobody"
"""Whose turn it is where it is not a role of the house."""
SECOND = "second"
"""Whose turn a row names where somebody has to agree to what a colleague did: who may be the second."""
_AT_ANY_STAGE = frozenset({Kind.MORE_TIME, Kind.SECRECY_NOT_HONOURED})
"""Letters that do not wait for what is decided."""
_UNDECIDED = frozenset(Stage) - ENDED - ANSWERED - {Stage.DECIDED}
"""Where nothing is decided; of what left before the case was reopened somebody may still have to be told."""
_AGREEING = frozenset({"second-review", "agree-questions", "agree-delay", "agree-lift", "approve-release"})


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One case in the queue. turn: a role, `SECOND`, or one of the words above. assigned: a person's id, or
    empty. state: who asks, alpha-3, or empty. received: when it came, the earliest it can have been. due,
    due_what: of the limit that ends first. next: the act that the turn is about, as its verb."""

    case: str
    stage: str
    turn: str
    next: str
    assigned: str
    state: str
    instrument: str
    measure: str
    emergency: bool
    domestic: bool
    received: datetime
    due: datetime | None
    due_what: str
    held: bool
    closed: bool
    version: int


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows are wanted; the store answers with them, the one whose limit ends first before the others.

    turn: any of these. assigned: a person's id, empty for cases that lie with nobody, None for all. Empty
    words and None leave the choice open.
    """

    turn: tuple[str, ...] = ()
    assigned: str | None = None
    closed: bool | None = False
    state: str = ""
    measure: str = ""
    instrument: str = ""
    emergency: bool | None = None
    domestic: bool | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows, and where the next ones begin: an opaque word, empty after the last row."""

    rows: tuple[Row, ...]
    after: str = ""


class Load(NamedTuple):
    """What lies with one person: open cases, and those of them whose next limit has ended. Each is counted
    no further than a bound of the one who asks."""

    open: int
    overdue: int


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A moment at which somebody, or the clock, has to look at a case again. what: a chore's word."""

    id: str
    due: datetime
    what: str


class Folded(NamedTuple):
    """All that the store keeps beside the events of a case, made from them. row: None for what is no case."""

    row: Row | None
    search: tuple[str, ...]
    jobs: tuple[Job, ...]


def folded(case: Case, house: House, at: datetime) -> Folded:
    """What follows from a case as it stands at `at`. Its limits are reckoned once for all of it."""
    reckonings = limits.asking(case, house)
    jobs = tuple(_job(chore) for chore in limits.chores(case, reckonings, at))
    return Folded(_row(case, house, reckonings, at), search(case), jobs)


def _row(case: Case, house: House, reckonings: tuple[Reckoning, ...], at: datetime) -> Row:
    first = limits.first_due(reckonings, at) if case.stage not in ENDED else None
    turn, act = turn_of(case, house, at)
    request = case.request
    return Row(
        case=case.id,
        stage=case.stage,
        turn=SECOND if act in _AGREEING else turn,
        next=act,
        assigned=case.assigned,
        state=request.requesting_state or "",
        instrument=request.instrument,
        measure=request.measure,
        emergency=case.emergency,
        domestic=case.domestic,
        received=limits.arrived(case, house).earliest,
        due=first.due if first else None,
        due_what=first.limit.id if first else "",
        held=case.held,
        closed=case.stage in ENDED,
        version=case.length,
    )


def turn_of(case: Case, house: House, at: datetime) -> tuple[str, str]:
    """Whose turn it is, and for which act."""
    if any(hold.ended is None and hold.confirmed is None for hold in case.holds):
        return Role.CUSTODIAN, "confirm-hold"
    if case.objection is not None:
        return Role.COUNSEL, "answer-objection"
    if case.stage in _UNDECIDED and not set(case.untold()).isdisjoint(case.to_tell(house.day(at))):
        return Role.REVIEWER, _telling(case, house, at)
    advised = case.assessment is not None and case.assessment.decision == Decision.ESCALATE
    lawyer = Role.COUNSEL if case.escalated or (advised and case.stage is Stage.ASSESSED) else Role.REVIEWER
    if (case.longer() is not None or case.secrecy_declined) and (
        told := _letter(case, house, at, lawyer, _AT_ANY_STAGE)
    ) is not None:
        return told
    match case.stage:
        case Stage.RECEIVED:
            return (Role.INTAKE, "identify") if not case.evidence else (lawyer, "assess")
        case Stage.ASSESSED | Stage.DECIDED if case.wording is not None:
            return Role.REVIEWER, "agree-questions"
        case Stage.ASSESSED:
            return lawyer, "review"
        case Stage.REVIEWED:
            return Role.REVIEWER, "second-review"
        case Stage.DECIDED:
            return _decided(case, house, at, lawyer)
        case Stage.WAITING:
            return _letter(case, house, at, lawyer) or _waiting(case, house, at, lawyer)
        case stage if stage in ANSWERED and case.lift is not None and _delay_stands(case, house, at):
            return lawyer, "agree-lift"
        case stage if stage in ANSWERED and not set(case.untold()).isdisjoint(case.to_tell(house.day(at))):
            return lawyer, _telling(case, house, at)
        case stage if stage in ANSWERED and (letter := _letter(case, house, at, lawyer)) is not None:
            return letter
        case stage if stage in ANSWERED and case.to_tell(house.day(at)) and not _refused_barred(case, at):
            return lawyer, _telling(case, house, at)
        case Stage.RELEASED if case.delivered is None:
            return REQUESTER, "confirm-delivery"
        case stage if stage in ANSWERED:
            return lawyer, "close"
        case _:
            return NOBODY, ""


def _letter(
    case: Case, house: House, at: datetime, lawyer: Role, only: frozenset[Kind] = frozenset(Kind)
) -> tuple[str, str] | None:
    """Whose turn the letter is that says what was decided; None where it lies in the file and may go out.
    only: asked of these kinds alone."""
    owed = filling.owed(case, house.day(at))
    if owed is None or owed.ready or owed.kind not in only:
        return None
    return (Role.COUNSEL, "clear-letter") if owed.written else (lawyer, "write")


def _delay_stands(case: Case, house: House, at: datetime) -> bool:
    return case.delay is not None and case.delay.stands(house.day(at))


def _telling(case: Case, house: House, at: datetime) -> str:
    """Whether a notice is to be written, or lies there and is to be sent."""
    written = {target for notice in case.unsent() for target in notice.targets}
    return "send-notice" if written.issuperset(case.to_tell(house.day(at))) else "notify"


def _refused_barred(case: Case, at: datetime) -> bool:
    """Whether something bars telling a person that nothing was given: then the case is only to be closed."""
    secret = case.request.secrecy.asked and not (case.secrecy_declined or case.secrecy_accepted)
    known = case.identification(at.date()).level.at_least(Level.PLAUSIBLE)
    return bool(case.turned_down()) and (secret or not known)


def _waiting(case: Case, house: House, at: datetime, lawyer: Role) -> tuple[str, str]:
    """Their turn until their time is over; then somebody reminds them, and where that was done, closes. A
    court has no time from us."""
    asked = limits.reply(case, house) if case.paused else None
    if asked is None or asked.due is None or at < asked.due:
        return REQUESTER, "answer"
    return lawyer, "close" if limits.asked_again(case) else "write"


def _reply_over(case: Case, house: House, at: datetime) -> bool:
    """Whether what the requester was asked last has had its time."""
    asked = limits.reply(case, house)
    return asked is not None and asked.due is not None and at >= asked.due


def _decided(case: Case, house: House, at: datetime, lawyer: Role) -> tuple[str, str]:
    giving = case.giving()
    if not giving:
        decisions = {str(ruling.decision) for ruling in case.rulings}
        ours = house.seat(case.request).arrival is Arrival.DOMESTIC_ORDER
        refuse = "consult" if filling.to_consult(case, house, house.day(at)) else "refuse"
        for decision, act in (
            ("clarify", "ask"),
            ("reroute", "reroute"),
            ("refuse", "challenge" if ours else refuse),
            ("challenge", "challenge" if ours else refuse),
            *([("seek-delay", "challenge")] if ours else []),
        ):
            if decision in decisions:
                return lawyer, act
        return lawyer, "escalate"
    # Conditions are put to them before anything else is done: they can be declined.
    offer = _letter(case, house, at, lawyer)
    if offer is not None:
        return offer
    if case.delay_proposed is not None:
        return lawyer, "agree-delay"
    if case.lift is not None and _delay_stands(case, house, at):
        return lawyer, "agree-lift"
    if case.to_tell(house.day(at)):
        if case.emergency and case.delay is None and not case.notices:
            return Role.COUNSEL, "delay-notice"  # a waiting time of days against a life; or counsel tells
        if case.request.secrecy.asked and not case.secrecy_accepted:
            if not case.secrecy_declined:
                return lawyer, "decline-secrecy"
            return (lawyer, "write") if _reply_over(case, house, at) else (REQUESTER, "accept-secrecy")
        return lawyer, _telling(case, house, at)
    ends = case.waits_until(case.concerned())
    if ends is not None and at < ends:
        return PERSON, "object"
    if terms.unaccepted(case):
        return (lawyer, "write") if _reply_over(case, house, at) else (REQUESTER, "answer-conditions")
    lacking = {each.target for each in giving if each.ceiling is Ceiling.PRESERVE} - case.kept()
    if lacking:
        return lawyer, "escalate" if lacking <= case.found_empty() else "hold"
    files = {(held.target, held.item) for held in case.files}
    data = [each for each in giving if each.ceiling not in (Ceiling.EXISTENCE, Ceiling.PRESERVE)]
    if any(each.key not in files for each in data):
        return Role.CUSTODIAN, "prepare"
    if case.approval is None or at >= case.approval.lapses:
        return lawyer, "approve-release"
    return Role.CUSTODIAN, "release"


def _job(chore: Chore) -> Job:
    return Job(id=chore.id, due=chore.due, what=chore.what)


def search(case: Case) -> tuple[str, ...]:
    """What a case can be found by: the identifiers asked about, the requester's reference, a notice's code,
    the guests who sit in it, and what shows that the same request comes again.

    The store keeps keyed tokens of these and never the words. There is no other search, and none by person.
    """
    if case.stage is Stage.ERASED:
        return ()
    return tuple(dict.fromkeys(_searched(case)))


def _searched(case: Case) -> Iterator[str]:
    for version in case.versions:
        if version.request.reference:
            yield version.request.reference
        for target in version.request.targets:
            for identifier in target.identifiers:
                if not identifier.bulk:
                    yield identifier.value
    for notice in case.notices:
        yield f"notice:{notice.code}"
    for seat in case.seats:
        if case.seat(seat.person) is not None:
            yield guest(seat.person)
    first = case.history[0].event
    if isinstance(first, Received) and not first.split_from:
        same, like = came_as(first)
        yield from (*same, *like)


def guest(person: str) -> str:
    """The word by which somebody invited finds the cases that they sit in."""
    return f"guest:{person}"


def searched_years(at: datetime) -> tuple[int, ...]:
    """The years whose cases are looked among, at that moment."""
    return tuple(range(at.year - SEARCHED_YEARS, at.year + 1))


def came_as(received: Received) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """By what a request that comes in is known again: as the very same one, and as one like it.

    The same is what stood in the same bytes, or says the same in every field, its authority among them, in
    whichever form and by whichever door. Like it is what bears the same reference of the same authority.
    """
    request = received.request
    whose = f"{request.requesting_state or ''}\n{' '.join(_issuer(request).split())}"
    same = (f"came:{received.source}\n{received.entry}", f"says:{_content(request)}")
    reference = " ".join((request.reference or "").split())
    return same, (f"reference:{whose}\n{reference}",) if reference else ()


def _issuer(request: Request) -> str:
    return request.issuing.name if request.issuing else ""


def _content(request: Request) -> str:
    """SHA-256 of what a request says, without what the house adds: its own id and the day it came."""
    said = msgspec.structs.replace(request, id="", received_on=None)
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()

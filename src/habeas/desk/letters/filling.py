"""What a letter may say about a case: its facts, taken from the case and from nowhere else.

A target is called by a letter of the alphabet and an item by its number; no identifier, statement, signal or
finding passes through here. What a kind of letter does not need is not looked at when it is composed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale

from habeas.assess import ROADS, SEAT_UNKNOWN, Consequence, Decision, Finding
from habeas.atlas import atlas
from habeas.desk import events, limits
from habeas.desk import terms as offered
from habeas.desk.case import ANSWERED, ENDED, REACHED, Case, Consultation, Notice, Stage
from habeas.desk.letters.grounding import bases, open_grounds
from habeas.desk.letters.model import (
    NOTICES,
    Asked,
    Condition,
    Fate,
    Ground,
    Item,
    Kind,
    Language,
    LetterFacts,
    Reason,
    Road,
    Slow,
)
from habeas.desk.letters.texts import texts
from habeas.desk.people import House
from habeas.errors import Refused
from habeas.request import Level
from habeas.treaty import Arrival, Role

_SPOKEN = {
    events.Asked: Kind.CLARIFICATION,
    events.NarrowProposed: Kind.NARROWER_PROPOSAL,
    events.Challenged: Kind.CHALLENGE,
    events.Rerouted: Kind.REROUTE,
    events.RequestRefused: Kind.REFUSAL,
}
_BARS = frozenset({events.DelayGround.GAG_ORDER, events.DelayGround.BAR_IN_LAW})
"""Grounds of a delay by which the law forbade telling; by the others the house decided to wait."""

PERSECUTION = "persecution"
"""The ground that is answered with the closed text and never with a reason."""

_BY_THEME: dict[str, str] = {
    "persecution": PERSECUTION,
    "basis": Ground.NO_INSTRUMENT,
    "channel": Ground.CHANNEL,
    "form": Ground.FORM,
    "scope": Ground.SCOPE,
    "gravity": Ground.SCOPE,
    "dual criminality": Ground.DUAL_CRIMINALITY,
    "essential interests": Ground.ESSENTIAL_INTERESTS,
    "death penalty": Ground.HUMAN_RIGHTS,
    "torture and fair trial": Ground.HUMAN_RIGHTS,
    "double jeopardy": Ground.LEGAL_SYSTEM,
    "minors": Ground.HUMAN_RIGHTS,
    "law of the seat": Ground.SEAT_LAW,
    "data protection": Ground.PERSONAL_DATA,
    "proportionality": Ground.PROPORTIONALITY,
    "third parties": Ground.PROPORTIONALITY,
}
_BY_CHECK: dict[str, str] = {
    "channel.false-sender": Ground.AUTHENTICITY,
    "channel.sender": Ground.AUTHENTICITY,
    "scope.case": Ground.SPECIFIC_CASE,
    "data.live": Ground.LIVE_DATA,
    "data.only-live": Ground.LIVE_DATA,
    "data.credentials": Ground.CREDENTIALS,
    "data.path": Ground.PROPORTIONALITY,
}
_IN_EVERY_PACKAGE = frozenset({Condition.SPECIALITY, Condition.ONWARD})  # `package.usual_conditions`
_USUAL = (Condition.SPECIALITY, Condition.ONWARD, Condition.PROTECTION, Condition.PERSON_TOLD)


def facts(
    case: Case,
    house: House,
    at: datetime,
    language: Language,
    kind: Kind | None = None,
    notice: Notice | None = None,
) -> LetterFacts:
    """All that any letter may say of this case at `at`. Raises Refused where the house has no name.

    kind: an invitation asks an expert what they were invited for, every other letter the requester. notice:
    the one that is written; it speaks of one person's data, and of no other's.
    """
    sender = house.settings.sender
    if sender is None:
        raise Refused(
            "the house has not said how its letters name it",
            place="settings: sender",
            hint="an administrator states name, office, contact and the body that oversees it",
        )
    request, seat = case.request, house.seat(case.request)
    zone = ZoneInfo(house.settings.zone)
    today = at.astimezone(zone).date()
    said = case.said()
    to_court = not isinstance(said.event, events.Challenged) or said.event.to_court if said else True
    held_until, barred = _delayed(case, notice)
    longer = _longer(case)
    road, named_road = _road(case, house)
    expert = kind is Kind.EXPERT_INVITATION
    urgent = None if expert else limits.reply_at(case, house, at)
    waits = max((each.waits_until for each in ((notice,) if notice else case.notices)), default=None)
    ends = waits.astimezone(zone).date() if waits is not None else None
    issuing = request.issuing
    return LetterFacts(
        role=Role(seat.role),
        arrival=Arrival(seat.arrival),
        identified=case.identification(today).level.at_least(Level.PLAUSIBLE),
        sender=sender,
        house=house.organisation,
        our_reference=case.id,
        written=today,
        received=limits.received_on(case, house),
        addressee=(issuing.office or issuing.name) if issuing is not None else "",
        their_reference=request.reference or "",
        requesting_state=state_name(request.requesting_state or "", language),
        seat_state=state_name(seat.state or "", language),
        instrument=request.instrument,
        items=items(case, notice),
        questions=_to_experts(case) if kind is Kind.EXPERT_INVITATION else _questions(case),
        grounds=grounds(case, house),
        conditions=tuple(dict.fromkeys((*_USUAL, *offered.conditions(case)))),
        terms=tuple(Asked(text=words) for words in offered.own(case)),
        road=road,
        named_road=named_road,
        to_court=to_court,
        later=longer.until if longer is not None else None,
        slow=longer.slow if longer is not None else None,
        to_decide=longer is None or longer.limit is events.Prolonged.DECISION,
        consulted=_consulted(case, house),
        answer_by=limits.opinion_by(house, at) if expert else limits.reply_by(case, house, at),
        answer_at=urgent,
        object_by=ends - timedelta(days=1) if ends is not None else None,
        not_before=ends,
        bar_ended=held_until,
        barred=barred,
        fate=_fate(case),
        objected=case.objected.astimezone(zone).date() if case.objected is not None else None,
        heard=case.heard,
    )


def kinds(case: Case) -> tuple[Kind, ...]:
    """The letters that fit where the case stands, the fitting one first. A notice is none of them: it is
    written as the person is told (`notice_kind`)."""
    fitting: list[Kind] = []
    if (spoken := _spoken(case)) is not None:
        fitting.append(spoken)
    if _longer(case) is not None:
        fitting.insert(0, Kind.MORE_TIME)
    if case.heard is not None:
        fitting.insert(0, Kind.OBJECTION_ANSWER)
    if case.secrecy_declined and not case.secrecy_accepted and case.stage is not Stage.REFUSED:
        fitting.append(Kind.SECRECY_NOT_HONOURED)
    if case.giving():
        place = 0 if offered.unaccepted(case) else len(fitting)
        fitting.insert(place, Kind.CONDITIONS)
    if any(not seat.done for seat in case.seats):
        fitting.append(Kind.EXPERT_INVITATION)
    return (*fitting, Kind.ACKNOWLEDGEMENT, Kind.RECEIPT)


def writable(case: Case) -> tuple[Kind, ...]:
    """The letters that say nothing but what was done; of a closed case also those in its file once more, as
    for another language."""
    again = (each.letter for each in case.letters if case.stage is Stage.CLOSED)
    return tuple(dict.fromkeys((*kinds(case), *(each for each in again if each not in NOTICES))))


def notice_kind(case: Case, notice: Notice) -> Kind:
    """A delayed notice says when the bar ended that two people put on it."""
    return Kind.NOTICE if case.kept_back(notice) is None else Kind.DELAYED_NOTICE


def items(case: Case, notice: Notice | None = None) -> tuple[Item, ...]:
    """What letters may list: what is to be given where that was decided, otherwise what was asked for; in a
    notice what that notice tells of."""
    giving = {ruling.key for ruling in case.giving()} if notice is None else _told(case, notice)
    return tuple(
        Item(
            target=_label(number),
            item=place,
            category=item.category,
            first=item.period.start if item.period is not None else None,
            last=item.period.end if item.period is not None else None,
        )
        for number, target in enumerate(case.request.targets)
        for place, item in enumerate(target.items, start=1)
        if (target.id, item.id) in case.asked() and (not giving or (target.id, item.id) in giving)
    )


def _told(case: Case, notice: Notice) -> set[tuple[str, str]]:
    """The items of a notice: as they were decided, or as they left where nothing is decided any more."""
    decided = {(target, item) for target, item, _ceiling in notice.told}
    left = {key for key, fate in case.outcomes.items() if key[0] in notice.targets and fate in REACHED}
    return decided or left


class Owed(NamedTuple):
    """The letter by which the requester is told what was decided. written: it lies in the file. ready: and
    may go out."""

    kind: Kind
    written: bool
    ready: bool


def owed(case: Case, on: date) -> Owed | None:
    """The letter that goes with how the case stands, that a time is not kept before any other; None where
    none does. A sender who is not identified on
    that day gets the neutral receipt and nothing else."""
    said, kind, known = case.said(), _spoken(case), case.identification(on).level.at_least(Level.PLAUSIBLE)
    longer = case.longer()
    if longer is not None and longer[1].slow is not None and known:
        told = _owed(case, Kind.MORE_TIME, longer[0])
        if not told.ready:  # without delay, whatever else is to be written
            return told
    if known and (told_first := secrecy_told(case)) is not None and not told_first.ready:
        return told_first
    if case.stage is Stage.DECIDED and offered.unaccepted(case):
        put = [each.event for each in offered.put(case) if isinstance(each.event, events.LetterWritten)]
        return Owed(Kind.CONDITIONS, bool(put), any(not case.waits_for_counsel(each) for each in put))
    if said is None or kind is None:
        return None
    return _owed(case, kind, said.number) if known else _owed(case, Kind.RECEIPT, 0)


def secrecy_told(case: Case) -> Owed | None:
    """The letter by which the requester is told that secrecy is not kept, so that it can accept that or
    withdraw; None where none is to be written. An order of our own has no such letter."""
    if case.domestic or case.secrecy_accepted or case.stage in ENDED | ANSWERED:
        return None
    for each in reversed(case.history):
        if isinstance(each.event, events.SecrecyDeclined):
            return _owed(case, Kind.SECRECY_NOT_HONOURED, each.number)
    return None


def _owed(case: Case, kind: Kind, since: int) -> Owed:
    """Whether a letter of this kind was written after the event of that number."""
    written = [
        each.event
        for each in case.history
        if each.number > since and isinstance(each.event, events.LetterWritten) and each.event.letter is kind
    ]
    return Owed(kind, bool(written), any(not case.waits_for_counsel(each) for each in written))


def _longer(case: Case) -> events.MoreTime | None:
    """What is said in a letter to take longer than its time; an earlier version of the desk wrote none."""
    longer = case.longer()
    return longer[1] if longer is not None and longer[1].slow is not None else None


def _spoken(case: Case) -> Kind | None:
    said = case.said()
    if said is None:
        return None
    return (
        Kind.PERSECUTION_REFUSAL
        if case.stage is Stage.REFUSED and case.persecution
        else _SPOKEN[type(said.event)]
    )


def to_consult(case: Case, house: House, on: date) -> Ground | None:
    """The first ground decided before which the requesting state is consulted and was not; None for none.
    A refusal for persecution is not consulted on, nor is one to a sender who is not identified."""
    if for_persecution(case) or _consulted(case, house) is not None:
        return None
    if house.seat(case.request).role == Role.PROVIDER:
        return None
    if not case.identification(on).level.at_least(Level.PLAUSIBLE):
        return None
    on_file = bases().ground
    named = (each.ground for each in grounds(case, house))
    return next((each for each in named if case.request.instrument in on_file[each].consult), None)


def consulted(case: Case) -> Consultation | None:
    """When the requesting state itself was consulted last, and on which version of the request. Before a
    refusal only what it was asked about the version in force counts."""
    return next((each for each in reversed(case.consultations) if each.requester), None)


def _consulted(case: Case, house: House) -> date | None:
    last = consulted(case)
    return house.day(last.at) if last is not None and last.version == case.version else None


def for_persecution(case: Case) -> bool:
    """Whether people decided to refuse for persecution: by its name, or by a finding that is about it."""
    return PERSECUTION in (ground(case, words) for words in _named(case))


class Term(NamedTuple):
    """A condition that goes with data, in English. accepted: when it was recorded that the requester accepts
    it; None for one that binds without that."""

    words: str
    accepted: datetime | None


def with_data(case: Case) -> tuple[Term, ...]:
    """The conditions that go with data beside the usual ones, in the words of the letter."""
    asked = (str(each) for each in offered.conditions(case) if each not in _IN_EVERY_PACKAGE)
    return tuple(
        Term(in_words(each), offered.accepted_at(case, each)) for each in (*asked, *offered.own(case))
    )


def in_words(term: str) -> str:
    """A term as `habeas.desk.terms` names it, in English; one of the closed list in the letter's words."""
    if term in list(Condition):
        return f"{texts(Language.ENGLISH).say('conditions-offered', term)}."
    return term


def why_slow(slow: Slow) -> str:
    """Why a time is not kept, in English, in the words of the letter."""
    return texts(Language.ENGLISH).say("slow", slow)


def _road(case: Case, house: House) -> tuple[Road | None, str]:
    """The road that was named: one of the closed list, or an authority as the law of the seat names it."""
    said = case.said()
    if said is None or not isinstance(said.event, events.Rerouted):
        return None, ""
    seat = house.seat(case.request).state or SEAT_UNKNOWN
    for road in Road:
        if said.event.to == ROADS[road].format(seat=seat):
            return road, ""
    return None, said.event.to


def _delayed(case: Case, notice: Notice | None) -> tuple[date | None, bool]:
    """(the last day on which a delay held this notice back, whether the law forbade telling until then). A
    bar in law is said to have ended only where its own end had come."""
    delay = case.kept_back(notice) if notice is not None else None
    if delay is None:
        return None, False
    return delay.ends, delay.ground in _BARS and delay.lifted is None and delay.ends == delay.until


def grounds(case: Case, house: House) -> tuple[Reason, ...]:
    """The grounds of refusal people named: of the closed list, or by what the finding they cited is about. A
    provider does not speak for its state: for a treaty's ground it says that nothing obliges it."""
    open_here = open_grounds(Role(house.seat(case.request).role))
    known = [Ground(each) for words in _named(case) if (each := ground(case, words)) not in ("", PERSECUTION)]
    found = dict.fromkeys(each if each in open_here else Ground.NO_DUTY for each in known)
    return tuple(Reason(ground=each) for each in found)


def _named(case: Case) -> tuple[str, ...]:
    """What people named for what they refuse, as they wrote it."""
    refused = (each for each in case.rulings if each.decision is Decision.REFUSE)
    return tuple(dict.fromkeys(each.ground for each in refused if each.ground))


def ground(case: Case, words: str) -> str:
    """The ground that people named, as a word of the closed list (`Ground` or `PERSECUTION`). An article
    stands for what the finding is about that cites it. Empty for anything else: what people meant is not
    guessed."""
    if words in (*Ground, PERSECUTION):
        return words
    findings = case.assessment.findings if case.assessment is not None else ()
    citing = [each for each in findings if words in [cited.cite for cited in each.cites]]
    known = [(_weight(each, words), word) for each in citing if (word := _about(each))]
    return max(known, key=lambda each: each[0])[1] if known else ""


def _about(finding: Finding) -> str:
    return _BY_CHECK.get(finding.check) or _BY_THEME.get(finding.theme, "")


def _weight(finding: Finding, words: str) -> tuple[bool, bool, int]:
    """Of several findings that cite an article: one for which something may be refused goes first, then one
    in which it stands first, then what follows from it."""
    follows = Consequence.read(finding.house, "answer") if finding.outcome != "met" else Consequence.NONE
    return (follows >= Consequence.NARROW, finding.cites[0].cite == words, int(follows))


def _questions(case: Case) -> tuple[Asked, ...]:
    """What was asked; a question of the rulebook keeps its fact, under which its translations stand."""
    known = {each.question: each.fact for each in case.assessment.questions} if case.assessment else {}
    return tuple(Asked(text=words, fact=known.get(words, "")) for words in case.questions)


def _to_experts(case: Case) -> tuple[Asked, ...]:
    asked = dict.fromkeys(seat.question for seat in case.seats if seat.question and not seat.done)
    return tuple(Asked(text=words) for words in asked)


def _fate(case: Case) -> Fate:
    if case.stage is Stage.REFUSED:
        return Fate.REFUSED
    return Fate.GIVEN if case.released_at is not None else Fate.UNDECIDED


def _label(number: int) -> str:
    """A, B ... Z, AA ... ZZ, and from then on numbers."""
    if number < 26:
        return chr(ord("A") + number)
    if number < 26 * 27:
        return chr(ord("A") + number // 26 - 1) + chr(ord("A") + number % 26)
    return str(number + 1)


def state_name(code: str, language: Language) -> str:
    """What a state is called in a language (CLDR); empty for none, its code where CLDR has no name."""
    return str(Locale(language).territories.get(atlas().iso2(code), code)) if code else ""

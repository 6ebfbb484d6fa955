"""What a letter may say about a case: its facts, taken from the case and from nowhere else.

A target is called by a letter of the alphabet and an item by its number; no identifier, statement, signal or
finding passes through here. What a kind of letter does not need is not looked at when it is composed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale

from habeas.assess import Consequence, Decision, Finding
from habeas.atlas import atlas
from habeas.desk import limits
from habeas.desk.case import REACHED, Case, Notice, Stage
from habeas.desk.letters.model import (
    Asked,
    Condition,
    Fate,
    Ground,
    Item,
    Kind,
    Language,
    LetterFacts,
    Reason,
)
from habeas.desk.people import House
from habeas.errors import Refused
from habeas.request import Level
from habeas.treaty import Arrival, Role

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
}
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
        received=case.received.astimezone(zone).date(),
        addressee=(issuing.office or issuing.name) if issuing is not None else "",
        their_reference=request.reference or "",
        requesting_state=state_name(request.requesting_state or "", language),
        instrument=request.instrument,
        items=items(case, notice),
        questions=_to_experts(case) if kind is Kind.EXPERT_INVITATION else _questions(case),
        grounds=grounds(case),
        conditions=_USUAL,
        answer_by=limits.reply_by(case, house, at),
        object_by=ends - timedelta(days=1) if ends is not None else None,
        not_before=ends,
        bar_ended=case.delay.ends if case.delay is not None else None,
        fate=_fate(case),
        objected=case.objected.astimezone(zone).date() if case.objected is not None else None,
        heard=case.heard,
    )


def kinds(case: Case) -> tuple[Kind, ...]:
    """The letters that fit where the case stands, the fitting one first. A notice is none of them: it is
    written as the person is told (`notice_kind`)."""
    fitting: list[Kind] = []
    if case.stage is Stage.REFUSED:
        fitting.append(Kind.PERSECUTION_REFUSAL if case.persecution else Kind.REFUSAL)
    if case.stage is Stage.WAITING:
        narrowed = any(each.event.kind == "narrow-proposed" for each in case.history)
        fitting.append(Kind.NARROWER_PROPOSAL if narrowed and not case.questions else Kind.CLARIFICATION)
    if case.heard is not None:
        fitting.insert(0, Kind.OBJECTION_ANSWER)
    if case.secrecy_declined and not case.secrecy_accepted and case.stage is not Stage.REFUSED:
        fitting.append(Kind.SECRECY_NOT_HONOURED)
    if case.giving():
        fitting.append(Kind.CONDITIONS)
    if any(not seat.done for seat in case.seats):
        fitting.append(Kind.EXPERT_INVITATION)
    return (*fitting, Kind.ACKNOWLEDGEMENT, Kind.RECEIPT)


def notice_kind(case: Case, notice: Notice) -> Kind:
    """A delayed notice says when the bar ended that two people put on it."""
    delayed = case.delay is not None and not set(case.delay.targets).isdisjoint(notice.targets)
    return Kind.DELAYED_NOTICE if delayed else Kind.NOTICE


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


def grounds(case: Case) -> tuple[Reason, ...]:
    """The grounds of refusal people named: of the closed list, or by what the finding they cited is about."""
    named = dict.fromkeys(
        ruling.ground for ruling in case.rulings if ruling.ground and ruling.decision is Decision.REFUSE
    )
    found = dict.fromkeys(ground(case, words) for words in named)
    return tuple(Reason(ground=Ground(each)) for each in found if each not in ("", PERSECUTION))


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

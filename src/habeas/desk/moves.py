"""The table of moves: who may do what to a case, from where, and what must be true first.

`may` answers yes or no, always with a reason that a person can read. The table below is the only place
that says who may do what; the screens ask it, the command line asks it, and `habeas.desk.desk` asks it
again before it writes. There is no way around it: no superuser, no emergency switch. What an emergency
changes is which limits run, never how many people it takes.

From the first request on two people, one of them an administrator, are needed to let somebody in, to give a
role or a way in anew, for the keys that packages are sealed to, for the settings and for how the public log
is kept. Whoever came, began anew or got a role is nobody's second before a time of the house has passed.

Two different people are needed for a release, for not telling the person concerned and for lifting such a
delay early, for every answer that reveals whether an account, data or a hold exists, for questions in words
of the house's own, and for everything in an emergency. Who took a request in is nobody's second in it. What
one person recorded alone and opens the way to a release (`habeas.desk.alone`) has its second in whoever
approves the release, who sees it named there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

import msgspec

from habeas.assess import Ceiling, Decision
from habeas.desk import alone, limits, terms
from habeas.desk.case import ANSWERED, ENDED, Approval, Case, Delay, Fate, Hold, Proposed, Stage
from habeas.desk.events import INVITED, LetterWritten, Role
from habeas.desk.letters import filling
from habeas.desk.package import check_keys
from habeas.desk.people import House, Person, Proposal, Story
from habeas.errors import Refused
from habeas.request import Level, Measure
from habeas.treaty import Arrival


class Act(StrEnum):
    """The verbs of the trade."""

    READ = "read"
    RECEIVE = "receive"
    IDENTIFY = "identify"
    STATE_ZONE = "state-zone"
    RECORD_EVENT = "record-event"
    TAKE_TIME = "take-time"
    RECORD_ACCOUNT = "record-account"
    NOTE = "note"
    ATTACH = "attach"
    ASSIGN = "assign"
    HAND_OVER = "hand-over"
    HOLD = "hold"
    CONFIRM_HOLD = "confirm-hold"
    EXTEND = "extend"
    LAPSE = "lapse"
    ASSESS = "assess"
    REVIEW = "review"
    SECOND_REVIEW = "second-review"
    ESCALATE = "escalate"
    CONSULT = "consult"
    INVITE = "invite"
    DECLARE_CONFLICT = "declare-conflict"
    GIVE_OPINION = "give-opinion"
    ASK = "ask"
    AGREE_QUESTIONS = "agree-questions"
    ANSWER = "answer"
    NARROW = "narrow"
    ACCEPT_NARROWING = "accept-narrowing"
    ANSWER_CONDITIONS = "answer-conditions"
    REROUTE = "reroute"
    WRITE = "write"
    REFUSE = "refuse"
    CHALLENGE = "challenge"
    CLEAR_LETTER = "clear-letter"
    WITHDRAW = "withdraw"
    VALIDATE = "validate"
    DECLINE_SECRECY = "decline-secrecy"
    ACCEPT_SECRECY = "accept-secrecy"
    NOTIFY = "notify"
    SEND_NOTICE = "send-notice"
    DELAY_NOTICE = "delay-notice"
    AGREE_DELAY = "agree-delay"
    LIFT_DELAY = "lift-delay"
    AGREE_LIFT = "agree-lift"
    OBJECT = "object"
    RECORD_OBJECTION = "record-objection"
    ANSWER_OBJECTION = "answer-objection"
    PREPARE = "prepare"
    APPROVE_RELEASE = "approve-release"
    RELEASE = "release"
    CONFIRM_DELIVERY = "confirm-delivery"
    MERGE = "merge"
    SPLIT = "split"
    CLOSE = "close"
    REOPEN = "reopen"
    RETAIN = "retain"
    ERASE = "erase"
    RUN_HOUSE = "run-house"  # who leaves, who is away, and the public log
    TELL = "tell"  # stories of refused requests, for the public report
    PROPOSE = "propose"  # people, keys, settings, the log's keeping; done by one until the first request


class Answer(msgspec.Struct, frozen=True):
    """Yes or no, and why. The reason is one sentence and is shown as it is."""

    yes: bool
    reason: str

    def __bool__(self) -> bool:
        return self.yes


def permit(answer: Answer, hint: str = "nothing was changed") -> None:
    """Raises Refused with the reason where the answer is no. hint: what did not happen."""
    if not answer:
        raise Refused(answer.reason.rstrip("."), hint=hint)


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a need may look at."""

    case: Case
    person: Person
    house: House
    at: datetime


Need = Callable[[Situation], str]
"""Empty when fulfilled, otherwise why not, and what leads there or that nothing does: sentences that whoever
reads them can act on, without a word of the program."""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table. says: on the button. to: where it leads, None where the stage stays."""

    act: Act
    says: str
    roles: frozenset[Role]
    stages: frozenset[Stage]
    needs: tuple[Need, ...] = ()
    to: Stage | None = None


# ---- what must be true first -----------------------------------------------------------------------------


def _assessed(now: Situation) -> str:
    return "" if now.case.current else "The request changed since it was assessed. Assess it again first."


def _counsel_when_escalated(now: Situation) -> str:
    if now.case.escalated and not now.person.has(Role.COUNSEL):
        return "This case was handed to counsel. Only counsel decides it now."
    return ""


def _counsel_where_signs_conflict(now: Situation) -> str:
    """What the machine would hand to counsel, nobody else decides; whoever thinks otherwise asks counsel."""
    assessment = now.case.assessment
    if assessment is None or assessment.decision != Decision.ESCALATE or now.person.has(Role.COUNSEL):
        return ""
    return "The recommendation is to hand this to counsel. Only counsel decides it."


def _settled(now: Situation) -> str:
    return settling(now.person, now.at)


def settling(person: Person, at: datetime) -> str:
    """Why somebody is nobody's second yet; empty where they can be."""
    if person.acts_from is None or at >= person.acts_from:
        return ""
    since = f"{person.acts_from:%Y-%m-%d %H:%M}"
    return (
        f"Your account or a role of yours is new. You can agree, approve and hand over from {since} UTC on."
    )


def _another_than_reviewer(now: Situation) -> str:
    review = now.case.review
    if review is not None and review.by == now.person.id:
        return "You reviewed this case. Somebody else must look at it as the second person."
    return ""


def _another_than_intake(now: Situation) -> str:
    if now.person.id in now.case.takers:
        return "You took this request in. Somebody else must look at it as the second person."
    return ""


def _by_another(now: Situation, proposed: Delay | Proposed | None, none: str, own: str) -> str:
    """Why this person may not agree to what was proposed. none: where nothing was; own: where they did it."""
    if proposed is None:
        return none
    return own if proposed.by == now.person.id else ""


def _another_than_delayer(now: Situation) -> str:
    return _by_another(
        now,
        now.case.delay_proposed,
        "No delay of the notice was proposed. Counsel proposes one first.",
        "You proposed this delay. Somebody else must agree to it.",
    )


def _delay_stands(now: Situation) -> str:
    delay = now.case.delay
    if delay is not None and delay.stands(now.house.day(now.at)):
        return ""
    return "No delay of the notice stands. There is nothing to lift."


def _no_delay_stands(now: Situation) -> str:
    """A delay does not go along into another case, where one person alone could then tell."""
    delay = now.case.delay
    if delay is None or not delay.stands(now.house.day(now.at)):
        return ""
    return (
        f"A delay of the notice stands until {delay.ends}, as two people agreed, and would not go along. "
        "Counsel and a second person can lift it first."
    )


def _nobody_told(now: Situation) -> str:
    """The code of a notice opens this case alone, so an objection would not reach the other one."""
    if not now.case.notices:
        return ""
    return "Somebody was told in this case, and can object here. First merge the other case into this one."


def _another_than_lifter(now: Situation) -> str:
    return _by_another(
        now,
        now.case.lift,
        "Nobody proposed to lift the delay of the notice. Counsel proposes it first.",
        "You proposed to lift this delay. Somebody else must agree to it.",
    )


def _another_than_asker(now: Situation) -> str:
    return _by_another(
        now,
        now.case.wording,
        "No questions in our own words were proposed. A reviewer or counsel writes them first.",
        "You wrote these questions. Somebody else must agree to them.",
    )


def _another_than_recorder(now: Situation) -> str:
    """What one person recorded alone and the release rests on has another one who approves it."""
    mine = next((each for each in alone.rests_on(now.case) if each.by == now.person.id), None)
    return f"You {alone.said(mine.event)}. Somebody else must approve the release." if mine else ""


def _opens_the_files(now: Situation) -> str:
    """What is in a file says whose it is, so who sits in a case without the names cannot look."""
    seat = now.case.seat(now.person.id)
    if seat is None or not seat.blinded or now.person.reads_cases or not now.case.files:
        return ""
    return "You were invited without the names, so you cannot open the files. Somebody else approves them."


def _another_than_late_sender(now: Situation) -> str:
    """Before a release its approver stands beside who sent the notice; after it, who closes the case does."""
    released = now.case.released_at
    told = {target for notice in now.case.notices for target in notice.targets}
    if released is not None and now.person.id in now.case.senders(told, since=released):
        return "You recorded that the notice went out. Somebody else must do this."
    return ""


def _identified(now: Situation) -> str:
    level = now.case.identification(now.at.date()).level
    if level.at_least(Level.PLAUSIBLE):
        return ""
    return (
        "Nobody has made sure who sent this, and a sender not yet identified gets a neutral receipt only. "
        "First say how the sender was checked."
    )


_DECIDED_AS = {
    Decision.NARROW: "to give less than was asked",
    Decision.COMPLY_AS_NARROWED: "to follow our own order as narrowed",
    Decision.REROUTE: "to show the right road",
    Decision.REFUSE: "to refuse",
    Decision.CHALLENGE: "to contest our own order",
    Decision.SEEK_DELAY: "to ask for more time for it",
}


def _any_is(*wanted: Decision) -> Need:
    words = " or ".join(_DECIDED_AS[each] for each in wanted)

    def need(now: Situation) -> str:
        if any(ruling.decision in wanted for ruling in now.case.rulings):
            return ""
        return f"It was not decided {words}. For another decision, hand it to counsel first."

    return need


def _nothing_given(now: Situation) -> str:
    if now.case.giving():
        return "Something was decided to be given. For a new review of it all, hand it to counsel first."
    return ""


def _all_refused(now: Situation) -> str:
    if all(each.decision in (Decision.REFUSE, Decision.CHALLENGE) for each in now.case.rulings):
        return _any_is(Decision.REFUSE, Decision.CHALLENGE)(now)
    return "Not everything was decided to be refused. For a new review of it all, hand it to counsel first."


def _our_order(now: Situation) -> str:
    ours = now.house.seat(now.case.request).arrival is Arrival.DOMESTIC_ORDER
    return (
        ""
        if ours
        else "This is no order of our own court or authority. There is nothing to bring before a court."
    )


def _not_our_order(now: Situation) -> str:
    if _our_order(now):
        return ""
    return "An order of our own court is not refused. First bring it before the court, or ask for more time."


def _consulted(now: Situation) -> str:
    ground = filling.to_consult(now.case, now.house, now.house.day(now.at))
    if ground is None:
        return ""
    said = f"Before a refusal on this ground ({ground.replace('-', ' ')}) the requesting state is consulted"
    last = filling.consulted(now.case)
    if last is None:
        return f"{said}. First record it."
    return (
        f"{said}, and it was on version {last.version} of the request. This is version {now.case.version}: "
        "first consult it on that, and record it."
    )


def _letter_written(now: Situation) -> str:
    """What was decided reaches the requester: the letter that says it lies in the file, and may go out."""
    owed = filling.owed(now.case, now.house.day(now.at))
    if owed is None or owed.ready:
        return ""
    name = owed.kind.replace("-", " ")
    if owed.written:
        return f"The letter ({name}) is held. Counsel has to clear it first."
    return f"The requester has no letter yet: {name}. Write it first."


def _their_time_over(now: Situation) -> str:
    """Who was asked has the time to answer that the letter named; nobody ends a request by asking."""
    if now.case.stage is not Stage.WAITING or not now.case.paused:
        return ""
    asked = limits.reply(now.case, now.house)
    if asked is None or asked.due is None or now.at >= asked.due:
        return ""
    return f"The requester has until {asked.due:%Y-%m-%d %H:%M} UTC to answer. Wait until then."


def _letter_held(now: Situation) -> str:
    return "" if now.case.held_letters() else "No letter of this case is held. There is nothing to clear."


def _something_given(now: Situation) -> str:
    if now.case.giving():
        return ""
    return "Nothing was decided to be given. For another decision, hand it to counsel first."


def _decided_or_left(now: Situation) -> str:
    """Of what has left the person is told wherever the case stands since: nobody puts that off by reopening
    it and asking."""
    if now.case.stage in ANSWERED | {Stage.DECIDED} or now.case.untold():
        return ""
    return "Nothing is decided, and nothing has left. First it is assessed, reviewed and decided."


def _given_or_left(now: Situation) -> str:
    """Who is asked about in vain may be told that too, by people who know who asked."""
    if now.case.turned_down():
        level = now.case.identification(now.at.date()).level
        return "" if level.at_least(Level.PLAUSIBLE) else _ASKED_BY_NOBODY_KNOWN
    return "" if now.case.untold() else _something_given(now)


def _seated_house(now: Situation) -> str:
    if now.house.configured:
        return ""
    return "This house has not said where it sits, so it hands nothing over. The administrator sets its seat."


def _second_agreed(now: Situation) -> str:
    review = now.case.review
    if review is None or not review.second:
        return "A second person has not yet agreed. First a second person reviews it."
    return ""


def _no_objection(now: Situation) -> str:
    return "" if now.case.objection is None else "The person objected. Answer the objection first."


def _open_objection(now: Situation) -> str:
    return "" if now.case.objection is not None else "There is no open objection. There is nothing to answer."


def _told(now: Situation) -> str:
    """Notice before release, and a waiting time, unless two people put a dated and reviewed delay on it."""
    case, targets = now.case, now.case.concerned()
    waiting = case.to_tell(now.house.day(now.at))
    if waiting and {each for notice in case.unsent() for each in notice.targets}.issuperset(waiting):
        return "The notice was written, and nobody has recorded that it went out. Send it, and record that."
    if waiting:
        return "The person was not told of this. Give notice, or have a second person agree to a delay."
    ends = case.waits_until(targets)  # kept whatever was delayed since: it was promised
    if ends is not None and now.at < ends:
        return f"The person was told and has until {ends:%Y-%m-%d %H:%M} UTC to object. Wait until then."
    return ""


def _somebody_reached(now: Situation) -> str:
    return (
        "" if now.case.concerned() else "Nothing about a person is to be given, so there is nobody to tell."
    )


def _told_in_the_end(now: Situation) -> str:
    """A delay of the notice ends one day; a case does not close over a person who was never told, nor go on
    in another one, whatever became of it since: one person could make the notice not happen by that. Of a
    refusal nobody has to be told."""
    if now.case.notified(each for each in now.case.concerned() if each not in now.case.turned_down()):
        return ""
    return "The person was not told yet. Give notice when the delay has ended, send it, then close."


def _secrecy_settled(now: Situation) -> str:
    """A secrecy that will not be kept goes back to the requester before anybody is told."""
    case = now.case
    if not case.request.secrecy.asked or case.secrecy_accepted:
        return ""
    if case.turned_down() and case.secrecy_declined:
        return ""  # nothing is carried out, so there is nothing for them to accept or to withdraw
    if (case.stage is Stage.RELEASED or case.untold()) and not case.delayed(
        case.concerned(), now.house.day(now.at)
    ):
        return ""  # the delay that two people agreed to has ended, and secrecy with it
    if not case.secrecy_declined:
        return "The requester asked for secrecy. Tell them first that it will not be kept."
    return "The requester has not yet accepted that the person will be told. Record its answer first."


def _secrecy_asked(now: Situation) -> str:
    if not now.case.request.secrecy.asked:
        return "The requester did not ask for secrecy. There is nothing to decline."
    if now.case.secrecy_declined:
        return "Secrecy was already declined. There is nothing left to decline."
    return ""


def _secrecy_declined(now: Situation) -> str:
    if not now.case.secrecy_declined:
        return "Secrecy was not declined. First tell the requester that it will not be kept."
    told = filling.secrecy_told(now.case)
    if told is None or told.ready:
        return ""
    if told.written:
        return "The letter that says that secrecy is not kept is held. Counsel has to clear it first."
    return "The requester has no letter yet that says that secrecy is not kept. Write it first."


def _not_yet_told(now: Situation) -> str:
    if now.case.notified(now.case.concerned()):
        return "Everybody concerned was told already. There is nobody left to tell."
    return ""


def _not_delayed(now: Situation) -> str:
    """What two people agreed not to tell yet, no one of them tells: it could cost somebody their life."""
    delay, today = now.case.delay, now.house.day(now.at)
    waiting = now.case.to_tell(today)
    if delay is None or (waiting and not now.case.delay_reaches(waiting, today)):
        return ""
    return (
        f"A delay of the notice stands until {delay.ends}, as two people agreed. "
        "Counsel and a second person can lift it."
    )


def _notice_to_send(now: Situation) -> str:
    return "" if now.case.unsent() else "No notice waits to be sent. Write it first."


def _files_or_answer(now: Situation) -> str:
    """Data are handed over as files; that an account does not exist, or was kept, is an answer without."""
    data = [each for each in now.case.giving() if each.ceiling not in (Ceiling.EXISTENCE, Ceiling.PRESERVE)]
    present = {(held.target, held.item) for held in now.case.files}
    if not all(ruling.key in present for ruling in data):
        return "Files are missing for some of what is to be given. The custodian prepares them first."
    if not present <= {ruling.key for ruling in now.case.reaching()}:
        return "There is a file for something that was not decided to be given. Prepare the files again."
    cut = (held.extract for held in now.case.files if held.extract is not None and held.extract.time)
    if any(each.days_zone != now.case.zone for each in cut):
        return (
            "The zone of their dates was stated after a table was cut down by them. Cut it down again first."
        )
    return ""


def _kept_indeed(now: Situation) -> str:
    """That data are kept is said only where the custodian confirmed it, and found something to keep."""
    promised = {each.target for each in now.case.giving() if each.ceiling is Ceiling.PRESERVE}
    if promised <= now.case.kept():
        return ""
    if promised <= now.case.kept() | now.case.found_empty():
        return "The custodian found nothing to be kept. For another decision, hand it to counsel first."
    return "The data are not yet kept. Place a hold and have it confirmed first."


def _approved(now: Situation) -> str:
    approval = now.case.approval
    if approval is None:
        return "The release was not approved, or something changed since. First a second person approves it."
    if now.at >= approval.lapses:
        return "The approval has lapsed. First it has to be given again."
    if approval.by == now.person.id:
        return "You approved this release. Somebody else must hand it over."
    if not _approver_stays(now, approval):
        return "The one who approved this release has left, or has another role. It has to be approved again."
    return ""


def _approver_stays(now: Situation, approval: Approval) -> bool:
    """Whether who approved could still do so: an approval is worth as much as the one who gave it."""
    return now.house.person(approval.by).has(*_SECOND)


def _not_approved(now: Situation) -> str:
    approval = now.case.approval
    if approval is not None and now.at < approval.lapses and _approver_stays(now, approval):
        return "The release is approved already. Next the custodian hands it over."
    return ""


def _key_known(now: Situation) -> str:
    issuing = now.case.request.issuing
    name, state = issuing.name if issuing else "", now.case.request.requesting_state or ""
    try:
        check_keys(now.house.keys_for(name, state), authority=name, state=state, on=now.at.date())
    except Refused as refused:
        return (
            f"Nothing can be sealed to this authority: {refused.sentence}. "
            "First its key is compared and registered; the administrator proposes that."
        )
    return ""


def _floor_passed(now: Situation) -> str:
    """Some instruments give the notified authority days in which nothing may leave."""
    for floor in limits.floors(now.case, now.house, now.at):
        return f"Nothing may leave yet: {floor.says(now.at)}. Wait until then."
    return ""


def _not_invalid(now: Situation) -> str:
    if now.case.validated is False:
        return "The measure was not validated afterwards, so nothing leaves. Hand it to counsel first."
    if limits.validation_lapsed(now.case, now.house, now.at):
        return (
            "The 48 hours to validate this measure afterwards have ended, and no validation is recorded. "
            "First record it, if it was given."
        )
    return ""


def _turns_on_events(now: Situation) -> str:
    if limits.recordable(now.case, now.house):
        return ""
    return "No time limit of this case turns on anything but the request itself. There is nothing to record."


def _conditions_put(now: Situation) -> str:
    if not terms.unaccepted(now.case):
        return "No condition waits to be accepted. There is nothing to record."
    letters = _put(now)
    if any(not now.case.waits_for_counsel(each) for each in letters):
        return ""
    return _HELD_CONDITIONS if letters else _NO_CONDITIONS


_NO_CONDITIONS = "The conditions were not put to the requester. Write the letter of conditions first."
_HELD_CONDITIONS = "The letter of conditions is held. Counsel has to clear it first."


def _put(now: Situation) -> tuple[LetterWritten, ...]:
    return tuple(each.event for each in terms.put(now.case) if isinstance(each.event, LetterWritten))


def _conditions_accepted(now: Situation) -> str:
    """Data given on a condition are given to who accepted it."""
    if not terms.unaccepted(now.case):
        return ""
    put = _conditions_put(now)
    return put or "The requester has not accepted the conditions. Record its answer to them first."


def _no_ground(now: Situation) -> str:
    if limits.ground_stands(now.case, now.house):
        return "The notified authority objects, so nothing leaves. When it takes that back, record it first."
    return ""


def _more_time(now: Situation) -> str:
    if limits.prolongable(now.case, now.house, now.at):
        return ""
    return (
        "No time limit that runs here can be made longer by telling them. For a new start, record first what "
        "it runs from."
    )


def _emergency(now: Situation) -> str:
    return "" if now.case.emergency else "This is no emergency. There is nothing to validate afterwards."


def _holding(now: Situation) -> str:
    return "" if now.case.held else "Nothing is being held in this case. Keep the data first."


def _unconfirmed_hold(now: Situation) -> str:
    if any(hold.ended is None and hold.confirmed is None for hold in now.case.holds):
        return ""
    return "No hold waits to be confirmed. There is nothing to confirm."


def _not_pending(now: Situation) -> str:
    """Data are kept while a request for them is pending (Article 42(8) in its model, to be checked)."""
    live = [each for each in now.case.holds if each.ended is None]
    reasons = [may_lapse(now.case, each, now.at) for each in live]
    return "" if "" in reasons else next(iter(reasons), "")


def may_lapse(case: Case, hold: Hold, at: datetime) -> str:
    """Why this hold does not end now; empty where it may."""
    over = at >= hold.until
    if case.stage in ANSWERED | ENDED:
        promised = {target for (target, _item), fate in case.outcomes.items() if fate is Fate.KEPT}
        if promised.isdisjoint(hold.targets) or over:
            return ""
        return f"The requester was told that the data are kept, so they are until {hold.until:%Y-%m-%d}."
    if case.request.measure is Measure.PRESERVATION and over:
        return ""
    return "The request is still pending, so the data stay where they are. Answer it first."


def _seated(now: Situation) -> str:
    return "" if now.case.seat(now.person.id) else _UNINVITED


def _clear_of_conflict(now: Situation) -> str:
    seat = now.case.seat(now.person.id)
    if seat is None or seat.clear is None:
        return "Say first whether you have an interest in this matter."
    return "" if seat.clear else "You declared a conflict. Somebody else gives the opinion."


def _everything_answered(now: Situation) -> str:
    if now.case.objection is not None:
        return "The person objected. Answer the objection first."
    if now.case.held:
        return "Data are still being held. Let the hold lapse first."
    return ""


def _retention_over(now: Situation) -> str:
    case = now.case
    if case.retain_until is not None and now.house.day(now.at) <= case.retain_until:
        return f"The file is to be retained until {case.retain_until}. Wait until then, or counsel lifts it."
    ends = limits.retention_ends(case, now.house)
    if ends is None or now.at < ends:
        until = f"ends on {ends:%Y-%m-%d}" if ends is not None else "has not ended"
        return f"The retention time {until}. Wait until then."
    return ""


_SPOKEN = ("asked", "narrow-proposed", "challenged")


def _narrowing_proposed(now: Situation) -> str:
    spoken = [each.event.kind for each in now.case.history if each.event.kind in _SPOKEN]
    return (
        "" if spoken[-1:] == ["narrow-proposed"] else "No narrower request was proposed. Propose one first."
    )


def _more_than_one_target(now: Situation) -> str:
    live = {target for target, _item in now.case.asked()}
    return "" if len(live) > 1 else "There is only one target in this case. There is nothing to split off."


_UNINVITED = "You are not invited into this case for this. Counsel invites."
_ASKED_BY_NOBODY_KNOWN = "Nobody has made sure who asked, so there is nothing that a person could be told."


def _not_from_here(move: Move, case: Case) -> str:
    """Why a move is not made from where the case stands, and what leads to where it is."""
    match case.stage:
        case Stage.ERASED:
            return "The case was erased. There is nothing left that could be done to it."
        case Stage.MERGED:
            return f"The case goes on in case {case.merged_into or 'it was merged into'}. Do it there."
        case Stage.CLOSED if move.act is Act.CLOSE:
            return "The case is closed already. There is nothing left to do."
        case Stage.CLOSED:
            return "The case is closed. Counsel can reopen it first."
        case _ if move.act is Act.ERASE:
            return "The case is not closed. Close it first; then its retention time begins."
        case stage if stage in ANSWERED and move.act is Act.CONFIRM_DELIVERY:
            return "Nothing was handed over in this case. There is nothing to confirm."
        case stage if stage in ANSWERED:
            return "The requester has its answer. Counsel can reopen the case first."
        case _ if move.act is Act.REOPEN:
            return "The case is open. There is nothing to reopen."
        case _ if move.act is Act.CLOSE:
            return (
                "The requester has no answer yet. First hand over what was decided, refuse, show the right "
                "road or record that they withdrew."
            )
        case Stage.WAITING:
            return (
                "The requester was asked and has not answered. Record its answer first, then assess it again."
            )
        case _ if move.act is Act.ACCEPT_NARROWING:
            return "No narrower request was proposed. Propose one first."
        case _ if move.stages == {Stage.WAITING}:
            return "The requester was not asked anything. Ask it first."
        case Stage.RECEIVED:
            then = "" if Stage.ASSESSED in move.stages else "; then it is reviewed and decided"
            return f"The request is not assessed. Assess it first{then}."
        case Stage.ASSESSED if Stage.REVIEWED in move.stages:
            return "Nobody reviewed it yet. First one person reviews it and decides."
        case Stage.ASSESSED:
            return "Nothing is decided yet. First it is reviewed and decided."
        case Stage.REVIEWED:
            return "One person decided so far. First a second person reviews it."
        case _ if move.act is Act.CONFIRM_DELIVERY:
            return "Nothing was handed over yet. First the release is approved and handed over."
        case _:
            return "The case is decided already. To decide it anew, hand it to counsel first."


# ---- the table -------------------------------------------------------------------------------------------

_R, _C, _I, _K = Role.REVIEWER, Role.COUNSEL, Role.INTAKE, Role.CUSTODIAN
_LAWYERS = frozenset({_R, _C})
_DESK = frozenset({_I, _R, _C, _K})
_OPEN = frozenset(Stage) - ENDED
_BEFORE_ANSWER = _OPEN - ANSWERED
_UNDECIDED = frozenset({Stage.RECEIVED, Stage.ASSESSED, Stage.REVIEWED})
_SECOND = frozenset({_R, _C, Role.DELEGATE})
_NOT_ERASED = frozenset(Stage) - {Stage.ERASED}


def _move(
    act: Act,
    says: str,
    roles: frozenset[Role],
    stages: frozenset[Stage],
    *needs: Need,
    to: Stage | None = None,
) -> Move:
    return Move(act=act, says=says, roles=roles, stages=stages, needs=needs, to=to)


TABLE: dict[Act, Move] = {
    move.act: move
    for move in (
        _move(Act.IDENTIFY, "Say how the sender was checked", _DESK, _BEFORE_ANSWER),
        _move(Act.STATE_ZONE, "Say in which zone their dates are", _DESK - {_K}, _BEFORE_ANSWER),
        _move(
            Act.RECORD_EVENT,
            "Record what a time limit turns on",
            _DESK - {_K},
            _BEFORE_ANSWER | {Stage.RELEASED},
            _turns_on_events,
        ),
        _move(
            Act.TAKE_TIME,
            "Tell them that it takes longer",
            _LAWYERS,
            _BEFORE_ANSWER,
            _identified,
            _more_time,
            _counsel_when_escalated,
        ),
        _move(
            Act.RECORD_ACCOUNT, "Record what the records say", frozenset({_K}), _UNDECIDED | {Stage.WAITING}
        ),
        _move(Act.NOTE, "Add a note", _DESK, _NOT_ERASED),
        _move(Act.ATTACH, "Keep a file that came along", _DESK - {_K}, _OPEN),
        _move(Act.ASSIGN, "Assign", _DESK, _OPEN),
        _move(Act.HAND_OVER, "Hand over to a colleague", _DESK, _OPEN),
        _move(Act.HOLD, "Keep the data", frozenset({_I, _R, _C}), _BEFORE_ANSWER, _counsel_when_escalated),
        _move(
            Act.CONFIRM_HOLD,
            "Confirm that the data are kept",
            frozenset({_K}),
            _BEFORE_ANSWER,
            _unconfirmed_hold,
        ),
        _move(Act.EXTEND, "Extend the hold", _LAWYERS, _OPEN, _holding),
        _move(Act.LAPSE, "Let the hold lapse", _LAWYERS | {_K}, _NOT_ERASED, _holding, _not_pending),
        _move(Act.ASSESS, "Assess", _LAWYERS | {_I}, _UNDECIDED, to=Stage.ASSESSED),
        _move(
            Act.REVIEW,
            "Review and decide",
            _LAWYERS,
            frozenset({Stage.ASSESSED}),
            _assessed,
            _counsel_when_escalated,
            _counsel_where_signs_conflict,
            _no_objection,
            to=Stage.REVIEWED,
        ),
        _move(
            Act.SECOND_REVIEW,
            "Look at it as the second person",
            _SECOND,
            frozenset({Stage.REVIEWED}),
            _settled,
            _assessed,
            _another_than_reviewer,
            _another_than_intake,
            to=Stage.DECIDED,
        ),
        _move(Act.ESCALATE, "Hand it to counsel", _LAWYERS, _BEFORE_ANSWER),
        _move(Act.CONSULT, "Consult somebody", _LAWYERS, _BEFORE_ANSWER, _counsel_when_escalated),
        _move(Act.INVITE, "Invite an expert or a delegate", frozenset({_C}), _BEFORE_ANSWER),
        _move(
            Act.DECLARE_CONFLICT,
            "Say whether you have an interest in this",
            frozenset({Role.EXPERT}),
            _BEFORE_ANSWER,
            _seated,
        ),
        _move(
            Act.GIVE_OPINION,
            "Give your opinion",
            frozenset({Role.EXPERT}),
            _BEFORE_ANSWER,
            _seated,
            _clear_of_conflict,
        ),
        _move(
            Act.ASK,
            "Ask the requester",
            _LAWYERS,
            frozenset({Stage.ASSESSED, Stage.DECIDED}),
            _identified,
            _counsel_when_escalated,
            to=Stage.WAITING,
        ),
        _move(
            Act.AGREE_QUESTIONS,
            "Agree to the questions in our own words",
            _SECOND,
            frozenset({Stage.ASSESSED, Stage.DECIDED}),
            _settled,
            _another_than_asker,
            _identified,
            to=Stage.WAITING,
        ),
        _move(
            Act.ANSWER,
            "Record the answer of the requester",
            _DESK - {_K},
            frozenset({Stage.WAITING}),
            to=Stage.RECEIVED,
        ),
        _move(
            Act.NARROW,
            "Propose a narrower request",
            _LAWYERS,
            frozenset({Stage.DECIDED}),
            _identified,
            _any_is(Decision.NARROW, Decision.COMPLY_AS_NARROWED),
            _counsel_when_escalated,
            to=Stage.WAITING,
        ),
        _move(
            Act.ACCEPT_NARROWING,
            "Record that the narrower request was accepted",
            _DESK - {_K},
            frozenset({Stage.WAITING}),
            _narrowing_proposed,
            to=Stage.RECEIVED,
        ),
        _move(
            Act.ANSWER_CONDITIONS,
            "Record their answer to the conditions",
            _DESK - {_K},
            frozenset({Stage.DECIDED}),
            _conditions_put,
        ),
        _move(
            Act.REROUTE,
            "Show the requester the right road",
            _LAWYERS,
            frozenset({Stage.DECIDED}),
            _identified,
            _nothing_given,
            _any_is(Decision.REROUTE),
            _counsel_when_escalated,
            to=Stage.REROUTED,
        ),
        _move(
            Act.REFUSE,
            "Refuse",
            _LAWYERS,
            frozenset({Stage.DECIDED}),
            _not_our_order,
            _all_refused,
            _consulted,
            _counsel_when_escalated,
            to=Stage.REFUSED,
        ),
        _move(
            Act.CHALLENGE,
            "Bring it before the court, or ask for time",
            _LAWYERS,
            frozenset({Stage.DECIDED}),
            _our_order,
            _nothing_given,
            _any_is(Decision.CHALLENGE, Decision.REFUSE, Decision.SEEK_DELAY),
            _counsel_when_escalated,
            to=Stage.WAITING,
        ),
        _move(Act.WRITE, "Write a letter", frozenset({_I, _R, _C}), _NOT_ERASED),
        _move(Act.CLEAR_LETTER, "Clear a letter that is held", frozenset({_C}), _NOT_ERASED, _letter_held),
        _move(
            Act.WITHDRAW,
            "Record that the requester withdrew",
            _DESK - {_K},
            _BEFORE_ANSWER,
            to=Stage.WITHDRAWN,
        ),
        _move(Act.VALIDATE, "Record the validation afterwards", _LAWYERS | {_I}, _OPEN, _emergency),
        _move(
            Act.DECLINE_SECRECY,
            "Tell the requester that secrecy will not be kept",
            _LAWYERS,
            _BEFORE_ANSWER | {Stage.REFUSED},
            _identified,
            _secrecy_asked,
        ),
        _move(
            Act.ACCEPT_SECRECY,
            "Record that the requester accepts it",
            _DESK - {_K},
            _BEFORE_ANSWER,
            _secrecy_declined,
        ),
        _move(
            Act.NOTIFY,
            "Tell the person",
            _LAWYERS,
            _OPEN,
            _decided_or_left,
            _given_or_left,
            _somebody_reached,
            _not_yet_told,
            _not_delayed,
            _secrecy_settled,
        ),
        _move(
            Act.SEND_NOTICE,
            "Record that the notice went out",
            _DESK,
            _OPEN,
            _decided_or_left,
            _notice_to_send,
        ),
        _move(
            Act.DELAY_NOTICE,
            "Propose to delay the notice",
            frozenset({_C}),
            frozenset({Stage.DECIDED, Stage.RELEASED, Stage.REFUSED}),
            _given_or_left,
            _somebody_reached,
        ),
        _move(
            Act.AGREE_DELAY,
            "Agree to the delay of the notice",
            _SECOND,
            frozenset({Stage.DECIDED, Stage.RELEASED, Stage.REFUSED}),
            _settled,
            _another_than_delayer,
        ),
        _move(
            Act.LIFT_DELAY,
            "Propose to lift the delay of the notice",
            frozenset({_C}),
            frozenset({Stage.DECIDED}) | ANSWERED,
            _delay_stands,
        ),
        _move(
            Act.AGREE_LIFT,
            "Agree to lift the delay of the notice",
            _SECOND,
            frozenset({Stage.DECIDED}) | ANSWERED,
            _settled,
            _delay_stands,
            _another_than_lifter,
        ),
        _move(
            Act.RECORD_OBJECTION,
            "Record an objection that came by post or mail",
            frozenset({_I, _C}),
            _OPEN,
        ),
        _move(
            Act.ANSWER_OBJECTION,
            "Answer the objection",
            frozenset({_C}),
            _OPEN,
            _open_objection,
        ),
        _move(
            Act.PREPARE,
            "Prepare the files",
            frozenset({_K}),
            frozenset({Stage.DECIDED}),
            _something_given,
        ),
        _move(
            Act.APPROVE_RELEASE,
            "Approve the release",
            _SECOND,
            frozenset({Stage.DECIDED}),
            _settled,
            _something_given,
            _seated_house,
            _second_agreed,
            _identified,
            _files_or_answer,
            _kept_indeed,
            _conditions_accepted,
            _no_objection,
            _told,
            _another_than_intake,
            _another_than_recorder,
            _opens_the_files,
            _floor_passed,
            _no_ground,
            _not_invalid,
            _not_approved,
        ),
        _move(
            Act.RELEASE,
            "Hand it over",
            frozenset({_K}),
            frozenset({Stage.DECIDED}),
            _settled,
            _something_given,
            _seated_house,
            _second_agreed,
            _assessed,
            _identified,
            _files_or_answer,
            _kept_indeed,
            _conditions_accepted,
            _no_objection,
            _told,
            _floor_passed,
            _no_ground,
            _not_invalid,
            _approved,
            _key_known,
            to=Stage.RELEASED,
        ),
        _move(
            Act.CONFIRM_DELIVERY,
            "Record the receipt of the authority",
            frozenset({_K}),
            frozenset({Stage.RELEASED}),
        ),
        _move(
            Act.MERGE,
            "Merge into another case",
            _LAWYERS,
            _BEFORE_ANSWER,
            _counsel_when_escalated,
            _no_objection,
            _told_in_the_end,
            _no_delay_stands,
            _nobody_told,
            to=Stage.MERGED,
        ),
        _move(
            Act.SPLIT,
            "Split off a target",
            _LAWYERS,
            _UNDECIDED,
            _more_than_one_target,
            _counsel_when_escalated,
            _no_objection,
            _no_delay_stands,
        ),
        _move(
            Act.CLOSE,
            "Close",
            _LAWYERS,
            ANSWERED | {Stage.WAITING},
            _everything_answered,
            _told_in_the_end,
            _another_than_late_sender,
            _letter_written,
            _their_time_over,
            to=Stage.CLOSED,
        ),
        _move(Act.REOPEN, "Reopen", frozenset({_C}), ANSWERED | {Stage.CLOSED}, to=Stage.RECEIVED),
        _move(Act.RETAIN, "Retain the file, or lift that", frozenset({_C}), _NOT_ERASED),
        _move(
            Act.ERASE,
            "Erase",
            frozenset({_C}),
            frozenset({Stage.CLOSED, Stage.MERGED}),
            _retention_over,
            to=Stage.ERASED,
        ),
    )
}
"""Every move that changes a case, but for `receive` (there is no case yet) and `object` (the person's)."""


def may(person: Person, act: Act, case: Case | None, house: House, at: datetime) -> Answer:
    """Whether this person may do this to this case now, and why (not).

    case: None for what is done to no case (`receive`, `run-house`). at: UTC.
    """
    if person.left:
        return Answer(False, "You have left this house.")
    if person.organisation != house.organisation or (case and case.organisation != house.organisation):
        return Answer(False, "This case belongs to another organisation.")
    if act is Act.RUN_HOUSE:
        return _by_role(person, frozenset({Role.ADMINISTRATOR}))
    if act is Act.TELL:
        return _by_role(person, frozenset({_R, _C}))
    if act is Act.PROPOSE:
        return _proposing(person, house)
    if act is Act.RECEIVE:
        return _by_role(person, frozenset({_I, _R, _C}))
    if case is None:
        return Answer(False, "This is done to a case, and none was named.")
    if act is Act.READ:
        return _reading(person, case)
    if act is Act.OBJECT:
        return Answer(
            False, "Only the person concerned objects, at their own door. What came by post is recorded."
        )
    move = TABLE[act]
    allowed = _by_role(person, move.roles)
    if not allowed:
        return allowed
    if person.roles <= INVITED:
        seat = case.seat(person.id)
        if seat is None or seat.role not in move.roles:
            return Answer(False, _UNINVITED)
    barred = blocked(move, Situation(case=case, person=person, house=house, at=at))
    return Answer(False, barred) if barred else Answer(True, _because(person, move))


def may_confirm(person: Person, proposal: Proposal, house: House, at: datetime) -> Answer:
    """Whether this person may confirm this proposal now, and why (not)."""
    if proposal.by == person.id:
        return Answer(False, "You proposed this. Somebody else must confirm it.")
    answer = may_answer(person, proposal, house)
    if not answer:
        return answer
    if proposal.about == person.id:
        return Answer(False, "This is about yourself. Somebody else must confirm it.")
    new = settling(person, at)
    if new:
        return Answer(False, new)
    if not house.person(proposal.by).has(Role.ADMINISTRATOR):
        return Answer(False, "Who proposed this is no administrator any more. It has to be proposed again.")
    if at >= proposal.lapses:
        return Answer(False, f"This lapsed on {proposal.lapses:%Y-%m-%d}. It has to be proposed again.")
    return answer


def may_approve(person: Person, story: Story, house: House, at: datetime) -> Answer:
    """Whether this person may approve this story as a second person now, and why (not)."""
    answer = may(person, Act.TELL, None, house, at)
    if not answer:
        return answer
    if story.by == person.id:
        return Answer(False, "You wrote this. Somebody else must approve it.")
    if story.approved_by:
        return Answer(False, "A second person has approved this already.")
    new = settling(person, at)
    return Answer(False, new) if new else answer


def may_answer(person: Person, proposal: Proposal, house: House) -> Answer:
    """Whether this proposal waits for this person among others, or is for them to decline."""
    if person.left:
        return Answer(False, "You have left this house.")
    if person in house.seconds(proposal.by, proposal.about):
        return Answer(True, "You can be the second person for what an administrator proposes.")
    return _by_role(person, frozenset({Role.COUNSEL, Role.ADMINISTRATOR}))


def may_decline(person: Person, proposal: Proposal, house: House) -> Answer:
    """Whether this person may decline this proposal: who could confirm it, who made it, any administrator,
    and the one it is about."""
    if proposal.about == person.id and not person.left:
        return Answer(True, "This is about yourself.")
    return may_answer(person, proposal, house)


def _proposing(person: Person, house: House) -> Answer:
    """Who is let in and as what, whom packages are sealed to, how long anybody waits and who watches the
    public log takes two people, from the first request on."""
    answer = _by_role(person, frozenset({Role.ADMINISTRATOR}))
    if not answer:
        return answer
    if not house.opened:
        return Answer(True, "No request has come in yet, so one administrator sets the house up.")
    if not house.seconds(person.id):
        return Answer(False, "This takes a second person, and nobody else is here who could confirm it.")
    return answer


def blocked(move: Move, now: Situation) -> str:
    """Why the case does not allow this move now; empty where it does."""
    if now.case.stage not in move.stages:
        return _not_from_here(move, now.case)
    return next((reason for need in move.needs if (reason := need(now))), "")


def moves(person: Person, case: Case, house: House, at: datetime) -> tuple[tuple[Move, Answer], ...]:
    """Every move that the roles of this person could make, open or barred, each with its reason."""
    return tuple(
        (move, may(person, move.act, case, house, at)) for move in TABLE.values() if person.has(*move.roles)
    )


def _by_role(person: Person, roles: frozenset[Role]) -> Answer:
    mine = [role for role in Role if role in person.roles & roles]
    if mine:
        return Answer(True, f"You are {' and '.join(mine)} here.")
    wanted = " or ".join(role for role in Role if role in roles)
    return Answer(False, f"This is for {wanted}, and not for your role.")


def _because(person: Person, move: Move) -> str:
    return _by_role(person, move.roles).reason


def _reading(person: Person, case: Case) -> Answer:
    if person.reads_cases:
        return Answer(True, _by_role(person, person.roles).reason)
    if case.seat(person.id) is not None:
        return Answer(True, "You are invited into this case.")
    if person.has(Role.ADMINISTRATOR):
        return Answer(False, "Administrators see people and settings, and no content of any case.")
    return Answer(False, "You are not invited into this case.")

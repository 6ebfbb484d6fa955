"""The only writer. Every change of a case is one verb here: one permission with its reason, one or more
events, one append.

A `Desk` belongs to one organisation. It is handed what it needs: where records are kept (`Records`) and
what judges (`Judge`); the time is an argument of every verb, and so is every new id. It decides nothing
about the merits: the rules of who may do what stand in `habeas.desk.moves`, the law in `habeas.assess`.

Release is tied to what justified it. An approval names the assessment, the version of the request and the
exact files; at the moment of the release everything is assessed again, and if the outcome, a ceiling, the
law, the version or a file differs, or a new finding stands against it, nothing leaves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

import msgspec

from habeas.assess import (
    ROADS,
    SEAT_UNKNOWN,
    Assessment,
    Ceiling,
    Consequence,
    Decision,
    Finding,
    Knowledge,
    Seat,
    assess,
)
from habeas.desk import blinding, delivery, events, limits, people, public, queue, terms
from habeas.desk import case as cases
from habeas.desk.case import Case
from habeas.desk.clocks import Moment
from habeas.desk.enclosing import happened
from habeas.desk.enclosing import whole as whole_files
from habeas.desk.events import (
    CLOCK,
    HOUSE,
    PERSON_CONCERNED,
    Arrived,
    Door,
    Enclosed,
    Event,
    Held,
    Objected,
    Recorded,
    Role,
    Ruling,
    Sending,
    Way,
)
from habeas.desk.letters import filling
from habeas.desk.letters.model import NOTICES, Kind, Language, Slow
from habeas.desk.moves import Act, may, may_approve, may_confirm, may_decline, may_lapse, permit
from habeas.desk.package import RegisteredKey, check_keys
from habeas.desk.people import House, Person
from habeas.desk.records import Change, Conflict, Looked, Records
from habeas.desk.rulings import departures, gives, questions_known, whole
from habeas.desk.settings import (
    from_a_partner,
    keepable,
    name_of,
    roles_of,
    sealable,
    tellable,
    workable,
)
from habeas.desk.stamping import Stamp
from habeas.desk.versions import (
    asks_no_more,
    goes_along,
    goes_into,
    known_targets,
    next_version,
    staying,
    supposes_nothing,
)
from habeas.errors import Refused
from habeas.request import (
    AccountFacts,
    Evidence,
    Request,
    check,
    check_accounts,
    nameable,
)

_BY_ITSELF = "house"  # as what the house does without a law is cited (`habeas.desk.clocks`)
LETTERS = 5  # that the holder of one code can leave; beside what anybody can send by post
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class Judge(Protocol):
    def __call__(
        self, request: Request, *, on: date, seat: Seat | None, knowledge: Knowledge | None
    ) -> Assessment: ...


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """The notice to the person behind one target, as it was written. code: SHA-256 of the code for their
    door. letter: SHA-256 of its page. kind: a notice, or a delayed one."""

    target: str
    code: str
    letter: str
    kind: Kind = Kind.NOTICE
    language: Language = Language.ENGLISH


def digest(assessment: Assessment) -> str:
    """SHA-256 of the canonical JSON of an assessment, in hex."""
    return hashlib.sha256(msgspec.json.encode(assessment, order="deterministic")).hexdigest()


class Desk:
    """The desk of one organisation."""

    def __init__(
        self, organisation: str, records: Records, *, judge: Judge = assess, seen: int | None = None
    ) -> None:
        """seen: the number of events a case had when the person looked at it; with another one now, every
        verb raises Conflict."""
        self.organisation = organisation
        self._records = records
        self._judge = judge
        self._seen = seen

    # ---- reading ----

    def house(self) -> House:
        return people.fold(self.organisation, self._records.load(self.organisation, HOUSE))

    def case(self, id: str) -> Case:
        """The case as it stands. Raises Refused where there is none."""
        if id == HOUSE:
            raise Refused("there is no such case", place=id, hint="look in the queue")
        return cases.fold(self.organisation, id, self._records.load(self.organisation, id))

    # ---- it comes in ----

    def receive(
        self,
        by: str,
        at: datetime,
        *,
        case: str,
        request: Request,
        door: Door,
        source: str,
        zone: str = "",
        promise: str = "",
        entry: str = "",
        arrived: Arrived | None = None,
        files: Sequence[Enclosed] = (),
        typed: bool = False,
    ) -> Case:
        """Take a request in under the new id `case`; where an open case has the very same request already,
        record there that it came again. Answers with the case in which it is now.

        source, promise: SHA-256 of the bytes as they came, and of the promise that their sender was given.
        zone: in which the sender's dates were stated, empty where nobody knows it.
        entry: the id that the request had in those bytes. arrived: when it came, where that is stated; what
        runs from its arrival is counted from then. files: what came along, kept unread; the original among
        them where a person typed the request (`typed`). Cases it resembles and that are answered, or share
        its reference only, are named in the new one: whether they belong together is for people.
        """
        house = self.house()
        permit(may(house.person(by), Act.RECEIVE, None, house, at))
        if zone:  # one that is none would stop every limit of the case
            Moment(at, zone)
        self._takeable(case, request)
        if arrived is not None:
            happened(arrived, at)
        came = events.Received(
            request=request,
            door=door,
            source=source,
            zone=zone,
            promise=promise,
            entry=entry,
            arrived=arrived,
            typed=typed,
        )
        along = (events.Attached(files=enclosed),) if (enclosed := whole_files(files)) else ()
        same, like = queue.came_as(came)
        years = queue.searched_years(at)
        search = self._records.search
        looked = Looked(
            words=(*same, *like), years=years, found=search(self.organisation, (*same, *like), years)
        )
        first = self._going_on(search(self.organisation, same, years))
        if first is not None and first.history[-1].at <= at:  # after a clock was set back it is a new case
            again = events.ReceivedAgain(
                door=door, source=source, promise=promise, entry=entry, arrived=arrived
            )
            return self._append(first, house, by, at, again, *_new_files(first, along))
        received = msgspec.structs.replace(came, like=looked.found)
        begun, begins = self._changed(house, case, None, by, at, received, *along)
        opens = () if house.opened else (self._opens(house, by, at),)
        self._records.append(self.organisation, begins, *opens, looked=looked)
        return begun

    def identify(self, case: str, by: str, at: datetime, *, evidence: Iterable[Evidence]) -> Case:
        """Say how the sender was checked. Earlier evidence stays, and what speaks against weighs most."""
        now = self._now(case, by, at, Act.IDENTIFY)
        evidence = tuple(evidence)
        for each in evidence:
            nameable(each)
        every = tuple(dict.fromkeys((*now.case.evidence, *evidence)))
        level = msgspec.structs.replace(now.case, evidence=every).identification(at.date()).level
        return self._write(now, events.Identified(evidence=every, level=level))

    def state_zone(self, case: str, by: str, at: datetime, *, zone: str) -> Case:
        """Say in which zone the sender's dates were stated, by its IANA name. Every limit that ends on one of
        them is counted anew."""
        now = self._now(case, by, at, Act.STATE_ZONE)
        Moment(at, zone)
        if zone == now.case.zone:
            raise Refused("this zone stands there already", place="zone", hint="nothing is to be done")
        return self._write(now, events.ZoneStated(zone=zone))

    def record_event(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        what: events.Happening,
        on: date,
        moment: datetime | None = None,
    ) -> Case:
        """Record what a time limit of this case turns on, and its day in the house's zone: that the order was
        served, that recognition was decided, what the notified authority said. moment: the instant in UTC,
        where the hour is known; it lies on that day."""
        now = self._now(case, by, at, Act.RECORD_EVENT)
        if what not in limits.recordable(now.case, now.house):
            raise Refused("no time limit of this case turns on that", place="what", hint="choose another")
        if on > now.house.day(at):
            raise Refused("this day is still to come", place="on", hint="record it when it has happened")
        if moment is not None and (moment > at or now.house.day(moment) != on):
            raise Refused(
                "this hour is still to come, or not of that day", place="moment", hint="state both alike"
            )
        return self._write(now, events.Happened(what=what, on=on, moment=moment))

    def take_time(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        limit: events.Prolonged,
        until: date,
        slow: Slow,
        reasons: str,
        how: str,
    ) -> Case:
        """Say that a time cannot be kept, why, and until which day, in the house's zone, it takes (Directive
        2014/41/EU, article 12(5) and (6)); the letter that tells the issuing authority so is written next.
        slow: the reason it gives. reasons: for the file. how: to whom, on which way, and for carrying out
        what they said about the day, on which they are consulted."""
        now = self._now(case, by, at, Act.TAKE_TIME)
        open_here = limits.prolongable(now.case, now.house, at)
        if limit not in open_here:
            raise Refused(
                "this time does not run here, or is over", place="limit", hint="choose one that runs"
            )
        ends, most = open_here[limit]
        if until <= ends or (most is not None and until > most):
            last = f" and no later than {most.isoformat()}" if most is not None else ""
            raise Refused(
                "it cannot take until that day",
                place="until",
                hint=f"state one after {ends.isoformat()}{last}",
            )
        told = events.MoreTime(
            limit=limit, until=until, slow=slow, reasons=_words(reasons, "reasons"), how=_words(how, "how")
        )
        return self._write(now, told)

    def record_account(self, case: str, by: str, at: datetime, *, accounts: Sequence[AccountFacts]) -> Case:
        now = self._now(case, by, at, Act.RECORD_ACCOUNT)
        known_targets(now.case, [account.target for account in accounts])
        check_accounts(accounts)
        known = {account.target: account for account in (*now.case.accounts, *accounts)}
        return self._write(now, events.AccountRecorded(accounts=tuple(known.values())))

    def note(self, case: str, by: str, at: datetime, *, words: str) -> Case:
        now = self._now(case, by, at, Act.NOTE)
        return self._write(now, events.Noted(words=_words(words, "words")))

    def attach(self, case: str, by: str, at: datetime, *, files: Sequence[Enclosed]) -> Case:
        """Keep files that came along, as they came. Nobody and nothing reads them by that."""
        now = self._now(case, by, at, Act.ATTACH)
        found = whole_files(files)
        if not found:
            raise Refused("no file came", place="files", hint="choose at least one")
        new = _new_files(now.case, (events.Attached(files=found),))
        if not new:
            raise Refused("these files are in the case already", place="files", hint="nothing is to be done")
        return self._write(now, *new)

    def assign(self, case: str, by: str, at: datetime, *, to: str) -> Case:
        """to: a person's id, or empty to lay the case back."""
        now = self._now(case, by, at, Act.ASSIGN)
        _colleague(now, to)
        return self._write(now, events.Assigned(to=to))

    def hand_over(self, case: str, by: str, at: datetime, *, to: str, words: str) -> Case:
        now = self._now(case, by, at, Act.HAND_OVER)
        _colleague(now, to)
        if not to:
            raise Refused("a case is handed over to somebody", place="to", hint="choose a colleague")
        return self._write(now, events.HandedOver(to=to, words=_words(words, "words")))

    # ---- data are kept ----

    def hold(self, case: str, by: str, at: datetime, *, hold: str, targets: Sequence[str]) -> Case:
        """Have data kept, under the new id `hold`. Nothing is disclosed, and nobody is told."""
        now = self._now(case, by, at, Act.HOLD)
        known_targets(now.case, targets)
        if any(each.id == hold for each in now.case.holds):
            raise Refused("a hold of that id exists already", place="hold", hint="choose another id")
        until = limits.hold_until(now.case, at, now.house)
        return self._write(now, events.HoldPlaced(hold=hold, targets=tuple(targets), until=until))

    def confirm_hold(self, case: str, by: str, at: datetime, *, hold: str, kept: Sequence[str]) -> Case:
        """kept: the targets of which anything was there to be kept."""
        now = self._now(case, by, at, Act.CONFIRM_HOLD)
        placed = _live_hold(now.case, hold)
        if not set(placed.targets).issuperset(kept):
            raise Refused("this hold does not cover that target", place="kept", hint="choose among its own")
        return self._write(now, events.HoldConfirmed(hold=hold, kept=tuple(kept)))

    def extend(self, case: str, by: str, at: datetime, *, hold: str, until: datetime, why: str) -> Case:
        now = self._now(case, by, at, Act.EXTEND)
        if until <= _live_hold(now.case, hold).until:
            raise Refused("that is no later than before", place="until", hint="state a later day")
        most = limits.hold_most(now.case, at, now.house)
        if until > most:
            last = now.house.day(most - timedelta(microseconds=1))
            raise Refused(
                "the law has no data kept so long at once",
                place="until",
                hint=f"no later than {last.isoformat()}, as it stands today",
            )
        return self._write(now, events.HoldExtended(hold=hold, until=until, why=_words(why, "why")))

    def lapse(self, case: str, by: str, at: datetime, *, hold: str, why: str) -> Case:
        now = self._now(case, by, at, Act.LAPSE)
        barred = may_lapse(now.case, _live_hold(now.case, hold), at)
        if barred:
            raise Refused(barred.rstrip("."), place="hold", hint="nothing was changed")
        return self._write(now, events.HoldLapsed(hold=hold, why=_words(why, "why")))

    # ---- it is judged ----

    def assess(self, case: str, by: str, at: datetime) -> Case:
        now = self._now(case, by, at, Act.ASSESS)
        assessment = self._judged(now.case, now.house, at)
        assessed = events.Assessed(assessment=assessment, digest=digest(assessment), version=now.case.version)
        return self._write(now, assessed)

    def review(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        assessment: str,
        rulings: Sequence[Ruling],
        reasons: str = "",
        why: str = "",
    ) -> Case:
        """Decide, per target and item. assessment: the digest of the recommendation that was looked at.
        why: needed where anything differs from what was recommended."""
        now = self._now(case, by, at, Act.REVIEW)
        if assessment != now.case.digest:
            raise Refused(
                "this case was assessed again after you opened it",
                place="assessment",
                hint="look at the new recommendation, then decide",
            )
        whole(now.case, rulings)
        otherwise = departures(now.case, rulings)
        if otherwise and not why.strip():
            raise Refused(
                "this differs from what was recommended, and no reason is given",
                place="why",
                hint="say in a sentence why you decide otherwise",
            )
        settled = not otherwise and not now.case.emergency and not gives(rulings)
        reviewed = events.Reviewed(
            rulings=tuple(rulings),
            assessment=assessment,
            settled=settled,
            reasons=reasons.strip(),
            why=why.strip() if otherwise else "",
        )
        return self._write(now, reviewed)

    def second_review(self, case: str, by: str, at: datetime, *, agrees: bool, reason: str = "") -> Case:
        now = self._now(case, by, at, Act.SECOND_REVIEW)
        if not agrees:
            reason = _words(reason, "reason")
        return self._write(now, events.SecondReviewed(agrees=agrees, reason=reason.strip()))

    def escalate(self, case: str, by: str, at: datetime, *, why: str) -> Case:
        return self._write(self._now(case, by, at, Act.ESCALATE), events.Escalated(why=_words(why, "why")))

    def consult(
        self, case: str, by: str, at: datetime, *, whom: str, about: str, requester: bool = False
    ) -> Case:
        """Ask somebody outside. requester: the requesting state itself, as some refusals need it. A refusal
        for persecution is not consulted on with those who asked."""
        now = self._now(case, by, at, Act.CONSULT)
        consulted = events.Consulted(
            whom=_words(whom, "whom"),
            about=_words(about, "about"),
            requester=requester,
            version=now.case.version,
        )
        return self._write(now, consulted)

    def invite(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        person: str,
        blinded: bool = True,
        question: str = "",
        covered: Sequence[str] = (),
        confirmed: str = "",
    ) -> Case:
        """Let an expert or a partner's delegate into this case alone.

        covered: words of the request to be covered besides what the machine covers. confirmed: of an expert
        without the names, `blinding.confirmation` of the covered request that was read; another one is
        refused, so that nobody is shown what no person looked at.
        """
        now = self._now(case, by, at, Act.INVITE)
        guest = now.house.person(person)
        role = next((role for role in (Role.EXPERT, Role.DELEGATE) if guest.has(role)), None)
        if role is None:
            raise Refused("only an expert or a delegate is invited", place="person", hint="assign colleagues")
        if now.case.seat(person) is not None:
            raise Refused("this person is invited already", place="person", hint="nothing is to be done")
        if any(each.person == person and each.clear is False for each in now.case.seats):
            raise Refused("this expert declared a conflict here", place="person", hint="invite another one")
        words = blinding.further(now.case.request, covered) if blinded else ()
        shown = None
        if blinded and role is Role.EXPERT:
            shown = blinding.covered(now.case.request, now.case.request, words)
            if confirmed != blinding.confirmation(shown):
                raise Refused(
                    "nobody has confirmed exactly this covered text",
                    place="confirmed",
                    hint="read it as it is covered now, then confirm it",
                )
        invited = events.Invited(
            person=person,
            role=role,
            blinded=blinded,
            question=question.strip(),
            covered=words,
            shown=shown,
        )
        return self._write(now, invited)

    def declare_conflict(self, case: str, by: str, at: datetime, *, conflict: bool, words: str = "") -> Case:
        now = self._now(case, by, at, Act.DECLARE_CONFLICT)
        return self._write(now, events.ConflictDeclared(conflict=conflict, words=words.strip()))

    def give_opinion(self, case: str, by: str, at: datetime, *, words: str) -> Case:
        now = self._now(case, by, at, Act.GIVE_OPINION)
        seat = now.case.seat(by)
        seen = seat.version if seat is not None and seat.shown is not None else now.case.version
        return self._write(now, events.OpinionGiven(words=_words(words, "words"), version=seen))

    # ---- the requester is spoken to ----

    def ask(self, case: str, by: str, at: datetime, *, questions: Sequence[str]) -> Case:
        """Ask the requester. Questions that stand in the assessment go at once. With one in our own words
        among them, which could tell what is held, all are proposed and go when a second person agreed."""
        now = self._now(case, by, at, Act.ASK)
        asked = tuple(question.strip() for question in questions if question.strip())
        if not asked:
            raise Refused("no question is asked", place="questions", hint="choose or write one")
        if set(asked) <= set(questions_known(now.case)):
            return self._write(now, events.Asked(questions=asked))
        return self._write(now, events.QuestionsProposed(questions=asked))

    def agree_questions(self, case: str, by: str, at: datetime, *, agrees: bool, reason: str = "") -> Case:
        """Let the questions go that a colleague wrote, or say why not."""
        now = self._now(case, by, at, Act.AGREE_QUESTIONS)
        if now.case.wording is None:
            raise AssertionError("questions that nobody proposed passed the table of moves")
        if not agrees:
            return self._write(now, events.QuestionsDeclined(reason=_words(reason, "reason")))
        return self._write(now, events.Asked(questions=now.case.wording.questions))

    def answer(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        request: Request,
        source: str,
        files: Sequence[Enclosed] = (),
        typed: bool = False,
    ) -> Case:
        """The requester's answer as a new version of the request. What was said before stays in it. files,
        typed: as for `receive`."""
        now = self._now(case, by, at, Act.ANSWER)
        newer = next_version(now.case, request)
        return self._write(
            now, events.Answered(request=newer, source=source, typed=typed), *_along(now.case, files)
        )

    def narrow(self, case: str, by: str, at: datetime) -> Case:
        """Propose what was decided to be given as a narrower request."""
        now = self._now(case, by, at, Act.NARROW)
        return self._write(now, events.NarrowProposed(rulings=now.case.giving()))

    def accept_narrowing(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        request: Request,
        source: str,
        files: Sequence[Enclosed] = (),
        typed: bool = False,
    ) -> Case:
        """files, typed: as for `receive`."""
        now = self._now(case, by, at, Act.ACCEPT_NARROWING)
        if not asks_no_more(now.case, request):
            raise Refused(
                "this asks for more than before, so it is no narrower request",
                place="targets",
                hint="take what is new in as a request of its own",
            )
        newer = next_version(now.case, request)
        return self._write(
            now, events.NarrowingAccepted(request=newer, source=source, typed=typed), *_along(now.case, files)
        )

    def answer_conditions(self, case: str, by: str, at: datetime, *, accepted: bool, words: str) -> Case:
        """Record that the requester accepts the conditions that were put to it, or does not. words: who said
        so, and how. What was decided on conditions that are not accepted is decided anew."""
        now = self._now(case, by, at, Act.ANSWER_CONDITIONS)
        answered = events.ConditionsAnswered(
            conditions=terms.to_accept(now.case), accepted=accepted, words=_words(words, "words")
        )
        return self._write(now, answered)

    def reroute(self, case: str, by: str, at: datetime) -> Case:
        now = self._now(case, by, at, Act.REROUTE)
        road = now.case.assessment.road if now.case.assessment is not None else ""
        seat = now.house.seat(now.case.request).state or SEAT_UNKNOWN
        return self._write(now, events.Rerouted(to=road or ROADS["central"].format(seat=seat)))

    def refuse(self, case: str, by: str, at: datetime, *, persecution: bool = False) -> Case:
        """persecution: answered with the closed text, the same for every account and every person; it must be
        where anything was decided for it. Refused where a letter has no words for any ground decided."""
        now = self._now(case, by, at, Act.REFUSE)
        if not persecution and filling.for_persecution(now.case):
            raise Refused(
                "this was decided for persecution, and a letter gives no reason for that",
                place="persecution",
                hint="answer with the closed text; it is for the whole request, whatever else was decided",
            )
        if not persecution and not filling.grounds(now.case, now.house):
            raise Refused(
                "no letter has words for the ground that was decided",
                place="persecution",
                hint="hand it to counsel, who decides again on a ground of the list",
            )
        grounds = tuple(dict.fromkeys(ruling.ground for ruling in now.case.rulings if ruling.ground))
        return self._write(now, events.RequestRefused(grounds=grounds, persecution=persecution))

    def challenge(self, case: str, by: str, at: datetime, *, court: str, why: str) -> Case:
        """Bring an order of our own court or authority before a court, or ask for more time where nothing
        else was decided. court: which one, with its number of the matter. The case waits for it."""
        now = self._now(case, by, at, Act.CHALLENGE)
        to_court = any(each.decision is not Decision.SEEK_DELAY for each in now.case.rulings)
        challenged = events.Challenged(
            court=_words(court, "court"), why=_words(why, "why"), to_court=to_court
        )
        return self._write(now, challenged)

    def clear_letter(self, case: str, by: str, at: datetime, *, letter: str, words: str) -> Case:
        """Answer for a letter that is held. letter: SHA-256 of its page. words: what was looked at."""
        now = self._now(case, by, at, Act.CLEAR_LETTER)
        if letter not in {each.sha256 for each in now.case.held_letters()}:
            raise Refused("this letter is not held", place="letter", hint="choose one that is")
        return self._write(now, events.LetterCleared(sha256=letter, words=_words(words, "words")))

    def write(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        letter: Kind,
        language: Language,
        sha256: str,
        waits_for: Sequence[str] = (),
    ) -> Case:
        """Lay a composed letter into the file. Nothing is sent: a person does that."""
        now = self._now(case, by, at, Act.WRITE)
        if letter is Kind.PERSECUTION_REFUSAL and not now.case.persecution:
            raise Refused(
                "this case was not refused with the closed text", place="letter", hint="refuse first"
            )
        if letter is Kind.REFUSAL and now.case.persecution:
            raise Refused(
                "this case was refused with the closed text, which gives no reasons",
                place="letter",
                hint="write the closed text",
            )
        if letter in NOTICES:
            raise Refused(
                "a notice is written when the person is told, one for each", place="letter", hint="tell them"
            )
        if letter is Kind.OBJECTION_ANSWER and now.case.heard is None:
            raise Refused("no objection was answered", place="letter", hint="answer it first, then write")
        if letter not in filling.writable(now.case):
            raise Refused(
                "a letter says what was done, and nothing was done here that this one says",
                place="letter",
                hint="do that first; it takes as many people as it takes",
            )
        written = events.LetterWritten(
            letter=letter, language=language, sha256=sha256, waits_for=tuple(waits_for)
        )
        return self._write(now, written)

    def withdraw(self, case: str, by: str, at: datetime, *, why: str) -> Case:
        """Record that the requester withdraws. why: who said so, how, and what for."""
        now = self._now(case, by, at, Act.WITHDRAW)
        return self._write(now, events.Withdrawn(why=_words(why, "why")))

    def validate(self, case: str, by: str, at: datetime, *, valid: bool, reference: str = "") -> Case:
        now = self._now(case, by, at, Act.VALIDATE)
        return self._write(now, events.Validated(valid=valid, reference=reference.strip()))

    def decline_secrecy(self, case: str, by: str, at: datetime, *, why: str) -> Case:
        now = self._now(case, by, at, Act.DECLINE_SECRECY)
        return self._write(now, events.SecrecyDeclined(why=_words(why, "why")))

    def accept_secrecy(self, case: str, by: str, at: datetime, *, words: str) -> Case:
        """Record that the requester accepts that the person is told. words: who said so, and how."""
        now = self._now(case, by, at, Act.ACCEPT_SECRECY)
        return self._write(now, events.SecrecyAccepted(words=_words(words, "words")))

    # ---- the person concerned ----

    def notify(self, case: str, by: str, at: datetime, *, notices: Sequence[Telling]) -> Case:
        """Write the notice to everybody of whom something is given or has left, and for whom no delay
        stands: to each their own, with a code of its own and about their own data alone. They are told when
        somebody sent it (`send_notice`); until then it can be written anew, as after its code was lost."""
        now = self._now(case, by, at, Act.NOTIFY)
        wanted = now.case.to_tell(now.house.day(at))
        if sorted(each.target for each in notices) != sorted(wanted):
            raise Refused(
                "there is one notice for each person to be told, and for nobody else",
                place="notices",
                hint="look at the case again, then repeat",
            )
        codes = [*(each.code for each in now.case.notices), *(each.code for each in notices)]
        if len(set(codes)) != len(codes):
            raise Refused("each notice has a code of its own", place="code", hint="make a new one")
        return self._write(now, *(new for each in notices for new in _notified(each, now)))

    def send_notice(
        self, case: str, by: str, at: datetime, *, targets: Sequence[str], way: Sending, on: date
    ) -> Case:
        """Say that the notices to the persons behind these targets went out: on which way, and on which day
        by the zone of the house. The waiting time is counted from then; nothing is handed over on a notice
        that nobody sent, and who says it does not approve the release."""
        now = self._now(case, by, at, Act.SEND_NOTICE)
        written = {target: each for each in now.case.unsent() for target in each.targets}
        if not targets:
            raise Refused("no notice is named", place="targets", hint="choose one")
        return self._write(now, *(_sent(now, written.get(each), way, on) for each in dict.fromkeys(targets)))

    def delay_notice(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        ground: events.DelayGround,
        why: str,
        cite: str,
        until: date,
        review: date,
    ) -> Case:
        """Propose not to tell yet. cite: the article or order it rests on; `house` alone bears nothing but a
        danger to a person. why: for the file. until and review: its end, and the day by which somebody looks
        again. It stands only when a second person agreed; one that stands already stands on until then."""
        now = self._now(case, by, at, Act.DELAY_NOTICE)
        today = now.house.day(at)
        if not today < review <= until:
            raise Refused(
                "a delay has an end, and somebody looks at it again before that end",
                place="until",
                hint="state an end in the future, and a day of review not after it",
            )
        longest = now.house.settings.times.review_days
        if review > today + timedelta(days=longest):
            raise Refused(
                f"nobody would look at this delay again for more than {longest} days",
                place="review",
                hint="state an earlier day of review",
            )
        rests_on = _words(cite, "cite")
        if rests_on.casefold() == _BY_ITSELF and ground is not events.DelayGround.DANGER_TO_PERSON:
            raise Refused(
                "only a danger to a person lets the house delay a notice by itself",
                place="cite",
                hint="name the order, or the article that allows or orders the delay",
            )
        proposed = events.NoticeDelayProposed(
            targets=now.case.concerned(),
            ground=ground,
            why=_words(why, "why"),
            cite=rests_on,
            until=until,
            review=review,
        )
        return self._write(now, proposed)

    def agree_delay(self, case: str, by: str, at: datetime) -> Case:
        return self._write(self._now(case, by, at, Act.AGREE_DELAY), events.NoticeDelayed())

    def lift_delay(self, case: str, by: str, at: datetime, *, why: str) -> Case:
        """Propose to end the delay that stands before its day, so that the person can be told now."""
        now = self._now(case, by, at, Act.LIFT_DELAY)
        return self._write(now, events.DelayLiftProposed(why=_words(why, "why")))

    def agree_lift(self, case: str, by: str, at: datetime) -> Case:
        """Agree, as the second person, that the delay of the notice ends today."""
        now = self._now(case, by, at, Act.AGREE_LIFT)
        return self._write(now, events.DelayLifted(on=now.house.day(at)))

    def object(self, case: str, at: datetime, *, code: str, words: str, letter: str = "") -> Case:
        """At the person's door, with the code of a notice. letter: SHA-256 of a lawyer's letter."""
        house = self.house()
        found = self.case(case)
        if code not in {notice.code for notice in found.notices}:
            raise Refused("this code opens nothing here", place="code", hint="check it against the notice")
        if found.stage in cases.ENDED:
            raise Refused("this case is closed", hint="write to the address in the notice")
        said = [each.event for each in found.objections()]
        if found.objection is not None and (words.strip(), letter) in {
            (each.words, each.letter) for each in said
        }:
            raise Refused("this was said already, and will be answered", hint="nothing more is to be done")
        if letter and sum(bool(each.letter) for each in said if each.code == code) >= LETTERS:
            raise Refused("so many letters are kept from one door", place="letter", hint="send it by post")
        objected = Objected(words=_words(words, "words"), letter=letter, code=code)
        return self._append(found, house, PERSON_CONCERNED, at, objected)

    def record_objection(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        way: Way,
        words: str = "",
        letter: str = "",
        code: str = "",
    ) -> Case:
        """Record an objection that the person or their lawyer sent by post or mail. It stops a release like
        the one made at their door.

        words: what it says in short. letter: SHA-256 of it, where it is kept. code: SHA-256 of the code that
        it names, so that its holder reads the answer at their door; empty where it names none.
        """
        now = self._now(case, by, at, Act.RECORD_OBJECTION)
        if code and code not in {notice.code for notice in now.case.notices}:
            raise Refused(
                "no notice of this case has this code", place="code", hint="leave it out, or check the letter"
            )
        if not letter:
            words = _words(words, "words")
        elif letter in {each.event.letter for each in now.case.objections()}:
            raise Refused(
                "this very letter is recorded already", place="letter", hint="nothing is to be done"
            )
        return self._write(now, Objected(words=words.strip(), letter=letter, code=code, way=way))

    def answer_objection(
        self, case: str, by: str, at: datetime, *, upheld: bool, reason: str, in_part: bool = False
    ) -> Case:
        """Say whether the person is right, wholly or in part. reason: for the file; a letter answers them."""
        now = self._now(case, by, at, Act.ANSWER_OBJECTION)
        if in_part and not upheld:
            raise Refused("what is upheld in part is upheld", place="in_part", hint="say one of the two")
        answered = events.ObjectionAnswered(upheld=upheld, reason=_words(reason, "reason"), in_part=in_part)
        return self._write(now, answered)

    # ---- data are handed over ----

    def prepare(self, case: str, by: str, at: datetime, *, files: Sequence[Held]) -> Case:
        """Lay the files ready. Each belongs to an item that may be given, and none stands twice."""
        now = self._now(case, by, at, Act.PREPARE)
        most = {ruling.key: ruling.ceiling for ruling in now.case.reaching()}
        order = tuple(Ceiling)
        for held in files:
            if (held.target, held.item) not in most:
                raise Refused(
                    "this file is for an item of which nothing may be given",
                    place=held.name,
                    hint="leave it out; only what was decided is prepared",
                )
            if order.index(held.holds) > order.index(most[held.target, held.item]):
                raise Refused(
                    "this file holds more than was decided to be given",
                    place=held.name,
                    hint="take out what goes beyond it",
                )
            if not _SHA256.match(held.sha256) or held.size < 0:
                raise Refused("this is no file", place=held.name, hint="prepare it again")
            if any(
                each is not held
                and each.extract is not None
                and each.extract.original == held.sha256
                and (each.target, each.item) == (held.target, held.item)
                for each in files
            ):
                raise Refused(
                    "the whole table stands beside what was left of it",
                    place=held.name,
                    hint="leave the whole one out",
                )
        if len({held.sha256 for held in files}) != len(files):
            raise Refused("the same file stands twice", place="files", hint="leave one out")
        return self._write(now, events.FilesPrepared(files=tuple(files)))

    def approve_release(self, case: str, by: str, at: datetime) -> Case:
        now = self._now(case, by, at, Act.APPROVE_RELEASE)
        self._still_so(now.case, now.house, at)
        approved = events.ReleaseApproved(
            assessment=now.case.digest,
            version=now.case.version,
            files=now.case.files,
            lapses=limits.approval_lapses(at, now.house),
        )
        return self._write(now, approved)

    def release(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        files: Collection[str],
        package: str = "",
        stamp: Stamp | None = None,
        silent: str = "",
        unstamped: str = "",
    ) -> Case:
        """Hand over exactly what was approved.

        files: SHA-256 of what is in the sealed package, to be the very files approved. package: SHA-256 of
        the sealed package; empty only where there is no file. Everything is assessed again first.

        Where the house has its packages time-stamped, `stamp` is what it got; where it got none, `silent`
        says what happened and `unstamped` why it leaves all the same.
        """
        now = self._now(case, by, at, Act.RELEASE)
        approval = now.case.approval
        if approval is None:
            raise AssertionError("a release without approval passed the table of moves")
        if approval.assessment != now.case.digest or approval.version != now.case.version:
            raise Refused(
                "the approval is for another assessment or version of this request",
                hint="approve the release again",
            )
        if {held.sha256 for held in approval.files} != set(files) or approval.files != now.case.files:
            raise Refused(
                "these are not the files that were approved",
                place="files",
                hint="prepare and approve the files again",
            )
        if bool(approval.files) != bool(package):
            raise Refused("files leave sealed, and only sealed", place="package", hint="seal them first")
        asks = package and now.house.settings.timestamps is not None
        if asks and stamp is None and not (silent and unstamped.strip()):
            raise Refused(
                "this house has its packages time-stamped, and this one is not",
                place="unstamped",
                hint="hand it over again, or say why it leaves without",
            )
        again = self._still_so(now.case, now.house, at)
        released = events.Released(
            files=approval.files,
            assessment=digest(again),
            package=package,
            stamp=stamp,
            silent=silent if stamp is None else "",
            unstamped=unstamped.strip() if stamp is None and silent else "",
        )
        return self._write(now, released)

    def confirm_delivery(
        self,
        case: str,
        by: str,
        at: datetime,
        *,
        receipt: bytes | None = None,
        signature: bytes | None = None,
        who: str = "",
        how: str = "",
    ) -> Case:
        """Record that the package arrived.

        receipt, signature: the authority's receipt and its signature as they came, which are compared with
        what left; a receipt about anything else is refused. Without one it is the authority's word: who said
        so, and how.
        """
        now = self._now(case, by, at, Act.CONFIRM_DELIVERY)
        if receipt is None:
            if signature is not None:
                raise Refused("a signature came without the receipt it is of", place="receipt")
            said = events.DeliveryConfirmed(who=_words(who, "who"), how=_words(how, "how"))
            return self._write(now, said)
        found = delivery.read_receipt(receipt)
        gone = _gone(now.case, found)
        delivery.check_receipt(found, gone, now=at)
        key = ""
        if signature is not None:
            signer = delivery.signed_by(receipt, signature, _signing(now, gone.at))
            key = signer.fingerprint
        confirmed = events.DeliveryConfirmed(
            package=gone.sealed_sha256,
            sha256=hashlib.sha256(receipt).hexdigest(),
            signature=hashlib.sha256(signature).hexdigest() if signature is not None else "",
            key=key,
            who=found.received_by,
            received_at=found.received_at,
        )
        return self._write(now, confirmed)

    # ---- cases are arranged, and end ----

    def merge(self, case: str, by: str, at: datetime, *, into: str, why: str) -> Case:
        """Let this case go on in another one of the same requester."""
        now = self._now(case, by, at, Act.MERGE)
        other = self.case(into)
        said = _words(why, "why")
        if into == case or other.stage in cases.ENDED | cases.ANSWERED:
            raise Refused("a case is merged into another one that is open", place="into", hint="check the id")
        if other.request.requesting_state != now.case.request.requesting_state:
            raise Refused("these cases come from different states", place="into", hint="keep them apart")
        if now.case.held:
            raise Refused("data are held in this case", place="case", hint="merge the other one into it")
        if not asks_no_more(other, staying(now.case), same_ids=False):
            raise Refused(
                "the other case does not ask for all that this one asks for",
                place="into",
                hint="keep them apart, so that everything asked for gets its answer",
            )
        request = now.case.request
        # What it stated goes with it: no sign in its words is lost by sending the request twice.
        facts = tuple(dict.fromkeys((*request.earlier_facts, request.facts)))
        taken = events.MergeTaken(
            case=case, facts=facts, came=now.case.arrivals, takers=tuple(sorted(now.case.takers))
        )
        along = goes_into(now.case, other, at)
        _other, takes = self._changed(now.house, into, other, by, at, taken, *along)
        merged, goes = self._changed(now.house, case, now.case, by, at, events.Merged(into=into, why=said))
        self._records.append(self.organisation, goes, takes)
        return merged

    def split(
        self, case: str, by: str, at: datetime, *, targets: Sequence[str], into: str
    ) -> tuple[Case, Case]:
        """Let some targets go on in the new case `into`; answers with both, the new one last."""
        now = self._now(case, by, at, Act.SPLIT)
        known_targets(now.case, targets)
        request = now.case.request
        staying = {target for target, _item in now.case.asked()} - set(targets)
        if not targets or not staying:
            raise Refused("some targets go and some stay", place="targets", hint="choose not all of them")
        if not set(targets).isdisjoint(each for notice in now.case.notices for each in notice.targets):
            raise Refused(
                "whoever is behind this target was told in this case, and can object here",
                place="targets",
                hint="leave it here, and let others go on in a case of their own",
            )
        part = msgspec.structs.replace(
            request, id=into, targets=tuple(each for each in request.targets if each.id in targets)
        )
        self._takeable(into, part)
        new, begins = self._changed(
            now.house,
            into,
            None,
            by,
            at,
            events.Received(
                request=part,
                door=now.case.door,
                source=now.case.versions[-1].source,
                zone=now.case.zone,
                split_from=case,
                taken_in_by=now.case.received_by,
                takers=tuple(sorted(now.case.takers - {now.case.received_by})),
                came=now.case.arrivals,
            ),
            *goes_along(now.case, set(targets), at),
        )
        off = events.SplitOff(targets=tuple(targets), into=into)
        left, goes = self._changed(now.house, case, now.case, by, at, off)
        self._records.append(self.organisation, goes, begins)
        return left, new

    def close(self, case: str, by: str, at: datetime, *, words: str = "") -> Case:
        return self._write(self._now(case, by, at, Act.CLOSE), events.Closed(words=words.strip()))

    def reopen(self, case: str, by: str, at: datetime, *, why: str) -> Case:
        return self._write(self._now(case, by, at, Act.REOPEN), events.Reopened(why=_words(why, "why")))

    def retain(self, case: str, by: str, at: datetime, *, until: date | None, why: str) -> Case:
        """Keep the file from being erased until a day; None lifts that."""
        now = self._now(case, by, at, Act.RETAIN)
        return self._write(now, events.Retained(until=until, why=_words(why, "why")))

    def erase(self, case: str, by: str, at: datetime, *, why: str) -> Case:
        """Record the erasure. The keys are destroyed by the store, right after this stands."""
        now = self._now(case, by, at, Act.ERASE)
        return self._write(now, events.Erased(why=_words(why, "why")))

    def warn(self, case: str, at: datetime, *, clock: str, due: datetime) -> Case:
        """By the clock: a time limit came near or passed. Nothing else follows by itself."""
        found = self.case(case)
        if found.stage is cases.Stage.ERASED:
            raise Refused("this case was erased", place=case, hint="nothing is to be done")
        return self._append(found, self.house(), CLOCK, at, events.Warned(clock=clock, due=due))

    # ---- the house ----

    def found(self, at: datetime, *, person: str, title: str, settings: events.Configured) -> House:
        """Open a house that does not exist yet, with its first administrator."""
        if self.house().length:
            raise Refused("this house exists already", place=self.organisation, hint="sign in to it")
        admitted = events.PersonAdmitted(
            person=name_of(person), title=_words(title, "title"), roles=(Role.ADMINISTRATOR,)
        )
        workable(settings, at, opened=False)
        return self._append_house(self.house(), person, at, settings, admitted)

    def admit(
        self,
        by: str,
        at: datetime,
        *,
        person: str,
        title: str,
        roles: Collection[Role],
        partner: str = "",
        why: str = "",
    ) -> House:
        """Let somebody in, or propose it: at once before the first request came in. From then on it is
        proposed with a reason, and done when a second person confirms it."""
        house = self._proposing(by, at)
        admitted = events.PersonAdmitted(
            person=name_of(person),
            title=_words(title, "title"),
            roles=roles_of(roles),
            partner=partner.strip(),
        )
        self._doable(house, at, admitted)
        return self._append_house(house, by, at, _proposed(house, at, admitted, why))

    def change_roles(
        self, by: str, at: datetime, *, person: str, roles: Collection[Role], why: str = ""
    ) -> House:
        """Give somebody these roles instead of those they have. To give one more is proposed as letting
        somebody in is; only to take some away is done at once."""
        house = self._run(by, at)
        known = house.person(person)
        if person == by:
            raise Refused("nobody changes their own roles", place="person", hint="ask another administrator")
        changed = events.RolesChanged(person=person, roles=roles_of(roles))
        self._doable(house, at, changed)
        if known.roles.issuperset(changed.roles):
            return self._append_house(house, by, at, changed)
        permit(may(house.person(by), Act.PROPOSE, None, house, at))
        return self._append_house(house, by, at, _proposed(house, at, changed, why))

    def invite_account(self, by: str, at: datetime, *, person: str, why: str = "") -> House:
        """Let the account of somebody here begin, or begin anew; proposed as letting somebody in is. What
        becomes of the account itself is for the pages."""
        house = self._proposing(by, at)
        invited = events.AccountInvited(person=person)
        self._doable(house, at, invited)
        return self._append_house(house, by, at, _proposed(house, at, invited, why))

    def state_absence(
        self, by: str, at: datetime, *, person: str, since: date, until: date, deputy: str = ""
    ) -> House:
        """Everybody states their own; an administrator anybody's."""
        house = self.house()
        if person != by:
            permit(may(house.person(by), Act.RUN_HOUSE, None, house, at))
        if house.person(person).left:
            raise Refused("this person has left the house", place="person", hint="nothing is to be stated")
        if until < since:
            raise Refused("the absence ends before it begins", place="until", hint="check the two days")
        if deputy and (deputy == person or house.person(deputy).left):
            raise Refused("this deputy is not here either", place="deputy", hint="name another colleague")
        stated = events.AbsenceStated(person=person, since=since, until=until, deputy=deputy)
        return self._append_house(house, by, at, stated)

    def dismiss(self, by: str, at: datetime, *, person: str) -> House:
        house = self._run(by, at)
        self._keep_two(house, house.person(person), ())
        return self._append_house(house, by, at, events.PersonLeft(person=person))

    def register_key(self, by: str, at: datetime, *, key: RegisteredKey, why: str = "") -> House:
        """A key of an authority, whose fingerprint somebody compared with it on another road.

        Before the first request came in it is registered at once. From then on it is proposed with a reason,
        and registered when a second person confirms it.
        """
        house = self._proposing(by, at)
        sealable(key, at)
        change = events.KeyRegistered(key=key, alone=not house.opened)
        return self._append_house(house, by, at, _proposed(house, at, change, why))

    def configure(self, by: str, at: datetime, *, settings: events.Configured, why: str = "") -> House:
        """Change the settings, as a whole; at once or as a proposal, as with a key."""
        house = self._proposing(by, at)
        workable(settings, at, opened=house.opened)
        return self._append_house(house, by, at, _proposed(house, at, settings, why))

    def confirm(self, by: str, at: datetime, *, proposal: int) -> House:
        """Agree to what an administrator proposed, as a second person, under the number of that event. It
        takes effect now, so everything it has to meet is looked at again."""
        house = self.house()
        found = house.proposal(proposal)
        permit(may_confirm(house.person(by), found, house, at))
        self._doable(house, at, found.change)
        return self._append_house(house, by, at, events.Confirmed(proposal=proposal), found.change)

    def decline(self, by: str, at: datetime, *, proposal: int, why: str) -> House:
        """Take a proposal back, do not agree to a colleague's, or stop what is about oneself."""
        house = self.house()
        permit(may_decline(house.person(by), house.proposal(proposal), house))
        return self._append_house(house, by, at, events.Declined(proposal=proposal, why=_words(why, "why")))

    def keep_log(self, by: str, at: datetime, *, settings: events.LogConfigured, why: str = "") -> House:
        """Say how the public log of the house is kept, as a whole; at once or as a proposal, as with a key.
        Its origin stays as it was first named."""
        house = self._proposing(by, at)
        keepable(settings, house)
        return self._append_house(house, by, at, _proposed(house, at, settings, why))

    # ---- stories of refused requests, for the report ----

    def write_story(
        self, by: str, at: datetime, *, half: str, ground: str, texts: Mapping[str, str]
    ) -> House:
        """Tell a refused request in a few words for the report of a half of a year. A second person approves
        it before any report takes it."""
        house = self.house()
        permit(may(house.person(by), Act.TELL, None, house, at))
        written = events.StoryWritten(half=half, ground=ground, texts=dict(texts))
        tellable(written)
        return self._append_house(house, by, at, written)

    def approve_story(self, by: str, at: datetime, *, story: int) -> House:
        """Approve a story as it stands, under the number of the event that wrote it: that nobody can be
        recognised in it. Whoever would have it otherwise drops it and writes another."""
        house = self.house()
        permit(may_approve(house.person(by), house.story(story), house, at))
        return self._append_house(house, by, at, events.StoryApproved(story=story))

    def drop_story(self, by: str, at: datetime, *, story: int, why: str) -> House:
        """Let a story stand in no report from here on. One that was published stays where it is."""
        house = self.house()
        permit(may(house.person(by), Act.TELL, None, house, at))
        dropped = events.StoryDropped(story=house.story(story).number, why=_words(why, "why"))
        return self._append_house(house, by, at, dropped)

    # ---- how it is done ----

    def _now(self, case: str, by: str, at: datetime, act: Act) -> _Now:
        house = self.house()
        person = house.person(by)
        found = self.case(case)
        if self._seen is not None and found.length != self._seen:
            raise Conflict(
                "this case changed while you looked at it", place=case, hint="look again, then repeat"
            )
        permit(may(person, act, found, house, at))
        return _Now(case=found, person=person, house=house, at=at)

    def _run(self, by: str, at: datetime) -> House:
        house = self.house()
        permit(may(house.person(by), Act.RUN_HOUSE, None, house, at))
        return house

    def _proposing(self, by: str, at: datetime) -> House:
        house = self.house()
        permit(may(house.person(by), Act.PROPOSE, None, house, at))
        return house

    def _doable(self, house: House, at: datetime, change: events.Proposable) -> None:
        """Raises Refused where what is proposed or confirmed could not be, as the house stands."""
        match change:
            case events.PersonAdmitted() as admitted:
                if admitted.person in house.people:
                    raise Refused(
                        "somebody of that name is here already", place="person", hint="choose another"
                    )
                from_a_partner(admitted.roles, admitted.partner)
            case events.RolesChanged() as changed:
                known = house.person(changed.person)
                self._keep_two(house, known, changed.roles)
                from_a_partner(changed.roles, known.partner)
            case events.AccountInvited() as invited:
                if house.person(invited.person).left:
                    raise Refused("this person has left the house", place="person", hint="admit them anew")
            case events.KeyRegistered() as registered:
                sealable(registered.key, at)
            case events.LogConfigured() as kept:
                keepable(kept, house)
            case settings:
                workable(settings, at, opened=house.opened)

    def _keep_two(self, house: House, person: Person, roles: Collection[Role]) -> None:
        """Raises Refused where nobody would run the house any more, or nobody be there as the second: one
        administrator could otherwise send everybody away and be alone with the house again."""
        less = msgspec.structs.replace(person, roles=frozenset(roles))
        after = msgspec.structs.replace(house, people={**house.people, person.id: less})
        run = [each for each in after.people.values() if each.has(Role.ADMINISTRATOR)]
        if not run and person.has(Role.ADMINISTRATOR):
            raise Refused("a house keeps one administrator", place="person", hint="name another one first")
        if house.opened and not any(after.seconds(each.id) for each in run):
            raise Refused(
                "a house keeps somebody who can confirm what an administrator proposes",
                place="person",
                hint="admit somebody first",
            )

    def _going_on(self, ids: Iterable[str]) -> Case | None:
        """The first of these cases that nobody has answered yet, or the one in which it goes on."""
        for id in ids:
            try:
                found = self.case(id)
                while found.stage is cases.Stage.MERGED:
                    found = self.case(found.merged_into)
            except Refused:  # erased, or unreadable: a request is taken in whatever became of another case
                continue
            if found.stage not in cases.ENDED | cases.ANSWERED:
                return found
        return None

    def _takeable(self, case: str, request: Request) -> None:
        """Raises Refused where no case can begin with this request under this id."""
        if case == HOUSE or self._records.load(self.organisation, case):
            raise Refused("a case of that id exists already", place="case", hint="choose another id")
        if not request.targets:
            raise Refused("the request names no target", place="targets", hint="ask whose data is meant")
        supposes_nothing(request)
        check(request)

    def _judged(self, case: Case, house: House, at: datetime) -> Assessment:
        on = at.date()
        knowledge = Knowledge(
            identification=case.identification(on) if case.evidence else None,
            accounts=case.accounts,
            suspended=frozenset(house.settings.suspended),
            as_if_in_force=house.settings.as_if_in_force,
        )
        return self._judge(staying(case), on=on, seat=house.seat(case.request), knowledge=knowledge)

    def _still_so(self, case: Case, house: House, at: datetime) -> Assessment:
        """Assess again, and refuse where anything that justified the decision is no longer so."""
        before = case.assessment
        if before is None or not case.current:
            raise Refused("this version of the request was not assessed", hint="assess it first")
        again = self._judged(case, house, at)
        if again.versions != before.versions:
            raise Refused(
                "law, rules or policy changed since this case was assessed",
                hint="assess and review it again",
            )
        if again.supposed:
            raise Refused(
                "this rests on something that is only supposed, and nothing leaves on a supposition",
                place="assessment",
                hint="assess it on what is known and in force",
            )
        if not house.configured:
            raise Refused("this house has not said where it sits", hint="have the administrator set its seat")
        if again.seat != before.seat:
            raise Refused("the house sits elsewhere since then", hint="assess and review it again")
        if again.decision != before.decision or again.items != before.items:
            raise Refused(
                f"assessed today, the recommendation is another: {again.decision}",
                place="assessment",
                hint="assess and review it again",
            )
        if again.conditions != before.conditions:
            raise Refused(
                "the conditions of this case are others now",
                place="assessment",
                hint="assess and review it again",
            )
        known = {finding.check: _blocks(finding) for finding in before.findings}
        newer = [each for each in again.findings if _blocks(each) > known.get(each.check, Consequence.NONE)]
        if newer:
            raise Refused(newer[0].sentence, place=newer[0].check, hint="assess and review it again")
        return again

    def _write(self, now: _Now, *new: Event) -> Case:
        return self._append(now.case, now.house, now.person.id, now.at, *new)

    def _append(self, case: Case, house: House, by: str, at: datetime, *new: Event) -> Case:
        changed, change = self._changed(house, case.id, case, by, at, *new)
        self._records.append(self.organisation, change)
        return changed

    def _changed(
        self, house: House, id: str, before: Case | None, by: str, at: datetime, *new: Event
    ) -> tuple[Case, Change]:
        """The case after these events, and what is to be written for that."""
        history = before.history if before is not None else ()
        added = _recorded(history, by, at, new)
        case = cases.fold(self.organisation, id, (*history, *added))
        row, search, jobs = queue.folded(case, house, at)
        said = tuple(public.entries(before, case, added))
        return case, Change(id, len(history), added, row, search, jobs, said)

    def _append_house(self, house: House, by: str, at: datetime, *new: Event) -> House:
        changed, change = self._house_changed(house, by, at, *new)
        self._records.append(self.organisation, change)
        return changed

    def _opens(self, house: House, by: str, at: datetime) -> Change:
        """The first request came in; it waits for no clock that ran ahead when the house was changed."""
        last = self._records.load(self.organisation, HOUSE)[-1].at
        return self._house_changed(house, by, max(at, last), events.Opened())[1]

    def _house_changed(self, house: House, by: str, at: datetime, *new: Event) -> tuple[House, Change]:
        history = self._records.load(self.organisation, HOUSE)
        if len(history) != house.length:
            raise Conflict("the house was changed meanwhile", hint="look again, then repeat")
        added = _recorded(history, by, at, new)
        changed = people.fold(self.organisation, (*history, *added))
        said = public.suspensions(house.settings.suspended, changed.settings.suspended, at)
        return changed, Change(HOUSE, len(history), added, public=tuple(said))


class _Now(msgspec.Struct, frozen=True, kw_only=True):
    """Who is doing something to what, when: permitted."""

    case: Case
    person: Person
    house: House
    at: datetime


def _recorded(
    history: tuple[Recorded, ...], by: str, at: datetime, new: Sequence[Event]
) -> tuple[Recorded, ...]:
    if at.utcoffset() != timedelta(0):
        raise ValueError("time is an instant in UTC")
    if history and at < history[-1].at:
        raise Refused("the clock of this machine went back", hint="set the clock; nothing was written")
    return tuple(
        Recorded(number=len(history) + each, at=at, by=by, event=event)
        for each, event in enumerate(new, start=1)
    )


def _notified(telling: Telling, now: _Now) -> tuple[Event, Event]:
    """The notice, and its letter in the file."""
    if telling.kind not in NOTICES or not _SHA256.match(telling.letter):
        raise Refused("there is no letter to this notice", place="letter", hint="write it first")
    return (
        events.Notified(
            targets=(telling.target,),
            code=_words(telling.code, "code"),
            waits_until=limits.waiting_ends(now.at, now.house),
            letter=telling.letter,
        ),
        events.LetterWritten(
            letter=telling.kind,
            language=telling.language,
            sha256=telling.letter,
            about=(telling.target,),
        ),
    )


def _sent(now: _Now, notice: cases.Notice | None, way: Sending, on: date) -> Event:
    if notice is None:
        raise Refused(
            "no notice to this person waits to be sent", place="targets", hint="open the case again"
        )
    today = now.house.day(now.at)
    if not now.house.day(notice.at) <= on <= today:
        raise Refused(
            "a notice goes out after it was written, and nobody knows the future",
            place="on",
            hint="state the day on which it went",
        )
    delay = now.case.delay
    since = delay.agreed if delay is not None and now.case.delayed(notice.targets, today) else None
    if delay is not None and since is not None and on > now.house.day(since):
        raise Refused(
            f"a delay of the notice stands until {delay.ends}",
            place="on",
            hint="keep the notice back; counsel and a second person can lift the delay",
        )
    went = limits.sent_at(on, now.at, now.house)
    return events.NoticeSent(
        targets=notice.targets,
        code=notice.code,
        letter=notice.letter,
        way=way,
        on=on,
        since=went,
        waits_until=max(notice.waits_until, limits.waiting_ends(went, now.house)),
    )


def _along(case: Case, files: Sequence[Enclosed]) -> tuple[Event, ...]:
    """What is recorded of files that came with a version of the request."""
    found = whole_files(files)
    return _new_files(case, (events.Attached(files=found),)) if found else ()


def _new_files(case: Case, along: tuple[events.Attached, ...]) -> tuple[events.Attached, ...]:
    """The same, without the files that the case has already: what came twice is kept once."""
    here = {file.sha256 for file in case.files_kept}
    left = tuple(file for each in along for file in each.files if file.sha256 not in here)
    return (events.Attached(files=left),) if left else ()


def _live_hold(case: Case, id: str) -> cases.Hold:
    hold = case.hold(id)
    if hold.ended is not None:
        raise Refused("this hold has ended already", place=id, hint="place a new one")
    return hold


def _colleague(now: _Now, to: str) -> None:
    if to and not now.house.person(to).has(*events.WORKS):
        raise Refused("this person does not work on cases", place="to", hint="choose a colleague")


def _proposed(
    house: House,
    at: datetime,
    change: events.Proposable,
    why: str,
) -> Event:
    """The change itself while the house is set up by one, afterwards the proposal of it."""
    if not house.opened:
        return change
    return events.Proposed(change=change, why=_words(why, "why"), lapses=at + people.PROPOSED_FOR)


def _gone(case: Case, receipt: delivery.Receipt) -> delivery.Gone:
    """The package that this receipt names, otherwise the one that left last. Raises Refused where none left:
    an answer alone has no receipt."""
    left = [
        delivery.Gone(case.id, each.event.package, each.at)
        for each in case.history
        if isinstance(each.event, events.Released) and each.event.package
    ]
    if not left:
        raise Refused(
            "no package left, so there is none that a receipt could be of",
            place="receipt",
            hint="record who said that the answer arrived, and how",
        )
    return next((each for each in left if each.sealed_sha256 == receipt.sealed_sha256.lower()), left[-1])


def _signing(now: _Now, left: datetime) -> tuple[RegisteredKey, ...]:
    """The keys of this authority that served on the day the package left, or that serve today."""
    request = now.case.request
    if request.issuing is None or request.requesting_state is None:
        return ()
    known = now.house.keys_for(request.issuing.name, request.requesting_state)
    return tuple(each for each in known if any(_serves(each, day) for day in (left.date(), now.at.date())))


def _serves(key: RegisteredKey, on: date) -> bool:
    try:
        check_keys((key,), authority=key.authority, state=key.state, on=on)
    except Refused:
        return False
    return True


def _words(words: str, place: str) -> str:
    said = words.strip()
    if not said:
        raise Refused("this needs a word of explanation", place=place, hint="write a sentence")
    return said


def _blocks(finding: Finding) -> Consequence:
    """What follows from a finding, where that is more than to give less, to set a condition or to note."""
    follows = Consequence.read(finding.house, "answer")
    blocks = finding.outcome != "met" and follows > Consequence.NARROW
    return follows if blocks else Consequence.NONE

"""Which time limits run in a case now: the clocks of `habeas.desk.clocks` put to what happened.

Nothing happens here because a date passed. A limit that is near or over asks a person to look (`chores`),
and keeps a door shut as long as it bars (`habeas.desk.moves` asks the same limits).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from habeas.assess import seat_of
from habeas.desk import clocks, terms
from habeas.desk.calendars import Calendar
from habeas.desk.case import ANSWERED, ENDED, Case, Hold, Stage
from habeas.desk.clocks import (
    Cause,
    Chore,
    DayInterval,
    Limit,
    Moment,
    Pause,
    Reading,
    Reckoning,
    When,
    reckon,
)
from habeas.desk.events import (
    Arrival,
    Event,
    Happened,
    Happening,
    HoldExtended,
    LetterWritten,
    Prolonged,
    Warned,
)
from habeas.desk.letters.model import Kind
from habeas.desk.people import House
from habeas.request import Measure, Request
from habeas.treaty import Arrival as Came
from habeas.treaty import Bound, Certainty, Unit

LATE_VALIDATION = frozenset({"eu-e-evidence"})  # instruments whose emergency orders are validated afterwards

_RECORDED = {
    str(each): each
    for each in (
        Happening.RECOGNITION_DECIDED,
        Happening.ORDER_SERVED,
        Happening.ENFORCEMENT_ASKED,
        Happening.NOTIFIED,
    )
}
"""What a limit runs from and somebody has to record, by the name it has in the law files."""
_LAST = timedelta(microseconds=1)  # what ends with a day ends at the first instant of the next
_AUTHORITY = (Happening.NOT_NOTIFIED, Happening.NO_GROUND, Happening.GROUND)
_THEIR_WISH = "The requester states this day. It is a wish unless an article makes it a duty."
_THEIR_ORDER = "The order sets this day: before it ends, comply as narrowed, challenge it or seek delay."
_SPOKE = (Happening.NO_GROUND, Happening.GROUND)
_LATER = {
    Prolonged.DECISION: ("eu-eio:12(5)", Certainty.SEEN),
    Prolonged.EXECUTION: ("eu-eio:12(6)", Certainty.MEMORY),
}
"""By what a time may be longer, where the issuing authority is told why."""
_MEETS = {"eio-recognition": Happening.RECOGNITION_DECIDED, "2ap-service": Happening.ORDER_SERVED}
"""What is done by an event short of the answer."""
_ACKNOWLEDGES = frozenset({"eio-acknowledge"})
_REMINDS = frozenset({Kind.CLARIFICATION, Kind.NARROWER_PROPOSAL})


def of(case: Case, house: House) -> tuple[Reckoning, ...]:
    """Every limit of this case, running, stopped, met or over, the one that ends first first."""
    found = list(_Reader(case, house).limits())
    return tuple(sorted(found, key=lambda each: (each.due is None, each.due, each.id)))


def running(case: Case, house: House, at: datetime) -> tuple[Reckoning, ...]:
    """Those that still ask for something at `at`."""
    return tuple(each for each in of(case, house) if each.state(at) is not clocks.State.MET)


def asking(case: Case, house: House) -> tuple[Reckoning, ...]:
    """The limits that ask something of people. A case that ended asks only for the end of its file."""
    return tuple(_Reader(case, house).end()) if case.stage in ENDED else of(case, house)


def chores(case: Case, reckonings: tuple[Reckoning, ...], at: datetime) -> tuple[Chore, ...]:
    """What these limits of a case ask of people, now and later, without what was seen to already."""
    done = {(each.event.clock, each.event.due) for each in case.history if isinstance(each.event, Warned)}
    return clocks.chores(reckonings, at, done=done)


def floors(case: Case, house: House, at: datetime) -> tuple[Reckoning, ...]:
    """Limits before whose end no answer may leave, and which still bar it at `at`."""
    return tuple(each for each in _Reader(case, house).answers() if each.barred(at))


def waiting_ends(notice: datetime, house: House) -> datetime:
    """The end of the time between a notice that went out at `notice` and anything handed over."""
    ends = _house(clocks.waiting(house.settings.times), notice, house).not_before
    if ends is None:
        raise AssertionError("a waiting time has an amount")
    return ends


def sent_at(on: date, known: datetime, house: House) -> datetime:
    """When a notice went out of which somebody said at `known` that it was on that day: at its end."""
    return min(known, DayInterval(on, house.settings.zone).latest - timedelta(microseconds=1))


def approval_lapses(approved: datetime, house: House) -> datetime:
    ends = _house(clocks.approval(house.settings.times), approved, house).not_after
    if ends is None:
        raise AssertionError("an approval has an amount")
    return ends


def retention_ends(case: Case, house: House) -> datetime | None:
    """When a closed file may be erased; None while it is open or somebody retains it without an end."""
    if case.closed_at is None:
        return None
    return _house(clocks.retention(house.settings.times), case.closed_at, house).due


def hold_until(case: Case, placed: datetime, house: House) -> datetime:
    """How long a hold lasts by the rule of what asks for it (`clocks.hold`)."""
    reader = _Reader(case, house)
    return _end(reader.kept(reader.rule(), placed))


def hold_most(case: Case, at: datetime, house: House) -> datetime:
    """To when a hold can be extended at `at`: under a European Preservation Order by thirty days, once, if
    they are asked for in time; otherwise for ninety days more (`clocks.renewal`)."""
    reader = _Reader(case, house)
    rule = reader.rule()
    if rule.extension is not None:
        return _end(reader.kept(rule, at, extended=at))
    return _end(_house(clocks.renewal(house.settings.times), at, house))


def _end(reckoning: Reckoning) -> datetime:
    if reckoning.due is None:
        raise AssertionError("a time of so many days has an end")
    return reckoning.due


def arrived(case: Case, house: House, *, floor: bool = False) -> When:
    """When what is answered here came: as whoever took it in stated it, otherwise on the earlier day that the
    request states for it, or at the instant it was recorded. A day whose hour nobody stated is all of it.

    Of several requests in one case the first counts for a duty, the last for a time of waiting (`floor`).
    """
    came = [_came(each, house) for each in case.arrivals]
    if floor:
        return max(came, key=lambda each: each.latest)
    return min(came, key=lambda each: each.earliest)


def received_on(case: Case, house: House) -> date:
    """The day on which this request itself reached us, as letters name it."""
    return house.day(_came(case.arrivals[0], house).earliest)


def _came(arrival: Arrival, house: House) -> When:
    zone, stated = house.settings.zone, arrival.stated
    if stated is not None:
        if stated.at is not None:
            return Moment(stated.at, stated.zone)
        day = DayInterval(stated.on, stated.zone)
        return day if day.latest <= arrival.at else Moment(arrival.at, zone)
    if arrival.on is not None and arrival.on != arrival.at.date():
        day = DayInterval(arrival.on, zone)
        if day.latest <= arrival.at:
            return day
    return Moment(arrival.at, zone)


def recordable(case: Case, house: House) -> tuple[Happening, ...]:
    """What can be recorded in this case because a time limit turns on it; after a release only what a
    notified authority says in an emergency, whose time then still runs."""
    found: list[Happening] = []
    for limit in _Reader(case, house).law(corrected=True):
        if case.stage is Stage.RELEASED and limit.id != clocks.OBJECTION:
            continue
        if limit.start in _RECORDED:
            found.append(_RECORDED[limit.start])
        if limit.id in _MEETS:
            found.append(_MEETS[limit.id])
        if limit.id in (clocks.NOTIFIED_WAIT, clocks.OBJECTION):
            found += _AUTHORITY
    return tuple(dict.fromkeys(found))


def ground_stands(case: Case, house: House) -> bool:
    """Whether in an emergency a notified authority objects to the use of the data, within its 96 hours as far
    as anybody knows when they began, and has not taken that back. Outside of one a floor bars (`floors`)."""
    reader, raised = _Reader(case, house), grounds_raised(case)
    for limit in reader.law(corrected=True) if raised else ():
        if limit.id == clocks.OBJECTION:
            ends = reader.reckoned(limit).not_after
            return ends is None or any(reader.happened_at(each).earliest <= ends for each in raised)
    return False


def grounds_raised(case: Case) -> tuple[Happened, ...]:
    """The grounds that a notified authority raised and has not taken back: one raised late makes none late
    that was raised in time."""
    found: list[Happened] = []
    for each in case.history:
        match each.event:
            case Happened(what=Happening.GROUND) as ground:
                found.append(ground)
            case Happened(what=Happening.NOT_NOTIFIED | Happening.NO_GROUND):
                found = []
    return tuple(found)


class Longer(NamedTuple):
    """ends: the last day of a time as it stands. most: the last that it may take; None where none is set."""

    ends: date
    most: date | None


def prolongable(case: Case, house: House, at: datetime) -> dict[Prolonged, Longer]:
    """What may take longer than its time here, as long as that runs at `at`: a decision thirty days, to carry
    it out as long as its issuing authority is consulted on."""
    reader, found = _Reader(case, house), dict[Prolonged, Longer]()
    for limit in reader.law():
        now = reader.reckoned(limit)
        if limit.id not in list(Prolonged) or now.due is None or at >= now.due or now.met is not None:
            continue
        longest = reader.reckoned(limit, longest=True) if limit.extension is not None else None
        found[Prolonged(limit.id)] = Longer(
            house.day(now.due - _LAST), house.day(_end(longest) - _LAST) if longest is not None else None
        )
    return found


def reply(case: Case, house: House) -> Reckoning | None:
    """The time that the requester has for what we asked last, as its letter says; None where nothing was
    asked."""
    return next(_Reader(case, house).replies(), None)


def reply_by(case: Case, house: House, at: datetime) -> date:
    """The day by which a letter of `at` asks for an answer; of a moment (`reply_at`) that in UTC."""
    urgent = reply_at(case, house, at)
    return urgent.date() if urgent is not None else _last_day(_reply_limits(case, house)[0], at, house)


def reply_at(case: Case, house: House, at: datetime) -> datetime | None:
    """The moment by which a letter of `at` asks for an answer, in UTC, where hours are counted."""
    limit = _reply_limits(case, house)[0]
    return _end(_house(limit, at, house)) if limit.unit is Unit.HOURS else None


def opinion_by(house: House, at: datetime) -> date:
    """The day by which an expert who is invited at `at` is asked for an opinion: the house's own time."""
    return _last_day(clocks.replies("", False, house.settings.times)[0], at, house)


def _reply_limits(case: Case, house: House) -> tuple[Limit, ...]:
    return clocks.replies(case.request.instrument, case.emergency, house.settings.times)


def _last_day(limit: Limit, start: datetime, house: House) -> date:
    return house.day(_end(_house(limit, start, house)) - timedelta(microseconds=1))


def asked_again(case: Case) -> bool:
    """Whether the requester was written to more than once about what was asked last."""
    since = case.pauses[-1].since if case.pauses else case.received
    return sum(_reminds(each.event) and each.at >= since for each in case.history) > 1


def _reminds(event: Event) -> bool:
    return isinstance(event, LetterWritten) and event.letter in _REMINDS


def _house(limit: Limit, start: datetime, house: House) -> Reckoning:
    zone = house.settings.zone
    return reckon(limit, Moment(start, zone), calendar=house.calendar, zone=zone)


class _Reader:
    """One case, read for its limits."""

    def __init__(self, case: Case, house: House) -> None:
        self.case = case
        self.house = house
        self.zone = house.settings.zone
        self.calendar: Calendar = house.calendar
        self.arrived = arrived(case, house)
        self.pauses = tuple(self._pauses())

    def limits(self) -> Iterator[Reckoning]:
        if self.case.stage is Stage.ERASED:
            return
        yield from self.answers()
        yield from self._asked_until()
        yield from self.replies()
        yield from self._holds()
        yield from self._notice()
        yield from self._release()
        yield from self.end()

    def _moment(self, at: datetime, zone: str = "") -> Moment:
        return Moment(at, zone or self.zone)

    def _when(self, at: datetime | None) -> Moment | None:
        return None if at is None else self._moment(at)

    def _reckon(
        self,
        limit: Limit,
        start: When | datetime | None,
        *,
        met: datetime | None = None,
        subject: str = "",
    ) -> Reckoning:
        return reckon(
            limit,
            self._moment(start) if isinstance(start, datetime) else start,
            calendar=self.calendar,
            zone=self.zone,
            pauses=self.pauses,
            met=self._when(met),
            subject=subject,
        )

    def _pauses(self) -> Iterator[Pause]:
        for pause in self.case.pauses:
            yield Pause(cause=Cause.QUESTION, since=self._moment(pause.since), until=self._when(pause.until))
        for pause in terms.offers(self.case):
            yield Pause(
                cause=Cause.CONDITIONS, since=self._moment(pause.since), until=self._when(pause.until)
            )
        if self.case.request.measure is not Measure.PRESERVATION:
            yield Pause(
                cause=Cause.DISCLOSURE_PENDING,
                since=self._moment(self.arrived.earliest),
                until=self._when(self.case.answered),
            )
        yield from self._ground()
        if self.case.retain_until is not None and self.case.closed_at is not None:
            yield Pause(
                cause=Cause.LEGAL_HOLD,
                since=self._moment(self.case.closed_at),
                until=Moment(DayInterval(self.case.retain_until, self.zone).latest, self.zone),
            )

    def _ground(self) -> Iterator[Pause]:
        """A ground that the notified authority raised bars the answer until it raises none any more."""
        recorded = [each for each in self.case.history if isinstance(each.event, Happened)]
        since: Moment | None = None
        for each in recorded:
            match each.event:
                case Happened(what=Happening.GROUND) if since is None:
                    since = self._moment(min(each.at, self.happened_at(each.event).earliest))
                case Happened(what=Happening.NOT_NOTIFIED | Happening.NO_GROUND) if since is not None:
                    yield Pause(cause=Cause.GROUND_RAISED, since=since, until=self._moment(each.at))
                    since = None
        if since is not None:
            yield Pause(cause=Cause.GROUND_RAISED, since=since)

    def law(self, *, corrected: bool = False) -> tuple[Limit, ...]:
        """The limits of the instrument that an answer runs under. corrected: also those that fell away
        because somebody recorded that no authority was notified, which can be a mistake."""
        request, said = self.case.request, self.case.happened(*_AUTHORITY)
        return clocks.answer_limits(
            request.instrument,
            request.measure,
            [item.category for target in request.targets for item in target.items],
            self.house.seat(request).role,
            self.case.emergency,
            notified=False if not corrected and said and said[1].what is Happening.NOT_NOTIFIED else None,
            house=self.house.settings.times,
        )

    def answers(self) -> Iterator[Reckoning]:
        """The answer: counted from what its rule names, stopped by questions where its article says so; by
        the house's own time where no law clocks it."""
        case = self.case
        found = [self.reckoned(each) for each in self.law()]
        wait = next((each for each in found if each.limit.id == clocks.NOTIFIED_WAIT), None)
        if wait is not None and wait.met is None:
            found = [late for each in found if (late := self._after(wait, each)) is not None]
        yield from found
        tasks = {each.limit.task for each in found if each.start is not None}
        if tasks.isdisjoint({clocks.Task.ANSWER_OVERDUE, clocks.Task.MAY_ANSWER}):
            limit = clocks.house_answer(case.emergency, self.house.settings.times)
            yield self._reckon(limit, case.reopened_at or self.arrived, met=case.answered)
        if _validated_afterwards(case):
            met = next((each.at for each in case.history if each.event.kind == "validated"), None)
            yield late_validation(case, self.house, met)

    def reckoned(self, limit: Limit, *, longest: bool = False) -> Reckoning:
        """A limit of the instrument, as long as the issuing authority was told that it takes. longest: as
        long as its law lets it be made, whatever they were told so far."""
        start, met = self._start(limit), self._met(limit)
        if longest and start is not None:
            return reckon(
                limit,
                start,
                calendar=self.calendar,
                zone=self.zone,
                extended=self._moment(start.earliest),
            )
        told = self.case.more_time(Prolonged(limit.id)) if limit.id in list(Prolonged) else None
        if told is not None and start is not None:
            article, certainty = _LATER[told[1].limit]
            until = self._moment(DayInterval(told[1].until, self.zone).latest)
            limit = clocks.more_time(limit, article, certainty, until)
        return self._reckon(limit, start, met=met)

    def happened_at(self, event: Happened) -> When:
        return self._moment(event.moment) if event.moment is not None else DayInterval(event.on, self.zone)

    def _start(self, limit: Limit) -> When | None:
        """When what a limit runs from happened; None where nobody recorded it."""
        if clocks.arrival(limit):
            return arrived(self.case, self.house, floor=limit.floor)
        what = _RECORDED.get(limit.start)
        said = self.case.happened(what) if what is not None else None
        return self.happened_at(said[1]) if said is not None else None

    def _met(self, limit: Limit) -> datetime | None:
        """When what a limit asks for was done: the answer at the latest, or what is enough for this one. The
        time of a notified authority in an emergency ends with its word, and not with our answer."""
        if limit.id == clocks.OBJECTION:
            word = self.case.happened(*_SPOKE)
            return word[0] if word is not None else None
        done = [self.case.answered] if self.case.answered is not None else []
        if limit.id in _ACKNOWLEDGES:
            done += [
                each.at
                for each in self.case.history
                if isinstance(each.event, LetterWritten) and each.event.letter is Kind.ACKNOWLEDGEMENT
            ]
        if limit.id in _MEETS and (said := self.case.happened(_MEETS[limit.id])) is not None:
            at, event = said
            done.append(min(at, self.happened_at(event).latest))
        if limit.id == clocks.NOTIFIED_WAIT and (said := self.case.happened(*_AUTHORITY)) is not None:
            done += [said[0]] if said[1].what is Happening.NO_GROUND else []
        return min(done, default=None)

    def _after(self, wait: Reckoning, each: Reckoning) -> Reckoning | None:
        """A limit that would end with the wait, as it binds after it; None while the wait has no end."""
        limit = clocks.after_the_wait(each.limit)
        if limit is each.limit:
            return each
        if wait.not_before is None:
            return None
        last = self.house.day(wait.not_before - timedelta(microseconds=1))
        return self._reckon(limit, DayInterval(last, self.zone), met=self.case.answered)

    def replies(self) -> Iterator[Reckoning]:
        """What was asked last: the time for the answer runs from the letter that asked for it. For conditions
        that wait to be accepted from the first letter that put them, for a secrecy that is not kept from the
        last one that said so."""
        case = self.case
        offer = next((each for each in terms.offers(case) if each.until is None), None)
        if offer is not None:
            for limit in _reply_limits(case, self.house):
                yield self._reckon(limit, offer.since)
            return
        secret = _secrecy_put(case)
        if secret is not None and not case.paused:
            for limit in _reply_limits(case, self.house):
                yield self._reckon(limit, secret)
            return
        if not case.pauses:
            return
        pause = case.pauses[-1]
        written = [each.at for each in case.history if _reminds(each.event) and each.at >= pause.since]
        asked = max((at for at in written if pause.until is None or at <= pause.until), default=pause.since)
        for limit in _reply_limits(case, self.house):
            yield self._reckon(limit, asked, met=pause.until)

    def _asked_until(self) -> Iterator[Reckoning]:
        """The day the requester wants its answer by: their wish, shown as theirs."""
        case, request = self.case, self.case.request
        wishes: list[tuple[str, When]] = []
        if request.deadline is not None:
            wishes.append(("requester-deadline", DayInterval(request.deadline, case.zone or None)))
        if request.emergency.deadline is not None:
            wishes.append(("emergency-deadline", _stated(request.emergency.deadline, case.zone)))
        for id, until in wishes:
            limit = Limit(
                id=id,
                cite="request",
                certainty=Certainty.POLICY,
                bound=Bound.NOT_AFTER,
                start="request-received",
                rule=_THEIR_ORDER if seat_of(request).arrival == Came.DOMESTIC_ORDER else _THEIR_WISH,
                task=clocks.Task.ANSWER_OVERDUE,
                until=until,
                warn_hours=self.house.settings.times.warn_hours,
            )
            yield self._reckon(limit, self.arrived, met=case.answered)

    def rule(self) -> Limit:
        """How long data are kept by what asks for it."""
        request = self.case.request
        return clocks.hold(
            request.instrument,
            request.measure,
            self.house.seat(request).role,
            house=self.house.settings.times,
        )

    def kept(
        self,
        rule: Limit,
        placed: datetime,
        *,
        extended: datetime | None = None,
        met: datetime | None = None,
        subject: str = "",
    ) -> Reckoning:
        """A hold by its rule: from when it was placed, or from when the order came that asks for it."""
        return reckon(
            rule,
            self._moment(placed) if rule.start == "preserved" else self.arrived,
            calendar=self.calendar,
            zone=self.zone,
            extended=self._when(extended),
            met=self._when(met),
            subject=subject,
        )

    def _holds(self) -> Iterator[Reckoning]:
        rule = self.rule()
        for hold in self.case.holds:
            more = self._extended(hold) if rule.extension is not None else None
            found = self.kept(rule, hold.placed, extended=more, met=hold.ended, subject=hold.id)
            if found.due != hold.until:  # extended to a day of its own, or placed under another rule
                stated = msgspec.structs.replace(
                    rule, amount=None, unit=None, extension=None, until=self._moment(hold.until)
                )
                found = self.kept(stated, hold.placed, met=hold.ended, subject=hold.id)
            yield found

    def _extended(self, hold: Hold) -> datetime | None:
        return next(
            (
                each.at
                for each in reversed(self.case.history)
                if isinstance(each.event, HoldExtended) and each.event.hold == hold.id
            ),
            None,
        )

    def _notice(self) -> Iterator[Reckoning]:
        case, times = self.case, self.house.settings.times
        for number, notice in enumerate(case.notices, start=1):
            yield self._reckon(
                clocks.waiting(times), notice.since, met=_left(case, notice.since), subject=str(number)
            )
        if case.delay is None or case.delay.agreed is None:
            return
        agreed = case.delay.agreed
        told = next((each.sent for each in reversed(case.notices) if each.sent is not None), None)
        if case.delay.lifted is not None:
            told = next(
                each.at for each in reversed(case.history) if each.event.kind == "notice-delay-lifted"
            )
        ends, review = clocks.gag(
            DayInterval(case.delay.until, self.zone),
            cite=case.delay.cite,
            certainty=Certainty.CHECK,
            # It stands through the day of its review, and no longer unless somebody looked again.
            review=self._moment(DayInterval(case.delay.review, self.zone).latest),
            house=times,
        )
        yield self._reckon(ends, agreed, met=told)
        yield self._reckon(review, agreed, met=told)

    def _release(self) -> Iterator[Reckoning]:
        if self.case.approval is not None:
            yield self._reckon(clocks.approval(self.house.settings.times), self.case.approval.at)

    def end(self) -> Iterator[Reckoning]:
        if self.case.closed_at is not None and self.case.stage is not Stage.ERASED:
            yield self._reckon(clocks.retention(self.house.settings.times), self.case.closed_at)


def _secrecy_put(case: Case) -> datetime | None:
    """When the requester was last asked to accept that the person is told, or to withdraw; None where it has
    answered, or was not asked."""
    if not case.secrecy_declined or case.secrecy_accepted or case.stage in ENDED | ANSWERED:
        return None
    put = (
        each.at
        for each in reversed(case.history)
        if isinstance(each.event, LetterWritten) and each.event.letter is Kind.SECRECY_NOT_HONOURED
    )
    return next(put, None)


def order_issued(case: Case) -> When:
    """When an emergency order was issued, as far as it says: on the day it states; otherwise, and where that
    day is after it came, at the latest when it came."""
    request = case.versions[0].request
    came = min(each.at for each in case.arrivals)
    for each in case.arrivals:  # the day it came is earlier than its record, where it was imported
        if each.on is not None:
            came = min(came, DayInterval(each.on, "UTC").latest)
    if request.authorisation.issued_on is not None:
        day = DayInterval(request.authorisation.issued_on, case.zone or None)
        if day.earliest <= came:
            return day
    return Moment(came, case.zone or "UTC")


def late_validation(case: Case, house: House, validated: datetime | None) -> Reckoning:
    """The time in which an emergency order is validated afterwards: 48 hours from when it was issued
    (Regulation (EU) 2023/1543, Article 4(5)). It stands for the desk's clock and for what the log counts as
    late. validated: when it was, or was not, as somebody recorded it."""
    zone = house.settings.zone
    return reckon(
        clocks.late_validation(house=house.settings.times),
        order_issued(case),
        calendar=house.calendar,
        zone=zone,
        met=None if validated is None else Moment(validated, zone),
    )


def validation_lapsed(case: Case, house: House, at: datetime) -> bool:
    """Whether an emergency order that is validated afterwards was not validated in its 48 hours."""
    if case.validated is not None or not _validated_afterwards(case):
        return False
    ends = late_validation(case, house, None).not_after
    return ends is not None and at > ends


def _validated_afterwards(case: Case) -> bool:
    return case.emergency and case.request.instrument in LATE_VALIDATION


def zone_asked(request: Request) -> bool:
    """Whether a limit ends on a date or time of this request that was stated without its zone."""
    deadline = request.emergency.deadline
    return request.deadline is not None or (deadline is not None and deadline.tzinfo is None)


def zone_missing(case: Case) -> bool:
    """Whether such a date is counted from all instants it can mean, since nobody said its zone."""
    return not case.zone and zone_asked(case.request)


def _stated(at: datetime, zone: str) -> When:
    """A time as its sender stated it. zone: theirs, empty where nobody knows it."""
    if at.tzinfo is not None:
        return Moment(at.astimezone(UTC), zone or "UTC")
    if not zone:
        return Reading(at)
    return Moment(at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), zone)


def first_due(reckonings: Iterable[Reckoning], at: datetime) -> Reckoning | None:
    """The limit that ends first of those that press: what is answered presses no longer, and a floor never
    does, nor the time of somebody else's right. Nobody is late because a time of waiting is over, or because
    a time to object has passed unused."""
    ours = (each for each in reckonings if each.not_after is not None and not each.limit.theirs)
    live = [each for each in ours if _presses(each, each.state(at))]
    return min(live, key=lambda each: (each.due, each.id), default=None)


def _presses(each: Reckoning, state: clocks.State) -> bool:
    if state is clocks.State.LAPSED:
        return each.limit.task is not clocks.Task.OBJECTION_LAPSES
    return state not in (clocks.State.MET, clocks.State.STOPPED)


def _left(case: Case, notice: datetime) -> datetime | None:
    """When something left after this notice."""
    return case.released_at if case.released_at is not None and case.released_at >= notice else None

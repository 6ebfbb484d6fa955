"""Which time limits run in a case now: the clocks of `habeas.desk.clocks` put to what happened.

Nothing happens here because a date passed. A limit that is near or over asks a person to look (`chores`),
and keeps a door shut as long as it bars (`habeas.desk.moves` asks the same limits).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from habeas.desk import clocks
from habeas.desk.calendars import Calendar
from habeas.desk.case import ENDED, Case, Stage
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
from habeas.desk.events import Warned
from habeas.desk.people import House
from habeas.request import Measure, Request
from habeas.treaty import Bound, Certainty

LATE_VALIDATION = frozenset({"eu-e-evidence"})  # instruments whose emergency orders are validated afterwards


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
    """How long a hold lasts at the least, by the instrument; 60 days where it is silent (Article 42(8))."""
    role = house.seat(case.request).role
    found = [
        _house(limit, placed, house).due
        for limit in clocks.preservation_limits(case.request.instrument, Measure.PRESERVATION, role)
    ]
    found += [_house(clocks.limit_on_file("uncc", "uncc-preservation-floor"), placed, house).due]
    return next(due for due in found if due is not None)


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
        self.pauses = tuple(self._pauses())

    def limits(self) -> Iterator[Reckoning]:
        if self.case.stage is Stage.ERASED:
            return
        yield from self.answers()
        yield from self._asked_until()
        yield from self._holds()
        yield from self._notice()
        yield from self._release()
        yield from self.end()

    def _moment(self, at: datetime, zone: str = "") -> Moment:
        return Moment(at, zone or self.zone)

    def _when(self, at: datetime | None) -> Moment | None:
        return None if at is None else self._moment(at)

    def _reckon(
        self, limit: Limit, start: datetime, *, met: datetime | None = None, subject: str = ""
    ) -> Reckoning:
        return reckon(
            limit,
            self._moment(start),
            calendar=self.calendar,
            zone=self.zone,
            pauses=self.pauses,
            met=self._when(met),
            subject=subject,
        )

    def _pauses(self) -> Iterator[Pause]:
        for pause in self.case.pauses:
            yield Pause(cause=Cause.QUESTION, since=self._moment(pause.since), until=self._when(pause.until))
        if self.case.request.measure is not Measure.PRESERVATION:
            ended = self.case.answered_at
            yield Pause(
                cause=Cause.DISCLOSURE_PENDING,
                since=self._moment(self.case.received),
                until=self._when(ended),
            )
        if self.case.retain_until is not None and self.case.closed_at is not None:
            yield Pause(
                cause=Cause.LEGAL_HOLD,
                since=self._moment(self.case.closed_at),
                until=Moment(DayInterval(self.case.retain_until, self.zone).latest, self.zone),
            )

    def answers(self) -> Iterator[Reckoning]:
        """The answer: counted from the request, stopped by questions where its article says so."""
        case, request = self.case, self.case.request
        categories = [item.category for target in request.targets for item in target.items]
        for limit in clocks.answer_limits(
            request.instrument,
            request.measure,
            categories,
            self.house.seat(case.request).role,
            case.emergency,
            house=self.house.settings.times,
        ):
            yield self._reckon(limit, case.received, met=case.answered_at)
        if _validated_afterwards(case):
            met = next((each.at for each in case.history if each.event.kind == "validated"), None)
            yield late_validation(case, self.house, met)

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
                rule="The requester states this day. It is a wish unless an article makes it a duty.",
                task=clocks.Task.ANSWER_OVERDUE,
                until=until,
                warn_hours=self.house.settings.times.warn_hours,
            )
            yield self._reckon(limit, case.received, met=case.answered_at)

    def _holds(self) -> Iterator[Reckoning]:
        for hold in self.case.holds:
            limit = Limit(
                id="hold",
                cite="uncc:42(8)",
                certainty=Certainty.ANALOG,
                bound=Bound.NOT_BEFORE,
                start="preserved",
                rule="The data are kept at least so long, and while a request for them is pending.",
                task=clocks.Task.HOLD_LAPSES,
                until=self._moment(hold.until),
                warn_hours=self.house.settings.times.warn_hours,
                grace_hours=self.house.settings.times.grace_hours,
            )
            yield self._reckon(limit, hold.placed, met=hold.ended, subject=hold.id)

    def _notice(self) -> Iterator[Reckoning]:
        case, times = self.case, self.house.settings.times
        for number, notice in enumerate(case.notices, start=1):
            yield self._reckon(clocks.waiting(times), notice.since, met=case.released_at, subject=str(number))
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


def order_issued(case: Case) -> When:
    """When an emergency order was issued, as far as it says: on the day it states; otherwise, and where that
    day is after it came, at the latest when it came."""
    request, came = case.versions[0].request, case.received
    if request.received_on is not None:  # of a case imported or split off, earlier than the case itself
        came = min(came, DayInterval(request.received_on, "UTC").latest)
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
    """The limit that ends first of those that still run; what is answered no longer presses."""
    live = [
        each
        for each in reckonings
        if each.due is not None and each.state(at) not in (clocks.State.MET, clocks.State.STOPPED)
    ]
    return min(live, key=lambda each: (each.due, each.id), default=None)

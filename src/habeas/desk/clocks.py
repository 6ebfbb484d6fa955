"""The time limits of a case: what they are, when they end, and the sum that shows it.

A `Limit` is a rule: an amount, a unit, the event it runs from, and whether it is a floor (not before) or
a ceiling (not after). `reckon` applies it to what happened and gives a `Reckoning` with every line of its
sum. Amounts and articles come from the instruments on file (`habeas.treaty`); what a house chooses for
itself stands in `HouseTimes`. Nothing is released, told or erased here: a date that passes yields a
`Chore` for a person, and `Reckoning.barred` answers True as long as a floor is not known to have passed.

How time is counted. Hours are elapsed time. Days, months and years are counted in local time: the day of
the event is not counted, the period ends with the last hour of its last day, a month ends on the same day
number or on the last day of a shorter month. For acts of the Union that is Regulation (EEC, Euratom)
1182/71 article 3, with a last day that moves to the next working day (3(4)) and at least two working days
in a period of two days or more (3(5)). Other instruments on file have no rule of counting: the house counts
alike, but only a floor moves to a working day and a ceiling does not, for nothing on file gives the extra
day. A pause is counted as a period is: the day it begins is not counted, the day it ends is.

Which days are left out. For acts of the Union, Saturdays, Sundays and public holidays are no working days
whatever weekend the house keeps (article 2(2)), and the holidays are those of member states (2(1)): others
move a floor and no ceiling. A day on which only the house is closed counts for its own
times, and moves a floor that no rule of counting governs; it never lengthens what law gives as the longest.

Where a start is known by its day only, a floor runs from the latest moment it can have been and a ceiling
from the earliest: the cautious reading for the person on one side, for the duty on the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from habeas.desk.calendars import WEEKDAYS, Calendar, Holiday
from habeas.errors import Refused
from habeas.treaty import Bound, Certainty, Clock, Kind, Unit, law
from habeas.treaty.dates import months_after

_EAST = timezone(timedelta(hours=14))  # where a day begins first on earth (Line Islands)
_WEST = timezone(timedelta(hours=-12))  # where it ends last
_MONTHS = (
    "January February March April May June July August September October November December"  # of no locale
).split()
_INSTANT = timedelta(microseconds=1)  # the smallest step of a datetime


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


# ---- when something happened -----------------------------------------------------------------------------


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """An instant in UTC, with the zone it was stated in (an IANA name). Raises Refused for either."""

    at: datetime
    zone: str

    def __post_init__(self) -> None:
        _instant(self.at)
        _zone(self.zone)

    @property
    def earliest(self) -> datetime:
        return self.at

    @property
    def latest(self) -> datetime:
        return self.at

    def __str__(self) -> str:
        return _say(self.at, self.zone)


class DayInterval(msgspec.Struct, frozen=True, tag="day"):
    """A day whose hour nobody stated: from local midnight to the next.

    Without a zone it is that day anywhere on earth, from UTC+14's midnight to the end of it at UTC-12.
    """

    day: date
    zone: str | None = None

    def __post_init__(self) -> None:
        if self.zone is not None:
            _zone(self.zone)

    @property
    def earliest(self) -> datetime:
        return _midnight(self.day, self.zone or _EAST)

    @property
    def latest(self) -> datetime:
        """The end of the day, which is the first instant of the next."""
        return _midnight(self.day + timedelta(days=1), self.zone or _WEST)

    def __str__(self) -> str:
        return f"{_day(self.day)}, hour not stated, {self.zone or 'zone not stated'}"


class Reading(msgspec.Struct, frozen=True, tag="reading"):
    """What a clock showed, stated without its zone: any instant at which a clock on earth showed that.

    From that hour at UTC+14 to the same hour at UTC-12, 26 hours later. Raises Refused where a zone is known.
    """

    shown: datetime

    def __post_init__(self) -> None:
        if self.shown.tzinfo is not None:
            raise Refused("this time has a zone", place="shown", hint="give the instant in UTC")

    @property
    def earliest(self) -> datetime:
        return self.shown.replace(tzinfo=_EAST).astimezone(UTC)

    @property
    def latest(self) -> datetime:
        return self.shown.replace(tzinfo=_WEST).astimezone(UTC)

    def __str__(self) -> str:
        return f"{_day(self.shown.date())} {self.shown:%H:%M}, zone not stated"


When = Moment | DayInterval | Reading


def _instant(at: datetime) -> None:
    if at.utcoffset() != timedelta(0):
        raise Refused(
            f"the time {at.isoformat()} is not in UTC",
            place="at",
            hint="give the instant in UTC and the zone it was stated in beside it",
        )


def _zone(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises Refused for any other word.

    Names of one machine (`localtime`) or of other time scales (`right/`, which counts leap seconds) exist
    as files too, and are no answer to where somebody was.
    """
    try:
        if name == "UTC" or ("/" in name and not name.startswith(("posix/", "right/"))):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # absent; a path outside the data; a folder
        pass
    raise Refused(
        f"{name or 'an empty text'} is not a time zone",
        place="zone",
        hint="name it as Europe/Zagreb, America/New_York or UTC",
    )


def _midnight(day: date, zone: str | timezone) -> datetime:
    """The first instant of a day. Where the clock skips midnight, that is the instant of the skip."""
    place = _zone(zone) if isinstance(zone, str) else zone
    return datetime(day.year, day.month, day.day, tzinfo=place).astimezone(UTC)


def _local(at: datetime, zone: str) -> date:
    return at.astimezone(_zone(zone)).date()


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _weekday(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {_day(day)}"


def _event(start: str) -> str:
    return start.replace("-", " ")


def _words(bound: Bound) -> str:
    return bound.replace("-", " ")


def _say(at: datetime, zone: str) -> str:
    local = at.astimezone(_zone(zone))
    return f"{_day(local)} {f'{local:%H:%M:%S}' if local.second else f'{local:%H:%M}'} {zone}"


def _say_end(at: datetime, zone: str) -> str:
    """As `_say`, but midnight is the end of the day that closes: 15 March 24:00, as lawyers write it."""
    last = _local(at - _INSTANT, zone)
    if _midnight(last + timedelta(days=1), zone) == at:
        return f"{_day(last)} 24:00 {zone}"
    return _say(at, zone)


# ---- what a house chooses --------------------------------------------------------------------------------


class HouseTimes(_Value, frozen=True):
    """Times a house sets for itself; each can be changed, none of them is law."""

    # A week and the day the notice came on: long enough to find counsel and ask a court for a stay.
    waiting_days: int = 7
    # The longest a bar on telling the person stands without somebody asking whether its reason still does.
    review_days: int = 90
    # Facts change: an approval older than three days was given to another situation. It covers a weekend.
    approval_hours: int = 72
    # A complaint, a court and the auditor need the file; after two years its danger outweighs its use.
    retention_years: int = 2
    # A request that no law clocks has an answer all the same: a month, as states ask of one another,
    # and a day where somebody says that a life is at risk.
    answer_days: int = 30
    emergency_hours: int = 24
    # How long the requester has for a question of ours, where the instrument does not say.
    reply_days: int = 30
    # In an emergency the same, in hours: what Regulation (EU) 2023/1543 leaves for the data themselves.
    reply_hours: int = 8
    # One working day to act and one to find a stand-in; a short limit warns at a half and at a quarter.
    warn_hours: tuple[int, ...] = (48, 24)
    # A day between a missed duty and what follows from it, so that no machine acts on a night's absence.
    grace_hours: int = 24
    # A day in which others see that somebody came, began anew or got a role, before that person is anybody's
    # second. It can be nothing while a house is being set up; from the first request on nothing is the usual.
    settling_hours: int = 24

    def __post_init__(self) -> None:
        times = (self.waiting_days, self.review_days, self.approval_hours, self.retention_years)
        asked = (self.answer_days, self.emergency_hours, self.reply_days, self.reply_hours)
        if min(*times, *asked, *self.warn_hours) <= 0 or min(self.grace_hours, self.settling_hours) < 0:
            raise Refused("a time of the house is not more than nothing", place="house times")


HOUSE = HouseTimes()


# ---- the rules -------------------------------------------------------------------------------------------


class Counting(StrEnum):
    """How a period is counted; see the head of this module."""

    UNION = "union"
    HOUSE = "house"


_COUNTING = {
    Counting.UNION: (
        "Regulation 1182/71 article 3: the day of the event is not counted, the period ends with the last "
        "hour of its last day, and moves to the next working day",
        "it speaks of acts of the Council and the Commission, and that it governs this act is to be checked "
        f"({Certainty.CHECK})",
    ),
    Counting.HOUSE: (
        "the day of the event is not counted, the period ends with the last hour of its last day; a floor "
        "moves to the next working day, a ceiling does not",
        f"the instrument has no rule of counting on file: the house's own ({Certainty.CHECK})",
    ),
}


class Cause(StrEnum):
    """What can hold a clock."""

    QUESTION = "question"  # a clarification was asked and not answered yet
    LEGAL_HOLD = "legal-hold"  # a court, an auditor or a complaint needs the file
    DISCLOSURE_PENDING = "disclosure-pending"  # a request to hand over what is kept has arrived
    CONDITIONS = "conditions"  # the requester has to accept conditions, and has not answered yet
    GROUND_RAISED = "ground-raised"  # the notified authority raised a ground for refusal


_NOW = {
    Cause.QUESTION: "a question is open",
    Cause.LEGAL_HOLD: "a legal hold stands",
    Cause.DISCLOSURE_PENDING: "a request for disclosure is pending",
    Cause.CONDITIONS: "the requester has not answered to the conditions",
    Cause.GROUND_RAISED: "the notified authority raised a ground",
}
_THEN = {
    Cause.QUESTION: "a question was open",
    Cause.LEGAL_HOLD: "a legal hold stood",
    Cause.DISCLOSURE_PENDING: "a request for disclosure was pending",
    Cause.CONDITIONS: "the requester had not answered to the conditions",
    Cause.GROUND_RAISED: "the notified authority had raised a ground",
}


class Halt(_Value, frozen=True):
    """That a cause holds a limit, and by what law.

    adds_time: the time it lasts is added at the end (a stopped clock). Otherwise the end only waits for
    it, and nothing is added (what is kept until a decision).
    """

    by: Cause
    adds_time: bool
    cite: str
    certainty: Certainty


class Extension(_Value, frozen=True):
    """More of the same unit, where somebody asked for it before the end."""

    amount: int
    cite: str
    certainty: Certainty


class Task(StrEnum):
    """What a clock can ask a person to do. None of these is done by the clock."""

    WARN_DUE = "warn-due"
    ANSWER_OVERDUE = "answer-overdue"
    MAY_ANSWER = "may-answer"  # a floor before an answer has passed; whether it goes out, people decide
    OBJECTION_LAPSES = "objection-lapses"
    REPLY_OVERDUE = "reply-overdue"  # their answer to our question
    VALIDATION_MISSING = "validation-missing"
    HOLD_LAPSES = "hold-lapses"
    WAITING_OVER = "waiting-over"
    APPROVAL_LAPSED = "approval-lapsed"
    GAG_ENDS = "gag-ends"
    GAG_REVIEW = "gag-review"
    RETENTION_ENDS = "retention-ends"


class Limit(_Value, frozen=True):
    """One time limit as a rule. start: the event it runs from, in kebab-case, as the law files name it.

    Either `amount` and `unit`, or `until`, the end itself as an order states it; with neither, a limit
    without an end (a bar that stands until it is lifted). task: what a person has to do when it is over.
    theirs: it is the time of somebody else's right, which hurries nobody here and, where its start is known
    by the day only, is read as lasting as long as it can.
    """

    id: str
    cite: str
    certainty: Certainty
    bound: Bound
    start: str
    rule: str
    task: Task
    amount: int | None = None
    unit: Unit | None = None
    until: When | None = None
    counting: Counting = Counting.HOUSE
    halts: tuple[Halt, ...] = ()
    extension: Extension | None = None
    warn_hours: tuple[int, ...] = ()
    grace_hours: int = 0
    theirs: bool = False

    @property
    def floor(self) -> bool:
        return self.bound is Bound.NOT_BEFORE


NOTIFIED_WAIT = "eev-production-notified"
"""The days that an enforcing authority has that was notified."""
OBJECTION = "eev-objection-emergency"
"""The hours that it has in an emergency, in which the data may leave before it spoke."""
_THEIRS = frozenset({OBJECTION})

# What the files of the instruments have no field for, by the id of the clock there.
# The duties of 10(1)-(4) do not apply until the answer has come; that the time then runs on, and not anew, is
# our reading: the shorter of the two.
_QUESTION = Halt(by=Cause.QUESTION, adds_time=True, cite="eu-e-evidence:10(6)", certainty=Certainty.CHECK)
_GROUND = Halt(by=Cause.GROUND_RAISED, adds_time=False, cite="eu-e-evidence:12(1)", certainty=Certainty.CHECK)
_HALTS: dict[str, tuple[Halt, ...]] = {
    "eev-production": (_QUESTION,),
    "eev-production-notified": (_QUESTION, _GROUND),
    "eev-emergency": (_QUESTION, _GROUND),
    **{
        id: (Halt(by=Cause.DISCLOSURE_PENDING, adds_time=False, cite=cite, certainty=certainty),)
        for id, cite, certainty in (
            ("uncc-preservation-floor", "uncc:42(8)", Certainty.ANALOG),
            ("budapest-preservation-floor", "budapest:29(7)", Certainty.SEEN),
            ("eev-preservation", "eu-e-evidence:11(1)", Certainty.MEMORY),
        )
    },
}
_EXTENDED_BY = {
    "eev-preservation": "eev-preservation-extension",
    "eio-recognition": "eio-recognition-extension",
}
_TASKS = {
    "eev-production-notified": Task.MAY_ANSWER,
    "eev-third-country-objection": Task.OBJECTION_LAPSES,
    OBJECTION: Task.OBJECTION_LAPSES,
    "cla-motion": Task.OBJECTION_LAPSES,
    "eev-clarification": Task.REPLY_OVERDUE,
    "eev-emergency-validation": Task.VALIDATION_MISSING,
}
# With these the hour of the end is the end: what was wanted is void, or a right is lost.
_NO_GRACE = frozenset({Task.VALIDATION_MISSING, Task.OBJECTION_LAPSES})

_ANSWER_STARTS = frozenset(
    {
        "authority-notified",
        "certificate-received",
        "enforcement-request-received",
        "notification-received",
        "order-received",
        "order-received-by-provider",
        "order-served-on-provider",
        "provider-served",
        "recognition-decided",
        "request-received",
    }
)
_KEEPING_STARTS = frozenset({"preserved", "domestic-order-served", "preservation-certificate-received"})
_PRODUCTION = "eev-production"
_DOMESTIC = "domestic-order"
_REPLIES = {"eu-e-evidence": "eev-clarification"}
_ARRIVALS = frozenset(
    {
        "certificate-received",
        "notification-received",
        "order-received",
        "order-received-by-provider",
        "preservation-certificate-received",
        "provider-served",
        "request-received",
    }
)


def limit_on_file(instrument: str, id: str, *, house: HouseTimes = HOUSE) -> Limit:
    """Any clock of an instrument as a limit. Raises Refused when there is none of that name."""
    return _limit(instrument, _clock(instrument, id), house)


def answer_limits(
    instrument: str,
    measure: str,
    categories: Collection[str],
    role: str,
    emergency: bool,
    *,
    notified: bool | None = None,
    house: HouseTimes = HOUSE,
) -> tuple[Limit, ...]:
    """The limits an answer runs under: floors and ceilings, each from its own event.

    notified: whether the enforcing authority was notified (e-Evidence Regulation, article 8). Only False
    takes away the floor that gives it its ten days, and in an emergency its 96 hours; not known leaves them.
    """
    return tuple(
        _limit(instrument, clock, house)
        for clock in law().clocks(instrument)
        if clock.start in _ANSWER_STARTS
        and clock.runs(measure, categories, role, emergency=emergency)
        and not (clock.id in (NOTIFIED_WAIT, OBJECTION) and notified is False)
    )


def arrival(limit: Limit) -> bool:
    """Whether a limit runs from when the request came. Whatever else it runs from, somebody records."""
    return limit.start in _ARRIVALS


def after_the_wait(limit: Limit) -> Limit:
    """The limit of an answer that waits for a notified authority, as it binds when that authority was silent.

    The data go at the end of its ten days (e-Evidence Regulation, article 10(2)), neither before nor later. A
    house cannot act in no time: we read it as until the end of the next working day. Any other limit stays.
    """
    if limit.id != _PRODUCTION:
        return limit
    return msgspec.structs.replace(
        limit,
        cite="eu-e-evidence:10(2)",
        certainty=Certainty.CHECK,
        amount=1,
        unit=Unit.WORKING_DAYS,
        start="waiting-for-the-authority-ended",
        rule="Where the notified authority raised no ground, the data is delivered when its ten days end: we "
        "read it as by the end of the next working day.",
        halts=(),
    )


def more_time(limit: Limit, article: str, certainty: Certainty, until: Moment) -> Limit:
    """The limit as it binds after the other side was told that it cannot be kept, and until when it takes."""
    return msgspec.structs.replace(
        limit,
        cite=article,
        certainty=certainty,
        amount=None,
        unit=None,
        until=until,
        halts=(),
        extension=None,
        rule=f"{limit.rule} The issuing authority was told that it takes until this day.",
    )


def house_answer(emergency: bool, house: HouseTimes = HOUSE) -> Limit:
    """The house's own time for an answer that no law clocks. A question stops it, and so do conditions that
    the requester has to accept."""
    return Limit(
        id="house-answer",
        cite="house",
        certainty=Certainty.POLICY,
        bound=Bound.NOT_AFTER,
        amount=house.emergency_hours if emergency else house.answer_days,
        unit=Unit.HOURS if emergency else Unit.DAYS,
        start="request-received",
        rule="No law on file sets a time for this answer. This is the house's own.",
        task=Task.ANSWER_OVERDUE,
        halts=tuple(
            Halt(by=cause, adds_time=True, cite="house", certainty=Certainty.POLICY)
            for cause in (Cause.QUESTION, Cause.CONDITIONS)
        ),
        warn_hours=house.warn_hours,
        grace_hours=house.grace_hours,
    )


def replies(instrument: str, emergency: bool, house: HouseTimes = HOUSE) -> tuple[Limit, ...]:
    """The time a requester has for a question of ours, the one first that its letter names: in an emergency
    hours of the house, otherwise the instrument's days, or the house's where it counts none. Nobody is warned
    before they end: it is the other side that is waited for."""
    found = []
    if emergency:
        found.append(_own_reply("urgent-reply", house.reply_hours, Unit.HOURS))
    if instrument in _REPLIES:
        law = limit_on_file(instrument, _REPLIES[instrument], house=house)
        found.append(msgspec.structs.replace(law, warn_hours=(), grace_hours=0))
    return tuple(found) or (_own_reply("reply", house.reply_days, Unit.DAYS),)


def _own_reply(id: str, amount: int, unit: Unit) -> Limit:
    return Limit(
        id=id,
        cite="house",
        certainty=Certainty.POLICY,
        bound=Bound.NOT_AFTER,
        amount=amount,
        unit=unit,
        start="clarification-asked",
        rule="The requester was asked to answer in this time. When it passes, somebody looks again.",
        task=Task.REPLY_OVERDUE,
    )


def hold(instrument: str, measure: str, role: str, *, house: HouseTimes = HOUSE) -> Limit:
    """How long data are kept for a request, by the rule of what asks for it.

    For another state at the least sixty days (UN Convention 42(8), Budapest Convention 29(7)); under a
    European Preservation Order at the most sixty, and thirty more once (e-Evidence Regulation 11(1)); under
    an order of one's own state at the most ninety, which can be renewed (25(2) and 16(2)). What no
    instrument speaks of, the house keeps for sixty days by itself.
    """
    domestic = measure == _DOMESTIC
    start = "domestic-order-served" if domestic else "preserved"
    known: list[str | None] = [instrument, _parent(instrument)]
    if domestic:
        known.append("uncc")
    for id in known:
        for limit in preservation_limits(id, measure, role, house=house) if id else ():
            if limit.start in (start, "preservation-certificate-received"):
                return msgspec.structs.replace(limit, id="hold", halts=(), grace_hours=house.grace_hours)
    return Limit(
        id="hold",
        cite="house",
        certainty=Certainty.POLICY,
        bound=Bound.NOT_BEFORE,
        amount=60,
        unit=Unit.DAYS,
        start="preserved",
        rule="No instrument says how long this is kept. The house keeps it as long as treaties have it "
        "kept for another state.",
        task=Task.HOLD_LAPSES,
        warn_hours=house.warn_hours,
        grace_hours=house.grace_hours,
    )


def renewal(house: HouseTimes = HOUSE) -> Limit:
    """How far one renewal of a hold reaches: ninety days, as the law on orders of one's own state has it (UN
    Convention 25(2), Budapest Convention 16(2)). Nobody keeps data for years by one word."""
    return limit_on_file("uncc", "uncc-preservation-ceiling", house=house)


def _parent(instrument: str) -> str | None:
    return (
        law().instrument(instrument).parent if instrument in {each.id for each in law().instruments} else None
    )


def preservation_limits(
    instrument: str, measure: str, role: str, *, house: HouseTimes = HOUSE
) -> tuple[Limit, ...]:
    """How long data is kept at the least and at the most.

    UN Convention 42(8) and 25(2), Budapest Convention 29(7) and 16(2), e-Evidence Regulation 11(1). They
    run from different events: keeping for another state, an order of one's own, a certificate.
    """
    return tuple(
        _limit(instrument, clock, house)
        for clock in law().clocks(instrument)
        if clock.start in _KEEPING_STARTS and clock.runs(measure, (), role, emergency=False)
    )


def late_validation(*, house: HouseTimes = HOUSE) -> Limit:
    """An emergency order issued before its validation: validated in time, or withdrawn, the data deleted."""
    return limit_on_file("eu-e-evidence", "eev-emergency-validation", house=house)


def waiting(house: HouseTimes = HOUSE) -> Limit:
    """The time between the notice to the person and a release. Begins with `notice-sent`."""
    return Limit(
        id="waiting",
        cite="house",
        certainty=Certainty.POLICY,
        bound=Bound.NOT_BEFORE,
        amount=house.waiting_days,
        unit=Unit.DAYS,
        start="notice-sent",
        rule="Nothing is released until the person had time to object.",
        task=Task.WAITING_OVER,
    )


def gag(
    until: When | None,
    *,
    cite: str,
    certainty: Certainty,
    review: When | None = None,
    house: HouseTimes = HOUSE,
) -> tuple[Limit, Limit]:
    """A bar on telling the person: its end, and the day somebody asks again whether its reason still stands.

    until: as the order states it; None for an order without an end, which bars until it is lifted and is
    reviewed all the same. cite: the order or the law (`house` for a delay of our own). review: when somebody
    looks again, as it was stated; None for the longest the house allows, reckoned from the last review.
    """
    stated = f"until {until}" if until else "without an end"
    return (
        Limit(
            id="gag",
            cite=cite,
            certainty=certainty,
            bound=Bound.NOT_BEFORE,
            until=until,
            start="gag-ordered",
            rule=f"The person may not be told {stated}.",
            task=Task.GAG_ENDS,
        ),
        Limit(
            id="gag-review",
            cite="house",
            certainty=Certainty.POLICY,
            bound=Bound.NOT_AFTER,
            amount=house.review_days if review is None else None,
            unit=Unit.DAYS if review is None else None,
            until=review,
            start="gag-reviewed" if review is None else "gag-ordered",
            rule="Somebody asks whether the reason for silence stands; if not, it ends or is challenged.",
            task=Task.GAG_REVIEW,
            warn_hours=house.warn_hours,
        ),
    )


def approval(house: HouseTimes = HOUSE) -> Limit:
    """How long an approval may be acted on. No grace: after it, somebody approves anew."""
    return Limit(
        id="approval",
        cite="house",
        certainty=Certainty.POLICY,
        bound=Bound.NOT_AFTER,
        amount=house.approval_hours,
        unit=Unit.HOURS,
        start="approved",
        rule="An approval that is not acted on lapses.",
        task=Task.APPROVAL_LAPSED,
        warn_hours=house.warn_hours,
    )


def retention(house: HouseTimes = HOUSE) -> Limit:
    """How long a closed file is kept. A legal hold defers the end and adds nothing to it (GDPR 5(1)(e))."""
    return Limit(
        id="retention",
        cite="house",
        certainty=Certainty.POLICY,
        bound=Bound.NOT_AFTER,
        amount=house.retention_years,
        unit=Unit.YEARS,
        start="closed",
        rule="A closed file is erased at the end of its time, unless a legal hold stands.",
        task=Task.RETENTION_ENDS,
        halts=(Halt(by=Cause.LEGAL_HOLD, adds_time=False, cite="house", certainty=Certainty.POLICY),),
        warn_hours=house.warn_hours,
    )


def _clock(instrument: str, id: str) -> Clock:
    for clock in law().clocks(instrument):
        if clock.id == id:
            return clock
    raise Refused(f"no clock {id} of {instrument} is on file", place="clock")


def _limit(instrument: str, clock: Clock, house: HouseTimes) -> Limit:
    extension = None
    if clock.id in _EXTENDED_BY:
        more = _clock(instrument, _EXTENDED_BY[clock.id])
        if more.unit is not clock.unit:
            raise ValueError(f"{more.id} is not counted in the unit of {clock.id}")
        extension = Extension(
            amount=more.amount, cite=f"{instrument}:{more.article}", certainty=more.certainty
        )
    task = _TASKS.get(clock.id)
    if task is None:
        task = Task.HOLD_LAPSES if clock.start in _KEEPING_STARTS else Task.ANSWER_OVERDUE
    floor, theirs = clock.bound is Bound.NOT_BEFORE, clock.id in _THEIRS
    union = law().instrument(instrument).kind is Kind.UNION_ACT
    return Limit(
        id=clock.id,
        cite=f"{instrument}:{clock.article}",
        certainty=clock.certainty,
        bound=clock.bound,
        amount=clock.amount,
        unit=clock.unit,
        start=clock.start,
        rule=clock.rule,
        task=task,
        counting=Counting.UNION if union else Counting.HOUSE,
        halts=_HALTS.get(clock.id, ()),
        extension=extension,
        # Nobody is hurried by a floor, save the one after which kept data may go.
        warn_hours=house.warn_hours if not (floor or theirs) or task is Task.HOLD_LAPSES else (),
        grace_hours=0 if floor or task in _NO_GRACE else house.grace_hours,
        theirs=theirs,
    )


# ---- the sum ---------------------------------------------------------------------------------------------


class Pause(_Value, frozen=True):
    """A time in which something held the clocks of a case; `until` None: it still does."""

    cause: Cause
    since: Moment
    until: Moment | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until.at < self.since.at:
            raise Refused("a pause ends before it begins", place="until")


class SumLine(_Value, frozen=True):
    label: str
    value: str


class State(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"  # something holds it, and no end can be told
    NEAR = "near"
    GRACE = "grace"  # past its end, and nothing has followed from that yet
    LAPSED = "lapsed"  # a ceiling that is over
    OPEN = "open"  # a floor that is over: it no longer bars, and nobody is late
    ASKED = "to be asked"  # what it runs from was not recorded, so that nobody knows its end
    MET = "met"


class Reckoning(_Value, frozen=True):
    """A limit applied to what happened.

    not_before, not_after: the end, on the side the limit binds; both None where there is no end to tell:
    a floor then still bars, so ask `barred` and never the date alone. subject: which one, where a case has
    several of a kind. start: None where nobody recorded what it runs from. stopped: since when something
    holds it, and what.
    """

    limit: Limit
    subject: str
    start: When | None
    zone: str
    not_before: datetime | None
    not_after: datetime | None
    stopped: Moment | None
    stopped_by: Cause | None
    met: Moment | None
    warnings: tuple[datetime, ...]
    lapses: datetime | None
    sum: tuple[SumLine, ...]

    @property
    def id(self) -> str:
        return f"{self.limit.id}/{self.subject}" if self.subject else self.limit.id

    @property
    def due(self) -> datetime | None:
        """The end, whichever side it binds; None while there is none to tell."""
        return self.not_before or self.not_after

    @property
    def late(self) -> bool:
        """What was due came after its end."""
        return self.met is not None and self.not_after is not None and self.met.at > self.not_after

    def barred(self, now: datetime) -> bool:
        """Whether what waits for this floor must still wait. False for a ceiling, which bars nothing."""
        _instant(now)
        if not self.limit.floor or (self.met is not None and self.met.at <= now):
            return False
        return self.not_before is None or now < self.not_before

    def state(self, now: datetime) -> State:
        _instant(now)
        if self.met is not None and self.met.at <= now:
            return State.MET
        if self.start is None:
            return State.ASKED
        if self.stopped is not None:
            return State.STOPPED
        if self.due is None or self.lapses is None:
            return State.RUNNING
        if self.limit.floor and now >= self.due:
            return State.OPEN
        if now >= self.lapses:
            return State.LAPSED
        if now >= self.due:
            return State.GRACE
        return State.NEAR if any(now >= warning for warning in self.warnings) else State.RUNNING

    def says(self, now: datetime) -> str:
        """The state in words, with the day it turns on."""
        state = self.state(now)
        if self.met is not None and state is State.MET:
            return f"{state}{', late,' if self.late else ''} on {self.met}"
        if state is State.ASKED:
            return f"{state}: nobody recorded when “{_event(self.limit.start)}” was"
        if state is State.OPEN and self.due is not None:
            return f"{state} since {_say_end(self.due, self.zone)}"
        if self.stopped is not None and self.stopped_by is not None:
            return f"{state} since {self.stopped}: {_NOW[self.stopped_by]}"
        if self.due is None:
            return f"{state}, no end stated"
        return f"{state}, {_words(self.limit.bound)} {_say_end(self.due, self.zone)}"

    def text(self) -> str:
        """The sum on one line."""
        return ", ".join(f"{line.label} {line.value}" for line in self.sum)


def reckon(
    limit: Limit,
    start: When | None,
    *,
    calendar: Calendar,
    zone: str,
    pauses: Iterable[Pause] = (),
    extended: Moment | None = None,
    met: Moment | None = None,
    subject: str = "",
) -> Reckoning:
    """Apply a limit to what happened, with its sum.

    start: when the event of `limit.start` was; None where nobody recorded it, which gives a question and no
    end. zone, calendar: of the place where the act is to be done;
    days are counted there. pauses: all of the case, in any order; those this limit does not stop for are
    left out. extended: when more time was asked for, if the limit knows an extension. met: what ends it
    before or after its time (the answer went out; the notified authority raises no ground). Raises Refused
    for a zone that does not exist and for an extension of what cannot be extended.
    """
    _zone(zone)
    if start is None:
        return _unknown(limit, zone, met, subject)
    run = _Run(limit, start, calendar, zone, tuple(pauses))
    run.count()
    if extended is not None:
        if limit.extension is None:
            raise Refused(f"the limit {limit.id} cannot be extended", place="extended")
        run.extend(extended, limit.extension)
    end = run.end
    warnings: tuple[datetime, ...] = ()
    lapses = None
    if end is not None:
        span = max(end - run.at, timedelta(0))
        # A warning two days ahead of an eight-hour limit says nothing: at most a half, a quarter ... of it.
        leads = [min(timedelta(hours=h), span / 2**n) for n, h in enumerate(limit.warn_hours, start=1)]
        warnings = tuple(sorted(end - lead for lead in leads))
        lapses = end + min(timedelta(hours=limit.grace_hours), span / 4)
    return Reckoning(
        limit=limit,
        subject=subject,
        start=start,
        zone=zone,
        not_before=end if limit.floor else None,
        not_after=None if limit.floor else end,
        stopped=run.stopped.since if run.stopped else None,
        stopped_by=run.stopped.cause if run.stopped else None,
        met=met,
        warnings=warnings,
        lapses=lapses,
        sum=tuple(run.lines()),
    )


def _unknown(limit: Limit, zone: str, met: Moment | None, subject: str) -> Reckoning:
    amount = _amount(limit.amount, limit.unit) if limit.amount is not None else "the end that is stated"
    lines = (
        SumLine(label=_event(limit.start), value="not recorded"),
        SumLine(label="plus", value=f"{amount} ({limit.cite}, {limit.certainty})"),
        SumLine(label=_words(limit.bound), value="to be asked: no end is known before that day is recorded"),
    )
    return Reckoning(
        limit=limit,
        subject=subject,
        start=None,
        zone=zone,
        not_before=None,
        not_after=None,
        stopped=None,
        stopped_by=None,
        met=met,
        warnings=(),
        lapses=None,
        sum=lines,
    )


class _Run:
    """One counting of a limit: where it starts, what held it, where it ends, and the lines that say so."""

    def __init__(
        self, limit: Limit, start: When, calendar: Calendar, zone: str, pauses: tuple[Pause, ...]
    ) -> None:
        self.limit = limit
        self.start = start
        self.zone = zone
        self.pauses = pauses
        self.late = limit.floor or limit.theirs
        self.at = start.latest if self.late else start.earliest
        # The end of a day still belongs to it, although it is the first instant of the next.
        ends_a_day = self.late and isinstance(start, DayInterval)
        self.day = _local(self.at - _INSTANT if ends_a_day else self.at, zone)
        self.calendar, self.counted = _left_out(limit, calendar, self.day)
        self.halts = {halt.by: halt for halt in limit.halts}
        self.end: datetime | None = None
        self.stopped: Pause | None = None
        self._more = 0
        self._said: list[SumLine] = []
        self._moved: SumLine | None = None
        self._since: date | None = None  # days off after it had a part in the end

    def say(self, label: str, value: str) -> None:
        self._said.append(SumLine(label=label, value=value))

    def extend(self, asked: Moment, more: Extension) -> None:
        """Count again with more time, if it was asked for before the end."""
        if self.end is not None and asked.at >= self.end:
            self.say("not extended", f"asked for on {asked}, after the end")
            return
        self._more, self._said = more.amount, []
        amount = _amount(more.amount, self.limit.unit)
        self.say("extended", f"by {amount}, asked for on {asked} ({more.cite}, {more.certainty})")
        self.count()

    def count(self) -> None:
        """Find the end. What began after the end holds nothing any more; what still lasts leaves no end."""
        added = timedelta(0)
        self.end, self.stopped = self._finish(added), None
        stopping = {halt.by for halt in self.limit.halts if halt.adds_time}
        for pause in self._touching(stopping):
            if pause.until is not None and pause.until.at > self.at:
                time = self._length(pause.since.at, pause.until.at)
                added += time
                self.end = self._finish(added)
                self.say("stopped", f"{self._spoken(time)} while {self._why(pause, _THEN)}")
        for pause in self._touching(self.halts.keys() - stopping):
            if pause.until is not None and self.end is not None and pause.until.at > self.end:
                self.end = pause.until.at
                self._moved = self._since = None
                self.say("kept on", f"while {self._why(pause, _THEN)}")
        if Cause.QUESTION not in self.halts and any(pause.cause is Cause.QUESTION for pause in self.pauses):
            self.say("not stopped", f"while {_THEN[Cause.QUESTION]}: this clock runs on")

    def _touching(self, causes: Collection[Cause]) -> Iterator[Pause]:
        """The pauses that hold the limit, as its end moves with them; one that still lasts is the last."""
        for pause in _merged(self.pauses, causes):
            if self.end is None:
                return
            if pause.since.at >= self.end:
                self.say("not stopped", f"on {pause.since}, when {_THEN[pause.cause]}: after the end")
            elif pause.until is None:
                self.end, self.stopped = None, pause
            else:
                yield pause

    def _why(self, pause: Pause, words: Mapping[Cause, str]) -> str:
        halt = self.halts[pause.cause]
        when = f"from {pause.since} to {pause.until}" if pause.until else f"from {pause.since}"
        return f"{words[pause.cause]}, {when} ({halt.cite}, {halt.certainty})"

    def _spoken(self, time: timedelta) -> str:
        if self.limit.unit is Unit.HOURS:
            return f"{time / timedelta(hours=1):g} hours"
        working = self.limit.unit is Unit.WORKING_DAYS
        return _amount(time.days, Unit.WORKING_DAYS if working else Unit.DAYS)

    def _length(self, since: datetime, until: datetime) -> timedelta:
        """How much a pause adds, in the limit's own way of counting."""
        if self.limit.unit is Unit.HOURS:
            return until - max(since, self.at)
        first, last = max(_local(since, self.zone), self.day), _local(until, self.zone)
        if self.limit.unit is Unit.WORKING_DAYS:
            return timedelta(days=self.calendar.between(first, last))
        return max(last - first, timedelta(0))

    def _finish(self, added: timedelta) -> datetime | None:
        """The end: the amount and what pauses added, counted from the start."""
        limit = self.limit
        self._moved = self._since = None
        if limit.until is not None:
            return limit.until.latest if limit.floor else limit.until.earliest
        if limit.amount is None:
            return None
        amount = limit.amount + self._more
        match limit.unit:
            case Unit.HOURS:
                return self.at + timedelta(hours=amount) + added
            case Unit.WORKING_DAYS:
                last = self._since = self.day
                for _ in range(amount + added.days):
                    last = self.calendar.on_or_after(last + timedelta(days=1))
            case Unit.MONTHS:
                last = months_after(self.day, amount) + added
            case Unit.YEARS:
                last = months_after(self.day, 12 * amount) + added
            case _:
                last = self.day + timedelta(days=amount) + added
        return _midnight(self._settled(last) + timedelta(days=1), self.zone)

    def _settled(self, last: date) -> date:
        """The last day, after the rules about days on which nobody works."""
        if not self._moves:
            return last
        self._since = self._since or last - timedelta(days=1)
        moved = self.calendar.on_or_after(last)
        # Regulation 1182/71, 3(5): a period of two days or more has at least two working days in it. One that
        # is counted in working days has as many as it names: one working day from a Saturday on is Monday.
        long = self.limit.unit is not Unit.WORKING_DAYS and (last - self.day).days >= 2
        if self.limit.counting is Counting.UNION and long:
            while self.calendar.between(self.day, moved) < 2:
                self._since = self.day
                moved = self.calendar.on_or_after(moved + timedelta(days=1))
        if moved != last:
            self._moved = SumLine(label="moved", value=f"from {_weekday(last)} to {_weekday(moved)}")
        return moved

    @property
    def _moves(self) -> bool:
        return self.limit.counting is Counting.UNION or self.limit.floor

    def lines(self) -> Iterator[SumLine]:
        limit = self.limit
        law = f"({limit.cite}, {limit.certainty})"
        yield SumLine(label=_event(limit.start), value=str(self.start))
        if not isinstance(self.start, Moment):
            reading = f"the {'latest' if self.late else 'earliest'} it can have been"
            said = _say_end(self.at, self.zone) if self.late else _say(self.at, self.zone)
            yield SumLine(label="read as", value=f"{reading}, {said}")
        if limit.amount is not None:
            yield SumLine(label="plus", value=f"{_amount(limit.amount, limit.unit)} {law}")
        elif limit.until is not None:
            yield SumLine(label="stated end", value=f"{limit.until} {law}")
            if isinstance(limit.until, DayInterval):
                reading = "the end of that day" if limit.floor else "the beginning of that day"
                yield SumLine(label="read as", value=reading + self._anywhere(limit.until.zone))
            if isinstance(limit.until, Reading):
                reading = f"the {'latest' if limit.floor else 'earliest'} instant it can mean"
                yield SumLine(label="read as", value=reading + self._anywhere(None))
        yield from self._said
        if self._moved and self.end is not None:
            yield self._moved
        yield from self._counted_how()
        if self.stopped:
            yield SumLine(label="stopped", value=f"{self._why(self.stopped, _NOW)}; no end until it is over")
        elif self.end is None:
            yield SumLine(label=_words(limit.bound), value=f"no end stated {law}")
        else:
            yield SumLine(label=_words(limit.bound), value=_say_end(self.end, self.zone))

    @staticmethod
    def _anywhere(zone: str | None) -> str:
        return "" if zone else ", anywhere on earth"

    def _counted_how(self) -> Iterator[SumLine]:
        unit, counting = self.limit.unit, self.limit.counting
        if unit is None:
            return
        if unit is Unit.HOURS:
            how = "hours as they elapse, whatever the clocks on the wall do"
            if counting is Counting.UNION:
                how += "; Regulation 1182/71 article 3(1) leaves out the hour of the event, which ends later"
            yield SumLine(label="counted", value=f"{how} ({Certainty.CHECK})")
            return
        rule, doubt = _COUNTING[counting]
        if self.limit.certainty is Certainty.POLICY:
            doubt = "a limit of the house, counted as the house counts"
        yield SumLine(label="counted", value=f"in {self.zone}; {rule}; {doubt}")
        if unit is Unit.WORKING_DAYS or self._moves:
            yield from self._days_off()

    def _days_off(self) -> Iterator[SumLine]:
        """The calendar, the holidays that had a part in the end, and what nobody knows about them yet."""
        calendar = self.calendar
        last = self.day if self.end is None else _local(self.end - _INSTANT, self.zone)
        words = f"{calendar.describe()} ({calendar.id}: {calendar.source})"
        if self.limit.counting is Counting.UNION:
            words += (
                "; Regulation 1182/71 names this weekend in article 2(2), and by 2(1) the holidays count "
                f"that the member state or institution has where the act is done ({Certainty.CHECK})"
            )
        yield SumLine(label="calendar", value=words)
        if self._since is not None and self.end is not None:
            if skipped := calendar.off(self._since, last):
                yield SumLine(label="left out", value="; ".join(map(_holiday, skipped)))
            for days, why in self.counted:
                inside = (each for each in days if self._since < each.day <= last)
                if worked := [each for each in inside if calendar.working(each.day)]:
                    yield SumLine(label="not left out", value=f"{'; '.join(map(_holiday, worked))}: {why}")
            if near := calendar.estimated(self._since, last + timedelta(days=1)):
                yield SumLine(
                    label="to be asked",
                    value=f"{'; '.join(map(_holiday, near))}: reckoned before it was announced, and can fall "
                    "a day earlier or later",
                )
        years = range(self.day.year, last.year + 1)
        if unknown := calendar.unknown(years):
            reasons = "".join(f" ({each})" for each in calendar.why_unknown(years))
            yield SumLine(
                label="to be asked",
                value=f"public holidays of {', '.join(map(str, unknown))} are not known to be on file"
                f"{reasons}; with one more the end can be later",
            )


def _holiday(each: Holiday) -> str:
    return f"{_weekday(each.day)}, {each.name}{' (estimated)' if each.estimated else ''}"


_Counted = tuple[tuple[Holiday, ...], str]
"""Days off that a limit does not leave out, and why."""


def _left_out(limit: Limit, calendar: Calendar, on: date) -> tuple[Calendar, tuple[_Counted, ...]]:
    """The calendar as this limit knows it on that day, and what of it does not count for it."""
    if limit.counting is Counting.HOUSE and (limit.floor or limit.certainty is Certainty.POLICY):
        return calendar, ()
    own: _Counted = (calendar.closed, "days of the house do not lengthen what law sets")
    if limit.counting is Counting.HOUSE:
        return msgspec.structs.replace(calendar, closed=()), (own,)
    lawful = msgspec.structs.replace(calendar, weekend=(5, 6), worked=(), closed=())
    if limit.floor or not calendar.state or law().in_union(calendar.state, on):
        return lawful, (own,)
    # Article 2(1) names the holidays of member states and institutions. With others a floor can only end
    # later, and a ceiling would: so a ceiling is reckoned without them.
    foreign: _Counted = (
        calendar.public,
        f"{calendar.state} is no member state of the Union, so that they do not lengthen its limits "
        f"(Regulation 1182/71 article 2(1), {Certainty.CHECK})",
    )
    return msgspec.structs.replace(lawful, holidays=(), added=(), struck=()), (own, foreign)


def _merged(pauses: Iterable[Pause], causes: Collection[Cause]) -> list[Pause]:
    """The pauses of these causes in order of time, those that touch or overlap made one."""
    found: list[Pause] = []
    # The zone and the cause only break ties, so that the sum does not depend on the order given either.
    order = sorted(
        (pause for pause in pauses if pause.cause in causes),
        key=lambda pause: (pause.since.at, pause.cause, pause.since.zone),
    )
    for pause in order:
        last = found[-1] if found else None
        if last is None or (last.until is not None and last.until.at < pause.since.at):
            found.append(pause)
        elif last.until is not None and (pause.until is None or pause.until.at > last.until.at):
            found[-1] = msgspec.structs.replace(last, until=pause.until)
    return found


_ONE = {
    Unit.HOURS: "hour",
    Unit.DAYS: "day",
    Unit.WORKING_DAYS: "working day",
    Unit.MONTHS: "month",
    Unit.YEARS: "year",
}


def _amount(amount: int, unit: Unit | None) -> str:
    word = _ONE[unit] if unit is not None else ""
    return f"{amount} {word}" + ("" if amount == 1 else "s")


# ---- what people have to do ------------------------------------------------------------------------------


class Chore(_Value, frozen=True):
    """Something for a person to look at from `due` on. id: of the clock and the chore, the same each time."""

    id: str
    due: datetime
    what: Task


def chores(
    reckonings: Iterable[Reckoning], now: datetime, *, done: Collection[tuple[str, datetime]] = ()
) -> tuple[Chore, ...]:
    """What the clocks ask of people, now and later, the first first.

    A clock that is met, stopped or without an end asks nothing. Of the chores of one clock whose time has
    come only the newest stays: a warning is overtaken by the next, and by the end. done: (id, due) of
    chores already seen to; a clock whose end moved asks again. Raises ValueError when two clocks have one id.
    """
    _instant(now)
    found: list[Chore] = []
    names: set[str] = set()
    for reckoning in reckonings:
        if reckoning.id in names:
            raise ValueError(f"two clocks are called {reckoning.id}: give each a subject")
        names.add(reckoning.id)
        waiting = list(_chores_of(reckoning)) if reckoning.state(now) is not State.MET else []
        come = [chore for chore in waiting if chore.due <= now]
        found += come[-1:] + waiting[len(come) :]
    return tuple(
        sorted(
            (chore for chore in found if (chore.id, chore.due) not in set(done)),
            key=lambda chore: (chore.due, chore.id),
        )
    )


def _chores_of(reckoning: Reckoning) -> Iterator[Chore]:
    """In order of time: the warnings, one more at the end where there is a grace, and what the end asks."""
    if reckoning.due is None or reckoning.lapses is None or reckoning.limit.theirs:
        return
    warnings = list(reckoning.warnings)
    if reckoning.lapses > reckoning.due:
        warnings.append(reckoning.due)
    for number, due in enumerate(warnings, start=1):
        yield Chore(id=f"{reckoning.id}/{Task.WARN_DUE}-{number}", due=due, what=Task.WARN_DUE)
    yield Chore(id=f"{reckoning.id}/{reckoning.limit.task}", due=reckoning.lapses, what=reckoning.limit.task)

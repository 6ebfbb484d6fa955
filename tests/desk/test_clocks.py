"""Every time limit of a case, worked out by hand beside the reckoning; and what no date does by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.desk.calendars import Calendar, Holiday, calendar
from habeas.desk.clocks import (
    HOUSE,
    Cause,
    Chore,
    Counting,
    DayInterval,
    HouseTimes,
    Limit,
    Moment,
    Pause,
    Reading,
    Reckoning,
    State,
    Task,
    When,
    answer_limits,
    approval,
    chores,
    gag,
    late_validation,
    limit_on_file,
    preservation_limits,
    reckon,
    retention,
    waiting,
)
from habeas.errors import Refused
from habeas.treaty import Bound, Certainty, Unit

ZAGREB = "Europe/Zagreb"
WEEK = calendar("sat-sun")
NEVER_OFF = Calendar(id="never-off", weekend=(), source="test")
EEV = "eu-e-evidence"


def _at(text: str, zone: str = ZAGREB) -> Moment:
    """`2027-03-03 14:00` on the wall of a zone."""
    return Moment(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), zone)


def _utc(text: str, zone: str = ZAGREB) -> datetime:
    return _at(text, zone).at


def _reckon(limit: Limit, start: When, *pauses: Pause, zone: str = ZAGREB, **more: object) -> Reckoning:
    given_calendar = more.pop("calendar", WEEK)
    return reckon(limit, start, calendar=given_calendar, zone=zone, pauses=pauses, **more)  # type: ignore[arg-type]


def _question(since: str, until: str | None, zone: str = ZAGREB) -> Pause:
    return Pause(
        cause=Cause.QUESTION, since=_at(since, zone), until=_at(until, zone) if until is not None else None
    )


def _because(cause: Cause, since: str, until: str | None) -> Pause:
    return Pause(cause=cause, since=_at(since), until=_at(until) if until is not None else None)


def _by_id(limits: tuple[Limit, ...]) -> dict[str, Limit]:
    return {limit.id: limit for limit in limits}


def _line(reckoning: Reckoning, label: str) -> str:
    return next((line.value for line in reckoning.sum if line.label == label), "")


def _limit(amount: int, unit: Unit, bound: Bound = Bound.NOT_AFTER, **more: object) -> Limit:
    return Limit(
        id="one", cite="house", certainty=Certainty.POLICY, bound=bound, start="begun", rule="A rule.",
        task=Task.WARN_DUE, amount=amount, unit=unit, **more,  # type: ignore[arg-type]
    )  # fmt: skip


PRODUCTION = limit_on_file(EEV, "eev-production")
NOTIFIED = limit_on_file(EEV, "eev-production-notified")


# ---- which limits run ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instrument", "measure", "categories", "role", "emergency", "ids"),
    [
        (EEV, "stored-access", {"subscriber"}, "provider", False,
         {"eev-production", "eev-third-country-objection"}),
        (EEV, "stored-access", {"content"}, "provider", False,
         {"eev-production", "eev-production-notified", "eev-third-country-objection"}),
        (EEV, "stored-access", {"content"}, "provider", True,
         {"eev-emergency", "eev-objection-emergency", "eev-third-country-objection"}),
        (EEV, "stored-access", {"subscriber"}, "provider", True,
         {"eev-emergency", "eev-third-country-objection"}),
        (EEV, "stored-access", {"content"}, "executing-authority", True,
         {"eev-emergency", "eev-enforcement-decision", "eev-notified-authority-emergency"}),
        ("budapest-2ap", "direct-to-provider", {"subscriber"}, "provider", False,
         {"2ap-direct-disclosure"}),
        ("budapest-2ap", "stored-access", {"subscriber"}, "central-authority", False,
         {"2ap-service", "2ap-subscriber-return"}),
        ("budapest-2ap", "stored-access", {"traffic"}, "central-authority", False,
         {"2ap-service", "2ap-traffic-return"}),
        ("uncc", "stored-access", {"content"}, "central-authority", False, set()),
    ],
)  # fmt: skip
def test_the_limits_of_an_answer_are_those_on_file(
    instrument: str, measure: str, categories: set[str], role: str, emergency: bool, ids: set[str]
) -> None:
    found = answer_limits(instrument, measure, categories, role, emergency)
    assert set(_by_id(found)) == ids


def test_only_knowing_that_nobody_was_notified_takes_the_floor_away() -> None:
    def ids(notified: bool | None) -> set[str]:
        found = answer_limits(EEV, "stored-access", {"content"}, "provider", False, notified=notified)
        return set(_by_id(found))

    assert "eev-production-notified" in ids(None) & ids(True)
    assert "eev-production-notified" not in ids(False)
    assert "eev-production" in ids(False)
    urgent = answer_limits(EEV, "stored-access", {"content"}, "provider", True, notified=False)
    assert set(_by_id(urgent)) == {"eev-emergency", "eev-third-country-objection"}


def test_the_time_of_somebody_elses_right_lasts_as_long_as_it_can_and_hurries_nobody() -> None:
    """e-Evidence Regulation, article 10(4): the notified authority has 96 hours."""
    limit = limit_on_file(EEV, "eev-objection-emergency")
    found = _reckon(limit, DayInterval(date(2027, 3, 3), ZAGREB))
    assert found.not_after == _utc("2027-03-08 00:00")  # four days after 3 March 24:00
    assert "the latest it can have been, 3 March 2027 24:00 Europe/Zagreb" in found.text()
    assert (found.warnings, chores([found], _utc("2027-03-09 00:00"))) == ((), ())
    assert _reckon(limit, _at("2027-03-03 20:30")).not_after == _at("2027-03-07 20:30").at


def test_amounts_articles_and_certainty_come_from_the_law_on_file() -> None:
    assert (PRODUCTION.amount, PRODUCTION.unit, PRODUCTION.cite) == (10, Unit.DAYS, "eu-e-evidence:10(3)")
    assert PRODUCTION.certainty is Certainty.SEEN
    assert PRODUCTION.counting is Counting.UNION
    assert limit_on_file("budapest-2ap", "2ap-service").counting is Counting.HOUSE


@pytest.mark.parametrize(
    ("instrument", "measure", "ids"),
    [
        ("uncc", "preservation", {"uncc-preservation-floor", "uncc-preservation-ceiling"}),
        ("budapest", "stored-access", {"budapest-preservation-floor", "budapest-preservation-ceiling"}),
        (EEV, "preservation", {"eev-preservation"}),
        (EEV, "stored-access", set()),
    ],
)
def test_the_limits_of_keeping_are_those_on_file(instrument: str, measure: str, ids: set[str]) -> None:
    assert set(_by_id(preservation_limits(instrument, measure, "provider"))) == ids


def test_a_clock_nobody_wrote_down_is_refused() -> None:
    with pytest.raises(Refused):
        limit_on_file(EEV, "eev-tomorrow")


# ---- worked examples, by hand ----------------------------------------------------------------------------


def test_ten_days_end_with_the_last_hour_of_the_tenth() -> None:
    # Wednesday 3 March 2027; 4 March is day one, 13 March day ten: a Saturday, so Monday 15 March
    found = _reckon(PRODUCTION, _at("2027-03-03 14:00"))
    assert found.not_after == _utc("2027-03-16 00:00")
    assert found.not_before is None
    assert _line(found, "moved") == "from Saturday 13 March 2027 to Monday 15 March 2027"
    assert _line(found, "not after") == "15 March 2027 24:00 Europe/Zagreb"


def test_ten_days_and_two_of_a_question_are_shown_with_their_sum() -> None:
    # Monday 1 March 2027 + 10 = 11 March; a question of two days (5 and 6 March): Saturday 13, so Monday 15
    found = _reckon(PRODUCTION, _at("2027-03-01 14:00"), _question("2027-03-04 10:00", "2027-03-06 09:00"))
    shown = [line for line in found.sum if line.label not in ("counted", "calendar", "to be asked")]
    assert [(line.label, line.value) for line in shown] == [
        ("certificate received", "1 March 2027 14:00 Europe/Zagreb"),
        ("plus", "10 days (eu-e-evidence:10(3), seen)"),
        ("stopped", "2 days while a question was open, from 4 March 2027 10:00 Europe/Zagreb to "
                    "6 March 2027 09:00 Europe/Zagreb (eu-e-evidence:10(6), check)"),
        ("moved", "from Saturday 13 March 2027 to Monday 15 March 2027"),
        ("not after", "15 March 2027 24:00 Europe/Zagreb"),
    ]  # fmt: skip
    assert found.text().startswith("certificate received 1 March 2027 14:00 Europe/Zagreb, plus 10 days")
    assert "1182/71" in _line(found, "counted")
    assert "public holidays of 2027 are not known to be on file" in _line(found, "to be asked")


def test_ten_days_are_also_a_floor_where_the_notified_authority_has_not_spoken() -> None:
    floor = _reckon(NOTIFIED, _at("2027-03-01 14:00"))
    end = _utc("2027-03-12 00:00")  # 11 March 2027 is a Thursday
    assert floor.not_before == end
    assert floor.not_after is None
    assert floor.barred(end - timedelta(microseconds=1))
    assert not floor.barred(end)


def test_the_floor_opens_when_the_authority_says_it_raises_no_ground_and_not_before() -> None:
    said = _at("2027-03-05 09:00")
    floor = _reckon(NOTIFIED, _at("2027-03-01 14:00"), met=said)
    assert floor.barred(said.at - timedelta(seconds=1))
    assert not floor.barred(said.at)
    assert floor.state(said.at) is State.MET


def test_eight_hours_of_an_emergency_elapse() -> None:
    found = _reckon(limit_on_file(EEV, "eev-emergency"), _at("2027-03-03 20:30"))
    assert found.not_after == _utc("2027-03-04 04:30")
    # four and two hours before, not two days before it began
    assert found.warnings == (_utc("2027-03-04 00:30"), _utc("2027-03-04 02:30"))
    assert found.lapses == _utc("2027-03-04 06:30")


def test_the_notified_authority_has_96_hours_in_an_emergency() -> None:
    found = _reckon(limit_on_file(EEV, "eev-notified-authority-emergency"), _at("2027-03-03 20:30"))
    assert found.not_after == _utc("2027-03-07 20:30")  # a Sunday: hours do not move


@pytest.mark.parametrize(
    ("id", "ends"),
    [
        ("2ap-direct-disclosure", "2027-04-03 00:00"),  # 3 March + 30 = 2 April
        ("2ap-subscriber-return", "2027-03-24 00:00"),  # + 20 = 23 March
        ("2ap-traffic-return", "2027-04-18 00:00"),  # + 45 = 17 April, a Saturday: a ceiling does not move
    ],
)
def test_the_limits_of_the_second_protocol(id: str, ends: str) -> None:
    found = _reckon(limit_on_file("budapest-2ap", id), _at("2027-03-03 14:00"))
    assert found.not_after == _utc(ends)
    assert "check" in _line(found, "counted")


def test_late_validation_has_48_hours_and_no_grace() -> None:
    found = _reckon(late_validation(), _at("2027-03-05 17:00"))
    assert found.not_after == _utc("2027-03-07 17:00")
    assert found.state(_utc("2027-03-07 17:00")) is State.LAPSED
    assert chores([found], _utc("2027-03-08 08:00"))[0].what is Task.VALIDATION_MISSING


def test_an_answer_to_our_question_is_due_after_five_days() -> None:
    found = _reckon(limit_on_file(EEV, "eev-clarification"), _at("2027-03-08 10:00"))
    assert found.not_after == _utc("2027-03-16 00:00")  # 13 March is a Saturday
    assert found.limit.task is Task.REPLY_OVERDUE


def test_sixty_days_of_the_un_convention_are_a_floor() -> None:
    found = _reckon(limit_on_file("uncc", "uncc-preservation-floor"), _at("2027-03-03 14:00"))
    # 28 days left in March, 30 in April = 58; 2 May is a Sunday, and a floor moves to Monday
    assert found.not_before == _utc("2027-05-04 00:00")
    assert found.not_after is None


def test_what_is_kept_stays_kept_while_a_request_for_it_is_pending() -> None:
    limit = limit_on_file("uncc", "uncc-preservation-floor")
    kept = _at("2027-03-03 14:00")
    pending = _reckon(limit, kept, _because(Cause.DISCLOSURE_PENDING, "2027-04-01 09:00", None))
    assert pending.due is None
    assert pending.barred(_utc("2030-01-01 00:00"))
    assert pending.state(_utc("2030-01-01 00:00")) is State.STOPPED
    assert chores([pending], _utc("2030-01-01 00:00")) == ()

    decided = _because(Cause.DISCLOSURE_PENDING, "2027-04-01 09:00", "2027-06-10 12:00")
    assert _reckon(limit, kept, decided).not_before == _utc("2027-06-10 12:00")
    early = _because(Cause.DISCLOSURE_PENDING, "2027-04-01 09:00", "2027-04-10 12:00")
    assert _reckon(limit, kept, early).not_before == _utc("2027-05-04 00:00")


def test_a_request_that_came_after_the_hold_ended_revives_nothing() -> None:
    limit = limit_on_file("uncc", "uncc-preservation-floor")
    late = _because(Cause.DISCLOSURE_PENDING, "2027-05-04 00:00", None)
    found = _reckon(limit, _at("2027-03-03 14:00"), late)
    assert found.not_before == _utc("2027-05-04 00:00")
    assert "after the end" in _line(found, "not stopped")


def test_ninety_days_of_an_order_are_a_ceiling() -> None:
    found = _reckon(limit_on_file("budapest", "budapest-preservation-ceiling"), _at("2027-03-03 14:00"))
    # 28 + 30 + 31 = 89 on 31 May, so 1 June
    assert found.not_after == _utc("2027-06-02 00:00")
    assert chores([found], _utc("2027-06-04 00:00"))[0].what is Task.HOLD_LAPSES


def test_a_certificate_of_preservation_lasts_60_days_and_30_more_if_asked_for_in_time() -> None:
    limit = limit_on_file(EEV, "eev-preservation")
    start = _at("2027-03-01 14:00")
    assert _reckon(limit, start).not_after == _utc("2027-05-01 00:00")  # 30 April, a Friday
    longer = _reckon(limit, start, extended=_at("2027-04-20 10:00"))
    assert longer.not_after == _utc("2027-06-01 00:00")  # 90 days: 30 May, a Sunday, so Monday 31 May
    assert "30 days" in _line(longer, "extended")
    late = _reckon(limit, start, extended=_at("2027-05-01 00:00"))
    assert late.not_after == _utc("2027-05-01 00:00")
    assert "after the end" in _line(late, "not extended")


def test_a_production_order_in_time_keeps_what_a_certificate_preserved() -> None:
    pending = _because(Cause.DISCLOSURE_PENDING, "2027-04-20 09:00", None)
    found = _reckon(limit_on_file(EEV, "eev-preservation"), _at("2027-03-01 14:00"), pending)
    assert (found.due, found.state(_utc("2027-09-01 00:00"))) == (None, State.STOPPED)


def test_what_cannot_be_extended_is_refused() -> None:
    with pytest.raises(Refused):
        _reckon(PRODUCTION, _at("2027-03-01 14:00"), extended=_at("2027-03-02 14:00"))


def test_five_working_days_leave_out_the_weekend() -> None:
    # Thursday 4 March: Fri 5, Mon 8, Tue 9, Wed 10, Thu 11
    found = _reckon(limit_on_file(EEV, "eev-enforcement-decision"), _at("2027-03-04 10:00"))
    assert found.not_after == _utc("2027-03-12 00:00")


def test_five_working_days_where_friday_and_saturday_are_off() -> None:
    # Thursday 4 March: Sun 7, Mon 8, Tue 9, Wed 10, Thu 11
    limit = _limit(5, Unit.WORKING_DAYS)
    found = _reckon(
        limit, _at("2027-03-04 10:00", "Asia/Amman"), zone="Asia/Amman", calendar=calendar("fri-sat")
    )
    assert found.not_after == _utc("2027-03-12 00:00", "Asia/Amman")
    # and a floor that ends on a Friday moves to Sunday
    floor = _limit(1, Unit.DAYS, Bound.NOT_BEFORE)
    moved = _reckon(
        floor, _at("2027-03-04 10:00", "Asia/Amman"), zone="Asia/Amman", calendar=calendar("fri-sat")
    )
    assert moved.not_before == _utc("2027-03-08 00:00", "Asia/Amman")


def _kept(*days: str, weekend: tuple[int, ...] = (5, 6), **more: object) -> Calendar:
    """A calendar with these public holidays, and nothing lacking from 2026 to 2028."""
    holidays = tuple(Holiday(date.fromisoformat(day), "a holiday") for day in days)
    return Calendar(
        id="HRV", state="HRV", weekend=weekend, holidays=holidays, complete=(2026, 2027, 2028),
        source="an almanac", **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_holiday_on_file_moves_the_end_and_is_named_in_the_sum() -> None:
    # Wednesday 3 March + 10 days is Saturday 13, then Monday 15 is a holiday: Tuesday 16
    found = _reckon(PRODUCTION, _at("2027-03-03 14:00"), calendar=_kept("2027-03-15", "2027-03-08"))
    assert found.not_after == _utc("2027-03-17 00:00")
    assert _line(found, "left out") == "Monday 15 March 2027, a holiday"  # the 8th had no part in it
    assert _line(found, "to be asked") == ""


def test_a_holiday_of_no_member_state_moves_a_floor_of_the_union_and_no_ceiling() -> None:
    kept = msgspec.structs.replace(_kept("2027-03-15"), id="IND", state="IND")
    ceiling = _reckon(PRODUCTION, _at("2027-03-03 14:00"), calendar=kept)
    floor = _reckon(NOTIFIED, _at("2027-03-03 14:00"), calendar=kept)
    assert ceiling.not_after == _utc("2027-03-16 00:00")  # Saturday 13 moves to Monday 15 and no further
    assert floor.not_before == _utc("2027-03-17 00:00")
    assert "IND is no member state" in _line(ceiling, "not left out")
    assert _line(ceiling, "left out") == ""
    assert _line(floor, "left out") == "Monday 15 March 2027, a holiday"


def test_working_days_leave_out_a_holiday_also_over_the_turn_of_the_year() -> None:
    # Wednesday 30 December 2026: Thu 31, Mon 4 (Friday is New Year, Wednesday Epiphany), Tue 5, Thu 7
    found = _reckon(
        _limit(4, Unit.WORKING_DAYS),
        _at("2026-12-30 10:00"),
        calendar=_kept("2026-12-25", "2027-01-01", "2027-01-06"),
    )
    assert found.not_after == _utc("2027-01-08 00:00")
    assert _line(found, "left out") == (
        "Friday 1 January 2027, a holiday; Wednesday 6 January 2027, a holiday"
    )
    assert _line(found, "calendar").endswith("(HRV: an almanac)")


def test_years_the_list_does_not_know_are_asked_about_and_not_taken_for_empty() -> None:
    kept = _kept(doubts=("2029: the almanac ends", "2030: the almanac ends"))
    found = _reckon(_limit(3, Unit.WORKING_DAYS), _at("2028-12-29 10:00"), calendar=kept)
    asked = "public holidays of 2029 are not known to be on file (2029: the almanac ends)"
    assert _line(found, "to be asked").startswith(asked)
    checked = msgspec.structs.replace(kept, checked=(2029,))
    found = _reckon(_limit(3, Unit.WORKING_DAYS), _at("2028-12-29 10:00"), calendar=checked)
    assert _line(found, "to be asked") == ""


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        ("2027-03-03", False),
        ("2027-03-04", True),
        ("2027-03-10", True),
        ("2027-03-12", True),
        ("2027-03-13", False),
    ],
)
def test_an_estimated_holiday_near_the_end_is_a_question(day: str, asked: bool) -> None:
    kept = Calendar(
        id="ABC", weekend=(), source="an almanac", complete=(2027,),
        holidays=(Holiday(date.fromisoformat(day), "Eid", estimated=True),),
    )  # fmt: skip
    found = _reckon(_limit(7, Unit.WORKING_DAYS), _at("2027-03-04 10:00"), calendar=kept)
    assert ("Eid (estimated)" in _line(found, "to be asked")) is asked
    assert ("Eid (estimated)" in _line(found, "left out")) is (day in ("2027-03-10",))


def test_a_day_on_which_only_the_house_is_closed_never_lengthens_what_law_gives() -> None:
    closed = (Holiday(date(2027, 3, 5), "the ministry is closed"),)
    kept = _kept(closed=closed)
    friday = _at("2027-03-04 10:00")

    def end(limit: Limit) -> datetime:
        return _end(_reckon(limit, friday, calendar=kept))

    law = {"certainty": Certainty.SEEN}
    for counting in Counting:
        assert end(_limit_of(1, Bound.NOT_AFTER, counting, **law)) == _utc("2027-03-06 00:00")
    assert end(_limit_of(1, Bound.NOT_BEFORE, Counting.UNION, **law)) == _utc("2027-03-06 00:00")
    assert end(_limit_of(1, Bound.NOT_BEFORE, Counting.HOUSE, **law)) == _utc("2027-03-09 00:00")
    assert end(_limit(1, Unit.WORKING_DAYS)) == _utc("2027-03-09 00:00")  # a time of the house
    found = _reckon(_limit_of(1, Bound.NOT_AFTER, Counting.UNION, **law), friday, calendar=kept)
    assert "the ministry is closed: days of the house do not lengthen" in _line(found, "not left out")


def _limit_of(amount: int, bound: Bound, counting: Counting, **more: Certainty) -> Limit:
    return msgspec.structs.replace(_limit(amount, Unit.WORKING_DAYS, bound, counting=counting), **more)


def test_an_act_of_the_union_knows_its_own_weekend_whatever_the_house_keeps() -> None:
    # Thursday 4 March: Fri 5, Mon 8 for the Union; Sun 7, Mon 8 where Friday and Saturday are off
    limit = _limit(2, Unit.WORKING_DAYS, counting=Counting.UNION)
    found = _reckon(limit, _at("2027-03-04 10:00"), calendar=_kept(weekend=(4, 5)))
    assert found.not_after == _utc("2027-03-09 00:00")
    assert "weekend: Saturday, Sunday" in _line(found, "calendar")
    assert "article 2(2)" in _line(found, "calendar")
    assert "check" in _line(found, "calendar")
    # and a Saturday that is worked by order is none of its working days
    worked = _kept(worked=(Holiday(date(2027, 3, 6), "worked by order"),))
    assert _reckon(limit, _at("2027-03-04 10:00"), calendar=worked).not_after == _utc("2027-03-09 00:00")
    ours = _limit(2, Unit.WORKING_DAYS)
    assert _reckon(ours, _at("2027-03-04 10:00"), calendar=worked).not_after == _utc("2027-03-07 00:00")


def test_a_union_period_of_two_days_or_more_has_two_working_days_in_it() -> None:
    # Friday + 2 days = Sunday, moved to Monday; Monday alone is one working day, so Tuesday
    limit = _limit(2, Unit.DAYS, counting=Counting.UNION)
    assert _reckon(limit, _at("2027-03-05 10:00")).not_after == _utc("2027-03-10 00:00")
    # a single day is left alone: Friday + 1 = Saturday, moved to Monday
    one = _limit(1, Unit.DAYS, counting=Counting.UNION)
    assert _reckon(one, _at("2027-03-05 10:00")).not_after == _utc("2027-03-09 00:00")


def test_one_working_day_is_one_also_from_a_weekend_on() -> None:
    for bound in Bound:
        limit = _limit(1, Unit.WORKING_DAYS, bound, counting=Counting.UNION)
        found = _reckon(limit, _at("2027-03-06 10:00"))  # a Saturday
        assert (found.not_before or found.not_after) == _utc("2027-03-09 00:00")  # Monday 8 March 24:00


def test_a_person_has_a_week_between_notice_and_release() -> None:
    found = _reckon(waiting(), _at("2027-03-01 09:00"))
    assert found.not_before == _utc("2027-03-09 00:00")  # Monday 8 March 24:00
    on_a_saturday = _reckon(waiting(), _at("2027-03-06 09:00"))
    assert on_a_saturday.not_before == _utc("2027-03-16 00:00")  # Saturday 13 moves to Monday 15 March


def test_an_approval_is_void_after_72_hours_without_grace() -> None:
    found = _reckon(approval(), _at("2027-03-05 17:00"))
    end = _utc("2027-03-08 17:00")
    assert found.not_after == end
    assert found.state(end - timedelta(seconds=1)) is State.NEAR
    assert found.state(end) is State.LAPSED


def test_a_gag_bars_until_its_end_and_is_reviewed_on_the_way() -> None:
    bar, review = gag(_at("2027-09-01 12:00"), cite="an order of the court", certainty=Certainty.SEEN)
    ordered = _at("2027-03-03 14:00")
    assert _reckon(bar, ordered).not_before == _utc("2027-09-01 12:00")
    assert _reckon(review, ordered).not_after == _utc("2027-06-02 00:00")
    assert chores([_reckon(bar, ordered)], _utc("2027-09-02 12:00"))[0].what is Task.GAG_ENDS


def test_a_gag_without_an_end_bars_for_ever_and_is_reviewed_all_the_same() -> None:
    bar, review = gag(None, cite="an order of the court", certainty=Certainty.SEEN)
    found = _reckon(bar, _at("2027-03-03 14:00"))
    far = _utc("2099-01-01 00:00")
    assert found.due is None
    assert found.barred(far)
    assert found.says(far) == "running, no end stated"
    assert _reckon(review, _at("2027-03-03 14:00")).due is not None
    lifted = _reckon(bar, _at("2027-03-03 14:00"), met=_at("2027-05-01 10:00"))
    assert not lifted.barred(_utc("2027-05-01 10:00"))


def test_a_gag_until_a_day_ends_with_that_day() -> None:
    bar, _review = gag(DayInterval(date(2027, 9, 1), ZAGREB), cite="order", certainty=Certainty.SEEN)
    found = _reckon(bar, _at("2027-03-03 14:00"))
    assert found.not_before == _utc("2027-09-02 00:00")
    assert _line(found, "read as") == "the end of that day"


def test_a_file_is_kept_two_years_and_a_legal_hold_defers_its_end_without_adding_to_it() -> None:
    closed = _at("2027-03-03 14:00")
    end = _utc("2029-03-04 00:00")
    assert _reckon(retention(), closed).not_after == end
    inside = _because(Cause.LEGAL_HOLD, "2027-06-01 09:00", "2028-06-01 09:00")
    assert _reckon(retention(), closed, inside).not_after == end
    across = _because(Cause.LEGAL_HOLD, "2029-01-01 09:00", "2029-07-01 09:00")
    assert _reckon(retention(), closed, across).not_after == _utc("2029-07-01 09:00")
    standing = _reckon(retention(), closed, _because(Cause.LEGAL_HOLD, "2029-01-01 09:00", None))
    now = _utc("2031-01-01 00:00")
    assert standing.state(now) is State.STOPPED
    assert standing.says(now) == "stopped since 1 January 2029 09:00 Europe/Zagreb: a legal hold stands"
    assert chores([standing], now) == ()


@pytest.mark.parametrize(
    ("start", "amount", "ends"),
    [
        ("2027-01-31 10:00", 1, "2027-03-01 00:00"),  # 28 February
        ("2028-01-31 10:00", 1, "2028-03-01 00:00"),  # 29 February
        ("2027-03-31 10:00", 6, "2027-10-01 00:00"),  # 30 September
        ("2027-02-28 10:00", 1, "2027-03-29 00:00"),  # the same number, not the last day
        ("2027-12-15 10:00", 2, "2028-02-16 00:00"),
    ],
)
def test_a_month_ends_on_the_same_number_or_on_its_last_day(start: str, amount: int, ends: str) -> None:
    assert _reckon(_limit(amount, Unit.MONTHS), _at(start)).not_after == _utc(ends)


def test_two_years_from_a_leap_day_end_on_the_28th() -> None:
    assert _reckon(_limit(2, Unit.YEARS), _at("2028-02-29 10:00")).not_after == _utc("2030-03-01 00:00")


def test_a_gag_that_was_over_before_it_came_bars_nothing() -> None:
    bar, _review = gag(_at("2027-02-01 12:00"), cite="order", certainty=Certainty.SEEN)
    found = _reckon(bar, START)
    assert found.not_before == _at("2027-02-01 12:00").at  # as it was stated, and not the day it came
    assert not found.barred(START.at)


# ---- zones and daylight saving ---------------------------------------------------------------------------


def test_days_are_local_and_hours_elapse_when_clocks_go_forward() -> None:
    start = _at("2027-03-27 20:00")  # on 28 March 2027 the hour from 2 to 3 does not exist in Zagreb
    hours = _reckon(_limit(24, Unit.HOURS), start)
    assert hours.not_after == _utc("2027-03-28 21:00")
    days = _reckon(_limit(1, Unit.DAYS), start)
    assert days.not_after == _utc("2027-03-29 00:00") == datetime(2027, 3, 28, 22, tzinfo=UTC)


def test_days_are_local_and_hours_elapse_when_clocks_go_back() -> None:
    start = _at("2027-10-30 20:00")  # on 31 October 2027 the hour from 2 to 3 comes twice
    hours = _reckon(_limit(24, Unit.HOURS), start)
    assert hours.not_after == _utc("2027-10-31 19:00")
    days = _reckon(_limit(1, Unit.DAYS), start)
    assert days.not_after == _utc("2027-11-01 00:00") == datetime(2027, 10, 31, 23, tzinfo=UTC)


def test_a_day_whose_midnight_the_clock_skips_begins_when_the_clock_has_skipped() -> None:
    # Cairo goes from 24:00 on Thursday 24 April 2025 to 1:00 on Friday
    found = _reckon(_limit(1, Unit.DAYS), _at("2025-04-23 10:00", "Africa/Cairo"), zone="Africa/Cairo")
    assert found.not_after == datetime(2025, 4, 24, 22, tzinfo=UTC)
    assert _line(found, "not after") == "24 April 2025 24:00 Africa/Cairo"


def test_days_are_counted_where_the_act_is_to_be_done() -> None:
    start = _at("2027-03-03 20:00", "America/New_York")  # already 4 March in Zagreb
    found = _reckon(_limit(1, Unit.DAYS), start)
    assert found.not_after == _utc("2027-03-06 00:00")
    assert found.sum[0].value == "3 March 2027 20:00 America/New_York"


@pytest.mark.parametrize(
    "zone", ["", "Zagreb", "Europe", "Europe/Atlantis", "../etc/passwd", "/etc/localtime", "localtime",
             "right/Europe/Zagreb", "posix/Europe/Zagreb", "CET", "\0"],
)  # fmt: skip
def test_an_unknown_zone_is_refused(zone: str) -> None:
    for attempt in (
        lambda: Moment(datetime(2027, 3, 3, tzinfo=UTC), zone),
        lambda: DayInterval(date(2027, 3, 3), zone),
        lambda: _reckon(PRODUCTION, _at("2027-03-03 14:00"), zone=zone),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.place == "zone"


@pytest.mark.parametrize("zone", ["UTC", ZAGREB, "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_a_known_zone_is_not_refused(zone: str) -> None:
    assert Moment(datetime(2027, 3, 3, tzinfo=UTC), zone).zone == zone


def test_a_time_that_is_not_in_utc_is_refused() -> None:
    naive = datetime(2027, 3, 3)  # noqa: DTZ001
    elsewhere = datetime(2027, 3, 3, tzinfo=ZoneInfo(ZAGREB))
    for wrong in (naive, elsewhere):
        with pytest.raises(Refused):
            Moment(wrong, ZAGREB)
        with pytest.raises(Refused):
            _reckon(PRODUCTION, _at("2027-03-03 14:00")).state(wrong)
        with pytest.raises(Refused):
            chores([], wrong)


def test_both_kinds_of_start_can_be_stored_and_told_apart() -> None:
    for when in (
        _at("2027-03-03 14:00"),
        DayInterval(date(2027, 3, 3)),
        DayInterval(date(2027, 3, 3), ZAGREB),
        Reading(datetime.fromisoformat("2027-03-03T18:00")),
    ):
        assert msgspec.json.decode(msgspec.json.encode(when), type=When) == when


# ---- a start known by its day ----------------------------------------------------------------------------


def test_a_ceiling_runs_from_the_first_moment_of_a_day_and_a_floor_from_its_end() -> None:
    day = DayInterval(date(2027, 3, 3), ZAGREB)
    ceiling = _reckon(_limit(8, Unit.HOURS), day)
    floor = _reckon(_limit(8, Unit.HOURS, Bound.NOT_BEFORE), day)
    assert ceiling.not_after == _utc("2027-03-03 08:00")
    assert floor.not_before == _utc("2027-03-04 08:00")
    assert _line(ceiling, "read as") == "the earliest it can have been, 3 March 2027 00:00 Europe/Zagreb"
    assert _line(floor, "read as") == "the latest it can have been, 3 March 2027 24:00 Europe/Zagreb"


def test_in_one_zone_the_day_alone_is_enough_to_count_days() -> None:
    day = DayInterval(date(2027, 3, 1), ZAGREB)
    end = _utc("2027-03-12 00:00")
    assert _reckon(PRODUCTION, day).not_after == end
    assert _reckon(NOTIFIED, day).not_before == end


def test_a_day_of_no_zone_is_that_day_anywhere_on_earth() -> None:
    day = DayInterval(date(2027, 3, 3))
    assert day.earliest == datetime(2027, 3, 2, 10, tzinfo=UTC)
    assert day.latest == datetime(2027, 3, 4, 12, tzinfo=UTC)
    ceiling, floor = _limit(10, Unit.DAYS), _limit(10, Unit.DAYS, Bound.NOT_BEFORE)
    assert _reckon(ceiling, day, calendar=NEVER_OFF).not_after == _utc("2027-03-13 00:00")
    assert _reckon(floor, day, calendar=NEVER_OFF).not_before == _utc("2027-03-15 00:00")
    assert "zone not stated" in _reckon(ceiling, day).sum[0].value


# ---- pauses ----------------------------------------------------------------------------------------------


def test_an_open_question_stops_the_clock_and_leaves_no_end() -> None:
    found = _reckon(PRODUCTION, _at("2027-03-01 14:00"), _question("2027-03-04 10:00", None))
    now = _utc("2027-04-01 00:00")
    assert found.due is None
    assert found.state(now) is State.STOPPED
    assert found.says(now) == "stopped since 4 March 2027 10:00 Europe/Zagreb: a question is open"
    assert "no end until it is over" in _line(found, "stopped")
    on_a_saturday = _reckon(PRODUCTION, _at("2027-03-03 14:00"), _question("2027-03-04 10:00", None))
    assert _line(on_a_saturday, "moved") == ""  # there is no end that could move
    assert chores([found], now) == ()


def test_a_floor_that_is_stopped_bars() -> None:
    found = _reckon(NOTIFIED, _at("2027-03-01 14:00"), _question("2027-03-04 10:00", None))
    assert found.not_before is None
    assert found.barred(_utc("2099-01-01 00:00"))


def test_a_clock_the_law_does_not_stop_runs_on_and_says_so() -> None:
    limit = limit_on_file("budapest-2ap", "2ap-direct-disclosure")
    start, question = _at("2027-03-01 14:00"), _question("2027-03-04 10:00", None)
    assert _reckon(limit, start, question).due == _reckon(limit, start).due
    assert "runs on" in _line(_reckon(limit, start, question), "not stopped")
    assert _line(_reckon(limit, start), "not stopped") == ""


def test_a_question_after_the_end_revives_nothing() -> None:
    start = _at("2027-03-01 14:00")
    late = _question("2027-03-12 00:00", None)
    assert _reckon(PRODUCTION, start, late).not_after == _utc("2027-03-12 00:00")
    # but an earlier question can move the end beyond it
    early = _question("2027-03-04 10:00", "2027-03-06 09:00")
    assert _reckon(PRODUCTION, start, early, late).state(_utc("2027-03-20 00:00")) is State.STOPPED


def test_hours_are_stopped_by_the_hour() -> None:
    limit = limit_on_file(EEV, "eev-emergency")
    found = _reckon(limit, _at("2027-03-03 20:30"), _question("2027-03-03 21:00", "2027-03-03 22:30"))
    assert found.not_after == _utc("2027-03-04 06:00")
    assert _line(found, "stopped").startswith("1.5 hours ")


def test_a_question_open_before_the_clock_began_counts_from_its_beginning() -> None:
    limit = limit_on_file(EEV, "eev-emergency")
    found = _reckon(limit, _at("2027-03-03 20:00"), _question("2027-03-03 10:00", "2027-03-03 21:00"))
    assert found.not_after == _utc("2027-03-04 05:00")
    before = _reckon(limit, _at("2027-03-03 20:00"), _question("2027-03-03 10:00", "2027-03-03 19:00"))
    assert before.not_after == _utc("2027-03-04 04:00")
    assert _line(before, "stopped") == ""


def test_days_of_a_question_before_the_clock_began_are_not_added() -> None:
    # open from 24 February, the clock begins on Monday 1 March, answered on 2 March: one day
    found = _reckon(PRODUCTION, START, _question("2027-02-24 10:00", "2027-03-02 09:00"))
    assert found.not_after == _utc("2027-03-13 00:00")
    assert _line(found, "stopped").startswith("1 day ")


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused):
        _question("2027-03-04 10:00", "2027-03-04 09:00")


START = _at("2027-03-01 14:00")
MINUTES = st.integers(-3 * 24 * 60, 40 * 24 * 60)
LIMITS = st.sampled_from(
    [
        PRODUCTION,
        NOTIFIED,
        limit_on_file(EEV, "eev-emergency"),
        limit_on_file(EEV, "eev-preservation"),
        limit_on_file("uncc", "uncc-preservation-floor"),
        retention(),
        *(
            _limit(amount, unit, bound, counting=counting, halts=PRODUCTION.halts)
            for amount, unit in ((3, Unit.WORKING_DAYS), (1, Unit.MONTHS), (30, Unit.HOURS), (2, Unit.DAYS))
            for bound in Bound
            for counting in Counting
        ),
    ]
)
STARTS = st.sampled_from([START, DayInterval(date(2027, 3, 1)), DayInterval(date(2027, 3, 1), ZAGREB)])
WEEKS = st.sampled_from([WEEK, calendar("fri-sat"), NEVER_OFF])
DAYS_OF_SPRING = st.dates(date(2027, 2, 25), date(2027, 7, 1))
KEPT = st.builds(
    lambda week, days, closed: msgspec.structs.replace(
        week,
        holidays=tuple(Holiday(day, "a holiday") for day in sorted(days)),
        closed=tuple(Holiday(day, "closed") for day in sorted(closed)),
    ),
    WEEKS,
    st.sets(DAYS_OF_SPRING, max_size=25),
    st.sets(DAYS_OF_SPRING, max_size=5),
)


@st.composite
def _pauses(draw: st.DrawFn) -> Pause:
    since = draw(MINUTES)
    length = draw(st.none() | st.integers(0, 12 * 24 * 60))
    return Pause(
        cause=draw(st.sampled_from(Cause)),
        since=Moment(START.at + timedelta(minutes=since), ZAGREB),
        until=None if length is None else Moment(START.at + timedelta(minutes=since + length), ZAGREB),
    )


def _end(found: Reckoning) -> datetime:
    return found.due or datetime.max.replace(tzinfo=UTC)


@given(LIMITS, STARTS, WEEKS, st.lists(_pauses(), max_size=5), _pauses())
def test_one_more_pause_never_makes_a_clock_end_earlier(
    limit: Limit, start: When, week: Calendar, pauses: list[Pause], one: Pause
) -> None:
    without = reckon(limit, start, calendar=week, zone=ZAGREB, pauses=pauses)
    with_one = reckon(limit, start, calendar=week, zone=ZAGREB, pauses=[*pauses, one])
    assert _end(with_one) >= _end(without)


@given(LIMITS, STARTS, KEPT, st.lists(_pauses(), max_size=3), DAYS_OF_SPRING, st.booleans())
def test_one_more_holiday_never_makes_a_clock_end_earlier(
    limit: Limit, start: When, kept: Calendar, pauses: list[Pause], day: date, closed: bool
) -> None:
    one = Holiday(day, "one more")
    more = {"closed": (*kept.closed, one)} if closed else {"added": (one,)}
    without = reckon(limit, start, calendar=kept, zone=ZAGREB, pauses=pauses)
    with_one = reckon(
        limit, start, calendar=msgspec.structs.replace(kept, **more), zone=ZAGREB, pauses=pauses
    )
    assert _end(with_one) >= _end(without)


@given(st.integers(1, 30), st.sampled_from(Counting), st.sampled_from(Bound), STARTS, KEPT)
def test_working_days_never_end_on_a_day_off_and_the_sum_can_be_done_again_by_hand(
    amount: int, counting: Counting, bound: Bound, start: When, kept: Calendar
) -> None:
    found = reckon(
        _limit(amount, Unit.WORKING_DAYS, bound, counting=counting), start, calendar=kept, zone=ZAGREB
    )
    # By hand: from the lines alone, strike the weekend it names and the days it says are left out.
    weekend = _line(found, "calendar").partition("weekend: ")[2].partition(";")[0].split(", ")
    out = {_spoken(each.split(", ")[0]) for each in _line(found, "left out").split("; ") if each}
    day = (found.sum[0].value.split(" ") if isinstance(start, Moment) else "1 March 2027".split(" "))[:3]
    at = _spoken(f"Monday {' '.join(day)}")
    if bound is Bound.NOT_AFTER and start == DayInterval(date(2027, 3, 1)):
        at -= timedelta(days=1)  # the earliest it can have been is a day before, in Zagreb
    if bound is Bound.NOT_BEFORE and start == DayInterval(date(2027, 3, 1)):
        at += timedelta(days=1)
    left = amount
    while left:
        at += timedelta(days=1)
        left -= f"{at:%A}" not in weekend and at not in out
    assert _line(found, bound.replace("-", " ")) == f"{at.day} {at:%B} {at.year} 24:00 {ZAGREB}"
    counted = {each.day for each in kept.holidays}
    assert at not in counted


def _spoken(text: str) -> date:
    """`Monday 1 March 2027` read back."""
    return datetime.strptime(text, "%A %d %B %Y").replace(tzinfo=UTC).date()


@given(LIMITS, STARTS, WEEKS, st.lists(_pauses(), max_size=4))
def test_the_order_of_pauses_does_not_matter(
    limit: Limit, start: When, week: Calendar, pauses: list[Pause]
) -> None:
    found = {reckon(limit, start, calendar=week, zone=ZAGREB, pauses=order) for order in permutations(pauses)}
    assert len({each.due for each in found}) == 1
    assert len({each.sum for each in found}) == 1


@given(LIMITS, STARTS, WEEKS, st.sampled_from(Cause), MINUTES, st.integers(0, 9000), st.integers(0, 9000))
def test_two_pauses_that_touch_are_one(
    limit: Limit, start: When, week: Calendar, cause: Cause, since: int, first: int, second: int
) -> None:
    a, b, c = (
        Moment(START.at + timedelta(minutes=minutes), ZAGREB)
        for minutes in (since, since + first, since + first + second)
    )
    one = [Pause(cause=cause, since=a, until=c)]
    two = [Pause(cause=cause, since=a, until=b), Pause(cause=cause, since=b, until=c)]
    assert reckon(limit, start, calendar=week, zone=ZAGREB, pauses=one) == reckon(
        limit, start, calendar=week, zone=ZAGREB, pauses=two
    )


@given(
    st.integers(1, 400),
    st.sampled_from([Unit.HOURS, Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS]),
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([ZAGREB, "Africa/Cairo", "Pacific/Apia", "America/Havana", "Asia/Kathmandu", "UTC"]),
    st.sampled_from(Counting),
    WEEKS,
)
def test_a_floor_never_precedes_its_start_nor_the_ceiling_of_the_same_rule(
    amount: int, unit: Unit, at: datetime, zone: str, counting: Counting, week: Calendar
) -> None:
    floor_limit = _limit(amount, unit, Bound.NOT_BEFORE, counting=counting)
    ceiling_limit = _limit(amount, unit, counting=counting)
    for start in (Moment(at, zone), DayInterval(at.date()), DayInterval(at.date(), zone)):
        floor = reckon(floor_limit, start, calendar=week, zone=zone).not_before
        ceiling = reckon(ceiling_limit, start, calendar=week, zone=zone).not_after
        assert floor is not None
        assert ceiling is not None
        assert floor > start.latest
        assert floor >= ceiling > start.earliest


@given(
    st.integers(1, 60),
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 90 * 24 * 60),
    st.sampled_from(list(Unit)),
    st.sampled_from(list(Bound)),
)
def test_a_later_start_never_ends_earlier(
    amount: int, at: datetime, later: int, unit: Unit, bound: Bound
) -> None:
    limit = _limit(amount, unit, bound)
    first = _reckon(limit, Moment(at, ZAGREB)).due
    second = _reckon(limit, Moment(at + timedelta(minutes=later), ZAGREB)).due
    assert first is not None
    assert second is not None
    assert first <= second


# ---- states and chores -----------------------------------------------------------------------------------


def test_a_clock_runs_comes_near_has_a_grace_and_lapses() -> None:
    found = _reckon(PRODUCTION, START)
    end = _utc("2027-03-12 00:00")
    hour = timedelta(hours=1)
    assert [
        found.state(end + step)
        for step in (-49 * hour, -48 * hour, -hour, 0 * hour, 23 * hour, 24 * hour, 999 * hour)
    ] == [State.RUNNING, State.NEAR, State.NEAR, State.GRACE, State.GRACE, State.LAPSED, State.LAPSED]


def test_what_was_answered_in_time_is_met_and_what_came_late_is_late() -> None:
    in_time = _reckon(PRODUCTION, START, met=_at("2027-03-10 10:00"))
    assert (in_time.state(_utc("2027-03-20 00:00")), in_time.late) == (State.MET, False)
    assert in_time.state(_utc("2027-03-10 09:00")) is State.NEAR
    assert chores([in_time], _utc("2027-03-20 00:00")) == ()
    late = _reckon(PRODUCTION, START, met=_at("2027-03-13 10:00"))
    assert late.late
    assert late.says(_utc("2027-03-20 00:00")) == "met, late, on 13 March 2027 10:00 Europe/Zagreb"


def test_the_chores_ahead_are_told_before_they_are_due() -> None:
    found = _reckon(PRODUCTION, START)
    assert chores([found], START.at) == (
        Chore(id="eev-production/warn-due-1", due=_utc("2027-03-10 00:00"), what=Task.WARN_DUE),
        Chore(id="eev-production/warn-due-2", due=_utc("2027-03-11 00:00"), what=Task.WARN_DUE),
        Chore(id="eev-production/warn-due-3", due=_utc("2027-03-12 00:00"), what=Task.WARN_DUE),
        Chore(id="eev-production/answer-overdue", due=_utc("2027-03-13 00:00"), what=Task.ANSWER_OVERDUE),
    )


def test_a_warning_is_overtaken_by_the_next_and_by_the_end() -> None:
    found = _reckon(PRODUCTION, START)
    due = [chore.id for chore in chores([found], _utc("2027-03-11 12:00"))]
    assert due == [
        "eev-production/warn-due-2",
        "eev-production/warn-due-3",
        "eev-production/answer-overdue",
    ]
    assert [chore.what for chore in chores([found], _utc("2027-04-01 00:00"))] == [Task.ANSWER_OVERDUE]


def test_what_was_seen_to_is_not_asked_again_unless_the_end_moved() -> None:
    now = _utc("2027-03-11 12:00")
    found = _reckon(PRODUCTION, START)
    done = {(chore.id, chore.due) for chore in chores([found], now) if chore.due <= now}
    left = chores([found], now, done=done)
    assert [chore.due <= now for chore in left] == [False, False]
    moved = _reckon(PRODUCTION, START, _question("2027-03-04 10:00", "2027-03-05 09:00"))
    again = chores([moved], _utc("2027-03-11 12:00"), done=done)
    assert [chore.id for chore in again][:2] == ["eev-production/warn-due-1", "eev-production/warn-due-2"]


def test_two_clocks_of_one_kind_need_a_subject_each() -> None:
    with pytest.raises(ValueError, match="subject"):
        chores([_reckon(approval(), START), _reckon(approval(), START)], START.at)
    pair = [_reckon(approval(), START, subject=subject) for subject in ("item-1", "item-2")]
    assert {chore.id.split("/")[1] for chore in chores(pair, START.at)} == {"item-1", "item-2"}


@given(LIMITS, st.lists(_pauses(), max_size=3), st.integers(0, 5 * 365 * 24))
def test_a_date_that_passes_yields_nothing_but_a_chore_for_a_person(
    limit: Limit, pauses: list[Pause], hours: int
) -> None:
    now = START.at + timedelta(hours=hours)
    found = reckon(limit, START, calendar=WEEK, zone=ZAGREB, pauses=pauses)
    asked = chores([found], now)
    assert all(type(chore) is Chore for chore in asked)
    assert (found.state(now) is State.STOPPED) <= (asked == ())
    if found.state(now) is State.LAPSED:
        assert [chore.what for chore in asked] == [limit.task]


def test_nobody_is_hurried_by_a_floor_before_a_release() -> None:
    for limit in (waiting(), NOTIFIED):
        (only,) = chores([_reckon(limit, START)], START.at)
        assert only.what in (Task.WAITING_OVER, Task.MAY_ANSWER)


def test_a_house_sets_its_own_times() -> None:
    house = HouseTimes(waiting_days=14, approval_hours=24, warn_hours=(12,), grace_hours=0)
    assert _reckon(waiting(house), START).not_before == _utc("2027-03-16 00:00")
    assert _reckon(approval(house), START).not_after == _utc("2027-03-02 14:00")
    (limit,) = answer_limits(EEV, "stored-access", {"subscriber"}, "executing-authority", True, house=house)[
        :1
    ]
    assert (limit.warn_hours, limit.grace_hours) == ((12,), 0)


@pytest.mark.parametrize(
    "wrong", [{"waiting_days": 0}, {"approval_hours": -1}, {"warn_hours": (0,)}, {"grace_hours": -1}]
)
def test_a_house_time_of_nothing_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(Refused):
        HouseTimes(**wrong)  # type: ignore[arg-type]
    assert HOUSE.waiting_days == 7


def test_a_reading_without_its_zone_is_26_hours_of_instants() -> None:
    found = Reading(datetime.fromisoformat("2027-03-03T18:00"))
    assert found.earliest == datetime(2027, 3, 3, 4, tzinfo=UTC)
    assert found.latest == datetime(2027, 3, 4, 6, tzinfo=UTC)
    assert str(found) == "3 March 2027 18:00, zone not stated"
    with pytest.raises(Refused, match="this time has a zone"):
        Reading(datetime(2027, 3, 3, 18, tzinfo=UTC))


def test_a_floor_waits_for_the_last_instant_a_reading_can_mean_and_a_ceiling_for_the_first() -> None:
    until = Reading(datetime.fromisoformat("2027-09-01T12:00"))
    for bound, end in ((Bound.NOT_BEFORE, until.latest), (Bound.NOT_AFTER, until.earliest)):
        limit = msgspec.structs.replace(waiting(), amount=None, unit=None, until=until, bound=bound)
        assert _reckon(limit, START).due == end

"""Which limits run in a case: each from what happened, each with its end, and none acts by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from habeas.assess import Ceiling, Decision
from habeas.desk import Desk, Ruling, limits
from habeas.desk.events import Configured, Door
from habeas.desk.public import Kind
from habeas.errors import Refused
from habeas.request import Category
from tests.desk.desks import (
    CASE,
    CODE,
    DONE,
    EMERGENCY,
    ORGANISATION,
    SETTINGS,
    SOUND,
    WHEN,
    ask,
    at,
    bring,
    example,
    files,
    house_of,
    propose_delay,
    receive,
    steps,
)


def _ids(found: object) -> list[str]:
    return [each.limit.id for each in found]  # type: ignore[attr-defined]


def test_an_approval_lasts_72_hours_and_a_wait_seven_whole_days() -> None:
    desk, _memory = house_of()
    house = desk.house()
    assert limits.approval_lapses(at(), house) == at(hours=72)
    assert limits.waiting_ends(at(hours=6), house) == at(days=7, hours=14)  # Zurich's midnight


def test_a_house_may_wait_longer() -> None:
    times = msgspec.structs.replace(SETTINGS.times, waiting_days=14, approval_hours=24)
    desk, _memory = house_of(msgspec.structs.replace(SETTINGS, times=times))
    case = bring(desk, "notified")
    assert case.notices[0].waits_until == at(days=14, hours=14)
    assert limits.approval_lapses(at(), desk.house()) == at(hours=24)


def test_what_is_met_runs_no_longer() -> None:
    desk, _memory = house_of()
    case = bring(desk, "released")
    house = desk.house()
    assert "waiting" in _ids(limits.of(case, house))
    assert "waiting" not in _ids(limits.running(case, house, WHEN["released"]))
    assert not [each for each in limits.of(case, house) if each.limit.id == "approval"]


def test_limits_come_with_the_first_to_end_first() -> None:
    desk, _memory = house_of()
    case = DONE["agree-delay"](desk)
    dues = [each.due for each in limits.of(case, desk.house()) if each.due is not None]
    assert dues == sorted(dues)
    assert len(dues) >= 2


def test_a_question_stops_the_clock_where_its_article_says_so_and_is_on_record() -> None:
    request = example("e-evidence-subscriber")
    desk, _memory = house_of(Configured(seat="NLD:provider", zone="Europe/Amsterdam"), request)
    before = bring(desk, "assessed", request=request)
    first = limits.first_due(limits.of(before, desk.house()), at(hours=3))
    assert first is not None
    case = ask(desk, at(hours=4), "Which account?")
    assert case.paused
    assert case.pauses[0].since == at(hours=4)
    case = desk.answer(CASE, "intake", at(days=5), request=request, source=CODE)
    assert case.pauses[0].until == at(days=5)


def test_a_wish_of_the_requester_is_shown_as_one() -> None:
    request = msgspec.structs.replace(SOUND, deadline=at(days=3).date())
    desk, memory = house_of()
    case = receive(desk, request=request)
    [wish] = [each for each in limits.of(case, desk.house()) if each.limit.id == "requester-deadline"]
    assert "wish" in wish.limit.rule
    assert memory.rows[CASE].due_what == "requester-deadline"


def _emergency_until(desk: Desk, zone: str) -> limits.Reckoning:
    """An emergency with a deadline of 18:00 on the second day, whose zone the sender did not write."""
    shown = at(days=1).replace(hour=18, minute=0, second=0, microsecond=0, tzinfo=None)
    claimed = msgspec.structs.replace(EMERGENCY.emergency, deadline=shown)
    desk.receive(
        "intake",
        at(),
        case=CASE,
        request=msgspec.structs.replace(EMERGENCY, emergency=claimed),
        door=Door.PAPER,
        source=CODE,
        zone=zone,
    )
    return _emergency(desk)


def _emergency(desk: Desk) -> limits.Reckoning:
    found = limits.of(desk.case(CASE), desk.house())
    return next(each for each in found if each.limit.id == "emergency-deadline")


def test_an_hour_is_counted_in_the_zone_it_was_stated_in() -> None:
    desk, _memory = house_of()
    found = _emergency_until(desk, "America/Chicago")  # six hours west of UTC in winter
    day = at(days=1).date()
    assert found.due == datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    assert "18:00 America/Chicago" in found.text()
    assert not limits.zone_missing(desk.case(CASE))


def test_an_hour_without_a_zone_is_any_instant_it_can_mean_until_somebody_says_which() -> None:
    desk, memory = house_of()
    found = _emergency_until(desk, "")
    earliest = at(days=1).replace(hour=4, minute=0, second=0, microsecond=0)  # 18:00 at UTC+14
    assert found.due == earliest
    assert "zone not stated" in found.text()
    assert "the earliest instant it can mean, anywhere on earth" in found.text()
    assert limits.zone_missing(desk.case(CASE))
    case = desk.state_zone(CASE, "intake", at(hours=1), zone="America/Chicago")
    assert not limits.zone_missing(case)
    assert _emergency(desk).due == earliest + timedelta(hours=20)
    assert memory.jobs[CASE]
    with pytest.raises(Refused, match="this zone stands there already"):
        desk.state_zone(CASE, "intake", at(hours=2), zone="America/Chicago")
    with pytest.raises(Refused, match="is not a time zone"):
        desk.state_zone(CASE, "intake", at(hours=2), zone="Middle/Earth")


def test_a_day_without_a_zone_begins_where_days_begin_first() -> None:
    dues = []
    for zone in ("", "Pacific/Honolulu"):
        desk, _memory = house_of()
        asked = msgspec.structs.replace(SOUND, deadline=at(days=5).date())
        case = desk.receive("intake", at(), case=CASE, request=asked, door=Door.PAPER, source=CODE, zone=zone)
        dues += [each.due for each in limits.of(case, desk.house()) if each.limit.id == "requester-deadline"]
    anywhere, honolulu = dues
    assert anywhere is not None
    assert honolulu == anywhere + timedelta(hours=24)  # UTC+14 against UTC-10


def test_a_time_with_its_offset_needs_no_zone() -> None:
    desk, _memory = house_of()
    claimed = msgspec.structs.replace(EMERGENCY.emergency, deadline=at(days=1))
    request = msgspec.structs.replace(EMERGENCY, emergency=claimed)
    case = desk.receive("intake", at(), case=CASE, request=request, door=Door.PAPER, source=CODE)
    assert _emergency(desk).due == at(days=1)
    assert not limits.zone_missing(case)


def test_a_hold_lasts_at_least_sixty_days() -> None:
    desk, memory = house_of()
    case = DONE["hold"](desk)
    [hold] = case.holds
    assert hold.until >= hold.placed + timedelta(days=60)
    assert [job for job in memory.jobs[CASE] if "hold" in job.id]


def test_no_date_writes_anything_and_a_warning_is_not_repeated() -> None:
    desk, memory = house_of()
    bring(desk, "notified")
    [job] = [each for each in memory.jobs[CASE] if each.what == "waiting-over"]
    before = memory.kinds()
    limits.chores(desk.case(CASE), limits.asking(desk.case(CASE), desk.house()), at(days=400))
    assert memory.kinds() == before
    case = desk.warn(CASE, at(days=8), clock=job.id, due=job.due)
    assert case.history[-1].by == "clock"
    assert (job.id, job.due) not in {(each.id, each.due) for each in memory.jobs[CASE]}


def test_a_delay_warns_of_its_end_and_of_its_review() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    propose_delay(desk, days=60, review=30)
    before = {each.limit.id for each in limits.of(desk.case(CASE), desk.house())}
    case = desk.agree_delay(CASE, "reviewer", at(hours=7))
    new = {each.limit.id for each in limits.of(case, desk.house())} - before
    assert len(new) == 2


@pytest.mark.parametrize("act", ["merge", "close"])
def test_a_case_that_ended_asks_only_for_the_end_of_its_file(act: str) -> None:
    desk, memory = house_of()
    if act == "close":
        request = msgspec.structs.replace(SOUND, deadline=at(days=20).date())
        bring(desk, "assessed", request=request)
        ask(desk, at(hours=4), "?")
        case = desk.close(CASE, "reviewer", at(days=1))
    else:
        case = DONE[act](desk)
    assert {job.what for job in memory.jobs[case.id]} <= {"retention-ends", "warn-due"}
    assert {job.id.split("/")[0] for job in memory.jobs[case.id]} == {"retention"}
    assert memory.jobs[case.id]
    assert memory.rows[case.id].due is None


def test_the_end_of_a_file_is_two_years_after_its_close_and_waits_for_who_retains_it() -> None:
    desk, _memory = house_of()
    case = bring(desk, "delivered")
    house = desk.house()
    assert limits.retention_ends(case, house) is None
    case = steps(desk, "closed", "closed")
    ends = limits.retention_ends(case, house)
    assert ends is not None
    assert timedelta(days=730) <= ends - WHEN["closed"] <= timedelta(days=732)
    case = desk.retain(CASE, "counsel", at(days=11), until=at(days=1500).date(), why="An audit.")
    [end] = [each for each in limits.of(case, house) if each.limit.id == "retention"]
    assert end.due is None or end.due >= at(days=1500)


def test_an_erased_case_has_no_limits() -> None:
    desk, _memory = house_of()
    case = bring(desk, "erased")
    assert (
        limits.of(case, desk.house())
        == limits.chores(case, limits.asking(case, desk.house()), at(days=2000))
        == ()
    )
    assert case.organisation == ORGANISATION


def test_nothing_leaves_before_a_floor_has_passed() -> None:
    """A notified authority has ten days in which nothing leaves (e-Evidence Regulation, article 10(2))."""
    plain = example("e-evidence-subscriber")
    items = tuple(msgspec.structs.replace(i, category=Category.TRAFFIC) for i in plain.targets[0].items)
    target = msgspec.structs.replace(plain.targets[0], items=items)
    request = msgspec.structs.replace(plain, targets=(target,))
    desk, _memory = house_of(Configured(seat="NLD:provider", zone="Europe/Amsterdam"), request)
    case = bring(desk, "assessed", request=request)
    gives = tuple(
        Ruling(target=t, item=i, decision=Decision.PROCEED, ceiling=Ceiling.TRAFFIC) for t, i in case.asked()
    )
    steps(desk, "reviewed", "decided", decided=gives)
    propose_delay(desk)
    desk.agree_delay(CASE, "reviewer", at(hours=7))
    desk.prepare(CASE, "custodian", at(hours=8), files=files(desk.case(CASE)))
    ends = at(days=10, hours=14)  # the tenth day, 24:00 in Amsterdam
    assert [each.not_before for each in limits.floors(desk.case(CASE), desk.house(), at(days=1))] == [ends]
    with pytest.raises(Refused, match="Nothing may leave yet") as refused:
        desk.approve_release(CASE, "counsel", ends - timedelta(seconds=1))
    assert not refused.value.sentence.endswith(".")
    assert desk.approve_release(CASE, "counsel", ends).approval is not None


def _issued(
    on: date | None, *, zone: str = "Europe/Paris", desk: Desk, received_on: date | None = None
) -> limits.Reckoning:
    authorised = msgspec.structs.replace(EMERGENCY.authorisation, issued_on=on)
    request = msgspec.structs.replace(
        EMERGENCY, instrument="eu-e-evidence", authorisation=authorised, received_on=received_on
    )
    case = desk.receive("intake", at(), case=CASE, request=request, door=Door.PAPER, source=CODE, zone=zone)
    found = limits.of(case, desk.house())
    return next(each for each in found if each.limit.id == "eev-emergency-validation")


def test_the_48_hours_of_a_late_validation_run_from_the_issuing_of_the_order() -> None:
    """Regulation (EU) 2023/1543, Article 4(5)."""
    yesterday = at(days=-1).date()
    midnight = datetime(yesterday.year, yesterday.month, yesterday.day, tzinfo=ZoneInfo("Europe/Paris"))
    desk, _memory = house_of()
    assert _issued(yesterday, desk=desk).due == midnight + timedelta(hours=48)
    desk, _memory = house_of()
    anywhere = midnight.replace(tzinfo=UTC) - timedelta(hours=14)
    assert _issued(yesterday, zone="", desk=desk).due == anywhere + timedelta(hours=48)


def test_an_order_of_no_day_or_of_a_later_one_was_issued_at_the_latest_when_it_came() -> None:
    for on in (None, at(days=1).date()):
        desk, _memory = house_of()
        assert _issued(on, desk=desk).due == at(hours=48)


@pytest.mark.parametrize(("hours", "how"), [(10, "in-time"), (20, "late")])
def test_the_log_calls_late_what_the_clock_of_the_desk_calls_late(hours: int, how: str) -> None:
    desk, memory = house_of()
    clock = _issued(at(days=-1).date(), desk=desk)
    case = desk.validate(CASE, "intake", at(hours=hours), valid=True)
    [met] = [each for each in limits.of(case, desk.house()) if each.limit.id == clock.limit.id]
    [(_stream, entry)] = [each for each in memory.public if each[1].count.kind == Kind.VALIDATION]
    assert entry.count.how == how
    assert met.late is (how == "late")


def test_a_case_that_was_here_before_as_a_line_of_a_table_counts_from_the_day_it_came() -> None:
    desk, _memory = house_of()
    came = at(days=-10).date()
    end_of_that_day = datetime(came.year, came.month, came.day, tzinfo=UTC) + timedelta(days=1)
    assert _issued(None, desk=desk, received_on=came).due == end_of_that_day + timedelta(hours=48)

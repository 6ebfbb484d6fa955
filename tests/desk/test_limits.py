"""Which limits run in a case: each from what happened, each with its end, and none acts by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from habeas.assess import Ceiling, Decision
from habeas.desk import Case, Desk, Ruling, limits, queue
from habeas.desk.clocks import State
from habeas.desk.events import Configured, Door, Happening, Prolonged
from habeas.desk.letters.model import Kind as Letter
from habeas.desk.letters.model import Language, Slow
from habeas.desk.public import Kind
from habeas.errors import Refused
from habeas.request import Category, Identifier, Measure, Request
from tests.desk.desks import (
    CASE,
    CODE,
    DONE,
    EMERGENCY,
    ORGANISATION,
    SETTINGS,
    SOUND,
    SOURCE,
    TWO,
    WHEN,
    ask,
    at,
    bring,
    example,
    files,
    house_of,
    letter_to,
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


def test_the_day_of_an_order_is_no_wish() -> None:
    ordered = msgspec.structs.replace(
        SOUND,
        deadline=at(days=3).date(),
        instrument="domestic-order",
        measure=Measure.DOMESTIC_ORDER,
        requesting_state=SOUND.seat_state,
    )
    desk, _memory = house_of()
    case = receive(desk, request=ordered)
    [day] = [each for each in limits.of(case, desk.house()) if each.limit.id == "requester-deadline"]
    assert "wish" not in day.limit.rule
    assert "order" in day.limit.rule


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
        request = msgspec.structs.replace(SOUND, deadline=at(days=50).date())
        bring(desk, "assessed", request=request)
        ask(desk, at(hours=4), "?")
        letter_to(desk, Letter.CLARIFICATION)
        case = desk.close(CASE, "reviewer", at(days=40))
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
    plain = msgspec.structs.replace(example("e-evidence-subscriber"), received_on=None)
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


# ---- from when, and to when ------------------------------------------------------------------------------

DUBLIN = Configured(seat="IRL:provider", zone="Europe/Dublin")
ORDER = msgspec.structs.replace(
    example("e-evidence-subscriber"), received_on=None, deadline=None, secrecy=SOUND.secrecy
)


def _of(case: Case, desk: Desk) -> dict[str, limits.Reckoning]:
    return {each.id: each for each in limits.of(case, desk.house())}


def _take(request: Request, settings: Configured = DUBLIN, zone: str = "Europe/Paris") -> tuple[Desk, Case]:
    desk, _memory = house_of(settings, request)
    return desk, desk.receive(
        "intake", at(), case=CASE, request=request, door=Door.IMPORT, source=CODE, zone=zone
    )


def _traffic(request: Request = ORDER) -> Request:
    items = tuple(msgspec.structs.replace(i, category=Category.TRAFFIC) for i in request.targets[0].items)
    return msgspec.structs.replace(
        request, targets=(msgspec.structs.replace(request.targets[0], items=items),)
    )


def test_an_answer_runs_from_the_day_the_request_came_and_not_from_when_it_was_typed() -> None:
    """e-Evidence Regulation, article 10(3): ten days from the receipt of the certificate."""
    came = at(days=-9).date()  # 14 November: the tenth day is the 24th
    desk, case = _take(msgspec.structs.replace(ORDER, received_on=came))
    found = _of(case, desk)["eev-production"]
    assert found.due == datetime(2026, 11, 25, tzinfo=UTC)  # 24 November, 24:00 in Dublin
    assert "14 November 2026, hour not stated" in found.text()
    assert queue.folded(case, desk.house(), at()).row.received.date() == came  # type: ignore[union-attr]
    desk, case = _take(msgspec.structs.replace(ORDER, received_on=at().date()))
    assert "23 November 2026 09:00 Europe/Dublin" in _of(case, desk)["eev-production"].text()


def test_what_is_split_off_or_merged_keeps_the_day_on_which_it_came() -> None:
    one = ORDER.targets[0]
    two = msgspec.structs.replace(one, id="t2", identifiers=(Identifier(value="other@host.example"),))
    desk, case = _take(msgspec.structs.replace(ORDER, targets=(one, two)))
    due = _of(case, desk)["eev-production"].due
    left, new = desk.split(CASE, "reviewer", at(days=8), targets=["t2"], into="2026-000002")
    assert _of(left, desk)["eev-production"].due == _of(new, desk)["eev-production"].due == due
    assert "23 November 2026 09:00" in _of(new, desk)["eev-production"].text()
    desk, case = _take(ORDER)
    later = msgspec.structs.replace(ORDER, reference="again", facts=ORDER.facts + " More.")
    desk.receive("intake", at(days=5), case="2026-000002", request=later, door=Door.PORTAL, source=SOURCE)
    desk.merge(CASE, "reviewer", at(days=6), into="2026-000002", why="It came twice.")
    assert _of(desk.case("2026-000002"), desk)["eev-production"].due == due


def test_a_stated_end_is_shown_as_stated_even_where_it_was_over_already() -> None:
    desk, case = _take(msgspec.structs.replace(ORDER, deadline=at(days=-3).date()), zone="Europe/Dublin")
    wish = _of(case, desk)["requester-deadline"]
    assert wish.due == datetime(2026, 11, 20, tzinfo=UTC)
    assert wish.text().endswith("not after 19 November 2026 24:00 Europe/Dublin")


def test_what_runs_from_an_event_that_nobody_recorded_is_a_question() -> None:
    """Directive 2014/41/EU, article 12(4): ninety days from the decision on recognition."""
    asked = msgspec.structs.replace(example("tower-dump"), received_on=None)
    desk, case = _take(asked, Configured(seat="DEU:executing-authority", zone="Europe/Berlin"))
    found = _of(case, desk)["eio-execution"]
    assert (found.due, found.state(at(days=400))) == (None, State.ASKED)
    assert found.text().startswith("recognition decided not recorded")
    assert "nobody recorded" in found.says(at())
    assert not [job for job in queue.folded(case, desk.house(), at()).jobs if "execution" in job.id]
    with pytest.raises(Refused, match="still to come"):
        desk.record_event(CASE, "intake", at(), what=Happening.RECOGNITION_DECIDED, on=at(days=2).date())
    with pytest.raises(Refused, match="no time limit of this case turns on that"):
        desk.record_event(CASE, "intake", at(), what=Happening.ORDER_SERVED, on=at().date())
    case = desk.record_event(
        CASE, "intake", at(days=6), what=Happening.RECOGNITION_DECIDED, on=at(days=5).date()
    )
    found = _of(case, desk)
    assert found["eio-execution"].due == datetime(2027, 2, 26, 23, tzinfo=UTC)  # 28 November and ninety days
    assert found["eio-recognition"].state(at(days=6)) is State.MET


def test_articles_7_and_8_of_the_second_protocol_are_two_roads() -> None:
    asked = msgspec.structs.replace(ORDER, instrument="budapest-2ap", measure=Measure.DIRECT_TO_PROVIDER)
    desk, case = _take(asked, Configured(seat="CHE:provider", zone="Europe/Zurich"))
    assert {each for each in _of(case, desk) if each.startswith("2ap")} == {"2ap-direct-disclosure"}
    asked = msgspec.structs.replace(asked, measure=Measure.STORED_ACCESS)
    desk, case = _take(asked, Configured(seat="CHE:central-authority", zone="Europe/Zurich"))
    found = _of(case, desk)
    assert {each for each in found if each.startswith("2ap")} == {"2ap-service", "2ap-subscriber-return"}
    assert found["2ap-subscriber-return"].state(at()) is State.ASKED
    case = desk.record_event(CASE, "intake", at(days=3), what=Happening.ORDER_SERVED, on=at(days=2).date())
    found = _of(case, desk)
    assert found["2ap-subscriber-return"].due == datetime(2026, 12, 15, 23, tzinfo=UTC)
    assert found["2ap-service"].state(at(days=3)) is State.MET


def test_a_floor_that_has_passed_is_open_and_hides_no_limit() -> None:
    desk, case = _take(_traffic())
    found = _of(case, desk)
    floor, after = found["eev-production-notified"], at(days=11)
    assert floor.state(after) is State.OPEN
    assert floor.says(after) == "open since 3 December 2026 24:00 Europe/Dublin"
    first = limits.first_due(limits.of(case, desk.house()), after)
    assert first is not None
    assert first.limit.id == "eev-production"
    desk, memory = house_of()
    case = bring(desk, "notified")
    for when in (at(days=1), at(days=9)):  # before and after the waiting time
        row = queue.folded(case, desk.house(), when).row
        assert row is not None
        assert row.due_what == memory.rows[CASE].due_what == "house-answer"


# ---- data are kept ---------------------------------------------------------------------------------------


def _held(request: Request, settings: Configured) -> tuple[Desk, limits.Reckoning]:
    desk, _case = _take(request, settings)
    case = desk.hold(CASE, "intake", at(days=1), hold="h1", targets=[request.targets[0].id])
    return desk, _of(case, desk)["hold/h1"]


def _extend(desk: Desk, when: datetime, until: datetime) -> limits.Reckoning:
    return _of(desk.extend(CASE, "reviewer", when, hold="h1", until=until, why="They ask."), desk)["hold/h1"]


def test_a_european_preservation_order_keeps_sixty_days_and_thirty_more_once() -> None:
    """e-Evidence Regulation, article 11(1); it runs from the certificate."""
    desk, found = _held(msgspec.structs.replace(ORDER, measure=Measure.PRESERVATION), DUBLIN)
    assert (found.limit.cite, found.not_before) == ("eu-e-evidence:11(1)", None)
    assert found.not_after == datetime(2027, 1, 23, tzinfo=UTC)  # 22 January, 24:00
    more = datetime(2027, 2, 23, tzinfo=UTC)  # ninety days end on Sunday, 21 February: the Monday
    with pytest.raises(Refused, match="kept so long") as refused:
        _extend(desk, at(days=40), more + timedelta(seconds=1))
    assert "2027-02-22" in str(refused.value)
    found = _extend(desk, at(days=40), more)
    assert found.not_after == more
    assert "by 30 days" in found.text()
    with pytest.raises(Refused, match="kept so long"):
        _extend(desk, at(days=80), more + timedelta(days=1))


def test_the_thirty_days_are_asked_for_before_the_sixty_end() -> None:
    desk, _found = _held(msgspec.structs.replace(ORDER, measure=Measure.PRESERVATION), DUBLIN)
    with pytest.raises(Refused, match="kept so long"):
        _extend(desk, at(days=62), at(days=70))


def test_a_domestic_order_keeps_ninety_days_at_the_most_and_is_renewed_by_as_many() -> None:
    order = msgspec.structs.replace(example("domestic-order"), received_on=None)
    desk, found = _held(order, Configured(seat="BRA:provider", zone="America/Sao_Paulo"))
    assert (found.limit.cite, found.not_before) == ("uncc:25(2)", None)
    assert found.not_after == datetime(2027, 2, 22, 3, tzinfo=UTC)  # 21 February, 24:00 in Sao Paulo
    with pytest.raises(Refused, match="kept so long"):
        _extend(desk, at(days=60), at(days=365 * 70))
    assert _extend(desk, at(days=60), at(days=149)).not_after == at(days=149)


@pytest.mark.parametrize(
    ("instrument", "cite"),
    [("uncc", "uncc:42(8)"), ("budapest", "budapest:29(7)"), ("budapest-2ap", "budapest:29(7)"),
     ("bilateral-mla", "house")],
)  # fmt: skip
def test_for_another_state_data_are_kept_sixty_days_at_the_least(instrument: str, cite: str) -> None:
    asked = msgspec.structs.replace(ORDER, instrument=instrument, measure=Measure.PRESERVATION)
    desk, found = _held(asked, Configured(seat="CHE:central-authority", zone="Europe/Zurich"))
    assert (found.limit.cite, found.not_after) == (cite, None)
    # 23 January 2027 is a Saturday, and a floor moves to the next working day
    assert found.not_before == datetime(2027, 1, 25, 23, tzinfo=UTC)
    assert "plus 60 days" in found.text()
    with pytest.raises(Refused, match="kept so long"):
        _extend(desk, at(days=1), at(days=365 * 70))


def test_a_hold_that_goes_along_was_placed_when_it_was_placed() -> None:
    one = ORDER.targets[0]
    two = msgspec.structs.replace(one, id="t2", identifiers=(Identifier(value="other@host.example"),))
    asked = msgspec.structs.replace(ORDER, instrument="uncc", targets=(one, two))
    desk, _case = _take(asked)
    desk.hold(CASE, "intake", at(), hold="h1", targets=["t2"])
    _left, new = desk.split(CASE, "reviewer", at(days=8), targets=["t2"], into="2026-000002")
    assert [each.placed for each in new.holds] == [at()]
    assert "stated end" not in _of(new, desk)["hold/h1"].text()


# ---- looked at again -------------------------------------------------------------------------------------


def test_the_review_that_was_stated_is_the_one_shown_and_warned_of() -> None:
    desk, memory = house_of()
    bring(desk, "decided")
    propose_delay(desk, days=60, review=10)
    case = desk.agree_delay(CASE, "reviewer", at(hours=7))
    assert case.delay is not None
    found = _of(case, desk)["gag-review"]
    assert found.due == datetime(2026, 12, 3, 23, tzinfo=UTC)  # the end of the day of the review, in Zurich
    ends = found.due
    assert case.delayed(case.concerned(), desk.house().day(ends - timedelta(seconds=1)))
    assert not case.delayed(case.concerned(), desk.house().day(ends))
    warned = {each.due for each in memory.jobs[CASE] if each.id.startswith("gag-review/warn")}
    assert warned == {ends - timedelta(hours=48), ends - timedelta(hours=24)}


def test_a_reopened_case_runs_again() -> None:
    desk, _case = _take(ORDER)
    desk.withdraw(CASE, "intake", at(days=1), why="Their letter.")
    desk.close(CASE, "reviewer", at(days=1, hours=1))
    case = desk.reopen(CASE, "counsel", at(days=1, hours=2), why="By mistake.")
    found = _of(case, desk)["eev-production"]
    assert found.state(at(days=2)) is State.RUNNING
    assert queue.folded(case, desk.house(), at(days=2)).row.due == found.due  # type: ignore[union-attr]
    case = desk.withdraw(CASE, "intake", at(days=3), why="Their letter.")
    assert _of(case, desk)["eev-production"].state(at(days=3)) is State.MET


def test_a_written_acknowledgement_is_one() -> None:
    """Directive 2014/41/EU, article 16(1)."""
    asked = msgspec.structs.replace(example("tower-dump"), received_on=None)
    desk, _case = _take(asked, Configured(seat="DEU:executing-authority", zone="Europe/Berlin"))
    for kind, state in ((Letter.RECEIPT, State.LAPSED), (Letter.ACKNOWLEDGEMENT, State.MET)):
        case = desk.write(CASE, "intake", at(days=2), letter=kind, language=Language.ENGLISH, sha256=CODE)
        assert _of(case, desk)["eio-acknowledge"].state(at(days=20)) is state
    assert _of(case, desk)["eio-recognition"].state(at(days=20)) is State.RUNNING


# ---- the requester is waited for -------------------------------------------------------------------------


def _written(desk: Desk, when: datetime) -> Case:
    return desk.write(
        CASE, "reviewer", when, letter=Letter.CLARIFICATION, language=Language.ENGLISH, sha256=CODE
    )


def test_a_case_that_waits_comes_back_when_nobody_answers() -> None:
    desk, memory = house_of()
    bring(desk, "assessed")
    ask(desk, at(hours=4), "Which days?")
    case = _written(desk, at(days=1))
    house = desk.house()
    reply = _of(case, desk)["reply"]
    assert reply.due == at(days=31, hours=14)  # thirty days from the letter, at midnight in Zurich
    assert [job.due for job in memory.jobs[CASE] if job.what == "reply-overdue"] == [reply.due]
    last = reply.due
    assert queue.turn_of(case, house, last - timedelta(seconds=1)) == ("requester", "answer")
    assert queue.turn_of(case, house, last) == ("reviewer", "write")
    case = _written(desk, last)
    assert queue.turn_of(case, house, last + timedelta(days=1)) == ("requester", "answer")
    assert queue.turn_of(case, house, last + timedelta(days=40)) == ("reviewer", "close")
    case = desk.answer(CASE, "intake", last + timedelta(days=2), request=SOUND, source=CODE)
    assert _of(case, desk)["reply"].state(last + timedelta(days=3)) is State.MET
    assert not [job for job in memory.jobs[CASE] if job.what == "reply-overdue"]


def test_the_issuing_authority_of_a_certificate_has_five_days() -> None:
    """e-Evidence Regulation, article 10(6)."""
    desk, _memory = house_of(DUBLIN, ORDER)
    bring(desk, "assessed", request=ORDER)
    case = ask(desk, at(hours=4), "Which account?")
    assert _of(case, desk)["eev-clarification"].due == datetime(2026, 12, 1, tzinfo=UTC)  # 28 is a Saturday
    assert limits.reply_by(case, desk.house(), at(hours=4)) == date(2026, 11, 30)


def test_in_an_emergency_the_requester_has_hours_and_the_law_keeps_its_days() -> None:
    desk, _memory = house_of()
    bring(desk, "assessed", request=EMERGENCY)
    case, house = ask(desk, at(hours=4), "Which account?"), desk.house()
    assert "reply" not in _of(case, desk)
    case = _written(desk, at(hours=5))
    assert _of(case, desk)["urgent-reply"].due == limits.reply_at(case, house, at(hours=5)) == at(hours=13)
    assert limits.reply_by(case, house, at(hours=5)) == at(hours=13).date()
    assert queue.turn_of(case, house, at(hours=12.9)) == ("requester", "answer")
    assert queue.turn_of(case, house, at(hours=13)) == ("reviewer", "write")
    urgent = msgspec.structs.replace(ORDER, emergency=EMERGENCY.emergency)
    desk, _memory = house_of(DUBLIN, urgent)
    bring(desk, "assessed", request=urgent)
    found = _of(ask(desk, at(hours=4), "Which account?"), desk)
    assert found["urgent-reply"].due == at(hours=12)
    assert found["eev-clarification"].due == datetime(2026, 12, 1, tzinfo=UTC)


def test_an_expert_has_the_time_of_the_house_whatever_presses() -> None:
    desk, _memory = house_of(DUBLIN, ORDER)
    receive(desk, request=ORDER)
    assert limits.opinion_by(desk.house(), at()) == at(days=30).date()


def test_a_court_that_is_waited_for_has_no_time_from_us() -> None:
    """Nor has it that of a question which was answered before."""
    desk, _memory = house_of()
    ordered = msgspec.structs.replace(
        SOUND, measure=Measure.DOMESTIC_ORDER, requesting_state="CHE", instrument="domestic-order"
    )
    bring(desk, "assessed", request=ordered)
    case = ask(desk, at(hours=4), "Which days?")
    newer = msgspec.structs.replace(ordered, facts=ordered.facts + " Le 3 mars.")
    desk.answer(CASE, "intake", at(days=1), request=newer, source=CODE)
    case = desk.assess(CASE, "reviewer", at(days=2))
    decided = tuple(
        Ruling(target=target, item=item, decision=Decision.CHALLENGE, ground="seat-law")
        for target, item in case.asked()
    )
    desk.review(CASE, "reviewer", at(days=2), assessment=case.digest, rulings=decided, why="Too wide.")
    if desk.case(CASE).stage == "reviewed":
        desk.second_review(CASE, "reviewer-2", at(days=2), agrees=True)
    desk.challenge(CASE, "reviewer", at(days=3), court="The court, 1/26", why="It is too wide.")
    case = letter_to(desk, Letter.CHALLENGE, at(days=3))
    assert queue.turn_of(case, desk.house(), at(days=300)) == ("requester", "answer")


# ---- the day in letters ----------------------------------------------------------------------------------


def test_what_was_split_off_reached_us_when_the_whole_did() -> None:
    both = msgspec.structs.replace(TWO, received_on=at(days=-3).date())
    desk, _memory = house_of()
    bring(desk, "identified", request=both)
    _first, second = desk.split(CASE, "reviewer", at(days=5), targets=["t2"], into="2026-000002")
    assert limits.received_on(second, desk.house()) == at(days=-3).date()
    late = msgspec.structs.replace(SOUND, received_on=at(days=2).date())
    desk, _memory = house_of()
    assert limits.received_on(receive(desk, request=late), desk.house()) == at().date()


# ---- an authority is notified ----------------------------------------------------------------------------


def test_after_the_days_of_a_notified_authority_there_is_a_day_to_deliver() -> None:
    """e-Evidence Regulation, article 10(2): neither before its ten days end nor long after."""
    desk, case = _take(_traffic())
    found = _of(case, desk)
    assert found["eev-production-notified"].not_before == datetime(2026, 12, 4, tzinfo=UTC)
    assert found["eev-production"].not_after == datetime(2026, 12, 5, tzinfo=UTC)  # Friday 4 December, 24:00
    assert "10(2)" in found["eev-production"].text()


def test_the_answer_of_the_notified_authority_opens_the_way_or_shuts_it() -> None:
    said = at(days=3).date()
    desk, _case = _take(_traffic())
    case = desk.record_event(CASE, "intake", at(days=3), what=Happening.NO_GROUND, on=said)
    assert limits.floors(case, desk.house(), at(days=3)) == ()
    assert _of(case, desk)["eev-production"].due == datetime(2026, 12, 4, tzinfo=UTC)
    desk, _case = _take(_traffic())
    case = desk.record_event(CASE, "intake", at(days=3), what=Happening.GROUND, on=said)
    [floor] = limits.floors(case, desk.house(), at(days=400))
    assert "the notified authority raised a ground" in floor.says(at(days=400))
    assert "eev-production" not in _of(case, desk)
    case = desk.record_event(CASE, "intake", at(days=4), what=Happening.NO_GROUND, on=at(days=4).date())
    assert limits.floors(case, desk.house(), at(days=4)) == ()


def test_a_ground_raised_after_the_ten_days_bars_nothing() -> None:
    """e-Evidence Regulation, article 12(1)."""
    desk, _case = _take(_traffic())
    case = desk.record_event(CASE, "intake", at(days=13), what=Happening.GROUND, on=at(days=12).date())
    assert limits.floors(case, desk.house(), at(days=13)) == ()


def test_where_nobody_had_to_be_notified_nothing_waits() -> None:
    desk, _case = _take(_traffic())
    case = desk.record_event(CASE, "intake", at(days=1), what=Happening.NOT_NOTIFIED, on=at().date())
    found = _of(case, desk)
    assert "eev-production-notified" not in found
    assert found["eev-production"].limit.cite == "eu-e-evidence:10(3)"


URGENT = msgspec.structs.replace(
    ORDER, emergency=msgspec.structs.replace(ORDER.emergency, claimed=True, statement="A life is at risk.")
)


def test_in_an_emergency_the_notified_authority_has_96_hours_in_which_the_data_may_leave() -> None:
    """e-Evidence Regulation, article 10(4): eight hours to deliver, ninety-six to object."""
    desk, case = _take(_traffic(URGENT))
    found = _of(case, desk)
    assert found["eev-emergency"].due == at(hours=8)
    assert found["eev-objection-emergency"].state(at(days=2)) is State.ASKED
    assert limits.floors(case, desk.house(), at()) == ()
    assert limits.recordable(case, desk.house()) == (
        Happening.NOTIFIED, Happening.NOT_NOTIFIED, Happening.NO_GROUND, Happening.GROUND
    )  # fmt: skip
    for moment, why in ((at(hours=4), "still to come"), (at(days=-1), "not of that day")):
        with pytest.raises(Refused, match=why):
            desk.record_event(
                CASE, "intake", at(hours=3), what=Happening.NOTIFIED, on=at().date(), moment=moment
            )
    case = desk.record_event(
        CASE, "intake", at(hours=3), what=Happening.NOTIFIED, on=at().date(), moment=at(hours=1)
    )
    objection = _of(case, desk)["eev-objection-emergency"]
    assert objection.due == at(hours=97)
    assert limits.first_due([objection], at(hours=4)) is None
    assert "authority notified, 2026-11-23 10:00 UTC." in case.history[-1].event.sentence()


def test_an_objection_in_an_emergency_stops_the_eight_hours_until_it_is_taken_back() -> None:
    """e-Evidence Regulation, articles 10(4) and 12(2)."""
    desk, _case = _take(_traffic(URGENT))
    today = at().date()
    case = desk.record_event(CASE, "intake", at(hours=3), what=Happening.GROUND, on=today, moment=at(hours=2))
    assert limits.ground_stands(case, desk.house())
    found = _of(case, desk)
    assert found["eev-emergency"].state(at(hours=9)) is State.STOPPED
    assert found["eev-objection-emergency"].state(at(hours=4)) is State.MET
    case = desk.record_event(CASE, "intake", at(hours=5), what=Happening.NO_GROUND, on=today)
    assert not limits.ground_stands(case, desk.house())


def test_an_objection_in_time_is_not_made_late_by_a_second_one() -> None:
    """One person could otherwise open the way by recording the same once more, with a later day."""
    desk, _case = _take(_traffic(URGENT))
    desk.record_event(CASE, "intake", at(hours=1), what=Happening.NOTIFIED, on=at().date(), moment=at())
    desk.record_event(CASE, "intake", at(hours=3), what=Happening.GROUND, on=at().date(), moment=at(hours=2))
    case = desk.record_event(CASE, "intake", at(days=6), what=Happening.GROUND, on=at(days=6).date())
    assert limits.ground_stands(case, desk.house())


def test_an_objection_after_the_96_hours_bars_nothing() -> None:
    desk, _case = _take(_traffic(URGENT))
    desk.record_event(CASE, "intake", at(hours=1), what=Happening.NOTIFIED, on=at().date(), moment=at())
    late = desk.record_event(
        CASE, "intake", at(days=5), what=Happening.GROUND, on=at(days=4).date(), moment=at(days=4, hours=1)
    )
    assert not limits.ground_stands(late, desk.house())
    desk, _case = _take(_traffic(URGENT))  # nobody knows when they began, so it is in time
    late = desk.record_event(CASE, "intake", at(days=5), what=Happening.GROUND, on=at(days=4).date())
    assert limits.ground_stands(late, desk.house())


def test_that_nobody_was_notified_can_be_corrected() -> None:
    desk, _case = _take(_traffic())
    case = desk.record_event(CASE, "intake", at(days=1), what=Happening.NOT_NOTIFIED, on=at().date())
    assert Happening.NO_GROUND in limits.recordable(case, desk.house())
    case = desk.record_event(CASE, "intake", at(days=2), what=Happening.GROUND, on=at(days=2).date())
    assert "eev-production-notified" in _of(case, desk)


# ---- the issuing authority is told that it takes longer --------------------------------------------------

BERLIN = Configured(seat="DEU:executing-authority", zone="Europe/Berlin")
EIO = msgspec.structs.replace(example("tower-dump"), received_on=None)


def _longer(desk: Desk, limit: Prolonged, until: date, when: datetime) -> Case:
    return desk.take_time(
        *(CASE, "reviewer", when),
        limit=limit,
        until=until,
        slow=Slow.COURT,
        reasons="A court is full.",
        how="By mail.",
    )


def test_a_decision_on_an_investigation_order_takes_thirty_days_more_where_they_were_told() -> None:
    """Directive 2014/41/EU, article 12(5)."""
    desk, _memory = house_of(BERLIN, EIO)
    case = bring(desk, "identified", request=EIO)
    due = _of(case, desk)["eio-recognition"].due
    assert due == datetime(2026, 12, 23, 23, tzinfo=UTC)  # thirty days after 23 November, 24:00
    assert limits.prolongable(case, desk.house(), at(days=2)) == {
        Prolonged.DECISION: (date(2026, 12, 23), date(2027, 1, 22))
    }
    for until in (date(2026, 12, 23), date(2027, 1, 23)):
        with pytest.raises(Refused, match="cannot take until that day") as refused:
            _longer(desk, Prolonged.DECISION, until, at(days=2))
        assert "after 2026-12-23 and no later than 2027-01-22" in str(refused.value)
    with pytest.raises(Refused, match="does not run here"):
        _longer(desk, Prolonged.EXECUTION, date(2027, 3, 1), at(days=2))
    case = _longer(desk, Prolonged.DECISION, date(2027, 1, 11), at(days=20))
    found = _of(case, desk)["eio-recognition"]
    assert found.due == datetime(2027, 1, 11, 23, tzinfo=UTC)
    assert (found.limit.cite, found.limit.extension) == ("eu-eio:12(5)", None)
    assert found.text().endswith("not after 11 January 2027 24:00 Europe/Berlin")
    case = _longer(desk, Prolonged.DECISION, date(2027, 1, 22), at(days=40))  # once more, within the thirty
    assert _of(case, desk)["eio-recognition"].due == datetime(2027, 1, 22, 23, tzinfo=UTC)
    assert limits.prolongable(case, desk.house(), at(days=61)) == {}


def test_what_is_over_already_is_not_made_longer() -> None:
    desk, _memory = house_of(BERLIN, EIO)
    case = bring(desk, "identified", request=EIO)
    assert limits.prolongable(case, desk.house(), at(days=31)) == {}
    with pytest.raises(Refused, match="No time limit that runs here"):
        _longer(desk, Prolonged.DECISION, date(2027, 1, 11), at(days=31))


def test_to_carry_it_out_takes_as_long_as_they_were_consulted_on() -> None:
    """Directive 2014/41/EU, article 12(6): no longest time is set."""
    desk, _memory = house_of(BERLIN, EIO)
    bring(desk, "identified", request=EIO)
    case = desk.record_event(
        CASE, "intake", at(days=6), what=Happening.RECOGNITION_DECIDED, on=at(days=5).date()
    )
    [(what, longer)] = limits.prolongable(case, desk.house(), at(days=7)).items()
    assert (what, longer) == (Prolonged.EXECUTION, (date(2027, 2, 26), None))
    case = _longer(desk, Prolonged.EXECUTION, date(2027, 6, 30), at(days=60))
    found = _of(case, desk)["eio-execution"]
    assert (found.due, found.limit.cite) == (datetime(2027, 6, 30, 22, tzinfo=UTC), "eu-eio:12(6)")
    assert (
        "To carry it out takes until 2027-06-30, as the issuing authority is told."
        in case.history[-1].event.sentence()
    )


# ---- what no law clocks ----------------------------------------------------------------------------------


def test_what_no_law_clocks_is_answered_in_the_time_of_the_house() -> None:
    plain = msgspec.structs.replace(SOUND, received_on=None)
    times = msgspec.structs.replace(SETTINGS.times, answer_days=20, emergency_hours=12)
    settings = msgspec.structs.replace(SETTINGS, times=times)
    desk, case = _take(plain, settings)
    found = _of(case, desk)["house-answer"]
    assert (found.due, found.limit.cite) == (at(days=20, hours=14), "house")
    assert queue.folded(case, desk.house(), at()).row.due_what == "house-answer"  # type: ignore[union-attr]
    desk, case = _take(msgspec.structs.replace(EMERGENCY, received_on=None), settings)
    assert _of(case, desk)["house-answer"].due == at(hours=12)
    desk, case = _take(ORDER)
    assert "house-answer" not in _of(case, desk)


def test_a_question_stops_the_time_of_the_house_and_a_reopened_case_has_it_anew() -> None:
    desk, _memory = house_of()
    asked = msgspec.structs.replace(SOUND, received_on=None)
    bring(desk, "assessed", request=asked)
    case = ask(desk, at(hours=4), "Which days?")
    assert _of(case, desk)["house-answer"].state(at(days=90)) is State.STOPPED
    desk.withdraw(CASE, "intake", at(days=1), why="Their letter.")
    case = desk.reopen(CASE, "counsel", at(days=50), why="A court says so.")
    assert _of(case, desk)["house-answer"].due == at(days=80, hours=14)

"""The worker: one acts, nothing due is lost, everybody is told once, and it never decides anything."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from habeas.app import releasing, soundness
from habeas.app import worker as module
from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.app.reporting import Reporter
from habeas.app.worker import EACH, LEASE, NEEDS_YOU, Tiding, Worker, owed
from habeas.desk.case import Case
from habeas.desk.clocks import Task
from habeas.desk.events import CLOCK, DelayGround, LogConfigured, Role, Warned
from habeas.desk.letters import Kind, Language
from habeas.errors import Refused
from habeas.store import Store
from tests.app import houses
from tests.app.houses import ORGANISATION, STAGES, Clock, a_request, brought, people, step, taken_in
from tests.desk import desks

FIVE_YEARS = timedelta(days=5 * 366)


def warned(case: Case) -> list[Warned]:
    return [each.event for each in case.history if isinstance(each.event, Warned)]


def due_soon(app: Installation, clock: Clock) -> Case:
    """A case of which the time for the answer ends in thirty days, and warns before."""
    return taken_in(app, deadline=(clock.at + timedelta(days=30)).date().isoformat())


def told_by(app: Installation, clock: Clock, case: Case) -> list[Tiding]:
    """What one worker tells of all that is due after forty days."""
    tidings: list[Tiding] = []
    clock.go(days=40)
    Worker(app, "one", tidings.append).step()
    return [each for each in tidings if each.case == case.id]


def test_a_limit_that_came_near_is_recorded_and_told(app: Installation, clock: Clock) -> None:
    case = due_soon(app, clock)
    (tiding, *_more) = told_by(app, clock, case)
    now = app.case(ORGANISATION, case.id)
    assert warned(now)
    assert now.history[-1].by == CLOCK
    assert tiding.organisation == ORGANISATION
    assert tiding.people == ("intake", "many-hats"), "all whose turn it is"


def test_a_tiding_says_nothing_of_the_case(app: Installation, clock: Clock) -> None:
    case = due_soon(app, clock)
    asked = a_request()
    for tiding in told_by(app, clock, case):
        said = f"{tiding.words} {tiding.case}"
        for word in (asked["reference"], "host.example", "FRA", asked["issuing"]["name"], "stored-access"):
            assert word not in said


def test_of_two_workers_exactly_one_acts(app: Installation, clock: Clock, home: Path) -> None:
    case = due_soon(app, clock)
    other = Installation.open(home, now=clock, make=False)
    clock.go(days=40)
    first, second = Worker(app, "one"), Worker(other, "two")
    seen_to = first.step(), second.step(), first.step(), second.step()
    assert seen_to[0] > 0
    assert seen_to[1:] == (0, 0, 0)
    assert len(warned(app.case(ORGANISATION, case.id))) == seen_to[0]
    other.close()


def test_another_worker_goes_on_where_one_stopped_or_died(app: Installation, clock: Clock) -> None:
    first, second = Worker(app, "one"), Worker(app, "two")
    due_soon(app, clock)
    first.step()
    clock.go(days=40)
    first.step()
    first.stop()
    case = due_soon(app, clock)
    second.step()
    clock.go(days=40)
    assert first.step() == 0 or second.step() == 0
    clock.go(hours=1)
    second.step()
    assert warned(app.case(ORGANISATION, case.id))


def test_what_was_due_while_no_worker_ran_is_seen_to_at_the_start(app: Installation, clock: Clock) -> None:
    case = due_soon(app, clock)
    clock.go(days=400)
    tidings: list[Tiding] = []
    assert Worker(app, "one", tidings.append).step() == 1, "an overtaken warning is not told beside the end"
    assert [each.case for each in tidings] == [case.id]
    assert app.store.due(None, clock.at) == ()


def test_a_long_absence_of_the_worker_holds_no_case_up(
    app: Installation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest jobs are overtaken ones of many cases, and only few are looked at between two renewals."""
    monkeypatch.setattr(module, "EACH", 2)
    cases = [due_soon(app, clock) for _ in range(4)]
    clock.go(days=400)
    worker = Worker(app, "one")
    for _ in range(8):
        worker.step()
    assert all(warned(app.case(ORGANISATION, case.id)) for case in cases)
    assert app.store.due(None, clock.at) == ()


def test_a_chore_is_told_once(app: Installation, clock: Clock) -> None:
    due_soon(app, clock)
    clock.go(days=40)
    worker = Worker(app, "one")
    assert worker.step() > 0
    for _ in range(5):
        clock.go(days=1)
        assert worker.step() == 0


def test_a_chore_is_told_again_when_its_end_moved(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "assessed")
    desk, worker = app.desk(ORGANISATION), Worker(app, "one")
    case = desk.hold(case.id, "reviewer", app.now(), hold="h1", targets=["t1"])
    until = case.hold("h1").until
    clock.at = until + timedelta(days=3)
    assert worker.step() > 0
    ids = [each.clock for each in warned(app.case(ORGANISATION, case.id))]
    assert any(id.startswith("hold") for id in ids)
    clock.go(days=30)
    assert worker.step() == 0
    desk.extend(case.id, "reviewer", app.now(), hold="h1", until=clock.at + timedelta(days=20), why="needed")
    clock.go(days=30)
    assert worker.step() == 1
    again = [each.clock for each in warned(app.case(ORGANISATION, case.id))]
    assert again[-1] in ids, "the same clock asks again"


def test_what_was_closed_meanwhile_is_not_told(
    app: Installation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case is withdrawn and closed between the look and the word."""
    case = due_soon(app, clock)
    clock.go(days=40)
    due = Store.due

    def first_a_colleague(store: Store, *arguments: object) -> object:
        found = due(store, *arguments)  # type: ignore[arg-type]
        app.desk(ORGANISATION).withdraw(case.id, "intake", app.now(), why="Their letter.")
        app.desk(ORGANISATION).close(case.id, "reviewer", app.now())
        return found

    tidings: list[Tiding] = []
    with monkeypatch.context() as patch:
        patch.setattr(Store, "due", first_a_colleague)
        assert Worker(app, "one", tidings.append).step() == 0
    assert tidings == []
    assert warned(app.case(ORGANISATION, case.id)) == []


def test_a_case_that_changes_while_it_is_looked_at_is_left_to_the_next_step(
    app: Installation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = due_soon(app, clock)
    clock.go(days=40)
    worker, jobs = Worker(app, "one"), Store.jobs

    def then_a_colleague(store: Store, organisation: str, stream: str) -> object:
        found = jobs(store, organisation, stream)
        app.desk(ORGANISATION).note(case.id, "intake", app.now(), words="a note")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Store, "jobs", then_a_colleague)
        assert worker.step() == 0
    assert warned(app.case(ORGANISATION, case.id)) == []
    assert worker.step() == 1


def test_a_worker_whose_lease_was_taken_is_fenced(app: Installation, clock: Clock, home: Path) -> None:
    """It stopped for a minute in the middle of a step, and another one took over."""
    first_case, second_case = due_soon(app, clock), due_soon(app, clock)
    other = Installation.open(home, now=clock, make=False)
    clock.go(days=40)
    looks = 0

    def slow() -> object:
        nonlocal looks
        looks += 1
        if looks == 3:  # the start of the step, the first case, and now the second
            clock.at += LEASE + timedelta(seconds=1)
            assert Worker(other, "two").step() > 0
        return clock.at

    app.now = slow  # type: ignore[assignment]
    seen_to = Worker(app, "one").step()
    app.now = clock
    assert seen_to == 1
    cases = [app.case(ORGANISATION, each.id) for each in (first_case, second_case)]
    assert [len(warned(each)) for each in cases] == [1, 1], "nothing was recorded twice"
    other.close()


def test_a_fenced_write_records_nothing(app: Installation, clock: Clock, home: Path) -> None:
    case = due_soon(app, clock)
    clock.go(days=40)
    lease = app.store.lease("clock", "one", app.now(), LEASE)
    assert lease is not None
    clock.at += LEASE + timedelta(seconds=1)
    assert app.store.lease("clock", "two", app.now(), LEASE) is not None
    (due,) = app.store.due(None, app.now(), 1)
    with pytest.raises(Refused) as refused:
        Worker(app, "one")._see_to(due, lease)
    assert refused.value.sentence == "another worker has taken over, and nothing was recorded"
    assert app.case(ORGANISATION, case.id) == case


def test_a_case_erased_between_the_look_and_the_word_stops_nobody(
    app: Installation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = brought(app, clock, "closed")
    clock.go(days=800)
    other = due_soon(app, clock)
    clock.go(days=40)
    due = Store.due

    def then_erased(store: Store, *arguments: object) -> object:
        found = due(store, *arguments)  # type: ignore[arg-type]
        assert {each.case for each in found} == {ended.id, other.id}
        app.erase(ORGANISATION, ended.id, "counsel", why="The time is over.")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Store, "due", then_erased)
        assert Worker(app, "one").step() == 1
    assert warned(app.case(ORGANISATION, other.id))


def test_a_case_that_cannot_be_read_keeps_no_other_from_being_seen_to(
    app: Installation, clock: Clock
) -> None:
    broken = due_soon(app, clock)
    clock.go(days=1)
    sound = due_soon(app, clock)
    app.store.keyring.destroy(ORGANISATION, broken.id)
    clock.go(days=40)
    with pytest.raises(Refused) as refused:
        Worker(app, "one").step()
    assert refused.value.place == broken.id
    assert warned(app.case(ORGANISATION, sound.id))


def test_words_that_the_post_did_not_take_are_told_at_the_next_step(app: Installation, clock: Clock) -> None:
    case = due_soon(app, clock)
    clock.go(days=40)
    tidings: list[Tiding] = []
    broken = True

    def post(tiding: Tiding) -> None:
        if broken:
            raise Refused("the mail server did not take a message")
        tidings.append(tiding)

    worker = Worker(app, "one", post)
    with pytest.raises(Refused):
        worker.step()
    assert len(warned(app.case(ORGANISATION, case.id))) == 1, "the limit is recorded all the same"
    broken = False
    assert worker.step() == 0
    assert [each.case for each in tidings] == [case.id]


def test_every_chore_has_its_words() -> None:
    assert set(module._WORDS) == set(Task)
    assert EACH > 0


# ---- who is told ----


def away(app: Installation, person: str, deputy: str = "", days: int = 60) -> None:
    first = app.now().date()
    last = first + timedelta(days=days)
    app.desk(ORGANISATION).state_absence(
        person, app.now(), person=person, since=first, until=last, deputy=deputy
    )


def test_who_has_the_case_is_told_and_nobody_else(app: Installation, clock: Clock) -> None:
    case = due_soon(app, clock)
    app.desk(ORGANISATION).assign(case.id, "intake", app.now(), to="counsel-2")
    assert {each.people for each in told_by(app, clock, case)} == {("counsel-2",)}


def test_the_deputy_is_told_while_somebody_is_away(app: Installation, clock: Clock) -> None:
    case = due_soon(app, clock)
    app.desk(ORGANISATION).assign(case.id, "intake", app.now(), to="reviewer")
    away(app, "reviewer", "counsel")
    assert {each.people for each in told_by(app, clock, case)} == {("counsel",)}


def test_the_deputy_of_the_deputy_is_told_and_a_circle_ends(app: Installation, clock: Clock) -> None:
    case = due_soon(app, clock)
    app.desk(ORGANISATION).assign(case.id, "intake", app.now(), to="reviewer")
    away(app, "reviewer", "counsel")
    away(app, "counsel", "counsel-2")
    house = app.people(ORGANISATION)
    assert module._whom("reviewer", "intake", house, clock.at.date()) == ("counsel-2",)
    away(app, "counsel-2", "reviewer")
    assert {each.people for each in told_by(app, clock, case)} == {("intake", "many-hats")}


def test_an_absence_that_is_over_is_over(app: Installation, clock: Clock) -> None:
    case = due_soon(app, clock)
    app.desk(ORGANISATION).assign(case.id, "intake", app.now(), to="reviewer")
    away(app, "reviewer", "counsel", days=5)
    assert {each.people for each in told_by(app, clock, case)} == {("reviewer",)}


def test_an_absence_counts_by_the_days_of_the_house(app: Installation, clock: Clock) -> None:
    """Half past eleven at night in UTC is the next day in Zurich."""
    case = due_soon(app, clock)
    desk = app.desk(ORGANISATION)
    desk.assign(case.id, "intake", app.now(), to="reviewer")
    late = (clock.at + timedelta(days=40)).replace(hour=23, minute=30)
    tomorrow = late.date() + timedelta(days=1)
    desk.state_absence(
        "reviewer", app.now(), person="reviewer", since=tomorrow, until=tomorrow, deputy="counsel"
    )
    clock.at = late - timedelta(days=40)
    assert {each.people for each in told_by(app, clock, case)} == {("counsel",)}


def test_who_left_or_is_away_without_deputy_is_not_waited_for(app: Installation, clock: Clock) -> None:
    desk = app.desk(ORGANISATION)
    gone, away_too = due_soon(app, clock), due_soon(app, clock)
    desk.assign(gone.id, "intake", app.now(), to="counsel-2")
    desk.assign(away_too.id, "intake", app.now(), to="reviewer")
    desk.dismiss("administrator", app.now(), person="counsel-2")
    desk.dismiss("administrator", app.now(), person="many-hats")
    away(app, "reviewer")
    house = app.people(ORGANISATION)
    assert {each.people for each in told_by(app, clock, gone)} == {("intake",)}
    assert module._whom("reviewer", "intake", house, date(2026, 11, 24)) == ("intake",)


def test_where_everybody_is_away_they_are_told_nevertheless(app: Installation, clock: Clock) -> None:
    for person, roles in app.people(ORGANISATION).people.items():
        if not {Role.INTAKE, Role.COUNSEL}.isdisjoint(roles.roles):
            away(app, person)
    case = due_soon(app, clock)
    assert {each.people for each in told_by(app, clock, case)} == {("intake", "many-hats")}


def test_where_the_turn_is_nobodys_in_the_house_counsel_is_told(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "closed")
    clock.go(days=800)
    tidings: list[Tiding] = []
    Worker(app, "one", tidings.append).step()
    assert [(each.case, each.people) for each in tidings] == [(case.id, ("counsel", "counsel-2"))]


def test_one_worker_sees_to_every_organisation(app: Installation, clock: Clock) -> None:
    people(app, "provider")
    taken_in(app, "provider", deadline="2026-12-20")
    due_soon(app, clock)
    clock.go(days=40)
    tidings: list[Tiding] = []
    Worker(app, "one", tidings.append).step()
    assert {each.organisation for each in tidings} == {ORGANISATION, "provider"}


# ---- whose turn it is ----


def called_by(app: Installation, *cases: Case) -> list[Tiding]:
    """What one new worker tells now."""
    tidings: list[Tiding] = []
    worker = Worker(app, "one", tidings.append)
    worker.step()
    worker.stop()
    return [each for each in tidings if each.case in {case.id for case in cases}]


def test_those_to_whom_a_turn_passed_are_told_once_and_the_case_has_no_event_more(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "reviewed")
    first = called_by(app, case)
    assert [each.words for each in first] == [NEEDS_YOU]
    assert first[0].people == ("many-hats", "reviewer-2"), "reviewers; and not who reviewed it first"
    assert app.case(ORGANISATION, case.id).length == case.length
    app.desk(ORGANISATION).note(case.id, "intake", app.now(), words="A word to the second person.")
    assert called_by(app, case) == [], "the turn is the same"


def test_another_turn_is_told_again_though_it_is_of_the_same_people(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "reviewed")
    assert len(called_by(app, case)) == 1
    desk = app.desk(ORGANISATION)
    desk.second_review(case.id, "counsel", app.now(), agrees=False, reason="The period is too long.")
    assert [each.people for each in called_by(app, case)] == [("many-hats", "reviewer", "reviewer-2")]


def test_nobody_is_called_to_a_case_that_lies_open_before_who_goes_on_with_it(
    app: Installation, clock: Clock
) -> None:
    """Who took it in checks the sender; who agreed as the second person tells the person concerned."""
    assert called_by(app, brought(app, clock, "received")) == []
    case = brought(app, clock, "reviewed")
    called_by(app, case)
    step(app, clock, case, "decided")
    assert called_by(app, case) == []


def test_who_is_given_a_case_is_told_and_nobody_else(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "assessed")
    called_by(app, case)
    app.desk(ORGANISATION).assign(case.id, "reviewer", app.now(), to="reviewer-2")
    assert [each.people for each in called_by(app, case)] == [("reviewer-2",)]
    app.desk(ORGANISATION).assign(case.id, "reviewer", app.now(), to="reviewer")
    assert called_by(app, case) == [], "who takes a case knows it"


def test_who_has_the_case_is_not_called_to_what_they_may_not_do(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "assessed")
    app.desk(ORGANISATION).assign(case.id, "intake", app.now(), to="reviewer")
    step(app, clock, case, "reviewed")
    assert [each.people for each in called_by(app, case)] == [("many-hats", "reviewer-2")]


def test_a_turn_is_told_to_the_deputy_who_may_act(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "reviewed")
    away(app, "reviewer-2", "counsel")
    away(app, "many-hats", "reviewer")  # who may not be the second person
    assert [each.people for each in called_by(app, case)] == [("counsel",)]


def test_where_all_are_away_those_whose_turn_it_is_are_told_nevertheless(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "reviewed")
    for person in ("reviewer-2", "many-hats"):
        away(app, person)
    assert [each.people for each in called_by(app, case)] == [("many-hats", "reviewer-2")]


def test_who_was_invited_into_the_case_is_called_to_what_they_may_do(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "assessed")
    app.desk(ORGANISATION).invite(case.id, "counsel", app.now(), person="delegate", blinded=False)
    step(app, clock, case, "reviewed")
    (tiding,) = called_by(app, case)
    assert "delegate" in tiding.people
    other = brought(app, clock, "reviewed")
    (tiding,) = called_by(app, other)
    assert "delegate" not in tiding.people


def test_what_waits_for_somebody_outside_calls_nobody(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "assessed")
    desk = app.desk(ORGANISATION)
    desk.ask(case.id, "reviewer", app.now(), questions=["Which days?"])
    desk.agree_questions(case.id, "counsel", app.now(), agrees=True)
    assert called_by(app, desk.case(case.id)) != [], "the letter that asks is somebody's to write"
    letter, language = Kind.CLARIFICATION, Language.ENGLISH
    case = desk.write(case.id, "counsel", app.now(), letter=letter, language=language, sha256="0" * 64)
    assert called_by(app, case) == []
    told, _code = houses.told(app, brought(app, clock, "decided").id)
    assert called_by(app, told) == []


def test_one_message_says_that_a_limit_ended_and_that_the_turn_passed_with_it(
    app: Installation, clock: Clock
) -> None:
    case, _code = houses.told(app, brought(app, clock, "decided").id)
    case = step(app, clock, case, "prepared")
    called_by(app, case)
    clock.go(days=12)
    (tiding,) = called_by(app, case)
    assert tiding.words.startswith("The waiting time after the notice is over.")
    assert app.store.passed() == ()


def test_a_turn_that_passed_while_no_worker_ran_is_told_by_the_next_one(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "reviewed")
    other = Installation.open(home, now=clock, make=False)
    assert len(called_by(other, case)) == 1
    assert called_by(app, case) == []
    other.close()


def test_of_an_erased_case_no_turn_is_left_to_tell(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "closed")
    clock.go(days=800)
    app.desk(ORGANISATION).reopen(case.id, "counsel", app.now(), why="A court asks.")
    assert [each.case for each in app.store.passed()] == [case.id]
    app.store.erase(ORGANISATION, case.id, app.now())
    assert app.store.passed() == ()


# ---- what it never does ----


def cases_everywhere(app: Installation, clock: Clock) -> list[Case]:
    """One case at each stage, and some that wait for something."""
    desk = app.desk(ORGANISATION)
    found = [brought(app, clock, stage) for stage in STAGES]
    asked = brought(app, clock, "assessed")
    found.append(desks.ask(desk, app.now(), "Which days?", case=asked.id))
    held = brought(app, clock, "assessed")
    found.append(desk.hold(held.id, "reviewer", app.now(), hold="h1", targets=["t1"]))
    delayed = brought(app, clock, "decided")
    today = app.now().date()
    desk.delay_notice(
        delayed.id,
        "counsel",
        app.now(),
        ground=DelayGround.DANGER_TO_PERSON,
        why="a danger to a witness",
        cite="house",
        until=today + timedelta(days=120),
        review=today + timedelta(days=30),
    )
    found.append(desk.agree_delay(delayed.id, "counsel-2", app.now()))
    urgent = taken_in(
        app, measure="emergency", emergency={"claimed": True, "deadline": "2027-06-01T12:00:00Z"}
    )
    found.append(urgent)
    found.append(due_soon(app, clock))
    return found


def test_in_five_years_the_clock_does_nothing_but_warn(app: Installation, clock: Clock, home: Path) -> None:
    before = cases_everywhere(app, clock)
    left = sorted(path.name for path in (home / "outgoing").rglob("*"))
    tidings: list[Tiding] = []
    worker = Worker(app, "one", tidings.append)
    end = clock.at + FIVE_YEARS
    seen_to = 0
    while clock.at < end:
        seen_to += worker.step()
        jobs = [job.due for case in before for job in app.store.jobs(ORGANISATION, case.id)]
        later = [due for due in jobs if due > clock.at]
        clock.at = min([*later, clock.at + timedelta(days=180)])
    limits = [each for each in tidings if each.words != NEEDS_YOU]
    assert seen_to == len(limits) > len(before)
    for case in before:
        now = app.case(ORGANISATION, case.id)
        new = now.history[case.length :]
        assert {(each.by, each.event.kind) for each in new} <= {(CLOCK, "warned")}
        unchanged = ("stage", "notices", "released", "outcomes", "files", "holds", "rulings", "fates")
        for name in unchanged:
            mine, theirs = getattr(case, name), getattr(now, name)
            assert (mine() if callable(mine) else mine) == (theirs() if callable(theirs) else theirs)
        keys = [(each.clock, each.due) for each in warned(now)]
        assert len(keys) == len(set(keys)), "each chore once"
        assert app.store.erased(ORGANISATION, case.id) is None
    assert sorted(path.name for path in (home / "outgoing").rglob("*")) == left
    assert list(soundness.faults(app, ORGANISATION)) == []


def test_after_years_of_warnings_the_way_goes_on_as_before(app: Installation, clock: Clock) -> None:
    """An approval that lapsed meanwhile releases nothing, and can be given again."""
    case = brought(app, clock, "approved")
    worker = Worker(app, "one")
    for _ in range(5):
        clock.go(days=2)
        worker.step()
    with pytest.raises(Refused):
        releasing.hand_over(app, ORGANISATION, case.id, "custodian")
    case = step(app, clock, app.case(ORGANISATION, case.id), "approved")
    assert step(app, clock, case, "released").released
    assert msgspec.to_builtins(case)


def test_counsel_is_told_that_totals_are_due_and_nobody_of_a_house_that_owes_none(
    app: Installation, clock: Clock
) -> None:
    app.keep_log(ORGANISATION, "administrator", LogConfigured(origin="desk.example.org/log"))
    Publisher(app).publish(ORGANISATION)
    assert owed(app, ORGANISATION) is None
    clock.go(days=14)
    Publisher(app).publish(ORGANISATION)
    tiding = owed(app, ORGANISATION)
    assert tiding is not None
    assert (tiding.case, "2026-11" in tiding.words) == ("", True)
    house = app.people(ORGANISATION)
    assert tiding.people
    assert all(house.person(each).has(Role.COUNSEL) for each in tiding.people)
    Reporter(app).publish_totals(ORGANISATION, tiding.people[0], "2026-11")
    assert owed(app, ORGANISATION) is None

from __future__ import annotations

import contextlib
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from habeas.desk import Conflict, Row
from habeas.desk.events import Door, Received, Recorded
from habeas.desk.public import Counted, Entry
from habeas.desk.queue import View
from habeas.desk.records import Change, Looked
from habeas.errors import Refused
from habeas.store import Broken, Fence, Fenced, MasterKey, MasterKeys, Store, doctor
from habeas.store.database import Rows, Run, Value
from tests.store.cases import AT, CASE, HOUSE, Installation, append_note, fold, job, later, noted, row
from tests.world import request

OTHER = "ministry"


def tamper(store: Store, sql: str, *values: str | int | bytes) -> None:
    with store.database.transaction() as run:
        run(sql, *values)


# ---- events ------------------------------------------------------------------------------------------------


def test_what_was_appended_is_what_is_loaded(store: Store) -> None:
    first = noted(1)
    second = noted(2, "ein zweiter Blick \U0001f441")
    whole = Received(request=request(), door=Door.PORTAL, source="0" * 64)
    third = Recorded(number=3, at=later(1), by="clock", event=whole)
    store.append(HOUSE, Change(CASE, 0, (first, second), row=row(version=2)))
    store.append(HOUSE, Change(CASE, 2, (third,), row=row(version=3)))
    assert store.load(HOUSE, CASE) == (first, second, third)


def test_a_case_that_does_not_exist_has_no_events(store: Store) -> None:
    assert store.load(HOUSE, "2026-999999") == ()


def test_the_same_number_in_another_organisation_is_another_case(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1, "ours"),)))
    store.append(OTHER, Change(CASE, 0, (noted(1, "theirs"),)))
    assert store.load(HOUSE, CASE) != store.load(OTHER, CASE)
    assert store.queue(OTHER).rows == ()


def test_a_time_comes_back_to_the_microsecond_and_in_utc(store: Store) -> None:
    east = datetime(2026, 1, 1, 1, 2, 3, 456789, tzinfo=UTC).astimezone()
    store.append(HOUSE, Change(CASE, 0, (noted(1, at=east),)))
    [loaded] = store.load(HOUSE, CASE)
    assert loaded.at == east
    assert loaded.at.tzinfo is UTC


def test_two_people_at_once_are_a_conflict_and_the_second_leaves_no_trace(store: Store) -> None:
    append_note(store)
    append_note(store, expected=1)
    with pytest.raises(Conflict):
        store.append(
            HOUSE,
            Change(
                CASE,
                1,
                (noted(2, "late"),),
                row=row(version=2, stage="late"),
                search=("@late",),
                jobs=(job("late"),),
                public=(Entry(count=Counted(kind="late"), number=2),),
            ),
        )
    with pytest.raises(Conflict):
        append_note(store, expected=3)
    assert len(store.load(HOUSE, CASE)) == 2
    assert store.row(HOUSE, CASE) == row(version=2)
    assert store.search(HOUSE, ("@late",), (2026,)) == ()
    assert [each.id for each in store.jobs(HOUSE, CASE)] == ["answer"]
    assert store.trace.waiting(HOUSE) == 0


NEIGHBOUR = "2026-000002"


def _both() -> tuple[Change, Change]:
    """An append to two cases, each with all that an append brings along."""
    return tuple(  # type: ignore[return-value]
        Change(
            case,
            expected,
            (noted(expected + 1, f"{case}/both"),),
            row=row(case, expected + 1),
            search=(f"@{case}",),
            jobs=(job(days=expected + 1),),
            public=(Entry(count=Counted(kind="noted"), number=expected + 1),),
        )
        for case, expected in ((NEIGHBOUR, 0), (CASE, 1))
    )


def _everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    tables = ("event", "head", "queue", "token", "job", "outbox", "opening")
    return {table: sorted(store.database.ask(f"SELECT * FROM {table}")) for table in tables}


class _Fault(Exception):
    """The process is gone at this statement."""


def test_an_append_to_two_cases_that_breaks_at_any_statement_leaves_both_as_they_were(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    append_note(store)
    before = _everything(store)
    transaction = store.database.transaction
    ran, last = 0, 0

    @contextlib.contextmanager
    def breaking() -> Iterator[Run]:
        with transaction() as run:

            def counted(sql: str, *values: Value) -> Rows:
                nonlocal ran
                ran += 1
                if ran == last:
                    raise _Fault
                return run(sql, *values)

            yield counted
            if ran == last - 1:
                raise _Fault  # before it commits

    monkeypatch.setattr(store.database, "transaction", breaking)
    statements = 0
    while True:
        ran, last = 0, last + 1
        try:
            store.append(HOUSE, *_both())
        except _Fault:
            assert _everything(store) == before, last
            statements += 1
        else:
            break
    assert statements > 20, "it broke at each of them, and before the end"
    assert [len(store.load(HOUSE, each)) for each in (CASE, NEIGHBOUR)] == [2, 1]
    assert list(doctor(store, HOUSE, fold)) == []


def test_an_append_to_two_cases_of_which_one_moved_on_writes_to_neither(store: Store) -> None:
    append_note(store)
    append_note(store, expected=1)
    with pytest.raises(Conflict):
        store.append(HOUSE, *_both())
    assert store.load(HOUSE, NEIGHBOUR) == ()
    with pytest.raises(ValueError, match="two changes of one stream"):
        store.append(HOUSE, Change(CASE, 2, (noted(3),)), Change(CASE, 3, (noted(4),)))


def test_two_who_write_to_the_same_two_cases_do_not_wait_for_each_other_for_good(
    house: Installation,
) -> None:
    store = house.open()
    append_note(store, "a")
    append_note(store, "b")
    won: list[str] = []

    def work(first: str, second: str) -> None:
        for _ in range(10):
            versions = {each: len(store.load(HOUSE, each)) for each in (first, second)}
            with contextlib.suppress(Conflict):
                store.append(
                    HOUSE, *(Change(each, here, (noted(here + 1),)) for each, here in versions.items())
                )
                won.append(first)

    threads = [threading.Thread(target=work, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(won) >= 10
    assert [len(store.load(HOUSE, each)) for each in ("a", "b")] == [len(won) + 1] * 2


def test_of_many_who_look_and_then_write_at_once_only_one_finds_nothing(house: Installation) -> None:
    """Each begins a case of its own because nobody knows the word; all but one look again."""
    store = house.open()
    nothing = Looked(words=("says:this",), years=(2025, 2026), found=())
    start = threading.Barrier(6)
    begun: list[str] = []
    looked_again: list[str] = []

    def work(case: str) -> None:
        change = Change(case, 0, (noted(1),), row=row(case), search=("says:this",))
        start.wait()
        try:
            store.append(HOUSE, change, looked=nothing)
            begun.append(case)
        except Conflict:
            looked_again.append(case)

    threads = [threading.Thread(target=work, args=(f"2026-{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(begun), len(looked_again)) == (1, 5)
    assert store.search(HOUSE, ("says:this",), (2026,)) == tuple(begun)
    known = Looked(words=("says:this",), years=(2026,), found=tuple(begun))
    store.append(HOUSE, Change("2026-9", 0, (noted(1),)), looked=known)
    store.append(OTHER, Change(CASE, 0, (noted(1),)), looked=nothing)


def test_of_many_who_append_at_once_one_wins_each_round(house: Installation) -> None:
    store, rounds = house.open(), 10
    won: list[int] = []
    conflicts: list[int] = []

    def work() -> None:
        for _ in range(rounds):
            here = len(store.load(HOUSE, CASE))
            try:
                append_note(store, expected=here)
                won.append(here)
            except Conflict:
                conflicts.append(here)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == list(range(len(won)))
    assert len(won) + len(conflicts) == 4 * rounds
    assert store.verify_chain(HOUSE, CASE) == len(won)


@pytest.mark.parametrize("numbers", [(), (2,), (1, 3), (1, 1)])
def test_numbers_with_a_gap_are_our_own_mistake(store: Store, numbers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="numbered"):
        store.append(HOUSE, Change(CASE, 0, tuple(noted(each) for each in numbers)))


def test_a_row_of_another_version_is_our_own_mistake(store: Store) -> None:
    with pytest.raises(ValueError, match="a row of"):
        store.append(HOUSE, Change(CASE, 0, (noted(1),), row=row(version=2)))


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 41, "a b"])
def test_a_name_that_could_leave_its_folder_is_never_used(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        store.append(HOUSE, Change(name, 0, (noted(1),)))
    with pytest.raises(ValueError, match="not the name"):
        store.put(HOUSE, name, b"x")
    with pytest.raises(ValueError, match="not the name"):
        store.load(name, CASE)


def test_everything_is_there_after_closing_and_opening_again(house: Installation) -> None:
    store = house.open()
    append_note(store)
    sha256 = store.put(HOUSE, CASE, b"an order")
    store.close()
    again = house.open()
    assert len(again.load(HOUSE, CASE)) == 1
    assert again.get(HOUSE, CASE, sha256) == b"an order"
    assert again.search(HOUSE, (f"@{CASE}",), (2026,)) == (CASE,)


def test_a_closed_store_can_be_used_again_and_threads_have_their_own_connection(store: Store) -> None:
    append_note(store)
    store.close()
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(len(store.load(HOUSE, CASE))))
    thread.start()
    thread.join()
    assert seen == [1]
    assert len(store.load(HOUSE, CASE)) == 1


# ---- sealed contents ---------------------------------------------------------------------------------------


def test_contents_moved_to_another_place_do_not_open(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1, "one"), noted(2, "two"))))
    sealed = store.database.ask("SELECT sealed FROM event ORDER BY number")
    tamper(store, "UPDATE event SET sealed = ? WHERE number = 1", bytes(sealed[1][0]))
    with pytest.raises(Broken) as broken:
        store.load(HOUSE, CASE)
    assert broken.value.place == f"{CASE}, event 1"


def test_contents_under_another_kind_do_not_open(store: Store) -> None:
    append_note(store)
    tamper(store, "UPDATE event SET kind = 'released'")
    with pytest.raises(Broken):
        store.load(HOUSE, CASE)


def test_without_the_key_nothing_opens_and_the_reason_is_said(store: Store) -> None:
    append_note(store)
    store.keyring.destroy(HOUSE, CASE)
    with pytest.raises(Refused, match="missing from the keyring"):
        store.load(HOUSE, CASE)
    with pytest.raises(Refused, match="missing from the keyring"):
        append_note(store, expected=1)


def test_a_store_under_another_master_key_opens_nothing(house: Installation) -> None:
    append_note(house.open())
    other = house.open(masters=MasterKeys(MasterKey(bytes(32))))
    with pytest.raises(Refused, match="not at hand"):
        other.load(HOUSE, CASE)


def test_keys_may_not_lie_with_what_they_open(house: Installation) -> None:
    house.keys.parent.mkdir(parents=True, exist_ok=True)
    with pytest.raises(Refused, match="one folder"):
        Store(house.make(), keys=house.blobs / "keys", blobs=house.blobs, masters=house.masters)


def test_chance_is_an_argument(house: Installation) -> None:
    asked: list[int] = []

    def counted(number: int) -> bytes:
        asked.append(number)
        return len(asked).to_bytes(number, "big")

    append_note(house.open(random=counted))
    assert 32 in asked  # the case's key
    assert asked.count(12) >= 1  # nonces


# ---- chains ------------------------------------------------------------------------------------------------


def test_an_untouched_chain_holds_and_heads_say_its_end(store: Store) -> None:
    append_note(store, "2026-000002")
    append_note(store)
    append_note(store, expected=1)
    assert store.verify_chain(HOUSE, CASE) == 2
    heads = list(store.heads(HOUSE))
    assert [(head.stream, head.version) for head in heads] == [(CASE, 2), ("2026-000002", 1)]
    assert heads[0].chain != heads[1].chain
    assert list(store.heads(OTHER)) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("UPDATE event SET at = at - 1 WHERE number = 1", "an event was changed"),
        ("UPDATE event SET by = 'p-8' WHERE number = 2", "an event was changed"),
        ("UPDATE event SET kind = 'closed' WHERE number = 3", "an event was changed"),
        ("UPDATE event SET sealed = digest WHERE number = 2", "contents of an event were changed"),
        ("UPDATE event SET sealed = NULL WHERE number = 2", "contents of an event are missing"),
        (
            "UPDATE event SET digest = chain, sealed = NULL WHERE number = 2",
            "contents of an event are missing",
        ),
        ("DELETE FROM event WHERE number = 1", "an event is missing"),
        ("DELETE FROM event WHERE number = 2", "an event is missing"),
        ("DELETE FROM event WHERE number = 3", "cut off"),
        ("DELETE FROM event", "cut off"),
        ("DELETE FROM head", "cut off"),
    ],
)
def test_a_change_behind_our_back_is_seen(store: Store, change: str, sentence: str) -> None:
    for expected in range(3):
        append_note(store, expected=expected)
    tamper(store, change)
    with pytest.raises(Broken, match=sentence):
        store.verify_chain(HOUSE, CASE)


def test_events_of_two_cases_cannot_be_exchanged(store: Store) -> None:
    append_note(store)
    append_note(store, "2026-000002")
    tamper(store, "UPDATE event SET stream = 'x' WHERE stream = ?", CASE)
    tamper(store, "UPDATE event SET stream = ? WHERE stream = '2026-000002'", CASE)
    with pytest.raises(Broken):
        store.verify_chain(HOUSE, CASE)


# ---- the queue ---------------------------------------------------------------------------------------------


def test_a_row_comes_back_as_it_was(store: Store) -> None:
    here = row(emergency=True, held=True, domestic=True, closed=True, assigned="p-7", due=None, due_what="")
    store.append(HOUSE, Change(CASE, 0, (noted(1),), row=here))
    assert store.row(HOUSE, CASE) == here
    assert store.row(HOUSE, "2026-000002") is None


def test_every_field_of_a_row_has_a_column(store: Store) -> None:
    from habeas.store.store import _COLUMNS

    assert {"case", *_COLUMNS} == set(Row.__struct_fields__)


def _fill(store: Store, count: int) -> list[Row]:
    rows = []
    for number in range(count):
        case = f"2026-{number:06d}"
        emergency = number % 4 == 0
        rows.append(
            row(
                case,
                due=None if number % 7 == 0 else later(number % 5),
                turn=("counsel", "reviewer", "custodian")[number % 3],
                assigned=("", "p-1", "p-2")[number // 3 % 3],
                closed=number % 11 == 0,
                state="NOR" if number % 2 else "FRA",
                emergency=emergency,
                measure="preservation" if emergency else "stored-access",
            )
        )
        store.append(HOUSE, Change(case, 0, (noted(1),), row=rows[-1]))
    return rows


def _pages(store: Store, limit: int, view: View) -> list[str]:
    cases, after = [], ""
    while True:
        page = store.queue(HOUSE, view, after=after, limit=limit)
        assert len(page.rows) <= limit
        cases += [each.case for each in page.rows]
        if not page.after:
            return cases
        after = page.after


VIEWS: list[tuple[View, Callable[[Row], bool]]] = [
    (View(), lambda row: not row.closed),
    (View(closed=True), lambda row: row.closed),
    (View(closed=None), lambda row: True),
    (View(assigned="p-1"), lambda row: row.assigned == "p-1" and not row.closed),
    (View(assigned=""), lambda row: row.assigned == "" and not row.closed),
    (View(turn=("counsel",)), lambda row: row.turn == "counsel" and not row.closed),
    (View(turn=("counsel", "custodian", "counsel")), lambda row: row.turn != "reviewer" and not row.closed),
    (View(turn=("counsel", "reviewer"), closed=None), lambda row: row.turn != "custodian"),
    (View(turn=("nobody",)), lambda row: False),
    (View(state="NOR"), lambda row: row.state == "NOR" and not row.closed),
    (View(emergency=True, measure="preservation"), lambda row: row.emergency and not row.closed),
    (View(emergency=False, domestic=False, instrument="uncc"), lambda row: not (row.emergency or row.closed)),
]


@pytest.mark.parametrize("number", range(len(VIEWS)))
def test_pages_show_every_wanted_case_once_the_first_due_first(store: Store, number: int) -> None:
    view, wanted = VIEWS[number]
    rows = _fill(store, 40)
    never = later(10_000)
    expected = [
        each.case for each in sorted(rows, key=lambda each: (each.due or never, each.case)) if wanted(each)
    ]
    for limit in (1, 7, len(expected) or 1, 100):
        assert _pages(store, limit, view) == expected
    assert store.count(HOUSE, view, 1000) == len(expected)
    assert store.count(HOUSE, view, 3) == min(3, len(expected))


@pytest.mark.parametrize("after", ["x", "~", "5", "-1~2026-000001", "5~a/b", "5~"])
def test_a_made_up_place_in_the_queue_is_refused(store: Store, after: str) -> None:
    with pytest.raises(Refused, match="no place in the queue"):
        store.queue(HOUSE, after=after)


def test_an_append_does_not_go_through_the_tokens_of_other_cases(house: Installation) -> None:
    if house.kind != "sqlite":
        pytest.skip("PostgreSQL has statistics to choose by")
    sql = "EXPLAIN QUERY PLAN SELECT token FROM token WHERE organisation = ? AND stream = ?"
    [line] = house.open().database.ask(sql, HOUSE, "2026-1")
    assert "(organisation=? AND stream=?)" in line[-1]


# ---- jobs and the worker's lease ---------------------------------------------------------------------------


def test_jobs_come_when_they_are_due_the_oldest_first(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1),), row=row(), jobs=(job("a", 3), job("b", 1), job("c", 9))))
    store.append(OTHER, Change(CASE, 0, (noted(1),), row=row(), jobs=(job("d", 2),)))
    assert [each.job.id for each in store.due(HOUSE, later(3))] == ["b", "a"]
    assert [each.job.id for each in store.due(None, later(3))] == ["b", "d", "a"]
    assert [each.job.id for each in store.due(None, later(3), limit=1)] == ["b"]
    assert store.due(None, later(0.5)) == ()
    assert store.due(OTHER, later(3))[0].job == job("d", 2)


def test_a_job_goes_in_the_transaction_that_it_causes(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1),), jobs=(job("a", 1), job("b", 2))))
    with pytest.raises(Conflict):
        store.append(HOUSE, Change(CASE, 5, (noted(6),), done=("a",)))
    assert [each.job.id for each in store.due(None, later(9))] == ["a", "b"]
    store.append(HOUSE, Change(CASE, 1, (noted(2),), done=("a",)))
    assert [each.job.id for each in store.due(None, later(9))] == ["b"]


def test_with_a_row_the_jobs_of_a_case_are_exactly_those_given(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1),), row=row(), jobs=(job("a", 1), job("b", 2))))
    store.append(HOUSE, Change(CASE, 1, (noted(2),), row=row(version=2), jobs=(job("b", 5), job("c", 6))))
    assert store.jobs(HOUSE, CASE) == (job("b", 5), job("c", 6))


def test_without_a_row_jobs_are_only_added_or_replaced(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1),), jobs=(job("a", 1), job("b", 2))))
    store.append(HOUSE, Change(CASE, 1, (noted(2),), jobs=(job("b", 5),)))
    assert store.jobs(HOUSE, CASE) == (job("a", 1), job("b", 5))


HOUR = timedelta(hours=1)


def _stands(store: Store, version: int, **parts: Any) -> None:
    """One event more, and the row of the case as it is then."""
    store.append(HOUSE, Change(CASE, version - 1, (noted(version),), row=row(version=version, **parts)))


def _waits(store: Store, *versions: int) -> None:
    assert [each.version for each in store.passed()] == list(versions)


def test_a_turn_that_passed_waits_to_be_told_and_what_leaves_it_where_it_is_does_not(store: Store) -> None:
    _stands(store, 1)
    _waits(store, 1)
    _stands(store, 2, stage="assessed")
    _waits(store, 1)
    _stands(store, 3, next="review")
    _waits(store, 3)
    _stands(store, 4, next="review", assigned="counsel")
    _waits(store, 4)
    _stands(store, 5, turn="requester", next="answer", assigned="counsel")
    _waits(store)


def test_a_turn_is_told_once_by_who_holds_the_lease_and_a_newer_one_stays(store: Store) -> None:
    _stands(store, 1)
    (old,) = store.passed()
    fence, late = store.lease("clock", "one", AT, HOUR), store.lease("clock", "two", AT + HOUR * 2, HOUR)
    assert fence is not None
    assert late is not None
    with pytest.raises(Fenced):
        store.told(old, fence)
    _stands(store, 2, next="review")
    store.told(old, late)
    (new,) = store.passed()
    assert new.version == 2
    store.told(new, late)
    _waits(store)


def test_what_is_folded_anew_tells_nobody_again(store: Store) -> None:
    _stands(store, 1)
    fence = store.lease("clock", "one", AT, HOUR)
    assert fence is not None
    store.told(store.passed()[0], fence)
    store.rebuild(HOUSE, fold)
    _waits(store)


def test_a_lease_has_one_holder_and_can_be_renewed(store: Store) -> None:
    first = store.lease("clock", "one", AT, HOUR)
    assert first == Fence(lease="clock", number=1)
    assert store.lease("clock", "two", AT, HOUR) is None
    assert store.lease("clock", "one", AT + HOUR / 2, HOUR) == first
    assert store.lease("clock", "two", AT + HOUR, HOUR) is None
    assert store.lease("publisher", "two", AT, HOUR) == Fence(lease="publisher", number=1)


def test_whoever_takes_a_lapsed_lease_gets_a_higher_fence_and_shuts_the_other_out(store: Store) -> None:
    old = store.lease("clock", "one", AT, HOUR)
    new = store.lease("clock", "two", AT + HOUR, HOUR)
    assert new == Fence(lease="clock", number=2)
    append_note(store, fence=new)
    with pytest.raises(Fenced):
        append_note(store, expected=1, fence=old)
    with pytest.raises(Fenced):
        store.sequence(HOUSE, "2026-11-24", (), multiple=1, fence=old)
    assert len(store.load(HOUSE, CASE)) == 1
    append_note(store, expected=1, fence=new)


def test_a_fence_of_a_lease_that_nobody_took_is_refused(store: Store) -> None:
    with pytest.raises(Fenced):
        append_note(store, fence=Fence(lease="clock", number=1))


def test_a_lease_that_was_let_go_is_free_and_an_old_fence_lets_nothing_go(store: Store) -> None:
    old = store.lease("clock", "one", AT, HOUR)
    assert old is not None
    store.let_go(old)
    new = store.lease("clock", "two", AT, HOUR)
    assert new == Fence(lease="clock", number=2)
    store.let_go(old)
    assert store.lease("clock", "three", AT, HOUR) is None


def test_of_many_who_want_a_lease_at_once_one_gets_it(house: Installation) -> None:
    store = house.open()
    got: list[Fence | None] = []
    gate = threading.Barrier(6)

    def want(name: str) -> None:
        gate.wait()
        got.append(store.lease("clock", name, AT, HOUR))

    threads = [threading.Thread(target=want, args=(f"w-{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(each) for each in got) == ["Fence(lease='clock', number=1)", *["None"] * 5]


def test_a_job_is_done_once_however_many_workers_try(house: Installation) -> None:
    """Each worker acts under its fence, loses its lease in between, and goes on none the wiser."""
    store = house.open()
    store.append(
        HOUSE, Change(CASE, 0, (noted(1),), jobs=tuple(job(f"j{number}", 0) for number in range(12)))
    )
    done: list[str] = []
    fenced: list[str] = []
    guard = threading.Lock()
    tick = [0]

    def work(name: str) -> None:
        while due := store.due(HOUSE, later(1), limit=1):
            with guard:
                tick[0] += 1
                now = AT + tick[0] * HOUR
            fence = store.lease("clock", name, now, HOUR / 2)
            if fence is None:
                continue
            here = len(store.load(HOUSE, CASE))
            try:
                store.append(
                    HOUSE, Change(CASE, here, (noted(here + 1),), done=(due[0].job.id,)), fence=fence
                )
                done.append(due[0].job.id)
            except (Fenced, Conflict):
                fenced.append(name)

    threads = [threading.Thread(target=work, args=(f"w-{number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.load(HOUSE, CASE)) == 1 + len(done)
    assert set(done) == {f"j{number}" for number in range(12)}


def _worker(house: Installation, name: str, rounds: int) -> None:
    """Takes the lease by its own clock, and acts under its fence now and then after it has lapsed."""
    store = house.open()
    chance = random.Random(name)
    held = timedelta(milliseconds=60)
    acted = False
    while rounds > 0 or not acted:  # on a busy machine others may overtake it each time until they are done
        fence = store.lease("clock", name, datetime.now(UTC), held)
        if fence is None:
            time.sleep(0.002)
            continue
        here = len(store.load(HOUSE, CASE))
        time.sleep(chance.choice((0, 0, 0.12)))
        with contextlib.suppress(Fenced, Conflict):
            store.append(HOUSE, Change(CASE, here, (noted(here + 1, f"{fence.number} {name}"),)), fence=fence)
            acted = True
        rounds -= 1


def test_two_processes_never_act_at_once(house: Installation) -> None:
    """In the order of the events fences never go back, and each belongs to one worker."""
    house.open().append(HOUSE, Change(CASE, 0, (noted(1, "0 nobody"),)))
    house.close()
    children = []
    for name in ("one", "two", "three"):
        child = os.fork()
        if child == 0:
            try:
                _worker(house, name, 15)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    store = house.open()
    acted = [each.event.words.split() for each in store.load(HOUSE, CASE)]  # type: ignore[union-attr, attr-defined]
    fences = [int(fence) for fence, _ in acted]
    assert fences == sorted(fences)
    assert len({fence for fence, _ in acted}) == len({(fence, name) for fence, name in acted})
    assert len(set(fences)) > 3
    assert len({name for _, name in acted}) > 2


# ---- what never began -------------------------------------------------------------------------------------


def test_files_of_a_case_that_never_began_are_forgotten(house: Installation) -> None:
    """And those of a case that did begin never are."""
    store = house.open()
    store.put(HOUSE, CASE, b"laid ready")
    store.forget(HOUSE, CASE)
    assert list(doctor(store, HOUSE, fold)) == []
    assert CASE not in set(store.keyring.names(HOUSE))
    append_note(store)
    kept = store.put(HOUSE, CASE, b"laid ready")
    store.forget(HOUSE, CASE)
    assert store.get(HOUSE, CASE, kept) == b"laid ready"


# ---- search ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["@account", " @ACCOUNT ", "＠account", "@ａｃｃｏｕｎｔ"])
def test_an_identifier_is_found_however_it_is_written(store: Store, wanted: str) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1),), search=("@Account", "+33 1")))
    assert store.search(HOUSE, (wanted,), (2026,)) == (CASE,)


def test_search_finds_equal_words_in_the_years_and_the_house_asked_for_and_nothing_else(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1),), search=("@account",)))
    assert store.search(HOUSE, ("@accoun",), (2026,)) == ()
    assert store.search(HOUSE, ("@account",), (2025,)) == ()
    assert store.search(HOUSE, ("@account",), ()) == ()
    assert store.search(OTHER, ("@account",), (2026,)) == ()
    assert store.search(HOUSE, ("@account",), (2024, 2025, 2026)) == (CASE,)


def test_a_case_keeps_the_year_in_which_it_was_opened(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1),), search=("@one",)))
    next_year = noted(2, at=later(365))
    store.append(HOUSE, Change(CASE, 1, (next_year,), search=("@two",)))
    assert store.search(HOUSE, ("@two",), (2026,)) == (CASE,)


def test_the_same_identifier_has_another_token_in_another_year_and_house(store: Store) -> None:
    store.append(HOUSE, Change("a", 0, (noted(1),), search=("@account",)))
    store.append(HOUSE, Change("b", 0, (noted(1, at=later(365)),), search=("@account",)))
    store.append(OTHER, Change("c", 0, (noted(1),), search=("@account",)))
    tokens = store.database.ask("SELECT token FROM token")
    assert len({bytes(token) for (token,) in tokens}) == 3


# ---- files -------------------------------------------------------------------------------------------------


def test_a_file_comes_back_and_may_come_before_the_first_event(store: Store) -> None:
    data = b"%PDF-1.7 an order" * 1000
    sha256 = store.put(HOUSE, CASE, data)
    append_note(store)
    assert store.put(HOUSE, CASE, data) == sha256
    assert store.get(HOUSE, CASE, sha256) == data
    append_note(store, "2026-000002")
    with pytest.raises(Refused, match="no such file"):
        store.get(HOUSE, "2026-000002", sha256)


def test_a_changed_file_does_not_open(store: Store) -> None:
    sha256 = store.put(HOUSE, CASE, b"an order")
    [name] = store.blobs.names(HOUSE, CASE)
    path = store.blobs.path(HOUSE, CASE, name)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(Broken):
        store.get(HOUSE, CASE, sha256)


# ---- rotation and rebuilding -------------------------------------------------------------------------------


def test_rotation_can_be_broken_off_and_taken_up_again(house: Installation) -> None:
    store = house.open()
    for number in range(5):
        append_note(store, f"2026-{number}")
    old, new = house.masters.current, MasterKey(b"n" * 32)
    store.keyring.rotate(new, at_most=2, at_once=2)
    store.close()
    both = house.open(masters=MasterKeys(new, (old,)))
    assert len(both.load(HOUSE, "2026-0")) == len(both.load(HOUSE, "2026-4")) == 1
    assert both.rotate(new) == 4  # three cases and the search key of the year
    assert both.rotate(new) == 0
    both.close()
    alone = house.open(masters=MasterKeys(new))
    assert all(len(alone.load(HOUSE, f"2026-{number}")) == 1 for number in range(5))
    assert alone.search(HOUSE, ("@2026-3",), (2026,)) == ("2026-3",)


def test_read_models_can_be_made_anew_from_the_events(store: Store) -> None:
    for number in range(3):
        append_note(store, f"2026-{number}")
    append_note(store, "2026-1", 1)
    before = [
        store.database.ask(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in ("queue", "token", "job")
    ]
    for table in ("queue", "token", "job"):
        tamper(store, f"DELETE FROM {table} WHERE stream <> '2026-0'")
    tamper(store, "UPDATE queue SET stage = 'released'")
    assert store.rebuild(HOUSE, fold) == 3
    after = [
        store.database.ask(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in ("queue", "token", "job")
    ]
    assert after == before


def test_rebuilding_does_not_lose_what_is_appended_meanwhile(store: Store) -> None:
    append_note(store)
    appended: list[Callable[[], None]] = [lambda: append_note(store, expected=1)]

    def slow(events):  # type: ignore[no-untyped-def]
        if appended:
            appended.pop()()
        return fold(events)

    assert store.rebuild(HOUSE, slow) == 1
    here = store.row(HOUSE, CASE)
    assert here is not None
    assert here.version == 2


# ---- files of a case that is still to begin ----


def test_files_that_come_before_their_case_wait_for_it_and_go_when_it_never_begins(store: Store) -> None:
    for case in ("2026-000011", "2026-000012"):
        store.lay_apart(HOUSE, case, AT)
        store.lay_apart(HOUSE, case, later(3))  # the first time counts
        store.put(HOUSE, case, b"a letter")
    append_note(store, "2026-000011")
    assert store.forsake(AT) == 0
    assert store.forsake(later(1)) == 1
    assert store.forsake(later(1)) == 0
    assert store.blobs.names(HOUSE, "2026-000012") == ()
    assert store.keyring.key(HOUSE, "2026-000012") is None
    assert len(store.blobs.names(HOUSE, "2026-000011")) == 1


def test_one_file_can_be_dropped_before_its_case_begins_and_not_after(store: Store) -> None:
    store.lay_apart(HOUSE, "2026-000011", AT)
    wrong, right = (store.put(HOUSE, "2026-000011", data) for data in (b"the wrong letter", b"the letter"))
    store.drop(HOUSE, "2026-000011", wrong)
    with pytest.raises(Refused):
        store.get(HOUSE, "2026-000011", wrong)
    assert store.get(HOUSE, "2026-000011", right) == b"the letter"
    append_note(store, "2026-000011")
    with pytest.raises(Refused, match="goes with its case"):
        store.drop(HOUSE, "2026-000011", right)
    assert store.get(HOUSE, "2026-000011", right) == b"the letter"


# ---- files of a case that no event names ----


def test_a_file_that_no_event_names_goes_after_its_time_and_no_other(store: Store) -> None:
    append_note(store)
    kept, left, late = (store.put(HOUSE, CASE, data) for data in (b"kept", b"left", b"late"))
    for file, at in ((kept, AT), (left, AT), (late, AT)):
        store.unnamed(HOUSE, CASE, file, at)
    store.unnamed(HOUSE, CASE, late, later(3))  # said again, its time begins anew
    other = store.put(HOUSE, CASE, b"of no matter here")
    assert store.left_unnamed(AT) == []
    assert store.left_unnamed(later(1)) == [(HOUSE, CASE)]
    assert store.sweep(HOUSE, CASE, later(1), [kept]) == 1
    assert [store.get(HOUSE, CASE, each) for each in (kept, late, other)] == [
        b"kept", b"late", b"of no matter here"
    ]  # fmt: skip
    with pytest.raises(Refused):
        store.get(HOUSE, CASE, left)
    assert store.left_unnamed(later(1)) == []
    assert store.left_unnamed(later(4)) == [(HOUSE, CASE)]

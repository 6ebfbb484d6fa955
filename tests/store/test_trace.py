"""The way to the public log, on both databases."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from habeas.desk.public import (
    GROUPS,
    LEAF,
    Counted,
    Entry,
    Kind,
    Paper,
    Personal,
    arrival,
    commitments,
    ledger,
    ledger_until,
)
from habeas.desk.records import Change
from habeas.store import HOUSE_KEY, Fence, Fenced, Store, backup, restore, trace
from habeas.store.database import Rows, Value
from habeas.store.sealing import Broken, packed
from habeas.store.store import micros
from habeas.tlog import Overtaken
from tests.store.cases import CASE, HOUSE, Installation, all_files, later, noted

OTHER = "other-house"
NEIGHBOUR = "2026-000002"
DAY = "2026-11-24"
MINUTE = later(0)


def entry(word: str, number: int = 1) -> Entry:
    return Entry(
        count=Counted(kind=Kind.REQUEST, state=word),
        person=Personal(account="an account"),
        paper=Paper(nature="letter", document="00"),
        number=number,
    )


def fence(store: Store, holder: str = "one") -> Fence:
    found = store.lease("publishing", holder, MINUTE, later(1) - MINUTE)
    assert found is not None
    return found


def append(store: Store, case: str, *entries: Entry, organisation: str = HOUSE) -> None:
    store.append(organisation, Change(case, 0, (noted(1),), public=entries))


def test_what_waits_gets_its_place_once_a_day_and_not_twice(store: Store) -> None:
    append(store, CASE, entry("AAA"), entry("BBB"))
    assert (store.trace.waiting(HOUSE), store.trace.waiting(HOUSE, 1)) == (2, 1)
    assert store.sequence(HOUSE, DAY, (), multiple=1, fence=fence(store))
    assert (store.trace.waiting(HOUSE), store.trace.size(HOUSE)) == (0, 2)
    append(store, NEIGHBOUR, entry("CCC"))
    assert not store.sequence(HOUSE, DAY, (), multiple=1, fence=fence(store))
    assert (store.trace.waiting(HOUSE), store.trace.size(HOUSE)) == (1, 2)
    assert store.sequence(HOUSE, "2026-11-25", (), multiple=1, fence=fence(store))
    assert store.trace.size(HOUSE) == 3
    assert store.trace.done(HOUSE, "2026-11-25")
    assert store.trace.days(HOUSE) == 2


def test_the_number_of_leaves_says_nothing(store: Store) -> None:
    append(store, CASE, entry("AAA"))
    store.sequence(HOUSE, DAY, (), multiple=16, fence=fence(store))
    assert store.trace.size(HOUSE) == 16
    kinds = [each.count.value("kind") for each in store.trace.counted(HOUSE)]
    assert sorted(kinds) == sorted([Kind.PADDING] * 15 + [Kind.REQUEST])
    assert {len(leaf) for leaf in store.trace.leaves(HOUSE, 0, 16)} == {LEAF}


def test_what_opens_a_leaf_has_the_same_length_whatever_it_says(store: Store) -> None:
    long = Counted(
        kind=Kind.OBJECTION_ANSWER,
        month="2026-12",
        offences=" ".join(f"group-{number:02}" for number in range(30)),
        ground=" | ".join(f"a ground of refusal, the {number}." for number in range(15)),
    )
    append(
        store, CASE, entry("AAA"), Entry(count=long, person=Personal(account="an account\n" * 40), number=1)
    )
    for table, column in (("outbox", "counted"), ("opening", "sealed")):
        assert len(store.database.ask(f"SELECT DISTINCT length({column}) FROM {table}")) == 1
    store.sequence(HOUSE, DAY, (), multiple=16, fence=fence(store))
    store.trace.add(OTHER, entry("AAA"))
    store.sequence(OTHER, DAY, (), multiple=16, fence=fence(store))
    lengths = "SELECT DISTINCT length(sealed) FROM segment WHERE part = ?"
    assert [len(store.database.ask(lengths, part)) for part in ("values", "salts")] == [1, 1]


def test_the_order_of_the_log_is_not_the_order_of_what_happened(store: Store) -> None:
    words = [f"A{chr(65 + each)}A" for each in range(24)]
    append(store, CASE, *(entry(word) for word in words))
    store.sequence(HOUSE, DAY, (), multiple=1, fence=fence(store))
    placed = [each.count.value("state") for each in store.trace.counted(HOUSE)]
    assert sorted(placed) == words
    assert placed != words  # by chance once in 24! times


def test_an_entry_is_opened_by_its_case_and_found_in_the_log(store: Store) -> None:
    append(store, CASE, entry("AAA", 1), entry("BBB", 1))
    [first, second] = store.trace.opened(HOUSE, CASE)
    assert {first.place, second.place} == {None}
    store.sequence(HOUSE, DAY, (), multiple=4, fence=fence(store))
    for each in store.trace.opened(HOUSE, CASE):
        assert each.place is not None
        [leaf] = store.trace.leaves(HOUSE, each.place, each.place + 1)
        assert each.opened.leaf() == leaf
        [counted] = store.trace.counted(HOUSE, each.place, each.place + 1)
        assert counted.count == each.opened.count
    assert store.trace.opened(HOUSE, NEIGHBOUR) == ()
    assert store.trace.opened(OTHER, CASE) == ()


def test_two_equal_entries_have_different_leaves_everywhere(store: Store) -> None:
    append(store, CASE, entry("AAA"), entry("AAA"))
    one, other = (each.opened.leaf() for each in store.trace.opened(HOUSE, CASE))
    assert not {one[start : start + 32] for start in (16, 48, 80)} & {
        other[start : start + 32] for start in (16, 48, 80)
    }


def test_erasing_a_case_takes_what_opens_its_person_and_leaves_what_is_counted(house: Installation) -> None:
    store = house.open()
    append(store, CASE, entry("AAA"))
    store.sequence(HOUSE, DAY, (), multiple=1, fence=fence(store))
    store.erase(HOUSE, CASE, later(1))
    assert store.trace.opened(HOUSE, CASE) == ()
    assert store.database.ask("SELECT count(*) FROM opening") == [(0,)]
    assert [each.count.value("state") for each in store.trace.counted(HOUSE)] == ["AAA"]


def test_no_column_relates_a_leaf_to_its_case(store: Store) -> None:
    append(store, CASE, entry("AAA"))

    def said(table: str) -> str:
        rows = store.database.ask(f"SELECT * FROM {table}")
        return "\n".join(
            str([bytes(v).hex() if isinstance(v, bytes | memoryview) else v for v in row]) for row in rows
        )

    [opened] = store.trace.opened(HOUSE, CASE)
    leaf = opened.opened.leaf().hex()
    assert leaf in said("outbox")
    assert CASE not in said("outbox")
    store.sequence(HOUSE, DAY, (), multiple=1, fence=fence(store))
    assert leaf in said("leaf")
    assert CASE not in said("leaf")
    assert leaf not in said("opening")
    assert leaf[32:96] not in said("opening")


def test_once_placed_a_leaf_stands_nowhere_but_in_its_place(house: Installation) -> None:
    """Nowhere in the order of writing, that is: a dead row would tell whoever steals the files with which
    case it came."""
    store = house.open()
    append(store, CASE, entry("AAA"), entry("BBB"))
    leaves = [each.opened.leaf() for each in store.trace.opened(HOUSE, CASE)]

    def found() -> list[int]:
        written = [each for each in all_files(*house.files()) if "pg_wal" not in each.parts]
        data = b"".join(each.read_bytes() for each in written)
        return [data.count(leaf) for leaf in leaves]

    assert all(found())
    store.sequence(HOUSE, DAY, (), multiple=4, fence=fence(store))
    append(store, NEIGHBOUR, entry("CCC"))
    store.tidy()
    assert found() == [1, 1]
    assert store.trace.waiting(HOUSE) == 1


def test_a_leaf_is_found_in_whichever_block_it_stands_whatever_month_is_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "_BLOCK", 3)
    for month in ("2026-10", "2026-11", "2026-12"):
        append(store, f"{month}-case", *(entry(f"{each}") for each in range(4)))
        assert store.sequence(HOUSE, f"{month}-24", (), multiple=4, fence=fence(store))
    leaves = store.trace.leaves(HOUSE, 0, 12)
    for month in ("", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01"):
        assert [store.trace.place(HOUSE, leaf, month) for leaf in leaves] == list(range(12))
        assert store.trace.of_paper(HOUSE, bytes(32), month) is None
        assert store.trace.of_paper(OTHER, commitments(leaves[0])[2], month) is None
        assert not store.trace.holds(OTHER, commitments(leaves[0])[2], month)
    with store.database.transaction() as run:
        run("UPDATE published SET size = NULL")  # as of older records
    assert store.trace.place(HOUSE, leaves[0], "2026-12") == 0


def test_a_leaf_is_looked_up_in_its_index(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = store.database.ask

    def spied(sql: str, *values: Value) -> Rows:
        if "substr" in sql:
            how = "EXPLAIN QUERY PLAN " if store.database.kind == "SQLite" else "EXPLAIN "
            asked.extend(str(row[-1]) for row in ask(how + sql, *values))
        return ask(sql, *values)

    monkeypatch.setattr(store.database, "ask", spied)
    with store.database.transaction() as run:
        if store.database.kind == "PostgreSQL":
            run("SET LOCAL enable_seqscan = off")  # of no leaves it would read all
        assert store.trace.of_paper(HOUSE, bytes(32)) is None
    whole = (
        "(organisation=? AND <expr>=? AND <expr>=?)" if store.database.kind == "SQLite" else "/ 65536) = 0"
    )
    assert any("leaf_paper" in line for line in asked)
    assert any(whole in line for line in asked)


def test_what_arrived_at_a_door_is_opened_by_its_sender_alone(store: Store) -> None:
    store.trace.add(HOUSE, arrival("mailbox", "00" * 32, MINUTE))
    assert store.trace.waiting(HOUSE) == 1
    assert store.database.ask("SELECT count(*) FROM opening") == [(0,)]


def test_a_paper_is_known_from_when_its_leaf_waits(store: Store) -> None:
    store.trace.add(HOUSE, arrival("mailbox", "00" * 32, MINUTE))
    [(leaf,)] = store.database.ask("SELECT leaf FROM outbox WHERE organisation = ?", HOUSE)
    paper = commitments(bytes(leaf))[2]
    assert store.trace.holds(HOUSE, paper)
    assert not store.trace.holds(OTHER, paper)
    assert not store.trace.holds(HOUSE, bytes(32))


def test_entries_about_no_case_are_kept_open_by_the_house(store: Store) -> None:
    store.trace.add(HOUSE, Entry(count=Counted(kind=Kind.REPORT), paper=Paper(document="11" * 32)))
    store.sequence(HOUSE, DAY, (Entry(count=Counted(kind=Kind.LEDGER)),), multiple=8, fence=fence(store))
    kinds = {each.opened.count.value("kind") for each in store.trace.opened(HOUSE, HOUSE_KEY)}
    assert kinds == {Kind.REPORT, Kind.LEDGER}


def test_ledgers_are_given_by_the_day_they_look_to_and_not_as_they_lie(store: Store) -> None:
    for days in (2, 0, 1):
        more = (ledger("00", later(days)), Entry(count=Counted(kind=Kind.PAGE)))
        assert store.sequence(HOUSE, f"2026-12-0{days + 1}", more, multiple=4, fence=fence(store))
    untils = [ledger_until(each.opened.paper) for each in store.trace.ledgers(HOUSE)]
    assert untils == [later(days).replace(microsecond=0) for days in (0, 1, 2)]
    assert {each.place for each in store.trace.ledgers(HOUSE)} < set(range(12))


def test_only_the_one_publisher_gives_places(store: Store) -> None:
    append(store, CASE, entry("AAA"))
    old = fence(store, "one")
    store.hold(old)
    store.let_go(old)
    store.hold(fence(store, "two"))
    with pytest.raises(Fenced):
        store.hold(old)
    with pytest.raises(Fenced):
        store.sequence(HOUSE, DAY, (), multiple=1, fence=old)
    with pytest.raises(Fenced):
        store.newest(HOUSE, old).swap(None, b"one")
    assert (store.trace.waiting(HOUSE), store.trace.days(HOUSE)) == (1, 0)


def test_a_checkpoint_is_swapped_only_by_who_saw_the_one_before(store: Store) -> None:
    newest = store.newest(HOUSE)
    assert newest.current() is None
    newest.swap(None, b"one")
    with pytest.raises(Overtaken):
        newest.swap(None, b"other")
    newest.swap(b"one", b"two")
    assert newest.current() == b"two"
    assert store.newest(OTHER).current() is None


def test_the_ledger_of_a_moment_comes_out_the_same_later(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1), noted(2, at=later(1)))))
    store.append(HOUSE, Change(NEIGHBOUR, 0, (noted(1, at=later(2)),)))
    moments = [micros(later(days)) for days in (0, 1, 1.5, 2)]
    before = [store.trace.ledger(HOUSE, each) for each in moments]
    assert len(set(before)) == len(before)
    store.append(HOUSE, Change(CASE, 2, (noted(3, at=later(3)),)))
    assert [store.trace.ledger(HOUSE, each) for each in moments] == before
    store.erase(HOUSE, NEIGHBOUR, later(4))
    assert [store.trace.ledger(HOUSE, each) for each in moments] == before


@pytest.mark.parametrize(
    "fraud",
    [
        "DELETE FROM event WHERE number = 2",
        "UPDATE event SET chain = digest WHERE number = 2",
        "UPDATE event SET number = 5 WHERE number = 2",
    ],
)
def test_whoever_edits_an_event_breaks_the_ledger(store: Store, fraud: str) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1), noted(2, at=later(1)))))
    before = store.trace.ledger(HOUSE, micros(later(2)))
    with store.database.transaction() as run:
        run(fraud)
    assert store.trace.ledger(HOUSE, micros(later(2))) != before


def test_an_event_that_is_put_in_with_an_old_date_breaks_the_ledger(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1),)))
    before = store.trace.ledger(HOUSE, micros(later(2)))
    store.append(HOUSE, Change(NEIGHBOUR, 0, (noted(1, at=later(1)),)))
    assert store.trace.ledger(HOUSE, micros(later(2))) != before


def test_after_a_ledger_an_early_clock_changes_nothing_that_it_said(store: Store) -> None:
    store.append(HOUSE, Change(CASE, 0, (noted(1),)))
    until = store.speak(HOUSE, later(2), fence=fence(store))
    before = store.trace.ledger(HOUSE, micros(until))
    early, late = noted(1, at=later(1)), noted(2, at=later(3))
    store.append(HOUSE, Change(NEIGHBOUR, 0, (early,)))
    store.append(HOUSE, Change(NEIGHBOUR, 1, (late,)))
    assert store.trace.ledger(HOUSE, micros(until)) == before
    assert [(each.at, each.spoken) for each in store.load(HOUSE, NEIGHBOUR)] == [
        (later(1), until),
        (later(3), None),
    ]
    assert store.verify_chain(HOUSE, NEIGHBOUR) == 2


def test_the_log_never_speaks_up_to_an_earlier_moment_than_before(store: Store) -> None:
    mine = fence(store)
    first = store.speak(HOUSE, later(2), fence=mine)
    assert first == later(2)
    assert store.speak(HOUSE, later(1), fence=mine) == first + timedelta(seconds=1)
    assert store.speak(HOUSE, later(3), fence=mine) == later(3)
    assert store.speak(OTHER, later(1), fence=mine) == later(1)
    store.let_go(mine)
    fence(store, "two")
    with pytest.raises(Fenced):
        store.speak(HOUSE, later(4), fence=mine)


@pytest.mark.parametrize("fraud", ["NULL", "spoken + 1", "spoken - 86400000000"])
def test_when_an_event_was_recorded_cannot_be_changed_unseen(store: Store, fraud: str) -> None:
    store.speak(HOUSE, later(2), fence=fence(store))
    store.append(HOUSE, Change(CASE, 0, (noted(1, at=later(1)),)))
    assert store.verify_chain(HOUSE, CASE) == 1
    with store.database.transaction() as run:
        run(f"UPDATE event SET spoken = {fraud}")
    with pytest.raises(Broken, match="changed after it was recorded"):
        store.verify_chain(HOUSE, CASE)


def test_a_ledger_waits_for_what_is_being_recorded(house: Installation) -> None:
    """An append that has begun is in the ledger, or comes after it: never in between."""
    store, other = house.open(), house.open()
    mine = fence(store)
    store.speak(HOUSE, later(1), fence=mine)
    inside, go, spoken = threading.Event(), threading.Event(), []

    def record() -> None:
        with other.database.transaction() as run:
            other.trace.spoken(run, HOUSE)
            inside.set()
            go.wait(60)
            other._write(run, HOUSE, other._ready(HOUSE, Change(CASE, 0, (noted(1, at=later(1.5)),))), 0)

    def speak() -> None:
        spoken.append(store.speak(HOUSE, later(2), fence=mine))

    threads = [threading.Thread(target=record), threading.Thread(target=speak)]
    threads[0].start()
    assert inside.wait(60)
    threads[1].start()
    threads[1].join(0.3)
    assert spoken == []
    go.set()
    for thread in threads:
        thread.join(60)
    assert spoken == [later(2)]
    empty = hashlib.sha256(packed("habeas ledger v1", HOUSE, micros(later(2)))).hexdigest()
    assert store.trace.ledger(HOUSE, micros(later(2))) != empty


# ---- what is counted, in segments ------------------------------------------------------------------------


def segments(store: Store, part: str) -> list[tuple[int, int]]:
    return store.database.ask("SELECT start, leaves FROM segment WHERE part = ? ORDER BY start", part)


def days(store: Store, *sizes: int, monkeypatch: pytest.MonkeyPatch, segment: int, salted: int) -> set[str]:
    """So many entries on each day; all the states that they name."""
    monkeypatch.setattr(trace, "_SEGMENT", segment)
    monkeypatch.setattr(trace, "_SALTED", salted)
    named: set[str] = set()
    for day, size in enumerate(sizes):
        words = [f"{chr(65 + day)}{chr(65 + each // 26)}{chr(65 + each % 26)}" for each in range(size)]
        for word in words:
            store.trace.add(HOUSE, entry(word))
        store.sequence(HOUSE, f"2026-12-{day + 1:02}", (), multiple=1, fence=fence(store))
        named |= set(words)
    return named


def test_segments_hold_what_opens_each_leaf(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    named = days(store, 3, 1, 7, 2, monkeypatch=monkeypatch, segment=5, salted=2)
    assert segments(store, "values") == [(0, 5), (5, 5), (10, 3)]
    assert sum(leaves for _start, leaves in segments(store, "salts")) == 13
    every = list(store.trace.counted(HOUSE))
    assert [each.place for each in every] == list(range(13))
    assert [each.leaf for each in every] == list(store.trace.leaves(HOUSE, 0, 13))
    for each in every:  # the salts and values are those of this leaf and of no other
        assert commitments(each.leaf)[0] == each.count.commitment()
    assert {each.count.value("state") for each in every} == named
    columns = store.trace.columns(HOUSE)
    assert columns.to_pylist() == [
        dict(zip(GROUPS["count"], each.count.values, strict=True)) for each in every
    ]
    own = {each.place: each.opened.count for each in store.trace.opened(HOUSE, HOUSE_KEY)}
    assert {each.place: each.count for each in every} == own


@pytest.mark.parametrize(("start", "end"), [(0, 0), (0, 4), (4, 6), (5, 10), (3, 13), (12, 13)])
def test_some_leaves_are_opened_without_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch, start: int, end: int
) -> None:
    days(store, 13, monkeypatch=monkeypatch, segment=5, salted=3)
    every = list(store.trace.counted(HOUSE))
    assert list(store.trace.counted(HOUSE, start, end)) == every[start:end]
    found = store.trace.columns(HOUSE, start, end)
    assert found.column("state").to_pylist() == [each.count.value("state") for each in every[start:end]]


def test_a_house_without_leaves_has_columns_without_entries(store: Store) -> None:
    assert len(store.trace.columns(HOUSE)) == 0
    assert tuple(store.trace.columns(HOUSE).column_names) == GROUPS["count"]
    assert list(store.trace.counted(HOUSE)) == []


@pytest.mark.parametrize(
    "fraud",
    [
        "DELETE FROM segment WHERE start = 5",
        "DELETE FROM segment WHERE start = (SELECT max(start) FROM segment WHERE part = 'values')",
        "UPDATE segment SET start = start + 1, leaves = leaves - 1 WHERE part = 'values'",
        "UPDATE segment SET sealed = (SELECT sealed FROM segment WHERE part = 'values' AND start = 0)",
        "UPDATE segment SET organisation = 'other-house'",
    ],
)
def test_a_segment_that_is_lost_moved_or_exchanged_is_noticed(
    store: Store, monkeypatch: pytest.MonkeyPatch, fraud: str
) -> None:
    days(store, 13, monkeypatch=monkeypatch, segment=5, salted=5)
    with store.database.transaction() as run:
        run(fraud)
    with pytest.raises(Broken, match=r"missing|do not open"):
        store.trace.columns(HOUSE)


def test_salts_that_are_lost_are_noticed_and_what_is_counted_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    days(store, 4, monkeypatch=monkeypatch, segment=5, salted=2)
    with store.database.transaction() as run:
        run("DELETE FROM segment WHERE part = 'salts' AND start = 2")
    assert len(store.trace.columns(HOUSE)) == 4
    with pytest.raises(Broken, match="missing"):
        list(store.trace.counted(HOUSE))


def test_whoever_reads_while_a_day_is_placed_sees_what_was_there(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = house.open()
    days(store, 4, monkeypatch=monkeypatch, segment=50, salted=2)
    reading = store.trace.counted(HOUSE)
    first = next(reading)
    days(store, 4, 3, monkeypatch=monkeypatch, segment=50, salted=2)  # the first day is done already
    assert [first.place, *(each.place for each in reading)] == [0, 1, 2, 3]
    assert len(store.trace.columns(HOUSE, 0, 4)) == 4


def test_leaves_of_before_there_were_segments_are_brought_into_them(
    house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = house.open()
    monkeypatch.setattr(trace, "_SALTED", 2)
    for word in ("AAA", "BBB", "CCC", "DDD", "EEE"):
        store.trace.add(HOUSE, entry(word))
    with store.database.transaction() as run:
        run(
            """INSERT INTO loose (organisation, place, counted)
            SELECT organisation, row_number() OVER (ORDER BY turn) - 1, counted FROM outbox"""
        )
    store.sequence(HOUSE, DAY, (), multiple=1, fence=fence(store))
    before = list(store.trace.counted(HOUSE))
    with store.database.transaction() as run:
        run("DELETE FROM segment")
    store.close()
    store = house.open()
    assert list(store.trace.counted(HOUSE)) == before
    assert store.database.ask("SELECT count(*) FROM loose") == [(0,)]
    assert (segments(store, "values"), segments(store, "salts")) == ([(0, 5)], [(0, 2), (2, 2), (4, 1)])
    with store.database.transaction() as run:
        run("INSERT INTO loose (organisation, place, counted) VALUES (?, 0, ?)", HOUSE, bytes(2077))
        run("DELETE FROM segment")
    store.close()
    store = house.open()  # one that does not open keeps nobody from the other records
    assert store.database.ask("SELECT count(*) FROM loose") == [(1,)]
    with pytest.raises(Broken, match="missing"):
        store.trace.columns(HOUSE)


def test_what_is_counted_comes_back_from_a_backup_whatever_was_erased(
    house: Installation, install: Callable[[str], Installation], tmp_path: Path
) -> None:
    store = house.open()
    append(store, CASE, entry("AAA"), entry("BBB"))
    append(store, NEIGHBOUR, entry("CCC"))
    store.sequence(HOUSE, DAY, (), multiple=4, fence=fence(store))
    before = list(store.trace.counted(HOUSE))
    backup(store, tmp_path / "data", tmp_path / "keys")
    other = install("other")
    restored = restore(
        tmp_path / "data",
        tmp_path / "keys",
        masters=other.masters,
        database=other.make(),
        keys=other.keys,
        blobs=other.blobs,
    )
    other.opened.append(restored)
    restored.erase(HOUSE, CASE, later(1))
    assert restored.trace.opened(HOUSE, CASE) == ()
    assert list(restored.trace.counted(HOUSE)) == before
    assert sorted(filter(None, restored.trace.columns(HOUSE).column("state").to_pylist())) == [
        "AAA",
        "BBB",
        "CCC",
    ]

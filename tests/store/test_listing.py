"""The list of cases is in order whatever is chosen from it, and no page of it goes through the cases.

What a page costs is counted, not timed: in SQLite the steps of its machine, in PostgreSQL the rows that its
plans touch. Cases lie here as they are worst: what is chosen together never meets, or meets at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import product
from typing import Any

import msgspec
import pytest

from habeas.desk.queue import View
from habeas.store import Store, listing
from habeas.store.database import Rows, Run, Value
from habeas.store.schema import NEVER
from tests.store.cases import HOUSE, Installation, connection, on_postgres, on_sqlite, steps
from tests.store.server import Server

ROWS = 25
FEW, MANY = 3_000, 30_000
CUTS = (
    View(),
    View(turn=("reviewer",)),
    View(turn=("counsel", "reviewer")),
    View(assigned="p-1"),
    View(assigned="", turn=("counsel",)),
    View(turn=("requester", "person")),
    View(closed=True),
)
FILTERS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("state", ("", "FRA", "USA", "TUV")),
    ("measure", ("", "preservation", "domestic-order")),
    ("instrument", ("", "uncc", "domestic-order")),
    ("emergency", (None, True)),
    ("domestic", (None, True, False)),
)
"""Those of the page, and a state that a few cases are from."""

VIEWS = [
    msgspec.structs.replace(cut, **dict(zip([name for name, _ in FILTERS], chosen, strict=True)))
    for cut in CUTS
    for chosen in product(*(choice for _, choice in FILTERS))
]
MOST_STEPS, MOST_ROWS = 25_000, 500
"""Of any page. Read through one index of several, some of these would take a hundred thousand steps, and ten
times as many with ten times the cases."""

DEEP = (1_860_000_000_000_000, "2026-5")
"""A place far down: orders of our own state are all due later, and most others before."""


def fill(store: Store, count: int, *, start: int = 1) -> None:
    """Rows without events, as many as wanted, made by the database itself: each kind of case in its share.

    What comes from home is due last of all. Forty cases are from a state that nobody else is from.
    """
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        if store.database.kind == "SQLite"
        else "WITH n(i) AS (SELECT generate_series(?::bigint, ?::bigint))"
    )
    kinds = """k AS (SELECT i, i % 2 AS closed, i / 2 % 3 AS turn, i / 6 % 4 AS measure, i / 24 % 3 AS basis,
        i / 72 % 5 AS state, i / 360 % 4 AS person FROM n)"""
    with store.database.transaction() as run:
        if store.database.kind == "PostgreSQL":  # which counts what lies there when it likes
            run("ALTER TABLE queue SET (autovacuum_enabled = off)")
        run(
            f"""INSERT INTO queue (organisation, stream, stage, turn, next, assigned, state, instrument,
            measure, emergency, domestic, received, due, due_what, held, closed, version)
            {numbers}, {kinds} SELECT '{HOUSE}', '2026-' || i, 'received',
            CASE WHEN closed = 1 THEN 'nobody' WHEN turn = 0 THEN 'counsel' WHEN turn = 1 THEN 'reviewer'
                ELSE 'requester' END,
            'review', CASE person WHEN 0 THEN '' WHEN 1 THEN 'p-1' WHEN 2 THEN 'p-2' ELSE 'p-3' END,
            CASE WHEN i <= 40 THEN 'TUV' WHEN measure = 3 THEN 'USA' WHEN state = 0 THEN 'FRA'
                WHEN state = 1 THEN 'DEU' WHEN state = 2 THEN 'NOR' WHEN state = 3 THEN 'USA' ELSE 'BRA' END,
            CASE WHEN measure = 3 THEN 'domestic-order' WHEN basis = 0 THEN 'uncc' WHEN basis = 1
                THEN 'budapest' ELSE 'bilateral-mla' END,
            CASE measure WHEN 0 THEN 'stored-access' WHEN 1 THEN 'preservation' WHEN 2 THEN 'emergency'
                ELSE 'domestic-order' END,
            CASE measure WHEN 2 THEN 1 ELSE 0 END, CASE measure WHEN 3 THEN 1 ELSE 0 END, 1760000000000000,
            CASE WHEN closed = 1 OR i % 11 = 0 THEN CAST({NEVER} AS BIGINT)
                WHEN measure = 3 THEN 1900000000000000 + i % 997
                ELSE 1760000000000000 + i * 7919 % 100003 * CAST(1000000000 AS BIGINT) END,
            'answer', 0, closed, 1 FROM k""",
            *(start, count),
        )


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Many cases, for tests that only read; on either database."""
    folder = tmp_path_factory.mktemp("many")
    if request.param == "sqlite":
        house = on_sqlite(folder)
    else:
        server: Server = request.getfixturevalue("server")
        house = on_postgres(folder, server.new_database(), server.data)
    store = house.open()
    fill(store, MANY)
    yield store
    house.close()


def ids(store: Store, view: View, after: listing.Place = listing.TOP, limit: int = ROWS) -> list[str]:
    return [stream for _, stream in listing.rows(store.database.ask, HOUSE, view, (), after, limit)]


def fits(view: View, row: dict[str, Any]) -> bool:
    named = ("state", "measure", "instrument")
    return (
        (view.closed is None or view.closed == row["closed"])
        and (not view.turn or row["turn"] in view.turn)
        and (view.assigned is None or view.assigned == row["assigned"])
        and all(not getattr(view, each) or getattr(view, each) == row[each] for each in named)
        and all(getattr(view, each) in (None, bool(row[each])) for each in ("emergency", "domestic"))
    )


def all_rows(store: Store) -> list[dict[str, Any]]:
    names = ("due", "stream", "closed", "turn", "assigned", *(name for name, _ in FILTERS))
    found = store.database.ask(f"SELECT {', '.join(names)} FROM queue ORDER BY due, stream")
    return [dict(zip(names, each, strict=True)) for each in found]


def test_whatever_is_chosen_is_found_in_order_from_every_place(house: Installation) -> None:
    store = house.open()
    fill(store, FEW)
    rows = all_rows(store)
    both = [msgspec.structs.replace(view, closed=None) for view in VIEWS[::25]]
    for number, view in enumerate([*VIEWS, *both]):
        after = DEEP if number % 3 else listing.TOP
        wanted = [each for each in rows if fits(view, each)]
        expected = [each["stream"] for each in wanted if (each["due"], each["stream"]) > after]
        for limit in (1, ROWS):
            assert ids(store, view, after, limit) == expected[:limit], view
        assert listing.count(store.database.ask, HOUSE, view, 20) == min(20, len(wanted)), view


def test_a_long_page_of_many_lanes_is_whole(store: Store) -> None:
    """More lanes than one statement reads."""
    fill(store, FEW)
    with store.database.transaction() as run:
        run("UPDATE queue SET instrument = 'basis-' || (due % 80) WHERE closed = 0")
    rows = all_rows(store)
    for view in (View(domestic=False), View(emergency=True), View(turn=("counsel",), emergency=False)):
        expected = [each["stream"] for each in rows if fits(view, each)]
        for limit in (ROWS, 70, 400, 2_000):
            assert ids(store, view, limit=limit) == expected[:limit]
        assert listing.count(store.database.ask, HOUSE, view, 10_000) == len(expected)


# ---- what a page costs -------------------------------------------------------------------------------------


def touched(store: Store, view: View, after: listing.Place) -> int:
    """Rows that PostgreSQL reads from the table or an index, also those that it then leaves aside."""
    found = 0

    def ask(sql: str, *values: Value) -> Rows:
        nonlocal found
        [(plan,)] = store.database.ask(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", *values)
        found += sum(_read(plan[0]["Plan"]))
        return store.database.ask(sql, *values)

    listing.rows(ask, HOUSE, view, (), after, ROWS)
    return found


def _read(plan: dict[str, Any]) -> Iterator[int]:
    if "Relation Name" in plan or "Index Name" in plan:
        each = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        yield int(plan["Actual Loops"] * (each + plan.get("Rows Removed by Index Recheck", 0)))
    for inner in plan.get("Plans", ()):
        yield from _read(inner)


def costs(house: Installation, store: Store) -> list[int]:
    """Of the pages of every view at the top and far down; on PostgreSQL, where it takes long, of some."""
    if house.kind == "sqlite":
        pages = product(VIEWS, (listing.TOP, DEEP))
        return [steps(partial(ids, store, *page), connection(store)) for page in pages]
    return [touched(store, view, after) for view in VIEWS[::23] for after in (listing.TOP, DEEP)]


@pytest.mark.parametrize("analysed", [False, True])
def test_no_page_costs_more_because_there_are_more_cases(house: Installation, analysed: bool) -> None:
    """Whether or not the database has counted what lies in its tables."""
    store, found = house.open(), []
    for start, count in ((1, FEW), (FEW + 1, MANY)):
        fill(store, count, start=start)
        if analysed:
            with store.database.transaction() as run:
                run("ANALYZE queue")
        found.append(costs(house, store))
    few, many = found
    most = MOST_STEPS if house.kind == "sqlite" else MOST_ROWS
    assert max(many) <= most
    assert sum(many) <= 1.5 * sum(few)


@pytest.mark.parametrize(
    ("view", "index"),
    [
        (View(), "queue_due"),
        (View(closed=None), "queue_due"),
        (View(assigned="p-1"), "queue_assigned"),
        (View(state="NOR"), "queue_state"),
        (View(emergency=True), "queue_emergency"),
        (View(domestic=True), "queue_domestic"),
        (View(turn=("counsel",)), "queue_turn"),
        (View(turn=("counsel", "reviewer")), "queue_turn"),
    ],
)
@pytest.mark.parametrize("after", [listing.TOP, DEEP])
def test_what_is_chosen_by_one_thing_is_read_from_its_index_and_nothing_is_sorted(
    many: Store, view: View, index: str, after: listing.Place
) -> None:
    plan = planned(many, lambda ask: listing.rows(ask, HOUSE, view, ("stage",), after, ROWS))
    assert re.search(rf"\b{index}\b", plan)
    assert "SCAN queue" not in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_what_lies_with_somebody_is_counted_along_one_index_and_no_further_than_wanted(
    many: Store,
) -> None:
    now = datetime(2100, 1, 1, tzinfo=UTC)
    assert many.workload(HOUSE, "p-1", now, 100) == (100, 100)
    assert many.workload(HOUSE, "p-1", now, 10_000).open == sum(
        row["assigned"] == "p-1" and not row["closed"] for row in all_rows(many)
    )
    assert many.workload(HOUSE, "p-1", datetime(2000, 1, 1, tzinfo=UTC), 10).overdue == 0
    assert many.workload(HOUSE, "nobody", now, 10) == (0, 0)
    for plan in (
        planned(many, lambda ask: listing.count(ask, HOUSE, View(assigned="p-1"), 1000)),
        planned(many, lambda ask: listing.overdue(ask, HOUSE, "p-1", 2**62, 1000)),
    ):
        assert re.search(r"\bqueue_assigned\b", plan)
        assert "SCAN queue" not in plan
        assert "Seq Scan" not in plan


@pytest.mark.parametrize("number", range(len(CUTS)))
def test_a_count_reads_no_more_than_it_counts(many: Store, number: int) -> None:
    """The numbers beside the views, on every page."""

    def ask(sql: str, *values: Value) -> Rows:
        if many.database.kind == "SQLite":
            assert steps(lambda: many.database.ask(sql, *values), connection(many)) <= 300 * 20
        else:
            [(plan,)] = many.database.ask(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", *values)
            assert sum(_read(plan[0]["Plan"])) <= 300
        return many.database.ask(sql, *values)

    assert listing.count(ask, HOUSE, CUTS[number], 300) == 300


def planned(store: Store, act: Callable[[Run], object]) -> str:
    """How the database answers the statements of an act."""
    plan: list[str] = []

    def ask(sql: str, *values: Value) -> Rows:
        how = "EXPLAIN QUERY PLAN " if store.database.kind == "SQLite" else "EXPLAIN "
        plan.extend(str(line[-1]) for line in store.database.ask(how + sql, *values))
        return store.database.ask(sql, *values)

    act(ask)
    return "\n".join(plan)

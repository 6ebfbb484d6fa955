"""Counting in columns gives what counting one by one gives, whatever form the entries come in."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest

from habeas.desk.public import Counted
from habeas.errors import Refused
from habeas.reports.transparency import How, Period, Restriction, columns, figures
from habeas.reports.transparency.tables import KINDS, parts
from tests.reports.transparency.histories import history

YEAR = Period(first="2025-07", last="2026-06")
UNITS = [unit.months for unit in YEAR.units]
ENTRIES = history(3, requests=300, states=12, period=YEAR)


def table(entries: list[Counted]) -> pa.Table:
    return pa.table({f: pa.array([getattr(e, f) for e in entries]) for f in figures.FIELDS})


@pytest.mark.parametrize("subject", parts())
def test_tables_are_what_counting_one_by_one_gives(subject: str) -> None:
    kinds = {"request", "addition"} if subject == "accounts" else {subject}
    for months, counts in zip(UNITS, figures.count(columns(ENTRIES), UNITS), strict=True):
        mine = [e for e in ENTRIES if e.kind in kinds and e.month in months]
        truth = counts.truths[subject]
        weigh = {id(e): int(e.accounts) if subject == "accounts" else 1 for e in mine}
        totals: Counter[tuple[str, str]] = Counter()
        for e in mine:
            totals[("" if subject == "arrival" else e.footing, e.state)] += weigh[id(e)]
        assert dict(zip(truth.rows, truth.totals.tolist(), strict=True)) == totals
        for part in parts()[subject]:
            cells: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
            for e in mine:
                read = part.read(*(getattr(e, field) for field in part.fields))
                cells["" if subject == "arrival" else e.footing, e.state, read] += weigh[id(e)]
            found = {
                (*row, combination): int(count)
                for row, line in zip(truth.rows, truth.cells[part.name], strict=True)
                for combination, count in zip(truth.combinations[part.name], line, strict=True)
                if count
            }
            assert found == cells


def test_values_columns_and_dictionaries_are_counted_alike() -> None:
    plain = table(ENTRIES)
    coded = pa.table({name: plain.column(name).dictionary_encode() for name in plain.column_names})
    halves = [
        pa.table({name: part.column(name).dictionary_encode() for name in plain.column_names})
        for part in (plain.slice(0, 100), plain.slice(100))
    ]
    pieces = pa.concat_tables(halves)  # two dictionaries in one column
    first = figures.count(columns(ENTRIES), UNITS)
    for other in (plain, coded, pieces):
        for left, right in zip(first, figures.count(columns(other), UNITS), strict=True):
            for subject, truth in left.truths.items():
                assert right.truths[subject].rows == truth.rows
                assert (right.truths[subject].totals == truth.totals).all()


def test_months_add_up_to_their_unit() -> None:
    months = figures.monthly(columns(ENTRIES), UNITS[0])
    [first, _] = figures.count(columns(ENTRIES), UNITS)
    for kind in KINDS:
        if kind in first.truths:
            assert months[kind].sum() == first.truths[kind].totals.sum()


def test_restricted_entries_stand_in_no_table_and_no_month() -> None:
    barred = Restriction(subject="request", footing="order", how=How.NEVER)
    [counts, _] = figures.count(columns(ENTRIES), UNITS, [barred])
    assert {footing for footing, _ in counts.truths["request"].rows} == {"request", "direct"}
    orders = sum(e.kind == "request" and e.footing == "order" and e.month in UNITS[0] for e in ENTRIES)
    assert counts.restricted == {0: orders}
    free, kept = (
        figures.monthly(columns(ENTRIES), UNITS[0], bars)["request"].sum() for bars in ([barred], [])
    )
    assert kept - free == orders


def test_nothing_is_counted_where_nothing_is() -> None:
    for empty in (columns([]), columns(table([]))):
        [counts] = figures.count(empty, [UNITS[0]])
        assert all(truth.totals.sum() == 0 for truth in counts.truths.values())
        assert figures.suspensions(empty, "2026-06") == ()


def test_a_table_without_a_field_or_with_numbers_is_refused() -> None:
    with pytest.raises(Refused):
        columns(table(ENTRIES).drop(["state"]))
    numbers = table(ENTRIES).set_column(0, "kind", pa.array(range(len(ENTRIES))))
    with pytest.raises(Refused):
        columns(numbers)


def test_suspensions_are_listed_in_order() -> None:
    entries = [
        Counted(kind="suspension", month="2026-05", state="AAA", how="lifted"),
        Counted(kind="suspension", month="2026-05", state="CCC", how="suspended"),
        Counted(kind="suspension", month="2026-02", state="AAA", how="suspended"),
        Counted(kind="suspension", month="2026-08", state="BBB", how="suspended"),
    ]
    found = figures.suspensions(columns(entries), "2026-06")
    assert [(e.month, e.how) for e in found] == [
        ("2026-02", "suspended"),
        ("2026-05", "suspended"),  # in one month the one comes before the other
        ("2026-05", "lifted"),
    ]


def test_what_says_no_footing_or_an_unknown_one_is_a_request_and_what_arrived_has_none() -> None:
    said = {"month": "2026-05", "state": "AAA"}
    entries = [Counted(kind="refusal", footing=each, **said) for each in ("", "new-word", "request", "order")]
    [found] = figures.count(columns([*entries, Counted(kind="arrival", month="2026-05")]), [["2026-05"]])
    refusals, arrivals = found.truths["refusal"], found.truths["arrival"]
    assert dict(zip(refusals.rows, refusals.totals.tolist(), strict=True)) == {
        ("order", "AAA"): 1,
        ("request", "AAA"): 3,
    }
    assert arrivals.rows == (("", ""),)


@pytest.mark.parametrize(
    ("said", "counted"), [("999999999", 999_999_999), ("1000000000", 0), ("٣", 0), ("-3", 0), ("", 0)]
)
def test_a_number_of_accounts_that_cannot_be_counts_nothing(said: str, counted: int) -> None:
    one = Counted(kind="request", month="2026-05", state="AAA", footing="request", accounts=said)
    [found] = figures.count(columns([one]), [["2026-05"]])
    assert found.truths["accounts"].totals.sum() == counted

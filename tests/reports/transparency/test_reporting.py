"""A report adds up, is the same each time, and is found out by whoever counts again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import msgspec
import pytest

from habeas.errors import Refused
from habeas.reports.transparency import House, How, Period, Restriction, differences, report, totals
from habeas.reports.transparency.model import Cell
from habeas.reports.transparency.tables import parts
from tests.reports.transparency.histories import SEED, history
from tests.reports.transparency.made import BAND, HALF, HOUSE, MADE, entries, made

ENTRIES = entries()


def test_every_breakdown_with_one_value_adds_up_and_every_value_is_listed() -> None:
    lines: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    rows = {}
    for cell in made(ENTRIES).cells:
        place = (cell.unit, cell.subject, cell.footing, cell.state)
        if cell.part:
            lines[(*place, cell.part)].append(cell)
        else:
            rows[place] = cell.count
    assert lines
    for line, cells in lines.items():
        [part] = [each for each in parts()[line[1]] if each.name == line[4]]
        assert tuple(cell.value for cell in cells) == part.values
        if not part.joiner:
            assert sum(cell.count for cell in cells) == rows[line[:4]]


def test_a_row_that_rounds_to_nothing_is_not_listed() -> None:
    rows = [cell for cell in made(ENTRIES).cells if not cell.part and (cell.footing or cell.state)]
    assert rows
    assert all(cell.count > 0 and cell.count % 5 == 0 for cell in rows)


def test_the_order_of_entries_changes_nothing() -> None:
    assert made(ENTRIES[::-1]) == made(ENTRIES)


def test_a_year_is_the_sum_of_the_halves_published_before() -> None:
    year = Period(first="2025-07", last="2026-06")
    counted = history(1, requests=200, states=9, period=year)
    first = report(counted, Period.half(2025, 2), house=HOUSE, seed=SEED, made=date(2026, 1, 9))
    second = report(counted, HALF, house=HOUSE, seed=SEED, made=MADE, before=[first])
    both = report(counted, year, house=HOUSE, seed=bytes(32), made=MADE, before=[first, second])
    assert both.cells == (*first.cells, *second.cells)


def test_months_of_a_kind_add_up_to_its_table() -> None:
    for number in range(5):
        counted = entries(number, requests=40)
        months = []
        for month in HALF.months:
            months.append(totals(counted, month, seed=SEED, earlier=months))
        whole = made(counted)
        for kind in parts():
            if kind != "accounts":
                rows = sum(c.count for c in whole.cells if c.subject == kind and not c.part)
                assert sum(each.counts[kind] for each in months) == rows


def test_a_later_month_changes_no_earlier_one() -> None:
    early = [e for e in ENTRIES if e.month <= "2026-03"]
    assert totals(early, "2026-03", seed=SEED) == totals(ENTRIES, "2026-03", seed=SEED)


def test_whoever_counts_again_finds_nothing_in_a_true_report() -> None:
    for whole in (made(ENTRIES), made(ENTRIES, BAND), made([])):
        counted = ENTRIES if whole.suspended else []
        month = totals(counted, "2026-02", seed=SEED, restrictions=whole.restrictions)
        assert differences(whole, counted, seed=SEED, totals=[month]) == ()
        assert differences(whole, counted, totals=[month]) == ()


def test_every_changed_number_is_found_with_the_seed() -> None:
    whole = made(ENTRIES)
    for at in range(0, len(whole.cells), 97):
        cell = whole.cells[at]
        for other in (cell.count + 5, cell.count + 1):
            cells = (*whole.cells[:at], msgspec.structs.replace(cell, count=other), *whole.cells[at + 1 :])
            [said] = differences(msgspec.structs.replace(whole, cells=cells), ENTRIES, seed=SEED)
            assert cell.subject in said
            assert str(other) in said


def test_a_missing_an_added_and_a_doubled_number_are_found() -> None:
    whole = made(ENTRIES)
    added = Cell(unit="2026-H1", subject="request", footing="request", state="ZZZ", count=5)
    for cells in (whole.cells[1:], (*whole.cells, added), (*whole.cells, whole.cells[0])):
        assert differences(msgspec.structs.replace(whole, cells=cells), ENTRIES, seed=SEED)
    assert differences(msgspec.structs.replace(whole, cells=(*whole.cells, added)), ENTRIES)


def test_a_left_out_entry_a_false_band_and_a_hidden_suspension_are_found() -> None:
    whole = made(ENTRIES, BAND)
    assert differences(whole, [e for e in ENTRIES if e.state != "FRA"], seed=SEED)
    assert differences(whole, [e for e in ENTRIES if e.state != "DEU"])
    false = tuple(msgspec.structs.replace(each, band="1000-1249") for each in whole.restricted)
    assert differences(msgspec.structs.replace(whole, restricted=false), ENTRIES, seed=SEED)
    assert differences(msgspec.structs.replace(whole, suspensions=(), suspended=()), ENTRIES, seed=SEED)


def test_a_changed_month_is_found() -> None:
    month = totals(ENTRIES, "2026-02", seed=SEED)
    false = msgspec.structs.replace(month, counts={**month.counts, "request": month.counts["request"] + 5})
    assert differences(made(ENTRIES), ENTRIES, seed=SEED, totals=[false])


def test_what_law_forbids_is_said_as_a_band_and_stands_nowhere_else() -> None:
    never = Restriction(subject="notice", footing="order", how=How.NEVER)
    whole = made(ENTRIES, BAND, never)
    assert [each.band for each in whole.restricted] == ["0-249", ""]
    assert not [c for c in whole.cells if c.footing == "order" and c.subject in ("request", "notice")]
    assert [c for c in whole.cells if c.footing == "order" and c.subject == "refusal"]


def test_a_number_that_no_draw_can_keep_is_withheld_and_named() -> None:
    """One state, whose three ways of an answer all round up while its requests round to nothing."""
    found = set()
    counted = history(8, requests=2, states=1, period=HALF, orders=0)
    for number in range(3000):
        seed = number.to_bytes(32, "big")
        say = [e for e in counted if e.kind not in ("refusal", "reroute", "withdrawal", "request", "arrival")]
        asked = next(e for e in counted if e.kind == "request")
        say += [msgspec.structs.replace(asked, kind=kind) for kind in ("refusal", "reroute", "withdrawal")]
        say += [asked] * 3
        whole = report(say, HALF, house=HOUSE, seed=seed, made=MADE)
        for unit in whole.units:
            found.update(unit.withheld)
            assert not {c.subject for c in whole.cells} & set(unit.withheld)
            assert differences(whole, say, seed=seed) == ()
        if found:
            break
    assert found <= {"refusal", "reroute", "withdrawal", "request"}
    assert found


def test_a_period_that_is_not_over_and_a_short_seed_are_refused() -> None:
    with pytest.raises(Refused):
        report([], HALF, house=House(name="x"), seed=SEED, made=date(2026, 6, 30))
    with pytest.raises(Refused):
        report([], HALF, house=House(name="x"), seed=b"short", made=MADE)
    assert report([], HALF, house=House(name="x"), seed=SEED, made=date(2026, 7, 1)).suspended == ()


def test_a_state_stays_suspended_until_it_is_lifted() -> None:
    assert made(ENTRIES).suspended == ("VNM",)
    later = Period.half(2026, 2)
    again = report(ENTRIES, later, house=HOUSE, seed=SEED, made=date(2027, 1, 3))
    assert (again.suspended, again.suspensions) == (("VNM",), ())

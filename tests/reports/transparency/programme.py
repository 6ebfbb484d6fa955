"""The linear programme of an attacker over everything that a house ever published, and what it is tried on.

It is written apart from the house's own check and knows more than any outsider: the rounded combinations
behind the shown values, and the order in which a breakdown is summed up. `test_attack.py` beside it and
`benchmarks/attack.py` run it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import numpy as np
from scipy import optimize, sparse

from habeas.desk.public import Counted
from habeas.reports.transparency import House, Period, Report, Totals, columns, figures, report, totals
from habeas.reports.transparency.reporting import lines
from habeas.reports.transparency.tables import KINDS, parts
from tests.reports.transparency.histories import SEED

HOUSE = House(name="Provider One")
LEAVES = 16  # of a day are published in multiples of this

Name = tuple[str, ...]


class Programme:
    """Whole numbers with bounds and sums of them; asks for the least and the most that one can be."""

    def __init__(self) -> None:
        self.names: dict[Name, int] = {}
        self.bounds: list[tuple[int, int | None]] = []
        self.truth: list[int] = []
        self._rows: list[tuple[list[int], list[int], float, float]] = []

    def number(self, name: Name, shown: int, true: int) -> int:
        assert abs(shown - true) < 5
        return self._var(name, max(0, shown - 4), shown + 4, true)

    def free(self, name: Name, true: int, most: int | None = None) -> int:
        return self._var(name, 0, most, true)

    def _var(self, name: Name, least: int, most: int | None, true: int) -> int:
        assert name not in self.names
        self.names[name] = len(self.bounds)
        self.bounds.append((least, most))
        self.truth.append(true)
        return self.names[name]

    def sum(self, plus: Sequence[int], minus: Sequence[int] = (), least: float = 0, most: float = 0) -> bool:
        true = sum(self.truth[at] for at in plus) - sum(self.truth[at] for at in minus)
        if not least <= true <= most:
            return (
                False  # a supposition that is false of this history; whoever relies on it learns nothing true
            )
        self._rows.append(([*plus, *minus], [1] * len(plus) + [-1] * len(minus), least, most))
        return True

    def widths(self, names: Sequence[Name]) -> Iterator[tuple[Name, int, int]]:
        at = [
            (row, column, sign)
            for row, each in enumerate(self._rows)
            for column, sign in zip(each[0], each[1], strict=True)
        ]
        rows, cols, signs = (np.array(each) for each in zip(*at, strict=True))
        matrix = sparse.csr_matrix((signs, (rows, cols)), shape=(len(self._rows), len(self.bounds)))
        high = np.array([each[3] for each in self._rows])
        low = np.array([each[2] for each in self._rows])
        limits = sparse.vstack([matrix, -matrix])[np.isfinite(np.concatenate([high, -low]))]
        right = np.concatenate([high, -low])
        right = right[np.isfinite(right)]
        for name in names:
            ends = []
            for sign in (1, -1):
                goal = np.zeros(len(self.bounds))
                goal[self.names[name]] = sign
                answer = optimize.linprog(goal, A_ub=limits, b_ub=right, bounds=self.bounds, method="highs")
                assert answer.status == 0, answer.message
                ends.append(sign * answer.fun)
            yield name, int(np.ceil(ends[0] - 1e-6)), int(np.floor(ends[1] + 1e-6))


def published(
    entries: list[Counted], period: Period
) -> tuple[list[Report], list[Totals], dict[str, tuple[int, int]]]:
    """Everything a house publishes over a period, in the order of time, as a house would."""
    counted = columns(entries)
    reports: list[Report] = []
    months: list[Totals] = []
    leaves: dict[str, tuple[int, int]] = {}
    for month in period.months:
        number = sum(each.month == month and each.kind in KINDS for each in entries)
        days = 28
        each_day = [number // days + (day < number % days) for day in range(days)]
        padded = [-(-(1 + events) // LEAVES) * LEAVES for events in each_day]  # a ledger is there every day
        leaves[month] = (sum(max(0, each - LEAVES) for each in padded), sum(each - 1 for each in padded))
        months.append(totals(counted, month, seed=SEED, before=reports, earlier=months, entries=leaves))
        if month.endswith(("-06", "-12")):
            half = Period.half(int(month[:4]), 1 if month.endswith("-06") else 2)
            made = half.last_day + timedelta(days=20)
            reports.append(
                report(
                    counted,
                    half,
                    house=HOUSE,
                    seed=SEED,
                    made=made,
                    before=reports,
                    totals=months,
                    entries=leaves,
                )
            )
    return reports, months, leaves


def programme(
    entries: list[Counted],
    reports: Sequence[Report],
    months: Sequence[Totals],
    leaves: Mapping[str, tuple[int, int]],
) -> Programme:
    lp = Programme()
    counted = columns(entries)
    published = set()
    rows: dict[tuple[str, str], dict[Name, int]] = defaultdict(dict)
    for each in reports:
        [unit] = each.units
        [counts] = figures.count(counted, [each.period.months])
        for subject, truth in counts.truths.items():
            if subject in unit.withheld:
                continue
            published.add((unit.name, subject))
            table = lines(unit.name, truth, SEED, unit.attempt)
            true = dict(zip(truth.rows, truth.totals.tolist(), strict=True))
            every = lp.number(("sum", unit.name, subject), int(table.totals.sum()), sum(true.values()))
            for number, row in enumerate(table.rows):
                shown = int(table.totals[number])
                whole = lp.number(("row", unit.name, subject, *row), shown, true[row])
                rows[unit.name, subject][row] = whole
                place = truth.rows.index(row)
                for part in parts()[subject]:
                    cells = []
                    passed = 0
                    for at, combination in enumerate(truth.combinations[part.name]):
                        name = ("cell", unit.name, subject, *row, part.name, *combination)
                        count, real = (
                            int(table.cells[part.name][number, at]),
                            int(truth.cells[part.name][place, at]),
                        )
                        cells.append(lp.number(name, count, real))
                        passed += count
                        assert lp.sum(cells, least=passed - 4, most=passed + 4)
                    assert lp.sum(cells, [whole])
            hidden = {row: count for row, count in true.items() if row not in rows[unit.name, subject]}
            for row in sorted(
                {row for (_, s), found in rows.items() for row in found if s == subject} | set(hidden)
            ):
                if row not in rows[unit.name, subject]:
                    rows[unit.name, subject][row] = lp.free(
                        ("row", unit.name, subject, *row), hidden.get(row, 0), 4
                    )
            rest = lp.free(("rest", unit.name, subject), 0)
            assert lp.sum([*rows[unit.name, subject].values(), rest], [every])
    _months(lp, entries, months, published, leaves)
    _supposed(lp, rows, published)
    return lp


def _months(
    lp: Programme,
    entries: list[Counted],
    months: Sequence[Totals],
    published: set[tuple[str, str]],
    leaves: Mapping[str, tuple[int, int]],
) -> None:
    for each in months:
        every = []
        for kind in KINDS:
            true = sum(e.kind == kind and e.month == each.month for e in entries)
            name = ("month", each.month, kind)
            every.append(
                lp.number(name, each.counts[kind], true) if kind in each.counts else lp.free(name, true)
            )
        least, most = leaves[each.month]
        assert lp.sum(every, least=least, most=most)
    for number in range(0, len(months), 6):
        half = months[number : number + 6]
        unit = f"{half[0].month[:4]}-H{1 if half[0].month.endswith('-01') else 2}"
        for kind in KINDS:
            line = [lp.names["month", each.month, kind] for each in half]
            if all(kind in each.counts for each in half):
                for end in range(1, 7):
                    shown = sum(each.counts[kind] for each in half[:end])
                    assert lp.sum(line[:end], least=shown - 4, most=shown + 4)
            if (unit, kind) in published:
                assert lp.sum(line, [lp.names["sum", unit, kind]])


def _supposed(
    lp: Programme, rows: Mapping[tuple[str, str], Mapping[Name, int]], published: set[tuple[str, str]]
) -> None:
    """Accounts are no fewer than requests; answers no more than what was asked, from the beginning on."""
    units = sorted({unit for unit, _ in published})
    for number, unit in enumerate(units):
        for fewer, more in (
            (("request",), "accounts"),
            (("refusal", "reroute", "withdrawal"), "request"),
            (("release",), "accounts"),
            (("objection-answer",), "objection"),
        ):
            span = [unit] if fewer == ("request",) else units[: number + 1]
            if any((each, subject) not in published for each in span for subject in (*fewer, more)):
                continue
            left = [lp.names["sum", each, subject] for each in span for subject in fewer]
            right = [lp.names["sum", each, more] for each in span]
            lp.sum(left, right, least=-np.inf)
            for row in {row for each in span for row in rows[each, more]}:
                if all(row in rows[each, more] for each in span):
                    left = [rows[each, s][row] for each in span for s in fewer if row in rows[each, s]]
                    lp.sum(left, [rows[each, more][row] for each in span], least=-np.inf)


def small(lp: Programme) -> list[Name]:
    """The numbers that are kept: true ones from one to four."""
    return [name for name, at in lp.names.items() if 1 <= lp.truth[at] <= 4 and name[0] != "rest"]

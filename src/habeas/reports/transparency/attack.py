"""What somebody could find out who subtracts: bounds on every true number from all that was ever published.

Before anything is published, everything is put together: the tables of this report and of earlier ones, the
monthly totals, the number of entries of each month (the log shows how many leaves a day has, padded), and
what anybody would suppose (`tables.AT_MOST`). Bounds are passed along these sums until none moves. A number
that could be between one and four, and is left fewer than `MIN_WIDTH` values, is too narrow to publish.

This looks only at what is public, so that being drawn again says nothing of the truth. Bounds that pass along
sums are looser than those of a linear programme in theory; the tests run one beside this and find them equal
in what matters. A supposition that what is published contradicts is dropped: it was wrong, and says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from habeas.reports.transparency.model import SUPPLEMENT, Cell, Totals
from habeas.reports.transparency.rounding import BASE
from habeas.reports.transparency.tables import AT_MOST, KINDS, parts

MIN_WIDTH = 4  # values that a small number must still be able to have; five would cost small houses tables

_Sum = tuple[list[int], list[int], int, int]
"""Variables, the sign of each, and the least and the most of their sum."""
_ENDLESS = 1 << 40
_ROUNDS = 200


class Narrow(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A number that could be known too well, and the least and greatest it can be."""

    unit: str
    subject: str
    footing: str = ""
    state: str = ""
    part: str = ""
    value: str = ""
    least: int
    most: int


class _Sums:
    """Variables with bounds, and sums of them with bounds."""

    def __init__(self) -> None:
        self._at: dict[tuple[str, ...], int] = {}
        self._least: list[int] = []
        self._most: list[int] = []
        self.sums: list[_Sum] = []

    def var(self, *name: str, least: int = 0, most: int = _ENDLESS) -> int:
        """The number of a variable, made when it is first named."""
        if name not in self._at:
            self._at[name] = len(self._least)
            self._least.append(max(0, least))
            self._most.append(most)
        return self._at[name]

    def knows(self, *name: str) -> bool:
        return name in self._at

    def add(self, plus: Iterable[int], minus: Iterable[int] = (), *, least: int = 0, most: int = 0) -> None:
        """least <= sum of plus - sum of minus <= most."""
        plus, minus = list(plus), list(minus)
        self.sums.append((plus + minus, [1] * len(plus) + [-1] * len(minus), least, most))

    def bounds(self, sums: Sequence[_Sum]) -> tuple[_Bounds, _Bounds] | None:
        """Least and most of every variable; None where no truth fits."""
        least, most = np.array(self._least, dtype=np.int64), np.array(self._most, dtype=np.int64)
        if not sums:
            return least, most
        lengths = np.array([len(each[0]) for each in sums])
        heads = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        at = np.concatenate([np.array(each[0], dtype=np.int64) for each in sums])
        sign = np.concatenate([np.array(each[1], dtype=np.int64) for each in sums])
        low = np.repeat([each[2] for each in sums], lengths)
        high = np.repeat([each[3] for each in sums], lengths)
        for _ in range(_ROUNDS):
            small = np.where(sign > 0, least[at], -most[at])
            large = np.where(sign > 0, most[at], -least[at])
            top = high - (np.repeat(np.add.reduceat(small, heads), lengths) - small)
            bottom = low - (np.repeat(np.add.reduceat(large, heads), lengths) - large)
            before = (least.copy(), most.copy())
            np.maximum.at(least, at, np.where(sign > 0, bottom, -top))
            np.minimum.at(most, at, np.where(sign > 0, top, -bottom))
            if (least > most).any():
                return None
            if (least == before[0]).all() and (most == before[1]).all():
                break
        return least, most

    def names(self) -> Mapping[tuple[str, ...], int]:
        return self._at


_Bounds = NDArray[np.int64]


def narrow(
    cells: Iterable[Cell],
    totals: Iterable[Totals] = (),
    *,
    entries: Mapping[str, tuple[int, int]] | None = None,
) -> tuple[Narrow, ...]:
    """Every number too narrow, from all cells and monthly totals ever published together.

    entries: the least and the most entries of counted kinds that each month can have had, as the padded
    leaves of its days show.
    """
    sums = _Sums()
    rows = [cell for cell in cells if not cell.part]
    _tables(sums, rows)
    _months(sums, tuple(totals), {(cell.unit, cell.subject) for cell in rows}, entries or {})
    supposed = _supposed(sums, rows)
    _unshown(sums, rows)
    certain = len(sums.sums)
    sums.sums += supposed
    found = _believed(sums, certain)
    if found is None:
        return ()
    least, most = found
    name_of = {number: name for name, number in sums.names().items()}
    tight = (most - least + 1 < MIN_WIDTH) & (least < BASE) & (most > 0)
    narrow = [
        _named(name_of[number], int(least[number]), int(most[number]))
        for number in np.flatnonzero(tight).tolist()
        if name_of[number][0] in ("row", "month", "sum")
    ]
    return tuple(sorted([*narrow, *_inside(sums, cells, least, most)]))


def _believed(sums: _Sums, certain: int) -> tuple[_Bounds, _Bounds] | None:
    """Bounds from all sums that are certain, and from every supposition that can be true beside them.

    A supposition that cannot is dropped by itself, so that one false one does not hide what others show.
    """
    known = sums.bounds(sums.sums[:certain])
    if known is None:
        return None
    least, most = known
    kept = sums.sums[:certain]
    possible = [
        each
        for each in sums.sums[certain:]
        if sum(int(least[at] if sign > 0 else -most[at]) for at, sign in zip(each[0], each[1], strict=True))
        <= each[3]
    ]
    waiting = [possible]
    while waiting:
        tried = waiting.pop()
        found = sums.bounds([*kept, *tried])
        if found is not None:
            kept, known = [*kept, *tried], found
        elif len(tried) > 1:  # each can be true, and not all of them
            waiting += [tried[len(tried) // 2 :], tried[: len(tried) // 2]]
    return known


def _tables(sums: _Sums, rows: Sequence[Cell]) -> None:
    """Rows lie within four of what is shown, and so does their sum with the rows not shown."""
    tables: dict[tuple[str, str], list[Cell]] = {}
    for cell in rows:
        tables.setdefault((cell.unit, cell.subject), []).append(cell)
    for (unit, subject), shown in tables.items():
        total = sum(cell.count for cell in shown)
        every = sums.var("sum", unit, subject, least=total - BASE + 1, most=total + BASE - 1)
        # The line of an empty table is there too, as a row that nobody is named in.
        each = [
            sums.var(
                "row",
                unit,
                subject,
                cell.footing,
                cell.state,
                least=cell.count - BASE + 1,
                most=cell.count + BASE - 1,
            )
            for cell in shown
            if cell.count
        ]
        rest = sums.var("rest", unit, subject)  # all rows that are not shown
        sums.add([*each, rest], [every])


def _months(
    sums: _Sums,
    totals: Sequence[Totals],
    tables: set[tuple[str, str]],
    entries: Mapping[str, tuple[int, int]],
) -> None:
    by_unit: dict[str, list[Totals]] = {}
    for each in sorted(totals, key=lambda each: each.month):
        by_unit.setdefault(each.unit, []).append(each)
    for unit, months in by_unit.items():
        for kind in KINDS:
            passed: list[int] = []
            shown = 0
            for each in months:
                if kind not in each.counts:
                    break  # what follows one that waits waits too
                value = each.counts[kind]
                shown += value
                passed.append(
                    sums.var("month", each.name, kind, least=value - BASE + 1, most=value + BASE - 1)
                )
                sums.add(passed, least=shown - BASE + 1, most=shown + BASE - 1)
            if len(passed) == 6 and (unit, kind) in tables:
                sums.add(passed, [sums.var("sum", unit, kind)])
    for each in totals:
        if each.month in entries and not each.deferred:
            least, most = entries[each.month]
            told = [later.name for later in totals if later.month == each.month]
            known = [sums.var("month", name, kind) for name in told for kind in KINDS]
            sums.add(known, least=0 if each.restricted else least, most=most)


def _unshown(sums: _Sums, rows: Sequence[Cell]) -> None:
    """Rows that a supposition names and a table does not show are together no more than all its rows that are
    not shown."""
    shown = {(cell.unit, cell.subject, cell.footing, cell.state) for cell in rows if cell.count}
    unshown: dict[tuple[str, ...], list[int]] = {}
    for name, number in sums.names().items():
        if name[0] == "row" and name[1:] not in shown:
            unshown.setdefault(name[1:3], []).append(number)
    for table, numbers in unshown.items():
        if sums.knows("rest", *table):
            sums.sums.append(_no_more(numbers, [sums.var("rest", *table)]))


def _supposed(sums: _Sums, rows: Sequence[Cell]) -> list[_Sum]:
    """What anybody would suppose of sums and of rows, from the first unit on."""
    found: list[_Sum] = []
    units = sorted({cell.unit for cell in rows})
    apart = [unit for unit in units if SUPPLEMENT in unit]
    units = [unit for unit in units if unit not in apart]
    published = {(cell.unit, cell.subject) for cell in rows}
    names = sorted({(cell.footing, cell.state) for cell in rows if cell.subject != "arrival" and cell.count})
    for fewer, more in AT_MOST:
        spans: list[tuple[str, ...]] = (
            [(unit,) for unit in units] if more == "accounts" and fewer == ("request",) else []
        )
        spans += [tuple(units[: number + 1]) for number in range(len(units))]
        spans += [(unit,) for unit in apart]
        for span in dict.fromkeys(spans):
            if not all((unit, more) in published for unit in span):
                continue
            parts_of: list[tuple[str, str]] = [
                (unit, subject) for unit in span for subject in fewer if (unit, subject) in published
            ]
            if not parts_of:
                continue
            found.append(
                _no_more(
                    [sums.var("sum", *each) for each in parts_of],
                    [sums.var("sum", unit, more) for unit in span],
                )
            )
            for footing, state in names:
                found.append(
                    _no_more(
                        [_row(sums, *each, footing, state) for each in parts_of],
                        [_row(sums, unit, more, footing, state) for unit in span],
                    )
                )
    return found


def _no_more(fewer: list[int], more: list[int]) -> _Sum:
    """The first together are no more than the second."""
    return fewer + more, [1] * len(fewer) + [-1] * len(more), -_ENDLESS, 0


def _row(sums: _Sums, unit: str, subject: str, footing: str, state: str) -> int:
    """A row; one that is not shown rounds to nothing."""
    return sums.var("row", unit, subject, footing, state, least=0, most=BASE - 1)


def _inside(sums: _Sums, cells: Iterable[Cell], least: _Bounds, most: _Bounds) -> list[Narrow]:
    """Breakdowns of rows whose own bounds have become narrower than their rounding leaves them.

    A breakdown of any other row tells nothing more: its cells can take up all that its row can.
    """
    moved = {}
    for name, number in sums.names().items():
        if name[0] == "row":
            moved[name[1:]] = (int(least[number]), int(most[number]))
    single = {(subject, part.name) for subject, every in parts().items() for part in every if not part.joiner}
    shown = {(c.unit, c.subject, c.footing, c.state): c.count for c in cells if not c.part}
    inner = _Sums()
    lines: dict[tuple[str, ...], list[int]] = {}
    for cell in cells:
        name = (cell.unit, cell.subject, cell.footing, cell.state)
        low, high = moved.get(name, (0, _ENDLESS))
        whole = shown.get(name, 0)
        wide = low <= max(0, whole - BASE + 1) and high >= whole + BASE - 1
        if cell.part and (cell.subject, cell.part) in single and not wide:
            number = inner.var(
                *name, cell.part, cell.value, least=cell.count - BASE + 1, most=cell.count + BASE - 1
            )
            lines.setdefault((*name, cell.part), []).append(number)
    for line, numbers in lines.items():
        low, high = moved[line[:4]]
        inner.add(numbers, least=low, most=high)
    found = inner.bounds(inner.sums)
    if found is None:
        return []
    return [
        Narrow(unit=n[0], subject=n[1], footing=n[2], state=n[3], part=n[4], value=n[5], least=lo, most=hi)
        for n, at in inner.names().items()
        for lo, hi in [(int(found[0][at]), int(found[1][at]))]
        if hi - lo + 1 < MIN_WIDTH and lo < BASE and hi > 0
    ]


def _named(name: tuple[str, ...], least: int, most: int) -> Narrow:
    match name:
        case ("row", unit, subject, footing, state):
            return Narrow(unit=unit, subject=subject, footing=footing, state=state, least=least, most=most)
        case (_, unit, subject):
            return Narrow(unit=unit, subject=subject, least=least, most=most)
        case _:
            raise AssertionError(name)

"""From entries to a report and to monthly totals; and the same way again, for whoever wants to check.

`report` counts, rounds, and asks the attacker before it lets anything out; where something would be too
narrow it draws again, and what no draw can keep is withheld and named. `totals` does the same for one month.
Both of a half of a year share the starts of their lines, so the months of a kind add up to its table.
`differences` counts again for an auditor and says each number that is not what it should be.

Time is an argument, and so is the seed: 32 bytes or more, one for each organisation, kept like a key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec
import numpy as np
import pyarrow as pa

from habeas.desk.public import Counted, Footing
from habeas.errors import Refused
from habeas.reports.published import Witnesses
from habeas.reports.transparency import attack, figures, rounding
from habeas.reports.transparency.figures import Columns, Row, Truth
from habeas.reports.transparency.model import (
    Cell,
    Counting,
    House,
    How,
    Narrative,
    Period,
    Report,
    Restricted,
    Restriction,
    Standing,
    Totals,
    Unit,
    half_of,
    line_of,
)
from habeas.reports.transparency.tables import FOOTLESS, GIVEN_AWAY_BY, KINDS, SUBJECTS, Part, parts

ATTEMPTS = 24  # draws before a subject is withheld; in trials on coherent histories the first always held
SEED = 32
_NONE = Witnesses()

Unsaid = Mapping[str, Sequence[Restriction]]
_NOTHING: Unsaid = {}


def report(
    counted: Iterable[Counted] | pa.Table | Columns,
    period: Period,
    *,
    house: House,
    seed: bytes,
    made: date,
    before: Sequence[Report] = (),
    totals: Sequence[Totals] = (),
    entries: Mapping[str, tuple[int, int]] | None = None,
    narratives: Sequence[Narrative] = (),
    restrictions: Sequence[Restriction] = (),
    witnesses: Witnesses = _NONE,
    began: date | None = None,
    deferred: str = "",
    doors: Sequence[Counting] = (),
) -> Report:
    """The report of a period.

    counted: entries; those outside the period count only for standing suspensions. before, totals: all that
    was published earlier; a unit that stands in an earlier report is taken from there, never rounded twice.
    entries: see `attack.narrow`. began: the day on which the log began. restrictions: what law forbids; what
    would give that away is not shown either (`closed`). A period that is not made of whole halves of years is
    for inside use. deferred: make the supplement of a half that was published, with what had been put off
    until this month and nothing else. doors: see `Report`. Raises Refused where the period is not over on the
    day `made`, the seed is short, or nothing was put off until then.
    """
    _check_seed(seed)
    if made <= period.last_day:
        raise Refused("the period is not over", place="period", hint="report it after its last day")
    columns = _columns(counted)
    restrictions = _others(period, before, deferred, restrictions) if deferred else closed(restrictions)
    main = [each for each in before if each.period.publishable and not each.deferred]
    settled = {unit.name: (unit, each) for each in main for unit in each.units}
    quiet = _quiet(restrictions)
    cells: list[Cell] = []
    units: list[Unit] = []
    restricted: list[Restricted] = []
    known = [cell for unit, each in settled.values() for cell in each.cells if cell.unit == unit.name]
    known += _supplements(before)
    fresh = [unit for unit in period.units if deferred or unit.name not in settled]
    counts = dict(
        zip(fresh, figures.count(columns, [unit.months for unit in fresh], restrictions), strict=True)
    )
    for unit in period.units:
        if unit in counts:
            found, shown = _drawn(unit, counts[unit].truths, seed, known, totals, entries, quiet, deferred)
            restricted += _said(unit.name, counts[unit].restricted, restrictions)
            known += shown
        else:
            found, earlier = settled[unit.name]
            shown = [cell for cell in earlier.cells if cell.unit == unit.name]
            restricted += [each for each in earlier.restricted if each.unit == unit.name]
        units.append(found)
        cells += shown
    standing = figures.suspensions(columns, period.last)
    return Report(
        house=house,
        period=period,
        made=made,
        units=tuple(units),
        cells=tuple(cells),
        suspensions=tuple(each for each in standing if period.first <= each.month),
        suspended=_suspended(standing),
        restricted=tuple(restricted),
        restrictions=said_openly(restrictions),
        narratives=tuple(narratives),
        witnesses=witnesses,
        since=began if began is not None and began >= period.first_day else None,
        deferred=deferred,
        doors=() if deferred else tuple(doors),
    )


def due(report: Report, before: Sequence[Report], month: str, restrictions: Sequence[Restriction]) -> str:
    """The month until which numbers of this report were put off that may be told now and were not; the
    earliest, empty where there is none. month: the present one. restrictions: what law forbids today."""
    told = {each.deferred for each in before if each.period == report.period}
    put_off = [each.restriction for each in report.restricted]
    return _due(put_off, told, month, restrictions)


def month_due(
    totals: Totals, before: Sequence[Totals], month: str, restrictions: Sequence[Restriction]
) -> str:
    """The same of the totals of a month."""
    told = {each.deferred for each in before if each.month == totals.month}
    return _due(totals.restricted, told, month, restrictions)


def _due(
    rules: Sequence[Restriction], told: Collection[str], month: str, today: Sequence[Restriction]
) -> str:
    put_off = [each for each in rules if each.how is How.DEFER]
    still = [each for each in closed(today) if each.how is not How.DEFER or each.until > month]
    return min(
        (
            until
            for until in {each.until for each in put_off} - set(told)
            if until <= month
            and not any(rule.meets(each) for rule in still for each in put_off if each.until == until)
        ),
        default="",
    )


def _others(
    period: Period, before: Sequence[Report], until: str, today: Sequence[Restriction]
) -> tuple[Restriction, ...]:
    """Everything but what the report of this period put off until that month. Raises Refused where it put
    off nothing, or is of more than a half."""
    found = [each for each in before if each.period == period and not each.deferred]
    rules = [each.restriction for report in found for each in report.restricted]
    if len(period.units) > 1:
        rules = []
    return _all_but(rules, until, SUBJECTS, today, f"{period.name}, {until}")


def _all_but(
    rules: Sequence[Restriction],
    until: str,
    subjects: Sequence[str],
    today: Sequence[Restriction],
    place: str,
) -> tuple[Restriction, ...]:
    """What a supplement leaves out, in the order in which the rules had counted. today: of these what may not
    even be said stays so."""
    if not any(each.how is How.DEFER and each.until == until for each in rules):
        raise Refused("nothing of this half was put off until then", place=place)
    return (
        *(each for each in closed(today) if each.how is How.UNSAID),
        *(
            Restriction(
                subject=each.subject,
                footing=each.footing,
                state=each.state,
                instrument=each.instrument,
                how=How.TOLD if each.how is How.DEFER and each.until == until else How.ELSEWHERE,
            )
            for each in rules
        ),
        *(
            Restriction(subject=subject, footing=footing, how=How.ELSEWHERE)
            for subject in subjects
            for footing in ([""] if subject in FOOTLESS else map(str, Footing))
        ),
    )


def _quiet(restrictions: Sequence[Restriction]) -> frozenset[str]:
    """Subjects of which nothing is said where nothing is left to be shown."""
    return frozenset(each.subject for each in restrictions if each.how not in (How.UNSAID, How.TOLD))


def said_openly(restrictions: Sequence[Restriction]) -> tuple[Restriction, ...]:
    """Those that may be said: what law forbids even to name as left out stands nowhere."""
    return tuple(each for each in restrictions if each.how is not How.UNSAID)


def _supplements(before: Sequence[Report]) -> list[Cell]:
    """What supplements show, as lines beside those of their halves."""
    return [
        msgspec.structs.replace(cell, unit=line_of(cell.unit, each.deferred))
        for each in before
        if each.deferred
        for cell in each.cells
    ]


def closed(restrictions: Sequence[Restriction]) -> tuple[Restriction, ...]:
    """These restrictions, and of everything that would give what they silence away that nothing is said of it
    either, for as long. What law leaves of a number itself goes before what follows from another's."""
    found = list(restrictions)
    for each in restrictions:
        for subject in GIVEN_AWAY_BY.get(each.subject, ()):
            scope = {"footing": each.footing, "state": each.state, "instrument": each.instrument}
            if each.how is How.UNSAID:
                if subject == "arrival":
                    continue  # as many as the requests are left out, and that shows nowhere
            elif subject in FOOTLESS:
                scope = dict.fromkeys(scope, "")
            if not any(known.covers(subject, *scope.values()) for known in found):
                how = each.how if each.how in (How.DEFER, How.UNSAID) else How.NEVER
                found.append(
                    msgspec.structs.replace(
                        each, subject=subject, how=how, step=0, because=each.subject, **scope
                    )
                )
    return tuple(sorted(found, key=lambda each: each.how is not How.UNSAID))


def totals(
    counted: Iterable[Counted] | pa.Table | Columns,
    month: str,
    *,
    seed: bytes,
    before: Sequence[Report] = (),
    earlier: Sequence[Totals] = (),
    entries: Mapping[str, tuple[int, int]] | None = None,
    restrictions: Sequence[Restriction] = (),
    deferred: str = "",
) -> Totals:
    """The totals by kind of one month, rounded in the line of the months of its half of a year.

    counted: entries of all months of that half up to this one. before, earlier: all that was published. A
    kind that would become too narrow waits for the report of the half, and so do its later months. deferred:
    make the supplement of a month that was published, as for `report`: a line of its own.
    """
    _check_seed(seed)
    if deferred:
        rules = [r for each in earlier if each.month == month and not each.deferred for r in each.restricted]
        restrictions = _all_but(rules, deferred, KINDS, restrictions, f"{month}, {deferred}")
    else:
        restrictions = closed(restrictions)
    shown = [
        kind
        for kind in KINDS
        if not deferred or any(each.subject == kind and each.how is How.TOLD for each in restrictions)
    ]
    months = [each for each in Period.half(int(month[:4]), 1 + (int(month[5:]) > 6)).months if each <= month]
    table = figures.monthly(_columns(counted), months, restrictions)
    line = line_of(half_of(month), deferred)
    waiting = {kind for each in earlier if each.unit == line for kind in each.withheld}
    counts = {
        kind: int(rounding.along(table[kind], rounding.start(seed, line, kind))[-1])
        for kind in shown
        if kind not in waiting
    }
    known = _latest_cells(before)
    found = Totals(
        month=month,
        counts=counts,
        withheld=tuple(sorted(waiting)),
        restricted=said_openly(restrictions),
        deferred=deferred,
    )
    others = [each for each in earlier if each.name != found.name]
    while close := {
        each.subject
        for each in attack.narrow(known, [*others, found], entries=entries)
        if each.unit == found.name
    }:
        waiting |= close
        left = {kind: value for kind, value in found.counts.items() if kind not in waiting}
        found = msgspec.structs.replace(found, counts=left, withheld=tuple(sorted(waiting)))
    return found


def differences(
    report: Report,
    counted: Iterable[Counted] | pa.Table | Columns,
    *,
    seed: bytes | None = None,
    totals: Sequence[Totals] = (),
    unsaid: Unsaid = _NOTHING,
) -> tuple[str, ...]:
    """What in a report, and in monthly totals beside it, is not what the entries give. Empty where all holds.

    counted: all entries of the period (and of the halves that the totals lie in), as they were opened. With
    the seed every number is made again and must be equal; without it every number must be one of the two
    multiples of five beside the true one, and tables must add up. unsaid: what law forbade even to say, by
    the unit or month in which it did; it is given to whoever may count, and published nowhere.
    """
    columns = _columns(counted)
    said: list[str] = []
    for unit, rules, counts in _ruled(report, columns, unsaid):
        quiet = _quiet(rules)
        mine = [cell for cell in report.cells if cell.unit == unit.name]
        if seed is not None:
            drawn = (unit.attempt, unit.withheld, quiet, report.deferred)
            right = _rounded(unit.name, counts.truths, seed, *drawn)
            said += _unequal(right, mine)
        else:
            said += _unlikely(counts.truths, mine)
        right_bands = _said(unit.name, counts.restricted, rules)
        said += [
            f"{unit.name}: what is said of {each.restriction.subject} in place of its number does not hold"
            for each in right_bands
            if each not in report.restricted
        ]
    said += _beginning(report, columns)
    standing = figures.suspensions(columns, report.period.last)
    if tuple(each for each in standing if report.period.first <= each.month) != report.suspensions:
        said.append("the suspensions listed are not those of the entries")
    if _suspended(standing) != report.suspended:
        said.append("the states listed as suspended are not those of the entries")
    for each in totals:
        said += month_differences(each, columns, seed=seed, unsaid=unsaid)
    return tuple(said)


def _ruled(
    report: Report, columns: Columns, unsaid: Unsaid
) -> Iterator[tuple[Unit, tuple[Restriction, ...], figures.Counts]]:
    """Each unit with what law forbade of it when it was published first, and its counts."""
    ruled: dict[tuple[Restriction, ...], list[Unit]] = {}
    for unit in report.units:
        rules = tuple(each.restriction for each in report.restricted if each.unit == unit.name)
        rules = report.restrictions if report.deferred else rules
        silent = unsaid.get(line_of(unit.name, report.deferred), ())
        ruled.setdefault((*(each for each in closed(silent) if each.how is How.UNSAID), *rules), []).append(
            unit
        )
    for rules, units in ruled.items():
        months = [Period(first=unit.first, last=unit.last).months for unit in units]
        for unit, counts in zip(units, figures.count(columns, months, rules), strict=True):
            yield unit, rules, counts


def _beginning(report: Report, columns: Columns) -> list[str]:
    """Whether a report says that the log began in its time, and is of no time before."""
    began, named = figures.began(columns), f"{report.since:%Y-%m}" if report.since is not None else ""
    if report.period.last < began:
        return [f"the report is of a time before the log, which began in {began}"]
    if began >= report.period.first and named != began:
        return [f"the report does not say that the log began in {began}"]
    if began < report.period.first and named:
        return [f"the log is said to have begun in {named}; its first ledger is of {began or 'no month'}"]
    return []


# --- one unit -----------------------------------------------------------------------------------------------


def _drawn(
    unit: Period,
    truths: Mapping[str, Truth],
    seed: bytes,
    known: Sequence[Cell],
    totals: Sequence[Totals],
    entries: Mapping[str, tuple[int, int]] | None,
    quiet: frozenset[str],
    deferred: str,
) -> tuple[Unit, list[Cell]]:
    """The first draw that the attacker finds nothing in; without the subjects that no draw can keep."""
    withheld: tuple[str, ...] = ()
    while True:
        close: dict[str, int] = {}
        for attempt in range(ATTEMPTS):
            cells = _rounded(unit.name, truths, seed, attempt, withheld, quiet, deferred)
            label = line_of(unit.name, deferred)
            tried = [msgspec.structs.replace(each, unit=label) for each in cells] if deferred else cells
            found = attack.narrow([*known, *tried], totals, entries=entries)
            found = tuple(each for each in found if each.subject not in withheld)
            if not found:
                name = Unit(
                    name=unit.name, first=unit.first, last=unit.last, attempt=attempt, withheld=withheld
                )
                return name, cells
            for each in found:
                close[each.subject] = close.get(each.subject, 0) + 1
        withheld = tuple(sorted({*withheld, max(sorted(close), key=lambda subject: close[subject])}))


def _rounded(
    unit: str,
    truths: Mapping[str, Truth],
    seed: bytes,
    attempt: int,
    withheld: Sequence[str],
    quiet: frozenset[str],
    deferred: str = "",
) -> list[Cell]:
    """quiet: subjects of which law forbids some number; that there is nothing is not said of them."""
    cells: list[Cell] = []
    for subject in SUBJECTS:
        if subject not in withheld:
            found = _subject(unit, truths[subject], seed, attempt, deferred)
            cells += [] if subject in quiet and not any(each.count for each in found) else found
    return cells


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """One table, rounded: its rows that round to something, and each breakdown by whole combinations."""

    rows: tuple[Row, ...]
    totals: rounding.Counts
    cells: dict[str, rounding.Counts]


def lines(unit: str, truth: Truth, seed: bytes, attempt: int, deferred: str = "") -> Lines:
    """The rounded table of one subject. A combination of values is a cell of its own here, and only here.
    deferred: what a supplement shows is a line of its own, with starts of its own."""
    subject, draw = truth.subject, str(attempt)
    unit = line_of(unit, deferred)
    # The start is the same in every draw: the months of a kind have been published with it.
    first = rounding.start(seed, unit, subject)
    ranks = rounding.order(seed, tuple("/".join(row) for row in truth.rows), unit, subject, draw)
    totals = rounding.rows(truth.totals, first, ranks)
    shown = np.flatnonzero(totals)
    rows = tuple(truth.rows[at] for at in shown.tolist())
    cells = {}
    for part in parts()[subject]:
        labels = tuple((unit, subject, part.name, draw, *row) for row in rows)
        cells[part.name] = rounding.within(truth.cells[part.name][shown], totals[shown], seed, labels)
    return Lines(rows=rows, totals=totals[shown], cells=cells)


def _subject(unit: str, truth: Truth, seed: bytes, attempt: int, deferred: str) -> list[Cell]:
    """What is shown of a table: each value of each breakdown, zeros too.

    A table in which nothing rounds to anything still says so, by one cell without a state.
    """
    rounded = lines(unit, truth, seed, attempt, deferred)
    subject = truth.subject
    if not rounded.rows:
        return [Cell(unit=unit, subject=subject, footing="", state="", count=0)]

    def cell(row: Row, count: int, part: str = "", value: str = "") -> Cell:
        footing, state = row
        return Cell(
            unit=unit, subject=subject, footing=footing, state=state, part=part, value=value, count=count
        )

    cells = [cell(row, count) for row, count in zip(rounded.rows, rounded.totals.tolist(), strict=True)]
    for part in parts()[subject]:
        shown = rounded.cells[part.name] @ stands(part, truth)
        for row, counts in zip(rounded.rows, shown.tolist(), strict=True):
            cells += [
                cell(row, count, part.name, value) for value, count in zip(part.values, counts, strict=True)
            ]
    return cells


def stands(part: Part, truth: Truth) -> rounding.Counts:
    """In which combinations (down) each value (across) stands: one or nothing."""
    combinations = truth.combinations[part.name]
    return np.array([[value in each for value in part.values] for each in combinations], dtype=np.int64)


def _said(unit: str, amounts: Mapping[int, int], restrictions: Sequence[Restriction]) -> list[Restricted]:
    """What stands in place of restricted numbers."""
    found = []
    for place, each in enumerate(restrictions):
        if each.subject not in SUBJECTS or each.how in (How.UNSAID, How.ELSEWHERE, How.TOLD):
            continue  # of the first only months are counted
        amount = amounts.get(place, 0)
        low = amount - amount % each.step if each.how is How.BAND else 0
        band = f"{low}-{low + each.step - 1}" if each.how is How.BAND else ""
        found.append(Restricted(unit=unit, restriction=each, band=band))
    return found


def _suspended(standing: Sequence[Standing]) -> tuple[str, ...]:
    """The states suspended after all of these."""
    last = {each.state: each.how for each in standing}
    return tuple(sorted(state for state, how in last.items() if how == "suspended"))


# --- counting again -----------------------------------------------------------------------------------------


def _unequal(right: Sequence[Cell], shown: Sequence[Cell]) -> list[str]:
    wanted, found = ({_place(cell): cell.count for cell in each} for each in (right, shown))
    said = [
        f"{_words(place)} is given as {found[place]}; the entries give {count}"
        for place, count in wanted.items()
        if place in found and found[place] != count
    ]
    said += [
        f"{_words(place)} is missing; the entries give {count}"
        for place, count in wanted.items()
        if place not in found
    ]
    said += [
        f"{_words(place)} is given as {count}; no entry gives it"
        for place, count in found.items()
        if place not in wanted
    ]
    if len(found) != len(shown):
        said.append("a number is given twice")
    return said


def _unlikely(truths: Mapping[str, Truth], shown: Sequence[Cell]) -> list[str]:
    """Without the seed: numbers that no start gives."""
    said = []
    counts: dict[tuple[str, ...], int] = {
        (t.subject, *row): int(n) for t in truths.values() for row, n in zip(t.rows, t.totals, strict=True)
    }
    values: dict[tuple[str, ...], int] = {}
    for subject, truth in truths.items():
        for part in parts()[subject]:
            summed = truth.cells[part.name] @ stands(part, truth)
            for row, line in zip(truth.rows, summed.tolist(), strict=True):
                values.update(
                    ((subject, *row, part.name, v), n) for v, n in zip(part.values, line, strict=True)
                )
    joined = {(subject, part.name) for subject, every in parts().items() for part in every if part.joiner}
    for cell in shown:
        own = (cell.subject, cell.footing, cell.state)
        true = values.get((*own, cell.part, cell.value), 0) if cell.part else counts.get(own, 0)
        loose = cell.part != "" and (cell.subject, cell.part) in joined
        near = abs(cell.count - true) < rounding.BASE or loose
        if cell.count % rounding.BASE or not near or (true == 0 and cell.count):
            said.append(f"{_words(_place(cell))} is given as {cell.count}, which does not come from {true}")
    wholes = {_place(cell)[:4]: cell.count for cell in shown if not cell.part}
    lines: dict[tuple[str, ...], int] = {}
    for cell in shown:
        if cell.part and (cell.subject, cell.part) not in joined:
            line = (*_place(cell)[:4], cell.part)
            lines[line] = lines.get(line, 0) + cell.count
    said += [
        f"{_words((*line, ''))} adds up to {total}, and its row is {wholes.get(line[:4], 0)}"
        for line, total in lines.items()
        if total != wholes.get(line[:4], 0)
    ]
    for subject, truth in truths.items():
        true, given = int(truth.totals.sum()), sum(n for place, n in wholes.items() if place[1] == subject)
        if any(place[1] == subject for place in wholes) and abs(true - given) >= rounding.BASE:
            said.append(f"{subject}: the rows add up to {given}, which does not come from {true}")
    return said


def month_differences(
    given: Totals,
    counted: Iterable[Counted] | pa.Table | Columns,
    *,
    seed: bytes | None = None,
    unsaid: Unsaid = _NOTHING,
) -> list[str]:
    """What in the totals of a month is not what the entries give; see `differences`."""
    columns = _columns(counted)
    months = [
        e
        for e in Period.half(int(given.month[:4]), 1 + (int(given.month[5:]) > 6)).months
        if e <= given.month
    ]
    silent = [each for each in closed(unsaid.get(given.name, ())) if each.how is How.UNSAID]
    table = figures.monthly(columns, months, (*silent, *given.restricted))
    said = []
    for kind, count in given.counts.items():
        true = int(table[kind][-1]) if kind in table else 0
        if seed is not None and kind in table:
            right = int(rounding.along(table[kind], rounding.start(seed, given.unit, kind))[-1])
            if right != count:
                said.append(f"{given.name}, {kind}: given as {count}; the entries give {right}")
        elif count % rounding.BASE or abs(count - true) >= rounding.BASE:
            said.append(f"{given.name}, {kind}: given as {count}, which does not come from {true}")
    return said


def _place(cell: Cell) -> tuple[str, ...]:
    return (cell.unit, cell.subject, cell.footing, cell.state, cell.part, cell.value)


def _words(place: tuple[str, ...]) -> str:
    return ", ".join(each for each in place if each)


# --- edges --------------------------------------------------------------------------------------------------


def _columns(counted: Iterable[Counted] | pa.Table | Columns) -> Columns:
    return counted if isinstance(counted, Columns) else figures.columns(counted)


def _check_seed(seed: bytes) -> None:
    if len(seed) < SEED:
        raise Refused(
            "the seed is too short to keep small numbers", place="seed", hint=f"{SEED} random bytes"
        )


def _latest_cells(before: Sequence[Report]) -> list[Cell]:
    """Every cell that was published, once."""
    main = [each for each in before if each.period.publishable and not each.deferred]
    return [*{_place(cell): cell for each in main for cell in each.cells}.values(), *_supplements(before)]

"""The true counts: from entries of the log to tables, in columns.

Entries come as values, one by one, or as a table of columns (`pyarrow`, one text column per field, best with
dictionaries). Either way they become codes and lists of words, and one path counts both: words are looked at
once each, entries only as numbers. What this module returns must not be shown: `report` rounds it first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from habeas.desk.public import GROUPS, Counted, Footing
from habeas.errors import Refused
from habeas.reports.transparency.model import How, Restriction, Standing
from habeas.reports.transparency.tables import ACCOUNTS, KINDS, NAMING, SUBJECTS, Part, parts

FIELDS: tuple[str, ...] = GROUPS["count"]

Codes = NDArray[Any]
Row = tuple[str, str]
"""Footing and state."""


class Columns:
    """Entries as columns: for each field the words, and for each entry the number of its word."""

    def __init__(self, codes: Mapping[str, Codes], words: Mapping[str, tuple[str, ...]]) -> None:
        self._codes, self._words = codes, words

    def __len__(self) -> int:
        return len(self._codes["kind"])

    def words(self, field: str) -> tuple[str, ...]:
        return self._words[field]

    def codes(self, field: str) -> Codes:
        return self._codes[field]

    def mapped(self, field: str, of: Callable[[str], int], at: Codes | slice) -> Codes:
        """What `of` makes of the words of a field, for the entries at these places."""
        table = np.array([of(word) for word in self._words[field]] or [0], dtype=np.int64)
        return table[self._codes[field][at]]


def columns(counted: Iterable[Counted] | pa.Table) -> Columns:
    """Raises Refused where a table lacks a field of the count group, or holds something that is no text."""
    table = counted if isinstance(counted, pa.Table) else _table(counted)
    lacking = [field for field in FIELDS if field not in table.column_names]
    if lacking:
        raise Refused(
            "these are not the fields that are counted",
            place=", ".join(lacking),
            hint="a table has a text column for each field of the count group",
        )
    codes: dict[str, Codes] = {}
    words: dict[str, tuple[str, ...]] = {}
    for field in FIELDS:
        column = table.column(field)
        if pa.types.is_null(column.type):  # a column of nothing says no type
            column = column.cast(pa.string())
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        if not (
            pa.types.is_string(column.type.value_type) or pa.types.is_large_string(column.type.value_type)
        ):
            raise Refused("a counted field is text", place=field, hint="cast the column to string")
        if column.num_chunks > 1:
            column = column.unify_dictionaries()
        pieces = [_codes(chunk) for chunk in column.chunks]
        known = tuple(column.chunk(0).dictionary.to_pylist()) if pieces else ()
        words[field] = (*(word or "" for word in known), "")
        codes[field] = pieces[0] if len(pieces) == 1 else np.concatenate([np.zeros(0, np.int32), *pieces])
    return Columns(codes, words)


def _codes(chunk: pa.DictionaryArray) -> Codes:
    indices = chunk.indices
    if indices.null_count:
        indices = indices.fill_null(len(chunk.dictionary))  # the empty word stands there
    return np.asarray(indices.to_numpy(zero_copy_only=False))


def _table(counted: Iterable[Counted]) -> pa.Table:
    every = list(counted)
    return pa.table(
        {field: pa.array([getattr(each, field) for each in every], pa.string()) for field in FIELDS}
    )


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """The true table of one subject in one unit. combinations: of each part, by column of its array."""

    subject: str
    rows: tuple[Row, ...]
    totals: NDArray[np.int64]
    cells: dict[str, NDArray[np.int64]]
    combinations: dict[str, tuple[tuple[str, ...], ...]]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """All tables of one unit, and the restricted numbers beside them (by place of the restriction)."""

    truths: dict[str, Truth]
    restricted: dict[int, int]


def count(
    entries: Columns, units: Sequence[Sequence[str]], restrictions: Sequence[Restriction] = ()
) -> tuple[Counts, ...]:
    """The tables of each unit (a list of months). Restricted entries stand in no table."""
    unit_of = {month: number for number, months in enumerate(units) for month in months}
    unit = entries.mapped("month", lambda month: unit_of.get(month, -1), slice(None)).astype(np.int8)
    kinds = entries.mapped("kind", lambda kind: _place(KINDS, kind), slice(None)).astype(np.int8)
    kinds[unit < 0] = -1
    found = [Counts(truths={}, restricted={}) for _ in units]
    kinds[_came_unsaid(entries, restrictions)] = -1
    for subject in SUBJECTS:
        named = NAMING if subject == ACCOUNTS else (subject,)
        at = np.flatnonzero(np.isin(kinds, [KINDS.index(kind) for kind in named]))
        _count_subject(entries, subject, at, unit, restrictions, found)
    return tuple(found)


def _count_subject(
    entries: Columns,
    subject: str,
    at: Codes,
    unit: Codes,
    restrictions: Sequence[Restriction],
    found: Sequence[Counts],
) -> None:
    footings = entries.words("footing")
    states = entries.words("state")
    weights = entries.mapped("accounts", _number, at) if subject == ACCOUNTS else np.ones(0, dtype=np.int64)
    if subject == ACCOUNTS:  # who names no account stands in no row
        at, weights = at[weights > 0], weights[weights > 0]
    units = unit[at].astype(np.int64)
    covered = _covered(entries, restrictions, subject, at)
    for place in (n for n, each in enumerate(restrictions) if each.subject == subject):
        for number, counts in enumerate(found):
            chosen = (covered == place) & (units == number)
            amount = int(weights[chosen].sum()) if subject == ACCOUNTS else int(chosen.sum())
            counts.restricted[place] = counts.restricted.get(place, 0) + amount
    if (covered >= 0).any():
        free = covered < 0
        at, units = at[free], units[free]
        weights = weights[free] if subject == ACCOUNTS else weights
    shape = (len(found), len(footings), len(states))
    key = (units * shape[1] + entries.codes("footing")[at]) * shape[2] + entries.codes("state")[at]
    sums = _sums(key, weights, len(found) * shape[1] * shape[2])
    full = np.flatnonzero(sums)
    dense = np.zeros(len(sums), dtype=np.int64)
    dense[full] = np.arange(len(full))
    row_of = dense[key]
    tables: dict[str, tuple[NDArray[np.int64], tuple[tuple[str, ...], ...]]] = {}
    for part in parts()[subject]:
        code, combinations = _read(entries, part, at)
        cells = _sums(row_of * len(combinations) + code, weights, len(full) * len(combinations))
        tables[part.name] = (cells.reshape(len(full), len(combinations)), combinations)
    for number, counts in enumerate(found):
        mine = np.flatnonzero(full // (shape[1] * shape[2]) == number)
        named = [
            (_footing(subject, footings[place // shape[2] % shape[1]]), states[place % shape[2]])
            for place in full[mine].tolist()
        ]
        counts.truths[subject] = _sorted(subject, named, sums[full[mine]], mine, tables)


def _footing(subject: str, footing: str) -> str:
    """An entry without a footing asks for what no order binds to; what merely arrived has none yet."""
    if subject == "arrival":
        return ""
    return footing if footing in set(Footing) else str(Footing.REQUEST)


def _sorted(
    subject: str,
    named: Sequence[Row],
    totals: NDArray[np.int64],
    mine: Codes,
    tables: Mapping[str, tuple[NDArray[np.int64], tuple[tuple[str, ...], ...]]],
) -> Truth:
    """Rows in the order of their names; rows of one name (words that mean one footing) become one."""
    rows = tuple(sorted(set(named)))
    to = np.array([rows.index(each) for each in named], dtype=np.int64)

    def gathered(values: NDArray[np.int64]) -> NDArray[np.int64]:
        gathered = np.zeros((len(rows), *values.shape[1:]), dtype=np.int64)
        np.add.at(gathered, to, values)
        return gathered

    return Truth(
        subject=subject,
        rows=rows,
        totals=gathered(totals),
        cells={name: gathered(cells[mine]) for name, (cells, _) in tables.items()},
        combinations={name: combinations for name, (_, combinations) in tables.items()},
    )


def _read(entries: Columns, part: Part, at: Codes) -> tuple[Codes, tuple[tuple[str, ...], ...]]:
    """The number of each entry's combination of values, and the combinations in their order."""
    first, *more = part.fields
    words: list[tuple[str, ...]] = [(word,) for word in entries.words(first)]
    code = entries.codes(first)[at]
    for field in more:
        others = entries.words(field)
        words = [(*left, right) for left in words for right in others]
        code = code.astype(np.int64) * len(others) + entries.codes(field)[at]
    read = [part.read(*each) for each in words]
    rank = {value: number for number, value in enumerate(part.values)}
    single = {(value,) for value in part.values}
    combinations = tuple(sorted(single | set(read), key=lambda each: [rank[value] for value in each]))
    place = {each: number for number, each in enumerate(combinations)}
    return np.array([place[each] for each in read], dtype=np.int64)[code], combinations


def _sums(keys: Codes, weights: Codes, size: int) -> NDArray[np.int64]:
    if len(weights):
        # Sums of whole numbers below 2 to the power of 53 are exact in the floats that this returns.
        return np.rint(np.bincount(keys, weights=weights, minlength=size)).astype(np.int64)
    return np.bincount(keys, minlength=size).astype(np.int64)


def monthly(
    entries: Columns, months: Sequence[str], restrictions: Sequence[Restriction] = ()
) -> dict[str, NDArray[np.int64]]:
    """How many entries of each kind each month has; restricted ones are left out."""
    month = entries.mapped("month", lambda word: _place(months, word), slice(None))
    kinds = entries.mapped("kind", lambda word: _place(KINDS, word), slice(None))
    free = (month >= 0) & (kinds >= 0)
    free[_came_unsaid(entries, restrictions)] = False
    for kind in {each.subject for each in restrictions} & set(KINDS):
        at = np.flatnonzero(free & (kinds == KINDS.index(kind)))
        free[at[_covered(entries, restrictions, kind, at) >= 0]] = False
    key = kinds[free] * len(months) + month[free]
    table = np.bincount(key, minlength=len(KINDS) * len(months)).reshape(len(KINDS), len(months))
    return {kind: table[number].astype(np.int64) for number, kind in enumerate(KINDS)}


def began(entries: Columns) -> str:
    """The month of the first ledger, with which the log began; empty where there is none."""
    which = [number for number, word in enumerate(entries.words("kind")) if word == "ledger"]
    at = np.flatnonzero(np.isin(entries.codes("kind"), which))
    return min((entries.words("month")[code] for code in np.unique(entries.codes("month")[at])), default="")


def suspensions(entries: Columns, until: str) -> tuple[Standing, ...]:
    """Every suspension and lifting up to a month, in order. They are open to everybody, so they are exact."""
    which = [number for number, word in enumerate(entries.words("kind")) if word == "suspension"]
    at = np.flatnonzero(np.isin(entries.codes("kind"), which))
    found = [
        Standing(
            **{
                field: entries.words(field)[entries.codes(field)[place]]
                for field in ("month", "state", "how")
            }
        )
        for place in at.tolist()
    ]
    # In one month a state is suspended before the suspension is lifted, as far as a month can say.
    return tuple(
        sorted(
            (each for each in found if each.month <= until),
            key=lambda e: (e.month, e.how != "suspended", e.state),
        )
    )


def _covered(entries: Columns, restrictions: Sequence[Restriction], subject: str, at: Codes) -> Codes:
    """For each of these entries the first restriction that covers it, or -1; what was put off and is told by
    now is covered by none."""
    found = np.full(len(at), -1, dtype=np.int64)
    for place, each in reversed([*enumerate(restrictions)]):
        if each.subject == subject:
            found[_within(entries, each, subject, at)] = -1 if each.how is How.TOLD else place
    return found


def _within(entries: Columns, rule: Restriction, subject: str, at: Codes) -> NDArray[np.bool_]:
    """Which of these entries a restriction is about."""
    found = np.ones(len(at), dtype=bool)
    if rule.footing:
        same = entries.mapped("footing", lambda word: _footing(subject, word) == rule.footing, at)
        found &= same.astype(bool)
    for field, wanted in (("state", rule.state), ("instrument", rule.instrument)):
        if wanted:
            same = entries.mapped(field, lambda word, wanted=wanted: word == wanted, at)  # type: ignore[misc]
            found &= same.astype(bool)
    return found


def _came_unsaid(entries: Columns, restrictions: Sequence[Restriction]) -> Codes:
    """The arrivals that stand for requests of which law forbids even to say that they are left out: as many
    at the same door in the same month. An arrival says nothing of what came, so which ones is the same."""
    rules = [each for each in restrictions if each.how is How.UNSAID and each.subject == "request"]
    if not rules:
        return np.zeros(0, dtype=np.int64)
    kinds = entries.mapped("kind", lambda kind: _place(("arrival", "request"), kind), slice(None))
    asked, came = np.flatnonzero(kinds == 1), np.flatnonzero(kinds == 0)
    asked = asked[_covered(entries, rules, "request", asked) >= 0]
    months, doors = entries.codes("month").astype(np.int64), entries.codes("door")
    key = months * len(entries.words("door")) + doors
    left = np.bincount(key[asked], minlength=int(key.max(initial=0)) + 1)
    order = came[np.argsort(key[came], kind="stable")]
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    nth = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return order[nth < left[key[order]]]


def _place(words: Sequence[str], word: str) -> int:
    return words.index(word) if word in words else -1


_DIGITS = 9  # of a number of accounts; whatever is longer counts nothing


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 0

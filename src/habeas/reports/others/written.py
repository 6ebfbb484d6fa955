"""Figures and comparisons written out: as plain columns of text, as JSON, as comma-separated values.

The words are the publishers', so every character that commands is written out, and no cell of a table begins
as a formula does. The same figures give the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from habeas.reports import words
from habeas.reports.foreign import one_line
from habeas.reports.others.beside import OURS, OURS_NAME, Comparison, Line, Stretch, legend
from habeas.reports.others.model import Counting, Figure, Number, Own, shown

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet begins to reckon with
_GAP = "  "

COLUMNS = (
    "publisher",
    "period",
    "state",
    "named",
    "type",
    "group",
    "requests",
    "accounts",
    "with data",
)
"""The columns of a table of figures, as text."""

VALUES = (
    "publisher",
    "year",
    "half",
    "state",
    "named",
    "code",
    "whose",
    "unmapped",
    "type",
    "group",
    "requests_low",
    "requests_high",
    "accounts_low",
    "accounts_high",
    "with_data_low",
    "with_data_high",
    "share",
    "counting",
    "place",
    "notes",
)
"""The columns of a table of figures, as comma-separated values. An exact number has equal ends; both ends are
empty where it is not published, and the high one alone where no limit is."""


# ---- figures ----------------------------------------------------------------------------------------------


def figures_text(figures: Iterable[Figure]) -> Iterator[str]:
    """Lines of aligned columns, the heading first."""
    return _aligned(
        COLUMNS,
        [
            (
                figure.publisher,
                str(figure.period),
                figure.state or f"({figure.whose})",
                figure.named,
                figure.type,
                figure.group,
                *map(shown, figure.numbers),
            )
            for figure in figures
        ],
        numbers=3,
    )


def figures_json(figures: Sequence[Figure]) -> bytes:
    """An object with `figures` and, by key, what their numbers count."""
    return _json(
        {
            "counting": _countings((figure.publisher, figure.counting) for figure in figures),
            "figures": [_figure(figure) for figure in figures],
        }
    )


def figures_csv(figures: Iterable[Figure]) -> str:
    """RFC 4180, with a heading (`VALUES`)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(VALUES)
    for figure in figures:
        texts = (figure.named, figure.code, figure.whose, figure.unmapped, figure.type, figure.group)
        writer.writerow(
            (
                figure.publisher,
                figure.period.year,
                figure.period.half or "",
                figure.state or "",
                *map(_cell, texts),
                *(end for number in figure.numbers for end in _ends(number)),
                figure.share,
                figure.counting.key,
                _cell(figure.place),
                _cell("; ".join(figure.notes)),
            )
        )
    return out.getvalue()


def _figure(figure: Figure) -> dict[str, Any]:
    values: dict[str, Any] = msgspec.to_builtins(figure)
    return {**values, "period": str(figure.period), "counting": figure.counting.key}


def _ends(number: Number) -> tuple[int | str, int | str]:
    if number is None:
        return "", ""
    if isinstance(number, int):
        return number, number
    return number.low, "" if number.high is None else number.high


def _cell(text: str) -> str:
    plain = one_line(text)
    return f"'{plain}" if plain.startswith(_FORMULA) else plain


# ---- comparisons ------------------------------------------------------------------------------------------


def comparison_text(comparison: Comparison) -> Iterator[str]:
    """A line for each number's owner and half-year, then what each number counts."""
    yield f"{words.state(comparison.state)} ({comparison.state})"
    yield ""
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    for stretch in comparison.stretches:
        rows += [(str(half), "ours", *each) for half, owns in stretch.ours for each in _own(owns)]
        for line in stretch.others:
            noted = "".join(f" ({_number_of(note, notes)})" for note in line.notes)
            numbers = (line.requests, line.accounts, line.with_data)
            rows.append((str(stretch.period), line.publisher, _kind(line) + noted, *map(shown, numbers)))
    if not rows:
        yield "Nothing is published about it in these files."
        return
    yield from _aligned(("period", "who", "type", "requests", "accounts", "with data"), rows, numbers=3)
    yield ""
    yield "What each number counts (numbers of different kinds are never added):"
    yield from (f"- {one_line(sentence)}" for sentence in legend(comparison))
    yield from (f"({number}) {one_line(note)}" for number, note in enumerate(notes, start=1))


def comparison_json(comparison: Comparison) -> bytes:
    """An object with `state`, `stretches` and, by key, what the numbers count."""
    lines = [line for stretch in comparison.stretches for line in stretch.others]
    counting = {OURS.key: OURS.sentence(OURS_NAME)}
    counting.update(_countings((line.publisher, line.counting) for line in lines))
    return _json(
        {
            "state": comparison.state,
            "counting": counting,
            "stretches": [_stretch(stretch) for stretch in comparison.stretches],
        }
    )


def _stretch(stretch: Stretch) -> dict[str, Any]:
    return {
        "period": str(stretch.period),
        "ours": {str(half): msgspec.to_builtins(owns) for half, owns in stretch.ours},
        "others": [{**msgspec.to_builtins(line), "counting": line.counting.key} for line in stretch.others],
    }


def _own(owns: Sequence[Own]) -> Iterator[tuple[str, str, str, str]]:
    for own in owns:
        yield (own.footing, shown(own.requests), shown(own.accounts), shown(own.disclosed))
    if not owns:
        yield ("", "none given", "", "")


def _kind(line: Line) -> str:
    return line.type or f"{line.group}, {len(line.places)} lines added"


def _number_of(note: str, notes: list[str]) -> int:
    if note not in notes:
        notes.append(note)
    return notes.index(note) + 1


# ---- both -------------------------------------------------------------------------------------------------


def _countings(used: Iterable[tuple[str, Counting]]) -> dict[str, str]:
    found = {counting.key: counting.sentence(publisher) for publisher, counting in used}
    return {key: found[key] for key in sorted(found)}


def _json(values: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(values), indent=2)


def _aligned(heading: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int) -> Iterator[str]:
    """Columns side by side; the last `numbers` of them end at their right."""
    table = [tuple(map(one_line, row)) for row in (heading, *rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    left = len(heading) - numbers
    for row in table:
        cells = [
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield _GAP.join(cells).rstrip()

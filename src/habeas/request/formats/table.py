"""A table of open cases, as an office kept them before: comma-separated values, one line a request.

Decides what a column means and what a cell may hold; a line becomes the fields of our own form and passes
the same checks as every request (`native`). RFC 4180 is read strictly, and nothing is guessed: a column of
another name is refused, because what is silently dropped could be what mattered. One bad line loses no other.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from habeas.errors import Refused
from habeas.request.checking import Notice, notices
from habeas.request.formats import native
from habeas.request.formats.json_text import shown
from habeas.request.formats.text import decode
from habeas.request.model import Category, Measure, Request

MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 2_000  # a person looks through the preview of them


class Column(NamedTuple):
    """One column. says: what a cell holds. needed: it has to be there, and filled in every line."""

    name: str
    says: str
    needed: bool = False


COLUMNS = (
    Column("reference", "The authority's own reference. It keeps a line from being taken in twice.", True),
    Column("requesting_state", "Three letters: FRA.", True),
    Column("instrument", "Its short name here, for example uncc or budapest; unknown where unsure.", True),
    Column("measure", "One of: " + ", ".join(Measure) + ".", True),
    Column("issuing", "The authority, as it calls itself. An office, never a private name."),
    Column("received_on", "The day it came: 2026-05-31."),
    Column("offence", "The offence as charged."),
    Column("cited", "The provisions cited; several with semicolons between."),
    Column("facts", "The statement of facts, in its own words and language."),
    Column("language", "Of the facts: en, pt-BR."),
    Column("targets", "Accounts, numbers, addresses; several with semicolons between, each a target."),
    Column("category", "Data asked for; several with semicolons. One of: " + ", ".join(Category) + "."),
    Column("period_start", "The first day of the data."),
    Column("period_end", "The last day of the data."),
    Column("deadline", "The day they ask for an answer by."),
)
"""Every column there may be, in the order of the page that documents them."""

_NAMES = tuple(each.name for each in COLUMNS)
_NEEDED = tuple(each.name for each in COLUMNS if each.needed)
_SEPARATORS = ",;\t"
_QUOTED = re.compile(r'"(?:[^"]++|"")*+"')
_PLACES = (  # how a place in our own form begins or ends -> the column it came from
    (re.compile(r"issuing"), "issuing"),
    (re.compile(r"offences\[0\]\.citations"), "cited"),
    (re.compile(r"offences"), "offence"),
    (re.compile(r"targets\[\d+\]\.identifiers"), "targets"),
    (re.compile(r"targets.*\.period\.end"), "period_end"),
    (re.compile(r"targets.*\.period"), "period_start"),
    (re.compile(r"targets.*\.category"), "category"),
    (re.compile(r"targets"), "targets"),
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line as read: exactly one of `request` and `refused` is set.

    number: of the line in the file where it begins, the first being 1. source: the heading and this line as
    they came, and no other line. notices: what a person should look at although it was accepted.
    """

    number: int
    source: bytes
    request: Request | None = None
    refused: Refused | None = None
    notices: tuple[Notice, ...] = ()


def read_table(data: bytes, name: str) -> tuple[Line, ...]:
    """The lines of a table. Raises `Refused` where the file or its heading cannot be read at all."""
    if len(data) > MAX_BYTES:
        raise Refused(
            f"the table has more than {MAX_BYTES // (1024 * 1024)} MiB",
            place=name,
            hint="split it between any two lines, with the heading on each part",
        )
    text = decode(data, name)
    first = text.partition("\n")[0].removesuffix("\r")
    records = _records(text, max(_SEPARATORS, key=first.count))
    heading = next(records)
    columns = _columns(heading, name)
    lines: list[Line] = []
    for record in records:
        if not record.raw.strip():
            continue
        if len(lines) == MAX_LINES:
            raise Refused(
                f"the table has more than {MAX_LINES} lines",
                place=f"{name}: line {record.number}",
                hint="split it between any two lines, with the heading on each part",
            )
        lines.append(_line(columns, record, heading.raw))
    if not lines:
        raise Refused("there is no line below the heading", place=name, hint="one line is one request")
    return tuple(lines)


# ---- lines and cells (RFC 4180) ---------------------------------------------------------------------------


class _Record(NamedTuple):
    """One record: its first line, its text as it came, its cells, and what is wrong with it."""

    number: int
    raw: str
    cells: tuple[str, ...]
    wrong: Refused | None


def _records(text: str, separator: str) -> Iterator[_Record]:
    """Records as they stand. A quotation mark that is never closed takes the rest of the file with it."""
    cell = re.compile(rf'(?P<cell>"(?:[^"]++|"")*+"|[^"\r\n{separator}]*)(?P<end>{separator}|\r\n|\n|\r|\Z)')
    place, number = 0, 1
    while place < len(text):
        start, first, cells, wrong = place, number, [], None
        while True:
            found = cell.match(text, place)
            if found is None:
                wrong, place = _misquoted(text, place, first)
                break
            cells.append(_plain(found["cell"]))
            place = found.end()
            if found["end"] != separator:
                break
        raw = text[start:place]
        number += raw.count("\n") or 1
        yield _Record(first, raw, tuple(cells), wrong)


def _misquoted(text: str, place: int, line: int) -> tuple[Refused, int]:
    """What is wrong with the cell that begins here, and where the next line begins."""
    if text.startswith('"', place) and not _QUOTED.match(text, place):
        return (
            Refused(
                "a quotation mark is opened here and never closed, so the rest of the file cannot be read",
                place=f"line {line}",
                hint="close it; inside a cell, write a quotation mark twice",
            ),
            len(text),
        )
    end = text.find("\n", place)
    return (
        Refused(
            "a quotation mark stands inside a cell",
            place=f"line {line}",
            hint="put the whole cell in quotation marks, and write those inside it twice",
        ),
        len(text) if end < 0 else end + 1,
    )


def _plain(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


# ---- columns ----------------------------------------------------------------------------------------------


def _columns(heading: _Record, name: str) -> tuple[str, ...]:
    """The names in the heading. Raises `Refused` for one that is unknown, twice, or not there."""
    place = f"{name}: line 1"
    if heading.wrong is not None:
        raise heading.wrong.at(name)
    columns = tuple(re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in heading.cells)
    for column in columns:
        if column not in _NAMES:
            near = difflib.get_close_matches(column, _NAMES, n=1)
            raise Refused(
                f"there is no column `{shown(column)}`",
                place=place,
                hint=f"did you mean `{near[0]}`?" if near else "the columns are: " + ", ".join(_NAMES),
            )
        if columns.count(column) > 1:
            raise Refused(f"the column `{column}` stands there twice", place=place, hint="leave one out")
    if missing := [column for column in _NEEDED if column not in columns]:
        raise Refused(f"the column `{missing[0]}` is missing", place=place, hint="it cannot be left out")
    return columns


def _line(columns: Sequence[str], record: _Record, heading: str) -> Line:
    end = "" if heading.endswith(("\n", "\r")) else "\n"
    source = f"{heading}{end}{record.raw}".encode()
    try:
        request = _request(columns, record)
    except Refused as refused:
        return Line(number=record.number, source=source, refused=refused)
    odd = tuple(msgspec.structs.replace(each, place=_column(each.place)) for each in notices(request))
    return Line(number=record.number, source=source, request=request, notices=odd)


def _request(columns: Sequence[str], record: _Record) -> Request:
    place = f"line {record.number}"
    if record.wrong is not None:
        raise record.wrong
    if len(record.cells) != len(columns):
        raise Refused(
            f"this line has {len(record.cells)} cells and the heading {len(columns)}",
            place=place,
            hint="put a cell that holds a separator in quotation marks",
        )
    cells = {name: cell.strip() for name, cell in zip(columns, record.cells, strict=True) if cell.strip()}
    if missing := [name for name in _NEEDED if name not in cells]:
        raise Refused("this cell is empty", place=f"{place}, {missing[0]}", hint="it cannot be left out")
    try:
        return native.convert(_native(cells, f"line-{record.number}"))
    except Refused as refused:
        raise Refused(
            refused.sentence, place=f"{place}, {_column(refused.place)}", hint=refused.hint
        ) from None


def _column(place: str) -> str:
    """The column from which what stands at a place of our own form came."""
    return next((name for pattern, name in _PLACES if pattern.match(place)), place)


def _native(cells: Mapping[str, str], id: str) -> dict[str, Any]:
    """The fields of our own form; what no cell states is left out."""
    same = ("reference", "instrument", "measure", "received_on", "facts", "language", "deadline")
    values: dict[str, Any] = {"id": id, **{name: cells[name] for name in same if name in cells}}
    values["requesting_state"] = cells["requesting_state"].upper()
    if "issuing" in cells:
        values["issuing"] = {"name": cells["issuing"]}
    if "offence" in cells or "cited" in cells:
        values["offences"] = [{"label": cells.get("offence", ""), "citations": _several(cells, "cited")}]
    items = _items(cells)
    named: list[list[str]] = [[each] for each in _several(cells, "targets")]
    if not named and items:
        named = [[]]  # data asked about nobody stays visible as a target that names none
    if not named:
        raise Refused("this line names no target", place="targets", hint="ask whose data is meant")
    values["targets"] = [
        {"id": f"t{number}", "identifiers": [{"value": each} for each in identifiers], "items": items}
        for number, identifiers in enumerate(named, start=1)
    ]
    return values


def _items(cells: Mapping[str, str]) -> list[dict[str, Any]]:
    period = {
        end: cells[name] for end, name in (("start", "period_start"), ("end", "period_end")) if name in cells
    }
    categories = _several(cells, "category")
    if period and not categories:
        raise Refused(
            "a period is given, and no data are asked for",
            place="category",
            hint="say which data, or ask them",
        )
    return [
        {"id": f"i{number}", "category": each, **({"period": period} if period else {})}
        for number, each in enumerate(categories, start=1)
    ]


def _several(cells: Mapping[str, str], name: str) -> list[str]:
    """What stands between semicolons or on lines of its own, once each."""
    parts = re.split(r"[;\n]", cells.get(name, ""))
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

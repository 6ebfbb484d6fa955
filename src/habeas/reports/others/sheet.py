"""A published table as bytes made into rows, and its heading compared with the forms known here.

Decides which form a file has: the one whose columns it holds, all of the needed and none that is unknown. A
new column could split the rows in two, and what was read as the whole would be a part; so it is refused and
not skipped. Quotation follows RFC 4180. What the cells mean is for `cells` and for the form.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from habeas.errors import Refused
from habeas.reports.foreign import one_line
from habeas.reports.others import cells
from habeas.reports.others.model import Figure, Number, Period

MAX_BYTES = 16 * 1024 * 1024  # the largest report published today, all years in one file, has under 2 MiB
MAX_LINES = 200_000
MAX_CELL = 1_000  # characters; the longest name of a state in use has 56
_SEPARATORS = ",;\t"
_EDITIONS = "open it as comma-separated values and save it again as UTF-8"
_SHOWN = 60  # characters of a column's name in a refusal
_MOST_NAMED = 5  # columns named in a hint

_Read = TypeVar("_Read")


class Column(NamedTuple):
    """One column. name: ours. spelled: how the publisher heads it, or has headed it. needed: always there."""

    name: str
    spelled: tuple[str, ...]
    needed: bool = True


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line below the heading. place: file and line. values: cells by our names, without outer blanks."""

    place: str
    values: Mapping[str, str]

    def text(self, name: str) -> str:
        """A cell that has to say something. Raises `Refused` where it is empty."""
        found = self.values.get(name, "")
        if not found:
            raise Refused("this cell is empty", place=f"{self.place}, {name}", hint="it cannot be left out")
        return found

    def word(self, name: str) -> str:
        """A cell, empty where there is none."""
        return self.values.get(name, "")

    def number(self, name: str) -> Number:
        return self._read(name, cells.number)

    def share(self, name: str) -> str:
        return self._read(name, cells.share)

    def period(self, name: str) -> Period:
        return self._read(name, cells.period)

    def period_ending(self, name: str) -> Period:
        return self._read(name, cells.period_ending)

    def months(self, name: str, year: str) -> Period:
        """The period of a range of months in one cell, with its year in another."""
        return self._read(name, lambda cell: cells.period(f"{cell} {self.values.get(year, '')}"))

    def refused(self, name: str, sentence: str, hint: str) -> Refused:
        """A refusal placed at one cell of this line."""
        return Refused(sentence, place=f"{self.place}, {name}", hint=hint)

    def _read(self, name: str, reader: Callable[[str], _Read]) -> _Read:
        try:
            return reader(self.values.get(name, ""))
        except Refused as refused:
            raise refused.at(f"{self.place}, {name}") from None


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The columns of a table. title: what it is, for people."""

    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True)
class Form(Heading):
    """A form in which somebody publishes. read: one row to its figure, or `Refused`."""

    read: Callable[[Row], Figure]


_Known = TypeVar("_Known", bound=Heading)


def opened(data: bytes, name: str, forms: Sequence[_Known]) -> tuple[_Known, Iterator[Row | Refused]]:
    """The form of a table and its rows, a refusal in the place of each that cannot be read.

    Raises `Refused` where the file is no such table: size, encoding, quotation, or a heading of no form.
    """
    records = _records(_decoded(data, name), name)
    first = next(records, None)
    if first is None:
        raise Refused("the file is empty", place=name, hint="fetch it again")
    line, heading = first
    while heading and not heading[-1].strip():
        heading = heading[:-1]  # a spreadsheet ends its lines with commas
    form, names = _recognised(heading, f"{name}: line {line}", forms)
    return form, _rows(records, names, name)


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        size = MAX_BYTES // (1024 * 1024)
        raise Refused(f"the file has more than {size} MiB", place=name, hint="split it by year")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Refused("the file is written in UTF-16", place=name, hint=_EDITIONS)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refused("this is a workbook or a ZIP file, not a table in text", place=name, hint=_EDITIONS)
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused("this is not UTF-8 text", place=f"{name}: line {line}", hint=_EDITIONS) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Refused("there is a zero byte here", place=f"{name}: line {line}", hint="fetch the file again")
    return text


def _records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each begins on; empty lines are passed over. Raises `Refused`."""
    start = text.lstrip("\r\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=start.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Refused(
                "quotation marks or line ends are not as RFC 4180 has them, so the rest cannot be read",
                place=f"{name}: line {line}",
                hint="put a cell in quotation marks that holds one, and write it twice inside",
            ) from None
        if line > MAX_LINES:
            sentence = f"the file has more than {MAX_LINES:,} lines"
            raise Refused(sentence, place=f"{name}: line {line}", hint="split it by year")
        if any(cell.strip() for cell in record):
            yield line, record


def _rows(
    records: Iterator[tuple[int, list[str]]], names: Sequence[str], file: str
) -> Iterator[Row | Refused]:
    for line, record in records:
        place = f"{file}: line {line}"
        while len(record) > len(names) and not record[-1].strip():
            record.pop()
        if len(record) != len(names):
            yield Refused(
                f"this line has {len(record)} cells and the heading {len(names)}",
                place=place,
                hint="put a cell that holds a comma in quotation marks",
            )
        elif any(len(cell) > MAX_CELL for cell in record):
            yield Refused(
                f"a cell has more than {MAX_CELL:,} characters", place=place, hint="look at the file"
            )
        else:
            values = {name: cell.strip() for name, cell in zip(names, record, strict=True)}
            yield Row(place=place, values=values)


# ---- the heading ------------------------------------------------------------------------------------------


def heading_word(name: str) -> str:
    """The name of a column without what editions of a file differ in."""
    return " ".join(re.sub(r"[^a-z0-9%]+", " ", name.lower()).split())


def _recognised(
    heading: Sequence[str], place: str, forms: Sequence[_Known]
) -> tuple[_Known, tuple[str, ...]]:
    """The form with this heading, and our name for each of its columns."""
    words = [heading_word(name) for name in heading]
    for word, name in zip(words, heading, strict=True):
        if words.count(word) > 1:
            raise Refused(f"the column {_quoted(name)} stands there twice", place=place, hint="leave one out")
    wrong = {form.title: _differences(heading, words, form) for form in forms}
    for form in forms:
        if not any(wrong[form.title]):
            return form, tuple(_named(form)[word] for word in words)
    raise Refused(
        "this heading is of no form that is read here", place=place, hint=_how_it_differs(words, wrong, forms)
    )


def _how_it_differs(
    words: Sequence[str], wrong: Mapping[str, tuple[list[str], list[str]]], forms: Sequence[Heading]
) -> str:
    """What the nearest form has and the heading has not, and the reverse; every form where none is near."""
    shared = {form.title: sum(word in _named(form) for word in words) for form in forms}
    nearest = max(shared, key=lambda title: (shared[title], title))
    if not shared[nearest]:
        return "read are: " + "; ".join(shared)
    missing, unknown = wrong[nearest]
    said = [f"{_listed(missing)} missing"] if missing else []
    said += [f"{_listed(unknown)} not known"] if unknown else []
    return f"the nearest is “{nearest}”: {'; '.join(said)}"


def _named(form: Heading) -> dict[str, str]:
    return {heading_word(word): column.name for column in form.columns for word in column.spelled}


def _differences(heading: Sequence[str], words: Sequence[str], form: Heading) -> tuple[list[str], list[str]]:
    """Needed columns that are not there, and columns that are there and not known."""
    named = _named(form)
    there = [named.get(word) for word in words]
    missing = [column.spelled[0] for column in form.columns if column.needed and column.name not in there]
    unknown = [
        name
        for name, word, ours in zip(heading, words, there, strict=True)
        if ours is None or there.count(ours) > 1
    ]
    return missing, unknown


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(_quoted(name) for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return (f"{listed} and {more} more" if more > 0 else listed) + (" are" if len(names) > 1 else " is")


def _quoted(name: str) -> str:
    text = one_line(name)
    return f"“{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}”"

"""A custodian's table is looked at, and cut down to some of its columns and rows.

`look` and `cut` are for the house: they hand the bytes to a process that can do nothing else (`confined`),
piece by piece, and take back names of columns, numbers and instants, or the table that is left. `looked` and
`cut_down` are what runs inside. What a file is, its first sign says and never its name: a list of records
(JSON), records one after another (JSON Lines), otherwise rows with cells between commas, semicolons or tabs
(RFC 4180), in UTF-8 or UTF-16. A cell is never written anew: the very signs of it that came go on, whatever a
sheet would make of them. A table that can be read in two ways is read in none, and is refused with the number
of its row; it stays as it came.

A time with a zone is an instant. A day, or a time without a zone, is every instant it can mean, and stays
only where all of them lie within the period.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, Protocol, TypeVar
from zoneinfo import TZPATH, ZoneInfo, ZoneInfoNotFoundError

import msgspec

from habeas.errors import Refused
from habeas.gateways import confined

MOST_BYTES = 128 * 1024**2  # a minute of work on a small machine
MOST_COLUMNS = 1_000
MOST_ROWS = 10_000_000
MOST_ROW = 4 * 1024**2  # characters
MOST_CELL = 1024**2  # characters
MOST_NAME = 200  # characters of the name of a column
SECONDS = 90
MEGABYTES = 512  # of address space, of which starting takes a tenth
ANYWHERE = "anywhere"
"""Said of a zone that nobody knows."""
_UNREAD = "this file cannot be read as a table"
_HINT = "it stays as it came; export it anew, or cut it down where it was exported"


class Form(StrEnum):
    """How a column says its times."""

    ZONED = "zoned"  # with their zone: instants
    LOCAL = "local"  # at least one without
    DAY = "day"
    NUMBER = "number"  # of 10, 13, 16 or 19 digits: perhaps seconds and parts of them since 1970


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """form: where every cell of it that holds anything can be read as a time, and all in that form. gaps:
    some row has no such cell, or an empty one. first, last: of its times, without a zone where none is
    stated. named: cells that name an account looked for."""

    name: str
    form: Form | None = None
    gaps: bool = False
    first: datetime | None = None
    last: datetime | None = None
    named: int = 0

    @property
    def certain(self) -> bool:
        """Whether it says of every row at which instant it was."""
        return self.form is Form.ZONED and not self.gaps


class Table(msgspec.Struct, frozen=True, kw_only=True):
    rows: int
    columns: tuple[Column, ...]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What stays of a table. keep: columns. time: the column by which rows stay whose time lies from `start`
    on and before `end`; empty where rows of all times stay. zone: of its times without one (IANA), or
    `ANYWHERE`; empty where nobody said it, and then a time without a zone is refused. account: the column by
    which rows stay that name one of `accounts`; empty where rows of all accounts stay."""

    keep: tuple[str, ...]
    time: str = ""
    zone: str = ""
    start: datetime | None = None
    end: datetime | None = None
    account: str = ""
    accounts: tuple[str, ...] = ()


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a table. kept, taken: columns that stay and that do not, as they stood. rows: that stay.
    outside, others: rows taken out, outside the period and of other accounts. first, last: the earliest and
    the latest instant that the times of the rows that stay can mean."""

    kept: tuple[str, ...]
    taken: tuple[str, ...]
    rows: int
    outside: int = 0
    others: int = 0
    first: datetime | None = None
    last: datetime | None = None


class Streamer(Protocol):
    """Runs a function of terms and pieces in a confined process."""

    def __call__(
        self,
        function: str,
        terms: bytes,
        pieces: Iterable[bytes],
        give: Callable[[bytes], object],
        *,
        seconds: float,
        megabytes: int,
        readable: Sequence[Path] = (),
    ) -> bytes: ...


def look(pieces: Iterable[bytes], accounts: Sequence[str] = (), run: Streamer = confined.stream) -> Table:
    """The columns of a table and how many rows it has. accounts: to be looked for in its cells.
    Raises Refused with one sentence where it cannot be read."""
    answer = _asked("looked", msgspec.json.encode(tuple(accounts)), pieces, _nowhere, run, Table)
    if len(answer.columns) > MOST_COLUMNS or any(not _fit(each.name) for each in answer.columns):
        raise Refused(f"{_UNREAD}: what came out of it is no table", place=_PLACE, hint=_HINT)
    return answer


def cut(
    pieces: Iterable[bytes], choice: Choice, give: Callable[[bytes], object], run: Streamer = confined.stream
) -> Left:
    """The table that is left, written to `give`, and what became of the rest. Raises Refused with one
    sentence where it cannot be read, or nothing would stay; what went to `give` is then no whole."""
    found = _asked("cut_down", msgspec.json.encode(choice), pieces, give, run, Left)
    numbers = (found.rows, found.outside, found.others)
    if set(found.kept) != set(choice.keep) or not all(map(_fit, found.taken)) or min(numbers) < 0:
        raise Refused(f"{_UNREAD}: what came out of it is no table", place=_PLACE, hint=_HINT)
    return found


Said = TypeVar("Said", bound=msgspec.Struct)


def _asked(
    work: str,
    terms: bytes,
    pieces: Iterable[bytes],
    give: Callable[[bytes], object],
    run: Streamer,
    said: type[Said],
) -> Said:
    zones = tuple(Path(each) for each in TZPATH if Path(each).is_dir())
    try:
        answer = run(
            f"{__name__}:{work}",
            terms,
            _bounded(pieces),
            give,
            seconds=SECONDS,
            megabytes=MEGABYTES,
            readable=zones,
        )
        return msgspec.json.decode(answer, type=said)
    except Refused as refused:
        if not refused.place.startswith(f"{__name__}:"):  # of the table, or of where it goes
            raise
        # What went wrong inside is no word for a person: a place in the code, a signal, a limit.
        why = "it takes too long, or is made to break readers"
        raise Refused(f"{_UNREAD}: {why}", place=_PLACE, hint=_HINT) from None
    except msgspec.MsgspecError:  # a reader that was taken over
        raise Refused(f"{_UNREAD}: what came out of it is no table", place=_PLACE, hint=_HINT) from None


def _bounded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MOST_BYTES:
            raise _unread(f"it has more than {MOST_BYTES // 1024**2} MB")
        yield piece


def _nowhere(_piece: bytes) -> NoReturn:
    raise _unread("what came out of it is no table")  # nothing is written while a table is looked at


def _fit(name: str) -> bool:
    return 0 < len(name) <= MOST_NAME and name.isprintable()


# ---- inside ------------------------------------------------------------------------------------------------

_PLACE = "table"


def _unread(why: str) -> Refused:
    return Refused(f"{_UNREAD}: {why}", place=_PLACE, hint=_HINT)


def looked(terms: bytes, pieces: Iterator[bytes], _give: Callable[[bytes], None]) -> bytes:
    """What `look` asks for, as JSON of a `Table`. Run in a confined process."""
    accounts = frozenset(msgspec.json.decode(terms, type=tuple[str, ...]))
    table = _opened(pieces)
    seen: dict[str, _Seen] = {}
    rows = 0
    for row in table.rows():
        rows += 1
        for name, cell in row.items():
            column = seen.get(name)
            if column is None:
                column = seen[name] = _Seen()
                if len(seen) > MOST_COLUMNS:
                    raise _unread(f"it has more than {MOST_COLUMNS:,} columns")
            column.see(table.said(cell), accounts)
    if not rows:
        raise _unread("it has no rows")
    columns = tuple(column.column(name, rows) for name, column in seen.items())
    return msgspec.json.encode(Table(rows=rows, columns=columns))


class _Seen:
    """What is seen of a column, cell by cell."""

    def __init__(self) -> None:
        self._filled = 0
        self._named = 0
        self._forms: set[Form] | None = set()  # None: some cell is no time
        self._first: datetime | None = None
        self._last: datetime | None = None

    def see(self, cell: str, accounts: frozenset[str]) -> None:
        if not cell:
            return
        self._filled += 1
        if cell in accounts:
            self._named += 1
        if self._forms is None:
            return
        found = _read_time(cell)
        if found is None:
            self._forms = None
            return
        form, at, _length = found
        self._forms.add(form)
        if len(self._forms) == 1:
            self._first = at if self._first is None or at < self._first else self._first
            self._last = at if self._last is None or at > self._last else self._last

    def column(self, name: str, rows: int) -> Column:
        forms = self._forms or set()
        gaps = self._filled < rows
        if len(forms) == 1:
            [form] = forms
            return Column(
                name=name, form=form, gaps=gaps, first=self._first, last=self._last, named=self._named
            )
        mixed = forms and Form.NUMBER not in forms  # instants and others: some are without a zone
        return Column(name=name, form=Form.LOCAL if mixed else None, gaps=gaps, named=self._named)


def cut_down(terms: bytes, pieces: Iterator[bytes], give: Callable[[bytes], None]) -> bytes:
    """What `cut` asks for, as JSON of `Left`. Run in a confined process."""
    choice = msgspec.json.decode(terms, type=Choice)
    table, rule = _opened(pieces), _Rule(choice)
    out, waiting, seen = io.StringIO(), 0, dict[str, None]()
    rows = outside = others = 0
    keep = set(choice.keep)
    if not keep:
        raise Refused("no column would stay", place="keep", hint="choose at least one")
    if isinstance(table, _Cells):  # of records nobody knows their columns before the last of them
        _there(choice, table.names)
    for number, row in enumerate(table.rows(), start=table.first):
        if row.keys() - seen.keys():
            seen |= dict.fromkeys(row)
            if len(seen) > MOST_COLUMNS:
                raise _unread(f"it has more than {MOST_COLUMNS:,} columns")
        span = rule.within(table.said(row.get(choice.time, "")), number) if choice.time else _ANY
        if span is None:
            outside += 1
            continue
        if choice.account and table.said(row.get(choice.account, "")).strip() not in rule.accounts:
            others += 1
            continue
        rule.stays(span)
        if not rows:
            out.write(table.head(keep))
        waiting += out.write(table.row({name: cell for name, cell in row.items() if name in keep}, rows))
        rows += 1
        if waiting > 1 << 20:
            give(table.encoded(out.getvalue()))
            out, waiting = io.StringIO(), 0
    if not rows + outside + others:
        raise _unread("it has no rows")
    _there(choice, seen)
    if not rows:
        raise Refused(
            f"no row would stay: {outside:,} lie outside the days, {others:,} are of other accounts",
            place=_PLACE,
            hint="look at which columns hold the time and the account, or record that nothing is there",
        )
    out.write(table.foot())
    give(table.encoded(out.getvalue()))
    left = Left(
        kept=tuple(name for name in seen if name in keep),
        taken=tuple(name for name in seen if name not in keep),
        rows=rows,
        outside=outside,
        others=others,
        first=rule.first,
        last=rule.last,
    )
    return msgspec.json.encode(left)


def _there(choice: Choice, names: Collection[str]) -> None:
    for name in (*choice.keep, choice.time, choice.account):
        if name and name not in names:
            raise Refused(f"there is no column “{name}” in this table", place=_PLACE, hint=_HINT)


# ---- times ----

_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"(?: ?(Z|z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)  # RFC 3339 with what exports make of it
_NUMBER = re.compile(r"([0-9]{10})([0-9]{3}|[0-9]{6}|[0-9]{9}|\.[0-9]{1,9})?")
_LEAST = timedelta(microseconds=1)
_NO_LENGTH = timedelta()
_MINUTE = timedelta(minutes=1) - _LEAST
_DAY = timedelta(days=1) - _LEAST
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)  # how far clocks on earth are before and behind UTC
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Span = tuple[datetime, datetime]  # the first and the last instant that a time can mean
_ANY = (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))  # of a row whose time nobody asks


def _read_time(cell: str) -> tuple[Form, datetime, timedelta] | None:
    """How a cell says a time, its first moment and how far the last one it means lies behind. None for what
    is no time."""
    cell = cell.strip()
    found = _TIME.fullmatch(cell)
    try:
        if found is None:
            number = _NUMBER.fullmatch(cell)
            if number is None:
                return None
            part = (number[2] or "").lstrip(".").ljust(6, "0")[:6]
            at = _EPOCH + timedelta(seconds=int(number[1]), microseconds=int(part))
            return Form.NUMBER, at, _NO_LENGTH
        year, month, day, hour, minute, second, part, zone = found.groups()
        if hour is None:
            return Form.DAY, datetime(int(year), int(month), int(day)), _DAY  # noqa: DTZ001
        length = _NO_LENGTH if second else _MINUTE
        micro = int((part or "").ljust(6, "0")[:6])
        at = datetime(  # noqa: DTZ001
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro
        )
        if zone is None:
            return Form.LOCAL, at, length
        return Form.ZONED, at.replace(tzinfo=_offset(zone)).astimezone(UTC), length
    except (ValueError, OverflowError):  # the 31st of a month that has 30
        return None


def _offset(zone: str) -> timezone:
    if zone in ("Z", "z", "UTC", "GMT"):
        return UTC
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    if minutes > 59:
        raise ValueError
    apart = timedelta(hours=hours, minutes=minutes)
    return timezone(-apart if zone[0] == "-" else apart)


class _Rule:
    """Which rows stay by their time and account. first, last: of those that stayed."""

    def __init__(self, choice: Choice) -> None:
        self.accounts = frozenset(each.strip() for each in choice.accounts)
        self.first: datetime | None = None
        self.last: datetime | None = None
        self._choice = choice
        self._zone: ZoneInfo | None = None
        if choice.zone and choice.zone != ANYWHERE:
            try:
                self._zone = ZoneInfo(choice.zone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise Refused(
                    "this zone is not known here", place="zone", hint="choose another, or none"
                ) from None

    def within(self, cell: str, number: int) -> _Span | None:
        """What the time of a row can mean, if all of it lies within the period."""
        found = _read_time(cell)
        if found is None:
            what = "has no time" if not cell.strip() else "has a time that cannot be read"
            raise Refused(
                f"row {number:,} {what} in the column “{self._choice.time}”",
                place=_PLACE,
                hint="export its times as 2026-09-01T10:00:00Z, one in each row, or choose another column",
            )
        try:
            first, last = self._span(*found, number)
        except OverflowError:  # the year 1 or 9999
            return None
        if (self._choice.start is not None and first < self._choice.start) or (
            self._choice.end is not None and last >= self._choice.end
        ):
            return None
        return first, last

    def stays(self, span: _Span) -> None:
        if span is not _ANY:
            self.first = span[0] if self.first is None else min(self.first, span[0])
            self.last = span[1] if self.last is None else max(self.last, span[1])

    def _span(self, form: Form, at: datetime, length: timedelta, number: int) -> _Span:
        if at.tzinfo is not None:
            return at, at + length
        if self._zone is not None:
            # An hour that a clock showed twice, or jumped over, is both.
            begins = [at.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
            till = at + length
            ends = [till.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
            return min(begins), max(ends)
        if self._choice.zone == ANYWHERE:
            plain = at.replace(tzinfo=UTC)
            return plain - _EAST, plain + length + _WEST
        what = "a day" if form is Form.DAY else "a time"
        raise Refused(
            f"row {number:,} has {what} without a zone in the column “{self._choice.time}”",
            place="zone",
            hint="say in which zone its times are, or that nobody knows",
        )


# ---- tables ----

_Row = dict[str, str]  # the cells of a row as they came, by the names of their columns


def _opened(pieces: Iterator[bytes]) -> _Cells | _Records:
    """The table in these bytes, by its first sign."""
    text = _Text(pieces)
    sign = text.sign()
    if not sign:
        raise _unread("it is empty")
    return _Records(text, listed=sign == "[") if sign in "[{" else _Cells(text)


class _Text:
    """The signs of a file, decoded piece by piece. text, at: what is there to be read, and how far it was."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        head = b""
        for piece in pieces:
            head += piece
            if len(head) > 3:
                break
        self.codec, self.mark = "utf-8", b""
        for codec, mark in (
            ("utf-8", codecs.BOM_UTF8),
            ("utf-16-le", codecs.BOM_UTF16_LE),
            ("utf-16-be", codecs.BOM_UTF16_BE),
        ):
            if head.startswith(mark):
                self.codec, self.mark = codec, mark
        self._decoder = codecs.getincrementaldecoder(self.codec)()
        self._pieces: Iterator[bytes] | None = pieces
        self.text, self.at = self._decoded(head.removeprefix(self.mark)), 0

    def _decoded(self, piece: bytes, *, final: bool = False) -> str:
        try:
            found = self._decoder.decode(piece, final)
        except UnicodeDecodeError:
            raise _unread("its signs are neither UTF-8 nor UTF-16") from None
        if "\0" in found:
            raise _unread("there are NUL signs in it, which no table has")
        return found

    def more(self, *, twice: bool = False) -> bool:
        """There is more to be read now; False at the end. twice: as much again as there was, so that what is
        begun anew with more is not begun often."""
        begun = len(self.text) - self.at
        found, wanted = list[str](), max(begun, 1) if twice else 1
        while self._pieces is not None and wanted > 0:
            piece = next(self._pieces, None)
            if piece is None:
                self._pieces = None
            found.append(self._decoded(piece or b"", final=piece is None))
            wanted -= len(found[-1])
        self.text, self.at = self.text[self.at :] + "".join(found), 0
        return len(self.text) > begun

    def sign(self) -> str:
        """The next sign that is no space, where it then stands; empty at the end."""
        while True:
            match = _SPACE.match(self.text, self.at)
            at = match.end() if match else self.at
            if at < len(self.text):
                self.at = at
                return self.text[at]
            if at - self.at > MOST_ROW:
                raise _unread("there is nothing in it for too long")
            if not self.more(twice=True):
                return ""


_SPACE = re.compile(r"[ \t\r\n]*")
_PARTS = ",;\t"
_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'  # nothing is tried in a second way: a row has one
_HEAD = re.compile(r'[^"\r\n]*+(?:"[^"]*+"[^"\r\n]*+)*+')
_DATA = re.compile(  # what stands in a row of data and is no name of a column
    r"[0-9.,:+ -]*[0-9][0-9.,:+ -]*|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}|.*@.*\..*"
)


class _Cells:
    """Rows of cells (RFC 4180). first: the number of its first row of data, as a sheet counts."""

    first = 2

    def __init__(self, text: _Text) -> None:
        self._text = text
        text.at = 0
        head = self._head()
        bare = re.sub(_QUOTED, "", head)
        parts = [each for each in _PARTS if each in bare]
        if len(parts) > 1:
            raise _unread("row 1 parts its columns with more than one sign")
        self._part = parts[0] if parts else ","
        self._cell = re.compile(rf'{_QUOTED}|[^"\r\n{self._part}]*')
        self._heads = self._split(head, 1)
        if len(self._heads) > MOST_COLUMNS:
            raise _unread(f"it has more than {MOST_COLUMNS:,} columns")
        names = [self.said(each).strip() for each in self._heads]
        self.names = [each or f"(column {number})" for number, each in enumerate(names, start=1)]
        _named(self.names)
        if any(_DATA.fullmatch(each) or _read_time(each) for each in names):
            raise _unread("row 1 holds data and not the names of the columns")

    def _head(self) -> str:
        text = self._text
        while True:
            found = _HEAD.match(text.text)
            end = found.end() if found else 0
            whole = end < len(text.text) and text.text[end] != '"'
            if whole and (text.text[end : end + 2] != "\r" or not text.more()):
                break
            if end > MOST_ROW or len(text.text) > MOST_ROW + (1 << 21):
                raise _unread("row 1 is too long, or a quotation mark in it is never closed")
            if not whole and not text.more(twice=True):
                if end < len(text.text):
                    raise _unread("a quotation mark in row 1 is never closed")
                break
        if end > MOST_ROW:
            raise _unread("row 1 is too long, or a quotation mark in it is never closed")
        self._end = "\r\n" if text.text[end : end + 2] == "\r\n" else text.text[end : end + 1] or "\n"
        text.at = end + len(self._end)
        return text.text[:end]

    def rows(self) -> Iterator[_Row]:
        blank = 0
        for number, line in enumerate(self._lines(), start=self.first):
            if number - self.first >= MOST_ROWS:
                raise _unread(f"it has more than {MOST_ROWS:,} rows")
            if not line and len(self.names) > 1:
                blank = blank or number
                continue
            if blank:
                raise _unread(f"row {blank:,} is empty")
            cells = self._split(line, number)
            if len(cells) != len(self.names):
                raise _unread(f"row {number:,} has {_cells(len(cells))}, and row 1 has {len(self.names):,}")
            yield dict(zip(self.names, cells, strict=True))

    def _lines(self) -> Iterator[str]:
        """Each row as it stands, without its line end. One between quotation marks is part of a cell."""
        text, end, number = self._text, self._end, self.first
        parts: list[str] = []
        open_, length = False, 0
        while True:
            lines = text.text[text.at :].split(end)
            text.text, text.at = lines.pop(), 0
            for line in lines:
                parts.append(line)
                length += len(line) + len(end)
                open_ ^= bool(line.count('"') & 1)
                if not open_:
                    yield parts[0] if len(parts) == 1 else end.join(parts)
                    parts, length = [], 0
                    number += 1
                elif length > MOST_ROW:
                    break
            if length + len(text.text) > MOST_ROW:
                raise _unread(f"row {number:,} is too long, or a quotation mark in it is never closed")
            if not text.more():
                break
        if text.text or parts:
            parts.append(text.text)
            whole = end.join(parts)
            if whole.count('"') & 1:
                raise _unread(f"a quotation mark in row {number:,} is never closed")
            yield whole

    def _split(self, line: str, number: int) -> list[str]:
        if '"' not in line:
            if "\r" in line or "\n" in line:
                raise _unread(f"row {number:,} does not end as row 1 does")
            cells = line.split(self._part)
            if len(line) > MOST_CELL:
                _short(cells, number)
            return cells
        cells, at = [], 0
        while True:
            found = self._cell.match(line, at)
            at = found.end() if found else at
            cells.append(found[0] if found else "")
            if at == len(line):
                _short(cells, number)
                return cells
            if line[at] != self._part:
                raise _unread(f"a quotation mark stands where none may in row {number:,}")
            at += 1

    def said(self, cell: str) -> str:
        """What a cell says, without the quotation marks around it."""
        return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell

    def head(self, keep: set[str]) -> str:
        kept = (head for head, name in zip(self._heads, self.names, strict=True) if name in keep)
        return self._line(list(kept))

    def row(self, row: _Row, _number: int) -> str:
        return self._line(list(row.values()))

    def _line(self, cells: list[str]) -> str:
        if cells == [""]:
            return '""' + self._end  # an empty line is no row to everybody
        return self._part.join(cells) + self._end

    def foot(self) -> str:
        return ""

    def encoded(self, text: str) -> bytes:
        mark, self._text.mark = self._text.mark, b""  # stands once, at the beginning
        return mark + text.encode(self._text.codec)


_STRING = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
_WORD = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null"
_GAP = r"[ \t\r\n]*"
_MEMBER = re.compile(rf"{_GAP}({_STRING}){_GAP}:{_GAP}({_STRING}|{_WORD}){_GAP}([,}}])")
_NESTED = re.compile(rf"{_GAP}{_STRING}{_GAP}:{_GAP}[\[{{]")
_NOTHING = re.compile(rf"{_GAP}}}")


class _Records:
    """Flat records of JSON (RFC 8259), in a list or one after another. first: the number of its first."""

    first = 1

    def __init__(self, text: _Text, *, listed: bool) -> None:
        self._text, self._listed = text, listed
        self._keys: dict[str, str] = {}  # by name, as they were written first

    def rows(self) -> Iterator[_Row]:
        text, number = self._text, 0
        text.at += self._listed
        while sign := text.sign():
            if self._listed and sign == "]":
                text.at += 1
                if text.sign():
                    raise _unread("something stands behind the end of its list")
                return
            if self._listed and number:
                if sign != ",":
                    raise _unread(f"there is no comma before row {number + 1:,}")
                text.at += 1
                sign = text.sign()
            number += 1
            if sign != "{":
                raise _unread(f"row {number:,} is no record")
            if number > MOST_ROWS:
                raise _unread(f"it has more than {MOST_ROWS:,} rows")
            yield self._record(number)
        if self._listed:
            raise _unread("its list does not end")

    def _record(self, number: int) -> _Row:
        text = self._text
        while True:
            row = self._members(number)
            if row is not None:
                return row
            if len(text.text) - text.at > MOST_ROW:
                raise _unread(f"row {number:,} is too long, or no whole record")
            if not text.more(twice=True):
                raise _unread(f"row {number:,} is no whole record")

    def _members(self, number: int) -> _Row | None:
        """The record that begins here, behind which the text then stands. None where it is no whole one."""
        text, row = self._text.text, _Row()
        at = self._text.at + 1
        if nothing := _NOTHING.match(text, at):
            self._text.at = nothing.end()
            return row
        while True:
            found = _MEMBER.match(text, at)
            if found is None:
                if _NESTED.match(text, at):
                    raise _unread(f"row {number:,} holds a list or a record within the record")
                return None
            written, cell = found[1], found[2]
            name = written[1:-1] if "\\" not in written else str(json.loads(written))
            if name in row:
                raise _unread(f"row {number:,} names one column twice")
            if name not in self._keys:
                _named([name])
                self._keys[name] = written
            row[name] = cell
            at = found.end()
            if found[3] == "}":
                break
        _short(list(row.values()), number)
        self._text.at = at
        return row

    def said(self, cell: str) -> str:
        """What a cell says; nothing where it is null."""
        if cell.startswith('"'):
            return cell[1:-1] if "\\" not in cell else str(json.loads(cell))
        return "" if cell == "null" else cell

    def head(self, _keep: set[str]) -> str:
        return "[\n" if self._listed else ""

    def row(self, row: _Row, number: int) -> str:
        said = "{" + ", ".join(f"{self._keys[name]}: {cell}" for name, cell in row.items()) + "}"
        return (",\n" if number else "") + said if self._listed else said + "\n"

    def foot(self) -> str:
        return "\n]\n" if self._listed else ""

    def encoded(self, text: str) -> bytes:
        mark, self._text.mark = self._text.mark, b""
        return mark + text.encode(self._text.codec)


def _named(names: Sequence[str]) -> None:
    for each in names:
        if len(each) > MOST_NAME:
            raise _unread(f"the name of a column has more than {MOST_NAME} signs")
        if not _fit(each):
            raise _unread("a column has a name that cannot be shown, or none")
    if len(set(names)) < len(names):
        raise _unread("two columns have the same name")


def _short(cells: Sequence[str], number: int) -> None:
    if any(len(cell) > MOST_CELL for cell in cells):
        raise _unread(f"row {number:,} has a cell of more than {MOST_CELL:,} signs")


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"

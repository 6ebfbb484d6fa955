"""A table is cut down to what was chosen, sign by sign; what can be read in two ways is read in none."""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.gateways import tables
from habeas.gateways.tables import ANYWHERE, Choice, Column, Form, Left, Table, cut, look

DAY, NEXT = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)
PLAIN = b"time,account,ip\n2026-09-01T10:00:00Z,a1,192.0.2.1\n2026-09-02T00:00:00Z,a1,192.0.2.2\n"


def here(
    function: str,
    terms: bytes,
    pieces: Iterable[bytes],
    give: Callable[[bytes], object],
    *,
    seconds: float,
    megabytes: int,
    readable: Sequence[Path] = (),
) -> bytes:
    """What the child runs, in this process: for what is read, and not for how it is confined."""
    module, _, name = function.partition(":")
    return bytes(getattr(importlib.import_module(module), name)(terms, iter(pieces), give))


def left_of(data: bytes, run: tables.Streamer = here, *, piece: int = 0, **chosen: Any) -> tuple[Left, bytes]:
    """What stays of a table, with what became of the rest. piece: it comes in pieces of so many bytes."""
    pieces = [data[at : at + piece] for at in range(0, len(data), piece)] if piece else [data]
    out = bytearray()
    return cut(pieces, Choice(**chosen), out.extend, run), bytes(out)


def said(data: bytes, **chosen: Any) -> str:
    """The sentence with which a table is refused, both to be looked at and to be cut down."""
    with pytest.raises(Refused) as refused:
        left_of(data, **{"keep": ("a",), **chosen})
    if not chosen:
        with pytest.raises(Refused) as looked:
            look([data], run=here)
        assert looked.value.sentence == refused.value.sentence
    assert "\n" not in refused.value.sentence
    return refused.value.sentence.removeprefix("this file cannot be read as a table: ")


# ---- what is seen ------------------------------------------------------------------------------------------


def test_of_a_table_its_columns_are_seen_and_no_cell_but_the_first_and_last_time() -> None:
    found = look([PLAIN], ["a1"])
    assert found == Table(
        rows=2,
        columns=(
            Column(name="time", form=Form.ZONED, first=DAY + timedelta(hours=10), last=NEXT),
            Column(name="account", named=2),
            Column(name="ip"),
        ),
    )
    assert found.columns[0].certain


@pytest.mark.parametrize(
    ("cells", "form", "certain"),
    [
        (["2026-09-01T10:00:00Z", "2026-09-01 12:00:00.5 +02:00"], Form.ZONED, True),
        (["2026-09-01T10:00:00Z", ""], Form.ZONED, False),
        (["2026-09-01T10:00:00Z", "2026-09-01T10:00:00"], Form.LOCAL, False),
        (["2026-09-01", "2026-09-30"], Form.DAY, False),
        (["1788256800", "1788256801"], Form.NUMBER, False),
        (["1788256800", "2026-09-01T10:00:00Z"], None, False),
        (["01/09/2026", "02/09/2026"], None, False),
        (["2026-09-31T10:00:00Z"], None, False),
        (["12345", "67890"], None, False),
    ],
)
def test_a_column_is_one_of_times_only_where_every_cell_is(
    cells: list[str], form: Form | None, certain: bool
) -> None:
    data = "\n".join(["x;t", *(f"1;{each}" for each in cells)]).encode()
    column = look([data], run=here).columns[1]
    assert (column.form, column.certain) == (form, certain)


def test_records_have_the_columns_that_any_of_them_has() -> None:
    data = b'{"t": "2026-09-01T10:00:00Z", "a": 1}\n\n{"b": null, "t": "2026-09-01T11:00:00Z"}\n'
    for text in (data, b"[" + data.replace(b"\n\n", b",\n") + b"]"):
        found = look([text], run=here)
        assert [(each.name, each.gaps) for each in found.columns] == [("t", False), ("a", True), ("b", True)]
        assert found.rows == 2


# ---- what stays --------------------------------------------------------------------------------------------


def test_columns_and_rows_that_were_not_chosen_are_gone_and_the_rest_is_as_it_came() -> None:
    data = (
        b'\xef\xbb\xbftime;account;"the ip";note\r\n'
        b'2026-09-01T00:00:00Z;a1;"192.0.2.1";=HYPERLINK("x")\r\n'.replace(b'=HYPERLINK("x")', b"=1+1")
        + b'2026-09-01T23:59:59.999Z;a1;192.0.2.2;"two\r\nlines; ""said"""\r\n'
        b"2026-09-02T00:00:00Z;a1;192.0.2.3;late\r\n"
        b"2026-08-31T23:59:59Z;a2;192.0.2.4;early, and of another\r\n"
        b"2026-09-01T12:00:00Z;a2;192.0.2.5;of another\r\n"
    )
    for piece in (0, 1, 7):
        left, out = left_of(
            data,
            piece=piece,
            keep=("note", "the ip"),
            time="time",
            start=DAY,
            end=NEXT,
            account="account",
            accounts=("a1",),
        )
        assert out == (
            b'\xef\xbb\xbf"the ip";note\r\n"192.0.2.1";=1+1\r\n192.0.2.2;"two\r\nlines; ""said"""\r\n'
        )
    assert left == Left(
        kept=("the ip", "note"),
        taken=("time", "account"),
        rows=2,
        outside=2,
        others=1,
        first=DAY,
        last=NEXT - timedelta(milliseconds=1),
    )


def test_cells_of_records_stay_as_they_were_written() -> None:
    data = (
        b'[ {"t":"2026-09-01T10:00:00Z", "n":1.00, "s":"\\u0041\\/","x":1e5},\n{"t":"2026-09-01T11:00:00Z"} ]'
    )
    _left, out = left_of(data, keep=("n", "s"), time="t", start=DAY, end=NEXT)
    assert out == b'[\n{"n": 1.00, "s": "\\u0041\\/"},\n{}\n]\n'
    lines = data[2:-2].replace(b"},\n{", b"}\n{")
    _left, out = left_of(lines, keep=("x",), piece=1)
    assert out == b'{"x": 1e5}\n{}\n'


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_a_table_in_utf_16_stays_one(codec: str) -> None:
    mark = "\ufeff"
    _left, out = left_of(f"{mark}a\tb\rü\t1\r".encode(codec), keep=("a",), piece=3)
    assert out == f"{mark}a\rü\r".encode(codec)


def test_a_lone_empty_cell_does_not_become_an_empty_line() -> None:
    assert left_of(b"a,b\n,1\nx,2\n", keep=("a",))[1] == b'a\n""\nx\n'


@pytest.mark.parametrize(
    ("cell", "zone", "stays"),
    [
        ("2026-09-01T00:00:00Z", "", True),
        ("2026-09-02T00:00:00Z", "", False),
        ("2026-09-02T01:59:59+02:00", "", True),
        ("2026-09-01T01:59:59+02:00", "", False),
        ("2026-09-01T23:59Z", "", True),  # a minute, all of it within
        ("2026-09-01T10:00:00", ANYWHERE, False),
        ("2026-09-01T14:00:00", ANYWHERE, False),  # noon of the next day is possible
        ("2026-09-01T02:00:00", "Europe/Paris", True),
        ("2026-09-01T01:59:59", "Europe/Paris", False),
        ("2026-09-01", "UTC", True),
        ("2026-09-01", "Europe/Paris", False),
        ("1788220800", "", True),
        ("1788220799.9", "", False),
        ("1788220800000", "", True),
        ("0001-01-01T00:00:00", ANYWHERE, False),
    ],
)
def test_a_row_stays_only_where_all_that_its_time_can_mean_lies_within(
    cell: str, zone: str, stays: bool
) -> None:
    data = f"t,a\n{cell},1\n2026-09-01T12:00:00Z,2\n".encode()
    left, _out = left_of(data, keep=("a",), time="t", zone=zone, start=DAY, end=NEXT)
    assert (left.rows, left.outside) == ((2, 0) if stays else (1, 1))


def test_a_time_without_zone_can_lie_within_longer_days_for_certain() -> None:
    data = b"t,a\n2026-09-02T00:00:00,1\n2026-09-01T13:00:00,2\n"
    left, out = left_of(data, keep=("a",), time="t", zone=ANYWHERE, start=DAY, end=NEXT + timedelta(days=1))
    assert (left.rows, left.outside, out) == (1, 1, b"a\n1\n")


def test_an_hour_that_a_clock_showed_twice_is_both() -> None:
    end = datetime(2026, 10, 25, 1, tzinfo=UTC)  # when Paris put its clocks back from three to two
    for cell, stays in (("2026-10-25T01:59:00", True), ("2026-10-25T02:30:00", False)):
        data = f"t,a\n{cell},1\n2026-10-24T12:00:00Z,2\n".encode()
        left, _out = left_of(data, keep=("a",), time="t", zone="Europe/Paris", end=end)
        assert left.rows == (2 if stays else 1)


def test_an_open_end_bounds_nothing() -> None:
    assert left_of(PLAIN, keep=("ip",), time="time", end=NEXT)[0].rows == 1
    assert left_of(PLAIN, keep=("ip",), time="time", start=NEXT)[0].rows == 1
    assert left_of(PLAIN, keep=("ip",), time="time")[0].rows == 2


# ---- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b" \n\n ", "it is empty"),
        (b"a,b\n", "it has no rows"),
        (b"[]", "it has no rows"),
        (b"a,b\n1,2\n3\n", "row 3 has 1 cell, and row 1 has 2"),
        (b"a,b\n1,2,3\n", "row 2 has 3 cells, and row 1 has 2"),
        (b"a,b\n1,2\n\n3,4\n", "row 3 is empty"),
        (b'a,b\n1,"2\n', "a quotation mark in row 2 is never closed"),
        (b'a,b\n1,2"x"\n', "a quotation mark stands where none may in row 2"),
        (b'a,b\n1,"2"x\n', "a quotation mark stands where none may in row 2"),
        (b'"a,b\n1,2\n', "a quotation mark in row 1 is never closed"),
        (b"a,b\r\n1,2\n3,4\r\n", "row 2 does not end as row 1 does"),
        (b"a,b\n1,2\r\n", "row 2 does not end as row 1 does"),
        (b"a,b;c\n1,2\n", "row 1 parts its columns with more than one sign"),
        (b"a,a\n1,2\n", "two columns have the same name"),
        (
            b"2026-09-01T10:00:00Z,1\n2026-09-01T10:00:00Z,2\n",
            "row 1 holds data and not the names of the columns",
        ),
        (b"a,somebody@host.example\n1,2\n", "row 1 holds data and not the names of the columns"),
        (b"a,192.0.2.1\n1,2\n", "row 1 holds data and not the names of the columns"),
        (b"a,b\x1b[31m\n1,2\n", "a column has a name that cannot be shown, or none"),
        (b"a,b\n1,\x00\n", "there are NUL signs in it, which no table has"),
        ("a,b\n1,2\n".encode("utf-16-le"), "there are NUL signs in it, which no table has"),
        (b"a,b\n1,\xff\n", "its signs are neither UTF-8 nor UTF-16"),
        (b"a,b\n1,\xc3", "its signs are neither UTF-8 nor UTF-16"),
        (b'{"a": {"b": 1}}', "row 1 holds a list or a record within the record"),
        (b'{"a": 1}\n{"a": [1]}', "row 2 holds a list or a record within the record"),
        (b'{"a": 1, "a": 2}', "row 1 names one column twice"),
        (b'{"a": 1, "\\u0061": 2}', "row 1 names one column twice"),
        (b'{"a": NaN}', "row 1 is no whole record"),
        (b'{"a": 01}', "row 1 is no whole record"),
        (b'{"a": "x\n"}', "row 1 is no whole record"),
        (b'{"a": 1', "row 1 is no whole record"),
        (b'{"": 1}', "a column has a name that cannot be shown, or none"),
        (b'{"\\ud800": 1}', "a column has a name that cannot be shown, or none"),
        (b'{"a": 1}\n2\n', "row 2 is no record"),
        (b'[{"a": 1}', "its list does not end"),
        (b'[{"a": 1} {"a": 2}]', "there is no comma before row 2"),
        (b'[{"a": 1},]', "row 2 is no record"),
        (b'[{"a": 1}] 2', "something stands behind the end of its list"),
        (b"[1, 2]", "row 1 is no record"),
    ],
)
def test_what_can_be_read_in_two_ways_or_none_is_refused_with_its_row(data: bytes, why: str) -> None:
    assert said(data) == why


@pytest.mark.parametrize(
    ("cell", "zone", "why"),
    [
        ("", "", "row 3 has no time in the column “t”"),
        ("yesterday", "UTC", "row 3 has a time that cannot be read in the column “t”"),
        ("01/09/2026", "UTC", "row 3 has a time that cannot be read in the column “t”"),
        ("2026-02-30", "UTC", "row 3 has a time that cannot be read in the column “t”"),
        ("2026-09-01T10:00:00+99:00", "UTC", "row 3 has a time that cannot be read in the column “t”"),
        ("2026-09-01T10:00:00", "", "row 3 has a time without a zone in the column “t”"),
        ("2026-09-01", "", "row 3 has a day without a zone in the column “t”"),
    ],
)
def test_a_time_that_cannot_be_read_or_has_no_zone_is_asked_about_and_never_passed(
    cell: str, zone: str, why: str
) -> None:
    data = f"t,a\n2026-09-01T10:00:00Z,1\n{cell},2\n".encode()
    assert said(data, time="t", zone=zone, start=DAY, end=NEXT) == why


def test_what_is_not_there_cannot_be_chosen_and_something_has_to_stay() -> None:
    assert said(PLAIN, keep=("nothing",)) == "there is no column “nothing” in this table"
    assert said(b'{"a": 1}', keep=("a", "b")) == "there is no column “b” in this table"
    assert said(PLAIN, keep=()) == "no column would stay"
    assert said(PLAIN, keep=("ip",), account="account", accounts=("a2",)) == (
        "no row would stay: 0 lie outside the days, 2 are of other accounts"
    )
    assert said(PLAIN, keep=("ip",), time="time", zone="Nowhere/There") == "this zone is not known here"


def endless(head: bytes, again: bytes) -> Iterator[bytes]:
    """A table that goes on and on, as long as somebody reads."""
    yield head
    while True:
        yield again * (1 + 65536 // len(again))


@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        (lambda: endless(b"a", b",b"), "row 1 is too long, or a quotation mark in it is never closed"),
        (lambda: endless(b"a,b\n1,", b"x"), "row 2 is too long, or a quotation mark in it is never closed"),
        (
            lambda: endless(b'a,b\n1,"', b"x\n"),
            "row 2 is too long, or a quotation mark in it is never closed",
        ),
        (lambda: endless(b'"', b"x\n"), "row 1 is too long, or a quotation mark in it is never closed"),
        (lambda: endless(b'{"a": "', b"x"), "row 1 is too long, or no whole record"),
        (lambda: endless(b"[", b" "), "there is nothing in it for too long"),
        (lambda: endless(b"", b"\n"), "there is nothing in it for too long"),
        (lambda: [b",".join(b"c%d" % n for n in range(1001))], "it has more than 1,000 columns"),
        (
            lambda: (b'{"c%d": 1, "d%d": 1, "e%d": 1}' % (n, n, n) for n in range(400)),
            "it has more than 1,000 columns",
        ),
        (
            lambda: [b"a,b\n1," + b"x" * (2**18 + 1) + b"\n"],
            "row 2 has a cell of more than 262,144 signs",
        ),
        (lambda: [b"n" * 201 + b",a\n1,2\n"], "the name of a column has more than 200 signs"),
    ],
)
def test_a_table_made_to_be_endless_is_refused_soon(
    pieces: Callable[[], Iterable[bytes]], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROW", 1 << 19)
    monkeypatch.setattr(tables, "MOST_CELL", 1 << 18)
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        look(pieces(), run=here)
    assert refused.value.sentence == f"this file cannot be read as a table: {why}"
    assert time.monotonic() - began < 10


# ---- how it is read ----------------------------------------------------------------------------------------


def test_a_table_is_read_where_nothing_else_can_be_reached() -> None:
    left, out = left_of(PLAIN, tables.confined.stream, keep=("ip",), time="time", start=DAY, end=NEXT)
    assert (left.rows, out) == (1, b"ip\n192.0.2.1\n")
    left, _out = left_of(
        b"t,a\n2026-09-01,1\n", tables.confined.stream, keep=("a",), time="t", zone="Asia/Tokyo"
    )
    assert left.first == datetime(2026, 8, 31, 15, tzinfo=UTC), "the zones of the machine can be read there"
    with pytest.raises(Refused, match="row 3 has 1 cell"):
        look([b"a,b\n1,2\n3\n"])


def test_a_long_table_streams_through_and_is_never_held() -> None:
    row = b"2026-09-01T10:00:00Z,a1,192.0.2.1\n"
    sizes: list[int] = []

    def pieces() -> Iterator[bytes]:
        yield b"time,account,ip\n"
        for _ in range(50):
            yield row * 1000

    left = cut(pieces(), Choice(keep=("time", "ip")), lambda piece: sizes.append(len(piece)))
    assert left.rows == 50_000
    assert sum(sizes) == len(b"time,ip\n") + 50_000 * (len(row) - 3)
    assert len(sizes) > 1
    assert max(sizes) <= 1 << 20


def test_a_file_longer_than_is_read_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 1024)
    with pytest.raises(Refused, match="it has more than"):
        look(endless(b"a,b\n", b"1,2\n"))


@pytest.mark.parametrize(
    "answer",
    [
        b"no table",
        b'{"rows": 1, "columns": [{"name": "' + b"n" * 300 + b'"}]}',
        b'{"rows": 1, "columns": [{"name": "a\\u001b[31m"}]}',
        b'{"rows": 1, "columns": ' + json.dumps([{"name": f"c{n}"} for n in range(1001)]).encode() + b"}",
    ],
)
def test_what_a_reader_that_was_taken_over_says_is_no_table(answer: bytes) -> None:
    with pytest.raises(Refused, match="what came out of it is no table"):
        look([PLAIN], run=lambda *_, **__: answer)


def test_a_reader_that_was_taken_over_keeps_no_other_column_than_was_chosen() -> None:
    answer = b'{"kept": ["ip", "account"], "taken": [], "rows": 2}'
    with pytest.raises(Refused, match="what came out of it is no table"):
        left_of(PLAIN, lambda *_, **__: answer, keep=("ip",))


# ---- for all tables ----------------------------------------------------------------------------------------

_CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)
_TIMES = st.datetimes(datetime(2026, 8, 31), datetime(2026, 9, 3)).flatmap(  # noqa: DTZ001
    lambda at: st.sampled_from(["Z", "+02:00", "-11:30", "+14:00"]).map(lambda zone: at.isoformat() + zone)
)


@st.composite
def _written(draw: st.DrawFn) -> tuple[bytes, list[str], list[dict[str, str]]]:
    """A table as an export writes it, the names of its columns, and what its rows say."""
    names = ["t", "who", *(f"c{n}" for n in range(draw(st.integers(1, 4))))]
    found = draw(
        st.lists(
            st.tuples(_TIMES, st.sampled_from(["a1", "a2", "=a1"]), *(_CELLS for _ in names[2:])),
            min_size=1,
            max_size=8,
        )
    )
    said = [dict(zip(names, each, strict=True)) for each in found]
    kind = draw(st.sampled_from(["csv", "list", "lines"]))
    if kind == "csv":
        text = io.StringIO()
        how = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        end = draw(st.sampled_from(["\n", "\r\n"]))
        writer = csv.writer(text, delimiter=draw(st.sampled_from(",;\t")), quoting=how, lineterminator=end)
        writer.writerow(names)
        writer.writerows(each.values() for each in said)
        return text.getvalue().encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))), names, said
    ascii_ = draw(st.booleans())
    if kind == "list":
        return json.dumps(said, ensure_ascii=ascii_).encode(), names, said
    return "\n".join(json.dumps(each, ensure_ascii=ascii_) for each in said).encode(), names, said


def _rows(data: bytes) -> list[dict[str, str]]:
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    if text.startswith("["):
        return list(json.loads(text))
    if text.startswith("{"):
        return [json.loads(line) for line in text.split("\n") if line]
    part = next((each for each in ",;\t" if each in text.splitlines()[0]), ",")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=part))


@settings(max_examples=80, deadline=None)
@given(_written(), st.data(), st.integers(1, 40))
def test_for_all_tables_nothing_stays_but_what_was_chosen_and_that_as_it_was(
    table: tuple[bytes, list[str], list[dict[str, str]]], more: st.DataObject, piece: int
) -> None:
    data, names, rows = table
    keep = more.draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    within = [DAY <= datetime.fromisoformat(each["t"]) < NEXT for each in rows]
    wanted = [
        {name: each[name] for name in names if name in keep}
        for each, stays in zip(rows, within, strict=True)
        if stays and each["who"] == "a1"
    ]
    chosen: dict[str, Any] = {
        "keep": tuple(keep),
        "time": "t",
        "start": DAY,
        "end": NEXT,
        "account": "who",
        "accounts": ("a1",),
    }
    if not wanted:
        assert said(data, **chosen).startswith("no row would stay")
        return
    left, out = left_of(data, piece=piece, **chosen)
    assert _rows(out) == wanted
    assert (left.rows, left.outside) == (len(wanted), within.count(False))
    assert left.rows + left.outside + left.others == len(rows)
    assert set(left.taken) == set(names) - set(keep)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200) | st.text(st.sampled_from('ab,;"\t\r\n{}[]:0\\ué'), max_size=60).map(str.encode)
)
def test_whatever_comes_it_is_a_table_or_one_plain_sentence(data: bytes) -> None:
    try:
        found: Table | Refused = look([data], run=here)
    except Refused as refused:
        found = refused
    if isinstance(found, Refused):
        assert "\n" not in found.sentence
        return
    names = tuple(each.name for each in found.columns)
    if not names:  # records that say nothing
        return
    left, _out = left_of(data, keep=names)
    assert (left.kept, left.taken, left.rows) == (names, (), found.rows)


def test_no_word_of_a_cell_stands_in_a_refusal() -> None:
    secret = os.urandom(8).hex()
    for data in (
        f"a,b\n{secret}\n",
        f'a,b\n1,{secret}"\n',
        f'{{"a": {{"{secret}": 1}}}}',
        f'{{"a": {secret}}}',
    ):
        assert secret not in said(data.encode())

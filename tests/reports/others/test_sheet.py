"""A file is read in the form its heading has, or refused with place and hint."""

from __future__ import annotations

import pytest

from habeas.errors import Refused
from habeas.reports.others import sheet
from habeas.reports.others.sheet import Column, Heading, Row, opened

LETTERS = Heading(
    title="letters by year",
    columns=(
        Column("year", ("year", "Calendar Year")),
        Column("count", ("count",)),
        Column("remark", ("remark",), needed=False),
    ),
)
BOXES = Heading(title="boxes", columns=(Column("box", ("box",)), Column("size", ("size",))))


def rows(data: bytes | str) -> list[Row | Refused]:
    _, found = opened(data.encode() if isinstance(data, str) else data, "t.csv", (LETTERS, BOXES))
    return list(found)


def refused(data: bytes | str) -> Refused:
    with pytest.raises(Refused) as caught:
        rows(data)
    assert caught.value.place.startswith("t.csv")
    assert caught.value.hint
    return caught.value


def values(row: Row | Refused) -> dict[str, str]:
    assert isinstance(row, Row)
    return dict(row.values)


@pytest.mark.parametrize(
    "data",
    [
        "year,count\n2025,7\n",
        "\ufeffyear,count\r\n2025,7\r\n",
        "\n\nCalendar  Year ,COUNT\n 2025 ,7 ",
        "year;count\n2025;7",
        "year\tcount\n2025\t7",
        '"year","count"\n"2025","7"\n\n\n',
        "year,count,,\n2025,7,,\n",
    ],
)
def test_editions_of_the_same_table_are_read_alike(data: str) -> None:
    (row,) = rows(data)
    assert values(row) == {"year": "2025", "count": "7"}


def test_the_form_is_told_by_the_heading() -> None:
    assert opened(b"size,box\n1,2", "t.csv", (LETTERS, BOXES))[0] is BOXES


def test_a_place_is_the_line_on_which_a_row_begins() -> None:
    one, two = rows('year,count,remark\n2024,1,"two\nlines"\n2025,2,\n')
    assert isinstance(one, Row)
    assert isinstance(two, Row)
    assert (one.place, two.place) == ("t.csv: line 2", "t.csv: line 4")


def test_a_comma_in_quotation_marks_is_part_of_the_cell() -> None:
    (row,) = rows('year,count\n2025,"1,234"')
    assert values(row)["count"] == "1,234"


@pytest.mark.parametrize(
    ("heading", "hint"),
    [
        ("year,count,product", "“product” is not known"),
        ("year,total", "“count” is missing; “total” is not known"),
        ("year,Calendar Year,count", "“year”, “Calendar Year” are not known"),
    ],
)
def test_a_heading_of_no_form_says_how_the_nearest_differs(heading: str, hint: str) -> None:
    wrong = refused(f"{heading}\n1,2,3\n")
    assert wrong.place == "t.csv: line 1"
    assert "letters by year" in wrong.hint
    assert hint in wrong.hint


def test_a_heading_that_is_near_to_nothing_is_told_what_is_read() -> None:
    assert refused("who,what\n1,2\n").hint == "read are: letters by year; boxes"


def test_a_column_that_stands_there_twice_is_refused() -> None:
    assert "“count” stands there twice" in refused("year,count,Count\n1,2,3").sentence


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        ("year,count\n2025,7".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04rest", "workbook"),
        (b"year,count\n2025,\xff", "not UTF-8"),
        (b"year,count\n2025,\x007", "zero byte"),
        (b'year,count\n2025,"7', "quotation marks"),
        (b'year,count\n2025,"7"x', "quotation marks"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, words: str) -> None:
    assert words in refused(data).sentence


def test_a_byte_that_is_no_text_is_placed_by_its_line() -> None:
    assert refused(b"year,count\n2024,1\n2025,\xff").place == "t.csv: line 3"


def test_a_file_too_large_is_refused_and_its_neighbour_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"year,count\n2025,7\n"
    monkeypatch.setattr(sheet, "MAX_BYTES", len(data))
    assert len(rows(data)) == 1
    assert "MiB" in refused(data + b"\n").sentence


def test_a_table_too_long_is_refused_and_its_neighbour_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_LINES", 3)
    assert len(rows("year,count\n2024,1\n2025,2\n")) == 2
    assert refused("year,count\n2024,1\n2025,2\n2026,3\n").place == "t.csv: line 4"


@pytest.mark.parametrize("line", ["2025", "2025,7,8,9", "2025," + "x" * (sheet.MAX_CELL + 1)])
def test_a_line_that_is_no_row_is_refused_and_loses_no_other(line: str) -> None:
    good, bad, other = rows(f"year,count\n2024,1\n{line}\n2026,3\n")
    assert isinstance(bad, Refused)
    assert bad.place == "t.csv: line 3"
    assert (values(good)["year"], values(other)["year"]) == ("2024", "2026")


def test_a_cell_that_cannot_be_read_names_line_and_column() -> None:
    (row,) = rows("year,count\n2025,many")
    assert isinstance(row, Row)
    with pytest.raises(Refused) as caught:
        row.number("count")
    assert caught.value.place == "t.csv: line 2, count"


def test_a_cell_that_has_to_say_something_is_not_empty() -> None:
    (row,) = rows("year,count\n2025,")
    assert isinstance(row, Row)
    assert row.text("year") == "2025"
    assert row.word("count") == ""
    with pytest.raises(Refused):
        row.text("count")


def test_a_period_may_stand_in_two_cells() -> None:
    row = Row(place="t.csv: line 2", values={"months": "Jul-Dec", "year": "2025"})
    assert str(row.months("months", "year")) == "2025 H2"
    with pytest.raises(Refused):
        row.months("year", "year")


def test_headings_are_compared_without_what_editions_differ_in() -> None:
    assert sheet.heading_word(" Users/Accounts  Specified ") == sheet.heading_word("users_accounts specified")
    assert sheet.heading_word("% with data") != sheet.heading_word("with data")

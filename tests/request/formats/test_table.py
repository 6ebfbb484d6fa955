"""A table of open cases: read strictly, line by line, and nothing in it is dropped in silence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.request import Category, Measure
from habeas.request.formats.table import COLUMNS, MAX_BYTES, MAX_LINES, Line, read_table

HEADING = "reference,requesting_state,instrument,measure,targets"
GOOD = "J3-17,FRA,uncc,stored-access,a@example.org"


def read(text: str) -> tuple[Line, ...]:
    return read_table(text.encode(), "t")


def refused(line: Line) -> Refused:
    assert line.refused is not None
    assert line.request is None
    return line.refused


def test_every_column_becomes_its_field() -> None:
    names = ",".join(each.name for each in COLUMNS)
    cells = (
        '"J3-17","fra","uncc","stored-access","Court of Example","2026-05-31","fraud","Art. 1; Art. 2",'
        '"He said ""no"",\nand left","fr","a@example.org; 192.0.2.1","content;traffic","2026-01-01",'
        '"2026-02-01","2026-12-01"'
    )
    (line,) = read(f"{names}\n{cells}\n")
    asked = line.request
    assert asked is not None, line.refused
    assert (asked.reference, asked.requesting_state, asked.instrument) == ("J3-17", "FRA", "uncc")
    assert (asked.measure, asked.language, asked.deadline) == (Measure.STORED_ACCESS, "fr", date(2026, 12, 1))
    assert asked.issuing is not None
    assert asked.issuing.name == "Court of Example"
    assert asked.received_on == date(2026, 5, 31)
    assert (asked.offences[0].label, asked.offences[0].citations) == ("fraud", ("Art. 1", "Art. 2"))
    assert asked.facts == 'He said "no",\nand left'
    assert [target.identifiers[0].value for target in asked.targets] == ["a@example.org", "192.0.2.1"]
    for target in asked.targets:
        assert [item.category for item in target.items] == [Category.CONTENT, Category.TRAFFIC]
        assert all(item.period is not None and item.period.days == 32 for item in target.items)


def test_a_column_there_may_be_and_is_not_there_is_not_stated() -> None:
    (line,) = read(f"{HEADING}\n{GOOD}")
    assert line.request is not None
    (target,) = line.request.targets
    assert (target.items, line.request.issuing, line.request.offences) == ((), None, ())


def test_data_asked_about_nobody_stay_visible() -> None:
    nobody = GOOD.replace("a@example.org", "")
    asked, asks_nothing = read(f"{HEADING},category\n{nobody},content\n{nobody},\n")
    assert asked.request is not None
    assert [target.identifiers for target in asked.request.targets] == [()]
    assert refused(asks_nothing).place == "line 3, targets"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_separators_and_line_ends_of_common_programs_are_read(separator: str, end: str) -> None:
    text = end.join([HEADING, GOOD, GOOD.replace("17", "18")]).replace(",", separator)
    assert [line.request is not None for line in read(text)] == [True, True]


def test_a_mark_of_byte_order_and_empty_lines_disturb_nothing() -> None:
    lines = read_table(b"\xef\xbb\xbf" + f"{HEADING}\n\n{GOOD}\n\n".encode(), "t")
    assert [line.number for line in lines] == [3]


def test_a_bad_line_loses_no_other_and_says_where_it_is() -> None:
    lines = read(f"{HEADING}\n{GOOD}\nJ3-18,FR,uncc,stored-access,a\nJ3-19,FRA,uncc,steal,a\n{GOOD}\n")
    assert [line.request is not None for line in lines] == [True, False, False, True]
    assert refused(lines[1]).place == "line 3, requesting_state"
    assert refused(lines[2]).place == "line 4, measure"
    assert "stored-access" in refused(lines[2]).hint


@pytest.mark.parametrize(
    ("more", "cell", "place"),
    [
        ("received_on", "31.05.2026", "received_on"),
        ("deadline", "soon", "deadline"),
        ("category", "everything", "category"),
        ("category,period_start", "content,yesterday", "period_start"),
        ("category,period_end", "content,yesterday", "period_end"),
        ("period_start", "2026-01-01", "category"),
        ("language", "in French", "language"),
        ("issuing", "a\u202eb", "issuing"),
    ],
)
def test_a_cell_that_cannot_be_is_refused_at_its_column(more: str, cell: str, place: str) -> None:
    (line,) = read(f"{HEADING},{more}\n{GOOD},{cell}\n")
    assert refused(line).place == f"line 2, {place}"


def test_what_deserves_a_second_look_names_its_column() -> None:
    (line,) = read(f"{HEADING},offence\n{GOOD},a\u202eb\n")
    assert line.request is not None
    assert [each.place for each in line.notices] == ["offence"]


@pytest.mark.parametrize("column", ["reference", "requesting_state", "instrument", "measure"])
def test_a_needed_cell_is_not_empty(column: str) -> None:
    place = HEADING.split(",").index(column)
    cells = [cell if number != place else " " for number, cell in enumerate(GOOD.split(","))]
    (line,) = read(f"{HEADING}\n{','.join(cells)}\n")
    assert refused(line).place == f"line 2, {column}"


def test_a_line_with_another_number_of_cells_is_refused() -> None:
    lines = read(f"{HEADING}\n{GOOD},more\nJ3-18,FRA\n{GOOD}")
    assert refused(lines[0]).sentence == "this line has 6 cells and the heading 5"
    assert refused(lines[1]).sentence == "this line has 2 cells and the heading 5"
    assert lines[2].request is not None


def test_a_quotation_mark_inside_a_cell_loses_that_line_alone() -> None:
    lines = read(f'{HEADING}\nJ"3,FRA,uncc,stored-access,a\n"J3"-18,FRA,uncc,stored-access,a\n{GOOD}\n')
    assert [line.request is not None for line in lines] == [False, False, True]
    assert refused(lines[0]).sentence == "a quotation mark stands inside a cell"


def test_a_quotation_mark_never_closed_is_named_where_it_opens() -> None:
    lines = read(f'{HEADING}\n{GOOD}\n"J3-18,FRA,uncc,stored-access,a\n{GOOD}\n')
    assert [line.request is not None for line in lines] == [True, False]
    assert refused(lines[1]).place == "line 3"
    assert "never closed" in refused(lines[1]).sentence


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        (f"{HEADING},subject", "there is no column `subject`"),
        (f"{HEADING},goal", "there is no column `goal`"),
        (f"{HEADING},measure", "the column `measure` stands there twice"),
        ("reference,requesting_state,instrument", "the column `measure` is missing"),
    ],
)
def test_a_heading_that_is_not_ours_refuses_the_table(heading: str, says: str) -> None:
    with pytest.raises(Refused) as wrong:
        read(f"{heading}\n{GOOD}\n")
    assert wrong.value.sentence == says


def test_a_misspelt_column_is_told_its_name() -> None:
    with pytest.raises(Refused) as wrong:
        read(f"{HEADING},catgory\n{GOOD},a\n")
    assert wrong.value.hint == "did you mean `category`?"


def test_a_table_without_lines_is_refused() -> None:
    with pytest.raises(Refused, match="no line below the heading"):
        read(f"{HEADING}\n")


def test_a_table_as_large_as_may_be_is_read_and_a_larger_one_is_not() -> None:
    lines = [f"J3-{number},FRA,uncc,stored-access,a" for number in range(MAX_LINES)]
    assert len(read("\n".join([HEADING, *lines]))) == MAX_LINES
    with pytest.raises(Refused, match="more than 2000 lines"):
        read("\n".join([HEADING, *lines, GOOD]))
    with pytest.raises(Refused, match="more than 2 MiB"):
        read_table(b"x" * (MAX_BYTES + 1), "t")


def test_what_is_kept_beside_a_line_is_the_heading_and_that_line_alone() -> None:
    lines = read(f'{HEADING},facts\r\n{GOOD},"one\r\ntwo"\r\n{GOOD},three')
    assert lines[0].source == f'{HEADING},facts\r\n{GOOD},"one\r\ntwo"\r\n'.encode()
    assert lines[1].source == f"{HEADING},facts\r\n{GOOD},three".encode()
    (again,) = read_table(lines[1].source, "t")
    assert again.request is not None
    assert again.request.facts == "three"


def test_what_a_spreadsheet_would_compute_stays_text() -> None:
    (line,) = read(f'{HEADING},facts\n{GOOD},"=HYPERLINK(""http://example.org"")"\n')
    assert line.request is not None
    assert line.request.facts == '=HYPERLINK("http://example.org")'


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_whatever_stands_below_the_heading_is_refused_or_read(text: str) -> None:
    try:
        lines = read(f"{HEADING},facts\n{text}")
    except Refused:
        return
    assert all((line.request is None) != (line.refused is None) for line in lines)


@given(st.lists(st.text(alphabet='ab",;\n\r\t ', max_size=12).filter(str.strip), min_size=1, max_size=6))
def test_a_cell_in_quotation_marks_comes_back_as_it_was(facts: list[str]) -> None:
    rows = [
        '{},"{}"'.format(GOOD.replace("17", str(n)), each.replace('"', '""')) for n, each in enumerate(facts)
    ]
    lines = read("\n".join([f"{HEADING},facts", *rows]))
    assert [line.request.facts if line.request else line.refused for line in lines] == [
        each.strip() for each in facts
    ]

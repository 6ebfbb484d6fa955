"""Whichever form a file has, one bad line loses no good one, and no request counts twice."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.reports.others import FORMS, read_figures, read_file
from habeas.reports.others.sheet import Form, heading_word
from tests.reports.others import tables
from tests.reports.others.tables import APPLE, CROSS_BORDER, table

LINES = {
    "Apple, requests by half-year, country and type": (APPLE, "2020 H1,Japan,device,1,1,1,100,,,"),
    "Apple, national security in bands": (tables.BANDS, "2020 H1,Japan,NSLs,0,249,0,249"),
    "Google, requests for user data": (tables.USER_DATA, "2020-06-30,Japan,JP,All,1,100,1"),
    "Google, requests to remove content": (
        tables.REMOVALS,
        "January - June 2020,JP,Japan,Police,Other,1,1,1",
    ),
    "GitHub, requests received and disclosed": (tables.RECEIVED, "2020,civil subpoena,1,1"),
    "GitHub, cross-border requests by government": (CROSS_BORDER, "2020,Japan,JP,1"),
    "GitHub, government takedowns processed": (tables.TAKEDOWNS, "2020,Japan,JP,Local law,1,1,1,1"),
    "GitHub, national security letters and orders": (tables.LETTERS, "2020,Jan-Jun,Affected accounts,0-249"),
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.title)
def test_every_form_is_recognised_by_its_heading(form: Form) -> None:
    read = table(*LINES[form.title])
    assert (read.form, len(read.figures), read.refused) == (form.title, 1, ())


def test_no_heading_fits_two_forms() -> None:
    for one, other in combinations(FORMS, 2):
        words = [
            {heading_word(word) for column in form.columns for word in column.spelled}
            for form in (one, other)
        ]
        needed = [
            {heading_word(column.spelled[0]) for column in form.columns if column.needed}
            for form in (one, other)
        ]
        assert not (needed[0] <= words[1] and needed[1] <= words[0]), (one.title, other.title)


def test_one_bad_line_loses_no_good_one() -> None:
    read = table(CROSS_BORDER, "2025,France,FR,10", "2025,India,IN,many", "2025,Poland", "2025,Chile,CL,1")
    assert [figure.state for figure in read.figures] == ["FRA", "CHL"]
    assert [refused.place for refused in read.refused] == ["t.csv: line 3, requests", "t.csv: line 4"]


def test_a_line_that_stands_there_twice_counts_once() -> None:
    read = table(CROSS_BORDER, "2025,France,FR,10", "2025,FRANCE ,fr,11")
    assert [figure.requests for figure in read.figures] == [10]
    assert "t.csv: line 2" in read.refused[0].sentence
    assert read.refused[0].place == "t.csv: line 3"


def test_a_state_not_known_is_kept() -> None:
    read = table(CROSS_BORDER, "2025,Ruritania,,10")
    assert [(figure.state, figure.named, figure.requests) for figure in read.figures] == [
        (None, "Ruritania", 10)
    ]
    assert read.refused == ()


def test_a_heading_alone_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        table(CROSS_BORDER)
    assert "no line below" in caught.value.sentence


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        read_file(tmp_path / "none.csv")


@given(st.sampled_from(["", f"{CROSS_BORDER}\n", f"{APPLE}\n"]), st.binary(max_size=300))
def test_no_bytes_whatever_do_anything_but_be_refused_or_read(start: str, data: bytes) -> None:
    with suppress(Refused):
        read = read_figures(start.encode() + data, "t.csv")
        assert read.figures or read.refused


@given(st.lists(st.lists(st.text(max_size=8), min_size=4, max_size=4).map(",".join), max_size=5))
def test_no_line_is_dropped(lines: list[str]) -> None:
    lines = [line for line in lines if line.isprintable() and '"' not in line and line.strip(" ,")]
    if lines:
        read = table(CROSS_BORDER, *lines)
        assert len(read.figures) + len(read.refused) == len(lines)

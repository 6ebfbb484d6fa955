"""Cells as publishers write them; what could be read in two ways is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.reports.others import cells
from habeas.reports.others.model import Band, Number, Period, highest, lowest


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("0", 0),
        (" 42 ", 42),
        ("1,234", 1234),
        ("1,234,567", 1234567),
        ("11 000", 11000),
        ("11\u00a0000", 11000),
        ("12.0", 12),
        ("0-249", Band(0, 249)),
        ("0 – 249", Band(0, 249)),
        ("1,000-1,249", Band(1000, 1249)),
        ("11000 - 12000", Band(11000, 12000)),
        ("250 to 499", Band(250, 499)),
        ("7-7", 7),
        ("<10", Band(0, 9)),
        ("< 1", 0),
        ("Fewer than 10", Band(0, 9)),
        ("≤10", Band(0, 10)),
        (">10", Band(11, None)),
        ("1,000+", Band(1000, None)),
        ("", None),
        (" - ", None),
        ("N/A", None),
    ],
)
def test_a_number_is_read_as_it_is_meant(cell: str, meant: Number) -> None:
    assert cells.number(cell) == meant


@pytest.mark.parametrize(
    "cell",
    ["1.234", "1.000", "12,34", "1,2345", "-5", "1e3", "12.5", "57%", "many", "<0", "=1+1", "٣", "9" * 13],
)
def test_what_could_mean_something_else_is_refused(cell: str) -> None:
    with pytest.raises(Refused):
        cells.number(cell)


def test_a_band_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        cells.number("249-0")
    assert "ends before it begins" in caught.value.sentence


def test_a_refusal_shows_the_cell_short_and_harmless() -> None:
    with pytest.raises(Refused) as caught:
        cells.number("\x1b[2J" + "x" * 500)
    assert "\x1b" not in caught.value.sentence
    assert len(caught.value.sentence) < 120


@given(st.integers(0, 10**11))
def test_thousands_are_read_with_and_without_commas(number: int) -> None:
    assert cells.number(f"{number:,}") == cells.number(str(number)) == number


@pytest.mark.parametrize(
    ("cell", "printed"), [("57", "57"), ("57%", "57"), (" 57.5 % ", "57.5"), ("", ""), ("n/a", "")]
)
def test_a_percentage_is_kept_as_it_is_printed(cell: str, printed: str) -> None:
    assert cells.share(cell) == printed


@pytest.mark.parametrize("cell", ["101", "0,57", "-1", "all"])
def test_no_percentage_is_refused(cell: str) -> None:
    with pytest.raises(Refused):
        cells.share(cell)


@given(st.integers(1, 100_000), st.data(), st.integers(0, 2), st.booleans())
def test_the_band_of_a_percentage_always_holds_the_true_count(
    requests: int, data: st.DataObject, digits: int, cut_off: bool
) -> None:
    true = data.draw(st.integers(0, requests))
    scaled = 100 * true * 10**digits
    units = scaled // requests if cut_off else (2 * scaled + requests) // (2 * requests)
    whole, rest = divmod(units, 10**digits)
    printed = f"{whole}.{rest:0{digits}}" if digits else f"{whole}"
    found = cells.reckoned(requests, printed)
    assert found is not None
    most = highest(found)
    assert most is not None
    assert lowest(found) <= true <= most <= requests
    assert cells.agrees(requests, true, printed)


def test_a_percentage_of_few_requests_tells_the_count() -> None:
    assert cells.reckoned(1, "100") == 1
    assert cells.reckoned(50, "0") == 0
    assert cells.reckoned(4, "25") == 1


def test_a_percentage_of_many_requests_tells_a_band() -> None:
    assert cells.reckoned(1000, "57") == Band(561, 579)
    assert cells.reckoned(1000, "57.0") == Band(561, 579)
    assert cells.reckoned(1000, "57.5") == 575
    assert cells.reckoned(Band(100, 199), "50") == Band(50, 101)
    assert cells.reckoned(Band(100, None), "50") == Band(50, None)


def test_nothing_is_reckoned_from_what_is_not_published_or_cannot_be() -> None:
    assert cells.reckoned(None, "57") is None
    assert cells.reckoned(10, "") is None
    assert cells.reckoned(3, "50") is None


def test_a_share_that_its_counts_do_not_have_is_noticed() -> None:
    assert not cells.agrees(100, 40, "57")
    assert cells.agrees(100, 57, "57.0")
    assert cells.agrees(0, 0, "100")
    assert cells.agrees(Band(0, 9), 3, "57")


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("2013 H1", Period(2013, 1)),
        ("2013H2", Period(2013, 2)),
        ("2013-H2", Period(2013, 2)),
        ("January - June 2011", Period(2011, 1)),
        ("July – December 2025", Period(2025, 2)),
        ("Jul-Dec 2025", Period(2025, 2)),
        ("2019", Period(2019)),
    ],
)
def test_a_period_is_read(cell: str, meant: Period) -> None:
    assert cells.period(cell) == meant


@pytest.mark.parametrize("cell", ["", "2013 H3", "January - July 2011", "1066", "2013-14", "Q1 2013", "٢٠١٣"])
def test_no_period_is_refused(cell: str) -> None:
    with pytest.raises(Refused):
        cells.period(cell)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("2010-06-30", Period(2010, 1)),
        ("2010-12-31T00:00:00", Period(2010, 2)),
        ("6/30/2010", Period(2010, 1)),
        ("30/06/2010", Period(2010, 1)),
        ("31/12/09", Period(2009, 2)),
        ("12/31/2019", Period(2019, 2)),
    ],
)
def test_the_last_day_of_a_half_year_names_it(cell: str, meant: Period) -> None:
    assert cells.period_ending(cell) == meant


@pytest.mark.parametrize("cell", ["2010-06-29", "1/7/2010", "2010-03-31", "30.06.2010", "", "31/12/1066"])
def test_another_day_names_no_half_year(cell: str) -> None:
    with pytest.raises(Refused):
        cells.period_ending(cell)

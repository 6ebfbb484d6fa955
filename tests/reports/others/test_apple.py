"""Apple's tables: each type counts its own thing, and bands stay bands."""

from __future__ import annotations

from collections import Counter

import pytest

from habeas.reports.others import Band, Group, Period, Whose, read_file
from habeas.reports.others.apple import TYPES
from tests import published
from tests.reports.others.tables import APPLE, BANDS, one, refused


def test_a_line_about_devices_is_read_whole() -> None:
    figure = one(APPLE, '2020 H1,Türkiye,device,"1,000",1500,590,59.0,,,')
    assert (figure.publisher, figure.period, figure.state) == ("Apple", Period(2020, 1), "TUR")
    assert (figure.type, figure.group) == ("device", Group.DEVICES)
    assert figure.numbers == (1000, 1500, 590)
    assert (figure.share, figure.notes, figure.place) == ("59.0", (), "t.csv: line 2")
    assert "devices" in figure.counting.accounts


def test_requests_about_accounts_gave_content_or_other_data() -> None:
    figure = one(APPLE, "2020 H1,Japan,account,10,30,,70.0,4,3,")
    assert figure.with_data == 7
    assert figure.notes == ()


def test_a_percentage_against_its_counts_is_noted_and_changes_none() -> None:
    figure = one(APPLE, "2020 H1,Japan,account,10,30,,90.0,4,3,")
    assert figure.with_data == 7
    assert "90.0 %" in figure.notes[0]


def test_a_missing_part_of_the_sum_leaves_it_unpublished() -> None:
    assert one(APPLE, "2020 H1,Japan,account,10,30,,70.0,4,,").with_data is None


@pytest.mark.parametrize("kind", ["account_preservation", "account_restriction_deletion"])
def test_keeping_and_deleting_is_no_disclosure(kind: str) -> None:
    figure = one(APPLE, f"2020 H1,Japan,{kind},10,30,,,,,8")
    assert figure.with_data is None
    assert figure.counting.with_data == ""


def test_blanks_around_a_type_and_capitals_change_nothing() -> None:
    figure = one(APPLE, "2020 H1,Japan,Push_Token  ,1,1,1,100,,,")
    assert (figure.type, figure.group) == ("Push_Token", Group.PUSH)


def test_a_type_not_described_here_is_kept_as_something_else() -> None:
    figure = one(APPLE, "2020 H1,Japan,telepathy,1,1,1,100,,,")
    assert (figure.type, figure.group, figure.requests) == ("telepathy", Group.OTHER, 1)


def test_no_two_types_count_the_same() -> None:
    keys = [counting.key for _, counting in TYPES.values()]
    assert len(set(keys)) == len(keys)
    assert not any(counting.whole for _, counting in TYPES.values())


def test_a_band_stays_a_band() -> None:
    figure = one(BANDS, "2014 H1,United States of America,NSLs,250,499,2,2")
    assert (figure.requests, figure.accounts, figure.with_data) == (Band(250, 499), 2, None)
    assert (figure.state, figure.group) == ("USA", Group.NATIONAL_SECURITY)


def test_another_category_of_the_band_table_is_not_called_national_security() -> None:
    assert one(BANDS, "2022 H1,United Kingdom,Content,0,499,0,499").group is Group.OTHER


def test_bands_not_published_are_none() -> None:
    assert one(BANDS, "2022 H1,United Kingdom,Content,,,0,499").requests is None


@pytest.mark.parametrize("cells", ["499,0", "0,", ",499", "0-9,499"])
def test_two_cells_that_are_no_ends_of_a_band_are_refused(cells: str) -> None:
    assert refused(BANDS, f"2014 H1,Japan,NSLs,{cells},0,249").place == "t.csv: line 2, requests_low"


@published.APPLE.needed
def test_every_line_that_apple_published_is_read() -> None:
    requests = read_file(published.APPLE.path("apple_requests.csv"))
    bands = read_file(published.APPLE.path("apple_national_security_bands.csv"))
    assert (len(requests.figures), len(bands.figures)) == (4731, 62)
    for figure in (*requests.figures, *bands.figures):
        assert (figure.whose, figure.notes) == (Whose.STATE, ())
        assert figure.group is not Group.OTHER or figure.type in (
            "digital_content_provider",
            "Content",
            "Non-Content",
        )
    assert requests.refused == bands.refused == ()
    types = Counter(figure.type for figure in requests.figures)
    assert types["account"] == sum(
        figure.with_data is not None for figure in requests.figures if figure.type == "account"
    )

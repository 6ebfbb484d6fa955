"""Google's tables: a percentage becomes a band and says so, and a removal is no disclosure."""

from __future__ import annotations

from habeas.reports.others import Band, Group, Period, Whose, read_figures, read_file
from habeas.reports.others.google import NO_SUCH_SHARE, NOT_SPLIT, PROCESSES, RECKONED
from tests import published
from tests.reports.others.tables import REMOVALS, USER_DATA, one, refused, table


def test_a_count_known_by_percentage_is_a_band_and_says_so() -> None:
    figure = one(USER_DATA, '6/30/2016,Germany,DE,Subpoenas ,"1,000",57%,1500')
    assert (figure.period, figure.state, figure.code) == (Period(2016, 1), "DEU", "DE")
    assert (figure.type, figure.group) == ("Subpoenas", Group.SUBPOENA)
    assert figure.numbers == (1000, 1500, Band(561, 579))
    assert (figure.share, figure.notes) == ("57", (RECKONED,))


def test_no_percentage_leaves_the_count_unpublished() -> None:
    figure = one(USER_DATA, "31/12/09,Argentina,AR,All,98,,")
    assert figure.numbers == (98, None, None)
    assert (figure.group, figure.notes) == (Group.DATA, ())


def test_a_percentage_that_no_count_has_is_noted() -> None:
    figure = one(USER_DATA, "2016-06-30,Germany,DE,All,3,50,3")
    assert (figure.with_data, figure.notes) == (None, (NO_SUCH_SHARE,))


def test_the_older_heading_without_process_and_code_is_read() -> None:
    figure = one(
        "Period Ending,Country,User Data Requests,"
        "Percentage of requests where some data produced,Users/Accounts Specified",
        "2010-12-31,United Kingdom,1162,72,1470",
    )
    assert (figure.type, figure.group, figure.state) == (NOT_SPLIT, Group.DATA, "GBR")


def test_a_blank_process_where_there_is_such_a_column_is_refused() -> None:
    assert refused(USER_DATA, "2016-06-30,Germany,DE, ,3,50,3").place == "t.csv: line 2, process"


def test_the_sum_and_its_parts_are_lines_that_are_never_added() -> None:
    read = table(USER_DATA, "2016-06-30,Germany,DE,All,3,,", "2016-06-30,Germany,DE,Subpoenas,3,,")
    assert len(read.figures) == 2
    assert not any(figure.counting.whole for figure in read.figures)


def test_every_process_has_a_plain_group() -> None:
    assert Group.OTHER not in PROCESSES.values()
    assert one(USER_DATA, "2016-06-30,Germany,DE,Smoke signals,3,,").group is Group.OTHER


def test_removals_name_items_and_disclose_nothing() -> None:
    figure = one(REMOVALS, "January - June 2011,AR,Argentina,Judicial,Defamation,10,39,39")
    assert (figure.period, figure.state, figure.group) == (Period(2011, 1), "ARG", Group.REMOVAL)
    assert (figure.type, figure.numbers) == ("Judicial: Defamation", (10, 39, None))
    assert figure.counting.with_data == ""
    assert "no accounts" in figure.counting.accounts


def test_an_organisation_is_kept_and_is_no_state() -> None:
    figure = one(REMOVALS, "January - June 2011,EUROPOL,UNKNOWN,Police,Other,1,4,4")
    assert (figure.state, figure.whose, figure.requests) == (None, Whose.TOGETHER, 1)


@published.GOOGLE.needed
def test_every_removal_that_google_published_is_read() -> None:
    file = published.GOOGLE.path(*published.GOOGLE.parts)
    read = read_file(file)
    assert (len(read.figures), read.refused) == (16844, ())
    left = [figure for figure in read.figures if figure.whose is not Whose.STATE]
    assert sorted({(figure.named, figure.code) for figure in left}) == [
        ("UNKNOWN", ""),
        ("UNKNOWN", "EUROPOL"),
        ("UNKNOWN", "INTERPOL"),
        ("UNKNOWN", "UK"),
    ]
    assert len(left) == 15
    assert not any(figure.notes for figure in read.figures)
    assert read == read_figures(file.read_bytes(), str(file)), "the same bytes, the same figures"

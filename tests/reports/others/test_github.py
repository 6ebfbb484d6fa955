"""GitHub's tables: years stay years, and a table that names no country names no state."""

from __future__ import annotations

import pytest

from habeas.reports.others import Band, Group, Period, Whose, read_file
from tests import published
from tests.reports.others.tables import (
    CROSS_BORDER,
    LETTERS,
    RECEIVED,
    TAKEDOWNS,
    one,
    refused,
)


def test_requests_from_abroad_stand_under_the_government_that_asked() -> None:
    figure = one(CROSS_BORDER, "2025,Korea,KR,3")
    assert (figure.state, figure.period, figure.group) == ("KOR", Period(2025), Group.CROSS_BORDER)
    assert figure.numbers == (3, None, None)


def test_a_korea_without_a_code_is_kept_and_is_nobody() -> None:
    figure = one(CROSS_BORDER, "2025,Korea,,3")
    assert (figure.state, figure.whose, figure.requests) == (None, Whose.UNKNOWN, 3)
    assert "KOR, PRK" in figure.unmapped


def test_requests_of_all_countries_are_no_states() -> None:
    figure = one(RECEIVED, "2025,criminal search warrant ,35,34")
    assert (figure.state, figure.whose) == (None, Whose.TOGETHER)
    assert (figure.type, figure.group) == ("criminal search warrant", Group.WARRANT)
    assert figure.numbers == (35, None, 34)


def test_more_disclosed_than_received_is_noted() -> None:
    assert one(RECEIVED, "2021,civil subpoena,5,9").notes
    assert one(RECEIVED, "2021,civil subpoena,9,5").notes == ()


def test_a_takedown_is_no_request_for_data() -> None:
    figure = one(TAKEDOWNS, "2024,India,IN,Terms of service,1,2,3,4")
    assert (figure.state, figure.group, figure.numbers) == ("IND", Group.REMOVAL, (1, 4, None))


def test_letters_and_the_accounts_they_affect_are_apart() -> None:
    letters = one(LETTERS, "2025,Jul-Dec,National security letters and orders received,0-249")
    accounts = one(LETTERS, '2025,Jul-Dec,Affected accounts,"1,000-1,249"')
    assert letters.numbers == (Band(0, 249), None, None)
    assert accounts.numbers == (None, Band(1000, 1249), None)
    assert letters.state == accounts.state == "USA"
    assert letters.period == accounts.period == Period(2025, 2)
    assert letters.counting.key != accounts.counting.key


def test_other_months_are_refused() -> None:
    assert refused(LETTERS, "2025,Mar-Apr,Affected accounts,0-249").place == "t.csv: line 2, months"


@published.GITHUB.needed
@pytest.mark.parametrize(
    ("name", "lines", "states"),
    [
        ("cross_border_data_requests.csv", 70, 70),
        ("government_takedowns_processed.csv", 22, 22),
        ("national_security_letters_and_orders.csv", 48, 48),
        ("requests_received_and_disclosed.csv", 26, 0),
    ],
)
def test_every_line_that_github_published_is_read(name: str, lines: int, states: int) -> None:
    read = read_file(published.GITHUB.path(name))
    assert (len(read.figures), read.refused) == (lines, ())
    assert sum(figure.state is not None for figure in read.figures) == states
    assert not any(figure.whose is Whose.UNKNOWN for figure in read.figures)
    assert not any(figure.group is Group.OTHER for figure in read.figures)

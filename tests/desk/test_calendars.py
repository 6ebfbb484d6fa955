"""Working days come from a named source, and holidays nobody put on file are never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.desk.calendars import Calendar, calendar, calendar_of, read_calendars, shipped
from habeas.errors import Refused

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
ZAGREB = """
[[calendar]]
id = "zagreb"
weekend = [5, 6]
holidays = [2027-01-01, 2027-01-06, 2027-05-30]
complete = [2027]
states = ["HRV"]
source = "an office calendar, for the test"
"""


def test_no_shipped_calendar_claims_to_know_a_holiday() -> None:
    assert all(not each.holidays and not each.complete for each in shipped())


def test_every_shipped_calendar_has_a_source_and_a_state_stands_in_one_only() -> None:
    states = [state for each in shipped() for state in each.states]
    assert len(states) == len(set(states))
    assert all(each.source for each in shipped())


def test_friday_and_saturday_are_the_weekend_in_jordan_and_sunday_is_not() -> None:
    jordan = calendar_of("JOR")
    friday, saturday, sunday = date(2027, 3, 5), date(2027, 3, 6), date(2027, 3, 7)
    assert [jordan.working(day) for day in (friday, saturday, sunday)] == [False, False, True]
    assert jordan.on_or_after(friday) == sunday


def test_a_state_nobody_names_has_the_weekend_of_most() -> None:
    assert calendar_of("HRV") == calendar("sat-sun")


def test_a_calendar_says_for_which_years_holidays_are_not_on_file() -> None:
    assert calendar("sat-sun").describe([2027, 2026]) == (
        "weekend: Saturday, Sunday; public holidays of 2026, 2027 not on file"
    )


def test_a_house_adds_its_own_calendar_and_it_goes_before_a_shipped_one() -> None:
    own = read_calendars(ZAGREB)
    found = calendar_of("HRV", own=own)
    assert found.id == "zagreb"
    assert not found.working(date(2027, 1, 6))
    assert calendar("zagreb", own=own) == found
    assert found.describe([2027]) == "weekend: Saturday, Sunday"
    assert found.describe([2027, 2028]) == "weekend: Saturday, Sunday; public holidays of 2028 not on file"


@pytest.mark.parametrize("weekend", [frozenset(range(7)), frozenset({7}), frozenset({-1})])
def test_a_week_without_a_working_day_is_refused(weekend: frozenset[int]) -> None:
    with pytest.raises(Refused) as refused:
        Calendar(id="never", weekend=weekend, source="test")
    assert refused.value.place == "weekend"


def test_six_days_off_are_not_refused() -> None:
    assert Calendar(id="tuesdays", weekend=frozenset({0, 2, 3, 4, 5, 6}), source="test").working(
        date(2027, 3, 2)
    )


def test_a_calendar_nobody_has_is_refused_with_those_on_file() -> None:
    with pytest.raises(Refused) as refused:
        calendar("moon")
    assert "sat-sun" in refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "[[calendar]",
        "",
        '[[calendar]]\nid = "a"\nweekend = [5]',
        '[[calendar]]\nid = "a"\nweekend = [5]\nsource = ""',
        '[[calendar]]\nid = "a"\nweekend = [5]\nsource = "x"\nholiday = [2027-01-01]',
        '[[calendar]]\nid = "a"\nweekend = [0, 1, 2, 3, 4, 5, 6]\nsource = "x"',
        ZAGREB + ZAGREB,
    ],
    ids=["no-toml", "empty", "no-source", "empty-source", "unknown-key", "no-working-day", "twice"],
)
def test_a_faulty_calendar_file_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_calendars(text, place="own.toml")
    assert refused.value.place.startswith("own.toml")


@given(DAYS, st.sampled_from(shipped()))
def test_the_next_working_day_is_the_first_that_works(day: date, each: Calendar) -> None:
    found = each.on_or_after(day)
    assert each.working(found)
    assert found >= day
    assert each.between(day, found) == (found > day)


@given(DAYS, DAYS, DAYS, st.sampled_from(shipped()))
def test_working_days_of_two_spans_that_touch_add_up(a: date, b: date, c: date, each: Calendar) -> None:
    a, b, c = sorted((a, b, c))
    b = min(b, date.fromordinal(a.toordinal() + 400))
    c = min(c, date.fromordinal(b.toordinal() + 400))
    assert each.between(a, b) + each.between(b, c) == each.between(a, c)

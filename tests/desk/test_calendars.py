"""Working days come from a named source, and what nobody put on file is a question and never a guess."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.desk.calendars import Calendar, Holiday, calendar, days, lines, shipped
from habeas.errors import Refused

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
EPIPHANY = Holiday(date(2027, 1, 6), "Epiphany")
OWN = Calendar(
    id="HRV",
    state="HRV",
    weekend=(5, 6),
    holidays=(Holiday(date(2027, 1, 1), "New Year"), EPIPHANY, Holiday(date(2027, 5, 30), "Statehood Day")),
    worked=(Holiday(date(2027, 1, 9), "worked by order"),),
    complete=(2027,),
    doubts=("2028: the almanac ends",),
    source="an almanac, for the test",
)


def test_no_shipped_calendar_claims_to_know_a_holiday() -> None:
    assert all(not each.holidays and not each.complete and each.source for each in shipped())
    assert len({each.id for each in shipped()}) == len(shipped())


def test_friday_and_saturday_can_be_the_weekend_and_sunday_is_worked_then() -> None:
    found = calendar("fri-sat")
    friday, saturday, sunday = date(2027, 3, 5), date(2027, 3, 6), date(2027, 3, 7)
    assert [found.working(day) for day in (friday, saturday, sunday)] == [False, False, True]
    assert found.on_or_after(friday) == sunday


def test_a_calendar_says_for_which_years_holidays_are_not_on_file_and_why() -> None:
    assert calendar("sat-sun").unknown([2027, 2026]) == (2026, 2027)
    assert calendar("sat-sun").describe() == "weekend: Saturday, Sunday; no public holidays"
    assert (OWN.unknown([2027, 2028]), OWN.why_unknown([2027, 2028])) == (
        (2028,),
        ("2028: the almanac ends",),
    )
    checked = msgspec.structs.replace(OWN, checked=(2028,))
    assert (checked.unknown([2027, 2028]), checked.why_unknown([2028])) == ((), ())


def test_a_calendar_names_whose_holidays_it_has() -> None:
    assert OWN.describe() == "weekend: Saturday, Sunday; public holidays of HRV"
    assert "public holidays of HRV, 21" in msgspec.structs.replace(OWN, part="21").describe()
    assert "HRV, without those of its parts" in msgspec.structs.replace(OWN, parted=True).describe()


def test_holidays_are_off_and_a_weekend_day_worked_by_order_is_not() -> None:
    assert not OWN.working(EPIPHANY.day)
    assert OWN.working(date(2027, 1, 9))  # a Saturday
    assert not OWN.working(date(2027, 1, 10))
    assert OWN.off(date(2026, 12, 31), EPIPHANY.day) == OWN.holidays[:2]
    assert OWN.off(date(2027, 5, 1), date(2027, 6, 1)) == ()  # the Statehood Day is a Sunday


def test_single_days_are_added_struck_and_closed_by_the_house() -> None:
    mourning, closed = Holiday(date(2027, 3, 5), "mourning"), Holiday(date(2027, 3, 8), "the house is closed")
    found = msgspec.structs.replace(OWN, added=(mourning,), struck=(EPIPHANY,), closed=(closed,))
    assert [found.working(each.day) for each in (mourning, EPIPHANY, closed)] == [False, True, False]
    assert msgspec.structs.replace(found, closed=()).working(closed.day)


def test_a_day_that_is_on_no_list_cannot_be_struck() -> None:
    with pytest.raises(Refused) as refused:
        msgspec.structs.replace(OWN, struck=(Holiday(date(2027, 1, 7), "worked"),))
    assert refused.value.place == "calendar: struck"


def test_a_year_nobody_can_have_checked_is_refused() -> None:
    with pytest.raises(Refused):
        msgspec.structs.replace(OWN, checked=(20277,))


@pytest.mark.parametrize("weekend", [tuple(range(7)), (7,), (-1,)])
def test_a_week_without_a_working_day_is_refused(weekend: tuple[int, ...]) -> None:
    with pytest.raises(Refused) as refused:
        Calendar(id="never", weekend=weekend, source="test")
    assert refused.value.place == "weekend"


def test_six_days_off_are_not_refused() -> None:
    assert Calendar(id="tuesdays", weekend=(0, 2, 3, 4, 5, 6), source="test").working(date(2027, 3, 2))


def test_a_calendar_nobody_has_is_refused_with_those_on_file() -> None:
    with pytest.raises(Refused) as refused:
        calendar("moon")
    assert "sat-sun" in refused.value.hint
    assert calendar(OWN) is OWN


def test_days_are_read_as_they_are_written() -> None:
    found = days(["2027-03-05 mourning", " ", "2027-01-07  the house is closed "], "closed")
    assert found == (Holiday(date(2027, 1, 7), "the house is closed"), Holiday(date(2027, 3, 5), "mourning"))
    assert days(lines(found), "closed") == found
    assert lines([Holiday(date(2027, 3, 10), "Eid", True)]) == ("2027-03-10 Eid (estimated)",)


@pytest.mark.parametrize(
    "text", ["tomorrow closed", "2027-02-30 closed", "2027-03-05", "2027-03-05 a\n2027-03-05 b"]
)
def test_a_day_that_is_none_or_has_no_reason_or_comes_twice_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        days(text.splitlines(), "closed")
    assert refused.value.place == "closed"


@given(DAYS, st.sampled_from([*shipped(), OWN]))
def test_the_next_working_day_is_the_first_that_works(day: date, each: Calendar) -> None:
    found = each.on_or_after(day)
    assert each.working(found)
    assert found >= day
    assert each.between(day, found) == (found > day)


@given(DAYS, DAYS, DAYS, st.sampled_from([*shipped(), OWN]))
def test_working_days_of_two_spans_that_touch_add_up(a: date, b: date, c: date, each: Calendar) -> None:
    a, b, c = sorted((a, b, c))
    b = min(b, date.fromordinal(a.toordinal() + 400))
    c = min(c, date.fromordinal(b.toordinal() + 400))
    assert each.between(a, b) + each.between(b, c) == each.between(a, c)

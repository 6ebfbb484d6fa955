"""The public holidays of real states, as the library gives them: the limits of the seats, worked out by hand.

Days were compared with what the states themselves announced for these years where this is said; where the
library is the only source, only its form is tested.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime

import msgspec
import pytest

from habeas.desk.calendars import ORDINARY, Calendar, Holiday, calendar
from habeas.desk.clocks import Limit, Moment, Reckoning, Task, limit_on_file, reckon
from habeas.errors import Refused
from habeas.gateways import almanac
from habeas.treaty import Bound, Certainty, Unit, law

TODAY = date(2026, 11, 22)


def _working(amount: int) -> Limit:
    return Limit(
        id="days", cite="house", certainty=Certainty.POLICY, bound=Bound.NOT_AFTER, start="begun",
        rule="A rule.", task=Task.WARN_DUE, amount=amount, unit=Unit.WORKING_DAYS,
    )  # fmt: skip


def _reckoned(limit: Limit, kept: Calendar, start: str, zone: str) -> Reckoning:
    at = datetime.fromisoformat(f"{start} 12:00+00:00").astimezone(UTC)
    return reckon(limit, Moment(at, zone), calendar=kept, zone=zone)


def _end(found: Reckoning) -> str:
    return next(line.value for line in found.sum if line.label in ("not after", "not before"))


@pytest.mark.parametrize(
    ("place", "zone", "start", "days", "end", "left_out"),
    [
        # Bern: New Year Fri 1, Berchtold's Day Sat 2; Mon 4, Tue 5
        ("CHE-BE", "Europe/Zurich", "2026-12-31", 2, "5 January 2027", {"2027-01-01"}),
        # Good Friday 26 March and Easter Monday 29 March 2027: Tue 30
        ("CHE-BE", "Europe/Zurich", "2027-03-25", 1, "30 March 2027", {"2027-03-26", "2027-03-29"}),
        ("GBR-ENG", "Europe/London", "2027-03-25", 1, "30 March 2027", {"2027-03-26", "2027-03-29"}),
        ("GBR-SCT", "Europe/London", "2027-03-25", 1, "29 March 2027", {"2027-03-26"}),
        # England: Christmas on a Saturday is kept on Monday 27, Boxing Day on Tuesday 28
        ("GBR-ENG", "Europe/London", "2027-12-24", 1, "29 December 2027", {"2027-12-27", "2027-12-28"}),
        # US federal: Christmas on Friday 24, New Year 2028 on Friday 31
        ("USA", "America/New_York", "2027-12-23", 5, "3 January 2028", {"2027-12-24", "2027-12-31"}),
        # Thanksgiving
        ("USA", "America/New_York", "2026-11-25", 1, "27 November 2026", {"2026-11-26"}),
        # Republic Day, a Tuesday
        ("IND-DL", "Asia/Kolkata", "2027-01-25", 1, "27 January 2027", {"2027-01-26"}),
        # Tiradentes, a Wednesday; Independence Day, a Tuesday
        ("BRA-DF", "America/Sao_Paulo", "2027-04-20", 1, "22 April 2027", {"2027-04-21"}),
        ("BRA", "America/Sao_Paulo", "2027-09-06", 1, "8 September 2027", {"2027-09-07"}),
        # Germany: Ascension, a Thursday; Corpus Christi in North Rhine-Westphalia and not in Berlin
        ("DEU-NW", "Europe/Berlin", "2027-05-05", 1, "7 May 2027", {"2027-05-06"}),
        ("DEU-NW", "Europe/Berlin", "2027-05-26", 1, "28 May 2027", {"2027-05-27"}),
        ("DEU-BE", "Europe/Berlin", "2027-05-26", 1, "27 May 2027", set()),
        # Ireland: St Patrick's Day, a Wednesday
        ("IRL", "Europe/Dublin", "2027-03-16", 1, "18 March 2027", {"2027-03-17"}),
        # Jordan: Friday and Saturday are off, Independence Day is a Tuesday
        ("JOR", "Asia/Amman", "2027-05-20", 3, "26 May 2027", {"2027-05-25"}),
    ],
)  # fmt: skip
def test_working_days_of_real_places_end_where_a_calendar_on_the_wall_says(
    place: str, zone: str, start: str, days: int, end: str, left_out: set[str]
) -> None:
    state, _, part = place.partition("-")
    kept = almanac.read(state, part, on=TODAY)
    found = _reckoned(_working(days), kept, start, zone)
    assert _end(found) == f"{end} 24:00 {zone}"
    assert found.not_after is not None
    last = found.not_after.date()
    assert {str(each.day) for each in kept.off(date.fromisoformat(start), last)} == left_out
    said = next((line.value for line in found.sum if line.label == "left out"), "")
    assert len(said.split("; ")) == max(len(left_out), 1)
    assert any(f"{kept.id}: {kept.source}" in line.value for line in found.sum)


@pytest.mark.parametrize(
    ("place", "start", "end"),
    [
        # Ten days from Tuesday 16 March 2027 end on Good Friday: Tuesday 30 March, after Easter Monday
        ("DEU-NW", "2027-03-16", "30 March 2027"),
        ("IRL", "2027-03-16", "26 March 2027"),  # where Good Friday is no public holiday
        # from Sunday 7 March on St Patrick's Day, in Ireland alone
        ("IRL", "2027-03-07", "18 March 2027"),
        ("DEU-NW", "2027-03-07", "17 March 2027"),
        # over the turn of the year, where the tenth day is New Year
        ("DEU-NW", "2026-12-21", "31 December 2026"),
        ("DEU-NW", "2026-12-22", "4 January 2027"),
    ],
)
def test_ten_days_of_the_e_evidence_regulation_do_not_end_on_a_holiday_of_the_member_state(
    place: str, start: str, end: str
) -> None:
    state, _, part = place.partition("-")
    limit = limit_on_file("eu-e-evidence", "eev-production")
    found = _reckoned(limit, almanac.read(state, part, on=TODAY), start, "Europe/Berlin")
    assert _end(found) == f"{end} 24:00 Europe/Berlin"
    (words,) = (line.value for line in found.sum if line.label == "calendar")
    assert "1182/71" in words
    assert "check" in words


def test_every_seat_on_file_has_a_real_calendar_but_that_of_the_union() -> None:
    seats = law().seats
    assert len(seats) >= 14
    for seat in sorted(seats):
        found = almanac.of_seat(f"{seat}:central-authority", on=TODAY)
        if seat == "EUU":
            assert found == ORDINARY
            continue
        assert isinstance(found, Calendar)
        assert (found.state, found.part) == (seat, "")
        assert found.complete[:5] == (2023, 2024, 2025, 2026, 2027), seat
        assert found.parted is bool(almanac.parts(seat))
        assert any(not found.working(each.day) for each in found.holidays if each.day.year == 2027)
    assert almanac.of_seat("", on=TODAY) == ORDINARY


def test_a_calendar_says_where_it_was_read_and_which_version() -> None:
    from holidays.version import __version__

    found = almanac.read("CHE", "BE", on=TODAY)
    assert found.source == f"holidays {__version__}, read on 2026-11-22"
    assert {each.day.year for each in found.holidays} == set(range(2023, 2032))
    assert found.id == "CHE-BE"


def test_days_that_follow_the_moon_are_marked_where_nobody_announced_them() -> None:
    for place in ("JOR", "ARE", "SAU"):
        found = almanac.read(place, on=TODAY)
        eid = [
            each for each in found.holidays if each.name.startswith("Eid al-Fitr") and each.day.year == 2030
        ]
        assert eid
        assert all(each.estimated and "estimated" not in each.name for each in eid)
        assert not any(each.estimated for each in found.holidays if each.name == "New Year's Day")


@pytest.mark.parametrize(
    ("state", "known", "why"),
    [
        ("LKA", 2026, "does not know this year"),  # its feasts follow a table that ends
        ("CHN", 2026, "exchanged by order"),  # announced each autumn for the year after
        ("HUN", 2026, "exchanged by order"),
    ],
)
def test_a_year_that_the_library_has_only_in_part_is_not_called_complete(
    state: str, known: int, why: str
) -> None:
    found = almanac.read(state, on=TODAY)
    assert max(found.complete) == known
    assert found.unknown((2027,)) == (2027,)
    (doubt,) = found.why_unknown((2027,))
    assert why in doubt
    reckoned = _reckoned(_working(3), found, "2027-03-01", "UTC")
    assert any("2027 are not known to be on file" in line.value for line in reckoned.sum)


def test_a_weekend_day_worked_by_order_is_worked_and_not_where_another_week_is_kept() -> None:
    found = almanac.read("HUN", on=TODAY)
    saturday = date(2026, 1, 10)  # for Friday 2 January
    assert found.working(saturday)
    assert not almanac.read("HUN", on=TODAY, week="sat-sun").working(saturday)


def test_a_weekend_is_that_of_the_state_or_the_one_the_house_keeps() -> None:
    assert almanac.read("JOR", on=TODAY).weekend == (4, 5)
    assert almanac.read("JOR", on=TODAY, week="sat-sun").weekend == (5, 6)
    assert almanac.read("IND", on=TODAY, week="sun").weekend == (6,)


@pytest.mark.parametrize(
    ("place", "hint"),
    [
        ("XXQ", "three letters"),
        ("EUU", "three letters"),
        ("CHE-XX", "BE"),
        ("IRL-XX", "leave it empty"),
        ("moon", "sat-sun"),
    ],
)
def test_what_the_library_does_not_know_is_refused(place: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        almanac.chosen(ORDINARY, place, on=TODAY)
    assert hint in refused.value.hint


def test_codes_are_those_of_iso_also_where_the_library_has_others() -> None:
    assert {"BGR", "BHR", "MAR", "GTM", "XKX"} <= set(almanac.states())
    assert almanac.read("BGR", on=TODAY).state == "BGR"


# ---- what a house records --------------------------------------------------------------------------------


def _old() -> Calendar:
    """What was read with an older version, in which one holiday was another."""
    read = almanac.read("CHE", "BE", on=TODAY)
    return msgspec.structs.replace(
        read, holidays=(Holiday(date(2027, 1, 4), "an older list"), *read.holidays[1:]), source="holidays 0.1"
    )


def test_what_was_read_stays_until_it_is_read_anew() -> None:
    old = _old()
    closed = (Holiday(date(2027, 3, 5), "the ministry is closed"),)
    kept = almanac.chosen(old, "CHE-BE", on=date(2027, 6, 1), closed=closed)
    assert kept == msgspec.structs.replace(old, closed=closed)
    assert almanac.chosen(kept, "CHE-BE", on=date(2027, 6, 1)) == old  # the house takes its day back
    anew = calendar(almanac.chosen(kept, "CHE-BE", on=date(2027, 6, 1), closed=closed, anew=True))
    assert anew.source.endswith("read on 2027-06-01")
    assert anew.closed == closed
    assert date(2027, 1, 4) not in {each.day for each in anew.holidays}


def test_another_place_or_week_is_read_and_a_weekend_alone_is_no_value() -> None:
    assert calendar(almanac.chosen(_old(), "CHE-ZH", on=TODAY)).part == "ZH"
    assert calendar(almanac.chosen(_old(), "CHE-BE", on=TODAY, week="fri-sat")).weekend == (4, 5)
    assert almanac.chosen(_old(), "sun", on=TODAY) == "sun"
    with_days = almanac.chosen(_old(), "sun", on=TODAY, added=(Holiday(date(2027, 5, 10), "closing day"),))
    assert isinstance(with_days, Calendar)
    assert (with_days.id, with_days.state, with_days.working(date(2027, 5, 10))) == ("sun", "", False)


def test_a_recorded_calendar_comes_back_as_the_same_value() -> None:
    kept = almanac.read("IND", "DL", on=TODAY)
    there = msgspec.json.decode(msgspec.json.encode(kept), type=Calendar)
    assert there == kept
    assert there.working(date(2027, 1, 26)) is False


# ---- what it costs ---------------------------------------------------------------------------------------


def _loaded_by(code: str) -> set[str]:
    """The modules of the library, by short name, that a new process has loaded after this."""
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{code}\nimport sys; print(*(m for m in sys.modules if m.startswith('holidays')))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(said.splitlines()[-1].split())


def test_neither_a_command_nor_the_pages_load_the_library_before_somebody_chooses() -> None:
    assert _loaded_by("import habeas.cli, habeas.cli.house, habeas.app.installation") == set()
    assert _loaded_by("from habeas.gateways import almanac") == set()


def test_to_list_the_states_loads_none_of_them() -> None:
    loaded = _loaded_by("from habeas.gateways import almanac\nassert 'CHE' in almanac.states()")
    assert "holidays.registry" in loaded
    assert not any(name.startswith("holidays.countries") for name in loaded)

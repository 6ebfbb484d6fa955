"""What is recorded of a table that was cut down, which days a row has to lie in, and what is proposed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from habeas.assess import Ceiling
from habeas.desk.package.extract import Extract, beyond, known, proposed, reach, window
from habeas.errors import Refused
from habeas.request import Period
from tests.desk.package.packages import TRAFFIC, a_file, tarred, unpacked

DAYS = Period(start=date(2026, 9, 1), end=date(2026, 9, 30))


def an_extract(**changes: Any) -> Extract:
    fields: dict[str, Any] = {
        "original": "0" * 64,
        "kept": ("time", "ip"),
        "taken": ("account", "message"),
        "rows": 40,
        "time": "time",
        "days": DAYS,
        "days_zone": "Europe/Paris",
        "outside": 12,
        "account": "account",
        "others": 1,
    }
    return Extract(**{**fields, **changes})


def test_the_house_reads_what_stays_what_was_taken_out_and_why() -> None:
    assert an_extract().said() == (
        "An extract of a table: 40 rows with 2 columns (time, ip). Taken out: 2 columns (account, message); "
        "12 rows outside the days 2026-09-01 to 2026-09-30 (Europe/Paris), by “time”; 1 row of other "
        "accounts, by “account”."
    )


def test_what_rests_on_the_word_of_the_custodian_says_so() -> None:
    said = an_extract(time="", days=None, outside=0, account="", others=0).said()
    assert "By the custodian's word, no column holds a time." in said
    assert "By the custodian's word, all rows are of this account." in said
    assert "written there otherwise than in the request" in an_extract(as_asked=False).said()
    assert "where it names no zone in Asia/Tokyo" in an_extract(zone="Asia/Tokyo").said()
    assert "in every zone" in an_extract(days_zone="").said()
    assert "Taken out: nothing." in an_extract(taken=(), time="", account="").said()


def test_many_columns_are_counted_and_the_first_of_them_named() -> None:
    said = an_extract(taken=tuple(f"c{number}" for number in range(1000))).said()
    assert "1,000 columns (c0, c1, " in said
    assert "c19 and 980 more)" in said


def test_who_receives_it_reads_the_same_whatever_was_taken_out() -> None:
    """How many rows lay outside, and which columns there are besides, was not decided to be given."""
    told = an_extract().told()
    assert told == (
        "An extract of a table, with the columns that were decided. Only rows from the days 2026-09-01 to "
        "2026-09-30 (Europe/Paris), by the column “time”. Only rows of this account."
    )
    assert told == an_extract(taken=(), outside=0, others=0, rows=1, original="1" * 64).told()


def test_the_description_of_the_package_says_that_it_is_an_extract() -> None:
    file = a_file(TRAFFIC, item="i2", holds=Ceiling.TRAFFIC, extract=an_extract())
    found = json.loads(unpacked(tarred((file,)))["description.jsonld"])
    [record] = [each for each in found["@graph"] if "ProvenanceRecord" in str(each["@type"])]
    assert record["uco-core:description"].endswith(an_extract().told())
    assert "message" not in json.dumps(found)
    assert "0" * 64 not in json.dumps(found)


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [
        ("UTC", datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)),
        ("Europe/Paris", datetime(2026, 8, 31, 22, tzinfo=UTC), datetime(2026, 9, 30, 22, tzinfo=UTC)),
        ("", datetime(2026, 9, 1, 12, tzinfo=UTC), datetime(2026, 9, 30, 10, tzinfo=UTC)),
    ],
)
def test_the_days_are_whole_days_of_their_zone_and_where_nobody_knows_it_of_every_zone(
    zone: str, start: datetime, end: datetime
) -> None:
    assert window(DAYS, zone) == (start, end)
    assert window(Period(end=DAYS.end), zone) == (None, end)
    assert window(Period(start=DAYS.start), zone) == (start, None)


def test_no_days_bound_nothing_and_neither_do_the_ends_of_the_calendar() -> None:
    assert window(None, "UTC") == (None, None)
    assert window(Period(start=date.min, end=date.max), "Asia/Tokyo") == (None, None)


def test_a_day_in_no_known_zone_is_sure_of_nothing() -> None:
    day = Period(start=date(2026, 9, 1), end=date(2026, 9, 1))
    with pytest.raises(Refused, match="too few to be sure"):
        window(day, "")
    assert window(day, "UTC") == (datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC))


def test_the_days_of_an_extract_are_those_of_its_rows() -> None:
    first, last = datetime(2026, 8, 31, 22, tzinfo=UTC), datetime(2026, 9, 3, 12, tzinfo=UTC)
    assert reach(first, last, "Europe/Paris") == Period(start=date(2026, 9, 1), end=date(2026, 9, 3))
    assert reach(first, last, "") == Period(start=date(2026, 8, 31), end=date(2026, 9, 3))


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("Source IP", Ceiling.TRAFFIC),
        ("ip_address", Ceiling.TRAFFIC),
        ("Timestamp (UTC)", Ceiling.EXISTENCE),
        ("Message_Text", Ceiling.CONTENT),
        ("Email", Ceiling.SUBSCRIBER),
        ("x_flag_7", None),
        ("", None),
    ],
)
def test_a_column_is_taken_for_what_its_name_says_and_otherwise_for_nothing(
    column: str, kind: Ceiling | None
) -> None:
    assert known(column) is kind


@pytest.mark.parametrize(
    ("column", "level", "stays", "over"),
    [
        ("ip", Ceiling.TRAFFIC, True, False),
        ("ip", Ceiling.SUBSCRIBER, False, True),
        ("ip", Ceiling.CONTENT, False, False),  # less than was asked, and something else
        ("email", Ceiling.TRAFFIC, False, False),
        ("message", Ceiling.TRAFFIC, False, True),
        ("message", Ceiling.CONTENT, True, False),
        ("time", Ceiling.SUBSCRIBER, True, False),
        ("x_flag_7", Ceiling.CONTENT, False, False),
    ],
)
def test_it_is_proposed_that_stays_what_was_decided_and_no_unknown_column(
    column: str, level: Ceiling, stays: bool, over: bool
) -> None:
    assert (proposed(column, level), beyond(column, level)) == (stays, over)

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from habeas.desk.package.values import canonical, moment, one_line
from habeas.errors import Refused

AT = datetime(2026, 11, 21, 12, 30, 15, 999_999, tzinfo=UTC)


def test_a_value_has_one_text() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'.encode()


@pytest.mark.parametrize("text", ["", " ", " a", "a ", "a\nb", "a\rb", "a\u2028b", "a\0b", "\ta"])
def test_a_line_is_one_line_and_says_something(text: str) -> None:
    with pytest.raises(Refused) as refused:
        one_line(text, "reference")
    assert refused.value.place == "reference"


def test_a_plain_line_stays_as_it_is() -> None:
    assert one_line("4 Js 17/26, Ω", "reference") == "4 Js 17/26, Ω"
    assert one_line("", "reference", needed=False) == ""


def test_a_moment_is_a_whole_second_in_utc() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert moment(elsewhere) == moment(AT) == AT.replace(microsecond=0)
    assert moment(elsewhere).utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        moment(AT.replace(tzinfo=None))

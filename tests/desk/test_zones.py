"""Which zone is proposed for the dates of a request, and where nothing is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from habeas.desk import zones
from habeas.desk.clocks import Moment
from habeas.errors import Refused
from habeas.request.states import STATES

NO_ONE_LIVES_THERE = {"BVT", "HMD"}
OF_NO_ONE_STATE = {"EUU"}


@pytest.mark.parametrize("state", sorted(STATES - NO_ONE_LIVES_THERE - OF_NO_ONE_STATE))
def test_every_state_has_zones_that_a_limit_can_be_counted_in(state: str) -> None:
    assert zones.zones(state)
    for name in zones.zones(state):
        assert Moment(datetime(2026, 11, 22, tzinfo=UTC), name).zone == name


def test_a_state_with_one_zone_proposes_it_and_one_with_several_none() -> None:
    assert zones.proposed("TUR") == "Europe/Istanbul"
    assert zones.proposed("DEU") == "Europe/Berlin"
    assert zones.proposed("USA") == zones.proposed("BRA") == zones.proposed("RUS") == ""
    assert len(zones.zones("USA")) > 5
    for unknown in (None, "", "EUU"):
        assert zones.zones(unknown) == ()
        assert zones.proposed(unknown) == ""


def test_what_somebody_said_wins_over_what_is_proposed() -> None:
    assert zones.said("", "TUR") == "Europe/Istanbul"
    assert zones.said("Asia/Tokyo", "TUR") == "Asia/Tokyo"
    assert zones.said(zones.UNKNOWN, "TUR") == ""
    assert zones.said("", "USA") == ""


def test_a_word_that_is_no_zone_is_refused_before_anything_is_counted() -> None:
    for fine in ("", zones.UNKNOWN, "UTC", "Europe/Oslo"):
        zones.check(fine)
    with pytest.raises(Refused, match="Middle/Earth is not a time zone"):
        zones.check("Middle/Earth")

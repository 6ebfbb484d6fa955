"""What was typed is read once and never guessed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from habeas.assess import Ceiling
from habeas.desk.events import Arrived
from habeas.errors import Refused
from habeas.request.formats import to_native
from habeas.web.views.typed import Typed, one_request, pasted
from tests import world


def typed(**fields: object) -> Typed:
    return Typed(RequestFactory().post("/", fields))


@pytest.mark.parametrize(("written", "read"), [("yes", True), ("no", False), ("", None), ("true", None)])
def test_yes_and_no_have_a_third(written: str, read: bool | None) -> None:
    assert typed(a=written).yes("a") is read


def test_a_day_is_a_day_or_refused() -> None:
    assert typed(a="2026-11-21").day("a") == date(2026, 11, 21)
    assert typed(a="").day("a") is None
    for wrong in ("21.11.2026", "2026-02-30", "soon"):
        with pytest.raises(Refused) as refused:
            typed(a=wrong).day("a")
        assert refused.value.place == "a"
    with pytest.raises(Refused):
        typed().needed_day("a")


def test_when_it_came_is_a_day_an_instant_or_nothing() -> None:
    assert typed().arrival("Europe/Paris") is None
    day = typed(arrived_on="2026-11-20").arrival("Europe/Paris")
    assert day == Arrived(on=date(2026, 11, 20), zone="Europe/Paris")
    hour = typed(arrived_on="2026-11-20", arrived_time="08:30", arrived_zone="Asia/Tokyo").arrival(
        "Europe/Paris"
    )
    assert hour is not None
    assert hour.at == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    for wrong, place in (
        ({"arrived_time": "08:30"}, "arrived_on"),
        ({"arrived_on": "2026-11-20", "arrived_time": "8 o'clock"}, "arrived_time"),
        ({"arrived_on": "2026-11-20", "arrived_zone": "Middle/Earth"}, "arrived_zone"),
        ({"arrived_on": "2026-03-29", "arrived_time": "02:30"}, "arrived_time"),
    ):
        with pytest.raises(Refused) as refused:
            typed(**wrong).arrival("Europe/Paris")
        assert refused.value.place == place


def test_a_file_that_was_not_sealed_as_it_came_is_none() -> None:
    assert typed(along=SimpleUploadedFile("order.pdf", b"x")).enclosed("along") == []


def test_a_word_that_is_not_ours_is_refused() -> None:
    assert typed(a="nothing").one_of("a", Ceiling) is Ceiling.NOTHING
    with pytest.raises(Refused):
        typed(a="everything").one_of("a", Ceiling)


def test_a_request_is_pasted_or_uploaded_and_is_one() -> None:
    native = to_native(world.request(supposed=()))
    assert one_request(*pasted(typed(json=native.decode()))) == world.request(supposed=())
    uploaded = SimpleUploadedFile("r.json", native)
    assert pasted(typed(upload=uploaded)) == ("r.json", native)
    with pytest.raises(Refused) as refused:
        pasted(typed())
    assert refused.value.place == "json"
    two = [json.loads(to_native(world.request(supposed=(), id=f"R-{number}"))) for number in (1, 2)]
    with pytest.raises(Refused, match="2 requests"):
        one_request("json", json.dumps(two).encode())


def test_what_was_typed_is_shown_again_without_our_own_fields() -> None:
    shown = typed(why="because", seen="3", assessment="abc", csrfmiddlewaretoken="x", empty="").shown()
    assert shown == [("why", "because")]

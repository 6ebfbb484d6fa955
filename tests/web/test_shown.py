"""Values as a reader meets them: their own clock, words and not codes, and strangers escaped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import get_template

from habeas.reports import words
from habeas.treaty import law
from habeas.web.shown import anchor, clock_name, day, end_shown, languages, left, moment, provision
from tests import world
from tests.web.house import House

AT = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)


def test_a_time_stands_in_the_readers_zone_and_in_utc_beside() -> None:
    shown = str(moment(AT, ZoneInfo("Asia/Bangkok")))
    assert "22 Nov 2026, 06:30" in shown
    assert 'datetime="2026-11-21T23:30:00Z"' in shown
    assert 'title="2026-11-21 23:30 UTC' in shown
    assert str(moment(AT, ZoneInfo("UTC"))).endswith("21 Nov 2026, 23:30 UTC</time>")


def test_a_day_has_no_zone() -> None:
    assert str(day(date(2026, 11, 21))) == '<time class="nowrap" datetime="2026-11-21">21 Nov 2026</time>'


@pytest.mark.parametrize(
    ("rest", "words", "tone"),
    [
        (timedelta(days=12), "12 days left", ""),
        (timedelta(days=3, hours=4), "3 days 4 h left", ""),
        (timedelta(hours=48), "2 days left", ""),
        (timedelta(hours=47, minutes=59), "1 day 23 h left", "ask"),
        (timedelta(hours=23, minutes=30), "23 h 30 min left", "stop"),
        (timedelta(minutes=5), "5 min left", "stop"),
        (timedelta(0), "Over now", "stop"),
        (-timedelta(hours=3), "3 h over", "stop"),
    ],
)
def test_a_clock_takes_colour_only_when_it_is_near(rest: timedelta, words: str, tone: str) -> None:
    assert left(AT + rest, AT) == (words, tone)


def test_a_limit_is_called_by_its_name_and_not_by_its_instrument() -> None:
    assert clock_name("uncc-preservation-floor/hold-1", "uncc") == "Preservation floor"
    assert clock_name("waiting", "unknown") == "Waiting"


def test_a_language_is_called_as_it_calls_itself() -> None:
    assert languages(("ar", "es")) == [("ar", "العربية"), ("es", "Español")]


def test_what_strangers_write_is_never_markup(house: House) -> None:
    words = '<script>alert("x")</script><b onclick=x>'
    case = house.assessed(world.request(supposed=(), facts=words, reference=words))
    page = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert "<script>alert" not in page
    assert "<b onclick" not in page
    assert "&lt;script&gt;" in page


def test_a_name_that_is_missing_is_our_mistake(site: object) -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        get_template("found.html").render({})


def test_an_article_leads_to_its_row_or_to_the_nearest_that_contains_it(site: object) -> None:
    found = provision(words.cite("uncc:40(21)(e)"))
    assert found is not None
    assert found.page == "/law/instruments/uncc/"
    assert found.id.startswith("p-40-21")
    nearer = provision(words.cite("uncc:40(22)(z)(i)"))
    assert nearer == provision(words.cite("uncc:40(22)"))
    for none in (words.cite("safeguards:suspension"), "An agreement, Art. 1(2)", "(", ""):
        assert provision(none) is None


def test_no_two_provisions_of_an_instrument_share_a_place() -> None:
    for instrument in law().instruments:
        places = [anchor(article.number) for article in instrument.articles]
        assert len(set(places)) == len(places), instrument.id


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 12, 1, 23, tzinfo=UTC), "1 Dec 2026, 24:00 Europe/Paris"),
        (datetime(2026, 12, 1, 22, 59, tzinfo=UTC), "1 Dec 2026, 23:59 Europe/Paris"),
    ],
)
def test_a_limit_ends_at_one_time_for_every_reader_and_in_utc_beside(
    at: datetime, shown: str, house: House
) -> None:
    viewer = SimpleNamespace(house=house.installation.people(house.organisation))
    found = str(end_shown({"viewer": viewer}, at))  # type: ignore[arg-type]
    assert f">{shown}</time>" in found
    assert f'title="{at:%Y-%m-%d %H:%M} UTC"' in found

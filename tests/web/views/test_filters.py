"""Saved filters: under a name, for their owner alone, made of the queue's own words, and deletable."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from habeas.web.accounts.models import SavedFilter
from habeas.web.views import filters
from tests.web.house import House

FRENCH = {"name": "French emergencies", "view": "team", "state": "FRA", "kind": "emergency"}


def send(house: House, person: str = "reviewer", **sent: str) -> Any:
    return house.client(person).post("/filters/", sent, follow=True)


def saved(page: str) -> list[tuple[str, str]]:
    """Beside the views: the address and the name of each."""
    found = re.findall(r'id="saved-\d+" href="([^"]+)"[^>]*><span>([^<]+)</span>', page)
    return [(address.replace("&amp;", "&"), name) for address, name in found]


def test_a_filter_stands_beside_the_views_and_leads_to_what_was_shown(house: House) -> None:
    page = send(house, **FRENCH).content.decode()
    assert saved(page) == [("/?view=team&state=FRA&kind=emergency", "French emergencies")]
    assert re.search(r'id="saved-\d+" href="[^"]+" aria-current="page"', page)
    elsewhere = house.client("reviewer").get("/?view=mine").content.decode()
    assert saved(elsewhere) == saved(page)
    assert not re.search(r'id="saved-\d+" href="[^"]+" aria-current="page"', elsewhere)
    assert "Name no person and no case in it." in page
    assert "Save what is shown" not in elsewhere, "there is no filter to save"


def test_nobody_else_sees_or_deletes_it(house: House) -> None:
    send(house, **FRENCH)
    kept = SavedFilter.objects.get(name="French emergencies", account=house.account("reviewer"))
    assert saved(house.client("counsel").get("/").content.decode()) == []
    for number in (str(kept.pk), "0", "x", "9" * 30):
        assert send(house, "counsel", filter=number).status_code == 404
    assert send(house, "expert", **FRENCH).status_code == 404
    assert saved(send(house, filter=str(kept.pk)).content.decode()) == []


def test_a_name_saved_again_says_the_newer_thing(house: House) -> None:
    send(house, **FRENCH)
    page = send(house, **{**FRENCH, "state": "DEU"}).content.decode()
    assert saved(page) == [("/?view=team&state=DEU&kind=emergency", "French emergencies")]


def test_only_the_queues_own_words_are_kept(house: House) -> None:
    other = {"view": "elsewhere", "state": "somebody@mail.example", "words": "a name", "after": "1~2026-1"}
    page = send(house, **{**FRENCH, **other}).content.decode()
    assert saved(page) == [("/?view=day&kind=emergency", "French emergencies")]
    assert "somebody@mail.example" not in str(SavedFilter.objects.values_list("query", flat=True))


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_filter_without_a_name_is_not_saved(name: str, house: House) -> None:
    page = send(house, **{**FRENCH, "name": name}).content.decode()
    assert "It was not saved: a filter needs a name" in page
    assert saved(page) == []


def test_so_many_fit_beside_the_views(house: House) -> None:
    for number in range(filters.MOST):
        send(house, **{**FRENCH, "name": f"Filter {number}"})
    page = send(house, **FRENCH).content.decode()
    assert "you have 12 filters already" in page
    assert len(saved(page)) == filters.MOST


def test_the_queue_asks_for_all_saved_filters_at_once(house: House) -> None:
    for number in range(3):
        send(house, **{**FRENCH, "name": f"Filter {number}"})
    with CaptureQueriesContext(connection) as asked:
        house.client("reviewer").get("/")
    assert sum("savedfilter" in each["sql"] for each in asked) == 1

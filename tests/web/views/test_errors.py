"""An error says first what did not happen, and tells a stranger nothing."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from tests.web.house import House


def test_a_page_that_is_not_there_is_calm(everybody: House) -> None:
    answer = everybody.client("reviewer").get("/nowhere/at/all/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "nowhere" not in answer.content.decode()


def test_our_own_mistake_releases_nothing_and_names_no_detail(
    everybody: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise ZeroDivisionError("account lantern-seven@mail.example")

    monkeypatch.setattr(type(everybody.installation), "queue", broken)
    client = everybody.client("reviewer")
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, logger="habeas.web"):
        answer = client.get("/")
    client.raise_request_exception = True
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Nothing was sent and nothing was released" in page
    assert "lantern" not in page
    assert "ZeroDivision" not in page
    ours = [record.getMessage() for record in caplog.records if record.name == "habeas.web"]
    assert len(ours) == 1
    assert "ZeroDivisionError" in ours[0]
    assert "lantern" not in ours[0]


def test_a_name_of_another_site_is_not_answered(site: object) -> None:
    answer = Client(SERVER_NAME="evil.example").get("/sign-in/")
    assert answer.status_code == 400
    assert "Nothing was sent" in answer.content.decode()


def test_a_form_of_another_site_is_not_believed(site: object) -> None:
    answer = Client(SERVER_NAME="localhost", enforce_csrf_checks=True).post("/sign-in/", {"login": "x"})
    assert answer.status_code == 403
    assert "did not come from this site" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "language", "says"),
    [
        ("/you/en/nowhere/", "en", "There is no page at this address"),
        ("/you/ar/nowhere/", "ar", "لا توجد صفحة"),
        ("/you/nowhere/", "en", "There is no page at this address"),
    ],
)
def test_a_wrong_address_at_the_persons_door_speaks_to_the_person(
    address: str, language: str, says: str, site: object
) -> None:
    answer = Client(SERVER_NAME="localhost").get(address)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert says in page
    assert "queue" not in page
    assert "desk" not in page.partition("<main")[2]
    assert f'href="/you/{language}/"' in page
    assert page.count('hreflang="') == 6

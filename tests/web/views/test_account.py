"""One's own account, and the way in."""

from __future__ import annotations

from django.core.cache import cache
from django.test import Client

from tests.web.browser import code_of
from tests.web.house import PASSWORD, SECRET, House


def test_a_person_chooses_the_zone_of_their_times(house: House) -> None:
    client = house.client("reviewer")
    house.assessed()
    assert client.post("/account/", {"zone": "Asia/Bangkok"}).status_code == 302
    page = client.get("/").content.decode()
    assert "times in Asia/Bangkok" in page


def test_a_zone_that_does_not_exist_is_refused(everybody: House) -> None:
    answer = everybody.client("reviewer").post("/account/", {"zone": "Moon/Tranquility"})
    assert answer.status_code == 422
    assert "this is no zone" in answer.content.decode().lower()


def test_signing_in_takes_a_password_and_a_code(house: House) -> None:
    cache.clear()
    client = Client(SERVER_NAME="localhost")
    first = client.post("/sign-in/", {"login": house.account("reviewer").login.upper(), "password": PASSWORD})
    assert first.headers["Location"] == "/sign-in/code/"
    assert client.get("/").status_code == 302
    assert client.post("/sign-in/code/", {"code": code_of(SECRET)}).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_signing_in_comes_back_to_the_page_and_to_no_other_site(house: House) -> None:
    for wanted, expected in (
        ("/account/", "/account/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
    ):
        cache.clear()
        client = Client(SERVER_NAME="localhost")
        client.post(
            "/sign-in/", {"login": house.account("second").login, "password": PASSWORD, "next": wanted}
        )
        assert client.post("/sign-in/code/", {"code": code_of(SECRET)}).headers["Location"] == expected


def test_everybody_says_where_their_messages_go(house: House) -> None:
    client = house.client("reviewer")
    assert client.post("/account/", {"mail": "desk@ministry.example"}).status_code == 302
    assert house.account("reviewer").mail == "desk@ministry.example"
    assert "Address for messages changed" in client.get("/account/lately/").content.decode()
    for wrong in (
        "no address",
        "a@b@c.example",
        "a@b.example\r\nBcc: x@y.example",
        "<a@b.example>",
        "@",
        "a@",
    ):
        assert client.post("/account/", {"mail": wrong}).status_code == 422, wrong
    assert house.account("reviewer").mail == "desk@ministry.example"
    assert client.post("/account/", {"mail": ""}).status_code == 302
    assert house.account("reviewer").mail == ""


def test_signing_out_takes_a_button(everybody: House) -> None:
    client = everybody.client("intake", minutes_ago=1)
    assert client.get("/sign-out/").status_code == 200
    assert client.get("/account/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/account/").status_code == 302


def test_a_recovery_code_is_shown_once(house: House) -> None:
    client = house.client("custodian")
    client.post("/account/proofs/codes/new/")
    assert client.get("/account/proofs/codes/").content.decode().count("<li>") >= 10
    again = client.get("/account/proofs/codes/").content.decode()
    assert "cannot be shown again" in again

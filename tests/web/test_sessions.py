"""A session ends by itself, and everywhere when the password changes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from habeas.web.sessions import IDLE, LONGEST
from tests.web.browser import code_of
from tests.web.house import PASSWORD, SECRET, House


def _aged(house: House, *, began: timedelta, seen: timedelta) -> Client:
    client = house.client("auditor", minutes_ago=1)
    session = client.session
    now = timezone.now()
    session["began"], session["seen"] = (now - began).isoformat(), (now - seen).isoformat()
    session.save()
    return client


@pytest.mark.parametrize(
    ("began", "seen", "words"),
    [(LONGEST, timedelta(0), "twelve hours"), (IDLE, IDLE, "30 minutes of rest")],
)
def test_a_session_that_lasted_too_long_is_over(
    began: timedelta, seen: timedelta, words: str, everybody: House
) -> None:
    client = _aged(everybody, began=began, seen=seen)
    answer = client.get("/", follow=True)
    assert answer.redirect_chain == [("/sign-in/", 302)]
    assert words in answer.content.decode()
    assert client.get("/").status_code == 302


def test_a_minute_less_is_not_too_long(everybody: House) -> None:
    minute = timedelta(minutes=1)
    client = _aged(everybody, began=LONGEST - minute, seen=IDLE - minute)
    assert client.get("/").status_code == 200


def test_a_session_that_does_not_say_when_it_began_is_over(everybody: House) -> None:
    client = everybody.client("auditor", minutes_ago=1)
    session = client.session
    del session["began"]
    session.save()
    assert client.get("/").status_code == 302


def _sign_in(house: House, person: str) -> Client:
    cache.clear()
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/", {"login": house.account(person).login, "password": PASSWORD})
    client.post("/sign-in/code/", {"code": code_of(SECRET)})
    assert client.get("/").status_code == 200
    return client


def test_the_name_of_a_session_changes_at_sign_in(house: House) -> None:
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/", {"login": house.account("intake").login, "password": PASSWORD})
    before = client.session.session_key
    cache.clear()
    client.post("/sign-in/code/", {"code": code_of(SECRET)})
    assert client.session.session_key != before


def test_the_name_of_a_session_changes_when_presence_is_proved_again(house: House) -> None:
    """By a code, and by the password where an account has no more; the one before opens nothing."""
    strongly, weakly = _sign_in(house, "intake"), house.client("expert", second_factor=False)
    for client, strong in ((strongly, True), (weakly, False)):
        before = client.cookies[settings.SESSION_COOKIE_NAME].value
        thief = Client(SERVER_NAME="localhost")
        thief.cookies[settings.SESSION_COOKIE_NAME] = before
        assert thief.get("/account/proofs/").status_code == 200
        cache.clear()
        shown = {"code": code_of(SECRET)} if strong else {"password": PASSWORD}
        assert client.post(f"/presence/{'code/' if strong else ''}", shown).status_code == 302
        assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
        assert client.get("/account/proofs/").status_code == 200
        assert thief.get("/account/proofs/").headers["Location"].startswith("/sign-in/")
    (listed,) = UserSession.objects.filter(user=house.account("intake"))
    assert listed.session_key == strongly.session.session_key, "and it is still in the list of sessions"


def test_other_sessions_are_ended_by_who_proves_to_be_there(house: House) -> None:
    elsewhere = _sign_in(house, "second")
    stale = house.client("second", minutes_ago=16)
    assert stale.get("/account/sessions/").headers["Location"] == "/presence/?next=%2Faccount%2Fsessions%2F"
    assert stale.post("/account/sessions/").headers["Location"] == "/presence/"
    assert elsewhere.get("/").status_code == 200
    cache.clear()
    stale.post("/presence/code/", {"code": code_of(SECRET)})
    assert stale.post("/account/sessions/").status_code == 302
    assert elsewhere.get("/").status_code == 302


def test_a_changed_password_ends_every_session(house: House) -> None:
    here, elsewhere = _sign_in(house, "counsel"), _sign_in(house, "counsel")
    newer = "another long sentence that nobody guesses"
    answer = here.post(
        "/account/password/", {"oldpassword": PASSWORD, "password1": newer, "password2": newer}
    )
    assert answer.status_code == 302
    assert here.get("/").status_code == 302
    assert elsewhere.get("/").status_code == 302


def test_a_person_sees_and_ends_their_own_sessions(house: House) -> None:
    here, elsewhere = _sign_in(house, "second"), _sign_in(house, "second")
    page = here.get("/account/sessions/").content.decode()
    assert page.count("<tr>") == 3
    assert page.count("This one") == 1
    here.post("/account/sessions/")
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302

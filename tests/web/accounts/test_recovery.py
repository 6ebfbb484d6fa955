"""Recovery codes are shown once, kept as hashes only, and serve once."""

from __future__ import annotations

import json
import re
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from habeas.web.accounts.recovery import COUNT, DIGITS
from tests.web.house import PASSWORD, House


def _made(house: House, person: str) -> list[str]:
    """The codes as their page shows them."""
    client = house.client(person)
    assert client.post("/account/proofs/codes/new/").status_code == 302
    return re.findall(r"<li>([0-9-]+)</li>", client.get("/account/proofs/codes/").content.decode())


def _signs_in(house: House, person: str, code: str) -> bool:
    cache.clear()
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/", {"login": house.account(person).login, "password": PASSWORD})
    client.post("/sign-in/code/", {"code": code})
    return "_auth_user_id" in client.session


def test_each_code_opens_the_door_once_and_no_other_does(house: House) -> None:
    codes = _made(house, "reviewer")
    assert len(set(codes)) == COUNT
    assert {len(each.replace("-", "")) for each in codes} == {DIGITS}
    assert _signs_in(house, "reviewer", codes[3])
    assert not _signs_in(house, "reviewer", codes[3])
    assert _signs_in(house, "reviewer", codes[4].replace("-", " ")), "as people type them"
    assert not _signs_in(house, "reviewer", "0000-0000-0000")
    assert not _signs_in(house, "second", codes[5]), "of somebody else"
    page = house.client("reviewer").get("/account/proofs/").content.decode()
    assert f"{COUNT - 2} not used yet" in page


def test_nothing_that_is_kept_says_a_code(house: House) -> None:
    """Not in the row, and from the moment they were shown not in the session either."""
    codes = _made(house, "reviewer")
    kept = Authenticator.objects.get(user=house.account("reviewer"), type="recovery_codes").data
    assert [each.split("$")[1] for each in kept["left"]] == ["argon2id"] * COUNT
    assert len(set(kept["left"])) == COUNT
    tables = [each.get_decoded() for each in Session.objects.all()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        tables += cursor.fetchall()
    everything = json.dumps(tables, default=str)
    assert not [each for each in codes if each in everything or each.replace("-", "") in everything]


def test_until_they_are_shown_they_lie_in_the_session_of_who_made_them_alone(house: House) -> None:
    client = house.client("counsel")
    client.post("/account/proofs/codes/new/")
    assert len(client.session["recovery-codes"]["codes"]) == COUNT
    other = house.client("counsel", minutes_ago=1)
    assert "cannot be shown again" in other.get("/account/proofs/codes/").content.decode()
    assert client.get("/account/proofs/codes/").content.decode().count("<li>") >= COUNT
    assert "recovery-codes" not in client.session


def test_new_codes_end_the_old_ones(house: House) -> None:
    old, new = _made(house, "auditor"), _made(house, "auditor")
    assert not _signs_in(house, "auditor", old[0])
    assert _signs_in(house, "auditor", new[0])


def test_codes_come_with_the_first_authenticator(house: House) -> None:
    from tests.web.browser import code_of

    client = house.client("intake", second_factor=False)
    client.get("/account/proofs/app/")
    client.post("/account/proofs/app/", {"code": code_of(client.session["mfa.totp.secret"])})
    page = client.get("/account/proofs/codes/").content.decode()
    assert len(re.findall(r"<li>[0-9]{4}-[0-9]{4}-[0-9]{4}</li>", page)) == COUNT


@pytest.mark.parametrize("code", ["", "123456", "1234567890123", "abcdefghijkl", "１２３４５６７８９０１２"])
def test_what_no_code_looks_like_is_none(code: str, house: House) -> None:
    _made(house, "reviewer")
    kept = Authenticator.objects.get(user=house.account("reviewer"), type="recovery_codes")
    assert not kept.wrap().validate_code(code)


def test_codes_of_an_earlier_version_are_taken_away(house: House) -> None:
    """Their seed could be read by whoever has the key file; their owners make new ones."""
    kept = Authenticator.objects.create(
        user=house.account("reviewer"), type="recovery_codes", data={"seed": "sealed", "used_mask": 0}
    )
    step = import_module("habeas.web.accounts.migrations.0003_hearing")
    step._forget_seeds(apps, None)
    assert not Authenticator.objects.filter(pk=kept.pk).exists()
    assert Authenticator.objects.filter(user=house.account("reviewer"), type="totp").exists()

"""What the house does differently: no sign-up, no mail, secrets sealed, the last second factor stays."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from habeas.web.accounts.adapters import SecondFactors
from habeas.web.accounts.inviting import end
from tests.web.browser import code_of
from tests.web.house import PASSWORD, SECRET, House


def test_nobody_signs_up_and_nobody_asks_for_a_new_password() -> None:
    for name in ("account_signup", "account_reset_password", "account_email", "account_login_by_code"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def _answer(login: str, password: str) -> tuple[int, str]:
    cache.clear()
    answer = Client(SERVER_NAME="localhost").post("/sign-in/", {"login": login, "password": password})
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return answer.status_code, page.replace(login, "NAME")


def test_an_account_that_exists_answers_like_one_that_does_not(house: House) -> None:
    known = house.account("reviewer").login
    left = house.account("second")
    end(left)
    wrong = "a wrong sentence that is long enough"
    assert _answer(known, wrong) == _answer("nobody@nowhere.example", wrong) == _answer(left.login, PASSWORD)


def test_a_thief_of_passwords_is_slowed_down(house: House) -> None:
    login = house.account("reviewer").login
    cache.clear()
    client = Client(SERVER_NAME="localhost")
    for _ in range(6):
        client.post("/sign-in/", {"login": login, "password": "wrong and wrong again"})
    answer = client.post("/sign-in/", {"login": login, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert answer.status_code != 302
    cache.clear()


def test_guesses_of_a_code_are_slowed_down(house: House) -> None:
    cache.clear()
    client = Client(SERVER_NAME="localhost")
    client.post("/sign-in/", {"login": house.account("reviewer").login, "password": PASSWORD})
    for number in range(8):
        client.post("/sign-in/code/", {"code": f"{number:06}"})
    client.post("/sign-in/code/", {"code": code_of(SECRET)})
    assert "_auth_user_id" not in client.session
    cache.clear()


def test_a_code_serves_once(house: House) -> None:
    cache.clear()
    code = code_of(SECRET)
    for expected in (True, False):
        client = Client(SERVER_NAME="localhost")
        client.post("/sign-in/", {"login": house.account("counsel").login, "password": PASSWORD})
        client.post("/sign-in/code/", {"code": code})
        assert ("_auth_user_id" in client.session) is expected
    cache.clear()


def test_the_secret_of_an_authenticator_lies_sealed(house: House) -> None:
    stored = Authenticator.objects.get(user=house.account("reviewer"), type="totp").data["secret"]
    assert SECRET not in stored
    assert SecondFactors().decrypt(stored) == SECRET


def test_the_only_second_factor_cannot_be_removed(house: House) -> None:
    client = house.client("counsel")
    answer = client.get("/account/proofs/app/remove/")
    assert "your only second proof" in answer.content.decode()
    client.post("/account/proofs/app/remove/")
    assert Authenticator.objects.filter(user=house.account("counsel"), type="totp").exists()


def test_the_only_passkey_cannot_be_removed(house: House) -> None:
    account = house.account("intake", second_factor=False)
    key = Authenticator.objects.create(user=account, type="webauthn", data={"name": "blue key"})
    client = house.client("intake")
    client.post(f"/account/proofs/passkeys/{key.pk}/remove/")
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_the_picture_of_a_secret_needs_no_style() -> None:
    picture = SecondFactors().build_totp_svg("otpauth://totp/x?secret=ABC")
    assert picture.startswith("<svg ")
    assert "style" not in picture
    assert 'role="img"' in picture


def test_no_mail_leaves_when_an_account_changes(house: House) -> None:
    house.client("custodian").post("/account/proofs/codes/new/")
    assert getattr(mail, "outbox", []) == []

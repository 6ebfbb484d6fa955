"""Which factors were used in this session, and how long ago."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import RequestFactory

from habeas.web.accounts.presence import fresh, has_second_factor, used_second_factor
from habeas.web.configuration import FRESH_SECONDS
from tests.web.house import House


def _request(account: Any, *records: dict[str, Any]) -> Any:
    request = RequestFactory().get("/")
    request.user = account
    request.session = {
        "account_authentication_methods": list(records),
        "account_authentication_methods_user": str(account.pk),
    }
    return request


def _ago(seconds: float, method: str = "mfa") -> dict[str, Any]:
    return {"method": method, "at": time.time() - seconds}


def test_a_recovery_code_alone_is_no_second_factor(house: House) -> None:
    from allauth.mfa.models import Authenticator

    account = house.account("intake", second_factor=False)
    Authenticator.objects.create(user=account, type="recovery_codes", data={})
    assert not has_second_factor(account)
    assert has_second_factor(house.account("reviewer"))


def test_a_password_alone_is_not_the_second_factor(house: House) -> None:
    account = house.account("reviewer")
    assert not used_second_factor(_request(account, _ago(1, "password")), account)
    assert used_second_factor(_request(account, _ago(1, "password"), _ago(1)), account)


def test_what_another_account_proved_in_this_browser_does_not_count(house: House) -> None:
    mine, theirs = house.account("reviewer"), house.account("second")
    assert not used_second_factor(_request(theirs, _ago(1)), mine)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(1, True), (FRESH_SECONDS - 60, True), (FRESH_SECONDS + 1, False)]
)
def test_presence_grows_stale(seconds: float, expected: bool, house: House) -> None:
    account = house.account("reviewer")
    assert fresh(_request(account, _ago(seconds)), account) is expected


def test_a_password_is_presence_only_for_an_account_without_more(house: House) -> None:
    strong, bare = house.account("reviewer"), house.account("custodian", second_factor=False)
    assert not fresh(_request(strong, _ago(1, "password")), strong)
    assert fresh(_request(bare, _ago(1, "password")), bare)

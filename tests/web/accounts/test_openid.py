"""A house's own sign-in service opens an account that exists, and never makes one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests.web.house import House


class Told:
    """What a service said about somebody, and whom they were connected to."""

    def __init__(self, *, existing: bool = False, **said: Any) -> None:
        self.is_existing = existing
        self.account = SimpleNamespace(extra_data={"userinfo": said})
        self.connected: Any = None

    def connect(self, _request: Any, account: Any) -> None:
        self.connected = account


def _adapter() -> Any:
    pytest.importorskip("requests", reason="the part of allauth for sign-in services is not installed")
    from habeas.web.accounts.openid import OpenId

    return OpenId()


def test_a_verified_address_that_is_a_name_here_opens_that_account(house: House) -> None:
    account = house.account("reviewer")
    told = Told(email=account.login.upper(), email_verified=True)
    _adapter().pre_social_login(None, told)
    assert told.connected == account


@pytest.mark.parametrize("said", [{"email_verified": False}, {}, {"email_verified": "true"}])
def test_an_address_nobody_verified_opens_nothing(said: dict[str, Any], house: House) -> None:
    with pytest.raises(PermissionDenied):
        _adapter().pre_social_login(None, Told(email=house.account("reviewer").login, **said))


def test_somebody_unknown_gets_no_account() -> None:
    with pytest.raises(PermissionDenied):
        _adapter().pre_social_login(None, Told(email="stranger@x.example", email_verified=True))
    assert not _adapter().is_open_for_signup(None, None)

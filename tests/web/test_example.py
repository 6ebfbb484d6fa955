"""The accounts of the example house: one for each person, and each opens the desk."""

from __future__ import annotations

import dataclasses
import os

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, override_settings

from habeas.app.demo import ORGANISATION, PEOPLE
from habeas.web.accounts.models import Account
from habeas.web.example import accounts
from tests.web.house import House

PASSWORD = "a password of the example"


def test_everybody_has_an_account_with_a_second_factor(site: WSGIHandler) -> None:
    logins = accounts(ORGANISATION, PASSWORD, os.urandom)
    assert [login.title for login in logins] == [title for _person, title, _role, _partner in PEOPLE]
    for login in logins:
        account = Account.objects.get(login=login.login)
        assert account.organisation == ORGANISATION
        assert account.check_password(PASSWORD)
        assert Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def test_made_again_the_old_ones_open_nothing(site: WSGIHandler) -> None:
    before = accounts(ORGANISATION, "an older password", os.urandom)
    after = accounts(ORGANISATION, PASSWORD, os.urandom)
    assert Account.objects.filter(organisation=ORGANISATION).count() == len(PEOPLE)
    account = Account.objects.get(login=after[0].login)
    assert not account.check_password("an older password")
    assert {login.secret for login in before}.isdisjoint(login.secret for login in after)


@pytest.mark.parametrize("demo", [True, False])
def test_every_page_of_a_demonstration_says_that_nothing_is_real(demo: bool, house: House) -> None:
    case = house.received()
    said = "No request, person or authority shown here is real."
    strangers, reviewer = Client(SERVER_NAME="localhost"), house.client("reviewer")
    with override_settings(HABEAS=dataclasses.replace(settings.HABEAS, demo=demo)):
        for client, address in (
            (strangers, "/sign-in/"),
            (strangers, "/you/en/"),
            (reviewer, "/"),
            (reviewer, f"/cases/{case.id}/"),
            (reviewer, "/no-such-page/"),
        ):
            assert (said in client.get(address).content.decode()) is demo, address

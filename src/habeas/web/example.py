"""Accounts for an example house: one for each of its people, with a second factor that anybody may know."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from habeas.app.demo import PEOPLE
from habeas.web.accounts.inviting import login_of
from habeas.web.accounts.models import Account

_SECRET_BYTES = 20  # as RFC 4226 recommends, section 4


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody needs to sign in as one of the people. secret: of the second factor, for an app."""

    title: str
    role: str
    login: str
    secret: str


@transaction.atomic
def accounts(organisation: str, password: str, random: Callable[[int], bytes]) -> tuple[Login, ...]:
    """Make an account for each of the people of a house; those that exist start anew."""
    Account.objects.filter(organisation=organisation).delete()
    made = []
    for person, title, role, _partner in PEOPLE:
        account = Account(login=login_of(organisation, person), organisation=organisation, person=person)
        account.set_password(password)
        account.save()
        secret = base64.b32encode(random(_SECRET_BYTES)).decode()
        TOTP.activate(account, secret)
        made.append(Login(title, role, account.login, secret))
    return tuple(made)

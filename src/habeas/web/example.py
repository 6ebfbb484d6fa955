"""Accounts for the example house: one for each of its people, with a second factor that anybody may know."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from habeas.app.demo import ORGANISATION, PEOPLE
from habeas.web.accounts.models import Account

_SECRET_BYTES = 20  # as RFC 4226 recommends, section 4


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody needs to sign in as one of the people. secret: of the second factor, for an app."""

    title: str
    role: str
    login: str
    password: str
    secret: str


@transaction.atomic
def accounts(random: Callable[[int], bytes]) -> tuple[Login, ...]:
    """Make an account for each of the people, all with one new password; those that exist start anew."""
    password = base64.b32encode(random(10)).decode().lower()
    Account.objects.filter(organisation=ORGANISATION).delete()
    made = []
    for person, title, role, _partner in PEOPLE:
        account = Account(login=f"{person}@{ORGANISATION}.example", organisation=ORGANISATION, person=person)
        account.set_password(password)
        account.save()
        secret = base64.b32encode(random(_SECRET_BYTES)).decode()
        TOTP.activate(account, secret)
        made.append(Login(title, role, account.login, password, secret))
    return tuple(made)

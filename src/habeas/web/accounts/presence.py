"""Who really sits there: which factors were used in this session, and how long ago.

allauth writes down each proof in the session; this module reads it. A session that began with a password
before the account had a second factor is not enough, once it has one.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import authentication_step_completed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest

from habeas.web.configuration import FRESH_SECONDS

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # a recovery code is a spare of one


def has_second_factor(account: AbstractBaseUser) -> bool:
    return bool(Authenticator.objects.filter(user_id=account.pk, type__in=SECOND_FACTORS).exists())


def used_second_factor(request: HttpRequest, account: AbstractBaseUser) -> bool:
    """In this session, or added in it."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, account))


def fresh(request: HttpRequest, account: AbstractBaseUser) -> bool:
    """Whether presence was proved in the last minutes; by a second factor, where the account has one."""
    since = time.time() - FRESH_SECONDS
    strong = has_second_factor(account)
    return any(
        record.get("at", 0) > since
        and (not strong or record.get("method") == "mfa" or record.get("reauthenticated"))
        for record in get_authentication_records(request, account)
    )


@receiver(authenticator_added)
def _count_as_used(
    request: HttpRequest, user: AbstractBaseUser, authenticator: Authenticator, **_kwargs: Any
) -> None:
    """To add one is to have it in hand; only a session that already holds every other factor may add one."""
    if authenticator.type in SECOND_FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


@receiver(authentication_step_completed)
def _anew(request: HttpRequest, reauthenticated: bool = False, **_kwargs: Any) -> None:
    """Whoever proved their presence goes on under another name; the one before opens nothing any more."""
    if reauthenticated:
        before = request.session.session_key
        request.session.cycle_key()
        UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)

"""Invitations: how an account begins, and how it begins again when somebody lost their keys.

An invitation is a link that works once and for three days; no mail carries it. While one administrator sets a
house up, the link is the whole of it. From the first request on it takes two people, and it has two halves:
whoever confirmed it is shown the link, whoever asked for it is shown a number, and without both nobody sets a
password. So none of the two can begin as somebody else alone, and the person gets each half from its holder.
"""

from __future__ import annotations

import hmac

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from habeas.web import sessions
from habeas.web.accounts.models import Account

DIGITS = 8
TRIES = 5  # wrong numbers, then the invitation is void: one in twenty million is guessed


def login_of(organisation: str, person: str) -> str:
    """The name to sign in with. It is of the person and their house, so nobody chooses it, and whether
    another house has such a name is never asked; neither a person nor a house has an @ in theirs."""
    return f"{person}@{organisation}"


@transaction.atomic
def invite(*, organisation: str, person: str, asked_by: str = "") -> str:
    """The account of this person begins, or begins anew: no password, no second factor, no session, and no
    sign-in service knows it. The path of the invitation.

    asked_by: who proposed it and holds the other half; empty where one person invites alone.
    """
    account = Account.objects.filter(organisation=organisation, person=person).first()
    if account is None:
        login = login_of(organisation, person)
        account = Account.objects.invited(login=login, organisation=organisation, person=person)
    for session in UserSession.objects.filter(user=account):
        session.end()
    Authenticator.objects.filter(user=account).delete()
    _unlink(account)
    account.set_unusable_password()
    account.is_active, account.asked_by, account.tries = True, asked_by, 0
    account.save()
    return path_of(account)


def end(account: Account) -> None:
    """The person left: the account opens nothing any more."""
    for session in UserSession.objects.filter(user=account):
        session.end()
    _unlink(account)
    account.is_active = False
    account.set_unusable_password()
    account.save()


def _unlink(account: Account) -> None:
    """No sign-in service knows this account any more, where there is one."""
    if apps.is_installed("allauth.socialaccount"):
        apps.get_model("socialaccount", "SocialAccount")._default_manager.filter(user=account).delete()


def path_of(account: Account) -> str:
    token = default_token_generator.make_token(account)
    return reverse("invitation", args=[account.pk, token])


def invited(number: int, token: str) -> Account | None:
    """The account of an invitation; None for any other number or token, whatever is wrong with it."""
    account = Account.objects.filter(pk=number, is_active=True).first()
    if account is None or account.has_usable_password():
        return None
    return account if default_token_generator.check_token(account, token) else None


def half_for(account: Account, person: str) -> str:
    """The number that this person of the house holds for somebody's invitation; empty where they hold none.
    It is kept nowhere: it follows from what the account begins with, so it ends with the invitation."""
    if not account.is_active or account.has_usable_password() or account.asked_by != person or not person:
        return ""
    digits = _half(account)
    return f"{digits[:4]}-{digits[4:]}"


def fits(account: Account, said: str) -> bool:
    """Whether this is the number of the account's invitation. After `TRIES` wrong ones there is none any
    more, and somebody has to be invited anew."""
    typed = "".join(each for each in said if each.isascii() and each.isdecimal())
    if hmac.compare_digest(typed, _half(account)):
        return True
    Account.objects.filter(pk=account.pk).update(tries=F("tries") + 1)
    account.refresh_from_db(fields=["tries"])
    if account.tries >= TRIES:
        account.set_unusable_password()  # the link is bound to what stood there
        account.asked_by = ""
        account.save(update_fields=["password", "asked_by"])
    return False


def _half(account: Account) -> str:
    key = sessions.key_for("halves of invitations")
    made = hmac.digest(key, f"{account.pk}:{account.password}".encode(), "sha256")
    return f"{int.from_bytes(made[:8]) % 10**DIGITS:0{DIGITS}}"

"""Invitations: how an account begins, and how it begins again when somebody lost their keys.

An invitation is a link that works once and for three days. It is shown to the administrator, who hands it
over in person or by a telephone call; no mail carries it.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse

from habeas.errors import Refused
from habeas.web.accounts.models import Account


def invite(*, organisation: str, person: str, login: str) -> str:
    """A new account; the path of its invitation. Raises Refused where the name or person has one."""
    login = login.strip().lower()
    if not login or any(letter.isspace() for letter in login):
        raise Refused(
            "a name to sign in with has no spaces", place="login", hint="an e-mail address serves well"
        )
    if Account.objects.filter(login=login).exists():
        raise Refused("this name to sign in with is taken", place="login", hint="choose another name")
    if Account.objects.filter(organisation=organisation, person=person).exists():
        raise Refused("this person has an account", place="person", hint="invite this account again instead")
    return path_of(Account.objects.invited(login=login, organisation=organisation, person=person))


@transaction.atomic
def invite_again(account: Account) -> str:
    """The account starts anew: no password, no second factor, no session, and no sign-in service knows
    it. The path of the invitation."""
    for session in UserSession.objects.filter(user=account):
        session.end()
    Authenticator.objects.filter(user=account).delete()
    _unlink(account)
    account.set_unusable_password()
    account.is_active = True
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

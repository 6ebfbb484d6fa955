"""Sign-in through a house's own service: it can open an account that exists, and never make one.

The service says who somebody is; the account must already carry that name. The second factor stays ours,
because what a foreign service calls a second factor nobody here can check.
"""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from habeas.web.accounts.models import Account


class OpenId(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Connects by the verified address or the preferred name; refuses everybody else alike."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        said = sociallogin.account.extra_data.get("userinfo", sociallogin.account.extra_data)
        name = said.get("email") if said.get("email_verified") is True else None
        account = Account.objects.filter(login=str(name).lower(), is_active=True).first() if name else None
        if account is None:
            raise PermissionDenied(
                "This sign-in service vouches for you, but no account here carries its name."
            )
        sociallogin.connect(request, account)

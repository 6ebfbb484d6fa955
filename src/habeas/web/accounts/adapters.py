"""What this house does differently from allauth: no sign-up, no mail, our own sentences, sealed secrets.

There is no way to ask for a new password: whoever cannot sign in asks an administrator, who invites again.
So no page can tell whether an account exists (NIST SP 800-63B-4, 4.2 on recovery by an agent).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import qrcode  # type: ignore[import-untyped]
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from habeas.web.accounts import access
from habeas.web.accounts.access import Kind
from habeas.web.accounts.hearing import news
from habeas.web.accounts.models import Account
from habeas.web.accounts.presence import SECOND_FACTORS, fresh, has_second_factor
from habeas.web.sessions import seal

_SENTENCES = {
    "account/messages/password_changed.txt": "Your password is changed. Sign in with the new one.",
    "account/messages/logged_out.txt": "You are signed out.",
    "mfa/messages/totp_activated.txt": "The authenticator is set up.",
    "mfa/messages/totp_deactivated.txt": "The authenticator is removed.",
    "mfa/messages/webauthn_added.txt": "The passkey is added.",
    "mfa/messages/webauthn_removed.txt": "The passkey is removed.",
    "mfa/messages/recovery_codes_generated.txt": "There are new recovery codes. They are shown once.",
    "usersessions/messages/sessions_logged_out.txt": "Your other sessions are ended.",
}


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator's invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        words = message or _SENTENCES.get(message_template or "")
        if words:
            messages.add_message(request, level, words)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Signing in a moment ago is proof enough; allauth would ask at once again."""
        return not (self.request.user.is_authenticated and fresh(self.request, self.request.user))

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **named: Any) -> HttpResponse:
        """Whoever has not looked yet at what happened to their way in does so first, then goes on."""
        answer: HttpResponse = super().post_login(request, user, **named)
        if isinstance(user, Account) and has_second_factor(user) and news(user, timezone.now()):
            onward = urlencode({"next": answer.headers["Location"]})
            return HttpResponseRedirect(f"{reverse('lately')}?{onward}")
        return answer

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Where the way in says no, it is written down. The answer is the same whether or not it could be."""
        match code:
            case "too_many_login_attempts":
                access.refused(self.request, Kind.TOO_MANY)
            case "username_password_mismatch":
                access.failed(self.request, Kind.NOT_SIGNED_IN, "password")
            case "incorrect_password":
                access.failed(self.request, Kind.NOT_PRESENT, "password")
        said: ValidationError = super().validation_error(code, *args)
        return said

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No mail leaves from here: it is the worker who writes (`habeas.web.accounts.hearing`)."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> bool:
        return False


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticators lie sealed in the database; the last second factor cannot be removed."""

    def encrypt(self, text: str) -> str:
        return str(seal("second factors").encrypt(text.encode()).decode())

    def decrypt(self, encrypted_text: str) -> str:
        return str(seal("second factors").decrypt(encrypted_text.encode()).decode())

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The same for a second factor: who is signed in was proving presence, or adding one."""
        if code == "incorrect_code":
            inside = self.request.user.is_authenticated
            access.failed(self.request, Kind.NOT_PRESENT if inside else Kind.NOT_SIGNED_IN, "second proof")
        said: ValidationError = super().validation_error(code, *args)
        return said

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())

    def build_totp_svg(self, url: str) -> str:
        """The code as one path, without a style: the content policy allows no inline style."""
        code = qrcode.QRCode(border=2)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(
            f"M{column} {row}h1v1h-1z"
            for row, cells in enumerate(rows)
            for column, on in enumerate(cells)
            if on
        )
        side = len(rows)
        return (
            f'<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="The key below as a picture" '
            f'shape-rendering="crispEdges"><path d="{path}"/></svg>'
        )

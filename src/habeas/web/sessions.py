"""How long a session lasts: twelve hours at most, and half an hour without a move.

NIST SP 800-63B-4, 2.2.3, recommends at most 24 hours and one hour of rest for the second assurance level;
behind this door are people who may be in danger, so both are half of that.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends import db
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=30)
_GRAIN = timedelta(minutes=1)  # a move is written down once a minute, not at every page

_BEGAN, _SEEN = "began", "seen"


class SessionStore(db.SessionStore):
    """Sealed: a session remembers for a moment what may be told once (a code, the secret of a new
    authenticator), and the file of the accounts keeps what was deleted in it for long."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal("sessions").encrypt(msgspec.json.encode(session_dict)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """An empty session where it was sealed with another key: whoever had it signs in again."""
        try:
            return dict(msgspec.json.decode(seal("sessions").decrypt(session_data)))
        except InvalidToken:
            return {}


@cache
def key_for(purpose: str) -> bytes:
    """A key of its own for each purpose, 32 bytes, derived from the key file of the web side (RFC 5869)."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"habeas web: {purpose}".encode())
    return derived.derive(settings.SECRET_KEY.encode())


@cache
def seal(purpose: str) -> Fernet:
    """What seals what this side keeps for a purpose."""
    return Fernet(base64.urlsafe_b64encode(key_for(purpose)))


class SessionLimits:
    """Ends what lasted too long before a page is made; the clock of sessions is Django's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            if ended := _ended(request, now):
                request.lasted_too_long = True  # type: ignore[attr-defined] # why it ends, for the access record
                logout(request)
                messages.info(request, ended)
                return HttpResponseRedirect(reverse("account_login"))
            if now - _moment(request, _SEEN, now) >= _GRAIN:
                request.session[_SEEN] = now.isoformat()
        return self.get_response(request)


@receiver(user_logged_in)
def _begin(request: HttpRequest, **_kwargs: Any) -> None:
    now = timezone.now().isoformat()
    request.session[_BEGAN] = request.session[_SEEN] = now


@receiver(user_logged_out)
def _over(request: HttpRequest, **_kwargs: Any) -> None:
    request.session_is_over = True  # type: ignore[attr-defined] # so that the browser is told to keep nothing


def _ended(request: HttpRequest, now: datetime) -> str:
    """Why this session is over; empty while it lasts. One that does not say when it began is over."""
    if _BEGAN not in request.session or now - _moment(request, _BEGAN, now) >= LONGEST:
        return "You were signed in for twelve hours. Sign in again to go on."
    if now - _moment(request, _SEEN, now) >= IDLE:
        return "You were signed out after 30 minutes of rest."
    return ""


def _moment(request: HttpRequest, name: str, otherwise: datetime) -> datetime:
    written = request.session.get(name)
    return datetime.fromisoformat(written) if written else otherwise

"""The headers of every answer: what a browser may load, embed, remember and tell others. And of every
question, its length: what is too long for a page is not read at all.

Django 5.2 has no content policy of its own (6.0 has). Nothing here depends on the page but one line: some
may fetch, from us alone. The sign-in page, because a passkey is asked for from the server when its button is
pressed; the queue and the page of a case, because small things happen in place there.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from habeas.app import enclosing
from habeas.app.releasing import FILE_BYTES
from habeas.desk.moves import TABLE, Act
from habeas.gateways.tables import MOST_BYTES
from habeas.web.configuration import BODY_BYTES, Configuration
from habeas.web.uploads import TAKES_ALONG
from habeas.web.views.errors import too_large

_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
_AROUND = 64 * 1024  # what a form puts around a file
_IN_PLACE = frozenset({"queue", "case", *TABLE})
"""Where a page of ours may fetch; the form of an act that was refused stands on the page of its case."""
POLICY = "; ".join(_POLICY)
FETCHING = f"{POLICY}; connect-src 'self'"

_ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    # Nothing to others. Under `no-referrer` a browser sends `Origin: null` with our own forms (Fetch, 3.1),
    # as a stranger's page in a sandbox does too, and Django rightly refuses it.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def at_the_door(configuration: Configuration) -> str:
    """That of the sign-in page, of the one where an account is linked and of the one to sign out: their
    buttons may lead to a sign-in service of the house."""
    servers = (urlsplit(each.server) for each in configuration.openid)
    leading = " ".join(["form-action 'self'", *(f"{each.scheme}://{each.netloc}" for each in servers)])
    return FETCHING.replace("form-action 'self'", leading)


def _most(request: HttpRequest) -> int:
    """How much a page takes. Files have pages of their own, which look who sends them first."""
    try:
        page = resolve(request.path_info).url_name
    except Resolver404:
        page = None
    return _FILES.get(str(page), BODY_BYTES)


_FILES = {
    Act.PREPARE: FILE_BYTES,
    "extract": MOST_BYTES,
    **dict.fromkeys(TAKES_ALONG, BODY_BYTES + 2 * enclosing.FILE_BYTES),
}


class Headers:
    """Outermost, so that files, errors and redirects carry them too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        too_long = not length.isdecimal() or len(length) > 12 or int(length) > _most(request) + _AROUND
        response = too_large(request) if too_long else self.get_response(request)
        if hasattr(request, "session_is_over"):
            # Not "cookies": that word is for every site of the domain, and ours ended on the server.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        match = request.resolver_match
        response.headers["Content-Security-Policy"] = _policy(match.url_name if match is not None else None)
        if not request.path.startswith("/static/"):
            # Pages behind the door, and the door itself, are never written to a disk or a shared cache.
            response.headers["Cache-Control"] = "no-store"
        return response


def _policy(page: str | None) -> str:
    if page == "account_login":
        return at_the_door(settings.HABEAS)
    if page in ("link_service", "account_logout"):
        return at_the_door(settings.HABEAS).removesuffix("; connect-src 'self'")
    return FETCHING if page in _IN_PLACE else POLICY

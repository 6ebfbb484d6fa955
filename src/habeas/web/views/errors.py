"""What is shown when a page cannot be: first what did *not* happen, then why, then where to go.

A page that does not exist and a case of somebody else answer with the same bytes. Our own mistakes carry no
detail: that stands in the operator's log, under the name of the exception.
"""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import datetime
from pathlib import Path
from types import TracebackType

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from habeas.app.releasing import FILE_BYTES
from habeas.desk.case import Case
from habeas.errors import Refused
from habeas.web.accounts import access
from habeas.web.configuration import BODY_BYTES
from habeas.web.shown import languages
from habeas.web.views.history import Done

_NOTHING = "Nothing was sent, nothing was released and nothing was changed."
_LOG = logging.getLogger("habeas.web")


def shown(
    request: HttpRequest, status: int, *, over: str, heading: str, said: str, why: str = ""
) -> HttpResponse:
    page = get_template("error.html").render(
        {"over": over, "heading": heading, "said": said, "why": why}, request
    )
    return HttpResponse(page, status=status)


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        access.odd(request, "another site's name")
    elif isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        access.odd(request, "too much")
    return shown(
        request,
        400,
        over="This could not be read",
        heading="That was not a form of ours",
        said=f"{_NOTHING} Go back and fill the form again.",
    )


def forbidden(request: HttpRequest, exception: Exception | None = None, *, reason: str = "") -> HttpResponse:
    access.refused(request, access.Kind.REFUSED)
    return shown(
        request,
        403,
        over="Not yours to do",
        heading="This is for somebody else",
        said=f"{_NOTHING} You are signed in, and your work goes on as before.",
        why=reason,
    )


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its secret: too old, of another session, or of another site (CSRF)."""
    access.refused(request, access.Kind.UNTRUSTED)
    return shown(
        request,
        403,
        over="This form could not be trusted",
        heading="Open the page again",
        said=f"{_NOTHING} The form was too old, or it did not come from this site.",
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """Said before a byte of the body is read."""
    access.odd(request, "too long")
    return shown(
        request,
        413,
        over="This could not be read",
        heading="That is too much at once",
        said=f"{_NOTHING} A page takes {BODY_BYTES // 1024**2} MB; the one where the custodian lays files "
        f"ready takes {FILE_BYTES // 1024**3} GB together.",
    )


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path_info.startswith(reverse("you")):
        return _no_such_door(request)
    return shown(
        request,
        404,
        over="Not found",
        heading="There is nothing here",
        said="There is no such page, or it is not for you. Look in the queue.",
    )


def _no_such_door(request: HttpRequest) -> HttpResponse:
    """A wrong address at the door of the person concerned: nothing of it is for colleagues."""
    known: tuple[str, ...] = settings.HABEAS.languages
    named = request.path_info.removeprefix(reverse("you")).partition("/")[0]
    wanted = (named, translation.get_language_from_request(request).partition("-")[0])
    language = next((each for each in wanted if each in known), known[0])
    with translation.override(language):
        shown = {"languages": languages(known), "language": language}
        return HttpResponse(get_template("your_way.html").render(shown, request), status=404)


def erased(request: HttpRequest, case: str, received: datetime | None, at: datetime) -> HttpResponse:
    page = get_template("erased.html").render({"case": case, "received": received, "at": at}, request)
    return HttpResponse(page, status=410)


def too_much(request: HttpRequest) -> HttpResponse:
    """A colleague did so much of one thing that it may not be them."""
    access.refused(request, access.Kind.TOO_MANY)
    return shown(
        request,
        429,
        over="Slowly",
        heading="That was a lot at once",
        said=f"{_NOTHING} This was done more often in a short time than a person does it; wait some minutes.",
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    access.refused(request, access.Kind.TOO_MANY)
    return shown(
        request,
        429,
        over="Slowly",
        heading="Too many attempts",
        said="Wait some minutes, then try again. Nothing is locked for good.",
    )


def ours(request: HttpRequest) -> HttpResponse:
    kind, _error, trace = sys.exc_info()
    error, where = kind.__name__ if kind else "unknown", _place(trace)
    match, user = request.resolver_match, getattr(request, "user", None)
    more = {"page": match and match.url_name, "account": user and user.pk}
    _LOG.error("a page failed: %s at %s", error, where, extra={"error": error, "where": where, **more})
    return shown(
        request,
        500,
        over="Our mistake, not yours",
        heading="We could not finish that",
        said="Nothing was sent and nothing was released. The case stands as it did before.",
    )


def _place(trace: TracebackType | None) -> str:
    """The line it happened in. Neither the words of the error nor the address of the page: both may hold
    what a request says."""
    frames = traceback.extract_tb(trace)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"


def changed_meanwhile(
    request: HttpRequest,
    case: Case,
    since: tuple[Done, ...],
    typed: list[tuple[str, str]],
    back: str,
    refused: Refused | None = None,
) -> HttpResponse:
    """Somebody else was quicker: what they did, and what was typed here, to be looked at again."""
    page = get_template("changed.html").render(
        {"case": case, "since": since, "typed": typed, "back": back, "refused": refused}, request
    )
    return HttpResponse(page, status=409)

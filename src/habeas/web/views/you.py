"""The door of the person whose data were asked for: their own language, no account, nothing about the case.

With the code from the notice they object, and nothing is handed over until that is answered. A wrong code and
one that was never given answer alike.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from habeas.app.installation import hashed
from habeas.desk.case import Case
from habeas.desk.events import Objected
from habeas.errors import Refused
from habeas.web.door import configuration, installation
from habeas.web.shown import languages

TRIES = 10  # for one address in an hour; a code has far more than a million possible values
_HOUR = 3600
LONGEST = 20_000  # characters; a lawyer's letter comes by post


def choose(request: HttpRequest) -> HttpResponse:
    """In the first language of the browser that we speak."""
    wanted = translation.get_language_from_request(request).partition("-")[0]
    known = configuration().languages
    return HttpResponseRedirect(reverse("you_in", args=[wanted if wanted in known else known[0]]))


def page(request: HttpRequest, language: str) -> HttpResponse:
    if language not in configuration().languages:
        raise Http404
    with translation.override(language):
        wrong, done, typed = "", False, {"house": request.GET.get("house", ""), "code": "", "words": ""}
        if request.method == "POST":
            typed = {name: request.POST.get(name, "").strip()[:LONGEST] for name in typed}
            wrong = _object(request, typed)
            done = not wrong
        return render(
            request,
            "you.html",
            {
                "languages": languages(configuration().languages),
                "language": language,
                "typed": typed,
                "wrong": wrong,
                "done": done,
            },
            status=422 if wrong else 200,
        )


def _object(request: HttpRequest, typed: dict[str, str]) -> str:
    """Empty when it was recorded; otherwise what to say, the same for everything that can be wrong."""
    key = f"you:{get_adapter(request).get_client_ip(request)}"
    tries = cache.get(key, 0)
    if tries >= TRIES:
        return translation.gettext("Too many attempts. Wait an hour, then try again.")
    cache.set(key, tries + 1, _HOUR)
    if not typed["words"]:
        return translation.gettext("Say in your own words why this should not happen.")
    house = typed["house"]
    try:
        case = installation().door_of(house, typed["code"]) if house else None
        if case is None:
            return _nothing()
        if case.objection and typed["words"] in _said_before(case):
            return ""  # the same form, sent twice
        installation().desk(house).object(
            case.id, installation().now(), code=hashed(typed["code"]), words=typed["words"]
        )
    except Refused:
        return _nothing()
    return ""


def _said_before(case: Case) -> set[str]:
    return {each.event.words for each in case.history if isinstance(each.event, Objected)}


def _nothing() -> str:
    return translation.gettext("This code opens nothing here. Check it against the notice.")

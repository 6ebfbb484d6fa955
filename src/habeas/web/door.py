"""The door: who may see a page. Every page says so where it is named, and none is open by oversight.

`route` is the only way a page gets an address (a test walks all addresses). It asks, in this order: is
somebody signed in; with a second factor, used in this session; are they a person of their house today; does
their role allow it (`habeas.desk.moves`, which is asked again before anything is written). A case of another
house, and one that somebody invited elsewhere was not invited into, answers exactly like one that does not
exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial, wraps
from http import HTTPStatus
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from allauth.core.internal import ratelimit
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from habeas.app.installation import Installation
from habeas.desk import limits, queue
from habeas.desk.case import Case
from habeas.desk.clocks import Reckoning
from habeas.desk.events import INVITED, Role
from habeas.desk.moves import TABLE, Act, may, may_answer
from habeas.desk.people import House, Person
from habeas.errors import Refused
from habeas.reports import words
from habeas.web import uploads
from habeas.web.accounts import access
from habeas.web.accounts.models import Account
from habeas.web.accounts.presence import fresh as recently_present
from habeas.web.accounts.presence import has_second_factor, used_second_factor
from habeas.web.configuration import Configuration
from habeas.web.sessions import IDLE
from habeas.web.shown import RIGHT_TO_LEFT
from habeas.web.views.errors import erased, forbidden, too_much

View = Callable[..., HttpResponseBase]
_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")  # any other word names no case, and none is looked for


@dataclass(frozen=True, slots=True)
class Anybody:
    """Open to strangers. why: what makes that harmless."""

    why: str


@dataclass(frozen=True, slots=True)
class Enrolling:
    """For an account that may still lack a second factor. why: because it serves to get or keep one.

    proving: it is itself where presence is proved, so it does not ask for that.
    """

    why: str
    proving: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """For every person of the house, whatever their role. why: what they do there that needs no role."""

    why: str


@dataclass(frozen=True, slots=True)
class Roles:
    """For people with one of these roles, where no verb of the desk says so. why: the rule behind it."""

    roles: frozenset[Role]
    why: str


Needs = Anybody | Enrolling | Member | Roles | Act


class Erased(Exception):
    """The case was erased: its days are all that is left of it."""

    def __init__(self, case: str, received: datetime | None, at: datetime) -> None:
        super().__init__(case)
        self.case, self.received, self.at = case, received, at


class Forbidden(Exception):
    """Signed in, and this is not theirs to do. reason: one sentence, shown as it is."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page, in which house, and when."""

    account: Account
    person: Person
    house: House
    at: datetime

    @property
    def organisation(self) -> str:
        return self.house.organisation


class Visit(HttpRequest):
    """A request that came through the door. case: where the address names one."""

    viewer: Viewer
    case: Case


def installation() -> Installation:
    return cast(Installation, settings.HABEAS_INSTALLATION)


def configuration() -> Configuration:
    return cast(Configuration, settings.HABEAS)


def route(
    address: str,
    view: View,
    *,
    name: str,
    needs: Needs,
    methods: str = "GET",
    fresh: bool = False,
    files: uploads.Begin | None = None,
    costs: str = "",
) -> URLPattern:
    """The page at an address, behind the door.

    methods: separated by spaces; HEAD goes with GET. fresh: only for somebody who proved their presence in
    the last minutes (`FRESH_SECONDS`). files: it takes files, which are sealed as they come
    (`habeas.web.uploads`), and this begins each; of what is sent there nothing is read before the door has
    said who sends it.
    costs: a word of `COSTLY`, where it takes much of the machine or lets much out; a person does it so often.
    """
    allowed = [*methods.split(), *(["HEAD"] if "GET" in methods else [])]

    # The door comes first: a stranger learns not even the method.
    inside = require_http_methods(allowed)(uploads.sealed(view, files) if files else view)

    def whole(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What changes a way in is not changed where the access record cannot say so."""
        changes = isinstance(needs, Enrolling) and request.method == "POST"
        with transaction.atomic() if changes else nullcontext():
            return inside(request, *args, **kwargs)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = (
                _admit(request, needs, kwargs, fresh)
                or _slowed(request, costs)
                or whole(request, *args, **kwargs)
            )
        except Http404:
            if not isinstance(needs, Anybody):
                access.refused(request, access.Kind.NOT_THERE)
            raise
        except Forbidden as barred:
            answer = forbidden(request, reason=barred.reason)
        except Erased as gone:
            answer = erased(request, gone.case, gone.received, gone.at)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            access.odd(request, "method")
        if not isinstance(needs, Anybody):
            add_never_cache_headers(answer)
        return answer

    guarded.needs, guarded.costs = needs, costs  # type: ignore[attr-defined]
    if files:  # asked for inside, where reading the form seals what comes with it
        guarded.csrf_exempt = True  # type: ignore[attr-defined]
    return path(address, guarded, name=name)


def _admit(request: HttpRequest, needs: Needs, named: dict[str, Any], fresh: bool) -> HttpResponseBase | None:
    """None where the page may be shown; otherwise where to go instead. Raises Http404 or Forbidden."""
    if isinstance(needs, Anybody):
        return None
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return HttpResponseRedirect(f"{reverse('account_login')}{_back(request)}")
    if isinstance(needs, Enrolling) and needs.proving:
        return None
    if has_second_factor(account):
        if not used_second_factor(request, account):
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}{_back(request)}")
    elif not isinstance(needs, Enrolling):
        return HttpResponseRedirect(reverse("mfa_index"))
    if fresh and not recently_present(request, account):
        return HttpResponseRedirect(f"{reverse('account_reauthenticate')}{_back(request)}")
    visit = cast("Visit", request)
    if has_second_factor(account):
        visit.viewer = _viewer(account)
    if isinstance(needs, Roles) and not visit.viewer.person.has(*needs.roles):
        raise Forbidden(f"This is for {' or '.join(role for role in Role if role in needs.roles)}.")
    if isinstance(needs, Act):
        _may(visit, needs, named.get("case"))
    return None


def _slowed(request: HttpRequest, costs: str) -> HttpResponseBase | None:
    """None while somebody did not do more of this than a person does. To look at a form costs nothing."""
    counted = costs and (request.method == "POST" or costs == "export")
    named = {"app": "allauth.account", "action": costs, "user": request.user, "limit_get": True}
    if not counted or ratelimit.consume(request, **named):
        return None
    return too_much(request)


def _back(request: HttpRequest) -> str:
    """Where to come back to; what was sent in a form is not kept."""
    return f"?{urlencode({'next': request.path})}" if request.method in ("GET", "HEAD") else ""


def _viewer(account: Account) -> Viewer:
    house = installation().people(account.organisation)
    person = house.people.get(account.person)
    if person is None or person.left:
        raise Forbidden("You are not one of the people of this house any more.")
    return Viewer(account=account, person=person, house=house, at=installation().now())


def _may(visit: Visit, act: Act, case_id: str | None) -> None:
    viewer = visit.viewer
    if case_id is None:
        answer = may(viewer.person, act, None, viewer.house, viewer.at)
        if not answer:
            raise Forbidden(answer.reason)
        return
    if not viewer.person.reads_cases and not viewer.person.has(*INVITED):
        raise Forbidden("Cases are not for your role. An administrator looks after people and settings.")
    if not _CASE.fullmatch(case_id):
        raise Http404
    try:
        case = installation().case(viewer.organisation, case_id)
    except Refused:
        raise _gone(viewer, case_id) or Http404 from None
    if not may(viewer.person, Act.READ, case, viewer.house, viewer.at):
        raise Http404
    visit.case = case
    if act in TABLE and not viewer.person.has(*TABLE[act].roles):
        # Whether the case allows it today is said on the page itself; that the role never does, here.
        raise Forbidden(may(viewer.person, act, case, viewer.house, viewer.at).reason)


def _gone(viewer: Viewer, case_id: str) -> Erased | None:
    """That a case was erased is told to who could read it, and to no guest."""
    store = installation().store
    at = store.erased(viewer.organisation, case_id)
    if at is None or not viewer.person.reads_cases:
        return None
    row = store.row(viewer.organisation, case_id)
    return Erased(case_id, row.received if row is not None else None, at)


@dataclass(frozen=True, slots=True)
class Tab:
    """A line of the navigation."""

    words: str
    address: str
    here: bool


def furniture(request: HttpRequest) -> dict[str, Any]:
    """What every page shows around its own content."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    language = translation.get_language() or "en"
    return {
        "viewer": viewer,
        "tabs": _tabs(viewer, request.path),
        "pressing": partial(_pressing, request),
        "seat": words.seat(viewer.house.settings.seat.replace(":", ", ")) if viewer else "",
        "demo": configuration().demo,
        "rest": int(IDLE.total_seconds()),
        "lang": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
    }


class Pressing(NamedTuple):
    """What ends first in a case, None where nothing presses, and what is next in it; empty for a guest."""

    first: Reckoning | None
    next: str


def _pressing(request: HttpRequest) -> Pressing:
    """For the bar above every page of a case."""
    visit = cast("Visit", request)
    viewer, case = visit.viewer, visit.case
    first = limits.first_due(limits.of(case, viewer.house), viewer.at)
    if not viewer.person.reads_cases:
        return Pressing(first, "")
    who, word = queue.turn_of(case, viewer.house, viewer.at)
    if who in (queue.REQUESTER, queue.PERSON):
        return Pressing(first, f"waits for the {who if who == queue.REQUESTER else 'person concerned'}")
    return Pressing(first, f"{TABLE[Act(word)].says}, for {who}" if word in TABLE else "")


def _tabs(viewer: Viewer | None, here: str) -> list[Tab]:
    if viewer is None:
        return []
    tabs = []
    if viewer.person.reads_cases or viewer.person.has(*INVITED):
        tabs.append(("Requests", reverse("queue")))
    if may(viewer.person, Act.RECEIVE, None, viewer.house, viewer.at):
        tabs.append(("Take in", reverse("receive")))
    tabs.append(("Law", reverse("knowledge")))
    if viewer.house.log is not None and viewer.person.has(*LOG.roles):
        tabs.append(("Public log", reverse("public_log")))
    elif viewer.house.log is not None and may(viewer.person, Act.TELL, None, viewer.house, viewer.at):
        tabs.append(("Stories", reverse("stories")))
    waits = any(may_answer(viewer.person, each, viewer.house) for each in viewer.house.proposals)
    if waits and not viewer.person.has(*PEOPLE.roles):
        tabs.append(("To confirm", reverse("proposals")))
    if viewer.person.has(*PEOPLE.roles):
        tabs.append(("People", reverse("people")))
        tabs.append(("Settings", reverse("settings")))
    at_cases = here == "/" or here.startswith("/cases/")
    return [
        Tab(words, address, here=at_cases if address == "/" else here.startswith(address))
        for words, address in tabs
    ]


PEOPLE = Roles(
    frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    "the administrator looks after people, the auditor sees who they are",
)

LOG = Roles(
    frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.COUNSEL}),
    "the administrator keeps the public log, auditor and counsel check it; the page names no case",
)

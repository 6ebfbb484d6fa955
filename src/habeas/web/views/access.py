"""The access record on a page: who came and went, whose way in changed, and what was refused to whom.

For the administrator and the auditor. It says nothing about a case but its reference, where somebody was
refused a page of a case that they may read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render

from habeas.desk.people import House
from habeas.web.accounts import access
from habeas.web.accounts.access import GROUPS, SAYS, Kind
from habeas.web.accounts.models import AccessLine
from habeas.web.door import Visit
from habeas.web.views.history import title_of

LINES = 50
_DAY = timedelta(days=1)
_LONGEST = 18  # digits of a place in the record


class Entry(NamedTuple):
    """A line in words. who and about: titles, empty where nobody is meant."""

    line: AccessLine
    says: str
    who: str
    about: str


def page(request: Visit) -> HttpResponse:
    viewer = request.viewer
    chosen = {name: request.GET.get(name, "") for name in ("kind", "person")}
    kinds = GROUPS[chosen["kind"]][1] if chosen["kind"] in GROUPS else ()
    found = access.lines(
        viewer.organisation,
        kinds=kinds,
        person=chosen["person"],
        before=_place(request.GET.get("before", "")),
        limit=LINES + 1,
    )
    filters = {name: value for name, value in chosen.items() if value}
    return render(
        request,
        "access.html",
        {
            "entries": [entry(each, viewer.house) for each in found[:LINES]],
            "older": f"?{urlencode({**filters, 'before': found[LINES - 1].pk})}" if found[LINES:] else "",
            "first": not request.GET.get("before"),
            "chosen": chosen,
            "groups": [(word, heading) for word, (heading, _kinds) in GROUPS.items()],
            "people": sorted(viewer.house.people.values(), key=lambda each: each.title),
            "unknown": access.unknown(viewer.at - _DAY),
            "kept": access.KEPT.days,
            "once": access.ONCE,
        },
    )


def entry(line: AccessLine, house: House) -> Entry:
    return Entry(
        line,
        SAYS.get(Kind(line.kind), line.kind),
        title_of(line.person, house) if line.person else "",
        title_of(line.about, house) if line.about else "",
    )


def _place(before: str) -> int | None:
    if not before:
        return None
    if not (before.isascii() and before.isdecimal() and len(before) <= _LONGEST):
        raise Http404
    return int(before)

"""What came, as it came: the bytes of each version of a request and the files that came along, to be fetched.

Nothing of it is shown, run or changed here. Each is given out whole, under a type that no browser opens by
itself, to whoever reads the case; a guest without the names sees how many there are and gets none.
"""

from __future__ import annotations

from typing import NamedTuple

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header

from habeas.app import enclosing
from habeas.app.enclosing import Version
from habeas.desk import limits
from habeas.desk.events import Attached, Enclosed, Recorded
from habeas.desk.moves import Act, may
from habeas.errors import Refused
from habeas.reports import rows
from habeas.web.door import Visit, installation
from habeas.web.views import turn
from habeas.web.views.acts import Doing
from habeas.web.views.history import title_of
from habeas.web.views.typed import Typed

_TYPE = "application/octet-stream"  # nothing opens it by itself; with `nosniff` no browser guesses further


class Line(NamedTuple):
    """A file that came along, by its number in the case."""

    number: int
    file: Enclosed
    recorded: Recorded
    by: str


class Came(NamedTuple):
    """A version of the request, and who took it in. here: its bytes lie in this case."""

    version: Version
    by: str
    here: bool


def page(request: Visit, case: str) -> HttpResponse:
    viewer, found = request.viewer, request.case
    arrival = found.arrivals[0]
    return render(
        request,
        "files.html",
        {
            "case": found,
            "title": rows.title(turn.seen(viewer, found)[0]),
            "blind": turn.blind(viewer, found),
            "versions": [
                Came(each, title_of(each.by, viewer.house), each.case == found.id)
                for each in enclosing.versions(found)
            ],
            "lines": _lines(request),
            "attaches": bool(may(viewer.person, Act.ATTACH, found, viewer.house, viewer.at)),
            "stated": arrival.stated,
            "arrived": limits.arrived(found, viewer.house),
            "recorded": arrival.at,
        },
    )


def _lines(request: Visit) -> list[Line]:
    found: list[Line] = []
    for recorded in request.case.history:
        if isinstance(recorded.event, Attached):
            by = title_of(recorded.by, request.viewer.house)
            found += [
                Line(number, file, recorded, by)
                for number, file in enumerate(recorded.event.files, start=len(found) + 1)
            ]
    return found


def one(request: Visit, case: str, sha256: str) -> HttpResponseBase:
    """The exact bytes. A guest without the names gets none: they hold what is covered elsewhere."""
    if turn.blind(request.viewer, request.case):
        raise Http404
    try:
        name, size, file = enclosing.opened(installation(), request.viewer.organisation, request.case, sha256)
    except Refused:
        raise Http404 from None
    named = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    if size >= 0:
        named["Content-Length"] = str(size)
    return StreamingHttpResponse(enclosing.pieces(file), content_type=_TYPE, headers=named)


def attach(doing: Doing, typed: Typed) -> object:
    """Keep what came along later."""
    case, by, _at = doing.who
    came = typed.enclosed("along")
    if not came:
        raise Refused("no file came", place="along", hint="choose at least one")
    return enclosing.attach(installation(), doing.house, case, by, came, seen=doing.seen)

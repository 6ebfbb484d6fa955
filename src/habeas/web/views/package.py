"""What leaves a case: what would leave now and what stays here, who approved it, and what was sent.

Shown to people before they approve and before they hand over. Nothing leaves by being looked at. What was
handed over can be fetched again by the custodian, in its sealed form and in no other: no page gives a plain
file.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render

from habeas.app.installation import DELETE_AFTER
from habeas.desk import package
from habeas.desk.case import Case
from habeas.desk.events import Recorded, Released
from habeas.desk.moves import TABLE, Act, may
from habeas.desk.package import Leaving, Part, RegisteredKey
from habeas.errors import Refused
from habeas.reports import rows
from habeas.web.door import View, Visit, installation
from habeas.web.views.history import title_of

PARTS = {
    "sealed": (".age", "application/octet-stream"),
    "statement": (".statement.json", "application/json"),
    "signature": (".statement.sig", "application/octet-stream"),
}
"""What lies in the outgoing folder of a release: each with the ending of its name and its media type."""


class KeyLine(NamedTuple):
    """A key of the authority. left: days until it has to be compared again. wrong: why it serves no more."""

    key: RegisteredKey
    left: int
    wrong: str


class FileLine(NamedTuple):
    """A file that would leave. own: its name here, which stays here."""

    leaving: Leaving
    own: str


class Sent(NamedTuple):
    """A release. there: its sealed package still lies in the outgoing folder."""

    recorded: Recorded
    released: Released
    by: str
    there: bool


def page(request: Visit, case: str) -> HttpResponse:
    viewer = request.viewer
    if not viewer.person.reads_cases:
        raise Http404
    allowed = may(viewer.person, Act.RELEASE, request.case, viewer.house, viewer.at)
    return render(
        request,
        "package.html",
        {
            "case": request.case,
            "title": rows.title(request.case.request),
            "sent": _sent(request),
            "fetches": viewer.person.has(*TABLE[Act.RELEASE].roles),
            "allowed": allowed,
            **shown(request),
        },
    )


def shown(request: Visit) -> dict[str, Any]:
    """What would leave now; also above the forms that approve it and hand it over."""
    case, viewer = request.case, request.viewer
    refused, preview = None, package.Preview(leaving=(), stripped=())
    try:
        preview = installation().preview(viewer.organisation, case)
    except Refused as error:
        refused = error
    names = {each.sha256: each.name for each in case.files}
    return {
        "leaving": [FileLine(each, names.get(each.sha256, "")) for each in preview.leaving],
        "size": preview.size,
        "staying": [each for each in preview.stripped if each.part is Part.FILE],
        "unfit": refused,
        "keys": _keys(request),
        "authority": case.request.issuing.name if case.request.issuing is not None else "",
        "conditions": _conditions(case, viewer.at.date()),
        "approval": case.approval,
        "approver": title_of(case.approval.by, viewer.house) if case.approval is not None else "",
        "at": viewer.at,
    }


def fetch(part: str) -> View:
    """The page that gives one part of a release to the custodian, as it lies in the outgoing folder."""
    ending, kind = PARTS[part]

    def view(request: Visit, case: str, sha256: str) -> FileResponse:
        if sha256 not in {each.package for _recorded, each in _releases(request.case)}:
            raise Http404
        path = _folder(request) / f"{sha256}{ending}"
        if not path.is_file():
            raise Http404
        return FileResponse(
            path.open("rb"), content_type=kind, as_attachment=True, filename=f"package-{sha256[:16]}{ending}"
        )

    return view


def _folder(request: Visit) -> Path:
    return installation().outgoing / request.viewer.organisation / request.case.id


def _releases(case: Case) -> list[tuple[Recorded, Released]]:
    """Those in which a package left; that an account does not exist is told without one."""
    return [
        (each, each.event) for each in case.history if isinstance(each.event, Released) and each.event.package
    ]


def _sent(request: Visit) -> list[Sent]:
    return [
        Sent(
            recorded,
            released,
            title_of(recorded.by, request.viewer.house),
            (_folder(request) / f"{released.package}.age").is_file(),
        )
        for recorded, released in reversed(_releases(request.case))
    ]


def _keys(request: Visit) -> list[KeyLine]:
    issuing, state = request.case.request.issuing, request.case.request.requesting_state
    if issuing is None or state is None:
        return []
    today = request.viewer.at.date()
    return [key_line(each, today) for each in request.viewer.house.keys_for(issuing.name, state)]


def key_line(key: RegisteredKey, today: date) -> KeyLine:
    """How a registered key stands on a day."""
    wrong = ""
    try:
        package.check_keys((key,), authority=key.authority, state=key.state, on=today)
    except Refused as refused:
        wrong = refused.sentence
    age = (today - key.verified_on).days if key.verified_on is not None else package.KEY_DAYS
    return KeyLine(key, max(0, package.KEY_DAYS - age), wrong)


def _conditions(case: Case, today: date) -> tuple[str, ...]:
    """The terms that go with the data, as the package states them."""
    usual = package.usual_conditions(case.request.reference or "", today + DELETE_AFTER)
    decided = (words for each in case.giving() for words in each.conditions)
    said = (f"{each.text} Until {each.until}." if each.until is not None else each.text for each in usual)
    return tuple(dict.fromkeys((*said, *decided)))

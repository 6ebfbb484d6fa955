"""What leaves a case: what would leave now and what stays here, who approved it, and what was sent.

Shown to people before they approve and before they hand over. Nothing leaves by being looked at. Whoever is
about to approve the release, and the auditor, can open each file: exactly the bytes that would leave, as a
download and never as a page, and each time the access record says so. What was handed over can be fetched
again by the custodian, in its sealed form and in no other.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render

from habeas.app import releasing
from habeas.app.releasing import DELETE_AFTER
from habeas.desk import alone, delivery, package
from habeas.desk.case import Case
from habeas.desk.events import (
    DeliveryConfirmed,
    FilesPrepared,
    NoticeSent,
    Notified,
    Recorded,
    Released,
    Role,
)
from habeas.desk.letters import filling
from habeas.desk.moves import TABLE, Act, may
from habeas.desk.package import Leaving, Part, RegisteredKey
from habeas.desk.people import House
from habeas.errors import Refused
from habeas.reports import rows
from habeas.request import Period
from habeas.web.accounts import access
from habeas.web.accounts.access import Kind
from habeas.web.door import Forbidden, View, Visit, installation
from habeas.web.views import turn
from habeas.web.views.history import Done, done, title_of
from habeas.web.views.notices import account_of

KINDS = {
    "sealed": "application/octet-stream",
    "statement": "application/json",
    "signature": "application/octet-stream",
    "timestamp": "application/timestamp-reply",
    "note": "text/plain; charset=utf-8",
}
"""The media type of each part of a release; how each is called is in `delivery.PARTS`."""


_APART = (NoticeSent, Notified, FilesPrepared)
"""What stands elsewhere on the page: notices with whom they were for, the custodian's word with the files."""


class KeyLine(NamedTuple):
    """A key of the authority. left: days until it has to be compared again. wrong: why it serves no more."""

    key: RegisteredKey
    left: int
    wrong: str


class FileLine(NamedTuple):
    """A file that would leave. own: its name here, which stays here. asked: the days that were asked for, of
    which nothing beyond leaves; None where the request named none."""

    leaving: Leaving
    own: str
    asked: Period | None


class Sent(NamedTuple):
    """A release. parts: what of it still lies in the outgoing folder; without `sealed` it was taken away."""

    recorded: Recorded
    released: Released
    by: str
    parts: tuple[str, ...]


def page(request: Visit, case: str) -> HttpResponse:
    viewer = request.viewer
    if not viewer.person.reads_cases:
        raise Http404
    allowed = may(viewer.person, Act.RELEASE, request.case, viewer.house, viewer.at)
    sent = _sent(request)
    own = package.key_id(releasing.house_key(installation(), viewer.organisation)) if sent else ""
    return render(
        request,
        "package.html",
        {
            "case": request.case,
            "title": rows.title(request.case.request),
            "sent": sent,
            "arrived": [
                (recorded, each, title_of(recorded.by, viewer.house))
                for recorded, each in reversed(_confirmations(request.case))
            ],
            "own": own,
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
        preview = releasing.preview(installation(), viewer.organisation, case)
    except Refused as error:
        refused = error
    words = alone.rests_on(case)
    names = {each.sha256: each.name for each in case.files}
    named = not turn.blind(viewer, case)
    asked = {(target.id, item.id): item.period for target in case.request.targets for item in target.items}
    return {
        "leaving": [
            FileLine(each, names.get(each.sha256, "") if named else "", asked.get((each.target, each.item)))
            for each in preview.leaving
        ],
        "opens": _opens(request),
        "size": preview.size,
        "staying": [each for each in preview.stripped if each.part is Part.FILE],
        "unfit": refused,
        "keys": _keys(request),
        "authority": case.request.issuing.name if case.request.issuing is not None else "",
        "conditions": _conditions(case, viewer.house, viewer.at.date()),
        "told": [
            (
                turn.said(viewer, case, account_of(case, target)),
                notice,
                title_of(notice.sent_by, viewer.house),
            )
            for target, notice in case.last_sent(case.concerned()).items()
        ],
        "rests": [_rest(request, each) for each in words if not isinstance(each.event, _APART)],
        "preparer": next(
            (title_of(each.by, viewer.house) for each in words if isinstance(each.event, FilesPrepared)), ""
        ),
        "reads": viewer.person.reads_cases,
        "stamping": viewer.house.settings.timestamps,
        "approval": case.approval,
        "approver": title_of(case.approval.by, viewer.house) if case.approval is not None else "",
        "at": viewer.at,
    }


def _rest(request: Visit, recorded: Recorded) -> Done:
    """What one person recorded alone and the release rests on, as the viewer may read it."""
    viewer, case = request.viewer, request.case
    line = done(recorded, viewer.house, viewer.person)
    return line._replace(words=tuple(turn.said(viewer, case, each) for each in line.words))


def fetch(part: str) -> View:
    """The page that gives one part of a release to the custodian, as it lies in the outgoing folder."""
    ending, kind = delivery.PARTS[part], KINDS[part]

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


def open_file(request: Visit, case: str, sha256: str) -> FileResponse:
    """One file that lies ready, as it would leave, for who is about to approve it and for the auditor."""
    viewer = request.viewer
    if sha256 not in {each.sha256 for each in request.case.files}:
        raise Http404
    if not _opens(request):
        raise Forbidden(
            "The files are opened by the one who may approve the release now, and by the auditor."
        )
    try:
        leaving = releasing.preview(installation(), viewer.organisation, request.case).leaving
    except Refused:
        raise Http404 from None
    found = next((each for each in leaving if each.sha256 == sha256), None)
    if found is None:
        raise Http404
    who = access.whose(request)
    access.noted(request, Kind.FILE_OPENED, who, how=sha256[:16], page="open_file", case=case)
    answer = FileResponse(
        installation().store.open(viewer.organisation, case, sha256),
        content_type="application/octet-stream",
        as_attachment=True,
        filename=f"{case}-{'-'.join(found.path.split('/')[1:])}",
    )
    answer.headers["Content-Length"] = str(found.size)
    return answer


def _opens(request: Visit) -> bool:
    """Whether the viewer may open the files: the auditor, and who may approve the release now or did."""
    viewer, approval = request.viewer, request.case.approval
    if turn.blind(viewer, request.case):  # what is in a file says whose it is
        return False
    if viewer.person.has(Role.AUDITOR) or (approval is not None and approval.by == viewer.person.id):
        return True
    return bool(may(viewer.person, Act.APPROVE_RELEASE, request.case, viewer.house, viewer.at))


def fetch_receipt(request: Visit, case: str, sha256: str) -> HttpResponse:
    """A receipt of the authority or its signature, as it came."""
    if not request.viewer.person.reads_cases:
        raise Http404
    names = {
        name: ending
        for _recorded, each in _confirmations(request.case)
        for name, ending in ((each.sha256, ".json"), (each.signature, ".json.sig"))
        if name
    }
    if sha256 not in names:
        raise Http404
    data = installation().get(request.viewer.organisation, request.case.id, sha256)
    kind = "application/json" if names[sha256] == ".json" else "text/plain; charset=us-ascii"
    named = f'attachment; filename="receipt-{sha256[:16]}{names[sha256]}"'
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": named})


def _confirmations(case: Case) -> list[tuple[Recorded, DeliveryConfirmed]]:
    return [(each, each.event) for each in case.history if isinstance(each.event, DeliveryConfirmed)]


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
            tuple(
                part
                for part, ending in delivery.PARTS.items()
                if (_folder(request) / f"{released.package}{ending}").is_file()
            ),
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


def _conditions(case: Case, house: House, today: date) -> tuple[str, ...]:
    """The terms that go with the data, as the package states them, and which of them were accepted."""
    usual = package.usual_conditions(case.request.reference or "", today + DELETE_AFTER)
    said = (f"{each.text} Until {each.until}." if each.until is not None else each.text for each in usual)
    terms = (
        f"{each.words} Accepted by the requester, recorded on {house.day(each.accepted)}."
        if each.accepted is not None
        else each.words
        for each in filling.with_data(case)
    )
    return tuple(dict.fromkeys((*said, *terms)))

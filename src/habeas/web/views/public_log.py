"""The public log of the house: what it is, whether anybody outside signs it, and what an auditor is given.

An administrator opens it and says how it is kept, and from the first request on another one confirms it;
auditor and counsel get what opens its leaves for counting.
Nothing here publishes the log: that is `habeas.app.publishing`, once a day. Counsel opens the totals of a
month.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from habeas.app import publishing, receipts
from habeas.app.receipts import Unpublished
from habeas.app.reporting import Reporter
from habeas.desk import promise
from habeas.desk.events import UNSAID, LogConfigured, Role, Silence, Witnessing
from habeas.desk.moves import Act, may
from habeas.desk.public import Footing, Kind, ledger_until
from habeas.desk.settings import USUAL
from habeas.errors import Refused
from habeas.reports import words
from habeas.reports.published import FRESH, MANIFEST, Manifest, OpenLeaf
from habeas.reports.transparency import Period, as_html
from habeas.reports.transparency.tables import ACCOUNTS, KINDS
from habeas.tlog import Key, Tiles, outsiders
from habeas.treaty import law
from habeas.web.door import Roles, Viewer, Visit, installation
from habeas.web.views import settings, stories
from habeas.web.views.typed import Typed

OPENERS = Roles(
    frozenset({Role.AUDITOR, Role.COUNSEL}),
    "what is counted of every leaf, by state and month: for those who check it, as `openings` says",
)
TOTALLERS = Roles(
    frozenset({Role.COUNSEL}), "what is published of the log is decided by counsel, as `publish_totals` says"
)
LEDGERS = 31  # given to take away: a month
SHOWN = 7  # of them on the page
WAITING = 1000  # entries that are counted; what waits beyond that is "more"


class Ledger(NamedTuple):
    """A day's commitment to the end of every case's record, as the site shows it."""

    place: int
    until: datetime
    sha256: str
    file: bytes


class Shown(NamedTuple):
    """The newest tree on the public site. at: when it was last said to be the newest."""

    size: int
    at: datetime


def page(request: Visit) -> HttpResponse:
    viewer, kept = request.viewer, request.viewer.house.log
    facts: dict[str, Any] = {
        "log": kept,
        "runs": _runs(viewer),
        "proposals": sum(isinstance(each.change, LogConfigured) for each in viewer.house.proposals),
    }
    if kept is not None:
        app, house = installation(), viewer.organisation
        shown, last, damaged = _seen(viewer, kept)
        placed = app.store.trace.size(house)
        facts |= {
            "zone": viewer.house.settings.zone,
            "log_key": str(app.log_signer(house, kept).key),
            "promise_key": str(app.promiser(house, kept).key),
            "witnesses": [(Key.parse(each.key).name, each) for each in kept.witnesses],
            "outsiders": outsiders(Key.parse(each.key) for each in kept.witnesses),
            "shown": shown,
            "held": placed - (shown.size if shown is not None else 0),
            "waiting": app.store.trace.waiting(house, WAITING),
            "waiting_more": WAITING,
            "opens": viewer.person.has(*OPENERS.roles),
            "ledgers": last,
            "damaged": damaged,
            "most": LEDGERS,
            "due": Reporter(app).due(house),
            "totals": viewer.person.has(*TOTALLERS.roles),
            "stories": stories.waiting(viewer),
        }
    return render(request, "public_log.html", facts)


def totals(request: Visit) -> HttpResponse:
    """Open the totals of a month that are due."""
    viewer, month = request.viewer, Typed(request).text("month")
    if viewer.house.log is None:
        raise Http404
    try:
        if month not in Reporter(installation()).due(viewer.organisation):
            raise Refused("the totals of this month are not due, or were opened meanwhile")
        Reporter(installation()).publish_totals(viewer.organisation, viewer.person.id, month)
    except Refused as refused:
        messages.warning(request, f"Nothing was opened: {refused.sentence}.")
    else:
        messages.success(request, f"The totals of {month} are opened. The next publication logs them.")
    return HttpResponseRedirect(f"{reverse('public_log')}#totals")


def inside(request: Visit) -> HttpResponse:
    """The page of the report of any months, to take away: it has a style of its own, which the desk would not
    let it use, and it is shown nowhere."""
    viewer = request.viewer
    if viewer.house.log is None:
        raise Http404
    try:
        period = Period(first=request.GET.get("first", ""), last=request.GET.get("last", ""))
        made = Reporter(installation()).inside(viewer.organisation, viewer.person.id, period)
    except Refused as refused:
        hint = f" ({refused.hint})" if refused.hint else ""
        messages.warning(request, f"There is no such report: {refused.sentence}{hint}.")
        return HttpResponseRedirect(f"{reverse('public_log')}#to-check")
    named = f'attachment; filename="inside-{period.name}.html"'
    return HttpResponse(as_html(made, inside=True), headers={"Content-Disposition": named})


def openings(request: Visit) -> StreamingHttpResponse:
    """One line for each published leaf. It is streamed: a log has millions."""
    viewer = request.viewer
    if viewer.house.log is None:
        raise Http404
    lines = receipts.openings(installation(), viewer.organisation, viewer.person.id)
    try:
        first = next(lines, b"")  # what is refused is refused before the answer begins
    except Unpublished:
        raise Http404 from None
    return StreamingHttpResponse(
        chain((first,), lines),
        content_type="application/x-ndjson",
        headers={"Content-Disposition": 'attachment; filename="openings.ndjson"'},
    )


def ledgers(request: Visit) -> HttpResponse:
    """The last ledgers as the site shows them, one line each, the newest first."""
    found = _ledgers(request.viewer, LEDGERS)
    if not found:
        raise Http404
    return HttpResponse(
        b"".join(msgspec.json.encode(msgspec.json.decode(each.file)) + b"\n" for each in found),
        content_type="application/x-ndjson",
        headers={"Content-Disposition": 'attachment; filename="ledgers.ndjson"'},
    )


def keep(request: Visit) -> HttpResponse:
    """Open the log, or change how it is kept. Somebody else's change meanwhile is not overwritten."""
    viewer, typed = request.viewer, Typed(request)
    kept, refused = viewer.house.log, None
    if request.method == "POST":
        try:
            if typed.text("before") != _digest(kept):
                raise Refused(
                    "the keeping of the log changed while you looked at it",
                    hint="open the form again, then repeat",
                )
            changed = installation().keep_log(
                viewer.organisation, viewer.person.id, _settings(typed, kept), why=typed.text("why")
            )
        except Refused as error:
            refused = error
        else:
            if changed.opened:
                return settings.proposed(request)
            messages.success(request, "It is settled how the public log is kept." if kept else _OPENED)
            return HttpResponseRedirect(reverse("public_log"))
    return render(
        request,
        "keep_log.html",
        {
            "refused": refused,
            "log": kept,
            "usual": USUAL,
            "zone": viewer.house.settings.zone,
            "before": typed.text("before") or _digest(kept),
            "typed": _typed_or_kept(typed, kept),
            "silences": _rows(typed, kept),
            "subjects": _SUBJECTS,
            "footings": _FOOTINGS,
            "ways": _WAYS,
            "instruments": _INSTRUMENTS,
            "why": typed.text("why"),
            "alone": not viewer.house.opened,
            "barred": settings.barred(request),
        },
        status=422 if refused else 200,
    )


_OPENED = "The public log is open. From now on everything that arrives is counted in it."


def _seen(viewer: Viewer, kept: LogConfigured) -> tuple[Shown | None, list[Ledger], str]:
    """The newest tree and the last ledgers, or why the site's files cannot be read."""
    try:
        return _shown(viewer, kept), _ledgers(viewer, SHOWN), ""
    except (Refused, msgspec.DecodeError) as error:
        return None, [], error.sentence if isinstance(error, Refused) else str(error)


def _shown(viewer: Viewer, kept: LogConfigured) -> Shown | None:
    """What the site says of itself; None before the first publication."""
    fresh = _site(viewer).read(FRESH)
    if fresh is None:
        return None
    key = installation().log_signer(viewer.organisation, kept).key
    found = promise.read_fresh(fresh, (key,))
    tree, at = found.tree, found.at
    return Shown(tree.size, at)


def _ledgers(viewer: Viewer, most: int) -> list[Ledger]:
    """The last of them, the newest first, read from the site and not from the records: what is shown here is
    what everybody is shown."""
    site = _site(viewer)
    manifest = site.read(MANIFEST)
    if viewer.house.log is None or manifest is None:
        return []
    places = msgspec.json.decode(manifest, type=Manifest).opened
    found: list[Ledger] = []
    for each in _opened(site, places):
        if each.opening("count").value("kind") == Kind.LEDGER:
            paper = each.opening("paper")
            found.append(Ledger(each.place, ledger_until(paper), paper.value("document"), each.encoded()))
        if len(found) == most:
            break
    return found


def _opened(site: Tiles, places: tuple[int, ...]) -> Iterator[OpenLeaf]:
    for place in reversed(places):
        data = site.read(f"open/{place}.json")
        if data is not None:
            yield msgspec.json.decode(data, type=OpenLeaf)


def _site(viewer: Viewer) -> Tiles:
    return installation().tiles(viewer.organisation)


# ---- what was typed ---------------------------------------------------------------------------------------


def _settings(typed: Typed, kept: LogConfigured | None) -> LogConfigured:
    return LogConfigured(
        origin=kept.origin if kept is not None else typed.text("origin"),
        hour=_number(typed.text("hour"), "hour"),
        within=_number(typed.text("within"), "within"),
        witnesses=tuple(
            _witness(line, number)
            for number, line in enumerate(typed.text("witnesses").splitlines(), start=1)
            if line.strip()
        ),
        quorum=_number(typed.text("quorum"), "quorum"),
        silences=tuple(
            Silence(
                subject=row.subject,
                footing=row.footing,
                how=row.how,
                step=_number(row.step, row.name("step")) if row.how == "band" else 0,
                until=row.until if row.how == "defer" else "",
                law=row.law,
                state=row.state.upper(),
                instrument=row.instrument,
            )
            for row in _rows(typed, kept)
            if row.subject
        ),
        tiles=typed.text("tiles"),
        doors=kept.doors if kept is not None else (),
        fill=_number(typed.text("fill"), "fill", digits=5),
    )


class _Row(NamedTuple):
    """A silence as it stands in the form, or an empty place for one more."""

    number: int
    subject: str = ""
    footing: str = ""
    how: str = ""
    step: str = ""
    until: str = ""
    law: str = ""
    state: str = ""
    instrument: str = ""

    def name(self, field: str) -> str:
        return f"{field}-{self.number}"


def _rows(typed: Typed, kept: LogConfigured | None) -> list[_Row]:
    """What was typed where something was, what is set otherwise; and an empty one at the end, once there is
    a log."""
    if kept is None:
        return []
    found = [
        _Row(
            number,
            each.subject,
            each.footing,
            each.how,
            str(each.step) if each.step else "",
            each.until,
            each.law,
            each.state,
            each.instrument,
        )
        for number, each in enumerate(kept.silences, start=1)
    ]
    found.append(_Row(len(found) + 1))
    if not typed.text("before"):
        return found
    return [
        _Row(row.number, *(typed.text(row.name(field)) for field in _Row._fields if field != "number"))
        for row in found
    ]


def _said(word: str) -> str:
    term = words.plain(word)
    return term[:1].upper() + term[1:]


_SUBJECTS = (("", "Nothing"), *((each, _said(each)) for each in (ACCOUNTS, *KINDS)))
_FOOTINGS = (("", "All of them"), *((str(each), _said(each)) for each in Footing))
_INSTRUMENTS = (("", "All of them"), *((each.id, each.title) for each in law().instruments))
_WAYS = (
    ("never", "Never shown"),
    ("band", "Shown in bands"),
    ("defer", "Shown later"),
    (UNSAID, "Never shown, and not even this may be said"),
)


def _witness(line: str, number: int) -> Witnessing:
    """A witness as its operator names it: key and address, with a space between."""
    place = f"witnesses, line {number}"
    parts = line.split()
    if len(parts) != 2:
        raise Refused(
            "a witness is its key and its address", place=place, hint="with one space between, each on a line"
        )
    witness = Witnessing(key=parts[0], url=parts[1])
    try:
        publishing.connected(witness)  # nobody is asked yet: the key and the address are read
    except Refused as refused:
        raise Refused(refused.sentence, place=place, hint=refused.hint) from None
    return witness


def _number(text: str, place: str, *, digits: int = 3) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= digits):
        raise Refused("this is no whole number", place=place, hint="digits alone, for example 4")
    return int(text)


def _typed_or_kept(typed: Typed, kept: LogConfigured | None) -> dict[str, str]:
    """What stands in the form: what was typed where something was, what is set otherwise."""
    now = kept or USUAL
    standing = {
        "origin": now.origin,
        "hour": str(now.hour),
        "within": str(now.within),
        "witnesses": "\n".join(f"{each.key} {each.url}" for each in now.witnesses),
        "quorum": str(now.quorum),
        "tiles": now.tiles,
        "fill": str(now.fill),
    }
    return {name: typed.text(name) for name in standing} if typed.text("before") else standing


def _digest(kept: LogConfigured | None) -> str:
    return hashlib.sha256(msgspec.json.encode(kept, order="sorted")).hexdigest()


def _runs(viewer: Viewer) -> bool:
    return may(viewer.person, Act.RUN_HOUSE, None, viewer.house, viewer.at).yes

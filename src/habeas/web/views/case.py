"""A case on one page: what needs its reader now, what was asked beside what was found, what may leave, what
can be and what was done.

What needs them now is the form itself (`habeas.web.views.turn` says which): whoever decides sees the reasons
while they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render
from markupsafe import Markup

from habeas.app import receipts
from habeas.app.receipts import Unpublished
from habeas.desk import limits
from habeas.desk.case import Case, Fate
from habeas.desk.clocks import State
from habeas.desk.events import LogConfigured, ReceivedAgain, Recorded, Role, Ruling
from habeas.desk.letters import theirs
from habeas.desk.moves import TABLE, Act, Answer, Move, may, moves
from habeas.errors import Refused
from habeas.reports import briefing, rows, words
from habeas.reports.brief import Brief, ItemLine, Passage, SignLine
from habeas.web.door import Forbidden, Viewer, Visit, installation
from habeas.web.views import acts, turn
from habeas.web.views.forms import FORMS
from habeas.web.views.history import READS_OBJECTIONS, done, title_of

_FORMS = {form.act: form for form in FORMS}
HANDS_RECEIPTS = (Role.COUNSEL, Role.CUSTODIAN)
"""Who writes to the authority, and so hands it its receipt."""


class Open(NamedTuple):
    """A move of the viewer, with its reason. here: there is a page for it."""

    move: Move
    answer: Answer
    here: bool


class Given(NamedTuple):
    """An item: what was recommended, what was decided, what became of it."""

    line: ItemLine
    ruling: Ruling | None
    fate: Fate


class Logged(NamedTuple):
    """A case in the public log. promised: the arrivals of which a promise was given. hands: the viewer may
    hand the authority its receipt. ready: there is something in it. damaged: the site's files cannot be read,
    which is no reason not to show the case."""

    kept: LogConfigured
    zone: str
    promised: tuple[Recorded, ...]
    hands: bool
    ready: bool
    damaged: bool


def page(request: Visit, case: str) -> HttpResponse:
    """With the form of the next act at its top, where that is the viewer's turn."""
    act = turn.inline(request.viewer, request.case)
    form = acts.drawn(request, _FORMS[act], inside=True) if act is not None else Markup("")
    return with_form(request, form, 200)


def with_form(request: Visit, form: Markup, status: int) -> HttpResponse:
    """form: drawn for the top of this page; empty where nothing needs the viewer."""
    return render(request, "case.html", {**shown(request.viewer, request.case), "now": form}, status=status)


def shown(viewer: Viewer, case: Case) -> dict[str, Any]:
    """Everything the page shows, with identifiers covered for an expert who was invited without them."""
    blind = turn.blind(viewer, case)
    asked, assessment = turn.seen(viewer, case)
    brief = briefing.brief(asked, assessment, explain=True) if assessment is not None else None
    anchors, places = anchored(brief.passages, brief.signs) if brief is not None else ({}, {})
    clocks = limits.of(case, viewer.house)
    return {
        "case": case,
        "asked": asked,
        "title": rows.title(asked),
        "rows": brief.request if brief is not None else tuple(rows.request_rows(asked)),
        "brief": brief,
        "anchors": anchors,
        "places": places,
        "kinds": _kinds(brief.signs) if brief is not None else (),
        "items": _items(case, brief) if brief is not None else (),
        "first": limits.first_due(clocks, viewer.at),
        "clocks": [each for each in clocks if each.state(viewer.at) is not State.MET or each.due],
        "identification": None if blind else case.identification(viewer.at.date()),
        "moves": _moves(viewer, case),
        "turn": TABLE[act] if (act := turn.turn(viewer, case)) is not None else None,
        "waits": turn.waits(viewer, case) if viewer.person.reads_cases else "",
        "history": ()
        if blind
        else tuple(done(each, viewer.house, viewer.person) for each in reversed(case.history)),
        "again": [each for each in case.history if isinstance(each.event, ReceivedAgain)],
        "assigned": title_of(case.assigned, viewer.house),
        "mine": case.assigned == viewer.person.id,
        "takes": bool(may(viewer.person, Act.ASSIGN, case, viewer.house, viewer.at)),
        "zone_missing": limits.zone_missing(case),
        "states_zone": bool(may(viewer.person, Act.STATE_ZONE, case, viewer.house, viewer.at)),
        "records_event": bool(may(viewer.person, Act.RECORD_EVENT, case, viewer.house, viewer.at)),
        "objections": case.objections() if viewer.person.has(*READS_OBJECTIONS) else (),
        "asked_of_them": [turn.said(viewer, case, each) for each in case.questions],
        "changed_since": turn.changed_since(viewer, case),
        "question": turn.question(viewer, case),
        "blind": blind,
        "logged": None if blind else _logged(viewer, case),
        "at": viewer.at,
        "certainties": words.certainties(),
    }


def letter(request: Visit, case: str, sha256: str) -> HttpResponse:
    """A letter in the file, on paper. Its page has a style of its own, which no page of ours may carry."""
    if sha256 not in {each.sha256 for each in request.case.letters} or not request.viewer.person.reads_cases:
        raise Http404
    paper = installation().pdf_of(request.viewer.organisation, case, sha256)
    return _file(paper, "application/pdf", f"{case}-{sha256[:8]}.pdf")


def objection(request: Visit, case: str, sha256: str) -> HttpResponse:
    """A letter that came with an objection, as a file and never as a page: for counsel and the auditor, as
    its writer was told."""
    if sha256 not in {each.event.letter for each in request.case.objections()} - {""}:
        raise Http404
    if not request.viewer.person.has(*READS_OBJECTIONS):
        raise Forbidden("This is for counsel, who answers it, and for the auditor.")
    data = installation().get(request.viewer.organisation, case, sha256)
    kind = theirs.kind(data)
    return _file(data, kind, f"objection-{case}-{sha256[:8]}.{'pdf' if kind == theirs.PDF else 'txt'}")


def promise(request: Visit, case: str) -> HttpResponse:
    """The promise that was given when this request arrived, to be handed to its sender; with `again`, the one
    that was given when it arrived so many times more."""
    viewer = request.viewer
    if viewer.house.log is None or turn.blind(viewer, request.case):
        raise Http404
    notes = receipts.promises_of(installation(), viewer.organisation, request.case)
    again = request.GET.get("again", "")
    place = int(again) if again.isdecimal() and len(again) < len("1000") else 0
    if place >= len(notes):
        raise Http404
    name = f"promise-{case}-again-{place}.txt" if place else f"promise-{case}.txt"
    return _file(notes[place], "text/plain; charset=utf-8", name)


def receipt(request: Visit, case: str) -> HttpResponse:
    """The receipt of the authority, to be handed to it."""
    viewer = request.viewer
    if viewer.house.log is None or turn.blind(viewer, request.case):
        raise Http404
    if not viewer.person.has(*HANDS_RECEIPTS):
        raise Forbidden("This is for counsel or the custodian, who write to the authority.")
    try:
        made = receipts.of_authority(installation(), viewer.organisation, request.case)
    except Unpublished:
        raise Http404 from None
    return _file(made.encoded(), "application/json", f"receipt-{case}.json")


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _logged(viewer: Viewer, case: Case) -> Logged | None:
    house = viewer.house
    if house.log is None:
        return None
    hands = viewer.person.has(*HANDS_RECEIPTS)
    ready = damaged = False
    try:
        ready = hands and receipts.ready(installation(), house.organisation, case)
    except Refused:
        damaged = True
    return Logged(
        kept=house.log,
        zone=house.settings.zone,
        promised=receipts.promised(case),
        hands=hands,
        ready=ready,
        damaged=damaged,
    )


def _items(case: Case, brief: Brief) -> tuple[Given, ...]:
    """The lines of the assessment, each with its ruling. Both stand in the order of the request."""
    fates = case.fates()
    assessment = case.assessment
    keys = [(each.target, each.item) for each in assessment.items] if assessment is not None else []
    rulings = {each.key: each for each in case.review.rulings} if case.review is not None else {}
    return tuple(
        Given(line, rulings.get(key), fates.get(key, Fate.OPEN))
        for key, line in zip(keys, brief.items, strict=False)
    )


def _moves(viewer: Viewer, case: Case) -> tuple[Open, ...]:
    """Open ones first, in the order of the table."""
    every = [
        Open(move, answer, here=move.act in _FORMS)
        for move, answer in moves(viewer.person, case, viewer.house, viewer.at)
    ]
    return tuple(sorted(every, key=lambda each: not each.answer.yes))


def anchored(
    passages: Sequence[Passage], signs: Sequence[SignLine]
) -> tuple[dict[tuple[str, int], str], dict[int, str]]:
    """Where a link to a sign leads: the id of a piece (by passage and place), and the id for each sign."""
    anchors: dict[tuple[str, int], str] = {}
    places = dict.fromkeys((sign.number for sign in signs), "")
    for passage in passages:
        for place, run in enumerate(passage.runs):
            new = [number for number in run.numbers if not places.get(number)]
            anchors[passage.title, place] = f"s{new[0]}" if new else ""
            places.update(dict.fromkeys(new, anchors[passage.title, place]))
    return anchors, places


def _kinds(signs: Sequence[SignLine]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, words.sign(kind)) for kind in dict.fromkeys(sign.kind for sign in signs))

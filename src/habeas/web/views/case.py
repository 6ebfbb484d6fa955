"""A case on one page: what needs its reader now, what was asked beside what was found, what may leave, what
can be and what was done.

What needs them now is the form itself (`habeas.web.views.turn` says which): whoever decides sees the reasons
while they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render
from markupsafe import Markup

from habeas.app import receipts
from habeas.app.receipts import Unpublished
from habeas.desk import course, limits
from habeas.desk.case import Case, Fate
from habeas.desk.clocks import Reckoning, State
from habeas.desk.events import LogConfigured, ReceivedAgain, Recorded, Role, Ruling
from habeas.desk.letters import theirs
from habeas.desk.moves import TABLE, Act, Answer, Move, may, moves
from habeas.errors import Refused
from habeas.reports import briefing, rows, words
from habeas.reports.brief import Brief, ItemLine, Passage, SignLine
from habeas.web.door import Forbidden, Viewer, Visit, installation
from habeas.web.shown import clock_name, left
from habeas.web.views import acts, turn
from habeas.web.views.forms import FORMS
from habeas.web.views.history import READS_OBJECTIONS, done, ground_of, title_of

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


class Taken(NamedTuple):
    """A step about an item. by: whose, as colleagues see them. says: the decision it is about, in words.
    assessed: the assessment that was looked at; None where none was."""

    step: course.Step
    by: str
    says: str
    ground: str
    assessed: course.Assessed | None


FIRST_ROWS = frozenset(
    {"Who asks", "Under", "Asked for", "Offence", "Authorised by", "Emergency", "Secrecy", "Received"}
)
"""What of a request is read first; the rest lies beside it."""


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
    """Everything the page shows: to a guest nothing that is for the house only, and with identifiers covered
    to one who was invited without them."""
    guest = not viewer.person.reads_cases
    asked, assessment = turn.seen(viewer, case)
    brief = briefing.brief(asked, assessment, explain=True) if assessment is not None else None
    if brief is not None and guest:
        brief = briefing.outside(brief)
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
        "first_rows": FIRST_ROWS,
        "items": _items(case, brief) if brief is not None else (),
        "course": () if guest else _course(viewer, case),
        "course_sum": _course_sum(case),
        "clocks_sum": _clocks_sum(case, clocks, viewer.at),
        "clocks": [each for each in clocks if each.state(viewer.at) is not State.MET or each.due],
        "identification": None if guest else case.identification(viewer.at.date()),
        "moves": _moves(viewer, case),
        "turn": TABLE[act] if (act := turn.turn(viewer, case)) is not None else None,
        "waits": "" if guest else turn.waits(viewer, case),
        "history": ()
        if guest
        else tuple(done(each, viewer.house, viewer.person) for each in reversed(case.history)),
        "arrived": limits.arrived(case, viewer.house) if case.arrivals[0].stated is not None else None,
        "again": [each for each in case.history if isinstance(each.event, ReceivedAgain)],
        "assigned": title_of(case.assigned, viewer.house),
        "mine": case.assigned == viewer.person.id,
        "takes": bool(may(viewer.person, Act.ASSIGN, case, viewer.house, viewer.at)),
        "zone_missing": limits.zone_missing(case),
        "states_zone": bool(may(viewer.person, Act.STATE_ZONE, case, viewer.house, viewer.at)),
        "records_event": bool(may(viewer.person, Act.RECORD_EVENT, case, viewer.house, viewer.at)),
        "takes_time": tuple(limits.prolongable(case, viewer.house, viewer.at))
        if may(viewer.person, Act.TAKE_TIME, case, viewer.house, viewer.at)
        else (),
        "objections": case.objections() if viewer.person.has(*READS_OBJECTIONS) else (),
        "asked_of_them": [turn.said(viewer, case, each) for each in case.questions],
        "changed_since": turn.changed_since(viewer, case),
        "question": turn.question(viewer, case),
        "guest": guest,
        "logged": None if guest else _logged(viewer, case),
        "at": viewer.at,
        "certainties": words.certainties(),
    }


def letter(request: Visit, case: str, sha256: str) -> HttpResponse:
    """A letter in the file, on paper. Its page has a style of its own, which no page of ours may carry."""
    if sha256 not in {each.sha256 for each in request.case.letters} or not request.viewer.person.reads_cases:
        raise Http404
    if any(each.sha256 == sha256 for each in request.case.held_letters()):
        raise Forbidden("This letter is held: counsel has not cleared it. Until then it goes on no paper.")
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
    if viewer.house.log is None or not viewer.person.reads_cases:
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
    if viewer.house.log is None or not viewer.person.reads_cases:
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


def _course(viewer: Viewer, case: Case) -> tuple[tuple[str, tuple[Taken, ...]], ...]:
    """Every item about which anything was ever decided, with each decision."""
    called = {
        (target.id, item.id): f"{words.capital(words.category(item.category))}, {target.id}, {item.id}"
        for version in case.versions
        for target in version.request.targets
        for item in target.items
    }
    made = course.assessments(case)

    def taken(step: course.Step) -> Taken:
        ruling = step.ruling
        said, ground = "", ""
        if ruling is not None:
            said = f"{words.capital(words.recommended(ruling.decision).word)}, at most {ruling.ceiling}"
            said += "".join(f"; {each}" for each in (ruling.scope, *ruling.conditions) if each)
            ground = ground_of(ruling.ground)
        by = title_of(step.by, viewer.house)
        return Taken(step, by, said, ground, made.get(step.assessment))

    return tuple((called[key], tuple(map(taken, steps))) for key, steps in course.of(case).items() if steps)


def _course_sum(case: Case) -> str:
    reviews = words.count(len(case.reviews), "review", "reviews")
    return f"{reviews}, {words.count(len(course.assessments(case)), 'assessment', 'assessments')}"


def _clocks_sum(case: Case, clocks: Sequence[Reckoning], at: datetime) -> str:
    """The limit that ends first, in one line."""
    first = limits.first_due(clocks, at)
    if first is None or first.due is None:
        return words.count(len(clocks), "limit", "limits") + "; none ends now" if clocks else "No clock runs"
    return f"{left(first.due, at)[0]}: {clock_name(first.id, case.request.instrument)}"


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

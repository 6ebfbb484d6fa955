"""The queue: whose turn it is, the clock that ends first on top, and the next act named in its row.

What the store keeps of a row holds nothing about a person or the charge (`habeas.desk.queue`); which data are
asked for and what is recommended is read from the cases of the page, for who may read them. There is no
search for people: what can be found is a case, by the exact reference or identifier that somebody has in
hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas import atlas, treaty
from habeas.desk import limits
from habeas.desk.case import Case
from habeas.desk.clocks import Reckoning
from habeas.desk.events import INVITED
from habeas.desk.moves import TABLE, Act, moves
from habeas.desk.queue import PERSON, REQUESTER, SECOND, Page, Row, View
from habeas.errors import Refused
from habeas.reports import rows, words
from habeas.reports.foreign import one_line
from habeas.reports.words import Recommended
from habeas.request import Measure
from habeas.web.door import Viewer, Visit, installation
from habeas.web.views import filters, sections, turn
from habeas.web.views.sections import Section

DAY = "day"  # the view that is open cases in parts, and the one that somebody comes to
SECONDS = "second"  # a part of the day that has no view among the others: shown where the day leads to it
ROWS = 25  # what a person looks through before they filter


class Cut(NamedTuple):
    """The list cut by whose turn it is."""

    id: str
    words: str
    view: View


class Filter(NamedTuple):
    name: str
    label: str
    options: list[tuple[str, str]]


class Line(NamedTuple):
    """A row and what the viewer does with it. wanted: which data of how many accounts. recommended: None
    where nothing was assessed yet. next: the act in words; theirs: whether the viewer may do it now."""

    row: Row
    wanted: str
    recommended: Recommended | None
    next: str
    theirs: bool
    address: str


class Invitation(NamedTuple):
    """A case that a guest sits in. acts: what they can do there now, in words. first: the limit that ends
    first, of the case as a whole."""

    case: str
    question: str
    acts: tuple[str, ...]
    first: Reckoning | None
    instrument: str


def cuts(viewer: Viewer) -> list[Cut]:
    return [
        Cut(DAY, "Today", View()),
        Cut("now", "Need me now", View(turn=turn.turns(viewer))),
        Cut("mine", "Mine", View(assigned=viewer.person.id)),
        Cut("team", "All open", View()),
        Cut("waiting", "Wait for others", View(turn=("requester", "person"))),
        Cut(SECONDS, "Wait for a second person", View(turn=(SECOND,))),
        Cut("closed", "Closed", View(closed=True)),
    ]


def page(request: Visit) -> HttpResponse:
    viewer = request.viewer
    if not viewer.person.reads_cases:
        return _invited(request)
    chosen = request.GET.get("view", DAY)
    tabs = cuts(viewer)
    cut = next((each for each in tabs if each.id == chosen), tabs[0])
    view = _filtered(cut.view, request.GET)
    after = request.GET.get("after", "")
    if cut.id == DAY and after:  # the day has one page
        raise Http404
    try:
        found = (
            installation().queue(viewer.organisation, view, after, ROWS) if cut.id != DAY else Page(rows=())
        )
    except Refused:  # a place in the queue that was never ours
        raise Http404 from None
    cases = sections.Cases(viewer)
    parts = sections.of(cases, view) if cut.id == DAY else [Section("", "", found.rows, "")]
    tabs = [each for each in tabs if each.id != SECONDS or each is cut]
    numbers = {
        each.id: installation().count(viewer.organisation, each.view) for each in tabs if each.id != DAY
    }
    shown = sum(len(each.rows) for each in parts)
    of_all = shown  # of the day, as it is filtered
    if cut.id == DAY:
        of_all = installation().count(viewer.organisation, view) if _kept(request.GET) else numbers["team"]
    return render(
        request,
        "queue.html",
        {
            "tabs_of_turn": [(each, numbers.get(each.id)) for each in tabs],
            "open": numbers["team"],
            "cut": cut,
            "saved": filters.of(viewer.account, filters.query(cut.id, request.GET.dict(), _known())),
            "kept": _kept(request.GET),
            "parts": [(each, [_line(cases, row) for row in each.rows]) for each in parts if each.rows],
            "nothing": [each.none for each in parts if each.none and not each.rows] if shown else [],
            "shown": shown,
            "of_all": of_all,
            "names": {each.id: each.words for each in cuts(viewer)},
            "filters": _filters(),
            "chosen": request.GET,
            "chips": _chips(request.GET, cut.id),
            "older": f"?{urlencode({**_kept(request.GET), 'view': cut.id, 'after': found.after})}"
            if found.after
            else "",
            "first": not after,
            "at": viewer.at,
            "people": viewer.house.people,
            "turns": turn.turns(viewer),
        },
    )


def filters_of(request: Visit) -> HttpResponse:
    """Save the filters in use under a name, or delete a saved one."""
    if not request.viewer.person.reads_cases:
        raise Http404
    if "filter" in request.POST:
        return filters.delete(request)
    tabs = [each.id for each in cuts(request.viewer)]
    view = request.POST.get("view", "")
    try:
        made = filters.save(request, view if view in tabs else tabs[0], _known())
    except Refused as refused:
        messages.warning(request, f"It was not saved: {refused.sentence}; {refused.hint}.")
        return HttpResponseRedirect(reverse("queue"))
    messages.success(request, "Saved. It stands beside the views.")
    return HttpResponseRedirect(f"{reverse('queue')}?{made}")


def find(request: Visit) -> HttpResponse:
    """By the exact words somebody has in hand; POST, so that they stand in no log and no history."""
    sought = request.POST.get("words", "").strip()
    ids = (
        installation().find(request.viewer.organisation, sought)
        if sought and request.viewer.person.reads_cases
        else ()
    )
    if len(ids) == 1:
        return HttpResponseRedirect(reverse("case", args=[ids[0]]))
    if not ids:
        messages.info(
            request, "No case carries exactly these words. Look in the queue, or check the spelling."
        )
        return HttpResponseRedirect(reverse("queue"))
    return render(request, "found.html", {"ids": ids})


def go_on(request: Visit) -> HttpResponse:
    """The next case that needs its reader, from the one they come from."""
    following = turn.next_case(request.viewer, request.GET.get("after", ""))
    if following:
        return HttpResponseRedirect(reverse("case", args=[following]))
    messages.info(request, "Nothing else needs you now.")
    return HttpResponseRedirect(reverse("queue"))


def _invited(request: Visit) -> HttpResponse:
    """Somebody from outside, or without cases: no queue. A guest sees which cases they sit in, what is asked
    of them there and which limit ends first, and nothing that the cases say."""
    viewer = request.viewer
    cases = (
        installation().guest_of(viewer.organisation, viewer.person.id) if viewer.person.has(*INVITED) else ()
    )
    return render(
        request,
        "queue_invited.html",
        {"seats": sorted((_seat(viewer, each) for each in cases), key=_pressing), "at": viewer.at},
    )


def _seat(viewer: Viewer, case: Case) -> Invitation:
    return Invitation(
        case=case.id,
        question=turn.question(viewer, case),
        acts=tuple(
            move.says for move, answer in moves(viewer.person, case, viewer.house, viewer.at) if answer.yes
        ),
        first=limits.first_due(limits.of(case, viewer.house), viewer.at),
        instrument=case.request.instrument,
    )


def _pressing(seat: Invitation) -> tuple[bool, bool, datetime, str]:
    """What waits for them first, then what ends first."""
    due = seat.first.due if seat.first is not None else None
    return not seat.acts, due is None, due or datetime.max.replace(tzinfo=UTC), seat.case


def _line(cases: sections.Cases, row: Row) -> Line:
    """What a row in clear does not hold is read from the case itself: for those on the page, and for who may
    read them. A case that cannot be opened loses no line."""
    act = Act(row.next) if row.next in list(Act) else None
    move = TABLE.get(act) if act is not None else None
    says = move.says if move is not None else "The person may object" if row.turn == PERSON else ""
    if row.turn == REQUESTER:
        says = _THEY.get(row.next, "They answer")
    case = cases.of(row)
    found = case.assessment if case is not None and case.current else None
    return Line(
        row=row,
        wanted=rows.wanted(case.request) if case is not None else words.capital(words.measure(row.measure)),
        recommended=words.recommended(found.decision) if found is not None else None,
        next=says,
        theirs=cases.theirs(row),
        address=f"{reverse('case', args=[row.case])}#now",  # where the page says what needs its reader
    )


_THEY = {
    "confirm-delivery": "They confirm the delivery",
    "accept-secrecy": "They accept that the person is told, or withdraw",
    "answer-conditions": "They answer to the conditions",
}


def _filters() -> list[Filter]:
    return [
        Filter("state", "Asked by", [(code, words.state(code)) for code in _states()]),
        Filter("measure", "Measure", [(each.value, words.capital(words.measure(each))) for each in Measure]),
        Filter("instrument", "Basis", [(id, words.instrument(id)) for id in _instruments()]),
        Filter(
            "kind",
            "Kind",
            [
                ("emergency", "Emergencies"),
                ("domestic", "Orders of our own state"),
                ("foreign", "From abroad"),
            ],
        ),
    ]


def _known() -> dict[str, dict[str, str]]:
    return {each.name: dict(each.options) for each in _filters()}


def _states() -> list[str]:
    return sorted(atlas.atlas().states(), key=words.state)


def _instruments() -> list[str]:
    return [each.id for each in treaty.law().instruments]


_NAMES = ("state", "measure", "instrument", "kind")


def _kept(chosen: Mapping[str, str]) -> dict[str, str]:
    return {name: chosen[name] for name in _NAMES if chosen.get(name)}


def _chips(chosen: Mapping[str, str], view: str) -> list[tuple[str, str]]:
    """Each filter in use with its words and the address without it."""
    labels = _known()
    kept = _kept(chosen)
    return [
        (
            labels[name].get(value) or one_line(value),
            f"?{urlencode({**{key: held for key, held in kept.items() if key != name}, 'view': view})}",
        )
        for name, value in kept.items()
    ]


def _filtered(view: View, chosen: Mapping[str, str]) -> View:
    kind = chosen.get("kind", "")
    return msgspec.structs.replace(
        view,
        state=chosen.get("state", ""),
        measure=chosen.get("measure", ""),
        instrument=chosen.get("instrument", ""),
        emergency=True if kind == "emergency" else None,
        domestic={"domestic": True, "foreign": False}.get(kind),
    )

"""Stories of refused requests for the public report, each told so that nobody can be recognised in it.

One of counsel and reviewers writes a story for a half of a year, another one approves it as it stands; the
auditor reads them. Nothing here relates a story to a case, and no page of a case leads here. What a story may
be is for `habeas.desk.settings`, who may do what for `habeas.desk.moves`; nothing is published from here.
"""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas.desk.events import Role
from habeas.desk.letters import Ground, Language
from habeas.desk.letters.filling import PERSECUTION
from habeas.desk.moves import Act, Answer, may, may_approve
from habeas.desk.people import Story
from habeas.desk.public import OTHER
from habeas.errors import Refused
from habeas.reports import words
from habeas.web.door import Roles, Viewer, Visit, installation
from habeas.web.views.history import ground_of, title_of
from habeas.web.views.typed import Typed

READERS = Roles(
    frozenset({Role.COUNSEL, Role.REVIEWER, Role.AUDITOR}),
    "who decides on requests tells of them, the auditor reads it; no case is named",
)
HALVES = 4  # that can be written for: the one that runs, and those that a report may still be made of


class Told(NamedTuple):
    """A story as its reader sees it. by, approver: who wrote it and who approved it, as colleagues see them;
    approver is empty until somebody did. texts: (language, its name, words), English first. answer: whether
    the reader may approve it, and why not."""

    story: Story
    ground: str
    by: str
    approver: str
    texts: tuple[tuple[str, str, str], ...]
    answer: Answer


def page(request: Visit, refused: Refused | None = None) -> HttpResponse:
    """All of them: what waits for a second person, then what was approved, the newest half first in each."""
    viewer = request.viewer
    ranked = sorted(viewer.house.stories, key=lambda each: (each.half, each.number), reverse=True)
    found = [_told(each, viewer) for each in ranked]
    return render(
        request,
        "stories.html",
        {
            "waits": [each for each in found if not each.approver],
            "told": [each for each in found if each.approver],
            "tells": may(viewer.person, Act.TELL, None, viewer.house, viewer.at),
            "log": viewer.house.log,
            "refused": refused,
        },
        status=422 if refused else 200,
    )


def write(request: Visit) -> HttpResponse:
    """One story, in English and in as many of the other languages as somebody wrote it in."""
    viewer, typed, refused = request.viewer, Typed(request), None
    if request.method == "POST":
        texts = {str(each): text for each in Language if (text := typed.text(f"text-{each}"))}
        half, ground = typed.text("half"), typed.text("ground")
        try:
            installation().desk(viewer.organisation).write_story(
                viewer.person.id, viewer.at, half=half, ground=ground, texts=texts
            )
        except Refused as error:
            refused = error
        else:
            messages.success(request, "The story is written. A second person has to approve it.")
            return HttpResponseRedirect(reverse("stories"))
    return render(request, "write_story.html", _form(viewer, typed, refused), status=422 if refused else 200)


def answer(request: Visit) -> HttpResponse:
    """Approve one as it stands, or drop it."""
    viewer, typed = request.viewer, Typed(request)
    desk, who = installation().desk(viewer.organisation), (viewer.person.id, viewer.at)
    try:
        if typed.text("what") == "approve":
            desk.approve_story(*who, story=_number(typed))
            messages.success(request, "It is approved. The report of its half tells it.")
        else:
            desk.drop_story(*who, story=_number(typed), why=typed.text("why"))
            messages.success(request, "It is dropped, and stands in no report from here on.")
    except Refused as refused:
        return page(request, refused)
    return HttpResponseRedirect(reverse("stories"))


def waiting(viewer: Viewer) -> int:
    """How many wait for this viewer's word."""
    return sum(
        bool(may_approve(viewer.person, each, viewer.house, viewer.at)) for each in viewer.house.stories
    )


def _told(story: Story, viewer: Viewer) -> Told:
    return Told(
        story,
        ground_of(story.ground),
        title_of(story.by, viewer.house),
        title_of(story.approved_by, viewer.house) if story.approved_by else "",
        tuple(
            (str(each), words.language(each), story.texts[each]) for each in Language if each in story.texts
        ),
        may_approve(viewer.person, story, viewer.house, viewer.at),
    )


def _form(viewer: Viewer, typed: Typed, refused: Refused | None) -> dict[str, Any]:
    first, *others = ((str(each), words.language(each)) for each in Language)
    return {
        "refused": refused,
        "typed": typed,
        "english": first,
        "others": others,
        "halves": [(each, each) for each in _halves(viewer.house.day(viewer.at))],
        "grounds": [(each, ground_of(each)) for each in (PERSECUTION, *map(str, Ground), OTHER)],
    }


def _halves(today: date) -> list[str]:
    """The half that runs and those before it, the newest first."""
    runs = today.year * 2 + (today.month > 6)
    return [f"{each // 2}-H{each % 2 + 1}" for each in range(runs, runs - HALVES, -1)]


def _number(typed: Typed) -> int:
    written = typed.text("story")
    if not (written.isascii() and written.isdecimal() and len(written) <= _DIGITS):
        raise Refused("there is no such story", place="story", hint="choose one that stands here")
    return int(written)


_DIGITS = 9  # of the number of an event

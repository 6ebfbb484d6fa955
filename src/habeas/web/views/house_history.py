"""Who changed what in the house itself: people and roles, keys, settings, how the log is kept, stories.

Every such change is an event of the house, as what is done in a case is one of the case. Administrator and
auditor read them here, with who did it, when, why, and what became other than it was before; nothing of any
case stands among them.
"""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render

from habeas.desk import people
from habeas.desk.events import (
    HOUSE,
    AbsenceStated,
    AccountInvited,
    Event,
    KeyRegistered,
    PersonAdmitted,
    PersonLeft,
    Proposed,
    Recorded,
    RolesChanged,
    StoryWritten,
)
from habeas.desk.people import House
from habeas.web.door import Visit, installation
from habeas.web.views.history import done, ground_of, title_of
from habeas.web.views.settings import Shown, differing

LINES = 25  # what somebody reads before they look for an older one
_DIGITS = 9  # of the number of an event


class Line(NamedTuple):
    """An event of the house. about: whom, which key or which story. words: what the one who did it said.
    differs: what became other than it was, as (name, before, after)."""

    recorded: Recorded
    by: str
    about: str
    words: tuple[str, ...]
    differs: tuple[tuple[str, Shown, Shown], ...]


def page(request: Visit) -> HttpResponse:
    """The newest first; with `before`, those that came before the event of that number."""
    viewer = request.viewer
    every = installation().store.load(viewer.organisation, HOUSE)
    asked = request.GET.get("before", "")
    end = int(asked) - 1 if asked.isascii() and asked.isdecimal() and len(asked) <= _DIGITS else len(every)
    end = max(0, min(end, len(every)))
    begin = max(0, end - LINES)
    lines = []
    for place in reversed(range(begin, end)):
        said = done(every[place], viewer.house, viewer.person)
        change = every[place].event
        change = change.change if isinstance(change, Proposed) else change
        before = people.fold(viewer.organisation, every[:place])
        differs = tuple(differing(change, before))
        lines.append(Line(said.recorded, said.by, _about(change, viewer.house), said.words, differs))
    older = every[begin].number if begin else 0
    return render(request, "house_history.html", {"lines": lines, "older": older, "all": len(every)})


def _about(event: Event, house: House) -> str:
    match event:
        case PersonAdmitted(title=title):
            return title
        case (
            AccountInvited(person=person)
            | PersonLeft(person=person)
            | AbsenceStated(person=person)
            | RolesChanged(person=person)
        ):
            return title_of(person, house)
        case KeyRegistered(key=key):
            return f"{key.authority}, {key.state}: {key.fingerprint}, compared by {key.verified_by}"
        case StoryWritten(ground=ground, texts=texts):
            return f"{ground_of(ground)}: {texts.get('en', '')}"
    return ""

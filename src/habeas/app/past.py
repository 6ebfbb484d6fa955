"""A finished half of a year for the first example house, so that its public site has a report to show.

The log of a house that opened today can say nothing of the time before, and a report has to wait until its
half is over. So this house has a past: an invented one, with a clock of its own. The example requests come in
on days of the last half that is over, again and again with other references, people decide, every day is
published, the totals of each month and the report of the half follow when they are due, by the same code as
everywhere. Nothing in it happened; the name of the house says so on every page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from habeas.app import demo
from habeas.app.demo import ORGANISATION, SITE, Story, Way, read_story
from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.app.reporting import Reporter
from habeas.desk.case import Case
from habeas.desk.desk import Desk
from habeas.desk.letters import Kind
from habeas.reports.transparency import Period
from habeas.request import AccountFacts

COME, PUBLISHED = (1, 16), (2, 17)  # days of a month: each story comes once, and the day after is published
_MORNING = timedelta(hours=9)
_ENDED = timedelta(hours=4)  # after it came


def live(home: Path, stories: Path, now: datetime, *, site: str = SITE) -> Period:
    """Let the house live from the beginning of the last half that is over until the month of `now`; that
    half. The house must not be there yet. site: as in `demo.furnish`."""
    half = last_half(now)
    clock = _Clock(datetime.combine(half.first_day, datetime.min.time(), UTC))
    app = Installation.open(home, now=clock)
    try:
        told = demo.read_stories(stories, ORGANISATION)
        demo.found(app, told, ORGANISATION, clock.at, site=site)
        chosen = [(each, WAYS[each.name]) for each in told if each.name in WAYS]
        publisher, reporter = Publisher(app, "demo"), Reporter(app)
        publisher.publish(ORGANISATION)
        for clock.at in _days(half, now):
            if clock.at.day in COME:
                came = clock.at
                for story, way in chosen:
                    id = demo.take_in(app, app.desk(ORGANISATION), way, _again(story, came), came)
                    clock.at = came + _ENDED
                    _end(app, id)
                continue
            publisher.publish(ORGANISATION)
            for month in reporter.due(ORGANISATION):
                reporter.publish_totals(ORGANISATION, "counsel", month)
            if clock.at.date() > half.last_day and not reporter.reports(ORGANISATION):
                reporter.publish(ORGANISATION, "counsel", half)
    finally:
        app.close()
    return half


def last_half(now: datetime) -> Period:
    """The last half of a year that is over and of which a report can have been made by now."""
    day = now - timedelta(days=3)
    return Period.half(day.year, 1) if day.month > 6 else Period.half(day.year - 1, 2)


class _Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def _days(half: Period, now: datetime) -> Iterator[datetime]:
    """Until the day before `now`: in the half those on which something comes and those after them, later the
    second of each month."""
    day = datetime.combine(half.first_day, datetime.min.time(), UTC) + _MORNING
    while day.date() < now.date():
        within = day.date() <= half.last_day
        if day.day in (COME + PUBLISHED if within else PUBLISHED[:1]):
            yield day
        day += timedelta(days=1)


def _again(story: Story, came: datetime) -> Story:
    """The story as another request, of that day: every date in it moved along, under a reference of its
    own."""
    assert story.request.received_on is not None
    apart = came.date() - story.request.received_on

    def moved(found: re.Match[str]) -> str:
        return f'"{date.fromisoformat(found[1]) + apart}"'

    told = json.loads(_DATE.sub(moved, story.data.decode()))
    told["reference"] = f"{story.name} {came:%m%d}"
    data = json.dumps(told, ensure_ascii=False, indent=2).encode()
    return replace(story, data=data, request=read_story(data))


_DATE = re.compile(r'"(20[0-9]{2}-[01][0-9]-[0-3][0-9])"')


def _refused(desk: Desk, case: Case, at: datetime, known: tuple[AccountFacts, ...]) -> None:
    demo.decided(desk, case, at, known)
    desk.refuse(case.id, "reviewer", at + timedelta(hours=1), persecution=True)


def _withdrawn(desk: Desk, case: Case, at: datetime, known: tuple[AccountFacts, ...]) -> None:
    demo.decided(desk, case, at, known)
    desk.withdraw(case.id, "intake", at + timedelta(hours=1), why="Their letter.")


def _end(app: Installation, id: str) -> None:
    """The letter of a case that was refused, which counsel answers for, and the end of the case."""
    if app.case(ORGANISATION, id).persecution:
        case, _letter = app.letter(ORGANISATION, id, "reviewer", Kind.PERSECUTION_REFUSAL)
        for held in case.held_letters():
            app.desk(ORGANISATION).clear_letter(
                id, "counsel", app.now(), letter=held.sha256, words="An invented case of the past."
            )
    app.desk(ORGANISATION).close(id, "reviewer", app.now())


WAYS: dict[str, Way] = {
    "persecution-dressed-as-fraud": _refused,
    "ransomware": _withdrawn,
    "e-evidence-subscriber": _withdrawn,
}
"""The stories that come again and again, and what becomes of them."""

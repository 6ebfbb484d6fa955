"""A whole desk is killed at work, and nothing that was acknowledged is lost, half done or done twice.

The long run is made by hand: `python -m tests.serving.killing --help`.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from habeas.desk.events import CLOCK, Assigned, Door, Event, Noted, Recorded, Warned
from habeas.tlog import CHECKPOINT
from tests.serving.killing import (
    ORGANISATION,
    SHOCKS,
    Desk,
    Outcome,
    ground,
    look,
    planned,
    recorded,
    shake,
    warned_twice,
)
from tests.serving.people import Journal, Sent

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
CASE = "2026-A"
NOTE = Sent(1, "p-7", "note", CASE, 1, "mark-1", f"/cases/{CASE}/note/", (), 302, True, 1)


@pytest.fixture(scope="module")
def killed() -> Iterator[tuple[Desk, Outcome, bytes]]:
    """After three of its processes were killed one by one, then all, and it came to rest. With the checkpoint
    that the site showed before."""
    with ground("sqlite", seed=26) as desk:
        before = (desk.home / "public" / ORGANISATION / CHECKPOINT).read_bytes()
        yield desk, shake(desk, ["parts"], seed=26), before


def test_a_desk_that_was_killed_at_work_lost_nothing_and_did_nothing_twice(
    killed: tuple[Desk, Outcome, bytes],
) -> None:
    _desk, came, _before = killed
    assert came.wrong == []
    assert came.kills == 4
    assert came.acknowledged > 5
    assert came.warned > 0


# ---- what is wrong is found: each of these breaks a little more of what the test above left ----------------


def change(desk: Desk, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(desk.home / "data" / "desk.sqlite")) as database, database:
        database.execute(statement, values)


def test_a_promise_that_got_lost_is_found(killed: tuple[Desk, Outcome, bytes]) -> None:
    desk, *_ = killed
    with closing(desk.open()) as app:
        desk.journal.promises.append(app.arrived(ORGANISATION, "0" * 64, Door.PORTAL))
    assert look(desk) == []
    change(desk, "DELETE FROM outbox")
    assert "a page: what was promised is not in the log and does not wait for it." in look(desk)


def test_a_job_that_got_lost_is_found(killed: tuple[Desk, Outcome, bytes]) -> None:
    desk, *_ = killed
    change(desk, "DELETE FROM job WHERE rowid = (SELECT min(rowid) FROM job)")
    assert any("the job" in each and each.endswith("is missing.") for each in look(desk))


def test_a_site_that_went_back_is_found(killed: tuple[Desk, Outcome, bytes]) -> None:
    desk, _came, before = killed
    (desk.home / "public" / ORGANISATION / CHECKPOINT).write_bytes(before)
    wrong = look(desk)
    assert any("leaves after" in each for each in wrong)
    assert any("rolled back" in each for each in wrong), wrong


def test_an_acknowledged_event_that_got_lost_is_found(killed: tuple[Desk, Outcome, bytes]) -> None:
    desk, *_ = killed
    form = next(each for each in desk.journal.sent.values() if each.done and each.seen)
    change(desk, "DELETE FROM event WHERE stream = ? AND number > ?", form.case, form.seen)
    wrong = look(desk)
    assert any(f"was acknowledged and event {form.seen + 1} is not it" in each for each in wrong)


def stream(*events: Event, by: str = "p-7") -> dict[str, list[Recorded]]:
    return {
        CASE: [Recorded(number=place, at=AT, by=by, event=each) for place, each in enumerate(events, start=1)]
    }


def test_a_form_that_was_recorded_twice_is_found() -> None:
    once = stream(Assigned(to="p-7"), Noted(words="mark-1"))
    assert list(recorded([NOTE], once)) == []
    twice = stream(Assigned(to="p-7"), Noted(words="mark-1"), Noted(words="mark-1"))
    assert list(recorded([NOTE], twice)) == [f"form 1 (note, {CASE}) was recorded 2 times."]
    unanswered = replace(NOTE, done=False, status=0)
    assert list(recorded([unanswered], stream(Assigned(to="p-7")))) == []
    assert list(recorded([unanswered], twice)) != []
    other = replace(NOTE, number=2, act="assign", mark="")
    assert any("acknowledged as one event" in each for each in recorded([NOTE, other], once))


def test_a_clock_that_was_recorded_twice_is_found() -> None:
    warned = Warned(clock="hold/1", due=AT)
    later = Warned(clock="hold/1", due=AT + timedelta(days=1))
    assert list(warned_twice(stream(warned, later, by=CLOCK))) == []
    assert list(warned_twice(stream(warned, warned, by=CLOCK))) == [
        f"{CASE}: the clock hold/1 was recorded 2 times."
    ]


def test_a_form_is_sent_again_until_somebody_says_what_became_of_it(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / "journal")) as journal:
        form = journal.begin(replace(NOTE, number=0, status=0, done=False, times=0))
        assert journal.again("p-7", random.Random(1)) == [form]
        form = journal.answered(journal.begin(form), 409, "")
        assert (form.times, form.done, journal.again("p-7", random.Random(1))) == (2, False, [])
        form = journal.answered(journal.begin(form), 302, CASE)
        journal.answered(journal.begin(form), 302, CASE)
        assert journal.wrong == [f"form 1 (note, {CASE}) was taken twice."]
    assert (tmp_path / "journal").read_text("utf-8").count("\n") == 7


def test_a_plan_has_the_kills_that_were_asked_for() -> None:
    for kills in (1, 5, 100):
        plan = planned(kills, random.Random(kills))
        assert sum(SHOCKS[name][1] for name in plan) == kills

"""Verbs are tried on records that nobody else sees, and what was tried is written only where it belongs."""

from __future__ import annotations

import pytest

from habeas.app.installation import Installation
from habeas.app.rehearsal import Rehearsal, Settled
from habeas.desk.desk import Desk
from habeas.desk.records import Conflict
from tests.app.houses import ORGANISATION, Clock, brought


def test_what_is_tried_is_seen_by_the_next_trial_and_by_nobody_else(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "received")
    tried = Desk(ORGANISATION, Rehearsal(app.store))
    tried.assign(case.id, "intake", clock.go(minutes=1), to="reviewer")
    assert tried.case(case.id).length == case.length + 1
    assert app.case(ORGANISATION, case.id).length == case.length


def test_what_was_rehearsed_for_one_case_is_written_to_no_other(app: Installation, clock: Clock) -> None:
    first, second = brought(app, clock, "received"), brought(app, clock, "received")
    settled = Desk(ORGANISATION, Settled(app.store, first.id))
    with pytest.raises(Conflict, match="nothing was recorded"):
        settled.assign(second.id, "intake", clock.go(minutes=1), to="reviewer")
    assert app.case(ORGANISATION, second.id).length == second.length
    settled.assign(first.id, "intake", clock.go(minutes=1), to="reviewer")
    assert app.case(ORGANISATION, first.id).length == first.length + 1

"""Every decision about an item stays to be read: by whom, when, what, why, and in which assessment."""

from __future__ import annotations

import pytest

from habeas.assess import Ceiling, Decision
from habeas.desk import course
from habeas.desk.course import What
from habeas.desk.events import Reviewed
from tests.desk.desks import CASE, DONE, GROUND, at, bring, evidence, house_of, rulings, step, steps

KEY = ("t1", "i1")
REFUSED = {"decision": Decision.REFUSE, "ceiling": Ceiling.NOTHING, "ground": GROUND}


def test_a_case_decided_twice_shows_both_decisions_and_who_made_them() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    first = case.digest
    step(desk, "reviewed", i1=REFUSED)
    desk.second_review(CASE, "reviewer-2", at(hours=4.5), agrees=False, reason="It is a crime.")
    step(desk, "reviewed", when=at(hours=4.6))
    case = steps(desk, "decided", "released")
    found = course.of(case)[KEY]
    assert [(each.what, each.by) for each in found] == [
        (What.DECIDED, "reviewer"),
        (What.DISAGREED, "reviewer-2"),
        (What.DECIDED, "reviewer"),
        (What.AGREED, "reviewer-2"),
        (What.APPROVED, "counsel"),
        (What.HANDED_OVER, "custodian"),
    ]
    assert found[0].ruling is not None
    assert (found[0].ruling.decision, found[0].ruling.ground) == (Decision.REFUSE, GROUND)
    assert found[0].why == "The colleague thinks otherwise."
    assert found[1].why == "It is a crime."
    assert found[-1].ruling == case.ruling(*KEY)
    assert {each.assessment for each in found} == {first}
    assert course.assessments(case)[first].number == 1


def test_each_decision_names_the_assessment_that_was_looked_at() -> None:
    desk, _memory = house_of()
    first = bring(desk, "reviewed").digest
    desk.identify(CASE, "intake", at(hours=6), evidence=(evidence(holds=False),))
    again = desk.assess(CASE, "reviewer", at(hours=7))
    assert again.digest != first
    case = desk.review(
        CASE, "reviewer", at(hours=8), assessment=again.digest, rulings=rulings(again), why="It differs."
    )
    made = course.assessments(case)
    assert [(each, made[each].number) for each in made] == [(first, 1), (again.digest, 2)]
    assert [each.assessment for each in course.of(case)[KEY]] == [first, again.digest]
    assert made[again.digest].recommended == again.assessment.decision if again.assessment else False


def test_counsel_who_takes_a_case_up_undoes_what_was_decided_and_says_so() -> None:
    desk, _memory = house_of()
    bring(desk, "decided")
    case = desk.escalate(CASE, "reviewer", at(hours=6), why="New doubts.")
    assert [(each.what, each.why) for each in course.of(case)[KEY]][-1] == (What.UNDONE, "New doubts.")


@pytest.mark.parametrize("act", DONE)
def test_no_ruling_that_was_ever_made_is_lost(act: str) -> None:
    desk, _memory = house_of()
    case = DONE[act](desk)
    if case.stage == "erased":
        return
    found = course.of(case)
    made = [
        (recorded.at, recorded.by, ruling)
        for recorded in case.history
        if isinstance(recorded.event, Reviewed)
        for ruling in recorded.event.rulings
    ]
    shown = [
        (each.at, each.by, each.ruling)
        for steps_ in found.values()
        for each in steps_
        if each.what is What.DECIDED
    ]
    assert sorted(map(repr, shown)) == sorted(map(repr, made))
    assert set(found) >= set(case.asked())


def test_what_is_refused_as_a_whole_is_refused_item_by_item() -> None:
    desk, _memory = house_of()
    case = DONE["refuse"](desk)
    for steps_ in course.of(case).values():
        assert steps_[-1].what is What.REFUSED
        assert steps_[-1].ruling is not None

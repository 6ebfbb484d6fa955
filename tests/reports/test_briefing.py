"""What comes first, and what waits until somebody asks for it."""

from __future__ import annotations

import msgspec
import pytest

from habeas.assess import Decision, Outcome
from habeas.reports.brief import Brief
from habeas.reports.briefing import brief, outside
from tests.reports.samples import ANSWER, REQUEST, answer, finding


def told(*, explain: bool = False, **parts: object) -> Brief:
    return brief(REQUEST, answer(**parts) if parts else ANSWER, explain=explain)


def checks(points: object) -> list[str]:
    return [point.check for point in points]  # type: ignore[attr-defined]


def test_the_strongest_tests_decide_and_the_others_follow() -> None:
    shown = told()
    assert checks(shown.deciding) == ["rights.strongest"]
    assert checks(shown.weaker) == ["form.weaker"]
    assert checks(shown.noted) == ["gravity.noted"]


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_findings_does_not_decide_what_comes_first(turned: bool) -> None:
    findings = (finding("ask", Outcome.NOT_SHOWN, "ask"), finding("law", Outcome.NOT_MET, "refuse-law"))
    shown = told(findings=findings[::-1] if turned else findings)
    assert checks(shown.deciding) == ["law"]


def test_what_is_met_waits_for_explain_but_is_counted() -> None:
    assert told().met == ()
    assert told().met_count == 1
    assert checks(told(explain=True).met) == ["form.met"]


def test_what_would_change_the_result_waits_for_explain() -> None:
    assert told().shifts == ()
    assert told(explain=True).shifts[0].then.word == "clarify"


def test_a_clock_that_runs_is_shown_and_one_that_waits_is_counted() -> None:
    assert [clock.due is None for clock in told().clocks] == [False]
    assert told().clocks_waiting_count == 1
    assert len(told(explain=True).clocks_waiting) == 1


def test_what_is_supposed_stands_in_plain_sight() -> None:
    assert told().supposed == (
        "the authority named is really the sender",
        "the treaty relied on is in force between the two states",
    )


def test_the_reason_for_a_refusal_is_the_engines_own_sentence() -> None:
    assert told().why == ANSWER.because


def test_a_request_on_the_wrong_road_is_told_the_right_one() -> None:
    shown = told(decision=Decision.REROUTE, because="No treaty.", road="the central authority of the seat")
    assert shown.why == "No treaty. The right road: The central authority of the seat."


def test_law_cited_only_to_measure_by_says_so() -> None:
    foreign = msgspec.structs.replace(
        finding("persecution", Outcome.NOT_MET, "refuse-rights"), yardstick=True
    )
    [point] = told(findings=(foreign,)).deciding
    assert point.treaty.startswith("as a yardstick")


def test_protected_conduct_comes_with_the_signs_that_show_it() -> None:
    (conduct,) = told().conduct
    assert conduct.category == "political criticism"
    assert {sign.says for sign in conduct.signs} == {"a sign of insult", "a sign of falsehood"}


def test_without_protected_conduct_nothing_is_said_of_it() -> None:
    shown = told(protected_conduct=())
    assert shown.conduct == ()
    assert shown.provisions == ()


def test_a_condition_is_a_sentence() -> None:
    assert told().conditions == ("Use for this case only.",)


def test_who_comes_from_outside_reads_nothing_that_is_for_the_house_only() -> None:
    ours = told(explain=True)
    theirs = outside(ours)
    assert ours.conduct
    assert ours.shifts
    assert (theirs.conduct, theirs.provisions, theirs.shifts, theirs.tasks) == ((), (), (), ())
    assert (theirs.deciding, theirs.passages) == (ours.deciding, ours.passages)

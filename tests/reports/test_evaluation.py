"""Scores: counted as they are said to be, on answers and labels made for the purpose."""

from __future__ import annotations

import msgspec

from habeas.assess import Assessment, assess
from habeas.reports.evaluation import compare, false_alarm
from habeas.request import Label
from tests.world import INSULT, ON, request


def labelled(number: int, cls: str, decision: str, conduct: tuple[str, ...] = (), **parts: object) -> Label:
    values = {
        "acceptable": (decision,),
        "must_not": ("proceed",) if cls == "protected-conduct" else ("refuse",),
        "language": "en",
        "state": "FRA",
        "difficulty": "easy",
        **parts,
    }
    return Label(id=f"C-{number}", cls=cls, decision=decision, protected_conduct=conduct, **values)  # type: ignore[arg-type]


def answer(number: int, **parts: object) -> Assessment:
    return assess(request(id=f"C-{number}", **parts), on=ON)


def test_exact_acceptable_and_forbidden_answers_are_counted_apart() -> None:
    answers = [answer(1), answer(2, facts=INSULT), answer(3, facts=INSULT)]
    labels = [
        labelled(1, "legitimate-crime", "proceed"),
        labelled(2, "protected-conduct", "refuse", ("journalism",)),
        labelled(3, "legitimate-crime", "proceed", acceptable=("proceed", "refuse")),
    ]
    scores = compare(answers, labels, ["proceed"] * 3)
    assert (scores.all.cases, scores.all.must_not) == (3, 1)
    assert scores.all.exact == 2 / 3
    assert scores.all.acceptable == 1.0
    assert scores.by_class["protected-conduct"].exact == 1.0
    assert [miss.id for miss in scores.misses] == ["C-3"]
    assert scores.misses[0].because


def test_a_false_alarm_is_conduct_claimed_or_a_crime_refused() -> None:
    crime = labelled(1, "legitimate-crime", "proceed")
    assert not false_alarm(answer(1), crime)
    assert false_alarm(answer(1, facts=INSULT), crime)
    assert not false_alarm(answer(1), msgspec.structs.replace(crime, acceptable=("refuse",)))


def test_protected_conduct_found_is_counted_any_and_by_category() -> None:
    answers = [answer(1, facts=INSULT), answer(2)]
    labels = [
        labelled(1, "protected-conduct", "refuse", ("political-criticism", "lgbtq")),
        labelled(2, "protected-conduct", "refuse", ("journalism",)),
    ]
    scores = compare(answers, labels, ["proceed", "proceed"])
    assert scores.protected_found == 0.5
    assert scores.protected_found_by_category["political-criticism"] == (1, 1)
    assert scores.protected_found_by_category["lgbtq"] == (0, 1)


def test_reroute_counts_as_refuse() -> None:
    away = answer(1, supposed=("sender-identified", "seat-law-permits"))
    assert away.decision == "reroute"
    scores = compare([away], [labelled(1, "protected-conduct", "refuse", ("journalism",))], ["reroute"])
    assert scores.all.exact == 1.0


def test_constants_and_the_state_alone_stand_beside_it() -> None:
    answers = [answer(1), answer(2), answer(3, facts=INSULT)]
    labels = [
        labelled(1, "legitimate-crime", "proceed"),
        labelled(2, "legitimate-crime", "proceed"),
        labelled(3, "protected-conduct", "refuse", ("journalism",), state="RUS"),
    ]
    scores = compare(answers, labels, ["proceed"] * 3)
    assert scores.baselines["always proceed"].exact == 2 / 3
    assert (
        scores.baselines["state only"].exact == 2 / 3
    )  # the lone state falls back on the commonest of the others
    assert scores.baselines["treaty only"].must_not == 1
    assert scores.lead_over_best_simple == 1.0 - 2 / 3


def test_nothing_to_compare_is_not_a_perfect_score() -> None:
    scores = compare([], [], [])
    assert scores.all.exact is None
    assert scores.false_alarms is None

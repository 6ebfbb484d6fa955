"""How the recommendations compare with what careful lawyers would defend, case by case.

Takes answers and labels that were read apart, so that nothing here can reach the engine. Beside the engine
stand the constant answers, a model that knows only the requesting state, and the treaty-only baseline: what
passes on the Convention's own tests, without the layer of rights. `reroute` counts as `refuse`, because the
labels have no such word.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from habeas.assess import Assessment, Decision
from habeas.request import Label

_AS_LABELLED = {Decision.REROUTE: Decision.REFUSE}
ORDINARY = "legitimate-crime"
CONSTANTS = ("refuse", "escalate", "clarify", "narrow", "proceed")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Agreement on a group of cases, as shares of 1 (None where the group is empty)."""

    cases: int
    exact: float | None
    acceptable: float | None
    must_not: int


class Miss(msgspec.Struct, frozen=True, kw_only=True):
    """One case where the answer differs, and why."""

    id: str
    cls: str
    language: str | None
    state: str | None
    labelled: str
    answered: str
    acceptable: bool
    must_not: bool
    because: str
    protected_conduct: tuple[str, ...]
    labelled_conduct: tuple[str, ...]
    signs: tuple[str, ...]


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """The whole comparison. Shares are of 1; `questions` are counted over answers that ask."""

    all: Row
    by_class: dict[str, Row]
    by_language: dict[str, Row]
    by_difficulty: dict[str, Row]
    by_state: dict[str, Row]
    protected_found: float | None
    protected_found_by_category: dict[str, tuple[int, int]]
    false_alarms: float | None
    false_alarm_cases: tuple[str, ...]
    escalated: float | None
    ordinary_clarified: float | None
    median_questions: int
    most_questions: int
    baselines: dict[str, Row]
    best_simple: str
    lead_over_best_simple: float | None
    misses: tuple[Miss, ...]


def answered(decision: str) -> str:
    """The decision in the words of the labels."""
    return _AS_LABELLED.get(Decision(decision), Decision(decision))


def _row(pairs: Sequence[tuple[str, Label]]) -> Row:
    count = len(pairs)
    return Row(
        cases=count,
        exact=sum(answer == label.decision for answer, label in pairs) / count if count else None,
        acceptable=sum(answer in label.acceptable for answer, label in pairs) / count if count else None,
        must_not=sum(answer in label.must_not for answer, label in pairs),
    )


def _grouped(pairs: Sequence[tuple[str, Label]], key: Callable[[Label], str | None]) -> dict[str, Row]:
    groups: dict[str, list[tuple[str, Label]]] = defaultdict(list)
    for answer, label in pairs:
        groups[key(label) or "not stated"].append((answer, label))
    return {name: _row(groups[name]) for name in sorted(groups)}


def _state_only(labels: Sequence[Label]) -> list[str]:
    """The commonest decision among the other cases of the same state, or of all others."""
    answers = []
    for here in labels:
        others = [label for label in labels if label is not here]
        same = [label.decision for label in others if label.state == here.state]
        pool = same or [label.decision for label in others]
        answers.append(max(sorted(set(pool)), key=pool.count) if pool else CONSTANTS[0])
    return answers


def false_alarm(assessment: Assessment, label: Label) -> bool:
    """An ordinary crime for which protected conduct is claimed, or which is wrongly refused."""
    claimed = bool(assessment.protected_conduct) and not label.protected_conduct
    answer = answered(assessment.decision)
    return claimed or (answer == "refuse" and "refuse" not in label.acceptable)


def compare(answers: Iterable[Assessment], labels: Iterable[Label], treaty_only: Iterable[str]) -> Scores:
    """Score `answers` against `labels`, matched by id.

    treaty_only: the decisions of that baseline, in the order of `labels`.
    """
    by_id = {assessment.id: assessment for assessment in answers}
    labels = list(labels)
    known = [label for label in labels if label.id in by_id]
    pairs = [(answered(by_id[label.id].decision), label) for label in known]
    ordinary = [label for label in known if label.cls == ORDINARY]
    protected = [label for label in known if label.protected_conduct]
    alarms = tuple(label.id for label in ordinary if false_alarm(by_id[label.id], label))
    should_pass = [label for label in ordinary if label.decision in ("proceed", "narrow")]
    clarified = sum(answered(by_id[label.id].decision) == "clarify" for label in should_pass)
    per_category: dict[str, list[bool]] = defaultdict(list)
    for label in protected:
        for category in label.protected_conduct:
            per_category[category].append(category in by_id[label.id].protected_conduct)
    questions = sorted(len(by_id[label.id].questions) for label in known if by_id[label.id].questions)
    simple = {f"always {word}": _row([(word, label) for label in known]) for word in CONSTANTS}
    simple["state only"] = _row(list(zip(_state_only(known), known, strict=True)))
    passing = dict(zip((label.id for label in labels), treaty_only, strict=True))
    treaty = _row([(answered(passing[label.id]), label) for label in known])
    best = max(sorted(simple), key=lambda name: simple[name].exact or 0.0)
    whole = _row(pairs)
    return Scores(
        all=whole,
        by_class=_grouped(pairs, lambda label: label.cls),
        by_language=_grouped(pairs, lambda label: label.language),
        by_difficulty=_grouped(pairs, lambda label: label.difficulty),
        by_state=_grouped(pairs, lambda label: label.state),
        protected_found=(
            sum(bool(by_id[label.id].protected_conduct) for label in protected) / len(protected)
            if protected
            else None
        ),
        protected_found_by_category={
            name: (sum(found), len(found)) for name, found in sorted(per_category.items())
        },
        false_alarms=len(alarms) / len(ordinary) if ordinary else None,
        false_alarm_cases=alarms,
        escalated=Counter(answer for answer, _label in pairs)["escalate"] / len(pairs) if pairs else None,
        ordinary_clarified=clarified / len(should_pass) if should_pass else None,
        median_questions=questions[len(questions) // 2] if questions else 0,
        most_questions=questions[-1] if questions else 0,
        baselines={**simple, "treaty only": treaty},
        best_simple=best,
        lead_over_best_simple=(
            (whole.exact or 0.0) - (simple[best].exact or 0.0) if whole.exact is not None else None
        ),
        misses=tuple(
            Miss(
                id=label.id,
                cls=label.cls,
                language=label.language,
                state=label.state,
                labelled=label.decision,
                answered=answer,
                acceptable=answer in label.acceptable,
                must_not=answer in label.must_not,
                because=by_id[label.id].because,
                protected_conduct=by_id[label.id].protected_conduct,
                labelled_conduct=label.protected_conduct,
                signs=tuple(sign.id for sign in by_id[label.id].signs),
            )
            for answer, label in pairs
            if answer != label.decision
        ),
    )

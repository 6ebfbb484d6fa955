"""The table of words is what the labelled cases teach, and nothing that somebody wrote into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import wording as taught
from habeas.assess.text import fold
from habeas.assess.wording import table

FOLDER = Path(taught.__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def known() -> list[taught.Case]:
    return taught.cases(FOLDER / f"{name}.yaml" for name in table().cases)


def test_the_cases_give_the_table_again(known: list[taught.Case]) -> None:
    base, weights = taught.learnt(known)
    packaged = table()
    assert abs(base - packaged.base) <= 1
    near = weights.keys() ^ packaged.weights.keys()
    assert {abs((weights | packaged.weights)[run]) for run in near} <= {taught.LEAST_WEIGHT}  # just in or out
    assert max(abs(weights[run] - packaged.weights[run]) for run in weights.keys() & packaged.weights) <= 1


def test_all_cases_for_building_are_in_it() -> None:
    assert set(table().cases) == {path.stem for path in FOLDER.glob("fresh_*.yaml")}


def test_cases_it_has_not_seen_are_told_apart(known: list[taught.Case]) -> None:
    """Of two files, by what all the others teach: a table that only remembers would guess."""
    for file in ("fresh_m", "fresh_n"):
        base, weights = taught.learnt([case for case in known if case.file != file])
        unseen = [case for case in known if case.file == file]
        right = [(taught.score(case, base, weights) > 0) == (case.sign > 0) for case in unseen]
        assert sum(right) >= 0.85 * len(right)


def test_names_of_states_teach_nothing() -> None:
    names = taught.names_of_states()
    for word in ("france", "россия", "китай", "中国", "russians"):
        assert taught._is_name(fold(word), names)

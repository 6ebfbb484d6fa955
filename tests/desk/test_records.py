"""Records take all of a change or nothing of it, and of two at once one is told."""

from __future__ import annotations

from functools import partial

import pytest

from habeas.desk import Conflict
from tests.desk.desks import CASE, SOUND, TWO, at, bring, house_of, receive, step

OTHER = "2026-000002"
THIRD = "2026-000003"
NINTH = "2026-000009"


def test_a_merge_and_a_split_write_to_both_cases_or_to_none() -> None:
    """Both are one append, and who changed either case meanwhile is noticed before anything stands."""
    desk, memory = house_of()
    for id, request in ((CASE, SOUND), (OTHER, SOUND), (THIRD, TWO)):
        receive(desk, id, request)
    verbs = (
        (CASE, OTHER, lambda: desk.merge(OTHER, "reviewer", at(), into=CASE, why="The same.")),
        (THIRD, NINTH, lambda: desk.split(THIRD, "reviewer", at(), targets=["t2"], into=NINTH)),
    )
    for one, other, verb in verbs:
        for changed in {one, other} - {NINTH}:
            memory.before_append = partial(desk.note, changed, "intake", at(), words="Meanwhile.")
            before = {each: memory.kinds(each) for each in (one, other)}
            with pytest.raises(Conflict):
                verb()
            before[changed].append("noted")
            assert {each: memory.kinds(each) for each in (one, other)} == before
        so_far = memory.appends
        verb()
        assert memory.appends == so_far + 1
    assert memory.kinds().count("merge-taken") == 1
    assert memory.kinds(NINTH) == ["received"]


def test_of_two_at_once_one_is_told() -> None:
    desk, memory = house_of()
    bring(desk, "assessed")
    memory.before_append = lambda: desk.note(CASE, "intake", at(hours=4), words="Meanwhile.")
    with pytest.raises(Conflict):
        step(desk, "reviewed")
    assert memory.kinds()[-1] == "noted"

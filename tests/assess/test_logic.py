"""Three values, one definition, three evaluators that agree."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from habeas.assess.logic import Condition, Three, condition
from habeas.errors import Refused

NAMES = ("a", "b", "c")


def conditions() -> st.SearchStrategy[Condition]:
    leaf = st.sampled_from(NAMES).map(lambda name: Condition("fact", name=name))
    constant = st.sampled_from([Three.MET, Three.NOT_MET]).map(
        lambda value: Condition("constant", constant=value)
    )
    return st.recursive(
        leaf | constant,
        lambda inner: st.one_of(
            inner.map(lambda part: Condition("not", parts=(part,))),
            inner.map(lambda part: Condition("met", parts=(part,))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Condition("and", parts=tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: Condition("or", parts=tuple(parts))),
        ),
        max_leaves=8,
    )


EVERY = [dict(zip(NAMES, values, strict=True)) for values in product(Three, repeat=len(NAMES))]


@given(conditions())
def test_one_request_columns_and_compiled_source_agree_on_every_value(read: Condition) -> None:
    columns = {name: np.array([facts[name] for facts in EVERY], dtype=np.int8) for name in NAMES}
    column = read.column(columns)
    for row, facts in enumerate(EVERY):
        value = read.value(facts)
        assert column[row] == value
        assert eval(read.python(lambda name: name), {name: int(facts[name]) for name in NAMES}) == value  # noqa: S307


@given(conditions())
def test_the_solver_agrees_on_every_value(read: Condition) -> None:
    for facts in EVERY:
        pairs = {
            name: (z3.BoolVal(facts[name] is Three.MET), z3.BoolVal(facts[name] is Three.NOT_MET))
            for name in NAMES
        }
        met, unmet = (z3.simplify(term) for term in read.solver_pair(z3, pairs.__getitem__))
        value = read.value(facts)
        assert z3.is_true(met) == (value is Three.MET)
        assert z3.is_true(unmet) == (value is Three.NOT_MET)


@given(conditions())
def test_what_is_not_shown_is_never_counted_as_met(read: Condition) -> None:
    """Learning a missing fact may settle an answer, but a settled answer never moves."""
    unknown = dict.fromkeys(NAMES, Three.NOT_SHOWN)
    if any(part == "met" for part in _ops(read)):
        return  # `shown()` is about knowledge itself and may move
    settled = read.value(unknown)
    if settled is not Three.NOT_SHOWN:
        assert all(read.value(facts) is settled for facts in EVERY)


def _ops(read: Condition) -> list[str]:
    return [read.op, *(op for part in read.parts for op in _ops(part))]


@given(conditions())
def test_a_condition_reads_back_from_its_own_words(read: Condition) -> None:
    words = str(read).replace("not_met", "never").replace("met", "always").replace("alwayss", "always")
    again = condition(words) if "shown" not in words else None
    if again is not None:
        assert all(again.value(facts) is read.value(facts) for facts in EVERY)


@given(conditions())
def test_reasons_name_only_facts_of_the_condition_and_missing_ones_are_missing(read: Condition) -> None:
    for facts in EVERY:
        used, missing = read.reasons(facts)
        assert set(used) | set(missing) <= set(read.facts())
        assert all(facts[name] is Three.NOT_SHOWN for name in missing)
        assert all(facts[name] is not Three.NOT_SHOWN for name in used)


def test_a_fact_that_nobody_knows_is_not_shown() -> None:
    assert condition("a").value({}) is Three.NOT_SHOWN
    assert condition("not a").value({}) is Three.NOT_SHOWN
    assert condition("a or b").value({"b": Three.MET}) is Three.MET
    assert condition("a and b").value({"b": Three.NOT_MET}) is Three.NOT_MET
    assert condition("shown(a)").value({}) is Three.NOT_MET


@pytest.mark.parametrize(
    "words", ["a <", "a + b", "__import__('os')", "a if b else c", "lambda: a", "f(a)", "1", "'a'", ""]
)
def test_anything_but_plain_words_is_refused(words: str) -> None:
    with pytest.raises(Refused) as caught:
        condition(words, place="here")
    assert caught.value.place
    assert caught.value.hint


def test_a_very_deep_condition_is_refused_not_crashed_on() -> None:
    with pytest.raises(Refused):
        condition("not " * 100_000 + "a")

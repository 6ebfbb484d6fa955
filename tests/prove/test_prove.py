"""The theorems hold on the packaged rules, and a planted fault is caught and told in words."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest

from habeas.assess.rulebook import Rulebook, make, rulebook
from tests.prove.prove import (
    GROUNDS,
    any_new_rule,
    contradictions,
    dead_checks,
    monotone,
    prove,
    theorems,
)


def _with(change: Callable[[str, str], str]) -> Rulebook:
    """The packaged rulebook with its files changed: `change(name, text) -> text`."""
    folder = files("habeas.assess")
    checks = {
        entry.name: change(entry.name, entry.read_text("utf-8")).encode()
        for entry in sorted((folder / "checks").iterdir(), key=lambda entry: entry.name)
    }
    return make(
        (folder / "facts.toml").read_bytes(),
        checks,
        change("policy.toml", (folder / "policy.toml").read_text("utf-8")).encode(),
    )


def _replaced(old: str, new: str) -> Callable[[str, str], str]:
    done = []

    def change(name: str, text: str) -> str:
        if old in text:
            done.append(name)
        return text.replace(old, new, 1)

    change.done = done  # type: ignore[attr-defined]
    return change


@pytest.mark.parametrize("theorem", list(theorems(rulebook())), ids=lambda theorem: theorem.name)
def test_it_holds_for_all_facts(theorem: object) -> None:
    result = prove(rulebook(), theorem)  # type: ignore[arg-type]
    assert result.holds, result.counter_example


@pytest.mark.parametrize("ground", GROUNDS)
def test_one_more_ground_never_helps_release(ground: str) -> None:
    result = prove(rulebook(), monotone(rulebook(), ground))
    assert result.holds, result.counter_example


def test_one_more_rule_never_helps_release() -> None:
    assert prove(rulebook(), any_new_rule()).holds


def test_every_check_can_fire_and_those_that_should_decide_can() -> None:
    assert dead_checks(rulebook()) == []


def test_no_two_rules_for_one_check_contradict() -> None:
    assert contradictions(rulebook()) == []


def test_a_planted_unsafe_rule_is_caught_with_its_counter_example_in_words() -> None:
    change = _replaced(
        'check = "persecution.protected-conduct"\nnot_met = "refuse-rights"',
        'check = "persecution.protected-conduct"\nnot_met = "note"',
    )
    book = _with(change)
    assert change.done == ["policy.toml"]  # type: ignore[attr-defined]
    persecution = next(theorem for theorem in theorems(book) if theorem.name == "persecution")
    result = prove(book, persecution)
    assert not result.holds
    assert "it is shown that the request is about protected conduct" in result.counter_example


def test_a_planted_gap_for_an_unknown_sender_is_caught() -> None:
    change = _replaced(
        'check = "channel.sender"\nnot_met = "refuse-law"\nnot_shown = "hold"',
        'check = "channel.sender"\nnot_met = "refuse-law"\nnot_shown = "condition"',
    )
    book = _with(change)
    theorem = next(each for each in theorems(book) if each.name == "required: sender_identified")
    assert not prove(book, theorem).holds


def test_a_planted_ground_that_opens_is_caught() -> None:
    change = _replaced('condition = "not bulk_asked"', 'condition = "bulk_asked"')
    book = _with(change)
    result = prove(book, monotone(book, "bulk_asked"))
    assert not result.holds
    assert result.counter_example


def test_a_planted_dead_check_is_found() -> None:
    change = _replaced('id = "data.live"', 'id = "data.live"\n# planted')
    book = _with(
        lambda name, text: change(name, text).replace(
            'condition = "not live_measure"', 'condition = "always"'
        )
    )
    assert any("data.live" in said for said in dead_checks(book))


def test_a_planted_contradiction_is_found() -> None:
    extra = '\n[[rule]]\ncheck = "data.live"\nnot_met = "note"\nnot_shown = "note"\n'
    book = _with(lambda name, text: text + extra if name == "policy.toml" else text)
    assert any("data.live" in said for said in contradictions(book))

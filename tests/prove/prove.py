"""Safety theorems about the rulebook, proved by z3 for every possible value of every fact.

The same conditions and the same order of consequences that decide a request are written as formulas; a
theorem holds when its negation has no model. A model is a counter-example and is told in words. Run it with
`make prove`; the tests run it on the packaged rulebook and on rulebooks with a planted fault.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import z3

from habeas.assess.logic import Condition
from habeas.assess.rulebook import Consequence, Rule, Rulebook, rulebook

# Facts without which nothing may be recommended for release. `unless` names the fact that lifts the need.
REQUIRED = {
    "instrument_in_force": "binding_order",
    "channel_open": "binding_order",
    "sender_identified": None,
    "sender_plausible": None,
    "requester_in_good_standing": None,
    "seat_law_permits": None,
    "authority_named": None,
    "facts_stated": None,
    "target_identified": None,
    "items_stated": None,
    "conduct_linked": "only_bulk",  # where no account is named, the ceiling is nothing for all of them
    "real_harm_shown": None,
}
# Grounds against an answer: showing one more of them may never open anything.
GROUNDS = (
    "persecution_shown", "signals_conflict", "pretext_signs", "political_offence", "protected_provision",
    "capital_exposure", "torture_signs", "special_court", "absent_trial", "already_tried", "suspect_is_child",
    "live_measure", "credentials_asked", "bulk_asked", "third_parties_asked", "privileged_material",
    "period_excessive", "testing_told", "sessions_as_subscriber", "beyond_path", "own_proceedings",
)  # fmt: skip


@dataclass(frozen=True)
class Theorem:
    """`claim` gets the model of the rulebook and answers the formula that must hold for all facts."""

    name: str
    says: str
    claim: Callable[[Model], Any]


@dataclass(frozen=True)
class Result:
    theorem: str
    holds: bool
    counter_example: str = ""


class Model:
    """A rulebook as formulas. Each fact is a pair of Booleans (is met, is not met), never both."""

    def __init__(self, book: Rulebook, suffix: str = "") -> None:
        self.book = book
        self.pairs = {
            name: (z3.Bool(f"{name}{suffix}"), z3.Bool(f"{name} is not{suffix}")) for name in book.names
        }
        self.sound = z3.And(*(z3.Not(z3.And(met, unmet)) for met, unmet in self.pairs.values()))
        self.weights = [self._weight(rule) for rule in book.policy.rules]
        self.strongest = self._largest(self.weights)

    def met(self, name: str) -> Any:
        return self.pairs[name][0]

    def unmet(self, name: str) -> Any:
        return self.pairs[name][1]

    def value(self, read: Condition) -> tuple[Any, Any]:
        met, unmet = read.solver_pair(z3, self.pairs.__getitem__)
        return met, unmet

    def fires(self, rule: Rule) -> Any:
        """The rule applies (or may apply) and its condition is not met."""
        check = self.book.by_id[rule.check]
        gates = [z3.Not(self.value(gate)[1]) for gate in (check.applies, rule.when)]
        return z3.And(*gates, z3.Not(self.value(check.condition)[0]))

    def _weight(self, rule: Rule) -> Any:
        unmet = self.value(self.book.by_id[rule.check].condition)[1]
        return z3.If(self.fires(rule), z3.If(unmet, int(rule.not_met), int(rule.not_shown)), 0)

    def at_least(self, consequence: Consequence) -> Any:
        return z3.Or(*(weight >= int(consequence) for weight in self.weights))

    @staticmethod
    def _largest(weights: list[Any]) -> Any:
        largest: Any = z3.IntVal(0)
        for weight in weights:
            largest = z3.If(weight > largest, weight, largest)
        return largest

    @property
    def released(self) -> Any:
        """The recommendation is to proceed or to narrow."""
        return z3.Not(self.at_least(Consequence.REFUSE_DISCRETION))

    @property
    def proceeds(self) -> Any:
        return z3.Not(self.at_least(Consequence.NARROW))


def in_words(model: Model, found: Any) -> str:
    """A counter-example as a sentence: what is shown, and what is known not to be so."""
    said = []
    for name, (met, unmet) in model.pairs.items():
        says = model.book.facts[name].says
        if z3.is_true(found.eval(met)):
            said.append(f"it is shown that {says}")
        elif z3.is_true(found.eval(unmet)):
            said.append(f"it is shown not to be so that {says}")
    told = "; ".join(said) if said else "nothing at all is shown"
    return f"When {told}; and nothing else is shown."


def theorems(book: Rulebook) -> Iterator[Theorem]:
    def never(name: str, says: str, when: Callable[[Model], Any], *, proceed_only: bool = False) -> Theorem:
        return Theorem(
            name,
            says,
            lambda model: z3.Implies(when(model), z3.Not(model.proceeds if proceed_only else model.released)),
        )

    yield never(
        "persecution",
        "no facts lead to an answer while persecution is shown",
        lambda model: model.met("persecution_shown"),
    )
    yield never(
        "live measure",
        "no facts lead to `proceed` for data as they arise",
        lambda model: z3.Not(model.unmet("live_measure")),
        proceed_only=True,
    )
    yield never(
        "credentials",
        "no facts lead to `proceed` while keys or passwords are wanted",
        lambda model: z3.Not(model.unmet("credentials_asked")),
        proceed_only=True,
    )
    yield never(
        "seat law in part",
        "no facts lead to `proceed` where the law of the seat does not allow everything asked for",
        lambda model: z3.Not(model.met("seat_law_permits_all")),
        proceed_only=True,
    )
    yield never(
        "only live",
        "no facts lead to an answer where nothing but live data is wanted",
        lambda model: z3.And(model.met("live_measure"), model.met("only_live")),
    )
    yield never(
        "death penalty",
        "no facts lead to disclosure while death is in play without an assurance",
        lambda model: z3.And(
            model.met("capital_exposure"),
            z3.Not(model.met("no_death_assurance")),
            model.unmet("preservation_only"),
            model.unmet("danger_shown"),
        ),
    )
    for name, unless in REQUIRED.items():
        yield never(
            f"required: {name}",
            f"no facts lead to an answer while it is not shown that {book.facts[name].says}",
            lambda model, name=name, unless=unless: z3.And(  # type: ignore[misc]
                z3.Not(model.met(name)), model.unmet(unless) if unless else z3.BoolVal(True)
            ),
        )


def monotone(book: Rulebook, ground: str) -> Theorem:
    """Showing one more ground never turns a closed answer into an open one."""

    def claim(model: Model) -> Any:
        other = Model(book, suffix=" with it")
        same = z3.And(
            *(
                z3.And(
                    model.pairs[name][0] == other.pairs[name][0], model.pairs[name][1] == other.pairs[name][1]
                )
                for name in book.names
                if name != ground
            )
        )
        moved = z3.And(model.unmet(ground), other.met(ground))
        return z3.Implies(
            z3.And(other.sound, same, moved),
            z3.And(z3.Implies(other.released, model.released), z3.Implies(other.proceeds, model.proceeds)),
        )

    return Theorem(f"ground: {ground}", f"showing that {book.facts[ground].says} never helps release", claim)


def any_new_rule() -> Theorem:
    """Whatever rule is added, the answer never opens: consequences are combined by the largest."""

    def claim(model: Model) -> Any:
        extra = z3.Int("weight of a new rule")
        larger = z3.If(extra > model.strongest, extra, model.strongest)
        return z3.Implies(extra >= 0, larger >= model.strongest)

    return Theorem("any new rule", "adding a rule never helps release", claim)


def prove(book: Rulebook, theorem: Theorem) -> Result:
    model = Model(book)
    solver = z3.Solver()
    solver.add(model.sound, z3.Not(theorem.claim(model)))
    answer = solver.check()
    if answer == z3.unsat:
        return Result(theorem.name, True)
    if answer == z3.unknown:
        return Result(theorem.name, False, "the solver gave up")
    return Result(theorem.name, False, f"{theorem.says}: NOT SO. {in_words(model, solver.model())}")


def _possible(*claims: Any) -> Any | None:
    solver = z3.Solver()
    solver.add(*claims)
    return solver.model() if solver.check() == z3.sat else None


def dead_checks(book: Rulebook) -> list[str]:
    """Rules that can never fire, or that never alone decide although they should."""
    model = Model(book)
    dead = []
    for place, rule in enumerate(book.policy.rules):
        if _possible(model.sound, model.fires(rule)) is None:
            dead.append(f"{rule.check} can never fire")
            continue
        if max(rule.not_met, rule.not_shown) < Consequence.NARROW:
            continue
        others = Model._largest([weight for other, weight in enumerate(model.weights) if other != place])
        if _possible(model.sound, model.weights[place] > others) is None:
            dead.append(f"{rule.check} never decides anything")
    return dead


def contradictions(book: Rulebook) -> list[str]:
    """Two rules for one check that hold at the same time and say different things."""
    model = Model(book)
    found = []
    rules = book.policy.rules
    for place, rule in enumerate(rules):
        for other in rules[place + 1 :]:
            if rule.check != other.check or (rule.not_met, rule.not_shown) == (
                other.not_met,
                other.not_shown,
            ):
                continue
            both = _possible(model.sound, model.value(rule.when)[0], model.value(other.when)[0])
            if both is not None:
                found.append(f"two rules for {rule.check} hold at once: {in_words(model, both)}")
    return found


def everything(book: Rulebook) -> list[Result]:
    results = [prove(book, theorem) for theorem in theorems(book)]
    results += [prove(book, monotone(book, ground)) for ground in GROUNDS]
    results.append(prove(book, any_new_rule()))
    results.append(Result("no dead check", not (dead := dead_checks(book)), "; ".join(dead)))
    results.append(Result("no contradiction", not (two := contradictions(book)), "; ".join(two)))
    return results


def main() -> int:
    book = rulebook()
    results = everything(book)
    for result in results:
        print(f"{'proved ' if result.holds else 'REFUTED'}  {result.theorem}")
        if result.counter_example:
            print(f"         {result.counter_example}")
    failed = sum(not result.holds for result in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

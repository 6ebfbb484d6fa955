"""The rulebook in the languages of other engines, written from the same condition trees.

Decides nothing of its own: every `applies`, `when` and `condition` is walked node by node, so that a change
of the law changes all translations at once. A condition of three values becomes two of two values, as in the
proofs: when it is met, and when it is not met; not shown is neither. Facts reach an engine as numbers (0 not
met, 1 not shown, 2 met) or as two booleans each.

What every engine has to answer: the strongest consequence (a number of `Consequence`) and which rules carry
one, each with its outcome. `Finding.code` numbers those alike for all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from habeas.assess.logic import Condition, Three
from habeas.assess.rulebook import Rulebook


class Words(NamedTuple):
    """How one language says the few things a condition is made of. Arguments and results are source text."""

    met: Callable[[str], str]
    unmet: Callable[[str], str]
    both: Callable[[list[str]], str]
    either: Callable[[list[str]], str]
    no: Callable[[str], str]
    true: str
    false: str


def pair(condition: Condition, words: Words) -> tuple[str, str]:
    """(source of "is met", source of "is not met")."""
    if condition.op == "fact":
        return words.met(condition.name), words.unmet(condition.name)
    if condition.op == "constant":
        met, unmet = condition.constant is Three.MET, condition.constant is Three.NOT_MET
        return (words.true if met else words.false), (words.true if unmet else words.false)
    pairs = [pair(part, words) for part in condition.parts]
    if condition.op == "not":
        return pairs[0][1], pairs[0][0]
    if condition.op == "met":
        return pairs[0][0], words.no(pairs[0][0])
    all_met = [met for met, _ in pairs]
    all_unmet = [unmet for _, unmet in pairs]
    if condition.op == "and":
        return words.both(all_met), words.either(all_unmet)
    return words.either(all_met), words.both(all_unmet)


class Finding(NamedTuple):
    """One rule with one outcome that has a consequence: when it stands, in the words of one language."""

    rule: int
    outcome: Three
    consequence: int
    when: str

    @property
    def code(self) -> int:
        """0, 2, 4 ... where the rule's test is not met; 1, 3, 5 ... where it is not shown."""
        return 2 * self.rule + int(self.outcome is Three.NOT_SHOWN)


def findings(book: Rulebook, words: Words) -> Iterator[Finding]:
    """Every rule and outcome with a consequence, in the order of the policy.

    A rule stands unless its gates (the test's `applies`, the rule's `when`) are shown not to hold.
    """
    for number, (check, rule) in enumerate(book.rules):
        gates = [
            words.no(pair(gate, words)[1]) for gate in (check.applies, rule.when) if gate.op != "constant"
        ]
        met, unmet = pair(check.condition, words)
        for outcome, consequence, test in (
            (Three.NOT_MET, rule.not_met, [unmet]),
            (Three.NOT_SHOWN, rule.not_shown, [words.no(met), words.no(unmet)]),
        ):
            if consequence:
                yield Finding(number, outcome, int(consequence), words.both([*gates, *test]))


def _joined(sign: str) -> Callable[[list[str]], str]:
    return lambda parts: f"({f' {sign} '.join(parts)})" if len(parts) > 1 else parts[0]


CEDAR = Words(
    met=lambda name: f"context.{name}_met",
    unmet=lambda name: f"context.{name}_unmet",
    both=_joined("&&"),
    either=_joined("||"),
    no=lambda source: f"!{source}",
    true="true",
    false="false",
)


def cedar(book: Rulebook) -> str:
    """One `forbid` policy for each finding.

    A request is allowed when no rule objects; the policies that decided are the reasons, and the strongest
    among them is the answer.
    """
    policies = ["permit (principal, action, resource);"]
    policies += [
        f'@id("{each.code}:{each.consequence}")\nforbid (principal, action, resource) when {{ {each.when} }};'
        for each in findings(book, CEDAR)
    ]
    return "\n".join(policies)


ZEN = Words(
    met=lambda name: f"{name} == 2",
    unmet=lambda name: f"{name} == 0",
    both=lambda parts: f"({' and '.join(parts)})",
    either=lambda parts: f"({' or '.join(parts)})",
    no=lambda source: f"not ({source})",
    true="true",
    false="false",
)


def zen_expression(book: Rulebook) -> str:
    """One expression for the strongest consequence alone."""
    terms = [f"({found.when} ? {found.consequence} : 0)" for found in findings(book, ZEN)]
    return f"max([0, {', '.join(terms)}])"


def zen_decision(book: Rulebook) -> str:
    """A decision table in JSON: a row for each finding, all rows that hold are collected."""
    rows = [
        {"_id": f"r{found.code}", "when": found.when, "code": str(found.code), "x": str(found.consequence)}
        for found in findings(book, ZEN)
    ]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": "when", "name": "holds"}],
        "outputs": [
            {"id": "code", "name": "finding", "field": "code"},
            {"id": "x", "name": "consequence", "field": "consequence"},
        ],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "name": "facts", "type": "inputNode"},
        {"id": "table", "name": "rules", "type": "decisionTableNode", "content": table},
        {"id": "out", "name": "findings", "type": "outputNode"},
    ]
    edges = [
        {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


class _Rego:
    """Rego has no `or` inside a rule body: each alternative becomes a rule of the same name."""

    def __init__(self) -> None:
        self.rules: list[str] = []
        self._named: dict[str, str] = {}
        self.words = Words(
            met=lambda name: f"input.{name} == 2",
            unmet=lambda name: f"input.{name} == 0",
            both="; ".join,
            either=self._either,
            no=self._no,
            true="true",
            false="false",
        )

    def _rule(self, bodies: list[str]) -> str:
        key = " | ".join(bodies)
        if key not in self._named:
            self._named[key] = f"part_{len(self._named)}"
            self.rules += [f"{self._named[key]} if {{ {body} }}" for body in bodies]
        return self._named[key]

    def _either(self, parts: list[str]) -> str:
        return self._rule(parts)

    def _no(self, source: str) -> str:
        return f"not {self._rule([source]) if ';' in source or source.startswith('not ') else source}"


def rego(book: Rulebook) -> str:
    """A module with the set `findings`: code and consequence of each."""
    words = _Rego()
    found = [
        f"findings contains [{each.code}, {each.consequence}] if {{ {each.when} }}"
        for each in findings(book, words.words)
    ]
    return "\n".join(["package habeas", "import rego.v1", *words.rules, *found, ""])


OPENFISCA = Words(
    met=lambda name: f'(person("{name}", day) == 2)',
    unmet=lambda name: f'(person("{name}", day) == 0)',
    both=_joined("&"),
    either=_joined("|"),
    no=lambda source: f"~{source}",
    true="numpy.full(person.count, True)",
    false="numpy.full(person.count, False)",
)

_OPENFISCA_HEAD = '''"""Written by benchmarks/translate.py: facts, findings and the strongest consequence."""
import numpy
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Request = build_entity(key="request", plural="requests", label="a request", is_person=True)


def _fact(name):
    parts = {"value_type": int, "entity": Request, "definition_period": DateUnit.DAY, "label": name}
    return type(name, (Variable,), parts)


def _finding(name, formula):
    parts = {"value_type": int, "entity": Request, "definition_period": DateUnit.DAY, "label": name}
    return type(name, (Variable,), parts | {"formula": formula})


'''


def openfisca(book: Rulebook) -> str:
    """A Python module: `system()` gives the country package, `FINDINGS` the names of the variables."""
    lines = [_OPENFISCA_HEAD, f"FACTS = {book.names!r}", "FORMULAS = {"]
    names = []
    for each in findings(book, OPENFISCA):
        names.append(f"finding_{each.code}")
        lines.append(f'    "{names[-1]}": lambda person, day: {each.when} * {each.consequence},')
    lines += ["}", f"FINDINGS = {tuple(names)!r}"]
    lines += [
        "",
        "",
        "def _strongest(person, day):",
        "    return numpy.maximum.reduce([person(name, day) for name in FINDINGS])",
        "",
        "",
        "def system():",
        "    made = TaxBenefitSystem([Request])",
        "    for name in FACTS:",
        "        made.add_variable(_fact(name))",
        "    for name, formula in FORMULAS.items():",
        "        made.add_variable(_finding(name, formula))",
        '    made.add_variable(_finding("strongest", _strongest))',
        "    return made",
        "",
    ]
    return "\n".join(lines)

"""Three-valued conditions, written once and evaluated three ways.

A condition is a small expression over named facts: `and`, `or`, `not`, parentheses. Each fact is MET,
NOT_MET or NOT_SHOWN (Kleene's strong logic: what is not shown stays not shown unless the rest already
decides). `Condition.value` evaluates for one request, `column` over NumPy int8 columns of many, and
`solver_pair` as SMT terms for proofs; `python` writes it as source for compiled evaluation.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

from habeas.errors import Refused


class Three(IntEnum):
    """The three answers. The order matters: `and` is the smallest, `or` the largest, `not` the mirror."""

    NOT_MET = 0
    NOT_SHOWN = 1
    MET = 2


# By themselves, because Python 3.11 looks a member up in its enumeration ten times slower than a name of a
# module, and every request asks some hundred times.
NOT_MET, NOT_SHOWN, MET = Three


def three(answer: bool | None) -> Three:
    """Met, not met, or not shown where there is no answer."""
    if answer is None:
        return NOT_SHOWN
    return MET if answer else NOT_MET


Column = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Condition:
    """One node: `op` is 'fact', 'not', 'and', 'or', 'met' (is shown to be met) or 'constant'."""

    op: str
    name: str = ""
    parts: tuple[Condition, ...] = ()
    constant: Three = MET

    def facts(self) -> tuple[str, ...]:
        """The names it needs, in order of appearance, each once."""
        if self.op == "fact":
            return (self.name,)
        names: dict[str, None] = {}
        for part in self.parts:
            names.update(dict.fromkeys(part.facts()))
        return tuple(names)

    def value(self, facts: Mapping[str, Three]) -> Three:
        """For one request. A fact that the mapping lacks is NOT_SHOWN."""
        if self.op == "fact":
            return facts.get(self.name, NOT_SHOWN)
        if self.op == "constant":
            return self.constant
        values = [part.value(facts) for part in self.parts]
        if self.op == "not":
            return Three(2 - values[0])
        if self.op == "met":
            return MET if values[0] is MET else NOT_MET
        return min(values) if self.op == "and" else max(values)

    def reasons(self, facts: Mapping[str, Three]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(facts that decide the value, facts not shown that could change it)."""
        value = self.value(facts)
        if self.op == "fact":
            return ((), (self.name,)) if value is NOT_SHOWN else ((self.name,), ())
        if self.op == "constant":
            return (), ()
        decisive = self.parts
        if self.op in ("and", "or"):
            same = tuple(part for part in self.parts if part.value(facts) is value)
            settled = NOT_MET if self.op == "and" else MET
            decisive = same if value in (settled, NOT_SHOWN) else self.parts
        used: dict[str, None] = {}
        missing: dict[str, None] = {}
        for part in decisive:
            some, others = part.reasons(facts)
            used.update(dict.fromkeys(some))
            missing.update(dict.fromkeys(others))
        return tuple(used), tuple(missing)

    def column(self, columns: Mapping[str, Column]) -> Column:
        """For many requests at once; values 0, 1, 2 as in `Three`."""
        if self.op == "fact":
            return columns[self.name]
        if self.op == "constant":
            size = len(next(iter(columns.values())))
            return np.full(size, int(self.constant), dtype=np.int8)
        values = [part.column(columns) for part in self.parts]
        if self.op == "not":
            turned: Column = np.subtract(np.int8(2), values[0], dtype=np.int8)
            return turned
        if self.op == "met":
            whole: Column = ((values[0] == 2).astype(np.int8) << 1).astype(np.int8)
            return whole
        combine = np.minimum if self.op == "and" else np.maximum
        joined: Column = reduce(lambda a, b: combine(a, b), values)
        return joined

    def solver_pair(self, solver: Any, facts: Callable[[str], tuple[Any, Any]]) -> tuple[Any, Any]:
        """As two SMT terms (is met, is not met).

        facts: gives the same pair for a name. solver: the z3 module.
        """
        if self.op == "fact":
            return facts(self.name)
        if self.op == "constant":
            return solver.BoolVal(self.constant is MET), solver.BoolVal(self.constant is NOT_MET)
        pairs = [part.solver_pair(solver, facts) for part in self.parts]
        if self.op == "not":
            return pairs[0][1], pairs[0][0]
        if self.op == "met":
            return pairs[0][0], solver.Not(pairs[0][0])
        met = [pair[0] for pair in pairs]
        unmet = [pair[1] for pair in pairs]
        if self.op == "and":
            return solver.And(*met), solver.Or(*unmet)
        return solver.Or(*met), solver.And(*unmet)

    def python(self, name: Callable[[str], str], fresh: Iterator[int] | None = None) -> str:
        """As Python source over integers 0, 1, 2; `name` renders a fact, `fresh` numbers the helper names."""
        fresh = fresh or count()
        if self.op == "fact":
            return name(self.name)
        if self.op == "constant":
            return str(int(self.constant))
        parts = [part.python(name, fresh) for part in self.parts]
        if self.op == "not":
            return f"(2-{parts[0]})"
        if self.op == "met":
            return f"(2 if {parts[0]}==2 else 0)"
        sign = "<" if self.op == "and" else ">"
        source = parts[0]
        for part in parts[1:]:
            number = next(fresh)
            left, right = f"_l{number}", f"_r{number}"
            source = f"({left} if ({left}:={source}){sign}({right}:={part}) else {right})"
        return source

    def __str__(self) -> str:
        if self.op == "fact":
            return self.name
        if self.op == "constant":
            return self.constant.name.lower()
        if self.op == "met":
            return f"shown({self.parts[0]})"
        if self.op == "not":
            return f"not {self.parts[0]}" if self.parts[0].op in ("fact", "met") else f"not ({self.parts[0]})"
        return f" {self.op} ".join(
            f"({part})" if part.op in ("and", "or") else str(part) for part in self.parts
        )


def condition(source: str, *, place: str = "") -> Condition:
    """Read a condition: names, `and`, `or`, `not`, parentheses, `shown(...)`, `always`, `never`."""
    try:
        tree = ast.parse(" ".join(source.split()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refused(
            "this condition cannot be read",
            place=place or source[:80],
            hint="use names, and, or, not and parentheses",
        ) from error
    return _node(tree, place or source[:80])


def _node(tree: ast.expr, place: str) -> Condition:
    if isinstance(tree, ast.BoolOp):
        op = "and" if isinstance(tree.op, ast.And) else "or"
        return Condition(op, parts=tuple(_node(part, place) for part in tree.values))
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        return Condition("not", parts=(_node(tree.operand, place),))
    if isinstance(tree, ast.Name):
        if tree.id == "always":
            return Condition("constant", constant=MET)
        if tree.id == "never":
            return Condition("constant", constant=NOT_MET)
        return Condition("fact", name=tree.id)
    if (
        isinstance(tree, ast.Call)
        and isinstance(tree.func, ast.Name)
        and tree.func.id == "shown"
        and len(tree.args) == 1
        and not tree.keywords
    ):
        return Condition("met", parts=(_node(tree.args[0], place),))
    raise Refused(
        "this condition uses something other than names, and, or, not",
        place=place,
        hint="write it in those words",
    )

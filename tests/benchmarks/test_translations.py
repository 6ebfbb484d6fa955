"""The rules say the same in every language they are translated into; who disagrees is not timed."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import run, texts, translate, vectors
from benchmarks.rivals import exchange
from habeas.assess.logic import Condition, Three, condition, three
from habeas.assess.rulebook import Check, Consequence, Rule, rulebook

SRC = run.ROOT / "src"
NAMES = ("a", "b", "c")
HANDFUL = (
    "a",
    "not a",
    "a and b",
    "a or not b",
    "not (a and not b) or c",
    "shown(a) or b",
    "not shown(a) and (b or c)",
    "not (shown(a or b) and c)",
    "always and a",
    "never or b",
)
PYTHON = translate.Words(
    met=lambda name: f"({name} == 2)",
    unmet=lambda name: f"({name} == 0)",
    both=lambda parts: f"({' and '.join(parts)})",
    either=lambda parts: f"({' or '.join(parts)})",
    no=lambda source: f"(not {source})",
    true="True",
    false="False",
)


def told(source: Condition, facts: dict[str, Three], words: translate.Words = PYTHON) -> Three:
    """The value of a condition by its translation into two Python expressions."""
    met, unmet = (eval(part, {}, dict(facts)) for part in translate.pair(source, words))  # noqa: S307 our own
    assert not (met and unmet)
    return three(True if met else False if unmet else None)


def trees() -> st.SearchStrategy[Condition]:
    leaves = st.sampled_from(NAMES).map(lambda name: Condition("fact", name=name))
    constants = st.sampled_from((Three.MET, Three.NOT_MET)).map(lambda to: Condition("constant", constant=to))

    def larger(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        one = st.builds(lambda op, part: Condition(op, parts=(part,)), st.sampled_from(("not", "met")), inner)
        parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return one | st.builds(
            lambda op, many: Condition(op, parts=many), st.sampled_from(("and", "or")), parts
        )

    return st.recursive(leaves | constants, larger, max_leaves=8)


@given(trees(), st.fixed_dictionaries({name: st.sampled_from(Three) for name in NAMES}))
def test_two_values_say_what_three_say(source: Condition, facts: dict[str, Three]) -> None:
    assert told(source, facts) is source.value(facts)


def test_a_translation_that_takes_not_shown_for_not_met_is_found() -> None:
    careless = PYTHON._replace(unmet=lambda name: f"({name} != 2)")
    assert told(condition("not a"), {"a": Three.NOT_SHOWN}) is Three.NOT_SHOWN
    assert told(condition("not a"), {"a": Three.NOT_SHOWN}, careless) is Three.MET


def small_book() -> Any:
    """A rulebook whose tests are the handful, each once gated, with all consequences there are."""
    strong = [each for each in Consequence if each]
    checks = []
    rules = []
    for number, source in enumerate(HANDFUL):
        gate = condition(("always", "not c", "a or b")[number % 3])
        checks.append(
            Check(
                f"t{number}", "x", "?", ("x:1",), (), gate, condition(source), "may", dict.fromkeys(Three, "")
            )
        )
        not_met, not_shown = strong[number % len(strong)], strong[(number * 3 + 1) % len(strong)]
        rules.append(Rule(f"t{number}", condition(("always", "shown(b)")[number % 2]), not_met, not_shown))
    policy = SimpleNamespace(rules=tuple(rules))
    kinds: Any = dict.fromkeys(NAMES)
    made: Any = type(rulebook())(kinds, checks, policy, "small")  # type: ignore[arg-type]
    return made


def written(folder: Path, book: Any, rows: list[vectors.Row]) -> None:
    run.write_rules(folder, book)
    vectors.write(folder, "requests", book.names, rows)
    vectors.write(folder, "columns", book.names, rows)


@pytest.mark.parametrize("engine", run.RIVALS)
def test_an_engine_decides_the_handful_as_we_do(engine: str, tmp_path: Path) -> None:
    if not Path(run.python_of(engine)).exists():
        pytest.skip(f"{engine} is not installed here; `make bench` installs it in .venv-bench")
    book = small_book()
    rows = list(product((0, 1, 2), repeat=len(NAMES)))
    written(tmp_path, book, rows)
    answers: list[exchange.Answer] = []
    for row in rows:
        strongest, said = book.outcomes(row)
        answers.append((strongest, [2 * rule + outcome for rule, outcome, weight in said if weight]))
    ours = exchange.mode(tmp_path, "ours", 1.0, answers)
    report = run.ask(engine, tmp_path)
    assert isinstance(report, dict), report
    for theirs in report["modes"]:
        assert run.verdict(theirs, ours, tmp_path) == ""


# --- the run itself -----------------------------------------------------------------------------------------


def mode(folder: Path, name: str, *decided: int, found: tuple[int, ...] | None = None) -> dict[str, Any]:
    return exchange.mode(folder, name, 1.0, [(strongest, found) for strongest in decided])


def test_an_engine_that_decides_otherwise_is_told_how_often(tmp_path: Path) -> None:
    ours, theirs = mode(tmp_path, "ours", 3, 5, 10), mode(tmp_path, "theirs", 3, 9, 10)
    assert run.verdict(theirs, ours, tmp_path) == "1 of 3 decisions differ from ours"


def test_the_same_decisions_for_other_reasons_are_not_the_same(tmp_path: Path) -> None:
    ours, theirs = mode(tmp_path, "ours", 3, found=(4,)), mode(tmp_path, "theirs", 3, found=(6,))
    assert "not the findings" in run.verdict(theirs, ours, tmp_path)


def test_the_same_answers_are_the_same(tmp_path: Path) -> None:
    ours, theirs = mode(tmp_path, "ours", 3, 5, found=(4, 1)), mode(tmp_path, "theirs", 3, 5, found=(1, 4))
    assert run.verdict(theirs, ours, tmp_path) == ""


def test_an_engine_that_cannot_run_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = run.Comparison(tmp_path)
    monkeypatch.setattr(run, "python_of", lambda engine: str(tmp_path / "none"))
    comparison.round(["cedar"])
    assert "make bench" in comparison.missing["cedar"]
    assert comparison.rows() == []


def test_the_same_seed_draws_the_same_rows_and_every_consequence_occurs() -> None:
    book = rulebook()
    cases = texts.cases()[:20]
    start = vectors.of_cases(cases, book)
    start += [vectors.mildest(row, book) for row in start]
    rows = vectors.drawn(start, 400)
    assert rows == vectors.drawn(start, 400)
    assert rows != vectors.drawn(start, 400, seed=1)
    assert len(vectors.spread(rows, book)) >= 6


def test_a_history_repeats_no_text_and_no_citation_where_none_may_recur() -> None:
    cases = [case for case in texts.cases() if case.language == "en"]
    plain = list(texts.history(cases, 2000, (30, 60), seed=1))
    assert len({request.facts for request in plain}) == 2000
    assert all(30 <= len(request.facts.split()) <= 60 for request in plain)
    fresh = texts.history(cases, 60, (30, 60), seed=1, new_citations=True)
    cited = [offence.citations for request in fresh for offence in request.offences if offence.citations]
    assert len(set(cited)) == len(cited)


def test_a_short_run_without_the_other_engines_has_every_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [case for case in texts.cases() if case.language == "en"][:12]
    monkeypatch.setattr(texts, "cases", lambda: few)
    monkeypatch.setenv("PYTHONPATH", str(SRC))
    results = run.run(tmp_path, rows=50, many=200, rounds=1, lines=10, engines=(run.OURS,))
    json.dumps(results)
    assert results["missing"] == {}
    assert {row["name"] for row in results["engines"]} >= {"habeas, decision alone", "habeas, with findings"}
    assert not any(row["refused"] for row in results["engines"])
    assert {target.figure for target in run.TARGETS} <= results["own"].keys()
    assert all(value > 0 for value in results["own"].values())

"""The examples are documentation that runs: each README, its command and its snapshot say the same.

`HABEAS_UPDATE=1` writes anew snapshots (verdict.json) and the reasons in front lines, never the decision
a front line names: that one is a lawyer's, and an answer that differs from it fails. A snapshot holds what a
reader relies on: decision, ceilings, tests not met or not shown, and what follows. Signs and versions are
left out, so that a new word in a list or a law of another state does not touch it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from habeas.app.assessing import stream
from habeas.assess import Assessment, Outcome
from habeas.cli.assess import assess
from habeas.cli.examples import Example, read_examples
from habeas.reports.words import cite, recommended
from habeas.request import Measure, Request

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {example.name: example for example in read_examples(ROOT / "examples")}
UPDATE = bool(os.environ.get("HABEAS_UPDATE"))
VERDICT = "verdict.json"

LEAST_STORIES = 16
LEAST_LANGUAGES = 5  # other than English

every_example = pytest.mark.parametrize("name", sorted(EXAMPLES))


@cache
def _answered(name: str) -> tuple[Request, Assessment]:
    return EXAMPLES[name].assess()


@cache
def _readme(name: str) -> str:
    return (EXAMPLES[name].folder / "README.md").read_text("utf-8")


def front_line(readme: str) -> str:
    """The first line below the title."""
    return next(line for line in readme.splitlines()[1:] if line.strip())


def decision_named(readme: str) -> str:
    """The recommendation in bold at the beginning of the front line."""
    found = re.match(r"\*\*([^*]+)\*\*", front_line(readme))
    return found[1] if found else ""


def commands(readme: str) -> list[list[str]]:
    """The words of every command in a `sh` block."""
    blocks = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    return [
        shlex.split(line)
        for block in blocks
        for line in block.replace("\\\n", " ").splitlines()
        if line.strip()
    ]


def articles(readme: str) -> list[str]:
    """What stands in bold at the beginning of each point under `What carries it`."""
    section = re.search(r"^## What carries it\n(.*?)(?=^## |\Z)", readme, re.DOTALL | re.MULTILINE)
    return re.findall(r"^- \*\*(.+?)\*\*", section[1], re.MULTILINE) if section else []


def verdict(answer: dict[str, Any]) -> dict[str, Any]:
    """What the snapshot keeps of an answer, as plain values."""
    findings = [
        {
            **{name: finding[name] for name in ("check", "outcome", "sentence", "house")},
            "cites": [each["cite"] for each in finding["cites"]],
        }
        for finding in answer["findings"]
        if finding["outcome"] != Outcome.MET
    ]
    kept = ("decision", "because", "protected_conduct", "on", "seat", "supposed")
    return {
        **{name: answer[name] for name in kept},
        "items": [{k: v for k, v in item.items() if k != "role"} for item in answer["items"]],
        "findings": findings,
        **{name: answer[name] for name in ("questions", "tasks", "conditions")},
        "clocks": [{k: clock[k] for k in ("id", "cite", "due", "sum")} for clock in answer["clocks"]],
    }


def test_there_are_enough_stories_in_enough_languages_and_half_rest_on_law_in_force() -> None:
    requests = [_answered(name)[0] for name in EXAMPLES]
    languages = {(request.language or "")[:2] for request in requests} - {"", "en"}
    supposed = [name for name in EXAMPLES if EXAMPLES[name].settings.as_if_in_force]
    assert len(EXAMPLES) >= LEAST_STORIES
    assert len(languages) >= LEAST_LANGUAGES
    assert len(supposed) <= len(EXAMPLES) // 2


@every_example
def test_the_request_is_well_made(name: str) -> None:
    read = list(stream(str(EXAMPLES[name].folder / "request.json")))
    assert [(each.refused, each.notices) for each in read] == [(None, ())]


@every_example
def test_the_command_of_the_readme_runs_and_gives_the_snapshot(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("HABEAS_POLICY", raising=False)
    [(program, verb, *words)] = commands(_readme(name))
    result = CliRunner().invoke(assess, [*words, "--json"], catch_exceptions=False)
    assert (program, verb, result.exit_code) == ("habeas", "assess", 0), result.output
    [line] = result.stdout.splitlines()
    given = verdict(json.loads(line))
    snapshot = EXAMPLES[name].folder / VERDICT
    if UPDATE:
        snapshot.write_text(json.dumps(given, ensure_ascii=False, indent=2) + "\n", "utf-8")
    assert given == json.loads(snapshot.read_text("utf-8"))


@every_example
def test_the_command_of_the_readme_is_the_one_that_the_settings_mean(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    example = Example(EXAMPLES[name].folder.relative_to(ROOT), EXAMPLES[name].settings)
    assert commands(_readme(name)) == [["habeas", *example.arguments]]


@every_example
def test_the_front_line_names_the_decision(name: str) -> None:
    assert decision_named(_readme(name)) == recommended(_answered(name)[1].decision).word


@every_example
def test_the_front_line_gives_the_reason_in_the_words_of_the_answer(name: str) -> None:
    path = EXAMPLES[name].folder / "README.md"
    answer = _answered(name)[1]
    line = f"**{recommended(answer.decision).word}** - {answer.because}"
    text = path.read_text("utf-8")
    if UPDATE and decision_named(text) == recommended(answer.decision).word:
        path.write_text(text.replace(front_line(text), line, 1), "utf-8")
    assert front_line(path.read_text("utf-8")) == line


@every_example
def test_the_articles_named_in_the_readme_carry_the_answer(name: str) -> None:
    answer = _answered(name)[1]
    carrying = {cite(each.cite) for finding in answer.findings for each in finding.cites}
    carrying |= {cite(clock.cite) for clock in answer.clocks}
    for source in (s for finding in answer.findings for fact in finding.used for s in fact.sources):
        if source.kind == "seat":
            carrying |= {source.words, *source.words.split("; ")}
        elif source.kind == "treaty":
            carrying |= {cite(each) for each in source.ref.split(", ")}
    named = articles(_readme(name))
    assert 2 <= len(named) <= 4
    assert [each for each in named if each not in carrying] == []


@every_example
def test_what_is_supposed_is_said(name: str) -> None:
    if EXAMPLES[name].settings.as_if_in_force:
        assert "not in force" in _readme(name)


def test_live_data_and_passwords_leave_in_no_story() -> None:
    for name in EXAMPLES:
        for item in _answered(name)[1].items:
            if item.category in ("realtime-traffic", "realtime-content", "credentials"):
                assert item.ceiling == "nothing", name


def test_no_story_lets_police_cooperation_open_an_account() -> None:
    for name in EXAMPLES:
        request, answer = _answered(name)
        if request.measure is Measure.POLICE_TO_POLICE:
            assert {item.ceiling for item in answer.items} <= {"nothing", "preserve silently"}, name


@pytest.mark.parametrize(
    ("readme", "named"),
    [
        ("# A\n\n**refuse** - because.\n", "refuse"),
        ("# A\n\nrefuse, perhaps **proceed**\n", ""),
    ],
)
def test_a_decision_counts_only_where_the_front_line_begins_with_it(readme: str, named: str) -> None:
    assert decision_named(readme) == named


def test_a_command_may_run_over_two_lines() -> None:
    assert commands("```sh\nhabeas assess a \\\n  --on 2026-11-21\n```") == [
        ["habeas", "assess", "a", "--on", "2026-11-21"]
    ]


def test_an_example_answers_the_same_twice() -> None:
    name = sorted(EXAMPLES)[0]
    assert msgspec.json.encode(EXAMPLES[name].assess()[1]) == msgspec.json.encode(_answered(name)[1])

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from habeas.cli.atlas import atlas as command
from habeas.errors import Refused

BAD = Path(__file__).parents[1] / "bad" / "atlas"


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(command, list(arguments))


def test_a_citation_is_found_and_shown_with_how_it_was_checked() -> None:
    result = run("find", "ст. 207.3 ч. 2 УК РФ", "--state", "rus", "--on", "2026-01-01")
    assert result.exit_code == 0
    assert "rus-cc-207-3" in result.output
    assert "law-and-number" in result.output


def test_a_citation_that_finds_nothing_ends_with_one() -> None:
    result = run("find", "ст. 5 НК РФ", "--state", "RUS")
    assert result.exit_code == 1
    assert "nothing found" in result.output


def test_a_citation_cannot_command_the_terminal() -> None:
    for citation in ("Art. 5\x1b[31m\u202e\nnothing", "TCK 299 \x1b[2J"):
        told = run("find", citation, "--on", "2026-01-01").output
        assert "\x1b" not in told
        assert "\u202e" not in told
    assert "‹U+001B›" in told


def test_json_of_find_is_plain() -> None:
    result = run("find", "TCK 299", "--json", "--on", "2026-01-01")
    (match,) = json.loads(result.output)
    assert match["provision"] == "tur-tck-299"
    assert match["citation"] == "TCK 299"
    assert match["reaches_four_years_verified"] is True


def test_an_unknown_state_is_refused() -> None:
    result = run("find", "Art. 1", "--state", "XYZ")
    assert isinstance(result.exception, Refused)
    assert isinstance(run("show", "XYZ").exception, Refused)


def test_a_state_is_shown_with_facts_offences_and_figures() -> None:
    result = run("show", "nor")
    assert result.exit_code == 0
    for word in (
        "Norway",
        "death_penalty",
        "nor-strl-185",
        "statute text",
        "from memory",
        "V-Dem",
        "fengsel",
    ):
        assert word in result.output, word


@pytest.mark.parametrize(
    "arguments", [("show", "rus-cc-280-3"), ("show", "rus-cc-280-3", "--json"), ("show", "RUS", "--json")]
)
def test_the_internal_note_is_shown_only_when_asked_for(arguments: tuple[str, ...]) -> None:
    note = "Second anti-war post"
    assert note not in run(*arguments).output
    assert note in run(*arguments, "--internal").output


def test_check_accepts_the_packaged_files_and_refuses_a_bad_one() -> None:
    good = run("check")
    assert (good.exit_code, good.output) == (0, "200 law files: nothing wrong\n")
    bad = run("check", str(BAD / "maximum-below-minimum.toml"))
    assert bad.exit_code == 2
    assert "error: the maximum of 3 years is below the minimum of 4" in bad.output
    listed = json.loads(run("check", str(BAD / "empty-alias.toml"), "--json").output)
    assert [one["sentence"] for one in listed] == ["an alias is empty"]

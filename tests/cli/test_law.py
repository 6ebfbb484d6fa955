"""`habeas law check` and `habeas law confirm`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from habeas.cli.law import _print_reviews, law_commands, law_group
from habeas.desk.letters import Language
from habeas.desk.letters.texts import Review, reviews
from habeas.errors import Refused

READ_ON = "2026-01-10"


def _run(*words: str, register: Path) -> Result:
    return CliRunner().invoke(law_group, [*words, "--register", str(register)])


def _open(register: Path, *words: str) -> list[str]:
    result = _run("check", "--json", *words, register=register)
    assert result.exit_code == 0, result.output
    return [each["citation"] for each in json.loads(result.output)["unverified"]]


def _confirm(register: Path, citation: str, **changes: str) -> Result:
    words = {"by": "treaty counsel", "on": READ_ON, "text": "certified copy", **changes}
    return _run(
        "confirm", citation, *[part for k, v in words.items() for part in (f"--{k}", v)], register=register
    )


def test_check_lists_the_most_used_citation_first(tmp_path: Path) -> None:
    result = _run("check", "--json", register=tmp_path / "r.toml")
    found = json.loads(result.output)
    assert len(found["unverified"]) == found["citations"]
    uses = [each["uses"] for each in found["unverified"]]
    assert uses == sorted(uses, reverse=True)


def test_confirm_takes_the_citation_off_the_list_and_the_next_one_adds_to_it(tmp_path: Path) -> None:
    register = tmp_path / "r.toml"
    assert _confirm(register, "uncc:40(22)").exit_code == 0
    assert _confirm(register, "uncc:42(8)").exit_code == 0
    still_open = _open(register)
    assert "uncc:40(22)" not in still_open
    assert "uncc:42(8)" not in still_open
    assert "uncc:40(21)" in still_open


def test_a_check_for_an_earlier_day_does_not_see_it(tmp_path: Path) -> None:
    register = tmp_path / "r.toml"
    _confirm(register, "uncc:40(22)")
    assert "uncc:40(22)" in _open(register, "--on", "2026-01-09")
    assert "uncc:40(22)" not in _open(register, "--on", READ_ON)


@pytest.mark.parametrize(
    ("citation", "changes"),
    [("uncc:99", {}), ("uncc:40(22)", {"on": "2999-01-01"}), ("uncc:40(22)", {"by": " "})],
)
def test_a_refused_confirmation_writes_nothing(
    tmp_path: Path, citation: str, changes: dict[str, str]
) -> None:
    register = tmp_path / "r.toml"
    result = _confirm(register, citation, **changes)
    assert isinstance(result.exception, Refused)
    assert not register.exists()


def test_a_broken_register_is_not_added_to(tmp_path: Path) -> None:
    register = tmp_path / "r.toml"
    register.write_text("[[confirmation", encoding="utf-8")
    assert isinstance(_confirm(register, "uncc:40(22)").exception, Refused)
    assert register.read_text(encoding="utf-8") == "[[confirmation"


def test_the_table_says_how_many_and_stops_at_the_limit(tmp_path: Path) -> None:
    result = _run("check", "--limit", "3", "--on", READ_ON, register=tmp_path / "r.toml")
    assert result.exit_code == 0
    assert "citations not verified against a certified text by 2026-01-10" in result.output
    assert "--limit 0 shows all" in result.output


def test_citations_of_upper_layers_are_counted(tmp_path: Path) -> None:
    group = law_commands(lambda: ["uncc:68"] * 50)
    result = CliRunner().invoke(group, ["check", "--json", "--register", str(tmp_path / "r.toml")])
    assert json.loads(result.output)["unverified"][0]["citation"] == "uncc:68"


def test_who_read_the_words_of_the_letters_is_said_with_what_a_review_would_name() -> None:
    def said(*words: str) -> str:
        result = CliRunner().invoke(law_group, ["letters", *words])
        assert result.exit_code == 0, result.output
        return result.output

    assert len(said().splitlines()) == len(Language)
    sections = reviews(Language.SPANISH)
    assert f"Spanish: 0 of {len(sections)} sections read by a jurist" in said()
    spanish = said("es")
    for each in sections:
        assert f'[{each.section}]  read by nobody\n    reviewed_text = "{each.words}"' in spanish
    assert CliRunner().invoke(law_group, ["letters", "tlh"]).exit_code == 2


def test_a_review_is_named_with_its_day_and_one_of_other_words_is_called_lapsed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    read = Review("receipt", "legal translator", "2026-11-21", True, "f" * 16)
    _print_reviews((read, read._replace(stands=False)))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[receipt]  read by legal translator on 2026-11-21"
    assert lines[2] == "[receipt]  read by legal translator on 2026-11-21; the words changed since"

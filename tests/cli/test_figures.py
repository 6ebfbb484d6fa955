"""`habeas figures`: published figures read and put beside ours, and nothing vanishes on the way."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from habeas.cli import habeas
from habeas.cli.figures import TOLD
from habeas.reports.transparency.laying import laid
from tests.published import APPLE, GITHUB, GOOGLE
from tests.reports.others.tables import CROSS_BORDER, RECEIVED
from tests.reports.transparency.made import entries, made


def run(*words: object) -> Result:
    result = CliRunner().invoke(habeas, ["figures", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def github(tmp_path: Path) -> Path:
    path = tmp_path / "abroad.csv"
    path.write_text(f"{CROSS_BORDER}\n2025,Germany,DE,7\n2025,Korea,KR,1\n", "utf-8")
    return path


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "ours.csv"
    path.write_text("state,period,requests,accounts,disclosed\nDEU,2025 H1,120,250-499,<10\n", "utf-8")
    return path


def test_a_table_is_printed(github: Path) -> None:
    result = run("read", github)
    assert (result.exit_code, result.stderr) == (0, "")
    heading, germany, korea = result.stdout.splitlines()
    assert heading.startswith("publisher")
    assert "DEU" in germany
    assert "KOR" in korea


def test_json_and_csv_hold_the_same_lines(github: Path) -> None:
    values = json.loads(run("read", "--as", "json", github).stdout)["figures"]
    rows = list(csv.DictReader(io.StringIO(run("read", "--as", "csv", github).stdout)))
    assert [each["state"] for each in values] == [row["state"] for row in rows] == ["DEU", "KOR"]


def test_one_state_is_picked(github: Path) -> None:
    assert len(run("read", "--state", "kor", github).stdout.splitlines()) == 2


def test_a_name_not_known_is_shown_and_said(github: Path) -> None:
    github.write_text(f"{CROSS_BORDER}\n2025,Ruritania,,7\n", "utf-8")
    result = run("read", github)
    assert result.exit_code == 1
    assert "Ruritania" in result.stdout
    assert "1 line kept as unmapped: no state known here is called “Ruritania”" in result.stderr


def test_lines_of_all_states_together_are_said_and_are_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text(f"{RECEIVED}\n2025,civil subpoena,7,5\n", "utf-8")
    result = run("read", path)
    assert result.exit_code == 0
    assert "1 line kept as no single state: this table names no country" in result.stderr


def test_bad_lines_are_told_with_their_place_and_lose_no_other(github: Path) -> None:
    with github.open("a", encoding="utf-8") as file:
        file.write("2025,India,IN,many\n" * (TOLD + 5))
    result = run("read", github)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 3
    assert f"{github}: line 4, requests" in result.stderr
    assert result.stderr.count("error: ") == TOLD
    assert "5 more lines" in result.stderr


def test_ours_stand_beside_theirs(github: Path, ours: Path) -> None:
    result = run("beside", "--state", "deu", "--ours", ours, github)
    assert result.exit_code == 0
    assert "Germany (DEU)" in result.stdout
    assert "0–9" in result.stdout
    assert "cross-border request" in result.stdout
    assert "What each number counts" in result.stdout


def test_our_own_report_is_read_as_it_was_published(github: Path, tmp_path: Path) -> None:
    report = made(entries())
    folder = tmp_path / report.period.name
    folder.mkdir()
    for name, data in laid(report).items():
        (folder / name).write_bytes(data)
    state = max(report.cells, key=lambda each: (bool(each.state), not each.part, each.count)).state
    result = run("beside", "--state", state, "--ours", folder, github)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [line.split() for line in result.stdout.splitlines()]
    [shown] = [each for each in lines if each[:4] == ["2026", "H1", "ours", "request"]]
    assert "\N{EN DASH}" in shown[4]
    assert "shown as the band it stands for" in result.stdout
    assert run("beside", "--state", state, "--ours", folder / "requests.csv", github).exit_code == 2


def test_the_comparison_is_there_as_json_and_without_ours(github: Path) -> None:
    values = json.loads(run("beside", "--state", "DEU", "--json", github).stdout)
    assert (values["state"], values["stretches"][0]["ours"]) == ("DEU", {"2025 H1": [], "2025 H2": []})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("beside", "--state", "Germany"), "not the code of a state"),
        (("read", "--state", "DE"), "not the code of a state"),
        (("read", "--state", "DEU"), ""),
    ],
)
def test_a_state_is_named_by_three_letters_and_by_nothing_else(
    github: Path, words: tuple[str, ...], said: str
) -> None:
    result = CliRunner().invoke(habeas, ["figures", *words, str(github)])
    assert result.exit_code == (2 if said else 0)
    assert said in result.stderr


def test_a_file_that_is_no_table_of_figures_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    result = run("read", path)
    assert result.exit_code == 2
    assert "of no form that is read here" in result.stderr
    assert f"{path}: line 1" in result.stderr


@APPLE.needed
@GITHUB.needed
@GOOGLE.needed
def test_all_published_files_can_stand_beside_each_other(ours: Path) -> None:
    files = [each.path(name) for each in (APPLE, GITHUB, GOOGLE) for name in each.parts]
    values = json.loads(run("beside", "--state", "DEU", "--ours", ours, "--json", *files).stdout)
    who = {line["publisher"] for stretch in values["stretches"] for line in stretch["others"]}
    assert who == {"Apple", "GitHub", "Google"}

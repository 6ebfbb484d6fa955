"""`habeas evaluate`: labelled cases in, agreement out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from habeas.cli import habeas
from tests.request.samples import CASE, LABELS, native


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(yaml.safe_dump({"cases": [{**CASE, **LABELS}]}), encoding="utf-8")
    return path


def run(*words: str | Path) -> Result:
    result = CliRunner().invoke(habeas, ["evaluate", *map(str, words), "--on", "2026-11-21"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_agreement_is_printed(cases: Path) -> None:
    result = run(cases)
    assert result.exit_code == 0
    assert "Agreement" in result.stdout


def test_json_holds_the_same_figures(cases: Path) -> None:
    assert json.loads(run(cases, "--json").stdout)["all"]["cases"] == 1


def test_no_case_is_counted_twice(cases: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_bytes(cases.read_bytes())
    for second in (cases, other):
        result = run(cases, second)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert f"already read from {cases}" in result.stderr
        assert str(second) in result.stderr
    assert run(cases, cases, "--robustness").exit_code == 2


def test_files_without_a_labelled_case_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    path.write_text(json.dumps(native()), encoding="utf-8")
    result = run(path)
    assert result.exit_code == 2
    assert "no labelled case" in result.stderr

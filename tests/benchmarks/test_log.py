"""The comparison of logs, small: figures are there, roots and proofs are held against each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks import log
from habeas.tlog.tree import Unproven


def small(folder: Path, **more: Any) -> dict[str, Any]:
    return log.run(folder, sizes=(300,), day=50, batches=2, proofs=5, rounds=1, **{"house": False, **more})


def test_every_figure_of_ours_is_there_and_held_against_its_target(tmp_path: Path) -> None:
    found = small(tmp_path, engines=(log.OURS,), house=True)
    [row] = found["rows"]
    assert all(row[name] > 0 for name in log.FIGURES)
    assert {each["figure"] for each in found["targets"]} == {figure for figure, _, _ in log.TARGETS}
    [house] = found["houses"]
    assert house["of it CPU"] > 0
    assert 0 < house["quickest day"] <= house["a day through the house, witnessed"]
    assert set(house["audits"]) == {log.OURS}
    assert found["missing"] == {}
    assert list(tmp_path.iterdir()) == []
    log.tell(json.loads(json.dumps(found)), Console(quiet=True))


def test_another_log_that_is_not_installed_is_named(tmp_path: Path) -> None:
    found = small(tmp_path, rivals=tmp_path / "environment" / "bin" / "python")
    assert set(found["missing"]) == set(log.RIVALS)
    assert {row["engine"] for row in found["rows"]} == {log.OURS}
    assert "environment" in found["missing"]["log_aics"]


def test_a_log_that_comes_to_another_root_gets_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = log.ask

    def ask(engine: str, rivals: Path, folder: Path, what: str, count: int) -> dict[str, Any] | str:
        told = real(log.OURS, rivals, folder, what, count)
        assert isinstance(told, dict)
        return {**told, "root": "00" * 32} if engine == "log_aics" else told

    monkeypatch.setattr(log, "ask", ask)
    found = small(tmp_path, engines=(log.OURS, "log_aics"))
    assert "differs from ours" in found["missing"]["log_aics"]
    assert [row["engine"] for row in found["rows"]] == [log.OURS]


def test_a_proof_that_does_not_hold_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = log.ask

    def ask(engine: str, rivals: Path, folder: Path, what: str, count: int) -> dict[str, Any] | str:
        told = real(engine, rivals, folder, what, count)
        assert isinstance(told, dict)
        if "last" in told:
            index, proof = told["last"]
            told["last"] = [index, [*proof[:-1], "00" * 32]]
        return told

    monkeypatch.setattr(log, "ask", ask)
    with pytest.raises(Unproven):
        small(tmp_path, engines=(log.OURS,))

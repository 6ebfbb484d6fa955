"""The measurement of reports, small: what is published and what is put behind it make one report."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.publishing import COUNSEL, ORGANISATION, YEAR, Clock, drawn, house
from habeas.app.reporting import Reporter
from habeas.reports.transparency.figures import FIELDS


def test_a_report_is_timed_over_what_was_published_and_what_was_put_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "DAY", 50)
    monkeypatch.setattr(report, "PUBLISHED", 100)
    said: list[str] = []
    found = report.run(tmp_path / "home", sizes=(100, 300), rounds=1, say=said.append)
    first, second = found["rows"]
    padded = first["entries"] - 100
    assert 0 < padded < 64  # three days' ledgers, pages and padding
    assert second["entries"] == 300 + padded
    assert all(row["report, CPU"] > 0 for row in found["rows"])
    assert len(said) == 2
    assert found["targets"] == []
    assert not (tmp_path / "home").exists()


def test_every_entry_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "DAY", 1000)
    monkeypatch.setattr(report, "PUBLISHED", 1000)
    report.fill(tmp_path, 0, 5000)
    app = house(tmp_path, Clock(report.START.replace(year=2030)))
    made = Reporter(app).inside(ORGANISATION, COUNSEL, YEAR)
    arrived = sum(cell.count for cell in made.cells if cell.subject == "arrival" and not cell.part)
    assert abs(arrived - 1000) < 10  # a fifth of them, each half rounded to fives


def test_entries_are_drawn_as_they_belong_together() -> None:
    found = drawn(1000)
    assert tuple(found.column_names) == FIELDS
    rows = found.to_pylist()
    kinds = [row["kind"] for row in rows]
    assert kinds.count("arrival") == kinds.count("request") == kinds.count("decision") == 200
    assert sum(kind in ("release", "refusal", "reroute", "withdrawal") for kind in kinds) == 200
    assert all(row["ground"] for row in rows if row["kind"] == "refusal")
    assert not any(row["state"] for row in rows if row["kind"] == "arrival")
    assert found == drawn(1000)

"""The past of the example house: invented, of its own clock, and as sound as anybody's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from habeas.app import demo, past, receipts, soundness
from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.app.reporting import Reporter
from habeas.desk.queue import View
from habeas.gateways.sites import Site
from habeas.reports.audit import audit
from habeas.reports.transparency import Period

STORIES = Path(__file__).parents[2] / "examples"


def test_the_example_house_has_a_report_that_holds_and_its_desk_shows_the_present_alone(
    tmp_path: Path,
) -> None:
    now = datetime(2026, 12, 20, 12, tzinfo=UTC)
    assert past.live(tmp_path / "home", STORIES, now) == Period.half(2026, 1)
    app = Installation.open(tmp_path / "home", now=lambda: now)
    cases = demo.furnish(app, STORIES)
    assert {row.case for row in app.queue(demo.ORGANISATION, View(), limit=100).rows} == set(cases)
    for _ in range(2):
        assert Publisher(app).publish(demo.ORGANISATION) is not None
    [report] = Reporter(app).reports(demo.ORGANISATION)
    assert (report.name, report.since, report.made) == ("2026-H1", None, date(2026, 7, 2))
    assert "invented" in report.house.name
    counted = {each.subject for each in report.cells if each.count}
    assert {"arrival", "request", "decision", "refusal", "withdrawal"} <= counted
    assert {each.value for each in report.cells if each.part == "ground" and each.count} == {"persecution"}
    assert Reporter(app).due(demo.ORGANISATION) == ()
    assert list(soundness.faults(app, demo.ORGANISATION)) == []
    site = app.site(demo.ORGANISATION)
    assert "reports/2026-H1/" in (site / "en" / "reports" / "index.html").read_text("utf-8")
    assert "invented" in (site / "reports" / "2026-H1" / "index.html").read_text("utf-8")
    lines = receipts.openings(app, demo.ORGANISATION, "auditor")
    found = audit(Site(str(site)).many, now=now, openings=lines)
    assert found.holds, [each.sentence for each in found.findings if each.holds is False]
    app.close()


@pytest.mark.parametrize(
    ("now", "half"),
    [
        (datetime(2026, 7, 3, tzinfo=UTC), Period.half(2025, 2)),
        (datetime(2026, 7, 5, tzinfo=UTC), Period.half(2026, 1)),
        (datetime(2027, 1, 2, tzinfo=UTC), Period.half(2026, 1)),
        (datetime(2027, 1, 9, tzinfo=UTC), Period.half(2026, 2)),
    ],
)
def test_the_half_is_one_of_which_a_report_can_have_been_made(now: datetime, half: Period) -> None:
    assert past.last_half(now) == half

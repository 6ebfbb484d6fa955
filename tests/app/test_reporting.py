"""Reports and monthly totals: counted from the log, laid into the site, logged, found right by strangers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from habeas.app import receipts
from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.app.reporting import Reporter, narratives
from habeas.desk.events import LogConfigured, Silence
from habeas.errors import Refused
from habeas.gateways.sites import Site
from habeas.reports.audit import Audit, audit
from habeas.reports.transparency.model import Period
from tests.app.houses import ORGANISATION, Clock, brought, furnished, keeps, taken_in

KEPT = LogConfigured(
    origin="desk.example.org/log",
    silences=(Silence(subject="hold", how="never", law="Example Act s. 1"),),
)
HALF = Period.half(2026, 2)


class World:
    """A house that took in twelve requests in November and went on into January."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.app = furnished(folder / "home", self.clock)
        keeps(self.app, KEPT)
        for _ in range(11):
            taken_in(self.app)
        brought(self.app, self.clock, "released")
        self.publish()

    def publish(self) -> None:
        assert Publisher(self.app).publish(ORGANISATION) is not None

    def later(self, days: int) -> None:
        self.clock.go(days=days)
        self.publish()

    def audit(self) -> Audit:
        lines = receipts.openings(self.app, ORGANISATION, "auditor")
        return audit(Site(str(self.app.site(ORGANISATION))).many, now=self.clock.at, openings=list(lines))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.app.close()


def test_a_report_waits_until_every_entry_of_its_time_is_logged(world: World) -> None:
    reporter = Reporter(world.app)
    with pytest.raises(Refused, match="may still wait"):
        reporter.publish(ORGANISATION, "counsel", HALF)
    with pytest.raises(Refused, match="may still wait"):
        reporter.publish_totals(ORGANISATION, "counsel", "2026-12")
    with pytest.raises(Refused, match="decided by counsel"):
        reporter.publish(ORGANISATION, "reviewer", HALF)
    with pytest.raises(Refused, match="whole halves"):
        reporter.publish(ORGANISATION, "counsel", Period(first="2026-11", last="2026-11"))


def test_a_report_is_published_logged_and_found_right(world: World) -> None:
    reporter = Reporter(world.app)
    world.later(days=20)
    totals = reporter.publish_totals(ORGANISATION, "counsel", "2026-11")
    assert totals.counts["request"] in (10, 15)
    world.later(days=30)
    report = reporter.publish(ORGANISATION, "counsel", HALF)
    folder = world.app.site(ORGANISATION) / "reports" / "2026-H2"
    names = {file.name for file in folder.iterdir()}
    assert {"index.html", "ar.html", "report.pdf", "datapackage.json", "report.json", "SHA256SUMS"} <= names
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    requests = [each for each in report.cells if each.subject == "request" and not each.part]
    assert [(each.state, each.count) for each in requests] in ([("FRA", 10)], [("FRA", 15)])
    assert "hold" not in (folder / "numbers.csv").read_text()
    assert "Example Act s. 1" in (folder / "not-shown.csv").read_text()
    with pytest.raises(Refused, match="stays as it is"):
        reporter.publish(ORGANISATION, "counsel", HALF)
    world.later(days=1)
    found = world.audit()
    said = " ".join(each.sentence for each in found.findings)
    assert found.holds, said
    assert "files of reports/2026-H2 are those that were logged" in said
    assert "Every number of reports/2026-H2/report.json is what the leaves give" in said
    assert "totals of 2026-11 are what the leaves give" in said
    assert "hold is counted in public not at all: Example Act s. 1." in said


@pytest.mark.parametrize("file", ["report.json", "index.html", "numbers.csv"])
def test_a_report_that_was_changed_afterwards_is_found(world: World, file: str) -> None:
    world.later(days=50)
    Reporter(world.app).publish(ORGANISATION, "counsel", HALF)
    world.later(days=1)
    path = world.app.site(ORGANISATION) / "reports" / "2026-H2" / file
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))
    found = world.audit()
    assert not found.holds
    assert any(file in each.sentence for each in found.findings if each.holds is False)


def test_a_report_that_counts_wrong_is_found_though_it_is_logged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever makes the report leaves the requests out, and has it logged like any other."""
    reporter = Reporter(world.app)
    world.later(days=50)
    monkeypatch.setattr(reporter, "_counted", lambda _organisation: iter(()))
    reporter.publish(ORGANISATION, "counsel", HALF)
    world.later(days=1)
    wrong = [each.sentence for each in world.audit().findings if each.holds is False]
    assert wrong
    assert any("report.json" in each for each in wrong)


def test_a_house_to_which_nobody_wrote_has_a_report_too(tmp_path: Path) -> None:
    clock = Clock()
    app = furnished(tmp_path / "home", clock)
    keeps(app, KEPT)
    clock.go(days=50)
    Publisher(app).publish(ORGANISATION)
    report = Reporter(app).publish(ORGANISATION, "counsel", HALF)
    assert not any(each.count for each in report.cells)
    app.close()


def test_narratives_are_read_from_a_file_that_people_approved(tmp_path: Path) -> None:
    file = tmp_path / "told.toml"
    file.write_text(
        '[[narrative]]\nground = "persecution"\napproved = 2027-01-05\n'
        '[narrative.texts]\nen = "A critic of a government was called a thief."\n'
    )
    [told] = narratives(file)
    assert told.texts["en"].startswith("A critic")
    file.write_text("[[narrative]]\nwords = 1\n")
    with pytest.raises(Refused, match="no narratives"):
        narratives(file)


def test_the_report_of_any_time_can_be_looked_at_inside(world: World) -> None:
    world.later(days=20)
    found = Reporter(world.app).inside(ORGANISATION, Period(first="2026-11", last="2026-11"))
    assert not found.period.publishable
    assert not (world.app.site(ORGANISATION) / "reports").exists()


def test_an_installation_opens_again_and_knows_what_it_published(world: World) -> None:
    world.later(days=50)
    Reporter(world.app).publish(ORGANISATION, "counsel", HALF)
    again = Installation.open(world.app.outgoing.parent, now=world.clock, make=False)
    assert [each.period for each in Reporter(again).reports(ORGANISATION)] == [HALF]
    again.close()

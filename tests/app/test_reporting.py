"""Reports and monthly totals: counted from the log, laid into the site, logged, found right by strangers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from habeas.app import receipts
from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.app.reporting import Reporter
from habeas.app.worker import owed
from habeas.desk import public
from habeas.desk.events import FILL, Door, LogConfigured, Silence
from habeas.desk.letters import Language
from habeas.errors import Refused
from habeas.gateways import papers
from habeas.gateways.sites import Site
from habeas.reports.audit import Audit, audit
from habeas.reports.published import Witnesses
from habeas.reports.site import words
from habeas.reports.transparency import Period, as_html, reporting
from habeas.reports.transparency.laying import laid
from habeas.reports.transparency.model import Report
from habeas.reports.transparency.tables import KINDS
from tests.app.houses import (
    ORGANISATION,
    Clock,
    a_request,
    as_bytes,
    brought,
    furnished,
    keeps,
    taken_in,
)

KEPT = LogConfigured(
    origin="desk.example.org/log",
    silences=(Silence(subject="hold", how="never", law="Example Act s. 1"),),
)
HALF = Period.half(2026, 2)


class World:
    """A house that took in twelve requests in November and went on; young: one, and publishes on that day."""

    def __init__(self, folder: Path, *, young: bool = False) -> None:
        self.clock = Clock()
        self.app = furnished(folder / "home", self.clock)
        keeps(self.app, KEPT)
        for _ in range(1 if young else 11):
            taken_in(self.app)
        self.publish()
        if not young:
            brought(self.app, self.clock, "released")
            self.publish()

    def publish(self) -> None:
        assert Publisher(self.app).publish(ORGANISATION) is not None

    def later(self, days: int) -> None:
        self.clock.go(days=days)
        self.publish()

    def audit(self, *, seed: bool = True) -> Audit:
        lines = list(receipts.openings(self.app, ORGANISATION, "auditor"))[0 if seed else 1 :]
        return audit(Site(str(self.app.site(ORGANISATION))).many, now=self.clock.at, openings=lines)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path)
    yield found
    found.app.close()


@pytest.fixture
def young(tmp_path: Path) -> Iterator[World]:
    found = World(tmp_path, young=True)
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


@pytest.mark.parametrize(
    "period", [Period.half(2026, 1), Period.half(2019, 1), Period(first="2026-01", last="2026-12")]
)
def test_nothing_is_published_of_a_time_before_the_log(world: World, period: Period) -> None:
    """It would say that there was next to nothing, of a time of which the log knows nothing."""
    world.later(days=50)
    reporter = Reporter(world.app)
    with pytest.raises(Refused, match=r"before the log began|log began after the first half"):
        reporter.publish(ORGANISATION, "counsel", period)
    with pytest.raises(Refused, match="before the log began"):
        reporter.publish_totals(ORGANISATION, "counsel", period.first)
    with pytest.raises(Refused, match="before the log began"):
        reporter.inside(ORGANISATION, "counsel", Period(first="2019-01", last="2026-10"))
    assert not (world.app.site(ORGANISATION) / "reports").exists()


def test_a_report_of_the_half_in_which_the_log_began_says_so_and_auditors_see_where_it_does_not(
    world: World,
) -> None:
    class Silent(Reporter):
        def _made(self, *given: Any) -> Report:
            return msgspec.structs.replace(super()._made(*given), since=None)

    world.later(days=50)
    report = Reporter(world.app).inside(ORGANISATION, "counsel", HALF)
    began = public.ledger_until(world.app.store.trace.ledgers(ORGANISATION)[0].opened.paper)
    assert report.since == began.date()
    Silent(world.app).publish(ORGANISATION, "counsel", HALF)
    world.later(days=1)
    found = world.audit()
    assert [each.sentence for each in found.findings if each.holds is False] == [
        f"reports/2026-H2/report.json: the report does not say that the log began in {began:%Y-%m}."
    ]


def test_a_house_that_opens_its_log_after_its_first_requests_is_found_right(tmp_path: Path) -> None:
    """What came before a door counted anything is laid into the log with its arrival."""
    clock = Clock()
    app = furnished(tmp_path / "home", clock)
    for _ in range(12):
        taken_in(app)
    several = as_bytes(*(a_request(id=f"R-{n}", reference=f"REF-{n}") for n in range(3)))
    app.take_in(ORGANISATION, "intake", several, door=Door.PAPER)
    keeps(app, LogConfigured(origin=KEPT.origin))
    taken_in(app)
    assert Publisher(app).publish(ORGANISATION) is not None
    clock.go(days=20)
    assert Publisher(app).publish(ORGANISATION) is not None
    totals = Reporter(app).publish_totals(ORGANISATION, "counsel", "2026-11")
    assert totals.counts["request"] in (15, 20)
    assert totals.counts["arrival"] in (15, 20)
    clock.go(days=1)
    assert Publisher(app).publish(ORGANISATION) is not None
    lines = list(receipts.openings(app, ORGANISATION, "auditor"))
    for openings in (None, lines):
        found = audit(Site(str(app.site(ORGANISATION))).many, now=clock.at, openings=openings)
        said = [each.sentence for each in found.findings]
        assert found.holds, said
    assert "At the door mailbox 13 things arrived, and as many became requests." in said
    assert "At the door paper 3 things arrived, and as many became requests." in said
    app.close()


def test_the_attacker_is_told_what_everybody_sees_of_the_number_of_entries(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sizes of the log day by day, its padding and what is open to all bound how much happened in a month."""
    checkpoints = {0, *(size for size, _multiple in world.app.store.trace.sizes(ORGANISATION))}
    fills = [FILL] * (len(checkpoints) - 1)
    for day in range(20):
        if day == 10:
            raised = msgspec.structs.replace(world.app.kept(ORGANISATION), fill=4 * FILL)
            keeps(world.app, raised)
        world.later(days=3)
        fills.append(FILL if day < 10 else 4 * FILL)
        checkpoints.add(world.app.store.trace.size(ORGANISATION))
    assert world.app.store.trace.sizes(ORGANISATION) == tuple(
        zip(sorted(checkpoints - {0}), fills, strict=True)
    )
    reporter = Reporter(world.app)
    bounds = reporter.bounds(ORGANISATION)
    leaves = [each.count for each in world.app.store.trace.counted(ORGANISATION)]
    true = Counter(each.value("month") for each in leaves if each.value("kind") in KINDS)
    assert set(true) <= set(bounds)
    for month, (least, most) in bounds.items():
        assert 0 <= least <= true[month] <= most
        assert most - least < len(leaves)
    assert true["2026-11"] > 10
    given = []
    for name in ("report", "totals"):
        real = getattr(reporting, name)

        def spied(*parts: Any, real: Any = real, **named: Any) -> Any:
            given.append(named["entries"])
            return real(*parts, **named)

        monkeypatch.setattr(reporting, name, spied)
    reporter.publish_totals(ORGANISATION, "counsel", "2026-11")
    reporter.publish(ORGANISATION, "counsel", HALF)
    assert given == [bounds, bounds]


def test_totals_are_due_after_each_month_until_they_are_opened(young: World) -> None:
    """And newly so once a week, whether the house publishes on that very day or not."""
    reporter = Reporter(young.app)
    assert reporter.due(ORGANISATION) == reporter.newly_due(ORGANISATION) == ()
    said = {}
    while young.clock.at.date().isoformat() < "2026-12-20":
        young.later(days=1)
        if young.clock.at.day != 8:
            said[young.clock.at.day] = reporter.newly_due(ORGANISATION)
    assert reporter.due(ORGANISATION) == ("2026-11",)
    assert [day for day, months in said.items() if months] == [1, 15]
    young.later(days=14)
    assert reporter.due(ORGANISATION) == ("2026-11", "2026-12")
    assert reporter.newly_due(ORGANISATION) == ("2026-11", "2026-12")
    reporter.publish_totals(ORGANISATION, "counsel", "2026-11")
    assert reporter.due(ORGANISATION) == ("2026-12",)


def test_an_audit_names_a_month_whose_totals_are_missing_after_its_time(young: World) -> None:
    def named() -> list[str]:
        site = Site(str(young.app.site(ORGANISATION)))
        found = audit(site.many, now=young.clock.at)
        assert found.holds
        return [each.sentence for each in found.findings if "totals of 20" in each.sentence]

    while young.clock.at.date().isoformat() < "2026-12-14":
        young.later(days=7)
    assert named() == []
    young.later(days=3)
    assert named() == ["The totals of 2026-11 are not opened, 17 days after its end."]
    Reporter(young.app).publish_totals(ORGANISATION, "counsel", "2026-11")
    young.later(days=1)
    assert named() == []


def test_a_report_is_published_logged_and_found_right(world: World) -> None:
    reporter = Reporter(world.app)
    world.later(days=20)
    totals = reporter.publish_totals(ORGANISATION, "counsel", "2026-11")
    assert totals.counts["request"] in (10, 15)
    world.later(days=30)
    reporter.publish_totals(ORGANISATION, "counsel", "2026-12")
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
    assert "Every number of reports/2026-H2/report.json is exactly what the leaves give" in said
    assert "totals of 2026-11 are exactly what the leaves give" in said
    assert "The tables of 2026-H2 add up to the totals of its months." in said
    assert "hold is counted in public not at all: Example Act s. 1." in said


def test_every_page_of_a_site_without_witnesses_says_so(world: World) -> None:
    """But for the page that checks receipts, which is of no house and says it of each receipt."""
    world.later(days=50)
    Reporter(world.app).publish(ORGANISATION, "counsel", HALF)
    world.later(days=1)
    site = world.app.site(ORGANISATION)
    pages = {each.relative_to(site).as_posix(): each.read_text("utf-8") for each in site.rglob("*.html")}
    generic = {name for name in pages if name.startswith("verify")}
    assert len(generic) == 7
    assert len([name for name in pages if name.startswith("reports/")]) == 6
    for name, text in pages.items():
        [language] = re.findall(r'<html lang="(\w\w)"', text)
        said = str(words(language).standing(Witnesses()))
        assert (said in text) == (name not in generic), name
        assert ("Example House" in text) == (name not in generic), name


@pytest.mark.parametrize(("part", "by"), [("categories", 5), ("offences", 500), ("door", 5), ("", 5)])
def test_whoever_has_the_seed_finds_any_wrong_number(world: World, part: str, by: int) -> None:
    """Also in a table in which an entry has several values, where without it only signs can be looked for."""

    class Wrong(Reporter):
        def _made(self, *given: Any) -> Report:
            cells = list(super()._made(*given).cells)
            place = next(
                number
                for number, each in enumerate(cells)
                if (each.subject, each.part) == ("request", part) and each.count
            )
            cells[place] = msgspec.structs.replace(cells[place], count=cells[place].count + by)
            return msgspec.structs.replace(super()._made(*given), cells=tuple(cells))

    world.later(days=50)
    Wrong(world.app).publish(ORGANISATION, "counsel", HALF)
    world.later(days=1)
    found = world.audit()
    assert [
        each.sentence for each in found.findings if each.holds is False and "is given as" in each.sentence
    ]
    if part in ("categories", "offences"):
        blind = world.audit(seed=False)
        assert blind.holds
        assert any("no seed of the rounding" in each.sentence for each in blind.findings)


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


def test_a_page_that_shows_other_numbers_than_its_data_is_found_by_strangers_though_it_is_logged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What people read is falsified before it is laid there; what programs read is right."""

    def false(report: Report) -> dict[str, bytes]:
        files = laid(report)
        page = files["index.html"].replace(b">10<", b">40<").replace(b">15<", b">40<")
        assert page != files["index.html"]
        return files | {"index.html": page}

    world.later(days=50)
    with monkeypatch.context() as wrongly:
        wrongly.setattr("habeas.app.reporting.laid", false)
        Reporter(world.app).publish(ORGANISATION, "counsel", HALF)
    world.later(days=1)
    for found in (world.audit(), audit(Site(str(world.app.site(ORGANISATION))).many, now=world.clock.at)):
        assert not found.holds
        assert not found.broken
        [said] = [each.sentence for each in found.findings if each.unread]
        assert "reports/2026-H2/index.html shows other numbers than this version" in said


def test_a_pdf_that_shows_other_numbers_than_its_data_is_found_by_strangers_though_it_is_logged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def false(report: Report, language: Language) -> str:
        page = as_html(report, language)
        assert ">10<" in page or ">15<" in page
        return page.replace(">10<", ">40<").replace(">15<", ">40<")

    world.later(days=50)
    with monkeypatch.context() as wrongly:
        wrongly.setattr("habeas.reports.transparency.page.as_html", false)
        Reporter(world.app).publish(ORGANISATION, "counsel", HALF)
    world.later(days=1)
    site = Site(str(world.app.site(ORGANISATION)))

    def unreadable(pdf: bytes) -> str:
        raise Refused("nobody can read it")

    for text_of, what in (
        (papers.text_of_pdf, "shows other numbers than this version"),
        (unreadable, "is not compared with report.json: nobody can read it"),
    ):
        found = audit(site.many, now=world.clock.at, text_of=text_of)
        assert not found.holds
        assert not found.broken
        [said] = [each.sentence for each in found.findings if each.unread]
        assert f"The PDF of reports/2026-H2 {what}" in said


def test_a_report_that_counts_wrong_is_found_though_it_is_logged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever makes the report leaves the requests out, and has it logged like any other."""
    reporter = Reporter(world.app)
    world.later(days=50)
    nothing = world.app.store.trace.columns(ORGANISATION, 0, 0)
    with monkeypatch.context() as wrongly:
        wrongly.setattr(world.app.store.trace, "columns", lambda _organisation: nothing)
        reporter.publish(ORGANISATION, "counsel", HALF)
    world.later(days=1)
    wrong = [each.sentence for each in world.audit().findings if each.holds is False]
    assert wrong
    assert any("report.json" in each for each in wrong)


def _putting_off(home: Path) -> tuple[Clock, Installation]:
    """A house with twelve requests, whose number a law puts off until March."""
    clock = Clock()
    app = furnished(home, clock)
    law = Silence(subject="request", how="defer", footing="request", until="2027-03", law="An act")
    keeps(app, LogConfigured(origin=KEPT.origin, silences=(law,)))
    for _ in range(12):
        taken_in(app)
    return clock, app


def test_what_law_put_off_is_published_when_its_month_has_come(tmp_path: Path) -> None:
    clock, app = _putting_off(tmp_path / "home")
    reporter = Reporter(app)
    for days in (0, 50, 60):  # into March
        clock.go(days=days)
        assert Publisher(app).publish(ORGANISATION) is not None
        said = owed(app, ORGANISATION)
        put_off = "What law put off in the report of 2026-H2 may be told now."
        assert (said is not None and put_off in said.words) == (days == 60)
        if days == 50:
            first = reporter.publish(ORGANISATION, "counsel", HALF)
            assert not any(each.count for each in first.cells)
            with pytest.raises(Refused, match="stays as it is"):
                reporter.publish(ORGANISATION, "counsel", HALF)
    later = reporter.publish(ORGANISATION, "counsel", HALF)
    assert (later.name, later.deferred) == ("2026-H2_from_2027-03", "2027-03")
    asked = [each.count for each in later.cells if each.subject == "request" and not each.part]
    assert asked in ([10], [15])
    assert [each.count for each in later.cells if each.subject == "arrival" and not each.part] in ([10], [15])
    with pytest.raises(Refused, match="stays as it is"):
        reporter.publish(ORGANISATION, "counsel", HALF)
    clock.go(days=1)
    assert Publisher(app).publish(ORGANISATION) is not None
    assert Reporter(app).newly_told(ORGANISATION) == ()
    site = app.site(ORGANISATION)
    assert "2026-H2_from_2027-03" in (site / "en" / "reports" / "index.html").read_text("utf-8")
    lines = list(receipts.openings(app, ORGANISATION, "auditor"))
    found = audit(Site(str(site)).many, now=clock.at, openings=lines, text_of=papers.text_of_pdf)
    said = [each.sentence for each in found.findings]
    assert found.holds, said
    name = "reports/2026-H2_from_2027-03"
    assert f"Every number of {name}/report.json is exactly what the leaves give." in said
    assert f"The pages and tables of {name} show the numbers of report.json." in said
    assert f"The PDF of {name} shows the numbers of report.json." in said
    app.close()


def test_months_that_law_put_off_become_public_when_their_month_has_come(tmp_path: Path) -> None:
    clock, app = _putting_off(tmp_path / "home")
    reporter = Reporter(app)
    for days in (0, 50):
        clock.go(days=days)
        assert Publisher(app).publish(ORGANISATION) is not None
    assert reporter.due(ORGANISATION) == ("2026-11", "2026-12")
    first = reporter.publish_totals(ORGANISATION, "counsel", "2026-11")
    assert first.counts["withdrawal"] == 0
    assert first.counts["request"] == first.counts["arrival"] == 0
    with pytest.raises(Refused, match="published already"):
        reporter.publish_totals(ORGANISATION, "counsel", "2026-11")
    clock.go(days=60)  # into March
    assert Publisher(app).publish(ORGANISATION) is not None
    assert reporter.due(ORGANISATION) == ("2026-11", "2026-12", "2027-01", "2027-02")
    later = reporter.publish_totals(ORGANISATION, "counsel", "2026-11")
    assert (later.name, later.deferred) == ("2026-11_from_2027-03", "2027-03")
    assert later.counts["request"] in (10, 15)
    assert later.counts["arrival"] in (10, 15)
    assert reporter.due(ORGANISATION) == ("2026-12", "2027-01", "2027-02")
    with pytest.raises(Refused, match="published already"):
        reporter.publish_totals(ORGANISATION, "counsel", "2026-11")
    clock.go(days=1)
    assert Publisher(app).publish(ORGANISATION) is not None
    site = app.site(ORGANISATION)
    page = (site / "en" / "reports" / "index.html").read_text("utf-8")
    assert "totals/2026-11_from_2027-03.json" in page
    assert "(not before " in page
    lines = list(receipts.openings(app, ORGANISATION, "auditor"))
    found = audit(Site(str(site)).many, now=clock.at, openings=lines)
    said = [each.sentence for each in found.findings]
    assert found.holds, said
    assert "The totals of 2026-11_from_2027-03 are exactly what the leaves give." in said
    assert "The totals of 2026-11 are exactly what the leaves give." in said
    app.close()


@pytest.mark.parametrize("how", ["unsaid", "never"])
def test_what_may_not_even_be_said_stands_nowhere_outside_the_house(tmp_path: Path, how: str) -> None:
    """The neighbour of the same law that may be named is said everywhere."""
    clock = Clock()
    app = furnished(tmp_path / "home", clock)
    law = Silence(subject="request", how=how, footing="request", instrument="budapest", law="Secret Act")
    keeps(app, LogConfigured(origin=KEPT.origin, silences=(law,)))
    for _ in range(12):
        taken_in(app)
    reporter, secret = Reporter(app), how == "unsaid"
    for days in (0, 50):
        clock.go(days=days)
        assert Publisher(app).publish(ORGANISATION) is not None
    totals = reporter.publish_totals(ORGANISATION, "counsel", "2026-11")
    report = reporter.publish(ORGANISATION, "counsel", HALF)
    clock.go(days=1)
    assert Publisher(app).publish(ORGANISATION) is not None
    asked = {each.instrument for each in _counted(app) if each.kind == "request"}
    assert asked == {"budapest"}, "all of them are of that law"
    assert (totals.counts.get("request"), totals.counts.get("arrival")) == (0, 0)
    assert not any(each.count for each in report.cells)
    site = app.site(ORGANISATION)
    texts = [file.read_text("utf-8") for file in site.rglob("*") if file.suffix in (".json", ".html", ".csv")]
    assert any("Secret Act" in each for each in texts) != secret
    manifest = msgspec.json.decode((site / "habeas.json").read_bytes())
    assert ("silences" in manifest) != secret
    for name in (f"reports/{report.name}/index.html", "en/log/index.html"):
        assert "Some laws forbid even to say" in (site / name).read_text("utf-8")
    page = (site / "reports" / report.name / "index.html").read_text("utf-8")
    assert ("We have named no law" in page) == secret
    assert ("–</td>" in page) != secret
    lines = list(receipts.openings(app, ORGANISATION, "auditor"))
    found = audit(Site(str(site)).many, now=clock.at, openings=lines)
    assert found.holds, [each.sentence for each in found.findings if each.holds is False]
    stranger = [each.sentence for each in audit(Site(str(site)).many, now=clock.at).findings]
    assert any("Secret Act" in each for each in stranger) != secret
    assert any("nobody outside can tell, of any house" in each for each in stranger)
    assert (reporter.unsaid(ORGANISATION).keys() == {"2026-11", "2026-H2"}) == secret
    app.close()


def test_however_much_may_not_even_be_said_every_day_has_as_many_leaves_and_all_adds_up(
    tmp_path: Path,
) -> None:
    """Of houses that leave out nothing, little and much; an auditor finds every number of each."""
    seen = []
    for secret in (0, 3, 40):
        clock = Clock()
        app = furnished(tmp_path / f"home-{secret}", clock)
        law = Silence(subject="request", how="unsaid", footing="order")
        keeps(app, LogConfigured(origin=KEPT.origin, silences=(law,), fill=128))
        for day in range(4):
            for footing, many in (("request", 4 + day), ("order", secret // (1 + day))):
                for entry in _some_requests(many, footing):
                    app.store.trace.add(ORGANISATION, entry)
            assert Publisher(app).publish(ORGANISATION) is not None
            clock.go(days=1)
        clock.go(days=50)
        assert Publisher(app).publish(ORGANISATION) is not None
        reporter = Reporter(app)
        totals = reporter.publish_totals(ORGANISATION, "counsel", "2026-11")
        report = reporter.publish(ORGANISATION, "counsel", HALF)
        clock.go(days=1)
        assert Publisher(app).publish(ORGANISATION) is not None
        lines = list(receipts.openings(app, ORGANISATION, "auditor"))
        found = audit(Site(str(app.site(ORGANISATION))).many, now=clock.at, openings=lines)
        said = [each.sentence for each in found.findings]
        assert found.holds, said
        assert any("exactly what the leaves give" in each for each in said)
        requests = sum(each.kind == "request" for each in _counted(app))
        assert requests == 22 + sum(secret // (1 + day) for day in range(4))
        shown = sum(cell.count for cell in report.cells if cell.subject == "request" and not cell.part)
        assert abs(shown - 22) < 5
        seen.append((app.store.trace.sizes(ORGANISATION), reporter.bounds(ORGANISATION), set(totals.counts)))
        app.close()
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == tuple((128 * day, 128) for day in range(1, 7))


def _some_requests(many: int, footing: str) -> list[public.Entry]:
    said = {"month": "2026-11", "door": "portal"}
    asked = public.Counted(kind="request", state="FRA", footing=footing, accounts="1", **said)
    return [public.Entry(count=each) for each in (asked, public.Counted(kind="arrival", **said))] * many


def _counted(app: Installation) -> list[public.Counted]:
    return [each.count.counted() for each in app.store.trace.counted(ORGANISATION)]


def test_a_house_to_which_nobody_wrote_has_a_report_too(tmp_path: Path) -> None:
    clock = Clock()
    app = furnished(tmp_path / "home", clock)
    keeps(app, KEPT)
    Publisher(app).publish(ORGANISATION)
    clock.go(days=50)
    Publisher(app).publish(ORGANISATION)
    report = Reporter(app).publish(ORGANISATION, "counsel", HALF)
    assert not any(each.count for each in report.cells)
    app.close()


def stories(*grounds: str) -> bytes:
    return "".join(
        f'[[story]]\nground = "{ground}"\ntexts = {{ en = "A critic of a government was called a thief." }}\n'
        for ground in grounds
    ).encode()


def approved(app: Installation, half: str, *grounds: str) -> tuple[int, ...]:
    numbers = Reporter(app).tell(ORGANISATION, "reviewer", half, stories(*grounds))
    for number in numbers:
        app.desk(ORGANISATION).approve_story("counsel", app.now(), story=number)
    return numbers


def test_a_report_tells_the_stories_of_its_halves_that_two_people_approved(world: World) -> None:
    app, reporter = world.app, Reporter(world.app)
    approved(app, "2026-H2", "persecution")
    approved(app, "2027-H1", "form")
    reporter.tell(ORGANISATION, "reviewer", "2026-H2", stories("scope"))
    world.later(days=50)
    report = reporter.publish(ORGANISATION, "counsel", HALF)
    (told,) = report.narratives
    assert told.texts["en"].startswith("A critic")
    assert told.ground == "persecution"
    assert told.approved < world.clock.at.date()
    world.later(days=1)
    assert world.audit().holds
    inside = reporter.inside(ORGANISATION, "auditor", Period(first="2026-10", last="2026-12"))
    assert inside.narratives == report.narratives


def test_stories_say_no_more_of_a_small_number_than_the_table(world: World) -> None:
    """Where a table shows 0 refusals on a ground, 0 to 4, two stories would leave three values; one leaves
    four."""
    numbers = approved(world.app, "2026-H2", "persecution", "persecution")
    world.later(days=50)
    reporter = Reporter(world.app)
    with pytest.raises(Refused, match="2 stories would say more than the table, which shows 0 refusals"):
        reporter.publish(ORGANISATION, "counsel", HALF)
    assert not (world.app.site(ORGANISATION) / "reports").exists()
    desk = world.app.desk(ORGANISATION)
    desk.drop_story("counsel", world.clock.at, story=numbers[0], why="Too many.")
    (other,) = approved(world.app, "2026-H2", "form")
    with pytest.raises(Refused, match=r"which shows 0 refusals\n"):
        reporter.publish(ORGANISATION, "counsel", HALF)
    desk.drop_story("counsel", world.clock.at, story=other, why="Too many.")
    assert len(reporter.publish(ORGANISATION, "counsel", HALF).narratives) == 1


@pytest.mark.parametrize(
    "written",
    [
        b"\xff\xfe",
        b"[[stories]]\n",
        b"",
        b'[[story]]\nground = "form"\napproved = 2027-01-05\ntexts = { en = "A." }\n',
        b'[[story]]\nground = "form"\ntexts = { en = 1 }\n',
    ],
)
def test_what_holds_no_stories_is_refused(world: World, written: bytes) -> None:
    with pytest.raises(Refused, match="no stories"):
        Reporter(world.app).tell(ORGANISATION, "counsel", "2026-H2", written)


def test_of_a_file_with_one_bad_story_none_is_written(world: World) -> None:
    with pytest.raises(Refused, match="no such ground"):
        Reporter(world.app).tell(ORGANISATION, "counsel", "2026-H2", stories("form", "nonsense"))
    assert world.app.people(ORGANISATION).stories == ()


@pytest.mark.parametrize(
    "months", [("2026-11", "2026-11"), ("2026-08", "2026-11"), ("2025-10", "2026-11"), ("2026-07", "2026-12")]
)
def test_the_report_of_any_months_can_be_looked_at_inside(world: World, months: tuple[str, str]) -> None:
    """It is counted like any other, says that it is not published, and leaves nothing on the site."""
    reporter, period = Reporter(world.app), Period(first=months[0], last=months[1])
    world.later(days=50 if months[1] == "2026-12" else 20)
    for person in ("counsel", "auditor"):
        page = as_html(reporter.inside(ORGANISATION, person, period), inside=True)
        assert "For inside use only, and not published" in page
        assert "France" in page
    assert not (world.app.site(ORGANISATION) / "reports").exists()
    with pytest.raises(Refused, match="for counsel and auditor"):
        reporter.inside(ORGANISATION, "reviewer", period)
    with pytest.raises(Refused, match="120 months at most"):
        reporter.inside(ORGANISATION, "counsel", Period(first="0001-01", last=months[1]))
    with pytest.raises(Refused, match="may still wait"):
        reporter.inside(ORGANISATION, "counsel", Period(first=months[0], last="2027-06"))


def test_an_installation_opens_again_and_knows_what_it_published(world: World) -> None:
    world.later(days=50)
    Reporter(world.app).publish(ORGANISATION, "counsel", HALF)
    again = Installation.open(world.app.outgoing.parent, now=world.clock, make=False)
    assert [each.period for each in Reporter(again).reports(ORGANISATION)] == [HALF]
    again.close()

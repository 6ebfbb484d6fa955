"""A door that runs apart: its own folder on a real disk, killed at every step, and a desk that takes over."""

from __future__ import annotations

import contextlib
import hashlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from habeas.app import doors, receipts
from habeas.app.arrivals import COUNT, HANDED, Arrivals, Gone
from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.app.reporting import Reporter
from habeas.desk import promise, tally
from habeas.desk.events import Door, Doorway, LogConfigured
from habeas.desk.public import Kind
from habeas.errors import Refused
from habeas.gateways.sites import Site
from habeas.reports.audit import audit
from habeas.reports.transparency import Period
from tests.app.houses import ORGANISATION, Clock, a_request, as_bytes, keeps
from tests.desk.desks import ROOT, START

ORIGIN = "desk.example.org/log"
STEPS = ("written", "promised", "laid", "counted", "handed")
_CHILD = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from habeas.app.arrivals import Arrivals
own, to, stop, at = sys.argv[1:]
def step(name):
    if name == stop:
        os.kill(os.getpid(), signal.SIGKILL)
arrivals = Arrivals(Path(own), Path(to), step=step)
sys.stdout.buffer.write(arrivals.arrive([b"a request"], datetime.fromisoformat(at)))
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    Arrivals.made(tmp_path / "own", ORIGIN, Door.PORTAL)
    return tmp_path / "own"


@pytest.fixture
def to(tmp_path: Path) -> Path:
    (tmp_path / "to").mkdir()
    return tmp_path / "to"


@contextlib.contextmanager
def opened(own: Path, to: Path | None) -> Iterator[Arrivals]:
    arrivals = Arrivals(own, to)
    try:
        yield arrivals
    finally:
        arrivals.close()


def handed(to: Path) -> list[Path]:
    return sorted(each for each in to.iterdir() if each.is_file() and not each.name.startswith("."))


def test_what_arrives_is_counted_promised_and_handed_over(own: Path, to: Path) -> None:
    with opened(own, to) as arrivals:
        note = arrivals.arrive(iter([b"a re", b"quest"]), START)
        given = promise.read(note, arrivals.key)
        assert given.sha256 == hashlib.sha256(b"a request").hexdigest()
        assert (given.received, given.by) == (START, (START + timedelta(days=3)).date())
        (file,) = handed(to)
        assert file.read_bytes() == b"a request"
        assert (to / f".{file.name}{HANDED}").read_bytes() == note
        found = tally.read(arrivals.count(START + timedelta(days=1)).encoded(), [arrivals.key])
        assert found.arrivals == (tally.Arrived.of(given),)
    assert b"request" not in (own / "arrivals").read_bytes()
    assert given.sha256.encode() not in (own / "arrivals").read_bytes(), "nothing of what it was"


def test_the_same_bytes_twice_are_two_arrivals_with_two_promises(own: Path, to: Path) -> None:
    with opened(own, to) as arrivals:
        notes = {arrivals.arrive([b"a request"], START) for _ in range(2)}
        assert len(notes) == len(arrivals) == len(handed(to)) == 2


def test_what_breaks_off_is_no_arrival(own: Path, to: Path) -> None:
    def cut() -> Iterator[bytes]:
        yield b"half a re"
        raise Gone("it broke off")

    with opened(own, to) as arrivals:
        with pytest.raises(Gone):
            arrivals.arrive(cut(), START)
        assert len(arrivals) == 0
        assert (own / "arrivals").read_bytes() == b""
        assert [each.name for each in to.iterdir()] == []


@pytest.mark.parametrize("stop", STEPS)
def test_killed_at_any_step_it_loses_nothing_and_hands_over_nothing_twice(
    own: Path, to: Path, stop: str
) -> None:
    """A kill before the line leaves no arrival and no promise; after it the file comes at the next start."""
    words = [sys.executable, "-c", _CHILD, str(own), str(to), stop, START.isoformat()]
    killed = subprocess.run(words, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert killed.stdout == b"", "nobody has a promise yet"
    with opened(own, to) as arrivals:
        came = stop in ("counted", "handed")
        assert len(arrivals) == len(handed(to)) == came
        hidden = [each for each in to.iterdir() if each.name.startswith(".") and each.name != COUNT]
        assert len(hidden) == came, "its promise, beside it"
        note = arrivals.arrive([b"a request"], START)
        assert len(handed(to)) == 1 + came
        assert promise.read(note, arrivals.key)


def test_a_line_that_is_cut_in_half_is_no_arrival_and_a_changed_list_opens_no_door(
    own: Path, to: Path
) -> None:
    with opened(own, to) as arrivals:
        for hours in (1, 2):
            arrivals.arrive([b"a request"], START + timedelta(hours=hours))
    whole = (own / "arrivals").read_bytes()
    (own / "arrivals").write_bytes(whole + whole[:30])
    with opened(own, to) as arrivals:
        assert len(arrivals) == 2
    assert (own / "arrivals").read_bytes() == whole
    one, two = whole.splitlines(keepends=True)
    for bad in (two + one, whole.replace(b"Z", b"X"), b"nothing\n"):
        (own / "arrivals").write_bytes(bad)
        with pytest.raises(Refused):
            Arrivals(own, to)


def test_a_full_disk_promises_nothing_and_loses_no_line(own: Path, to: Path) -> None:
    with opened(own, to) as arrivals:
        for _ in range(9):  # the list becomes longer than a promise
            arrivals.arrive([b"a request"], START)
        before = (own / "arrivals").read_bytes()
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            for most in (4, 40, len(before) + 9):  # within what came, within the promise, within the line
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
                with pytest.raises(OSError, match=r"large|full"):
                    arrivals.arrive([b"another request"], START)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, old)
        assert (own / "arrivals").read_bytes() == before
        assert len(handed(to)) == 9
        assert len([each for each in to.iterdir() if each.name.endswith(HANDED)]) == 9
        arrivals.arrive([b"another request"], START)
        assert len(arrivals) == len(handed(to)) == 10
    with opened(own, to) as again:
        assert len(again) == 10


def test_a_clock_that_was_set_back_leaves_the_list_in_order(own: Path, to: Path) -> None:
    with opened(own, to) as arrivals:
        arrivals.arrive([b"one"], START)
        given = promise.read(arrivals.arrive([b"two"], START - timedelta(days=40)), arrivals.key)
        assert given.received == START
    with opened(own, to) as again:
        assert len(again) == 2


def test_one_process_at_a_time_and_a_door_is_never_made_over(own: Path, to: Path) -> None:
    with opened(own, to), pytest.raises(Refused, match="open already"):
        Arrivals(own, to)
    with opened(own, None) as reading:
        assert len(reading) == 0
    with pytest.raises(Refused, match="not made over"):
        Arrivals.made(own, ORIGIN, Door.PORTAL)
    with pytest.raises(Refused, match="runs apart"):
        Arrivals.made(own.parent / "other", ORIGIN, Door.PAPER)
    (own / "door").chmod(0o644)
    with pytest.raises(Refused, match="others can read"):
        Arrivals(own, to)
    with pytest.raises(Refused, match="no door here"):
        Arrivals(to, to)


# ---- and the desk behind it --------------------------------------------------------------------------------


@pytest.fixture
def kept(app: Installation, own: Path) -> Installation:
    with opened(own, None) as arrivals:
        keeps(app, LogConfigured(origin=ORIGIN, doors=(Doorway(door="portal", key=str(arrivals.key)),)))
    return app


def look(app: Installation, to: Path) -> list[doors.HandedIn]:
    return list(doors.look(app, ORGANISATION, "intake", to, Door.PORTAL))


def papers(app: Installation) -> dict[bytes, str]:
    """What is counted of each leaf, by its commitment to a paper, once it is published."""
    assert Publisher(app).publish(ORGANISATION) is not None
    return {each.leaf[-32:]: each.count.value("kind") for each in app.store.trace.counted(ORGANISATION)}


def test_the_desk_logs_the_very_leaf_that_the_door_promised(
    kept: Installation, own: Path, to: Path, clock: Clock
) -> None:
    data = as_bytes(a_request())
    with opened(own, to) as arrivals:
        notes = [arrivals.arrive([data], clock.at) for _ in range(2)]
        given = [promise.read(note, arrivals.key) for note in notes]
        first, second = look(kept, to)
    assert first.taken[0].case is not None
    assert second.taken[0].case is not None
    assert first.taken[0].case.id == second.taken[0].case.id, "two arrivals, one case"
    assert sorted(each.name for each in to.iterdir()) == []
    logged = papers(kept)
    assert [logged.get(each.paper) for each in given] == [Kind.ARRIVAL, Kind.ARRIVAL]
    assert list(logged.values()).count(Kind.ARRIVAL) == 2


def test_handed_over_again_it_is_logged_once(kept: Installation, own: Path, to: Path, clock: Clock) -> None:
    with opened(own, to) as arrivals:
        note = arrivals.arrive([b"no request"], clock.at)
        paper = promise.read(note, arrivals.key).paper
    (file,) = handed(to)
    sha256 = hashlib.sha256(b"no request").hexdigest()
    for _ in range(2):  # stopped after the leaf, before the file was gone
        kept.handed_over(ORGANISATION, sha256, Door.PORTAL, note)
    (found,) = look(kept, to)
    assert found.lies is not None
    assert papers(kept)[paper] == Kind.ARRIVAL
    kept.handed_over(ORGANISATION, sha256, Door.PORTAL, note)
    assert list(papers(kept).values()).count(Kind.ARRIVAL) == 1
    assert not file.exists()


def test_what_no_door_of_the_house_promised_is_not_logged(
    kept: Installation, own: Path, to: Path, clock: Clock
) -> None:
    with opened(own, to) as arrivals:
        note = arrivals.arrive([b"a request"], clock.at)
    (file,) = handed(to)
    file.write_bytes(b"something else")
    with pytest.raises(Refused, match="something else"):
        look(kept, to)
    sha256 = hashlib.sha256(b"a request").hexdigest()
    with pytest.raises(Refused):
        kept.handed_over(ORGANISATION, sha256, Door.API, note)
    Arrivals.made(to.parent / "stranger", ORIGIN, Door.PORTAL)
    (to.parent / "strangers").mkdir()
    with opened(to.parent / "stranger", to.parent / "strangers") as stranger:
        stranger.arrive([b"a request"], clock.at)
    (to.parent / "strangers" / COUNT).unlink()
    with pytest.raises(Refused, match="not signed"):
        look(kept, to.parent / "strangers")
    assert Kind.ARRIVAL not in papers(kept).values()


def test_the_desk_keeps_the_newest_count_of_its_doors_and_no_other(
    kept: Installation, own: Path, to: Path, clock: Clock
) -> None:
    with opened(own, to) as arrivals:
        arrivals.arrive([b"a request"], clock.at)
        arrivals.tell(clock.go(days=1))
        older = (to / COUNT).read_bytes()
        arrivals.tell(clock.go(days=1))
        newer = (to / COUNT).read_bytes()
        key = arrivals.key
    look(kept, to)
    assert not (to / COUNT).exists()
    assert kept.counts(ORGANISATION) == (newer,)
    kept.keep_count(ORGANISATION, older)
    assert kept.counts(ORGANISATION) == (newer,)
    assert len(tally.read(newer, [key]).arrivals) == 1
    Arrivals.made(to.parent / "stranger", ORIGIN, Door.PORTAL)
    with opened(to.parent / "stranger", None) as stranger, pytest.raises(Refused, match="no door"):
        kept.keep_count(ORGANISATION, stranger.count(clock.at).encoded())


@pytest.mark.parametrize("dropped", [False, True])
def test_a_desk_that_drops_what_a_door_counted_is_found_by_its_own_report_and_by_an_auditor(
    kept: Installation, own: Path, to: Path, clock: Clock, dropped: bool
) -> None:
    """The desk can leave a file out of its log, and cannot make the door count one less."""
    with opened(own, to) as arrivals:
        for _ in range(6):
            arrivals.arrive([as_bytes(a_request())], clock.at)
        if dropped:
            handed(to)[2].unlink()
        look(kept, to)
        papers(kept)
        clock.go(days=50)
        arrivals.tell(clock.at)
        look(kept, to)
        papers(kept)
        given = arrivals.count(clock.at).encoded()
    report = Reporter(kept).publish(ORGANISATION, "counsel", Period.half(2026, 2))
    (counting,) = report.doors
    assert (counting.door, counting.until, counting.agrees) == (
        "portal",
        tally.day_over(clock.at),
        not dropped,
    )
    clock.go(days=1)
    papers(kept)
    site, lines = Site(str(kept.site(ORGANISATION))), list(receipts.openings(kept, ORGANISATION, "auditor"))
    page = (kept.site(ORGANISATION) / "reports" / report.name / "index.html").read_text("utf-8")
    assert ("that should stand in the log and do not" in page) == dropped
    assert ("everything it counted" in page) != dropped
    found = audit(site.many, now=clock.at, openings=lines, doors=[given])
    said = [each.sentence for each in found.findings]
    wrong = [each.sentence for each in found.findings if each.holds is False]
    assert found.broken == dropped, said
    if dropped:
        assert any("1 of them should stand in the log by now and do not" in each for each in wrong)
        assert any("counted things that are not in the log" in each for each in wrong)
    else:
        assert any("all 6 whose day is over stand in the log" in each for each in said)
        assert any("The desk counts 6 arrivals at the door portal" in each for each in said)
    strange = audit(site.many, now=clock.at, doors=[b"nothing"])
    assert any(each.unread and "no count of a door" in each.sentence for each in strange.findings)
    manifest = msgspec.json.decode((kept.site(ORGANISATION) / "habeas.json").read_bytes())
    assert [each["door"] for each in manifest["doors"]] == ["portal"]

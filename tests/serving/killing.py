"""Takes the ground away under a whole desk at work, and looks at what is left.

The desk is the one that `habeas serve` starts, with its worker; beside it a door is watched (`habeas door`)
and the public log is published again and again. Signed-in people take in requests, note, hold, identify,
assess, review; each form and each answer is written down by them. Cases whose time limits are over wait for
the worker. Then one of these comes:

* everything is killed at once (SIGKILL for the whole group of processes), at work or while it starts;
* three of its processes are killed one after another, whichever, and each time people have to be able to go
  on; then everything is killed;
* the PostgreSQL server under it is restarted, and people have to be able to go on; then everything is killed;
* the disk of the home folder is full for a while; then there is room again, people have to be able to go on,
  and everything is killed.

After each life everything that was acknowledged has to be there once, whatever got no answer at most once,
also after it was sent again; read models and time limits are those that the events give; no limit was
recorded twice; the public log never went back and leads to one tree; each promise is in it or waits for it.

    PYTHONPATH=src python -m tests.serving.killing --database sqlite --kills 100 --full 10
    PYTHONPATH=src python -m tests.serving.killing --database postgres --kills 50 --restarts 10

What a dead process would be waited for, its lease, is over at once here, and a day ends whenever the log is
published: otherwise a life would last for minutes, and a publication could be met only once a day.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import msgspec
import psycopg

from benchmarks import load_house
from benchmarks.load import Listening
from benchmarks.load_house import ORGANISATION
from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.app.receipts import promises_of
from habeas.app.soundness import faults
from habeas.desk import case as cases
from habeas.desk import promise
from habeas.desk.events import (
    HOUSE,
    Asked,
    Door,
    LogConfigured,
    Noted,
    Received,
    ReceivedAgain,
    Recorded,
    Role,
    Warned,
)
from habeas.errors import Refused
from habeas.gateways.sites import Site
from habeas.reports import audit as auditing
from habeas.request import Evidence, EvidenceKind, Register, Request, read_file
from habeas.store import Store
from habeas.tlog import CHECKPOINT, leaf_hash, root_of, signed_tree
from tests.ports import free_port
from tests.serving.people import KINDS, RECEIVE, Journal, Person, Sent
from tests.store.disk import Disk
from tests.store.killing import HARMLESS

ROOT = Path(__file__).parents[2]
PEOPLE = 6  # one of each role of the desk, and three reviewers
SEEDED = 12  # cases from before
OVERDUE = 3  # cases whose limits are over, laid ready before each life
LAID = 2  # requests laid at the door before each life; one more thing is none
LIVES = 20  # on the same ground
PARTS = 3  # processes that are killed by themselves, in such a life
STARTING, WORKING, AFTER_ONE = 10.0, 3.0, 1.0  # seconds until it is killed, at most
_PATIENCE = 300.0  # seconds for what has to happen, on a machine that is busy with other things
_DISK = 512  # megabytes
_ROOM_LEFT = 50_000  # bytes, at most, on a disk that is called full
_ORIGIN = "killed.example.org/log"
_STORIES = ("preservation-only", "dating-application-robbery", "ransomware", "security-researcher")


# ---- the desk ----------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """An installation with people who are signed in. server: of PostgreSQL. disk: of the home folder, where
    it is one of its own."""

    folder: Path
    home: Path
    database: str = ""
    server: Listening | None = None
    disk: Disk | None = None
    journal: Journal = field(init=False)
    people: list[Person] = field(init=False)
    port: int = field(default_factory=free_port)
    overdue: dict[str, set[str]] = field(default_factory=dict)  # by case, the clocks that somebody has to see
    laid: dict[str, str] = field(default_factory=dict)  # by name of the file, the mark of the request in it
    shown: list[bytes] = field(default_factory=list)  # checkpoints of the site as somebody saw them, in order
    last: bytes | None = None  # what is kept of the newest visit that was found good
    group: int = 0
    _ours: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def door(self) -> Path:
        return self.folder / "door"

    def furnish(self, chance: random.Random) -> None:
        with closing(self.open()) as app:
            house = load_house.found(app, PEOPLE)
            at = app.now() - timedelta(weeks=load_house.WEEKS + 1)
            app.desk(ORGANISATION).keep_log(
                "administrator", at, settings=LogConfigured(origin=_ORIGIN, hour=0)
            )
            assert house.length
        words = [sys.executable, "benchmarks/load_house.py", "--home", str(self.home), "--sign-in"]
        words += ["--database", self.database, "--cases", str(SEEDED), "--people", str(PEOPLE)]
        told = json.loads(subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
        self.door.mkdir()
        self.journal = Journal(self.folder / "journal")
        asked = [(ROOT / "examples" / name / "request.json").read_bytes() for name in _STORIES]
        self.people = [
            Person(
                each,
                ("127.0.0.1", self.port),
                self.journal,
                asked,
                random.Random(chance.random()),
                self.overdue.keys(),
            )
            for each in told["people"]
        ]
        with closing(self.open()) as app:
            Publisher(app, "before").publish(ORGANISATION)

    def open(self) -> Installation:
        return Installation.open(self.home, database=self.database)

    def prepare(self, chance: random.Random) -> None:
        """What waits for the next life: limits that are over, files at the door."""
        with closing(self.open()) as app:
            for _each in range(OVERDUE):
                id, jobs = overdue(app, f"late-{chance.getrandbits(64):016x}")
                self.overdue[id] = jobs
        for number in range(LAID + 1):
            mark = f"laid-{chance.getrandbits(64):016x}"
            body = json.loads((ROOT / "examples" / chance.choice(_STORIES) / "request.json").read_bytes())
            text = json.dumps(body | {"reference": mark})
            half = self.door / f".{mark}.json"
            half.write_text(text if number else text[:-9], "utf-8")
            half.rename(self.door / f"{mark}.json")
            self.laid[f"{mark}.json"] = mark if number else ""

    def start(self) -> None:
        where = ["--home", str(self.home)]
        self.group = 0
        self._run("serve", *where, "--no-https", "--bind", f"127.0.0.1:{self.port}", "--host", "127.0.0.1")
        by = ["--by", "person-000", "--door", "portal", "--every", "0.2", str(self.door)]
        self._run("door", "watch", *where, "-o", ORGANISATION, *by)
        self._run("--publish", str(self.home), module="tests.serving.killing")

    def _run(self, *words: str, module: str = "habeas") -> None:
        """In one group of processes, so that one signal reaches all of it at the same moment."""
        with (self.folder / "said").open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words],
                cwd=ROOT,
                env=os.environ
                | {
                    "HABEAS_DATABASE": self.database,
                    "PYTHONPATH": str(ROOT / "src"),
                    "PYTHONFAULTHANDLER": "1",
                },
                stdout=said,
                stderr=said,
                process_group=self.group,
            )
        self.group = self.group or process.pid
        self._ours.append(process)

    def answers(self) -> bool:
        """Whether it does, before we lose patience."""
        return _soon(self._asked)

    def _asked(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sign-in/", timeout=5).close()
        except OSError:
            return False
        return True

    def members(self) -> list[int]:
        """The processes that run."""
        found = []
        for each in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                state, _parent, group, *_ = (each / "stat").read_text().rpartition(")")[2].split()
                if int(group) == self.group and state not in "ZX":
                    found.append(int(each.name))
        return found

    def kill(self) -> None:
        """All of it; it is over when nobody works for it any more, the database neither."""
        with suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)
        for process in self._ours:
            process.wait()
        self._ours.clear()
        if not _soon(lambda: not self.members() and not self._served()):
            raise TimeoutError("the desk does not end")
        self.leases_end()

    def _served(self) -> bool:
        """Whether the database still does something for somebody."""
        if self.server is None:
            return False
        with psycopg.connect(self.server.conninfo("postgres")) as connection:
            [(count,)] = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s",
                (psycopg.conninfo.conninfo_to_dict(self.database)["dbname"],),
            ).fetchall()
        return bool(count)

    def leases_end(self) -> None:
        with closing(self.open()) as app, app.store.database.transaction() as run:
            run("UPDATE lease SET until = 0")

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """People work, and somebody looks at the site, as long as the block lasts."""
        enough = threading.Event()
        threads = [threading.Thread(target=each.work, args=(enough.is_set,)) for each in self.people]
        threads.append(threading.Thread(target=self._watch, args=(enough,)))
        for each in threads:
            each.start()
        try:
            yield
        finally:
            enough.set()
            for each in threads:
                each.join()

    def _watch(self, enough: threading.Event) -> None:
        while not enough.wait(0.05):
            self._see()

    def _see(self) -> None:
        with suppress(FileNotFoundError):
            note = (self.home / "public" / ORGANISATION / CHECKPOINT).read_bytes()
            if not self.shown or self.shown[-1] != note:
                self.shown.append(note)

    def goes_on(self) -> bool:
        """Whether more is acknowledged, before we lose patience."""
        before = self.journal.acknowledged
        return _soon(lambda: self.journal.acknowledged > before + 2)


def _soon(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def overdue(app: Installation, reference: str) -> tuple[str, set[str]]:
    """A case of long ago with a hold and a question, of which nobody was warned; and its clocks."""
    people, desk, at = app.people(ORGANISATION), app.desk(ORGANISATION), app.now() - timedelta(days=61)
    by = {
        role: next(each.id for each in people.people.values() if each.has(role))
        for role in Role
        if any(each.has(role) for each in people.people.values())
    }
    [read] = read_file(ROOT / "examples" / "dating-application-robbery" / "request.json")
    assert read.request is not None
    id = app.new_case_id()
    asked: Request = msgspec.structs.replace(
        read.request, id=id, reference=reference, received_on=at.date(), deadline=None
    )
    evidence = Evidence(
        kind=EvidenceKind.CALL_BACK,
        holds=True,
        register=Register.OWN_DIRECTORY,
        register_entry="an entry of ours",
        register_state=asked.requesting_state,
        register_read_on=at.date(),
        seen_on=at.date(),
    )
    hour, came = timedelta(hours=1), promise.sha256(reference.encode())
    desk.receive(by[Role.INTAKE], at, case=id, request=asked, door=Door.PORTAL, source=came)
    desk.identify(id, by[Role.INTAKE], at + hour, evidence=[evidence])
    targets = [each.id for each in asked.targets]
    desk.hold(id, by[Role.REVIEWER], at + 2 * hour, hold="hold-1", targets=targets)
    desk.assess(id, by[Role.REVIEWER], at + 3 * hour)
    desk.ask(id, by[Role.REVIEWER], at + 4 * hour, questions=["Who is the court?"])
    desk.agree_questions(id, by[Role.COUNSEL], at + 4 * hour, agrees=True)
    due = [each for each in app.store.jobs(ORGANISATION, id) if each.due <= app.now()]
    return id, {each.id.rpartition("/")[0] for each in due}


def publish(home: Path) -> None:
    """Publishes without end, each time another day."""
    app = Installation.open(home, database=os.environ["HABEAS_DATABASE"])
    publisher = Publisher(app, "by hand")
    while True:
        try:
            end_day(app.store)
            publisher.publish(ORGANISATION)
        except (Refused, psycopg.OperationalError) as error:
            sys.stderr.write(f"publishing: {error}\n")
        time.sleep(0.2)


def end_day(store: Store) -> None:
    """The days on which the log was published are over, and it is another one now."""
    with store.database.transaction() as run:
        [(count,)] = run("SELECT count(*) FROM published WHERE organisation = ?", ORGANISATION)
        run(
            "UPDATE published SET day = ? WHERE organisation = ? AND day LIKE '20%'",
            f"day {count:06d}",
            ORGANISATION,
        )


# ---- what comes over it ------------------------------------------------------------------------------------

Shock = Callable[[Desk, random.Random], list[str]]
"""Comes over a desk that has just been started. Says what was wrong."""


def starting(desk: Desk, chance: random.Random) -> list[str]:
    time.sleep(chance.uniform(0, STARTING))
    return []


def working(desk: Desk, chance: random.Random) -> list[str]:
    return _at_work(desk, lambda: _wait(chance, WORKING))


def parts(desk: Desk, chance: random.Random) -> list[str]:
    """Single processes of those that it started; after each people have to be able to go on."""

    def kill_one() -> list[str]:
        time.sleep(chance.uniform(0, WORKING))
        with suppress(ProcessLookupError):
            os.kill(chance.choice([each for each in desk.members() if each != desk.group]), signal.SIGKILL)
        desk.leases_end()
        wrong = [] if desk.goes_on() else ["nobody could go on after one process was killed."]
        return wrong + _wait(chance, AFTER_ONE)

    return _at_work(desk, lambda: [each for _part in range(PARTS) for each in kill_one()])


def restarted(desk: Desk, chance: random.Random) -> list[str]:
    server = desk.server
    assert server is not None

    def restart() -> list[str]:
        time.sleep(chance.uniform(0, WORKING))
        server.restart(chance.choice(["fast", "immediate"]))
        wrong = [] if desk.goes_on() else ["nobody could go on after the server was restarted."]
        return wrong + _wait(chance, AFTER_ONE)

    return _at_work(desk, restart)


def full(desk: Desk, chance: random.Random) -> list[str]:
    disk = desk.disk
    assert disk is not None

    def fill() -> list[str]:
        time.sleep(chance.uniform(0, WORKING))
        before = desk.journal.statuses.total()
        disk.fill(chance.randrange(_ROOM_LEFT))
        wrong = _wait(chance, WORKING)
        if not _soon(lambda: desk.journal.statuses.total() > before):
            wrong.append("nobody was answered while the disk was full.")
        disk.empty()
        if not desk.goes_on():
            wrong.append("nobody could go on after the disk had been full.")
        return wrong

    return _at_work(desk, fill)


def _wait(chance: random.Random, most: float) -> list[str]:
    time.sleep(chance.uniform(0, most))
    return []


def _at_work(desk: Desk, meanwhile: Callable[[], list[str]]) -> list[str]:
    """Ends with the death of the desk, while people still work at it."""
    if not desk.answers():
        return ["it did not start."]
    with desk.at_work():
        wrong = [] if desk.goes_on() else ["nobody could work."]
        wrong += meanwhile()
        os.killpg(desk.group, signal.SIGKILL)
    return wrong


SHOCKS: Mapping[str, tuple[Shock, int]] = {
    "starting": (starting, 1),
    "working": (working, 1),
    "parts": (parts, PARTS + 1),
    "restarted": (restarted, 1),
    "full": (full, 1),
}
"""Each with how many kills it is."""


# ---- what is left ------------------------------------------------------------------------------------------


def look(desk: Desk) -> list[str]:
    """What is wrong after a life; nothing, we hope. Opening the store again finishes what a crash left."""
    with closing(desk.open()) as app:
        wrong = [each for each in faults(app, ORGANISATION) if not any(known in each for known in HARMLESS)]
        streams = {
            head.stream: app.store.load(ORGANISATION, head.stream)
            for head in app.store.heads(ORGANISATION)
            if head.stream != HOUSE
        }
        desk._see()
        wrong += [*desk.journal.wrong, *recorded(desk.journal.sent.values(), streams)]
        wrong += [*at_the_door(desk, streams), *warned_twice(streams), *promised(desk, app, streams)]
        wrong += public(desk, app)
    desk.journal.wrong.clear()
    return wrong


def recorded(forms: Iterable[Sent], streams: Mapping[str, Sequence[Recorded]]) -> Iterator[str]:
    """Each acknowledged form is there once, and no other is there more than once."""
    marks, again = marked(streams)
    taken: dict[tuple[str, int], Sent] = {}
    for form in forms:
        what = f"form {form.number} ({form.act}, {form.case or 'a request'})"
        there = marks[form.mark]
        if form.mark and len(there) > 1:
            yield f"{what} was recorded {len(there)} times."
        if form.act == RECEIVE and again[form.mark] > form.times - 1:
            yield f"{what} was sent {form.times} times and came again {again[form.mark]} times."
        if not form.done:
            continue
        if form.mark and not there:
            yield f"{what} was acknowledged and is not there."
        if form.act == RECEIVE:
            if there and form.case not in there:
                yield f"{what} was acknowledged as {form.case} and is in {there[0]}."
            continue
        other = taken.setdefault((form.case, form.seen), form)
        if other is not form:
            yield f"{what} and form {other.number} were acknowledged as one event."
        events = streams.get(form.case, ())
        found = events[form.seen] if len(events) > form.seen else None
        if found is None or (found.by, found.event.kind) != (form.person, KINDS[form.act]):
            yield f"{what} was acknowledged and event {form.seen + 1} is not it."


def marked(streams: Mapping[str, Sequence[Recorded]]) -> tuple[dict[str, list[str]], Counter[str]]:
    """In which cases each mark stands, a case for each time; and how often requests came again."""
    found: dict[str, list[str]] = {}
    again: Counter[str] = Counter()
    for id, events in streams.items():
        for each in events:
            match each.event:
                case Received(request=request):
                    found.setdefault(request.reference or "", []).append(id)
                case ReceivedAgain():
                    first = events[0].event
                    assert isinstance(first, Received)
                    again[first.request.reference or ""] += 1
                case Noted(words=words):
                    found.setdefault(words, []).append(id)
                case Asked(questions=questions):
                    for question in questions:
                        found.setdefault(question, []).append(id)
    return _Never(found), again


class _Never(dict[str, list[str]]):
    def __missing__(self, _mark: str) -> list[str]:
        return []


def at_the_door(desk: Desk, streams: Mapping[str, Sequence[Recorded]]) -> Iterator[str]:
    """What was laid at the door lies there still, or became one case, or was laid aside where it is none."""
    marks, _again = marked(streams)
    for name, mark in desk.laid.items():
        became = len(marks[mark]) if mark else len(list((desk.door / "unread").glob(f"{name}")))
        if became > 1:
            yield f"{name} became {became} cases."
        if not became and not (desk.door / name).exists():
            yield f"{name} was laid at the door and is nowhere."


def warned_twice(streams: Mapping[str, Sequence[Recorded]]) -> Iterator[str]:
    for id, events in streams.items():
        seen = Counter(
            (each.event.clock, each.event.due) for each in events if isinstance(each.event, Warned)
        )
        for (clock, _due), count in seen.items():
            if count > 1:
                yield f"{id}: the clock {clock} was recorded {count} times."


def promised(desk: Desk, app: Installation, streams: Mapping[str, Sequence[Recorded]]) -> Iterator[str]:
    """Each promise that anybody could have been given is in the log or waits for it."""
    key = app.promiser(ORGANISATION, app.kept(ORGANISATION)).key
    waiting = app.store.database.ask("SELECT leaf FROM outbox WHERE organisation = ?", ORGANISATION)
    papers = {bytes(leaf)[80:] for (leaf,) in waiting}
    given: list[tuple[str, bytes]] = [("a page", each) for each in desk.journal.promises]
    given += [(each.name, each.read_bytes()) for each in (desk.door / "promises").glob("[!.]*")]
    for id, events in streams.items():
        case = cases.fold(ORGANISATION, id, tuple(events))
        given += [(id, each) for each in promises_of(app, ORGANISATION, case)]
    for form in desk.journal.sent.values():
        if form.act == RECEIVE and form.done and not any(id == form.case for id, _note in given):
            yield f"{form.case}: it came in and has no promise."
    for place, note in given:
        paper = promise.read(note, key).paper
        if paper not in papers and app.store.trace.of_paper(ORGANISATION, paper) is None:
            yield f"{place}: what was promised is not in the log and does not wait for it."


def public(desk: Desk, app: Installation) -> Iterator[str]:
    """The site never went back, all it ever showed is one tree, and an audit finds nothing."""
    key = app.log_signer(ORGANISATION, app.kept(ORGANISATION)).key
    size = app.store.trace.size(ORGANISATION)
    hashes = [leaf_hash(leaf) for leaf in app.store.trace.leaves(ORGANISATION, 0, size)]
    before = 0
    for note in desk.shown:
        tree = signed_tree(note, key)
        if tree.size < before:
            yield f"the site showed {tree.size} leaves after {before}."
        before = tree.size
        if tree.size > size or root_of(hashes[: tree.size]) != tree.root:
            yield f"the tree of {tree.size} leaves that was shown is not that of the records."
    del desk.shown[:-1]
    with Site(str(app.site(ORGANISATION))) as site:
        found = auditing.audit(site.many, now=app.now(), last=desk.last)
    yield from (each.sentence for each in found.findings if each.holds is False)
    desk.last = found.seen or desk.last


def at_rest(desk: Desk) -> list[str]:
    """Lets it work undisturbed until no limit is due and all is published; then nothing may be missing."""
    desk.start()
    wrong = [] if desk.answers() else ["it did not start."]
    with desk.at_work():
        if not _soon(lambda: not any(each.unsure for each in list(desk.journal.sent.values()))):
            wrong.append("forms that were sent again were not answered.")
    with closing(desk.open()) as app:
        if not _soon(lambda: not app.store.due(None, app.now(), 1)):
            wrong.append("limits are due, and nobody sees to them.")
    if not _soon(lambda: not [each for each in desk.door.iterdir() if each.is_file()]):
        wrong.append("what lies at the door is not taken in.")
    desk.kill()
    with closing(desk.open()) as app:
        end_day(app.store)
        Publisher(app, "in the end").publish(ORGANISATION)
        if waiting := app.store.trace.waiting(ORGANISATION):
            wrong.append(f"{waiting} entries still wait for the log.")
        for id, clocks in desk.overdue.items():
            seen = {
                each.event.clock.rpartition("/")[0]
                for each in app.store.load(ORGANISATION, id)
                if isinstance(each.event, Warned)
            }
            wrong += [f"{id}: nobody was warned of {clock}." for clock in sorted(clocks - seen)]
    return wrong + look(desk)


# ---- the run -----------------------------------------------------------------------------------------------


@dataclass
class Outcome:
    kills: int = 0
    lives: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    unanswered: int = 0
    leaves: int = 0
    warned: int = 0
    wrong: list[str] = field(default_factory=list)


@contextmanager
def ground(kind: str, *, seed: int, small: bool = False) -> Iterator[Desk]:
    """kind: of the database. small: the home folder lies on a disk that can be full. Raises FileNotFoundError
    where there is no server, PermissionError where no disk can be mounted."""
    with ExitStack() as around:
        folder = Path(around.enter_context(tempfile.TemporaryDirectory(prefix="habeas-killed-")))
        home, disk = folder / "home", None
        if small:
            disk = Disk(folder / "disk", _DISK)
            around.callback(disk.close)
            home = disk.folder / "home"
        server = None
        if kind == "postgres":
            server = Listening()
            around.callback(server.close)
        desk = Desk(folder, home, server.new_database() if server else "", server, disk)
        desk.furnish(random.Random(f"people {seed}"))
        around.callback(desk.journal.close)
        try:
            yield desk
        finally:
            if desk.group:
                desk.kill()


def shake(desk: Desk, plan: Sequence[str], *, seed: int, tell: Callable[[str], object] = str) -> Outcome:
    """One life after another, each ended by the shock it is named after, and a last one that nothing ends."""
    chance = random.Random(seed)
    came = Outcome()
    for life, name in enumerate(plan, start=1):
        shock, kills = SHOCKS[name]
        began = time.monotonic()
        desk.prepare(chance)
        desk.start()
        wrong = shock(desk, chance)
        desk.kill()
        lived = time.monotonic() - began
        wrong += look(desk)
        came.kills += kills
        came.lives[name] += 1
        came.wrong += [f"life {life}, {name}: {each}" for each in wrong]
        tell(
            f"  {name}: {desk.journal.acknowledged} acknowledged so far, {len(wrong)} wrong, "
            f"{lived:.0f} s and {time.monotonic() - began - lived:.0f} s to look\n"
        )
    came.wrong += [f"at rest: {each}" for each in at_rest(desk)]
    came.acknowledged = desk.journal.acknowledged
    came.unanswered = sum(each.times > 1 for each in desk.journal.sent.values())
    with closing(desk.open()) as app:
        came.leaves = app.store.trace.size(ORGANISATION)
        [(came.warned,)] = app.store.database.ask("SELECT count(*) FROM event WHERE kind = 'warned'")
    return came


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--restarts", type=int, default=0, help="lives in which PostgreSQL is restarted")
    parser.add_argument("--full", type=int, default=0, help="lives in which the disk is full for a while")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--keep-said", type=Path, help="what the processes said is appended to this file")
    parser.add_argument("--publish", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.publish is not None:
        publish(given.publish)
    if given.restarts and given.database == "sqlite":
        parser.error("SQLite has no server to restart")
    plan = planned(given.kills, random.Random(given.seed)) + ["restarted"] * given.restarts
    wrong: list[str] = []
    pieces = [(plan[first : first + LIVES], False) for first in range(0, len(plan), LIVES)]
    pieces += [(["full"] * given.full, True)] if given.full else []
    for number, (piece, small) in enumerate(pieces):
        began = time.monotonic()
        with ground(given.database, seed=given.seed + number, small=small) as desk:
            came = shake(desk, piece, seed=given.seed + number, tell=_out)
            if given.keep_said is not None:
                with given.keep_said.open("ab") as kept:
                    kept.write((desk.folder / "said").read_bytes())
        lives = ", ".join(f"{name} {count}" for name, count in sorted(came.lives.items()))
        _out(
            f"{given.database}: {came.kills} kills in {sum(came.lives.values())} lives ({lives}), "
            f"{came.acknowledged} acknowledged forms, {came.unanswered} sent again, {came.warned} warnings, "
            f"{came.leaves} leaves, {len(came.wrong)} wrong, {time.monotonic() - began:.0f} s\n"
            + "".join(f"    {each}\n" for each in came.wrong)
        )
        wrong += came.wrong
    _out(f"seed {given.seed}: {len(wrong)} wrong\n")
    return 1 if wrong else 0


def planned(kills: int, chance: random.Random) -> list[str]:
    """Lives with so many kills in sum, of each kind about as many."""
    plan: list[str] = []
    while (left := kills - sum(SHOCKS[name][1] for name in plan)) > 0:
        fitting = [name for name in ("starting", "working", "parts") if SHOCKS[name][1] <= left]
        plan.append(chance.choice(fitting))
    return plan


def _out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

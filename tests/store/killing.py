"""Takes the ground away under writers at random moments, and looks at what is left.

Writers append, put files, erase, and say each thing aloud on a pipe as soon as it was acknowledged. Then
one of these comes over them:

* they are killed (SIGKILL);
* the PostgreSQL server under them is restarted: asked to end (smart), told to (fast), made to (immediate),
  its postmaster killed, or those who serve them; the writers have to go on by themselves when it is back;
* a disk is full, of the database, its write-ahead log, the keyring or the files: they have to be told so in
  words, and what was refused for want of room has to be as if it had never been tried.

In the end they are killed, too. Then everything that was said has to be there, and nothing may be half done.

    PYTHONPATH=src python -m tests.store.killing --database sqlite --kills 200 --full 60
    PYTHONPATH=src python -m tests.store.killing --database postgres --kills 200 --restarts 100 --full 60

Disks that can be full are small ones of their own, which only root can mount.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg

from habeas.desk.events import Noted
from habeas.desk.public import Counted, Entry
from habeas.desk.records import Change, Conflict
from habeas.errors import Refused
from habeas.store import Store, doctor
from tests.store.cases import Installation, fold, later, noted, on_postgres, on_sqlite
from tests.store.disk import Disk
from tests.store.server import Server

LONGEST = 0.25  # seconds until the ground is taken away, at most
WRITERS = 2
_PATIENCE = 120.0  # seconds for what has to happen, on a machine that is busy with other things
_AGAIN = 0.01  # seconds until a writer tries again what could not be done
_DISK = 512  # megabytes of a disk that can be full
_ROOM_LEFT = 50_000  # bytes, at most, on a disk that is called full
_NO_ROOM = psycopg.errors.DiskFull.sqlstate
_CASES = 100_000  # of a writer; the next one's begin after them

# What a kill may leave: sealed bytes under a key that nothing names.
HARMLESS = (
    "belong to nothing; a crash",
    "there is a key and no such case",
    "there are files and no such case",
    "there are rows of blob and no such case",
)


@dataclass
class Said:
    """What a writer said: events, files and the erasure of each case; and what it met with."""

    versions: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    count: int = 0
    met: Counter[str] = field(default_factory=Counter)  # how often the server was gone, a disk full
    _half: bytes = b""

    def hear(self, data: bytes) -> None:
        *lines, self._half = (self._half + data).split(b"\n")  # the last one may be half a line
        for line in lines:
            what, case, value = line.decode().split(" ")
            match what:
                case "append":
                    self.versions[case] = int(value)
                case "put":
                    self.files[case] = value
                case "erase":
                    self.erased.add(case)
                case _:
                    self.met[what] += 1
                    continue
            self.count += 1


class Writer:
    """Works without end. What cannot be done for want of a server or of room it does again until it can."""

    def __init__(
        self,
        store: Store,
        organisation: str,
        before: int,
        chance: random.Random,
        say: Callable[[str], object],
        erasing: bool,
    ) -> None:
        """before: the number before that of its first case. erasing: whether it ever erases one."""
        self._store = store
        self._organisation = organisation
        self._number = before
        self._chance = chance
        self._say = say
        self._erasing = erasing
        self._versions: dict[str, int] = {}

    def work(self) -> None:
        while True:
            self._one()

    def _one(self) -> None:
        act = self._chance.random()
        case = self._begun() if not self._versions or act < 0.3 else self._chance.choice([*self._versions])
        here = self._versions.get(case, 0)
        if here and act > 0.85 and self._erasing:
            self._insist(lambda _: self._store.erase(self._organisation, case, later(1)))
            del self._versions[case]
            self._say(f"erase {case} -")
        elif act < 0.1:
            beside = self._begun()
            self._append(linked(case, here, beside), linked(beside, 0, case))
        else:
            if act > 0.7:
                self._insist(lambda _: self._put(case))
            new = tuple(
                noted(here + each, f"{case}/{here + each}") for each in range(1, self._chance.randint(2, 4))
            )
            row, search, jobs = fold(new)
            public = tuple(Entry(count=Counted(kind="noted"), number=each.number) for each in new)
            self._append(Change(case, here, new, row=row, search=search, jobs=jobs, public=public))

    def _begun(self) -> str:
        self._number += 1
        return f"2026-{self._number:06d}"

    def _put(self, case: str) -> None:
        sha256 = self._store.put(self._organisation, case, f"file of {case}".encode())
        self._say(f"put {case} {sha256}")

    def _append(self, *changes: Change) -> None:
        def append(unsure: bool) -> None:
            try:
                self._store.append(self._organisation, *changes)
            except Conflict:
                heads = [self._store.head(self._organisation, each.stream) for each in changes]
                there = [head.version if head else 0 for head in heads]
                if not unsure or there != [each.expected + len(each.new) for each in changes]:
                    raise

        self._insist(append)
        for each in changes:
            self._versions[each.stream] = each.expected + len(each.new)
            self._say(f"append {each.stream} {self._versions[each.stream]}")

    def _insist(self, act: Callable[[bool], object]) -> None:
        """act: is told whether it may have been done already, because the server went away meanwhile. What
        is refused for want of room was not done, and is done again just as it was."""
        unsure = False
        while True:
            try:
                act(unsure)
            except psycopg.OperationalError as error:
                if error.sqlstate == _NO_ROOM:
                    raise  # the store says this in words
                unsure = True
                self._say("gone - -")
            except Refused as refused:
                if "stopped for want of room" in refused.sentence:
                    unsure = True
                elif "no room" not in refused.sentence:
                    raise
                self._say("full - -")
            else:
                return
            time.sleep(_AGAIN)


def linked(case: str, expected: int, other: str) -> Change:
    """One event that names another case, in which the same append puts one that names this."""
    new = (noted(expected + 1, f"{case}/with/{other}"),)
    public = (Entry(count=Counted(kind="noted"), number=expected + 1),)
    return Change(case, expected, new, *fold(new), public)


class Life:
    """A writer in a process of its own."""

    def __init__(
        self, house: Installation, organisation: str, before: int, seed: float, *, erasing: bool
    ) -> None:
        self.said = Said()
        self._hear, say = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                os.close(self._hear)
                Writer(
                    house.open(),
                    organisation,
                    before,
                    random.Random(seed),
                    lambda line: os.write(say, f"{line}\n".encode()),
                    erasing,
                ).work()
            except BaseException:
                sys.excepthook(*sys.exc_info())
            os._exit(1)
        os.close(say)

    def listen(self, enough: Callable[[Said], bool]) -> bool:
        """Whether it said enough before we lost patience."""
        end = time.monotonic() + _PATIENCE
        while not enough(self.said):
            ready, _, _ = select.select([self._hear], [], [], max(0.0, end - time.monotonic()))
            data = os.read(self._hear, 65_536) if ready else b""
            if not data:
                return False
            self.said.hear(data)
        return True

    def goes_on(self) -> list[str]:
        """What is wrong where it does nothing more. What it said before now is no sign that it does."""
        while select.select([self._hear], [], [], 0)[0] and (data := os.read(self._hear, 65_536)):
            self.said.hear(data)
        before = self.said.count
        return [] if self.listen(lambda said: said.count > before + 2) else ["a writer did not go on."]

    def meets(self, before: int) -> list[str]:
        """What is wrong where it meets with nothing more than it had before."""
        return [] if self.listen(lambda said: said.met.total() > before) else ["a writer noticed nothing."]

    def kill(self) -> list[str]:
        """What is wrong where it ended before."""
        os.kill(self._pid, signal.SIGKILL)
        while data := os.read(self._hear, 65_536):
            self.said.hear(data)
        os.close(self._hear)
        _, status = os.waitpid(self._pid, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        return [] if killed else [f"a writer ended by itself: {status}."]


# ---- what comes over them ----------------------------------------------------------------------------------

Shock = Callable[[Sequence[Life], random.Random], list[str]]
"""Comes over writers that work. Afterwards they are dead, and all else stands again. Says what was wrong."""


def killed(lives: Sequence[Life], chance: random.Random) -> list[str]:
    time.sleep(chance.uniform(0, LONGEST))
    return [each for life in lives for each in life.kill()]


def restarted(again: Callable[[], None]) -> Shock:
    """again: takes the server away, and is over when it serves as before."""

    def shock(lives: Sequence[Life], chance: random.Random) -> list[str]:
        wrong = _at_work(lives, chance)
        again()
        for life in lives:
            wrong += life.goes_on()
        return wrong + killed(lives, chance)

    return shock


def asked_to_stop(server: Server) -> Shock:
    """The one way of stopping in which those who are connected may go on until they leave."""

    def shock(lives: Sequence[Life], chance: random.Random) -> list[str]:
        wrong = _at_work(lives, chance)
        server.ask_to_stop()
        wrong += [each for life in lives for each in life.goes_on()]
        wrong += killed(lives, chance)
        server.up()
        return wrong

    return shock


def filled(disk: Disk, server: Server | None) -> Shock:
    """Now they are killed while there is no room, now they have to go on when there is."""

    def shock(lives: Sequence[Life], chance: random.Random) -> list[str]:
        wrong = _at_work(lives, chance)
        before = [life.said.met.total() for life in lives]
        disk.fill(chance.randrange(_ROOM_LEFT))
        for life, met in zip(lives, before, strict=True):
            wrong += life.meets(met)
        soon = chance.random() < 0.5
        if soon:
            wrong += killed(lives, chance)
        disk.empty()
        if server is not None:
            server.up()
        if not soon:
            wrong += [each for life in lives for each in life.goes_on()]
            wrong += killed(lives, chance)
        return wrong

    return shock


def _at_work(lives: Sequence[Life], chance: random.Random) -> list[str]:
    wrong = [each for life in lives for each in life.goes_on()]
    time.sleep(chance.uniform(0, LONGEST))
    return wrong


# ---- what is left ------------------------------------------------------------------------------------------


def half_done(store: Store, organisation: str, heads: Collection[str]) -> list[str]:
    """Cases that name another one which does not name them."""
    links = {
        (case, each.event.words.rpartition("/")[2])
        for case in heads
        if store.erased(organisation, case) is None
        for each in store.load(organisation, case)
        if isinstance(each.event, Noted) and "/with/" in each.event.words
    }
    return [
        f"{case} was written without {other}."
        for case, other in sorted(links)
        if other not in heads or ((other, case) not in links and store.erased(organisation, other) is None)
    ]


def look(house: Installation, organisation: str, said: Said) -> list[str]:
    """What is wrong after a life; nothing, we hope. Opening the store again finishes what a crash left."""
    store = house.open()
    wrong = [
        each for each in doctor(store, organisation, fold) if not any(known in each for known in HARMLESS)
    ]
    heads = {head.stream: head.version for head in store.heads(organisation)}
    wrong += half_done(store, organisation, heads)
    if store.trace.waiting(organisation) != sum(heads.values()):
        wrong.append(f"{sum(heads.values())} events and {store.trace.waiting(organisation)} entries waiting.")
    for case, version in said.versions.items():
        if heads.get(case, 0) < version:
            wrong.append(f"{case}: {version} events were acknowledged and {heads.get(case, 0)} are there.")
    for case in said.erased:
        if store.erased(organisation, case) is None:
            wrong.append(f"{case}: its erasure was acknowledged and did not happen.")
    for case, sha256 in said.files.items():
        gone = store.erased(organisation, case) is not None
        if not gone and store.get(organisation, case, sha256) != f"file of {case}".encode():
            wrong.append(f"{case}: its file is another.")
    for case, version in heads.items():
        row = store.row(organisation, case)
        opened = len(store.trace.opened(organisation, case))
        entries = 0 if store.erased(organisation, case) is not None else version
        if row is None or row.version != version or opened != entries:
            wrong.append(f"{case}: {version} events, {row and row.version} in its row, {opened} open.")
    house.close()
    return wrong


@dataclass
class Outcome:
    """What came of some lives. met: in how many of them the server was gone, a disk full."""

    acknowledged: int = 0
    met: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def shake(
    house: Installation, name: str, shock: Shock, lives: int, *, seed: int, erasing: bool = True
) -> Outcome:
    """So many lives that end by this, each in an organisation of its own."""
    chance = random.Random(f"{name} {seed}")
    came = Outcome()
    for life in range(1, lives + 1):
        organisation = f"{name}-{life}"
        writers = [
            Life(house, organisation, each * _CASES, chance.random(), erasing=erasing)
            for each in range(WRITERS)
        ]
        wrong = shock(writers, chance)
        said = Said()
        for each in writers:
            said.versions |= each.said.versions
            said.files |= each.said.files
            said.erased |= each.said.erased
            said.met |= each.said.met
            came.acknowledged += each.said.count
        came.met.update(said.met.keys())
        came.wrong += [f"{organisation}: {each}" for each in (*wrong, *look(house, organisation, said))]
    return came


# ---- the ground --------------------------------------------------------------------------------------------


RESTARTS = ("smart", "fast", "immediate", "postmaster", "backends")
FULL = {"sqlite": ("keys", "blobs", "data"), "postgres": ("keys", "blobs", "data", "wal")}


@dataclass(frozen=True)
class Ground:
    """An installation with all that it stands on, and the ways to take that away: `killed`, those of RESTARTS
    where there is a server, those of FULL where there are disks. conninfo: of PostgreSQL."""

    house: Installation
    conninfo: str
    shocks: Mapping[str, Shock]


@contextmanager
def ground(kind: str, *, disks: bool) -> Iterator[Ground]:
    """kind: of the database. Raises FileNotFoundError where there is no server, PermissionError where disks
    cannot be mounted."""
    with ExitStack() as around:
        folder = Path(around.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o711)  # the server is another user
        small: dict[str, Disk] = {}
        for name in FULL[kind] if disks else ():
            small[name] = Disk(folder / name, _DISK)
            around.callback(small[name].close)
        shocks: dict[str, Shock] = {"killed": killed}
        if kind == "sqlite":
            house, conninfo, server = on_sqlite(folder), "", None
        else:
            server = Server(
                durable=True,
                data=small["data"].folder if disks else None,
                wal=small["wal"].folder if disks else None,
            )
            around.callback(server.close)
            conninfo = server.new_database()
            house = on_postgres(folder, conninfo, server.data)
            ways = (
                asked_to_stop(server),
                restarted(partial(server.restart, "fast")),
                restarted(partial(server.restart, "immediate")),
                restarted(server.kill),
                restarted(partial(server.kill_backends, conninfo)),
            )
            shocks.update(zip(RESTARTS, ways, strict=True))
        around.callback(house.close)
        shocks.update({name: filled(disk, server) for name, disk in small.items()})
        yield Ground(house, conninfo, shocks)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--kills", type=int, default=200, help="lives in which the writers are killed")
    parser.add_argument("--restarts", type=int, default=0, help="lives in which PostgreSQL is restarted")
    parser.add_argument("--full", type=int, default=0, help="lives in which a disk is full")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    given = parser.parse_args()
    if given.restarts and given.database == "sqlite":
        parser.error("SQLite has no server to restart")
    wrong: list[str] = []
    plan = ((("killed",), given.kills), (RESTARTS, given.restarts), (FULL[given.database], given.full))
    for name, lives in (each for names, number in plan for each in _shared(names, number)):
        started = time.monotonic()
        # Each kind on ground of its own, or what those before it wrote would fill the small disks.
        with ground(given.database, disks=name in FULL[given.database]) as here:
            came = shake(here.house, name, here.shocks[name], lives, seed=given.seed)
        wrong += came.wrong
        met = "".join(f", {what} in {number}" for what, number in sorted(came.met.items()))
        sys.stdout.write(
            f"{given.database}, {name}: {lives} lives{met}, {came.acknowledged} acknowledged acts, "
            f"{len(came.wrong)} wrong, {time.monotonic() - started:.0f} s\n"
        )
        sys.stdout.flush()
    sys.stdout.write(f"seed {given.seed}\n" + "".join(f"  {each}\n" for each in wrong))
    return 1 if wrong else 0


def _shared(names: Sequence[str], lives: int) -> list[tuple[str, int]]:
    """Each kind with its share of the lives, where it has one."""
    shares = [(name, len(range(place, lives, len(names)))) for place, name in enumerate(names)]
    return [(name, share) for name, share in shares if share]


if __name__ == "__main__":
    sys.exit(main())

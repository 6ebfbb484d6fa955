"""Kills writers at random moments and looks at what they leave behind.

A writer appends, puts files, erases, and says each thing aloud on a pipe as soon as it was acknowledged. It
is killed (SIGKILL), or the PostgreSQL server under it is (`pg_ctl stop -m immediate`). Then everything that
was said has to be there, and nothing may be half done.

    PYTHONPATH=src python -m tests.store.killing --database sqlite --kills 200
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from habeas.desk.desk import Change
from habeas.desk.events import Noted
from habeas.desk.public import Counted, Entry
from habeas.store import Store, doctor
from tests.store.cases import Installation, fold, later, noted, on_postgres, on_sqlite
from tests.store.server import Server

LONGEST = 0.25  # seconds a writer lives at most
_SERVER_GONE = 3  # how a writer ends when the server is taken away under it

# What a kill may leave: sealed bytes under a key that nothing names.
_HARMLESS = (
    "belong to nothing; a crash",
    "there is a key and no such case",
    "there are files and no such case",
    "there are rows of blob and no such case",
)


@dataclass
class Said:
    """What the writer said was done: events, files and the erasure of each case."""

    versions: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    count: int = 0

    def hear(self, lines: bytes) -> None:
        for line in lines.decode().split("\n")[:-1]:  # the last one may be half a line
            what, case, value = line.split(" ")
            self.count += 1
            if what == "append":
                self.versions[case] = int(value)
            elif what == "put":
                self.files[case] = value
            else:
                self.erased.add(case)


def write(store: Store, organisation: str, chance: random.Random, say: Callable[[str], object]) -> None:
    """Works without end."""
    versions: dict[str, int] = {}
    number = 0
    while True:
        act = chance.random()
        if not versions or act < 0.3:
            number += 1
            case = f"2026-{number:06d}"
            versions[case] = 0
        else:
            case = chance.choice(list(versions))
        if versions[case] and act > 0.85:
            store.erase(organisation, case, later(1))
            del versions[case]
            say(f"erase {case} -")
            continue
        if act < 0.1:
            number += 1
            beside = f"2026-{number:06d}"
            both = (_linked(case, versions[case], beside), _linked(beside, 0, case))
            store.append(organisation, *both)
            versions[case], versions[beside] = versions[case] + 1, 1
            say(f"append {case} {versions[case]}")
            say(f"append {beside} 1")
            continue
        if act > 0.7:
            say(f"put {case} {store.put(organisation, case, f'file of {case}'.encode())}")
        here = versions[case]
        new = tuple(noted(here + each, f"{case}/{here + each}") for each in range(1, chance.randint(2, 4)))
        row, search, jobs = fold(new)
        public = tuple(Entry(count=Counted(kind="noted"), number=each.number) for each in new)
        store.append(organisation, Change(case, here, new, row=row, search=search, jobs=jobs, public=public))
        versions[case] = here + len(new)
        say(f"append {case} {versions[case]}")


def _linked(case: str, expected: int, other: str) -> Change:
    """One event that names another case, in which the same append puts one that names this."""
    new = (noted(expected + 1, f"{case}/with/{other}"),)
    public = (Entry(count=Counted(kind="noted"), number=expected + 1),)
    return Change(case, expected, new, *fold(new), public)


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


def one_life(
    house: Installation, organisation: str, chance: random.Random, end: Callable[[int], None]
) -> tuple[Said, int]:
    """Starts a writer and lets `end` end it. What it said, and how it ended."""
    seed, lives = chance.random(), chance.uniform(0, LONGEST)
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(hear)
            write(
                house.open(),
                organisation,
                random.Random(seed),
                lambda line: os.write(say, f"{line}\n".encode()),
            )
        except psycopg.OperationalError:
            os._exit(_SERVER_GONE)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        os._exit(1)
    os.close(say)
    said = Said()
    os.set_blocking(hear, True)
    time.sleep(lives)
    end(child)
    heard = bytearray()
    while data := os.read(hear, 65_536):
        heard += data
    os.close(hear)
    _, status = os.waitpid(child, 0)
    said.hear(bytes(heard))
    return said, status


def look(house: Installation, organisation: str, said: Said) -> list[str]:
    """What is wrong after a life; nothing, we hope. Opening the store again finishes what a crash left."""
    store = house.open()
    wrong = [
        each for each in doctor(store, organisation, fold) if not any(known in each for known in _HARMLESS)
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


def kill_writers(
    house: Installation, kills: int, *, seed: int, server: Server | None = None, crash_each: int = 0
) -> tuple[int, list[str]]:
    """How much was acknowledged in all, and what is wrong. crash_each: every so many lives, the server is
    killed and not the writer."""
    chance = random.Random(seed)
    acknowledged, wrong = 0, []
    for life in range(1, kills + 1):
        organisation = f"life-{life}"
        crash = server is not None and crash_each and life % crash_each == 0

        def end(child: int, crash: bool = bool(crash)) -> None:
            if crash and server is not None:
                server.crash()
            else:
                os.kill(child, signal.SIGKILL)

        said, status = one_life(house, organisation, chance, end)
        expected = os.WIFEXITED(status) and os.WEXITSTATUS(status) == _SERVER_GONE if crash else None
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if not (expected if crash else killed):
            wrong.append(f"life {life}: the writer ended by itself: {status}.")
        acknowledged += said.count
        wrong += [f"life {life}: {each}" for each in look(house, organisation, said)]
    return acknowledged, wrong


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument(
        "--crash-each", type=int, default=5, help="PostgreSQL: crash the server in each n-th life"
    )
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    given = parser.parse_args()
    server = Server(durable=True) if given.database == "postgres" else None
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        house = (
            on_postgres(Path(folder), server.new_database(), server.data)
            if server
            else on_sqlite(Path(folder))
        )
        acknowledged, wrong = kill_writers(
            house, given.kills, seed=given.seed, server=server, crash_each=given.crash_each
        )
    if server:
        server.close()
    took = time.monotonic() - started
    sys.stdout.write(
        f"{given.database}: {given.kills} kills, {acknowledged} acknowledged acts, {len(wrong)} wrong, "
        f"seed {given.seed}, {took:.0f} s\n" + "".join(f"  {each}\n" for each in wrong)
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

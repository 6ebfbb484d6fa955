"""`make load`: a hundred people at the desk, and whether they have to wait.

The server is the one that `habeas serve --no-https` starts: gunicorn with two processes, the worker beside
it, the usual settings of the database. The people are a process of their own (`load_clients`), and the cases
are real (`load_house`). Everything is on this machine and on its loopback address: the clients share the
cores with the server, and their share is reported.

Two figures come out. How long people wait, at `--cases` cases, by kind of page; the target is a 95th
percentile of 150 ms and a 99th of 500 ms. And what a page costs one person alone, from a thousand cases to a
million: it has to stay the same. Above `--cases` the queue is filled with copies of its rows, which have no
events behind them; the cases that are opened there are the same real ones as before.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.load_clients import one_by_one  # noqa: E402
from tests.ports import free_port  # noqa: E402
from tests.store.server import MISSING, Server, binaries  # noqa: E402

BENCH = ROOT / ".bench"
DATABASES = ("sqlite", "postgresql")
P95, P99 = 0.150, 0.500  # seconds: the target
MOST_PEOPLE, MOST_SECONDS, MOST_CASES = 500, 3600, 2_000_000
STARTING = 60  # seconds until the server answers
_TICKS = os.sysconf("SC_CLK_TCK")
_EACH = 40  # times that each page is read for what it costs
SIZES = (1_000, 10_000)  # of which a page's cost is taken on the way to the cases asked for
MILLION = 1_000_000


class Listening(Server):
    """The throwaway server of the tests, durable and on a port of the loopback address."""

    def __init__(self) -> None:
        self.port = free_port()
        super().__init__(durable=True)

    def start(self) -> None:
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.folder} "
            "-c max_connections=100"
        )
        self._do("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-o", options, "-w", "-s", "start")

    def conninfo(self, database: str) -> str:
        return f"postgresql://habeas@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])


@dataclass(frozen=True, slots=True)
class House:
    """Where the records are. postmaster: the process of the database server; 0 where there is none."""

    home: Path
    database: str
    people: int
    postmaster: int = 0

    def seed(self, cases: int, *, copies: bool = False) -> dict[str, Any]:
        words = [sys.executable, "benchmarks/load_house.py", "--home", self.home, "--database", self.database]
        words += ["--cases", str(cases), "--people", str(self.people)]
        words += ["--copies"] if copies else ["--sign-in"]
        return _told(words)


def _told(words: Sequence[str | Path], **more: Any) -> dict[str, Any]:
    """What a process of ours printed. Its errors go where ours go."""
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, check=True, **more)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@contextlib.contextmanager
def house(folder: Path, kind: str, people: int) -> Iterator[House]:
    if kind == "sqlite":
        yield House(folder / "home", "", people)
        return
    server = Listening()
    try:
        yield House(folder / "home", server.new_database(), people, server.pid)
    finally:
        server.close()


@contextlib.contextmanager
def serving(where: House, log: Path) -> Iterator[tuple[int, int]]:
    """The desk as its operator starts it; its port and the id of its process."""
    port = free_port()
    words = [sys.executable, "-m", "habeas", "serve", "--no-https", "--home", where.home]
    words += ["--bind", f"127.0.0.1:{port}", "--host", "127.0.0.1"]
    words += ["--database", where.database] if where.database else []
    with log.open("ab") as out:
        process = subprocess.Popen(words, cwd=ROOT, stdout=out, stderr=out)
    try:
        _wait(process, port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=STARTING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    ends = time.monotonic() + STARTING
    while time.monotonic() < ends and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The server did not start; its own words are in server.log.")


# ---- what it costs -----------------------------------------------------------------------------------------


def processes(*roots: int) -> list[int]:
    """These and everything they started."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            children.setdefault(int(_stat(int(each.name))[1]), []).append(int(each.name))
    found = [root for root in roots if root]
    for each in found:
        found += children.get(each, [])
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold spaces (proc(5))."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def used(pids: Sequence[int]) -> float:
    """Seconds of processor time, so far."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            ticks += sum(int(each) for each in _stat(pid)[11:13])
    return ticks / _TICKS


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that so many are not above (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, min(len(ranked) - 1, -int(-share * len(ranked) // 1) - 1))]


def load(
    where: House, people: Path, log: Path, *, warm_up: float, seconds: float, think: float
) -> dict[str, Any]:
    """One run: what the people saw, and what the machine did meanwhile."""
    with serving(where, log) as (port, pid):
        before = os.getloadavg()
        words = [sys.executable, "benchmarks/load_clients.py", people, "--port", str(port)]
        words += ["--warm-up", str(warm_up), "--seconds", str(seconds), "--think", str(think)]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as clients:
            time.sleep(warm_up)
            web = processes(pid)
            database = processes(where.postmaster)
            busy, asked, start = used(web), used(database), _machine_busy()
            time.sleep(seconds)
            cpu = {
                "web and worker": (used(web) - busy) / seconds,
                "database server": (used(processes(where.postmaster)) - asked) / seconds,
                "the whole machine": (_machine_busy() - start) / seconds,
            }
            out, _ = clients.communicate()
    told = json.loads(out)
    cpu["people"] = told["cpu"]
    samples = [tuple(each) for each in told["samples"]]
    return {
        "pages": by_kind(samples),
        "statuses": told["statuses"],
        "requests_per_second": len(samples) / seconds,
        "writes": sum(kind.startswith("write") for kind, *_ in samples) / max(1, len(samples)),
        "bytes": sum(size for *_, size in samples),
        "cpu": cpu,
        "load": [before[0], os.getloadavg()[0]],
    }


def _machine_busy() -> float:
    """Seconds of processor time that anything on this machine used (proc(5), /proc/stat)."""
    user, nice, system, _idle, _wait, irq, soft, *_ = Path("/proc/stat").read_text().split()[1:9]
    return sum(int(each) for each in (user, nice, system, irq, soft)) / _TICKS


def by_kind(samples: Sequence[tuple[str, float, int, int]]) -> dict[str, dict[str, float]]:
    kinds: dict[str, list[tuple[str, float, int, int]]] = {}
    for each in samples:
        kinds.setdefault(each[0], []).append(each)
    return {kind: figures(kinds[kind]) for kind in sorted(kinds)} | {"all": figures(samples)}


def figures(samples: Sequence[tuple[str, float, int, int]]) -> dict[str, float]:
    """An answer that is neither the page nor a way to it is an error; so is none."""
    seconds = [each[1] for each in samples] or [0.0]
    return {
        "count": len(samples),
        "p50": quantile(seconds, 0.50),
        "p95": quantile(seconds, 0.95),
        "p99": quantile(seconds, 0.99),
        "max": max(seconds),
        "errors": sum(not 200 <= each[2] < 400 for each in samples),
    }


def alone(where: House, person: dict[str, Any], ids: Sequence[str], log: Path) -> dict[str, float]:
    """Seconds of each kind of page, for one person while nobody else is there: medians."""
    pages = [
        ("queue", "/"),
        ("queue, all open", "/?view=team"),
        ("queue, of a state", "/?view=team&state=FRA"),
        ("queue, of a measure", "/?view=team&measure=preservation"),
        ("queue, of an instrument", "/?view=team&instrument=budapest"),
        ("queue, of several", "/?view=team&state=FRA&measure=preservation&instrument=budapest"),
        ("queue, never together", "/?view=team&instrument=domestic-order&kind=foreign"),
        ("queue, closed, never together", "/?view=closed&instrument=domestic-order&kind=foreign"),
        ("queue, nothing found", "/?view=mine&instrument=budapest&measure=domestic-order&kind=emergency"),
    ]
    visits = [*pages, *(("case", f"/cases/{id}/") for id in ids)]
    with serving(where, log) as (port, _pid):
        one_by_one(person, visits, host="127.0.0.1", port=port)
        one_by_one(person, visits, host="127.0.0.1", port=port)  # for both processes of the server
        asked = [*pages * _EACH, *visits[len(pages) :] * 2]
        samples = one_by_one(person, asked, host="127.0.0.1", port=port)
    wrong = [each for each in samples if each.status != 200]
    if wrong:
        raise SystemExit(f"{len(wrong)} pages were not shown, the first of them {wrong[0].kind}.")
    kinds = dict.fromkeys(each.kind for each in samples)
    return {kind: statistics.median(each.seconds for each in samples if each.kind == kind) for kind in kinds}


# ---- the run -----------------------------------------------------------------------------------------------


def run(
    folder: Path,
    kind: str,
    *,
    people: int,
    cases: int,
    warm_up: float,
    seconds: float,
    think: float,
    rounds: int,
    flat: bool,
    console: Console,
) -> dict[str, Any]:
    """Everything on one database. folder: receives the installation and what the server said."""
    log = folder / "server.log"
    found: dict[str, Any] = {"rounds": [], "flat": {}}
    with house(folder, kind, people) as where:
        ids: list[str] = []
        for size in sorted({*(size for size in SIZES if flat and size < cases), cases}):
            seeded = where.seed(size)
            ids = ids or seeded["ids"]
            console.print(f"{kind}: {size:,} cases after {seeded['seconds']:.0f} s.", style="dim")
            if flat:
                found["flat"][size] = alone(where, seeded["people"][1], ids, log)
        signed = folder / "people.json"
        signed.write_text(json.dumps(seeded["people"]), "utf-8")
        for number in range(1, rounds + 1):
            console.print(f"{kind}: round {number} of {rounds}.", style="dim")
            found["rounds"].append(load(where, signed, log, warm_up=warm_up, seconds=seconds, think=think))
        if flat and cases < MILLION:
            told = where.seed(MILLION, copies=True)
            found["flat"][told["copied"]] = alone(where, seeded["people"][1], ids, log)
    return found


def tell(kind: str, found: dict[str, Any], console: Console) -> bool:
    """The tables; whether the target was met in the middle round, of two the slower one."""
    rounds = sorted(found["rounds"], key=lambda each: each["pages"]["all"]["p95"])
    middle = rounds[len(rounds) // 2]
    every = middle["pages"]["all"]
    table = Table(title=f"{kind}: the {'middle' if len(rounds) > 1 else 'one'} of {len(rounds)} round(s)")
    for heading in ("page", "count", "p50", "p95", "p99", "longest", "errors"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for name, each in middle["pages"].items():
        times = (f"{each[which] * 1e3:.0f} ms" for which in ("p50", "p95", "p99", "max"))
        table.add_row(name, f"{each['count']:,}", *times, str(each["errors"]))
    console.print(table)
    cores = ", ".join(f"{name} {share:.2f}" for name, share in middle["cpu"].items())
    others = ", ".join(f"{each['pages']['all']['p95'] * 1e3:.0f}" for each in rounds)
    answers = ", ".join(f"{status} {count:,} times" for status, count in sorted(middle["statuses"].items()))
    before, after = middle["load"]
    console.print(
        f"{middle['requests_per_second']:.1f} requests a second, {middle['writes']:.0%} of them writes, "
        f"{middle['bytes'] / 1e6:.0f} MB; answered {answers}. Cores used: {cores}; the people share them "
        f"with the server. Load average {before:.1f} before and {after:.1f} after. p95s of all: {others} ms."
    )
    if "409" in middle["statuses"]:
        console.print(
            "409: somebody else was quicker at the same case, and nothing was recorded.", style="dim"
        )
    writes = [each for name, each in middle["pages"].items() if name.startswith("write: ")]
    if sum(each["errors"] for each in writes) * 2 > sum(each["count"] for each in writes):
        console.print("Most of what was written was refused, so this measures no writing.", style="bold")
        return False
    if found["flat"]:
        _tell_flat(kind, found["flat"], console)
    met = every["p95"] <= P95 and every["p99"] <= P99
    console.print(
        f"Target: p95 at most {P95 * 1e3:.0f} ms and p99 at most {P99 * 1e3:.0f} ms: "
        f"{'met' if met else 'MISSED'} with {every['p95'] * 1e3:.0f} and {every['p99'] * 1e3:.0f} ms."
    )
    return met


def _tell_flat(kind: str, flat: dict[int, dict[str, float]], console: Console) -> None:
    table = Table(title=f"{kind}: what a page costs one person alone, medians")
    table.add_column("page")
    for size in flat:
        table.add_column(f"{size:,} cases", justify="right")
    for page in next(iter(flat.values())):
        table.add_row(page, *(f"{each[page] * 1e3:.1f} ms" for each in flat.values()))
    console.print(table)
    console.print(
        "In the last column most rows of the queue are copies without events; the cases opened are real.",
        style="dim",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--database", choices=DATABASES, action="append", help="one of the two; both are usual"
    )
    parser.add_argument("--people", type=int, default=100, help="signed in at once")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=120, help="measured, after the warm-up")
    parser.add_argument("--warm-up", type=float, default=20)
    parser.add_argument("--think", type=float, default=3, help="seconds between two pages, on average")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--flat", action="store_true", help="also what a page costs from 1,000 to 1,000,000")
    parser.add_argument(
        "--keep", type=Path, help="a folder for the installation; used again where it is there"
    )
    asked = parser.parse_args()
    for name, value, most in (
        ("people", asked.people, MOST_PEOPLE),
        ("seconds", asked.seconds + asked.warm_up, MOST_SECONDS),
        ("cases", asked.cases, MOST_CASES),
    ):
        if not 0 < value <= most:
            parser.error(f"--{name} goes up to {most:,}")
    if asked.flat and (asked.keep or asked.cases >= MILLION):
        parser.error("--flat fills the house with copies that cannot be opened; it is thrown away afterwards")
    console = Console()
    kinds = asked.database or list(DATABASES)
    if "postgresql" in kinds and binaries() is None:
        parser.error(MISSING)
    BENCH.mkdir(exist_ok=True)
    met = True
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="habeas-load-") as passing:
            folder = asked.keep / kind if asked.keep and kind == "sqlite" else Path(passing)
            folder.mkdir(parents=True, exist_ok=True)
            found = run(
                folder,
                kind,
                people=asked.people,
                cases=asked.cases,
                warm_up=asked.warm_up,
                seconds=asked.seconds,
                think=asked.think,
                rounds=asked.rounds,
                flat=asked.flat,
                console=console,
            )
        (BENCH / f"load-{kind}.json").write_text(json.dumps(found, indent=2), "utf-8")
        met = tell(kind, found, console) and met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

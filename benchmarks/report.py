"""`make bench-report`: how long a transparency report takes, from the sealed records to its page.

Entries are drawn from a seed and lie in the records of a real house. The first of them go the whole way:
salted, sealed, published day by day. The others are put behind them, a day's 10,000 at a time, by the very
function that keeps a published day's columns; their salts and leaves, which a report does not read, are left
out. Timed is a process of its own that opens the records and makes the report as `Reporter.inside` does:
read, unseal, count, round, ask the attacker. What was just written lies in the page cache.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.publishing import BEGUN, COUNSEL, ORGANISATION, START, YEAR, Clock, drawn, house, lay
from benchmarks.run import BENCH, ROOT, machine
from habeas.app.publishing import Publisher
from habeas.app.reporting import Reporter
from habeas.reports.transparency import as_html, package

SIZES = (100_000, 1_000_000, 10_000_000)
PUBLISHED = 100_000  # entries that go the whole way
DAY = 10_000
TARGET, LARGEST = 5.0, 10_000_000  # seconds for so many entries, on two cores
LICENCE = ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")

Made = TypeVar("Made")


def fill(home: Path, before: int, size: int) -> None:
    """Brings the records of the house from `before` entries to `size`. Both are whole days."""
    clock = Clock(START + timedelta(days=before // DAY))
    app = house(home, clock)
    trace, database = app.store.trace, app.store.database
    if not before:  # the log begins within the year that is reported about
        clock.at = BEGUN
        Publisher(app).publish(ORGANISATION)
        clock.at = START
    while before < min(size, PUBLISHED):
        lay(app, drawn(min(DAY, size - before), seed=before))
        Publisher(app).publish(ORGANISATION)
        before += DAY
        clock.at += timedelta(days=1)
    start = trace.size(ORGANISATION)
    if before < size:
        rest = drawn(size - before, seed=before)
        for first in range(0, len(rest), DAY):
            with database.transaction() as run:
                trace.put_columns(run, ORGANISATION, start + first, rest.slice(first, DAY))
        with database.transaction() as run:
            run(
                "INSERT INTO leaf (organisation, place, leaf) VALUES (?, ?, ?)",
                *(ORGANISATION, start + len(rest) - 1, size.to_bytes(112)),  # no two leaves are the same
            )
    app.store.tidy()
    app.store.close()


def timed(told: dict[str, float], what: str, run: Callable[[], Made]) -> Made:
    start, cpu = time.perf_counter(), time.process_time()
    made = run()
    told[what] = time.perf_counter() - start
    told[f"{what}, CPU"] = time.process_time() - cpu
    return made


def measure(home: Path) -> dict[str, float]:
    """In a process of its own, so that nothing is open, unsealed or known yet."""
    told: dict[str, float] = {}
    clock = Clock(START + timedelta(days=4000))

    def made() -> tuple[Any, int]:
        app = house(home, clock)
        return Reporter(app).inside(ORGANISATION, COUNSEL, YEAR), app.store.trace.size(ORGANISATION)

    whole, size = timed(told, "report", made)
    timed(told, "its page", lambda: as_html(whole))
    files = timed(told, "its package", lambda: package(whole, licence=LICENCE))
    told["entries"] = size
    told["numbers"] = len(whole.cells)
    told["open data, bytes"] = sum(map(len, files.values()))
    told["memory, bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return told


def asked(home: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.report", "--measure", str(home)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(
    home: Path, sizes: Sequence[int] = SIZES, rounds: int = 3, say: Callable[[str], None] = print
) -> dict[str, Any]:
    """home receives the records of the house and is removed again. Shown of the rounds is the quickest."""
    shutil.rmtree(home, ignore_errors=True)
    about, before = machine(), 0
    rows: list[dict[str, float]] = []
    for size in sorted(sizes):
        fill(home, before, size)
        before = size
        found = min((asked(home) for _ in range(rounds)), key=lambda each: each["report"])
        rows.append(found)
        say(
            f"{found['entries']:>12,.0f} entries: report {found['report']:6.2f} s "
            f"({found['report, CPU']:.2f} s CPU), its page {found['its page']:.2f} s, its package "
            f"{found['its package']:.2f} s, {found['memory, bytes'] / 1e6:,.0f} MB of memory"
        )
    shutil.rmtree(home, ignore_errors=True)
    targets = [
        {"value": row["report"], "bound": TARGET, "met": row["report"] <= TARGET}
        for row in rows
        if row["entries"] >= LARGEST
    ]
    for each in targets:
        say(f"Target {each['bound']:.0f} s: {'met' if each['met'] else 'NO'}.")
    return {"machine": about, "rounds": rounds, "rows": rows, "targets": targets}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", help=f"entries, whole days of {DAY:,}")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure is not None:
        print(json.dumps(measure(given.measure)))
        return
    results = run(BENCH / "report", given.sizes or SIZES, given.rounds)
    (BENCH / "report.json").write_text(json.dumps(results, indent=2), "utf-8")


if __name__ == "__main__":
    main()

"""`make bench-log`: the log beside two others and beside its own targets, in one run on one machine.

For each size the engines first fill a log of their own; then, in turns and each time in a process of its own,
they append a day's entries and batches of 256, every one durable before the next, and prove entries whose
files were taken out of the page cache. All of them must come to the same root, and proofs of tiles are
verified here; who does not agree is shown without a time. Figures are medians over the rounds. What the disk
itself takes for one small file is measured between them: an append is a handful of those, and on a disk that
others use nothing else is seen.

Then the same size in a real house: a day's entries that were laid get their places, the log grows, a witness
(`habeas witness`, a process of its own on loopback) cosigns, and the site shows it; and `habeas audit` goes
over that site. Of the others one can audit its own tiles, and is asked to.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks" / "rivals"))

from appending import entries  # noqa: E402

from benchmarks import publishing  # noqa: E402
from benchmarks.run import BENCH, machine, shown  # noqa: E402
from habeas.tlog.tree import check_inclusion, leaf_hash  # noqa: E402

OURS = "log_ours"
RIVALS = ("log_aics", "log_pymerkle")
AUDITORS = ("log_aics",)  # pymerkle proves single entries; nothing of it goes over a whole tree
SIZES = (10_000, 100_000, 1_000_000)
DAY = 10_000  # entries
LONGEST = 600  # seconds for one request
FIGURES = ("day, seconds", "256 durable, a second", "cold proof, p50", "cold proof, p99")
# At every size; of proofs at the largest. (a figure, the bound, whether more is better)
TARGETS = (
    ("day, seconds", 1.0, False),
    ("256 durable, a second", 50_000.0, True),
    ("cold proof, p99", 0.005, False),
    ("a day through the house, witnessed", 1.0, False),
    ("audit", 30.0, False),
)


def python_of(engine: str, rivals: Path) -> Path:
    return Path(sys.executable) if engine == OURS else rivals


def ask(engine: str, rivals: Path, folder: Path, what: str, count: int) -> dict[str, Any] | str:
    """What an engine answers, or in one line why it does not."""
    python = python_of(engine, rivals)
    if not python.exists():
        return f"its environment is missing ({python.parent.parent.name})"
    program = ROOT / "benchmarks" / "rivals" / f"{engine}.py"
    source = {"PYTHONPATH": str(ROOT / "src")} if engine == OURS else {}
    try:
        done = subprocess.run(
            [str(python), str(program), str(folder), what, str(count)],
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
            env={**os.environ, **source},
        )
    except subprocess.TimeoutExpired:
        return f"it took more than {LONGEST} seconds"
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def small_file(folder: Path, number: int = 40) -> float:
    """Seconds to bring one file of 8 KiB and its name to the disk, the median of some."""
    folder.mkdir(parents=True, exist_ok=True)
    above = os.open(folder, os.O_RDONLY)
    seconds = []
    for each in range(number):
        start = time.perf_counter()
        with (folder / "half").open("wb") as file:
            file.write(bytes([each]) * 8192)
            file.flush()
            os.fsync(file.fileno())
        (folder / "half").rename(folder / "whole")
        os.fsync(above)
        seconds.append(time.perf_counter() - start)
    os.close(above)
    return statistics.median(seconds)


class Comparison:
    """The engines' answers at one size, round by round."""

    def __init__(self, folder: Path, rivals: Path, size: int, engines: Sequence[str]) -> None:
        self.folder, self.rivals, self.size = folder / str(size), rivals, size
        self.engines = list(engines)
        self.found: dict[str, dict[str, list[float]]] = {}
        self.versions: dict[str, str] = {}
        self.missing: dict[str, str] = {}
        self.disk: list[float] = []
        self._roots: dict[int, str] = {}

    def _ask(self, engine: str, what: str, count: int) -> dict[str, Any]:
        if engine in self.missing:
            return {}
        report = ask(engine, self.rivals, self.folder / engine, what, count)
        if isinstance(report, str):
            self.missing[engine] = report
            return {}
        if self._roots.setdefault(report["size"], report["root"]) != report["root"]:
            self.missing[engine] = f"its root over {report['size']:,} entries differs from ours"
            return {}
        self.versions[engine] = report["version"]
        return report

    def fill(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for engine in self.engines:
            self._ask(engine, "fill", self.size)

    def round(self, day: int, batches: int, proofs: int) -> None:
        for engine in self.engines:
            self.disk.append(small_file(self.folder / "disk"))
            for what, count in (("proofs", proofs), ("day", day), ("batches", batches)):
                told = self._ask(engine, what, count)
                if not told:
                    break
                self._verify(engine, told)
                mine = self.found.setdefault(engine, {})
                for name, key in (
                    ("day, seconds", "seconds"),
                    ("256 durable, a second", "per_second"),
                    ("cold proof, p50", "p50"),
                    ("cold proof, p99", "p99"),
                ):
                    if key in told:
                        mine.setdefault(name, []).append(told[key])

    def _verify(self, engine: str, told: Mapping[str, Any]) -> None:
        """A proof from tiles must hold; pymerkle's has a form of its own, and its root is compared."""
        if "last" not in told or engine == "log_pymerkle":
            return
        index, proof = told["last"]
        check_inclusion(
            [bytes.fromhex(each) for each in proof],
            index=index,
            size=told["size"],
            root=bytes.fromhex(told["root"]),
            leaf=leaf_hash(entries(index, 1)[0]),
        )

    def house(self, day: int, rounds: int) -> dict[str, Any]:
        """A day through a house with so many entries before, and audits of its site."""
        days: list[dict[str, float]] = []
        with publishing.witnessed(self.folder / "house") as home:
            publishing.asked(home, "fill", self.size, rounds)
            for number in range(rounds):
                self.disk.append(small_file(self.folder / "disk"))
                days.append(publishing.asked(home, "day", day, rounds - 1 - number))
            audits = {OURS: [publishing.audited(home) for _ in range(rounds)]}
        for engine in AUDITORS:
            for _ in range(rounds if engine in self.engines else 0):
                start = time.perf_counter()
                if self._ask(engine, "audit", 0):
                    audits.setdefault(engine, []).append(time.perf_counter() - start)
        return {
            "size": self.size,
            "a day through the house, witnessed": statistics.median(each["seconds"] for each in days),
            "of it CPU": statistics.median(each["cpu"] for each in days),
            "quickest day": min(each["seconds"] for each in days),
            "audits": {engine: statistics.median(seconds) for engine, seconds in audits.items()},
        }

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "engine": engine,
                "size": self.size,
                **{name: statistics.median(values) for name, values in self.found[engine].items()},
            }
            for engine in self.engines
            if engine in self.found and engine not in self.missing
        ]


def run(
    folder: Path,
    *,
    sizes: Sequence[int] = SIZES,
    day: int = DAY,
    batches: int = 100,
    proofs: int = 1_000,
    rounds: int = 3,
    engines: Sequence[str] = (OURS, *RIVALS),
    house: bool = True,
    rivals: Path = ROOT / ".venv-bench-log" / "bin" / "python",
    say: Callable[[str], None] = lambda words: None,
) -> dict[str, Any]:
    """The whole comparison; `folder` receives the logs, which are removed again. house: the way through one
    as well."""
    about = machine()
    rows: list[dict[str, Any]] = []
    houses: list[dict[str, Any]] = []
    missing: dict[str, str] = {}
    versions: dict[str, str] = {}
    disk: list[float] = []
    for size in sizes:
        comparison = Comparison(folder, rivals, size, engines)
        say(f"Filling logs of {size:,} entries.")
        comparison.fill()
        for number in range(1, rounds + 1):
            say(f"Round {number} of {rounds} at {size:,} entries.")
            comparison.round(day, batches, proofs)
        if house:
            say(f"A house with {size:,} entries, its witness and its audit.")
            houses.append(comparison.house(day, rounds))
        rows += comparison.rows()
        disk += comparison.disk
        missing |= comparison.missing
        versions |= comparison.versions
        shutil.rmtree(comparison.folder, ignore_errors=True)
    return {
        "machine": about,
        "load_after": os.getloadavg(),
        "day": day,
        "rounds": rounds,
        "rows": rows,
        "houses": houses,
        "missing": missing,
        "versions": versions,
        "disk": {"median": statistics.median(disk), "least": min(disk), "most": max(disk)},
        "targets": targets(rows, houses),
    }


def targets(rows: Sequence[Mapping[str, Any]], houses: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Our figures beside what was promised."""
    own = [row for row in rows if row["engine"] == OURS]
    own += [{**each, "audit": each["audits"][OURS]} for each in houses]
    found = []
    for figure, bound, more in TARGETS:
        for row in (row for row in own if figure in row):
            value = row[figure]
            met = value >= bound if more else value <= bound
            found.append({"figure": figure, "size": row["size"], "value": value, "bound": bound, "met": met})
    return found


def tell(results: Mapping[str, Any], console: Console) -> None:
    table = Table(title=f"A day of {results['day']:,} entries, and the rest", title_justify="left")
    for heading in ("engine", "entries before", *FIGURES):
        table.add_column(heading, justify="left" if heading == "engine" else "right")
    for row in results["rows"]:
        table.add_row(
            f"{row['engine'].removeprefix('log_')} {results['versions'][row['engine']]}",
            f"{row['size']:,}",
            *(f"{row[name]:,.0f}" if "a second" in name else shown(row[name], "s") for name in FIGURES),
        )
    console.print(table)
    house = Table(title=f"A day of {results['day']:,} entries through a house", title_justify="left")
    for heading in ("entries before", "witnessed", "of it CPU", "quickest", "audit", "aics audits its own"):
        house.add_column(heading, justify="right")
    for row in results["houses"]:
        seconds = (row["a day through the house, witnessed"], row["of it CPU"], row["quickest day"])
        audits = (row["audits"].get(engine) for engine in (OURS, *AUDITORS))
        house.add_row(
            f"{row['size']:,}",
            *(shown(each, "s") for each in seconds),
            *("-" if each is None else shown(each, "s") for each in audits),
        )
    console.print(house)
    for engine, why in results["missing"].items():
        console.print(f"Not measured: {engine}: {why}")
    for each in results["targets"]:
        value, bound = (
            (f"{each[key]:,.0f}/s" if "a second" in each["figure"] else shown(each[key], "s"))
            for key in ("value", "bound")
        )
        console.print(
            f"{each['figure']} at {each['size']:,}: {value}, target {bound}: {'met' if each['met'] else 'NO'}"
        )
    disk, about = results["disk"], results["machine"]
    console.print(
        f"One file of 8 KiB and its name on the disk: {shown(disk['median'], 's')} "
        f"({shown(disk['least'], 's')} to {shown(disk['most'], 's')}). "
        f"{about['processor']}, {about['cores']} cores, Python {about['python']}; "
        f"load average {about['load'][0]:.2f} before, {results['load_after'][0]:.2f} after."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="entries before")
    parser.add_argument("--rivals", type=Path, help="the Python that has the other logs installed")
    parser.add_argument("--alone", action="store_true", help="without the other logs")
    asked = parser.parse_args()
    console = Console()
    more = {"rivals": asked.rivals} if asked.rivals else {}
    results = run(
        BENCH / "log",
        sizes=asked.sizes,
        rounds=asked.rounds,
        engines=(OURS,) if asked.alone else (OURS, *RIVALS),
        say=lambda words: console.print(words, style="dim"),
        **more,
    )
    (BENCH / "log.json").write_text(json.dumps(results, indent=2), "utf-8")
    tell(results, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: Habeas beside four other engines and beside its own targets, in one run on one machine.

The same rules go to every engine, translated from the same condition trees (`translate`), and the same
requests (`vectors`). Each engine runs in a process of its own, in turns, several times round. Its decisions
are compared with ours by their hash: an engine that decides otherwise is not shown with a time, and neither
is one that cannot be run; both are named with the reason. Figures are medians over the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import measure, texts, translate, vectors  # noqa: E402
from habeas.app import assessing  # noqa: E402
from habeas.assess.rulebook import Consequence, Rulebook, rulebook  # noqa: E402
from habeas.request import Request  # noqa: E402

BENCH = ROOT / ".bench"
OURS = "ours"
RIVALS = ("cedar", "zen_rules", "rego", "openfisca")
ENGINES = (OURS, *RIVALS)
MANY = 262_144  # rows for the engines that decide whole columns
LONGEST = 120  # seconds for one engine in one round
# Which of our ways of asking another's is to be compared with: the same input, the same answer.
BESIDE = {
    "cedar, with findings": "habeas, with findings",
    "zen, decision alone": "habeas, decision alone",
    "zen, with findings": "habeas, with findings",
    "rego, with findings": "habeas, with findings",
    "openfisca, all at once": "habeas, all at once",
    "openfisca, columns": "habeas, columns",
    "floor, typed decode": "habeas, decision alone",
}


def prepare(folder: Path, book: Rulebook, cases: Sequence[Request], rows: int) -> list[vectors.Row]:
    """Write the rules in every language and the rows; gives the rows."""
    write_rules(folder, book)
    real = vectors.of_cases(cases, book)
    start = [*real, *(vectors.mildest(row, book) for row in real)]
    found = (real + vectors.drawn(start, rows))[:rows]
    vectors.write(folder, "requests", book.names, found)
    return found


def write_rules(folder: Path, book: Rulebook) -> None:
    """The rules in every language, where the engines look for them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rules.cedar").write_text(translate.cedar(book), "utf-8")
    (folder / "rules.zen").write_text(translate.zen_expression(book), "utf-8")
    (folder / "rules.zen.json").write_text(translate.zen_decision(book), "utf-8")
    (folder / "rules.rego").write_text(translate.rego(book), "utf-8")
    (folder / "rules_openfisca.py").write_text(translate.openfisca(book), "utf-8")


def prepare_columns(folder: Path, book: Rulebook, rows: Sequence[vectors.Row], count: int) -> None:
    vectors.write(folder, "columns", book.names, vectors.drawn(rows, count, seed=vectors.SEED + 1))


def python_of(engine: str) -> str:
    return sys.executable if engine == OURS else str(ROOT / ".venv-bench" / "bin" / "python")


def ask(engine: str, folder: Path) -> dict[str, Any] | str:
    """What an engine answers, or in one line why it does not."""
    python = python_of(engine)
    if not Path(python).exists():
        return "its environment .venv-bench is missing; `make bench` makes it"
    command = [python, str(ROOT / "benchmarks" / "rivals" / f"{engine}.py"), str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return f"it took more than {LONGEST} seconds"
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def verdict(theirs: Mapping[str, Any], ours: Mapping[str, Any], folder: Path) -> str:
    """Empty where decisions, and findings if both tell them, are the same; else what differs."""
    if "decisions" not in theirs:
        return ""
    if theirs["decisions"] != ours["decisions"]:
        pairs = zip(
            (folder / theirs["file"]).read_bytes(), (folder / ours["file"]).read_bytes(), strict=False
        )
        wrong = sum(one != other for one, other in pairs)
        return f"{wrong} of {ours['rows']} decisions differ from ours"
    if theirs["findings"] and ours["findings"] and theirs["findings"] != ours["findings"]:
        return "the decisions are the same, but not the findings they rest on"
    return ""


class Comparison:
    """The engines' answers, round by round."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, list[float]] = {}
        self.modes: dict[str, dict[str, Any]] = {}
        self.engines: dict[str, dict[str, Any]] = {}
        self.missing: dict[str, str] = {}

    def round(self, engines: Sequence[str]) -> None:
        for engine in engines:
            if engine in self.missing:
                continue
            report = ask(engine, self.folder)
            if isinstance(report, str):
                self.missing[engine] = report
                continue
            self.engines[engine] = report
            for mode in report["modes"]:
                self.seconds.setdefault(mode["name"], []).append(mode["seconds"] / mode["rows"])
                self.modes[mode["name"]] = mode

    def rows(self) -> list[dict[str, Any]]:
        """One for each way of asking, ours first; `refused` says why a time is not to be shown."""
        found = []
        for name, mode in self.modes.items():
            seconds = self.seconds[name]
            beside = BESIDE.get(name)
            refused = ""
            ratio = 1.0
            if beside in self.modes:
                refused = verdict(mode, self.modes[beside], self.folder)
                ratio = statistics.median(seconds) / statistics.median(self.seconds[beside])
            found.append(
                {
                    "name": name,
                    "beside": beside,
                    "microseconds": statistics.median(seconds) * 1e6,
                    "least": min(seconds) * 1e6,
                    "most": max(seconds) * 1e6,
                    "per_second": 1 / statistics.median(seconds),
                    "times_ours": ratio,
                    "decisions": mode.get("decisions"),
                    "findings": mode.get("findings"),
                    "refused": refused,
                }
            )
        return found


# What a history holds: words of each statement of facts, and whether no two lines cite the same provision.
HISTORIES = (
    ("30-60 words", (30, 60), False),
    ("30-60 words, every citation new", (30, 60), True),
    ("150 words", (140, 160), False),
)


class Own:
    """Habeas beside its targets: every figure once a round, the median at the end."""

    def __init__(self, book: Rulebook, rows: Sequence[vectors.Row], cases: Sequence[Request]) -> None:
        self.book, self.rows, self.cases = book, rows, cases
        self.english = [case for case in cases if case.language == "en"]
        self.settings = assessing.Settings(on=vectors.ON)
        self.found: dict[str, list[float]] = {}

    def _add(self, name: str, value: float) -> None:
        self.found.setdefault(name, []).append(value)

    def histories(self, folder: Path, count: int, number: int) -> Iterator[tuple[str, Path]]:
        """The histories of one round, with other texts than those of the rounds before."""
        for name, words, fresh in HISTORIES:
            path = folder / f"history-{name.replace(' ', '-').replace(',', '')}.jsonl"
            seed = vectors.SEED + number
            texts.write_history(
                path, texts.history(self.english, count, words, seed=seed, new_citations=fresh)
            )
            yield name, path

    def round(self, folder: Path, count: int, number: int) -> None:
        self._add("noise", measure.noise())
        for name, seconds in (
            ("decision without trace", measure.decisions(self.book, self.rows)),
            ("decision with trace", measure.traced(self.book, self.rows)),
            ("typed decode of a request", measure.typed_decode(self.cases)),
            ("whole assessment, English", measure.whole(self.settings, self.english)),
        ):
            self._add(f"{name}, p50", statistics.median(seconds))
            self._add(f"{name}, p90", statistics.quantiles(seconds, n=10)[-1])
        of_language: dict[str, list[Request]] = {}
        for case in self.cases:
            of_language.setdefault(case.language or "?", []).append(case)
        halves = [statistics.median(measure.whole(self.settings, each)) for each in of_language.values()]
        self._add(f"whole assessment, mean of the p50 of {len(halves)} languages", statistics.fmean(halves))
        for name, path in self.histories(folder, count, number):
            done, seconds_of_all = measure.streamed(path, self.settings)
            self._add(f"streamed, {name}", done / seconds_of_all)
        for name, seconds_of_step in measure.loading(self.english[0]).items():
            self._add(f"loading, {name}", seconds_of_step)

    def medians(self) -> dict[str, float]:
        medians = {name: statistics.median(values) for name, values in self.found.items()}
        medians["columns, bytes a row"] = measure.column_bytes(self.book, self.rows)
        return medians


class Target:
    """What a figure should be at most or at least."""

    def __init__(self, figure: str, bound: float, unit: str, *, at_least: bool = False) -> None:
        self.figure, self.bound, self.unit, self.at_least = figure, bound, unit, at_least

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'>=' if self.at_least else '<='} {shown(self.bound, self.unit)}"


TARGETS = (
    Target("decision without trace, p50", 25e-6, "s"),
    Target("decision with trace, p50", 75e-6, "s"),
    Target("whole assessment, English, p50", 1e-3, "s"),
    Target("columns, rows a second", 5e6, "/s", at_least=True),
    Target("columns, bytes a row", 300, "bytes"),
    Target("streamed, 30-60 words", 4000, "/s", at_least=True),
)


def unit_of(figure: str) -> str:
    if figure.startswith("streamed") or figure.endswith("a second"):
        return "/s"
    return "bytes" if "bytes" in figure else "s"


def shown(value: float, unit: str) -> str:
    if unit == "s":
        if value < 1e-6:
            return f"{value * 1e9:,.0f} ns"
        return f"{value * 1e6:,.1f} us" if value < 1e-3 else f"{value * 1e3:,.1f} ms"
    return f"{value:,.0f}{unit if unit == '/s' else f' {unit}'}"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    about = Path("/proc/cpuinfo")
    lines = about.read_text("utf-8").splitlines() if about.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "processor": model or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
    }


def tell(results: Mapping[str, Any], console: Console) -> None:
    """The tables for the terminal."""
    table = Table(title=f"The same {results['rows']:,} requests under the same rules", title_justify="left")
    for heading in (
        "engine",
        "one decision",
        "least - most",
        "decisions a second",
        "beside ours",
        "same decisions",
    ):
        table.add_column(heading, justify="left" if heading == "engine" else "right")
    for row in results["engines"]:
        if row["refused"]:
            table.add_row(row["name"], "-", "-", "-", "-", f"NO: {row['refused']}")
            continue
        agreed = "" if row["beside"] is None or row["decisions"] is None else "yes"
        table.add_row(
            row["name"],
            shown(row["microseconds"] / 1e6, "s"),
            f"{row['least']:,.2f} - {row['most']:,.2f} us",
            f"{row['per_second']:,.0f}",
            f"{row['times_ours']:,.1f} x" if row["beside"] else "",
            "yes, and findings" if agreed and row["findings"] else agreed,
        )
    console.print(table)
    for engine, why in results["missing"].items():
        console.print(f"Not measured: {engine}: {why}")
    for engine, notes in results["notes"].items():
        for note in notes:
            console.print(f"{engine}: {note}")
    loaded = ", ".join(
        f"{engine} {results['versions'][engine]} {shown(seconds, 's')}"
        for engine, seconds in results["load_seconds"].items()
    )
    console.print(f"Reading the rules once, with the import where it cannot be parted: {loaded}")
    spread = ", ".join(f"{word} {count}" for word, count in results["spread"].items())
    console.print(f"What the requests lead to: {spread}")
    console.print()
    own = Table(title="Habeas beside its targets", title_justify="left")
    for heading in ("figure", "median", "target", "met"):
        own.add_column(heading, justify="left" if heading == "figure" else "right")
    targets = {target.figure: target for target in TARGETS}
    for figure, value in results["own"].items():
        target = targets.get(figure)
        met = "" if target is None else "yes" if target.met(value) else "NO"
        own.add_row(figure, shown(value, unit_of(figure)), str(target or ""), met)
    console.print(own)
    about = results["machine"]
    least, most = results["noise"]
    console.print(
        f"{about['processor']}, {about['cores']} cores, Python {about['python']}; load average "
        f"{about['load'][0]:.2f} before and {results['load_after'][0]:.2f} after. The same loop took "
        f"{least * 1e3:.1f} to {most * 1e3:.1f} ms in the rounds: differences below "
        f"{(most / least - 1) * 100:.0f} % are the machine's own. {results['minutes']:.1f} minutes."
    )


def run(
    folder: Path,
    *,
    rows: int,
    many: int,
    rounds: int,
    lines: int,
    engines: Sequence[str] = ENGINES,
    say: Callable[[str], None] = lambda words: None,
) -> dict[str, Any]:
    """The whole comparison; `folder` receives rules, rows and histories."""
    began = time.monotonic()
    about = machine()
    book = rulebook()
    cases = texts.cases()
    say(f"Writing the rules in five languages and {rows:,} requests.")
    found = prepare(folder, book, cases, rows)
    prepare_columns(folder, book, found, many)
    comparison = Comparison(folder)
    own = Own(book, found, cases)
    measure.whole(own.settings, cases)  # words and law are read before the clock starts
    for number in range(1, rounds + 1):
        say(f"Round {number} of {rounds}.")
        comparison.round(engines)
        own.round(folder, lines, number)
    figures = own.medians()
    noise = own.found["noise"]
    figures.pop("noise")
    if "habeas, columns" in comparison.seconds:
        figures["columns, rows a second"] = 1 / statistics.median(comparison.seconds["habeas, columns"])
    words = {each.value: each.word for each in Consequence}
    return {
        "rows": rows,
        "rounds": rounds,
        "machine": about,
        "load_after": os.getloadavg(),
        "noise": [min(noise), max(noise)],
        "rules": book.version,
        "spread": {words[key]: count for key, count in vectors.spread(found, book).items()},
        "engines": comparison.rows(),
        "versions": {engine: report["version"] for engine, report in comparison.engines.items()},
        "load_seconds": {engine: report["load_seconds"] for engine, report in comparison.engines.items()},
        "missing": comparison.missing,
        "notes": {engine: report["notes"] for engine, report in comparison.engines.items()},
        "own": dict(sorted(figures.items())),
        "minutes": (time.monotonic() - began) / 60,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each engine is asked")
    parser.add_argument("--rows", type=int, default=2_000, help="requests that every engine decides")
    parser.add_argument("--lines", type=int, default=2_000, help="requests of each streamed history")
    parser.add_argument("--alone", action="store_true", help="without the other engines")
    asked = parser.parse_args()
    console = Console()
    results = run(
        BENCH,
        rows=asked.rows,
        many=MANY,
        rounds=asked.rounds,
        lines=asked.lines,
        engines=(OURS,) if asked.alone else ENGINES,
        say=lambda words: console.print(words, style="dim"),
    )
    (BENCH / "results.json").write_text(json.dumps(results, indent=2), "utf-8")
    tell(results, console)
    console.print(f"All figures: {(BENCH / 'results.json').relative_to(ROOT)}")
    return 1 if any(row["refused"] for row in results["engines"]) else 0


if __name__ == "__main__":
    sys.exit(main())

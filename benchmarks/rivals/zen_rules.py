"""ZEN through zen-engine: a compiled expression for the decision alone, a decision table for all findings."""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import zen
from exchange import WARM_UP, Answer, Requests, clocked, mode, told


def main(folder: Path) -> None:
    requests = Requests(folder)
    expression = (folder / "rules.zen").read_text("utf-8")
    table = (folder / "rules.zen.json").read_text("utf-8")
    start = time.perf_counter()
    compiled = zen.compile_expression(expression)
    decision = zen.ZenEngine().create_decision(table)
    loaded = time.perf_counter() - start

    def decide(rows: list[str]) -> list[Answer]:
        return [(int(compiled.evaluate(row)), None) for row in rows]

    def collect(rows: list[str]) -> list[Answer]:
        answers: list[Answer] = []
        for row in rows:
            found = decision.evaluate(row)["result"]
            strongest = max((each["consequence"] for each in found), default=0)
            answers.append((strongest, [each["code"] for each in found]))
        return answers

    rows = [json.dumps(dict(zip(requests.names, row, strict=True))) for row in requests.rows]
    modes = []
    for name, run in (("zen, decision alone", decide), ("zen, with findings", collect)):
        seconds, answers = clocked(run, rows, rows[:WARM_UP])
        modes.append(mode(folder, name, seconds, answers))
    told(version("zen-engine"), loaded, modes)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

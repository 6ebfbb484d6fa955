"""Rego through regopy (rego-cpp): a compiled bundle with the set of findings.

The strongest consequence is taken from the findings here, as for Cedar: this engine's `max` is tried first,
and its answer is reported where it is wrong.
"""

from __future__ import annotations

import sys
import time
from importlib.metadata import version
from pathlib import Path

from exchange import WARM_UP, Answer, Requests, clocked, mode, told
from regopy import Input, Interpreter

_ENTRY = "habeas/findings"


def main(folder: Path) -> None:
    requests = Requests(folder)
    module = (folder / "rules.rego").read_text("utf-8")
    start = time.perf_counter()
    interpreter = Interpreter()
    interpreter.add_module("habeas", module)
    bundle = interpreter.build(None, [_ENTRY])
    loaded = time.perf_counter() - start

    def decide(rows: list[Input]) -> list[Answer]:
        answers: list[Answer] = []
        for row in rows:
            interpreter.set_input(row)
            found = interpreter.query_bundle_entrypoint(bundle, _ENTRY)[0].expressions[0]
            strongest = max((consequence for _, consequence in found), default=0)
            answers.append((strongest, [code for code, _ in found]))
        return answers

    rows = [Input(dict(zip(requests.names, row, strict=True))) for row in requests.rows]
    seconds, answers = clocked(decide, rows, rows[:WARM_UP])
    notes = []
    largest = Interpreter().query("max([9, 10])")[0].expressions[0]
    if largest != 10:
        notes.append(
            f"its max([9, 10]) is {largest}; the strongest consequence is therefore taken outside it"
        )
    told(version("regopy"), loaded, [mode(folder, "rego, with findings", seconds, answers)], notes)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Cedar through cedarpy: one `forbid` policy for each finding, over two booleans for each fact.

Policies and (no) entities are parsed once; the context is given as JSON text, which spares cedarpy from
writing it. The policies that decided are named in the answer; the strongest consequence is taken from them.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import cedarpy
from exchange import WARM_UP, Answer, Requests, clocked, mode, told


def main(folder: Path) -> None:
    requests = Requests(folder)
    text = (folder / "rules.cedar").read_text("utf-8")
    start = time.perf_counter()
    policies = cedarpy.PolicySet.from_str(text)
    loaded = time.perf_counter() - start
    nobody = cedarpy.Entities.from_json_str("[]")

    def asked(row: bytes) -> dict[str, str]:
        context = {}
        for name, value in zip(requests.names, row, strict=True):
            context[f"{name}_met"] = value == 2
            context[f"{name}_unmet"] = value == 0
        who = {"principal": 'Authority::"a"', "action": 'Action::"ask"', "resource": 'Account::"x"'}
        return {**who, "context": json.dumps(context)}

    def decide(rows: list[dict[str, str]]) -> list[Answer]:
        answers: list[Answer] = []
        for result in cedarpy.is_authorized_batch(rows, policies, nobody):
            ids = result.diagnostics.id_annotations_by_reason.values()
            found = [
                (int(code), int(consequence)) for code, _, consequence in (i.partition(":") for i in ids)
            ]
            strongest = max((consequence for _, consequence in found), default=0)
            answers.append((strongest, [code for code, _ in found]))
        return answers

    rows = [asked(row) for row in requests.rows]
    seconds, answers = clocked(decide, rows, rows[:WARM_UP])
    results = cedarpy.is_authorized_batch(rows, policies, nobody)
    inside = statistics.median(result.metrics["authz_duration_micros"] for result in results)
    notes = [
        f"by its own clock it spends {inside:.0f} us of a decision on the policies; the rest goes into "
        "request and answer on their way in and out of Python"
    ]
    told(version("cedarpy"), loaded, [mode(folder, "cedar, with findings", seconds, answers)], notes)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

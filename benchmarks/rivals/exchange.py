"""What every engine of the comparison reads, and the form in which it answers.

Read: `requests.json` (names of the facts, number of rows) and `requests.bin` (a row of bytes for each
request, 0 not met, 1 not shown, 2 met). Answered: the strongest consequence of each request as one byte, and
which findings it rests on as their codes. Timed is the deciding alone: an engine gets its input beforehand in
the form that it takes most quickly, and the first rows are decided once before the clock starts.

Needs nothing but Python, so that it runs in any environment.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

WARM_UP = 50  # rows decided before the clock starts
_BETWEEN = 255  # between the codes of two requests; no code is so large

Answer = tuple[
    int, "Sequence[int] | None"
]  # the strongest consequence; the codes of its findings, or not told


class Requests:
    """The rows of a folder: `names` of the facts and one bytes object for each request."""

    def __init__(self, folder: Path, name: str = "requests") -> None:
        head = json.loads((folder / f"{name}.json").read_text("utf-8"))
        data = (folder / f"{name}.bin").read_bytes()
        self.folder = folder
        self.names: list[str] = head["names"]
        self.data = data
        width = len(self.names)
        self.rows = [data[start : start + width] for start in range(0, len(data), width)]


def clocked(run: Callable[[Any], Any], rows: Any, warm: Any) -> tuple[float, Any]:
    """Seconds that `run(rows)` takes after `run(warm)`, and its result."""
    run(warm)
    start = time.perf_counter()
    result = run(rows)
    return time.perf_counter() - start, result


def mode(folder: Path, name: str, seconds: float, answers: Sequence[Answer]) -> dict[str, Any]:
    """One way of asking an engine, as it goes into the report; the decisions are left in a file beside."""
    decisions = bytes(strongest for strongest, _ in answers)
    codes = None
    if all(found is not None for _, found in answers):
        codes = bytes(code for _, found in answers for code in [*sorted(found or ()), _BETWEEN])
    file = f"decisions-{name.replace(' ', '-').replace(',', '')}.bin"
    (folder / file).write_bytes(decisions)
    return {
        "name": name,
        "seconds": seconds,
        "rows": len(answers),
        "decisions": hashlib.sha256(decisions).hexdigest(),
        "findings": hashlib.sha256(codes).hexdigest() if codes is not None else None,
        "file": file,
    }


def told(version: str, load_seconds: float, modes: list[dict[str, Any]], notes: Sequence[str] = ()) -> None:
    """Print the report of one engine as one line of JSON."""
    report = {"version": version, "load_seconds": load_seconds, "modes": modes, "notes": list(notes)}
    sys.stdout.write(json.dumps(report) + "\n")

"""How long Habeas takes: one decision, one whole assessment, a streamed history, loading.

Every function here runs once and gives plain numbers; repeating, interleaving and medians are for `run`.
Times are wall-clock seconds of one process on one core.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from benchmarks.texts import as_sent
from habeas.app import assessing
from habeas.assess.logic import Three
from habeas.assess.rulebook import Rulebook
from habeas.request import Request, to_native

CHUNK = 32_768  # rows of columns at a time
_NOISE_LOOP = 200_000


def each(run: Callable[[Any], object], arguments: Iterable[Any]) -> list[float]:
    """Seconds of every single call."""
    seconds = []
    for argument in arguments:
        start = time.perf_counter()
        run(argument)
        seconds.append(time.perf_counter() - start)
    return seconds


def decisions(book: Rulebook, rows: Sequence[Sequence[int]]) -> list[float]:
    return each(book.decide, rows)


def traced(book: Rulebook, rows: Sequence[Sequence[int]]) -> list[float]:
    """With the trace: what each rule says, and for all that is not met the facts used and those missing."""
    threes = tuple(Three)

    def explain(row: Sequence[int]) -> list[object]:
        _strongest, said = book.outcomes(row)
        facts = {name: threes[value] for name, value in zip(book.names, row, strict=True)}
        return [
            book.rules[rule][0].condition.reasons(facts) for rule, outcome, _weight in said if outcome != 2
        ]

    return each(explain, rows)


def column_bytes(book: Rulebook, rows: Sequence[Sequence[int]]) -> float:
    """Bytes a row that deciding a chunk of columns holds at most, the facts themselves included."""
    chunk = np.ascontiguousarray(np.resize(np.array(rows, np.int8), (CHUNK, len(book.names))).T)
    columns = dict(zip(book.names, chunk, strict=True))
    book.decide_columns(columns)
    tracemalloc.start()
    book.decide_columns(columns)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return len(book.names) + peak / CHUNK


def whole(settings: assessing.Settings, requests: Sequence[Request]) -> list[float]:
    """Whole assessments: facts from the words, the law and the request, findings, questions, ceilings."""
    return each(settings.assess, requests)


def typed_decode(requests: Sequence[Request]) -> list[float]:
    """Reading a request from JSON into its types, and nothing else: the floor of every assessment."""
    return each(msgspec.json.Decoder(Request).decode, [to_native(request) for request in requests])


def streamed(path: Path, settings: assessing.Settings) -> tuple[int, float]:
    """Answers with full findings, and the seconds for all of them; they are encoded and thrown away."""
    with open(os.devnull, "wb") as nowhere:
        start = time.perf_counter()
        progress = assessing.batch(str(path), settings, nowhere, nowhere)
        return progress.done, time.perf_counter() - start


_LOADING = """
import json, sys, time
from datetime import date
told, last = {}, time.perf_counter()
def lap(name):
    global last
    now = time.perf_counter(); told[name] = now - last; last = now
from habeas import treaty
from habeas.app import assessing
from habeas import atlas as national
lap("import")
from habeas.assess.rulebook import rulebook
book = rulebook(); book.outcomes
lap("rulebook")
treaty.law()
lap("treaties and seats")
national.atlas().version
lap("atlas")
from habeas.assess.lexicon import lexicon
from habeas.assess.phrasebook import phrasebook
lexicon("en"); phrasebook("en")
lap("words of one language")
from habeas.request.formats.native import decode
request = decode(sys.stdin.buffer.read())
last = time.perf_counter()
settings = assessing.Settings(on=date(2026, 11, 21))
settings.assess(request)
lap("first assessment")
settings.assess(request)
lap("second assessment")
print(json.dumps(told))
"""


def loading(request: Request) -> dict[str, float]:
    """Seconds of each step of a new process, up to its first and second assessment."""
    command = [sys.executable, "-c", _LOADING]
    done = subprocess.run(command, input=as_sent(request), capture_output=True, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def noise() -> float:
    """Seconds of a loop that always does the same: how much the machine itself varies."""
    start = time.perf_counter()
    total = 0
    for number in range(_NOISE_LOOP):
        total += number & 7
    return time.perf_counter() - start

"""Habeas in the comparison, under the same protocol as the others, and the floor below it.

The floor is a typed decode of the same facts from JSON, without deciding anything: no engine that is given
JSON can be quicker.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from exchange import WARM_UP, Answer, Requests, clocked, mode, told

CHUNK = 32_768  # rows of columns decided at a time: they stay in the processor's cache


def main(folder: Path) -> None:
    start = time.perf_counter()
    import habeas
    from habeas.assess.rulebook import rulebook

    book = rulebook()
    run, trace = book.decide, book.outcomes
    loaded = time.perf_counter() - start

    def decide(rows: list[bytes]) -> list[Answer]:
        return [(run(row), None) for row in rows]

    def explain(rows: list[bytes]) -> list[Answer]:
        answers: list[Answer] = []
        for row in rows:
            strongest, said = trace(row)
            answers.append((strongest, [2 * rule + outcome for rule, outcome, weight in said if weight]))
        return answers

    requests = Requests(folder)
    modes = []
    for name, asked in (("habeas, decision alone", decide), ("habeas, with findings", explain)):
        seconds, answers = clocked(asked, requests.rows, requests.rows[:WARM_UP])
        modes.append(mode(folder, name, seconds, answers))

    def columns(table: Any) -> Any:
        parts = []
        for begin in range(0, table.shape[1], CHUNK):
            chunk = table[:, begin : begin + CHUNK]
            parts.append(book.decide_columns(dict(zip(book.names, chunk, strict=True))))
        return np.concatenate(parts)

    for table, name in (("requests", "habeas, all at once"), ("columns", "habeas, columns")):
        many = Requests(folder, table)
        data = np.frombuffer(many.data, np.int8).reshape(-1, len(many.names)).T
        data = np.ascontiguousarray(data)
        seconds, strongest = clocked(columns, data, data[:, :WARM_UP])
        modes.append(mode(folder, name, seconds, [(value, None) for value in strongest.tolist()]))

    facts = msgspec.defstruct("Facts", [(name, int) for name in requests.names])
    decoder = msgspec.json.Decoder(facts)
    texts = [json.dumps(dict(zip(requests.names, row, strict=True))).encode() for row in requests.rows]

    def decode(rows: list[bytes]) -> list[object]:
        return [decoder.decode(row) for row in rows]

    seconds, decoded = clocked(decode, texts, texts[:WARM_UP])
    modes.append({"name": "floor, typed decode", "seconds": seconds, "rows": len(decoded)})
    told(habeas.__version__, loaded, modes)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The requests of the comparison: rows of facts, some of the labelled cases, most drawn from a stated seed.

Facts drawn evenly would nearly all be refused for some reason or other, and an engine that always said so
would look right. So the draw starts from the facts of the labelled cases and from each case's mildest
neighbour (the nearest row at which less and less follows), and a few facts to all of them are drawn anew.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from habeas.assess.facts import Knowledge, Matter, establish, seat_of
from habeas.assess.rulebook import Rulebook
from habeas.request import Request

ON = date(2026, 11, 21)  # the day on which everything here is assessed
SEED = 20261121
_REDRAWN = (0.02, 0.05, 0.1, 0.3, 1.0)  # shares of the facts that are drawn anew

Row = tuple[int, ...]


def of_cases(cases: Sequence[Request], book: Rulebook) -> list[Row]:
    """The facts of each case, in the order of `book.names`."""
    matters = [Matter(case, seat_of(case), Knowledge()) for case in cases]
    return [sheet.values for sheet in establish(matters, ON, book)]


def mildest(row: Row, book: Rulebook) -> Row:
    """The row reached by changing one fact after the other as long as less follows."""
    values = list(row)

    def weight() -> tuple[int, int]:
        strongest, said = book.outcomes(values)
        return strongest, sum(consequence for _rule, _outcome, consequence in said)

    least = weight()
    for place in range(len(values)):
        kept = values[place]
        for other in (0, 1, 2):
            values[place] = other
            if (now := weight()) < least:
                least, kept = now, other
        values[place] = kept
    return tuple(values)


def drawn(start: Sequence[Row], count: int, *, seed: int = SEED) -> list[Row]:
    """`count` rows near those of `start`: the same seed gives the same rows."""
    chance = random.Random(seed)
    rows = []
    for _ in range(count):
        share = chance.choice(_REDRAWN)
        row = chance.choice(start)
        rows.append(tuple(chance.randrange(3) if chance.random() < share else value for value in row))
    return rows


def write(folder: Path, name: str, names: Sequence[str], rows: Sequence[Row]) -> None:
    """The rows as the engines read them (see `rivals/exchange.py`)."""
    (folder / f"{name}.json").write_text(json.dumps({"names": list(names), "rows": len(rows)}), "utf-8")
    (folder / f"{name}.bin").write_bytes(b"".join(map(bytes, rows)))


def spread(rows: Sequence[Row], book: Rulebook) -> dict[int, int]:
    """How many rows lead to each strongest consequence: a sample that shows little would prove little."""
    return dict(sorted(Counter(book.decide(row) for row in rows).items()))

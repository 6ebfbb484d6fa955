"""How long a transparency report takes: `python -m benchmarks.report [entries]`, ten million by default.

Entries are columns with dictionaries, as they come out of the store, drawn from a seed: two hundred states,
three footings, a year. Timed is the whole way from the columns to a `Report` that passed the attacker, then
its page and its package; and the same from entries as values, for a house of ordinary size. Kinds are drawn
each for itself, so answers do not belong to requests: that gives the attacker more to do than a real house.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

import numpy as np
import pyarrow as pa

from habeas.desk.public import Counted
from habeas.reports.transparency import House, Period, as_html, package, report
from habeas.reports.transparency.figures import FIELDS
from habeas.reports.transparency.tables import KINDS, parts

ENTRIES = 10_000_000
VALUES = 100_000  # entries of a busy provider in a year, as values
TARGET = 5.0  # seconds for ten million entries on two cores
YEAR = Period(first="2026-01", last="2026-12")
SEED = bytes(range(32))
LICENCE = ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")

Made = TypeVar("Made")


def entries(number: int) -> pa.Table:
    """So many entries as columns; the first words of each list are the most frequent."""
    draw = np.random.default_rng(1)
    known = {part.name: part.values for every in parts().values() for part in every}
    states = tuple(f"{chr(65 + at // 26)}{chr(65 + at % 26)}X" for at in range(200))
    words: dict[str, Sequence[str]] = {
        "kind": KINDS,
        "month": YEAR.months,
        "door": known["door"],
        "state": states,
        "instrument": known["instrument"],
        "measure": known["measure"],
        "categories": ("subscriber", "subscriber traffic", "content subscriber", "traffic", ""),
        "offences": (*known["offences"], "defamation unknown"),
        "basis": known["basis"],
        "authorisation": known["authorisation"],
        "footing": ("request", "direct", "order"),
        "emergency": ("", "claimed", "verified"),
        "decision": known["decision"],
        "ground": (*known["ground"], "persecution | scope"),
        "how": ("", "conditions", "fewer-accounts"),
        "given": ("subscriber", "subscriber traffic", ""),
        "accounts": tuple(map(str, range(1, 50))),
        "days": tuple(map(str, range(400))),
        "again": ("", "yes"),
    }

    def column(values: Sequence[str]) -> pa.DictionaryArray:
        weights = 1 / np.arange(1, len(values) + 1)
        codes = draw.choice(len(values), number, p=weights / weights.sum()).astype(np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(values), pa.string()))

    return pa.table({field: column(words[field]) for field in FIELDS})


def timed(what: str, run: Callable[[], Made]) -> Made:
    start = time.perf_counter()
    made = run()
    print(f"{what:<44} {time.perf_counter() - start:7.2f} s")
    return made


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    house, made = House(name="Provider One"), date(2027, 1, 20)
    table = entries(number)
    whole = timed(
        f"report of {number:,} entries in columns",
        lambda: report(table, YEAR, house=house, seed=SEED, made=made),
    )
    timed("its page", lambda: as_html(whole))
    files = timed("its package", lambda: package(whole, licence=LICENCE))
    values = [Counted(**row) for row in table.slice(0, VALUES).to_pylist()]
    timed(
        f"report of {len(values):,} entries as values",
        lambda: report(values, YEAR, house=house, seed=SEED, made=made),
    )
    size = sum(map(len, files.values())) / 1e6
    print(
        f"{len(whole.cells):,} numbers, {size:.1f} MB of open data, draws {[u.attempt for u in whole.units]}"
    )


if __name__ == "__main__":
    main()

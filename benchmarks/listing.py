"""What the list of cases costs in the store, for every choice of its filters: `python -m benchmarks.listing`.

The rows are those of the store's own test: each kind of case in its share, what is chosen together never
meeting or meeting at the end, a state that hardly anybody is from. Nothing else is measured than the database
with what reads it; a page of the desk stands in `benchmarks.load`. Each view is read twice at two places, and
the quicker time counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.load import BENCH, DATABASES, quantile
from habeas.desk.queue import View
from habeas.store import listing
from tests.store.cases import Installation, connection, on_postgres, on_sqlite, steps
from tests.store.server import Server
from tests.store.test_listing import DEEP, VIEWS, fill, ids

SIZES = (1_000, 30_000, 1_000_000)


def measured(house: Installation, sizes: tuple[int, ...]) -> dict[int, list[dict[str, Any]]]:
    """By size, what each view cost."""
    store, found, start = house.open(), {}, 1
    for size in sizes:
        fill(store, size, start=start)
        start = size + 1
        found[size] = []
        for view, after in product(VIEWS, (listing.TOP, DEEP)):
            read = partial(ids, store, view, after)
            cost = {"view": _words(view), "deep": after is DEEP, "seconds": min(_seconds(read) for _ in "ab")}
            if house.kind == "sqlite":
                cost["steps"] = steps(read, connection(store))
            found[size].append(cost)
    return found


def _seconds(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _words(view: View) -> str:
    said = {name: getattr(view, name) for name in view.__struct_fields__}
    return ", ".join(f"{name} {value}" for name, value in said.items() if value not in ("", None, (), False))


def tell(kind: str, found: dict[int, list[dict[str, Any]]], console: Console) -> None:
    table = Table(title=f"{kind}: a page of each of {len(VIEWS)} views, at two places")
    for heading in ("cases", "median", "p95", "longest", "SQLite's steps at most", "the longest"):
        table.add_column(heading, justify="left" if heading == "the longest" else "right")
    for size, costs in found.items():
        seconds = [each["seconds"] for each in costs]
        worst = max(costs, key=lambda each: each["seconds"])
        times = (statistics.median(seconds), quantile(seconds, 0.95), worst["seconds"])
        taken = max(each.get("steps", 0) for each in costs)
        table.add_row(
            f"{size:,}",
            *(f"{each * 1e3:.2f} ms" for each in times),
            f"{taken:,}" if taken else "",
            worst["view"] or "all open",
        )
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=DATABASES, action="append", help="one of the two")
    parser.add_argument("--cases", type=int, action="append", help="how many; can be said several times")
    asked = parser.parse_args()
    sizes = tuple(sorted(asked.cases or SIZES))
    BENCH.mkdir(exist_ok=True)
    for kind in asked.database or DATABASES:
        with tempfile.TemporaryDirectory(prefix="habeas-listing-") as folder:
            if kind == "sqlite":
                house, server = on_sqlite(Path(folder)), None
            else:
                server = Server(durable=True)
                house = on_postgres(Path(folder), server.new_database(), server.data)
            try:
                found = measured(house, sizes)
            finally:
                house.close()
                if server is not None:
                    server.close()
        (BENCH / f"listing-{kind}.json").write_text(json.dumps(found, indent=2), "utf-8")
        tell(kind, found, Console())


if __name__ == "__main__":
    main()

"""The run over every choice of filters, small: each view is read at both places, and its cost is counted."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from benchmarks import listing
from tests.store.cases import on_sqlite
from tests.store.test_listing import VIEWS


def test_every_view_is_read_and_the_longest_is_named(tmp_path: Path) -> None:
    house = on_sqlite(tmp_path)
    found = listing.measured(house, (50, 100))
    house.close()
    assert {size: len(costs) for size, costs in found.items()} == dict.fromkeys((50, 100), 2 * len(VIEWS))
    assert all(each["steps"] > 0 and each["seconds"] > 0 for each in found[100])
    said = io.StringIO()
    listing.tell("sqlite", found, Console(file=said, width=200))
    assert "100" in said.getvalue()
    assert f"{max(each['steps'] for each in found[100]):,}" in said.getvalue()

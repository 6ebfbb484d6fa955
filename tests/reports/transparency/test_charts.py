"""A bar shows the number of its own row, in either direction, and says nothing that the row does not."""

from __future__ import annotations

import re

from habeas.reports.transparency.charts import bars

ROWS = [("Germany", 20, "20"), ("France", 5, "5")]


def _drawn(side: str, found: str) -> str:
    [drawn] = re.findall(rf'class="bar" [^/]*?{side}="([\d.]+)%"', found)
    return str(drawn)


def test_bars_share_a_scale_and_stand_under_the_name_of_their_row() -> None:
    found = bars(ROWS)
    assert {name: _drawn("width", str(bar)) for name, bar in found.items()} == {
        "Germany": "100.000",
        "France": "25.000",
    }
    assert all('aria-hidden="true"' in bar for bar in found.values())


def test_bars_grow_from_the_right_where_the_script_does() -> None:
    found = bars(ROWS, rtl=True)
    assert [_drawn("x", str(bar)) for bar in found.values()] == ["0.000", "75.000"]


def test_nothing_is_drawn_where_all_is_zero() -> None:
    assert not bars([("a", 0, "0")])
    assert not bars([])

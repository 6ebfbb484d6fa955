"""A chart says in words what it draws, in either direction, and never lets words become marks."""

from __future__ import annotations

import re

import pytest

from habeas.reports.transparency.charts import bars

ROWS = [("Germany", 20, "20"), ("<b>France</b>", 5, "5")]


@pytest.mark.parametrize("paper", [False, True])
def test_bars_share_a_scale_and_carry_their_numbers(paper: bool) -> None:
    chart = str(bars(ROWS, "a title", paper=paper))
    assert re.findall(r'class="bar" x="0.000%" y="[^"]+" width="([\d.]+)%"', chart) == ["100.000", "25.000"]
    assert "a title" in chart
    assert "&lt;b&gt;France" in chart
    assert "<b>France" not in chart


@pytest.mark.parametrize("paper", [False, True])
def test_bars_grow_from_the_right_where_the_script_does(paper: bool) -> None:
    chart = str(bars(ROWS, "t", rtl=True, paper=paper))
    assert re.findall(r'class="bar" x="([\d.]+)%"', chart) == ["0.000", "75.000"]


def test_nothing_is_drawn_where_all_is_zero() -> None:
    assert not bars([("a", 0, "0")], "t")
    assert not bars([], "t")

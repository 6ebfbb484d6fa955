"""The load run, small: three people, fifty cases, five seconds, and every page answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import load


def test_three_people_get_every_page_they_ask_for(tmp_path: Path) -> None:
    found = load.run(
        tmp_path,
        "sqlite",
        people=3,
        cases=50,
        warm_up=0,
        seconds=5,
        think=0.2,
        rounds=1,
        flat=False,
        console=Console(quiet=True),
    )
    [told] = found["rounds"]
    every = told["pages"]["all"]
    assert every["count"] > 5
    assert told["statuses"].keys() <= {"200", "302", "409"}  # two may come to one case at once
    assert any(kind.startswith("queue") for kind in told["pages"])
    assert told["cpu"]["web and worker"] > 0


def test_a_share_of_values_is_one_that_was_measured() -> None:
    values = [float(each) for each in range(1, 101)]
    assert [load.quantile(values, share) for share in (0.5, 0.95, 0.99, 1)] == [50, 95, 99, 100]
    assert load.quantile([7.0], 0.5) == 7.0


@pytest.mark.parametrize(
    ("status", "errors"), [(200, 0), (302, 0), (0, 1), (401, 1), (404, 1), (409, 1), (500, 1)]
)
def test_whatever_is_not_the_page_is_an_error(status: int, errors: int) -> None:
    assert load.figures([("case", 0.1, status, 10)])["errors"] == errors

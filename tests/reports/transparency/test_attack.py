"""Nobody who subtracts finds a small number: a linear programme tries it on everything ever published.

The programme is in `programme`; `python -m benchmarks.attack` tries it on many more histories.
"""

from __future__ import annotations

import numpy as np
import pytest

from habeas.reports.transparency import Cell, Period, Totals
from habeas.reports.transparency.attack import MIN_WIDTH, narrow
from tests.reports.transparency.histories import history
from tests.reports.transparency.programme import programme, published, small


@pytest.mark.parametrize(
    ("number", "requests", "states"),
    [
        (1, 3, 1),
        (2, 6, 2),
        (3, 12, 3),
        (4, 25, 8),
        (5, 60, 12),
        (6, 200, 6),
        (7, 500, 12),
        (8, 1, 1),
        (9, 9, 9),
    ],
)
def test_no_small_number_is_found_by_a_linear_programme(number: int, requests: int, states: int) -> None:
    period = Period(first="2025-01", last="2026-06")
    entries = history(number, requests=requests, states=states, period=period)
    lp = programme(entries, *published(entries, period))
    names = small(lp)
    draw = np.random.default_rng(number)
    asked = [names[at] for at in draw.permutation(len(names))[:40].tolist()]
    for name, least, most in lp.widths(asked):
        true = lp.truth[lp.names[name]]
        assert least <= true <= most
        assert most - least + 1 >= MIN_WIDTH, (name, true, least, most)


def cell(subject: str, count: int, footing: str = "request", state: str = "DEU") -> Cell:
    return Cell(unit="2026-H1", subject=subject, footing=footing, state=state, count=count)


def test_three_answers_shown_above_no_request_are_found_too_narrow() -> None:
    """At most four requests, at least one of each answer: none of them can be more than two."""
    shown = [cell("request", 0), *(cell(subject, 5) for subject in ("refusal", "reroute", "withdrawal"))]
    found = narrow(shown)
    assert {each.subject for each in found} >= {"refusal", "reroute", "withdrawal"}
    assert all((each.least, each.most) == (1, 2) for each in found if each.subject == "refusal")


def test_three_answers_to_three_states_above_no_request_are_found_too_narrow() -> None:
    """Each state asked once at least, and all of them together four times at most: none more than twice."""
    answers = zip(("refusal", "reroute", "withdrawal"), ("DEU", "FRA", "ESP"), strict=True)
    shown = [cell("request", 0, state=""), *(cell(subject, 5, state=state) for subject, state in answers)]
    found = narrow(shown)
    for state in ("DEU", "FRA", "ESP"):
        [row] = [each for each in found if (each.subject, each.state) == ("request", state)]
        assert (row.least, row.most) == (1, 2)


@pytest.mark.parametrize("state", ["DEU", "FRA"])
def test_two_answers_above_no_request_are_and_one_is_not(state: str) -> None:
    """Two leave each of them one to three; one can be one to four."""
    found = narrow([cell("request", 0), cell("refusal", 5), cell("reroute", 5, state=state)])
    assert {(each.least, each.most) for each in found if each.subject == "refusal"} >= {(1, 3)}
    assert narrow([cell("request", 0), cell("refusal", 5)]) == ()


def test_a_supposition_that_what_is_published_contradicts_is_dropped() -> None:
    assert narrow([cell("request", 0), cell("refusal", 50)]) == ()


def test_one_false_supposition_does_not_hide_what_another_shows() -> None:
    shown = [cell("request", 0), *(cell(subject, 5) for subject in ("refusal", "reroute", "withdrawal"))]
    false = [cell("objection", 0), cell("objection-answer", 50)]
    assert [each.subject for each in narrow([*shown, *false]) if each.state] == [
        each.subject for each in narrow(shown) if each.state
    ]


def test_months_that_leave_a_small_number_no_room_are_found() -> None:
    months = [Totals(month=f"2026-0{n}", counts={"request": 10 if n == 1 else 0}) for n in range(1, 7)]
    # Four at most in all, and six at least in January: no truth fits, so nothing is claimed.
    assert narrow([cell("request", 0)], months) == ()
    entries = {"2026-01": (0, 1)}
    found = narrow([], [Totals(month="2026-01", counts={"request": 5, "refusal": 0})], entries=entries)
    assert [(each.subject, each.least, each.most) for each in found if each.subject == "request"] == [
        ("request", 1, 1)
    ]


def test_the_house_never_finds_less_room_than_there_is() -> None:
    """Bounds passed along sums hold the truth, on every history."""
    for number in range(6):
        period = Period.half(2026, 1)
        entries = history(number, requests=15, states=3, period=period)
        reports, months, leaves = published(entries, period)
        assert narrow([c for each in reports for c in each.cells], months, entries=leaves) == ()

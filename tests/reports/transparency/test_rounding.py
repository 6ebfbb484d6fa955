"""Rounding keeps totals, moves nothing further than four, and adds nothing on average."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.reports.transparency import rounding
from tests.reports.transparency.histories import SEED

counts = st.lists(st.integers(0, 30), min_size=1, max_size=12)


@given(counts, st.integers(0, 4))
def test_each_count_goes_to_a_multiple_beside_it_and_so_does_every_stretch(
    line: list[int], start: int
) -> None:
    true = np.array(line)
    rounded = rounding.along(true, start)
    assert not (rounded % 5).any()
    assert (abs(rounded - true) < 5).all()
    for first in range(len(line)):
        for last in range(first, len(line)):
            assert abs(rounded[first : last + 1].sum() - true[first : last + 1].sum()) < 5


@given(counts)
def test_a_multiple_of_five_stays_and_nothing_is_added_on_average(line: list[int]) -> None:
    true = np.array(line)
    every = np.stack([rounding.along(true, start) for start in range(5)])
    assert (every.sum(axis=0) == 5 * true).all()
    assert (every[:, true % 5 == 0] == true[true % 5 == 0]).all()


@given(
    st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), min_size=1, max_size=8),
    st.binary(min_size=32, max_size=32),
)
def test_cells_add_up_to_their_rounded_row(table: list[list[int]], seed: bytes) -> None:
    cells = np.array(table)
    keys = tuple(map(str, range(len(table))))
    ranks = rounding.order(seed, keys, "t")
    totals = rounding.rows(cells.sum(axis=1), rounding.start(seed, "t"), ranks)
    rounded = rounding.within(cells, totals, seed, tuple(("t", key) for key in keys))
    assert (rounded.sum(axis=1) == totals).all()
    assert (abs(rounded - cells) < 5).all()
    assert abs(totals.sum() - cells.sum()) < 5


@given(counts, st.integers(0, 4), st.data())
def test_any_one_number_could_as_well_be_any_other_beside_the_rounded_one(
    line: list[int], start: int, data: st.DataObject
) -> None:
    shown = rounding.along(np.array(line), start)
    at = data.draw(st.integers(0, len(line) - 1))
    other = data.draw(st.integers(max(0, int(shown[at]) - 4), int(shown[at]) + 4))
    truth = shown.copy()
    truth[at] = other
    assert any((rounding.along(truth, start) == shown).all() for start in range(5))


def test_starts_are_spread_evenly_and_differ_by_label_and_seed() -> None:
    found = np.bincount([rounding.start(SEED, str(number)) for number in range(5000)], minlength=5)
    assert (abs(found - 1000) < 150).all()
    assert rounding.drawn(SEED, 1 << 60, "a", "b") != rounding.drawn(SEED, 1 << 60, "ab")
    assert rounding.drawn(SEED, 1 << 60, "a") != rounding.drawn(SEED[::-1], 1 << 60, "a")


@pytest.mark.parametrize("true", [1, 4, 7])
def test_over_many_seeds_rows_and_cells_are_right_on_average(true: int) -> None:
    cells = np.array([[true, 3, 1], [2, 2, 9]])
    sums = np.zeros_like(cells)
    many = 4000
    for number in range(many):
        seed = number.to_bytes(32, "big")
        totals = rounding.rows(
            cells.sum(axis=1), rounding.start(seed, "t"), rounding.order(seed, ("a", "b"), "t")
        )
        sums += rounding.within(cells, totals, seed, (("a",), ("b",)))
    assert (abs(sums / many - cells) < 0.25).all()

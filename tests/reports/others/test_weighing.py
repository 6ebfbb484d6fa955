"""Numbers of a line that do not fit each other are said, and left as they are."""

from __future__ import annotations

import pytest

from habeas.reports.others.model import Band, Number
from habeas.reports.others.weighing import doubts


@pytest.mark.parametrize(
    ("requests", "with_data", "share"),
    [
        (10, 10, "100"),
        (10, 0, ""),
        (None, 5, ""),
        (5, None, "40"),
        (Band(0, 9), 9, ""),
        (Band(5, None), 90, ""),
    ],
)
def test_numbers_that_fit_raise_no_doubt(requests: Number, with_data: Number, share: str) -> None:
    assert doubts("", requests, with_data, share) == ()


@pytest.mark.parametrize(("requests", "with_data"), [(10, 11), (Band(0, 9), 10), (3, Band(4, 9))])
def test_more_with_data_than_requests_is_said(requests: Number, with_data: Number) -> None:
    (doubt,) = doubts("", requests, with_data, "")
    assert doubt.startswith("more requests with data than requests")


def test_a_share_that_is_another_is_said() -> None:
    assert "50 %" in doubts("", 10, 2, "50")[0]


def test_what_was_noted_before_comes_first() -> None:
    assert doubts("before", 1, 2, "")[0] == "before"

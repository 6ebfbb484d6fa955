"""The answer as a value: nobody changes it, and JSON carries all of it."""

from __future__ import annotations

import msgspec
import pytest

from habeas.assess import Assessment, Ceiling
from tests.reports.samples import ANSWER


def test_an_answer_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ANSWER.decision = "proceed"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        ANSWER.findings[0].house = "none"  # type: ignore[misc]


def test_json_carries_the_whole_answer() -> None:
    assert msgspec.json.decode(msgspec.json.encode(ANSWER), type=Assessment) == ANSWER


def test_the_lowest_ceiling_is_nothing_and_the_highest_is_content() -> None:
    lowest, *_between, highest = Ceiling
    assert (lowest, highest) == (Ceiling.NOTHING, Ceiling.CONTENT)

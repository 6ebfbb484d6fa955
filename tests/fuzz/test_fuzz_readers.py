from __future__ import annotations

import pytest

from habeas.request import formats
from tests.fuzz import fuzz_readers


def test_a_short_run_finds_nothing_and_reaches_both_outcomes() -> None:
    outcomes = fuzz_readers.run(seconds=1.0, seed=7)
    assert outcomes["accepted"] > 0
    assert outcomes["refused"] > 0


def test_a_reader_that_lets_an_error_through_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(data: bytes, name: str) -> object:
        raise KeyError("measure")

    monkeypatch.setattr(formats, "read_entries", careless)
    with pytest.raises(KeyError) as caught:
        fuzz_readers.run(seconds=1.0, seed=7)
    assert "the input is kept in" in caught.value.__notes__[0]


def test_the_run_starts_from_files_that_are_right_and_files_that_are_wrong() -> None:
    assert not any(fuzz_readers.demand(data)["refused"] for data in fuzz_readers.right_files())
    assert not any(fuzz_readers.demand(data)["accepted"] for data in fuzz_readers.wrong_files())

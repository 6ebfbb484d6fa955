"""A refusal has a reader: one sentence, the place, a hint."""

from __future__ import annotations

from habeas.errors import Refused


def test_a_refusal_is_a_sentence_with_place_and_hint() -> None:
    refused = Refused("this is not a date", place="targets[0]", hint="write it like 2024-05-31")
    assert str(refused) == "error: this is not a date\n   at: targets[0]\n hint: write it like 2024-05-31"


def test_a_refusal_without_place_or_hint_says_only_its_sentence() -> None:
    assert str(Refused("no")) == "error: no"


def test_an_outer_place_stands_before_the_inner_one() -> None:
    assert Refused("no", place="field").at("file").place == "file: field"
    assert Refused("no").at("file").place == "file"

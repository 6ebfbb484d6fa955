from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.atlas.folding import SUPERSCRIPTS, fold, positions


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Código Pénal", "codigo penal"),
        ("ماده ۵۰۰", "ماده 500"),
        ("المادة ٢٥", "الماده 25"),
        ("มาตรา ๑๑๒", "มาตรา 112"),
        ("ধারা ১২৪ক", "ধারা 124ক"),
        ("មាត្រា ៤៩៥", "មាត្រា 495"),
        ("§ 130", "§ 130"),
        ("«УК РФ»", '"ук рф"'),
        ("Кодексі Её", "кодексі ее"),
        ("369–1", "369-1"),
        ("1º", "1"),
        ("İstanbul TCK", "istanbul tck"),
    ],
)
def test_spellings_of_one_word_fold_to_one(written: str, folded: str) -> None:
    assert fold(written) == fold(folded)


def test_a_superscript_is_not_a_digit_of_the_number() -> None:
    assert fold("355²") == "355" + SUPERSCRIPTS[2]
    assert fold("355²") != fold("3552")


def test_positions_are_asked_for_only_where_they_differ() -> None:
    assert positions("ст. 207.3 УК РФ") is None
    assert positions("м\u0301") == [0, 2]


@given(st.text())
def test_every_folded_character_has_a_place_in_the_original(text: str) -> None:
    places = positions(text)
    folded = fold(text)
    if places is None:
        assert len(folded) == len(text)
    else:
        assert len(places) == len(folded) + 1
        assert places == sorted(places)
        assert places[-1] == len(text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = "".join(char for char in fold(text) if char not in SUPERSCRIPTS)
    assert fold(once) == once

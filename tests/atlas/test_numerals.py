from __future__ import annotations

import pytest

from habeas.atlas.folding import fold
from habeas.atlas.numerals import LETTERS, arabic_ordinal, han_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("一百二十", 120), ("二百二十五", 225), ("一百零三", 103), ("十", 10), ("二十九", 29),
        ("三百", 300), ("一千二百三十四", 1234), ("二〇一八", 2018), ("一", 1), ("105", 105),
    ],
)  # fmt: skip
def test_chinese_numerals_are_read(written: str, number: int) -> None:
    assert han_number(written) == number


@pytest.mark.parametrize(
    ("written", "number", "words"),
    [
        ("السادسة", 6, 1),
        ("الثلاثون", 30, 1),
        ("الرابعة والثلاثون", 34, 2),
        ("الثالثة والأربعون", 43, 2),
        ("الحادية عشرة", 11, 2),
        ("الثلاثون والثالثة والأربعون", 30, 1),
        ("السادسة من النظام", 6, 1),
        ("قانون", 0, 0),
    ],
)
def test_arabic_ordinals_are_read_one_at_a_time(written: str, number: int, words: int) -> None:
    assert arabic_ordinal(fold(written).split()) == (number, words)


@pytest.mark.parametrize(
    ("letter", "latin"), [("سی", "c"), ("ক", "a"), ("Δ", "d"), ("г", "d"), ("و", "f"), ("ד", "d")]
)
def test_letters_of_lettered_articles_stand_for_their_place(letter: str, latin: str) -> None:
    assert LETTERS[fold(letter)] == latin

"""Numbers that are not written as digits: Chinese numerals, Arabic ordinals, letters of many alphabets.

Decides only which number or Latin letter a written form stands for, by the place in the alphabet that
statutes use for lettered articles (295-سی is 295-C, ১২৪ক is 124A, 50Δ is 50D). Works on folded text.
"""

from __future__ import annotations

from collections.abc import Sequence

from habeas.atlas.folding import fold

TEN, HUNDRED = 10, 100
_HAN_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}


def han_number(text: str) -> int | None:
    """一百二十 -> 120; plain digits pass through; None where the characters make no number."""
    if text.isdigit():
        return int(text)
    if not any(char in _HAN_UNITS for char in text):  # digits in a row: 二〇一八
        digits = [_HAN_DIGITS.get(char) for char in text]
        return None if None in digits or not digits else int("".join(str(digit) for digit in digits))
    total, waiting = 0, 0
    for char in text:
        if char in _HAN_DIGITS:
            waiting = _HAN_DIGITS[char]
        elif char in _HAN_UNITS:
            total += (waiting or 1) * _HAN_UNITS[char]
            waiting = 0
        elif char.isdigit():
            waiting = waiting * 10 + int(char)
        else:
            return None
    return total + waiting


def _arabic_ordinals() -> dict[str, int]:
    stems = ["أول", "ثان", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع", "عاشر"]
    values: dict[str, int] = {}
    for number, stem in enumerate(stems, start=1):
        for form in (f"ال{stem}", f"ال{stem}ة", f"ال{stem}ي"):
            values[fold(form)] = number
    values |= {fold("الأولى"): 1, fold("الثانية"): 2, fold("الحادي"): 1, fold("الحادية"): 1}
    values |= {fold("عشر"): 10, fold("عشرة"): 10}
    tens = ["العشر", "الثلاث", "الأربع", "الخمس", "الست", "السبع", "الثمان", "التسع"]
    for number, stem in enumerate(tens, start=2):
        for ending in ("ون", "ين"):
            values[fold(stem + ending)] = number * 10
    values |= {fold("المائة"): 100, fold("المئة"): 100, fold("المائتين"): 200}
    return values


_ARABIC_ORDINALS = _arabic_ordinals()


def arabic_ordinal(words: Sequence[str]) -> tuple[int, int]:
    """(number, words used) for ordinals such as الرابعة والثلاثون; (0, 0) where there is none.

    A unit after a ten begins the next number: الثلاثون والثالثة والأربعون are articles 30 and 43.
    """
    total, used = 0, 0
    for place, word in enumerate(words):
        if word == fold("بعد"):
            continue
        value = _ARABIC_ORDINALS.get(word) or _ARABIC_ORDINALS.get(word.removeprefix("و"))
        if value is None or (value < TEN <= total < HUNDRED):
            break
        total += value
        used = place + 1
    return total, used


def _letters() -> dict[str, str]:
    alphabets = (
        "abcdefghijklmnopqrstuvwxyz",
        "абвгдежз",  # Cyrillic, by place: г is the fourth letter
        "αβγδε",
        "אבגדהוזחט",
        "ابجدهوزح",  # Arabic in the old order, as statutes number
        "কখগঘঙচ",
        "कखगघङच",
        "ကခဂဃင",
        "កខគឃង",
        "აბგდევზ",
        "աբգդեզ",
        "ሀለሐመሠ",
    )
    table = {fold(char): chr(ord("a") + place) for row in alphabets for place, char in enumerate(row)}
    spelled = {
        "a": "اے ए ए۔ এ", "b": "بی बी বি", "c": "سی सी সি", "d": "ڈی डी ডি", "e": "ای ई ই", "f": "ایف एफ",
    }  # fmt: skip
    for letter, forms in spelled.items():
        for form in forms.split():
            table.setdefault(fold(form), letter)
    return table


LETTERS: dict[str, str] = _letters()
"""Folded letter, or the name of an English letter as written in Urdu or Hindi -> Latin letter."""

"""Words of strangers command nothing, and keep what their script needs."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.reports.foreign import direction, harmless, language_tag, one_line, theirs

ANY = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("\x1b[2J", "‹U+001B›[2J"),
        ("\x9b31m", "‹U+009B›31m"),
        ("a\x07b", "a‹U+0007›b"),
        ("\u202egnp.exe", "‹U+202E›gnp.exe"),
        ("\u2066x\u2069", "‹U+2066›x‹U+2069›"),
        ("in\u200bvisible", "in‹U+200B›visible"),
        ("so\u00adft", "so‹U+00AD›ft"),
        ("\ud800", "‹U+D800›"),
        ("\U000e0041", "‹U+E0041›"),
    ],
)
def test_a_command_is_written_out(command: str, shown: str) -> None:
    assert harmless(command) == shown


@pytest.mark.parametrize(
    "words", ["a\tb\nc", "می\u200cخواهم", "क्\u200dष", "\u200fعربي\u200e", "٣ \u0600", "👩\u200d🔬", "plain"]
)
def test_what_a_script_needs_is_kept(words: str) -> None:
    assert harmless(words) == words


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\u2029"])
def test_every_line_end_becomes_a_newline(end: str) -> None:
    assert harmless(f"a{end}b") == "a\nb"


@given(ANY)
def test_no_command_survives(words: str) -> None:
    left = harmless(words)
    assert not [char for char in left if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"]
    assert not [
        char for char in left if unicodedata.bidirectional(char) in ("LRO", "RLO", "LRE", "RLE", "PDF")
    ]
    left.encode()


@given(ANY)
def test_what_is_harmless_stays_as_it_is(words: str) -> None:
    assert harmless(harmless(words)) == harmless(words)


@given(ANY)
def test_one_line_is_one_line(words: str) -> None:
    assert len(one_line(words).splitlines()) <= 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("قام المتهم", "rtl"),
        ("«قام»", "rtl"),
        ("12 שלום", "rtl"),
        ("hello قام", "ltr"),
        ("123", "ltr"),
        ("", "ltr"),
    ],
)
def test_the_direction_is_that_of_the_first_letter(words: str, expected: str) -> None:
    assert direction(words) == expected


@pytest.mark.parametrize("tag", ["ar", "zh-Hant", "en-GB", "fil"])
def test_a_language_tag_may_stand_in_a_page(tag: str) -> None:
    assert language_tag(tag) == tag


@pytest.mark.parametrize("tag", [None, "", "x", 'en" onclick="', "arabic language", "en-"])
def test_what_is_no_language_tag_is_left_out(tag: str | None) -> None:
    assert language_tag(tag) is None


def test_their_words_carry_language_and_direction() -> None:
    words = theirs("قام\nالمتهم", "ar")
    assert (words.text, words.lang, words.dir) == ("قام المتهم", "ar", "rtl")
    assert theirs("plain", "not a tag").lang is None

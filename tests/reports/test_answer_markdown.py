"""Markdown: strangers' words open nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from habeas.reports.answer_markdown import as_markdown, escaped
from habeas.reports.briefing import brief
from tests.reports.samples import ANSWER, REQUEST, answer, request


@pytest.mark.parametrize(
    ("words", "safe"),
    [
        ("[a](http://x)", r"\[a\](http\://x)"),
        ("<script>", r"\<script\>"),
        ("**b** _i_ `c`", r"\*\*b\*\* \_i\_ \`c\`"),
        ("a|b", r"a\|b"),
        ("&lt;", r"\&lt;"),
        ("# head", r"\# head"),
        ("1. one", r"1\. one"),
        ("- item", r"\- item"),
        ("+ item", r"\+ item"),
        ("=====", r"\====="),
        ("---", r"\---"),
        ("~~~", r"\~\~\~"),
        ("www.example.org", r"www\.example.org"),
        ("@somebody", r"\@somebody"),
        ("a\n\n# b", r"a \# b"),
        ("\\", "\\\\"),
    ],
)
def test_words_are_literal(words: str, safe: str) -> None:
    assert escaped(words) == safe


@pytest.mark.parametrize("words", ["a 1. b", "a - b", "www", "plain words, with commas.", "قام المتهم"])
def test_what_opens_nothing_is_left_alone(words: str) -> None:
    assert escaped(words) == words


def test_a_table_cell_holds_no_bar_of_theirs() -> None:
    told = as_markdown(brief(request(addressee="a | b"), ANSWER, explain=False))
    (row,) = [line for line in told.splitlines() if "Who is asked" in line]
    assert row == r"| Who is asked | “a \| b”<br>Ireland |"


def test_a_narrative_stays_inside_its_quotation() -> None:
    told = as_markdown(brief(request(facts="# a\n\n- b\n    c\n> d"), answer(signs=()), explain=False))
    assert "\n> \\# a\n>\n> \\- b\n> c\n> \\> d\n" in told


def test_signs_stand_in_the_words_with_their_numbers() -> None:
    told = as_markdown(brief(REQUEST, ANSWER, explain=False))
    assert r"‹names of all persons who shared the posts›\[3\]" in told


def test_a_narrative_cannot_forge_a_number() -> None:
    told = as_markdown(brief(request(facts="x\x007\x00 y"), answer(signs=()), explain=False))
    assert "> x‹U+0000›7‹U+0000› y" in told


def test_headings_are_in_order() -> None:
    told = as_markdown(brief(REQUEST, ANSWER, explain=True))
    levels = [len(line.split(" ")[0]) for line in told.splitlines() if line.startswith("#")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_request_without_items_says_so() -> None:
    assert "No item is named" in as_markdown(brief(REQUEST, answer(items=()), explain=False))

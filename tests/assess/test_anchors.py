"""What an expression cannot match without, and that nothing is guessed."""

from __future__ import annotations

from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.assess.anchors import Needs, needed, piece
from habeas.assess.text import fold
from habeas.errors import Refused

PIECES = {
    "␣": piece(r"[\s\-]+"),
    "∗": piece(r"[^\W\d_]*"),
    "‹": piece(r"(?<!\w)"),
    "…": piece(r"[^.]{0,45}?"),
}


@pytest.mark.parametrize(
    ("regex", "ways"),
    [
        ("‹court␣order", [[{"court order"}]]),
        ("‹(?:court|judge)␣order", [[{"court order", "judge order"}]]),
        ("‹insult∗␣king", [[{"insult"}, {"king"}]]),
        ("‹insult∗…(?:king|queen)", [[{"insult"}, {"queen", "king"}]]),
        ("(?:of␣)?order", [[{"order"}]]),
        ("(?:insult∗|offend∗)␣police", [[{"police"}, {"insult", "offend"}]]),
        ("(?:police∗|police officer)", [[{"police"}]]),
        ("(?:insult∗…king|treason)", [[{"treason"}], [{"insult"}, {"king"}]]),
        (
            "‹(?:all∗…users|any∗…account)…here",
            [[{"users"}, {"here"}, {"all"}], [{"account"}, {"here"}, {"any"}]],
        ),
        ("(?:insult∗…king|∗)", []),
        ("caf[eé]", [[{"cafe"}]]),
        ("ко[её]шка", [[{"коешка"}]]),
        ("s[iı]\\u0307?r", [[{"sir"}]]),
        ("法院", [[{"法院"}]]),
        ("no\\.␣\\d+", [[{"no"}]]),
        ("a∗b∗", [[{"a"}]]),
        ("∗…", []),
        ("(?:police)?", []),
        ("(?:police|∗)", []),
        ("(?:police)*", []),
        ("(?:police)+", [[{"police"}]]),
        ("(?:police){1,2}", [[{"police"}]]),
        ("poli[a-z]e", [[{"poli"}]]),
        ("police[^a]king", [[{"police"}, {"king"}]]),
    ],
)
def test_a_match_needs_these_words(regex: str, ways: list[list[set[str]]]) -> None:
    assert [[set(group) for group in way] for way in needed(regex, PIECES)] == ways


def test_more_ways_than_are_worth_telling_apart_have_one_group_in_common() -> None:
    ways = "|".join(f"first{letter}∗…second{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    assert needed(f"(?:{ways})", PIECES) == ((frozenset(f"second{each}" for each in ascii_lowercase),),)
    assert needed(f"third∗…(?:{ways})…(?:a∗…b|c∗…d)", PIECES) != ()


def test_wide_alternatives_are_kept_apart_rather_than_multiplied() -> None:
    ones = "|".join(f"first{letter}" for letter in "abcdefghij")
    twos = "|".join(f"second{letter}" for letter in "abcdefghij")
    (groups,) = needed(f"(?:{ones})␣(?:{twos})", PIECES)
    assert sorted(map(len, groups)) == [10, 10]


@pytest.mark.parametrize(
    "regex", ["a(b)", "a)", "[ab", "a{x}", "\\q", "\\u00g1", "^a", "a\\", "(?:a", "*a", "(?P<n>a)"]
)
def test_a_notation_that_is_not_understood_is_refused_rather_than_guessed(regex: str) -> None:
    with pytest.raises(Refused, match="not understood"):
        needed(regex, {})


def test_a_piece_that_can_be_anything_requires_nothing() -> None:
    assert piece(r"(?:[^\W\d_]|x)*") == Needs(None)
    assert piece(r"(?![^\W_]|[\u0300-\u036f])") == Needs(frozenset({""}))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_what_an_expression_needs_stands_in_all_that_it_matches(data: st.DataObject) -> None:
    atoms = st.sampled_from(["a", "b", "é", "ا", "[ab]", "[iı]", "␣", "∗", "\\.", "字", "\\u0301"])
    expressions = st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=4).map("".join),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: "(?:" + "|".join(parts) + ")"),
            inner.map(lambda part: f"(?:{part})?"),
            inner.map(lambda part: f"(?:{part}){{1,2}}"),
        ),
        max_leaves=12,
    )
    regex = data.draw(expressions)
    expanded = regex.replace("␣", r"[\s\-]+").replace("∗", r"[^\W\d_]*")
    matched = data.draw(
        st.from_regex(expanded, fullmatch=True, alphabet=st.sampled_from("abéاiı字 -.xы\u0301"))
    )
    ways = needed(regex, PIECES)
    found = fold(matched)
    assert not ways or any(all(any(each in found for each in group) for group in way) for way in ways), (
        regex,
        matched,
        ways,
    )

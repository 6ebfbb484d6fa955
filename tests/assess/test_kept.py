"""What is kept never grows beyond its bound, and forgetting changes no answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from habeas.assess.kept import LONGEST_WORD, Kept, PerWord


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_what_is_kept_is_found_again_until_the_bound_is_reached(keys: list[int], most: int) -> None:
    kept: Kept[int, int] = Kept(most)
    for key in keys:
        if key not in kept:
            assert kept.keep(key, key * key) == key * key
        assert kept[key] == key * key
        assert len(kept) <= most


@given(st.lists(st.text("ab", max_size=3)), st.integers(1, 5))
def test_a_word_means_the_same_whether_it_was_kept_or_not(words: list[str], most: int) -> None:
    lengths = PerWord(len, most)
    for word in words:
        assert lengths[word] == len(word)
        assert len(lengths) <= most


def test_a_word_is_worked_out_once_and_a_very_long_one_is_not_kept() -> None:
    asked = []
    upper = PerWord(lambda word: asked.append(word) or word.upper())
    long = "x" * (LONGEST_WORD + 1)
    for word in ("one", "one", long, long):
        assert upper[word] == word.upper()
    assert asked == ["one", long, long]
    assert list(upper) == ["one"]

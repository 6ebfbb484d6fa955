from __future__ import annotations

import pytest

from habeas.atlas.folding import fold
from habeas.atlas.tokens import Entry, Names, number_at


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("207.3", ["207", "3"]),
        ("295-C", ["295", "c"]),
        ("295-سی", ["295", "c"]),
        ("124ए", ["124", "a"]),
        ("১২৪ক", ["124", "a"]),
        ("50Δ", ["50", "d"]),
        ("184b", ["184", "b"]),
        ("377BH", ["377", "bh"]),
        ("421-2-5", ["421", "2", "5"]),
        ("87 bis", ["87", "bis"]),
        ("87 مكرر", ["87", "bis"]),
        ("211 bis 1", ["211", "bis", "1"]),
        ("355²", ["355", "2"]),
        ("314/2", ["314", "2"]),
        ("24(ג1)", ["24", "c1"]),
        ("4(c)(4)", ["4", "c", "4"]),
        ("323-cü", ["323"]),
        ("133-nji", ["133"]),
        ("16:10a", ["16", "10", "a"]),
        ("0012", ["12"]),
    ],
)
def test_a_number_keeps_its_pieces(written: str, pieces: list[str]) -> None:
    folded = fold(written)
    components, end = number_at(folded, 0, len(folded))
    assert [component.text for component in components] == pieces
    assert end == len(folded)


def test_a_word_after_a_number_is_no_part_of_it() -> None:
    assert [c.text for c in number_at("299 tck", 0, 7)[0]] == ["299"]
    assert [c.text for c in number_at("112 (lese-majeste)", 0, 18)[0]] == ["112"]


NAMES = Names(
    {"c.p.": Entry("law", ("cc",)), "criminal code": Entry("law", ("cc",)), "刑法": Entry("law", ("cc",))}
)


@pytest.mark.parametrize("text", ["art. 5 c.p.", "criminal code", "(criminal code)", "根据刑法第"])
def test_a_name_is_found_as_a_whole_word(text: str) -> None:
    assert NAMES.hits(text)


@pytest.mark.parametrize("text", ["art. 5 c.p.p.", "art. 5 k.c.p.", "criminal codes", "noncriminal code", ""])
def test_a_part_of_another_word_is_not_the_name(text: str) -> None:
    assert not NAMES.hits(text)


def test_half_a_character_beside_a_name_does_no_harm() -> None:
    assert [hit[:2] for hit in NAMES.hits(fold("\ud800 criminal code \udcff"))] == [(2, 15)]


def test_the_longer_of_two_overlapping_names_is_kept() -> None:
    names = Names({"penal code": Entry("law"), "military penal code": Entry("other")})
    assert [entry.kind for _, _, entry in names.hits("the military penal code")] == ["other"]

"""Latin spellings are put back into the script of the law, each piece where it stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.atlas import atlas
from habeas.atlas.folding import fold
from habeas.atlas.latin import Latin, _data, script_of, spellings
from habeas.atlas.words import vocabulary
from tests.atlas.test_finding import NAMED, ids

RUSSIA = Latin(atlas().state("RUS").laws, others=("uk",))

FAR = "at the corner of the street, " * 3


def native(text: str, latin: Latin = RUSSIA) -> str | None:
    found = latin.native(text)
    return None if found is None else found.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("st. 207.3 UK RF", "ст. 207.3 УК РФ"),
        ("ch. 2 st. 280.3 UK RF", "ч. 2 ст. 280.3 УК РФ"),
        ("art. 207.3 UK RF", "арт. 207.3 УК РФ"),
        ("st. 207.3 UK", "ст. 207.3 УК"),  # a short name and a short word, together
        ("art. 207.3 UK", None),  # the United Kingdom
        ("st. 207.3", None),
        (f"st. 5, {FAR}UK RF", f"st. 5, {FAR}УК РФ"),
        ("ст. 207.3 УК РФ", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_short_word_counts_only_beside_the_name_of_a_law(text: str, expected: str | None) -> None:
    assert native(text) == expected


def test_signs_are_put_back_without_spaces() -> None:
    china = Latin(atlas().state("CHN").laws)
    assert native("Xingfa di 293 tiao", china) == "刑法第293条"


def test_a_state_whose_law_is_written_in_latin_letters_has_nothing_to_put_back() -> None:
    for state in ("FRA", "VNM", "GBR"):
        assert Latin(atlas().state(state).laws).native("st. 207.3 UK RF, matra 112, maddah 98") is None


def test_places_lead_back_to_what_was_written() -> None:
    text = "p. 1, st. 207.3 UK RF (ст. 207.3 УК РФ)"
    found = RUSSIA.native(text)
    assert found is not None
    assert len(found.places) == len(found.text) + 1
    assert found.places[-1] == len(text)
    start = found.text.index("ст.")
    assert text[found.places[start] :].startswith("st. 207.3")
    assert list(found.places) == sorted(found.places)


@given(st.text(alphabet="st.chp 207UKRFуРФ'’ﷺ\u0301", max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    found = RUSSIA.native(text)
    if found is not None:
        assert len(found.places) == len(found.text) + 1
        assert found.places[-1] == len(text)
        assert list(found.places) == sorted(found.places)


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    text = "st. 207.3 UK RF " * 5_000
    found = RUSSIA.native(text)
    assert found is not None
    assert found.text == "ст. 207.3 УК РФ " * 5_000


def test_a_match_quotes_what_was_written() -> None:
    text = "The court applied part 2 of st. 207.3 UK RF, and later st. 280.3 UK RF."
    found = atlas().find([], state="RUS", text=text)
    assert {match.provision.id for match in found} == {"rus-cc-207-3", "rus-cc-280-3"}
    for match in found:
        assert match.citation == text[slice(*match.span)]
        assert match.citation.endswith("UK RF")


def test_every_word_of_the_table_is_a_word_of_citations_or_names_a_law() -> None:
    words = vocabulary()
    known = words.article | words.part | {*words.main_code, *words.other_law, *map(fold, "第条款项제조항")}
    named = {
        fold(name) for state in atlas().states() for law in atlas().state(state).laws
        for name in (law.name, *law.names, *law.own_names)
    }  # fmt: skip
    for script, table in _data().words.items():
        for word, form in table:
            assert script_of(word) == script, word
            assert fold(word) in known | named, word
            assert form.isascii(), form


# What the alphabets alone do not give back: a bare number, a short name with nothing beside it, letters that
# count.
NOT_BY_LETTERS = {"ст. 207.3", "სსკ 355²", "член 394-г КЗ", "άρθρο 370Β του Ποινικού Κώδικα"} | {
    "სისხლის სამართლის კოდექსის 318-ე მუხლი"
}


def test_citations_in_alphabets_are_found_in_their_latin_spelling_too() -> None:
    """Each citation of the table, spelled by each system of its script."""
    seen = 0
    for state, citation, expected in NAMED:
        script = script_of(citation)
        if script not in _data().letters or citation in NOT_BY_LETTERS:
            continue
        for spelled in spellings(citation, script):
            seen += 1
            assert ids(spelled, state) == set(expected), spelled
    assert seen > 60

"""Names in the publishers' spelling become the right state, or none, and never the wrong one."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.atlas import atlas
from habeas.reports.others.model import Whose
from habeas.reports.others.states import ALSO_CALLED, NO_SINGLE_STATE, SEVERAL, folded, placed
from habeas.request.states import STATES
from tests.published import UN_NAMES


@pytest.mark.parametrize(
    ("name", "code", "state"),
    [
        ("Korea", "KR", "KOR"),
        ("Korea", "KP", "PRK"),
        ("Turkey", "TR", "TUR"),
        ("Türkiye", "", "TUR"),
        ("TURKIYE ", "", "TUR"),
        ("Moldova", "MD", "MDA"),
        ("Republic of San Marino", "SM", "SMR"),
        ("China mainland", "", "CHN"),
        ("Hong Kong", "", "HKG"),
        ("Macau", "MO", "MAC"),
        ("Cote dIvoire", "CI", "CIV"),
        ("Curaçao", "CW", "CUW"),
        ("Virgin Islands", "VI", "VIR"),
        ("Macedonia (FYROM)", "MK", "MKD"),
        ("Bosnia & Herzegovina", "", "BIH"),
        ("St. Lucia", "", "LCA"),
        ("Saint Lucia", "", "LCA"),
        ("The Bahamas", "", "BHS"),
        ("Kosovo", "XK", "XKX"),
        ("European Union", "", "EUU"),
        ("Germany", "deu", "DEU"),
        ("", "DE", "DEU"),
    ],
)
def test_a_name_in_the_publishers_spelling_finds_its_state(name: str, code: str, state: str) -> None:
    assert (placed(name, code).state, placed(name, code).note) == (state, "")


@pytest.mark.parametrize("name", sorted(SEVERAL))
def test_a_name_of_several_states_is_settled_by_the_code_alone(name: str) -> None:
    alone = placed(name)
    assert (alone.state, alone.whose) == (None, Whose.UNKNOWN)
    assert "no code says which" in alone.why
    for state in SEVERAL[name]:
        assert state in alone.why
        assert placed(name, state).state == state
    assert placed(name, "FR").state is None


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("Germany", "FR", "of different states"),
        ("UNKNOWN", "UK", "the code “UK” is not one"),
        ("UNKNOWN", "DE", "the name says “UNKNOWN”"),
        ("Other", "DE", "the name says “Other”"),
        ("Germany", "ZZ", "the code “ZZ” is not one"),
        ("Ruritania", "", "no state known here is called “Ruritania”"),
        ("UNKNOWN", "", "no state is named"),
        (" ", "", "no state is named"),
    ],
)
def test_what_is_not_sure_stays_open_and_says_why(name: str, code: str, words: str) -> None:
    found = placed(name, code)
    assert (found.state, found.whose) == (None, Whose.UNKNOWN)
    assert words in found.why


def test_a_known_code_beside_an_unknown_name_counts_and_is_noted() -> None:
    found = placed("Deutschland", "DE")
    assert (found.state, found.whose) == ("DEU", Whose.STATE)
    assert "is not known here" in found.note


@pytest.mark.parametrize("name", NO_SINGLE_STATE)
def test_all_states_together_and_police_organisations_are_no_state(name: str) -> None:
    assert placed(name).whose is Whose.TOGETHER
    assert placed("UNKNOWN", name).whose is Whose.TOGETHER


@pytest.mark.parametrize(("name", "state"), ALSO_CALLED.items())
def test_every_other_name_is_needed_and_of_a_state(name: str, state: str) -> None:
    assert state in STATES
    assert placed(name).state == state


def test_every_name_of_the_atlas_finds_its_own_state() -> None:
    names = {code: atlas().state(code).facts.name for code in atlas().states()}
    assert {
        code: name for code, name in names.items() if placed(name, atlas().iso2(code)).state != code
    } == {}
    assert {code: name for code, name in names.items() if placed(name).state != code} == {}


@given(st.text(max_size=40), st.text(max_size=3))
def test_a_line_has_a_state_or_a_reason_why_not(name: str, code: str) -> None:
    found = placed(name, code)
    assert (found.state in STATES) == (found.whose is Whose.STATE)
    assert bool(found.why) == (found.state is None)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(name: str) -> None:
    assert folded(folded(name)) == folded(name)


@UN_NAMES.needed
def test_no_name_of_the_united_nations_finds_a_wrong_state() -> None:
    with UN_NAMES.path(*UN_NAMES.parts).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["ISO3166-1-Alpha-3"] for row in rows} <= STATES
    for row in rows:
        state = row["ISO3166-1-Alpha-3"]
        assert placed("", row["ISO3166-1-Alpha-2"]).state == state
        for name in (row["CLDR display name"], row["official_name_en"]):
            assert placed(name).state in (state, None), name
            assert placed(name, state).state == state, name

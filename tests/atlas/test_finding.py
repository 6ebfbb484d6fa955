from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.atlas import By, Match, Strength, atlas
from habeas.atlas.finding import spelled

TABLES = Path(__file__).parent / "citations"
FIRM = (Strength.EXACT, Strength.ARTICLE, Strength.EDITION_UNSAID, Strength.LAW_ONLY)
SCRIPTS = ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙", "០១២៣៤៥៦៧៨៩", "０１２３４５６７８９")


def rows(table: str) -> list[tuple[str | None, str, tuple[str, ...]]]:
    """(state or None, citation, ids) for every line of a table."""
    found = []
    for line in TABLES.joinpath(f"{table}.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            state, citation, *expected = line.split("|")
            found.append((None if state == "-" else state, citation, tuple(" ".join(expected).split())))
    return found


NAMED, NUMBER_ONLY, NOT_NAMED = rows("named"), rows("number_only"), rows("not_named")


def ids(citation: str, state: str | None) -> set[str]:
    return {match.provision.id for match in atlas().find([citation], state=state)}


def one(citation: str, state: str | None = None, on: date | None = None) -> Match:
    (match,) = atlas().find([citation], state=state, on=on)
    return match


@pytest.mark.parametrize(("state", "citation", "expected"), NAMED)
def test_a_citation_finds_what_it_names(state: str | None, citation: str, expected: tuple[str, ...]) -> None:
    assert ids(citation, state) == set(expected)


@pytest.mark.parametrize(("state", "citation", "expected"), NUMBER_ONLY)
def test_a_number_without_a_law_is_marked_as_such(
    state: str | None, citation: str, expected: tuple[str, ...]
) -> None:
    matches = atlas().find([citation], state=state)
    assert tuple(match.provision.id for match in matches) == expected
    assert {match.strength for match in matches} == {Strength.NUMBER_ONLY}
    assert {match.by for match in matches} == {By.NUMBER}


@pytest.mark.parametrize(("state", "citation", "expected"), NOT_NAMED)
def test_a_near_miss_finds_nothing(state: str | None, citation: str, expected: tuple[str, ...]) -> None:
    assert expected == ()
    assert ids(citation, state) == set()


def test_the_tables_are_as_large_as_they_claim() -> None:
    assert len(NAMED) + len(NUMBER_ONLY) >= 300
    assert len(NOT_NAMED) >= 120


@pytest.mark.parametrize("digits", SCRIPTS)
def test_digits_of_any_script_read_alike(digits: str) -> None:
    table = str.maketrans("0123456789", digits)
    for state, citation, expected in NAMED:
        if "^" not in citation:
            assert ids(citation.translate(table), state) == set(expected), citation


# Aliases that say too little, or that another provision has a better claim to.
TOO_LITTLE = {
    ("afg-media", "11 rules for media"),  # a number that is no article
    ("bgd-cpo-25", "ধারা ২৫"),  # two laws of the state have a section 25
    ("deu-stgb-202c", "§ 202a StGB"),  # has an entry of its own
    ("egy-pc-78", "Case 173"),
    ("gbr-ripa-53", "section 49 notice"),
    ("gbr-ta-58", "Schedule 7"),
    ("hun-assembly-2025", "2025. évi III. törvény"),
    ("kgz-cc-327", "ст. 278 УК КР"),  # has an entry of its own
    ("mmr-uaa-17", "17/1"),
    ("nga-aff-1", "419 fraud"),
    ("rus-lgbt-trans", "386-ФЗ"),
    ("sau-acl-5", "المادة الخامسة"),  # two laws of the state have an article 5
    ("tun-aml-2015", "غسل الأموال 26/2015"),
    ("uga-pca-116", "section 129 (old)"),  # an old edition
    ("xkx-cc-intel", "spiunazhi neni 124"),
}


def test_every_alias_finds_its_provision() -> None:
    lost = set()
    for provision in atlas().provisions():
        for alias in provision.aliases:
            if provision.id not in ids(alias, provision.state):
                lost.add((provision.id, alias))
    assert lost == TOO_LITTLE


def test_the_edition_named_is_the_edition_found() -> None:
    assert ids("s. 25 Computer Misuse Act 2011", "UGA") == {"uga-cma2011-25"}
    assert ids("s. 26 Computer Misuse Act 2011", "UGA") == set()
    assert one("s. 25 Computer Misuse Act", "UGA").strength is Strength.EDITION_UNSAID
    assert one("Article 286 of the Islamic Penal Code (2013)", "IRN").strength is Strength.EXACT
    assert ids("Article 286 of the Islamic Penal Code (1996)", "IRN") == set()
    assert (
        one("Article 286 of the Islamic Penal Code", "IRN").strength is Strength.EXACT
    )  # Book Five begins at 498
    assert one("ماده ۵۰۰ قانون مجازات اسلامی", "IRN").strength is Strength.EDITION_UNSAID
    assert one("ماده ۵۰۰ قانون مجازات اسلامی (تعزیرات)", "IRN").strength is Strength.EXACT
    assert one("ماده ۵۰۰ قانون مجازات اسلامی مصوب ۱۳۷۵", "IRN").strength is Strength.EXACT
    assert ids("ماده ۵۰۰ قانون مجازات اسلامی مصوب ۱۳۹۲", "IRN") == set()


def test_an_old_number_leads_to_the_provision_that_took_its_place() -> None:
    assert "idn-kuhp-300" in ids("Pasal 156a KUHP lama", "IDN")
    assert "ind-bns-196" in ids("Section 153A IPC", "IND")


def test_a_paragraph_that_has_its_own_entry_is_not_another() -> None:
    assert ids("ч. 1 ст. 282.2 УК РФ", "RUS") == {"rus-cc-282-2-1-lgbt"}
    assert ids("ч. 2 ст. 282.2 УК РФ", "RUS") == {"rus-cc-282-2-2"}
    assert ids("ст. 282.2 УК РФ", "RUS") == {"rus-cc-282-2-1-lgbt", "rus-cc-282-2-2"}
    assert ids("Pasal 28 ayat (2) UU ITE", "IDN") == {"idn-ite-28-2"}
    assert ids("Pasal 28 ayat (1) UU ITE", "IDN") == set()


def test_a_match_says_whether_the_provision_stood_on_the_day() -> None:
    assert one("s.23 CMCA", "KEN", date(2020, 1, 1)).in_force is True
    assert one("s.23 CMCA", "KEN", date(2026, 1, 1)).in_force is None  # struck down during that year
    late = one("s.23 CMCA", "KEN", date(2027, 1, 1))
    assert (late.in_force, late.status) == (False, "struck down 2026")


def test_without_a_state_only_a_name_that_tells_the_state_counts() -> None:
    assert ids("Penal Code s. 420", None) == set()
    assert ids("Penal Code of Singapore, s. 420", None) == {"sgp-pc-420"}
    assert ids("Art. 420", None) == set()


def test_the_law_of_another_state_is_not_ours() -> None:
    for state in atlas().states():
        if state != "BLR":
            assert ids("ст. 368 УК Республики Беларусь", state) == set(), state


def test_the_span_holds_the_words_read() -> None:
    citation = "Обвинение по ч. 2 ст. 207.3 УК РФ (фейки)"
    match = one(citation, "RUS")
    assert citation[slice(*match.span)] == match.citation == "ч. 2 ст. 207.3 УК РФ"


def test_a_range_reaches_every_article_in_it() -> None:
    assert (
        ids("ss. 9-11 PECA", "PAK")
        == ids("ss. 9 to 11 PECA", "PAK")
        == {"pak-peca-9", "pak-peca-10", "pak-peca-11"}
    )
    assert {"rus-cc-280", "rus-cc-280-3", "rus-cc-282-4"} <= ids("ст.ст. 280–282.4 УК РФ", "RUS")
    assert ids("article 433-5-1 du code pénal", "FRA") == {"fra-cp-433-5-1"}


def test_running_text_is_read_only_around_the_names_of_laws() -> None:
    text = (
        "In 112 posts the suspect ... " * 50
        + "Charged under ст. 280.3 УК РФ; see also article 299 of the report."
    )
    (match,) = atlas().find([], state="RUS", text=text)
    assert match.provision.id == "rus-cc-280-3"
    assert match.where == -1
    assert text[slice(*match.span)] == match.citation
    assert atlas().find([], state="THA", text="Section 112 was discussed. desacato, lese-majeste") == ()


def test_a_provision_cited_above_is_not_repeated_from_the_text() -> None:
    matches = atlas().find(["ст. 280.3 УК РФ"], state="RUS", text="… по ст. 280.3 УК РФ и ст. 207.3 УК РФ")
    assert [(match.provision.id, match.where) for match in matches] == [
        ("rus-cc-280-3", 0),
        ("rus-cc-207-3", -1),
    ]


def test_the_usual_name_of_an_offence_counts_only_alone() -> None:
    assert one("desacato", "CUB").strength is Strength.NAME_ONLY
    assert ids("artículo 300 del Código Penal (desacato)", "CUB") == set()


def test_a_state_that_is_not_held_finds_nothing() -> None:
    assert atlas().find(["Art. 1 Penal Code"], state="XYZ") == ()


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=120),
    st.sampled_from(["RUS", "EGY", "CHN", "THA", "TUR", "IRN", "ESP", "SWE", "MMR", None]),
)
def test_finding_never_raises_and_spans_are_true(text: str, state: str | None) -> None:
    for match in atlas().find([text], state=state, text=text):
        assert text[slice(*match.span)] == match.citation
        assert match.span[0] < match.span[1]


PIECES = st.sampled_from(
    "ст. | ч. 2 | 207.3 | УК РФ | УК РБ | , | и | TCK | 299 | ( | ) | § | Art. | of the | Penal Code".split(
        " | "
    )
    + "112 | ; | المادة | ٢٥ | من القانون رقم | 175 | لسنة 2018 | 第 | 一百 | 条 | 刑法".split(" | ")
    + "มาตรา | bis | - | / | 2".split(" | ")
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12), st.sampled_from(["RUS", "BLR", "EGY", "CHN", "THA", "TUR", None]))
def test_pieces_of_citations_in_any_order_are_read_without_fault(
    pieces: list[str], state: str | None
) -> None:
    text = " ".join(pieces)
    for match in atlas().find([text], state=state):
        assert text[slice(*match.span)] == match.citation
        assert state is None or match.provision.state == state
        if match.strength in FIRM:
            assert match.by in (By.LAW, By.LAW_AND_NUMBER)


@pytest.mark.parametrize(
    ("number", "articles"),
    [
        ("207.3", ["207.3"]),
        ("295-C", ["295.c"]),
        ("20..23", ["20", "21", "22", "23"]),
        ("312-13..15", ["312.13", "312.14", "312.15"]),
    ],
)
def test_numbers_of_the_files_are_spelled_out(number: str, articles: list[str]) -> None:
    assert [article for article, _, _ in spelled(number)] == articles


@pytest.mark.parametrize("number", ["", "art. 5", "23..20", "1..9999", "5 and 6", "§ 5"])
def test_a_number_that_cannot_be_read_is_refused(number: str) -> None:
    with pytest.raises(ValueError):
        list(spelled(number))

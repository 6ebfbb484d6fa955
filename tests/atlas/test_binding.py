from __future__ import annotations

from habeas.atlas.binding import read
from habeas.atlas.folding import fold
from habeas.atlas.tokens import Entry, Names, Numbered, Reading

NAMES = Names(
    {
        "tck": Entry("law", ("tck",), True),
        "penal code": Entry("law", ("pc",), False, True),
        "theft act": Entry("law", ("theft",)),
        "norway": Entry("home"),
        "malaysia": Entry("abroad"),
        "military penal code": Entry("other"),
    },
    {"175": (Numbered(("cyber",), 2018),), "3713": (Numbered(("tmk",), None),)},
)


def bound(text: str) -> list[tuple[list[str], tuple[str, ...] | None]]:
    """[(articles, keys of their law)]; None where no law is named, () where it is another's."""
    return [
        (
            [".".join(component.text for component in number.components) for number in cited.numbers],
            cited.law.keys if cited.law is not None else None,
        )
        for cited in reading(text).cited
    ]


def reading(text: str) -> Reading:
    return read(fold(text), text, NAMES)


def test_a_number_belongs_to_the_law_with_least_between_them() -> None:
    assert bound("s. 5 Theft Act, s. 9 Penal Code") == [(["5"], ("theft",)), (["9"], ("pc",))]
    assert bound("Penal Code s. 9, Theft Act s. 5") == [(["9"], ("pc",)), (["5"], ("theft",))]
    assert bound("TCK m. 314, 299") == [(["314", "299"], ("tck",))]


def test_a_semicolon_is_never_crossed() -> None:
    assert bound("s. 5; Penal Code s. 9") == [(["5"], None), (["9"], ("pc",))]


def test_words_not_understood_beside_a_number_name_another_law() -> None:
    assert bound("Art. 112 of the Tax Code") == [(["112"], ())]
    assert bound("Art. 112 StPO") == [(["112"], ())]
    assert bound("Art. 112") == [(["112"], None)]


def test_the_code_of_another_state_or_of_the_army_is_another_law() -> None:
    assert bound("s. 9 Penal Code of Malaysia") == [(["9"], ())]
    assert bound("s. 9 Penal Code (Malaysia)") == [(["9"], ())]
    assert bound("s. 9 Malaysia Penal Code") == [(["9"], ())]
    assert bound("s. 9 Military Penal Code") == [(["9"], ())]
    assert bound("s. 9 Special Penal Code") == [(["9"], ())]
    assert bound("s. 9 Penal Code of Norway") == [(["9"], ("pc",))]


def test_an_official_number_names_a_law_only_with_its_year() -> None:
    assert bound("art. 25 of Law No. 175 of 2018") == [(["25"], ("cyber",))]
    assert bound("art. 25 Law 175/2018") == [(["25"], ("cyber",))]
    assert bound("art. 25 of Law No. 175 of 2020") == [(["25"], ())]
    assert bound("3713 sayılı Kanun m. 7") == [(["7"], ("tmk",))]


def test_paragraphs_before_and_after_the_article_are_its_own() -> None:
    for text in ("ч. 2 ст. 207.3", "ст. 207.3 ч. 2", "part 2 of Article 207.3"):
        (cited,) = reading(text).cited
        (number,) = cited.numbers
        assert number.parts == (("2",),), text


def test_dates_are_not_articles() -> None:
    assert bound("art. 25 of Law No. 175 of 14 August 2018") == [(["25"], ("cyber",))]
    assert bound("Penal Code of 13/06/1968, s. 9") == [(["9"], ("pc",))]


def test_a_law_named_alone_is_told_apart() -> None:
    assert [named.keys for named, _, _ in reading("Theft Act").alone] == [("theft",)]
    assert not reading("Theft Act").cited

"""Six languages say the same, or nothing is said."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from habeas.assess.rulebook import rulebook
from habeas.desk.letters import Condition, Ground, Kind, Language, Slow
from habeas.desk.letters.texts import (
    agreeing,
    fingerprint,
    isolated,
    question_facts,
    read,
    reviewed,
    reviews,
    texts,
)
from habeas.errors import Refused
from habeas.request import Category
from habeas.treaty import law

FOLDER = files("habeas.desk.letters") / "texts"
PACKAGED = {one: (FOLDER / f"{one}.toml").read_text("utf-8") for one in Language}


def books(**changed: str) -> dict[Language, dict[str, dict[str, str]]]:
    """The packaged books, with some files changed."""
    return {
        Language(one): {name: dict(section) for name, section in read(Language(one), text, one).items()}
        for one, text in {**PACKAGED, **changed}.items()
    }


def changed(language: str, old: str, new: str) -> dict[str, str]:
    text = PACKAGED[Language(language)]
    assert old in text
    return {language: text.replace(old, new, 1)}


def test_the_packaged_languages_agree() -> None:
    assert set(agreeing(books())) == set(Language)


@pytest.mark.parametrize(
    ("language", "old", "new", "says"),
    [
        ("fr", "{our_reference}", "", "names in braces differ"),
        ("es", "{our_reference}", "{their_reference}", "names in braces differ"),
        ("ru", "{our_reference}", "{our_reference} {our_reference}", "names in braces differ"),
        ("fr", "Accusé", "Accusé {", "stray"),
        ("en", "Receipt", "Receipt }", "stray"),
        ("ar", "(بودابست، 2001)", "(بودابست، 2003)", "numbers differ"),
        ("ar", "(بودابست، 2001)", "(بودابست، ٢٠٠١)", "digits are Western"),
        ("zh", "2001", "二〇〇一", "digits are Western"),
        ("zh", "2001", "两千零一", "numbers differ"),
        ("ru", "Уведомление о получении", "Уведомление 1", "numbers differ"),
        ("ar", "إشعار بالتسلّم", "إشعار\\u202eبالتسلّم", "not read"),
        ("zh", 'subject = "收件回执"', 'title = "收件回执"', "entries differ"),
        ("es", "[receipt]", "[recibo]", "sections differ"),
        ("fr", "judge_authorised = ", "judge_authorized = ", "entries differ"),
    ],
)
def test_a_language_that_strays_is_refused(language: str, old: str, new: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        agreeing(books(**changed(language, old, new)))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('language = "fr"', 'language = "es"', "does not say"),
        ("[receipt]", "[receipt", "do not read"),
        ('subject = "Accusé de réception"', 'subject = ""', "entry is words"),
        ('subject = "Accusé de réception"', "subject = 3", "entry is words"),
        ('[receipt]\nreviewed_by = ""', "[receipt]", "does not say reviewed_by"),
    ],
)
def test_a_file_that_is_not_words_is_refused(old: str, new: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        books(**changed("fr", old, new))


def test_an_innocent_change_is_not_refused() -> None:
    agreeing(books(**changed("fr", "Accusé de réception", "Récépissé")))


def test_every_word_of_the_trade_has_its_words() -> None:
    speaker = texts(Language.ENGLISH)
    assert all(speaker.knows("grounds", ground) for ground in Ground)
    assert all(speaker.knows("conditions-offered", condition) for condition in Condition)
    assert all(speaker.knows("categories", category) for category in Category)
    assert all(speaker.knows("slow", slow) for slow in Slow)
    assert all(speaker.knows("languages", language) for language in Language)
    assert all(speaker.knows("instruments", one.id) for one in law().instruments)
    assert all(speaker.knows(kind, "subject") for kind in Kind)


def test_every_question_to_a_requester_stands_in_every_language() -> None:
    asked = {name for name, fact in rulebook().facts.items() if fact.supplier == "requester"}
    assert question_facts() == asked


def test_no_text_teaches_how_to_pass() -> None:
    telling = (
        "signal",
        "assurance",
        "score",
        "standing",
        "would be granted",
        "would pass",
        "in order to succeed",
    )
    words = PACKAGED[Language.ENGLISH].split("[words]", 1)[1].casefold()
    assert [one for one in telling if one in words] == []


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "1\u00a0March\u00a02026 (2026-03-01)"),
        ("fr", "1er\u00a0mars\u00a02026 (2026-03-01)"),
        ("es", "1\u00a0de\u00a0marzo\u00a0de\u00a02026 (2026-03-01)"),
        ("ar", "\u20681\u00a0آذار/مارس\u00a02026 (\u20662026-03-01\u2069)\u2069"),
        ("ru", "1\u00a0марта\u00a02026\u00a0г. (2026-03-01)"),
        ("zh", "2026年3月1日（2026-03-01）"),
    ],
)
def test_a_day_is_written_in_words_and_in_western_digits(language: str, shown: str) -> None:
    assert texts(Language(language)).day(date(2026, 3, 1)) == shown


def test_every_month_has_its_own_name_in_every_language() -> None:
    for language in Language:
        shown = {texts(language).day(date(2026, month, 2)) for month in range(1, 13)}
        assert len(shown) == 12


def test_a_value_of_another_direction_is_isolated() -> None:
    assert isolated("HB-1", Language.ENGLISH) == "HB-1"
    assert isolated("وزارة", Language.ENGLISH) == "\u2068وزارة\u2069"
    assert isolated("HB-1", Language.ARABIC) == "\u2068HB-1\u2069"
    assert isolated("2026-03-01", Language.ARABIC, ltr=True) == "\u20662026-03-01\u2069"


def test_nothing_is_reviewed_yet() -> None:
    packaged = books()
    assert not any(
        reviewed(book, packaged[Language.ENGLISH], section) for book in packaged.values() for section in book
    )


def test_a_review_speaks_for_the_words_it_read_and_lapses_with_either_language() -> None:
    packaged = books()
    spanish, english = packaged[Language.SPANISH], packaged[Language.ENGLISH]
    spanish["receipt"] |= {
        "reviewed_by": "jurist of the house",
        "reviewed_on": "2026-11-21",
        "reviewed_text": fingerprint(spanish, english, "receipt"),
    }
    assert reviewed(spanish, english, "receipt")
    assert not reviewed(spanish, english, "refusal")
    for book in (spanish, english):
        kept = book["receipt"]["subject"]
        book["receipt"]["subject"] = kept + "!"
        assert not reviewed(spanish, english, "receipt")
        book["receipt"]["subject"] = kept
    assert reviewed(spanish, english, "receipt")
    spanish["receipt"]["reviewed_by"] = ""
    assert not reviewed(spanish, english, "receipt")


def test_each_section_says_who_read_it_and_which_words_a_review_would_be_of() -> None:
    packaged = books()
    for language, book in packaged.items():
        found = {each.section: each for each in reviews(language)}
        assert list(found) == list(book)
        for section, each in found.items():
            assert (each.by, each.on) == (book[section]["reviewed_by"], book[section]["reviewed_on"])
            assert each.stands is reviewed(book, packaged[Language.ENGLISH], section)
            assert each.words == fingerprint(book, packaged[Language.ENGLISH], section)


def test_a_day_of_review_may_be_a_toml_date() -> None:
    text = PACKAGED[Language.FRENCH].replace('reviewed_on = ""', "reviewed_on = 2026-11-21", 1)
    assert read(Language.FRENCH, text, "fr.toml")["words"]["reviewed_on"] == "2026-11-21"

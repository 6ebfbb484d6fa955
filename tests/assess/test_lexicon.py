"""Words find their concepts, whole and in their place, in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.assess.lexicon import Lexicon, concepts, find, languages, lexicon
from habeas.assess.text import read
from habeas.errors import Refused


def _found(lexicon_: Lexicon, words: str, language: str = "en") -> list[tuple[str, str]]:
    text = read(words, language)
    return [(hit.concept, text.quote(hit.start, hit.end)) for hit in lexicon_.find(text)]


def test_a_whole_word_is_found_and_a_part_of_a_word_is_not() -> None:
    book = Lexicon("en", {"protest": ["rally"]})
    assert _found(book, "A Rally was held.") == [("protest", "Rally")]
    assert _found(book, "He rallying cries orally.") == []


@pytest.mark.parametrize("before", ["", "a ", "(", "«", "-", "\n\n", "\u200c", "ก่", "क\u093e", "a\u0903"])
def test_a_word_begins_behind_whatever_is_no_letter(before: str) -> None:
    book = Lexicon("en", {"protest": ["rally"], "attack": ["*bomb"]})
    assert _found(book, f"{before}rally, {before}firebomb") == [("protest", "rally"), ("attack", "bomb")]


@pytest.mark.parametrize("before", ["x", "7", "ü", "я", "½"])
def test_a_word_does_not_begin_behind_a_letter_or_a_figure(before: str) -> None:
    assert _found(Lexicon("en", {"protest": ["rally"]}), f"{before}rally") == []


def test_a_word_with_a_mark_between_its_letters_is_refused_where_a_blank_parts_words() -> None:
    with pytest.raises(Refused, match="a mark stands between the letters"):
        Lexicon("en", {"protest": ["half ⒜ rally"]})
    assert _found(Lexicon("th", {"protest": ["ชุมนุม"]}), "การชุมนุมใหญ่", "th") == [("protest", "ชุมนุม")]


def test_a_star_stands_for_any_ending_also_inside_a_term() -> None:
    book = Lexicon("en", {"insult": ["undermin* the authority"], "journalist": ["journalis*"]})
    assert _found(book, "It undermines the authority of journalists.") == [
        ("insult", "undermines the authority"),
        ("journalist", "journalis"),
    ]
    assert _found(book, "It undermines authority.") == []


def test_arabic_one_letter_words_may_stand_before_a_term() -> None:
    book = Lexicon("ar", {"journalist": ["صحفي*"]})
    assert len(_found(book, "مراسلات وللصحفيين والصحفي", "ar")) == 2
    assert _found(book, "متصحفي", "ar") == []


def test_chinese_and_thai_words_are_found_inside_a_run() -> None:
    assert _found(Lexicon("zh", {"protest": ["示威"]}), "参加非法示威活动", "zh") == [("protest", "示威")]
    assert _found(Lexicon("th", {"insult": ["ดูหมิ่น"]}), "เป็นการดูหมิ่นสถาบัน", "th") == [("insult", "ดูหมิ่น")]


def test_a_place_is_a_place_in_the_requesters_own_words() -> None:
    text = read("Die  Straße: ﬁnanced   by the Pre\u200bsident", "en")
    hits = Lexicon("en", {"authority": ["president"]}).find(text)
    assert [text.quote(hit.start, hit.end) for hit in hits] == ["Pre\u200bsident"]


def test_a_hit_knows_its_sentence() -> None:
    text = read("Nothing here. The President spoke. Then the rally.", "en")
    book = Lexicon("en", {"authority": ["president"], "protest": ["rally"]})
    assert [(hit.concept, hit.sentence) for hit in book.find(text)] == [("authority", 1), ("protest", 2)]


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [({"nothing": ["word"]}, "is not one that signals know"), ({"insult": ["x"]}, "too short")],
)
def test_a_wrong_word_list_is_refused(terms: dict[str, list[str]], sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        Lexicon("en", terms)
    assert sentence in caught.value.sentence


@pytest.mark.parametrize("language", languages())
def test_every_word_list_loads_and_names_every_concept(language: str) -> None:
    assert lexicon(language) is lexicon(language)


def test_the_eleven_languages_of_requests_have_a_word_list() -> None:
    assert {"en", "ru", "ar", "es", "fr", "tr", "vi", "zh", "th", "fa", "pt"} <= set(languages())


def test_a_language_without_a_word_list_finds_nothing_and_does_not_fail() -> None:
    assert lexicon("xx").find(read("President", "xx")) == []


@given(st.text(max_size=300), st.sampled_from([None, "en", "ar", "th", "zh", "ru"]))
def test_any_text_can_be_read_and_every_place_lies_within_it(words: str, language: str | None) -> None:
    text = read(words, language)
    for hit in find(text):
        assert hit.concept in concepts()
        start, end = text.span(hit.start, hit.end)
        assert 0 <= start < end <= len(words)


def test_a_vietnamese_word_that_folds_to_an_english_one_is_no_english_word() -> None:
    """ "gây" is to cause, "gãy" to break, "gậy" a stick."""
    mixed = "Đối tượng đã gây thương tích cho người bị hại, làm gãy tay bằng gậy trong vụ việc. "
    english = "The victim was seen in the city with the suspect and said that he is {}."
    for declared in ("vi", "en", None):
        text = read(mixed + english.format("hurt"), declared)
        assert {"vi", "en"} <= set(text.languages)
        assert "lgbt" not in {hit.concept for hit in find(text)}
        named = read(mixed + english.format("gay"), declared)
        said = [named.quote(hit.start, hit.end) for hit in find(named) if hit.concept == "lgbt"]
        assert said == ["gay"]


def test_marks_are_dropped_as_ever_where_nothing_is_vietnamese() -> None:
    text = read("The président was seen in the city and insulted by the gáy activist.", "en")
    assert "lgbt" in {hit.concept for hit in find(text)}

"""The phrase book finds what every expression alone would find, only sooner."""

from __future__ import annotations

import re
import time
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.assess.phrasebook import (
    LONGEST_WORD,
    Matcher,
    Phrasebook,
    normalised,
    phrasebook,
    places_of,
    read_phrases,
)
from habeas.assess.text import read
from habeas.errors import Refused

FOLDER = files("habeas.assess") / "language"
FILES = sorted(entry.name for entry in FOLDER.iterdir() if re.fullmatch(r"phrases_\w+\.toml", entry.name))
LANGUAGES = sorted({name.removeprefix("phrases_").removesuffix(".toml").split("_")[0] for name in FILES})

NARRATIVE = """
The suspect, a citizen at present abroad, is the administrator of a channel with 24,000 subscribers.
Between 3 March and 9 May 2025 he published posts discrediting the armed forces and spread false
information about the army; on 1 April he called on citizens to join an unauthorised rally in front of the
city court (case No. 112/25, art. 207.3). The investigators consider that the posts undermine the prestige
of the state. The channel was paid from an account in which donations of some 1.1 million were received.
The Office seeks the name, the log-in addresses, the list of all persons who wrote comments, and the
private messages between the suspect and foreign journalists. No court order is available at present; it
will follow. The matter is urgent and the lives of officers are in danger. Kindly do not inform the holder
of the account. The maximum penalty is ten years.
"""


def one_by_one(book: Phrasebook, text: str, language: str) -> set[tuple[str, int]]:
    """The slow way: every expression over every sentence."""
    made = read(text, language)
    found = set()
    for sentence in range(len(made.sentences)):
        start, end = made.sentence_span(sentence)
        normal = normalised(made.original[start:end], spaced=language not in ("km", "my", "th", "zh"))
        found |= {(m.phrase.id, sentence) for m in book.matchers if m.place(normal)}
    return found


def at_once(book: Phrasebook, text: str, language: str) -> set[tuple[str, int]]:
    return {(hit.id, hit.sentence) for hit in book.find(read(text, language))}


def best_of_three(book: Phrasebook, text: str, language: str) -> float:
    """Seconds of the quickest of three searches, after one that compiles what is needed."""
    made = read(text, language)
    book.find(made)
    times = []
    for _ in range(3):
        start = time.process_time()
        book.find(made)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_found_in_its_example_at_its_own_words(language: str) -> None:
    book = phrasebook(language)
    for matcher in book.matchers:
        phrase = matcher.phrase
        text = read(phrase.example, language)
        quoted = [text.original[hit.start : hit.end] for hit in book.find(text) if hit.id == phrase.id]
        assert [normalised(words) for words in quoted[:1]] == [normalised(phrase.phrase)], phrase.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_found_in_its_counter_example(language: str) -> None:
    book = phrasebook(language)
    for matcher in book.matchers:
        hits = book.find(read(matcher.phrase.counter_example, language))
        assert matcher.phrase.id not in {hit.id for hit in hits}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_quick_search_finds_in_every_sentence_of_the_book_what_the_slow_one_finds(language: str) -> None:
    book = phrasebook(language)
    for matcher in book.matchers:
        for text in (matcher.phrase.example, matcher.phrase.counter_example):
            assert at_once(book, text, language) == one_by_one(book, text, language), text


@cache
def sentences(language: str) -> tuple[str, ...]:
    phrases = [matcher.phrase for matcher in phrasebook(language).matchers]
    return tuple(text for phrase in phrases for text in (phrase.example, phrase.counter_example))


MANGLED: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "shouted": str.upper,
    "wrapped": lambda text: text.replace(" ", "\n    "),
    "hyphenated": lambda text: "\u00ad".join(text),
    "marked for direction": lambda text: "\u200f" + text.replace(" ", "\u200f \u200e"),
    "taken apart": lambda text: unicodedata.normalize("NFD", text),
    "wide": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "without its end": lambda text: text.rstrip(".。।።។။۔"),
    "twice": lambda text: text + text,
    "underscored": lambda text: text.replace(" ", "_"),
}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_quick_search_finds_in_any_mixture_what_the_slow_one_finds(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(LANGUAGES))
    told = data.draw(st.lists(st.sampled_from(sentences(language)), min_size=1, max_size=4))
    other = data.draw(st.sampled_from(sentences(data.draw(st.sampled_from(LANGUAGES)))))
    joint = data.draw(st.sampled_from([" ", "", "\n\n", ", ", "; "]))
    mangle = MANGLED[data.draw(st.sampled_from(sorted(MANGLED)))]
    text = mangle(joint.join([*told, other]))
    book = phrasebook(language)
    assert at_once(book, text, language) == one_by_one(book, text, language)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_no_text_whatever_stops_the_search_and_every_place_lies_in_the_text(
    noise: str, language: str
) -> None:
    text = noise + sentences(language)[0] + noise
    for hit in phrasebook(language).find(read(text, language)):
        assert 0 <= hit.start < hit.end <= len(text)


@pytest.mark.parametrize("mangled", sorted(MANGLED))
def test_a_place_points_at_the_requesters_own_characters(mangled: str) -> None:
    text = MANGLED[mangled]("They met. The suspect published posts discrediting the armed forces. No more.")
    quoted = [
        normalised(text[hit.start : hit.end])
        for hit in phrasebook("en").find(read(text, "en"))
        if hit.id == "en-discredit"
    ]
    expected = (
        "discrediting_the_armed_forces" if mangled == "underscored" else "discrediting the armed forces"
    )
    assert quoted[:1] == ([] if mangled == "underscored" else [expected])


def test_a_persian_text_with_half_spaces_gives_the_place_in_the_text_as_written() -> None:
    example = next(m.phrase for m in phrasebook("fa").matchers if m.phrase.id == "fa-propa")
    text = "می\u200cگویند متهم\u200cها آمدند. " + example.example
    hit = next(hit for hit in phrasebook("fa").find(read(text, "fa")) if hit.id == example.id)
    assert text[hit.start : hit.end] in example.example
    assert hit.sentence == 1


def test_an_order_denied_in_the_same_sentence_is_no_safeguard_and_in_the_next_sentence_it_is() -> None:
    book = phrasebook("en")
    denied = read("There is no court order in this case.", "en")
    granted = read("There is a court order. No data was kept.", "en")
    assert "en-g_court" not in {hit.id for hit in book.find(denied)}
    assert "en-g_court" in {hit.id for hit in book.find(granted)}


def test_strength_is_a_number_and_what_the_file_says_comes_with_the_hit() -> None:
    (hit,) = [hit for hit in phrasebook("en").find(read(NARRATIVE, "en")) if hit.id == "en-discredit"]
    assert (hit.category, hit.topic, hit.type, hit.strength) == ("criticism-of-state", "", "regex", 3)
    strengths = {"weak": 1, "medium": 2, "strong": 3}
    for matcher in phrasebook("ru").matchers:
        text = read(matcher.phrase.example, "ru")
        found = {hit.id: hit.strength for hit in phrasebook("ru").find(text)}
        assert found[matcher.phrase.id] == strengths[matcher.phrase.strength]


def test_hits_come_in_the_order_of_the_text_and_a_phrase_once_per_sentence() -> None:
    hits = phrasebook("en").find(read(NARRATIVE + NARRATIVE, "en"))
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)
    assert len({(hit.id, hit.sentence) for hit in hits}) == len(hits)
    assert len(hits) >= 8


def test_an_unknown_language_has_an_empty_book_and_a_region_is_ignored() -> None:
    assert phrasebook("tlh").find(read(NARRATIVE, "tlh")) == []
    assert phrasebook("pt-BR") is phrasebook("pt")


def test_chinese_is_read_in_both_scripts() -> None:
    ids = {matcher.phrase.id for matcher in phrasebook("zh").matchers}
    assert any(i.startswith("zh-hans") for i in ids)
    assert any(i.startswith("zh-hant") for i in ids)


def test_an_empty_text_has_no_phrases() -> None:
    for text in ("", " ", "\u200b", "\u0301", "..."):
        assert phrasebook("en").find(read(text)) == []


def test_no_phrase_has_to_be_tried_on_every_sentence() -> None:
    for language in LANGUAGES:
        assert [m.phrase.id for m in phrasebook(language).matchers if not m.ways] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_junk_word_of_six_thousand_letters_is_read_quickly(language: str) -> None:
    book = phrasebook(language)
    begun = " ".join(m.phrase.phrase.split(" ")[0] + "a" * 6000 for m in book.matchers[:3])
    script = book.matchers[0].phrase.example.replace(" ", "")[:3] * 2000
    for text in ("a" * 6000, begun, script):
        assert best_of_three(book, text, language) < 0.05


def test_a_word_is_cut_at_its_limit_and_the_words_after_it_are_still_read() -> None:
    junk = "x" * 6000
    text = f"{junk} the suspect published posts discrediting the armed forces {junk}."
    (hit,) = [hit for hit in phrasebook("en").find(read(text, "en")) if hit.id == "en-discredit"]
    assert text[hit.start : hit.end] == "discrediting the armed forces"
    assert max(map(len, normalised(text).split())) == LONGEST_WORD
    assert len(normalised("字" * 300, spaced=False)) == 300


def test_a_narrative_is_searched_within_a_millisecond() -> None:
    """Measured 0.1 ms; the bound is wide because a busy machine runs this too."""
    assert best_of_three(phrasebook("en"), NARRATIVE, "en") < 0.001


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_every_normalised_character_has_a_place(text: str) -> None:
    normal = normalised(text)
    places = places_of(normal, text)
    assert len(places) == len(normal)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert [start for start, _ in places] == sorted(start for start, _ in places)


def test_letters_that_join_across_characters_get_the_whole_sentence_as_their_place() -> None:
    apart = unicodedata.normalize("NFD", "한국")
    assert set(places_of(normalised(apart), apart)) == {(0, len(apart))}
    together = "İstanbul"
    assert places_of(normalised(together), together)[-1] == (7, 8)


# The files themselves.


@pytest.mark.parametrize("name", FILES)
def test_a_phrase_file_is_complete_and_says_that_nobody_reviewed_it(name: str) -> None:
    book = tomllib.loads((FOLDER / name).read_text("utf-8"))
    assert book["language"].lower().replace("-", "_") == name.removeprefix("phrases_").removesuffix(".toml")
    ids = [phrase["id"] for phrase in book["phrase"]]
    assert len(ids) == len(set(ids))
    for phrase in book["phrase"]:
        assert phrase["reviewed"] is False
        assert all(phrase[key] for key in ("gloss", "pattern", "regex", "example", "counter_example"))


def test_the_book_holds_sixteen_hundred_and_seventy_nine_phrases_in_twenty_seven_languages() -> None:
    assert len(LANGUAGES) == 27
    assert sum(len(phrasebook(language).matchers) for language in LANGUAGES) == 1679


PHRASE = """
language = "xx"
[pieces]
"‹" = '(?<![^\\W_])'
[[phrase]]
id = "xx-one"
category = "secrecy"
type = "regex"
strength = "weak"
phrase = "keep quiet"
gloss = "secrecy"
pattern = 'keep quiet'
regex = '‹keep quiet'
false_friends = ""
example = "Keep quiet."
counter_example = "Speak."
reviewed = false
"""


def test_a_good_phrase_file_is_read() -> None:
    (matcher,) = read_phrases(PHRASE, "phrases_xx.toml")
    assert isinstance(matcher, Matcher)
    assert matcher.place("please keep quiet") == (7, 17)
    assert matcher.place("upkeep quiet") is None


@pytest.mark.parametrize(
    ("before", "after", "sentence", "place"),
    [
        ('strength = "weak"', 'strength = "dire"', "this phrase file cannot be read", "phrases_xx.toml"),
        ("reviewed = false", "", "this phrase file cannot be read", "phrases_xx.toml"),
        (
            "reviewed = false",
            "reviewed = false\nsure = true",
            "this phrase file cannot be read",
            "phrases_xx.toml",
        ),
        ('language = "xx"', "language = xx", "this phrase file cannot be read", "phrases_xx.toml"),
        ('"‹" =', '"‹‹" =', "the name of a piece is one character", "phrases_xx.toml: pieces.‹‹"),
        (
            "'‹keep quiet'",
            "'‹keep (quiet)'",
            "this regular expression is not understood",
            "xx-one: character 7",
        ),
        ("'‹keep quiet'", "'(?:keep'", "this regular expression is not understood", "xx-one: character 8"),
        (
            "'(?<![^\\W_])'",
            "'(?<![^\\W_]'",
            "this regular expression is not understood",
            "pieces.‹: character 11",
        ),
    ],
)
def test_a_wrong_phrase_file_is_refused_with_its_place(
    before: str, after: str, sentence: str, place: str
) -> None:
    assert before in PHRASE
    with pytest.raises(Refused) as refusal:
        read_phrases(PHRASE.replace(before, after), "phrases_xx.toml")
    assert refusal.value.sentence == sentence
    assert place in refusal.value.place


def test_two_phrases_with_one_id_are_refused() -> None:
    entry = PHRASE[PHRASE.index("[[phrase]]") :]
    with pytest.raises(Refused, match="same id"):
        read_phrases(PHRASE + entry, "phrases_xx.toml")
    assert len(read_phrases(PHRASE + entry.replace("xx-one", "xx-two"), "phrases_xx.toml")) == 2

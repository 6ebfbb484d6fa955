"""One meaning in six languages: the same keys and places, and days and states as each writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from habeas.desk.letters import Language
from habeas.errors import Refused
from habeas.reports.published import Witnessed
from habeas.reports.site import LANGUAGES, words
from habeas.reports.site.words import catalogue, said
from habeas.request.states import STATES

_PLACES = re.compile(r"\{[^}]*\}")
_OTHERS = [language for language in LANGUAGES if language != "en"]


def _sentences(texts: Any, place: str = "") -> Iterator[tuple[str, str]]:
    match texts:
        case Mapping():
            for key, inner in texts.items():
                yield from _sentences(inner, f"{place}.{key}")
        case list():
            for number, inner in enumerate(texts):
                yield from _sentences(inner, f"{place}[{number}]")
        case str():
            yield place, texts


def _places(language: str) -> dict[str, list[str]]:
    return {place: sorted(_PLACES.findall(text)) for place, text in _sentences(catalogue(language))}


def test_the_site_speaks_the_languages_of_the_letters() -> None:
    assert set(LANGUAGES) == set(Language)
    assert LANGUAGES[0] == "en"


@pytest.mark.parametrize("language", _OTHERS)
def test_every_language_has_the_same_keys_and_places(language: str) -> None:
    assert _places(language) == _places("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_and_none_carries_markup(language: str) -> None:
    for place, text in _sentences(catalogue(language)):
        assert text.strip() == text != "", place
        assert not re.search(r"[<>&\t\n]|--|\s\s", text), place


@pytest.mark.parametrize("language", _OTHERS)
def test_nothing_but_signs_is_left_in_english(language: str) -> None:
    english = dict(_sentences(catalogue("en")))
    same = {
        place
        for place, text in _sentences(catalogue(language))
        if text == english[place] and _PLACES.sub("", text)
    }
    assert {place for place in same if re.search(r"\w{3}", _PLACES.sub("", english[place]))} <= {
        ".direction",
        ".site.pages",  # the French is the same word
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_claims_that_it_was_reviewed(language: str) -> None:
    assert words(language).reviewed is False


def test_only_arabic_runs_from_the_right() -> None:
    assert {language for language in LANGUAGES if words(language).direction == "rtl"} == {"ar"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_standing_has_words(language: str) -> None:
    assert set(catalogue(language)["standing"]) == set(Witnessed)


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        words("../en")
    assert "en" in refused.value.hint


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_have_western_digits_and_run_from_the_left(language: str) -> None:
    found = str(words(language).number(51904))
    assert found.startswith('<bdi dir="ltr">')
    assert re.sub(r"[^0-9]", "", found) == "51904"
    assert found.isprintable() or "\u202f" in found or "\xa0" in found


@pytest.mark.parametrize(
    ("language", "day", "month", "half"),
    [
        ("en", "21 November 2026", "March 2026", "January – June 2026"),
        ("fr", "21 novembre 2026", "mars 2026", "janvier – juin 2026"),
        ("es", "21 de noviembre de 2026", "marzo de 2026", "enero–junio de 2026"),
        ("ar", "21 نوفمبر 2026", "مارس 2026", "يناير – يونيو 2026"),
        ("ru", "21 ноября 2026 г.", "март 2026 г.", "январь – июнь 2026 г."),
        ("zh", "2026年11月21日", "2026年3月", "2026年1月至6月"),
    ],
)
def test_days_months_and_periods_are_written_as_the_language_does(
    language: str, day: str, month: str, half: str
) -> None:
    spoken = words(language)
    assert _plain(spoken.day(date(2026, 11, 21))) == day
    assert _plain(spoken.month("2026-03")) == month
    assert _plain(spoken.period("2026-H1")) == half


def _plain(text: str) -> str:
    return re.sub(r"[\u2009\u202f\xa0]", " ", Markup(text).striptags())


def test_a_period_is_a_half_a_quarter_a_year_or_a_name() -> None:
    english = words("en")
    assert _plain(english.period("2026-H2")) == "July – December 2026"
    assert _plain(english.period("2026-Q4")) == "October – December 2026"
    assert english.period("2026") == "2026"
    assert english.period("2026-H3") == "2026-H3"
    assert english.period("special") == "special"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_instant_is_said_in_utc_wherever_it_was_taken(language: str) -> None:
    spoken = words(language)
    at = datetime(2026, 11, 20, 23, 30, tzinfo=timezone(timedelta(hours=-4)))
    assert spoken.instant(at) == spoken.instant(at.astimezone(UTC))
    assert "03:30 UTC" in spoken.instant(at)
    assert 'datetime="2026-11-21T03:30:00Z"' in spoken.instant(at)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_a_name(language: str) -> None:
    spoken = words(language)
    assert [state for state in STATES if spoken.state(state) == state] == []


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert words("en").state("QQQ") == "QQQ"


@given(text=st.text(), value=st.text())
def test_whatever_is_filled_in_is_escaped_and_not_filled_again(text: str, value: str) -> None:
    sentence = text.replace("{", "").replace("}", "")
    filled = said(sentence + "{value}" + sentence, value=value)
    assert filled == Markup.escape(sentence) + Markup.escape(value) + Markup.escape(sentence)


def test_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        said("{who}", what="x")

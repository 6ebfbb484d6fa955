"""Six languages say the same things, each of them completely, and say whether anybody read them."""

from __future__ import annotations

from datetime import date

import pytest

from habeas.desk.letters import Language
from habeas.reports.transparency import Period
from habeas.reports.transparency.tables import KINDS, SUBJECTS, parts
from habeas.reports.transparency.words import strays, words


@pytest.mark.parametrize("language", Language)
def test_every_value_part_and_subject_has_its_words(language: Language) -> None:
    said = words(language)
    for subject in {*SUBJECTS, *KINDS}:
        assert said.say("subject", subject)
        for part in parts().get(subject, ()):
            if part.name != "emergency-given":
                assert said.part(subject, part.name)
                assert len({said.value(part.name, value) for value in part.values}) == len(part.values)


def test_only_english_counts_as_reviewed() -> None:
    assert [language for language in Language if words(language).reviewed] == [Language.ENGLISH]


def test_a_key_or_a_name_that_strays_is_found() -> None:
    original = {"a": {"x": "about {count}", "y": "z"}}
    assert strays(original, original) == []
    assert strays({"a": {"x": "about {count}"}}, original) == ["a.y"]
    assert strays({"a": {"x": "about", "y": "z"}}, original) == ["a.x"]
    assert strays({"a": {"x": "about {count}", "y": " "}}, original) == ["a.y"]


def test_numbers_days_and_states_are_written_as_the_language_does() -> None:
    english, french, arabic = (words(Language(each)) for each in ("en", "fr", "ar"))
    assert english.number(1234567) == "1,234,567"
    assert french.number(1284) == "1\u202f284"
    assert (english.state("DEU"), english.state("XKX"), english.state("EUU")) == (
        "Germany",
        "Kosovo",
        "European Union",
    )
    assert english.state("") == "State not stated"
    assert english.day(date(2026, 7, 20)) == "20 July 2026"
    assert "2026" in arabic.day(date(2026, 7, 20))
    assert english.period(Period.half(2026, 1)) == "January 2026 – June 2026"
    assert english.value("days", "3-10") == "3–10"

"""The page that checks receipts, as bytes: always the same, asking nobody, one meaning in six languages.

What it answers is tested in a real browser, in tests/test_receipt_verifiers.py.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from habeas.errors import Refused
from habeas.reports.verify import LANGUAGES, catalogue, page
from habeas.reports.verify.page import built

ENGLISH = catalogue("en")


def _sentences(words: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of every word of a catalogue."""
    match words:
        case Mapping():
            for key, inner in words.items():
                yield from _sentences(inner, f"{place}.{key}")
        case list():
            for number, inner in enumerate(words):
                yield from _sentences(inner, f"{place}[{number}]")
        case _:
            yield place, str(words)


def _inside(tag: str, whole: str) -> str:
    [found] = re.findall(rf"<{tag}>(.*?)</{tag}>", whole, re.S)
    return str(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_language_gives_the_same_bytes(language: str) -> None:
    assert page(language) == page(language)
    assert page(language).encode().decode() == page(language)


def test_each_language_has_a_page_of_its_own() -> None:
    assert len({page(language) for language in LANGUAGES}) == len(LANGUAGES) == 6


def test_a_language_without_words_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        page("../en")
    assert "en" in refused.value.hint


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_may_run_its_own_script_and_style_and_nothing_else(language: str) -> None:
    whole = page(language)

    def source(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', whole)
    assert policy.split("; ") == [
        "default-src 'none'",
        f"script-src {source(_inside('script', whole))}",
        f"style-src {source(_inside('style', whole))}",
        "base-uri 'none'",
        "form-action 'none'",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_the_page_could_ask_anybody_or_run_what_it_was_given(language: str) -> None:
    whole = page(language)
    assert set(re.findall(r'\b(?:href|src|action|srcset|data|poster)="([^"]*)"', whole)) == {"#main"}
    reaching = (
        r"https?://|//[a-z]|url\(|@import|\bfetch\(|XMLHttp|WebSocket|EventSource|sendBeacon|import\(|Worker"
    )
    assert not re.search(reaching, whole.replace("// ", ""))
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(|\son\w+=|\sstyle=", whole
    )
    assert not re.search(r"localStorage|sessionStorage|indexedDB|cookie", whole)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hole_of_the_template_is_filled(language: str) -> None:
    assert "{{" not in page(language)
    assert "the words of one language" not in page(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    here, there = dict(_sentences(catalogue(language))), dict(_sentences(ENGLISH))
    assert here.keys() == there.keys()
    may_be_empty = {".page.unreviewed"}
    assert [place for place, text in here.items() if not text.strip() and place not in may_be_empty] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_the_same_places_to_fill(language: str) -> None:
    def places(words: Any) -> dict[str, list[str]]:
        return {place: sorted(re.findall(r"\{\w+\}", text)) for place, text in _sentences(words)}

    assert places(catalogue(language)) == places(ENGLISH)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_a_translation_that_nobody_reviewed_says_so_on_the_page(language: str) -> None:
    words = catalogue(language)
    assert words["reviewed"] is False
    assert words["page"]["unreviewed"]
    assert words["page"]["unreviewed"] in page(language)


def test_english_is_reviewed_and_says_nothing_of_it() -> None:
    assert ENGLISH["reviewed"] is True
    assert ENGLISH["page"]["unreviewed"] == ""


def test_arabic_runs_from_right_to_left() -> None:
    assert '<html lang="ar" dir="rtl">' in page("ar")
    assert '<html lang="fr" dir="ltr">' in page("fr")


def test_no_word_can_end_the_script_or_open_a_tag() -> None:
    words = {**ENGLISH, "page": {**ENGLISH["page"], "lead": "<b>{{script}}</b>"}}
    words["script"] = {**ENGLISH["script"], "title": "</script><script>alert(1)</script>"}
    whole = built(words)
    assert whole.count("</script>") == 1
    assert "<b>" not in whole
    assert "&lt;b&gt;{{script}}&lt;/b&gt;" in whole

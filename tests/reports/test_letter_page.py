"""A letter as a page: every word, in its language and direction, and nothing asked of anybody."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from habeas.desk.letters import Asked, Kind, Language, compose, plain
from habeas.reports.letter_page import as_html
from habeas.treaty import Role
from tests.desk.letters.samples import facts, facts_for

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Elements with their attributes, the words, and whether every element was closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "title" not in self.open:
            self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", Kind)
def test_every_word_of_the_letter_stands_on_the_page(kind: Kind, language: Language) -> None:
    letter = compose(kind, facts_for(kind), language=language)
    page = Page(as_html(letter))
    assert page.open == []
    shown = re.sub(r"\s+", " ", " ".join(page.words))
    for line in plain(letter).split("\n\n"):
        words = re.sub(r"\s+", " ", re.sub(r"^\d+\. ", "", line.strip()))
        assert words == "* * *" or words in shown


def test_language_and_direction_stand_on_every_sheet() -> None:
    page = Page(as_html(compose(Kind.REFUSAL, facts(), language=Language.ARABIC)))
    assert page.of("html") == [{"lang": "ar", "dir": "rtl"}]
    sheets = [(one["lang"], one["dir"]) for one in page.of("article")]
    assert sheets == [("ar", "rtl"), ("en", "ltr")]
    assert len(page.of("h1")) == 2


def test_a_point_in_another_language_says_so() -> None:
    page = Page(as_html(compose(Kind.CLARIFICATION, facts(), language=Language.ARABIC)))
    assert [one for one in page.of("p") if "lang" in one] == [{"lang": "en", "dir": "ltr"}]


def test_the_page_asks_nothing_of_anybody() -> None:
    text = as_html(compose(Kind.NOTICE, facts(), language=Language.FRENCH))
    page = Page(text)
    assert {tag for tag, _ in page.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "main", "article", "header", "div"),
        *("p", "b", "br", "span", "h1", "ol", "li"),
    }
    assert not re.search(r"url\(|@import|https?:|src=|href=", text)
    style = re.search(r"<style>(.*?)</style>", text, re.S)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text


def test_words_that_look_like_markup_are_words() -> None:
    known = facts(
        addressee="<script>alert(1)</script>",
        questions=(Asked(text="Is 1 < 2 & 3 > 2? <img src=x>"),),
    )
    text = as_html(compose(Kind.CLARIFICATION, known, language=Language.ENGLISH))
    assert "<script" not in text
    assert "<img" not in text
    assert "Is 1 < 2 & 3 > 2? <img src=x>" in Page(text).words


def test_the_title_is_plain_text() -> None:
    text = as_html(compose(Kind.REFUSAL, facts(), language=Language.ARABIC))
    title = re.search(r"<title>(.*?)</title>", text)
    assert title
    assert not set(title[1]) & set("\u2066\u2067\u2068\u2069")
    assert title[1].endswith("Ministry of Justice")


def test_the_same_letter_gives_the_same_page() -> None:
    letter = compose(Kind.REFUSAL, facts(Role.PROVIDER), language=Language.RUSSIAN)
    assert as_html(letter) == as_html(letter)


def test_a_closed_refusal_is_the_same_page_for_an_account_that_exists_and_one_that_does_not() -> None:
    known = as_html(compose(Kind.PERSECUTION_REFUSAL, facts(), language=Language.ENGLISH))
    unknown = as_html(
        compose(
            Kind.PERSECUTION_REFUSAL,
            facts(items=(), questions=(), grounds=(), conditions=(), consulted=None),
            language=Language.ENGLISH,
        )
    )
    assert known == unknown

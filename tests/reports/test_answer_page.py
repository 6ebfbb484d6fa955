"""The page: self-contained, well-formed, and deaf to what a narrative would like it to do."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from habeas.reports.answer_page import as_html, leading, unbroken
from habeas.reports.briefing import brief
from tests.reports.samples import ANSWER, ARABIC_ANSWER, ARABIC_REQUEST, HOSTILE, REQUEST, answer, request

VOID = {"meta", "path", "br"}


class Page(HTMLParser):
    """The elements of a page, its ids, links and headings; fails where tags do not close in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open.pop() == tag, tag

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _tag, attrs in self.elements if name in attrs]

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for found, attrs in self.elements if found == tag]


PAGES = [
    as_html(brief(REQUEST, ANSWER, explain=True)),
    as_html(brief(REQUEST, ANSWER, explain=False)),
    as_html(brief(ARABIC_REQUEST, ARABIC_ANSWER, explain=False)),
    as_html(
        brief(
            request(facts="", targets=(), offences=()), answer(signs=(), items=(), findings=()), explain=True
        )
    ),
]


@pytest.mark.parametrize("html", PAGES)
def test_every_element_closes(html: str) -> None:
    assert Page(html).open == []


@pytest.mark.parametrize("html", PAGES)
def test_the_page_fetches_nothing_and_runs_nothing(html: str) -> None:
    page = Page(html)
    assert not {tag for tag, _ in page.elements} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "form",
        "base",
    }
    assert not re.search(r"url\(|@import|https?://", html)
    assert page.values("src") == page.values("style") == []
    assert not [name for _tag, attrs in page.elements for name in attrs if name.startswith("on")]
    assert all(link.startswith("#") for link in page.values("href"))


@pytest.mark.parametrize("html", PAGES)
def test_the_content_policy_allows_this_style_and_nothing_else(html: str) -> None:
    style = html[html.index("<style>") + 7 : html.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [
        attrs["content"]
        for attrs in Page(html).named("meta")
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("html", PAGES)
def test_every_link_leads_somewhere_and_no_id_twice(html: str) -> None:
    page = Page(html)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.values("href")} <= set(ids)
    assert set(page.values("aria-labelledby")) <= set(ids)


@pytest.mark.parametrize("html", PAGES)
def test_headings_are_in_order_and_landmarks_are_there(html: str) -> None:
    page = Page(html)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for landmark in ("header", "main", "footer", "nav"):
        assert len(page.named(landmark)) == 1


def test_every_argument_folds_without_a_script() -> None:
    page = Page(PAGES[0])
    assert len(page.named("details")) == len(page.named("summary"))
    assert "open" in page.named("details")[0]


def test_foreign_words_carry_language_and_direction() -> None:
    page = Page(PAGES[2])
    (narrative,) = [attrs for attrs in page.named("p") if "narrative gap" in (attrs.get("class") or "")]
    assert (narrative["lang"], narrative["dir"]) == ("ar", "rtl")
    assert all("dir" in attrs for attrs in page.named("bdi"))


def test_the_signs_are_marked_in_place_and_glossed() -> None:
    html = PAGES[1]
    assert re.search(r'<mark class="protected" id="s1">insulted the President.*?</mark>', html)
    page = Page(html)
    assert [attrs.get("id") for attrs in page.named("li") if attrs.get("id")] == ["g1", "g2", "g3"]
    assert {"#g1", "#g2", "#g3"} <= set(page.values("href"))


def test_overlapping_signs_lose_no_word() -> None:
    html = PAGES[1]
    narrative = html[html.index('<p class="narrative') :]
    narrative = narrative[: narrative.index("</p>")]
    words = re.sub(r"&#8288;<a.*?</a>|<[^>]+>", "", narrative)
    assert words.strip() == REQUEST.facts


def test_a_hostile_narrative_stays_words() -> None:
    asked = request(facts=HOSTILE, id=HOSTILE, reference=HOSTILE, language='ar" onmouseover="x')
    html = as_html(brief(asked, answer(id=HOSTILE, signs=()), explain=True))
    page = Page(html)
    assert page.open == []
    assert "script" not in {tag for tag, _ in page.elements}
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7 * 7 }}" in html
    assert "onmouseover" not in html
    assert "\u202e" not in html


def test_the_piece_under_several_signs_takes_the_gravest_line() -> None:
    assert leading(("breadth", "protected")) == "protected"
    assert leading(("limit", "pretext")) == "pretext"
    assert leading(("something-new", "limit")) == "limit"


def test_a_date_is_kept_on_one_line_and_the_rest_is_escaped() -> None:
    assert unbroken("<2026-01-02>") == '&lt;<span class="date">2026-01-02</span>&gt;'


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Any, tmp_path: Path, width: int, colours: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for number, html in enumerate(PAGES):
        file = tmp_path / f"{number}.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=colours)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(file.as_uri())
        assert asked == [file.as_uri()]
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        context.close()

"""The answer in its four forms: the same content, the same bytes, nothing for the requester to learn from."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given, settings
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from habeas.assess import Assessment, assess
from habeas.reports import answer as shown
from habeas.request import Notice, Request
from tests.reports.samples import (
    ANSWER,
    ARABIC,
    ARABIC_ANSWER,
    ARABIC_REQUEST,
    HOSTILE,
    REQUEST,
    answer,
    request,
)
from tests.request.samples import requests

Render = Callable[..., str]
FORMS = [shown.text, shown.markdown, shown.html]


class _Words(HTMLParser):
    """The words of a page, as somebody reads them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipped += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.found.append(data)


def words(
    render: Render, asked: Request = REQUEST, given: Assessment = ANSWER, *, explain: bool = False
) -> str:
    """All words of an answer on one line, without layout and escapes."""
    told = render(asked, given, explain=explain)
    if render is shown.html:
        page = _Words()
        page.feed(told)
        told = "".join(page.found)
    return " ".join(told.replace("\\", "").replace("> ", " ").split())


@pytest.mark.parametrize("render", FORMS)
@pytest.mark.parametrize(
    "said",
    [
        "Recommended: ",
        "People decide",
        "There are substantial grounds to believe",
        "the treaty relied on is in force between the two states",
        "Public prosecutor's office",
        "Art. 25, Law 31 of 1970",
        "The sentence of rights.strongest.",
        "refuses: human rights stand against it",
        "UN Convention, Art. 40(22) Persecution clause",
        "insulted the President",
        "13–34",
        "why the data are needed is stated",
        "from the requester; without it nothing is disclosed",
        "Please state why the data are needed.",
        "Would this be an offence here?",
        "Use for this case only.",
        "2026-11-09 + 60 days = 2027-01-08",
        "called “accused”",
        "messages with journalists",
        "aaaa",
    ],
)
def test_every_form_says_everything(render: Render, said: str) -> None:
    assert said.lower() in words(render).lower()


@pytest.mark.parametrize("render", FORMS)
def test_what_is_for_the_house_only_says_so(render: Render) -> None:
    assert "for the house only" in words(render).lower()
    assert "protected conduct" in words(render).lower()


@pytest.mark.parametrize("render", FORMS)
@pytest.mark.parametrize(
    "said", ["The sentence of form.met.", "What would change the result", "90 days from"]
)
def test_explain_adds_what_is_met_what_waits_and_what_would_change(render: Render, said: str) -> None:
    assert said.lower() in words(render, explain=True).lower()
    assert said.lower() not in words(render).lower()


@pytest.mark.parametrize("render", FORMS)
@pytest.mark.parametrize("explain", [False, True])
def test_the_same_answer_gives_the_same_bytes(render: Render, explain: bool) -> None:
    assert render(REQUEST, ANSWER, explain=explain) == render(REQUEST, ANSWER, explain=explain)


@pytest.mark.parametrize("render", FORMS)
def test_hostile_words_command_nothing(render: Render) -> None:
    asked = request(
        id=HOSTILE, facts=HOSTILE, reference=HOSTILE, addressee=HOSTILE, necessity=HOSTILE, language=HOSTILE
    )
    told = render(asked, answer(id=HOSTILE, signs=()), explain=True)
    assert not {"\x1b", "\x9b", "\x07", "\u202e", "\u202c"} & set(told)
    told.encode()
    assert "‹U+001B›" in told.replace("\\", "")


@pytest.mark.parametrize("render", FORMS)
def test_arabic_words_stand_as_they_were_written(render: Render) -> None:
    told = words(render, ARABIC_REQUEST, ARABIC_ANSWER)
    plain = told
    for mark in ("‹", "›", "[1]", "[2]", "\u2060"):
        plain = plain.replace(mark, "")
    assert all(word in plain for word in ARABIC.split()[:3])


def test_the_terminal_says_the_same_as_the_text() -> None:
    out = io.StringIO()
    shown.terminal(REQUEST, ANSWER, Console(file=out, width=80), explain=False)
    assert out.getvalue() == shown.text(REQUEST, ANSWER, explain=False)


@settings(max_examples=25, deadline=None)
@given(asked=requests)
def test_whatever_is_asked_can_be_shown_in_every_form(asked: Request) -> None:
    given_answer = assess(asked, on=date(2026, 11, 21))
    for render in FORMS:
        told = render(asked, given_answer, explain=True)
        assert not [
            char for char in told if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"
        ]


NOTICES = (
    Notice(place="facts", sentence="hidden direction marks stand in the words"),
    Notice(place="\u202eplace <b>", sentence="a name mixes Cyrillic and Latin letters"),
)


@pytest.mark.parametrize("render", FORMS)
def test_notices_stand_in_the_answer_and_are_harmless(render: Render) -> None:
    told = render(REQUEST, ANSWER, explain=False, notices=NOTICES)
    plain = " ".join(told.replace("\\", "").split())
    assert "Hidden direction marks stand in the words." in plain
    assert "A name mixes Cyrillic and Latin letters." in plain
    assert "\u202e" not in told
    assert "otice: " not in render(REQUEST, ANSWER, explain=False)
    assert "Notices:" not in render(REQUEST, ANSWER, explain=False)


def test_json_is_the_assessment_and_its_notices() -> None:
    told = msgspec.json.decode(shown.json(ANSWER, NOTICES))
    assert told.pop("notices")[0] == {
        "place": "facts",
        "sentence": "hidden direction marks stand in the words",
    }
    assert told == msgspec.json.decode(msgspec.json.encode(ANSWER))


def test_a_docket_lists_its_answers_in_their_order() -> None:
    lines = [shown.docket_line(f"{name}.html", REQUEST, answer(id=name)) for name in ("b", "a")]
    page = shown.docket(lines)
    assert page.index('href="b.html"') < page.index('href="a.html"')
    assert "2 requests" in page
    assert "1 request." in shown.docket(lines[:1])


def test_the_text_as_it_is_read(snapshot: SnapshotAssertion) -> None:
    assert shown.text(REQUEST, ANSWER, explain=False) == snapshot


def test_the_markdown_as_it_is_read(snapshot: SnapshotAssertion) -> None:
    assert shown.markdown(REQUEST, ANSWER, explain=True) == snapshot


def test_the_page_as_it_is_read(snapshot: SnapshotAssertion) -> None:
    page = shown.html(ARABIC_REQUEST, ARABIC_ANSWER, explain=False)
    assert page[page.index("<main") : page.index("</main>")] == snapshot

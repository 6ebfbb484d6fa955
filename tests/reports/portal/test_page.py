"""The page at a door: the same promise in six languages, and nothing that runs or asks anybody."""

from __future__ import annotations

import base64
import hashlib
import re
import string
import tomllib
from importlib.resources import files

import pytest

from habeas.errors import Refused
from habeas.reports.portal import LANGUAGES, Said, page

ORIGIN = "desk.example.org/log"
NOTE = "habeas/promise/v1\n<a note> & more\n"
WRONG = ("empty", "long", "broken", "busy", "failed")


def words(language: str) -> dict[str, object]:
    text = files("habeas.reports.portal").joinpath(f"words/{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_and_that_nobody_reviewed_it(language: str) -> None:
    english, mine = words("en"), words(language)
    assert mine.keys() == english.keys()
    assert set(mine["wrong"]) == set(WRONG)  # type: ignore[call-overload]
    assert mine["reviewed"] is False
    for name, text in english.items():
        if isinstance(text, str):
            fields = [{each[1] for each in string.Formatter().parse(str(t))} for t in (text, mine[name])]
            assert fields[0] == fields[1], name
    html, _policy = page(language, ORIGIN, 64)
    assert str(mine["unreviewed"]) in html
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html


@pytest.mark.parametrize("said", [None, Said(promise=NOTE, received="2026-11-23 09:00:00", by="2026-11-26")])
def test_nothing_runs_and_nobody_else_is_asked(said: Said | None) -> None:
    html, policy = page("en", ORIGIN, 64, said)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert "<script" not in html
    assert not re.search(r'\b(src|style|on\w+)="', html)
    assert set(re.findall(r'(?:href|action)="([^"]*)"', html)) <= {*LANGUAGES, _saved(NOTE)}


def _saved(note: str) -> str:
    return f"data:text/plain;charset=utf-8;base64,{base64.b64encode(note.encode()).decode()}"


def test_the_promise_is_shown_whole_and_to_be_saved_whole() -> None:
    html, _policy = page(
        "en", ORIGIN, 64, Said(promise=NOTE, received="2026-11-23 09:00:00", by="2026-11-26")
    )
    assert "&lt;a note&gt; &amp; more" in html
    assert _saved(NOTE) in html
    assert "2026-11-23 09:00:00" in html
    assert "2026-11-26" in html
    assert f"--site https://{ORIGIN}" in html
    assert "<form" not in html


@pytest.mark.parametrize("wrong", WRONG)
def test_what_went_wrong_is_said_above_the_form(wrong: str) -> None:
    html, _policy = page("en", ORIGIN, 64, Said(wrong=wrong))
    assert str(words("en")["wrong"][wrong]) in html  # type: ignore[index]
    assert '<input type="file" id="file" name="file" required>' in html


def test_there_is_no_page_in_another_language() -> None:
    with pytest.raises(Refused):
        page("de", ORIGIN, 64)

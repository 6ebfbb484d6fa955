"""The person's door speaks six languages completely, and what is read by the machine is what people read."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from django.test import Client

from habeas.web.configuration import HERE, LANGUAGES

_ENTRY = re.compile(r'^msgid "(.+)"\nmsgstr "(.*)"$', re.M)
_MARKED = re.compile(r'\b_\("([^"]+)"\)|\bgettext\("([^"]+)"\)')


def _written(language: str) -> dict[str, str]:
    return dict(_ENTRY.findall((_folder(language) / "django.po").read_text("utf-8")))


def _folder(language: str) -> Path:
    return HERE / "locale" / language / "LC_MESSAGES"


def _marked() -> set[str]:
    sources = [*HERE.rglob("*.html"), *HERE.rglob("*.py")]
    return {one or other for path in sources for one, other in _MARKED.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_door_is_there_and_none_besides(language: str) -> None:
    written = _written(language)
    assert set(written) == _marked()
    assert all(written.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_the_same(language: str) -> None:
    with (_folder(language) / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {each: compiled.gettext(each) for each in _written(language)} == _written(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_door_opens_in_each_language(language: str, site: object) -> None:
    answer = Client(SERVER_NAME="localhost").get(f"/you/{language}/")
    page = answer.content.decode()
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    for words in ("Your own door", "Send my objection"):
        assert _written(language)[words] in page


def test_no_other_language_is_pretended(site: object) -> None:
    assert Client(SERVER_NAME="localhost").get("/you/de/").status_code == 404

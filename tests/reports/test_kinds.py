"""What a kind of entry is called stands in one place, whole in every language, and every page has it so."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from habeas.desk.letters import Language
from habeas.desk.public import Kind
from habeas.reports import kinds
from habeas.reports.transparency.words import words
from habeas.reports.verify.page import catalogue

WRITTEN: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
    (files("habeas.reports") / "kinds.toml").read_text("utf-8")
)


def test_every_kind_has_both_forms_in_every_language_and_nothing_else_has() -> None:
    assert set(WRITTEN) == {*map(str, Kind), "accounts"}
    for kind, forms in WRITTEN.items():
        assert set(forms) == ({"many"} if kind == "accounts" else {"one", "many"}), kind
        for each in forms.values():
            assert set(each) == set(map(str, Language)), kind
            assert all(word == word.strip() != "" for word in each.values()), kind


@pytest.mark.parametrize("language", Language)
def test_no_two_kinds_are_called_the_same(language: Language) -> None:
    for form in (kinds.one, kinds.many):
        said = form(language)
        assert len(set(said.values())) == len(said)


@pytest.mark.parametrize("language", Language)
def test_report_and_checking_page_take_their_words_from_there(language: Language) -> None:
    spoken = words(language)
    assert {kind: spoken.say("subject", kind) for kind in kinds.many(language)} == kinds.many(language)
    assert catalogue(language)["script"]["value"]["kind"] == kinds.one(language)


@pytest.mark.parametrize("language", Language)
def test_no_other_catalogue_has_words_of_its_own_for_a_kind(language: Language) -> None:
    report, site, check = (
        tomllib.loads((files("habeas.reports") / folder / f"{language}.toml").read_text("utf-8"))
        for folder in ("transparency/texts", "site/texts", "verify/words")
    )
    assert not set(report["subject"]) & set(WRITTEN)
    assert "kind" not in site["log"]
    assert "kind" not in check["script"]["value"]


def test_a_language_that_is_not_there_is_an_error() -> None:
    for form in (kinds.one, kinds.many):
        with pytest.raises(KeyError):
            form("xx")

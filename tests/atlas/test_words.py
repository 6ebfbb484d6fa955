from __future__ import annotations

from habeas.atlas import atlas
from habeas.atlas.folding import fold
from habeas.atlas.words import vocabulary


def test_no_general_word_for_a_criminal_code_is_the_own_name_of_one_state() -> None:
    own = {fold(n) for code in atlas().states() for law in atlas().state(code).laws for n in law.own_names}
    assert own.isdisjoint(vocabulary().main_code)


def test_an_own_name_of_a_law_belongs_to_one_state() -> None:
    owners: dict[str, set[str]] = {}
    for code in atlas().states():
        for law in atlas().state(code).laws:
            for name in law.own_names:
                owners.setdefault(fold(name), set()).add(code)
    assert {name: states for name, states in owners.items() if len(states) > 1} == {}


def test_words_are_folded_when_they_are_loaded() -> None:
    words = vocabulary()
    assert fold("العمل") not in words.article
    assert all(word == fold(word) for word in words.article | words.part | words.law | words.glue)

"""What cannot be said has no place in the facts of a letter."""

from __future__ import annotations

import msgspec
import pytest

from habeas.assess import Assessment
from habeas.assess.finding import Change, Sign
from habeas.desk.letters import Item, Kind, Language, LetterFacts, compose, plain
from tests.desk.letters.samples import facts


def test_facts_have_no_place_for_what_only_the_house_may_know() -> None:
    ours = {field.name for field in msgspec.structs.fields(LetterFacts)}
    house = {field.name for kind in (Assessment, Sign, Change) for field in msgspec.structs.fields(kind)}
    assert ours & house <= {"items", "questions", "conditions", "road"}
    assert {"signs", "would_change", "findings", "protected_conduct", "because"} <= house - ours


def test_a_target_is_called_by_a_label_when_facts_are_read() -> None:
    good = {"target": "A", "item": 1, "category": "subscriber"}
    assert msgspec.convert(good, Item).target == "A"
    for identifier in ("somebody@mail.example", "+4912345678", "user1234", "Aa", "1234"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**good, "target": identifier}, Item)


def test_only_arabic_runs_from_the_right() -> None:
    assert [one for one in Language if one.direction == "rtl"] == [Language.ARABIC]


def test_plain_text_has_every_word_of_the_letter_in_its_order() -> None:
    letter = compose(Kind.REFUSAL, facts(), language=Language.FRENCH)
    text = plain(letter)
    said = [letter.notice, letter.addressee, letter.subject, letter.basis, *letter.references]
    for paragraph in letter.paragraphs:
        said += [paragraph.text, *(point.text for point in paragraph.points)]
    assert all(words in text for words in said)
    assert letter.beside is not None
    assert text.endswith(plain(letter.beside))
    places = [text.index(paragraph.text) for paragraph in letter.paragraphs]
    assert places == sorted(places)

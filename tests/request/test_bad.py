"""Every file in `tests/bad/request` is refused, each for what its name says."""

from __future__ import annotations

from pathlib import Path

import pytest

from habeas.request.formats.reading import read_file

FOLDER = Path(__file__).parents[1] / "bad" / "request"

WRONG = {
    "bomb.yaml": "repeats parts of itself too often",
    "broken_indentation.yaml": "the YAML cannot be read",
    "case_without_id.yaml": "`id` is missing",
    "control_character.json": "U+0007",
    "cut_off.json": "cut off before its end",
    "empty.json": "the file is empty",
    "endless_number.json": "a number is too long",
    "half_a_character.json": "U+D83D",
    "half_a_character_in_a_name.json": "half of a character",
    "hidden_direction_in_account.json": "hidden direction mark",
    "latin1.yaml": "is not UTF-8 text",
    "letter.yaml": "is not a request",
    "life_with_years.json": "exactly when its kind is `years`",
    "name_twice.json": "`facts` stands twice",
    "name_twice.yaml": "`narrative` stands twice",
    "negative_penalty.json": "cannot be -4 years",
    "no_cases.yaml": "no request in the file",
    "no_measure.json": "`measure` is missing",
    "no_such_day.json": "not a date of the calendar",
    "not_a_number.json": "`NaN` is not a number",
    "null_facts.json": "null where text belongs",
    "only_space.yaml": "the file is empty",
    "path_as_attachment.json": "is a path",
    "penalty_in_words.yaml": "not a maximum penalty",
    "period_ends_before_it_starts.json": "after its end",
    "picture.json": "a picture",
    "python_tag.yaml": "tag",
    "received_before_the_conduct.json": "after the request was received",
    "same_target_twice.json": "the same target id",
    "second_line_in_authority.json": "line break",
    "too_deep.json": "nested too deeply",
    "too_deep.yaml": "nested too deeply",
    "two_letter_state.yaml": "`NO` is not the code of a state",
    "unknown_field.json": "no field `judical`",
    "unknown_measure.json": "`arrest` is not a word known here",
    "unknown_state.json": "`ATL` is not the code of a state",
    "unseen_space_in_account.json": "ZERO WIDTH SPACE",
    "utf16.json": "UTF-16",
    "wrong_type.json": "where a list belongs",
    "xml.json": "XML",
    "zero_bytes.yaml": "zero bytes",
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_bad_file_is_refused_for_what_is_wrong_with_it(name: str) -> None:
    (read,) = read_file(FOLDER / name)
    assert read.request is None
    assert read.refused is not None
    assert WRONG[name] in read.refused.sentence
    assert name in read.refused.place
    assert read.refused.hint


def test_every_file_in_the_folder_is_tried() -> None:
    assert {path.name for path in FOLDER.iterdir()} == WRONG.keys()

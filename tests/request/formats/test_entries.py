from __future__ import annotations

import pytest

from habeas.errors import Refused
from habeas.request.formats.entries import Form, detect, entries


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ('{"id": "a"}', Form.JSON),
        ('\n\n  {"id": "a"}\n\n', Form.JSON),
        ('{\n  "id": "a",\n  "issuing": {"name": "x"}\n}\n', Form.JSON),
        ('{"issuing": {"name": "x"}\n, "id": "a"}', Form.JSON),
        ('[\n{"id": "a"},\n{"id": "b"}\n]', Form.JSON),
        ('{"id": "a"}\n{"id": "b"}\n', Form.JSON_LINES),
        ('{"id": "a"}\r\n\r\n{"id": "b"}\r\n', Form.JSON_LINES),
        ('{"id": "a"\n{"id": "b"}\n', Form.JSON_LINES),
        ('{"id": "a"}\nnot json\n', Form.JSON_LINES),
        ("cases:\n- id: a\n", Form.YAML),
        ("# a comment {\n- id: a\n", Form.YAML),
        ("---\nid: a\n", Form.YAML),
    ],
)
def test_the_form_is_found_by_content(text: str, form: Form) -> None:
    assert detect(text.encode()) is form
    assert detect(b"\xef\xbb\xbf" + text.encode()) is form


def test_what_is_not_text_has_no_form() -> None:
    with pytest.raises(Refused):
        detect(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('{"id": "a"}', ["f (a)"]),
        ('[{"id": "a"}, {"x": 1}]', ["f: [0] (a)", "f: [1]"]),
        ('{"cases": [{"id": "a"}]}', ["f: cases[0] (a)"]),
        ('{"id": "a"}\n\n{"id": "b"}', ["f: line 1 (a)", "f: line 3 (b)"]),
        ("id: a", ["f (a)"]),
        ("- id: a\n- id: b\n", ["f: [0] (a)", "f: [1] (b)"]),
        ("cases:\n- id: a\n", ["f: cases[0] (a)"]),
        ("id: a\n---\n- id: b\n", ["f: document 1 (a)", "f: document 2: [0] (b)"]),
    ],
)
def test_each_entry_names_its_place(text: str, places: list[str]) -> None:
    found = list(entries(text.encode(), "f"))
    assert [place for place, _ in found] == places
    assert not any(isinstance(value, Refused) for _, value in found)


@pytest.mark.parametrize("text", ["[]", "cases: []", '{"cases": []}', "# nothing\n"])
def test_a_file_without_requests_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        list(entries(text.encode(), "f"))
    assert caught.value.sentence == "there is no request in the file"


@pytest.mark.parametrize(
    "text", ["5", '"text"', "[5]", "Dear colleagues", "- a", "---", "cases: 5", '{"cases": {}}']
)
def test_an_entry_without_fields_is_refused(text: str) -> None:
    ((_, value),) = entries(text.encode(), "f")
    assert isinstance(value, Refused)


def test_a_broken_line_names_its_line_once() -> None:
    found = list(entries(b'{"id": "a"}\n{"id": \n{"id": "c"}', "f"))
    assert [isinstance(value, Refused) for _, value in found] == [False, True, False]
    place, refused = found[1]
    assert place == "f: line 2"
    assert isinstance(refused, Refused)
    assert refused.place == "column 8"

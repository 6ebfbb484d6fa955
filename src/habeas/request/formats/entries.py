"""Bytes taken apart into entries: one request each, still plain values.

Decides the form by content, never by the file's name: JSON (one object or a list), JSON lines, or
YAML (`cases:` with a list, a bare list, or one case). What cannot be read becomes a `Refused` in its
place and the neighbours stay. Which request an entry is, is for `native` and `corpus`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from habeas.errors import Refused
from habeas.request.formats import json_text, yaml_text
from habeas.request.formats.text import decode

_LINE = re.compile(r"[^\s](?:[^\n]*[^\s])?")  # a line that is not blank, without the space around it


class Form(StrEnum):
    JSON = "JSON"
    JSON_LINES = "JSON lines"
    YAML = "YAML"


def detect(data: bytes) -> Form:
    """The form of the file with these bytes. Raises `Refused` if it is not text at all."""
    return _form(decode(data, "the file"))


def entries(data: bytes, name: str) -> Iterator[tuple[str, Mapping[str, Any] | Refused]]:
    """Each entry with its place; the fields of one request, or why it cannot be read.

    The place begins with `name`. Raises `Refused` if the bytes are not text at all.
    """
    text = decode(data, name)
    form = _form(text)
    count = 0
    for place, value, tainted in _split(text, form, name):
        count += 1
        refused = json_text.refusal_among(value, tainted)
        if refused is None and not isinstance(value, Mapping):
            refused = Refused(
                "this entry has no named fields, so it is not a request",
                hint="a request is an object with named fields; `habeas schema` lists them",
            )
        yield f"{place}{_called(value)}", refused or value
    if not count:
        raise Refused("there is no request in the file", place=name, hint="ask for it again")


def _form(text: str) -> Form:
    starts = (found[0] for found in _LINE.finditer(text))
    first, second = next(starts, ""), next(starts, "")
    if first[:1] not in ("{", "["):
        return Form.YAML
    # A second line that begins an object, or follows a whole one and does not continue it, stands for itself.
    if first[0] == "{" and (second[:1] == "{" or (first[-1] == "}" and second and second[0] not in ",]}")):
        return Form.JSON_LINES
    return Form.JSON


def _split(text: str, form: Form, name: str) -> Iterator[tuple[str, Any, bool]]:
    """Place, value and whether refusals may stand inside the value."""
    if form is Form.JSON_LINES:
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                yield f"{name}: line {number}", *_line(line)
    elif form is Form.YAML:
        found = yaml_text.documents(text)
        for number, (value, tainted) in enumerate(found, start=1):
            place = f"{name}: document {number}" if len(found) > 1 else name
            if value is not None or len(found) == 1:
                yield from _unfold(value, tainted, place)
    elif text.lstrip().startswith("["):
        for index, (value, tainted) in enumerate(json_text.list_entries(text)):
            yield f"{name}: [{index}]", value, tainted
    else:
        yield from _unfold(*json_text.parse(text), name)


def _line(line: str) -> tuple[Any, bool]:
    """One line of JSON lines, where the line is known and only the column helps."""
    value, tainted = json_text.parse(line)
    if isinstance(value, Refused):
        value = Refused(value.sentence, place=value.place.removeprefix("line 1, "), hint=value.hint)
    return value, tainted


def _unfold(value: Any, tainted: bool, place: str) -> Iterator[tuple[str, Any, bool]]:
    """The entries of one value: a list, what stands under `cases`, or the value itself."""
    before = f"{place}: "
    if isinstance(value, dict) and "cases" in value:
        if isinstance(value["cases"], list):
            value, before = value["cases"], f"{place}: cases"
        else:
            hint = "write one case after each hyphen below `cases:`"
            value = Refused("under `cases` stands something other than a list", hint=hint)
    if isinstance(value, list):
        for index, entry in enumerate(value):
            yield f"{before}[{index}]", entry, tainted
    else:
        yield place, value, tainted


def _called(value: Any) -> str:
    """The id of an entry, for its place."""
    named = value.get("id") if isinstance(value, Mapping) else None
    return f" ({json_text.shown(named)})" if isinstance(named, str) and named else ""

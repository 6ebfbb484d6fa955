from __future__ import annotations

from typing import Any

import msgspec

from habeas.request import schema
from habeas.request.model import MAX_FACTS, Measure, Request
from tests.request.samples import NATIVE


def test_the_published_file_is_what_the_types_say() -> None:
    assert schema.published() == schema.written(schema.make_schema())


def test_the_schema_is_closed_and_names_what_a_request_needs() -> None:
    request: dict[str, Any] = msgspec.json.decode(schema.published())["$defs"]["Request"]
    assert request["required"] == ["id", "instrument", "measure"]
    assert request["additionalProperties"] is False
    assert list(request["properties"]) == sorted(Request.__struct_fields__)
    assert request["properties"]["facts"]["maxLength"] == MAX_FACTS


def test_every_word_and_field_of_the_sample_stands_in_the_schema() -> None:
    definitions: dict[str, Any] = msgspec.json.decode(schema.published())["$defs"]
    assert set(definitions["Measure"]["enum"]) == set(Measure)
    assert NATIVE.keys() <= definitions["Request"]["properties"].keys()

"""The published JSON Schema of a request, made from the types and kept beside them as a file.

Outsiders validate against the file; a test makes it anew and compares, so a change of the model
that changes what is accepted shows as a change of this file. JSON Schema draft 2020-12.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import msgspec

from habeas.request.model import Request

SCHEMA_ID = (
    "urn:habeas:request:1"  # a name, not an address; the number changes when old requests stop being valid
)


def make_schema() -> dict[str, Any]:
    """The schema as the types say it now."""
    (reference,), components = msgspec.json.schema_components([Request], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Habeas request",
        **reference,
        "$defs": components,
    }


def written(schema: dict[str, Any]) -> str:
    """The schema as text: names in order, so that the same types give the same file."""
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2).decode() + "\n"


def published() -> str:
    """The schema file as packaged."""
    return (files(__name__) / "request.schema.json").read_text(encoding="utf-8")

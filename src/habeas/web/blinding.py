"""A case with its identifiers covered, for an expert who was invited without them.

Every identifier, reference, contact and number of the request is covered character by character, in the
request and in everything the assessment quotes from it, so that marks keep their places. What a narrative
tells of a person beside that, no program can cover: somebody of the house confirms it when they invite.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from habeas.assess import Assessment
from habeas.request import Request

COVER = "█"
Value = TypeVar("Value", Request, Assessment)


def covered(value: Value, request: Request) -> Value:
    """`value` (of this request) with what identifies people covered."""
    secrets = sorted(secrets_of(request), key=len, reverse=True)
    return msgspec.convert(_walk(msgspec.to_builtins(value), secrets), type(value))


def covered_words(text: str, request: Request) -> str:
    """Words of the house about this request, with what identifies people covered."""
    return _cover(text, sorted(secrets_of(request), key=len, reverse=True))


def secrets_of(request: Request) -> set[str]:
    """The words to cover; single letters and numbers below three characters say nothing and stay."""
    bodies = (request.issuing, request.investigating, request.validating)
    found = {identifier.value for target in request.targets for identifier in target.identifiers}
    found |= {request.reference or "", request.authorisation.reference or ""}
    found |= {word for body in bodies if body is not None for word in (body.contact or "", body.name)}
    return {word for word in found if len(word) > 2}


def _walk(value: Any, secrets: list[str]) -> Any:
    match value:
        case str():
            return _cover(value, secrets)
        case dict():
            return {key: _walk(each, secrets) for key, each in value.items()}
        case list() | tuple():
            return [_walk(each, secrets) for each in value]
        case _:
            return value


def _cover(text: str, secrets: list[str]) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose small form has another length: compare as it stands
        lowered = text
    for secret in secrets:
        sought = secret.lower() if lowered is not text else secret
        start = lowered.find(sought)
        while start >= 0:
            end = start + len(sought)
            text = text[:start] + COVER * (end - start) + text[end:]
            lowered = lowered[:start] + COVER * (end - start) + lowered[end:]
            start = lowered.find(sought, end)
    return text

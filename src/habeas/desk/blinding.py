"""A case with its identifiers covered, for an expert who was invited without them.

Every identifier, reference, contact and number of the request is covered character by character, in the
request and in everything the assessment quotes from it, so that marks keep their places; and so is whatever
in its words looks like an address, a handle or a long number. References are covered however their parts
are joined, and attachments are shown by number: a file is often named after what it is about. What a
narrative tells of a person beside that, no program can cover: counsel reads the covered text, names further
words, and confirms exactly what the expert will see (`confirmation`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from habeas.assess import Assessment
from habeas.errors import Refused
from habeas.request import Attachment, Request

COVER = "█"
ATTACHMENT = "Attachment"
Value = TypeVar("Value", Request, Assessment)
_PARTS = re.compile(r"\w+")
_JOINTS = ("", " ", "-", "/", ".", "_")  # 2026/5512 is 2026-5512 in the name of a file

_LOOKS_LIKE = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an address of mail
    r"|https?://\S+|www\.\S+"
    r"|(?<!\w)@\w{2,}"  # a handle
    r"|\+\d[\d ()./-]{5,}\d"  # a telephone number
    r"|(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)"  # an address on the network
    r"|\d{7,}"  # of an account, a passport, a device
)


def covered(value: Value, request: Request, words: Iterable[str] = ()) -> Value:
    """`value` (of this request) with what identifies people covered, and these words besides."""
    named: Request | Assessment = value
    if isinstance(named, Request):
        named = numbered(named)
    return msgspec.convert(_walk(msgspec.to_builtins(named), _sought(request, words)), type(value))


def as_confirmed(
    request: Request, assessment: Assessment | None, words: Iterable[str], shown: Request | None
) -> tuple[Request, Assessment | None]:
    """A request and its assessment for a guest who was invited without the names, with these words covered
    besides. shown: what counsel confirmed; where the request changed since, it is that and no assessment, for
    what came later nobody confirmed."""
    sought = tuple(words)
    now = covered(request, request, sought)
    if shown is not None and numbered(shown) != now:
        return numbered(shown), None
    return now, covered(assessment, request, sought) if assessment is not None else None


def numbered(request: Request) -> Request:
    """`request` with its attachments called by their number: a name or a hash may tell whom or which order it
    is about."""
    called = (Attachment(name=f"{ATTACHMENT} {number}") for number in range(1, len(request.attachments) + 1))
    return msgspec.structs.replace(request, attachments=tuple(called))


def covered_words(text: str, request: Request, words: Iterable[str] = ()) -> str:
    """Words of the house about this request, with what identifies people covered."""
    return _cover(text, _sought(request, words))


def confirmation(shown: Request) -> str:
    """What stands for a covered request that somebody looked at: SHA-256 of its canonical JSON."""
    return hashlib.sha256(msgspec.json.encode(shown, order="deterministic")).hexdigest()


def further(request: Request, words: Sequence[str]) -> tuple[str, ...]:
    """Words that somebody wants covered besides, once each. Raises Refused for one that nowhere stands in the
    request, since then what was meant to be covered is not, and for one too short to cover alone."""
    found = tuple(dict.fromkeys(each.strip() for each in words if each.strip()))
    texts = [each.lower() for each in _texts(msgspec.to_builtins(request))]
    for each in found:
        if len(each) < _SHORTEST:
            raise Refused(
                "one letter alone would cover half the text",
                place="covered",
                hint="name the words around it as well",
            )
        if not any(each.lower() in text for text in texts):
            raise Refused(
                f"“{each}” does not stand in the request like that",
                place="covered",
                hint="copy the words from the text, letter by letter",
            )
    return found


_SHORTEST = 2


def secrets_of(request: Request) -> set[str]:
    """The words to cover; single letters and numbers below three characters say nothing and stay."""
    bodies = (request.issuing, request.investigating, request.validating)
    found = {identifier.value for target in request.targets for identifier in target.identifiers}
    for reference in (request.reference or "", request.authorisation.reference or ""):
        found |= {reference, *(joint.join(_PARTS.findall(reference)) for joint in _JOINTS)}
    found |= {each.name for each in request.attachments if not each.name.isalpha()}  # no word of ours
    found |= {word for body in bodies if body is not None for word in (body.contact or "", body.name)}
    for text in (request.facts, *request.earlier_facts):
        found |= {each.rstrip(".,;:)]»”\"'") for each in _LOOKS_LIKE.findall(text)}
    return {word for word in found if len(word) > 2}


def _sought(request: Request, words: Iterable[str]) -> list[str]:
    return sorted({*secrets_of(request), *words}, key=len, reverse=True)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list() | tuple():
            for each in value:
                yield from _texts(each)


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

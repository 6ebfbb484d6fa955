"""Files, bytes and rows made into requests, whatever form they are in.

One bad entry never loses the good ones: each entry gives a `Read` with either a request or the
refusal, in the order of the file. With `strict` the first refusal is raised instead. No failure of
the input leaves as anything but `Refused`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from habeas.errors import Refused
from habeas.request.checking import Notice, notices
from habeas.request.formats import corpus, native
from habeas.request.formats.entries import entries
from habeas.request.formats.json_text import parse, refusal_among, too_deep
from habeas.request.formats.text import load
from habeas.request.model import Request

_MAX_ROW_DEPTH = 16  # a request is eight deep
_NESTED = frozenset(  # fields that hold a list or fields, in either form
    {
        "assurances",
        "attachments",
        "authorisation",
        "conduct",
        "data_requested",
        "earlier_facts",
        "emergency",
        "investigating",
        "issuing",
        "offences",
        "requested_from",
        "secrecy",
        "supposed",
        "targets",
        "validating",
    }
)


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as read: exactly one of `request` and `refused` is set.

    place: where it stands (file, line or list position, id). notices: what a person should look at
    although the entry was accepted.
    """

    place: str
    request: Request | None = None
    refused: Refused | None = None
    notices: tuple[Notice, ...] = ()


def read_file(path: str | os.PathLike[str], *, strict: bool = False) -> Iterator[Read]:
    """What stands in a file of any form read here; a file that cannot be read gives one refused `Read`."""
    name = str(path)
    try:
        data = load(path)
    except Refused as refused:
        yield _refused(refused, name, strict)
        return
    yield from read_entries(data, name, strict=strict)


def read_entries(data: bytes, name: str, *, strict: bool = False) -> Iterator[Read]:
    """What stands in bytes of any form read here. `name` begins every place."""
    places: dict[str, str] = {}
    try:
        for place, values in entries(data, name):
            try:
                read = _entry(values, place)
            except Refused as refused:
                yield _refused(refused.at(place), place, strict)
                continue
            assert read.request is not None
            if earlier := places.get(read.request.id):
                sentence = f"the id of this request was already used at {earlier}"
                yield _refused(Refused(sentence, place=place, hint="give each its own id"), place, strict)
                continue
            places[read.request.id] = place
            yield read
    except Refused as refused:
        if strict:
            raise
        yield Read(place=name, refused=refused)


def read_bytes(data: bytes, name: str) -> list[Request]:
    """The requests in `data`. Raises `Refused` at the first entry that is unacceptable."""
    return [read.request for read in read_entries(data, name, strict=True) if read.request is not None]


def from_row(row: Mapping[str, Any]) -> Request:
    """One request from one row of a table, in our own form or that of the corpus. Raises `Refused`.

    Empty cells (None) are fields not stated. A cell that should hold a list or fields may hold them
    as JSON text.
    """
    values = _without_empty(row, 0)
    for name in _NESTED & values.keys():
        cell = values[name]
        if isinstance(cell, str) and cell.lstrip()[:1] in ("{", "["):
            inner, tainted = parse(cell)
            if refused := refusal_among(inner, tainted):
                raise refused.at(name)
            values[name] = inner
    return corpus.to_request(values) if corpus.is_case(values) else native.convert(values)


def _entry(values: Mapping[str, Any] | Refused, place: str) -> Read:
    if isinstance(values, Refused):
        raise values
    if corpus.is_case(values):
        request = corpus.to_request(values)
        return Read(place=place, request=request, notices=corpus.case_notices(values, request))
    request = native.convert(values)
    return Read(place=place, request=request, notices=notices(request))


def _refused(refused: Refused, place: str, strict: bool) -> Read:
    if strict:
        raise refused from None
    return Read(place=place, refused=refused)


def _without_empty(value: Any, depth: int) -> Any:
    if depth > _MAX_ROW_DEPTH:
        raise too_deep("")
    if isinstance(value, Mapping):
        return {name: _without_empty(inner, depth + 1) for name, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_without_empty(inner, depth + 1) for inner in value]
    return value

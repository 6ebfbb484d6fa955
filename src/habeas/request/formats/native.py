"""Our own form: the fields of `Request` as JSON, one object per request.

The published JSON Schema (`habeas schema`) describes it. Reading is strict: an unknown field, a
word outside a list or a null where nothing was meant is refused with its place, because a field
that is silently dropped could be the one that mattered. `to_native` writes what reading gives back.
"""

from __future__ import annotations

import difflib
import re
from typing import Any

import msgspec

from habeas.errors import Refused
from habeas.request import model
from habeas.request.checking import check
from habeas.request.formats.json_text import parse, refusal_among, shown
from habeas.request.formats.text import MAX_FILE
from habeas.request.formats.text import decode as decode_text

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(model.Request)
# The encoder leaves out a default that is the same object; a request read from a file holds an equal one.
_EMPTY = {
    field.name: field.default
    for field in msgspec.structs.fields(model.Request)
    if isinstance(field.default, msgspec.Struct)
}
_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object with named fields",
    "date": "a date",
    "datetime": "a date and time",
}
_CHOICES = (  # the end of a place -> the words allowed there
    (".category", model.Category),
    ("authorisation.kind", model.AuthorisationKind),
    ("claimed_maximum.kind", model.PenaltyKind),
    ("measure", model.Measure),
)
_FIELDS = sorted(
    {
        field
        for struct in vars(model).values()
        if isinstance(struct, type) and issubclass(struct, msgspec.Struct)
        for field in struct.__struct_fields__
    }
)

_AT = re.compile(r" - at `\$?\.?(?P<place>.*)`\Z", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`\Z", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`\Z", re.DOTALL)
_CHOICE = re.compile(r"Invalid enum value '(.*)'\Z", re.DOTALL)
_TYPE = re.compile(r"Expected `([^`]*)`, got `([^`]*)`\Z")


def decode(data: bytes) -> model.Request:
    """One request from the bytes of one JSON object.

    Raises `Refused` with the place of what is wrong.
    """
    if request := _as_written(data):
        return _accepted(request)
    values, tainted = parse(decode_text(data, "the request"))
    if refused := refusal_among(values, tainted):
        raise refused
    return convert(values)


def _as_written(data: bytes) -> model.Request | None:
    """The request, if these are the very bytes in which we write it, so that nothing in them can be read in
    two ways. Far quicker than a look at every name, and nearly all that a house has exported itself."""
    try:
        request = _DECODER.decode(data)
        return request if len(data) <= MAX_FILE and to_native(request) == data.rstrip() else None
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def convert(values: Any) -> model.Request:
    """One checked request from plain values (what a JSON object becomes in Python). Raises `Refused`."""
    try:
        request = msgspec.convert(values, model.Request)
    except msgspec.ValidationError as error:
        raise explained(str(error)) from None
    except UnicodeEncodeError as error:
        raise Refused(
            f"half of a character stands in `{shown(error.object)}`",
            hint="the file was damaged; ask for it again in UTF-8",
        ) from None
    except RecursionError:
        raise Refused("the request is nested too deeply", hint="ask for it again") from None
    return _accepted(request)


def _accepted(request: model.Request) -> model.Request:
    if request.supposed:
        raise Refused(
            "a request cannot say what is to be supposed about it",
            place="supposed",
            hint="leave the field out; what the house knows belongs into its own file (`--house`)",
        )
    return check(request)


def to_native(request: model.Request) -> bytes:
    """The request as one line of JSON in UTF-8: same request, same bytes; fields not stated are left out."""
    plain = {name: empty for name, empty in _EMPTY.items() if getattr(request, name) == empty}
    return _ENCODER.encode(msgspec.structs.replace(request, **plain))


def explained(message: str) -> Refused:
    """What the decoder says, in a sentence for the person who wrote the file."""
    place = ""
    if found := _AT.search(message):
        place = shown(found["place"])
        message = message[: found.start()]
    if found := _MISSING.match(message):
        field = found[1]
        return Refused(
            f"the field `{field}` is missing",
            place=f"{place}.{field}" if place else field,
            hint="it cannot be left out; `habeas schema` lists the fields",
        )
    if found := _UNKNOWN.match(message):
        field = shown(found[1])
        near = difflib.get_close_matches(field, _FIELDS, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "`habeas schema` lists the fields"
        return Refused(
            f"there is no field `{field}` here", place=f"{place}.{field}" if place else field, hint=hint
        )
    if found := _CHOICE.match(message):
        allowed = next((words for end, words in _CHOICES if place.endswith(end)), None)
        hint = "use one of: " + ", ".join(allowed) if allowed else ""
        return Refused(f"`{shown(found[1])}` is not a word known here", place=place, hint=hint)
    if found := _TYPE.match(message):
        wanted = " or ".join(_WORDS.get(word, word) for word in found[1].split(" | ") if word != "null")
        got = _WORDS.get(found[2], found[2])
        hint = "leave the field out if it is not stated" if found[2] == "null" else ""
        return Refused(f"here stands {got} where {wanted} belongs", place=place, hint=hint or _SCHEMA)
    if message.endswith("encoded datetime"):
        return Refused(
            "this is not a date and time", place=place, hint="write it like 2024-05-31T18:00:00+02:00"
        )
    if message.endswith("encoded date"):
        return Refused("this is not a date of the calendar", place=place, hint="write it like 2024-05-31")
    return Refused("this value does not belong here", place=place, hint=_SCHEMA)


_SCHEMA = "`habeas schema` shows what each field holds"

"""Strict JSON: text to plain values, where whatever two readers could take differently is refused.

Follows RFC 8259 and takes the strict side wherever it leaves a choice: names in an object are unique
(section 4), numbers are finite and of a length every reader keeps (section 6), nothing follows the
value. An entry that cannot be read does not lose its neighbours: a `Refused` stands in its place
among the values, and `first_refusal` finds it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from habeas.errors import Refused

MAX_DIGITS = 15  # a double keeps 15 decimal digits; no number in a request is longer

_SPACE = re.compile(r"[ \t\n\r]*")


class _Decoder(json.JSONDecoder):
    """The standard decoder, made strict; `found` is set when a refusal stands among the values."""

    def __init__(self) -> None:
        self.found = False
        super().__init__(
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._number,
            parse_constant=self._constant,
        )

    def at(self, text: str, start: int) -> tuple[Any, int]:
        """The value that begins at `start` and where it ends. A broken one is a `Refused` to the end."""
        try:
            value, end = self.raw_decode(text, start)
        except RecursionError:
            value, end = too_deep(_line(text, start)), len(text)
        except json.JSONDecodeError as error:
            value, end = _broken(text, error.pos, error.msg), len(text)
        return value, end

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any] | Refused:
        values = dict(pairs)
        if len(values) == len(pairs):
            return values
        names = [name for name, _ in pairs]
        self.found = True
        return name_twice(next(name for index, name in enumerate(names) if name in names[:index]))

    def _integer(self, digits: str) -> int | Refused:
        return int(digits) if len(digits.lstrip("-")) <= MAX_DIGITS else self._too_long()

    def _number(self, digits: str) -> float | Refused:
        value = float(digits) if len(digits) <= 2 * MAX_DIGITS else math.inf
        return value if math.isfinite(value) else self._too_long()

    def _too_long(self) -> Refused:
        self.found = True
        return number_too_long()

    def _constant(self, word: str) -> Refused:
        self.found = True
        return Refused(f"`{word}` is not a number in JSON", hint="write null or leave the field out")


def name_twice(name: str) -> Refused:
    return Refused(
        f"the name `{shown(name)}` stands twice in one object",
        hint="remove one of the two; nobody can know which is meant",
    )


def number_too_long() -> Refused:
    return Refused("a number is too long to be read exactly", hint="write it shorter, or as text in quotes")


def too_deep(place: str) -> Refused:
    return Refused(
        "the brackets are nested too deeply to be a request", place=place, hint="ask for the request again"
    )


def shown(name: object) -> str:
    """A word from the input, made safe and short enough to stand in a sentence or a place."""
    text = str(name)
    if not text.isprintable():
        text = ascii(text)[1:-1]
    return f"{text[:60]}…" if len(text) > 60 else text


def first_refusal(value: Any) -> Refused | None:
    """The first refusal that stands among the values, with its place put before it."""
    waiting: list[tuple[Any, str]] = [(value, "")]
    while waiting:
        value, place = waiting.pop()
        if isinstance(value, Refused):
            return value.at(place) if place else value
        if isinstance(value, dict):
            inside = [
                (inner, f"{place}.{shown(name)}" if place else shown(name)) for name, inner in value.items()
            ]
        elif isinstance(value, list):
            inside = [(inner, f"{place}[{number}]") for number, inner in enumerate(value)]
        else:
            continue
        waiting.extend(reversed(inside))
    return None


def refusal_among(value: Any, tainted: bool) -> Refused | None:
    """The same for what `parse` and its like give back: looks inside only where a refusal may stand."""
    return first_refusal(value) if tainted or isinstance(value, Refused) else None


def parse(text: str) -> tuple[Any, bool]:
    """The one value in `text`, and whether refusals may stand inside it. A broken text gives a `Refused`."""
    decoder = _Decoder()
    value, end = decoder.at(text, _skip(text, 0))
    if not isinstance(value, Refused) and (rest := _skip(text, end)) != len(text):
        value = Refused(
            "something follows after the end of the JSON value",
            place=_line(text, rest),
            hint="put several requests in a list, or one on each line",
        )
    return value, decoder.found


def list_entries(text: str) -> Iterator[tuple[Any, bool]]:
    """The entries of the JSON list in `text`, one by one, each as `parse` gives it.

    A file cut off in the middle still gives the whole entries before the cut; the last one is then a
    `Refused`.
    """
    at = _skip(text, text.index("[") + 1)
    closed = text.startswith("]", at)
    while not closed:
        decoder = _Decoder()
        value, at = decoder.at(text, at)
        yield value, decoder.found
        at = _skip(text, at)
        closed = text.startswith("]", at)
        if not closed:
            if isinstance(value, Refused) and at == len(text):
                return  # broken: where the next entry starts cannot be known
            if not text.startswith(",", at):
                yield _broken(text, at, ""), False
                return
            at = _skip(text, at + 1)
    at = _skip(text, at + 1)
    if at != len(text):
        yield (
            Refused(
                "something follows after the end of the list",
                place=_line(text, at),
                hint="remove it, or put it inside the list",
            ),
            False,
        )


def _broken(text: str, at: int, problem: str) -> Refused:
    if problem.startswith("Unterminated") or not text[at:].strip():
        return Refused(
            "the JSON is cut off before its end", place=_line(text, at), hint="ask for the whole file"
        )
    return Refused(
        f"the JSON cannot be read at `{shown(text[at : at + 12].strip())}`",
        place=_line(text, at),
        hint="look for a missing comma, quote or bracket just before this place",
    )


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _line(text: str, at: int) -> str:
    start = text.rfind("\n", 0, at) + 1
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - start + 1}"

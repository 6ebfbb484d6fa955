"""Strict YAML: text to plain values, with the surprises of YAML left out.

Built on the event stream of libyaml, so nothing is ever constructed that the text names: every tag
is refused. A plain word is text unless it is null, true, false or a plain decimal number (the core
schema of YAML 1.2, narrowed): `no`, `on`, 2019-08-16 and 0777 stay the words they are. Names in a
mapping are unique, depth is limited, and the few repetitions that programs write by `&` and `*` are
allowed while they stay small. A `Refused` stands where an entry cannot be read, as in `json_text`.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from habeas.errors import Refused
from habeas.request.formats.json_text import MAX_DIGITS, name_twice, number_too_long, shown, too_deep

MAX_YAML = 16 * 1024 * 1024  # characters; YAML reads fifty times slower than JSON lines
MAX_DEPTH = 32  # a request is eight deep
MAX_SKIPPED = 64  # levels below that are skipped to reach the next entry; libyaml slows down with each level
MAX_VALUES = 1_000_000  # in one file; ten thousand cases, two seconds
MAX_ALIASES = 200  # what a program writes for lists it uses twice; a bomb needs few, but each weighs much
MAX_REPEATED = 20_000  # values that all repetitions together may add

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+\Z")
_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class _Level:
    """One list or mapping that is being read."""

    def __init__(self, value: list[Any] | dict[str, Any], anchor: str | None, count: int) -> None:
        self.value = value
        self.anchor = anchor
        self.count = count  # how many values had been read when it began
        self.name: str | None = None  # the name that waits for its value
        self.refused: Refused | None = None  # why the whole level cannot be used

    def put(self, value: Any, line: str) -> None:
        if isinstance(self.value, list):
            self.value.append(value)
        elif self.name is None:
            self._begin(value, line)
        else:
            self.value[self.name] = value
            self.name = None

    def _begin(self, name: Any, line: str) -> None:
        assert isinstance(self.value, dict)
        if isinstance(name, Refused):
            self.refused = self.refused or name
        elif not isinstance(name, str):
            self.refused = self.refused or Refused(
                "a list, number or empty value stands where the name of a field belongs",
                place=line,
                hint="names are plain words before a colon",
            )
        elif name == "<<":
            self.refused = self.refused or Refused(
                "a merge of mappings by `<<` is not read", place=line, hint="write the fields out"
            )
        elif name in self.value:
            self.refused = self.refused or name_twice(name).at(line)
        self.name = name if isinstance(name, str) else ""


class _Builder:
    """Plain values from the events of one document. `count` values were read in the documents before it."""

    def __init__(self, count: int = 0) -> None:
        self.levels: list[_Level] = []
        self.skipping = 0  # how many lists and mappings deep we are in a part that is not read
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.count = count
        self.aliases = 0
        self.repeated = 0
        self.found = False
        self.root: Any = None

    def take(self, event: yaml.Event) -> None:
        line = f"line {event.start_mark.line + 1}" if event.start_mark else ""
        self.count += 1
        if self.count > MAX_VALUES:
            raise _too_many(line)
        if isinstance(event, yaml.CollectionStartEvent):
            self._open(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(line)
        elif self.skipping:
            return
        elif isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event, line)
            if event.anchor:
                self.anchors[event.anchor] = (value, 1)
            self._put(value, line)
        elif isinstance(event, yaml.AliasEvent):
            self._put(self._alias(event.anchor, line), line)

    def cut(self, refused: Refused) -> None:
        """The text broke here: the entry that was being read is dropped, and the refusal ends the list."""
        self.found = True
        if entries := self._entries():
            entries.append(refused)
            self.root = self.levels[0].value if self.levels else self.root
        else:
            self.root = refused

    def _entries(self) -> list[Any] | None:
        """The list of entries as far as it was read: the document itself, or what stands under `cases`."""
        if self.levels and self.levels[0].refused:
            return None
        whole = self.levels[0].value if self.levels else self.root
        if isinstance(whole, dict):
            if self.levels and self.levels[0].name == "cases" and len(self.levels) > 1:
                whole["cases"] = self.levels[1].value
            whole = whole.get("cases")
        return whole if isinstance(whole, list) else None

    def _open(self, event: yaml.CollectionStartEvent, line: str) -> None:
        if self.skipping or event.tag or len(self.levels) >= MAX_DEPTH:
            if not self.skipping:
                self._put(_tagged(event.tag, line) if event.tag else too_deep(line), line)
            self.skipping += 1
            if self.skipping > MAX_SKIPPED:
                raise too_deep(line)
            return
        value: list[Any] | dict[str, Any] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        self.levels.append(_Level(value, event.anchor, self.count))

    def _close(self, line: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        level = self.levels.pop()
        value = level.refused or level.value
        if level.anchor:
            self.anchors[level.anchor] = (value, self.count - level.count + 1)
        self._put(value, line)

    def _put(self, value: Any, line: str) -> None:
        self.found = self.found or isinstance(value, Refused)
        if self.levels:
            self.levels[-1].put(value, line)
        else:
            self.root = value

    def _scalar(self, event: yaml.ScalarEvent, line: str) -> Any:
        word: str = event.value
        if event.tag and event.tag not in ("tag:yaml.org,2002:str", "!"):
            return _tagged(event.tag, line)
        if event.tag or event.style:
            return word
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        number = _INTEGER.match(word) or _DECIMAL.match(word)
        if number and len(word.lstrip("+-")) > MAX_DIGITS:
            return number_too_long().at(line)
        if number:
            return float(word) if "." in word else int(word)
        return word

    def _alias(self, anchor: str | None, line: str) -> Any:
        self.aliases += 1
        if anchor is None or anchor not in self.anchors:
            return Refused(
                f"`*{shown(anchor)}` repeats something that was not read before it",
                place=line,
                hint="write it out",
            )
        value, weight = self.anchors[anchor]
        if self.aliases > MAX_ALIASES or self.repeated + weight > MAX_REPEATED:
            return Refused(
                "the file repeats parts of itself too often", place=line, hint="write the parts out"
            )
        self.count += weight
        self.repeated += weight
        return value


def documents(text: str) -> list[tuple[Any, bool]]:
    """The value of each document in `text`, and whether refusals may stand inside it (see `json_text`)."""
    if len(text) > MAX_YAML:
        refused = Refused(
            f"a YAML file may have at most {MAX_YAML // (1024 * 1024)} MiB",
            hint="write larger collections as JSON lines",
        )
        return [(refused, True)]
    found: list[tuple[Any, bool]] = []
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                builder = _Builder(builder.count + 1)
            elif isinstance(event, yaml.DocumentEndEvent):
                found.append((builder.root, builder.found))
            else:
                builder.take(event)
    except yaml.YAMLError as error:
        builder.cut(_broken(error))
        found.append((builder.root, True))
    except Refused as refused:  # reading on is not worth it
        builder.cut(refused)
        found.append((builder.root, True))
    return found


def _too_many(line: str) -> Refused:
    return Refused(
        f"the file holds more than {MAX_VALUES:,} values",
        place=line,
        hint="split it, or write it as JSON lines",
    )


def _tagged(tag: str, line: str) -> Refused:
    return Refused(
        f"the tag `{shown(tag)}` is not read: a request holds only plain values",
        place=line,
        hint="remove the tag",
    )


def _broken(error: yaml.YAMLError) -> Refused:
    hint = "look at the indentation, quotes and colons near this line"
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        problem = error.problem or "its structure is broken"
        return Refused(
            f"the YAML cannot be read: {shown(problem)}",
            place=f"line {error.problem_mark.line + 1}",
            hint=hint,
        )
    if isinstance(error, yaml.reader.ReaderError):
        return Refused(
            "the YAML holds a character that is not text",
            place=f"character {error.position}",
            hint="remove control characters, or send JSON",
        )
    return Refused("the YAML cannot be read", hint=hint)

"""What was typed into a form, read once: words, days, yes and no, a pasted or uploaded request.

What cannot be read is refused with the field as its place; nothing is guessed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, time
from enum import StrEnum
from typing import TypeVar
from zoneinfo import available_timezones

from django.http import HttpRequest

from habeas.app.enclosing import Came
from habeas.desk import enclosing, zones
from habeas.desk.events import Arrived
from habeas.errors import Refused
from habeas.request import Request
from habeas.request.formats import read_bytes
from habeas.store import Coming
from habeas.web import uploads
from habeas.web.configuration import BODY_BYTES

Word = TypeVar("Word", bound=StrEnum)

_OURS = frozenset({"seen", "assessment", "csrfmiddlewaretoken"})  # not typed by anybody


class Typed:
    """The fields of a form by name."""

    def __init__(self, request: HttpRequest) -> None:
        self._fields = request.POST
        self._files = request.FILES

    def text(self, name: str) -> str:
        return str(self._fields.get(name, "")).strip()

    def texts(self, name: str) -> list[str]:
        return [str(each) for each in self._fields.getlist(name)]

    def yes(self, name: str) -> bool | None:
        """True, False, or None where nothing was chosen."""
        return {"yes": True, "no": False}.get(self.text(name))

    def chosen(self, name: str) -> bool:
        """True or False. What was left open is refused, never taken as an answer."""
        found = self.yes(name)
        if found is None:
            raise Refused("neither yes nor no was chosen", place=name, hint="choose one of the two")
        return found

    def meant(self, name: str) -> str:
        """What stands in a field whose emptiness says something. Raises Refused where the field did not
        come at all."""
        if name not in self._fields:
            raise Refused("this field did not come", place=name, hint="open the form again")
        return self.text(name)

    def day(self, name: str) -> date | None:
        written = self.text(name)
        if not written:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            raise Refused("this is no day", place=name, hint="year, month, day: 2026-11-21") from None

    def needed_day(self, name: str) -> date:
        found = self.day(name)
        if found is None:
            raise Refused("a day is missing", place=name, hint="year, month, day: 2026-11-21")
        return found

    def hour(self, name: str) -> time | None:
        written = self.text(name)
        if not written:
            return None
        try:
            return time.fromisoformat(written).replace(tzinfo=None)
        except ValueError:
            raise Refused("this is no hour", place=name, hint="hours and minutes: 17:05") from None

    def arrival(self, zone: str) -> Arrived | None:
        """When it came, as stated; None where nothing was. zone: the house's own, for who chose none."""
        on, hour = self.day("arrived_on"), self.hour("arrived_time")
        if on is None:
            if hour is not None:
                raise Refused("an hour without its day", place="arrived_on", hint="state the day as well")
            return None
        return enclosing.stated(on, hour, self.zone("arrived_zone") or zone)

    def one_of(self, name: str, words: Callable[[str], Word]) -> Word:
        return self._word(name, self.text(name), words)

    def each_of(self, name: str, words: Callable[[str], Word]) -> tuple[Word, ...]:
        return tuple(self._word(name, each, words) for each in self.texts(name))

    @staticmethod
    def _word(name: str, typed: str, words: Callable[[str], Word]) -> Word:
        try:
            return words(typed)
        except ValueError:
            raise Refused("choose one of the words offered", place=name, hint="open the list") from None

    def zone(self, name: str) -> str:
        """A zone by its name, the word for an unknown one, or empty where nothing was chosen."""
        typed = self.text(name)
        if typed and typed != zones.UNKNOWN and typed not in zone_names():
            raise Refused("this is no zone", place=name, hint="an IANA name, for example Europe/Paris")
        return typed

    def file(self, name: str) -> tuple[str, bytes]:
        uploaded = self._files.get(name)
        if uploaded is None:
            raise Refused(
                "no file came, or one that is too large",
                place=name,
                hint=f"choose one of at most {BODY_BYTES // 1024**2} MB",
            )
        return str(uploaded.name), uploaded.read()

    def sealed(self, name: str) -> tuple[str, Coming]:
        """A custodian's file, sealed as it came."""
        uploaded = self._files.get(name)
        if not isinstance(uploaded, uploads.Sealed):
            raise Refused("no file came", place=name, hint="choose one")
        return str(uploaded.name), uploaded.taken()

    def enclosed(self, name: str) -> list[Came]:
        """The files that came in this field, sealed. Raises Refused for one that could not be."""
        came = [each for each in self._files.getlist(name) if isinstance(each, uploads.Sealed)]
        return [Came(str(each.name), each.taken()) for each in came]

    def has_file(self, name: str) -> bool:
        return name in self._files

    def shown(self) -> list[tuple[str, str]]:
        """What was typed, to be shown again where it was not recorded."""
        return [
            (name.replace("-", " "), ", ".join(self.texts(name)))
            for name in self._fields
            if name not in _OURS and self.text(name)
        ]


@functools.cache
def zone_names() -> tuple[str, ...]:
    """The zones that can be chosen, each named after a place, and UTC."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return ("UTC", *sorted(places))


def pasted(typed: Typed) -> tuple[str, bytes]:
    """A file or what was pasted, with a name for places in it."""
    name, data = typed.file("upload") if typed.has_file("upload") else ("json", typed.text("json").encode())
    if not data.strip():
        raise Refused(
            "nothing was pasted, and no file came or one that is too large",
            place="json",
            hint=f"do one of the two; a file has at most {BODY_BYTES // 1024**2} MB",
        )
    return name, data


def one_request(name: str, data: bytes) -> Request:
    """The one request in these bytes. name: for places in it."""
    found = read_bytes(data, name)
    if len(found) != 1:
        raise Refused(
            f"there are {len(found)} requests in this file", place=name, hint="take them in one by one"
        )
    return found[0]

"""Taking in the open cases an office kept in a table before: looked through first, then line by line.

Nothing is taken in by looking. Each line is a case of its own; sealed beside it are the heading and its own
line, and no other person's. Where the house keeps a public log, each line is counted in it by itself before
it becomes a case, so that nothing tells one sender of another. A line that cannot be taken in loses no other,
and one whose reference is a case of the same state already is not taken in twice: so it may be done again
after whatever went wrong. Where that case says something else, the line says so, and people look.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from habeas import treaty
from habeas.app.installation import came_again
from habeas.desk.events import Door
from habeas.errors import Refused
from habeas.reports import rows, words
from habeas.request import Request
from habeas.request.formats.table import COLUMNS, MAX_BYTES, MAX_LINES, Line, read_table
from habeas.web.door import Visit, installation
from habeas.web.views.typed import Typed

AT_ONCE = 250  # cases; some seconds of work, after which the rest is offered again


class Looked(NamedTuple):
    """A line, and what becomes of it. title: what is asked. case: which it is already. same: that one came as
    the very same request. again: that it came once more was recorded there just now. why: it stays out."""

    line: Line
    title: str = ""
    case: str = ""
    same: bool = True
    again: bool = False
    why: Refused | None = None

    @property
    def fits(self) -> bool:
        return not self.case and self.why is None


def page(request: Visit) -> HttpResponse:
    typed, refused = Typed(request), None
    looked: list[Looked] = []
    data = b""
    if request.method == "POST":
        try:
            data = _table(typed)
            looked = _looked(request, read_table(data, "table"))
            if typed.text("what") == "take":
                looked = _taken_in(request, looked)
        except Refused as error:
            refused = error
    return render(
        request,
        "import.html",
        {
            "refused": refused,
            "looked": looked,
            "fitting": sum(each.fits for each in looked),
            "here": sum(bool(each.case) for each in looked),
            "kept": base64.b64encode(data).decode() if looked else "",
            "columns": COLUMNS,
            "instruments": {each.id: each.title for each in treaty.law().instruments},
            "most": MAX_LINES,
            "megabytes": MAX_BYTES // (1024 * 1024),
            "at_once": AT_ONCE,
            "log": request.viewer.house.log,
        },
        status=422 if refused else 200,
    )


def _table(typed: Typed) -> bytes:
    """The file as it came; from the form that shows it, the same bytes again."""
    if typed.text("what") != "take":
        return typed.file("upload")[1]
    try:
        return base64.b64decode(typed.text("table"), validate=True)
    except binascii.Error:
        raise Refused(
            "the table was damaged on its way", place="table", hint="choose the file again"
        ) from None


def _looked(request: Visit, lines: Iterable[Line]) -> list[Looked]:
    """What would become of each line."""
    first: dict[tuple[str, str], int] = {}
    looked = []
    for line in lines:
        asked = line.request
        if asked is None:
            looked.append(Looked(line, why=line.refused))
            continue
        key = (asked.requesting_state or "", asked.reference or "")
        if key in first:
            why = Refused(
                f"the same reference of the same state stands in line {first[key]}",
                place=f"line {line.number}, reference",
                hint="if it is another request, take it in by hand",
            )
            looked.append(Looked(line, rows.title(asked), why=why))
            continue
        first[key] = line.number
        looked.append(Looked(line, rows.title(asked), *_known(request, asked, line.source)))
    return looked


def _known(request: Visit, asked: Request, source: bytes) -> tuple[str, bool]:
    """The case of this state that has this reference already, empty for none; and whether it came as the very
    same request."""
    house = request.viewer.organisation
    same = installation().same(house, asked, source)
    for id in (*same, *installation().find(house, asked.reference or "")):
        known = installation().case(house, id).request
        if known.reference == asked.reference and known.requesting_state == asked.requesting_state:
            return id, id in same
    return "", True


def _taken_in(request: Visit, looked: list[Looked]) -> list[Looked]:
    """The same lines, after the first of those that fit were taken in."""
    fitting = [place for place, each in enumerate(looked) if each.fits]
    after = list(looked)
    for place in fitting[:AT_ONCE]:
        after[place] = _one(request, looked[place])
    taken = sum(bool(after[place].case) and not after[place].again for place in fitting)
    again = sum(after[place].again for place in fitting)
    twice = f" {words.count(again, 'line', 'lines')} came again, as the case of each says." if again else ""
    rest = len(fitting[AT_ONCE:])
    left = f" {rest} are still to be taken in: press the button again." if rest else ""
    messages.success(request, f"{words.count(taken, 'case', 'cases')} taken in.{twice}{left}")
    return after


def _one(request: Visit, looked: Looked) -> Looked:
    viewer, line = request.viewer, looked.line
    if line.request is None:
        return looked
    try:
        case = installation().receive(
            viewer.organisation, viewer.person.id, line.request, line.source, door=Door.IMPORT
        )
    except Refused as refused:
        return looked._replace(why=refused.at(f"line {line.number}"))
    return looked._replace(case=case.id, again=came_again(case))

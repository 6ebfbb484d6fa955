"""The page that takes in the open cases of a table: chosen, looked through, then taken in.

What becomes of a line is for `habeas.app.importing`. Between looking and taking in, the table travels in the
form itself: nothing of it is kept here before it is a case.
"""

from __future__ import annotations

import base64
import binascii

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from habeas import treaty
from habeas.app import importing
from habeas.app.importing import AT_ONCE, Looked
from habeas.desk.limits import zone_asked
from habeas.errors import Refused
from habeas.request.formats.table import COLUMNS, MAX_BYTES, MAX_LINES, read_table
from habeas.web.door import Visit, installation
from habeas.web.views.typed import Typed, zone_names


def page(request: Visit) -> HttpResponse:
    typed, refused = Typed(request), None
    looked: tuple[Looked, ...] = ()
    data = b""
    if request.method == "POST":
        who = (installation(), request.viewer.organisation, request.viewer.person.id)
        try:
            data = _table(typed)
            looked = importing.look(*who, read_table(data, "table"), zone=typed.zone("zone"))
            if typed.text("what") == "take":
                before, looked = looked, importing.take(*who, looked, most=AT_ONCE)
                messages.success(request, importing.told(before, looked))
        except Refused as error:
            refused = error
    return render(
        request,
        "import.html",
        {
            "refused": refused,
            "looked": looked,
            "asks_zone": {each.line.number for each in looked if not each.zone and _dated(each)},
            "fitting": sum(each.fits for each in looked),
            "here": sum(bool(each.case) for each in looked),
            "kept": base64.b64encode(data).decode() if looked else "",
            "zone": typed.text("zone"),
            "zones": zone_names(),
            "columns": COLUMNS,
            "instruments": {each.id: each.title for each in treaty.law().instruments},
            "most": MAX_LINES,
            "megabytes": MAX_BYTES // (1024 * 1024),
            "at_once": AT_ONCE,
            "log": request.viewer.house.log,
        },
        status=422 if refused else 200,
    )


def _dated(looked: Looked) -> bool:
    return looked.line.request is not None and zone_asked(looked.line.request)


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

"""The custodian cuts a table down to what was decided: choose it, look at its columns, say what stays.

The page comes back with each button; between its steps the table lies sealed in the case, and the form names
it by a word that is signed. Shown are names of columns, a number of rows, and the first and the last time of
a column of times: no other cell. What is proposed is what the house is sure of; the rest is asked.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas.app import extracting
from habeas.app.extracting import Looked, Whole
from habeas.assess import Ceiling
from habeas.desk.moves import Act, may
from habeas.desk.records import Conflict
from habeas.errors import Refused
from habeas.gateways.tables import ANYWHERE, MOST_BYTES, Column, Form
from habeas.reports import rows, words
from habeas.request import Period
from habeas.web.door import Forbidden, Visit, installation
from habeas.web.views import errors
from habeas.web.views.forms import as_files, called
from habeas.web.views.history import done
from habeas.web.views.typed import Typed, zone_names

_NONE = "none"  # of a choice between columns
_IN = "in:"  # before the name of a column, which may be any word


def page(request: Visit, case: str) -> HttpResponse:
    viewer = request.viewer
    answer = may(viewer.person, Act.PREPARE, request.case, viewer.house, viewer.at)
    if not answer:
        if request.method == "POST":
            raise Forbidden(answer.reason)
        return _choosing(request, barred=answer.reason)
    if request.method != "POST":
        return _choosing(request)
    typed = Typed(request)
    try:
        whole = _brought(request, typed)
        looked = None
        if typed.text("do") == "take":
            try:
                return _taken(request, typed, whole)
            except Refused as refused:
                if isinstance(refused, Conflict):
                    raise
                looked = _look(request, whole)
                return _columns(request, typed, whole, looked, refused)
        return _columns(request, typed, whole, _look(request, whole))
    except Conflict as conflict:
        return _changed(request, typed, conflict)
    except Refused as refused:
        return _choosing(request, typed, refused)


def _look(request: Visit, whole: Whole) -> Looked:
    viewer = request.viewer
    return extracting.look(installation(), viewer.organisation, request.case.id, viewer.person.id, whole)


# ---- which table -------------------------------------------------------------------------------------------


def _brought(request: Visit, typed: Typed) -> Whole:
    """The table that this form is about: as it named it before, one that lies ready, or a new one."""
    if typed.text("table"):
        try:
            return Whole(*signing.loads(typed.text("table"), salt=_salt(request)))
        except signing.BadSignature:
            raise Refused(
                "this form is not yours, or too old", place="table", hint="choose the table again"
            ) from None
    ready = {each.sha256: each for each in request.case.files}
    if held := ready.get(typed.text("ready")):
        original = held.extract.original if held.extract is not None else held.sha256
        return Whole(held.target, held.item, held.name, original)
    places = {each.value: each for each in _places(request)}
    found = places.get(typed.text("item"))
    if found is None:
        raise Refused("nobody said what the table is for", place="item", hint="choose one of them")
    name, data = typed.sealed("upload")
    extracting.lay(installation(), request.viewer.organisation, request.case.id, name, data)
    return Whole(found.target, found.item, name, data.sha256)


class _Place:
    """An item that is handed over as a file."""

    def __init__(self, value: str, target: str, item: str, words: str) -> None:
        self.value, self.target, self.item, self.words = value, target, item, words


def _places(request: Visit) -> list[_Place]:
    return [
        _Place(str(number), each.target, each.item, f"{called(request, each)}, at most {each.ceiling}")
        for number, each in enumerate(as_files(request.case))
    ]


def _salt(request: Visit) -> str:
    viewer = request.viewer
    return f"habeas.table/{viewer.organisation}/{request.case.id}/{viewer.person.id}"


def _choosing(
    request: Visit, typed: Typed | None = None, refused: Refused | None = None, *, barred: str = ""
) -> HttpResponse:
    places = _places(request)
    return render(
        request,
        "extract.html",
        {
            "case": request.case,
            "title": rows.title(request.case.request),
            "typed": typed or Typed(request),
            "refused": refused,
            "barred": barred,
            "places": [(each.value, each.words) for each in places],
            "ready": request.case.files,
            "megabytes": MOST_BYTES // 1024**2,
        },
        status=422 if refused else 200,
    )


# ---- what stays of it --------------------------------------------------------------------------------------


def _columns(
    request: Visit, typed: Typed, whole: Whole, looked: Looked, refused: Refused | None = None
) -> HttpResponse:
    again = typed.text("do") == "take"  # what was typed stands; otherwise what is proposed
    ruling = next(
        each for each in as_files(request.case) if (each.target, each.item) == (whole.target, whole.item)
    )
    columns = [each.column for each in looked.columns]
    unzoned = any(each.form in (Form.LOCAL, Form.DAY) for each in columns)
    near = tuple(dict.fromkeys(filter(None, (looked.zone, request.viewer.house.settings.zone, "UTC"))))
    return render(
        request,
        "extract_columns.html",
        {
            "case": request.case,
            "title": rows.title(request.case.request),
            "typed": typed,
            "refused": refused,
            "whole": whole,
            "token": signing.dumps(tuple(whole), salt=_salt(request), compress=True),
            "called": called(request, ruling),
            "ruling": ruling,
            "looked": looked,
            "kept": set(typed.texts("keep")) if again else {e.column.name for e in looked.columns if e.stays},
            "said": _said,
            "times": [
                (_NONE, "None of them: I state the days myself"),
                *((_IN + each.name, _offered(each)) for each in columns if each.form is not None),
            ],
            "time": typed.text("time") if again else _in(looked.time),
            "unzoned": unzoned,
            "zones": [
                (ANYWHERE, "Nobody knows: what may lie outside goes"),
                *((each, each) for each in (*near, *(each for each in zone_names() if each not in near))),
            ],
            "accounts": [
                (_NONE, "None of them: every row is of this account"),
                *((_IN + each.name, each.name) for each in columns),
            ],
            "account": typed.text("account") if again else _in(looked.account),
            "written": typed.text("accounts") if again else "\n".join(looked.accounts),
            "kinds": [
                (each.value, words.capital(each))
                for each in (Ceiling.SUBSCRIBER, Ceiling.TRAFFIC, Ceiling.CONTENT)
            ],
        },
        status=422 if refused else 200,
    )


def _in(column: str) -> str:
    return _IN + column if column else ""


def _offered(column: Column) -> str:
    return column.name if column.form is not Form.NUMBER else f"{column.name} (numbers, if they are times)"


def _said(column: Column) -> str:
    """What is shown of the times in a column; empty where it holds none."""
    if column.form is None or column.first is None or column.last is None:
        return "Times, not all in one form" if column.form is not None else ""
    ends = f"{_moment(column.first)} to {_moment(column.last)}"
    if column.form is Form.NUMBER:
        return f"Numbers; if they are times, {ends} UTC"
    zone = {Form.ZONED: " UTC", Form.LOCAL: ", zone not stated", Form.DAY: ", days"}[column.form]
    return f"Times, {ends}{zone}{'; some rows have none' if column.gaps else ''}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _taken(request: Visit, typed: Typed, whole: Whole) -> HttpResponse:
    viewer, case = request.viewer, request.case
    time = _column(typed, "time", "say which column tells when, or that none does")
    account = _column(
        typed, "account", "say which column tells whose a row is, or that all are of this account"
    )
    if not typed.text("holds"):
        raise Refused("nobody said what is in the columns that stay", place="holds", hint="choose what it is")
    seen = typed.text("seen")
    changed = extracting.extract(
        installation(),
        viewer.organisation,
        case.id,
        viewer.person.id,
        whole,
        keep=typed.texts("keep"),
        time=time,
        zone=_zone(typed),
        account=account,
        accounts=typed.text("accounts").splitlines(),
        holds=typed.one_of("holds", Ceiling),
        period=None if time else _stated(typed),
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
    )
    held = next(each for each in changed.files if (each.target, each.item) == (whole.target, whole.item))
    assert held.extract is not None
    messages.success(request, f"It lies ready. {held.extract.said()}")
    return HttpResponseRedirect(reverse("case", args=[case.id]))


def _column(typed: Typed, name: str, hint: str) -> str:
    """The column that was chosen; empty for none of them."""
    chosen = typed.text(name)
    if not chosen:
        raise Refused("nothing was chosen", place=name, hint=hint)
    return "" if chosen == _NONE else chosen.removeprefix(_IN)


def _zone(typed: Typed) -> str:
    return ANYWHERE if typed.text("zone") == ANYWHERE else typed.zone("zone")


def _stated(typed: Typed) -> Period:
    days: list[date | None] = [typed.day(end) for end in ("since", "until")]
    for day, which in zip(days, ("first", "last"), strict=True):
        if day is None:
            raise Refused(
                f"the {which} day of the data in this table is missing",
                place=f"{which} day",
                hint="state it as it stands in the table, or choose the column that says when",
            )
    return Period(start=days[0], end=days[1])


def _changed(request: Visit, typed: Typed, conflict: Conflict) -> HttpResponse:
    viewer, seen = request.viewer, typed.text("seen")
    now = installation().case(viewer.organisation, request.case.id)
    since = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    lines = tuple(done(each, viewer.house, viewer.person) for each in now.history[since:])
    address = reverse("extract", args=[request.case.id])
    shown: list[tuple[str, Any]] = [(name, said) for name, said in typed.shown() if name != "table"]
    return errors.changed_meanwhile(request, request.case, lines, shown, address, conflict)

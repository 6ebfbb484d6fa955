"""How something is done to a case: a form, one verb of the desk, and the case again.

A form is sent with the length of the history its writer saw. If somebody else did something meanwhile,
nothing is recorded: the page shows what they did and keeps what was typed. What the desk refuses comes
back with its sentence, its place and its hint beside the same form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas.desk.case import Case
from habeas.desk.desk import Conflict, Desk
from habeas.desk.moves import TABLE, Act, may
from habeas.errors import Refused
from habeas.reports import rows
from habeas.web.door import View, Visit, installation
from habeas.web.views import errors
from habeas.web.views.history import done
from habeas.web.views.typed import Typed

Options = list[tuple[str, str]]


class Doing(NamedTuple):
    """A verb about to be done: by whom, to which case, when."""

    desk: Desk
    visit: Visit
    seen: int

    @property
    def house(self) -> str:
        return self.visit.viewer.organisation

    @property
    def case(self) -> Case:
        return self.visit.case

    @property
    def who(self) -> tuple[str, str, datetime]:
        viewer = self.visit.viewer
        return self.visit.case.id, viewer.person.id, viewer.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """kind: text, area, choice, checks, day, yes, json or file. options and initial see the visit."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = True
    options: Callable[[Visit], Options] | None = None
    initial: Callable[[Visit], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """act: of the table of moves. leads: what follows, above the fields. done: said when it is recorded."""

    act: Act
    does: Callable[[Doing, Typed], Any]
    done: str
    leads: str = ""
    fields: tuple[Field, ...] = ()
    button: str = ""
    template: str = "act.html"
    fresh: bool = False
    more: Callable[[Visit], dict[str, Any]] | None = None

    @property
    def says(self) -> str:
        return TABLE[self.act].says


def page(form: Form) -> View:
    """The page of one act."""

    def view(request: Visit, case: str) -> HttpResponse:
        viewer = request.viewer
        answer = may(viewer.person, form.act, request.case, viewer.house, viewer.at)
        barred = "" if answer else answer.reason
        if request.method != "POST":
            return _form(request, form, barred=barred)
        typed = Typed(request)
        seen = _seen(request.case, typed)
        try:
            said = form.does(Doing(installation().desk(viewer.organisation, seen), request, seen), typed)
        except Conflict as conflict:
            now = installation().case(viewer.organisation, case)
            return _changed(request, form, typed, now.history[seen:], conflict)
        except Refused as refused:
            return _form(request, form, barred=barred, refused=refused, typed=typed)
        messages.success(request, said if isinstance(said, str) else form.done)
        return HttpResponseRedirect(reverse("case", args=[case]))

    return view


def _seen(case: Case, typed: Typed) -> int:
    """How many events the case had when the form was opened; a form that does not say is an old one."""
    seen = typed.text("seen")
    return int(seen) if seen.isdecimal() and len(seen) < 10 and int(seen) <= case.length else 0


def _form(
    request: Visit,
    form: Form,
    *,
    barred: str = "",
    refused: Refused | None = None,
    typed: Typed | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "case": request.case,
        "title": rows.title(request.case.request),
        "barred": barred,
        "refused": refused,
        "typed": typed or Typed(request),
        "options": {field.name: field.options(request) for field in form.fields if field.options is not None},
        "initial": {field.name: field.initial(request) for field in form.fields if field.initial is not None},
        **(form.more(request) if form.more is not None and not barred else {}),
    }
    return render(request, form.template, context, status=422 if refused else 200)


def _changed(
    request: Visit, form: Form, typed: Typed, since: Sequence[Any], refused: Refused | None = None
) -> HttpResponse:
    lines = tuple(done(each, request.viewer.house) for each in since)
    back = reverse(form.act, args=[request.case.id])
    return errors.changed_meanwhile(request, request.case, lines, typed.shown(), back, refused)

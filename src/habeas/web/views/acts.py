"""How something is done to a case: a form, one verb of the desk, and then where the next work is.

A form is drawn in one way (`drawn`), and stands on a page of its own or, where it is its reader's turn, at
the top of the case page. It is sent with the length of the history its writer saw. If somebody else did
something meanwhile, nothing is recorded: the page shows what they did and keeps what was typed. What the desk
refuses comes back with its sentence, its place and its hint above the same form, where that form stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from markupsafe import Markup

from habeas.desk.case import Case
from habeas.desk.desk import Desk
from habeas.desk.moves import TABLE, Act, may
from habeas.desk.records import Conflict
from habeas.errors import Refused
from habeas.reports import rows
from habeas.web.accounts.presence import fresh as recently_present
from habeas.web.door import View, Visit, installation
from habeas.web.views import errors, turn
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


class Said(NamedTuple):
    """What a verb says of itself, where a form's own words are not enough. stays: it is to be read on the
    page of its case. well: everything was done that was asked for."""

    words: str
    stays: bool = False
    well: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """kind: text, area, choice, checks, day, hour, yes, json or file. options and initial see the visit."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    required: bool = True
    options: Callable[[Visit], Options] | None = None
    initial: Callable[[Visit], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """act: of the table of moves. leads: what follows, above the fields. done: said when it is recorded.
    template: draws the form alone. files: a custodian's files come with it. leaves: where nothing more needs
    its writer in this case, they go on to the next one; unset where something is to be read, written or
    fetched here afterwards."""

    act: Act
    does: Callable[[Doing, Typed], Any]
    done: str
    leads: str = ""
    fields: tuple[Field, ...] = ()
    button: str = ""
    template: str = "form.html"
    fresh: bool = False
    files: bool = False
    leaves: bool = False
    more: Callable[[Visit], dict[str, Any]] | None = None

    @property
    def says(self) -> str:
        return TABLE[self.act].says


Whole = Callable[[Visit, Markup, int], HttpResponse]
"""The page of the case with a drawn form at its top, answered with a status."""


def page(form: Form, whole: Whole) -> View:
    """The page of one act, and where its form is sent from wherever it stands."""

    def view(request: Visit, case: str) -> HttpResponse:
        viewer = request.viewer
        answer = may(viewer.person, form.act, request.case, viewer.house, viewer.at)
        barred = "" if answer else answer.reason
        if request.method != "POST":
            return _alone(request, form, barred=barred)
        typed = Typed(request)
        seen = _seen(request.case, typed)
        try:
            said = form.does(Doing(installation().desk(viewer.organisation, seen), request, seen), typed)
        except Conflict as conflict:
            now = installation().case(viewer.organisation, case)
            return _changed(request, form, typed, now.history[seen:], conflict)
        except Refused as refused:
            if turn.inline(viewer, request.case) is form.act:
                return whole(request, drawn(request, form, refused=refused, typed=typed, inside=True), 422)
            return _alone(request, form, barred=barred, refused=refused, typed=typed)
        return _onward(request, form, said if isinstance(said, Said) else Said(form.done))

    return view


def _onward(request: Visit, form: Form, said: Said) -> HttpResponse:
    """To where this person's next work is: this case, the next one that needs them, or the queue."""
    viewer, case = request.viewer, request.case.id
    tell = messages.success if said.well else messages.warning
    ended = form.leaves and not said.stays and viewer.person.reads_cases
    if not ended or turn.turn(viewer, installation().case(viewer.organisation, case)) is not None:
        tell(request, said.words)
        return HttpResponseRedirect(reverse("case", args=[case]))
    following = turn.next_case(viewer, case)
    if not following:
        tell(request, f"Case {case}: {said.words}")
        return HttpResponseRedirect(reverse("queue"))
    tell(request, f"Case {case}: {said.words} This is the next one that needs you, case {following}.")
    return HttpResponseRedirect(reverse("case", args=[following]))


def _seen(case: Case, typed: Typed) -> int:
    """How many events the case had when the form was opened; a form that does not say is an old one."""
    seen = typed.text("seen")
    return int(seen) if seen.isdecimal() and len(seen) < 10 and int(seen) <= case.length else 0


def drawn(
    request: Visit,
    form: Form,
    *,
    refused: Refused | None = None,
    typed: Typed | None = None,
    inside: bool = False,
) -> Markup:
    """The form alone. inside: it stands on the page of the case, which shows the reasons already.

    Where presence has to be proved first, the way there stands in place of the button, and leads back here.
    """
    context = {
        "form": form,
        "case": request.case,
        "refused": refused,
        "typed": typed or Typed(request),
        "options": {field.name: field.options(request) for field in form.fields if field.options is not None},
        "initial": {field.name: field.initial(request) for field in form.fields if field.initial is not None},
        "inside": inside,
        "top": "h2" if inside else "h1",
        "sub": "h3" if inside else "h2",
        "absent": form.fresh and not recently_present(request, request.viewer.account),
        **(form.more(request) if form.more is not None else {}),
    }
    return Markup(render_to_string(form.template, context, request))  # escaped where it was drawn


def _alone(
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
        "drawn": "" if barred else drawn(request, form, refused=refused, typed=typed),
    }
    return render(request, "act.html", context, status=422 if refused else 200)


def _changed(
    request: Visit, form: Form, typed: Typed, since: Sequence[Any], refused: Refused | None = None
) -> HttpResponse:
    viewer = request.viewer
    read = since if viewer.person.reads_cases else ()  # what colleagues did and said is not for guests
    lines = tuple(done(each, viewer.house, viewer.person) for each in read)
    back = reverse(form.act, args=[request.case.id])
    return errors.changed_meanwhile(request, request.case, lines, typed.shown(), back, refused)

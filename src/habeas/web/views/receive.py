"""Taking a request in: pasted or uploaded, read strictly, kept as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas.desk.events import Door
from habeas.errors import Refused
from habeas.web.door import Visit, installation
from habeas.web.views.typed import Typed, request_in

if TYPE_CHECKING:
    from habeas.desk.case import Case


def page(request: Visit) -> HttpResponse:
    refused = None
    typed = Typed(request)
    if request.method == "POST":
        try:
            case = _take_in(request, typed)
        except Refused as error:
            refused = error
        else:
            messages.success(request, f"Taken in as case {case.id}.")
            return HttpResponseRedirect(reverse("case", args=[case.id]))
    doors = [(each.value, each.value.capitalize()) for each in Door if each is not Door.IMPORT]
    return render(
        request,
        "receive.html",
        {"refused": refused, "typed": typed, "doors": doors},
        status=422 if refused else 200,
    )


def _take_in(request: Visit, typed: Typed) -> Case:
    viewer = request.viewer
    asked, source = request_in(typed)
    return installation().receive(
        viewer.organisation, viewer.person.id, asked, source, door=typed.one_of("door", Door)
    )

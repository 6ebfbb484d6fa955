"""Taking a request in: pasted or uploaded, read strictly, kept as it came.

Where the house keeps a public log, what came is counted there before it is read, and its sender can be given
the promise of that: on the page of the case, or here where it could not be read.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas.app.installation import became
from habeas.desk import promise
from habeas.desk.case import Case
from habeas.desk.enclosing import happened
from habeas.desk.events import Door
from habeas.errors import Refused
from habeas.web.door import Visit, installation
from habeas.web.views.typed import Typed, one_request, pasted, zone_names


class NotTaken(Refused):
    """It did not become a case. promise: that it arrived, for its sender; empty without a public log."""

    def __init__(self, refused: Refused, promise: bytes) -> None:
        super().__init__(refused.sentence, place=refused.place, hint=refused.hint)
        self.promise = promise


def page(request: Visit) -> HttpResponse:
    refused: Refused | None = None
    typed, given = Typed(request), b""
    if request.method == "POST":
        try:
            case = _take_in(request, typed)
        except NotTaken as error:
            refused, given = error, error.promise
        except Refused as error:
            refused = error
        else:
            messages.success(request, became(case))
            return HttpResponseRedirect(reverse("case", args=[case.id]))
    doors = [(each.value, each.value.capitalize()) for each in Door if each is not Door.IMPORT]
    return render(
        request,
        "receive.html",
        {
            "refused": refused,
            "typed": typed,
            "doors": doors,
            "zones": zone_names(),
            "house_zone": request.viewer.house.settings.zone,
            "log": request.viewer.house.log,
            "promise": given.decode(),
        },
        status=422 if refused else 200,
    )


def _take_in(request: Visit, typed: Typed) -> Case:
    """Counted first, then read: nobody looks at what came and then lets it disappear."""
    house, by = request.viewer.organisation, request.viewer.person.id
    door, zone = typed.one_of("door", Door), typed.zone("zone")
    arrived = typed.arrival(request.viewer.house.settings.zone)
    if arrived is not None:
        happened(arrived, request.viewer.at)
    name, data = pasted(typed)
    given = installation().arrived(house, promise.sha256(data), door)
    try:
        asked = one_request(name, data)
        return installation().receive(
            house, by, asked, data, door=door, zone=zone, given=given, arrived=arrived
        )
    except Refused as refused:
        raise NotTaken(refused, given) from None

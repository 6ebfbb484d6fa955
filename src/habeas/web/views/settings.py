"""The settings of the house, and the keys of the authorities it answers: read by two roles, changed by one.

Every change is an event of the house. A key serves only after somebody compared its fingerprint with the
authority on another road; the page shows both, and only equal ones are registered.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any
from zoneinfo import available_timezones

import msgspec
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas import atlas, treaty
from habeas.desk import package
from habeas.desk.calendars import WEEKDAYS, calendars
from habeas.desk.clocks import HOUSE, HouseTimes
from habeas.desk.events import Configured
from habeas.desk.letters import Sender
from habeas.desk.moves import Act, may
from habeas.desk.package import RegisteredKey
from habeas.errors import Refused
from habeas.reports import words
from habeas.web.door import Visit, installation
from habeas.web.views.package import key_line
from habeas.web.views.typed import Typed

TIMES = (
    ("waiting_days", "Waiting time after a notice", "days", "To object, find counsel, ask a court for a stay."),
    ("review_days", "A delay of a notice is looked at again", "days", "Or it bars the release."),
    ("approval_hours", "An approval serves for", "hours", "Then it was given to another situation."),
    ("retention_years", "A closed file is kept for", "years", "For complaints, courts and the auditor."),
    ("grace_hours", "Between a missed duty and what follows", "hours", "So that no night's absence counts."),
)
"""Each time of the house that is one number: its name, what it is, its unit, and why it is there."""

_CODE = re.compile(r"[A-Z]{3}")


def page(request: Visit) -> HttpResponse:
    """How the house is set up, for who runs it and for the auditor."""
    settings = request.viewer.house.settings
    return render(
        request,
        "settings.html",
        {
            "settings": settings,
            "who": words.seat(settings.seat.replace(":", ", ")),
            "week": _week(settings.calendar),
            "times": [(label, getattr(settings.times, name), unit) for name, label, unit, _why in TIMES],
            "runs": _runs(request),
            "keys": len(request.viewer.house.keys),
        },
    )


def configure(request: Visit) -> HttpResponse:
    """All settings on one form. Somebody else's change meanwhile is not overwritten."""
    viewer = request.viewer
    refused, typed = None, Typed(request)
    if request.method == "POST":
        try:
            if typed.text("before") != _digest(viewer.house.settings):
                raise Refused(
                    "the settings changed while you looked at them", hint="open the form again, then repeat"
                )
            installation().configure(viewer.organisation, viewer.person.id, _settings(typed))
        except Refused as error:
            refused = error
        else:
            messages.success(request, "The settings are changed; the limits of every case were reckoned anew.")
            return HttpResponseRedirect(reverse("settings"))
    shown = _typed_or_kept(typed, viewer.house.settings)
    return render(
        request,
        "configure.html",
        {
            "refused": refused,
            "shown": shown,
            "before": typed.text("before") or _digest(viewer.house.settings),
            "times": TIMES,
            "usual": HOUSE,
            "states": _states(),
            "roles": [("", "The one each request names"), *((each.value, words.plain(each)) for each in treaty.Role)],
            "zones": sorted(available_timezones()),
            "calendars": [(each, f"{each}: {_week(each)}") for each in sorted(calendars())],
        },
        status=422 if refused else 200,
    )

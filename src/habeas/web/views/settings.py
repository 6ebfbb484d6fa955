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
from habeas.desk import calendars, package
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
    (
        "waiting_days",
        "Waiting time after a notice",
        "days",
        "To object, find counsel, ask a court for a stay.",
    ),
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
            "log": request.viewer.house.log,
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
            messages.success(
                request, "The settings are changed; the limits of every case were reckoned anew."
            )
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
            "roles": [
                ("", "The one each request names"),
                *((each.value, words.plain(each)) for each in treaty.Role),
            ],
            "zones": sorted(available_timezones()),
            "calendars": [(each.id, _week(each.id)) for each in calendars.shipped()],
        },
        status=422 if refused else 200,
    )


def keys(request: Visit) -> HttpResponse:
    """Whose keys the house knows, and for how long each still serves."""
    today = request.viewer.at.date()
    lines = [key_line(each, today) for each in request.viewer.house.keys]
    lines.sort(key=lambda line: (words.state(line.key.state), line.key.authority))
    return render(request, "keys.html", {"lines": lines, "runs": _runs(request), "serves": package.KEY_DAYS})


def register_key(request: Visit) -> HttpResponse:
    """A key is first shown with its fingerprint, then registered with the one the authority read out."""
    viewer, typed = request.viewer, Typed(request)
    refused, seen = None, ""
    if request.method == "POST":
        try:
            seen = package.fingerprint(typed.text("recipient"))
            if typed.text("what") != "show":
                _register(request, typed)
                messages.success(request, f"The key is registered: {seen}")
                return HttpResponseRedirect(reverse("keys"))
        except Refused as error:
            refused = error
    return render(
        request,
        "register_key.html",
        {
            "refused": refused,
            "typed": typed,
            "seen": seen,
            "heard": typed.text("fingerprint"),
            "states": _states(),
            "today": viewer.at.date().isoformat(),
        },
        status=422 if refused else 200,
    )


def _register(request: Visit, typed: Typed) -> None:
    viewer = request.viewer
    for name in ("authority", "verified_by"):
        if not typed.text(name):
            raise Refused("a word is missing here", place=name, hint="fill it in, then repeat")
    key = RegisteredKey(
        authority=typed.text("authority"),
        state=_state(typed.text("state"), "state"),
        recipient=typed.text("recipient"),
        fingerprint=typed.text("fingerprint"),
        verified_by=typed.text("verified_by"),
        verified_on=typed.needed_day("verified_on"),
    )
    try:
        installation().desk(viewer.organisation).register_key(viewer.person.id, viewer.at, key=key)
    except Refused as refused:  # the desk names a place in a list of keys; here is one
        raise Refused(refused.sentence, hint=refused.hint) from None


# ---- what was typed ---------------------------------------------------------------------------------------


def _settings(typed: Typed) -> Configured:
    state, role = typed.text("state"), typed.text("role")
    if role and role not in list(treaty.Role):
        raise Refused("choose one of the words offered", place="role", hint="open the list")
    if role and not state:
        raise Refused("a role needs its state", place="state", hint="choose one, or neither")
    zone = typed.text("zone")
    if zone not in available_timezones():
        raise Refused("this is no zone", place="zone", hint="an IANA name, for example Europe/Paris")
    codes = typed.text("suspended").upper().replace(",", " ").split()
    return Configured(
        seat=f"{_state(state, 'state')}:{role}".removesuffix(":") if state else "",
        zone=zone,
        sender=_sender(typed),
        calendar=calendars.calendar(typed.text("calendar")).id,
        as_if_in_force=typed.yes("as_if_in_force") is True,
        suspended=tuple(dict.fromkeys(_state(each, "suspended") for each in codes)),
        times=HouseTimes(
            **{name: _number(typed.text(name), name) for name, *_rest in TIMES},
            warn_hours=_hours(typed.text("warn_hours")),
        ),
    )


def _hours(text: str) -> tuple[int, ...]:
    """When somebody is warned, the first warning first."""
    found = {_number(each, "warn_hours") for each in text.replace(",", " ").split()}
    if not found:
        raise Refused("nobody would be warned", place="warn_hours", hint="one number at least")
    return tuple(sorted(found, reverse=True))


def _sender(typed: Typed) -> Sender | None:
    parts = {
        name: typed.text(f"sender_{name}") for name in ("name", "office", "contact", "oversight", "door")
    }
    if not any(parts.values()):
        return None
    for needed in ("name", "office"):
        if not parts[needed]:
            raise Refused(
                "letters need the name and the office of the house",
                place=f"sender_{needed}",
                hint="fill in both",
            )
    return Sender(**parts)


def _state(code: str, place: str) -> str:
    if not _CODE.fullmatch(code) or not atlas.atlas().knows(code):
        raise Refused(f"{code or 'an empty word'} is no state", place=place, hint="three letters: FRA")
    return code


def _number(text: str, place: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise Refused("this is no whole number", place=place, hint="digits alone, for example 7")
    return int(text)


_DIGITS = 5  # ninety-nine thousand hours are eleven years


def _typed_or_kept(typed: Typed, kept: Configured) -> dict[str, Any]:
    """What stands in the form: what was typed where something was, what is set otherwise."""
    state, _, role = kept.seat.partition(":")
    sender = kept.sender or Sender(name="", office="")
    times = {name: str(getattr(kept.times, name)) for name, *_rest in TIMES}
    now = {
        "state": state,
        "role": role,
        "zone": kept.zone,
        "calendar": kept.calendar,
        "as_if_in_force": "yes" if kept.as_if_in_force else "no",
        "suspended": " ".join(kept.suspended),
        "warn_hours": ", ".join(str(each) for each in kept.times.warn_hours),
        **{f"sender_{name}": value for name, value in msgspec.structs.asdict(sender).items()},
        **times,
    }
    return {name: typed.text(name) for name in now} if typed.text("before") else now


def _states() -> list[tuple[str, str]]:
    return [
        ("", "None"),
        *((code, words.state(code)) for code in sorted(atlas.atlas().states(), key=words.state)),
    ]


def _week(calendar: str) -> str:
    return words.capital(calendars.calendar(calendar).describe(()))


def _digest(settings: Configured) -> str:
    return hashlib.sha256(msgspec.json.encode(settings, order="sorted")).hexdigest()


def _runs(request: Visit) -> bool:
    viewer = request.viewer
    return may(viewer.person, Act.RUN_HOUSE, None, viewer.house, viewer.at).yes

"""The settings of the house, and the keys of the authorities it answers: read by two roles, changed by one.

Every change is an event of the house. A key serves only after somebody compared its fingerprint with the
authority on another road; the page shows both, and only equal ones are registered. Once a request has come
in, a key, a change of settings or of how the public log is kept is proposed by one administrator and
confirmed by a second person; so is who is let in, what they may do, and that an account begins anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from zoneinfo import available_timezones

import msgspec
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas import atlas, treaty
from habeas.desk import calendars, package
from habeas.desk.calendars import Calendar, Holiday
from habeas.desk.clocks import HOUSE, HouseTimes
from habeas.desk.events import (
    UNSAID,
    AccountInvited,
    Configured,
    Event,
    KeyRegistered,
    LogConfigured,
    PersonAdmitted,
    Role,
    RolesChanged,
    Silence,
)
from habeas.desk.letters import Sender
from habeas.desk.moves import Act, Answer, may, may_confirm, may_decline
from habeas.desk.package import RegisteredKey
from habeas.desk.people import House, Proposal
from habeas.desk.stamping import LONGEST_WAIT, Stamping, named
from habeas.errors import Refused
from habeas.gateways import almanac
from habeas.reports import words
from habeas.tlog import Key
from habeas.web.accounts import access, inviting
from habeas.web.accounts.models import Account
from habeas.web.door import PEOPLE, Forbidden, Viewer, Visit, installation
from habeas.web.views import people
from habeas.web.views.history import title_of
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
    (
        "answer_days",
        "An answer that no law clocks",
        "days",
        "A request without a limit is answered all the same.",
    ),
    ("emergency_hours", "The same in an emergency", "hours", "Where somebody says that a life is at risk."),
    ("reply_days", "The requester has for a question of ours", "days", "Then the case comes back to us."),
    ("reply_hours", "The same in an emergency, for a reply", "hours", "Then somebody reminds them."),
    ("approval_hours", "An approval serves for", "hours", "Then it was given to another situation."),
    ("retention_years", "A closed file is kept for", "years", "For complaints, courts and the auditor."),
    (
        "settling_hours",
        "Who came, began anew or got a role is nobody's second for",
        "hours",
        "So that others see it first.",
    ),
    ("grace_hours", "Between a missed duty and what follows", "hours", "So that no night's absence counts."),
)
"""Each time of the house that is one number: its name, what it is, its unit, and why it is there."""

_CODE = re.compile(r"[A-Z]{3}")


def page(request: Visit) -> HttpResponse:
    """How the house is set up, for who runs it and for the auditor."""
    house = request.viewer.house
    settings = house.settings
    return render(
        request,
        "settings.html",
        {
            "settings": settings,
            "who": words.seat(settings.seat.replace(":", ", ")),
            "calendar": _calendar_shown(house.calendar, house.day(request.viewer.at).year),
            "times": [(label, getattr(settings.times, name), unit) for name, label, unit, _why in TIMES],
            "stamping": _stamping_shown(settings.timestamps),
            "runs": _runs(request),
            "keys": len(request.viewer.house.keys),
            "proposals": len(request.viewer.house.proposals),
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
            changed = installation().configure(
                viewer.organisation, viewer.person.id, _settings(typed, viewer), why=typed.text("why")
            )
        except Refused as error:
            refused = error
        else:
            if changed.opened:
                return proposed(request)
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
            "part_open": request.GET.get("part", ""),
            "why": typed.text("why"),
            "alone": not viewer.house.opened,
            "barred": barred(request),
            "before": typed.text("before") or _digest(viewer.house.settings),
            "times": TIMES,
            "usual": HOUSE,
            "longest_wait": LONGEST_WAIT,
            "states": _states(),
            "roles": [
                ("", "The one each request names"),
                *((each.value, words.plain(each)) for each in treaty.Role),
            ],
            "zones": sorted(available_timezones()),
            "weeks": [
                ("", "As the state whose public holidays are kept"),
                *((each.id, each.weekdays) for each in calendars.shipped()),
            ],
            "calendar": viewer.house.calendar,
            "observed": [each for each in _states() if not each[0] or each[0] in almanac.states()],
            "parts": _parts(viewer.house.calendar.state),
        },
        status=422 if refused else 200,
    )


def keys(request: Visit) -> HttpResponse:
    """Whose keys the house knows, and for how long each still serves."""
    today = request.viewer.at.date()
    lines = [key_line(each, today) for each in request.viewer.house.keys]
    lines.sort(key=lambda line: (words.state(line.key.state), line.key.authority))
    return render(
        request,
        "keys.html",
        {
            "lines": lines,
            "alone": request.viewer.house.alone,
            "proposals": len(request.viewer.house.proposals),
            "runs": _runs(request),
            "serves": package.KEY_DAYS,
        },
    )


def proposals(request: Visit, refused: Refused | None = None) -> HttpResponse:
    """What one administrator proposed and a second person has to confirm: for these, for the auditor, and for
    whom it is about; and the halves of invitations that the viewer holds."""
    viewer = request.viewer
    all_of_them = viewer.person.has(*PEOPLE.roles)
    mine = Account.objects.filter(organisation=viewer.organisation, asked_by=viewer.person.id)
    return render(
        request,
        "proposals.html",
        {
            "refused": refused,
            "waiting": [
                _waiting(each, viewer)
                for each in reversed(viewer.house.proposals)
                if all_of_them or may_decline(viewer.person, each, viewer.house)
            ],
            "back": all_of_them,
            "halves": [
                (each.person, title_of(each.person, viewer.house))
                for each in mine
                if _runs(request) and inviting.half_for(each, viewer.person.id)
            ],
        },
        status=422 if refused else 200,
    )


def answer_proposal(request: Visit) -> HttpResponse:
    """Confirm or decline one. Who had to prove their presence first comes back to the list."""
    if request.method == "GET":
        return proposals(request)
    try:
        return _answer(request, Typed(request)) or HttpResponseRedirect(reverse("proposals"))
    except Refused as refused:
        return proposals(request, refused)


class Waiting(NamedTuple):
    """A proposal as its reader sees it. what: it is about. key: the key proposed, None where it is about
    something else. differs: what would be other than now, as (name, now, then). answer: whether the reader
    may confirm it, and why not. declines: whether they may decline it. account: whether it makes an
    invitation."""

    proposal: Proposal
    what: str
    by: str
    key: RegisteredKey | None
    differs: tuple[tuple[str, Shown, Shown], ...]
    answer: Answer
    declines: bool
    account: bool


class Days(NamedTuple):
    """More days than are read at a glance: how many, of which state and years; and all of them."""

    says: str
    days: tuple[str, ...]


Shown = str | Days
"""A value of a setting, for its reader."""


def _waiting(proposal: Proposal, viewer: Viewer) -> Waiting:
    house, key, differs = viewer.house, None, differing(proposal.change, viewer.house)
    match proposal.change:
        case KeyRegistered() as registered:
            what, key = "A key", registered.key
        case LogConfigured():
            what = "How the public log is kept" if house.log is not None else "A public log"
        case PersonAdmitted():
            what = "Somebody new"
        case RolesChanged():
            what = "Roles"
        case AccountInvited() as invited:
            what, differs = "An account that begins anew", _begins(invited, house)
        case _:
            what = "Settings"
    return Waiting(
        proposal,
        what,
        title_of(proposal.by, house),
        key,
        tuple(differs),
        may_confirm(viewer.person, proposal, house, viewer.at),
        bool(may_decline(viewer.person, proposal, house)),
        isinstance(proposal.change, PersonAdmitted | AccountInvited),
    )


def differing(change: Event, house: House) -> Iterator[tuple[str, Shown, Shown]]:
    """What a change of settings, of the log or of people makes other than it is in a house, as (name, now,
    then); nothing for any other event."""
    match change:
        case LogConfigured():
            yield from _differs(_kept(house.log or LogConfigured(origin="")), _kept(change))
        case PersonAdmitted():
            yield from _admitted(change, house)
        case RolesChanged():
            before = house.person(change.person).roles
            yield title_of(change.person, house), _listed(before), _listed(change.roles)
        case Configured():
            yield from _differs(*_apart(_flat(house.settings), _flat(change)))


def _admitted(admitted: PersonAdmitted, house: House) -> Iterator[tuple[str, str, str]]:
    partner = f", {admitted.partner}" if admitted.partner else ""
    yield f"{admitted.title} ({admitted.person}{partner})", "Not here", _listed(admitted.roles)
    yield "Signs in as", "Nobody", inviting.login_of(house.organisation, admitted.person)


def _begins(invited: AccountInvited, house: House) -> Iterator[tuple[str, str, str]]:
    login = inviting.login_of(house.organisation, invited.person)
    account = Account.objects.filter(organisation=house.organisation, person=invited.person).first()
    now = "No account" if account is None else f"An account, {account.login}"
    yield (
        title_of(invited.person, house),
        now,
        f"A new password and a new second proof for {account.login if account is not None else login}",
    )


def _listed(roles: Collection[Role]) -> str:
    return words.capital(", ".join(each for each in Role if each in roles))


def _differs(now: dict[str, Any], then: dict[str, Any]) -> Iterator[tuple[str, Shown, Shown]]:
    """Each setting that would be another, in the words of the form where it has some."""
    before, after = msgspec.to_builtins(now), msgspec.to_builtins(then)
    names = {name: label for name, label, _unit, _why in TIMES} | _CALLED
    for name, value in after.items():
        if before[name] != value:
            yield names.get(name, words.plain(name)), _said(before[name]), _said(value)


def _kept(log: LogConfigured) -> dict[str, Any]:
    """How the log is kept, by names and in words that can be compared."""
    return {
        "origin": log.origin,
        "hour": log.hour,
        "within": log.within,
        "witnesses": [f"{Key.parse(each.key).name} at {each.url}, key {each.key}" for each in log.witnesses],
        "quorum": log.quorum,
        "fill": log.fill,
        "tiles": log.tiles or "the folder of the house",
        "silences": [_silence(each) for each in log.silences],
        "doors": [f"{each.door}, key {each.key}" for each in log.doors],
    }


def _silence(each: Silence) -> str:
    how = {
        "band": f"in bands of {each.step}",
        "defer": f"not before {each.until}",
        UNSAID: "never shown, and not even this may be said",
    }.get(each.how, "never shown")
    of = "".join(
        f" {word} {name}"
        for word, name in (
            ("of", words.plain(each.footing) if each.footing else ""),
            ("under", each.instrument),
            ("of", each.state),
        )
        if name
    )
    return f"{words.plain(each.subject)}{of}: {how}, by {each.law or 'a law that may not be named'}"


def _flat(settings: Configured) -> dict[str, Any]:
    """Every setting by its name, those of the times, the sender and the time-stamps among them."""
    found = msgspec.structs.asdict(settings)
    days = calendars.calendar(found.pop("calendar"))
    times, sender = found.pop("times"), found.pop("sender") or Sender(name="", office="")
    stamping = _stamping_shown(found.pop("timestamps"))
    parts = {f"sender_{name}": value for name, value in msgspec.structs.asdict(sender).items()}
    parts |= {f"timestamps_{name}": value for name, value in stamping.items()}
    parts |= {
        "calendar": f"{days.describe()} ({days.source})",
        "holidays": _listed_of(days, days.holidays),
        "worked": _listed_of(days, days.worked),
        **{name: list(calendars.lines(getattr(days, name))) for name in _SINGLE},
        "checked": list(days.checked),
    }
    return {**found, **msgspec.structs.asdict(times), **parts}


def _apart(now: dict[str, Any], then: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same, of the long lists of days only those that are not on both."""
    now, then = now.copy(), then.copy()
    for name in ("holidays", "worked"):
        both = set(now[name]["days"]) & set(then[name]["days"])
        for side in (now, then):
            left = [each for each in side[name]["days"] if each not in both]
            side[name] = {"of": side[name]["of"] if left else "", "days": left}
    return now, then


def _listed_of(kept: Calendar, days: Iterable[Holiday]) -> dict[str, Any]:
    """Days, and of which state and part they are."""
    state, comma, rest = kept.named.partition(",")
    return {"of": f"{words.state(state)}{comma}{rest}" if state else "", "days": list(calendars.lines(days))}


def _days(of: str, days: Sequence[str]) -> Shown:
    if len(days) <= _AT_A_GLANCE:
        return ", ".join(days) or "None"
    years = sorted({each[:4] for each in days})
    when = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
    return Days(f"{len(days)} days{f' of {of}' if of else ''}, {when}", tuple(days))


_AT_A_GLANCE = 3  # days: more of them are a sum, with all of them behind it


_SINGLE = ("added", "struck", "closed")
"""The single days a house says something of, by the names of `Calendar`."""


class CalendarShown(NamedTuple):
    """The calendar of the house for its reader. years: those on file. unknown: those of this year and the
    next that are not, and doubts: why. soon: the days of both, as people write them. own: what the house
    said, as (name, days)."""

    kept: Calendar
    years: str
    unknown: str
    doubts: tuple[str, ...]
    soon: tuple[str, ...]
    own: tuple[tuple[str, tuple[str, ...]], ...]


def _calendar_shown(kept: Calendar, year: int) -> CalendarShown:
    near = (year, year + 1)
    return CalendarShown(
        kept,
        ", ".join(map(str, sorted({*kept.complete, *kept.checked}))),
        " and ".join(map(str, kept.unknown(near))),
        kept.why_unknown(near),
        calendars.lines(each for each in kept.holidays if each.day.year in near),
        tuple((_CALLED[name], calendars.lines(days)) for name in _SINGLE if (days := getattr(kept, name))),
    )


def _parts(state: str) -> tuple[str, ...]:
    """The parts of a state that have days of their own; none where no state is kept."""
    return almanac.parts(state) if state in almanac.states() else ()


def _stamping_shown(stamping: Stamping | None) -> dict[str, Any]:
    """Who is asked for time-stamps, as people compare it: certificates by name and fingerprint."""
    if stamping is None:
        return {"url": "", "roots": [], "chain": [], "wait": ""}
    return {
        "url": stamping.url,
        "roots": [str(each) for each in named(stamping.roots)],
        "chain": [str(each) for each in named(stamping.chain)],
        "wait": stamping.wait,
    }


_CALLED = {
    "fill": "Leaves that a day is filled up to",
    "seat": "Seat",
    "zone": "Zone",
    "calendar": "Working days",
    "holidays": "Public holidays (those that differ)",
    "worked": "Weekend days that are worked (those that differ)",
    "added": "Public holidays that the list lacks",
    "struck": "Days of the list that are none",
    "closed": "Days on which the house is closed",
    "checked": "Years whose list the house has checked",
    "suspended": "States whose standing is suspended",
    "as_if_in_force": "The UN Convention as if it were in force",
    "warn_hours": "Warned before a limit, in hours",
    "origin": "Name of the log",
    "hour": "Hour of the daily publication",
    "within": "Days of a promise",
    "witnesses": "Witnesses",
    "quorum": "How many of them must sign",
    "tiles": "Published to",
    "silences": "What law forbids to count",
    "doors": "Doors that run apart from the desk",
    "sender_name": "Name in letters",
    "sender_office": "Office in letters",
    "sender_contact": "Contact in letters",
    "sender_oversight": "Oversight in letters",
    "sender_door": "Door on the web in letters",
    "timestamps_url": "Who is asked for time-stamps",
    "timestamps_roots": "What time-stamps have to lead to",
    "timestamps_chain": "Certificates between them and that",
    "timestamps_wait": "Waited for a time-stamp, in seconds",
}


def _said(value: Any) -> Shown:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        return _days(**value)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "None"
    return str(value) or "None"


def _answer(request: Visit, typed: Typed) -> HttpResponse | None:
    """Confirm or decline the proposal that was named; where that makes an invitation, a half of it."""
    viewer, number = request.viewer, _number(typed.text("proposal"), "proposal")
    proposal = viewer.house.proposal(number)
    theirs = may_decline(viewer.person, proposal, viewer.house)
    if not theirs:
        raise Forbidden(theirs.reason)
    if typed.text("what") == "confirm":
        before = viewer.house.log
        changed = installation().confirm(viewer.organisation, viewer.person.id, number)
        log = changed.log
        match proposal.change:
            case PersonAdmitted() | AccountInvited() as begun:
                title = title_of(begun.person, changed)
                return people.began(request, begun.person, title, asked_by=proposal.by)
            case RolesChanged() as given:
                people.noted(request, access.Kind.ROLES_GIVEN, given.person)
        messages.success(request, "Confirmed: it is in force now.")
        if before is not None and log is not None and before.tiles != log.tiles:
            messages.warning(
                request,
                "What was published lies where it was. Next: habeas log rebuild, then habeas log publish.",
            )
    else:
        desk = installation().desk(viewer.organisation)
        desk.decline(viewer.person.id, viewer.at, proposal=number, why=typed.text("why"))
        if proposal.about:
            people.noted(request, access.Kind.STOPPED, proposal.about)
        messages.success(request, "Declined. Nothing was changed.")
    return None


def proposed(request: Visit) -> HttpResponseRedirect:
    messages.success(request, "Proposed. It is in force when a second person has confirmed it.")
    return HttpResponseRedirect(reverse("proposals"))


def barred(request: Visit) -> str:
    """Why the viewer can neither change nor propose anything now; empty where they can."""
    viewer = request.viewer
    answer = may(viewer.person, Act.PROPOSE, None, viewer.house, viewer.at)
    return "" if answer else answer.reason


def register_key(request: Visit) -> HttpResponse:
    """A key is first shown with its fingerprint, then registered with the one the authority read out."""
    viewer, typed = request.viewer, Typed(request)
    refused, seen = None, ""
    if request.method == "POST":
        try:
            seen = package.fingerprint(typed.text("recipient"))
            if typed.text("what") != "show":
                if _register(request, typed).opened:
                    return proposed(request)
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
            "alone": not viewer.house.opened,
            "barred": barred(request),
            "today": viewer.at.date().isoformat(),
        },
        status=422 if refused else 200,
    )


def _register(request: Visit, typed: Typed) -> House:
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
        desk = installation().desk(viewer.organisation)
        return desk.register_key(viewer.person.id, viewer.at, key=key, why=typed.text("why"))
    except Refused as refused:  # the desk names a place in a list of keys; here is one
        raise Refused(refused.sentence, hint=refused.hint) from None


# ---- what was typed ---------------------------------------------------------------------------------------


def _settings(typed: Typed, viewer: Viewer) -> Configured:
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
        calendar=_calendar(typed, viewer),
        as_if_in_force=typed.chosen("as_if_in_force"),
        suspended=tuple(dict.fromkeys(_state(each, "suspended") for each in codes)),
        times=HouseTimes(
            **{name: _number(typed.text(name), name) for name, *_rest in TIMES},
            warn_hours=_hours(typed.text("warn_hours")),
        ),
        timestamps=_stamping(typed),
    )


def _calendar(typed: Typed, viewer: Viewer) -> str | Calendar:
    """The working days that were chosen. The public holidays stay as they were read, unless other ones are
    chosen or they are to be read anew."""
    state, part, week = typed.text("holidays"), typed.text("part"), typed.text("calendar")
    if part and not state:
        raise Refused("a part needs its state", place="holidays", hint="choose one, or neither")
    if not (state or week):
        raise Refused(
            "nothing says which days are worked", place="calendar", hint="choose a weekend or a state"
        )
    if week:
        calendars.calendar(week)
    return almanac.chosen(
        viewer.house.settings.calendar,
        f"{state}-{part}".removesuffix("-") if state else week,
        on=viewer.house.day(viewer.at),
        week=week,
        anew=typed.text("anew") == "yes",
        **{name: calendars.days(typed.text(name).splitlines(), name) for name in _SINGLE},
        checked=tuple(sorted({_number(each, "checked") for each in typed.text("checked").split()})),
    )


def _stamping(typed: Typed) -> Stamping | None:
    """Whom to ask for time-stamps; None where nothing is said. Whether that can be is for the desk."""
    url, roots, chain = (
        typed.text(f"timestamps_{name}").replace("\r\n", "\n") for name in ("url", "roots", "chain")
    )
    if not (url or roots or chain):
        return None
    wait = _number(typed.text("timestamps_wait"), "timestamps_wait")
    return Stamping(url=url, roots=roots, chain=chain, wait=wait)


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
    stamping = kept.timestamps or Stamping(url="", roots="")
    days = calendars.calendar(kept.calendar)
    now = {
        "state": state,
        "role": role,
        "zone": kept.zone,
        "calendar": days.week if days.state else days.id,
        "holidays": days.state,
        "part": days.part,
        "anew": "",
        "checked": " ".join(map(str, days.checked)),
        **{name: "\n".join(calendars.lines(getattr(days, name))) for name in _SINGLE},
        "as_if_in_force": "yes" if kept.as_if_in_force else "no",
        "suspended": " ".join(kept.suspended),
        "warn_hours": ", ".join(str(each) for each in kept.times.warn_hours),
        **{f"sender_{name}": value for name, value in msgspec.structs.asdict(sender).items()},
        **{f"timestamps_{name}": str(value) for name, value in msgspec.structs.asdict(stamping).items()},
        **times,
    }
    return {name: typed.text(name) for name in now} if typed.text("before") else now


def _states() -> list[tuple[str, str]]:
    return [
        ("", "None"),
        *((code, words.state(code)) for code in sorted(atlas.atlas().states(), key=words.state)),
    ]


def _digest(settings: Configured) -> str:
    return hashlib.sha256(msgspec.json.encode(settings, order="sorted")).hexdigest()


def _runs(request: Visit) -> bool:
    viewer = request.viewer
    return may(viewer.person, Act.RUN_HOUSE, None, viewer.house, viewer.at).yes

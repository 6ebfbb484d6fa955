"""People and absence: who works here, as what, and who is away. Roles stand in the desk's own records.

Once a request has come in, whoever lets somebody in, gives a role or invites anew proposes it, and a second
person confirms it (`habeas.web.views.settings`).
"""

from __future__ import annotations

import re

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas.desk.events import Role
from habeas.desk.people import Person
from habeas.errors import Refused
from habeas.web.accounts import access, inviting
from habeas.web.accounts.models import Account
from habeas.web.door import Visit, installation
from habeas.web.views import workload
from habeas.web.views.history import title_of
from habeas.web.views.typed import Typed

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)  # it stands in addresses of pages
ROLES = [
    (Role.INTAKE, "takes requests in and checks who sent them"),
    (Role.REVIEWER, "reviews, and is the second person"),
    (Role.COUNSEL, "decides what was handed up, invites experts, answers objections"),
    (Role.CUSTODIAN, "holds the data and hands them over"),
    (Role.AUDITOR, "reads everything, changes nothing; held alone"),
    (Role.EXPERT, "from outside, sees the cases they are invited into; held alone"),
    (Role.DELEGATE, "a partner's second person, invited; held alone"),
    (Role.ADMINISTRATOR, "looks after people and settings, reads no case; held alone"),
]


def page(request: Visit) -> HttpResponse:
    house = request.viewer.house
    accounts = {each.person: each for each in Account.objects.filter(organisation=house.organisation)}
    return render(
        request,
        "people.html",
        {
            "people": [
                (
                    person,
                    accounts.get(person.id),
                    person.away(house.day(request.viewer.at)),
                    workload.of(house, person),
                )
                for person in house.people.values()
            ],
            "runs": request.viewer.person.has(Role.ADMINISTRATOR),
            "counted": workload.counted,
        },
    )


def admit(request: Visit) -> HttpResponse:
    """A new person: with their invitation, which is shown once, or as a proposal once the house is open."""
    refused, typed, viewer = None, Typed(request), request.viewer
    if request.method == "POST":
        try:
            _named(typed.text("person"))
            changed = (
                installation()
                .desk(viewer.organisation)
                .admit(
                    viewer.person.id,
                    viewer.at,
                    person=typed.text("person"),
                    title=typed.text("title"),
                    roles=_roles(typed),
                    partner=typed.text("partner"),
                    why=typed.text("why"),
                )
            )
        except Refused as error:
            refused = error
        else:
            if changed.opened:
                return _proposed(request, typed.text("person"))
            return began(request, typed.text("person"), typed.text("title"))
    return render(
        request,
        "admit.html",
        {"refused": refused, "typed": typed, "roles": ROLES, "alone": not viewer.house.opened},
        status=422 if refused else 200,
    )


def one(request: Visit, person: str) -> HttpResponse:
    """A person: their roles, a new invitation, their leaving; and the half of one that the viewer holds."""
    viewer = request.viewer
    if person not in viewer.house.people:
        raise Http404
    known = viewer.house.people[person]
    account = Account.objects.filter(organisation=viewer.organisation, person=person).first()
    refused, typed = None, Typed(request)
    if request.method == "POST":
        try:
            return _changed(request, known, account, typed)
        except Refused as error:
            refused = error
    return render(
        request,
        "person.html",
        {
            "known": known,
            "login": account,
            "half": inviting.half_for(account, viewer.person.id) if account is not None else "",
            "refused": refused,
            "typed": typed,
            "roles": ROLES,
            "alone": not viewer.house.opened,
        },
        status=422 if refused else 200,
    )


def _changed(request: Visit, known: Person, account: Account | None, typed: Typed) -> HttpResponse:
    viewer = request.viewer
    desk = installation().desk(viewer.organisation)
    match typed.text("what"):
        case "roles":
            chosen = _roles(typed)
            changed = desk.change_roles(
                viewer.person.id, viewer.at, person=known.id, roles=chosen, why=typed.text("why_roles")
            )
            if changed.people[known.id].roles != set(chosen):
                return _proposed(request, known.id)
            noted(request, access.Kind.ROLES_GIVEN, known.id)
            messages.success(request, f"The roles of {known.title} are changed.")
        case "invite":
            changed = desk.invite_account(
                viewer.person.id, viewer.at, person=known.id, why=typed.text("why_invite")
            )
            if changed.opened:
                return _proposed(request, known.id)
            return began(request, known.id, known.title)
        case "dismiss":
            desk.dismiss(viewer.person.id, viewer.at, person=known.id)
            if account is not None:
                inviting.end(account)
            noted(request, access.Kind.ACCOUNT_ENDED, known.id)
            messages.success(request, f"{known.title} has left. Their account opens nothing any more.")
        case _:
            raise Refused("nothing was chosen", hint="press one of the buttons")
    return HttpResponseRedirect(reverse("people"))


def absence(request: Visit) -> HttpResponse:
    """Everybody states their own; an administrator anybody's."""
    viewer = request.viewer
    refused, typed = None, Typed(request)
    runs = viewer.person.has(Role.ADMINISTRATOR)
    if request.method == "POST":
        person = typed.text("person") if runs and typed.text("person") else viewer.person.id
        try:
            installation().desk(viewer.organisation).state_absence(
                viewer.person.id,
                viewer.at,
                person=person,
                since=typed.needed_day("since"),
                until=typed.needed_day("until"),
                deputy=typed.text("deputy"),
            )
        except Refused as error:
            refused = error
        else:
            messages.success(request, "The absence is recorded.")
            return HttpResponseRedirect(reverse("absence"))
    here = [each for each in viewer.house.people.values() if not each.left]
    return render(
        request,
        "absence.html",
        {"refused": refused, "typed": typed, "here": here, "runs": runs},
        status=422 if refused else 200,
    )


def _named(person: str) -> None:
    if not _NAME.fullmatch(person):
        raise Refused(
            "a person needs a short name of their own",
            place="person",
            hint="small letters, digits and hyphens, for example reviewer-2",
        )


def _roles(typed: Typed) -> list[Role]:
    return [Role(each) for each in typed.texts("roles") if each in list(Role)]


def noted(request: Visit, kind: access.Kind, about: str) -> None:
    """Whose way in or roles were changed, or are to be, and by whom."""
    access.noted(request, kind, access.of(request.viewer.account), about=about)


def _proposed(request: Visit, person: str) -> HttpResponse:
    noted(request, access.Kind.ASKED_FOR, person)
    messages.success(request, "Proposed. It is done when a second person has confirmed it.")
    return HttpResponseRedirect(reverse("proposals"))


def began(request: Visit, person: str, title: str, *, asked_by: str = "") -> HttpResponse:
    """The invitation of somebody whose account begins, shown to the viewer alone. asked_by: who holds its
    other half, where it took two."""
    with transaction.atomic():
        link = inviting.invite(organisation=request.viewer.organisation, person=person, asked_by=asked_by)
        noted(request, access.Kind.INVITED, person)
    other = title_of(asked_by, request.viewer.house) if asked_by else ""
    shown = {"title": title, "link": request.build_absolute_uri(link), "other": other}
    return render(request, "invited.html", shown)

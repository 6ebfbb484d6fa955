"""What was tried and changed about one's own way in. Whoever signs in is led here while something is new."""

from __future__ import annotations

from allauth.account.utils import get_next_redirect_url
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from habeas.desk.events import Role
from habeas.web.accounts import hearing
from habeas.web.door import Visit
from habeas.web.views.access import entry

LINES = 50
_LONGEST = 18  # digits of a place in the record


def page(request: Visit) -> HttpResponse:
    account, now = request.viewer.account, request.viewer.at
    onward = get_next_redirect_url(request)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        if seen.isascii() and seen.isdecimal() and len(seen) <= _LONGEST:
            hearing.looked(account, int(seen), now)
        return HttpResponseRedirect(onward or reverse("account"))
    new = {each.pk for each in hearing.news(account, now)}
    found = hearing.lines(account, LINES)
    return render(
        request,
        "lately.html",
        {
            "entries": [(entry(each, request.viewer.house), each.pk in new) for each in found],
            "new": len(new),
            "seen": found[0].pk if found else 0,
            "onward": onward or "",
            "administers": request.viewer.person.has(Role.ADMINISTRATOR),
        },
    )

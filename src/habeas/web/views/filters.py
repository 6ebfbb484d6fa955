"""A person's own ways to look at the queue, under names they chose; nobody else of the house sees them.

Only the queue's own words are kept: which view, and which of its filters. A filter holds no search words,
since there is none by person, and the page asks not to name one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from habeas.errors import Refused
from habeas.reports.foreign import one_line
from habeas.web.accounts.models import Account, SavedFilter
from habeas.web.door import Visit
from habeas.web.views.typed import Typed

MOST = 12  # of one person: what fits beside the tabs
_LONGEST = 40  # characters of a name


class Saved(NamedTuple):
    """address: of the queue, as it was saved. chosen: it is what the page shows now."""

    id: int
    name: str
    address: str
    chosen: bool


def of(account: Account, now: str) -> list[Saved]:
    """In the order they were saved. now: the query of the page, made by `query`."""
    kept = SavedFilter.objects.filter(account=account).order_by("pk")
    return [Saved(each.pk, each.name, f"{reverse('queue')}?{each.query}", each.query == now) for each in kept]


def query(view: str, chosen: Mapping[str, str], known: Mapping[str, Mapping[str, str]]) -> str:
    """The address of a view with its filters: of the words that the queue offers (known: by filter), no
    other."""
    kept = {name: chosen.get(name, "") for name, words in known.items() if chosen.get(name, "") in words}
    return urlencode({"view": view, **kept})


def save(request: Visit, view: str, known: Mapping[str, Mapping[str, str]]) -> str:
    """Keep what was sent under its name; the query. Raises Refused for no name, and for too many."""
    typed, account = Typed(request), request.viewer.account
    name = one_line(typed.text("name"))
    if not 0 < len(name) <= _LONGEST:
        raise Refused(
            "a filter needs a name", place="name", hint=f"{_LONGEST} letters at most, of no person or case"
        )
    kept = SavedFilter.objects.filter(account=account)
    if not kept.filter(name=name).exists() and kept.count() >= MOST:
        raise Refused(f"you have {MOST} filters already", place="name", hint="delete one of them first")
    made = query(view, request.POST.dict(), known)
    SavedFilter.objects.update_or_create(account=account, name=name, defaults={"query": made})
    return made


def delete(request: Visit) -> HttpResponse:
    """One's own; anybody else's is not there."""
    number = Typed(request).text("filter")
    own = SavedFilter.objects.filter(account=request.viewer.account)
    gone = own.filter(pk=int(number) if _short(number) else 0).first()
    if gone is None:
        raise Http404
    gone.delete()
    messages.success(request, f"The filter “{gone.name}” is deleted.")
    return HttpResponseRedirect(f"{reverse('queue')}?{urlencode(parse_qsl(gone.query))}")


def _short(number: str) -> bool:
    return number.isascii() and number.isdecimal() and len(number) < 10

"""The access record: who signed in, who tried to, whose way in was changed, and what was refused to whom.

For the auditor and the administrator (OWASP ASVS 5.0, V16.3). A line holds a moment, a person of the house,
a word for what happened, and a mark of where from. It never holds a name somebody typed that belongs to
nobody here, an address of a machine or a page, or a word of a case; whoever only looked at pages stands in no
line. Whoever opens a file with a person's data, before it leaves, stands in one.
The door of the person concerned writes nothing but that too many codes were tried, without a mark.

Lines are kept for `KEPT` and no more than `MOST` of a strand. A house has two strands, so that a stranger who
knocks all day cannot push out what colleagues did: `door` for who is not signed in, `inside` for who is. Each
is a chain under a key derived from that of the pages (HMAC-SHA-256, RFC 2104): whoever can write the
database and has not that key can neither change nor drop a line unseen. Taking the whole database back to an
earlier state is not seen here.

A line that could not be written opens nothing: a sign-in fails with it, and what was refused stays refused.
"""

from __future__ import annotations

import base64
import hmac
import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.signals import authentication_step_completed, password_changed
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from habeas.store.sealing import packed
from habeas.store.store import micros
from habeas.web import sessions
from habeas.web.accounts.models import AccessEnd, AccessLine, Account
from habeas.web.accounts.presence import has_second_factor

KEPT = timedelta(days=180)  # time to look into something; what is older is of use to nobody but a spy
MOST = 100_000  # lines of a strand
ONCE = 60  # seconds within which more of the same kind by the same person is one line
_PRUNED = 64  # lines between two looks whether some are too old
_DOOR, _INSIDE = "door", "inside"
_NO_CHAIN = bytes(32)
_LOG = logging.getLogger("habeas.web")


class Kind(StrEnum):
    """What happened."""

    SIGNED_IN = "signed-in"
    HALF_WAY = "half-way"
    NOT_SIGNED_IN = "not-signed-in"
    SIGNED_OUT = "signed-out"
    PRESENT = "present"
    NOT_PRESENT = "not-present"
    FACTOR_ADDED = "factor-added"
    FACTOR_REMOVED = "factor-removed"
    CODES_RENEWED = "codes-renewed"
    LINKED = "linked"
    UNLINKED = "unlinked"
    PASSWORD_SET = "password-set"
    SESSIONS_ENDED = "sessions-ended"
    MAIL_SET = "mail-set"
    ASKED_FOR = "asked-for"
    STOPPED = "stopped"
    ROLES_GIVEN = "roles-given"
    INVITED = "invited"
    ACCOUNT_ENDED = "account-ended"
    REFUSED = "refused"
    NOT_THERE = "not-there"
    UNTRUSTED = "untrusted-form"
    TOO_MANY = "too-many"
    ODD = "odd"
    FILE_OPENED = "file-opened"


SAYS = {
    Kind.SIGNED_IN: "Signed in",
    Kind.HALF_WAY: "The first proof was right, the second was asked for",
    Kind.NOT_SIGNED_IN: "Sign-in failed",
    Kind.SIGNED_OUT: "Signed out",
    Kind.PRESENT: "Proved presence",
    Kind.NOT_PRESENT: "Proof of presence failed",
    Kind.FACTOR_ADDED: "Second proof added",
    Kind.FACTOR_REMOVED: "Second proof removed",
    Kind.CODES_RENEWED: "Recovery codes renewed",
    Kind.LINKED: "Linked to a sign-in service",
    Kind.UNLINKED: "No longer linked to a sign-in service",
    Kind.PASSWORD_SET: "Password set",
    Kind.SESSIONS_ENDED: "Other sessions ended",
    Kind.MAIL_SET: "Address for messages changed",
    Kind.ASKED_FOR: "An account or a role was asked for",
    Kind.STOPPED: "What was asked for was declined",
    Kind.ROLES_GIVEN: "Roles changed",
    Kind.INVITED: "Account invited",
    Kind.ACCOUNT_ENDED: "Account ended",
    Kind.REFUSED: "Refused: not theirs to do",
    Kind.NOT_THERE: "Refused: not there, or not theirs",
    Kind.UNTRUSTED: "Refused: a form that could not be trusted",
    Kind.TOO_MANY: "Refused: too many attempts",
    Kind.ODD: "Refused: nothing a page of ours asks for",
    Kind.FILE_OPENED: "Opened a file that would leave",
}
"""What a reader is told of each kind."""

GROUPS: dict[str, tuple[str, tuple[Kind, ...]]] = {
    "in": (
        "Coming and going",
        (
            Kind.SIGNED_IN,
            Kind.HALF_WAY,
            Kind.NOT_SIGNED_IN,
            Kind.SIGNED_OUT,
            Kind.PRESENT,
            Kind.NOT_PRESENT,
        ),
    ),
    "ways": (
        "Ways in that changed",
        (
            Kind.FACTOR_ADDED,
            Kind.FACTOR_REMOVED,
            Kind.CODES_RENEWED,
            Kind.LINKED,
            Kind.UNLINKED,
            Kind.PASSWORD_SET,
            Kind.SESSIONS_ENDED,
            Kind.MAIL_SET,
            Kind.ASKED_FOR,
            Kind.STOPPED,
            Kind.ROLES_GIVEN,
            Kind.INVITED,
            Kind.ACCOUNT_ENDED,
        ),
    ),
    "files": ("Files opened before they left", (Kind.FILE_OPENED,)),
    "refused": ("What was refused", (Kind.REFUSED, Kind.NOT_THERE, Kind.UNTRUSTED, Kind.TOO_MANY, Kind.ODD)),
}
"""The kinds as they can be chosen: a word for addresses and commands, a heading, and what belongs to it."""

_FACTORS = {
    Authenticator.Type.TOTP: "authenticator",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}
_STRANGERS = frozenset({Kind.HALF_WAY, Kind.NOT_SIGNED_IN, Kind.NOT_PRESENT, Kind.TOO_MANY, Kind.ODD})


class Who(NamedTuple):
    """A person of a house; both empty for somebody unknown."""

    organisation: str = ""
    person: str = ""


NOBODY = Who()


# ---- writing ---------------------------------------------------------------------------------------------


def noted(
    request: HttpRequest,
    kind: Kind,
    who: Who,
    *,
    how: str = "",
    about: str = "",
    page: str = "",
    case: str = "",
    unmarked: bool = False,
) -> None:
    """Write a line. Raises what the database raises; the caller then goes no further."""
    now = timezone.now()
    place = "" if unmarked else _place(request, now.date())
    strand = _DOOR if kind in _STRANGERS or not who.person else _INSIDE
    line = AccessLine(
        organisation=who.organisation,
        strand=strand,
        at=now,
        person=who.person,
        kind=kind,
        how=how,
        about=about,
        page=page,
        case=case,
        place=place,
    )
    with transaction.atomic():
        end, _made = AccessEnd.objects.select_for_update().get_or_create(
            organisation=who.organisation,
            strand=strand,
            defaults={"before": _NO_CHAIN, "chain": _NO_CHAIN, "seal": b""},
        )
        line.number = end.last + 1
        line.chain = _link(line, bytes(end.chain))
        line.save(force_insert=True)
        end.last, end.chain = line.number, line.chain
        if line.number % _PRUNED == 0:
            _prune(end, now)
        _seal(end)


def refused(
    request: HttpRequest, kind: Kind, who: Who | None = None, *, how: str = "", unmarked: bool = False
) -> None:
    """Write down that something was refused, once a minute for the same person or place. Whatever happens to
    the line, the refusal goes on: only the operator's log says that it could not be written."""
    who = whose(request) if who is None else who
    match = request.resolver_match
    page = (match.url_name or "") if match is not None else ""
    case = getattr(request, "case", None)
    try:
        where = "" if unmarked or who.person else _place(request, timezone.now().date())
        who_or_where = f"{who.organisation}:{who.person}:{where}"
        key = f"access:{kind}:{who_or_where}"
        if cache.get(key) is None and cache.add(key, 1, ONCE):  # to look first takes no lock
            noted(
                request,
                kind,
                who,
                how=how,
                page=page,
                case=case.id if case is not None else "",
                unmarked=unmarked,
            )
    except DatabaseError:
        _LOG.error("a refusal could not be written into the access record")


def odd(request: HttpRequest, how: str) -> None:
    """Write down what no page of ours asks for: a body that is too long, another site's name, a method that
    was not declared. Of who sent it nothing is read but whether they are signed in; at the door of the person
    concerned no mark of them is kept either."""
    user = getattr(request, "user", None)
    who = of(user) if isinstance(user, Account) else NOBODY
    refused(request, Kind.ODD, who, how=how, unmarked=request.path_info.startswith(reverse("you")))


def failed(request: HttpRequest, kind: Kind, how: str) -> None:
    """Write down an attempt that failed, each one: how many there can be is limited already."""
    try:
        noted(request, kind, whose(request), how=how)
    except DatabaseError:
        _LOG.error("a failed attempt could not be written into the access record")


def whose(request: HttpRequest) -> Who:
    """Who is signed in; at the door, to whom the name belongs that was used."""
    user = getattr(request, "user", None)
    if isinstance(user, Account):
        return of(user)
    if "login" in request.POST:
        typed = request.POST["login"].strip().lower()
        account = Account.objects.filter(login=typed).first()
    else:
        stage = get_pending_stage(request) if hasattr(request, "session") else None
        account = stage.login.user if stage is not None else None
    return of(account) if account is not None else NOBODY


def of(account: Any) -> Who:
    return Who(account.organisation, account.person)


def mark(address: str, on: date) -> str:
    """What stands for an address in a line: the same for the same address within a calendar month, and
    nothing that leads back to it without the key. Of IPv6 the network counts."""
    text = packed("habeas access place v1", f"{on:%Y-%m}", truncate_ip(address))
    made = hmac.digest(sessions.key_for("marks of places"), text, "sha256")
    return base64.b32encode(made)[:6].decode().lower()


def _place(request: HttpRequest, on: date) -> str:
    """The mark of where this comes from; none where the proxies in front did not say."""
    try:
        return mark(get_adapter(request).get_client_ip(request), on)
    except PermissionDenied:
        return ""


def _link(line: AccessLine, before: bytes) -> bytes:
    words = (line.person, line.kind, line.how, line.about, line.page, line.case, line.place)
    text = packed(
        "habeas access line v1",
        *(line.organisation, line.strand, line.number, micros(line.at)),
        *map(str, words),
        before,
    )
    return hmac.digest(sessions.key_for("access record"), text, "sha256")


def _sealed(end: AccessEnd) -> bytes:
    text = packed(
        "habeas access end v1",
        *(end.organisation, end.strand, end.first, end.last, bytes(end.before), bytes(end.chain)),
    )
    return hmac.digest(sessions.key_for("access record"), text, "sha256")


def _seal(end: AccessEnd) -> None:
    end.seal = _sealed(end)
    end.save()


# ---- what is kept ----------------------------------------------------------------------------------------


def is_kept() -> bool:
    """Whether there is a record at all: the first start of the pages makes its tables."""
    return AccessEnd._meta.db_table in connection.introspection.table_names()


def tidy(now: datetime) -> None:
    """Drop every line that is too old."""
    if not is_kept():
        return
    for number in AccessEnd.objects.values_list("pk", flat=True):
        with transaction.atomic():
            end = AccessEnd.objects.select_for_update().get(pk=number)
            _prune(end, now)
            _seal(end)


def _prune(end: AccessEnd, now: datetime) -> None:
    """The oldest lines go, so that the rest is still one chain."""
    strand = AccessLine.objects.filter(organisation=end.organisation, strand=end.strand)
    young = strand.filter(at__gte=now - KEPT, number__gt=end.last - MOST)
    first = young.order_by("number").values_list("number", flat=True).first() or end.last + 1
    if first <= end.first:
        return
    dropped = strand.filter(number=first - 1).values_list("chain", flat=True).first()
    end.before = bytes(dropped) if dropped is not None else bytes(end.chain)
    end.first = first
    strand.filter(number__lt=first).delete()


# ---- reading ---------------------------------------------------------------------------------------------


def lines(
    organisation: str,
    *,
    kinds: tuple[Kind, ...] = (),
    person: str = "",
    before: int | None = None,
    since: datetime | None = None,
    limit: int,
) -> list[AccessLine]:
    """Lines of a house, the newest first; of attempts under names that belong to nobody, for an empty name.

    person: done by them or to their account. before: the `pk` of the last line seen.
    """
    found = AccessLine.objects.filter(organisation=organisation, at__gte=_oldest(since))
    if kinds:
        found = found.filter(kind__in=kinds)
    if person:
        found = found.filter(person=person) | found.filter(about=person)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def _oldest(since: datetime | None) -> datetime:
    kept = timezone.now() - KEPT
    return kept if since is None else max(since, kept)


def unknown(since: datetime) -> int:
    """How often somebody failed at the door of this installation under a name that is nobody's."""
    return AccessLine.objects.filter(organisation="", kind=Kind.NOT_SIGNED_IN, at__gte=since).count()


def check(organisation: str) -> Iterator[str]:
    """What is wrong with the record of a house, a sentence each; nothing where every line is as written."""
    ends = {each.strand: each for each in AccessEnd.objects.filter(organisation=organisation)}
    for strand in (_DOOR, _INSIDE):
        mine = AccessLine.objects.filter(organisation=organisation, strand=strand)
        end = ends.get(strand)
        if end is None:
            if mine.exists():
                yield f"{strand}: there are lines, and nothing says where they end."
            continue
        if not hmac.compare_digest(bytes(end.seal), _sealed(end)):
            yield f"{strand}: where the record begins and ends was changed."
        before, number = bytes(end.before), end.first
        for line in mine.order_by("number").iterator():
            if line.number != number:
                yield f"{strand}: line {number} is missing."
                break
            if not hmac.compare_digest(bytes(line.chain), _link(line, before)):
                yield f"{strand}: line {number} was changed."
                break
            before, number = bytes(line.chain), number + 1
        else:
            if (number, before) != (end.last + 1, bytes(end.chain)):
                yield f"{strand}: lines are missing at the end."


# ---- what Django and allauth tell us ---------------------------------------------------------------------


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    methods = {_method(each) for each in get_authentication_records(request, user)}
    noted(request, Kind.SIGNED_IN, of(user), how=" and ".join(sorted(methods - {""}, reverse=True)))


def _method(record: dict[str, Any]) -> str:
    if record.get("method") == "mfa":
        return _FACTORS.get(record.get("type"), "")
    return {"password": "password", "socialaccount": "sign-in service"}.get(str(record.get("method")), "")


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    """Whoever goes is let go, written down or not."""
    if not isinstance(user, Account):
        return
    try:
        noted(
            request,
            Kind.SIGNED_OUT,
            of(user),
            how="it lasted too long" if hasattr(request, "lasted_too_long") else "",
        )
    except DatabaseError:
        _LOG.error("a sign-out could not be written into the access record")


@receiver(authentication_step_completed)
def _present(request: HttpRequest, user: Any, **said: Any) -> None:
    if said.get("reauthenticated"):
        noted(request, Kind.PRESENT, of(user), how=_method(said))
    elif said["method"] != "mfa" and has_second_factor(user):
        noted(request, Kind.HALF_WAY, of(user), how=_method(said))


@receiver(password_changed)
def _password(request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    noted(request, Kind.PASSWORD_SET, of(user))


def _on_factor(kind: Kind) -> Callable[..., None]:
    def note(request: HttpRequest, user: Any, authenticator: Authenticator, **_kwargs: Any) -> None:
        noted(request, kind, of(user), how=_FACTORS[Authenticator.Type(authenticator.type)])

    return note


_factors = {
    Kind.FACTOR_ADDED: authenticator_added,
    Kind.FACTOR_REMOVED: authenticator_removed,
    Kind.CODES_RENEWED: authenticator_reset,
}
for _kind, _signal in _factors.items():
    _signal.connect(_on_factor(_kind), weak=False, dispatch_uid=f"access {_kind}")

"""People hear of what was tried and changed about their own way in (OWASP ASVS 5.0, V6.3.5 and V6.3.7); and
every administrator of what another one asked for, confirmed or took away about anybody's.

Two ways: a message to the address they gave, where they gave one; and a page they are led to when they sign
in next. The message says that there is something and nothing of what (`habeas.web.telling`): a stranger who
reads it learns no more than that this is an address of a desk. What is kept stands in the access record
alone; an account says until when its owner looked, and when they were last written to.

However often somebody tries, one message a day says so, and none where the owner looked since. What was
changed takes both proofs, so it cannot be made to rain from outside: one message an hour. What comes in
between is told with the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from habeas.desk.events import Role
from habeas.desk.people import House, Person
from habeas.web.accounts.access import GROUPS, KEPT, Kind
from habeas.web.accounts.models import AccessLine, Account

MANY = 5  # failed attempts within a day that are told; fewer are somebody's own slips
FEW = 3  # failed attempts within the hour before a sign-in that succeeded
HALF = timedelta(minutes=10)  # whoever knew the first proof and had the second has shown it by then
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST = 500  # lines that are looked at; a flood says the same

CHANGES = frozenset(GROUPS["ways"][1]) - {Kind.SESSIONS_ENDED, Kind.ACCOUNT_ENDED}
OF_OTHERS = frozenset({Kind.ASKED_FOR, Kind.STOPPED, Kind.ROLES_GIVEN, Kind.INVITED, Kind.ACCOUNT_ENDED})
"""What every administrator hears of, whoever's account it is."""
FAILURES = frozenset({Kind.NOT_SIGNED_IN, Kind.NOT_PRESENT})
_ATTEMPTS = FAILURES | {Kind.HALF_WAY, Kind.SIGNED_IN}
_SHOWN = CHANGES | OF_OTHERS | _ATTEMPTS | {Kind.SESSIONS_ENDED, Kind.PRESENT, Kind.SIGNED_OUT}
Why = Literal["told_tried", "told_changed"]


def suspicious(lines: Sequence[AccessLine], now: datetime) -> list[AccessLine]:
    """Those of somebody's attempts that they should hear of. lines: theirs, the oldest first."""
    failures = [each for each in lines if each.kind in FAILURES]
    found = {each.pk for each in failures} if len(failures) >= MANY else set()
    for line in lines:
        if line.kind == Kind.SIGNED_IN:
            before = [each.pk for each in failures if line.at - HOUR <= each.at < line.at]
            if "recovery codes" in line.how or len(before) >= FEW:
                found |= {line.pk, *before}
        elif line.kind == Kind.HALF_WAY and now - line.at >= HALF and not _went_on(line, lines):
            found.add(line.pk)
    return [each for each in lines if each.pk in found]


def _went_on(half: AccessLine, lines: Sequence[AccessLine]) -> bool:
    """Whether the same place showed the second proof soon after the first."""
    return any(
        each.kind == Kind.SIGNED_IN and each.place == half.place and half.at <= each.at < half.at + HALF
        for each in lines
    )


def news(account: Account, now: datetime) -> list[AccessLine]:
    """What its owner has not looked at yet: changes, and what looks like somebody else's attempts."""
    return _changed(account, account.heard, now) + _tried(account, account.heard, now)


def lines(account: Account, limit: int) -> list[AccessLine]:
    """What is kept of this account's way in, the newest first; nothing of what was refused inside."""
    return list(_about(account, _SHOWN, timezone.now() - KEPT).order_by("-pk")[:limit])


def looked(account: Account, until: int, now: datetime) -> None:
    """Its owner looked at the page, whose newest line was this; any other number says nothing."""
    line = _about(account, _SHOWN, now - KEPT).filter(pk=until).first()
    if line is not None and (account.heard is None or account.heard < line.at):
        account.heard = line.at
        account.save(update_fields=["heard"])


def untold(now: datetime) -> Iterator[tuple[Account, tuple[Why, ...]]]:
    """Whom to write to now, and of what. An account that nobody ever signed in to has no reader yet."""
    lately = AccessLine.objects.filter(at__gte=now - DAY, kind__in=CHANGES | OF_OTHERS | _ATTEMPTS)
    whose = {
        (house, about or person)
        for house, person, about in lately.values_list("organisation", "person", "about").distinct()
    }
    about_others = lately.filter(kind__in=OF_OTHERS).values_list("organisation", flat=True).distinct()
    whose |= {
        (house, each.id) for house in about_others for each in _house(house).people.values() if _runs(each)
    }
    for house, person in sorted(whose):
        account = Account.objects.filter(
            organisation=house, person=person, is_active=True, last_login__isnull=False
        ).first()
        if account is None:
            continue
        why: list[Why] = []
        if _may_again(account.told_tried, DAY, now) and _tried(account, _newest(account, "told_tried"), now):
            why.append("told_tried")
        if _may_again(account.told_changed, HOUR, now) and _changed(
            account, _newest(account, "told_changed"), now
        ):
            why.append("told_changed")
        if why:
            yield account, tuple(why)


def told(account: Account, why: Sequence[Why], now: datetime) -> bool:
    """Take it on to write to somebody; False where another worker did."""
    before: dict[str, datetime | None] = {each: getattr(account, each) for each in why}
    return bool(Account.objects.filter(pk=account.pk, **before).update(**dict.fromkeys(why, now)))


def not_told(account: Account, why: Sequence[Why]) -> None:
    """The message did not go: it is tried again."""
    Account.objects.filter(pk=account.pk).update(**{each: getattr(account, each) for each in why})


def _may_again(told: datetime | None, pause: timedelta, now: datetime) -> bool:
    return told is None or now - told >= pause


def _newest(account: Account, why: Why) -> datetime | None:
    return max((each for each in (account.heard, getattr(account, why)) if each is not None), default=None)


def _changed(account: Account, since: datetime | None, now: datetime) -> list[AccessLine]:
    kinds = CHANGES | OF_OTHERS if _administers(account) else CHANGES
    return list(_about(account, kinds, since or now - KEPT).order_by("pk")[:MOST])


def _house(organisation: str) -> House:
    house: House = settings.HABEAS_INSTALLATION.people(organisation)
    return house


def _runs(person: Person | None) -> bool:
    return person is not None and person.has(Role.ADMINISTRATOR)


def _administers(account: Account) -> bool:
    return _runs(_house(account.organisation).people.get(account.person))


def _tried(account: Account, since: datetime | None, now: datetime) -> list[AccessLine]:
    """Attempts of the last day only: slips of many months are no attack."""
    after = max(since, now - DAY) if since is not None else now - DAY
    newest = list(_about(account, _ATTEMPTS, after).order_by("-pk")[:MOST])
    return suspicious(newest[::-1], now)


def _about(account: Account, kinds: frozenset[Kind], since: datetime) -> QuerySet[AccessLine]:
    """Lines about this account, later than a moment; for an administrator those about the accounts of others
    too, but for what they did themselves."""
    mine = Q(person=account.person, about="") | Q(about=account.person)
    if _administers(account):
        mine |= Q(kind__in=OF_OTHERS) & ~Q(person=account.person)
    return AccessLine.objects.filter(mine, organisation=account.organisation, kind__in=kinds, at__gt=since)

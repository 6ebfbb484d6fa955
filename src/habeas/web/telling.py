"""Colleagues are told that something waits for them, and that something happened to how they sign in: at the
address they sign in with, if it is one.

The message names the case by its reference and leads to what needs its reader there; of the case it says
nothing, see `habeas.gateways.mail`. Of a way in it does not say what happened. What is due in the public log
leads to its page. The link opens nothing by itself: behind it stands the door.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from habeas.app.worker import Tiding
from habeas.errors import Refused
from habeas.gateways.mail import Message, Post
from habeas.web.accounts import access, hearing
from habeas.web.accounts.models import Account


def tell(tiding: Tiding, post: Post, at: datetime, site: str = "") -> int:
    """Write to each of the people a tiding is for; how many that were. Needs Django's settings in place.

    site: the address of the desk as people open it, without a slash at its end; empty where nobody said it,
    and then the message has no link.
    """
    about = f"Case {tiding.case}" if tiding.case else "The public log"
    page = f"{reverse('case', args=[tiding.case])}#now" if tiding.case else f"{reverse('public_log')}#totals"
    where = f"{site}{page}" if site else "Sign in to the desk to look at it."
    text = f"{tiding.words}\n\n{about}\n{where}\n"
    accounts = Account.objects.filter(
        organisation=tiding.organisation, person__in=tiding.people, is_active=True
    )
    reached = 0
    for account in accounts:
        if account.mail:
            post(Message(to=account.mail, subject=about, text=text, at=at))
            reached += 1
    return reached


def tell_of_ways_in(post: Post, at: datetime, site: str = "") -> int:
    """Write to everybody to whose way in something happened, see `habeas.web.accounts.hearing`; how many that
    were. What the post does not take is tried again at the next call; the first such Refused is raised when
    everybody else was written to."""
    where = f"{site}{reverse('lately')}" if site else "Sign in to the desk, and look under your account."
    text = (
        "Something about how you sign in to the desk, or somebody whose account you look after, was asked "
        "for, tried or changed. Sign in to see what it was.\n\n"
        f"{where}\n\nIf you cannot sign in, ask your administrator.\n"
    )
    reached = 0
    failed: Refused | None = None
    for account, why in hearing.untold(at) if access.is_kept() else ():
        if not account.mail or not hearing.told(account, why, at):
            continue
        try:
            post(Message(to=account.mail, subject="How you sign in", text=text, at=at))
        except Refused as refused:
            hearing.not_told(account, why)
            failed = failed or refused
            continue
        reached += 1
    if failed is not None:
        raise failed
    return reached

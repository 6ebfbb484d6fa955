"""Colleagues are told that something waits for them: at the address they sign in with, if it is one.

The message names the case by its reference and leads to what needs its reader there; of the case it says
nothing, see `habeas.gateways.mail`. The link opens nothing by itself: behind it stands the door.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from habeas.app.worker import Tiding
from habeas.gateways.mail import Message, Post
from habeas.web.accounts.models import Account


def tell(tiding: Tiding, post: Post, at: datetime, site: str = "") -> int:
    """Write to each of the people a tiding is for; how many that were. Needs Django's settings in place.

    site: the address of the desk as people open it, without a slash at its end; empty where nobody said it,
    and then the message has no link.
    """
    link = f"{site}{reverse('case', args=[tiding.case])}#now"
    where = link if site else "Sign in to the desk to look at it."
    text = f"{tiding.words}\n\nCase {tiding.case}\n{where}\n"
    accounts = Account.objects.filter(
        organisation=tiding.organisation, person__in=tiding.people, is_active=True
    )
    reached = 0
    for account in accounts:
        if "@" in account.login:
            post(Message(to=account.login, subject=f"Case {tiding.case}", text=text, at=at))
            reached += 1
    return reached

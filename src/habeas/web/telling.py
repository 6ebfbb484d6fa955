"""Colleagues are told that something waits for them: at the address they sign in with, if it is one.

The message names the case by its reference and says that a person should look; see `habeas.gateways.mail`.
"""

from __future__ import annotations

from datetime import datetime

from habeas.app.worker import Tiding
from habeas.gateways.mail import Message, Post
from habeas.web.accounts.models import Account


def tell(tiding: Tiding, post: Post, at: datetime) -> int:
    """Write to each of the people a tiding is for; how many that were. Needs Django's settings in place."""
    accounts = Account.objects.filter(
        organisation=tiding.organisation, person__in=tiding.people, is_active=True
    )
    reached = 0
    for account in accounts:
        if "@" in account.login:
            text = f"{tiding.words}\n\nCase {tiding.case}. Sign in to the desk to look at it.\n"
            post(Message(to=account.login, subject=f"Case {tiding.case}", text=text, at=at))
            reached += 1
    return reached

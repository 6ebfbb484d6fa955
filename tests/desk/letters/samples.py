"""Facts for letters of every kind: roles and labels only, no person and no account."""

from __future__ import annotations

from datetime import date
from typing import Any

from habeas.desk.letters import (
    Asked,
    Condition,
    Ground,
    Item,
    Kind,
    LetterFacts,
    Reason,
    Road,
    Sender,
    Slow,
    open_kinds,
)
from habeas.desk.letters.compose import TO_THE_HOUSE
from habeas.desk.letters.model import Heard
from habeas.request import Category
from habeas.treaty import Arrival, Role

CENTRAL_AUTHORITY = Sender(
    name="Ministry of Justice",
    office="Central authority for mutual assistance",
    contact="notices@ministry.example",
    oversight="Ombudsman, 1 Main Street",
)
PROVIDER = Sender(
    name="Provider One",
    office="Legal response office",
    contact="notices@provider.example",
    oversight="Data protection authority, 2 Main Street",
)
GROUNDS = {
    Role.PROVIDER: (
        Reason(ground=Ground.SEAT_LAW, cites=("USA:18 USC 2702(a)",)),
        Reason(ground=Ground.LIVE_DATA),
    ),
    Role.CENTRAL_AUTHORITY: (
        Reason(ground=Ground.DOMESTIC_EQUIVALENCE),
        Reason(ground=Ground.HUMAN_RIGHTS),
        Reason(ground=Ground.LIVE_DATA),
    ),
}


def facts(role: Role = Role.CENTRAL_AUTHORITY, **others: Any) -> LetterFacts:
    """Enough for a letter of any kind."""
    known: dict[str, Any] = {
        "role": role,
        "arrival": Arrival.REQUEST,
        "identified": True,
        "sender": PROVIDER if role is Role.PROVIDER else CENTRAL_AUTHORITY,
        "our_reference": "HB-2026-0398",
        "written": date(2026, 3, 3),
        "received": date(2026, 2, 11),
        "addressee": "Office for international cooperation",
        "their_reference": "IC/17/2026-b",
        "requesting_state": "Ruritania",
        "seat_state": "Elbonia",
        "road": Road.CENTRAL,
        "instrument": "uncc",
        "items": (
            Item(target="A", item=1, category=Category.SUBSCRIBER),
            Item(
                target="A",
                item=2,
                category=Category.TRAFFIC,
                first=date(2025, 11, 1),
                last=date(2025, 11, 14),
            ),
        ),
        "questions": (
            Asked(fact="judge_authorised", text="Please supply the decision that authorised the measure."),
            Asked(text="Please name the day on which the file was copied."),
        ),
        "grounds": GROUNDS[Role.PROVIDER if role is Role.PROVIDER else Role.CENTRAL_AUTHORITY],
        "conditions": (Condition.SPECIALITY, Condition.ONWARD, Condition.NO_DEATH_PENALTY),
        "consulted": date(2026, 2, 20),
        "later": date(2026, 5, 4),
        "slow": Slow.COURT,
        "answer_by": date(2026, 4, 2),
        "object_by": date(2026, 3, 24),
        "not_before": date(2026, 3, 31),
        "bar_ended": date(2026, 3, 1),
        "objected": date(2026, 2, 20),
        "heard": Heard.NOT_UPHELD,
    }
    return LetterFacts(**{**known, **others})


def facts_for(kind: Kind, role: Role = Role.CENTRAL_AUTHORITY, **others: Any) -> LetterFacts:
    """Enough for a letter of this kind: an order of our own where only such a one is answered by it."""
    ours = Arrival.DOMESTIC_ORDER if kind is Kind.CHALLENGE else Arrival.REQUEST
    return facts(role, **{"arrival": ours, **others})


WRITABLE = [
    (role, arrival, kind)
    for role in (Role.PROVIDER, Role.CENTRAL_AUTHORITY)
    for arrival in Arrival
    for kind in sorted(open_kinds(role, arrival))
]
EVERY_ITEM_WORD = [Item(target="B", item=n, category=category) for n, category in enumerate(Category, 1)]
TO_THE_REQUESTER = sorted(set(Kind) - {Kind.RECEIPT, Kind.CHALLENGE} - TO_THE_HOUSE)
"""To one abroad; an order of our own court has a letter of its own."""

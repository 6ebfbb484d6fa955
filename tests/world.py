"""A small world of requests for tests: roles only, no names, every part replaceable."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from habeas.request import (
    Authorisation,
    AuthorisationKind,
    Authority,
    Category,
    Identifier,
    Item,
    Measure,
    Offence,
    Penalty,
    PenaltyKind,
    Period,
    Request,
    Target,
)

ON = date(2026, 11, 21)
SUPPOSED = ("instrument-in-force", "sender-identified", "seat-law-permits")

RANSOMWARE = (
    "On 3 March 2025 the hospital's servers were encrypted by ransomware and operations were cancelled. "
    "The attackers demanded payment of 400,000 euros. Log files show that the patients' data were "
    "exfiltrated to a server leased from your company, which was used to negotiate the ransom. "
    "The investigating judge has issued an order. No message content is requested."
)
INSULT = (
    "The accused published four posts in which she insulted the President and spread false news about the "
    "government, calling upon the public to take part in an unlicensed assembly. We request the names of all "
    "persons who shared the posts and her messages with journalists."
)


def years(number: float) -> Penalty:
    return Penalty(kind=PenaltyKind.YEARS, years=number)


def item(category: Category = Category.SUBSCRIBER, *, number: int = 1, **parts: Any) -> Item:
    period = parts.pop("period", Period(start=date(2025, 2, 1), end=date(2025, 3, 31)))
    return Item(id=f"i{number}", category=category, period=period, **parts)


def target(
    *items: Item, value: str = "@account", role: str = "suspect", bulk: bool = False, number: int = 1
) -> Target:
    return Target(
        id=f"t{number}",
        identifiers=(Identifier(value=value, bulk=bulk),),
        role=role,
        items=items or (item(), item(Category.TRAFFIC, number=2)),
    )


def request(**parts: Any) -> Request:
    """A good request about ransomware under the UN Convention, everything supposed that a corpus supposes."""
    good: dict[str, Any] = {
        "id": "R-1",
        "instrument": "uncc",
        "measure": Measure.STORED_ACCESS,
        "requesting_state": "FRA",
        "seat_state": "USA",
        "issuing": Authority(name="Public prosecutor's office"),
        "authorisation": Authorisation(kind=AuthorisationKind.JUDGE),
        "offences": (
            Offence(
                label="Interference with a system",
                citations=("art. 323-1 code pénal",),
                claimed_maximum=years(7),
            ),
        ),
        "facts": RANSOMWARE,
        "language": "en",
        "targets": (target(),),
        "supposed": SUPPOSED,
    }
    return Request(**{**good, **parts})


def changed(base: Request, **parts: Any) -> Request:
    return msgspec.structs.replace(base, **parts)


SECRET = "lantern-seven@mail.example"


def identifying() -> Request:
    """A request whose facts, reference and authority name somebody."""
    return request(
        supposed=(),
        reference="J3 26 262",
        issuing=Authority(name="Prosecutor of Grandrive", contact="+33 1 00 00 00 00"),
        facts=f"The letters of LANTERN-SEVEN@mail.example were read. {RANSOMWARE}",
        targets=(target(value=SECRET),),
    )

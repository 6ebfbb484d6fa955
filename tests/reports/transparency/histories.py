"""Histories of a house that nobody runs: requests and what became of them, as counted entries."""

from __future__ import annotations

import numpy as np

from habeas.desk.events import DelayGround
from habeas.desk.public import Counted
from habeas.reports.transparency import Period

STATES = ("DEU", "FRA", "USA", "BRA", "TUR", "IND", "VNM", "NOR", "EGY", "GHA", "ISL", "")
CATEGORIES = ("subscriber", "subscriber traffic", "traffic", "content subscriber", "content", "")
OFFENCES = ("ordinary-crime", "defamation", "defamation ordinary-crime", "criticism-of-state", "unknown")
GROUNDS = (
    "persecution",
    "dual-criminality",
    "form",
    "persecution | proportionality",
    "authenticity",
    "form | scope",
)
SEED = bytes(range(32))


def history(
    number: int, *, requests: int, states: int, period: Period, orders: float = 0.15
) -> list[Counted]:
    """Entries of about so many requests from so many states, some much more often than others."""
    draw = np.random.default_rng(number)
    months = period.months
    weights = 1 / np.arange(1, states + 1) ** draw.choice([0.0, 1.0, 2.0])
    found: list[Counted] = []

    def one(words: tuple[str, ...]) -> str:
        return str(draw.choice(words))

    for _ in range(requests):
        at = int(draw.integers(len(months)))
        footing = one(("request", "request", "direct")) if draw.random() > orders else "order"
        accounts = int(draw.choice([1, 1, 1, 2, 3, 8]))
        emergency = one(("", "", "", "claimed", "verified"))
        said = {
            "state": STATES[int(draw.choice(states, p=weights / weights.sum()))],
            "instrument": one(("uncc", "budapest", "national-direct")),
            "measure": one(("stored-access", "preservation", "emergency", "traffic-disclosure")),
            "categories": one(CATEGORIES),
            "offences": one(OFFENCES),
            "authorisation": one(("judge", "prosecutor", "police", "")),
            "footing": footing,
            "emergency": emergency,
        }
        door = one(("mailbox", "portal", "api"))

        def add(
            kind: str, later: int = 0, *, of: int = at, known: dict[str, str] = said, **more: str
        ) -> None:
            month = min(of + later, len(months) - 1)
            found.append(Counted(kind=kind, month=months[month], **known | more))

        found.append(Counted(kind="arrival", month=months[at], door=door))
        add("request", door=door, accounts=str(accounts))
        if draw.random() < 0.05:
            add("addition", int(draw.integers(2)), accounts=str(draw.choice([1, 2, 5])))
        if draw.random() < 0.2:
            add("hold", how="placed", accounts="1")
        days = str(int(draw.choice([0, 2, 9, 25, 60, 200])))
        late = int(int(days) > 25)
        fate = draw.random()
        if fate < 0.35:
            add("decision", late, decision="refuse", basis="shown")
            add("refusal", late, ground=one(GROUNDS), days=days, accounts=str(accounts))
        elif fate < 0.8:
            how = one(("", "fewer-categories", "conditions fewer-accounts"))
            add("decision", late, decision="narrow" if how else "proceed", how=how, basis="shown")
            for _account in range(accounts):
                add("release", late, given=one(CATEGORIES), how=how, days=days, accounts="1")
                add("notice", late, how=one(("before-release", "after-release", "gag-ended")), accounts="1")
            if emergency:
                add("validation", late, how=one(("in-time", "late", "refused")))
        elif fate < 0.9:
            add("reroute", late, days=days)
        elif fate < 0.95:
            add("withdrawal", late, days=days)
        if draw.random() < 0.1:
            add("objection")
            if draw.random() < 0.5:
                add("objection-answer", how=one(("upheld", "not-upheld")))
        if draw.random() < 0.1:
            add("notice-delay", ground=one(tuple(DelayGround)))
        add("letter")
    return found

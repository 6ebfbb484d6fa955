"""Reports to look at in tests: a busy half year, an empty one, and what is said about both."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from habeas.desk.public import Counted
from habeas.reports.transparency import House, How, Narrative, Period, Report, Restriction, report
from tests.reports.transparency.histories import SEED, history

HALF = Period.half(2026, 1)
MADE = date(2026, 7, 20)
HOUSE = House(name="Provider One", site="https://record.example.org", contact="reports@example.org")
STORY = Narrative(
    texts={"en": "A ministry wanted the name behind an account that had shown a flag."},
    ground="persecution",
    approved=date(2026, 7, 1),
)
BAND = Restriction(subject="request", footing="order", how=How.BAND, step=250, law="a statute of the seat")


def entries(number: int = 5, requests: int = 400) -> list[Counted]:
    suspended = Counted(kind="suspension", month="2026-03", state="VNM", how="suspended")
    return [*history(number, requests=requests, states=12, period=HALF), suspended]


def made(counted: Iterable[Counted], *restrictions: Restriction) -> Report:
    return report(
        counted, HALF, house=HOUSE, seed=SEED, made=MADE, narratives=[STORY], restrictions=restrictions
    )

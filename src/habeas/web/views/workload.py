"""What lies with whom, in a few words: open cases, those of them that are overdue, and an absence.

It says nothing of any case, and is counted no further than anybody would read (`habeas.store`).
"""

from __future__ import annotations

from datetime import datetime

from habeas.desk.events import WORKS
from habeas.desk.people import House, Person
from habeas.desk.queue import Load
from habeas.web.door import installation

MOST = 1000  # cases; what lies with a person beyond that is "more"


def of(house: House, person: Person) -> Load | None:
    """None for who works on no case."""
    if person.left or not person.has(*WORKS):
        return None
    return installation().workload(house.organisation, person.id, MOST)


def says(house: House, person: Person, at: datetime) -> str:
    """As a colleague reads it who gives a case away."""
    load, away = of(house, person), person.away(house.day(at))
    said = [counted(load.open, "open")] if load is not None else []
    if load is not None and load.overdue:
        said.append(counted(load.overdue, "overdue"))
    if away is not None:
        said.append(f"away until {away.until}")
    return ", ".join(said)


def counted(number: int, what: str) -> str:
    return f"{number}{'+' if number >= MOST else ''} {what}"

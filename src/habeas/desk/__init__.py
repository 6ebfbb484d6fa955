"""What people do with a request: the case, its moves, its time limits, its letters and what leaves.

* `events`: what can happen, and a sentence for each · `case`: a case folded from its events
* `people`: the house, folded from its own · `moves`: who may do what, from where, under which conditions
* `clocks`, `calendars`, `limits`: time limits with their sums · `queue`: the row in clear
* `desk`: the only writer, its checks in `rulings`, `versions`, `settings` · `records`: where events are kept
* `letters`, `package`: what goes out, and how it is sealed · `terms`: what has to be accepted before

All of it is pure: time and ids are arguments, records are handed in. The door is `Desk`.
"""

from __future__ import annotations

from habeas.desk.case import Case, Fate, Stage
from habeas.desk.desk import Desk, digest
from habeas.desk.events import CLOCK, HOUSE, Door, Held, Recorded, Role, Ruling
from habeas.desk.moves import TABLE, Act, Answer, Move, may, moves
from habeas.desk.people import House, Person
from habeas.desk.queue import Job, Row
from habeas.desk.records import Conflict, Records
from habeas.desk.rulings import departures, recommended

__all__ = [
    "CLOCK",
    "HOUSE",
    "TABLE",
    "Act",
    "Answer",
    "Case",
    "Conflict",
    "Desk",
    "Door",
    "Fate",
    "Held",
    "House",
    "Job",
    "Move",
    "Person",
    "Recorded",
    "Records",
    "Role",
    "Row",
    "Ruling",
    "Stage",
    "departures",
    "digest",
    "may",
    "moves",
    "recommended",
]

"""The one worker: looks at time limits that came near or passed, records that it did, and tells people.

It decides nothing and hands over nothing. Any number of workers may run; one holds the lease and acts, and
what an overtaken one still tries to write is refused by its fence. What was due while no worker ran is seen
to when one starts: the limits stand in the records, not in a process.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from habeas.app.installation import Installation
from habeas.desk import queue
from habeas.desk.clocks import Task
from habeas.desk.desk import Conflict, Desk
from habeas.desk.events import Recorded, Role
from habeas.desk.people import House
from habeas.desk.queue import Job, PublicEntry, Row
from habeas.errors import Refused
from habeas.store import Due, Fence, Fenced, Store

LEASE = timedelta(seconds=60)  # a worker that was stopped is replaced after so long
EACH = 200  # jobs looked at between two renewals of the lease: seconds of work

_WORDS = {
    Task.WARN_DUE: "A time limit comes near.",
    Task.ANSWER_OVERDUE: "The time for the answer is over.",
    Task.MAY_ANSWER: "The time before which nothing may leave is over. Whether anything leaves, you decide.",
    Task.OBJECTION_LAPSES: "The time to object is over.",
    Task.REPLY_OVERDUE: "The requester has not answered in time.",
    Task.VALIDATION_MISSING: "The validation afterwards is missing.",
    Task.HOLD_LAPSES: "A hold has reached its end. It goes on until somebody lets it lapse or extends it.",
    Task.WAITING_OVER: "The waiting time after the notice is over. Whether anything leaves, you decide.",
    Task.APPROVAL_LAPSED: "An approval has lapsed.",
    Task.GAG_ENDS: "The bar on telling the person has ended.",
    Task.GAG_REVIEW: "Somebody has to ask whether the reason for silence still stands.",
    Task.RETENTION_ENDS: "The retention time of a file has ended. It may be erased.",
}


@dataclass(frozen=True, slots=True)
class Tiding:
    """Something colleagues should know. It names the case and never what it is about."""

    organisation: str
    case: str
    people: tuple[str, ...]
    words: str


class _Fenced:
    """Records as the desk wants them, written only while the lease is ours."""

    def __init__(self, store: Store, fence: Fence, done: Collection[str]) -> None:
        self._store = store
        self._fence = fence
        self._done = done

    def load(self, organisation: str, stream: str) -> tuple[Recorded, ...]:
        return self._store.load(organisation, stream)

    def append(
        self,
        organisation: str,
        stream: str,
        expected: int,
        new: tuple[Recorded, ...],
        *,
        row: Row | None,
        search: tuple[str, ...],
        jobs: tuple[Job, ...],
        public: tuple[PublicEntry, ...],
    ) -> None:
        self._store.append(
            organisation,
            stream,
            expected,
            new,
            row=row,
            search=search,
            jobs=jobs,
            public=public,
            done=self._done,
            fence=self._fence,
        )


class Worker:
    """holder: names this process among all that could work. tell: is handed what colleagues should know."""

    def __init__(
        self, installation: Installation, holder: str, tell: Callable[[Tiding], None] = lambda _tiding: None
    ) -> None:
        self._installation = installation
        self._holder = holder
        self._tell = tell
        self._fence: Fence | None = None

    def step(self) -> int:
        """See to what is due now; how many time limits that were. None where another worker has the lease."""
        store = self._installation.store
        now = self._installation.now()
        self._fence = store.lease("clock", self._holder, now, LEASE)
        if self._fence is None:
            return 0
        seen_to = 0
        for due in store.due(None, now, EACH):
            try:
                seen_to += self._see_to(due, self._fence)
            except Conflict:
                continue  # somebody is at this case just now; the next step looks again
            except Fenced:
                self._fence = None
                break
        return seen_to

    def stop(self) -> None:
        if self._fence is not None:
            self._installation.store.let_go(self._fence)
            self._fence = None

    def _see_to(self, due: Due, fence: Fence) -> int:
        desk = Desk(due.organisation, _Fenced(self._installation.store, fence, (due.job.id,)))
        try:
            case = desk.warn(due.case, self._installation.now(), clock=due.job.id, due=due.job.due)
        except Conflict:
            raise
        except Refused:
            if self._installation.store.erased(due.organisation, due.case) is None:
                raise
            return 0  # erased between the look and the word: its jobs are gone with it
        house = desk.house()
        now = self._installation.now()
        turn, _act = queue.turn_of(case, house, now)
        words = _WORDS[Task(due.job.what)]
        self._tell(Tiding(due.organisation, due.case, _whom(case.assigned, turn, house, now.date()), words))
        return 1


def _whom(assigned: str, turn: str, house: House, on: date) -> tuple[str, ...]:
    """Who has the case, or their deputy; otherwise all whose turn it is; otherwise counsel."""
    if assigned:
        away = house.person(assigned).away(on)
        return (away.deputy,) if away is not None and away.deputy else (assigned,)
    for role in (turn, Role.COUNSEL):
        people = tuple(
            person.id for person in house.people.values() if role in person.roles and not person.left
        )
        if people:
            return people
    return ()

"""The one worker: looks at time limits that came near or passed, records that it did, and tells people. It
tells them too when a case's turn passed to them.

It decides nothing and hands over nothing. Any number of workers may run; one holds the lease and acts, and
what an overtaken one still tries to write is refused by its fence. What was due while no worker ran is seen
to when one starts: the limits stand in the records, not in a process.

A time limit is recorded before anybody is told of it, so nobody is told twice. Where the post is out of
order the words are kept until the next step; they are lost with the process, and the queue shows the same.
That a turn passed is kept by the store until somebody was told: once for each turn, however often a case is
touched meanwhile, and it is no event of the case, so no form that is open somewhere becomes an old one by it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec

from habeas.app import enclosing
from habeas.app.installation import Installation
from habeas.app.reporting import Reporter
from habeas.desk import queue
from habeas.desk.case import Case
from habeas.desk.clocks import Task
from habeas.desk.desk import Desk
from habeas.desk.events import Recorded, Role
from habeas.desk.moves import TABLE, Act, may
from habeas.desk.people import House
from habeas.desk.queue import Job
from habeas.desk.records import Change, Conflict, Looked
from habeas.errors import Refused
from habeas.store import Due, Fence, Fenced, Passed, Store

LEASE = timedelta(seconds=60)  # a worker that was stopped is replaced after so long
EACH = 200  # jobs, and turns, looked at between two renewals of the lease: seconds of work
NEEDS_YOU = "A case needs you."

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
    """Something colleagues should know. It names the case and never what it is about; no case where it is
    about the public log."""

    organisation: str
    case: str
    people: tuple[str, ...]
    words: str


class _Fenced:
    """Records as the desk wants them, written only while the lease is ours and the case is as it was."""

    def __init__(self, store: Store, fence: Fence, done: Collection[str], version: int) -> None:
        self._store = store
        self._fence = fence
        self._done = tuple(done)
        self._version = version

    def load(self, organisation: str, stream: str) -> tuple[Recorded, ...]:
        return self._store.load(organisation, stream)

    def search(self, organisation: str, words: Collection[str], years: Collection[int]) -> tuple[str, ...]:
        return self._store.search(organisation, words, years)

    def append(self, organisation: str, *changes: Change, looked: Looked | None = None) -> None:
        for change in changes:
            if change.expected != self._version:
                hint = "the next step looks again"
                raise Conflict("somebody was at this case just now", place=change.stream, hint=hint)
        done = (msgspec.structs.replace(each, done=self._done) for each in changes)
        self._store.append(organisation, *done, looked=looked, fence=self._fence)


class Worker:
    """holder: names this process among all that could work. tell: is handed what colleagues should know;
    what it refuses is kept for the next step."""

    def __init__(
        self, installation: Installation, holder: str, tell: Callable[[Tiding], None] = lambda _tiding: None
    ) -> None:
        self._installation = installation
        self._holder = holder
        self._tell = tell
        self._fence: Fence | None = None
        self._untold: deque[Tiding] = deque()

    def step(self) -> int:
        """See to what is due now; how many time limits that were. None where another worker has the lease.

        A case that cannot be read keeps no other from being seen to: the first refusal is raised at the end.
        """
        store = self._installation.store
        now = self._installation.now()
        fence = self._fence = store.lease("clock", self._holder, now, LEASE)
        if fence is None:
            return 0
        seen_to = 0
        failed: Refused | None = None
        for due in store.due(None, now, EACH):
            try:
                seen_to += self._see_to(due, fence)
            except Conflict:
                continue  # somebody is at this case just now; the next step looks again
            except Fenced:
                self._fence = None
                break
            except Refused as refused:
                failed = failed or refused
        failed = self._call_all(fence) or failed
        self._tell_all()
        enclosing.forsake(self._installation)
        if failed is not None:
            raise failed
        return seen_to

    def stop(self) -> None:
        if self._fence is not None:
            self._installation.store.let_go(self._fence)
            self._fence = None

    def _see_to(self, due: Due, fence: Fence) -> int:
        store, now = self._installation.store, self._installation.now()
        row = store.row(due.organisation, due.case)
        job = _newest(due.job, store.jobs(due.organisation, due.case), now)
        if row is None or job is None:
            return 0  # seen to, answered or erased since we looked
        desk = Desk(due.organisation, _Fenced(store, fence, (job.id,), row.version))
        case = desk.warn(due.case, now, clock=job.id, due=job.due)
        house = desk.house()
        turn, _act = queue.turn_of(case, house, now)
        people = called(case, house, now) or _whom(case.assigned, turn, house, house.day(now))
        self._untold.append(Tiding(due.organisation, due.case, people, _WORDS[Task(job.what)]))
        return 1

    def _call_all(self, fence: Fence) -> Refused | None:
        """Those to whom a turn passed; the first case that could not be read keeps no other from it."""
        failed: Refused | None = None
        known = {(each.organisation, each.case) for each in self._untold}
        for passed in self._installation.store.passed(EACH) if self._fence is not None else ():
            try:
                self._call(passed, fence, (passed.organisation, passed.case) in known)
            except Fenced:
                self._fence = None
                break
            except Refused as refused:
                failed = failed or refused
        return failed

    def _call(self, passed: Passed, fence: Fence, known: bool) -> None:
        """known: they hear of this case anyhow, because a time limit came."""
        now = self._installation.now()
        case = self._installation.case(passed.organisation, passed.case)
        people = called(case, self._installation.people(passed.organisation), now)
        self._installation.store.told(passed, fence)
        lies_open = case.history[passed.version - 1].by in people  # before whoever went on to this act
        if people and not known and not lies_open:
            self._untold.append(Tiding(passed.organisation, passed.case, people, NEEDS_YOU))

    def _tell_all(self) -> None:
        while self._untold:
            self._tell(self._untold[0])
            self._untold.popleft()


def called(case: Case, house: House, at: datetime) -> tuple[str, ...]:
    """Whom the next act of a case waits for: who has the case, or their deputy, where they may do it;
    otherwise all whose turn it is and who may, or their deputies. Empty where it waits for nobody here."""
    turn, word = queue.turn_of(case, house, at)
    if word not in list(TABLE):
        return ()
    able = [each for each in house.people.values() if may(each, Act(word), case, house, at)]
    theirs = {each.id for each in able if turn in each.roles or case.seat(each.id)}
    every, on = theirs or {each.id for each in able}, house.day(at)
    mine = _here(house, case.assigned, on) if case.assigned else ""
    if mine in {each.id for each in able}:
        return (mine,)
    here = {_here(house, each, on) for each in every} & {each.id for each in able}
    return tuple(sorted(here or every))


def owed(installation: Installation, organisation: str) -> Tiding | None:
    """That totals of a month are due, for counsel, or that what law put off may be told. Asked after each
    publication that gave entries their places: it is said at the first one after the month, and of totals
    once a week as long as nobody opens them."""
    reporter = Reporter(installation)
    months, halves = reporter.newly_due(organisation), reporter.newly_told(organisation)
    said = [f"The totals of {', '.join(months)} are due in the public log."] if months else []
    said += [f"What law put off in the report of {each} may be told now." for each in halves]
    if not said:
        return None
    house = installation.people(organisation)
    people = _whom("", Role.COUNSEL, house, house.day(installation.now()))
    return Tiding(organisation, "", people, " ".join(said))


def _newest(job: Job, jobs: Collection[Job], now: datetime) -> Job | None:
    """This job, or what came after it on the same clock while nobody looked; None where it is gone."""
    if job not in jobs:
        return None
    clock = _clock(job)
    return max(
        (each for each in jobs if each.due <= now and _clock(each) == clock),
        key=lambda each: (each.due, each.id),
    )


def _clock(job: Job) -> str:
    return job.id.rpartition("/")[0]


def _whom(assigned: str, turn: str, house: House, on: date) -> tuple[str, ...]:
    """Who has the case, or their deputy; otherwise all whose turn it is; otherwise counsel. Where all of
    them are away without a deputy, they are told nevertheless."""
    if assigned and (here := _here(house, assigned, on)):
        return (here,)
    for role in (turn, Role.COUNSEL):
        present = tuple(here for person in _with(role, house) if (here := _here(house, person, on)))
        if present:
            return tuple(dict.fromkeys(present))
    return tuple(_with(turn, house)) or tuple(_with(Role.COUNSEL, house))


def _with(role: str, house: House) -> Iterator[str]:
    return (person.id for person in house.people.values() if role in person.roles and not person.left)


def _here(house: House, person: str, on: date) -> str:
    """This person, or the deputy of the deputy who is here on that day; empty where nobody is."""
    asked: set[str] = set()
    while person and person not in asked:
        asked.add(person)
        known = house.person(person)
        away = known.away(on)
        if not known.left and away is None:
            return person
        person = away.deputy if away is not None else ""
    return ""

"""The house of the load run: its people, its cases, and a session for everybody who is signed in.

Cases are real. Each request of the examples and of the labelled cases is taken once through the verbs of the
desk, as far as it goes; every case in the store is one of these histories with its own id, identifiers and
days, written in one append with its row, its jobs and its search tokens. `copied` adds to that: rows in the
tables of the queue that have no events behind them, for sizes that nobody waits for.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import texts  # noqa: E402
from habeas.app.demo import SETTINGS  # noqa: E402
from habeas.app.installation import Installation  # noqa: E402
from habeas.desk import case as cases  # noqa: E402
from habeas.desk import queue, recommended  # noqa: E402
from habeas.desk.desk import Desk, digest  # noqa: E402
from habeas.desk.events import (  # noqa: E402
    CLOCK,
    HOUSE,
    Assessed,
    Assigned,
    Door,
    Event,
    Identified,
    Received,
    Recorded,
    Reviewed,
    Role,
    Warned,
)
from habeas.desk.people import House  # noqa: E402
from habeas.desk.public import Counted, Entry  # noqa: E402
from habeas.desk.records import Change, Looked  # noqa: E402
from habeas.errors import Refused  # noqa: E402
from habeas.request import Evidence, EvidenceKind, Register, Request, read_file  # noqa: E402
from habeas.store import Store  # noqa: E402
from habeas.store.schema import NEVER  # noqa: E402

ORGANISATION = "load"
ROLES = (Role.INTAKE, Role.REVIEWER, Role.REVIEWER, Role.REVIEWER, Role.COUNSEL, Role.CUSTODIAN)
WEEKS = 20  # of 5,000 requests are 100,000 cases
_OPEN_WEEKS = 2  # older ones are mostly closed
_STILL_OPEN = 0.4  # of the older ones
_ASSIGNED = 0.6
_ODD = 0x9E3779B1  # times this, every number below 2**40 becomes another one: ids without an order
_LATER = timedelta(days=4000)  # jobs of copied rows are due so much later: there is nothing behind them
_PASSWORD = "nobody signs in with this"


class Gathered:
    """Records of one case while it is made."""

    def __init__(self, house: tuple[Recorded, ...]) -> None:
        self._house = house
        self.events: tuple[Recorded, ...] = ()
        self.public: set[int] = set()

    def load(self, _organisation: str, stream: str) -> tuple[Recorded, ...]:
        return self._house if stream == HOUSE else self.events

    def search(self, _organisation: str, _words: Collection[str], _years: Collection[int]) -> tuple[str, ...]:
        return ()  # each case is made by itself

    def append(self, _organisation: str, *changes: Change, looked: Looked | None = None) -> None:
        for each in changes:
            if each.stream == HOUSE:
                self._house += each.new
            else:
                self.events += each.new
                self.public |= {entry.number for entry in each.public}


class Past(msgspec.Struct, frozen=True):
    """What happened to one case, as (after its arrival, by, event, whether the public record says so)."""

    request: Request
    steps: tuple[tuple[timedelta, str, Event, bool], ...]


# ---- people ------------------------------------------------------------------------------------------------


def persons(count: int) -> list[tuple[str, Role]]:
    return [(f"person-{number:03d}", ROLES[number % len(ROLES)]) for number in range(count)]


def found(installation: Installation, people: int) -> House:
    """The house with its people; as it is, where it was founded before."""
    house = installation.people(ORGANISATION)
    if house.length:
        return house
    desk, at = installation.desk(ORGANISATION), installation.now() - timedelta(weeks=WEEKS + 1)
    desk.found(at, person="administrator", title="Administrator", settings=SETTINGS)
    for person, role in persons(people):
        desk.admit("administrator", at, person=person, title=f"{role.capitalize()} {person}", roles=(role,))
    return installation.people(ORGANISATION)


# ---- cases -------------------------------------------------------------------------------------------------


def requests() -> list[Request]:
    stories = [
        read.request
        for path in sorted((ROOT / "examples").glob("*/request.json"))
        for read in read_file(path)
        if read.request is not None
    ]
    told = (msgspec.structs.replace(each, supposed=()) for each in (*stories, *texts.cases()))
    return [each for each in told if each.targets]


def pasts(asked: Sequence[Request], house: tuple[Recorded, ...], people: House, at: datetime) -> list[Past]:
    """Each request, taken as far as the desk lets it go."""
    ids = {role: [each.id for each in people.people.values() if each.has(role)] for role in ROLES}
    whole = (_past(house, ids, request, at) for request in asked)
    return [each for each in whole if each is not None]


def _past(
    house: tuple[Recorded, ...], ids: dict[Role, list[str]], request: Request, at: datetime
) -> Past | None:
    records = Gathered(house)
    desk = Desk(ORGANISATION, records)
    intake, first, second = ids[Role.INTAKE][0], ids[Role.REVIEWER][0], ids[Role.REVIEWER][-1]
    id = "pattern"
    day = timedelta(days=1)
    evidence = Evidence(
        kind=EvidenceKind.CALL_BACK,
        holds=True,
        register=Register.OWN_DIRECTORY,
        register_entry="an entry of our register",
        register_state=request.requesting_state,
        register_read_on=(at - 30 * day).date(),
        seen_on=at.date(),
    )
    asked = msgspec.structs.replace(request, id=id, received_on=at.date(), deadline=None)
    try:
        desk.receive(intake, at, case=id, request=asked, door=Door.PORTAL, source="0" * 64)
        desk.identify(id, intake, at + timedelta(minutes=20), evidence=[evidence])
        now = desk.assess(id, first, at + timedelta(minutes=40))
        rulings = recommended(now.assessment)
        now = desk.review(id, first, at + day, assessment=now.digest, rulings=rulings, reasons="So it is.")
        if now.stage is cases.Stage.REVIEWED:
            desk.second_review(id, second, at + day + timedelta(hours=2), agrees=True)
        desk.withdraw(id, first, at + 3 * day, why="They need it no more.")
        desk.close(id, first, at + 3 * day + timedelta(hours=1))
    except Refused:
        pass  # it goes no further than this
    if not records.events:
        return None
    steps = tuple(
        (each.at - at, each.by, each.event, each.number in records.public) for each in records.events
    )
    return Past(asked, steps)


def case_id(number: int, year: int) -> str:
    """As the desk gives them: no order, and no telling how many there are."""
    word = base64.b32encode(((number + 1) * _ODD % 2**40).to_bytes(5, "big")).decode()
    return f"{year}-{word[:4]}-{word[4:]}"


def grow(installation: Installation, people: House, number: int, to: int) -> int:
    """Write the cases from `number` on, up to `to` of them; how many there are."""
    store, now = installation.store, installation.now()
    if number >= to:
        return number
    quick(store)
    every = requests()
    few = every[:: max(1, len(every) // max(1, to - number))]  # no more histories than cases
    known = pasts(few, store.load(ORGANISATION, HOUSE), people, now - timedelta(weeks=WEEKS))
    colleagues = [each.id for each in people.people.values() if each.reads_cases]
    for each in range(number, to):
        chance = random.Random(each)
        age = timedelta(weeks=WEEKS) * chance.random()
        id = case_id(each, (now - age).year)
        _write(store, people, id, each, chance.choice(known), now - age, now, colleagues, chance)
    return max(number, to)


def some(store: Store) -> list[str]:
    """A few cases that can be opened."""
    found = store.database.ask(
        """SELECT stream FROM event WHERE organisation = ? AND number = 1 AND stream <> ?
        ORDER BY stream LIMIT 50""",
        ORGANISATION,
        HOUSE,
    )
    return [stream for (stream,) in found]


def quick(store: Store) -> None:
    """For this connection alone: what is written need not survive a loss of power while seeding."""
    if store.database.kind == "SQLite":
        store.database.ask("PRAGMA synchronous=OFF")
        store.database.ask("PRAGMA cache_size=-200000")  # kilobytes
        store.database.ask("PRAGMA wal_autocheckpoint=20000")
    else:
        store.database.ask("SELECT set_config('synchronous_commit', 'off', false)")
    store.keyring._file.ask("PRAGMA synchronous=OFF")  # nothing else may ask it this


def _write(
    store: Store,
    people: House,
    id: str,
    number: int,
    past: Past,
    at: datetime,
    now: datetime,
    colleagues: Sequence[str],
    chance: random.Random,
) -> None:
    steps = list(past.steps)
    whole = now - at > timedelta(weeks=_OPEN_WEEKS) and chance.random() > _STILL_OPEN
    if not whole:
        steps = steps[: chance.randint(1, len(steps))]
    steps = [each for each in steps if at + each[0] <= now]
    if chance.random() < _ASSIGNED:
        steps.insert(1, (timedelta(0), steps[0][1], Assigned(to=chance.choice(colleagues)), False))
    told, public, named = [], [], ""
    for place, (after, by, event, said) in enumerate(steps, start=1):
        own = _own(event, id, number, at, at + after, named)
        named = own.digest if isinstance(own, Assessed) else named
        told.append(Recorded(number=place, at=at + after, by=by, event=own))
        if said:
            public.append(Entry(count=Counted(kind=own.kind), number=place))
    stream, case = tuple(told), cases.fold(ORGANISATION, id, told)
    while past_due := [each for each in queue.folded(case, people, stream[-1].at).jobs if each.due <= now]:
        for job in sorted(past_due, key=lambda each: each.due):
            warned = Warned(clock=job.id, due=job.due)
            when = max(job.due, stream[-1].at)
            stream += (Recorded(number=len(stream) + 1, at=when, by=CLOCK, event=warned),)
        case = cases.fold(ORGANISATION, id, stream)
    row, search, jobs = queue.folded(case, people, stream[-1].at)
    store.append(
        ORGANISATION,
        Change(id, 0, stream, row=row, search=search, jobs=jobs, public=tuple(public)),
    )


def _own(event: Event, id: str, number: int, arrived: datetime, at: datetime, named: str) -> Event:
    """The event as it is in this case. named: the digest of its assessment."""
    replace = msgspec.structs.replace
    match event:
        case Received(request=request):
            emergency = request.emergency
            if emergency.deadline is not None:
                emergency = replace(emergency, deadline=arrived + timedelta(hours=20))
            targets = tuple(
                replace(
                    target,
                    identifiers=tuple(
                        each if each.bulk else replace(each, value=f"{each.value}-{number}")
                        for each in target.identifiers
                    ),
                )
                for target in request.targets
            )
            return replace(
                event,
                request=replace(
                    request,
                    id=id,
                    reference=f"{request.reference or 'REF'}-{number}",
                    received_on=arrived.date(),
                    targets=targets,
                    emergency=emergency,
                ),
            )
        case Identified(evidence=evidence):
            seen = tuple(
                replace(each, seen_on=at.date(), register_read_on=(at - timedelta(days=30)).date())
                for each in evidence
            )
            return replace(event, evidence=seen)
        case Assessed(assessment=assessment):
            own = replace(assessment, id=id, on=at.date())
            return replace(event, assessment=own, digest=digest(own))
        case Reviewed():
            return replace(event, assessment=named)
    return event


# ---- rows without events -----------------------------------------------------------------------------------


def copied(store: Store, to: int) -> int:
    """Copy the rows of the queue, the heads, the tokens and the jobs until there are about `to` cases.

    Nothing is behind these rows: their cases cannot be opened, and their jobs are due in years.
    """
    quick(store)
    [(have,)] = store.database.ask("SELECT count(*) FROM queue WHERE organisation = ?", ORGANISATION)
    times = to // have - 1
    for table, values in (
        ("head", {}),
        ("queue", {"due": f"CASE WHEN due = {NEVER} THEN due ELSE due + copy.k * 977000000 END"}),
        ("token", {"token": "token || copy.raw"}),
        ("job", {"due": f"due + {int(_LATER.total_seconds()) * 1_000_000}"}),
    ):
        _copy(store, table, values, times)
    if store.database.kind == "PostgreSQL":
        with store.database.transaction() as run:
            run("ANALYZE")  # as its autovacuum would after a while; nothing of ours does it for SQLite
    [(count,)] = store.database.ask("SELECT count(*) FROM queue WHERE organisation = ?", ORGANISATION)
    return int(count)


def _copy(store: Store, table: str, values: dict[str, str], times: int) -> None:
    sqlite = store.database.kind == "SQLite"
    columns = _columns(store, table)
    chosen = ", ".join(
        values.get(name, "stream || '+' || copy.k" if name == "stream" else name) for name in columns
    )
    raw = "CAST('+' || k AS BLOB)" if sqlite else "convert_to('+' || k, 'UTF8')"
    with store.database.transaction() as run:
        run(
            f"""WITH RECURSIVE
            number(k) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT k + 1 FROM number WHERE k < {times}),
            copy AS (SELECT k, {raw} AS raw FROM number)
            INSERT INTO {table} ({", ".join(columns)})
            SELECT {chosen} FROM {table}, copy WHERE organisation = ? AND stream <> ?""",
            ORGANISATION,
            HOUSE,
        )


def _columns(store: Store, table: str) -> list[str]:
    if store.database.kind == "SQLite":
        return [name for _, name, *_ in store.database.ask(f"PRAGMA table_info({table})")]
    found = store.database.ask(
        "SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position",
        table,
    )
    return [name for (name,) in found]


# ---- sessions ----------------------------------------------------------------------------------------------


def sign_in(home: Path, installation: Installation, database: str, people: int) -> list[dict[str, Any]]:
    """An account with a second factor and a session for everybody, as a real sign-in leaves them behind."""
    from habeas.web.configuration import Configuration
    from habeas.web.serve import application

    application(
        Configuration(home=home, hosts=("127.0.0.1",), https=False, database_url=database), installation
    )
    from allauth.mfa.totp.internal.auth import TOTP
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.db import transaction
    from django.test import Client
    from django.utils import timezone

    from habeas.web.accounts.models import Account

    hashed = make_password(_PASSWORD)
    signed: list[dict[str, Any]] = []
    with transaction.atomic():
        Account.objects.filter(organisation=ORGANISATION).delete()
        for person, role in persons(people):
            login = f"{person}@{ORGANISATION}"
            account = Account(login=login, organisation=ORGANISATION, person=person, password=hashed)
            account.save()
            TOTP.activate(account, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
            client = Client()
            client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
            session, at = client.session, time.time()
            session["account_authentication_methods"] = [
                {"method": "password", "at": at},
                {"method": "mfa", "at": at, "type": "totp"},
            ]
            session["account_authentication_methods_user"] = str(account.pk)
            session["began"] = session["seen"] = timezone.now().isoformat()
            session.save()
            name = settings.SESSION_COOKIE_NAME
            cookies = {name: client.cookies[name].value}
            signed.append({"person": person, "role": role.value, "cookies": cookies})
    return signed


def _steps(asked: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    installation = Installation.open(asked.home, database=asked.database)
    began = time.monotonic()
    house = found(installation, asked.people)
    [(have,)] = installation.store.database.ask(
        "SELECT count(*) FROM queue WHERE organisation = ?", ORGANISATION
    )
    if asked.copies:
        yield "copied", copied(installation.store, asked.cases)
    else:
        yield "cases", grow(installation, house, have, asked.cases)
    yield "ids", some(installation.store)
    if asked.sign_in:
        yield "people", sign_in(asked.home, installation, asked.database, asked.people)
    yield "seconds", time.monotonic() - began
    installation.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--database", default="")
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--copies", action="store_true", help="rows without events behind them")
    parser.add_argument("--sign-in", action="store_true")
    print(json.dumps(dict(_steps(parser.parse_args()))))


if __name__ == "__main__":
    main()

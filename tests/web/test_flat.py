"""No page costs more because the house has more cases: not the list, not the log, not what others see.

Counted are the steps of SQLite's machine, for every page that anybody who is signed in can open. The cases
are rows without contents, made by the database; those that are opened are real. What a list unseals of real
cases is counted apart: that is most of what it costs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as accounts

from habeas.request import Emergency, Measure
from habeas.store import Store, sealing
from habeas.web.door import Anybody
from habeas.web.views import queue, sections
from tests import world
from tests.desk.desks import as_covered
from tests.store.cases import connection, steps
from tests.web.house import PEOPLE, House, ransomware
from tests.web.pages import pages

FEW, MANY = 8_000, 40_000  # of the few, too, each view has more than are counted
SLACK = 2_000  # steps: the pages of one's own way in show what was opened before, up to fifty lines
LISTS = [
    *(f"/?view={view}" for view in ("day", "now", "mine", "team", "waiting", "closed")),
    "/?view=team&state=NOR&measure=preservation&kind=emergency",
    "/?view=team&instrument=budapest&kind=domestic",
    "/?view=mine&state=NOR&instrument=uncc",
    "/?view=day&state=NOR&kind=foreign",
    "/?view=closed&state=FRA&kind=foreign",
    "/?view=waiting&measure=preservation&after=1730000000000000~2025-1",
]
_CASE = "'{house}', '2025-' || i"
_ROWS = {
    "head (organisation, stream, version, chain, opened, year)": f"{_CASE}, 1, zeroblob(32), 1, 2025",
    "event (organisation, stream, number, at, by, kind, sealed, digest, chain)": f"{_CASE}, 1, 1, 'intake', "
    "'received', zeroblob(40), zeroblob(32), zeroblob(32)",
    "queue (organisation, stream, stage, turn, next, assigned, state, instrument, measure, emergency, "
    "domestic, received, due, due_what, held, closed, version)": f"""{_CASE}, 'received', CASE i % 5
        WHEN 0 THEN 'counsel' WHEN 1 THEN 'reviewer' WHEN 2 THEN 'intake' WHEN 3 THEN 'custodian'
        ELSE 'requester' END, 'review', CASE i % 5 WHEN 4 THEN 'counsel' ELSE 'somebody' END,
        CASE i % 7 WHEN 0 THEN 'NOR' ELSE 'DEU' END, CASE i % 3 WHEN 0 THEN 'uncc' ELSE 'budapest' END,
        CASE i % 11 WHEN 0 THEN 'preservation' ELSE 'stored-access' END, i % 13 = 0, i % 17 = 0, 1,
        1700000000000000 + i * 1000000000, 'answer', 0, i % 4 = 0, 1""",
    "token (organisation, year, token, stream)": "'{house}', 2026, randomblob(32), '2025-' || i",
    "job (organisation, stream, id, due, what)": f"{_CASE}, 'answer', 4000000000000000, 'look'",
    "passed (organisation, stream, version, at)": f"{_CASE}, 1, 1",
    "blob (organisation, stream, name, size)": f"{_CASE}, 'x', 1",
    "opening (organisation, stream, number, name, sealed)": f"{_CASE}, 1, randomblob(16), zeroblob(400)",
    "outbox (organisation, turn, leaf, counted, taken)": "'{house}', randomblob(16), randomblob(112), "
    "zeroblob(400), 0",
    "leaf (organisation, place, leaf)": "'{house}', 100000 + i, randomblob(112)",
}


@pytest.fixture
def large(house: House) -> Iterator[House]:
    """A house with a log and a guest; what is laid into it is taken out again, for others look for work."""
    house.logged()
    case = house.assessed()
    house.reviewed()
    desk, now = house.installation.desk(house.organisation), house.installation.now()
    desk.invite(
        case.id, "counsel", now, person="expert", blinded=True, question="?", confirmed=as_covered(case)
    )
    house.published()
    yield house
    with house.installation.store.database.transaction() as run:
        for table in _ROWS:
            run(f"DELETE FROM {table.partition(' ')[0]} WHERE organisation = ?", house.organisation)


def lay(store: Store, house: str, first: int, last: int) -> None:
    with store.database.transaction() as run:
        for table, values in _ROWS.items():
            run(
                f"""INSERT INTO {table} WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n
                WHERE i < ?) SELECT {values.format(house=house)} FROM n""",
                first,
                last,
            )


def costs(house: House, case: str) -> dict[tuple[str, str], int]:
    known = [
        each.address(case=case, person="second") for each in pages() if not isinstance(each.needs, Anybody)
    ]
    accounts.ensure_connection()
    found = {}
    for person in PEOPLE:
        client = house.client(person)
        for address in dict.fromkeys((*LISTS, *known)):
            if "sign-out" not in address:
                found[person, address] = steps(
                    lambda: b"".join(client.get(address)),  # noqa: B023
                    connection(house.installation.store),
                    accounts.connection,
                )
    return found


def test_no_page_costs_more_because_there_are_more_cases(large: House) -> None:
    store = large.installation.store
    [case] = large.installation.guest_of(large.organisation, "expert")
    lay(store, large.organisation, 1, FEW)
    few = costs(large, case.id)
    lay(store, large.organisation, FEW + 1, MANY)
    many = costs(large, case.id)
    assert "1000+" in large.client("counsel").get("/?view=mine").content.decode()
    assert "1000 or more entries wait" in large.client("auditor").get("/log/").content.decode()
    grown = {each: (few[each], many[each]) for each in many if many[each] > few[each] * 1.2 + SLACK}
    assert grown == {}


# ---- what a list opens ----

SHOWN, LOOKED, LATE = 2, 3, 1  # rows of a list, rows that the day looks through, those of them that are late


@pytest.fixture
def short(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Lists so short that a few real cases are more than they show."""
    monkeypatch.setattr(queue, "ROWS", SHOWN)
    monkeypatch.setattr(sections, "_LOOKED", LOOKED)
    monkeypatch.setattr(sections, "_MOST", {"late": LATE, "you": SHOWN})
    monkeypatch.setattr(sections, "_LESS", 1)
    return house


def fill(house: House) -> None:
    """As many cases of each part of the day as are more than a list shows."""
    hours = house.installation.now().replace(microsecond=0) + timedelta(hours=3)
    urgent = Emergency(claimed=True, statement="x", deadline=hours)
    for _each in range(LOOKED + 1):
        house.received(world.request(supposed=(), measure=Measure.EMERGENCY, emergency=urgent))
        house.reviewed()
        house.assessed(ransomware())


def unsealed(house: House, person: str, address: str, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each event was unsealed for a page, by its place."""
    client, found, real = house.client(person), Counter[str](), sealing.unseal
    client.get(address)  # the house itself is folded now, and kept

    def counted(key: bytes, sealed: bytes, context: bytes, place: str) -> Any:
        found[place] += 1
        return real(key, sealed, context, place)

    with monkeypatch.context() as spied:
        spied.setattr(sealing, "unseal", counted)
        assert client.get(address).status_code == 200
    return found


def test_a_list_unseals_what_it_shows_and_looks_through_each_event_once_and_no_more_for_more_cases(
    short: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_of_them() -> dict[tuple[str, str], int]:
        opened = {}
        for person in ("reviewer", "second", "intake", "auditor"):
            for address in LISTS:
                events = unsealed(short, person, address, monkeypatch)
                assert set(events.values()) <= {1}, (person, address)
                cases = {place.partition(",")[0] for place in events}
                most = LATE + SHOWN + 3 + LOOKED if "view=day" in address else SHOWN
                assert len(cases) <= most, (person, address, cases)
                opened[person, address] = len(cases)
        return opened

    fill(short)
    few = all_of_them()
    assert few["reviewer", "/?view=team"] == SHOWN  # what is shown is read, so the count is one of something
    fill(short)
    assert all_of_them() == few

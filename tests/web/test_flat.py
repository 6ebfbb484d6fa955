"""No page costs more because the house has more cases: not the list, not the log, not what others see.

Counted are the steps of SQLite's machine, for every page that anybody who is signed in can open. The cases
are rows without contents, made by the database; those that are opened are real.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection as accounts

from habeas.store import Store
from habeas.web.door import Anybody
from tests.desk.desks import as_covered
from tests.store.cases import connection, steps
from tests.web.house import PEOPLE, House
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

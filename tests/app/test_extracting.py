"""A custodian's table is cut down before it lies ready, and what is sealed is what was left of it."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from habeas.app import enclosing, soundness
from habeas.app.extracting import Whole, extract, lay, look
from habeas.app.installation import Installation
from habeas.app.releasing import coming, hand_over, prepare, preview
from habeas.assess import Ceiling
from habeas.desk import package
from habeas.desk.case import Case
from habeas.desk.events import FilesPrepared
from habeas.desk.records import Conflict
from habeas.errors import Refused
from habeas.request import Period
from tests.app.houses import IDENTITY, ORGANISATION, Clock, brought, everything_under, files, step

DAYS = Period(start=date(2026, 9, 10), end=date(2026, 10, 9))  # as a French court states them
SECRET = "a word that nobody asked for"
INSIDE = ("2026-09-09T22:00:00Z", "2026-10-09T21:59:59Z")
OUTSIDE = ("2026-09-09T21:59:59Z", "2026-10-09T22:00:00Z")


def a_table(account: str) -> bytes:
    lines = ["time,account,ip,message"]
    lines += [f"{at},{account},198.51.100.{n},{SECRET}" for n, at in enumerate((*INSIDE, *OUTSIDE))]
    lines += [f"{INSIDE[0]},somebody else,198.51.100.9,{SECRET}"]
    return "\n".join([*lines, ""]).encode()


def account_of(case: Case) -> str:
    return case.request.targets[0].identifiers[1].value


def brought_in(app: Installation, case: Case, data: bytes, item: str = "i2") -> Whole:
    with coming(app, ORGANISATION, case.id, "custodian") as came:
        came.write(data)
        lay(app, ORGANISATION, case.id, "export.csv", came)
        return Whole("t1", item, "export.csv", came.sha256)


def cut(app: Installation, case: Case, whole: Whole, **changes: Any) -> Case:
    chosen: dict[str, Any] = {
        "keep": ("time", "ip"),
        "time": "time",
        "zone": "",
        "account": "account",
        "holds": Ceiling.TRAFFIC,
    }
    return extract(app, ORGANISATION, case.id, "custodian", whole, **{**chosen, **changes})


def test_a_custodian_sees_the_columns_what_is_proposed_and_no_cell(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "notified")
    whole = brought_in(app, case, a_table(account_of(case)))
    found = look(app, ORGANISATION, case.id, "custodian", whole)
    assert (found.rows, found.level, found.days) == (5, Ceiling.TRAFFIC, DAYS)
    assert (found.time, found.account) == ("time", "account")
    assert [(each.column.name, each.kind, each.stays, each.beyond) for each in found.columns] == [
        ("time", Ceiling.EXISTENCE, True, False),
        ("account", Ceiling.EXISTENCE, True, False),
        ("ip", Ceiling.TRAFFIC, True, False),
        ("message", Ceiling.CONTENT, False, True),
    ]
    assert SECRET not in repr(found)
    assert "198.51.100" not in repr(found)


def test_what_is_sealed_holds_no_row_and_no_column_that_was_not_decided(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "notified")
    others = [each for each in files(case) if each.item != "i2"]
    prepare(app, ORGANISATION, case.id, "custodian", others)
    whole = brought_in(app, case, a_table(account_of(case)))
    case = cut(app, case, whole)
    [held] = [each for each in case.files if each.item == "i2"]
    said = held.extract
    assert said is not None
    assert len(case.files) == 3, "files of other items lie ready as before"
    assert (said.kept, said.taken) == (("time", "ip"), ("account", "message"))
    assert (said.rows, said.outside, said.others, said.as_asked) == (2, 2, 1, True)
    assert held.period == DAYS
    wanted = f"time,ip\n{INSIDE[0]},198.51.100.0\n{INSIDE[1]},198.51.100.1\n".encode()
    assert app.get(ORGANISATION, case.id, held.sha256) == wanted
    assert {each.sha256 for each in preview(app, ORGANISATION, case).leaving} == {
        each.sha256 for each in case.files
    }

    case = step(app, clock, case, "approved")
    hand_over(app, ORGANISATION, case.id, "custodian")
    (sealed,) = (home / "outgoing" / ORGANISATION / case.id).glob("*.age")
    _top, found = package.members(io.BytesIO(pyrage.decrypt(sealed.read_bytes(), [IDENTITY])))
    given = {path: member().read() for path, member in found.items()}
    assert wanted in given.values()
    for data in given.values():
        assert SECRET.encode() not in data
        assert b"somebody else" not in data
        assert b"message" not in data
        assert hashlib.sha256(a_table(account_of(case))).hexdigest().encode() not in data
    [description] = [json.loads(data) for path, data in given.items() if path.endswith("description.jsonld")]
    assert said.told() in json.dumps(description, ensure_ascii=False)


def test_the_record_says_what_was_taken_out_and_holds_no_cell(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "notified")
    case = cut(app, case, brought_in(app, case, a_table(account_of(case))))
    event = case.history[-1].event
    assert isinstance(event, FilesPrepared)
    assert event.sentence() == "1 file was prepared; 2 columns and 3 rows were taken out of 1 table before."
    assert SECRET not in repr(event)
    assert account_of(case) not in repr(event)


def test_the_table_as_it_came_stays_in_the_case_and_one_that_is_not_cut_down_is_destroyed(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "notified")
    data = a_table(account_of(case))
    whole = brought_in(app, case, data)
    left = brought_in(app, case, b"time,ip\n" + data)
    cut(app, case, whole)
    clock.go(days=2)
    assert enclosing.forsake(app) == 1
    assert app.get(ORGANISATION, case.id, whole.sha256) == data
    with pytest.raises(Refused):
        look(app, ORGANISATION, case.id, "custodian", left)
    assert list(soundness.faults(app, ORGANISATION)) == []
    assert SECRET.encode() not in everything_under(home), "sealed under the key of the case"


def test_an_approval_falls_when_a_table_is_cut_down(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "approved")
    assert case.approval is not None
    assert cut(app, case, brought_in(app, case, a_table(account_of(case)))).approval is None


def test_a_table_that_cannot_be_read_is_refused_and_nothing_is_lost(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "prepared")
    data = a_table(account_of(case)) + b"2026-10-02T10:00:00Z,short\n"
    whole = brought_in(app, case, data)
    before = app.store.blobs.names(ORGANISATION, case.id)
    with pytest.raises(Refused) as refused:
        cut(app, case, whole)
    assert refused.value.sentence == (
        "this file cannot be read as a table: row 7 has 2 cells, and row 1 has 4"
    )
    assert app.case(ORGANISATION, case.id).files == case.files
    assert app.store.blobs.names(ORGANISATION, case.id) == before
    assert app.get(ORGANISATION, case.id, whole.sha256) == data


def test_a_column_that_holds_more_than_was_decided_by_its_name_cannot_stay(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "notified")
    whole = brought_in(app, case, a_table(account_of(case)))
    with pytest.raises(Refused) as refused:
        cut(app, case, whole, keep=("time", "message"))
    assert refused.value.place == "message"
    other = brought_in(app, case, a_table(account_of(case)), "i3")
    changed = cut(app, case, other, keep=("time", "message"), holds=Ceiling.CONTENT)
    assert [each.item for each in changed.files] == ["i3"]


def test_what_stays_is_what_the_desk_allows(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "notified")
    whole = brought_in(app, case, a_table(account_of(case)))
    with pytest.raises(Refused, match="holds more than was decided"):
        cut(app, case, whole, holds=Ceiling.CONTENT)
    with pytest.raises(Refused, match="nothing may be given"):
        cut(app, case, whole._replace(item="i9"))
    with pytest.raises(Refused, match="from which day to which"):
        cut(app, case, whole, time="")
    with pytest.raises(Conflict):
        cut(app, case, whole, seen=case.length - 1)
    assert app.case(ORGANISATION, case.id).files == ()
    for person in ("reviewer", "intake", "auditor", "administrator"):
        with pytest.raises(Refused):
            look(app, ORGANISATION, case.id, person, whole)
        with pytest.raises(Refused):
            extract(
                app,
                ORGANISATION,
                case.id,
                person,
                whole,
                keep=("ip",),
                time="time",
                zone="",
                account="account",
                holds=Ceiling.TRAFFIC,
            )


def test_where_no_column_says_when_or_whose_the_record_says_that_it_is_a_word(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "notified")
    whole = brought_in(app, case, a_table(account_of(case)))
    changed = cut(app, case, whole, time="", account="", period=DAYS)
    [held] = changed.files
    assert held.extract is not None
    assert (held.period, held.extract.rows) == (DAYS, 5)
    assert held.extract.said().count("By the custodian's word") == 2


def test_an_account_that_the_table_writes_otherwise_is_looked_for_as_said_and_that_is_recorded(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "notified")
    whole = brought_in(app, case, a_table("17"))
    with pytest.raises(Refused, match="no row would stay"):
        cut(app, case, whole)
    changed = cut(app, case, whole, accounts=(" 17 ", ""))
    [held] = changed.files
    assert held.extract is not None
    assert (held.extract.rows, held.extract.others, held.extract.as_asked) == (2, 1, False)
    assert "17" not in repr(held.extract.said())


def test_a_second_extract_stands_in_place_of_the_first_and_the_whole_never_beside_it(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "prepared")
    whole = brought_in(app, case, a_table(account_of(case)))
    first = cut(app, case, whole)
    clock.go(days=3)
    second = cut(app, first, whole, keep=("ip",))
    assert len(first.files) == len(second.files) == len(case.files)
    [held] = [each for each in second.files if each.extract]
    assert held.extract is not None
    assert held.extract.kept == ("ip",)
    desk = app.desk(ORGANISATION)
    beside = held.__class__(
        target="t1", item="i2", name="whole.csv", sha256=whole.sha256, size=1, holds=Ceiling.TRAFFIC
    )
    with pytest.raises(Refused, match="the whole table stands beside"):
        desk.prepare(case.id, "custodian", app.now() + timedelta(minutes=1), files=(held, beside))


def test_an_empty_file_is_no_table(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "notified")
    with pytest.raises(Refused, match="this file is empty"):
        brought_in(app, case, b"")


def test_an_extract_cut_by_days_of_another_zone_is_not_approved(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "notified")
    prepare(app, ORGANISATION, case.id, "custodian", [each for each in files(case) if each.item != "i2"])
    whole = brought_in(app, case, a_table(account_of(case)))
    cut(app, case, whole)
    desk = app.desk(ORGANISATION)
    desk.state_zone(case.id, "reviewer", app.now(), zone="Asia/Tokyo")
    with pytest.raises(Refused, match="The zone of their dates was stated after a table was cut down"):
        desk.approve_release(case.id, "counsel", app.now())
    again = cut(app, app.case(ORGANISATION, case.id), whole)
    [held] = [each for each in again.files if each.extract is not None]
    assert held.extract is not None
    assert held.extract.days_zone == "Asia/Tokyo"
    assert desk.approve_release(case.id, "counsel", app.now()).approval is not None

"""A custodian's table is looked at, and cut down to what was decided before it lies ready.

The table as it came is sealed into the case first; until an extract of it is recorded it waits, and is
destroyed after a day (`enclosing.forsake`). Then it stays in the case under the case's key, and never leaves:
what lies ready is the extract, a file of its own. Nothing here looks into a table: that is done in a process
that can do nothing else (`gateways.tables`), and what the desk allows it says itself (`Desk.prepare`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec

from habeas.app.enclosing import pieces
from habeas.app.installation import Installation
from habeas.app.releasing import FILE_BYTES, Laid, approved, laid
from habeas.assess import Ceiling
from habeas.desk import package
from habeas.desk.case import Case
from habeas.desk.events import Held
from habeas.desk.moves import Act, may, permit
from habeas.errors import Refused
from habeas.gateways import tables
from habeas.gateways.tables import ANYWHERE, Column
from habeas.request import Period
from habeas.store import Coming

NAMES_NO_ACCOUNT = "say how the table writes the account, or that all its rows are of this account"


class Whole(NamedTuple):
    """A table as it came, which lies in the case, and for which item. name: as its custodian calls it."""

    target: str
    item: str
    name: str
    sha256: str


class Proposal(NamedTuple):
    """A column, and what is proposed. kind: for what its name is taken; None where nobody knows it. stays: it
    is proposed to stay. beyond: by its name it holds more than was decided, and cannot stay."""

    column: Column
    kind: Ceiling | None
    stays: bool
    beyond: bool


class Looked(NamedTuple):
    """What a custodian sees of a table: no cell of it but the first and the last time.

    level: the most that may be given of the item. days: that were decided; None where none were. zone: in
    which they are counted; empty where nobody knows it. accounts: as the request names them. time, account:
    the columns proposed to tell rows apart by; empty where that is a question."""

    rows: int
    columns: tuple[Proposal, ...]
    level: Ceiling
    days: Period | None
    zone: str
    accounts: tuple[str, ...]
    time: str
    account: str


def lay(app: Installation, organisation: str, case: str, name: str, data: Coming) -> None:
    """The table as it came is in the case, for a day if nothing is recorded of it."""
    if not data.size:
        raise Refused("this file is empty", place=name, hint="choose the one that was meant")
    data.keep()
    app.waits_for_its_record(organisation, case, data.sha256)


def look(app: Installation, organisation: str, case: str, by: str, whole: Whole) -> Looked:
    """The columns of a table, with what is proposed for each. Raises Refused where it cannot be read."""
    found = _permitted(app, organisation, case, by)
    item, accounts = _item(found, whole), _accounts(found, whole)
    seen = tables.look(pieces(app.store.open(organisation, case, whole.sha256)), accounts)
    level = package.level(item)
    certain = [each.name for each in seen.columns if each.certain]
    named = [each.name for each in seen.columns if each.named]
    return Looked(
        rows=seen.rows,
        columns=tuple(
            Proposal(
                each,
                package.known(each.name),
                package.proposed(each.name, level),
                package.beyond(each.name, level),
            )
            for each in seen.columns
        ),
        level=level,
        days=item.period,
        zone=found.zone,
        accounts=accounts,
        time=certain[0] if len(certain) == 1 else "",
        account=named[0] if len(named) == 1 else "",
    )


def extract(
    app: Installation,
    organisation: str,
    case: str,
    by: str,
    whole: Whole,
    *,
    keep: Sequence[str],
    time: str,
    zone: str,
    account: str,
    holds: Ceiling,
    accounts: Collection[str] = (),
    period: Period | None = None,
    seen: int | None = None,
) -> Case:
    """Lay an extract of the table ready, in place of any file for its item.

    keep: the columns that stay. time: the column by which rows outside the decided days go; empty where, by
    the custodian's word, no column holds a time, and then `period` says from which days the data is. zone:
    of its times without one, `ANYWHERE` where nobody knows, empty where that was not said. account: the
    column by which rows of others go; empty where all rows are of this account. accounts: how that column
    writes it; as the request does where that is not said. holds: what stays, by the custodian's word.
    """
    at, found = app.now(), _permitted(app, organisation, case, by)
    item, asked = _item(found, whole), _accounts(found, whole)
    level = package.level(item)
    for name in keep:
        kind = package.known(name)
        if kind is not None and package.beyond(name, level):
            raise Refused(
                f"a column of that name holds {kind.name.lower()} data, and at most {level} may be given",
                place=name,
                hint="take it out; if it holds something else, name it so where the table is exported",
            )
    wanted = tuple(dict.fromkeys(each.strip() for each in accounts if each.strip())) or asked
    if account and not wanted:
        raise Refused("no account is named", place="accounts", hint=NAMES_NO_ACCOUNT)
    start, end = package.window(item.period, found.zone) if time else package.Window()
    choice = tables.Choice(
        keep=tuple(dict.fromkeys(keep)),
        time=time,
        zone=zone,
        start=start,
        end=end,
        account=account,
        accounts=wanted if account else (),
    )
    app.waits_for_its_record(organisation, case, whole.sha256)  # its day begins anew
    with app.store.coming(organisation, case, FILE_BYTES) as out:
        left = tables.cut(pieces(app.store.open(organisation, case, whole.sha256)), choice, out.write)
        if time and left.first is not None and left.last is not None:
            period = package.reach(left.first, left.last, found.zone)
        said = package.Extract(
            original=whole.sha256,
            kept=left.kept,
            taken=left.taken,
            rows=left.rows,
            time=time,
            zone="" if zone == ANYWHERE else zone,
            days=item.period if time else None,
            days_zone=found.zone if time else "",
            outside=left.outside,
            account=account,
            as_asked=not account or set(wanted) <= set(asked),
            others=left.others,
        )
        file = Laid(
            target=whole.target,
            item=whole.item,
            name=whole.name,
            data=out,
            holds=holds,
            period=period or Period(),
        )
        held = msgspec.structs.replace(laid(file), extract=said)
        files = (*(each for each in found.files if not _for(each, whole)), held)
        return app.with_files(
            organisation, (out,), lambda desk: desk.prepare(case, by, at, files=files), seen
        )


def _permitted(app: Installation, organisation: str, case: str, by: str) -> Case:
    house, found = app.people(organisation), app.case(organisation, case)
    permit(may(house.person(by), Act.PREPARE, found, house, app.now()), "nothing was taken out")
    return found


def _item(case: Case, whole: Whole) -> package.Approved:
    for each in approved(case):
        if (each.target, each.item) == (whole.target, whole.item):
            return each
    raise Refused(
        "this table is for an item of which nothing may be given",
        place=f"{whole.target}/{whole.item}",
        hint="only what was decided is prepared",
    )


def _accounts(case: Case, whole: Whole) -> tuple[str, ...]:
    target = next(each for each in case.request.targets if each.id == whole.target)
    return tuple(each.value for each in target.identifiers)


def _for(held: Held, whole: Whole) -> bool:
    return (held.target, held.item) == (whole.target, whole.item)

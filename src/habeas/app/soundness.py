"""What is wrong with an installation: its records, what was published of them, and what a crash left.

`habeas records doctor`. The store examines what it keeps (`habeas.store.doctor`); here that is held against
the public log and against what must follow from the events.
"""

from __future__ import annotations

from collections.abc import Iterator

from habeas.app.installation import Installation
from habeas.desk import public
from habeas.desk.case import Stage
from habeas.errors import Refused
from habeas.store import HOUSE_KEY, doctor
from habeas.store.store import micros


def faults(app: Installation, organisation: str) -> Iterator[str]:
    """What is wrong with the records, a sentence each; nothing where all is well."""
    faults = app.store.database.faults()
    yield from faults
    if faults:
        return  # what is read out of a damaged file says nothing about the rest
    try:
        fold = app.folded(organisation)
    except Refused as broken:  # without the house no case can be folded, but every chain be checked
        yield f"{broken.place}: {broken.sentence}."
        yield from _chains(app, organisation)
        return
    yield from doctor(app.store, organisation, fold)
    yield from _ledgers(app, organisation)
    yield from _unfinished(app, organisation)


def _ledgers(app: Installation, organisation: str) -> Iterator[str]:
    """Whether the events still give every ledger that was published, and nothing of the log went missing:
    whoever changes an event, or puts one in with an old date, cannot take back what the log holds."""
    trace = app.store.trace
    known: set[int] = set()
    found = trace.ledgers(organisation)
    if found and (last := public.ledger_until(found[-1].opened.paper)) > app.now():
        yield (
            f"The public log has spoken up to {last:%Y-%m-%d %H:%M} UTC, and the clock of this machine "
            "stands before that. Set the clock; what is recorded meanwhile says so."
        )
    for each in found:
        known |= {each.place} if each.place is not None else set()
        until = public.ledger_until(each.opened.paper)
        if trace.ledger(organisation, micros(until)) != each.opened.paper.value("document"):
            yield f"The events up to {until:%Y-%m-%d %H:%M} UTC are not those that the log committed to."
    ledgers: set[int] = set()
    strange = 0
    try:
        for leaf in trace.counted(organisation):
            strange += public.commitments(leaf.leaf)[0] != leaf.count.commitment()
            ledgers |= {leaf.place} if leaf.count.value("kind") == public.Kind.LEDGER else set()
    except Refused as broken:
        yield f"{broken.place}: {broken.sentence}."
        return
    if strange:
        yield f"What is counted of {strange} leaves is not what the log committed to."
    if ledgers - known:
        yield f"What opens {len(ledgers - known)} of the log's ledgers is missing."
    if len(ledgers) != trace.days(organisation):
        yield f"The log was published on {trace.days(organisation)} days and has {len(ledgers)} ledgers."
    for stream in (HOUSE_KEY, *(head.stream for head in app.store.heads(organisation))):
        for each in trace.opened(organisation, stream):
            if each.place is None and not trace.waits(organisation, each.opened.leaf()):
                yield f"{stream}: an entry of event {each.number} neither waits for the log nor is in it."


def _chains(app: Installation, organisation: str) -> Iterator[str]:
    for head in app.store.heads(organisation):
        try:
            app.store.verify_chain(organisation, head.stream)
        except Refused as broken:
            yield f"{broken.place}: {broken.sentence}."


def _unfinished(app: Installation, organisation: str) -> Iterator[str]:
    """What a crash left between the records and what follows from them."""
    for head in app.store.heads(organisation):
        row = app.store.row(organisation, head.stream)
        if row is None or row.stage != Stage.ERASED:
            continue
        if app.store.erased(organisation, head.stream) is None:
            yield f"{head.stream}: its erasure was recorded and not finished. Erase it again."
        elif (app.outgoing / organisation / head.stream).exists():
            yield f"{head.stream}: it was erased, and a package of it is still there."
    for aside in sorted((app.outgoing / organisation).glob("*/.*.age")):
        yield f"{aside.parent.name}: a sealed package stands aside; a crash during a release leaves one."

"""Does what is stored still agree with itself? Read models against events, files against rows, chains, keys.

Changes nothing. Each finding is one plain sentence; no sentence means that everything agrees.
"""

from __future__ import annotations

from collections.abc import Iterator

from habeas.desk.events import HOUSE
from habeas.desk.queue import Job, Row
from habeas.errors import Refused
from habeas.store.store import Fold, Store

_DERIVED = ("queue", "token", "job", "event", "blob", "opening", "erased")


def doctor(store: Store, organisation: str, fold: Fold) -> Iterator[str]:
    """Looks at everything of one organisation."""
    yield from store.database.faults()
    yield from store.keyring.faults()
    for head in store.heads(organisation):
        yield from _case(store, organisation, head.stream, fold)
    yield from _strays(store, organisation)
    yield from _ledger(store, organisation)


def _case(store: Store, organisation: str, stream: str, fold: Fold) -> Iterator[str]:
    try:
        store.verify_chain(organisation, stream)
    except Refused as broken:
        yield f"{broken.place}: {broken.sentence}."
    if store.erased(organisation, stream) is not None:
        yield from _remains(store, organisation, stream)
        return
    yield from _files(store, organisation, stream)
    try:
        events = store.load(organisation, stream)
    except Refused as refused:
        yield f"{refused.place}: {refused.sentence}."
        return
    if stream == HOUSE:
        return  # people and settings: no row, no jobs, nothing to search
    row, search, jobs = fold(events)
    yield from _row(stream, store.row(organisation, stream), row)
    yield from _jobs(stream, store.jobs(organisation, stream), jobs)
    where = (organisation, stream)
    [(year,)] = store.database.ask("SELECT year FROM head WHERE organisation = ? AND stream = ?", *where)
    stored = store.database.ask("SELECT token FROM token WHERE organisation = ? AND stream = ?", *where)
    have, want = {bytes(token) for (token,) in stored}, store.tokens(organisation, year, search)
    if want is None:
        if search or have:
            yield f"{stream}: the key to search the cases of {year} is missing from the keyring."
        return
    if missing := len(want - have):
        yield f"{stream}: {missing} of {len(want)} search tokens are missing."
    if extra := len(have - want):
        yield f"{stream}: it can be found by {extra} words that are not in it."


def _row(stream: str, stored: Row | None, folded: Row | None) -> Iterator[str]:
    if stored is None or folded is None:
        if stored is not None:
            yield f"{stream}: it has a row in the queue and should have none."
        if folded is not None:
            yield f"{stream}: its row in the queue is missing."
        return
    for name in Row.__struct_fields__:
        here, there = getattr(stored, name), getattr(folded, name)
        if here != there:
            yield f"{stream}: the queue says {name} is {here}, the events say {there}."


def _jobs(stream: str, stored: tuple[Job, ...], folded: tuple[Job, ...]) -> Iterator[str]:
    have, want = {job.id: job for job in stored}, {job.id: job for job in folded}
    for id in sorted(have.keys() | want.keys()):
        if id not in have:
            yield f"{stream}: the job {id} is missing."
        elif id not in want:
            yield f"{stream}: the job {id} has no reason any more."
        elif have[id] != want[id]:
            yield f"{stream}: the job {id} is not what the events say."


def _files(store: Store, organisation: str, stream: str) -> Iterator[str]:
    named = {
        name
        for (name,) in store.database.ask(
            "SELECT name FROM blob WHERE organisation = ? AND stream = ?", organisation, stream
        )
    }
    there = set(store.blobs.names(organisation, stream))
    if missing := len(named - there):
        yield f"{stream}: {missing} files are missing on disk."
    if extra := len(there - named):
        yield f"{stream}: {extra} files on disk belong to nothing; a crash while writing leaves such files."


def _remains(store: Store, organisation: str, stream: str) -> Iterator[str]:
    """What an erasure should have taken."""
    where = (organisation, stream)
    if store.keyring.key(organisation, stream) is not None:
        yield f"{stream}: it was erased, and its key is still there."
    for table, condition in (
        ("event", " AND sealed IS NOT NULL"),
        ("token", ""),
        ("job", ""),
        ("blob", ""),
        ("opening", ""),
    ):
        [(left,)] = store.database.ask(
            f"SELECT count(*) FROM {table} WHERE organisation = ? AND stream = ?{condition}", *where
        )
        if left:
            yield f"{stream}: it was erased, and {left} rows of {table} are still there."
    if store.blobs.names(organisation, stream):
        yield f"{stream}: it was erased, and files of it are still there."


def _strays(store: Store, organisation: str) -> Iterator[str]:
    """Rows, keys and files of cases that do not exist, nor begin within a day."""
    apart = store.database.ask("SELECT stream FROM apart WHERE organisation = ?", organisation)
    expected = {stream for (stream,) in apart}
    for table in _DERIVED:
        for (stream,) in store.database.ask(
            f"""SELECT DISTINCT stream FROM {table} WHERE organisation = ? AND NOT EXISTS (SELECT 1 FROM head
            WHERE head.organisation = {table}.organisation AND head.stream = {table}.stream)
            ORDER BY stream""",
            organisation,
        ):
            if not stream.startswith(".") and stream not in expected:  # the house's own
                yield f"{stream}: there are rows of {table} and no such case."
    for name in store.keyring.names(organisation):
        if not name.startswith(".") and name not in expected and not _exists(store, organisation, name):
            yield f"{name}: there is a key and no such case; a crash before the first event leaves one."
    for stream in store.blobs.cases(organisation):
        if stream not in expected and not _exists(store, organisation, stream):
            yield f"{stream}: there are files and no such case."


def _exists(store: Store, organisation: str, stream: str) -> bool:
    return bool(
        store.database.ask("SELECT 1 FROM head WHERE organisation = ? AND stream = ?", organisation, stream)
    )


def _ledger(store: Store, organisation: str) -> Iterator[str]:
    try:
        written = {each.stream for each in store.ledger if each.organisation == organisation}
    except Refused as broken:
        yield f"{broken.place}: {broken.sentence}."
        return
    rows = store.database.ask(
        "SELECT stream FROM erased WHERE organisation = ? ORDER BY stream", organisation
    )
    stored = {stream for (stream,) in rows}
    for stream in sorted(stored - written):
        yield f"{stream}: it was erased and does not stand in the erasure ledger."
    for stream in sorted(written - stored):
        if _exists(store, organisation, stream):
            yield f"{stream}: it stands in the erasure ledger and was not erased."

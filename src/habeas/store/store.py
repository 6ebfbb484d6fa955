"""The event store: what happened to each case, in order, sealed, chained and never changed.

`Store` is what the desk is handed as its records. One append is one transaction: events of one case or of
several, the end of each one's chain, its row in the queue, its jobs, its search tokens and what waits for the
public log. Contents are sealed with a key of the case; what is in clear holds nothing about a person
(`habeas.store.schema`). Backups are made in `habeas.store.backup`, comparisons in `habeas.store.doctor`.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from habeas.desk.events import HOUSE, Recorded, decode, encode
from habeas.desk.public import Entry
from habeas.desk.queue import NOBODY, PERSON, REQUESTER, Folded, Job, Load, Page, Row, View
from habeas.desk.records import Change, Conflict, Looked
from habeas.errors import Refused
from habeas.store import keyring, ledger, listing, sealing
from habeas.store.blobs import Blobs, Half
from habeas.store.database import Database, Run, Taken, Value
from habeas.store.keyring import Keyring
from habeas.store.keys import MasterKey, MasterKeys, Random
from habeas.store.ledger import Ledger
from habeas.store.listing import Place
from habeas.store.schema import NEVER, migrate
from habeas.store.sealing import Broken, packed
from habeas.store.trace import HOUSE_KEY, Newest, Trace

PAGE = 50  # rows of a page of the queue, where nobody says otherwise
_AT_ONCE = 1000  # rows fetched at a time where all are wanted
_HALF_NAME = 8  # bytes of chance in the name of a file that is being written
_UNFINISHED = 1000  # erasures that a crash can have left half done: far more than ever run at once

_ORGANISATION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_STREAM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# The columns of `queue` that are a field of `Row` with the same name, in the order of every statement here.
_COLUMNS = (
    *("stage", "turn", "next", "assigned", "state", "instrument", "measure", "emergency", "domestic"),
    *("received", "due", "due_what", "held", "closed", "version"),
)
_ALL_OPEN = View()
_SELECT_ROW = f"SELECT stream, {', '.join(_COLUMNS)} FROM queue"
_UPSERT_ROW = (
    f"INSERT INTO queue (organisation, stream, {', '.join(_COLUMNS)}) "
    f"VALUES ({', '.join('?' * (2 + len(_COLUMNS)))}) ON CONFLICT (organisation, stream) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS)
)

Fold = Callable[[tuple[Recorded, ...]], Folded]
"""From the events of a case to its row, what it can be found by, and its jobs."""


@dataclass(frozen=True, kw_only=True)
class Fence:
    """Says that its holder was the one worker when it took the lease. Writes under an old one are refused."""

    lease: str
    number: int


class Fenced(Refused):
    """Somebody else took the lease; this worker acts no more."""


@dataclass(frozen=True, kw_only=True)
class Due:
    organisation: str
    case: str
    job: Job


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A turn that passed to somebody of the house. version: the event with which it did."""

    organisation: str
    case: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Head:
    """The end of a case's chain: all that a daily ledger needs to commit to."""

    stream: str
    version: int
    chain: bytes


@dataclass(frozen=True, kw_only=True)
class Reach:
    """unreached: copies of the keyring that still hold destroyed keys, because they were not there."""

    unreached: tuple[Path, ...] = ()


class Coming:
    """A file on its way into a case: sealed as it comes, and nothing until it is kept.

    Leaving its block without keeping it takes it away again. size, sha256: of the plain bytes so far.
    """

    def __init__(
        self,
        key: bytes,
        half: Half,
        pieces: sealing.Pieces,
        most: int,
        keep: Callable[[str, int], None],
    ) -> None:
        self._key = key
        self._most = most
        self._half: Half | None = half
        self._pieces = pieces
        self._keep = keep
        self._sha256 = hashlib.sha256()
        self.size = 0
        half.write(pieces.head)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    def write(self, plain: bytes) -> None:
        """Raises Refused where it grows too long or the disk is full; then nothing of it is left."""
        if self._half is None:
            raise ValueError("this file is kept or discarded")
        if self.size + len(plain) > self._most:
            self.discard()
            raise Refused(
                f"a file has more than {self._most:,} bytes",
                place="file",
                hint="divide it where it was made, and hand in the parts",
            )
        self._sha256.update(plain)
        self.size += len(plain)
        self._half.write(self._pieces.add(plain))

    def keep(self) -> None:
        """It is whole, safely on disk, and belongs to the case. Kept twice, it is kept once."""
        if self._half is None:
            return
        name = sealing.blob_name(self._key, self.sha256)
        self._half.write(self._pieces.end(name.encode()))
        half, self._half = self._half, None
        half.named(name)
        self._keep(name, self.size)

    def discard(self) -> None:
        if self._half is not None:
            self._half.discard()
            self._half = None

    def __enter__(self) -> Coming:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.discard()


class _Plain(io.RawIOBase):
    """The plain bytes of a sealed file, read once from end to end."""

    def __init__(self, sealed: BinaryIO, plain: Iterator[bytes], sha256: str, place: str) -> None:
        self._sealed = sealed
        self._plain = plain
        self._rest = memoryview(b"")
        self._read = hashlib.sha256()
        self._sha256 = sha256
        self._place = place

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            found = next(self._plain, b"")
            self._read.update(found)
            self._rest = memoryview(found)
            if not found and self._read.hexdigest() != self._sha256:
                raise Broken("a file is not the one it was", place=self._place)
        count = min(len(self._rest), len(buffer))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        self._sealed.close()
        super().close()


@dataclass(frozen=True)
class _Ready:
    """A change to be written. sealed: the contents of its events. traced: under whose name and key its public
    entries are kept."""

    change: Change
    sealed: tuple[bytes, ...]
    traced: tuple[str, bytes]


class Store:
    """Events and their read models of many organisations, in SQLite or PostgreSQL.

    database: `Sqlite(path)` or `Postgres(conninfo)`. keys: the folder of the keyring and the erasure ledger;
    it may not lie with the database or the blobs, because it is never in the same backup. random, clock: the
    only sources of chance and time here.
    """

    def __init__(
        self,
        database: Database,
        *,
        keys: Path,
        blobs: Path,
        masters: MasterKeys,
        random: Random = os.urandom,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        apart(keys, blobs, *([database.folder] if database.folder else []))
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.database = database
        self.clock = clock
        self.blobs = Blobs(blobs)
        self.keyring = Keyring(keys / keyring.FILE, masters, random=random)
        self.ledger = Ledger(keys / ledger.FILE)
        self.trace = Trace(database, self.keyring, random)
        self._random = random
        migrate(database)
        self.trace.gather()
        self._finish_erasures()

    def close(self) -> None:
        self.database.close()
        self.keyring.close()

    # ---- events ------------------------------------------------------------------------------------------

    def load(self, organisation: str, stream: str) -> tuple[Recorded, ...]:
        """All events of a case, oldest first; none where there is no such case. Refused where erased."""
        _named(organisation, stream)
        rows = self.database.ask(
            """SELECT number, at, by, kind, sealed, spoken FROM event
            WHERE organisation = ? AND stream = ? ORDER BY number""",
            organisation,
            stream,
        )
        if not rows:
            return ()
        key = self._key(organisation, stream)
        return tuple(
            Recorded(
                number=number,
                at=_moment(at),
                by=by,
                event=decode(_opened(key, organisation, stream, number, kind, sealed)),
                spoken=None if spoken is None else _moment(spoken),
            )
            for number, at, by, kind, sealed, spoken in rows
        )

    def append(
        self, organisation: str, *changes: Change, looked: Looked | None = None, fence: Fence | None = None
    ) -> None:
        """Adds events to one or more streams, with all that follows from them, or nothing.

        With a row, what the case is found by and its jobs are exactly those of the change. Without one, they
        only add, each job in place of one with its id. looked: a search that has to find the same now as it
        did then; whoever else wrote because of such a search waits meanwhile. What the public log has spoken
        of is over: an event whose clock stands before that is recorded as coming after it; see `Recorded`.
        Raises Conflict where a case has moved on or the search finds something else, Fenced where `fence` is
        not the newest of its lease, Refused where a case was erased or the disk is full.
        """
        # In one order everywhere, or two who write to the same two cases would wait for each other for good.
        ready = [self._ready(organisation, each) for each in sorted(changes, key=lambda each: each.stream)]
        if len({each.change.stream for each in ready}) != len(ready):
            raise ValueError("two changes of one stream in one append")
        try:
            with self.database.transaction() as run:
                self._hold(run, fence)
                if looked is not None:
                    self.database.alone(run, f"{organisation} looks before it writes")
                    if self._search(run, organisation, looked.words, looked.years) != looked.found:
                        raise _moved_on(ready[0].change.stream)
                spoken = self.trace.spoken(run, organisation)
                for each in ready:
                    self._write(run, organisation, each, spoken)
        except Taken:
            raise _moved_on(ready[0].change.stream) from None

    def _ready(self, organisation: str, change: Change) -> _Ready:
        """A change with its contents sealed, which needs no transaction."""
        stream = change.stream
        _named(organisation, stream)
        _numbered(stream, change.expected, change.new, change.row)
        key = self._key_to_write(organisation, stream, change.expected)
        sealed = tuple(
            sealing.seal(
                key,
                encode(each.event),
                _place(organisation, stream, each.number, each.event.kind),
                self._random,
            )
            for each in change.new
        )
        return _Ready(change, sealed, self._traced(organisation, stream, key))

    def _write(self, run: Run, organisation: str, ready: _Ready, spoken: int) -> None:
        change, stream = ready.change, ready.change.stream
        new = change.new
        opened, year, chain = self._take(run, organisation, stream, change.expected, new[0].at)
        for each, contents in zip(new, ready.sealed, strict=True):
            at, kind, digest = micros(each.at), each.event.kind, sealing.digest(contents)
            late = spoken if at <= spoken else None
            chain = sealing.link(organisation, stream, each.number, at, each.by, kind, digest, chain, late)
            run(
                """INSERT INTO event
                (organisation, stream, number, at, by, kind, sealed, digest, chain, spoken)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                *(organisation, stream, each.number, at, each.by, kind, contents, digest, chain, late),
            )
        run(
            """INSERT INTO head (organisation, stream, version, chain, opened, year)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (organisation, stream)
            DO UPDATE SET version = excluded.version, chain = excluded.chain""",
            *(organisation, stream, new[-1].number, chain, opened, year),
        )
        whole = change.row is not None
        if change.row is not None:
            _pass_on(run, organisation, stream, change.row, micros(new[-1].at))
            run(_UPSERT_ROW, organisation, stream, *_values(change.row))
        self._put_tokens(run, organisation, stream, year, change.search, whole=whole)
        _put_jobs(run, organisation, stream, change.jobs, change.done, whole=whole)
        self.trace.put(run, organisation, *ready.traced, change.public)

    def _traced(self, organisation: str, stream: str, key: bytes) -> tuple[str, bytes]:
        """Under whose name and key entries are kept that open to more than their leaf."""
        if stream != HOUSE:
            return stream, key
        return HOUSE_KEY, self.keyring.made(organisation, HOUSE_KEY)

    def _take(
        self, run: Run, organisation: str, stream: str, expected: int, first: datetime
    ) -> tuple[int, int, bytes]:
        """The case's row in `head`, ours until the transaction ends: opened, year, chain."""
        found = run(
            "SELECT version, opened, year, chain FROM head WHERE organisation = ? AND stream = ?"
            + self.database.for_update,
            organisation,
            stream,
        )
        if run("SELECT 1 FROM erased WHERE organisation = ? AND stream = ?", organisation, stream):
            raise _gone(stream)
        if not found:
            if expected:
                raise _moved_on(stream)
            # Whoever inserts the first event of a case at the same moment is stopped by the key of `event`.
            return micros(first), first.astimezone(UTC).year, bytes(32)
        [(version, opened, year, chain)] = found
        if version != expected:
            raise _moved_on(stream)
        return opened, year, chain

    def _key(self, organisation: str, stream: str) -> bytes:
        """The key of a case that is there."""
        if (key := self.keyring.key(organisation, stream)) is not None:
            return key
        if self.erased(organisation, stream) is not None:
            raise _gone(stream)
        if self.erasing(organisation, stream):
            raise Refused(
                "the erasure of this case was begun and is not finished", place=stream, hint="erase it again"
            )
        raise Refused(
            "the key of a case is missing from the keyring, and nothing can be read",
            place=stream,
            hint="the keyring is older than the database: restore its newest backup",
        )

    def _key_to_write(self, organisation: str, stream: str, expected: int) -> bytes:
        """The case's key; made where the case begins. Files of a case may come before its first event."""
        if (key := self.keyring.key(organisation, stream)) is not None:
            return key
        begun = self.database.ask(
            "SELECT version FROM head WHERE organisation = ? AND stream = ?", organisation, stream
        )
        if self.erased(organisation, stream) is not None:
            raise _gone(stream)
        if begun:
            return self._key(organisation, stream)
        if expected:
            raise _moved_on(stream)
        return self.keyring.made(organisation, stream)

    # ---- chains ------------------------------------------------------------------------------------------

    def verify_chain(self, organisation: str, stream: str) -> int:
        """Checks every link of a case and gives the number of its events. Raises Broken.

        Needs no key: the chain of an erased case is checked as well as any other.
        """
        _named(organisation, stream)
        head = self.database.ask(
            "SELECT version, chain FROM head WHERE organisation = ? AND stream = ?", organisation, stream
        )
        erased = self.erased(organisation, stream) is not None
        rows = self.database.ask(
            """SELECT number, at, by, kind, sealed, digest, chain, spoken FROM event
            WHERE organisation = ? AND stream = ? ORDER BY number""",
            organisation,
            stream,
        )
        before = bytes(32)
        for expected, (number, at, by, kind, sealed, digest, chain, spoken) in enumerate(rows, start=1):
            place = f"{stream}, event {expected}"
            if number != expected:
                raise Broken("an event is missing", place=place)
            if sealed is None and not erased:
                raise Broken("the contents of an event are missing, and the case was not erased", place=place)
            if sealed is not None and sealing.digest(bytes(sealed)) != bytes(digest):
                raise Broken("the contents of an event were changed", place=place)
            before = sealing.link(organisation, stream, number, at, by, kind, bytes(digest), before, spoken)
            if before != bytes(chain):
                raise Broken("an event was changed after it was recorded", place=place)
        if [(len(rows), before)] != [(version, bytes(chain)) for version, chain in head] and (rows or head):
            raise Broken("events were cut off or added at the end", place=stream)
        return len(rows)

    def heads(self, organisation: str) -> Iterator[Head]:
        """The end of every chain, in the order of the cases."""
        after = ""
        while found := self.database.ask(
            """SELECT stream, version, chain FROM head
            WHERE organisation = ? AND stream > ? ORDER BY stream LIMIT ?""",
            organisation,
            after,
            _AT_ONCE,
        ):
            for stream, version, chain in found:
                yield Head(stream=stream, version=version, chain=bytes(chain))
            after = found[-1][0]

    def head(self, organisation: str, stream: str) -> Head | None:
        """The end of one chain: as long as it is the same, so is everything before it."""
        found = self.database.ask(
            "SELECT version, chain FROM head WHERE organisation = ? AND stream = ?", organisation, stream
        )
        return Head(stream=stream, version=found[0][0], chain=bytes(found[0][1])) if found else None

    # ---- the queue ---------------------------------------------------------------------------------------

    def organisations(self) -> tuple[str, ...]:
        """The houses there are, in order."""
        found = self.database.ask(
            "SELECT organisation FROM head WHERE stream = ? ORDER BY organisation", HOUSE
        )
        return tuple(organisation for (organisation,) in found)

    def row(self, organisation: str, case: str) -> Row | None:
        found = self.database.ask(f"{_SELECT_ROW} WHERE organisation = ? AND stream = ?", organisation, case)
        return _row(found[0]) if found else None

    def queue(self, organisation: str, view: View = _ALL_OPEN, *, after: str = "", limit: int = PAGE) -> Page:
        """A page of the queue, what is due first on top, cases without a limit last.

        after: the `after` of the page before. A page costs the same however many cases there are and however
        rare the wanted ones are; see `habeas.store.listing`.
        """
        place = _after(after)
        found = listing.rows(self.database.ask, organisation, view, _COLUMNS, place, limit + 1)
        rows = tuple(_row(each[1:]) for each in found[:limit])
        more = len(found) > limit
        return Page(rows=rows, after=f"{_due(rows[-1].due)}~{rows[-1].case}" if more else "")

    def count(self, organisation: str, view: View, most: int) -> int:
        """How many rows a view has; counted no further than `most`, so that it never costs more."""
        return listing.count(self.database.ask, organisation, view, most)

    def workload(self, organisation: str, person: str, now: datetime, most: int) -> Load:
        """What lies with one person, each counted no further than `most`: two short walks along the index of
        who has a case, whatever the number of cases."""
        ask = self.database.ask
        open = listing.count(ask, organisation, View(assigned=person), most)
        return Load(open, listing.overdue(ask, organisation, person, micros(now), most))

    # ---- jobs, leases ------------------------------------------------------------------------------------

    def due(self, organisation: str | None, now: datetime, limit: int = 100) -> tuple[Due, ...]:
        """Jobs whose time has come, the oldest first; of all organisations where none is named."""
        one, named = ("", ()) if organisation is None else (" AND organisation = ?", (organisation,))
        found = self.database.ask(
            f"""SELECT organisation, stream, id, due, what FROM job WHERE due <= ?{one}
            ORDER BY due, organisation, stream, id LIMIT ?""",
            micros(now),
            *named,
            limit,
        )
        return tuple(
            Due(organisation=house, case=stream, job=Job(id=id, due=_moment(due), what=what))
            for house, stream, id, due, what in found
        )

    def jobs(self, organisation: str, case: str) -> tuple[Job, ...]:
        found = self.database.ask(
            "SELECT id, due, what FROM job WHERE organisation = ? AND stream = ? ORDER BY id",
            organisation,
            case,
        )
        return tuple(Job(id=id, due=_moment(due), what=what) for id, due, what in found)

    def passed(self, limit: int = 100) -> tuple[Passed, ...]:
        """Cases of all organisations whose turn passed to somebody of the house, and nobody was told yet;
        the oldest first."""
        found = self.database.ask(
            "SELECT organisation, stream, version FROM passed ORDER BY at, organisation, stream LIMIT ?",
            limit,
        )
        return tuple(Passed(organisation=house, case=case, version=version) for house, case, version in found)

    def told(self, passed: Passed, fence: Fence) -> None:
        """Whoever has the turn is about to be told, so that nobody is told twice. Where it passed on since,
        that is another turn and stays. Raises Fenced."""
        with self.database.transaction() as run:
            self._hold(run, fence)
            run(
                "DELETE FROM passed WHERE organisation = ? AND stream = ? AND version = ?",
                *(passed.organisation, passed.case, passed.version),
            )

    def lease(self, name: str, holder: str, now: datetime, for_: timedelta) -> Fence | None:
        """Takes or renews a lease; None where somebody else has it.

        Clocks of two machines may differ, so time alone does not keep two workers apart: whoever takes a
        lapsed lease gets a higher fence, and writes under the lower one are refused.
        """
        until = micros(now + for_)
        try:
            with self.database.transaction() as run:
                found = run(
                    "SELECT holder, until, fence FROM lease WHERE name = ?" + self.database.for_update, name
                )
                if not found:
                    run(
                        "INSERT INTO lease (name, holder, until, fence) VALUES (?, ?, ?, 1)",
                        name,
                        holder,
                        until,
                    )
                    return Fence(lease=name, number=1)
                [(has, ends, fence)] = found
                lapsed = ends <= micros(now)
                if has != holder and not lapsed:
                    return None
                fence += lapsed
                run(
                    "UPDATE lease SET holder = ?, until = ?, fence = ? WHERE name = ?",
                    holder,
                    until,
                    fence,
                    name,
                )
                return Fence(lease=name, number=fence)
        except Taken:  # somebody took it for the first time a moment before
            return None

    def let_go(self, fence: Fence) -> None:
        """Gives a lease back before it lapses, if it is still ours."""
        with self.database.transaction() as run:
            run("UPDATE lease SET until = 0 WHERE name = ? AND fence = ?", fence.lease, fence.number)

    def hold(self, fence: Fence) -> None:
        """Raises Fenced where another worker has taken over."""
        with self.database.transaction() as run:
            self._hold(run, fence)

    def _hold(self, run: Run, fence: Fence | None) -> None:
        """Whoever wants to take the lease from now on waits until this transaction is over."""
        if fence is None:
            return
        found = run("SELECT fence FROM lease WHERE name = ?" + self.database.for_share, fence.lease)
        if found != [(fence.number,)]:
            raise Fenced(
                "another worker has taken over, and nothing was recorded",
                place=fence.lease,
                hint="the other goes on; stop this one if it begins again by itself",
            )

    # ---- the way to the public log -----------------------------------------------------------------------

    def speak(self, organisation: str, until: datetime, *, fence: Fence) -> datetime:
        """From here on the log speaks of everything up to an instant; see `Trace.speak`, which gives it. Only
        the one publisher may."""
        with self.database.transaction() as run:
            self._hold(run, fence)
            return _moment(self.trace.speak(run, organisation, micros(until)))

    def sequence(
        self, organisation: str, day: str, more: Sequence[Entry], *, multiple: int, fence: Fence
    ) -> bool:
        """Gives what waits its places in the log; see `Trace.sequence`. Only the one publisher may."""
        with self.database.transaction() as run:
            self._hold(run, fence)
            return self.trace.sequence(run, organisation, day, more, multiple)

    def newest(self, organisation: str, fence: Fence | None = None) -> Newest:
        """The newest checkpoint of an organisation's log, to be swapped by the one publisher."""
        return Newest(self.database, organisation, lambda run: self._hold(run, fence))

    # ---- search ------------------------------------------------------------------------------------------

    def search(self, organisation: str, words: Collection[str], years: Collection[int]) -> tuple[str, ...]:
        """The cases opened in these years that know exactly one of these words. The only search there is."""
        return self._search(self.database.ask, organisation, words, years)

    def _search(
        self, run: Run, organisation: str, words: Collection[str], years: Collection[int]
    ) -> tuple[str, ...]:
        found: set[str] = set()
        for year in years if words else ():
            if (key := self.keyring.key(organisation, _year_key(year))) is not None:
                tokens = [sealing.token(key, each) for each in words]
                among = ", ".join("?" * len(tokens))
                rows = run(
                    f"SELECT stream FROM token WHERE organisation = ? AND year = ? AND token IN ({among})",
                    organisation,
                    year,
                    *tokens,
                )
                found.update(stream for (stream,) in rows)
        return tuple(sorted(found))

    def tokens(self, organisation: str, year: int, search: Collection[str]) -> frozenset[bytes] | None:
        """The tokens that these identifiers have in the cases of a year; None where the key of that year is
        not there."""
        key = self.keyring.key(organisation, _year_key(year))
        return None if key is None else frozenset(sealing.token(key, each) for each in search)

    def _put_tokens(
        self, run: Run, organisation: str, stream: str, year: int, search: Collection[str], *, whole: bool
    ) -> None:
        stored = run("SELECT token FROM token WHERE organisation = ? AND stream = ?", organisation, stream)
        have, want = {bytes(token) for (token,) in stored}, set[bytes]()
        if search:
            key = self.keyring.made(organisation, _year_key(year))
            want = {sealing.token(key, each) for each in search}
        for token in sorted(want - have):
            run(
                "INSERT INTO token (organisation, year, token, stream) VALUES (?, ?, ?, ?)",
                *(organisation, year, token, stream),
            )
        for token in sorted(have - want) if whole else ():
            run(
                "DELETE FROM token WHERE organisation = ? AND year = ? AND token = ? AND stream = ?",
                *(organisation, year, token, stream),
            )

    # ---- files -------------------------------------------------------------------------------------------

    def coming(self, organisation: str, case: str, most: int) -> Coming:
        """A file that comes piece by piece, to be sealed into a case. most: bytes it may have."""
        _named(organisation, case)
        key = self._key_to_write(organisation, case, 0)
        pieces = sealing.Pieces(key, _files(organisation, case), self._random)
        half = self.blobs.begin(organisation, case, self._random(_HALF_NAME).hex())
        return Coming(key, half, pieces, most, lambda name, size: self._keep(organisation, case, name, size))

    def put(self, organisation: str, case: str, data: bytes) -> str:
        """Seals a file into a case and gives the SHA-256 of its plain bytes. Safely on disk on return."""
        with self.coming(organisation, case, len(data)) as file:
            file.write(data)
            file.keep()
        return file.sha256

    def _keep(self, organisation: str, case: str, name: str, size: int) -> None:
        """The file of this name belongs to the case now, unless that was erased meanwhile."""
        where = (organisation, case)
        with self.database.transaction() as run:
            run("SELECT 1 FROM head WHERE organisation = ? AND stream = ?" + self.database.for_share, *where)
            gone = run("SELECT 1 FROM erased WHERE organisation = ? AND stream = ?", *where)
            if not gone:
                run(
                    """INSERT INTO blob (organisation, stream, name, size) VALUES (?, ?, ?, ?)
                    ON CONFLICT (organisation, stream, name) DO NOTHING""",
                    *(organisation, case, name, size),
                )
        if gone:  # erased while we wrote
            self.blobs.remove(organisation, case)
            raise _gone(case)

    def open(self, organisation: str, case: str, sha256: str) -> BinaryIO:
        """A file of a case, to be read from its beginning to its end: only at its end is it known that it is
        whole, and reading raises Broken where it is not."""
        _named(organisation, case)
        key = self._key(organisation, case)
        name = sealing.blob_name(key, sha256)
        sealed = self.blobs.open(organisation, case, name)
        if sealed is None:
            raise Refused("there is no such file in the case", place=case)
        place = f"{case}, file {sha256}"
        plain = sealing.opened(sealed, key, _files(organisation, case), name.encode(), place)
        return io.BufferedReader(_Plain(sealed, plain, sha256, place))

    def get(self, organisation: str, case: str, sha256: str) -> bytes:
        """The plain bytes of a file of a case."""
        with self.open(organisation, case, sha256) as file:
            return file.read()

    def forget(self, organisation: str, case: str) -> None:
        """Destroys files and key of a case that never began: what they were laid ready for did not happen."""
        where = (organisation, case)
        if self.database.ask("SELECT 1 FROM head WHERE organisation = ? AND stream = ?", *where):
            return
        self.keyring.unmade(organisation, case)
        self.blobs.remove(organisation, case)
        with self.database.transaction() as run:
            run("DELETE FROM blob WHERE organisation = ? AND stream = ?", *where)

    def lay_apart(self, organisation: str, case: str, at: datetime) -> None:
        """Files come for a case that is still to begin, from `at` on."""
        _named(organisation, case)
        with self.database.transaction() as run:
            run(
                """INSERT INTO apart (organisation, stream, at) VALUES (?, ?, ?)
                ON CONFLICT (organisation, stream) DO NOTHING""",
                *(organisation, case, micros(at)),
            )

    def unnamed(self, organisation: str, case: str, sha256: str, at: datetime) -> None:
        """A file was sealed at `at` into a case that goes on, for what is still to be recorded there. Said
        again, its time begins anew."""
        name = sealing.blob_name(self._key(organisation, case), sha256)
        with self.database.transaction() as run:
            run(
                """INSERT INTO unnamed (organisation, stream, name, at) VALUES (?, ?, ?, ?)
                ON CONFLICT (organisation, stream, name) DO UPDATE SET at = excluded.at""",
                *(organisation, case, name, micros(at)),
            )

    def left_unnamed(self, before: datetime) -> list[tuple[str, str]]:
        """The cases for which files came before that, and which may not have been recorded since."""
        found = self.database.ask(
            "SELECT DISTINCT organisation, stream FROM unnamed WHERE at < ?", micros(before)
        )
        return [(organisation, case) for organisation, case in found]

    def sweep(self, organisation: str, case: str, before: datetime, named: Collection[str]) -> int:
        """Destroys the files of a case that came before that and that it does not name; of how many. named:
        SHA-256 of all that its events name."""
        key = self._key(organisation, case)
        kept, where = {sealing.blob_name(key, each) for each in named}, (organisation, case)
        with self.database.transaction() as run:
            waited = run(
                "SELECT name FROM unnamed WHERE organisation = ? AND stream = ? AND at < ?",
                *(*where, micros(before)),
            )
            gone = [name for (name,) in waited if name not in kept]
            for (name,) in waited:
                run("DELETE FROM unnamed WHERE organisation = ? AND stream = ? AND name = ?", *where, name)
            for name in gone:
                run("DELETE FROM blob WHERE organisation = ? AND stream = ? AND name = ?", *where, name)
        for name in gone:
            self.blobs.path(organisation, case, name).unlink(missing_ok=True)
        return len(gone)

    def drop(self, organisation: str, case: str, sha256: str) -> None:
        """Destroys one file of a case that is still to begin. Raises Refused for one that has begun."""
        where = (organisation, case)
        if self.database.ask("SELECT 1 FROM head WHERE organisation = ? AND stream = ?", *where):
            raise Refused("a file of a case goes with its case", place=case, hint="nothing was changed")
        name = sealing.blob_name(self._key(organisation, case), sha256)
        with self.database.transaction() as run:
            run("DELETE FROM blob WHERE organisation = ? AND stream = ? AND name = ?", *where, name)
        self.blobs.path(organisation, case, name).unlink(missing_ok=True)

    def forsake(self, before: datetime) -> int:
        """Destroys files and keys of cases that did not begin, though files came for them before that."""
        gone = 0
        for organisation, case in self.database.ask(
            "SELECT organisation, stream FROM apart WHERE at < ?", micros(before)
        ):
            where = (organisation, case)
            gone += not self.database.ask("SELECT 1 FROM head WHERE organisation = ? AND stream = ?", *where)
            self.forget(organisation, case)
            with self.database.transaction() as run:
                run("DELETE FROM apart WHERE organisation = ? AND stream = ?", *where)
        return gone

    # ---- erasure -----------------------------------------------------------------------------------------

    def erased(self, organisation: str, stream: str) -> datetime | None:
        """When a case was erased, if it was."""
        found = self.database.ask(
            "SELECT at FROM erased WHERE organisation = ? AND stream = ?", organisation, stream
        )
        return _moment(found[0][0]) if found else None

    def erasing(self, organisation: str, stream: str) -> bool:
        """Whether its erasure was begun and a crash or a full disk came before the end. The next start, or
        erasing it again, does the rest."""
        return self.erased(organisation, stream) is None and any(
            (each.organisation, each.stream) == (organisation, stream)
            for each in self.ledger.latest(_UNFINISHED)
        )

    def erase(self, organisation: str, stream: str, at: datetime, *, tidy: bool = True) -> Reach:
        """Destroys a case's key, contents, files, tokens and jobs. Its skeleton and its chain stay.

        Written into the ledger first: a crash at any moment after that is made good at the next start. Says
        which copies of the keyring it could not reach. tidy: False where many are erased in a row; then call
        `tidy()` once.
        """
        _named(organisation, stream)
        if not self.database.ask(
            "SELECT 1 FROM head WHERE organisation = ? AND stream = ?", organisation, stream
        ):
            raise Refused("there is no such case", place=stream)
        if self.erased(organisation, stream) is None and not self.erasing(organisation, stream):
            self.ledger.add(organisation, stream, micros(at))
        self._erase(organisation, stream, micros(at))
        if tidy:
            self.tidy()
        return Reach(
            unreached=tuple(
                copy for copy in self.keyring.copies() if not self._reach(copy, organisation, (stream,))
            )
        )

    def _erase(self, organisation: str, stream: str, at: int) -> None:
        """Each step can be done twice. The row in `erased` comes last: where it is missing, a crash came
        before the end, and all of it is done again."""
        where = (organisation, stream)
        self.keyring.destroy(organisation, stream)
        self.blobs.remove(organisation, stream)
        self._retire(organisation, stream, at)
        with self.database.transaction() as run:
            run("SELECT 1 FROM head WHERE organisation = ? AND stream = ?" + self.database.for_update, *where)
            self.blobs.remove(organisation, stream)  # kept since; who keeps one later finds the case erased
            run("UPDATE event SET sealed = NULL WHERE organisation = ? AND stream = ?", *where)
            for table in ("token", "job", "passed", "blob", "unnamed", "opening"):
                run(f"DELETE FROM {table} WHERE organisation = ? AND stream = ?", *where)
            run(
                "INSERT INTO erased (organisation, stream, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                *(*where, at),
            )
        self._retire(organisation, stream, at)  # the last two cases of a year may be erased side by side

    def _retire(self, organisation: str, stream: str, at: int) -> None:
        """When the last case of a past year is erased, its search key goes too, and with it whatever old
        disk or log still has a token of that year."""
        [(year,)] = self.database.ask(
            "SELECT year FROM head WHERE organisation = ? AND stream = ?", organisation, stream
        )
        if year >= _moment(at).year:
            return
        left = self.database.ask(
            """SELECT 1 FROM head WHERE organisation = ? AND year = ? AND stream <> ? AND NOT EXISTS (
            SELECT 1 FROM erased
            WHERE erased.organisation = head.organisation AND erased.stream = head.stream) LIMIT 1""",
            *(organisation, year, stream),
        )
        if not left:
            self.keyring.destroy(organisation, _year_key(year))

    def tidy(self) -> None:
        """Deleted bytes leave the files of the database, as far as the engine can."""
        self.database.scrub()

    def _finish_erasures(self) -> None:
        """What a crash left half erased is erased now."""
        for each in self.ledger.latest(_UNFINISHED):
            if self.erased(each.organisation, each.stream) is None:
                self._replay(each)

    def _replay(self, erasure: ledger.Erasure) -> None:
        if self.database.ask(
            "SELECT 1 FROM head WHERE organisation = ? AND stream = ?", erasure.organisation, erasure.stream
        ):
            self._erase(erasure.organisation, erasure.stream, erasure.at)
            self.tidy()

    def replay_erasures(self) -> int:
        """After a restore: erases again whatever the ledger says was erased. How many that were."""
        count = 0
        for each in self.ledger:
            self.keyring.destroy(each.organisation, each.stream)
            if self.erased(each.organisation, each.stream) is None:
                self._replay(each)
                count += 1
        return count

    def reach_copies(self) -> Reach:
        """Destroys in every copy of the keyring that is there now what should be destroyed in it."""
        unreached = []
        gone: dict[str, list[str]] = {}
        for each in self.ledger:
            gone.setdefault(each.organisation, []).append(each.stream)
        for copy in self.keyring.copies():
            if not all(self._reach(copy, house, streams) for house, streams in gone.items()):
                unreached.append(copy)
        return Reach(unreached=tuple(unreached))

    def _reach(self, copy: Path, organisation: str, streams: Collection[str]) -> bool:
        if not copy.is_file():
            return False
        try:
            other = Keyring(copy, self.keyring.masters, random=self._random)
        except (
            sqlite3.Error,
            OSError,
        ):  # no keyring any more, or on a disk that cannot be written: it is named
            return False
        try:
            other.destroy(organisation, *streams)
            kept = {year for year in other.names(organisation) if year.startswith(_SEARCH)}
            retired = kept.difference(self.keyring.names(organisation))
            if retired:
                other.destroy(organisation, *retired)
            self.ledger.copy(copy.with_name(ledger.FILE))
        except (sqlite3.Error, OSError):
            return False
        finally:
            other.close()
        return True

    # ---- rotation, rebuilding ----------------------------------------------------------------------------

    def rotate(self, new: MasterKey, *, at_most: int | None = None) -> int:
        """Wraps all case keys under a new master key; see `Keyring.rotate`. Copies of the keyring are left:
        they need the old master key as long as they are kept."""
        return self.keyring.rotate(new, at_most=at_most)

    def rebuild(self, organisation: str, fold: Fold) -> int:
        """Folds the read models of every case anew. How many cases. Erased ones keep their last row."""
        count = 0
        for head in self.heads(organisation):
            while self.erased(organisation, head.stream) is None:
                events = self.load(organisation, head.stream)
                try:
                    self._rebuild(organisation, head.stream, events, fold(events))
                except Conflict:
                    continue  # the case moved on while we folded
                count += 1
                break
        return count

    def _rebuild(self, organisation: str, stream: str, events: tuple[Recorded, ...], folded: Folded) -> None:
        row, search, jobs = folded
        where = (organisation, stream)
        with self.database.transaction() as run:
            _, year, _ = self._take(run, organisation, stream, len(events), events[0].at)
            run("DELETE FROM queue WHERE organisation = ? AND stream = ?", *where)
            if row is not None:
                run(_UPSERT_ROW, *where, *_values(row))
            self._put_tokens(run, *where, year, search, whole=True)
            _put_jobs(run, *where, jobs, (), whole=True)


def _after(after: str) -> Place:
    """The place in the queue that a word of an earlier page names. Refused where it names none."""
    if not after:
        return listing.TOP
    due, tilde, case = after.partition("~")
    if not tilde or not due.isdecimal() or not _STREAM.fullmatch(case):
        raise Refused("this is no place in the queue", place=after, hint="start at the first page")
    return min(int(due), NEVER), case


def _put_jobs(
    run: Run, organisation: str, stream: str, jobs: Collection[Job], done: Collection[str], *, whole: bool
) -> None:
    stored = run("SELECT id, due, what FROM job WHERE organisation = ? AND stream = ?", organisation, stream)
    have = {id: (due, what) for id, due, what in stored}
    want = {job.id: (micros(job.due), job.what) for job in jobs}
    gone = {id for id in have if id in done or (whole and id not in want)}
    for id in sorted(gone - want.keys()):
        run("DELETE FROM job WHERE organisation = ? AND stream = ? AND id = ?", organisation, stream, id)
    for id, (due, what) in sorted(want.items()):
        if have.get(id) != (due, what):
            run(
                """INSERT INTO job (organisation, stream, id, due, what) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (organisation, stream, id)
                DO UPDATE SET due = excluded.due, what = excluded.what""",
                *(organisation, stream, id, due, what),
            )


def _pass_on(run: Run, organisation: str, stream: str, row: Row, at: int) -> None:
    """Notes that a case waits for another act, or for another person, than before its new row."""
    where = (organisation, stream)
    before = run("SELECT turn, next, assigned FROM queue WHERE organisation = ? AND stream = ?", *where)
    if before == [(row.turn, row.next, row.assigned)]:
        return
    if row.turn in (REQUESTER, PERSON, NOBODY):
        run("DELETE FROM passed WHERE organisation = ? AND stream = ?", *where)
        return
    run(
        """INSERT INTO passed (organisation, stream, version, at) VALUES (?, ?, ?, ?)
        ON CONFLICT (organisation, stream) DO UPDATE SET version = excluded.version, at = excluded.at""",
        *(*where, row.version, at),
    )


# ---- values and their places -------------------------------------------------------------------------------

_SEARCH = ".search-"


def _year_key(year: int) -> str:
    return f"{_SEARCH}{year}"


def micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC: exact, ordered, and the same in both databases."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at}")
    return (at - _EPOCH) // timedelta(microseconds=1)


def _moment(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


def _due(at: datetime | None) -> int:
    return NEVER if at is None else micros(at)


def _values(row: Row) -> list[Value]:
    values: list[Value] = []
    for column in _COLUMNS:
        value = getattr(row, column)
        match column:
            case "received":
                values.append(micros(value))
            case "due":
                values.append(_due(value))
            case _:
                values.append(int(value) if isinstance(value, bool) else value)
    return values


def _row(found: tuple[Any, ...]) -> Row:
    case, *values = found
    fields: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
    received, due = fields.pop("received"), fields.pop("due")
    fields |= {name: bool(fields[name]) for name in ("emergency", "domestic", "held", "closed")}
    return Row(case=case, received=_moment(received), due=None if due == NEVER else _moment(due), **fields)


def _named(organisation: str, stream: str) -> None:
    if not _ORGANISATION.fullmatch(organisation):
        raise ValueError(f"not the name of an organisation: {organisation!r}")
    if not _STREAM.fullmatch(stream):
        raise ValueError(f"not the name of a case: {stream!r}")


def _numbered(stream: str, expected: int, new: tuple[Recorded, ...], row: Row | None) -> None:
    numbers = [each.number for each in new]
    if not new or numbers != list(range(expected + 1, expected + 1 + len(new))):
        raise ValueError(f"after {expected} events of {stream} come events numbered {numbers}")
    if row is not None and (row.case, row.version) != (stream, numbers[-1]):
        raise ValueError(f"a row of {row.case} at {row.version} for {stream} at {numbers[-1]}")


def _place(organisation: str, stream: str, number: int, kind: str) -> bytes:
    """What contents are bound to: they open nowhere else."""
    return packed("habeas event v1", organisation, stream, number, kind)


def _files(organisation: str, stream: str) -> bytes:
    return packed("habeas file v1", organisation, stream)


def _opened(
    key: bytes, organisation: str, stream: str, number: int, kind: str, sealed: bytes | None
) -> bytes:
    place = f"{stream}, event {number}"
    if sealed is None:
        raise Broken("the contents of an event are missing, and the case was not erased", place=place)
    return sealing.unseal(key, bytes(sealed), _place(organisation, stream, number, kind), place)


def _moved_on(stream: str) -> Conflict:
    return Conflict(
        "somebody else changed the case meanwhile, and nothing was recorded",
        place=stream,
        hint="look again, then repeat",
    )


def _gone(stream: str) -> Refused:
    return Refused("the contents of this case were erased", place=stream, hint="its history of dates is kept")


def apart(keys: Path, *others: Path) -> None:
    """Keys and what they open may not lie in one folder, or they end in one backup and one thief's hand."""
    mine = keys.resolve()
    for other in others:
        theirs = other.resolve()
        if mine == theirs or mine.is_relative_to(theirs) or theirs.is_relative_to(mine):
            raise Refused(
                "the keyring lies in one folder with what it opens",
                place=f"{keys} and {other}",
                hint="give it a folder of its own",
            )

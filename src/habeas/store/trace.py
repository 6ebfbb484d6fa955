"""What goes from here into the public log: waiting entries, leaves in their order, what opens them.

An entry is salted and sealed in the transaction of the events it is about, and waits in `outbox` under a
random number, without a word of whose it is. Once a day all that waits gets its places in the log, in the
order of those random numbers: from then on nothing in the tables relates a leaf to a case. Only two things
open a leaf: the house's key opens what is counted, the case's key opens the rest (beside the case), and goes
with it.

What is counted of leaves that have their places is kept in segments of many leaves: the values as columns,
which a report reads whole, and the salts apart, which only an auditor's openings need.

Decides nothing about cases and signs nothing: `habeas.app.publishing` does, with the log of `habeas.tlog`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import msgspec
import pyarrow as pa

from habeas.desk import public
from habeas.desk.public import GROUPS, SALT, Entry, Opened, Opening
from habeas.store import columns, sealing
from habeas.store.database import Database, Rows, Run
from habeas.store.keyring import Keyring
from habeas.store.keys import Random
from habeas.store.sealing import Broken, packed
from habeas.tlog import Overtaken

HOUSE_KEY = ".trace"
"""The key of the house's own part: what is counted, and entries about no case. It outlives every case."""

Holding = Callable[[Run], None]
"""Raises within a transaction where its caller lost the lease."""

_SHUFFLE = 16  # bytes that decide an entry's turn: nobody can guess or choose them
_AT_ONCE = 1000
_BLOCK = 65_536  # leaves that are found by one look into the index; see `habeas.store.schema`
_COUNTED, _OPENING = 2048, 4096
"""Bytes: what is sealed here is filled up to them, or its length would say what it is. What is counted takes
700 to 1,000 while it waits, most of them salts; the whole opening goes with its case."""
_FIELDS = GROUPS["count"]
_VALUES, _SALTS = "values", "salts"
_VALUES_EVEN, _SALTS_EVEN = 16384, 16
"""Bytes that segments are filled up to: how many leaves there are is no secret, how many words is one."""
_SEGMENT = 65_536  # leaves; a segment of values grows to so many, then the next one is begun
_SALTED = 4_096  # leaves of one segment of salts: 2.5 MB
MATURES = timedelta(minutes=10)  # clocks of two machines differ by less, and an act takes less than that
_SECOND = 1_000_000  # microseconds: what the log writes of a moment has whole seconds
_NOTHING_YET = -(2**63)  # before any instant
_ALL = 2**63 - 1  # rows: more than there can be


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with what opens it. place: in the log, from 0; None while it waits. number: of its event."""

    number: int
    opened: Opened
    place: int | None


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf of the log with what an auditor may open of it."""

    place: int
    leaf: bytes
    count: Opening


class Trace:
    """The way of all organisations to their public logs. Written by `Store` and by whoever publishes."""

    def __init__(self, database: Database, keyring: Keyring, random: Random) -> None:
        self._database = database
        self._keyring = keyring
        self._random = random

    # ---- entries come in ---------------------------------------------------------------------------------

    def put(
        self,
        run: Run,
        organisation: str,
        stream: str,
        key: bytes,
        entries: Sequence[Entry],
        *,
        paper: Opening | None = None,
        taken: bool = False,
    ) -> None:
        """Lays entries ready, in the transaction of what they are about. key: of the stream. paper: the salts
        that were promised for the one entry there is. taken: they go with what is being placed just now."""
        house = self._keyring.made(organisation, HOUSE_KEY) if entries else b""
        for entry in entries:
            opened = public.salted(entry, self._random, paper=paper)
            leaf = opened.leaf()
            run(
                "INSERT INTO outbox (organisation, turn, leaf, counted, taken) VALUES (?, ?, ?, ?, ?)",
                organisation,
                self._random(_SHUFFLE),
                leaf,
                self._sealed(house, opened.count, _counted(organisation, leaf), _COUNTED),
                int(taken),
            )
            if stream:
                run(
                    "INSERT INTO opening (organisation, stream, number, name, sealed) VALUES (?, ?, ?, ?, ?)",
                    organisation,
                    stream,
                    entry.number,
                    (name := self._random(_SHUFFLE)),
                    self._sealed(key, opened, _opening(organisation, stream, name), _OPENING),
                )

    def add(self, organisation: str, entry: Entry, *, paper: Opening | None = None) -> None:
        """Lays an entry ready that is about no case. What arrived at a door has no opening here: its sender
        has it, in the promise."""
        key = self._keyring.made(organisation, HOUSE_KEY)
        stream = "" if entry.count.kind == public.Kind.ARRIVAL else HOUSE_KEY
        with self._database.transaction() as run:
            self.put(run, organisation, stream, key, (entry,), paper=paper)

    def _sealed(self, key: bytes, value: Opening | Opened, context: bytes, even: int) -> bytes:
        return sealing.seal(key, msgspec.msgpack.encode(value), context, self._random, even=even)

    # ---- entries get their places ------------------------------------------------------------------------

    def size(self, organisation: str) -> int:
        """How many leaves have their place."""
        return self._size(self._database.ask, organisation)

    def _size(self, run: Run, organisation: str) -> int:
        [(size,)] = run("SELECT coalesce(max(place) + 1, 0) FROM leaf WHERE organisation = ?", organisation)
        return int(size)

    def sequence(self, run: Run, organisation: str, day: str, more: Sequence[Entry], multiple: int) -> bool:
        """Gives everything that waits its place in the log, in random order; False where that day was done.

        more: entries of the day about no case. multiple: how many leaves a day has is a multiple of this;
        what is missing is filled up with leaves that say nothing. It is all or nothing, and once a day.
        """
        if run("SELECT 1 FROM published WHERE organisation = ? AND day = ?", organisation, day):
            return False
        run("INSERT INTO published (organisation, day) VALUES (?, ?)", organisation, day)
        key = self._keyring.made(organisation, HOUSE_KEY)
        self.put(run, organisation, HOUSE_KEY, key, more)
        run("UPDATE outbox SET taken = 1 WHERE organisation = ?", organisation)
        [(taken,)] = run("SELECT count(*) FROM outbox WHERE organisation = ? AND taken = 1", organisation)
        padding = (public.PADDING,) * (-taken % multiple)
        self.put(run, organisation, "", key, padding, taken=True)
        start = self._size(run, organisation)
        self._gather(
            run,
            organisation,
            start,
            run(
                "SELECT leaf, counted FROM outbox WHERE organisation = ? AND taken = 1 ORDER BY turn",
                organisation,
            ),
        )
        run(
            """INSERT INTO leaf (organisation, place, leaf)
            SELECT organisation, row_number() OVER (ORDER BY turn) - 1 + ?, leaf
            FROM outbox WHERE organisation = ? AND taken = 1""",
            start,
            organisation,
        )
        run("DELETE FROM outbox WHERE organisation = ? AND taken = 1", organisation)
        size = start + int(taken) + len(padding)
        run(
            "UPDATE published SET size = ?, multiple = ? WHERE organisation = ? AND day = ?",
            *(size, multiple, organisation, day),
        )
        return True

    def _gather(self, run: Run, organisation: str, start: int, sealed: Rows) -> None:
        """Keeps what is counted of leaves from `start` on in segments. sealed: leaf, and what opens it."""
        key = self._keyring.made(organisation, HOUSE_KEY)
        decoder = msgspec.msgpack.Decoder(Opening)
        values: list[tuple[str, ...]] = []
        salts: list[bytes] = []
        for number, (leaf, counted) in enumerate(sealed, start):
            where = f"leaf {number}"
            plain = sealing.unseal(key, bytes(counted), _counted(organisation, bytes(leaf)), where)
            opening = decoder.decode(plain)
            values.append(opening.values)
            salts.append(b"".join(opening.salts))
        for first in range(0, len(salts), _SALTED):
            some = salts[first : first + _SALTED]
            self._put_segment(run, organisation, _SALTS, start + first, len(some), b"".join(some))
        self.put_columns(run, organisation, start, columns.table(_FIELDS, values))

    def put_columns(self, run: Run, organisation: str, start: int, new: pa.Table) -> None:
        """Keeps the values of leaves from `start` on. The last segment is made anew with them, unless it is
        full."""
        for begun, leaves, sealed in run(
            """SELECT start, leaves, sealed FROM segment WHERE organisation = ? AND part = ? AND leaves < ?
            AND start + leaves = ?""",
            *(organisation, _VALUES, _SEGMENT, start),
        ):
            key = self._keyring.made(organisation, HOUSE_KEY)
            place, context = f"{_VALUES} of leaf {begun}", _segment(organisation, _VALUES, begun, leaves)
            plain = sealing.unseal(key, bytes(sealed), context, place)
            before = columns.decoded(plain, _FIELDS, place)
            new, start = columns.joined(_FIELDS, [before, new]), begun
            run(
                "DELETE FROM segment WHERE organisation = ? AND part = ? AND start = ?",
                *(organisation, _VALUES, begun),
            )
        for first in range(0, len(new), _SEGMENT):
            part = new.slice(first, _SEGMENT)
            plain = columns.encoded(columns.joined(_FIELDS, [part]))
            self._put_segment(run, organisation, _VALUES, start + first, len(part), plain)

    def _put_segment(
        self, run: Run, organisation: str, part: str, start: int, leaves: int, plain: bytes
    ) -> None:
        key = self._keyring.made(organisation, HOUSE_KEY)
        even = _VALUES_EVEN if part == _VALUES else _SALTS_EVEN
        context = _segment(organisation, part, start, leaves)
        run(
            "INSERT INTO segment (organisation, part, start, leaves, sealed) VALUES (?, ?, ?, ?, ?)",
            *(organisation, part, start, leaves),
            sealing.seal(key, plain, context, self._random, even=even),
        )

    def gather(self) -> None:
        """Brings what is counted of leaves from before there were segments into them. Where some of it does
        not open all of that house's stays, and is missing wherever it is asked for."""
        for (organisation,) in self._database.ask("SELECT DISTINCT organisation FROM loose"):
            with suppress(Broken), self._database.transaction() as run:
                self._database.alone(run, "changes the tables")
                for start in range(0, self._size(run, organisation), _SALTED):
                    found = run(
                        """SELECT leaf.leaf, loose.counted FROM loose JOIN leaf ON
                        leaf.organisation = loose.organisation AND leaf.place = loose.place
                        WHERE loose.organisation = ? AND loose.place >= ? AND loose.place < ?
                        ORDER BY loose.place""",
                        *(organisation, start, start + _SALTED),
                    )
                    if found:
                        self._gather(run, organisation, start, found)
                run("DELETE FROM loose WHERE organisation = ?", organisation)

    def waiting(self, organisation: str, most: int = _ALL) -> int:
        """How many entries wait for the next day's publication; counted no further than `most`, if said."""
        [(count,)] = self._database.ask(
            "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE organisation = ? LIMIT ?) AS counted",
            *(organisation, most),
        )
        return int(count)

    def done(self, organisation: str, day: str) -> bool:
        """Whether that day's entries got their places."""
        return bool(
            self._database.ask(
                "SELECT 1 FROM published WHERE organisation = ? AND day = ?", organisation, day
            )
        )

    def days(self, organisation: str) -> int:
        """On how many days entries got their places."""
        [(count,)] = self._database.ask("SELECT count(*) FROM published WHERE organisation = ?", organisation)
        return int(count)

    def sizes(self, organisation: str) -> tuple[tuple[int, int], ...]:
        """How many leaves the log had after each day, and to a multiple of how many that day was filled up,
        as everybody saw; without the days of older records."""
        found = self._database.ask(
            "SELECT size, multiple FROM published WHERE organisation = ? AND size IS NOT NULL ORDER BY size",
            organisation,
        )
        return tuple((int(size), int(multiple)) for size, multiple in found)

    def waits(self, organisation: str, leaf: bytes) -> bool:
        """Whether this leaf waits for its place."""
        return bool(
            self._database.ask("SELECT 1 FROM outbox WHERE organisation = ? AND leaf = ?", organisation, leaf)
        )

    # ---- leaves and what opens them ----------------------------------------------------------------------

    def leaves(self, organisation: str, start: int, end: int) -> tuple[bytes, ...]:
        """The bytes of the leaves from `start` up to `end`, in order. Raises Broken where one is missing."""
        found = self._database.ask(
            "SELECT leaf FROM leaf WHERE organisation = ? AND place >= ? AND place < ? ORDER BY place",
            organisation,
            start,
            end,
        )
        if len(found) != end - start:
            raise Broken("leaves of the public log are missing", place=f"{organisation}, {start} to {end}")
        return tuple(bytes(leaf) for (leaf,) in found)

    def columns(self, organisation: str, start: int = 0, end: int | None = None) -> pa.Table:
        """What is counted of the leaves from `start` up to `end`, without salts: for each field of the group
        a dictionary column of text in one piece. Raises Broken where it is not there of every leaf."""
        end = self.size(organisation) if end is None else end
        found = []
        for begun, until, plain, place in self._segments(organisation, _VALUES, start, end):
            segment = columns.decoded(plain, _FIELDS, place)
            found.append(segment.slice(start - begun, until - start))
            start = until
        return columns.joined(_FIELDS, found)

    def counted(self, organisation: str, start: int = 0, end: int | None = None) -> Iterator[Leaf]:
        """What is counted of every leaf, with its salts: what an auditor is given."""
        end = self.size(organisation) if end is None else end
        values = self.columns(organisation, start, end)
        size, at = len(_FIELDS) * SALT, start
        for begun, until, salts, _where in self._segments(organisation, _SALTS, start, end):
            leaves = self.leaves(organisation, at, until)
            words = columns.rows(_FIELDS, values, at - start, until - start)
            for place, (leaf, row) in enumerate(zip(leaves, words, strict=True), at):
                first = (place - begun) * size
                parts = tuple(salts[each : each + SALT] for each in range(first, first + size, SALT))
                yield Leaf(place=place, leaf=leaf, count=Opening(group="count", values=row, salts=parts))
            at = until

    def _segments(
        self, organisation: str, part: str, start: int, end: int
    ) -> Iterator[tuple[int, int, bytes, str]]:
        """What the segments between two places hold, in their order: where each begins, up to where it is
        wanted, the plain bytes, its name. Raises Broken where one is missing.

        Each is asked for by the place it has to hold: whoever publishes meanwhile makes the last one longer.
        """
        key = self._keyring.made(organisation, HOUSE_KEY)
        while start < end:
            found = self._database.ask(
                """SELECT start, leaves, sealed FROM segment WHERE organisation = ? AND part = ?
                AND start <= ? ORDER BY start DESC LIMIT 1""",
                *(organisation, part, start),
            )
            place = f"{part} of leaf {start}"
            if not found or found[0][0] + found[0][1] <= start:
                raise Broken("what is counted of a leaf is missing", place=place)
            [(begun, leaves, sealed)] = found
            context = _segment(organisation, part, begun, leaves)
            until = min(begun + leaves, end)
            yield begun, until, sealing.unseal(key, bytes(sealed), context, place), place
            start = until

    def opened(self, organisation: str, stream: str) -> tuple[Placed, ...]:
        """The entries of a case, or the house's own (`HOUSE_KEY`), with all that opens them. None where the
        key is gone."""
        key = self._keyring.key(organisation, stream)
        if key is None:
            return ()
        return tuple(
            self._placed(organisation, key, stream, number, bytes(name), bytes(sealed))
            for number, name, sealed in self._database.ask(
                """SELECT number, name, sealed FROM opening WHERE organisation = ? AND stream = ?
                ORDER BY number, name""",
                organisation,
                stream,
            )
        )

    def _placed(
        self, organisation: str, key: bytes, stream: str, number: int, name: bytes, sealed: bytes
    ) -> Placed:
        place = f"{stream}, entry of event {number}"
        plain = sealing.unseal(key, sealed, _opening(organisation, stream, name), place)
        opened = msgspec.msgpack.decode(plain, type=Opened)
        where = self.place(organisation, opened.leaf(), opened.count.value("month"))
        return Placed(number=number, opened=opened, place=where)

    def ledgers(self, organisation: str) -> tuple[Placed, ...]:
        """The house's ledgers, the oldest first."""
        own = self.opened(organisation, HOUSE_KEY)
        found = [each for each in own if each.opened.count.value("kind") == public.Kind.LEDGER]
        return tuple(sorted(found, key=lambda each: public.ledger_until(each.opened.paper)))

    def place(self, organisation: str, leaf: bytes, month: str = "") -> int | None:
        """Where a leaf stands in the log; None where it is not in it (yet). month: as for `of_paper`."""
        found = self.of_paper(organisation, public.commitments(leaf)[2], month)
        return found[0] if found is not None and found[1] == leaf else None

    def of_paper(self, organisation: str, paper: bytes, month: str = "") -> tuple[int, bytes] | None:
        """The place and the bytes of the leaf that holds this commitment to a paper: what a promise names.

        month: YYYY-MM of what it is about, where that is known. Leaves are found block by block, and it is
        looked for from that month on first, then before it: a clock may have been wrong.
        """
        before = self._database.ask(
            """SELECT size FROM published WHERE organisation = ? AND day < ? AND size IS NOT NULL
            ORDER BY day DESC LIMIT 1""",
            *(organisation, month),
        )
        first = int(before[0][0]) // _BLOCK if before else 0
        end = self.size(organisation) // _BLOCK + 1
        for blocks in filter(None, (range(first, end), range(min(first, end)))):
            found = self._database.ask(
                f"""SELECT place, leaf FROM leaf WHERE organisation = ?
                AND place / {_BLOCK} IN ({", ".join(map(str, blocks))}) AND substr(leaf, 81) = ? LIMIT 1""",
                *(organisation, paper),
            )
            if found:
                return int(found[0][0]), bytes(found[0][1])
        return None

    def holds(self, organisation: str, paper: bytes, month: str = "") -> bool:
        """Whether a leaf with this commitment to a paper has its place, or waits for one. month: as for
        `of_paper`."""
        if self.of_paper(organisation, paper, month) is not None:
            return True
        return bool(
            self._database.ask(
                "SELECT 1 FROM outbox WHERE organisation = ? AND substr(leaf, 81) = ?", organisation, paper
            )
        )

    # ---- the ledger --------------------------------------------------------------------------------------

    def spoken(self, run: Run, organisation: str) -> int:
        """Up to when the log speaks, in microseconds since 1970 in UTC. Who is about to speak further waits
        until this transaction is over."""
        found = run(
            "SELECT until FROM spoken WHERE organisation = ?" + self._database.for_share, organisation
        )
        return int(found[0][0]) if found else _NOTHING_YET

    def speak(self, run: Run, organisation: str, until: int) -> int:
        """Lets the log speak up to `until`, or a second further than before where a clock was set back.

        Whatever an append records from here on comes after the instant that is given, so a ledger up to it,
        reckoned when this transaction is over, comes out the same for good.
        """
        found = run(
            "SELECT until FROM spoken WHERE organisation = ?" + self._database.for_update, organisation
        )
        until = max(until, int(found[0][0]) + _SECOND) if found else until
        run(
            """INSERT INTO spoken (organisation, until) VALUES (?, ?)
            ON CONFLICT (organisation) DO UPDATE SET until = excluded.until""",
            organisation,
            until,
        )
        return until

    def ledger(self, organisation: str, until: int) -> str:
        """One hash over the end of every case's chain as it was at `until`, in the order of the cases.

        until: microseconds since 1970 in UTC. It follows from the events alone, so whoever changes, removes
        or back-dates one later cannot make it come out again. An event counts from its time on, or, where the
        clock stood before what the log had spoken of, from right after that.
        """
        digest = hashlib.sha256(packed("habeas ledger v1", organisation, until))
        after = ""
        while found := self._database.ask(
            """SELECT h.stream, e.number, e.chain, coalesce(e.spoken + 1, e.at) FROM head h JOIN event e
            ON e.organisation = h.organisation AND e.stream = h.stream AND e.number = h.version
            WHERE h.organisation = ? AND h.stream > ? ORDER BY h.stream LIMIT ?""",
            organisation,
            after,
            _AT_ONCE,
        ):
            for stream, number, chain, at in found:
                if at > until:
                    earlier = self._database.ask(
                        """SELECT number, chain FROM event WHERE organisation = ? AND stream = ?
                        AND coalesce(spoken + 1, at) <= ? ORDER BY number DESC LIMIT 1""",
                        organisation,
                        stream,
                        until,
                    )
                    if not earlier:
                        continue
                    [(number, chain)] = earlier
                digest.update(packed(stream, number, bytes(chain)))
            after = found[-1][0]
        return digest.hexdigest()


class Newest:
    """The newest checkpoint of one organisation, kept in the database, apart from the tiles.

    `Checkpoints` of `habeas.tlog`: whoever swaps says which one they saw, so two publishers never sign two
    different trees of one size. hold: raises where its caller is not the one publisher any more.
    """

    def __init__(self, database: Database, organisation: str, hold: Holding) -> None:
        self._database = database
        self._organisation = organisation
        self._hold = hold

    @contextmanager
    def lease(self) -> Iterator[None]:
        """The publisher's own lease is enough: a swap under an old one is refused."""
        with self._database.transaction() as run:
            self._hold(run)
        yield

    def current(self) -> bytes | None:
        found = self._database.ask("SELECT note FROM checkpoint WHERE organisation = ?", self._organisation)
        return bytes(found[0][0]) if found else None

    def swap(self, before: bytes | None, after: bytes) -> None:
        with self._database.transaction() as run:
            self._hold(run)
            found = run(
                "SELECT note FROM checkpoint WHERE organisation = ?" + self._database.for_update,
                self._organisation,
            )
            if (bytes(found[0][0]) if found else None) != before:
                raise Overtaken(
                    "somebody else published meanwhile", place=self._organisation, hint="look again"
                )
            run(
                """INSERT INTO checkpoint (organisation, note) VALUES (?, ?)
                ON CONFLICT (organisation) DO UPDATE SET note = excluded.note""",
                self._organisation,
                after,
            )


def mature(at: datetime) -> datetime:
    """Until when a ledger made at `at` looks, so that an honest clock never stands before it."""
    return at - MATURES


def _counted(organisation: str, leaf: bytes) -> bytes:
    return packed("habeas counted v1", organisation, leaf)


def _segment(organisation: str, part: str, start: int, leaves: int) -> bytes:
    return packed("habeas segment v1", organisation, part, start, leaves)


def _opening(organisation: str, stream: str, name: bytes) -> bytes:
    return packed("habeas opening v1", organisation, stream, name)

"""One installation of the desk: its records, keys and clock, and the verbs that need more than one of them.

Below here nothing knows what time it is, makes up an id, or opens a file; above here (web, command line,
worker) nothing knows how records are kept. A home folder looks like this:

    data/desk.sqlite   events and read models, sealed (not there where PostgreSQL keeps them)
    data/blobs/        files of cases, sealed
    keys/              the keyring of case keys and the ledger of erasures; never in the same backup as data/
    master/            the master key, or what opens it, where systemd does not hand it over (`masters.py`)
    outgoing/          sealed packages, as they left
    public/            the public site of each house: its log and what is read beside it
    law-confirmations.toml   which provisions an office compared with a certified text
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from habeas.app.masters import NOBODY, Holder, Masters, Passphrases, Place
from habeas.assess import Ceiling
from habeas.desk import case as cases
from habeas.desk import delivery, package, promise, public, queue, zones
from habeas.desk.case import Case, Stage
from habeas.desk.desk import Desk
from habeas.desk.events import (
    HOUSE,
    Configured,
    Door,
    Held,
    LogConfigured,
    Received,
    ReceivedAgain,
    Recorded,
    Way,
)
from habeas.desk.letters import Kind, Language, Letter, compose, filling, theirs, verified
from habeas.desk.moves import TABLE, Act, may, permit
from habeas.desk.people import House
from habeas.desk.queue import Folded, Load, Page, View
from habeas.desk.records import Change, Conflict, Looked
from habeas.desk.stamping import Stamp, Stamping
from habeas.errors import Refused
from habeas.gateways import confined, timestamps
from habeas.reports.letter_page import as_html
from habeas.reports.printing import as_pdf
from habeas.request import Item, Period, Read, Request, read_entries
from habeas.store import (
    HOUSE_KEY,
    Coming,
    Fold,
    Head,
    MasterKeys,
    Postgres,
    Reach,
    Sqlite,
    Store,
    backup,
    doctor,
    restore,
)
from habeas.store.keyring import FILE as KEYRING
from habeas.store.keyring import sync_folder
from habeas.store.store import micros
from habeas.tlog import S3, Algorithm, Folder, Signer, Tiles, ignore
from habeas.treaty import Confirmation, law, read_register

ACCOUNTS, PAGES_KEY = "accounts.sqlite", "web.key"  # of the pages: who signs in, and what seals their factors
CODE_BYTES = 10  # 80 bits: a code at the person's door cannot be guessed at any speed we answer
FILE_BYTES = 2 * 1024**3  # of a custodian's file; what is longer is cut where it was exported
TRIES = 5  # a request that comes in twice at one moment is looked for again: once is enough for two
CASE_BYTES = 5  # 40 bits, so that a reference does not tell how many requests a house gets
DELETE_AFTER = timedelta(days=5 * 365)  # asked of the authority where the decision names no day
_RESTORED = "restored"  # the houses that publish again since a restore, once it is there
_LOG_KEY, _PROMISE_KEY = ".log-key", ".promise-key"
_SIGNING = ".signing-packages"  # the name of the house's signing key in its keyring


class Random(Protocol):
    def __call__(self, length: int, /) -> bytes: ...


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one request that came in: a case, or why it could not be read. promise: for its sender,
    empty where the house keeps no public log."""

    case: Case | None = None
    refused: Refused | None = None
    promise: bytes = b""

    @property
    def again(self) -> bool:
        """Whether an open case had the same request already, so that it was recorded there."""
        return self.case is not None and came_again(self.case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A custodian's file for one item. data: its bytes; the file as it comes, sealed already (`coming`); or
    one that lies in the case. holds: what kind of data is in it; None for what was decided to be given.
    period: the days its data is from; None for those the item asks for."""

    target: str
    item: str
    name: str
    data: bytes | Coming | Held
    holds: Ceiling | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """A change of the master key. keys: how many were wrapped anew. gone: older master keys, taken out of the
    home folder. can_go: older ones that others hold, which open nothing here any more."""

    keys: int
    gone: tuple[Place, ...]
    can_go: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A master key at hand: where it is, its id, how many keys are wrapped under it, whether it is in use."""

    place: Place
    id: str
    keys: int
    in_use: bool


class Installation:
    """The desks of all organisations that share one home folder or one database."""

    def __init__(
        self,
        store: Store,
        *,
        outgoing: Path,
        public: Path | None = None,
        register: Path | None = None,
        now: Callable[[], datetime] = utc_now,
        random: Random = os.urandom,
    ) -> None:
        """public: where the sites of the houses are made, otherwise beside `outgoing`. register: of confirmed
        provisions (`habeas law confirm`), which letters may quote."""
        self.store = store
        self.outgoing = outgoing
        self._home = outgoing.parent
        self._public = public or outgoing.with_name("public")
        self.register = register
        self.now = now
        self._random = random
        self._houses: dict[str, tuple[Head, House]] = {}

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        database: str = "",
        masters: MasterKeys | None = None,
        passphrases: Passphrases = NOBODY,
        now: Callable[[], datetime] = utc_now,
        random: Random = os.urandom,
        make: bool = True,
    ) -> Installation:
        """Open the home folder, made where it is not there yet.

        database: a PostgreSQL address; empty for the file in the home folder. masters: the master keys, where
        they are not to be looked for (see `Masters`). passphrases: asked where one opens the master key.
        make: False where a mistyped folder should be refused, and not become a new, empty installation.
        """
        if not make:
            _there(home)
        # Where there are case keys already, a new master key opens none of them.
        make = make and not (home / "keys" / KEYRING).exists()
        known = masters or Masters(home, passphrases).keys(make=make)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = home / "data"
        data.mkdir(exist_ok=True, mode=0o700)
        store = Store(
            _database(home, database),
            keys=home / "keys",
            blobs=data / "blobs",
            masters=known,
            random=random,
            clock=now,
        )
        return cls(
            store,
            outgoing=home / "outgoing",
            register=home / "law-confirmations.toml",
            now=now,
            random=random,
        )

    @classmethod
    def rotate(
        cls,
        home: Path,
        *,
        database: str = "",
        kind: Holder | None = None,
        command: Sequence[str] = (),
        passphrases: Passphrases = NOBODY,
    ) -> Rotated:
        """Wrap all case keys under the new master key; kind and command as in `Masters.change`.

        Broken off anywhere, it is taken up by calling it again: until the end all of them are there.
        """
        _there(home)
        masters = Masters(home, passphrases)
        known = masters.change(kind, command)
        opened = cls.open(home, database=database, masters=known, make=False)
        try:
            count = opened.store.rotate(known.current)
        finally:
            opened.close()
        gone, can_go = masters.changed()
        return Rotated(keys=count, gone=gone, can_go=can_go)

    @classmethod
    def holdings(
        cls, home: Path, *, database: str = "", passphrases: Passphrases = NOBODY
    ) -> tuple[Holding, ...]:
        """Every master key at hand, that in use first."""
        _there(home)
        found = Masters(home, passphrases).opened()
        if not found:
            raise Refused("there is no master key here", place=str(home / "master"))
        known = MasterKeys(found[0][1], tuple(key for _, key in found[1:]))
        opened = cls.open(home, database=database, masters=known, make=False)
        under = opened.store.keyring.under()
        opened.close()
        return tuple(
            Holding(
                place=place,
                id=key.id,
                keys=under.get(key.id, 0),
                in_use=key is known.current and not place.older,
            )
            for place, key in found
        )

    @classmethod
    def restore(
        cls,
        home: Path,
        data: Path,
        keys: Path,
        *,
        database: str = "",
        masters: MasterKeys | None = None,
        passphrases: Passphrases = NOBODY,
        ledgers: Sequence[Path] = (),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Bring a backup into an empty home folder. Its master key is there already, or handed over."""
        known = masters or Masters(home, passphrases).keys(make=False)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        _private(home / "data")
        restore(
            data,
            keys,
            database=_database(home, database),
            keys=home / "keys",
            blobs=home / "data" / "blobs",
            masters=known,
            ledgers=ledgers,
            clock=now,
        ).close()
        write_private(home / _RESTORED, b"")
        for folder, name in ((data, ACCOUNTS), (keys, PAGES_KEY)):
            if (folder / name).exists() and not (home / name).exists():
                write_private(home / name, (folder / name).read_bytes())

    def backup(self, data: Path, keys: Path) -> None:
        """Copy the records to one new folder and the keyring to another, while everything runs.

        The accounts people sign in with go with the records, and the key of the pages, which opens the second
        factors in them, with the keyring.
        """
        backup(self.store, data, keys)
        accounts, pages = self._home / ACCOUNTS, self._home / PAGES_KEY
        if accounts.exists():
            with closing(sqlite3.connect(f"file:{accounts}?mode=ro", uri=True)) as found:
                os.close(os.open(data / ACCOUNTS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
                with closing(sqlite3.connect(data / ACCOUNTS)) as copy:
                    found.backup(copy)
        if pages.exists():
            write_private(keys / PAGES_KEY, pages.read_bytes())

    def close(self) -> None:
        self.store.close()

    # ---- reading ----

    def desk(self, organisation: str, seen: int | None = None) -> Desk:
        """seen: the length of the case that somebody looked at; see `Desk`."""
        return Desk(organisation, self.store, seen=seen)

    def people(self, organisation: str) -> House:
        """The house as it stands. It is read with every page and changes rarely, so it is folded again only
        when its chain has another end."""
        head = self.store.head(organisation, HOUSE)
        known = self._houses.get(organisation)
        if known is not None and known[0] == head:
            return known[1]
        house = self.desk(organisation).house()
        if head is not None and head.version == house.length:  # nobody added to it in between
            self._houses[organisation] = (head, house)
        return house

    def case(self, organisation: str, id: str) -> Case:
        return self.desk(organisation).case(id)

    def queue(self, organisation: str, view: View, after: str = "", limit: int = 50) -> Page:
        return self.store.queue(organisation, view, after=after, limit=limit)

    def count(self, organisation: str, view: View, most: int = 1000) -> int:
        """How many rows a view has, counted no further than `most`."""
        return self.store.count(organisation, view, most)

    def workload(self, organisation: str, person: str, most: int = 1000) -> Load:
        """What lies with somebody of the house, counted no further than `most`."""
        return self.store.workload(organisation, person, self.now(), most)

    def find(self, organisation: str, words: str) -> tuple[str, ...]:
        """The cases that know exactly this identifier or reference. There is no other search."""
        return self.store.search(organisation, (words,), queue.searched_years(self.now()))

    def same(self, organisation: str, request: Request, source: bytes) -> tuple[str, ...]:
        """The cases that came as this very request, read from these bytes or from others."""
        came = Received(request=request, door=Door.IMPORT, source=_sha256(source), entry=request.id)
        words, _like = queue.came_as(came)
        return self.store.search(organisation, words, queue.searched_years(self.now()))

    def guest_of(self, organisation: str, person: str) -> tuple[Case, ...]:
        """The cases that somebody invited sits in, in order of their numbers; none after they ended. A
        request that names the word they are found by adds none: who sits there is asked of the case."""
        found = (self.case(organisation, id) for id in self.find(organisation, queue.guest(person)))
        return tuple(case for case in found if case.seat(person) is not None)

    def get(self, organisation: str, case: str, sha256: str) -> bytes:
        return self.store.get(organisation, case, sha256)

    # ---- the public log ----

    def site(self, organisation: str) -> Path:
        """The folder of a house's public site; it can be served from anywhere. Of a site that is published to
        a bucket only reports and totals lie here."""
        return self._public / organisation

    def kept(self, organisation: str) -> LogConfigured:
        """How the public log of the house is kept. Raises Refused where it keeps none."""
        kept = self.people(organisation).log
        if kept is None:
            raise Refused(
                "this house keeps no public log",
                place=organisation,
                hint="an administrator opens one: habeas log keep",
            )
        return kept

    def tiles(self, organisation: str, step: Callable[[str], None] = ignore) -> Tiles:
        """Where the house publishes: its folder, or the bucket that it named. step: as in `habeas.tlog`."""
        kept = self.people(organisation).log
        if kept is not None and kept.tiles:
            return S3.at(kept.tiles, step=step)
        return Folder(self.site(organisation), step=step)

    def log_signer(self, organisation: str, kept: LogConfigured) -> Signer:
        """The key that signs the trees of the log: the publisher's alone."""
        seed = self.store.keyring.made(organisation, _LOG_KEY)
        return Signer.from_seed(kept.origin, seed, Algorithm.ED25519)

    def promiser(self, organisation: str, kept: LogConfigured) -> Signer:
        """The key of the doors: it signs promises, and that the site is fresh."""
        seed = self.store.keyring.made(organisation, _PROMISE_KEY)
        return Signer.from_seed(promise.key_name(kept.origin), seed, Algorithm.ED25519)

    def keep_log(self, organisation: str, by: str, settings: LogConfigured, *, why: str = "") -> House:
        """Say how the public log of the house is kept, or propose it; see `Desk.keep_log`."""
        if settings.tiles:
            S3.at(settings.tiles)  # the address is read, and nothing is asked
        return self.desk(organisation).keep_log(by, self.now(), settings=settings, why=why)

    def restored(self, organisation: str) -> bool:
        """Whether the records came from a backup and nobody has said yet what was published meanwhile."""
        marked = self._home / _RESTORED
        kept = self.store.newest(organisation).current() is not None
        return kept and marked.exists() and organisation not in marked.read_text("utf-8").split()

    def resumed(self, organisation: str) -> None:
        marked = self._home / _RESTORED
        known = marked.read_text("utf-8").split() if marked.exists() else []
        write_private(marked, "".join(f"{each}\n" for each in (*known, organisation)).encode())

    def arrived(self, organisation: str, sha256: str, door: Door, at: datetime | None = None) -> bytes:
        """Count what arrived at a door, before anybody reads it, and give the promise for its sender.

        sha256: of the bytes as they came. at: when, if not now. Empty where the house keeps no public log.
        The entry is durable when the promise is there: whatever becomes of the request, what arrived will be
        in the log.
        """
        kept, at = self.people(organisation).log, at or self.now()
        if kept is None:
            return b""
        last = (at + timedelta(days=kept.within)).date()
        given = promise.promised(kept.origin, sha256, at, last, self._random)
        note = promise.signed(given, self.promiser(organisation, kept))
        entry = public.arrival(str(door), sha256, at)
        self.store.trace.add(organisation, entry, paper=given.opening)
        return note

    # ---- it comes in ----

    def new_case_id(self) -> str:
        word = base64.b32encode(self._random(CASE_BYTES)).decode()
        return f"{self.now().year}-{word[:4]}-{word[4:]}"

    def take_in(
        self,
        organisation: str,
        by: str,
        data: bytes,
        *,
        door: Door,
        zone: str = "",
        name: str = "request",
        given: bytes | None = None,
    ) -> tuple[Taken, ...]:
        """Read what came and take each request in it in. What cannot be read loses no other.

        zone: as for `receive`. given: the promise that its sender was given on arrival; None where it
        arrives only now.
        """
        house = self.people(organisation)
        permit(may(house.person(by), Act.RECEIVE, None, house, self.now()), "nothing was taken in")
        zones.check(zone)
        if given is None:
            given = self.arrived(organisation, _sha256(data), door)
        taken: list[Taken] = []
        for number, read in enumerate(read_entries(data, name)):
            if number and given:  # a file of several is as many arrivals: none are fewer than requests
                self.store.trace.add(organisation, public.arrival(str(door), _sha256(data), self.now()))
            taken.append(self._taken(organisation, by, data, door, zone, read, given))
        return tuple(taken)

    def _taken(
        self, organisation: str, by: str, data: bytes, door: Door, zone: str, read: Read, given: bytes
    ) -> Taken:
        if read.request is None:
            return Taken(refused=read.refused, promise=given)
        try:
            case = self.receive(organisation, by, read.request, data, door=door, zone=zone, given=given)
            return Taken(case=case, promise=given)
        except Refused as refused:
            return Taken(refused=refused.at(read.place), promise=given)

    def receive(
        self,
        organisation: str,
        by: str,
        request: Request,
        source: bytes,
        *,
        door: Door,
        zone: str = "",
        given: bytes | None = None,
    ) -> Case:
        """Take one request in, with the bytes it was read from sealed beside it.

        zone: in which its dates were stated, or `zones.UNKNOWN`; where nothing is said, the requesting
        state's own if it has only one.

        given: the promise that its sender was given on arrival; None where it arrives only now. Answers with
        the case in which the request now is: a new one, or the open one that had it (`came_again`).
        """
        zones.check(zone)
        if not given:  # or the log was opened meanwhile
            given = self.arrived(organisation, _sha256(source), door)
        files = (source, given) if given else (source,)
        for left in reversed(range(TRIES)):
            try:
                return self._received(organisation, by, request, files, door, zone)
            except Conflict:  # the same request came in, or its case was at work, at this very moment
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _received(
        self, organisation: str, by: str, request: Request, files: Sequence[bytes], door: Door, zone: str
    ) -> Case:
        """files: the bytes it was read from, and the promise where one was given."""
        id, at = self.new_case_id(), self.now()
        renamed = msgspec.structs.replace(request, id=id, received_on=request.received_on or at.date())
        hashes = [_sha256(each) for each in files]

        def verb(desk: Desk) -> Case:
            return desk.receive(
                by,
                at,
                case=id,
                request=renamed,
                door=door,
                source=hashes[0],
                zone=zones.said(zone, request.requesting_state),
                promise="".join(hashes[1:]),
                entry=request.id,
            )

        return self._with_files(organisation, files, verb)

    def _with_files(
        self,
        organisation: str,
        files: Sequence[bytes | Coming],
        verb: Callable[[Desk], Case],
        seen: int | None = None,
    ) -> Case:
        """Do what names these files, which are safely sealed before it stands. It is tried first, so that
        nothing of a refused request, and no file that may not leave, stays here."""
        case = verb(Desk(organisation, _Rehearsal(self.store), seen=seen)).id
        for data in files:
            if isinstance(data, Coming):
                data.keep()
            else:
                self.store.put(organisation, case, data)
        try:
            return verb(Desk(organisation, _Settled(self.store, case), seen=seen))
        except Refused:  # somebody was faster in between; after anything else nobody knows, and they stay
            self.store.forget(organisation, case)
            raise

    def answer(
        self,
        organisation: str,
        case: str,
        by: str,
        data: bytes,
        *,
        act: Act = Act.ANSWER,
        name: str = "answer",
        seen: int | None = None,
    ) -> Case:
        """Record the requester's answer: `data` holds the request as they ask it now, and nothing else.

        act: `ANSWER` to questions, or `ACCEPT_NARROWING`.
        """
        reads = list(read_entries(data, name))
        if len(reads) != 1:
            raise Refused("an answer is one request", place=name, hint="hand in the new version alone")
        if reads[0].refused is not None or reads[0].request is None:
            raise reads[0].refused or Refused("there is no request in it", place=name)
        request, at = reads[0].request, self.now()

        def verb(desk: Desk) -> Case:
            said = desk.accept_narrowing if act is Act.ACCEPT_NARROWING else desk.answer
            return said(case, by, at, request=request, source=_sha256(data))

        return self._with_files(organisation, (data,), verb, seen)

    # ---- letters ----

    def letter(
        self,
        organisation: str,
        case: str,
        by: str,
        kind: Kind,
        language: Language = Language.ENGLISH,
        *,
        seen: int | None = None,
    ) -> tuple[Case, Letter]:
        """Compose a letter and lay its page into the file. Nothing is sent: a person does that."""
        now = self.now()
        found, house = self.case(organisation, case), self.people(organisation)
        permit(may(house.person(by), Act.WRITE, found, house, now), "nothing was written")
        composed = self._composed(found, house, now, kind, language)
        page = as_html(composed).encode()
        behind = composed.beside.to_verify if composed.beside is not None else ()
        waits_for = tuple(dict.fromkeys((*composed.to_verify, *behind)))

        def verb(desk: Desk) -> Case:
            return desk.write(
                case, by, now, letter=kind, language=language, sha256=_sha256(page), waits_for=waits_for
            )

        return self._with_files(organisation, (page,), verb, seen), composed

    def _composed(self, case: Case, house: House, now: datetime, kind: Kind, language: Language) -> Letter:
        return compose(
            kind,
            filling.facts(case, house, now, language, kind),
            language=language,
            verified=verified(law().citations(()), self._confirmations(), on=now.date()),
        )

    def page_of(self, organisation: str, case: str, sha256: str) -> str:
        """The page of a letter in the file."""
        return self.store.get(organisation, case, sha256).decode()

    def pdf_of(self, organisation: str, case: str, sha256: str) -> bytes:
        """The same letter on paper, set in a process that can do nothing else."""
        return as_pdf(self.page_of(organisation, case, sha256), confined.run)

    def _confirmations(self) -> tuple[Confirmation, ...]:
        """Who compared which provision with a certified text, from the register in the home folder."""
        if self.register is None or not self.register.exists():
            return ()
        return read_register(self.register.read_text("utf-8"), place=str(self.register))

    # ---- the person concerned ----

    def notify(self, organisation: str, case: str, by: str, *, seen: int | None = None) -> tuple[Case, str]:
        """Tell the person. Answers with the code for their door, which is shown once and kept nowhere."""
        code = _grouped(base64.b32encode(self._random(CODE_BYTES)).decode())
        changed = self.desk(organisation, seen).notify(case, by, self.now(), code=hashed(code))
        return changed, code

    def notice(
        self,
        organisation: str,
        case: str,
        by: str,
        language: Language = Language.ENGLISH,
        *,
        agreeing: bool = False,
    ) -> Letter:
        """The notice as it would be written if `by` told the person concerned now. Nothing is recorded.

        agreeing: after they had agreed as the second person, which is still to be said. Raises Refused where
        they could not, or where the house has not said how its letters name it.
        """
        now, desk = self.now(), Desk(organisation, _Rehearsal(self.store))
        if agreeing:
            desk.second_review(case, by, now, agrees=True)
        told = desk.notify(case, by, now, code=hashed(""))
        kind = next(each for each in filling.kinds(told) if each in (Kind.NOTICE, Kind.DELAYED_NOTICE))
        return self._composed(told, self.people(organisation), now, kind, language)

    def door_of(self, organisation: str, code: str) -> Case | None:
        """The case that a person's code opens; None for a code that opens nothing."""
        wanted = hashed(code)
        found = self.find(organisation, f"notice:{wanted}")
        for id in found:
            case = self.case(organisation, id)
            if wanted in {notice.code for notice in case.notices}:
                return case
        return None

    def object(self, organisation: str, case: str, code: str, words: str, letter: bytes = b"") -> Case:
        """At the person's door. letter: of their own or their lawyer's; empty where none came along."""
        at = self.now()

        def verb(desk: Desk) -> Case:
            return desk.object(case, at, code=hashed(code), words=words, letter=_letter(letter))

        return self._with_files(organisation, (letter,) if letter else (), verb)

    def record_objection(
        self,
        organisation: str,
        case: str,
        by: str,
        *,
        way: Way,
        words: str = "",
        letter: bytes = b"",
        code: str = "",
        seen: int | None = None,
    ) -> Case:
        """Record an objection that came by post or mail, with its letter sealed into the case. code: as the
        letter names it, empty where it names none."""
        at, opens = self.now(), hashed(code) if code.strip() else ""

        def verb(desk: Desk) -> Case:
            return desk.record_objection(
                case, by, at, way=way, words=words, letter=_letter(letter), code=opens
            )

        return self._with_files(organisation, (letter,) if letter else (), verb, seen)

    # ---- data are handed over ----

    def coming(self, organisation: str, case: str, by: str) -> Coming:
        """A custodian's file of any length up to `FILE_BYTES`, sealed piece by piece as it comes. It is in no
        case before `prepare`, and leaves only by `hand_over`."""
        house = self.people(organisation)
        permit(
            may(house.person(by), Act.PREPARE, self.case(organisation, case), house, self.now()),
            "nothing was kept",
        )
        return self.store.coming(organisation, case, FILE_BYTES)

    def prepare(
        self, organisation: str, case: str, by: str, files: Sequence[Laid], *, seen: int | None = None
    ) -> Case:
        """Lay the files ready, in place of any prepared before, and seal them into the case."""
        found, at = self.case(organisation, case), self.now()
        held = tuple(_held(found, each) for each in files)
        data = tuple(each.data for each in files if not isinstance(each.data, Held))
        return self._with_files(organisation, data, lambda desk: desk.prepare(case, by, at, files=held), seen)

    def house_key(self, organisation: str) -> bytes:
        """The public half of the key that signs for packages of this house: 32 bytes, for the authority."""
        return self._signer(organisation).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def _signer(self, organisation: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.store.keyring.made(organisation, _SIGNING))

    def preview(self, organisation: str, case: Case) -> package.Preview:
        """What would leave now, under which names, and what is stripped and why."""
        return package.preview(_approved(case), self._files(organisation, case))

    def hand_over(
        self, organisation: str, case: str, by: str, *, unstamped: str = "", seen: int | None = None
    ) -> Case:
        """Seal what was approved to the authority's key and record the release.

        The package is sealed first and stands aside until the release is recorded: if that is refused,
        nothing has left and the sealed bytes are thrown away. After a crash in between, `doctor` names what
        stands aside.

        Where the house has packages time-stamped, the authority is asked once the statement is signed and
        before anything is recorded, about a release that would stand and about no other. If it gives nothing,
        nothing leaves, unless `unstamped` says why the package goes without; both then stand in the record.
        """
        now = self.now()
        found = self.case(organisation, case)
        desk = self.desk(organisation, seen)
        house = desk.house()
        permit(may(house.person(by), Act.RELEASE, found, house, now), "nothing was handed over")
        if not found.files:
            return desk.release(case, by, now, files=())
        shown = self.preview(organisation, found)
        if {each.sha256 for each in shown.leaving} != {held.sha256 for held in found.files}:
            raise Refused(
                shown.stripped[0].why.rstrip(".") if shown.stripped else "some files would not leave",
                place="files",
                hint="take out what may not leave, and have the release approved again",
            )
        folder = self.outgoing / organisation / case
        _private(self.outgoing, folder.parent, folder)
        begun = folder / f".{self._random(CASE_BYTES).hex()}.age"
        try:
            paper = self._sealed(begun, organisation, found, house, now)
        except BaseException:
            begun.unlink(missing_ok=True)
            raise
        said = msgspec.json.decode(paper.statement, type=package.Statement)
        digest, beside = said.sealed_sha256, dict[str, bytes]()
        names = {part: f"{digest}{ending}" for part, ending in delivery.PARTS.items()}
        try:
            begun.rename(folder / f".{names['sealed']}")
            sent = [held.sha256 for held in found.files]
            if house.settings.timestamps is not None:  # nobody outside hears of what is refused anyway
                tried = Desk(organisation, _Rehearsal(self.store), seen=seen)
                tried.release(case, by, now, files=sent, package=digest, silent="-", unstamped="-")
            stamp, token, silent = _stamped(paper, house.settings.timestamps, go_on=bool(unstamped.strip()))
            note = delivery.covering(said, self.house_key(organisation), stamp, house.settings.timestamps)
            beside = {"statement": paper.statement, "signature": paper.signature, "note": note}
            beside |= {"timestamp": token} if stamp is not None else {}
            for part, data in beside.items():
                write_private(folder / f".{names[part]}", data)
            changed = desk.release(
                case,
                by,
                now,
                files=sent,
                package=digest,
                stamp=stamp,
                silent=silent,
                unstamped=unstamped,
            )
        except (Refused, OSError):  # nothing was recorded; after anything else nobody knows, and it stays
            begun.unlink(missing_ok=True)
            for name in names.values():
                (folder / f".{name}").unlink(missing_ok=True)
            raise
        for part in ("sealed", *beside):
            (folder / f".{names[part]}").rename(folder / names[part])
        sync_folder(folder)
        return changed

    def confirm_delivery(
        self,
        organisation: str,
        case: str,
        by: str,
        *,
        receipt: bytes | None = None,
        signature: bytes | None = None,
        who: str = "",
        how: str = "",
        seen: int | None = None,
    ) -> Case:
        """Record that the package arrived; the receipt and its signature are sealed into the case as they
        came. See `Desk.confirm_delivery`."""
        at, came = self.now(), [each for each in (receipt, signature) if each is not None]

        def verb(desk: Desk) -> Case:
            return desk.confirm_delivery(case, by, at, receipt=receipt, signature=signature, who=who, how=how)

        return self._with_files(organisation, came, verb, seen)

    def _sealed(
        self, path: Path, organisation: str, case: Case, house: House, at: datetime
    ) -> package.Sealed:
        """Seal the package into a new file, on the disk on return."""
        request = case.request
        if request.issuing is None or request.requesting_state is None:
            raise Refused("the request names no authority to seal to", hint="ask who is to receive it")
        approved, files = _approved(case), tuple(self._files(organisation, case))
        disclosure = package.Disclosure(
            id=case.id,
            organisation=organisation,
            authority=request.issuing.name,
            state=request.requesting_state,
            at=at,
            reference=request.reference or "",
            authorisation=request.authorisation,
            conditions=package.usual_conditions(request.reference or "", (at + DELETE_AFTER).date())
            + tuple(
                package.Condition(kind="decided", text=text)
                for text in dict.fromkeys(words for each in case.giving() for words in each.conditions)
            ),
        )
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            paper = package.seal(
                out,
                package.preview(approved, files),
                approved,
                files,
                disclosure,
                keys=house.keys_for(request.issuing.name, request.requesting_state),
                signer=self._signer(organisation),
                house_key=self.house_key(organisation),
            )
            out.flush()
            os.fsync(out.fileno())
        return paper

    def _files(self, organisation: str, case: Case) -> Iterator[package.File]:
        for held in case.files:
            yield package.File(
                target=held.target,
                item=held.item,
                name=held.name,
                size=held.size,
                sha256=held.sha256,
                holds=held.holds,
                period=held.period,
                open=_Opener(self.store, organisation, case.id, held),
            )

    # ---- the end ----

    def erase(self, organisation: str, case: str, by: str, *, why: str, seen: int | None = None) -> Reach:
        """Record the erasure, then destroy the keys of the case. Says which backups could not be reached.

        Where it stands in the records and a crash or a full disk came between, or a copy of the keyring was
        out of reach, doing it again does the rest.
        """
        at = self.now()
        if not self._erasing(organisation, case):
            self.desk(organisation, seen).erase(case, by, at, why=why)
        elif not self.people(organisation).person(by).has(*TABLE[Act.ERASE].roles):
            raise Refused("this is for counsel", hint="nothing was changed")
        folder = self.outgoing / organisation / case
        if folder.exists():
            shutil.rmtree(folder)
        return self.store.erase(organisation, case, at)

    def _erasing(self, organisation: str, case: str) -> bool:
        return (
            self.store.erased(organisation, case) is not None
            or self.store.erasing(organisation, case)
            or self.case(organisation, case).stage is Stage.ERASED
        )

    # ---- looking after it ----

    def configure(self, organisation: str, by: str, settings: Configured, *, why: str = "") -> House:
        """Change the settings of the house, or propose it; see `Desk.configure`."""
        return self._reckoned(
            organisation, self.desk(organisation).configure(by, self.now(), settings=settings, why=why)
        )

    def confirm(self, organisation: str, by: str, proposal: int) -> House:
        """Agree to a key, to settings or to how the log is kept, as another administrator proposed it."""
        changed = self.desk(organisation).confirm(by, self.now(), proposal=proposal)
        return self._reckoned(organisation, changed)

    def _reckoned(self, organisation: str, changed: House) -> House:
        """Every case's limits are reckoned anew by settings that are new."""
        if changed.settings_since == changed.length:
            self.rebuild(organisation)
        return changed

    def rebuild(self, organisation: str) -> int:
        """Make the queue, the search and the jobs anew from the events; of how many cases."""
        return self.store.rebuild(organisation, self.folded(organisation)) - 1  # the house is no case

    def folded(self, organisation: str) -> Fold:
        """How events become a row, what a case is found by, and its jobs: what the store rebuilds with.

        As at the last event of each case: that is when its row was written.
        """
        house = self.people(organisation)

        def fold(stream: tuple[Recorded, ...]) -> Folded:
            first = stream[0].event if stream else None  # all taken out: the chain says so
            if not isinstance(first, Received):
                return Folded(None, (), ())
            case = cases.fold(organisation, first.request.id, stream)
            at = stream[-1].at
            return queue.folded(case, house, at)

        return fold

    def doctor(self, organisation: str) -> Iterator[str]:
        """What is wrong with the records, a sentence each; nothing where all is well."""
        faults = self.store.database.faults()
        yield from faults
        if faults:
            return  # what is read out of a damaged file says nothing about the rest
        try:
            fold = self.folded(organisation)
        except Refused as broken:  # without the house no case can be folded, but every chain be checked
            yield f"{broken.place}: {broken.sentence}."
            yield from self._chains(organisation)
            return
        yield from doctor(self.store, organisation, fold)
        yield from self._ledgers(organisation)
        yield from self._unfinished(organisation)

    def _ledgers(self, organisation: str) -> Iterator[str]:
        """Whether the events still give every ledger that was published, and nothing of the log went missing:
        whoever changes an event, or puts one in with an old date, cannot take back what the log holds."""
        trace = self.store.trace
        known: set[int] = set()
        found = trace.ledgers(organisation)
        if found and (last := public.ledger_until(found[-1].opened.paper)) > self.now():
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
        for stream in (HOUSE_KEY, *(head.stream for head in self.store.heads(organisation))):
            for each in trace.opened(organisation, stream):
                if each.place is None and not trace.waits(organisation, each.opened.leaf()):
                    yield f"{stream}: an entry of event {each.number} neither waits for the log nor is in it."

    def _chains(self, organisation: str) -> Iterator[str]:
        for head in self.store.heads(organisation):
            try:
                self.store.verify_chain(organisation, head.stream)
            except Refused as broken:
                yield f"{broken.place}: {broken.sentence}."

    def _unfinished(self, organisation: str) -> Iterator[str]:
        """What a crash left between the records and what follows from them."""
        for head in self.store.heads(organisation):
            row = self.store.row(organisation, head.stream)
            if row is None or row.stage != Stage.ERASED:
                continue
            if self.store.erased(organisation, head.stream) is None:
                yield f"{head.stream}: its erasure was recorded and not finished. Erase it again."
            elif (self.outgoing / organisation / head.stream).exists():
                yield f"{head.stream}: it was erased, and a package of it is still there."
        for aside in sorted((self.outgoing / organisation).glob("*/.*.age")):
            yield f"{aside.parent.name}: a sealed package stands aside; a crash during a release leaves one."


class _Rehearsal:
    """Records to try verbs on, one after another: it reads what there is, and what is tried stays in it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tried: dict[str, tuple[Recorded, ...]] = {}

    def load(self, organisation: str, stream: str) -> tuple[Recorded, ...]:
        return self._store.load(organisation, stream) + self._tried.get(stream, ())

    def search(self, organisation: str, words: Collection[str], years: Collection[int]) -> tuple[str, ...]:
        return self._store.search(organisation, words, years)

    def append(self, organisation: str, *changes: Change, looked: Looked | None = None) -> None:
        """Nothing is written: what is tried after it finds it done, and no more."""
        for each in changes:
            self._tried[each.stream] = (*self._tried.get(each.stream, ()), *each.new)


class _Settled(_Rehearsal):
    """The records themselves, for what was rehearsed: it goes to the case where its files lie, or nowhere."""

    def __init__(self, store: Store, case: str) -> None:
        super().__init__(store)
        self._case = case

    def append(self, organisation: str, *changes: Change, looked: Looked | None = None) -> None:
        if self._case not in {each.stream for each in changes}:
            raise Conflict(
                "another case moved on meanwhile, and nothing was recorded",
                place=self._case,
                hint="repeat it",
            )
        self._store.append(organisation, *changes, looked=looked)


def _stamped(
    paper: package.Sealed, authority: Stamping | None, *, go_on: bool
) -> tuple[Stamp | None, bytes, str]:
    """The time-stamp over the signature, its bytes, and why there is none. go_on: with none, where the
    authority gives none; otherwise that is refused."""
    if authority is None:
        return None, b"", ""
    try:
        given = timestamps.stamp(paper.signature, authority)
    except Refused as refused:
        if go_on:
            return None, b"", refused.sentence
        raise Refused(
            f"{refused.sentence}, and nothing was handed over",
            place="unstamped",
            hint=f"try again, or say why the package leaves without a time-stamp ({refused.hint})"
            if refused.hint
            else "try again, or say why the package leaves without a time-stamp",
        ) from None
    stamp = Stamp(
        at=given.at,
        host=authority.host,
        policy=given.policy,
        serial=f"{given.serial:x}",
        sha256=_sha256(given.answer),
    )
    return stamp, given.answer, ""


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens one file of a case when it is packed, and not before."""

    store: Store
    organisation: str
    case: str
    held: Held

    def __call__(self) -> BinaryIO:
        return self.store.open(self.organisation, self.case, self.held.sha256)


def came_again(case: Case) -> bool:
    """Whether the last that happened to a case is that its request came in once more."""
    return isinstance(case.history[-1].event, ReceivedAgain)


def became(case: Case) -> str:
    """What became of a request that was taken in, in a sentence or two."""
    if came_again(case):
        return f"Case {case.id} has this very request already. That it came again is recorded there."
    like = f" It is like {' and '.join(case.like)}: see whether they belong together." if case.like else ""
    return f"Taken in as case {case.id}.{like}"


def hashed(code: str) -> str:
    """SHA-256 of a code as people type it: case and separators do not matter."""
    plain = "".join(each for each in code.upper() if each.isalnum())
    return _sha256(plain.encode())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _held(case: Case, laid: Laid) -> Held:
    """A file as the desk knows it. Whether it may be prepared is for the desk."""
    ruling, item = case.ruling(laid.target, laid.item), _item(case, laid)
    own = item.period if item is not None else None
    data = laid.data
    return Held(
        target=laid.target,
        item=laid.item,
        name=laid.name,
        sha256=_sha256(data) if isinstance(data, bytes) else data.sha256,
        size=len(data) if isinstance(data, bytes) else data.size,
        holds=laid.holds or (ruling.ceiling if ruling is not None else Ceiling.NOTHING),
        period=laid.period or own,
    )


def _item(case: Case, laid: Laid) -> Item | None:
    every = ((target.id, item) for target in case.request.targets for item in target.items)
    return next((item for target, item in every if (target, item.id) == (laid.target, laid.item)), None)


def _letter(data: bytes) -> str:
    """The SHA-256 of a letter that came; empty for none. Raises Refused for what is no letter."""
    if not data:
        return ""
    theirs.kind(data)
    return _sha256(data)


def _grouped(word: str) -> str:
    return "-".join(word[start : start + 4] for start in range(0, len(word), 4))


def _approved(case: Case) -> tuple[package.Approved, ...]:
    periods = {
        (target.id, item.id): (item.category, item.period)
        for target in case.request.targets
        for item in target.items
    }
    return tuple(
        package.Approved(
            target=each.target,
            item=each.item,
            category=periods[each.key][0],
            ceiling=each.ceiling,
            period=periods[each.key][1],
        )
        for each in case.giving()
    )


def _there(home: Path) -> None:
    if not (home / "data").is_dir():
        raise Refused(
            "there is no installation here", place=str(home), hint="`habeas house found` opens a new one"
        )


def _private(*folders: Path) -> None:
    """Each made where it is not there, for its owner alone: `parents=True` would open the ones above."""
    for folder in folders:
        folder.mkdir(exist_ok=True, mode=0o700)


def write_private(path: Path, data: bytes) -> None:
    """For its owner alone, and on the disk when this returns."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _database(home: Path, address: str) -> Postgres | Sqlite:
    return Postgres(address) if address else Sqlite(home / "data" / "desk.sqlite")

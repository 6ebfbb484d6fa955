"""One installation of the desk: its records, keys and clock, and the verbs that need more than one of them.

Below here nothing knows what time it is, makes up an id, or opens a file; above here (web, command line,
worker) nothing knows how records are kept. What lies where is in `home.py`; handing data over, looking for
faults, and keeping an installation through the years have modules of their own.
"""

from __future__ import annotations

import base64
import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

import msgspec

from habeas.app.home import RESTORED, database_of, private, there, write_private
from habeas.app.masters import NOBODY, Masters, Passphrases
from habeas.app.rehearsal import Rehearsal, Settled
from habeas.desk import case as cases
from habeas.desk import promise, public, queue, tally, zones
from habeas.desk.case import Case, Notice, Stage
from habeas.desk.desk import Desk, Telling
from habeas.desk.events import (
    HOUSE,
    Arrived,
    Attached,
    Configured,
    Door,
    Enclosed,
    LogConfigured,
    Received,
    ReceivedAgain,
    Recorded,
    Way,
)
from habeas.desk.letters import Kind, Language, Letter, compose, filling, theirs, verified
from habeas.desk.moves import TABLE, Act, may, permit
from habeas.desk.people import House
from habeas.desk.promise import sha256
from habeas.desk.queue import Folded, Load, Page, View
from habeas.desk.records import Conflict
from habeas.errors import Refused
from habeas.gateways import confined
from habeas.reports.letter_page import as_html
from habeas.reports.printing import as_pdf
from habeas.request import Read, Request, read_entries
from habeas.store import (
    Coming,
    Fold,
    Head,
    MasterKeys,
    Reach,
    Store,
)
from habeas.store.blobs import remove_folder
from habeas.store.keyring import FILE as KEYRING
from habeas.tlog import S3, Algorithm, Folder, Key, Signer, Tiles, ignore
from habeas.treaty import Confirmation, law, read_register

CODE_BYTES = 10  # 80 bits: a code at the person's door cannot be guessed at any speed we answer
TRIES = 5  # a request that comes in twice at one moment is looked for again: once is enough for two
_PIECE = 1 << 20
CASE_BYTES = 5  # 40 bits, so that a reference does not tell how many requests a house gets
_COUNTS = "counts"  # what doors that run apart counted, below the home folder
_LOG_KEY, _PROMISE_KEY = ".log-key", ".promise-key"


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
        self.home = outgoing.parent
        self._public = public or outgoing.with_name("public")
        self.register = register
        self.now = now
        self.random = random
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
            there(home)
        # Where there are case keys already, a new master key opens none of them.
        make = make and not (home / "keys" / KEYRING).exists()
        known = masters or Masters(home, passphrases).keys(make=make)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = home / "data"
        data.mkdir(exist_ok=True, mode=0o700)
        store = Store(
            database_of(home, database),
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
        came = Received(request=request, door=Door.IMPORT, source=sha256(source), entry=request.id)
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
        marked = self.home / RESTORED
        kept = self.store.newest(organisation).current() is not None
        return kept and marked.exists() and organisation not in marked.read_text("utf-8").split()

    def resumed(self, organisation: str) -> None:
        marked = self.home / RESTORED
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
        given = promise.promised(kept.origin, sha256, at, last, self.random)
        note = promise.signed(given, self.promiser(organisation, kept))
        entry = public.arrival(str(door), sha256, at)
        self.store.trace.add(organisation, entry, paper=given.opening)
        return note

    def promise_keys(self, organisation: str, kept: LogConfigured) -> tuple[Key, ...]:
        """Everybody who promises in the name of the house's log: the desk's own doors, and those apart."""
        return (self.promiser(organisation, kept).key, *(Key.parse(each.key) for each in kept.doors))

    def handed_over(self, organisation: str, sha256: str, door: Door, given: bytes) -> None:
        """Log what a door that runs apart counted and promised: with the leaf that it promised, and once,
        however often it is handed over. Raises Refused where no such door of the house signed the promise, or
        it is about other bytes."""
        kept = self.kept(organisation)
        keys = [Key.parse(each.key) for each in kept.doors if each.door == door]
        found = promise.read(given, *keys)
        if found.sha256 != sha256 or found.origin != kept.origin:
            raise Refused("the door promised something else than what it handed over", place=str(door))
        if not self.store.trace.holds(organisation, found.paper, public.month(found.received)):
            entry = public.arrival(str(door), sha256, self.now())
            self.store.trace.add(organisation, entry, paper=found.opening)

    def keep_count(self, organisation: str, data: bytes) -> None:
        """Keep what a door that runs apart counted, for the report: the newest of each door. Raises Refused
        where no such door of the house signed it."""
        kept = self.kept(organisation)
        for each in kept.doors:
            key = Key.parse(each.key)
            with contextlib.suppress(Refused):
                found = tally.read(data, [key])
                file = self.home / _COUNTS / organisation / f"{key.id.hex()}.json"
                known = tally.read(file.read_bytes(), [key]) if file.is_file() else None
                if known is None or known.word.until < found.word.until:
                    private(self.home / _COUNTS, file.parent)
                    write_private(half := file.with_suffix(".part"), data)
                    half.replace(file)
                return
        raise Refused("no door of this house signed this count", hint="habeas log keep --door")

    def counts(self, organisation: str) -> tuple[bytes, ...]:
        """What the doors that run apart counted last, as they signed it."""
        folder = self.home / _COUNTS / organisation
        return tuple(file.read_bytes() for file in sorted(folder.glob("*.json")))

    # ---- it comes in ----

    def new_case_id(self) -> str:
        word = base64.b32encode(self.random(CASE_BYTES)).decode()
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
        arrived: Arrived | None = None,
    ) -> tuple[Taken, ...]:
        """Read what came and take each request in it in. What cannot be read loses no other.

        zone, arrived: as for `receive`. given: the promise that its sender was given on arrival; None where
        it arrives only now.
        """
        house = self.people(organisation)
        permit(may(house.person(by), Act.RECEIVE, None, house, self.now()), "nothing was taken in")
        zones.check(zone)
        if given is None:
            given = self.arrived(organisation, sha256(data), door)
        taken: list[Taken] = []
        for number, read in enumerate(read_entries(data, name)):
            if number and given:  # a file of several is as many arrivals: none are fewer than requests
                self.store.trace.add(organisation, public.arrival(str(door), sha256(data), self.now()))
            taken.append(self._taken(organisation, by, data, door, zone, read, given, arrived))
        return tuple(taken)

    def _taken(
        self,
        organisation: str,
        by: str,
        data: bytes,
        door: Door,
        zone: str,
        read: Read,
        given: bytes,
        arrived: Arrived | None,
    ) -> Taken:
        if read.request is None:
            return Taken(refused=read.refused, promise=given)
        try:
            case = self.receive(
                organisation, by, read.request, data, door=door, zone=zone, given=given, arrived=arrived
            )
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
        arrived: Arrived | None = None,
        typed: bool = False,
        apart: str = "",
        files: Sequence[Enclosed] = (),
    ) -> Case:
        """Take one request in, with the bytes it was read from sealed beside it.

        zone: in which its dates were stated, or `zones.UNKNOWN`; where nothing is said, the requesting
        state's own if it has only one.
        arrived: when it came, where that was not now; what runs from its arrival is counted from then.
        typed: somebody typed it from what came. files: what came along and lies `apart`, under the id that
        the case gets (`habeas.app.enclosing`); where the original is among them, it is what is counted and
        promised.

        given: the promise that its sender was given on arrival; None where it arrives only now. Answers with
        the case in which the request now is: a new one, or the open one that had it (`came_again`).
        """
        zones.check(zone)
        self._lies_apart(organisation, apart, files)
        if not given:  # or the log was opened meanwhile
            original = next((each.sha256 for each in files if each.original), "")
            given = self.arrived(organisation, original or sha256(source), door)
        came = _Coming(
            data=(source, given) if given else (source,),
            door=door,
            zone=zones.said(zone, request.requesting_state),
            arrived=arrived,
            typed=typed,
            apart=apart,
            files=tuple(files),
        )
        for left in reversed(range(TRIES)):
            try:
                return self._received(organisation, by, request, came)
            except Conflict:  # the same request came in, or its case was at work, at this very moment
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _received(self, organisation: str, by: str, request: Request, came: _Coming) -> Case:
        id, at = came.apart or self.new_case_id(), self.now()
        renamed = msgspec.structs.replace(request, id=id, received_on=_day(request, came.arrived, at))
        hashes = [sha256(each) for each in came.data]

        def verb(desk: Desk) -> Case:
            return desk.receive(
                by,
                at,
                case=id,
                request=renamed,
                door=came.door,
                source=hashes[0],
                zone=came.zone,
                promise="".join(hashes[1:]),
                entry=request.id,
                arrived=came.arrived,
                files=came.files,
                typed=came.typed,
            )

        return self.with_files(organisation, came.data, verb, apart=came.apart, laid=came.files)

    def waits_for_its_record(self, organisation: str, case: str, sha256: str) -> None:
        """A file was sealed into a case for what is still to be recorded there: if that does not come about
        within a day, it is destroyed (`enclosing.forsake`). What came for a request that has yet to begin
        goes with it."""
        if self.store.head(organisation, case) is not None:
            self.store.unnamed(organisation, case, sha256, self.now())

    def _lies_apart(self, organisation: str, apart: str, files: Sequence[Enclosed]) -> None:
        """Raises Refused where a file that came for a request is not there any more."""
        for each in files:
            try:
                self.waits_for_its_record(organisation, apart, each.sha256)
                self.store.open(organisation, apart, each.sha256).close()
            except Refused:
                raise Refused(
                    "a file that was kept for this request is not there any more",
                    place="files",
                    hint="choose it again: what is not taken in within a day is destroyed",
                ) from None

    def with_files(
        self,
        organisation: str,
        files: Sequence[bytes | Coming],
        verb: Callable[[Desk], Case],
        seen: int | None = None,
        *,
        apart: str = "",
        laid: Sequence[Enclosed] = (),
    ) -> Case:
        """Do what names these files, which are safely sealed before it stands. It is tried first, so that
        nothing of a refused request, and no file that may not leave, stays here. laid: those that lie `apart`
        already; they move to the case that knows their request, if that is another one."""
        case = verb(Desk(organisation, Rehearsal(self.store), seen=seen)).id
        for data in files:
            if isinstance(data, Coming):
                data.keep()
                self.waits_for_its_record(organisation, case, data.sha256)
            else:
                self.store.put(organisation, case, data)
        for each in laid if case != apart else ():
            with (
                self.store.open(organisation, apart, each.sha256) as file,
                self.store.coming(organisation, case, each.size) as copy,
            ):
                while piece := file.read(_PIECE):
                    copy.write(piece)
                copy.keep()
        try:
            done = verb(Desk(organisation, Settled(self.store, case), seen=seen))
        except Refused:  # somebody was faster in between; after anything else nobody knows, and they stay
            if case != apart:  # what lies apart waits for the next try
                self.store.forget(organisation, case)
            raise
        if apart and case != apart:
            self.store.forget(organisation, apart)
        return done

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
        typed: bool = False,
        files: Sequence[Enclosed] = (),
    ) -> Case:
        """Record the requester's answer: `data` holds the request as they ask it now, and nothing else.

        act: `ANSWER` to questions, or `ACCEPT_NARROWING`. typed: as for `receive`. files: what came with it
        and lies in the case already.
        """
        self._lies_apart(organisation, case, files)
        reads = list(read_entries(data, name))
        if len(reads) != 1:
            raise Refused("an answer is one request", place=name, hint="hand in the new version alone")
        if reads[0].refused is not None or reads[0].request is None:
            raise reads[0].refused or Refused("there is no request in it", place=name)
        request, at = reads[0].request, self.now()

        def verb(desk: Desk) -> Case:
            said = desk.accept_narrowing if act is Act.ACCEPT_NARROWING else desk.answer
            return said(case, by, at, request=request, source=sha256(data), files=files, typed=typed)

        return self.with_files(organisation, (data,), verb, seen)

    # ---- letters ----

    def letter(
        self,
        organisation: str,
        case: str,
        by: str,
        kind: Kind,
        language: Language = Language.ENGLISH,
        *,
        at: datetime | None = None,
        seen: int | None = None,
    ) -> tuple[Case, Letter]:
        """Compose a letter and lay its page into the file. Nothing is sent: a person does that. at: when, if
        not now."""
        now = at or self.now()
        found, house = self.case(organisation, case), self.people(organisation)
        permit(may(house.person(by), Act.WRITE, found, house, now), "nothing was written")
        composed = self._composed(found, house, now, kind, language)
        page = as_html(composed).encode()
        behind = composed.beside.to_verify if composed.beside is not None else ()
        waits_for = tuple(dict.fromkeys((*composed.to_verify, *behind)))

        def verb(desk: Desk) -> Case:
            return desk.write(
                case, by, now, letter=kind, language=language, sha256=sha256(page), waits_for=waits_for
            )

        return self.with_files(organisation, (page,), verb, seen), composed

    def _composed(
        self,
        case: Case,
        house: House,
        now: datetime,
        kind: Kind,
        language: Language,
        notice: Notice | None = None,
    ) -> Letter:
        return compose(
            kind,
            filling.facts(case, house, now, language, kind, notice),
            language=language,
            verified=verified(law().citations(()), self._confirmations(), on=now.date()),
        )

    def page_of(self, organisation: str, case: str, sha256: str) -> str:
        """The page of a letter in the file."""
        return self.store.get(organisation, case, sha256).decode()

    def pdf_of(self, organisation: str, case: str, sha256: str) -> bytes:
        """The same letter on paper, set in a process that can do nothing else. Raises Refused while it is
        held: what rests on something that nobody compared goes nowhere before counsel answers for it."""
        self.may_go_out(organisation, case, sha256)
        return as_pdf(self.page_of(organisation, case, sha256), confined.run)

    def may_go_out(self, organisation: str, case: str, sha256: str) -> None:
        """Raises Refused where no such letter lies in the file, or counsel has not cleared it yet."""
        found = self.case(organisation, case)
        letters = [each for each in found.letters if each.sha256 == sha256]
        if not letters:
            raise Refused("no such letter lies in the file", place="letter", hint="look at the letters again")
        if any(found.waits_for_counsel(each) for each in letters):
            raise Refused(
                "this letter is held, and counsel has not cleared it",
                place="letter",
                hint="counsel reads what it rests on, then clears it",
            )

    def _confirmations(self) -> tuple[Confirmation, ...]:
        """Who compared which provision with a certified text, from the register in the home folder."""
        if self.register is None or not self.register.exists():
            return ()
        return read_register(self.register.read_text("utf-8"), place=str(self.register))

    # ---- the person concerned ----

    def notify(
        self,
        organisation: str,
        case: str,
        by: str,
        language: Language = Language.ENGLISH,
        *,
        at: datetime | None = None,
        seen: int | None = None,
    ) -> tuple[Case, dict[str, str]]:
        """Write the notice to each person concerned and lay it into the file; somebody sends it. Answers with
        the codes for their doors, by target, which are shown once and kept nowhere. Raises Refused where the
        house has not said how its letters name it: there is no notice without a letter. at: when, if not
        now."""
        now = at or self.now()
        desk = Desk(organisation, Rehearsal(self.store), seen=seen)
        codes: dict[str, str] = {}
        pages, tellings = [], []
        for notice, letter in self._notices(desk, organisation, case, by, now, language):
            (target,) = notice.targets
            codes[target] = _grouped(base64.b32encode(self.random(CODE_BYTES)).decode())
            pages.append(as_html(letter).encode())
            tellings.append(
                Telling(
                    target=target,
                    code=hashed(codes[target]),
                    letter=sha256(pages[-1]),
                    kind=letter.kind,
                    language=language,
                )
            )

        def verb(desk: Desk) -> Case:
            return desk.notify(case, by, now, notices=tellings)

        return self.with_files(organisation, pages, verb, seen), codes

    def notices(
        self,
        organisation: str,
        case: str,
        by: str,
        language: Language = Language.ENGLISH,
        *,
        agreeing: bool = False,
    ) -> tuple[tuple[str, Letter], ...]:
        """The notices as they would be written if `by` told those concerned now, each with its target.
        Nothing is recorded.

        agreeing: after they had agreed as the second person, which is still to be said. Raises Refused where
        they could not, or where the house has not said how its letters name it.
        """
        now, desk = self.now(), Desk(organisation, Rehearsal(self.store))
        if agreeing:
            desk.second_review(case, by, now, agrees=True)
        written = self._notices(desk, organisation, case, by, now, language)
        return tuple((notice.targets[0], letter) for notice, letter in written)

    def _notices(
        self, desk: Desk, organisation: str, case: str, by: str, now: datetime, language: Language
    ) -> list[tuple[Notice, Letter]]:
        """What would be written; desk: one whose records are a rehearsal."""
        house = self.people(organisation)
        targets = desk.case(case).to_tell(house.day(now))
        blank = sha256(b"")
        told = desk.notify(
            case,
            by,
            now,
            notices=[Telling(target=each, code=f"{blank} {each}", letter=blank) for each in targets],
        )
        return [
            (
                notice,
                self._composed(told, house, now, filling.notice_kind(told, notice), language, notice),
            )
            for notice in told.notices[-len(targets) :]
        ]

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

        return self.with_files(organisation, (letter,) if letter else (), verb)

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

        return self.with_files(organisation, (letter,) if letter else (), verb, seen)

    # ---- data are handed over ----

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
        remove_folder(self.outgoing / organisation / case)
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
        """Agree to what an administrator proposed; see `Desk.confirm`."""
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


class _Coming(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it comes in. data: the bytes it was read from, and the promise where one was given."""

    data: tuple[bytes, ...]
    door: Door
    zone: str
    arrived: Arrived | None
    typed: bool
    apart: str
    files: tuple[Enclosed, ...]


def _day(request: Request, arrived: Arrived | None, at: datetime) -> date:
    """The day on which it came. Raises Refused where request and house state two."""
    if arrived is None:
        return request.received_on or at.date()
    if request.received_on not in (None, arrived.on):
        raise Refused(
            f"the request states another day on which it was received: {request.received_on}",
            place="arrived_on",
            hint="state the same one here, or none",
        )
    return arrived.on


def came_again(case: Case) -> bool:
    """Whether the last that happened to a case is that its request came in once more."""
    last = [each.event for each in case.history if not isinstance(each.event, Attached)][-1]
    return isinstance(last, ReceivedAgain)


def became(case: Case) -> str:
    """What became of a request that was taken in, in a sentence or two."""
    if came_again(case):
        return f"Case {case.id} has this very request already. That it came again is recorded there."
    like = f" It is like {' and '.join(case.like)}: see whether they belong together." if case.like else ""
    return f"Taken in as case {case.id}.{like}"


def hashed(code: str) -> str:
    """SHA-256 of a code as people type it: case and separators do not matter."""
    plain = "".join(each for each in code.upper() if each.isalnum())
    return sha256(plain.encode())


def _letter(data: bytes) -> str:
    """The SHA-256 of a letter that came; empty for none. Raises Refused for what is no letter."""
    if not data:
        return ""
    theirs.kind(data)
    return sha256(data)


def _grouped(word: str) -> str:
    return "-".join(word[start : start + 4] for start in range(0, len(word), 4))

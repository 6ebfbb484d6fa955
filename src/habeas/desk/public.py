"""The only way out of the desk: what the public log commits to about each thing that happened.

Every request, decision, refusal, release, notice and delay becomes one `Entry`: three groups of fields with
separate lives. `count` holds what is counted and is opened to auditors; `person` holds what only the person
concerned may open, and dies with the case; `paper` holds the hash of a document. An entry is committed to by
a leaf of 112 bytes, the same for every kind, so that nothing can be read off the log, not even the kind.

Decides what is said and how it is committed to. Leaves to `habeas.store` the salts, the sealing and the
order; to `habeas.tlog` the log, which knows bytes only; to `habeas.reports` what is counted from it. The
encoding is published with test vectors (docs/log.md, interop/vectors), and never changes: a new one has a
new tag.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache

import msgspec

from habeas import atlas
from habeas.assess import HIGHEST, Ceiling, Decision
from habeas.desk import events, limits
from habeas.desk.case import GIVES, Case, Fate
from habeas.desk.events import Recorded, Ruling
from habeas.desk.letters import filling
from habeas.desk.people import House
from habeas.errors import Refused
from habeas.request import AuthorisationKind, Category, Level, Measure, Request

SALT = 32  # bytes: a field of two values could otherwise be guessed from its commitment
HASH = 32
TAG = b"habeas/leaf/v1\n\n"
LEAF = len(TAG) + 3 * HASH

_FIELD, _GROUP = b"habeas/field/v1", b"habeas/group/v1"


class Kind(StrEnum):
    """What an entry is about. Each is a word of the published record and never changes."""

    ARRIVAL = "arrival"  # something came in at a door; counted there, before anybody reads it
    REQUEST = "request"
    ADDITION = "addition"  # accounts that the requester's answer added to a request
    HOLD = "hold"
    DECISION = "decision"
    REFUSAL = "refusal"
    RELEASE = "release"
    REROUTE = "reroute"
    WITHDRAWAL = "withdrawal"
    CLOSING = "closing"
    LETTER = "letter"
    NOTICE = "notice"
    NOTICE_DELAY = "notice-delay"
    OBJECTION = "objection"
    OBJECTION_ANSWER = "objection-answer"
    VALIDATION = "validation"
    ERASURE = "erasure"
    SUSPENSION = "suspension"
    TOTALS = "totals"
    REPORT = "report"
    LEDGER = "ledger"
    PAGE = "page"  # the pages with which receipts are verified, by their hashes
    PADDING = "padding"  # says nothing, so that the number of entries says nothing


class Footing(StrEnum):
    """On what footing somebody asks. They are never added up on the page: an order binds, a request does
    not."""

    REQUEST = "request"  # from a foreign state, by treaty or courtesy
    DIRECT = "direct"  # a foreign authority writes to the provider itself
    ORDER = "order"  # binding, of our own state


class Mixed(StrEnum):
    """What a decision is called that is not the same for everything asked for."""

    NARROWED_IN_PART = "narrowed-in-part"  # all of it is given, some of it less than was asked
    IN_PART = "in-part"  # a part is given, a part refused
    PART_NOW = "part-now"  # a part is given, none refused, the rest is still open
    SEVERAL = "several-answers"  # nothing is given, and not everything is answered alike


GIVING = frozenset(map(str, (*GIVES, Mixed.NARROWED_IN_PART, Mixed.IN_PART, Mixed.PART_NOW)))
"""Decisions by which something is given."""

OTHER = "other"

OPEN = frozenset({Kind.SUSPENSION, Kind.TOTALS, Kind.REPORT, Kind.LEDGER, Kind.PAGE})
"""Entries about no person, which are opened to everybody."""


class _Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class Counted(_Group, frozen=True, kw_only=True):
    """What is counted. All words; empty where it does not apply.

    month: YYYY-MM in UTC. state: who asks, alpha-3. categories, given: kinds of data asked for and given,
    offences: groups of the provisions cited, each sorted and joined by a space. basis: whether a legal basis
    was shown. footing: request, direct or order. emergency: claimed or verified. decision: one of
    `habeas.assess.Decision`, or of `Mixed`. ground: of a decision or refusal, words of the closed list of
    letters, `persecution` or `other`, sorted and joined by " | "; of a delay, one of `DelayGround`. how: see
    docs/log.md. accounts: how many this entry is about. days: whole days since the request came in, of an
    answer. again: "yes" where the case had an answer before.
    """

    kind: str
    month: str = ""
    door: str = ""
    state: str = ""
    instrument: str = ""
    measure: str = ""
    categories: str = ""
    offences: str = ""
    basis: str = ""
    authorisation: str = ""
    footing: str = ""
    emergency: str = ""
    decision: str = ""
    ground: str = ""
    how: str = ""
    given: str = ""
    accounts: str = ""
    days: str = ""
    again: str = ""


class Personal(_Group, frozen=True, kw_only=True):
    """What the person concerned can open. account: the identifiers as asked about, in `plain_account`'s form.
    asked: kinds of data. outcome: what became of it, in one word or two. on: a day."""

    account: str = ""
    asked: str = ""
    outcome: str = ""
    on: str = ""


class Paper(_Group, frozen=True, kw_only=True):
    """A document by its hash. nature: what it is. document: SHA-256 in hex."""

    nature: str = ""
    document: str = ""


GROUPS: Mapping[str, tuple[str, ...]] = {
    "count": Counted.__struct_fields__,
    "person": Personal.__struct_fields__,
    "paper": Paper.__struct_fields__,
}
"""The fields of each group, in the order in which they are committed to."""

FIELDS = sum(len(fields) for fields in GROUPS.values())


class Entry(_Group, frozen=True, kw_only=True):
    """One thing that happened, as the log will know it. number: of the event behind it, 0 where none is."""

    count: Counted
    person: Personal = Personal()
    paper: Paper = Paper()
    number: int = 0

    def values(self, group: str) -> tuple[str, ...]:
        part = getattr(self, group)
        return tuple(getattr(part, field) for field in GROUPS[group])


class Opening(_Group, frozen=True, kw_only=True):
    """A group's values with their salts: whoever has it can prove what the leaf says."""

    group: str
    values: tuple[str, ...]
    salts: tuple[bytes, ...]

    def commitment(self) -> bytes:
        """Raises Refused where the values are not exactly the fields of the group."""
        fields = GROUPS.get(self.group)
        if fields is None or not len(fields) == len(self.values) == len(self.salts):
            raise Refused("these are not the fields of a group", place=self.group, hint="see docs/log.md")
        return group_commitment(
            self.group,
            [
                field_commitment(self.group, name, salt, value)
                for name, salt, value in zip(fields, self.salts, self.values, strict=True)
            ],
        )

    def value(self, field: str) -> str:
        return self.values[GROUPS[self.group].index(field)]

    def counted(self) -> Counted:
        """What the group `count` says."""
        return Counted(**dict(zip(GROUPS["count"], self.values, strict=True)))


class Opened(_Group, frozen=True, kw_only=True):
    """All three groups of one entry, and so its leaf."""

    count: Opening
    person: Opening
    paper: Opening

    def leaf(self) -> bytes:
        return leaf(self.count.commitment(), self.person.commitment(), self.paper.commitment())


def salted(entry: Entry, random: Callable[[int], bytes], *, paper: Opening | None = None) -> Opened:
    """The entry with a fresh salt for every field. paper: salts that were promised to a sender before."""

    def opening(group: str) -> Opening:
        values = entry.values(group)
        return Opening(group=group, values=values, salts=tuple(random(SALT) for _ in values))

    return Opened(count=opening("count"), person=opening("person"), paper=paper or opening("paper"))


def committed(domain: bytes, *parts: bytes) -> bytes:
    """SHA-256 over the domain and the parts, each after its length in four bytes, so that no two lists of
    parts give the same bytes."""
    digest = hashlib.sha256()
    for part in (domain, *parts):
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return digest.digest()


def field_commitment(group: str, name: str, salt: bytes, value: str) -> bytes:
    if len(salt) != SALT:
        raise Refused(f"a salt has {SALT} bytes", place=f"{group}.{name}")
    return committed(_FIELD, group.encode(), name.encode(), salt, value.encode())


def group_commitment(group: str, fields: Sequence[bytes]) -> bytes:
    """fields: the commitments of all fields of the group, in order."""
    if len(fields) != len(GROUPS[group]) or any(len(each) != HASH for each in fields):
        raise Refused("these are not the fields of a group", place=group, hint="see docs/log.md")
    return committed(_GROUP, group.encode(), *fields)


def leaf(count: bytes, person: bytes, paper: bytes) -> bytes:
    """The bytes that go into the log: 112, whatever happened."""
    if not len(count) == len(person) == len(paper) == HASH:
        raise ValueError("a commitment has 32 bytes")
    return TAG + count + person + paper


def commitments(leaf: bytes) -> tuple[bytes, bytes, bytes]:
    """The commitments to count, person and paper. Raises Refused where these bytes are no leaf of ours."""
    if len(leaf) != LEAF or not leaf.startswith(TAG):
        raise Refused("this is no leaf of this log", hint="see docs/log.md")
    start = len(TAG)
    return leaf[start : start + HASH], leaf[start + HASH : start + 2 * HASH], leaf[start + 2 * HASH :]


def plain_account(identifiers: Iterable[str]) -> str:
    """The form in which an account is committed to: white space and case do not matter, order neither."""
    return "\n".join(sorted({" ".join(each.split()).casefold() for each in identifiers} - {""}))


# ---- from what happened ----------------------------------------------------------------------------------


def entries(before: Case | None, after: Case, added: Iterable[Recorded]) -> Iterator[Entry]:
    """What the log is told of these events, which led from `before` (None: a new case) to `after`."""
    for recorded in added:
        said = _said(before, after, recorded)
        yield from (msgspec.structs.replace(each, number=recorded.number) for each in said)


def suspensions(before: Sequence[str], after: Sequence[str], at: datetime) -> Iterator[Entry]:
    """States whose standing was suspended, or is no longer."""
    for how, states in (("suspended", set(after) - set(before)), ("lifted", set(before) - set(after))):
        for state in sorted(states):
            yield Entry(count=Counted(kind=Kind.SUSPENSION, month=month(at), state=state, how=how))


def arrival(door: str, sha256: str, at: datetime) -> Entry:
    """Something came in at a door. Nobody has read it yet, so nothing else is known."""
    return Entry(
        count=Counted(kind=Kind.ARRIVAL, month=month(at), door=door),
        paper=Paper(nature="request", document=sha256),
    )


def document(kind: Kind, nature: str, sha256: str, at: datetime) -> Entry:
    """A report, the totals of a month or a ledger, by its hash."""
    return Entry(count=Counted(kind=kind, month=month(at)), paper=Paper(nature=nature, document=sha256))


def ledger(commitment: str, until: datetime) -> Entry:
    """The day's commitment to the ends of all case chains as they were at `until`."""
    return document(Kind.LEDGER, f"{LEDGER_UNTIL}{stamp(until)}", commitment, until)


def ledger_until(paper: Opening) -> datetime:
    """Until when a ledger looks. Raises Refused where the paper is not a ledger's."""
    return instant(paper.value("nature").removeprefix(LEDGER_UNTIL))


def stamp(at: datetime) -> str:
    """A moment as everything that is signed or logged writes it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime(_STAMP)


def instant(text: str) -> datetime:
    """A moment as `stamp` writes it. Raises Refused for anything else."""
    try:
        return datetime.strptime(text, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise Refused("this names no moment", place=text[:40], hint="like 2026-11-24T04:00:00Z") from None


LEDGER_UNTIL = "ledger until "
_STAMP = "%Y-%m-%dT%H:%M:%SZ"
PADDING = Entry(count=Counted(kind=Kind.PADDING))


def month(at: datetime) -> str:
    return f"{at.year:04}-{at.month:02}"


def _said(before: Case | None, after: Case, recorded: Recorded) -> Iterator[Entry]:
    known = before or after
    match recorded.event:
        case events.Received() as event if not event.split_from:
            if not event.promise:  # no door counted it: the house kept no log when it came
                yield arrival(str(event.door), event.source, recorded.at)
            yield _count(after, recorded, Kind.REQUEST, door=str(event.door), accounts=_accounts(after))
        case events.Answered() if added := _ever(after) - _ever(before):
            yield _count(after, recorded, Kind.ADDITION, accounts=len(added))
        case events.HoldPlaced() as event:
            yield _count(after, recorded, Kind.HOLD, how="placed", accounts=len(event.targets))
        case events.HoldExtended() as event:
            kept = len(after.hold(event.hold).targets)
            yield _count(after, recorded, Kind.HOLD, how="extended", accounts=kept)
        case events.HoldLapsed() as event:
            kept = len(after.hold(event.hold).targets)
            yield _count(after, recorded, Kind.HOLD, how="ended", accounts=kept)
        case events.Reviewed() as event if event.settled:
            yield _decided(after, recorded, event.rulings)
        case events.SecondReviewed() as event if event.agrees and after.review is not None:
            yield _decided(after, recorded, after.review.rulings)
        case events.RequestRefused() as event:
            named = [*event.grounds, *([filling.PERSECUTION] if event.persecution else ())]
            yield _answer(known, after, recorded, Kind.REFUSAL, ground=_grounds(known, named))
        case events.Rerouted():
            yield _answer(known, after, recorded, Kind.REROUTE)
        case events.Withdrawn():
            yield _answer(known, after, recorded, Kind.WITHDRAWAL)
        case events.Released():
            yield from _released(known, after, recorded)
        case events.Closed():
            yield _count(after, recorded, Kind.CLOSING, accounts=_unanswered(after))
        case events.Erased():
            yield _count(known, recorded, Kind.ERASURE)
        case events.LetterWritten() as event:
            entry = _count(after, recorded, Kind.LETTER)
            yield msgspec.structs.replace(entry, paper=Paper(nature="letter", document=event.sha256))
        case events.NoticeSent() as event:
            yield from _noticed(known, after, recorded, event)
        case events.NoticeDelayed() if after.delay is not None:
            yield _count(
                after,
                recorded,
                Kind.NOTICE_DELAY,
                ground=str(after.delay.ground),
                accounts=len(after.delay.targets),
            )
        case events.Objected():
            yield _count(after, recorded, Kind.OBJECTION)
        case events.ObjectionAnswered() as event:
            how = "upheld" if event.upheld else "not-upheld"
            yield _count(after, recorded, Kind.OBJECTION_ANSWER, how=how)
        case events.Validated() as event:
            yield _count(after, recorded, Kind.VALIDATION, how=_validated(known, recorded, event.valid))


def _validated(known: Case, recorded: Recorded, valid: bool) -> str:
    """The time of Regulation (EU) 2023/1543, Article 4(5), asked of everybody, by the clock of the desk."""
    if not valid:
        return "refused"
    clock = limits.late_validation(known, House(organisation=known.organisation), recorded.at)
    return "late" if clock.late else "in-time"


def _count(case: Case, recorded: Recorded, kind: Kind, *, accounts: int = 0, **more: str) -> Entry:
    """What every entry about a case says of its request, and what is said of this one."""
    request = case.request
    fields: dict[str, str] = {
        "state": request.requesting_state or "",
        "instrument": request.instrument,
        "measure": str(request.measure),
        "categories": _joined({str(item.category) for target in request.targets for item in target.items}),
        "offences": _offences(request),
        "basis": _basis(case),
        "authorisation": _authorisation(request),
        "footing": str(_footing(request)),
        "emergency": _emergency(case, recorded.at.date()),
        "accounts": str(accounts) if accounts else "",
    }
    return Entry(count=Counted(kind=kind, month=month(recorded.at), **fields | more))


def _answer(known: Case, after: Case, recorded: Recorded, kind: Kind, **more: str) -> Entry:
    """An answer to the whole request; what was released before stays counted as released."""
    left = {target for target, _item in after.asked()} - _told(known)
    return _count(after, recorded, kind, accounts=len(left), **_timed(known, recorded), **more)


def _timed(known: Case, recorded: Recorded) -> dict[str, str]:
    days = (recorded.at - known.received).days
    return {"days": str(days), **({"again": "yes"} if known.answered_at is not None else {})}


def _decided(after: Case, recorded: Recorded, rulings: Sequence[Ruling]) -> Entry:
    return _count(
        after,
        recorded,
        Kind.DECISION,
        decision=_decision({each.decision for each in rulings}),
        ground=_grounds(after, [each.ground for each in rulings]),
        how=_narrowed(after, rulings),
        accounts=len({each.target for each in rulings}),
        **({"again": "yes"} if after.answered_at is not None else {}),
    )


def _decision(decisions: set[Decision]) -> str:
    """What is decided, in one word. decisions: of all items."""
    if len(decisions) == 1:
        return str(next(iter(decisions)))
    if decisions <= GIVES:
        return Mixed.NARROWED_IN_PART
    if decisions & GIVES:
        return Mixed.IN_PART if decisions & _REFUSES else Mixed.PART_NOW
    return Mixed.SEVERAL


def _released(known: Case, after: Case, recorded: Recorded) -> Iterator[Entry]:
    """One entry for each account of which anything was given or told, and one where anything was refused
    beside it: accounts are in that one which got nothing at all."""
    event = recorded.event
    assert isinstance(event, events.Released)
    fates = {key: fate for key, fate in after.outcomes.items() if known.outcomes.get(key) is not fate}
    rulings = [each for each in known.rulings if each.key in fates]
    told = {key: fate for key, fate in fates.items() if fate in (Fate.RELEASED, Fate.KEPT, Fate.NOT_HELD)}
    how = _narrowed(known, known.rulings)
    for target in dict.fromkeys(target for target, _item in told):
        given = _joined(
            {_given(each) for each in rulings if each.target == target and each.key in told} - {""}
        )
        entry = _count(
            after,
            recorded,
            Kind.RELEASE,
            accounts=1,
            how=how,
            given=given,
            **_timed(known, recorded),
        )
        yield msgspec.structs.replace(
            entry,
            person=_person(after, target, given or "nothing was there", recorded.at),
            paper=Paper(nature="package", document=event.package) if event.package else Paper(),
        )
    refused = {key for key, fate in fates.items() if fate is Fate.REFUSED}
    if refused:
        nothing = {target for target, _item in refused} - {target for target, _item in told} - _told(known)
        yield _count(
            after,
            recorded,
            Kind.REFUSAL,
            accounts=len(nothing),
            ground=_grounds(known, [each.ground for each in rulings if each.key in refused]),
            **_timed(known, recorded),
        )


def _noticed(known: Case, after: Case, recorded: Recorded, event: events.NoticeSent) -> Iterator[Entry]:
    """A person is told when their notice went out, and not when it was written."""
    delayed = known.delay.targets if known.delay is not None else ()
    for target in event.targets:
        later = "gag-ended" if target in delayed else "after-release"
        how = "before-release" if known.released_at is None else later
        in_vain = target in known.turned_down()
        entry = _count(after, recorded, Kind.NOTICE, accounts=1, how="after-refusal" if in_vain else how)
        outcome = "nothing was given" if in_vain else "told"
        yield msgspec.structs.replace(entry, person=_person(after, target, outcome, recorded.at))


def _person(case: Case, target: str, outcome: str, at: datetime) -> Personal:
    asked = next((each for each in case.request.targets if each.id == target), None)
    return Personal(
        account=plain_account(each.value for each in asked.identifiers) if asked else "",
        asked=_joined({str(item.category) for item in asked.items}) if asked else "",
        outcome=outcome,
        on=at.date().isoformat(),
    )


def _told(case: Case) -> set[str]:
    """Accounts of which something left already: they are counted where that is."""
    told = (Fate.RELEASED, Fate.KEPT, Fate.NOT_HELD)
    return {target for (target, _item), fate in case.outcomes.items() if fate in told}


def _unanswered(case: Case) -> int:
    """Accounts asked about once that got no answer of their own, as after a narrower request."""
    answered = {target for target, _item in case.outcomes} | set(case.split_targets)
    return len({target for target, _item in case.fates()} - answered)


def _ever(case: Case | None) -> set[str]:
    """Accounts that any version of the request named."""
    return {target for target, _item in case.fates()} if case is not None else set()


def _accounts(case: Case) -> int:
    return len({target for target, _item in case.asked()})


_GIVEN = {
    Ceiling.SUBSCRIBER: Category.SUBSCRIBER,
    Ceiling.TRAFFIC: Category.TRAFFIC,
    Ceiling.CONTENT: Category.CONTENT,
}


_REFUSES = frozenset({Decision.REFUSE, Decision.CHALLENGE})


def _given(ruling: Ruling) -> str:
    return str(_GIVEN.get(ruling.ceiling, ""))


def _grounds(case: Case, named: Iterable[str]) -> str:
    """What people named, articles or words of their own, in words that can be counted: those of letters."""
    return _joined({filling.ground(case, each) or OTHER for each in named if each}, " | ")


def _narrowed(case: Case, rulings: Sequence[Ruling]) -> str:
    """In what the rulings give less than was asked; empty where they give nothing, or all of it."""
    items = {(target.id, item.id): item for target in case.request.targets for item in target.items}
    giving = [each for each in rulings if each.decision in GIVES and each.ceiling is not Ceiling.NOTHING]
    if not giving:
        return ""
    accounts = {each.target for each in giving}
    keys = {each.key for each in giving}
    order = tuple(Ceiling)
    lower = any(
        item.category in HIGHEST and order.index(each.ceiling) < order.index(HIGHEST[item.category])
        for each in giving
        if (item := items.get(each.key)) is not None
    )
    ways = {
        "fewer-accounts": any(target not in accounts for target, _item in items),
        "fewer-categories": lower
        or any(target in accounts and (target, id) not in keys for target, id in items),
        "narrower-scope": any(each.scope for each in giving),
        "conditions": any(each.conditions for each in giving),
    }
    return _joined({way for way, so in ways.items() if so})


def _basis(case: Case) -> str:
    """Whether the assessment found a legal basis: shown, missing, or not shown. Empty before it."""
    if case.assessment is None:
        return ""
    outcomes = {str(each.outcome) for each in case.assessment.findings if each.theme == "basis"}
    for outcome, word in (("not met", "missing"), ("not shown", "not-shown"), ("met", "shown")):
        if outcome in outcomes:
            return word
    return ""


def _authorisation(request: Request) -> str:
    kind = request.authorisation.kind
    return "" if kind is AuthorisationKind.UNSTATED else str(kind)


def _footing(request: Request) -> Footing:
    match request.measure:
        case Measure.DOMESTIC_ORDER:
            return Footing.ORDER
        case Measure.DIRECT_TO_PROVIDER:
            return Footing.DIRECT
        case _:
            return Footing.REQUEST


def _emergency(case: Case, on: date) -> str:
    if not case.emergency:
        return ""
    sure = case.evidence and case.identification(on).level.at_least(Level.CONFIRMED)
    return "verified" if sure else "claimed"


def _offences(request: Request) -> str:
    """Groups of the provisions cited, as the atlas knows them; `unknown` where it knows none of them."""
    citations = tuple(citation for offence in request.offences for citation in offence.citations)
    return _groups(citations, request.requesting_state) if request.offences else ""


@lru_cache(maxsize=4096)
def _groups(citations: tuple[str, ...], state: str | None) -> str:
    found = atlas.atlas().find(citations, state=state)
    return _joined({str(match.provision.category) for match in found}) or "unknown"


def _joined(words: Iterable[str], by: str = " ") -> str:
    return by.join(sorted(set(words)))

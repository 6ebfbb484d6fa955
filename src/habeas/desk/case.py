"""A case as it stands, folded from its events.

Decides nothing: which move is open to whom is for `habeas.desk.moves`, and only `habeas.desk.desk` writes.
What can be asked of a case here follows from its events alone: where it stands, what was decided per
target and item, what left, what keeps it from going on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

import msgspec

from habeas.assess import Assessment, Ceiling, Decision
from habeas.desk import events
from habeas.desk.events import Arrival, DelayGround, Door, Happening, Held, Recorded, Role, Ruling
from habeas.desk.letters.model import Heard, Kind
from habeas.errors import Refused
from habeas.request import (
    AccountFacts,
    Evidence,
    Identification,
    Item,
    Measure,
    Period,
    Request,
    Target,
    identify,
)


class Stage(StrEnum):
    """Where a case stands. Whether data are held, or notice was given, are facts beside it."""

    RECEIVED = "received"  # nothing was assessed yet, or the request changed since
    ASSESSED = "assessed"  # a recommendation lies there and waits for a person
    REVIEWED = "reviewed"  # one person decided; a second one is needed
    DECIDED = "decided"  # decided, and not yet carried out
    WAITING = "waiting"  # for the requester
    RELEASED = "released"  # what was decided was handed over
    REFUSED = "refused"
    REROUTED = "rerouted"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # goes on in another case
    CLOSED = "closed"
    ERASED = "erased"  # nothing can be read any more


GIVES = frozenset({Decision.PROCEED, Decision.NARROW, Decision.COMPLY_AS_NARROWED})
ENDED = frozenset({Stage.MERGED, Stage.CLOSED, Stage.ERASED})
ANSWERED = frozenset({Stage.RELEASED, Stage.REFUSED, Stage.REROUTED, Stage.WITHDRAWN})
"""The requester has its answer; the case is not yet closed."""


class Fate(StrEnum):
    """What became of one item of one target; every item asked for has exactly one."""

    OPEN = "open"
    RELEASED = "released"
    KEPT = "kept"  # preserved and not disclosed, as asked
    REFUSED = "refused"
    NOT_HELD = "not held"
    REROUTED = "rerouted"
    WITHDRAWN = "withdrawn"
    LAPSED = "closed without an answer"
    ELSEWHERE = "goes on in another case"


TOLD = frozenset({Fate.RELEASED, Fate.KEPT, Fate.NOT_HELD})
"""What cannot be taken back: the requester has the data, or knows."""


REACHED = frozenset({Fate.RELEASED, Fate.NOT_HELD})
"""What is about a person, so that they are told of it. Of data silently kept nobody is."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the request. source: SHA-256 of the bytes it was read from."""

    number: int
    at: datetime
    request: Request
    source: str


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Data kept for this case (Article 42). confirmed: by the custodian."""

    id: str
    targets: tuple[str, ...]
    placed: datetime
    until: datetime
    confirmed: datetime | None = None
    kept: tuple[str, ...] = ()
    extended: int = 0
    ended: datetime | None = None


class Review(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    by: str
    rulings: tuple[Ruling, ...]
    assessment: str
    reasons: str
    why: str
    settled: bool = False  # one person was enough
    second: str = ""  # who agreed, if anybody did
    second_at: datetime | None = None
    second_reason: str = ""
    refused_by: str = ""  # who did not agree

    @property
    def stands(self) -> bool:
        return self.settled or bool(self.second)


class Delay(msgspec.Struct, frozen=True, kw_only=True):
    """A delay of the notice. version: of the request. agreed: when a second person agreed; None while it is
    proposed only. lifted: the day on which two people ended it early."""

    by: str
    version: int
    targets: tuple[str, ...]
    ground: DelayGround
    why: str
    cite: str
    until: date
    review: date
    agreed: datetime | None = None
    lifted: date | None = None

    @property
    def ends(self) -> date:
        """Its last day: nobody looked at it again in time, its own end, or the day it was lifted."""
        return min(self.until, self.review) if self.lifted is None else self.lifted

    def stands(self, on: date) -> bool:
        return self.agreed is not None and self.lifted is None and on <= self.ends


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """What one person proposes and a second one has not yet agreed to. questions: to the requester. why: to
    lift a delay."""

    by: str
    questions: tuple[str, ...] = ()
    why: str = ""


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    by: str
    assessment: str
    version: int
    files: tuple[Held, ...]
    lapses: datetime


class Consultation(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody outside was asked about a version of the request. requester: the requesting state itself."""

    at: datetime
    version: int
    requester: bool


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody invited into this case alone, when this version of the request was in force. covered, shown:
    as in `Invited`. clear: they declared no conflict. done: their access ended."""

    person: str
    role: Role
    version: int
    blinded: bool
    question: str
    covered: tuple[str, ...] = ()
    shown: Request | None = None
    clear: bool | None = None
    opinion: str = ""
    done: bool = False


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """The notice to one person. version: of the request it told of. told: what was decided to be given then,
    per target and item; all that was asked for, with the ceiling `nothing`, where the request had been
    refused. letter: SHA-256 of its page. since: from when its waiting time is counted. sent: when somebody
    recorded that it went out, `sent_by` who, `way` and `went` how and on which day; None while nobody did."""

    at: datetime
    targets: tuple[str, ...]
    code: str
    waits_until: datetime
    version: int
    told: tuple[tuple[str, str, Ceiling], ...]
    since: datetime
    letter: str = ""
    sent: datetime | None = None
    sent_by: str = ""
    way: events.Sending | None = None
    went: date | None = None


class Objection(msgspec.Struct, frozen=True, kw_only=True):
    """What the person objected, and when."""

    at: datetime
    event: events.Objected


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """While a question lies with the requester. until: None while it is open."""

    since: datetime
    until: datetime | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case. Every field follows from the events in `history`."""

    organisation: str
    id: str
    history: tuple[Recorded, ...]
    stage: Stage
    versions: tuple[Version, ...]
    door: Door
    zone: str  # of the sender's dates; empty where nobody knows it
    received_by: str
    split_from: str = ""
    like: tuple[str, ...] = ()  # cases there were already with the same request or reference
    evidence: tuple[Evidence, ...] = ()
    accounts: tuple[AccountFacts, ...] = ()
    assessment: Assessment | None = None
    digest: str = ""  # of the assessment
    assessed_version: int = 0
    assigned: str = ""
    escalated: bool = False
    reviews: tuple[Review, ...] = ()
    holds: tuple[Hold, ...] = ()
    pauses: tuple[Pause, ...] = ()
    questions: tuple[str, ...] = ()
    wording: Proposed | None = None  # questions in our own words that wait for a second person
    letters: tuple[events.LetterWritten, ...] = ()
    accepted: tuple[str, ...] = ()  # conditions on which data are given, by the requester
    cleared: tuple[str, ...] = ()  # letters that counsel answered for, by the hash of their page
    consultations: tuple[Consultation, ...] = ()
    seats: tuple[Seat, ...] = ()
    secrecy_declined: bool = False
    secrecy_accepted: bool = False
    notices: tuple[Notice, ...] = ()
    delay: Delay | None = None  # the one two people agreed to last
    delay_proposed: Delay | None = None
    lift: Proposed | None = None  # counsel proposes to lift the delay that stands
    objection: datetime | None = None  # open since
    objectors: tuple[str, ...] = ()  # codes of the notices whose holders objected
    objected: datetime | None = None  # when the objection came that was answered last
    heard: Heard | None = None  # the answer to it; None while one is open
    files: tuple[Held, ...] = ()
    approval: Approval | None = None
    released: tuple[Held, ...] = ()
    left: tuple[tuple[str, str, Ceiling], ...] = ()  # whatever a person is to be told of, per target and item
    released_at: datetime | None = None
    answered_at: datetime | None = None  # when it was answered last, whether or not it was reopened since
    reopened_at: datetime | None = None
    outcomes: dict[tuple[str, str], Fate] = {}  # of the items that were answered
    delivered: datetime | None = None
    validated: bool | None = None
    persecution: bool = False
    split_targets: tuple[str, ...] = ()
    merged_into: str = ""
    closed_at: datetime | None = None
    retain_until: date | None = None

    # ---- what is asked ----

    @property
    def request(self) -> Request:
        """The version in force."""
        return self.versions[-1].request

    @property
    def version(self) -> int:
        return len(self.versions)

    @property
    def length(self) -> int:
        return self.history[-1].number

    @property
    def received(self) -> datetime:
        return self.history[0].at

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """When what is answered here came: this request, or the one it was split off from, and those merged
        into it."""
        found: list[Arrival] = []
        for recorded in self.history:
            match recorded.event:
                case events.Received() as received:
                    own = Arrival(at=recorded.at, on=received.request.received_on, stated=received.arrived)
                    found.extend(received.came or (own,))
                case events.MergeTaken() as taken:
                    found.extend(taken.came)
        return tuple(found)

    @property
    def takers(self) -> frozenset[str]:
        """Who took in what is decided here: the request, what was merged into it, the version in force."""
        found, version = {self.received_by}, ""
        for recorded in self.history:
            match recorded.event:
                case events.Received(takers=takers) | events.MergeTaken(takers=takers):
                    found.update(takers)
                case events.Answered() | events.NarrowingAccepted():
                    version = recorded.by
        return frozenset(found | {version} - {""})

    @property
    def files_kept(self) -> tuple[events.Enclosed, ...]:
        """The files that came along and are kept as they came, in their order. Their place here is their
        number."""
        return tuple(
            file
            for each in self.history
            if isinstance(each.event, events.Attached)
            for file in each.event.files
        )

    @property
    def answered(self) -> datetime | None:
        """When the answer was given that stands. A case that was reopened since has none."""
        if self.answered_at is None or self.reopened_at is None or self.reopened_at < self.answered_at:
            return self.answered_at
        return None

    def happened(self, *what: Happening) -> tuple[datetime, events.Happened] | None:
        """Which of these was recorded last, and when."""
        for recorded in reversed(self.history):
            if isinstance(recorded.event, events.Happened) and recorded.event.what in what:
                return recorded.at, recorded.event
        return None

    def longer(self) -> tuple[int, events.MoreTime] | None:
        """What was last said to take longer than its time, and the number of that event; None where the
        requester has its answer, or nothing was."""
        if self.stage in ENDED | ANSWERED:
            return None
        for recorded in reversed(self.history):
            if isinstance(recorded.event, events.MoreTime):
                return recorded.number, recorded.event
        return None

    def more_time(self, limit: events.Prolonged) -> tuple[datetime, events.MoreTime] | None:
        """When the issuing authority was last told that this takes longer, and until when."""
        for recorded in reversed(self.history):
            if isinstance(recorded.event, events.MoreTime) and recorded.event.limit is limit:
                return recorded.at, recorded.event
        return None

    @property
    def domestic(self) -> bool:
        return self.request.measure is Measure.DOMESTIC_ORDER

    @property
    def emergency(self) -> bool:
        return self.request.measure is Measure.EMERGENCY or self.request.emergency.claimed

    def asked(self) -> tuple[tuple[str, str], ...]:
        """Every item of every target asked for in the version in force, as (target, item)."""
        return tuple(
            (target.id, item.id)
            for target in self.request.targets
            if target.id not in self.split_targets
            for item in target.items
        )

    # ---- what was decided ----

    @property
    def review(self) -> Review | None:
        """The last one, whether or not a second person agreed."""
        return self.reviews[-1] if self.reviews else None

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """What is decided; empty until it is."""
        settled = self.stage in ANSWERED | {Stage.DECIDED, Stage.CLOSED, Stage.WAITING}
        review = self.review
        if review is None or not settled or not review.stands or review.assessment != self.digest:
            return ()
        if not self.current:  # they were of an earlier version, whose items may be called the same
            return ()
        return review.rulings

    def ruling(self, target: str, item: str) -> Ruling | None:
        return next((each for each in self.rulings if each.key == (target, item)), None)

    def giving(self) -> tuple[Ruling, ...]:
        """The rulings under which anything may be told or handed over. What is only kept until a question is
        answered is not among them."""
        return tuple(
            each for each in self.rulings if each.decision in GIVES and each.ceiling is not Ceiling.NOTHING
        )

    def reaching(self) -> tuple[Ruling, ...]:
        """Those of `giving` by which anything about a person leaves. Of data silently kept nobody is told."""
        return tuple(each for each in self.giving() if each.ceiling is not Ceiling.PRESERVE)

    def untold(self) -> tuple[str, ...]:
        """The targets of which something was given or told, and to whose person no notice of it went out."""
        return tuple(sorted({target for target, _item, _ceiling in self.left_untold(self._sent())}))

    def left_untold(self, notices: Sequence[Notice]) -> tuple[tuple[str, str, Ceiling], ...]:
        """What has left and none of these notices told of."""
        return tuple(each for each in self.left if not any(self._told_of(each, notice) for notice in notices))

    def _sent(self) -> list[Notice]:
        return [each for each in self.notices if each.sent is not None]

    def concerned(self) -> tuple[str, ...]:
        """The targets whose person is to be told: of what is decided to be given, and of what has left,
        whatever became of the case since. After a refusal they may be told that nothing was given."""
        going = self.reaching() if self.stage in (Stage.DECIDED, Stage.RELEASED) else ()
        return tuple(dict.fromkeys((*(each.target for each in going), *self.untold(), *self.turned_down())))

    def turned_down(self) -> tuple[str, ...]:
        """The targets of a refused request of which nothing ever left: their persons may be told, and need
        not be."""
        if self.stage is not Stage.REFUSED:
            return ()
        left = {target for (target, _item), fate in self.outcomes.items() if fate in REACHED}
        return tuple(dict.fromkeys(target for target, _item in self.asked() if target not in left))

    def answers(self) -> tuple[events.LetterWritten, ...]:
        """The letters that answer the last objection, the newest first; none while one is open."""
        found: list[events.LetterWritten] = []
        for recorded in self.history:
            match recorded.event:
                case events.Objected() | events.ObjectionAnswered():
                    found = []
                case events.LetterWritten(letter=Kind.OBJECTION_ANSWER) as letter if self.heard is not None:
                    found.append(letter)
        return tuple(reversed(found))

    def said(self) -> Recorded | None:
        """What the requester was last to be told or asked, where that is how the case stands."""
        if self.stage not in (Stage.WAITING, Stage.REFUSED, Stage.REROUTED):
            return None
        last = (
            events.Asked,
            events.NarrowProposed,
            events.Challenged,
            events.Rerouted,
            events.RequestRefused,
        )
        return next((each for each in reversed(self.history) if isinstance(each.event, last)), None)

    def waits_for_counsel(self, letter: events.LetterWritten) -> bool:
        """Whether a letter is held and nobody has answered for it yet: it goes nowhere until then."""
        return letter.held and letter.sha256 not in self.cleared

    def held_letters(self) -> tuple[events.LetterWritten, ...]:
        """The letters that wait for counsel, each page once, the newest first."""
        waiting = {each.sha256: each for each in self.letters if self.waits_for_counsel(each)}
        return tuple(reversed(waiting.values()))

    def objections(self) -> tuple[Objection, ...]:
        """Everything the person objected, in the order it came."""
        return tuple(
            Objection(at=each.at, event=each.event)
            for each in self.history
            if isinstance(each.event, events.Objected)
        )

    def open_objections(self) -> tuple[Objection, ...]:
        """What the person objected and nobody answered yet, the newest first."""
        found: list[Objection] = []
        for each in self.history:
            match each.event:
                case events.ObjectionAnswered():
                    found = []
                case events.Objected() as event:
                    found.append(Objection(at=each.at, event=event))
        return tuple(reversed(found))

    def fates(self) -> dict[tuple[str, str], Fate]:
        """What became of every item that was ever asked for: accounts asked are the sum of outcomes."""
        every = {
            (target.id, item.id): None
            for version in self.versions
            for target in version.request.targets
            for item in target.items
        }
        return {key: self._fate(key) for key in every}

    def _fate(self, key: tuple[str, str]) -> Fate:
        if key in self.outcomes:
            return self.outcomes[key]
        if key[0] in self.split_targets or self.stage is Stage.MERGED:
            return Fate.ELSEWHERE
        if key not in self.asked():
            return Fate.WITHDRAWN
        return Fate.LAPSED if self.stage is Stage.CLOSED else Fate.OPEN

    # ---- what stands in the way ----

    @property
    def current(self) -> bool:
        """Whether the assessment is of the version in force."""
        return self.assessment is not None and self.assessed_version == self.version

    def identification(self, on: date) -> Identification:
        """How sure we are, on the day, who sent the request."""
        request = self.request
        return identify(request.issuing, self.evidence, state=request.requesting_state, on=on)

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].until is None

    @property
    def held(self) -> bool:
        return any(hold.ended is None for hold in self.holds)

    def kept(self) -> frozenset[str]:
        """The targets of which the custodian keeps something now."""
        return frozenset(target for hold in self._confirmed() for target in hold.kept)

    def found_empty(self) -> frozenset[str]:
        """The targets of which nothing was there to be kept."""
        looked = frozenset(target for hold in self._confirmed() for target in hold.targets)
        return looked - self.kept()

    def _confirmed(self) -> tuple[Hold, ...]:
        return tuple(each for each in self.holds if each.ended is None and each.confirmed is not None)

    def hold(self, id: str) -> Hold:
        for hold in self.holds:
            if hold.id == id:
                return hold
        raise Refused("there is no such hold in this case", place=id, hint="open the case again")

    def notified(self, targets: Iterable[str]) -> bool:
        """Whether a notice went out to the persons behind all of these targets, and told of no less than is
        decided now."""
        wanted, sent = set(targets), self._sent()
        untold = {target for target, _item, _ceiling in self.left_untold(sent)}
        return wanted.isdisjoint(untold) and self._covered(wanted, sent)

    def _covered(self, targets: Iterable[str], notices: Sequence[Notice]) -> bool:
        wanted = set(targets)
        reached = {target for notice in notices for target in notice.targets}
        return reached.issuperset(wanted) and all(
            any(self._told_of((*ruling.key, ruling.ceiling), notice) for notice in notices)
            for ruling in self.reaching()
            if ruling.target in wanted
        )

    def to_tell(self, on: date) -> tuple[str, ...]:
        """The targets whose person is to be told and was not: no notice of this went out to them, and no
        delay stands for them."""
        return tuple(
            each for each in self.concerned() if not self.notified((each,)) and not self.delayed((each,), on)
        )

    def unsent(self) -> tuple[Notice, ...]:
        """The notices that were written and of which nobody said that they went out, the last one to each
        person; none that tells of less than is decided now, or that an account was since put in place of."""
        last = {target: notice for notice in self.notices for target in notice.targets}
        live = self.concerned()
        return tuple(
            notice
            for target, notice in last.items()
            if notice.sent is None
            and target in live
            and self._same_person(target, notice.version)
            and self._covered((target,), [notice])
            and target not in {each for each, _item, _ceiling in self.left_untold([*self._sent(), notice])}
        )

    def last_sent(self, targets: Iterable[str]) -> dict[str, Notice]:
        """The last notice that went out to the person behind each of these targets."""
        sent = {target: each for each in self.notices if each.sent is not None for target in each.targets}
        return {target: sent[target] for target in targets if target in sent}

    def senders(self, targets: Iterable[str], since: datetime | None = None) -> frozenset[str]:
        """Who said of the last notice to each of these that it went out; since: only where that was later."""
        return frozenset(
            notice.sent_by
            for notice in self.last_sent(targets).values()
            if since is None or (notice.sent is not None and notice.sent > since)
        )

    def _told_of(self, given: tuple[str, str, Ceiling], notice: Notice) -> bool:
        """Whether a notice told the same person of this item, or of more of it."""
        whose, what, most = given
        then, now = self._target(whose, notice.version), self._target(whose, self.version)
        if then is None or now is None or then.identifiers != now.identifiers:
            return False
        order = tuple(Ceiling)
        items_then, items_now = {item.id: item for item in then.items}, {item.id: item for item in now.items}
        return any(
            (target, item) == (whose, what)
            and order.index(most) <= order.index(ceiling)
            and _within(items_now[item], items_then[item])
            for target, item, ceiling in notice.told
        )

    def _target(self, id: str, version: int) -> Target | None:
        targets = self.versions[version - 1].request.targets
        return next((each for each in targets if each.id == id), None)

    def waits_until(self, targets: Iterable[str]) -> datetime | None:
        """The end of the waiting time after the last notice to these targets, as it was promised to them."""
        wanted = set(targets)
        ends = [each.waits_until for each in self.notices if not wanted.isdisjoint(each.targets)]
        return max(ends, default=None)

    def delayed(self, targets: Iterable[str], on: date) -> bool:
        """Whether a delay, agreed by two people and reviewed in time, stands for all these targets."""
        delay = self.delay
        if delay is None or not delay.stands(on):
            return False
        return all(target in delay.targets and self._same_person(target, delay.version) for target in targets)

    def delay_reaches(self, targets: Iterable[str], on: date) -> bool:
        """Whether a delay that stands was agreed to for an account that one of these targets names too, as it
        was asked about then."""
        delay = self.delay
        if delay is None or not delay.stands(on):
            return False
        then = [target for each in delay.targets if (target := self._target(each, delay.version)) is not None]
        theirs = {identifier.value for target in then for identifier in target.identifiers}
        now = [target for each in targets if (target := self._target(each, self.version)) is not None]
        return any(identifier.value in theirs for target in now for identifier in target.identifiers)

    def kept_back(self, notice: Notice) -> Delay | None:
        """The delay for which this notice was written later; None where no two people had agreed to one."""
        delay = self.delay
        if delay is None or delay.agreed is None or delay.agreed > notice.at:
            return None
        of_them = (target in delay.targets for target in notice.targets)
        same = (self._same_person(target, delay.version) for target in notice.targets)
        return delay if all(of_them) and all(same) else None

    def _same_person(self, target: str, version: int) -> bool:
        then, now = self._target(target, version), self._target(target, self.version)
        return then is not None and now is not None and then.identifiers == now.identifiers

    def seat(self, person: str) -> Seat | None:
        """Where somebody invited sits in this case, while they do: at the latest until it ends."""
        if self.stage in ENDED:
            return None
        return next((each for each in self.seats if each.person == person and not each.done), None)


Field = TypeVar("Field")


def fold(organisation: str, id: str, stream: Iterable[Recorded]) -> Case:
    """The case after these events. The first is always `Received`."""
    history = tuple(stream)
    if not history:
        raise Refused("there is no such case", place=id, hint="look in the queue")
    first = history[0]
    if not isinstance(first.event, events.Received):
        raise AssertionError("a case begins with its request")
    received = first.event
    case = Case(
        organisation=organisation,
        id=id,
        history=history,
        stage=Stage.RECEIVED,
        versions=(Version(number=1, at=first.at, request=received.request, source=received.source),),
        door=received.door,
        zone=received.zone,
        received_by=received.taken_in_by or first.by,
        split_from=received.split_from,
        like=received.like,
    )
    for recorded in history[1:]:
        case = msgspec.structs.replace(case, **_lapsing(case, recorded), **_changes(case, recorded))
    return case


def _lapsing(case: Case, recorded: Recorded) -> dict[str, object]:
    """An approval falls with whatever happens after it, so that nobody has to know what it rested on."""
    event = recorded.event
    if case.approval is None or isinstance(event, (*_CHANGES_NOTHING, events.ReleaseApproved)):
        return {}
    return {"approval": None}


_CHANGES_NOTHING = (
    events.Noted,
    events.Warned,
    events.Assigned,
    events.HandedOver,
    events.ReceivedAgain,
    events.LetterWritten,
    events.LetterCleared,
    events.NoticeDelayProposed,
    events.DelayLiftProposed,
)
"""What leaves an approval standing: words among colleagues, a letter in the file, what nobody agreed to."""


def _reaching(case: Case) -> Iterator[tuple[str, str, Ceiling]]:
    return ((*each.key, each.ceiling) for each in case.reaching())


def _in_vain(case: Case) -> Iterator[tuple[str, str, Ceiling]]:
    """What was asked for of a target, where it was refused and nothing of it ever left."""
    refused = set(case.turned_down())
    return ((target, item, Ceiling.NOTHING) for target, item in case.asked() if target in refused)


def _changes(case: Case, recorded: Recorded) -> dict[str, object]:
    """The fields of a case that one more event changes."""
    at, by = recorded.at, recorded.by
    match recorded.event:
        case events.Identified() as event:
            return {"evidence": event.evidence, **_stale(case)}
        case events.AccountRecorded() as event:
            return {"accounts": event.accounts, **_stale(case)}
        case events.Noted() | events.Warned() | events.ReceivedAgain():
            return {}
        case events.Happened() | events.MoreTime() | events.Attached():
            return {}
        case events.ZoneStated() as event:
            return {"zone": event.zone}
        case events.Assigned() as event:
            return {"assigned": event.to}
        case events.HandedOver() as event:
            return {"assigned": event.to}
        case events.HoldPlaced() as event:
            since = event.placed or at
            placed = Hold(id=event.hold, targets=event.targets, placed=since, until=event.until)
            return {"holds": (*case.holds, placed)}
        case events.HoldConfirmed() as event:
            return {"holds": _hold(case, event.hold, confirmed=at, kept=event.kept)}
        case events.HoldExtended() as event:
            more = case.hold(event.hold).extended + 1
            return {"holds": _hold(case, event.hold, until=event.until, extended=more)}
        case events.HoldLapsed() as event:
            return {"holds": _hold(case, event.hold, ended=at)}
        case events.Assessed() as event:
            return {
                "assessment": event.assessment,
                "digest": event.digest,
                "assessed_version": event.version,
                "stage": Stage.ASSESSED,
                "wording": None,
            }
        case events.Reviewed() as event:
            review = Review(
                at=at,
                by=by,
                rulings=event.rulings,
                assessment=event.assessment,
                reasons=event.reasons,
                why=event.why,
                settled=event.settled,
            )
            stage = Stage.DECIDED if event.settled else Stage.REVIEWED
            # Files lie ready for a decision; a new decision wants them laid out anew.
            return {
                "reviews": (*case.reviews, review),
                "stage": stage,
                "files": (),
                "wording": None,
            }
        case events.SecondReviewed() as event:
            last = case.reviews[-1]
            if event.agrees:
                done = msgspec.structs.replace(last, second=by, second_at=at, second_reason=event.reason)
                return {"reviews": (*case.reviews[:-1], done), "stage": Stage.DECIDED}
            done = msgspec.structs.replace(last, refused_by=by, second_at=at, second_reason=event.reason)
            return {"reviews": (*case.reviews[:-1], done), "stage": Stage.ASSESSED}
        case events.Escalated():
            # What a reviewer decided is undone: counsel decides from here.
            undone = case.stage in (Stage.REVIEWED, Stage.DECIDED)
            return {"escalated": True, **({"stage": Stage.ASSESSED} if undone else {})}
        case events.Consulted() as event:
            about = event.version or case.version
            asked = Consultation(at=at, version=about, requester=event.requester)
            return {"consultations": (*case.consultations, asked)}
        case events.Invited() as event:
            seat = Seat(
                person=event.person,
                role=event.role,
                version=case.version,
                blinded=event.blinded,
                question=event.question,
                covered=event.covered,
                shown=event.shown,
            )
            return {"seats": (*case.seats, seat)}
        case events.ConflictDeclared() as event:
            return {"seats": _seat(case, by, clear=not event.conflict, done=event.conflict)}
        case events.OpinionGiven() as event:
            return {"seats": _seat(case, by, opinion=event.words, done=True)}
        case events.QuestionsProposed() as event:
            return {"wording": Proposed(by=by, questions=event.questions)}
        case events.QuestionsDeclined():
            return {"wording": None}
        case events.Asked() as event:
            return {
                "stage": Stage.WAITING,
                "questions": event.questions,
                "wording": None,
                "pauses": _paused(case, at),
            }
        case events.NarrowProposed():
            return {"stage": Stage.WAITING, "pauses": _paused(case, at)}
        case events.Answered() as event:
            return _next_version(case, at, event.request, event.source)
        case events.NarrowingAccepted() as event:
            return _next_version(case, at, event.request, event.source)
        case events.LetterWritten() as event:
            return {"letters": (*case.letters, event)}
        case events.LetterCleared() as event:
            return {"cleared": (*case.cleared, event.sha256)}
        case events.ConditionsAnswered() as event:
            # Who does not accept them is given nothing on them; what is given instead, people decide anew.
            undone = not event.accepted and case.stage is Stage.DECIDED
            return {
                "accepted": event.conditions if event.accepted else (),
                **({"stage": Stage.ASSESSED} if undone else {}),
            }
        case events.Challenged():
            return {"stage": Stage.WAITING}
        case events.Rerouted():
            return {"stage": Stage.REROUTED, "answered_at": at, "outcomes": _all_are(case, Fate.REROUTED)}
        case events.RequestRefused() as event:
            return {
                "stage": Stage.REFUSED,
                "answered_at": at,
                "persecution": event.persecution,
                "outcomes": _all_are(case, Fate.REFUSED),
            }
        case events.Withdrawn():
            return {
                "stage": Stage.WITHDRAWN,
                "answered_at": at,  # nothing is waited for any more
                "pauses": _resumed(case, at),
                "outcomes": _all_are(case, Fate.WITHDRAWN),
            }
        case events.Validated() as event:
            return {"validated": event.valid}
        case events.SecrecyDeclined():
            return {"secrecy_declined": True}
        case events.SecrecyAccepted():
            return {"secrecy_accepted": True}
        case events.Notified() as event:
            notice = Notice(
                at=at,
                targets=event.targets,
                code=event.code,
                waits_until=event.waits_until,
                version=case.version,
                told=tuple(
                    dict.fromkeys(
                        each
                        for each in (*_reaching(case), *case.left_untold(case._sent()), *_in_vain(case))
                        if each[0] in event.targets
                    )
                ),
                since=at,
                letter=event.letter,
                sent=None if event.letter else at,  # an earlier version of the desk took it for sent
                sent_by="" if event.letter else by,
            )
            return {"notices": (*case.notices, notice)}
        case events.NoticeSent() as event:
            sent = {
                "since": event.since,
                "waits_until": event.waits_until,
                "sent": at,
                "sent_by": by,
                "way": event.way,
                "went": event.on,
            }
            return {
                "notices": tuple(
                    msgspec.structs.replace(each, **sent) if each.code == event.code else each
                    for each in case.notices
                )
            }
        case events.NoticeDelayProposed() as event:
            delay = Delay(
                by=by,
                version=case.version,
                targets=event.targets,
                ground=event.ground,
                why=event.why,
                cite=event.cite,
                until=event.until,
                review=event.review,
            )
            return {"delay_proposed": delay}  # the one in force stands on until this one is agreed to
        case events.NoticeDelayed():
            if case.delay_proposed is None:
                raise AssertionError("a delay is agreed to before it was proposed")
            agreed = msgspec.structs.replace(case.delay_proposed, agreed=at)
            return {"delay": agreed, "delay_proposed": None, "lift": None}
        case events.DelayLiftProposed() as event:
            return {"lift": Proposed(by=by, why=event.why)}
        case events.DelayLifted() as event:
            if case.delay is None:
                raise AssertionError("a delay is lifted before there was one")
            return {"delay": msgspec.structs.replace(case.delay, lifted=event.on), "lift": None}
        case events.Objected() as event:
            objectors = tuple(dict.fromkeys((*case.objectors, *([event.code] if event.code else []))))
            return {"objection": at, "objectors": objectors, "heard": None}
        case events.ObjectionAnswered() as event:
            decided = case.stage in (Stage.REVIEWED, Stage.DECIDED, Stage.RELEASED)
            back = {"stage": Stage.ASSESSED} if event.upheld and decided else {}
            return {"objection": None, "objected": case.objection, "heard": event.heard, **back}
        case events.FilesPrepared() as event:
            return {"files": event.files}
        case events.ReleaseApproved() as event:
            approval = Approval(
                at=at,
                by=by,
                assessment=event.assessment,
                version=event.version,
                files=event.files,
                lapses=event.lapses,
            )
            return {"approval": approval}
        case events.Released() as event:
            return {
                "released": (*case.released, *event.files),
                "left": tuple(dict.fromkeys((*case.left, *_reaching(case)))),
                "released_at": at,
                "answered_at": at,
                "outcomes": {**case.outcomes, **_carried_out(case)},
                "stage": Stage.RELEASED,
            }
        case events.DeliveryConfirmed():
            return {"delivered": at}
        case events.Merged() as event:
            return {"stage": Stage.MERGED, "merged_into": event.into, "closed_at": at}
        case events.MergeTaken() as event:
            return _taken(case, event.facts)
        case events.SplitOff() as event:
            return {"split_targets": (*case.split_targets, *event.targets), **_stale(case)}
        case events.Closed():
            return {"stage": Stage.CLOSED, "closed_at": at}
        case events.Reopened():
            kept = {key: fate for key, fate in case.outcomes.items() if fate in TOLD}
            return {
                "stage": Stage.RECEIVED,
                "reopened_at": at,
                "closed_at": None,
                "files": (),
                "outcomes": kept,
                # Their access ended with the case, and comes back with no act but an invitation.
                "seats": tuple(msgspec.structs.replace(each, done=True) for each in case.seats),
            }
        case events.Retained() as event:
            return {"retain_until": event.until}
        case events.Erased():
            return {"stage": Stage.ERASED}
        case other:
            raise AssertionError(f"{other.kind} is no event of a case")


def _stale(case: Case) -> dict[str, object]:
    """What was known has changed: what was not answered is assessed anew."""
    back = case.stage in (Stage.ASSESSED, Stage.REVIEWED, Stage.DECIDED)
    return {"stage": Stage.RECEIVED} if back else {}


def _all_are(case: Case, fate: Fate) -> dict[tuple[str, str], Fate]:
    """One answer for everything asked; what has left already has left."""
    told = {key: known for key, known in case.outcomes.items() if known in TOLD}
    return {**dict.fromkeys(case.asked(), fate), **told}


def _carried_out(case: Case) -> dict[tuple[str, str], Fate]:
    """What a release answers: what is given, and what is refused beside it. The rest stays open."""
    found: dict[tuple[str, str], Fate] = {}
    given = {Ceiling.PRESERVE: Fate.KEPT, Ceiling.EXISTENCE: Fate.NOT_HELD}
    for ruling in case.rulings:
        if case.outcomes.get(ruling.key) is Fate.RELEASED:
            continue
        if ruling in case.giving():
            found[ruling.key] = given.get(ruling.ceiling, Fate.RELEASED)
        elif ruling.decision in (Decision.REFUSE, Decision.CHALLENGE) and (
            case.outcomes.get(ruling.key) not in TOLD
        ):
            found[ruling.key] = Fate.REFUSED
    return found


def _taken(case: Case, facts: tuple[str, ...]) -> dict[str, object]:
    """What a request merged into this one stated counts as an earlier statement of this one, and whoever was
    asked about this one was not asked about that."""
    last = case.versions[-1]
    known = {last.request.facts, *last.request.earlier_facts}
    new = tuple(each for each in dict.fromkeys(facts) if each and each not in known)
    if not new:
        return {}
    request = msgspec.structs.replace(last.request, earlier_facts=(*last.request.earlier_facts, *new))
    version = msgspec.structs.replace(last, request=request)
    return {"versions": (*case.versions[:-1], version), "consultations": (), **_stale(case)}


def _within(item: Item, other: Item) -> bool:
    """Whether an item asks for nothing beyond another one."""
    same = (item.category, item.description) == (other.category, other.description)
    return same and confined(item.period or Period(), other.period or Period())


def confined(inner: Period, outer: Period) -> bool:
    """Whether all days of one period lie in another; an open end lies in an open end only."""
    from_there = outer.start is None or (inner.start is not None and inner.start >= outer.start)
    until_there = outer.end is None or (inner.end is not None and inner.end <= outer.end)
    return from_there and until_there


def _next_version(case: Case, at: datetime, request: Request, source: str) -> dict[str, object]:
    version = Version(number=case.version + 1, at=at, request=request, source=source)
    before = {target.id: target.identifiers for target in case.request.targets}
    now = {target.id: target.identifiers for target in request.targets}
    names = [each.issuing.name if each.issuing else "" for each in (case.request, request)]
    return {
        "versions": (*case.versions, version),
        **_secrecy(case, request),
        # What speaks for one authority says nothing of another, nor one account's records of another's.
        "evidence": case.evidence
        if names[0] == names[1]
        else tuple(each for each in case.evidence if each.holds is False),
        "accounts": tuple(each for each in case.accounts if before.get(each.target) == now.get(each.target)),
        "stage": Stage.RECEIVED,
        "questions": (),
        "accepted": (),
        "files": (),
        "pauses": _resumed(case, at),
    }


def _secrecy(case: Case, request: Request) -> dict[str, object]:
    """Who asks for secrecy again, for another reason, has not accepted that the person is told of that."""
    if request.secrecy == case.request.secrecy or not request.secrecy.asked:
        return {}
    return {"secrecy_declined": False, "secrecy_accepted": False}


def _paused(case: Case, at: datetime) -> tuple[Pause, ...]:
    return case.pauses if case.paused else (*case.pauses, Pause(since=at))


def _resumed(case: Case, at: datetime) -> tuple[Pause, ...]:
    if not case.paused:
        return case.pauses
    return (*case.pauses[:-1], msgspec.structs.replace(case.pauses[-1], until=at))


def _hold(case: Case, id: str, **changes: object) -> tuple[Hold, ...]:
    return tuple(msgspec.structs.replace(each, **changes) if each.id == id else each for each in case.holds)


def _seat(case: Case, person: str, **changes: object) -> tuple[Seat, ...]:
    return tuple(
        msgspec.structs.replace(each, **changes) if each.person == person and not each.done else each
        for each in case.seats
    )

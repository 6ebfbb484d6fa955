"""A small house with its desk, kept in memory, and the way of a case through it, step by step.

Roles only. Time is counted from `START` and always handed in: `at(days, hours)`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from habeas.assess import Ceiling, Decision, assess
from habeas.desk import HOUSE, Case, Conflict, Desk, Door, Held, Job, Recorded, Role, Row, Ruling, blinding
from habeas.desk.desk import Judge, Telling
from habeas.desk.events import (
    Configured,
    DelayGround,
    Enclosed,
    Happening,
    LogConfigured,
    Prolonged,
    Sending,
    Way,
)
from habeas.desk.letters.model import Kind, Language, Slow
from habeas.desk.package import RegisteredKey, fingerprint
from habeas.desk.public import Entry
from habeas.desk.records import Change, Looked
from habeas.desk.rulings import WHICH_ZONE, recommended
from habeas.request import (
    AccountFacts,
    Attachment,
    Category,
    Evidence,
    EvidenceKind,
    Identifier,
    Measure,
    Register,
    Request,
    Secrecy,
    Target,
)

ROOT = Path(__file__).resolve().parents[2]
ORGANISATION = "central-authority"
CASE = "2026-000001"
START = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
CODE = hashlib.sha256(b"door").hexdigest()
PACKAGE = hashlib.sha256(b"package").hexdigest()
SOURCE = hashlib.sha256(b"source").hexdigest()
GROUND = "seat-law"
RECIPIENT = "age1aexcaxpzatct7ttq72d7gfuxysmflvyrf6d2a09msj9tdgwkfewsj5y5hh"  # nobody holds its other half

PEOPLE: dict[str, frozenset[Role]] = {
    "intake": frozenset({Role.INTAKE}),
    "reviewer": frozenset({Role.REVIEWER}),
    "reviewer-2": frozenset({Role.REVIEWER}),
    "counsel": frozenset({Role.COUNSEL}),
    "counsel-2": frozenset({Role.COUNSEL}),
    "custodian": frozenset({Role.CUSTODIAN}),
    "custodian-2": frozenset({Role.CUSTODIAN}),
    "many-hats": frozenset({Role.INTAKE, Role.REVIEWER, Role.CUSTODIAN}),
    "expert": frozenset({Role.EXPERT}),
    "delegate": frozenset({Role.DELEGATE}),
    "auditor": frozenset({Role.AUDITOR}),
}
SETTINGS = Configured(seat="CHE:central-authority", zone="Europe/Zurich")


def at(days: float = 0, hours: float = 0) -> datetime:
    return START + timedelta(days=days, hours=hours)


def example(name: str) -> Request:
    """The request of one of the stories."""
    return msgspec.json.decode((ROOT / "examples" / name / "request.json").read_bytes(), type=Request)


RANSOM = example("ransomware")
SOUND = msgspec.structs.replace(RANSOM, secrecy=Secrecy(), deadline=None)
"""A sound request; no secrecy is asked."""

_FIRST = SOUND.targets[0]
TWO = msgspec.structs.replace(
    SOUND,
    targets=(
        _FIRST,
        msgspec.structs.replace(_FIRST, id="t2", identifiers=(Identifier(value="other@host.example"),)),
    ),
)
"""As sound, about two accounts."""


def evidence(
    request: Request = SOUND, *, holds: bool | None = True, kind: EvidenceKind = EvidenceKind.SIGNATURE
) -> Evidence:
    return Evidence(
        kind=kind,
        holds=holds,
        register=Register.OWN_DIRECTORY,
        register_entry="register-1",
        register_state=request.requesting_state,
        register_read_on=date(2026, 9, 1),
        seen_on=START.date(),
    )


class Memory:
    """Records kept in a dictionary, with what was handed over beside the events."""

    def __init__(self) -> None:
        self.streams: dict[tuple[str, str], tuple[Recorded, ...]] = {}
        self.rows: dict[str, Row] = {}
        self.searches: dict[tuple[str, str], tuple[str, ...]] = {}
        self.jobs: dict[str, tuple[Job, ...]] = {}
        self.public: list[tuple[str, Entry]] = []
        self.appends = 0
        self.before_append: Callable[[], None] | None = None

    def load(self, organisation: str, stream: str) -> tuple[Recorded, ...]:
        return self.streams.get((organisation, stream), ())

    def search(self, organisation: str, words: Collection[str], years: Collection[int]) -> tuple[str, ...]:
        return tuple(
            sorted(
                stream
                for (house, stream), known in self.streams.items()
                if house == organisation
                and known[0].at.year in years
                and not set(words).isdisjoint(self.searches.get((house, stream), ()))
            )
        )

    def append(self, organisation: str, *changes: Change, looked: Looked | None = None) -> None:
        if self.before_append is not None:
            now, self.before_append = self.before_append, None
            now()
        for each in changes:
            if len(self.load(organisation, each.stream)) != each.expected:
                raise Conflict("somebody else was faster", place=each.stream, hint="look again")
        if looked is not None and self.search(organisation, looked.words, looked.years) != looked.found:
            raise Conflict("somebody else was faster", hint="look again")
        for each in changes:
            self.streams[organisation, each.stream] = (*self.load(organisation, each.stream), *each.new)
            assert (each.row is None) == (each.stream == HOUSE)
            if each.row is not None:
                self.rows[each.stream] = each.row
                self.searches[organisation, each.stream] = each.search
                self.jobs[each.stream] = each.jobs
            self.public += [(each.stream, entry) for entry in each.public]
        self.appends += 1

    def kinds(self, stream: str = CASE, organisation: str = ORGANISATION) -> list[str]:
        return [each.event.kind for each in self.load(organisation, stream)]


def key_of(request: Request = SOUND) -> RegisteredKey:
    assert request.issuing is not None
    return RegisteredKey(
        authority=request.issuing.name,
        state=request.requesting_state or "",
        recipient=RECIPIENT,
        fingerprint=fingerprint(RECIPIENT),
        verified_by="intake",
        verified_on=date(2026, 10, 1),
    )


def house_of(
    settings: Configured = SETTINGS,
    request: Request = SOUND,
    *,
    judge: Judge = assess,
    memory: Memory | None = None,
    organisation: str = ORGANISATION,
) -> tuple[Desk, Memory]:
    """A house with everybody in it, and a key of the authority that asks."""
    records = memory or Memory()
    desk = Desk(organisation, records, judge=judge)
    before = at(days=-1)
    desk.found(before, person="administrator", title="Administrator", settings=settings)
    for person, roles in PEOPLE.items():
        partner = "partner" if person in ("expert", "delegate") else ""
        desk.admit("administrator", before, person=person, title=person, roles=roles, partner=partner)
    desk.register_key("administrator", before, key=key_of(request))
    return desk, records


def rulings(case: Case, **changes: dict[str, Any]) -> tuple[Ruling, ...]:
    """The rulings that were recommended; `changes` by item (`i1`) or target and item (`t1_i1`)."""
    assert case.assessment is not None
    found = []
    for each in recommended(case.assessment):
        parts = {**changes.get(each.item, {}), **changes.get(f"{each.target}_{each.item}", {})}
        found.append(msgspec.structs.replace(each, **parts))
    return tuple(found)


def all_refused(case: Case) -> tuple[Ruling, ...]:
    return tuple(
        Ruling(target=target, item=item, decision=Decision.REFUSE, ground=GROUND)
        for target, item in case.asked()
    )


def files(case: Case, mark: str = "") -> tuple[Held, ...]:
    """One file for each item of which data are to be given."""
    return tuple(
        Held(
            target=each.target,
            item=each.item,
            name=f"{each.target}-{each.item}.csv",
            sha256=hashlib.sha256(f"{each.target} {each.item} {mark}".encode()).hexdigest(),
            size=12,
            holds=each.ceiling,
        )
        for each in case.reaching()
        if each.ceiling is not Ceiling.EXISTENCE
    )


WHEN = {
    "received": at(),
    "identified": at(hours=1),
    "recorded": at(hours=2),
    "assessed": at(hours=3),
    "reviewed": at(hours=4),
    "decided": at(hours=5),
    "notified": at(hours=6),
    "prepared": at(days=8, hours=1),
    "approved": at(days=9),
    "released": at(days=9, hours=1),
    "delivered": at(days=9, hours=2),
    "closed": at(days=10),
    "erased": at(days=10 + 2 * 365 + 2),
}
"""The steps of a sound request, and when each is taken."""


def receive(
    desk: Desk,
    case: str = CASE,
    request: Request = SOUND,
    by: str = "intake",
    when: datetime = START,
    promise: str = "",
) -> Case:
    """Each case has a request of its own: those but the first come with a paper named after them."""
    if case != CASE:
        paper = Attachment(name=f"{case}.pdf")
        request = msgspec.structs.replace(request, attachments=(*request.attachments, paper))
    return desk.receive(
        by, when, case=case, request=request, door=Door.PORTAL, source=SOURCE, promise=promise, entry=case
    )


def step(desk: Desk, name: str, case: str = CASE, when: datetime | None = None, **changes: Any) -> Case:
    """Take one step of the way, as the person whose turn it is."""
    now = when or WHEN[name]
    known = desk.case(case)
    match name:
        case "identified":
            return desk.identify(case, "intake", now, evidence=(evidence(known.request),))
        case "recorded":
            accounts = tuple(AccountFacts(target=each.id, exists=True) for each in known.request.targets)
            return desk.record_account(case, "custodian", now, accounts=accounts)
        case "assessed":
            return desk.assess(case, "reviewer", now)
        case "reviewed":
            by = "counsel" if known.escalated else "reviewer"
            return desk.review(
                case,
                by,
                now,
                assessment=known.digest,
                rulings=changes.pop("decided", None) or rulings(known, **changes),
                why="The colleague thinks otherwise.",
            )
        case "decided":
            return desk.second_review(case, "reviewer-2", now, agrees=True)
        case "notified":
            return tell(desk, "reviewer", now, case)
        case "prepared":
            return desk.prepare(case, "custodian", now, files=files(known))
        case "approved":
            return desk.approve_release(case, "counsel", now)
        case "released":
            return release(desk, case, when=now)
        case "delivered":
            return desk.confirm_delivery(case, "custodian", now, who="their registry", how="by telephone")
        case "closed":
            return desk.close(case, "reviewer", now)
        case "erased":
            return desk.erase(case, "counsel", now, why="The time has ended.")
    raise AssertionError(name)


def tell(desk: Desk, by: str, when: datetime, case: str = CASE, code: str = CODE) -> Case:
    """The notices are written, the first with this code, and sent by post on the same day."""
    written(desk, by, when, case, code)
    return send(desk, "intake", when, case)


def written(desk: Desk, by: str, when: datetime, case: str = CASE, code: str = CODE) -> Case:
    """The notice to each person who is to be told, written and not yet sent."""
    targets = desk.case(case).to_tell(desk.house().day(when))
    codes = (code, *(hashlib.sha256(f"{code} {each}".encode()).hexdigest() for each in targets[1:]))
    notices = [
        Telling(target=target, code=each, letter=hashlib.sha256(f"letter {each}".encode()).hexdigest())
        for target, each in zip(targets, codes, strict=False)
    ]
    return desk.notify(case, by, when, notices=notices)


def send(desk: Desk, by: str, when: datetime, case: str = CASE, on: date | None = None) -> Case:
    """Every notice that waits to be sent went out."""
    targets = [target for notice in desk.case(case).unsent() for target in notice.targets]
    day = on or desk.house().day(when)
    return desk.send_notice(case, by, when, targets=targets, way=Sending.POST, on=day)


def ask(desk: Desk, when: datetime, *questions: str, case: str = CASE) -> Case:
    """Questions in our own words, as the reviewer writes them and a second one agrees."""
    desk.ask(case, "reviewer", when, questions=questions)
    return desk.agree_questions(case, "reviewer-2", when, agrees=True)


def release(desk: Desk, case: str = CASE, by: str = "custodian", when: datetime | None = None) -> Case:
    held = desk.case(case).files
    return desk.release(
        case,
        by,
        when or WHEN["released"],
        files={each.sha256 for each in held},
        package=PACKAGE if held else "",
    )


def bring(desk: Desk, until: str, case: str = CASE, request: Request = SOUND, **changes: Any) -> Case:
    """A case that went its way until a step of `WHEN`, this one included."""
    now = receive(desk, case, request)
    for name in list(WHEN)[1 : list(WHEN).index(until) + 1]:
        now = step(desk, name, case, **(changes if name == "reviewed" else {}))
    return now


def steps(desk: Desk, first: str, last: str, case: str = CASE, late: float = 0, **changes: Any) -> Case:
    """The steps from `first` to `last`, `late` days after their usual time."""
    names = list(WHEN)
    now = desk.case(case)
    for name in names[names.index(first) : names.index(last) + 1]:
        when = WHEN[name] + timedelta(days=late)
        now = step(desk, name, case, when, **(changes if name == "reviewed" else {}))
    return now


def again(desk: Desk) -> Case:
    """The very same request comes in a second time."""
    receive(desk)
    return desk.receive(
        "intake", at(hours=1), case="2026-000002", request=SOUND, door=Door.PAPER, source=CODE
    )


# ---- every act once --------------------------------------------------------------------------------------

LATER = at(days=9, hours=3)  # after a notice and its waiting time, within an approval
SECRET = msgspec.structs.replace(SOUND, secrecy=Secrecy(asked=True, reason="an investigation goes on"))


def _answer(desk: Desk) -> Case:
    case = bring(desk, "assessed")
    ask(desk, at(hours=4), "Which days are meant?")
    newer = msgspec.structs.replace(case.request, facts=case.request.facts + " Ce sont les jours nommés.")
    return desk.answer(CASE, "intake", at(days=1), request=newer, source=SOURCE)


def _narrow(desk: Desk) -> Case:
    bring(desk, "decided", i3={"decision": Decision.NARROW, "ceiling": Ceiling.TRAFFIC})
    return desk.narrow(CASE, "reviewer", at(hours=6))


def _accept_narrowing(desk: Desk) -> Case:
    case = _narrow(desk)
    target = case.request.targets[0]
    less = msgspec.structs.replace(target, items=target.items[:2])
    narrower = msgspec.structs.replace(case.request, targets=(less,))
    return desk.accept_narrowing(CASE, "intake", at(days=1), request=narrower, source=SOURCE)


def _all_as(desk: Desk, decision: Decision, until: str = "decided") -> Case:
    case = bring(desk, "assessed")
    ground = GROUND if decision is Decision.REFUSE else ""
    decided = tuple(
        Ruling(target=target, item=item, decision=decision, ground=ground) for target, item in case.asked()
    )
    return steps(desk, "reviewed", until, decided=decided)


def refused(desk: Desk, *, letter: bool = True) -> Case:
    """Everything refused; with the letter that says so."""
    _all_as(desk, Decision.REFUSE)
    case = desk.refuse(CASE, "reviewer", at(hours=6))
    return letter_to(desk, Kind.REFUSAL) if letter else case


def letter_to(desk: Desk, kind: Kind, when: datetime | None = None, held: str = "") -> Case:
    """Lay a letter of this kind into the file. held: what it waits for."""
    return desk.write(
        CASE,
        "reviewer",
        when or at(hours=6.5),
        letter=kind,
        language=Language.ENGLISH,
        sha256=hashlib.sha256(f"letter {kind} {held}".encode()).hexdigest(),
        waits_for=(held,) if held else (),
    )


def _challenge(desk: Desk) -> Case:
    """An order of a court of our own state: the request of the way is taken for one."""
    ordered = msgspec.structs.replace(
        SOUND, measure=Measure.DOMESTIC_ORDER, requesting_state="CHE", instrument="domestic-order"
    )
    case = bring(desk, "assessed", request=ordered)
    decided = tuple(
        Ruling(target=target, item=item, decision=Decision.CHALLENGE, ground=GROUND)
        for target, item in case.asked()
    )
    steps(desk, "reviewed", "decided", decided=decided)
    return desk.challenge(CASE, "reviewer", at(hours=6), court="The court, 1/26", why="It is too wide.")


def _clear(desk: Desk) -> Case:
    refused(desk, letter=False)
    letter = letter_to(desk, Kind.REFUSAL, held="uncc:40(21)").letters[-1].sha256
    return desk.clear_letter(CASE, "counsel", at(hours=7), letter=letter, words="Compared with the text.")


TERM = "Only for the account named."


def on_terms(desk: Desk, put: bool = True) -> Case:
    """Decided to be given on a term of our own, which was put to the requester."""
    case = bring(desk, "decided", i1={"conditions": (TERM,)})
    return letter_to(desk, Kind.CONDITIONS) if put else case


def _answer_conditions(desk: Desk) -> Case:
    on_terms(desk)
    return desk.answer_conditions(CASE, "intake", at(hours=8), accepted=True, words="The court, by letter.")


def _hold(desk: Desk) -> Case:
    bring(desk, "identified")
    return desk.hold(CASE, "intake", at(hours=2), hold="h1", targets=["t1"])


def _lapse(desk: Desk) -> Case:
    _hold(desk)
    desk.withdraw(CASE, "intake", at(hours=3), why="Their letter.")
    return desk.lapse(CASE, "custodian", at(hours=4), hold="h1", why="It was withdrawn.")


def as_covered(case: Case, *words: str) -> str:
    """What counsel confirms who read the covered request."""
    return blinding.confirmation(blinding.covered(case.request, case.request, words))


def _invite(desk: Desk) -> Case:
    confirmed = as_covered(bring(desk, "assessed"))
    return desk.invite(
        CASE, "counsel", at(hours=4), person="expert", question="Is it a crime?", confirmed=confirmed
    )


def _declare(desk: Desk) -> Case:
    _invite(desk)
    return desk.declare_conflict(CASE, "expert", at(hours=5), conflict=False)


def _opinion(desk: Desk) -> Case:
    _declare(desk)
    return desk.give_opinion(CASE, "expert", at(hours=6), words="It is one.")


def _decline_secrecy(desk: Desk) -> Case:
    bring(desk, "decided", request=SECRET)
    return desk.decline_secrecy(CASE, "reviewer", at(hours=6), why="No law here keeps it.")


def _accept_secrecy(desk: Desk) -> Case:
    _decline_secrecy(desk)
    letter_to(desk, Kind.SECRECY_NOT_HONOURED)
    return desk.accept_secrecy(CASE, "intake", at(hours=7), words="The court, by mail.")


def _delay(desk: Desk) -> Case:
    bring(desk, "decided")
    return propose_delay(desk)


def propose_delay(desk: Desk, when: datetime = WHEN["notified"], days: int = 60, review: int = 30) -> Case:
    day = when.date()
    return desk.delay_notice(
        CASE,
        "counsel",
        when,
        ground=DelayGround.GAG_ORDER,
        why="An order of the court.",
        cite="StPO 279",
        until=day + timedelta(days=days),
        review=day + timedelta(days=review),
    )


def _agree(desk: Desk) -> Case:
    _delay(desk)
    return desk.agree_delay(CASE, "reviewer", at(hours=7))


def _lift(desk: Desk) -> Case:
    _agree(desk)
    return desk.lift_delay(CASE, "counsel", at(hours=8), why="The danger has passed.")


def propose_questions(desk: Desk) -> Case:
    bring(desk, "assessed")
    return desk.ask(CASE, "reviewer", at(hours=4), questions=["Which days are meant?"])


def _decline(desk: Desk) -> Case:
    propose_questions(desk)
    return desk.agree_questions(CASE, "reviewer-2", at(hours=5), agrees=False, reason="It tells.")


def _object(desk: Desk) -> Case:
    bring(desk, "notified")
    return desk.object(CASE, at(days=1), code=CODE, words="This is a mistake.")


def _answer_objection(desk: Desk) -> Case:
    _object(desk)
    return desk.answer_objection(CASE, "counsel", at(days=2), upheld=False, reason="It is none.")


def _merge(desk: Desk) -> Case:
    bring(desk, "identified")
    receive(desk, "2026-000002", when=at(hours=2))
    return desk.merge("2026-000002", "reviewer", at(hours=3), into=CASE, why="It came twice.")


def _split(desk: Desk) -> Case:
    bring(desk, "identified", request=TWO)
    return desk.split(CASE, "reviewer", at(hours=2), targets=["t2"], into="2026-000002")[0]


def _after(until: str, verb: Callable[[Desk], Case], request: Request = SOUND) -> Callable[[Desk], Case]:
    def done(desk: Desk) -> Case:
        bring(desk, until, request=request)
        return verb(desk)

    return done


EMERGENCY = msgspec.structs.replace(
    SOUND, emergency=msgspec.structs.replace(SOUND.emergency, claimed=True, statement="A life is at risk.")
)

DUBLIN = Configured(seat="IRL:provider", zone="Europe/Dublin")
_ORDER = msgspec.structs.replace(
    example("e-evidence-subscriber"), received_on=None, secrecy=Secrecy(), deadline=None
)
TRAFFIC = msgspec.structs.replace(
    _ORDER,
    targets=(
        msgspec.structs.replace(
            _ORDER.targets[0],
            items=tuple(
                msgspec.structs.replace(each, category=Category.TRAFFIC) for each in _ORDER.targets[0].items
            ),
        ),
    ),
)
"""A European Production Order for traffic data: an authority of the provider's state is notified."""

UNZONED = msgspec.structs.replace(SOUND, deadline=date(2026, 12, 24))
"""As sound, with a day in a zone that nobody knows: one question that the rulebook asks."""
ALONG = Enclosed(name="order.pdf", size=9, sha256=hashlib.sha256(b"the order").hexdigest())
"""A file that came along with a request."""
EIO = msgspec.structs.replace(SOUND, instrument="eu-eio")

DONE: dict[str, Callable[[Desk], Case]] = {
    "identify": lambda desk: bring(desk, "identified"),
    "state-zone": _after(
        "received", lambda desk: desk.state_zone(CASE, "intake", at(hours=1), zone="Europe/Paris")
    ),
    "record-event": _after(
        "received",
        lambda desk: desk.record_event(
            CASE, "intake", at(hours=1), what=Happening.RECOGNITION_DECIDED, on=at().date()
        ),
        EIO,
    ),
    "take-time": _after(
        "identified",
        lambda desk: desk.take_time(
            CASE,
            "reviewer",
            at(hours=2),
            limit=Prolonged.DECISION,
            until=at(days=50).date(),
            slow=Slow.COURT,
            reasons="The court's own list is full.",
            how="By mail to the issuing court.",
        ),
        EIO,
    ),
    "record-account": lambda desk: bring(desk, "recorded"),
    "note": _after("received", lambda desk: desk.note(CASE, "intake", at(hours=1), words="It came by post.")),
    "attach": _after("received", lambda desk: desk.attach(CASE, "intake", at(hours=1), files=[ALONG])),
    "assign": _after("received", lambda desk: desk.assign(CASE, "intake", at(hours=1), to="reviewer")),
    "hand-over": _after(
        "received",
        lambda desk: desk.hand_over(CASE, "reviewer", at(hours=1), to="reviewer-2", words="All is new."),
    ),
    "hold": _hold,
    "confirm-hold": lambda desk: (
        _hold(desk) and desk.confirm_hold(CASE, "custodian", at(hours=3), hold="h1", kept=["t1"])
    ),
    "extend": lambda desk: (
        _hold(desk)
        and desk.extend(CASE, "reviewer", at(hours=3), hold="h1", until=at(days=80), why="They ask for it.")
    ),
    "lapse": _lapse,
    "assess": lambda desk: bring(desk, "assessed"),
    "review": lambda desk: bring(desk, "reviewed"),
    "second-review": lambda desk: bring(desk, "decided"),
    "escalate": _after("assessed", lambda desk: desk.escalate(CASE, "reviewer", at(hours=4), why="Hard.")),
    "consult": _after(
        "assessed",
        lambda desk: desk.consult(CASE, "counsel", at(hours=4), whom="The ministry", about="The channel"),
    ),
    "invite": _invite,
    "declare-conflict": _declare,
    "give-opinion": _opinion,
    "ask": _after(
        "assessed",
        lambda desk: desk.ask(CASE, "reviewer", at(hours=4), questions=[WHICH_ZONE]),
        UNZONED,
    ),
    "agree-questions": _after("assessed", lambda desk: ask(desk, at(hours=4), "Which?")),
    "answer": _answer,
    "narrow": _narrow,
    "accept-narrowing": _accept_narrowing,
    "answer-conditions": _answer_conditions,
    "reroute": lambda desk: _all_as(desk, Decision.REROUTE) and desk.reroute(CASE, "reviewer", at(hours=6)),
    "refuse": lambda desk: _all_as(desk, Decision.REFUSE) and desk.refuse(CASE, "reviewer", at(hours=6)),
    "challenge": _challenge,
    "clear-letter": _clear,
    "write": _after(
        "received",
        lambda desk: desk.write(
            CASE,
            "intake",
            at(hours=1),
            letter=Kind.RECEIPT,
            language=Language.FRENCH,
            sha256=SOURCE,
        ),
    ),
    "withdraw": _after("assessed", lambda desk: desk.withdraw(CASE, "intake", at(hours=4), why="By letter.")),
    "validate": _after(
        "assessed",
        lambda desk: desk.validate(CASE, "intake", at(hours=4), valid=True, reference="order 1"),
        EMERGENCY,
    ),
    "decline-secrecy": _decline_secrecy,
    "accept-secrecy": _accept_secrecy,
    "notify": _after("decided", lambda desk: written(desk, "reviewer", WHEN["notified"])),
    "send-notice": lambda desk: bring(desk, "notified"),
    "delay-notice": _delay,
    "agree-delay": _agree,
    "lift-delay": _lift,
    "agree-lift": lambda desk: _lift(desk) and desk.agree_lift(CASE, "reviewer", at(hours=9)),
    "record-objection": _after(
        "notified",
        lambda desk: desk.record_objection(
            CASE, "intake", at(days=1), way=Way.POST, words="It is a mistake.", letter=SOURCE, code=CODE
        ),
    ),
    "answer-objection": _answer_objection,
    "prepare": lambda desk: bring(desk, "prepared"),
    "approve-release": lambda desk: bring(desk, "approved"),
    "release": lambda desk: bring(desk, "released"),
    "confirm-delivery": lambda desk: bring(desk, "delivered"),
    "merge": _merge,
    "split": _split,
    "close": lambda desk: bring(desk, "closed"),
    "reopen": _after(
        "closed", lambda desk: desk.reopen(CASE, "counsel", at(days=11), why="A court says so.")
    ),
    "retain": _after(
        "closed",
        lambda desk: desk.retain(CASE, "counsel", at(days=11), until=date(2030, 1, 1), why="An audit."),
    ),
    "erase": lambda desk: bring(desk, "erased"),
}
"""Each act of the table, done once from the beginning by somebody who may."""


def everything_done() -> tuple[Memory, ...]:
    """The records of houses in which every verb was used."""
    found = []
    for done in (*DONE.values(), _object, _decline, again):
        desk, memory = house_of()
        case = done(desk)
        if case.id == CASE and case.stage != "erased":
            desk.warn(CASE, at(days=20), clock="waiting", due=at(days=8))
        found.append(memory)
    desk, memory = house_of()
    desk.change_roles("administrator", at(), person="reviewer", roles={Role.REVIEWER, Role.COUNSEL})
    desk.state_absence("reviewer", at(), person="reviewer", since=at().date(), until=at(days=3).date())
    desk.dismiss("administrator", at(), person="many-hats")
    desk.configure("administrator", at(), settings=SETTINGS)
    desk.keep_log("administrator", at(), settings=LogConfigured(origin="desk.example.org/log"))
    second_administrator(desk)
    receive(desk)
    one, two = (
        desk.register_key("administrator", at(days=8), key=key_of(), why=f"Compared anew, {number}.").length
        for number in ("once", "twice")
    )
    desk.confirm("administrator-2", at(days=8), proposal=one)
    desk.decline("administrator-2", at(days=8), proposal=two, why="It came twice.")
    desk.invite_account("administrator", at(days=8), person="reviewer", why="A lost telephone.")
    desk.confirm("counsel", at(days=8), proposal=desk.house().length)
    told = {"half": "2026-H2", "ground": "persecution", "texts": {"en": "A critic was called a thief."}}
    one, two = (desk.write_story("reviewer-2", at(days=8), **told).length for _ in "ab")
    desk.approve_story("counsel", at(days=8), story=one)
    desk.drop_story("counsel", at(days=8), story=two, why="It is told twice.")
    return (*found, memory)


def second_administrator(desk: Desk, when: datetime = START) -> None:
    """One beside the first, who confirms what that one proposes."""
    desk.admit("administrator", when, person="administrator-2", title="Second", roles={Role.ADMINISTRATOR})


def given(desk: Desk, person: str, roles: set[Role], when: datetime, *, by: str = "administrator-2") -> None:
    """Other roles, as two give them once the first request came in."""
    house = desk.change_roles("administrator", when, person=person, roles=roles, why="They are needed.")
    desk.confirm(by, when, proposal=house.length)


def configured(desk: Desk, settings: Configured, when: datetime) -> None:
    """New settings, as two administrators make them once the first request came in."""
    house = desk.configure("administrator", when, settings=settings, why="It is so.")
    desk.confirm("administrator-2", when, proposal=house.length)


def changed(request: Request, **parts: Any) -> Request:
    return msgspec.structs.replace(request, **parts)


def target(**parts: Any) -> Target:
    """The one target of SOUND, changed."""
    return msgspec.structs.replace(SOUND.targets[0], **parts)

"""Two houses with people and example requests in them, to look at and to play with. Nothing in them is real.

The first has no seat of its own: each story is looked at from the seat that its request names, so that one
desk can show what a provider, a central authority and an executing authority would see. Such a house hands
nothing over. The second is a central authority, where a case can be taken to its release. Each story is
taken as far as `PATHS` or `SEATED_PATHS` says; days are counted back from now, so that clocks run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pyrage

from habeas.app.assessing import HouseFile, house
from habeas.app.installation import Installation
from habeas.assess import seat_of
from habeas.desk import blinding, package, promise
from habeas.desk.case import Case
from habeas.desk.desk import Desk
from habeas.desk.events import Configured, Door, Role, Sending
from habeas.desk.letters import Kind, Sender
from habeas.desk.rulings import recommended
from habeas.desk.settings import USUAL
from habeas.gateways import almanac
from habeas.request import AccountFacts, Evidence, Register, Request, read_bytes

ORGANISATION = "example"
SEATED = "example-seated"
SEATS = {ORGANISATION: "", SEATED: "CHE:central-authority"}
"""The houses, each with its seat; empty for the seat that each request names."""

PEOPLE: tuple[tuple[str, str, Role, str], ...] = (
    ("administrator", "Administrator", Role.ADMINISTRATOR, ""),
    ("second-administrator", "Second administrator", Role.ADMINISTRATOR, ""),
    ("intake", "Intake", Role.INTAKE, ""),
    ("reviewer", "Reviewer", Role.REVIEWER, ""),
    ("second-reviewer", "Second reviewer", Role.REVIEWER, ""),
    ("counsel", "Counsel", Role.COUNSEL, ""),
    ("custodian", "Custodian", Role.CUSTODIAN, ""),
    ("auditor", "Auditor", Role.AUDITOR, ""),
    ("expert", "Outside expert", Role.EXPERT, "University, chair of criminal law"),
    ("delegate", "Delegate", Role.DELEGATE, "Partner organisation"),
)
"""Id, title, role and, for those from outside, whose they are. One of each role; two reviewers and two
administrators, because some things take two."""

SITE = "http://localhost:8000"
SETTINGS = Configured(seat="", zone="Europe/Zurich")
_SENDER = Sender(
    name="Example House (invented)",
    office="Office for requests from abroad",
    contact="the postal address on the envelope",
    oversight="the data protection authority of your state",
)
LONG_AGO = timedelta(days=12)  # the seated house was told long enough ago for its waiting times to be over
APART = timedelta(minutes=100)  # between one story and the next
_REGISTER_READ = timedelta(days=60)


def furnish(
    installation: Installation, stories: Path, organisation: str = ORGANISATION, *, site: str = SITE
) -> tuple[str, ...]:
    """Open one of the houses, where it is not there yet, and take the stories in `stories` in that are its
    own; the ids of its cases.

    site: where its pages answer, for the door that its notices name.
    """
    now = installation.now()
    told = read_stories(stories, organisation)
    if not installation.people(organisation).length:
        found(installation, told, organisation, now - timedelta(days=90), site=site)
    desk = installation.desk(organisation)
    begun, paths = (now - LONG_AGO, SEATED_PATHS) if SEATS[organisation] else (now, PATHS)
    return tuple(
        take_in(installation, desk, paths.get(story.name), story, begun - APART * (len(told) - place))
        for place, story in enumerate(told)
    )


@dataclass(frozen=True)
class Story:
    """A request of the examples, as it came and as it was read, and what the house knows about it. name: of
    its folder."""

    name: str
    data: bytes
    request: Request
    known: HouseFile


def read_stories(stories: Path, organisation: str) -> tuple[Story, ...]:
    """Those that a house takes in."""
    seat = SEATS[organisation]
    told = [_read(folder) for folder in sorted(stories.iterdir()) if _fits(folder)]
    return tuple(each for each in told if not seat or _seat_named(each.request) == seat)


def found(
    installation: Installation,
    told: Sequence[Story],
    organisation: str,
    opened: datetime,
    *,
    site: str = SITE,
) -> None:
    """Open a house with its people, its public log and the keys of the authorities in these stories.

    site: as in `furnish`.
    """
    desk, first = installation.desk(organisation), PEOPLE[0]
    days = almanac.read("CHE", "ZH", on=opened.date())
    sender = msgspec.structs.replace(_SENDER, door=f"{site.rstrip('/')}/you/")
    settings = msgspec.structs.replace(SETTINGS, seat=SEATS[organisation], calendar=days, sender=sender)
    desk.found(opened, person=first[0], title=first[1], settings=settings)
    for person, title, role, partner in PEOPLE[1:]:
        desk.admit(first[0], opened, person=person, title=title, roles=(role,), partner=partner)
    kept = msgspec.structs.replace(USUAL, origin=f"{organisation}.example.org/log")
    desk.keep_log(first[0], opened, settings=kept)
    for name, state in sorted(
        {
            (each.request.issuing.name, each.request.requesting_state or "")
            for each in told
            if each.request.issuing is not None
        }
    ):
        _register(desk, name, state, opened)


def _seat_named(request: Request) -> str:
    seat = seat_of(request)
    return f"{seat.state}:{seat.role}"


def _fits(folder: Path) -> bool:
    """Stories that stand on law in force; `habeas examples` tells the others."""
    settings = folder / "settings.json"
    if not (folder / "request.json").is_file():
        return False
    return not settings.is_file() or not msgspec.json.decode(settings.read_bytes()).get("as_if_in_force")


def _read(folder: Path) -> Story:
    data = (folder / "request.json").read_bytes()
    request = read_story(data)
    known = folder / "house.json"
    files = house(str(known)).requests if known.is_file() else {}
    return Story(folder.name, data, request, files.get(request.id, HouseFile()))


def read_story(data: bytes) -> Request:
    """The request in the file of a story."""
    (request,) = read_bytes(data, "request.json")
    return request


def _register(desk: Desk, authority: str, state: str, opened: datetime) -> None:
    """A key for the authority of a story. Its private half is thrown away: nobody can open these packages."""
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    key = package.RegisteredKey(
        authority=authority,
        state=state,
        recipient=recipient,
        fingerprint=package.fingerprint(recipient),
        verified_by="call-back by the administrator",
        verified_on=opened.date(),
    )
    desk.register_key(PEOPLE[0][0], opened, key=key)


def take_in(installation: Installation, desk: Desk, go: Way | None, story: Story, at: datetime) -> str:
    """Take a story in as it came at that moment, and go on with it; the id of its case."""
    id, request, known = installation.new_case_id(), story.request, story.known
    given = installation.arrived(desk.organisation, promise.sha256(story.data), Door.MAILBOX, at)
    source, promised = (installation.store.put(desk.organisation, id, each) for each in (story.data, given))
    emergency = request.emergency
    if emergency.deadline is not None:
        emergency = msgspec.structs.replace(emergency, deadline=at + timedelta(hours=20))
    shifted = msgspec.structs.replace(
        request, id=id, received_on=at.date(), deadline=None, emergency=emergency
    )
    case = desk.receive(
        "intake", at, case=id, request=shifted, door=Door.MAILBOX, source=source, promise=promised
    )
    if known.evidence:
        desk.identify(id, "intake", at + timedelta(minutes=5), evidence=_fresh(known.evidence, at))
    if known.accounts:
        desk.record_account(id, "custodian", at + timedelta(minutes=10), accounts=known.accounts)
    if go is not None:
        go(desk, case, at + timedelta(minutes=20), known.accounts)
    if go is _settled:
        _told(installation, desk, id, at + timedelta(minutes=20))
    return id


def _fresh(evidence: tuple[Evidence, ...], at: datetime) -> tuple[Evidence, ...]:
    """The same evidence, taken when the story came in."""
    return tuple(
        msgspec.structs.replace(
            each,
            seen_on=each.seen_on and at.date(),
            register=Register.TREATY_DIRECTORY if each.register_entry is not None else None,
            register_read_on=each.register_read_on and (at - _REGISTER_READ).date(),
        )
        for each in evidence
    )


Way = Callable[[Desk, Case, datetime, tuple[AccountFacts, ...]], None]


def _assessed(desk: Desk, case: Case, at: datetime, _known: tuple[AccountFacts, ...]) -> None:
    desk.assess(case.id, "reviewer", at)


def _reviewed(desk: Desk, case: Case, at: datetime, known: tuple[AccountFacts, ...]) -> None:
    _assessed(desk, case, at, known)
    now = desk.case(case.id)
    if now.assessment is None:
        raise AssertionError("it was assessed a line before")
    desk.review(
        case.id,
        "reviewer",
        at + timedelta(minutes=20),
        assessment=now.digest,
        rulings=recommended(now.assessment),
        reasons="Nothing was found that speaks against it.",
    )


def decided(desk: Desk, case: Case, at: datetime, known: tuple[AccountFacts, ...]) -> None:
    _reviewed(desk, case, at, known)
    if desk.case(case.id).stage == "reviewed":
        desk.second_review(case.id, "second-reviewer", at + timedelta(minutes=40), agrees=True)


def _put_to_an_expert(desk: Desk, case: Case, at: datetime, known: tuple[AccountFacts, ...]) -> None:
    """Assessed, and an expert is asked about it, without the names."""
    _assessed(desk, case, at, known)
    shown = blinding.covered(case.request, case.request)
    desk.invite(
        case.id,
        "counsel",
        at + timedelta(minutes=30),
        person="expert",
        question="Is this a crime under our law, or a report of a weakness that the law protects?",
        confirmed=blinding.confirmation(shown),
    )


def _put_to_a_delegate(desk: Desk, case: Case, at: datetime, known: tuple[AccountFacts, ...]) -> None:
    """Reviewed, and a partner's delegate is the second person."""
    _reviewed(desk, case, at, known)
    desk.invite(case.id, "counsel", at + timedelta(minutes=30), person="delegate", blinded=False)


def _held(desk: Desk, case: Case, at: datetime, known: tuple[AccountFacts, ...]) -> None:
    desk.hold(case.id, "intake", at, hold="h1", targets=[each.id for each in case.request.targets])
    _assessed(desk, case, at + timedelta(minutes=5), known)


def _settled(desk: Desk, case: Case, at: datetime, known: tuple[AccountFacts, ...]) -> None:
    """Secrecy is not kept; what follows needs letters (`_told`)."""
    decided(desk, case, at, known)
    desk.decline_secrecy(case.id, "reviewer", at + timedelta(hours=2), why="Here the person is told.")


def _told(installation: Installation, desk: Desk, case: str, at: datetime) -> None:
    """As far as the files: the requester accepted that the person is told, the notice went out, and the
    person did not object. Its code is thrown away."""
    secret = Kind.SECRECY_NOT_HONOURED
    written, _letter = installation.letter(
        desk.organisation, case, "reviewer", secret, at=at + timedelta(hours=3)
    )
    if written.held_letters():
        said = {"letter": written.letters[-1].sha256, "words": "The rule is as the letter says it."}
        desk.clear_letter(case, "counsel", at + timedelta(hours=4), **said)
    desk.accept_secrecy(case, "intake", at + timedelta(hours=20), words="The court, by mail.")
    when = at + timedelta(hours=21)
    told, codes = installation.notify(desk.organisation, case, "reviewer", at=when)
    desk.send_notice(
        told.id, "reviewer", when, targets=list(codes), way=Sending.POST, on=desk.house().day(when)
    )


SEATED_PATHS: dict[str, Way] = {"ransomware": _settled, "persecution-dressed-as-fraud": _assessed}
PATHS: dict[str, Way] = {
    "persecution-dressed-as-fraud": _assessed,
    "journalist-murdered": _assessed,
    "kidnapping-emergency": _reviewed,
    "child-abuse": _put_to_a_delegate,
    "security-researcher": _put_to_an_expert,
    "ransomware": decided,
    "e-evidence-subscriber": decided,
    "not-in-force": decided,
    "preservation-only": _held,
    "tower-dump": _assessed,
    "domestic-order": _assessed,
    "death-penalty": _assessed,
}
"""How far each story has come; those not named here were just taken in."""

"""A house with its people in a home folder of its own, and the way of a case through it. Roles only."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyrage

from habeas.app.installation import Installation
from habeas.app.releasing import Laid, confirm_delivery, hand_over, prepare
from habeas.desk.case import Case
from habeas.desk.clocks import HouseTimes
from habeas.desk.delivery import receipt_form
from habeas.desk.events import Configured, Door, LogConfigured, Released, Role
from habeas.desk.letters import Sender
from habeas.desk.package import RegisteredKey, fingerprint
from habeas.request import Period
from tests.desk import desks
from tests.desk.desks import PEOPLE, ROOT, START, evidence, rulings

ORGANISATION = "central-authority"
AUTHORITY = json.loads((ROOT / "examples/ransomware/request.json").read_text("utf-8"))["issuing"]["name"]
SETTINGS = msgspec.structs.replace(
    desks.SETTINGS,
    sender=Sender(
        name="Example House",
        office="Office for requests from abroad",
        contact="its address",
        oversight="its overseer",
    ),
    times=HouseTimes(answer_days=4000),  # so that a request here has no limit before the one it states
)
SECOND = "administrator-2"  # who confirms what the first administrator proposes
PLANTED = "planted-in-a-file-of-the-custodian"
IDENTITY = pyrage.x25519.Identity.generate()


class Clock:
    """The time of a simulated world."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def go(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        self.at += timedelta(days=days, hours=hours, minutes=minutes)
        return self.at


def a_request(**changes: Any) -> dict[str, Any]:
    """A sound request, as it comes in; no secrecy is asked. Changes by field, None to leave one out."""
    found = json.loads((ROOT / "examples/ransomware/request.json").read_text("utf-8"))
    del found["secrecy"]
    found.update(changes)
    return {name: value for name, value in found.items() if value is not None}


def as_bytes(*requests: dict[str, Any]) -> bytes:
    return json.dumps(list(requests), ensure_ascii=False).encode()


def furnished(
    home: Path,
    clock: Clock,
    *,
    organisation: str = ORGANISATION,
    settings: Configured = SETTINGS,
    **parts: Any,
) -> Installation:
    """An installation with a house in it: everybody of `PEOPLE`, and a key of the authority."""
    app = Installation.open(home, now=clock, **parts)
    people(app, organisation, settings)
    return app


def people(app: Installation, organisation: str, settings: Configured = SETTINGS) -> None:
    desk, now = app.desk(organisation), app.now()
    desk.found(now, person="administrator", title="Administrator", settings=settings)
    for person, roles in PEOPLE.items():
        partner = "partner" if person in ("expert", "delegate") else ""
        desk.admit("administrator", now, person=person, title=person, roles=roles, partner=partner)
    desk.admit("administrator", now, person=SECOND, title="Second", roles={Role.ADMINISTRATOR})
    desk.register_key("administrator", now, key=key(str(IDENTITY.to_public()), now))


def configured(app: Installation, settings: Configured, organisation: str = ORGANISATION) -> None:
    """New settings, as two administrators make them once a request came in."""
    proposed = app.configure(organisation, "administrator", settings, why="It is so.")
    app.confirm(organisation, SECOND, proposed.length)


def keeps(app: Installation, settings: LogConfigured, organisation: str = ORGANISATION) -> None:
    """How the public log is kept, as two administrators settle it once a request came in."""
    changed = app.keep_log(organisation, "administrator", settings, why="It is so.")
    if changed.opened:
        app.confirm(organisation, SECOND, changed.length)


def key(recipient: str, now: datetime) -> RegisteredKey:
    return RegisteredKey(
        authority=AUTHORITY,
        state="FRA",
        recipient=recipient,
        fingerprint=fingerprint(recipient),
        verified_by="a call back",
        verified_on=(now - timedelta(days=10)).date(),
    )


def taken_in(app: Installation, organisation: str = ORGANISATION, **changes: Any) -> Case:
    """Each case has a request of its own: all but the first of a house come with a paper named for them."""
    number = sum(1 for _ in app.store.heads(organisation))  # its cases, and the house itself
    if number > 1:
        changes.setdefault("attachments", [{"name": f"paper-{number}.pdf"}])
    (taken,) = app.take_in(organisation, "intake", as_bytes(a_request(**changes)), door=Door.MAILBOX)
    assert taken.case is not None, taken.refused
    return taken.case


STAGES = (
    "received",
    "identified",
    "assessed",
    "reviewed",
    "decided",
    "notified",
    "prepared",
    "approved",
    "released",
    "delivered",
    "closed",
)


def brought(
    app: Installation, clock: Clock, until: str, organisation: str = ORGANISATION, **changes: Any
) -> Case:
    """A case that went its way to a stage of `STAGES`. Time goes on by as much as it takes."""
    case = taken_in(app, organisation, **changes)
    for stage in STAGES[1 : STAGES.index(until) + 1]:
        clock.go(minutes=10)
        case = step(app, clock, case, stage, organisation)
    return case


def step(app: Installation, clock: Clock, case: Case, stage: str, organisation: str = ORGANISATION) -> Case:
    desk, id, now = app.desk(organisation), case.id, app.now()
    match stage:
        case "identified":
            return desk.identify(id, "intake", now, evidence=(evidence(case.request),))
        case "assessed":
            return desk.assess(id, "reviewer", now)
        case "reviewed":
            return desk.review(id, "reviewer", now, assessment=case.digest, rulings=rulings(case))
        case "decided":
            return desk.second_review(id, "reviewer-2", now, agrees=True)
        case "notified":
            changed, _code = told(app, id, organisation)
            clock.go(days=11)
            return changed
        case "prepared":
            return prepare(app, organisation, id, "custodian", files(case))
        case "approved":
            return desk.approve_release(id, "counsel", now)
        case "released":
            return hand_over(app, organisation, id, "custodian")
        case "delivered":
            return confirm_delivery(
                app, organisation, id, "custodian", who="their registry", how="by telephone"
            )
        case "closed":
            return desk.close(id, "reviewer", now)
    raise AssertionError(stage)


def told(app: Installation, case: str, organisation: str = ORGANISATION) -> tuple[Case, str]:
    """The case after its notice was written and sent, and the code that stands in it."""
    _written, codes = app.notify(organisation, case, "reviewer")
    (code,) = codes.values()
    return desks.send(app.desk(organisation), "intake", app.now(), case), code


def receipt_of(case: Case, now: datetime) -> bytes:
    """What the authority fills in and sends back for the package that left last."""
    left = next(each.event for each in reversed(case.history) if isinstance(each.event, Released))
    return (
        receipt_form(case.id, left.package)
        .replace("YYYY-MM-DDTHH:MM:SSZ", f"{now:%Y-%m-%dT%H:%M:%SZ}")
        .replace("your office", "their registry")
        .encode()
    )


def files(case: Case) -> list[Laid]:
    """One file for each item of which data are to be given."""
    return [
        Laid(
            target=each.target,
            item=each.item,
            name=f"{each.item}.csv",
            data=f"{PLANTED} {each.item}\n".encode() * 20,
            holds=each.ceiling,
            period=_days(case, each.key),
        )
        for each in case.giving()
    ]


def _days(case: Case, key: tuple[str, str]) -> Period:
    """The days of an item, which the custodian of this house says are those of the file."""
    every = {(target.id, item.id): item.period for target in case.request.targets for item in target.items}
    return every.get(key) or Period(start=date(2026, 9, 1), end=date(2026, 9, 30))


def everything_under(home: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


def packages(home: Path) -> list[Path]:
    return sorted(path for path in (home / "outgoing").rglob("*") if path.is_file())


def packages_named(home: Path, ending: str) -> list[Path]:
    return [path for path in packages(home) if path.name.endswith(ending)]

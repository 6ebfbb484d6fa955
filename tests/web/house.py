"""A house for the web tests: a real installation in its own folder, people by role, cases from the world."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.desk import recommended
from habeas.desk.case import Case
from habeas.desk.events import Configured, Door, LogConfigured, Role, Witnessing
from habeas.desk.letters import Sender
from habeas.request import Attachment, Evidence, EvidenceKind, Register, Request, Secrecy
from habeas.request.formats import read_bytes, to_native
from habeas.tlog import Algorithm, Signer
from tests import world
from tests.app import houses

PASSWORD = "a long sentence that nobody guesses"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_RECENT = 300  # seconds: what a sign-in proved serves for longer, and a house may see a long run of tests
_numbers = count(1)

SECOND = "administrator-2"
"""Who confirms what the administrator proposes, in every house."""

PEOPLE: dict[str, tuple[str, tuple[Role, ...], str]] = {
    "administrator": ("Administrator", (Role.ADMINISTRATOR,), ""),
    "intake": ("Intake 1", (Role.INTAKE,), ""),
    "reviewer": ("Reviewer 1", (Role.REVIEWER,), ""),
    "second": ("Reviewer 2", (Role.REVIEWER,), ""),
    "counsel": ("Counsel 1", (Role.COUNSEL,), ""),
    "custodian": ("Custodian 1", (Role.CUSTODIAN,), ""),
    "auditor": ("Auditor", (Role.AUDITOR,), ""),
    "delegate": ("Delegate", (Role.DELEGATE,), "A partner"),
    "expert": ("Outside expert", (Role.EXPERT,), "A university"),
}


_WITNESS_KEY = Signer.from_seed("witness.example.org/w1", bytes(32), Algorithm.COSIGNATURE).key
WITNESS = Witnessing(key=str(_WITNESS_KEY), url="https://witness.example.org")

_EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def ransomware() -> Request:
    """A request that the house would answer in part, so that two people are needed. It comes when it is taken
    in: limits that began on the day which stands in the example are over some day."""
    (request,) = read_bytes((_EXAMPLES / "ransomware" / "request.json").read_bytes(), "request.json")
    return msgspec.structs.replace(request, supposed=(), received_on=None)


SETTINGS = Configured(
    seat="USA:provider",
    zone="Europe/Paris",
    sender=Sender(name="Example House", office="Office", contact="its address", oversight="its overseer"),
)


@dataclass
class House:
    """One organisation of the installation, with everybody in `PEOPLE`."""

    installation: Installation
    clients: dict[str, tuple[Client, float]] = field(default_factory=dict)
    organisation: str = field(default_factory=lambda: f"house-{next(_numbers)}")

    def __post_init__(self) -> None:
        desk = self.installation.desk(self.organisation)
        desk.found(
            self.installation.now(),
            person="administrator",
            title="Administrator",
            settings=SETTINGS,
        )
        now = self.installation.now()
        desk.admit("administrator", now, person=SECOND, title="Administrator 2", roles=(Role.ADMINISTRATOR,))
        for person, (title, roles, partner) in PEOPLE.items():
            if person != "administrator":
                desk.admit(
                    "administrator",
                    self.installation.now(),
                    person=person,
                    title=title,
                    roles=roles,
                    partner=partner,
                )

    # ---- people ----

    def account(self, person: str, *, second_factor: bool = True) -> Any:
        """The account of a person, with a password and an authenticator."""
        model = get_user_model()
        found = model.objects.filter(organisation=self.organisation, person=person).first()
        if found is None:
            found = model(
                login=f"{person}@{self.organisation}",
                mail=f"{person}@{self.organisation}.example",
                organisation=self.organisation,
                person=person,
            )
            found.set_password(PASSWORD)
            found.save()
            if second_factor:
                TOTP.activate(found, SECRET)
        return found

    def client(self, person: str, *, second_factor: bool = True, minutes_ago: int = 0) -> Client:
        """A browser in which this person signed in, by what a real sign-in leaves behind."""
        account = self.account(person, second_factor=second_factor)
        plain = second_factor and not minutes_ago
        now = time.time() - 60 * minutes_ago
        if plain and person in self.clients:
            client, since = self.clients[person]
            if abs(now - since) < _RECENT:
                return client
        client = Client(headers={"user-agent": "a test"}, SERVER_NAME="localhost")
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        records: list[dict[str, Any]] = [{"method": "password", "at": now}]
        if second_factor:
            records.append({"method": "mfa", "at": now, "type": "totp"})
        session["account_authentication_methods"] = records
        session["account_authentication_methods_user"] = str(account.pk)
        session["began"] = session["seen"] = timezone.now().isoformat()
        session.save()
        if plain:
            self.clients[person] = client, now
        return client

    def configured(self, settings: Configured) -> None:
        """New settings: by one before the first request, by two from then on."""
        by = (self.organisation, "administrator")
        changed = self.installation.configure(*by, settings, why="It is so.")
        if changed.opened:
            self.installation.confirm(self.organisation, SECOND, changed.length)

    # ---- the public log ----

    def logged(self, **changes: Any) -> LogConfigured:
        """The house keeps a public log from now on; unwitnessed, where nothing else is said."""
        kept = LogConfigured(**{"origin": f"{self.organisation}.example.org/log", **changes})
        changed = self.installation.keep_log(self.organisation, "administrator", kept, why="It is so.")
        if changed.opened:
            self.installation.confirm(self.organisation, SECOND, changed.length)
        return kept

    def published(self) -> None:
        """The day's publication, now."""
        outcome = Publisher(self.installation).publish(self.organisation)
        assert outcome is not None
        assert outcome.published.quorum_met

    # ---- cases ----

    def received(self, request: Request | None = None, *, by: str = "intake") -> Case:
        """Each case has a request of its own: those but the first of a house come with a paper named after
        them."""
        asked = request if request is not None else world.request(supposed=())
        number = sum(1 for _ in self.installation.store.heads(self.organisation))  # its cases, and the house
        if number > 1:
            paper = Attachment(name=f"paper-{number}.pdf")
            asked = msgspec.structs.replace(asked, attachments=(*asked.attachments, paper))
        return self.installation.receive(self.organisation, by, asked, to_native(asked), door=Door.PORTAL)

    def assessed(self, request: Request | None = None) -> Case:
        case = self.received(request)
        now = self.installation.now()
        desk = self.installation.desk(self.organisation)
        evidence = Evidence(
            kind=EvidenceKind.CALL_BACK,
            holds=True,
            register=Register.OWN_DIRECTORY,
            register_entry="an entry of our register",
            register_state=case.request.requesting_state,
            register_read_on=now.date() - timedelta(days=30),
            seen_on=now.date(),
        )
        desk.identify(case.id, "intake", now, evidence=[evidence])
        return desk.assess(case.id, "intake", now)

    def reviewed(self, request: Request | None = None, *, by: str = "reviewer", why: str = "") -> Case:

        case = self.assessed(request or ransomware())
        assert case.assessment is not None
        return self.installation.desk(self.organisation).review(
            case.id,
            by,
            self.installation.now(),
            assessment=case.digest,
            rulings=recommended(case.assessment),
            why=why,
        )

    def told(self, request: Request | None = None) -> tuple[Case, str]:
        """A case of which the person was told, with the code of the notice."""
        found = self.reviewed(msgspec.structs.replace(request or ransomware(), secrecy=Secrecy()))
        desk = self.installation.desk(self.organisation)
        desk.second_review(found.id, "second", self.installation.now(), agrees=True)
        return houses.told(self.installation, found.id, self.organisation)

    def case(self, id: str) -> Case:
        return self.installation.case(self.organisation, id)


@dataclass
class Releasing(House):
    """A house in which cases are brought as far as a release, in its own time."""

    clock: houses.Clock = field(default_factory=houses.Clock)

    def __post_init__(self) -> None:
        self.installation.now = self.clock
        houses.people(self.installation, self.organisation)

    def brought(self, until: str) -> Case:
        return houses.brought(self.installation, self.clock, until, self.organisation)

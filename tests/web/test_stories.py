"""Whole journeys of a request through the real site: from the day it comes in to the day it is erased.

Every person has a browser window of their own and signs in with both proofs. The installation has a clock
that a story moves on, so that the days of a wait pass in no time. HABEAS_PICTURES names a folder for the
pictures of the pages about the roles (`make pictures`).
"""

from __future__ import annotations

import email
import email.policy
import io
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from habeas.app.installation import Installation
from habeas.app.worker import Tiding, Worker
from habeas.desk import package, promise, receipt
from habeas.desk.case import Case, Stage
from habeas.desk.events import Configured
from habeas.desk.letters import Kind, Language, Sender
from habeas.desk.moves import TABLE
from habeas.errors import Refused
from habeas.gateways.mail import Folder
from habeas.request import Request
from habeas.request.formats import native, read_bytes
from habeas.web import telling
from habeas.web.views import sheet
from tests.web.browser import CHROMIUM, MISSING, Keyboard, Visitor, aside, live
from tests.web.house import House
from tests.web.views.test_typing_in import flat

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=MISSING)

PICTURES = os.environ.get("HABEAS_PICTURES", "")
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # the stories, and their pictures, are always of this day
WAITING = timedelta(days=8)  # longer than the house waits between a notice and a release
RELEASED = ("e-evidence-subscriber", "domestic-order")  # to whose authorities something is sealed
_EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SENDER = Sender(
    name="Example House",
    office="Office for requests from abroad",
    contact="the postal address on the envelope",
    oversight="the data protection authority",
)


Fill = Callable[[Any], None]
"""What somebody types into a form."""


def nothing(_page: Any) -> None:
    pass


class Clock:
    """The installation's clock: it begins on `MORNING`, goes on by itself, and can be moved on."""

    def __init__(self) -> None:
        self.back()

    def back(self) -> None:
        self._start, self._at = MORNING, time.monotonic()

    def move(self, **length: float) -> None:
        self._start += timedelta(**length)

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._at)


_papers = count(1)


def told(story: str, **parts: Any) -> dict[str, Any]:
    """The request of an example as it would be pasted, some parts said otherwise; None leaves one out. Each
    has a paper of its own, or the desk would know it again from another story."""
    asked = json.loads((_EXAMPLES / story / "request.json").read_text("utf-8"))
    asked |= {"attachments": [{"name": f"order-{next(_papers)}.pdf"}]}
    asked |= {"received_on": None, "deadline": None, **parts}
    return {name: value for name, value in asked.items() if value is not None}


KIDNAPPING = {
    "facts": "On 21 November 2026 a child of nine years was kidnapped by two armed men. Since then the "
    "family received eleven messages from the account named below, demanding a ransom. In the last message "
    "they sent a photograph of the child and threatened to kill it if the ransom is not paid by evening. "
    "The life of the child is in imminent danger. The order is for subscriber data only, to find the place.",
    "link": "The ransom is demanded from the account.",
    "necessity": "There is no other lead to the place.",
    "offences": [
        {
            "label": "Secuestro (kidnapping)",
            "citations": ["art. 164 Código Penal"],
            "claimed_maximum": {"kind": "years", "years": 10},
        }
    ],
    "conduct": {"start": "2026-11-21", "end": "2026-11-23"},
    "authorisation": {
        "kind": "prosecutor",
        "reference": "Diligencias 1187/2026",
        "issued_on": "2026-11-23",
        "document_attached": True,
    },
    "emergency": {
        "claimed": True,
        "statement": "The kidnappers threaten to kill the child this evening.",
        "deadline": "2026-11-23T20:00:00+01:00",
    },
}


def ordinary(**parts: Any) -> dict[str, Any]:
    """A sound request for the name behind one account, without a wish for secrecy."""
    return told("e-evidence-subscriber", secrecy=None, **parts)


def by_telephone(page: Any) -> None:
    page.get_by_label("who said that it arrived").fill("their registry")
    page.get_by_label("how they said it").fill("by telephone, on the number of our register")


class Office:
    """The house of these stories, with a window for each person, opened when they are first needed."""

    def __init__(self, browser: Any, address: str, installation: Installation, seat: str) -> None:
        self.browser, self.address, self.installation, self.seat = browser, address, installation, seat
        self.windows: dict[str, Visitor] = {}
        self.keys: dict[str, pyrage.x25519.Identity] = {}
        self.clock: Clock = installation.now  # type: ignore[assignment]
        self.clock.move(days=-30)  # the house was there before its first request
        self.house = aside(self._house)
        self.clock.back()

    def _house(self) -> House:
        house = House(self.installation)
        self.installation.configure(
            house.organisation,
            "administrator",
            Configured(seat=self.seat, zone="Europe/Paris", sender=SENDER),
        )
        for story in RELEASED:
            self._register(house, told(story))
        return house

    def _register(self, house: House, asked: dict[str, Any]) -> None:
        """The authority's own key, as after a call back. It opens what is handed over."""
        name = asked["issuing"]["name"]
        self.keys[name] = pyrage.x25519.Identity.generate()
        recipient = str(self.keys[name].to_public())
        key = package.RegisteredKey(
            authority=name,
            state=asked["requesting_state"],
            recipient=recipient,
            fingerprint=package.fingerprint(recipient),
            verified_by="Counsel, by call back",
            verified_on=self.installation.now().date(),
        )
        self.installation.desk(house.organisation).register_key(
            "administrator", self.installation.now(), key=key
        )

    def person(self, name: str) -> Visitor:
        if name not in self.windows:
            aside(self.house.account, name)
            self.windows[name] = Visitor(self.browser, self.address, locale="en-GB")
            self.windows[name].sign_in(self.house, name)
        return self.windows[name]

    def complaints(self) -> list[str]:
        """What the browser complained about in anybody's window, said once."""
        found = [words for window in self.windows.values() for words in window.complaints]
        for window in self.windows.values():
            window.complaints.clear()
        return found

    def close(self) -> None:
        for window in self.windows.values():
            window.context.close()

    def case(self, id: str) -> Case:
        return aside(self.house.case, id)

    def published(self) -> None:
        """The day's publication of the public log."""
        aside(self.house.published)

    # ---- what people do, in their windows ----

    def do(self, name: str, case: str, move: str, fill: Fill = nothing, shot: str = "") -> str:
        """From the page of the case to a move, fill its form, send it; what the next page says to it."""
        window = self.person(name)
        window.go(f"/cases/{case}/")
        opened(window, "Next moves").get_by_role("link", name=move, exact=True).click()
        return self.send(window, fill, shot)

    @staticmethod
    def send(window: Visitor, fill: Fill = nothing, shot: str = "") -> str:
        fill(window.page)
        if shot:
            picture(window, shot)
        window.page.locator("main p.actions button[type=submit]").click()
        assert window.page.get_by_role("alert").count() == 0, window.page.get_by_role("alert").inner_text()
        return str(window.page.get_by_role("status").inner_text())

    def barred(self, name: str, case: str, move: str) -> str:
        """Why somebody may not make a move now, as the page of the case says it."""
        window = self.person(name)
        window.go(f"/cases/{case}/")
        opened(window, "Next moves").locator("summary").click()
        lines = window.page.locator("#moves .moves:not(.short) li")
        line = lines.filter(has=window.page.get_by_text(move, exact=True))
        return str(line.locator("span.small").inner_text())

    def receipt(self, case: str) -> Fill:
        """Pastes what the authority sends back: the form in the note it was sent, filled in."""
        (note,) = (self.installation.outgoing / self.house.organisation / case).glob("*.txt")
        [form] = re.findall(r"^    \{.*?^    \}", note.read_text("utf-8"), re.DOTALL | re.MULTILINE)
        when = f"{self.installation.now():%Y-%m-%dT%H:%M:%SZ}"
        filled = form.replace("YYYY-MM-DDTHH:MM:SSZ", when).replace("your office", "their registry")

        def fill(page: Any) -> None:
            page.get_by_label("Or paste their receipt").fill(filled)

        return fill

    def take_in(self, asked: dict[str, Any], shot: str = "") -> str:
        """Paste a request; the number of its case."""
        intake = self.person("intake")
        intake.go("/receive/")
        intake.page.get_by_label("How it came").select_option("portal")
        intake.page.get_by_label("Or paste it").fill(json.dumps(asked, ensure_ascii=False, indent=2))
        assert "Taken in as case" in self.send(intake, shot=shot)
        return intake.page.url.rstrip("/").rpartition("/")[2]

    def type_in(self, asked: dict[str, Any], letter: bytes, shot: str) -> str:
        """Type a request from its letter, which is kept and read; the number of its case."""
        intake = self.person("intake")
        intake.go("/receive/")
        intake.page.get_by_role("link", name="Type it from a letter, mail or PDF").click()
        page = intake.page
        page.locator("#original").set_input_files({"name": "order.eml", "mimeType": "", "buffer": letter})
        page.get_by_role("button", name="Keep the chosen files and read them").click()
        page.get_by_label("How it came").select_option("mailbox")
        for name, words in flat(sheet.of(native.convert({**asked, "id": sheet.ID}))).items():
            field = page.locator(f"[id='{name}']")
            if not words or field.count() == 0:
                continue
            if field.get_attribute("type") == "checkbox":
                field.check()
            elif field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(words)
            else:
                field.evaluate("(each) => { each.closest('details')?.setAttribute('open', '') }")
                field.fill(words)
        picture(intake, shot, 1400)
        page.get_by_role("button", name="Take it in").click()
        assert "Taken in as case" in page.get_by_role("status").inner_text()
        return str(page.url.rstrip("/").rpartition("/")[2])

    def identify(self, case: str, state: str, shot: str = "") -> None:
        def fill(page: Any) -> None:
            page.get_by_label("What was looked at").select_option("call-back")
            page.get_by_role("group", name="Does it speak for the sender?").get_by_label("Yes").check()
            page.get_by_label("In which register they are known").select_option("treaty-directory")
            page.get_by_label("Its entry").fill("entry 17, numbers of prosecutors")
            page.get_by_label("State of that entry").fill(state)
            page.get_by_label("Entry last verified on").fill("2026-11-02")

        self.do("intake", case, "Say how the sender was checked", fill, shot)

    def in_and_assessed(self, asked: dict[str, Any]) -> str:
        case = self.take_in(asked)
        self.identify(case, asked["requesting_state"])
        assert "The recommendation is below" in self.do("intake", case, "Assess")
        return case

    def reviewed(self, case: str, by: str = "reviewer", shot: str = "") -> None:
        assert "Your review is recorded" in self.do(by, case, "Review and decide", as_recommended, shot)

    def agreed(self, case: str, by: str = "second", shot: str = "") -> None:
        def fill(page: Any) -> None:
            page.get_by_label(re.compile("I agree with what")).check()

        said = self.do(by, case, "Look at it as the second person", fill, shot)
        assert "second review is recorded" in said

    def decided(self, asked: dict[str, Any]) -> str:
        """A case that two people decided as recommended."""
        case = self.in_and_assessed(asked)
        self.reviewed(case)
        self.agreed(case)
        return case

    def delayed(self, case: str, days: int = 40, shot: str = "") -> None:
        until = (self.clock() + timedelta(days=days)).date()

        def fill(page: Any) -> None:
            ground = page.get_by_label("What stands against telling")
            assert ground.input_value() == ""  # nothing stands chosen before somebody chose
            ground.select_option("danger-to-person")
            page.get_by_label("Why", exact=True).fill("A victim could be found by who is told.")
            page.get_by_label("The article or order").fill("order of the court in the request")
            page.get_by_label("Until").fill(until.isoformat())
            page.get_by_label("Looked at again by").fill((until - timedelta(days=10)).isoformat())

        assert "second person has to agree" in self.do(
            "counsel", case, "Propose to delay the notice", fill, shot
        )
        assert "You proposed this delay" in self.barred("counsel", case, "Agree to the delay of the notice")
        assert "The delay stands" in self.do("second", case, "Agree to the delay of the notice")

    def notified(self, case: str, shot: str = "") -> str:
        """The code for the person's door, after the notice was sent."""
        said = self.do("reviewer", case, "Tell the person", shot=shot)
        found = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}", said)
        assert found is not None
        self.sent(case)
        return found[0]

    def sent(self, case: str, by: str = "reviewer") -> None:
        """Somebody took the notice to the post, today."""

        def fill(page: Any) -> None:
            assert page.get_by_label("On which day").input_value() == f"{self.clock():%Y-%m-%d}"
            page.get_by_label("On which way").select_option(label="By post")

        assert "the notice went out" in self.do(by, case, "Record that the notice went out", fill)

    def prepared(self, case: str, files: int = 1, shot: str = "") -> None:
        def fill(page: Any) -> None:
            fields = page.get_by_label("The file")
            assert fields.count() == files
            for number in range(files):
                fields.nth(number).set_input_files(
                    {
                        "name": f"records-{number}.csv",
                        "mimeType": "text/csv",
                        "buffer": f"name,registered on\nholder {number},2026-07-02\n".encode(),
                    }
                )
                asked = page.locator("fieldset.rule").nth(number)
                most = asked.locator("legend .most").inner_text()
                asked.get_by_label("What is in it").select_option(label=most[:1].upper() + most[1:])
                days = [each.get_attribute("datetime") for each in asked.locator("legend time").all()]
                for label, day in zip(
                    ("Its first day", "Its last day"), days or ["2026-09-12"] * 2, strict=True
                ):
                    asked.get_by_label(label).fill(day)

        assert "The files lie ready" in self.do("custodian", case, "Prepare the files", fill, shot)

    def released(self, case: str, shot: str = "") -> None:
        assert "is approved" in self.do("second", case, "Approve the release")
        assert "Handed over, sealed" in self.do("custodian", case, "Hand it over", shot=shot)

    def written(self, name: str, case: str, letter: str, language: str = "English", shot: str = "") -> str:
        """Write a letter, open it, and answer with its words."""

        def fill(page: Any) -> None:
            page.get_by_label("Which letter").select_option(label=letter)
            page.get_by_label("In which language").select_option(label=language)

        assert "nothing was sent" in self.do(name, case, "Write a letter", fill)
        return self.read(name, letter, language, shot)

    def read(self, name: str, letter: str, language: str = "English", shot: str = "", case: str = "") -> str:
        """Open a letter in the file, from the page of its case, and answer with its words."""
        window = self.person(name)
        if case:
            window.go(f"/cases/{case}/")
        window.page.get_by_role("link", name=re.compile(f"^{letter}, in {language}")).first.click()
        if shot:
            picture(window, shot)
        return str(window.page.locator("section[aria-labelledby=h-letter]").inner_text())


def as_recommended(page: Any) -> None:
    for choice in page.get_by_label("As recommended").all():
        choice.check()


def shown(window: Visitor) -> str:
    return str(window.page.locator("main").inner_text())


def stage(window: Visitor) -> str:
    return str(window.page.get_by_label("This case").locator(".tag").first.inner_text())


def opened(window: Visitor, part: str) -> Any:
    """A part of the case page that lies closed, after its link above was followed, which opens it."""
    link = window.page.get_by_label("Parts of this case").get_by_role("link", name=part, exact=True)
    link.click()
    found = window.page.locator(str(link.get_attribute("href")))
    found.wait_for(state="visible")
    return found


def picture(window: Visitor, name: str, height: int = 1040, top: str = "") -> None:
    """A picture for the pages about the roles: as wide as a desk, from `top` on, in few colours."""
    if not PICTURES:
        return
    from PIL import Image

    page = window.page
    page.evaluate(
        "document.activeElement?.blur(); scrollTo({top: 0, behavior: 'instant'});"
        "document.querySelectorAll('textarea').forEach(each => each.scrollTop = 0)"
    )
    if top:  # it may lie closed
        page.locator(top).first.evaluate(
            "each => { for (let shelf = each; shelf; shelf = shelf.parentElement)"
            " if (shelf.tagName === 'DETAILS') shelf.open = true }"
        )
    box = page.locator(top).first.bounding_box() if top else None
    start = max(0, box["y"] - 16) if box else 0
    whole = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": start, "width": 1280, "height": min(height, whole - start)}
    taken = page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")
    folder = Path(PICTURES)
    folder.mkdir(parents=True, exist_ok=True)
    few = Image.open(io.BytesIO(taken)).convert("RGB").quantize(48, dither=Image.Dither.NONE)
    few.save(folder / f"{name}.png", optimize=True)


# ---- everybody is here -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installation(site: WSGIHandler, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One of our own behind the same site, so that a clock that moves moves for nobody else."""
    opened = Installation.open(tmp_path_factory.mktemp("stories") / "home", now=Clock())
    with override_settings(HABEAS_INSTALLATION=opened):
        yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(site: WSGIHandler, installation: Installation) -> Iterator[str]:
    with live(site) as found:
        yield found


@pytest.fixture(scope="module")
def everyone(browser: Any) -> Iterator[dict[str, Office]]:
    """The offices by where they sit, each opened when a story first needs it; closed before the browser."""
    made: dict[str, Office] = {}
    yield made
    for office in made.values():
        office.close()


@pytest.fixture
def seated(
    everyone: dict[str, Office], browser: Any, address: str, installation: Installation
) -> Iterator[Callable[..., Office]]:
    """The office of a seat on its morning; by the evening nobody's window has complained. which: of several
    houses of the same seat."""

    def find(seat: str, which: str = "") -> Office:
        found = everyone.get(seat + which)
        if found is None:
            found = everyone[seat + which] = Office(browser, address, installation, seat)
        found.clock.back()
        return found

    yield find
    complaints = [words for office in everyone.values() for words in office.complaints()]
    expected = ("404", "409", "410")  # pages that say no, which the browser reports as errors
    assert [each for each in complaints if not any(number in each for number in expected)] == []


@pytest.fixture
def office(seated: Callable[..., Office]) -> Office:
    """A provider."""
    return seated("IRL:provider")


@pytest.fixture
def authority(seated: Callable[..., Office]) -> Office:
    """A house that takes the seat each request names."""
    return seated("")


@pytest.fixture
def logged(seated: Callable[..., Office]) -> Office:
    """A provider that keeps a public log, which nobody outside signs."""
    found = seated("IRL:provider", "logged")
    if aside(found.installation.people, found.house.organisation).log is None:
        aside(found.house.logged)
    return found


# ---- the stories -----------------------------------------------------------------------------------------


def test_a_sound_request_goes_from_the_letterbox_to_the_receipt(office: Office) -> None:
    asked = ordinary()
    letter = f"From: {asked['issuing']['name']}\nDate: Mon, 23 Nov 2026 08:00:00 +0100\nSubject: Request\n"
    mail = f"{letter}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{asked['facts']}\n"
    case = office.type_in(asked, mail.encode(), shot="intake-take-in")
    assert office.case(case).files_kept[0].original
    office.identify(case, "ESP", shot="intake-identify")
    assert "The recommendation is below" in office.do("intake", case, "Assess")
    office.reviewed(case, shot="reviewer-review")
    assert "You reviewed this case" in office.barred("reviewer", case, "Look at it as the second person")
    office.agreed(case)
    office.notified(case)
    office.prepared(case, shot="custodian-prepare")
    assert "has until" in office.barred("second", case, "Approve the release")
    office.clock.move(days=WAITING.days)
    office.released(case, shot="custodian-release")
    said = office.do("custodian", case, "Record the receipt of the authority", office.receipt(case))
    assert "names this very package; it is not signed." in said
    assert "Closed." in office.do("reviewer", case, "Close")

    found = office.case(case)
    assert found.stage is Stage.CLOSED
    folder = office.installation.outgoing / office.house.organisation / case
    (sealed,) = folder.glob("*.age")
    assert b"holder 0" in pyrage.decrypt(sealed.read_bytes(), [office.keys[asked["issuing"]["name"]]])


def test_a_refusal_gives_its_grounds_and_nothing_about_an_account(authority: Office) -> None:
    case = authority.in_and_assessed(told("tower-dump"))
    authority.reviewed(case)
    assert "refusal is recorded" in authority.do("reviewer", case, "Refuse")
    assert stage(authority.person("reviewer")) == "Refused"
    letter = authority.written("reviewer", case, "Refusal", shot="requester-refusal")
    assert "4010-1.Ds.211.2026" in letter
    assert "account exists" not in letter
    auditor = authority.person("auditor")
    auditor.go(f"/cases/{case}/")
    assert "You read this case and change nothing in it" in shown(auditor)
    assert "Refused" in stage(auditor)
    picture(auditor, "auditor-history", 520, top="#history")
    picture(auditor, "auditor-case", 860)


def test_a_refusal_for_persecution_says_nothing_but_the_closed_text(authority: Office) -> None:
    case = authority.in_and_assessed(told("persecution-dressed-as-fraud"))
    reviewer = authority.person("reviewer")
    reviewer.go(f"/cases/{case}/")
    picture(reviewer, "reviewer-case", 900, top="#request")
    authority.reviewed(case)

    def closed(page: Any) -> None:
        group = page.get_by_role("group", name="Answer with the closed text?")
        assert group.get_by_label("Yes").is_checked(), "as it was decided, so it stands there"

    assert "refusal is recorded" in authority.do("reviewer", case, "Refuse", closed)
    letter = authority.written("reviewer", case, "Persecution refusal")
    for word in ("dayanisma", "journalist", "donor", "fraud", "account exists"):
        assert word not in letter.lower()
    other = authority.in_and_assessed(told("war-fakes"))
    authority.reviewed(other)
    authority.do("reviewer", other, "Refuse", closed)
    assert _without_names(
        authority.written("reviewer", other, "Persecution refusal"), other
    ) == _without_names(letter, case)


def _without_names(letter: str, case: str) -> str:
    """A letter from its title on, without our number and theirs: whose it is stands above that."""
    body = letter[letter.index("Answer to your request") :].replace(case, "")
    return "\n".join(line for line in body.splitlines() if "reference" not in line.lower())


def test_questions_are_answered_and_a_narrower_request_is_accepted(authority: Office) -> None:
    asked = told("ransomware", secrecy=None)
    case = authority.in_and_assessed(asked)

    def ask(page: Any) -> None:
        page.get_by_label("Other questions").fill("Which of the two servers do you mean?")

    said = authority.do("reviewer", case, "Ask the requester", ask)
    assert "A second person has to agree" in said
    second = authority.person("second")
    second.go(f"/cases/{case}/")
    assert "Which of the two servers do you mean?" in shown(second)

    def agree(page: Any) -> None:
        page.get_by_role("group", name="Do you agree to them?").get_by_label("Yes").check()

    said = authority.do("second", case, "Agree to the questions in our own words", agree)
    assert "Write the letter" in said
    letter = authority.written("reviewer", case, "Clarification", shot="requester-questions")
    assert "Which of the two servers" in letter

    answered = {**asked, "necessity": asked["necessity"] + " Il s'agit du serveur 192.0.2.77."}

    def paste(page: Any) -> None:
        page.get_by_label("The new version of the request").fill(json.dumps(answered, ensure_ascii=False))

    assert "Assess it again" in authority.do("intake", case, "Record the answer of the requester", paste)
    assert authority.case(case).version == 2
    authority.do("intake", case, "Assess")

    def less(page: Any) -> None:
        for number, rule in enumerate(page.locator("fieldset.rule").all()):
            if number == 0:
                rule.get_by_label("Otherwise").check()
                rule.locator("summary").click()
                rule.get_by_label("Decision").select_option("narrow")
                rule.get_by_label("Confined to").fill("the holder on the day of the order")
                continue
            rule.get_by_label("Otherwise").check()
            rule.locator("summary").click()
            rule.get_by_label("Decision").select_option("refuse")
            rule.get_by_label("At most").select_option("nothing")
            rule.get_by_label("Ground").select_option("proportionality")
        page.get_by_label("Why otherwise").fill("The holder of the contract is enough at this time.")

    authority.do("reviewer", case, "Review and decide", less)

    def invite(page: Any) -> None:
        page.get_by_label("Whom").select_option("delegate")
        page.get_by_role("group", name="Cover the identifiers?").get_by_label("No").check()

    delegate = authority.person("delegate")
    assert delegate.go(f"/cases/{case}/").status == 404
    assert authority.do("counsel", case, "Invite an expert or a delegate", invite) == "Invited."
    authority.agreed(case, by="delegate", shot="delegate-second-review")
    assert "Write the letter" in authority.do("reviewer", case, "Propose a narrower request")
    authority.written("reviewer", case, "Narrower proposal")

    (target,) = asked["targets"]
    answered = {**answered, "targets": [{**target, "items": target["items"][:1]}]}
    accept = "Record that the narrower request was accepted"
    assert "Assess it again" in authority.do("intake", case, accept, paste)
    authority.do("intake", case, "Assess")
    now = authority.case(case)
    assert (now.version, len(list(now.asked()))) == (3, 1)


def test_an_emergency_is_answered_at_once_and_validated_afterwards(office: Office) -> None:
    asked = told("e-evidence-subscriber", **KIDNAPPING)
    case = office.decided(asked)
    reviewer = office.person("reviewer")
    reviewer.go(f"/cases/{case}/")
    assert reviewer.page.get_by_label("This case").get_by_text("Emergency", exact=True).is_visible()
    assert "validat" in str(reviewer.page.locator("#clocks").text_content()).lower()
    assert "Tell them first" in office.barred("reviewer", case, "Tell the person")
    assert "Next: Propose to delay the notice, for counsel." in shown(reviewer)
    assert "counsel and a second person can delay the notice" in shown(reviewer)
    counsel = office.person("counsel")
    counsel.go(f"/cases/{case}/")
    assert counsel.page.locator("#h-now").inner_text() == "Propose to delay the notice"
    office.delayed(case)
    office.prepared(case)
    office.released(case)  # on the same day, and by as many people as ever
    assert office.clock() - MORNING < timedelta(hours=1)

    office.clock.move(hours=40)

    def valid(page: Any) -> None:
        page.get_by_role("group", name="Was it validated?").get_by_label("Yes").check()
        page.get_by_label("Reference of the court").fill("Auto 77/2026")

    assert office.do("reviewer", case, "Record the validation afterwards", valid) == "Recorded."
    assert office.case(case).validated is True
    assert "not told yet" in office.barred("reviewer", case, "Close")


def test_an_order_of_our_own_state_is_obeyed_as_far_as_it_may(seated: Callable[..., Office]) -> None:
    office = seated("BRA:provider")
    asked = told("domestic-order")
    case = office.in_and_assessed(asked)
    office.reviewed(case)
    office.agreed(case)
    second = office.person("second")
    second.go(f"/cases/{case}/")
    rows = second.page.locator("#ceiling tbody tr")
    decided = rows.locator("[data-l=Decided]").all_inner_texts()
    assert [each.partition(":")[0] for each in decided] == ["Comply as narrowed"] * 3 + ["Challenge"] * 2
    office.delayed(case, shot="counsel-delay")
    office.prepared(case, files=3)  # for the password and what is still to be written there is no field
    office.released(case)
    assert office.case(case).stage is Stage.RELEASED


def test_an_objection_at_the_persons_door_stops_the_release(
    office: Office, browser: Any, address: str
) -> None:
    asked = ordinary()
    case = office.decided(asked)
    code = office.notified(case)
    office.prepared(case)
    notice = office.read("reviewer", "Notice", case=case)
    assert "To the person whose data were asked for" in notice
    assert asked["issuing"]["name"] not in notice

    person = Visitor(browser, address, locale="en-GB")
    person.go(f"/you/?house={office.house.organisation}")
    person.page.get_by_label("Name of the house").fill(office.house.organisation)
    person.page.get_by_label("The code in the notice").fill(code.lower())
    words = "The account was taken over in June; I told you then."
    person.page.get_by_label("Why it should not be given").fill(words)
    picture(person, "person-concerned-door", height=1180)
    person.page.get_by_role("button", name="Send my objection").click()
    assert "Your objection is recorded" in person.page.get_by_role("status").inner_text()
    assert case not in person.page.content()
    picture(person, "person-concerned-recorded", height=640)
    person.leave()

    office.clock.move(days=WAITING.days)
    assert "objected" in office.barred("second", case, "Approve the release")
    counsel = office.person("counsel")
    counsel.go("/")
    counsel.page.get_by_role("link", name=f"Answer the objection in case {case}").click()

    def upheld(page: Any) -> None:
        page.get_by_label("Is the person right?").select_option(label="Yes")
        page.get_by_label("Why", exact=True).fill("The records show the report of June.")

    assert "objection is answered" in office.send(counsel, upheld, "counsel-objection")
    assert words in str(counsel.page.locator("#history").text_content())
    assert office.case(case).review is None or office.case(case).stage is Stage.ASSESSED


def test_somebody_who_comes_sees_what_is_late_what_waits_for_them_and_for_whom_the_rest(
    seated: Callable[..., Office],
) -> None:
    office = seated("IRL:provider", "day")
    cases = aside(_a_day, office)
    reviewer, counsel = office.person("reviewer"), office.person("counsel")
    waits = {"late": "kidnapped", "you": "fresh", "second": "decided", "others": "asked", "rest": "objected"}
    assert _parts(reviewer) == {part: [cases[name]] for part, name in waits.items()}
    picture(reviewer, "reviewer-queue", 1330)
    keys = Keyboard(reviewer.page)
    keys.to("Review and decide")
    keys.press("Enter")
    reviewer.page.wait_for_url(f"**/cases/{cases['fresh']}/*")
    assert reviewer.page.locator("#h-now").inner_text() == "Review and decide"

    assert _parts(counsel)["late"] == [cases["kidnapped"]]
    assert cases["objected"] in _parts(counsel)["you"]
    link = counsel.page.get_by_role("link", name=f"Answer the objection in case {cases['objected']}")
    assert link.count() == 1
    picture(counsel, "counsel-queue", 1240)


def _parts(window: Visitor) -> dict[str, list[str]]:
    """The cases of each part of the day, with nothing over the edge of a telephone."""
    window.go("/")
    window.page.set_viewport_size({"width": 320, "height": 700})
    assert window.page.evaluate("document.documentElement.scrollWidth") == 320
    window.page.set_viewport_size({"width": 1280, "height": 900})
    bodies = window.page.locator("tbody[id^=part-]").all()
    return {
        str(each.get_attribute("id")).removeprefix("part-"): each.locator(".ref").all_inner_texts()
        for each in bodies
    }


def _a_day(office: Office) -> dict[str, str]:
    """Cases by what became of them: as many as a small house has on a quiet day."""
    house, now = office.house, office.installation.now
    desk = office.installation.desk(house.organisation)

    def asked(**parts: Any) -> Request:
        (found,) = read_bytes(json.dumps(ordinary(**parts)).encode(), "request")
        return found

    made = {"kidnapped": house.received(asked(**KIDNAPPING)).id, "fresh": house.assessed(asked()).id}
    made["decided"] = house.reviewed(asked()).id
    made["asked"] = house.assessed(asked()).id
    desk.ask(made["asked"], "second", now(), questions=["Which court confirmed it?"])
    desk.agree_questions(made["asked"], "reviewer", now(), agrees=True)
    desk.write(
        made["asked"],
        "second",
        now(),
        letter=Kind.CLARIFICATION,
        language=Language.SPANISH,
        sha256="0" * 64,
    )
    objected, _code = house.told(asked())
    made["objected"] = objected.id
    [notice] = objected.notices
    desk.object(made["objected"], now(), code=notice.code, words="The account was taken over in June.")
    return made


def test_a_person_proves_with_a_receipt_what_happened(
    logged: Office, browser: Any, address: str, tmp_path: Path
) -> None:
    """From the promise at the door to a receipt that its holder checks without asking the house."""
    case = logged.take_in(ordinary())
    intake = logged.person("intake")
    with intake.page.expect_download() as fetched:
        opened(intake, "Public log").get_by_role("link", name="Promise for the sender").click()
    kept = aside(logged.installation.people, logged.house.organisation).log
    assert kept is not None
    key = aside(logged.installation.promiser, logged.house.organisation, kept).key
    given = promise.read(Path(fetched.value.path()).read_bytes(), key)
    assert fetched.value.suggested_filename == f"promise-{case}.txt"
    logged.identify(case, "ESP")
    logged.do("intake", case, "Assess")
    logged.reviewed(case)
    logged.agreed(case)
    code = logged.notified(case)

    person = Visitor(browser, address, locale="en-GB")
    person.go("/you/en/")
    person.page.get_by_role("link", name="Fetch a receipt").click()
    picture(person, "person-concerned-receipt", height=1160)

    def hand_in() -> None:
        person.go("/you/en/receipt/")
        person.page.get_by_label("Name of the house").fill(logged.house.organisation)
        person.page.get_by_label("The code in the notice").fill(code.lower())
        person.page.get_by_role("button", name="Go on").click()

    hand_in()
    assert "Nothing about this is published yet" in person.page.get_by_role("status").inner_text()
    logged.clock.move(days=1)
    logged.published()
    hand_in()
    assert person.heading() == "Your receipt is ready"
    assert "Unwitnessed" in shown(person)
    with person.page.expect_download() as fetched:
        person.page.get_by_role("button", name="Save the receipt").click()
    assert fetched.value.suggested_filename == "receipt.json"
    file = tmp_path / "receipt.json"
    fetched.value.save_as(file)
    assert case not in person.page.content()
    person.leave()

    made = receipt.read(file.read_bytes())
    (target,) = logged.case(case).request.targets
    account = "  ".join(each.value.upper() for each in target.identifiers)
    verdict = receipt.verify(made, account=account)
    assert verdict.words == "signed by the operator only"
    assert verdict.account is True
    assert [each["count"]["kind"] for each in verdict.fields] == ["notice"]
    with pytest.raises(Refused):
        receipt.verify(made, account="somebody-else@example.org")

    leaf = aside(
        logged.installation.store.trace.of_paper, logged.house.organisation, given.paper
    )  # what was promised to the sender stands there too
    assert leaf is not None
    counsel = logged.person("counsel")
    counsel.go(f"/cases/{case}/")
    with counsel.page.expect_download() as fetched:
        opened(counsel, "Public log").get_by_role("link", name="Receipt for the authority").click()
    theirs = receipt.verify(receipt.read(Path(fetched.value.path()).read_bytes()))
    assert theirs.fields[0]["paper"] == {"nature": "request", "document": given.sha256}


def test_an_administrator_opens_the_public_log_and_an_auditor_counts_it(
    seated: Callable[..., Office],
) -> None:
    office = seated("IRL:provider", "to be logged")
    administrator = office.person("administrator")
    administrator.go("/settings/")
    administrator.page.get_by_role("link", name="What that is").click()
    administrator.page.get_by_role("link", name="Open the log").click()
    origin = "log.example.org/house"

    def fill(page: Any) -> None:
        page.get_by_label("Its name").fill(origin)
        page.get_by_label("Hour of the daily publication").fill("5")

    assert "The public log is open" in office.send(administrator, fill)
    assert "Nothing yet" in shown(administrator)
    case = office.take_in(ordinary())
    office.published()
    administrator.go("/log/")
    picture(administrator, "administrator-log", height=1180)
    assert "256 leaves" in shown(administrator)
    assert "Unwitnessed" in shown(administrator)

    auditor = office.person("auditor")
    auditor.go("/")
    auditor.page.get_by_role("link", name="Public log").click()
    picture(auditor, "auditor-log", top="#to-check", height=980)
    with auditor.page.expect_download() as fetched:
        auditor.page.get_by_role("link", name="Openings").click()
    seed, *lines = [json.loads(line) for line in Path(fetched.value.path()).read_text().splitlines()]
    assert "seed" in seed
    assert len(lines) == 256
    kinds = [each["values"][0] for each in lines]
    assert {"arrival", "request", "ledger"} < set(kinds)
    assert case not in json.dumps(lines)


def test_an_expert_sees_one_covered_case_until_they_answered(authority: Office) -> None:
    case = authority.in_and_assessed(told("whistleblower"))
    other = authority.in_and_assessed(told("security-researcher"))

    def invite(page: Any) -> None:
        page.get_by_label("Whom").select_option("expert")
        page.get_by_label("The question to them").fill("Is what is told here a crime against a system?")
        page.get_by_label("I read the covered text").check()

    assert authority.do("counsel", case, "Invite an expert or a delegate", invite) == "Invited."
    authority.do("counsel", other, "Invite an expert or a delegate", invite)

    expert = authority.person("expert")
    expert.go("/")
    assert "Is what is told here a crime" in expert.page.get_by_role("row").filter(has_text=case).inner_text()
    expert.page.get_by_role("link", name=case).click()
    assert "Is what is told here a crime" in shown(expert)
    hidden = [each.value for target in authority.case(case).request.targets for each in target.identifiers]
    assert hidden
    assert not [value for value in hidden if value in expert.page.content()]
    assert "█" in shown(expert)
    assert expert.page.locator("#history").count() == 0
    invitation = authority.written("counsel", case, "Expert invitation")
    assert "To the expert" in invitation
    assert "Is what is told here a crime against a system?" in invitation
    issuing = authority.case(case).request.issuing
    assert issuing is not None
    assert issuing.name not in invitation  # who asked is covered on the page, and stands in no letter
    assert "Say first whether" in authority.barred("expert", case, "Give your opinion")
    expert.go(f"/cases/{case}/")
    picture(expert, "expert-case", height=860)

    def no_interest(page: Any) -> None:
        page.get_by_role("group", name="Do you have an interest").get_by_label("No").check()

    def interest(page: Any) -> None:
        page.get_by_role("group", name="Do you have an interest").get_by_label("Yes").check()

    def opinion(page: Any) -> None:
        page.get_by_label("Your opinion").fill("It is not: nothing was entered without right.")

    declare = "Say whether you have an interest in this"
    authority.do("expert", case, declare, no_interest)
    authority.do("expert", case, "Give your opinion", opinion, "expert-opinion")
    for gone in (case, "2026-NONE-0000"):
        assert expert.go(f"/cases/{gone}/").status == 404  # alike: nothing says that there is such a case

    authority.do("expert", other, declare, interest)
    assert expert.go(f"/cases/{other}/").status == 404
    counsel = authority.person("counsel")
    counsel.go(f"/cases/{case}/")
    assert "nothing was entered without right" in str(counsel.page.locator("#history").text_content())


def test_a_person_is_told_when_the_delay_of_two_people_ends(office: Office) -> None:
    asked = ordinary()
    case = office.decided(asked)
    office.delayed(case, days=30)
    office.prepared(case)
    office.released(case)
    said = office.do("custodian", case, "Record the receipt of the authority", by_telephone)
    assert "confirmed by word" in said
    assert "not told yet" in office.barred("reviewer", case, "Close")
    office.clock.move(days=31)
    aside(Worker(office.installation, "the only one").step)
    reviewer = office.person("reviewer")
    reviewer.go("/")
    reviewer.page.get_by_role("link", name=f"Tell the person in case {case}").click()
    assert "The notice is written" in office.send(reviewer)
    letter = office.read("counsel", "Delayed notice", case=case)
    assert "To the person whose data were asked for" in letter
    assert asked["issuing"]["name"] not in letter
    assert "not told yet" in office.barred("counsel", case, "Close")
    office.sent(case)
    assert "You recorded that the notice went out" in office.barred("reviewer", case, "Close")
    assert "Closed." in office.do("counsel", case, "Close")


def test_an_erased_case_says_so_and_shows_dates_alone(authority: Office) -> None:
    case = authority.in_and_assessed(told("tower-dump"))
    authority.reviewed(case)
    authority.do("reviewer", case, "Refuse")
    authority.written("reviewer", case, "Refusal")

    def clear(page: Any) -> None:
        page.get_by_label("Which letter").select_option(label="Refusal, in English")
        page.get_by_label("What you looked at").fill("The law of the seat.")

    assert "The letter is cleared" in authority.do("counsel", case, "Clear a letter that is held", clear)
    authority.do("reviewer", case, "Close")
    assert "retention time ends on" in authority.barred("counsel", case, "Erase")
    authority.clock.move(days=2 * 366)
    counsel = authority.person("counsel")
    counsel.go(f"/cases/{case}/")
    opened(counsel, "Next moves").get_by_role("link", name="Erase", exact=True).click()
    counsel.page.get_by_label("Why", exact=True).fill("The retention time has ended.")
    counsel.page.get_by_role("button", name="Erase").click()
    answer = counsel.go(f"/cases/{case}/")
    assert answer.status == 410
    assert counsel.heading() == "This case was erased"
    labels = counsel.page.locator("main dt").all_inner_texts()
    assert labels == ["Taken in", "Erased"]
    assert counsel.page.locator("main dd").all_inner_texts() == [
        "23 Nov 2026, 08:00 UTC",
        "24 Nov 2028, 08:00 UTC",
    ]
    for told_once in ("4010-1.Ds.211.2026", "Poland", "tower"):
        assert told_once not in counsel.page.content()
    assert authority.person("expert").go(f"/cases/{case}/").status == 404  # to a guest there was never one


def test_the_second_of_two_at_once_sees_what_changed_and_keeps_their_words(office: Office) -> None:
    case = office.in_and_assessed(ordinary())
    late = office.person("second")
    late.go(f"/cases/{case}/review/")
    as_recommended(late.page)
    late.page.get_by_label("A word to the second person").fill("I would ask for the day of the order.")
    office.reviewed(case)
    late.page.get_by_role("button", name="Record my review").click()
    assert late.heading() == "Somebody was quicker"
    assert "Reviewer 1" in shown(late)
    assert "I would ask for the day of the order." in shown(late)
    now = office.case(case)
    assert now.review is not None
    assert (now.stage, now.review.by) == (Stage.REVIEWED, "reviewer")


def test_an_administrator_lets_a_key_serve_only_as_the_authority_read_it_out(
    browser: Any, address: str, installation: Installation
) -> None:
    office = Office(browser, address, installation, "IRL:provider")
    administrator = office.person("administrator")
    administrator.go("/people/")
    picture(administrator, "administrator-people", 850)
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    administrator.go("/settings/keys/register/")

    def fill(read_out: str) -> Fill:
        def fields(page: Any) -> None:
            page.get_by_label("Authority", exact=True).fill("Prosecutor of a port")
            page.get_by_label("State").select_option("FRA")
            page.get_by_label("Key", exact=True).fill(recipient)
            page.get_by_label("Fingerprint, as the authority read it out").fill(read_out)
            page.get_by_label("Who compared it, and how").fill("Counsel, by call back")

        return fields

    fill(package.fingerprint(str(pyrage.x25519.Identity.generate().to_public())))(administrator.page)
    administrator.page.get_by_role("button", name="Register the key").click()
    assert administrator.page.get_by_role("alert").count() == 1
    picture(administrator, "administrator-key", 1180)
    assert "registered" in office.send(administrator, fill(package.fingerprint(recipient)))
    assert administrator.go("/cases/2026-NONE-0000/").status == 403
    office.close()


# ---- what it takes ---------------------------------------------------------------------------------------


class Counted(Keyboard):
    """Counts for both people together: screens, things done (chosen, opened, sent), and every key.

    A screen is a page of the desk that somebody has to look at in order to go on: a list they choose from,
    each form with the reasons above which it stands, and the page that shows the code for the notice. The
    same address with another form on it is another screen. Where somebody lands when nothing more needs them
    is none: it only says that what they pressed is done. The message that calls them is no page of the desk;
    that they open its link is counted as a thing done.
    """

    screens = done = 0

    def __init__(self, window: Visitor, post: Path, login: str) -> None:
        super().__init__(window.page)
        self.window, self.post, self.login = window, post, login

    def called(self, words: str) -> None:
        """From the link of the newest message to them to the case, where what needs them has the focus."""
        lines = self.newest().get_content().splitlines()
        (link,) = [each for each in lines if "/" in each]
        self.page.goto("about:blank")  # a mail program opens a page anew, whatever stood there
        self.page.goto(link)
        self.screens += 1
        self.done += 1
        assert self.page.locator("#h-now").inner_text() == words

    def newest(self) -> EmailMessage:
        found = [
            email.message_from_bytes(each.read_bytes(), policy=email.policy.default)
            for each in sorted(self.post.glob("*.eml"))
        ]
        return [each for each in found if each["To"] == self.login][-1]

    def here(self, words: str) -> None:
        """A page they were led to: straight to what needs them there."""
        self.screens += 1
        self.to("Go to what needs you now")
        self.press("Enter")
        assert self.page.locator("#h-now").inner_text() == words

    def press_button(self, words: str) -> None:
        """A link or a button that leads to another page."""
        self.to(words)
        self.enter()
        self.done += 1

    def choose(self, words: str) -> None:
        self.to(words)
        self.press("Space")
        self.done += 1

    def takes_first(self, words: str) -> None:
        """The first of a list that is chosen from."""
        self.to(words)
        self.press("ArrowDown")
        self.done += 1

    def said(self) -> str:
        return str(self.page.get_by_role("status").inner_text())


@pytest.fixture
def elsewhere(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with nothing in it, for a story whose clock looks after every case there is."""
    opened = Installation.open(tmp_path_factory.mktemp("elsewhere") / "home", now=Clock())
    with override_settings(HABEAS_INSTALLATION=opened):
        yield opened
    opened.close()


def test_ordinary_requests_take_two_people_few_screens_and_no_mouse(
    browser: Any, address: str, elsewhere: Installation, tmp_path: Path
) -> None:
    """Two requests, from the assessment to the release, by two people who come when a message calls them.
    The custodian's own work is not counted, nor how somebody signs in."""
    office = Office(browser, address, elsewhere, "IRL:provider")
    (asked,) = read_bytes(json.dumps(ordinary()).encode(), "request")
    cases = {aside(office.house.assessed, asked).id for _ in range(2)}
    post = Folder(tmp_path)

    def tell(tiding: Tiding) -> None:
        telling.tell(tiding, post, office.clock(), address)

    def works() -> None:
        worker = Worker(elsewhere, "the only one", tell)
        aside(worker.step)
        aside(worker.stop)

    def comes(name: str) -> Counted:
        return Counted(office.person(name), tmp_path, f"{name}@{office.house.organisation}.example")

    first, second = comes("reviewer"), comes("second")
    _Sum.seen = (0, 0, 0)
    one, another = _Sum(), _Sum()

    works()
    first.called("Review and decide")
    first.choose("As recommended")
    first.press_button("Record my review")
    one.adds(first, second)
    first.here("Review and decide")
    first.choose("As recommended")
    first.press_button("Record my review")
    assert "Your review is recorded" in first.said()
    another.adds(first, second)

    works()
    second.called("Look at it as the second person")
    for whose in (one, another):
        if whose is another:
            second.here("Look at it as the second person")
        assert second.page.locator("main input:checked").count() == 0  # nothing is chosen for anybody
        assert "To the person whose data were asked for" in shown(second.window)  # the notice, as it will go
        second.choose("I agree")
        second.choose("Tell the person now")
        second.press_button("Record my review")
        said = second.said()
        assert "Your second review is recorded." in said
        assert "Their code, shown this once" in said
        second.here("Record that the notice went out")
        second.takes_first("On which way")
        second.press_button("Record that the notice went out")
        assert "the notice went out" in second.said()
        whose.adds(first, second)

    for case in cases:
        done = [each.event.kind for each in office.case(case).history][-5:]
        # each an act of its own, in the records
        assert done == ["reviewed", "second-reviewed", "notified", "letter-written", "notice-sent"]
        assert office.case(case).stage is Stage.DECIDED
        office.prepared(case)
    office.clock.move(days=WAITING.days)
    works()
    first.called("Approve the release")  # the other one says that the notice went out, and so does not
    first.press_button("Approve the release")
    one.adds(first, second)
    first.here("Approve the release")
    first.press_button("Approve the release")
    another.adds(first, second)
    assert first.page.url == f"{address}/"
    for case in cases:
        assert "Handed over, sealed" in office.do("custodian", case, "Hand it over")
    assert (one.screens, one.done) == ALONE
    assert (another.screens, another.done) == AMONG_OTHERS
    assert max(one.keys, another.keys) <= KEYS, (one.keys, another.keys)
    _nothing_told(tmp_path, office, cases)
    office.close()


def _nothing_told(post: Path, office: Office, cases: set[str]) -> None:
    """Every message of the house holds a case's number and a link, and no word of the case, of a name or of
    what is to be done."""
    found = [
        email.message_from_bytes(each.read_bytes(), policy=email.policy.default) for each in post.iterdir()
    ]
    messages = [each for each in found if each["To"].endswith(f"@{office.house.organisation}.example")]
    assert {str(each["Subject"]) for each in messages} == {f"Case {case}" for case in cases}
    for case in cases:
        asked = office.case(case).request
        assert asked.issuing is not None
        words = {
            asked.issuing.name,
            str(asked.reference),
            *(each.value for target in asked.targets for each in target.identifiers),
            *(move.says for move in TABLE.values()),
        }
        assert not [word for each in messages for word in words if word in each.get_content()]


ALONE = (4, 11)  # screens and things done for both people: three forms, the code where the notice is sent
AMONG_OTHERS = (4, 8)  # the next case follows by itself
KEYS = 50  # every key, with each Tab on the way


class _Sum:
    """What one case took of both people. What they did since it was last asked is its own."""

    seen = (0, 0, 0)

    def __init__(self) -> None:
        self.screens = self.done = self.keys = 0

    def adds(self, *people: Counted) -> None:
        now = (
            sum(each.screens for each in people),
            sum(each.done for each in people),
            sum(each.actions for each in people),
        )
        new = tuple(after - before for after, before in zip(now, _Sum.seen, strict=True))
        self.screens, self.done, self.keys = self.screens + new[0], self.done + new[1], self.keys + new[2]
        _Sum.seen = now

"""Journeys through the real site in a real browser: by mouse, by keyboard, on a telephone, for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.urls import resolve

from habeas.app import enclosing
from habeas.desk.calendars import ORDINARY, Holiday
from habeas.desk.delivery import PARTS
from habeas.desk.events import Configured, Role
from habeas.desk.letters import Kind
from habeas.gateways import almanac
from habeas.web.accounts import inviting
from habeas.web.views import forms
from tests import world
from tests.app import houses
from tests.desk.desks import as_covered
from tests.web.browser import CHROMIUM, MISSING, Keyboard, Visitor, aside, code_of
from tests.web.conftest import INSTALLATION
from tests.web.house import PASSWORD, SECRET, House, ransomware
from tests.web.pages import pages

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=MISSING)
ACTIONS = 45  # keys from the sign-in page to a recorded review of two items; a mouse is never needed


@pytest.fixture(scope="module")
def inhabited(site: WSGIHandler) -> House:
    """A house with accounts for everybody, one case assessed and one reviewed."""

    def furnish() -> House:
        made = House(INSTALLATION)
        for person in (
            "reviewer",
            "second",
            "administrator",
            "auditor",
            "custodian",
            "counsel",
            "intake",
            "expert",
        ):
            made.account(person)
        return made

    return aside(furnish)


@pytest.fixture
def visitor(browser: Any, address: str) -> Iterator[Visitor]:
    somebody = Visitor(browser, address)
    yield somebody
    somebody.leave()


def test_a_case_goes_from_one_person_to_another(
    browser: Any, address: str, inhabited: House, visitor: Visitor
) -> None:
    case = aside(inhabited.assessed, ransomware())
    visitor.sign_in(inhabited, "reviewer")
    visitor.page.get_by_role("link", name=f"Review and decide in case {case.id}").click()
    assert visitor.page.get_by_role("heading", name="Review and decide").is_visible()
    for choice in visitor.page.get_by_label("As recommended").all():
        choice.check()
    visitor.page.get_by_role("button", name="Record my review").click()
    assert "Your review is recorded" in visitor.page.get_by_role("status").inner_text()

    another = Visitor(browser, address)
    another.sign_in(inhabited, "second")
    another.page.get_by_role("link", name=f"in case {case.id}").click()
    assert another.page.get_by_role("heading", name="Reviewer 1 decided").is_visible()
    another.page.get_by_label("I agree with what Reviewer 1 decided").check()
    another.page.get_by_role("button", name="Record my review").click()
    assert "second review is recorded" in another.page.get_by_role("status").inner_text()
    another.leave()

    now = aside(inhabited.case, case.id)
    assert now.stage == "decided"
    assert now.review is not None
    assert (now.review.by, now.review.second) == ("reviewer", "second")


def test_the_first_reviewer_is_told_why_they_cannot_be_the_second(inhabited: House, visitor: Visitor) -> None:
    case = aside(inhabited.reviewed)
    visitor.sign_in(inhabited, "reviewer")
    visitor.go(f"/cases/{case.id}/second-review/")
    assert "You reviewed this case" in visitor.page.locator("main").inner_text()
    assert visitor.page.locator("main button").count() == 0


def test_an_invitation_becomes_an_account_with_two_proofs(site: WSGIHandler, visitor: Visitor) -> None:
    house = aside(House, INSTALLATION)
    asked = {"organisation": house.organisation, "person": "intake", "asked_by": "administrator"}
    link = aside(lambda: inviting.invite(**asked))
    half = aside(lambda: inviting.half_for(house.account("intake"), "administrator"))
    visitor.go(link)
    wrong = visitor.barriers("invitation")
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.get_by_label("Password, once more").fill(PASSWORD)
    visitor.page.get_by_label("Number of the invitation").fill(half)
    visitor.page.get_by_role("button", name="Set the password").click()
    visitor.page.get_by_label("Name to sign in with").fill(f"INTAKE@{house.organisation}")
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Go on").click()
    assert visitor.heading() == "Second proofs"
    visitor.go("/receive/")
    assert visitor.heading() == "Second proofs"  # nothing else opens
    visitor.page.get_by_role("link", name="Set up an authenticator").click()
    assert visitor.page.locator("svg.qr").is_visible()
    wrong += visitor.barriers("set-up-app")
    secret = visitor.page.locator("#secret").inner_text()
    visitor.page.get_by_label("Code").fill(code_of(secret))
    visitor.page.get_by_role("button", name="Set it up").click()
    assert visitor.heading() == "Recovery codes"
    assert visitor.page.locator(".codes li").count() == 10
    wrong += visitor.barriers("recovery-codes")
    visitor.page.get_by_role("link", name="I wrote them down").click()
    visitor.page.get_by_role("link", name="Go on to the desk").click()
    assert visitor.heading() == "Requests"
    visitor.go("/sign-out/")
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.get_by_label("Name to sign in with").fill(f"intake@{house.organisation}")
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Go on").click()
    visitor.page.get_by_label("Code").wait_for()
    assert wrong + visitor.barriers("sign-in-code") == []


def test_a_passkey_is_added_and_signs_in_by_itself(inhabited: House, visitor: Visitor) -> None:
    visitor.sign_in(inhabited, "counsel")
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    visitor.go("/account/proofs/passkeys/add/")
    visitor.page.get_by_label("What you call it").fill("work telephone")
    visitor.page.get_by_role("button", name="Add it").click()
    visitor.page.wait_for_url("**/account/proofs/codes/")
    visitor.go("/account/proofs/passkeys/")
    assert "work telephone" in visitor.page.locator("main").inner_text()
    wrong = []
    for done in ("rename", "remove"):
        link = visitor.page.locator(f"main a[href*='/passkeys/'][href$='/{done}/']").get_attribute("href")
        wrong += visitor.barriers(f"passkey-{done}", str(link))
        visitor.go("/account/proofs/passkeys/")
    wrong += visitor.barriers("presence-passkey", "/presence/passkey/")
    assert wrong == []
    visitor.go("/sign-out/")
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.page.get_by_role("button", name="Use a passkey").click()
    visitor.page.wait_for_url("**/account/lately/**")
    assert "Second proof added" in visitor.page.locator("main").inner_text()
    visitor.page.get_by_role("button", name="I have looked").click()
    visitor.page.wait_for_url(f"{visitor.address}/")
    assert visitor.heading() == "Requests"


def test_a_review_is_recorded_by_keyboard_alone(site: WSGIHandler, visitor: Visitor) -> None:
    house = aside(House, INSTALLATION)
    aside(house.account, "reviewer")
    case = aside(house.assessed, ransomware())
    visitor.go("/sign-in/")
    keys = Keyboard(visitor.page)
    keys.to("Name to sign in with")
    keys.write(f"reviewer@{house.organisation}")
    keys.press("Tab")
    keys.write(PASSWORD)
    keys.enter()
    keys.to("Code")
    keys.write(code_of(SECRET))
    keys.enter()
    keys.to("Go to the list")  # past the top, the views and the filter in one step
    keys.press("Enter")
    keys.to("Review and decide")
    keys.enter()
    for _item in case.asked():
        keys.to("As recommended")
        keys.press("Space")
        keys.press("Tab")
    keys.to("Record my review")
    keys.enter()
    assert "Your review is recorded" in visitor.page.get_by_role("status").inner_text()
    assert keys.actions <= ACTIONS, keys.actions


def test_everything_ordinary_works_without_script(browser: Any, address: str, inhabited: House) -> None:
    case = aside(inhabited.assessed)
    plain = Visitor(browser, address, java_script_enabled=False)
    plain.sign_in(inhabited, "reviewer")
    plain.page.get_by_label("Measure").select_option("stored-access")
    plain.page.get_by_role("button", name="Apply").click()
    assert "measure=stored-access" in plain.page.url
    assert plain.page.get_by_role("link", name="Remove filter").count() == 1
    plain.go(f"/cases/{case.id}/note/")
    plain.page.get_by_label("Your note").fill("a note without a script")
    plain.page.get_by_role("button", name="Add a note").click()
    assert "a note without a script" in str(plain.page.locator("#history").text_content())
    plain.leave()


ARABIC = "قام المشتبه به بنشر رسائل احتيالية عبر الحساب المذكور، وألحق ضرراً بثلاثة أشخاص في شهر آذار."


def test_a_letter_is_typed_in_without_script(
    browser: Any, address: str, inhabited: House, tmp_path: Path
) -> None:
    """A mail is kept and read, an account added, what is missing is named, and then it is a case."""
    mail = tmp_path / "order.eml"
    mail.write_bytes(
        b"From: office@authority.example\r\nSubject: Order\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + ARABIC.encode()
    )
    plain = Visitor(browser, address, java_script_enabled=False)
    plain.sign_in(inhabited, "intake")
    plain.go("/receive/")
    plain.page.get_by_role("link", name="Type it from a letter, mail or PDF").click()
    page = plain.page
    page.locator("#original").set_input_files(mail)
    page.get_by_role("button", name="Keep the chosen files and read them").click()
    assert ARABIC in page.get_by_label("order.eml").input_value()
    page.get_by_role("button", name="Put it into the statement of facts").click()
    facts = page.get_by_label("The statement of facts")
    assert facts.evaluate("each => getComputedStyle(each).direction") == "ltr"  # it begins with their headers
    facts.fill(ARABIC)
    assert facts.evaluate("each => getComputedStyle(each).direction") == "rtl"
    page.get_by_label("Account, number or address").fill("somebody@host.example")
    page.get_by_label("Kind of data").select_option("subscriber")
    page.get_by_role("button", name="Add another account").click()
    assert page.locator("#account-1-identifiers").evaluate("each => each === document.activeElement")
    page.locator("#account-1-identifiers").fill("other@host.example")
    page.locator("#account-1-item-0-category").select_option("traffic")
    page.get_by_role("button", name="Take it in").click()
    summary = page.get_by_role("alert")
    assert summary.get_by_role("link").count() == 4
    summary.get_by_role("link", name="Choose the state that asks").click()
    assert page.locator("#requesting_state").evaluate("each => each === document.activeElement")
    wrong = _seen_through(plain, "typed-wrong")
    page.get_by_label("The state that asks").select_option("TUN")
    page.get_by_label("What they rely on").select_option("uncc")
    page.get_by_label("What kind of help they ask for").select_option("stored-access")
    page.get_by_label("How it came").select_option("mailbox")
    page.get_by_role("button", name="Take it in").click()
    assert "Taken in as case" in page.get_by_role("status").inner_text()
    page.get_by_role("link", name="The request and 1 file").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="order.eml").click()
    assert fetched.value.suggested_filename == "order.eml"
    assert Path(fetched.value.path()).read_bytes() == mail.read_bytes()
    plain.context.close()
    assert wrong == []
    assert [each for each in plain.complaints if "422" not in each] == []


def _seen_through(plain: Visitor, name: str) -> list[str]:
    """What is wrong with this screen, which is looked at in a page with script: axe is one."""
    looking = Visitor(plain.context.browser, plain.address)
    looking.context.add_cookies(plain.context.cookies())
    text = plain.page.content()
    place = f"{plain.address}/this-form/"
    looking.page.route(place, lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    looking.page.goto(place)
    found = looking.barriers(name)
    looking.context.close()
    return found


def test_a_table_is_cut_down_without_script(
    browser: Any, address: str, inhabited: House, tmp_path: Path
) -> None:
    """A custodian sees the columns of an export, says what stays, and what was taken out is on record."""

    def decide() -> str:
        case = inhabited.reviewed()
        desk = inhabited.installation.desk(inhabited.organisation)
        return desk.second_review(case.id, "second", inhabited.installation.now(), agrees=True).id

    case = aside(decide)
    table = tmp_path / "export.csv"
    head = "event_time,mailbox,source_ip,user_agent,email,message_text,x_flag_7,region\n"
    rows = [
        f"2026-{day}T10:00:00Z,{whose}@host.example,198.51.100.{n},a browser,,hello,7,\n"
        for n, (day, whose) in enumerate(
            (("08-20", "recover-desk"), ("09-20", "recover-desk"), ("09-21", "another"))
        )
    ]
    table.write_text("".join((head, *rows)))
    plain = Visitor(browser, address, java_script_enabled=False)
    plain.sign_in(inhabited, "custodian")
    plain.go(f"/cases/{case}/prepare/")
    page = plain.page
    page.get_by_role("link", name="Take columns and rows out of it").click()
    page.get_by_label("What it is for").select_option("1")
    page.get_by_label("The table").set_input_files(table)
    page.get_by_role("button", name="Look at its columns").click()
    assert page.get_by_label("source_ip").is_checked()
    assert not page.get_by_label("x_flag_7").is_checked()
    assert page.get_by_label("message_text").count() == 0
    page.get_by_label("Which column says when").select_option("none")
    page.get_by_label("What is in the columns that stay").select_option("traffic of these days")
    page.get_by_role("button", name="Take out the rest and lay it ready").click()
    assert "The first day of the data in this table is missing" in page.get_by_role("alert").inner_text()
    wrong = _seen_through(plain, "extract-columns")
    page.get_by_label("Which column says when").select_option("event_time")
    page.get_by_label("x_flag_7").check()
    page.get_by_role("button", name="Take out the rest and lay it ready").click()
    said = "An extract of a table: 1 row with 4 columns (event_time, source_ip, user_agent, x_flag_7)."
    assert said in page.get_by_role("status").inner_text()
    assert "4 columns and 2 rows were taken out of 1 table" in str(page.locator("#history").text_content())
    plain.context.close()
    assert wrong == []
    assert [each for each in plain.complaints if "422" not in each] == []


def test_an_answer_is_typed_by_keyboard_alone(
    browser: Any, address: str, inhabited: House, visitor: Visitor
) -> None:
    """Over the version before, and nobody edits JSON."""

    def asked() -> str:
        case = inhabited.assessed(ransomware())
        desk, now = inhabited.installation.desk(inhabited.organisation), inhabited.installation.now
        desk.ask(case.id, "reviewer", now(), questions=["Which days are meant?"])
        return desk.agree_questions(case.id, "counsel", now(), agrees=True).id

    case = aside(asked)
    visitor.sign_in(inhabited, "reviewer")
    visitor.go(f"/cases/{case}/answer/")
    keys = Keyboard(visitor.page)
    keys.to("Type what they say now")
    keys.enter()
    assert visitor.page.get_by_label("The statement of facts").input_value()
    wrong = visitor.barriers("type-version")
    visitor.page.locator("#necessity").focus()
    keys.press("Control+a")
    keys.write("Nothing less would do.")
    keys.to("Record version 2")
    keys.enter()
    assert "The answer is recorded as a new version" in visitor.page.get_by_role("status").inner_text()
    now = aside(inhabited.case, case)
    assert now.request.necessity == "Nothing less would do."
    assert wrong == []


# ---- every screen: for everybody, and on a telephone -----------------------------------------------------

_SCREENS = {
    "reviewer": (
        "queue /",
        "all /?view=team",
        "case /cases/{case}/",
        "reviewed /cases/{reviewed}/",
        "review /cases/{case}/review/",
        "barred /cases/{reviewed}/second-review/",
        "identify /cases/{case}/identify/",
        "ask /cases/{case}/ask/",
        "hold /cases/{case}/hold/",
        "assign /cases/{case}/assign/",
        "write /cases/{case}/write/",
        "receive /receive/",
        "type /receive/type/",
        "files /cases/{attached}/files/",
        "attach /cases/{attached}/attach/",
        "import /receive/import/",
        "letters /cases/{case}/letters/",
        "package /cases/{decided}/package/",
        "law /law/",
        "find-law /law/find/?words=Art.+207.3&state=RUS",
        "instrument /law/instruments/budapest/",
        "parties /law/instruments/budapest/parties/?with=CHE",
        "seat-law /law/seats/USA/",
        "state-law /law/states/RUS/",
        "provision /law/provisions/rus-cc-207-3/",
        "absence /absence/",
        "account /account/",
        "lately /account/lately/",
        "proofs /account/proofs/",
        "app /account/proofs/app/remove/",
        "codes /account/proofs/codes/new/",
        "passkey /account/proofs/passkeys/add/",
        "passkeys /account/proofs/passkeys/",
        "password /account/password/",
        "sessions /account/sessions/",
        "presence /presence/code/",
        "presence-password /presence/",
        "letter /cases/{written}/letters/{letter}/read/",
        "sign-out /sign-out/",
        "missing /nowhere/",
        "forbidden /people/",
    ),
    "second": ("second /cases/{reviewed}/second-review/", "case-second /cases/{reviewed}/"),
    "custodian": (
        "records /cases/{case}/record-account/",
        "prepare /cases/{decided}/prepare/",
        "extract /cases/{decided}/extract/",
        "case-custodian /cases/{decided}/",
    ),
    "auditor": (
        "auditor /cases/{case}/",
        "people-read /people/",
        "settings-read /settings/",
        "log-read /log/",
        "house-history /settings/history/",
    ),
    "counsel": (
        "case-logged /cases/{logged}/",
        "case-waiting /cases/{case}/",
        "log-counsel /log/",
        "stories /log/stories/",
        "write-story /log/stories/write/",
        "to-confirm /settings/proposals/",
        "assign /cases/{case}/assign/",
        "invite /cases/{case}/invite/",
        "state-zone /cases/{case}/state-zone/",
        "record-objection /cases/{decided}/record-objection/",
    ),
    "expert": ("expert /", "case-expert /cases/{invited}/", "files-expert /cases/{invited}/files/"),
    "administrator": (
        "administrator /",
        "people /people/",
        "admit /people/admit/",
        "person /people/second/",
        "access /access/",
        "settings /settings/",
        "configure /settings/change/",
        "keys /settings/keys/",
        "register-key /settings/keys/register/",
        "log /log/",
        "keep-log /log/keep/",
        "proposals /settings/proposals/",
    ),
}
_STRANGER = (
    "sign-in /sign-in/",
    "inactive /sign-in/inactive/",
    "you /you/",
    "answer-en /you/en/answer/",
    "answer-ar /you/ar/answer/",
    "you-en /you/en/",
    "you-ar /you/ar/",
    "you-zh /you/zh/",
    "you-ru /you/ru/",
    "outcome-en /you/en/outcome/",
    "outcome-ar /you/ar/outcome/",
    "receipt-en /you/en/receipt/",
    "receipt-ar /you/ar/receipt/",
    "receipt-es /you/es/receipt/",
    "receipt-ru /you/ru/receipt/",
)


_NO_SCREENS = {
    **dict.fromkeys(
        ("find", "next", "answer_proposal", "answer_story", "filters", "totals"), "lead on to another page"
    ),
    **dict.fromkeys(
        (
            *(
                "openings",
                "ledgers",
                "receipt",
                "promise",
                "letter",
                "objection",
                "delivery_receipt",
                "open_file",
                "file",
            ),
            *("inside_report", "mfa_login_webauthn"),
            *(f"package_{part}" for part in PARTS),
        ),
        "a file",
    ),
    **dict.fromkeys(
        ("invitation", "mfa_authenticate", "mfa_activate_totp", "mfa_view_recovery_codes"),
        "looked at in test_an_invitation_becomes_an_account_with_two_proofs",
    ),
    **dict.fromkeys(
        ("type_in", "type_answer", "type_accept-narrowing"),
        "looked at in test_a_letter_is_typed_in_without_script and test_an_answer_is_typed_by_keyboard_alone",
    ),
    **dict.fromkeys(
        ("mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn"),
        "looked at in test_a_passkey_is_added_and_signs_in_by_itself",
    ),
}
"""Pages that are not walked to below, and why."""


@pytest.fixture(scope="module")
def cases(inhabited: House) -> dict[str, str]:
    def furnish() -> dict[str, str]:
        unlike = world.request(supposed=(), facts=world.INSULT, language="en")
        now = inhabited.installation.now()
        moving = (Holiday(now.date() + timedelta(days=30), "the house moves"),)
        days = almanac.chosen(ORDINARY, "CHN", on=now.date(), closed=moving)
        inhabited.configured(
            Configured(seat="USA:provider", zone="Europe/Paris", sender=houses.SETTINGS.sender, calendar=days)
        )
        decided = inhabited.reviewed()
        desk = inhabited.installation.desk(inhabited.organisation)
        desk.second_review(decided.id, "second", inhabited.installation.now(), agrees=True)
        inhabited.logged()
        now, roles = inhabited.installation.now(), [Role.REVIEWER]
        desk.admit("administrator", now, person="third", title="Reviewer 3", roles=roles, why="More work.")
        desk.invite_account("administrator", now, person="second", why="A lost telephone.")
        told = {"en": "A critic of a government was called a thief.", "ar": ARABIC}
        desk.write_story("reviewer", now, half="2026-H1", ground="persecution", texts=told)
        logged = inhabited.received()
        inhabited.published()
        invited = inhabited.assessed(unlike)
        desk.invite(
            invited.id,
            "counsel",
            inhabited.installation.now(),
            person="expert",
            question="Is it speech?",
            confirmed=as_covered(invited),
        )
        written = inhabited.assessed(unlike).id
        case, _letter = inhabited.installation.letter(
            inhabited.organisation, written, "reviewer", Kind.RECEIPT
        )
        along = [
            enclosing.Came("order 2026-77.pdf", b"%PDF-1.7 an order"),
            enclosing.Came("list.csv", b"a,b"),
        ]
        who = (inhabited.installation, inhabited.organisation)
        attached = inhabited.assessed(unlike).id
        for each in (attached, invited.id):
            enclosing.attach(*who, each, "intake", along)
        return {
            "attached": attached,
            "invited": invited.id,
            "written": written,
            "letter": case.letters[-1].sha256,
            "logged": logged.id,
            "case": inhabited.assessed(unlike).id,
            "reviewed": inhabited.reviewed().id,
            "decided": decided.id,
        }

    return aside(furnish)


def test_every_page_of_the_site_is_among_these_screens() -> None:
    """Or says here why it is not one. The forms of the acts are looked at in test_every_form."""
    known = "invited written letter logged case reviewed decided attached"
    cases = dict.fromkeys(known.split(), "2026-AAAA-AAAA")
    walked = [screen.split(" ")[1] for screens in (*_SCREENS.values(), _STRANGER) for screen in screens]
    walked.remove("/nowhere/")
    shown = {resolve(each.partition("?")[0].format(**cases)).url_name for each in walked}
    acts = {str(form.act) for form in forms.FORMS}
    assert {each.name for each in pages()} - shown - acts == set(_NO_SCREENS)


@pytest.mark.parametrize("person", list(_SCREENS))
def test_every_screen_is_for_everybody_and_fits_a_telephone(
    person: str, inhabited: House, cases: dict[str, str], browser: Any, address: str
) -> None:
    visitor = Visitor(browser, address)
    visitor.sign_in(inhabited, person)
    wrong = []
    for screen in _SCREENS[person]:
        name, path = screen.split(" ")
        wrong += visitor.barriers(name, path.format(**cases))
    visitor.context.close()
    assert wrong == []
    assert [each for each in visitor.complaints if "404" not in each and "403" not in each] == []


def test_a_case_and_a_letter_can_be_read_in_the_dark_too(
    inhabited: House, cases: dict[str, str], browser: Any, address: str
) -> None:
    """The colours of every other screen are reckoned in test_colours."""
    visitor = Visitor(browser, address, color_scheme="dark")
    visitor.sign_in(inhabited, "reviewer")
    wrong = []
    for name, path in (("case", "/cases/{case}/"), ("letter", "/cases/{written}/letters/{letter}/read/")):
        wrong += visitor.barriers(f"dark-{name}", path.format(**cases))
    red, green, blue = visitor.page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)"
    )
    assert max(red, green, blue) < 64
    visitor.context.close()
    assert wrong == []


def test_the_doors_are_for_everybody_in_arabic_too(visitor: Visitor) -> None:
    wrong = []
    for screen in _STRANGER:
        wrong += visitor.barriers(*screen.split(" "))
    assert wrong == []
    visitor.go("/you/ar/")
    assert visitor.page.locator("html").get_attribute("dir") == "rtl"


def test_what_the_doors_answer_is_for_everybody_too(
    site: WSGIHandler, browser: Any, address: str, inhabited: House, cases: dict[str, str]
) -> None:
    """Pages that only a form leads to: a promise for what could not be read, a receipt that is ready."""
    intake = Visitor(browser, address)
    intake.sign_in(inhabited, "intake")
    intake.go("/receive/")
    intake.page.get_by_label("How it came").select_option("mailbox")
    intake.page.get_by_label("Or paste it").fill("this is no request")
    intake.page.get_by_role("button", name="Take it in").click()
    assert intake.page.get_by_role("heading", name="Promise for the sender").is_visible()
    wrong = intake.barriers("promise")
    intake.context.close()

    def told() -> str:
        _case, code = inhabited.told()
        return code

    unpublished, visitor = aside(told), Visitor(browser, address)
    aside(cache.clear)
    for language in ("en", "ar"):
        _fetch(visitor, language, inhabited.organisation, "AAAA-AAAA-AAAA-AAAA")
        wrong += visitor.barriers(f"receipt-wrong-{language}")
        _fetch(visitor, language, inhabited.organisation, unpublished)
        wrong += visitor.barriers(f"receipt-waits-{language}")
        _fetch(visitor, language, inhabited.organisation, unpublished, page="outcome")
        wrong += visitor.barriers(f"outcome-warns-{language}")
        visitor.page.locator("main form button").click()
        visitor.page.locator("dl.facts").wait_for()
        wrong += visitor.barriers(f"outcome-shown-{language}")
    house = aside(House, INSTALLATION)

    def ready() -> str:
        house.logged()
        _case, code = house.told()
        house.published()
        return code

    code = aside(ready)
    aside(cache.clear)
    for language in ("en", "ar", "fr"):
        _fetch(visitor, language, house.organisation, code)
        wrong += visitor.barriers(f"receipt-ready-{language}")
    visitor.context.close()
    assert wrong == []


def _fetch(visitor: Visitor, language: str, house: str, code: str, page: str = "receipt") -> None:
    visitor.go(f"/you/{language}/{page}/")
    visitor.page.locator("#house").fill(house)
    visitor.page.locator("#code").fill(code)
    visitor.page.locator("main form button").click()
    visitor.page.wait_for_load_state()


def test_a_receipt_is_fetched_by_keyboard_alone(site: WSGIHandler, visitor: Visitor) -> None:
    house = aside(House, INSTALLATION)

    def ready() -> str:
        house.logged()
        _case, code = house.told()
        house.published()
        return code

    code = aside(ready)
    aside(cache.clear)
    visitor.go("/you/en/")
    keys = Keyboard(visitor.page)
    keys.to("Fetch a receipt")
    keys.enter()
    keys.to("Name of the house")
    keys.write(house.organisation)
    keys.press("Tab")
    keys.write(code)
    keys.enter()
    keys.to("Save the receipt")
    with visitor.page.expect_download() as fetched:
        keys.press("Enter")
    assert fetched.value.suggested_filename == "receipt.json"

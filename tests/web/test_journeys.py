"""Journeys through the real site in a real browser: by mouse, by keyboard, on a telephone, for everybody.

HABEAS_SCREENSHOTS names a folder for pictures of every screen, at the width of a desk and of a telephone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler

from habeas.web.accounts import inviting
from tests import world
from tests.web.browser import CHROMIUM, MISSING, Keyboard, Visitor, aside, code_of
from tests.web.conftest import INSTALLATION
from tests.web.house import PASSWORD, SECRET, House, ransomware

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=MISSING)
PICTURES = os.environ.get("HABEAS_SCREENSHOTS", "")
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
    link = aside(
        inviting.invite, organisation=house.organisation, person="intake", login=f"new@{house.organisation}"
    )
    visitor.go(link)
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.get_by_label("Password, once more").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Set the password").click()
    visitor.page.get_by_label("Name to sign in with").fill(f"NEW@{house.organisation}")
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Go on").click()
    assert visitor.heading() == "Second proofs"
    visitor.go("/receive/")
    assert visitor.heading() == "Second proofs"  # nothing else opens
    visitor.page.get_by_role("link", name="Set up an authenticator").click()
    assert visitor.page.locator("svg.qr").is_visible()
    secret = visitor.page.locator("#secret").inner_text()
    visitor.page.get_by_label("Code").fill(code_of(secret))
    visitor.page.get_by_role("button", name="Set it up").click()
    assert visitor.heading() == "Recovery codes"
    assert visitor.page.locator(".codes li").count() == 10
    visitor.page.get_by_role("link", name="I wrote them down").click()
    visitor.page.get_by_role("link", name="Go on to the desk").click()
    assert visitor.heading() == "Requests"


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
    keys.write(f"reviewer@{house.organisation}.example")
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
    assert "a note without a script" in plain.page.locator("#history").inner_text()
    plain.leave()


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
        "sign-out /sign-out/",
        "missing /nowhere/",
        "forbidden /people/",
    ),
    "second": ("second /cases/{reviewed}/second-review/", "case-second /cases/{reviewed}/"),
    "custodian": (
        "records /cases/{case}/record-account/",
        "prepare /cases/{decided}/prepare/",
        "case-custodian /cases/{decided}/",
    ),
    "auditor": (
        "auditor /cases/{case}/",
        "people-read /people/",
        "settings-read /settings/",
        "log-read /log/",
    ),
    "counsel": ("case-logged /cases/{logged}/", "case-waiting /cases/{case}/", "log-counsel /log/"),
    "expert": ("expert /", "case-expert /cases/{invited}/"),
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
    ),
}
_STRANGER = (
    "sign-in /sign-in/",
    "you-en /you/en/",
    "you-ar /you/ar/",
    "you-zh /you/zh/",
    "you-ru /you/ru/",
    "receipt-en /you/en/receipt/",
    "receipt-ar /you/ar/receipt/",
    "receipt-es /you/es/receipt/",
    "receipt-ru /you/ru/receipt/",
)


@pytest.fixture(scope="module")
def cases(inhabited: House) -> dict[str, str]:
    def furnish() -> dict[str, str]:
        unlike = world.request(supposed=(), facts=world.INSULT, language="en")
        decided = inhabited.reviewed()
        desk = inhabited.installation.desk(inhabited.organisation)
        desk.second_review(decided.id, "second", inhabited.installation.now(), agrees=True)
        inhabited.logged()
        logged = inhabited.received()
        inhabited.published()
        invited = inhabited.assessed(unlike)
        desk.invite(
            invited.id, "counsel", inhabited.installation.now(), person="expert", question="Is it speech?"
        )
        return {
            "invited": invited.id,
            "logged": logged.id,
            "case": inhabited.assessed(unlike).id,
            "reviewed": inhabited.reviewed().id,
            "decided": decided.id,
        }

    return aside(furnish)


def _look(visitor: Visitor, name: str, path: str = "") -> list[str]:
    """What is wrong with a screen: for people who use it differently, or on a small one. path: empty for the
    screen that is there already, such as the answer to a form."""
    from axe_playwright_python.sync_playwright import Axe

    wrong = []
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    if path:
        visitor.go(path)
    visitor.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for violation in Axe().run(visitor.page).response["violations"]:
        targets = [node["target"] for node in violation["nodes"]][:3]
        wrong.append(f"{name}: {violation['id']}: {violation['help']} {targets}")
    visitor.page.set_viewport_size({"width": 320, "height": 700})
    wide = visitor.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if wide > 0:
        wrong.append(f"{name}: scrolls sideways by {wide} px at 320 px")
    if PICTURES:
        for width in (1280, 390):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            if path:
                visitor.go(path)
            visitor.page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    return wrong


@pytest.mark.parametrize("person", list(_SCREENS))
def test_every_screen_is_for_everybody_and_fits_a_telephone(
    person: str, inhabited: House, cases: dict[str, str], browser: Any, address: str
) -> None:
    visitor = Visitor(browser, address)
    visitor.sign_in(inhabited, person)
    wrong = []
    for screen in _SCREENS[person]:
        name, path = screen.split(" ")
        wrong += _look(visitor, name, path.format(**cases))
    visitor.context.close()
    assert wrong == []
    assert [each for each in visitor.complaints if "404" not in each and "403" not in each] == []


def test_the_doors_are_for_everybody_in_arabic_too(visitor: Visitor) -> None:
    wrong = []
    for screen in _STRANGER:
        wrong += _look(visitor, *screen.split(" "))
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
    intake.page.get_by_label("Or paste it").fill("this is no request")
    intake.page.get_by_role("button", name="Take it in").click()
    assert intake.page.get_by_role("heading", name="Promise for the sender").is_visible()
    wrong = _look(intake, "promise")
    intake.context.close()

    def told() -> str:
        _case, code = inhabited.told()
        return code

    unpublished, visitor = aside(told), Visitor(browser, address)
    aside(cache.clear)
    for language in ("en", "ar"):
        _fetch(visitor, language, inhabited.organisation, "AAAA-AAAA-AAAA-AAAA")
        wrong += _look(visitor, f"receipt-wrong-{language}")
        _fetch(visitor, language, inhabited.organisation, unpublished)
        wrong += _look(visitor, f"receipt-waits-{language}")
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
        wrong += _look(visitor, f"receipt-ready-{language}")
    visitor.context.close()
    assert wrong == []


def _fetch(visitor: Visitor, language: str, house: str, code: str) -> None:
    visitor.go(f"/you/{language}/receipt/")
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

"""The small things that happen in place: the list, who has a case, what an article says. Each does the same
by pages of its own where there is no script, and where the script meets an answer it did not ask for."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from habeas.desk.case import Case
from habeas.desk.events import Configured, Noted
from habeas.desk.letters import Sender
from habeas.request import Secrecy
from habeas.web.shown import IN_PLACE
from tests import world
from tests.web.browser import CHROMIUM, MISSING, Keyboard, Visitor, aside
from tests.web.conftest import INSTALLATION
from tests.web.house import House, ransomware

STATIC = Path(__file__).resolve().parents[2] / "src" / "habeas" / "web" / "static"
_AT_REST = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
HTMX = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
"""SHA-256 of the file as it lies in the package htmx.org 2.0.11: dist/htmx.min.js."""
in_a_browser = pytest.mark.skipif(not CHROMIUM.exists(), reason=MISSING)


@pytest.fixture(scope="module")
def office(site: WSGIHandler) -> House:
    def furnish() -> House:
        made = House(INSTALLATION)
        for person in ("reviewer", "second"):
            made.account(person)
        for _ in range(2):
            made.assessed(ransomware())
        made.assessed(world.request(supposed=(), requesting_state="BRA"))
        made.reviewed(by="second")
        return made

    return aside(furnish)


@pytest.fixture(params=["with a script", "without"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "with a script")


@pytest.fixture
def visitor(browser: Any, address: str, office: House, scripted: bool) -> Iterator[Visitor]:
    """A reviewer at the list, who reads it with or without a script."""
    somebody = Visitor(browser, address, java_script_enabled=scripted)
    somebody.sign_in(office, "reviewer")
    yield somebody
    somebody.leave()


@pytest.fixture
def with_script(browser: Any, address: str, office: House) -> Iterator[Visitor]:
    somebody = Visitor(browser, address)
    somebody.sign_in(office, "reviewer")
    yield somebody
    somebody.leave()


def marked(visitor: Visitor) -> None:
    """Puts something into the page that no new page has."""
    visitor.page.evaluate("window.same = true")


def same(visitor: Visitor) -> bool:
    return bool(visitor.page.evaluate("window.same === true"))


def focus(visitor: Visitor) -> str:
    return str(visitor.page.evaluate("document.activeElement.id"))


def rows(visitor: Visitor) -> int:
    return int(visitor.page.locator("#list tbody tr:not(.group)").count())


def settled(visitor: Visitor) -> None:
    """The page is there, and what the script put into it has its place and the focus."""
    visitor.page.wait_for_load_state()
    if visitor.page.evaluate("typeof htmx !== 'undefined'"):
        visitor.page.wait_for_function(_AT_REST)


# ---- what is shipped -------------------------------------------------------------------------------------


def test_the_script_of_others_is_the_published_file_with_its_licence() -> None:
    assert hashlib.sha256((STATIC / "htmx" / "htmx.min.js").read_bytes()).hexdigest() == HTMX
    assert (STATIC / "htmx" / "LICENSE").read_text("utf-8").startswith("Zero-Clause BSD")


def test_it_may_swap_parts_of_our_own_answers_and_nothing_else(everybody: House) -> None:
    may = json.loads(IN_PLACE)
    for never in ("allowEval", "allowScriptTags", "includeIndicatorStyles"):
        assert may[never] is False
    assert may["selfRequestsOnly"] is True
    assert may["historyCacheSize"] == 0
    page = everybody.client("reviewer").get("/").content.decode()
    (meta,) = re.findall(r'<meta name="htmx-config" content="([^"]+)">', page)
    assert json.loads(meta.replace("&#34;", '"')) == may


def test_strangers_and_the_person_concerned_are_given_no_such_script() -> None:
    for open_page in ("/sign-in/", "/you/en/", "/you/ar/receipt/"):
        page = Client(SERVER_NAME="localhost").get(open_page).content.decode()
        assert "htmx" not in page
        assert "in-place" not in page


# ---- the list --------------------------------------------------------------------------------------------


@in_a_browser
def test_the_list_is_cut_and_filtered_by_keyboard(visitor: Visitor, scripted: bool, office: House) -> None:
    page, keys = visitor.page, Keyboard(visitor.page)
    if scripted:
        marked(visitor)
    assert rows(visitor) == 4
    keys.to("Asked by")
    keys.write("Braz")
    keys.to("Apply")
    keys.press("Enter")
    page.wait_for_url("**/?view=day&state=BRA*")
    settled(visitor)
    assert rows(visitor) == 1
    assert page.locator("#listed").inner_text() == "Today: 1 request, Brazil"
    if scripted:
        assert same(visitor), "no new page was opened"
        assert focus(visitor) == "apply"
    keys.to("Remove filter:")
    keys.press("Enter")
    page.wait_for_url("**/?view=day")
    settled(visitor)
    assert rows(visitor) == 4
    assert page.get_by_label("Asked by").input_value() == ""
    if scripted:
        assert same(visitor)
        assert focus(visitor) == "list", "what was pressed is gone, so the list has the focus"
    page.get_by_role("link", name="Closed").focus()
    keys.press("Enter")
    page.wait_for_url("**/?view=closed")
    settled(visitor)
    assert "Nothing is here." in page.locator("main").inner_text()
    assert page.locator("[aria-current=page]").last.inner_text().endswith("Closed")
    if scripted:
        assert same(visitor)
        assert focus(visitor) == "view-closed"
        assert page.title().startswith("Closed")
    page.go_back()
    page.locator("#list tbody tr:not(.group)").nth(3).wait_for()
    settled(visitor)
    assert page.url.endswith("/?view=day")
    assert rows(visitor) == 4


@in_a_browser
def test_on_a_telephone_the_filters_stay_open_while_they_are_used(with_script: Visitor) -> None:
    page = with_script.page
    page.set_viewport_size({"width": 400, "height": 800})
    page.get_by_text("Search and filter").click()
    page.get_by_label("Asked by").select_option("BRA")
    page.get_by_role("button", name="Apply").press("Enter")
    page.wait_for_url("**/?view=day&state=BRA*")
    settled(with_script)
    assert page.locator("#filter").get_attribute("open") is not None
    assert focus(with_script) == "apply"


@in_a_browser
def test_what_the_list_shows_is_said_where_a_screen_reader_hears_it(with_script: Visitor) -> None:
    page = with_script.page
    page.evaluate(
        """() => {
          const heard = window.heard = [];
          const said = document.getElementById("listed");
          new MutationObserver(() => heard.push(said.textContent)).observe(said, {childList: true});
        }"""
    )
    assert page.locator("#listed").get_attribute("aria-live") == "polite"
    page.get_by_role("link", name="All open").click()
    page.wait_for_url("**/?view=team")
    settled(with_script)
    assert page.evaluate("window.heard.at(-1)") == "All open: 4 requests"


@in_a_browser
def test_a_page_of_the_list_is_kept_nowhere_in_the_browser(with_script: Visitor) -> None:
    page = with_script.page
    page.get_by_role("link", name="All open").click()
    page.wait_for_url("**/?view=team")
    settled(with_script)
    kept = page.evaluate("[...Object.values(sessionStorage), ...Object.values(localStorage)]")
    assert kept == ["/?view=team"], "the address, as in the history of the browser"


@in_a_browser
def test_who_is_signed_out_meanwhile_is_led_to_the_door(with_script: Visitor) -> None:
    page = with_script.page
    with_script.context.clear_cookies()
    page.get_by_role("link", name="All open").click()
    page.wait_for_url("**/sign-in/**")
    assert page.get_by_label("Name to sign in with").is_visible()


@in_a_browser
def test_where_the_script_is_answered_by_nobody_the_browser_goes_there_itself(with_script: Visitor) -> None:
    page = with_script.page
    marked(with_script)
    page.route("**/?view=team", lambda route: _refused_once(route))
    page.get_by_role("link", name="All open").click()
    page.wait_for_url("**/?view=team")
    settled(with_script)
    assert not same(with_script)
    assert rows(with_script) == 4
    with_script.complaints.clear()  # the browser says that a connection failed


def _refused_once(route: Any) -> None:
    if route.request.resource_type == "xhr":
        route.abort()
    else:
        route.continue_()


# ---- who has a case --------------------------------------------------------------------------------------


@in_a_browser
def test_a_case_is_taken_and_laid_back_without_losing_what_is_typed(
    visitor: Visitor, scripted: bool, office: House
) -> None:
    case: Case = aside(office.assessed, ransomware())
    page, keys = visitor.page, Keyboard(visitor.page)
    visitor.go(f"/cases/{case.id}/")
    words = "I would ask for the day of the order."
    page.get_by_label("A word to the second person").fill(words)
    page.get_by_role("button", name="Take it").focus()
    keys.press("Enter")
    page.get_by_role("button", name="Lay it back").wait_for()
    settled(visitor)
    assert page.locator("#with").inner_text().split() == ["With", "Reviewer", "1", "Lay", "it", "back"]
    assert page.locator("#said").inner_text() == "You have this case now."
    if not scripted:
        return
    assert focus(visitor) == "take"
    assert page.locator("#said").get_attribute("aria-live") == "polite"
    assert page.get_by_label("A word to the second person").input_value() == words
    assert "The case was assigned." in str(page.locator("#history li").first.text_content())
    for choice in page.get_by_label("As recommended").all():
        choice.check()
    page.get_by_role("button", name="Record my review").click()  # what they saw is what there is
    now = aside(office.case, case.id)
    assert now.review is not None
    assert now.review.reasons == words
    assert now.assigned == "reviewer"


@in_a_browser
def test_who_is_overtaken_is_told_in_place_and_keeps_what_is_typed(
    with_script: Visitor, office: House
) -> None:
    case: Case = aside(office.assessed, ransomware())
    page = with_script.page
    with_script.go(f"/cases/{case.id}/")
    page.get_by_label("A word to the second person").fill("Kept.")
    desk = office.installation.desk(office.organisation)
    aside(desk.note, case.id, "counsel", office.installation.now(), words="Counsel was quicker.")
    page.get_by_role("button", name="Take it").click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    settled(with_script)
    assert "Somebody was quicker" in alert.inner_text()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert page.get_by_label("A word to the second person").input_value() == "Kept."
    now = aside(office.case, case.id)
    assert now.assigned == ""
    assert isinstance(now.history[-1].event, Noted)
    alert.get_by_role("link", name="Look at the case as it is now").click()
    assert "Counsel was quicker." in str(page.locator("#history").text_content())
    with_script.complaints.clear()  # the browser reports that a request met a conflict


@in_a_browser
def test_a_form_in_place_without_its_secret_changes_nothing(with_script: Visitor, office: House) -> None:
    """The secret of a form travels with it: without it a stranger's page could send the same."""
    case: Case = aside(office.assessed, ransomware())
    page = with_script.page
    with_script.go(f"/cases/{case.id}/")
    page.evaluate("document.querySelector('#with [name=csrfmiddlewaretoken]').remove()")
    page.get_by_role("button", name="Take it").click()
    page.wait_for_url("**/assign/")  # the browser sent it itself, and was refused as well
    assert aside(office.case, case.id).length == case.length
    with_script.complaints.clear()  # two answers of 403


# ---- what an article says --------------------------------------------------------------------------------


@in_a_browser
def test_what_an_article_says_is_read_beside_the_finding(
    visitor: Visitor, scripted: bool, office: House
) -> None:
    case: Case = aside(office.assessed, ransomware())
    page, keys = visitor.page, Keyboard(visitor.page)
    visitor.go(f"/cases/{case.id}/")
    page.locator("#assessment > details.fold > summary").click()
    page.locator("#assessment details.finding:not([open]) > summary:visible").first.click()
    article = page.locator("#assessment details.article:visible").first
    summary = article.locator("summary")
    if scripted:
        page.get_by_label("A word to the second person").fill("Kept.")
    summary.focus()
    keys.press("Enter")
    if scripted:
        page.wait_for_function("() => !document.querySelector('details.article[open] .read a')")
        settled(visitor)
        assert len(article.locator(".read").inner_text()) > 80
        assert "read on" in article.locator(".read").inner_text()
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        assert article.locator(".read").get_attribute("aria-live") == "polite"
        assert page.get_by_label("A word to the second person").input_value() == "Kept."
        return
    link = article.get_by_role("link", name="What it says")
    place = str(link.get_attribute("href")).partition("#")[2]
    link.click()
    assert page.url.endswith(f"#{place}")
    assert page.locator(f"#{place}").is_visible()


# ---- for everybody ---------------------------------------------------------------------------------------


def _wrong(visitor: Visitor) -> list[str]:
    """What axe finds, and whether the page runs over the edge of a telephone."""
    from axe_playwright_python.sync_playwright import Axe

    page = visitor.page
    found = [str(each["id"]) for each in Axe().run(page).response["violations"]]
    page.set_viewport_size({"width": 320, "height": 700})
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    return [*found, *([f"{over} px over the edge"] if over > 0 else [])]


@in_a_browser
def test_what_was_put_into_a_page_is_for_everybody(
    browser: Any, address: str, office: House, with_script: Visitor
) -> None:
    page = with_script.page
    page.get_by_label("Asked by").select_option("BRA")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/?view=day&state=BRA*")
    settled(with_script)
    assert _wrong(with_script) == []
    case: Case = aside(office.assessed, ransomware())
    with_script.go(f"/cases/{case.id}/")
    page.locator("#assessment > details.fold > summary").click()
    page.locator("#assessment details.finding:not([open]) > summary:visible").first.click()
    page.locator("#assessment details.article:visible summary").first.click()
    page.wait_for_function("() => document.querySelector('details.article[open] .read b')")
    page.get_by_role("button", name="Take it").click()
    page.get_by_role("button", name="Lay it back").wait_for()
    settled(with_script)
    assert _wrong(with_script) == []


@in_a_browser
def test_the_second_view_with_the_notice_beside_is_for_everybody(browser: Any, address: str) -> None:
    def named() -> tuple[House, Case]:
        house = House(INSTALLATION)
        sender = Sender(
            name="Example House", office="Office", contact="its address", oversight="its overseer"
        )
        settings = Configured(seat="USA:provider", zone="Europe/Paris", sender=sender)
        house.installation.configure(house.organisation, "administrator", settings)
        house.account("second")
        return house, house.reviewed(msgspec.structs.replace(ransomware(), secrecy=Secrecy()))

    house, case = aside(named)
    second = Visitor(browser, address)
    second.sign_in(house, "second")
    second.go(f"/cases/{case.id}/")
    assert second.page.get_by_role("heading", name="The notice, as it will go").is_visible()
    assert second.page.get_by_role("checkbox", name="Tell the person now").is_checked() is False
    assert _wrong(second) == []
    second.go(f"/cases/{case.id}/second-review/")
    assert _wrong(second) == []
    second.leave()

"""A page leaves the screen when its session is over, and not before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from habeas.web.sessions import IDLE
from tests.web.browser import CHROMIUM, MISSING, Visitor, aside
from tests.web.conftest import INSTALLATION
from tests.web.house import House

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=MISSING)
REST = int(IDLE.total_seconds()) * 1000


@pytest.fixture(scope="module")
def office(site: WSGIHandler) -> House:
    def furnish() -> House:
        made = House(INSTALLATION)
        made.account("counsel")
        return made

    return aside(furnish)


@pytest.fixture
def visitor(browser: Any, address: str, office: House) -> Iterator[Visitor]:
    """A counsel at the page of absences, and a clock in their browser that we turn."""
    somebody = Visitor(browser, address)
    somebody.sign_in(office, "counsel")
    somebody.page.clock.install()
    somebody.go("/absence/")
    yield somebody
    somebody.leave()


def test_after_the_rest_that_ends_a_session_nothing_of_the_page_is_left(visitor: Visitor) -> None:
    page = visitor.page
    page.clock.fast_forward(REST - 180_000)
    assert page.locator("#soon").is_hidden()
    assert page.locator("form").count() > 0
    page.clock.fast_forward(90_000)
    assert "In two minutes" in page.locator("#soon").inner_text()
    page.clock.fast_forward(120_000)
    assert visitor.heading() == "This page was put away"
    assert page.locator("form").count() == 0
    assert "Counsel" not in page.locator("html").inner_html()
    page.get_by_role("link", name="Open it again").click()  # the server's clock was not turned
    assert page.locator("form").count() > 0


def test_a_page_stays_while_its_reader_is_at_another_of_the_same_desk(visitor: Visitor) -> None:
    page = visitor.page
    page.clock.fast_forward(REST - 60_000)
    other = visitor.context.new_page()
    other.goto(f"{visitor.address}/law/")
    page.wait_for_function("document.getElementById('soon').hidden")
    page.clock.fast_forward(REST - 180_000)
    assert page.locator("form").count() > 0
    page.clock.fast_forward(240_000)
    assert visitor.heading() == "This page was put away"


def test_whoever_signs_out_in_one_tab_has_left_every_tab(visitor: Visitor) -> None:
    other = visitor.context.new_page()
    other.goto(f"{visitor.address}/sign-out/")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/sign-in/")
    visitor.page.wait_for_function("document.title === 'This page was put away'")
    assert visitor.page.locator("form").count() == 0


def test_a_page_for_strangers_is_never_put_away(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(f"{visitor.address}/you/en/")
    assert page.locator("#away").count() == 0
    page.clock.fast_forward(2 * REST)
    assert page.locator("form").count() > 0


def test_the_browser_is_told_to_keep_nothing_when_a_session_ends(everybody: House) -> None:
    client: Client = aside(everybody.client, "auditor", minutes_ago=1)
    assert "Clear-Site-Data" not in aside(client.get, "/account/").headers
    answer = aside(client.post, "/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in aside(client.get, "/sign-in/").headers

"""Every form of every act, on the page where somebody would fill it in, under axe and on a telephone.

A case is brought in a real installation to the moment before the act, by the same ways on which the desk's
own tests do each act once; whoever may do it opens its page. The browser shows that page at the site's own
address, with its style and its scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from habeas.desk import Desk
from habeas.desk.moves import TABLE, Act
from habeas.web.views import forms
from tests.app.houses import Clock
from tests.desk.desks import DONE, house_of
from tests.web.browser import CHROMIUM, MISSING, Visitor, aside
from tests.web.conftest import INSTALLATION
from tests.web.house import House

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=MISSING)


class Reached(Exception):
    def __init__(self, case: str, by: str, at: datetime) -> None:
        self.case, self.by, self.at = case, by, at


class Until:
    """A desk that stops before a verb is done, and says who was about to do it to which case, and when."""

    def __init__(self, desk: Desk, act: Act) -> None:
        self._desk, self._verb = desk, act.replace("-", "_")

    def __getattr__(self, name: str) -> Any:
        if name != self._verb:
            return getattr(self._desk, name)

        def stop(case: str, by: str, at: datetime, **_said: Any) -> None:
            raise Reached(case, by, at)

        return stop


class Standing(House):
    """A house in the records already, with nobody's account yet."""

    def __post_init__(self) -> None:
        pass


@pytest.fixture(scope="module")
def clock(site: object) -> Iterator[Clock]:
    real, found = INSTALLATION.now, Clock()
    INSTALLATION.now = found
    yield found
    INSTALLATION.now = real


def page_of(act: Act, clock: Clock) -> str:
    """The page of the form of this act, as who may do it gets it."""
    house = Standing(INSTALLATION)
    desk, _records = house_of(memory=INSTALLATION.store, organisation=house.organisation)  # type: ignore[arg-type]
    with pytest.raises(Reached) as stopped:
        DONE[str(act)](Until(desk, act))  # type: ignore[arg-type]
    clock.at = stopped.value.at
    answer = house.client(stopped.value.by).get(f"/cases/{stopped.value.case}/{act}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_act_has_a_way_to_it() -> None:
    assert {str(form.act) for form in forms.FORMS} == {str(act) for act in TABLE} == set(DONE)


@pytest.mark.parametrize("act", [form.act for form in forms.FORMS])
def test_the_form_is_for_everybody_and_fits_a_telephone(
    act: Act, clock: Clock, browser: Any, address: str
) -> None:
    text = aside(page_of, act, clock)
    visitor = Visitor(browser, address)
    place = f"{address}/this-form/"
    visitor.page.route(place, lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    visitor.page.goto(place)
    assert visitor.page.locator("main form[method=post] button").count() >= 1, "no form"
    assert visitor.barriers(str(act)) == []
    visitor.leave()

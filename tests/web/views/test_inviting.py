"""Counsel sees the covered text, covers more, and confirms it; the expert sees exactly that and no more."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from habeas.desk.blinding import COVER
from habeas.desk.events import Invited
from tests import world
from tests.web.house import House

FACTS = (
    "Ana Ruiz of the harbour school wrote it, call +33 1 99 00 11 22 or ana@school.example. "
    f"{world.RANSOMWARE}"
)


def _form(house: House, case: str) -> str:
    return str(house.client("counsel").get(f"/cases/{case}/invite/").content.decode())


def _invite(house: House, case: str, **typed: Any) -> Any:
    sent = {"person": "expert", "blinded": "yes", "question": "Is it known?", "read": "yes"}
    sent |= {"seen": str(house.case(case).length), **typed}
    return house.client("counsel").post(f"/cases/{case}/invite/", sent)


def _confirmed(page: str) -> str:
    (found,) = re.findall(r'name="confirmed" value="([0-9a-f]{64})"', page)
    return str(found)


def test_counsel_sees_the_covered_text_covers_more_and_the_expert_sees_exactly_that(house: House) -> None:
    case = house.assessed(msgspec.structs.replace(world.identifying(), facts=FACTS)).id
    page = _form(house, case)
    theirs = page.partition("What they would see")[2]
    for secret in ("ana@school.example", "+33 1 99 00 11 22", world.SECRET):
        assert secret not in theirs
    assert "Ana Ruiz" in theirs
    again = _invite(house, case, what="look", covered="Ana Ruiz\nharbour school")
    assert again.status_code == 422
    text = again.content.decode()
    assert "This is what they would see now" in text
    shown = text.partition("What they would see</h2>")[2]
    assert COVER * len("Ana Ruiz") in shown
    assert "Ana Ruiz" not in shown.partition('<p class="narrative')[2]
    old = _invite(house, case, covered="Ana Ruiz\nharbour school", confirmed=_confirmed(page))
    assert "nobody has confirmed exactly this covered text" in old.content.decode().lower()
    done = _invite(house, case, covered="Ana Ruiz\nharbour school", confirmed=_confirmed(text))
    assert done.status_code == 302
    event = house.case(case).history[-1].event
    assert isinstance(event, Invited)
    assert event.covered == ("Ana Ruiz", "harbour school")
    assert event.shown is not None
    seen = house.client("expert").get(f"/cases/{case}/").content.decode()
    for word in (*event.covered, world.SECRET, "ana@school.example"):
        assert word not in seen
    assert event.shown.facts.split(". ")[0] in seen
    assert "Ana Ruiz" in house.client("reviewer").get(f"/cases/{case}/").content.decode()


def test_what_the_request_says_later_the_expert_does_not_see(house: House) -> None:
    asked = msgspec.structs.replace(world.identifying(), facts=FACTS)
    case = house.assessed(asked)
    assert _invite(house, case.id, confirmed=_confirmed(_form(house, case.id))).status_code == 302
    desk, now = house.installation.desk(house.organisation), house.installation.now
    desk.identify(case.id, "reviewer", now(), evidence=case.evidence)
    desk.assess(case.id, "reviewer", now())
    desk.ask(case.id, "reviewer", now(), questions=[f"Whose is {world.SECRET}?"])
    assert "Whose is" not in house.client("expert").get(f"/cases/{case.id}/").content.decode()
    desk.agree_questions(case.id, "second", now(), agrees=True)
    page = house.client("expert").get(f"/cases/{case.id}/").content.decode()
    assert "Whose is" in page
    assert world.SECRET not in page
    newer = msgspec.structs.replace(asked, facts="It was Ben Ode, we now know.")
    desk.answer(case.id, "intake", now(), request=newer, source="0" * 64)
    page = house.client("expert").get(f"/cases/{case.id}/").content.decode()
    assert "Ben Ode" not in page
    assert "Ana Ruiz" in page
    assert "The request changed after counsel confirmed what you see." in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"read": ""}, "nobody has confirmed what they will see"),
        ({"confirmed": "0" * 64}, "nobody has confirmed exactly this covered text"),
        ({"covered": "Anna Ruiz"}, "does not stand in the request like that"),
        ({"covered": "A"}, "one letter alone would cover half the text"),
    ],
)
def test_nobody_is_invited_to_what_no_person_confirmed(
    typed: dict[str, str], said: str, house: House
) -> None:
    case = house.assessed(msgspec.structs.replace(world.identifying(), facts=FACTS)).id
    before = house.case(case).length
    answer = _invite(house, case, **{"confirmed": _confirmed(_form(house, case)), **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode().lower()
    assert house.case(case).length == before


def test_who_may_know_the_names_needs_nothing_confirmed(house: House) -> None:
    case = house.assessed(world.identifying()).id
    assert _invite(house, case, blinded="no", read="").status_code == 302
    assert world.SECRET in house.client("expert").get(f"/cases/{case}/").content.decode()

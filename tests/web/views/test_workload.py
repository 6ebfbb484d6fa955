"""What lies with whom: seen where a case is given away, and on the page of people."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from habeas.web.views import workload
from tests import world
from tests.web.house import House


def loaded(house: House) -> str:
    """A house in which two open cases lie with the reviewer, one of them overdue, who is away; and another
    case. The number of that one."""
    desk, now = house.installation.desk(house.organisation), house.installation.now()
    for deadline in (now.date() - timedelta(days=2), None):
        asked = msgspec.structs.replace(world.request(supposed=()), deadline=deadline)
        desk.assign(house.received(asked).id, "intake", house.installation.now(), to="reviewer")
    days = {"since": now.date() - timedelta(days=1), "until": now.date() + timedelta(days=3)}
    desk.state_absence("reviewer", house.installation.now(), person="reviewer", **days)
    return house.received().id


@pytest.mark.parametrize("act", ["assign", "hand-over"])
def test_who_gives_a_case_away_sees_what_lies_with_whom(act: str, house: House) -> None:
    case = loaded(house)
    page = house.client("counsel").get(f"/cases/{case}/{act}/").content.decode()
    offered = dict(re.findall(r'<option value="([\w-]+)"[^>]*>([^<]+)</option>', page))
    until = house.installation.now().date() + timedelta(days=3)
    assert offered["reviewer"] == f"Reviewer 1: 2 open, 1 overdue, away until {until}"
    assert offered["second"] == "Reviewer 2: 0 open"
    assert not {"auditor", "expert", "administrator"} & set(offered), "no case can lie with them"


def test_the_page_of_people_says_it_and_says_nothing_of_a_case(house: House) -> None:
    case = loaded(house)
    for person in ("administrator", "auditor"):
        page = house.client(person).get("/people/").content.decode()
        row: Any = re.search(r'<tr><th scope="row">Reviewer 1.*?</tr>', page, re.DOTALL)
        assert "2 open" in row[0]
        assert "1 overdue" in row[0]
        assert "No cases" in page, "who works on none"
        assert case not in page


def test_a_closed_case_and_one_laid_back_lie_with_nobody(house: House) -> None:
    desk, now = house.installation.desk(house.organisation), house.installation.now
    first, second = house.received().id, house.received().id
    for case in (first, second):
        desk.assign(case, "intake", now(), to="counsel")
    assert house.installation.workload(house.organisation, "counsel").open == 2
    desk.assign(first, "intake", now(), to="")
    desk.withdraw(second, "intake", now(), why="Their letter.")
    desk.close(second, "counsel", now())
    assert house.installation.workload(house.organisation, "counsel") == (0, 0)


def test_what_is_beyond_reading_is_said_as_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(house)
    monkeypatch.setattr(workload, "MOST", 2)
    found = house.installation.people(house.organisation)
    said = workload.says(found, found.person("reviewer"), house.installation.now())
    assert said.startswith("2+ open, 1 overdue")

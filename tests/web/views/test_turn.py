"""What needs somebody is the act whose turn it is, where they may do it; after it, the next such case."""

from __future__ import annotations

from typing import Any

import pytest

from habeas.desk.case import Case
from habeas.desk.letters import Kind, Language
from habeas.desk.moves import Act
from habeas.web.door import Viewer
from habeas.web.views import turn
from tests.web.house import House, ransomware


def _viewer(house: House, person: str) -> Viewer:
    people = house.installation.people(house.organisation)
    account: Any = None  # nothing here asks how somebody signed in
    return Viewer(account=account, person=people.people[person], house=people, at=house.installation.now())


@pytest.fixture
def reviewed(house: House) -> Case:
    return house.reviewed()


def test_the_turn_is_of_who_may_act_and_of_nobody_else(house: House, reviewed: Case) -> None:
    assert turn.turn(_viewer(house, "second"), reviewed) is Act.SECOND_REVIEW
    assert turn.turn(_viewer(house, "counsel"), reviewed) is Act.SECOND_REVIEW
    for person in ("reviewer", "custodian", "auditor", "intake"):
        assert turn.turn(_viewer(house, person), reviewed) is None


def test_who_may_not_is_told_for_whom_it_waits_and_why_it_is_not_them(house: House, reviewed: Case) -> None:
    assert turn.waits(_viewer(house, "custodian"), reviewed) == (
        "Nothing needs you now. Next: Look at it as the second person, for reviewer."
    )
    assert "Not by you now: You reviewed this case." in turn.waits(_viewer(house, "reviewer"), reviewed)


def test_an_answer_of_the_requester_has_a_page_of_its_own(house: House) -> None:
    case, intake = house.assessed(), _viewer(house, "intake")
    desk = house.installation.desk(house.organisation)
    desk.ask(case.id, "reviewer", house.installation.now(), questions=["Which court?"])
    case = desk.agree_questions(case.id, "second", house.installation.now(), agrees=True)
    assert turn.turn(_viewer(house, "reviewer"), case) is Act.WRITE
    custodian = _viewer(house, "custodian")
    assert turn.waits(custodian, case) == (
        "Nothing needs you now. Next: Write a letter (clarification), for reviewer."
    )
    text = house.client("reviewer").get(f"/cases/{case.id}/").content.decode()
    assert "Missing: Clarification." in text
    letter, language = Kind.CLARIFICATION, Language.ENGLISH
    case = desk.write(
        case.id, "reviewer", house.installation.now(), letter=letter, language=language, sha256="0" * 64
    )
    assert turn.turn(intake, case) is Act.ANSWER
    assert turn.inline(intake, case) is None
    assert turn.waits(intake, case) == "Nothing needs you now. The case waits for the requester."


def test_no_form_stands_on_the_page_of_who_was_invited_without_the_names(house: House) -> None:
    desk = house.installation.desk(house.organisation)
    for blinded, act in ((True, None), (False, Act.SECOND_REVIEW)):
        case = house.reviewed()
        now = house.installation.now()
        case = desk.invite(case.id, "counsel", now, person="delegate", blinded=blinded)
        assert turn.blind(_viewer(house, "delegate"), case) is blinded
        assert turn.inline(_viewer(house, "delegate"), case) is act


def test_the_next_case_is_one_that_needs_them_and_lies_with_no_colleague(house: House) -> None:
    first, theirs, mine = (house.assessed(ransomware()) for _ in range(3))
    desk = house.installation.desk(house.organisation)
    desk.assign(theirs.id, "counsel", house.installation.now(), to="second")
    own = house.reviewed()  # which its first reviewer cannot look at as the second
    viewer = _viewer(house, "reviewer")
    assert turn.next_case(viewer, first.id) == mine.id
    assert turn.next_case(viewer, mine.id) == first.id
    assert turn.next_case(_viewer(house, "second"), first.id) in (theirs.id, mine.id, own.id)
    assert turn.next_case(_viewer(house, "auditor"), "") == ""
    assert turn.next_case(_viewer(house, "delegate"), "") == ""


def test_who_finished_lands_in_the_next_case_or_in_the_queue_and_is_told_of_which_case(house: House) -> None:
    one, other = house.reviewed(), house.reviewed()
    client = house.client("counsel")

    def disagree(case: Case) -> str:
        typed = {"agrees": "no", "reason": "The period is too long.", "seen": str(case.length)}
        answer = client.post(f"/cases/{case.id}/second-review/", typed)
        assert answer.status_code == 302
        return str(answer.headers["Location"])

    assert disagree(one) == f"/cases/{one.id}/"  # it is to be reviewed again, and counsel may
    client = house.client("second")
    review = {"assessment": house.case(one.id).digest, "seen": str(house.case(one.id).length)}
    items = {f"choice-{number}": "recommended" for number, _item in enumerate(one.asked())}
    answer = client.post(f"/cases/{one.id}/review/", {**review, **items})
    assert answer.headers["Location"] == f"/cases/{other.id}/"
    page = client.get(answer.headers["Location"]).content.decode()
    assert f"Case {one.id}: Your review is recorded." in page
    assert f"This is the next one that needs you, case {other.id}." in page
    desk = house.installation.desk(house.organisation)
    desk.assign(other.id, "counsel", house.installation.now(), to="counsel")
    again = house.assessed(ransomware())
    desk.assign(again.id, "counsel", house.installation.now(), to="second")
    typed = {**items, "assessment": again.digest, "seen": str(house.case(again.id).length)}
    answer = client.post(f"/cases/{again.id}/review/", typed)
    assert answer.headers["Location"] == "/"
    assert f"Case {again.id}: Your review is recorded." in client.get("/").content.decode()


def test_a_link_leads_on_to_the_next_case_and_to_the_queue_where_there_is_none(house: House) -> None:
    one, other = house.reviewed(), house.reviewed(by="counsel")
    client = house.client("reviewer")
    assert f'href="/next/?after={one.id}"' in client.get(f"/cases/{one.id}/").content.decode()
    assert client.get("/next/", {"after": one.id}).headers["Location"] == f"/cases/{other.id}/"
    assert client.get("/next/", {"after": other.id}).headers["Location"] == "/"
    assert "Nothing else needs you now." in client.get("/").content.decode()
    assert "/next/" not in house.client("auditor").get(f"/cases/{one.id}/").content.decode()

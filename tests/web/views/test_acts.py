"""A form does one verb; who was quicker is shown, what was typed is kept, what is refused says why."""

from __future__ import annotations

import pytest

from tests.web.house import House, ransomware


def test_a_recorded_act_leads_back_to_the_case(house: House) -> None:
    case = house.assessed()
    client = house.client("reviewer")
    answer = client.post(f"/cases/{case.id}/note/", {"words": "looked at it", "seen": str(case.length)})
    assert answer.headers["Location"] == f"/cases/{case.id}/"
    page = client.get(f"/cases/{case.id}/").content.decode()
    assert "Your note is in the history." in page
    assert "looked at it" in page


def test_somebody_who_was_quicker_is_shown_and_what_was_typed_is_kept(house: House) -> None:
    case = house.assessed()
    now = house.installation.now()
    house.installation.desk(house.organisation).note(case.id, "counsel", now, words="a court called")
    answer = house.client("reviewer").post(
        f"/cases/{case.id}/escalate/", {"why": "my own careful reason", "seen": str(case.length)}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody was quicker" in page
    assert "a court called" in page
    assert "my own careful reason" in page
    assert not house.case(case.id).escalated


def test_a_form_that_does_not_say_what_was_seen_changes_nothing(house: House) -> None:
    case = house.assessed()
    for seen in ("", "x", "999"):
        answer = house.client("reviewer").post(f"/cases/{case.id}/note/", {"words": "w", "seen": seen})
        assert answer.status_code == 409
    assert house.case(case.id).length == case.length


def test_what_is_refused_comes_back_with_its_reason_and_the_words(house: House) -> None:
    case = house.assessed()
    answer = house.client("reviewer").post(
        f"/cases/{case.id}/escalate/", {"why": "  ", "seen": str(case.length)}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This needs a word of explanation" in page
    assert "Nothing was recorded and nothing was sent" in page
    assert house.case(case.id).length == case.length


def test_a_barred_act_shows_its_reason_and_no_form(house: House) -> None:
    case = house.received()
    page = house.client("reviewer").get(f"/cases/{case.id}/review/").content.decode()
    assert "Barred today: The request is not assessed. Assess it first" in page
    assert "<form" not in page


def test_a_barred_act_that_is_posted_anyway_is_refused(house: House) -> None:
    case = house.received()
    answer = house.client("reviewer").post(
        f"/cases/{case.id}/second-review/", {"agrees": "yes", "seen": str(case.length)}
    )
    assert answer.status_code == 422
    assert house.case(case.id).length == case.length


@pytest.mark.parametrize("person", ["auditor", "administrator", "custodian", "expert"])
def test_a_role_that_may_not_cannot_post_either(person: str, house: House) -> None:
    case = house.assessed(ransomware())
    answer = house.client(person).post(
        f"/cases/{case.id}/escalate/", {"why": "because", "seen": str(case.length)}
    )
    assert answer.status_code in (403, 404)
    assert house.case(case.id).length == case.length

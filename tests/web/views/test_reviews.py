"""Two people decide, item by item; who decides otherwise says why, and the second sees both."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from habeas.assess import Ceiling, Decision
from habeas.desk import recommended
from habeas.desk.case import Case
from habeas.desk.events import Configured
from habeas.desk.letters import Kind, Sender
from habeas.desk.rulings import departures
from habeas.reports import words
from habeas.request import Request, Secrecy
from habeas.request.formats import read_bytes
from habeas.web.views.history import ground_of
from habeas.web.views.letters import sheets
from tests.web.house import House, ransomware


@pytest.fixture
def named(house: House) -> House:
    """A house that said how its letters name it."""
    settings = Configured(
        seat="IRL:provider",
        zone="Europe/Paris",
        sender=Sender(name="Example House", office="Office", contact="its address", oversight="its overseer"),
    )
    house.installation.configure(house.organisation, "administrator", settings)
    return house


@pytest.fixture
def sound() -> Request:
    """A request for the name behind one account, without a wish for secrecy."""
    path = Path(__file__).resolve().parents[3] / "examples" / "e-evidence-subscriber" / "request.json"
    (found,) = read_bytes(path.read_bytes(), path.name)
    return msgspec.structs.replace(found, secrecy=Secrecy(), supposed=())


def _typed(house: House, case: Any, **changes: str) -> dict[str, str]:
    rulings = recommended(case.assessment)
    choices = {f"choice-{number}": "recommended" for number in range(len(rulings))}
    return {**choices, "assessment": case.digest, "seen": str(case.length), **changes}


def test_what_is_recommended_differs_in_nothing(house: House) -> None:
    case = house.assessed(ransomware())
    assert case.assessment is not None
    rulings = recommended(case.assessment)
    assert departures(case, rulings) == ()
    assert all(each.ground for each in rulings if each.decision is Decision.REFUSE)


@pytest.mark.parametrize("story", ["tower-dump", "whistleblower"])
def test_a_refusal_as_recommended_has_a_ground_that_its_letter_knows(house: House, story: str) -> None:
    """As one of several items that is refused, and as a refusal of the whole."""
    path = Path(__file__).resolve().parents[3] / "examples" / story / "request.json"
    (asked,) = read_bytes(path.read_bytes(), path.name)
    where_asked = Configured(seat="", zone="Europe/Paris")
    house.installation.configure(house.organisation, "administrator", where_asked)
    case = house.assessed(asked)
    assert case.assessment is not None
    refused = [each for each in recommended(case.assessment) if each.decision is Decision.REFUSE]
    assert refused
    cited = {cite.cite for finding in case.assessment.findings for cite in finding.cites}
    assert {each.ground for each in refused} <= cited


def test_a_ground_is_shown_as_a_lawyer_writes_it_and_other_words_as_they_were_typed() -> None:
    assert ground_of("uncc:40(22)") == words.cite("uncc:40(22)")
    assert ground_of("Two things: no order, no article") == "Two things: no order, no article"
    assert ground_of("essential-interests") == "Essential interests"


def test_a_review_as_recommended_is_recorded(house: House) -> None:
    case = house.assessed(ransomware())
    answer = house.client("reviewer").post(f"/cases/{case.id}/review/", _typed(house, case))
    assert answer.status_code == 302
    assert house.case(case.id).stage == "reviewed"


def test_deciding_otherwise_needs_a_reason_and_keeps_what_was_chosen(house: House) -> None:
    case = house.assessed(ransomware())
    otherwise = {
        "choice-0": "otherwise", "decision-0": "refuse", "ceiling-0": "nothing", "ground-0": "seat-law",
    }  # fmt: skip
    client = house.client("reviewer")
    answer = client.post(f"/cases/{case.id}/review/", _typed(house, case, **otherwise))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This differs from what was recommended, and no reason is given" in page
    assert '<option value="seat-law" selected>' in page
    answer = client.post(f"/cases/{case.id}/review/", _typed(house, case, **otherwise, why="Sovereignty."))
    assert answer.status_code == 302
    review = house.case(case.id).review
    assert review is not None
    assert (review.why, review.rulings[0].ceiling) == ("Sovereignty.", Ceiling.NOTHING)


def test_more_than_was_asked_for_cannot_be_given(house: House) -> None:
    case = house.assessed(ransomware())
    more = {"choice-0": "otherwise", "decision-0": "proceed", "ceiling-0": "content of this account"}
    answer = house.client("reviewer").post(
        f"/cases/{case.id}/review/", _typed(house, case, **more, why="They ask nicely.")
    )
    assert answer.status_code == 422
    assert "That is more than was asked for" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"choice-1": ""}, {"choice-0": "otherwise", "decision-0": "give", "ceiling-0": "nothing"}]
)
def test_an_item_left_open_or_decided_in_no_word_of_ours_is_refused(
    wrong: dict[str, str], house: House
) -> None:
    case = house.assessed(ransomware())
    answer = house.client("reviewer").post(f"/cases/{case.id}/review/", _typed(house, case, **wrong))
    assert answer.status_code == 422
    assert house.case(case.id).length == case.length


def test_a_recommendation_that_changed_is_not_reviewed_unseen(house: House) -> None:
    case = house.assessed(ransomware())
    house.installation.desk(house.organisation).assess(case.id, "counsel", house.installation.now())
    answer = house.client("reviewer").post(f"/cases/{case.id}/review/", _typed(house, case))
    assert answer.status_code == 409


def test_the_second_person_sees_what_differs(house: House) -> None:
    case = house.assessed(ransomware())
    otherwise = {
        "choice-0": "otherwise", "decision-0": "refuse", "ceiling-0": "nothing", "ground-0": "Art. 40(21)(b)",
    }  # fmt: skip
    house.client("reviewer").post(
        f"/cases/{case.id}/review/", _typed(house, case, **otherwise, why="Sovereignty.")
    )
    page = house.client("second").get(f"/cases/{case.id}/second-review/").content.decode()
    assert page.count("Differs") == 1
    assert "Sovereignty." in page
    assert "Art. 40(21)(b)" in page


def test_a_second_person_who_does_not_agree_says_why(house: House) -> None:
    case = house.reviewed()
    client, seen = house.client("second"), str(case.length)
    assert client.post(f"/cases/{case.id}/second-review/", {"agrees": "no", "seen": seen}).status_code == 422
    assert client.post(f"/cases/{case.id}/second-review/", {"seen": seen}).status_code == 422
    reason = {"agrees": "no", "reason": "The period is too long.", "seen": seen}
    assert client.post(f"/cases/{case.id}/second-review/", reason).status_code == 302
    assert house.case(case.id).stage == "assessed"


def test_the_first_person_cannot_be_the_second(house: House) -> None:
    case = house.reviewed()
    answer = house.client("reviewer").post(
        f"/cases/{case.id}/second-review/", {"agrees": "yes", "seen": str(case.length)}
    )
    assert answer.status_code == 422
    assert house.case(case.id).stage == "reviewed"


def test_no_button_accepts_everything_at_once_and_nothing_stands_chosen(house: House) -> None:
    case = house.assessed(ransomware())
    assert case.assessment is not None
    for address in (f"/cases/{case.id}/", f"/cases/{case.id}/review/"):
        page = house.client("reviewer").get(address).content.decode()
        assert page.count('value="otherwise" required>') == len(recommended(case.assessment))
        assert not re.findall(r"<input[^>]* checked", page)
        assert re.findall(r'<button[^>]* class="button"[^>]*>([^<]+)<', page) == ["Record my review"]


def test_the_view_of_the_second_person_is_never_chosen_for_them(house: House) -> None:
    case = house.reviewed()
    for address in (f"/cases/{case.id}/", f"/cases/{case.id}/second-review/"):
        page = house.client("second").get(address).content.decode()
        assert page.count('name="agrees"') == 2
        assert not re.findall(r"<input[^>]* checked", page)


def _seconded(house: House, case: Case, person: str = "second", **typed: str) -> tuple[str, Case]:
    """What is said after a second view was sent, with the case as it is then."""
    client = house.client(person)
    sent = {"agrees": "yes", "tell": "yes", "seen": str(case.length), **typed}
    answer = client.post(f"/cases/{case.id}/second-review/", sent)
    page = (client.get(answer.headers["Location"]) if answer.status_code == 302 else answer).content.decode()
    return page, house.case(case.id)


def _kinds(case: Case) -> list[str]:
    return [each.event.kind for each in case.history]


def test_a_second_view_and_the_notice_are_two_acts_of_one_form(named: House, sound: Request) -> None:
    case = named.reviewed(sound)
    page, now = _seconded(named, case)
    assert _kinds(now)[case.length :] == ["second-reviewed", "notified", "letter-written"]
    assert [each.by for each in now.history[case.length :]] == ["second", "second", "second"]
    assert "Your second review is recorded. The notice is written." in page
    assert 'id="h-now">Record that the notice went out<' in page  # where the code is shown
    (code,) = re.findall(r"for the notice: ([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})", page)
    found = named.installation.door_of(named.organisation, code)
    assert found is not None
    assert found.id == case.id


def test_the_notice_is_not_given_where_nobody_asked_for_it(named: House, sound: Request) -> None:
    case = named.reviewed(sound)
    _page, now = _seconded(named, case, tell="")
    assert _kinds(now)[case.length :] == ["second-reviewed"]


def test_the_tick_is_never_set_and_the_notice_shown_is_the_one_that_follows(
    named: House, sound: Request
) -> None:
    case = named.reviewed(sound)
    page = named.client("second").get(f"/cases/{case.id}/").content.decode()
    assert re.findall(r'<input type="checkbox"[^>]*>', page) == [
        '<input type="checkbox" name="tell" id="tell" value="yes" aria-describedby="tell-h">'
    ]
    shown = _letter(page)
    assert "To the person whose data were asked for" in shown
    assert named.case(case.id).length == case.length, "looking at it records nothing"
    _page, told = _seconded(named, case)
    assert told.letters[-1].letter is Kind.NOTICE
    stored = named.installation.page_of(named.organisation, told.id, told.notices[-1].letter)
    assert shown == _letter(str(sheets(stored)))


def _letter(page: str) -> str:
    found = re.search(r"<article.*?</article>", page, re.S)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_who_does_not_agree_tells_nobody_and_nothing_is_recorded(named: House, sound: Request) -> None:
    case = named.reviewed(sound)
    page, now = _seconded(named, case, agrees="no", reason="The period is too long.")
    assert "Nobody is told of what you do not agree with" in page
    assert 'id="tell" value="yes" checked' in page
    assert now.length == case.length


def test_where_the_notice_is_barred_the_view_stands_and_the_reason_is_said(
    named: House, sound: Request
) -> None:
    """Ticked on a page that is not of today: the requester's wish for secrecy has to be settled first."""
    secret = msgspec.structs.replace(sound, secrecy=Secrecy(asked=True, reason="The inquiry."))
    case = named.reviewed(secret)
    assert 'name="tell"' not in named.client("second").get(f"/cases/{case.id}/").content.decode()
    page, now = _seconded(named, case)
    assert _kinds(now)[case.length :] == ["second-reviewed"]
    assert "Your second review is recorded. The person was not told: The requester asked for secrecy." in page
    assert '<li class="warning">' in page


def test_a_notice_that_cannot_be_shown_is_not_offered_beside(house: House, sound: Request) -> None:
    """A house that has not said how its letters name it, and a delegate, who tells nobody."""
    case = house.reviewed(sound)
    assert 'name="tell"' not in house.client("second").get(f"/cases/{case.id}/").content.decode()


def test_a_delegate_is_not_asked_to_tell_anybody(named: House, sound: Request) -> None:
    case = named.reviewed(sound)
    desk, now = named.installation.desk(named.organisation), named.installation.now()
    case = desk.invite(case.id, "counsel", now, person="delegate", blinded=False)
    page = named.client("delegate").get(f"/cases/{case.id}/").content.decode()
    assert 'name="agrees"' in page
    assert 'name="tell"' not in page
    _page, now_is = _seconded(named, case, "delegate")
    assert _kinds(now_is)[case.length :] == ["second-reviewed"]


def test_what_is_refused_keeps_no_terms_and_what_is_given_no_ground(house: House) -> None:
    case = house.assessed(ransomware())
    otherwise = {
        "choice-0": "otherwise", "decision-0": "refuse", "ceiling-0": "nothing", "ground-0": "seat-law",
        "conditions-0": "Keep it.", "scope-0": "One day.",
    }  # fmt: skip
    client = house.client("reviewer")
    client.post(f"/cases/{case.id}/review/", _typed(house, case, **otherwise, why="Sovereignty."))
    review = house.case(case.id).review
    assert review is not None
    assert (review.rulings[0].conditions, review.rulings[0].scope) == ((), "")
    assert all(not each.ground for each in review.rulings if each.ceiling is not Ceiling.NOTHING)


def test_our_own_tests_do_not_go_out_as_terms(house: House) -> None:
    case = house.assessed(ransomware())
    assert case.assessment is not None
    assert all(each.conditions == () for each in recommended(case.assessment))

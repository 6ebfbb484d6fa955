"""People come by invitation and go for good; roles are the desk's, accounts are ours."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from habeas.desk.events import Role
from habeas.desk.people import Person
from habeas.web.accounts.models import Account
from tests.web.house import PASSWORD, SECOND, House

NEW = {"title": "Reviewer 3", "person": "reviewer-3", "roles": ["reviewer"], "partner": ""}


def _people(house: House) -> dict[str, Person]:
    return house.installation.people(house.organisation).people


def _account(house: House, person: str) -> Account | None:
    return Account.objects.filter(organisation=house.organisation, person=person).first()


def _link(page: str) -> str:
    found = re.search(r'id="invitation">http://localhost(/invitation/[^<]+)<', page)
    assert found
    return found[1]


# ---- while one person sets the house up ----


def test_before_the_first_request_somebody_is_admitted_and_gets_a_link_that_works(house: House) -> None:
    page = house.client("administrator").post("/people/admit/", NEW).content.decode()
    assert Client(SERVER_NAME="localhost").get(_link(page)).status_code == 200
    assert "one half" not in page
    assert _people(house)["reviewer-3"].roles == {Role.REVIEWER}
    account = _account(house, "reviewer-3")
    assert account is not None
    assert account.login == f"reviewer-3@{house.organisation}"


def test_of_somebody_of_another_house_nothing_is_said(house: House) -> None:
    """Whatever another house has, the answer is the same but for the link and the name of the house."""
    taken, other = House(house.installation), House(house.installation)
    taken.client("administrator").post("/people/admit/", NEW)
    account = _account(taken, "reviewer-3")
    assert account is not None
    pages = []
    for login in (account.login, "nobody@nowhere.example"):
        each = house if pages else other
        page = each.client("administrator").post("/people/admit/", {**NEW, "login": login})
        main = page.content.decode().split("<main")[1].split("</main>")[0]
        shown = re.sub(r'/invitation/[^<]+|house-[0-9]+|value="[^"]+"', "", main)
        pages.append((page.status_code, shown))
    assert pages[0] == pages[1]
    assert pages[0][0] == 200


def test_what_the_desk_refuses_makes_no_account(house: House) -> None:
    both = {**NEW, "roles": ["reviewer", "administrator"]}
    answer = house.client("administrator").post("/people/admit/", both)
    assert answer.status_code == 422
    assert "held beside no other role" in answer.content.decode()
    assert _account(house, "reviewer-3") is None


def test_roles_change_and_act_at_once(house: House) -> None:
    client = house.client("second")
    assert client.get("/receive/").status_code == 200
    house.client("administrator").post("/people/second/", {"what": "roles", "roles": ["custodian"]})
    assert client.get("/receive/").status_code == 403


# ---- once a request has come in ----


@pytest.fixture
def opened(house: House) -> House:
    house.received()
    return house


def _proposed(house: House, address: str, **sent: Any) -> int:
    answer = house.client("administrator").post(address, sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/settings/proposals/")
    return house.installation.people(house.organisation).proposals[-1].number


def _answered(house: House, person: str, number: int, what: str = "confirm", **more: str) -> Any:
    sent = {"proposal": str(number), "what": what, **more}
    return house.client(person).post("/settings/proposals/answer/", sent)


def test_one_administrator_alone_cannot_begin_as_a_colleague(opened: House) -> None:
    """What stood open once: the link of a new invitation was shown to whoever asked for it."""
    victim = opened.client("second")
    page = opened.client("administrator").post("/people/second/", {"what": "invite", "why_invite": "Lost."})
    number = opened.installation.people(opened.organisation).proposals[-1].number
    assert "/invitation/" not in page.content.decode()
    account = _account(opened, "second")
    assert account is not None
    assert account.check_password(PASSWORD)
    assert victim.get("/").status_code == 200, "nothing is taken away before somebody confirmed it"
    assert _answered(opened, "administrator", number).status_code == 422
    assert victim.get("/").status_code == 200


def test_an_invitation_has_a_half_for_each_of_the_two(opened: House) -> None:
    opened.account("second")
    number = _proposed(opened, "/people/second/", what="invite", why_invite="A lost telephone.")
    seen = opened.client(SECOND).get("/settings/proposals/").content.decode()
    assert "A lost telephone." in seen
    assert f"second@{opened.organisation}" in seen
    assert "First ask the person" in seen
    page = _answered(opened, SECOND, number).content.decode()
    assert "It is one half. The other is a number that Administrator holds" in page
    link = _link(page)
    waits = opened.client("administrator").get("/settings/proposals/").content.decode()
    assert "Your half of it" in waits
    mine = opened.client("administrator").get("/people/second/").content.decode()
    half = re.search(r'id="half">([0-9-]+)<', mine)
    assert half
    assert 'id="half"' not in opened.client(SECOND).get("/people/second/").content.decode()
    assert "Your half of it" not in opened.client(SECOND).get("/settings/proposals/").content.decode()
    person = Client(SERVER_NAME="localhost")
    assert "Number of the invitation" in person.get(link).content.decode()
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert person.post(link, {**chosen, "half": "1234"}).status_code == 422
    assert person.post(link, {**chosen, "half": half[1]}).status_code == 302
    assert 'id="half"' not in opened.client("administrator").get("/people/second/").content.decode()


@pytest.mark.parametrize("second", [SECOND, "counsel"])
def test_to_let_somebody_in_takes_two(second: str, opened: House) -> None:
    assert opened.client("administrator").post("/people/admit/", NEW).status_code == 422, "without a reason"
    number = _proposed(opened, "/people/admit/", **NEW, why="There is more to do.")
    assert "reviewer-3" not in _people(opened)
    assert _account(opened, "reviewer-3") is None
    seen = opened.client(second).get("/settings/proposals/").content.decode()
    assert "Reviewer 3 (reviewer-3)" in seen
    page = _answered(opened, second, number).content.decode()
    assert "one half" in page
    assert Client(SERVER_NAME="localhost").get(_link(page)).status_code == 200
    person = _people(opened)["reviewer-3"]
    assert person.roles == {Role.REVIEWER}
    assert person.acts_from is not None
    assert person.acts_from > opened.installation.now() + timedelta(hours=23)


def test_to_give_a_role_takes_two_and_to_take_one_away_does_not(opened: House) -> None:
    number = _proposed(
        opened, "/people/second/", what="roles", roles=["reviewer", "counsel"], why_roles="So."
    )
    assert _people(opened)["second"].roles == {Role.REVIEWER}
    seen = opened.client(SECOND).get("/settings/proposals/").content.decode()
    assert "Reviewer, counsel" in seen
    assert _answered(opened, SECOND, number).status_code == 302
    assert _people(opened)["second"].roles == {Role.REVIEWER, Role.COUNSEL}
    answer = opened.client("administrator").post("/people/second/", {"what": "roles", "roles": ["reviewer"]})
    assert answer.headers["Location"] == "/people/"
    assert _people(opened)["second"].roles == {Role.REVIEWER}


def test_who_began_anew_is_told_until_when_they_are_nobodys_second(opened: House) -> None:
    case = opened.reviewed()
    number = _proposed(opened, "/people/second/", what="invite", why_invite="A lost telephone.")
    _answered(opened, SECOND, number)
    person = _people(opened)["second"]
    assert person.acts_from is not None
    account = _account(opened, "second")
    assert account is not None
    account.delete()
    page = opened.client("second").get(f"/cases/{case.id}/second-review/").content.decode()
    assert f"hand over from {person.acts_from:%Y-%m-%d %H:%M} UTC on" in page
    sent = {"agrees": "yes", "seen": str(opened.case(case.id).length)}
    assert opened.client("second").post(f"/cases/{case.id}/second-review/", sent).status_code != 302
    assert opened.case(case.id).stage == "reviewed"


def test_whom_it_is_about_hears_of_it_before_and_can_stop_it(opened: House) -> None:
    client = opened.client("second")
    number = _proposed(opened, "/people/second/", what="invite", why_invite="A lost telephone.")
    lately = client.get("/account/lately/").content.decode()
    assert "An account or a role was asked for" in lately
    assert "A lost telephone." in client.get("/settings/proposals/").content.decode()
    assert _answered(opened, "second", number).status_code == 422
    assert _answered(opened, "second", number, "decline", why="I lost nothing.").status_code == 302
    assert client.get("/").status_code == 200
    assert opened.installation.people(opened.organisation).proposals == ()


def test_every_other_administrator_hears_of_it(opened: House) -> None:
    number = _proposed(opened, "/people/second/", what="roles", roles=["counsel"], why_roles="So.")
    second = opened.client(SECOND).get("/account/lately/").content.decode()
    assert "An account or a role was asked for" in second
    assert "About Reviewer 2" in second
    assert "asked for" not in opened.client("counsel").get("/account/lately/").content.decode()
    _answered(opened, "counsel", number)
    for person in ("administrator", SECOND, "second"):
        assert "Roles changed" in opened.client(person).get("/account/lately/").content.decode(), person
    assert "Roles changed" not in opened.client("custodian").get("/account/lately/").content.decode()


# ---- what stays ----


def test_an_administrator_does_not_change_their_own_roles(house: House) -> None:
    answer = house.client("administrator").post(
        "/people/administrator/", {"what": "roles", "roles": ["reviewer"]}
    )
    assert answer.status_code == 422
    assert house.installation.people(house.organisation).people["administrator"].has(Role.ADMINISTRATOR)


def test_who_leaves_is_out_at_once(house: House) -> None:
    client = house.client("second")
    house.client("administrator").post("/people/second/", {"what": "dismiss"})
    assert client.get("/").status_code == 302
    assert not Account.objects.get(organisation=house.organisation, person="second").is_active


def test_everybody_states_their_own_absence_and_nobody_anothers(house: House) -> None:
    days = {"since": "2027-01-04", "until": "2027-01-08", "deputy": "second", "person": "counsel"}
    assert house.client("reviewer").post("/absence/", days).status_code == 302
    people = house.installation.people(house.organisation).people
    assert len(people["reviewer"].absences) == 1
    assert people["counsel"].absences == ()
    assert house.client("administrator").post("/absence/", days).status_code == 302
    assert len(house.installation.people(house.organisation).people["counsel"].absences) == 1


def test_an_absence_that_ends_before_it_begins_is_refused(house: House) -> None:
    days = {"since": "2027-01-08", "until": "2027-01-04", "deputy": ""}
    answer = house.client("reviewer").post("/absence/", days)
    assert answer.status_code == 422
    assert "2027-01-08" in answer.content.decode()


def test_the_auditor_sees_people_and_changes_nothing(everybody: House) -> None:
    page = everybody.client("auditor").get("/people/").content.decode()
    assert "Reviewer 1" in page
    assert "Admit somebody" not in page
    assert "Change" not in page

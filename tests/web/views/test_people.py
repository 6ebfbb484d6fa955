"""People come by invitation and go for good; roles are the desk's, accounts are ours."""

from __future__ import annotations

import re

from django.test import Client

from habeas.desk.events import Role
from habeas.web.accounts.models import Account
from tests.web.house import House

NEW = {"title": "Reviewer 3", "person": "reviewer-3", "roles": ["reviewer"], "partner": ""}


def test_somebody_is_admitted_and_gets_a_link_that_works(house: House) -> None:
    login = f"r3@{house.organisation}.example"
    page = house.client("administrator").post("/people/admit/", {**NEW, "login": login}).content.decode()
    link = re.search(r'id="invitation">http://localhost(/invitation/[^<]+)<', page)
    assert link
    assert Client(SERVER_NAME="localhost").get(link[1]).status_code == 200
    people = house.installation.people(house.organisation).people
    assert people["reviewer-3"].roles == {Role.REVIEWER}
    assert Account.objects.get(login=login).person == "reviewer-3"


def test_a_taken_name_admits_nobody(house: House) -> None:
    taken = house.account("reviewer").login
    answer = house.client("administrator").post("/people/admit/", {**NEW, "login": taken})
    assert answer.status_code == 422
    assert "reviewer-3" not in house.installation.people(house.organisation).people


def test_what_the_desk_refuses_makes_no_account(house: House) -> None:
    login = f"x@{house.organisation}.example"
    both = {**NEW, "roles": ["reviewer", "administrator"], "login": login}
    answer = house.client("administrator").post("/people/admit/", both)
    assert answer.status_code == 422
    assert "held beside no other role" in answer.content.decode()
    assert not Account.objects.filter(login=login).exists()


def test_roles_change_and_act_at_once(house: House) -> None:
    client = house.client("second")
    assert client.get("/receive/").status_code == 200
    house.client("administrator").post("/people/second/", {"what": "roles", "roles": ["custodian"]})
    assert client.get("/receive/").status_code == 403


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

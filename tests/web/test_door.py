"""The door asks for more than a cookie: a second factor used now, a person of the house, the role."""

from __future__ import annotations

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from habeas.desk.events import Role
from habeas.web.door import PEOPLE, furniture, route
from tests.web.browser import code_of
from tests.web.house import SECRET, House


def test_a_session_older_than_the_second_factor_must_prove_it(house: House) -> None:
    client = house.client("reviewer", second_factor=False)
    assert client.get("/").headers["Location"] == "/account/proofs/"
    TOTP.activate(house.account("reviewer"), SECRET)
    answer = client.get("/")
    assert answer.headers["Location"] == "/presence/code/?next=%2F"
    assert client.get("/account/proofs/app/remove/").headers["Location"].startswith("/presence/code/")
    client.post("/presence/code/", {"code": code_of(SECRET)})
    assert client.get("/").status_code == 200


def test_a_method_nobody_declared_is_refused(everybody: House) -> None:
    client = everybody.client("auditor")
    for address, method in (("/", "post"), ("/people/", "post"), ("/find/", "get"), ("/you/", "post")):
        assert getattr(client, method)(address).status_code == 405


def test_a_form_without_its_secret_changes_nothing(house: House) -> None:
    case = house.assessed()
    client = house.client("reviewer")
    client.handler.enforce_csrf_checks = True
    answer = client.post(f"/cases/{case.id}/note/", {"words": "a note", "seen": str(case.length)})
    assert answer.status_code == 403
    assert "Nothing was sent" in answer.content.decode()
    assert house.case(case.id).length == case.length


@pytest.mark.parametrize(
    ("person", "tabs"),
    [
        ("reviewer", ["Requests", "Take in", "Law"]),
        ("custodian", ["Requests", "Law"]),
        ("auditor", ["Requests", "Law", "People", "Settings"]),
        ("administrator", ["Law", "People", "Settings"]),
        ("expert", ["Requests", "Law"]),
    ],
)
def test_the_navigation_shows_what_a_role_can_open(person: str, tabs: list[str], everybody: House) -> None:
    answer = everybody.client(person).get("/account/")
    assert answer.status_code == 200
    shown = furniture(answer.wsgi_request)["tabs"]
    assert [tab.words for tab in shown] == tabs


def test_the_public_log_is_a_tab_for_who_keeps_or_checks_it_where_there_is_one(house: House) -> None:
    def shown(person: str) -> bool:
        return 'href="/log/"' in house.client(person).get("/account/").content.decode()

    readers = ("administrator", "auditor", "counsel")
    assert not any(shown(person) for person in readers)
    house.logged()
    assert all(shown(person) for person in readers)
    assert not any(shown(person) for person in ("reviewer", "custodian", "intake", "expert"))


def test_people_are_seen_by_who_runs_the_house_and_by_the_auditor(everybody: House) -> None:
    assert PEOPLE.roles == {Role.ADMINISTRATOR, Role.AUDITOR}
    for person, status in (("administrator", 200), ("auditor", 200), ("counsel", 403), ("expert", 403)):
        assert everybody.client(person).get("/people/").status_code == status


def test_a_route_cannot_be_made_without_saying_who_may(site: object) -> None:
    with pytest.raises(TypeError, match="needs"):
        route("x/", lambda _request: None, name="x")  # type: ignore[call-arg,arg-type,return-value]


def test_an_erased_case_says_when_to_colleagues_and_nothing_to_a_guest(house: House) -> None:
    case = house.received()
    house.installation.store.erase(house.organisation, case.id, house.installation.now())
    for address in (f"/cases/{case.id}/", f"/cases/{case.id}/note/", f"/cases/{case.id}/letters/"):
        answer = house.client("reviewer").get(address)
        assert answer.status_code == 410
        assert "This case was erased" in answer.content.decode()
    unknown = house.client("expert").get("/cases/2026-NONE-0000/").content
    assert house.client("expert").get(f"/cases/{case.id}/").content == unknown
    assert house.client("administrator").get(f"/cases/{case.id}/").status_code == 403
    assert House(house.installation).client("auditor").get(f"/cases/{case.id}/").status_code == 404

"""Closed by default: no page without a declaration, and every declaration is kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import path

from habeas.desk.case import Case
from habeas.desk.moves import TABLE, Act
from habeas.web.door import Anybody, Enrolling, Member, Roles
from habeas.web.views import forms
from tests.web.conftest import INSTALLATION
from tests.web.house import PEOPLE, House
from tests.web.pages import Page, pages, patterns

PAGES = pages()
CLOSED = [each for each in PAGES if not isinstance(each.needs, Anybody)]
ACTS = [each for each in PAGES if isinstance(each.needs, Act)]
OF_CASES = [each for each in ACTS if "case" in each.arguments]
OF_THE_LOG = {"promise", "receipt"}  # there are none in a house without a public log
FRESH = {form.act for form in forms.FORMS if form.fresh}


def by_name(page: Page) -> str:
    return page.name


@pytest.fixture(scope="module")
def case(everybody: House) -> Case:
    return everybody.assessed()


@pytest.fixture(scope="module")
def elsewhere(site: object) -> House:
    """Another house of the same installation."""
    return House(INSTALLATION)


def test_every_page_says_who_may_see_it() -> None:
    assert [each.name for each in PAGES if each.needs is None] == []


def test_a_page_without_a_declaration_is_found() -> None:
    bare = path("bare/", lambda _request: None, name="bare")  # type: ignore[arg-type,return-value]
    assert not hasattr(bare.callback, "needs")


def test_what_is_open_to_strangers_says_why() -> None:
    reasons = [each.needs for each in PAGES if isinstance(each.needs, Anybody | Enrolling | Member | Roles)]
    assert all(needs.why for needs in reasons)


def test_no_two_pages_have_one_name() -> None:
    names = [str(each.name) for each in patterns()]
    assert len(names) == len(set(names))


def test_every_move_of_the_table_has_a_page() -> None:
    assert {form.act for form in forms.FORMS} == set(TABLE)


@pytest.mark.parametrize("page", CLOSED, ids=by_name)
def test_a_stranger_is_sent_to_the_door(page: Page, everybody: House, case: Case) -> None:
    answer = Client(SERVER_NAME="localhost").get(page.address(case=case.id, person="second"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("page", CLOSED, ids=by_name)
def test_a_stranger_who_posts_is_sent_to_the_door(page: Page, everybody: House, case: Case) -> None:
    answer = Client(SERVER_NAME="localhost").post(page.address(case=case.id, person="second"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("page", CLOSED, ids=by_name)
def test_a_password_alone_opens_nothing_but_enrolment(page: Page, elsewhere: House) -> None:
    answer = elsewhere.client("delegate", second_factor=False).get(page.address())
    if isinstance(page.needs, Enrolling):
        assert answer.status_code != 302 or not answer.headers["Location"].startswith("/account/proofs/?")
    else:
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/proofs/")


@pytest.mark.parametrize("page", OF_CASES, ids=by_name)
@pytest.mark.parametrize("person", [name for name in PEOPLE if name not in ("expert", "delegate")])
def test_a_role_that_may_not_is_told_so_and_one_that_may_is_let_in(
    page: Page, person: str, everybody: House, case: Case
) -> None:
    answer = everybody.client(person).get(page.address(case=case.id))
    who = everybody.installation.people(everybody.organisation).people[person]
    assert isinstance(page.needs, Act)
    if not who.reads_cases or (page.needs in TABLE and not who.has(*TABLE[page.needs].roles)):
        assert answer.status_code == 403
        text = answer.content.decode()
        assert "This is for" in text or "not for your role" in text
        assert "nothing was changed" in text
    else:  # of letters and packages none is named here
        none = {"sha256", "place"} & set(page.arguments) or page.name in OF_THE_LOG
        assert answer.status_code == (404 if none else 200)


@pytest.mark.parametrize("page", OF_CASES, ids=by_name)
def test_a_case_of_another_house_answers_like_none_at_all(page: Page, elsewhere: House, case: Case) -> None:
    stranger = elsewhere.client("counsel")
    theirs = stranger.get(page.address(case=case.id))
    none = stranger.get(page.address())
    assert theirs.status_code == none.status_code == 404
    assert theirs.content == none.content
    assert dict(theirs.headers) == dict(none.headers)


@pytest.mark.parametrize("page", OF_CASES, ids=by_name)
def test_a_post_to_a_case_of_another_house_answers_like_one_to_none(
    page: Page, elsewhere: House, case: Case
) -> None:
    stranger = elsewhere.client("counsel")
    theirs, none = stranger.post(page.address(case=case.id)), stranger.post(page.address())
    assert theirs.status_code == none.status_code == 404
    assert theirs.content == none.content


@pytest.mark.parametrize("page", OF_CASES, ids=by_name)
def test_an_expert_without_an_invitation_meets_a_case_that_does_not_exist(
    page: Page, everybody: House, case: Case
) -> None:
    expert = everybody.client("expert")
    theirs, none = expert.get(page.address(case=case.id)), expert.get(page.address())
    assert theirs.status_code == none.status_code == 404
    assert theirs.content == none.content


def test_whether_a_case_exists_is_not_told_to_who_reads_none(everybody: House, case: Case) -> None:
    administrator = everybody.client("administrator")
    real, none = administrator.get(f"/cases/{case.id}/"), administrator.get("/cases/2026-AAAA-AAAA/")
    assert real.status_code == none.status_code == 403
    assert real.content == none.content


@pytest.mark.parametrize("page", [each for each in ACTS if each.needs is Act.RUN_HOUSE], ids=by_name)
def test_people_pages_are_for_those_who_run_the_house(page: Page, everybody: House) -> None:
    assert everybody.client("counsel").get(page.address(person="second")).status_code == 403
    assert everybody.client("auditor").get(page.address(person="second")).status_code == 403
    assert everybody.client("administrator").get(page.address(person="second")).status_code == 200


def test_somebody_who_left_is_shown_out(house: House) -> None:
    client = house.client("second")
    assert client.get("/").status_code == 200
    house.installation.desk(house.organisation).dismiss(
        "administrator", house.installation.now(), person="second"
    )
    answer = client.get("/")
    assert answer.status_code == 403
    assert "not one of the people" in answer.content.decode()


@pytest.mark.parametrize("act", sorted(FRESH))
def test_grave_acts_ask_for_presence(act: Act, house: House) -> None:
    case = house.assessed()
    role = next(
        name
        for name, (_t, roles, _p) in PEOPLE.items()
        if not TABLE[act].roles.isdisjoint(roles) and name != "expert"
    )
    client = house.client(role, minutes_ago=16)
    answer = client.get(f"/cases/{case.id}/{act}/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/presence/")
    assert client.get(f"/cases/{case.id}/").status_code == 200

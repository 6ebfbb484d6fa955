"""An invitation works once, for a while, and for one account; what is wrong with it is not told."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from habeas.errors import Refused
from habeas.web.accounts import inviting
from habeas.web.accounts.models import Account
from tests.web.house import PASSWORD, House


def _choose(path: str, password: str) -> int:
    client = Client(SERVER_NAME="localhost")
    return client.post(path, {"new_password1": password, "new_password2": password}).status_code


def test_an_invitation_works_once(house: House) -> None:
    path = inviting.invite(organisation=house.organisation, person="intake", login=f"i@{house.organisation}")
    assert Client(SERVER_NAME="localhost").get(path).status_code == 200
    assert _choose(path, PASSWORD) == 302
    assert Client(SERVER_NAME="localhost").get(path).status_code == 404
    assert _choose(path, "another long sentence for it") == 404
    assert Account.objects.get(organisation=house.organisation, person="intake").check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "password1234"])
def test_a_password_anybody_guesses_is_not_taken(password: str, house: House) -> None:
    path = inviting.invite(organisation=house.organisation, person="intake", login=f"i@{house.organisation}")
    assert _choose(path, password) == 422
    assert _choose(path, "a b c d e f g h") == 302  # no rules of composition


def test_a_password_like_the_name_is_not_taken(house: House) -> None:
    login = f"intake-desk@{house.organisation}.example"
    path = inviting.invite(organisation=house.organisation, person="intake", login=login)
    assert _choose(path, login) == 422


def test_an_invitation_of_somebody_who_left_opens_nothing(house: House) -> None:
    path = inviting.invite(organisation=house.organisation, person="intake", login=f"i@{house.organisation}")
    inviting.end(Account.objects.get(organisation=house.organisation, person="intake"))
    assert Client(SERVER_NAME="localhost").get(path).status_code == 404


def test_a_made_up_invitation_opens_nothing(house: House) -> None:
    number = house.account("reviewer").pk
    for path in (f"/invitation/{number}/abc-123/", "/invitation/999999/abc-123/", f"/invitation/{number}/x/"):
        assert Client(SERVER_NAME="localhost").get(path).status_code == 404


def test_an_account_that_starts_anew_keeps_nothing(house: House) -> None:
    client, account = house.client("second"), house.account("second")
    path = inviting.invite_again(account)
    assert not Authenticator.objects.filter(user=account).exists()
    assert not account.has_usable_password()
    assert client.get("/").status_code == 302
    assert _choose(path, PASSWORD) == 302


@pytest.mark.parametrize(("login", "place"), [("two words", "login"), ("", "login")])
def test_a_name_nobody_can_type_is_refused(login: str, place: str, house: House) -> None:
    with pytest.raises(Refused) as refused:
        inviting.invite(organisation=house.organisation, person="intake", login=login)
    assert refused.value.place == place


def test_a_taken_name_and_a_second_account_are_refused(house: House) -> None:
    taken = house.account("reviewer").login
    with pytest.raises(Refused) as refused:
        inviting.invite(organisation=house.organisation, person="intake", login=taken.upper())
    assert refused.value.place == "login"
    with pytest.raises(Refused) as refused:
        inviting.invite(organisation=house.organisation, person="reviewer", login="free@x.example")
    assert refused.value.place == "person"

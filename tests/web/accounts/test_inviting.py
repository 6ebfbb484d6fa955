"""An invitation works once, for a while, and for one account; what is wrong with it is not told."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from habeas.web.accounts import inviting
from habeas.web.accounts.models import AccessLine, Account
from tests.web.house import PASSWORD, House


def _choose(path: str, password: str) -> int:
    client = Client(SERVER_NAME="localhost")
    return client.post(path, {"new_password1": password, "new_password2": password}).status_code


def test_an_invitation_works_once(house: House) -> None:
    path = inviting.invite(organisation=house.organisation, person="intake")
    assert Client(SERVER_NAME="localhost").get(path).status_code == 200
    assert _choose(path, PASSWORD) == 302
    assert Client(SERVER_NAME="localhost").get(path).status_code == 404
    assert _choose(path, "another long sentence for it") == 404
    assert Account.objects.get(organisation=house.organisation, person="intake").check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "password1234"])
def test_a_password_anybody_guesses_is_not_taken(password: str, house: House) -> None:
    path = inviting.invite(organisation=house.organisation, person="intake")
    assert _choose(path, password) == 422
    assert _choose(path, "a b c d e f g h") == 302  # no rules of composition


def test_a_password_like_the_name_is_not_taken(house: House) -> None:
    path = inviting.invite(organisation=house.organisation, person="intake")
    assert _choose(path, f"intake@{house.organisation}") == 422


def test_an_invitation_of_somebody_who_left_opens_nothing(house: House) -> None:
    path = inviting.invite(organisation=house.organisation, person="intake")
    inviting.end(Account.objects.get(organisation=house.organisation, person="intake"))
    assert Client(SERVER_NAME="localhost").get(path).status_code == 404


def test_a_made_up_invitation_opens_nothing(house: House) -> None:
    number = house.account("reviewer").pk
    for path in (f"/invitation/{number}/abc-123/", "/invitation/999999/abc-123/", f"/invitation/{number}/x/"):
        assert Client(SERVER_NAME="localhost").get(path).status_code == 404


def test_an_account_that_starts_anew_keeps_nothing(house: House) -> None:
    client, account = house.client("second"), house.account("second")
    path = inviting.invite(organisation=house.organisation, person="second")
    account.refresh_from_db()
    assert not Authenticator.objects.filter(user=account).exists()
    assert not account.has_usable_password()
    assert client.get("/").status_code == 302
    assert _choose(path, PASSWORD) == 302


def test_of_two_houses_neither_learns_the_names_of_the_other(house: House) -> None:
    """Nobody chooses a name to sign in with: there is none that could be taken."""
    other = House(house.installation)
    for each in (house, other):
        inviting.invite(organisation=each.organisation, person="intake")
    logins = set(Account.objects.filter(person="intake").values_list("organisation", "login"))
    assert {(each.organisation, f"intake@{each.organisation}") for each in (house, other)} <= logins


# ---- an invitation that took two -------------------------------------------------------------------------


def _halves(house: House) -> tuple[str, str]:
    path = inviting.invite(organisation=house.organisation, person="second", asked_by="administrator")
    return path, inviting.half_for(_account(house), "administrator")


def _account(house: House) -> Account:
    return Account.objects.get(organisation=house.organisation, person="second")


def _tries(path: str, half: str) -> int:
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD, "half": half}
    return Client(SERVER_NAME="localhost").post(path, chosen).status_code


def test_neither_half_of_an_invitation_opens_anything(house: House) -> None:
    path, half = _halves(house)
    assert re.fullmatch(r"[0-9]{4}-[0-9]{4}", half)
    assert _tries(path, "") == 422
    assert not _account(house).has_usable_password()
    assert _tries(path, half) == 302
    assert _account(house).check_password(PASSWORD)
    assert inviting.half_for(_account(house), "administrator") == "", "it ended with the invitation"


def test_the_other_half_is_shown_to_nobody_but_who_asked(house: House) -> None:
    _halves(house)
    assert {inviting.half_for(_account(house), each) for each in ("administrator-2", "counsel", "")} == {""}
    inviting.end(_account(house))
    assert inviting.half_for(_account(house), "administrator") == ""


def test_an_invitation_made_again_has_other_halves(house: House) -> None:
    first, half = _halves(house)
    second, other = _halves(house)
    assert half != other
    assert _tries(first, other) == 404
    assert _tries(second, half) == 422


def test_after_five_wrong_numbers_there_is_no_invitation(house: House) -> None:
    path, half = _halves(house)
    wrong = "0000-0000" if half != "0000-0000" else "1111-1111"
    assert [_tries(path, wrong) for _each in range(inviting.TRIES)] == [422] * inviting.TRIES
    assert _tries(path, half) == 404
    told = AccessLine.objects.filter(organisation=house.organisation, person="second", kind="not-signed-in")
    assert told.count() == inviting.TRIES, "its owner hears of it"

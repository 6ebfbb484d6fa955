"""An account is the key to the door and nothing more."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from habeas.web.accounts.models import Account
from tests.web.house import House


def test_an_invited_account_has_no_password_and_a_name_in_small_letters(house: House) -> None:
    made = Account.objects.invited(
        login=" New@House.example ", organisation=house.organisation, person="intake"
    )
    assert made.login == "new@house.example"
    assert not made.has_usable_password()
    assert Account.objects.get_by_natural_key("NEW@house.example") == made
    made.delete()


def test_a_person_has_one_account(house: House) -> None:
    house.account("intake")
    with pytest.raises(IntegrityError):
        Account.objects.invited(login="another@x.example", organisation=house.organisation, person="intake")


def test_there_is_no_superuser_no_group_and_no_permission() -> None:
    names = {field.name for field in Account._meta.get_fields()}
    assert names.isdisjoint({"is_superuser", "is_staff", "groups", "user_permissions", "email"})

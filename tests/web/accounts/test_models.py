"""An account is the key to the door and nothing more."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

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


def test_accounts_that_chose_their_names_are_renamed_and_keep_their_address(house: House) -> None:
    """Also where the new name of one was the old name of another, in whichever house."""
    module = import_module("habeas.web.accounts.migrations.0005_names_and_halves")
    other = House(house.installation)
    with transaction.atomic():
        for each, person, login in (
            (house, "intake", f"x-{other.organisation}"),
            (other, "intake", f"intake@{house.organisation}"),
            (other, "reviewer", "somebody"),
            (house, "intake", f"intake@{other.organisation}"),
        ):
            account = each.account(person)
            account.login, account.mail = login, ""
            account.save()
        module._name(apps, None)
        mine, theirs, plain = house.account("intake"), other.account("intake"), other.account("reviewer")
        transaction.set_rollback(True)
    assert (mine.login, mine.mail) == (f"intake@{house.organisation}", f"intake@{other.organisation}")
    assert (theirs.login, theirs.mail) == (f"intake@{other.organisation}", f"intake@{house.organisation}")
    assert (plain.login, plain.mail) == (f"reviewer@{other.organisation}", "")

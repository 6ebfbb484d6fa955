"""The account: a name to sign in with, a password, and whose it is.

An account without a second factor opens nothing but the pages that add one (`habeas.web.door`). Roles are not
here: `person` names somebody in the records of `organisation`, and those say the roles.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; each begins without a usable password, as an invitation."""

    def invited(self, *, login: str, organisation: str, person: str) -> Account:
        account = self.model(login=login.strip().lower(), organisation=organisation, person=person)
        account.set_unusable_password()
        account.save()
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=(username or "").lower())


class Account(AbstractBaseUser):
    """zone: the IANA name of the zone times are shown in to this person."""

    login: models.CharField[str, str] = models.CharField(max_length=254, unique=True)
    organisation: models.CharField[str, str] = models.CharField(max_length=64)
    person: models.CharField[str, str] = models.CharField(max_length=64)
    zone: models.CharField[str, str] = models.CharField(max_length=64, default="UTC")
    is_active: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    invited_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["organisation", "person"]

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "person"], name="one_account_a_person")
        ]

    @classmethod
    def get_email_field_name(cls) -> str:
        """There is no address: signed tokens are bound to the name instead."""
        return "login"

    def __str__(self) -> str:
        return self.person

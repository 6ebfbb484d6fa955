"""The account: a name to sign in with, a password, and whose it is; and the lines of the access record.

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
    """login: see `habeas.web.accounts.inviting.login_of`. mail: where messages go, empty for nowhere; nobody
    signs in with it. asked_by, tries: of an invitation that took two, who holds its other half, and how often
    a wrong one was typed. zone: the IANA name of the zone times are shown in to this person. heard: until
    when they looked at what was tried and changed about their way in. told_tried, told_changed: when they
    were told."""

    login: models.CharField[str, str] = models.CharField(max_length=254, unique=True)
    organisation: models.CharField[str, str] = models.CharField(max_length=64)
    person: models.CharField[str, str] = models.CharField(max_length=64)
    mail: models.CharField[str, str] = models.CharField(max_length=254, blank=True, default="")
    asked_by: models.CharField[str, str] = models.CharField(max_length=64, blank=True, default="")
    tries: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(default=0)
    zone: models.CharField[str, str] = models.CharField(max_length=64, default="UTC")
    is_active: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    invited_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(auto_now_add=True)
    heard: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    told_tried: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    told_changed: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

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


class SavedFilter(models.Model):
    """A way to look at the queue that somebody gave a name. query: of the queue's address, made of its own
    words alone; neither names a person or a case."""

    account: models.ForeignKey[Account, Account] = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="filters"
    )
    name: models.CharField[str, str] = models.CharField(max_length=40)
    query: models.CharField[str, str] = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "name"], name="one_filter_a_name")
        ]


class AccessLine(models.Model):
    """One line of the access record; see `habeas.web.accounts.access`, which alone writes it.

    person: who it was, or whose name was used; empty for somebody unknown. about: whose account was changed,
    where somebody else did it. page: the name of a page, never its address. place: a mark of where from.
    """

    organisation: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    strand: models.CharField[str, str] = models.CharField(max_length=8)
    number: models.BigIntegerField[int, int] = models.BigIntegerField()
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    person: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    kind: models.CharField[str, str] = models.CharField(max_length=24)
    how: models.CharField[str, str] = models.CharField(max_length=48, blank=True)
    about: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    page: models.CharField[str, str] = models.CharField(max_length=48, blank=True)
    case: models.CharField[str, str] = models.CharField(max_length=40, blank=True)
    place: models.CharField[str, str] = models.CharField(max_length=8, blank=True)
    chain: models.BinaryField[bytes, bytes] = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "strand", "number"], name="one_line_a_number")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"], name="lines_by_time")]


class AccessEnd(models.Model):
    """Where a strand of the access record begins and ends. before: the link before its first line."""

    organisation: models.CharField[str, str] = models.CharField(max_length=64, blank=True)
    strand: models.CharField[str, str] = models.CharField(max_length=8)
    first: models.BigIntegerField[int, int] = models.BigIntegerField(default=1)
    last: models.BigIntegerField[int, int] = models.BigIntegerField(default=0)
    before: models.BinaryField[bytes, bytes] = models.BinaryField(max_length=32)
    chain: models.BinaryField[bytes, bytes] = models.BinaryField(max_length=32)
    seal: models.BinaryField[bytes, bytes] = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "strand"], name="one_end_a_strand")
        ]

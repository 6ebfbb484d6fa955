"""A confirmation counts for its own package, at a possible time, and says whether it is signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from habeas.desk.package.delivery import Receipt, check_receipt
from habeas.desk.package.sealing import Sealed, Statement, read_statement
from habeas.errors import Refused
from tests.desk.package.packages import AT, HOUSE_KEY, flips

THEIRS = Ed25519PrivateKey.generate()
THEIR_KEY = THEIRS.public_key().public_bytes_raw()
NOW = AT + timedelta(days=2)


@pytest.fixture
def statement(package_1: tuple[bytes, Sealed]) -> Statement:
    return read_statement(package_1[1].statement, package_1[1].signature, HOUSE_KEY)


def a_receipt(statement: Statement, *, signed: bool = True, **changes: Any) -> Receipt:
    fields: dict[str, Any] = {
        "package": statement.package,
        "sealed_sha256": statement.sealed_sha256,
        "received_at": AT + timedelta(hours=20),
        "received_by": "registry of the District Court of Exampleton",
    }
    receipt = Receipt(**{**fields, **changes})
    if not signed:
        return receipt
    return msgspec.structs.replace(receipt, signature=THEIRS.sign(receipt.encode()))


def test_a_receipt_about_this_package_is_accepted_and_says_if_it_is_signed(
    statement: Statement,
) -> None:
    assert check_receipt(a_receipt(statement), statement, now=NOW, authority_key=THEIR_KEY) is True
    assert check_receipt(a_receipt(statement, signed=False), statement, now=NOW) is False


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"package": "2026-000123-2"}, "sealed_sha256"),
        ({"sealed_sha256": "0" * 64}, "sealed_sha256"),
        ({"sealed_sha256": ""}, "sealed_sha256"),
        ({"received_by": ""}, "received_by"),
        ({"received_by": "registry\nof"}, "received_by"),
        ({"received_at": AT - timedelta(minutes=6)}, "received_at"),
        ({"received_at": NOW + timedelta(minutes=6)}, "received_at"),
        ({"received_at": AT.replace(tzinfo=None)}, "received_at"),
        ({"kind": "habeas-package-statement-1"}, "kind"),
    ],
)
def test_a_receipt_about_something_else_is_refused(
    changes: dict[str, Any], place: str, signed: bool, statement: Statement
) -> None:
    with pytest.raises(Refused) as refusal:
        check_receipt(
            a_receipt(statement, signed=signed, **changes), statement, now=NOW, authority_key=THEIR_KEY
        )
    assert refusal.value.place == place


def test_two_honest_clocks_may_differ_a_little(statement: Statement) -> None:
    for at in (AT - timedelta(minutes=5), NOW + timedelta(minutes=5)):
        assert check_receipt(
            a_receipt(statement, received_at=at), statement, now=NOW, authority_key=THEIR_KEY
        )


def test_no_word_of_a_signed_receipt_can_change(statement: Statement) -> None:
    good = a_receipt(statement)
    changed = [
        msgspec.structs.replace(good, received_by="somebody else"),
        msgspec.structs.replace(good, received_at=good.received_at + timedelta(seconds=1)),
        *(msgspec.structs.replace(good, signature=one) for one in flips(good.signature, 1)),
    ]
    for one in changed:
        with pytest.raises(Refused, match="signature"):
            check_receipt(one, statement, now=NOW, authority_key=THEIR_KEY)


def test_a_signature_nobody_can_check_is_refused_and_not_ignored(statement: Statement) -> None:
    with pytest.raises(Refused, match="no key of the authority"):
        check_receipt(a_receipt(statement), statement, now=NOW)
    with pytest.raises(Refused, match="not of this text by this key"):
        check_receipt(a_receipt(statement), statement, now=NOW, authority_key=HOUSE_KEY)


def test_the_houses_statement_is_no_receipt(statement: Statement, package_1: Any) -> None:
    receipt = a_receipt(statement, signed=False)
    taken = msgspec.structs.replace(receipt, signature=package_1[1].signature)
    with pytest.raises(Refused):
        check_receipt(taken, statement, now=NOW, authority_key=HOUSE_KEY)

"""The authority confirms that a package arrived: this one, at a possible time, signed or by its bare word."""

from __future__ import annotations

from datetime import datetime, timedelta

from habeas.desk.package.sealing import Statement, check_signature
from habeas.desk.package.values import Value, canonical, one_line
from habeas.errors import Refused

CLOCKS_APART = timedelta(minutes=5)  # two honest clocks may differ by so much


class Receipt(Value, frozen=True):
    """What the authority says arrived. received_by: an office. signature: Ed25519 of `encode()`, or none."""

    package: str
    sealed_sha256: str
    received_at: datetime
    received_by: str
    signature: bytes = b""
    kind: str = "habeas-package-receipt-1"

    def encode(self) -> bytes:
        """The bytes the authority signs: everything but the signature, in the same form as a statement."""
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name != "signature"}
        return canonical(said)


def check_receipt(
    receipt: Receipt, statement: Statement, *, now: datetime, authority_key: bytes | None = None
) -> bool:
    """Is this receipt about this package? True if it is signed, False if it is the authority's bare word.

    authority_key: 32 raw bytes of the Ed25519 key registered for the authority. A signature that cannot be
    checked is refused, not ignored.
    """
    if receipt.kind != "habeas-package-receipt-1":
        raise Refused("this is no receipt of a package", place="kind")
    if (receipt.package, receipt.sealed_sha256) != (statement.package, statement.sealed_sha256):
        raise Refused("the receipt is about another package", place="sealed_sha256")
    one_line(receipt.received_by, "received_by")
    if receipt.received_at.tzinfo is None:
        raise Refused("the receipt names a time without a zone", place="received_at")
    if receipt.received_at < statement.at - CLOCKS_APART:
        raise Refused("the receipt is older than the package", place="received_at")
    if receipt.received_at > now + CLOCKS_APART:
        raise Refused("the receipt is from a time still to come", place="received_at")
    if not receipt.signature:
        return False
    if authority_key is None:
        raise Refused(
            "the receipt is signed, and no key of the authority is known to check it with", place="signature"
        )
    check_signature(authority_key, receipt.signature, receipt.encode())
    return True

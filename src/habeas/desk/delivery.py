"""What goes beside a package, and how its arrival is confirmed.

`covering` is the note that travels with a package: what lies beside it, how to check and open it, and how to
say that it arrived. What comes back is a receipt: a small JSON file that names the package by the hash of its
sealed form. An authority whose registered key is an SSH key signs that file as it is, with `ssh-keygen -Y
sign` (the SSHSIG format of OpenSSH); an age key cannot sign, and then the hash alone is compared.

A receipt about something else, or with a signature that cannot be checked, is refused and never ignored.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from habeas.desk.package import RegisteredKey, Statement, fingerprint, key_id
from habeas.desk.stamping import Stamp, Stamping, named
from habeas.errors import Refused

KIND = "habeas-package-receipt-1"
NAMESPACE = "habeas-package-receipt"  # keeps a signature made for something else from being taken for one
LARGEST_RECEIPT = 16 << 10  # bytes; of the receipt as of its signature
CLOCKS_APART = timedelta(minutes=5)  # two honest clocks may differ by so much
_BLANK = "your office"  # in the form, to be filled in

PARTS = {
    "sealed": ".age",
    "statement": ".statement.json",
    "signature": ".statement.sig",
    "timestamp": ".statement.sig.tsr",
    "note": ".txt",
}
"""What leaves, each with the ending of its name; the time-stamp only where there is one."""


# ---- the receipt -----------------------------------------------------------------------------------------


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the authority says arrived. sealed_sha256: of the sealed file. received_by: an office."""

    package: str
    sealed_sha256: str
    received_at: datetime
    received_by: str
    kind: str = KIND


class Gone(NamedTuple):
    """A package that left, by the record. sealed_sha256: of its sealed form, in hex."""

    package: str
    sealed_sha256: str
    at: datetime


def read_receipt(data: bytes) -> Receipt:
    """The receipt of these bytes. Raises Refused where they are none."""
    _no_longer(data, "receipt")
    try:
        return msgspec.json.decode(
            data.removeprefix(b"\xef\xbb\xbf"), type=Receipt
        )  # a mark some editors set
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Refused(
            "this is no receipt of a package",
            place="receipt",
            hint=f"{error}; the note beside the package says how to make one",
        ) from None


def check_receipt(receipt: Receipt, gone: Gone, *, now: datetime) -> None:
    """Is this receipt about this package? Raises Refused where it is not."""
    if receipt.kind != KIND:
        raise Refused("this is no receipt of a package", place="kind", hint=f"its kind is {KIND}")
    if receipt.sealed_sha256.lower() != gone.sealed_sha256 or receipt.package != gone.package:
        raise Refused(
            "the receipt is about another package",
            place="sealed_sha256",
            hint=f"{gone.package} left as {gone.sealed_sha256}; ask the authority what they received",
        )
    if receipt.received_by.strip() in ("", _BLANK) or not receipt.received_by.isprintable():
        raise Refused("the receipt does not say in one line who received it", place="received_by")
    if receipt.received_at.tzinfo is None:
        raise Refused("the receipt names a time without a zone", place="received_at", hint="end it with Z")
    if receipt.received_at < gone.at - CLOCKS_APART:
        raise Refused("the receipt is older than the package", place="received_at")
    if receipt.received_at > now + CLOCKS_APART:
        raise Refused("the receipt is from a time still to come", place="received_at")


def _no_longer(data: bytes, place: str) -> None:
    if len(data) > LARGEST_RECEIPT:
        raise Refused("this is too long for a receipt", place=place, hint="a receipt has some hundred bytes")


# ---- its signature ---------------------------------------------------------------------------------------

_ARMOR = re.compile(
    r"\s*-----BEGIN SSH SIGNATURE-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END SSH SIGNATURE-----\s*"
)
_MAGIC = b"SSHSIG"
_HASHES = frozenset({"sha256", "sha512"})  # those the format allows


def signed_by(data: bytes, signature: bytes, keys: Iterable[RegisteredKey]) -> RegisteredKey:
    """Whose of these keys signed these very bytes; Refused for none. signature: an SSHSIG in its armor."""
    _no_longer(signature, "signature")
    public, namespace, reserved, algorithm, given = _taken_apart(signature)
    if namespace != NAMESPACE.encode():
        raise Refused(
            "this signature was made for something else than a receipt",
            place="signature",
            hint=f"ssh-keygen -Y sign -n {NAMESPACE} ...",
        )
    shown = "SHA256:" + base64.b64encode(hashlib.sha256(public).digest()).decode().rstrip("=")
    key = next((each for each in keys if fingerprint(each.recipient) == shown), None)
    if key is None:
        raise Refused(
            "the receipt is signed, and not with a registered key of this authority",
            place="signature",
            hint=f"it is by the key {shown}",
        )
    name = algorithm.decode("ascii", "replace")
    if name not in _HASHES:
        raise _no_signature()
    text = _MAGIC + b"".join(
        _string(each) for each in (namespace, reserved, algorithm, hashlib.new(name, data).digest())
    )
    kind, raw = _strings(given, 2)
    try:
        if kind != b"ssh-ed25519":
            raise InvalidSignature
        Ed25519PublicKey.from_public_bytes(public[-32:]).verify(raw, text)
    except InvalidSignature:
        raise Refused(
            "the signature is not of this receipt",
            place="signature",
            hint="the file has to come as it was signed, to the last byte",
        ) from None
    return key


def _taken_apart(signature: bytes) -> list[bytes]:
    """Key, namespace, reserved, hash and signature out of an armored SSHSIG of version 1."""
    found = _ARMOR.fullmatch(signature.decode("ascii", "replace"))
    try:
        blob = base64.b64decode("".join(found[1].split()), validate=True) if found else b""
    except binascii.Error:
        blob = b""
    if not blob.startswith(_MAGIC + b"\0\0\0\x01"):
        raise _no_signature()
    return _strings(blob[len(_MAGIC) + 4 :], 5)


def _strings(data: bytes, count: int) -> list[bytes]:
    """Exactly so many strings, each behind its length (RFC 4251 section 5)."""
    found = []
    for _ in range(count):
        length = int.from_bytes(data[:4], "big")
        if len(data) < 4 or len(data) - 4 < length:
            raise _no_signature()
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    if data:
        raise _no_signature()
    return found


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _no_signature() -> Refused:
    return Refused(
        "this is no signature of a receipt",
        place="signature",
        hint="the file that ssh-keygen -Y sign made, from -----BEGIN SSH SIGNATURE----- to the end",
    )


# ---- the note beside a package ---------------------------------------------------------------------------


def public_pem(key: bytes) -> str:
    """The 32 raw bytes of an Ed25519 public key as the text that openssl reads."""
    public = Ed25519PublicKey.from_public_bytes(key)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def receipt_form(package: str, sealed_sha256: str) -> str:
    """The receipt as the authority fills it in: two lines are theirs."""
    blank = {
        "kind": KIND,
        "package": package,
        "sealed_sha256": sealed_sha256,
        "received_at": "YYYY-MM-DDTHH:MM:SSZ",
        "received_by": _BLANK,
    }
    return msgspec.json.format(msgspec.json.encode(blank), indent=2).decode()


def covering(
    statement: Statement, house_key: bytes, stamp: Stamp | None = None, authority: Stamping | None = None
) -> bytes:
    """The note that goes with a package, in UTF-8. house_key: 32 raw bytes. stamp: the time-stamp over the
    signature, and authority: who was asked for it; None without one. It says nothing that the statement does
    not say, and names no person."""
    beside = [
        ("sealed", "the package, sealed to your key"),
        ("statement", "what was sent to whom, when and on which conditions"),
        ("signature", "our signature of the statement"),
        *([("timestamp", "a time-stamp of that signature by a third party")] if stamp else []),
        ("note", "this note"),
    ]
    text = [
        "A package for you",
        "",
        f"From: {statement.organisation}",
        f"To: {statement.authority} ({statement.state})",
        f"Your reference: {statement.reference or 'none stated'}",
        f"Package: {statement.package}",
        f"Left: {statement.at:%Y-%m-%d %H:%M} UTC",
        "",
        "What you received. PACKAGE stands for the beginning of the names, which is the same for all:",
        "",
        *(f"    PACKAGE{PARTS[part]:<20} {what}" for part, what in beside),
        "",
        "1. Check it",
        "",
        f"The sealed file has {statement.sealed_size} bytes and this SHA-256:",
        "",
        f"    {statement.sealed_sha256}",
        "",
        "Save our public key as house.pem. Before you believe it, have its fingerprint read out to you on",
        "another road than the one this note came by:",
        "",
        *(f"    {line}" for line in public_pem(house_key).splitlines()),
        "",
        f"    SHA-256 of its 32 bytes: {key_id(house_key)}",
        "    openssl pkey -pubin -in house.pem -outform DER | tail -c 32 | sha256sum",
        "",
        "    openssl pkeyutl -verify -pubin -inkey house.pem -rawin \\",
        f"        -in PACKAGE{PARTS['statement']} -sigfile PACKAGE{PARTS['signature']}",
        "",
    ]
    if stamp is not None:
        between = named(authority.chain) if authority is not None else ()
        text += [
            f"The time-stamp says {stamp.at:%Y-%m-%d %H:%M:%S} UTC, by the clock of {stamp.host}. Get the",
            "certificate of that authority from itself and save it as roots.pem. Ours are:",
            "",
            *(f"    {each}" for each in (named(authority.roots) if authority is not None else ())),
            "",
            f"    openssl ts -verify -data PACKAGE{PARTS['signature']} -in PACKAGE{PARTS['timestamp']} \\",
            "        -CAfile roots.pem" + (" -untrusted between.pem" if between else ""),
            "",
            *(["between.pem holds these, which the authority does not send along:", ""] if between else []),
            *(f"    {each}" for each in between),
            *([""] if between else []),
        ]
    text += [
        "Whoever has Habeas does all of this with one command:",
        "",
        f"    habeas package check PACKAGE{PARTS['sealed']} --key house.pem"
        + (" --roots roots.pem" if stamp else "")
        + (" --chain between.pem" if stamp and authority and authority.chain else ""),
        "",
        "2. Open it",
        "",
        f"    age --decrypt --identity YOUR-KEY PACKAGE{PARTS['sealed']} > package.tar",
        "    tar -xf package.tar",
        "",
        "The conditions on which you have the data are in conditions.txt.",
        "",
        "3. Tell us that it arrived",
        "",
        "Save these lines as receipt.json, and fill in when you received it and which office did:",
        "",
        *(f"    {line}" for line in receipt_form(statement.package, statement.sealed_sha256).splitlines()),
        "",
        "If the key that the package is sealed to is an SSH key, sign the file with it and send us both,",
        "receipt.json and receipt.json.sig. An age key cannot sign; then send receipt.json alone.",
        "",
        f"    ssh-keygen -Y sign -f YOUR-KEY -n {NAMESPACE} receipt.json",
        "",
    ]
    return "\n".join(text).encode()

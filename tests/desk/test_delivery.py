"""A receipt confirms a package only if it is about that very package; a signature counts or is refused."""

from __future__ import annotations

import base64
import re
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from habeas.desk.delivery import (
    LARGEST_RECEIPT,
    NAMESPACE,
    PARTS,
    Gone,
    Receipt,
    check_receipt,
    covering,
    public_pem,
    read_receipt,
    receipt_form,
    signed_by,
)
from habeas.desk.package import RegisteredKey, Statement, fingerprint, key_id
from habeas.desk.stamping import Stamp, Stamping
from habeas.errors import Refused
from tests.desk.desks import ROOT
from tests.signing import SshKey, needs_ssh
from tests.stamps import certificate, needs_openssl, pem

AT = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
NOW = AT + timedelta(days=2)
GONE = Gone("2026-000123-1", "5f" * 32, AT)
OFFICE = "registry of the District Court of Exampleton"


def a_receipt(**changes: Any) -> Receipt:
    fields: dict[str, Any] = {
        "package": GONE.package,
        "sealed_sha256": GONE.sealed_sha256,
        "received_at": AT + timedelta(hours=20),
        "received_by": OFFICE,
    }
    return Receipt(**{**fields, **changes})


def as_sent(**changes: Any) -> bytes:
    """The file of an authority: its own spaces and order of fields."""
    return msgspec.json.format(msgspec.json.encode(a_receipt(**changes)), indent=4) + b"\n"


# ---- the receipt -----------------------------------------------------------------------------------------


def test_a_receipt_about_this_package_is_accepted() -> None:
    assert read_receipt(as_sent()) == a_receipt()
    check_receipt(a_receipt(), GONE, now=NOW)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"package": "2026-000123-2"}, "sealed_sha256"),
        ({"sealed_sha256": "0" * 64}, "sealed_sha256"),
        ({"sealed_sha256": ""}, "sealed_sha256"),
        ({"received_by": ""}, "received_by"),
        ({"received_by": "your office"}, "received_by"),
        ({"received_by": "registry\nof"}, "received_by"),
        ({"received_by": "registry\u202eof"}, "received_by"),
        ({"received_at": AT - timedelta(minutes=6)}, "received_at"),
        ({"received_at": NOW + timedelta(minutes=6)}, "received_at"),
        ({"received_at": AT.replace(tzinfo=None)}, "received_at"),
        ({"kind": "habeas-package-statement-1"}, "kind"),
    ],
)
def test_a_receipt_about_something_else_is_refused(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_receipt(read_receipt(as_sent(**changes)), GONE, now=NOW)
    assert refusal.value.place == place


def test_two_honest_clocks_may_differ_a_little_and_capitals_are_the_same_hash() -> None:
    for at in (AT - timedelta(minutes=5), NOW + timedelta(minutes=5)):
        check_receipt(a_receipt(received_at=at), GONE, now=NOW)
    check_receipt(a_receipt(sealed_sha256=GONE.sealed_sha256.upper()), GONE, now=NOW)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"received, with thanks",
        b"[]",
        b"{}",
        b"\xff\xfe{\x00}\x00",
        as_sent().replace(b'"package"', b'"parcel"'),
        as_sent().replace(b"{", b'{"more": 1,', 1),
        receipt_form(GONE.package, GONE.sealed_sha256).encode(),
        as_sent() + b" " * LARGEST_RECEIPT,
    ],
    ids=["empty", "words", "list", "nothing in it", "UTF-16", "renamed", "more", "not filled in", "too long"],
)
def test_what_is_no_receipt_is_refused_as_one(data: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        read_receipt(data)
    assert refusal.value.place == "receipt"


def test_the_mark_that_some_editors_set_changes_nothing() -> None:
    assert read_receipt(b"\xef\xbb\xbf" + as_sent()) == a_receipt()


def test_the_form_that_is_published_for_authorities_is_the_one_that_is_read() -> None:
    page = (ROOT / "docs" / "roles" / "requester.md").read_text("utf-8")
    [form] = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert list(msgspec.json.decode(form)) == list(msgspec.json.decode(receipt_form("", "")))
    assert read_receipt(form.encode()).kind == a_receipt().kind
    assert f"-n {NAMESPACE} receipt.json" in page


# ---- its signature ---------------------------------------------------------------------------------------


def registered(*recipients: str) -> tuple[RegisteredKey, ...]:
    return tuple(
        RegisteredKey(
            authority="District Court of Exampleton",
            state="XKX",
            recipient=each,
            fingerprint=fingerprint(each),
            verified_by="a call back",
            verified_on=date(2026, 6, 1),
        )
        for each in recipients
    )


AGE = "age1aexcaxpzatct7ttq72d7gfuxysmflvyrf6d2a09msj9tdgwkfewsj5y5hh"


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> SshKey:
    return SshKey.made(tmp_path_factory.mktemp("theirs"))


@needs_ssh
@pytest.mark.parametrize("hashed", ["sha256", "sha512"])
def test_a_receipt_signed_by_ssh_keygen_names_the_key_that_signed(hashed: str, theirs: SshKey) -> None:
    keys = registered(AGE, theirs.recipient)
    signature = theirs.signed(as_sent(), "habeas-package-receipt", "-O", f"hashalg={hashed}")
    assert signed_by(as_sent(), signature, keys) == keys[1]
    assert signed_by(as_sent(), signature.replace(b"\n", b"\r\n"), keys) == keys[1]


@needs_ssh
def test_no_byte_of_a_signed_receipt_can_change(theirs: SshKey) -> None:
    keys, data = registered(theirs.recipient), as_sent()
    signature = theirs.signed(data)
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(Refused, match="not of this receipt"):
            signed_by(changed, signature, keys)


@needs_ssh
def test_no_bit_of_a_signature_can_change(theirs: SshKey) -> None:
    keys, data = registered(theirs.recipient), as_sent()
    lines = theirs.signed(data).decode().splitlines()
    blob = base64.b64decode("".join(lines[1:-1]))
    for at in range(len(blob) * 8):
        changed = bytearray(blob)
        changed[at // 8] ^= 1 << at % 8
        text = "\n".join([lines[0], base64.b64encode(changed).decode(), lines[-1]]).encode()
        with pytest.raises(Refused):
            signed_by(data, text, keys)
    for longer in (blob + b"\0", blob + blob[10:]):
        text = "\n".join([lines[0], base64.b64encode(longer).decode(), lines[-1]]).encode()
        with pytest.raises(Refused, match="no signature of a receipt"):
            signed_by(data, text, keys)


@needs_ssh
def test_a_signature_nobody_can_check_is_refused_and_not_ignored(theirs: SshKey, tmp_path: Path) -> None:
    signature = theirs.signed(as_sent())
    other = SshKey.made(tmp_path)
    for keys in ((), registered(AGE), registered(other.recipient)):
        with pytest.raises(Refused, match="not with a registered key of this authority") as refusal:
            signed_by(as_sent(), signature, keys)
        assert fingerprint(theirs.recipient) in refusal.value.hint


@needs_ssh
def test_a_signature_made_for_something_else_is_none_of_a_receipt(theirs: SshKey) -> None:
    with pytest.raises(Refused, match="made for something else"):
        signed_by(as_sent(), theirs.signed(as_sent(), "git"), registered(theirs.recipient))


@needs_ssh
def test_a_key_of_another_kind_signs_nothing(tmp_path: Path) -> None:
    signature = SshKey.made(tmp_path, "ecdsa").signed(as_sent())
    with pytest.raises(Refused, match="not with a registered key"):
        signed_by(as_sent(), signature, registered(AGE))


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"signed, the registry",
        b"-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
        b"-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n",
        b"-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQ==\n-----END SSH SIGNATURE-----\n",
        b"-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAf////8=\n-----END SSH SIGNATURE-----\n",
        b"-----BEGIN SSH SIGNATURE-----\n=AAA\n-----END SSH SIGNATURE-----\n",
        b"-----BEGIN PGP SIGNATURE-----\nU1NIU0lHAAAAAQ==\n-----END PGP SIGNATURE-----\n",
        b"x" * (LARGEST_RECEIPT + 1),
    ],
)
def test_what_is_no_signature_is_refused_as_one(signature: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        signed_by(as_sent(), signature, registered(AGE))
    assert refusal.value.place == "signature"


# ---- the note beside a package ---------------------------------------------------------------------------

HOUSE = Ed25519PrivateKey.generate()
KEY = HOUSE.public_key().public_bytes_raw()
STATEMENT = Statement(
    package=GONE.package,
    organisation="Example Provider",
    authority="District Court of Exampleton",
    state="XKX",
    reference="4 Js 17/26",
    at=AT,
    sealed_sha256=GONE.sealed_sha256,
    sealed_size=4711,
    bag_sha256="0a" * 32,
    conditions_sha256="0b" * 32,
    sealed_to=(fingerprint(AGE),),
    house_key=key_id(KEY),
)


def test_the_note_holds_a_receipt_that_two_words_make_whole() -> None:
    note = covering(STATEMENT, KEY).decode()
    [form] = re.findall(r"^    \{.*?^    \}", note, re.DOTALL | re.MULTILINE)
    with pytest.raises(Refused, match="no receipt"):
        read_receipt(form.encode())
    filled = form.replace("YYYY-MM-DDTHH:MM:SSZ", "2026-11-22T08:30:00Z").replace("your office", OFFICE)
    check_receipt(read_receipt(filled.encode()), GONE, now=NOW)


def test_the_note_names_what_lies_beside_and_the_key_it_is_signed_with() -> None:
    note = covering(STATEMENT, KEY).decode()
    for part, ending in PARTS.items():
        assert (f"PACKAGE{ending} " in note) is (part != "timestamp")
    assert GONE.sealed_sha256 in note
    assert key_id(KEY) in note
    assert "time-stamp" not in note
    assert all(f"    {line}\n" in note for line in public_pem(KEY).splitlines())
    assert max(len(line) for line in note.splitlines()) <= 110


def test_the_note_says_who_stamped_the_time_and_how_to_check_it() -> None:
    root, _key = certificate("root")
    stamp = Stamp(at=AT, host="stamps.example.org", policy="1.2.3", serial="a1", sha256="0c" * 32)
    authority = Stamping(url="https://stamps.example.org/tsa", roots=pem([root]))
    note = covering(STATEMENT, KEY, stamp, authority).decode()
    assert f"PACKAGE{PARTS['timestamp']} " in note
    assert "2026-11-21 12:30:00 UTC, by the clock of stamps.example.org" in note
    assert "CN=root, SHA-256 " in note
    assert "openssl ts -verify" in note
    assert "between.pem" not in note
    between, _key = certificate("between")
    longer = covering(
        STATEMENT, KEY, stamp, msgspec.structs.replace(authority, chain=pem([between]))
    ).decode()
    assert "-untrusted between.pem" in longer
    assert "--chain between.pem" in longer
    assert "CN=between, SHA-256 " in longer


@needs_openssl
def test_the_command_of_the_note_checks_the_signature(tmp_path: Path) -> None:
    note = covering(STATEMENT, KEY).decode()
    key = "\n".join(
        line.strip() for line in note[note.index("    -----BEGIN") :].partition("\n\n")[0].splitlines()
    )
    (tmp_path / "house.pem").write_text(f"{key}\n", encoding="ascii")
    (tmp_path / f"PACKAGE{PARTS['statement']}").write_bytes(STATEMENT.encode())
    (tmp_path / f"PACKAGE{PARTS['signature']}").write_bytes(HOUSE.sign(STATEMENT.encode()))
    [shown] = re.findall(r"openssl pkey -pubin.*", note)
    done = subprocess.run(shown, shell=True, cwd=tmp_path, check=True, capture_output=True)
    assert done.stdout.split()[0].decode() == key_id(KEY)
    [command] = re.findall(r"openssl pkeyutl.*?\\\n.*", note)
    done = subprocess.run(command, shell=True, cwd=tmp_path, check=True, capture_output=True)
    assert b"Verified Successfully" in done.stdout
    (tmp_path / f"PACKAGE{PARTS['statement']}").write_bytes(STATEMENT.encode() + b" ")
    assert subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True).returncode

"""A time-stamp counts only if it is over these bytes, fresh, and leads to a root we chose."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import pytest
from cryptography import x509
from rfc3161_client import decode_timestamp_response

from habeas.desk.stamping import Stamping
from habeas.errors import Refused
from habeas.gateways.timestamps import LARGEST_ANSWER, ask, read, stamp
from tests.published import STAMPS
from tests.stamps import Stamps, certificate, needs_openssl, pem


def _file(path: str) -> bytes:
    """One of the published files; the empty one where there is none."""
    return STAMPS.files().get(f"test/fixtures/{path}", b"")


def _chain(name: str) -> tuple[str, str]:
    """The roots and the certificates between, in PEM. One of the published files is in DER."""
    data = _file(f"{name}/ts_chain.pem")
    found = (
        x509.load_pem_x509_certificates(data) if b"BEGIN" in data else [x509.load_der_x509_certificate(data)]
    )
    roots = [one for one in found if one.issuer == one.subject]
    between = [
        one
        for one in found
        if one not in roots and one.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    ]
    return pem(roots), pem(between)


def _payload(name: str) -> bytes:
    return _file(f"{name}/payload") or b"hello"


# ---- the published time-stamps -----------------------------------------------------------------------------

VALID = {
    "identrust/issue-104.tsr": datetime(2025, 3, 11, 8, 52, 8, tzinfo=UTC),
    "sigstage/response-sha256.tsr": datetime(2025, 5, 9, 11, 58, 55, tzinfo=UTC),
    "sigstage/response-sha384.tsr": datetime(2025, 5, 9, 11, 58, 55, tzinfo=UTC),
    "sigstage/response-sha512.tsr": datetime(2025, 5, 9, 11, 58, 56, tzinfo=UTC),
    "test_tsa/response.tsr": datetime(2024, 10, 8, 15, 40, 32, tzinfo=UTC),
    "test_tsa/response-injected-certs.tsr": datetime(2024, 10, 8, 15, 40, 32, tzinfo=UTC),
}
INVALID = {
    "sigstage/response-invalid-signature.tsr": "the signature is false",
    "sigstage/response-no-embedded-cert.tsr": "its certificate is missing, which we always ask for",
    "sigstore.mock/response-expired.tsr": "its certificate is missing",
    "test_tsa/other_response.tsr": "it comes from another authority of the same name",
}


@STAMPS.needed
def test_every_published_time_stamp_is_looked_at() -> None:
    assert {
        name.removeprefix("test/fixtures/") for name in STAMPS.files() if name.endswith(".tsr")
    } == VALID.keys() | INVALID


@STAMPS.needed
@pytest.mark.parametrize("path", VALID)
def test_a_published_time_stamp_that_is_good_is_read(path: str) -> None:
    name = path.partition("/")[0]
    roots, chain = _chain(name)
    answer = _file(path)
    found = read(answer, _payload(name), roots=roots, chain=chain)
    assert (found.at, found.answer) == (VALID[path], answer)


@STAMPS.needed
@pytest.mark.parametrize("path", INVALID)
def test_a_published_time_stamp_that_is_bad_is_refused(path: str) -> None:
    name = path.partition("/")[0]
    roots, chain = _chain(name)
    with pytest.raises(Refused, match="no time-stamp of these bytes"):
        read(_file(path), _payload(name), roots=roots, chain=chain)


@STAMPS.needed
@pytest.mark.parametrize("path", VALID)
def test_a_time_stamp_of_other_bytes_is_refused(path: str) -> None:
    roots, chain = _chain(path.partition("/")[0])
    with pytest.raises(Refused):
        read(_file(path), b"hello ", roots=roots, chain=chain)


@STAMPS.needed
@pytest.mark.parametrize("path", VALID)
def test_a_time_stamp_that_leads_to_no_root_of_ours_is_refused(path: str) -> None:
    name = path.partition("/")[0]
    other = "sigstage" if name != "sigstage" else "test_tsa"
    _, chain = _chain(name)
    with pytest.raises(Refused):
        read(_file(path), b"hello", roots=_chain(other)[0], chain=chain)


@STAMPS.needed
def test_a_certificate_in_between_is_no_root() -> None:
    _, chain = _chain("test_tsa")
    with pytest.raises(Refused):
        read(_file("test_tsa/response.tsr"), b"hello", roots=chain)


@STAMPS.needed
def test_an_answer_to_another_question_is_refused() -> None:
    roots, chain = _chain("test_tsa")
    with pytest.raises(Refused, match="no time-stamp of these bytes") as refusal:
        read(
            _file("test_tsa/response.tsr"),
            b"hello",
            roots=roots,
            chain=chain,
            asked=ask(b"hello"),
        )
    assert "Nonce" in refusal.value.hint


@STAMPS.needed
def test_no_byte_changed_gives_another_time() -> None:
    """Some bytes of an answer are not signed (a name beside it); none of those may carry anything we tell."""
    roots, _ = _chain("sigstage")
    answer = _file("sigstage/response-sha256.tsr")
    good = read(answer, b"hello", roots=roots)
    refused = 0
    for at in range(len(answer)):
        changed = answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]
        try:
            found = read(changed, b"hello", roots=roots)
        except Refused:
            refused += 1
        else:
            assert (found.at, found.policy, found.serial) == (good.at, good.policy, good.serial)
    assert refused > len(answer) * 0.9


@STAMPS.needed
@pytest.mark.parametrize(
    "answer",
    [b"", b"abc", b"<html>", b"\x30\x00", b"\x30\x05\x30\x03\x02\x01\x02", b"\x30\x84\xff\xff\xff\xff"],
)
def test_what_is_no_answer_at_all_is_refused(answer: bytes) -> None:
    with pytest.raises(Refused, match="no time-stamp"):
        read(answer, b"hello", roots=_chain("test_tsa")[0])


def test_without_a_root_nothing_is_believed() -> None:
    with pytest.raises(Refused, match="no root is configured"):
        read(b"", b"hello", roots="")


@pytest.mark.parametrize("place", ["roots", "chain"])
def test_certificates_that_cannot_be_read_are_refused(place: str) -> None:
    root, _ = certificate("root")
    pems = {"roots": pem([root]), "chain": "", place: "-----BEGIN nothing"}
    with pytest.raises(Refused, match="no PEM certificates") as refusal:
        read(b"", b"hello", roots=pems["roots"], chain=pems["chain"])
    assert refusal.value.place == place


def test_a_question_holds_the_hash_and_never_the_bytes() -> None:
    secret = b"a signature of 64 bytes that nobody needs to see"
    asked = ask(secret)
    assert secret not in asked.as_bytes()
    assert asked.cert_req
    assert asked.nonce != ask(secret).nonce


# ---- an authority on this machine --------------------------------------------------------------------------


@needs_openssl
def test_a_real_authority_stamps_our_bytes_and_anybody_can_check_it_later(stamps: Stamps) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    found = stamp(b"signature", stamps.authority, tls=stamps.tls)
    assert before <= found.at <= datetime.now(UTC)
    assert found.policy == "1.2.3.4"
    assert read(found.answer, b"signature", roots=stamps.roots) == found
    (stamps.where / "kept").write_bytes(found.answer)
    (stamps.where / "data").write_bytes(b"signature")
    command = "openssl ts -verify -in kept -data data -CAfile roots.pem"
    subprocess.run(command.split(), cwd=stamps.where, check=True, capture_output=True)


@needs_openssl
@pytest.mark.parametrize(
    "bad", ["http://127.0.0.1:1/", "ftp://example.org/", "file:///etc/hostname", "https:///x", ""]
)
def test_only_https_is_asked(bad: str, stamps: Stamps) -> None:
    authority = Stamping(url=bad, roots=stamps.roots)
    with pytest.raises(Refused, match="https only"):
        stamp(b"signature", authority, tls=stamps.tls)


@needs_openssl
def test_a_server_nobody_vouches_for_is_not_asked(stamps: Stamps) -> None:
    with pytest.raises(Refused, match="did not answer"):
        stamp(b"signature", stamps.authority)
    assert stamps.asked == 0


@needs_openssl
def test_an_authority_that_is_not_there_is_said_to_be_silent(stamps: Stamps) -> None:
    authority = Stamping(url="https://127.0.0.1:1/", roots=stamps.roots, wait=1)
    with pytest.raises(Refused, match="did not answer"):
        stamp(b"signature", authority, tls=stamps.tls)


def _slow(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    door.connection.settimeout(60)
    with suppress(OSError):
        door.rfile.read(1)  # until whoever asked hangs up


def _redirects(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    door.send_response(302)
    door.send_header("Location", stamps.url + "elsewhere")
    door.send_header("Content-Length", "0")
    door.end_headers()


def _breaks_off(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    door.send_response(200)
    door.send_header("Content-Type", "application/timestamp-reply")
    door.send_header("Content-Length", "5000")
    door.end_headers()
    door.wfile.write(b"\x30")


def _drips(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    """Never silent for as long as anybody waits for one piece, and never done."""
    door.send_response(200)
    door.send_header("Content-Type", "application/timestamp-reply")
    door.send_header("Content-Length", "5000")
    door.end_headers()
    with suppress(OSError):  # whoever asked hung up
        for _ in range(5000):
            door.wfile.write(b"\x30")
            door.wfile.flush()
            time.sleep(0.3)


def _talks_nonsense(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    door.wfile.write(b"what?\r\n\r\n")


def _page(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    stamps.says(door, stamps.stamped(query), kind="text/html")


def _error(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    stamps.says(door, stamps.stamped(query), code=500)


def _flood(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    stamps.says(door, bytes(LARGEST_ANSWER + 1))


def _older_answer(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    stamps.says(door, stamps.stamped(ask(b"signature").as_bytes()))


def _other_bytes(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    stamps.says(door, stamps.stamped(ask(b"something else").as_bytes()))


def _refuses(stamps: Stamps, door: BaseHTTPRequestHandler, query: bytes) -> None:
    answer = stamps.stamped(b"not a query")
    assert decode_timestamp_response(answer).status == 2  # rejection
    stamps.says(door, answer)


@needs_openssl
@pytest.mark.parametrize(
    ("mood", "sentence"),
    [
        (_slow, "did not answer"),
        (_breaks_off, "did not answer"),
        (_drips, "did not answer"),
        (_talks_nonsense, "did not answer"),
        (_redirects, "answered with 302"),
        (_error, "answered with 500"),
        (_page, "sent something else"),
        (_flood, "sent something else"),
        (_older_answer, "no time-stamp of these bytes"),
        (_other_bytes, "no time-stamp of these bytes"),
        (_refuses, "no time-stamp of these bytes"),
    ],
)
def test_an_authority_that_does_not_answer_well_stamps_nothing(
    mood: Callable[[Stamps, BaseHTTPRequestHandler, bytes], None], sentence: str, stamps: Stamps
) -> None:
    stamps.mood = lambda door, query: mood(stamps, door, query)
    authority = Stamping(url=stamps.url, roots=stamps.roots, wait=1 if mood in (_slow, _drips) else 5)
    begun = time.monotonic()
    with pytest.raises(Refused, match=sentence):
        stamp(b"signature", authority, tls=stamps.tls)
    assert stamps.asked == 1
    assert mood is not _drips or time.monotonic() - begun < 60, "it waits for the whole and not for a piece"

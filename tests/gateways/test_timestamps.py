"""A time-stamp counts only if it is over these bytes, fresh, and leads to a root we chose."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from rfc3161_client import decode_timestamp_response

from habeas.errors import Refused
from habeas.gateways.timestamps import LARGEST_ANSWER, TimestampAuthority, ask, read, stamp

FIXTURES = Path(__file__).resolve().parents[2].parent / "shared/formats/rfc3161-fixtures/test/fixtures"
needs_fixtures = pytest.mark.skipif(not FIXTURES.is_dir(), reason="the published time-stamps are not here")
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")


def _chain(name: str) -> tuple[bytes, bytes]:
    """The roots and the certificates between, in PEM. One of the published files is in DER."""
    data = (FIXTURES / name / "ts_chain.pem").read_bytes()
    found = (
        x509.load_pem_x509_certificates(data) if b"BEGIN" in data else [x509.load_der_x509_certificate(data)]
    )
    roots = [one for one in found if one.issuer == one.subject]
    between = [
        one
        for one in found
        if one not in roots and one.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    ]
    return _pem(roots), _pem(between)


def _pem(certificates: list[x509.Certificate]) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


def _payload(name: str) -> bytes:
    path = FIXTURES / name / "payload"
    return path.read_bytes() if path.is_file() else b"hello"


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


@needs_fixtures
def test_every_published_time_stamp_is_looked_at() -> None:
    assert {
        path.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("*.tsr")
    } == VALID.keys() | INVALID


@needs_fixtures
@pytest.mark.parametrize("path", VALID)
def test_a_published_time_stamp_that_is_good_is_read(path: str) -> None:
    name = path.partition("/")[0]
    roots, chain = _chain(name)
    answer = (FIXTURES / path).read_bytes()
    found = read(answer, _payload(name), roots=roots, chain=chain)
    assert (found.at, found.answer) == (VALID[path], answer)


@needs_fixtures
@pytest.mark.parametrize("path", INVALID)
def test_a_published_time_stamp_that_is_bad_is_refused(path: str) -> None:
    name = path.partition("/")[0]
    roots, chain = _chain(name)
    with pytest.raises(Refused, match="no time-stamp of these bytes"):
        read((FIXTURES / path).read_bytes(), _payload(name), roots=roots, chain=chain)


@needs_fixtures
@pytest.mark.parametrize("path", VALID)
def test_a_time_stamp_of_other_bytes_is_refused(path: str) -> None:
    roots, chain = _chain(path.partition("/")[0])
    with pytest.raises(Refused):
        read((FIXTURES / path).read_bytes(), b"hello ", roots=roots, chain=chain)


@needs_fixtures
@pytest.mark.parametrize("path", VALID)
def test_a_time_stamp_that_leads_to_no_root_of_ours_is_refused(path: str) -> None:
    name = path.partition("/")[0]
    other = "sigstage" if name != "sigstage" else "test_tsa"
    _, chain = _chain(name)
    with pytest.raises(Refused):
        read((FIXTURES / path).read_bytes(), b"hello", roots=_chain(other)[0], chain=chain)


@needs_fixtures
def test_a_certificate_in_between_is_no_root() -> None:
    _, chain = _chain("test_tsa")
    with pytest.raises(Refused):
        read((FIXTURES / "test_tsa/response.tsr").read_bytes(), b"hello", roots=chain)


@needs_fixtures
def test_an_answer_to_another_question_is_refused() -> None:
    roots, chain = _chain("test_tsa")
    with pytest.raises(Refused, match="no time-stamp of these bytes") as refusal:
        read(
            (FIXTURES / "test_tsa/response.tsr").read_bytes(),
            b"hello",
            roots=roots,
            chain=chain,
            asked=ask(b"hello"),
        )
    assert "Nonce" in refusal.value.hint


@needs_fixtures
def test_no_byte_changed_gives_another_time() -> None:
    """Some bytes of an answer are not signed (a name beside it); none of those may carry anything we tell."""
    roots, _ = _chain("sigstage")
    answer = (FIXTURES / "sigstage/response-sha256.tsr").read_bytes()
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


@needs_fixtures
@pytest.mark.parametrize(
    "answer",
    [b"", b"abc", b"<html>", b"\x30\x00", b"\x30\x05\x30\x03\x02\x01\x02", b"\x30\x84\xff\xff\xff\xff"],
)
def test_what_is_no_answer_at_all_is_refused(answer: bytes) -> None:
    with pytest.raises(Refused, match="no time-stamp"):
        read(answer, b"hello", roots=_chain("test_tsa")[0])


def test_without_a_root_nothing_is_believed() -> None:
    with pytest.raises(Refused, match="no root is configured"):
        read(b"", b"hello", roots=b"")


@pytest.mark.parametrize("place", ["roots", "chain"])
def test_certificates_that_cannot_be_read_are_refused(place: str) -> None:
    root, _ = _certificate("root")
    pems = {"roots": _pem([root]), "chain": b"", place: b"-----BEGIN nothing"}
    with pytest.raises(Refused, match="no PEM certificates") as refusal:
        read(b"", b"hello", roots=pems["roots"], chain=pems["chain"])
    assert refusal.value.place == place


def test_a_question_holds_the_hash_and_never_the_bytes() -> None:
    secret = b"a signature of 64 bytes that nobody needs to see"
    asked = ask(secret)
    assert secret not in asked.as_bytes()
    assert asked.cert_req
    assert asked.nonce != ask(secret).nonce


# ---- an authority of our own -------------------------------------------------------------------------------


def _certificate(
    name: str,
    issuer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None = None,
    *extensions: tuple[x509.ExtensionType, bool],
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    above, signer = (issuer[0].subject, issuer[1]) if issuer else (subject, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signer, hashes.SHA256()), key


class House:
    """A real authority on this machine: openssl stamps, a TLS server answers. `mood` says how."""

    def __init__(self, where: Path) -> None:
        self.where = where
        root = _certificate("root of the test")
        signer, signer_key = _certificate(
            "signer", root, (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
        )
        web, web_key = _certificate(
            "web", root, (x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        )
        self.roots = _pem([root[0]])
        for name, certificate, key in (("signer", signer, signer_key), ("web", web, web_key)):
            (where / f"{name}.pem").write_bytes(_pem([certificate]))
            (where / f"{name}.key").write_bytes(
                key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            )
        (where / "serial").write_text("01\n", encoding="utf-8")
        (where / "tsa.cnf").write_text(
            "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\nsigner_cert = signer.pem\n"
            "signer_key = signer.key\nsigner_digest = sha256\ndefault_policy = 1.2.3.4\n"
            "digests = sha256\nordering = no\ness_cert_id_alg = sha256\n",
            encoding="utf-8",
        )
        self.mood: Callable[[BaseHTTPRequestHandler, bytes], None] = self.answers
        self.asked = 0
        house = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                house.asked += 1
                assert self.headers["Content-Type"] == "application/timestamp-query"
                house.mood(self, self.rfile.read(int(self.headers["Content-Length"])))

            def do_GET(self) -> None:
                house.asked += 1

            def log_message(self, *_: object) -> None:
                pass

        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(where / "web.pem", where / "web.key")
        self.server = HTTPServer(("127.0.0.1", 0), Door)
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server.server_port}/"

    @property
    def authority(self) -> TimestampAuthority:
        return TimestampAuthority(url=self.url, roots=self.roots, wait=5.0)

    @property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.roots.decode())

    def stamped(self, query: bytes) -> bytes:
        (self.where / "query").write_bytes(query)
        command = "openssl ts -reply -config tsa.cnf -section one -queryfile query -out answer"
        subprocess.run(command.split(), cwd=self.where, check=True, capture_output=True)
        return (self.where / "answer").read_bytes()

    def says(
        self,
        door: BaseHTTPRequestHandler,
        body: bytes,
        kind: str = "application/timestamp-reply",
        code: int = 200,
    ) -> None:
        door.send_response(code)
        door.send_header("Content-Type", kind)
        door.send_header("Content-Length", str(len(body)))
        door.end_headers()
        door.wfile.write(body)

    def answers(self, door: BaseHTTPRequestHandler, query: bytes) -> None:
        self.says(door, self.stamped(query))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    house = House(tmp_path)
    thread = threading.Thread(target=house.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield house
    house.server.shutdown()
    thread.join()
    house.server.server_close()


@needs_openssl
def test_a_real_authority_stamps_our_bytes_and_anybody_can_check_it_later(house: House) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    found = stamp(b"signature", house.authority, tls=house.tls)
    assert before <= found.at <= datetime.now(UTC)
    assert found.policy == "1.2.3.4"
    assert read(found.answer, b"signature", roots=house.roots) == found
    (house.where / "kept").write_bytes(found.answer)
    (house.where / "data").write_bytes(b"signature")
    (house.where / "roots.pem").write_bytes(house.roots)
    command = "openssl ts -verify -in kept -data data -CAfile roots.pem"
    subprocess.run(command.split(), cwd=house.where, check=True, capture_output=True)


@needs_openssl
@pytest.mark.parametrize(
    "bad", ["http://127.0.0.1:1/", "ftp://example.org/", "file:///etc/hostname", "https:///x", ""]
)
def test_only_https_is_asked(bad: str, house: House) -> None:
    authority = TimestampAuthority(url=bad, roots=house.roots)
    with pytest.raises(Refused, match="https only"):
        stamp(b"signature", authority, tls=house.tls)


@needs_openssl
def test_a_server_nobody_vouches_for_is_not_asked(house: House) -> None:
    with pytest.raises(Refused, match="did not answer"):
        stamp(b"signature", house.authority)
    assert house.asked == 0


@needs_openssl
def test_an_authority_that_is_not_there_is_said_to_be_silent(house: House) -> None:
    authority = TimestampAuthority(url="https://127.0.0.1:1/", roots=house.roots, wait=1.0)
    with pytest.raises(Refused, match="did not answer"):
        stamp(b"signature", authority, tls=house.tls)


def _slow(house: House, door: BaseHTTPRequestHandler, query: bytes) -> None:
    time.sleep(1.0)


def _redirects(house: House, door: BaseHTTPRequestHandler, query: bytes) -> None:
    door.send_response(302)
    door.send_header("Location", house.url + "elsewhere")
    door.send_header("Content-Length", "0")
    door.end_headers()


def _breaks_off(house: House, door: BaseHTTPRequestHandler, query: bytes) -> None:
    door.send_response(200)
    door.send_header("Content-Type", "application/timestamp-reply")
    door.send_header("Content-Length", "5000")
    door.end_headers()
    door.wfile.write(b"\x30")


def _talks_nonsense(house: House, door: BaseHTTPRequestHandler, query: bytes) -> None:
    door.wfile.write(b"what?\r\n\r\n")


def _page(house: House, door: BaseHTTPRequestHandler, query: bytes) -> None:
    house.says(door, house.stamped(query), kind="text/html")


def _error(house: House, door: BaseHTTPRequestHandler, query: bytes) -> None:
    house.says(door, house.stamped(query), code=500)


def _flood(house: House, door: BaseHTTPRequestHandler, query: bytes) -> None:
    house.says(door, bytes(LARGEST_ANSWER + 1))


def _older_answer(house: House, door: BaseHTTPRequestHandler, query: bytes) -> None:
    house.says(door, house.stamped(ask(b"signature").as_bytes()))


def _other_bytes(house: House, door: BaseHTTPRequestHandler, query: bytes) -> None:
    house.says(door, house.stamped(ask(b"something else").as_bytes()))


def _refuses(house: House, door: BaseHTTPRequestHandler, query: bytes) -> None:
    answer = house.stamped(b"not a query")
    assert decode_timestamp_response(answer).status == 2  # rejection
    house.says(door, answer)


@needs_openssl
@pytest.mark.parametrize(
    ("mood", "sentence"),
    [
        (_slow, "did not answer"),
        (_breaks_off, "no time-stamp of these bytes"),
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
    mood: Callable[[House, BaseHTTPRequestHandler, bytes], None], sentence: str, house: House
) -> None:
    house.mood = lambda door, query: mood(house, door, query)
    authority = TimestampAuthority(url=house.url, roots=house.roots, wait=0.5 if mood is _slow else 5.0)
    with pytest.raises(Refused, match=sentence):
        stamp(b"signature", authority, tls=house.tls)
    assert house.asked == 1

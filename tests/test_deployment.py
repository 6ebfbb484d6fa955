"""The examples under docs/deploy are what running.md says: their syntax holds, and a real desk stands behind.

Where systemd or nginx is not on this machine, their part is skipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.ports import free_port

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs" / "deploy"
SYSTEMD, NGINX = shutil.which("systemd-analyze"), shutil.which("nginx")
EXPOSED = 25  # tenths, of systemd's own measure from 0 (nothing) to 100 (everything); a bare unit has 96
HOST = "desk.example.org"


# ---- systemd ---------------------------------------------------------------------------------------------


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The example, with a program that is on this machine."""
    path = tmp_path / "habeas.service"
    path.write_text(
        (DEPLOY / "habeas.service").read_text("utf-8").replace("/opt/habeas/bin/habeas", "/bin/true")
    )
    return path


@pytest.mark.skipif(SYSTEMD is None, reason="systemd is not on this machine")
def test_the_unit_is_one_that_systemd_understands(unit: Path) -> None:
    done = subprocess.run([str(SYSTEMD), "verify", str(unit)], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.skipif(SYSTEMD is None, reason="systemd is not on this machine")
def test_the_unit_gives_the_desk_little_of_the_machine(unit: Path) -> None:
    words = [str(SYSTEMD), "security", "--offline=true", f"--threshold={EXPOSED}", "--no-pager", str(unit)]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-400:] + done.stderr


def test_the_unit_names_whom_the_desk_may_reach_and_nothing_else_is_open() -> None:
    said = [
        tuple(line.split("=", 1))
        for line in (DEPLOY / "habeas.service").read_text("utf-8").splitlines()
        if "=" in line and not line.startswith("#")
    ]
    assert [value for name, value in said if name.startswith("IPAddress")] == ["any", "localhost"]
    assert [value for name, value in said if name == "ProtectSystem"] == ["strict"]
    assert not [name for name, _value in said if name in ("ReadWritePaths", "BindPaths", "Environment")]


# ---- what answers over TLS -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the example's name and 127.0.0.1; the key lies beside it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    names = [x509.DNSName(HOST), x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "chain.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "chain.pem"


@contextmanager
def _running(words: list[str], answers: Callable[[], bool], log: Path) -> Iterator[None]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with log.open("wb") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out, env=environment, cwd=ROOT)
    try:
        for _ in range(1200):
            assert process.poll() is None, log.read_text()
            if answers():
                break
            time.sleep(0.1)
        else:
            pytest.fail(log.read_text())
        yield
    finally:
        process.terminate()
        process.wait()


def _opens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _desk(folder: Path, *words: str) -> list[str]:
    """A desk of its own in a folder."""
    found = ["house", "found", "-o", "our-house", "--by", "admin", "--seat", "CHE:provider"]
    program, home = [sys.executable, "-m", "habeas"], ["--home", str(folder / "home")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run(
        [*program, *found, "--zone", "Europe/Zurich", *home], check=True, env=environment, cwd=ROOT
    )
    return [*program, "serve", *home, "--host", HOST, "--no-worker", "--processes", "1", *words]


class Front:
    """Where it answers over TLS, and over plain HTTP (0 where it does not)."""

    def __init__(self, port: int, plain: int, certificate: Path, log: Path) -> None:
        self.port, self.plain, self.certificate, self.log = port, plain, certificate, log

    def speaking(self, version: ssl.TLSVersion, ciphers: str) -> tuple[str, str]:
        """Version and cipher that both agreed on. Raises SSLError."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.minimum_version = context.maximum_version = version
        context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=20) as line,
            context.wrap_socket(line, server_hostname="localhost") as found,
        ):
            cipher = found.cipher()
            assert cipher is not None
            return str(found.version()), cipher[0]

    def said(self, words: bytes) -> bytes:
        """What comes back when these very bytes are sent, until the line is closed or silent for long."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.set_alpn_protocols(["http/1.1"])
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=8) as line,
            context.wrap_socket(line, server_hostname="localhost") as found,
        ):
            found.sendall(words)
            got = b""
            with suppress(TimeoutError, OSError):
                while piece := found.recv(65536):
                    got += piece
            return got

    def get(self, path: str, *headers: str) -> bytes:
        head = "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {HOST}", *headers, "Connection: close"])
        return self.said(f"{head}\r\n\r\n".encode())


@pytest.fixture(scope="module")
def alone(certificate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """A desk that shows its own certificate."""
    folder, port = tmp_path_factory.mktemp("alone"), free_port()
    words = _desk(folder, "--bind", f"127.0.0.1:{port}", "--certificate", str(certificate))
    words += ["--key", str(certificate.with_name("key.pem"))]
    with _running(words, lambda: _opens(port), folder / "log"):
        yield Front(port, 0, certificate, folder / "log")


@pytest.fixture(scope="module")
def behind(certificate: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The same behind nginx, set up as the example says."""
    if NGINX is None:
        pytest.skip("nginx is not on this machine")
    folder, port, plain = tmp_path_factory.mktemp("behind"), free_port(), free_port()
    desk = folder / "desk.sock"
    (folder / "nginx.conf").write_text(_nginx(folder, desk, port, plain, certificate))
    front = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    with (
        _running(_desk(folder, "--bind", f"unix:{desk}"), desk.exists, folder / "log"),
        _running([*front, "-g", "daemon off;"], lambda: _opens(port), folder / "nginx.log"),
    ):
        yield Front(port, plain, certificate, folder / "log")


def _nginx(folder: Path, desk: Path, port: int, plain: int, certificate: Path) -> str:
    """The example, with places and ports of this test."""
    said = (DEPLOY / "nginx.conf").read_text("utf-8")
    for old, new in (
        ("/run/habeas/desk.sock", str(desk)),
        ("/etc/ssl/desk/chain.pem", str(certificate)),
        ("/etc/ssl/desk/key.pem", str(certificate.with_name("key.pem"))),
        ("/var/log/nginx/desk.log", str(folder / "error.log")),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("listen [::]:80;", ""),
        ("listen [::]:443 ssl http2;", ""),
    ):
        assert old in said, old
        said = said.replace(old, new)
    passing = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    return f"{user}pid {folder / 'pid'};\nevents {{}}\nhttp {{\n{passing}{said}\n}}\n"


@pytest.fixture(scope="module", params=["alone", "behind"])
def front(request: pytest.FixtureRequest) -> Front:
    found: Front = request.getfixturevalue(request.param)
    return found


def test_only_tls_1_2_and_1_3_are_spoken(front: Front) -> None:
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.warns(DeprecationWarning, match="deprecated"), pytest.raises((ssl.SSLError, OSError)):
            front.speaking(version, "ALL")
    assert front.speaking(ssl.TLSVersion.TLSv1_2, "DEFAULT")[0] == "TLSv1.2"
    assert front.speaking(ssl.TLSVersion.TLSv1_3, "DEFAULT")[0] == "TLSv1.3"


def test_no_cipher_without_forward_secrecy_or_authentication_is_taken(front: Front) -> None:
    for weak in ("AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "NULL"):
        with pytest.raises((ssl.SSLError, OSError)):
            front.speaking(ssl.TLSVersion.TLSv1_2, weak)
    assert front.speaking(ssl.TLSVersion.TLSv1_2, "ECDHE+AESGCM")[1].startswith("ECDHE-ECDSA-AES")


def test_a_page_comes_with_its_headers(front: Front) -> None:
    page = front.get("/sign-in/")
    assert page.startswith(b"HTTP/1.1 200"), page[:300]
    assert re.search(rb"(?i)strict-transport-security: max-age=63072000", page)
    assert b"__Host-habeas-form=" in page


# Where one message ends and the next begins must be beyond doubt (RFC 9112, 6.3 and 11.2).
_HEAD = f"POST /you/en/ HTTP/1.1\r\nHost: {HOST}\r\n".encode()
_NEXT = f"GET /smuggled/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
DOUBTFUL = {
    "a length and pieces": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + _NEXT,
    "two lengths": b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + _NEXT,
    "pieces of another kind": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + _NEXT,
    "pieces twice": b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + _NEXT,
    "a space before the colon": b"Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n" + _NEXT,
    "a length with a sign": b"Content-Length: +5\r\n\r\nabcde" + _NEXT,
    "a piece whose length is none": b"Transfer-Encoding: chunked\r\n\r\nx\r\nab\r\n0\r\n\r\n" + _NEXT,
}


@pytest.mark.parametrize("what", DOUBTFUL)
def test_a_message_whose_end_is_in_doubt_is_refused_and_nothing_after_it_is_read(
    what: str, front: Front
) -> None:
    said = front.said(_HEAD + DOUBTFUL[what])
    statuses = re.findall(rb"HTTP/1\.1 (\d{3})", said)
    assert not {*statuses} & {b"200", b"404"}, said  # 404 would be the answer to what was smuggled in
    assert not statuses or statuses[-1] in (b"400", b"501"), said


def test_what_a_visitor_says_of_themselves_is_replaced_in_front(behind: Front) -> None:
    """Ten wrong attempts from one address are the last, whatever each said of where it came from."""
    ended = []
    for number in range(13):
        page = behind.get("/you/en/", f"X-Forwarded-For: 203.0.113.{number}", "X-Forwarded-Proto: http")
        assert page.startswith(b"HTTP/1.1 200"), (
            "the scheme it says is not believed: it would be led to https"
        )
        cookie = re.search(rb"__Host-habeas-form=([^;]+)", page)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert cookie
        assert token
        body = b"csrfmiddlewaretoken=" + token[1] + b"&house=our-house&code=AAAA&words=x"
        head = (
            _HEAD
            + f"X-Forwarded-For: 203.0.113.{number}\r\nOrigin: https://{HOST}\r\n".encode()
            + b"Cookie: __Host-habeas-form="
            + cookie[1]
            + b"\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        )
        ended.append(b"Too many attempts" in behind.said(head + body))
    assert ended == [False] * 10 + [True] * 3


def test_plain_http_leads_to_https_and_shows_nothing(behind: Front) -> None:
    with socket.create_connection(("127.0.0.1", behind.plain), timeout=8) as line:
        line.sendall(f"GET /sign-in/ HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 308")
    assert f"Location: https://{HOST}/sign-in/".encode() in answer


def test_what_the_process_says_is_lines_for_a_program(alone: Front) -> None:
    lines = [json.loads(each) for each in alone.log.read_text("utf-8").splitlines()]
    assert {"at", "level", "by"} <= set.intersection(*(set(each) for each in lines))
    assert [each for each in lines if "Listening at" in each.get("said", "")]

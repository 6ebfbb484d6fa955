"""Messages to colleagues: into a folder, or to a real mail server over TLS, and to no other."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import socketserver
import ssl
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from habeas.errors import Refused
from habeas.gateways import mail
from habeas.gateways.mail import Answer, Folder, Message, Server

AT = datetime(2026, 11, 23, 9, 30, 15, tzinfo=UTC)
MESSAGE = Message(
    to="reviewer@house.example",
    subject="A case waits for you: 2026-ABCD-EFGH",
    text="A time limit comes near in case 2026-ABCD-EFGH.\n",
    at=AT,
)


def parsed(data: bytes) -> EmailMessage:
    found = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def words_of(data: bytes) -> str:
    return str(parsed(data).get_content()).replace("\r\n", "\n")


# ---- into a folder ----


def test_a_message_in_the_folder_can_be_read_by_any_mail_program(tmp_path: Path) -> None:
    Folder(tmp_path / "mail")(MESSAGE)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    found = parsed(file.read_bytes())
    assert found["To"] == MESSAGE.to
    assert found["Subject"] == MESSAGE.subject
    assert words_of(file.read_bytes()) == MESSAGE.text
    assert parsedate_to_datetime(str(found["Date"])) == AT
    assert found["Auto-Submitted"] == "auto-generated", "no out-of-office note answers it (RFC 3834)"


def test_nobody_else_on_the_machine_reads_the_folder(tmp_path: Path) -> None:
    Folder(tmp_path / "mail")(MESSAGE)
    (file,) = (tmp_path / "mail").iterdir()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_messages_of_one_second_stand_beside_each_other_in_their_order(tmp_path: Path) -> None:
    texts = [f"number {number}\n" for number in range(12)]
    for text in texts:
        Folder(tmp_path)(Message(to=MESSAGE.to, subject=MESSAGE.subject, text=text, at=AT))
    found = [words_of(file.read_bytes()) for file in sorted(tmp_path.iterdir())]
    assert found == texts


def test_a_folder_that_is_full_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MOST", 2)
    for _ in range(2):
        Folder(tmp_path)(MESSAGE)
    with pytest.raises(Refused):
        Folder(tmp_path)(MESSAGE)
    assert len(list(tmp_path.iterdir())) == 2


def test_other_scripts_come_through(tmp_path: Path) -> None:
    said = Message(to=MESSAGE.to, subject="Дело ждёт: ∎", text="Ein Fall wartet: größer ß\n案件\n", at=AT)
    Folder(tmp_path)(said)
    (file,) = tmp_path.iterdir()
    found = parsed(file.read_bytes())
    assert (found["Subject"], words_of(file.read_bytes())) == (said.subject, said.text)
    assert file.read_bytes().isascii(), "a server that knows only ASCII takes it too"


@pytest.mark.parametrize("field", ["to", "subject"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_no_second_header_gets_in_by_a_line_end(tmp_path: Path, field: str, line_end: str) -> None:
    """Our own mistake, so it crashes: references and addresses of colleagues have no line ends."""
    words = {"to": MESSAGE.to, "subject": MESSAGE.subject}
    words[field] += f"{line_end}Bcc: somebody@elsewhere.example"
    with pytest.raises(ValueError):
        Folder(tmp_path)(Message(**words, text="", at=AT))
    assert list(tmp_path.iterdir()) == []


# ---- to a server ----


class Taken:
    """What a mail server was told before and after TLS."""

    def __init__(self) -> None:
        self.plain: list[str] = []
        self.sealed: list[str] = []
        self.messages: list[bytes] = []


class _Session(socketserver.StreamRequestHandler):
    """As much of a mail server as a message needs (RFC 5321, STARTTLS of RFC 3207)."""

    server: _Mailbox
    timeout = 10

    def handle(self) -> None:
        said, secure = self.server.taken.plain, False
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            said.append(line)
            match line.split()[0].upper():
                case "EHLO":
                    offers = ["AUTH PLAIN"] if secure else ["STARTTLS"] if self.server.tls else []
                    lines = ["mail.example", *offers, "8BITMIME"]
                    for each in lines[:-1]:
                        self._say(f"250-{each}")
                    self._say(f"250 {lines[-1]}")
                case "STARTTLS" if self.server.tls is not None:
                    self._say("220 go on")
                    try:
                        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
                    except (ssl.SSLError, OSError):
                        return  # they did not trust us
                    self.rfile = self.connection.makefile("rb")  # type: ignore[assignment]
                    self.wfile = self.connection.makefile("wb", buffering=0)  # type: ignore[assignment]
                    said, secure = self.server.taken.sealed, True
                case "RCPT" if self.server.refuses:
                    self._say("550 nobody of that name")
                case "DATA":
                    self._say("354 go on")
                    lines_of_it = []
                    while (one := self.rfile.readline()) not in (b".\r\n", b""):
                        lines_of_it.append(one)
                    self.server.taken.messages.append(b"".join(lines_of_it))
                    self._say("250 taken")
                case "AUTH":
                    self._say("235 welcome")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 well")

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self.connection.close()

    def _say(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(f"{line}\r\n".encode())


class _Mailbox(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None, *, refuses: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.tls = tls
        self.refuses = refuses
        self.taken = Taken()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextlib.contextmanager
def running(tls: ssl.SSLContext | None, *, refuses: bool = False) -> Iterator[_Mailbox]:
    with _Mailbox(tls, refuses=refuses) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its own authority, for 127.0.0.1; the key lies beside it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the certificate (the variable is OpenSSL's own)."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def server(port: int, user: str = "", password: str = "") -> Server:
    return Server("127.0.0.1", port, "desk@house.example", user, password)


@pytest.mark.usefixtures("trusted")
def test_a_message_reaches_the_server_over_tls(tls: ssl.SSLContext) -> None:
    with running(tls) as box:
        server(box.port)(MESSAGE)
    (data,) = box.taken.messages
    found = parsed(data)
    assert (found["From"], found["To"]) == ("desk@house.example", MESSAGE.to)
    assert found["Subject"] == MESSAGE.subject
    assert [line.split()[0].upper() for line in box.taken.plain] == ["EHLO", "STARTTLS"]
    assert not any("AUTH" in line for line in box.taken.sealed)


@pytest.mark.usefixtures("trusted")
def test_the_account_is_named_only_over_tls(tls: ssl.SSLContext) -> None:
    with running(tls) as box:
        server(box.port, "desk", "a secret")(MESSAGE)
    assert len(box.taken.messages) == 1
    assert any(line.startswith("AUTH") for line in box.taken.sealed)
    assert not any(line.startswith("AUTH") for line in box.taken.plain)


def test_a_server_nobody_vouches_for_gets_nothing(tls: ssl.SSLContext) -> None:
    with running(tls) as box, pytest.raises(Refused) as refused:
        server(box.port, "desk", "a secret")(MESSAGE)
    assert refused.value.place == f"127.0.0.1:{box.port}"
    assert box.taken.messages == box.taken.sealed == []


@pytest.mark.usefixtures("trusted")
def test_a_server_of_another_name_gets_nothing(tls: ssl.SSLContext) -> None:
    with running(tls) as box, pytest.raises(Refused):
        Server("localhost", box.port, "desk@house.example")(MESSAGE)
    assert box.taken.messages == []


def test_a_server_without_tls_gets_nothing() -> None:
    with running(None) as box, pytest.raises(Refused):
        server(box.port, "desk", "a secret")(MESSAGE)
    assert box.taken.messages == []
    assert not any("AUTH" in line or "MAIL" in line for line in box.taken.plain)


@pytest.mark.usefixtures("trusted")
def test_a_server_that_takes_no_message_is_said(tls: ssl.SSLContext) -> None:
    with running(tls, refuses=True) as box, pytest.raises(Refused) as refused:
        server(box.port)(MESSAGE)
    assert MESSAGE.to not in str(refused.value), "a colleague's address is in no error"


def test_a_closed_port_is_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Refused) as refused:
        server(port)(MESSAGE)
    assert refused.value.sentence == "the mail server did not take a message: ConnectionRefusedError"


def test_a_password_is_in_no_words_about_the_server() -> None:
    assert "a secret" not in repr(server(25, "desk", "a secret"))


# ---- answers to what came in ----

ANSWER = Answer(
    to="clerk@court.example",
    of="<one@court.example>",
    subject="It arrived: a signed promise",
    text="What you sent arrived.\n",
    at=AT,
    file="promise.txt",
    data="habeas/promise/v1\n\n\u2014 a signature\n".encode(),
)


def test_an_answer_names_the_mail_it_answers_and_its_file_comes_through_byte_for_byte() -> None:
    found = parsed(ANSWER.written("desk@house.example"))
    assert (found["To"], found["From"]) == (ANSWER.to, "desk@house.example")
    assert found["In-Reply-To"] == found["References"] == ANSWER.of
    assert found["Auto-Submitted"] == "auto-replied"
    (file,) = found.iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == (ANSWER.file, ANSWER.data)


@pytest.mark.usefixtures("trusted")
def test_an_answer_comes_from_nobody_so_that_no_machine_answers_it(tls: ssl.SSLContext) -> None:
    with running(tls) as box:
        server(box.port).carry(ANSWER.written("desk@house.example"))
    assert "mail FROM:<>" in box.taken.sealed
    assert f"rcpt TO:<{ANSWER.to}>" in box.taken.sealed
    (taken,) = box.taken.messages
    (file,) = parsed(taken).iter_attachments()
    assert file.get_payload(decode=True) == ANSWER.data
    with running(tls) as box:
        server(box.port)(MESSAGE)
    assert "mail FROM:<desk@house.example>" in box.taken.sealed

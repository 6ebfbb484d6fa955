"""An authority of time-stamps on this machine: openssl stamps, a small server answers over TLS.

It is as real as one outside: its own root, a certificate for stamping and one for the server, and answers
that `openssl ts -reply` makes (RFC 3161). Nothing of it reaches the network.
"""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

from habeas.desk.stamping import Stamping

needs_openssl = pytest.mark.skipif(
    not shutil.which("openssl"), reason="no openssl here; apt-get install openssl"
)


def pem(certificates: list[x509.Certificate]) -> str:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates).decode()


def certificate(
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


class Stamps:
    """A real authority on this machine: openssl stamps, a TLS server answers. `mood` says how."""

    def __init__(self, where: Path) -> None:
        self.where = where
        root = certificate("root of the test")
        signer, signer_key = certificate(
            "signer", root, (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
        )
        web, web_key = certificate(
            "web", root, (x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        )
        self.roots = pem([root[0]])
        (where / "roots.pem").write_text(self.roots, encoding="ascii")
        for name, given, key in (("signer", signer, signer_key), ("web", web, web_key)):
            (where / f"{name}.pem").write_text(pem([given]), encoding="ascii")
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
        self.seen: list[bytes] = []
        stamps = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                stamps.asked += 1
                assert self.headers["Content-Type"] == "application/timestamp-query"
                query = self.rfile.read(int(self.headers["Content-Length"]))
                stamps.seen.append(query)
                stamps.mood(self, query)

            def do_GET(self) -> None:
                stamps.asked += 1

            def log_message(self, *_: object) -> None:
                pass

        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(where / "web.pem", where / "web.key")
        self.server = HTTPServer(("127.0.0.1", 0), Door)
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server.server_port}/"

    @property
    def authority(self) -> Stamping:
        return Stamping(url=self.url, roots=self.roots, wait=5)

    @property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.roots)

    def believed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """From here on its server is one that this machine trusts, as an operator's own root can be."""
        monkeypatch.setenv("SSL_CERT_FILE", str(self.where / "roots.pem"))

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

    def fails(self, door: BaseHTTPRequestHandler, query: bytes) -> None:
        self.says(door, b"", code=503)

    @classmethod
    @contextmanager
    def running(cls, where: Path) -> Iterator[Stamps]:
        """The authority, answering until the block ends."""
        stamps = cls(where)
        thread = threading.Thread(target=stamps.server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield stamps
        finally:
            stamps.server.shutdown()
            thread.join()
            stamps.server.server_close()

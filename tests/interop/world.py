"""A log in memory, made by the letter of RFC 6962 and slowly, and a witness that really runs.

Roots and proofs come from the recursive definitions here, so that what is tested is not tested with itself.
"""

from __future__ import annotations

import copy
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Algorithm, Key, Note, Signer
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PYTHON_SOURCE = ROOT / "interop" / "python"
ORIGIN = "log.example.org/house"
WITNESS = "witness.example.org"
AT = 1_800_000_000  # POSIX seconds


def made_signer(name: str = ORIGIN, number: int = 1, algorithm: Algorithm = Algorithm.ED25519) -> Signer:
    """The same key each time; another number, another key."""
    return Signer.from_seed(name, sha256(f"{name} {number}".encode()).digest(), algorithm)


def entries(count: int, word: str = "entry", first: int = 0) -> list[bytes]:
    """What stands in a log."""
    return [f"{word} {index}".encode() for index in range(first, first + count)]


def root(held: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if not held:
        return sha256(b"").digest()
    if len(held) == 1:
        return sha256(b"\x00" + held[0]).digest()
    half = _half(len(held))
    return sha256(b"\x01" + root(held[:half]) + root(held[half:])).digest()


def proof(held: Sequence[bytes], old: int) -> tuple[bytes, ...]:
    """PROOF of RFC 6962, 2.1.2, from the first `old` entries; none where there is nothing to prove."""
    return _subproof(old, held, True) if 0 < old < len(held) else ()


def _subproof(old: int, held: Sequence[bytes], whole: bool) -> tuple[bytes, ...]:
    if old == len(held):
        return () if whole else (root(held),)
    half = _half(len(held))
    if old <= half:
        return (*_subproof(old, held[:half], whole), root(held[half:]))
    return (*_subproof(old - half, held[half:], False), root(held[:half]))


def _half(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def signed(held: Sequence[bytes], *by: Signer, origin: str = ORIGIN) -> bytes:
    """The log's checkpoint over these entries."""
    return signed_root(len(held), root(held), *by, origin=origin)


def signed_root(size: int, over: bytes, *by: Signer, origin: str = ORIGIN) -> bytes:
    """A checkpoint that says whatever it is told."""
    text = Checkpoint(origin=origin, size=size, root=over).text
    return Note(text=text, signatures=tuple(each.sign(text) for each in by or (made_signer(),))).encoded()


def prover(held: Sequence[bytes]) -> Callable[[int], tuple[bytes, ...]]:
    """What a log hands to those who ask for a proof."""
    return lambda old: proof(held, old)


def said(words: Sequence[str | Path]) -> tuple[bool, str]:
    """What a program prints, and whether it ended well; it must end by itself and without a crash."""
    done = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout.startswith("refused: ") is (done.returncode == 1), done.stdout + done.stderr
    return done.returncode == 0, done.stdout


# ---- a witness that runs -----------------------------------------------------------------------------------


def habeas(*words: object, code: int = 0) -> str:
    """What `habeas ...` prints, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "habeas", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stdout + done.stderr


class Running:
    """A witness in a folder of its own. keys: those it prints."""

    def __init__(self, folder: Path, logs: Sequence[Key | str], name: str = WITNESS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.port = folder, free_port()
        self.key_file, self.state, self.logs = folder / "key", folder / "state", folder / "logs"
        printed = habeas("witness", "new", name, "--key", self.key_file, "--state", self.state)
        self.keys = [Key.parse(line) for line in printed.split()]
        self.logs.write_text("".join(f"{each}\n" for each in logs), encoding="utf-8")
        self.process: subprocess.Popen[bytes] | None = None

    def twin(self) -> Running:
        """Another server over the same folder, by mistake."""
        other = copy.copy(self)
        other.port, other.process = free_port(), None
        return other

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def told(self) -> str:
        return (self.folder / "told").read_text("utf-8")

    def start(self) -> None:
        words = ["witness", "serve", "--key", self.key_file, "--state", self.state, "--logs", self.logs]
        with (self.folder / "told").open("ab") as told:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "habeas", *map(str, words), "--port", str(self.port)],
                env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
                stderr=told,
                start_new_session=True,
            )
        for _ in range(1200):
            try:
                with urllib.request.urlopen(self.url, timeout=5):
                    return
            except urllib.error.HTTPError as error:
                error.close()
                return
            except OSError:
                assert self.process.poll() is None, self.told
                time.sleep(0.05)
        raise AssertionError("the witness did not answer within a minute")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and what it started."""
        if self.process is not None:
            if how == signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
            self.process.wait(timeout=60)
            self.process = None


@contextmanager
def running(folder: Path, *logs: Key | str) -> Iterator[Running]:
    """A witness that watches these logs, for as long as the block lasts."""
    witness = Running(folder, logs or [made_signer().key])
    witness.start()
    try:
        yield witness
    finally:
        witness.stop()


# ---- a witness that says what it is told -------------------------------------------------------------------

Said = tuple[int, str, bytes]  # status, media type, body; of a redirect, where to


@contextmanager
def saying(*answers: Said | Callable[[bytes], Said]) -> Iterator[tuple[str, list[bytes]]]:
    """A web server that gives these answers in turn, the last one for ever; its address, and what it got."""
    sent: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            answer = answers[min(len(sent), len(answers)) - 1]
            status, media, body = answer(sent[-1]) if callable(answer) else answer
            self.send_response(status)
            if status in (301, 302, 307, 308):
                self.send_header("Location", body.decode())
                body = b""
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sent
    finally:
        server.shutdown()
        server.server_close()

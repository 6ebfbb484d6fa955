"""Outside witnesses: who is asked over HTTP to cosign our log's checkpoints (C2SP tlog-witness).

This is the log's side. A witness that knows less than our checkpoint is given the proof from where it stands;
one that knows more, or less than it once cosigned for us, is not believed. What comes back counts only if it
is this witness's signature over this very checkpoint, made just now. Nothing else is taken from the answer,
and whom we were not told to ask is not asked: redirects are not followed. Every failure is a Refused that
names the witness, so that others can be asked.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from threading import Timer
from urllib.parse import urlsplit

from habeas.errors import Refused
from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Key, Note, Signature
from habeas.tlog.witness import ADD_CHECKPOINT, COSIGNING, SIZE_MEDIA, size_in, submission

WAIT = 10.0  # seconds; a witness signs in milliseconds
LARGEST_ANSWER = 64 << 10  # bytes; more than ten signatures of any kind
ROUNDS = 3  # a witness may learn of another checkpoint between two of our questions, but not for ever
MOST_APART = 300  # seconds between our clock and the witness's; more is a broken clock or an old answer


class HttpWitness:
    """A witness that is reached over HTTP; a `tlog.log.Witness`. One thread at a time.

    key: for the signatures it makes, from its operator. url: its submission prefix; https, unless it is on
    this machine. timeout: seconds to connect, and for each of at most three questions. tls: for a house with
    roots of its own.
    """

    def __init__(
        self,
        key: Key,
        url: str,
        timeout: float = WAIT,
        *,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        parts = urlsplit(url)
        if key.algorithm not in COSIGNING:
            raise Refused("this is no key for cosignatures", place=str(key))
        if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
            raise Refused("this is no address of a witness", place=url, hint="https://witness.example.org")
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
            raise Refused("a witness is asked over https only", place=url)
        self.key = key
        self.url = url
        self.timeout = timeout
        self._parts = parts
        self._tls = tls
        self._now = now
        self._known: dict[str, int] = {}  # by origin: entries of the last checkpoint it cosigned for us

    def cosign(self, checkpoint: bytes, prove: Callable[[int], tuple[bytes, ...]]) -> Signature:
        """The witness's signature over this checkpoint. prove: gives the proof from the size it is asked for.

        Raises Refused, which names the witness, where it does not answer or does not agree.
        """
        try:
            with self._connected() as connection:
                return self._agreed(connection, checkpoint, prove)
        except Refused as refused:
            raise refused.at(f"witness {self.key.name}") from refused
        except (
            OSError,
            HTTPException,
            ValueError,
        ) as error:  # no route, no trust, too late, broken off
            raise Refused(
                "the witness did not answer",
                place=f"witness {self.key.name}",
                hint=f"try later: {type(error).__name__}",
            ) from error

    def _agreed(
        self, connection: HTTPConnection, checkpoint: bytes, prove: Callable[[int], tuple[bytes, ...]]
    ) -> Signature:
        asked = Checkpoint.parse(Note.parse(checkpoint).text)
        origin, size = asked.origin, asked.size
        cosigned = self._known.get(origin, 0)
        old = cosigned if cosigned <= size else 0
        for _ in range(ROUNDS):
            proof = prove(old) if 0 < old < size else ()
            status, media, body = self._posted(connection, submission(old, proof, checkpoint))
            if status == 200:
                signature = self._ours(checkpoint, body)
                self._known[origin] = size
                return signature
            if status != 409:
                raise Refused(f"the witness answered with {status}", hint=_said(body))
            if media != SIZE_MEDIA:
                raise Refused("the witness did not say which size it knows")
            told = size_in(body)
            if told > size:
                raise Refused(
                    f"the witness has seen {told} entries of this log, and the checkpoint has {size}",
                    hint="the log went back, or its key is used elsewhere; publish nothing until it is clear",
                )
            if told < cosigned:
                raise Refused(
                    f"the witness cosigned {cosigned} entries and now knows of {told}",
                    hint="it lost what it had seen; ask its operator before it is counted again",
                )
            if told == old:
                raise Refused("the witness contradicts itself about the size it knows")
            old = told
        raise Refused("the witness named another size each time")

    def _ours(self, checkpoint: bytes, lines: bytes) -> Signature:
        """The witness's signature among these lines, verified; those of unknown keys are passed over."""
        body, _, _ = checkpoint.rpartition(b"\n\n")
        found = Note.parse(body + b"\n\n" + lines)
        verified = found.verified([self.key])
        if not verified:
            raise Refused("the witness's answer holds no signature of its key")
        if any(abs((each.at or 0) - self._now()) > MOST_APART for each in verified):
            raise Refused(
                "the witness's signature is not of now", hint="compare its clock with this machine's"
            )
        return next(each for each in found.signatures if (each.name, each.id) == (self.key.name, self.key.id))

    def _posted(self, connection: HTTPConnection, body: bytes) -> tuple[int, str, bytes]:
        """Status, media type and body of the answer. The connection stays open for the next question."""
        path = self._parts.path.rstrip("/") + ADD_CHECKPOINT
        if connection.sock is None:  # at first, or because the witness keeps none open
            connection.connect()
        with _cut(connection.sock, self.timeout):
            connection.request("POST", path, body=body, headers={"Content-Type": "text/plain; charset=utf-8"})
            reply = connection.getresponse()
            data = reply.read(LARGEST_ANSWER + 1)
        if len(data) > LARGEST_ANSWER:
            raise Refused("the witness's answer is too long")
        return reply.status, reply.headers.get_content_type(), data

    def _connected(self) -> closing[HTTPConnection]:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return closing(HTTPConnection(host, port, timeout=self.timeout))
        tls = self._tls or ssl.create_default_context()
        return closing(HTTPSConnection(host, port, timeout=self.timeout, context=tls))


@contextmanager
def _cut(opened: socket.socket, seconds: float) -> Iterator[None]:
    """Cut the connection when the time is over: a timeout of the socket never ends where bytes trickle in."""

    def cut() -> None:
        with suppress(OSError):
            socket.socket.shutdown(opened, socket.SHUT_RDWR)  # beneath TLS: nothing is said any more

    watch = Timer(seconds, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _said(body: bytes) -> str:
    """The beginning of what a witness says in words, harmless on a screen."""
    text = body[:200].decode("utf-8", "replace").strip()
    return "".join(each if each.isprintable() else " " for each in text)

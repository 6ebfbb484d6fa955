"""What a door that runs apart from the desk answers: a page with a form, and an address for machines.

`GET /` is the page, in six languages; `POST /` takes bytes, or the one file of the form, and answers with the
promise, as it is or on a page; `GET /count` is the door's word of the days that are over. What comes is
streamed to the disk and looked at by nobody; how much may come at once, and how fast, is limited here. There
are no cookies, and nothing is logged but that the disk failed.
"""

from __future__ import annotations

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from habeas.app.arrivals import Arrivals, Gone
from habeas.cli.answering import Application, StartResponse
from habeas.desk import promise
from habeas.reports import portal
from habeas.request.formats.text import MAX_FILE

MIB = 1 << 20
LONGEST = 300  # seconds that one upload may take
_PIECE = 1 << 16
_HEAD = 4096  # bytes of what a form says before its file
_BOUNDARY = re.compile(r'multipart/form-data;\s*boundary=("?)([0-9A-Za-z\'()+_,./:=?-]{1,70})\1\s*', re.I)
_STATUS = {
    200: "200 OK",
    201: "201 Created",
    400: "400 Bad Request",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    411: "411 Length Required",
    413: "413 Content Too Large",
    429: "429 Too Many Requests",
    503: "503 Service Unavailable",
}
_WRONG = {400: "broken", 411: "broken", 413: "long", 429: "busy", 503: "failed"}
_PLAIN = {
    400: "nothing arrived: it broke off, or is empty",
    404: "nothing is here",
    405: "GET or POST",
    411: "nothing arrived: say how long it is (Content-Length)",
    413: "nothing arrived: it is too long",
    429: "nothing arrived: too much comes in just now",
    503: "nothing arrived: this door cannot keep what it would count",
}


class _Answer(Exception):  # it answers early
    def __init__(self, status: int, wrong: str = "") -> None:
        self.status, self.wrong = status, wrong or _WRONG.get(status, "")


class Rate:
    """How many things a minute are taken: up to so many at once, then as they go by."""

    def __init__(self, a_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most, self._now = float(a_minute), now
        self._left, self._at = self._most, now()
        self._one_at_a_time = threading.Lock()

    def takes(self) -> bool:
        with self._one_at_a_time:
            now = self._now()
            self._left = min(self._most, self._left + (now - self._at) * self._most / 60)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


def application(
    arrivals: Arrivals,
    rate: Rate,
    now: Callable[[], datetime],
    *,
    largest: int = MAX_FILE,
) -> Application:
    """The WSGI side of a door. largest: bytes of one thing."""

    def got(environ: dict[str, Any]) -> tuple[int, str, bytes, str]:
        """Status, type, body and policy of what is answered."""
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "") or "/"
        language = path.removeprefix("/") or "en"
        if path == "/count" and method in ("GET", "HEAD"):
            arrivals.tell(now())
            return 200, "text/plain; charset=utf-8", arrivals.count(now()).word.encode(), "default-src 'none'"
        if language not in portal.LANGUAGES:
            raise _Answer(404)
        if method in ("GET", "HEAD"):
            arrivals.tell(now())
            return 200, *_page(language, None)
        if method != "POST":
            raise _Answer(405)
        form = _BOUNDARY.fullmatch(environ.get("CONTENT_TYPE", ""))
        try:
            note = _arrived(environ, form[2].encode() if form else b"")
        except _Answer as answer:
            if form is None:
                raise
            return answer.status, *_page(language, portal.Said(wrong=answer.wrong))
        if form is None:
            return 201, "text/plain; charset=utf-8", note, "default-src 'none'"
        given = promise.read(note, arrivals.key)
        said = portal.Said(
            promise=note.decode(), received=f"{given.received:%Y-%m-%d %H:%M:%S}", by=given.by.isoformat()
        )
        return 201, *_page(language, said)

    def _page(language: str, said: portal.Said | None) -> tuple[str, bytes, str]:
        text, policy = portal.page(language, arrivals.origin, largest // MIB, said)
        return "text/html; charset=utf-8", text.encode(), policy

    def _arrived(environ: dict[str, Any], boundary: bytes) -> bytes:
        stated = environ.get("CONTENT_LENGTH", "")
        if environ.get("HTTP_TRANSFER_ENCODING") or not (stated.isascii() and stated.isdecimal()):
            raise _Answer(411)
        length = int(stated)
        if length > largest + (_HEAD if boundary else 0):
            raise _Answer(413)
        if not rate.takes():
            raise _Answer(429)
        read = _patient(environ["wsgi.input"].read, time.monotonic() + LONGEST)
        try:
            pieces = _file_of(read, length, boundary, largest) if boundary else _exactly(read, length)
            return arrivals.arrive(_something(pieces), now())
        except Gone as gone:
            raise _Answer(400, "empty" if gone.place == "empty" else "broken") from None
        except OSError as error:
            environ["wsgi.errors"].write(f"this door cannot keep what arrives: {error.strerror}\n")
            raise _Answer(503) from None

    def answered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            status, kind, body, policy = got(environ)
        except _Answer as answer:
            status, kind, policy = answer.status, "text/plain; charset=utf-8", "default-src 'none'"
            body = f"{_PLAIN[status]}\n".encode()
        headers = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", policy),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
        ]
        if status == 429:
            headers.append(("Retry-After", "60"))
        if status == 405:
            headers.append(("Allow", "GET, HEAD, POST"))
        start_response(_STATUS[status], headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    return answered


# ---- what comes in -----------------------------------------------------------------------------------------

_Read = Callable[[int], bytes]


def _patient(read: _Read, until: float) -> _Read:
    """What is not there in time broke off: nobody holds a thread by sending a byte now and then."""

    def reading(most: int) -> bytes:
        if time.monotonic() > until:
            raise Gone("it took too long")
        try:
            return read(most)
        except OSError:
            raise Gone("it broke off") from None

    return reading


def _exactly(read: _Read, length: int) -> Iterator[bytes]:
    """So many bytes. Raises Gone where they break off."""
    while length:
        piece = read(min(length, _PIECE))
        if not piece:
            raise Gone("it broke off")
        length -= len(piece)
        yield piece


def _file_of(read: _Read, length: int, boundary: bytes, largest: int) -> Iterator[bytes]:
    """The bytes of the one file of a form (RFC 7578), without a look into them. Raises Gone for anything
    else than one file."""
    end = b"\r\n--" + boundary + b"--\r\n"
    begin = b"--" + boundary + b"\r\n"
    another = b"\r\n" + begin
    start = b"".join(_exactly(read, min(length, _HEAD)))
    head, between, first = start.partition(b"\r\n\r\n")
    left = length - len(start)
    if length - len(head) - 4 - len(end) > largest:
        raise _Answer(413)
    if not between or not head.startswith(begin) or b'name="file"' not in head:
        raise Gone("this is no form with one file")
    held = b""
    for piece in itertools.chain((first,), _exactly(read, left)):
        held += piece
        if another in held:
            raise Gone("the form holds more than one file")
        if len(held) > len(end):
            yield held[: -len(end)]
            held = held[-len(end) :]
    if held != end:
        raise Gone("the form broke off")


def _something(pieces: Iterable[bytes]) -> Iterator[bytes]:
    empty = True
    for piece in pieces:
        empty = empty and not piece
        yield piece
    if empty:
        raise Gone("nothing came", place="empty")

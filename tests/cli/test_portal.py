"""What a door answers: to honest senders, to hostile ones, and to those whose line breaks off."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from habeas.app.arrivals import Arrivals
from habeas.cli import portal
from habeas.cli.portal import MIB, Rate, application
from habeas.desk import promise, tally
from habeas.desk.events import Door
from tests.app.houses import Clock

ORIGIN = "desk.example.org/log"
BOUNDARY = "----a-boundary-of-a-browser"
LARGEST = 2 * MIB


class Wire(io.RawIOBase):
    """What a sender's line gives, at most so much at a time; it is counted how much was read of it."""

    def __init__(self, data: bytes, at_a_time: int = 1 << 20) -> None:
        self._data, self._at_a_time, self.read_of_it = data, at_a_time, 0

    def read(self, most: int = -1) -> bytes:
        most = min(most if most >= 0 else len(self._data), self._at_a_time)
        piece, self._data = self._data[:most], self._data[most:]
        self.read_of_it += len(piece)
        return piece


class Sender:
    """Sends to the application as a web server hands it over."""

    def __init__(self, arrivals: Arrivals, to: Path, clock: Clock, rate: Rate) -> None:
        self.arrivals, self.to, self.clock = arrivals, to, clock
        self.errors = io.StringIO()
        self.application = application(arrivals, rate, clock, largest=LARGEST)

    def __call__(
        self,
        method: str,
        path: str = "/",
        body: bytes | Wire = b"",
        kind: str = "application/json",
        length: int | str | None = None,
        **more: str,
    ) -> tuple[int, dict[str, str], bytes]:
        wire = body if isinstance(body, Wire) else Wire(body)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(wire._data) if length is None else length),
            "wsgi.input": wire,
            "wsgi.errors": self.errors,
            **more,
        }
        said: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            said.update(status=int(status.split()[0]), headers=dict(headers))

        answer = b"".join(self.application(environ, start))
        headers = said["headers"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in headers
        return said["status"], headers, answer

    def form(self, data: bytes, path: str = "/en", before: bytes = b"", after: bytes = b"") -> Any:
        body = form(data) if not (before or after) else before + form(data) + after
        return self("POST", path, body, f"multipart/form-data; boundary={BOUNDARY}")

    def handed(self) -> list[bytes]:
        files = sorted(each for each in self.to.iterdir() if not each.name.startswith("."))
        return [each.read_bytes() for each in files]

    def nothing_arrived(self) -> bool:
        left = [each.name for each in self.to.iterdir() if each.name != ".count"]
        return not len(self.arrivals) and not left


def form(data: bytes, name: str = "file") -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="a name.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sender(tmp_path: Path, clock: Clock) -> Iterator[Sender]:
    (tmp_path / "to").mkdir()
    Arrivals.made(tmp_path / "own", ORIGIN, Door.API)
    arrivals = Arrivals(tmp_path / "own", tmp_path / "to")
    yield Sender(arrivals, tmp_path / "to", clock, Rate(60, lambda: clock.at.timestamp()))
    arrivals.close()


@pytest.mark.parametrize("data", [b"{}", b"\x00\r\n\r\n--\xff", os.urandom(3 * portal._PIECE + 17)])
@pytest.mark.parametrize("at_a_time", [1 << 20, 4099])
def test_the_bytes_arrive_as_they_were_sent_and_the_promise_is_of_them(
    sender: Sender, data: bytes, at_a_time: int
) -> None:
    status, headers, answer = sender("POST", "/", Wire(data, at_a_time))
    assert (status, headers["Content-Type"]) == (201, "text/plain; charset=utf-8")
    given = promise.read(answer, sender.arrivals.key)
    assert given.sha256 == promise.sha256(data)
    wire = Wire(form(data), at_a_time)
    status, headers, page = sender("POST", "/fr", wire, f'multipart/form-data; boundary="{BOUNDARY}"')
    assert (status, headers["Content-Type"]) == (201, "text/html; charset=utf-8")
    assert b"<h1>C\xe2\x80\x99est arriv\xc3\xa9</h1>" in page
    assert promise.sha256(data).encode() in page
    assert sender.handed() == [data, data], "twice the same bytes: two arrivals"


def test_the_page_is_there_in_six_languages_and_nothing_else_is(sender: Sender) -> None:
    for path in ("/", "/en", "/ar", "/zh", "/fr", "/ru", "/es"):
        status, headers, page = sender("GET", path)
        assert status == 200
        assert b'enctype="multipart/form-data"' in page
        assert "form-action 'self'" in headers["Content-Security-Policy"]
        assert sender("HEAD", path) == (200, headers, b"")
    assert sender("GET", "/de")[0] == 404
    assert sender("POST", "/count", b"x")[0] == 404
    assert sender("GET", "/../door")[0] == 404
    assert sender("PUT", "/", b"x")[0] == 405
    assert sender.nothing_arrived()


def test_two_gigabytes_are_refused_before_a_byte_is_read(sender: Sender) -> None:
    for kind in ("application/json", f"multipart/form-data; boundary={BOUNDARY}"):
        wire = Wire(b"x" * 5000)
        assert sender("POST", "/", wire, kind, length=2 << 30)[0] == 413
        assert wire.read_of_it == 0
    assert sender("POST", "/", Wire(b"x"), length=10**30)[0] == 413
    assert sender.nothing_arrived()


def test_the_largest_is_taken_and_one_byte_more_is_not(sender: Sender) -> None:
    data = bytes(LARGEST)
    assert sender("POST", "/", data)[0] == 201
    assert sender.form(data)[0] == 201
    assert sender("POST", "/", data + b"x")[0] == 413
    assert sender.form(data + b"x")[0] == 413
    assert len(sender.arrivals) == 2


@pytest.mark.parametrize("length", ["", "-1", "nine", "1e9", "0x10", "٣"])
def test_what_does_not_say_how_long_it_is_is_not_taken(sender: Sender, length: str) -> None:
    status, _headers, _answer = sender("POST", "/", b"123", length=length)
    assert status in (411, 400)
    assert sender("POST", "/", b"123", HTTP_TRANSFER_ENCODING="chunked")[0] == 411
    assert sender.nothing_arrived()


def test_what_breaks_off_is_no_arrival(sender: Sender) -> None:
    whole = form(b"a request" * 1000)
    for cut in (1, 50, 200, 5000, len(whole) - 30, len(whole) - 1):
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        status, _headers, page = sender("POST", "/en", Wire(whole[:cut]), kind, length=len(whole))
        assert status == 400
        assert b"broke off" in page
    assert sender("POST", "/", Wire(b"half"), length=9)[0] == 400
    assert sender.nothing_arrived()


class Silent(Wire):
    def read(self, most: int = -1) -> bytes:
        if not self._data:
            raise TimeoutError("timed out")
        return super().read(most)


def test_who_falls_silent_or_drips_is_let_go(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sender("POST", "/", Silent(b"half"), length=9)[0] == 400
    monkeypatch.setattr(portal, "LONGEST", -1)
    assert sender("POST", "/", Wire(b"drop by drop", 1), length=12)[0] == 400
    assert sender.nothing_arrived()


def test_what_is_empty_is_no_arrival(sender: Sender) -> None:
    assert sender("POST", "/", b"")[0] == 400
    status, _headers, page = sender.form(b"")
    assert status == 400
    assert b"the file is empty" in page
    assert sender.nothing_arrived()


@pytest.mark.parametrize(
    "broken",
    [
        lambda body: body.replace(b'name="file"', b'name="other"'),
        lambda body: body.replace(BOUNDARY.encode(), b"----another", 1),
        lambda body: body.replace(b"\r\n\r\n", b"\r\n", 1),
        lambda body: body + b"more",
        lambda body: body[:-4],
        lambda body: body.replace(b"a request", b"a\r\n--" + BOUNDARY.encode() + b"\r\nrequest"),
        lambda body: b"x" * 9000,
    ],
    ids=["another field", "another boundary", "no end of head", "more", "no end", "two parts", "no form"],
)
def test_a_form_with_anything_but_one_file_is_no_arrival(
    sender: Sender, broken: Callable[[bytes], bytes]
) -> None:
    body = broken(form(b"a request"))
    status, _headers, _page = sender("POST", "/en", body, f"multipart/form-data; boundary={BOUNDARY}")
    assert status == 400
    assert sender.nothing_arrived()


def test_too_much_at_once_waits_and_what_waits_is_not_read(sender: Sender, clock: Clock) -> None:
    said = [sender("POST", "/", b"x")[0] for _ in range(63)]
    assert said == [201] * 60 + [429] * 3
    wire = Wire(b"x" * 100)
    status, headers, _answer = sender("POST", "/", wire)
    assert (status, headers["Retry-After"], wire.read_of_it) == (429, "60", 0)
    clock.go(minutes=0.05)  # three seconds
    assert [sender("POST", "/", b"x")[0] for _ in range(4)] == [201, 201, 201, 429]


def test_a_disk_that_takes_nothing_is_said_and_promises_nothing(sender: Sender) -> None:
    sender.to.rename(sender.to.with_name("away"))
    assert sender("POST", "/", b"a request of a named person")[0] == 503
    assert sender.form(b"x")[0] == 503
    sender.to.with_name("away").rename(sender.to)
    assert sender.nothing_arrived()
    assert "request" not in sender.errors.getvalue()
    assert "No such file" in sender.errors.getvalue()


def test_the_word_of_the_day_is_open_to_everybody_and_tells_no_number(sender: Sender, clock: Clock) -> None:
    sender("POST", "/", b"a request")
    clock.go(days=1)
    status, _headers, answer = sender("GET", "/count")
    assert status == 200
    word = tally.read_word(answer, [sender.arrivals.key])
    assert (word.origin, word.door, word.until) == (ORIGIN, Door.API, tally.day_over(clock.at))
    full = tally.read((sender.to / ".count").read_bytes(), [sender.arrivals.key])
    assert full.word == word
    assert len(full.arrivals) == 1

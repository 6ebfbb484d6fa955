"""A witness is asked over HTTP, believed only as far as its signature goes, and never stops the others.

The good witness is ours, running; the bad ones are web servers that say what they are told.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from habeas.errors import Refused
from habeas.gateways.witnesses import LARGEST_ANSWER, MOST_APART, HttpWitness
from habeas.tlog.note import Algorithm, Note
from habeas.tlog.witness import SIZE_MEDIA, Submission
from tests.interop.world import (
    WITNESS,
    Running,
    Said,
    entries,
    made_signer,
    prover,
    running,
    saying,
    signed,
)
from tests.ports import free_port

KEY = made_signer(WITNESS, 1, Algorithm.COSIGNATURE)
HELD = entries(7)


def lines(body: bytes, by: object = KEY, at: float | None = None) -> Said:
    """What an honest witness says to this request."""
    text = Submission.parse(body).note.text
    return 200, "text/plain", KEY.sign(text, int(time.time() if at is None else at)).line.encode()


def size(number: int) -> Said:
    return 409, SIZE_MEDIA, f"{number}\n".encode()


def refused(url: str, held: list[bytes] = HELD, timeout: float = 5) -> Refused:
    with pytest.raises(Refused) as caught:
        HttpWitness(KEY.key, url, timeout).cosign(signed(held), prover(held))
    assert WITNESS in caught.value.place, "it says which witness"
    return caught.value


# ---- the good one ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("witness")) as witness:
        yield witness


def test_a_running_witness_cosigns_a_log_that_grows_and_not_one_that_does_not(ours: Running) -> None:
    first, second = (HttpWitness(key, ours.url) for key in ours.keys)
    for client, count in ((first, 3), (first, 7), (first, 7), (second, 12), (first, 12)):
        held = entries(count)
        found = Note.parse(signed(held)).signed(client.cosign(signed(held), prover(held)))
        [verified] = found.verified([client.key])
        assert verified.at is not None
        assert abs(verified.at - time.time()) < 60
    fork = entries(20, "other")
    for client in (first, second, HttpWitness(ours.keys[0], ours.url)):
        with pytest.raises(Refused, match="422"):
            client.cosign(signed(fork), prover(fork))
        with pytest.raises(Refused, match="has seen 12 entries"):
            client.cosign(signed(HELD), prover(HELD))


# ---- the bad ones ------------------------------------------------------------------------------------------


def test_what_an_honest_witness_says_is_believed() -> None:
    with saying(size(3), lines) as (url, sent):
        found = HttpWitness(KEY.key, url).cosign(signed(HELD), prover(HELD))
    assert Note.parse(signed(HELD)).signed(found).verified([KEY.key])
    assert [Submission.parse(each).old for each in sent] == [0, 3]
    assert Submission.parse(sent[1]).proof == prover(HELD)(3)


def test_lines_of_keys_we_do_not_know_are_passed_over() -> None:
    other = made_signer("other.example.org", 1, Algorithm.COSIGNATURE)

    def more(body: bytes) -> Said:
        text = Submission.parse(body).note.text
        return 200, "text/plain", other.sign(text, int(time.time())).line.encode() + lines(body)[2]

    with saying(more) as (url, _):
        assert HttpWitness(KEY.key, url).cosign(signed(HELD), prover(HELD)).name == WITNESS


def _of_other_checkpoint(body: bytes) -> Said:
    text = Note.parse(signed(entries(6))).text
    return 200, "text/plain", KEY.sign(text, int(time.time())).line.encode()


def _of_other_key(body: bytes) -> Said:
    other = made_signer(WITNESS, 2, Algorithm.COSIGNATURE)
    text = Submission.parse(body).note.text
    return 200, "text/plain", other.sign(text, int(time.time())).line.encode()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_of_other_checkpoint, ""),
        (_of_other_key, "no signature of its key"),
        (lambda body: lines(body, at=time.time() - MOST_APART - 60), "not of now"),
        (lambda body: lines(body, at=time.time() + MOST_APART + 60), "not of now"),
        ((200, "text/plain", b""), ""),
        ((200, "text/plain", b"\n\n"), ""),
        ((200, "text/html", b"<p>Welcome to the network!</p>"), ""),
        ((200, "text/plain", b"\xff\xfe"), ""),
        ((200, "text/plain", b"x" * (LARGEST_ANSWER + 1)), "too long"),
        ((400, "text/plain", b"no"), "answered with 400"),
        ((403, "text/plain", b"no"), "answered with 403"),
        ((404, "text/plain", b"no"), "answered with 404"),
        ((422, "text/plain", b"it does not \x1b[31mfit"), "answered with 422"),
        ((429, "text/plain", b"later"), "answered with 429"),
        ((500, "text/plain", b""), "answered with 500"),
        ((409, "text/plain", b"3\n"), "did not say which size"),
        ((409, SIZE_MEDIA, b"three\n"), "no size"),
        ((409, SIZE_MEDIA, b"9" * 60_000 + b"\n"), "no size"),
        (size(0), "contradicts itself"),
        (size(8), "has seen 8 entries"),
    ],
)
def test_what_is_no_cosignature_of_this_checkpoint_is_refused(
    answer: Said | Callable[[bytes], Said], words: str
) -> None:
    with saying(answer) as (url, _):
        said = refused(url)
    assert words in said.sentence
    assert "\x1b" not in str(said)


def test_a_witness_that_names_another_size_each_time_is_left_alone() -> None:
    with saying(size(1), size(2), size(3), size(4), size(5)) as (url, sent):
        assert "another size each time" in refused(url).sentence
    assert len(sent) == 3


def test_a_witness_that_forgot_what_it_cosigned_is_not_counted_again() -> None:
    with saying(lines, size(3), lines) as (url, _):
        client = HttpWitness(KEY.key, url)
        client.cosign(signed(HELD), prover(HELD))
        with pytest.raises(Refused, match="cosigned 7 entries and now knows of 3"):
            client.cosign(signed(entries(9)), prover(entries(9)))


def test_the_size_of_the_last_time_is_where_the_next_begins() -> None:
    with saying(lines) as (url, sent):
        client = HttpWitness(KEY.key, url)
        for count in (3, 7, 7):
            client.cosign(signed(entries(count)), prover(entries(count)))
    assert [Submission.parse(each).old for each in sent] == [0, 3, 7]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with (
        saying(lines) as (elsewhere, sent),
        saying((status, "text/plain", f"{elsewhere}/add-checkpoint".encode())) as (url, _),
    ):
        assert f"answered with {status}" in refused(url).sentence
    assert sent == []


def test_a_witness_that_is_not_there_is_refused_in_words() -> None:
    assert "did not answer" in refused(f"http://127.0.0.1:{free_port()}").sentence


@contextmanager
def trickling(first: bytes, then: bytes) -> Iterator[str]:
    """A server that says a little for ever."""
    ended = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(first)
                while not ended.wait(0.1):
                    connection.sendall(then)
        except OSError:
            pass  # they hung up

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ended.set()
        listener.close()
        thread.join()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: more\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
)
def test_a_witness_that_never_ends_is_cut_off(first: bytes, then: bytes) -> None:
    began = time.monotonic()
    with trickling(first, then) as url:
        refused(url, timeout=1)
        assert time.monotonic() - began < 60


# ---- whom we are told to ask -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://witness.example.org",
        "http://127.0.0.1.example.org/",
        "http://10.0.0.1/",
        "ftp://localhost/",
        "https://",
        "witness.example.org",
        "https://name:word@witness.example.org/",
        "https://witness.example.org/?key=1",
        "",
    ],
)
def test_an_address_in_the_open_or_of_nobody_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        HttpWitness(KEY.key, url)


@pytest.mark.parametrize(
    "url",
    ["https://witness.example.org/w1/", "http://localhost:8090", "http://127.0.0.1:1", "http://[::1]:1"],
)
def test_its_neighbour_is_not(url: str) -> None:
    assert HttpWitness(KEY.key, url).url == url


def test_a_key_that_is_none_of_a_witness_is_refused() -> None:
    with pytest.raises(Refused, match="no key for cosignatures"):
        HttpWitness(made_signer().key, "https://witness.example.org")


def test_a_prefix_stands_before_the_call() -> None:
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    refused(f"http://127.0.0.1:{server.server_port}/w1/")
    server.shutdown()
    server.server_close()
    assert seen == ["/w1/add-checkpoint"]


def test_the_witness_must_show_a_certificate_we_trust(tmp_path: Path) -> None:
    with saying(lines) as (url, sent):
        assert "did not answer" in refused(url.replace("http:", "https:")).sentence
    assert sent == []

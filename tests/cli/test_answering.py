"""The small web server: it answers, lets the silent go, and begins anew where its process was killed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from habeas.cli.answering import address
from tests.desk.desks import ROOT
from tests.ports import free_port

_SERVER = """
import os, sys
from habeas.cli import answering
begun = []
def application(environ, start):
    body = environ["wsgi.input"].read(5) if environ["PATH_INFO"] == "/read" else b""
    said = f"{os.getpid()} {len(begun)} {body.decode()}".encode()
    start("200 OK", [("Content-Length", str(len(said)))])
    return [said]
keep_alive = int(sys.argv[2])
answering.SECONDS = 1
answering.run(
    lambda: application,
    answering.address("127.0.0.1", int(sys.argv[1])),
    name="a test",
    keep_alive=keep_alive,
    begin=lambda: begun.append(1),
)
"""


@contextlib.contextmanager
def serving(keep_alive: int) -> Iterator[int]:
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    running = subprocess.Popen([sys.executable, "-c", _SERVER, str(port), str(keep_alive)], env=environment)
    try:
        answered(port)
        yield port
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)


def answered(port: int) -> list[str]:
    until = time.monotonic() + 60
    while True:
        try:
            with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("GET", "/")
                return connection.getresponse().read().decode().split()
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_an_address_of_either_kind_is_said_as_a_server_wants_it() -> None:
    assert address("127.0.0.1", 8070) == "127.0.0.1:8070"
    assert address("::1", 8070) == "[::1]:8070"


def test_whoever_takes_over_from_a_killed_process_begins_anew() -> None:
    with serving(0) as port:
        first, begun = answered(port)
        assert begun == "1"
        os.kill(int(first), signal.SIGKILL)
        until = time.monotonic() + 60
        while (found := answered(port))[0] == first:
            assert time.monotonic() < until
        assert found[1] == "1"


@pytest.mark.parametrize("keep_alive", [0, 75])
def test_a_connection_is_kept_where_that_was_asked_for_and_the_silent_are_let_go(keep_alive: int) -> None:
    with serving(keep_alive) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            said = b""
            while not said.endswith(b" 1 "):  # the whole body
                said += line.recv(1000)
            assert said.startswith(b"HTTP/1.1 200")
            line.settimeout(2)
            if keep_alive:
                with pytest.raises(TimeoutError):
                    line.recv(1000)
            else:
                while line.recv(1000):
                    pass
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.sendall(b"GET / HTT")
            assert line.recv(1000) == b"", "who gives up after a minute"

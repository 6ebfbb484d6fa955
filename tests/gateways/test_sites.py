"""Reading a public site over real HTTP and from a folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from habeas.errors import Refused
from habeas.gateways import sites
from habeas.gateways.sites import Site


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass


class Strange(BaseHTTPRequestHandler):
    """Answers as no site should."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        match self.path:
            case "/moved":
                self.send_response(302)
                self.send_header("Location", "/there")
                self.send_header("Content-Length", "0")
                self.end_headers()
            case "/broken":
                self.send_response(500)
                self.send_header("Content-Length", "0")
                self.end_headers()
            case "/long":
                self.send_response(200)
                self.send_header("Content-Length", str(sites.LARGEST + 10))
                self.end_headers()
                self.wfile.write(bytes(sites.LARGEST + 10))
            case _:
                self.close_connection = True


def served(handler: type[BaseHTTPRequestHandler] | partial[SimpleHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "log" / "tile").mkdir(parents=True)
    (tmp_path / "log" / "checkpoint").write_bytes(b"tree")
    for number in range(200):
        (tmp_path / "log" / "tile" / str(number)).write_bytes(str(number).encode())
    return tmp_path


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    yield from served(partial(Quiet, directory=str(folder)))


@pytest.fixture
def strange() -> Iterator[str]:
    yield from served(Strange)


def test_a_site_reads_the_same_over_the_network_and_from_a_folder(folder: Path, address: str) -> None:
    paths = [f"tile/{number}" for number in range(200)] + ["tile/none", "checkpoint"]
    here, there = Site(str(folder / "log")), Site(f"{address}/log/")
    with there:
        found = list(there.many(paths))
        assert there.read("checkpoint") == b"tree"
    assert found == list(here.many(paths))
    assert found[7] == b"7"
    assert found[-2:] == [None, b"tree"]


@pytest.mark.parametrize("path", ["moved", "broken", "long", "nothing"])
def test_an_answer_that_is_none_is_refused_in_words(strange: str, path: str) -> None:
    with Site(strange) as site, pytest.raises(Refused):
        site.read(path)


def test_nobody_at_home_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="does not answer"):
        Site("http://127.0.0.1:9", timeout=1).read("checkpoint")


@pytest.mark.parametrize(
    "address",
    [
        "http://desk.example.org/log",
        "ftp://desk.example.org/log",
        "https://user@desk.example.org/log",
        "https://desk.example.org/log?x=1",
        "https:///log",
        "no-such-folder",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        Site(address)


def test_no_path_leads_out_of_a_folder(folder: Path) -> None:
    for path in ("../secret", "/etc/passwd", "tile/../../x"):
        with pytest.raises(Refused):
            Site(str(folder / "log")).read(path)

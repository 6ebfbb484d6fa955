"""A real sign-in service (OpenID Connect) in a process of its own, with somebody in between who listens and
can be told to lie; and the desk that was told of it, in a process of its own too.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
Lie = Callable[[str, int, bytes], tuple[int, bytes]]
_OPEN = """
import sys
from pathlib import Path
from habeas.app.installation import Installation
from habeas.web.configuration import Configuration, services
from habeas.web.serve import application
home = Path(sys.argv[1])
found = Installation.open(home)
openid = services(home.parent / "services.toml")
application(Configuration(home=home, hosts=("localhost",), https=False, openid=openid), found)
"""
_FURNISH = """
from tests.web.house import House
house = House(found)
for person in ("reviewer", "second", "counsel", "auditor", "intake", "delegate"):
    house.account(person)
house.account("custodian", second_factor=False)
ended = house.account("expert")
ended.is_active = False
ended.save()
"""
_SESSION = """
from habeas.web.sessions import SessionStore
session = SessionStore(sys.argv[2])
"""
_WAITED_TOO_LONG = """
del session["account_login"]
session.save()
"""
_REMEMBERED = "print(*session.keys(), sep=chr(10))"
_INVITE_AGAIN = """
from habeas.web.accounts import inviting
from habeas.web.accounts.models import Account
account = Account.objects.get(person=sys.argv[2])
inviting.invite(organisation=account.organisation, person=account.person)
"""


class Dripping(Exception):
    """Raised by a lie: answer a byte at a time, `seconds` apart; the head too, where it says so."""

    def __init__(self, seconds: float, *, head: bool = False) -> None:
        super().__init__()
        self.seconds, self.head = seconds, head


class Silent(Exception):
    """Raised by a lie: hang up without a word."""


class Between(ThreadingHTTPServer):
    """Passes everything on to the service and back. asked: each address with its words; lie: what becomes of
    an answer."""

    daemon_threads = True

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.behind = behind
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.lie: Lie | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.server_port}"

    def words(self, path: str) -> dict[str, str]:
        """With which it was last asked."""
        return next(words for each, words in reversed(self.asked) if each == path)


class _Passing(BaseHTTPRequestHandler):
    server: Between

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        said = parse_qs(f"{parts.query}&{body.decode()}")
        self.server.asked.append((parts.path, {name: value[0] for name, value in said.items()}))
        with closing(HTTPConnection("127.0.0.1", self.server.behind, timeout=60)) as there:
            there.request(self.command, self.path, body=body, headers=dict(self.headers))
            answer = there.getresponse()
            status, told = answer.status, answer.read()
        if self.server.lie is not None:
            try:
                status, told = self.server.lie(parts.path, status, told)
            except Silent:
                self.close_connection = True
                return
            except Dripping as lie:
                self.close_connection = True
                self._drip(told, lie)
                return
        self.send_response(status)
        for name, value in answer.getheaders():
            if name.lower() in ("content-type", "location"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def _drip(self, told: bytes, lie: Dripping) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(told)}\r\n\r\n"
        quick, slow = (b"", head.encode() + told) if lie.head else (head.encode(), told)
        with suppress(OSError):  # whoever asked hung up
            self.wfile.write(quick)
            for byte in slow:
                self.wfile.write(bytes([byte]))
                time.sleep(lie.seconds)

    do_POST = do_GET  # noqa: N815 as the library calls it

    def log_message(self, format: str, *args: object) -> None:
        pass


@dataclass
class Houses:
    """What runs: the desk, and the service as the desk and browsers reach it."""

    desk: str
    between: Between
    home: Path
    direct: str
    domain: str = "house-1"  # of the names that people sign in with

    def person(self, sub: str, **claims: object) -> str:
        """The service knows somebody from now on."""
        requests.put(f"{self.direct}/users/{sub}", json=claims, timeout=60).raise_for_status()
        return sub

    def linked(self, sub: str, person: str) -> str:
        """Somebody whose account was linked to it on an earlier day."""
        with closing(sqlite3.connect(self.home / "accounts.sqlite", timeout=60)) as database:
            database.execute(
                "INSERT OR IGNORE INTO socialaccount_socialaccount "
                "(provider, uid, user_id, extra_data, last_login, date_joined) "
                "SELECT 'ours', ?, id, '{}', '2026-01-01', '2026-01-01' "
                "FROM accounts_account WHERE login = ?",
                (sub, f"{person}@{self.domain}"),
            )
            database.commit()
        return self.person(sub)

    def registered(self, address: str) -> tuple[str, str]:
        """Somebody else's client of the same service."""
        return _register(self.direct, address)

    def lines(self) -> list[tuple[str, str, str]]:
        """Of the access record, the newest first: kind, how, person."""
        with closing(sqlite3.connect(self.home / "accounts.sqlite", timeout=60)) as database:
            return database.execute(
                "SELECT kind, how, person FROM accounts_accessline ORDER BY id DESC"
            ).fetchall()

    def links(self) -> list[tuple[str, str]]:
        """Which `sub` means whom, and what else is kept of it."""
        with closing(sqlite3.connect(self.home / "accounts.sqlite", timeout=60)) as database:
            return database.execute(
                "SELECT uid, login FROM socialaccount_socialaccount s JOIN accounts_account a "
                "ON s.user_id = a.id WHERE extra_data = '{}' ORDER BY s.id"
            ).fetchall()

    def invited_again(self, person: str) -> None:
        """By an administrator, as the page *People* does it."""
        _python(_OPEN + _INVITE_AGAIN, str(self.home), person)

    def waited_too_long(self, session: str) -> None:
        """For the second proof: what was begun in this session is forgotten, as it is after a quarter of an
        hour."""
        _python(_OPEN + _SESSION + _WAITED_TOO_LONG, str(self.home), session)

    def remembered(self, session: str) -> list[str]:
        """What a session keeps, by name."""
        return _python(_OPEN + _SESSION + _REMEMBERED, str(self.home), session).splitlines()

    def forget(self) -> None:
        """Counters start anew: limits, codes that were used, lines that are written once a minute."""
        with closing(sqlite3.connect(self.home / "accounts.sqlite", timeout=60)) as database:
            database.execute("DELETE FROM counters")
            database.commit()


class Hands(requests.Session):
    """Somebody without a browser, who can answer with what they like. Follows nothing by itself."""

    def __init__(self, houses: Houses) -> None:
        super().__init__()
        self.houses = houses

    def at(self, path: str) -> requests.Response:
        return self.get(self.houses.desk + path, allow_redirects=False, timeout=60)

    def sends(self, path: str, page: str = "", **fields: str) -> requests.Response:
        """A form of the desk with its secret, which stands on the page; on its own, where none is named."""
        secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.at(page or path).text)
        assert secret
        return self.post(
            f"{self.houses.desk}{path}",
            data={"csrfmiddlewaretoken": secret[1], **fields},
            allow_redirects=False,
            timeout=60,
        )

    def begins(self, query: str = "", **more: str) -> requests.Response:
        return self.sends(f"/openid/ours/{query}", "/sign-in/", **more)

    def agrees(self, asked: str, sub: str, action: str = "") -> str:
        """At the service; the path and query it leads back to."""
        answer = self.post(asked, data={"sub": sub, "action": action}, allow_redirects=False, timeout=60)
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def returns(self, sub: str) -> requests.Response:
        """The whole way up to the desk's answer."""
        return self.at(self.agrees(self.begins().headers["Location"], sub))


def _register(direct: str, address: str) -> tuple[str, str]:
    asked = {"redirect_uris": [address], "token_endpoint_auth_method": "client_secret_post"}
    answer = requests.post(f"{direct}/oauth2/clients", json=asked, timeout=60)
    answer.raise_for_status()
    said = answer.json()
    return said["client_id"], said["client_secret"]


def _place() -> dict[str, str]:
    """Where a process of its own finds this checkout."""
    known = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT), *([known] if known else [])]),
    }


def _python(words: str, *arguments: str) -> str:
    """What it prints."""
    return subprocess.run(
        [sys.executable, "-c", words, *arguments],
        check=True,
        env=_place(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


@contextmanager
def _running(words: list[str], log: Path, address: str) -> Iterator[None]:
    """A process, once it answers."""
    with log.open("wb") as said:
        running = subprocess.Popen([sys.executable, *words], stdout=said, stderr=said, env=_place(), cwd=ROOT)
        try:
            for _ in range(1200):
                try:
                    requests.get(address, timeout=5)
                    break
                except requests.RequestException:
                    assert running.poll() is None, log.read_text()
                    time.sleep(0.1)
            yield
        finally:
            running.terminate()
            running.wait()


@contextmanager
def houses(folder: Path) -> Iterator[Houses]:
    """A service that knows the desk, and a desk that was told of the service."""
    if importlib.util.find_spec("oidc_provider_mock") is None:
        pytest.skip("oidc-provider-mock is not installed: no sign-in service to sign in through")
    service, desk = free_port(), free_port()
    direct = f"http://127.0.0.1:{service}"
    words = ["-m", "oidc_provider_mock", "-p", str(service), "-r", "true", "-f", "true"]
    with _running(words, folder / "service.log", f"{direct}/jwks"):
        between = Between(service)
        threading.Thread(target=between.serve_forever, daemon=True).start()
        made = Houses(f"http://localhost:{desk}", between, folder / "home", direct)
        client, secret = _register(direct, f"{made.desk}/openid/ours/back/")
        (folder / "secret").write_text(secret, "utf-8")
        (folder / "services.toml").write_text(
            f'[[service]]\nid = "ours"\nname = "Our service"\nclient_id = "{client}"\n'
            f'secret_file = "secret"\nserver = "{between.address}"\n',
            "utf-8",
        )
        file = str(folder / "services.toml")
        _python(_OPEN + _FURNISH, str(made.home))
        serve = ["-m", "habeas", "serve", "--home", str(made.home), "--bind", f"127.0.0.1:{desk}"]
        serve += ["--no-https", "--no-worker", "--processes", "1", "--openid", file]
        try:
            with _running(serve, folder / "desk.log", f"{made.desk}/sign-in/"):
                yield made
        finally:
            between.shutdown()
            between.server_close()


def swapped(path: str, **fields: object) -> Lie:
    """What the service answers at a path, with some fields put in place of its own."""

    def lie(asked: str, status: int, told: bytes) -> tuple[int, bytes]:
        if asked != path:
            return status, told
        return status, json.dumps({**json.loads(told), **fields}).encode()

    return lie

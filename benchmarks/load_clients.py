"""The people of the load run: each signed in, each with a browser of their own, thinking between two pages.

A process of its own, with a thread for each person and plain `http.client` underneath, so that the client
costs little of the machine it shares with the server. Everybody looks through the queue in its views, turns
pages, opens cases and forms, and writes with what the form on the page says: its token, its hidden fields,
its choices. What is timed is a request until the last byte of its answer, with the connection where a new one
is needed; redirects are followed and timed as pages of their own.
"""

from __future__ import annotations

import argparse
import html
import http.client
import json
import random
import re
import resource
import select
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

THINK = 3.0  # seconds, on average
LONGEST = 30.0  # seconds for one answer
VIEWS = ("day", "day", "now", "now", "mine", "team", "team", "waiting", "closed")
FILTERS: tuple[dict[str, str], ...] = (
    *({},) * 6,
    {"state": "FRA"},
    {"state": "TUR"},
    {"measure": "preservation"},
    {"measure": "stored-access"},
    {"instrument": "budapest"},
    {"instrument": "uncc"},
    {"kind": "emergency"},
    {"kind": "foreign"},
)
# What somebody does next, in parts of a hundred. A write is a form and what is sent with it.
QUEUE, NEXT, CASE, FORM, WRITE = "queue", "next page", "case", "form", "write"
MIX = ((QUEUE, 29), (NEXT, 14), (CASE, 32), (FORM, 11), (WRITE, 14))
NOTE = "Called back; they will send the missing order by the pouch."
ACTS = ("note", "assign")  # what anybody who works on cases may do to an open one
TURNS = {"Say how the sender was checked": "identify", "Assess": "assess", "Review and decide": "review"}
"""Written where the queue says that it is this person's turn: its words, and the form they lead to."""

_CASE = re.compile(r'href="/cases/([^/"]+)/"')
_TURN = re.compile(r'href="/cases/([^/"]+)/#now">([^<]+)<')
_OLDER = re.compile(r'href="(\?[^"]*after=[^"]*)"')
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"[^>]* value="([^"]*)"')
_CHOICES = re.compile(r'name="(choice-\d+)" id="as-')
_OPTIONS = re.compile(r'<option value="([^"]+)"')
_TARGETS = re.compile(r'<input type="checkbox" name="targets"[^>]* value="([^"]*)"')
_ASIDE = ("/sign-in/", "/presence/", "/account/")  # whoever is sent there did not get their page


@dataclass(frozen=True, slots=True)
class Sample:
    at: float  # monotonic
    kind: str
    seconds: float
    status: int
    size: int


@dataclass
class Browser:
    """One person's connection and cookies."""

    host: str
    port: int
    cookies: dict[str, str]
    samples: list[Sample]
    _open: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, kind: str, address: str) -> str:
        return self._ask(kind, "GET", address, b"")

    def post(self, kind: str, address: str, fields: list[tuple[str, str]]) -> str:
        return self._ask(kind, "POST", address, urlencode(fields).encode())

    def _ask(self, kind: str, method: str, address: str, body: bytes) -> str:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": "text/html",
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{self.host}:{self.port}"
        began = time.monotonic()
        try:
            answer, data = self._once(method, address, body, headers)
        except (OSError, http.client.HTTPException):
            self.samples.append(Sample(began, kind, time.monotonic() - began, 0, 0))
            return ""
        status, onward = answer.status, answer.headers.get("Location", "")
        if onward.startswith(_ASIDE):
            status = 401
        self.samples.append(Sample(began, kind, time.monotonic() - began, status, len(data)))
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if status in (301, 302, 303) and onward.startswith("/"):
            return self.get("case" if onward.startswith("/cases/") else kind, onward)
        return data.decode() if status == 200 else ""

    def _once(
        self, method: str, address: str, body: bytes, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """The answer and all of it. A page that was only looked at is asked for again, as browsers do, where
        the server closed an idle connection at that very moment (RFC 9110, 9.2.2); what is sent, never."""
        used = self._open
        try:
            connection = self._connection()
            connection.request(method, address, body or None, headers)
            answer = connection.getresponse()
            return answer, answer.read()
        except (OSError, http.client.HTTPException) as broken:
            self._open = None
            if method != "GET" or connection is not used or not isinstance(broken, ConnectionError):
                raise
        return self._once(method, address, body, headers)

    def _connection(self) -> http.client.HTTPConnection:
        """The open one, unless the server closed it while somebody was thinking; browsers notice that too."""
        found = self._open
        if found is not None and found.sock is not None and select.select([found.sock], [], [], 0)[0]:
            found.close()
            found = None
        if found is None:
            found = self._open = http.client.HTTPConnection(self.host, self.port, timeout=LONGEST)
        return found


class Person:
    def __init__(self, told: dict[str, Any], host: str, port: int, seed: int) -> None:
        self.browser = Browser(host, port, dict(told["cookies"]), [])
        self.id = told["person"]
        self._chance = random.Random(seed)
        self._listed: list[str] = []  # cases on the page of the queue that was looked at last
        self._turns: list[tuple[str, str]] = []  # and the acts in it that are this person's turn
        self._older = ""

    def live(self, until: float, mean: float) -> None:
        """Look and write, with a pause for thought before each page, until the end."""
        style = False
        while self._think(until, mean):
            if not style:
                style = True
                self._style()
            self._next(until, mean)

    def _think(self, until: float, mean: float) -> bool:
        pause = self._chance.expovariate(1 / mean)
        left = until - time.monotonic()
        time.sleep(max(0.0, min(pause, left)))
        return pause < left

    def _style(self) -> None:
        """What a browser fetches once and keeps."""
        page = self.browser.get(QUEUE, "/")
        self._seen(page)
        if found := re.search(r'href="(/static/[^"]+\.css)"', page):
            self.browser.get("style sheet", found[1])

    def _next(self, until: float, mean: float) -> None:
        names, weights = zip(*MIX, strict=True)
        [what] = self._chance.choices(names, weights)
        if what == NEXT and self._older:
            self._seen(self.browser.get(NEXT, f"/{self._older}"))
        elif what == CASE and self._listed:
            self.browser.get(CASE, f"/cases/{self._chance.choice(self._listed)}/")
        elif what in (FORM, WRITE) and self._listed:
            case, act = self._act()
            form = self.browser.get(FORM, f"/cases/{case}/{act}/")
            if what == WRITE and 'name="seen"' in form and self._think(until, mean):
                self.browser.post(
                    f"write: {act}", f"/cases/{case}/{act}/", filled(act, form, self.id, self._chance)
                )
        else:
            chosen = {"view": self._chance.choice(VIEWS), **self._chance.choice(FILTERS)}
            kind = QUEUE if len(chosen) == 1 else "queue, filtered"
            self._seen(self.browser.get(kind, f"/?{urlencode(chosen)}"))

    def _seen(self, page: str) -> None:
        self._listed = list(dict.fromkeys(_CASE.findall(page))) or self._listed
        self._turns = turns(page)
        older = _OLDER.search(page)
        self._older = html.unescape(older[1]) if older else ""

    def _act(self) -> tuple[str, str]:
        """Half of the time what is this person's turn, and otherwise what one can always do."""
        if self._turns and self._chance.random() < 0.5:
            return self._chance.choice(self._turns)
        return self._chance.choice(self._listed), self._chance.choice(ACTS)


def turns(page: str) -> list[tuple[str, str]]:
    """The cases on a page of the queue whose next act is its reader's, each with that act."""
    found = ((case, html.unescape(says).strip()) for case, says in _TURN.findall(page))
    return [(case, TURNS[says]) for case, says in found if says in TURNS]


def filled(act: str, form: str, me: str, chance: random.Random, words: str = NOTE) -> list[tuple[str, str]]:
    """What somebody sends with this form: what stands in it, what was chosen and what was typed.

    words: typed where a form wants some."""
    fields = [(name, html.unescape(value)) for name, value in _HIDDEN.findall(form)]
    match act:
        case "note":
            fields.append(("words", words))
        case "ask":
            fields.append(("own", words))
        case "assign":
            fields.append(("to", chance.choice(_OPTIONS.findall(form) or [me])))
        case "identify":
            fields += [("kind", "call-back"), ("holds", "yes"), ("register", "own-directory")]
            fields.append(("register_entry", "an entry of ours"))
        case "hold":
            fields += [("targets", html.unescape(each)) for each in _TARGETS.findall(form)]
        case "review":
            fields += [(name, "recommended") for name in _CHOICES.findall(form)]
            fields.append(("reasons", "As it says."))
        case "second-review":
            fields.append(("agrees", "yes"))
    return fields


def everybody(
    people: list[dict[str, Any]],
    *,
    host: str,
    port: int,
    seconds: float,
    mean: float = THINK,
    begun: Callable[[float], None] = lambda _at: None,
) -> list[Sample]:
    """All of them at once, for so long."""
    began = time.monotonic()
    begun(began)
    persons = [Person(told, host, port, seed) for seed, told in enumerate(people)]
    threads = [threading.Thread(target=each.live, args=(began + seconds, mean)) for each in persons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [sample for each in persons for sample in each.browser.samples]


def one_by_one(
    person: dict[str, Any], addresses: list[tuple[str, str]], *, host: str, port: int
) -> list[Sample]:
    """One person who does not think: what a page costs when nobody else is there."""
    browser = Browser(host, port, dict(person["cookies"]), [])
    for kind, address in addresses:
        browser.get(kind, address)
    return browser.samples


def main() -> None:
    """Reads the people from a file and writes what they saw, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--warm-up", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--think", type=float, default=THINK)
    asked = parser.parse_args()
    sys.setswitchinterval(0.001)
    starts: list[float] = []
    samples = everybody(
        json.loads(asked.people.read_text()),
        host="127.0.0.1",
        port=asked.port,
        seconds=asked.warm_up + asked.seconds,
        mean=asked.think,
        begun=starts.append,
    )
    measured = [each for each in samples if each.at >= starts[0] + asked.warm_up]
    used = resource.getrusage(resource.RUSAGE_SELF)
    said = {
        "samples": [(each.kind, each.seconds, each.status, each.size) for each in measured],
        "statuses": Counter(each.status for each in measured),
        "cpu": (used.ru_utime + used.ru_stime) / (asked.warm_up + asked.seconds),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()

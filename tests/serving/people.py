"""People at a desk that may be killed at any moment: what they sent, and what they were answered.

Each form is written down before it is sent, and each answer as soon as it is there, in a file that waits for
the disk. What got no answer is sent again, the very same form, when the desk is back.
"""

from __future__ import annotations

import html
import http.client
import json
import os
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.load_clients import LONGEST, filled

RECEIVE = "receive"
ALWAYS = ("note", "note", "hold", "assign")  # what one can mostly do to an open case
TURNS = frozenset({"identify", "assess", "review", "second-review", "ask"})
KINDS = {  # what is recorded by which act
    "note": "noted",
    "hold": "hold-placed",
    "assign": "assigned",
    "identify": "identified",
    "assess": "assessed",
    "review": "reviewed",
    "second-review": "second-reviewed",
    "ask": "questions-proposed",  # in words of their own
}
_PAUSE = 0.02  # seconds between two tries to reach a desk that is gone
_CASE = re.compile(r'href="/cases/([^/"]+)/"')
_TURN = re.compile(r'href="/cases/([^/"]+)/([a-z-]+)/"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SEEN = re.compile(r'name="seen"[^>]* value="([0-9]+)"')
_PROMISE = re.compile(r'<pre class="copy gap2">([^<]+)</pre>')


@dataclass(frozen=True, slots=True)
class Sent:
    """A form. case: empty for a request that comes in. seen: how long its case was. mark: words that stand in
    no other form; empty where it has no place for words. status: of the newest answer, 0 where none came.
    done: whether it was ever said to be recorded. times: how often it was sent."""

    number: int
    person: str
    act: str
    case: str
    seen: int
    mark: str
    address: str
    fields: tuple[tuple[str, str], ...]
    status: int = 0
    done: bool = False
    times: int = 0

    @property
    def unsure(self) -> bool:
        """Nobody said what became of it: no answer came, or one that says that something went wrong."""
        return not self.done and (self.status == 0 or self.status >= 500)


@dataclass
class Journal:
    """path: where it is written. promises: that were shown on a page."""

    path: Path
    sent: dict[int, Sent] = field(default_factory=dict)
    promises: list[bytes] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._file = self.path.open("a", encoding="utf-8")

    def begin(self, form: Sent) -> Sent:
        """Once more where it has its number already."""
        with self._lock:
            told = replace(form, number=form.number or len(self.sent) + 1, times=form.times + 1)
            self.sent[told.number] = told
            self._write({"sends": told.number, "act": told.act, "case": told.case, "seen": told.seen})
        return told

    def answered(self, form: Sent, status: int, case: str, promise: bytes = b"") -> Sent:
        """case: in which it is now, where it was recorded."""
        with self._lock:
            done = status == 302
            if done and form.done and form.act != RECEIVE:
                self.wrong.append(f"form {form.number} ({form.act}, {form.case}) was taken twice.")
            told = replace(form, status=status, done=form.done or done, case=form.case or case)
            self.sent[told.number] = told
            self.statuses[status] += 1
            if promise:
                self.promises.append(promise)
            self._write({"answered": told.number, "status": status, "case": told.case, "done": done})
        return told

    def again(self, person: str, chance: random.Random) -> list[Sent]:
        """What this person sends again: all that got no answer, and one form that was recorded."""
        with self._lock:
            theirs = [each for each in self.sent.values() if each.person == person]
        done = [each for each in theirs if each.done]
        return [each for each in theirs if each.unsure] + ([chance.choice(done)] if done else [])

    @property
    def acknowledged(self) -> int:
        return sum(each.done for each in self.sent.values())

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


class Person:
    """Somebody who is signed in. address: of the desk, host and port. aside: cases they leave alone."""

    def __init__(
        self,
        told: dict[str, Any],
        address: tuple[str, int],
        journal: Journal,
        requests: Sequence[bytes],
        chance: random.Random,
        aside: Collection[str],
    ) -> None:
        self.id = str(told["person"])
        self.receives = told["role"] == "intake"
        self._cookies: dict[str, str] = dict(told["cookies"])
        self._address = address
        self._journal = journal
        self._requests = requests
        self._chance = chance
        self._aside = aside
        self._listed: list[str] = []
        self._turns: list[tuple[str, str]] = []
        self._open: http.client.HTTPConnection | None = None

    def work(self, enough: Callable[[], bool]) -> None:
        """One form after another, first once more those that nobody answered, and one that was recorded. A
        desk that is gone is asked again until it answers."""
        again = self._journal.again(self.id, self._chance)
        while not enough():
            try:
                if again:
                    self.send(again.pop())
                else:
                    self._one()
            except (OSError, http.client.HTTPException):
                self._leave()
                threading.Event().wait(_PAUSE)
        self._leave()

    def send(self, form: Sent) -> Sent:
        """Sends a form, perhaps not for the first time; what became of it."""
        form = self._journal.begin(form)
        try:
            status, location, page = self._ask("POST", form.address, form.fields)
        except (OSError, http.client.HTTPException):
            self._leave()
            return form
        found = _PROMISE.search(page) if status == 422 else None
        case = location.split("/")[2] if location.startswith("/cases/") else ""
        return self._journal.answered(form, status, case, html.unescape(found[1]).encode() if found else b"")

    def _one(self) -> None:
        if self.receives and self._chance.random() < 0.5:
            self._take_in()
            return
        if not self._listed or self._chance.random() < 0.15:
            self._look()
        if not self._listed:
            return
        if self._turns and self._chance.random() < 0.5:
            case, act = self._chance.choice(self._turns)
        else:
            case, act = self._chance.choice(self._listed), self._chance.choice(ALWAYS)
        address = f"/cases/{case}/{act}/"
        _status, _location, form = self._ask("GET", address)
        seen = _SEEN.search(form)
        if seen is None or 'name="csrfmiddlewaretoken"' not in form:
            return  # it cannot be done now
        mark = f"mark-{self._chance.getrandbits(64):016x}" if act in ("note", "ask") else ""
        fields = filled(act, form, self.id, self._chance, mark)
        self.send(Sent(0, self.id, act, case, int(seen[1]), mark, address, tuple(fields)))

    def _take_in(self) -> None:
        _status, _location, form = self._ask("GET", "/receive/")
        token = _TOKEN.search(form)
        if token is None:
            return
        mark = f"mark-{self._chance.getrandbits(64):016x}"
        body = json.loads(self._chance.choice(self._requests))
        body["reference"] = mark
        text = json.dumps(body)
        if self._chance.random() < 0.1:
            text = text[:-9]  # no request, and nevertheless it arrived
        fields = (("csrfmiddlewaretoken", token[1]), ("door", "portal"), ("json", text))
        self.send(Sent(0, self.id, RECEIVE, "", 0, mark, "/receive/", fields))

    def _look(self) -> None:
        _status, _location, page = self._ask("GET", "/?view=team")
        self._listed = [each for each in dict.fromkeys(_CASE.findall(page)) if each not in self._aside]
        self._turns = [
            each for each in _TURN.findall(page) if each[1] in TURNS and each[0] not in self._aside
        ]

    def _ask(self, method: str, address: str, fields: Sequence[tuple[str, str]] = ()) -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        host, port = self._address
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = urlencode(fields).encode() if fields else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{host}:{port}"
        if self._open is None:
            self._open = http.client.HTTPConnection(host, port, timeout=LONGEST)
        self._open.request(method, address, body, headers)
        answer = self._open.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        location = answer.headers.get("Location", "")
        if location.startswith(("/sign-in/", "/presence/")):
            self._journal.wrong.append(f"{self.id} was signed out.")
        return answer.status, location, page

    def _leave(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

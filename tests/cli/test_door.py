"""`habeas door`: the program beside the desk, and the door that runs apart, as they run."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from habeas.app.maildir import MAILDIR
from habeas.desk import promise, tally
from habeas.tlog import Key
from tests.app.houses import ORGANISATION, a_request, as_bytes
from tests.app.mails import SENDER, delivered
from tests.cli.conftest import Terminal
from tests.ports import free_port

ORIGIN = "desk.example.org/log"


def test_what_is_laid_there_is_taken_in_and_what_is_no_request_is_said(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.well("log", "keep", "--by", "administrator", "--origin", ORIGIN)
    folder = tmp_path / "door"
    folder.mkdir()
    (folder / "good.json").write_bytes(as_bytes(a_request()))
    words = ("door", "watch", "--by", "intake", "--door", "mailbox", "--once", folder)
    said = terminal.well(*words)
    assert said.startswith("good.json: ")
    given = terminal.well("log", "promise", "--by", "intake", said.split()[1])
    (promise,) = (folder / "promises").iterdir()
    assert promise.read_text() == given
    (folder / "bad.json").write_text("{ this is nothing")
    result = terminal(*words)
    assert result.exit_code == 2
    assert "laid aside in unread" in result.stderr


def test_a_maildir_is_watched_and_its_answers_wait_for_a_server_that_is_away(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.well("log", "keep", "--by", "administrator", "--origin", ORIGIN)
    folder = tmp_path / "mailbox"
    words = ("door", "watch", "--by", "intake", "--door", "mailbox", "--once")
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(parents=True)
    mail = EmailMessage()
    mail["Return-Path"] = "<clerk@court.example>"
    mail["From"] = "clerk@court.example"
    mail.set_content("Please find it attached.")
    mail.add_attachment(as_bytes(a_request()), maintype="application", subtype="json", filename="a.json")
    (folder / "new" / "1.mail").write_bytes(mail.as_bytes())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"desk@127.0.0.1:{free.getsockname()[1]}"
    result = terminal(*words, "--maildir", "--answer", nobody, folder)
    assert result.stdout.startswith("1.mail: "), result.output
    assert "did not take a message" in result.stderr
    assert result.exit_code == 2
    answer = (folder / "answers" / "1.mail.eml").read_text()
    assert "From: desk@127.0.0.1" in answer
    assert "only mails are answered" in terminal.barred(*words, "--answer", nobody, folder)
    for bad in ("desk", "desk@house.example:port"):
        assert "at: --answer" in terminal.barred(*words, "--maildir", "--answer", bad, folder)
    assert terminal.well(*words, "--maildir", "--answer", "desk@house.example", folder) == ""
    assert (folder / "answers" / "1.mail.eml").is_file()


def test_a_door_apart_collects_the_mails_of_a_mailbox_and_the_desk_takes_them_in(
    terminal: Terminal, tmp_path: Path
) -> None:
    state, to, box = tmp_path / "own", tmp_path / "mails", tmp_path / "mailbox"
    to.mkdir()
    for name in MAILDIR:
        (box / name).mkdir(parents=True)
    key = terminal.well("door", "new", "--state", state, "--door", "mailbox", ORIGIN).strip()
    terminal.well("log", "keep", "--by", "administrator", "--origin", ORIGIN, "--door", "mailbox", key)
    data = delivered(box, "1.mail", as_bytes(a_request()))
    nobody = f"{SENDER}:{free_port()}"
    words = ("door", "collect", "--state", state, "--to", to, "--once")
    result = terminal(*words, "--answer", nobody.replace("house.example", "127.0.0.1"), box)
    assert (result.stdout, result.exit_code) == ("1.mail: counted\n", 2), result.output
    assert "did not take a message" in result.stderr
    assert "To: clerk@court.example" in (box / "answers" / "1.mail.eml").read_text()
    assert terminal.well(*words, box) == ""
    case = terminal.well("door", "watch", "--by", "intake", "--door", "mailbox", "--once", to).split()[1]
    note = terminal.well("log", "promise", "--by", "intake", case).encode()
    assert promise.read(note, Key.parse(key)).sha256 == promise.sha256(data)
    portal = tmp_path / "portal"
    terminal.well("door", "new", "--state", portal, "--door", "portal", ORIGIN)
    assert "not the door of a mailbox" in terminal.barred(
        "door", "collect", "--state", portal, "--to", to, "--once", box
    )


def test_it_looks_until_it_is_told_to_stop(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "door"
    folder.mkdir()
    words = ["door", "watch", "--by", "intake", "--door", "api", "--every", "0.2", str(folder)]
    running = subprocess.Popen(
        [sys.executable, "-m", "habeas", *words],
        env={**os.environ, "HABEAS_HOME": str(terminal.home), "HABEAS_ORGANISATION": ORGANISATION},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        half = folder / "request.json.part"
        half.write_bytes(as_bytes(a_request()))
        half.rename(folder / "request.json")
        until = time.monotonic() + 120
        while (folder / "request.json").exists() and time.monotonic() < until:
            assert running.poll() is None
            time.sleep(0.1)
    finally:
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    assert out.startswith("request.json: ")


# ---- the door that runs apart ------------------------------------------------------------------------------


@pytest.fixture
def apart(terminal: Terminal, tmp_path: Path) -> Iterator[tuple[int, Path, str]]:
    """A door that answers at a port, the folder it hands over to, and its key."""
    to, state = tmp_path / "to", tmp_path / "state"
    to.mkdir()
    key = terminal.well("door", "new", "--state", state, "--door", "portal", ORIGIN).strip()
    terminal.well("log", "keep", "--by", "administrator", "--origin", ORIGIN, "--door", "portal", key)
    port = free_port()
    words = ["door", "serve", "--state", str(state), "--to", str(to), "--port", str(port), "--rate", "1000"]
    running = subprocess.Popen([sys.executable, "-m", "habeas", *words], stderr=subprocess.PIPE, text=True)
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            assert running.poll() is None, running.stderr and running.stderr.read()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
                break
            time.sleep(0.1)
        yield port, to, key
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)


def sent(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body=body)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_what_is_posted_to_a_door_apart_becomes_a_case_with_the_promise_that_was_given(
    apart: tuple[int, Path, str], terminal: Terminal, tmp_path: Path
) -> None:
    port, to, key = apart
    data = as_bytes(a_request())
    status, note = sent(port, "POST", "/", data)
    assert status == 201
    given = promise.read(note, Key.parse(key))
    assert given.sha256 == promise.sha256(data)
    assert sent(port, "POST", "/", data)[0] == 201
    said = terminal.well("door", "watch", "--by", "intake", "--door", "portal", "--once", to)
    cases = {line.split()[-1] for line in said.splitlines()}
    assert len(cases) == 1, "twice the same bytes: one case"
    assert note.decode() in terminal.well("log", "promise", "--by", "intake", cases.pop())
    status, page = sent(port, "GET", "/ar")
    assert status == 200
    assert b'<html lang="ar" dir="rtl">' in page
    terminal.well("door", "count", "--state", tmp_path / "state", tmp_path / "count.json")
    counted = tally.read((tmp_path / "count.json").read_bytes(), [Key.parse(key)])
    assert counted.arrivals == (), "today is not over"


def test_a_stream_of_two_gigabytes_is_refused_at_once_and_what_breaks_off_is_no_arrival(
    apart: tuple[int, Path, str],
) -> None:
    port, to, _key = apart
    for length, says in ((2 << 30, b"HTTP/1.1 413"), (1000, b"HTTP/1.1 400")):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\nhalf" % length)
            if length == 1000:
                line.shutdown(socket.SHUT_WR)
            assert line.recv(100).startswith(says)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 411")
    assert [each.name for each in to.iterdir() if each.name != ".count"] == []


def test_many_at_once_are_all_counted_and_a_worker_that_is_killed_loses_none(
    apart: tuple[int, Path, str], terminal: Terminal, tmp_path: Path
) -> None:
    """Whoever holds a promise finds its file handed over, also when the process that answered is killed
    while others are sending."""
    port, to, key = apart
    bodies = [b"request %d" % number for number in range(60)]
    notes: list[bytes] = []

    def send(number: int) -> None:
        if number == 20:
            os.kill(worker_of(port), signal.SIGKILL)
        with contextlib.suppress(OSError, HTTPException):
            status, note = sent(port, "POST", "/", bodies[number])
            assert status == 201
            notes.append(note)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, range(len(bodies))))
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with contextlib.suppress(OSError, HTTPException):
            if sent(port, "GET", "/")[0] == 200:
                break
    promised = {promise.read(note, Key.parse(key)).sha256 for note in notes}
    files = [each for each in to.iterdir() if not each.name.startswith(".")]
    handed = {promise.sha256(each.read_bytes()) for each in files}
    assert len(notes) >= 20
    assert promised <= handed
    lines = (tmp_path / "state" / "arrivals").read_text().splitlines()
    assert len(lines) == len(files), "what is counted is handed over, and nothing else"
    assert not [each for each in to.iterdir() if each.name.startswith(".coming")]


def worker_of(port: int) -> int:
    """The process that answers: the youngest of those that listen at the port."""
    inode = ""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{port:04X}") and fields[3] == "0A":
            inode = fields[9]
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            links = {os.readlink(each) for each in (process / "fd").iterdir()}
            if f"socket:[{inode}]" in links:
                found.append(int(process.name))
    return max(found)

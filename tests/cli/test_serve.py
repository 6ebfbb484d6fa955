"""The desk as a process: the real one, in a home folder of its own, answering on a loopback port."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from habeas.app.installation import Installation
from habeas.app.masters import Passphrases
from habeas.app.publishing import Publisher
from habeas.app.worker import Tiding
from habeas.cli import habeas
from habeas.cli.serve import _beside, _post, _publish, _remind, _site
from habeas.desk.events import LogConfigured
from habeas.errors import Refused
from habeas.gateways.mail import Folder, Server
from tests.app.houses import ORGANISATION, Clock, furnished, keeps
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
SECRET = base64.b32encode(b"12345678901234567890").decode()  # of the test vectors of RFC 6238, appendix B


def test_the_code_is_that_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 59.0)
    result = CliRunner().invoke(habeas, ["code", SECRET])
    assert result.exit_code == 0
    assert result.stdout.strip() == "287082"  # 94287082, its last six digits


def test_what_is_no_secret_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="no secret"):
        CliRunner().invoke(habeas, ["code", "not base 32!"], catch_exceptions=False, standalone_mode=False)


@pytest.mark.parametrize("words", ["nobody", "desk@", "desk@host", "desk@host:port", "@host:25"])
def test_what_is_no_mail_server_is_refused(words: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no mail server"):
        _post(tmp_path, words)


def test_without_a_server_messages_stay_in_the_home(tmp_path: Path) -> None:
    assert _post(tmp_path, "") == Folder(tmp_path / "mail")
    assert _post(tmp_path, "desk@mail.example:587") == Server("mail.example", 587, "desk@mail.example")


def test_systemd_hands_the_password_of_the_mail_account_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "habeas-mail").write_text("a word\n", encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("HABEAS_MAIL_USER", "desk")
    expected = Server("mail.example", 587, "desk@mail.example", "desk", "a word")
    assert _post(tmp_path, "desk@mail.example:587") == expected


def test_messages_lead_to_the_first_name_of_the_desk() -> None:
    assert _site(("desk.example.org", "localhost"), "127.0.0.1:8000", True) == "https://desk.example.org"
    assert _site(("localhost",), "127.0.0.1:8000", False) == "http://localhost:8000"


def test_counsel_is_reminded_once_by_the_publication_that_made_totals_due(tmp_path: Path) -> None:
    clock = Clock()
    app = furnished(tmp_path / "home", clock)
    keeps(app, LogConfigured(origin="desk.example.org/log"))
    tidings: list[Tiding] = []
    _publish(Publisher(app), partial(_remind, app, tidings.append))
    assert tidings == []
    clock.go(days=14)
    for _ in range(2):
        _publish(Publisher(app), partial(_remind, app, tidings.append))
        outcome = Publisher(app).publish(ORGANISATION)
        assert outcome is not None
        _remind(app, tidings.append, outcome)  # the same day once more gave no entry its place
    assert [(each.case, "2026-11" in each.words) for each in tidings] == [("", True)]
    app.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str], Path]]:
    """The address of a running example house, its process and what it printed. It has one story: what becomes
    of all of them is looked at in tests/app."""
    port, log, stories = free_port(side_by_side=2), tmp_path / "log", tmp_path / "stories"
    shutil.copytree(ROOT / "examples" / "ransomware", stories / "ransomware")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(tmp_path)}
    with log.open("w") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "habeas",
                "demo",
                "--port",
                str(port),
                "--stories",
                str(stories),
            ],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
            text=True,
        )
    try:
        yield f"http://127.0.0.1:{port}", process, log
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _answers(address: str, process: subprocess.Popen[str]) -> str:
    for _ in range(2400):
        try:
            with urllib.request.urlopen(f"{address}/sign-in/", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            assert process.poll() is None, "the desk ended by itself"
            time.sleep(0.1)
    raise AssertionError("the desk did not answer within four minutes")


def test_the_example_house_answers_and_goes_away_when_told(
    demo: tuple[str, subprocess.Popen[str], Path],
) -> None:
    address, process, log = demo
    assert "Sign in" in _answers(address, process)
    told = log.read_text()
    assert (
        len(re.findall(r"@example(-seated)? +[A-Z2-7]{32}", told)) == 20
    )  # one for each person of two houses
    assert re.search(r"password is [a-z2-7]{16}", told)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)
    assert list(log.parent.glob("habeas-demo-*")) == []  # its folder is thrown away


def test_the_worker_stops_when_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    Installation.open(home).close()
    process = subprocess.Popen(
        [sys.executable, "-m", "habeas", "worker", "--home", str(home)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    lease = "SELECT holder FROM lease WHERE name = 'clock' AND until > 0"
    opened = Installation.open(home)
    for _ in range(1200):
        if opened.store.database.ask(lease):
            break
        time.sleep(0.1)
    assert opened.store.database.ask(lease)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert opened.store.database.ask(lease) == []  # the lease is given back at once


def test_a_worker_that_dies_is_started_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    opened = Installation.open(home)
    holders = "SELECT holder FROM lease WHERE name = 'clock' AND until > 0"

    def holder_other_than(last: str) -> str:
        for _ in range(1200):
            found = opened.store.database.ask(holders)
            if found and found[0][0] != last:
                return str(found[0][0])
            time.sleep(0.1)
        raise AssertionError("no worker took the lease")

    with _beside(home, "", "", ""):
        first = holder_other_than("")
        os.kill(int(first.rpartition("-")[2]), signal.SIGKILL)
        opened.store.database.ask("SELECT 1")
        with opened.store.database.transaction() as run:
            run("UPDATE lease SET until = 0")  # as after the minute that a dead worker's lease lasts
        assert holder_other_than(first)


_A_WAY_IN_THAT_CHANGED = """
import sys
from pathlib import Path
from django.utils import timezone
from habeas.app.installation import Installation
from habeas.web.configuration import Configuration
from habeas.web.serve import application
home = Path(sys.argv[1])
application(Configuration(home=home, hosts=("localhost",), https=False), Installation.open(home))
from habeas.web.accounts.models import AccessLine, Account
Account.objects.create(
    login="reviewer@our-house", mail="reviewer@x.example", organisation="our-house", person="reviewer",
    last_login=timezone.now(),
)
AccessLine.objects.create(
    organisation="our-house", strand="inside", number=1, at=timezone.now(), person="reviewer",
    kind="password-set", chain=b"",
)
"""


def test_the_worker_tells_people_of_their_way_in_and_speaks_in_lines_for_a_program(tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-c", _A_WAY_IN_THAT_CHANGED, str(home)], check=True, env=environment)
    words = [
        sys.executable,
        "-m",
        "habeas",
        "worker",
        "--home",
        str(home),
        "--site",
        "https://desk.example.org/",
    ]
    with log.open("w") as out:
        process = subprocess.Popen(words, env=environment, stdout=out, stderr=out)
    for _ in range(1200):
        if found := list((home / "mail").glob("*.eml")):
            break
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    (message,) = found
    said = message.read_text("utf-8")
    assert "To: reviewer@x.example" in said
    assert "https://desk.example.org/account/lately/" in said
    assert all({"at", "level", "by"} <= json.loads(each).keys() for each in log.read_text().splitlines())


def test_a_certificate_and_its_key_go_together(tmp_path: Path) -> None:
    named = ["serve", "--home", str(tmp_path), "--certificate", str(tmp_path / "chain.pem")]
    with pytest.raises(Refused, match="go together"):
        CliRunner().invoke(habeas, named, catch_exceptions=False, standalone_mode=False)


def test_a_desk_that_would_answer_a_network_in_clear_does_not_start(tmp_path: Path) -> None:
    named = ["serve", "--home", str(tmp_path), "--host", "desk.example.org", "--bind", "0.0.0.0:8000"]
    with pytest.raises(Refused, match="over TLS only"):
        CliRunner().invoke(habeas, named, catch_exceptions=False, standalone_mode=False)


def test_the_worker_beside_the_pages_gets_the_passphrase_by_a_pipe(tmp_path: Path) -> None:
    home, words = tmp_path / "home", "five words that nobody else drew"
    (tmp_path / "passphrase").touch(0o600)
    (tmp_path / "passphrase").write_text(f"{words}\n")
    given = ["--home", str(home), "--new-passphrase-file", str(tmp_path / "passphrase")]
    assert CliRunner().invoke(habeas, ["records", "key", "--passphrase", *given]).exit_code == 0
    opened = Installation.open(home, passphrases=Passphrases(lambda _what: (words,), lambda: ""))
    bind = f"127.0.0.1:{free_port()}"
    options = ("--no-https", "--bind", bind, "--processes", "1", "--home", str(home))
    process = subprocess.Popen(
        [sys.executable, "-m", "habeas", "serve", *options, "--passphrase-file", "-"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.PIPE,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(f"{words}\n".encode())
        process.stdin.close()
        assert "Sign in" in _answers(f"http://{bind}", process)
        for _ in range(1200):
            found = opened.store.database.ask("SELECT holder FROM lease WHERE name = 'clock' AND until > 0")
            if found:
                break
            assert process.poll() is None, "the desk ended by itself"
            time.sleep(0.1)
        worker = Path("/proc") / str(found[0][0]).rpartition("-")[2]
        assert b"worker" in (worker / "cmdline").read_bytes()
        for kept in ("cmdline", "environ"):
            assert words.encode() not in (worker / kept).read_bytes()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    opened.close()

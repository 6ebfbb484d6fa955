"""`habeas door`: the program beside the desk, as it runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.app.houses import ORGANISATION, a_request, as_bytes
from tests.cli.conftest import Terminal

ORIGIN = "desk.example.org/log"


def test_what_is_laid_there_is_taken_in_and_what_is_no_request_is_said(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.well("log", "keep", "--by", "administrator", "--origin", ORIGIN)
    folder = tmp_path / "door"
    folder.mkdir()
    (folder / "good.json").write_bytes(as_bytes(a_request()))
    words = ("door", "--by", "intake", "--door", "mailbox", "--once", folder)
    said = terminal.well(*words)
    assert said.startswith("good.json: ")
    given = terminal.well("log", "promise", "--by", "intake", said.split()[1])
    (promise,) = (folder / "promises").iterdir()
    assert promise.read_text() == given
    (folder / "bad.json").write_text("{ this is nothing")
    result = terminal(*words)
    assert result.exit_code == 2
    assert "laid aside in unread" in result.stderr


def test_it_looks_until_it_is_told_to_stop(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "door"
    folder.mkdir()
    words = ["door", "--by", "intake", "--door", "api", "--every", "0.2", str(folder)]
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
        until = time.monotonic() + 60
        while (folder / "request.json").exists() and time.monotonic() < until:
            assert running.poll() is None
            time.sleep(0.1)
    finally:
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    assert out.startswith("request.json: ")

"""Publishers of workers as processes of their own, which look at the moment they are told to.

`workers` starts several over one home folder; `Workers.look` tells all of them at once, and gives what became
of it in each. They are forked from one process that has read the program and opened nothing.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.errors import Refused
from tests.app.houses import Clock
from tests.desk.desks import ROOT

Looked = dict[str, Any]
"""words: of the publications of one look. new: how many gave entries their places. refused: why it broke
off, or empty."""


class Workers:
    """The processes, waiting."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self._running = running

    def look(self, at: datetime) -> list[Looked]:
        """What each of them did, at this time of the simulated world."""
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        self._running.stdin.write(f"{at.isoformat()}\n")
        self._running.stdin.flush()
        found: list[Looked] = json.loads(self._running.stdout.readline())
        return found


@contextmanager
def workers(home: Path, number: int) -> Iterator[Workers]:
    """So many over this home folder, for as long as the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.app.racing", str(home), str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    ) as running:  # which ends where its input does
        yield Workers(running)


def main() -> None:
    context = multiprocessing.get_context("fork")
    pairs = [context.Pipe() for _ in range(int(sys.argv[2]))]
    for _, theirs in pairs:
        context.Process(target=_work, args=(Path(sys.argv[1]), theirs), daemon=True).start()
    ours = [each for each, _ in pairs]
    for line in sys.stdin:
        for each in ours:
            each.send(line.strip())
        sys.stdout.write(json.dumps([each.recv() for each in ours]) + "\n")
        sys.stdout.flush()


def _work(home: Path, pipe: Connection) -> None:
    clock = Clock()
    app = Installation.open(home, now=clock, make=False)
    publisher = Publisher(app, f"{os.uname().nodename}-{os.getpid()}")  # as `habeas worker` names itself
    while True:
        clock.at = datetime.fromisoformat(pipe.recv())
        looked: Looked = {"words": [], "new": 0, "refused": ""}
        try:
            for each in publisher.step():
                looked["words"].append(each.words)
                looked["new"] += each.new
        except Refused as refused:
            looked["refused"] = str(refused)
        pipe.send(looked)


if __name__ == "__main__":
    main()

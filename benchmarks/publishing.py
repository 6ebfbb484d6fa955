"""A house with a public log in a home folder of its own, entries to fill it with, and a day of it, witnessed.

What is drawn comes from a seed: two hundred states, three footings, a year. Five entries each belong to one
request: it arrives, is counted, decided and answered, and something else becomes of it. Entries that do not
belong together, like answers without requests, would keep the report's attacker busy with what never happens.

    python -m benchmarks.publishing HOME fill COUNT BACK | day COUNT BACK

The first brings so many leaves into the records and publishes them by the real publisher; what they commit to
is drawn, and nobody could tell. The second lays a day's entries and times their publication, from laid ones
to a site on the disk that the witness has cosigned. BACK is how many days before today that is.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.run import ROOT
from habeas.app.demo import SETTINGS
from habeas.app.installation import Installation, utc_now
from habeas.app.publishing import Publisher
from habeas.desk.events import LogConfigured, Role, Witnessing
from habeas.desk.public import LEAF, TAG, Counted, Entry
from habeas.reports.transparency import Period
from habeas.reports.transparency.figures import FIELDS
from habeas.reports.transparency.tables import parts
from habeas.store import HOUSE_KEY

ORGANISATION, COUNSEL = "provider-one", "counsel"
YEAR = Period(first="2026-01", last="2026-12")
BEGUN, START = datetime(2026, 1, 20, 4, 30, tzinfo=UTC), datetime(2027, 1, 20, 4, 30, tzinfo=UTC)
ORIGIN = "log.example.org/bench"


class Clock:
    """The time of the house, which goes only where it is set."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def house(home: Path, clock: Clock) -> Installation:
    """The house, opened; founded with its log, of which there is no witness, where it is not there yet."""
    app = Installation.open(home, now=clock)
    if not app.people(ORGANISATION).length:
        app.desk(ORGANISATION).found(
            clock(), person="administrator", title="Administrator", settings=SETTINGS
        )
        app.desk(ORGANISATION).admit(
            "administrator", clock(), person=COUNSEL, title="Counsel", roles=(Role.COUNSEL,)
        )
        app.keep_log(ORGANISATION, "administrator", LogConfigured(origin=ORIGIN))
    return app


def drawn(number: int, seed: int = 1) -> pa.Table:
    """So many entries as columns, in random order; the first words of each list are the most frequent.

    number: a multiple of five.
    """
    draw = np.random.default_rng(seed)
    known = {part.name: part.values for every in parts().values() for part in every}
    requests = number // len(_STEPS)
    turn = draw.permutation(requests * len(_STEPS))
    step, request = turn % len(_STEPS), turn // len(_STEPS)
    kinds = [word for step in _STEPS for word in step]
    kind = np.zeros(len(turn), np.int8)
    for place, words in enumerate(_STEPS):
        one = _codes(draw, len(words), requests) + kinds.index(words[0])
        kind[step == place] = one[request[step == place]]
    columns = {"kind": pa.DictionaryArray.from_arrays(pa.array(kind), pa.array(kinds))}
    for field in FIELDS[1:]:
        every = ("", *(word for word in _WORDS.get(field) or known[field] if word))
        rare = field in ("emergency", "again")
        code = (_codes(draw, len(every) - (not rare), requests) + (not rare))[request]
        code[~np.isin(kind, [kinds.index(each) for each in kinds if _says(each, field)])] = 0
        columns[field] = pa.DictionaryArray.from_arrays(pa.array(code), pa.array(every))
    return pa.table(columns)


_STEPS = (
    ("arrival",),
    ("request",),
    ("decision",),
    ("release", "refusal", "reroute", "withdrawal"),
    ("letter", "notice", "hold", "validation", "notice-delay", "closing", "objection", "erasure"),
)
_SAYS = {
    "arrival": ("door",),
    "request": ("door",),
    "decision": ("decision", "how"),
    "release": ("given", "how", "days"),
    "refusal": ("ground", "days"),
    "reroute": ("days",),
    "withdrawal": ("days",),
    "notice": ("how",),
    "notice-delay": ("ground",),
    "hold": ("how",),
    "validation": ("how",),
}
"""What an entry of a kind says beside what it says of its request."""
_WORDS: dict[str, Sequence[str]] = {
    "month": YEAR.months,
    "state": tuple(f"{chr(65 + at // 26)}{chr(65 + at % 26)}X" for at in range(200)),
    "categories": ("subscriber", "subscriber traffic", "content subscriber", "traffic"),
    "footing": ("request", "direct", "order"),
    "emergency": ("claimed", "verified"),
    "how": ("conditions", "fewer-accounts", "placed", "before-release"),
    "given": ("subscriber", "subscriber traffic"),
    "accounts": tuple(map(str, range(1, 50))),
    "days": tuple(map(str, range(400))),
    "again": ("yes",),
}


def _says(kind: str, field: str) -> bool:
    """Whether an entry of this kind says something in this field. What arrives is read by nobody yet."""
    if kind in ("arrival", "erasure") and field not in ("month", *_SAYS.get(kind, ())):
        return False
    return field in _SAYS.get(kind, ()) or not any(field in fields for fields in _SAYS.values())


def _codes(draw: np.random.Generator, words: int, number: int) -> np.ndarray[Any, np.dtype[np.int16]]:
    weights = 1 / np.arange(1, words + 1)
    return draw.choice(words, number, p=weights / weights.sum()).astype(np.int16)


def lay(app: Installation, entries: pa.Table) -> None:
    """Lays entries ready for the next publication, each salted and sealed as the desk does it."""
    trace = app.store.trace
    key = app.store.keyring.made(ORGANISATION, HOUSE_KEY)
    every = [Entry(count=Counted(**row)) for row in entries.to_pylist()]
    with app.store.database.transaction() as run:
        trace.put(run, ORGANISATION, "", key, every)


# ---- a day of it, witnessed --------------------------------------------------------------------------------

HABEAS = (sys.executable, "-m", "habeas")
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
_ROWS = 500  # leaves in one statement
_PATIENCE = 60.0  # seconds until the witness answers


def leaves(app: Installation, number: int) -> None:
    """Brings leaves into the records as if they had been laid and sequenced; what they commit to is drawn."""
    chance = hashlib.shake_128(ORIGIN.encode())
    data, body = chance.digest(number * (LEAF - len(TAG))), LEAF - len(TAG)
    with app.store.database.transaction() as run:
        for first in range(0, number, _ROWS):
            some = range(first, min(first + _ROWS, number))
            values = [
                value for at in some for value in (ORGANISATION, at, TAG + data[at * body : (at + 1) * body])
            ]
            run(
                f"INSERT INTO leaf (organisation, place, leaf) VALUES {', '.join(['(?, ?, ?)'] * len(some))}",
                *values,
            )


def published(app: Installation) -> dict[str, float]:
    """The day's publication, timed. It counts only where the witness cosigned and the site shows it."""
    start, cpu = time.perf_counter(), time.process_time()
    outcome = Publisher(app).publish(ORGANISATION)
    seconds, used = time.perf_counter() - start, time.process_time() - cpu
    if outcome is None or not outcome.published.quorum_met or len(outcome.published.cosigned) != 1:
        raise SystemExit("the witness did not cosign" if outcome is None else outcome.words)
    return {"seconds": seconds, "cpu": used, "size": outcome.published.size}


@contextmanager
def witnessed(folder: Path) -> Iterator[Path]:
    """The home of a house whose log asks one witness: `habeas witness`, a process of its own on loopback."""
    home, key, state, logs = (folder / name for name in ("home", "key", "state", "logs"))
    folder.mkdir(parents=True)
    app = house(home, Clock(utc_now() - timedelta(days=99)))
    logs.write_text(f"{app.log_signer(ORGANISATION, app.kept(ORGANISATION)).key}\n")
    kept = ["--key", str(key), "--state", str(state)]
    made = habeas("witness", "new", "witness.example.org", "--no-ml-dsa", *kept)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    cosigns = Witnessing(key=made.stdout.split()[0], url=f"http://127.0.0.1:{port}/")
    settings = LogConfigured(origin=ORIGIN, witnesses=(cosigns,), quorum=1)
    app.keep_log(ORGANISATION, "administrator", settings)
    app.store.close()
    with (folder / "said").open("wb") as said:
        running = subprocess.Popen(
            [*HABEAS, "witness", "serve", *kept, "--logs", str(logs), "--port", str(port)],
            stdout=said,
            stderr=said,
            env=_ENVIRONMENT,
        )
    try:
        until = time.monotonic() + _PATIENCE
        while not _answers(port):
            if running.poll() is not None or time.monotonic() > until:
                raise SystemExit((folder / "said").read_text())
            time.sleep(0.05)
        yield home
    finally:
        running.terminate()
        running.wait(_PATIENCE)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def habeas(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*HABEAS, *words], capture_output=True, text=True, check=True, env=_ENVIRONMENT)


def asked(home: Path, what: str, count: int, back: int) -> dict[str, float]:
    """What `fill` or `day` answers, in a process of its own. back: days before today."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.publishing", str(home), what, str(count), str(back)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
        env=_ENVIRONMENT,
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def audited(home: Path) -> float:
    """Seconds that `habeas audit` takes over the house's site, start and end of the program included."""
    site = house(home, Clock(utc_now())).site(ORGANISATION)
    start = time.perf_counter()
    habeas("audit", str(site))
    return time.perf_counter() - start


def main() -> None:
    home, what, count, back = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    app = house(home, Clock(utc_now() - timedelta(days=back)))
    if what == "fill":
        leaves(app, count)
    else:
        lay(app, drawn(count))
    print(json.dumps(published(app)))


if __name__ == "__main__":
    main()

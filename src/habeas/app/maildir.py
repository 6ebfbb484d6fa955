"""A Maildir: what a mail server delivers into it, and the answers that wait beside it.

What lies in `new` and in `cur` has not been taken in yet. Decides which mails lie there, in what order, and
what a mail is answered: neutrally, with the promise of it, to the address that the last server recorded, and
nothing of what came. `habeas.app.doors` takes mails in at the desk; `collect` is the door of a mailbox that
runs apart from it (`habeas.app.arrivals`): it counts and promises each mail as it was delivered, hands it
over, and answers it itself, so that the desk can neither lower the count nor keep a promise back. Of a mail
that is counted already it looks up where the answer goes, in a process that can do nothing else.
"""

from __future__ import annotations

import glob
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from habeas.app.arrivals import Arrivals
from habeas.app.home import write_private
from habeas.desk import promise
from habeas.desk.promise import Promise
from habeas.errors import Refused
from habeas.gateways import mailbox
from habeas.gateways.mail import Answer, Server
from habeas.request.formats.text import MAX_FILE

MAILDIR = ("tmp", "new", "cur")  # what a mail server delivers into; the first is not finished
ANSWERS = "answers"
_PROMISE = "promise.txt"
_PIECE = 1 << 20  # bytes read at a time


def lying(folder: Path) -> Iterator[Path]:
    """What lies there. Raises Refused where this is no Maildir."""
    if missing := [name for name in MAILDIR if not (folder / name).is_dir()]:
        raise Refused(f"this is no Maildir: it lacks {missing[0]}", place=str(folder), hint="maildirmake")
    return itertools.chain((folder / "new").iterdir(), (folder / "cur").iterdir())


def named(path: Path) -> str:
    """What a mail is called: a program that shows the mailbox may add flags, which follow a colon."""
    return path.name.partition(":")[0]


def now_at(folder: Path, path: Path) -> Path:
    """Where a mail lies now: a program that shows the mailbox may have moved it from `new` to `cur`."""
    if path.exists():
        return path
    return next((folder / "cur").glob(f"{glob.escape(named(path))}*"), path)


def since(path: Path) -> int:
    """Since when a file lies there, in nanoseconds; 0 where it is gone."""
    with suppress(FileNotFoundError):
        return path.lstat().st_mtime_ns
    return 0


def finished(path: Path) -> bool:
    """Whether this is a plain file that nobody is still writing, by its name."""
    begun = path.name.startswith(".") or path.name.endswith(".part")
    return not begun and not path.is_symlink() and path.is_file()


def answer(folder: Path, name: str, found: mailbox.Read, told: Promise, note: bytes, sender: str) -> None:
    """Lay the answer to a mail beside the others; nothing where none is due. told: the promise in `note`.
    sender: whose name it bears; empty for none."""
    if not (found.answer_to and sender):
        return
    text = (
        f"What you sent arrived on {told.received:%Y-%m-%d} at {told.received:%H:%M} UTC and was counted "
        f"before anybody read it. It will stand in the public log {told.origin} by {told.by}.\n\n"
        "The file that is attached is the signed promise of it. Keep it. After that day anybody can ask the "
        f"log:\n\n    habeas promise check {_PROMISE} --site https://{told.origin}\n\n"
        "This answer was written by a machine and says nothing of what becomes of what you sent.\n"
    )
    made = Answer(
        to=found.answer_to,
        of=found.id,
        subject="It arrived: a signed promise",
        text=text,
        at=told.received,
        file=_PROMISE,
        data=note,
    )
    write(folder / ANSWERS / f"{name}.eml", made.written(sender))


def send(folder: Path, server: Server) -> int:
    """Hand the answers that lie there to the mail server, oldest first; how many it took. Raises Refused
    where it does not take one, which stays with those after it."""
    answers = sorted((folder / ANSWERS).glob("*.eml"), key=lambda each: (since(each), each.name))
    for each in answers:
        server.carry(each.read_bytes())
        each.unlink()
    return len(answers)


def collect(
    arrivals: Arrivals, folder: Path, now: Callable[[], datetime], sender: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Count, hand over and answer the mails that lie there now, oldest first: of each its name and promise.

    Stopped after a mail was counted and before it is taken away, the next look counts it once more: an
    arrival too many, and never a mail that nobody counted.
    """
    for path in sorted(filter(finished, lying(folder)), key=lambda each: (since(each), each.name)):
        note = arrivals.arrive(_pieces(now_at(folder, path)), now())
        mail = now_at(folder, path)
        if sender and mail.stat().st_size <= MAX_FILE:
            with suppress(Refused):  # it is counted all the same, and a person opens it
                told = promise.read(note, arrivals.key)
                answer(folder, named(path), mailbox.opened(mail.read_bytes()), told, note, sender)
        now_at(folder, path).unlink()
        yield named(path), note


def write(path: Path, data: bytes) -> None:
    """Whole or not at all, and for the owner alone."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    half = path.with_name(f".{path.name}")
    write_private(half, data)
    half.replace(path)


def _pieces(path: Path) -> Iterator[bytes]:
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        while piece := file.read(_PIECE):
            yield piece

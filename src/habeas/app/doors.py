"""A door: a folder into which a mail filter, a portal or a machine lays what came in, one file for each.

The door is not the desk. It counts what lies there before anything of it is read, gives the promise for its
sender, and only then lets it be read; nobody at the desk can take in what was not counted, or let what was
counted disappear. Where a door runs apart from the desk (`habeas.app.arrivals`), it counted and promised
already, under a key of its own: its promise lies beside the file, and what it names is logged. A house that
keeps no public log has doors too: they count nothing and promise nothing.

Beside what came in, three folders: `promises` (for the senders, each beginning with the name of the file
that came in), `unread` (what is no request, with the reason, for a person to look at) and `too-long`. What
became a case is sealed there and taken out of the folder.

A door may be a Maildir, into which a mail server delivers (`habeas.app.maildir`): a mail is counted and
promised as it was delivered, then the requests attached to it are taken in, each case keeps the whole mail,
and it is answered. What the door of a mailbox that runs apart handed over is a mail too, and answered there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from habeas.app import maildir as mails
from habeas.app.arrivals import COUNT, HANDED
from habeas.app.enclosing import Came, attach
from habeas.app.installation import Installation, Taken
from habeas.desk import promise, public
from habeas.desk.events import Door
from habeas.errors import Refused
from habeas.gateways import mailbox, papers
from habeas.request.formats.text import MAX_FILE

PROMISES, UNREAD, TOO_LONG = "promises", "unread", "too-long"
_PIECE = 1 << 20  # bytes read at a time


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One file that lay at a door. promise: where it was written, None without a public log and where the
    door gave it out itself. lies: where a
    file lies that became no case, None where all of it did."""

    name: str
    taken: tuple[Taken, ...]
    promise: Path | None
    lies: Path | None


def look(
    installation: Installation,
    organisation: str,
    by: str,
    folder: Path,
    door: Door,
    *,
    maildir: bool = False,
    sender: str = "",
) -> Iterator[HandedIn]:
    """Take in what lies at a door now, oldest first. by: in whose name; somebody who may take requests in.

    A name that begins with a dot or ends in `.part` is not finished yet and stays; so does what is no plain
    file. Where this ends at any moment, what was not taken in still lies there: it is looked at again, with
    the promise that was given for it. What is laid there once more later is another arrival.

    maildir: the folder is one, of the door's own. sender: whose name answers bear; empty for none.
    """
    if (count := folder / COUNT).is_file():
        installation.keep_count(organisation, count.read_bytes())
        count.unlink()
    lying = mails.lying(folder) if maildir else folder.iterdir()
    for path in sorted(lying, key=lambda each: (mails.since(each), each.name)):
        if mails.finished(path):
            name = mails.named(path) if maildir else path.name
            yield _one(installation, organisation, by, _At(folder, path, name, door, maildir, sender))


@dataclass(frozen=True, slots=True)
class _At:
    """A file that lies at a door. name: what it is called in what is written about it."""

    folder: Path
    path: Path
    name: str
    door: Door
    maildir: bool
    sender: str

    @property
    def now(self) -> Path:
        """Where the file lies now."""
        return mails.now_at(self.folder, self.path) if self.maildir else self.path


def _one(installation: Installation, organisation: str, by: str, at: _At) -> HandedIn:
    path, door = at.now, at.door
    sha256, data = _read(path)
    # The promise of what lies here now. Our own goes before the file does: whatever happens between the two,
    # the next look can count an arrival too many, and never a request for which nothing arrived. That of a
    # door which runs apart goes after the file: it is logged once, however often it is looked at.
    handed = path.with_name(f".{path.name}{HANDED}")
    apart, written = not at.maildir and handed.is_file(), None
    standing = handed if apart else at.folder / PROMISES / f".{at.name}.{sha256[:16]}.given"
    if apart:
        given = standing.read_bytes()
        installation.handed_over(organisation, sha256, door, given)
    else:
        given = (
            standing.read_bytes() if standing.is_file() else installation.arrived(organisation, sha256, door)
        )
        if given:
            mails.write(standing, given)
            written = at.folder / PROMISES / f"{at.name}.{hashlib.sha256(given).hexdigest()[:16]}.promise"
            mails.write(written, given)
    taken: tuple[Taken, ...] = ()
    where, why = TOO_LONG, f"it has more than {MAX_FILE // 1024**2} MiB"
    mail = at.maildir or (apart and door is Door.MAILBOX and data is not None and _is_mail(data))
    if data is not None and mail:
        where = UNREAD
        taken, why = _mail(installation, organisation, by, at, data, given)
    elif data is not None:
        taken = installation.take_in(organisation, by, data, door=door, name=path.name, given=given)
        where, why = UNREAD, _whys(taken)
    if not apart:
        standing.unlink(missing_ok=True)
    lies = None
    if why:
        lies = _laid_aside(at, f"{at.name}.eml" if mail else at.name, where, why)
    else:
        at.now.unlink()
    if apart:
        standing.unlink(missing_ok=True)
    return HandedIn(at.name, taken, written, lies)


def _mail(
    installation: Installation, organisation: str, by: str, at: _At, data: bytes, given: bytes
) -> tuple[tuple[Taken, ...], str]:
    """Answer a mail that was counted, take in what is attached to it, and keep it whole with each case: what
    was taken in, and why a person has to look at the mail all the same."""
    try:
        found = mailbox.opened(data)
    except Refused as refused:
        return (), str(refused)
    if given and at.maildir:
        keys = installation.promise_keys(organisation, installation.kept(organisation))
        mails.answer(at.folder, at.name, found, promise.read(given, *keys), given, at.sender)
    if not found.requests:
        return (), "no request is attached to it in a form that is read here: a person reads it"
    taken: list[Taken] = []
    for number, part in enumerate(found.requests):
        if number and given:  # as many arrivals as requests, as with a file of several
            arrival = public.arrival(str(at.door), promise.sha256(part.data), installation.now())
            installation.store.trace.add(organisation, arrival)
        taken += installation.take_in(organisation, by, part.data, door=at.door, name=part.name, given=given)
    whole, digest = Came(f"{at.name}.eml", data), promise.sha256(data)
    for each in taken:
        if each.case is not None and digest not in {file.sha256 for file in each.case.files_kept}:
            attach(installation, organisation, each.case.id, by, (whole,))
    return tuple(taken), _whys(taken)


def _whys(taken: Iterable[Taken]) -> str:
    return "\n".join(str(each.refused) for each in taken if each.refused is not None)


def _read(path: Path) -> tuple[str, bytes | None]:
    """The hash of what lies there, and the bytes; None where they are more than a request ever has."""
    digest, pieces, length = hashlib.sha256(), [], 0
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            length += len(piece)
            if length <= MAX_FILE:
                pieces.append(piece)
    return digest.hexdigest(), b"".join(pieces) if length <= MAX_FILE else None


def _is_mail(data: bytes) -> bool:
    """Whether the door of a mailbox handed this over as a server delivered it."""
    try:
        return papers.kind_of(data) is papers.Kind.MAIL
    except Refused:
        return False


def _laid_aside(at: _At, called: str, where: str, why: str) -> Path:
    name = Path(called)
    to = at.folder / where / name
    number = 1
    while to.exists():
        number += 1
        to = at.folder / where / f"{name.stem}-{number}{name.suffix}"
    mails.write(to.with_name(f"{to.name}.why.txt"), why.encode() + b"\n")
    at.now.replace(to)
    return to

"""The promise a sender is given when something arrives: that it will stand in the public log, and by when.

It is signed before anybody reads what came. It names the hash of the bytes, the moment, the last day, and the
commitment that one leaf of the log will hold; so its holder finds that leaf without asking us, and where it
is missing after that day the promise and the log are evidence enough. The form is a signed note (C2SP
signed-note) under a key of the doors: the desk's own, or that of a door which runs apart from it. The log's
key, which is the publisher's alone, names them all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from enum import StrEnum

import msgspec

from habeas.desk import public
from habeas.desk.public import HASH, TAG, Opening, instant, stamp
from habeas.errors import Refused
from habeas.tlog import Checkpoint, Key, Note, Signer

FORMAT = "habeas/promise/v1"
FRESH_FORMAT = "habeas/fresh/v1"
_NAME = "/promises"  # the promise key's name is the log's origin and this
_DOOR = "door "  # begins the line of the key of a door that runs apart, in the word of freshness
_FORM = re.compile(
    rf"{FORMAT}\n(?P<origin>[^\n]+)\nsha256 (?P<sha256>[0-9a-f]{{64}})\nreceived (?P<received>[0-9TZ:-]+)\n"
    r"included by (?P<by>[0-9-]+)\npaper (?P<paper>[0-9a-f]{64})\n"
    r"salts (?P<salts>[0-9a-f]{64} [0-9a-f]{64})\n"
)


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """sha256: of the bytes that arrived, in hex. received: UTC, whole seconds. by: the last day of inclusion,
    UTC. paper: the commitment that the leaf holds, with the two salts that open it."""

    origin: str
    sha256: str
    received: datetime
    by: date
    paper: bytes
    salts: tuple[bytes, bytes]

    @property
    def opening(self) -> Opening:
        """What the leaf's paper group says: this request, by its hash."""
        return Opening(group="paper", values=("request", self.sha256), salts=self.salts)

    @property
    def text(self) -> str:
        salts = " ".join(salt.hex() for salt in self.salts)
        return (
            f"{FORMAT}\n{self.origin}\nsha256 {self.sha256}\nreceived {stamp(self.received)}\n"
            f"included by {self.by.isoformat()}\npaper {self.paper.hex()}\nsalts {salts}\n"
        )


class Kept(StrEnum):
    """What became of a promise, as far as a view of the log shows."""

    KEPT = "kept"
    LATE = "kept late"
    OPEN = "not due yet"
    BROKEN = "broken"
    UNKNOWN = "not shown"  # the day is over, and the view of the log is older than that


def key_name(origin: str) -> str:
    return origin + _NAME


def promised(
    origin: str, sha256: str, received: datetime, by: date, random: Callable[[int], bytes]
) -> Promise:
    """A promise with fresh salts."""
    salts = (random(public.SALT), random(public.SALT))
    opening = Opening(group="paper", values=("request", sha256), salts=salts)
    received = received.astimezone(UTC).replace(microsecond=0)
    return Promise(
        origin=origin, sha256=sha256, received=received, by=by, paper=opening.commitment(), salts=salts
    )


def signed(promise: Promise, signer: Signer) -> bytes:
    """The promise as its sender gets it."""
    return Note(text=promise.text, signatures=(signer.sign(promise.text),)).encoded()


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """tree: what was the newest at that moment. promises: the key that the desk's own doors sign with, as the
    log names it. doors: those of the doors that run apart from the desk."""

    tree: Checkpoint
    at: datetime
    promises: Key
    doors: tuple[Key, ...] = ()

    @property
    def keys(self) -> tuple[Key, ...]:
        """Everybody who promises in the name of this log."""
        return (self.promises, *self.doors)


def fresh(checkpoint: bytes, at: datetime, promises: Key, signer: Signer, doors: Iterable[Key] = ()) -> bytes:
    """The log's own signed word that this tree was the newest at `at`, and which keys its doors sign with."""
    text = f"{FRESH_FORMAT}\n{Note.parse(checkpoint).text}{stamp(at)}\npromises {promises}\n"
    text += "".join(f"{_DOOR}{each}\n" for each in doors)
    return Note(text=text, signatures=(signer.sign(text),)).encoded()


def sha256(data: bytes) -> str:
    """Of bytes that arrived or are kept, in hex: what a promise, an event and a letter say of them."""
    return hashlib.sha256(data).hexdigest()


def read_fresh(data: bytes, logs: Iterable[Key]) -> Fresh:
    """Raises Refused where it is no such word, or no log among these signed it under its own name."""
    note = Note.parse(data)
    signed = {each.key.name for each in note.verified(logs)}
    lines = note.text.splitlines(keepends=True)
    doors: list[Key] = []
    while lines[-1].startswith(_DOOR):
        doors.insert(0, Key.parse(lines.pop().removeprefix(_DOOR).rstrip("\n")))
    if lines[0] != f"{FRESH_FORMAT}\n" or len(lines) < 6 or not lines[-1].startswith("promises "):
        raise Refused("this is no word of freshness", hint="the file `fresh` of the site is meant")
    tree = Checkpoint.parse("".join(lines[1:-2]))
    if tree.origin not in signed:
        raise Refused("this is not signed with the key of the log", place=tree.origin)
    return Fresh(
        tree=tree,
        at=instant(lines[-2].rstrip("\n")),
        promises=Key.parse(lines[-1].removeprefix("promises ").rstrip("\n")),
        doors=tuple(doors),
    )


def read(data: bytes, *keys: Key) -> Promise:
    """A promise with its signature checked. Raises Refused where it is none, or by none of these keys."""
    note = Note.parse(data)
    signed = note.verified(keys)
    if not signed:
        raise Refused("this promise is not signed with that key", place=keys[0].name if keys else "")
    found = _FORM.fullmatch(note.text)
    if found is None:
        raise Refused(
            "this is no promise", hint="it is the file that came back when the request was handed in"
        )
    received = instant(found["received"])
    try:
        by = date.fromisoformat(found["by"])
    except ValueError:
        raise Refused("the promise names no day that exists", hint="ask for it again") from None
    one, other = (bytes.fromhex(salt) for salt in found["salts"].split())
    promise = Promise(
        origin=found["origin"],
        sha256=found["sha256"],
        received=received,
        by=by,
        paper=bytes.fromhex(found["paper"]),
        salts=(one, other),
    )
    if any(each.key.name != key_name(promise.origin) for each in signed):
        raise Refused("the key belongs to another log than the promise", place=promise.origin)
    if promise.opening.commitment() != promise.paper or promise.text != note.text:
        raise Refused("the promise does not open what it names", hint="keep it: it shows what was signed")
    return promise


def kept(
    promise: Promise,
    leaves: Iterable[bytes],
    *,
    seen: date | None,
    today: date,
    ledgers: Iterable[tuple[int, datetime]] = (),
) -> tuple[Kept, int | None]:
    """Whether a view of the log keeps the promise, and at which place.

    leaves: all of them, in order, as the view holds them. seen: the day up to which that view is shown to
    reach, None where nothing shows it. ledgers: where each day's ledger stands and until when it looks; a
    leaf behind one that looks beyond the promised day was logged too late. Without ledgers nothing shows when
    a leaf came.
    """
    for place, leaf in enumerate(leaves):
        if leaf.startswith(TAG) and leaf[-HASH:] == promise.paper:
            after = max((until for at, until in ledgers if at < place), default=None)
            late = after is not None and after.astimezone(UTC).date() > promise.by
            return (Kept.LATE if late else Kept.KEPT), place
    if seen is not None and seen > promise.by:
        return Kept.BROKEN, None
    return (Kept.UNKNOWN if today > promise.by else Kept.OPEN), None

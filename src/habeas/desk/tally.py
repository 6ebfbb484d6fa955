"""What a door counts by itself: how many things arrived at it, which nobody at the desk can lower.

A door that runs apart from the desk has a key of its own and keeps a list that only grows: one line for each
thing that arrived, written before the sender gets a promise. The line holds the moment, the last day and the
commitment of that promise (`habeas.desk.promise`), nothing of what came. For every day that is over the door
signs a word: until when it counted, and a hash that binds the list up to then. The word tells no number, for
exact numbers of days would give away what a report keeps; whoever is handed the list sees both. Form: a
signed note (C2SP signed-note) under the door's key; docs/log.md says it in full.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import takewhile

import msgspec

from habeas.desk import promise
from habeas.desk.events import Door
from habeas.desk.promise import Promise
from habeas.desk.public import committed, instant, stamp
from habeas.errors import Refused
from habeas.tlog import Key, Note, Signer

FORMAT = "habeas/count/v1"
DOORS = (Door.PORTAL, Door.API, Door.MAILBOX)
"""What a door that runs apart may be; paper and files are brought in by people."""
_LINE = re.compile(r"(?P<received>[0-9TZ:-]{20}) (?P<by>[0-9]{4}-[0-9]{2}-[0-9]{2}) (?P<paper>[0-9a-f]{64})")
_WORD = re.compile(
    rf"{FORMAT}\n(?P<origin>[^\n]+)\ndoor (?P<door>[a-z]+)\nuntil (?P<until>[0-9TZ:-]+)\n"
    r"head (?P<head>[0-9a-f]{64})\n"
)


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that arrived at a door. by: the last day on which the log may take it in. paper: the
    commitment that its leaf holds."""

    received: datetime
    by: date
    paper: bytes

    @classmethod
    def of(cls, given: Promise) -> Arrived:
        return cls(received=given.received, by=given.by, paper=given.paper)

    @classmethod
    def read(cls, line: str) -> Arrived:
        """Raises Refused where this is no line of a count."""
        found = _LINE.fullmatch(line)
        try:
            if found is not None:
                received, by = instant(found["received"]), date.fromisoformat(found["by"])
                return cls(received=received, by=by, paper=bytes.fromhex(found["paper"]))
        except (Refused, ValueError):
            pass
        raise Refused("this is no line of a door's count", place=line[:40])

    @property
    def line(self) -> str:
        return f"{stamp(self.received)} {self.by.isoformat()} {self.paper.hex()}"


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What a door says of a time that is over. head: binds its list up to then, and tells no number."""

    origin: str
    door: Door
    until: datetime
    head: bytes

    @property
    def text(self) -> str:
        return (
            f"{FORMAT}\n{self.origin}\ndoor {self.door}\nuntil {stamp(self.until)}\nhead {self.head.hex()}\n"
        )


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What a door gives to an auditor, and to the desk for its report: its signed word, and what opens it.
    blind: in hex; lines: one for each thing that arrived before, in order."""

    format: str
    word: str
    blind: str
    lines: tuple[str, ...]

    def encoded(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A count that was read: the door's word holds, and these are the things it is about."""

    word: Word
    arrivals: tuple[Arrived, ...]

    def due(self, seen: date) -> tuple[Arrived, ...]:
        """What has to stand in a log that is shown to reach this day."""
        return tuple(each for each in self.arrivals if each.by < seen)


def day_over(now: datetime) -> datetime:
    """The end of the last day, in UTC, that is over."""
    return datetime.combine(now.astimezone(UTC).date(), datetime.min.time(), UTC)


def counted(
    origin: str, door: Door, signer: Signer, seed: bytes, lines: Sequence[str], now: datetime
) -> Count:
    """The count of all days that are over. seed: the door's own, from which each day has a blind of its own,
    so that the word of a day on which nothing came differs from the one before as any other does."""
    until = day_over(now)
    before = tuple(takewhile(lambda line: Arrived.read(line).received < until, lines))
    blind = hashlib.sha256(b"habeas/count-blind/v1\n" + seed + stamp(until).encode()).digest()
    word = Word(origin=origin, door=door, until=until, head=_head(blind, before))
    note = Note(text=word.text, signatures=(signer.sign(word.text),))
    return Count(format=FORMAT, word=note.encoded().decode(), blind=blind.hex(), lines=before)


def read_word(data: bytes, keys: Iterable[Key]) -> Word:
    """Raises Refused where it is no such word, or none of these keys signed it."""
    note = Note.parse(data)
    signed = note.verified(keys)
    found = _WORD.fullmatch(note.text)
    if not signed:
        raise Refused("this count is signed by no door of this log")
    if found is None or found["door"] not in DOORS:
        raise Refused("this is no word of a door")
    if any(each.key.name != promise.key_name(found["origin"]) for each in signed):
        raise Refused("the key belongs to another log than the count", place=found["origin"])
    return Word(
        origin=found["origin"],
        door=Door(found["door"]),
        until=instant(found["until"]),
        head=bytes.fromhex(found["head"]),
    )


def read(data: bytes, keys: Iterable[Key]) -> Counted:
    """A count with everything checked: who signed it, and that the list is the one that was signed. Raises
    Refused where it is none."""
    try:
        count = msgspec.json.decode(data, type=Count)
        blind = bytes.fromhex(count.blind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        raise Refused("this is no count of a door", hint="the file that `habeas door count` wrote") from None
    if count.format != FORMAT:
        raise Refused(f"the count is not of the form {FORMAT}")
    word = read_word(count.word.encode(), keys)
    if _head(blind, count.lines) != word.head:
        raise Refused("the list is not the one that the door signed", hint="ask the door for it again")
    arrivals = tuple(map(Arrived.read, count.lines))
    if any(each.received >= word.until for each in arrivals):
        raise Refused("the list names things from after its end")
    return Counted(word=word, arrivals=arrivals)


def _head(blind: bytes, lines: Iterable[str]) -> bytes:
    chain = blind
    for line in lines:
        chain = committed(b"habeas/count/v1", chain, line.encode())
    return committed(b"habeas/count-head/v1", blind, chain)

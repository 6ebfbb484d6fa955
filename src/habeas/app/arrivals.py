"""What arrives at a door that runs apart from the desk: counted on its own disk, promised, handed over.

The door has a folder of its own with its key and its list (`habeas.desk.tally`), which only grows, and knows
no database, no keyring and no case. What came is written into the folder that the desk watches
(`habeas.app.doors`), under a name that the desk passes over; then the line of the list, and only then the
name under which the desk finds it; then the sender gets the promise. Every step is on the disk before the
next. So whatever was counted is handed over, if need be at the next start; what broke off before it was
counted is taken away, and nobody holds a promise for it. Nothing that came is looked into.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from habeas.desk import promise, tally
from habeas.desk.events import Door
from habeas.errors import Refused
from habeas.tlog import Algorithm, Key, Signer, ignore

HANDED = ".handed"  # ends the name of the promise that lies beside what is handed over; it begins with a dot
COUNT = ".count"  # the newest count of all days that are over, for the desk to keep
SEED = 32  # bytes of the key
WITHIN = 3  # days that a promise runs; what a new log begins with
_FORM = "habeas/door/v1"
_KEY, _LIST = "door", "arrivals"  # the files of a door's own folder
_COMING = ".coming-"  # begins the name of what is on its way
_SHARED = 0o640  # the desk's account reads what the door hands over, by its group


class Gone(Refused):
    """What was sent broke off, or was not what it said it would be. Nothing arrived."""


class Arrivals:
    """The list of one door. Only one at a time may be open for writing; several threads may share it."""

    def __init__(
        self,
        own: Path,
        to: Path | None = None,
        *,
        random: Callable[[int], bytes] = os.urandom,
        step: Callable[[str], None] = ignore,
    ) -> None:
        """own: the door's folder. to: the folder that the desk watches; None to read the list alone. What was
        broken off is mended here. step: told each thing that is on the disk, in order.

        Raises Refused where there is no door, another process has it open, or the list was cut or changed.
        """
        self._own, self._to, self._random, self._step = own, to, random, step
        self.origin, self.door, self.within, self._seed = _read_door(own / _KEY)
        name = promise.key_name(self.origin)
        self._signer = Signer.from_seed(name, self._seed, Algorithm.ED25519)
        self._one_at_a_time = threading.Lock()
        self._list = os.open(own / _LIST, (os.O_RDWR if to else os.O_RDONLY) | os.O_CLOEXEC)
        if to is not None:
            try:
                fcntl.flock(self._list, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused("this door is open already", place=str(own), hint="end the other one") from None
        self._told: datetime | None = None
        self.begin()

    @classmethod
    def made(cls, own: Path, origin: str, door: Door, within: int = WITHIN) -> Key:
        """A new door with a new key and an empty list. Raises Refused where there is one already: a key that
        lost its list would promise what nobody counts."""
        if (own / _KEY).exists():
            raise Refused("there is a door already, and it is not made over", place=str(own))
        if door not in tally.DOORS:
            raise Refused(
                "no such door runs apart", place=str(door), hint="one of: " + ", ".join(tally.DOORS)
            )
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        seed = os.urandom(SEED)
        key = Signer.from_seed(promise.key_name(origin), seed, Algorithm.ED25519).key
        text = f"{_FORM}\n{origin}\n{door}\n{within}\n{seed.hex()}\n"
        _write(own / _LIST, (), 0o600)
        _write(own / _KEY, (text.encode(),), 0o600)
        _sync(own)
        return key

    @property
    def key(self) -> Key:
        return self._signer.key

    def __len__(self) -> int:
        return len(self._lines)

    def begin(self) -> None:
        """Read the list, and mend what was broken off. For a process that takes over from one that had it
        open and was killed; nobody else may be at it."""
        self._lines = self._known()
        self._last = tally.Arrived.read(self._lines[-1]).received if self._lines else None
        if self._to is not None:
            self._mend(self._to)

    def close(self) -> None:
        os.close(self._list)

    def arrive(self, pieces: Iterable[bytes], now: datetime) -> bytes:
        """Take in what comes, count it, hand it over, and give the signed promise for its sender.

        pieces: the bytes as they come; whoever gives them raises where they break off, and then nothing
        arrived. Raises OSError where the disk does not take it, before anything is promised.
        """
        assert self._to is not None
        coming = self._to / f"{_COMING}{self._random(12).hex()}"
        digest = hashlib.sha256()
        try:
            _write(coming, _hashed(pieces, digest.update), _SHARED)
            self._step("written")
            with self._one_at_a_time:
                return self._counted(self._to, coming, digest.hexdigest(), now)
        finally:
            coming.unlink(missing_ok=True)

    def count(self, now: datetime) -> tally.Count:
        """The door's own count of all days that are over, with its word."""
        return tally.counted(self.origin, self.door, self._signer, self._seed, self._lines, now)

    def tell(self, now: datetime) -> None:
        """Lay the count of the days that are over beside what is handed over, once a day."""
        with self._one_at_a_time:
            self._tell(now)

    # ---- how it is done ----------------------------------------------------------------------------------

    def _counted(self, to: Path, coming: Path, sha256: str, now: datetime) -> bytes:
        """One at a time: the list grows by a line, in the order of time whatever the clock does."""
        now = max(now, self._last) if self._last is not None else now
        self._tell(now)
        last = (now + timedelta(days=self.within)).date()
        given = promise.promised(self.origin, sha256, now, last, self._random)
        note, arrived = promise.signed(given, self._signer), tally.Arrived.of(given)
        laid = to / f".{(name := _name(arrived))}"
        beside = laid.with_name(f"{laid.name}{HANDED}")
        try:
            _write(beside, (note,), _SHARED)
            self._step("promised")
            coming.rename(laid)
            _sync(to)
            self._step("laid")
            self._append(arrived.line)
        except OSError:  # it is not counted, so nothing of it stays
            beside.unlink(missing_ok=True)
            laid.unlink(missing_ok=True)
            raise
        self._last = arrived.received
        self._step("counted")
        laid.rename(to / name)
        _sync(to)
        self._step("handed")
        return note

    def _append(self, line: str) -> None:
        """A line more, whole or not at all: a list that ended in half a line could not be read again."""
        size = os.fstat(self._list).st_size
        try:
            data = f"{line}\n".encode()
            if os.pwrite(self._list, data, size) != len(data):
                raise OSError("the disk is full")
            os.fsync(self._list)
        except OSError:
            os.ftruncate(self._list, size)
            raise
        self._lines.append(line)

    def _known(self) -> list[str]:
        """The lines of the list. Half a line is one whose sender got nothing."""
        data = b""
        while piece := os.pread(self._list, 1 << 20, len(data)):
            data += piece
        whole = data[: data.rfind(b"\n") + 1]
        if self._to is not None and len(whole) < len(data):
            os.ftruncate(self._list, len(whole))
            os.fsync(self._list)
        lines = whole.decode("utf-8", "replace").splitlines()
        times = [tally.Arrived.read(line).received for line in lines]
        if times != sorted(times):
            raise Refused("the list of this door was changed", place=str(self._own / _LIST))
        return lines

    def _mend(self, to: Path) -> None:
        """Hand over what was counted and not handed over; take away what was not counted."""
        counted = {_name(tally.Arrived.read(line)) for line in self._lines}
        for path in sorted(to.glob(f".*{HANDED}")):
            name = path.name.removeprefix(".").removesuffix(HANDED)
            laid = to / f".{name}"
            if name not in counted:
                laid.unlink(missing_ok=True)
                path.unlink()
            elif laid.exists():
                laid.rename(to / name)
            elif not (to / name).exists():
                path.unlink()  # the desk took the file in, and was stopped before it took this away
        for path in to.glob(f"{_COMING}*"):
            path.unlink()
        _sync(to)

    def _tell(self, now: datetime) -> None:
        over = tally.day_over(now)
        if self._to is None or (self._told is not None and self._told >= over):
            return
        half = self._to / f"{COUNT}.part"
        half.unlink(missing_ok=True)
        _write(half, (self.count(now).encoded(),), _SHARED)
        half.replace(self._to / COUNT)
        self._told = over


def _name(arrived: tally.Arrived) -> str:
    """Of the file that is handed over: in the order of time, and of no sender's choosing."""
    return f"{arrived.received:%Y%m%dT%H%M%SZ}-{arrived.paper.hex()[:16]}"


def _read_door(path: Path) -> tuple[str, Door, int, bytes]:
    """Origin, kind, days of a promise and seed. Raises Refused where there is none, or others can read it."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise Refused("others can read or change this key", place=str(path), hint="chmod 600")
            lines = file.read(4096).decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        raise Refused("there is no door here", place=str(path.parent), hint="habeas door new") from None
    try:
        form, origin, door, within, seed = lines
        if form == _FORM and len(bytes.fromhex(seed)) == SEED:
            return origin, Door(door), int(within), bytes.fromhex(seed)
    except ValueError:
        pass
    raise Refused("this is no door", place=str(path), hint="habeas door new")


def _hashed(pieces: Iterable[bytes], update: Callable[[bytes], object]) -> Iterable[bytes]:
    for piece in pieces:
        update(piece)
        yield piece


def _write(path: Path, pieces: Iterable[bytes], mode: int) -> None:
    """A new file, on the disk when this returns."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        for piece in pieces:
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

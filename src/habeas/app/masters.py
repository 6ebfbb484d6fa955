"""Where the master key comes from, and how another takes its place.

One of four things holds the key in use:

    $CREDENTIALS_DIRECTORY/habeas-master   systemd hands it over; it comes before all others
    master/service.json      a key service opens it: the file holds it wrapped, and which program to ask
    master/passphrase.json   somebody types it: the file holds the salt, and what a guess costs
    master/master.key        the key itself, in a file that only we can read

Besides there may be older ones, which open what is not wrapped anew yet: credentials whose names begin with
`habeas-master-old`; whatever lies in `master/` while systemd hands over the one in use; and, while a change
goes on, the new one in `master/next/`. `habeas records rotate` wraps everything under one and says which of
the others can go. None of them is ever in a backup.
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import msgspec

from habeas.errors import Refused
from habeas.gateways.keyservice import SECONDS, KeyService
from habeas.store import (
    MasterKey,
    MasterKeys,
    from_credential,
    from_key_file,
    from_passphrase,
    new_key_file,
    new_passphrase_file,
)
from habeas.store.keyring import sync_folder
from habeas.store.keys import KEY_BYTES, create

CREDENTIAL = "habeas-master"  # its name in $CREDENTIALS_DIRECTORY (systemd.exec(5))
OLDER = "habeas-master-old"  # how the names of older ones begin
LETTERS = (
    15  # of a passphrase, at the least (NIST SP 800-63B-4, 3.1.1.2): a stolen disk is guessed at for years
)


class Holder(StrEnum):
    """What holds a master key in the home folder, by the name of its file."""

    FILE = "master.key"
    PASSPHRASE = "passphrase.json"
    SERVICE = "service.json"


@dataclass(frozen=True, slots=True)
class Passphrases:
    """Who knows the passphrases. known: those to try for what is named; asked only where one is needed. new:
    one for a new master key."""

    known: Callable[[str], Sequence[str]]
    new: Callable[[], str]


def _nobody(_what: str = "") -> Sequence[str]:
    raise Refused("the master key of this installation opens with a passphrase, and nobody gave one")


def _no_new() -> str:
    raise Refused("nobody gave a new passphrase")


NOBODY = Passphrases(_nobody, _no_new)


class _ServiceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A master key that a key service wrapped. command and seconds may be changed by hand."""

    command: tuple[str, ...]
    seconds: float = SECONDS
    wrapped: str  # base64
    master: str  # the id of the key inside


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a master key is. kind: of a file in the home folder; None for a credential."""

    path: Path
    kind: Holder | None

    @property
    def older(self) -> bool:
        """Whether it is never the one in use."""
        return self.kind is None and self.path.name != CREDENTIAL

    def __str__(self) -> str:
        return f"the credential {self.path.name}" if self.kind is None else str(self.path)


@dataclass(frozen=True)
class Masters:
    """The master keys of a home folder and of what systemd hands over beside it."""

    home: Path
    passphrases: Passphrases = NOBODY
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    random: Callable[[int], bytes] = os.urandom

    @property
    def _folder(self) -> Path:
        return self.home / "master"

    @property
    def _next(self) -> Path:
        return self._folder / "next"

    def places(self) -> tuple[Place, ...]:
        """Every place where there is one, that in use first, unless there are only older ones."""
        here = [
            Place(folder / kind.value, kind)
            for folder in (self._folder, self._next)
            for kind in (Holder.SERVICE, Holder.PASSPHRASE, Holder.FILE)
            if (folder / kind.value).exists()
        ]
        given = self.environ.get("CREDENTIALS_DIRECTORY", "")
        handed = sorted(Path(given).glob(f"{CREDENTIAL}*")) if given else []
        return (
            *(Place(path, None) for path in handed if path.name == CREDENTIAL),
            *here,
            *(Place(path, None) for path in handed if path.name.startswith(OLDER)),
        )

    def opened(self) -> tuple[tuple[Place, MasterKey], ...]:
        """The same with their keys. Refused where one does not open: then nothing does."""
        return tuple((place, self._read(place)) for place in self.places())

    def keys(self, *, make: bool) -> MasterKeys:
        """The one in use and the older ones. make: a key file where there is nothing yet."""
        found = self.places()
        if found and found[0].older:
            raise Refused(
                "there are only older master keys",
                place=str(found[0]),
                hint="`habeas records rotate` with --file, --passphrase or --service makes the new one",
            )
        if found:
            first, *others = self.opened()
            return MasterKeys(first[1], tuple(key for _, key in others))
        if not make or "CREDENTIALS_DIRECTORY" in self.environ:
            raise Refused(
                "the master key of this installation is not here",
                place=str(self._folder),
                hint=f"put its file there, or have systemd hand over the credential {CREDENTIAL}",
            )
        return MasterKeys(self._made(self._folder, Holder.FILE, ()))

    def first(self, kind: Holder, command: Sequence[str] = ()) -> MasterKey:
        """The first master key of a home folder that has none. command: of the key service."""
        if found := self.places():
            raise Refused(
                "there is a master key already",
                place=str(found[0]),
                hint="`habeas records rotate` puts another in its place",
            )
        return self._made(self._folder, kind, command)

    def change(self, kind: Holder | None = None, command: Sequence[str] = ()) -> MasterKeys:
        """The new master key, and as older ones all there were; what was begun before is taken up.

        kind: of the new one, None for the kind that is in use. Where systemd hands over the one in use, that
        is the new one, and nothing is made here.
        """
        found = self.opened()
        if not found:
            raise Refused("there is no master key here to be changed", place=str(self._folder))
        current = found[0][0]
        if current.kind is None and not current.older:
            if kind is not None or len(found) == 1:
                raise Refused(
                    "systemd hands over the master key in use"
                    + (", and no older one" if kind is None else ""),
                    place=str(current),
                    hint=f"hand this one over as {OLDER}"
                    + (f", and a new one as {CREDENTIAL}" if kind is None else " only"),
                )
            return MasterKeys(found[0][1], tuple(key for _, key in found[1:]))
        begun = [(place, key) for place, key in found if place.path.parent == self._next]
        if begun:
            place, new = begun[0]
            if kind not in (None, place.kind):
                raise Refused(
                    f"a change to {place.kind} was begun and not finished",
                    place=str(place),
                    hint="finish that one first: `habeas records rotate`",
                )
        else:
            if kind is None and (kind := current.kind) is None:
                raise Refused(
                    "there are only older master keys",
                    place=str(current),
                    hint="say what the new one is: --file, --passphrase or --service",
                )
            if kind is Holder.SERVICE and not command:
                command = _service_file(current.path).command
            new = self._made(self._next, kind, command)
        return MasterKeys(new, tuple(key for _, key in found if key is not new))

    def changed(self) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
        """Once all is wrapped under the new master key: takes the others out of the home folder.

        What was taken out, and what only others can take away: credentials that are older now.
        """
        found = self.places()
        kept = found[0] if found[0].kind is None and not found[0].older else None
        if kept is None and self._next.is_dir():
            kept = next((place for place in found if place.path.parent == self._next), None)
        gone = tuple(place for place in found if place.kind is not None and place != kept)
        for place in gone:
            place.path.unlink()
        if kept is not None and kept.kind is not None:
            # Gone first, and then in its place: wherever this stops, exactly one is there.
            sync_folder(self._folder)
            kept.path.rename(self._folder / kept.path.name)
        if self._next.is_dir():
            shutil.rmtree(self._next)
        if self._folder.is_dir():
            sync_folder(self._folder)
        return gone, tuple(place for place in found if place.older)

    def _read(self, place: Place) -> MasterKey:
        match place.kind:
            case None:
                return from_credential(place.path, random=self.random)
            case Holder.FILE:
                return from_key_file(place.path, random=self.random)
            case Holder.SERVICE:
                return self._served(place.path)
            case Holder.PASSPHRASE:
                return self._typed(place.path)

    def _typed(self, path: Path) -> MasterKey:
        wrong = Refused("no passphrase was given", place=str(path))
        for each in self.passphrases.known(str(path)):
            try:
                return from_passphrase(path, each, random=self.random)
            except Refused as refused:
                wrong = refused
        raise wrong

    def _served(self, path: Path) -> MasterKey:
        file = _service_file(path)
        secret = KeyService(file.command, file.seconds).unwrap(base64.b64decode(file.wrapped))
        key = MasterKey(secret, random=self.random) if len(secret) == KEY_BYTES else None
        if key is None or key.id != file.master:
            raise Refused(
                "the key service gave another key than the master key",
                place=str(path),
                hint="nothing opens with it; see which key the program uses",
            )
        return key

    def _made(self, folder: Path, kind: Holder, command: Sequence[str]) -> MasterKey:
        path = folder / kind.value
        match kind:
            case Holder.FILE:
                made = new_key_file(_in(path), random=self.random)
            case Holder.PASSPHRASE:
                passphrase = self.passphrases.new()
                if len(passphrase) < LETTERS:
                    raise Refused(
                        f"the passphrase has {len(passphrase)} characters and needs {LETTERS}",
                        hint="five words drawn by lot are easy to keep in mind",
                    )
                made = new_passphrase_file(_in(path), passphrase, random=self.random)
            case _:
                secret = self.random(KEY_BYTES)
                made = MasterKey(secret, random=self.random)
                file = _wrapped(KeyService(tuple(command)), secret, made.id)
                create(_in(path), msgspec.json.format(msgspec.json.encode(file)) + b"\n")
        sync_folder(folder)
        return made


def _wrapped(service: KeyService, secret: bytes, id: str) -> _ServiceFile:
    """The secret as the service wrapped it, once it was seen to open it again."""
    wrapped = service.wrap(secret)
    if secret in wrapped or secret.hex().encode() in wrapped.lower():
        raise Refused("the key service gave the key back as it was", place=service.command[0])
    if service.unwrap(wrapped) != secret:
        raise Refused("the key service does not open what it wrapped itself", place=service.command[0])
    said = base64.b64encode(wrapped).decode()
    return _ServiceFile(command=service.command, seconds=service.seconds, wrapped=said, master=id)


def _service_file(path: Path) -> _ServiceFile:
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_ServiceFile)
        base64.b64decode(file.wrapped, validate=True)
    except ValueError:  # msgspec's errors are ValueErrors too
        raise Refused("this names no key service", place=str(path)) from None
    return file


def _in(path: Path) -> Path:
    """The same, with the folders above it there, and for us alone."""
    for each in reversed(path.parents):
        if not each.exists():
            each.mkdir(mode=0o700)
    return path

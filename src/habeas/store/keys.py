"""The master key: how case keys are wrapped under it, and the forms in which it lies in a file.

The master key is never in the database, in the keyring or in a backup of either. It is made from a
passphrase (scrypt, RFC 7914), handed over by systemd as a credential, or read from a file that only we can
read. Which of them a house uses, and a key service besides, is said in `habeas.app.masters`.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from habeas.errors import Refused

Random = Callable[[int], bytes]

KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12  # 96 bits, NIST SP 800-38D 8.2.2

# RFC 7914 with N = 2^17, r = 8, p = 1: 128 MiB and about half a second a guess.
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**17, 8, 1
_SALT_BYTES = 16
_ONLY_US = stat.S_IRWXG | stat.S_IRWXO


class MasterKey:
    """A master key in this process's memory. Wraps with AES-256-GCM.

    context is bound to the wrapped key: it opens with no other.
    """

    __slots__ = ("_cipher", "_id", "_random")

    def __init__(self, secret: bytes, *, random: Random = os.urandom) -> None:
        if len(secret) != KEY_BYTES:
            raise Refused(
                f"the master key has {len(secret)} bytes and needs {KEY_BYTES}", hint="make a new one"
            )
        self._cipher = AESGCM(secret)
        self._id = HKDF(SHA256(), 8, salt=None, info=b"habeas master key id v1").derive(secret).hex()
        self._random = random

    def __repr__(self) -> str:
        return f"MasterKey({self._id})"

    @property
    def id(self) -> str:
        """Names the key for good, and tells nothing of it; another key has another id."""
        return self._id

    def wrap(self, key: bytes, context: bytes) -> bytes:
        nonce = self._random(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        try:
            return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)
        except (InvalidTag, ValueError):
            raise Refused(
                f"a key does not open under master key {self._id}",
                hint="the keyring was changed by hand, or belongs to another installation",
            ) from None


@dataclass(frozen=True)
class MasterKeys:
    """The master key in use, and older ones that still open what was not rewrapped yet."""

    current: MasterKey
    older: tuple[MasterKey, ...] = ()

    def of(self, id: str) -> MasterKey:
        for each in (self.current, *self.older):
            if each.id == id:
                return each
        raise Refused(
            f"a key is wrapped under master key {id}, which is not at hand",
            hint="hand it over as an older one until `habeas records rotate` has wrapped all anew",
        )


class _KeyFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a passphrase becomes the master key. Nothing in it is secret, and nothing personal."""

    kdf: str
    n: int
    r: int
    p: int
    salt: str  # hex
    master: str  # the id of the key that the right passphrase gives


def _stretched(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    room = 128 * r * (n + p + 2)
    typed = unicodedata.normalize("NFKC", passphrase)  # keyboards disagree about how an accent is written
    return hashlib.scrypt(
        typed.encode("utf-8"), salt=salt, n=n, r=r, p=p, dklen=KEY_BYTES, maxmem=room + 2**20
    )


def create(path: Path, data: bytes) -> None:
    """A new file that only we can read, on the disk when this returns. Never writes over a key."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(
            "there is a key file already", place=str(path), hint="a key is never written over"
        ) from None
    with os.fdopen(file, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def new_passphrase_file(
    path: Path, passphrase: str, *, random: Random = os.urandom, n: int = _SCRYPT_N
) -> MasterKey:
    """Lays down salt and parameters for a passphrase and gives the key it makes."""
    salt = random(_SALT_BYTES)
    master = MasterKey(_stretched(passphrase, salt, n, _SCRYPT_R, _SCRYPT_P), random=random)
    file = _KeyFile(kdf="scrypt", n=n, r=_SCRYPT_R, p=_SCRYPT_P, salt=salt.hex(), master=master.id)
    create(path, msgspec.json.format(msgspec.json.encode(file)) + b"\n")
    return master


def from_passphrase(path: Path, passphrase: str, *, random: Random = os.urandom) -> MasterKey:
    """The master key of a passphrase and the file made for it."""
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_KeyFile)
        salt = bytes.fromhex(file.salt)
    except FileNotFoundError:
        raise Refused("there is no key file", place=str(path)) from None
    except ValueError:  # msgspec's errors are ValueErrors too
        raise Refused("this is no key file", place=str(path)) from None
    if file.kdf != "scrypt":
        raise Refused(f"the key file asks for {file.kdf}", place=str(path), hint="only scrypt is known")
    try:
        master = MasterKey(_stretched(passphrase, salt, file.n, file.r, file.p), random=random)
    except (TypeError, ValueError, OverflowError, MemoryError):  # no such cost, or more than there is
        raise Refused("the key file asks for what scrypt cannot do here", place=str(path)) from None
    if master.id != file.master:
        raise Refused("this is not the passphrase of this installation", place=str(path))
    return master


def new_key_file(path: Path, *, random: Random = os.urandom) -> MasterKey:
    """Makes a master key and lays it down where only we can read it."""
    secret = random(KEY_BYTES)
    create(path, secret.hex().encode() + b"\n")
    return MasterKey(secret, random=random)


def from_key_file(path: Path, *, random: Random = os.urandom) -> MasterKey:
    """The master key in a file of mode 0600 or stricter: 64 hexadecimal digits, or 32 raw bytes."""
    try:
        mode = path.stat().st_mode
        data = path.read_bytes()
    except FileNotFoundError:
        raise Refused("there is no key file", place=str(path)) from None
    if mode & _ONLY_US:
        raise Refused(
            "others on this machine can read the master key", place=str(path), hint=f"chmod 600 {path}"
        )
    return _read(data, str(path), random)


def handed_over(name: str, environ: Mapping[str, str] = os.environ) -> Path | None:
    """Where a secret lies that systemd handed over under this name; None where it handed over none."""
    folder = environ.get("CREDENTIALS_DIRECTORY", "")
    path = Path(folder, name)
    return path if folder and path.is_file() else None


def from_credential(path: Path, *, random: Random = os.urandom) -> MasterKey:
    """The master key in a file that systemd laid down; who can read that is systemd's to say."""
    return _read(path.read_bytes(), str(path), random)


def _read(data: bytes, place: str, random: Random) -> MasterKey:
    if len(data) == KEY_BYTES:
        return MasterKey(data, random=random)
    try:
        return MasterKey(bytes.fromhex(data.decode("ascii").strip()), random=random)
    except (ValueError, UnicodeDecodeError):
        raise Refused(
            "this is no master key", place=place, hint="64 hexadecimal digits or 32 bytes"
        ) from None
    except Refused as refused:
        raise refused.at(place) from None

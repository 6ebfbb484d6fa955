"""Signed notes and cosignatures (C2SP signed-note and tlog-cosignature): text, who signed it, and when.

Decides whether a signature is by a key one knows. What the text means is for others. Ed25519 signatures are
over the text; the two cosignatures are over a checkpoint together with the moment, in POSIX seconds.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from enum import IntEnum

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from habeas.errors import Refused
from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.tree import Unproven

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
except ImportError:  # an older cryptography: ML-DSA keys are known by name and verify nothing
    MLDSA44PrivateKey = MLDSA44PublicKey = None  # type: ignore[assignment,misc]

MOST_BYTES = 64 * 1024
MOST_SIGNATURES = 64  # the text asks for sixteen at least
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")
_STAMP = 8  # bytes before a cosignature: the moment
_LATEST = 2**63 - 1


class Algorithm(IntEnum):
    """The signature types that are understood, by the byte that stands in a verifier key."""

    ED25519 = 1
    COSIGNATURE = 4  # Ed25519, over a checkpoint with its moment
    MLDSA44 = 6  # ML-DSA-44 (FIPS 204), over a checkpoint with its moment and the cosigner's name


_PUBLIC = {Algorithm.ED25519: 32, Algorithm.COSIGNATURE: 32, Algorithm.MLDSA44: 1312}
_LENGTH = {Algorithm.ED25519: 64, Algorithm.COSIGNATURE: _STAMP + 64, Algorithm.MLDSA44: _STAMP + 2420}


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """Whose signatures one knows. Its text is the verifier key `name+id+key`."""

    name: str
    algorithm: Algorithm
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell this key from others of its name."""
        material = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return hashlib.sha256(material).digest()[:4]

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.algorithm]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{material}"

    @classmethod
    def parse(cls, vkey: str) -> Key:
        """Raises Unproven where this is no verifier key, or its id is not that of the key."""
        parts = vkey.split("+", 2)
        if len(parts) != 3:
            raise Unproven(
                "this is no verifier key", place=vkey[:80], hint="name+id+key, as its owner prints it"
            )
        name, id, material = parts
        data = _decoded(material, "the key")
        if not data or data[0] not in set(Algorithm):
            raise Unproven("a key of this kind is not understood", place=vkey[:80])
        key = cls(name=_name(name), algorithm=Algorithm(data[0]), public=data[1:])
        if len(key.public) != _PUBLIC[key.algorithm]:
            raise Unproven("the key has another length than its kind", place=vkey[:80])
        if key.id.hex() != id:
            raise Unproven("the id is not that of the key", place=vkey[:80], hint="copy the whole line again")
        return key

    def verifies(self, text: str, signature: bytes) -> int | None:
        """The moment that was signed, None where the kind signs none. Raises Unproven for a bad signature."""
        if len(signature) != _LENGTH[self.algorithm]:
            raise _bad(self)
        at = None if self.algorithm is Algorithm.ED25519 else int.from_bytes(signature[:_STAMP], "big")
        if at is not None and not 0 < at <= _LATEST:
            raise Unproven("a cosignature names no moment", place=self.name)
        message = _message(self.algorithm, self.name, text, at)
        rest = signature if at is None else signature[_STAMP:]
        try:
            if self.algorithm is Algorithm.MLDSA44:
                if MLDSA44PublicKey is None:
                    raise Unproven("this machine cannot check ML-DSA signatures", place=self.name)
                MLDSA44PublicKey.from_public_bytes(self.public).verify(rest, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(rest, message)
        except (InvalidSignature, ValueError):
            raise _bad(self) from None
        except UnsupportedAlgorithm:
            raise Unproven("this machine cannot check ML-DSA signatures", place=self.name) from None
        return at


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """One line below a note. signature: what follows the four bytes of the id."""

    name: str
    id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        return f"— {self.name} {base64.b64encode(self.id + self.signature).decode()}\n"

    @classmethod
    def parse(cls, line: str) -> Signature:
        found = _SIGNATURE.fullmatch(line)
        if found is None:
            raise Unproven("this is no line of a signature", place=line[:80])
        data = _decoded(found[2], "the signature")
        if len(data) < 5:
            raise Unproven("a signature is too short", place=line[:80])
        return cls(name=_name(found[1]), id=data[:4], signature=data[4:])


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that holds. at: POSIX seconds, of a cosignature."""

    key: Key
    at: int | None = None


class Signer:
    """A key that signs. Keep its seed as you keep any key."""

    def __init__(
        self, name: str, algorithm: Algorithm, private: Ed25519PrivateKey | MLDSA44PrivateKey
    ) -> None:
        self._private = private
        public = private.public_key().public_bytes_raw()
        self.key = Key(name=_name(name), algorithm=algorithm, public=public)

    @classmethod
    def from_seed(cls, name: str, seed: bytes, algorithm: Algorithm) -> Signer:
        """seed: 32 random bytes. Raises Refused where this machine has no ML-DSA."""
        if len(seed) != 32:
            raise ValueError("a seed has 32 bytes")
        if algorithm is not Algorithm.MLDSA44:
            return cls(name, algorithm, Ed25519PrivateKey.from_private_bytes(seed))
        if MLDSA44PrivateKey is None:
            raise Refused("this machine cannot sign with ML-DSA", hint="a newer `cryptography` can")
        try:
            return cls(name, algorithm, MLDSA44PrivateKey.from_seed_bytes(seed))
        except UnsupportedAlgorithm:
            raise Refused("this machine cannot sign with ML-DSA", hint="a newer OpenSSL can") from None

    def sign(self, text: str, at: int | None = None) -> Signature:
        """The signature below this text. at: POSIX seconds, for a cosignature and nothing else."""
        if (at is None) != (self.key.algorithm is Algorithm.ED25519):
            raise ValueError("a cosignature has its moment, a signature has none")
        if not text.endswith("\n"):
            raise ValueError("a note ends with a line break")
        signed = self._private.sign(_message(self.key.algorithm, self.key.name, text, at))
        stamp = b"" if at is None else at.to_bytes(_STAMP, "big")
        return Signature(name=self.key.name, id=self.key.id, signature=stamp + signed)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A text and the signatures below it, checked or not. text: ends with a line break."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """Raises Unproven where these bytes are no signed note."""
        if len(data) > MOST_BYTES:
            raise Unproven("this is too long for a signed note", hint=f"at most {MOST_BYTES:,} bytes")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Unproven("this is no signed note: it is not UTF-8") from None
        if _CONTROLS.search(whole):
            raise Unproven("a signed note holds no control characters")
        text, blank, below = whole.rpartition("\n\n")
        if not blank or not below.endswith("\n"):
            raise Unproven("this is no signed note", hint="text, an empty line, signatures")
        lines = below[:-1].split("\n")
        if len(lines) > MOST_SIGNATURES:
            raise Unproven(f"a note has at most {MOST_SIGNATURES} signatures")
        return cls(text=text + "\n", signatures=tuple(Signature.parse(line) for line in lines))

    def encoded(self) -> bytes:
        return (self.text + "\n" + "".join(each.line for each in self.signatures)).encode()

    def signed(self, signature: Signature) -> Note:
        """The note with one more signature; the same one twice is there once."""
        if signature in self.signatures:
            return self
        return Note(text=self.text, signatures=(*self.signatures, signature))

    def verified(self, keys: Iterable[Key]) -> tuple[Verified, ...]:
        """Who of these signed, each once. Signatures by others are passed over; one that claims to be by a
        known key and does not hold makes the whole note Unproven."""
        known = {(key.name, key.id): key for key in keys}
        found: dict[Key, Verified] = {}
        for each in self.signatures:
            key = known.get((each.name, each.id))
            if key is not None:
                at = key.verifies(self.text, each.signature)
                found.setdefault(key, Verified(key=key, at=at))
        return tuple(found.values())


def _message(algorithm: Algorithm, name: str, text: str, at: int | None) -> bytes:
    """What is signed: the text, or the text of a checkpoint with the moment."""
    match algorithm:
        case Algorithm.ED25519:
            return text.encode()
        case Algorithm.COSIGNATURE:
            return f"cosignature/v1\ntime {at}\n{text}".encode()
        case Algorithm.MLDSA44:
            # `cosigned_message` of tlog-cosignature; a checkpoint's extension lines are not signed.
            assert at is not None
            tree = Checkpoint.parse(text)
            origin, cosigner = tree.origin.encode(), name.encode()
            if not 0 < len(origin) < 256 or len(cosigner) > 255:
                raise Unproven("a name is too long to be cosigned", place=tree.origin[:80])
            return b"".join(
                (
                    b"subtree/v1\n\x00",
                    bytes([len(cosigner)]) + cosigner,
                    at.to_bytes(8, "big"),
                    bytes([len(origin)]) + origin,
                    (0).to_bytes(8, "big"),
                    tree.size.to_bytes(8, "big"),
                    tree.root,
                )
            )


def decoded64(text: str) -> bytes | None:
    """The bytes of canonical base64 (RFC 4648, section 4); None for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def _decoded(text: str, what: str) -> bytes:
    data = decoded64(text)
    if data is None:
        raise Unproven(f"{what} is not in base64", place=text[:80])
    return data


def _name(name: str) -> str:
    if not name or "+" in name or any(each.isspace() for each in name) or _CONTROLS.search(name):
        raise Unproven("this is no name of a key", place=name[:80], hint="no spaces, no plus sign")
    return name


def _bad(key: Key) -> Unproven:
    return Unproven("a signature does not hold", place=key.name, hint="the text or the signature was changed")

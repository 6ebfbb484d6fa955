"""Signed notes and cosignatures (C2SP signed-note and tlog-cosignature): text, who signed it, and when.

Decides whether a signature is by a key one knows, and when a cosigner says it signed. What the text means is
for others, and so is whether the moment is believed. Ed25519 signatures are over the text; the two
cosignatures are over a checkpoint together with the moment, in POSIX seconds. An ML-DSA-44 cosignature does
not cover a checkpoint's extension lines, so that anybody could change them below it: here it holds only where
there are none.

Values check themselves when they are made: what can be written can be read again, byte for byte.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from enum import IntEnum

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from habeas.errors import Refused
from habeas.tlog.checkpoint import Checkpoint, check_utf8, decoded64
from habeas.tlog.tree import Unproven

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
except ImportError:  # an older cryptography: ML-DSA keys are known by name and verify nothing
    MLDSA44PrivateKey = MLDSA44PublicKey = None  # type: ignore[assignment,misc]

MOST_SIGNATURES = 64  # signed-note asks for sixteen at least
MOST_BYTES = 512 * 1024  # so many of the largest that it warns of, nearly 5 kB before base64, and the text
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")
_ID = 4  # bytes before a signature: the key's id
_STAMP = 8  # bytes before a cosignature: the moment
_MOST_NAME = 255  # bytes: names that an ML-DSA-44 cosignature covers have their length in one byte
_LATEST = 2**63 - 1
_PRIME = 2**255 - 19  # Ed25519 counts modulo this (RFC 8032, 5.1)
_EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7  # y of a point of order eight
# The y of all points of small order, under which anybody can sign, and one signature holds for many texts.
_SMALL_ORDER = frozenset({0, 1, _PRIME - 1, _EIGHTH, _PRIME - _EIGHTH})
_NEWER = "a newer `cryptography` can"


class Algorithm(IntEnum):
    """The signature types that are understood, by the byte that stands in a verifier key."""

    ED25519 = 1
    COSIGNATURE = 4  # Ed25519, over a checkpoint with its moment
    MLDSA44 = 6  # ML-DSA-44 (FIPS 204), over a checkpoint with its moment and the cosigner's name


_PUBLIC = {Algorithm.ED25519: 32, Algorithm.COSIGNATURE: 32, Algorithm.MLDSA44: 1312}
_LENGTH = {Algorithm.ED25519: 64, Algorithm.COSIGNATURE: _STAMP + 64, Algorithm.MLDSA44: _STAMP + 2420}


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """Whose signatures one knows. Its text is the verifier key `name+id+key`.

    public: 32 bytes, of an ML-DSA-44 key 1312. Raises Unproven where the name or the length cannot be, and
    for an Ed25519 key under which anybody can sign, or which is another spelling of the same key.
    """

    name: str
    algorithm: Algorithm
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != _PUBLIC[self.algorithm]:
            raise Unproven("the key has another length than its kind", place=self.name[:80])
        if self.algorithm is not Algorithm.MLDSA44:
            y = int.from_bytes(self.public, "little") & (2**255 - 1)  # the uppermost bit is the sign of x
            if y in _SMALL_ORDER:
                raise Unproven("anybody could sign with this key", place=self.name[:80])
            if y >= _PRIME:
                raise Unproven("the key is not written as RFC 8032 has it", place=self.name[:80])

    @property
    def id(self) -> bytes:
        """Four bytes that tell this key from others of its name."""
        material = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return hashlib.sha256(material).digest()[:_ID]

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
        data = decoded64(material)
        if not data:
            raise Unproven("the key is not in base64", place=vkey[:80])
        if data[0] not in set(Algorithm):
            raise Unproven(
                "a key of this kind is not understood", place=vkey[:80], hint="Ed25519 or ML-DSA-44"
            )
        key = cls(name=name, algorithm=Algorithm(data[0]), public=data[1:])
        if key.id.hex() != id:
            raise Unproven("the id is not that of the key", place=vkey[:80], hint="copy the whole line again")
        return key

    def verifies(self, text: str, signature: bytes) -> int | None:
        """The moment that was signed, None where none was: a plain signature, or an ML-DSA-44 cosignature
        that leaves it out and so does not say that it saw nothing newer. signature: what follows the id.

        Raises Unproven where the signature does not hold, or this machine cannot tell.
        """
        if len(signature) != _LENGTH[self.algorithm]:
            raise _bad(self)
        at, rest = None, signature
        if self.algorithm is not Algorithm.ED25519:
            at, rest = int.from_bytes(signature[:_STAMP], "big"), signature[_STAMP:]
            if at > _LATEST or (at == 0 and self.algorithm is Algorithm.COSIGNATURE):
                raise Unproven("a cosignature names no moment", place=self.name)
        message = _message(self.algorithm, self.name, text, at)
        try:
            if self.algorithm is Algorithm.MLDSA44:
                if MLDSA44PublicKey is None:
                    raise UnsupportedAlgorithm("no ML-DSA in this cryptography")
                MLDSA44PublicKey.from_public_bytes(self.public).verify(rest, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(rest, message)
        except (InvalidSignature, ValueError):
            raise _bad(self) from None
        except UnsupportedAlgorithm:
            raise Unproven(
                "this machine cannot check ML-DSA signatures", place=self.name, hint=_NEWER
            ) from None
        return at or None


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """One line below a note. signature: what follows the four bytes of the id.

    Raises Unproven where no line can say so.
    """

    name: str
    id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.id) != _ID or not self.signature:
            raise Unproven("a signature is four bytes of the key's id and more", place=self.name[:80])

    @property
    def line(self) -> str:
        return f"— {self.name} {base64.b64encode(self.id + self.signature).decode()}\n"

    @classmethod
    def parse(cls, line: str) -> Signature:
        """line: without its line break. Raises Unproven where it is none."""
        found = _SIGNATURE.fullmatch(line)
        if found is None:
            raise Unproven(
                "this is no line of a signature", place=line[:80], hint="an em dash, a name, base64"
            )
        data = decoded64(found[2])
        if data is None:
            raise Unproven("the signature is not in base64", place=line[:80])
        if len(data) <= _ID:
            raise Unproven("a signature is too short", place=line[:80])
        return cls(name=found[1], id=data[:_ID], signature=data[_ID:])


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A signature that holds. at: POSIX seconds, where a cosignature names them."""

    key: Key
    at: int | None = None


class Signer:
    """A key that signs. Keep its seed as you keep any key."""

    def __init__(
        self, name: str, algorithm: Algorithm, private: Ed25519PrivateKey | MLDSA44PrivateKey
    ) -> None:
        self._private = private
        public = private.public_key().public_bytes_raw()
        self.key = Key(name=name, algorithm=algorithm, public=public)

    def __repr__(self) -> str:
        return f"Signer({self.key})"  # never the seed

    @classmethod
    def from_seed(cls, name: str, seed: bytes, algorithm: Algorithm) -> Signer:
        """seed: 32 random bytes. Raises Refused where this machine has no ML-DSA."""
        if len(seed) != 32:
            raise ValueError("a seed has 32 bytes")
        if algorithm is not Algorithm.MLDSA44:
            return cls(name, algorithm, Ed25519PrivateKey.from_private_bytes(seed))
        if MLDSA44PrivateKey is None:
            raise Refused("this machine cannot sign with ML-DSA", hint=_NEWER)
        try:
            return cls(name, algorithm, MLDSA44PrivateKey.from_seed_bytes(seed))
        except UnsupportedAlgorithm:
            raise Refused("this machine cannot sign with ML-DSA", hint=_NEWER) from None

    def sign(self, text: str, at: int | None = None) -> Signature:
        """The signature below this text.

        at: POSIX seconds, for a cosignature and nothing else; 0 leaves the moment out, which only ML-DSA-44
        can. Raises Unproven where the text is no note's, or for a cosignature no checkpoint's.
        """
        if (at is None) != (self.key.algorithm is Algorithm.ED25519):
            raise ValueError("a cosignature has its moment, a signature has none")
        least = 0 if self.key.algorithm is Algorithm.MLDSA44 else 1
        if at is not None and not least <= at <= _LATEST:
            raise ValueError("the moment is in POSIX seconds")
        _check_text(text)
        signed = self._private.sign(_message(self.key.algorithm, self.key.name, text, at))
        stamp = b"" if at is None else at.to_bytes(_STAMP, "big")
        return Signature(name=self.key.name, id=self.key.id, signature=stamp + signed)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A text and the signatures below it, which hold only for `verified`. text: ends with a line break.

    Raises Unproven where no note can say so.
    """

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        _check_text(self.text)
        if not 1 <= len(self.signatures) <= MOST_SIGNATURES:
            raise Unproven(f"a note has 1 to {MOST_SIGNATURES} signatures")
        _check_length(self.encoded())

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """Raises Unproven where these bytes are no signed note."""
        _check_length(data)
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Unproven("this is no signed note: it is not UTF-8") from None
        if _CONTROLS.search(whole):
            raise Unproven("a signed note holds no control characters")
        text, blank, below = whole.rpartition("\n\n")
        if not blank or not below.endswith("\n"):
            raise Unproven("this is no signed note", hint="text, an empty line, signatures")
        lines = below[:-1].split("\n", MOST_SIGNATURES)
        if len(lines) > MOST_SIGNATURES:
            raise Unproven(f"a note has 1 to {MOST_SIGNATURES} signatures")
        return cls(text=text + "\n", signatures=tuple(Signature.parse(line) for line in lines))

    def encoded(self) -> bytes:
        return (self.text + "\n" + "".join(each.line for each in self.signatures)).encode()

    def signed(self, signature: Signature) -> Note:
        """The note with one more signature; the same one twice is there once."""
        if signature in self.signatures:
            return self
        return Note(text=self.text, signatures=(*self.signatures, signature))

    def verified(self, keys: Iterable[Key]) -> tuple[Verified, ...]:
        """Who of these signed, each once; of several cosignatures the newest. Nobody: an empty answer.

        Signatures by others are passed over. One under the name and id of a known key that does not hold
        makes the whole note Unproven, and so do two different keys that share both.
        """
        known: dict[tuple[str, bytes], Key] = {}
        for key in keys:
            if known.setdefault((key.name, key.id), key) != key:
                raise Unproven("two different keys have the same name and id", place=key.name)
        found: dict[Key, int | None] = {}
        for each in self.signatures:
            signer = known.get((each.name, each.id))
            if signer is not None:
                at = signer.verifies(self.text, each.signature)
                found[signer] = max(at or 0, found.get(signer) or 0) or None
        return tuple(Verified(key=key, at=at) for key, at in found.items())


def _message(algorithm: Algorithm, name: str, text: str, at: int | None) -> bytes:
    """What is signed: the text, or the text of a checkpoint with the moment."""
    match algorithm:
        case Algorithm.ED25519:
            return text.encode()
        case Algorithm.COSIGNATURE:
            Checkpoint.parse(text)  # nothing else is cosigned
            return f"cosignature/v1\ntime {at}\n{text}".encode()
        case Algorithm.MLDSA44:
            # `cosigned_message` of tlog-cosignature, for the whole tree
            assert at is not None
            tree = Checkpoint.parse(text)
            if tree.extensions:
                raise Unproven(
                    "an ML-DSA cosignature does not cover extension lines, and the checkpoint has some",
                    place=tree.origin[:80],
                )
            origin, cosigner = tree.origin.encode(), name.encode()
            if len(origin) > _MOST_NAME or len(cosigner) > _MOST_NAME:
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


def _check_name(name: str) -> None:
    if not name or "+" in name or _CONTROLS.search(name) or any(each.isspace() for each in name):
        raise Unproven("this is no name of a key", place=name[:80], hint="no spaces, no plus sign")
    check_utf8(name)


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise Unproven("a note's text ends with a line break")
    if _CONTROLS.search(text):
        raise Unproven("a signed note holds no control characters")
    check_utf8(text)


def _check_length(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise Unproven("this is too long for a signed note", hint=f"at most {MOST_BYTES:,} bytes")


def _bad(key: Key) -> Unproven:
    return Unproven("a signature does not hold", place=key.name, hint="the text or the signature was changed")

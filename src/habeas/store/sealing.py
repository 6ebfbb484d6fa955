"""Sealing: what makes stored bytes unreadable, unmovable and unforgettable-to-change.

Four pure constructions, each over one unambiguous encoding (every part with its length before it):
sealed contents (AES-256-GCM, NIST SP 800-38D, bound to the place they belong to), sealed files of any length
(the same in pieces, each with its number and whether it is the last, so that none is changed, moved, left out
or added), the hash chain of a case (SHA-256), and search tokens (HMAC-SHA-256, RFC 2104). Keys come from
`habeas.store.keyring`; nothing here stores anything.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from habeas.errors import Refused
from habeas.store.keys import NONCE_BYTES, Random

_VERSION = b"\x01"  # of the sealed form
_EVEN = b"\x02"  # of the form whose length says nothing
_FILE = b"\x03"  # of the form of files, in pieces
_SALT_BYTES = 16  # a key of its own for every file, however many a case has
_TAG_BYTES = 16
PIECE = 1 << 20  # bytes that are sealed at a time; what is held in memory of a file is a few of these
_QUICK = 1  # the level of zlib for files: they are long, and often small already
_CHAIN = "habeas case chain v1"
_NO_CHAIN = bytes(32)  # what the first event of a case is chained to


class Broken(Refused):
    """What is stored is not what was recorded: it was changed, moved or damaged."""


def packed(*parts: str | bytes | int) -> bytes:
    """The parts as one byte string that no other parts give: each with its length before it."""
    out = bytearray()
    for part in parts:
        if isinstance(part, int):
            data = part.to_bytes(8, "big", signed=True)
        else:
            data = part.encode("utf-8") if isinstance(part, str) else part
        out += len(data).to_bytes(8, "big") + data
    return bytes(out)


def seal(key: bytes, plain: bytes, context: bytes, random: Random, *, even: int = 0) -> bytes:
    """plain, made small and unreadable. It opens only with the same key and the same context.

    even: instead of made small, filled up to a multiple of so many bytes, so that its length says nothing.
    """
    nonce = random(NONCE_BYTES)
    if even:
        filled = len(plain).to_bytes(4, "big") + plain
        filled += bytes(-len(filled) % even)
        return _EVEN + nonce + AESGCM(key).encrypt(nonce, filled, _EVEN + context)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, zlib.compress(plain), context)


def unseal(key: bytes, sealed: bytes, context: bytes, place: str) -> bytes:
    """What was sealed. Raises Broken where a bit, the key or the place is another."""
    if sealed[:1] not in (_VERSION, _EVEN):
        raise Broken("sealed contents are damaged", place=place)
    start = 1 + NONCE_BYTES
    try:
        if sealed[:1] == _EVEN:
            filled = AESGCM(key).decrypt(sealed[1:start], sealed[start:], _EVEN + context)
            return filled[4 : 4 + int.from_bytes(filled[:4], "big")]
        return zlib.decompress(AESGCM(key).decrypt(sealed[1:start], sealed[start:], context))
    except (InvalidTag, ValueError):
        raise Broken(
            "sealed contents do not open: they were changed, or belong elsewhere", place=place
        ) from None


class Pieces:
    """Seals a file as it comes: first `head`, then what `add` and at last `end` give. Nothing is kept here
    but what does not fill a piece yet."""

    def __init__(self, key: bytes, context: bytes, random: Random) -> None:
        salt = random(_SALT_BYTES)
        self.head = _FILE + salt
        self._cipher = _cipher_of(key, context, salt)
        self._small = zlib.compressobj(_QUICK)
        self._rest = bytearray()
        self._number = 0

    def add(self, plain: bytes) -> bytes:
        self._rest += self._small.compress(plain)
        return self._full()

    def end(self, name: bytes) -> bytes:
        """name: what the file as a whole is bound to; it is known only now."""
        self._rest += self._small.flush()
        return self._full() + self._piece(bytes(self._rest), name, last=True)

    def _full(self) -> bytes:
        """Every full piece; what fills one exactly may be the last, and waits."""
        out = bytearray()
        while len(self._rest) > PIECE:
            out += self._piece(bytes(self._rest[:PIECE]), b"")
            del self._rest[:PIECE]
        return bytes(out)

    def _piece(self, plain: bytes, name: bytes, *, last: bool = False) -> bytes:
        sealed = self._cipher.encrypt(_place_of(self._number, last), plain, name)
        self._number += 1
        return sealed


def opened(file: BinaryIO, key: bytes, context: bytes, name: bytes, place: str) -> Iterator[bytes]:
    """What was sealed in pieces, some of it at a time. Raises Broken where a bit, the key, the place, the
    order or the length is another; what came before that was as it should be."""
    head = file.read(1 + _SALT_BYTES)
    if head[:1] != _FILE or len(head) != 1 + _SALT_BYTES:
        raise Broken("sealed contents are damaged", place=place)
    cipher, large = _cipher_of(key, context, head[1:]), zlib.decompressobj()
    number, sealed = 0, file.read(PIECE + _TAG_BYTES)
    while True:
        following = file.read(PIECE + _TAG_BYTES)
        last = not following
        try:
            small = cipher.decrypt(_place_of(number, last), sealed, name if last else b"")
            while small:
                if plain := large.decompress(small, PIECE):
                    yield plain
                small = large.unconsumed_tail
            if last and (plain := large.flush()):
                yield plain
        except (InvalidTag, ValueError, zlib.error):
            raise Broken(
                "sealed contents do not open: they were changed, or belong elsewhere", place=place
            ) from None
        if last and not large.eof:
            raise Broken("sealed contents are damaged", place=place)
        if last:
            return
        number, sealed = number + 1, following


def _cipher_of(key: bytes, context: bytes, salt: bytes) -> AESGCM:
    info = packed("habeas file pieces v1", context)
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key))


def _place_of(number: int, last: bool) -> bytes:
    """The nonce of a piece: its number, and whether it is the last."""
    return number.to_bytes(NONCE_BYTES - 1, "big") + bytes([last])


def digest(sealed: bytes) -> bytes:
    """What the chain knows of sealed contents; it stays when they are gone."""
    return hashlib.sha256(sealed).digest()


def link(
    organisation: str,
    stream: str,
    number: int,
    at: int,
    by: str,
    kind: str,
    digest: bytes,
    before: bytes = _NO_CHAIN,
    spoken: int | None = None,
) -> bytes:
    """The next link of a case's chain. at, spoken: microseconds since 1970 in UTC; the second only of an
    event whose clock stood before what the log had spoken of. before: the link before."""
    parts = (_CHAIN, organisation, stream, number, at, by, kind, digest, before)
    return hashlib.sha256(packed(*parts, *([] if spoken is None else [spoken]))).digest()


def normal(identifier: str) -> str:
    """The form in which identifiers are compared: NFKC, case folded, no white space around it (UAX #15)."""
    folded = unicodedata.normalize("NFKC", identifier).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def token(key: bytes, identifier: str) -> bytes:
    """What stands in the database for an identifier. Without the key it says nothing and tests nothing."""
    return hmac.digest(key, packed("habeas token v1", normal(identifier)), "sha256")


def blob_name(key: bytes, sha256: str) -> str:
    """The file name of a sealed blob: keyed, or a known document could be recognised by its hash."""
    return hmac.digest(key, packed("habeas blob v1", sha256), "sha256").hex()

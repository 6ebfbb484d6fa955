"""A package sealed to one authority, and the statement about it that the house signs.

The bag goes straight into age, so no plain copy lies about on a disk; the statement lets anybody check what
was sent to whom without opening it. `verify` and `verify_bag` are the checks, before and after opening.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO, Protocol

import msgspec
import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from habeas.desk.package.keys import RegisteredKey, check_keys, fingerprint
from habeas.desk.package.leaving import Approved, File, Preview
from habeas.desk.package.packing import bag
from habeas.desk.package.papers import CONDITIONS, Disclosure, conditions_json
from habeas.desk.package.reading import Contents, check_bag, digest, members
from habeas.desk.package.values import HEX_LENGTHS, Value, canonical, moment
from habeas.errors import Refused


class Signer(Protocol):
    """The house's Ed25519 key, wherever it is kept. `sign` answers 64 bytes (RFC 8032)."""

    def sign(self, data: bytes, /) -> bytes: ...


class Statement(Value, frozen=True):
    """What the house signs about a package. It names no person, and opens nothing.

    sealed_sha256, sealed_size: of the encrypted file. bag_sha256: of the plain tar. conditions_sha256: of
    `conditions.json` in it. sealed_to: fingerprints of the keys. house_key: see `key_id`.
    """

    package: str
    organisation: str
    authority: str
    state: str
    reference: str
    at: datetime
    sealed_sha256: str
    sealed_size: int
    bag_sha256: str
    conditions_sha256: str
    sealed_to: tuple[str, ...]
    house_key: str
    kind: str = "habeas-package-statement-1"

    def encode(self) -> bytes:
        """The bytes that are signed; `kind` in them keeps the signature from being taken for another."""
        return canonical(self)


class Sealed(Value, frozen=True):
    """What goes beside the encrypted file."""

    statement: bytes
    signature: bytes


class _Reader:
    """Chunks as a file to read from. Keeps what failed on the way: the age library hides it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")
        self.sha256 = hashlib.sha256()
        self.failure: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                chunk = next(self._chunks, None)
                if chunk is None:
                    return b""
                self.sha256.update(chunk)
                self._rest = memoryview(chunk)
        except BaseException as failure:
            self.failure = failure
            raise
        taken, self._rest = self._rest[:size], self._rest[size:]
        return bytes(taken)


class _Writer:
    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._out.write(data)
        self.sha256.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        self._out.flush()


def key_id(public: bytes) -> str:
    """Which key: SHA-256 of the 32 raw bytes of an Ed25519 public key, in hex."""
    return hashlib.sha256(public).hexdigest()


def seal(
    out: BinaryIO,
    shown: Preview,
    approved: Sequence[Approved],
    files: Iterable[File],
    paper: Disclosure,
    *,
    keys: Sequence[RegisteredKey],
    signer: Signer,
    house_key: bytes,
) -> Sealed:
    """Write the encrypted package to `out` and answer the signed statement about it.

    house_key: the public half of `signer`, 32 raw bytes. `out` is at its end and can be truncated: what was
    written is taken back if anything is refused on the way, and without a statement it is no package.
    """
    recipients = check_keys(keys, authority=paper.authority, state=paper.state, on=moment(paper.at).date())
    source = _Reader(bag(shown, approved, files, paper))
    begin = out.tell()
    sink = _Writer(out)
    done = False
    try:
        # The one use of chance here: age draws its file key and nonce inside the library. Sealing twice never
        # gives the same bytes; the tar in it does.
        pyrage.encrypt_io(source, sink, recipients)
        out.flush()
        statement = Statement(
            package=paper.id,
            organisation=paper.organisation,
            authority=paper.authority,
            state=paper.state,
            reference=paper.reference,
            at=moment(paper.at),
            sealed_sha256=sink.sha256.hexdigest(),
            sealed_size=sink.size,
            bag_sha256=source.sha256.hexdigest(),
            conditions_sha256=hashlib.sha256(conditions_json(paper)).hexdigest(),
            sealed_to=tuple(fingerprint(key.recipient) for key in keys),
            house_key=key_id(house_key),
        ).encode()
        signature = signer.sign(statement)
        check_signature(house_key, signature, statement)  # a mistaken key shows here, not at the authority
        done = True
    except pyrage.EncryptError:
        if source.failure is not None:
            raise source.failure from None
        raise
    finally:
        if not done:
            out.seek(begin)
            out.truncate()
    return Sealed(statement=statement, signature=signature)


def check_signature(public: bytes, signature: bytes, data: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except InvalidSignature:
        raise Refused("the signature is not of this text by this key") from None
    except ValueError:
        raise Refused("this is no Ed25519 public key", hint="32 raw bytes") from None


def read_statement(statement: bytes, signature: bytes, house_key: bytes) -> Statement:
    """The statement, if the house signed these very bytes."""
    check_signature(house_key, signature, statement)
    try:
        said = msgspec.json.decode(statement, type=Statement)
    except msgspec.MsgspecError as error:
        raise Refused("this is no statement about a package", hint=str(error)) from None
    if said.kind != "habeas-package-statement-1" or said.encode() != statement:
        raise Refused("this is no statement about a package, or not in its one form")
    if said.house_key != key_id(house_key):
        raise Refused("the statement names another key of the house")
    return said


def verify(sealed: BinaryIO, statement: bytes, signature: bytes, house_key: bytes) -> Statement:
    """Is this encrypted file the one the house signed for? Needs no key to open it."""
    said = read_statement(statement, signature, house_key)
    size, hashes = digest(sealed, "sha256")
    if (size, hashes["sha256"]) != (said.sealed_size, said.sealed_sha256):
        raise Refused("the file is not the package the statement speaks of")
    return said


def verify_bag(tar: BinaryIO, statement: Statement) -> Contents:
    """Is this opened tar the one the house signed for, and is the bag in it whole? Stricter than RFC 8493.

    Both algorithms are needed, and every file has to stand in a manifest, so that nothing can be slipped in.
    """
    begin = tar.tell()
    if digest(tar, "sha256")[1]["sha256"] != statement.bag_sha256:
        raise Refused("the tar is not the one the statement speaks of")
    tar.seek(begin)
    top, found = members(tar)
    contents = check_bag(found)
    if top != statement.package:
        raise Refused("the bag bears another name than the package", place=top)
    if contents.unlisted:
        raise Refused("a file stands in no manifest", place=contents.unlisted[0])
    if set(contents.algorithms) != set(HEX_LENGTHS) or set(contents.tag_algorithms) != set(HEX_LENGTHS):
        raise Refused("the bag lacks a manifest", hint="a package has both SHA-256 and SHA-512 of everything")
    if CONDITIONS not in found:
        raise Refused("the conditions are missing", place=CONDITIONS)
    with found[CONDITIONS]() as source:
        if digest(source, "sha256")[1]["sha256"] != statement.conditions_sha256:
            raise Refused("the conditions are not those the house signed", place=CONDITIONS)
    return contents

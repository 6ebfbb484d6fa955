"""The Merkle tree of RFC 6962, section 2.1: hashes, roots, and what checks a proof.

Pure arithmetic over bytes. Making proofs from stored tiles is `habeas.tlog.tiles`; who signed a root is
`habeas.tlog.checkpoint`. Sizes and indexes are numbers of leaves; a hash has 32 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from habeas.errors import Refused

HASH = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
MOST_PROOF = 63  # hashes: a tree has fewer than 2^63 leaves


class Unproven(Refused):
    """A proof, a signature or a tile does not hold."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def paired(row: Sequence[bytes]) -> list[bytes]:
    """The row above: each two neighbours as one. A last one without a neighbour is left out."""
    sha256 = hashlib.sha256
    pairs = iter(row)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    if not leaves:
        return EMPTY_ROOT
    row, right = list(leaves), b""
    while len(row) > 1 or right:
        if len(row) % 2:
            last = row.pop()
            right = node_hash(last, right) if right else last
        if not row:
            return right
        row = paired(row)
    return row[0]


def check_inclusion(proof: Sequence[bytes], *, index: int, size: int, root: bytes, leaf: bytes) -> None:
    """Raises Unproven unless the leaf hash stands at `index` in the tree of `size` leaves with this root."""
    if not 0 <= index < size:
        raise Unproven(f"there is no leaf {index} in a tree of {size}")
    _sound(proof)
    node, last, hash = index, size - 1, leaf
    for each in proof:
        if last == 0:
            raise Unproven("the proof of inclusion is too long")
        if node % 2 or node == last:
            hash = node_hash(each, hash)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            hash = node_hash(hash, each)
        node, last = node >> 1, last >> 1
    if last:
        raise Unproven("the proof of inclusion is too short")
    if hash != root:
        raise Unproven("the proof of inclusion leads to another root")


def check_consistency(proof: Sequence[bytes], *, old: int, old_root: bytes, new: int, root: bytes) -> None:
    """Raises Unproven unless the tree of `new` leaves begins with the tree of `old` leaves (RFC 6962, 2.1.2)."""
    if not 0 <= old <= new:
        raise Unproven(f"a tree of {new} leaves cannot begin with one of {old}")
    _sound(proof)
    if old in (0, new):
        if proof:
            raise Unproven("there is nothing to prove between these sizes, and a proof was given")
        if old_root != (root if old else EMPTY_ROOT):
            raise Unproven("the same size has two roots")
        return
    if not proof:
        raise Unproven("the proof of consistency is missing")
    hashes = list(proof)
    node, last = old - 1, new - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    first = hashes.pop(0) if node else old_root
    small = large = first
    for each in hashes:
        if last == 0:
            raise Unproven("the proof of consistency is too long")
        if node % 2 or node == last:
            small, large = node_hash(each, small), node_hash(each, large)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            large = node_hash(large, each)
        node, last = node >> 1, last >> 1
    if last:
        raise Unproven("the proof of consistency is too short")
    if small != old_root or large != root:
        raise Unproven("the proof of consistency leads to other roots")


def _sound(proof: Sequence[bytes]) -> None:
    if len(proof) > MOST_PROOF or any(len(each) != HASH for each in proof):
        raise Unproven("a proof is at most 63 hashes of 32 bytes")

"""The Merkle tree of RFC 6962, section 2.1: hashes, roots, and what checks a proof.

Pure arithmetic over bytes: whether these hashes hold together. Making proofs from stored tiles is
`habeas.tlog.tiles`; who signed a root is `habeas.tlog.checkpoint` and `habeas.tlog.policy`. The walk along a
proof is that of RFC 9162, sections 2.1.3.2 and 2.1.4.2, which checks the proofs of RFC 6962. Sizes and
indexes are numbers of leaves; a hash has 32 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from habeas.errors import Refused

HASH = 32  # bytes, SHA-256
EMPTY_ROOT = hashlib.sha256(b"").digest()
MOST_LEAVES = 2**63 - 1
# Hashes: the height of a tree of fewer than 2^63 leaves, and what tlog-witness lets through. Between trees of
# more than 2^62 leaves a proof of consistency could need one more; no witness would take it.
MOST_PROOF = 63


class Unproven(Refused):
    """A proof, a signature or a tile does not hold."""

    def at(self, place: str) -> Unproven:
        """The same, with an outer place put before its own."""
        outer = super().at(place)
        return Unproven(outer.sentence, place=outer.place, hint=outer.hint)


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf (2.1); its first byte keeps it apart from every other node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over the hashes of its two sides (2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def paired(row: Sequence[bytes]) -> list[bytes]:
    """The row above: each two neighbours as one. A last one without a neighbour is left out."""
    sha256 = hashlib.sha256
    pairs = iter(row)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes, row by row from below.

    Raises ValueError where one is no hash: an entry is hashed first.
    """
    check_hashes(leaves)
    if not leaves:
        return EMPTY_ROOT
    row, right = list(leaves), b""  # right: what the last, unpaired nodes of the rows below come to
    while len(row) > 1:
        if len(row) % 2:
            last = row.pop()
            right = node_hash(last, right) if right else last
        row = paired(row)
    return node_hash(row[0], right) if right else row[0]


def check_hashes(leaves: Sequence[bytes]) -> None:
    """Raises ValueError unless all of these are of a hash's length; it is our own mistake."""
    if set(map(len, leaves)) - {HASH}:
        raise ValueError("leaves are given by their hashes")


def check_inclusion(proof: Sequence[bytes], *, index: int, size: int, root: bytes, leaf: bytes) -> None:
    """Raises Unproven unless the leaf hash stands at `index` in the tree of `size` leaves with this root.

    proof: from the leaf's neighbour up (RFC 6962, 2.1.1).
    """
    if not 0 <= index < size:
        raise Unproven(f"there is no leaf {index} in a tree of {size}")
    _sound(proof, size, leaf, root)
    node, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            raise Unproven("the proof of inclusion is too long")
        if node % 2 or node == last:
            found = node_hash(each, found)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, each)
        node, last = node >> 1, last >> 1
    if last:
        raise Unproven("the proof of inclusion is too short")
    if found != root:
        raise Unproven("the proof of inclusion leads to another root")


def check_consistency(proof: Sequence[bytes], *, old: int, old_root: bytes, new: int, root: bytes) -> None:
    """Raises Unproven unless the tree of `new` leaves begins with the tree of `old` leaves (RFC 6962, 2.1.2).

    Every tree begins with the empty one and with itself; then the proof is empty, and the roots must say so.
    """
    if not 0 <= old <= new:
        raise Unproven(f"a tree of {new} leaves cannot begin with one of {old}")
    _sound(proof, new, old_root, root)
    if (old == 0 and old_root != EMPTY_ROOT) or (new == 0 and root != EMPTY_ROOT):
        raise Unproven("an empty tree has another root")
    if old in (0, new):
        if proof:
            raise Unproven("there is nothing to prove between these sizes, and a proof was given")
        if old == new and old_root != root:
            raise Unproven("the same size has two roots")
        return
    if not proof:
        raise Unproven("the proof of consistency is missing")
    node, last = old - 1, new - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    # An old tree that is one whole subtree needs no hash of its own: the verifier has its root.
    small = large = proof[0] if node else old_root
    for each in proof[1:] if node else proof:
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


def _sound(proof: Sequence[bytes], size: int, *roots: bytes) -> None:
    if size > MOST_LEAVES:
        raise Unproven("a tree has fewer than 2^63 leaves")
    if len(proof) > MOST_PROOF or any(len(each) != HASH for each in (*proof, *roots)):
        raise Unproven(f"a proof is at most {MOST_PROOF} hashes of {HASH} bytes")

"""A proof holds for one leaf, one place and one root, and for nothing beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.tlog.tree import (
    EMPTY_ROOT,
    MOST_PROOF,
    Unproven,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
    root_of,
)

Proof = tuple[bytes, ...]

LEAVES = tuple(leaf_hash(f"entry {number}".encode()) for number in range(130))
SMALL = range(1, 71)

# The leaves that implementations of RFC 6962 have always been tried with, and roots known for them.
CLASSIC = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
KNOWN_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


# ---- RFC 6962, 2.1, as it stands there ---------------------------------------------------------------------


def split(count: int) -> int:
    """The largest power of two smaller than count."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


@cache
def mth(low: int, high: int) -> bytes:
    if high == low:
        return hashlib.sha256().digest()
    if high - low == 1:
        return LEAVES[low]
    middle = low + split(high - low)
    return hashlib.sha256(b"\x01" + mth(low, middle) + mth(middle, high)).digest()


def path(index: int, low: int, high: int) -> Proof:
    if high - low == 1:
        return ()
    middle = low + split(high - low)
    if index < middle:
        return (*path(index, low, middle), mth(middle, high))
    return (*path(index, middle, high), mth(low, middle))


def subproof(old: int, low: int, high: int, known: bool) -> Proof:
    if old == high:
        return () if known else (mth(low, high),)
    middle = low + split(high - low)
    if old <= middle:
        return (*subproof(old, low, middle, known), mth(middle, high))
    return (*subproof(old, middle, high, False), mth(low, middle))


def mutations(proof: Proof) -> Iterator[Proof]:
    """What somebody might make of a proof."""
    other = hashlib.sha256(b"another").digest()
    for place in range(len(proof)):
        yield (*proof[:place], bytes([proof[place][0] ^ 1]) + proof[place][1:], *proof[place + 1 :])
        yield (*proof[:place], proof[place][:-1] + bytes([proof[place][-1] ^ 128]), *proof[place + 1 :])
        yield (*proof[:place], *proof[place + 1 :])
        yield (*proof[:place], proof[place][:-1], *proof[place + 1 :])
        yield (*proof[:place], proof[place] + b"\x00", *proof[place + 1 :])
        if place and proof[place] != proof[place - 1]:
            yield (*proof[: place - 1], proof[place], proof[place - 1], *proof[place + 1 :])
    for place in range(len(proof) + 1):
        yield (*proof[:place], other, *proof[place:])
    if proof:
        yield (*proof, proof[-1])
        yield (proof[0], *proof)


def refused(check: Callable[[], None]) -> bool:
    try:
        check()
    except Unproven:
        return True
    return False


# ---- hashes and roots --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "root"), KNOWN_ROOTS.items())
def test_the_classic_leaves_have_their_known_roots(count: int, root: str) -> None:
    assert root_of([leaf_hash(entry) for entry in CLASSIC[:count]]).hex() == root


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_a_root_made_row_by_row_is_the_one_made_by_splitting(size: int) -> None:
    assert root_of(LEAVES[:size]) == mth(0, size)


def test_a_leaf_is_never_taken_for_a_node() -> None:
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"") != EMPTY_ROOT


def test_an_entry_in_place_of_its_hash_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="by their hashes"):
        root_of([LEAVES[0], b"an entry"])


def test_unproven_stays_unproven_when_a_place_is_put_before_it() -> None:
    unproven = Unproven("no", place="inner", hint="look").at("outer")
    assert isinstance(unproven, Unproven)
    assert (unproven.sentence, unproven.place, unproven.hint) == ("no", "outer: inner", "look")
    assert issubclass(Unproven, Refused)


# ---- inclusion ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SMALL)
def test_every_leaf_is_shown_to_be_in_its_tree_and_nowhere_else(size: int) -> None:
    root = mth(0, size)
    for index in range(size):
        proof = path(index, 0, size)
        check_inclusion(proof, index=index, size=size, root=root, leaf=LEAVES[index])
        for other in {*range(size), -1, size, size + 1} - {index}:
            assert refused(
                partial(check_inclusion, proof, index=other, size=size, root=root, leaf=LEAVES[index])
            ), (index, other)


@pytest.mark.parametrize("size", SMALL)
def test_a_mutated_proof_of_inclusion_never_holds(size: int) -> None:
    root = mth(0, size)
    for index in range(size):
        for proof in mutations(path(index, 0, size)):
            assert refused(
                partial(check_inclusion, proof, index=index, size=size, root=root, leaf=LEAVES[index])
            ), (index, proof)


@given(st.data())
def test_a_changed_leaf_or_root_never_verifies(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    bit = data.draw(st.integers(0, 255))
    proof, root, leaf = path(index, 0, size), mth(0, size), LEAVES[index]
    check_inclusion(proof, index=index, size=size, root=root, leaf=leaf)
    with pytest.raises(Unproven, match="another root"):
        check_inclusion(proof, index=index, size=size, root=root, leaf=flipped(leaf, bit))
    with pytest.raises(Unproven, match="another root"):
        check_inclusion(proof, index=index, size=size, root=flipped(root, bit), leaf=leaf)


def flipped(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "big") ^ 1 << bit).to_bytes(len(data), "big")


def test_an_inner_node_is_no_leaf() -> None:
    # without its lowest hash the proof of leaf 0 of four would show the node above it in a tree of two
    proof, root = path(0, 0, 4), mth(0, 4)
    check_inclusion(proof[1:], index=0, size=2, root=root, leaf=mth(0, 2))
    with pytest.raises(Unproven):
        check_inclusion(proof[1:], index=0, size=4, root=root, leaf=mth(0, 2))


@pytest.mark.parametrize(
    ("size", "index", "proof", "sentence"),
    [
        (0, 0, (), "there is no leaf 0 in a tree of 0"),
        (4, 4, (), "there is no leaf 4 in a tree of 4"),
        (4, -1, (), "there is no leaf -1 in a tree of 4"),
        (4, 0, path(0, 0, 4)[:1], "the proof of inclusion is too short"),
        (4, 0, (*path(0, 0, 4), LEAVES[0]), "the proof of inclusion is too long"),
        (4, 0, path(1, 0, 4), "the proof of inclusion leads to another root"),
        (4, 0, (b"short", LEAVES[0]), "a proof is at most 63 hashes of 32 bytes"),
        (4, 0, LEAVES[: MOST_PROOF + 1], "a proof is at most 63 hashes of 32 bytes"),
        (2**63, 0, (), "a tree has fewer than 2^63 leaves"),
    ],
)
def test_a_broken_proof_of_inclusion_is_refused_with_its_reason(
    size: int, index: int, proof: Proof, sentence: str
) -> None:
    with pytest.raises(Unproven) as caught:
        check_inclusion(proof, index=index, size=size, root=mth(0, 4), leaf=LEAVES[0])
    assert caught.value.sentence == sentence


def test_a_root_or_leaf_of_another_length_is_refused_even_where_they_are_equal() -> None:
    with pytest.raises(Unproven):
        check_inclusion((), index=0, size=1, root=b"same", leaf=b"same")


# ---- consistency -------------------------------------------------------------------------------------------


def proof_between(old: int, new: int) -> Proof:
    return () if old in (0, new) else subproof(old, 0, new, True)


@pytest.mark.parametrize("new", SMALL)
def test_every_tree_is_shown_to_begin_with_each_smaller_one(new: int) -> None:
    for old in range(new + 1):
        check_consistency(proof_between(old, new), old=old, old_root=mth(0, old), new=new, root=mth(0, new))


@pytest.mark.parametrize("new", SMALL)
def test_a_mutated_proof_of_consistency_never_holds(new: int) -> None:
    for old in range(new + 1):
        for proof in mutations(proof_between(old, new)):
            assert refused(
                partial(check_consistency, proof, old=old, old_root=mth(0, old), new=new, root=mth(0, new))
            ), (old, proof)


@pytest.mark.parametrize("new", range(2, 40))
def test_a_proof_of_consistency_holds_between_no_other_sizes(new: int) -> None:
    for old in range(1, new):
        proof = proof_between(old, new)
        for other in {*range(new + 2)} - {old}:
            assert refused(
                partial(check_consistency, proof, old=other, old_root=mth(0, old), new=new, root=mth(0, new))
            ), (old, other)


@given(st.data())
def test_a_rewritten_history_is_never_consistent(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, len(LEAVES)))
    old = data.draw(st.integers(1, new - 1))
    bit = data.draw(st.integers(0, 255))
    proof = proof_between(old, new)
    with pytest.raises(Unproven, match="other roots"):
        check_consistency(proof, old=old, old_root=flipped(mth(0, old), bit), new=new, root=mth(0, new))
    with pytest.raises(Unproven, match="other roots"):
        check_consistency(proof, old=old, old_root=mth(0, old), new=new, root=flipped(mth(0, new), bit))


@pytest.mark.parametrize(
    ("old", "old_root", "new", "root", "proof", "sentence"),
    [
        (5, mth(0, 5), 4, mth(0, 4), (), "a tree of 4 leaves cannot begin with one of 5"),
        (-1, EMPTY_ROOT, 4, mth(0, 4), (), "a tree of 4 leaves cannot begin with one of -1"),
        (4, mth(0, 4), 4, mth(0, 5), (), "the same size has two roots"),
        (0, LEAVES[0], 4, mth(0, 4), (), "an empty tree has another root"),
        (0, EMPTY_ROOT, 0, LEAVES[0], (), "an empty tree has another root"),
        (0, LEAVES[0], 0, LEAVES[0], (), "an empty tree has another root"),
        (3, mth(0, 3), 7, mth(0, 7), (), "the proof of consistency is missing"),
        (3, mth(0, 3), 7, mth(0, 7), proof_between(3, 7)[:-1], "the proof of consistency is too short"),
        (
            3,
            mth(0, 3),
            7,
            mth(0, 7),
            (*proof_between(3, 7), LEAVES[0]),
            "the proof of consistency is too long",
        ),
        (
            3,
            mth(0, 3),
            7,
            mth(0, 7),
            (LEAVES[0], *proof_between(3, 7)[1:]),
            "the proof of consistency leads to other roots",
        ),
        (3, mth(0, 3), 7, mth(0, 7), (b"short",), "a proof is at most 63 hashes of 32 bytes"),
        (3, b"short", 7, mth(0, 7), (), "a proof is at most 63 hashes of 32 bytes"),
        (
            0,
            EMPTY_ROOT,
            4,
            mth(0, 4),
            (LEAVES[0],),
            "there is nothing to prove between these sizes, and a proof was given",
        ),
        (
            4,
            mth(0, 4),
            4,
            mth(0, 4),
            (LEAVES[0],),
            "there is nothing to prove between these sizes, and a proof was given",
        ),
        (1, LEAVES[0], 2**63, mth(0, 4), (), "a tree has fewer than 2^63 leaves"),
    ],
)
def test_a_broken_proof_of_consistency_is_refused_with_its_reason(
    old: int, old_root: bytes, new: int, root: bytes, proof: Sequence[bytes], sentence: str
) -> None:
    with pytest.raises(Unproven) as caught:
        check_consistency(proof, old=old, old_root=old_root, new=new, root=root)
    assert caught.value.sentence == sentence

"""What somebody may try who writes the files of a log, or the keys that others are to trust."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Mapping
from functools import cache

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from hypothesis import given
from hypothesis import strategies as st

from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import MOST_BYTES, Algorithm, Key, Note, Signature, Signer, Verified
from habeas.tlog.policy import Policy, opened
from habeas.tlog.tiles import WIDTH, Tree, bundle, entries_path, grown, tile_path
from habeas.tlog.tree import (
    HASH,
    Unproven,
    check_consistency,
    check_inclusion,
    leaf_hash,
    root_of,
)

AT = 1_700_000_000
# The example of C2SP tlog-cosignature, and the moment in it.
EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
EXAMPLE_AT = 1679315147


def holds(check: Callable[[], object]) -> bool:
    try:
        check()
    except Unproven:
        return False
    return True


# ---- Ed25519 keys under which anybody can sign -------------------------------------------------------------

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493  # of the group that keys are in (RFC 8032, 5.1)
CURVE = -121665 * pow(121666, -1, PRIME)  # d of the curve -x^2 + y^2 = 1 + d x^2 y^2

Point = tuple[int, int]


def plus(one: Point, two: Point) -> Point:
    product = CURVE * one[0] * two[0] * one[1] * two[1]
    x = (one[0] * two[1] + one[1] * two[0]) * pow(1 + product, -1, PRIME)
    y = (one[1] * two[1] + one[0] * two[0]) * pow(1 - product, -1, PRIME)
    return x % PRIME, y % PRIME


def times(factor: int, point: Point) -> Point:
    found = (0, 1)
    for bit in bin(factor)[2:]:
        found = plus(found, found)
        if bit == "1":
            found = plus(found, point)
    return found


def on_the_curve(y: int) -> Point | None:
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    return (x, y) if x * x % PRIME == square else None


@cache
def points_of_small_order() -> frozenset[Point]:
    """All eight, found by taking the large part of the order out of points."""
    found: set[Point] = set()
    y = 2
    while len(found) < 8:
        point = on_the_curve(y)
        if point is not None:
            small = times(ORDER, point)
            found |= {times(factor, small) for factor in range(8)}
        y += 1
    return frozenset(found)


def spellings(point: Point) -> list[bytes]:
    """All 32 bytes that a lenient reader takes for this point."""
    x, y = point
    signs = (0, 1) if x == 0 else (x & 1,)
    numbers = [number for number in (y, y + PRIME) if number < 2**255]
    return [(number | sign << 255).to_bytes(32, "little") for number in numbers for sign in signs]


def test_no_spelling_of_a_point_of_small_order_is_a_key() -> None:
    forms = [form for point in points_of_small_order() for form in spellings(point)]
    assert len(set(forms)) == 14
    for public in forms:
        for algorithm in (Algorithm.ED25519, Algorithm.COSIGNATURE):
            with pytest.raises(Unproven, match=r"anybody could sign|the key is not written"):
                Key(name="a", algorithm=algorithm, public=public)


def test_the_library_alone_would_take_one_signature_for_every_text() -> None:
    """Why such keys are refused here: R and the key the neutral element, S nothing."""
    neutral = (1).to_bytes(32, "little")
    public = Ed25519PublicKey.from_public_bytes(neutral)
    for text in (b"one text\n", b"another text\n"):
        public.verify(neutral + bytes(32), text)


def test_a_key_in_a_second_spelling_is_refused_and_never_counts_twice() -> None:
    point = next(found for y in range(2, 19) if (found := on_the_curve(y)))
    first, *others = spellings(point)
    assert Key(name="a", algorithm=Algorithm.COSIGNATURE, public=first).public == first
    assert others
    for public in others:
        with pytest.raises(Unproven, match="not written as RFC 8032 has it"):
            Key(name="a", algorithm=Algorithm.COSIGNATURE, public=public)


@given(st.binary(min_size=32, max_size=32))
def test_the_keys_that_people_make_are_not_refused(seed: bytes) -> None:
    for algorithm in (Algorithm.ED25519, Algorithm.COSIGNATURE):
        assert Key.parse(str(Signer.from_seed("a", seed, algorithm).key)).public


@given(st.binary(min_size=32, max_size=32), st.text(st.characters(codec="ascii", categories=["L"])))
def test_a_signature_has_no_second_form(seed: bytes, words: str) -> None:
    """S + L means the same as S; the library takes only the smaller one, as RFC 8032, 5.1.7, has it."""
    signer = Signer.from_seed("a.example.org", seed, Algorithm.ED25519)
    good = signer.sign(f"{words}\n")
    number = int.from_bytes(good.signature[32:], "little") + ORDER
    second = Signature(
        name=good.name, id=good.id, signature=good.signature[:32] + number.to_bytes(32, "little")
    )
    assert Note(text=f"{words}\n", signatures=(good,)).verified([signer.key])
    with pytest.raises(Unproven, match="does not hold"):
        Note(text=f"{words}\n", signatures=(second,)).verified([signer.key])


# ---- names and ids -----------------------------------------------------------------------------------------


def twin(number: int, algorithm: Algorithm) -> Signer:
    """Signers of one name, of which these pairs of numbers were sought and found to have the same id."""
    return Signer.from_seed("twin.example.org", number.to_bytes(32, "big"), algorithm)


TWINS = [
    (twin(56707, Algorithm.ED25519), twin(58436, Algorithm.ED25519)),
    (twin(15065, Algorithm.ED25519), twin(129736, Algorithm.COSIGNATURE)),
    (twin(53320, Algorithm.COSIGNATURE), twin(85961, Algorithm.COSIGNATURE)),
]
TWIN_TEXT = Checkpoint(origin="twin.example.org", size=1, root=leaf_hash(b"")).text


def moment(by: Signer) -> int | None:
    return None if by.key.algorithm is Algorithm.ED25519 else AT


@pytest.mark.parametrize(
    ("known", "stranger"), [pair for one, two in TWINS for pair in ((one, two), (two, one))]
)
def test_who_has_the_name_and_the_id_of_a_known_key_is_not_it(known: Signer, stranger: Signer) -> None:
    assert (known.key.name, known.key.id) == (stranger.key.name, stranger.key.id)
    good, bad = known.sign(TWIN_TEXT, moment(known)), stranger.sign(TWIN_TEXT, moment(stranger))
    assert Note(text=TWIN_TEXT, signatures=(good,)).verified([known.key])
    for signatures in ((bad,), (good, bad), (bad, good)):
        with pytest.raises(Unproven, match="a signature does not hold"):
            Note(text=TWIN_TEXT, signatures=signatures).verified([known.key])


@pytest.mark.parametrize(("one", "two"), TWINS)
def test_keys_that_cannot_be_told_apart_are_not_known_together(one: Signer, two: Signer) -> None:
    with pytest.raises(Unproven, match="two different keys have the same name and id"):
        Note(text=TWIN_TEXT, signatures=(one.sign(TWIN_TEXT, moment(one)),)).verified([one.key, two.key])


def test_a_policy_of_keys_that_cannot_be_told_apart_is_not_made() -> None:
    (log, witness), (one, two) = TWINS[1:]
    for others in ([(witness.key, "")], [(one.key, ""), (two.key, "")]):
        with pytest.raises(Unproven, match="two different keys have the same name and id"):
            Policy.k_of_n(log.key, others, 1)


SPACES = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]


def test_no_space_of_any_script_stands_in_a_name() -> None:
    unicode_spaces = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    assert {*unicode_spaces, *map(chr, range(0x2000, 0x200B))} <= set(SPACES)
    good = Signer.from_seed("a", bytes(32), Algorithm.ED25519).sign("text\n")
    for space in SPACES:
        for name in (f"a{space}b", f"{space}b", f"a{space}", space):
            with pytest.raises(Unproven):
                Key(name=name, algorithm=Algorithm.ED25519, public=bytes([9]) * 32)
            with pytest.raises(Unproven):
                Note.parse(f"text\n\n{good.line.replace('— a', f'— {name}')}".encode())


@pytest.mark.parametrize("name", ["a\u200bb", "a\ufeffb", "漢", "a/b?c#d", "—", "\x7f"])
def test_what_is_no_space_and_no_plus_may_stand_in_a_name(name: str) -> None:
    signer = Signer.from_seed(name, bytes(32), Algorithm.ED25519)
    made = Note(text="text\n", signatures=(signer.sign("text\n"),))
    assert Note.parse(made.encoded()).verified([Key.parse(str(signer.key))])


# ---- cosignatures ------------------------------------------------------------------------------------------


def test_an_ed25519_cosignature_is_over_the_very_lines_of_the_example() -> None:
    signer = Signer.from_seed("witness.example.com/w1", bytes([7]) * 32, Algorithm.COSIGNATURE)
    made = signer.sign(EXAMPLE, EXAMPLE_AT)
    assert made.signature[:8] == bytes.fromhex("00000000641850cb")  # as in the example's cosignature
    Ed25519PublicKey.from_public_bytes(signer.key.public).verify(
        made.signature[8:],
        b"cosignature/v1\n"
        b"time 1679315147\n"
        b"example.com/behind-the-sofa\n"
        b"20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    )


def test_an_ml_dsa_cosignature_is_over_the_bytes_of_the_structure() -> None:
    signer = Signer.from_seed("witness.example.com/w1", bytes([7]) * 32, Algorithm.MLDSA44)
    made = signer.sign(EXAMPLE, EXAMPLE_AT)
    message = bytes.fromhex(
        "73756274 7265652f 76310a00"  # label, with its line break and its zero
        "16 7769746e6573732e6578616d706c652e636f6d2f7731"  # cosigner_name after its length
        "00000000641850cb"  # timestamp
        "1b 6578616d706c652e636f6d2f626568696e642d7468652d736f6661"  # log_origin after its length
        "0000000000000000"  # start
        "00000000013e2dc3"  # end
        "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"  # hash
    )
    public = MLDSA44PublicKey.from_public_bytes(signer.key.public)
    public.verify(made.signature[8:], message)
    for place in range(len(message)):
        with pytest.raises(InvalidSignature):
            public.verify(made.signature[8:], message[:place] + b"?" + message[place + 1 :])


@pytest.mark.parametrize("algorithm", [Algorithm.COSIGNATURE, Algorithm.MLDSA44])
@pytest.mark.parametrize("at", [1, EXAMPLE_AT, 2**40, 2**63 - 1])
def test_a_moment_far_off_is_told_and_not_judged(algorithm: Algorithm, at: int) -> None:
    signer = Signer.from_seed("w.example.org", bytes(32), algorithm)
    made = Note(text=EXAMPLE, signatures=(signer.sign(EXAMPLE, at),))
    assert made.verified([signer.key]) == (Verified(key=signer.key, at=at),)


@pytest.mark.parametrize("algorithm", [Algorithm.COSIGNATURE, Algorithm.MLDSA44])
def test_a_cosigned_checkpoint_of_one_log_is_not_cosigned_for_another(algorithm: Algorithm) -> None:
    witness = Signer.from_seed("w.example.org", bytes(32), algorithm)
    logs = [Signer.from_seed(f"{name}.example.org", bytes([1]) * 32, Algorithm.ED25519) for name in "ab"]
    texts = [Checkpoint(origin=log.key.name, size=1, root=bytes(HASH)).text for log in logs]
    policy = Policy.k_of_n(logs[1].key, [(witness.key, "")], 1)
    moved = Note(text=texts[1], signatures=(logs[1].sign(texts[1]), witness.sign(texts[0], AT)))
    with pytest.raises(Unproven, match="a signature does not hold"):
        opened(moved.encoded(), policy)


# ---- values that nobody could read again -------------------------------------------------------------------


def test_a_note_that_would_be_too_long_to_read_is_not_made() -> None:
    line = Signature(name="a", id=b"abcd", signature=b"s")
    longest = "a" * (MOST_BYTES - len("\n\n" + line.line) - 2) + "\n"
    assert Note.parse(Note(text=longest, signatures=(line,)).encoded()).text == longest
    with pytest.raises(Unproven, match="too long for a signed note"):
        Note(text="a" + longest, signatures=(line,))


def test_half_of_a_character_stands_in_no_checkpoint() -> None:
    for origin, extensions in (("a\ud800", ()), ("a", ("\udfff",))):
        with pytest.raises(Unproven, match="no text that UTF-8 can hold"):
            Checkpoint(origin=origin, size=1, root=bytes(HASH), extensions=extensions)


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=2, max_size=2),
    st.integers(0, 2),
)
def test_a_policy_is_written_so_that_it_is_read_the_same_whatever_its_addresses(
    urls: list[str], least: int
) -> None:
    log = Signer.from_seed("log.example.org", bytes([1]) * 32, Algorithm.ED25519).key
    keys = [
        Signer.from_seed(f"w{seed}.example.org", bytes([seed]) * 32, Algorithm.COSIGNATURE).key
        for seed in (2, 3)
    ]
    try:
        policy = Policy.k_of_n(log, list(zip(keys, urls, strict=True)), least)
    except Unproven:
        assert any(character <= " " or character == "\x7f" for character in "".join(urls))
        return
    assert Policy.parse(str(policy)) == policy


@pytest.mark.parametrize("url", ["https://a\u3000", "\u3000", "\x85"])
def test_an_address_may_hold_spaces_of_another_script(url: str) -> None:
    log = Signer.from_seed("log.example.org", bytes([1]) * 32, Algorithm.ED25519).key
    witness = Signer.from_seed("w.example.org", bytes([2]) * 32, Algorithm.COSIGNATURE).key
    policy = Policy.parse(f"log {log} {url}\nwitness w {witness} {url}\nquorum none\n")
    assert (policy.log_urls[str(log)], policy.witnesses["w"].url) == (url, url)
    assert Policy.parse(str(policy)) == policy


# ---- trees -------------------------------------------------------------------------------------------------

ENTRIES = [f"entry {number}".encode() for number in range(1300)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


@cache
def mth(low: int, high: int) -> bytes:
    """RFC 6962, 2.1."""
    if high - low == 1:
        return LEAVES[low]
    middle = low + (1 << (high - low - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + mth(low, middle) + mth(middle, high)).digest()


def way(index: int, low: int, high: int) -> list[tuple[str, bytes]]:
    """What stands beside a leaf on the way up, and on which side."""
    if high - low == 1:
        return []
    middle = low + (1 << (high - low - 1).bit_length() - 1)
    if index < middle:
        return [*way(index, low, middle), ("right", mth(middle, high))]
    return [*way(index, middle, high), ("left", mth(low, middle))]


def between(old: int, low: int, high: int, known: bool = True) -> list[tuple[str, bytes]]:
    if old == high:
        return [] if known else [("start", mth(low, high))]
    middle = low + (1 << (high - low - 1).bit_length() - 1)
    if old <= middle:
        return [*between(old, low, middle, known), ("right", mth(middle, high))]
    return [*between(old, middle, high, False), ("left", mth(low, middle))]


@pytest.mark.parametrize("size", range(1, 34))
def test_inclusion_holds_for_another_size_only_where_the_way_up_is_the_same(size: int) -> None:
    """A proof cannot know more: it is the signed checkpoint that says how large the tree is."""
    for index in range(size):
        found = way(index, 0, size)
        for other in range(index + 1, 70):
            same = [side for side, _ in way(index, 0, other)] == [side for side, _ in found]
            assert same is holds(
                lambda other=other, found=found, index=index: check_inclusion(
                    [each for _, each in found],
                    index=index,
                    size=other,
                    root=mth(0, size),
                    leaf=LEAVES[index],
                )
            ), (index, other)


@pytest.mark.parametrize("new", range(2, 34))
def test_consistency_holds_for_another_size_only_where_the_way_up_is_the_same(new: int) -> None:
    for old in range(1, new):
        found = between(old, 0, new)
        for other in range(old + 1, 70):
            same = [side for side, _ in between(old, 0, other)] == [side for side, _ in found]
            assert same is holds(
                lambda other=other, found=found, old=old: check_consistency(
                    [each for _, each in found],
                    old=old,
                    old_root=mth(0, old),
                    new=other,
                    root=mth(0, new),
                )
            ), (old, other)


def reader(files: Mapping[str, bytes]) -> Callable[[str], bytes]:
    def read(path: str) -> bytes:
        if path not in files:
            raise Unproven("a file of the log is missing", place=path)
        return files[path]

    return read


def test_the_trees_that_the_format_tells_of_have_the_tiles_that_it_tells() -> None:
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(70_000)]
    files, root = grown(0, leaves, reader({}))
    full = [path for path in files if ".p/" not in path]
    assert len([path for path in full if path.startswith("tile/0/")]) == 273
    assert [path for path in full if not path.startswith("tile/0/")] == ["tile/1/000"]
    assert {path: len(data) // HASH for path, data in files.items() if ".p/" in path} == {
        "tile/0/273.p/112": 112,
        "tile/1/001.p/17": 17,
        "tile/2/000.p/1": 1,
    }
    assert all(len(files[path]) == 8192 for path in full)
    assert root == root_of(leaves)
    files, root = grown(0, leaves[:256], reader({}))
    assert files == {"tile/0/000": b"".join(leaves[:256]), "tile/1/000.p/1": root}


@cache
def site(size: int) -> Mapping[str, bytes]:
    files = dict(grown(0, LEAVES[:size], reader({}))[0])
    for start in range(0, size, WIDTH):
        held = ENTRIES[start : min(start + WIDTH, size)]
        files[entries_path(start // WIDTH, len(held))] = bundle(held)
    return files


@given(st.data())
def test_whatever_is_done_to_the_files_nothing_false_is_ever_given_that_holds(data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([1, 2, 255, 256, 257, 511, 512, 513, 768, 1024, 1027, 1300]))
    files = dict(site(size))
    names = sorted(files)
    for name in data.draw(st.lists(st.sampled_from(names), max_size=3)):
        held = files.get(name, b"")
        match data.draw(st.sampled_from(["gone", "cut", "longer", "flipped", "another", "moved", "empty"])):
            case "gone":
                files.pop(name, None)
            case "cut":
                files[name] = held[: data.draw(st.integers(0, len(held)))]
            case "longer":
                files[name] = held + held[:HASH]
            case "flipped" if held:
                place = data.draw(st.integers(0, len(held) - 1))
                files[name] = held[:place] + bytes([held[place] ^ 4]) + held[place + 1 :]
            case "another":
                files[name] = site(size)[data.draw(st.sampled_from(names))]
            case "moved":
                files[name] = held[HASH:] + held[:HASH]
            case _:
                files[name] = b""
    tree, true = Tree(size, reader(files)), Tree(size, reader(site(size)))
    root = mth(0, size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    try:
        compared = tree.root() == root
    except Unproven:
        return
    if compared:  # from here on each answer is the true one, or there is none
        for ask in (
            lambda tree: tree.leaf(index),
            lambda tree: tree.inclusion(index),
            lambda tree: tree.consistency(old),
            lambda tree: list(tree.entries(start, end)),
        ):
            try:
                found = ask(tree)
            except Unproven:
                continue
            assert found == ask(true)
        return
    try:
        inclusion, consistency = tree.inclusion(index), tree.consistency(old)
    except Unproven:
        return
    assert inclusion == true.inclusion(index) or not holds(
        lambda: check_inclusion(inclusion, index=index, size=size, root=root, leaf=LEAVES[index])
    )
    assert consistency == true.consistency(old) or not holds(
        lambda: check_consistency(consistency, old=old, old_root=mth(0, old), new=size, root=root)
    )


@given(st.data())
def test_over_any_border_roots_and_proofs_are_those_of_the_definition(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 1300) | st.sampled_from([255, 256, 257, 511, 512, 513, 1023, 1024, 1025]))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    held = Tree(size, reader(site(size)))
    assert held.root() == root_of(LEAVES[:size]) == mth(0, size)
    assert list(held.inclusion(index)) == [each for _, each in way(index, 0, size)]
    assert list(held.consistency(old)) == [each for _, each in between(old, 0, size)]


def test_of_a_tree_larger_than_any_only_the_tiles_at_the_edge_are_asked_for() -> None:
    size = 2**62 + 256**4 + 3
    asked: list[str] = []

    def read(path: str) -> bytes:
        asked.append(path)
        width = int(path.partition(".p/")[2] or WIDTH)
        return b"".join(leaf_hash(f"{path} {place}".encode()) for place in range(width))

    tree = Tree(size, read)
    root, proof = tree.root(), tree.inclusion(size - 1)
    check_inclusion(proof, index=size - 1, size=size, root=root, leaf=tree.leaf(size - 1))
    assert len(proof) == 3
    assert sorted(asked) == [tile_path(0, size // 256, 3), tile_path(4, 256**3 // 4, 1), tile_path(7, 0, 64)]

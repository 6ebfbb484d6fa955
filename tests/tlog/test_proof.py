"""A proof of logging, carried away in a file, holds for its entry and for no other."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Algorithm, Note, Signer
from habeas.tlog.policy import Policy
from habeas.tlog.proof import MOST_BYTES, MOST_EXTRA, Bundle
from habeas.tlog.tiles import Tree, grown
from habeas.tlog.tree import Unproven, leaf_hash

ORIGIN = "log.example.org"
ENTRIES = [f"entry {number}".encode() for number in range(300)]
LOG = Signer.from_seed(ORIGIN, bytes([1]) * 32, Algorithm.ED25519)
WITNESS = Signer.from_seed("w.example.org", bytes([2]) * 32, Algorithm.COSIGNATURE)
POLICY = Policy.k_of_n(LOG.key, [(WITNESS.key, "")], 1)


def nothing(path: str) -> bytes:
    raise Unproven("a file of the log is missing", place=path)


FILES, ROOT = grown(0, [leaf_hash(entry) for entry in ENTRIES], nothing)
TEXT = Checkpoint(origin=ORIGIN, size=len(ENTRIES), root=ROOT).text
SIGNED = Note(text=TEXT, signatures=(LOG.sign(TEXT),))
WITNESSED = SIGNED.signed(WITNESS.sign(TEXT, 1_700_000_000)).encoded()


def made(index: int, checkpoint: bytes = WITNESSED, extra: bytes = b"") -> Bundle:
    proof = Tree(len(ENTRIES), FILES.__getitem__).inclusion(index)
    return Bundle(index=index, proof=proof, checkpoint=checkpoint, extra=extra)


@pytest.mark.parametrize("index", [0, 1, 255, 256, 299])
def test_an_entry_is_shown_to_be_in_the_witnessed_log(index: int) -> None:
    carried = Bundle.parse(made(index).encoded())
    seen = carried.check(ENTRIES[index], POLICY)
    assert seen.quorum_met
    assert seen.checkpoint.size == 300
    with pytest.raises(Unproven, match="leads to another root"):
        carried.check(ENTRIES[index] + b".", POLICY)


def test_an_unmet_quorum_is_said_and_does_not_hide_that_the_entry_is_there() -> None:
    seen = made(7, SIGNED.encoded()).check(ENTRIES[7], POLICY)
    assert not seen.quorum_met


def test_the_file_is_written_as_the_format_says() -> None:
    found = made(298, extra=b"extra").encoded().decode()
    head, _, checkpoint = found.partition("\n\n")
    first, extra, index, *hashes = head.split("\n")
    assert (first, extra, index) == ("c2sp.org/tlog-proof@v1", "extra ZXh0cmE=", "index 298")
    assert hashes == [base64.b64encode(each).decode() for each in made(298).proof]
    assert checkpoint.encode() == WITNESSED


def test_the_only_entry_of_a_log_has_an_empty_proof() -> None:
    text = Checkpoint(origin=ORIGIN, size=1, root=leaf_hash(b"alone")).text
    alone = Bundle(index=0, proof=(), checkpoint=Note(text=text, signatures=(LOG.sign(text),)).encoded())
    assert alone.encoded().startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\nlog.example.org\n1\n")
    assert Bundle.parse(alone.encoded()) == alone
    alone.check(b"alone", POLICY)


@given(
    st.integers(0, 2**63 - 2),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.binary(max_size=99),
)
def test_what_is_written_is_read_again(index: int, proof: list[bytes], extra: bytes) -> None:
    bundle = Bundle(index=index, proof=tuple(proof), checkpoint=WITNESSED, extra=extra)
    assert Bundle.parse(bundle.encoded()) == bundle


@settings(max_examples=300)
@given(st.data())
def test_a_changed_byte_never_passes_and_what_is_read_is_written_the_same(data: st.DataObject) -> None:
    good = made(257).encoded()
    at = data.draw(st.integers(0, len(good) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda value: value != good[at]))
    changed = good[:at] + bytes([value]) + good[at + 1 :]
    cosigned_from = good.index("— w.example.org".encode())
    try:
        found = Bundle.parse(changed)
    except Unproven:
        return
    assert found.encoded() == changed
    assert not believed(found)
    if (
        at >= cosigned_from
    ):  # a witness's line that became somebody unknown's takes nothing from the log's own
        assert Note.parse(found.checkpoint).verified([LOG.key])


def believed(bundle: Bundle) -> bool:
    try:
        return bundle.check(ENTRIES[257], POLICY).quorum_met
    except Unproven:
        return False


GOOD = made(257).encoded().decode()
HEAD, _, BELOW = GOOD.partition("\n\n")
FIRST, INDEX, *HASHES = HEAD.split("\n")
NO_PROOF = "this is no proof of logging"
NO_INDEX = "the proof names no index"
NO_HASH = "a line of the proof is no hash"


def file(*head: str, below: str = BELOW) -> str:
    return "\n".join(head) + "\n\n" + below


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", NO_PROOF),
    "a checkpoint alone": (BELOW, NO_PROOF),
    "another version": (file(FIRST.replace("v1", "v2"), INDEX, *HASHES), NO_PROOF),
    "a space after the version": (file(FIRST + " ", INDEX, *HASHES), NO_PROOF),
    "the first line alone": (file(FIRST), NO_PROOF),
    "an empty line first": ("\n\n" + GOOD, NO_PROOF),
    "no empty line": (HEAD + "\n", NO_PROOF),
    "beyond ASCII": (file(FIRST, INDEX, "é" * 44), NO_PROOF),
    "no index": (file(FIRST, *HASHES), NO_INDEX),
    "extra alone": (file(FIRST, "extra AAAA"), NO_INDEX),
    "a leading zero": (file(FIRST, "index 0257", *HASHES), NO_INDEX),
    "a negative index": (file(FIRST, "index -1", *HASHES), NO_INDEX),
    "a sign": (file(FIRST, "index +1", *HASHES), NO_INDEX),
    "two spaces": (file(FIRST, "index  1", *HASHES), NO_INDEX),
    "a capital": (file(FIRST, "Index 1", *HASHES), NO_INDEX),
    "carriage returns": (GOOD.replace("\n", "\r\n"), NO_PROOF),
    "a carriage return after the index": (file(FIRST, INDEX + "\r", *HASHES), NO_INDEX),
    "an index of 2^63 - 1": (
        file(FIRST, "index 9223372036854775807", *HASHES),
        "an index is from 0 to 2^63 - 2",
    ),
    "extra after the index": (file(FIRST, INDEX, "extra AAAA", *HASHES), NO_HASH),
    "extra twice": (file(FIRST, "extra AAAA", "extra AAAA", INDEX, *HASHES), NO_INDEX),
    "an empty extra": (file(FIRST, "extra ", INDEX, *HASHES), "the extra line is not in base64"),
    "an extra that is no base64": (file(FIRST, "extra A", INDEX, *HASHES), "the extra line is not in base64"),
    "too much extra": (
        file(FIRST, "extra " + base64.b64encode(bytes(MOST_EXTRA + 1)).decode(), INDEX, *HASHES),
        "the extra line is too long",
    ),
    "a short hash": (file(FIRST, INDEX, "AAAA"), NO_HASH),
    "a hash in hex": (file(FIRST, INDEX, "00" * 32), NO_HASH),
    "a hash without padding": (file(FIRST, INDEX, HASHES[0][:-1]), NO_HASH),
    "a space after a hash": (file(FIRST, INDEX, HASHES[0] + " "), NO_HASH),
    "too many hashes": (file(FIRST, INDEX, *HASHES[:1] * 64), "a proof is at most 63 hashes of 32 bytes"),
    "no checkpoint": (file(FIRST, INDEX, *HASHES, below=""), "this is no signed note"),
    "an unsigned checkpoint": (file(FIRST, INDEX, *HASHES, below=TEXT), "this is no signed note"),
    "another note": (
        file(FIRST, INDEX, *HASHES, below="text\n\n" + LOG.sign("text\n").line),
        "this is no checkpoint",
    ),
    "an empty line among the hashes": (
        file(FIRST, INDEX, *HASHES[:2], "", *HASHES[2:]),
        "this is no checkpoint",
    ),
    "too long": (GOOD + "\n" * MOST_BYTES, "this is too long for a proof of logging"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_proof_is_refused_with_its_reason(what: str) -> None:
    whole, sentence = BROKEN[what]
    with pytest.raises(Unproven) as caught:
        Bundle.parse(whole if isinstance(whole, bytes) else whole.encode())
    assert caught.value.sentence == sentence


def test_the_neighbour_of_the_broken_proofs_is_read() -> None:
    assert Bundle.parse(file(FIRST, INDEX, *HASHES).encode()) == made(257)
    longest = made(257, extra=bytes(MOST_EXTRA))
    assert Bundle.parse(longest.encoded()) == longest


@pytest.mark.parametrize(
    "changed",
    [
        {"index": -1},
        {"index": 2**63 - 1},
        {"proof": (bytes(31),)},
        {"proof": (bytes(32),) * 64},
        {"extra": bytes(MOST_EXTRA + 1)},
        {"checkpoint": b""},
    ],
)
def test_a_proof_that_nobody_could_read_is_not_made(changed: dict[str, object]) -> None:
    good: dict[str, object] = {"index": 0, "proof": (bytes(32),), "checkpoint": WITNESSED}
    Bundle(**good)  # type: ignore[arg-type]
    with pytest.raises(Unproven):
        Bundle(**good | changed)  # type: ignore[arg-type]


SHORT = made(257).proof
WRONG = {
    "another index": (Bundle(index=256, proof=SHORT, checkpoint=WITNESSED), "another root"),
    "an index beyond the tree": (
        Bundle(index=300, proof=SHORT, checkpoint=WITNESSED),
        "there is no leaf 300",
    ),
    "a hash less": (Bundle(index=257, proof=SHORT[1:], checkpoint=WITNESSED), "too short"),
    "a hash more": (Bundle(index=257, proof=(*SHORT, SHORT[0]), checkpoint=WITNESSED), "too long"),
    "two hashes swapped": (
        Bundle(index=257, proof=(SHORT[1], SHORT[0], *SHORT[2:]), checkpoint=WITNESSED),
        "another root",
    ),
    "a checkpoint of another log": (
        Bundle(
            index=257,
            proof=SHORT,
            checkpoint=WITNESSED.replace(b"log.example.org\n300", b"lag.example.org\n300"),
        ),
        "not known here",
    ),
    "a changed checkpoint": (
        Bundle(index=257, proof=SHORT, checkpoint=WITNESSED.replace(b"\n300\n", b"\n301\n")),
        "does not hold",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_proof_that_does_not_hold_is_refused_with_its_reason(what: str) -> None:
    bundle, sentence = WRONG[what]
    with pytest.raises(Unproven, match=sentence):
        bundle.check(ENTRIES[257], POLICY)

"""Every file in `tests/bad/tlog` is refused, each with the sentence for what its name says.

Beside them stand their neighbours, which are right. `trusted.policy` says with whose keys they are read: a
log and two witnesses that sign with seeds of ones, twos and threes. The proofs are of `entry 3` in a log of
five entries.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from habeas.tlog.note import Key, Note
from habeas.tlog.policy import Policy, opened
from habeas.tlog.proof import Bundle
from habeas.tlog.tree import Unproven

FOLDER = Path(__file__).parents[1] / "bad" / "tlog"
TRUSTED = Policy.parse((FOLDER / "trusted.policy").read_bytes().decode())
KEYS = [*TRUSTED.logs, *(each.key for each in TRUSTED.witnesses.values())]


def read_key(data: bytes) -> bool:
    return str(Key.parse(data.decode())).encode() == data


def read_note(data: bytes) -> bool:
    note = Note.parse(data)
    return bool(note.verified(KEYS)) and note.encoded() == data


def read_checkpoint(data: bytes) -> bool:
    return opened(data, TRUSTED).note.encoded() == data


def read_policy(data: bytes) -> bool:
    policy = Policy.parse(data.decode())
    return Policy.parse(str(policy)) == policy


def read_proof(data: bytes) -> bool:
    proof = Bundle.parse(data)
    return bool(proof.check(b"entry 3", TRUSTED)) and proof.encoded() == data


READERS: dict[str, Callable[[bytes], bool]] = {
    "keys": read_key,
    "notes": read_note,
    "checkpoints": read_checkpoint,
    "policies": read_policy,
    "proofs": read_proof,
}

# by folder and sentence
WRONG: dict[str, dict[str, list[str]]] = {
    "keys": {
        "a key of this kind is not understood": [
            "ecdsa",
            "kind-of-nobody",
        ],
        "anybody could sign with this key": [
            "neutral-element",
            "neutral-element-with-a-sign",
            "order-eight",
            "order-four",
            "order-two",
        ],
        "the id is not that of the key": [
            "another-name",
            "id-in-capitals",
            "id-of-another-key",
            "id-of-two-bytes",
        ],
        "the key has another length than its kind": [
            "ed25519-called-ml-dsa",
            "one-byte-too-long",
            "one-byte-too-short",
        ],
        "the key is not in base64": [
            "line-break-after",
            "no-key-at-all",
            "spare-bits",
        ],
        "the key is not written as RFC 8032 has it": [
            "neutral-element-in-another-spelling",
            "number-beyond-the-prime",
        ],
        "this is no name of a key": [
            "ideographic-space-in-the-name",
            "next-line-in-the-name",
            "no-break-space-in-the-name",
            "no-name",
        ],
        "this is no verifier key": [
            "no-id",
        ],
    },
    "notes": {
        "a note has 1 to 64 signatures": [
            "65-signatures",
        ],
        "a signature does not hold": [
            "another-text",
            "byte-order-mark",
            "empty-line-between-signatures",
            "forged",
            "forged-above-a-good-one",
            "forged-below-a-good-one",
            "one-more-empty-line-in-the-text",
            "signature-of-63-bytes",
            "signature-of-nothing",
            "signature-with-a-byte-more",
            "the-same-signature-in-another-spelling",
        ],
        "a signature is too short": [
            "signature-too-short",
        ],
        "a signed note holds no control characters": [
            "carriage-return-in-the-text",
            "carriage-returns",
            "escape-in-a-name",
            "null-in-the-text",
            "tab-in-the-text",
        ],
        "the signature is not in base64": [
            "signature-with-spare-bits",
            "signature-without-padding",
        ],
        "this is no checkpoint": [
            "cosigned-but-no-checkpoint",
        ],
        "this is no line of a signature": [
            "en-dash-for-the-dash",
            "hyphen-for-the-dash",
            "ideographic-space-in-a-name",
            "no-break-space-after-the-dash",
            "no-name",
            "plus-in-a-name",
            "space-at-the-end-of-a-line",
            "two-spaces",
            "words-after-the-signature",
            "words-between-signatures",
        ],
        "this is no signed note": [
            "empty",
            "empty-line-at-the-end",
            "no-empty-line",
            "no-line-break-at-the-end",
            "text-alone",
            "words-after-it-without-line-break",
        ],
        "this is no signed note: it is not UTF-8": [
            "half-a-pair",
            "latin-1",
            "overlong-line-break",
            "utf-16",
        ],
    },
    "checkpoints": {
        "a checkpoint's root is 32 bytes in base64": [
            "root-in-hexadecimal",
            "root-of-31-bytes",
            "root-with-spare-bits",
            "root-without-padding",
        ],
        "a checkpoint's size is a number without leading zeroes": [
            "leading-zero",
            "negative-size",
            "size-00",
            "size-in-arabic-digits",
            "size-in-hexadecimal",
            "size-of-twenty-digits",
            "size-with-a-sign",
            "size-with-a-space",
        ],
        "a checkpoint's size is from 0 to 2^63 - 1": [
            "size-2-to-the-63",
        ],
        "a cosignature names no moment": [
            "cosignature-of-moment-0",
            "cosignature-of-moment-2-to-the-63",
        ],
        "a signature does not hold": [
            "another-size",
            "cosignature-of-another-moment",
            "cosignature-without-a-moment",
            "forged-log",
            "forged-witness",
            "forged-witness-with-ml-dsa",
            "plain-signature-for-a-cosignature",
        ],
        "an ML-DSA cosignature does not cover extension lines, and the checkpoint has some": [
            "extension-below-ml-dsa",
        ],
        "an empty tree has another root": [
            "another-root-of-nothing",
        ],
        "the log's own signature is missing": [
            "no-signature-of-the-log",
            "signed-by-a-stranger",
        ],
        "this is a log that is not known here": [
            "another-log",
        ],
        "this is no checkpoint": [
            "empty-extension",
            "empty-line-before-an-extension",
            "no-origin",
            "no-root",
        ],
    },
    "policies": {
        "a group is its name, how many, and who": [
            "group-of-nobody",
        ],
        "a log is its key, and perhaps its address": [
            "log-with-two-addresses",
            "log-without-key",
        ],
        "a policy has one quorum": [
            "two-quorums",
        ],
        "a policy holds no control characters": [
            "carriage-returns",
            "delete-in-a-name",
            "form-feed-between-words",
            "null-in-a-comment",
        ],
        "a policy knows log, witness, group and quorum": [
            "byte-order-mark",
            "no-break-space-between-words",
            "word-in-capitals",
        ],
        "a witness is its name, its key, and perhaps its address": [
            "witness-without-name",
        ],
        "anybody could sign with this key": [
            "key-that-anybody-signs-with",
        ],
        "how many is a number, any or all": [
            "how-many-in-arabic-digits",
            "how-many-in-capitals",
            "how-many-with-a-leading-zero",
            "minus-one-of-a-group",
            "none-of-a-group",
        ],
        "so many are not in the group": [
            "three-of-two",
        ],
        "the id is not that of the key": [
            "key-with-another-id",
        ],
        "the last line of the policy has no end": [
            "cut-off",
        ],
        "the policy names no quorum": [
            "empty",
            "no-quorum",
        ],
        "the quorum is a witness or a group named before, or none": [
            "comment-after-words",
            "quorum-before-the-witness",
            "quorum-of-somebody-unknown",
            "two-names-in-the-quorum",
        ],
        "the same key is named twice, and would count twice": [
            "log-that-is-its-own-witness",
            "log-twice",
            "log-twice-under-two-names",
            "witness-that-becomes-a-log",
            "witness-twice",
            "witness-twice-under-two-names",
        ],
        "this belongs to a group already": [
            "group-in-two-groups",
            "member-of-two-groups",
            "member-twice-in-a-group",
        ],
        "this is named before it was said who it is": [
            "group-before-its-witness",
            "group-of-itself",
            "group-of-none",
            "groups-in-a-circle",
        ],
        "this is not the kind of key that a log has": [
            "key-of-a-witness-for-a-log",
        ],
        "this is not the kind of key that a witness has": [
            "key-of-a-log-for-a-witness",
        ],
        "this name is taken": [
            "group-named-like-a-witness",
            "group-named-none",
            "name-twice",
            "witness-named-none",
        ],
        "two different keys have the same name and id": [
            "log-and-witness-that-cannot-be-told-apart",
            "witnesses-that-cannot-be-told-apart",
        ],
    },
    "proofs": {
        "a line of the proof is no hash": [
            "extra-after-the-index",
            "hash-in-hexadecimal",
            "hash-of-31-bytes",
            "hash-with-a-space-after",
            "hash-with-spare-bits",
            "index-twice",
            "line-after-the-hashes",
            "no-empty-line",
            "two-hashes-in-a-line",
        ],
        "a proof is at most 63 hashes of 32 bytes": [
            "64-hashes",
        ],
        "a signature does not hold": [
            "checkpoint-of-another-size",
            "forged-checkpoint",
            "forged-witness",
        ],
        "an index is from 0 to 2^63 - 2": [
            "index-2-to-the-63",
        ],
        "the extra line is not in base64": [
            "extra-in-two-words",
            "extra-of-nothing",
            "extra-with-spare-bits",
        ],
        "the proof names no index": [
            "carriage-return-after-the-index",
            "extra-twice",
            "extra-without-a-space",
            "index-in-hexadecimal",
            "index-with-a-leading-zero",
            "index-with-a-sign",
            "index-with-two-spaces",
            "line-before-the-index",
            "no-index",
        ],
        "the proof of inclusion is too long": [
            "63-hashes-for-five-entries",
            "hash-too-many",
        ],
        "the proof of inclusion is too short": [
            "hash-missing",
            "two-hashes-made-one",
        ],
        "the proof of inclusion leads to another root": [
            "hashes-swapped",
            "index-of-the-neighbour",
            "one-bit-changed",
            "proof-of-another-entry",
        ],
        "there is no leaf 5 in a tree of 5": [
            "index-beyond-the-tree",
        ],
        "this is a log that is not known here": [
            "checkpoint-of-another-log",
        ],
        "this is no checkpoint": [
            "empty-line-among-the-hashes",
            "two-empty-lines",
        ],
        "this is no line of a signature": [
            "words-after-the-checkpoint",
        ],
        "this is no proof of logging": [
            "byte-order-mark",
            "carriage-returns",
            "checkpoint-alone",
            "empty",
            "version-2",
        ],
        "this is no signed note": [
            "checkpoint-without-signature",
            "no-checkpoint",
        ],
    },
}
EXPECTED = {
    f"{folder}/{name}": sentence
    for folder, sentences in WRONG.items()
    for sentence, names in sentences.items()
    for name in names
}
FILES = {f"{path.parent.name}/{path.stem}": path for path in FOLDER.glob("*/*.*")}
NEIGHBOURS = sorted(FOLDER.glob("*/neighbours/*"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_bad_file_is_refused_with_its_sentence(name: str) -> None:
    with pytest.raises(Unproven) as caught:
        READERS[name.partition("/")[0]](FILES[name].read_bytes())
    assert caught.value.sentence == EXPECTED[name]


@pytest.mark.parametrize("path", NEIGHBOURS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_its_neighbour_is_read_and_written_the_same(path: Path) -> None:
    assert READERS[path.parts[-3]](path.read_bytes())


def test_every_file_in_the_folder_is_tried() -> None:
    assert FILES.keys() == EXPECTED.keys()
    assert {path.parts[-3] for path in NEIGHBOURS} == READERS.keys()


def test_of_the_neighbours_those_are_witnessed_enough_that_both_witnesses_signed() -> None:
    folder = FOLDER / "checkpoints" / "neighbours"
    met = {path.stem for path in folder.iterdir() if opened(path.read_bytes(), TRUSTED).quorum_met}
    assert met == {"quorum-met", "cosigned-in-the-far-future"}

"""A witness cosigns what only grows, says no in the order of the text, and keeps what speaks against it."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Algorithm, Note, Signer
from habeas.tlog.tree import HASH, Unproven
from habeas.tlog.witness import (
    MAX_PROOF,
    SIZE_MEDIA,
    Answer,
    Submission,
    answer,
    origin_hash,
    origin_in,
    size_in,
    submission,
)
from tests.interop.world import AT, ORIGIN, WITNESS, entries, made_signer, proof, root, signed, signed_root

LOG = made_signer()
OURS = made_signer(WITNESS, 1, Algorithm.COSIGNATURE)
LOGS = {ORIGIN: (LOG.key,)}


def asked(
    old: int,
    path: Sequence[bytes],
    checkpoint: bytes,
    last: bytes | None = None,
    *,
    signers: Sequence[Signer] = (OURS,),
    at: int = AT,
) -> Answer:
    return answer(submission(old, path, checkpoint), LOGS, last, signers, at)


def cosigned(held: Sequence[bytes], at: int = AT - 60) -> bytes:
    """What the witness remembers after these entries."""
    said = asked(0, (), signed(held), at=at)
    assert said.status == 200
    assert said.remember is not None
    return said.remember


def refusals(said: Answer) -> tuple[int, bool]:
    """The status, and whether nothing is remembered."""
    return said.status, said.remember is None


# ---- what is cosigned --------------------------------------------------------------------------------------


def test_a_first_checkpoint_is_cosigned_and_remembered_with_the_logs_own_signature() -> None:
    checkpoint = signed(entries(5))
    said = asked(0, (), checkpoint)
    assert (said.status, said.evidence) == (200, None)
    assert said.remember is not None
    remembered = Note.parse(said.remember)
    assert remembered.text == Note.parse(checkpoint).text
    by = remembered.verified([LOG.key, OURS.key])
    assert {(each.key, each.at) for each in by} == {(LOG.key, None), (OURS.key, AT)}
    assert said.body.decode().startswith(f"— {WITNESS} ")
    assert Note.parse(checkpoint + said.body).verified([OURS.key])


@given(st.integers(0, 70), st.integers(0, 70))
def test_whatever_only_grew_is_cosigned(one: int, other: int) -> None:
    old, new = sorted((one, other))
    held = entries(new)
    said = asked(old, proof(held, old), signed(held), cosigned(held[:old]))
    assert (said.status, said.evidence) == (200, None)


@given(st.integers(1, 60), st.integers(1, 10), st.data())
def test_a_proof_with_one_bit_changed_is_never_enough(old: int, more: int, data: st.DataObject) -> None:
    held = entries(old + more)
    path = list(proof(held, old))
    number = data.draw(st.integers(0, len(path) - 1))
    bit = data.draw(st.integers(0, HASH * 8 - 1))
    path[number] = (int.from_bytes(path[number], "big") ^ 1 << bit).to_bytes(HASH, "big")
    said = asked(old, path, signed(held), cosigned(held[:old]))
    assert refusals(said) == (422, True)
    assert said.evidence is not None
    assert not said.evidence.proven, "an honest log is never said to have forked"


@given(st.integers(1, 40), st.integers(0, 10), st.lists(st.binary(min_size=HASH, max_size=HASH), max_size=8))
def test_no_proof_made_up_by_a_stranger_speaks_against_an_honest_log(
    old: int, more: int, path: list[bytes]
) -> None:
    held = entries(old + more)
    said = asked(old, path, signed(held), cosigned(held[:old]))
    assert said.evidence is None or not said.evidence.proven


def test_the_same_checkpoint_again_is_cosigned_anew() -> None:
    held = entries(5)
    said = asked(5, (), signed(held), cosigned(held))
    assert said.status == 200
    assert Note.parse(signed(held) + said.body).verified([OURS.key])[0].at == AT


def test_a_second_key_of_another_kind_signs_beside_the_first() -> None:
    second = made_signer(WITNESS, 2, Algorithm.MLDSA44)
    said = asked(0, (), signed(entries(5)), signers=(OURS, second))
    assert said.body.decode().count(f"— {WITNESS} ") == 2
    verified = Note.parse(signed(entries(5)) + said.body).verified([OURS.key, second.key])
    assert {each.key.algorithm for each in verified} == {Algorithm.COSIGNATURE, Algorithm.MLDSA44}


def test_any_key_that_is_trusted_for_the_log_will_do() -> None:
    newer = made_signer(ORIGIN, 2)
    logs = {ORIGIN: (LOG.key, newer.key)}
    for by in ((LOG,), (newer,), (LOG, newer)):
        said = answer(submission(0, (), signed(entries(3), *by)), logs, None, (OURS,), AT)
        assert said.status == 200
        assert said.remember is not None
        assert len(Note.parse(said.remember).signatures) == len(by) + 1


def test_what_strangers_hang_on_a_checkpoint_is_neither_looked_at_nor_kept() -> None:
    stranger = made_signer("stranger.example.org")
    said = asked(0, (), signed(entries(3), LOG, stranger))
    assert said.status == 200
    assert said.remember is not None
    assert b"stranger" not in said.remember


# ---- what is not, each with its status ---------------------------------------------------------------------

HELD = entries(7)
GOOD = submission(3, proof(HELD, 3), signed(HELD))
_LINE = base64.b64encode(bytes(HASH))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 3\n",
        GOOD.replace(b"old 3\n", b"old 03\n"),
        GOOD.replace(b"old 3\n", b"old +3\n"),
        GOOD.replace(b"old 3\n", b"old  3\n"),
        GOOD.replace(b"old 3\n", b"old 3\r\n"),
        GOOD.replace(b"old 3\n", "old ٣\n".encode()),
        GOOD.replace(b"old 3\n", b"old -1\n"),
        GOOD.replace(b"old 3\n", b"old " + b"9" * 5000 + b"\n"),
        GOOD.replace(b"old 3\n", b"new 3\n"),
        GOOD.replace(b"old 3\n", b"old 3\nAAAA\n"),
        GOOD.replace(b"old 3\n", b"old 3\n" + _LINE[:-1] + b"\n"),
        GOOD.replace(b"old 3\n", b"old 3\n" + _LINE[:-2] + b"B=\n"),  # the spare bits are not zero
        GOOD.replace(b"old 3\n", b"old 3\n " + _LINE + b"\n"),
        submission(3, [bytes(HASH)] * (MAX_PROOF + 1), signed(HELD)),
        GOOD.replace(b"\n\n", b"\n", 1),
        GOOD[:-1],
        GOOD.replace(ORIGIN.encode() + b"\n7\n", ORIGIN.encode() + b"\n07\n", 1),
        submission(0, (), b"no checkpoint\n"),
    ],
)
def test_what_is_no_request_is_400(body: bytes) -> None:
    assert refusals(answer(body, LOGS, None, (OURS,), AT)) == (400, True)
    assert origin_in(body) in (None, ORIGIN)


def test_its_neighbour_is_a_request() -> None:
    read = Submission.parse(GOOD)
    assert read.encoded() == GOOD
    assert (read.old, read.proof, origin_in(GOOD)) == (3, proof(HELD, 3), ORIGIN)
    more = Submission.parse(GOOD.replace(b"old 3\n", b"old 3\n" + _LINE + b"\n"))
    assert more.proof == (bytes(HASH), *proof(HELD, 3))
    longest = submission(3, [bytes(HASH)] * MAX_PROOF, signed(HELD))
    assert answer(longest, LOGS, cosigned(HELD[:3]), (OURS,), AT).status == 422


def test_a_log_nobody_told_us_of_is_404() -> None:
    other = made_signer("other.example.org")
    body = submission(0, (), signed(HELD, other, origin="other.example.org"))
    assert refusals(answer(body, LOGS, None, (OURS,), AT)) == (404, True)


@pytest.mark.parametrize("by", [made_signer(ORIGIN, 2), made_signer("other.example.org"), OURS])
def test_a_checkpoint_of_another_key_is_403(by: Signer) -> None:
    text = Note.parse(signed(HELD)).text
    at = AT if by is OURS else None
    checkpoint = Note(text=text, signatures=(by.sign(text, at),)).encoded()
    assert refusals(asked(0, (), checkpoint)) == (403, True)


def test_a_forged_signature_of_the_right_key_is_403_even_beside_a_good_one() -> None:
    good, bad = Note.parse(signed(HELD)), Note.parse(signed(HELD[:6]))
    forged = Note(text=good.text, signatures=bad.signatures)
    assert refusals(asked(0, (), forged.encoded())) == (403, True)
    both = Note(text=good.text, signatures=(*good.signatures, *bad.signatures))
    assert refusals(asked(0, (), both.encoded())) == (403, True)


def test_an_old_size_beyond_the_checkpoint_is_400() -> None:
    assert refusals(asked(8, (), signed(HELD), cosigned(entries(8)))) == (400, True)
    assert refusals(asked(7, (), signed(HELD), cosigned(HELD))) == (200, False)


@pytest.mark.parametrize("old", [0, 2, 4])
def test_an_old_size_that_is_not_what_we_know_is_409_and_says_what_is(old: int) -> None:
    said = asked(old, proof(HELD, old), signed(HELD), cosigned(HELD[:3]))
    assert refusals(said) == (409, True)
    assert (said.media, said.body, size_in(said.body)) == (SIZE_MEDIA, b"3\n", 3)
    assert said.evidence is None


def test_a_log_we_never_cosigned_begins_at_zero() -> None:
    said = asked(3, proof(HELD, 3), signed(HELD))
    assert (said.status, said.body) == (409, b"0\n")


@pytest.mark.parametrize("word", [b"", b"3", b"03\n", b"3\n\n", b"-3\n", b"three\n", b" 3\n"])
def test_what_names_no_size_is_refused(word: bytes) -> None:
    with pytest.raises(Refused):
        size_in(word)


def test_a_rolled_back_log_is_never_cosigned() -> None:
    last = cosigned(HELD)
    for old in range(7):
        assert asked(old, proof(HELD[:6], old), signed(HELD[:6]), last).status == 409
    assert asked(7, (), signed(HELD[:6]), last).status == 400


def test_an_empty_log_has_the_root_of_nothing() -> None:
    assert asked(0, (), signed([])).status == 200
    said = asked(0, (), signed_root(0, bytes(HASH)))
    assert refusals(said) == (422, True)
    assert said.evidence is not None
    assert said.evidence.proven
    said = asked(0, (), signed_root(0, bytes(HASH)), cosigned(HELD))
    assert refusals(said) == (409, True)
    assert said.evidence is not None


def test_from_nothing_no_proof_is_needed_and_none_is_taken() -> None:
    said = asked(0, (bytes(HASH),), signed(HELD))
    assert refusals(said) == (422, True)
    assert said.evidence is None
    assert refusals(asked(7, (bytes(HASH),), signed(HELD), cosigned(HELD))) == (422, True)


def test_a_clock_that_went_back_contradicts_nothing_that_was_signed() -> None:
    last = cosigned(HELD, at=AT)
    assert refusals(asked(7, (), signed(HELD), last, at=AT - 1)) == (503, True)
    assert refusals(asked(7, (), signed(HELD), last, at=AT)) == (200, False)


# ---- the order ---------------------------------------------------------------------------------------------


def test_the_checks_are_made_in_the_order_of_the_text() -> None:
    stranger = made_signer("other.example.org")
    unknown = signed(HELD, stranger, origin="other.example.org")
    forged = signed(HELD, made_signer(ORIGIN, 2))
    last = cosigned(HELD[:3])
    assert asked(9, (), unknown, last).status == 404  # before the signature, and before the size
    assert asked(9, (), forged, last).status == 403  # before the size
    assert asked(9, (), signed(HELD), last).status == 400  # before what we know
    assert asked(4, (bytes(HASH),), signed(HELD), last).status == 409  # before the proof
    assert asked(3, (bytes(HASH),), signed(HELD), last).status == 422


# ---- forks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("old", "status"), [(7, 422), (0, 409), (3, 409)])
def test_two_roots_for_one_size_are_evidence_whatever_size_the_sender_began_with(
    old: int, status: int
) -> None:
    fork = entries(7, "other")
    said = asked(old, proof(fork, old), signed(fork), cosigned(HELD))
    assert refusals(said) == (status, True)
    assert said.evidence is not None
    assert said.evidence.proven
    for note, held in ((said.evidence.kept, HELD), (said.evidence.sent, fork)):
        read = Note.parse(note.encode())
        assert read.verified([LOG.key]), "both carry the log's own signature"
        assert Checkpoint.parse(read.text).root == root(held)


@given(st.integers(1, 60), st.integers(1, 10), st.data())
def test_a_fork_further_on_is_never_cosigned_and_mostly_proves_itself(
    old: int, more: int, data: st.DataObject
) -> None:
    held = entries(old)
    fork = entries(old + more)
    fork[data.draw(st.integers(0, old - 1))] = b"another"
    said = asked(old, proof(fork, old), signed(fork), cosigned(held))
    assert refusals(said) == (422, True)
    assert said.evidence is not None
    power_of_two = not old & (old - 1)  # then the proof leaves the old root out, and shows nothing of it
    assert said.evidence.proven is not power_of_two
    assert said.evidence.proof == proof(fork, old)


def test_evidence_holds_no_lines_of_strangers() -> None:
    fork = entries(7, "other")
    said = asked(7, (), signed(fork, LOG, made_signer("stranger.example.org")), cosigned(HELD))
    assert said.evidence is not None
    assert "stranger" not in said.evidence.sent


# ---- our own mistakes --------------------------------------------------------------------------------------


def test_a_key_that_cannot_cosign_is_our_own_mistake() -> None:
    for signers in ((), (LOG,), (OURS, LOG)):
        with pytest.raises(ValueError, match="cosignatures"):
            asked(0, (), signed(HELD), signers=signers)


def test_what_was_remembered_of_another_log_is_not_compared() -> None:
    other = made_signer("other.example.org")
    last = signed(HELD, other, origin="other.example.org")
    with pytest.raises(Unproven):
        asked(7, (), signed(HELD), last)


def test_a_memory_that_was_changed_is_noticed() -> None:
    last = cosigned(HELD[:3]).replace(b"\n3\n", b"\n2\n", 1)
    with pytest.raises(Unproven):
        asked(2, proof(HELD, 2), signed(HELD), last)


def test_the_folder_of_a_log_is_the_sha_256_of_its_origin() -> None:
    assert origin_hash(ORIGIN) == "dfbe3f98c26eb31db2819d8aa123ec69b366e81a0ff4353afa4892d11b6844e9"

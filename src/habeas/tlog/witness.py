"""The witness's side of a transparency log: which checkpoints it cosigns (C2SP tlog-witness).

A witness keeps one thing for each log, the newest checkpoint it cosigned, and cosigns another only where a
consistency proof shows that nothing before it was changed. `answer` decides; it keeps nothing itself, and
knows neither clock nor disk. Whoever calls it must put `Answer.remember` in the place of `last` in one step,
durably, and before the answer leaves: otherwise two answers at once could cosign two trees.

What a log signed and what does not fit is evidence against it. It is handed back as `Evidence`, with the word
whether the two checkpoints speak for themselves or only the proof that came with them was wrong.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from hashlib import sha256

import msgspec

from habeas.errors import Refused
from habeas.tlog.checkpoint import Checkpoint
from habeas.tlog.note import Algorithm, Key, Note, Signature, Signer, Verified
from habeas.tlog.tree import EMPTY_ROOT, HASH, Unproven, check_consistency, node_hash

ADD_CHECKPOINT = "/add-checkpoint"
SIZE_MEDIA = "text/x.tlog.size"  # of a 409, whose body is the size that the witness knows
TEXT_MEDIA = "text/plain; charset=utf-8"
MAX_PROOF = 63  # lines; a proof over 2^63 entries has no more
LARGEST_BODY = 128 << 10  # bytes: 63 lines of proof, and 16 signatures of 5 kB each in base64 (signed-note)
COSIGNING = (Algorithm.COSIGNATURE, Algorithm.MLDSA44)

_LONGEST_NUMBER = 20  # digits of 2^64 - 1; more are no size


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """What a log sends: the size it believes the witness to know, the proof from there, its checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, body: bytes) -> Submission:
        """Read the body of an `add-checkpoint`; Refused where it is none."""
        head, empty_line, rest = body.partition(b"\n\n")
        if not empty_line:
            raise Refused("no empty line stands between the proof and the checkpoint", place="body")
        first, *lines = head.split(b"\n")
        if not first.startswith(b"old "):
            raise Refused("the first line does not say `old` and a size", place="line 1")
        if len(lines) > MAX_PROOF:
            raise Refused(f"a consistency proof has at most {MAX_PROOF} lines", place="body")
        note = Note.parse(rest)
        return cls(
            old=_size(first.removeprefix(b"old "), "line 1"),
            proof=tuple(_hash(line, f"line {number}") for number, line in enumerate(lines, 2)),
            note=note,
            checkpoint=_checkpoint(note.text),
        )

    def encoded(self) -> bytes:
        """The body again."""
        return submission(self.old, self.proof, self.note.encoded())


def _checkpoint(text: str) -> Checkpoint:
    """The checkpoint; also one of an empty log with a false root, which the text wants refused later on."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[1] != "0":
        return Checkpoint.parse(text)
    root = _hash(lines[2].encode(), "checkpoint")
    empty = Checkpoint.parse("\n".join((*lines[:2], base64.b64encode(EMPTY_ROOT).decode(), *lines[3:])))
    return msgspec.structs.replace(empty, root=root)


def submission(old: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The body of an `add-checkpoint`. old: entries the witness knows of. checkpoint: the signed note."""
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof), "", ""]
    return "\n".join(lines).encode() + checkpoint


def size_in(body: bytes) -> int:
    """The size that a 409 names; Refused where it names none."""
    if not body.endswith(b"\n"):
        raise Refused("the size does not end its line", place="answer")
    return _size(body[:-1], "answer")


def _size(text: bytes, place: str) -> int:
    plain = text.isdigit() and len(text) <= _LONGEST_NUMBER
    if not plain or (text.startswith(b"0") and text != b"0"):
        raise Refused("this is no size in plain decimal digits", place=place)
    return int(text)


def _hash(line: bytes, place: str) -> bytes:
    try:
        data = base64.b64decode(line, validate=True)
    except binascii.Error:
        data = b""
    if len(data) != HASH or base64.b64encode(data) != line:
        raise Refused("this is no hash in base64", place=place)
    return data


def origin_in(body: bytes) -> str | None:
    """The origin of the checkpoint in this body, to look up what is known of it; None where it has none."""
    try:
        return Submission.parse(body).checkpoint.origin
    except Refused:
        return None


def origin_hash(origin: str) -> str:
    """The folder under which a witness shows what it cosigned of a log: GET /<origin hash>/checkpoint."""
    return sha256(origin.encode()).hexdigest()


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Something a log signed that does not fit. Anybody with the log's key can look at it again.

    proven: the log's own signatures show that it signed two histories, or an impossible one. Otherwise only
    the proof that came along was wrong, which needs no bad intent, and which anybody can send.
    at: POSIX seconds by the witness's clock. kept, sent: signed checkpoints. proof: what came, from the first
    to the second.
    """

    origin: str
    proven: bool
    why: str
    at: int
    kept: str
    sent: str
    proof: tuple[bytes, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What goes back over HTTP, and what is to be kept.

    remember: the newest cosigned checkpoint from now on, to be durable before the answer leaves.
    """

    status: int
    body: bytes
    media: str = TEXT_MEDIA
    remember: bytes | None = None
    evidence: Evidence | None = None


def answer(
    body: bytes,
    logs: Mapping[str, Sequence[Key]],
    last: bytes | None,
    signers: Sequence[Signer],
    at: int,
) -> Answer:
    """The answer to an `add-checkpoint`, with the checks in the order of the text.

    logs: the keys trusted for each origin. last: the newest checkpoint this witness cosigned for the origin
    in `body`, as it was told to remember it; None before the first. signers: this witness's cosigning keys.
    at: POSIX seconds.

    200 cosigned. 400 no such body, or `old` beyond the checkpoint. 403 not signed by a trusted key, or
    falsely. 404 a log nobody told us of. 409 `old` is not what we know; the body says what is. 422 it does
    not fit. 503 our clock is behind our own last cosignature: to sign again would contradict it.

    Raises ValueError for a signer that cannot cosign, Unproven where `last` is not what it was.
    """
    if not signers or any(signer.key.algorithm not in COSIGNING for signer in signers):
        raise ValueError("a witness signs with keys for cosignatures, and with one at least")
    try:
        sent = Submission.parse(body)
    except Refused as refused:
        return _no(400, refused.sentence)
    origin, size = sent.checkpoint.origin, sent.checkpoint.size
    if origin not in logs:
        return _no(404, "this witness does not watch that log")
    try:
        signed = sent.note.verified(logs[origin])
    except Unproven as unproven:
        return _no(403, unproven.sentence)
    if not signed:
        return _no(403, "no key that this witness trusts for the log has signed the checkpoint")
    if sent.old > size:
        return _no(400, "the old size is beyond the checkpoint")
    by_log = _only(sent.note, signed)
    kept = None if last is None else Note.parse(last)
    known, cosigned_at = Checkpoint(origin=origin, size=0, root=EMPTY_ROOT), 0
    if kept is not None:
        cosigned_at = _cosigned_at(kept, signers)
        known = Checkpoint.parse(kept.text)
        if known.origin != origin:
            raise Unproven("what was kept is of another log", place=origin, hint=known.origin)
    misfit, evidence = _misfit(sent, known), None
    if misfit and (misfit.proven or kept is not None):
        evidence = Evidence(
            origin=origin,
            proven=misfit.proven,
            why=misfit.why,
            at=at,
            kept="" if kept is None else kept.encoded().decode(),
            sent=by_log.encoded().decode(),
            proof=sent.proof,
        )
    if sent.old != known.size:
        # Two roots for one size are evidence whatever size the sender began with.
        return Answer(status=409, media=SIZE_MEDIA, body=f"{known.size}\n".encode(), evidence=evidence)
    if misfit:
        return Answer(status=422, body=_line(misfit.why), evidence=evidence)
    if at < cosigned_at:
        return _no(503, "the clock of this witness is behind its own last cosignature")
    ours = [signer.sign(sent.note.text, at) for signer in signers]
    remember = by_log
    for signature in ours:
        remember = remember.signed(signature)
    return Answer(status=200, body="".join(each.line for each in ours).encode(), remember=remember.encoded())


def _line(sentence: str) -> bytes:
    return f"{sentence}\n".encode()


def _no(status: int, sentence: str) -> Answer:
    return Answer(status=status, body=_line(sentence))


def _only(note: Note, by: Sequence[Verified]) -> Note:
    """The note with the signatures of these keys alone, one of each: what others hang on it is not kept."""
    wanted = {(each.key.name, each.key.id) for each in by}
    kept: dict[tuple[str, bytes], Signature] = {}
    for signature in note.signatures:
        named = (signature.name, signature.id)
        if named in wanted:
            kept.setdefault(named, signature)
    return Note(text=note.text, signatures=tuple(kept.values()))


def _cosigned_at(kept: Note, signers: Sequence[Signer]) -> int:
    """When these keys cosigned it, the latest; 0 if they did not, as after a change of keys."""
    return max((each.at or 0 for each in kept.verified([signer.key for signer in signers])), default=0)


class _Misfit(msgspec.Struct, frozen=True):
    why: str
    proven: bool


def _misfit(sent: Submission, known: Checkpoint) -> _Misfit | None:
    """Why a signed checkpoint cannot follow the one that is known, if so (tlog-witness; RFC 6962, 2.1.2)."""
    size, root = sent.checkpoint.size, sent.checkpoint.root
    if size == 0 and root != EMPTY_ROOT:
        return _Misfit("an empty log has the hash of nothing as its root", proven=True)
    if size == known.size and root != known.root:
        return _Misfit("the log signed two roots for one size", proven=True)
    if sent.old != known.size:
        return None  # nothing that was sent can be compared with what is known
    if sent.old == 0:
        return _Misfit("from nothing no proof is needed", proven=False) if sent.proof else None
    try:
        check_consistency(sent.proof, old=known.size, old_root=known.root, new=size, root=root)
    except Unproven:
        begins = _begins(sent.proof, known.size, size, root)
        if begins is not None and begins != known.root:
            return _Misfit("the log signed a tree that begins otherwise", proven=True)
        return _Misfit("the proof does not lead from the known checkpoint to this one", proven=False)
    return None


def _begins(proof: Sequence[bytes], old: int, new: int, root: bytes) -> bytes | None:
    """The root of the first `old` entries of the tree under `root`, where this proof shows it; else None.

    A consistency proof holds enough to make both roots from it, except where `old` is a power of two: then
    the old root itself would be its first hash, and is left out. If the new root comes out as signed, the old
    one was signed with it.
    """
    if not 0 < old < new or not proof or not old & (old - 1):
        return None
    at, last = old - 1, new - 1  # RFC 9162, 2.1.4.2, with the result handed out instead of compared
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = proof[0]
    for each in proof[1:]:
        if not last:
            return None
        if at & 1 or at == last:
            before, after = node_hash(each, before), node_hash(each, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, each)
        at, last = at >> 1, last >> 1
    return before if not last and after == root else None

"""Proof that an entry was logged, for checking offline (C2SP tlog-proof).

Brings together what others decide: the place in the tree (`habeas.tlog.tree`), the signatures and the quorum
(`habeas.tlog.policy`). Read strictly: there is one way to write a proof.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence

import msgspec

from habeas.tlog.checkpoint import Checkpoint, decoded64
from habeas.tlog.note import MOST_BYTES as MOST_NOTE
from habeas.tlog.note import Note
from habeas.tlog.policy import Opened, Policy, opened
from habeas.tlog.tree import HASH, MOST_LEAVES, MOST_PROOF, Unproven, check_inclusion, leaf_hash

FORMAT = "c2sp.org/tlog-proof@v1"
MOST_EXTRA = 64 * 1024  # bytes, before base64
MOST_BYTES = MOST_NOTE + 2 * MOST_EXTRA
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """index: of the entry, from 0. proof: hashes from the leaf's neighbour up. checkpoint: the signed note,
    verbatim. extra: the application's own, signed by nobody.

    Raises Unproven where no proof can say so; whether it holds is for `check`.
    """

    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def __post_init__(self) -> None:
        if not 0 <= self.index < MOST_LEAVES:
            raise Unproven("an index is from 0 to 2^63 - 2")
        if len(self.proof) > MOST_PROOF or any(len(each) != HASH for each in self.proof):
            raise Unproven(f"a proof is at most {MOST_PROOF} hashes of {HASH} bytes")
        if len(self.extra) > MOST_EXTRA:
            raise Unproven("the extra line is too long", hint=f"at most {MOST_EXTRA:,} bytes")
        Checkpoint.parse(Note.parse(self.checkpoint).text)

    @classmethod
    def parse(cls, data: bytes) -> Bundle:
        """Raises Unproven where this is no proof of that form."""
        if len(data) > MOST_BYTES:
            raise Unproven("this is too long for a proof of logging", hint=f"at most {MOST_BYTES:,} bytes")
        head, blank, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            lines = []
        if not blank or len(lines) < 2 or lines.pop(0) != FORMAT:
            raise Unproven("this is no proof of logging", hint=f"it begins with {FORMAT}")
        extra = _extra(lines.pop(0)) if lines[0].startswith("extra ") else b""
        found = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if found is None:
            raise Unproven("the proof names no index", hint="a number without leading zeroes")
        return cls(index=int(found[1]), proof=_hashes(lines), checkpoint=checkpoint, extra=extra)

    def encoded(self) -> bytes:
        lines = [FORMAT]
        if self.extra:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(each).decode() for each in self.proof]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint

    def check(self, entry: bytes, policy: Policy) -> Opened:
        """The checkpoint under which this entry stands at the index. Raises Unproven where it does not.

        Whether enough witnesses saw it is said in the answer (`quorum_met`), and is for the caller to ask.
        """
        seen = opened(self.checkpoint, policy)
        check_inclusion(
            self.proof,
            index=self.index,
            size=seen.checkpoint.size,
            root=seen.checkpoint.root,
            leaf=leaf_hash(entry),
        )
        return seen


def _extra(line: str) -> bytes:
    data = decoded64(line.removeprefix("extra "))
    if not data:
        raise Unproven("the extra line is not in base64", place=line[:60])
    return data


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > MOST_PROOF:
        raise Unproven(f"a proof is at most {MOST_PROOF} hashes of {HASH} bytes")
    found = []
    for line in lines:
        data = decoded64(line)
        if data is None or len(data) != HASH:
            raise Unproven("a line of the proof is no hash", place=line[:60])
        found.append(data)
    return tuple(found)

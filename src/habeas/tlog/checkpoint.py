"""A checkpoint's text (C2SP tlog-checkpoint): the log's name, how many leaves it has, and their root.

What signs it is `habeas.tlog.note`; whose signatures are enough is `habeas.tlog.policy`.
"""

from __future__ import annotations

import base64
import binascii
import re

import msgspec

from habeas.tlog.tree import EMPTY_ROOT, HASH, Unproven

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_MOST = 2**63


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """size: number of leaves. root: 32 bytes. extensions: further lines, which say nothing to us."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), root, *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Raises Unproven where this is no checkpoint's text."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise Unproven("this is no checkpoint", hint="origin, size and root, a line each")
        origin, size, root, *extensions = lines
        if not _SIZE.fullmatch(size) or int(size) >= _MOST:
            raise Unproven("a checkpoint's size is a number without leading zeroes", place=size[:40])
        try:
            hash = base64.b64decode(root, validate=True)
        except (binascii.Error, ValueError):
            hash = b""
        if len(hash) != HASH or base64.b64encode(hash).decode() != root:
            raise Unproven("a checkpoint's root is 32 bytes in base64", place=root[:60])
        if size == "0" and hash != EMPTY_ROOT:
            raise Unproven("an empty tree has another root", place=origin[:80])
        return cls(origin=origin, size=int(size), root=hash, extensions=tuple(extensions))

"""A checkpoint's text (C2SP tlog-checkpoint): the log's name, how many leaves it has, and their root.

Decides only whether a text is one, strictly: there is one way to write a checkpoint, so that what is read and
written again is the same. What signs it is `habeas.tlog.note`; whose signatures are enough is
`habeas.tlog.policy`.
"""

from __future__ import annotations

import base64
import binascii
import re

import msgspec

from habeas.tlog.tree import EMPTY_ROOT, HASH, MOST_LEAVES, Unproven

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROLS = re.compile(r"[\x00-\x1f]")


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """size: number of leaves. root: 32 bytes. extensions: further lines, which say nothing to us.

    Raises Unproven where no line can say so.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            if not line or _CONTROLS.search(line):
                raise Unproven(
                    "a line of a checkpoint is empty or holds a control character", place=line[:80]
                )
            check_utf8(line)
        if not 0 <= self.size <= MOST_LEAVES:
            raise Unproven("a checkpoint's size is from 0 to 2^63 - 1", place=str(self.size)[:40])
        if len(self.root) != HASH:
            raise Unproven(f"a checkpoint's root is {HASH} bytes in base64", place=self.origin[:80])

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
        if not _SIZE.fullmatch(size):
            raise Unproven("a checkpoint's size is a number without leading zeroes", place=size[:40])
        data = decoded64(root)
        if data is None or len(data) != HASH:
            raise Unproven(f"a checkpoint's root is {HASH} bytes in base64", place=root[:60])
        if size == "0" and data != EMPTY_ROOT:
            raise Unproven("an empty tree has another root", place=origin[:80])
        return cls(origin=origin, size=int(size), root=data, extensions=tuple(extensions))


def decoded64(text: str) -> bytes | None:
    """The bytes of canonical base64 (RFC 4648, section 4); None for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def check_utf8(text: str) -> None:
    """Raises Unproven where this holds half a character, which no file can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unproven("this is no text that UTF-8 can hold", place=ascii(text)[:80]) from None

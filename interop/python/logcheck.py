"""Reads a transparency log as a stranger would, with aics-tlog and none of our code.

    logcheck.py --log VKEY [--witness VKEY]... [--quorum K] [--max-age SECONDS] [--older FILE] SITE
    logcheck.py --log VKEY [--witness VKEY]... [--quorum K] [--max-age SECONDS] --entry FILE --proof FILE

SITE is a folder; --proof is a C2SP tlog-proof of one entry. The same checks, answers and exit codes as the Go
program beside it: one line; 0 all of it holds, 1 something does not, 2 it was called wrongly. Needs Python
3.12 and requirements.lock.
"""

from __future__ import annotations

import argparse
import base64
import sys
from pathlib import Path

from aics_tlog import (
    FileSystemTileReader,
    VerifiedTileReader,
    VKey,
    audit_tiles,
    consistency_proof_from_tiles,
    inclusion_proof_from_tiles,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    read_entry,
    verify_checkpoint,
    verify_consistency,
    verify_leaf_inclusion,
)

BUNDLE = 256  # entries
PROVEN = 32  # entries, besides the audit, as somebody with a single receipt does


class RefusedByThem(Exception):
    """Something does not hold."""


def opened(
    data: bytes, log: VKey, witnesses: list[VKey], quorum: int, max_age: int | None
) -> tuple[int, bytes, int]:
    """Size, root and number of cosignatures of a signed checkpoint."""
    note = parse_note(data)
    found = verify_checkpoint(note, log, witnesses, quorum, expected_origin=log.name, max_age_seconds=max_age)
    if not found.ok:
        raise RefusedByThem(found.error)
    checkpoint = parse_checkpoint(note.text)
    return checkpoint.size, checkpoint.root, found.cosignature_count


def receipt(asked: argparse.Namespace) -> str:
    """The same for the proof of one entry (C2SP tlog-proof), with no site at hand."""
    head, _, signed = asked.proof.read_bytes().partition(b"\n\n")
    first, *lines = head.decode().split("\n")
    lines = [line for line in lines if not line.startswith("extra ")]
    if first != "c2sp.org/tlog-proof@v1" or not lines or not lines[0].startswith("index "):
        raise RefusedByThem("this is no proof")
    index = int(lines[0].removeprefix("index "))
    proof = [base64.b64decode(line, validate=True) for line in lines[1:]]
    size, root, cosigned = opened(signed, asked.log, asked.witness, asked.quorum, asked.max_age)
    if not verify_leaf_inclusion(asked.entry.read_bytes(), index, size, proof, root):
        raise RefusedByThem(f"entry {index} is not the one that the tree holds")
    return f"{asked.log.name}: entry {index} of {size}, cosigned by {cosigned}"


def check(asked: argparse.Namespace) -> str:
    """What can be said of the site; raises where it does not hold."""
    if asked.proof:
        return receipt(asked)
    log, reader = asked.log, FileSystemTileReader(asked.site)
    data = (asked.site / "checkpoint").read_bytes()
    size, root, cosigned = opened(data, log, asked.witness, asked.quorum, asked.max_age)
    began = 0
    if asked.older:
        began, old_root, _ = opened(asked.older.read_bytes(), log, [], 0, None)
        if began > size:
            raise RefusedByThem(f"the log went back from {began} entries to {size}")
        proof = consistency_proof_from_tiles(VerifiedTileReader(reader, size, root), began, size)
        if not verify_consistency(began, size, old_root, root, proof):
            raise RefusedByThem(f"the log did not grow from {began} entries to {size}")
    report = audit_tiles(reader, size, root)
    proven = VerifiedTileReader(reader, size, root)
    step = BUNDLE * max(
        1, size // BUNDLE // PROVEN
    )  # all of them are audited; a few are proven by themselves
    for first in range(0, size, step):
        index = min(first + first // BUNDLE % BUNDLE, size - 1)
        entry = read_entry(reader, index, size)
        proof = inclusion_proof_from_tiles(proven, index, size)
        if not verify_leaf_inclusion(entry, index, size, proof, root):
            raise RefusedByThem(f"entry {index} is not the one that the tree holds")
    return (
        f"{log.name}: {size} entries in {report.bundles} bundles, root {root.hex()}, "
        f"cosigned by {cosigned}, grown from {began}"
    )


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="logcheck")
    parser.add_argument("--log", type=parse_vkey, required=True)
    parser.add_argument("--witness", type=parse_vkey, action="append", default=[])
    parser.add_argument("--quorum", type=int, default=0)
    parser.add_argument("--max-age", type=int)
    parser.add_argument("--older", type=Path)
    parser.add_argument("--proof", type=Path)
    parser.add_argument("--entry", type=Path)
    parser.add_argument("site", type=Path, nargs="?")
    asked = parser.parse_args()
    if bool(asked.site) is bool(asked.proof) or bool(asked.proof) is not bool(asked.entry):
        parser.error("one site, or one proof with its entry")
    try:
        said = check(asked)
    except (RefusedByThem, ValueError, OSError) as error:
        sys.stdout.write(f"refused: {error}\n")
        return 1
    sys.stdout.write(f"holds: {said}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

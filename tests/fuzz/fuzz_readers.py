"""Broken input thrown at the readers until the time is up: `python -m tests.fuzz.fuzz_readers --seconds 60`.

Starts from files that are right and files that are wrong, damages them, and demands what holds for
any input: requests or refusals, never another error, never a long wait, and every request accepted
can be written and read back. The seed is printed, so that a finding can be repeated; the input that
broke a promise is written to a file.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import msgspec
import yaml

from habeas.request import formats
from habeas.request.formats import native
from tests.request.samples import CASE, LABELS, NATIVE

BAD = Path(__file__).parents[1] / "bad" / "request"
TOO_LONG = 5.0  # seconds of the processor for one small file; the slowest honest one takes a hundredth of it
PIECES = (
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"'",
        b":",
        b",",
        b"\\",
        b"\n",
        b"\r",
        b"\t",
        b" ",
        b"-",
        b"#",
        b"&a ",
        b"*a",
        b"!!x",
    ),
    *(
        b"<<: ",
        b"---\n",
        b"? ",
        b"| ",
        b">-\n",
        b"%",
        b"@",
        b"\x00",
        b"\x1b",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
    ),
    *(
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"9" * 400,
        b"null",
        b"true",
        b"no",
        b'"id": "x",',
        b"id: x\n",
        b"\\ud800",
        b"\\u0000",
    ),
    *(
        "\u202e\u200b\u2066\ufeff\u0301".encode(),
        b"[" * 500,
        b'{"a":' * 500,
        b"- " * 300,
        b"2024-02-30",
        b"XXX",
        b"x" * 1100,
    ),
)


def right_files() -> list[bytes]:
    """A file of every form that is read."""
    entries = [NATIVE, {**CASE, **LABELS}, {**NATIVE, "id": "R-2"}]
    right = [
        json.dumps(NATIVE),
        json.dumps(NATIVE, indent=1),
        json.dumps(entries),
        "\n".join(json.dumps(entry) for entry in entries),
        yaml.safe_dump({"version": 1, "cases": entries}),
        yaml.safe_dump({**CASE, **LABELS}, default_flow_style=False),
    ]
    return [text.encode() for text in right]


def wrong_files() -> list[bytes]:
    return [path.read_bytes() for path in sorted(BAD.iterdir())]


def damaged(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """`data` with a few pieces cut, doubled, moved, replaced, or taken from another file."""
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at, end = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
        end = min(end, at + chance.choice((1, 4, 30, 300)))
        piece = chance.choice(PIECES)
        other = chance.choice(others)
        start = chance.randint(0, len(other))
        data = chance.choice(
            (
                data[:at] + piece + data[at:],
                data[:at] + piece + data[end:],
                data[:at] + data[end:],
                data[:at] + data[at:end] * chance.choice((2, 3, 50)) + data[end:],
                data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
                data[:at] + other[start : start + chance.choice((5, 50, 500))] + data[end:],
                data[:at],
            )
        )
    return data


def demand(data: bytes) -> Counter[str]:
    """What holds for any bytes. Raises `AssertionError`, or whatever the readers let through."""
    outcomes: Counter[str] = Counter()
    began = time.process_time()
    for read in formats.read_entries(data, "f"):
        if read.request is not None:
            assert read.refused is None, "both a request and a refusal"
            known = msgspec.structs.replace(read.request, supposed=())
            assert native.decode(formats.to_native(known)) == known, "not read back the same"
            outcomes["accepted"] += 1
        else:
            assert read.refused is not None, "neither a request nor a refusal"
            assert read.refused.sentence.isprintable(), "a sentence that cannot be shown"
            assert read.refused.place.startswith("f"), "a refusal without its place"
            assert read.refused.hint, "a refusal without a hint"
            outcomes["refused"] += 1
    assert outcomes, "nothing at all"
    assert time.process_time() - began < TOO_LONG, "too long"
    return outcomes


def run(seconds: float, seed: int) -> Counter[str]:
    """Damage and demand for `seconds`. Raises at the first broken promise and keeps its input in a file."""
    chance = random.Random(seed)
    right, wrong = right_files(), wrong_files()
    outcomes: Counter[str] = Counter()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        data = damaged(chance.choice(chance.choice((right, wrong))), right + wrong, chance)
        try:
            outcomes += demand(data)
        except Exception as error:
            with tempfile.NamedTemporaryFile("wb", prefix="fuzz-", suffix=".input", delete=False) as kept:
                kept.write(data)
            error.add_note(f"seed {seed}, file {outcomes['files'] + 1}; the input is kept in {kept.name}")
            raise
        outcomes["files"] += 1
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description="Throw broken input at the readers.")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=None, help="repeat an earlier run")
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    outcomes = run(chosen.seconds, seed)
    print(", ".join(f"{count:,} {what}" for what, count in sorted(outcomes.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())

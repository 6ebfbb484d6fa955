"""What every log of the comparison is asked to do, and how it is timed.

A log is a class with `append(entries)`, `size`, `root()`, `prove(index)` and `cold(index)`, the files that a
proof reads; where it can go over its whole tree, with `audit()` as well, which raises. It lives in a folder,
and every request comes in a process of its own, so nothing is warm but the operating system's names of files.
Needs nothing but Python, so that it runs in any environment.

    <engine>.py FOLDER fill SIZE | day COUNT | batches COUNT | proofs COUNT | audit 0

Answered is one line of JSON.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

BYTES = 112  # of an entry, as the desk writes them
BATCH = 256
PATIENCE = 20  # seconds for the proofs of one process; whoever needs longer answers fewer


class Appending(Protocol):
    version: str

    def append(self, entries: list[bytes], durable: bool) -> None: ...

    @property
    def size(self) -> int: ...

    def settle(self) -> None: ...

    def root(self) -> bytes: ...

    def prove(self, index: int) -> tuple[bytes, ...]: ...

    def cold(self, index: int) -> Iterable[Path]: ...


def entries(start: int, count: int) -> list[bytes]:
    return [
        hashlib.shake_128(number.to_bytes(8, "big")).digest(BYTES) for number in range(start, start + count)
    ]


def evict(paths: Iterable[Path]) -> None:
    """Takes files out of the page cache; they have to be on the disk already."""
    for path in paths:
        try:
            handle = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def answer(opened: Callable[[Path], Appending]) -> None:
    folder, what, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    told: dict[str, Any] = {}
    log = opened(folder)
    before = log.size
    match what:
        case "fill":
            for start in range(before, count, 65_536):
                log.append(entries(start, min(65_536, count - start)), False)
            os.sync()
        case "day":
            new = entries(before, count)
            start = time.perf_counter()
            log.append(new, True)
            told["seconds"] = time.perf_counter() - start
        case "batches":
            batches = [entries(before + number * BATCH, BATCH) for number in range(count)]
            seconds = []
            for batch in batches:
                start = time.perf_counter()
                log.append(batch, True)
                seconds.append(time.perf_counter() - start)
            told["per_second"] = count * BATCH / sum(seconds)
            told["median"] = quantile(seconds, 0.5)
        case "audit":
            log.audit()
        case "proofs":
            chance = random.Random(count)
            seconds = []
            began = time.perf_counter()
            while len(seconds) < count and (time.perf_counter() - began < PATIENCE or len(seconds) < 2):
                index = chance.randrange(before)
                evict(log.cold(index))
                fresh = opened(folder)
                start = time.perf_counter()
                proof = fresh.prove(index)
                seconds.append(time.perf_counter() - start)
                told["last"] = [index, [each.hex() for each in proof]]
            told["p50"], told["p99"] = quantile(seconds, 0.5), quantile(seconds, 0.99)
            told["count"] = len(seconds)
    log.settle()
    end = opened(folder)
    told |= {"size": end.size, "root": end.root().hex(), "version": log.version}
    sys.stdout.write(json.dumps(told) + "\n")

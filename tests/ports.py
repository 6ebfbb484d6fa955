"""Ports for servers that tests start as programs of their own.

Whoever connects somewhere, or asks for any port, is given one from a range of the system's own (on Linux
32768 and up): what was free there a moment ago may be taken before a program binds it. These lie below. Each
worker of a run has its share of them, and none is given out again before all others were.
"""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack

_LOWEST, _SHARE, _SHARES = 10_240, 1_000, 20
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_next = os.getpid() % _SHARE  # runs beside each other begin at different places


def free_port(side_by_side: int = 1) -> int:
    """A port that nobody has, or the first of so many one after another."""
    global _next
    for _ in range(_SHARE):
        first = _LOWEST + _worker % _SHARES * _SHARE + _next
        _next = (_next + side_by_side) % _SHARE
        with ExitStack() as held:
            try:
                for port in range(first, first + side_by_side):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise AssertionError("no port is free")

"""A small web server for one program: what `habeas witness` and `habeas door serve` answer with.

One process, a few threads that wait for the disk, no page of its own, and no addresses logged. Who is silent
in the middle of a request for some seconds is left; TLS, and a limit for each address, are a proxy's task.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterable
from typing import Any

SECONDS = 5  # that a sender may be silent in the middle of a request
THREADS = 8  # they wait for the disk

StartResponse = Callable[[str, list[tuple[str, str]]], object]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def address(host: str, port: int) -> str:
    """As a server is told it, with an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def run(
    load: Callable[[], Application],
    bind: str,
    *,
    name: str,
    keep_alive: int,
    begin: Callable[[], None] = lambda: None,
) -> None:
    """Answer at `bind` until the process is told to stop. load: called at the start, and again on SIGHUP.
    keep_alive: seconds that a connection is kept after an answer; with none, what was not read goes with it.
    begin: called where it is answered, before the first answer, and again by whoever takes over from one that
    was killed.
    """
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    def impatient(server: Any) -> None:
        # Connections inherit it from the socket they came in by (Linux): gunicorn itself would wait for ever.
        silence = struct.pack("ll", SECONDS, 0)
        for listener in server.LISTENERS:
            listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, silence)
            listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, silence)

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            chosen: dict[str, Any] = {
                "bind": bind,
                "workers": 1,
                "threads": THREADS,
                "worker_class": "gthread",
                "preload_app": True,
                "limit_request_line": 1024,
                "limit_request_fields": 50,
                "limit_request_field_size": 4096,
                "accesslog": None,
                "loglevel": "warning",
                "keepalive": keep_alive,
                "proc_name": name,
                "control_socket_disable": True,
                "when_ready": impatient,
                "post_worker_init": lambda _worker: begin(),
            }
            for setting, value in chosen.items():
                self.cfg.set(setting, value)

        def load(self) -> Application:
            return load()

        def reload(self) -> None:
            super().reload()
            self.callable = None  # so that it is loaded again

    Server().run()

"""A live site on a loopback port and a real Chromium in front of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, TypeVar
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

CHROMIUM = Path("/usr/bin/chromium")
MISSING = "no Chromium here; apt-get install chromium, then these tests run"
_ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
Value = TypeVar("Value")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def live(site: Any) -> Iterator[str]:
    """The address of the site while it answers."""
    server = make_server("127.0.0.1", 0, site, server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def aside(do: Callable[..., Value], *arguments: Any, **named: Any) -> Value:
    """Run something of Django's in a thread of its own: the browser's loop occupies this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do, *arguments, **named).result()


def code_of(secret: str) -> str:
    """The six digits an authenticator shows now, by allauth's own arithmetic."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

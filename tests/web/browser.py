"""A live site on a loopback port and a real Chromium in front of it.

HABEAS_SCREENSHOTS names a folder for pictures of every screen that is looked at for barriers, at the width of
a desk and of a telephone.
"""

from __future__ import annotations

import os
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
from django.core.cache import cache

from tests.web.house import PASSWORD, SECRET, House

CHROMIUM = Path("/usr/bin/chromium")
PICTURES = os.environ.get("HABEAS_SCREENSHOTS", "")
PATIENCE = 120_000  # milliseconds for what has to happen, on a machine that is busy with other things
MISSING = "no Chromium here; apt-get install chromium, then these tests run"
_ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
Value = TypeVar("Value")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128  # a browser asks for a page and all that is on it at once


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
    from playwright.sync_api import Locator, sync_playwright

    for act in ("click", "press"):
        _until_loaded(Locator, act)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _until_loaded(locator: Any, act: str) -> None:
    """Where an act leads to another page, it is over when that page is there as a whole. Playwright waits
    until it begins, and what looks next without waiting (count, is_visible) could find half of it."""
    begun = getattr(locator, act)
    if getattr(begun, "until_loaded", False):
        return

    def done(self: Any, *arguments: Any, **named: Any) -> None:
        begun(self, *arguments, **named)
        self.page.wait_for_load_state()

    done.until_loaded = True  # type: ignore[attr-defined]
    setattr(locator, act, done)


def aside(do: Callable[..., Value], *arguments: Any, **named: Any) -> Value:
    """Run something of Django's in a thread of its own: the browser's loop occupies this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do, *arguments, **named).result()


def code_of(secret: str) -> str:
    """The six digits an authenticator shows now, by allauth's own arithmetic."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


class Visitor:
    """Somebody at a browser. What the browser complains about is kept."""

    def __init__(self, browser: Any, address: str, **context: Any) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 900}, reduced_motion="reduce", **context
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.complaints: list[str] = []
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> Any:
        return self.page.goto(self.address + path)

    def sign_in(self, house: House, person: str) -> None:
        aside(cache.clear)  # a code serves once, and some journeys are shorter than its thirty seconds
        self.go("/sign-in/")
        self.page.get_by_label("Name to sign in with").fill(f"{person}@{house.organisation}")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Go on").click()
        self.page.get_by_label("Code").fill(code_of(SECRET))
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.address}/")

    def heading(self) -> str:
        return str(self.page.locator("h1").first.inner_text())

    def barriers(self, name: str, path: str = "") -> list[str]:
        """What is wrong with a screen: for people who use it differently, or on a small one. path: empty for
        the screen that is there already, such as the answer to a form."""
        from axe_playwright_python.sync_playwright import Axe

        wrong = []
        self.page.set_viewport_size({"width": 1280, "height": 900})
        if path:
            self.go(path)
        self.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for violation in Axe().run(self.page).response["violations"]:
            targets = [node["target"] for node in violation["nodes"]][:3]
            wrong.append(f"{name}: {violation['id']}: {violation['help']} {targets}")
        self.page.set_viewport_size({"width": 320, "height": 700})
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            wrong.append(f"{name}: scrolls sideways by {wide} px at 320 px")
        if PICTURES:
            for width in (1280, 390):
                self.page.set_viewport_size({"width": width, "height": 900})
                if path:
                    self.go(path)
                self.page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 900})
        return wrong

    def leave(self) -> None:
        self.context.close()
        assert self.complaints == []


class Keyboard:
    """Somebody without a mouse; every key pressed is counted, and what is typed counts once a field."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.actions = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.actions += 1

    def to(self, words: str) -> None:
        """Tab until this has the focus, and check that the focus can be seen."""
        for _ in range(60):
            if words in self.focus():
                assert self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
                return
            self.press("Tab")
        raise AssertionError(f"{words!r} cannot be reached by keyboard; the focus is on {self.focus()!r}")

    def focus(self) -> str:
        return str(
            self.page.evaluate(
                "(e => e.tabIndex < 0 ? '' : (e.labels?.[0] ?? e).innerText || '')(document.activeElement)"
            )
        )

    def write(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.actions += 1

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.press("Enter")

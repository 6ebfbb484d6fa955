"""Reading a public site, from its address or from a folder it was copied to. Nothing is written or run.

A site is foreign: what it sends is taken as bytes, up to a limit, over https (or plain http from this
machine), without following it elsewhere. Many files are asked for side by side, because a log has thousands.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import quote, urlsplit

from habeas.errors import Refused, Unreachable
from habeas.tlog import Folder

WAIT = 20.0  # seconds for an answer
MOST_SECONDS = 120.0  # for one file, however slowly it comes
LARGEST = 17 << 20  # bytes: an entry bundle has at most 16 MB, a report less
SIDE_BY_SIDE = 8
_AT_ONCE = 32  # files asked for ahead of what is being looked at


class Site:
    """The files below an address or in a folder; close it, or use it with `with`. Raises Refused where the
    address itself is none."""

    def __init__(self, address: str, *, timeout: float = WAIT, tls: ssl.SSLContext | None = None) -> None:
        self.address = address
        self._timeout = timeout
        self._tls = tls
        self._folder: Folder | None = None
        self._prefix = ""
        self._idle: SimpleQueue[http.client.HTTPConnection] = SimpleQueue()
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https"):
            if not address or not Path(address).is_dir():
                raise Refused("there is no such site", place=address, hint="an https address, or a folder")
            self._folder = Folder(Path(address))
            return
        if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
            raise Refused("this is no address of a site", place=address, hint="https://desk.example.org/log")
        if parts.scheme == "http" and not _of_this_machine(parts.hostname):
            raise Refused("a site is read over https only", place=address)
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")

    def read(self, path: str) -> bytes | None:
        """The bytes of one file; None where there is none. Raises Unreachable where the site does not answer,
        and Refused where what it answers is too long."""
        if self._folder is not None:
            file = Path(self.address) / path
            if file.exists() and (not file.is_file() or file.stat().st_size > LARGEST):
                raise Refused("this is no file of a site, or too long", place=path)
            return self._folder.read(path)
        for again in (True, False):  # a kept connection may have ended meanwhile: once more, anew
            try:
                return self._asked(path)
            except (OSError, http.client.HTTPException) as error:
                if not again:
                    raise Unreachable(
                        "the site does not answer",
                        place=f"{self.address}: {path}",
                        hint=str(error) or "try again",
                    ) from None
        raise AssertionError("a file is asked for twice at most")

    def many(self, paths: Sequence[str]) -> Iterator[bytes | None]:
        """The files at these paths, in their order."""
        if self._folder is not None or len(paths) < 2:
            yield from map(self.read, paths)
            return
        with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="site") as pool:
            for start in range(0, len(paths), _AT_ONCE):
                yield from pool.map(self.read, paths[start : start + _AT_ONCE])

    def close(self) -> None:
        while not self._idle.empty():
            self._idle.get().close()

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    def _asked(self, path: str) -> bytes | None:
        connection = self._connection()
        try:
            connection.request(
                "GET", f"{self._prefix}/{quote(path)}", headers={"Accept-Encoding": "identity"}
            )
            ends = time.monotonic() + MOST_SECONDS
            with closing(connection.getresponse()) as answer:
                status, parts, length = answer.status, list[bytes](), 0
                while length <= LARGEST and (part := answer.read1(1 << 16)):
                    parts.append(part)
                    length += len(part)
                    if time.monotonic() > ends:
                        raise Unreachable("the site takes too long for one file", place=path)
                data = b"".join(parts)
            if len(data) > LARGEST:
                raise Refused("a file of the site is too long", place=path)
        except BaseException:
            connection.close()
            raise
        self._idle.put(connection)
        if status in (http.client.NOT_FOUND, http.client.GONE):
            return None
        if status != http.client.OK:
            raise Unreachable(f"the site answers with status {status}", place=f"{self.address}: {path}")
        return data

    def _connection(self) -> http.client.HTTPConnection:
        """One that is not in use just now, or a new one."""
        try:
            return self._idle.get_nowait()
        except Empty:
            pass
        if self._scheme == "https":
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=self._timeout, context=self._tls
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)


def _of_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

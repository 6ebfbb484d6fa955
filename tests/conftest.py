"""What tests of several layers share: an S3-compatible server on this machine, and patience.

Hypothesis measures how long each example takes and calls a slow one a failure. On a busy machine that says
nothing about us; what has to be fast is measured in benchmarks/.
"""

from __future__ import annotations

import hashlib
import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from habeas.tlog.storage import S3
from tests.stamps import Stamps

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. Whatever key it is shown, it lets in."""
    for needed in ("obstore", "moto", "flask", "flask_cors"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed: no S3-compatible server to write to")
    port = _free_port()
    log = (tmp_path_factory.mktemp("s3") / "server.log").open("wb")
    running = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/moto-api/", timeout=5).close()
                break
            except OSError:
                assert running.poll() is None, Path(log.name).read_text()
                time.sleep(0.1)
        yield address
    finally:
        running.terminate()
        running.wait()
        log.close()


@pytest.fixture
def stamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stamps]:
    """An authority of time-stamps. As a server it is trusted by whoever is told so, see `Stamps.believed`."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    where = tmp_path / "stamps"
    where.mkdir()
    with Stamps.running(where) as found:
        yield found


@pytest.fixture
def bucket_name(s3_server: str, request: pytest.FixtureRequest) -> str:
    """An empty bucket of the test's own."""
    name = f"b{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:20]}"
    with urllib.request.urlopen(
        urllib.request.Request(f"{s3_server}/{name}", method="PUT"), timeout=10
    ) as made:
        assert made.status == 200
    return name


@pytest.fixture
def bucket(s3_server: str, bucket_name: str) -> Callable[..., S3]:
    """Opens that bucket; more: arguments of S3."""

    def of(**more: Any) -> S3:
        return S3(
            bucket_name, endpoint=s3_server, region="us-east-1", key="example", secret="example", **more
        )

    return of

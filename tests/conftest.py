"""What tests of several layers share: an S3-compatible server on this machine, patience, and an order.

Hypothesis measures how long examples take and calls slow ones a failure. On a busy machine that says
nothing about us; what has to be fast is measured in benchmarks/. It also draws other examples each time: here
everybody runs the same ones, and whoever wants others says so (`make fuzz`, by HABEAS_CHANCE).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from habeas.tlog.storage import S3
from tests.ports import free_port
from tests.stamps import Stamps

_PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("the same each time", derandomize=True, **_PATIENT)
settings.register_profile("by chance", print_blob=True, **_PATIENT)
settings.load_profile("by chance" if os.environ.get("HABEAS_CHANCE") else "the same each time")


_LONGEST = (
    "web/test_stories.py",
    "test_receipt_verifiers.py",
    "web/test_every_form.py",
    "web/test_journeys.py",
    "cli/test_witness.py",
    "cli/test_serve.py",
    "store/test_listing.py",
    "reports/site/test_pages.py",
    "benchmarks/test_wording.py",
    "interop/test_interop.py",
    "reports/transparency/test_page.py",
    "serving/test_killing.py",
    "benchmarks/test_load.py",
    "tlog/test_log.py",
    "web/accounts/test_openid.py",
    "web/test_flat.py",
    "web/test_hostile.py",
    "app/test_publishing.py",
    "store/test_killing.py",
    "cli/test_refusing.py",
)
"""The files that take longest, in order. Where several workers run them, a long one that is begun last leaves
all others without work."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in the order in which they are begun (with `--no-loadscope-reorder`, as `make test` says it)."""
    folder, places = Path(__file__).parent, {name: place for place, name in enumerate(_LONGEST)}
    assert all((folder / name).is_file() for name in places)
    items.sort(key=lambda each: places.get(each.path.relative_to(folder).as_posix(), len(places)))


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address. Whatever key it is shown, it lets in."""
    for needed in ("obstore", "moto", "flask", "flask_cors"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed: no S3-compatible server to write to")
    port = free_port()
    log = (tmp_path_factory.mktemp("s3") / "server.log").open("wb")
    running = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
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

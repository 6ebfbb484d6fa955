"""The web side of a real installation, made once for all web tests.

Django can be told its settings once in a process and wants that before its models are imported; so it is done
here, when the tests are collected. Tables are made when the first test asks for them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from habeas.app.installation import Installation
from habeas.web.configuration import Configuration
from habeas.web.serve import made, prepare

HOME = Path(tempfile.mkdtemp(prefix="habeas-web-"))
INSTALLATION = Installation.open(HOME)
prepare(Configuration(home=HOME, hosts=("localhost", "127.0.0.1"), https=False, demo=True), INSTALLATION)

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402

from tests.web import hashing  # noqa: E402
from tests.web.browser import chromium, live  # noqa: E402
from tests.web.house import House, Releasing  # noqa: E402

hashing.least()


@pytest.fixture(scope="session")
def site() -> Iterator[WSGIHandler]:
    yield made()
    from django.db import connections

    connections.close_all()
    INSTALLATION.close()
    shutil.rmtree(HOME)


@pytest.fixture(scope="session")
def everybody(site: WSGIHandler) -> House:
    """A house for tests that change nothing."""
    return House(INSTALLATION)


@pytest.fixture
def house(site: WSGIHandler) -> House:
    return House(INSTALLATION)


@pytest.fixture(scope="module")
def address(site: WSGIHandler) -> Iterator[str]:
    with live(site) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def releasing(everybody: House) -> Iterator[Releasing]:
    real = everybody.installation.now
    yield Releasing(everybody.installation)
    everybody.installation.now = real

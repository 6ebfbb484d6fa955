"""The store is tested on both databases: every test that asks for `house` runs once on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from habeas.store import Store
from tests.store.cases import Installation, on_postgres, on_sqlite
from tests.store.server import MISSING, Server, binaries


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if binaries() is None:
        pytest.skip(MISSING)
    running = Server()
    yield running
    running.close()


@pytest.fixture(params=["sqlite", "postgres"])
def install(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Installation]]:
    """Makes installations, each by its name, on one of the two databases."""
    made: list[Installation] = []

    def make(name: str) -> Installation:
        folder = tmp_path / name
        if request.param == "sqlite":
            made.append(on_sqlite(folder))
        else:
            server: Server = request.getfixturevalue("server")
            made.append(on_postgres(folder, server.new_database(), server.data))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def house(install: Callable[[str], Installation]) -> Installation:
    return install("house")


@pytest.fixture
def store(house: Installation) -> Store:
    return house.open()

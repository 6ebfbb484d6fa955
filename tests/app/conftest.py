"""One furnished home folder, made once and copied for each test that wants one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from habeas.app.installation import Installation
from tests.app.houses import Clock, furnished


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("template") / "home"
    furnished(home, Clock()).close()
    return home


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path, template: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


@pytest.fixture
def app(home: Path, clock: Clock) -> Iterator[Installation]:
    found = Installation.open(home, now=clock, make=False)
    yield found
    found.close()

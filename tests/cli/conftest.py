"""A furnished home folder and a terminal in it. Only the time is simulated; everything else is as it runs."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from habeas.app.installation import Installation
from tests.app.houses import ORGANISATION, Clock, furnished


class Terminal:
    """Runs `habeas` in one home folder for one house, as somebody types it."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self.home = home
        self.clock = clock
        self.environment = {
            "HABEAS_HOME": str(home),
            "HABEAS_ORGANISATION": ORGANISATION,
            "COLUMNS": "200",
        }

    def __call__(self, *words: object) -> Result:
        from habeas.cli import habeas

        result = CliRunner(env=self.environment).invoke(habeas, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    def well(self, *words: object) -> str:
        """What it says, where it ends well."""
        result = self(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def barred(self, *words: object) -> str:
        """What it says on the error stream, where it refuses."""
        result = self(*words)
        assert result.exit_code == 2, result.output
        assert result.stderr.startswith("error: ")
        return result.stderr

    def open(self) -> Installation:
        return Installation.open(self.home, now=self.clock, make=False)


@pytest.fixture(scope="session")
def furnished_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("furnished") / "home"
    furnished(home, Clock()).close()
    return home


def at_the_time_of(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clocked(Installation):
        @classmethod
        def open(cls, home: Path, **parts: Any) -> Installation:
            return Installation.open(home, now=clock, **parts)

    monkeypatch.setattr(importlib.import_module("habeas.cli.house"), "Installation", Clocked)


@pytest.fixture
def terminal(furnished_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    clock = Clock()
    at_the_time_of(clock, monkeypatch)
    return Terminal(Path(shutil.copytree(furnished_home, tmp_path / "home")), clock)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal where there is no home folder yet."""
    clock = Clock()
    at_the_time_of(clock, monkeypatch)
    return Terminal(tmp_path / "home", clock)

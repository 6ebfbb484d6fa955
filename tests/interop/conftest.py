"""Strangers' programs, made ready once. Where what they need is not installed, their tests are skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interop.world import PYTHON_SOURCE, ROOT

GO_SOURCE = ROOT / "interop" / "go" / "logcheck"
GO_PATH = Path("/usr/share/gocode")  # where Debian puts Go's libraries
PIP_INSTALL = "install --quiet --disable-pip-version-check --require-hashes --only-binary :all:".split()


@pytest.fixture(scope="session")
def in_go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program in Go, compiled."""
    if not shutil.which("go"):
        pytest.skip("Go is not installed: golang-go")
    if not (GO_PATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("the module of Go's checksum database is not installed: golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("go")
    subprocess.run(
        ["go", "build", "-o", folder / "logcheck", "."],
        cwd=GO_SOURCE,
        check=True,
        env={**os.environ, "GO111MODULE": "off", "GOPATH": str(GO_PATH), "GOCACHE": str(folder / "cache")},
    )
    return folder / "logcheck"


def _newer_python() -> Path | None:
    """A Python that their packages run on, wherever it was put."""
    if sys.version_info >= (3, 12):
        return Path(sys.executable)
    named = [shutil.which(f"python3.{minor}") for minor in range(12, 16)]
    put = sorted((Path.home() / ".pyenv" / "versions").glob("3.1[2-9].*/bin/python"))
    for each in [*(Path(name) for name in named if name), *put]:
        tried = subprocess.run(
            [each, "-c", "import sys, venv; sys.exit(sys.version_info < (3, 12))"],
            capture_output=True,
            check=False,
        )
        if tried.returncode == 0:
            return each
    return None


@pytest.fixture(scope="session")
def in_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment with their packages, and none of ours."""
    python = _newer_python()
    if python is None:
        pytest.skip("aics-tlog and aics-witness need Python 3.12, which is not installed")
    folder = tmp_path_factory.mktemp("aics") / "venv"
    subprocess.run([python, "-m", "venv", folder], check=True)
    done = subprocess.run(
        [folder / "bin/pip", *PIP_INSTALL, "-r", PYTHON_SOURCE / "requirements.lock"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"aics-tlog and aics-witness cannot be installed: {done.stderr.strip()[-200:]}")
    return folder / "bin"

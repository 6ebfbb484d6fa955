"""`python -m habeas` is the same command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from habeas import __version__

ROOT = Path(__file__).resolve().parents[1]


def test_the_module_runs_the_command_line() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "habeas", "--version"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == f"habeas, version {__version__}\n"

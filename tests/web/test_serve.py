"""The process starts from nothing, finds its own mistakes, and starts again on what it left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection

from habeas.errors import Refused
from habeas.web.door import installation
from habeas.web.serve import Certificate, hand_on, made, reachable


def test_django_finds_nothing_wrong_with_the_settings(site: WSGIHandler) -> None:
    assert [str(each) for each in run_checks()] == []


def test_no_change_of_the_tables_is_forgotten(site: WSGIHandler) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_it_starts_again_on_what_it_left(site: WSGIHandler) -> None:
    assert isinstance(made(), WSGIHandler)


@pytest.mark.parametrize(
    "bind", ["0.0.0.0:8000", "[::]:8000", "192.0.2.1:8000", "desk.example.org:443", ":8000"]
)
def test_nothing_is_said_in_clear_over_a_network(bind: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="over a network the desk answers over TLS only") as refused:
        reachable(bind, None)
    assert refused.value.place == bind
    parts = Certificate(tmp_path / "chain.pem", tmp_path / "key.pem")
    with pytest.raises(Refused, match="cannot be read"):
        reachable(bind, parts)
    for path in (parts.chain, parts.key):
        path.touch()
    reachable(bind, parts)


@pytest.mark.parametrize(
    "bind", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "unix:/run/habeas/desk.sock"]
)
def test_on_this_machine_it_may_be(bind: str) -> None:
    reachable(bind, None)


def test_no_connection_is_handed_on_to_a_child(site: WSGIHandler) -> None:
    def open_files() -> list[str]:
        found = (Path("/proc/self/fd") / each for each in os.listdir("/proc/self/fd"))
        return [each.readlink().name for each in found if each.is_symlink()]

    houses = installation().store.organisations()
    connection.ensure_connection()
    assert {"desk.sqlite", "accounts.sqlite"} <= set(open_files())
    hand_on(installation())
    assert connection.connection is None
    assert "desk.sqlite" not in open_files()
    assert installation().store.organisations() == houses


_ASKED_AT_ONCE = r"""
import sys, threading
from types import ModuleType
import msgspec
from habeas.web.serve import work_out

shapes = "import msgspec\n" + "\n".join(
    f"class S{each}(msgspec.Struct):\n    many: 'list[S{each + 1}]'\n    named: 'dict[str, S{each + 1}]'"
    for each in range(6)
) + "\nclass S6(msgspec.Struct):\n    one: int"
sys.setswitchinterval(1e-6)
for number in range(100):
    module = sys.modules[f"shapes{number}"] = ModuleType(f"shapes{number}")
    exec(shapes, module.__dict__)
    work_out(module.S0.__base__)
    barrier = threading.Barrier(4)
    def ask():
        barrier.wait()
        msgspec.convert({"many": [{"many": [], "named": {}}], "named": {}}, module.S0)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads: each.start()
    for each in threads: each.join()
"""


def test_threads_that_ask_for_one_kind_of_thing_at_once_do_not_end_the_process() -> None:
    """Without `work_out` this ends with a segmentation fault."""
    done = subprocess.run([sys.executable, "-c", _ASKED_AT_ONCE], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")

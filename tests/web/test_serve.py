"""The process starts from nothing, finds its own mistakes, and starts again on what it left."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command

from habeas.errors import Refused
from habeas.web.serve import Certificate, made, reachable


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

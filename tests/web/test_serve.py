"""The process starts from nothing, finds its own mistakes, and starts again on what it left."""

from __future__ import annotations

from django.core.checks import run_checks
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command

from habeas.web.serve import made


def test_django_finds_nothing_wrong_with_the_settings(site: WSGIHandler) -> None:
    assert [str(each) for each in run_checks()] == []


def test_no_change_of_the_tables_is_forgotten(site: WSGIHandler) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_it_starts_again_on_what_it_left(site: WSGIHandler) -> None:
    assert isinstance(made(), WSGIHandler)

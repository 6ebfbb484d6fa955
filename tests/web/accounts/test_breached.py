"""Passwords known from breaches are found in the published list, and nobody is asked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError

from habeas.errors import Refused
from habeas.web.accounts.breached import BreachedPasswords, holds, usable
from habeas.web.configuration import Configuration, settings
from tests.web.conftest import INSTALLATION

KNOWN = [f"known password number {number}" for number in range(700)]


def _sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture(params=["\n", "\r\n"], ids=["lines", "lines of another system"])
def published(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A list as it is published, with counts of different lengths and without a last line end."""
    path = tmp_path / "pwned.txt"
    lines = sorted(f"{_sha1(each)}:{number**3}" for number, each in enumerate(KNOWN))
    path.write_bytes(request.param.join(lines).encode())
    return usable(path)


def test_each_password_of_the_list_is_found_and_no_other(published: Path) -> None:
    """The first and the last line among them."""
    assert [each for each in KNOWN if not holds(published, each)] == []
    assert [each for each in range(700) if holds(published, f"unknown password number {each}")] == []


def test_a_list_of_one_and_of_none(tmp_path: Path) -> None:
    path = tmp_path / "pwned.txt"
    path.write_text(f"{_sha1('one')}:3\n", "utf-8")
    assert holds(path, "one")
    assert not holds(path, "two")
    path.write_bytes(b"")
    assert not holds(path, "one")


def test_it_is_asked_where_a_password_is_chosen(published: Path, tmp_path: Path) -> None:
    configuration = Configuration(home=tmp_path, hosts=("desk.example.org",), breached=published)
    validators = get_password_validators(settings(configuration, INSTALLATION)["AUTH_PASSWORD_VALIDATORS"])
    with pytest.raises(ValidationError, match="known from a breach"):
        validate_password(KNOWN[5], password_validators=validators)
    validate_password("a sentence that nobody knows", password_validators=validators)
    without = settings(Configuration(home=tmp_path, hosts=("desk.example.org",)), INSTALLATION)
    assert not [each for each in without["AUTH_PASSWORD_VALIDATORS"] if "breached" in each["NAME"]]


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"password\n",
        b"5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8\nBBBB\n",
        b"B" * 40 + b"\n" + b"A" * 40,
    ],
)
def test_what_is_no_such_list_is_refused_before_the_desk_starts(
    content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "pwned.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        usable(path)
    assert refused.value.place == str(path)


def test_the_sentence_names_no_list() -> None:
    assert "breach" in BreachedPasswords(Path("x")).get_help_text()

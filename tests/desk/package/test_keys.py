"""Only a key of a known kind, compared within a year, of this very authority."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from habeas.desk.package.keys import check_keys, fingerprint
from tests.desk.package.packages import AT, HOUSE, OFFICE, PAPER, a_key, stays_empty

PUBLIC = str(OFFICE.to_public())
MISTYPED = PUBLIC[:-1] + ("p" if PUBLIC.endswith("q") else "q")
PQ = "age1pq1" + "q" * 1900
RSA = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7"


def test_nothing_leaves_without_a_key_to_seal_to() -> None:
    assert "nothing leaves unsealed" in stays_empty(keys=()).sentence


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "age1",
        "AGE1" + "Q" * 58,
        str(OFFICE),
        MISTYPED,
        "age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t",
        PQ,
        RSA,
        "ssh-ed25519 AAAA",
        "ssh-ed25519 %%%",
        "ssh-ed25519",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----",
    ],
    ids=str.__len__,  # two are drawn anew each time, and a test is known by its name
)
def test_a_key_of_an_unknown_form_is_refused_even_beside_a_good_one(recipient: str) -> None:
    bad = msgspec.structs.replace(a_key(), recipient=recipient)
    refusal = stays_empty(keys=(a_key(), bad))
    assert refusal.sentence == "this is no key that a package can be sealed to"
    assert refusal.place == "keys[1]"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"verified_by": ""}, "nobody has verified"),
        ({"verified_by": "  "}, "nobody has verified"),
        ({"verified_on": None}, "nobody has verified"),
        ({"verified_on": AT.date() - timedelta(days=366)}, "more than 365 days ago"),
        ({"verified_on": AT.date() + timedelta(days=1)}, "still to come"),
        ({"authority": "Another Court"}, "another authority"),
        ({"state": "NOR"}, "another authority"),
        ({"fingerprint": fingerprint(str(pyrage.x25519.Identity.generate().to_public()))}, "fingerprint"),
        ({"fingerprint": ""}, "fingerprint"),
    ],
)
def test_a_key_that_is_not_verified_fresh_and_theirs_is_refused(
    changes: dict[str, Any], sentence: str
) -> None:
    assert sentence in stays_empty(keys=(a_key(**changes),)).sentence


@pytest.mark.parametrize("days", [0, 365])
def test_a_key_verified_within_the_year_is_accepted(days: int) -> None:
    key = a_key(verified_on=AT.date() - timedelta(days=days))
    [_] = check_keys([key], authority=PAPER.authority, state=PAPER.state, on=AT.date())


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not installed")
def test_the_fingerprint_of_an_ssh_key_is_the_one_ssh_shows(tmp_path: Path) -> None:
    line = HOUSE.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    (tmp_path / "key.pub").write_text(line + " office\n", encoding="utf-8")
    shown = subprocess.run(
        ["ssh-keygen", "-lf", str(tmp_path / "key.pub")], capture_output=True, text=True, check=True
    )
    assert fingerprint(line + " office") in shown.stdout.split()


def test_the_fingerprint_of_an_age_key_is_the_hash_of_its_text() -> None:
    text = str(OFFICE.to_public())
    told = fingerprint(text).removeprefix("SHA256:")
    assert base64.b64decode(told + "=") == hashlib.sha256(text.encode()).digest()

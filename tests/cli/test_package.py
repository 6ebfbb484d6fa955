"""`habeas package check`: whoever received a package learns what it is, and one changed byte is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from habeas.desk.delivery import PARTS, public_pem
from habeas.desk.package import key_id, preview, seal
from habeas.gateways.timestamps import stamp
from tests.cli.conftest import Terminal
from tests.desk.package.packages import APPROVED, FILES, HOUSE, HOUSE_KEY, OFFICE, PAPER, a_key
from tests.stamps import Stamps, needs_openssl


@dataclass(frozen=True)
class Received:
    """What lies on the disk of an authority. tar: what it found in the package."""

    sealed: Path
    key: Path
    tar: Path

    def part(self, part: str) -> Path:
        return self.sealed.with_name(self.sealed.stem + PARTS[part])


def received(where: Path, at: datetime) -> Received:
    paper = msgspec.structs.replace(PAPER, at=at)
    keys = (a_key(verified_on=(at - timedelta(days=30)).date()),)
    out = io.BytesIO()
    beside = seal(
        out, preview(APPROVED, FILES), APPROVED, FILES, paper, keys=keys, signer=HOUSE, house_key=HOUSE_KEY
    )
    found = Received(where / "package-0123.age", where / "house.pem", where / "package.tar")
    found.sealed.write_bytes(out.getvalue())
    found.part("statement").write_bytes(beside.statement)
    found.part("signature").write_bytes(beside.signature)
    found.key.write_text(public_pem(HOUSE_KEY), encoding="ascii")
    found.tar.write_bytes(pyrage.decrypt(out.getvalue(), [OFFICE]))
    return found


@pytest.fixture
def there(tmp_path: Path) -> Received:
    return received(tmp_path, datetime.now(UTC))


def test_a_package_as_it_left_is_told_with_what_stands_in_its_statement(
    empty: Terminal, there: Received
) -> None:
    said = empty.well("package", "check", there.sealed, "--key", there.key, "--opened", there.tar)
    assert f"Example Provider sent package {PAPER.id} to District Court of Exampleton (XKX)" in said
    assert key_id(HOUSE_KEY) in said
    assert "No third party stamped the time." in said
    assert "The bag is whole: 3 files" in said
    assert not empty.home.exists(), "no installation is opened"


def _changed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda there: _changed(there.sealed), "the file is not the package the statement speaks of"),
        (lambda there: _changed(there.part("statement")), "the signature is not of this text by this key"),
        (lambda there: _changed(there.part("signature")), "the signature is not of this text by this key"),
        (lambda there: _changed(there.tar), "the tar is not the one the statement speaks of"),
    ],
    ids=["sealed", "statement", "signature", "tar"],
)
def test_one_changed_byte_is_told_and_is_no_success(
    spoil: Callable[[Received], None], says: str, empty: Terminal, there: Received
) -> None:
    spoil(there)
    result = empty("package", "check", there.sealed, "--key", there.key, "--opened", there.tar)
    assert result.exit_code == 1
    assert f"DOES NOT HOLD: {says}." in result.stdout


def test_what_is_missing_or_no_key_is_refused_in_words(empty: Terminal, there: Received) -> None:
    check = ("package", "check", there.sealed, "--key")
    assert "no public key of a house" in empty.barred(*check, there.tar)
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = there.key.with_name("other.pem")
    pem.write_bytes(other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert "no public key of a house" in empty.barred(*check, pem)
    assert "no sealed package" in empty.barred("package", "check", there.tar, "--key", there.key)
    there.part("signature").unlink()
    assert "the statement or its signature is missing" in empty.barred(*check, there.key)


@needs_openssl
def test_the_time_stamp_beside_it_is_checked_against_what_its_reader_trusts(
    empty: Terminal, there: Received, stamps: Stamps
) -> None:
    check = ("package", "check", there.sealed, "--key", there.key)
    roots = ("--roots", stamps.where / "roots.pem")
    result = empty(*check, *roots)
    assert (result.exit_code, "there is no time-stamp beside the package" in result.stdout) == (1, True)
    given = stamp(there.part("signature").read_bytes(), stamps.authority, tls=stamps.tls)
    there.part("timestamp").write_bytes(given.answer)
    assert f"saw the signature at {given.at:%Y-%m-%d %H:%M:%S} UTC" in empty.well(*check, *roots)
    assert "was not checked: name what it has to lead to with --roots" in empty.well(*check)
    stranger = stamps.where / "signer.pem"
    for wrong in (stranger, there.key):
        result = empty(*check, "--roots", wrong)
        assert (result.exit_code, "DOES NOT HOLD" in result.stdout) == (1, True)
    other = stamp(b"another signature", stamps.authority, tls=stamps.tls)
    there.part("timestamp").write_bytes(other.answer)
    result = empty(*check, *roots)
    assert result.exit_code == 1
    assert "no time-stamp of these bytes" in result.stdout


@needs_openssl
def test_a_statement_that_names_a_later_time_than_its_stamp_does_not_hold(
    empty: Terminal, tmp_path: Path, stamps: Stamps
) -> None:
    for minutes, code in ((4, 0), (6, 1)):
        where = tmp_path / str(minutes)
        where.mkdir()
        there = received(where, datetime.now(UTC) + timedelta(minutes=minutes))
        given = stamp(there.part("signature").read_bytes(), stamps.authority, tls=stamps.tls)
        there.part("timestamp").write_bytes(given.answer)
        result = empty(
            "package", "check", there.sealed, "--key", there.key, "--roots", stamps.where / "roots.pem"
        )
        assert result.exit_code == code, result.stdout
        assert ("older than the statement" in result.stdout) is bool(code)

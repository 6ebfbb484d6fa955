"""A house, an authority and a package of theirs, for the tests of what leaves."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from habeas.assess import Ceiling
from habeas.desk.package.keys import RegisteredKey, fingerprint
from habeas.desk.package.leaving import Approved, File, preview
from habeas.desk.package.packing import bag
from habeas.desk.package.papers import Disclosure, usual_conditions
from habeas.desk.package.reading import members
from habeas.desk.package.sealing import Sealed, seal
from habeas.desk.package.values import Opener
from habeas.errors import Refused
from habeas.request import Authorisation, AuthorisationKind, Category

AT = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
OFFICE = pyrage.x25519.Identity.generate()
HOUSE = Ed25519PrivateKey.generate()
HOUSE_KEY = HOUSE.public_key().public_bytes_raw()
SUBSCRIBER = b"field,value\nopened,2021-03-04\n"
TRAFFIC = b"time,port\n2026-01-02T03:04:05Z,443\n" * 40


def a_file(data: bytes, target: str = "t1", item: str = "i1", **changes: Any) -> File:
    fields: dict[str, Any] = {
        "name": "Export of J. Example (home).csv",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "holds": Ceiling.SUBSCRIBER,
        "open": lambda: io.BytesIO(data),
    }
    return File(target=target, item=item, **{**fields, **changes})


APPROVED = (
    Approved(target="t1", item="i1", category=Category.SUBSCRIBER, ceiling=Ceiling.SUBSCRIBER),
    Approved(target="t1", item="i2", category=Category.CONTENT, ceiling=Ceiling.TRAFFIC),
    Approved(target="t2", item="i1", category=Category.CONTENT, ceiling=Ceiling.NOTHING),
)
FILES = (
    a_file(TRAFFIC, item="i2", name="log.csv", holds=Ceiling.TRAFFIC),
    a_file(SUBSCRIBER),
    a_file(b"", item="i2", name="rest", holds=Ceiling.TRAFFIC),
    a_file(b"letters", target="t2", holds=Ceiling.CONTENT),
)
PAPER = Disclosure(
    id="2026-000123-1",
    organisation="Example Provider",
    authority="District Court of Exampleton",
    state="XKX",
    at=AT,
    reference="4 Js 17/26",
    authorisation=Authorisation(
        kind=AuthorisationKind.JUDGE, reference="Order 5/26", issued_on=date(2026, 11, 2)
    ),
    conditions=usual_conditions("4 Js 17/26", date(2027, 11, 21)),
)


def a_key(recipient: str = "", **changes: Any) -> RegisteredKey:
    recipient = recipient or str(OFFICE.to_public())
    fields: dict[str, Any] = {
        "authority": PAPER.authority,
        "state": PAPER.state,
        "recipient": recipient,
        "fingerprint": fingerprint(recipient),
        "verified_by": "intake-1",
        "verified_on": date(2026, 6, 1),
    }
    return RegisteredKey(**{**fields, **changes})


def tarred(
    files: tuple[File, ...] = FILES, approved: tuple[Approved, ...] = APPROVED, paper: Disclosure = PAPER
) -> bytes:
    return b"".join(bag(preview(approved, files), approved, files, paper))


def sealed(
    files: tuple[File, ...] = FILES,
    keys: tuple[RegisteredKey, ...] | None = None,
    paper: Disclosure = PAPER,
    out: io.BytesIO | None = None,
    **changes: Any,
) -> tuple[bytes, Sealed]:
    out = out or io.BytesIO()
    keys = (a_key(),) if keys is None else keys
    fields: dict[str, Any] = {"signer": HOUSE, "house_key": HOUSE_KEY}
    done = seal(out, preview(APPROVED, files), APPROVED, files, paper, keys=keys, **{**fields, **changes})
    return out.getvalue(), done


def opened(files: dict[str, bytes]) -> dict[str, Opener]:
    return {path: lambda data=data: io.BytesIO(data) for path, data in files.items()}  # type: ignore[misc]


def unpacked(tar: bytes) -> dict[str, bytes]:
    _, found = members(io.BytesIO(tar))
    return {path: opener().read() for path, opener in found.items()}


def stays_empty(**changes: Any) -> Refused:
    out = io.BytesIO()
    with pytest.raises(Refused) as refusal:
        sealed(out=out, **changes)
    assert out.getvalue() == b""
    return refusal.value


def flips(data: bytes, step: int) -> Iterator[bytes]:
    for at in range(0, len(data), step):
        yield data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def suite(path: Path, top: str) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {
            one.name: source.read()
            for one in archive
            if one.isreg() and one.name.startswith(top) and (source := archive.extractfile(one))
        }

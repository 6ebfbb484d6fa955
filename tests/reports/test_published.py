"""What a site holds beside its log is written and read back the same, and strangers' tools read it too."""

from __future__ import annotations

import subprocess
from pathlib import Path

import msgspec
import pytest

from habeas.desk import public
from habeas.desk.events import Witnessing
from habeas.desk.public import GROUPS, Counted, Entry, Kind
from habeas.errors import Refused
from habeas.reports.published import (
    MANIFEST,
    SITE_FORMAT,
    Line,
    Manifest,
    OpenLeaf,
    Witnessed,
    Witnesses,
    listed,
    read_manifest,
    sums,
)
from habeas.tlog import Algorithm, Signer, Unproven

OPENED = public.salted(Entry(count=Counted(kind=Kind.LEDGER, month="2026-11")), lambda length: b"s" * length)
LOG, DOORS, WITNESS = (Signer.from_seed(name, name[:1].encode() * 32, Algorithm.ED25519) for name in "abc")
MADE = Manifest(
    format=SITE_FORMAT,
    origin="a",
    log=str(LOG.key),
    promises=str(DOORS.key),
    hour=4,
    zone="Europe/Dublin",
    within=3,
    quorum=0,
    opened=(1, 5),
)


def test_a_leaf_that_is_opened_is_read_back_with_its_commitments() -> None:
    shown = OpenLeaf.of(7, (OPENED.count, OPENED.person, OPENED.paper))
    read = msgspec.json.decode(shown.encoded(), type=OpenLeaf)
    assert read == shown
    assert [read.opening(group).commitment() for group in GROUPS] == list(public.commitments(OPENED.leaf()))
    assert read.opening("count").counted().kind == Kind.LEDGER


def test_a_leaf_that_is_opened_in_part_opens_nothing() -> None:
    shown = OpenLeaf.of(7, (OPENED.count,))
    with pytest.raises(Unproven, match="not the fields of the group"):
        shown.opening("paper")
    salty = msgspec.structs.replace(shown.groups["count"][0], salt="zz")
    changed = msgspec.structs.replace(shown, groups={"count": (salty, *shown.groups["count"][1:])})
    with pytest.raises(Unproven, match="not in hex"):
        changed.opening("count")


def test_an_auditors_line_opens_what_is_counted() -> None:
    line = Line(place=1, values=OPENED.count.values, salts=tuple(salt.hex() for salt in OPENED.count.salts))
    assert line.opening() == OPENED.count


def test_a_description_is_read_back_and_names_whom_it_trusts() -> None:
    witnessed = msgspec.structs.replace(
        MADE,
        quorum=1,
        witnesses=(Witnessing(key=_witness_key(), url="https://witness.example.org/"),),
    )
    for made in (MADE, witnessed):
        assert read_manifest({MANIFEST: made.encoded()}.get) == made
    assert witnessed.policy().quorum == "witnesses"
    assert MADE.policy().logs == (LOG.key,)


def _witness_key() -> str:
    return str(Signer.from_seed("c", b"c" * 32, Algorithm.COSIGNATURE).key)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (None, "no public log here"),
        (b"{", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (MADE.encoded().replace(b"site/v1", b"site/v9"), "not of the form"),
    ],
)
def test_a_description_that_is_none_is_refused_in_words(data: bytes | None, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_manifest({MANIFEST: data}.get)


def test_a_list_of_hashes_is_read_by_sha256sum_and_by_us(tmp_path: Path) -> None:
    files = {"b.html": b"two", "a.json": b"one"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    made = sums(files)
    assert list(listed(made)) == ["a.json", "b.html"]
    (tmp_path / "SHA256SUMS").write_bytes(made)
    checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path)
    assert checked.returncode == 0
    (tmp_path / "a.json").write_bytes(b"three")
    assert subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path).returncode == 1


@pytest.mark.parametrize(
    ("of", "quorum", "cosigned", "witnessed"),
    [
        (0, 0, 0, Witnessed.NOBODY),
        (3, 0, 3, Witnessed.NOBODY),
        (3, 2, 1, Witnessed.TOO_FEW),
        (3, 2, 2, Witnessed.ENOUGH),
    ],
)
def test_a_tree_is_witnessed_when_as_many_cosigned_as_are_waited_for(
    of: int, quorum: int, cosigned: int, witnessed: Witnessed
) -> None:
    assert Witnesses(of=of, quorum=quorum, cosigned=cosigned).witnessed is witnessed

"""What leaves is what was shown, sealed to whom it is meant for, and every change of a byte is seen."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tracemalloc
import warnings
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from habeas.assess import HIGHEST, Ceiling
from habeas.desk import package
from habeas.desk.package import (
    Approved,
    Condition,
    Disclosure,
    File,
    Opener,
    Part,
    Preview,
    Receipt,
    RegisteredKey,
    Sealed,
    bag,
    check_bag,
    check_keys,
    check_receipt,
    fingerprint,
    members,
    preview,
    read_statement,
    seal,
    usual_conditions,
    verify,
    verify_bag,
)
from habeas.errors import Refused
from habeas.request import Authorisation, AuthorisationKind, Category, Period

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "formats"
BAGIT_SUITE = SHARED / "bagit-conformance" / "suite-9ab4870.tar.gz"
AGE_VECTORS = SHARED / "age-vectors" / "cctv-age-1e3d286.tar.gz"
needs_suites = pytest.mark.skipif(not SHARED.is_dir(), reason="the published conformance suites are not here")
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")

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


@pytest.fixture(scope="module")
def package_1() -> tuple[bytes, Sealed]:
    return sealed()


# ---- what leaves -------------------------------------------------------------------------------------------


def test_the_preview_shows_each_file_with_its_item_and_ceiling() -> None:
    shown = preview(APPROVED, FILES)
    assert [(one.path, one.target, one.item, one.category, one.ceiling) for one in shown.leaving] == [
        ("data/target-1/item-1/file-00001.csv", "t1", "i1", Category.SUBSCRIBER, Ceiling.SUBSCRIBER),
        ("data/target-1/item-2/file-00001.csv", "t1", "i2", Category.CONTENT, Ceiling.TRAFFIC),
        ("data/target-1/item-2/file-00002.bin", "t1", "i2", Category.CONTENT, Ceiling.TRAFFIC),
    ]
    assert shown.size == len(SUBSCRIBER) + len(TRAFFIC)
    assert {one.sha256 for one in shown.leaving} == {one.sha256 for one in FILES[:3]}


def test_a_preview_opens_no_file() -> None:
    def never() -> BinaryIO:
        raise AssertionError

    assert preview(APPROVED, [a_file(SUBSCRIBER, open=never)]).leaving


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("ceiling", Ceiling)
def test_a_file_leaves_only_if_it_holds_exactly_what_was_asked_or_less_as_decided(
    category: Category, ceiling: Ceiling
) -> None:
    item = Approved(target="t1", item="i1", category=category, ceiling=ceiling)
    order = list(Ceiling)
    for holds in (Ceiling.EXISTENCE, Ceiling.SUBSCRIBER, Ceiling.TRAFFIC, Ceiling.CONTENT):
        if category not in HIGHEST and ceiling is not Ceiling.NOTHING:
            with pytest.raises(Refused, match="live data"):
                preview([item], [a_file(SUBSCRIBER, holds=holds)])
            continue
        asked = HIGHEST.get(category, Ceiling.NOTHING)
        may = order.index(holds) == min(order.index(asked), order.index(ceiling))
        shown = preview([item], [a_file(SUBSCRIBER, holds=holds)])
        assert bool(shown.leaving) is may
        assert [one.part for one in shown.stripped] == [Part.NAME if may else Part.FILE]


def test_what_was_asked_is_read_as_the_assessment_reads_it() -> None:
    assert package.HIGHEST is HIGHEST
    never = {Category.REALTIME_TRAFFIC, Category.REALTIME_CONTENT, Category.CREDENTIALS}
    assert set(Category) - HIGHEST.keys() == never


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (a_file(b"x", item="i9"), "Its item was not approved."),
        (a_file(b"x", target="t9"), "Its item was not approved."),
        (
            a_file(b"x", target="t2", holds=Ceiling.CONTENT),
            "Nothing is given for its item: the decision is nothing.",
        ),
        (
            a_file(b"x", item="i2", holds=Ceiling.CONTENT),
            "It holds content of this account, and no more than traffic of these days may be given.",
        ),
        (
            a_file(b"x", item="i2", holds=Ceiling.SUBSCRIBER),
            "It holds subscriber, and traffic of these days was asked.",
        ),
    ],
)
def test_what_was_not_asked_or_not_allowed_is_stripped_and_the_reason_is_said(file: File, why: str) -> None:
    shown = preview(APPROVED, [file])
    assert shown.leaving == ()
    [one] = shown.stripped
    assert (one.part, one.why, one.name) == (Part.FILE, why, file.name)


MARCH = Period(start=date(2026, 3, 1), end=date(2026, 3, 31))


@pytest.mark.parametrize(
    ("days", "leaves"),
    [
        (MARCH, True),
        (Period(start=date(2026, 3, 5), end=date(2026, 3, 5)), True),
        (Period(start=date(2026, 2, 28), end=date(2026, 3, 31)), False),
        (Period(start=date(2026, 3, 1), end=date(2026, 4, 1)), False),
        (Period(start=date(2026, 3, 1)), False),
        (None, False),
    ],
)
def test_data_of_other_days_than_approved_stays(days: Period | None, leaves: bool) -> None:
    item = Approved(target="t1", item="i1", category=Category.TRAFFIC, ceiling=Ceiling.TRAFFIC, period=MARCH)
    shown = preview([item], [a_file(TRAFFIC, holds=Ceiling.TRAFFIC, period=days)])
    assert bool(shown.leaving) is leaves


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.csv", "csv"),
        ("A.CSV", "csv"),
        ("../../etc/passwd", "bin"),
        ("letter.to_jane_example", "bin"),
        ("csv", "bin"),
        ("", "bin"),
        ("x.exe", "bin"),
    ],
)
def test_a_name_leaves_nothing_but_a_well_known_ending(name: str, ending: str) -> None:
    [one] = preview(APPROVED, [a_file(SUBSCRIBER, name=name)]).leaving
    assert one.path == f"data/target-1/item-1/file-00001.{ending}"


def test_no_name_of_a_file_and_no_trace_of_the_machine_is_in_the_bag() -> None:
    tar = tarred()
    assert b"Example (home)" not in tar
    assert b"log.csv" not in tar
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        for one in archive:
            assert (one.uid, one.gid, one.uname, one.gname, one.mode) == (0, 0, "", "", 0o644)
            assert one.mtime == int(AT.timestamp())


def test_two_approvals_of_one_item_are_refused() -> None:
    with pytest.raises(Refused, match="twice"):
        preview([APPROVED[0], APPROVED[0]], [])


@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": "ab"},
        {"sha256": hashlib.sha256(b"").hexdigest().upper()},
        {"size": -1},
        {"holds": Ceiling.NOTHING},
        {"holds": Ceiling.PRESERVE},
    ],
)
def test_a_file_that_does_not_say_what_it_is_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="a file"):
        preview(APPROVED, [a_file(SUBSCRIBER, **changes)])


# ---- the bag -----------------------------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert tarred() == tarred()
    elsewhere = msgspec.structs.replace(PAPER, at=AT.astimezone(timezone(timedelta(hours=9))))
    assert tarred(paper=elsewhere) == tarred()


def test_another_moment_gives_other_bytes() -> None:
    assert tarred(paper=msgspec.structs.replace(PAPER, at=AT + timedelta(days=1))) != tarred()


def test_the_order_of_items_is_that_of_the_decision_whatever_order_files_come_in() -> None:
    assert tarred(files=(FILES[1], FILES[0], FILES[2])) == tarred(files=FILES[:3])


def _validated_by_the_library_of_congress(where: Path) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks an old part of setuptools for its own version
        import bagit
    return bool(bagit.Bag(str(where)).validate(processes=1))


def _extract(tar: bytes, where: Path) -> Path:
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        archive.extractall(where, filter="data")
    return where / PAPER.id


def test_the_library_of_congress_finds_our_bag_valid(tmp_path: Path) -> None:
    assert _validated_by_the_library_of_congress(_extract(tarred(), tmp_path))


def test_the_library_of_congress_sees_our_bag_changed(tmp_path: Path) -> None:
    where = _extract(tarred(), tmp_path)
    (where / "data/target-1/item-1/file-00001.csv").write_bytes(SUBSCRIBER[:-1] + b"X")
    with pytest.raises(Exception, match="Bag validation failed"):
        _validated_by_the_library_of_congress(where)


def test_our_own_reader_finds_our_bag_whole() -> None:
    top, found = members(io.BytesIO(tarred()))
    contents = check_bag(found)
    assert top == PAPER.id
    assert len(contents.payload) == 3
    assert contents.unlisted == ()
    assert contents.algorithms == contents.tag_algorithms == ("sha256", "sha512")


def test_the_bag_says_who_when_and_how_much() -> None:
    info = unpacked(tarred())["bag-info.txt"].decode().splitlines()
    assert "Source-Organization: Example Provider" in info
    assert "External-Identifier: 4 Js 17/26" in info
    assert "Bagging-Date: 2026-11-21" in info
    assert f"Payload-Oxum: {len(SUBSCRIBER) + len(TRAFFIC)}.3" in info


def test_a_reference_that_was_not_stated_is_left_out() -> None:
    info = unpacked(tarred(paper=msgspec.structs.replace(PAPER, reference="")))["bag-info.txt"]
    assert b"External-Identifier" not in info


def test_the_conditions_stand_in_the_bag_for_people_and_for_machines() -> None:
    found = unpacked(tarred())
    text = found["conditions.txt"].decode()
    said = json.loads(found["conditions.json"])
    assert [one["kind"] for one in said["conditions"]] == ["speciality", "no-onward-transfer", "deletion"]
    assert said["conditions"][2]["until"] == "2027-11-21"
    for one in PAPER.conditions:
        assert one.text in text
    assert "2027-11-21" in text
    assert "4 Js 17/26" in text


def test_a_disclosure_without_conditions_says_so() -> None:
    found = unpacked(tarred(paper=msgspec.structs.replace(PAPER, conditions=())))
    assert b"No condition was set." in found["conditions.txt"]


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "../x"},
        {"id": ""},
        {"organisation": ""},
        {"organisation": "Example\nPayload-Oxum: 0.0"},
        {"authority": "Court\x85of"},
        {"reference": "4 Js 17/26\r\nX: y"},
        {"reference": " "},
        {"conditions": (Condition(kind="speciality", text="one\u2028two"),)},
        {"conditions": (Condition(kind="", text="x"),)},
        {"authorisation": Authorisation(reference="a\nb")},
    ],
)
def test_a_word_that_would_break_a_line_of_the_papers_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        tarred(paper=msgspec.structs.replace(PAPER, **changes))


def test_a_moment_without_a_zone_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        tarred(paper=msgspec.structs.replace(PAPER, at=AT.replace(tzinfo=None)))


def test_a_package_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="nothing may leave"):
        tarred(files=FILES[3:])


def test_what_leaves_is_what_was_shown_or_nothing() -> None:
    shown = preview(APPROVED, FILES)
    for files in (FILES[:2], (*FILES, a_file(b"one more"))):
        with pytest.raises(Refused, match="no longer what was shown"):
            list(bag(shown, APPROVED, files, PAPER))
    wider = (APPROVED[0], msgspec.structs.replace(APPROVED[1], ceiling=Ceiling.CONTENT), APPROVED[2])
    with pytest.raises(Refused, match="no longer what was shown"):
        list(bag(shown, wider, FILES, PAPER))
    with pytest.raises(Refused, match="no longer what was shown"):
        list(bag(Preview(leaving=shown.leaving, stripped=()), APPROVED, FILES, PAPER))


def test_a_file_beyond_eight_gibibytes_gets_a_header_every_tar_can_read() -> None:
    header = package._header("x/data/target-1/item-1/file-00001.bin", 9 << 30, 0)
    with tarfile.open(fileobj=io.BytesIO(header), mode="r:") as archive:
        first = archive.next()
    assert first is not None
    assert first.size == 9 << 30


# ---- described in CASE -------------------------------------------------------------------------------------


def _case_validate(path: Path, version: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("case_validate")
    return subprocess.run(
        [str(command), "--built-version", version, str(path)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("version", ["case-1.4.0", "case-1.5.0"])
def test_the_validator_of_case_accepts_the_description(version: str, tmp_path: Path) -> None:
    path = tmp_path / "description.jsonld"
    path.write_bytes(unpacked(tarred())["description.jsonld"])
    answer = _case_validate(path, version)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "Conforms: True" in answer.stdout


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"uco-observable:sizeInBytes", b"uco-observable:sizeInOctets"),
        (b'"xsd:hexBinary"', b'"xsd:string"'),
        (b'"case-investigation:Authorization"', b'"case-investigation:Permission"'),
    ],
)
def test_the_validator_of_case_would_refuse_a_mistake(good: bytes, bad: bytes, tmp_path: Path) -> None:
    description = unpacked(tarred())["description.jsonld"]
    assert good in description
    path = tmp_path / "description.jsonld"
    path.write_bytes(description.replace(good, bad))
    assert _case_validate(path, "case-1.4.0").returncode == 1


def test_the_description_names_each_file_its_hashes_the_investigation_and_the_authorisation() -> None:
    found = unpacked(tarred())
    graph = json.loads(found["description.jsonld"])["@graph"]
    by_type: dict[str, list[dict[str, Any]]] = {}
    for node in graph:
        by_type.setdefault(node["@type"].partition(":")[2], []).append(node)
    [investigation] = by_type["Investigation"]
    [authorisation] = by_type["Authorization"]
    assert investigation["uco-core:name"] == "4 Js 17/26"
    assert investigation["case-investigation:relevantAuthorization"] == [{"@id": authorisation["@id"]}]
    assert authorisation["case-investigation:authorizationIdentifier"] == "Order 5/26"
    assert authorisation["case-investigation:authorizationType"] == "judge"
    for node in by_type["File"]:
        place, content = node["uco-core:hasFacet"]
        data = found[place["uco-observable:filePath"]]
        hashes = {
            one["uco-types:hashMethod"]: one["uco-types:hashValue"]["@value"]
            for one in content["uco-observable:hash"]
        }
        assert hashes == {
            "SHA256": hashlib.sha256(data).hexdigest(),
            "SHA512": hashlib.sha512(data).hexdigest(),
        }
        assert {"@id": node["@id"]} in investigation["uco-core:object"]
    assert len(by_type["File"]) == len(by_type["ProvenanceRecord"]) == 3


def test_every_node_of_the_description_has_a_name_of_its_own() -> None:
    text = unpacked(tarred())["description.jsonld"].decode()
    graph = json.loads(text)["@graph"]
    names = [node["@id"] for node in graph]
    assert len(names) == len(set(names))


# ---- sealed ------------------------------------------------------------------------------------------------


def test_the_authority_opens_the_package_and_finds_the_very_bytes(package_1: tuple[bytes, Sealed]) -> None:
    data, _ = package_1
    plain = pyrage.decrypt(data, [OFFICE])
    assert plain == tarred()
    assert unpacked(plain)["data/target-1/item-1/file-00001.csv"] == SUBSCRIBER


def test_nobody_else_opens_it_and_nothing_plain_is_in_it(package_1: tuple[bytes, Sealed]) -> None:
    data, beside = package_1
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(data, [pyrage.x25519.Identity.generate()])
    for text in (b"BagIt", SUBSCRIBER, TRAFFIC[:40], PAPER.organisation.encode()):
        assert text not in data
    assert b"t1" not in beside.statement
    assert SUBSCRIBER not in beside.statement


def test_each_key_of_the_authority_opens_it_the_ssh_key_too() -> None:
    key = Ed25519PrivateKey.generate()
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    data, beside = sealed(keys=(a_key(), a_key(line + " office")))
    for identity in (OFFICE, pyrage.ssh.Identity.from_buffer(private)):
        assert pyrage.decrypt(data, [identity]) == tarred()
    said = read_statement(beside.statement, beside.signature, HOUSE_KEY)
    assert said.sealed_to == (fingerprint(str(OFFICE.to_public())), fingerprint(line))


def test_sealing_twice_never_gives_the_same_bytes() -> None:
    assert sealed()[0] != sealed()[0]


def _stays_empty(**changes: Any) -> Refused:
    out = io.BytesIO()
    with pytest.raises(Refused) as refusal:
        sealed(out=out, **changes)
    assert out.getvalue() == b""
    return refusal.value


def test_nothing_leaves_without_a_key_to_seal_to() -> None:
    assert "nothing leaves unsealed" in _stays_empty(keys=()).sentence


PQ = "age1pq1" + "q" * 1900
RSA = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7"


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "age1",
        "AGE1" + "Q" * 58,
        str(OFFICE),
        str(OFFICE.to_public())[:-1] + "q",
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
    refusal = _stays_empty(keys=(a_key(), bad))
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
    assert sentence in _stays_empty(keys=(a_key(**changes),)).sentence


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


@pytest.mark.parametrize(
    "data",
    [SUBSCRIBER[:-1], SUBSCRIBER + b"\n", SUBSCRIBER[:-1] + b"X", b"", SUBSCRIBER * 100_000],
    ids=["shorter", "longer", "other", "empty", "far longer"],
)
def test_a_file_that_changed_since_it_was_approved_takes_the_whole_package_back(data: bytes) -> None:
    changed = a_file(SUBSCRIBER, open=lambda: io.BytesIO(data))
    refusal = _stays_empty(files=(FILES[0], changed, FILES[2]))
    assert refusal.sentence == "a file is not the one that was approved"
    assert refusal.place == "t1/i1"


@pytest.mark.parametrize("by", [-1, 1])
def test_a_file_of_another_size_than_approved_is_refused_even_with_the_right_hash(by: int) -> None:
    changed = a_file(SUBSCRIBER, size=len(SUBSCRIBER) + by)
    assert _stays_empty(files=(changed,)).sentence == "a file is not the one that was approved"


def test_a_file_without_end_is_left_as_soon_as_it_is_too_long() -> None:
    reads = 0

    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            nonlocal reads
            reads += 1
            assert reads < 3
            return b"x" * 1000

    endless = a_file(SUBSCRIBER, open=Endless)  # type: ignore[arg-type]
    assert _stays_empty(files=(endless,)).sentence == "a file is not the one that was approved"


def test_what_was_written_before_the_package_stays_where_it_was() -> None:
    out = io.BytesIO(b"before")
    out.seek(6)
    changed = a_file(SUBSCRIBER, open=lambda: io.BytesIO(b""))
    with pytest.raises(Refused):
        sealed(files=(changed,), out=out)
    assert out.getvalue() == b"before"


def test_a_disk_that_fails_is_our_own_trouble_and_nothing_leaves() -> None:
    def broken() -> BinaryIO:
        raise OSError(5, "input/output error")

    out = io.BytesIO()
    with pytest.raises(OSError, match="input/output"):
        sealed(files=(a_file(SUBSCRIBER, open=broken),), out=out)
    assert out.getvalue() == b""


def test_a_signer_that_is_not_the_house_signs_nothing() -> None:
    refusal = _stays_empty(signer=Ed25519PrivateKey.generate())
    assert "signature" in refusal.sentence


class _Zeros(io.RawIOBase):
    """A large file that is never whole in memory."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        taken = min(size, self.left)
        self.left -= taken
        return bytes(taken)


class _Nowhere(io.RawIOBase):
    def write(self, data: Any) -> int:
        return len(data)

    def tell(self) -> int:
        return 0


def test_large_files_are_held_neither_whole_nor_two_at_once() -> None:
    size = 48 << 20
    digest = hashlib.sha256(bytes(size)).hexdigest()
    open_now = 0
    most = 0

    class Counted(_Zeros):
        def close(self) -> None:
            nonlocal open_now
            if not self.closed:
                open_now -= 1
            super().close()

    def opener() -> BinaryIO:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        return Counted(size)  # type: ignore[return-value]

    files = tuple(a_file(b"", size=size, sha256=digest, open=opener) for _ in range(3))
    tracemalloc.start()
    try:
        beside = seal(
            _Nowhere(),  # type: ignore[arg-type]
            preview(APPROVED, files),
            APPROVED,
            files,
            PAPER,
            keys=[a_key()],
            signer=HOUSE,
            house_key=HOUSE_KEY,
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read_statement(beside.statement, beside.signature, HOUSE_KEY).sealed_size > 3 * size
    assert peak < 8 << 20
    assert most == 1
    assert open_now == 0


# ---- signed ------------------------------------------------------------------------------------------------


def test_the_statement_says_what_was_sealed_for_whom_and_when(package_1: tuple[bytes, Sealed]) -> None:
    data, beside = package_1
    said = verify(io.BytesIO(data), beside.statement, beside.signature, HOUSE_KEY)
    assert said.sealed_sha256 == hashlib.sha256(data).hexdigest()
    assert said.bag_sha256 == hashlib.sha256(tarred()).hexdigest()
    assert said.conditions_sha256 == hashlib.sha256(unpacked(tarred())["conditions.json"]).hexdigest()
    assert (said.reference, said.organisation, said.at) == ("4 Js 17/26", "Example Provider", AT)
    assert verify_bag(io.BytesIO(tarred()), said).payload == tuple(
        one.path for one in preview(APPROVED, FILES).leaving
    )


@needs_openssl
def test_openssl_agrees_with_the_signature(package_1: tuple[bytes, Sealed], tmp_path: Path) -> None:
    _, beside = package_1
    for name, data in (
        ("key.pem", HOUSE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
        ("statement.json", beside.statement),
        ("signature", beside.signature),
    ):
        (tmp_path / name).write_bytes(data)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in statement.json -sigfile signature"
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)


def _flips(data: bytes, step: int) -> Iterator[bytes]:
    for at in range(0, len(data), step):
        yield data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_no_byte_of_the_sealed_file_can_change(package_1: tuple[bytes, Sealed]) -> None:
    data, beside = package_1
    for changed in (*_flips(data, 97), data[:-1], data + b"\0", b""):
        with pytest.raises(Refused, match="not the package"):
            verify(io.BytesIO(changed), beside.statement, beside.signature, HOUSE_KEY)
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(changed, [OFFICE])


def test_no_byte_of_the_statement_or_the_signature_can_change(package_1: tuple[bytes, Sealed]) -> None:
    _, beside = package_1
    for changed in (*_flips(beside.statement, 1), beside.statement + b" ", b""):
        with pytest.raises(Refused):
            read_statement(changed, beside.signature, HOUSE_KEY)
    for changed in (*_flips(beside.signature, 1), beside.signature[:-1], b""):
        with pytest.raises(Refused):
            read_statement(beside.statement, changed, HOUSE_KEY)


def test_another_houses_key_does_not_verify(package_1: tuple[bytes, Sealed]) -> None:
    _, beside = package_1
    for key in (Ed25519PrivateKey.generate().public_key().public_bytes_raw(), b"short"):
        with pytest.raises(Refused):
            read_statement(beside.statement, beside.signature, key)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b'"habeas-package-statement-1"', b'"habeas-package-receipt-1"'),
        lambda text: text.replace(b'"at":', b'"at": '),
        lambda text: text.replace(b"{", b'{"also":1,', 1),
        lambda text: text.replace(HOUSE_KEY_ID, b"0" * 64),
        lambda text: b"[]",
    ],
)
def test_only_a_statement_in_its_one_form_counts_even_if_the_house_signed_it(
    change: Callable[[bytes], bytes], package_1: tuple[bytes, Sealed]
) -> None:
    changed = change(package_1[1].statement)
    assert changed != package_1[1].statement
    with pytest.raises(Refused, match="statement"):
        read_statement(changed, HOUSE.sign(changed), HOUSE_KEY)


HOUSE_KEY_ID = package.key_id(HOUSE_KEY).encode()


# ---- the bag is checked ------------------------------------------------------------------------------------


def test_no_byte_of_any_file_in_the_bag_can_change() -> None:
    whole = unpacked(tarred())
    check_bag(opened(whole))
    for path, data in whole.items():
        for changed in (*_flips(data, 1 + len(data) // 40), data + b"\0"):
            with pytest.raises(Refused):
                check_bag(opened({**whole, path: changed}))


@pytest.mark.parametrize("path", sorted(unpacked(tarred())))
def test_no_file_can_be_taken_out_of_a_package(path: str) -> None:
    files = unpacked(tarred())
    del files[path]
    statement = _statement_of(tar := _retarred(files))
    with pytest.raises(Refused):
        verify_bag(io.BytesIO(tar), statement)


@pytest.mark.parametrize(
    "path", ["data/target-1/item-1/more.csv", "more.txt", "manifest-md5.txt", "fetch.txt"]
)
def test_nothing_can_be_slipped_into_a_package(path: str) -> None:
    tar = _retarred({**unpacked(tarred()), path: b""})
    with pytest.raises(Refused):
        verify_bag(io.BytesIO(tar), _statement_of(tar))


def test_the_same_package_tarred_again_is_not_refused() -> None:
    """The neighbour of the two above: what they refuse is the change, not the tar."""
    tar = _retarred(unpacked(tarred()))
    assert verify_bag(io.BytesIO(tar), _statement_of(tar)).unlisted == ()


def test_a_tar_other_than_the_signed_one_is_refused() -> None:
    statement = _statement_of(tarred())
    for changed in (tarred() + b"\0" * 512, tarred()[:-1]):
        with pytest.raises(Refused, match="not the one the statement speaks of"):
            verify_bag(io.BytesIO(changed), statement)


def test_other_conditions_than_the_signed_ones_are_refused() -> None:
    softer = tarred(paper=msgspec.structs.replace(PAPER, conditions=()))
    statement = msgspec.structs.replace(
        _statement_of(tarred()), bag_sha256=hashlib.sha256(softer).hexdigest()
    )
    with pytest.raises(Refused, match="conditions are not those"):
        verify_bag(io.BytesIO(softer), statement)


def _retarred(files: dict[str, bytes], top: str = PAPER.id) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path, data in files.items():
            info = tarfile.TarInfo(f"{top}/{path}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _statement_of(tar: bytes) -> package.Statement:
    _, beside = sealed()
    said = read_statement(beside.statement, beside.signature, HOUSE_KEY)
    return msgspec.structs.replace(said, bag_sha256=hashlib.sha256(tar).hexdigest())


def test_a_package_under_another_name_is_refused() -> None:
    tar = _retarred(unpacked(tarred()), top="another")
    with pytest.raises(Refused, match="another name"):
        verify_bag(io.BytesIO(tar), _statement_of(tar))


def _odd_tar(**changes: Any) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("x/data/a")
        for name, value in changes.items():
            setattr(info, name, value)
        archive.addfile(info)
        archive.addfile(tarfile.TarInfo("x/data/b"))
    return out.getvalue()


@pytest.mark.parametrize(
    "tar",
    [
        _odd_tar(type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        _odd_tar(type=tarfile.LNKTYPE, linkname="x/data/b"),
        _odd_tar(type=tarfile.CHRTYPE),
        _odd_tar(type=tarfile.FIFOTYPE),
        _odd_tar(name="/x/data/a"),
        _odd_tar(name="x/../../a"),
        _odd_tar(name="y/data/a"),
        _odd_tar(name="x/data/b"),
        _odd_tar(name="a"),
        b"",
        b"not a tar" * 100,
        zlib.compress(b"x"),
    ],
    ids=[
        *("symbolic link", "hard link", "device", "pipe", "absolute", "upwards", "two folders", "twice"),
        *("no folder", "empty", "text", "compressed"),
    ],
)
def test_a_tar_that_could_reach_outside_or_mislead_is_refused(tar: bytes) -> None:
    with pytest.raises(Refused):
        members(io.BytesIO(tar))


def test_a_plain_tar_with_a_folder_in_it_is_not_refused() -> None:
    assert members(io.BytesIO(_odd_tar()))[1].keys() == {"data/a", "data/b"}
    assert members(io.BytesIO(_odd_tar(type=tarfile.DIRTYPE)))[1].keys() == {"data/b"}


def _small_bag(**changes: bytes | None) -> dict[str, bytes]:
    data = {"bagit.txt": package.BAGIT, "data/a": b"a"}
    data["manifest-sha256.txt"] = f"{hashlib.sha256(b'a').hexdigest()}  data/a\n".encode()
    named = {name.replace("__", ".").replace("_", "-"): value for name, value in changes.items()}
    return {path: value for path, value in {**data, **named}.items() if value is not None}


@pytest.mark.parametrize(
    "change",
    [
        {"bagit__txt": None},
        {"bagit__txt": package.BAGIT.replace(b"1.0", b"0.97")},
        {"bagit__txt": package.BAGIT.replace(b"UTF-8", b"UTF-16")},
        {"bagit__txt": b"\xef\xbb\xbf" + package.BAGIT},
        {"bagit__txt": b"\xff" + package.BAGIT},
        {"bagit__txt": package.BAGIT + b"\n"},
        {"manifest_sha256__txt": None},
        {"manifest_sha256__txt": b"\n"},
        {"manifest_sha256__txt": b"abc  data/a\n"},
        {"manifest_sha256__txt": b"data/a\n"},
        {"manifest_sha256__txt": (hashlib.sha256(b"a").hexdigest().encode() + b"  data/a\n") * 2},
        {"manifest_md5__txt": b"0cc175b9c0f1b6a831c399e269772661  data/a\n"},
        {"fetch__txt": b"https://example.org/a 1 data/a\n"},
        {"tagmanifest_sha256__txt": b"\n"},
        {"tagmanifest_sha256__txt": hashlib.sha256(b"a").hexdigest().encode() + b"  data/a\n"},
        {"bag_info__txt": b"Payload-Oxum: 1.2\n"},
        {"bag_info__txt": b"payload-oxum : 2.1\n"},
        {"DATA/A": b"", "Data/a": b""},
    ],
    ids=lambda change: ",".join(change),
)
def test_a_bag_that_is_incomplete_or_lenient_is_refused(change: dict[str, bytes | None]) -> None:
    with pytest.raises(Refused):
        check_bag(opened(_small_bag(**change)))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"bagit__txt": package.BAGIT.replace(b"\n", b"\r\n")},
        {"bagit__txt": package.BAGIT.rstrip()},
        {"bag_info__txt": b"Payload-Oxum: 1.1\nAnything: else\n"},
        {"notes__txt": b"unlisted"},
        {"manifest_sha256__txt": hashlib.sha256(b"a").hexdigest().upper().encode() + b"\t./data/a\r\n"},
    ],
    ids=lambda change: ",".join(change),
)
def test_a_bag_as_the_rfc_allows_it_is_not_refused(change: dict[str, bytes]) -> None:
    contents = check_bag(opened(_small_bag(**change)))
    assert contents.payload == ("data/a",)
    assert ("notes.txt" in contents.unlisted) is ("notes__txt" in change)


def test_a_tag_file_too_large_to_be_one_is_not_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(_small_bag()["manifest-sha256.txt"])
    monkeypatch.setattr(package, "LARGEST_TAG_FILE", size)
    check_bag(opened(_small_bag()))
    monkeypatch.setattr(package, "LARGEST_TAG_FILE", size - 1)
    with pytest.raises(Refused, match="too large"):
        check_bag(opened(_small_bag()))


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "data/../../a",
        "/a",
        "~/a",
        "~root/a",
        "C:/a",
        "c:a",
        "data\\a",
        "data//a",
        "data/./a",
        "a\0b",
        "",
    ],
)
def test_a_path_that_leads_out_of_the_bag_somewhere_is_refused(path: str) -> None:
    with pytest.raises(Refused, match="leads out of the bag"):
        check_bag(opened({**_small_bag(), path: b""}))


def test_a_line_break_in_a_name_is_written_as_the_rfc_says() -> None:
    data = {"bagit.txt": package.BAGIT, "data/a\nb%": b"a"}
    data["manifest-sha256.txt"] = f"{hashlib.sha256(b'a').hexdigest()}  data/a%0Ab%25\n".encode()
    assert check_bag(opened(data)).payload == ("data/a\nb%",)


# ---- the published suites ----------------------------------------------------------------------------------


def _suite(path: Path, top: str) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {
            one.name: source.read()
            for one in archive
            if one.isreg() and one.name.startswith(top) and (source := archive.extractfile(one))
        }


def _bags(version: str) -> dict[tuple[str, str], dict[str, bytes]]:
    """Every bag of the suite, by (expectation, name)."""
    found: dict[tuple[str, str], dict[str, bytes]] = {}
    for name, data in _suite(BAGIT_SUITE, f"{version}/").items():
        _, expected, bag_name, *rest = name.split("/")
        if rest:
            found.setdefault((expected, bag_name), {})["/".join(rest)] = data
    return found


@needs_suites
def test_the_suite_of_the_library_of_congress_for_version_1_is_judged_as_it_says() -> None:
    bags = _bags("v1.0")
    assert sorted(expected for expected, _ in bags) == ["invalid"] * 4 + ["valid"]
    for (expected, name), files in bags.items():
        if expected == "valid":
            assert check_bag(opened(files)).payload, name
        else:
            with pytest.raises(Refused):
                check_bag(opened(files))


def _retold(files: dict[str, bytes]) -> dict[str, bytes]:
    """A bag of version 0.97 as one of version 1.0 with SHA-256 or SHA-512; a wrong hash stays wrong.

    The suite has most of its cases in the old version, and what they test did not change.
    """
    strong = ("sha256", "sha512")
    told = dict(files)
    if "bagit.txt" in told:
        told["bagit.txt"] = re.sub(rb"0\.97", b"1.0", told["bagit.txt"]).replace(b"1.0 ", b"1.0")
    lists = {path: found for path in files if (found := re.fullmatch(r"(tag)?manifest-(\w+)\.txt", path))}
    renamed = {path: path.replace(f"-{found[2]}.", "-sha256.") for path, found in lists.items()}
    renamed |= {path: path for path, found in lists.items() if found[2] in strong}
    for path in lists:
        del told[path]
    for path in sorted(lists):  # tag manifests last: they hash the others
        algorithm, lines = lists[path][2], []
        for line in files[path].decode("utf-8").splitlines():
            value, name = line.split(None, 1)
            plain = name.removeprefix("*").removeprefix("./").replace("%0A", "\n").replace("%25", "%")
            right = hashlib.new(algorithm, files.get(plain, b"")).hexdigest() == value.lower()
            now = told.get(renamed.get(plain, plain), b"") if right else b"something else"
            hashed = hashlib.new(algorithm if algorithm in strong else "sha256", now).hexdigest()
            lines.append(f"{hashed} {renamed.get(plain, name)}\n")
        if renamed[path] == path or renamed[path] not in lists:
            told[renamed[path]] = "".join(dict.fromkeys(lines) if path != renamed[path] else lines).encode()
    return told


REFUSED_ON_PURPOSE = {
    "ISO-8859-1-encoded-tag-files": "UTF-8",  # one encoding, so that nobody reads a path differently
    "UTF-16-encoded-tag-files": "UTF-8",
    "holey-bag": "fetched",  # a package is whole when it leaves
}


@needs_suites
def test_the_older_bags_of_the_suite_are_judged_as_it_says() -> None:
    bags = {key: files for key, files in _bags("v0.97").items() if "bagit.txt" in files or len(files) > 1}
    count = dict.fromkeys(("valid", "invalid", "linux-only", "windows-only", "warning"), 0)
    for (expected, name), files in bags.items():
        count[expected] += 1
        encoded = name == "UTF-16-encoded-tag-files"  # its manifests cannot be told again
        told = files if encoded else _retold(files)
        if expected == "valid" and name not in REFUSED_ON_PURPOSE:
            assert check_bag(opened(told)).payload, name
        elif expected != "warning":  # those may be judged either way
            with pytest.raises(Refused, match=REFUSED_ON_PURPOSE.get(name)):
                check_bag(opened(told))
    assert count == {"valid": 12, "invalid": 11, "linux-only": 6, "windows-only": 6, "warning": 6}


LENIENT = {  # headers that age forbids and the library reads all the same; we write packages and read none
    "stanza_missing_body",
    "stanza_missing_final_line",
}
STRICT = {"armor_whitespace_outside"}  # allowed around an armored file; packages are not armored


@needs_suites
def test_the_age_library_does_what_the_published_vectors_say() -> None:
    """The 98 vectors for X25519 keys; those for passphrases and hybrid keys are about what we never use."""
    run, unlike = 0, set()
    for path, raw in _suite(AGE_VECTORS, "age/testdata/").items():
        head, _, data = raw.partition(b"\n\n")
        fields: dict[str, list[str]] = {}
        for line in head.decode().splitlines():
            key, _, value = line.partition(": ")
            fields.setdefault(key, []).append(value)
        name = path.rpartition("/")[2]
        keys = fields.get("identity", [])
        if "passphrase" in fields or any(one.startswith("AGE-SECRET-KEY-PQ-") for one in keys):
            continue
        run += 1
        if "compressed" in fields:
            data = zlib.decompress(data)
        out = io.BytesIO()
        try:
            pyrage.decrypt_io(io.BytesIO(data), out, [pyrage.x25519.Identity.from_str(one) for one in keys])
            success = True
        except (pyrage.DecryptError, OSError):  # the second for a broken armor
            success = False
        released = hashlib.sha256(out.getvalue()).hexdigest()
        if success != (fields["expect"] == ["success"]):
            unlike.add(name)
        elif "payload" in fields:  # also where it fails half-way: nothing else may have come out
            assert [released] == fields["payload"], name
    assert run == 98
    assert unlike == LENIENT | STRICT


# ---- confirmed ---------------------------------------------------------------------------------------------

THEIRS = Ed25519PrivateKey.generate()
THEIR_KEY = THEIRS.public_key().public_bytes_raw()
NOW = AT + timedelta(days=2)


@pytest.fixture
def statement(package_1: tuple[bytes, Sealed]) -> package.Statement:
    return read_statement(package_1[1].statement, package_1[1].signature, HOUSE_KEY)


def a_receipt(statement: package.Statement, *, signed: bool = True, **changes: Any) -> Receipt:
    fields: dict[str, Any] = {
        "package": statement.package,
        "sealed_sha256": statement.sealed_sha256,
        "received_at": AT + timedelta(hours=20),
        "received_by": "registry of the District Court of Exampleton",
    }
    receipt = Receipt(**{**fields, **changes})
    if not signed:
        return receipt
    return msgspec.structs.replace(receipt, signature=THEIRS.sign(receipt.encode()))


def test_a_receipt_about_this_package_is_accepted_and_says_if_it_is_signed(
    statement: package.Statement,
) -> None:
    assert check_receipt(a_receipt(statement), statement, now=NOW, authority_key=THEIR_KEY) is True
    assert check_receipt(a_receipt(statement, signed=False), statement, now=NOW) is False


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"package": "2026-000123-2"}, "sealed_sha256"),
        ({"sealed_sha256": "0" * 64}, "sealed_sha256"),
        ({"sealed_sha256": ""}, "sealed_sha256"),
        ({"received_by": ""}, "received_by"),
        ({"received_by": "registry\nof"}, "received_by"),
        ({"received_at": AT - timedelta(minutes=6)}, "received_at"),
        ({"received_at": NOW + timedelta(minutes=6)}, "received_at"),
        ({"received_at": AT.replace(tzinfo=None)}, "received_at"),
        ({"kind": "habeas-package-statement-1"}, "kind"),
    ],
)
def test_a_receipt_about_something_else_is_refused(
    changes: dict[str, Any], place: str, signed: bool, statement: package.Statement
) -> None:
    with pytest.raises(Refused) as refusal:
        check_receipt(
            a_receipt(statement, signed=signed, **changes), statement, now=NOW, authority_key=THEIR_KEY
        )
    assert refusal.value.place == place


def test_two_honest_clocks_may_differ_a_little(statement: package.Statement) -> None:
    for at in (AT - timedelta(minutes=5), NOW + timedelta(minutes=5)):
        assert check_receipt(
            a_receipt(statement, received_at=at), statement, now=NOW, authority_key=THEIR_KEY
        )


def test_no_word_of_a_signed_receipt_can_change(statement: package.Statement) -> None:
    good = a_receipt(statement)
    changed = [
        msgspec.structs.replace(good, received_by="somebody else"),
        msgspec.structs.replace(good, received_at=good.received_at + timedelta(seconds=1)),
        *(msgspec.structs.replace(good, signature=one) for one in _flips(good.signature, 1)),
    ]
    for one in changed:
        with pytest.raises(Refused, match="signature"):
            check_receipt(one, statement, now=NOW, authority_key=THEIR_KEY)


def test_a_signature_nobody_can_check_is_refused_and_not_ignored(statement: package.Statement) -> None:
    with pytest.raises(Refused, match="no key of the authority"):
        check_receipt(a_receipt(statement), statement, now=NOW)
    with pytest.raises(Refused, match="not of this text by this key"):
        check_receipt(a_receipt(statement), statement, now=NOW, authority_key=HOUSE_KEY)


def test_the_houses_statement_is_no_receipt(statement: package.Statement, package_1: Any) -> None:
    receipt = a_receipt(statement, signed=False)
    taken = msgspec.structs.replace(receipt, signature=package_1[1].signature)
    with pytest.raises(Refused):
        check_receipt(taken, statement, now=NOW, authority_key=HOUSE_KEY)

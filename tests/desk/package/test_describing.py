"""The description is what the validator of CASE accepts, and names everything."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.desk.package.packages import tarred, unpacked


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

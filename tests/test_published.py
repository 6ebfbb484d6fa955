"""Who lacks a published suite is told where to have it from; who has another one is told so too."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests import published, tabulating
from tests.published import EVERY, PLACE, VARIABLE, Published, listed

FILES = {"v1/a.txt": b"a\n", "v1/b/c d.txt": b"c\n", "v2/x": b"x"}
SUITE = Published(
    what="a suite",
    folder="suite",
    address="https://example.org/suite",
    parts=("v1/", "v2/"),
    sha256=listed(FILES),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(published, "PLACE", tmp_path)
    published._files.cache_clear()
    return tmp_path / "suite"


def lay(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.folder)
def test_who_skips_says_what_is_missing_where_it_can_be_had_and_its_hash(each: Published) -> None:
    assert "https://" in each.address
    assert len(each.sha256) == 64
    for said in (VARIABLE, each.what, each.folder, each.address, each.sha256, *each.parts, *each.source):
        assert said in each.absent
    assert (each.made is None) == (each.source == ("", ""))


@pytest.mark.parametrize("top", ["", "suite-1234abc/"])
def test_a_suite_is_read_from_its_folder_and_from_the_archive_of_its_repository(
    folder: Path, top: str
) -> None:
    if not top:
        lay(folder, {**FILES, "README": b"read past"})
    else:
        folder.mkdir()
        with tarfile.open(folder / "suite.tar.gz", "w:gz") as archive:
            for name, data in {**FILES, "README": b"read past"}.items():
                info = tarfile.TarInfo(top + name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
    assert SUITE.there
    assert SUITE.files() == FILES


@pytest.mark.parametrize("changed", [{"v1/a.txt": b"b\n"}, {"v1/more": b""}])
def test_a_suite_that_is_another_fails_and_is_not_passed_over(
    folder: Path, changed: dict[str, bytes]
) -> None:
    lay(folder, {**FILES, **changed})
    with pytest.raises(AssertionError, match="is not what https://example"):
        SUITE.files()


def test_a_suite_of_which_a_part_is_missing_is_not_there(folder: Path) -> None:
    assert not SUITE.there
    lay(folder, {"v1/a.txt": b"a\n"})
    assert not SUITE.there


def test_the_hash_of_a_list_is_what_the_command_gives(tmp_path: Path) -> None:
    lay(tmp_path, FILES)
    command = next(line.strip() for line in (published.__doc__ or "").splitlines() if "find" in line)
    done = subprocess.run(
        command.replace("v0.97 v1.0", "v1 v2"), shell=True, cwd=tmp_path, capture_output=True, check=True
    )
    assert done.stdout.decode().split()[0] == listed(FILES)
    assert listed({"one": b"1"}) == hashlib.sha256(b"1").hexdigest()


SMALL = {
    "apple": {
        "measures": ["requests_received", "items_specified"],
        "periods": ["2024 H1", "2024 H2"],
        "countries": ["Japan", "France"],
        "request_types": ["device", "app_takedown_legal_violation"],
        "rows": [[0, 1, 0, 3, None], [1, 0, 1, 9, 9], [1, 0, 0, 5, 6]],
        "ns_rows": [[1, 1, "NSLs", 0, 249, 250, 499]],
    },
    "google": {
        "periods": ["January - June 2024"],
        "countries": ["FR"],
        "country_names": ["France"],
        "requestors": ["Police", "Judicial"],
        "reasons": ["Defamation"],
        "products": ["a", "b"],
        "rows": [[0, 0, 1, 0, 0, 1, 4], [0, 0, 0, 0, 0, 2, 2], [0, 0, 1, 1, 0, 10, 30]],
        "schema": ["period", "country", "requestor", "product", "reason", "num_requests", "items_requested"],
    },
}


def test_tables_are_made_from_what_others_collected() -> None:
    made = tabulating.apple(json.dumps(SMALL["apple"]).encode())
    assert made["apple_requests.csv"].decode().splitlines() == [
        "period,country,request_type,requests_received,items_specified",
        "2024 H1,France,device,3,",
        "2024 H2,Japan,device,5,6",
    ]
    assert made["apple_national_security_bands.csv"].endswith(b"2024 H2,France,NSLs,0,249,250,499\n")
    [removals] = tabulating.google(json.dumps(SMALL["google"]).encode()).values()
    assert removals.decode().splitlines() == [
        "period,iso2,country,requestor,reason,num_requests,items_requested",
        "January - June 2024,FR,France,Judicial,Defamation,11,34",
        "January - June 2024,FR,France,Police,Defamation,2,2",
    ]


def test_a_table_is_made_once_and_only_where_its_source_lies(folder: Path) -> None:
    made = replace(
        SUITE, parts=("table.csv",), source=("source.json", ""), made=lambda data: {"table.csv": data}
    )
    made.make()
    assert not made.there
    lay(folder, {"source.json": b"first"})
    made.make()
    assert (folder / "table.csv").read_bytes() == b"first"
    lay(folder, {"source.json": b"second"})
    made.make()
    assert (folder / "table.csv").read_bytes() == b"first"


def test_the_variable_says_where_they_lie(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[1]
    code = "from tests.published import PLACE; print(PLACE)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env={VARIABLE: str(tmp_path)}, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == str(tmp_path)
    assert PLACE.is_absolute()

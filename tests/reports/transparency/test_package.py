"""The open data is a data package whose files are what they are said to be, the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date

import pytest

from habeas.errors import Refused
from habeas.reports.transparency import How, Period, Restriction, package, report
from tests.reports.transparency.histories import SEED
from tests.reports.transparency.made import BAND, HALF, HOUSE, entries, made

LICENCE = ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_each_file_is_described_with_its_columns_bytes_and_hash() -> None:
    files = package(made(entries(), BAND), licence=LICENCE)
    described = json.loads(files["datapackage.json"])
    assert described["licenses"] == [{"name": "CC-BY-4.0", "path": LICENCE[1]}]
    assert {each["path"] for each in described["resources"]} == set(files) - {"datapackage.json"}
    for each in described["resources"]:
        data = files[each["path"]]
        assert each["bytes"] == len(data)
        assert each["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        fields = each["schema"]["fields"]
        assert data.decode().splitlines()[0] == ",".join(field["name"] for field in fields)
        for row in rows(data):
            for field in fields:
                if field["type"] == "integer" and row[field["name"]]:
                    assert str(int(row[field["name"]])) == row[field["name"]]


def test_the_columns_are_those_that_others_publish() -> None:
    files = package(made(entries()), licence=LICENCE)
    assert files["requests.csv"].startswith(b"year,half,type,count_requests_received,count_disclosed\n")
    assert files["states.csv"].startswith(b"year,half,type,government,government_iso2_code,count\n")
    codes = {row["government_iso2_code"]: row["government"] for row in rows(files["states.csv"])}
    assert codes["DE"] == "Germany"


def test_files_agree_with_each_other() -> None:
    files = package(made(entries()), licence=LICENCE)
    for line in rows(files["requests.csv"]):
        states = [int(row["count"]) for row in rows(files["states.csv"]) if row["type"] == line["type"]]
        assert int(line["count_requests_received"]) == sum(states) > 0


def test_the_same_report_gives_the_same_bytes() -> None:
    assert package(made(entries()), licence=LICENCE) == package(made(entries()[::-1]), licence=LICENCE)


def test_a_number_that_law_forbids_is_empty_and_named() -> None:
    files = package(made(entries(), BAND), licence=LICENCE)
    [order] = [row for row in rows(files["requests.csv"]) if row["type"] == "order"]
    assert order["count_requests_received"] == ""
    first, *others = rows(files["not-shown.csv"])
    assert (first["how"], first["law"], first["shown"]) == ("band", BAND.law, "0-249")
    assert {(each["how"], each["shown"]) for each in others} == {("never", "")}  # what would give it away
    assert {"arrival", "accounts", "decision"} <= {each["subject"] for each in others}
    assert order["count_disclosed"] == ""


def test_the_package_of_a_supplement_says_that_everything_else_stands_elsewhere() -> None:
    law = Restriction(subject="hold", how=How.DEFER, until="2026-10")
    first = made(entries(), law)
    later = report(
        entries(), HALF, house=HOUSE, seed=SEED, made=date(2026, 10, 2), before=[first], deferred="2026-10"
    )
    files = package(later, licence=LICENCE)
    assert {row["subject"] for row in rows(files["numbers.csv"])} == {"hold"}
    said = rows(files["not-shown.csv"])
    assert {each["how"] for each in said} == {"elsewhere"}
    assert "hold" not in {each["subject"] for each in said}
    assert {row["count_requests_received"] for row in rows(files["requests.csv"])} == {""}
    assert b"transparency-2026-h1-from-2026-10" in files["datapackage.json"]


def test_nothing_at_all_is_a_package_too() -> None:
    files = package(made([]), licence=LICENCE)
    assert [row["count_requests_received"] for row in rows(files["requests.csv"])] == ["0", "0", "0"]
    assert rows(files["states.csv"]) == []


def test_a_report_for_inside_use_is_never_packed() -> None:
    inside = Period(first="2026-01", last="2026-03")
    short = report(entries(), inside, house=HOUSE, seed=SEED, made=date(2026, 4, 2))
    with pytest.raises(Refused):
        package(short, licence=LICENCE)

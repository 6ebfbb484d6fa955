"""What came is fetched byte for byte, under a type that nothing opens, by who reads the case alone."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from habeas.app import enclosing
from habeas.desk.case import Case
from habeas.web import headers
from tests.desk.desks import as_covered
from tests.web.house import House

SCRIPT = b"<html><script>alert(1)</script>"
NAME = "order of ana@host.example.html"


@pytest.fixture
def case(house: House) -> Case:
    found = house.assessed()
    came = [enclosing.Came(NAME, SCRIPT), enclosing.Came("list.csv", b"a,b\r\n")]
    return enclosing.attach(house.installation, house.organisation, found.id, "intake", came)


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("person", ["intake", "reviewer", "counsel", "custodian", "auditor"])
def test_who_reads_the_case_fetches_what_came_along_as_it_came(person: str, house: House, case: Case) -> None:
    page = house.client(person).get(f"/cases/{case.id}/files/").content.decode()
    file = case.files_kept[0]
    address = f"/cases/{case.id}/files/{file.sha256}/"
    assert address in page
    assert file.sha256 == hashlib.sha256(SCRIPT).hexdigest()
    answer = house.client(person).get(address)
    assert body(answer) == SCRIPT
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Length"] == str(len(SCRIPT))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == headers.POLICY
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert NAME in answer.headers["Content-Disposition"]


def test_the_bytes_of_each_version_are_fetched_too(house: House, case: Case) -> None:
    source = case.versions[0].source
    answer = house.client("auditor").get(f"/cases/{case.id}/files/{source}/")
    assert hashlib.sha256(body(answer)).hexdigest() == source
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="request-{case.id}-version-1.txt"'


def test_only_who_works_at_the_desk_is_offered_to_keep_more(house: House, case: Case) -> None:
    for person, offered in (("intake", True), ("auditor", False), ("custodian", False)):
        page = house.client(person).get(f"/cases/{case.id}/files/").content.decode()
        assert (f'href="/cases/{case.id}/attach/"' in page) is offered


def test_an_expert_without_the_names_sees_numbers_and_fetches_nothing(house: House, case: Case) -> None:
    desk, now = house.installation.desk(house.organisation), house.installation.now()
    desk.invite(case.id, "counsel", now, person="expert", confirmed=as_covered(case))
    client = house.client("expert")
    page = client.get(f"/cases/{case.id}/files/").content.decode()
    assert "Attachment 1" in page
    assert "Attachment 2" in page
    seen = page + client.get(f"/cases/{case.id}/").content.decode()
    for secret in (NAME, "ana@host.example", "list.csv", *(each.sha256 for each in case.files_kept)):
        assert secret not in seen
    for each in (*(each.sha256 for each in case.files_kept), case.versions[0].source):
        assert client.get(f"/cases/{case.id}/files/{each}/").status_code == 404


def test_a_guest_with_the_names_reads_all_of_it(house: House, case: Case) -> None:
    desk, now = house.installation.desk(house.organisation), house.installation.now()
    desk.invite(case.id, "counsel", now, person="delegate", blinded=False)
    client = house.client("delegate")
    assert NAME in client.get(f"/cases/{case.id}/files/").content.decode()
    assert body(client.get(f"/cases/{case.id}/files/{case.files_kept[0].sha256}/")) == SCRIPT


@pytest.mark.parametrize("person", ["administrator", "expert"])
def test_who_does_not_read_the_case_fetches_nothing(person: str, house: House, case: Case) -> None:
    client = house.client(person)
    for address in (f"/cases/{case.id}/files/", f"/cases/{case.id}/files/{case.files_kept[0].sha256}/"):
        assert client.get(address).status_code in (403, 404)


def test_names_of_files_are_in_no_sentence_of_the_history(house: House, case: Case) -> None:
    page = house.client("auditor").get(f"/cases/{case.id}/").content.decode()
    assert "2 files were kept as they came." in page
    assert "list.csv" not in page


@pytest.mark.parametrize("sha256", ["0" * 64, "..", "x", "%2e%2e%2fkeys"])
def test_no_other_word_leads_to_a_file(sha256: str, house: House, case: Case) -> None:
    assert house.client("auditor").get(f"/cases/{case.id}/files/{quote(sha256)}/").status_code == 404


def test_files_are_kept_later_by_a_page(house: House, case: Case) -> None:
    client = house.client("reviewer")
    sent = [SimpleUploadedFile("a.bin", b"\x00" * 3_000_000), SimpleUploadedFile("b.bin", b"b")]
    answer = client.post(f"/cases/{case.id}/attach/", {"seen": str(case.length), "along": sent})
    assert answer.status_code == 302
    now = house.case(case.id)
    assert [(each.name, each.size) for each in now.files_kept[2:]] == [("a.bin", 3_000_000), ("b.bin", 1)]
    again = client.post(
        f"/cases/{case.id}/attach/", {"seen": str(now.length), "along": [SimpleUploadedFile("c", b"b")]}
    )
    assert again.status_code == 422
    assert "in the case already" in again.content.decode()
    none = client.post(f"/cases/{case.id}/attach/", {"seen": str(now.length)})
    assert none.status_code == 422
    assert "No file came" in none.content.decode()
    assert house.case(case.id).length == now.length


def test_what_is_too_long_is_not_kept(house: House, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enclosing, "FILE_BYTES", 1000)
    sent = {"seen": str(case.length), "along": [SimpleUploadedFile("a.bin", bytes(1001))]}
    answer = house.client("intake").post(f"/cases/{case.id}/attach/", sent)
    assert answer.status_code == 422
    assert "more than 1,000 bytes" in answer.content.decode()
    assert house.case(case.id).length == case.length

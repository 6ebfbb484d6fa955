"""What leaves: shown before anybody approves it, and fetched afterwards in its sealed form alone."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from habeas.desk.case import Case
from habeas.request import Period
from habeas.web.views.package import PARTS
from tests.app import houses
from tests.web.house import House, Releasing


@pytest.fixture
def released(releasing: Releasing) -> Case:
    return releasing.brought("released")


def page(house: House, person: str, case: Case) -> str:
    return house.client(person).get(f"/cases/{case.id}/package/").content.decode()


def test_who_approves_sees_every_file_its_hash_and_its_neutral_name_first(releasing: Releasing) -> None:
    case = releasing.brought("prepared")
    for text in (
        releasing.client("reviewer-2").get(f"/cases/{case.id}/approve-release/").content.decode(),
        page(releasing, "auditor", case),
    ):
        for held in case.files:
            assert held.sha256 in text
            assert f"<bdi>{held.name}</bdi>" in text
        assert "data/target-1/item-1/file-00001" in text
        assert "Their own names, folders, times and owners stay here" in text
        assert "Not approved, or something changed since" in text
        assert "Compared on" in text


def test_a_file_that_does_not_leave_is_shown_with_its_reason(releasing: Releasing) -> None:
    case = releasing.brought("notified")
    beyond = Period(start=date(2020, 1, 1), end=date(2026, 10, 9))
    laid = [replace(each, period=beyond) for each in houses.files(case)]
    case = releasing.installation.prepare(releasing.organisation, case.id, "custodian", laid)
    text = page(releasing, "custodian", case)
    assert "Its data reaches beyond the days approved." in text
    assert "do not leave" in text or "does not leave" in text
    assert "No file would leave now." in text


def test_an_approval_is_shown_with_the_time_it_has_left(releasing: Releasing) -> None:
    case = releasing.brought("approved")
    releasing.clock.go(hours=1)
    text = releasing.client("custodian").get(f"/cases/{case.id}/release/").content.decode()
    assert "2 days 23 h left: it lapses" in text
    assert text.count("SHA-256 ") == len(case.files)


def test_a_lapsed_approval_is_called_lapsed(releasing: Releasing) -> None:
    case = releasing.brought("approved")
    releasing.clock.go(hours=73)
    text = page(releasing, "custodian", case)
    assert "The approval has lapsed" in text
    assert f"/cases/{case.id}/release/" not in text


def test_the_custodian_fetches_the_sealed_package_its_statement_and_its_signature(
    releasing: Releasing, released: Case
) -> None:
    package = _package(released)
    text = page(releasing, "custodian", released)
    for part, (ending, kind) in PARTS.items():
        address = f"/cases/{released.id}/package/{package}/{part}/"
        assert address in text
        answer = releasing.client("custodian").get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        name = f"package-{package[:16]}{ending}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        data = b"".join(answer.streaming_content)
        if part == "sealed":
            assert data.startswith(b"age-encryption.org/v1")
            assert hashlib.sha256(data).hexdigest() == package
        assert houses.PLANTED.encode() not in data


def test_to_fetch_a_package_presence_is_proved_first(releasing: Releasing, released: Case) -> None:
    address = f"/cases/{released.id}/package/{_package(released)}/sealed/"
    answer = releasing.client("custodian", minutes_ago=16).get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/presence/")


@pytest.mark.parametrize("person", ["intake", "reviewer", "counsel", "auditor", "administrator"])
def test_nobody_but_the_custodian_fetches_a_package(
    person: str, releasing: Releasing, released: Case
) -> None:
    package = _package(released)
    for part in PARTS:
        answer = releasing.client(person).get(f"/cases/{released.id}/package/{package}/{part}/")
        assert answer.status_code == 403
    if person != "administrator":
        assert f"/package/{package}/" not in page(releasing, person, released)


def test_a_plain_file_has_no_address(releasing: Releasing, released: Case) -> None:
    custodian = releasing.client("custodian")
    for held in released.released:
        for part in PARTS:
            answer = custodian.get(f"/cases/{released.id}/package/{held.sha256}/{part}/")
            assert answer.status_code == 404


def test_a_package_of_another_case_is_not_found_under_this_one(releasing: Releasing, released: Case) -> None:
    other = releasing.brought("prepared")
    answer = releasing.client("custodian").get(f"/cases/{other.id}/package/{_package(released)}/sealed/")
    assert answer.status_code == 404


def test_a_package_that_was_taken_away_is_said_to_be_gone(releasing: Releasing) -> None:
    case = releasing.brought("released")
    folder = releasing.installation.outgoing / releasing.organisation / case.id
    (folder / f"{_package(case)}.age").unlink()
    assert "no longer lies in the outgoing folder" in page(releasing, "custodian", case)
    assert (
        releasing.client("custodian").get(f"/cases/{case.id}/package/{_package(case)}/sealed/").status_code
        == 404
    )


def test_somebody_invited_learns_nothing_of_the_files(releasing: Releasing) -> None:
    case = releasing.brought("prepared")
    desk, now = releasing.installation.desk(releasing.organisation), releasing.clock()
    desk.invite(case.id, "counsel", now, person="expert", blinded=False, question="Is it known?")
    expert = releasing.client("expert")
    assert expert.get(f"/cases/{case.id}/").status_code == 200
    assert expert.get(f"/cases/{case.id}/package/").status_code == 404


def _package(case: Case) -> str:
    return next(each.event.package for each in reversed(case.history) if each.event.kind == "released")

"""What leaves: shown before anybody approves it, and fetched afterwards in its sealed form alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from habeas.app.releasing import confirm_delivery, prepare
from habeas.assess import Ceiling, Decision
from habeas.desk.case import Case
from habeas.desk.delivery import PARTS
from habeas.desk.package import fingerprint
from habeas.gateways import timestamps
from habeas.request import Period
from habeas.web.accounts import access
from habeas.web.views.package import KINDS
from tests.app import houses
from tests.desk.desks import rulings
from tests.signing import SshKey, needs_ssh
from tests.stamps import Stamps, needs_openssl
from tests.web.house import House, Releasing


@pytest.fixture(scope="module")
def prepared(releasing: Releasing) -> Case:
    return releasing.brought("prepared")


@pytest.fixture
def released(releasing: Releasing) -> Case:
    return releasing.brought("released")


@pytest.fixture
def another(releasing: Releasing) -> Releasing:
    """A house of the test's own, in which no request came in yet."""
    return Releasing(releasing.installation, clock=releasing.clock)


@pytest.fixture
def morning(releasing: Releasing) -> Iterator[Releasing]:
    """A house of the test's own on the first day, however late it became in the others."""
    late = releasing.installation.now
    yield Releasing(releasing.installation)
    releasing.installation.now = late


def page(house: House, person: str, case: Case) -> str:
    return house.client(person).get(f"/cases/{case.id}/package/").content.decode()


def test_who_approves_sees_every_file_its_hash_and_its_neutral_name_first(
    releasing: Releasing, prepared: Case
) -> None:
    case = prepared
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
    (notice,) = case.notices
    form = releasing.client("reviewer-2").get(f"/cases/{case.id}/approve-release/").content.decode()
    assert f'href="/cases/{case.id}/letters/{notice.letter}/read/"' in form
    assert f"went out on {notice.went}, by post, as intake recorded." in form


def file_of(case: Case) -> str:
    return f"/cases/{case.id}/leaving/{case.files[0].sha256}/"


@pytest.mark.parametrize("person", ["reviewer-2", "counsel", "auditor"])
def test_who_is_about_to_approve_opens_exactly_the_bytes_that_would_leave(
    releasing: Releasing, prepared: Case, person: str
) -> None:
    case = prepared
    held = case.files[0]
    where = f"/cases/{case.id}/{'package' if person == 'auditor' else 'approve-release'}/"
    shown = releasing.client(person).get(where).content.decode()
    assert f'href="{file_of(case)}"' in shown
    assert "Asked: " in shown
    answer = releasing.client(person).get(file_of(case))
    assert answer.status_code == 200
    data = b"".join(answer.streaming_content)
    assert hashlib.sha256(data).hexdigest() == held.sha256
    assert answer.headers["Content-Length"] == str(held.size) == str(len(data))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    named = answer.headers["Content-Disposition"]
    assert named == f'attachment; filename="{case.id}-target-1-item-1-file-00001.csv"'
    line = access.lines(releasing.organisation, kinds=(access.Kind.FILE_OPENED,), limit=50)[0]
    assert (line.person, line.case, line.how) == (person, case.id, held.sha256[:16])
    assert list(access.check(releasing.organisation)) == []
    record = releasing.client("auditor").get("/access/?kind=files").content.decode()
    assert "Opened a file that would leave" in record
    assert case.id in record


@pytest.mark.parametrize("person", ["custodian", "intake"])
def test_nobody_else_opens_a_file(releasing: Releasing, prepared: Case, person: str) -> None:
    before = len(access.lines(releasing.organisation, kinds=(access.Kind.FILE_OPENED,), limit=50))
    answer = releasing.client(person).get(file_of(prepared))
    assert answer.status_code == 403
    assert "The files are opened by the one who may approve" in answer.content.decode()
    assert f'href="{file_of(prepared)}"' not in page(releasing, person, prepared)
    assert len(access.lines(releasing.organisation, kinds=(access.Kind.FILE_OPENED,), limit=50)) == before


def test_to_open_a_file_presence_is_proved_and_a_hash_of_nothing_opens_nothing(
    releasing: Releasing, prepared: Case
) -> None:
    answer = releasing.client("auditor", minutes_ago=16).get(file_of(prepared))
    assert answer.headers["Location"].startswith("/presence/")
    assert releasing.client("auditor").get(f"/cases/{prepared.id}/leaving/{'0' * 64}/").status_code == 404


def test_a_file_is_not_opened_where_the_record_cannot_say_so(
    releasing: Releasing, prepared: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_words: object, **_more: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(access, "noted", broken)
    with pytest.raises(DatabaseError):
        releasing.client("auditor").get(file_of(prepared))


def test_a_file_that_does_not_leave_is_shown_with_its_reason(releasing: Releasing) -> None:
    case = releasing.brought("notified")
    beyond = Period(start=date(2020, 1, 1), end=date(2026, 10, 9))
    laid = [replace(each, period=beyond) for each in houses.files(case)]
    case = prepare(releasing.installation, releasing.organisation, case.id, "custodian", laid)
    text = page(releasing, "custodian", case)
    assert "Its data reaches beyond the days approved." in text
    assert "do not leave" in text or "does not leave" in text
    assert "No file would leave now." in text


def test_an_approval_is_shown_with_the_time_it_has_left(releasing: Releasing) -> None:
    case = releasing.brought("approved")
    opened = releasing.client("counsel").get(file_of(case))  # who approved it looks once more
    assert b"".join(opened.streaming_content)
    assert releasing.client("reviewer").get(file_of(case)).status_code == 403  # approved already, by another
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


def test_the_custodian_fetches_the_sealed_package_and_what_goes_beside_it(
    releasing: Releasing, released: Case
) -> None:
    package = _package(released)
    text = page(releasing, "custodian", released)
    assert "/timestamp/" not in text, "this house asks for none"
    for part in ("sealed", "statement", "signature", "note"):
        ending, kind = PARTS[part], KINDS[part]
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


# ---- time-stamps ----


def asking(house: Releasing, stamps: Stamps, monkeypatch: pytest.MonkeyPatch) -> None:
    """This house has its packages time-stamped from here on."""
    stamps.believed(monkeypatch)
    settings = msgspec.structs.replace(houses.SETTINGS, timestamps=stamps.authority)
    house.installation.configure(house.organisation, "administrator", settings)


def hand_over(house: Releasing, case: Case, **typed: str) -> Any:
    return house.client("custodian").post(f"/cases/{case.id}/release/", {**typed, "seen": str(case.length)})


@needs_openssl
def test_the_custodian_sees_and_fetches_the_time_stamp(
    another: Releasing, stamps: Stamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking(another, stamps, monkeypatch)
    case = another.brought("approved")
    form = another.client("custodian").get(f"/cases/{case.id}/release/").content.decode()
    assert "127.0.0.1 is asked to stamp the time" in form
    assert 'name="unstamped"' not in form, "nobody is asked for a reason before one is needed"
    assert hand_over(another, case).status_code == 302
    case = another.case(case.id)
    text = page(another, "custodian", case)
    assert "By <bdi>127.0.0.1</bdi>, policy 1.2.3.4" in text
    address = f"/cases/{case.id}/package/{_package(case)}/timestamp/"
    assert address in text
    answer = another.client("custodian").get(address)
    assert answer.headers["Content-Type"] == "application/timestamp-reply"
    token = b"".join(answer.streaming_content)
    signature = b"".join(
        another.client("custodian")
        .get(f"/cases/{case.id}/package/{_package(case)}/signature/")
        .streaming_content
    )
    found = timestamps.read(token, signature, roots=stamps.roots)
    history = another.client("auditor").get(f"/cases/{case.id}/").content.decode()
    assert f"127.0.0.1 stamped the time, {found.at:%Y-%m-%d %H:%M:%S} UTC." in history
    assert f"{found.at:%Y-%m-%d %H:%M:%S} UTC" in text


@needs_openssl
def test_a_silent_authority_is_said_and_the_custodian_may_go_on_with_a_reason(
    another: Releasing, stamps: Stamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking(another, stamps, monkeypatch)
    stamps.mood = stamps.fails
    case = another.brought("approved")
    answer = hand_over(another, case)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The time-stamp authority answered with 503, and nothing was handed over" in text
    assert 'name="unstamped"' in text
    assert another.case(case.id) == case
    assert hand_over(another, case, unstamped=" ").status_code == 422
    client = another.client("custodian")
    typed = {"unstamped": "A court waits for it.", "seen": str(case.length)}
    assert client.post(f"/cases/{case.id}/release/", typed).status_code == 302
    told = client.get(f"/cases/{case.id}/").content.decode()
    assert "It has no time-stamp: the time-stamp authority answered with 503." in told
    assert "A court waits for it." in told, "the reason stands in the history"
    text = page(another, "auditor", another.case(case.id))
    assert "Why it left all the same: <bdi>A court waits for it.</bdi>" in text
    assert "/timestamp/" not in page(another, "custodian", another.case(case.id))


def test_a_house_that_asks_for_no_time_stamp_says_nothing_of_one(releasing: Releasing) -> None:
    case = releasing.brought("approved")
    form = releasing.client("custodian").get(f"/cases/{case.id}/release/").content.decode()
    assert "stamp the time" not in form
    assert hand_over(releasing, case).status_code == 302
    assert "Time-stamp" not in page(releasing, "custodian", releasing.case(case.id))


# ---- it arrived ----


def confirm(house: Releasing, case: Case, **typed: Any) -> Any:
    return house.client("custodian").post(
        f"/cases/{case.id}/confirm-delivery/", {**typed, "seen": str(case.length)}
    )


def as_file(data: bytes, name: str = "receipt.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_receipt_is_handed_in_as_a_file_shown_and_fetched_as_it_came(
    releasing: Releasing, released: Case
) -> None:
    came = houses.receipt_of(released, releasing.clock.go(hours=2))
    assert confirm(releasing, released, receipt_file=as_file(came)).status_code == 302
    case = releasing.case(released.id)
    text = page(releasing, "auditor", case)
    assert "It names this very package; it is not signed" in text
    assert "by <bdi>their registry</bdi>" in text
    (address,) = set(re.findall(rf"/cases/{case.id}/delivery/[0-9a-f]+/", text))
    answer = releasing.client("auditor").get(address)
    assert answer.content == came
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="receipt-')
    assert answer.headers["Content-Disposition"].endswith('.json"')
    for other in (_package(case), case.released[0].sha256):
        assert releasing.client("auditor").get(f"/cases/{case.id}/delivery/{other}/").status_code == 404
    assert releasing.client("administrator").get(address).status_code == 403


@needs_ssh
def test_a_signed_receipt_may_be_pasted_as_most_editors_save_it(another: Releasing, tmp_path: Path) -> None:
    theirs = SshKey.made(tmp_path)
    another.installation.desk(another.organisation).register_key(
        "administrator", another.clock(), key=houses.key(theirs.recipient, another.clock())
    )
    case = another.brought("released")
    came = houses.receipt_of(case, another.clock.go(hours=2)) + b"\n"
    signature = theirs.signed(came)
    typed = {
        "receipt": came.decode().replace("\n", "\r\n"),
        "signature": signature.decode().replace("\n", "\r\n"),
    }
    wrong = confirm(another, case, **{**typed, "receipt": typed["receipt"].replace("registry", "office")})
    assert wrong.status_code == 422
    assert "The signature is not of this receipt" in wrong.content.decode()
    assert confirm(another, case, **typed).status_code == 302
    text = page(another, "custodian", another.case(case.id))
    assert "It names this very package, signed with their registered key" in text
    assert fingerprint(theirs.recipient) in text
    addresses = re.findall(rf"/cases/{case.id}/delivery/[0-9a-f]+/", text)
    kept = [another.client("custodian").get(each).content for each in addresses]
    assert kept[0] == came
    assert kept[1].split() == signature.split()


def test_a_receipt_of_another_package_is_refused_and_what_was_typed_is_kept(
    releasing: Releasing, released: Case
) -> None:
    other = releasing.brought("released")
    came = houses.receipt_of(other, releasing.clock.go(hours=2))
    answer = confirm(releasing, released, receipt=came.decode())
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The receipt is about another package" in text
    assert _package(other) in text
    assert releasing.case(released.id) == released


def test_a_confirmation_by_word_is_told_apart(releasing: Releasing, released: Case) -> None:
    for typed in ({}, {"who": "their registry"}, {"how": "by telephone"}):
        assert confirm(releasing, released, **typed).status_code == 422
    typed = {"who": "their registry", "how": "by telephone"}
    assert confirm(releasing, released, **typed).status_code == 302
    text = page(releasing, "auditor", releasing.case(released.id))
    assert "There is no receipt" in text
    assert "<bdi>their registry</bdi>: <bdi>by telephone</bdi>" in text
    assert "It names this very package" not in text
    history = releasing.client("auditor").get(f"/cases/{released.id}/").content.decode()
    assert "The delivery was confirmed by word; there is no receipt." in history
    assert "by telephone" in history


def test_an_invited_expert_fetches_no_receipt(releasing: Releasing) -> None:
    app, clock = releasing.installation, releasing.clock
    case = releasing.brought("prepared")
    desk = app.desk(releasing.organisation)
    desk.invite(case.id, "counsel", clock(), person="expert", blinded=False, question="Is it known?")
    for name in ("approved", "released"):
        case = houses.step(app, clock, case, name, releasing.organisation)
    came = houses.receipt_of(case, clock.go(hours=2))
    confirm_delivery(app, releasing.organisation, case.id, "custodian", receipt=came)
    address = f"/cases/{case.id}/delivery/{hashlib.sha256(came).hexdigest()}/"
    assert releasing.client("custodian").get(address).status_code == 200
    assert releasing.client("expert").get(f"/cases/{case.id}/").status_code == 200
    assert releasing.client("expert").get(address).status_code == 404


def _package(case: Case) -> str:
    return next(each.event.package for each in reversed(case.history) if each.event.kind == "released")


def test_who_approves_reads_what_the_release_rests_on_by_one_person_s_word(morning: Releasing) -> None:
    case = morning.brought("notified")
    desk = morning.installation.desk(morning.organisation)
    (notice,) = case.notices
    desk.object(case.id, morning.installation.now(), code=notice.code, words="It is a mistake.")
    desk.answer_objection(
        case.id, "counsel", morning.installation.now(), upheld=False, reason="It is none: the order says so."
    )
    case = houses.step(
        morning.installation, morning.clock, morning.case(case.id), "prepared", morning.organisation
    )
    address = f"/cases/{case.id}/approve-release/"
    form = morning.client("reviewer-2").get(address).content.decode()
    said = form.partition("by one person's word")[2].partition("What would leave")[0]
    assert "The objection was answered and not upheld." in said
    assert "It is none: the order says so." in said
    assert re.findall(r'<span class="src">(\w+), ', said) == ["counsel"]
    assert "the word of custodian, who prepared it and does not approve it: open each file" in form
    assert "It is a mistake." not in form, "their words are for counsel and the auditor"
    assert (
        "Somebody else must approve the release." in morning.client("counsel").get(address).content.decode()
    )
    refused = morning.client("counsel").post(address, {"seen": case.length})
    assert refused.status_code == 422
    assert morning.client("reviewer-2").post(address, {"seen": case.length}).status_code == 302
    assert morning.case(case.id).approval is not None


def test_a_delegate_without_the_names_reads_there_what_is_covered(morning: Releasing) -> None:
    """Where nothing but an answer leaves, they can approve it; files they could not open."""
    case = morning.brought("assessed")
    now, desk = morning.installation.now, morning.installation.desk(morning.organisation)
    says = {"decision": Decision.NARROW, "ceiling": Ceiling.EXISTENCE}
    decided = rulings(case, i1=says, i2=says, i3=says)
    desk.review(case.id, "reviewer", now(), assessment=case.digest, rulings=decided, why="There is none.")
    desk.second_review(case.id, "reviewer-2", now(), agrees=True)
    case, _code = houses.told(morning.installation, case.id, morning.organisation)
    (notice,) = case.notices
    account = case.request.targets[0].identifiers[0].value
    desk.object(case.id, now(), code=notice.code, words="It is a mistake.")
    desk.answer_objection(case.id, "counsel", now(), upheld=False, reason=f"The account {account} is right.")
    desk.invite(case.id, "counsel", now(), person="delegate")
    morning.clock.go(days=11)
    form = morning.client("delegate").get(f"/cases/{case.id}/approve-release/").content.decode()
    said = form.partition("by one person's word")[2]
    assert "The objection was answered and not upheld." in said
    assert account not in form

"""What a custodian lays ready, the sealed package that leaves, its time-stamp and its receipt."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
import shutil
import socket
import subprocess
from datetime import date
from pathlib import Path

import msgspec
import pyrage
import pytest

from habeas.app import soundness
from habeas.app.installation import Installation
from habeas.app.releasing import Laid, coming, confirm_delivery, hand_over, house_key, prepare
from habeas.assess import FORMAL_REQUEST, Ceiling
from habeas.desk import package
from habeas.desk.case import Stage
from habeas.desk.delivery import PARTS
from habeas.desk.events import DeliveryConfirmed, Released
from habeas.desk.records import Conflict
from habeas.desk.stamping import Stamp
from habeas.errors import Refused
from habeas.gateways import timestamps
from habeas.request import Period
from tests.app.houses import (
    IDENTITY,
    ORGANISATION,
    SETTINGS,
    Clock,
    brought,
    configured,
    everything_under,
    files,
    key,
    packages,
    packages_named,
    receipt_of,
    step,
)
from tests.signing import SshKey, needs_ssh
from tests.stamps import Stamps, certificate, needs_openssl, pem


def test_a_package_opens_with_the_key_of_the_authority_and_its_bag_is_whole(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "released")
    assert case.stage is Stage.RELEASED
    folder = home / "outgoing" / ORGANISATION / case.id
    (sealed,) = folder.glob("*.age")
    statement, signature = (
        sealed.with_suffix(ending).read_bytes() for ending in (".statement.json", ".statement.sig")
    )
    with sealed.open("rb") as file:
        said = package.verify(file, statement, signature, house_key(app, ORGANISATION))
    assert said.package == case.id
    tar = io.BytesIO(pyrage.decrypt(sealed.read_bytes(), [IDENTITY]))
    contents = package.verify_bag(tar, said)
    tar.seek(0)
    _top, found = package.members(tar)
    assert package.check_bag(found) == contents
    given = {found[path]().read() for path in contents.payload}
    assert given == {each.data for each in files(case)}
    assert {each.sha256 for each in case.released} == {hashlib.sha256(data).hexdigest() for data in given}
    names = "\n".join(found)
    assert "i1.csv" not in names, "the custodian's own file name never leaves"


def test_what_the_assessment_asks_of_the_requester_goes_with_the_data(
    app: Installation, clock: Clock, home: Path
) -> None:
    danger = {"claimed": True, "statement": "A person is held and will be killed within hours."}
    case = brought(app, clock, "released", emergency=danger)
    assert case.assessment is not None
    assert FORMAL_REQUEST in case.assessment.conditions
    (sealed,) = (home / "outgoing" / ORGANISATION / case.id).glob("*.age")
    _top, found = package.members(io.BytesIO(pyrage.decrypt(sealed.read_bytes(), [IDENTITY])))
    (terms,) = (found[each]().read().decode() for each in found if each.endswith("conditions.txt"))
    assert "A formal request follows within 72 hours" in terms
    assert "dual criminality" not in terms, "what the house itself has to see to is no term of theirs"


def asking(app: Installation, stamps: Stamps) -> None:
    """The house has its packages time-stamped from here on."""
    app.configure(
        ORGANISATION, "administrator", msgspec.structs.replace(SETTINGS, timestamps=stamps.authority)
    )


@needs_openssl
def test_a_package_leaves_with_a_time_stamp_that_anybody_can_check(
    app: Installation, clock: Clock, home: Path, stamps: Stamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps.believed(monkeypatch)
    asking(app, stamps)
    case = brought(app, clock, "released")
    left = case.history[-1].event
    assert isinstance(left, Released)
    (sealed,) = packages_named(home, PARTS["sealed"])
    beside = {part: Path(str(sealed).removesuffix(".age") + ending) for part, ending in PARTS.items()}
    assert packages(home) == sorted(beside.values())
    signature, token = beside["signature"].read_bytes(), beside["timestamp"].read_bytes()
    found = timestamps.read(token, signature, roots=stamps.roots)
    assert left.stamp == Stamp(
        at=found.at,
        host="127.0.0.1",
        policy="1.2.3.4",
        serial=f"{found.serial:x}",
        sha256=hashlib.sha256(token).hexdigest(),
    )
    assert (left.silent, left.unstamped) == ("", "")
    assert f"127.0.0.1 stamped the time, {found.at:%Y-%m-%d %H:%M:%S} UTC." in left.sentence()
    [asked] = stamps.seen
    assert hashlib.sha256(signature).digest() in asked, "the hash of the signature is asked about"
    assert case.id.encode() not in asked
    note = beside["note"].read_text("utf-8")
    assert "by the clock of 127.0.0.1" in note
    assert left.package in note
    shutil.copy(stamps.where / "roots.pem", sealed.parent)
    [command] = re.findall(r"openssl ts -verify.*?\\\n.*", note)
    done = subprocess.run(
        command.replace("PACKAGE", sealed.stem), shell=True, cwd=sealed.parent, capture_output=True
    )
    assert b"Verification: OK" in done.stdout, done.stderr


@needs_openssl
def test_where_the_authority_is_silent_nothing_leaves_before_the_custodian_says_so(
    app: Installation, clock: Clock, home: Path, stamps: Stamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps.believed(monkeypatch)
    asking(app, stamps)
    stamps.mood = stamps.fails
    case = brought(app, clock, "approved")
    for _ in range(2):
        with pytest.raises(Refused, match="answered with 503, and nothing was handed over") as refused:
            hand_over(app, ORGANISATION, case.id, "custodian")
        assert refused.value.place == "unstamped"
    with pytest.raises(Refused, match="nothing was handed over"):
        hand_over(app, ORGANISATION, case.id, "custodian", unstamped="  ")
    assert app.case(ORGANISATION, case.id) == case
    assert packages(home) == []
    assert list(soundness.faults(app, ORGANISATION)) == []
    changed = hand_over(app, ORGANISATION, case.id, "custodian", unstamped="A court waits for it.")
    left = changed.history[-1].event
    assert isinstance(left, Released)
    assert left.stamp is None
    assert left.silent == "the time-stamp authority answered with 503"
    assert left.unstamped == "A court waits for it."
    assert "without a time-stamp: the time-stamp authority answered with 503." in left.sentence()
    assert packages_named(home, PARTS["timestamp"]) == []
    assert len(packages_named(home, PARTS["note"])) == 1
    assert stamps.asked == 4, "it was asked each time, also before it went without"


@needs_openssl
def test_a_reason_to_go_without_is_not_taken_where_the_authority_answers(
    app: Installation, clock: Clock, stamps: Stamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps.believed(monkeypatch)
    asking(app, stamps)
    case = brought(app, clock, "approved")
    left = hand_over(app, ORGANISATION, case.id, "custodian", unstamped="It was silent.").history[-1].event
    assert isinstance(left, Released)
    assert left.stamp is not None
    assert (left.silent, left.unstamped) == ("", "")


@needs_openssl
def test_a_stamp_that_leads_to_no_root_of_the_house_is_none(
    app: Installation, clock: Clock, home: Path, stamps: Stamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps.believed(monkeypatch)
    stranger = pem([certificate("root of the test")[0]])
    wrong = msgspec.structs.replace(stamps.authority, roots=stranger)
    settings = msgspec.structs.replace(SETTINGS, timestamps=wrong)
    app.configure(ORGANISATION, "administrator", settings)
    case = brought(app, clock, "approved")
    with pytest.raises(Refused, match="by an authority we trust, and nothing was handed over"):
        hand_over(app, ORGANISATION, case.id, "custodian")
    assert packages(home) == []


@needs_openssl
def test_nobody_outside_hears_of_a_release_that_is_refused_anyway(
    app: Installation, clock: Clock, home: Path, stamps: Stamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps.believed(monkeypatch)
    asking(app, stamps)
    case = brought(app, clock, "approved")
    suspended = msgspec.structs.replace(SETTINGS, timestamps=stamps.authority, suspended=("FRA",))
    configured(app, suspended)
    with pytest.raises(Refused) as refused:
        hand_over(app, ORGANISATION, case.id, "custodian", unstamped="It was silent.")
    assert "time-stamp" not in refused.value.sentence
    assert stamps.asked == 0
    assert packages(home) == []


def test_a_house_that_asks_for_no_time_stamp_reaches_nobody(
    app: Installation, clock: Clock, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = brought(app, clock, "approved")

    def reached(*_: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(socket.socket, "connect", reached)
    left = hand_over(app, ORGANISATION, case.id, "custodian").history[-1].event
    assert isinstance(left, Released)
    assert (left.stamp, left.silent) == (None, "")
    note = packages_named(home, PARTS["note"])[0].read_text("utf-8")
    assert "time-stamp" not in note
    sender = app.people(ORGANISATION).settings.sender
    assert sender is not None
    assert f"From: {sender.name}\n" in note, "the house by its name, and not by its short word here"


# ---- it arrived ----


def test_a_receipt_is_compared_with_what_left_and_kept_sealed(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "released")
    came = receipt_of(case, clock.go(hours=2))
    changed = confirm_delivery(app, ORGANISATION, case.id, "custodian", receipt=came)
    said = changed.history[-1].event
    assert isinstance(said, DeliveryConfirmed)
    assert changed.delivered == clock.at
    assert (said.who, said.received_at, said.key, said.signature) == ("their registry", clock.at, "", "")
    assert said.sentence().endswith("names this very package; it is not signed.")
    assert app.get(ORGANISATION, case.id, said.sha256) == came
    assert b"their registry" not in everything_under(home)
    assert list(soundness.faults(app, ORGANISATION)) == []


def test_a_receipt_of_something_else_is_refused_and_not_kept(app: Installation, clock: Clock) -> None:
    case, other = brought(app, clock, "released"), brought(app, clock, "released")
    now = clock.go(hours=2)
    came = receipt_of(other, now)
    for wrong in (came, came.replace(other.id.encode(), case.id.encode()), b"thanks", b""):
        with pytest.raises(Refused):
            confirm_delivery(app, ORGANISATION, case.id, "custodian", receipt=wrong)
    with pytest.raises(Refused, match="about another package"):
        confirm_delivery(app, ORGANISATION, case.id, "custodian", receipt=came, who="x", how="y")
    assert app.case(ORGANISATION, case.id) == case
    assert list(soundness.faults(app, ORGANISATION)) == []


@needs_ssh
def test_a_receipt_signed_with_the_registered_key_says_so(
    app: Installation, clock: Clock, tmp_path: Path
) -> None:
    theirs = SshKey.made(tmp_path)
    app.desk(ORGANISATION).register_key("administrator", clock(), key=key(theirs.recipient, clock()))
    case = brought(app, clock, "released")
    came = receipt_of(case, clock.go(hours=2))
    signature = theirs.signed(came)
    with pytest.raises(Refused, match="not of this receipt"):
        confirm_delivery(app, ORGANISATION, case.id, "custodian", receipt=came + b" ", signature=signature)
    changed = confirm_delivery(app, ORGANISATION, case.id, "custodian", receipt=came, signature=signature)
    said = changed.history[-1].event
    assert isinstance(said, DeliveryConfirmed)
    assert said.key == package.fingerprint(theirs.recipient)
    assert said.sentence().endswith("signed with its registered key.")
    assert app.get(ORGANISATION, case.id, said.signature) == signature
    with pytest.raises(Refused, match="without the receipt"):
        confirm_delivery(app, ORGANISATION, case.id, "custodian", signature=signature)


@needs_ssh
def test_a_key_that_was_never_compared_or_is_anothers_confirms_nothing(
    app: Installation, clock: Clock, tmp_path: Path
) -> None:
    theirs = SshKey.made(tmp_path)
    other = msgspec.structs.replace(key(theirs.recipient, clock()), authority="Another court")
    app.desk(ORGANISATION).register_key("administrator", clock(), key=other)
    case = brought(app, clock, "released")
    came = receipt_of(case, clock.go(hours=2))
    with pytest.raises(Refused, match="not with a registered key of this authority"):
        confirm_delivery(app, ORGANISATION, case.id, "custodian", receipt=came, signature=theirs.signed(came))


def test_a_word_without_a_receipt_is_told_apart_and_names_who_and_how(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "released")
    for who, how in (("", ""), ("their registry", ""), ("", "by telephone")):
        with pytest.raises(Refused, match="a word of explanation"):
            confirm_delivery(app, ORGANISATION, case.id, "custodian", who=who, how=how)
    by_word = confirm_delivery(
        app, ORGANISATION, case.id, "custodian", who="their registry", how="by telephone"
    )
    said = by_word.history[-1].event
    assert isinstance(said, DeliveryConfirmed)
    assert (said.sha256, said.who, said.how) == ("", "their registry", "by telephone")
    assert "by word" in said.sentence()
    later = confirm_delivery(
        app, ORGANISATION, case.id, "custodian", receipt=receipt_of(case, clock.go(hours=2))
    )
    assert "names this very package" in later.history[-1].event.sentence()


def test_a_package_opens_with_no_other_key(app: Installation, clock: Clock, home: Path) -> None:
    brought(app, clock, "released")
    (sealed,) = (home / "outgoing").rglob("*.age")
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed.read_bytes(), [pyrage.x25519.Identity.generate()])


def test_the_record_names_the_package_that_left(app: Installation, clock: Clock, home: Path) -> None:
    case = brought(app, clock, "released")
    (sealed,) = (home / "outgoing").rglob("*.age")
    digest = hashlib.sha256(sealed.read_bytes()).hexdigest()
    assert sealed.stem == digest
    assert msgspec.to_builtins(case.history[-1].event)["package"] == digest


# ---- a release that is refused ----


def test_a_refused_release_leaves_no_package(app: Installation, clock: Clock, home: Path) -> None:
    case = brought(app, clock, "approved")
    clock.go(hours=100)  # the approval has lapsed
    with pytest.raises(Refused) as refused:
        hand_over(app, ORGANISATION, case.id, "custodian")
    assert refused.value.sentence.startswith("The approval has lapsed")
    assert packages(home) == []
    assert app.case(ORGANISATION, case.id) == case


def test_a_release_that_a_colleague_overtook_leaves_no_package(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "approved")
    app.desk(ORGANISATION).note(case.id, "counsel", app.now(), words="wait")
    with pytest.raises(Conflict):
        hand_over(app, ORGANISATION, case.id, "custodian", seen=case.length)
    assert packages(home) == []
    assert hand_over(app, ORGANISATION, case.id, "custodian", seen=case.length + 1).stage is Stage.RELEASED


def test_a_file_beyond_the_decision_keeps_everything_back(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "notified")
    laid = [
        dataclasses.replace(each, period=Period(start=date(2020, 1, 1), end=date(2026, 10, 9)))
        for each in files(case)
    ]
    case = prepare(app, ORGANISATION, case.id, "custodian", laid)
    case = step(app, clock, case, "approved")
    with pytest.raises(Refused) as refused:
        hand_over(app, ORGANISATION, case.id, "custodian")
    assert refused.value.sentence == "Its data reaches beyond the days approved"
    assert packages(home) == []


def test_who_may_not_hand_over_does_not(app: Installation, clock: Clock, home: Path) -> None:
    case = brought(app, clock, "approved")
    for person in ("intake", "reviewer", "counsel", "auditor", "administrator", "expert"):
        with pytest.raises(Refused):
            hand_over(app, ORGANISATION, case.id, person)
    assert packages(home) == []


# ---- files ----


def test_a_file_says_of_itself_what_the_decision_says_where_nobody_says_otherwise(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "prepared")
    assert [(each.item, each.holds) for each in case.files] == [
        ("i1", Ceiling.SUBSCRIBER),
        ("i2", Ceiling.TRAFFIC),
        ("i3", Ceiling.CONTENT),
    ]
    assert [each.period for each in case.files] == [
        item.period for target in case.request.targets for item in target.items
    ]


def test_a_file_that_may_not_be_prepared_is_not_kept(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "notified")
    stray = dataclasses.replace(files(case)[0], item="i9", name="x.csv", data=b"nobody asked for this")
    with pytest.raises(Refused) as refused:
        prepare(app, ORGANISATION, case.id, "custodian", [*files(case), stray])
    assert refused.value.place == "x.csv"
    for each in (*files(case), stray):
        with pytest.raises(Refused):
            app.get(ORGANISATION, case.id, hashlib.sha256(each.data).hexdigest())


def test_only_the_custodian_puts_files_in(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "notified")
    for person in ("reviewer", "auditor", "administrator"):
        with pytest.raises(Refused):
            coming(app, ORGANISATION, case.id, person)
    with coming(app, ORGANISATION, case.id, "custodian") as came:
        came.write(b"da")
        came.write(b"ta")
        came.keep()
    assert app.get(ORGANISATION, case.id, came.sha256) == b"data"


def test_a_file_that_is_not_prepared_after_all_leaves_nothing(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "notified")
    before = app.store.blobs.names(ORGANISATION, case.id)
    stray = dataclasses.replace(files(case)[0], item="i9", name="x.csv", data=b"")
    with coming(app, ORGANISATION, case.id, "custodian") as came:
        came.write(b"nobody asked for this")
        laid = [*files(case), dataclasses.replace(stray, data=came)]
        with pytest.raises(Refused):
            prepare(app, ORGANISATION, case.id, "custodian", laid)
    assert app.store.blobs.names(ORGANISATION, case.id) == before
    assert list(soundness.faults(app, ORGANISATION)) == []


def test_a_file_that_lies_in_the_case_is_laid_ready_again_without_its_bytes(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "prepared")
    again = [
        Laid(
            target=each.target,
            item=each.item,
            name=each.name,
            data=each,
            holds=each.holds,
            period=each.period,
        )
        for each in case.files
    ]
    assert prepare(app, ORGANISATION, case.id, "custodian", again).files == case.files

"""One home folder: its layout, the whole way of a case, what stays secret, and what is refused."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import threading
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pyrage
import pytest

from habeas.app.installation import ACCOUNTS, PAGES_KEY, Installation, Laid, Taken, hashed
from habeas.assess import Ceiling
from habeas.desk import package
from habeas.desk.case import Case, Stage
from habeas.desk.clocks import HouseTimes
from habeas.desk.delivery import PARTS
from habeas.desk.events import DeliveryConfirmed, Door, Released
from habeas.desk.letters import Kind
from habeas.desk.moves import Act
from habeas.desk.queue import View
from habeas.desk.records import Conflict
from habeas.desk.stamping import Stamp
from habeas.errors import Refused
from habeas.gateways import timestamps
from habeas.request import Period
from habeas.store import Store
from habeas.store.blobs import Blobs
from tests.app.houses import (
    IDENTITY,
    ORGANISATION,
    PLANTED,
    SETTINGS,
    Clock,
    a_request,
    as_bytes,
    brought,
    configured,
    files,
    key,
    people,
    receipt_of,
    step,
    taken_in,
)
from tests.desk.desks import SOUND
from tests.signing import SshKey, needs_ssh
from tests.stamps import Stamps, certificate, needs_openssl, pem

REFERENCE = "J3 26 262 000 871"
IDENTIFIER = "recover-desk@host.example"


def everything_under(home: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


def packages(home: Path) -> list[Path]:
    return sorted(path for path in (home / "outgoing").rglob("*") if path.is_file())


def packages_named(home: Path, ending: str) -> list[Path]:
    return [path for path in packages(home) if path.name.endswith(ending)]


# ---- the home folder ----


def test_nobody_else_can_look_into_the_home_folder(app: Installation, clock: Clock, home: Path) -> None:
    brought(app, clock, "released")
    assert {path.name for path in home.iterdir()} == {"data", "keys", "master", "outgoing"}
    folders = (home, *home.iterdir(), *(path for path in (home / "outgoing").rglob("*") if path.is_dir()))
    for path in folders:
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path
    for path in home.rglob("*"):
        assert path.is_dir() or stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_who_left_is_gone_at_once_for_a_process_that_has_read_the_house(
    app: Installation, clock: Clock, home: Path
) -> None:
    other = Installation.open(home, now=clock, make=False)
    assert not other.people(ORGANISATION).person("counsel").left
    assert other.people(ORGANISATION) is other.people(ORGANISATION)  # not folded again for nothing
    app.desk(ORGANISATION).dismiss("administrator", clock.go(minutes=1), person="counsel")
    assert other.people(ORGANISATION).person("counsel").left
    other.close()


def test_a_home_is_made_where_there_is_none(tmp_path: Path, clock: Clock) -> None:
    app = Installation.open(tmp_path / "new" / "home", now=clock)
    app.close()
    assert (tmp_path / "new" / "home" / "master" / "master.key").is_file()
    assert stat.S_IMODE((tmp_path / "new" / "home").stat().st_mode) == 0o700


def test_a_mistyped_home_does_not_become_a_new_installation(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        Installation.open(tmp_path / "typo", make=False)
    assert refused.value.sentence == "there is no installation here"
    assert not (tmp_path / "typo").exists()


def test_a_second_installation_on_the_same_home_sees_everything(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "assessed")
    other = Installation.open(home, now=clock, make=False)
    try:
        assert other.case(ORGANISATION, case.id) == case
        assert other.find(ORGANISATION, IDENTIFIER) == (case.id,)
        changed = step(other, clock, case, "reviewed")
        assert app.case(ORGANISATION, case.id) == changed
    finally:
        other.close()


# ---- the whole way ----


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
        said = package.verify(file, statement, signature, app.house_key(ORGANISATION))
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
            app.hand_over(ORGANISATION, case.id, "custodian")
        assert refused.value.place == "unstamped"
    with pytest.raises(Refused, match="nothing was handed over"):
        app.hand_over(ORGANISATION, case.id, "custodian", unstamped="  ")
    assert app.case(ORGANISATION, case.id) == case
    assert packages(home) == []
    assert list(app.doctor(ORGANISATION)) == []
    changed = app.hand_over(ORGANISATION, case.id, "custodian", unstamped="A court waits for it.")
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
    left = app.hand_over(ORGANISATION, case.id, "custodian", unstamped="It was silent.").history[-1].event
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
        app.hand_over(ORGANISATION, case.id, "custodian")
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
        app.hand_over(ORGANISATION, case.id, "custodian", unstamped="It was silent.")
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
    left = app.hand_over(ORGANISATION, case.id, "custodian").history[-1].event
    assert isinstance(left, Released)
    assert (left.stamp, left.silent) == (None, "")
    assert "time-stamp" not in packages_named(home, PARTS["note"])[0].read_text("utf-8")


# ---- it arrived ----


def test_a_receipt_is_compared_with_what_left_and_kept_sealed(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "released")
    came = receipt_of(case, clock.go(hours=2))
    changed = app.confirm_delivery(ORGANISATION, case.id, "custodian", receipt=came)
    said = changed.history[-1].event
    assert isinstance(said, DeliveryConfirmed)
    assert changed.delivered == clock.at
    assert (said.who, said.received_at, said.key, said.signature) == ("their registry", clock.at, "", "")
    assert said.sentence().endswith("names this very package; it is not signed.")
    assert app.get(ORGANISATION, case.id, said.sha256) == came
    assert b"their registry" not in everything_under(home)
    assert list(app.doctor(ORGANISATION)) == []


def test_a_receipt_of_something_else_is_refused_and_not_kept(app: Installation, clock: Clock) -> None:
    case, other = brought(app, clock, "released"), brought(app, clock, "released")
    now = clock.go(hours=2)
    came = receipt_of(other, now)
    for wrong in (came, came.replace(other.id.encode(), case.id.encode()), b"thanks", b""):
        with pytest.raises(Refused):
            app.confirm_delivery(ORGANISATION, case.id, "custodian", receipt=wrong)
    with pytest.raises(Refused, match="about another package"):
        app.confirm_delivery(ORGANISATION, case.id, "custodian", receipt=came, who="x", how="y")
    assert app.case(ORGANISATION, case.id) == case
    assert list(app.doctor(ORGANISATION)) == []


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
        app.confirm_delivery(ORGANISATION, case.id, "custodian", receipt=came + b" ", signature=signature)
    changed = app.confirm_delivery(ORGANISATION, case.id, "custodian", receipt=came, signature=signature)
    said = changed.history[-1].event
    assert isinstance(said, DeliveryConfirmed)
    assert said.key == package.fingerprint(theirs.recipient)
    assert said.sentence().endswith("signed with its registered key.")
    assert app.get(ORGANISATION, case.id, said.signature) == signature
    with pytest.raises(Refused, match="without the receipt"):
        app.confirm_delivery(ORGANISATION, case.id, "custodian", signature=signature)


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
        app.confirm_delivery(ORGANISATION, case.id, "custodian", receipt=came, signature=theirs.signed(came))


def test_a_word_without_a_receipt_is_told_apart_and_names_who_and_how(
    app: Installation, clock: Clock
) -> None:
    case = brought(app, clock, "released")
    for who, how in (("", ""), ("their registry", ""), ("", "by telephone")):
        with pytest.raises(Refused, match="a word of explanation"):
            app.confirm_delivery(ORGANISATION, case.id, "custodian", who=who, how=how)
    by_word = app.confirm_delivery(
        ORGANISATION, case.id, "custodian", who="their registry", how="by telephone"
    )
    said = by_word.history[-1].event
    assert isinstance(said, DeliveryConfirmed)
    assert (said.sha256, said.who, said.how) == ("", "their registry", "by telephone")
    assert "by word" in said.sentence()
    later = app.confirm_delivery(
        ORGANISATION, case.id, "custodian", receipt=receipt_of(case, clock.go(hours=2))
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


def test_nothing_of_a_case_lies_in_the_home_folder_in_clear(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "released")
    app.letter(ORGANISATION, case.id, "reviewer", Kind.ACKNOWLEDGEMENT)
    found = everything_under(home)
    for word in (PLANTED, IDENTIFIER, "192.0.2.77", "rançongiciel", "Extorsion"):
        assert word.encode() not in found, word
    assert REFERENCE.encode() not in everything_under(home / "data") + everything_under(home / "keys")
    assert case.id.encode() in found, "what stands in clear is found by this search"


def test_every_case_ends_well_under_the_eyes_of_the_doctor(app: Installation, clock: Clock) -> None:
    for stage in ("received", "assessed", "decided", "prepared", "released", "closed"):
        brought(app, clock, stage)
    assert list(app.doctor(ORGANISATION)) == []


# ---- a release that is refused ----


def test_a_refused_release_leaves_no_package(app: Installation, clock: Clock, home: Path) -> None:
    case = brought(app, clock, "approved")
    clock.go(hours=100)  # the approval has lapsed
    with pytest.raises(Refused) as refused:
        app.hand_over(ORGANISATION, case.id, "custodian")
    assert refused.value.sentence.startswith("The approval has lapsed")
    assert packages(home) == []
    assert app.case(ORGANISATION, case.id) == case


def test_a_release_that_a_colleague_overtook_leaves_no_package(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "approved")
    app.desk(ORGANISATION).note(case.id, "counsel", app.now(), words="wait")
    with pytest.raises(Conflict):
        app.hand_over(ORGANISATION, case.id, "custodian", seen=case.length)
    assert packages(home) == []
    assert app.hand_over(ORGANISATION, case.id, "custodian", seen=case.length + 1).stage is Stage.RELEASED


def test_a_file_beyond_the_decision_keeps_everything_back(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "notified")
    laid = [
        dataclasses.replace(each, period=Period(start=date(2020, 1, 1), end=date(2026, 10, 9)))
        for each in files(case)
    ]
    case = app.prepare(ORGANISATION, case.id, "custodian", laid)
    case = step(app, clock, case, "approved")
    with pytest.raises(Refused) as refused:
        app.hand_over(ORGANISATION, case.id, "custodian")
    assert refused.value.sentence == "Its data reaches beyond the days approved"
    assert packages(home) == []


def test_who_may_not_hand_over_does_not(app: Installation, clock: Clock, home: Path) -> None:
    case = brought(app, clock, "approved")
    for person in ("intake", "reviewer", "counsel", "auditor", "administrator", "expert"):
        with pytest.raises(Refused):
            app.hand_over(ORGANISATION, case.id, person)
    assert packages(home) == []


def test_a_crash_during_a_release_is_named_by_the_doctor(
    app: Installation, clock: Clock, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = brought(app, clock, "approved")

    def stopped(*_arguments: object, **_words: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", stopped)
        with pytest.raises(KeyboardInterrupt):
            app.hand_over(ORGANISATION, case.id, "custodian")
    assert list(app.doctor(ORGANISATION)) == [
        f"{case.id}: a sealed package stands aside; a crash during a release leaves one."
    ]


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
    stray = Laid(target="t1", item="i9", name="x.csv", data=b"nobody asked for this")
    with pytest.raises(Refused) as refused:
        app.prepare(ORGANISATION, case.id, "custodian", [*files(case), stray])
    assert refused.value.place == "x.csv"
    for each in (*files(case), stray):
        with pytest.raises(Refused):
            app.get(ORGANISATION, case.id, hashlib.sha256(each.data).hexdigest())


def test_only_the_custodian_puts_files_in(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "notified")
    for person in ("reviewer", "auditor", "administrator"):
        with pytest.raises(Refused):
            app.coming(ORGANISATION, case.id, person)
    with app.coming(ORGANISATION, case.id, "custodian") as coming:
        coming.write(b"da")
        coming.write(b"ta")
        coming.keep()
    assert app.get(ORGANISATION, case.id, coming.sha256) == b"data"


def test_a_file_that_is_not_prepared_after_all_leaves_nothing(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "notified")
    before = app.store.blobs.names(ORGANISATION, case.id)
    stray = Laid(target="t1", item="i9", name="x.csv", data=b"")
    with app.coming(ORGANISATION, case.id, "custodian") as coming:
        coming.write(b"nobody asked for this")
        laid = [*files(case), dataclasses.replace(stray, data=coming)]
        with pytest.raises(Refused):
            app.prepare(ORGANISATION, case.id, "custodian", laid)
    assert app.store.blobs.names(ORGANISATION, case.id) == before
    assert list(app.doctor(ORGANISATION)) == []


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
    assert app.prepare(ORGANISATION, case.id, "custodian", again).files == case.files


# ---- it comes in ----


def test_one_bad_request_loses_no_good_one_and_is_told_by_its_place(app: Installation) -> None:
    bad = a_request(id="EX-12", targets=[])
    taken = app.take_in(
        ORGANISATION, "intake", as_bytes(bad, a_request()), door=Door.IMPORT, name="inbox.json"
    )
    first, second = taken
    assert first.case is None
    assert first.refused is not None
    assert "inbox.json: [0] (EX-12)" in first.refused.place
    assert second.case is not None
    assert app.case(ORGANISATION, second.case.id).request.reference == REFERENCE


def test_a_request_keeps_the_bytes_it_came_as(app: Installation) -> None:
    data = as_bytes(a_request())
    (taken,) = app.take_in(ORGANISATION, "intake", data, door=Door.PAPER)
    assert taken.case is not None
    assert app.get(ORGANISATION, taken.case.id, taken.case.versions[0].source) == data


def test_the_same_request_through_another_door_makes_no_second_case(app: Installation, clock: Clock) -> None:
    data = as_bytes(a_request())
    (first,) = app.take_in(ORGANISATION, "intake", data, door=Door.MAILBOX)
    clock.go(hours=1)
    otherwise = json.dumps(a_request(), indent=2, sort_keys=True).encode()
    for door, sent in ((Door.MAILBOX, data), (Door.PAPER, data), (Door.PORTAL, otherwise)):
        (again,) = app.take_in(ORGANISATION, "intake", sent, door=door)
        assert again.again
        assert first.case is not None
        assert again.case is not None
        assert again.case.id == first.case.id
        assert again.case.history[-1].event.sentence() == f"The same request came in again, by {door}."
        assert app.get(ORGANISATION, again.case.id, hashlib.sha256(sent).hexdigest()) == sent
    assert app.count(ORGANISATION, View()) == 1
    assert not first.again
    assert list(app.doctor(ORGANISATION)) == []
    assert app.rebuild(ORGANISATION) == 1
    assert app.take_in(ORGANISATION, "intake", data, door=Door.PAPER)[0].again, "also after a rebuild"


def test_the_same_request_at_another_house_is_a_case_like_any_other(app: Installation) -> None:
    people(app, "another-house")
    data = as_bytes(a_request())
    (here,) = app.take_in(ORGANISATION, "intake", data, door=Door.MAILBOX)
    (there,) = app.take_in("another-house", "intake", data, door=Door.MAILBOX)
    assert here.case is not None
    assert there.case is not None
    assert (there.again, there.case.like, there.case.length) == (False, (), 1)
    assert there.case.id != here.case.id


def test_a_request_that_arrives_many_times_at_once_is_one_case(app: Installation) -> None:
    data, times = as_bytes(a_request()), 6
    start = threading.Barrier(times)
    taken: list[Taken] = []

    def arrive() -> None:
        start.wait()
        taken.extend(app.take_in(ORGANISATION, "intake", data, door=Door.API))

    threads = [threading.Thread(target=arrive) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [each.refused for each in taken] == [None] * times
    assert sum(each.again for each in taken) == times - 1
    assert app.count(ORGANISATION, View()) == 1
    (case,) = {each.case.id for each in taken if each.case is not None}
    assert app.case(ORGANISATION, case).length == times
    assert list(app.doctor(ORGANISATION)) == [], "of no try that came too late is anything left"


def test_what_was_recorded_elsewhere_meanwhile_leaves_no_file_behind(app: Installation) -> None:
    """The case it was tried on ended before it was written: it goes nowhere, then to a case of its own."""
    data = as_bytes(a_request())
    (first,) = app.take_in(ORGANISATION, "intake", data, door=Door.MAILBOX)
    assert first.case is not None
    put, id = app.store.put, first.case.id

    def overtaken(organisation: str, case: str, data: bytes) -> str:
        if app.case(ORGANISATION, id).stage is Stage.RECEIVED:
            app.desk(ORGANISATION).withdraw(id, "intake", app.now())
        return put(organisation, case, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.store, "put", overtaken)
        (again,) = app.take_in(ORGANISATION, "intake", data + b" ", door=Door.MAILBOX)
    assert again.case is not None
    assert (again.again, again.case.like) == (False, (id,))
    source = hashlib.sha256(data + b" ").hexdigest()
    assert app.get(ORGANISATION, again.case.id, source) == data + b" "


def test_who_may_not_receive_takes_nothing_in(app: Installation) -> None:
    for person in ("custodian", "auditor", "administrator", "expert", "delegate"):
        with pytest.raises(Refused):
            app.take_in(ORGANISATION, person, as_bytes(a_request()), door=Door.PAPER)
    with pytest.raises(Refused):
        app.take_in(ORGANISATION, "a stranger", as_bytes(a_request()), door=Door.PAPER)
    assert app.count(ORGANISATION, View(closed=None)) == 0


SUPPOSING = msgspec.structs.replace(SOUND, supposed=("sender-identified",))


def test_a_request_that_supposes_things_about_itself_is_refused(app: Installation) -> None:
    data = as_bytes(a_request(supposed=["sender-identified"]))
    (taken,) = app.take_in(ORGANISATION, "intake", data, door=Door.PAPER)
    assert taken.case is None
    assert taken.refused is not None
    assert "supposed" in taken.refused.sentence
    with pytest.raises(Refused) as refused:
        app.receive(ORGANISATION, "intake", SUPPOSING, data, door=Door.PAPER)
    assert refused.value.sentence == "a request at a desk supposes nothing about itself"


def test_nothing_is_kept_of_a_request_that_was_refused(app: Installation, home: Path) -> None:
    keys, blobs = list(app.store.keyring.names(ORGANISATION)), list((home / "data" / "blobs").rglob("*"))
    for by, request in (("intake", SUPPOSING), ("auditor", SOUND)):
        with pytest.raises(Refused):
            app.receive(ORGANISATION, by, request, as_bytes(a_request()), door=Door.PAPER)
    assert list(app.store.keyring.names(ORGANISATION)) == keys
    assert list((home / "data" / "blobs").rglob("*")) == blobs
    assert list(app.doctor(ORGANISATION)) == []


def test_the_reference_of_a_case_does_not_count_the_cases(app: Installation, clock: Clock) -> None:
    ids = {app.new_case_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(id.startswith(f"{clock.at.year}-") and len(id) == len("2026-ABCD-EFGH") for id in ids)


# ---- the answer of the requester ----


def asked(app: Installation, clock: Clock) -> Case:
    case = brought(app, clock, "assessed")
    return app.desk(ORGANISATION).ask(case.id, "reviewer", app.now(), questions=["Which days?"])


def test_an_answer_is_a_new_version_with_its_bytes(app: Installation, clock: Clock) -> None:
    case = asked(app, clock)
    data = as_bytes(a_request(necessity="Answered."))
    changed = app.answer(ORGANISATION, case.id, "intake", data)
    assert changed.version == 2
    assert changed.request.id == case.id
    assert app.get(ORGANISATION, case.id, changed.versions[-1].source) == data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (as_bytes(a_request(), a_request()), "an answer is one request"),
        (as_bytes(a_request(requesting_state="TUR")), "the answer comes from another state than the request"),
        (as_bytes({"id": "x"}), ""),
    ],
)
def test_an_answer_that_is_none_is_refused_and_not_kept(
    app: Installation, clock: Clock, data: bytes, why: str
) -> None:
    case = asked(app, clock)
    with pytest.raises(Refused) as refused:
        app.answer(ORGANISATION, case.id, "intake", data)
    assert why in refused.value.sentence
    assert app.case(ORGANISATION, case.id) == case
    with pytest.raises(Refused):
        app.get(ORGANISATION, case.id, hashlib.sha256(data).hexdigest())


def test_an_answer_nobody_asked_for_is_refused(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "assessed")
    for act in (Act.ANSWER, Act.ACCEPT_NARROWING):
        with pytest.raises(Refused):
            app.answer(ORGANISATION, case.id, "intake", as_bytes(a_request()), act=act)
    assert app.case(ORGANISATION, case.id) == case


# ---- letters ----


def test_a_letter_lies_sealed_in_the_file_as_it_was_written(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "assessed")
    changed, letter = app.letter(ORGANISATION, case.id, "reviewer", Kind.ACKNOWLEDGEMENT)
    page = app.page_of(ORGANISATION, case.id, changed.letters[-1].sha256)
    assert letter.subject in page
    assert changed.letters[-1].letter is Kind.ACKNOWLEDGEMENT


def test_the_notice_that_is_shown_is_the_one_that_is_written_after(app: Installation, clock: Clock) -> None:
    """Before the second person agreed, and after: showing it records nothing, makes no code, no file."""
    assert SETTINGS.sender is not None
    sender = msgspec.structs.replace(SETTINGS.sender, oversight="its overseer")
    settings = msgspec.structs.replace(SETTINGS, sender=sender)
    app.configure(ORGANISATION, "administrator", settings)
    case = brought(app, clock, "reviewed")
    shown = app.notice(ORGANISATION, case.id, "reviewer-2", agreeing=True)
    assert shown.kind is Kind.NOTICE
    assert app.case(ORGANISATION, case.id) == case
    desk = app.desk(ORGANISATION)
    desk.second_review(case.id, "reviewer-2", app.now(), agrees=True)
    assert app.notice(ORGANISATION, case.id, "reviewer-2") == shown
    app.notify(ORGANISATION, case.id, "reviewer-2")
    _case, written = app.letter(ORGANISATION, case.id, "reviewer-2", Kind.NOTICE)
    assert written == shown


def test_a_notice_is_shown_to_nobody_who_could_not_give_it(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "reviewed")
    for person in ("reviewer", "custodian", "delegate"):  # who reviewed it, and who tells nobody
        with pytest.raises(Refused):
            app.notice(ORGANISATION, case.id, person, agreeing=True)
    with pytest.raises(Refused):
        app.notice(ORGANISATION, case.id, "reviewer-2")


def test_a_letter_that_may_not_be_written_leaves_nothing(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "assessed")
    blobs = sorted(app.store.blobs.names(ORGANISATION, case.id))
    for by, kind in (("auditor", Kind.ACKNOWLEDGEMENT), ("reviewer", Kind.PERSECUTION_REFUSAL)):
        with pytest.raises(Refused):
            app.letter(ORGANISATION, case.id, by, kind)
    assert sorted(app.store.blobs.names(ORGANISATION, case.id)) == blobs
    assert app.case(ORGANISATION, case.id) == case


# ---- the door of the person ----


def told(app: Installation, clock: Clock) -> tuple[Case, str]:
    case = brought(app, clock, "decided")
    return app.notify(ORGANISATION, case.id, "reviewer")


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code}\n"]
)
def test_a_code_opens_its_case_however_it_is_typed(app: Installation, clock: Clock, typed: object) -> None:
    told(app, clock)
    case, code = told(app, clock)
    opened = app.door_of(ORGANISATION, typed(code))  # type: ignore[operator]
    assert opened is not None
    assert opened.id == case.id


def test_a_wrong_code_opens_nothing(app: Installation, clock: Clock) -> None:
    case, code = told(app, clock)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    for each in (wrong, "", "-", hashed(code), f"notice:{hashed(code)}", case.id, IDENTIFIER, code + "A"):
        assert app.door_of(ORGANISATION, each) is None, each


def test_a_requester_makes_no_code_of_a_reference(app: Installation) -> None:
    """Codes are looked up among what cases are found by, and a reference is what a requester chose."""
    taken_in(app, reference=f"notice:{hashed('ABCD-EFGH')}")
    assert app.find(ORGANISATION, f"notice:{hashed('ABCD-EFGH')}") != ()
    assert app.door_of(ORGANISATION, "ABCD-EFGH") is None


def test_a_code_is_kept_nowhere(app: Installation, clock: Clock, home: Path) -> None:
    case, code = told(app, clock)
    plain = code.replace("-", "")
    found = everything_under(home) + msgspec.json.encode([msgspec.to_builtins(each) for each in case.history])
    for word in (code, plain, plain.lower()):
        assert word.encode() not in found
    assert len(plain) == 16, "80 bits"


def test_the_code_of_an_erased_case_opens_nothing(app: Installation, clock: Clock) -> None:
    case, code = told(app, clock)
    clock.go(days=11)
    for stage in ("prepared", "approved", "released", "delivered", "closed"):
        case = step(app, clock, case, stage)
    assert app.door_of(ORGANISATION, code) is not None
    clock.go(days=800)
    app.erase(ORGANISATION, case.id, "counsel", why="The time is over.")
    assert app.door_of(ORGANISATION, code) is None


# ---- finding ----


def test_a_case_is_found_by_the_exact_identifier_and_by_nothing_else(app: Installation, clock: Clock) -> None:
    case = taken_in(app)
    for words in (IDENTIFIER, "192.0.2.77", REFERENCE):
        assert app.find(ORGANISATION, words) == (case.id,), words
    for words in (
        "recover-desk",
        "host.example",
        "recover-desk@host.exampl",
        "192.0.2",
        "192.0.2.7",
        "%",
        "*",
        "",
        " ",
        "J3 26",
        "mis en cause",
        "Extorsion en bande organisée",
        "rançongiciel",
        "FRA",
        case.id,
    ):
        assert app.find(ORGANISATION, words) == (), words


def test_a_case_of_an_earlier_year_is_still_found(app: Installation, clock: Clock) -> None:
    case = taken_in(app)
    clock.go(days=9 * 365)
    assert app.find(ORGANISATION, IDENTIFIER) == (case.id,)


# ---- two organisations in one home ----


def test_two_organisations_never_see_each_others_cases(app: Installation, clock: Clock) -> None:
    people(app, "provider")
    mine, code = told(app, clock)
    assert app.find("provider", IDENTIFIER) == ()
    assert app.queue("provider", View(closed=None)).rows == ()
    assert app.count("provider", View(closed=None)) == 0
    assert app.door_of("provider", code) is None
    for look in (
        lambda: app.case("provider", mine.id),
        lambda: app.get("provider", mine.id, mine.versions[0].source),
        lambda: app.desk("provider").note(mine.id, "reviewer", app.now(), words="a note"),
        lambda: app.hand_over("provider", mine.id, "custodian"),
        lambda: app.erase("provider", mine.id, "counsel", why="mine"),
    ):
        with pytest.raises(Refused):
            look()
    theirs = taken_in(app, "provider")
    assert app.find(ORGANISATION, IDENTIFIER) == (mine.id,)
    assert app.find("provider", IDENTIFIER) == (theirs.id,)
    assert [row.case for row in app.queue(ORGANISATION, View()).rows] == [mine.id]
    assert app.house_key("provider") != app.house_key(ORGANISATION)


# ---- two people at once ----


def test_who_saw_an_older_case_changes_nothing(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "decided")
    app.desk(ORGANISATION).note(case.id, "counsel", app.now(), words="look again")
    now = app.case(ORGANISATION, case.id)
    for verb in (
        lambda: app.desk(ORGANISATION, seen=case.length).note(case.id, "reviewer", app.now(), words="a note"),
        lambda: app.notify(ORGANISATION, case.id, "reviewer", seen=case.length),
        lambda: app.letter(ORGANISATION, case.id, "reviewer", Kind.ACKNOWLEDGEMENT, seen=case.length),
        lambda: app.prepare(ORGANISATION, case.id, "custodian", files(case), seen=case.length),
    ):
        with pytest.raises(Conflict):
            verb()
    assert app.case(ORGANISATION, case.id) == now
    assert app.notify(ORGANISATION, case.id, "reviewer", seen=now.length)[0].notices


# ---- the end ----


def ended(app: Installation, clock: Clock) -> Case:
    case = brought(app, clock, "closed")
    clock.go(days=800)
    return case


def test_an_erased_case_is_gone_with_its_packages(app: Installation, clock: Clock, home: Path) -> None:
    case = ended(app, clock)
    assert packages(home)
    assert app.erase(ORGANISATION, case.id, "counsel", why="The time is over.").unreached == ()
    with pytest.raises(Refused) as refused:
        app.case(ORGANISATION, case.id)
    assert "erased" in refused.value.sentence
    assert packages(home) == []
    assert app.find(ORGANISATION, IDENTIFIER) == ()
    with pytest.raises(Refused):
        app.get(ORGANISATION, case.id, case.versions[0].source)
    assert list(app.doctor(ORGANISATION)) == []


def test_no_case_is_erased_before_its_time_or_by_another(app: Installation, clock: Clock, home: Path) -> None:
    case = brought(app, clock, "closed")
    with pytest.raises(Refused):
        app.erase(ORGANISATION, case.id, "counsel", why="too early")
    clock.go(days=800)
    for person in ("reviewer", "custodian", "administrator", "auditor"):
        with pytest.raises(Refused):
            app.erase(ORGANISATION, case.id, person, why="not mine to do")
    assert app.case(ORGANISATION, case.id) == case
    assert packages(home)


@pytest.mark.parametrize("before", [(Store, "erase"), (Blobs, "remove")], ids=["keys", "files"])
def test_an_erasure_that_a_crash_broke_off_is_named_and_can_be_finished(
    app: Installation, clock: Clock, monkeypatch: pytest.MonkeyPatch, before: tuple[type, str]
) -> None:
    case = ended(app, clock)

    def stopped(*_arguments: object, **_words: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*before, stopped)
        with pytest.raises(KeyboardInterrupt):
            app.erase(ORGANISATION, case.id, "counsel", why="The time is over.")
    assert f"{case.id}: its erasure was recorded and not finished. Erase it again." in list(
        app.doctor(ORGANISATION)
    )
    with pytest.raises(Refused):
        app.erase(ORGANISATION, case.id, "administrator", why="again")
    app.erase(ORGANISATION, case.id, "counsel", why="again")
    assert app.store.erased(ORGANISATION, case.id) is not None
    assert list(app.doctor(ORGANISATION)) == []


def test_erasing_twice_is_no_harm(app: Installation, clock: Clock) -> None:
    case = ended(app, clock)
    app.erase(ORGANISATION, case.id, "counsel", why="The time is over.")
    assert app.erase(ORGANISATION, case.id, "counsel", why="a copy was out of reach").unreached == ()


# ---- settings, and looking after it ----


def test_other_times_of_the_house_reach_the_cases_there_are(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "closed")
    first = {job.due for job in app.store.jobs(ORGANISATION, case.id)}
    longer = msgspec.structs.replace(SETTINGS, times=HouseTimes(retention_years=4))
    configured(app, longer)
    second = {job.due for job in app.store.jobs(ORGANISATION, case.id)}
    assert min(second) > max(first) + timedelta(days=600)
    assert list(app.doctor(ORGANISATION)) == []


def test_only_an_administrator_changes_settings(app: Installation) -> None:
    with pytest.raises(Refused):
        app.configure(ORGANISATION, "counsel", SETTINGS)
    assert app.people(ORGANISATION).settings == SETTINGS


def test_a_rebuild_changes_nothing_where_all_is_well(app: Installation, clock: Clock) -> None:
    for stage in ("received", "decided", "closed"):
        brought(app, clock, stage)
    before = app.queue(ORGANISATION, View(closed=None)).rows
    assert app.rebuild(ORGANISATION) == 3
    assert app.queue(ORGANISATION, View(closed=None)).rows == before


def test_the_doctor_speaks_where_the_house_itself_is_damaged(app: Installation, clock: Clock) -> None:
    brought(app, clock, "received")
    with app.store.database.transaction() as run:
        run("UPDATE event SET sealed = ? WHERE stream = 'house' AND number = 1", b"\x01" + bytes(60))
    said = list(app.doctor(ORGANISATION))
    assert any(sentence.startswith("house, event 1: ") for sentence in said)


# ---- a new master key ----


def test_a_new_master_key_opens_everything_and_the_old_one_nothing(
    app: Installation, clock: Clock, home: Path, tmp_path: Path
) -> None:
    case = brought(app, clock, "released")
    app.close()
    old = (home / "master" / "master.key").read_bytes()
    names = len(list(Installation.open(home, now=clock).store.keyring.names(ORGANISATION)))
    assert Installation.rotate(home).keys == names > 2, "case, house, searches and signing key"
    assert (home / "master" / "master.key").read_bytes() != old
    assert [path.name for path in (home / "master").iterdir()] == ["master.key"]
    again = Installation.open(home, now=clock, make=False)
    assert again.case(ORGANISATION, case.id) == case
    assert again.find(ORGANISATION, IDENTIFIER) == (case.id,)
    assert list(again.doctor(ORGANISATION)) == []
    again.close()
    (home / "master" / "master.key").write_bytes(old)
    with pytest.raises(Refused):
        Installation.open(home, now=clock, make=False).case(ORGANISATION, case.id)


def test_where_there_is_no_installation_no_master_key_is_changed_or_made(tmp_path: Path) -> None:
    for verb in (Installation.rotate, Installation.holdings):
        with pytest.raises(Refused, match="no installation here"):
            verb(tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


# ---- backups ---------------------------------------------------------------------------------------------


def test_accounts_go_with_the_records_and_their_key_with_the_keyring(
    app: Installation, home: Path, tmp_path: Path, clock: Clock
) -> None:
    with closing(sqlite3.connect(home / ACCOUNTS)) as accounts:
        accounts.execute("CREATE TABLE account (name TEXT)")
        accounts.execute("INSERT INTO account VALUES ('reviewer')")
        accounts.commit()
    (home / PAGES_KEY).write_bytes(b"key of the pages")
    case = taken_in(app)
    data, keys, again = tmp_path / "data", tmp_path / "elsewhere" / "keys", tmp_path / "again"
    keys.parent.mkdir()
    app.backup(data, keys)
    assert {each.name for each in data.iterdir()} >= {ACCOUNTS}
    assert not (data / PAGES_KEY).exists()
    assert (keys / PAGES_KEY).stat().st_mode & 0o077 == 0
    assert (data / ACCOUNTS).stat().st_mode & 0o077 == 0
    again.mkdir()
    shutil.copytree(home / "master", again / "master")
    Installation.restore(again, data, keys)
    opened = Installation.open(again, now=clock, make=False)
    assert opened.case(ORGANISATION, case.id).id == case.id
    opened.close()
    with closing(sqlite3.connect(again / ACCOUNTS)) as accounts:
        assert accounts.execute("SELECT name FROM account").fetchall() == [("reviewer",)]
    assert (again / PAGES_KEY).read_bytes() == b"key of the pages"

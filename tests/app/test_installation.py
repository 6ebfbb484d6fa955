"""One home folder: its layout, the whole way of a case, what stays secret, and what is refused."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from habeas.app import soundness
from habeas.app.installation import Installation, Taken, hashed
from habeas.app.releasing import hand_over, house_key, prepare
from habeas.assess import Ceiling, Decision
from habeas.desk.case import Case, Stage
from habeas.desk.clocks import HouseTimes
from habeas.desk.events import Door
from habeas.desk.letters import Kind, Language
from habeas.desk.letters.told import told as told_at_door
from habeas.desk.moves import Act
from habeas.desk.queue import View
from habeas.desk.records import Conflict
from habeas.errors import Refused
from habeas.reports.letter_page import as_html
from habeas.store import Store
from habeas.store.blobs import Blobs
from tests.app import houses
from tests.app.houses import (
    ORGANISATION,
    PLANTED,
    SETTINGS,
    Clock,
    a_request,
    as_bytes,
    brought,
    configured,
    everything_under,
    files,
    packages,
    people,
    step,
    taken_in,
)
from tests.desk import desks
from tests.desk.desks import SOUND

REFERENCE = "J3 26 262 000 871"
IDENTIFIER = "recover-desk@host.example"


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
    assert list(soundness.faults(app, ORGANISATION)) == []
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
    assert list(soundness.faults(app, ORGANISATION)) == [], "of no try that came too late is anything left"


def test_what_was_recorded_elsewhere_meanwhile_leaves_no_file_behind(app: Installation) -> None:
    """The case it was tried on ended before it was written: it goes nowhere, then to a case of its own."""
    data = as_bytes(a_request())
    (first,) = app.take_in(ORGANISATION, "intake", data, door=Door.MAILBOX)
    assert first.case is not None
    put, id = app.store.put, first.case.id

    def overtaken(organisation: str, case: str, data: bytes) -> str:
        if app.case(ORGANISATION, id).stage is Stage.RECEIVED:
            app.desk(ORGANISATION).withdraw(id, "intake", app.now(), why="Their letter.")
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
    assert list(soundness.faults(app, ORGANISATION)) == []


def test_the_reference_of_a_case_does_not_count_the_cases(app: Installation, clock: Clock) -> None:
    ids = {app.new_case_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(id.startswith(f"{clock.at.year}-") and len(id) == len("2026-ABCD-EFGH") for id in ids)


# ---- the answer of the requester ----


def asked(app: Installation, clock: Clock) -> Case:
    case = brought(app, clock, "assessed")
    return desks.ask(app.desk(ORGANISATION), app.now(), "Which days?", case=case.id)


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
    case = brought(app, clock, "reviewed")
    ((target, shown),) = app.notices(ORGANISATION, case.id, "reviewer-2", agreeing=True)
    assert (target, shown.kind) == ("t1", Kind.NOTICE)
    assert app.case(ORGANISATION, case.id) == case
    desk = app.desk(ORGANISATION)
    desk.second_review(case.id, "reviewer-2", app.now(), agrees=True)
    assert app.notices(ORGANISATION, case.id, "reviewer-2") == ((target, shown),)
    told, codes = app.notify(ORGANISATION, case.id, "reviewer-2")
    assert list(codes) == [target]
    (notice,) = told.notices
    assert notice.letter == told.letters[-1].sha256
    assert app.page_of(ORGANISATION, case.id, notice.letter) == as_html(shown)
    assert codes[target] not in as_html(shown)


def test_a_notice_is_written_in_the_language_that_was_chosen(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "decided")
    told, _codes = app.notify(ORGANISATION, case.id, "reviewer", Language.FRENCH)
    assert told.letters[-1].language is Language.FRENCH
    assert 'lang="fr"' in app.page_of(ORGANISATION, case.id, told.letters[-1].sha256)


def test_a_house_that_cannot_write_the_notice_tells_nobody(app: Installation, clock: Clock) -> None:
    """What is recorded as told, without a letter that could have told it, would be a word alone."""
    case = brought(app, clock, "decided")
    configured(app, desks.SETTINGS)
    with pytest.raises(Refused, match="how its letters name it"):
        app.notify(ORGANISATION, case.id, "reviewer")
    assert app.case(ORGANISATION, case.id) == case


def test_of_two_persons_each_gets_a_notice_about_their_own_data_alone(
    app: Installation, clock: Clock
) -> None:
    case = app.receive(ORGANISATION, "intake", desks.TWO, b"two", door=Door.PORTAL)
    for stage in ("identified", "assessed"):
        case = houses.step(app, clock, case, stage)
    refused = {"decision": Decision.REFUSE, "ceiling": Ceiling.NOTHING, "ground": "x"}
    decided = desks.rulings(case, t1_i2=refused, t1_i3=refused, t2_i1=refused)
    app.desk(ORGANISATION).review(
        case.id, "reviewer", app.now(), assessment=case.digest, rulings=decided, why="It is enough."
    )
    houses.step(app, clock, case, "decided")
    told, codes = app.notify(ORGANISATION, case.id, "reviewer")
    listed = {
        each.targets[0]: re.findall("<li.*?>(.*?)</li>", app.page_of(ORGANISATION, case.id, each.letter))
        for each in told.notices
    }
    assert sorted(codes) == sorted(listed) == ["t1", "t2"]
    assert codes["t1"] != codes["t2"]
    assert (len(listed["t1"]), len(listed["t2"])) == (1, 2)
    assert not set(listed["t1"]) & set(listed["t2"])
    for target, code in codes.items():
        said = told_at_door(told, app.people(ORGANISATION), app.now(), Language.ENGLISH, hashed(code))
        assert said is not None
        assert len(said.lines) == {"t1": 1, "t2": 2}[target]


def test_a_notice_is_shown_to_nobody_who_could_not_give_it(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "reviewed")
    for person in ("reviewer", "custodian", "delegate"):  # who reviewed it, and who tells nobody
        with pytest.raises(Refused):
            app.notices(ORGANISATION, case.id, person, agreeing=True)
    with pytest.raises(Refused):
        app.notices(ORGANISATION, case.id, "reviewer-2")


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
    return houses.told(app, case.id)


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
        lambda: hand_over(app, "provider", mine.id, "custodian"),
        lambda: app.erase("provider", mine.id, "counsel", why="mine"),
    ):
        with pytest.raises(Refused):
            look()
    theirs = taken_in(app, "provider")
    assert app.find(ORGANISATION, IDENTIFIER) == (mine.id,)
    assert app.find("provider", IDENTIFIER) == (theirs.id,)
    assert [row.case for row in app.queue(ORGANISATION, View()).rows] == [mine.id]
    assert house_key(app, "provider") != house_key(app, ORGANISATION)


# ---- two people at once ----


def test_who_saw_an_older_case_changes_nothing(app: Installation, clock: Clock) -> None:
    case = brought(app, clock, "decided")
    app.desk(ORGANISATION).note(case.id, "counsel", app.now(), words="look again")
    now = app.case(ORGANISATION, case.id)
    for verb in (
        lambda: app.desk(ORGANISATION, seen=case.length).note(case.id, "reviewer", app.now(), words="a note"),
        lambda: app.notify(ORGANISATION, case.id, "reviewer", seen=case.length),
        lambda: app.letter(ORGANISATION, case.id, "reviewer", Kind.ACKNOWLEDGEMENT, seen=case.length),
        lambda: prepare(app, ORGANISATION, case.id, "custodian", files(case), seen=case.length),
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
    assert list(soundness.faults(app, ORGANISATION)) == []


def test_a_package_that_is_begun_while_its_case_is_erased_goes_too(
    app: Installation, clock: Clock, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ended(app, clock)
    folder, real, begun = home / "outgoing" / ORGANISATION / case.id, os.rmdir, list[int]()

    def rmdir(path: Any, **named: Any) -> None:
        if not begun:
            begun.append((folder / ".begun.age").write_bytes(b"sealed"))
        real(path, **named)

    monkeypatch.setattr(os, "rmdir", rmdir)
    app.erase(ORGANISATION, case.id, "counsel", why="The time is over.")
    assert begun
    assert packages(home) == []
    assert app.store.erased(ORGANISATION, case.id) is not None
    assert list(soundness.faults(app, ORGANISATION)) == []


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
        soundness.faults(app, ORGANISATION)
    )
    with pytest.raises(Refused):
        app.erase(ORGANISATION, case.id, "administrator", why="again")
    app.erase(ORGANISATION, case.id, "counsel", why="again")
    assert app.store.erased(ORGANISATION, case.id) is not None
    assert list(soundness.faults(app, ORGANISATION)) == []


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
    assert list(soundness.faults(app, ORGANISATION)) == []


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

"""A door: a real folder, real files in it, and the log that counts them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from habeas.app import doors, receipts
from habeas.app.doors import HandedIn
from habeas.app.installation import Installation
from habeas.app.maildir import ANSWERS, MAILDIR
from habeas.app.publishing import Publisher
from habeas.desk import promise
from habeas.desk.events import Door, LogConfigured
from habeas.desk.public import Kind
from habeas.desk.queue import View
from habeas.errors import Refused
from habeas.gateways.sites import Site
from habeas.reports.audit import audit
from habeas.request.formats.text import MAX_FILE
from tests.app.houses import ORGANISATION, Clock, a_request, as_bytes, keeps
from tests.app.mails import CLERK, SENDER, delivered

KEPT = LogConfigured(origin="desk.example.org/log")


@pytest.fixture
def kept(app: Installation) -> Installation:
    keeps(app, KEPT)
    return app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "door"
    made.mkdir()
    return made


def look(app: Installation, folder: Path, by: str = "intake") -> list[HandedIn]:
    return list(doors.look(app, ORGANISATION, by, folder, Door.PORTAL))


def counted(app: Installation, kind: Kind) -> list[str]:
    """By which door each of what is counted under this kind came, once it is published."""
    assert Publisher(app).publish(ORGANISATION) is not None
    found = (each.count for each in app.store.trace.counted(ORGANISATION))
    return [each.value("door") for each in found if each.value("kind") == kind]


def left(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}


def test_what_is_laid_there_is_counted_promised_and_becomes_a_case(kept: Installation, folder: Path) -> None:
    data = as_bytes(a_request())
    (folder / "first.json").write_bytes(data)
    (found,) = look(kept, folder)
    assert found.promise is not None
    given = promise.read(found.promise.read_bytes(), kept.promiser(ORGANISATION, KEPT).key)
    assert given.sha256 == promise.sha256(data)
    (taken,) = found.taken
    assert taken.case is not None
    assert kept.get(ORGANISATION, taken.case.id, taken.case.versions[0].source) == data
    assert left(folder) == {f"promises/{found.promise.name}"}, (
        "the request itself is sealed, and lies here no more"
    )
    assert counted(kept, Kind.ARRIVAL) == counted(kept, Kind.REQUEST) == ["portal"]
    assert look(kept, folder) == []


def test_what_is_no_request_is_counted_all_the_same_and_kept_with_the_reason(
    kept: Installation, folder: Path
) -> None:
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7\n\x00\xff")
    (folder / "good.json").write_bytes(as_bytes(a_request()))
    found = {each.name: each for each in look(kept, folder)}
    assert found["good.json"].lies is None
    lies = found["scan.pdf"].lies
    assert lies is not None
    assert lies.read_bytes() == b"%PDF-1.7\n\x00\xff"
    assert "error: " in lies.with_name("scan.pdf.why.txt").read_text()
    assert counted(kept, Kind.ARRIVAL) == ["portal", "portal"]
    assert counted(kept, Kind.REQUEST) == ["portal"]


def test_a_second_file_of_the_same_name_takes_the_place_of_none(kept: Installation, folder: Path) -> None:
    for content in (b"one", b"two"):
        (folder / "request.json").write_bytes(content)
        look(kept, folder)
    lie = sorted((folder / doors.UNREAD).glob("*.json"))
    assert [each.read_bytes() for each in lie] == [b"two", b"one"]
    assert len(list((folder / doors.PROMISES).iterdir())) == 2


def test_what_is_longer_than_any_request_is_counted_and_never_read(kept: Installation, folder: Path) -> None:
    with (folder / "long.json").open("wb") as file:
        file.truncate(MAX_FILE + 1)
    (found,) = look(kept, folder)
    assert found.taken == ()
    assert found.lies == folder / doors.TOO_LONG / "long.json"
    assert counted(kept, Kind.ARRIVAL) == ["portal"]


def test_what_is_not_finished_or_is_no_plain_file_is_left_alone(
    kept: Installation, folder: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(as_bytes(a_request()))
    (folder / ".half.json").write_bytes(b"{")
    (folder / "half.json.part").write_bytes(b"{")
    (folder / "link.json").symlink_to(secret)
    os.mkfifo(folder / "pipe.json")
    (folder / "deeper").mkdir()
    assert look(kept, folder) == []
    assert counted(kept, Kind.ARRIVAL) == []


def test_who_may_not_take_in_is_refused_and_the_next_look_counts_nothing_twice(
    kept: Installation, folder: Path, clock: Clock
) -> None:
    (folder / "request.json").write_bytes(as_bytes(a_request()))
    with pytest.raises(Refused):
        look(kept, folder, by="auditor")
    assert (folder / "request.json").is_file()
    clock.go(minutes=5)
    (found,) = look(kept, folder)
    assert found.taken[0].case is not None
    assert counted(kept, Kind.ARRIVAL) == ["portal"]


def test_what_is_sent_again_is_counted_and_promised_again(
    kept: Installation, folder: Path, clock: Clock
) -> None:
    """The same bytes under the same name, each time after the last case ended, so each becomes a case."""
    data, promises = as_bytes(a_request()), set()
    for _ in range(3):
        (folder / "request.json").write_bytes(data)
        (found,) = look(kept, folder)
        assert found.promise is not None
        given = promise.read(found.promise.read_bytes(), kept.promiser(ORGANISATION, KEPT).key)
        assert given.received == clock.at
        promises.add(given.paper)
        (taken,) = found.taken
        assert taken.case is not None
        kept.desk(ORGANISATION).withdraw(taken.case.id, "intake", kept.now(), why="Their letter.")
        clock.go(days=10)
    assert len(promises) == 3
    assert len(left(folder)) == 3, "each sender finds a promise of their own"
    assert counted(kept, Kind.ARRIVAL) == counted(kept, Kind.REQUEST) == ["portal"] * 3
    openings = receipts.openings(kept, ORGANISATION, "auditor")
    found_wrong = audit(Site(str(kept.site(ORGANISATION))).many, now=clock.at, openings=openings)
    assert not found_wrong.broken, [each for each in found_wrong.findings if each.holds is False]


def test_what_is_no_request_and_comes_again_is_another_arrival(kept: Installation, folder: Path) -> None:
    for _ in range(2):
        (folder / "scan.pdf").write_bytes(b"%PDF")
        look(kept, folder)
    assert counted(kept, Kind.ARRIVAL) == ["portal", "portal"]


@pytest.mark.parametrize("call", range(1, 8))
def test_wherever_a_look_ends_no_request_stands_without_an_arrival(
    kept: Installation, folder: Path, call: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program is stopped before one of its changes to the folder, then looks again; once more later."""
    left_calls = call

    def stopping(real: Callable[..., None]) -> Callable[..., None]:
        def stopped(*given: object, **named: object) -> None:
            nonlocal left_calls
            left_calls -= 1
            if left_calls == 0:
                raise KeyboardInterrupt
            real(*given, **named)

        return stopped

    data = as_bytes(a_request())
    for name in ("unlink", "replace"):
        monkeypatch.setattr(Path, name, stopping(getattr(Path, name)))
    (folder / "request.json").write_bytes(data)
    found: list[HandedIn] = []
    with contextlib.suppress(KeyboardInterrupt):
        found += look(kept, folder)
    monkeypatch.undo()
    found += look(kept, folder)
    (taken,) = found[0].taken
    assert taken.case is not None
    kept.desk(ORGANISATION).withdraw(taken.case.id, "intake", kept.now(), why="Their letter.")
    (folder / "request.json").write_bytes(data)
    look(kept, folder)
    arrived = counted(kept, Kind.ARRIVAL)
    asked = [each.count for each in kept.store.trace.counted(ORGANISATION)]
    assert len(arrived) >= sum(each.value("kind") == Kind.REQUEST for each in asked) == 2


def test_a_house_without_a_log_has_doors_that_promise_nothing(app: Installation, folder: Path) -> None:
    (folder / "request.json").write_bytes(as_bytes(a_request()))
    (found,) = look(app, folder)
    assert found.promise is None
    assert app.count(ORGANISATION, View()) == 1
    assert left(folder) == set()


# ---- a mailbox -------------------------------------------------------------------------------------------


@pytest.fixture
def box(folder: Path) -> Path:
    for name in MAILDIR:
        (folder / name).mkdir()
    return folder


def mails(app: Installation, box: Path, sender: str = SENDER) -> list[HandedIn]:
    return list(doors.look(app, ORGANISATION, "intake", box, Door.MAILBOX, maildir=True, sender=sender))


def test_a_mail_is_counted_and_promised_whole_its_request_taken_in_and_the_mail_kept_with_the_case(
    kept: Installation, box: Path
) -> None:
    data = delivered(box, "1.one", as_bytes(a_request()))
    (found,) = mails(kept, box)
    (taken,) = found.taken
    assert taken.case is not None
    given = promise.read((found.promise or box).read_bytes(), kept.promiser(ORGANISATION, KEPT).key)
    assert given.sha256 == promise.sha256(data)
    assert found.lies is None
    case = kept.case(ORGANISATION, taken.case.id)
    (whole,) = case.files_kept
    assert (whole.name, kept.get(ORGANISATION, case.id, whole.sha256)) == ("1.one.eml", data)
    assert kept.get(ORGANISATION, case.id, case.versions[0].source) == as_bytes(a_request())
    assert left(box) == {f"promises/{found.promise.name}", "answers/1.one.eml"}  # type: ignore[union-attr]
    assert counted(kept, Kind.ARRIVAL) == counted(kept, Kind.REQUEST) == ["mailbox"]
    assert mails(kept, box) == []


def test_the_answer_to_a_mail_is_the_promise_and_says_nothing_of_what_came(
    kept: Installation, box: Path
) -> None:
    delivered(box, "1.one", as_bytes(a_request()))
    (found,) = mails(kept, box)
    answer = message_from_bytes((box / "answers" / "1.one.eml").read_bytes(), policy=policy.default)
    assert (answer["To"], answer["From"], answer["In-Reply-To"]) == (CLERK, SENDER, "<1.one@court.example>")
    (file,) = answer.iter_attachments()  # type: ignore[attr-defined]
    assert file.get_payload(decode=True) == (found.promise or box).read_bytes()
    said = str(answer)
    assert f"habeas promise check promise.txt --site https://{KEPT.origin}" in said.replace("=\n", "")
    for word in ("secret operation", "Dear colleagues", "order-0", "accounts", "case"):
        assert word not in said


def test_whatever_is_attached_makes_no_difference_to_the_answer(kept: Installation, box: Path) -> None:
    """Nobody learns from it whether a request was readable, known already, or one at all."""
    delivered(box, "1.one", as_bytes(a_request()))
    delivered(box, "2.two")
    delivered(box, "3.three", b"{ nothing")
    mails(kept, box)
    texts = set()
    for name in ("1.one", "2.two", "3.three"):
        answer = message_from_bytes((box / "answers" / f"{name}.eml").read_bytes(), policy=policy.default)
        texts.add(str(answer.get_body().get_content()))  # type: ignore[attr-defined]
    assert len(texts) == 1


def test_a_mail_without_a_request_waits_for_a_person_and_is_counted(kept: Installation, box: Path) -> None:
    data = delivered(box, "1.letter")
    (found,) = mails(kept, box)
    assert found.lies == box / doors.UNREAD / "1.letter.eml"
    assert found.lies.read_bytes() == data
    assert "a person reads it" in (box / doors.UNREAD / "1.letter.eml.why.txt").read_text()
    assert counted(kept, Kind.ARRIVAL) == ["mailbox"]


def test_a_mail_with_several_requests_is_as_many_arrivals(kept: Installation, box: Path) -> None:
    several = [as_bytes(a_request(attachments=[{"name": f"p{each}.pdf"}])) for each in range(3)]
    delivered(box, "1.three", *several)
    (found,) = mails(kept, box)
    assert len({each.case.id for each in found.taken if each.case is not None}) == 3
    for each in found.taken:
        assert each.case is not None
        assert len(kept.case(ORGANISATION, each.case.id).files_kept) == 1
    assert counted(kept, Kind.ARRIVAL) == counted(kept, Kind.REQUEST) == ["mailbox"] * 3


def test_a_mail_of_which_one_request_is_bad_loses_no_other_and_waits_for_a_person(
    kept: Installation, box: Path
) -> None:
    delivered(box, "1.two", as_bytes(a_request()), b"{ nothing")
    (found,) = mails(kept, box)
    assert [each.case is not None for each in found.taken] == [True, False]
    assert found.lies is not None
    assert counted(kept, Kind.REQUEST) == ["mailbox"]


def test_several_mails_at_once_and_those_that_another_program_moved_are_all_taken(
    kept: Installation, box: Path
) -> None:
    """A server of mailboxes moves a mail from new to cur and gives it flags when somebody looks."""
    for each in range(4):
        delivered(box, f"{each}.mail", as_bytes(a_request(attachments=[{"name": f"p{each}.pdf"}])))
    (box / "new" / "1.mail").rename(box / "cur" / "1.mail:2,S")
    (box / "tmp" / "9.half").write_bytes(b"From")
    found = []
    for handed in doors.look(kept, ORGANISATION, "intake", box, Door.MAILBOX, maildir=True, sender=SENDER):
        if not found:
            (box / "new" / "3.mail").rename(box / "cur" / "3.mail:2,FS")
        found.append(handed)
    found += mails(kept, box)
    assert sorted(each.name for each in found) == [f"{each}.mail" for each in range(4)]
    assert all(each.lies is None for each in found)
    assert left(box) & {f"{where}/{each}" for where in ("new", "cur") for each in range(4)} == set()
    assert (box / "tmp" / "9.half").is_file()
    assert counted(kept, Kind.ARRIVAL) == ["mailbox"] * 4


@pytest.mark.parametrize("step", ["taken", "kept"])
def test_a_look_that_ends_within_a_mail_counts_it_once_and_answers_with_one_promise(
    kept: Installation, box: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    data = delivered(box, "1.one", as_bytes(a_request()))
    real = doors.attach

    def broken(*parts: object, **named: object) -> object:
        if step == "kept":
            real(*parts, **named)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(doors, "attach", broken)
    with pytest.raises(KeyboardInterrupt):
        mails(kept, box)
    assert (box / "new" / "1.one").is_file()
    monkeypatch.setattr(doors, "attach", real)
    (found,) = mails(kept, box)
    assert found.lies is None
    (case,) = {each.case.id for each in found.taken if each.case is not None}
    assert [each.sha256 for each in kept.case(ORGANISATION, case).files_kept] == [promise.sha256(data)]
    assert len(list((box / doors.PROMISES).glob("*.promise"))) == 1
    assert counted(kept, Kind.ARRIVAL) == counted(kept, Kind.REQUEST) == ["mailbox"]


def test_nothing_is_answered_without_a_name_to_answer_under_or_without_a_log(
    kept: Installation, app: Installation, box: Path
) -> None:
    delivered(box, "1.one")
    mails(kept, box, sender="")
    delivered(box, "2.back", path="")
    mails(kept, box)
    assert not (box / ANSWERS).exists()


def test_a_folder_that_is_no_maildir_is_refused(kept: Installation, folder: Path) -> None:
    with pytest.raises(Refused, match="no Maildir"):
        mails(kept, folder)

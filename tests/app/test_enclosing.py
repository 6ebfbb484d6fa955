"""Files that came along are sealed as they came, given out as they came, and gone with their case."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from habeas.app import enclosing
from habeas.app.enclosing import Came
from habeas.app.installation import Installation
from habeas.app.worker import Worker
from habeas.desk.case import Case
from habeas.desk.desk import Desk
from habeas.desk.enclosing import stated
from habeas.desk.events import Door, Enclosed
from habeas.desk.moves import Act
from habeas.errors import Refused
from habeas.request.formats import native, to_native
from habeas.store import doctor
from tests.app.houses import ORGANISATION, Clock, a_request, brought, everything_under, taken_in

MARK = b"marked-in-what-came-along-41d7 " * 5000
NAME = "order-of-a-marked-name-9e2c.pdf"
REQUEST = native.convert({**a_request(received_on=None), "id": "typed"})
NEW = "2026-ZZZZ-ZZZZ"


def lay(app: Installation, data: bytes = MARK, *, name: str = NAME, original: bool = True) -> Enclosed:
    """A letter that lies apart, as a form leaves it."""
    with enclosing.apart(app, ORGANISATION, "intake", NEW) as coming:
        for start in range(0, len(data), 1000):
            coming.write(data[start : start + 1000])
        coming.keep()
        return enclosing.kept(Came(name, coming), original=original)


def take(app: Installation, *files: Enclosed) -> Case:
    return app.receive(
        ORGANISATION,
        "intake",
        REQUEST,
        to_native(REQUEST),
        door=Door.PAPER,
        typed=True,
        apart=NEW,
        files=files,
    )


def test_what_lay_apart_is_in_the_case_as_it_came(app: Installation) -> None:
    letter = lay(app)
    assert (letter.size, letter.sha256) == (len(MARK), hashlib.sha256(MARK).hexdigest())
    case = take(app, letter)
    assert case.id == NEW
    assert case.files_kept == (letter,)
    name, size, file = enclosing.opened(app, ORGANISATION, case, letter.sha256)
    assert (name, size, b"".join(enclosing.pieces(file))) == (NAME, len(MARK), MARK)
    assert list(doctor(app.store, ORGANISATION, app.folded(ORGANISATION))) == []


def test_nothing_of_a_file_is_on_disk_in_clear_and_an_erasure_takes_it_all(
    app: Installation, clock: Clock, home: Path
) -> None:
    case = brought(app, clock, "closed")
    app.desk(ORGANISATION).reopen(case.id, "counsel", clock.at, why="A paper came.")
    enclosing.attach(app, ORGANISATION, case.id, "intake", [Came(NAME, MARK)])
    sealed = [
        app.store.blobs.path(ORGANISATION, case.id, each).read_bytes()
        for each in app.store.blobs.names(ORGANISATION, case.id)
    ]
    marks = (MARK[:30], NAME.encode(), *(each[100:164] for each in sealed if len(each) > 164))
    before = everything_under(home)
    assert not any(mark in before for mark in marks[:2])
    assert all(mark in before for mark in marks[2:])
    app.desk(ORGANISATION).withdraw(case.id, "intake", clock.at, why="Their letter.")
    app.desk(ORGANISATION).close(case.id, "reviewer", clock.at)
    clock.go(days=800)
    app.erase(ORGANISATION, case.id, "counsel", why="The time is over.")
    after = everything_under(home)
    assert not any(mark in after for mark in marks)
    with pytest.raises(Refused):
        enclosing.opened(app, ORGANISATION, case, hashlib.sha256(MARK).hexdigest())


def test_every_version_is_there_as_it_came_with_who_brought_it(app: Installation) -> None:
    case = taken_in(app)
    (first,) = enclosing.versions(case)
    assert (first.number, first.by, first.typed, first.case) == (1, "intake", False, case.id)
    name, _size, file = enclosing.opened(app, ORGANISATION, case, first.sha256)
    assert hashlib.sha256(b"".join(enclosing.pieces(file))).hexdigest() == first.sha256
    assert name == f"request-{case.id}-version-1.txt"


def test_of_what_was_split_off_the_bytes_lie_in_the_case_it_came_from(
    app: Installation, clock: Clock
) -> None:
    two = a_request()
    other = {**two["targets"][0], "id": "t9", "identifiers": [{"value": "other@host.example"}]}
    case = taken_in(app, targets=[*two["targets"], other])
    _old, new = app.desk(ORGANISATION).split(
        case.id, "reviewer", clock.at, targets=["t9"], into="2026-AAAA-BBBB"
    )
    (first,) = enclosing.versions(new)
    assert first.case == case.id
    with pytest.raises(Refused, match="no such file"):
        enclosing.opened(app, ORGANISATION, new, first.sha256)


def test_no_other_file_of_a_case_is_given_out(app: Installation, clock: Clock) -> None:
    """What a custodian laid ready, letters and objections have doors of their own."""
    case = brought(app, clock, "prepared")
    assert case.files
    for held in case.files:
        assert app.get(ORGANISATION, case.id, held.sha256)
        with pytest.raises(Refused, match="no such file"):
            enclosing.opened(app, ORGANISATION, case, held.sha256)


@pytest.mark.parametrize("person", ["custodian", "auditor", "administrator", "expert"])
def test_who_takes_nothing_in_keeps_nothing(person: str, app: Installation) -> None:
    case = taken_in(app)
    for begin in (
        lambda: enclosing.apart(app, ORGANISATION, person, NEW),
        lambda: enclosing.coming(app, ORGANISATION, case.id, person, Act.ATTACH),
        lambda: enclosing.attach(app, ORGANISATION, case.id, person, [Came(NAME, MARK)]),
    ):
        with pytest.raises(Refused):
            begin()
    assert app.store.blobs.names(ORGANISATION, NEW) == ()
    assert len(app.store.blobs.names(ORGANISATION, case.id)) == 1


def test_what_is_longer_than_a_file_may_be_leaves_nothing(
    app: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enclosing, "FILE_BYTES", 1000)
    with pytest.raises(Refused, match="more than 1,000 bytes"):
        lay(app)
    assert app.store.blobs.names(ORGANISATION, NEW) == ()
    case = taken_in(app)
    with pytest.raises(Refused, match="more than"):
        enclosing.attach(app, ORGANISATION, case.id, "intake", [Came(NAME, MARK)])


def test_a_refused_request_leaves_its_letter_for_the_next_try_and_counts_nothing(app: Installation) -> None:
    letter = lay(app)
    later = stated(app.now().date() + timedelta(days=2), None, "UTC")
    with pytest.raises(Refused, match="still to come"):
        app.receive(
            ORGANISATION,
            "intake",
            REQUEST,
            to_native(REQUEST),
            door=Door.PAPER,
            apart=NEW,
            files=[letter],
            arrived=later,
        )
    assert take(app, letter).files_kept == (letter,)


def test_a_file_that_is_not_there_is_named_in_no_case(app: Installation) -> None:
    gone = msgspec.structs.replace(lay(app), sha256="0" * 64)
    with pytest.raises(Refused, match="not there any more"):
        take(app, gone)
    with pytest.raises(Refused):
        app.case(ORGANISATION, NEW)


def test_what_nobody_took_in_within_a_day_is_destroyed_by_the_worker(app: Installation, clock: Clock) -> None:
    letter = lay(app)

    def faults() -> list[str]:
        return list(doctor(app.store, ORGANISATION, app.folded(ORGANISATION)))

    assert faults() == [], "what waits for its request is no stray"
    clock.go(hours=23)
    Worker(app, "a").step()
    assert app.store.blobs.names(ORGANISATION, NEW) != ()
    clock.go(hours=2)
    Worker(app, "a").step()
    assert app.store.blobs.names(ORGANISATION, NEW) == ()
    assert app.store.keyring.key(ORGANISATION, NEW) is None
    assert faults() == []
    with pytest.raises(Refused, match="not there any more"):
        take(app, letter)


def test_what_became_a_case_is_forsaken_by_nobody(app: Installation, clock: Clock) -> None:
    case = take(app, lay(app))
    clock.go(days=3)
    assert enclosing.forsake(app) == 0
    assert app.get(ORGANISATION, case.id, case.files_kept[0].sha256) == MARK


def test_the_same_request_again_takes_its_files_along_and_leaves_no_second_key(app: Installation) -> None:
    first = app.receive(ORGANISATION, "intake", REQUEST, to_native(REQUEST), door=Door.PAPER)
    case = take(app, lay(app))
    assert case.id == first.id
    assert app.get(ORGANISATION, case.id, case.files_kept[0].sha256) == MARK
    assert app.store.blobs.names(ORGANISATION, NEW) == ()
    assert app.store.keyring.key(ORGANISATION, NEW) is None


def _chosen(app: Installation, case: str, data: bytes = MARK) -> Enclosed:
    """A file that was chosen for an answer, which lies in the case from then on."""
    with enclosing.coming(app, ORGANISATION, case, "intake", Act.ATTACH) as coming:
        coming.write(data)
        coming.keep()
        app.waits_for_its_record(ORGANISATION, case, coming.sha256)
        return enclosing.kept(Came(NAME, coming))


def test_a_file_chosen_for_an_answer_that_nobody_recorded_is_destroyed_after_a_day(
    app: Installation, clock: Clock
) -> None:
    case = taken_in(app).id
    before = app.store.blobs.names(ORGANISATION, case)
    file = _chosen(app, case)
    clock.go(hours=23)
    Worker(app, "a").step()
    assert len(app.store.blobs.names(ORGANISATION, case)) == len(before) + 1
    app.waits_for_its_record(ORGANISATION, case, file.sha256)  # it is used again, and its day begins anew
    clock.go(hours=2)
    Worker(app, "a").step()
    assert app.get(ORGANISATION, case, file.sha256) == MARK
    clock.go(hours=23)
    Worker(app, "a").step()
    assert app.store.blobs.names(ORGANISATION, case) == before
    assert list(doctor(app.store, ORGANISATION, app.folded(ORGANISATION))) == []
    assert enclosing.forsake(app) == 0


def test_a_file_that_the_case_names_stays_for_whatever_it_was_chosen(app: Installation, clock: Clock) -> None:
    case = taken_in(app).id
    file = _chosen(app, case)
    with enclosing.coming(app, ORGANISATION, case, "intake", Act.ATTACH) as coming:
        coming.write(MARK)
        enclosing.attach(app, ORGANISATION, case, "intake", [Came(NAME, coming)])
    clock.go(days=3)
    assert enclosing.forsake(app) == 0
    assert app.get(ORGANISATION, case, file.sha256) == MARK


def test_what_a_refused_verb_left_behind_is_destroyed_too(app: Installation, clock: Clock) -> None:
    """Somebody was faster between the rehearsal and the record: the file is sealed already."""
    case = taken_in(app).id
    before = app.store.blobs.names(ORGANISATION, case)
    tried: list[str] = []

    def verb(desk: Desk) -> Case:
        tried.append("")
        if len(tried) > 1:
            raise Refused("somebody was faster", place=case)
        return desk.case(case)

    with enclosing.coming(app, ORGANISATION, case, "intake", Act.ATTACH) as coming:
        coming.write(MARK)
        with pytest.raises(Refused, match="faster"):
            app.with_files(ORGANISATION, [coming], verb)
    assert len(app.store.blobs.names(ORGANISATION, case)) == len(before) + 1
    clock.go(days=1, hours=1)
    assert enclosing.forsake(app) == 1
    assert app.store.blobs.names(ORGANISATION, case) == before


def test_a_case_that_cannot_be_read_keeps_its_files(app: Installation, clock: Clock) -> None:
    case = taken_in(app).id
    file = _chosen(app, case)
    clock.go(days=2)
    with app.store.database.transaction() as run:
        run("UPDATE event SET sealed = ? WHERE organisation = ? AND stream = ?", b"x", ORGANISATION, case)
    assert enclosing.forsake(app) == 0
    assert app.store.get(ORGANISATION, case, file.sha256) == MARK

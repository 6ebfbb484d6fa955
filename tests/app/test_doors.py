"""A door: a real folder, real files in it, and the log that counts them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from habeas.app import doors, receipts
from habeas.app.doors import HandedIn
from habeas.app.installation import Installation
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
        kept.desk(ORGANISATION).withdraw(taken.case.id, "intake", kept.now())
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
    kept.desk(ORGANISATION).withdraw(taken.case.id, "intake", kept.now())
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

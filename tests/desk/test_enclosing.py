"""When something came is an instant, a day, or a refusal; no file is kept under a name that misleads."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest

from habeas.desk import Conflict, Door
from habeas.desk.clocks import DayInterval, Moment
from habeas.desk.enclosing import LONGEST, MANY, happened, named, stated, whole
from habeas.desk.events import Arrived, Attached, Enclosed, Received
from habeas.desk.limits import arrived as came_of
from habeas.errors import Refused
from tests.desk.desks import ALONG, CASE, SOUND, SOURCE, at, house_of

ON = date(2026, 11, 20)
UNDATED = msgspec.structs.replace(SOUND, received_on=None)


def file(data: bytes, name: str = "a.pdf") -> Enclosed:
    return Enclosed(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())


# ---- when it came ------------------------------------------------------------------------------------------


def test_an_hour_is_an_instant_by_the_clocks_of_its_zone() -> None:
    found = stated(ON, time(8, 30), "America/New_York")
    assert found.at == datetime(2026, 11, 20, 13, 30, tzinfo=UTC)


def test_a_day_alone_states_no_hour() -> None:
    assert stated(ON, None, "Europe/Paris") == Arrived(on=ON, zone="Europe/Paris")


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    """Clocks in Paris go back from 3 to 2 on 25 October 2026; no limit is longer for that."""
    assert stated(date(2026, 10, 25), time(2, 30), "Europe/Paris").at == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_an_hour_that_clocks_left_out_is_none() -> None:
    with pytest.raises(Refused, match="went past this hour"):
        stated(date(2026, 3, 29), time(2, 30), "Europe/Paris")
    assert stated(date(2026, 3, 29), time(3, 30), "Europe/Paris").at is not None


@pytest.mark.parametrize("zone", ["", "GMT+3", "localtime", "Middle/Earth"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(Refused, match="not a time zone"):
        stated(ON, None, zone)


def test_nothing_came_after_it_was_recorded() -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    happened(stated(ON, time(12), "UTC"), now)
    happened(stated(ON, None, "UTC"), now)
    for late in (stated(ON, time(12, 1), "UTC"), stated(ON + timedelta(days=1), None, "UTC")):
        with pytest.raises(Refused, match="still to come"):
            happened(late, now)


def test_a_day_that_is_not_the_day_of_its_hour_is_refused() -> None:
    odd = msgspec.structs.replace(stated(ON, time(8), "UTC"), on=ON - timedelta(days=1))
    with pytest.raises(Refused, match="do not fit"):
        happened(odd, at())


def received(arrived: Arrived | None, hours: float = 0) -> object:
    desk, _memory = house_of()
    case = desk.receive(
        "intake", at(hours=hours), case=CASE, request=UNDATED, door=Door.PAPER, source=SOURCE, arrived=arrived
    )
    return came_of(case, desk.house())


def test_limits_run_from_what_was_stated() -> None:
    assert received(None) == Moment(at(), "Europe/Zurich")
    hour = stated(ON, time(8), "Asia/Tokyo")
    assert hour.at is not None
    assert received(hour) == Moment(hour.at, "Asia/Tokyo")
    assert received(stated(ON, None, "Asia/Tokyo")) == DayInterval(ON, "Asia/Tokyo")


def test_of_a_day_that_is_not_over_yet_nothing_later_than_its_record_counts() -> None:
    assert received(stated(at().date(), None, "Europe/Zurich")) == Moment(at(), "Europe/Zurich")


# ---- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ("order.pdf", "order.pdf"),
        ("..\\..\\order.pdf", "order.pdf"),
        ("/etc/passwd", "passwd"),
        ("../..", "file without a name"),
        ("", "file without a name"),
        ("order\u202efdp.exe", "order fdp.exe"),
        ("two\r\nlines.txt", "two lines.txt"),
        ("أمر قضائي.pdf", "أمر قضائي.pdf"),
        (".bashrc", "bashrc"),
    ],
)
def test_a_name_is_kept_without_what_misleads(came: str, kept: str) -> None:
    assert named(came) == kept
    assert named(kept) == kept


def test_a_long_name_keeps_its_ending() -> None:
    short = named("a" * 1000 + ".pdf")
    assert len(short) == LONGEST
    assert short.endswith(".pdf")


# ---- files of a case ---------------------------------------------------------------------------------------


def test_files_are_recorded_once_each_and_with_plain_names_only() -> None:
    assert whole([ALONG, file(b"b"), ALONG]) == (ALONG, file(b"b"))
    for wrong in (
        file(b""),
        msgspec.structs.replace(ALONG, sha256="0"),
        msgspec.structs.replace(ALONG, name="../order.pdf"),
        msgspec.structs.replace(ALONG, size=-1),
    ):
        with pytest.raises(Refused):
            whole([wrong])
    many = [file(str(each).encode()) for each in range(MANY + 1)]
    assert len(whole(many[:-1])) == MANY
    with pytest.raises(Refused, match="more than"):
        whole(many)


def test_what_came_with_a_request_is_recorded_with_it() -> None:
    desk, memory = house_of()
    case = desk.receive(
        "intake",
        at(),
        case=CASE,
        request=SOUND,
        door=Door.PAPER,
        source=SOURCE,
        files=[msgspec.structs.replace(ALONG, original=True)],
        typed=True,
    )
    first, second = (each.event for each in case.history)
    assert isinstance(first, Received)
    assert first.typed
    assert second == Attached(files=case.files_kept)
    assert "typed in" in first.sentence()
    assert ALONG.name not in second.sentence()
    assert memory.rows[CASE].version == case.length


def test_what_comes_with_the_same_request_again_goes_to_its_case_and_each_file_once() -> None:
    desk, _memory = house_of()
    named_ = {"request": SOUND, "door": Door.PAPER, "source": SOURCE}
    desk.receive("intake", at(), case=CASE, files=[ALONG], **named_)  # type: ignore[arg-type]
    other = file(b"page two")
    case = desk.receive("intake", at(hours=1), case="2026-000002", files=[ALONG, other], **named_)  # type: ignore[arg-type]
    assert case.id == CASE
    assert case.files_kept == (ALONG, other)


def test_what_is_in_the_case_already_is_not_kept_again() -> None:
    desk, _memory = house_of()
    desk.receive("intake", at(), case=CASE, request=SOUND, door=Door.PAPER, source=SOURCE)
    for files, why in (([], "no file came"), ([ALONG], "")):
        if why:
            with pytest.raises(Refused, match=why):
                desk.attach(CASE, "intake", at(hours=1), files=files)
        else:
            desk.attach(CASE, "intake", at(hours=1), files=files)
    with pytest.raises(Refused, match="in the case already"):
        desk.attach(CASE, "intake", at(hours=2), files=[ALONG])
    with pytest.raises(Conflict):
        type(desk)(desk.organisation, desk._records, seen=1).attach(
            CASE, "intake", at(hours=2), files=[file(b"b")]
        )


def test_a_case_is_assessed_and_decided_as_before_whatever_came_along() -> None:
    desk, _memory = house_of()
    desk.receive("intake", at(), case=CASE, request=SOUND, door=Door.PAPER, source=SOURCE)
    before = desk.assess(CASE, "reviewer", at(hours=1))
    after = desk.attach(CASE, "intake", at(hours=2), files=[ALONG])
    assert after.current
    assert (after.stage, after.digest) == (before.stage, before.digest)

from __future__ import annotations

import resource
import threading
from pathlib import Path

import pytest

from habeas.errors import Refused
from habeas.store.ledger import Ledger
from habeas.store.sealing import Broken


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "keys" / "erased.log")


def said(ledger: Ledger) -> list[str]:
    return [each.stream for each in ledger]


def test_what_was_written_is_read_oldest_first(ledger: Ledger) -> None:
    assert said(ledger) == []
    for number in range(5):
        ledger.add("house", str(number), number)
    assert said(ledger) == ["0", "1", "2", "3", "4"]
    assert [each.stream for each in ledger.latest(2)] == ["4", "3"]
    assert [each.stream for each in ledger.latest(99)] == ["4", "3", "2", "1", "0"]
    assert Ledger(ledger.path.with_name("none")).latest(3) == ()


def test_the_last_lines_of_a_long_ledger_are_found(ledger: Ledger) -> None:
    for number in range(60):
        ledger.add("house", f"2026-{number:06d}", number)
    assert [each.at for each in ledger.latest(3)] == [59, 58, 57]


@pytest.mark.parametrize("room", [0, 1, 100])
def test_where_there_is_room_for_half_a_line_only_nothing_is_acknowledged_and_nothing_left(
    ledger: Ledger, room: int
) -> None:
    """The kernel writes as much of the line as the file may still grow, which is no error to it."""
    ledger.add("house", "0", 0)
    size = ledger.path.stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, before[1]))
    try:
        with pytest.raises(Refused, match="no room"):
            ledger.add("house", "1", 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert ledger.path.stat().st_size == size
    ledger.add("house", "2", 2)
    assert said(ledger) == ["0", "2"]


@pytest.mark.parametrize("half", [b"{", b'{"organisation":"house","stream":"1"', b"\x00\x00"])
def test_half_a_line_of_a_crash_was_never_acknowledged_and_goes(ledger: Ledger, half: bytes) -> None:
    ledger.add("house", "0", 0)
    with ledger.path.open("ab") as file:
        file.write(half)
    assert said(ledger) == ["0"]
    assert [each.stream for each in ledger.latest(9)] == ["0"]
    ledger.add("house", "1", 1)
    assert said(ledger) == ["0", "1"]


def test_half_a_first_line_goes_too(ledger: Ledger) -> None:
    ledger.path.parent.mkdir()
    ledger.path.write_bytes(b'{"org')
    assert said(ledger) == []
    assert ledger.latest(3) == ()
    ledger.add("house", "0", 0)
    assert said(ledger) == ["0"]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: lines[1:],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: [lines[0].replace(b'"0"', b'"9"'), *lines[1:]],
        lambda lines: [lines[0], b"nothing\n", *lines[1:]],
    ],
)
def test_a_line_that_was_changed_or_taken_out_is_seen(ledger: Ledger, change) -> None:  # type: ignore[no-untyped-def]
    for number in range(3):
        ledger.add("house", str(number), number)
    ledger.path.write_bytes(b"".join(change(ledger.path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(Broken, match="ledger"):
        said(ledger)


def test_many_who_write_at_once_lose_nothing(ledger: Ledger) -> None:
    def write(name: str) -> None:
        for number in range(10):
            ledger.add(name, str(number), number)

    threads = [threading.Thread(target=write, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said(ledger)) == 40

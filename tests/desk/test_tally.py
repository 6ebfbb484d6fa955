"""The count of a door: what it signs for each day, and that nothing else passes for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from habeas.desk import promise, tally
from habeas.desk.events import Door
from habeas.desk.tally import Arrived
from habeas.errors import Refused
from habeas.tlog import Algorithm, Note, Signer

ORIGIN = "desk.example.org/log"
SEED = b"d" * 32
SIGNER = Signer.from_seed(promise.key_name(ORIGIN), SEED, Algorithm.ED25519)
FIRST = datetime(2026, 11, 23, 9, tzinfo=UTC)


def line(number: int, at: datetime) -> str:
    return Arrived(received=at, by=(at + timedelta(days=3)).date(), paper=bytes([number]) * 32).line


LINES = tuple(line(number, FIRST + timedelta(hours=8 * number)) for number in range(5))
"""At 9 and 17 o'clock of the first day, and at 1, 9 and 17 o'clock of the second."""


def count(now: datetime, lines: tuple[str, ...] = LINES) -> tally.Count:
    return tally.counted(ORIGIN, Door.PORTAL, SIGNER, SEED, lines, now)


def test_a_count_is_of_the_days_that_are_over_and_opens_its_word() -> None:
    made = count(FIRST + timedelta(days=1))
    read = tally.read(made.encoded(), [SIGNER.key])
    assert read.word.until == datetime(2026, 11, 24, tzinfo=UTC)
    assert (read.word.origin, read.word.door) == (ORIGIN, Door.PORTAL)
    assert [each.line for each in read.arrivals] == list(LINES[:2])
    assert tally.read_word(made.word.encode(), [SIGNER.key]) == read.word
    assert count(FIRST + timedelta(days=1, hours=3)) == made, "the same day, the same word"


def test_what_is_due_is_what_had_its_day() -> None:
    read = tally.read(count(FIRST + timedelta(days=9)).encoded(), [SIGNER.key])
    assert read.due(date(2026, 11, 26)) == ()
    assert read.due(date(2026, 11, 27)) == read.arrivals[:2]
    assert read.due(date(2026, 11, 28)) == read.arrivals


def test_a_word_tells_no_number_and_differs_on_a_day_on_which_nothing_came() -> None:
    words = {count(FIRST + timedelta(days=days), ()).word for days in range(3)}
    heads = {tally.read_word(each.encode(), [SIGNER.key]).head for each in words}
    assert len(heads) == 3
    full = count(FIRST + timedelta(days=3))
    assert all(len(each) == len(full.word) for each in words)
    assert not any(Arrived.read(each).paper.hex() in full.word for each in LINES)


@pytest.mark.parametrize(
    "lines",
    [LINES[:4], LINES[1:], (LINES[1], LINES[0], *LINES[2:]), (*LINES, line(9, FIRST)), ()],
    ids=["the last is gone", "the first is gone", "turned round", "one more", "none"],
)
def test_another_list_than_the_signed_one_is_refused(lines: tuple[str, ...]) -> None:
    made = count(FIRST + timedelta(days=5))
    with pytest.raises(Refused):
        tally.read(msgspec.structs.replace(made, lines=lines).encoded(), [SIGNER.key])


def test_another_key_counts_nothing() -> None:
    data = count(FIRST + timedelta(days=5)).encoded()
    for other in (
        Signer.from_seed(SIGNER.key.name, b"q" * 32, Algorithm.ED25519),
        Signer.from_seed("other.example.org/promises", SEED, Algorithm.ED25519),
    ):
        with pytest.raises(Refused):
            tally.read(data, [other.key])
    with pytest.raises(Refused):
        tally.read(data, [])


def signed(text: str) -> bytes:
    return Note(text=text, signatures=(SIGNER.sign(text),)).encoded()


@pytest.mark.parametrize(
    "change",
    [
        ("door portal", "door paper"),
        ("door portal", "door window"),
        ("habeas/count/v1", "habeas/count/v2"),
        (f"\n{ORIGIN}\n", "\nother.example.org/log\n"),
        ("until 2026-11-28T00:00:00Z", "until 2026-11-31T00:00:00Z"),
    ],
)
def test_even_signed_a_word_must_be_one(change: tuple[str, str]) -> None:
    text = Note.parse(count(FIRST + timedelta(days=5)).word.encode()).text
    assert text.replace(*change) != text
    with pytest.raises(Refused):
        tally.read_word(signed(text.replace(*change)), [SIGNER.key])


@pytest.mark.parametrize(
    "bad", [b"", b"{}", b"\xff", b"[" * 5000, b'{"format":"x","word":"","blind":"","lines":[]}']
)
def test_what_is_no_count_is_refused(bad: bytes) -> None:
    with pytest.raises(Refused):
        tally.read(bad, [SIGNER.key])


@pytest.mark.parametrize("bad", ["", "2026-11-23T09:00:00Z 2026-11-31 " + "0" * 64, LINES[0] + " "])
def test_what_is_no_line_is_refused(bad: str) -> None:
    with pytest.raises(Refused):
        Arrived.read(bad)

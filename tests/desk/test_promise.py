"""The promise: what is signed at the door, and when it is kept, open, broken or not shown."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.desk import promise, public
from habeas.desk.promise import Kept
from habeas.errors import Refused
from habeas.tlog import Algorithm, Checkpoint, Key, Note, Signer, root_of
from tests.desk.desks import START

ORIGIN = "desk.example.org/log"
SIGNER = Signer.from_seed(promise.key_name(ORIGIN), b"p" * 32, Algorithm.ED25519)
DAY = date(2026, 11, 26)


def salts():
    numbers = itertools.count(1)
    return lambda length: next(numbers).to_bytes(length, "big")


GIVEN = promise.promised(ORIGIN, promise.sha256(b"request"), START, DAY, salts())
NOTE = promise.signed(GIVEN, SIGNER)


def leaf(paper: bytes) -> bytes:
    return public.leaf(bytes(32), bytes(32), paper)


def test_a_promise_reads_back_as_it_was_given() -> None:
    assert promise.read(NOTE, SIGNER.key) == GIVEN
    assert GIVEN.opening.commitment() == GIVEN.paper


def test_the_promise_opens_the_leaf_it_names() -> None:
    entry = public.arrival("mailbox", GIVEN.sha256, START)
    opened = public.salted(entry, salts(), paper=GIVEN.opening)
    assert public.commitments(opened.leaf())[2] == GIVEN.paper


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_a_promise_with_any_byte_changed_is_none(place: int, change: int) -> None:
    data = bytearray(NOTE)
    data[place] ^= change
    with pytest.raises(Refused):
        promise.read(bytes(data), SIGNER.key)


def signed(text: str, signer: Signer = SIGNER) -> bytes:
    return Note(text=text, signatures=(signer.sign(text),)).encoded()


@pytest.mark.parametrize(
    "change",
    [
        (f"sha256 {GIVEN.sha256}", f"sha256 {'0' * 64}"),  # it no longer opens its commitment
        ("included by 2026-11-26", "included by 2026-11-31"),
        ("received 2026-", "received 2026-x"),
        ("habeas/promise/v1", "habeas/promise/v2"),
        (f"\n{ORIGIN}\n", "\nother.example.org/log\n"),
        ("received 2026-11-23T09:00:00Z", "received 2026-11-23T09:00:00"),
    ],
)
def test_even_signed_a_promise_must_be_one(change: tuple[str, str]) -> None:
    text = GIVEN.text.replace(*change)
    assert text != GIVEN.text
    with pytest.raises(Refused):
        promise.read(signed(text), SIGNER.key)


def test_another_key_promises_nothing() -> None:
    for other in (
        Signer.from_seed(SIGNER.key.name, b"q" * 32, Algorithm.ED25519),
        Signer.from_seed("other.example.org/promises", b"p" * 32, Algorithm.ED25519),
    ):
        with pytest.raises(Refused):
            promise.read(NOTE, other.key)
        with pytest.raises(Refused):
            promise.read(signed(GIVEN.text, other), SIGNER.key)


@pytest.mark.parametrize(
    ("seen", "today", "is_"),
    [
        (None, DAY, Kept.OPEN),
        (None, DAY + timedelta(days=1), Kept.UNKNOWN),
        (DAY, DAY, Kept.OPEN),
        (DAY, DAY + timedelta(days=9), Kept.UNKNOWN),
        (DAY + timedelta(days=1), DAY + timedelta(days=1), Kept.BROKEN),
    ],
)
def test_a_promise_is_broken_only_by_a_log_that_is_newer(seen: date | None, today: date, is_: Kept) -> None:
    others = [leaf(bytes([number]) * 32) for number in range(3)]
    assert promise.kept(GIVEN, others, seen=seen, today=today) == (is_, None)
    assert promise.kept(GIVEN, [*others, leaf(GIVEN.paper)], seen=seen, today=today) == (Kept.KEPT, 3)


@pytest.mark.parametrize(
    ("days", "is_"), [((0,), Kept.KEPT), ((0, 1), Kept.LATE), ((1, 0), Kept.LATE), ((), Kept.KEPT)]
)
def test_a_leaf_behind_a_ledger_of_a_later_day_keeps_its_promise_late(
    days: tuple[int, ...], is_: Kept
) -> None:
    """A leaf stands behind these ledgers, and before one of a much later day."""
    at = [datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC) + timedelta(days=each) for each in (*days, 9)]
    leaves = [leaf(bytes([number]) * 32) for number in range(4)]
    leaves[len(days)] = leaf(GIVEN.paper)
    ledgers = [(place if place < len(days) else 3, until) for place, until in enumerate(at)]
    found = promise.kept(GIVEN, leaves, seen=None, today=DAY, ledgers=ledgers)
    assert found == (is_, len(days))


def test_bytes_that_are_no_leaf_keep_no_promise() -> None:
    stray = [GIVEN.paper, b"another form" + GIVEN.paper]
    assert promise.kept(GIVEN, stray, seen=None, today=DAY) == (Kept.OPEN, None)


def test_a_word_of_freshness_names_the_tree_and_the_moment() -> None:
    text = Checkpoint(origin=ORIGIN, size=1, root=root_of([bytes(32)])).text
    log = Signer.from_seed(ORIGIN, b"l" * 32, Algorithm.ED25519)
    data = promise.fresh(signed(text, log), START, SIGNER.key, log)
    found = promise.read_fresh(data, (log.key,))
    assert (found.tree, found.at, found.promises) == (Checkpoint.parse(text), START, SIGNER.key)
    with pytest.raises(Refused):
        promise.read_fresh(data, (SIGNER.key,))
    with pytest.raises(Refused):
        promise.read_fresh(NOTE, (SIGNER.key,))
    apart = tuple(
        Signer.from_seed(SIGNER.key.name, seed * 32, Algorithm.ED25519).key for seed in (b"1", b"2")
    )
    named = promise.read_fresh(promise.fresh(signed(text, log), START, SIGNER.key, log, apart), (log.key,))
    assert (named.tree, named.at, named.keys) == (found.tree, START, (SIGNER.key, *apart))
    now = signed(f"{promise.FRESH_FORMAT}\n{text}now\npromises {SIGNER.key}\n", log)
    with pytest.raises(Refused):
        promise.read_fresh(now, (log.key,))
    of_another = signed(text.replace(ORIGIN, "other.example.org/log"), log)
    data = promise.fresh(of_another, START, SIGNER.key, log)
    with pytest.raises(Refused):
        promise.read_fresh(data, (log.key,))


def test_one_key_signs_promises_and_another_the_log() -> None:
    assert Key.parse(str(SIGNER.key)).name == f"{ORIGIN}/promises"


def test_any_door_of_the_log_may_have_promised() -> None:
    other = Signer.from_seed(SIGNER.key.name, b"q" * 32, Algorithm.ED25519)
    assert promise.read(NOTE, other.key, SIGNER.key) == GIVEN
    with pytest.raises(Refused):
        promise.read(NOTE)

from __future__ import annotations

import pytest

from habeas.store import Store, doctor
from habeas.store.store import micros
from tests.store.cases import AT, CASE, HOUSE, append_note, fold, later

ERASED = "2026-000009"


@pytest.fixture
def full(store: Store) -> Store:
    append_note(store)
    append_note(store, expected=1)
    store.put(HOUSE, CASE, b"an order")
    append_note(store, "2026-000002")
    append_note(store, ERASED)
    store.put(HOUSE, ERASED, b"another")
    store.erase(HOUSE, ERASED, later(1))
    append_note(store, "house")  # people and settings have no read models
    with store.database.transaction() as run:
        for table in ("queue", "job", "token"):
            run(f"DELETE FROM {table} WHERE stream = 'house'")
    return store


def test_where_everything_agrees_nothing_is_said(full: Store) -> None:
    assert list(doctor(full, HOUSE, fold)) == []
    assert list(doctor(full, "nobody", fold)) == []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            "UPDATE queue SET stage = 'released' WHERE stream = '2026-000001'",
            "the queue says stage is released",
        ),
        ("DELETE FROM queue WHERE stream = '2026-000001'", "its row in the queue is missing"),
        ("DELETE FROM job WHERE stream = '2026-000001'", "the job answer is missing"),
        ("UPDATE job SET id = 'x' WHERE stream = '2026-000001'", "the job x has no reason any more"),
        (
            "UPDATE job SET due = due + 1 WHERE stream = '2026-000001'",
            "the job answer is not what the events say",
        ),
        ("DELETE FROM token WHERE stream = '2026-000001'", "1 of 1 search tokens are missing"),
        ("UPDATE token SET stream = '2026-000002'", "found by 1 words that are not in it"),
        ("UPDATE event SET by = 'x' WHERE stream = '2026-000001'", "an event was changed"),
        (
            "UPDATE event SET sealed = digest WHERE stream = '2026-000001'",
            "contents of an event were changed",
        ),
        ("DELETE FROM head WHERE stream = '2026-000001'", "there are rows of event and no such case"),
        ("DELETE FROM blob WHERE stream = '2026-000001'", "1 files on disk belong to nothing"),
        ("UPDATE event SET sealed = digest WHERE stream = '2026-000009'", "1 rows of event are still there"),
        (
            "UPDATE job SET stream = '2026-000009' WHERE stream = '2026-000002'",
            "1 rows of job are still there",
        ),
        ("INSERT INTO blob VALUES ('provider', '2026-000001', 'x', 1)", "1 files are missing on disk"),
        ("DELETE FROM erased", "stands in the erasure ledger and was not erased"),
    ],
)
def test_each_damage_is_said_in_a_sentence_with_its_case(full: Store, damage: str, said: str) -> None:
    with full.database.transaction() as run:
        run(damage)
    sentences = list(doctor(full, HOUSE, fold))
    assert [each for each in sentences if said in each] != [], sentences
    assert all(each.startswith(("2026-", "house")) and each.endswith(".") for each in sentences), sentences


def test_an_erasure_that_the_ledger_does_not_know_is_said(full: Store) -> None:
    with full.database.transaction() as run:
        run("INSERT INTO erased VALUES (?, ?, ?)", HOUSE, "2026-000002", micros(AT))
    sentences = list(doctor(full, HOUSE, fold))
    assert "2026-000002: it was erased and does not stand in the erasure ledger." in sentences
    assert "2026-000002: it was erased, and its key is still there." in sentences


def test_a_lost_key_is_said(full: Store) -> None:
    full.keyring.destroy(HOUSE, CASE)
    [said] = doctor(full, HOUSE, fold)
    assert said.startswith(f"{CASE}: the key of a case is missing")


def test_a_lost_search_key_is_said_and_none_is_made(full: Store) -> None:
    full.keyring.destroy(HOUSE, ".search-2026")
    assert {each.split(": ")[1] for each in doctor(full, HOUSE, fold)} == {
        "the key to search the cases of 2026 is missing from the keyring."
    }
    assert full.keyring.key(HOUSE, ".search-2026") is None


def test_a_key_and_files_without_a_case_are_said(full: Store) -> None:
    full.put(HOUSE, "2026-000077", b"never received")
    assert {each.split(":")[1].split(";")[0] for each in doctor(full, HOUSE, fold)} == {
        " there are rows of blob and no such case.",
        " there is a key and no such case",
        " there are files and no such case.",
    }


def test_a_changed_ledger_is_said(full: Store) -> None:
    full.ledger.path.write_bytes(full.ledger.path.read_bytes().replace(b"000009", b"000008"))
    assert any("ledger was changed" in each for each in doctor(full, HOUSE, fold))

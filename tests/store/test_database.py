from __future__ import annotations

import os
import threading

import pytest

from habeas.store.database import PerThread, Taken
from tests.store.cases import Installation


class Connection:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def test_each_thread_has_its_own_and_keeps_it() -> None:
    threads = PerThread(Connection, Connection.close)
    mine = threads.get()
    theirs: list[Connection] = []
    other = threading.Thread(target=lambda: theirs.extend([threads.get(), threads.get()]))
    other.start()
    other.join()
    assert threads.get() is mine
    assert theirs[0] is theirs[1]
    assert theirs[0] is not mine


def test_connections_of_ended_threads_do_not_pile_up() -> None:
    threads = PerThread(Connection, Connection.close)
    used: list[Connection] = []
    for _ in range(5):
        thread = threading.Thread(target=lambda: used.append(threads.get()))
        thread.start()
        thread.join()
    assert [each.closed for each in used] == [1, 1, 1, 1, 0]


def test_closing_closes_all_and_the_next_use_opens_anew() -> None:
    threads = PerThread(Connection, Connection.close)
    first = threads.get()
    threads.close()
    assert first.closed == 1
    assert threads.get() is not first


def test_a_dropped_connection_is_closed_and_replaced() -> None:
    threads = PerThread(Connection, Connection.close)
    first = threads.get()
    threads.drop()
    threads.close()
    assert first.closed == 1
    threads.drop()
    assert threads.get() is not first


def test_a_forked_process_neither_uses_nor_closes_what_its_parent_opened() -> None:
    threads = PerThread(Connection, Connection.close)
    mine = threads.get()
    child = os.fork()
    if child == 0:  # pragma: no cover
        other = threads.get()
        threads.close()
        os._exit(0 if other is not mine and mine.closed == 0 and other.closed == 1 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert threads.get() is mine


def test_a_transaction_that_raises_leaves_nothing(house: Installation) -> None:
    database = house.make()
    with database.transaction() as run:
        run("CREATE TABLE word (word {text} PRIMARY KEY)".format(**database.types))

    def half() -> None:
        with database.transaction() as run:
            run("INSERT INTO word VALUES (?)", "half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert database.ask("SELECT word FROM word") == []
    with database.transaction() as run:
        run("INSERT INTO word VALUES (?)", "whole")
    assert database.ask("SELECT word FROM word") == [("whole",)]
    database.close()


def test_a_key_that_is_there_already_is_said_by_one_name(house: Installation) -> None:
    database = house.make()
    with database.transaction() as run:
        run("CREATE TABLE word (word {text} PRIMARY KEY)".format(**database.types))
        run("INSERT INTO word VALUES (?)", "50% of a?")

    def twice() -> None:
        with database.transaction() as run:
            run("INSERT INTO word VALUES (?)", "other")
            run("INSERT INTO word VALUES (?)", "50% of a?")

    with pytest.raises(Taken):
        twice()
    assert database.ask("SELECT word FROM word") == [("50% of a?",)]
    database.close()


def test_text_is_in_the_order_of_its_bytes(house: Installation) -> None:
    database = house.make()
    with database.transaction() as run:
        run("CREATE TABLE word (word {text} PRIMARY KEY)".format(**database.types))
        for word in ("b", "a", "B", "é", "_", "A-", "A"):
            run("INSERT INTO word VALUES (?)", word)
    assert [word for (word,) in database.ask("SELECT word FROM word ORDER BY word")] == [
        *("A", "A-", "B", "_", "a", "b", "é")
    ]
    database.close()

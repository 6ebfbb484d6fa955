from __future__ import annotations

import re
import threading

import pytest

from habeas.errors import Refused
from habeas.store.database import Database
from habeas.store.schema import STEPS, migrate
from tests.store.cases import Installation

MORE = (*STEPS, ("ALTER TABLE job ADD COLUMN tries INTEGER NOT NULL DEFAULT 0",))


def steps(database: Database) -> list[int]:
    return [step for (step,) in database.ask("SELECT step FROM schema_step ORDER BY step")]


def test_tables_are_made_once_and_go_forward(house: Installation) -> None:
    database = house.make()
    migrate(database)
    migrate(database)
    assert steps(database) == list(range(1, len(STEPS) + 1))
    migrate(database, MORE)
    assert database.ask("SELECT tries FROM job") == []
    assert steps(database)[-1] == len(MORE)
    database.close()


def test_what_is_counted_of_a_leaf_leaves_its_table_and_is_kept(house: Installation) -> None:
    database = house.make()
    migrate(database, STEPS[:5])
    with database.transaction() as run:
        run(
            "INSERT INTO leaf (organisation, place, leaf, counted) VALUES (?, 0, ?, ?)",
            "a",
            b"leaf",
            b"sealed",
        )
    migrate(database)
    [(place, counted)] = database.ask("SELECT place, counted FROM loose WHERE organisation = ?", "a")
    assert (place, bytes(counted)) == (0, b"sealed")
    with pytest.raises(Exception, match="counted"):
        database.ask("SELECT counted FROM leaf")
    database.close()


def test_tables_of_a_newer_program_are_refused(house: Installation) -> None:
    database = house.make()
    migrate(database, MORE)
    with pytest.raises(Refused, match="start the newer program") as refused:
        migrate(database)
    assert "step" in refused.value.sentence
    database.close()


def test_a_step_that_fails_leaves_nothing_behind(house: Installation) -> None:
    database = house.make()
    migrate(database)
    broken = (*STEPS, ("ALTER TABLE job ADD COLUMN tries INTEGER", "no such statement"))
    with pytest.raises(Exception, match="syntax"):
        migrate(database, broken)
    assert steps(database) == list(range(1, len(STEPS) + 1))
    migrate(database, MORE)
    database.close()


@pytest.mark.parametrize("time", range(5))
def test_many_who_start_at_once_make_the_tables_once(house: Installation, time: int) -> None:
    database = house.make()
    failed: list[BaseException] = []
    gate = threading.Barrier(8)

    def start() -> None:
        gate.wait()
        try:
            migrate(database)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert steps(database) == list(range(1, len(STEPS) + 1))
    database.close()


def test_every_table_is_keyed_by_organisation_but_the_lease() -> None:
    made = [each for step in STEPS for each in step if each.startswith("CREATE TABLE")]
    keyed = {each.split()[2] for each in made if "organisation {text} NOT NULL" in each}
    assert {each.split()[2] for each in made} - keyed == {"lease"}


def test_no_column_speaks_of_a_person_or_of_what_the_charge_is_about() -> None:
    """What is in clear is counted here, so that a new column has to be thought about."""
    text = " ".join(each for step in STEPS for each in step)
    columns = set(re.findall(r"([a-z_]+) (?:\{[a-z]+\}|INTEGER|BIGINT)", text))
    assert columns == {
        *("organisation", "stream", "number", "version", "at", "by", "kind", "opened", "year"),
        *("sealed", "digest", "chain", "token", "size", "multiple", "name", "seq"),
        *("turn", "leaf", "place", "counted", "taken", "day", "note", "spoken"),
        *("part", "start", "leaves"),
        *("stage", "turn", "next", "assigned", "state", "instrument", "measure", "emergency", "domestic"),
        *("received", "due", "due_what", "held", "closed", "id", "what", "holder", "until", "fence"),
    }

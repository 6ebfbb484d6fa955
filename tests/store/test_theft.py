"""Somebody steals the database, with its log, and the blobs. What can they read?

The desk itself works on the store here, with the requests of the stories, so that what is searched for in the
stolen files is what really goes in.
"""

from __future__ import annotations

import re
from typing import get_args

import msgspec
import pytest

from habeas.desk import Desk, Role, Stage, events
from habeas.desk.events import encode
from habeas.request import Measure, Request
from habeas.store import Store
from tests.desk import desks
from tests.store.cases import Installation, all_files, bytes_of

STORIES = ("rainbow-flag", "lese-majeste", "whistleblower", "journalist-murdered", "security-researcher")
LONG = 8  # letters; shorter words stand in any file by chance


def secrets(request: Request) -> set[str]:
    """Every text of a request that is longer than a word of the trade."""
    found: set[str] = set()

    def walk(value: object) -> None:
        match value:
            case str():
                found.add(value)
            case dict():
                for each in value.values():
                    walk(each)
            case list():
                for each in value:
                    walk(each)

    walk(msgspec.to_builtins(request))
    words = {word for text in found for word in re.findall(r"[^\s,.;:()\"']+", text)}
    return {each for each in found | words if len(each) >= LONG}


def at_work(store: Store) -> tuple[Desk, dict[str, Request]]:
    requests = {f"2026-{number:06d}": desks.example(name) for number, name in enumerate(STORIES, start=1)}
    first = next(iter(requests.values()))
    if first.issuing is None:
        raise AssertionError("the story has an authority")
    desk, _ = desks.house_of(memory=store, request=first)  # type: ignore[arg-type]
    for case, request in requests.items():
        desks.receive(desk, case, request)
        for step in ("identified", "recorded", "assessed"):
            desks.step(desk, step, case)
        store.put(desks.ORGANISATION, case, msgspec.json.encode(request))
    return desk, requests


@pytest.fixture
def stolen(house: Installation) -> tuple[Installation, Store, Desk, dict[str, Request]]:
    store = house.open()
    desk, requests = at_work(store)
    return house, store, desk, requests


def _in_clear(store: Store) -> str:
    """All that any column of any table says, contents and tokens in hex."""
    tables = (
        "head",
        "event",
        "queue",
        "token",
        "job",
        "outbox",
        "leaf",
        "opening",
        "blob",
        "erased",
        "lease",
    )
    rows = [row for table in tables for row in store.database.ask(f"SELECT * FROM {table}")]
    return "\n".join(
        " ".join(
            bytes(value).hex() if not isinstance(value, str | int | None) else str(value) for value in row
        )
        for row in rows
    )


def test_no_word_of_a_request_and_no_protected_conduct_is_in_the_database(
    stolen: tuple[Installation, Store, Desk, dict[str, Request]],
) -> None:
    house, store, desk, requests = stolen
    said = _in_clear(store)
    files = b"".join(bytes_of(each) for each in all_files(*house.files()))
    # Words of the trade, which stand in clear and may stand in any text as well.
    known = {kind.__struct_config__.tag for kind in get_args(events.CaseEvent)}
    known |= {str(word) for words in (Stage, Role, Measure) for word in words} | {"delivered"}
    looked_for = 0
    for case, request in requests.items():
        clear = {request.instrument, str(request.measure), request.requesting_state, case}
        protected = set(desk.case(case).assessment.protected_conduct)  # type: ignore[union-attr]
        for word in (secrets(request) | protected) - known - clear:
            assert word not in said, (case, word)
            looked_for += 1
        for identifier in (each.value for target in request.targets for each in target.identifiers):
            assert identifier not in said
            assert identifier.encode() not in files
        assert request.issuing is not None
        assert request.issuing.name.encode() not in files
    assert looked_for > 200


def test_the_search_for_stolen_words_would_find_them(
    stolen: tuple[Installation, Store, Desk, dict[str, Request]],
) -> None:
    """They stand in the events before these are sealed, and what is meant to be in clear is found."""
    house, store, desk, requests = stolen
    files = b"".join(bytes_of(each) for each in all_files(*house.files()))
    for case, request in requests.items():
        plain = b"".join(encode(each.event) for each in store.load(desks.ORGANISATION, case))
        for identifier in (each.value for target in request.targets for each in target.identifiers):
            assert identifier.encode() in plain
        assert case in _in_clear(store)
        assert case.encode() in files
    conduct = [desk.case(case).assessment.protected_conduct for case in requests]  # type: ignore[union-attr]
    assert sum(bool(each) for each in conduct) >= 2


def test_the_thief_cannot_even_try_out_an_identifier_without_the_keyring(
    stolen: tuple[Installation, Store, Desk, dict[str, Request]],
) -> None:
    _, store, _, requests = stolen
    request = requests["2026-000001"]
    [identifier, *_] = [each.value for target in request.targets for each in target.identifiers]
    assert "2026-000001" in store.search(desks.ORGANISATION, (identifier,), (2026,))
    store.keyring.destroy(desks.ORGANISATION, ".search-2026")
    assert store.search(desks.ORGANISATION, (identifier,), (2026,)) == ()


def test_the_desk_finds_its_cases_again_as_it_left_them(
    stolen: tuple[Installation, Store, Desk, dict[str, Request]],
) -> None:
    house, store, desk, requests = stolen
    before = {case: desk.case(case) for case in requests}
    store.close()
    again = Desk(desks.ORGANISATION, house.open())
    assert {case: again.case(case) for case in requests} == before
    assert again.house() == desk.house()
    assert len(store.queue(desks.ORGANISATION).rows) == len(requests)
    assert {row.version for row in store.queue(desks.ORGANISATION).rows} == {
        len(store.load(desks.ORGANISATION, case)) for case in requests
    }
    assert events.HOUSE not in {row.case for row in store.queue(desks.ORGANISATION).rows}

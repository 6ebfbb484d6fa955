from __future__ import annotations

import pyarrow as pa
import pytest

from habeas.store import columns
from habeas.store.sealing import Broken

FIELDS = ("kind", "state")


def rows(number: int, states: int) -> list[tuple[str, str]]:
    return [("request", f"S{each % states}") for each in range(number)]


def there_and_back(found: pa.Table) -> pa.Table:
    return columns.decoded(columns.encoded(found), FIELDS, "here")


@pytest.mark.parametrize(
    ("states", "width"), [(1, 1), (127, 1), (128, 2), (32_767, 2), (32_768, 4)], ids=lambda each: f"{each}"
)
def test_rows_come_back_as_they_were_and_as_narrow_as_their_words_allow(states: int, width: int) -> None:
    before = rows(40_000, states)
    found = there_and_back(columns.table(FIELDS, before))
    assert columns.rows(FIELDS, found, 0, len(found)) == before
    assert found.schema.field("state").type.index_type.bit_width == 8 * width


def test_tables_are_joined_in_their_order_whatever_their_dictionaries_are() -> None:
    parts = [[("a", "x"), ("b", "")], [], [("b", "x")], [("", "y"), ("a", ""), ("c", "y")]]
    every = [row for part in parts for row in part]
    found = columns.joined(FIELDS, [there_and_back(columns.table(FIELDS, part)) for part in parts])
    assert columns.rows(FIELDS, found, 0, len(found)) == every
    assert [found.column(field).num_chunks for field in FIELDS] == [1, 1]
    assert sorted(found.column("kind").chunk(0).dictionary.to_pylist()) == ["", "a", "b", "c"]
    again = columns.joined(FIELDS, [found.slice(1, 2), found.slice(5)])
    assert columns.rows(FIELDS, again, 0, 3) == [every[1], every[2], every[5]]


def test_joined_tables_that_are_many_get_wider_numbers() -> None:
    parts = [columns.table(FIELDS, [("a", f"{part}-{each}") for each in range(100)]) for part in range(3)]
    found = columns.joined(FIELDS, parts)
    assert found.schema.field("state").type.index_type == pa.int16()
    assert columns.rows(FIELDS, found, 199, 201) == [("a", "1-99"), ("a", "2-0")]


def test_nothing_is_a_table_too() -> None:
    assert len(columns.joined(FIELDS, [])) == len(columns.table(FIELDS, [])) == 0
    assert columns.rows(FIELDS, columns.joined(FIELDS, []), 0, 0) == []


@pytest.mark.parametrize("data", [b"", b"nothing", columns.encoded(columns.table(("kind",), [("a",)]))])
def test_what_are_no_columns_with_these_fields_is_refused(data: bytes) -> None:
    with pytest.raises(Broken) as refused:
        columns.decoded(data, FIELDS, "columns from leaf 7")
    assert refused.value.place == "columns from leaf 7"

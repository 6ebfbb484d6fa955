from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from habeas.errors import Refused
from habeas.request.formats.reading import Read, from_row, read_bytes, read_entries, read_file
from habeas.request.model import Measure
from tests.request.samples import CASE, case, native

LINES = "\n".join(
    json.dumps(entry) for entry in (native(), case(), native(id="R-2", measure="arrest"), native(id="R-3"))
).encode()


def test_one_bad_entry_never_loses_the_good_ones() -> None:
    found = list(read_entries(LINES, "f"))
    assert [read.request.id if read.request else None for read in found] == ["R-1", "C-1", None, "R-3"]
    refused = found[2].refused
    assert refused is not None
    assert refused.place == "f: line 3 (R-2): measure"


def test_strict_reading_stops_at_the_first_bad_entry() -> None:
    found: list[Read] = []
    with pytest.raises(Refused) as caught:
        found.extend(read_entries(LINES, "f", strict=True))
    assert caught.value.place == "f: line 3 (R-2): measure"
    with pytest.raises(Refused):
        read_bytes(LINES, "f")


def test_both_forms_may_stand_in_one_file_of_any_shape() -> None:
    entries = [native(), case()]
    for text in (
        json.dumps(entries),
        json.dumps({"cases": entries}),
        yaml.safe_dump(entries, allow_unicode=True),
    ):
        assert [request.id for request in read_bytes(text.encode(), "f")] == ["R-1", "C-1"]


def test_an_id_used_twice_in_a_file_is_refused_the_second_time() -> None:
    data = json.dumps([native(), native(), native(id="R-2")]).encode()
    found = list(read_entries(data, "f"))
    assert [read.refused is None for read in found] == [True, False, True]
    assert found[1].refused is not None
    assert "f: [0] (R-1)" in found[1].refused.sentence


def test_a_file_is_read_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "requests.txt"
    path.write_bytes(LINES)
    assert [read.request for read in read_file(path)] == [
        read.request for read in read_entries(LINES, str(path))
    ]


@pytest.mark.parametrize("name", ["missing.json", ".", "a\x00b"])
def test_a_file_that_cannot_be_read_is_one_refused_entry(tmp_path: Path, name: str) -> None:
    (read,) = read_file(tmp_path / name)
    assert read.refused is not None
    with pytest.raises(Refused):
        list(read_file(tmp_path / name, strict=True))


def test_what_was_left_aside_is_noticed() -> None:
    (read,) = read_entries(json.dumps(case(instrument="old habit", jugde="yes")).encode(), "f")
    assert read.request is not None
    assert [notice.place for notice in read.notices] == ["jugde", "instrument"]


def test_a_hidden_mark_in_the_facts_is_noticed_and_kept() -> None:
    (read,) = read_entries(json.dumps(native(facts="pay \u202e001")).encode(), "f")
    assert read.request is not None
    assert read.request.facts == "pay \u202e001"
    assert [notice.place for notice in read.notices] == ["facts"]
    (read,) = read_entries(json.dumps(case(narrative="pay \u202e001")).encode(), "f")
    assert [notice.place for notice in read.notices] == ["narrative"]


def test_a_row_may_hold_dates_empty_cells_and_json() -> None:
    row = native(
        received_on=date(2024, 5, 31),
        reference=None,
        targets=json.dumps(native()["targets"]),
        issuing={"name": "Court", "office": None},
        emergency=None,
    )
    request = from_row(row)
    assert request.received_on == date(2024, 5, 31)
    assert request.targets[0].identifiers[0].value == "@invoice_desk"
    assert request.issuing is not None
    assert request.issuing.office is None


def test_a_row_of_the_corpus_form_is_read_like_a_case() -> None:
    row = case(targets=json.dumps(CASE["targets"]), data_requested=("subscriber", "traffic"))
    assert from_row(row) == from_row(CASE)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"id": "R-1"},
        native(targets='[{"id": "t1", "id": "t2"}]'),
        native(targets="[" * 100_000),
        native(targets="not json"),
        native(measure=5),
    ],
)
def test_a_bad_row_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        from_row(row)


def test_a_row_nested_without_end_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["targets"] = endless
    with pytest.raises(Refused):
        from_row(endless)


def refusal_of(row: dict[str, Any]) -> Refused | None:
    try:
        from_row(row)
    except Refused as refused:
        return refused
    return None


any_value = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.text(st.characters(), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=8,
)
any_name = st.sampled_from(sorted({*native(), *CASE})) | st.text(st.characters(), max_size=4)


@given(st.dictionaries(any_name, any_value, max_size=4), st.sampled_from(({}, native(), CASE)))
def test_any_row_gives_a_request_or_a_plain_refusal(changes: dict[str, Any], sample: dict[str, Any]) -> None:
    refused = refusal_of({**sample, **changes})
    assert refused is None or (refused.sentence.isprintable() and refused.hint)


def outcomes(data: bytes) -> list[Read]:
    """Every reading promise that holds for any bytes whatever."""
    found = list(read_entries(data, "f"))
    assert found
    for read in found:
        assert (read.request is None) is not (read.refused is None)
        assert read.place.startswith("f")
        if read.refused is not None:
            assert read.refused.place.startswith("f")
            assert "\n" not in read.refused.sentence
            assert read.refused.hint
            assert str(read.refused).isprintable() or str(read.refused).count("\n") <= 2
    return found


@given(st.binary(max_size=200))
def test_any_bytes_give_requests_or_plain_refusals(data: bytes) -> None:
    outcomes(data)


@given(st.text(st.sampled_from("{}[]:,-\"'\\&*!|>#?% \n\tabc01\u202e\ud7ff"), max_size=80))
def test_any_punctuation_gives_requests_or_plain_refusals(text: str) -> None:
    outcomes(text.encode())


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=10,
)
fields = st.sampled_from(sorted({*native(), *CASE, "earlier_facts", "assurances", "secrecy", "cases"}))


@given(st.dictionaries(fields, values, max_size=4), st.sampled_from((native(), CASE)), st.booleans())
def test_any_values_in_any_field_give_requests_or_plain_refusals(
    changes: dict[str, Any], sample: dict[str, Any], as_yaml: bool
) -> None:
    entry = {**sample, **changes}
    text = yaml.dump(entry) if as_yaml else json.dumps(entry)
    outcomes(text.encode("utf-8", "surrogatepass"))


@given(st.integers(0, len(LINES)), st.integers(0, 40), st.binary(max_size=6))
def test_a_damaged_file_gives_requests_or_plain_refusals(at: int, removed: int, added: bytes) -> None:
    outcomes(LINES[:at] + added + LINES[at + removed :])


@given(st.integers(1, len(LINES) - 1))
def test_a_file_cut_off_anywhere_never_gains_a_request(at: int) -> None:
    whole = [read.request for read in read_entries(LINES, "f") if read.request]
    cut = [read.request for read in read_entries(LINES[:at], "f") if read.request]
    assert cut == whole[: len(cut)]


def test_every_measure_can_be_read() -> None:
    data = json.dumps([native(id=measure, measure=measure) for measure in Measure]).encode()
    assert [request.measure for request in read_bytes(data, "f")] == list(Measure)

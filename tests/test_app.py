"""Files in, answers out: streamed, resumable, a bad line loses no good one."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import msgspec
import pyarrow
import pyarrow.parquet
import pytest

from habeas import app
from habeas.errors import Refused
from habeas.request import to_native
from tests.world import INSULT, ON, request

SETTINGS = app.Settings(on=ON)


def lines(path: Path, *bad: bytes) -> Path:
    good = [
        to_native(request(id=f"L-{number}", facts=INSULT if number % 2 else request().facts))
        for number in range(4)
    ]
    path.write_bytes(b"\n".join([*good[:2], *bad, *good[2:]]) + b"\n")
    return path


def run(path: Path, skip: int = 0) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    out, refused = io.BytesIO(), io.BytesIO()
    app.batch(str(path), SETTINGS, out, refused, skip=skip)
    return (
        [json.loads(line) for line in out.getvalue().splitlines()],
        [json.loads(line) for line in refused.getvalue().splitlines()],
    )


def test_each_line_gives_one_object_with_decision_conduct_and_findings(tmp_path: Path) -> None:
    answers, refused = run(lines(tmp_path / "all.jsonl"))
    assert [each["id"] for each in answers] == ["L-0", "L-1", "L-2", "L-3"]
    assert [each["decision"] for each in answers] == ["proceed", "refuse"] * 2
    assert all(isinstance(each["protected_conduct"], list) and each["findings"] for each in answers)
    assert refused == []


def test_a_bad_line_is_reported_with_place_and_reason_and_loses_no_good_one(tmp_path: Path) -> None:
    answers, refused = run(lines(tmp_path / "all.jsonl", b'{"id": "cut', b'{"id": 7}', b"\xff\xfe", b"[]"))
    assert [each["id"] for each in answers] == ["L-0", "L-1", "L-2", "L-3"]
    assert len(refused) == 4
    for each in refused:
        assert each["error"]
        assert "line" in str(each["place"])


def test_an_interrupted_run_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    path = lines(tmp_path / "all.jsonl", b"broken")
    out, refused = tmp_path / "out.jsonl", tmp_path / "out.jsonl.refused"
    with out.open("wb") as first, refused.open("wb") as second:
        app.batch(str(path), SETTINGS, first, second)
    whole = out.read_bytes()
    cut = whole.splitlines(keepends=True)
    out.write_bytes(cut[0] + cut[1][: len(cut[1]) // 2])  # the power went while the second line was written
    refused.write_bytes(b"")
    skip = app.resume_point(out, refused)
    assert skip == 1
    with out.open("ab") as first, refused.open("ab") as second:
        app.batch(str(path), SETTINGS, first, second, skip=skip)
    assert out.read_bytes() == whole


def test_parquet_and_the_corpus_form_are_streamed_too(tmp_path: Path) -> None:
    rows = [msgspec.json.decode(to_native(request(id=f"P-{number}"))) for number in range(3)]
    rows[1]["requesting_state"] = "QQQ"
    flat = [
        {name: value if isinstance(value, str) else json.dumps(value) for name, value in row.items()}
        for row in rows
    ]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(flat), tmp_path / "all.parquet")
    answers, refused = run(tmp_path / "all.parquet")
    assert [each["id"] for each in answers] == ["P-0", "P-2"]
    assert "row 2" in str(refused[0]["place"])
    answers, _ = run(Path(__file__).parents[1] / "cases" / "fresh_a.yaml")
    assert len(answers) == 90


def test_a_file_that_is_no_parquet_after_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and nothing else")
    answers, refused = run(tmp_path / "x.parquet")
    assert answers == []
    assert "Parquet" in str(refused[0]["error"])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    (read,) = app.stream(str(tmp_path / "none.jsonl"))
    assert read.refused is not None


@pytest.mark.parametrize(
    ("words", "state", "role", "arrival"),
    [
        ("provider", None, "provider", "request"),
        ("USA:provider", "USA", "provider", "request"),
        ("DEU:central-authority:domestic-order", "DEU", "central-authority", "domestic-order"),
    ],
)
def test_a_seat_is_read_from_words(words: str, state: str | None, role: str, arrival: str) -> None:
    seat = app.seat(words)
    assert (seat.state, seat.role, seat.arrival) == (state, role, arrival)


@pytest.mark.parametrize("words", ["", "king", "USA:king", "USA:provider:order", "USA:provider:request:more"])
def test_a_seat_that_does_not_exist_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="is not a seat"):
        app.seat(words)


def test_a_house_file_identifies_the_sender(tmp_path: Path) -> None:
    path = tmp_path / "house.json"
    evidence = {
        "kind": "call-back",
        "holds": True,
        "register_entry": "7",
        "register_state": "FRA",
        "register_read_on": "2026-06-01",
        "seen_on": "2026-11-20",
    }
    path.write_text(json.dumps({"requests": {"R-1": {"evidence": [evidence]}}}), "utf-8")
    asked = request(supposed=("instrument-in-force", "seat-law-permits"))
    assert SETTINGS.assess(asked).decision == "clarify"
    assert app.Settings(on=ON, house=app.house(str(path))).assess(asked).decision == "proceed"


@pytest.mark.parametrize("text", ["", "[]", '{"suspended": "RUS"}', '{"unknown": 1}'])
def test_a_wrong_house_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "house.json"
    path.write_text(text, "utf-8")
    with pytest.raises(Refused) as caught:
        app.house(str(path))
    assert caught.value.place == str(path)


def test_the_clock_is_only_here() -> None:
    assert isinstance(app.today(), date)


def test_labels_never_reach_the_engine(tmp_path: Path) -> None:
    """The same cases with turned labels give the same answers and other scores."""
    source = Path(__file__).parents[1] / "cases" / "fresh_a.yaml"
    turned = tmp_path / "turned.yaml"
    turned.write_text(source.read_text("utf-8").replace("decision: refuse", "decision: proceed"), "utf-8")
    before, after = app.evaluate([str(source)], SETTINGS), app.evaluate([str(turned)], SETTINGS)
    assert before.all.exact != after.all.exact
    assert run(source)[0] == run(turned)[0]

"""Files in, answers out: streamed, resumable, a bad line loses no good one."""

from __future__ import annotations

import io
import json
import multiprocessing
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pyarrow
import pyarrow.parquet
import pytest

from habeas.app import assessing
from habeas.errors import Refused
from habeas.request import AccountFacts, to_native
from tests.world import INSULT, ON, request

SETTINGS = assessing.Settings(on=ON)


def lines(path: Path, *bad: bytes) -> Path:
    good = [
        to_native(request(id=f"L-{number}", supposed=(), facts=INSULT if number % 2 else request().facts))
        for number in range(4)
    ]
    path.write_bytes(b"\n".join([*good[:2], *bad, *good[2:]]) + b"\n")
    return path


def run(path: Path, skip: int = 0) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    out, refused = io.BytesIO(), io.BytesIO()
    assessing.batch(str(path), SETTINGS, out, refused, skip=skip)
    return (
        [json.loads(line) for line in out.getvalue().splitlines()],
        [json.loads(line) for line in refused.getvalue().splitlines()],
    )


def test_each_line_gives_one_object_with_decision_conduct_and_findings(tmp_path: Path) -> None:
    answers, refused = run(lines(tmp_path / "all.jsonl"))
    assert [each["id"] for each in answers] == ["L-0", "L-1", "L-2", "L-3"]
    assert [each["decision"] for each in answers] == ["reroute", "refuse"] * 2
    assert all(isinstance(each["protected_conduct"], list) and each["findings"] for each in answers)
    assert refused == []


def test_a_bad_line_is_reported_with_place_and_reason_and_loses_no_good_one(tmp_path: Path) -> None:
    answers, refused = run(lines(tmp_path / "all.jsonl", b'{"id": "cut', b'{"id": 7}', b"\xff\xfe", b"[]"))
    assert [each["id"] for each in answers] == ["L-0", "L-1", "L-2", "L-3"]
    assert len(refused) == 4
    for each in refused:
        assert each["error"]
        assert "line" in str(each["place"])


def test_a_long_history_keeps_its_order_and_each_answer_is_that_of_the_request_alone(tmp_path: Path) -> None:
    count = 2 * assessing.ASSESSED_TOGETHER + 3
    asked = [
        request(id=f"L-{n}", supposed=(), facts=(INSULT, request().facts)[n % 3 > 0]) for n in range(count)
    ]
    written = [to_native(each) for each in asked]
    bad = (0, 1, assessing.ASSESSED_TOGETHER, count - 2)
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"\n".join([b"broken" if n in bad else line for n, line in enumerate(written)]))
    out = io.BytesIO()  # answers and refusals in one place, so that their order shows
    assessing.batch(str(path), SETTINGS, out, out)
    found = out.getvalue().splitlines()
    assert [json.loads(line)["entry"] for line in found] == list(range(count))
    for number, line in enumerate(found):
        if number not in bad:
            alone = msgspec.json.encode(SETTINGS.assess(asked[number]))
            assert line == b'{"entry":%d,' % number + alone[1:]


def test_several_processes_give_the_same_bytes_in_the_same_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessing, "ASSESSED_TOGETHER", 8)
    asked = [request(id=f"L-{n}", supposed=(), facts=(INSULT, request().facts)[n % 3 > 0]) for n in range(9)]
    block = [*map(to_native, asked), b"broken"]
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"\n".join(block * 6))
    alone, shared = io.BytesIO(), io.BytesIO()  # answers and refusals in one place
    assessing.batch(str(path), SETTINGS, alone, alone)
    done = assessing.batch(str(path), SETTINGS, shared, shared, processes=2)
    assert shared.getvalue() == alone.getvalue()
    assert (done.done, done.refused) == (54, 6)


def test_a_process_that_is_ended_from_outside_is_said_and_the_run_can_be_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessing, "ASSESSED_TOGETHER", 8)
    count = 9 * assessing.ASSESSED_TOGETHER
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"\n".join([to_native(request(supposed=()))] * count))
    out, refused = tmp_path / "out.jsonl", tmp_path / "out.jsonl.refused"

    def kill(progress: assessing.Progress) -> None:
        if progress.done == assessing.ASSESSED_TOGETHER:
            for child in multiprocessing.active_children():
                child.kill()

    with out.open("wb") as first, refused.open("wb") as second, pytest.raises(Refused, match="from outside"):
        assessing.batch(str(path), SETTINGS, first, second, processes=2, told=kill)
    skip = assessing.resume_point(out, refused)
    assert 0 < skip < count
    with out.open("ab") as first, refused.open("ab") as second:
        assessing.batch(str(path), SETTINGS, first, second, skip=skip)
    assert [json.loads(line)["entry"] for line in out.read_bytes().splitlines()] == list(range(count))


def test_findings_written_once_and_forgotten_again_change_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lines(tmp_path / "all.jsonl")
    answers, _ = run(path)
    monkeypatch.setattr(assessing, "_FINDINGS", 3)
    assert run(path)[0] == answers


def test_an_interrupted_run_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    path = lines(tmp_path / "all.jsonl", b"broken")
    out, refused = tmp_path / "out.jsonl", tmp_path / "out.jsonl.refused"
    with out.open("wb") as first, refused.open("wb") as second:
        assessing.batch(str(path), SETTINGS, first, second)
    whole = out.read_bytes()
    cut = whole.splitlines(keepends=True)
    out.write_bytes(cut[0] + cut[1][: len(cut[1]) // 2])  # the power went while the second line was written
    refused.write_bytes(b"")
    skip = assessing.resume_point(out, refused)
    assert skip == 1
    with out.open("ab") as first, refused.open("ab") as second:
        assessing.batch(str(path), SETTINGS, first, second, skip=skip)
    assert out.read_bytes() == whole


def test_parquet_and_the_corpus_form_are_streamed_too(tmp_path: Path) -> None:
    rows = [msgspec.json.decode(to_native(request(id=f"P-{number}", supposed=()))) for number in range(3)]
    rows[1]["requesting_state"] = "QQQ"
    flat = [
        {name: value if isinstance(value, str) else json.dumps(value) for name, value in row.items()}
        for row in rows
    ]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(flat), tmp_path / "all.parquet")
    answers, refused = run(tmp_path / "all.parquet")
    assert [each["id"] for each in answers] == ["P-0", "P-2"]
    assert "row 2" in str(refused[0]["place"])
    answers, _ = run(Path(__file__).parents[2] / "cases" / "fresh_a.yaml")
    assert len(answers) == 90


def test_a_file_that_is_no_parquet_after_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and nothing else")
    answers, refused = run(tmp_path / "x.parquet")
    assert answers == []
    assert "Parquet" in str(refused[0]["error"])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    (read,) = assessing.stream(str(tmp_path / "none.jsonl"))
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
    seat = assessing.seat(words)
    assert (seat.state, seat.role, seat.arrival) == (state, role, arrival)


@pytest.mark.parametrize("words", ["", "king", "USA:king", "USA:provider:order", "USA:provider:request:more"])
def test_a_seat_that_does_not_exist_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="is not a seat"):
        assessing.seat(words)


def test_a_seat_in_a_state_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        assessing.seat("XXX:provider")
    assert refused.value.place == "--seat"


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
    assert assessing.Settings(on=ON, house=assessing.house(str(path))).assess(asked).decision == "proceed"


@pytest.mark.parametrize(
    ("text", "sentence", "place"),
    [
        ("", "the file is empty", ""),
        ("{", "cut off", ": line 1, column 2"),
        ("[]", "here stands a list where an object", ""),
        ('{"suspended": "RUS"}', "here stands text where a list", ": suspended"),
        ('{"unknown": 1}', "there is no field `unknown`", ": unknown"),
        ('{"suspended": ["RUS"], "suspended": []}', "stands twice", ""),
        ('{"requests": {"A": {}, "A": {}}}', "stands twice", ": requests"),
        ('{"suspended": ["NOR", "fra"]}', "`fra` is not the code of a state", ": suspended[1]"),
        ('{"suspended": ["France"]}', "`France` is not the code of a state", ": suspended[0]"),
        ('{"suspended": ["XX"]}', "`XX` is not the code of a state", ": suspended[0]"),
        ('{"requests": {"A": {"evidenc": []}}}', "there is no field `evidenc`", ": requests.A: evidenc"),
        (
            '{"requests": {"A": {"evidence": [{"kind": "call-back", "hold": true}]}}}',
            "there is no field `hold`",
            ": requests.A: evidence[0].hold",
        ),
        (
            '{"requests": {"A": {"evidence": [{"kind": "guess"}]}}}',
            "`guess` is not a word known here",
            ": requests.A: evidence[0].kind",
        ),
    ],
)
def test_a_wrong_house_file_is_refused_in_plain_words(
    tmp_path: Path, text: str, sentence: str, place: str
) -> None:
    path = tmp_path / "house.json"
    path.write_text(text, "utf-8")
    with pytest.raises(Refused) as caught:
        assessing.house(str(path))
    assert sentence in caught.value.sentence
    assert caught.value.place == f"{path}{place}"
    assert caught.value.hint


def knowing(**requests: assessing.HouseFile) -> assessing.House:
    return assessing.House(requests={name.replace("_", "-"): known for name, known in requests.items()})


def test_an_id_the_house_knows_may_stand_only_once(tmp_path: Path) -> None:
    first, second = lines(tmp_path / "first.jsonl"), lines(tmp_path / "second.jsonl")
    found = list(assessing.entries([str(first), str(second)], knowing(L_1=assessing.HouseFile())))
    refused = [read for read in found if read.refused]
    assert [read.place for read in refused] == [f"{first}: line 2", f"{second}: line 2"]
    for read in refused:
        assert read.request is None
        assert read.refused is not None
        assert f"{first}: line 2, {second}: line 2" in read.refused.sentence
    assert len(found) == 8
    assert all(read.request for read in assessing.entries([str(first), str(second)], assessing.NO_HOUSE))


def test_a_history_reports_an_id_that_stands_twice_only_where_the_house_knows_it(tmp_path: Path) -> None:
    path = tmp_path / "twice.jsonl"
    path.write_bytes(lines(tmp_path / "once.jsonl").read_bytes() * 2)
    for known, expected in ((assessing.NO_HOUSE, 0), (knowing(L_1=assessing.HouseFile()), 2)):
        out, refused = io.BytesIO(), io.BytesIO()
        assessing.batch(str(path), assessing.Settings(on=ON, house=known), out, refused)
        assert len(refused.getvalue().splitlines()) == expected
        assert len(out.getvalue().splitlines()) == 8 - expected
    assert "stands more than once" in json.loads(refused.getvalue().splitlines()[0])["error"]


def test_an_account_of_a_target_nobody_asked_about_is_refused(tmp_path: Path) -> None:
    path = lines(tmp_path / "all.jsonl")
    for target, wrong in ((request().targets[0].id, 0), ("t9", 1)):
        known = knowing(L_1=assessing.HouseFile(accounts=(AccountFacts(target=target),)))
        refused = [read.refused for read in assessing.entries([str(path)], known) if read.refused]
        assert len(refused) == wrong
    assert "`t9`" in refused[0].sentence
    assert "requests.L-1.accounts[0]" in refused[0].place


@pytest.mark.parametrize("name", ["blank.jsonl", "blank.parquet"])
def test_a_file_without_any_entry_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"\n \n")
    if name.endswith("parquet"):
        pyarrow.parquet.write_table(pyarrow.table({"id": pyarrow.array([], pyarrow.string())}), path)
    answers, refused = run(path)
    assert answers == []
    assert [(each["error"], each["at"]) for each in refused] == [
        ("there is no request in the file", str(path))
    ]


OURS = b'{"entry":0,"id":"a","decision":"refuse"}\n'


@pytest.mark.parametrize(
    ("written", "left", "point"),
    [
        (b"", b"", 0),
        (b'{"ent', b"", 0),
        (b'{"entry":0,"id', b"", 0),
        (OURS + b'{"ent', OURS, 1),
        (OURS + b'{"entry":4,"place":"x","error":"y"}\n', OURS + b'{"entry":4,"place":"x","error":"y"}\n', 5),
    ],
)
def test_only_a_cut_off_line_of_ours_is_removed(
    written: bytes, left: bytes, point: int, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(written)
    assert assessing.resume_point(path) == point
    assert path.read_bytes() == left


@pytest.mark.parametrize(
    "written",
    [
        b"my notes",
        b"my notes\n",
        b"\n",
        b"\xff\xfe\n",
        b'{"entry": "7"}\n',
        b'{"entry": 7}\n',
        b'{"id": "R-1"}\n',
        OURS + b"my notes\n" + OURS,
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_left_as_it_is(written: bytes, tmp_path: Path) -> None:
    path, ours = tmp_path / "notes.txt", tmp_path / "ours"
    path.write_bytes(written)
    ours.write_bytes(OURS + b'{"ent')
    with pytest.raises(Refused, match="not written by a run"):
        assessing.resume_point(ours, path)
    assert path.read_bytes() == written
    assert ours.read_bytes() == OURS + b'{"ent'


def test_the_clock_is_only_here() -> None:
    assert isinstance(assessing.today(), date)


def test_labels_never_reach_the_engine(tmp_path: Path) -> None:
    """The same cases with turned labels give the same answers and other scores."""
    source = Path(__file__).parents[2] / "cases" / "fresh_a.yaml"
    turned = tmp_path / "turned.yaml"
    turned.write_text(source.read_text("utf-8").replace("decision: refuse", "decision: proceed"), "utf-8")
    before, after = assessing.evaluate([str(source)], SETTINGS), assessing.evaluate([str(turned)], SETTINGS)
    assert before.all.exact != after.all.exact
    assert run(source)[0] == run(turned)[0]


@pytest.mark.parametrize(
    ("accounts", "sentence"),
    [
        ([{"target": "t1", "exists": True}, {"target": "t1", "exists": False}], "the same target"),
        ([{"target": "t1", "country_of_use": "US"}], "state"),
        ([{"target": "t1", "stored_in": "US"}], "state"),
        ([{"target": "t1", "exists": False, "country_of_use": "FRA"}], "does not exist"),
        ([{"target": "t1", "exists": False, "stored_in": "FRA"}], "does not exist"),
        ([{"target": "t1", "exists": False, "categories_held": ["content"]}], "does not exist"),
        ([{"target": "t1", "exists": False, "opened_on": "2020-01-01"}], "does not exist"),
    ],
)
def test_account_facts_that_cannot_be_are_refused_with_their_place(
    accounts: list[dict[str, Any]], sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "house.json"
    path.write_text(json.dumps({"requests": {"R-1": {"accounts": accounts}}}), "utf-8")
    with pytest.raises(Refused, match=sentence) as refused:
        assessing.house(str(path))
    assert "requests.R-1: accounts[" in refused.value.place
    assert refused.value.hint


def test_half_of_a_character_in_a_house_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "house.json"
    evidence = {"kind": "signature", "holds": True, "register_entry": "\ud800", "register_state": "FRA"}
    path.write_text(json.dumps({"requests": {"R-1": {"evidence": [evidence]}}}), "utf-8")
    with pytest.raises(Refused, match="damaged"):
        assessing.house(str(path))

"""`habeas assess`: from a file to an answer."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from habeas.app import assessing
from habeas.cli import habeas
from tests.request.samples import native

DAY = ("--on", "2026-11-21")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "request.json"
    path.write_text(json.dumps(native()), encoding="utf-8")
    return path


@pytest.fixture
def several(tmp_path: Path) -> Path:
    path = tmp_path / "several.jsonl"
    path.write_text("".join(json.dumps(native(id=name)) + "\n" for name in "abc"), encoding="utf-8")
    return path


def run(*words: str | Path) -> Result:
    result = CliRunner().invoke(habeas, ["assess", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_an_answer_is_printed_for_a_reader(file: Path) -> None:
    result = run(file, *DAY)
    assert result.exit_code == 0
    assert "Recommended: " in result.stdout
    assert "Assessed on 2026-11-21" in result.stdout


@pytest.mark.parametrize(
    ("form", "starts"), [("markdown", "# R-1"), ("html", "<!DOCTYPE html>"), ("json", '{"id"')]
)
def test_the_form_is_chosen(form: str, starts: str, file: Path) -> None:
    assert run(file, "--as", form, *DAY).stdout.startswith(starts)


def test_json_is_one_object_a_line_and_the_same_as_the_form(several: Path) -> None:
    lines = run(several, "--json", *DAY).stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b", "c"]
    assert run(several, "--as", "json", *DAY).stdout.splitlines() == lines


@pytest.mark.parametrize("form", ["terminal", "json", "markdown", "html"])
def test_the_same_file_and_day_give_the_same_bytes(form: str, file: Path) -> None:
    assert run(file, "--as", form, *DAY).stdout_bytes == run(file, "--as", form, *DAY).stdout_bytes


def test_explain_shows_more(file: Path) -> None:
    assert "TESTS THAT ARE MET" in run(file, "--explain", *DAY).stdout
    assert "TESTS THAT ARE MET" not in run(file, *DAY).stdout


def test_what_cannot_be_read_is_told_and_the_rest_is_assessed(several: Path) -> None:
    several.write_bytes(several.read_bytes() + b'{"id": "d", \n')
    result = run(several, "--json", *DAY)
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 3
    assert "error: " in result.stderr
    assert "line 4" in result.stderr


def test_several_requests_as_pages_need_a_folder(several: Path, tmp_path: Path) -> None:
    refused = run(several, "--as", "html", *DAY)
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert run(several, "--as", "html", "--out", f"{tmp_path}/pages/", *DAY).exit_code == 0
    assert (tmp_path / "pages" / "index.html").is_file()


def test_supposing_the_treaty_in_force_is_said_in_the_answer(file: Path) -> None:
    assert "supposed, not known: the treaty relied on" in run(file, "--as-if-in-force", *DAY).stdout
    assert "supposed, not known" not in run(file, *DAY).stdout


def test_a_seat_may_be_given(file: Path) -> None:
    assert json.loads(run(file, "--json", "--seat", "CHE:provider", *DAY).stdout)["seat"].startswith(
        "CHE, provider"
    )


def test_a_house_file_says_who_sent_it(file: Path, tmp_path: Path) -> None:
    known = tmp_path / "house.json"
    known.write_text(json.dumps({"suspended": ["NOR"]}), encoding="utf-8")
    with_record = msgspec.json.decode(run(file, "--json", "--house", known, *DAY).stdout_bytes)
    standing = {each["check"]: each["outcome"] for each in with_record["findings"]}
    assert standing["channel.standing"] == "not met"
    without = msgspec.json.decode(run(file, "--json", *DAY).stdout_bytes)
    assert {each["check"]: each["outcome"] for each in without["findings"]}["channel.standing"] == "met"


def test_a_history_is_streamed_to_lines_that_carry_their_number(several: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    assert run("--batch", several, "--out", out, *DAY).exit_code == 0
    assert [json.loads(line)["entry"] for line in out.read_text("utf-8").splitlines()] == [0, 1, 2]
    assert not out.with_name("answers.jsonl.refused").exists()


def test_an_interrupted_history_goes_on_where_it_stopped(several: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    run("--batch", several, "--out", out, *DAY)
    whole = out.read_bytes()
    out.write_bytes(whole[: whole.index(b"\n") + 20])
    assert run("--batch", several, "--out", out, "--resume", *DAY).exit_code == 0
    assert out.read_bytes() == whole


def test_a_history_that_goes_to_the_screen_tells_its_refusals_beside(several: Path) -> None:
    several.write_bytes(b"{}\n" + several.read_bytes())
    result = run("--batch", several, *DAY)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 3
    assert result.stderr.startswith("error: ")


def test_a_history_cannot_be_resumed_without_its_answers(several: Path) -> None:
    result = run("--batch", several, "--resume")
    assert result.exit_code == 2
    assert "--resume needs --out" in result.stderr


def test_a_history_that_cannot_be_written_is_a_sentence(several: Path, tmp_path: Path) -> None:
    result = run("--batch", several, "--out", tmp_path / "no" / "folder")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")


def test_a_mistyped_history_writes_over_nothing(tmp_path: Path) -> None:
    answers = tmp_path / "answers.jsonl"
    answers.write_text("what an earlier run found", encoding="utf-8")
    result = run("--batch", tmp_path / "absent.jsonl", "--out", answers, *DAY)
    assert result.exit_code == 2
    assert "this file cannot be read" in result.stderr
    assert answers.read_text(encoding="utf-8") == "what an earlier run found"


def test_an_output_that_is_an_input_is_refused_and_stays(file: Path, several: Path, tmp_path: Path) -> None:
    house, policy = tmp_path / "house.json", tmp_path / "policy.toml"
    house.write_text("{}", encoding="utf-8")
    policy.write_bytes((Path(assessing.__file__).parent.parent / "assess" / "policy.toml").read_bytes())
    link = tmp_path / "link"
    link.symlink_to(several)
    named = tmp_path / "answers.refused"
    named.symlink_to(house)
    before = {path: path.read_bytes() for path in (file, several, house, policy)}
    for words in (
        (file, "--out", file),
        (file, "--out", house, "--house", house),
        (file, "--out", policy, "--policy", policy, "--as", "html"),
        ("--batch", several, "--out", several),
        ("--batch", several, "--out", several, "--resume"),
        ("--batch", several, "--out", link),
        ("--batch", several, "--out", house, "--house", house),
        ("--batch", several, "--out", tmp_path / "answers", "--house", house),
    ):
        result = run(*words, *DAY)
        assert result.exit_code == 2, words
        assert "cannot be written to in the same run" in result.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_resuming_into_a_file_that_is_not_ours_is_refused(several: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    for written in ("a line\nand one that was cut", "no end of line"):
        notes.write_text(written, encoding="utf-8")
        result = run("--batch", several, "--out", notes, "--resume", *DAY)
        assert result.exit_code == 2
        assert "was not written by a run" in result.stderr
        assert notes.read_text("utf-8") == written


def test_the_standard_input_is_refused_with_a_way_out(several: Path) -> None:
    for words in (("-",), (several, "-"), ("--batch", "-")):
        result = run(*words)
        assert result.exit_code == 2
        assert "the standard input is not read" in result.stderr
        assert "name the file" in result.stderr


def test_an_id_the_house_knows_cannot_stand_in_two_files(file: Path, tmp_path: Path) -> None:
    other, house = tmp_path / "other.json", tmp_path / "house.json"
    other.write_bytes(file.read_bytes())
    house.write_text(json.dumps({"requests": {"R-1": {"evidence": []}}}), encoding="utf-8")
    result = run(file, other, "--house", house, "--json", *DAY)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{file} (R-1), {other} (R-1)" in result.stderr
    assert len(run(file, other, "--json", *DAY).stdout.splitlines()) == 2


def test_a_notice_stands_in_every_form_of_the_answer(file: Path) -> None:
    file.write_text(json.dumps(native(facts="Invoices \u202ewere\u202c sent.")), encoding="utf-8")
    told = run(file, "--json", *DAY)
    [notice] = json.loads(told.stdout)["notices"]
    assert notice["sentence"] in told.stderr
    for form in ("terminal", "markdown", "html"):
        words = " ".join(run(file, "--as", form, *DAY).stdout.split())
        assert notice["sentence"][1:] in words, form


def test_a_history_without_any_entry_is_refused(several: Path, tmp_path: Path) -> None:
    several.write_text("\n\n", encoding="utf-8")
    for words in ((), ("--out", tmp_path / "answers.jsonl")):
        assert run("--batch", several, *words, *DAY).exit_code == 2
    assert "there is no request in the file" in run("--batch", several, *DAY).stderr


def test_help_fits_a_terminal_and_says_what_happens_to_several_pages() -> None:
    told = CliRunner().invoke(habeas, ["assess", "--help"]).output
    assert max(map(len, told.splitlines())) <= 80
    assert "index.html" in told


def test_every_verb_is_in_the_help_with_a_line_of_its_own() -> None:
    told = CliRunner().invoke(habeas, ["--help"]).output
    assert max(map(len, told.splitlines())) <= 82
    for verb in ("assess", "atlas", "evaluate", "examples", "law", "schema"):
        assert f"\n  {verb} " in told


def test_the_citations_of_the_rulebook_count_as_uses_of_the_law() -> None:
    told = json.loads(
        CliRunner().invoke(habeas, ["law", "check", "--json", "--register", "none.toml"]).stdout
    )
    used = {each["citation"]: each["uses"] for each in told["unverified"]}
    from habeas.cli.law import law_group

    bare = json.loads(CliRunner().invoke(law_group, ["check", "--json", "--register", "none.toml"]).stdout)
    without = {each["citation"]: each["uses"] for each in bare["unverified"]}
    assert used["uncc:40(22)"] > without["uncc:40(22)"]

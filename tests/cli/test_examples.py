"""`habeas examples`: folders in, one line each; a folder that is wrong is refused with its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from habeas.cli.examples import examples, read_examples
from habeas.errors import Refused

PACKAGED = Path(__file__).resolve().parents[2] / "examples"
STORY = "not-in-force"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGED / STORY, tmp_path / STORY)
    return tmp_path


def test_each_example_has_one_line_with_its_recommendation_and_the_reason(folder: Path) -> None:
    shutil.copytree(folder / STORY, folder / "another-one")
    result = CliRunner().invoke(examples, [str(folder)], catch_exceptions=False)
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["another-one", STORY]
    assert all("reroute" in line and "does not bind both states" in line for line in lines)


def test_json_gives_the_whole_answer(folder: Path) -> None:
    result = CliRunner().invoke(examples, [str(folder), "--json"], catch_exceptions=False)
    [line] = result.stdout.splitlines()
    found = json.loads(line)
    assert (found["example"], found["answer"]["decision"]) == (STORY, "reroute")


def test_full_answers_are_written_one_page_each(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages" / "today"
    CliRunner().invoke(examples, [str(folder), "--out", str(out)], catch_exceptions=False)
    assert [path.name for path in out.iterdir()] == [f"{STORY}.html"]
    assert "reroute" in (out / f"{STORY}.html").read_text("utf-8").lower()


def test_without_a_house_file_nothing_is_known_and_nothing_leaves(folder: Path) -> None:
    (folder / STORY / "house.json").unlink()
    [example] = read_examples(folder)
    assert "--house" not in example.arguments
    _request, answer = example.assess()
    assert {item.ceiling for item in answer.items} == {"nothing"}
    assert "channel.sender" in {finding.check for finding in answer.findings if finding.outcome != "met"}


def test_the_arguments_say_seat_and_supposition(folder: Path) -> None:
    settings = '{"on": "2026-11-21", "as_if_in_force": true, "seat": "GBR:central-authority"}'
    (folder / STORY / "settings.json").write_text(settings, "utf-8")
    [example] = read_examples(folder)
    assert example.arguments[-5:] == (
        "--on",
        "2026-11-21",
        "--as-if-in-force",
        "--seat",
        "GBR:central-authority",
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("{}", "on"),
        ('{"on": "2026-11-31"}', "date"),
        ('{"on": "2026-11-21", "as_if_inforce": true}', "as_if_inforce"),
    ],
)
def test_wrong_settings_are_refused_with_their_file(folder: Path, settings: str, said: str) -> None:
    (folder / STORY / "settings.json").write_text(settings, "utf-8")
    with pytest.raises(Refused) as refused:
        list(read_examples(folder))
    assert said in refused.value.sentence
    assert f"{STORY}/settings.json" in refused.value.place
    assert "`" in refused.value.sentence or "this is" in refused.value.sentence


def test_settings_that_say_a_thing_twice_are_refused(folder: Path) -> None:
    (folder / STORY / "settings.json").write_text('{"on": "2026-11-21", "on": "2026-11-22"}', "utf-8")
    with pytest.raises(Refused, match="stands twice"):
        list(read_examples(folder))


def test_a_bad_folder_is_told_and_stops_no_other(folder: Path) -> None:
    for name, file in (("a-bad-one", "settings.json"), ("z-bad-one", "request.json")):
        shutil.copytree(folder / STORY, folder / name)
        (folder / name / file).write_text("{", "utf-8")
    for form in ([], ["--json"]):
        result = CliRunner().invoke(examples, [str(folder), *form], catch_exceptions=False)
        assert result.exit_code == 2
        assert len(result.stdout.splitlines()) == 1
        assert STORY in result.stdout
        assert "a-bad-one" in result.stderr
        assert "z-bad-one" in result.stderr


def test_only_bad_folders_are_told_too(folder: Path) -> None:
    (folder / STORY / "settings.json").unlink()
    result = CliRunner().invoke(examples, [str(folder)], catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error: " in result.stderr


def test_missing_settings_are_refused(folder: Path) -> None:
    (folder / STORY / "settings.json").unlink()
    with pytest.raises(Refused) as refused:
        list(read_examples(folder))
    assert refused.value.place.endswith("settings.json")


def test_a_folder_without_examples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        list(read_examples(tmp_path))
    assert refused.value.place == str(tmp_path)


def test_an_unreadable_request_is_refused_with_its_place(folder: Path) -> None:
    (folder / STORY / "request.json").write_text('{"id": "EX-1"}', "utf-8")
    [example] = read_examples(folder)
    with pytest.raises(Refused) as refused:
        example.assess()
    assert STORY in str(refused.value)


def test_two_requests_in_one_folder_are_refused(folder: Path) -> None:
    path = folder / STORY / "request.json"
    one = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps([one, {**one, "id": "EX-2"}]), "utf-8")
    [example] = read_examples(folder)
    with pytest.raises(Refused, match="exactly one"):
        example.assess()

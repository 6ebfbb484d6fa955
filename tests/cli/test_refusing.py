"""Whatever is handed in, the command line answers in one plain sentence and never with a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from habeas.cli.refusing import INTERRUPTED, READER_LEFT, REFUSED, Desk, Screen
from habeas.errors import Refused
from tests.request.samples import native

ROOT = Path(__file__).resolve().parents[2]


@click.group(cls=Desk)
def desk() -> None:
    """A desk with one verb."""


@desk.command()
@click.option("--how", default="well")
def act(how: str) -> int | None:
    """Do something."""
    match how:
        case "refused":
            raise Refused("a \x1b[2J sentence", place="here", hint="do this")
        case "full":
            raise OSError(28, "No space left on device", "/place")
        case "stopped":
            raise KeyboardInterrupt
        case "looked":
            click.get_current_context().exit(1)
        case "ours":
            raise RuntimeError("our mistake")
    click.echo("done")
    return None


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(desk, words)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def test_what_goes_well_ends_in_0() -> None:
    assert run("act") == (0, "done\n")


def test_a_refusal_is_one_sentence_with_its_place_and_a_hint() -> None:
    code, told = run("act", "--how", "refused")
    assert code == REFUSED
    assert told == "error: a ‹U+001B›[2J sentence\n   at: here\n hint: do this\n"


def test_a_wrong_option_is_told_like_every_other_refusal() -> None:
    code, told = run("act", "--no-such")
    assert code == REFUSED
    assert told.startswith("error: No such option")
    assert "hint: `" in told


def test_what_the_system_does_not_allow_is_a_sentence() -> None:
    code, told = run("act", "--how", "full")
    assert code == REFUSED
    assert told == "error: the system does not allow this: no space left on device\n   at: /place\n"


def test_a_stop_from_the_keyboard_is_no_error_of_the_input() -> None:
    code, told = run("act", "--how", "stopped")
    assert code == INTERRUPTED
    assert "error" not in told


def test_a_command_may_end_in_a_code_of_its_own() -> None:
    assert run("act", "--how", "looked") == (1, "")


def test_a_mistake_of_ours_still_crashes() -> None:
    result = CliRunner().invoke(desk, ["act", "--how", "ours"])
    assert isinstance(result.exception, RuntimeError)


def test_a_caller_may_ask_for_the_refusal_itself() -> None:
    with pytest.raises(Refused):
        desk.main(["act", "--how", "refused"], standalone_mode=False)


def test_a_desk_without_a_verb_shows_its_help() -> None:
    code, told = run()
    assert code == REFUSED
    assert "Usage:" in told


def test_a_screen_passes_a_closed_pipe_on() -> None:
    with pytest.raises(BrokenPipeError):
        Screen().on_broken_pipe()


# ---- the real thing, in a process of its own


def habeas(*words: str, encoding: str | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    if encoding is not None:
        environment["PYTHONIOENCODING"] = encoding
    return subprocess.run(
        [sys.executable, "-m", "habeas", *words], capture_output=True, env=environment, check=False, cwd=ROOT
    )


@pytest.mark.parametrize(
    "words",
    [
        ["assess", "no-such-file.json"],
        ["assess", "src"],
        ["assess"],
        ["assess", "--no-such-option"],
        ["assess", "x.json", "--on", "yesterday"],
        ["assess", "x.json", "--seat", "a:b:c:d"],
        ["assess", "x.json", "--house", "no-such-file.json"],
        ["assess", "--resume"],
        ["assess", "x.json", "--batch", "y.jsonl"],
        ["assess", "--batch", "y.jsonl", "--as", "html"],
        ["assess", "x.json", "--json", "--as", "html"],
        ["evaluate"],
        ["evaluate", "no-such-file.yaml"],
        ["atlas", "show", "nowhere"],
        ["law", "confirm", "uncc:999", "--by", "an office", "--text", "a copy"],
        ["no-such-verb"],
    ],
)
def test_bad_input_ends_in_2_with_a_plain_sentence(words: list[str]) -> None:
    ended = habeas(*words)
    assert ended.returncode == REFUSED
    assert ended.stderr.startswith(b"error: ")
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("cut", ['{"id": "R-1", ', "[1, 2", '"half', ""])
def test_a_cut_off_file_is_refused_and_named(cut: str, tmp_path: Path) -> None:
    file = tmp_path / "cut.json"
    file.write_text(cut, encoding="utf-8")
    ended = habeas("assess", str(file))
    assert ended.returncode == REFUSED
    assert b"error: " in ended.stderr
    assert str(file).encode() in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("form", [[], ["--json"], ["--as", "markdown"], ["--batch"]])
def test_a_reader_who_has_seen_enough_ends_the_run_quietly(form: list[str], tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text((json.dumps(native()) + "\n") * 60, encoding="utf-8")
    words = ["--batch", str(file)] if form == ["--batch"] else [str(file), *form]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    run = subprocess.Popen(
        [sys.executable, "-m", "habeas", "assess", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert run.stdout is not None
    run.stdout.read(64)
    run.stdout.close()
    told = run.communicate()[1]
    assert run.returncode == READER_LEFT
    assert b"Traceback" not in told
    assert b"Broken" not in told


def test_letters_the_terminal_lacks_are_escaped_and_the_answer_still_comes(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(native()), encoding="utf-8")
    ended = habeas("assess", str(file), encoding="ascii")
    assert ended.returncode == 0, ended.stderr
    assert b"Recommended: " in ended.stdout
    assert b"\\u201c" in ended.stdout

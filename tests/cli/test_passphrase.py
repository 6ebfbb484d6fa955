"""How a passphrase is given to a command: a file, a pipe, a terminal; and no other way."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from habeas.cli.house import home_option
from habeas.cli.passphrase import given, new_passphrase_option, passphrases
from habeas.errors import Refused

ROOT = Path(__file__).parents[2]
WORDS = "five words that nobody else drew"


@click.command("asked")
@home_option
@new_passphrase_option
def asked(home: Path) -> None:
    """Says what it is given, and how often."""
    for _ in range(2):
        click.echo(repr(passphrases().known("the key")))
    click.echo(repr(given()))


@click.command("fresh")
@home_option
@new_passphrase_option
def fresh(home: Path) -> None:
    click.echo(passphrases().new())


def told(command: click.Command, *words: object, typed: str | bytes = "") -> str:
    said = CliRunner().invoke(
        command, [str(word) for word in words], input=typed, catch_exceptions=False, standalone_mode=False
    )
    return said.stdout


def secret(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "passphrase"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_file_and_a_pipe_are_read_once_and_every_line_counts(tmp_path: Path) -> None:
    both = repr((WORDS, "and another"))
    path = secret(tmp_path, f"{WORDS}\r\n\nand another\n")
    for words, typed in (((path,), ""), (("-",), f"{WORDS}\nand another")):
        assert told(asked, "--passphrase-file", *words, typed=typed) == f"{both}\n" * 3


def test_an_open_descriptor_is_a_file_too() -> None:
    reading, writing = os.pipe()
    os.write(writing, f"{WORDS}\n".encode())
    os.close(writing)
    try:
        assert WORDS in told(asked, "--passphrase-file", f"/dev/fd/{reading}")
    finally:
        os.close(reading)


def test_the_file_may_be_named_in_the_environment_and_the_passphrase_not(tmp_path: Path) -> None:
    path = secret(tmp_path, WORDS)
    said = CliRunner(env={"HABEAS_PASSPHRASE_FILE": str(path)}).invoke(asked, [])
    assert WORDS in said.stdout
    assert CliRunner(env={"HABEAS_PASSPHRASE_FILE": WORDS}).invoke(asked, []).exit_code == 2


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    for command, option in ((asked, "--passphrase-file"), (fresh, "--new-passphrase-file")):
        with pytest.raises(Refused, match="others on this machine"):
            told(command, option, secret(tmp_path, WORDS, mode))


@pytest.mark.parametrize(
    ("typed", "said"), [("", "no passphrase in it"), ("\n\n", "no passphrase in it"), (b"\xff\xfe", "UTF-8")]
)
def test_what_is_no_passphrase_is_refused(typed: str | bytes, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        told(asked, "--passphrase-file", "-", typed=typed)
    assert refused.value.place == "the standard input"


def test_without_a_file_and_a_terminal_nothing_is_waited_for() -> None:
    for command in (asked, fresh):
        with pytest.raises(Refused, match="no terminal to ask at") as refused:
            told(command)
        assert "--passphrase-file" in refused.value.hint


def test_a_new_one_is_the_first_line_of_its_own_file(tmp_path: Path) -> None:
    assert told(fresh, "--new-passphrase-file", secret(tmp_path, f"{WORDS}\nrest\n")) == f"{WORDS}\n"


def test_at_a_terminal_it_is_typed_unseen_and_a_new_one_twice(tmp_path: Path) -> None:
    """The real command at a terminal of its own."""
    master, terminal = pty.openpty()
    home = tmp_path / "home"
    words = [sys.executable, "-m", "habeas", "records", "key", "--passphrase", "--home", str(home)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")}
    environment["PYTHONPATH"] = str(ROOT / "src")
    process = subprocess.Popen(
        words,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment,
        start_new_session=True,
        close_fds=True,
    )
    os.close(terminal)
    seen = b""
    try:
        for prompt, typed in ((b"New passphrase", WORDS), (b"The same again", WORDS)):
            while prompt not in seen:
                seen += os.read(master, 1024)
            os.write(master, f"{typed}\n".encode())
        while b"Master key" not in seen:
            seen += os.read(master, 1024)
        assert process.wait(timeout=60) == 0
    finally:
        os.close(master)
        if process.poll() is None:
            process.kill()
            process.wait()
    assert WORDS.encode() not in seen
    assert (home / "master" / "passphrase.json").is_file()

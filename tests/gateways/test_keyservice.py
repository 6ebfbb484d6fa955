"""The key service, asked as it is in a house: as a program, with what programs do wrong."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from habeas.errors import Refused
from habeas.gateways.keyservice import KeyService
from tests.gateways.keeper import keeper

SECRET = bytes(range(32))


def program(folder: Path, text: str, *, mode: int = 0o700) -> str:
    path = folder / "service"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(mode)
    return str(path)


def test_what_a_service_wrapped_it_opens_again_and_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    service, other = KeyService(keeper(tmp_path)), KeyService(keeper(tmp_path / "other"))
    wrapped = service.wrap(SECRET)
    assert SECRET not in wrapped
    assert service.unwrap(wrapped) == SECRET
    assert service.wrap(SECRET) != wrapped
    with pytest.raises(Refused, match="could not unwrap the master key and ended with code 1"):
        other.unwrap(wrapped)


def test_words_before_ours_reach_the_program(tmp_path: Path) -> None:
    service = KeyService((program(tmp_path, 'cat > /dev/null; echo "$@"'), "--slot", "two words"))
    assert service.wrap(SECRET) == b"--slot two words wrap\n"
    assert service.unwrap(SECRET) == b"--slot two words unwrap\n"


def test_a_service_knows_none_of_our_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HABEAS_DATABASE", "postgresql://desk:password@localhost/desk")
    monkeypatch.setenv("SOFTHSM2_CONF", "kept")
    said = KeyService((program(tmp_path, "cat > /dev/null; env"),)).wrap(SECRET)
    assert b"HABEAS_" not in said
    assert b"SOFTHSM2_CONF=kept" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exit 3", "ended with code 3"),
        ("kill -9 $$", "ended with signal 9"),
        ("cat > /dev/null", "answered with 0 bytes"),
        ("cat > /dev/null; head -c 70000 /dev/zero", "answered with 70000 bytes"),
        ("echo half; exit 1", "ended with code 1"),
    ],
)
def test_a_failing_service_is_one_plain_sentence(tmp_path: Path, text: str, said: str) -> None:
    service = KeyService((program(tmp_path, text),))
    with pytest.raises(Refused, match=said) as refused:
        service.unwrap(b"w" * 100_000)
    assert refused.value.place == service.command[0]
    assert "nothing opens" in refused.value.hint


def test_a_service_that_does_not_answer_is_ended_with_all_it_started(tmp_path: Path) -> None:
    began = time.monotonic()
    service = KeyService((program(tmp_path, f"sleep 60 & echo $! > {tmp_path}/pid; wait"),), seconds=2)
    with pytest.raises(Refused, match="did not answer within 2 s"):
        service.unwrap(b"w")
    assert time.monotonic() - began < 20
    stat = Path(f"/proc/{int((tmp_path / 'pid').read_text())}/stat")
    until = time.monotonic() + 30
    while (
        stat.exists() and stat.read_text().split(") ")[1][0] not in "ZX"
    ):  # dead, or nobody waited for it yet
        assert time.monotonic() < until, "what the service started still runs"
        time.sleep(0.05)


@pytest.mark.parametrize("command", [(), ("openssl",), ("./service",), ("",)])
def test_a_program_is_named_by_its_whole_path(command: tuple[str, ...]) -> None:
    with pytest.raises(Refused, match="whole path"):
        KeyService(command)


def test_a_program_that_is_not_there_or_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be started: no such file"):
        KeyService((str(tmp_path / "none"),)).wrap(SECRET)
    with pytest.raises(Refused, match="cannot be started"):
        KeyService((str(tmp_path),)).wrap(SECRET)

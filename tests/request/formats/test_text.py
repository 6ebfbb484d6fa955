from __future__ import annotations

import os
from pathlib import Path

import pytest

from habeas.errors import Refused
from habeas.request.formats import text
from habeas.request.formats.text import decode, load


def sentence(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        decode(data, "f")
    assert caught.value.place.startswith("f")
    assert caught.value.hint
    return caught.value.sentence


def test_utf8_is_read_with_and_without_its_mark() -> None:
    assert decode(b"\xef\xbb\xbfid: \xc3\xa9", "f") == decode(b"id: \xc3\xa9", "f") == "id: é"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_refused_by_its_name(encoding: str) -> None:
    assert "UTF-16" in sentence('{"id": "R-1"}'.encode(encoding))


def test_utf32_is_refused_by_its_name() -> None:
    assert "UTF-32" in sentence("id".encode("utf-32"))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"PAR1rest", "Parquet"),
        (b"\x1f\x8brest", "compressed"),
        (b"\x89PNGrest", "picture"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"id: caf\xe9", "not UTF-8"),
        (b"id: R-1\x00\nand so on, long enough", "zero bytes"),
    ],
)
def test_another_kind_of_file_is_refused_by_what_it_is(data: bytes, word: str) -> None:
    assert word in sentence(data)


def test_the_line_of_a_wrong_byte_is_named() -> None:
    with pytest.raises(Refused) as caught:
        decode(b"a\nb\nc\xff", "f")
    assert caught.value.place == "f: line 3"


def test_a_file_over_the_limit_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_FILE", 10)
    assert "MiB" in sentence(b"x" * 11)
    assert decode(b"x" * 10, "f")


def test_an_ordinary_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "request.json"
    path.write_bytes(b"{}")
    assert load(path) == b"{}"


@pytest.mark.parametrize(
    ("name", "word"),
    [("missing.json", "no such file"), (".", "folder"), ("a\x00b", "cannot be read"), ("x" * 5000, "cannot")],
)
def test_what_is_not_a_file_is_refused_in_one_sentence(tmp_path: Path, name: str, word: str) -> None:
    with pytest.raises(Refused) as caught:
        load(tmp_path / name)
    assert word in caught.value.sentence


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused) as caught:
        load(tmp_path / "pipe")
    assert "ordinary file" in caught.value.sentence


def test_a_file_over_the_limit_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "MAX_FILE", 10)
    (tmp_path / "big").write_bytes(b"x" * 11)
    with pytest.raises(Refused):
        load(tmp_path / "big")

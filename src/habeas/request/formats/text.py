"""Bytes made into text, or refused: size, encoding and what the file really is.

Only UTF-8 is read (RFC 8259 section 8.1 for JSON; one rule for every form), with or without a byte
order mark. A guess about another encoding could change a name, so it is a hint and never an
attempt. What the text means is for the readers beside this module.
"""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from habeas.errors import Refused

MAX_FILE = 64 * 1024 * 1024  # bytes; a year of requests of a mid-sized provider has some 20 MiB

_OTHER_KINDS = (  # the first bytes of what people attach instead
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP or office document"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
)


def load(path: str | os.PathLike[str]) -> bytes:
    """The bytes of one ordinary file of at most `MAX_FILE` bytes, or `Refused`."""
    name = str(path)
    try:
        about = os.stat(path)
        if stat.S_ISDIR(about.st_mode):
            raise Refused("this is a folder, not a file", place=name, hint="name one file in it")
        if not stat.S_ISREG(about.st_mode):
            raise Refused("this is not an ordinary file", place=name, hint="save the request to a file first")
        _check_size(about.st_size, name)
        with Path(path).open("rb") as file:
            data = file.read(MAX_FILE + 1)  # one more than allowed: the file may be growing
    except FileNotFoundError:
        raise Refused("there is no such file", place=name, hint="check the name and the folder") from None
    except PermissionError:
        raise Refused("this file may not be read", place=name, hint="check its permissions") from None
    except (OSError, ValueError):  # a name with a zero character is a ValueError
        raise Refused("this file cannot be read", place=name, hint="check its name and the disk") from None
    return data


def decode(data: bytes, name: str) -> str:
    """`data` as text without its byte order mark, or `Refused` with the kind of file it seems to be."""
    _check_size(len(data), name)
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _encoding("UTF-32", name)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _encoding("UTF-16", name)
    for start, kind in _OTHER_KINDS:
        if data.startswith(start):
            raise Refused(f"this is {kind}, not a request", place=name, hint=_FORMS)
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(
            f"the byte at position {error.start} is not UTF-8 text",
            place=f"{name}: line {line}",
            hint="save the file as UTF-8; if it is not a text file, export the request as JSON",
        ) from None
    if not text.strip():
        raise Refused("the file is empty", place=name, hint="ask for it again")
    if "\x00" in text:
        head = data[:64]
        if head[1::2].count(0) > len(head) // 4 or head[::2].count(0) > len(head) // 4:
            raise _encoding("UTF-16", name)
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise Refused(
            "the file holds zero bytes, so it is not text",
            place=f"{name}: line {line}",
            hint="the file was damaged or is not a request; ask for it again",
        )
    if text.lstrip().startswith("<"):
        raise Refused(
            "this is an XML or web page, not a request in a form read here", place=name, hint=_FORMS
        )
    return text


_FORMS = "requests are read as JSON, JSON lines or YAML"


def _check_size(size: int, name: str) -> None:
    if size > MAX_FILE:
        raise Refused(
            f"the file has more than {MAX_FILE // (1024 * 1024)} MiB",
            place=name,
            hint="split it; JSON lines can be cut between any two lines",
        )


def _encoding(encoding: str, name: str) -> Refused:
    return Refused(f"the file is written in {encoding}", place=name, hint="save it as UTF-8")

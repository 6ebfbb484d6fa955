"""What is kept of a letter that somebody from outside sends: PDF or plain text, and of a bounded length."""

from __future__ import annotations

import pytest

from habeas.desk.letters import theirs
from habeas.errors import Refused


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n\x00\xff", theirs.PDF),
        ("Je m'y oppose, maître Dupuis.\r\n".encode(), theirs.TEXT),
        ("\ufeffمرحبا".encode(), theirs.TEXT),
        (b"%PDF-" + b"x" * (theirs.MOST_BYTES - 5), theirs.PDF),
    ],
)
def test_a_pdf_and_plain_text_are_kept(data: bytes, kind: str) -> None:
    assert theirs.kind(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n ",
        b"MZ\x90\x00\x03",
        b"PK\x03\x04",
        b"\xff\xfeh\x00i\x00",
        b"text with a \x1b[2J terminal sequence",
        b" %PDF-1.7 \x00",
        b"%PDF-" + b"x" * (theirs.MOST_BYTES - 4),
    ],
    ids=["nothing", "blank", "program", "archive", "utf-16", "control", "late-pdf", "too-long"],
)
def test_nothing_else_is(data: bytes) -> None:
    with pytest.raises(Refused):
        theirs.kind(data)

"""A letter that came from the person concerned or their lawyer: what of it is kept, and how it is handed on.

It is kept as it came and never shown on a page of ours: whoever reads it fetches it as a file. So only two
kinds are taken, told by their first bytes and not by their name: PDF, and plain text in UTF-8.
"""

from __future__ import annotations

from habeas.errors import Refused

MOST_BYTES = 4 * 1024 * 1024  # a page takes 5 MB; a long letter with its annexes, scanned, has less
PDF, TEXT = "application/pdf", "text/plain; charset=utf-8"
_PLAIN = frozenset("\t\n\r\f")


def kind(data: bytes, place: str = "letter") -> str:
    """The media type of a letter: `PDF` or `TEXT`. Raises Refused for anything else, for nothing, and for
    more than `MOST_BYTES`."""
    if len(data) > MOST_BYTES:
        raise Refused(
            f"the letter has more than {MOST_BYTES // 1024**2} MB", place=place, hint="send it in parts"
        )
    if data.startswith(b"%PDF-"):
        return PDF
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    if not text.strip() or any(each < " " and each not in _PLAIN for each in text):
        raise Refused(
            "this is no letter that can be kept here", place=place, hint="a PDF, or plain text in UTF-8"
        )
    return TEXT

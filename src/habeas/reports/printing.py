"""A page of HTML as a tagged PDF (PDF/UA-1), set in a process that can do nothing else.

`as_pdf` is for the house: it hands the page to a runner (`habeas.gateways.confined.run`, plugged in by the
caller) and takes the PDF. `typeset` is what runs inside, with the fonts shipped beside this module and no
others: no font of the machine, nothing fetched, nothing written. A character that no shipped font has is an
error, never a box on paper. The same page gives the same bytes.
"""

from __future__ import annotations

import mimetypes
import os
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Protocol

from habeas.errors import Refused

_LETTERS = Path(__file__).resolve().parent / "letters"
_FONTS = _LETTERS / "fonts"
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")  # signs that direct the line and leave no mark

SECONDS = 30  # a letter of ten pages takes three on a small machine
MEGABYTES = 1024  # of address space, of which a letter uses a third

LIBRARIES = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class Runner(Protocol):
    """Runs a function of bytes in a confined process."""

    def __call__(self, function: str, data: bytes, *, seconds: float, megabytes: int) -> bytes: ...


def as_pdf(page: str, run: Runner) -> bytes:
    """The page as a PDF. Raises Refused where it cannot be set, and says why."""
    return run(f"{__name__}:typeset", page.encode(), seconds=SECONDS, megabytes=MEGABYTES)


def typeset(page: bytes) -> bytes:
    """The PDF of a page. Run in a confined process: it changes the environment of the one it runs in."""
    text = page.decode()
    lacking = sorted(_written(text) - covered())
    if lacking:
        named = ", ".join(
            f"{char} (U+{ord(char):04X} {unicodedata.name(char, 'unnamed')})" for char in lacking[:5]
        )
        raise Refused(
            f"no shipped font has {named}",
            place="letter",
            hint="write the word with other characters; on paper it would be an empty box",
        )
    # Read when the library loads: it sees the shipped fonts and nothing of the machine's.
    os.environ["FONTCONFIG_FILE"] = str(_LETTERS / "fonts.conf")
    mimetypes.knownfiles.clear()  # it would open the machine's list of types, which nobody inside may
    weasyprint = _weasyprint()
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=(), fail_on_errors=True)
    document = weasyprint.HTML(string=text, url_fetcher=nothing)
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", finisher=_name_languages)
    return pdf


def covered() -> frozenset[str]:
    """Every character that the shipped fonts have."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # slow to load: for the setter only

    found: set[int] = set()
    for path in sorted(_FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(map(chr, found))


def _name_languages(document: Any, pdf: Any) -> None:
    """Says in the tags where another language begins (PDF/UA-1, 7.2); the library knows one for the whole.

    Tags stand in the order of the boxes they were made from, one each.
    """
    import pydyf  # type: ignore[import-untyped]
    from weasyprint.formatting_structure.boxes import BlockBox

    for element, tag in (("article", "/Art"), ("p", "/P")):
        tags = [one for one in pdf.objects if isinstance(one, pydyf.Dictionary) and one.get("S") == tag]
        boxes = [
            box
            for page in document.pages
            for box in page._page_box.descendants()
            if isinstance(box, BlockBox) and box.element_tag == element
        ]
        for made, box in zip(tags, boxes, strict=True):
            if language := box.element.get("lang"):
                made["Lang"] = pydyf.String(language)


def _weasyprint() -> Any:
    try:
        import weasyprint
        from weasyprint.text import ffi
    except OSError as fault:
        if "cannot load library" not in str(fault):  # what cffi says when one is not installed
            raise
        raise _uninstalled() from fault
    if ffi.harfbuzz_subset is None:
        raise _uninstalled()
    return weasyprint


def _uninstalled() -> Refused:
    return Refused(
        "letters cannot be printed: libraries that set text are not installed on this machine",
        place="printing",
        hint=LIBRARIES,
    )


def _written(page: str) -> set[str]:
    """The characters that will be set."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return {char for char in reader.written if unicodedata.category(char) not in _UNSEEN}


class _Reader(HTMLParser):
    """Collects the text of a page; its style, and the title that a window shows, are not set."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: set[str] = set()
        self._aside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "title"):
            self._aside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._aside:
            self._aside = ""

    def handle_data(self, data: str) -> None:
        if not self._aside:
            self.written.update(data)

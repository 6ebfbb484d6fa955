"""The letters of a case: which lie in the file, and each of them as it would leave.

The stored page of a letter has a style of its own, which no page of ours may carry. So its sheets are read
here and built anew: a closed list of elements, the language and direction of each, and text. Whatever else
such a page could hold is not passed on. On paper (`case.letter`) it is the stored page and no other.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render
from markupsafe import Markup, escape

from habeas.desk.case import Notice
from habeas.desk.events import LetterWritten, Recorded, Sending
from habeas.desk.moves import Act, may
from habeas.reports import rows, words
from habeas.web.door import Visit, installation
from habeas.web.views.history import title_of

WAYS = {
    Sending.POST: "By post",
    Sending.MAIL: "By mail",
    Sending.ACCOUNT: "As a message in their account",
    Sending.BY_HAND: "By hand",
}
"""On which way a notice goes out."""


class Written(NamedTuple):
    """A letter in the file, with who wrote it and when. held: counsel has not answered for it yet. notice: of
    one to a person concerned, what was recorded of it; None of any other letter."""

    recorded: Recorded
    letter: LetterWritten
    by: str
    held: bool
    notice: Notice | None


def page(request: Visit, case: str) -> HttpResponse:
    """Every letter in the file, the newest first."""
    viewer = request.viewer
    allowed = may(viewer.person, Act.WRITE, request.case, viewer.house, viewer.at)
    return render(
        request, "letters.html", {**_around(request), "letters": written(request), "allowed": allowed}
    )


def one(request: Visit, case: str, sha256: str) -> HttpResponse:
    """One letter as it would leave; where it is held, what somebody has to read first."""
    found = next((each for each in written(request) if each.letter.sha256 == sha256), None)
    if found is None:
        raise Http404
    viewer = request.viewer
    stored = installation().page_of(viewer.organisation, case, sha256)
    return render(
        request,
        "letter.html",
        {
            **_around(request),
            "written": found,
            "sheets": sheets(stored),
            "to_verify": [_said(each) for each in found.letter.waits_for],
            "ways": WAYS,
            "sender": title_of(found.notice.sent_by, viewer.house) if found.notice is not None else "",
            "clears": may(viewer.person, Act.CLEAR_LETTER, request.case, viewer.house, viewer.at),
        },
    )


def written(request: Visit) -> list[Written]:
    """The letters of a case, the newest first; for who reads every case, and not for the invited."""
    if not request.viewer.person.reads_cases:
        raise Http404
    notices = {each.letter: each for each in request.case.notices}
    return [
        Written(
            each,
            each.event,
            title_of(each.by, request.viewer.house),
            request.case.waits_for_counsel(each.event),
            notices.get(each.event.sha256),
        )
        for each in reversed(request.case.history)
        if isinstance(each.event, LetterWritten)
    ]


def _around(request: Visit) -> dict[str, Any]:
    return {"case": request.case, "title": rows.title(request.case.request)}


# ---- what a held letter waits for ------------------------------------------------------------------------

_PROVISION = re.compile(r"[a-z0-9-]+:[0-9]")


def _said(lacking: str) -> str:
    """A provision as a lawyer writes it; a sentence about what is lacking as it is."""
    return words.cite(lacking) if _PROVISION.match(lacking) else lacking


# ---- the page of a letter, read and built anew -----------------------------------------------------------

_ELEMENTS = {
    "article": "article",
    "header": "header",
    "div": "div",
    "h1": "h3",  # the page around it has headings of its own
    "p": "p",
    "ol": "ol",
    "li": "li",
    "b": "b",
    "span": "span",
}
_CLASSES = frozenset({"sheet", "letterhead", "small"})
_LANGUAGE = re.compile(r"[a-z]{2}")


def sheets(page: str) -> Markup:
    """The sheets of a stored letter, in elements and words of our own list."""
    reader = _Sheets()
    reader.feed(page)
    reader.close()
    return Markup("").join(reader.pieces)


class _Sheets(HTMLParser):
    """Passes on what stands in `main`; every word is escaped again."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Markup] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self._inside = True
        elif not self._inside:
            return
        elif tag == "br":
            self.pieces.append(Markup("<br>"))
        elif tag in _ELEMENTS:
            self.pieces.append(Markup("<{}{}>").format(Markup(_ELEMENTS[tag]), _attributes(dict(attrs))))

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._inside = False
        elif self._inside and tag in _ELEMENTS:
            self.pieces.append(Markup("</{}>").format(Markup(_ELEMENTS[tag])))

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.pieces.append(escape(data))


def _attributes(given: dict[str, str | None]) -> Markup:
    kept = {}
    if _LANGUAGE.fullmatch(given.get("lang") or ""):
        kept["lang"] = given["lang"]
    if given.get("dir") in ("ltr", "rtl"):
        kept["dir"] = given["dir"]
    if named := [word for word in (given.get("class") or "").split() if word in _CLASSES]:
        kept["class"] = " ".join(named)
    return Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in kept.items())

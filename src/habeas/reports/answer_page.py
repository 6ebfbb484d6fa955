"""A brief as one page of HTML, and a docket of several: self-contained, without script.

The page asks nothing of anybody: one inline style whose hash is the only style its content policy allows,
the reader's own fonts, no image, no form. Everything is escaped by the template engine; words of the request
stand in elements with their own language and direction. What is shown, and in which order, is decided in
`briefing`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from habeas.reports import words
from habeas.reports.brief import Brief, DocketLine, Passage, SignLine, together

# Which kind a piece of text is shown as where marks of several kinds overlap, first wins.
_LEADING = ("protected", "harm", "sender", "pretext", "breadth", "limit")

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def as_html(brief: Brief) -> str:
    """The page of one assessment."""
    anchors, places = _anchors(brief.passages, brief.signs)
    return _render(
        "answer.html",
        brief=brief,
        anchors=anchors,
        places=places,
        kinds=_kinds(brief.signs),
        certainties=words.certainties(),
    )


def docket(lines: Sequence[DocketLine]) -> str:
    """A page that lists assessments of one day and one set of versions; at least one."""
    return _render("docket.html", lines=lines, on=lines[0].on, versions=lines[0].versions)


def leading(kinds: Sequence[str]) -> str:
    """The kind that a piece under several marks is shown as."""
    return min(kinds, key=_rank)


def _rank(kind: str) -> int:
    return _LEADING.index(kind) if kind in _LEADING else len(_LEADING)


def unbroken(text: str) -> Markup:
    """`text`, escaped, with its dates kept on one line."""
    return Markup(_DATE.sub(r'<span class="date">\g<0></span>', str(Markup.escape(text))))


def _anchors(
    passages: Sequence[Passage], signs: Sequence[SignLine]
) -> tuple[dict[tuple[str, int], str], dict[int, str]]:
    """Where a link to a sign leads: the id of a piece (by passage and place), and the id for each sign."""
    anchors: dict[tuple[str, int], str] = {}
    places = dict.fromkeys((sign.number for sign in signs), "")
    for passage in passages:
        for place, run in enumerate(passage.runs):
            new = [number for number in run.numbers if not places.get(number)]
            anchors[passage.title, place] = f"s{new[0]}" if new else ""
            places.update(dict.fromkeys(new, anchors[passage.title, place]))
    return anchors, places


def _kinds(signs: Sequence[SignLine]) -> tuple[tuple[str, str], ...]:
    """The kinds of sign on this page with their words, for the key."""
    found = dict.fromkeys(sign.kind for sign in signs)
    return tuple((kind, words.sign(kind)) for kind in sorted(found, key=_rank))


def _render(template: str, **values: object) -> str:
    style, style_hash = _style()
    return _templates().get_template(template).render(style=style, style_hash=style_hash, **values)


@cache
def _style() -> tuple[Markup, str]:
    """The style sheet and its hash, as the content policy names it."""
    sheet = (files("habeas.reports") / "templates" / "page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return Markup(sheet), f"sha256-{digest}"


@cache
def _templates() -> jinja2.Environment:
    folder = files("habeas.reports") / "templates"
    pages = (entry for entry in folder.iterdir() if entry.name.endswith(".html"))
    environment = jinja2.Environment(
        loader=jinja2.DictLoader({page.name: page.read_text("utf-8") for page in pages}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        capital=words.capital, count=words.count, together=together, leading=leading, unbroken=unbroken
    )
    return environment

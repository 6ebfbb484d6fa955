"""A letter as one page of HTML, self-contained, for the screen and for paper.

What is printed is this page and no other (`printing`). It asks nothing of anybody: one inline style, whose
hash is the only style its content policy allows, no script, no image, no address. What the letter says was
decided in `habeas.desk.letters`; here every word is escaped and stands in its language and direction.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from habeas.desk.letters import Letter

_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


def as_html(letter: Letter) -> str:
    """The page of one letter, with the authentic text on a sheet of its own where there is one."""
    style, style_hash = _style()
    title = f"{letter.subject} - {letter.name}".translate(_ISOLATES)  # a title bar shows plain text
    return _template().render(letter=letter, title=title, style=style, style_hash=style_hash)


@cache
def _style() -> tuple[Markup, str]:
    """The style sheet and its hash, as the content policy names it."""
    sheet = (files("habeas.reports") / "letters" / "letter.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return Markup(sheet), f"sha256-{digest}"


@cache
def _template() -> jinja2.Template:
    text = (files("habeas.reports") / "letters" / "letter.html").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(text)

"""The page that checks receipts, as one file: template, style, script and the words of one language.

The same language gives the same bytes each time, so that the SHA-256 of the page can stand in the public log.
The page may run one script and one style, each named by its hash in the page's own policy (Content Security
Policy 3, section 2.3.1), and may ask nobody for anything. What the script decides is written in verify.js;
this module only builds.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from habeas.errors import Refused
from habeas.reports import kinds

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")  # the official languages of the United Nations
_HOLE = re.compile(r"\{\{([a-z_.]+)\}\}")
_WORDS_GO_HERE = "{/* the words of one language are put here */}"


def _packaged(name: str) -> str:
    return files("habeas.reports.verify").joinpath(name).read_text(encoding="utf-8")


def catalogue(language: str) -> dict[str, Any]:
    """The words of one language. `reviewed` says whether somebody who speaks it has read them."""
    if language not in LANGUAGES:
        raise Refused(
            "There is no page in this language.",
            place=repr(language),
            hint=f"There are: {', '.join(LANGUAGES)}.",
        )
    words = tomllib.loads(_packaged(f"words/{language}.toml"))
    words["script"]["value"]["kind"] = kinds.one(language)
    return words


def _source(text: str) -> str:
    """The source of a script or style by its hash, as the policy of a page names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _looked_up(words: Mapping[str, Any], place: str) -> str:
    value: Any = words
    for part in place.split("."):
        value = value[part]
    return html.escape(str(value))


def built(words: Mapping[str, Any]) -> str:
    """The page in these words."""
    style = _packaged("verify.css")
    # "<" is written as an escape, so that no word can end the script.
    spoken = json.dumps(words["script"], ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    script = _packaged("verify.js").replace(_WORDS_GO_HERE, spoken)
    made = {
        "style": style,
        "script": script,
        "style_hash": _source(style),
        "script_hash": _source(script),
    }
    # One pass, so that nothing that was put in is looked at again.
    return _HOLE.sub(lambda hole: made.get(hole[1]) or _looked_up(words, hole[1]), _packaged("template.html"))


def page(language: str) -> str:
    """The whole page. Refused where there is no page in that language."""
    return built(catalogue(language))

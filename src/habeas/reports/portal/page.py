"""The page at a door: a form for one file, and what is said when the file arrived or did not.

One page, no script, no cookie, nothing from elsewhere: its one style stands in it and is named by its hash in
the policy that goes with it (Content Security Policy 3, section 2.3.1). It says nothing of what was sent but
what the promise says.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import jinja2
import msgspec
from markupsafe import Markup

from habeas.errors import Refused

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "ar": "العربية",
    "zh": "中文",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
"""The official languages of the United Nations, as they call themselves."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What is answered to what somebody sent. wrong: a word of `[wrong]` where nothing arrived. promise: the
    signed note, whole; received, by: as it says them."""

    wrong: str = ""
    promise: str = ""
    received: str = ""
    by: str = ""


def page(language: str, origin: str, largest: int, said: Said | None = None) -> tuple[str, str]:
    """The page, and the policy that goes with it. origin: of the log. largest: MiB that are taken.

    Raises Refused for a language that there is no page in.
    """
    if language not in LANGUAGES:
        raise Refused("there is no page in this language", place=language)
    style = _packaged("portal.css")
    note = said.promise if said is not None else ""
    text = _template().render(
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        w=_words(language),
        languages=LANGUAGES,
        origin=origin,
        largest=largest,
        said=said,
        saved=base64.b64encode(note.encode()).decode(),
        style=Markup(style),
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return text, (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


@cache
def _words(language: str) -> Mapping[str, object]:
    return tomllib.loads(_packaged(f"words/{language}.toml"))


@cache
def _packaged(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_packaged("portal.html"))

"""The public site as files: plain pages that ask nobody anything and run nothing.

The same facts give the same bytes. Every link is relative, so that the folder works below any prefix, from
a copy and from a disk; the page for addresses that do not exist stands at any depth and therefore carries its
own style. What a page says about witnesses is decided in `facts`, and stands on every page. The fonts and the
mark are those that the desk shows, read from where they lie.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import jinja2
from markupsafe import Markup

from habeas.desk.events import Silence
from habeas.reports import kinds
from habeas.reports.published import FRESH_WITHIN
from habeas.reports.site.facts import PAGES_DATA, Made, PublishedReport, SiteFacts
from habeas.reports.site.words import LANGUAGES, Words, said, words
from habeas.treaty import law

FONTS = (
    "noto-naskh-arabic-arabic-wght-normal.woff2",
    "source-sans-3-cyrillic-wght-normal.woff2",
    "source-sans-3-latin-ext-wght-normal.woff2",
    "source-sans-3-latin-wght-normal.woff2",
    "source-serif-4-cyrillic-opsz-normal.woff2",
    "source-serif-4-latin-opsz-normal.woff2",
    "LICENSE",
)
"""Each is fetched only by a page that has characters of its script."""

PAGES = ("", "log", "reports", "receipt", "states", "fresh")
"""Of each language; the first is its home."""
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_WEB = re.compile(r"https://[A-Za-z0-9.-]+(/[A-Za-z0-9._~/-]*)?")
_ONE_LINE = 24  # letters that fit into a line of a telephone
_OPTION = re.compile(r"(?<= )(--?[a-z]+)")
_ROBOTS = b"User-agent: *\nAllow: /\n"


def pages(facts: SiteFacts) -> dict[str, bytes]:
    """The files of the site by path, without those that the log and the reports put beside them."""
    found = {
        "index.html": _index(facts),
        "404.html": _missing(facts),
        "style.css": _style().encode(),
        "mark.svg": (_look() / "mark.svg").read_bytes(),
        "robots.txt": _ROBOTS,
        PAGES_DATA: Made.by_this_program(facts).encoded(),
    }
    for name in FONTS:
        found[f"fonts/{name}"] = (_look() / "fonts" / name).read_bytes()
    for language in LANGUAGES:
        for page in PAGES:
            path = "/".join(filter(None, (language, page, "index.html")))
            found[path] = _page(facts, words(language), page)
    return found


def _page(facts: SiteFacts, spoken: Words, page: str) -> bytes:
    return _render(
        f"{page or 'home'}.html",
        facts,
        spoken,
        page=page,
        root="../.." if page else "..",
        here=".." if page else ".",
        pages=PAGES,
        reports=[(each, _front(each, spoken)) for each in sorted(facts.reports, key=_newest, reverse=True)],
        read_in=_read_in,
        beside=_beside,
        totals=sorted(facts.totals, reverse=True),
        suspended=sorted((spoken.state(each.state), each) for each in facts.suspended),
        silences=[_silence(each, spoken) for each in facts.manifest.silences],
        stale_after=FRESH_WITHIN.days,
        verifier=_verifier(facts, spoken),
    )


def _index(facts: SiteFacts) -> bytes:
    return _render("index.html", facts, words("en"), page="index", root=".")


def _missing(facts: SiteFacts) -> bytes:
    """Stands for any address, at any depth: it can name no other file of the site."""
    sheet = "\n".join(line for line in _style().split("\n") if not line.startswith("@font-face"))
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return _render("404.html", facts, words("en"), sheet=Markup(sheet), style_hash=f"sha256-{digest}")


def _verifier(facts: SiteFacts, spoken: Words) -> tuple[str, str]:
    """The page that checks receipts, in the reader's language where there is one, and its SHA-256."""
    if sha256 := facts.verifiers.get(spoken.language):
        return f"verify/{spoken.language}.html", sha256
    return "verify.html", facts.verify_sha256


def _newest(report: PublishedReport) -> tuple[str, str]:
    return report.made.isoformat(), report.name


def _front(report: PublishedReport, spoken: Words) -> str:
    """The file to open a report with: its page in the reader's language, or the first of its files."""
    pages = {each.language: name for each, name in _read_in(report)}
    return pages.get(spoken.language, report.files[0])


def _read_in(report: PublishedReport) -> tuple[tuple[Words, str], ...]:
    """The pages of a report by their language; the one that is in none but English stands at the root."""
    named = {language: f"{language}.html" for language in LANGUAGES} | {"en": "index.html"}
    return tuple((words(language), name) for language, name in named.items() if name in report.files)


def _beside(report: PublishedReport, ending: str) -> tuple[str, ...]:
    """Files of a report that nobody reads on the screen: those to print, or with another ending the rest."""
    others = [name for name in report.files if not name.endswith(".html")]
    return tuple(name for name in others if name.endswith(".pdf") == (ending == "pdf"))


def _silence(each: Silence, spoken: Words) -> Markup:
    """What is not counted, in words; a subject or a footing that has no words is shown as it is."""
    texts = spoken.texts.log
    kind: object = kinds.many(spoken.language).get(each.subject, each.subject)
    named = {each.id: each.title for each in law().instruments}
    of = (
        getattr(texts.footing, each.footing, each.footing) if each.footing else "",
        spoken.state(each.state) if each.state else "",
        named.get(each.instrument, each.instrument),
    )
    if any(of):
        kind = said(texts.silence_of, kind=kind, footing="; ".join(filter(None, of)))
    match each.how:
        case "band":
            how = said(texts.how.band, step=spoken.number(each.step)) if each.step else texts.how.bands
        case "defer":
            how = said(texts.how.defer, month=spoken.month(each.until)) if each.until else texts.how.later
        case _:
            how = texts.how.never
    if each.law:
        return said(texts.silence_law, kind=kind, how=how, law=Markup("<bdi>{}</bdi>").format(each.law))
    return said(texts.silence, kind=kind, how=how)


def _contact(contact: str) -> Markup:
    """A link where it is an address of mail or of the web, and nothing else."""
    if _MAIL.fullmatch(contact):
        return Markup('<a href="mailto:{0}" dir="ltr">{0}</a>').format(contact)
    if _WEB.fullmatch(contact):
        return Markup('<a href="{0}" dir="ltr" rel="noreferrer">{0}</a>').format(contact)
    return Markup("<bdi>{}</bdi>").format(contact)


def _render(template: str, facts: SiteFacts, spoken: Words, **values: object) -> bytes:
    page = (
        _templates()
        .get_template(template)
        .render(
            facts=facts,
            manifest=facts.manifest,
            words=spoken,
            t=spoken.texts,
            all=[words(language) for language in LANGUAGES],
            house=Markup("<bdi>{}</bdi>").format(facts.house),
            contact=_contact(facts.contact),
            standing=_standing(facts, spoken),
            **values,
        )
    )
    return page.encode()


def _standing(facts: SiteFacts, spoken: Words) -> Markup:
    """The sentence about witnesses, which stands on every page."""
    return spoken.standing(facts.witnesses)


@cache
def _style() -> str:
    return (files("habeas.reports.site") / "style.css").read_text("utf-8")


def _look() -> Traversable:
    return files("habeas") / "web" / "static"


@cache
def _templates() -> jinja2.Environment:
    folder = files("habeas.reports.site") / "templates"
    environment = jinja2.Environment(
        loader=jinja2.DictLoader({page.name: page.read_text("utf-8") for page in folder.iterdir()}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["said"] = said
    environment.globals["command"] = _command
    environment.filters["whole"] = _whole
    environment.globals["link"] = _link
    environment.globals["standing_in"] = _standing
    return environment


def _link(address: str, name: str) -> Markup:
    return Markup('<a href="{}" dir="ltr">{}</a>').format(address, name)


def _command(text: str) -> Markup:
    """A command, a key or the name of a file within a sentence of any direction."""
    if len(text) <= _ONE_LINE:
        return Markup('<code dir="ltr" class="nowrap">{}</code>').format(text)
    return Markup('<code dir="ltr">{}</code>').format(_whole(text))


def _whole(command: str) -> Markup:
    """A command whose options are not broken at their hyphens, where a line ends."""
    option = Markup('<span class="nowrap">{}</span>')
    parts = _OPTION.split(command)
    return Markup("").join(option.format(part) if place % 2 else part for place, part in enumerate(parts))

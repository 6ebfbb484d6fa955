"""How values look on a page: times in the reader's zone, words of the trade, and the template engine itself.

Nothing is decided here. What a term is called stands in `habeas.reports.words`; strangers' words are escaped
by the engine like everything else, and stand in elements with their own language and direction.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import jinja2
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2.runtime import Context
from markupsafe import Markup

from habeas import treaty
from habeas.reports import words
from habeas.reports.answer_page import leading, unbroken
from habeas.reports.brief import together

NEAR = timedelta(hours=48)  # a clock takes colour only when it is near
NEXT = timedelta(hours=24)
RIGHT_TO_LEFT = frozenset({"ar"})
_SIGNS = re.compile(r"[^0-9A-Za-z]+")
IN_PLACE = json.dumps(
    {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,  # it would write a style into the page
        "selfRequestsOnly": True,
        "historyCacheSize": 0,  # no page of a case is kept in the browser; going back asks for it again
        "refreshOnHistoryMiss": True,
        "scrollIntoViewOnBoost": False,
        "timeout": 10_000,  # milliseconds, then the browser goes there itself
        "responseHandling": [{"code": "...", "swap": True}],  # what is swapped in, in-place.js decides
    }
)
"""What htmx may do on our pages (its `htmx-config`): swap parts of our own answers, and nothing else."""


def environment(**options: Any) -> jinja2.Environment:
    """Jinja as Django asks for it: everything escaped, and a name that is missing is our mistake."""
    made = jinja2.Environment(
        loader=options["loader"],
        auto_reload=options["auto_reload"],
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext, ngettext=translation.ngettext, newstyle=True
    )
    made.globals.update(
        static=static, url=url, left=left, words=words, provision=provision, anchor=anchor, IN_PLACE=IN_PLACE
    )
    made.filters.update(
        when=when_shown,
        ends=end_shown,
        capital=words.capital,
        count=words.count,
        plain=words.plain,
        state=words.state,
        instrument=words.instrument,
        measure=words.measure,
        together=together,
        leading=leading,
        unbroken=unbroken,
        day=day,
        age=age,
        clock_name=clock_name,
    )
    return made


def url(name: str, *args: Any) -> str:
    return reverse(name, args=args)


class Provision(NamedTuple):
    """Where an article stands on our pages of the law: the page, and the id of its row."""

    page: str
    id: str


def provision(cite: str) -> Provision | None:
    """Where we say what an article says, by its citation as a lawyer writes it: the article itself, or the
    nearest one that contains it. None where none is on file."""
    known = _provisions()
    while cite not in known:
        if not cite.endswith(")"):
            return None
        cite = cite[: cite.rfind("(")]
    instrument, number = known[cite]
    return Provision(url("instrument", instrument), anchor(number))


def anchor(number: str) -> str:
    """The id of a provision on the page of its instrument: `40(21)(e)` is at `p-40-21-e`."""
    return "p-" + _SIGNS.sub("-", number).strip("-").lower()


@cache
def _provisions() -> dict[str, tuple[str, str]]:
    return {
        words.cite(f"{instrument.id}:{article.number}"): (instrument.id, article.number)
        for instrument in treaty.law().instruments
        for article in instrument.articles
    }


def zone_of(context: Context) -> ZoneInfo:
    """The zone the reader chose; UTC for a stranger."""
    viewer = context.get("viewer")
    return ZoneInfo(viewer.account.zone) if viewer is not None else ZoneInfo("UTC")


@jinja2.pass_context
def when_shown(context: Context, at: datetime) -> Markup:
    """A moment as the reader's own clock shows it; the same in UTC as its title."""
    return moment(at, zone_of(context))


@jinja2.pass_context
def end_shown(context: Context, at: datetime) -> Markup:
    """The end of a limit, the same on every page and to every reader: in the zone of the house, which counts
    its days there, with the end of a day as lawyers write it; in UTC as its title."""
    viewer = context.get("viewer")
    zone = ZoneInfo(viewer.house.settings.zone) if viewer is not None else ZoneInfo("UTC")
    local, utc = at.astimezone(zone), at.astimezone(UTC)
    shown = f"{local.day} {local:%b %Y, %H:%M}"
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        last = local.date() - timedelta(days=1)
        shown = f"{last.day} {last:%b %Y}, 24:00"
    return Markup('<time datetime="{}" title="{} UTC">{} {}</time>').format(
        f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M}", shown, zone.key
    )


def moment(at: datetime, zone: ZoneInfo) -> Markup:
    utc = at.astimezone(UTC)
    local = at.astimezone(zone)
    name = "" if zone.key == "UTC" else f" {zone.key}"
    shown = f"{local.day} {local:%b %Y, %H:%M}" + (" UTC" if zone.key == "UTC" else "")
    return Markup('<time class="nowrap" datetime="{}" title="{} UTC{}">{}</time>').format(
        f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M}", f" · shown in{name}" if name else "", shown
    )


def clock_name(id: str, instrument: str) -> str:
    """A time limit in a word or two, from its id; its whole rule stands on the page of the case."""
    name = id.partition("/")[0]
    ours = (
        name in {clock.id for clock in treaty.law().clocks(instrument)} if instrument != "unknown" else False
    )
    return words.capital(words.plain(name.partition("-")[2] if ours else name))


def day(value: date) -> Markup:
    return Markup('<time class="nowrap" datetime="{}">{} {}</time>').format(
        value.isoformat(), value.day, f"{value:%b %Y}"
    )


def left(due: datetime, at: datetime) -> tuple[str, str]:
    """How long is left in words, and the tone: near is 48 hours, next is 24."""
    rest = due - at
    if rest <= timedelta(0):
        return f"{_span(-rest)} over" if rest <= -timedelta(minutes=1) else "Over now", "stop"
    tone = "stop" if rest < NEXT else "ask" if rest < NEAR else ""
    return f"{_span(rest)} left", tone


def age(since: datetime, at: datetime) -> str:
    """How long ago a request came, in whole days."""
    days = max((at - since).days, 0)
    return "Came today" if days == 0 else f"Here {days} day{'' if days == 1 else 's'}"


def _span(length: timedelta) -> str:
    """Two units at the most: a reader looks for the order, not for the seconds."""
    minutes = int(length.total_seconds()) // 60
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    if days > 9:
        return f"{days} days"
    if days:
        whole = words.count(days, "day", "days")
        return f"{whole} {hours} h" if hours else whole
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


def languages(chosen: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each language with the name it gives itself."""
    own = {"ar": "العربية", "zh": "中文", "en": "English", "fr": "Français", "ru": "Русский", "es": "Español"}
    return [(code, own[code]) for code in chosen]

"""The report as one page of HTML, for the screen and for paper.

It asks nothing of anybody: one inline style, whose hash is the only style its content policy allows, no
script, no image, and fonts only from beside it, where the site has them. What is printed is this page and no
other (`habeas.reports.printing`). What it says was decided before: here numbers are added up that were
rounded, in sections, each a few sentences and tables; words are in `texts/`.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from importlib.resources import files

import jinja2
import msgspec
from markupsafe import Markup

from habeas.desk.letters import Language
from habeas.desk.public import GIVING, Footing
from habeas.reports.printing import Runner, as_pdf
from habeas.reports.site import PAGES
from habeas.reports.site.words import words as site_words
from habeas.reports.transparency import charts, rdr
from habeas.reports.transparency.model import How, Report
from habeas.reports.transparency.tables import (
    BANDS,
    GIVEN_BY,
    NOT_GIVEN,
    NOT_STATED,
    SUBJECTS,
    parts,
)
from habeas.reports.transparency.words import Words, words


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """heads: of the columns, the first over the names of rows. chart: the bar in each row, by its name.
    total: the last row adds up. words: its cells are words and no numbers."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    chart: Mapping[str, Markup] = {}
    total: bool = False
    words: bool = False

    @property
    def long(self) -> bool:
        """Whether it may go on over a sheet of paper; a shorter one stays whole."""
        return len(self.lines) > _WHOLE

    @property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """The rows that take a line each."""
        return tuple(row for row in self.rows if row[0] not in self.zeros)

    @property
    def zeros(self) -> tuple[str, ...]:
        """The names of rows of nothing but zeros, where there are many: they are all said, in one
        sentence."""
        found = tuple(row[0] for row in self.rows if set(row[1:]) == {"0"})
        return () if self.total or len(found) < 3 else found


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """id: its anchor. nothing: said in place of tables that have no number in them."""

    id: str
    title: str
    says: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    points: tuple[str, ...] = ()
    quotes: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    code: str = ""
    elements: tuple[rdr.Element, ...] = ()


def as_html(
    report: Report,
    language: Language = Language.ENGLISH,
    *,
    others: Mapping[Language, str] | None = None,
    fonts: str = "",
    data: Sequence[str] = (),
    pdf: str = "",
    site: str = "",
    inside: bool = False,
) -> str:
    """The page. others: addresses of the same report in other languages. data: names of files beside the page
    that have the numbers; pdf: of the one to print. site: the folder of the site, whose menu, fonts and page
    for receipts it then has; without one it stands alone. inside: for the house alone, as whatever is not of
    whole halves of years always is."""
    said = words(language)
    shown = _Shown(report, said)
    style, style_hash = _style(f"{site}/fonts" if site else "")
    return _template().render(
        report=report,
        language=language,
        w=said,
        period=said.period(report.period),
        figures=shown.figures(),
        lead=shown.lead(),
        withheld=shown.withheld(),
        inside=inside or not report.period.publishable,
        standing=site_words(str(language)).standing(report.witnesses),
        sections=shown.sections(tuple(data)),
        others=sorted((others or {}).items()),
        named=_NAMES,
        pdf=pdf,
        site=site,
        nav=site_words(str(language)).texts.nav,
        menu=[name or "home" for name in PAGES],
        style=style,
        style_hash=style_hash,
    )


def printed(report: Report, run: Runner, language: Language = Language.ENGLISH) -> bytes:
    """The page as a tagged PDF. run: `habeas.gateways.confined.run`, as for letters."""
    return as_pdf(as_html(report, language), run)


_NAMES = {
    Language.ARABIC: "العربية",
    Language.CHINESE: "中文",
    Language.ENGLISH: "English",
    Language.FRENCH: "Français",
    Language.RUSSIAN: "Русский",
    Language.SPANISH: "Español",
}


class _Shown:
    """The numbers of a report, added up for its page."""

    def __init__(self, report: Report, said: Words) -> None:
        self.report, self.w = report, said
        self._rows: dict[tuple[str, str, str], int] = defaultdict(int)
        self._sums: dict[tuple[str, str, str, str], int] = defaultdict(int)
        for cell in report.cells:
            self._sums[cell.subject, cell.footing, cell.part, cell.value] += cell.count
            if not cell.part:
                self._rows[cell.subject, cell.footing, cell.state] += cell.count
        self._withheld = sorted({subject for unit in report.units for subject in unit.withheld})
        self._footings = tuple(map(str, Footing))

    # --- numbers ---

    def sum(self, subject: str, footing: str, part: str = "", value: str = "") -> int:
        return self._sums.get((subject, footing, part, value), 0)

    def all(self, subject: str, part: str = "", value: str = "") -> int:
        return sum(self.sum(subject, footing, part, value) for footing in ("", *self._footings))

    def silent(self, subject: str, footing: str = "") -> bool:
        return self.report.silent(subject, footing)

    def written(self, count: int, subject: str, footing: str = "", *, beside: str = "") -> str:
        """A number as it is shown; a dash where it is not. beside: the other subject that it is made from."""
        if self.silent(subject, footing) or (beside and self.silent(beside, footing)):
            return "–"
        return self.w.number(count).replace("-", "−")

    # --- the head ---

    def figures(self) -> tuple[tuple[str, str], ...]:
        say = self.w.say
        every = [
            (say("figures", footing), self.written(self.sum("request", footing), "request", footing))
            for footing in self._footings
        ]
        return (
            *every,
            (say("figures", "refused"), self.written(self.all("refusal"), "refusal")),
            (say("figures", "disclosed"), self.written(self.all("release"), "release")),
        )

    def lead(self) -> str:
        if self.report.deferred:
            month = self.w.month(self.report.deferred)
            return self.w.say("lead", "deferred", month=month, period=self.w.period(self.report.period))
        if self._withheld or any(self.silent(each) for each in SUBJECTS):
            return self.w.say("lead", "partly")
        if not any(cell.count for cell in self.report.cells):
            return self.w.say("lead", "nothing")
        given = sum(self.all("decision", "decision", each) for each in GIVING)
        asked = {f: self.written(self.sum("request", f), "request", f) for f in self._footings}
        return self.w.say(
            "lead",
            "some",
            **asked,
            refused=self.written(self.all("refusal"), "refusal"),
            given=self.written(given, "decision"),
        )

    def withheld(self) -> str:
        if not self._withheld:
            return ""
        named = ", ".join(self.w.say("subject", subject) for subject in self._withheld)
        return self.w.say("lead", "withheld", subjects=named)

    # --- sections ---

    def sections(self, data: tuple[str, ...]) -> tuple[Section, ...]:
        one = self._section
        every = (
            one("who", self._states()),
            one("asked", self._asked()),
            one(
                "did",
                (
                    self._part("decision", "decision"),
                    *self._given(),
                    self._part("decision", "how"),
                    self._part("decision", "basis"),
                ),
            ),
            one("refused", (self._charted("refusal", "ground"),)),
            one("accounts", (self._accounts(), self._part("release", "given"))),
            one("time", (self._days(),), *self._median()),
            one(
                "told",
                (
                    self._part("notice", "how"),
                    self._part("notice-delay", "ground"),
                    self._objections(),
                ),
            ),
            one("emergency", (self._emergency(),)),
            one("kept", (self._part("hold", "how"),)),
            one("doors", (self._doors(),), *self._apart()),
            self._suspended(),
            self._stories(),
            self._forbidden(),
            self._process(),
            Section(
                id="small",
                title=self.w.say("section", "small"),
                says=(self.w.say("lead", "rule"),),
                points=tuple(self.w.say("small", str(number)) for number in range(1, 7)),
            ),
            self._check(data),
        )
        if not self.report.deferred:
            return every
        kept = [each for each in every if each.id in ("small", "check") or any(map(_says, each.tables))]
        return tuple(msgspec.structs.replace(each, elements=()) for each in kept)

    def _section(self, name: str, tables: Sequence[Table], *more: str) -> Section:
        say = self.w.say
        if any(_has_number(table) for table in tables):
            return Section(
                id=name, title=say("section", name), says=(say("say", name), *more), tables=tuple(tables)
            )
        return Section(
            id=name, title=say("section", name), says=(say("say", name), say("say", "nothing"), *more)
        )

    def _states(self) -> tuple[Table, ...]:
        say, found = self.w.say, []
        heads = tuple(say("column", each) for each in ("state", "received", "refusals", "given"))
        for footing in self._footings:
            states = {
                state
                for (subject, of, state), n in self._rows.items()
                if of == footing and n and subject in _OF_STATES
            }
            given: dict[str, int] = defaultdict(int)
            for cell in self.report.cells:
                if (cell.subject, cell.footing, cell.part) == (
                    "decision",
                    footing,
                    "decision",
                ) and cell.value in GIVING:
                    given[cell.state] += cell.count

            def row(
                state: str, footing: str = footing, given: Mapping[str, int] = given
            ) -> tuple[int, int, int]:
                return (
                    self._rows.get(("request", footing, state), 0),
                    self._rows.get(("refusal", footing, state), 0),
                    given.get(state, 0),
                )

            ranked = sorted(states, key=lambda state: (*(-each for each in row(state)), state))
            if not ranked and not any(self.silent(subject, footing) for subject in _OF_STATES):
                continue
            subjects = _OF_STATES
            rows = [
                (
                    self.w.state(state),
                    *(self.written(n, s, footing) for n, s in zip(row(state), subjects, strict=True)),
                )
                for state in ranked
            ]
            rows.append((say("column", "others"), *(self.written(0, s, footing) for s in subjects)))
            sums = [sum(row(state)[at] for state in ranked) for at in range(3)]
            rows.append(
                (
                    say("column", "total"),
                    *(self.written(n, s, footing) for n, s in zip(sums, subjects, strict=True)),
                )
            )
            bars = [
                (self.w.state(state), row(state)[0], self.w.number(row(state)[0]))
                for state in ranked
                if row(state)[0]
            ]
            caption = say("footing", footing)
            found.append(
                Table(
                    caption=caption,
                    heads=heads,
                    rows=tuple(rows),
                    chart=self._chart(bars),
                    total=True,
                )
            )
        return tuple(found)

    def _given(self) -> tuple[Table, ...]:
        """Decisions that give something, by what was asked for; and by the state that asked."""
        [known] = [each for each in parts()["decision"] if each.name == "categories-given"]
        if not any(cell.part == known.name for cell in self.report.cells):
            return ()  # a report from before there was this breakdown, or one without any number
        values = tuple(value for value in known.values if value != NOT_GIVEN)
        found = [
            self._part(
                "decision",
                name,
                [value for part in parts()["decision"] if part.name == name for value in part.values[:-1]],
            )
            for name in GIVEN_BY
        ]
        for footing in self._footings:
            by_state: dict[str, dict[str, int]] = {}
            for cell in self.report.cells:
                here = (cell.subject, cell.footing, cell.part) == ("decision", footing, known.name)
                if here and cell.value != NOT_GIVEN and cell.count:
                    of = by_state.setdefault(cell.state, {})
                    of[cell.value] = of.get(cell.value, 0) + cell.count
            shown = [value for value in values if any(value in each for each in by_state.values())]
            if not shown or self.silent("decision", footing):
                continue
            ranked = sorted(by_state, key=lambda state, of=by_state: (-sum(of[state].values()), state))  # type: ignore[misc]
            rows = [
                (self.w.state(state), *(self.w.number(by_state[state].get(value, 0)) for value in shown))
                for state in ranked
            ]
            caption = f"{self.w.part('decision', known.name)}: {self.w.say('footing', footing)}"
            heads = (self.w.say("column", "state"), *(self.w.value(known.name, each) for each in shown))
            found.append(Table(caption=caption, heads=heads, rows=tuple(rows)))
        return tuple(found)

    def _asked(self) -> tuple[Table, ...]:
        single = ("measure", "instrument", "offences", "authorisation")
        return (self._charted("request", "categories"), *(self._part("request", part) for part in single))

    def _accounts(self) -> Table:
        rows = (("accounts", "", ""), ("release", "", ""))
        return self._lines("accounts", [(self.w.say("subject", s), s, p, v) for s, p, v in rows])

    def _objections(self) -> Table:
        say = self.w.say
        return self._lines(
            "opposed",
            [
                (say("subject", "objection"), "objection", "", ""),
                *((self.w.value("how", v), "objection-answer", "how", v) for v in ("upheld", "not-upheld")),
            ],
        )

    def _emergency(self) -> Table:
        say = self.w.say
        rows = [
            *(
                (self.w.value("emergency", value), "request", "emergency", value)
                for value in ("claimed", "verified")
            ),
            (say("subject", "given_in_emergency"), "decision", "emergency-given", "emergency"),
            *(
                (f"{say('subject', 'validation')}: {say('value', v)}", "validation", "how", v)
                for v in ("in-time", "late", "refused")
            ),
        ]
        table = self._lines("given_in_emergency", rows)
        never = tuple(
            self.written(
                max(
                    0,
                    self.sum("decision", footing, "emergency-given", "emergency")
                    - sum(self.sum("validation", footing, "how", value) for value in ("in-time", "late")),
                ),
                "decision",
                footing,
                beside="validation",
            )
            for footing in self._footings
        )
        return msgspec.structs.replace(
            table,
            caption=self.w.say("section", "emergency"),
            rows=(*table.rows, (say("subject", "unvalidated"), *never)),
        )

    def _lines(self, caption: str, rows: Sequence[tuple[str, str, str, str]]) -> Table:
        return Table(
            caption=self.w.say("subject", caption),
            heads=(self.w.say("column", "what"), *(self.w.say("footing", each) for each in self._footings)),
            rows=tuple(
                (name, *(self.written(self.sum(s, f, p, v), s, f) for f in self._footings))
                for name, s, p, v in rows
            ),
        )

    def _part(self, subject: str, part: str, values: Sequence[str] = ()) -> Table:
        """One breakdown: every value, on each footing."""
        [known] = [each for each in parts()[subject] if each.name == part]
        table = self._lines(
            subject,
            [(self._named(subject, part, value), subject, part, value) for value in values or known.values],
        )
        return msgspec.structs.replace(table, caption=self.w.part(subject, part))

    def _named(self, subject: str, part: str, value: str) -> str:
        return self.w.value(part, _EMPTY.get((subject, part), value) if value == NOT_STATED else value)

    def _charted(self, subject: str, part: str) -> Table:
        """A breakdown with its chart, the most frequent value first; a chart needs no zeros."""
        [known] = [each for each in parts()[subject] if each.name == part]
        ranked = sorted(known.values, key=lambda value: -self.all(subject, part, value))
        table = self._part(subject, part, ranked)
        counts = [(value, self.all(subject, part, value)) for value in ranked if not self.silent(subject)]
        bars = [(self.w.value(part, value), n, self.w.number(n)) for value, n in counts if n]
        return msgspec.structs.replace(table, chart=self._chart(bars))

    def _chart(self, bars: Sequence[charts.Bar]) -> Mapping[str, Markup]:
        return charts.bars(bars, rtl=self.w.language.direction == "rtl")

    def _days(self) -> Table:
        say = self.w.say
        values = (*BANDS, NOT_STATED)
        rows = [
            (
                self.w.value("days", value),
                *(self.written(self.all(s, "days", value), s) for s in _ANSWERS),
            )
            for value in values
        ]
        bars = [
            (self.w.value("days", value), n, self.w.number(n))
            for value in values
            for n in [sum(self.all(s, "days", value) for s in _ANSWERS)]
            if not any(map(self.silent, _ANSWERS))
        ]
        caption = self.w.part("refusal", "days")
        return Table(
            caption=caption,
            heads=(caption, say("column", "answer"), say("subject", "reroute"), say("column", "disclosure")),
            rows=tuple(rows),
            chart=self._chart(bars),
        )

    def _median(self) -> tuple[str, ...]:
        """The band in which the middle answer lies, from the numbers shown and no others."""
        if any(map(self.silent, _ANSWERS)):
            return ()
        counts = [sum(self.all(s, "days", band) for s in _ANSWERS) for band in BANDS]
        passed = 0
        for band, count in zip(BANDS, counts, strict=True):
            passed += count
            if count and 2 * passed >= sum(counts):
                return (self.w.say("say", "median", band=self.w.value("days", band)),)
        return ()

    def _doors(self) -> Table:
        say = self.w.say
        [known] = [each for each in parts()["request"] if each.name == "door"]
        rows = []
        for value in known.values:
            arrived, cases = self.all("arrival", "door", value), self.all("request", "door", value)
            rows.append(
                (
                    self.w.value("door", value),
                    self.written(arrived, "arrival"),
                    self.written(cases, "request"),
                    self.written(arrived - cases, "arrival", beside="request"),
                )
            )
        heads = (
            self.w.part("request", "door"),
            *(say("column", each) for each in ("arrived", "cases", "difference")),
        )
        return Table(caption=say("section", "doors"), heads=heads, rows=tuple(rows))

    def _apart(self) -> tuple[str, ...]:
        """What doors that run apart from the desk counted by themselves, against the log."""
        return tuple(
            self.w.say(
                "say",
                "apart" if each.agrees else "apart_not",
                door=self.w.value("door", each.door),
                day=self.w.day((each.until - timedelta(days=1)).date()),
            )
            for each in self.report.doors
        )

    def _suspended(self) -> Section:
        say, report = self.w.say, self.report
        what = say("say", "suspended" if report.suspended else "suspended_none")
        return Section(
            id="suspended",
            title=say("section", "suspended"),
            says=(what,),
            points=tuple(self.w.state(state) for state in report.suspended),
        )

    def _stories(self) -> Section:
        say = self.w.say
        told = [
            (
                each.texts.get(str(self.w.language), each.texts.get("en", "")),
                self.w.value("ground", each.ground),
            )
            for each in self.report.narratives
        ]
        what = say("say", "stories" if told else "stories_none")
        return Section(id="stories", title=say("section", "stories"), says=(what,), quotes=tuple(told))

    def _forbidden(self) -> Section:
        say = self.w.say
        rows: dict[tuple[str, ...], list[str]] = {}  # what is said of several in the same words stands once
        for each in self.report.restricted:
            rule = each.restriction
            band = f"\u2066{each.band}\u2069" if self.w.language.direction == "rtl" else each.band
            values = {"band": band, "month": self.w.month(rule.until) if rule.how is How.DEFER else ""}
            of = (
                say("footing", rule.footing) if rule.footing else "",
                self.w.state(rule.state) if rule.state else "",
                self.w.value("instrument", rule.instrument) if rule.instrument else "",
            )
            law = rule.law or say("restricted", "unnamed")
            shown = say("restricted", str(rule.how), **values)
            if rule.because:
                shown = say("restricted", "because", subject=say("subject", rule.because))
            scope = f" ({'; '.join(filter(None, of))})" if any(of) else ""
            rows.setdefault((scope, law, each.unit, shown), []).append(say("subject", rule.subject))
        heads = (
            say("column", "what"),
            say("column", "law"),
            say("page", "over", period=""),
            say("column", "instead"),
        )
        title = say("section", "forbidden")
        heads = (heads[0], heads[1], heads[2].strip(), heads[3])
        if not rows:
            return Section(
                id="forbidden", title=title, says=(say("say", "forbidden_none"), say("say", "unsaid"))
            )
        table = Table(
            caption=title,
            heads=heads,
            rows=tuple((" · ".join(what) + scope, *rest) for (scope, *rest), what in rows.items()),
            words=True,
        )
        partly = any(not each.restriction.whole for each in self.report.restricted)
        says = (say("say", "unsaid"), *([say("say", "partly")] if partly else []))
        return Section(id="forbidden", title=title, says=says, tables=(table,))

    def _process(self) -> Section:
        keys = (
            *("diligence", "nonjudicial", "court", "foreign", "basis", "pushback", "examples"),
            *("notnotice", "private", "court_orders", "yearly"),
        )
        say: Callable[..., str] = self.w.say
        return Section(
            id="process", title=say("section", "process"), points=tuple(say("process", key) for key in keys)
        )

    def _check(self, data: tuple[str, ...]) -> Section:
        say, site = self.w.say, self.report.house.site
        return Section(
            id="check",
            title=say("section", "check"),
            points=tuple(say("check", str(number)) for number in range(1, 4)),
            code=f"habeas audit {site}" if site else "",
            links=tuple((name, name) for name in data),
            elements=rdr.elements(),
        )


_EMPTY = {
    ("decision", "how"): "not-narrowed",
    ("release", "how"): "not-narrowed",
    ("release", "given"): "nothing-given",
}
"""Where an empty field says something of its own."""

_WHOLE = 40  # rows that fit on a sheet of paper, with what stands above them
_OF_STATES = ("request", "refusal", "decision")
_ANSWERS = ("refusal", "reroute", "release")


def _has_number(table: Table) -> bool:
    return any(cell not in ("0", "") for row in table.rows for cell in row[1:])


def _says(table: Table) -> bool:
    """Whether anything but dashes stands in it."""
    return any(cell not in ("–", "") for row in table.rows for cell in row[1:])


_LATIN = (
    "U+0-FF, U+131, U+152-153, U+2BB-2BC, U+2C6, U+2DA, U+2DC, U+2000-206F, U+20AC, U+2212"  # and its signs
)
_CYRILLIC = "U+301, U+400-45F, U+490-491, U+4B0-4B1, U+2116"
_ARABIC = "U+600-6FF, U+750-77F, U+8A0-8FF, U+200C-200E, U+FB50-FDFF, U+FE70-FEFC"
_FACES = (
    ("Source Sans 3", "source-sans-3-latin-wght-normal", "200 900", _LATIN),
    ("Source Sans 3", "source-sans-3-cyrillic-wght-normal", "200 900", _CYRILLIC),
    ("Source Serif 4", "source-serif-4-latin-opsz-normal", "200 900", _LATIN),
    ("Source Serif 4", "source-serif-4-cyrillic-opsz-normal", "200 900", _CYRILLIC),
    ("Noto Naskh Arabic", "noto-naskh-arabic-arabic-wght-normal", "400 700", _ARABIC),
)
"""Fonts of the site, by the names of their files."""


@cache
def _style(fonts: str) -> tuple[Markup, str]:
    """The style and its hash, as the content policy names it."""
    sheet = (files(__package__) / "templates" / "report.css").read_text("utf-8")
    if fonts:
        folder = fonts.rstrip("/")
        faces = [
            f'@font-face {{ font-family: "{family}"; src: url("{folder}/{name}.woff2") format("woff2"); '
            f"font-weight: {weight}; font-display: swap; unicode-range: {span}; }}"
            for family, name, weight, span in _FACES
        ]
        sheet = "\n".join(faces) + "\n" + sheet
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return Markup(sheet), f"sha256-{digest}"


@cache
def _template() -> jinja2.Template:
    text = (files(__package__) / "templates" / "report.html").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(text)

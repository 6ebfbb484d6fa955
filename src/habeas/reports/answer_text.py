"""A brief on a terminal: readable at 80 columns, line by line, with colour only where it says something.

What stops is carmine, what is missing is ochre, the rest is the reader's own ink; each colour stands beside
its word. Every stranger's word comes in harmless (`foreign`) and goes out as literal text, so that a request
can send neither an escape code nor a style to the terminal. Signs stand in the words as ‹words›[number].
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from habeas.reports import words
from habeas.reports.brief import Article, Brief, Clock, Fact, ItemLine, Line, Passage, Point, Source, together
from habeas.reports.foreign import Theirs
from habeas.reports.words import Recommended, Tone

WIDTH = 80  # columns of plain text
WIDEST = 100  # longer lines are hard to read, however wide the screen
_LABEL = 14  # columns of the label beside a line
_STYLES: dict[Tone, str] = {"plain": "", "ask": "#a87000", "stop": "#d0306a"}  # readable on black and white
_QUIET = "dim"
_BAR = "│ "  # before every line of their words
_HANG = 2  # columns before the second line of what begins at the edge


def write(brief: Brief, console: Console) -> None:
    """Print `brief` on `console`."""
    page = _Page(console)
    _head(page, brief)
    _request(page, brief)
    _points(page, brief.deciding_title, brief.deciding)
    _points(page, "Also found, with a weaker effect", brief.weaker, asked=False)
    _noted(page, brief)
    _items(page, brief)
    _work(page, brief)
    _clocks(page, brief)
    _house_only(page, brief)
    _statement(page, brief)
    _points(page, "Tests that are met", brief.met)
    _foot(page, brief)


def as_text(brief: Brief) -> str:
    """`brief` as plain text of 80 columns, the same on every machine."""
    out = io.StringIO()
    console = Console(
        file=out, width=WIDTH, color_system=None, force_terminal=False, no_color=True, legacy_windows=False
    )
    write(brief, console)
    return out.getvalue()


class _Page:
    """Lines with a hanging indent. Everything printed is literal: no markup, no highlighting, no emoji."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = min(console.width, WIDEST)

    def say(self, text: Text | str, *, indent: int = 0, label: str = "") -> None:
        """Print `text`. Only its first line may begin at the edge, so that no word of theirs ever does."""
        text = Text(text) if isinstance(text, str) else text
        hang = indent + (_LABEL if label else 0)
        room = max(20, self.width - (hang or _HANG))
        for number, line in enumerate(text.wrap(self.console, room, tab_size=4)):
            line.rstrip()
            before = Text(" " * (hang or (_HANG if number else 0)))
            if label and not number:
                before = Text(" " * indent).append(label.ljust(_LABEL), _QUIET)
            self._print(before.append_text(line) if line else Text(""))

    def quote(self, text: Text) -> None:
        """Print words of theirs, each line behind a bar: they cannot pass for ours."""
        for line in text.wrap(self.console, max(20, self.width - len(_BAR)), tab_size=4):
            line.rstrip()
            self._print(Text(_BAR if line else _BAR.rstrip(), _QUIET).append_text(line.copy()))

    def head(self, title: str) -> None:
        self.gap()
        self.say(Text(title.upper(), "bold"))

    def gap(self) -> None:
        self._print(Text(""))

    def _print(self, line: Text) -> None:
        self.console.print(line, soft_wrap=True, markup=False, highlight=False, emoji=False)


def _line(line: Line) -> Text:
    text = Text()
    for part in line:
        text.append(f"“{part}”" if isinstance(part, Theirs) else part)
    return text


def _toned(recommended: Recommended, style: str = "bold") -> Text:
    return Text(recommended.word, f"{style} {_STYLES[recommended.tone]}".strip())


def _head(page: _Page, brief: Brief) -> None:
    page.say(Text(str(brief.id), "bold").append(f"  {brief.title}", "not bold"), label="Request")
    page.say(Text(f"Seat: {brief.seat}. Assessed on {brief.on.isoformat()}. For the house only.", _QUIET))
    page.gap()
    verdict = Text("Recommended: ", "bold").append_text(_toned(brief.recommended))
    page.say(verdict)
    page.say(brief.why, indent=2)
    page.say(Text(brief.recommended.means, _QUIET), indent=2)
    for each in brief.supposed:
        page.say(Text("supposed, not known: ", _STYLES["ask"]).append(each, "none"), indent=2)
    for notice in brief.noticed:
        page.say(Text("notice: ", _STYLES["ask"]).append(notice.says, "none"), indent=2)
        page.say(Text(f"at: {notice.place}", _QUIET), indent=4)
    page.say(Text("People decide.", _QUIET), indent=2)


def _request(page: _Page, brief: Brief) -> None:
    page.head("The request")
    for row in brief.request:
        for number, line in enumerate(row.lines):
            page.say(_line(line), indent=2, label=" " if number else row.label)


def _points(page: _Page, title: str, points: Iterable[Point], *, asked: bool = True) -> None:
    for number, point in enumerate(points):
        if number:
            page.gap()
        else:
            page.head(title)
        _point(page, point, asked)


def _point(page: _Page, point: Point, asked: bool) -> None:
    page.say(Text(f"{point.outcome}: ", f"bold {_STYLES[point.tone]}".strip()).append(point.sentence, "bold"))
    if asked:
        page.say(point.question, indent=2, label="Asked")
    page.say(point.treaty, indent=2, label="Treaty")
    page.say(point.house, indent=2, label="This house")
    for number, article in enumerate(point.articles):
        page.say(_article(article), indent=2, label=" " if number else "Articles")
    for number, fact in enumerate(point.used):
        _fact(page, fact, " " if number else "Facts used")
    for number, missing in enumerate(point.missing):
        page.say(
            Text("not shown: ", _STYLES["ask"]).append(missing.says, "none"),
            indent=2,
            label=" " if number else "Missing",
        )
        page.say(f"from {missing.supplier}; {missing.effect}", indent=4, label=" ")


def _article(article: Article) -> Text:
    title = f" {article.title}" if article.title else ""
    return Text(f"{article.cite}{title} ").append(f"[{article.certainty}]", _QUIET)


def _fact(page: _Page, fact: Fact, label: str) -> None:
    text = Text(f"{fact.holds}: ", _STYLES[fact.tone]).append(fact.says, "none")
    page.say(text, indent=2, label=label)
    if fact.note:
        page.say(Text(fact.note, _QUIET), indent=4, label=" ")
    for sources in _together(fact.sources):
        page.say(sources, indent=4, label=" ")


def _together(sources: Iterable[Source]) -> Iterator[Text]:
    """A line for each place: its value, or all that is quoted from it."""
    for found in together(sources):
        text = Text(found[0].place, _STYLES["ask"] if found[0].supposed else _QUIET)
        for number, source in enumerate(found):
            if source.quote is not None:
                text.append("; " if number else ": ", _QUIET).append(f"“{source.quote}”", "none")
                text.append(f" {_numbers(source.numbers)}" if source.numbers else "", "none")
                text.append(f" ({source.at})" if source.at else "", _QUIET)
            elif source.value is not None:
                text.append("; " if number else ": ", _QUIET).append(str(source.value), "none")
        yield text


def _numbers(numbers: Iterable[int]) -> str:
    return "[" + ",".join(str(number) for number in numbers) + "]"


def _noted(page: _Page, brief: Brief) -> None:
    if brief.met or not brief.noted:  # with every test shown, these are shown in full
        _points(page, "Noted, without effect", brief.noted)
        return
    page.head("Noted, without effect")
    for point in brief.noted:
        cites = ", ".join(article.cite for article in point.articles)
        page.say(
            Text(f"{point.outcome}: ", _STYLES[point.tone]).append(f"{point.sentence} ({cites})", "none")
        )


def _items(page: _Page, brief: Brief) -> None:
    page.head("The most that may leave")
    if not brief.items:
        page.say("No item is named in the request.")
    last: Theirs | None = None
    for item in brief.items:
        if item.target != last:
            page.say(_target(item))
            last = item.target
        what = f"{item.category}, {item.period}"
        if item.description is not None:
            what += f", “{item.description}”"
        page.say(what, indent=2)
        most = Text(item.ceiling, _STYLES[item.tone]).append(f". {item.why}", "none")
        page.say(_toned(item.decision).append("; at most ", "not bold").append_text(most), indent=4)


def _target(item: ItemLine) -> Text:
    text = Text(f"Target {item.target}")
    if item.accounts:
        text.append(": " + ", ".join(f"“{account}”" for account in item.accounts))
    if item.role is not None:
        text.append(f", called “{item.role}”")
    return text


def _work(page: _Page, brief: Brief) -> None:
    if brief.questions:
        page.head("Questions to the requester")
        for number, asked in enumerate(brief.questions, start=1):
            page.say(f"{number}. {asked.question}")
            page.say(Text(", ".join(asked.cites), _QUIET), indent=3)
    if brief.tasks:
        page.head("Tasks for us")
        for task in brief.tasks:
            page.say(f"{words.capital(task.who)}: {task.task}")
            page.say(Text(f"because: {task.why}", _QUIET), indent=3)
    if brief.conditions:
        page.head("Conditions")
        for condition in brief.conditions:
            page.say(f"- {condition}")


def _clocks(page: _Page, brief: Brief) -> None:
    if brief.clocks:
        page.head("Clocks")
        for clock in brief.clocks:
            _clock(page, clock)
    if brief.clocks_waiting:
        page.head("Clocks that have not started")
        for clock in brief.clocks_waiting:
            _clock(page, clock)


def _clock(page: _Page, clock: Clock) -> None:
    text = Text(f"{clock.bound}: ")
    page.say(text.append(clock.sum, "bold") if clock.due else text.append(clock.sum))
    page.say(f"{clock.rule}", indent=3)
    page.say(Text(f"{clock.article.cite} [{clock.article.certainty}]", _QUIET), indent=3)


def _house_only(page: _Page, brief: Brief) -> None:
    if brief.conduct:
        page.head("Protected conduct - for the house only")
        page.say("Describes the charge, never the person. Goes to nobody outside.")
        for conduct in brief.conduct:
            page.say(Text(words.capital(conduct.category), "bold"))
            for sign in conduct.signs:
                page.say(f"{_numbers((sign.number,))} {sign.says}", indent=2)
                for quoted in _together(sign.quotes):
                    page.say(quoted, indent=6)
            if not conduct.signs:
                page.say("No single sign names it; see the facts used above.", indent=2)
        for cited in _together(brief.provisions):
            page.say(Text("cited: ").append_text(cited))
    if brief.shifts:
        page.head("What would change the result - for the house only")
        for shift in brief.shifts:
            page.say(
                Text(f"{shift.says}: now {shift.now}; if {shift.other}, ").append_text(_toned(shift.then))
            )


def _statement(page: _Page, brief: Brief) -> None:
    for passage in brief.passages:
        page.head(f"Their words: {passage.title}" + (f", in {passage.language}" if passage.language else ""))
        page.quote(_passage(passage))
    if not brief.signs:
        return
    page.head("Signs in their words")
    for sign in brief.signs:
        weight = f", weight {sign.weight}" if sign.weight is not None else ""
        page.say(f"{_numbers((sign.number,))} {sign.says} ({sign.kind_words}{weight})")


def _passage(passage: Passage) -> Text:
    text = Text()
    for run in passage.blocks:
        if run.numbers:
            text.append(f"‹{run.text}›", "underline").append(_numbers(run.numbers))
        else:
            text.append(run.text)
    return text


def _foot(page: _Page, brief: Brief) -> None:
    page.gap()
    hidden = []
    if not brief.met and brief.met_count:
        hidden.append(words.count(brief.met_count, "test that is met", "tests that are met"))
    if not brief.clocks_waiting and brief.clocks_waiting_count:
        waiting = ("clock that has not started", "clocks that have not started")
        hidden.append(words.count(brief.clocks_waiting_count, *waiting))
    if hidden:
        page.say(Text(f"Left out here, and in full with --explain: {', '.join(hidden)}.", _QUIET))
    scale = "; ".join(f"{word}: {means}" for word, means in words.certainties())
    page.say(Text(f"How sure we are of an article: {scale}.", _QUIET))
    versions = ", ".join(f"{name} {version}" for name, version in brief.versions)
    page.say(Text(f"Versions: {versions}. The same versions and day give the same answer.", _QUIET))

"""A brief as Markdown (CommonMark with tables), for a ticket, a wiki or a mail.

Every stranger's word is escaped, so that it can open no link, heading, image or HTML of its own, and stands
in quotation marks. Signs stand in the words as ‹words›[number], as on the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from habeas.reports import words
from habeas.reports.brief import Brief, Clock, Line, Passage, Point, Source, together
from habeas.reports.foreign import Theirs

_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~#$^@]")
_AUTOLINK = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(?=:)|\bwww(?=\.)")
_BLOCK = re.compile(r"^(\d{1,9})([.)])|^([-+=:])")


def escaped(text: str) -> str:
    """`text` as literal inline Markdown, on one line."""
    text = _SPECIAL.sub(lambda found: "\\" + found[0], " ".join(text.split()))
    text = _AUTOLINK.sub(lambda found: found[0] + "\\", text)
    return _BLOCK.sub(lambda found: rf"{found[1]}\{found[2]}" if found[1] else rf"\{found[3]}", text)


def as_markdown(brief: Brief) -> str:
    """The whole brief."""
    return "\n".join(_lines(brief)).rstrip() + "\n"


def _lines(brief: Brief) -> Iterator[str]:
    yield f"# {escaped(str(brief.id))}: {escaped(brief.title)}"
    yield ""
    yield f"Seat: {escaped(brief.seat)}. Assessed on {brief.on.isoformat()}. **For the house only.**"
    yield ""
    yield f"## Recommended: {brief.recommended.word}"
    yield ""
    yield f"**{escaped(brief.why)}** {brief.recommended.means} People decide."
    yield ""
    yield from (f"- *Supposed, not known:* {escaped(each)}" for each in brief.supposed)
    yield from (f"- *Notice:* {escaped(each.says)} At: {escaped(each.place)}" for each in brief.noticed)
    yield ""
    yield from _request(brief)
    yield from _points(brief.deciding_title, brief.deciding)
    yield from _points("Also found, with a weaker effect", brief.weaker)
    yield from _points("Noted, without effect", brief.noted)
    yield from _items(brief)
    yield from _work(brief)
    yield from _house_only(brief)
    yield from _statement(brief)
    yield from _points("Tests that are met", brief.met)
    yield from _foot(brief)


def _theirs(part: Theirs) -> str:
    return f"“{escaped(part.text)}”"


def _line(line: Line) -> str:
    return "".join(_theirs(part) if isinstance(part, Theirs) else escaped_ours(part) for part in line)


def escaped_ours(part: str) -> str:
    """Our own words keep the spaces at their ends: they stand between others."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], part)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _request(brief: Brief) -> Iterator[str]:
    yield "## The request"
    yield ""
    yield _row(("What", "As stated"))
    yield _row(("---", "---"))
    for row in brief.request:
        yield _row((row.label, "<br>".join(_line(line) for line in row.lines)))
    yield ""


def _points(title: str, points: Iterable[Point]) -> Iterator[str]:
    for number, point in enumerate(points):
        if not number:
            yield f"## {title}"
            yield ""
        yield from _point(point)


def _point(point: Point) -> Iterator[str]:
    yield f"### {words.capital(point.outcome)}: {escaped(point.sentence)}"
    yield ""
    yield f"- Asked: {escaped(point.question)}"
    yield f"- By the treaty: {escaped(point.treaty)}"
    if point.outcome != "met":
        yield f"- This house: {escaped(point.house)}"
    for article in point.articles:
        title = f" {escaped(article.title)}" if article.title else ""
        yield f"- Article: {escaped(article.cite)}{title} ({article.certainty})"
    for fact in point.used:
        note = f" ({escaped(fact.note)})" if fact.note else ""
        yield f"- Fact used: **{fact.holds}:** {escaped(fact.says)}{note}"
        yield from (f"  - {source}" for source in _sources(fact.sources))
    for missing in point.missing:
        told = f"from {missing.supplier}; {missing.effect}"
        yield f"- Fact missing: **not shown:** {escaped(missing.says)}; {told}"
    yield ""


def _sources(sources: Iterable[Source]) -> Iterator[str]:
    for found in together(sources):
        text = escaped(found[0].place)
        for number, source in enumerate(found):
            between = "; " if number else ": "
            if source.quote is not None:
                text += f"{between}{_theirs(source.quote)}{_numbers(source.numbers)}"
                text += f" ({source.at})" if source.at else ""
            elif source.value is not None:
                text += between + escaped(source.value.text)
        yield f"**{text}**" if found[0].supposed else text


def _numbers(numbers: Iterable[int]) -> str:
    shown = ",".join(str(number) for number in numbers)
    return rf" \[{shown}\]" if shown else ""


def _items(brief: Brief) -> Iterator[str]:
    yield "## The most that may leave"
    yield ""
    if not brief.items:
        yield "No item is named in the request."
        yield ""
        return
    yield _row(("Target", "Item", "Period", "Recommended", "At most", "Because"))
    yield _row(["---"] * 6)
    for item in brief.items:
        target = ", ".join(_theirs(account) for account in item.accounts) or escaped(item.target.text)
        if item.role is not None:
            target += f", called {_theirs(item.role)}"
        what = item.category + (f": {_theirs(item.description)}" if item.description else "")
        yield _row((target, what, item.period, item.decision.word, item.ceiling, escaped(item.why)))
    yield ""


def _work(brief: Brief) -> Iterator[str]:
    if brief.questions:
        yield "## Questions to the requester"
        yield ""
        for number, asked in enumerate(brief.questions, start=1):
            yield f"{number}. {escaped(asked.question)} ({escaped(', '.join(asked.cites))})"
        yield ""
    if brief.tasks:
        yield "## Tasks for us"
        yield ""
        for task in brief.tasks:
            yield f"- {words.capital(task.who)}: {escaped(task.task)} Because: {escaped(task.why)}"
        yield ""
    if brief.conditions:
        yield "## Conditions"
        yield ""
        yield from (f"- {escaped(condition)}" for condition in brief.conditions)
        yield ""
    yield from _clocks("Clocks", brief.clocks)
    yield from _clocks("Clocks that have not started", brief.clocks_waiting)


def _clocks(title: str, clocks: Iterable[Clock]) -> Iterator[str]:
    for number, clock in enumerate(clocks):
        if not number:
            yield f"## {title}"
            yield ""
        article = f"{escaped(clock.article.cite)} ({clock.article.certainty})"
        yield f"- {words.capital(clock.bound)}: {escaped(clock.sum)}. {escaped(clock.rule)} {article}"
    yield ""


def _house_only(brief: Brief) -> Iterator[str]:
    if brief.conduct:
        yield "## Protected conduct (for the house only)"
        yield ""
        yield "This describes the charge, never the person. It goes to nobody outside."
        yield ""
        for conduct in brief.conduct:
            yield f"- **{words.capital(conduct.category)}**"
            for sign in conduct.signs:
                yield f"  - {escaped(sign.says)}{_numbers((sign.number,))}"
                yield from (f"    - {source}" for source in _sources(sign.quotes))
            if not conduct.signs:
                yield "  - No single sign names it; see the facts used."
        yield from (f"- Provision cited: {source}" for source in _sources(brief.provisions))
        yield ""
    if brief.shifts:
        yield "## What would change the result (for the house only)"
        yield ""
        yield _row(("Fact", "Now", "If it were", "Then"))
        yield _row(["---"] * 4)
        for shift in brief.shifts:
            yield _row((escaped(shift.says), shift.now, shift.other, shift.then.word))
        yield ""


def _statement(brief: Brief) -> Iterator[str]:
    for passage in brief.passages:
        tongue = f", in {passage.language}" if passage.language else ""
        yield f"## Their words: {passage.title}{tongue}"
        yield ""
        yield from _passage(passage)
        yield ""
    if not brief.signs:
        return
    yield "## Signs in their words"
    yield ""
    for sign in brief.signs:
        weight = f", weight {sign.weight}" if sign.weight is not None else ""
        yield f"- \\[{sign.number}\\] {escaped(sign.says)} ({sign.kind_words}{weight})"
    yield ""


def _passage(passage: Passage) -> Iterator[str]:
    text = "".join(
        f"‹{run.text}›\0{','.join(map(str, run.numbers))}\0" if run.numbers else run.text
        for run in passage.blocks
    )
    for line in text.splitlines():
        yield "> " + re.sub("\0(.*?)\0", r"\\[\1\\]", escaped(line)) if line.strip() else ">"


def _foot(brief: Brief) -> Iterator[str]:
    yield "---"
    yield ""
    scale = "; ".join(f"{word}: {means}" for word, means in words.certainties())
    yield f"How sure we are of an article: {scale}."
    yield ""
    versions = ", ".join(f"{name} {escaped(version)}" for name, version in brief.versions)
    yield f"Versions: {versions}. The same versions and day give the same answer."

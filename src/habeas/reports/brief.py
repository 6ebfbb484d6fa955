"""What a reader is told about one assessment, as values.

Every line is already in words and every stranger's word already harmless, but nothing has the form of a
terminal or a page yet. How a `Brief` is made is said in `briefing`; how it looks is left to `answer_text`,
`answer_markdown` and `answer_page`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

import msgspec

from habeas.reports.foreign import Direction, Theirs
from habeas.reports.marks import Run
from habeas.reports.words import Recommended, Tone

Part = str | Theirs
Line = tuple[Part, ...]
"""One line of a page: our words and theirs, in order."""


class _Value(msgspec.Struct, frozen=True, kw_only=True):
    pass


class Row(_Value, frozen=True, kw_only=True):
    """A label and its lines."""

    label: str
    lines: tuple[Line, ...]


class Article(_Value, frozen=True, kw_only=True):
    """A citation as a lawyer writes it, its subject, and how sure we are of it."""

    cite: str
    title: str
    certainty: str


class Fact(_Value, frozen=True, kw_only=True):
    """A fact used. holds: yes, no or not shown. sources: where each comes from."""

    says: str
    holds: str
    tone: Tone
    note: str
    sources: tuple[Source, ...]


class Source(_Value, frozen=True, kw_only=True):
    """Where a fact comes from: a place, and the value or the quotation that stands there.

    at: the characters of a quotation, as "720–734"; numbers: the signs that stand in it.
    """

    place: str
    value: Theirs | None = None
    quote: Theirs | None = None
    at: str = ""
    numbers: tuple[int, ...] = ()
    supposed: bool = False


def together(sources: Iterable[Source]) -> tuple[tuple[Source, ...], ...]:
    """Sources that follow each other from one place, as one group."""
    return tuple(tuple(group) for _place, group in groupby(sources, key=lambda source: source.place))


class Missing(_Value, frozen=True, kw_only=True):
    says: str
    question: str
    supplier: str
    effect: str


class Noticed(_Value, frozen=True, kw_only=True):
    """Something to look at in the request, and where it stands."""

    says: str
    place: str


class Point(_Value, frozen=True, kw_only=True):
    """One legal test as it came out. yardstick: its articles bind nobody here, and are measured by."""

    check: str
    outcome: str
    tone: Tone
    sentence: str
    question: str
    treaty: str
    house: str
    yardstick: bool
    articles: tuple[Article, ...]
    used: tuple[Fact, ...]
    missing: tuple[Missing, ...]


class ItemLine(_Value, frozen=True, kw_only=True):
    """What may leave of one item about one target."""

    target: Theirs
    accounts: tuple[Theirs, ...]
    role: Theirs | None
    item: Theirs
    category: str
    description: Theirs | None
    period: str
    decision: Recommended
    ceiling: str
    tone: Tone
    why: str


class Asked(_Value, frozen=True, kw_only=True):
    """A question to the requester and the articles it rests on."""

    question: str
    cites: tuple[str, ...]


class ToDo(_Value, frozen=True, kw_only=True):
    who: str
    task: str
    why: str


class Clock(_Value, frozen=True, kw_only=True):
    """A time limit. due: None where it has not started; bound: not before, or at the latest."""

    rule: str
    article: Article
    bound: str
    due: date | None
    sum: str


class Shift(_Value, frozen=True, kw_only=True):
    """A fact, how it stands, and what another value would lead to."""

    says: str
    now: str
    other: str
    then: Recommended


class SignLine(_Value, frozen=True, kw_only=True):
    """A sign found in the words, under its number. quotes: the words that made it."""

    number: int
    kind: str
    kind_words: str
    says: str
    weight: int | None
    categories: tuple[str, ...]
    quotes: tuple[Source, ...]


class Conduct(_Value, frozen=True, kw_only=True):
    """A kind of protected conduct and what shows it. signs: the signs that name it."""

    category: str
    signs: tuple[SignLine, ...]


class Passage(_Value, frozen=True, kw_only=True):
    """A text of the request, cut at the marks (`runs`) and with touching marks joined (`blocks`)."""

    title: str
    language: str
    lang: str | None
    dir: Direction
    runs: tuple[Run, ...]
    blocks: tuple[Run, ...]
    numbers: tuple[int, ...]
    aside: bool


class DocketLine(_Value, frozen=True, kw_only=True):
    """One assessment in a list of several. name: the file that holds its page."""

    name: str
    id: Theirs
    title: str
    on: date
    recommended: Recommended
    why: str
    versions: tuple[tuple[str, str], ...]


class Brief(_Value, frozen=True, kw_only=True):
    """Everything that is shown of one assessment. Empty tuples are sections that are left out."""

    id: Theirs
    title: str
    on: date
    seat: str
    recommended: Recommended
    why: str
    supposed: tuple[str, ...]
    noticed: tuple[Noticed, ...]
    request: tuple[Row, ...]
    deciding_title: str
    deciding: tuple[Point, ...]
    weaker: tuple[Point, ...]
    noted: tuple[Point, ...]
    met: tuple[Point, ...]
    met_count: int
    items: tuple[ItemLine, ...]
    questions: tuple[Asked, ...]
    tasks: tuple[ToDo, ...]
    conditions: tuple[str, ...]
    clocks: tuple[Clock, ...]
    clocks_waiting: tuple[Clock, ...]
    clocks_waiting_count: int
    conduct: tuple[Conduct, ...]
    provisions: tuple[Source, ...]
    shifts: tuple[Shift, ...]
    passages: tuple[Passage, ...]
    signs: tuple[SignLine, ...]
    versions: tuple[tuple[str, str], ...]

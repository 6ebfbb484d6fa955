"""Our published figures for one state beside what others publish about it, half-year by half-year.

Numbers that count different things are never added, ours and theirs least of all: each stands on a line of
its own, and a sentence says what it counts. Lines are added up only where their publisher split one whole
into them (`Counting.whole`). A figure for a whole year stands after its halves, beside both of ours, unsplit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from habeas.errors import Refused
from habeas.reports.others.model import (
    Band,
    Counting,
    Figure,
    Group,
    Number,
    Own,
    Period,
    Published,
    band,
    highest,
    lowest,
)
from habeas.request.model import StateCode

OURS = Counting(
    key="ours",
    requests="requests received from authorities of this state",
    accounts="accounts they asked about",
    with_data="requests after which data was disclosed",
    whole="all as we published them; a rounded number of a report is shown as the band it stands for, and "
    "footings are kept apart: requests of foreign states, those sent straight to us, orders of our own state",
)
"""What our own numbers count."""
OURS_NAME = "Ours"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What one publisher says of one type of request. places: the lines of files it comes from; where there
    are several, their numbers were added, and type is empty. accounts: whatever `counting` says."""

    publisher: str
    named: str
    type: str
    group: Group
    counting: Counting
    requests: Number
    accounts: Number
    with_data: Number
    places: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """One half-year or year. ours: each half-year in it with our figures by footing; empty without any."""

    period: Period
    ours: tuple[tuple[Period, tuple[Own, ...]], ...]
    others: tuple[Line, ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One state over time, the newest last."""

    state: StateCode
    stretches: tuple[Stretch, ...]


def once(files: Iterable[Published]) -> tuple[Figure, ...]:
    """The figures of several files. A line that stands in two of them counts once.

    Raises `Refused` where two files say different numbers about the same.
    """
    figures: dict[tuple[str, ...], Figure] = {}
    for file in files:
        for figure in file.figures:
            first = figures.setdefault(figure.key, figure)
            if first.numbers != figure.numbers:
                raise Refused(
                    f"this line says other numbers than {first.place}, about the same",
                    place=figure.place,
                    hint="hand in one edition of each report",
                )
    return tuple(figures.values())


def beside(
    state: StateCode, ours: Mapping[str, Mapping[Period, tuple[Own, ...]]], figures: Iterable[Figure]
) -> Comparison:
    """Our figures about `state` beside those of others.

    ours: state (alpha-3) to half-year to what we published, already rounded, by footing. figures: see `once`;
    those about other states, or about no single one, are passed over.
    """
    own = ours.get(state, {})
    theirs: dict[Period, list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.state == state:
            theirs[figure.period].append(figure)
    periods = sorted({*own, *theirs}, key=lambda period: period.order)
    return Comparison(
        state=state,
        stretches=tuple(
            Stretch(
                period=period,
                ours=tuple((half, own.get(half, ())) for half in period.halves()),
                others=_lines(theirs.get(period, ())),
            )
            for period in periods
        ),
    )


def legend(comparison: Comparison) -> tuple[str, ...]:
    """A sentence for each kind of number that stands in it: what it counts. Ours is the first."""
    countings = {
        line.counting.key: (line.publisher, line.counting)
        for stretch in comparison.stretches
        for line in stretch.others
    }
    theirs = (countings[key] for key in sorted(countings))
    return (OURS.sentence(OURS_NAME), *(counting.sentence(publisher) for publisher, counting in theirs))


def _lines(figures: Sequence[Figure]) -> tuple[Line, ...]:
    """One line for each figure, and one for all parts of a whole; in the order of publisher and type."""
    grouped: dict[tuple[str, ...], list[Figure]] = defaultdict(list)
    for figure in figures:
        grouped[_apart(figure)].append(figure)
    return tuple(_line(grouped[key]) for key in sorted(grouped))


def _apart(figure: Figure) -> tuple[str, ...]:
    """What keeps lines apart. Two spellings of one state stay two lines; nobody said that they are parts."""
    kind = "" if figure.counting.whole else figure.type
    return (figure.publisher, figure.counting.key, kind, figure.named, figure.code)


def _line(figures: Sequence[Figure]) -> Line:
    first = figures[0]
    return Line(
        publisher=first.publisher,
        named=first.named,
        type="" if first.counting.whole else first.type,
        group=first.group,
        counting=first.counting,
        requests=total(figure.requests for figure in figures),
        accounts=total(figure.accounts for figure in figures),
        with_data=total(figure.with_data for figure in figures),
        places=tuple(figure.place for figure in figures),
        notes=tuple(dict.fromkeys(note for figure in figures for note in figure.notes)),
    )


def total(numbers: Iterable[Number]) -> Number:
    """The sum; a band where one of them is a band, and not published where one of them is not."""
    low, high = 0, 0
    endless = False
    for number in numbers:
        if number is None:
            return None
        most = highest(number)
        low, high, endless = low + lowest(number), high + (most or 0), endless or most is None
    return Band(low, None) if endless else band(low, high)

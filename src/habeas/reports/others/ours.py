"""Our own published figures, read so that others' can stand beside them.

They come from the package of a report (`numbers.csv` with `not-shown.csv`, as a folder), from its
`states.csv` alone, or from a table by hand, one line for a state and half-year. Nothing is taken from cases.
A number of a package is shown as what it is: rounded to a multiple of five, so that the true one lies up to
four beside it; a row that is not listed rounds to nothing; what was held back, or what law forbids to count,
is not published. Anything wrong in a table of ours refuses it whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from habeas.desk.public import GIVING, Footing
from habeas.errors import Refused
from habeas.reports.others.model import Band, Number, Own, Period, highest, lowest
from habeas.reports.others.sheet import Column, Heading, Row, opened
from habeas.reports.others.states import placed
from habeas.reports.transparency.rounding import BASE
from habeas.reports.transparency.tables import ACCOUNTS
from habeas.request.formats.text import load
from habeas.request.states import STATES, check_state

Ours = Mapping[str, Mapping[Period, tuple[Own, ...]]]
"""By state (alpha-3) and half-year; one of each footing, in a fixed order."""

COLUMNS = ("state", "period", "requests", "accounts", "disclosed")


def _heading(title: str, *columns: str) -> Heading:
    return Heading(title=title, columns=tuple(Column(name, (name,)) for name in columns))


_BY_HAND = _heading("our own figures by state and half-year", *COLUMNS)
_NUMBERS = _heading(
    "numbers.csv of our report", "unit", "subject", "footing", "state", "breakdown", "value", "count"
)
_STATES = _heading(
    "states.csv of our report", "year", "half", "type", "government", "government_iso2_code", "count"
)
_NOT_SHOWN = _heading(
    "not-shown.csv of our report",
    *("unit", "subject", "footing", "how", "law", "shown", "state", "instrument"),
)
_DECISION = "decision"
_SUBJECTS = ("request", ACCOUNTS, _DECISION)


def read_own(paths: Iterable[str]) -> Ours:
    """Our figures from folders of packages and from files. What stands in two of them (a half and its year)
    counts once. Raises `Refused` where they say different things about the same."""
    found: dict[str, dict[Period, tuple[Own, ...]]] = defaultdict(dict)
    for path in paths:
        folder = Path(path)
        if folder.is_dir():
            numbers, hidden = (str(folder / name) for name in ("numbers.csv", "not-shown.csv"))
            one = read_package(load(numbers), load(hidden), numbers, hidden)
        else:
            one = read_ours(load(path), path)
        for state, periods in one.items():
            for period, owns in periods.items():
                if found[state].setdefault(period, owns) != owns:
                    raise Refused(
                        f"this says something else than another about {state} in {period}",
                        place=path,
                        hint="hand in one edition of each of our reports",
                    )
    return found


def read_ours(data: bytes, name: str) -> Ours:
    """Our figures from one table. Raises `Refused` at the first thing that is wrong."""
    heading, rows = opened(data, name, (_BY_HAND, _NUMBERS, _STATES))
    found = _SHAPES[heading.title](_sound(rows))
    if not found:
        raise Refused("there is no line below the heading", place=name, hint="one line is one half-year")
    return found


def read_package(numbers: bytes, not_shown: bytes, name: str, hidden: str) -> Ours:
    """Our figures from the package of a report. name, hidden: of the two files. A state of which a half-year
    has no row asked at most so often that it rounds to nothing, and that is said of every state."""
    _, rows = opened(numbers, name, (_NUMBERS,))
    _, silent = opened(not_shown, hidden, (_NOT_SHOWN,))
    held = [(row.period("unit"), row.text("subject"), row.word("footing")) for row in _sound(silent)]
    return _packaged(_sound(rows), held)


def rounded(count: Number) -> Number:
    """What the true number can be, of which `count` is published."""
    if count is None:
        return None
    return Band(max(0, lowest(count) - (BASE - 1)), (highest(count) or 0) + BASE - 1)


def _sound(rows: Iterable[Row | Refused]) -> Iterator[Row]:
    for row in rows:
        if isinstance(row, Refused):
            raise row
        yield row


def _by_hand(rows: Iterable[Row]) -> Ours:
    found: dict[str, dict[Period, tuple[Own, ...]]] = {}
    for row in rows:
        state = check_state(row.text("state").upper(), f"{row.place}, state")
        period = row.period("period")
        if period.half is None:
            raise row.refused("period", "this is a year, not a half-year", "write 2025 H1 and 2025 H2")
        if period in found.setdefault(state, {}):
            raise row.refused("period", "this state and half-year stands there twice", "keep one")
        own = Own(
            requests=row.number("requests"),
            accounts=row.number("accounts"),
            disclosed=row.number("disclosed"),
        )
        found[state][period] = (own,)
    return found


def _of_states(rows: Iterable[Row]) -> Ours:
    """The requests of `states.csv`, and nothing about accounts or what was disclosed."""
    found: dict[str, dict[Period, dict[str, Own]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        government = row.word("government")
        if not government:
            continue  # no state was stated
        state = placed(government, row.word("government_iso2_code")).state
        if state is None:
            raise row.refused("government", "no state known here is called so", "take it as it was published")
        period = _half(row)
        own = Own(footing=_footing(row, "type"), requests=rounded(row.number("count")))
        if own.footing in found[state][period]:
            raise row.refused("type", "this stands there twice", "keep one")
        found[state][period][own.footing] = own
    return {state: {p: _ordered(owns) for p, owns in periods.items()} for state, periods in found.items()}


def _half(row: Row) -> Period:
    half = row.text("half")
    if half not in ("1", "2"):
        raise row.refused("half", "this is no half of a year", "1 or 2")
    return Period(row.period("year").year, 1 if half == "1" else 2)


_Held = list[tuple[Period, str, str]]
_Counts = dict[tuple[Period, str, str, str], Number]
"""By half-year, subject, footing and state."""


def _packaged(rows: Iterable[Row], held: _Held | None = None) -> Ours:
    """held: what is not shown; None where nobody said it, and then a row that is not listed is not taken for
    nothing."""
    totals: _Counts = {}
    given: dict[tuple[Period, str, str], list[list[Number]]] = defaultdict(list)
    periods: dict[Period, None] = {}
    run = ""  # of neighbouring values in one line, which are off by four together and not each
    for row in rows:
        period, subject, state = row.period("unit"), row.text("subject"), row.word("state")
        if period.half is None:
            raise row.refused("unit", "this is a year, not a half-year", "take the file as it was published")
        periods[period] = None
        value, at = row.word("value"), f"{row.word('footing')} {state}"
        gives = subject == _DECISION and row.word("breakdown") == _DECISION and value in GIVING
        if state and (subject in _SUBJECTS) and (gives or not row.word("breakdown")):
            state, footing = check_state(state, f"{row.place}, state"), _footing(row, "footing")
            count = row.number("count")
            if not gives:
                if (period, subject, footing, state) in totals:
                    raise row.refused("subject", "this row stands there twice", "keep one")
                totals[period, subject, footing, state] = count
            else:
                runs = given[period, footing, state]
                runs[-1].append(count) if run == at and runs else runs.append([count])
        run = at if gives else ""
    states = sorted(STATES) if held is not None else sorted({state for *_, state in totals})
    return {state: {p: _owns(p, state, totals, given, held) for p in periods} for state in states}


def _owns(
    period: Period,
    state: str,
    totals: _Counts,
    given: Mapping[tuple[Period, str, str], list[list[Number]]],
    held: _Held | None,
) -> tuple[Own, ...]:
    """One for each footing that has a row, and always one for requests of foreign states."""
    owns = {}
    for footing in map(str, Footing):
        listed = {subject for subject in _SUBJECTS if (period, subject, footing, state) in totals}
        if not listed and footing != Footing.REQUEST:
            continue
        shown: dict[str, Number] = {}
        for subject in _SUBJECTS:
            unsaid = held is None and subject not in listed
            silent = any(
                (when, what) == (period, subject) and of in ("", footing) for when, what, of in held or ()
            )
            shown[subject] = (
                None if unsaid or silent else rounded(totals.get((period, subject, footing, state), 0))
            )
        owns[footing] = Own(
            footing=footing,
            requests=shown["request"],
            accounts=shown[ACCOUNTS],
            disclosed=_disclosed(shown[_DECISION], given.get((period, footing, state), [])),
        )
    return _ordered(owns)


def _disclosed(decisions: Number, runs: Iterable[Iterable[Number]]) -> Number:
    """How many decisions gave something: of each run of neighbouring values the sum is up to four off, and
    they are no more than there were decisions."""
    if decisions is None:
        return None
    bands = [rounded(sum(lowest(each) for each in run if each is not None)) for run in runs]
    most = highest(decisions) or 0
    low = sum(lowest(each) for each in bands if each is not None)
    high = sum(highest(each) or 0 for each in bands if each is not None) if bands else most
    return Band(min(low, most), min(high, most))


def _ordered(owns: Mapping[str, Own]) -> tuple[Own, ...]:
    return tuple(owns[footing] for footing in map(str, Footing) if footing in owns)


def _footing(row: Row, name: str) -> str:
    footing = row.text(name)
    if footing not in set(Footing):
        raise row.refused(name, "this is no footing", f"one of {', '.join(Footing)}")
    return footing


_SHAPES = {_BY_HAND.title: _by_hand, _NUMBERS.title: _packaged, _STATES.title: _of_states}

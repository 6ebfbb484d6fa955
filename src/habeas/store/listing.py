"""The statements behind the list of cases: a page costs the same however many cases there are.

The list has one order, what is due first on top. An index has it for rows that agree in the columns it begins
with; such rows are a lane here. What is chosen by a person, a state or a turn is a lane with an index of its
own, and so are emergencies and orders of our own state. Other filters, and several together, would need an
index for each choice of them. They share four: begun by person and state where these are chosen, each goes on
with everything else that can be (`_KINDS`), chosen or not. A view is then several lanes, one for each kind of
case that it leaves open. Which of them there are is found by leaping in the index from one to the next, past
all that lies between, and those that begin first hold the page.

So a page costs what there are kinds of cases, which treaties and the desk's own words bound, whether the
wanted ones are frequent, rare or none. Nothing is kept for it beside the rows: no count can be wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from habeas.desk.queue import View
from habeas.store.database import Run, Value
from habeas.store.schema import NEVER

Place = tuple[int, str]
"""Where a row stands in the list: its `due`, as it is stored, and its case."""

Wanted = Mapping[str, tuple[Value, ...]]
"""By column, what a view leaves to choose from."""

TOP: Place = (-1, "")
_KINDS = ("emergency", "domestic", "turn", "measure", "instrument")
_FLAGS = ("emergency", "domestic")
_ALONE = ("assigned", *_FLAGS, "state", "turn")
"""What has an index of its own, the rarer first; a flag has one where it is set. Each begins with the
organisation and with whether a case is closed."""
_WALKED = 4  # rows looked at for each that is wanted, before lanes are: what is frequent is among them
_TOGETHER = 50  # lanes read by one statement; SQLite joins 500 at most
_LANE = "(due, stream) > (?, ?) AND due <= ? ORDER BY due, stream LIMIT ?"


class Lane(NamedTuple):
    """Rows that lie in the order of the list. columns, values: what they agree in. begins: the first of them
    that is wanted, where somebody looked. flag: one that is set in all of them, where that is their index."""

    columns: tuple[str, ...]
    values: tuple[Value, ...]
    begins: Place = TOP

    flag: str = ""

    @property
    def where(self) -> str:
        where = " AND ".join(f"{column} = ?" for column in self.columns)
        return f"{where} AND {self.flag} + 0 = 1" if self.flag else where  # as its index says it


def rows(
    ask: Run, organisation: str, view: View, columns: Collection[str], after: Place, limit: int
) -> list[tuple[Any, ...]]:
    """The next rows of a view, as (due, stream, *columns), in the order of the list."""
    chosen, wanted = ", ".join(("due", "stream", *columns)), _wanted(organisation, view)
    if not _alone(wanted) and len(found := _walked(ask, wanted, chosen, after, limit)) == limit:
        return found
    found, until, lanes = [], NEVER, _lanes(ask, wanted, after)
    if not _alone(wanted) and len(lanes) >= limit:  # no later lane, and no later row, is among the first
        lanes = lanes[:limit]
        until, _ = lanes[-1].begins
    for some in _batches(lanes):
        arms = [f"SELECT {chosen} FROM queue WHERE {lane.where} AND {_LANE}" for lane in some]
        values = [value for lane in some for value in (*lane.values, *after, until, limit)]
        found = sorted([*found, *ask(_joined(arms), *values)])[:limit]
        until = found[-1][0] if len(found) == limit else until
    return found


def count(ask: Run, organisation: str, view: View, most: int) -> int:
    """How many rows a view has, counted no further than `most`."""
    counted = 0
    for some in _batches(_lanes(ask, _wanted(organisation, view), TOP)):
        if (left := most - counted) > 0:
            arms = [f"SELECT 1 FROM queue WHERE {lane.where} AND {_LANE}" for lane in some]
            values = [value for lane in some for value in (*lane.values, *TOP, NEVER, left)]
            found = f"SELECT * FROM ({_joined(arms)}) AS found LIMIT ?"
            [(more,)] = ask(f"SELECT count(*) FROM ({found}) AS counted", *values, left)
            counted += more
    return counted


def overdue(ask: Run, organisation: str, person: str, now: int, most: int) -> int:
    """How many open cases of a person were due by `now`, as it is stored; counted no further than `most`."""
    lane = Lane(("organisation", "closed", "assigned"), (organisation, 0, person))
    sql = f"SELECT count(*) FROM (SELECT 1 FROM queue WHERE {lane.where} AND {_LANE}) AS counted"
    [(counted,)] = ask(sql, *lane.values, *TOP, now, most)
    return int(counted)


def _batches(lanes: Sequence[Lane]) -> Iterator[Sequence[Lane]]:
    return (lanes[start : start + _TOGETHER] for start in range(0, len(lanes), _TOGETHER))


def _joined(arms: Sequence[str]) -> str:
    if len(arms) == 1:
        return arms[0]
    return " UNION ALL ".join(f"SELECT * FROM ({arm}) AS lane{number}" for number, arm in enumerate(arms))


def _walked(ask: Run, wanted: Wanted, chosen: str, after: Place, limit: int) -> list[tuple[Any, ...]]:
    """What is found of a view among the next rows of a lane that holds all of it, if there is one."""
    if len(wanted["closed"]) > 1:
        return []
    within = [each for each in _ALONE if _indexed(wanted, each) and len(wanted[each]) == 1][:1]
    held = ("organisation", "closed", *within)
    [lane] = _indexed_lanes({column: wanted[column] for column in held})
    rest = {column: choice for column, choice in wanted.items() if column not in held}
    fits = " AND ".join(f"{column} IN ({', '.join('?' * len(rest[column]))})" for column in rest)
    walked = f"SELECT * FROM queue WHERE {lane.where} AND {_LANE}"
    return ask(
        f"SELECT {chosen} FROM ({walked}) AS walked WHERE {fits} ORDER BY due, stream LIMIT ?",
        *(*lane.values, *after, NEVER, limit * _WALKED),
        *(value for choice in rest.values() for value in choice),
        limit,
    )


def _indexed(wanted: Wanted, column: str) -> bool:
    return column in wanted and (column not in _FLAGS or wanted[column] == (1,))


def _alone(wanted: Wanted) -> bool:
    """Whether what is wanted has an index of its own."""
    named = set(wanted) - {"organisation", "closed"}
    return not named or named in ({each} for each in _ALONE if _indexed(wanted, each))


def _indexed_lanes(wanted: Wanted) -> list[Lane]:
    named = {column: choice for column, choice in wanted.items() if column not in _FLAGS}
    flag = next((column for column in wanted if column in _FLAGS), "")
    return [Lane(tuple(named), values, flag=flag) for values in product(*named.values())]


def _lanes(ask: Run, wanted: Wanted, after: Place) -> list[Lane]:
    """The lanes of what is wanted. Those that had to be looked for have rows, the first to begin first."""
    if _alone(wanted):
        return _indexed_lanes(wanted)
    sql, asked = leaps(wanted, after)
    columns = _columns(wanted)
    found = []
    for *values, begins in ask(sql, *asked):
        if begins is not None:
            due, _, stream = begins.partition("~")
            found.append(Lane(columns, tuple(values), (int(due), stream)))
    return sorted(found, key=lambda lane: lane.begins)


def _wanted(organisation: str, view: View) -> Wanted:
    """A column that the view leaves open is not there."""
    closed = (False, True) if view.closed is None else (view.closed,)
    named: dict[str, tuple[Value, ...]] = {
        "organisation": (organisation,),
        "closed": tuple(int(each) for each in closed),
        "assigned": () if view.assigned is None else (view.assigned,),
        "state": (view.state,) if view.state else (),
        "turn": tuple(dict.fromkeys(view.turn)),
        "measure": (view.measure,) if view.measure else (),
        "instrument": (view.instrument,) if view.instrument else (),
        "emergency": () if view.emergency is None else (int(view.emergency),),
        "domestic": () if view.domestic is None else (int(view.domestic),),
    }
    return {column: choice for column, choice in named.items() if choice}


def _columns(wanted: Wanted) -> tuple[str, ...]:
    """The columns that the index of such a view begins with, in its order."""
    begun = (column for column in ("organisation", "closed", "assigned", "state") if column in wanted)
    return (*begun, *_KINDS)


def leaps(wanted: Wanted, after: Place) -> tuple[str, list[Value]]:
    """The statement that finds lanes and where each begins (none where it has ended), column by column: the
    words that are wanted, or else from each word that is there to the next."""
    steps: list[str] = []
    asked: list[Value] = []
    known: tuple[str, ...] = ()
    last = ""
    for column in _columns(wanted):
        here = f"by_{column}"
        carried = "".join(f"{last}.{each}, " for each in known)
        going = f"FROM {last} WHERE {last}.{known[-1]} IS NOT NULL" if known else ""
        if column in wanted or column in _FLAGS:
            choice = wanted.get(column, (0, 1))
            word = "CAST(? AS INTEGER)" if column in _FLAGS else "?"
            body = " UNION ALL ".join(f"SELECT {carried}{word} {going}" for _ in choice)
            asked += choice
        else:
            again = "".join(f"{here}.{each}, " for each in known)
            beyond = f"{_same(here, known)} AND queue.{column} > {here}.{column}"
            body = (
                f"SELECT {carried}({_least(column, _same(last, known))}) {going} UNION ALL "
                f"SELECT {again}({_least(column, beyond)}) FROM {here} WHERE {here}.{column} IS NOT NULL"
            )
        known, last = (*known, column), here
        steps.append(f"{here}({', '.join(known)}) AS ({body})")
    begins = (
        f"SELECT CAST(queue.due AS TEXT) || '~' || queue.stream FROM queue WHERE {_same(last, known)} "
        "AND (queue.due, queue.stream) > (?, ?) ORDER BY queue.due, queue.stream LIMIT 1"
    )
    sql = f"WITH RECURSIVE {', '.join(steps)} SELECT {', '.join(known)}, ({begins}) FROM {last}"
    return sql, [*asked, *after]


def _least(column: str, where: str) -> str:
    """Not as a minimum, for which PostgreSQL reads them all where it thinks that they are few."""
    return f"SELECT queue.{column} FROM queue WHERE {where} ORDER BY queue.{column} LIMIT 1"


def _same(step: str, columns: Sequence[str]) -> str:
    return " AND ".join(f"queue.{column} = {step}.{column}" for column in columns)

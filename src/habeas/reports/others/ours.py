"""Our own published figures, read from a table so that others' can stand beside them.

One line is one state and half-year: `state,period,requests,accounts,disclosed`. The numbers are taken as they
were published, rounded or in bands; nothing is taken from cases. A table of ours with anything wrong in it is
refused whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from habeas.errors import Refused
from habeas.reports.others.model import Own, Period
from habeas.reports.others.sheet import Column, Heading, Row, opened
from habeas.request.states import check_state

COLUMNS = ("state", "period", "requests", "accounts", "disclosed")
_HEADING = Heading(
    title="our own figures by state and half-year", columns=tuple(Column(name, (name,)) for name in COLUMNS)
)


def read_ours(data: bytes, name: str) -> Mapping[str, Mapping[Period, Own]]:
    """Our figures by state (alpha-3) and half-year. Raises `Refused` at the first thing that is wrong."""
    _, rows = opened(data, name, (_HEADING,))
    found: dict[str, dict[Period, Own]] = {}
    for row in rows:
        if isinstance(row, Refused):
            raise row
        state = check_state(row.text("state").upper(), f"{row.place}, state")
        period = row.period("period")
        if period.half is None:
            raise row.refused("period", "this is a year, not a half-year", "write 2025 H1 and 2025 H2")
        if period in found.setdefault(state, {}):
            raise row.refused("period", "this state and half-year stands there twice", "keep one")
        found[state][period] = _own(row)
    if not found:
        raise Refused("there is no line below the heading", place=name, hint="one line is one half-year")
    return found


def _own(row: Row) -> Own:
    return Own(
        requests=row.number("requests"), accounts=row.number("accounts"), disclosed=row.number("disclosed")
    )

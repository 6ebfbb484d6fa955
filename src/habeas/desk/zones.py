"""In which zone the dates of a request were stated: what can be proposed, and what is asked.

A state with one time zone proposes it by itself. Where it has several, nobody is known to have chosen, and
nothing is: a person says it, and until then a limit that ends on such a date is counted from all the
instants it can mean (`habeas.desk.clocks`). The zones are data (`zones.toml`).
"""

from __future__ import annotations

import functools
import tomllib
from datetime import UTC, datetime
from importlib import resources

from habeas.desk.clocks import Moment

UNKNOWN = "unknown"
"""What a person says where nobody knows the zone."""


@functools.cache
def _file() -> dict[str, list[str]]:
    text = resources.files(__package__).joinpath("zones.toml").read_text("utf-8")
    return dict(tomllib.loads(text))


def zones(state: str | None) -> tuple[str, ...]:
    """The zones of a state (alpha-3) that differ today, as IANA names; none for a state not on file."""
    return tuple(_file().get(state or "", ()))


def proposed(state: str | None) -> str:
    """The zone of a state that has one only; empty where it has several, or none is on file."""
    found = zones(state)
    return found[0] if len(found) == 1 else ""


def check(words: str) -> None:
    """Raises Refused for what is neither a zone, `UNKNOWN`, nor empty."""
    if words not in ("", UNKNOWN):
        Moment(datetime(2000, 1, 1, tzinfo=UTC), words)


def said(words: str, state: str | None) -> str:
    """What somebody said about the zone: a name as it is, empty for `UNKNOWN`, and for nothing said what the
    requesting state proposes."""
    return "" if words == UNKNOWN else words or proposed(state)

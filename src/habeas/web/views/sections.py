"""The day on one screen: the open cases of a house in five parts, each case in the first that it belongs to.

What is late or ends within a day stands first, whoever it waits for; then what its reader can do now; what a
second person has to look at, who the reader is not; what lies with the requester or the person concerned; and
what lies with colleagues. Each part is the head of a list that has an index of its own
(`habeas.store.listing`), so the page costs the same however many cases there are. A part that is cut says so,
names the view that holds all of it, and what it does not show stands in no later part as something else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

import msgspec

from habeas.desk.case import Case
from habeas.desk.events import Role
from habeas.desk.queue import PERSON, REQUESTER, SECOND, Row, View
from habeas.errors import Refused
from habeas.web.door import Viewer, installation
from habeas.web.views import turn

ELSEWHERE = (REQUESTER, PERSON)
SOON = timedelta(hours=24)
_LOOKED = 25  # rows of a list, from its top
_MOST = {"late": 12, "you": 12}
_LESS = 6  # of each other part: what somebody takes in before they look for all of it


class Cases:
    """The cases behind the rows of one page, each opened once."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self._opened: dict[str, Case | None] = {}

    def of(self, row: Row) -> Case | None:
        """None where it cannot be opened, which costs the list no line."""
        if row.case not in self._opened:
            try:
                case = installation().case(self.viewer.organisation, row.case)
            except Refused:
                case = None
            self._opened[row.case] = case
        return self._opened[row.case]

    def theirs(self, row: Row) -> bool:
        """Whether the act that the row names is one its reader may do now."""
        case = self.of(row) if row.turn not in ELSEWHERE else None
        return case is not None and turn.turn(self.viewer, case) is not None


class Section(NamedTuple):
    """more: the id of the view that holds all of it, where there is more; empty otherwise. none: what is said
    where nothing is in it; empty for a part that is then left out."""

    id: str
    words: str
    rows: tuple[Row, ...]
    more: str
    none: str = ""


class _Part(NamedTuple):
    """belongs: asked of a row once no earlier part shows it. may: whether it could belong here, as far as the
    row itself says, so that no case is opened for what a part that is cut holds back."""

    id: str
    words: str
    all_of_it: str
    rows: Sequence[Row]
    belongs: Callable[[Row], bool]
    may: Callable[[Row], bool]
    none: str = ""


def of(cases: Cases, view: View) -> list[Section]:
    """The parts in their order: those that have a case in them, and those whose emptiness is worth a word.
    view: by what the reader filtered."""
    viewer = cases.viewer
    every, day, turns = _head(viewer, view), viewer.at + SOON, turn.turns(viewer)
    mine = _head(viewer, _narrowed(view, turns))
    acts = not viewer.person.roles <= {Role.AUDITOR}

    def late(row: Row) -> bool:
        return row.due is not None and row.due <= day

    def free(row: Row) -> bool:
        """Whether it is a turn that its reader can have, in a case that lies with no colleague."""
        return row.turn in turns and row.assigned in ("", viewer.person.id)

    parts = (
        _Part("late", "Late, or due within 24 hours", "team", every, late, late,
              "Nothing is late or due within 24 hours."),
        _Part("you", "Wait for you", "now", mine, lambda row: free(row) and cases.theirs(row), free,
              "Nothing waits for you." if acts else ""),
        _Part("second", "Wait for a second person", "second",
              _head(viewer, _narrowed(view, (SECOND,))), _any, lambda row: row.turn == SECOND),
        _Part("others", "Wait for the requester or the person", "waiting",
              _head(viewer, _narrowed(view, ELSEWHERE)), _any, lambda row: row.turn in ELSEWHERE),
        _Part("rest", "Wait for colleagues", "team", every, _any, _any),
    )  # fmt: skip
    placed: set[str] = set()
    held_back: list[Callable[[Row], bool]] = []
    found = []
    for part in parts:
        most = _MOST.get(part.id, _LESS)
        # What is late and no longer fits on top still waits for its reader, if it does.
        elsewhere = held_back if part.id not in ("late", "you") else []
        left = (
            row
            for row in part.rows
            if row.case not in placed and not any(may(row) for may in elsewhere) and part.belongs(row)
        )
        first = tuple(islice(left, most + 1))  # no case is opened for what is not shown
        placed.update(row.case for row in first[:most])
        cut = len(first) > most
        if cut:
            held_back.append(part.may)
        # The list is in the order of what is due: all that is late is in its head, or the part is cut.
        more = cut or (part.id != "late" and len(part.rows) == _LOOKED)
        if first or (part.none and not more):
            all_of_it = part.all_of_it if more else ""
            found.append(Section(part.id, part.words, first[:most], all_of_it, part.none))
    return found


def _any(_row: Row) -> bool:
    return True


def _head(viewer: Viewer, view: View) -> tuple[Row, ...]:
    return installation().queue(viewer.organisation, view, "", _LOOKED).rows


def _narrowed(view: View, turns: tuple[str, ...]) -> View:
    return msgspec.structs.replace(view, turn=turns)

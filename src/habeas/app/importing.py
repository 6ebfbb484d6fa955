"""Taking in the open cases an office kept in a table before: looked through first, then line by line.

Nothing is taken in by looking. Each line is a case of its own; sealed beside it are the heading and its own
line, and no other person's. Where the house keeps a public log, each line is counted in it by itself before
it becomes a case, so that nothing tells one sender of another. A line that cannot be taken in loses no other,
and one whose reference is a case of the same state already is not taken in twice: so it may be done again
after whatever went wrong. Where that case says something else, the line says so, and people look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from habeas.app.installation import Installation, came_again
from habeas.desk import zones
from habeas.desk.events import Door
from habeas.desk.moves import Act, may, permit
from habeas.errors import Refused
from habeas.reports import rows, words
from habeas.request import Request
from habeas.request.formats.table import Line

AT_ONCE = 250  # cases; some seconds of work, after which the rest is offered again


class Looked(NamedTuple):
    """A line, and what becomes of it. title: what is asked. zone: in which its dates are taken to be stated,
    empty where a person has to say it. case: which it is already. same: that one came as the very same
    request. again: that it came once more was recorded there just now. why: it stays out."""

    line: Line
    title: str = ""
    zone: str = ""
    case: str = ""
    same: bool = True
    again: bool = False
    why: Refused | None = None

    @property
    def fits(self) -> bool:
        return not self.case and self.why is None


def look(
    app: Installation, house: str, by: str, lines: Iterable[Line], *, zone: str = ""
) -> tuple[Looked, ...]:
    """What would become of each line if `by` took it in. zone: as `Installation.receive` takes it."""
    people = app.people(house)
    permit(may(people.person(by), Act.RECEIVE, None, people, app.now()), "nothing was looked at")
    first: dict[tuple[str, str], int] = {}
    looked = []
    for line in lines:
        asked = line.request
        if asked is None:
            looked.append(Looked(line, why=line.refused))
            continue
        title, stated = rows.title(asked), zones.said(zone, asked.requesting_state)
        key = (asked.requesting_state or "", asked.reference or "")
        if key in first:
            why = Refused(
                f"the same reference of the same state stands in line {first[key]}",
                place=f"line {line.number}, reference",
                hint="if it is another request, take it in by hand",
            )
            looked.append(Looked(line, title, stated, why=why))
            continue
        first[key] = line.number
        looked.append(Looked(line, title, stated, *_known(app, house, asked, line.source)))
    return tuple(looked)


def _known(app: Installation, house: str, asked: Request, source: bytes) -> tuple[str, bool]:
    """The case of this state that has this reference already, empty for none; and whether it came as the very
    same request."""
    same = app.same(house, asked, source)
    for id in (*same, *app.find(house, asked.reference or "")):
        known = app.case(house, id).request
        if known.reference == asked.reference and known.requesting_state == asked.requesting_state:
            return id, id in same
    return "", True


def take(
    app: Installation, house: str, by: str, looked: Sequence[Looked], *, most: int | None = None
) -> tuple[Looked, ...]:
    """The same lines, after those that fit were taken in. most: the first so many of them only."""
    fitting = [place for place, each in enumerate(looked) if each.fits]
    after = list(looked)
    for place in fitting[:most]:
        after[place] = _one(app, house, by, looked[place])
    return tuple(after)


def told(before: Sequence[Looked], after: Sequence[Looked]) -> str:
    """What was taken in between the two, and what is still to be."""
    fitting = [new for old, new in zip(before, after, strict=True) if old.fits]
    taken = sum(bool(each.case) and not each.again for each in fitting)
    again = sum(each.again for each in fitting)
    twice = f" {words.count(again, 'line', 'lines')} came again, as the case of each says." if again else ""
    rest = sum(each.fits for each in fitting)
    left = f" {rest} are still to be taken in: press the button again." if rest else ""
    return f"{words.count(taken, 'case', 'cases')} taken in.{twice}{left}"


def _one(app: Installation, house: str, by: str, looked: Looked) -> Looked:
    line = looked.line
    if line.request is None:
        return looked
    zone = looked.zone or zones.UNKNOWN
    try:
        case = app.receive(house, by, line.request, line.source, door=Door.IMPORT, zone=zone)
    except Refused as refused:
        return looked._replace(why=refused.at(f"line {line.number}"))
    return looked._replace(case=case.id, again=came_again(case))

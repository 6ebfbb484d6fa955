"""A figure as its publisher printed it, with what a reader should know before relying on it.

Where numbers of a line do not fit each other it is said, and no number is changed for it. Publishers explain
some of these doubts themselves, such as answers to requests of an earlier period; others are slips.
"""

from __future__ import annotations

from collections.abc import Iterator

from habeas.reports.others.cells import agrees
from habeas.reports.others.model import Counting, Figure, Group, Number, Period, highest, lowest
from habeas.reports.others.sheet import Row
from habeas.reports.others.states import Placed


def figure(
    row: Row,
    where: Placed,
    *,
    publisher: str,
    period: Period,
    named: str,
    type: str,
    group: Group,
    counting: Counting,
    code: str = "",
    requests: Number = None,
    accounts: Number = None,
    with_data: Number = None,
    share: str = "",
    notes: tuple[str, ...] = (),
) -> Figure:
    """The figure of a row, placed where its publisher says. notes: come after the doubts."""
    return Figure(
        publisher=publisher,
        place=row.place,
        period=period,
        state=where.state,
        whose=where.whose,
        unmapped=where.why,
        named=named,
        code=code,
        type=type,
        group=group,
        counting=counting,
        requests=requests,
        accounts=accounts,
        with_data=with_data,
        share=share,
        notes=(*doubts(where.note, requests, with_data, share), *notes),
    )


def doubts(already: str, requests: Number, with_data: Number, share: str) -> tuple[str, ...]:
    """Sentences, one for each doubt; `already`: what was noted before, empty for nothing."""
    return tuple(_found(already, requests, with_data, share))


def _found(already: str, requests: Number, with_data: Number, share: str) -> Iterator[str]:
    if already:
        yield already
    if requests is not None and with_data is not None:
        most = highest(requests)
        if most is not None and lowest(with_data) > most:
            yield "more requests with data than requests, so the two do not count the same requests"
    if not agrees(requests, with_data, share):
        yield f"the printed share of {share} % is not the share of the two counts"

"""What a reader should know before relying on a line: numbers in it that do not fit each other.

A doubt never changes a number. Publishers explain some of these themselves, such as answers to requests of an
earlier period; others are slips.
"""

from __future__ import annotations

from collections.abc import Iterator

from habeas.reports.others.cells import agrees
from habeas.reports.others.model import Number, highest, lowest


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

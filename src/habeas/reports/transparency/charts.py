"""Bars, drawn here, in the rows of the table whose numbers they show: no script and no image to fetch.

Lengths are percentages, so that a bar fits a phone and a page alike. Whoever hears the page hears the number
that stands in the same row, and nothing of the bar. Colours stand in attributes for paper, where the style of
a page does not reach into a picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

_TRACK, _BAR = "#e6ebe8", "#0b5261"

Bar = tuple[str, int, str]
"""Label, number, and the number as it is written."""


def bars(rows: Sequence[Bar], *, rtl: bool = False) -> Mapping[str, Markup]:
    """By label a bar for each row, on a common scale; none where all are zero."""
    top = max((count for _, count, _ in rows), default=0)
    return {name: _bar(count, top, rtl) for name, count, _ in rows} if top else {}


def _bar(count: int, top: int, rtl: bool) -> Markup:
    share = 100 * count / top
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="bars" aria-hidden="true" width="100%" height="5">'
        '<rect class="track" x="0" y="0" width="100%" height="5" fill="{track}"/>'
        '<rect class="bar" x="{x:.3f}%" y="0" width="{share:.3f}%" height="5" fill="{bar}"/></svg>'
    ).format(track=_TRACK, x=100 - share if rtl else 0, share=share, bar=_BAR)

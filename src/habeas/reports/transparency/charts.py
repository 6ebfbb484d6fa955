"""Bars, drawn here: no script, no image to fetch, and words that a reader can select.

Lengths are percentages and heights are in the size of the text, so that a chart fits a phone and a page
alike. A table with the same numbers always stands beside, so a chart is one picture with one sentence to
whoever hears the page. On paper the words stand outside the picture, because what sets paper does not join
letters inside one; colours stand in attributes there, where the style of a page does not reach.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

_ROW = 3.0  # heights of text for each bar with its label
_TRACK, _BAR = "#e6ebe8", "#0b5261"

Bar = tuple[str, int, str]
"""Label, number, and the number as it is written."""


def bars(rows: Sequence[Bar], title: str, *, rtl: bool = False, paper: bool = False) -> Markup:
    """A chart of bars on a common scale; nothing where all are zero."""
    top = max((count for _, count, _ in rows), default=0)
    if not top:
        return Markup("")
    draw = _on_paper if paper else _on_screen
    return draw(rows, title, top, rtl)


def _on_screen(rows: Sequence[Bar], title: str, top: int, rtl: bool) -> Markup:
    # A picture is drawn from left to right in every script; the sides are turned by hand.
    near, far = ("100%", "0") if rtl else ("0", "100%")
    near_anchor, far_anchor = ("end", "start") if rtl else ("start", "end")
    pieces = [
        Markup('<svg class="chart" role="img" width="100%" height="{}em" direction="ltr">').format(
            f"{_ROW * len(rows):g}"
        ),
        Markup("<title>{}</title>").format(title),
    ]
    for at, (name, count, written) in enumerate(rows):
        text, bar = f"{_ROW * at + 1.15:g}em", f"{_ROW * at + 1.75:g}em"
        pieces += [
            Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(near, text, near_anchor, name),
            Markup('<text class="val" x="{}" y="{}" text-anchor="{}">{}</text>').format(
                far, text, far_anchor, written
            ),
            _bar(count, top, rtl, bar, ".5em"),
        ]
    return Markup("").join([*pieces, Markup("</svg>")])


def _on_paper(rows: Sequence[Bar], title: str, top: int, rtl: bool) -> Markup:
    pieces = [Markup('<div class="bars">')]
    for name, count, written in rows:
        pieces += [
            Markup('<div class="bar-row"><span>{}</span><b>{}</b></div>').format(name, written),
            Markup('<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="5px">'),
            Markup("<title>{}: {}. {}</title>").format(name, written, title),
            _bar(count, top, rtl, "0", "5px"),
            Markup("</svg>"),
        ]
    return Markup("").join([*pieces, Markup("</div>")])


def _bar(count: int, top: int, rtl: bool, y: str, height: str) -> Markup:
    share = 100 * count / top
    return Markup(
        '<rect class="track" x="0" y="{y}" width="100%" height="{h}" fill="{track}"/>'
        '<rect class="bar" x="{x:.3f}%" y="{y}" width="{share:.3f}%" height="{h}" fill="{bar}"/>'
    ).format(y=y, h=height, track=_TRACK, x=100 - share if rtl else 0, share=share, bar=_BAR)

"""A file of published figures read, whichever of the known forms it has.

The form is found by the heading and by nothing else, above all not by the file's name. One bad line loses no
good one; a line that repeats another is refused, because its requests would be counted twice.
"""

from __future__ import annotations

import os

from habeas.errors import Refused
from habeas.reports.others import apple, github, google
from habeas.reports.others.model import Figure, Published
from habeas.reports.others.sheet import Form, opened
from habeas.request.formats.text import load

FORMS: tuple[Form, ...] = (
    apple.REQUESTS,
    apple.NATIONAL_SECURITY,
    google.USER_DATA,
    google.REMOVALS,
    github.RECEIVED,
    github.CROSS_BORDER,
    github.TAKEDOWNS,
    github.NATIONAL_SECURITY,
)
"""Every form that is read."""


def read_file(path: str | os.PathLike[str]) -> Published:
    """What one file holds. Raises `Refused` where it cannot be read at all."""
    return read_figures(load(path), str(path))


def read_figures(data: bytes, name: str) -> Published:
    """What the bytes of one file hold. name: begins every place. Raises `Refused` where the file is no table
    in one of `FORMS`; a line that cannot be read is in `refused`, with its place."""
    form, rows = opened(data, name, FORMS)
    figures: dict[tuple[str, ...], Figure] = {}
    refused: list[Refused] = []
    for row in rows:
        if isinstance(row, Refused):
            refused.append(row)
            continue
        try:
            figure = form.read(row)
        except Refused as wrong:
            refused.append(wrong)
            continue
        first = figures.setdefault(figure.key, figure)
        if first is not figure:
            refused.append(
                Refused(
                    f"this line is about the same as {first.place}",
                    place=figure.place,
                    hint="two lines would count the same requests twice; keep the right one",
                )
            )
    if not figures and not refused:
        raise Refused("there is no line below the heading", place=name, hint="fetch the file again")
    return Published(name=name, form=form.title, figures=tuple(figures.values()), refused=tuple(refused))

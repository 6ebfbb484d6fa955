"""Where answers go: to the screen, to one file, or to a folder with a file for each request.

Nothing is opened before there is something to write, so that a run in which everything is refused leaves no
empty file behind. A page of HTML holds one request: several need a folder, which also gets a docket
(`index.html`) that lists them.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from habeas.assess import Assessment
from habeas.cli.refusing import Screen
from habeas.errors import Refused
from habeas.reports import answer as shown
from habeas.request import Notice, Request

FORMS = ("terminal", "json", "markdown", "html")
_ENDINGS = {"terminal": ".txt", "json": ".json", "markdown": ".md", "html": ".html"}
_BETWEEN = {"terminal": "\n" + "=" * 80 + "\n\n", "json": "", "markdown": "\n---\n\n"}
DOCKET = "index.html"
_LONGEST_NAME = 80  # characters; file systems hold 255 bytes


class Write(Protocol):
    """Takes one answer. notices: what a person should look at in the request although it is accepted."""

    def __call__(self, request: Request, answer: Assessment, notices: tuple[Notice, ...] = ()) -> None:
        """Write it."""
        ...


@contextmanager
def destination(form: str, out: str | None, *, explain: bool, inputs: Iterable[str] = ()) -> Iterator[Write]:
    """What to call with each answer. form: one of FORMS; out: a file, a folder, or None for the screen.

    A folder is one that exists, or a name that ends in a slash. inputs: files that are read, and so are not
    written to. Raises Refused where it cannot be written, and for a second request where one page of HTML
    was asked for; nothing has been written then.
    """
    inputs = tuple(inputs)
    if out is not None and (out.endswith("/") or Path(out).is_dir()):
        with _into_folder(form, Path(out), explain, inputs) as write:
            yield write
    elif form == "html":
        with _one_page(out, explain, inputs) as write:
            yield write
    elif form == "terminal" and out is None:
        yield _on_screen(explain)
    else:
        with _in_order(form, out, explain, inputs) as write:
            yield write


def apart(output: Path, inputs: Iterable[str]) -> None:
    """Raise Refused where `output` is one of the files that are read, also under another name or link."""
    for path in inputs:
        if output.exists() and os.path.exists(path) and os.path.samefile(output, path):
            raise Refused(
                f"this file is read as {path} and cannot be written to in the same run",
                place=str(output),
                hint="name another file for the answers",
            )


def _on_screen(explain: bool) -> Write:
    screen = Screen()

    def write(request: Request, answer: Assessment, notices: tuple[Notice, ...] = ()) -> None:
        shown.terminal(request, answer, screen, explain=explain, notices=notices)

    return write


def _bytes(
    form: str, request: Request, answer: Assessment, explain: bool, notices: tuple[Notice, ...]
) -> bytes:
    match form:
        case "json":
            return shown.json(answer, notices) + b"\n"
        case "markdown":
            return shown.markdown(request, answer, explain=explain, notices=notices).encode()
        case "html":
            return shown.html(request, answer, explain=explain, notices=notices).encode()
        case _:
            return shown.text(request, answer, explain=explain, notices=notices).encode()


@contextmanager
def _in_order(form: str, out: str | None, explain: bool, inputs: tuple[str, ...]) -> Iterator[Write]:
    """One answer after the other, to a file or the screen."""
    opened: list[IO[bytes]] = []

    def write(request: Request, answer: Assessment, notices: tuple[Notice, ...] = ()) -> None:
        data = _bytes(form, request, answer, explain, notices)
        if opened:
            data = _BETWEEN[form].encode() + data
        else:
            opened.append(_opened(Path(out), inputs) if out is not None else sys.stdout.buffer)
        opened[0].write(data)
        opened[0].flush()

    try:
        yield write
    finally:
        if opened and out is not None:
            opened[0].close()


@contextmanager
def _one_page(out: str | None, explain: bool, inputs: tuple[str, ...]) -> Iterator[Write]:
    """The page of a single request. It is held back until it is certain that it is the only one."""
    pages: list[bytes] = []

    def write(request: Request, answer: Assessment, notices: tuple[Notice, ...] = ()) -> None:
        if pages:
            raise Refused(
                "a page holds one request, and there are several; nothing was written",
                place="--as html",
                hint="name a folder, with a slash at its end: --out answers/",
            )
        pages.append(_bytes("html", request, answer, explain, notices))

    yield write
    for page in pages:
        if out is None:
            sys.stdout.buffer.write(page)
            continue
        with _opened(Path(out), inputs) as file:
            file.write(page)


@contextmanager
def _into_folder(form: str, folder: Path, explain: bool, inputs: tuple[str, ...]) -> Iterator[Write]:
    """A file for each request, named after it; with HTML also a docket that lists them."""
    names = {DOCKET}
    listed: list[shown.DocketLine] = []

    def write(request: Request, answer: Assessment, notices: tuple[Notice, ...] = ()) -> None:
        name = file_name(request.id, _ENDINGS[form], names)
        names.add(name.casefold())
        data = _bytes(form, request, answer, explain, notices)
        if not folder.is_dir():
            _make(folder)
        with _opened(folder / name, inputs) as file:
            file.write(data)
        if form == "html":
            listed.append(shown.docket_line(name, request, answer))

    yield write
    if listed:
        with _opened(folder / DOCKET, inputs) as file:
            file.write(shown.docket(listed).encode())


def file_name(id: str, ending: str, taken: set[str]) -> str:
    """A name for the file of a request that is safe everywhere and not among `taken` (in small letters)."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", id).strip(".-")[:_LONGEST_NAME] or "request"
    name, number = plain + ending, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain}-{number}{ending}"
    return name


def _opened(path: Path, inputs: tuple[str, ...]) -> IO[bytes]:
    apart(path, inputs)
    try:
        return path.open("wb")
    except OSError as error:
        raise _unwritable(path, error) from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(path: Path, error: OSError) -> Refused:
    return Refused(
        f"nothing can be written here: {(error.strerror or 'no reason given').lower()}",
        place=str(path),
        hint="name a file in a folder that exists, or a folder that may be made",
    )

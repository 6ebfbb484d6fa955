"""`habeas figures`: what other providers publish, read, and put beside our own published figures.

Decides only how it is shown and what is told beside it: lines that could not be read, and lines about no
state known here, go to the error stream and never vanish. Reading and comparing are in
`habeas.reports.others`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import click

from habeas.cli.refusing import say
from habeas.reports.foreign import one_line
from habeas.reports.others import Figure, Published, Whose, beside, once, read_file, read_own
from habeas.reports.others.written import (
    comparison_json,
    comparison_text,
    figures_csv,
    figures_json,
    figures_text,
)
from habeas.request.states import check_state

FORMS = ("table", "json", "csv")
TOLD = 20  # refused lines told one by one; a damaged file has thousands

_FILES = click.argument("files", nargs=-1, required=True, metavar="FILE...")


@click.group("figures")
def figures() -> None:
    """What other providers publish about requests of states."""


@figures.command("read")
@_FILES
@click.option("--as", "form", type=click.Choice(FORMS), default="table", help="The form of the answer.")
@click.option("--state", metavar="XXX", help="Only lines about this state: a three-letter code.")
@click.pass_context
def read(context: click.Context, files: tuple[str, ...], form: str, state: str | None) -> None:
    """Read published figures: the CSV files of Apple, GitHub and Google, recognised by their headings.

    Exit code 1: a line could not be read, or names a state that is not known here. Such a name is shown all
    the same; the error stream says which.
    """
    code = _state(state)
    published = tuple(map(read_file, files))
    found = [figure for file in published for figure in file.figures if code is None or figure.state == code]
    if form == "json":
        click.echo(figures_json(found))
    elif form == "csv":
        click.echo(figures_csv(found).encode(), nl=False)
    else:
        _print(figures_text(found))
    context.exit(1 if _told(published) else 0)


@figures.command("beside")
@_FILES
@click.option("--state", required=True, metavar="XXX", help="The state: a three-letter code.")
@click.option(
    "--ours",
    metavar="FOLDER|FILE",
    multiple=True,
    help="Our own published figures: the folder of a report, its numbers.csv or states.csv, or a table "
    "state,period,requests,accounts,disclosed. Say it for each.",
)
@click.option("--json", "as_json", is_flag=True, help="Plain JSON.")
@click.pass_context
def put_beside(
    context: click.Context, files: tuple[str, ...], state: str, ours: tuple[str, ...], as_json: bool
) -> None:
    """Put our published figures about a state beside what others publish about it, by half-year.

    Nothing is added that counts different things; a sentence below says what each number counts. Exit code
    1: something in the files could not be read, or names a state that is not known here.
    """
    code = check_state(state.upper(), "--state")
    own = read_own(ours)
    published = tuple(map(read_file, files))
    comparison = beside(code, own, once(published))
    if as_json:
        click.echo(comparison_json(comparison))
    else:
        _print(comparison_text(comparison))
    context.exit(1 if _told(published) else 0)


def _state(state: str | None) -> str | None:
    return None if state is None else check_state(state.upper(), "--state")


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _told(published: Iterable[Published]) -> bool:
    """Say on the error stream what should be looked at; whether there was anything."""
    wrong = False
    for file in published:
        for refused in file.refused[:TOLD]:
            say(refused)
        if len(file.refused) > TOLD:
            click.echo(f"{len(file.refused) - TOLD:,} more lines of {file.name} were refused.", err=True)
        for sentence in _unmapped(file.figures):
            click.echo(f"{one_line(file.name)}: {sentence}", err=True)
        wrong |= bool(file.refused) or any(figure.whose is Whose.UNKNOWN for figure in file.figures)
    return wrong


def _unmapped(figures: Iterable[Figure]) -> Iterator[str]:
    counted = Counter((figure.whose, figure.unmapped) for figure in figures if figure.state is None)
    for (whose, why), count in sorted(counted.items()):
        lines = "1 line" if count == 1 else f"{count:,} lines"
        yield f"{lines} kept as {whose}: {one_line(why)}"

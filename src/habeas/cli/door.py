"""`habeas door`: watch a folder into which requests are laid, count what comes, and have it taken in.

Runs beside the desk, under an account that can write nothing but the folder and the home folder. What a mail
filter, a portal or a machine lays into the folder is `habeas.app.doors`.
"""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import click

from habeas.app import doors
from habeas.app.doors import HandedIn
from habeas.cli.house import located, opened
from habeas.cli.refusing import REFUSED, say
from habeas.desk.events import Door
from habeas.reports.foreign import harmless

_DOORS = [door.value for door in Door if door is not Door.IMPORT]


@click.command("door")
@located
@click.option("--by", required=True, help="In whose name it takes in; somebody of intake.")
@click.option("--door", type=click.Choice(_DOORS), required=True, help="Which door this is.")
@click.option("--every", default=5.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Seconds.")
@click.option("--once", is_flag=True, help="Look once and end; exit code 2 where something is no request.")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.pass_context
def door(
    context: click.Context,
    home: Path,
    database: str,
    organisation: str,
    by: str,
    door: str,
    every: float,
    once: bool,
    folder: Path,
) -> None:
    """Count what is laid into FOLDER, write the promise for its sender, and take it in; until told to stop.

    Lay a file there under a name that begins with a dot or ends in .part, and rename it when it is whole. The
    promises lie in FOLDER/promises, what is no request in FOLDER/unread with the reason beside it.
    """
    app, stopped, lost = opened(home, database), threading.Event(), False
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _signal, _frame: stopped.set())
    while not stopped.is_set():
        for handed in doors.look(app, organisation, by, folder, Door(door)):
            lost |= handed.lies is not None
            _tell(handed)
            if stopped.is_set():
                break
        if once:
            context.exit(REFUSED if lost else 0)
        stopped.wait(every)


def _tell(handed: HandedIn) -> None:
    for taken in handed.taken:
        if taken.case is not None:
            click.echo(f"{harmless(handed.name)}: {taken.case.id}")
        elif taken.refused is not None:
            say(taken.refused)
    if handed.lies is not None:
        click.echo(
            f"{harmless(handed.name)}: laid aside in {handed.lies.parent.name}, for a person to look at",
            err=True,
        )

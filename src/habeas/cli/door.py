"""`habeas door`: where requests come in: a folder that is watched, and a door that runs apart from the desk.

`watch` runs beside the desk, under an account that can write nothing but the folder and the home folder; what
a mail filter, a portal or a machine lays into the folder is `habeas.app.doors`. `new`, `serve`, `collect` and
`count` are of a door that runs apart, with a key and a list of its own (`habeas.app.arrivals`): its account
can read neither the home folder nor the database, and hands over through the folder that is watched.
"""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import BinaryIO

import click

from habeas.app import doors, installation
from habeas.app import maildir as mails
from habeas.app.arrivals import WITHIN, Arrivals
from habeas.app.doors import HandedIn
from habeas.cli import answering, portal
from habeas.cli.house import located, opened
from habeas.cli.refusing import REFUSED, say
from habeas.cli.serve import server
from habeas.desk import tally
from habeas.desk.events import Door
from habeas.errors import Refused
from habeas.gateways.mail import Server
from habeas.reports.foreign import harmless
from habeas.request.formats.text import MAX_FILE

_DOORS = [door.value for door in Door if door is not Door.IMPORT]
_APART = [door.value for door in tally.DOORS]
_A_MINUTE = 60  # things that a door takes

_folder = click.Path(path_type=Path, exists=True, file_okay=False)
state_option = click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    envvar="HABEAS_DOOR_STATE",
    help="The door's own folder: its key, and the list of what arrived. Never restore it from a backup.",
)


@click.group()
def door() -> None:
    """Where requests come in: counted and promised before anybody reads them."""


@door.command("watch")
@located
@click.option("--by", required=True, help="In whose name it takes in; somebody of intake.")
@click.option("--door", type=click.Choice(_DOORS), required=True, help="Which door this is.")
@click.option("--every", default=5.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Seconds.")
@click.option(
    "--maildir", is_flag=True, help="FOLDER is a Maildir, of this door's own, that a mail server fills."
)
@click.option(
    "--answer",
    default="",
    metavar="SENDER@HOST:PORT",
    help="Of a Maildir: answer each mail with its promise, as SENDER through that mail server (STARTTLS; its "
    "account as for `habeas serve`). SENDER alone: the answers stay in FOLDER/answers.",
)
@click.option("--once", is_flag=True, help="Look once and end; exit code 2 where something is no request.")
@click.argument("folder", type=_folder)
@click.pass_context
def watch(
    context: click.Context,
    home: Path,
    database: str,
    organisation: str,
    by: str,
    door: str,
    every: float,
    maildir: bool,
    answer: str,
    once: bool,
    folder: Path,
) -> None:
    """Count what is laid into FOLDER, write the promise for its sender, and take it in; until told to stop.

    Lay a file there under a name that begins with a dot or ends in .part, and rename it when it is whole. The
    promises lie in FOLDER/promises, what is no request in FOLDER/unread with the reason beside it. What a
    door of `habeas door serve` lays there is counted and promised already, and only logged and taken in.

    With --maildir a mail server delivers there: of each mail the JSON files are taken in, the whole mail is
    kept with their cases, and a mail without one lies in FOLDER/unread.
    """
    if answer and not maildir:
        raise Refused("only mails are answered", place="--answer", hint="say --maildir too")
    sender, post = _answering(answer)
    app, stopped, lost = opened(home, database), _told_to_stop(), False
    while not stopped.is_set():
        for handed in doors.look(app, organisation, by, folder, Door(door), maildir=maildir, sender=sender):
            lost |= handed.lies is not None
            _tell(handed)
            if stopped.is_set():
                break
        lost |= not _sent(folder, post)
        if once:
            context.exit(REFUSED if lost else 0)
        stopped.wait(every)


@door.command("new")
@state_option
@click.option("--door", type=click.Choice(_APART), required=True, help="Which door this is.")
@click.option(
    "--within", default=WITHIN, show_default=True, type=click.IntRange(1, 31), help="Days, as the log's."
)
@click.argument("origin")
def new(state: Path, door: str, within: int, origin: str) -> None:
    """Make a door with a key and an empty list of its own, and print the key.

    ORIGIN is that of the log in whose name it promises. The house names the key: habeas log keep --door.
    """
    click.echo(str(Arrivals.made(state, origin, Door(door), within)))


@door.command("serve")
@state_option
@click.option("--to", type=_folder, required=True, help="The folder that `habeas door watch` watches.")
@click.option("--bind", default="127.0.0.1", show_default=True, help="The address to answer at.")
@click.option("--port", default=8070, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--rate", default=_A_MINUTE, show_default=True, type=click.IntRange(1), help="Things taken in a minute."
)
@click.option(
    "--largest",
    default=MAX_FILE // portal.MIB,
    show_default=True,
    type=click.IntRange(1, MAX_FILE // portal.MIB),
    help="MiB of one thing.",
)
def serve(state: Path, to: Path, bind: str, port: int, rate: int, largest: int) -> None:
    """Answer at an address until told to stop: a page with a form, and the same address for machines.

    Whoever sends gets a signed promise. Nothing that comes is read, and no address of a sender is kept.
    TLS, and a limit for each address, are a proxy's task.
    """
    arrivals = Arrivals(state, to)
    arrivals.tell(installation.utc_now())
    click.echo(f"promising as {arrivals.key}; {len(arrivals):,} things arrived so far", err=True)
    limited = portal.Rate(rate)

    def load() -> answering.Application:
        return portal.application(arrivals, limited, installation.utc_now, largest=largest * portal.MIB)

    answering.run(load, answering.address(bind, port), name="habeas door", keep_alive=0, begin=arrivals.begin)


@door.command("collect")
@state_option
@click.option("--to", type=_folder, required=True, help="The folder that `habeas door watch` watches.")
@click.option("--every", default=5.0, show_default=True, type=click.FloatRange(0.1, 3600), help="Seconds.")
@click.option(
    "--answer",
    default="",
    metavar="SENDER@HOST:PORT",
    help="Answer each mail with its promise, as for `habeas door watch`.",
)
@click.option("--once", is_flag=True, help="Look once and end; exit code 2 where an answer could not go.")
@click.argument("maildir", type=_folder)
@click.pass_context
def collect(
    context: click.Context, state: Path, to: Path, every: float, answer: str, once: bool, maildir: Path
) -> None:
    """Count the mails that a server delivers into MAILDIR and hand each over whole; until told to stop.

    Whoever sent it gets a signed promise from this door. The desk's `habeas door watch --door mailbox` takes
    in what is attached. Only where the answer goes is looked up in a mail, after it was counted.
    """
    sender, post = _answering(answer)
    arrivals, stopped = Arrivals(state, to), _told_to_stop()
    context.call_on_close(arrivals.close)
    if arrivals.door is not Door.MAILBOX:
        raise Refused("this is not the door of a mailbox", place=str(state), hint="--door mailbox")
    click.echo(f"promising as {arrivals.key}; {len(arrivals):,} things arrived so far", err=True)
    while not stopped.is_set():
        arrivals.tell(installation.utc_now())
        for name, _promise in mails.collect(arrivals, maildir, installation.utc_now, sender):
            click.echo(f"{harmless(name)}: counted")
            if stopped.is_set():
                break
        sent = _sent(maildir, post)
        if once:
            context.exit(0 if sent else REFUSED)
        stopped.wait(every)


@door.command("count")
@state_option
@click.argument("file", type=click.File("wb"))
def count(state: Path, file: BinaryIO) -> None:
    """Write what the door counted, up to the end of yesterday in UTC, to FILE: for an auditor.

    It tells what arrived on which day, exactly, and nothing of what it was. Hand it to nobody else.
    """
    found = Arrivals(state).count(installation.utc_now())
    file.write(found.encoded())
    click.echo(f"{len(found.lines):,} things arrived.", err=True)


def _answering(answer: str) -> tuple[str, Server | None]:
    """Whose name answers bear, and the mail server that carries them."""
    if answer and "@" not in answer:
        raise Refused("this is no address of mail", place="--answer", hint="write SENDER@HOST:PORT")
    post = server(answer, "--answer") if ":" in answer else None
    return (post.sender if post is not None else answer), post


def _sent(folder: Path, post: Server | None) -> bool:
    """Whether the mail server took the answers; what it did not take is tried again with the next look."""
    try:
        if post is not None:
            mails.send(folder, post)
    except Refused as refused:
        say(refused)
        return False
    return True


def _told_to_stop() -> threading.Event:
    stopped = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _signal, _frame: stopped.set())
    return stopped


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

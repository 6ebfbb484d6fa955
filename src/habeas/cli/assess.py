"""`habeas assess`: from a request file to a reasoned recommendation.

Reads requests, has them assessed and hands the answers on; where they go is decided in `writing`, how they
look in `habeas.reports.answer`. What cannot be read is told on the error stream and never stops the rest.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from habeas.app import assessing
from habeas.cli.refusing import REFUSED, say
from habeas.cli.writing import FORMS, Write, apart, destination
from habeas.errors import Refused
from habeas.reports.foreign import harmless

_TOLD_EVERY = 100  # requests between two moves of the progress bar


@click.command(short_help="Assess requests and say what may be done, and why.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--as", "form", type=click.Choice(FORMS), help="The form of the answer (default: terminal).")
@click.option(
    "--json", "as_json", is_flag=True, help="The same as --as json: one object a request, with everything."
)
@click.option("--explain", is_flag=True, help="Also the tests that are met and what would change the result.")
@click.option(
    "--out",
    metavar="PLACE",
    help="Write to a file, or to a folder (a name that ends in /): a file a request.",
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day of the assessment (default: today).",
)
@click.option(
    "--as-if-in-force", is_flag=True, help="Suppose the treaty relied on is in force between the two states."
)
@click.option("--seat", metavar="SEAT", help="Who we are: STATE:ROLE:ARRIVAL, for example USA:provider.")
@click.option("--house", metavar="FILE", help="What the house knows: who sent it, what the custodian sees.")
@click.option("--policy", metavar="FILE", help="A house policy instead of the packaged one.")
@click.option(
    "--batch", metavar="FILE", help="Stream a whole history (JSON lines, Parquet, JSON) to JSON lines."
)
@click.option(
    "--resume", is_flag=True, help="With --batch and --out: go on where an interrupted run stopped."
)
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="With --batch: how many processes share the work, a quarter of a gigabyte of memory each.",
)
@click.pass_context
def assess(
    context: click.Context,
    files: tuple[str, ...],
    form: str | None,
    as_json: bool,
    explain: bool,
    out: str | None,
    on: datetime | None,
    as_if_in_force: bool,
    seat: str | None,
    house: str | None,
    policy: str | None,
    batch: str | None,
    resume: bool,
    processes: int,
) -> None:
    """Assess the requests in each FILE and say what may be done, with reasons and articles.

    A file holds one request or many, in any form that Habeas reads (JSON, JSON lines, YAML, Parquet). The
    answers are for the house: none of them is a letter to the requester.

    With --out a file gets all answers, one after the other, and is overwritten; a folder gets one file for
    each request, named after it. A page of HTML holds one request, so several requests as HTML need a folder,
    which also gets an index.html that lists them.
    """
    if as_json and form not in (None, "json"):
        raise Refused(f"--json and --as {form} contradict each other", place="assess", hint="use one of them")
    if "-" in (*files, batch):
        raise Refused(
            "the standard input is not read", place="-", hint="save the requests to a file and name the file"
        )
    settings = assessing.Settings(
        on=on.date() if on else assessing.today(),
        as_if_in_force=as_if_in_force,
        seat=assessing.seat(seat) if seat is not None else None,
        policy=policy or assessing.environment_policy(),
        house=assessing.house(house) if house else assessing.House(),
    )
    if batch is not None:
        if files:
            raise Refused(
                "files and --batch cannot be given together", place="assess", hint="use one of them"
            )
        if form not in (None, "json"):
            raise Refused("--batch writes JSON lines only", place="assess", hint=f"leave out --as {form}")
        inputs = [path for path in (batch, house, settings.policy) if path]
        context.exit(_stream(batch, settings, out, resume, processes, inputs))
    if resume:
        raise Refused("--resume goes with --batch", place="assess", hint="name the history: --batch FILE")
    if not files:
        raise Refused("no file is named", place="assess", hint="name a request file, or use --batch FILE")
    inputs = [path for path in (*files, house, settings.policy) if path]
    with destination("json" if as_json else form or "terminal", out, explain=explain, inputs=inputs) as write:
        code = _each(files, settings, write)
    context.exit(code)


def _each(files: tuple[str, ...], settings: assessing.Settings, write: Write) -> int:
    code = 0
    for read in assessing.entries(files, settings.house):
        if read.request is None:
            code = say(read.refused or Refused("nothing could be read here", place=read.place))
            continue
        for notice in read.notices:
            told = f"notice: {notice.sentence}\n    at: {read.place}: {notice.place}"
            click.echo(harmless(told), err=True)
        write(read.request, settings.assess(read.request), read.notices)
    return code


def _stream(
    path: str,
    settings: assessing.Settings,
    out: str | None,
    resume: bool,
    processes: int,
    inputs: list[str],
) -> int:
    if resume and not out:
        raise Refused(
            "--resume needs --out", place="assess", hint="name the file the interrupted run wrote to"
        )
    if out is None:
        progress = assessing.batch(path, settings, sys.stdout.buffer, _Refusals(), processes=processes)
        sys.stdout.buffer.flush()
        return REFUSED if progress.refused and not progress.done else 0
    if not Path(path).is_file():  # said before an earlier answer is written over
        raise Refused("this file cannot be read", place=path, hint="give the path of a file of requests")
    target = Path(out)
    beside = target.with_name(target.name + ".refused")
    apart(target, inputs)
    apart(beside, [*inputs, str(target)])
    skip = assessing.resume_point(target, beside) if resume else 0
    mode = "ab" if resume else "wb"
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} done"),
        TimeElapsedColumn(),
    )
    with (
        target.open(mode) as answers,
        beside.open(mode) as refusals,
        Progress(*columns, console=console) as bar,
    ):
        task = bar.add_task(Path(path).name, total=None)

        def told(progress: assessing.Progress) -> None:
            if (progress.done + progress.refused) % _TOLD_EVERY == 0:
                bar.update(task, completed=progress.done + progress.refused)

        progress = assessing.batch(
            path, settings, answers, refusals, skip=skip, processes=processes, told=told
        )
        bar.update(task, completed=progress.done + progress.refused, total=progress.done + progress.refused)
    if not progress.refused and not beside.stat().st_size:
        beside.unlink()
    console.print(
        f"{progress.done} assessed, {progress.refused} refused"
        + (f" (see {beside.name})" if progress.refused else "")
    )
    return REFUSED if progress.refused and not progress.done else 0


class _Refusals(msgspec.Struct):
    """Refused entries of a run without an output file: one plain sentence each, on the error stream."""

    def write(self, line: bytes | bytearray) -> int:
        found = msgspec.json.decode(line)
        say(Refused(found["error"], place=found["at"] or found["place"], hint=found["hint"]))
        return len(line)

"""`habeas assess`: from a request file to a reasoned recommendation."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from habeas import app
from habeas.assess import Assessment
from habeas.errors import Refused
from habeas.request import Request

FORMS = ("terminal", "json", "markdown", "html")


@click.command()
@click.argument("files", nargs=-1)
@click.option("--batch", "batch", metavar="FILE", help="Stream a whole history: JSON lines, Parquet, JSON, corpus form.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a request.")
@click.option("--as", "form", type=click.Choice(FORMS), default="terminal", help="The form of the answer.")
@click.option("--explain", is_flag=True, help="Show every test, also those that are met, and what would change the result.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day of the assessment (default: today).")
@click.option("--as-if-in-force", is_flag=True, help="Suppose the treaty relied on is in force between the two states.")
@click.option("--seat", "seat", help="Who we are: STATE:ROLE:ARRIVAL, for example USA:provider.")
@click.option("--house", type=click.Path(dir_okay=False), help="What the house knows: who sent it, what the custodian sees.")
@click.option("--policy", type=click.Path(dir_okay=False), help="A house policy file instead of the packaged one.")
@click.option("--out", type=click.Path(dir_okay=False), help="Write to this file instead of the screen.")
@click.option("--resume", is_flag=True, help="With --batch and --out: go on where an interrupted run stopped.")
def assess(
    files: tuple[str, ...],
    batch: str | None,
    as_json: bool,
    form: str,
    explain: bool,
    on: datetime | None,
    as_if_in_force: bool,
    seat: str | None,
    house: str | None,
    policy: str | None,
    out: str | None,
    resume: bool,
) -> None:
    """Assess the requests in FILES and say what may be done, with reasons and articles."""
    settings = app.Settings(
        on=on.date() if on else app.today(),
        as_if_in_force=as_if_in_force,
        seat=app.seat(seat) if seat else None,
        policy=policy or app.environment_policy(),
        house=app.house(house) if house else app.House(),
    )
    if batch is not None:
        if files:
            raise Refused("files and --batch cannot be given together", place="assess", hint="use one of them")
        sys.exit(_stream(batch, settings, out, resume))
    if not files:
        raise Refused("no file is named", place="assess", hint="name a request file, or use --batch FILE")
    sys.exit(_each(files, settings, "json" if as_json else form, explain, out))


def _each(files: tuple[str, ...], settings: app.Settings, form: str, explain: bool, out: str | None) -> int:
    write = _writer(form, explain, out)
    failed = 0
    for path in files:
        for read in app.stream(path):
            if read.request is None:
                click.echo(str(read.refused), err=True)
                failed = 2
                continue
            for notice in read.notices:
                click.echo(f"notice: {notice.sentence}\n    at: {read.place}: {notice.place}", err=True)
            write(read.request, settings.assess(read.request))
    return failed


def _writer(form: str, explain: bool, out: str | None) -> Callable[[Request, Assessment], None]:
    if form == "json":
        encoder = msgspec.json.Encoder()
        file = Path(out).open("wb") if out else sys.stdout.buffer  # noqa: SIM115 open for the whole run

        def as_json(request: Request, answer: Assessment) -> None:
            file.write(encoder.encode(answer) + b"\n")
            file.flush()

        return as_json
    from habeas.reports import answer as shown

    if form == "terminal" and out is None:
        console = Console()
        return lambda request, answer: shown.terminal(request, answer, console, explain=explain)
    render = {"markdown": shown.markdown, "html": shown.html}.get(form, shown.text)

    def written(request: Request, answer: Assessment) -> None:
        words = render(request, answer, explain=explain)
        if out:
            Path(out).write_text(words, "utf-8")
        else:
            click.echo(words)

    return written


def _stream(path: str, settings: app.Settings, out: str | None, resume: bool) -> int:
    if resume and not out:
        raise Refused("--resume needs --out", place="assess", hint="name the file the interrupted run wrote to")
    if out is None:
        progress = app.batch(path, settings, sys.stdout.buffer, _Refusals())
        sys.stdout.buffer.flush()
        return 2 if progress.refused and not progress.done else 0
    target = Path(out)
    beside = target.with_name(target.name + ".refused")
    skip = app.resume_point(target, beside) if resume else 0
    mode = "ab" if resume else "wb"
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed} done"), TimeElapsedColumn())
    with target.open(mode) as answers, beside.open(mode) as refusals, Progress(*columns, console=console) as bar:
        task = bar.add_task(Path(path).name, total=None)

        def told(progress: app.Progress) -> None:
            if (progress.done + progress.refused) % 100 == 0:
                bar.update(task, completed=progress.done + progress.refused)

        progress = app.batch(path, settings, answers, refusals, skip=skip, told=told)
        bar.update(task, completed=progress.done + progress.refused, total=progress.done + progress.refused)
    if not progress.refused and not beside.stat().st_size:
        beside.unlink()
    console.print(
        f"{progress.done} assessed, {progress.refused} refused" + (f" (see {beside.name})" if progress.refused else "")
    )
    return 2 if progress.refused and not progress.done else 0


class _Refusals(msgspec.Struct):
    """Refused entries of a run without an output file: one plain sentence each, on the error stream."""

    def write(self, line: bytes) -> int:
        found = msgspec.json.decode(line)
        click.echo(str(Refused(found["error"], place=found["at"] or found["place"], hint=found["hint"])), err=True)
        return len(line)

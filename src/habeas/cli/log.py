"""`habeas log`: the public log of a house: opening it, publishing now, what an auditor is given."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from habeas.app import receipts
from habeas.app.publishing import Publisher
from habeas.cli.house import by_option, located, opened
from habeas.desk.events import LogConfigured, Silence, Witnessing
from habeas.errors import Refused


@click.group("log")
def log() -> None:
    """Keep the public log of a house: what was once recorded can no longer be changed unseen."""


@log.command("keep")
@located
@by_option
@click.option("--origin", help="The site's address without https://. It never changes.")
@click.option("--hour", type=click.IntRange(0, 23), help="Of the day, in the house's zone.")
@click.option("--within", type=click.IntRange(1, 31), help="Days that a promise runs.")
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    nargs=2,
    metavar="VKEY URL",
    help="Who cosigns; say it for each. Those said now replace those said before.",
)
@click.option("--quorum", type=click.IntRange(0, 64), help="How many must cosign before a tree is shown.")
@click.option(
    "--silence",
    "silences",
    multiple=True,
    nargs=3,
    metavar="KIND HOW LAW",
    help="What law forbids to count: a kind, band, defer or never, and the law ('' if it may not be said).",
)
def keep(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    origin: str | None,
    hour: int | None,
    within: int | None,
    witnesses: tuple[tuple[str, str], ...],
    quorum: int | None,
    silences: tuple[tuple[str, str, str], ...],
) -> None:
    """Open the public log of the house, or change how it is kept. What is not said stays as it is."""
    app = opened(home, database)
    known = app.people(organisation).log
    if known is None and origin is None:
        raise Refused("a log needs its origin", hint="--origin desk.example.org/log")
    settings = known or LogConfigured(origin=origin or "")
    changes: dict[str, object] = {
        name: value
        for name, value in (("origin", origin), ("hour", hour), ("within", within), ("quorum", quorum))
        if value is not None
    }
    if witnesses:
        changes["witnesses"] = tuple(Witnessing(key=key, url=url) for key, url in witnesses)
    if silences:
        changes["silences"] = tuple(Silence(kind=kind, how=how, law=law) for kind, how, law in silences)
    kept = app.keep_log(organisation, by, msgspec.structs.replace(settings, **changes)).log
    assert kept is not None
    click.echo(f"log: {app.log_signer(organisation, kept).key}")
    click.echo(f"promises: {app.promiser(organisation, kept).key}")
    click.echo("Print both where people can compare them: on paper, and on another site.")
    if not kept.quorum:
        click.echo("Nobody outside is waited for: the site will say that it is unwitnessed.")


@log.command("publish")
@located
@click.pass_context
def publish(context: click.Context, home: Path, database: str, organisation: str) -> None:
    """Publish what waits, now. Once a day it is done by itself. Exit code 1: too few witnesses cosigned."""
    app = opened(home, database)
    outcome = Publisher(app, "by hand").publish(organisation)
    if outcome is None:
        raise Refused("another publisher is at work", hint="wait until it has ended")
    click.echo(outcome.words)
    click.echo(f"The site is in {app.site(organisation)}.")
    context.exit(0 if outcome.published.quorum_met else 1)


@log.command("rebuild")
@located
def rebuild(home: Path, database: str, organisation: str) -> None:
    """Make the site's tiles anew, where its folder was lost. Then `habeas log publish`."""
    size = Publisher(opened(home, database), "by hand").rebuild(organisation)
    click.echo(f"The tiles of {size:,} leaves are made anew. Publish next.")


@log.command("openings")
@located
@click.option("--by", required=True, help="An auditor's id, or counsel's.")
@click.argument("file", type=click.File("wb"))
def openings(home: Path, database: str, organisation: str, by: str, file: BinaryIO) -> None:
    """Write what an auditor is given to FILE: what is counted of every leaf, and nothing about a person."""
    count = 0
    for line in receipts.openings(opened(home, database), organisation, by):
        file.write(line)
        count += 1
    click.echo(f"{count:,} leaves are opened.", err=True)


@log.command("receipt")
@located
@click.argument("case")
@click.argument("file", type=click.File("wb"))
def receipt(home: Path, database: str, organisation: str, case: str, file: BinaryIO) -> None:
    """Write the receipt for the authority that sent CASE to FILE: it opens what that authority was sent."""
    app = opened(home, database)
    found = receipts.of_authority(app, organisation, app.case(organisation, case))
    file.write(found.encoded())
    click.echo(f"{len(found.entries)} leaves are proven.", err=True)

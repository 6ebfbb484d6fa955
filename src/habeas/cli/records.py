"""`habeas records`: looking after what the desk keeps: is it whole, backups, restoring, a new master key."""

from __future__ import annotations

from pathlib import Path

import click

from habeas.app.installation import Installation
from habeas.cli.house import database_option, home_option, located, opened
from habeas.errors import Refused
from habeas.reports.foreign import harmless


@click.group("records")
def records() -> None:
    """Look after the records: check them, copy them, bring them back, change the master key."""


def _known(app: Installation, organisation: str) -> Installation:
    """The same installation, where it keeps anything of this organisation: no typo is ever in order."""
    if next(app.store.heads(organisation), None) is None:
        raise Refused("there is no such house here", place=organisation, hint="check its name")
    return app


@records.command("doctor")
@located
@click.pass_context
def doctor(context: click.Context, home: Path, database: str, organisation: str) -> None:
    """Compare what is stored with the events, and check every chain. Exit code 1: it differs."""
    wrong = 0
    for sentence in _known(opened(home, database), organisation).doctor(organisation):
        wrong += 1
        click.echo(harmless(sentence))
    click.echo("All is as it should be." if not wrong else f"{wrong} to look at.", err=bool(wrong))
    context.exit(1 if wrong else 0)


@records.command("rebuild")
@located
def rebuild(home: Path, database: str, organisation: str) -> None:
    """Make the queue, the search and the jobs anew from the events."""
    count = _known(opened(home, database), organisation).rebuild(organisation)
    click.echo(f"{count} cases.")


@records.command("rotate")
@home_option
@database_option
def rotate(home: Path, database: str) -> None:
    """Put a new master key in place of the one in the home folder. Stop the desk first."""
    click.echo(f"{Installation.rotate(home, database=database)} keys are wrapped under the new master key.")


@records.command("backup")
@home_option
@database_option
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("keys", type=click.Path(path_type=Path))
def backup(home: Path, database: str, data: Path, keys: Path) -> None:
    """Copy the records to DATA and the keyring to KEYS, which never lie on the same medium."""
    opened(home, database).backup(data, keys)
    click.echo(f"Records in {data}, keyring in {keys}. The master key is in neither.")


@records.command("restore")
@home_option
@database_option
@click.argument("data", type=click.Path(path_type=Path, exists=True))
@click.argument("keys", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--ledger",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A newer ledger of erasures than that of the backup; say it for each there is.",
)
def restore(home: Path, database: str, data: Path, keys: Path, ledger: tuple[Path, ...]) -> None:
    """Bring a backup into an empty home folder. What was erased since stays erased."""
    Installation.restore(home, data, keys, database=database, ledgers=ledger)
    click.echo(f"Restored into {home}.")

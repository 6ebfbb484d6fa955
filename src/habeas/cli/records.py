"""`habeas records`: looking after what the desk keeps: is it whole, backups, restoring, a new master key."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from habeas.app import keeping, soundness
from habeas.app.installation import Installation
from habeas.app.masters import Holder, Masters
from habeas.cli.house import database_option, home_option, located, opened
from habeas.cli.passphrase import new_passphrase_option, passphrases
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
    for sentence in soundness.faults(_known(opened(home, database), organisation), organisation):
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


def _of_a_kind(*kinds: Holder) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Adds what a new master key is to be: `kind`, and `service` for the command of a key service."""
    options = {
        Holder.FILE: click.option(
            "--file", "kind", flag_value=Holder.FILE, type=Holder, help="In a file in the home folder."
        ),
        Holder.PASSPHRASE: click.option(
            "--passphrase",
            "kind",
            flag_value=Holder.PASSPHRASE,
            type=Holder,
            help="Made from a passphrase, which is asked for.",
        ),
        Holder.SERVICE: click.option(
            "--service",
            default="",
            metavar="COMMAND",
            help="Opened by a key service: a program by its whole path, and its words.",
        ),
    }

    def adding(command: Callable[..., Any]) -> Callable[..., Any]:
        for kind in reversed(kinds):
            command = options[kind](command)
        return new_passphrase_option(command)

    return adding


def _wanted(kind: Holder | None, service: str) -> tuple[Holder | None, tuple[str, ...]]:
    if not service:
        return kind, ()
    if kind is not None:
        raise click.UsageError("a master key comes from one place")
    try:
        return Holder.SERVICE, tuple(shlex.split(service))
    except ValueError:
        raise click.BadParameter("a quotation mark does not end", param_hint="--service") from None


@records.command("key")
@home_option
@database_option
@_of_a_kind(Holder.PASSPHRASE, Holder.SERVICE)
def key(home: Path, database: str, kind: Holder | None, service: str) -> None:
    """Say where the master key comes from, and what older ones still open.

    With --passphrase or --service: make the first one in a home folder that has none, before `habeas house
    found`, which otherwise makes a file.
    """
    kind, command = _wanted(kind, service)
    if kind is not None:
        made = Masters(home, passphrases()).first(kind, command)
        click.echo(f"Master key {made.id} is in {home / 'master' / kind.value}.")
        return
    for each in keeping.holdings(home, database=database, passphrases=passphrases()):
        if each.in_use:
            state = "in use"
        else:
            state = "older; `habeas records rotate` comes first" if each.keys else "older; it can go"
        click.echo(f"{each.id}  {each.keys} keys  {each.place}  {state}")


@records.command("rotate")
@home_option
@database_option
@_of_a_kind(Holder.FILE, Holder.PASSPHRASE, Holder.SERVICE)
def rotate(home: Path, database: str, kind: Holder | None, service: str) -> None:
    """Wrap all case keys under a new master key: of the kind in use, or as you say. Stop the desk first.

    Where systemd hands over the master key, the new one is the credential habeas-master and the old one
    habeas-master-old, and the desk may run, with both.
    """
    kind, command = _wanted(kind, service)
    done = keeping.rotate(home, database=database, kind=kind, command=command, passphrases=passphrases())
    click.echo(f"{done.keys} keys are wrapped under the new master key.")
    for gone in done.gone:
        click.echo(f"The old one is gone: {gone}.")
    for place in done.can_go:
        click.echo(f"It opens nothing here any more and can go: {place}.")
    click.echo("Backups of the keyring made before need the old one. Make a new backup, destroy those.")


@records.command("backup")
@home_option
@database_option
@click.argument("data", type=click.Path(path_type=Path))
@click.argument("keys", type=click.Path(path_type=Path))
def backup(home: Path, database: str, data: Path, keys: Path) -> None:
    """Copy the records to DATA and the keyring to KEYS, which never lie on the same medium."""
    keeping.backup(opened(home, database), data, keys)
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
    keeping.restore(home, data, keys, database=database, passphrases=passphrases(), ledgers=ledger)
    click.echo(f"Restored into {home}.")

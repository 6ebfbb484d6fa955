"""`habeas access`: the access record for the terminal: who came and went, and what was refused.

Whoever can open the home folder holds the key of the pages, so nobody is asked for a password here. Django is
imported inside the commands: it wants its settings first, and the other commands need none of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich.table import Table

from habeas.cli.house import DAY, database_option, home_option, located, opened, slug
from habeas.cli.refusing import Screen
from habeas.errors import Refused
from habeas.reports.foreign import harmless

if TYPE_CHECKING:
    from habeas.web.accounts.models import AccessLine

_WORDS = ("in", "ways", "refused")  # the groups of `habeas.web.accounts.access`
_FIELDS = ("person", "kind", "how", "about", "page", "case", "place")


@click.group("access")
def access() -> None:
    """The access record: who signed in, who tried to, whose way in changed, what was refused."""


@access.command("show")
@home_option
@database_option
@click.option(
    "--organisation",
    "-o",
    default="",
    type=lambda given: slug(given) if given else "",
    metavar="NAME",
    envvar="HABEAS_ORGANISATION",
    help="Whose record. Without it: attempts under names that belong to nobody, which are of no house.",
)
@click.option("--kind", type=click.Choice(_WORDS), help="Coming and going; ways in that changed; refused.")
@click.option("--person", default="", help="Only of this person, or about their account.")
@click.option("--since", type=DAY, help="The first day, in UTC.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 200_000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for a program that collects.")
def show(
    home: Path,
    database: str,
    organisation: str,
    kind: str | None,
    person: str,
    since: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """The newest lines on top."""
    _ready(home, database)
    from habeas.web.accounts.access import GROUPS, SAYS, Kind, lines

    found = lines(
        organisation,
        kinds=GROUPS[kind][1] if kind else (),
        person=person,
        since=since.replace(tzinfo=UTC) if since else None,
        limit=limit,
    )
    if as_json:
        for line in found:
            click.echo(msgspec.json.encode(_plain(line)))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("when (UTC)", "what", "who", "page", "place"):
        table.add_column(heading)
    for line in found:
        what = SAYS[Kind(line.kind)] + (f", {line.how}" if line.how else "")
        who = line.person + (f", about {line.about}" if line.about else "")
        page = line.page + (f" {line.case}" if line.case else "")
        table.add_row(f"{line.at:%Y-%m-%d %H:%M:%S}", *map(harmless, (what, who, page, line.place)))
    Screen(markup=False).print(table)
    if not found:
        click.echo("Nothing of this kind is written down.")


@access.command("check")
@located
@click.pass_context
def check(context: click.Context, home: Path, database: str, organisation: str) -> None:
    """Whether every line is as it was written. Exit code 1: one was changed or is missing."""
    _ready(home, database)
    from habeas.web.accounts import access as record

    wrong = list(record.check(organisation))
    for sentence in wrong:
        click.echo(sentence)
    click.echo("All is as it should be." if not wrong else f"{len(wrong)} to look at.", err=bool(wrong))
    context.exit(1 if wrong else 0)


@access.command("mark")
@home_option
@database_option
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="Without it: this month.")
@click.argument("address")
def mark(home: Path, database: str, month: datetime | None, address: str) -> None:
    """The mark that stands for ADDRESS in the record, to be compared with what the proxy in front wrote."""
    _ready(home, database)
    from habeas.web.accounts.access import mark as marked

    on = month or datetime.now(UTC)
    click.echo(marked(address, on.date()))


def _plain(line: AccessLine) -> dict[str, str]:
    """What a line says, without what is empty."""
    values = {name: str(getattr(line, name)) for name in _FIELDS}
    return {"at": f"{line.at:%Y-%m-%dT%H:%M:%S.%fZ}", **{name: word for name, word in values.items() if word}}


def _ready(home: Path, database: str) -> None:
    """Django with the settings of this installation, where its pages ran before."""
    from habeas.web.configuration import Configuration
    from habeas.web.serve import prepare, tables

    configuration = Configuration(home=home, hosts=("localhost",), https=False, database_url=database)
    if not configuration.key_path().exists():
        raise Refused(
            "no page was ever served from here, so nothing is written down",
            place=str(home),
            hint="`habeas serve` runs the pages",
        )
    found = opened(home, database)
    prepare(configuration, found)
    tables()

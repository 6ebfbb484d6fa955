"""The verbs of Habeas for the terminal.

Exit codes: 0 done, 1 something to look at, 2 what was handed in is unacceptable. Each group of commands is a
module of its own; here they are only put together.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from habeas import __version__
from habeas.assess import rulebook
from habeas.cli.access import access
from habeas.cli.assess import assess
from habeas.cli.atlas import atlas
from habeas.cli.checking import audit, promise, receipt
from habeas.cli.desk import desk
from habeas.cli.door import door
from habeas.cli.evaluate import evaluate
from habeas.cli.examples import examples
from habeas.cli.figures import figures
from habeas.cli.house import house
from habeas.cli.law import law_commands
from habeas.cli.log import log
from habeas.cli.package import package
from habeas.cli.records import records
from habeas.cli.refusing import Desk
from habeas.cli.schema import schema
from habeas.cli.serve import code, demo, serve, worker
from habeas.cli.witness import witness


@click.group(cls=Desk, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="habeas")
def habeas() -> None:
    """The safeguards desk for cross-border electronic-evidence requests.

    Habeas reads a request of a foreign authority for data about a person, tests it against the treaty, the
    law and human rights, and recommends what to do, with reasons and articles. It sends nothing and releases
    nothing. People decide.

    \b
    habeas assess request.json             what may be done, and why
    habeas assess request.json --explain   with every test, also those that are met
    habeas atlas find "Art. 5" --state NOR what a citation means
    habeas law check                       which law nobody has verified yet

    Exit codes: 0 done, 1 something to look at, 2 what was handed in is unacceptable.
    """


def _citations_of_the_rulebook() -> Iterator[str]:
    """One entry for each use of a citation by a check."""
    return (cite for check in rulebook().checks for cite in check.cites)


for command in (
    access,
    assess,
    atlas,
    audit,
    code,
    demo,
    desk,
    door,
    evaluate,
    examples,
    figures,
    house,
    law_commands(_citations_of_the_rulebook),
    log,
    package,
    promise,
    receipt,
    records,
    schema,
    serve,
    witness,
    worker,
):
    habeas.add_command(command)


def main() -> None:
    """The console script."""
    habeas.main(prog_name="habeas")

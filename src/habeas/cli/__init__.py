"""The verbs of Habeas for the terminal. Exit codes: 0 done, 1 something to look at, 2 the input was refused."""

from __future__ import annotations

import sys

import click

from habeas import __version__
from habeas.cli.assess import assess
from habeas.cli.evaluate import evaluate
from habeas.cli.schema import schema
from habeas.errors import Refused

REFUSED = 2  # exit code: what was handed in is unacceptable


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="habeas")
def habeas() -> None:
    """The safeguards desk for cross-border electronic-evidence requests.

    Habeas recommends, with reasons and articles. People decide.
    """


for command in (assess, evaluate, schema):
    habeas.add_command(command)


def main() -> None:
    """The console script. A refusal is one plain sentence with its place and a hint, never a traceback."""
    try:
        habeas.main(standalone_mode=False)
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(REFUSED)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(REFUSED)
    except click.Abort:
        sys.exit(1)

"""`habeas evaluate`: how the recommendations compare with labelled cases.

The comparison is made in `habeas.reports.evaluation`; labels never reach the engine.
"""

from __future__ import annotations

from datetime import date, datetime

import click

from habeas import app
from habeas.errors import Refused
from habeas.reports.evaluation_text import write


@click.command()
@click.argument("cases", nargs=-1, required=True, metavar="CASES...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--failures", is_flag=True, help="List every case where the answer differs, and why.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day of the assessment (default: today).",
)
def evaluate(cases: tuple[str, ...], as_json: bool, failures: bool, on: datetime | None) -> None:
    """Score the recommendations against labelled CASES."""
    day: date = on.date() if on else app.today()
    scores = app.evaluate(cases, app.Settings(on=day, policy=app.environment_policy()))
    if not scores.all.cases:
        raise Refused(
            "there is no labelled case in these files", place=cases[0], hint="a case has `expected`"
        )
    if as_json:
        click.echo(app.plain(scores))
    else:
        write(scores, failures=failures)

"""`habeas evaluate`: how the recommendations compare with labelled cases.

The comparison is made in `habeas.reports.evaluation`; labels never reach the engine.
"""

from __future__ import annotations

from datetime import date, datetime

import click

from habeas.app import assessing
from habeas.errors import Refused
from habeas.reports.evaluation_text import write, write_steadiness


@click.command()
@click.argument("cases", nargs=-1, required=True, metavar="CASES...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--failures", is_flag=True, help="List every case where the answer differs, and why.")
@click.option(
    "--robustness", is_flag=True, help="Tell the same cases differently and see whether the answer stays."
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day of the assessment (default: today).",
)
def evaluate(
    cases: tuple[str, ...], as_json: bool, failures: bool, robustness: bool, on: datetime | None
) -> None:
    """Score the recommendations against labelled CASES."""
    day: date = on.date() if on else assessing.today()
    settings = assessing.Settings(on=day, policy=assessing.environment_policy())
    if robustness:
        results = assessing.robustness(cases, settings)
        if as_json:
            click.echo(assessing.plain(results))
        else:
            write_steadiness(results, failures=failures)
        return
    scores = assessing.evaluate(cases, settings)
    if not scores.all.cases:
        raise Refused(
            "there is no labelled case in these files", place=cases[0], hint="a case has `expected`"
        )
    if as_json:
        click.echo(assessing.plain(scores))
    else:
        write(scores, failures=failures)

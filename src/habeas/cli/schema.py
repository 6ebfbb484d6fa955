"""`habeas schema`: the JSON Schema of a request, for whoever writes requests with their own software."""

from __future__ import annotations

import click

from habeas.request.schema import published


@click.command()
def schema() -> None:
    """Print the JSON Schema of a request (draft 2020-12)."""
    click.echo(published(), nl=False)

from __future__ import annotations

import json

from click.testing import CliRunner

from habeas.cli.schema import schema
from habeas.request.schema import published


def test_the_command_prints_the_published_schema_and_nothing_else() -> None:
    result = CliRunner().invoke(schema)
    assert result.exit_code == 0
    assert result.output == published()
    assert json.loads(result.output)["title"] == "Habeas request"

"""The error stream is lines that a program reads, and none of them quotes a request."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from habeas.web.stream import Lines

ROOT = Path(__file__).parents[2]


def _line(
    name: str, said: str, *args: object, path: str = "x.py", error: bool = False, **more: object
) -> dict:  # type: ignore[type-arg]
    try:
        raise ValueError("planted in an error")
    except ValueError:
        info = sys.exc_info() if error else None
    record = logging.LogRecord(name, logging.ERROR, path, 7, said, args, info)
    for key, value in more.items():
        setattr(record, key, value)
    found: dict[str, object] = json.loads(Lines().format(record))
    return found


def test_a_line_of_ours_says_when_what_where_and_who() -> None:
    line = _line(
        "habeas.web", "a page failed: %s", "ValueError", error=True, where="x.py:3", page="case", account=4
    )
    at = datetime.fromisoformat(line.pop("at"))
    assert at.utcoffset() == datetime.now(UTC).utcoffset()
    assert line == {
        "level": "error",
        "by": "habeas.web",
        "said": "a page failed: ValueError",
        "where": "x.py:3",
        "page": "case",
        "account": 4,
    }


def test_what_a_library_says_of_what_was_sent_is_not_passed_on() -> None:
    for path in ("/gunicorn/workers/base.py", "/gunicorn/http/parser.py"):
        line = _line("gunicorn.error", "Invalid request from planted: %s", "planted", path=path, error=True)
        assert "planted" not in json.dumps(line)
        assert (line["error"], line["where"]) == ("ValueError", f"{Path(path).name}:7")
    assert "planted" not in json.dumps(_line("urllib3.pool", "planted %s", "planted"))
    assert _line("gunicorn.error", "Listening at: %s", "here", path="/gunicorn/arbiter.py")["said"]


def test_a_line_is_one_line_whatever_is_in_it() -> None:
    record = logging.LogRecord(
        "habeas.web", logging.ERROR, "x.py", 1, 'two\nlines "and" \u2028 more', (), None
    )
    assert len(Lines().format(record).splitlines()) == 1


def test_from_the_start_on_every_logger_of_the_process_writes_such_lines() -> None:
    words = (
        "import logging, warnings; from habeas.web import stream; stream.begin();"
        "logging.getLogger('habeas.worker').info('it began');"
        "logging.getLogger('some.library').warning('planted %s', 'planted');"
        "logging.getLogger('gunicorn.error').error('it goes on')"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    lines = [json.loads(each) for each in done.stderr.splitlines()]
    assert [(each["by"], each.get("said")) for each in lines] == [
        ("habeas.worker", "it began"),
        ("some.library", None),
        ("gunicorn.error", "it goes on"),
    ]

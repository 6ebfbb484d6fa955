"""The error stream as lines that a program reads: one JSON object each, with when, how grave, and what.

Of our own lines every word is a constant of the code. Those of libraries that handle what strangers send may
quote it, so of them only who spoke and where is passed on.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

_MORE = ("error", "where", "hint", "page", "account")
"""What a line of ours may say besides: the kind of a mistake, its place in the code or in what the operator
wrote, the name of a page (never its address), the number of an account."""
_QUOTING = ("/workers/", "/http/")  # parts of gunicorn that speak about what was sent


class Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "by": record.name,
        }
        if record.name.startswith("habeas"):
            line["said"] = record.getMessage()
            said = {name: getattr(record, name, None) for name in _MORE}
            line |= {name: value for name, value in said.items() if value not in (None, "")}
        else:
            quoting = any(each in record.pathname for each in _QUOTING)
            if record.name.startswith("gunicorn") and not quoting and not record.exc_info:
                line["said"] = record.getMessage()
            if record.exc_info and record.exc_info[0] is not None:
                line["error"] = record.exc_info[0].__name__
            line["where"] = f"{record.filename}:{record.lineno}"
        return json.dumps(line)


def begin() -> None:
    """From now on everything that this process logs is a line of that form, on its error stream."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    for name in ("", "gunicorn.error"):  # which hands nothing on by itself
        logging.getLogger(name).handlers[:] = [handler]
    logging.getLogger("gunicorn.error").propagate = False
    logging.captureWarnings(True)
    logging.getLogger("habeas").setLevel(logging.INFO)

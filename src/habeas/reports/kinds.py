"""What each kind of entry in the public log is called, in six languages: one place for every page.

The report, the site and the page that checks receipts each speak of the same kinds. A kind has two forms:
`one` of a single entry that somebody opened, `many` of how much of it there was. The words stand in
`kinds.toml`; what a kind is, `habeas.desk.public` says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def one(language: str) -> dict[str, str]:
    """Each kind of entry by what a single one is called. language: as `en`; KeyError where there is none."""
    return {kind: forms["one"][language] for kind, forms in _all().items() if "one" in forms}


def many(language: str) -> dict[str, str]:
    """Each kind, and `accounts`, by what several are called, or how much of it there was."""
    return {kind: forms["many"][language] for kind, forms in _all().items()}


@cache
def _all() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads((files("habeas.reports") / "kinds.toml").read_text("utf-8"))

"""How a passphrase is given: from a file or a pipe, or typed at the terminal.

Never as a word of a command line, which everybody on the machine reads, nor in the environment, which every
process started from here would get.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any

import click

from habeas.app.masters import Passphrases
from habeas.errors import Refused

_KNOWN, _NEW, _GIVEN = (f"{__name__}.{word}" for word in ("known", "new", "given"))
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True)


def _kept(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    """What an option says is asked for only where a passphrase is needed."""
    context.meta[_NEW if parameter.name == "new_passphrase_file" else _KNOWN] = value


passphrase_option = click.option(
    "--passphrase-file",
    type=_FILE,
    envvar="HABEAS_PASSPHRASE_FILE",
    expose_value=False,
    callback=_kept,
    help="Holds the passphrase of the master key, where it has one, for you alone to read; - is the standard "
    "input. Otherwise it is asked for.",
)
new_passphrase_option = click.option(
    "--new-passphrase-file",
    type=_FILE,
    expose_value=False,
    callback=_kept,
    help="Holds the passphrase of the new master key. Otherwise it is asked for, twice.",
)


def passphrases() -> Passphrases:
    """Those of the command that runs."""
    return Passphrases(_known, _new)


def given() -> tuple[str, ...]:
    """The passphrases that this command was given up to now, for a process of ours that needs them too."""
    found: dict[str, tuple[str, ...]] = _meta().get(_GIVEN, {})
    return tuple(dict.fromkeys(line for lines in found.values() for line in lines))


def _known(what: str) -> tuple[str, ...]:
    """The lines of the file, or what is typed for `what`. Asked for once."""
    path = _meta().get(_KNOWN)
    key = what if path is None else str(path)
    found: dict[str, tuple[str, ...]] = _meta().setdefault(_GIVEN, {})
    if key not in found:
        found[key] = (_typed(f"Passphrase of {what}"),) if path is None else _lines(path)
    return found[key]


def _new() -> str:
    path = _meta().get(_NEW)
    if path is None:
        return _typed("New passphrase", confirmation_prompt="The same again")
    [first, *_] = _lines(path)
    return first


def _lines(path: Path) -> tuple[str, ...]:
    piped = str(path) == "-"
    place = "the standard input" if piped else str(path)
    with click.open_file(str(path), "rb") as file:
        mode = 0 if piped else os.fstat(file.fileno()).st_mode
        if stat.S_ISREG(mode) and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Refused(
                "others on this machine can read the passphrase", place=place, hint=f"chmod 600 {path}"
            )
        data = file.read()
    try:
        lines = tuple(line for line in data.decode("utf-8").splitlines() if line)
    except UnicodeDecodeError:
        raise Refused("a passphrase is text in UTF-8", place=place) from None
    if not lines:
        raise Refused("there is no passphrase in it", place=place)
    return lines


def _typed(prompt: str, **more: Any) -> str:
    if not sys.stdin.isatty():
        raise Refused(
            "the master key needs a passphrase, and there is no terminal to ask at",
            hint="hand it over in a file or a pipe: --passphrase-file, for a new one --new-passphrase-file",
        )
    return str(click.prompt(prompt, hide_input=True, err=True, **more))


def _meta() -> dict[str, Any]:
    return click.get_current_context().meta

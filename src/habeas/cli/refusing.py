"""How the command line says no: one plain sentence, its place and a hint, and exit code 2; never a traceback.

What is refused (a request, a law file, an option, a file that cannot be opened) is told on the error stream,
with every character that could command the terminal written out. A reader who has seen enough (`| head`)
ends the run quietly. A mistake of ours still crashes plainly: nothing else is caught here.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

import click
from rich.console import Console

from habeas.errors import Refused
from habeas.reports.foreign import harmless

REFUSED = 2  # what was handed in is unacceptable
INTERRUPTED = 130  # stopped from the keyboard, as shells count it
READER_LEFT = 141  # the reader of the output went away, as shells count it


class Desk(click.Group):
    """A group of commands that answers with an exit code and never with a traceback for bad input."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line. standalone_mode: exit with its code; otherwise refusals reach the caller."""
        run = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        sys.exit(_code(run))

    def invoke(self, ctx: click.Context) -> Any:
        """As click's, but a reader who left is no error of the system to it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderLeft from error


def _code(run: Callable[[], object]) -> int:
    """The exit code of a run, after whatever went wrong was said."""
    _print_anything()
    try:
        code = run()
        sys.stdout.flush()
    except Refused as refused:
        return say(refused)
    except click.exceptions.NoArgsIsHelpError as wrong:
        wrong.show()
        return REFUSED
    except click.ClickException as wrong:
        return say(_of_usage(wrong))
    except click.Abort:
        return INTERRUPTED
    except (_ReaderLeft, BrokenPipeError):
        _let_go()
        return READER_LEFT
    except OSError as error:
        return say(_of_system(error))
    return code if isinstance(code, int) else 0


class _ReaderLeft(Exception):
    """Nobody reads the output any more."""


class Screen(Console):
    """A console that leaves a closed pipe to `Desk`."""

    def on_broken_pipe(self) -> NoReturn:
        """Pass it on."""
        raise BrokenPipeError


def say(refused: Refused) -> int:
    """Tell it on the error stream; the exit code that goes with it."""
    click.echo(harmless(str(refused)), err=True)
    return REFUSED


def _of_usage(wrong: click.ClickException) -> Refused:
    """A wrong option or argument in the words of every other refusal."""
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    command = context.command_path if context is not None else "habeas"
    sentence = wrong.format_message().strip().rstrip(".")
    return Refused(sentence, place=command, hint=f"`{command} --help` says what it takes")


def _of_system(error: OSError) -> Refused:
    """What the system would not do, such as writing to a full disk."""
    reason = (error.strerror or str(error) or type(error).__name__).lower()
    return Refused(f"the system does not allow this: {reason}", place=str(error.filename or ""))


def _print_anything() -> None:
    """Letters that the terminal's encoding lacks are written as escapes; an answer never ends in an error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _let_go() -> None:
    """Send what is still buffered nowhere, so that the interpreter does not complain when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""`habeas examples`: every example of a folder, assessed on its own day.

An example is a folder: request.json, house.json (what the house knows; left out where it knows nothing) and
settings.json (the day, who we are, what is supposed). This module reads such folders and shows one line each;
what is recommended comes from the same `assessing.Settings` that `habeas assess` uses, and `arguments` says
with which words to ask that command for the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

import click
import msgspec
from rich.console import Console
from rich.text import Text

from habeas.app import assessing
from habeas.assess import Assessment
from habeas.cli.refusing import REFUSED, say
from habeas.errors import Refused
from habeas.reports.words import Tone, recommended
from habeas.request import Request

REQUEST, HOUSE, SETTINGS = "request.json", "house.json", "settings.json"
_STYLES: dict[Tone, str] = {"plain": "bold", "ask": "bold #a87000", "stop": "bold #d0306a"}


class ExampleSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """settings.json: the day of the assessment, whether the treaty is supposed to be in force, the seat."""

    on: date
    as_if_in_force: bool = False
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One folder. `name` is the name of the folder."""

    folder: Path
    settings: ExampleSettings

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words after `habeas` that give this example's answer."""
        words = ["assess", str(self.folder / REQUEST)]
        if self._knows:
            words += ["--house", str(self.folder / HOUSE)]
        words += ["--on", self.settings.on.isoformat()]
        if self.settings.as_if_in_force:
            words.append("--as-if-in-force")
        if self.settings.seat is not None:
            words += ["--seat", self.settings.seat]
        return tuple(words)

    @property
    def _knows(self) -> bool:
        return (self.folder / HOUSE).is_file()

    def assess(self) -> tuple[Request, Assessment]:
        """The request and its assessment. Raises Refused where a file of the folder is not readable."""
        settings = assessing.Settings(
            on=self.settings.on,
            as_if_in_force=self.settings.as_if_in_force,
            seat=assessing.seat(self.settings.seat) if self.settings.seat else None,
            policy=assessing.environment_policy(),
            house=assessing.house(str(self.folder / HOUSE)) if self._knows else assessing.NO_HOUSE,
        )
        place = str(self.folder / REQUEST)
        found = list(assessing.entries([place], settings.house))
        for read in found:
            if read.refused is not None:
                raise read.refused
        if len(found) != 1 or found[0].request is None:
            raise Refused(
                "an example holds exactly one request", place=place, hint="give each its own folder"
            )
        return found[0].request, settings.assess(found[0].request)


Answered: TypeAlias = tuple[Example, Request, Assessment]


def read_examples(folder: Path) -> Iterator[Example]:
    """The examples below `folder`, by name. Raises Refused where none is or a settings file is wrong."""
    return map(read_example, _places(folder))


def read_example(folder: Path) -> Example:
    """The example in `folder`. Raises Refused where its settings file is wrong."""
    return Example(folder, _settings(folder / SETTINGS))


def _places(folder: Path) -> list[Path]:
    places = sorted(path.parent for path in folder.glob(f"*/{REQUEST}"))
    if not places:
        raise Refused(
            "there is no example in this folder", place=str(folder), hint=f"one folder each, with {REQUEST}"
        )
    return places


def _settings(path: Path) -> ExampleSettings:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refused(
            "the settings of this example cannot be read", place=str(path), hint=str(error.strerror)
        ) from error
    return assessing.strictly(data, ExampleSettings, str(path), hint='write for example {"on": "2026-11-21"}')


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default="examples")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write every answer in full, one page each.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object an example.")
@click.pass_context
def examples(context: click.Context, folder: Path, out: Path | None, as_json: bool) -> None:
    """Assess every example in FOLDER (default: examples) and show one line each.

    One that cannot be read is told and never stops the rest; the exit code is then 2.
    """
    wrong: list[Refused] = []
    answers: Iterable[Answered] = _answers(_places(folder), wrong)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        answers = _written(answers, out)
    if as_json:
        for example, _request, answer in answers:
            click.echo(msgspec.json.encode({"example": example.name, "answer": answer}).decode())
    else:
        _lines(answers, Console())
    for refused in wrong:
        say(refused)
    context.exit(REFUSED if wrong else 0)


def _answers(places: Iterable[Path], wrong: list[Refused]) -> Iterator[Answered]:
    """The examples with their answers; what is refused is added to `wrong`."""
    for place in places:
        try:
            example = read_example(place)
            request, answer = example.assess()
        except Refused as refused:
            wrong.append(refused)
        else:
            yield example, request, answer


def _written(answers: Iterable[Answered], out: Path) -> Iterator[Answered]:
    from habeas.reports import answer as shown  # the page templates are read only where a page is wanted

    for example, request, answer in answers:
        page = shown.html(request, answer, explain=False)
        (out / f"{example.name}.html").write_text(page, "utf-8")
        yield example, request, answer


def _lines(answers: Iterable[Answered], console: Console) -> None:
    rows = [(example.name, recommended(answer.decision), answer.because) for example, _, answer in answers]
    names = max((len(name) for name, _, _ in rows), default=0)
    verdicts = max((len(verdict.word) for _, verdict, _ in rows), default=0)
    for name, verdict, why in rows:
        line = Text(f"{name:<{names}}  ").append(f"{verdict.word:<{verdicts}}", _STYLES[verdict.tone])
        console.print(line.append(f"  {why}", "none"), soft_wrap=True, highlight=False)

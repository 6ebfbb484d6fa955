"""`habeas desk`: the verbs of the desk for the terminal, the same ones that the pages use.

Whoever can open the home folder holds its keys, so the command line does not ask for a password: it asks for
whom it acts (`--by`), and the table of moves says no to it as to anybody. Every verb of
`habeas.desk.desk.Desk` is a command here; its options are the verb's own arguments.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from habeas.app.installation import Installation
from habeas.desk import limits
from habeas.desk.case import Case
from habeas.desk.desk import Desk
from habeas.desk.events import Configured, Door, Role
from habeas.desk.moves import TABLE, Act, may, moves
from habeas.desk.queue import View
from habeas.errors import Refused
from habeas.reports.foreign import harmless

_GIVEN = frozenset({"self", "case", "by", "at"})
_WITH_APP = frozenset({Act.NOTIFY, Act.RELEASE, Act.ERASE, Act.ANSWER, Act.ACCEPT_NARROWING})
"""Verbs that need more than the desk: chance, a key, a file. They are written out below."""

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("habeas-home"),
    show_default=True,
    envvar="HABEAS_HOME",
    help="The home folder of the installation.",
)
database_option = click.option(
    "--database",
    default="",
    envvar="HABEAS_DATABASE",
    help="postgresql://... instead of a file in the home folder.",
)
organisation_option = click.option(
    "--organisation", "-o", required=True, envvar="HABEAS_ORGANISATION", help="Whose desk."
)


def located(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds where the installation is, and whose desk."""
    return home_option(database_option(organisation_option(command)))


@click.group("desk")
def desk() -> None:
    """The desk: take requests in, look at cases, and do what the table of moves allows."""


@desk.command("found")
@located
@click.option("--by", "person", required=True, help="The first administrator's id.")
@click.option("--title", default="Administrator", show_default=True, help="What colleagues see.")
@click.option("--seat", required=True, help="Who the house is, STATE:ROLE, e.g. CHE:provider.")
@click.option("--zone", required=True, help="Where it counts its days, e.g. Europe/Zurich.")
@click.option("--calendar", default="sat-sun", show_default=True, help="Its weekend.")
def found(
    home: Path, database: str, organisation: str, person: str, title: str, seat: str, zone: str, calendar: str
) -> None:
    """Open a new house with its first administrator."""
    opened = Installation.open(home, database=database)
    settings = Configured(seat=seat, zone=zone, calendar=calendar)
    opened.desk(organisation).found(opened.now(), person=person, title=title, settings=settings)
    click.echo(f"{organisation} is open; {person} is its administrator.")


@desk.command("admit")
@located
@click.option("--by", required=True, help="An administrator's id.")
@click.option("--partner", default="", help="The organisation of an expert or a delegate.")
@click.argument("person")
@click.argument("title")
@click.argument("roles", nargs=-1, required=True, type=click.Choice([role.value for role in Role]))
def admit(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    partner: str,
    person: str,
    title: str,
    roles: tuple[str, ...],
) -> None:
    """Let PERSON in as TITLE, with ROLES."""
    opened = Installation.open(home, database=database)
    chosen = [Role(role) for role in roles]
    opened.desk(organisation).admit(
        by, opened.now(), person=person, title=title, roles=chosen, partner=partner
    )
    click.echo(f"{person} is here as {', '.join(roles)}.")


@desk.command("take-in")
@located
@click.option("--by", required=True, help="Who takes it in.")
@click.option("--door", type=click.Choice([door.value for door in Door]), default="paper", show_default=True)
@click.option("--zone", default="UTC", show_default=True, help="Where the sender's dates were stated.")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.pass_context
def take_in(
    context: click.Context,
    home: Path,
    database: str,
    organisation: str,
    by: str,
    door: str,
    zone: str,
    files: tuple[Path, ...],
) -> None:
    """Take the requests in FILES in. What cannot be read is said, and loses no other."""
    opened = Installation.open(home, database=database)
    lost = False
    for file in files:
        data = file.read_bytes()
        for taken in opened.take_in(organisation, by, data, door=Door(door), zone=zone, name=str(file)):
            if taken.case is not None:
                click.echo(taken.case.id)
            if taken.refused is not None:
                lost = True
                click.echo(harmless(str(taken.refused)), err=True)
    context.exit(2 if lost else 0)


@desk.command("queue")
@located
@click.option("--turn", multiple=True, help="Only cases whose turn this is; can be said twice.")
@click.option("--assigned", default=None, help="Only this person's; empty for nobody's.")
@click.option("--closed", is_flag=True, help="Closed cases instead of open ones.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
def show_queue(
    home: Path,
    database: str,
    organisation: str,
    turn: tuple[str, ...],
    assigned: str | None,
    closed: bool,
    limit: int,
) -> None:
    """The queue, what is due first on top."""
    opened = Installation.open(home, database=database)
    view = View(turn=turn, assigned=assigned, closed=closed)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("case", "from", "measure", "stage", "turn", "next", "due"):
        table.add_column(heading)
    for row in opened.queue(organisation, view, limit=limit).rows:
        due = f"{row.due:%Y-%m-%d %H:%M} {row.due_what}" if row.due else ""
        urgent = "emergency " if row.emergency else ""
        table.add_row(row.case, row.state, urgent + row.measure, row.stage, row.turn, row.next, due)
    Console().print(table)


@desk.command("show")
@located
@click.option("--by", required=True, help="Who looks.")
@click.argument("case")
def show(home: Path, database: str, organisation: str, by: str, case: str) -> None:
    """A case: where it stands, its time limits, its history, and what you can do."""
    opened = Installation.open(home, database=database)
    house = opened.people(organisation)
    found, person, now = opened.case(organisation, case), house.person(by), opened.now()
    _may_read(found, organisation, by, opened)
    console = Console()
    console.print(f"[bold]{found.id}[/]  {found.stage}  version {found.version}", highlight=False)
    if found.assessment is not None:
        console.print(f"recommended: [bold]{found.assessment.decision}[/]. {found.assessment.because}")
    for (target, item), fate in found.fates().items():
        console.print(f"  {harmless(target)} {harmless(item)}: {fate}", highlight=False)
    for reckoning in limits.running(found, house, now):
        console.print(f"  {reckoning.id}: {reckoning.says(now)}", highlight=False)
    for recorded in found.history:
        line = (
            f"  {recorded.number:3} {recorded.at:%Y-%m-%d %H:%M} {recorded.by}: {recorded.event.sentence()}"
        )
        console.print(line, highlight=False, markup=False)
    for move, answer in moves(person, found, house, now):
        sign = "+" if answer else "-"
        console.print(f"  {sign} {move.act}: {answer.reason}", highlight=False, markup=False)


def _may_read(case: Case, organisation: str, by: str, opened: Installation) -> None:
    house = opened.people(organisation)
    answer = may(house.person(by), Act.READ, case, house, opened.now())
    if not answer:
        raise Refused(answer.reason.rstrip("."), place=case.id, hint="nothing was shown")


def _option(name: str, parameter: inspect.Parameter, kind: Any) -> click.Option:
    """One argument of a verb as an option: words as they are, everything else as JSON."""
    plain = kind is str
    flag = kind is bool
    needed = parameter.default is inspect.Parameter.empty
    return click.Option(
        [f"--{name.replace('_', '-')}" + (f"/--no-{name.replace('_', '-')}" if flag else ""), name],
        required=needed and not flag,
        default=None if needed and not flag else (False if flag and needed else parameter.default),
        type=bool if flag else str,
        help="" if plain or flag else f"as JSON: {_named(kind)}",
    )


def _named(kind: Any) -> str:
    return str(kind).replace("collections.abc.", "").replace("habeas.", "").replace("typing.", "")


def _value(given: Any, kind: Any, name: str) -> Any:
    if kind in (str, bool) or not isinstance(given, str):
        return given
    try:
        return msgspec.json.decode(given, type=_decodable(kind))
    except msgspec.DecodeError:
        try:
            return msgspec.convert(given, _decodable(kind))
        except msgspec.ValidationError as error:
            raise Refused(
                f"this is not what the verb needs: {error}", place=f"--{name}", hint=_named(kind)
            ) from None


def _decodable(kind: Any) -> Any:
    """`Sequence[X]` and `Iterable[X]` as a tuple of X."""
    inner = typing.get_args(kind)
    if inner and typing.get_origin(kind) is not None and "abc" in str(typing.get_origin(kind)):
        return tuple[inner[0], ...]  # type: ignore[valid-type]
    return kind


def _verb(act: Act) -> click.Command:
    """The command of one verb, made from the signature of the verb itself."""
    method = getattr(Desk, act.replace("-", "_"))
    hints = typing.get_type_hints(method)
    parameters = {
        name: parameter
        for name, parameter in inspect.signature(method).parameters.items()
        if name not in _GIVEN
    }

    def run(home: Path, database: str, organisation: str, by: str, case: str, **given: Any) -> None:
        opened = Installation.open(home, database=database)
        values = {name: _value(value, hints[name], name) for name, value in given.items()}
        changed = _done(opened, organisation, act, case, by, opened.now(), values)
        click.echo(f"{changed.id}: {changed.history[-1].event.sentence()} It is now {changed.stage}.")

    return click.Command(
        act.value,
        callback=run,
        help=(method.__doc__ or TABLE[act].says).strip(),
        short_help=TABLE[act].says,
        params=[
            *_options(home_option, database_option, organisation_option),
            click.Option(["--by"], required=True, help="For whom this is done."),
            *(_option(name, parameter, hints[name]) for name, parameter in parameters.items()),
            click.Argument(["case"]),
        ],
    )


def _done(
    opened: Installation,
    organisation: str,
    act: Act,
    case: str,
    by: str,
    at: datetime,
    values: dict[str, Any],
) -> Case:
    changed = getattr(opened.desk(organisation), act.replace("-", "_"))(case, by, at, **values)
    return changed[0] if isinstance(changed, tuple) else typing.cast("Case", changed)


def _options(*decorators: Callable[[Callable[..., Any]], Callable[..., Any]]) -> list[click.Parameter]:
    """The options that these decorators add."""

    def bare() -> None:
        """Carries the options, and does nothing."""

    for decorate in decorators:
        decorate(bare)
    return list(reversed(getattr(bare, "__click_params__", [])))


for _act in TABLE:
    if _act not in _WITH_APP:
        desk.add_command(_verb(_act))


@desk.command("notify")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.argument("case")
def notify(home: Path, database: str, organisation: str, by: str, case: str) -> None:
    """Tell the person. The code for their door is printed once and kept nowhere."""
    opened = Installation.open(home, database=database)
    changed, code = opened.notify(organisation, case, by)
    click.echo(f"{changed.id}: {changed.history[-1].event.sentence()}")
    click.echo(f"The code for the person's door, to be written into the notice: {code}")


@desk.command("release")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.argument("case")
def release(home: Path, database: str, organisation: str, by: str, case: str) -> None:
    """Seal what was approved to the authority's key, and record that it left."""
    opened = Installation.open(home, database=database)
    changed = opened.hand_over(organisation, case, by)
    click.echo(f"{changed.id}: {changed.history[-1].event.sentence()}")
    click.echo(f"The package lies in {opened.outgoing / organisation / case}.")


@desk.command("erase")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.option("--why", required=True, help="Why now.")
@click.argument("case")
def erase(home: Path, database: str, organisation: str, by: str, why: str, case: str) -> None:
    """Destroy the keys of a case whose time is over, here and in every backup that can be reached."""
    opened = Installation.open(home, database=database)
    reach = opened.erase(organisation, case, by, why=why)
    click.echo(f"{case}: erased.")
    for copy in reach.unreached:
        click.echo(f"This copy of the keyring could not be reached and still opens it: {copy}")


@desk.command("answer")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.option("--narrowing", is_flag=True, help="They accepted the narrower request.")
@click.argument("case")
@click.argument("file", type=FILE)
def answer(
    home: Path, database: str, organisation: str, by: str, narrowing: bool, case: str, file: Path
) -> None:
    """Record the requester's answer: FILE is the request as they ask it now."""
    opened = Installation.open(home, database=database)
    act = Act.ACCEPT_NARROWING if narrowing else Act.ANSWER
    changed = opened.answer(organisation, case, by, file.read_bytes(), act=act, name=str(file))
    click.echo(f"{changed.id}: {changed.history[-1].event.sentence()} It is now {changed.stage}.")

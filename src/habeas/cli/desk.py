"""`habeas desk`: the verbs of the desk for the terminal, the same ones that the pages use.

Whoever can open the home folder holds its keys, so the command line does not ask for a password: it asks for
whom it acts (`--by`), and the table of moves says no to it as to anybody. Every verb of
`habeas.desk.desk.Desk` is a command here; its options are the verb's own arguments.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from rich.table import Table

from habeas.app import enclosing, extracting, importing, releasing
from habeas.app.installation import Installation, became
from habeas.app.releasing import Laid
from habeas.assess import Ceiling
from habeas.cli.house import (
    case_id,
    database_option,
    from_json,
    home_option,
    located,
    opened,
    organisation_option,
)
from habeas.cli.refusing import REFUSED, Screen, say
from habeas.desk import alone, blinding, course, limits
from habeas.desk.case import Case, Seat
from habeas.desk.desk import Desk
from habeas.desk.enclosing import happened, stated
from habeas.desk.events import WORKS, Arrived, Door, Role, Ruling, Way
from habeas.desk.letters import Kind, Language
from habeas.desk.letters.model import NOTICES
from habeas.desk.moves import TABLE, Act, may, moves, permit
from habeas.desk.package import Part
from habeas.desk.queue import View
from habeas.errors import Refused
from habeas.reports import answer_text, briefing, rows
from habeas.reports.foreign import harmless
from habeas.request import AccountFacts, Evidence, Period
from habeas.request.formats import to_native
from habeas.request.formats.table import read_table
from habeas.store import Coming

Said = TypeVar("Said")

_PIECE = 1 << 20  # bytes of a file read at a time
_GIVEN = frozenset({"self", "case", "by", "at"})
_WITH_APP = frozenset(
    {
        Act.RECORD_OBJECTION,
        Act.NOTIFY,
        Act.WRITE,
        Act.PREPARE,
        Act.RELEASE,
        Act.CONFIRM_DELIVERY,
        Act.ERASE,
        Act.ANSWER,
        Act.ACCEPT_NARROWING,
        Act.ATTACH,
    }
)
"""Verbs that need more than the desk: chance, a key, a file. They are written out below."""
_CASES = frozenset({"into"})
"""Arguments of verbs that name a case."""

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("desk")
def desk() -> None:
    """The desk: take requests in, look at cases, and do what the table of moves allows."""


@desk.command("take-in")
@located
@click.option("--by", required=True, help="Who takes it in.")
@click.option("--door", type=click.Choice([door.value for door in Door]), default="paper", show_default=True)
@click.option(
    "--zone",
    default="",
    help="Where the sender's dates were stated, or `unknown`. Without it: the requesting state's own zone, "
    "where it has only one.",
)
@click.option(
    "--arrived",
    default="",
    help="When they came, where that was not now: 2026-05-31, or 2026-05-31T08:30 where the hour is known.",
)
@click.option("--arrived-zone", default="", help="By the clocks of which zone; the house's own without it.")
@click.option(
    "--promises",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Write the promise for each sender into this folder, where the house keeps a public log.",
)
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
    arrived: str,
    arrived_zone: str,
    promises: Path | None,
    files: tuple[Path, ...],
) -> None:
    """Take the requests in FILES in. What cannot be read is said, and loses no other."""
    app = opened(home, database)
    came = _arrived(arrived, arrived_zone or app.people(organisation).settings.zone)
    if came is not None:
        happened(came, app.now())
    lost = False
    for file in files:
        data = file.read_bytes()
        entries = app.take_in(
            organisation, by, data, door=Door(door), zone=zone, name=str(file), arrived=came
        )
        for given in {each.promise for each in entries if each.promise}:
            if promises is not None:
                (promises / f"{file.name}.promise").write_bytes(given)
            elif all(each.case is None for each in entries):  # it stands nowhere else
                click.echo(f"The promise for whoever sent {file}:\n{given.decode()}", err=True)
        for taken in entries:
            if taken.case is not None:
                click.echo(taken.case.id)
            if taken.case is not None and (taken.again or taken.case.like):
                click.echo(became(taken.case), err=True)
            if taken.refused is not None:
                lost = True
                say(taken.refused)
    context.exit(REFUSED if lost else 0)


def _arrived(written: str, zone: str) -> Arrived | None:
    """A day, or a day with an hour of that zone."""
    if not written:
        return None
    try:
        if len(written) == len("2026-05-31"):
            return stated(date.fromisoformat(written), None, zone)
        shown = datetime.fromisoformat(written)
    except ValueError:
        shown = None
    if shown is None or shown.tzinfo is not None:
        raise Refused(
            "this is no day, and no day with an hour",
            place="--arrived",
            hint="write 2026-05-31 or 2026-05-31T08:30, and its zone with --arrived-zone",
        )
    return stated(shown.date(), shown.time(), zone)


@desk.command("import")
@located
@click.option("--by", required=True, help="Who takes them in.")
@click.option(
    "--zone",
    default="",
    help="Where the dates were stated, or `unknown`. Without it: each requesting state's own zone, where it "
    "has only one.",
)
@click.option("--look", is_flag=True, help="Only say what would become of each line.")
@click.argument("file", type=FILE)
@click.pass_context
def import_table(
    context: click.Context,
    home: Path,
    database: str,
    organisation: str,
    by: str,
    zone: str,
    look: bool,
    file: Path,
) -> None:
    """Take in the open cases of a table: FILE is CSV, one line a case, with the columns of the page.

    A line whose reference is a case already is not taken in twice, so it can be said again after whatever
    went wrong. What stays out is said, and loses no other.
    """
    app = opened(home, database)
    lines = importing.look(app, organisation, by, read_table(file.read_bytes(), str(file)), zone=zone)
    done = lines if look else importing.take(app, organisation, by, lines)
    for before, after in zip(lines, done, strict=True):
        if after.why is not None:
            say(after.why)
        elif before.case:
            differs = "" if before.same else " The case says something else under this reference."
            _say(f"line {after.line.number}: here already, {before.case}.{differs}")
        else:
            _say(f"line {after.line.number}: {after.case or 'would be a case'}")
    if not look:
        click.echo(importing.told(lines, done), err=True)
    context.exit(REFUSED if any(each.why is not None for each in done) else 0)


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
    app = opened(home, database)
    view = View(turn=turn, assigned=assigned, closed=closed)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("case", "from", "measure", "stage", "turn", "next", "due"):
        table.add_column(heading, no_wrap=heading == "case")
    page = app.queue(organisation, view, limit=limit)
    for row in page.rows:
        due = f"{row.due:%Y-%m-%d %H:%M} {row.due_what}" if row.due else ""
        urgent = "emergency " if row.emergency else ""
        table.add_row(row.case, row.state, urgent + row.measure, row.stage, row.turn, row.next, due)
    Screen(markup=False).print(table)
    if page.after:
        click.echo(f"There are more than {limit}; --limit shows more.")


@desk.command("covered")
@located
@click.option("--by", required=True, help="Who looks, as counsel who invites.")
@click.option("--word", "words", multiple=True, help="To be covered besides; can be said several times.")
@click.argument("case", type=case_id)
def show_covered(
    home: Path, database: str, organisation: str, by: str, words: tuple[str, ...], case: str
) -> None:
    """What an expert without the names would see, and the word that confirms it: `invite --confirmed`."""
    app = opened(home, database)
    house, found = app.people(organisation), app.case(organisation, case)
    permit(may(house.person(by), Act.INVITE, found, house, app.now()), "nothing was shown")
    shown = blinding.covered(found.request, found.request, blinding.further(found.request, words))
    click.echo(to_native(shown).decode())
    click.echo(f"To confirm exactly this: {blinding.confirmation(shown)}", err=True)


@desk.command("workload")
@located
@click.option("--by", required=True, help="Who looks.")
def workload(home: Path, database: str, organisation: str, by: str) -> None:
    """What lies with whom: open cases, those of them that are overdue, and until when somebody is away."""
    app = opened(home, database)
    house, now = app.people(organisation), app.now()
    if not (house.person(by).reads_cases or house.person(by).has(Role.ADMINISTRATOR)):
        raise Refused("this is for colleagues", hint="nothing was shown")
    for person in house.people.values():
        if person.has(*WORKS):
            load, away = app.workload(organisation, person.id), person.away(house.day(now))
            absent = f", away until {away.until}" if away is not None else ""
            _say(f"{person.id}: {load.open} open, {load.overdue} overdue{absent}")


@desk.command("show")
@located
@click.option("--by", required=True, help="Who looks.")
@click.option("--short", is_flag=True, help="Only where it stands, and nothing of what the request says.")
@click.argument("case", type=case_id)
def show(home: Path, database: str, organisation: str, by: str, short: bool, case: str) -> None:
    """A case: what is asked and what was found, where it stands, everything that was decided, its time
    limits, its history, and what you can do."""
    app = opened(home, database)
    house = app.people(organisation)
    found, person, now = app.case(organisation, case), house.person(by), app.now()
    _may_read(found, organisation, by, app)
    click.echo(f"{found.id}  {found.stage}  version {found.version}")
    seat = found.seat(by)
    guest = not person.reads_cases
    if not short:
        _tell(found, seat if guest else None)
    if found.assessment is not None:
        _say(f"recommended: {found.assessment.decision}. {found.assessment.because}")
        _say(f"assessment: {found.digest}")
        for line in found.assessment.items:
            _say(f"  {line.target} {line.item}: {line.decision}, {line.ceiling}")
    for (target, item), fate in found.fates().items():
        _say(f"  {target} {item}: {fate}")
    for (target, item), steps in course.of(found).items() if not (short or guest) else ():
        for step in steps:
            _say(f"  {target} {item}: {_decided(step)}")
    for reckoning in limits.running(found, house, now):
        _say(f"  {reckoning.id}: {reckoning.says(now)}")
    wording = None if guest else found.wording
    if wording is not None:
        for question in wording.questions:
            _say(f"  proposed by {wording.by}: {question}")
    for recorded in () if guest else alone.rests_on(found):
        _say(f"  one person's word: {recorded.by} {alone.said(recorded.event)}")
    for recorded in () if guest else found.history:
        when, words = f"{recorded.at:%Y-%m-%d %H:%M}", recorded.event.sentence()
        late = f" (recorded after {recorded.spoken:%Y-%m-%d %H:%M})" if recorded.spoken is not None else ""
        _say(f"  {recorded.number:3} {when}{late} {recorded.by}: {words}")
    for move, answer in moves(person, found, house, now):
        _say(f"  {'+' if answer else '-'} {move.act}: {answer.reason}")


def _decided(step: course.Step) -> str:
    """Who did what about an item, when, on which ground and why."""
    said = f"{step.at:%Y-%m-%d %H:%M} {step.by} {step.what}"
    if step.what is course.What.DECIDED and step.ruling is not None:
        said += f": {step.ruling.decision}, {step.ruling.ceiling}"
        said += f", {step.ruling.ground}" if step.ruling.ground else ""
        said += f", in the assessment {step.assessment[:12]}"
    return f"{said}; {step.why}" if step.why else said


def _tell(case: Case, guest: Seat | None) -> None:
    """The request and its assessment, as `habeas assess` tells them; to a guest nothing that is for the house
    only, and to one without the names no name. guest: where they sit, None for a colleague."""
    asked, assessment = case.request, case.assessment
    if guest is not None and guest.blinded:
        asked, assessment = blinding.as_confirmed(asked, assessment, guest.covered, guest.shown)
    if assessment is None:
        for row in rows.request_rows(asked):
            for line in row.lines:
                _say(f"{row.label}: {''.join(each if isinstance(each, str) else each.text for each in line)}")
        _say(f"facts: {asked.facts}")
        return
    told = briefing.brief(asked, assessment, explain=False)
    click.echo(answer_text.as_text(briefing.outside(told) if guest is not None else told))


def _say(line: str) -> None:
    """One line, whatever a requester wrote into it."""
    click.echo(harmless(line))


def _may_read(case: Case, organisation: str, by: str, app: Installation) -> None:
    house = app.people(organisation)
    answer = may(house.person(by), Act.READ, case, house, app.now())
    if not answer:
        raise Refused(answer.reason.rstrip("."), place=case.id, hint="nothing was shown")


def _option(name: str, parameter: inspect.Parameter, kind: Any) -> click.Option:
    """One argument of a verb as an option: words as they are, one of a closed list as its word, everything
    else as JSON.

    What the verb needs has to be said, a yes or no as well: what is left out is never taken as an answer.
    """
    flag, listed = kind is bool, _listed(kind)
    needed = parameter.default is inspect.Parameter.empty
    spelt = f"--{name.replace('_', '-')}"
    words = click.Choice([*map(str, kind)]) if listed else str
    shape = "" if kind in (str, bool) or listed else _shape(kind)
    # A default of None would be taken for an answer, so there is none at all where the verb needs one; and
    # none stands for JSON, which is left to the verb where nobody wrote any.
    own = not needed and kind in (str, bool)
    default = {"default": parameter.default, "show_default": bool(parameter.default)} if own else {}
    return click.Option(
        [spelt + (f"/--no-{name.replace('_', '-')}" if flag else ""), name],
        required=needed,
        type=case_id if name in _CASES else bool if flag else words,
        metavar=None if kind in (str, bool) or listed else "JSON",
        help=shape,
        **default,
    )


def _listed(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


EXAMPLES = {
    Ruling: '{"target": "t1", "item": "i1", "decision": "refuse", "ceiling": "nothing", '
    '"ground": "safeguards:persecution"}',
    Evidence: '{"kind": "call-back", "holds": true, "register": "treaty-directory", "register_entry": "12", '
    '"register_state": "FRA", "register_read_on": "2026-10-23", "seen_on": "2026-11-22"}',
    AccountFacts: '{"target": "t1", "exists": true}',
}
"""One value of each kind that is handed in as JSON, as it is written."""


def _shape(kind: Any) -> str:
    """What JSON an option takes: the kind, an example, and the words that a field may have."""
    one = next((each for each in typing.get_args(kind) if each in EXAMPLES), None)
    if one is None:
        return f"as JSON: {_named(kind)}"
    hints = typing.get_type_hints(one)
    words = "; ".join(
        f"{name} is one of {', '.join(map(str, listed))}"
        for name, hint in hints.items()
        for listed in (hint, *typing.get_args(hint))
        if _listed(listed)
    )
    return f"as JSON, a list with one {_named(one)} for each: [{EXAMPLES[one]}]" + (
        f". {words}" * bool(words)
    )


def _named(kind: Any) -> str:
    plain = kind.__name__ if isinstance(kind, type) and not typing.get_args(kind) else str(kind)
    return re.sub(r"\b(?:[a-z_]+\.)+", "", plain)


def _value(given: Any, kind: Any, name: str) -> Any:
    if kind in (str, bool) or not isinstance(given, str):
        return given
    if _listed(kind):
        return kind(given)
    value = from_json(given, _decodable(kind), f"--{name.replace('_', '-')}", _named(kind))
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _decodable(kind: Any) -> Any:
    """`Sequence[X]` and `Iterable[X]` as a tuple of X; an instant with its zone."""
    if kind in (datetime, datetime | None):
        return typing.Annotated[datetime, msgspec.Meta(tz=True)]
    origin = typing.get_origin(kind)
    if isinstance(origin, type) and issubclass(origin, Iterable) and origin.__module__ == "collections.abc":
        return tuple[typing.get_args(kind)[0], ...]  # type: ignore[misc]
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
        app = opened(home, database)
        said = {name: value for name, value in given.items() if value is not None}
        values = {name: _value(value, hints[name], name) for name, value in said.items()}
        changed = _done(app, organisation, act, case, by, app.now(), values)
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
            click.Argument(["case"], type=case_id),
        ],
    )


def _done(
    app: Installation,
    organisation: str,
    act: Act,
    case: str,
    by: str,
    at: datetime,
    values: dict[str, Any],
) -> Case:
    changed = getattr(app.desk(organisation), act.replace("-", "_"))(case, by, at, **values)
    return changed[0] if isinstance(changed, tuple) else typing.cast("Case", changed)


def _options(*decorators: Callable[[Callable[..., Any]], Callable[..., Any]]) -> list[click.Parameter]:
    """The options that these decorators add."""

    def bare() -> None:
        """Carries the options, and does nothing."""

    for decorate in decorators:
        decorate(bare)
    return list(getattr(bare, "__click_params__", []))


for _act in TABLE:
    if _act not in _WITH_APP:
        desk.add_command(_verb(_act))


@desk.command("notify")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.option("--language", type=click.Choice([each.value for each in Language]), default="en")
@click.option(
    "--to",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Write the page of each notice into this folder.",
)
@click.argument("case", type=case_id)
def notify(
    home: Path, database: str, organisation: str, by: str, language: str, to: Path | None, case: str
) -> None:
    """Write the notice to each person concerned. The codes for their doors are printed once and kept nowhere;
    `send-notice` says that a notice went out."""
    app = opened(home, database)
    changed, codes = app.notify(organisation, case, by, Language(language))
    click.echo(f"{changed.id}: {len(codes)} written. Send each, then say so: habeas desk send-notice")
    letters = {each.about[0]: each.sha256 for each in changed.letters if each.about}
    for target, code in codes.items():
        click.echo(f"The code for the door, to be written into the notice for {target}: {code}")
        if to is not None:
            (to / f"{changed.id}-{target}.html").write_text(
                app.page_of(organisation, case, letters[target]), "utf-8"
            )


@desk.command("record-objection")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.option("--way", type=click.Choice([each.value for each in Way]), required=True, help="How it came.")
@click.option("--letter", type=FILE, help="It, as PDF or plain text; it is sealed into the case.")
@click.option("--words", default="", help="What it says, in short. Needed where no letter is kept.")
@click.option("--code", default="", help="The code of their notice, where the letter names it.")
@click.argument("case", type=case_id)
def record_objection(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    way: str,
    letter: Path | None,
    words: str,
    code: str,
    case: str,
) -> None:
    """Record an objection that came by post or mail. Nothing is handed over until it is answered."""
    app = opened(home, database)
    data = letter.read_bytes() if letter is not None else b""
    changed = app.record_objection(organisation, case, by, way=Way(way), words=words, letter=data, code=code)
    _say(f"{changed.id}: {changed.history[-1].event.sentence()} It is now {changed.stage}.")


@desk.command("write")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.option("--language", type=click.Choice([each.value for each in Language]), default="en")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Where the page goes; or -.")
@click.argument("case", type=case_id)
@click.argument("kind", type=click.Choice([each.value for each in Kind if each not in NOTICES]))
def write(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    language: str,
    to: Path | None,
    case: str,
    kind: str,
) -> None:
    """Write a letter of this KIND and lay it into the file. Nothing is sent: a person does that."""
    app = opened(home, database)
    changed, _letter = app.letter(organisation, case, by, Kind(kind), Language(language))
    _say(f"{changed.id}: {changed.history[-1].event.sentence()}")
    written = changed.letters[-1]
    if changed.waits_for_counsel(written):
        click.echo(
            "It is held: it rests on what nobody has compared with a certified text. Counsel reads that and "
            f"clears the letter {written.sha256}; then `habeas desk fetch-letter` gives it out."
        )
    elif to is not None:
        to.write_text(app.page_of(organisation, case, written.sha256), "utf-8")
        click.echo(f"It lies in {to}.")


@desk.command("fetch-letter")
@located
@click.option("--by", required=True, help="Who fetches it.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where it goes.")
@click.argument("case", type=case_id)
@click.argument("letter")
def fetch_letter(
    home: Path, database: str, organisation: str, by: str, to: Path, case: str, letter: str
) -> None:
    """Write the page of a LETTER in the file, named by its SHA-256, to a file. One that is held stays."""
    app = opened(home, database)
    _may_read(app.case(organisation, case), organisation, by, app)
    if not app.people(organisation).person(by).reads_cases:
        raise Refused("the letters of a case are for who reads every case", hint="nothing was fetched")
    app.may_go_out(organisation, case, letter)
    to.write_text(app.page_of(organisation, case, letter), "utf-8")
    _say(f"It lies in {to}.")


def _placed(given: str) -> tuple[str, str, Path]:
    """TARGET/ITEM=PATH: which file is for which item."""
    place, _, path = given.partition("=")
    target, _, item = place.partition("/")
    if not target or not item or not path:
        raise click.BadParameter(f"{given!r} is not TARGET/ITEM=PATH, as in t1/i1=subscriber.csv")
    return target, item, FILE.convert(path, None, None)


def _of_each(given: Sequence[str], option: str, read: Callable[[str, str], Said]) -> dict[str, Said]:
    """What is said of each TARGET/ITEM; under the empty word, of all the others."""
    found: dict[str, Said] = {}
    for each in given:
        place, equals, said = each.rpartition("=")
        if place in found:
            raise Refused("the same is said twice", place=f"{option} {each}", hint="leave one out")
        found[place] = read(said if equals else each, option)
    return found


def _said_of(place: str, said: dict[str, Said], option: str) -> Said:
    if place not in said and "" not in said:
        raise Refused("nothing is said of this file", place=place, hint=f"{option} {place}=...")
    return said.get(place) or said[""]


def _kind(said: str, option: str) -> Ceiling:
    try:
        return Ceiling(said)
    except ValueError:
        known = ", ".join(each.value for each in Ceiling)
        raise Refused("this is no kind of data", place=f"{option} {said}", hint=f"one of: {known}") from None


def _period(said: str, option: str) -> Period:
    first, _, last = said.partition("..")
    try:
        return Period(start=date.fromisoformat(first), end=date.fromisoformat(last))
    except ValueError:
        raise Refused(
            "these are not two days", place=f"{option} {said}", hint="2026-09-01..2026-09-30"
        ) from None


@desk.command("prepare")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.option(
    "--file",
    "files",
    multiple=True,
    required=True,
    type=_placed,
    metavar="TARGET/ITEM=PATH",
    help="Can be said once for each file.",
)
@click.option(
    "--holds",
    multiple=True,
    required=True,
    metavar="[TARGET/ITEM=]KIND",
    help=f"What kind of data is in the file: {', '.join(each.value for each in Ceiling)}. Without "
    "TARGET/ITEM it is said of all of them.",
)
@click.option(
    "--days",
    multiple=True,
    required=True,
    metavar="[TARGET/ITEM=]FIRST..LAST",
    help="From which day to which its data is, as 2026-09-01..2026-09-30.",
)
@click.argument("case", type=case_id)
def prepare(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    files: Sequence[tuple[str, str, Path]],
    holds: Sequence[str],
    days: Sequence[str],
    case: str,
) -> None:
    """Seal the files into CASE and lay them ready, in place of any prepared before.

    What is in a file and from which days is said of each: neither what was asked nor what was decided says
    it. So `--holds subscriber` is said of all of them, `--holds 't1/i2=traffic of these days'` of one.
    """
    app = opened(home, database)
    kinds, periods = _of_each(holds, "--holds", _kind), _of_each(days, "--days", _period)
    with ExitStack() as coming:
        laid = [
            Laid(
                target=target,
                item=item,
                name=path.name,
                data=_sealed(coming.enter_context(releasing.coming(app, organisation, case, by)), path),
                holds=_said_of(f"{target}/{item}", kinds, "--holds"),
                period=_said_of(f"{target}/{item}", periods, "--days"),
            )
            for target, item, path in files
        ]
        changed = releasing.prepare(app, organisation, case, by, laid)
    _say(f"{changed.id}: {changed.history[-1].event.sentence()}")
    for each in releasing.preview(app, organisation, changed).stripped:
        if each.part is Part.FILE:
            _say(f"{each.name} would not leave: {each.why}")


_of_table = click.option(
    "--file", "file", required=True, type=_placed, metavar="TARGET/ITEM=PATH", help="The table, and for what."
)


@desk.command("columns")
@located
@click.option("--by", required=True, help="For whom this is done.")
@_of_table
@click.argument("case", type=case_id)
def columns(
    home: Path, database: str, organisation: str, by: str, file: tuple[str, str, Path], case: str
) -> None:
    """Show the columns of a custodian's table, and what is proposed for `habeas desk extract`.

    Shown are names of columns, a number of rows, and the first and the last time of a column of times. The
    table is sealed into CASE for a day, and nothing is recorded.
    """
    app = opened(home, database)
    whole = _table_in(app, organisation, case, by, file)
    found = extracting.look(app, organisation, case, by, whole)
    table = Table("column", "by its name", "proposed", "times", box=None, header_style="bold", pad_edge=False)
    for each in found.columns:
        column = each.column
        kind = each.kind.name.lower() if each.kind is not None else "not known"
        proposed = "cannot stay" if each.beyond else "stays" if each.stays else "goes unless you keep it"
        times = f"{column.first} to {column.last}" if column.first is not None else ""
        table.add_row(*map(harmless, (column.name, kind, proposed, times)))
    Screen(markup=False).print(table)
    _say(f"{found.rows:,} rows; at most {found.level} may be given.")
    if found.time:
        _say(f"When: {found.time}.")
    if found.account:
        _say(f"Whose: {found.account}.")


@desk.command("extract")
@located
@click.option("--by", required=True, help="For whom this is done.")
@_of_table
@click.option("--keep", multiple=True, required=True, help="A column that stays; once for each.")
@click.option("--time", help="The column that says when. Rows outside the decided days go.")
@click.option("--zone", default="", help="Of its times that name none, as Europe/Paris; or `anywhere`.")
@click.option("--days", default="", metavar="FIRST..LAST", help="Without --time: from when its data is.")
@click.option("--account", help="The column that says whose a row is. Rows of other accounts go.")
@click.option("--all-of-one", is_flag=True, help="Instead of --account: every row is of this account.")
@click.option("--written", multiple=True, help="How the table writes the account, if not as the request.")
@click.option("--holds", required=True, help="What is in the columns that stay, as for `prepare`.")
@click.argument("case", type=case_id)
def extract(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    file: tuple[str, str, Path],
    keep: Sequence[str],
    time: str | None,
    zone: str,
    days: str,
    account: str | None,
    all_of_one: bool,
    written: Sequence[str],
    holds: str,
    case: str,
) -> None:
    """Take out of a custodian's table what was not decided, and lay the rest ready for its item in CASE.

    Columns that are not named go, and so do rows outside the decided days and rows of other accounts. The
    table as it came stays in the case. Look at its columns first: `habeas desk columns`.
    """
    if bool(time) == bool(days):
        raise Refused("nobody said when its rows are from, or twice", place="--time", hint="or --days")
    if bool(account) == all_of_one:
        raise Refused("nobody said whose its rows are, or twice", place="--account", hint="or --all-of-one")
    app = opened(home, database)
    whole = _table_in(app, organisation, case, by, file)
    changed = extracting.extract(
        app,
        organisation,
        case,
        by,
        whole,
        keep=keep,
        time=time or "",
        zone=zone,
        account=account or "",
        accounts=written,
        holds=_kind(holds, "--holds"),
        period=_period(days, "--days") if days else None,
    )
    _say(f"{changed.id}: {changed.history[-1].event.sentence()}")
    for held in changed.files:
        if (held.target, held.item) == (whole.target, whole.item) and held.extract is not None:
            _say(held.extract.said())


def _table_in(
    app: Installation, organisation: str, case: str, by: str, file: tuple[str, str, Path]
) -> extracting.Whole:
    """The table of a path, sealed into the case."""
    target, item, path = file
    with releasing.coming(app, organisation, case, by) as coming:
        data = _sealed(coming, path)
        extracting.lay(app, organisation, case, path.name, data)
        return extracting.Whole(target, item, path.name, data.sha256)


def _sealed(coming: Coming, path: Path) -> Coming:
    """The file of a path, sealed as it is read."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            coming.write(piece)
    return coming


@desk.command("release")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.option(
    "--unstamped",
    default="",
    metavar="WHY",
    help="Why it leaves without a time-stamp where the authority gives none; it is asked all the same.",
)
@click.argument("case", type=case_id)
def release(home: Path, database: str, organisation: str, by: str, unstamped: str, case: str) -> None:
    """Seal what was approved to the authority's key, and record that it left.

    Where the house has its packages time-stamped, nothing leaves without a stamp or a reason.
    """
    app = opened(home, database)
    changed = releasing.hand_over(app, organisation, case, by, unstamped=unstamped)
    click.echo(f"{changed.id}: {changed.history[-1].event.sentence()}")
    click.echo(f"The package lies in {app.outgoing / organisation / case}, with a note for the authority.")


@desk.command("confirm-delivery")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.option("--receipt", type=FILE, help="The authority's receipt (JSON), as it came.")
@click.option("--signature", type=FILE, help="Its signature (receipt.json.sig), if they signed it.")
@click.option("--who", default="", help="Without a receipt: who said that it arrived.")
@click.option("--how", default="", help="Without a receipt: in which way they said it.")
@click.argument("case", type=case_id)
def confirm_delivery(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    receipt: Path | None,
    signature: Path | None,
    who: str,
    how: str,
    case: str,
) -> None:
    """Record that the package arrived, by the authority's receipt or by its word.

    A receipt is compared with what left; one about anything else is refused.
    """
    changed = releasing.confirm_delivery(
        opened(home, database),
        organisation,
        case,
        by,
        receipt=receipt.read_bytes() if receipt is not None else None,
        signature=signature.read_bytes() if signature is not None else None,
        who=who,
        how=how,
    )
    click.echo(f"{changed.id}: {changed.history[-1].event.sentence()}")


@desk.command("erase")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.option("--why", required=True, help="Why now.")
@click.argument("case", type=case_id)
def erase(home: Path, database: str, organisation: str, by: str, why: str, case: str) -> None:
    """Destroy the keys of a case whose time is over, here and in every backup that can be reached."""
    app = opened(home, database)
    reach = app.erase(organisation, case, by, why=why)
    click.echo(f"{case}: erased.")
    for copy in reach.unreached:
        click.echo(f"This copy of the keyring could not be reached and still opens it: {copy}")


@desk.command("attach")
@located
@click.option("--by", required=True, help="Who keeps them.")
@click.argument("case", type=case_id)
@click.argument("files", nargs=-1, required=True, type=FILE)
def attach(home: Path, database: str, organisation: str, by: str, case: str, files: tuple[Path, ...]) -> None:
    """Keep FILES that came along, as they came. Nobody and nothing reads them by that."""
    came = [enclosing.Came(file.name, file.read_bytes()) for file in files]
    changed = enclosing.attach(opened(home, database), organisation, case, by, came)
    _say(f"{changed.id}: {changed.history[-1].event.sentence()}")


@desk.command("answer")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.argument("case", type=case_id)
@click.argument("file", type=FILE)
def answer(home: Path, database: str, organisation: str, by: str, case: str, file: Path) -> None:
    """Record the requester's answer: FILE is the request as they ask it now."""
    _answered(opened(home, database), organisation, by, case, file, Act.ANSWER)


@desk.command("accept-narrowing")
@located
@click.option("--by", required=True, help="For whom this is done.")
@click.argument("case", type=case_id)
@click.argument("file", type=FILE)
def accept_narrowing(home: Path, database: str, organisation: str, by: str, case: str, file: Path) -> None:
    """Record that the narrower request was accepted: FILE is the request as they ask it now."""
    _answered(opened(home, database), organisation, by, case, file, Act.ACCEPT_NARROWING)


def _answered(app: Installation, organisation: str, by: str, case: str, file: Path, act: Act) -> None:
    changed = app.answer(organisation, case, by, file.read_bytes(), act=act, name=str(file))
    _say(f"{changed.id}: {changed.history[-1].event.sentence()} It is now {changed.stage}.")

"""`habeas house`: open a house, let people in and out, register keys, change settings; and where a house is.

What an administrator does, and no content of any case. The options that say which installation and whose
desk is meant, which every command about cases takes, stand here too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import click
import msgspec
from rich.table import Table

from habeas.app import releasing
from habeas.app.installation import Installation
from habeas.cli.passphrase import passphrase_option, passphrases
from habeas.cli.refusing import Screen
from habeas.desk import calendars
from habeas.desk.calendars import ORDINARY, Calendar, Holiday
from habeas.desk.delivery import public_pem
from habeas.desk.events import AccountInvited, Configured, LogConfigured, Role
from habeas.desk.moves import Act, may, permit
from habeas.desk.package import RegisteredKey, key_id
from habeas.desk.people import House
from habeas.desk.stamping import Stamping
from habeas.errors import Refused
from habeas.gateways import almanac
from habeas.reports.foreign import harmless

DAY = click.DateTime(["%Y-%m-%d"])
ROLE = click.Choice([role.value for role in Role])


_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_ORGANISATION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def case_id(given: str) -> str:
    """What a case can be called; anything else is refused before it is looked for."""
    if not _CASE.fullmatch(given):
        raise click.BadParameter(f"{given!r} is no reference of a case")
    return given


def slug(given: str) -> str:
    """What a house can be called."""
    if not _ORGANISATION.fullmatch(given):
        raise click.BadParameter(f"{given!r} is no name of a house: small letters, digits and hyphens")
    return given


_home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("habeas-home"),
    show_default=True,
    envvar="HABEAS_HOME",
    help="The home folder of the installation.",
)


def home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds where the installation is, and who knows the passphrase of its master key, if it has one."""
    return _home_option(passphrase_option(command))


database_option = click.option(
    "--database",
    default="",
    envvar="HABEAS_DATABASE",
    help="postgresql://... instead of a file in the home folder.",
)
organisation_option = click.option(
    "--organisation",
    "-o",
    required=True,
    type=slug,
    metavar="NAME",
    envvar="HABEAS_ORGANISATION",
    help="Whose desk.",
)
why_option = click.option("--why", default="", help="The reason; needed once a request has come in.")
by_option = click.option("--by", required=True, help="An administrator's id.")
second_option = click.option(
    "--by", required=True, help="The id of an administrator, or of the second person."
)


def located(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds where the installation is, and whose desk."""
    return home_option(database_option(organisation_option(command)))


def opened(home: Path, database: str, *, make: bool = False) -> Installation:
    """The installation there, closed when the command ends. make: also where there is none yet."""
    found = Installation.open(home, database=database, passphrases=passphrases(), make=make)
    click.get_current_context().call_on_close(found.close)
    return found


def from_json(given: str, kind: Any, place: str, hint: str = "") -> Any:
    """A value given as JSON, or as a plain word where the kind is written as one: a day, a ceiling."""
    try:
        value = msgspec.json.decode(given)
    except msgspec.DecodeError:
        value = given
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _unfit(error, place, hint) from None


def _unfit(error: msgspec.ValidationError, place: str, hint: str) -> Refused:
    return Refused(f"this is not what the verb needs: {error}", place=place, hint=hint)


@click.group("house")
def house() -> None:
    """The house: its people, its settings, and the keys of the authorities it answers."""


@house.command("found")
@located
@click.option("--by", "person", required=True, help="The first administrator's id.")
@click.option("--title", default="Administrator", show_default=True, help="What colleagues see.")
@click.option("--seat", required=True, help="Who the house is, STATE:ROLE, e.g. CHE:provider.")
@click.option("--zone", required=True, help="Where it counts its days, e.g. Europe/Zurich.")
@click.option(
    "--calendar",
    default="",
    metavar="PLACE",
    help="Its working days: IND, IND-DL, or a weekend alone: sat-sun. The seat's state if not said.",
)
def found(
    home: Path, database: str, organisation: str, person: str, title: str, seat: str, zone: str, calendar: str
) -> None:
    """Open a new house with its first administrator, and the home folder where there is none."""
    app = opened(home, database, make=True)
    today = app.now().date()
    days = almanac.chosen(ORDINARY, calendar, on=today) if calendar else almanac.of_seat(seat, on=today)
    settings = Configured(seat=seat, zone=zone, calendar=days)
    app.desk(organisation).found(app.now(), person=person, title=title, settings=settings)
    click.echo(f"{organisation} is open; {person} is its administrator.")
    click.echo(
        f"Working days: {calendars.calendar(days).describe()}. Change them with: habeas house calendar"
    )


@house.command("show")
@located
@click.option("--by", required=True, help="Who looks: an administrator or an auditor.")
def show(home: Path, database: str, organisation: str, by: str) -> None:
    """Who works here as what, who is away, how the house is set up, and whose keys it knows."""
    app = opened(home, database)
    people, now = app.people(organisation), app.now()
    if not people.person(by).has(Role.AUDITOR):
        permit(may(people.person(by), Act.RUN_HOUSE, None, people, now), "nothing was shown")
    console = Screen(markup=False, highlight=False, soft_wrap=True)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("person", "title", "roles", "now"):
        table.add_column(heading)
    for person in people.people.values():
        away = person.away(people.day(now))
        where = "left" if person.left else f"away until {away.until}" if away is not None else "here"
        roles = ", ".join(role for role in Role if role in person.roles)
        table.add_row(harmless(person.id), harmless(person.title), roles, where)
    console.print(table)
    for line in _settings_shown(people.settings):
        console.print(harmless(line))
    for key in people.keys:
        alone = ", registered by one" if (key.authority, key.recipient) in people.alone else ""
        said = f"{key.state} {key.authority}: {key.fingerprint}, seen {key.verified_on}{alone}"
        console.print(harmless(said))
    for proposal in people.proposals:
        lapsed = "lapsed" if proposal.lapses <= now else f"until {proposal.lapses:%Y-%m-%d}"
        console.print(f"proposal {proposal.number} of {proposal.by}, {lapsed}: {harmless(proposal.why)}")
        for line in _settings_shown(proposal.change):
            console.print(harmless(line))


def _settings_shown(change: msgspec.Struct) -> Iterator[str]:
    """A change as JSON; the public holidays of a calendar, which are many, in one line after it."""
    days: Calendar | None = None
    if isinstance(change, Configured) and isinstance(change.calendar, Calendar):
        days = change.calendar
        brief = msgspec.structs.replace(days, holidays=days.added + days.struck, worked=())
        change = msgspec.structs.replace(change, calendar=brief)
    yield from msgspec.json.format(msgspec.json.encode(change)).decode().splitlines()
    if days is not None:
        yield f"public holidays: {'; '.join(calendars.lines(days.holidays))}"


@house.command("admit")
@located
@by_option
@click.option("--partner", default="", help="The organisation of an expert or a delegate.")
@why_option
@click.argument("person")
@click.argument("title")
@click.argument("roles", nargs=-1, required=True, type=ROLE)
def admit(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    partner: str,
    why: str,
    person: str,
    title: str,
    roles: tuple[str, ...],
) -> None:
    """Let PERSON in as TITLE, with ROLES.

    From the first request on it is proposed, and a second person confirms it.
    """
    app = opened(home, database)
    chosen = [Role(role) for role in roles]
    house = app.desk(organisation).admit(
        by, app.now(), person=person, title=title, roles=chosen, partner=partner, why=why
    )
    click.echo(waits(house) if house.opened else f"{person} is here as {', '.join(roles)}.")


@house.command("change-roles")
@located
@by_option
@why_option
@click.argument("person")
@click.argument("roles", nargs=-1, required=True, type=ROLE)
def change_roles(
    home: Path, database: str, organisation: str, by: str, why: str, person: str, roles: tuple[str, ...]
) -> None:
    """Give PERSON these ROLES instead of those they have.

    From the first request on a role more is proposed, and a second person confirms it; what is only taken
    away is gone at once.
    """
    app = opened(home, database)
    chosen = [Role(role) for role in roles]
    house = app.desk(organisation).change_roles(by, app.now(), person=person, roles=chosen, why=why)
    done = house.people[person].roles == set(chosen)
    click.echo(f"{person} is now {', '.join(roles)}." if done else waits(house))


@house.command("state-absence")
@located
@click.option("--by", required=True, help="The person themselves, or an administrator.")
@click.option("--since", required=True, type=DAY, help="The first day away.")
@click.option("--until", required=True, type=DAY, help="The last day away.")
@click.option("--deputy", default="", help="Who has their cases meanwhile.")
@click.argument("person")
def state_absence(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    since: datetime,
    until: datetime,
    deputy: str,
    person: str,
) -> None:
    """Say that PERSON is away for some days, both included."""
    app = opened(home, database)
    first, last = since.date(), until.date()
    app.desk(organisation).state_absence(by, app.now(), person=person, since=first, until=last, deputy=deputy)
    click.echo(f"{person} is away from {first} to {last}.")


@house.command("dismiss")
@located
@by_option
@click.argument("person")
def dismiss(home: Path, database: str, organisation: str, by: str, person: str) -> None:
    """Record that PERSON left the house. What they did stays recorded."""
    app = opened(home, database)
    app.desk(organisation).dismiss(by, app.now(), person=person)
    click.echo(f"{person} has left.")


@house.command("register-key")
@located
@by_option
@click.option("--authority", required=True, help="Its name, as its requests give it.")
@click.option("--state", required=True, help="Alpha-3, e.g. FRA.")
@click.option("--fingerprint", required=True, help="SHA256:..., as the authority read it out to you.")
@click.option("--verified-by", required=True, help="Who compared it, on which other road.")
@click.option("--verified-on", required=True, type=DAY)
@why_option
@click.argument("recipient")
def register_key(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    authority: str,
    state: str,
    fingerprint: str,
    verified_by: str,
    verified_on: datetime,
    why: str,
    recipient: str,
) -> None:
    """Register RECIPIENT (age1... or ssh-ed25519 ...), a key that packages for an authority are sealed to.

    From the first request on it is proposed, and a second person confirms it.
    """
    app = opened(home, database)
    key = RegisteredKey(
        authority=authority,
        state=state,
        recipient=recipient,
        fingerprint=fingerprint,
        verified_by=verified_by,
        verified_on=verified_on.date(),
    )
    house = app.desk(organisation).register_key(by, app.now(), key=key, why=why)
    if house.opened:
        click.echo(waits(house))
    else:
        click.echo(f"The key of {authority} is registered: {fingerprint}")


def settled(
    app: Installation, organisation: str, kept: LogConfigured, before: LogConfigured | None
) -> Iterator[str]:
    """What somebody has to know and do once it is settled how the public log is kept."""
    yield f"log: {app.log_signer(organisation, kept).key}"
    yield f"promises: {app.promiser(organisation, kept).key}"
    for each in kept.doors:
        yield f"the door {each.door}: {each.key}"
    yield "Print them where people can compare them: on paper, and on another site."
    if before is not None and before.tiles != kept.tiles:
        yield "What was published lies where it was. Next: habeas log rebuild, then habeas log publish."
    if not kept.quorum:
        yield "Nobody outside is waited for: the site will say that it is unwitnessed."


def waits(house: House) -> str:
    """What was just proposed, and how it goes on."""
    proposal = house.proposals[-1]
    return (
        f"Proposed as number {proposal.number}. A second person confirms it "
        f"by {proposal.lapses:%Y-%m-%d}: habeas house confirm {proposal.number}"
    )


@house.command("confirm")
@located
@second_option
@click.argument("proposal", type=int)
def confirm(home: Path, database: str, organisation: str, by: str, proposal: int) -> None:
    """Agree, as the second person, to what an administrator proposed.

    That an account begins anew is confirmed on the page, which makes its invitation.
    """
    app = opened(home, database)
    if isinstance(app.people(organisation).proposal(proposal).change, AccountInvited):
        raise Refused(
            "an invitation is confirmed where it is made",
            place=str(proposal),
            hint="on the page, under what waits to be confirmed",
        )
    before = app.people(organisation).log
    kept = app.confirm(organisation, by, proposal).log
    click.echo(f"Proposal {proposal} is confirmed and in force.")
    if kept is not None and kept != before:
        for line in settled(app, organisation, kept, before):
            click.echo(line)


@house.command("decline")
@located
@second_option
@click.option("--why", required=True, help="Why not.")
@click.argument("proposal", type=int)
def decline(home: Path, database: str, organisation: str, by: str, why: str, proposal: int) -> None:
    """Take your own proposal back, or do not agree to a colleague's."""
    app = opened(home, database)
    app.desk(organisation).decline(by, app.now(), proposal=proposal, why=why)
    click.echo(f"Proposal {proposal} is declined.")


@house.command("configure")
@located
@by_option
@why_option
@click.argument("changes")
def configure(home: Path, database: str, organisation: str, by: str, why: str, changes: str) -> None:
    """Change the settings that CHANGES names, as JSON; the others stay.

    From the first request on they are proposed, and a second person confirms them.

    \b
    habeas house configure -o ministry --by admin '{"zone": "Europe/Oslo"}'
    `habeas house show` prints all there are.
    """
    named = from_json(changes, dict[str, Any], "changes", "an object with named settings")
    _configured(opened(home, database), organisation, by, named, why)


def _configured(app: Installation, organisation: str, by: str, named: dict[str, Any], why: str) -> None:
    """Change the settings of these names, or propose it, and say which."""
    now = msgspec.to_builtins(app.people(organisation).settings)
    try:
        settings = msgspec.convert({**now, **named}, Configured)
    except msgspec.ValidationError as error:
        raise _unfit(error, "changes", "`habeas house show` prints the settings there are") from None
    house = app.configure(organisation, by, settings, why=why)
    click.echo(
        waits(house)
        if house.opened
        else f"{organisation} is set up anew; the limits of its cases were reckoned by it."
    )


@house.command("calendar")
@located
@by_option
@why_option
@click.option("--week", default="", help="A weekend instead of the state's own: sat-sun, fri-sat, fri, sun.")
@click.option("--anew", is_flag=True, help="Read the public holidays again, with the library as it is now.")
@click.option("--add", multiple=True, metavar="'DAY WHY'", help="A public holiday that the list lacks.")
@click.option("--strike", multiple=True, metavar="'DAY WHY'", help="A day of the list that is none.")
@click.option("--close", multiple=True, metavar="'DAY WHY'", help="A day on which the house is closed.")
@click.option("--checked", multiple=True, type=int, metavar="YEAR", help="The list of that year is whole.")
@click.option("--undo", multiple=True, type=DAY, metavar="DAY", help="Take back what the house said of it.")
@click.argument("place", required=False, default="")
def calendar_(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    why: str,
    week: str,
    anew: bool,
    add: tuple[str, ...],
    strike: tuple[str, ...],
    close: tuple[str, ...],
    checked: tuple[int, ...],
    undo: tuple[datetime, ...],
    place: str,
) -> None:
    """Say which days are working days: those of PLACE, a state or a part of it, or a weekend alone.

    The public holidays are read once and stay as they are until --anew. What is not named stays. From the
    first request on it is proposed, and another administrator confirms it.

    \b
    habeas house calendar -o ministry --by admin IND-DL
    habeas house calendar -o ministry --by admin --close '2027-03-05 the ministry is closed'
    """
    app = opened(home, database)
    kept = app.people(organisation).calendar
    gone = {each.date() for each in undo}
    said = {"added": add, "struck": strike, "closed": close}
    own: dict[str, Any] = {
        name: calendars.days((*calendars.lines(_without(getattr(kept, name), gone)), *lines), name)
        for name, lines in said.items()
    }
    days = almanac.chosen(
        kept,
        place or kept.id,
        on=app.now().date(),
        week=week or ("" if place else kept.week),
        anew=anew,
        **own,
        checked=tuple(sorted({*kept.checked, *checked})),
    )
    _configured(app, organisation, by, {"calendar": msgspec.to_builtins(days)}, why)


def _without(days: tuple[Holiday, ...], gone: set[date]) -> Iterator[Holiday]:
    return (each for each in days if each.day not in gone)


@house.command("timestamps")
@located
@by_option
@why_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
def timestamps(home: Path, database: str, organisation: str, by: str, why: str, file: Path) -> None:
    """Have every package time-stamped (RFC 3161) by the authority that FILE names; none any more for -.

    From the first request on it is proposed, and a second person confirms it.

    \b
    FILE is TOML; the certificates are PEM files beside it:
      url = "https://stamps.example.org/tsa"
      roots = "root.pem"           # what its answers have to lead to
      chain = "between.pem"        # only if it does not send what lies in between
      wait = 10                    # seconds
    """
    wanted = None if str(file) == "-" else msgspec.to_builtins(_stamping(file))
    _configured(opened(home, database), organisation, by, {"timestamps": wanted}, why)


class _StampingFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The setting as a file: the certificates are named by their own files."""

    url: str
    roots: Annotated[str, msgspec.Meta(min_length=1)]
    chain: str = ""
    wait: int = Stamping(url="", roots="").wait


def _stamping(file: Path) -> Stamping:
    try:
        read = msgspec.convert(tomllib.loads(file.read_text("utf-8")), _StampingFile)
        beside = {
            name: (file.parent / name).read_text("ascii").strip() for name in (read.roots, read.chain) if name
        }
    except (OSError, ValueError) as error:  # ValidationError is one of them
        raise Refused(
            "the file that names an authority of time-stamps cannot be used",
            place=str(file),
            hint=str(error),
        ) from None
    return Stamping(url=read.url, roots=beside[read.roots], chain=beside.get(read.chain, ""), wait=read.wait)


@house.command("key")
@located
def key(home: Path, database: str, organisation: str) -> None:
    """Print the public key that the house signs its packages with, for those who receive them.

    Its fingerprint, on the error stream, is what you read out to an authority that asks.
    """
    public = releasing.house_key(opened(home, database), organisation)
    click.echo(public_pem(public), nl=False)
    click.echo(f"SHA-256 of its 32 bytes: {key_id(public)}", err=True)

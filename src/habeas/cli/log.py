"""`habeas log`: the public log of a house: opening it, publishing now, what an auditor is given."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from habeas.app import receipts
from habeas.app.publishing import Publisher
from habeas.app.reporting import REPORTS, Reporter
from habeas.cli.house import by_option, case_id, located, opened, settled, waits, why_option
from habeas.desk.events import Doorway, Role, Silence, Witnessing
from habeas.desk.moves import Act, may, permit
from habeas.desk.settings import FILLS, USUAL
from habeas.errors import Refused
from habeas.reports.foreign import harmless
from habeas.reports.transparency import Period, as_html
from habeas.store import Fenced
from habeas.tlog.storage import S3, Overtaken

_MONTH = re.compile(r"20[0-9]{2}-[0-9]{2}")
_HALF = re.compile(r"(?P<year>20[0-9]{2})(?:-H(?P<half>[12]))?")


@click.group("log")
def log() -> None:
    """Keep the public log of a house: what was once recorded can no longer be changed unseen."""


@log.command("keep")
@located
@by_option
@click.option("--origin", help="The site's address without https://. It never changes.")
@click.option("--hour", type=click.IntRange(0, 23), help="Of the day, in the house's zone.")
@click.option("--within", type=click.IntRange(1, 31), help="Days that a promise runs.")
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    nargs=2,
    metavar="VKEY URL",
    help="Who cosigns; say it for each. Those said now replace those said before.",
)
@click.option("--quorum", type=click.IntRange(0, 64), help="How many must cosign before a tree is shown.")
@click.option(
    "--silence",
    "silences",
    multiple=True,
    nargs=3,
    metavar="SUBJECT HOW LAW",
    help="What law forbids to count: a subject of the report, of certain requests alone where it goes on as "
    "request,footing=order,state=CHE,instrument=budapest; never, band:WIDTH, defer:YYYY-MM, or unsaid where "
    "even that may not be said; the law ('' if it may not be named).",
)
@click.option(
    "--door",
    "doorways",
    multiple=True,
    nargs=2,
    metavar="DOOR VKEY",
    help="A door that runs apart from the desk (`habeas door new`): portal, api or mailbox, and its key. "
    "Those said now replace those said before.",
)
@click.option(
    "--tiles",
    metavar="ADDRESS",
    help="Publish to a bucket: s3://BUCKET/PREFIX?endpoint=https://s3.example.org&region=NAME; '' for the "
    "folder. Its keys: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.",
)
@click.option(
    "--fill",
    type=click.Choice([str(each) for each in FILLS]),
    help=f"Leaves of a day are filled up to a multiple of this; usual: {USUAL.fill}. With more than "
    "come on the busiest day their number says nothing. It is raised and never lowered.",
)
@why_option
def keep(
    home: Path,
    database: str,
    organisation: str,
    by: str,
    origin: str | None,
    hour: int | None,
    within: int | None,
    witnesses: tuple[tuple[str, str], ...],
    quorum: int | None,
    silences: tuple[tuple[str, str, str], ...],
    doorways: tuple[tuple[str, str], ...],
    tiles: str | None,
    fill: str | None,
    why: str,
) -> None:
    """Open the public log of the house, or change how it is kept. What is not said stays as it is.

    From the first request on it is proposed, and a second person confirms it.
    """
    app = opened(home, database)
    known = app.people(organisation).log
    if known is None and origin is None:
        raise Refused("a log needs its origin", hint="--origin desk.example.org/log")
    settings = known or USUAL
    changes: dict[str, object] = {
        name: value
        for name, value in (
            ("origin", origin),
            ("hour", hour),
            ("within", within),
            ("quorum", quorum),
            ("tiles", tiles),
            ("fill", int(fill) if fill else None),
        )
        if value is not None
    }
    if witnesses:
        changes["witnesses"] = tuple(Witnessing(key=key, url=url) for key, url in witnesses)
    if silences:
        changes["silences"] = tuple(_silence(*each) for each in silences)
    if doorways:
        changes["doors"] = tuple(Doorway(door=door, key=key) for door, key in doorways)
    house = app.keep_log(organisation, by, msgspec.structs.replace(settings, **changes), why=why)
    if house.opened:
        click.echo(waits(house))
        return
    for line in settled(app, organisation, app.kept(organisation), known):
        click.echo(line)


def _silence(subject: str, how: str, law: str) -> Silence:
    word, _, more = how.partition(":")
    step = int(more) if word == "band" and more.isdecimal() else 0
    kind, *scope = subject.split(",")
    of = dict(each.split("=", 1) for each in scope if "=" in each)
    if len(of) < len(scope) or not set(of) <= {"footing", "state", "instrument"}:
        raise Refused(
            "this names no requests",
            place=subject,
            hint="like request,footing=order,state=CHE,instrument=budapest",
        )
    return Silence(subject=kind, how=word, law=law, step=step, until=more if word == "defer" else "", **of)


def by_hand() -> str:
    """Whoever publishes from a terminal: two of them are two, and one waits for the other."""
    return f"by hand, {os.uname().nodename}-{os.getpid()}"


@log.command("publish")
@located
@click.pass_context
def publish(context: click.Context, home: Path, database: str, organisation: str) -> None:
    """Publish what waits, now. Once a day it is done by itself. Exit code 1: too few witnesses cosigned."""
    app = opened(home, database)
    try:
        outcome = Publisher(app, by_hand()).publish(organisation)
    except (Fenced, Overtaken) as refused:
        raise Refused(
            "another publisher took over while this one was at work",
            place=organisation,
            hint="it goes on with what was begun here, and nothing is published twice",
        ) from refused
    if outcome is None:
        raise Refused("another publisher is at work", hint="wait until it has ended")
    click.echo(outcome.words)
    kept = app.people(organisation).log
    click.echo(f"The site is in {kept.tiles if kept and kept.tiles else app.site(organisation)}.")
    context.exit(0 if outcome.published.quorum_met else 1)


@log.command("report")
@located
@click.option("--by", required=True, help="Counsel's id; with --inside an auditor's too.")
@click.option(
    "--inside",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Publish nothing: write the page to this file, for inside use. PERIOD may then be any months.",
)
@click.argument("period", type=str)
def report(home: Path, database: str, organisation: str, by: str, page: Path | None, period: str) -> None:
    """Publish the transparency report of PERIOD, as 2026-H1 or 2026, and have it logged.

    With --inside PERIOD may be any whole months too, as 2026-02..2026-04, and nothing is published: what
    overlapping times count apart would give small numbers away.
    """
    app = opened(home, database)
    if page is not None:
        made = Reporter(app).inside(organisation, by, _months(period))
        page.write_text(as_html(made, inside=True), "utf-8")
        click.echo(f"The report is in {page}. It is for inside use: hand it to nobody outside.")
        return
    made = Reporter(app).publish(organisation, by, _period(period))
    click.echo(f"The report is in {app.site(organisation) / REPORTS / made.name}.")
    for unit in made.units:
        if unit.withheld:
            click.echo(f"{unit.name}: held back to keep small numbers: {', '.join(unit.withheld)}.")
    click.echo("The next publication logs it.")


@log.command("tell")
@located
@click.option("--by", required=True, help="Counsel's id, or a reviewer's.")
@click.argument("half")
@click.argument("file", type=click.File("rb"))
def tell(home: Path, database: str, organisation: str, by: str, half: str, file: BinaryIO) -> None:
    """Write the stories of refused requests in FILE for the report of HALF, as 2026-H1.

    Nobody may be recognised in them. The report takes each that a second person approved as it stands.
    """
    for number in Reporter(opened(home, database)).tell(organisation, by, half, file.read()):
        click.echo(f"Story {number} is written. A second person: habeas log approve-story {number}")


@log.command("stories")
@located
@click.option("--by", required=True, help="Counsel's id, a reviewer's or an auditor's.")
def stories(home: Path, database: str, organisation: str, by: str) -> None:
    """Show the stories of refused requests: for which report, who wrote and who approved them."""
    house = opened(home, database).people(organisation)
    if not house.person(by).has(Role.COUNSEL, Role.REVIEWER, Role.AUDITOR):
        raise Refused("stories are for counsel, reviewers and auditors", place=by)
    for each in house.stories:
        approved = f"approved by {each.approved_by}" if each.approved_by else "not approved"
        click.echo(f"{each.number}  {each.half}  {each.ground}  written by {each.by}, {approved}")
        for language, text in sorted(each.texts.items()):
            click.echo(f"    {language}: {harmless(' '.join(text.split()))}")


@log.command("approve-story")
@located
@click.option("--by", required=True, help="Counsel's id, or a reviewer's: not of whoever wrote it.")
@click.argument("story", type=int)
def approve_story(home: Path, database: str, organisation: str, by: str, story: int) -> None:
    """Approve STORY, as the second person, as it stands: that nobody can be recognised in it."""
    app = opened(home, database)
    app.desk(organisation).approve_story(by, app.now(), story=story)
    click.echo(f"Story {story} is approved; the report of its half takes it.")


@log.command("drop-story")
@located
@click.option("--by", required=True, help="Counsel's id, or a reviewer's.")
@click.option("--why", required=True, help="For whoever looks at the history.")
@click.argument("story", type=int)
def drop_story(home: Path, database: str, organisation: str, by: str, why: str, story: int) -> None:
    """Let STORY stand in no report from here on. One that was published stays where it is."""
    app = opened(home, database)
    app.desk(organisation).drop_story(by, app.now(), story=story, why=why)
    click.echo(f"Story {story} is dropped.")


@log.command("totals")
@located
@click.option("--by", required=True, help="Counsel's id.")
@click.argument("month")
def totals(home: Path, database: str, organisation: str, by: str, month: str) -> None:
    """Publish how many entries of each kind MONTH (YYYY-MM) had, rounded, and have it logged."""
    found = Reporter(opened(home, database)).publish_totals(organisation, by, month)
    for kind, count in found.counts.items():
        click.echo(f"{kind:<18} {count:>9,}")
    if found.withheld:
        click.echo(f"Waiting for the report, to keep small numbers: {', '.join(found.withheld)}.")


def _months(text: str) -> Period:
    """Any whole months, as 2026-02..2026-04 or 2026-02; or what `_period` reads."""
    first, dots, last = text.partition("..")
    return Period(first=first, last=last) if dots else _one_month(text) or _period(text)


def _one_month(text: str) -> Period | None:
    return Period(first=text, last=text) if _MONTH.fullmatch(text) else None


def _period(text: str) -> Period:
    """Whole halves of years: 2026-H1, or a year, or two halves with an underscore between."""
    first, _, last = text.partition("_")
    halves = [_HALF.fullmatch(each) for each in (first, last or first)]
    if not all(halves):
        raise Refused(
            "this is no period that is published",
            place=text,
            hint="write it as 2026-H1 or 2026; other months are for inside use alone (--inside)",
        )
    start, end = (each for each in halves if each is not None)
    return Period(
        first=Period.half(int(start["year"]), int(start["half"] or 1)).first,
        last=Period.half(int(end["year"]), int(end["half"] or 2)).last,
    )


@log.command("copy")
@located
@click.argument("bucket")
@click.option("--prefix", default="", help="A folder in the bucket.")
@click.option("--endpoint", default="", help="Of a storage that is not Amazon's: https://s3.example.org.")
@click.option("--region", default="", help="As the storage wants it.")
def copy(
    home: Path, database: str, organisation: str, bucket: str, prefix: str, endpoint: str, region: str
) -> None:
    """Copy the site to BUCKET of an S3-compatible storage.

    Its keys: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.
    """
    publisher = Publisher(opened(home, database), by_hand())
    count = publisher.copy(organisation, S3(bucket, prefix=prefix, endpoint=endpoint, region=region))
    click.echo(f"{count:,} files are in {bucket}.")


@log.command("resume")
@located
@click.argument("checkpoint", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def resume(home: Path, database: str, organisation: str, checkpoint: Path) -> None:
    """Publish again after a restore. CHECKPOINT: the newest that was published, from the site or a copy."""
    size = Publisher(opened(home, database), by_hand()).resume(organisation, checkpoint.read_bytes())
    click.echo(f"The records continue the {size:,} leaves that were published.")


@log.command("rebuild")
@located
def rebuild(home: Path, database: str, organisation: str) -> None:
    """Make the site's tiles anew, where they were lost or are to lie elsewhere. Then `habeas log publish`."""
    size = Publisher(opened(home, database), by_hand()).rebuild(organisation)
    click.echo(f"The tiles of {size:,} leaves are made anew. Publish next.")


@log.command("openings")
@located
@click.option("--by", required=True, help="An auditor's id, or counsel's.")
@click.argument("file", type=click.File("wb"))
def openings(home: Path, database: str, organisation: str, by: str, file: BinaryIO) -> None:
    """Write what an auditor is given to FILE: the seed of the rounding, and what is counted of every leaf.

    Nothing in it is about a person. With it, published numbers show more than they should: keep it as a key.
    """
    lines = receipts.openings(opened(home, database), organisation, by)
    file.write(next(lines))
    count = 0
    for line in lines:
        file.write(line)
        count += 1
    click.echo(f"{count:,} leaves are opened, with the seed of the rounding.", err=True)


@log.command("promise")
@located
@click.option("--by", required=True, help="Who hands it out; somebody who may read the case.")
@click.argument("case", type=case_id)
def promise(home: Path, database: str, organisation: str, by: str, case: str) -> None:
    """Print the promises that were given for the request in CASE, one for each time it arrived."""
    app = opened(home, database)
    house, found = app.people(organisation), app.case(organisation, case)
    permit(may(house.person(by), Act.READ, found, house, app.now()), "nothing was shown")
    given = receipts.promises_of(app, organisation, found)
    if not given:
        raise Refused(
            "no promise was given for this request", place=case, hint="the house kept no public log then"
        )
    for each in given:
        click.echo(each.decode(), nl=False)


@log.command("receipt")
@located
@click.option("--letter", "letters", multiple=True, help="SHA-256 of a letter that was posted to it.")
@click.argument("case", type=case_id)
@click.argument("file", type=click.File("wb"))
def receipt(
    home: Path, database: str, organisation: str, letters: tuple[str, ...], case: str, file: BinaryIO
) -> None:
    """Write the receipt for the authority that sent CASE to FILE: it opens what that authority was sent."""
    app = opened(home, database)
    found = receipts.of_authority(app, organisation, app.case(organisation, case), letters)
    file.write(found.encoded())
    many = len(found.entries)
    click.echo(f"{many} leaf is proven." if many == 1 else f"{many} leaves are proven.", err=True)

"""`habeas audit`, `habeas promise`, `habeas receipt`: what a stranger checks, without asking the house.

None of these opens an installation. They read files and a public site, and say what holds.
"""

from __future__ import annotations

from pathlib import Path

import click

from habeas.app import installation
from habeas.cli.refusing import REFUSED
from habeas.desk import promise as promises
from habeas.desk import receipt as receipts
from habeas.desk.promise import Kept
from habeas.desk.receipt import Grade, View
from habeas.errors import Refused
from habeas.gateways import papers
from habeas.gateways.sites import Site
from habeas.reports import audit as auditing
from habeas.reports.foreign import one_line
from habeas.reports.published import read_manifest
from habeas.tlog import CHECKPOINT, Policy, Tree, Unproven

BROKEN, UNREAD = 1, REFUSED
_MARKS = {True: "holds", False: "DOES NOT HOLD", None: "not shown"}
_UNREAD = "NOT LOOKED AT"
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)

policy_option = click.option(
    "--policy",
    "policy_file",
    type=_FILE,
    help="Whom you trust: a policy file (C2SP tlog-policy) with the keys you have from elsewhere.",
)


def _policy(file: Path | None) -> Policy | None:
    """Raises Refused where the file is no policy."""
    if file is None:
        return None
    try:
        return Policy.parse(file.read_text("utf-8"))
    except UnicodeDecodeError:
        raise Refused("this is no policy: it is not written in UTF-8", place=str(file)) from None
    except Refused as refused:
        raise refused.at(str(file)) from None


@click.command("audit")
@click.argument("site")
@policy_option
@click.option(
    "--seen",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file that remembers this visit, and is compared with at the next.",
)
@click.option("--openings", type=_FILE, help="An auditor's file of openings: every number is counted again.")
@click.option("--promise", "notes", multiple=True, type=_FILE, help="A promise to look for.")
@click.option("--receipt", "given", multiple=True, type=_FILE, help="A receipt: do its leaves stand there?")
@click.option(
    "--door", "counts", multiple=True, type=_FILE, help="What a door counted by itself (`habeas door count`)."
)
@click.pass_context
def audit(
    context: click.Context,
    site: str,
    policy_file: Path | None,
    seen: Path | None,
    openings: Path | None,
    notes: tuple[Path, ...],
    given: tuple[Path, ...],
    counts: tuple[Path, ...],
) -> None:
    """Check the public log at SITE, an address or a folder. Exit code 1: something does not hold. Exit code
    2: nothing was found wrong, and something could not be looked at."""
    known = _policy(policy_file)
    source = context.with_resource(Site(site))
    last = seen.read_bytes() if seen is not None and seen.exists() else None
    lines = openings.open("rb") if openings is not None else None
    try:
        found = auditing.audit(
            source.many,
            now=installation.utc_now(),
            known=known,
            last=last,
            openings=lines,
            promises=[note.read_bytes() for note in notes],
            receipts=[each.read_bytes() for each in given],
            doors=[count.read_bytes() for count in counts],
            text_of=papers.text_of_pdf,
        )
    finally:
        if lines is not None:
            lines.close()
    for each in found.findings:
        mark = _UNREAD if each.unread else _MARKS[each.holds]
        click.echo(f"{mark:>13}  {one_line(each.sentence)}")
    if found.holds:
        click.echo("\nWhat is shown here holds. It shows that what was recorded was not changed, dropped or")
        click.echo("miscounted since; whether everything was recorded, promises and receipts show.")
    elif found.broken:
        click.echo("\nThis log does not hold. Keep what you have, and show it to others.")
    else:
        click.echo(
            "\nNot everything could be looked at, so nothing is said against this log and nothing for it."
        )
        click.echo("Look at the address, the connection, your own files and the version of this program, and")
        click.echo("try again.")
    if seen is not None and found.seen and not found.broken:
        half = seen.with_name(f".{seen.name}.half")
        half.write_bytes(found.seen)
        half.replace(seen)
    context.exit(BROKEN if found.broken else 0 if found.holds else UNREAD)


@click.group("promise")
def promise() -> None:
    """The promise that a sender is given when a request arrives."""


@promise.command("check")
@click.argument("file", type=_FILE)
@click.option("--site", required=True, help="The public site, an address or a folder.")
@policy_option
@click.option("--request", type=_FILE, help="What was handed in: is the promise about it?")
@click.pass_context
def check(
    context: click.Context, file: Path, site: str, policy_file: Path | None, request: Path | None
) -> None:
    """Was the promise in FILE kept? Exit code 1: it is broken or was kept late, and FILE with the site is the
    evidence."""
    source = context.with_resource(Site(site))
    manifest = read_manifest(source.read)
    policy = _policy(policy_file) or manifest.policy()
    log = auditing.read_log(source.many, manifest, policy)
    fresh = auditing.read_fresh(source.read, log, policy)
    if fresh is None:
        raise Refused("the site does not say which key its promises are signed with", place=site)
    given = promises.read(file.read_bytes(), *fresh.keys)
    if given.origin != log.seen.checkpoint.origin:
        raise Refused("the promise is of another log than this site", place=one_line(given.origin))
    if request is not None and promises.sha256(request.read_bytes()) != given.sha256:
        raise Refused("the promise is about another file than this", place=str(request))
    ledgers = auditing.read_ledgers(source.many, manifest, log)
    kept, place = auditing.became(given, log, ledgers, fresh, installation.utc_now())
    click.echo(f"{one_line(given.origin)} received {given.sha256}")
    click.echo(f"on {given.received:%Y-%m-%d %H:%M} UTC and promised to log it by {given.by}.")
    match kept:
        case Kept.KEPT:
            click.echo(f"Kept: it is leaf {place} of {len(log.leaves):,}.")
        case Kept.LATE:
            click.echo(f"KEPT LATE: leaf {place} of {len(log.leaves):,} was logged after that day.")
            click.echo("Keep the promise and a copy of the site: together they prove it.")
        case Kept.OPEN:
            click.echo("Not due yet: look again after that day.")
        case Kept.UNKNOWN:
            click.echo("Not shown: that day is over, and the site shows nothing newer.")
        case Kept.BROKEN:
            click.echo(f"BROKEN: the log of {len(log.leaves):,} leaves is newer and does not hold it.")
            click.echo("Keep the promise and a copy of the site: together they prove it.")
    if policy_file is None:
        click.echo(f"The log's key is the one that the site names: {one_line(manifest.log)}")
    context.exit(0 if kept in (Kept.KEPT, Kept.OPEN) else BROKEN)


@click.group("receipt")
def receipt() -> None:
    """The receipt of a person concerned, an authority or an auditor."""


@receipt.command("verify")
@click.argument("file", type=_FILE)
@policy_option
@click.option(
    "--account", default="", help="The account it is about, as it was called. A line for each identifier."
)
@click.option(
    "--view",
    "views",
    multiple=True,
    help="What was fetched elsewhere: a checkpoint file, a copy of the site, or its address.",
)
@click.pass_context
def verify(
    context: click.Context,
    file: Path,
    policy_file: Path | None,
    account: str,
    views: tuple[str, ...],
) -> None:
    """What does the receipt in FILE prove? Nothing is sent anywhere. Exit code 1: it does not hold. Exit code
    2: nothing was found out, because the account was not given or a file cannot be read."""
    read = receipts.read(file.read_bytes())
    policy = _policy(policy_file)
    try:
        verdict = receipts.verify(
            read, policy=policy, account=account, views=[_view(context, each) for each in views]
        )
    except Unproven as broken:
        click.echo(Grade.NOTHING.words().capitalize() + ".")
        click.echo(one_line(f"  {broken.place}: {broken.sentence}." if broken.place else broken.sentence))
        if broken.hint:
            click.echo(one_line(f"  {broken.hint}"))
        context.exit(BROKEN)
    click.echo(verdict.words.capitalize() + ".")
    for step in verdict.steps:
        click.echo(one_line(f"  {step}"))
    for entry in verdict.fields:
        click.echo()
        for group in entry.values():
            for name, value in group.items():
                if value:
                    click.echo(one_line(f"  {name:<12} {value}"))
    if verdict.account:
        click.echo("\n  It is about the account you named.")
    if policy_file is None:
        click.echo("\nThe keys are those that the receipt itself names. Compare them with what is printed")
        click.echo("elsewhere, or give them with --policy:")
        for key in (read.log, *read.witnesses):
            click.echo(f"  {one_line(key)}")


def _view(context: click.Context, given: str) -> View:
    """A view of the log: a checkpoint alone, or a whole site that can prove how its tree grew."""
    path = Path(given)
    if path.is_file():
        return View(note=path.read_bytes())
    source = context.with_resource(Site(given))
    note = source.read(CHECKPOINT)
    if note is None:
        raise Refused("there is no signed tree there", place=given)

    def file(name: str) -> bytes:
        data = source.read(name)
        if data is None:
            raise Unproven("a file of the log is missing", place=name)
        return data

    def prove(old: int, new: int) -> tuple[bytes, ...]:
        return Tree(new, file).consistency(old)

    return View(note=note, prove=prove)

"""`habeas atlas`: look at what national law says, find a citation, check a law file.

Decides only how the atlas is shown: every value with the way it was checked and its year, so that nobody
reads an unchecked figure as a fact. Notes on abuse are for the house and shown only when asked for.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from habeas.app import assessing
from habeas.atlas import (
    DefaultPenalty,
    Fact,
    Match,
    PenaltyValue,
    Provision,
    State,
    check,
)
from habeas.atlas import atlas as packaged
from habeas.errors import Refused
from habeas.reports.foreign import one_line

_STATE = re.compile(r"[A-Za-z]{3}")
_REFUSED = 2  # exit code, as for every command: what was handed in is unacceptable
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def atlas() -> None:
    """What national law says: offences, penalties, facts about states."""


@atlas.command()
@click.argument("what")
@click.option("--on", type=_DAY, help="The day for which penalties are read (default: today).")
@click.option(
    "--internal", is_flag=True, help="With the notes on how a provision is abused. Never for publication."
)
@click.option("--json", "as_json", is_flag=True, help="Plain JSON.")
def show(what: str, on: datetime | None, internal: bool, as_json: bool) -> None:
    """Show a state (NOR) or a provision (rus-cc-207-3)."""
    day = on.date() if on else assessing.today()
    if _STATE.fullmatch(what):
        state = packaged().state(what.upper())
        if as_json:
            _json(_state_values(state, day, internal))
        else:
            _show_state(state, day)
        return
    provision = packaged().provision(what)
    if as_json:
        _json(_provision_values(provision, day, internal))
    else:
        _show_provision(provision, day, internal)


@atlas.command()
@click.argument("citations", nargs=-1, required=True)
@click.option(
    "--state",
    help="Whose law is meant: a three-letter code. Without it only names that tell the state count.",
)
@click.option("--on", type=_DAY, help="The day for which the answer says whether the provision stood.")
@click.option("--json", "as_json", is_flag=True, help="Plain JSON.")
def find(citations: tuple[str, ...], state: str | None, on: datetime | None, as_json: bool) -> None:
    """Find the provisions that CITATIONS name, in any script. Exit code 1 where one finds nothing."""
    code = state.upper() if state else None
    if code is not None and not packaged().knows(code):
        raise Refused(f"the atlas holds no state “{code}”", place="--state", hint="use the three-letter code")
    day = on.date() if on else assessing.today()
    found = packaged().find(citations, state=code, on=day)
    if as_json:
        _json([_match_values(match, day) for match in found])
    else:
        _show_matches(citations, found, day)
    if {match.where for match in found} != set(range(len(citations))):
        sys.exit(1)


@atlas.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Plain JSON.")
def check_files(path: Path | None, as_json: bool) -> None:
    """Check a law file or a folder of them (default: the packaged ones). Exit code 2 where one is refused."""
    where = path if path is not None else Path(str(packaged().folder.joinpath("states")))
    wrong = check(where, on=assessing.today())
    if as_json:
        _json([{"sentence": one.sentence, "place": one.place, "hint": one.hint} for one in wrong])
    elif wrong:
        click.echo("\n".join(str(one) for one in wrong))
    else:
        count = len(list(where.rglob("*.toml"))) if where.is_dir() else 1
        click.echo(f"{count} law file{'' if count == 1 else 's'}: nothing wrong")
    if wrong:
        sys.exit(_REFUSED)


# -- values for JSON ----------------------------------------------------------------------------------


def _json(values: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(values), indent=2).decode())


def _provision_values(provision: Provision, day: date, internal: bool) -> dict[str, object]:
    shown = provision if internal else msgspec.structs.replace(provision, abuse=None)
    values: dict[str, object] = msgspec.to_builtins(shown)
    values["status_words"] = provision.status
    values["in_force"] = provision.in_force(day)
    values["reaches_four_years"] = provision.reaches(4, day)
    values["reaches_four_years_verified"] = provision.reaches(4, day, verified_only=True)
    values["capital"] = provision.capital(day)
    return values


def _state_values(state: State, day: date, internal: bool) -> dict[str, object]:
    return {
        "facts": msgspec.to_builtins(state.facts),
        "laws": msgspec.to_builtins(state.laws),
        "provisions": [_provision_values(provision, day, internal) for provision in state.provisions],
        "defaults": msgspec.to_builtins(state.defaults),
        "indicators": msgspec.to_builtins(state.indicators),
        "version": packaged().version,
    }


def _match_values(match: Match, day: date) -> dict[str, object]:
    provision = match.provision
    return {
        "provision": provision.id,
        "law": provision.law.name,
        "article": provision.article,
        "offence": provision.offence,
        "category": str(provision.category),
        "citation": match.citation,
        "span": list(match.span),
        "where": match.where,
        "by": str(match.by),
        "strength": str(match.strength),
        "in_force": match.in_force,
        "status": match.status,
        "reaches_four_years": provision.reaches(4, day),
        "reaches_four_years_verified": provision.reaches(4, day, verified_only=True),
    }


# -- tables -------------------------------------------------------------------------------------------

_CHECKED = {
    "statute-text": "[green]statute text[/]",
    "secondary": "[green]secondary source[/]",
    "partial": "[yellow]partly checked[/]",
    "knowledge": "[red]not checked[/]",
}


def _console() -> Console:
    return Console(soft_wrap=False, highlight=False)


def _table(*columns: str, title: str | None = None) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _answer(value: bool | None) -> str:
    return "not known" if value is None else "yes" if value else "no"


def _years(value: PenaltyValue) -> str:
    least = f"from {value.minimum:g} " if value.minimum is not None else ""
    most = f"to {value.maximum}" if value.maximum is not None else "no ceiling on record"
    return f"{least}{most}"


def _show_provision(provision: Provision, day: date, internal: bool) -> None:
    console = _console()
    console.print(f"[bold]{escape(provision.article)}[/] · {escape(provision.law.name)}")
    console.print(f"{escape(provision.offence)}")
    console.print(f"[dim]{provision.id} · {provision.state} · {provision.category} · {provision.status}[/]")
    rows = [
        ("rights", ", ".join(provision.rights)),
        ("online", provision.online),
        ("note", provision.note),
        ("also cited as", "; ".join(provision.aliases)),
        (f"stood on {day}", _answer(provision.in_force(day))),
        ("reaches four years", f"{_answer(provision.reaches(4, day))}"),
        ("… on checked values", _answer(provision.reaches(4, day, verified_only=True))),
        ("death possible", _answer(provision.capital(day))),
    ]
    if internal and provision.abuse:
        rows.append(("abuse (internal)", provision.abuse))
    facts = _table("", "")
    facts.show_header = False
    for name, value in rows:
        if value:
            facts.add_row(name, escape(value))
    console.print(facts)
    penalties = _table("tier", "penalty", "applies", "read in", "checked by", "source")
    for penalty in provision.penalties:
        applies = f"{penalty.start or ''}–{penalty.end or ''}".strip("–") or "not dated"
        penalties.add_row(
            str(penalty.tier),
            _years(penalty),
            applies,
            _read_in(penalty.as_of, day),
            _CHECKED[penalty.verification],
            escape("\n".join(penalty.sources)),
        )
    console.print(penalties)


def _read_in(year: int, day: date) -> str:
    age = day.year - year
    return f"{year} ({age} years ago)" if age > 1 else str(year)


def _show_state(state: State, day: date) -> None:
    console = _console()
    console.print(f"[bold]{escape(state.facts.name)}[/] ({state.code})")
    console.print(_facts(state.facts.facts.items()))
    offences = _table(
        "id", "article", "offence", "category", "maximum", "checked by", "status", title="Offences"
    )
    for provision in state.provisions:
        maximum = provision.maximum(day)
        checked = maximum.value if maximum is not None else provision.penalties[-1]
        offences.add_row(
            provision.id,
            escape(provision.article),
            escape(provision.offence),
            str(provision.category),
            str(maximum.penalty) if maximum is not None else "not known",
            _CHECKED[checked.verification],
            provision.status,
        )
    if state.provisions:
        console.print(offences)
    if state.defaults:
        console.print(_defaults(state.defaults))
    if state.indicators:
        edition = state.indicators[0]
        figures = _table("indicator", "value", "percentile", title=f"V-Dem {edition.edition}, {edition.year}")
        for indicator in state.indicators:
            figures.add_row(indicator.name, f"{indicator.value:g}", f"{indicator.percentile:g}")
        console.print(figures)


def _facts(facts: Iterable[tuple[str, Fact]]) -> Table:
    table = _table("fact", "value", "evidence", "as of", "doubt")
    for column, fact in facts:
        evidence = "[green]seen[/]" if fact.evidence == "seen" else "[red]from memory[/]"
        value = f"{fact.value} {fact.year}" if fact.year is not None else fact.value
        doubt = f"{fact.risk}: {fact.issue}" if fact.risk else ""
        table.add_row(column, escape(value), evidence, escape(fact.as_of), escape(doubt))
    return table


def _defaults(defaults: Iterable[DefaultPenalty]) -> Table:
    table = _table("word", "means", "provision", "checked by", title="What a bare word for a penalty means")
    for rule in defaults:
        words = ", ".join(rule.terms) or rule.rule
        means = f"{rule.shortest or '…'} to {rule.longest or '…'}. {rule.effect}"
        table.add_row(escape(words), escape(means), escape(rule.provision), _CHECKED[rule.verification])
    return table


def _show_matches(citations: tuple[str, ...], found: tuple[Match, ...], day: date) -> None:
    console = _console()
    table = _table("citation", "provision", "offence", "found by", "status", "reaches four years")
    for where, citation in enumerate(citations):
        matches = [match for match in found if match.where == where]
        for match in matches:
            provision = match.provision
            checked = provision.reaches(4, day, verified_only=True)
            stands = (
                ""
                if match.in_force
                else f" ({'not in force' if match.in_force is False else 'not sure'} on {day})"
            )
            table.add_row(
                escape(one_line(match.citation)),
                f"{provision.id}\n{escape(provision.article)}",
                f"{escape(provision.offence)} ({provision.category})",
                f"{match.by}: {match.strength}",
                f"{match.status}{stands}",
                f"{_answer(provision.reaches(4, day))}; on checked values: {_answer(checked)}",
            )
        if not matches:
            table.add_row(escape(one_line(citation)), "nothing found", "", "", "", "")
    console.print(table)

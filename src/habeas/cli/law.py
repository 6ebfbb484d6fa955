"""`habeas law`: is the packaged law well-formed, and which citations has nobody verified yet?

`check` reads all of it and lists the citations still to be compared with a certified text, the most
used first. `confirm` adds to a register who compared one, and when. `letters` says who read the words of the
letters. This module decides nothing about law; it holds the two things the treaty layer may not have: a clock
and a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from habeas.desk.letters import Language
from habeas.desk.letters.texts import Review, reviews
from habeas.reports import words
from habeas.treaty import Citation, Confirmation, confirm, entry_text, law, outstanding, read_register

REGISTER = "law-confirmations.toml"
SHOWN = 40  # a screen; --limit 0 shows all of them


def _no_extra() -> Iterable[str]:
    return ()


def law_commands(extra_citations: Callable[[], Iterable[str]] = _no_extra) -> click.Group:
    """The command group. extra_citations: the citations of upper layers, one entry per use."""

    @click.group("law")
    def group() -> None:
        """The packaged law and who has verified it."""

    @group.command("check")
    @_register_option
    @_on_option("the day the register is read for")
    @click.option("--limit", type=click.IntRange(min=0), default=SHOWN, help="Show so many; 0 shows all.")
    @click.option("--json", "as_json", is_flag=True, help="Plain JSON, all of it.")
    def check(register: Path, on: date | None, limit: int, as_json: bool) -> None:
        """List the citations not yet verified against a certified text, the most used first."""
        on = on or _today()
        citations = law().citations(extra_citations())
        open_ones = outstanding(citations, _read(register), on=on)
        if as_json:
            click.echo(json.dumps(_as_json(open_ones, len(citations), on), indent=2, ensure_ascii=False))
            return
        _print_table(open_ones[: limit or None], len(open_ones), len(citations), on)

    @group.command("confirm")
    @click.argument("citation")
    @click.option("--by", required=True, help="The role or office that read the text; never a name.")
    @click.option("--text", required=True, help='Which text was read, e.g. "certified copy of ETS 185".')
    @_on_option("the day of reading")
    @_register_option
    def confirm_one(citation: str, by: str, text: str, on: date | None, register: Path) -> None:
        """Record that CITATION was compared with a certified text."""
        today = _today()
        citations = law().citations(extra_citations())
        _read(register)  # a register that does not read is not added to
        made = confirm(citation, citations, by=by, on=on or today, text=text, today=today)
        with register.open("a", encoding="utf-8") as file:
            if register.stat().st_size:
                file.write("\n")
            file.write(entry_text(made))
        click.echo(f"{made.citation} confirmed by {made.by} on {made.on}: {register}")

    @group.command("letters")
    @click.argument("language", type=click.Choice([str(each) for each in Language]), required=False)
    def letters(language: str | None) -> None:
        """Say who read the words of the letters, and when.

        With LANGUAGE section by section, each with the fingerprint that a review of these words names.
        """
        if language is not None:
            _print_reviews(reviews(Language(language)))
            return
        for each in Language:
            found = reviews(each)
            stands = sum(review.stands for review in found)
            click.echo(f"{words.language(each)}: {stands} of {len(found)} sections read by a jurist")

    return group


def _print_reviews(found: tuple[Review, ...]) -> None:
    for each in found:
        read = f"read by {each.by} on {each.on}" if each.by and each.on else "read by nobody"
        lapsed = "" if each.stands or not each.by else "; the words changed since"
        click.echo(f"[{each.section}]  {read}{lapsed}")
        click.echo(f'    reviewed_text = "{each.words}"')


def _register_option(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--register",
        type=click.Path(dir_okay=False, path_type=Path),
        default=REGISTER,
        envvar="HABEAS_LAW_CONFIRMATIONS",
        show_default=True,
        help="The register of confirmations.",
    )(command)


def _on_option(what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def to_date(context: click.Context, option: click.Parameter, value: datetime | None) -> date | None:
        return value.date() if value else None

    return click.option(
        "--on",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=to_date,
        help=f"{what.capitalize()} (default: today).",
    )


def _today() -> date:
    return datetime.now(tz=UTC).date()


def _read(register: Path) -> tuple[Confirmation, ...]:
    if not register.exists():
        return ()
    return read_register(register.read_text(encoding="utf-8"), place=str(register))


def _as_json(open_ones: tuple[Citation, ...], total: int, on: date) -> dict[str, object]:
    return {
        "law_version": law().version,
        "on": on.isoformat(),
        "citations": total,
        "unverified": [
            {
                "citation": each.name,
                "certainty": str(each.certainty),
                "uses": each.uses,
                "used_by": list(each.used_by),
                "fingerprint": each.fingerprint,
            }
            for each in open_ones
        ],
    }


def _print_table(shown: tuple[Citation, ...], unverified: int, total: int, on: date) -> None:
    console = Console()
    console.print(f"law version {law().version[:16]}, read without a fault")
    console.print(f"{unverified} of {total} citations not verified against a certified text by {on}")
    if not shown:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("citation", overflow="fold")
    table.add_column("how sure")
    table.add_column("uses", justify="right")
    table.add_column("used by", overflow="fold")
    for each in shown:
        table.add_row(each.name, str(each.certainty), str(each.uses), ", ".join(each.used_by))
    console.print(table)
    if len(shown) < unverified:
        console.print(f"... and {unverified - len(shown)} more (--limit 0 shows all)")


law_group = law_commands()
"""The group without citations of upper layers."""

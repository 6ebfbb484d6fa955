"""`habeas package`: what whoever received a package checks, without asking the house and without its key.

It opens no installation and sends nothing anywhere. The files lie beside each other under the names they left
with; what the time-stamp leads to, and whose key the signature is by, its reader has from elsewhere.
"""

from __future__ import annotations

from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from habeas.cli.checking import BROKEN
from habeas.desk.delivery import CLOCKS_APART, PARTS
from habeas.desk.package import Statement, key_id, verify, verify_bag
from habeas.errors import Refused
from habeas.gateways.timestamps import LARGEST_ANSWER, Timestamp, read
from habeas.reports.foreign import one_line

LARGEST_STATEMENT = 1 << 20  # bytes; a statement has about a thousand
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("package")
def package() -> None:
    """A package that a house handed over."""


@package.command("check")
@click.argument("sealed", type=_FILE)
@click.option("--key", required=True, type=_FILE, help="The public key of the house (PEM), from elsewhere.")
@click.option("--roots", type=_FILE, help="What the time-stamp has to lead to (PEM), from its authority.")
@click.option("--chain", type=_FILE, help="Certificates in between (PEM), where the time-stamp lacks them.")
@click.option(
    "--opened", type=_FILE, help="The tar out of it: is the bag whole, and the one that was signed?"
)
@click.pass_context
def check(
    context: click.Context,
    sealed: Path,
    key: Path,
    roots: Path | None,
    chain: Path | None,
    opened: Path | None,
) -> None:
    """Is the package in SEALED (.age) what the house signed, and since when? Exit code 1: it is not."""
    if sealed.suffix != PARTS["sealed"]:
        raise Refused(
            "this is no sealed package", place=str(sealed), hint=f"its name ends in {PARTS['sealed']}"
        )
    public = _public(key)
    statement, signature = (
        _beside(sealed, part, most=LARGEST_STATEMENT) for part in ("statement", "signature")
    )
    if statement is None or signature is None:
        raise Refused(
            "the statement or its signature is missing",
            place=str(sealed),
            hint="they lie beside the package under the same name",
        )
    try:
        with sealed.open("rb") as file:
            said = verify(file, statement, signature, public)
        _say(f"{said.organisation} sent package {said.package} to {said.authority} ({said.state}),")
        _say(f"by its own clock at {said.at:%Y-%m-%d %H:%M:%S} UTC. The file is that package, and")
        _say(f"the statement is signed by the key {key_id(public)}.")
        _stamp(_beside(sealed, "timestamp", most=LARGEST_ANSWER), signature, said, roots, chain)
        if opened is not None:
            with opened.open("rb") as tar:
                contents = verify_bag(tar, said)
            _say(f"The bag is whole: {len(contents.payload)} files, on the conditions that were signed.")
    except Refused as broken:
        place = f"{broken.place}: " if broken.place else ""
        _say(f"DOES NOT HOLD: {place}{broken.sentence}.")
        if broken.hint:
            _say(f"  {broken.hint}")
        context.exit(BROKEN)


def _stamp(
    token: bytes | None, signature: bytes, said: Statement, roots: Path | None, chain: Path | None
) -> None:
    """Says what a third party said about the time. Raises Refused where that does not hold."""
    if token is None:
        if roots is not None:
            raise Refused("there is no time-stamp beside the package", place=PARTS["timestamp"])
        _say("No third party stamped the time.")
        return
    if roots is None:
        _say("A time-stamp lies beside it and was not checked: name what it has to lead to with --roots.")
        return
    found: Timestamp = read(token, signature, roots=_pem(roots), chain=_pem(chain) if chain else "")
    if found.at < said.at - CLOCKS_APART:
        raise Refused(
            f"the time-stamp is older than the statement: {found.at:%Y-%m-%d %H:%M:%S} UTC",
            place=PARTS["timestamp"],
            hint="the clock of the house was wrong, or the statement says another time than it was",
        )
    _say(f"A third party saw the signature at {found.at:%Y-%m-%d %H:%M:%S} UTC (policy {found.policy}).")


def _say(line: str) -> None:
    click.echo(one_line(line))


def _pem(path: Path) -> str:
    return path.read_text("utf-8", "replace")


def _beside(sealed: Path, part: str, *, most: int) -> bytes | None:
    """The part under the same name; None where there is none."""
    path = sealed.with_name(sealed.name.removesuffix(PARTS["sealed"]) + PARTS[part])
    if not path.is_file():
        return None
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Refused("this file is too large to be what it says", place=str(path))
    return data


def _public(path: Path) -> bytes:
    """The 32 bytes of an Ed25519 public key in PEM."""
    try:
        found = load_pem_public_key(path.read_bytes())
    except ValueError:
        found = None
    if not isinstance(found, Ed25519PublicKey):
        raise Refused(
            "this is no public key of a house",
            place=str(path),
            hint="an Ed25519 key in PEM: the house prints it with `habeas house key`",
        )
    return found.public_bytes_raw()

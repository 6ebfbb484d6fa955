"""What a letter may rest on: which grounds are open to a seat, and which provisions may be quoted.

A treaty's grounds belong to states, its parties; a company says what the law of its own seat bars or does
not oblige it to. A provision is quoted only when somebody has read it in a certified text and our words under
it have not changed since (`habeas.treaty.register`); before that a letter gives the rule without a number.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from habeas.desk.letters.model import Condition, Ground, Kind
from habeas.errors import Refused
from habeas.treaty import Arrival, Citation, Confirmation, Role, outstanding


class OpenTo(StrEnum):
    STATE = "state"
    PROVIDER = "provider"
    ALL = "all"


class Basis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one ground or condition rests on. See law.toml."""

    open_to: OpenTo = OpenTo.ALL
    consult: tuple[str, ...] = ()
    house: bool = False
    cites: dict[str, tuple[str, ...]] = {}


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ground: dict[Ground, Basis]
    condition: dict[Condition, Basis]
    persecution: Basis
    secrecy: Basis


@cache
def bases() -> _File:
    """The packaged list."""
    return msgspec.toml.decode((files("habeas.desk.letters") / "law.toml").read_bytes(), type=_File)


def open_kinds(role: Role, arrival: Arrival) -> frozenset[Kind]:
    """The letters that a seat may write.

    An order of our own court binds: it is complied with as narrowed, questioned or challenged in court; no
    letter refuses it, sets it conditions, takes more time for it or declines its secrecy. Nobody else's
    request is brought before our court by a letter.
    """
    if arrival is Arrival.DOMESTIC_ORDER:
        return frozenset(Kind) - {
            Kind.REFUSAL,
            Kind.PERSECUTION_REFUSAL,
            Kind.REROUTE,
            Kind.MORE_TIME,
            Kind.CONDITIONS,
            Kind.SECRECY_NOT_HONOURED,
        }
    return frozenset(Kind) - {Kind.CHALLENGE}


def open_grounds(role: Role) -> frozenset[Ground]:
    """The grounds that a seat may invoke against a request."""
    barred = OpenTo.STATE if role is Role.PROVIDER else OpenTo.PROVIDER
    return frozenset(ground for ground, basis in bases().ground.items() if basis.open_to is not barred)


def verified(
    citations: Iterable[Citation], confirmations: Iterable[Confirmation], *, on: date
) -> frozenset[str]:
    """The provisions that somebody has confirmed against a certified text by `on`, in our present words."""
    known = tuple(citations)
    open_ones = {entry.name for entry in outstanding(known, confirmations, on=on)}
    return frozenset(entry.name for entry in known) - open_ones


def cites_of(
    basis: Basis, given: tuple[str, ...], *, role: Role, instrument: str, what: str
) -> tuple[tuple[str, ...], str]:
    """(provisions to rest on, what is lacking). A provider rests on the law of its seat only."""
    for cite in given:
        work, _, number = cite.partition(":")
        if not (len(work) == 3 and work.isupper() and number.strip()):
            raise Refused(
                f"{cite} is no provision of the law of a seat",
                place=f"grounds: {what}",
                hint="as in `USA:18 USC 2702(a)`; what a treaty says is on file and belongs to states",
            )
    on_file = () if role is Role.PROVIDER else basis.cites.get(instrument, ())
    cites = (*on_file, *given)
    if cites or basis.house:
        return cites, ""
    source = "the law of the seat" if role is Role.PROVIDER else instrument or "any instrument"
    return (), f"{what}: no provision of {source} is on file or given"

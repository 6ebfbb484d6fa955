"""Who asks, and how sure we are of it.

Decides one thing: how far the evidence reaches from the name written on a request to the body that
carries that name. Evidence comes in as values that a gateway or a person recorded; nothing is looked
up here. Whether that body may ask for this is for `habeas.assess`, and nothing below is ever told to
a sender.

The order of strength follows how requests have been forged: with invented letterheads (a name proves
nothing), with look-alike domains, and with the real mailbox of a real officer, stolen. So what a
thief of a mailbox would also have is never more than plausible, and a call-back counts only to the
number our own register holds, never to one the request brought along. Articles 40(13)-(14) of the UN
Convention name central authorities and writing that lets the executing state establish authenticity.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from habeas.errors import Refused
from habeas.request.model import Authority, StateCode

FRESH_DAYS = 365  # a register entry nobody has looked at for a year may name an office that has moved


class Level(StrEnum):
    """How sure we are, from nothing to sure. Ask with `at_least`, never by the words."""

    NONE = "none"  # nobody is named, or the body named says that it did not ask
    CLAIMED = "claimed"  # a name, and nothing that carries it
    PLAUSIBLE = "plausible"  # what the real sender would have, and a thief of a mailbox too
    CONFIRMED = "confirmed"  # what only the real sender would have

    def at_least(self, other: Level) -> bool:
        order = tuple(Level)
        return order.index(self) >= order.index(other)


class EvidenceKind(StrEnum):
    SIGNATURE = "signature"  # the request is signed with the key that our register holds for the authority
    DOMAIN = "domain"  # it came, authenticated, from the mail domain that our register holds
    CALL_BACK = "call-back"  # we called the number that our register holds and asked
    DIPLOMATIC_CHANNEL = "diplomatic-channel"  # our own foreign ministry handed it over
    UNKNOWN = "unknown"  # something else that somebody noted; carries nothing


CARRIES = {
    EvidenceKind.SIGNATURE: Level.CONFIRMED,
    EvidenceKind.CALL_BACK: Level.CONFIRMED,
    EvidenceKind.DIPLOMATIC_CHANNEL: Level.CONFIRMED,
    EvidenceKind.DOMAIN: Level.PLAUSIBLE,
    EvidenceKind.UNKNOWN: Level.CLAIMED,
}
"""The level that a piece of evidence reaches when it holds."""


class Register(StrEnum):
    """Where the entry stands by which an authority is known. The list is closed: what is none of these is
    named in words, and carries no more than a mailbox does."""

    TREATY_DIRECTORY = "treaty-directory"
    POINTS_24_7 = "24-7-points"
    UNION_NETWORK = "union-network"
    DECENTRALISED_SYSTEM = "decentralised-system"
    PUBLIC_REGISTER = "public-register"
    DIPLOMATIC_LIST = "diplomatic-list"
    CERTIFICATES = "certificates"
    OWN_DIRECTORY = "own-directory"
    OTHER = "other"


REGISTERS = {
    Register.TREATY_DIRECTORY: "the directory of central authorities that the treaty's body keeps",
    Register.POINTS_24_7: "the list of 24/7 contact points",
    Register.UNION_NETWORK: "the directory of a network of the Union (EJN Atlas, SIRIUS)",
    Register.DECENTRALISED_SYSTEM: "the decentralised IT system of the Union (eEDES)",
    Register.PUBLIC_REGISTER: "an official public register of the courts or authorities of that state",
    Register.DIPLOMATIC_LIST: "the list of our own foreign or justice ministry",
    Register.CERTIFICATES: "a trusted list of certificates, or a key that was compared with its holder",
    Register.OWN_DIRECTORY: "our own directory, from an earlier contact that was checked",
    Register.OTHER: "another register",
}
"""Each register in words, as they stand in a sentence."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that was looked at.

    holds: True if it speaks for the sender, False if it speaks against, None if it could not be
    settled (nobody answered). register_entry: the entry it rests on, of a register that we found
    ourselves; None if it rests on anything else, for example a number found in the request.
    register: in which register the entry stands; None in records from before that was asked.
    register_named: what it is called, where it is another one. register_state: the state of
    that entry. register_read_on: when somebody last verified the entry. seen_on: when the evidence
    was taken. detail: key, domain or number, for the record.
    """

    kind: EvidenceKind
    holds: bool | None = None
    register_entry: str | None = None
    register_state: StateCode | None = None
    register_read_on: date | None = None
    seen_on: date | None = None
    detail: str = ""
    register: Register | None = None
    register_named: str = ""


class Identification(msgspec.Struct, frozen=True, kw_only=True):
    """The level reached, the evidence it was reached with, and one plain sentence for each step."""

    level: Level
    evidence: tuple[Evidence, ...] = ()
    why: tuple[str, ...] = ()


def identify(
    claimed: Authority | None, evidence: tuple[Evidence, ...], *, state: str | None, on: date
) -> Identification:
    """How sure we are, on the day `on`, that the authority `claimed` of `state` is the sender.

    Evidence against weighs more than evidence for: a denial in a call-back ends at `none`, a broken
    signature or a foreign domain at `claimed`, whatever else holds. Evidence whose register entry is
    missing, belongs to another state, stands in a register that is on no list, or was last verified
    more than `FRESH_DAYS` ago, does not reach its full level. The order of the evidence does not matter.
    """
    if claimed is None or not claimed.name.strip():
        return Identification(level=Level.NONE, evidence=evidence, why=("The request names no authority.",))
    reached = Level.CLAIMED
    why = [f"The request names {claimed.name} as the sender."]
    for piece in sorted(evidence, key=_order):
        level, sentence = _weigh(piece, state, on)
        why.append(sentence)
        if level.at_least(reached):
            reached = level
    against = [piece for piece in evidence if piece.holds is False and piece.kind is not EvidenceKind.UNKNOWN]
    if any(piece.kind is EvidenceKind.CALL_BACK and piece.register_entry is not None for piece in against):
        reached = Level.NONE
        why.append("The authority itself denies the request; treat it as forged.")
    elif against and reached is not Level.CLAIMED:
        reached = Level.CLAIMED
        why.append("Evidence against the sender outweighs what speaks for it.")
    if not evidence:
        why.append("Nothing was checked, so the name remains a claim.")
    return Identification(level=reached, evidence=evidence, why=tuple(why))


def _order(piece: Evidence) -> bytes:
    return msgspec.json.encode(piece)


def _weigh(piece: Evidence, state: str | None, on: date) -> tuple[Level, str]:
    """The level one piece reaches by itself, and why."""
    name = piece.kind.replace("-", " ")
    if piece.kind is EvidenceKind.UNKNOWN:
        return Level.CLAIMED, "A note of an unknown kind carries nothing."
    if piece.holds is None:
        return Level.CLAIMED, f"The {name} could not be settled."
    if piece.holds is False:
        return Level.CLAIMED, f"The {name} speaks against the sender."
    if piece.seen_on is None or piece.seen_on > on:
        return Level.CLAIMED, f"The {name} has no day on which it was taken, so it carries nothing."
    if piece.register_entry is None:
        return Level.CLAIMED, f"The {name} does not rest on our own register, so it carries nothing."
    if state is None or piece.register_state != state:
        return Level.CLAIMED, f"The {name} rests on a register entry that is not of the requesting state."
    if piece.register_read_on is None or not 0 <= (on - piece.register_read_on).days <= FRESH_DAYS:
        return Level.PLAUSIBLE, f"The {name} holds, but its register entry was not verified for a year."
    if piece.register is Register.OTHER:
        # Anybody can call something a register; who could forge the entry is for nobody here to know.
        return Level.PLAUSIBLE, f"The {name} holds by a register on no list of ours: {piece.register_named}."
    if piece.register is None:
        return CARRIES[piece.kind], f"The {name} holds by the register entry {piece.register_entry}."
    return (
        CARRIES[piece.kind],
        f"The {name} holds by the entry {piece.register_entry} in {REGISTERS[piece.register]}.",
    )


def nameable(piece: Evidence) -> None:
    """Raises Refused where somebody names an entry and not the register it stands in. Asked of what is newly
    recorded; what was recorded earlier stays as it is."""
    if piece.register_entry is None:
        return
    if piece.register is None:
        raise Refused(
            "nobody said in which register this entry stands",
            place="register",
            hint="choose one of the list, or the other one with its name",
        )
    if piece.register is Register.OTHER and not piece.register_named.strip():
        raise Refused("this register has no name", place="register_named", hint="say what it is called")

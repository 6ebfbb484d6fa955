"""A receipt: one file with which its holder proves what the public log says about them, without asking us.

It holds leaves with as much of them opened as its holder may open, each with a proof that it stands in a
signed tree of the log (C2SP tlog-proof). A person's receipt names nobody: the account is not in it, and its
holder types it in to see that the receipt is about it. An authority's receipt opens the papers that were
exchanged with it. An auditor's opens what is counted.

Decides what a receipt is worth, in three grades: what the operator alone signed; what outsiders cosigned;
what agrees with a view of the log that somebody fetched elsewhere. The form is written down in docs/log.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum, StrEnum
from typing import Any

import msgspec

from habeas.desk import public
from habeas.desk.public import GROUPS, HASH, SALT, Opening
from habeas.errors import Refused
from habeas.tlog import (
    Bundle,
    Checkpoint,
    Key,
    Opened,
    Policy,
    Unproven,
    check_consistency,
    opened,
    outsiders,
)

FORMAT = "habeas/receipt/v1"
MOST_BYTES = 4_000_000  # a receipt has a few leaves; an auditor's file of openings is another form
MOST_ENTRIES = 1000
ACCOUNT = ("person", "account")  # the one field that its holder may be asked to supply
_HEX = re.compile(r"([0-9a-f]{2})*")


class Holder(StrEnum):
    PERSON = "person concerned"
    AUTHORITY = "authority"
    AUDITOR = "auditor"


class Grade(IntEnum):
    """What a receipt is worth."""

    NOTHING = 0
    OPERATOR = 1
    WITNESSED = 2
    ELSEWHERE = 3

    def words(self, cosigned: int = 0, of: int = 0) -> str:
        return {
            Grade.NOTHING: "does not hold",
            Grade.OPERATOR: "signed by the operator only",
            Grade.WITNESSED: f"witnessed by {cosigned} of {of}",
            Grade.ELSEWHERE: "consistent with a view fetched elsewhere",
        }[self]


class Unfinished(Refused):
    """Nothing was found out about the receipt: what its reader has to give is missing or cannot be used."""


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One field. Opened: salt and value. To be supplied by the holder: salt alone. Withheld: commitment."""

    name: str
    salt: str | None = None
    value: str | None = None
    commitment: str | None = None


Group = str | tuple[Field, ...]
"""A group of fields, or its commitment in hex where nothing of it is opened."""


class Shown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One leaf as far as it is opened, with the proof that it stands in the log."""

    groups: dict[str, Group]
    proof: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: str
    holder: Holder = msgspec.field(name="for")
    log: str
    witnesses: tuple[str, ...]
    quorum: int
    entries: tuple[Shown, ...]

    def policy(self) -> Policy:
        """Who signs and cosigns, as the receipt itself says. Compare it with what is published elsewhere."""
        return Policy.k_of_n(
            Key.parse(self.log), [(Key.parse(each), "") for each in self.witnesses], self.quorum
        )

    def encoded(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt proves. steps: one sentence for each thing that was looked at and holds. fields: what
    was opened, per entry. account: whether the account that the holder typed in is the one the leaves are
    about; None where not every leaf is."""

    grade: Grade
    cosigned: int
    witnesses: int
    steps: tuple[str, ...]
    fields: tuple[dict[str, dict[str, str]], ...]
    account: bool | None = None

    @property
    def words(self) -> str:
        return self.grade.words(self.cosigned, self.witnesses)


# ---- making one ------------------------------------------------------------------------------------------


def shown(
    openings: Sequence[Opening], bundle: Bundle, open: Mapping[str, Iterable[str]], ask: Iterable[str] = ()
) -> Shown:
    """A leaf as its holder may see it. openings: of its three groups. open: fields of each group that are
    opened. ask: fields of `person` of which the salt alone is in the receipt."""
    groups: dict[str, Group] = {}
    asked = frozenset(ask)
    for opening in openings:
        allowed = frozenset(open.get(opening.group, ()))
        if not allowed and not (opening.group == "person" and asked):
            groups[opening.group] = opening.commitment().hex()
            continue
        groups[opening.group] = tuple(
            _field(opening, name, place, allowed, asked) for place, name in enumerate(GROUPS[opening.group])
        )
    return Shown(groups=groups, proof=bundle.encoded().decode())


def shown_paper(leaf: bytes, paper: Opening, bundle: Bundle) -> Shown:
    """A leaf of which nothing is known but its paper."""
    count, person, committed = public.commitments(leaf)
    if paper.commitment() != committed:
        raise Unproven("this does not open the leaf", place=f"leaf {bundle.index}")
    groups: dict[str, Group] = {"count": count.hex(), "person": person.hex(), "paper": opened_fields(paper)}
    return Shown(groups=groups, proof=bundle.encoded().decode())


def opened_fields(opening: Opening) -> tuple[Field, ...]:
    """A group of which everything is opened."""
    return tuple(
        Field(name=name, salt=salt.hex(), value=value)
        for name, salt, value in zip(GROUPS[opening.group], opening.salts, opening.values, strict=True)
    )


def _field(opening: Opening, name: str, place: int, allowed: frozenset[str], asked: frozenset[str]) -> Field:
    salt, value = opening.salts[place], opening.values[place]
    if name in allowed:
        return Field(name=name, salt=salt.hex(), value=value)
    if opening.group == "person" and name in asked:
        return Field(name=name, salt=salt.hex())
    return Field(name=name, commitment=public.field_commitment(opening.group, name, salt, value).hex())


# ---- reading and checking one ----------------------------------------------------------------------------


def read(data: bytes) -> Receipt:
    """The receipt in these bytes. Raises Refused where it is none."""
    if len(data) > MOST_BYTES:
        raise Refused("this file is too long for a receipt", hint=f"at most {MOST_BYTES:,} bytes")
    try:
        receipt = msgspec.json.decode(data, type=Receipt)
        _refuse_doubles(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(f"this is no receipt: {error}", hint="take the file as it was downloaded") from None
    if receipt.format != FORMAT:
        raise Refused(f"this is no receipt of the form {FORMAT}", place="format")
    if not 1 <= len(receipt.entries) <= MOST_ENTRIES:
        raise Refused("a receipt has between one and a thousand entries", place="entries")
    return receipt


def verify(
    receipt: Receipt,
    *,
    policy: Policy | None = None,
    account: str = "",
    views: Sequence[View] = (),
) -> Verdict:
    """Check everything a receipt says. Raises Unproven at the first thing that does not hold, and Unfinished
    where its account was not given, or a view is none of this log.

    policy: whom the reader trusts; without it the keys are those that the receipt names. account: typed in
    by its holder. views: what was fetched elsewhere; one that contradicts the receipt raises.
    """
    trusted = _trusted(receipt, policy)
    account = public.plain_account(account.splitlines())
    places: set[int] = set()
    roots: dict[int, bytes] = {}
    steps: list[str] = []
    fields: list[dict[str, dict[str, str]]] = []
    grades: list[Grade] = []
    cosigned: list[int] = []
    about: list[bool] = []
    for number, entry in enumerate(receipt.entries):
        place = f"entries[{number}]"
        try:
            commitments, said, matched = _groups(entry, account, place)
            bundle = Bundle.parse(entry.proof.encode())
            seen = _stands(bundle, public.leaf(*commitments), trusted, typed=bool(matched))
            if bundle.index in places:
                raise Unproven("the same leaf stands twice in the receipt")
            if roots.setdefault(seen.checkpoint.size, seen.checkpoint.root) != seen.checkpoint.root:
                raise Unproven("the receipt itself shows two trees of one size")
            if policy is not None and not seen.quorum_met:
                raise Unproven("fewer witnesses cosigned than you ask for", hint="your own policy says so")
            places.add(bundle.index)
        except Unfinished:
            raise
        except Refused as refused:
            raise Unproven(refused.sentence, place=_joined(place, refused.place), hint=refused.hint) from None
        fields.append(said)
        about.append(bool(matched))
        steps.append(
            f"Leaf {bundle.index} stands in the tree of {seen.checkpoint.size:,} leaves that "
            f"{seen.checkpoint.origin} signed."
        )
        cosigned.append(outsiders(each.key for each in seen.cosigned))
        grades.append(_grade(seen, trusted, views, place))
    witnesses = outsiders(each.key for each in trusted.witnesses.values())
    if cosigned and witnesses:
        steps.append(f"The trees are cosigned by at least {min(cosigned)} of {witnesses} witnesses.")
    return Verdict(
        grade=min(grades),
        cosigned=min(cosigned),
        witnesses=witnesses,
        steps=tuple(steps),
        fields=tuple(fields),
        account=True if all(about) else None,
    )


def _stands(bundle: Bundle, leaf: bytes, policy: Policy, *, typed: bool) -> Opened:
    """As `Bundle.check`. typed: whether the account in this leaf is the reader's own word for it."""
    try:
        return bundle.check(leaf, policy)
    except Unproven:
        opened(bundle.checkpoint, policy)  # no account is to blame for a signature
        if not typed:
            raise
        raise Unproven(
            "the leaf with this account is not the one that the log signed",
            hint="either the account is typed otherwise than the notice names it, or the receipt was changed",
        ) from None


def stated(entry: Shown, leaf: bytes) -> tuple[bool, dict[str, dict[str, str]]]:
    """Whether an entry is of this leaf, whoever it is about, and what it opens. An account that is left to
    its holder is not asked for. Raises Unproven where the entry is none."""
    person = entry.groups.get("person", "")
    asks = not isinstance(person, str) and any(each.salt and each.value is None for each in person)
    own = public.commitments(leaf)
    groups = {**entry.groups, "person": own[1].hex()} if asks else entry.groups
    commitments, said, _matched = _groups(msgspec.structs.replace(entry, groups=groups), "", "")
    return commitments == own, said


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A signed tree of the same log that was fetched elsewhere. prove: gives the consistency proof between
    two sizes, where the view can; a checkpoint alone can be compared with trees of its size."""

    note: bytes
    prove: Callable[[int, int], Sequence[bytes]] | None = None


def _trusted(receipt: Receipt, policy: Policy | None) -> Policy:
    """Whom the reader trusts; a policy of witnesses alone takes the log that the receipt names."""
    named = receipt.policy()
    if any(each.key.name == log.name for each in named.witnesses.values() for log in named.logs):
        raise Unproven("a witness bears the log's own name", place="witnesses")
    if policy is None:
        return named
    return policy if policy.logs else msgspec.structs.replace(policy, logs=named.logs)


def _grade(seen: Opened, policy: Policy, views: Sequence[View], place: str) -> Grade:
    grade = Grade.OPERATOR
    if policy.witnesses and seen.cosigned and seen.quorum_met:
        grade = Grade.WITNESSED
    for view in views:
        if _agrees(seen.checkpoint, view, policy, place):
            grade = Grade.ELSEWHERE
    return grade


def _agrees(mine: Checkpoint, view: View, policy: Policy, place: str) -> bool:
    """Whether the two trees are one. Raises Unproven where they are not; False where nothing shows it."""
    try:
        theirs = opened(view.note, policy).checkpoint
    except Refused as refused:
        raise Unfinished(
            f"the view from elsewhere cannot be used: {refused.sentence}",
            place=refused.place,
            hint="fetch it again; up to there the receipt holds",
        ) from None
    old, new = sorted((mine, theirs), key=lambda tree: tree.size)
    if old.size == new.size:
        if old.root != new.root:
            raise Unproven(
                "the log shows one tree here and another elsewhere",
                place=place,
                hint="keep both files: together they prove it",
            )
        return True
    if view.prove is None or not old.size:
        return False
    try:
        proof = view.prove(old.size, new.size)
    except Unproven:
        return False
    check_consistency(proof, old=old.size, old_root=old.root, new=new.size, root=new.root)
    return True


def _groups(
    entry: Shown, account: str, place: str
) -> tuple[tuple[bytes, bytes, bytes], dict[str, dict[str, str]], list[bool]]:
    if set(entry.groups) != set(GROUPS):
        raise Unproven("a leaf has the groups count, person and paper", place=place)
    commitments: dict[str, bytes] = {}
    fields: dict[str, dict[str, str]] = {}
    matched: list[bool] = []
    for name in GROUPS:
        group = entry.groups[name]
        if isinstance(group, str):
            commitments[name] = _hex(group, HASH, f"{place}.{name}")
            continue
        if [each.name for each in group] != list(GROUPS[name]):
            raise Unproven("these are not the fields of the group, in their order", place=f"{place}.{name}")
        parts: list[bytes] = []
        for each in group:
            where = f"{place}.{name}.{each.name}"
            match each:
                case Field(salt=str() as salt, value=str() as value, commitment=None):
                    if (name, each.name) == ACCOUNT and account and value:
                        if value != account:
                            raise Unproven("the receipt is about another account", place=where)
                        matched.append(True)
                    parts.append(public.field_commitment(name, each.name, _hex(salt, SALT, where), value))
                    fields.setdefault(name, {})[each.name] = value
                case Field(salt=None, value=None, commitment=str() as commitment):
                    parts.append(_hex(commitment, HASH, where))
                case Field(salt=str() as salt, value=None, commitment=None) if (name, each.name) == ACCOUNT:
                    if not account:
                        raise Unfinished(
                            "nothing can be said yet: the receipt is about an account not written in it",
                            place=where,
                            hint="give it (--account), as the notice names it",
                        )
                    parts.append(public.field_commitment(name, each.name, _hex(salt, SALT, where), account))
                    matched.append(True)
                case _:
                    raise Unproven("a field is opened, asked for or withheld", place=where)
        commitments[name] = public.group_commitment(name, parts)
    return (commitments["count"], commitments["person"], commitments["paper"]), fields, matched


def _hex(text: str, length: int, place: str) -> bytes:
    if len(text) != 2 * length or not _HEX.fullmatch(text):
        raise Unproven(f"here stand {length} bytes in lower-case hex", place=place)
    return bytes.fromhex(text)


def _joined(outer: str, inner: str) -> str:
    if not inner or inner.startswith(outer):
        return inner or outer
    return f"{outer}: {inner}"


def _refuse_doubles(data: bytes) -> None:
    """A key that stands twice would be read one way here and another way elsewhere."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        known = dict(found)
        if len(known) != len(found):
            raise Refused("a name stands twice in one place of the file", hint="take the file as it was")
        return known

    json.loads(data, object_pairs_hook=pairs)

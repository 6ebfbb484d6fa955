"""What a public site holds beside its log, in the form in which it is published and read again.

The description of the site, the leaves that are opened to everybody, an auditor's openings, and lists of
hashes as sha256sum writes them. Whoever publishes and whoever checks read and write them here alone; the
forms are written down in docs/site.md and docs/log.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

import msgspec

from habeas.desk import receipt
from habeas.desk.events import FILL, Doorway, Silence, Witnessing
from habeas.desk.public import GROUPS, Opening
from habeas.desk.receipt import Field
from habeas.errors import Refused
from habeas.tlog import Key, Policy, Unproven

MANIFEST, FRESH = "habeas.json", "fresh"
SITE_FORMAT, OPEN_FORMAT = "habeas/site/v1", "habeas/open/v1"
SUMS = "SHA256SUMS"
TOTALS_WITHIN = timedelta(days=14)  # after its end the totals of a month are opened, or an audit names it
FRESH_WITHIN = timedelta(days=2)  # the log is published once a day; one day may be missed


class Witnessed(StrEnum):
    """Who vouches that everybody is shown the same tree."""

    NOBODY = "unwitnessed"
    TOO_FEW = "short"  # fewer cosigned than the site says it waits for
    ENOUGH = "witnessed"


class Witnesses(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a tree stands with those outside. of: how many witnesses are named. quorum: how many of them are
    waited for. cosigned: how many of them did."""

    of: int = 0
    quorum: int = 0
    cosigned: int = 0

    @property
    def witnessed(self) -> Witnessed:
        """As an audit says it: a log that waits for nobody is unwitnessed, whoever happened to cosign."""
        if not self.of or self.quorum <= 0:
            return Witnessed.NOBODY
        return Witnessed.ENOUGH if self.cosigned >= self.quorum else Witnessed.TOO_FEW


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a site says about itself, for those who check it.

    log, promises: verifier keys. hour, zone: of the daily publication. within: days a promise runs. quorum:
    how many of the witnesses must cosign. opened: the places of the leaves that are opened to everybody.
    silences: kinds that law forbids to count in public, how, and by which law.
    doors: those that run apart from the desk, each with its key. fill: to a multiple of how many leaves each
    day is filled up.
    """

    format: str
    origin: str
    log: str
    promises: str
    hour: int
    zone: str
    within: int
    quorum: int
    witnesses: tuple[Witnessing, ...] = ()
    opened: tuple[int, ...] = ()
    silences: tuple[Silence, ...] = ()
    doors: tuple[Doorway, ...] = ()
    fill: int = FILL

    def policy(self) -> Policy:
        """Whom the site itself names. Compare it with what you know from elsewhere."""
        witnesses = [(Key.parse(each.key), each.url) for each in self.witnesses]
        return Policy.k_of_n(Key.parse(self.log), witnesses, self.quorum)

    @property
    def outsiders(self) -> int:
        """How many witnesses are named: one that signs with two keys is one."""
        return len({each.key.partition("+")[0] for each in self.witnesses})

    def encoded(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


class OpenLeaf(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf that is opened to everybody: all its fields, with their salts."""

    format: str
    place: int
    groups: dict[str, tuple[Field, ...]]

    @classmethod
    def of(cls, place: int, openings: Iterable[Opening]) -> OpenLeaf:
        return cls(
            format=OPEN_FORMAT,
            place=place,
            groups={each.group: receipt.opened_fields(each) for each in openings},
        )

    def opening(self, group: str) -> Opening:
        """Raises Unproven where the fields are not those of the group, or not opened."""
        fields = self.groups.get(group, ())
        if [each.name for each in fields] != list(GROUPS[group]):
            raise Unproven("these are not the fields of the group", place=group)
        try:
            salts = tuple(bytes.fromhex(each.salt or "") for each in fields)
        except ValueError:
            raise Unproven("a salt is not in hex", place=group) from None
        return Opening(group=group, values=tuple(each.value or "" for each in fields), salts=salts)

    def encoded(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


class Rounding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The first line of an auditor's file. seed: of the rounding of reports and totals, in hex. unsaid: what
    law forbade even to say is left out, by the unit or month published under it. Both show more than is
    published: whoever holds them keeps them like a key."""

    seed: str
    unsaid: dict[str, tuple[Silence, ...]] = {}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An auditor's opening of one leaf, as a line of a file: what is counted, and the salts in hex."""

    place: int
    values: tuple[str, ...]
    salts: tuple[str, ...]

    def opening(self) -> Opening:
        return Opening(
            group="count", values=self.values, salts=tuple(bytes.fromhex(salt) for salt in self.salts)
        )


def read_manifest(read: Callable[[str], bytes | None]) -> Manifest:
    """The site's own description. Raises Refused where there is none."""
    data = read(MANIFEST)
    if data is None:
        raise Refused("there is no public log here", place=MANIFEST, hint="give the address of the site")
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused(f"the site's own description cannot be read: {error}", place=MANIFEST) from None
    if manifest.format != SITE_FORMAT:
        raise Refused(f"the site is not of the form {SITE_FORMAT}", place=MANIFEST)
    return manifest


def sums(files: Mapping[str, bytes]) -> bytes:
    """The list of these files with their hashes, as sha256sum writes and checks it."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def listed(data: bytes) -> dict[str, str]:
    """The files of such a list, each with its hash in hex."""
    found = {}
    for line in data.decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        found[name] = digest
    return found

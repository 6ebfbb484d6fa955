"""What the public site shows, as values: the house, its newest tree, its reports, the suspended states.

Decides one thing: what may be said about witnesses. Leaves to the caller to read these from the log and the
record. A value that could not be a path or a date of the site is a mistake of ours, and raises ValueError.
"""

from __future__ import annotations

import re
from datetime import date, datetime

import msgspec

from habeas import __version__
from habeas.errors import Refused
from habeas.reports.published import Manifest, Witnessed, Witnesses
from habeas.request.states import STATES

_PATH = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
LATER = "_from_"  # between a month and the one from which a supplement of it may be told
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class PublishedReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report at reports/<name>/. title: empty where the period that the name says is enough. made: the day
    it was made. files: names in that folder, the page first."""

    name: str
    made: date
    files: tuple[str, ...]
    title: str = ""

    def __post_init__(self) -> None:
        _need(len(self.files) > 0, "a report without a file")
        for part in (self.name, *self.files):
            _need(_PATH.fullmatch(part) is not None, f"not a name of a file: {part!r}")


class Suspended(msgspec.Struct, frozen=True, kw_only=True):
    """A state whose standing is suspended. state: ISO 3166-1 alpha-3. since: YYYY-MM, in UTC."""

    state: str
    since: str

    def __post_init__(self) -> None:
        _need(self.state in STATES, f"not a state: {self.state!r}")
        _need(_MONTH.fullmatch(self.since) is not None, f"not a month: {self.since!r}")


class SiteFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the pages say and that is not a fixed text.

    house: the organisation, as people know it. contact: where to ask: a mail address, an https address or
    words. size, root: of the newest signed tree; root as the checkpoint writes it. published: when, with its
    zone. cosigned: how many witnesses cosigned it. totals: months (YYYY-MM) with a file totals/<month>.json;
    of a supplement with the month from which it may be told (YYYY-MM_from_YYYY-MM).
    verify_sha256: of verify.html, in hex. verifiers: of verify/<language>.html, by language; where there are
    any, verify/SHA256SUMS lists them.
    """

    house: str
    contact: str
    manifest: Manifest
    size: int
    root: str
    published: datetime
    cosigned: int
    verify_sha256: str
    reports: tuple[PublishedReport, ...] = ()
    totals: tuple[str, ...] = ()
    suspended: tuple[Suspended, ...] = ()
    verifiers: dict[str, str] = {}

    def __post_init__(self) -> None:
        _need(self.published.tzinfo is not None, "a time without a zone")
        _need(self.size >= 0, f"not a size: {self.size}")
        _need(0 <= self.cosigned <= self.manifest.outsiders, f"not that many witnesses: {self.cosigned}")
        for sha256 in (self.verify_sha256, *self.verifiers.values()):
            _need(_SHA256.fullmatch(sha256) is not None, "not a SHA-256 in hex")
        for month in self.totals:
            first, _, later = month.partition(LATER)
            _need(
                _MONTH.fullmatch(first) is not None and (not later or _MONTH.fullmatch(later) is not None),
                f"not a month: {month!r}",
            )

    @property
    def witnesses(self) -> Witnesses:
        named, quorum = self.manifest.outsiders, self.manifest.quorum
        return Witnesses(of=named, quorum=quorum, cosigned=self.cosigned)

    @property
    def witnessed(self) -> Witnessed:
        return self.witnesses.witnessed


PAGES_DATA, PAGES_FORMAT = "pages.json", "habeas/pages/v1"


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """From what the pages of a site were made, so that whoever has the same program makes them again and
    sees whether they say what the rest of the site shows. program: its version."""

    format: str
    program: str
    facts: SiteFacts

    @classmethod
    def by_this_program(cls, facts: SiteFacts) -> Made:
        ordered = msgspec.structs.replace(
            facts,
            reports=tuple(sorted(facts.reports, key=lambda each: each.name)),
            totals=tuple(sorted(facts.totals)),
            suspended=tuple(sorted(facts.suspended, key=lambda each: each.state)),
        )
        return cls(format=PAGES_FORMAT, program=__version__, facts=ordered)

    @classmethod
    def read(cls, data: bytes) -> Made:
        """Raises Refused where these bytes are none."""
        try:
            made = msgspec.json.decode(data, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Refused(
                f"what the pages were made from cannot be read: {error}", place=PAGES_DATA
            ) from None
        if made.format != PAGES_FORMAT:
            raise Refused(f"this is not of the form {PAGES_FORMAT}", place=PAGES_DATA)
        return made

    def encoded(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def _need(holds: bool, mistake: str) -> None:
    if not holds:
        raise ValueError(mistake)

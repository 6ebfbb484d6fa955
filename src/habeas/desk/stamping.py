"""Whom a house asks for time-stamps (RFC 3161), and what its records keep of one.

A time-stamp is over the signature of a package's statement: a third party's word that the package was there
at a moment, which rests on no clock of the house. Whom to ask, and which certificates its word has to lead
to, is a setting of the house. Left to others: asking, and reading an answer (`habeas.gateways.timestamps`).
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificates

from habeas.errors import Refused

LONGEST_WAIT = 60  # seconds; somebody sits before the page meanwhile
LARGEST_PEM = 64 << 10  # characters; a chain of four certificates has about 8,000


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Stamping(_Value, frozen=True):
    """An authority of time-stamps that the house asks.

    url: https. roots: the certificates its answers have to lead to, in PEM. chain: those in between, in PEM,
    where it does not send them. wait: seconds for an answer.
    """

    url: str
    roots: str
    chain: str = ""
    wait: int = 10

    @property
    def host(self) -> str:
        """What people call it by."""
        return urlsplit(self.url).hostname or ""

    def check(self) -> None:
        """Raises Refused for what could never give a time-stamp: every release would be held up."""
        if not _plainly_https(self.url):
            raise Refused(
                "a time-stamp authority is asked over https only",
                place="timestamps: url",
                hint="its address, for example https://stamps.example.org/tsa",
            )
        if not 1 <= self.wait <= LONGEST_WAIT:
            raise Refused(
                "nobody waits that long for a time-stamp",
                place="timestamps: wait",
                hint=f"1 to {LONGEST_WAIT} seconds",
            )
        if not certificates(self.roots, "timestamps: roots"):
            raise Refused(
                "no certificate is named that its answers have to lead to",
                place="timestamps: roots",
                hint="the authority's root, in PEM",
            )
        certificates(self.chain, "timestamps: chain")


def _plainly_https(url: str) -> bool:
    """An address without an account in it: the settings are read by colleagues, and stand in the history."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme == "https"
            and bool(parts.hostname)
            and parts.username is None
            and parts.port != 0
            and url.isascii()
            and url.isprintable()
            and " " not in url
        )
    except ValueError:  # a port that is none, a bracket left open
        return False


def certificates(pem: str, place: str) -> list[Certificate]:
    """The certificates of a PEM text; none of an empty one. Raises Refused where they cannot be read."""
    if not pem.strip():
        return []
    try:
        if len(pem) <= LARGEST_PEM:
            return load_pem_x509_certificates(pem.encode())
    except ValueError:
        pass  # said below, in words
    raise Refused(
        "these are no PEM certificates",
        place=place,
        hint="from -----BEGIN CERTIFICATE----- to the last line",
    )


class Named(NamedTuple):
    """A certificate as people compare it. sha256: of its DER bytes, in hex."""

    subject: str
    sha256: str
    until: datetime

    def __str__(self) -> str:
        return f"{self.subject}, SHA-256 {self.sha256}, until {self.until:%Y-%m-%d}"


def named(pem: str) -> tuple[Named, ...]:
    """The certificates of a PEM text that was checked before, each by its name and fingerprint."""
    return tuple(
        Named(
            each.subject.rfc4514_string() or "without a name",
            each.fingerprint(SHA256()).hex(),
            each.not_valid_after_utc,
        )
        for each in certificates(pem, "certificates")
    )


class Stamp(_Value, frozen=True):
    """A time-stamp as the record keeps it. at: by the authority's clock. host: who gave it. serial: in hex.
    sha256: of the answer that lies beside the statement, in hex."""

    at: datetime
    host: str
    policy: str
    serial: str
    sha256: str

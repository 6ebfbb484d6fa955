"""What was asked: the frozen model of one request.

A `Request` inside Habeas is always valid: it is made by a reader in `habeas.request.formats`, and
`check()` has been run on it. It holds what the requester *says*; what only the custodian knows is
`AccountFacts`, kept apart. Article 40(15) of the UN Convention (and its models, UNTOC 18(15) and
UNCAC 46(15)) names most of the fields; 42(3) and 45(3) name the rest.

Nothing here judges. An absent value is `None` or an empty tuple and means "not stated".
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

import msgspec

MAX_FACTS = 200_000  # characters; the longest real statement of facts we know has 60,000
PRESERVATION_ONLY = "preservation"  # the description of an item to be kept, not handed over (art 42)
DATE_LINE = timedelta(days=1)  # two places on Earth never differ by more than a day in the date

# These limits stand in the published schema; `habeas.request.checking` enforces them with a plain sentence.
StateCode = Annotated[
    str,
    msgspec.Meta(description="ISO 3166-1 alpha-3, or EUU, XKX", extra_json_schema={"pattern": "^[A-Z]{3}$"}),
]
Facts = Annotated[str, msgspec.Meta(extra_json_schema={"maxLength": MAX_FACTS})]
Sha256 = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^[0-9a-f]{64}$"})]


class Measure(StrEnum):
    """What kind of help is asked (UN Convention arts 40-47 and the two direct roads)."""

    PRESERVATION = "preservation"  # art 42
    TRAFFIC_DISCLOSURE = "traffic-disclosure"  # art 43, partial disclosure of traffic data
    STORED_ACCESS = "stored-access"  # art 44
    REALTIME_TRAFFIC = "realtime-traffic"  # art 45
    INTERCEPTION = "interception"  # art 46
    GENERAL_ASSISTANCE = "general-assistance"  # art 40
    EMERGENCY = "emergency"  # art 41(3)
    SPONTANEOUS = "spontaneous"  # art 40(4)-(5)
    POLICE_TO_POLICE = "police-to-police"  # art 47
    DIRECT_TO_PROVIDER = "direct-to-provider"  # a foreign authority writes to the provider itself
    DOMESTIC_ORDER = "domestic-order"  # a binding order of the seat's own state


class Category(StrEnum):
    """Data categories (UN Convention art 2(c), (d), (f)); live ones and keys stand apart."""

    SUBSCRIBER = "subscriber"
    TRAFFIC = "traffic"
    CONTENT = "content"
    OTHER_STORED = "other-stored"
    REALTIME_TRAFFIC = "realtime-traffic"
    REALTIME_CONTENT = "realtime-content"
    CREDENTIALS = "credentials"  # passwords, keys, decryption help


class AuthorisationKind(StrEnum):
    """Who is said to have authorised the measure in the requesting state (a claim, not a proof)."""

    JUDGE = "judge"
    PROSECUTOR = "prosecutor"
    POLICE = "police"
    NONE = "none"
    UNSTATED = "unstated"


class PenaltyKind(StrEnum):
    YEARS = "years"
    LIFE = "life"
    DEATH = "death"
    FINE = "fine"


_YEARS = PenaltyKind.YEARS  # by itself: a look into the enumeration takes longer than the test


class _Value(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):  # values hold no cycles
    pass


class Penalty(_Value, frozen=True, kw_only=True):
    """A maximum penalty. `years` is set exactly when `kind` is `years`."""

    kind: PenaltyKind
    years: float | None = None

    def at_least(self, years: float) -> bool:
        """Does this maximum reach `years` of deprivation of liberty (art 2(h): four)?"""
        if self.kind is _YEARS:
            return (self.years or 0.0) >= years
        return self.kind in (PenaltyKind.LIFE, PenaltyKind.DEATH)

    def __str__(self) -> str:
        if self.kind is _YEARS:
            return f"{self.years:g} years"
        return str(self.kind)


class Period(_Value, frozen=True, kw_only=True):
    """Days, both included. An open end is `None`: a period with an open end is not bounded."""

    start: date | None = None
    end: date | None = None

    @property
    def bounded(self) -> bool:
        return self.start is not None and self.end is not None

    @property
    def days(self) -> int | None:
        if self.start is None or self.end is None:
            return None
        return (self.end - self.start).days + 1


class Authority(_Value, frozen=True, kw_only=True):
    """A body that asks, investigates or validates. Roles and offices only, never a private person's name."""

    name: str
    office: str | None = None
    contact: str | None = None


class Authorisation(_Value, frozen=True, kw_only=True):
    kind: AuthorisationKind = AuthorisationKind.UNSTATED
    reference: str | None = None
    issued_on: date | None = None
    document_attached: bool | None = None


class Offence(_Value, frozen=True, kw_only=True):
    """An offence as charged: the requester's label, the provisions cited (any script), the claimed
    maximum."""

    label: str
    citations: tuple[str, ...] = ()
    claimed_maximum: Penalty | None = None


# Words and forms that make a handle a description of many people, in the languages requests come in.
_MANY = re.compile(
    r"""(?ix)
    ^bulk[:\s] | \* | \?{2}
    | ^(?:all|every|each|any|everyone|everybody|anyone|whoever)(?![\w@.])
    | ^(?:members|users|followers|subscribers|readers|donors|visitors|list)\ of\b
    | ^(?:tou(?:s|tes)\ les|l['’]ensemble|todos\ l[oa]s|todas\ las|alle|tutti|wszyscy|tüm|bütün)\b
    | ^(?:todos\ os|todas\ as|все|всех|усі|всі|جميع|كل|كافة|همه|تمام)\b | ^(?:所有|全部|全体)
    | \d[\d.,]*\ ?(?:k|m|mio|million|thousand)?[\s_-]+
      (?:account|user|visitor|subscriber|donor|login|member|reader|device|attendee|address(?:e))s
    | ^[\da-f.:]+/\d{1,3}$                               # a network: 192.0.2.0/24, 2001:db8::/32
    | ^\d{1,3}(?:\.\d{1,3}){3}\s*[-–]\s*\d{1,3}           # from one address to another
    | ^\d{1,3}(?:\.\d{1,3}){3}\s+255\.                   # an address with its mask
    | ^\#\w | ^(?:hashtag|keyword|cell|tower)[\s:]        # a word or a place, whoever used it
    """
)


@lru_cache(maxsize=4096)
def stands_for_many(handle: str) -> bool:
    """Does this describe many people rather than name one account?"""
    return _MANY.search(handle) is not None


class Identifier(_Value, frozen=True, kw_only=True):
    """An account, number, address or other handle. `bulk` marks a description of many ("all donors")."""

    value: str
    kind: str = "account"
    bulk: bool = False

    @property
    def many(self) -> bool:
        """Is it a description of many, marked so or not?"""
        return self.bulk or stands_for_many(self.value)


class Item(_Value, frozen=True, kw_only=True):
    """One thing asked for about one target.

    A description of `PRESERVATION_ONLY` asks to keep the data, not to hand it over.
    """

    id: str
    category: Category
    description: str = ""
    period: Period | None = None

    @property
    def preservation_only(self) -> bool:
        return self.description == PRESERVATION_ONLY

    def begins_after(self, arrived: date) -> bool:
        """Are only days asked for that had not come on the day of arrival? Then nothing of it was stored."""
        period = self.period
        return period is not None and period.start is not None and period.start > arrived + DATE_LINE

    def lasts_beyond(self, arrived: date) -> bool:
        """Are days asked for that had not come on the day of arrival (arts 45 and 46, by another name)?"""
        period = self.period
        return period is not None and period.end is not None and period.end > arrived + DATE_LINE


class Target(_Value, frozen=True, kw_only=True):
    """One person or group of accounts asked about; `role` is the requester's own word."""

    id: str
    identifiers: tuple[Identifier, ...]
    role: str = ""
    items: tuple[Item, ...] = ()


class Emergency(_Value, frozen=True, kw_only=True):
    claimed: bool = False
    statement: str | None = None
    deadline: datetime | None = None


class Secrecy(_Value, frozen=True, kw_only=True):
    """Secrecy towards the person concerned (art 40(20), 42(3)): asked, why, until when."""

    asked: bool = False
    reason: str | None = None
    until: date | None = None


class Assurance(_Value, frozen=True, kw_only=True):
    """An undertaking of the requester, e.g. of the kind `no-death-penalty`, `treatment`, `speciality` or
    `no-onward-transfer`."""

    kind: str
    text: str = ""


class Attachment(_Value, frozen=True, kw_only=True):
    name: str
    sha256: Sha256 | None = None
    media_type: str | None = None


class Request(_Value, frozen=True, kw_only=True):
    """One request as received (or one version of it).

    id: the house's own id. instrument: an id of `habeas.treaty` (for example `uncc`, `budapest`,
    `national-direct`, or `unknown`). instrument_stated: the requester's own words for it, where they
    differ. requesting_state and seat_state: ISO 3166-1 alpha-3 (plus EUU, XKX), None where not
    stated. facts: the statement of facts in the requester's words, any language.
    earlier_facts: the statements of earlier versions; a signal once found there stays.
    supposed: what the reader of this format supposes instead of knowing (see `formats.corpus`);
    every answer repeats it.
    """

    id: str
    instrument: str
    measure: Measure
    instrument_stated: str | None = None
    received_on: date | None = None
    reference: str | None = None
    requesting_state: StateCode | None = None
    seat_state: StateCode | None = None
    addressee: str | None = None
    issuing: Authority | None = None
    investigating: Authority | None = None
    validating: Authority | None = None
    authorisation: Authorisation = Authorisation()
    offences: tuple[Offence, ...] = ()
    facts: Facts = ""
    earlier_facts: tuple[Facts, ...] = ()
    language: str | None = None
    conduct: Period | None = None
    targets: tuple[Target, ...] = ()
    link: str | None = None
    necessity: str | None = None
    purpose: str | None = None
    emergency: Emergency = Emergency()
    secrecy: Secrecy = Secrecy()
    assurances: tuple[Assurance, ...] = ()
    deadline: date | None = None
    attachments: tuple[Attachment, ...] = ()
    supposed: tuple[str, ...] = ()


class AccountFacts(_Value, frozen=True, kw_only=True):
    """What only the custodian knows about one target; None where not looked up. Not for requesters.

    country_of_use: a state code. It counts where the instrument asks where the person is: notification under
    article 8 of the e-Evidence Regulation, and the bar of 18 USC 2523(b)(4)(A). Elsewhere it only informs: no
    law on file makes more of the place a line was used from, and a country is never a ground by itself.
    stored_in: the state in which the data lie, likewise; it counts where an instrument reaches data in the
    territory of the requested state only (UN Convention articles 28 and 44, Budapest Convention article 31).
    """

    target: str
    exists: bool | None = None
    country_of_use: str | None = None
    stored_in: str | None = None
    opened_on: date | None = None
    categories_held: tuple[Category, ...] | None = None
    holder_is_minor: bool | None = None
    other_proceedings: bool | None = None

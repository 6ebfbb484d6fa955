"""The words a treaty file may use, and the frozen values it becomes.

This module decides which words exist (force, certainty, stage, outcome, action ...) and what shape
an article, a test, a clock, a party's act, a rule of the seat has. It leaves reading and
cross-checking to `load`, and every judgement to the layers above. The force of a rule is what the
instrument itself says (`shall`, `may`, `no-obligation` ...); what a house does about it is policy
and does not live here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

from habeas.treaty.dates import Span, span

StateCode = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$")]
"""ISO 3166-1 alpha-3, plus EUU (European Union) and XKX (Kosovo)."""

Slug = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9./-]*$")]
Text = Annotated[str, msgspec.Meta(min_length=1)]

UNION = "EUU"  # the code of the European Union itself
ALL = "all"  # in a list of measures or categories: every one of them
ANY = "any"  # in a list of requesting states or instruments: every one of them


class Certainty(StrEnum):
    """How sure we are of one line of law, strongest first."""

    SEEN = "seen"  # read in a copy of the instrument or a page that speaks of it
    ANALOG = "analog"  # read in the model treaty; the paragraph number here is recalled
    MEMORY = "memory"  # recalled with confidence
    CHECK = "check"  # recalled, must be checked before anybody relies on it
    POLICY = "policy"  # not the instrument's text at all


class Force(StrEnum):
    """What the instrument itself says; never what a house does about it."""

    SHALL = "shall"
    MAY = "may"
    NO_OBLIGATION = "no-obligation"
    ENDEAVOUR = "endeavour"
    GATE = "gate"  # a condition of the rule being open at all
    NONE = "none"  # the instrument is silent


class Kind(StrEnum):
    """What sort of thing an instrument is; it decides how `in_force_between` looks it up."""

    TREATY = "treaty"
    UNION_ACT = "union-act"
    EXECUTIVE_AGREEMENT = "executive-agreement"  # concluded pair by pair
    BILATERAL = "bilateral"  # concluded pair by pair
    NATIONAL_LAW = "national-law"  # no treaty: the law of the seat alone decides
    CHANNEL = "channel"  # a way to talk, not a basis for a compelled measure
    DOMESTIC_ORDER = "domestic-order"


class Stage(StrEnum):
    """Where in the order of evaluation a test stands."""

    BASIS = "basis"
    CHANNEL = "channel"
    CONTENT = "content"
    SCOPE = "scope"
    DUAL_CRIMINALITY = "dual-criminality"
    PERSECUTION = "persecution"
    ESSENTIAL_INTERESTS = "essential-interests"
    DATA_CATEGORY = "data-category"
    PROPORTIONALITY = "proportionality"
    DATA_PROTECTION = "data-protection"
    CONDITIONS = "conditions"
    CLOCKS = "clocks"
    DUTIES = "duties"
    SYSTEMIC = "systemic"


class Outcome(StrEnum):
    """What follows when a test fails, as the list of tests proposes it.

    `refuse-mandatory` never comes from the treaty's text alone: the force beside it shows that.
    """

    REFUSE_MANDATORY = "refuse-mandatory"
    REFUSE_OPTIONAL = "refuse-optional"
    ASK_INFO = "ask-info"
    LIMIT_USE = "limit-use"
    CLOCK = "clock"
    REROUTE = "reroute"
    RECORD = "record"


class Bound(StrEnum):
    NOT_BEFORE = "not-before"  # a floor: at least so long
    NOT_AFTER = "not-after"  # a ceiling: at most so long


class Unit(StrEnum):
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working-days"
    MONTHS = "months"
    YEARS = "years"


class Action(StrEnum):
    """What a state did about an instrument."""

    SIGNATURE = "signature"
    INVITATION = "invitation"
    RATIFICATION = "ratification"  # acceptance and approval too
    ACCESSION = "accession"
    DOMESTIC_STEP = "domestic-step"  # a vote at home; binds nobody abroad
    RESERVATION = "reservation"
    DECLARATION = "declaration"
    DENUNCIATION = "denunciation"  # the notice, not its effect
    ENTRY_INTO_FORCE = "entry-into-force"  # for this state or pair
    CESSATION = "cessation"  # the day it stopped binding
    NOT_SIGNED = "not-signed"  # looked for and not found on that day


JOINING = frozenset({Action.RATIFICATION, Action.ACCESSION})
LIMITING = frozenset({Action.RESERVATION, Action.DECLARATION})


class Evidence(StrEnum):
    SEEN = "seen"
    UNVERIFIED = "unverified"  # reported second hand, deposit not seen
    MEMORY = "memory"  # shown, never decided on


class Effect(StrEnum):
    """What a reservation does to the articles it names."""

    EXCLUDES = "excludes"
    NARROWS = "narrows"
    REJECTS_COURT = "rejects-court"


class Role(StrEnum):
    """Who the seat is."""

    PROVIDER = "provider"
    CENTRAL_AUTHORITY = "central-authority"
    CONTACT_POINT = "24/7-point"
    EXECUTING_AUTHORITY = "executing-authority"


class Arrival(StrEnum):
    """What landed on the desk: somebody's wish, or an order that binds here."""

    REQUEST = "request"
    DOMESTIC_ORDER = "domestic-order"


class Permits(StrEnum):
    YES = "yes"
    NO = "no"
    CONDITIONS = "conditions"
    UNKNOWN = "unknown"


class EmergencyScope(StrEnum):
    ANY = "any"
    ONLY = "only"  # the rule speaks of emergencies alone
    NEVER = "never"  # the rule does not speak of emergencies


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Article(_Value, frozen=True):
    """One provision, in our words. number: `40(22)`, `12(1)(b)`; force: what the text says."""

    number: Text
    title: Text
    summary: Text
    force: Force
    certainty: Certainty
    source: Text
    as_of: date
    needs_certified_text: bool
    applies_to: tuple[str, ...] = (ALL,)


Answerer = Annotated[str, msgspec.Meta(pattern=r"^(move|letter|clock|log|page|outside): \S")]
"""Where a test is answered beside the assessment: what sort of thing does it, and its name."""


class TreatyTest(_Value, frozen=True):
    """One question an instrument asks of a request.

    article: as a lawyer writes it; cites: the same provisions one by one, each `<instrument>:<number>`
    (empty for pure policy). inputs: names of the facts it needs. outcome: what follows in failing.
    answered_by: who answers it besides the checks of the assessment that name it; `outside` with a reason
    where it is about something Habeas does not do.
    """

    id: Slug
    article: Text
    cites: tuple[Text, ...]
    stage: Stage
    question: Text
    inputs: tuple[str, ...]
    outcome: Outcome
    force: Force
    applies_to: tuple[str, ...]
    certainty: Certainty
    answered_by: tuple[Answerer, ...] = ()
    note: str = ""


class _Scoped(_Value, frozen=True, kw_only=True):
    """A line of law about some measures, categories of data and emergencies; about all unless it says."""

    measures: tuple[str, ...] = (ALL,)
    except_measures: tuple[str, ...] = ()
    categories: tuple[str, ...] = (ALL,)
    emergency: EmergencyScope = EmergencyScope.ANY

    def covers(self, measure: str, categories: Collection[str], *, emergency: bool) -> bool:
        """Whether it speaks of such a case; one of the `categories` is enough."""
        wanted = EmergencyScope.ONLY if emergency else EmergencyScope.NEVER
        return (
            (ALL in self.measures or measure in self.measures)
            and measure not in self.except_measures
            and (ALL in self.categories or any(category in self.categories for category in categories))
            and self.emergency in (EmergencyScope.ANY, wanted)
        )


class Clock(_Scoped, frozen=True, kw_only=True):
    """A time limit as a number. start: the event it runs from, in kebab-case.

    It runs only for these measures, categories of data and roles of the seat (none named: every role).
    """

    id: Slug
    article: Text
    cites: tuple[Text, ...]
    bound: Bound
    amount: Annotated[int, msgspec.Meta(gt=0)]
    unit: Unit
    start: Slug
    rule: Text
    force: Force
    certainty: Certainty
    roles: tuple[Role, ...] = ()

    def runs(self, measure: str, categories: Collection[str], role: str, *, emergency: bool) -> bool:
        """Whether it runs in such a case; `categories`: of all the data asked for."""
        return (not self.roles or role in self.roles) and self.covers(
            measure, categories, emergency=emergency
        )


class Entry(_Value, frozen=True):
    """How the instrument enters into force, for itself and for a later joiner.

    on: the day it did, where that is known. Otherwise `instruments` deposits are needed and then a
    wait: in days (UN style) or in months with effect on the first day of the month after them
    (Council of Europe style). leave_months: how long after notice a denunciation takes effect.
    not_counted: parties whose deposit does not count (a regional organisation beside its members).
    hub: in pairwise instruments the state that always stands at one end.
    """

    articles: tuple[Text, ...] = ()
    on: date | None = None
    instruments: int | None = None
    wait_days: int | None = None
    later_wait_days: int | None = None
    wait_months: int | None = None
    leave_months: int | None = None
    not_counted: tuple[StateCode, ...] = ()
    hub: StateCode | None = None


class Instrument(_Value, frozen=True):
    """One instrument with its articles, tests and clocks.

    parent: an instrument a party must also hold. yields_to: instruments whose rules on assistance go before
    its own where they bind the same two states. dual_criminality_by: the article under which a state can
    reserve dual criminality for preservation.
    """

    id: Slug
    title: Text
    kind: Kind
    in_force: str  # a date as ISO text, "not in force" or "does not apply"
    as_of: date
    source: Text
    about: Text
    parent: Slug | None = None
    yields_to: tuple[Slug, ...] = ()
    dual_criminality_by: Text | None = None
    entry: Entry = Entry()
    articles: tuple[Article, ...] = ()
    tests: tuple[TreatyTest, ...] = ()
    clocks: tuple[Clock, ...] = ()

    def article(self, number: str) -> Article | None:
        """The article of that number, or the nearest one that contains it; None when neither is on file."""
        by_number = {entry.number: entry for entry in self.articles}
        while number:
            if number in by_number:
                return by_number[number]
            number = number[: number.rfind("(")] if "(" in number else ""
        return None


class PartyRecord(_Value, frozen=True):
    """What one state did, when, and who says so.

    date: a day, a month, a year or a range of days, as precise as the source is. partner: the other
    end, in pairwise instruments. articles: the provisions a reservation touches, with its effect. until: the
    day from which it stands no longer, where it was withdrawn.
    """

    state: StateCode
    action: Action
    date: Text
    source: Text
    evidence: Evidence
    partner: StateCode | None = None
    articles: tuple[str, ...] = ()
    effect: Effect | None = None
    until: str | None = None
    note: str = ""

    @property
    def when(self) -> Span:
        return span(self.date)

    @property
    def withdrawn(self) -> Span | None:
        return None if self.until is None else span(self.until)


class Parties(_Value, frozen=True):
    """All records of one instrument.

    as_of: the day of the newest list read. complete: silence about a state means it is not a party
    (True) or nothing (False). relied_until: the last day a negative answer is relied on; after it
    the answer is unknown until somebody reads the depositary again (why: relied_because).
    """

    instrument: Slug
    as_of: date
    complete: bool
    relied_until: date
    relied_because: Text
    source: Text
    records: tuple[PartyRecord, ...]


class Hook(_Value, frozen=True):
    """A provision that lets a state use a safeguard the instrument does not name."""

    cite: Text
    force: Force
    how: Text


class Standard(_Value, frozen=True):
    name: Text
    reference: Text
    certainty: Certainty


class Safeguard(_Value, frozen=True):
    """A safeguard the UN Convention lacks, hooked to the articles that let a state use it all the same."""

    id: Slug
    title: Text
    summary: Text
    hooks: tuple[Hook, ...]
    standards: tuple[Standard, ...]
    peers: tuple[Text, ...]  # citations of the same ground in other instruments
    certainty: Certainty
    source: Text
    as_of: date


class SeatRule(_Scoped, frozen=True, kw_only=True):
    """One rule of national (or Union) law about giving data to a foreign side.

    since, until: a day, a month or a year. requesting: state codes, or `any`, `foreign` (not the
    seat itself), `eu`, `not-eu`, `not-eea`. needs_in_force: the rule only opens when the instrument
    invoked is in force between the two. opens: False for a rule that sets limits but gives no power
    to disclose by itself. overrides: ids of rules of the same seat that this one displaces where
    both match. data_protection: it is law on the protection of personal data, or has such law in it.
    """

    id: Slug
    citation: Text
    since: Text
    roles: tuple[Role, ...]
    arrival: tuple[Arrival, ...]
    text: Text
    permits: Permits
    source: Text
    as_of: date
    certainty: Certainty
    force: Force
    until: str | None = None
    requesting: tuple[str, ...] = (ANY,)
    instruments: tuple[str, ...] = (ANY,)
    except_instruments: tuple[str, ...] = ()
    needs_in_force: bool = False
    opens: bool = True
    conditions: tuple[Text, ...] = ()
    reroute_to: str | None = None
    overrides: tuple[Slug, ...] = ()
    data_protection: bool = False


class Seat(_Value, frozen=True):
    """The law of one seat. outline: True where only the frame is on file and a lawyer must fill it in."""

    seat: StateCode
    title: Text
    outline: bool
    rules: tuple[SeatRule, ...]


class Membership(_Value, frozen=True):
    """A state's time in the European Union."""

    state: StateCode
    since: date
    until: date | None = None


class States(_Value, frozen=True):
    """The state codes known here, and who is in the European Union when.

    eea: states of the European Economic Area outside the Union; for the GDPR they are no third states.
    """

    as_of: date
    source: Text
    codes: tuple[StateCode, ...]
    eea: tuple[StateCode, ...]
    eu: tuple[Membership, ...]

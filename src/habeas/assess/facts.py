"""From a request and what the house knows to the facts that the legal tests need, each with its source.

Every fact is met, not met or not shown; nothing is guessed, and what is only supposed says so. The
statement of facts is read by `narrative` and weighed by `weighing`; national law comes from the atlas,
treaties and the law of the seat from `treaty`. What the facts mean is left to the rulebook.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from habeas import atlas as national
from habeas import treaty
from habeas.assess.finding import FactSource
from habeas.assess.logic import MET, NOT_MET, NOT_SHOWN, Three, three
from habeas.assess.narrative import HANDLE, ITEM, Kind, Narrative, Signal, read_narratives
from habeas.assess.rulebook import Rulebook, Weighing
from habeas.assess.text import fold
from habeas.assess.weighing import Scales, Verdict, judge, weigh
from habeas.request.authority import Identification, Level
from habeas.request.model import (
    DATE_LINE,
    PRESERVATION_ONLY,
    AccountFacts,
    AuthorisationKind,
    Category,
    Item,
    Measure,
    PenaltyKind,
    Period,
    Request,
    Target,
)

SERIOUS = 4.0  # years; article 2(h) of the UN Convention
_THREE_YEARS = 3.0  # article 5(4) of Regulation (EU) 2023/1543
_CONVENTION, _PRODUCTION_ORDER, _AGREEMENT = "uncc", "eu-e-evidence", "cloud-act-agreement"
# Instruments that go from authority to authority and give none a way to a provider abroad.
_BETWEEN_AUTHORITIES = frozenset({_CONVENTION, "eu-eio", "bilateral-mla", "police-cooperation"})
_UNITED_STATES = "USA"
_OF_TERRITORY = frozenset({"uncc", "budapest"})  # articles 28 and 44, and 31: data in the state that is asked
_AROUND = timedelta(days=92)  # a quarter before and after the conduct is explained by the conduct
_TRAFFIC = frozenset({Category.TRAFFIC})
_CONTENT = frozenset({Category.CONTENT, Category.OTHER_STORED})
_OF_DAYS = _TRAFFIC | _CONTENT  # stored data that arose on the days asked for
LIVE = frozenset({Category.REALTIME_TRAFFIC, Category.REALTIME_CONTENT})
_PATH = _TRAFFIC | LIVE | {Category.CREDENTIALS}  # of these nothing is given beyond traffic data anyway
_NEVER_GIVEN = LIVE | {Category.CREDENTIALS}  # whatever law would allow
_LIVE_MEASURES = frozenset({Measure.REALTIME_TRAFFIC, Measure.INTERCEPTION})
# Members of enumerations by themselves, as in `logic`, for the same reason.
_SUBSCRIBER, _CREDENTIALS, _DEATH = Category.SUBSCRIBER, Category.CREDENTIALS, PenaltyKind.DEATH
_DIRECT, _DOMESTIC = Measure.DIRECT_TO_PROVIDER, Measure.DOMESTIC_ORDER
_EMERGENCY, _POLICE, _PRESERVATION = Measure.EMERGENCY, Measure.POLICE_TO_POLICE, Measure.PRESERVATION
_PARTIAL = Measure.TRAFFIC_DISCLOSURE
_SPONTANEOUS = Measure.SPONTANEOUS
_JUDGE, _PROSECUTOR = AuthorisationKind.JUDGE, AuthorisationKind.PROSECUTOR
_UNSTATED = AuthorisationKind.UNSTATED
_PROTECTED, _PRETEXT, _SENDER = Kind.PROTECTED, Kind.PRETEXT, Kind.SENDER
_TOLD_BY_SIGNS = (_PROTECTED, _PRETEXT, _SENDER)
_PROVIDER, _CENTRAL = treaty.Role.PROVIDER, treaty.Role.CENTRAL_AUTHORITY
_WISH, _ORDER = treaty.Arrival.REQUEST, treaty.Arrival.DOMESTIC_ORDER
_BASIC = national.Tier.BASIC
_NATIONAL_LAW = treaty.Kind.NATIONAL_LAW
# Conduct of articles 7 to 10 and 13 to 16 of the Convention, by the families of narrative harm.
CONVENTION_FAMILIES = frozenset({"intrusion", "fraud", "child_abuse", "intimate_images", "extortion"})
# The articles that make each of them an offence, where one can be named: what a reservation takes away.
_OFFENCE_ARTICLES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "uncc": {
        "intrusion": frozenset({"7", "8", "9", "10"}),
        "fraud": frozenset({"13"}),
        "child_abuse": frozenset({"14", "15"}),
        "intimate_images": frozenset({"16"}),
    },
    "budapest": {
        "intrusion": frozenset({"2", "3", "4", "5", "6"}),
        "fraud": frozenset({"7", "8"}),
        "child_abuse": frozenset({"9"}),
    },
}
# The articles under which each measure is asked for, where a reservation or declaration can touch them.
_MEASURE_ARTICLES: Mapping[str, Mapping[Measure, frozenset[str]]] = {
    "uncc": {Measure.PRESERVATION: frozenset({"42"})},
    "budapest": {
        Measure.PRESERVATION: frozenset({"29"}),
        Measure.REALTIME_TRAFFIC: frozenset({"14", "20"}),
        Measure.INTERCEPTION: frozenset({"14", "21"}),
        Measure.EMERGENCY: frozenset({"27"}),
    },
    "budapest-2ap": {
        Measure.DIRECT_TO_PROVIDER: frozenset({"7"}),
        Measure.STORED_ACCESS: frozenset({"8"}),
        Measure.TRAFFIC_DISCLOSURE: frozenset({"8"}),
        Measure.EMERGENCY: frozenset({"8", "9", "10"}),
    },
}
_PRIVILEGED = (
    "asks-for-clients", "asks-for-press-contacts", "disclosure-charge", "journalism-charge", "lawyer-charge",
)  # fmt: skip
_TESTING = ("security-research", "research-word")
# What was seen by an access of one's own was told to others.
_MADE_KNOWN = ("disclosure-charge", "secrecy-charge", "wrong-reported")
_HELD_AGAINST_STATE = frozenset({"publish", "work", "insult", "criticise", "falsehood", "alarm", "call_to"})
# Crimes that somebody suffers: beside images they tell of another person than the one pursued.
_SUFFERED = frozenset({"extortion", "stalking", "sexual_violence", "child_abuse", "kidnapping", "violence"})
_IMAGES, _INTRUSION = "intimate_images", "intrusion"
_BEYOND = ("asks-for-clients", "asks-for-movement", "asks-for-relatives", "asks-for-supporters")
_KEYS = "keys-and-passwords"
_DANGER = frozenset(
    {"kidnapping", "homicide", "attack", "weapons", "child_abuse", "violence", "hoax", "stalking"}
)
# Crimes for which states that keep the death penalty impose it.
_CAN_BE_CAPITAL = frozenset({"homicide", "attack", "kidnapping", "drugs", "sexual_violence", "war_crime"})
# Charges that expose whoever is held on them where torture is used at all, and the figure that says so.
_EXPOSED = frozenset({"attack"})
_TORTURE = "v2cltort"
_NO_DEATH_PENALTY = frozenset({"abolished", "ordinary-crimes-abolished", "n/a"})
# What ties an account to what happened: its part, how that is known, or an account told of, not asked for.
_LINKS = frozenset({"account_part", "forensic", "life_danger", "arrested_with", "account_noun"})
_SENT = frozenset({"publish", "work"})
KEPT = 4096  # answers of the law, and facts in our own words, kept for the requests that follow
_MOST_LINKS = 3  # quotations that show a link
_LETTERS_PER_WORD = 6  # for scripts written without spaces
_UNSPACED = 0x0DFF  # letters beyond this point are Thai, Khmer, Burmese, Chinese, Japanese ...


class Seat(msgspec.Struct, frozen=True, gc=False):
    """Who we are: the state, the role (a word of `treaty.Role`) and what arrived (`treaty.Arrival`)."""

    state: str | None
    role: str
    arrival: str


class Knowledge(msgspec.Struct, frozen=True, gc=False):
    """What the house knows beyond the request. Absent means not known, except that a house which
    suspended nobody has an empty list."""

    identification: Identification | None = None
    accounts: tuple[AccountFacts, ...] = ()
    suspended: frozenset[str] = frozenset()
    as_if_in_force: bool = False


class Established(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """One fact of one request.

    shared: it quotes nothing of the request but the provisions cited, so that the next request that says the
    same has the same fact, and what is made from it may be kept.
    """

    value: Three
    sources: tuple[FactSource, ...] = ()
    note: str = ""
    shared: bool = False


class Asked(msgspec.Struct, frozen=True, gc=False):
    """What is asked about whom: the items of a request, gone through once.

    categories: of all items. wanted: of those to be handed over. keeps: is any of them only to be kept?
    periods: of the items that need one. overlong: the first with more days than the house takes unexplained,
    or with none near the conduct. to_come: items, by target and id, of days that had all still to come when
    the request arrived. ahead: has any item such days? stored: is anything asked for that was there already?
    keys: items in whose own words passwords or keys are wanted. cut: items of which a part falls away, why.
    bulk: ids of targets where a description of many stands for an account. others: of those nobody suspects.
    apart: are there such beside targets who are neither? roles: is each target's role stated?
    """

    items: tuple[tuple[Target, Item], ...]
    categories: tuple[Category, ...]
    wanted: frozenset[Category]
    keeps: bool
    periods: tuple[Period | None, ...]
    overlong: Item | None
    to_come: frozenset[tuple[str, str]]
    ahead: bool
    stored: bool
    keys: frozenset[tuple[str, str]]
    cut: Mapping[tuple[str, str], str]
    bulk: frozenset[str]
    others: frozenset[str]
    apart: bool
    roles: bool


class FactSheet(msgspec.Struct, frozen=True, gc=False):
    """All facts of one request with what they were made from.

    values: of the facts in the order of the rulebook, as plain numbers.
    """

    facts: Mapping[str, Established]
    values: tuple[int, ...]
    asked: Asked
    narrative: Narrative
    scales: Scales
    verdict: Verdict
    provisions: tuple[national.Match, ...]
    seat_answers: Mapping[Category, treaty.SeatAnswer]
    seat: Seat


@cache
def _third_party_words() -> tuple[str, ...]:
    raw = tomllib.loads((files("habeas.assess") / "language" / "roles.toml").read_text("utf-8"))
    return tuple(" " * word.startswith(" ") + fold(word) for word in raw["third_party"])


@lru_cache(maxsize=KEPT)
def _third_party(role: str) -> bool:
    """Does the requester's own word for the person say that nobody suspects him?"""
    folded = f" {fold(role)}"
    return any(word in folded for word in _third_party_words())


@cache
def _session_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    raw = tomllib.loads((files("habeas.assess") / "language" / "sessions.toml").read_text("utf-8"))
    session, opening = (
        tuple([" " * word.startswith(" ") + fold(word) + " " * word.endswith(" ") for word in raw[name]])
        for name in ("session", "opening")
    )
    return session, opening


@lru_cache(maxsize=KEPT)
def _of_sessions(description: str) -> bool:
    """Does what is asked for as subscriber data arise from the use of the account, by its description?"""
    folded = f" {fold(description)} "
    session, opening = _session_words()
    return any(word in folded for word in session) and not any(word in folded for word in opening)


def seat_of(request: Request) -> Seat:
    """The seat a request is addressed to, where nobody says otherwise."""
    if at_home(request):
        return Seat(request.seat_state, _PROVIDER, _ORDER)
    provider = request.measure is _DIRECT or request.instrument in (
        "national-direct",
        "cloud-act-agreement",
        "eu-e-evidence",
    )
    role = _PROVIDER if provider else _CENTRAL
    return Seat(request.seat_state, role, _WISH)


def at_home(request: Request) -> bool:
    """Is it an order of the seat's own state? That of another binds nobody here, whatever its name."""
    own = request.requesting_state is not None and request.requesting_state == request.seat_state
    return request.measure is _DOMESTIC and own


def _is_bulk(target: Target) -> bool:
    """Does a description of many stand for an account: marked so, in words, a pattern, a whole network?"""
    return any(identifier.many for identifier in target.identifiers)


_UNEXPLAINED = "Only the days around the conduct: it does not explain the others."
_NOT_YET = "Only what was there when the request arrived: nothing is collected as it arises."
_OPEN = "Only the days around the conduct: the period asked for is open."
_NO_KEYS = "Without passwords, keys or codes: nothing of that kind is given."
_BY_NAME = "Only of the accounts named one by one."
_OF_SUSPECTS = "Only what concerns those under suspicion."


_LESS = {
    **dict.fromkeys(_BEYOND, _OF_SUSPECTS),
    "everybody": _BY_NAME,
    "live": _NOT_YET,
    _KEYS: _NO_KEYS,
}
"""What stays of an item by the signs in its own words: of several the first found, but always the keys."""


def _arrived(request: Request, on: date) -> date:
    """The day it arrived; one that has yet to come is none."""
    return min(request.received_on or on, on)


def _dated_late(request: Request, on: date) -> bool:
    """Is the authorisation of a day after the request arrived? Then it cannot have carried the request."""
    issued = request.authorisation.issued_on
    return issued is not None and issued > _arrived(request, on) + DATE_LINE


def _worded_items(narrative: Narrative) -> dict[str, str]:
    """Descriptions of items whose own words ask for more than their category says, and what of it stays."""
    found: dict[str, str] = {}
    for signal in narrative.signals:
        less = _LESS.get(signal.id)
        for field, _sentence in signal.sentences if less else ():
            words = field.removeprefix(ITEM)
            if field.startswith(ITEM) and (less is _NO_KEYS or words not in found):
                found[words] = less or ""
    return found


def _asked(request: Request, house: Weighing, on: date, narrative: Narrative) -> Asked:
    items = [(target, item) for target in request.targets for item in target.items]
    categories: dict[Category, None] = {}
    wanted: set[Category] = set()
    keeps = False
    periods = []
    overlong = None
    to_come = set()
    cut = {}
    keys = set()
    stored = ahead = False
    arrived = _arrived(request, on)
    worded = _worded_items(narrative)
    for target, item in items:
        category, period = item.category, item.period
        categories[category] = None
        if item.description == PRESERVATION_ONLY:
            keeps = True
        else:
            wanted.add(category)
        if category is not _SUBSCRIBER:
            periods.append(period)
        kept = item.preservation_only or request.measure is _PRESERVATION
        days = period.days if period is not None else None
        less = worded.get(item.description)
        if less is not None:
            cut[target.id, item.id] = less
            if less is _NO_KEYS:
                keys.add((target.id, item.id))
        elif days is None and category is not _SUBSCRIBER and not kept:
            cut[target.id, item.id] = _OPEN
        if period is not None and days is not None:
            most = house.long_content_days if category in _CONTENT else house.long_period_days
            apart = category in _OF_DAYS and _apart(period, request.conduct)
            if apart or (days > most and not _explained(period, request.conduct)):
                overlong = overlong or item
                if not kept:
                    cut[target.id, item.id] = _UNEXPLAINED
        # Who the subscriber is does not arise from day to day.
        if category is not _SUBSCRIBER and (item.lasts_beyond(arrived) or item.begins_after(arrived)):
            ahead = True
            if item.begins_after(arrived):
                to_come.add((target.id, item.id))
            else:
                cut[target.id, item.id] = _NOT_YET
        if category not in LIVE and (target.id, item.id) not in to_come:
            stored = True
    bulk = frozenset([target.id for target in request.targets if _is_bulk(target)])
    others = frozenset([target.id for target in request.targets if _third_party(target.role)])
    unsuspected = bulk | others
    return Asked(
        items=tuple(items),
        categories=tuple(categories),
        wanted=frozenset(wanted),
        keeps=keeps,
        periods=tuple(periods),
        overlong=overlong,
        to_come=frozenset(to_come),
        ahead=ahead,
        stored=stored,
        keys=frozenset(keys),
        cut=cut,
        bulk=bulk,
        others=others,
        apart=bool(unsuspected) and any(target.id not in unsuspected for target in request.targets),
        roles=all(target.role.strip() for target in request.targets if target.items),
    )


def texts(request: Request) -> dict[str, str]:
    """The fields whose words are read, by path. Paths that begin with `facts` are the statement of facts."""
    fields = {"facts": request.facts}
    for number, earlier in enumerate(request.earlier_facts, start=1):
        asked = earlier.startswith(f"{_ASKED} ")
        fields[ITEM + earlier.removeprefix(f"{_ASKED} ") if asked else f"facts of version {number}"] = earlier
    for number, offence in enumerate(request.offences):
        fields[f"offences[{number}].label"] = offence.label
    if request.emergency.statement:
        fields["emergency.statement"] = request.emergency.statement
    if request.secrecy.reason:
        fields["secrecy.reason"] = request.secrecy.reason
    for number, assurance in enumerate(request.assurances):
        if assurance.text:
            fields[f"assurances[{number}].text"] = assurance.text
    for name, words in (
        ("link", request.link),
        ("necessity", request.necessity),
        ("purpose", request.purpose),
    ):
        if words:
            fields[f"facts: {name}"] = words
    for target in request.targets:
        if target.role:
            fields.setdefault(f"role: {target.role}", target.role)
        for identifier in target.identifiers:
            if " " in identifier.value:
                fields.setdefault(f"{HANDLE}{identifier.value}", f"{_ASKED} {identifier.value}")
        for item in target.items:
            if item.description and item.description != PRESERVATION_ONLY:
                fields.setdefault(f"{ITEM}{item.description}", f"{_ASKED} {item.description}")
    return fields


_ASKED = "Requested:"  # an item's description stands in a list of what is asked for


def signed_words(request: Request) -> tuple[str, ...]:
    """The words of its fields, the statement of facts aside, in which a sign against the request was found:
    what a later version must not lose."""
    fields = {path: words for path, words in texts(request).items() if path != "facts"}
    read = read_narratives([({path: words}, request.language) for path, words in fields.items()])
    found = [any(narrative.of(kind) for kind in _TOLD_BY_SIGNS) for narrative in read]
    return tuple(words for words, signs in zip(fields.values(), found, strict=True) if signs)


class Matter(NamedTuple):
    """A request, who we are for it, and what the house knows of it."""

    request: Request
    seat: Seat
    knowledge: Knowledge


def establish(matters: Sequence[Matter], on: date, book: Rulebook) -> list[FactSheet]:
    """Every fact of the rulebook for each of these requests, on the day `on`.

    They are told apart and asked nothing of each other. All are read before the facts of the first are made:
    the word lists are large, and whatever else is done between two texts drives them out of the processor's
    own memory.
    """
    read = read_narratives([(texts(matter.request), matter.request.language) for matter in matters])
    return [
        _established(*matter, narrative, on, book) for matter, narrative in zip(matters, read, strict=True)
    ]


def _established(
    request: Request, seat: Seat, knowledge: Knowledge, narrative: Narrative, on: date, book: Rulebook
) -> FactSheet:
    citations = tuple([citation for offence in request.offences for citation in offence.citations])
    conduct = request.conduct
    last = (conduct.end or conduct.start) if conduct is not None else None
    then = last.year if last is not None else None
    on_record = _cited(national.atlas(), citations, request.requesting_state, on, then)
    limits = book.policy.weighing
    asked = _asked(request, limits, on, narrative)
    scales = weigh(
        narrative,
        on_record.protected_categories,
        overlong=asked.overlong is not None,
        judged=request.authorisation.kind is _JUDGE and not _dated_late(request, on),
        apart=asked.apart,
    )
    verdict = judge(scales, limits)
    on_seat = _on_seat(
        treaty.law(),
        seat,
        request.measure,
        asked.categories,
        request.requesting_state,
        request.instrument,
        request.emergency.claimed,
        on,
    )
    maker = _Maker(
        request, asked, seat, knowledge, on, narrative, scales, verdict, on_record, on_seat, limits
    )
    facts = {name: make(maker) for name, make in _makers(book)}
    values = tuple(bytes([fact.value for fact in facts.values()]))  # by way of bytes: plain numbers
    return FactSheet(
        facts=facts,
        values=values,
        asked=asked,
        narrative=narrative,
        scales=scales,
        verdict=verdict,
        provisions=on_record.matches,
        seat_answers=on_seat.answers,
        seat=seat,
    )


@lru_cache(maxsize=KEPT)  # authorities cite the same few provisions in the same words
def _cited(
    book: national.Atlas, citations: tuple[str, ...], state: str | None, on: date, then: int | None
) -> OnRecord:
    if not citations or (state is not None and not book.knows(state)):
        return OnRecord((), on, then)
    return OnRecord(book.find(citations, state=state, on=on), on, then)


class Maximum(NamedTuple):
    """Whether the provisions cited reach four years, by which, and on what terms.

    fresh: does a text that was read lately say so? An old one alone carries nothing.
    """

    reaches: bool | None
    sources: tuple[FactSource, ...] = ()
    terms: str = ""
    fresh: bool = False


class OnRecord:
    """What the atlas says about the provisions that a request cites, and the facts made of that.

    on: the day of the assessment, whose law is asked. then: the last year known of the conduct, for the atlas
    dates by years; nobody is punished by what was enacted or raised after it (UNCC-2-h-3).
    """

    def __init__(self, matches: tuple[national.Match, ...], on: date, then: int | None) -> None:
        self._on, self._then = on, then
        said = f" and, for the conduct, of {then}" if then is not None else ""
        self.days = f"law of {on.isoformat()}{said}"
        self.matches = matches
        self.firm = tuple(match for match in matches if match.strength in _FIRM)

    @cached_property
    def protected_categories(self) -> tuple[str, ...]:
        found = dict.fromkeys(
            category
            for match in self.matches
            if match.strength in _FIRM
            or match.strength is national.Strength.EDITION_UNSAID  # the same is punished
            for category in PROVISION_CATEGORIES.get(str(match.provision.category), ())
        )
        return tuple(found)

    @cached_property
    def maximum(self) -> Maximum:
        """Do the provisions on record reach four years? Verified answers only."""
        found = [
            (match, *self._reaches(match.provision), maximum)
            for match in self.firm
            if (maximum := match.provision.maximum(self._on)) is not None and maximum.verified
        ]
        if not found:
            return Maximum(None)
        answers = [reached for _match, reached, _term, _maximum in found]
        ages = [maximum.age for _match, _reached, _term, maximum in found if maximum.stale]
        terms = dict.fromkeys(term for _match, _reached, term, _maximum in found if term)
        old = [f"a text on record was read {max(ages)} years ago"] if ages else []
        return Maximum(
            True if True in answers else None if None in answers else False,
            tuple(_on_record(match) for match, *_ in found),
            "; ".join([*terms, *old, self.days]),
            fresh=any(reached and not maximum.stale for _match, reached, _term, maximum in found),
        )

    def _reaches(self, provision: national.Provision) -> tuple[bool | None, str]:
        """Does its maximum reach four years in the form charged, now and at the time of the conduct?"""
        reached = provision.reaches(SERIOUS, self._on)
        if not reached:
            return reached, ""
        if self._then is not None and provision.reaches(SERIOUS, date(self._then, 12, 31)) is False:
            return False, "the maximum was raised after the conduct"
        basic = [each for each in provision.penalties if each.tier is _BASIC and each.applies(self._on)]
        if basic and not any(each.maximum and each.maximum.at_least(SERIOUS) for each in basic):
            return None, "only a graver form than the basic one reaches four years"
        return True, ""

    @cached_property
    def capital(self) -> national.Match | None:
        """The first provision named exactly that carries the death penalty."""
        exact = (match for match in self.firm if match.strength is national.Strength.EXACT)
        return next((match for match in exact if match.provision.capital(self._on)), None)

    @cached_property
    def capital_form(self) -> national.Match | None:
        """The first provision that may be meant and carries the death penalty."""
        return next((match for match in self.matches if match.provision.capital(self._on)), None)

    @cached_property
    def spares(self) -> bool:
        """Does a verified text say of every provision cited that it carries no death penalty?"""
        return bool(self.firm) and all(match.provision.capital(self._on) is False for match in self.firm)

    @cached_property
    def in_force(self) -> Established:
        if not self.firm:
            return _own(NOT_SHOWN, "no provision cited is on record")
        sources = tuple(_source("atlas", match.provision.id, match.status) for match in self.firm)
        began = [match.provision.since for match in self.firm if match.provision.since is not None]
        if self._then is not None and any(self._then < since for since in began):
            note = f"a provision cited was enacted after the conduct; {self.days}"
            return Established(NOT_MET, sources, note, shared=True)
        ended = any(match.in_force is False for match in self.firm)
        return Established(NOT_MET if ended else MET, sources, self.days, shared=True)

    @cached_property
    def protected(self) -> Established:
        if not self.firm:
            return _own(NOT_SHOWN, "no provision cited is on record")
        hits = [match for match in self.firm if str(match.provision.category) in PROVISION_CATEGORIES]
        return Established(three(bool(hits)), tuple(map(_on_record, hits or self.firm)), shared=True)


_FIRM = frozenset({national.Strength.EXACT, national.Strength.ARTICLE, national.Strength.NAME_ONLY})


def _on_record(match: national.Match) -> FactSource:
    return _source("atlas", match.provision.id, match.citation)


# From the atlas's kinds of provision to the words for protected conduct. Kinds whose provisions serve both
# worlds (images of children, intrusion, terrorism, hatred) are left out: there the citation says nothing.
PROVISION_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "association-ngo": ("association",),
    "blasphemy": ("religion",),
    "criticism-of-state": ("political-criticism",),
    "cyber-libel": ("political-criticism",),
    "defamation": ("political-criticism",),
    "encryption-vpn": ("vpn-encryption",),
    "extremism-speech": ("political-criticism",),
    "false-news": ("political-criticism",),
    "foreign-agent": ("human-rights-defence",),
    "gender-expression": ("lgbtq",),
    "insult-officials": ("political-criticism",),
    "journalism": ("journalism",),
    "lese-majeste": ("political-criticism",),
    "lgbt-propaganda": ("lgbtq",),
    "morality": ("women-rights",),
    "protest-assembly": ("protest",),
    "reproductive-rights": ("reproductive", "women-rights"),
    "same-sex-conduct": ("lgbtq",),
    "separatism-speech": ("ethnic-minority",),
    "whistleblowing-secrets": ("whistleblower",),
}


@lru_cache(maxsize=KEPT)
def _on_seat(
    law: treaty.Law,
    seat: Seat,
    measure: Measure,
    categories: tuple[Category, ...],
    state: str | None,
    instrument: str,
    emergency: bool,
    on: date,
) -> OnSeat:
    if _instrument(law, instrument) is None:
        return OnSeat({})
    return OnSeat(
        {
            category: law.seat_law(
                seat_state=seat.state,
                role=seat.role,
                arrival=seat.arrival,
                measure=measure,
                category=category,
                requesting_state=state,
                instrument=instrument,
                emergency=emergency,
                on=on,
            )
            for category in categories
        }
    )


class OnSeat:
    """What the law of the seat says about each category asked for, and the fact made of that."""

    def __init__(self, answers: Mapping[Category, treaty.SeatAnswer]) -> None:
        self.answers = answers

    @cached_property
    def permits(self) -> Established:
        if not self.answers:
            return _own(NOT_SHOWN, "the law of the seat was not asked: nothing is named, or no instrument")
        rules = dict.fromkeys(rule for answer in self.answers.values() for rule in answer.rules)
        sources = tuple(_source("seat", rule.id, rule.citation) for rule in rules)
        # One category open is enough to go on; what is barred stays closed item by item.
        best = max(three(answer.permits) for answer in self.answers.values())
        why = "; ".join(f"{category}: {answer.why}" for category, answer in self.answers.items())
        return Established(best, sources, why, shared=True)

    @cached_property
    def permits_all(self) -> Established:
        whole = self.permits
        kept = [answer for category, answer in self.answers.items() if category not in _NEVER_GIVEN]
        least = min([three(answer.permits) for answer in kept], default=whole.value)
        return Established(least, whole.sources, whole.note, shared=True)

    @cached_property
    def transfer_rules(self) -> Mapping[Category, tuple[treaty.SeatRule, ...]]:
        """Its rules on the protection of personal data, by each category they speak to."""
        return {
            category: rules
            for category, answer in self.answers.items()
            if (rules := tuple([rule for rule in answer.rules if rule.data_protection]))
            and category not in _NEVER_GIVEN
        }

    @cached_property
    def transfer_ruled(self) -> Established:
        if not self.transfer_rules:
            return _own(NOT_MET, "no rule on file speaks to it")
        return Established(MET, self._transfer_sources, shared=True)

    @cached_property
    def transfer(self) -> Established:
        """What these rules say: the worst over what is asked for."""
        said = [three(self.answers[category].permits) for category in self.transfer_rules]
        why = "; ".join(f"{category}: {self.answers[category].why}" for category in self.transfer_rules)
        return Established(min(said, default=NOT_SHOWN), self._transfer_sources, why, shared=True)

    @cached_property
    def _transfer_sources(self) -> tuple[FactSource, ...]:
        rules = dict.fromkeys(rule for found in self.transfer_rules.values() for rule in found)
        return tuple(_source("seat", rule.id, rule.citation) for rule in rules)


@lru_cache(maxsize=KEPT)
def _instrument(law: treaty.Law, name: str) -> treaty.Instrument | None:
    return next((instrument for instrument in law.instruments if instrument.id == name), None)


@lru_cache(maxsize=KEPT)
def _in_force(
    law: treaty.Law, instrument: str, a: str | None, b: str | None, on: date, as_if: bool
) -> Established:
    answer = law.in_force_between(instrument, a, b, on, as_if=as_if)
    kind = "supposed" if answer.supposed else "treaty"
    refs = ", ".join(f"{instrument}:{article}" for article in answer.articles) or instrument
    source = _source(kind, refs, "; ".join(answer.sources))
    return Established(three(answer.answer), (source,), answer.why, shared=True)


@lru_cache(maxsize=KEPT)
def _others_in_force(law: treaty.Law, name: str, a: str | None, b: str | None, on: date) -> Established:
    """Whether an instrument that goes before this one binds both states on that day; its note says which, and
    what else is in force beside them."""
    instrument = _instrument(law, name)
    if instrument is None or not instrument.yields_to:
        return _own(NOT_MET, "the instrument relied on stands back before no other")
    bind: list[tuple[str, treaty.BasisAnswer]] = []
    unknown: list[tuple[str, treaty.BasisAnswer]] = []
    beside: list[str] = []
    for other in law.instruments:
        if other.id == instrument.id or other.kind not in _BETWEEN_STATES:
            continue
        answer = law.in_force_between(other.id, a, b, on)
        if other.id not in instrument.yields_to:
            beside += [other.id] if answer.answer else []
        elif answer.answer is not False:
            (bind if answer.answer else unknown).append((other.id, answer))
    notes = [f"{other_id}: {answer.why}" for other_id, answer in bind + unknown]
    notes += [f"in force beside it: {', '.join(beside)}"] if beside else []
    sources = tuple(
        _source(
            "treaty",
            ", ".join(f"{other_id}:{each}" for each in answer.articles) or other_id,
            "; ".join(answer.sources),
        )
        for other_id, answer in bind + unknown
    )
    value = MET if bind else NOT_SHOWN if unknown else NOT_MET
    return Established(value, sources, " ".join(notes), shared=True)


_BETWEEN_STATES = frozenset(
    {
        treaty.Kind.TREATY,
        treaty.Kind.UNION_ACT,
        treaty.Kind.BILATERAL,
        treaty.Kind.EXECUTIVE_AGREEMENT,
    }
)


class Reserved(NamedTuple):
    """A reservation or declaration of one of the two states.

    made: is its day surely reached? excludes: and does it take articles away? articles: those it touches, by
    their numbers alone (29(4) is of article 29).
    """

    record: treaty.PartyRecord
    made: bool
    excludes: bool
    articles: frozenset[str]
    source: FactSource


@lru_cache(maxsize=KEPT)
def _reserved(
    law: treaty.Law, instrument: str, a: str | None, b: str | None, on: date
) -> tuple[Reserved, ...]:
    """Those of either state to this instrument that can have been made by that day."""
    if _instrument(law, instrument) is None:
        return ()
    found = []
    for state in dict.fromkeys((a, b)):
        for record in law.reservations(instrument, state, on) if state else ():
            articles = ", ".join(record.articles)
            ref = f"{instrument}:{articles}" if articles else instrument
            words = f"{record.source} ({record.evidence})"
            source = _source("treaty", f"{ref}, {record.action} of {state}, {record.date}", words)
            made = record.when.reached(on) is True
            excludes = made and record.effect is treaty.Effect.EXCLUDES
            whole = frozenset(article.partition("(")[0] for article in record.articles)
            found.append(Reserved(record, made, excludes, whole, source))
    return tuple(found)


@lru_cache(maxsize=KEPT)
def _on_file(reserved: tuple[Reserved, ...]) -> Established:
    made = any(each.made for each in reserved)
    sources = tuple(each.source for each in reserved)
    return Established(MET if made else NOT_SHOWN, sources, _told_of(reserved), shared=True)


def _told_of(reserved: Iterable[Reserved]) -> str:
    return "; ".join(f"{each.record.state}: {each.record.note or each.record.action}" for each in reserved)


@lru_cache(maxsize=KEPT)
def _dual_criminality_reserved(law: treaty.Law, instrument: str, state: str | None, on: date) -> Established:
    """Did this state reserve dual criminality for preservation? No, where the instrument knows no such thing;
    silence of the file is no answer, since nothing says that it has every reservation."""
    found = _instrument(law, instrument)
    article = found.dual_criminality_by if found is not None else None
    if article is None:
        return _own(NOT_MET, "the instrument relied on knows no such reservation")
    made = [each for each in _reserved(law, instrument, state, None, on) if article in each.record.articles]
    if not made:
        return _own(NOT_SHOWN, f"no reservation of {state or 'the state'} to article {article} is on file")
    value = MET if any(each.made for each in made) else NOT_SHOWN
    return Established(value, tuple(each.source for each in made), _told_of(made), shared=True)


_READ = "read in a list"
_RECALLED = "from memory"


@lru_cache(maxsize=KEPT)
def _death_penalty(book: national.Atlas, state: str | None) -> Established:
    """Whether the law of the requesting state can lead to a death sentence, whatever is charged: no, or not
    shown. It is never a yes: that takes a provision, a claim or words."""
    if state is None or not book.knows(state):
        return _own(NOT_SHOWN, "whose law it is, is not known", "request", "requesting_state")
    fact = book.state(state).facts.facts.get("death_penalty")
    if fact is None:
        return _own(NOT_SHOWN, "no word on it on record", "atlas", f"{state} death_penalty")
    words = _READ if fact.evidence is national.Evidence.SEEN else _RECALLED
    kept = fact.value not in _NO_DEATH_PENALTY
    said = f"law of {state}: {fact.value.replace('-', ' ')}" + (f" {fact.year}" if fact.year else "")
    return _own(NOT_SHOWN if kept else NOT_MET, said, "atlas", f"{state} death_penalty", words)


def _tortures(book: national.Atlas, state: str | None, below: int) -> Established:
    """Is torture often reported in the state: does it stand below this percentile among all states?"""
    if state is None or not book.knows(state):
        return _own(NOT_SHOWN, "whose record it is, is not known", "request", "requesting_state")
    figure = book.state(state).indicator(_TORTURE)
    if figure is None:
        return _own(NOT_SHOWN, "no figure for it on record", "atlas", f"{state} {_TORTURE}")
    said = f"freedom from torture, {figure.year}: percentile {figure.percentile:g} (V-Dem {figure.edition})"
    return _own(MET if figure.percentile < below else NOT_MET, said, "atlas", f"{state} {_TORTURE}")


def _listed(families: Iterable[str]) -> str:
    """Kinds of crime as a reader has them."""
    return ", ".join([name.replace("_", " ") for name in families])


@lru_cache(maxsize=KEPT)
def _own(value: Three, note: str = "", kind: str = "", ref: str = "", words: str = "") -> Established:
    """A fact in our own words or in words of the model, made once. kind: of its source, if there is one."""
    return Established(value, (_source(kind, ref, words),) if kind else (), note, shared=True)


def _source(kind: str, ref: str, words: str = "") -> FactSource:
    return FactSource(kind=kind, ref=ref, words=words)


@lru_cache(maxsize=KEPT)
def _stated(value: bool, ref: str, words: str = "") -> Established:
    """What the request states in `ref`. words: of the model, not of the requester (`_Maker._worded`)."""
    return Established(three(value), (_source("request", ref, words),), shared=True)


def _request(ref: str, words: str = "") -> FactSource:
    return FactSource(kind="request", ref=ref, words=words)


def _supposed(name: str) -> Established:
    return _own(MET, "", "supposed", name, "supposed by the form the request was read from")


def _quotes(signals: Sequence[Signal]) -> tuple[FactSource, ...]:
    """The words that made the signals, each place once."""
    found: dict[tuple[str, int | None], FactSource] = {}
    for signal in signals:
        for quote in signal.quotes:
            found.setdefault((quote.ref, quote.span and quote.span[0]), quote)
    return tuple(found.values())


def _explained(asked: Period, conduct: Period | None) -> bool:
    """Does the time of the conduct explain a long period?"""
    if conduct is None or not (conduct.start and conduct.end and asked.start and asked.end):
        return False
    return conduct.start - _AROUND <= asked.start and asked.end <= conduct.end + _AROUND


def _apart(asked: Period, conduct: Period | None) -> bool:
    """Do the days asked for lie apart from those of the conduct, and from the quarter around it?"""
    if conduct is None:
        return False
    before = conduct.start is not None and asked.end is not None and asked.end < conduct.start - _AROUND
    after = conduct.end is not None and asked.start is not None and asked.start > conduct.end + _AROUND
    return before or after


def _words(facts: str, few: int) -> int:
    """How many words tell the facts; in a script without spaces, as many as its letters may make."""
    words = facts.count(" ") + 1 if facts.strip() else 0
    if words < few and not facts.isascii() and any(ord(char) > _UNSPACED for char in facts):
        words = max(words, len(facts) // _LETTERS_PER_WORD * 2)
    return words


_NONE_RESERVED = _own(NOT_MET, "none of either state is on file")
_NOT_LOOKED_UP = _own(NOT_SHOWN, "the country of use was not looked up for every account")
_NOT_PLACED = _own(NOT_SHOWN, "where the data lie was not looked up for every account")
_NO_SIGN = _own(NOT_MET, "no such sign in the text", "request", "facts")


class _Maker:
    """Makes one fact at a time: a method per fact of facts.toml, of the same name."""

    def __init__(
        self,
        request: Request,
        asked: Asked,
        seat: Seat,
        knowledge: Knowledge,
        on: date,
        narrative: Narrative,
        scales: Scales,
        verdict: Verdict,
        on_record: OnRecord,
        on_seat: OnSeat,
        limits: Weighing,
    ) -> None:
        self.request, self.asked, self.seat, self.knowledge, self.on = request, asked, seat, knowledge, on
        self.narrative, self.scales, self.verdict = narrative, scales, verdict
        self.on_record, self.on_seat, self.limits = on_record, on_seat, limits
        self.signals = {signal.id: signal for signal in narrative.signals}
        self.found = frozenset(self.signals)
        self.signs: dict[Kind, tuple[FactSource, ...]] = dict.fromkeys(_TOLD_BY_SIGNS, ())
        for kind in {signal.kind for signal in narrative.signals}:
            self.signs[kind] = _quotes(narrative.of(kind))
        if scales.words:
            words = tuple([word.quote for word in narrative.spoken])
            for kind in (_PROTECTED, _PRETEXT):
                self.signs[kind] = self.signs[kind] or words
        self.signs[_PRETEXT] = self.signs[_PRETEXT] or narrative.wording.words
        self.harm = tuple([quote for harm in narrative.harms for quote in harm.quotes])
        claims = [offence.claimed_maximum for offence in request.offences]
        self.claims = [claim for claim in claims if claim is not None]
        self.claimed = ", ".join([str(claim) for claim in self.claims])
        self.claims_serious = True in [claim.at_least(SERIOUS) for claim in self.claims]
        self.words = _words(request.facts, limits.short_facts_words)
        self.says_emergency = request.emergency.claimed or request.measure is _EMERGENCY

    # ---- words and signs
    def _told(self, value: Three, kind: Kind) -> Established:
        return Established(value, self.signs[kind], self.verdict.why)

    def _signal(self, *names: str) -> Established:
        if self.found.isdisjoint(names):
            return _NO_SIGN
        found = [self.signals[name] for name in names if name in self.signals]
        return Established(MET, _quotes(found), found[0].says)

    def _worded(self, value: bool, ref: str, words: str) -> Established:
        """words: the requester's own."""
        return Established(three(value), (_request(ref, words),))

    # ---- basis, channel, seat
    def instrument_in_force(self) -> Established:
        return self._binds(self.on)

    def bound_when_asked(self) -> Established:
        return self._binds(self.request.received_on or self.on)

    def _binds(self, day: date) -> Established:
        request = self.request
        if "instrument-in-force" in request.supposed:
            return _supposed("instrument-in-force")
        law = treaty.law()
        found = _instrument(law, request.instrument)
        if found is None:
            return Established(NOT_SHOWN, (_request("instrument", request.instrument),), "unknown instrument")
        if found.kind is _NATIONAL_LAW:
            note = "no treaty is invoked; the law of the seat decides"
            return _own(MET, note, "request", "instrument", request.instrument)
        return _in_force(
            law,
            request.instrument,
            request.requesting_state,
            self.seat.state,
            day,
            self.knowledge.as_if_in_force,
        )

    @cached_property
    def _reservations(self) -> tuple[Reserved, ...]:
        request = self.request
        return _reserved(treaty.law(), request.instrument, request.requesting_state, self.seat.state, self.on)

    def reservation_on_file(self) -> Established:
        return _on_file(self._reservations) if self._reservations else _NONE_RESERVED

    def reservation_touches(self) -> Established:
        reserved = self._reservations
        if not reserved:
            return _NONE_RESERVED
        offences = _OFFENCE_ARTICLES.get(self.request.instrument, {})
        families = self.scales.families
        articles = {article for name in families or offences for article in offences.get(name, ())}
        articles |= self._asked_under()
        touching = tuple([each for each in reserved if not articles.isdisjoint(each.articles)])
        if not touching:
            sources = tuple([each.source for each in reserved])
            return Established(NOT_MET, sources, _told_of(reserved), shared=True)
        # Where nothing is told of the conduct it may be any of them; what is asked for is known.
        asked = self._asked_under()
        sure = any(each.made and (families or not asked.isdisjoint(each.articles)) for each in touching)
        sources = tuple([each.source for each in touching])
        return Established(MET if sure else NOT_SHOWN, sources, _told_of(touching), shared=True)

    def _asked_under(self) -> frozenset[str]:
        """The articles of the instrument under which the measures are asked for."""
        by_measure = _MEASURE_ARTICLES.get(self.request.instrument, {})
        measures = {self.request.measure}
        if self.asked.keeps:
            measures.add(_PRESERVATION)
        if not self.asked.wanted.isdisjoint(LIVE):
            measures |= _LIVE_MEASURES
        if self.says_emergency:
            measures.add(_EMERGENCY)
        return frozenset().union(*(by_measure.get(measure, frozenset()) for measure in measures))

    def dual_criminality_reserved(self) -> Established:
        return _dual_criminality_reserved(treaty.law(), self.request.instrument, self.seat.state, self.on)

    def yields_to_others(self) -> Established:
        found = _instrument(treaty.law(), self.request.instrument)
        yields = found is not None and bool(found.yields_to)
        return _stated(yields, "instrument", self.request.instrument)

    def other_treaty_binds(self) -> Established:
        request = self.request
        states = request.requesting_state, self.seat.state
        return _others_in_force(treaty.law(), request.instrument, *states, self.on)

    # ---- where the accounts are used
    def us_persons_barred(self) -> Established:
        request = self.request
        barred = request.instrument == _AGREEMENT and request.requesting_state != _UNITED_STATES
        return _stated(barred, "instrument", request.instrument)

    def _used(self, told: Callable[[str], bool], then: Three) -> Established:
        """`then`, where an account is used in a country told of; the contrary, where it is none of them."""
        if not self.knowledge.accounts:
            return _NOT_LOOKED_UP
        known = [each for each in self.knowledge.accounts if each.country_of_use]
        found = [each for each in known if told(each.country_of_use or "")]
        looked_up = {each.target for each in known}
        if not found and not (known and all(target.id in looked_up for target in self.request.targets)):
            return _NOT_LOOKED_UP
        sources = tuple(
            [_source("record", each.target, each.country_of_use or "") for each in found or known]
        )
        return Established(then if found else Three(2 - then), sources, "as the records of the house show")

    def used_in_united_states(self) -> Established:
        return self._used(lambda country: country == _UNITED_STATES, MET)

    def used_at_home(self) -> Established:
        home = self.request.requesting_state
        if home is None:
            return _own(NOT_SHOWN, "the requesting state is not stated", "request", "requesting_state")
        return self._used(lambda country: country != home, NOT_MET)

    def territory_rule(self) -> Established:
        instrument = self.request.instrument
        return _stated(instrument in _OF_TERRITORY and self.seat.role != _PROVIDER, "instrument", instrument)

    def stored_here(self) -> Established:
        known = [each for each in self.knowledge.accounts if each.stored_in]
        away = [each for each in known if each.stored_in != self.seat.state]
        looked_up = {each.target for each in known}
        if not away and not (known and all(target.id in looked_up for target in self.request.targets)):
            return _NOT_PLACED
        sources = tuple([_source("record", each.target, each.stored_in or "") for each in away or known])
        return Established(NOT_MET if away else MET, sources, "as the records of the house show")

    def own_proceedings(self) -> Established:
        known = [each for each in self.knowledge.accounts if each.other_proceedings is not None]
        found = [each for each in known if each.other_proceedings]
        sources = tuple([_source("record", each.target) for each in found or known])
        if not found and len({each.target for each in known}) < max(len(self.request.targets), 1):
            return _own(NOT_SHOWN, "not looked up for every account")
        return Established(three(bool(found)), sources, "as the records of the house show")

    def direct_request(self) -> Established:
        direct = self.request.measure is _DIRECT or self.request.instrument == "national-direct"
        return _stated(direct, "measure", self.request.measure)

    def channel_open(self) -> Established:
        request = self.request
        straight = self.seat.role == _PROVIDER and self.seat.arrival == _WISH and not at_home(request)
        if request.instrument in _BETWEEN_AUTHORITIES and (request.measure is _DIRECT or straight):
            return _stated(False, "measure", "a foreign authority writes to the provider itself")
        if request.measure is _DOMESTIC and not at_home(request):
            return _stated(False, "measure", "an order of another state than the seat's own")
        if self.seat.arrival == _ORDER and not at_home(request):
            return _own(NOT_SHOWN, "taken for an order, written as a request", "request", "measure")
        if request.measure is _POLICE and self.asked.wanted:
            return _stated(False, "measure", "account data asked for as police cooperation")
        if request.measure is _SPONTANEOUS and self.asked.wanted:
            return _stated(False, "measure", "account data asked for in the form of information given to us")
        return _stated(True, "measure", request.measure)

    def sender_identified(self) -> Established:
        if "sender-identified" in self.request.supposed:
            return _supposed("sender-identified")
        known = self.knowledge.identification
        if known is None:
            return _own(NOT_SHOWN, "no evidence of who sent this is on file")
        source = (_source("register", "identification", str(known.level)),)
        if known.level is Level.CONFIRMED:
            return Established(MET, source, "; ".join(known.why))
        against = known.level is Level.NONE and any(piece.holds is False for piece in known.evidence)
        return Established(NOT_MET if against else NOT_SHOWN, source, "; ".join(known.why))

    def sender_plausible(self) -> Established:
        return self._told(self.verdict.sender_plausible, _SENDER)

    def requester_in_good_standing(self) -> Established:
        state = self.request.requesting_state
        if state is None:
            value = MET if "sender-identified" in self.request.supposed else NOT_SHOWN
            return _own(value, "the requesting state is not stated", "request", "requesting_state")
        return _own(three(state not in self.knowledge.suspended), "", "register", "standing", state)

    def seat_law_permits(self) -> Established:
        if "seat-law-permits" in self.request.supposed:
            return _supposed("seat-law-permits")
        return self.on_seat.permits

    def seat_law_permits_all(self) -> Established:
        if "seat-law-permits" in self.request.supposed:
            return _supposed("seat-law-permits")
        return self.on_seat.permits_all

    def transfer_ruled(self) -> Established:
        if "seat-law-permits" in self.request.supposed:
            return _supposed("seat-law-permits")
        return self.on_seat.transfer_ruled

    def transfer_permitted(self) -> Established:
        if "seat-law-permits" in self.request.supposed:
            return _supposed("seat-law-permits")
        return self.on_seat.transfer

    def binding_order(self) -> Established:
        return _stated(at_home(self.request), "measure", self.request.measure)

    # ---- form
    def authority_named(self) -> Established:
        named = self.request.issuing or self.request.investigating
        return _stated(False, "issuing") if named is None else self._worded(True, "issuing", named.name)

    def offence_named(self) -> Established:
        offences = self.request.offences
        named = any(offence.label and offence.citations for offence in offences)
        if not named and any(offence.label or offence.citations for offence in offences):
            return _own(NOT_SHOWN, "either the label or the provision is missing", "request", "offences")
        return _stated(named, "offences")

    def facts_stated(self) -> Established:
        if not self.words:
            return _own(NOT_MET, "", "request", "facts")
        enough = self.words >= self.limits.short_facts_words
        return _own(MET if enough else NOT_SHOWN, "", "request", "facts", f"{self.words} words")

    def facts_read(self) -> Established:
        if self.narrative.unread:
            why = f"{self.narrative.unread}: have the facts translated and read by a person"
            return _own(NOT_SHOWN, why, "request", "facts")
        return _own(MET, "", "request", "facts")

    def target_identified(self) -> Established:
        return _stated(any(target.identifiers for target in self.request.targets), "targets")

    def items_stated(self) -> Established:
        return _stated(bool(self.asked.items), "targets")

    def period_bounded(self) -> Established:
        periods = self.asked.periods
        if self.asked.items and not periods:
            return _own(MET, "subscriber data need no period", "request", "targets")
        stated = [period.start is not None and period.end is not None for period in periods if period]
        if not stated:
            return _own(NOT_SHOWN, "", "request", "targets")
        return _stated(all(stated) and len(stated) == len(periods), "targets")

    def custodian_named(self) -> Established:
        if self.seat.role == _PROVIDER:
            return _own(MET, "it reached who holds the data", "request", "addressee")
        addressee = self.request.addressee
        return self._worded(True, "addressee", addressee) if addressee else _own(NOT_SHOWN)

    def conduct_linked(self) -> Established:
        if self.request.link:
            return self._worded(True, "link", self.request.link)
        told = [harm for harm in self.narrative.harms if not _LINKS.isdisjoint(harm.particulars)]
        if told:
            named = dict.fromkeys([name for harm in told for name in harm.particulars if name in _LINKS])
            quotes = [quote for harm in told for quote in harm.quotes]
            return Established(MET, tuple(quotes[:_MOST_LINKS]), ", ".join(named))
        # A judge has seen what ties it: that something was sent or shown need not be said of an account.
        shown = [word.quote for word in self.narrative.spoken if word.told and word.concept in _SENT]
        if shown and self.judge_authorised().value is MET:
            return Established(MET, tuple(shown[:_MOST_LINKS]), "what was sent or shown, before a judge")
        return _own(NOT_SHOWN, "", "request", "facts")

    def necessity_stated(self) -> Established:
        return _own(MET if self.request.necessity else NOT_SHOWN, "", "request", "necessity")

    def formal_request_intended(self) -> Established:
        return _own(MET if self.request.purpose else NOT_SHOWN, "", "request", "purpose")

    def specific_case(self) -> Established:
        stated = self.words >= self.limits.short_facts_words and self.words and self.request.offences
        return _own(MET if stated else NOT_SHOWN, "", "request", "facts")

    # ---- scope and gravity
    def four_year_rule(self) -> Established:
        return _stated(self.request.instrument == "uncc", "instrument", self.request.instrument)

    def convention_offence(self) -> Established:
        families = set(self.scales.families)
        own = families & CONVENTION_FAMILIES
        left = own - self._reserved_away() if own else own
        if left:
            return _own(MET, _listed(sorted(left)), "request", "facts")
        if own:
            note = f"{_listed(sorted(own))}: outside the Convention's own offences by reservation"
            return _own(NOT_SHOWN, note, "request", "facts")
        return _own(NOT_MET if families else NOT_SHOWN, "", "request", "facts")

    def _reserved_away(self) -> frozenset[str]:
        """Families of which the two states reserved every article: no offence of the treaty between them."""
        if not self._reservations:
            return frozenset()
        gone = {number for each in self._reservations if each.excludes for number in each.record.articles}
        offences = _OFFENCE_ARTICLES.get(self.request.instrument, {})
        return frozenset(name for name, articles in offences.items() if articles <= gone)

    def four_years(self) -> Established:
        record = self.on_record.maximum
        if not self.claims:
            note = "; ".join(["no maximum is claimed", *([record.terms] if record.terms else [])])
            alone = three(record.reaches) if record.fresh or not record.reaches else NOT_SHOWN
            return Established(alone, record.sources, note, shared=True)
        claimed = self.claims_serious
        said = (_request("offences", self.claimed), *record.sources)
        if claimed and record.reaches is False:
            note = f"the claim is higher than the law on record; {record.terms}"
            return Established(NOT_SHOWN, said, note, shared=True)
        return Established(three(claimed), said, record.terms, shared=True)

    def three_year_rule(self) -> Established:
        return self._production_order_for(_CONTENT | _TRAFFIC)

    def three_years(self) -> Established:
        if not self.claims:
            return _own(NOT_SHOWN, "no maximum is claimed", "request", "offences")
        return _stated(any(claim.at_least(_THREE_YEARS) for claim in self.claims), "offences", self.claimed)

    def traffic_needs_judge(self) -> Established:
        return self._production_order_for(_TRAFFIC)

    def penalty_confirmed(self) -> Established:
        record = self.on_record.maximum
        if record.reaches is None or not self.claims:
            note = (self.claims and record.terms) or "no verified text on record to compare with"
            return Established(NOT_SHOWN, record.sources, note, shared=True)
        held = not self.claims_serious or record.reaches
        return Established(three(held), record.sources, record.terms, shared=True)

    def provision_in_force(self) -> Established:
        return self.on_record.in_force

    def real_harm_shown(self) -> Established:
        if self.narrative.unread:
            why = f"{self.narrative.unread}: have the facts translated and read by a person"
            return _own(NOT_SHOWN, why, "request", "facts")
        return Established(self.verdict.real_harm, self.harm, self.verdict.why)

    def offence_in_seat_law(self) -> Established:
        if self.verdict.persecution is MET:
            note = "words of a crime stand beside protected conduct, and may be what was said"
            return Established(NOT_SHOWN, self.harm, note)
        if self.verdict.real_harm is MET:
            note = "conduct of a kind that every seat's law punishes: " + _listed(self.scales.families)
            return Established(MET, self.harm, note)
        return Established(NOT_SHOWN, self.harm) if self.harm else _own(NOT_SHOWN)

    # ---- what an offence of the Convention asks besides
    def _charged(self, family: str) -> Established:
        if family in self.scales.families:
            return _own(MET, _listed([family]), "request", "facts")
        charged = family in self.narrative.charged
        return _own(three(charged), "in the label" if charged else "", "request", "offences")

    def intimate_images_told(self) -> Established:
        return self._charged(_IMAGES)

    def depicted_apart(self) -> Established:
        others = self.asked.others
        if others and len(others) == len(self.request.targets):
            roles = [target.role for target in self.request.targets]
            return self._worded(False, "targets", ", ".join(roles))
        told = [
            harm
            for harm in self.narrative.harms
            if "victim" in harm.particulars or not _SUFFERED.isdisjoint(harm.families)
        ]
        if told:
            quotes = [quote for harm in told for quote in harm.quotes]
            return Established(MET, tuple(quotes[:_MOST_LINKS]))
        return _own(NOT_SHOWN, "", "request", "facts")

    def testing_told(self) -> Established:
        return self._signal(*_TESTING)

    def access_charged(self) -> Established:
        return self._charged(_INTRUSION)

    def without_right(self) -> Established:
        if self.verdict.real_harm is MET:
            return Established(MET, self.harm, self.verdict.why)
        own = self._signal(*_MADE_KNOWN)
        if own.value is MET:
            return Established(NOT_MET, own.sources, own.note)
        return Established(NOT_SHOWN, self.harm)

    def jurisdiction_plain(self) -> Established:
        abroad = self._signal("abroad")
        if abroad.value is not MET or self.verdict.real_harm is MET:
            return _own(MET, "", "request", "facts")
        spoken = bool(self.narrative.of(_PROTECTED)) and not _HELD_AGAINST_STATE.isdisjoint(
            self.narrative.concepts
        )
        return Established(NOT_MET if spoken else NOT_SHOWN, abroad.sources, abroad.note)

    # ---- persecution
    def persecution_shown(self) -> Established:
        if self.narrative.unread and self.verdict.persecution is NOT_MET:
            why = f"{self.narrative.unread}: have the facts translated and read by a person"
            return _own(NOT_SHOWN, why, "request", "facts")
        return self._told(self.verdict.persecution, _PROTECTED)

    def signals_conflict(self) -> Established:
        return self._told(self.verdict.conflict, _PROTECTED)

    def pretext_signs(self) -> Established:
        return self._told(self.verdict.pretext, _PRETEXT)

    def protected_provision(self) -> Established:
        return self.on_record.protected

    def political_offence(self) -> Established:
        found = self._signal("subversion-by-words", "subversion-bare")
        if found.value is MET and self.verdict.real_harm is MET:
            return Established(NOT_MET, found.sources, "a crime against persons is described as well")
        return found

    # ---- who authorised, what is asked for
    def judge_authorised(self) -> Established:
        return self._authorised_by(_JUDGE)

    def independently_authorised(self) -> Established:
        return self._authorised_by(_JUDGE, _PROSECUTOR)

    def _authorised_by(self, *kinds: AuthorisationKind) -> Established:
        given = self.request.authorisation
        value = NOT_SHOWN if given.kind is _UNSTATED else three(given.kind in kinds)
        if value is MET and _dated_late(self.request, self.on):
            note = "the authorisation is dated after the request arrived"
            return _own(NOT_SHOWN, note, "request", "authorisation.issued_on", str(given.issued_on))
        note = "the document itself is not attached" if given.document_attached is False else ""
        return _own(value, note, "request", "authorisation.kind", given.kind)

    def _wants(self, categories: frozenset[Category]) -> bool:
        return not self.asked.wanted.isdisjoint(categories)

    def _production_order_for(self, categories: frozenset[Category]) -> Established:
        instrument = self.request.instrument
        ordered = instrument == _PRODUCTION_ORDER and self._wants(categories)
        return _stated(ordered, "instrument", instrument)

    def live_measure(self) -> Established:
        if self._wants(LIVE) or self.request.measure in _LIVE_MEASURES:
            return _stated(True, "targets")
        if self.asked.ahead:
            return _stated(True, "targets", "days that had not come when the request arrived")
        said = self.signals.get("live")
        if said is not None and any(field.startswith(ITEM) for field, _sentence in said.sentences):
            return _own(NOT_SHOWN, "an item is described as data to come", "request", "targets")
        return _stated(False, "targets")

    def partial_disclosure(self) -> Established:
        measure = self.request.measure
        return _stated(measure is _PARTIAL, "measure", measure)

    def beyond_path(self) -> Established:
        return _stated(bool(self.asked.wanted - _PATH), "targets")

    def sessions_as_subscriber(self) -> Established:
        for _target, item in self.asked.items:
            if item.category is _SUBSCRIBER and _of_sessions(item.description):
                return self._worded(True, "targets", item.description)
        return _stated(False, "targets")

    def only_live(self) -> Established:
        if self.request.measure in _LIVE_MEASURES:
            return _stated(True, "measure", self.request.measure)
        return _stated(bool(self.asked.items) and not self.asked.stored, "targets")

    def credentials_asked(self) -> Established:
        if _CREDENTIALS in self.asked.wanted:
            return _stated(True, "targets")
        return self._signal(_KEYS)

    def content_asked(self) -> Established:
        return _stated(self._wants(_CONTENT), "targets")

    def content_confined(self) -> Established:
        whole = self._signal("everything")
        if whole.value is MET:
            return Established(NOT_MET, whole.sources, whole.note)
        confined = self._signal("limits-itself", "no-content-asked", "filtering")
        return confined if confined.value is MET else _own(NOT_SHOWN, "", "request", "facts")

    def bulk_asked(self) -> Established:
        if self.asked.bulk:
            return _stated(True, "targets", "a description of many persons stands for an account")
        return self._signal("everybody")

    def only_bulk(self) -> Established:
        bulk = self.asked.bulk
        return _stated(bool(bulk) and len(bulk) == len(self.request.targets), "targets")

    def third_parties_asked(self) -> Established:
        others = self.asked.others
        if others:
            roles = [target.role for target in self.request.targets if target.id in others]
            return self._worded(True, "targets", ", ".join(roles))
        asked_about = self._signal(*_BEYOND)
        if asked_about.value is MET or self.asked.roles:
            return asked_about
        return _own(NOT_SHOWN, "the role of a person is not stated", "request", "targets")

    def privileged_material(self) -> Established:
        found = self._signal(*_PRIVILEGED)
        return found if found.value is MET else _own(NOT_SHOWN, "", "request", "facts")

    def period_excessive(self) -> Established:
        item = self.asked.overlong
        if item is None or item.period is None:
            return _stated(False, "targets")
        return _stated(True, "targets", f"{item.period.days} days of {item.category}")

    def preservation_only(self) -> Established:
        measure, asked = self.request.measure, self.asked
        only = measure is _PRESERVATION or (asked.keeps and not asked.wanted)
        return _stated(only, "measure", measure)

    # ---- life, trial, children
    def capital_exposure(self) -> Established:
        if _DEATH in [claim.kind for claim in self.claims]:
            return _stated(True, "offences", "death")
        if self.on_record.capital is not None:
            return Established(MET, (_on_record(self.on_record.capital),), shared=True)
        spoken = self._signal("death-penalty")
        if spoken.value is MET:
            return spoken
        form = self.on_record.capital_form
        if form is not None:
            return Established(
                NOT_SHOWN, (_on_record(form),), "a form of what is cited can carry death", shared=True
            )
        kept = _death_penalty(national.atlas(), self.request.requesting_state)
        if kept.value is NOT_MET and (self.claims or kept.sources[0].words == _READ):
            return kept
        if not self.claims:
            return _own(NOT_SHOWN, "no maximum is claimed", "request", "offences")
        # What the requester claims cannot alone settle it where lives are taken and the law may take one.
        if not (_CAN_BE_CAPITAL.isdisjoint(self.scales.families) or self.on_record.spares):
            return kept
        return _stated(False, "offences", self.claimed)

    def _assured(self, kind: str) -> bool:
        """Words must stand under the heading; whether they suffice is for a person to read."""
        return any(each.kind == kind and each.text.strip() for each in self.request.assurances)

    def no_death_assurance(self) -> Established:
        given = self._assured("no-death-penalty")
        return _own(MET if given else NOT_SHOWN, "", "request", "assurances")

    def torture_signs(self) -> Established:
        return self._signal("torture-told")

    def treatment_risk(self) -> Established:
        """Never by the state alone: the charge and the record together, and people decide (Art 6(1))."""
        if self.narrative.charged.isdisjoint(_EXPOSED):
            return _stated(False, "offences")
        return _tortures(national.atlas(), self.request.requesting_state, self.limits.torture_percentile)

    def treatment_assurance(self) -> Established:
        given = self._assured("treatment")
        return _own(MET if given else NOT_SHOWN, "", "request", "assurances")

    def special_court(self) -> Established:
        return self._signal("closed-trial")

    def absent_trial(self) -> Established:
        return self._signal("absent-trial")

    def already_tried(self) -> Established:
        told = self._signal("judged-before")
        if told.value is MET:
            return told
        for known in self.knowledge.accounts:
            if known.other_proceedings:
                source = _source("record", known.target)
                return Established(NOT_SHOWN, (source,), "the records show other proceedings")
        spoken = self._signal("old-matter")
        if spoken.value is MET:
            note = "an earlier case is spoken of; whether it was about the same facts is not said"
            return Established(NOT_SHOWN, spoken.sources, note)
        return told

    def suspect_is_child(self) -> Established:
        for known in self.knowledge.accounts:
            if known.holder_is_minor:
                return Established(MET, (_source("record", known.target),), "the records show a minor")
        return self._signal("child-accused", "pupil-pursued", "young-people-of-like-age")

    # ---- emergency, secrecy, use
    def emergency_claimed(self) -> Established:
        statement = self.request.emergency.statement
        if not statement:
            return _stated(self.says_emergency, "emergency")
        return self._worded(self.says_emergency, "emergency", statement)

    def danger_shown(self) -> Established:
        if not self.says_emergency:
            return _own(NOT_MET, "", "request", "emergency", "no emergency is claimed")
        ends = self.request.emergency.deadline
        if ends is not None and ends.date() < _arrived(self.request, self.on) - DATE_LINE:
            note = "the time it names had passed when the request arrived"
            return _own(NOT_SHOWN, note, "request", "emergency.deadline", ends.date().isoformat())
        persons = bool(_DANGER.intersection(self.scales.families)) and (
            "life_danger" in self.narrative.concepts or self.verdict.real_harm is MET
        )
        # Forgers like haste: somebody must have authorised it, or it must say how it can be checked.
        checkable = "can-be-checked" in self.signals or self.independently_authorised().value is MET
        grounded = self.verdict.persecution is not MET and self.verdict.sender_plausible is MET
        if persons and checkable and grounded and self.verdict.real_harm is not NOT_MET:
            return Established(MET, self.harm, "danger to a person is described")
        return _own(NOT_SHOWN, "", "request", "emergency")

    def secrecy_asked(self) -> Established:
        return _stated(self.request.secrecy.asked, "secrecy")

    def secrecy_dated(self) -> Established:
        secrecy = self.request.secrecy
        if secrecy.until is not None and secrecy.until < self.on:
            return _own(NOT_MET, "this day is past", "request", "secrecy", secrecy.until.isoformat())
        dated = bool(secrecy.reason) and secrecy.until is not None
        return _own(MET if dated else NOT_SHOWN, "", "request", "secrecy")

    def speciality_undertaken(self) -> Established:
        if self._assured("speciality"):
            return _stated(True, "assurances")
        return _own(MET if "undertakes" in self.signals else NOT_SHOWN, "", "request", "assurances")


@cache
def _makers(book: Rulebook) -> tuple[tuple[str, Callable[[_Maker], Established]], ...]:
    """The facts of the rulebook, in its order, each with what makes it."""
    return tuple((name, getattr(_Maker, name)) for name in book.names)

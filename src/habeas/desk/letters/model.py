"""What a letter is made of: its kinds, the facts it may state, and the letter itself.

`LetterFacts` is a short list on purpose. There is no place in it for a signal, a counterfactual, a level of
assurance, a name of a person or an account: what is not here cannot get into a letter. Targets are labels,
the addressee is an office, grounds and conditions are closed lists.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from habeas.request import Category
from habeas.treaty import Arrival, Role


class Kind(StrEnum):
    """Every kind of letter there is."""

    RECEIPT = "receipt"  # the only one for a sender who is not identified
    ACKNOWLEDGEMENT = "acknowledgement"
    CLARIFICATION = "clarification"
    NARROWER_PROPOSAL = "narrower-proposal"
    REFUSAL = "refusal"
    PERSECUTION_REFUSAL = "persecution-refusal"  # a closed text
    REROUTE = "reroute"  # which road is the right one
    CHALLENGE = "challenge"  # an order of our own court goes to court, or waits
    MORE_TIME = "more-time"  # to the issuing authority: a time cannot be kept, why, and until when
    CONDITIONS = "conditions"
    NOTICE = "notice"  # to the person
    DELAYED_NOTICE = "delayed-notice"  # to the person, after a bar ended
    OBJECTION_ANSWER = "objection-answer"  # to the person, who objected
    EXPERT_INVITATION = "expert-invitation"
    SECRECY_NOT_HONOURED = "secrecy-not-honoured"


NOTICES = frozenset({Kind.NOTICE, Kind.DELAYED_NOTICE})
"""Letters to one person concerned, each written as they are told."""


class Language(StrEnum):
    ENGLISH = "en"
    FRENCH = "fr"
    SPANISH = "es"
    ARABIC = "ar"
    RUSSIAN = "ru"
    CHINESE = "zh"

    @property
    def direction(self) -> str:
        return "rtl" if self is Language.ARABIC else "ltr"


class Ground(StrEnum):
    """Why a request is not carried out. Persecution is none of these: it has a letter of its own."""

    NO_INSTRUMENT = "no-instrument"
    CHANNEL = "channel"
    AUTHENTICITY = "authenticity"
    FORM = "form"
    SCOPE = "scope"
    SPECIFIC_CASE = "specific-case"
    DUAL_CRIMINALITY = "dual-criminality"
    ESSENTIAL_INTERESTS = "essential-interests"
    DOMESTIC_EQUIVALENCE = "domestic-equivalence"
    LEGAL_SYSTEM = "legal-system"
    HUMAN_RIGHTS = "human-rights"
    PERSONAL_DATA = "personal-data"
    PROPORTIONALITY = "proportionality"
    LIVE_DATA = "live-data"
    CREDENTIALS = "credentials"
    SEAT_LAW = "seat-law"
    OTHER_ROAD = "other-road"
    NO_DUTY = "no-duty"


class Condition(StrEnum):
    """Under what terms a request could be carried out."""

    SPECIALITY = "speciality"
    ONWARD = "onward"
    PROTECTION = "protection"
    DESTRUCTION = "destruction"
    NO_DEATH_PENALTY = "no-death-penalty"
    TREATMENT = "treatment"
    CONFIDENTIALITY = "confidentiality"
    PERSON_TOLD = "person-told"
    DEFENCE = "defence"
    RETRIAL = "retrial"
    ORDINARY_COURT = "ordinary-court"
    FORMAL_REQUEST = "formal-request"


class Slow(StrEnum):
    """Why a time cannot be kept, as the issuing authority is told (Directive 2014/41/EU, article 12(5)). The
    list is closed: words of the house's own could tell what is held."""

    COURT = "court"
    LAW = "law"
    TRANSLATION = "translation"
    NUMBER = "number"
    PRACTICAL = "practical"


class Road(StrEnum):
    """Which road a request should take instead, as far as every letter has words for it."""

    CENTRAL = "central"  # from central authority to central authority
    INSTRUMENT = "instrument"  # under an instrument that is in force


class Fate(StrEnum):
    """What the person is told has become of the request."""

    UNDECIDED = "undecided"
    REFUSED = "refused"
    GIVEN = "given"


class Heard(StrEnum):
    """What became of an objection."""

    UPHELD = "upheld"
    IN_PART = "in-part"
    NOT_UPHELD = "not-upheld"


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


LABEL = r"^([A-Z]{1,2}|[0-9]{1,3})$"
"""How a target may be called in a letter."""


class Item(_Value, frozen=True, kw_only=True):
    """One item for one target. target: a neutral label (A, B, 1), never an identifier. Both days included."""

    target: Annotated[str, msgspec.Meta(pattern=LABEL)]
    item: Annotated[int, msgspec.Meta(ge=1)]
    category: Category
    first: date | None = None
    last: date | None = None


class Asked(_Value, frozen=True, kw_only=True):
    """A question. fact: the fact it asks for, under which translations stand; empty for one of the house's
    own. text: its words, in `language`."""

    text: str
    fact: str = ""
    language: Language = Language.ENGLISH


class Reason(_Value, frozen=True, kw_only=True):
    """A ground. cites: provisions of the law of the seat (`USA:18 USC 2702(a)`); a treaty's are on file."""

    ground: Ground
    cites: tuple[str, ...] = ()


class Sender(_Value, frozen=True, kw_only=True):
    """Us, as every letter of this house names us. oversight: the body that oversees us. door: the address on
    the web where a person concerned can object."""

    name: str
    office: str
    contact: str = ""
    oversight: str = ""
    door: str = ""


class LetterFacts(_Value, frozen=True, kw_only=True):
    """All that letters may say about one case. What a kind does not need is not looked at.

    role, arrival: our seat. identified: whether the sender was identified. written: the day of the letter.
    addressee: an office. house: what our door on the web calls us. received: the day the request reached us.
    instrument: an id of `habeas.treaty`. requesting_state, seat_state: names in the letter's language.
    terms: conditions in the house's own words, beside those of the closed list. road: the right one, or in
    `named_road` the authority that the law of the seat names, in English. to_court: an order of our own is
    brought before a court; otherwise more time is asked for.
    later: the day by which an order is decided on or carried out whose time cannot be kept. slow: why.
    to_decide: it is the decision that takes longer; otherwise to carry it out.
    consulted: the day the requesting state was consulted. answer_by, object_by: last days, included.
    answer_at: in an emergency, the moment (UTC) by which an answer is asked for.
    not_before: before this day nothing is given. bar_ended: the last day the delay of the notice held.
    barred: whether the law forbade telling until then; otherwise the house had decided so. objected: the
    day an objection reached us that was answered since; heard: the answer, without its reasons, which are
    words of the house's own.
    """

    role: Role
    arrival: Arrival
    identified: bool
    sender: Sender
    our_reference: str
    written: date
    received: date
    addressee: str = ""
    house: str = ""
    their_reference: str = ""
    requesting_state: str = ""
    seat_state: str = ""
    instrument: str = ""
    items: tuple[Item, ...] = ()
    questions: tuple[Asked, ...] = ()
    grounds: tuple[Reason, ...] = ()
    conditions: tuple[Condition, ...] = ()
    terms: tuple[Asked, ...] = ()
    road: Road | None = None
    named_road: str = ""
    to_court: bool = True
    later: date | None = None
    slow: Slow | None = None
    to_decide: bool = True
    consulted: date | None = None
    answer_by: date | None = None
    answer_at: datetime | None = None
    object_by: date | None = None
    not_before: date | None = None
    bar_ended: date | None = None
    barred: bool = True
    fate: Fate = Fate.UNDECIDED
    objected: date | None = None
    heard: Heard | None = None


class Point(_Value, frozen=True, kw_only=True):
    """One entry of a numbered list, which may be in another language than the letter."""

    text: str
    language: Language


class Paragraph(_Value, frozen=True, kw_only=True):
    text: str
    points: tuple[Point, ...] = ()


class Letter(_Value, frozen=True, kw_only=True):
    """A letter in one language, ready to be shown. Nobody has sent it.

    Values in its text that could disturb a line of another direction are enclosed in isolates (U+2066,
    U+2068, U+2069; Unicode Annex 9). reviewed: a jurist of the language has read every word used here.
    notice: the line that says which text prevails, where there are two. beside: the text in the authentic
    language, which goes with an unreviewed one. held_for_counsel: it rests on what is in `to_verify`, which
    nobody has read in a certified text; counsel has to answer before it leaves.
    """

    kind: Kind
    language: Language
    authentic_language: Language
    reviewed: bool
    notice: str
    name: str
    office: str
    date: str
    references: tuple[str, ...]
    addressee: str
    subject: str
    basis: str
    paragraphs: tuple[Paragraph, ...]
    closing: str
    held_for_counsel: bool
    to_verify: tuple[str, ...]
    beside: Letter | None = None


def plain(letter: Letter) -> str:
    """The letter as text, for the file and for mail: every word that the page has, in its order."""
    lines = [letter.notice, letter.name, letter.office, letter.date, *letter.references]
    lines += [letter.addressee, letter.subject, letter.basis]
    for paragraph in letter.paragraphs:
        lines.append(paragraph.text)
        lines += [f"{number}. {point.text}" for number, point in enumerate(paragraph.points, 1)]
    lines += [letter.closing, letter.office]
    text = "\n\n".join(line for line in lines if line) + "\n"
    return text if letter.beside is None else f"{text}\n* * *\n\n{plain(letter.beside)}"

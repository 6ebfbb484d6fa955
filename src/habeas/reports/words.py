"""The words a reader meets for the terms the engine uses.

One place for every translation from a term of the model (`clarify`, `uncc:40(22)`, `analog`) into plain
English, so that the terminal, the Markdown and the page say the same. A term not listed here is shown as it
is, with its hyphens read as spaces: a new term is never hidden. Nothing here judges.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from habeas import atlas, treaty
from habeas.assess import Ceiling, Consequence, Decision, Outcome
from habeas.errors import Refused

Tone = Literal["plain", "ask", "stop"]
"""What takes colour: `stop` what stops, `ask` what is missing or waits for people; the rest is plain."""


class Recommended(msgspec.Struct, frozen=True):
    """A decision as its heading, what it means for the hand on the desk, and its tone."""

    word: str
    means: str
    tone: Tone


_DECISIONS: dict[str, Recommended] = {
    Decision.PROCEED: Recommended(
        "proceed", "Answer what is asked, up to the ceiling of each item.", "plain"
    ),
    Decision.NARROW: Recommended(
        "narrow", "Answer less than is asked: see the ceiling of each item.", "plain"
    ),
    Decision.CLARIFY: Recommended(
        "clarify", "Disclose nothing yet: something that decides is missing.", "ask"
    ),
    Decision.REFUSE: Recommended("refuse", "Disclose nothing.", "stop"),
    Decision.REROUTE: Recommended(
        "reroute", "Disclose nothing: send it back and name the right road.", "stop"
    ),
    Decision.ESCALATE: Recommended(
        "escalate", "Disclose nothing yet: people with more time or knowledge must decide.", "ask"
    ),
    Decision.COMPLY_AS_NARROWED: Recommended(
        "comply as narrowed", "Our own order binds us: give what it covers, up to each ceiling.", "plain"
    ),
    Decision.CHALLENGE: Recommended(
        "challenge", "Our own order binds us: contest it in court before anything is given.", "stop"
    ),
    Decision.SEEK_DELAY: Recommended(
        "seek a delay", "Our own order binds us: ask for time until what is missing is known.", "ask"
    ),
}

_HOUSE = {
    Consequence.NONE: "nothing follows",
    Consequence.NOTE: "notes it; it has no effect",
    Consequence.CONDITION: "answers under a condition",
    Consequence.NARROW: "answers less than is asked",
    Consequence.REFUSE_DISCRETION: "refuses, because the treaty lets us",
    Consequence.ASK: "asks the requester before it answers",
    Consequence.HOLD: "holds everything until it has found out itself",
    Consequence.REROUTE: "sends it back with the right road",
    Consequence.ESCALATE: "leaves it to people with more time or knowledge",
    Consequence.REFUSE_LAW: "refuses: there is no lawful basis",
    Consequence.REFUSE_RIGHTS: "refuses: human rights stand against it",
}

_CERTAINTY = {
    "seen": ("read", "read in a copy of the instrument or a page about it"),
    "analog": ("model", "read in the model treaty; the number of the paragraph is recalled"),
    "memory": ("memory", "recalled with confidence, not read again"),
    "check": ("check", "recalled; to be checked before anybody relies on it"),
    "policy": ("own", "not the words of the instrument"),
}

_EFFECTS = {
    "blocks": "without it nothing is disclosed",
    "conditions": "without it a condition is set",
    "notes": "without it nothing changes",
}

_SUPPLIERS = {
    "requester": "the requester",
    "custodian": "the custodian of the data",
    "counsel": "our counsel",
    "register": "a register",
    "house": "this house",
}

_SUPPOSED = {
    "instrument-in-force": "the instrument relied on binds both states on the day",
    "convention-in-force": "the treaty relied on is in force between the two states",
    "sender-identified": "the authority named is really the sender",
    "seat-law-permits": "our own law lets us answer this requester",
}

_SIGNS = {
    "protected": "protected conduct",
    "pretext": "pretext",
    "sender": "doubtful sender",
    "breadth": "more than the case needs",
    "limit": "limit the sender sets",
    "harm": "real harm",
}

_CATEGORIES = {
    "subscriber": "subscriber data",
    "traffic": "traffic data",
    "content": "content",
    "other-stored": "other stored data",
    "realtime-traffic": "traffic data as they arise",
    "realtime-content": "content as it arises",
    "credentials": "passwords or keys",
}

_MEASURES = {
    "preservation": "keeping data, not handing them over",
    "traffic-disclosure": "quick disclosure of traffic data",
    "stored-access": "stored data",
    "realtime-traffic": "traffic data as they arise",
    "interception": "interception",
    "general-assistance": "mutual legal assistance",
    "emergency": "help in an emergency",
    "spontaneous": "information sent unasked",
    "police-to-police": "police cooperation",
    "direct-to-provider": "an answer straight from the provider",
    "domestic-order": "compliance with an order of our own state",
}

_CONDUCT = {
    "lgbtq": "sexual orientation or gender identity",
    "vpn-encryption": "using encryption or a VPN",
    "minor": "a child's own conduct",
    "lawyer": "a lawyer's work",
    "reproductive": "reproductive choices",
    "artistic": "art",
    "academic": "teaching and research",
    "family-associate": "being a relative or associate",
    "whistleblower": "whistleblowing",
    "women-rights": "women's rights",
    "ethnic-minority": "belonging to a minority",
}

_LANGUAGES = {
    "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bn": "Bengali", "cs": "Czech",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese",
    "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "ko": "Korean", "ky": "Kyrgyz", "lo": "Lao",
    "ms": "Malay", "my": "Burmese", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sr": "Serbian", "sw": "Swahili", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

_INSTRUMENTS = {
    "uncc": "UN Convention",
    "budapest": "Budapest Convention",
    "budapest-2ap": "Budapest Convention, Second Protocol",
    "bilateral-mla": "Bilateral treaty",
    "cloud-act-agreement": "18 USC",
    "eu-e-evidence": "Regulation (EU) 2023/1543",
    "eu-eio": "Directive 2014/41/EU",
    "national-direct": "National law",
    "police-cooperation": "Police channels",
    "domestic-order": "Own order",
}
_SECTIONS = frozenset({"cloud-act-agreement"})  # cited by section, not by article

_FIELDS = {
    "facts": "statement of facts",
    "facts: link": "link to the offence",
    "facts: necessity": "why the data are needed",
    "facts: purpose": "purpose",
    "emergency.statement": "stated emergency",
    "secrecy.reason": "reason for secrecy",
    "authorisation.kind": "authorisation",
    "authorisation.document_attached": "authorisation",
    "targets": "targets and items",
    "issuing": "issuing authority",
    "requesting_state": "requesting state",
}


def plain(term: str) -> str:
    """A term without a word of its own: hyphens and underlines read as spaces."""
    return term.replace("-", " ").replace("_", " ")


def count(number: int, one: str, several: str) -> str:
    """`number` with its noun."""
    return f"{number} {one if number == 1 else several}"


def capital(text: str) -> str:
    """`text` with a capital first."""
    return text[:1].upper() + text[1:]


def recommended(decision: str) -> Recommended:
    return _DECISIONS.get(decision) or Recommended(plain(decision), "", "ask")


def house(consequence: str) -> str:
    """What this house does: the rest of a sentence that begins with "This house"."""
    return _HOUSE[Consequence.read(consequence, "answer")]


def strength(consequence: str) -> int:
    """The larger the stronger."""
    return int(Consequence.read(consequence, "answer"))


def certainty(term: str) -> str:
    """How sure we are of a line of law, in one word; `certainties` says what each word means."""
    return _CERTAINTY[term][0] if term in _CERTAINTY else plain(term)


def certainties() -> tuple[tuple[str, str], ...]:
    """The words of `certainty` and what they mean, surest first."""
    return tuple(_CERTAINTY.values())


def effect(term: str) -> str:
    return _EFFECTS.get(term, plain(term))


def supplier(term: str) -> str:
    return _SUPPLIERS.get(term, plain(term))


def supposed(term: str) -> str:
    return _SUPPOSED.get(term, plain(term))


def sign(kind: str) -> str:
    return _SIGNS.get(kind, plain(kind))


def category(term: str) -> str:
    return _CATEGORIES.get(term, plain(term))


def measure(term: str) -> str:
    return _MEASURES.get(term, plain(term))


def language(tag: str | None) -> str:
    """The English name of a language by its tag; the tag itself where it has none here."""
    return _LANGUAGES.get((tag or "").split("-")[0].lower(), tag or "")


def conduct(term: str) -> str:
    """A category of protected conduct."""
    return _CONDUCT.get(term, plain(term))


def outcome(value: Outcome) -> str:
    return str(value)


def held(value: Outcome) -> str:
    """Does a fact hold: yes, no or not shown."""
    return {Outcome.MET: "yes", Outcome.NOT_MET: "no", Outcome.NOT_SHOWN: "not shown"}[value]


def outcome_tone(value: Outcome) -> Tone:
    tones: dict[Outcome, Tone] = {Outcome.MET: "plain", Outcome.NOT_MET: "stop", Outcome.NOT_SHOWN: "ask"}
    return tones[value]


def ceiling_tone(value: Ceiling) -> Tone:
    return "stop" if value is Ceiling.NOTHING else "plain"


def bound(term: str) -> str:
    """What a clock's day is: a floor or a ceiling."""
    return {"not-before": "not before", "not-after": "at the latest"}.get(term, plain(term))


def cite(citation: str) -> str:
    """`uncc:40(22)` as a lawyer writes it."""
    instrument, _, number = citation.partition(":")
    if instrument == "safeguards":
        return f"Safeguard of this house: {plain(number)}"
    name = _INSTRUMENTS.get(instrument, plain(instrument))
    if not number:
        return name
    return f"{name} {number}" if instrument in _SECTIONS else f"{name}, Art. {number}"


@cache
def instrument(id: str) -> str:
    """The title of an instrument on file."""
    if id == "unknown":
        return "not stated"
    try:
        return treaty.law().instrument(id).title
    except Refused:
        return plain(id)


@cache
def state(code: str | None) -> str:
    """The name of a state by its code; the code itself where the atlas does not hold it."""
    if code is None:
        return "a state not named"
    book = atlas.atlas()
    return book.state(code).facts.name if book.knows(code) else code


@cache
def provision(id: str) -> str:
    """What an atlas entry is about, in our own words; empty where it is not on file."""
    try:
        found = atlas.atlas().provision(id)
    except Refused:
        return ""
    return f"{found.law.name}, {found.article}: {found.offence}"


def seat(words: str) -> str:
    """`SRB, central-authority, request` as a sentence part."""
    code, _, rest = words.partition(", ")
    role, _, arrival = rest.partition(", ")
    name = state(code) if len(code) == 3 and code.isupper() else code
    parts = [
        name,
        plain(role),
        {"request": "asked", "domestic-order": "ordered"}.get(arrival, plain(arrival)),
    ]
    return ", ".join(part for part in parts if part)


def field(path: str) -> str:
    """A field of the request as a reader calls it."""
    if path.startswith("offences[") and path.endswith("].label"):
        return "name of the offence"
    if path.startswith("item: "):
        return "description of the data"
    if path.startswith("handle: "):
        return "description of the account"
    if path.startswith("role: "):
        return "role of the person"
    if path.startswith("assurances["):
        return "undertaking"
    return _FIELDS.get(path, path)

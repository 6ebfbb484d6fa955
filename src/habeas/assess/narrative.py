"""What the words of a request show: signals with their places, and the harm that is described.

Reads the statement of facts (every version of it), the offence labels and the stated emergency. It
answers with signals (a sentence in which certain concepts stand together) and with the kinds of real
harm that are described and how concretely. It decides nothing: what a sum of signals means is house
policy, and a label alone never counts as harm.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from operator import attrgetter

import msgspec

from habeas.assess.finding import FactSource
from habeas.assess.lexicon import Hit, concepts, find, spheres
from habeas.assess.logic import Condition, condition
from habeas.assess.numbers import amounts
from habeas.assess.phrasebook import PhraseHit, phrasebook
from habeas.assess.text import Text, fold, read
from habeas.assess.wording import SILENT, Wording, resemblance
from habeas.errors import Refused


class Kind(StrEnum):
    PROTECTED = "protected"
    PRETEXT = "pretext"
    SENDER = "sender"
    BREADTH = "breadth"
    LIMIT = "limit"
    PENALTY = "penalty"


_PROTECTED = Kind.PROTECTED  # by itself, as in `logic`


@dataclass(frozen=True)
class SignalRule:
    """One entry of signals.toml."""

    id: str
    kind: Kind
    says: str
    weight: int
    categories: tuple[str, ...]
    when: Condition
    unless: Condition | None

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The concepts that can make it fire, in their order."""
        return self.when.facts()


class Signal(msgspec.Struct, frozen=True, gc=False):
    """One signal found; `quotes` are the words that made it, at most one per concept, where it first stands.

    sentences: every sentence in which it stands, as (field, index).
    """

    id: str
    kind: Kind
    says: str
    weight: int
    categories: tuple[str, ...]
    quotes: tuple[FactSource, ...]
    sentences: tuple[tuple[str, int], ...]


class Harm(msgspec.Struct, frozen=True, gc=False):
    """One sentence of the facts that tells of real harm.

    families: the kinds of crime it names. particulars: what makes them concrete (victim, loss ...).
    """

    families: tuple[str, ...]
    particulars: tuple[str, ...]
    quotes: tuple[FactSource, ...]


class Spoken(msgspec.Struct, frozen=True, gc=False):
    """A concept of the facts that speaks of protected conduct by itself, and where it first stands.

    told: it stands in a sentence that tells and does not ask.
    """

    concept: str
    quote: FactSource
    told: bool


class Narrative(msgspec.Struct, frozen=True, gc=False):
    signals: tuple[Signal, ...]
    harms: tuple[Harm, ...]
    concepts: frozenset[str]
    charged: frozenset[str] = frozenset()  # kinds of harm that the offence labels name: labels, not facts
    asking: frozenset[tuple[str, int]] = frozenset()  # the sentences that ask for data, as (field, index)
    spoken: tuple[Spoken, ...] = ()
    wording: Wording = SILENT  # what the words of the facts resemble
    unread: str = ""  # why a part of the facts cannot have been read as it is written

    def of(self, kind: Kind) -> tuple[Signal, ...]:
        return tuple([signal for signal in self.signals if signal.kind is kind])


# Names of offences and kinds of data, not what happened: authorities use the same few again and again.
ITEM = "item: "  # the path of what is asked for, before its own words
HANDLE = "handle: "  # of whom it is asked about, where more than one word says so
_RECURRING = ("offences[", ITEM, HANDLE, "role: ")
_LABELS = 4096  # of them kept as read
_CLEAR = 8  # signs of protected conduct beyond which no figure makes a crime that is not named

# Kinds of harm that are crimes everywhere; the words for them are concepts of the same name.
HARM_FAMILIES = (
    "homicide", "kidnapping", "sexual_violence", "child_abuse", "trafficking", "attack", "weapons",
    "war_crime", "arson", "violence", "intrusion", "extortion", "intimate_images", "fraud", "theft", "drugs",
    "stalking", "hoax", "hatred",
)  # fmt: skip
PARTICULARS = (
    "victim",
    "loss",
    "account_part",
    "forensic",
    "arrested_with",
    "not_sought",
    "life_danger",
    "account_noun",
)


def _bits() -> dict[str, int]:
    return {name: 1 << place for place, name in enumerate(concepts())}


def _source(rule: Condition, bits: Mapping[str, int]) -> str:
    if rule.op == "fact":
        if rule.name not in bits:
            raise Refused(
                f"the concept {rule.name!r} is unknown",
                place=f"signals.toml: {rule}",
                hint="use a name of concepts.toml",
            )
        return f"m&{bits[rule.name]}"
    if rule.op == "not":
        return f"(not {_source(rule.parts[0], bits)})"
    if all(part.op == "fact" for part in rule.parts):
        mask = sum(bits.get(part.name, 0) or _unknown(part.name, rule) for part in rule.parts)
        return f"m&{mask}" if rule.op == "or" else f"(m&{mask}=={mask})"
    return "(" + f" {rule.op} ".join(f"({_source(part, bits)})" for part in rule.parts) + ")"


def _unknown(name: str, rule: Condition) -> int:
    raise Refused(
        f"the concept {name!r} is unknown", place=f"signals.toml: {rule}", hint="use a name of concepts.toml"
    )


@cache
def signal_rules() -> tuple[SignalRule, ...]:
    """The packaged signals; a wrong one is refused with its id."""
    raw = tomllib.loads((files("habeas.assess") / "language" / "signals.toml").read_text("utf-8"))
    rules = []
    for entry in raw["signal"]:
        place = f"signals.toml: {entry['id']}"
        rules.append(
            SignalRule(
                id=entry["id"],
                kind=Kind(entry["kind"]),
                says=entry["says"],
                weight=entry["weight"],
                categories=tuple(entry.get("categories", ())),
                when=condition(entry["when"], place=place),
                unless=condition(entry["unless"], place=place) if "unless" in entry else None,
            )
        )
    if len({rule.id for rule in rules}) != len(rules):
        raise Refused("two signals have the same id", place="signals.toml", hint="rename one")
    return tuple(rules)


_TRIED_AT_ONCE = 8  # rules passed over together where no concept stands that one of them cannot do without


@cache
def firing() -> Callable[[int], list[int]]:
    """Compiled: the concepts of one sentence as bits -> the numbers of the rules that fire."""
    bits = _bits()
    lines = ["def fire(m):", " fired = []"]
    rules = list(enumerate(signal_rules()))
    for start in range(0, len(rules), _TRIED_AT_ONCE):
        together = rules[start : start + _TRIED_AT_ONCE]
        tests = [(number, _test(rule, bits)) for number, rule in together]
        lines.append(f" if {_any_of(_indispensable(rule.when) for _number, rule in together)}:")
        lines += [f"  if {test}: fired.append({number})" for number, test in tests]
    lines.append(" return fired")
    scope: dict[str, Callable[[int], list[int]]] = {}
    exec(compile("\n".join(lines), "<signals>", "exec"), scope)  # noqa: S102 built from parsed conditions only
    return scope["fire"]


def _test(rule: SignalRule, bits: Mapping[str, int]) -> str:
    test = _source(rule.when, bits)
    return test if rule.unless is None else f"({test}) and not ({_source(rule.unless, bits)})"


def _indispensable(rule: Condition) -> frozenset[str] | None:
    """Concepts of which one must stand for the condition to hold, as few as can be; None: it needs none."""
    if rule.op == "fact":
        return frozenset({rule.name})
    if rule.op not in ("and", "or"):
        return None
    parts = [_indispensable(part) for part in rule.parts]
    known = [part for part in parts if part is not None]
    if rule.op == "and":
        return min(known, key=len, default=None)
    return frozenset().union(*known) if len(known) == len(parts) else None


def _any_of(groups: Iterable[frozenset[str] | None]) -> str:
    bits = _bits()
    mask = 0
    for group in groups:
        if group is None:
            return "True"
        for name in group:
            mask |= bits[name]
    return f"m&{mask}"


# A stem was found: the whole word is shown. Scripts without spaces (Thai and beyond) have no more to add.
_REST_OF_WORD = re.compile("[^\\W\u0e00-\uffff]+")


class Reading:
    """One field's text with its concepts, phrases and signals by sentence.

    hits: the concepts found in it. phrases: those found in it, one language after another. fired: each
    sentence in which signals fire, with the numbers of their rules. asking: the sentences that ask for
    data, as (field, index).
    """

    __slots__ = ("asking", "concepts", "field", "fired", "hits", "masks", "phrases", "places", "text")

    def __init__(self, field: str, text: Text, hits: Sequence[Hit], phrases: Iterable[PhraseHit]) -> None:
        bits = _BITS()
        meanings = phrase_meanings()
        self.field = field
        self.text = text
        self.hits = hits
        self.masks = masks = [0] * len(text.sentences)
        self.places: dict[tuple[int, str], tuple[int, int, bool]] = {}  # the last: a place in the original
        self.phrases: list[PhraseHit] = []
        places = self.places
        for hit in hits:
            masks[hit.sentence] |= bits[hit.concept]
            places.setdefault((hit.sentence, hit.concept), (hit.start, hit.end, False))
        for phrase in phrases:
            named = meanings.concept.get(phrase.category)
            if named is not None:
                masks[phrase.sentence] |= bits[named]
                places.setdefault((phrase.sentence, named), (phrase.start, phrase.end, True))
            elif phrase.category in meanings.protected:
                self.phrases.append(phrase)
        self._leave_out()
        concepts = {concept for _sentence, concept in places}
        if field.startswith(ITEM):  # what is asked for: in no language need its words say so
            concepts.add("ask")
            for sentence, mask in enumerate(masks):
                masks[sentence] = mask | bits["ask"] if mask else 0
        self.concepts = frozenset(concepts)
        asks = bits["ask"] if "ask" in self.concepts else 0
        self.asking = [(field, sentence) for sentence, mask in enumerate(masks) if mask & asks]
        fire = firing()
        self.fired = [
            (sentence, fired) for sentence, mask in enumerate(masks) if mask and (fired := fire(mask))
        ]

    def _leave_out(self) -> None:
        """What a sentence expressly does not ask for is no part of the charge and of what is wanted.

        A sentence that says so in known words leaves out wherever it stands. One that only denies does right
        after the last thing asked for, because that is where a request says what it does not want; not if it
        speaks of the person pursued, or of secrecy.
        """
        asks, left_out, denies, others = _leaving_out()
        masks = self.masks
        out = [
            sentence
            for sentence, mask in enumerate(masks)
            if mask & left_out and self._only_leaves_out(sentence, "not_sought")
        ]
        asked = len(masks) - 1
        while asked >= 0 and not (masks[asked] & asks and asked not in out and not self._denied(asked)):
            asked -= 1
        for sentence in range(asked + 1, min(asked + 1 + _SOON, len(masks))) if asked >= 0 else ():
            mask = masks[sentence]
            if mask & denies and not mask & others and self._only_leaves_out(sentence, "negation"):
                out.append(sentence)
        for sentence in out:
            masks[sentence] &= ~_pursued_or_wanted()
        if out:
            self.phrases = [phrase for phrase in self.phrases if phrase.sentence not in out]

    def _denied(self, sentence: int) -> bool:
        """Is what this sentence asks for denied in it?"""
        return (sentence, "negation") in self.places and self._only_leaves_out(sentence, "negation")

    def denied(self, sentence: int, mask: int) -> int:
        """The harm that this sentence names only to deny it ("no victim", "nobody was killed"), as bits."""
        bits = _BITS()
        if not mask & bits["negation"]:
            return 0
        denied = said = 0
        no = -_CLOSE  # where the last no ended, or what it denied
        for hit in sorted([each for each in self.hits if each.sentence == sentence], key=_PLACE):
            if hit.concept == "negation":
                no = hit.end
            elif hit.concept in _DENIABLE:
                near = no >= 0 and hit.start < no + _CLOSE
                if near and (hit.start < no or not _PARTS.search(self.text.quote(no, hit.start))):
                    denied |= bits[hit.concept]
                    no = hit.end
                else:
                    said |= bits[hit.concept]
        return denied & ~said

    def _only_leaves_out(self, sentence: int, words: str) -> bool:
        """Does the sentence ask for nothing but what these words of it leave out?"""
        asked = self.places.get((sentence, "ask"))
        if asked is None:
            return True
        start, end, _original = self.places[sentence, words]
        return start - _NEAR <= asked[0] <= end + _NEAR

    def span(self, sentence: int, concept: str) -> FactSource | None:
        place = self.places.get((sentence, concept))
        if place is None:
            return None
        start, end, original = place
        first, last = (start, end) if original else self.text.span(start, end)
        following = self.text.original[last : last + 1]
        if following.isalnum() or following == "_":
            rest = _REST_OF_WORD.match(self.text.original, last)
            last = rest.end() if rest else last
        return self.quote(first, last)

    def quote(self, start: int, end: int) -> FactSource:
        words = self.text.original[start:end]
        return FactSource(kind="narrative", ref=self.field, words=words, span=(start, end))


@cache
def _leaving_out() -> tuple[int, int, int, int]:
    """What `Reading._leave_out` looks for, as bits; the last: what no sentence that only denies may hold."""
    asks, left_out, denies, secret, person = (
        _BITS()[name] for name in ("ask", "not_sought", "negation", "secrecy", "pursued")
    )
    return asks, left_out, denies, secret | person


_PLACE = attrgetter("start")
_CLOSE = 16  # letters between a no and what it denies
_PARTS = re.compile("[,;:]|\\bonly\\b|\\bbut\\b")  # what parts them, or turns the no around
_DENIABLE = frozenset({*HARM_FAMILIES, "victim", "loss"})
_SOON = 3  # sentences after the last thing asked for in which a no leaves something out
_NEAR = 24  # letters between the words that leave something out and a verb of asking that belongs to them


@cache
def _pursued_or_wanted() -> int:
    """The concepts that speak of protected conduct or of reaching beyond the case, and of nothing else."""
    kinds = (Kind.PROTECTED, Kind.BREADTH)
    named = {name for rule in signal_rules() if rule.kind in kinds for name in rule.named}
    others = {"ask", "not_sought", "pursued", *HARM_FAMILIES, *PARTICULARS}
    return sum(_BITS()[name] for name in named - others)


class PhraseMeanings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """language/phrase_meanings.toml: what a phrase stands for."""

    concept: dict[str, str]
    protected: dict[str, tuple[str, ...]]
    topic: dict[str, tuple[str, ...]]
    unless: dict[str, tuple[str, ...]]


@cache
def phrase_meanings() -> PhraseMeanings:
    raw = tomllib.loads((files("habeas.assess") / "language" / "phrase_meanings.toml").read_text("utf-8"))
    return msgspec.convert(raw, PhraseMeanings)


@cache
def _BITS() -> dict[str, int]:  # noqa: N802 a constant, made at first use
    return _bits()


def read_narrative(fields: Mapping[str, str], language: str | None = None) -> Narrative:
    """`fields`: field path -> words. Fields whose path begins with `facts` are the statement of facts."""
    return read_narratives([(fields, language)])[0]


def read_narratives(matters: Sequence[tuple[Mapping[str, str], str | None]]) -> list[Narrative]:
    """The fields of each of these, with their language, as `read_narrative` reads one.

    Each list goes over all the texts before the next does: the lists are large, and whatever else is done
    between two texts drives them out of the processor's own memory.
    """
    fields = [
        [(field, words, language) for field, words in texts.items() if words] for texts, language in matters
    ]
    fresh = iter(
        _readings([each for texts in fields for each in texts if not each[0].startswith(_RECURRING)])
    )
    readings = []
    for texts in fields:
        told = [None if each[0].startswith(_RECURRING) else next(fresh) for each in texts]
        readings.append(
            [
                reading or _recurring(field, words, language or _spoken_in(told))
                for reading, (field, words, language) in zip(told, texts, strict=True)
            ]
        )
    facts = [[reading for reading in each if reading.field.startswith("facts")] for each in readings]
    wordings = [
        resemblance([(reading.field, reading.text) for reading in each]) if _tells(each) else SILENT
        for each in facts
    ]
    return list(map(_narrative, readings, facts, wordings))


def _tells(facts: Iterable[Reading]) -> bool:
    """Is there a statement of facts, and not only a word on link, need or purpose?"""
    return any(reading.field == "facts" or reading.field.startswith("facts of") for reading in facts)


def _spoken_in(told: Iterable[Reading | None]) -> str | None:
    """The language of the first text that is long enough to tell; for a few words in another field."""
    return next((reading.text.languages[0] for reading in told if reading is not None), None)


def _readings(fields: Sequence[tuple[str, str, str | None]]) -> list[Reading]:
    """fields: (path, words, language)."""
    texts = [
        _in_english_too(read(words, language)) if field.startswith(ITEM) else read(words, language)
        for field, words, language in fields
    ]
    hits = [find(text) for text in texts]
    phrases = [
        [phrase for language in text.languages for phrase in phrasebook(language).find(text)]
        for text in texts
    ]
    paths = [field for field, _words, _language in fields]
    return list(map(Reading, paths, texts, hits, phrases))


def _in_english_too(text: Text) -> Text:
    """Forms name kinds of data in English, whatever the language of the facts."""
    return msgspec.structs.replace(text, languages=tuple(dict.fromkeys((*text.languages, "en"))))


@lru_cache(maxsize=_LABELS)
def _recurring(field: str, words: str, language: str | None) -> Reading:
    return _readings([(field, words, language)])[0]


def _narrative(readings: list[Reading], facts: list[Reading], wording: Wording) -> Narrative:
    """facts: those of the readings that are the statement of facts. wording: what these resemble."""
    charged = _NOTHING.union(
        *[reading.concepts & _HARM for reading in readings if reading.field.startswith("offences")]
    )
    unread = next(filter(None, map(_unreadable, facts)), "")
    if facts and not any(reading.concepts - _PERSON or reading.phrases for reading in facts):
        unread = "no word of the facts is in any word list"
    signals = (*_signals(readings), *_phrase_signals(readings))
    signs = sum([signal.weight for signal in signals if signal.kind is _PROTECTED])
    return Narrative(
        signals=signals,
        harms=_harms(facts, figures=signs < _CLEAR),
        concepts=_NOTHING.union(*[reading.concepts for reading in readings]),
        charged=charged,
        asking=frozenset([sentence for reading in readings for sentence in reading.asking]),
        spoken=_spoken(facts),
        wording=wording,
        unread=unread,
    )


def _signals(readings: list[Reading]) -> list[Signal]:
    """What the concepts of single sentences mean, each signal once."""
    found: dict[int, tuple[tuple[FactSource, ...], list[tuple[str, int]]]] = {}
    rules = signal_rules()
    for reading in readings:
        for sentence, numbers in reading.fired:
            for number in numbers:
                if number not in found:
                    spans = [reading.span(sentence, name) for name in rules[number].named]
                    found[number] = (tuple([quote for quote in spans if quote is not None]), [])
                found[number][1].append((reading.field, sentence))
    signals = []
    for number, (quotes, sentences) in found.items():
        rule = rules[number]
        signals.append(
            Signal(rule.id, rule.kind, rule.says, rule.weight, rule.categories, quotes, tuple(sentences))
        )
    return signals


_FIGURE = re.compile(r"\d+")
_NOTHING: frozenset[str] = frozenset()
_PERSON = frozenset({"pursued", "negation"})  # who heard of an accused, or a no, has not yet heard of what
_HARM = frozenset(HARM_FAMILIES)

# Letters of two scripts in one word, single letters with blanks between them, a joiner inside a Latin word:
# people read on, a word list does not.
_LOOK_ALIKES = re.compile("[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
# Six of them, from the first blank on: a blank is found quickly, a letter is not.
_SPACED_OUT = re.compile(" (?<=\\b[A-Za-z\u0400-\u04ff] )(?:[A-Za-z\u0400-\u04ff] ){5}")
_PARTED = re.compile("[A-Za-z\u0400-\u04ff]\u200c[A-Za-z\u0400-\u04ff]")
# Greek, Armenian, Hebrew, those of India, Lao, Tibetan, Burmese, Georgian, Ethiopic, Khmer, Kana, Hangul.
_OTHER_SCRIPTS = re.compile(
    "[\u0370-\u03ff\u0530-\u05ff\u0900-\u0dff\u0e80-\u10ff\u1200-\u137f\u1780-\u17ff\u3040-\u30ff\uac00-\ud7af]"
)
_FEW_WORDS = 2  # of two scripts: a slip of the keyboard, not a disguise
_FEW_LETTERS = 12  # a name, not a sentence


def _unreadable(reading: Reading) -> str:
    """Why a part of this text cannot have been read as a person would read it; empty where nothing shows."""
    words = reading.text.original
    if _SPACED_OUT.search(words):
        return "letters stand apart"
    if words.isascii():
        return ""
    if len(_LOOK_ALIKES.findall(words)) > _FEW_WORDS:
        return "words mix letters of two scripts"
    if _PARTED.search(words):
        return "hidden characters part the words"
    if _OTHER_SCRIPTS.search(words):
        heard = {phrase.sentence for phrase in reading.phrases}
        for sentence, mask in enumerate(reading.masks):
            start, end = reading.text.sentence_span(sentence)
            if (
                not mask
                and sentence not in heard
                and len(_OTHER_SCRIPTS.findall(words, start, end)) > _FEW_LETTERS
            ):
                return "a sentence is in a script that no word list reads"
    return ""


def _phrase_signals(readings: list[Reading]) -> Iterator[Signal]:
    meanings = phrase_meanings()
    cancels = _cancelling()
    seen: set[str] = set()
    for reading in readings:
        for hit in reading.phrases:
            if hit.id in seen or reading.masks[hit.sentence] & cancels:
                continue
            seen.add(hit.id)
            yield Signal(
                id=f"phrase:{hit.id}",
                kind=_PROTECTED,
                says=hit.gloss,
                weight=hit.strength,
                categories=meanings.topic.get(hit.topic, meanings.protected[hit.category]),
                quotes=(reading.quote(hit.start, hit.end),),
                sentences=((reading.field, hit.sentence),),
            )


@cache
def _cancelling() -> int:
    """The concepts that take back what a phrase of the same sentence says, as bits."""
    return sum(_BITS()[concept] for concept in phrase_meanings().unless["concepts"])


# What a sender says to the provider about himself and his threats is no part of the story.
_TO_THE_PROVIDER = ("threat_provider", "do_not_verify", "odd_sender", "spoof")


def _spoken(facts: list[Reading]) -> tuple[Spoken, ...]:
    wanted = _sphere()
    bits = _BITS()
    ask = bits["ask"]
    aside = _aside()
    found: dict[str, Spoken] = {}
    for reading in facts:
        if reading.concepts.isdisjoint(wanted):
            continue
        for sentence, concept in reading.places:
            if concept not in wanted or (concept in found and found[concept].told):
                continue
            if reading.masks[sentence] & aside or not reading.masks[sentence] & bits[concept]:
                continue
            told = not reading.masks[sentence] & ask
            if concept not in found or told:
                quote = reading.span(sentence, concept)
                if quote is not None:
                    found[concept] = Spoken(concept, quote, told)
    return tuple(found.values())


@cache
def _sphere() -> frozenset[str]:
    """The concepts that can speak of protected conduct by themselves."""
    always, unless_harmed = spheres()
    return always | unless_harmed


@cache
def _aside() -> int:
    return sum(_BITS()[name] for name in _TO_THE_PROVIDER)


def _harms(facts: list[Reading], *, figures: bool) -> tuple[Harm, ...]:
    """A sentence said again in the same words tells nothing more; what is only asked for is not told, nor is
    what is said to stand in an annex.

    figures: read them even where no crime is named.
    """
    harms = []
    ask = _BITS()["ask"]
    telling = _telling()
    named = _named()
    elsewhere = _BITS()["elsewhere"]
    said: set[str] = set()
    named_before: set[str] = set()
    for reading in facts:
        counted = _counted(reading) if figures or any(mask & named for mask in reading.masks) else {}
        for sentence, mask in enumerate(reading.masks):
            if not mask & telling and sentence not in counted:
                continue
            first, last = reading.text.sentences[sentence]
            words = reading.text.folded[first:last].strip()
            if words in said:
                continue
            said.add(words)
            untold = reading.denied(sentence, mask)
            if mask & elsewhere and sentence not in counted:
                untold |= telling  # what happened is said to stand somewhere else
            if untold:
                mask &= ~untold
                if not mask & telling and sentence not in counted:
                    continue
            families = tuple([name for name, bit in _families() if mask & bit]) if mask & named else ()
            particulars = {name: reading.span(sentence, name) for name, bit in _particulars() if mask & bit}
            asks = mask & ask
            if asks:
                particulars.pop("account_noun", None)  # only asked for, not told
            if families or not asks:
                for name, span in counted.get(sentence, {}).items():
                    particulars.setdefault(name, span)
            if families:
                names = {fold(quote.words) for name in families if (quote := reading.span(sentence, name))}
                if particulars.keys() <= _BARE and names and names <= named_before:
                    continue  # a label said again, with nothing beside it
                named_before |= names
            if families or particulars:
                quotes = [reading.span(sentence, name) for name in families] + list(particulars.values())
                told = tuple([quote for quote in quotes if quote is not None])
                harms.append(Harm(families, tuple(particulars), told))
    return tuple(harms)


_BARE = frozenset({"account_noun"})  # every request speaks of an account


@cache
def _families() -> tuple[tuple[str, int], ...]:
    return tuple((name, _BITS()[name]) for name in HARM_FAMILIES)


@cache
def _particulars() -> tuple[tuple[str, int], ...]:
    return tuple((name, _BITS()[name]) for name in PARTICULARS)


@cache
def _telling() -> int:
    """The concepts that can make a sentence one of harm, as bits."""
    return sum(_BITS()[name] for name in (*HARM_FAMILIES, *PARTICULARS))


@cache
def _named() -> int:
    """The kinds of harm, as bits."""
    return sum(_BITS()[name] for name in HARM_FAMILIES)


# Figures that make a crime concrete: sums of money are a loss, counted people victims, quantities a find.
_FIGURES = {"money": "loss", "persons": "victim", "substance": "arrested_with", "weapons": "arrested_with"}


def _counted(reading: Reading) -> dict[int, dict[str, FactSource]]:
    """Figures by sentence: particular -> where it stands."""
    found: dict[int, dict[str, FactSource]] = {}
    sentences = reading.text.sentences
    sentence = 0
    for amount in amounts(reading.text):
        while amount.start >= sentences[sentence][1] and sentence + 1 < len(sentences):
            sentence += 1
        place = reading.text.span(amount.start, amount.end)
        found.setdefault(sentence, {}).setdefault(_FIGURES[amount.kind], reading.quote(*place))
    return found

"""How authorities word their requests: phrases in 27 languages, found sentence by sentence.

Decided here: which phrases of the packaged book stand in a text, and where. Left to others: what a phrase
means for the request. A hit is a signal with a quotation, never a verdict: `harm:` words alone prove
nothing, `safeguard-present` says only that the text claims an order, urgency and secrecy are frequent in
honest requests. No native speaker has reviewed the book.

A phrase is a regular expression over one sentence, normalised as `normalised` says, and is taken back when
its `unless_regex` matches in the same sentence. Only phrases whose words were seen are tried
(`habeas.assess.anchors`); the answer is the same as if all were.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Literal

import ahocorasick_rs
import msgspec

from habeas.assess.anchors import Needs, Way, needed, piece
from habeas.assess.text import Text
from habeas.errors import Refused

LONGEST_WORD = 200  # characters; no word is longer, and what is would only keep the expressions busy
STRENGTHS = {"weak": 1, "medium": 2, "strong": 3}
_FOLDER = files("habeas.assess") / "language"
_ALONE = """
    am ar az be bn de en es fa fr hi hu id it km ms my pl pt ru sw th tr uk ur vi
"""  # languages with one file
_FILES = {
    **{language: (language,) for language in _ALONE.split()},
    "zh": ("zh_hans", "zh_hant"),  # the terms of the mainland, Hong Kong and Taiwan differ: both are read
}
_UNSPACED = frozenset({"km", "my", "th", "zh"})  # here a run of letters is a clause, not a word
_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u0640\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = re.compile(f"[{_INVISIBLE}]")
_BLANKS = re.compile(r"\s+")
_TOO_LONG = re.compile(rf"(\S{{{LONGEST_WORD}}})\S+")


class Phrase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of a phrase file. `regex` and `unless_regex` are written with the pieces of the file."""

    id: str
    category: str
    type: Literal["regex", "stems", "phrase"]
    strength: Literal["weak", "medium", "strong"]
    phrase: str
    gloss: str
    pattern: str
    regex: str
    false_friends: str
    example: str
    counter_example: str
    reviewed: bool
    topic: str = ""
    unless_regex: str = ""


class _PhraseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    language: str
    pieces: dict[str, str]
    phrase: tuple[Phrase, ...]


class PhraseHit(msgspec.Struct, frozen=True, kw_only=True):
    """A phrase found in a text.

    start, end: half-open place in the original text, the requester's own characters.
    sentence: index into `Text.sentences`. strength: 1 weak, 2 medium, 3 strong.
    """

    id: str
    category: str
    topic: str
    type: str
    strength: int
    gloss: str
    start: int
    end: int
    sentence: int


class Matcher:
    """One phrase ready to be tried: compiled when first needed, and then kept.

    ways: what a sentence must hold for it, in one way or another (see `habeas.assess.anchors.needed`).
    """

    def __init__(self, phrase: Phrase, pieces: dict[int, str], ways: tuple[Way, ...]) -> None:
        self.phrase = phrase
        self.ways = ways
        self._pieces = pieces

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.phrase.regex.translate(self._pieces))

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        expression = self.phrase.unless_regex
        return re.compile(expression.translate(self._pieces)) if expression else None

    def place(self, sentence: str) -> tuple[int, int] | None:
        """Where the phrase first stands in a normalised sentence, unless something there takes it back."""
        found = self.regex.search(sentence)
        if found is None or (self.unless is not None and self.unless.search(sentence)):
            return None
        return found.span()


class Phrasebook:
    """The phrases of one language. Made by `phrasebook`; `matchers` are in the order of the files."""

    def __init__(self, language: str, matchers: tuple[Matcher, ...]) -> None:
        self.language = language
        self.matchers = matchers
        self._spaced = language not in _UNSPACED
        self._always = tuple(index for index, matcher in enumerate(matchers) if not matcher.ways)
        ways = [(index, way) for index, matcher in enumerate(matchers) for way in matcher.ways]
        strings = [string for _index, way in ways for group in way for string in sorted(group)]
        bits = {string: 1 << place for place, string in enumerate(dict.fromkeys(strings))}
        # A way is thought of when the heaviest of its groups was seen, and taken when the others were too.
        self._ways = [
            (index, [sum(bits[each] for each in group) for group in way[1:]]) for index, way in ways
        ]
        thought_of: dict[str, list[int]] = {}
        for number, (_index, way) in enumerate(ways):
            for string in way[0]:
                thought_of.setdefault(string, []).append(number)
        self._seen = [(bit, tuple(thought_of.get(string, ()))) for string, bit in bits.items()]
        quickest = ahocorasick_rs.Implementation.DFA  # the strings are few enough for it
        self._search = ahocorasick_rs.AhoCorasick(bits, store_patterns=False, implementation=quickest)

    def find(self, text: Text) -> list[PhraseHit]:
        """The phrases of this language in `text`, each at most once per sentence, by place."""
        candidates = self._candidates(text).items()
        hits = [
            hit for sentence, indices in candidates for hit in self._hits(text, sentence, sorted(indices))
        ]
        return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.id))

    def _candidates(self, text: Text) -> dict[int, set[int]]:
        """Per sentence, the phrases of which every group of one way was seen there."""
        sentences = text.sentences
        found: dict[int, set[int]] = {}
        if self._always:
            found = {sentence: set(self._always) for sentence in range(len(sentences))}
        sentence, bound, seen = 0, sentences[0][1], 0
        thought: set[int] = set()
        for string, _start, end in self._search.find_matches_as_indexes(text.folded, overlapping=True):
            bit, ways = self._seen[string]
            if end > bound:
                if thought:
                    self._keep_complete(found, sentence, thought, seen)
                    thought = set()
                seen = 0
                while end > bound:
                    sentence += 1
                    bound = sentences[sentence][1]
            seen |= bit
            if ways:
                thought.update(ways)
        self._keep_complete(found, sentence, thought, seen)
        return found

    def _keep_complete(self, found: dict[int, set[int]], sentence: int, thought: set[int], seen: int) -> None:
        for number in thought:
            index, others = self._ways[number]
            for mask in others:
                if not seen & mask:
                    break
            else:
                found.setdefault(sentence, set()).add(index)

    def _hits(self, text: Text, sentence: int, indices: list[int]) -> Iterator[PhraseHit]:
        first, last = text.sentence_span(sentence)
        original = text.original[first:last]
        normal = normalised(original, spaced=self._spaced)
        places: Sequence[tuple[int, int]] | None = None
        for index in indices:
            matcher = self.matchers[index]
            found = matcher.place(normal)
            if found is None:
                continue
            if places is None:
                places = places_of(normal, original, spaced=self._spaced)
            phrase = matcher.phrase
            yield PhraseHit(
                id=phrase.id,
                category=phrase.category,
                topic=phrase.topic,
                type=phrase.type,
                strength=STRENGTHS[phrase.strength],
                gloss=phrase.gloss,
                start=first + places[found[0]][0],
                end=first + places[found[1] - 1][1],
                sentence=sentence,
            )


def normalised(sentence: str, *, spaced: bool = True) -> str:
    """One sentence as the phrases want it.

    NFKC, case folding, NFKC; white space (a line break too) is one blank; invisible marks and the Arabic
    stretching line are gone; words are cut at `LONGEST_WORD` where the script parts words (`spaced`).
    """
    if sentence.isascii():
        normal = sentence.lower()
    else:
        normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", sentence).casefold())
    if "  " in normal or "\u0640" in normal or not normal.isprintable():  # what is unseen is not printable
        normal = _BLANKS.sub(" ", _UNSEEN.sub("", normal))
    if spaced and len(normal) > LONGEST_WORD and max(map(len, normal.split(" "))) > LONGEST_WORD:
        normal = _TOO_LONG.sub(r"\1", normal)
    return normal


def places_of(normal: str, sentence: str, *, spaced: bool = True) -> Sequence[tuple[int, int]]:
    """For each character of `normal = normalised(sentence)`, the half-open place it came from.

    Where a mark joins with something other than the letter it is written on (Korean letters typed apart),
    the place of every character is the whole sentence.
    """
    if len(normal) == len(sentence) and _one_for_one(sentence):
        return list(zip(range(len(sentence)), range(1, len(sentence) + 1), strict=True))
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    run = 0  # letters since the last blank
    starts = [
        place for place, char in enumerate(sentence) if not place or unicodedata.category(char)[0] != "M"
    ]
    for start, end in zip(starts, [*starts[1:], len(sentence)], strict=True):
        for letter in _letters_of(sentence[start:end]):
            if letter != " ":
                run += 1
                if spaced and run > LONGEST_WORD:
                    continue
            elif letters and not run:
                continue
            else:
                run = 0
            letters.append(letter)
            places.append((start, end))
    return places if "".join(letters) == normal else [(0, len(sentence))] * len(normal)


def _one_for_one(sentence: str) -> bool:
    """Does normalising leave every character of a sentence in its place?"""
    if sentence.isascii():
        return True
    folded = sentence.casefold()
    return (
        len(folded) == len(sentence)
        and unicodedata.is_normalized("NFKC", sentence)
        and unicodedata.is_normalized("NFKC", folded)
    )


@lru_cache(maxsize=4096)  # letters with their marks; a text uses a few hundred different ones
def _letters_of(cluster: str) -> str:
    return normalised(cluster)


@lru_cache(maxsize=256)  # as many as there are languages in requests; a writer may name any
def phrasebook(language: str) -> Phrasebook:
    """The phrase book of an ISO 639-1 language (a region may follow); an empty one where there is none.

    Raises Refused where a packaged phrase file is wrong.
    """
    base = language.split("-")[0].casefold()
    return _packaged(base) if base in _FILES else Phrasebook(base, ())


@cache
def _packaged(language: str) -> Phrasebook:
    places = [f"phrases_{name}.toml" for name in _FILES[language]]
    matchers = [
        matcher for place in places for matcher in read_phrases((_FOLDER / place).read_text("utf-8"), place)
    ]
    return Phrasebook(language, tuple(matchers))


def read_phrases(source: str, place: str) -> list[Matcher]:
    """The phrases of one TOML file. Raises Refused with `place`, the name of the file, and the key."""
    try:
        book = msgspec.convert(tomllib.loads(source), type=_PhraseFile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise Refused("this phrase file cannot be read", place=place, hint=str(wrong)) from wrong
    expansions = {ord(mark): expression for mark, expression in book.pieces.items() if len(mark) == 1}
    pieces: dict[str, Needs] = {}
    matchers: dict[str, Matcher] = {}
    at = place
    try:
        for mark, expression in book.pieces.items():
            at = f"{place}: pieces.{mark}"
            if len(mark) != 1:
                raise Refused("the name of a piece is one character")
            pieces[mark] = piece(expression)
        for phrase in book.phrase:
            at = f"{place}: {phrase.id}"
            if phrase.id in matchers:
                raise Refused("two phrases have the same id", hint="give one of them another")
            matchers[phrase.id] = Matcher(phrase, expansions, needed(phrase.regex, pieces))
    except Refused as wrong:
        raise wrong.at(at) from wrong
    return list(matchers.values())

"""Sums of money, counts of people and complaints, quantities of drugs and weapons in a statement of facts.

Numbers make a crime concrete: a request that names a loss, victims or kilograms reads differently from one
that names opinions only. Decided here: that a number stands beside such a thing, and roughly which number.
Left to others: whether the statement is true and what follows from it. The words stand in
`language/numbers.toml`; those of the text's own languages are used.

Digits of any script are read, with the separators of any country; "1.234" before nothing is a thousand and
"1.234 million" is not. A vague word counts as the least it can mean ("hundreds" is 200). A bare year (1900 to
2099) counts neither people nor weapons. Nothing here raises, whatever the text.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache, partial, reduce
from importlib.resources import files
from itertools import accumulate, compress, count
from operator import or_
from typing import Any, Literal, NamedTuple

import msgspec

from habeas.assess.kept import PerWord
from habeas.assess.text import Text, fold
from habeas.errors import Refused

Kind = Literal["money", "persons", "substance", "weapons"]


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """A number and what it counts.

    value: None where digits stand there but not how many they mean.
    unit: money: an ISO 4217 code or the name of a coin of several states ("dollar", "peso", "yen or yuan");
    persons and weapons: a coarse noun ("victim", "complaint", "firearm"); substance: kg, g, tablet, dose ...
    start, end: half-open place in the folded text (`Text.quote` gives the requester's own characters).
    """

    kind: Kind
    value: float | None
    unit: str
    start: int
    end: int


class _Word(msgspec.Struct, frozen=True, gc=False):
    """One entry of numbers.toml; `value` for numbers, `unit` for things."""

    text: str  # folded
    role: str
    value: float
    unit: str
    open_end: bool  # any letters may follow
    spelling: str  # how it must be written where folding would lose the difference, else empty


class _Found(msgspec.Struct, frozen=True, gc=False):
    end: int
    word: _Word


class _Standing(NamedTuple):
    """A word that may stand at the beginning of some letters.

    start, end: half-open among these letters. whole: all of it is there; else it goes on beyond a blank.
    """

    start: int
    end: int
    word: _Word
    whole: bool


class _Number(msgspec.Struct, frozen=True, gc=False):
    start: int
    end: int
    value: float | None
    bare_year: bool = False


class _Lexis(NamedTuple):
    """The words of some languages, by what one sees of them first."""

    heads: frozenset[str]  # first words of numbers
    later: tuple[str, ...]  # other words of numbers, and of what links them to things
    whole: dict[str, list[_Word]]  # by the first word
    stems: dict[str, list[_Word]]  # by the stem: any letters may follow
    lengths: tuple[int, ...]  # of the stems
    signs: dict[str, list[_Word]]  # of scripts without spaces, by the first character
    unspaced_numbers: re.Pattern[str] | None
    kinds: PerWord[int]  # between two blanks: what may stand there, as bits
    standing: PerWord[tuple[_Standing, ...]]  # from a place to the next blank: what stands at the beginning


_THINGS: Mapping[str, Kind] = {"persons": "persons", "weapons": "weapons"}
_COUNTED = frozenset({"money", "weight", *_THINGS})
# A thing that numbers count, a number's first word, a digit, a part of a number or what links it to a thing.
_THING, _HEAD, _FIGURE, _PART = 1, 2, 4, 8
_NUMBER = _HEAD | _FIGURE
_SMALL_ONLY = frozenset({"g"})  # "5 g" is a weight, "5G" is not
_TONAL = frozenset({"vi"})  # folding drops the tones, and the tones make the word
_MOST_DIGITS = 18  # more are an account number, no amount
_BEYOND_COUNTING = 1e18  # nobody steals so much: the words were not meant as a number
_LONGEST_GAP = 8  # characters between number and thing in a script without spaces
_ADJECTIVES = 2  # words between number and thing ("two young armed men")
_LINKS = 2  # "hundreds of the ..."
_LONGEST_SIGN = 4
_YEARS = range(1900, 2100)
_LONGEST_CHAIN = 8  # words of one number
_ROUND = 100  # a smaller number word may follow a round one: "two hundred five"
_DIGITS = re.compile(
    r"\d(?:"  # outside the choice: the search skips what is no digit
    r"\d{0,2}(?:[ \u00a0\u202f]\d{3}(?!\d))+(?:[.,٫]\d+)?"
    r"|\d*(?:[.,'’٬٫]\d+)*)"
)
_GROUPS = re.compile(r"[.,'’٬]")
_CHINESE = re.compile("[〇零一二两兩三四五六七八九十百千万萬亿億]+")
_CHINESE_DIGITS = {"零": 0, "两": 2, "兩": 2} | {
    char: value for value, char in enumerate("〇一二三四五六七八九")
}
_CHINESE_SCALES = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}
_LARGE = 1e4  # Chinese scales from here on multiply all that stands before them
_FILE = "numbers.toml"
_NUMBERS = ("number", "article", "many", "scale")
_PARTS = frozenset({*_NUMBERS, "link"})
_WORD = re.compile("[^ \\d\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3400-\u9fff]+")
_LONGEST_CODE = 8  # characters of a currency code and a blank
_ARABIC = range(0x600, 0x700)
_BEFORE_A_CITATION = frozenset("§№#第")  # and no amount
_JOINED = frozenset({"ar", "fa", "ur"})
# Arabic writes these onto the word that follows.
_ONTO_THE_NEXT = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
# These may stand between a number and its thing.
_JOINTS = frozenset(" -‐‑–—'’\u00a0\u202f\u200c\u200e\u200f\t\r\n")


def amounts(text: Text) -> tuple[Amount, ...]:
    """The amounts in `text`, in its order. A number counts once: as money before drugs, weapons or people."""
    lexis = _lexis(text.languages)
    kinds = bytes(map(lexis.kinds.__getitem__, text.words))
    present = reduce(or_, set(kinds))
    if not (present & _NUMBER or lexis.unspaced_numbers is not None or "zh" in text.languages):
        return ()
    signed = any(map(text.original.__contains__, _sign_ends(only_ascii=text.original.isascii())))
    if not (signed or present & _THING):
        return ()
    return tuple(_Reading(text, kinds, signed=signed).amounts())


class _Reading:
    """kinds: what may stand in each word of the text, as in `_Lexis`. signed: a currency's sign may stand in
    it."""

    def __init__(self, text: Text, kinds: bytes, *, signed: bool) -> None:
        self._text = text
        self._folded = text.folded
        self._lexis = _lexis(text.languages)
        self._signed = signed
        # Where the words begin that are things, heads and figures.
        self._things: list[int] = []
        self._heads: list[int] = []
        self._figures: list[int] = []
        begins = accumulate(map(len, text.words), initial=0)
        for kind, begin, blanks in compress(zip(kinds, begins, count(), strict=False), kinds):
            if kind & _THING:
                self._things.append(begin + blanks)
            if kind & _HEAD:
                self._heads.append(begin + blanks)
            if kind & _FIGURE:
                self._figures.append(begin + blanks)
        self._seen: dict[int, list[_Found]] = {}  # place -> words that stand there
        self._following: dict[int, int | None] = {}  # end of a word -> where the next one begins

    # From number to amount.

    def amounts(self) -> Iterator[Amount]:
        done = 0
        for number in sorted(self._numbers(), key=lambda number: (number.start, -number.end)):
            if number.start < done:
                continue
            amount = self._money_before(number, done) or self._money_after(number)
            if amount is None and not number.bare_year:
                amount = self._substance(number) or self._counted(number)
            if amount is not None:
                yield amount
            done = number.end if amount is None else amount.end

    def _numbers(self) -> Iterator[_Number]:
        if self._figures:
            first = self._text.span(self._figures[0], self._figures[0] + 1)[0]
            for found in _DIGITS.finditer(self._text.original, first):
                if self._may_count(self._text.folded_place(found.start())):
                    number = self._from_digits(*found.span())
                    if number is not None:
                        yield number
        for start in self._starts():
            number = self._from_words(start)
            if number is not None:
                yield number
        if "zh" in self._text.languages:
            for found in _CHINESE.finditer(self._folded):
                if self._folded[max(0, found.start() - 1)] not in _BEFORE_A_CITATION:
                    yield _Number(*found.span(), _chinese(found.group()))

    def _starts(self) -> Iterator[int]:
        """Where a number word may begin."""
        yield from filter(self._may_count, self._heads)
        if self._lexis.unspaced_numbers is not None:
            for found in self._lexis.unspaced_numbers.finditer(self._folded):
                yield found.start()

    def _may_count(self, start: int) -> bool:
        """Is a thing near enough to a number that begins here? Right before it only a currency's code can be;
        behind it other parts of numbers may come between, and a few words more."""
        if self._signed:
            return True
        folded, things = self._folded, self._things
        place = bisect_left(things, folded.rfind(" ", 0, start) + 1)
        if place and _end_of_word(folded, things[place - 1]) + 1 == start:
            return True
        if place == len(things):
            return False
        others = 0
        for word in folded[start : things[place]].split(" ", _LONGEST_CHAIN)[1:_LONGEST_CHAIN]:
            if word and not self._lexis.kinds[word] & _PART:
                others += 1
                if others > _ADJECTIVES:
                    return False
        return True

    def _from_digits(self, first: int, last: int) -> _Number | None:
        original = self._text.original
        start, end = self._text.folded_place(first), self._text.folded_place(last - 1) + 1
        before = original[max(0, first - 2) : first]
        if before.rstrip()[-1:] in _BEFORE_A_CITATION:
            return None
        if before[-1:].isalpha() and not (_is_joining(before[-1]) or self._code_before(start)):
            return None  # part of a name: "F16", "covid19"
        written = original[first:last]
        if sum(map(str.isdigit, written)) > _MOST_DIGITS or original.startswith(("%", " %"), last):
            return None
        scaled_end, scale = self._scales(end)
        value = _value(written, scaled=scale != 1)
        if value is None and not _is_list_of_groups(written):
            return None
        bare_year = scale == 1 and written.isdigit() and int(written) in _YEARS
        return _Number(start, scaled_end, None if value is None else value * scale, bare_year)

    def _from_words(self, start: int) -> _Number | None:
        first = self._word(start, *_NUMBERS)
        if first is None:
            return None
        end, value = first.end, first.word.value
        scaled, scale = self._scales(end)
        if first.word.role == "many" and scale == 1:
            scaled, scale = self._scales(self._past(end, "link"))
        if first.word.role == "article" and scale == 1:
            return None
        for _ in range(_LONGEST_CHAIN):
            if scale != 1:
                end, value = scaled, value * scale
            following = self._next(end)
            more = None if following is None else self._word(following, "number", "article")
            if more is None or not 0 < more.word.value < _ROUND or not _is_rounder(value, more.word.value):
                break
            end, value = more.end, value + more.word.value
            scaled, scale = self._scales(end)
        return _Number(start, end, value)

    def _scales(self, end: int) -> tuple[int, float]:
        """What multiplies the number that ends at `end`: the place after it, and by how much."""
        scale = 1.0
        for _ in range(_LONGEST_CHAIN):
            following = self._next(end)
            found = None if following is None else self._word(following, "scale")
            if found is None:
                break
            end, scale = found.end, scale * found.word.value
        return end, scale

    def _money_after(self, number: _Number) -> Amount | None:
        following = self._look_past(self._past(number.end, "link"), ".")
        found = None if following is None else self._word(following, "money")
        if found is not None and not self._weighs(found, following):
            return _amount("money", number, found.word.unit, end=found.end)
        last = self._text.span(number.end - 1, number.end)[1]
        written = self._text.original[last : last + _LONGEST_SIGN].lstrip()
        if not written or written[0].islower():
            return None
        sign = next((unit for sign, unit in _signs() if written.startswith(sign)), None)
        return None if sign is None else _amount("money", number, sign)

    def _weighs(self, money: _Found, start: int | None) -> bool:
        """Pounds of something are weight."""
        return money.word.unit == "pound" and start is not None and self._past(money.end, "link") > money.end

    def _money_before(self, number: _Number, done: int) -> Amount | None:
        first = self._text.span(number.start, number.start + 1)[0]
        written = self._text.original[max(0, first - _LONGEST_SIGN) : first].rstrip()
        if written[-1:].isalpha():
            code = self._code_before(number.start)
            if code is not None and code[0] >= done:
                return _amount("money", number, code[1], start=code[0])
        elif written:
            for sign, unit in _signs():
                if written.endswith(sign):
                    return _amount("money", number, unit)
        return None

    def _code_before(self, start: int) -> tuple[int, str] | None:
        """The currency word right before a number: where it begins, and its unit."""
        letters = self._folded[max(0, start - _LONGEST_CODE) : start].rstrip(" ").rpartition(" ")[2]
        if letters not in _folded_codes():
            return None
        first = self._folded.rfind(letters, 0, start)
        found = self._word(first, "money")
        if found is None or found.word.spelling not in _coded() or self._next(found.end) != start:
            return None
        return first, found.word.unit

    def _substance(self, number: _Number) -> Amount | None:
        following = self._next(number.end)
        if following is None:
            return None
        found = self._word(following, "weight")
        if found is not None:
            return _amount("substance", number, found.word.unit, end=found.end)
        money = self._word(following, "money")
        if money is not None and self._weighs(money, following):
            return _amount("substance", number, "lb", end=money.end)
        return None

    def _counted(self, number: _Number) -> Amount | None:
        if number.value == 0:
            return None
        end = number.end
        for _ in range(_LINKS):
            end = self._past(end, "link")
        adjectives = 0
        place = self._next(end)
        while place is not None and place < len(self._folded):
            found = self._word(place, *_THINGS)
            if found is not None:
                return _amount(_THINGS[found.word.role], number, found.word.unit, end=found.end)
            unspaced = _is_unspaced(self._folded[place])
            if not (unspaced and place > end) and self._word(place, "stop", *_NUMBERS, "money", "weight"):
                return None
            if self._folded[place].isdigit():
                return None
            if unspaced:
                if end == number.end or place - end >= _LONGEST_GAP:
                    return None  # without a measure word the thing itself must follow
                place = self._next(place + 1)
            else:
                adjectives += 1
                if adjectives > _ADJECTIVES:
                    return None
                place = self._next(_end_of_word(self._folded, place))
        return None

    # Steps through the folded text.

    def _word(self, place: int, *roles: str) -> _Found | None:
        """The longest word at `place` that plays one of the roles."""
        seen = self._seen.get(place)
        if seen is None:
            seen = self._seen[place] = self._look(place)
        longest = None
        for found in seen:
            if (
                found.word.role in roles
                and (longest is None or found.end > longest.end)
                and self._is_spelt(place, found)
            ):
                longest = found
        return longest

    def _look(self, place: int) -> list[_Found]:
        folded, lexis = self._folded, self._lexis
        if _is_unspaced(folded[place]):
            signs = lexis.signs.get(folded[place], ())
            return [
                _Found(place + len(word.text), word) for word in signs if folded.startswith(word.text, place)
            ]
        found: list[_Found] = []
        for start, end, word, whole in lexis.standing[folded[place : _end_of_word(folded, place)]]:
            stop = place + end
            if not whole:
                stop = place + start + len(word.text)
                if not folded.startswith(word.text, place + start):
                    continue
                if folded[stop : stop + 1].isalpha() and not _is_unspaced(folded[stop]):
                    if not word.open_end:
                        continue
                    stop = _end_of_word(folded, stop)
            found.append(_Found(stop, word))
        return found

    def _is_spelt(self, place: int, found: _Found) -> bool:
        spelling = found.word.spelling
        if not spelling:
            return True
        written = unicodedata.normalize("NFC", self._text.quote(place, found.end))
        exactly = spelling in _coded() or spelling in _SMALL_ONLY
        return (written if exactly else written.casefold()).startswith(spelling)

    def _past(self, end: int, role: str) -> int:
        """The end of a word of this role that follows, or `end`."""
        following = self._next(end)
        found = None if following is None else self._word(following, role)
        return end if found is None else found.end

    def _next(self, end: int) -> int | None:
        """Where the next word begins, if only blanks and hyphens lie before it."""
        if end not in self._following:
            self._following[end] = self._look_past(end, "")
        return self._following[end]

    def _look_past(self, end: int, dots: str) -> int | None:
        """As `_next`, and the marks in `dots` may follow what ends here ("млн. рублей")."""
        folded = self._folded
        if end >= len(folded):
            return None
        if folded[end] != " ":
            return end
        if end + 1 >= len(folded) or end == 0:
            return None
        text = self._text
        between = text.original[text.span(end - 1, end)[1] : text.span(end + 1, end + 2)[0]]
        return end + 1 if between == " " or _JOINTS.issuperset(between.lstrip(dots)) else None


def _amount(
    kind: Kind, number: _Number, unit: str, *, start: int | None = None, end: int | None = None
) -> Amount:
    known = number.value is not None and number.value < _BEYOND_COUNTING
    return Amount(
        kind=kind,
        value=number.value if known else None,
        unit=unit,
        start=number.start if start is None else start,
        end=number.end if end is None else end,
    )


_FIRST_ONTO_THE_NEXT = frozenset(prefix[0] for prefix in _ONTO_THE_NEXT)


def _bare(word: str) -> list[str]:
    """An Arabic word without what may be written onto it."""
    if word[:1] not in _FIRST_ONTO_THE_NEXT:
        return []
    return [word[len(prefix) :] for prefix in _ONTO_THE_NEXT if word.startswith(prefix) and word != prefix]


def _is_unspaced(char: str) -> bool:
    """Is this a letter of a script that does not part words (Thai, Lao, Burmese, Khmer, Chinese)?"""
    return char > "\u0e00" and ("\u3400" <= char <= "\u9fff" or char <= "\u0eff" or _is_south_east(char))


def _is_joining(char: str) -> bool:
    """May a letter of this script stand right before a number that is not part of its word?"""
    return _is_unspaced(char) or ord(char) in _ARABIC


def _is_south_east(char: str) -> bool:
    return "\u1000" <= char <= "\u109f" or "\u1780" <= char <= "\u17ff"


def _end_of_word(folded: str, place: int) -> int:
    end = folded.find(" ", place)
    return len(folded) if end < 0 else end


def _is_rounder(value: float, more: float) -> bool:
    """May `more` be added to `value` ("twenty" and "five", "three hundred" and "twenty")?"""
    return value % (10 if more < 10 else _ROUND) == 0


def _is_list_of_groups(written: str) -> bool:
    """Could these digits be an amount, though not which one? "1,2,3" is a list, "16.08.2019" a day."""
    return len(_GROUPS.split(written)) == 2


def _value(written: str, *, scaled: bool) -> float | None:
    """What digits with separators mean; None where it cannot be said.

    scaled: a word like "million" follows, so that one group of three digits is a fraction.
    """
    if written.isdecimal():
        return float(written)
    digits = "".join(written.split()).replace("٫", "|")
    marks = [char for char in digits if not char.isdigit()]
    if "|" in marks or not marks:
        whole, _, rest = digits.partition("|")
        return float(f"{_GROUPS.sub('', whole)}.{rest or 0}") if not rest or rest.isdecimal() else None
    last = marks[-1]
    if marks.count(last) == 1 and (len(marks) > 1 or not _parts_thousands(digits, last, scaled)):
        whole, _, rest = digits.rpartition(last)
        return float(f"{_GROUPS.sub('', whole)}.{rest}") if last in ".," else None
    groups = _GROUPS.split(digits)
    if len(set(marks)) > 1 or any(len(group) not in (2, 3) for group in groups[1:-1]) or len(groups[-1]) != 3:
        return None
    return float("".join(groups))


def _parts_thousands(digits: str, mark: str, scaled: bool) -> bool:
    whole, _, rest = digits.partition(mark)
    return len(rest) == 3 and len(whole) <= 3 and whole.strip("0") != "" and not (scaled and mark in ".,")


def _chinese(numeral: str) -> float | None:
    """The value of a Chinese numeral ("三百万" is three million); a scale alone counts once."""
    total = section = digit = 0.0
    for char in numeral:
        scale = _CHINESE_SCALES.get(char)
        if scale is None:
            digit = digit * 10 + _CHINESE_DIGITS[char]
        elif scale < _LARGE:
            section, digit = section + (digit or 1) * scale, 0.0
        else:
            total, section, digit = (total + section + digit or 1) * scale, 0.0, 0.0
    return total + section + digit


# The words.


@cache
def _tables() -> dict[str, Any]:
    try:
        return tomllib.loads((files("habeas.assess") / "language" / _FILE).read_text("utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise Refused("this file is not readable TOML", place=_FILE, hint=str(wrong)) from wrong


@cache
def _signs() -> tuple[tuple[str, str], ...]:
    """Currency signs, the longest first."""
    return tuple(sorted(_tables()["signs"].items(), key=lambda pair: -len(pair[0])))


@cache
def _sign_ends(*, only_ascii: bool) -> tuple[str, ...]:
    """The last character of each currency sign that can stand in a text: one without them has no sign."""
    return tuple(sorted({sign[-1] for sign, _unit in _signs() if sign.isascii() or not only_ascii}))


@cache
def _words(language: str) -> tuple[_Word, ...]:
    return tuple(_listed(language))


def _listed(language: str) -> Iterator[_Word]:
    for section, entries in _tables().get(language, {}).items():
        for key, listed in entries.items():
            for written in map(str.strip, listed.split(",")):
                stem = written.removesuffix("*")
                yield _Word(
                    text=fold(stem),
                    role=key if section == "words" else section,
                    value=float(key) if section in _NUMBERS else 0.0,
                    unit=key,
                    open_end=stem != written,
                    spelling=stem.casefold() if language in _TONAL or stem in _SMALL_ONLY else "",
                )


@cache
def _coded() -> dict[str, str]:
    """Currency code as it is written -> the currency."""
    codes = _tables()["codes"]
    short = {form.strip(): code for code, forms in codes["short"].items() for form in forms.split(",")}
    return {code: code for code in codes["written"].split()} | short


@cache
def _code_words() -> tuple[_Word, ...]:
    return tuple(
        _Word(fold(written), "money", 0.0, code, False, written) for written, code in _coded().items()
    )


@cache
def _folded_codes() -> frozenset[str]:
    return frozenset(map(fold, _coded()))


@lru_cache(maxsize=256)  # a text is read in one to five languages; a house meets few mixtures in a day
def _lexis(languages: tuple[str, ...]) -> _Lexis:
    whole: dict[str, list[_Word]] = {}
    stems: dict[str, list[_Word]] = {}
    signs: dict[str, list[_Word]] = {}
    for code_word in _code_words():
        whole.setdefault(code_word.text, []).append(code_word)
    words = [word for language in ("any", *languages) for word in _words(language)]
    for word in words:
        if _is_unspaced(word.text[0]):
            signs.setdefault(word.text[0], []).append(word)
        elif word.open_end and " " not in word.text:
            stems.setdefault(word.text, []).append(word)
        else:
            whole.setdefault(word.text.split(" ")[0], []).append(word)
    numbers = sorted({word.text for word in words if word.role in _NUMBERS}, key=lambda text: -len(text))
    unspaced = [text for text in numbers if _is_unspaced(text[0])]
    return _Lexis(
        heads=frozenset(text.split(" ")[0] for text in numbers),
        later=tuple({piece for word in words if word.role in _PARTS for piece in word.text.split()[1:]}),
        whole=whole,
        stems=stems,
        lengths=tuple(sorted({len(stem) for stem in stems})),
        signs=signs,
        unspaced_numbers=re.compile("|".join(map(re.escape, unspaced))) if unspaced else None,
        kinds=PerWord(partial(_kind, languages)),
        standing=PerWord(partial(_standing, languages)),
    )


def _kind(languages: tuple[str, ...], word: str) -> int:
    """What may stand in this word, as bits."""
    things = any(map(_is_unspaced, word)) or any(
        meaning.role in _COUNTED
        for written in _WORD.findall(word)
        for _before, meaning in _meanings(languages, written)
    )
    lexis = _lexis(languages)
    heads = lexis.heads
    head = word in heads or (not _JOINED.isdisjoint(languages) and not heads.isdisjoint(_bare(word)))
    figure = any(map(str.isdecimal, word))
    part = head or figure or word.startswith(lexis.later)
    part = part or any(
        meaning.role in _PARTS
        for written in _WORD.findall(word)
        for _before, meaning in _meanings(languages, written)
    )
    return _THING * things | _HEAD * head | _FIGURE * figure | _PART * part


def _standing(languages: tuple[str, ...], written: str) -> tuple[_Standing, ...]:
    """The words at the beginning of these letters."""
    seen = _WORD.match(written)
    if seen is None:
        return ()
    found = []
    for start, word in _meanings(languages, seen.group()):
        end = start + len(word.text)
        if " " in word.text:
            found.append(_Standing(start, end, word, whole=False))
        elif word.open_end:
            found.append(_Standing(start, seen.end(), word, whole=True))
        elif written.startswith(word.text, start) and (
            not written[end : end + 1].isalpha() or _is_unspaced(written[end])
        ):
            found.append(_Standing(start, end, word, whole=True))
    return tuple(found)


@lru_cache(maxsize=8192)  # words that follow a number; the same few thousand come again and again
def _meanings(languages: tuple[str, ...], written: str) -> tuple[tuple[int, _Word], ...]:
    """The entries that may stand where `written` does, each with the letters to skip before it."""
    lexis = _lexis(languages)
    found: list[tuple[int, _Word]] = []
    for bare in (written, *_bare(written)):
        before = len(written) - len(bare)
        stems = [bare[:length] for length in lexis.lengths if length <= len(bare)]
        found += [(before, word) for word in lexis.whole.get(bare, ())]
        found += [(before, word) for stem in stems for word in lexis.stems.get(stem, ())]
    return tuple(found)

"""A statement of facts made ready for reading by machine: folded letters, sentences, languages.

Folding lets "Présidént", "PRESIDENT" and "president" be one word, in any script; every place found
in the folded text is mapped back to the requester's own characters, so that a finding can point at
them. Nothing is removed that a reader of the original would miss: the original is kept whole.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Sequence

import msgspec

# Letters that mean the same in requests but are different characters (Arabic and Persian
# keyboards, Turkish dotless i, Vietnamese d, Polish l, Scandinavian and German letters).
_SAME = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ك": "ك", "ک": "ك",
    "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ـ": "", "ў": "у", "ґ": "г",
    "ı": "i", "đ": "d", "ð": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th",
}  # fmt: skip
_NOTHING = frozenset(
    "\u200b\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u034f\u115f\u1160\u180e\u3164\uffa0"
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
) | frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0000, 0xE01F0))))
_MARKS_KEPT = ("THAI", "LAO", "KHMER", "MYANMAR", "DEVANAGARI", "BENGALI", "TAMIL", "SINHALA", "TELUGU")


def _is_kept(mark: str) -> bool:
    return unicodedata.name(mark, "").startswith(_MARKS_KEPT)


class _Fold(dict[int, str]):
    """Code point -> folded string, worked out once per character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _NOTHING:
            folded = ""
        elif char.isspace() or char == "\u200c":  # the zero-width non-joiner parts Persian words
            folded = " "
        else:
            letters = []
            for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold()):
                part = part.casefold()
                dropped = unicodedata.category(part) == "Mn" and not _is_kept(part)
                letters.append("" if dropped else _SAME.get(part, part))
            folded = "".join(letters)
            if folded and not any(c.isalnum() or unicodedata.category(c)[0] == "M" for c in folded):
                folded = " "
        self[code] = folded
        return folded


_FOLD = _Fold()
_ASCII = bytes(ord(_FOLD[code]) for code in range(128)).ljust(256)  # these fold one for one


def fold_letter(char: str) -> str:
    """One character folded: any number of letters, one space for a separator, nothing for a bare mark."""
    return _FOLD[ord(char)]


def fold(text: str) -> str:
    """`text` folded, runs of separators made one space; for terms, where no way back is needed."""
    return " ".join(text.translate(_FOLD).split())


# Marks after which a sentence may end. A full stop, or a mark that also stands inside sentences, wants white
# space behind it; an empty line always ends one (a line break alone is a wrapped line).
_MARKS = ".!?؟;؛"
_STOPS = "。！？；།।۔።။។"
_END = re.compile(
    rf"""[{_MARKS}{_STOPS}\r\n] (?:  # an end begins with one of these; the search skips the rest
        (?<=[{_MARKS}]) (?<![{_MARKS}]{{2}}) [{_MARKS}]*+ ["'»”)]*+ (?=\s|$)
        | (?<=[{_STOPS}]) [{_STOPS}]* [”」』]*
        | (?<=\r) \n [ \t]* \r?\n \s*
        | (?<=\n) [ \t]* \r?\n \s*
    )""",
    re.VERBOSE,
)
# Thai has no mark for the end of a sentence: a blank before one of these words stands for it.
_THAI_BEGINNINGS = """
จึง ต่อมา ทั้งนี้ อนึ่ง คดีนี้ ศาล เมื่อ พนักงาน ขอให้ โดยขอ เพื่อ จาก ทาง และขอ ผู้ต้องหา ผู้เสียหาย ผู้กระทำ
"""
_THAI_END = re.compile(rf"(?<=[\u0e00-\u0e7f])\s+(?={'|'.join(_THAI_BEGINNINGS.split())})")
_WORD_BEFORE = re.compile(r"(?:.*[\s.()«»\"'“”])?([^\s.()«»\"'“”]+)$", re.DOTALL)  # from the end
_AFTER = re.compile(r"\s*(\S)")
_WORD_SIGHT = 16  # characters looked back over for the word before a full stop
_LONGEST_ABBREVIATION = 4  # letters; before a figure such a word is taken for "Abs. 1", "Reg. 12", "ст. 207"
_ORDINAL = 2  # digits; "16. August", "1. The suspect": a short figure and its full stop do not end a sentence
_ABBREVIATIONS = """
    abs al approx art arts av bd bl bp capt cf co col dept dr est etc fig gen gov hon hr inc jr lt ltd mr mrs
    ms no nos nr núm núms op para paras pkt pp pág ref sched sec secs sr st vol vs ziff
    абз гл им млн млрд обл пп ред руб см ст стр тыс ул чл
"""
_NOT_AN_END = frozenset(_ABBREVIATIONS.split())


class Text(msgspec.Struct, frozen=True, gc=False):
    """One text, folded. Places are half-open offsets; `sentences` are in the folded text.

    `words` are the folded text between its blanks. `languages` are the ISO 639-1 codes whose words are looked
    for, the likeliest first.
    """

    original: str
    folded: str
    words: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]
    languages: tuple[str, ...]
    _places: array[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of a place in the folded text."""
        if self._places is None:
            return start, end
        return self._places[start], self._places[end - 1] + 1

    def folded_place(self, place: int) -> int:
        """The place in the folded text of one in the original; of the next one kept, if it was dropped."""
        return place if self._places is None else bisect_left(self._places, place)

    def sentence_span(self, sentence: int) -> tuple[int, int]:
        """The place in the original of the sentence with this index, up to where the next one begins."""
        start = self.sentences[sentence][0]
        last = sentence + 1 == len(self.sentences)
        end = len(self.folded) if last else self.sentences[sentence + 1][0]
        if self._places is None:
            return start, end
        return (
            self._places[start] if sentence and self._places else 0,
            len(self.original) if last else self._places[end],
        )

    def quote(self, start: int, end: int) -> str:
        """The requester's own characters at a place of the folded text."""
        first, last = self.span(start, end)
        return self.original[first:last]


def read(original: str, declared: str | None = None) -> Text:
    """Fold `original`, split it into sentences and say which languages to read it in.

    declared: the language the requester names (ISO 639-1, a region may follow); it is read first.
    """
    folded = _each_folded(original)
    places: array[int] | None = None
    if len(folded) != len(original) or not _one_for_one(original):
        folded, places = _fold_with_places(original)
    elif "  " in folded:
        folded, places = _blanks_joined(folded)
    words = tuple(folded.split(" "))
    sentences = _sentence_spans(_sentence_ends(original), len(folded), places)
    return Text(original, folded, words, sentences, _languages(folded, words, declared), places)


def _each_folded(original: str) -> str:
    """Each character folded by itself; the letters of English in a tenth of the time."""
    if original.isascii():
        return original.encode().translate(_ASCII).decode()
    return original.translate(_FOLD)


def _one_for_one(original: str) -> bool:
    """Did every character fold to exactly one? Equal lengths alone may hide a gain beside a loss."""
    return original.isascii() or all(len(_FOLD[ord(char)]) == 1 for char in set(original))


_PLACES = array("L", range(4_096))  # made once: most texts are no longer


def _blanks_joined(folded: str) -> tuple[str, array[int]]:
    """The text with one blank for each run of them, and where its characters stood."""
    parts: list[str] = []
    places = array("L")
    known = _PLACES if len(folded) <= len(_PLACES) else array("L", range(len(folded)))
    start = 0
    blank = folded.find("  ")
    while blank >= 0:
        parts.append(folded[start : blank + 1])
        places += known[start : blank + 1]
        start = blank + 2
        while folded.startswith(" ", start):
            start += 1
        blank = folded.find("  ", start)
    parts.append(folded[start:])
    places += known[start : len(folded)]
    return "".join(parts), places


def _fold_with_places(original: str) -> tuple[str, array[int]]:
    letters: list[str] = []
    places = array("L")
    blank = False
    for place, char in enumerate(original):
        for letter in _FOLD[ord(char)]:
            if letter == " ":
                if blank:
                    continue
                blank = True
            else:
                blank = False
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _sentence_ends(original: str) -> list[int]:
    ends = []
    for found in _END.finditer(original):
        mark, end = found.span()
        if original[mark] in _MARKS:
            after = _AFTER.match(original, end)
            follows = after.group(1) if after else ""
            if follows.islower() or (
                original[mark] == "." and follows and _abbreviated(original, mark, follows)
            ):
                continue
        ends.append(end)
    thai = [] if original.isascii() else [found.end() for found in _THAI_END.finditer(original)]
    return sorted({*ends, *thai}) if thai else ends


def _abbreviated(original: str, stop: int, after: str) -> bool:
    """Does the full stop at `stop` belong to the word before it ("art. 5", "S. 112", "U.S. Attorney")?"""
    found = _WORD_BEFORE.match(original, max(0, stop - _WORD_SIGHT), stop)
    if found is None:
        return False
    word = found.group(1)
    if word.isdigit():
        return len(word) <= _ORDINAL
    if len(word) == 1:
        return unicodedata.category(word) in ("Lu", "Ll")  # scripts without capitals have no initials
    return word.casefold() in _NOT_AN_END or (after.isdigit() and len(word) <= _LONGEST_ABBREVIATION)


def _sentence_spans(ends: list[int], length: int, places: array[int] | None) -> tuple[tuple[int, int], ...]:
    if places is not None:
        ends = [bisect_left(places, end) for end in ends]
    spans = []
    start = 0
    for end in [*ends, length]:
        if end > start:
            spans.append((start, end))
            start = end
    return tuple(spans) or ((0, 0),)


# A few words that only one of these languages uses so often. Used to find a text's language, no more.
# Languages that share a script are weighed against each other only.
_TELLTALES = {
    "latin": {
        "en": "the of and to in was that for by with which",
        "fr": "le la les des du une est dans par pour aux sur qui",
        "es": "el los las del una que por con para se fue su",
        "pt": "o os da do das dos uma que por com para foi na no ao",
        "it": "il gli della di che per con nel una sono del alla dei",
        "de": "der die das und den dem des von mit ist eine wurde zur",
        "tr": "ve bir bu için olan olarak tarafından hakkında üzere",
        "az": "və bir bu ilə üçün olan olaraq tərəfindən haqqında üzrə",
        "vi": "của và các được trong cho người đã là theo đối tượng việc",
        "id": "yang dan di dengan untuk dari pada oleh tersebut telah bahwa karena",
        "ms": "yang dan di dengan untuk dari pada oleh tersebut telah bahawa kerana",
        "pl": "w na z do się jest oraz przez nie został o",
        "hu": "a az és hogy nem egy is meg volt szerint",
        "sw": "ya na wa kwa katika ni la za kuwa",
        "nl": "de het een van en in is dat op met voor door",
        "ro": "și de la în a fost cu pe prin care din",
    },
    "cyrillic": {
        "ru": "и не что от был были также его об при или это",
        "uk": "та що від був були також його або це під",
        "be": "што ад быў былі таксама яго альбо гэта пад",
    },
    "arabic": {
        "ar": "في من على إلى أن التي الذي عن هذا قد ما",
        "fa": "که از این است را با برای شده می در به و",
        "ur": "کے کی ہے میں نے کا سے اور پر کو",
    },
}
_SCRIPT_OF = {language: script for script, words in _TELLTALES.items() for language in words}


_COUNT = 16  # bits of one language's count in a number that holds all of them
_COUNTED = tuple(_SCRIPT_OF)  # the languages in the order of their counts, the lowest bits first: Latin ones
_COUNTS = struct.Struct(f"<{len(_COUNTED)}H")


def _told_by() -> dict[str, int]:
    """Folded telltale word -> one for each language it speaks for."""
    told: dict[str, int] = {}
    for place, language in enumerate(_COUNTED):
        for word in fold(_TELLTALES[_SCRIPT_OF[language]][language]).split():
            told[word] = told.get(word, 0) + (1 << place * _COUNT)
    return told


_TOLD_BY = _told_by()
_LETTERS = {
    "cyrillic": re.compile("[\u0400-\u04ff]+"),
    "arabic": re.compile("[\u0600-\u06ff]+"),
    "zh": re.compile("[\u4e00-\u9fff]+"),
    "th": re.compile("[\u0e00-\u0e7f]+"),
    "km": re.compile("[\u1780-\u17ff]+"),
    "my": re.compile("[\u1000-\u109f]+"),
    "am": re.compile("[\u1200-\u137f]+"),
    "hi": re.compile("[\u0900-\u097f]+"),
    "bn": re.compile("[\u0980-\u09ff]+"),
}  # a script several languages share, or a language with a script of its own
_FEW = 12  # letters of a script: less is a name or a citation inside another language
_SHORT = 80  # characters; in so short a text a few letters are all there is
_LOOKED_AT = 4000  # characters from the start of a text; enough to know its language
_SHARE = 4  # beside the likeliest, languages of one script with a quarter of its telltale words are read too


def _languages(folded: str, words: Sequence[str], declared: str | None) -> tuple[str, ...]:
    looked_at = folded
    if len(folded) > _LOOKED_AT:
        looked_at = folded[:_LOOKED_AT]
        words = looked_at.split(" ")
    told = sum(filter(None, map(_TOLD_BY.get, words)))
    counts = _COUNTS.unpack(told.to_bytes(_COUNTS.size, "little"))
    found = [declared.split("-")[0].casefold()] if declared else []
    found += _likely(counts[: len(_TELLTALES["latin"])], words)
    if not looked_at.isascii():
        scores = dict(zip(_COUNTED, counts, strict=True))
        for script, letters in _LETTERS.items():
            seen = sum(map(len, letters.findall(looked_at)))
            if seen >= _FEW or (seen and len(folded) < _SHORT):
                found += _of_script(script, scores)
    if "en" not in found and (not found or counts[_COUNTED.index("en")] > 1):
        found.append("en")
    return tuple(dict.fromkeys(found))


def _likely(counts: Sequence[int], words: Sequence[str]) -> list[str]:
    """The first languages of `_COUNTED`, one for each count, that the words speak for: the likeliest first,
    of equals the one whose words come first."""
    enough = max(2, max(counts) // 2)
    likely = [language for language, count in zip(_COUNTED, counts, strict=False) if count >= enough]
    if len(likely) > 1:
        place = {language: _COUNTED.index(language) for language in likely}
        told = {language: counts[place[language]] for language in likely}
        if len(set(told.values())) < len(likely):
            likely.sort(key=lambda language: _first(place[language], words))
        likely.sort(key=told.__getitem__, reverse=True)
    return likely


def _first(place: int, words: Sequence[str]) -> int:
    """Where the first of the words stands that speaks for the language with this place in `_COUNTED`."""
    one = ((1 << _COUNT) - 1) << place * _COUNT
    return next(number for number, word in enumerate(words) if _TOLD_BY.get(word, 0) & one)


def _of_script(script: str, scores: dict[str, int]) -> list[str]:
    """The languages written in a script, the likeliest first; all of them where no word tells them apart."""
    if script not in _TELLTALES:
        return [script]
    ranked = sorted(_TELLTALES[script], key=lambda language: -scores[language])
    best = scores[ranked[0]]
    return [language for language in ranked if scores[language] * _SHARE >= best]

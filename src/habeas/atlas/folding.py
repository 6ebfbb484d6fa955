"""One spelling for every script: the folded text on which citations are read.

Decides which characters count as the same when a citation is compared with the atlas: every script's
digits become 0-9, capitals and accents of Latin, Greek and Cyrillic fall away, Arabic letters take one
form, all dashes, quotes and commas become the plain ones. Superscript digits become marks of their own
(355² is article 355-2, not 3552). Leaves to `citation` what the folded words mean.

Nearly every character folds to exactly one character, so positions in the folded text are positions in
the original; `positions` gives the map for the rare text where they are not.
"""

from __future__ import annotations

import unicodedata

SUPERSCRIPT_ZERO = 0xE000  # private-use characters that stand for the superscript digits 0-9
SUPERSCRIPTS = "".join(chr(SUPERSCRIPT_ZERO + digit) for digit in range(10))
_SUPERSCRIPT_FORMS = {"⁰": 0, "¹": 1, "²": 2, "³": 3, "⁴": 4, "⁵": 5, "⁶": 6, "⁷": 7, "⁸": 8, "⁹": 9}

_PLAIN = {
    **dict.fromkeys("‐‑‒–—―−－﹣", "-"),
    **dict.fromkeys("’‘ʼ`´ʻ", "'"),
    **dict.fromkeys("“”„«»‹›《》〈〉「」『』＂", '"'),
    **dict.fromkeys("،、，", ","),
    **dict.fromkeys("؛；", ";"),
    **dict.fromkeys("。．۔", "."),
    **dict.fromkeys("（［【", "("),
    **dict.fromkeys("）］】", ")"),
    "：": ":",
    "／": "/",
    "№": "n",
    "ı": "i",
    "İ": "i",
    "ß": "s",
    "ø": "o",
    "Ø": "o",
    "ł": "l",
    "Ł": "l",
    "đ": "d",
    "Đ": "d",
    "ə": "e",
    "Ə": "e",
    "ς": "σ",
}
# Arabic script: one letter for the forms that writers and keyboards mix (hamza, yeh, kaf, heh).
_ARABIC = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىیې", "ي"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ةہۃھە", "ه"),
    "ؤ": "و",
    "ئ": "ي",
}
_DROPPED = frozenset("ºª°ـ")  # ordinal marks and the Arabic lengthening stroke


_UNEVEN: set[str] = set()  # characters met so far that do not fold to exactly one


def _one(code: int) -> str | None:
    char = chr(code)
    if char in _DROPPED:
        return None
    if char in _SUPERSCRIPT_FORMS:
        return chr(SUPERSCRIPT_ZERO + _SUPERSCRIPT_FORMS[char])
    if char in _PLAIN:
        return _PLAIN[char]
    if char in _ARABIC:
        return _ARABIC[char]
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"  # half a character is none
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category in ("Zs", "Zl", "Zp") or char in "\t\n\r\f\v":
        return " "
    if category in ("Cf", "Cc") or SUPERSCRIPT_ZERO <= code < SUPERSCRIPT_ZERO + 10:
        return None
    # Marks of Latin, Greek, Cyrillic, Hebrew and Arabic; other scripts need theirs to spell words.
    if category == "Mn" and (code < 0x0700 or code == 0x093C):
        return None
    if 0xFB50 <= code <= 0xFEFF or 0xFF00 <= code <= 0xFFEF:
        folded = unicodedata.normalize("NFKC", char)
        return None if folded == char else folded.lower().translate(_TABLE)
    lower = char.lower()
    if code < 0x0530 or 0x1E00 <= code <= 0x1FFF:
        return unicodedata.normalize("NFD", lower)[0]
    return lower[0]


class _Table(dict[int, str | None]):
    def __missing__(self, code: int) -> str | None:
        value = self[code] = _one(code)
        if value is None or len(value) != 1:
            _UNEVEN.add(chr(code))
        return value


_TABLE = _Table()


def fold(text: str) -> str:
    """The folded text."""
    if text.isascii() and text.isprintable():
        return text.lower().replace("`", "'")
    return text.translate(_TABLE)


def positions(text: str) -> list[int] | None:
    """For each folded character its place in `text`, and the length of `text` last; None if they agree."""
    if text.isascii() and text.isprintable():
        return None
    fold(text)  # every character of it is in the table now
    if _UNEVEN.isdisjoint(text):
        return None
    places: list[int] = []
    for place, char in enumerate(text):
        places.extend([place] * len(_TABLE[ord(char)] or ""))
    places.append(len(text))
    return places

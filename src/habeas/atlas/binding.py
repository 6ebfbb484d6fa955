"""Reads a citation: which numbers does it name, of which law?

Decides how the words of one citation hang together, in any script: numbers are gathered into groups, laws
named beside them are bound to them, everything else is a word not understood. A number bound to a law the
atlas does not hold, or to words not understood, belongs to no known law. Leaves to `index` whether a law of
the state has such a number.

The rule of binding: a number belongs to the law with the least between them; a comma or an "and" weighs
more than a preposition, a semicolon is never crossed. On a tie a known law is preferred, then the habit of
the citation (law first, or number first).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from habeas.atlas.numerals import LETTERS
from habeas.atlas.tokens import (
    UNSPACED,
    Cited,
    Component,
    Named,
    Names,
    Number,
    Reading,
    Token,
    tokens,
)
from habeas.atlas.words import Vocabulary, vocabulary

FAR = 9  # the price of crossing a semicolon; more than any two commas
NEAR_COMMA = 2
LONGEST_SHORT_NAME = 3  # Sv, LEC: a capital and few letters are a name; longer ones need two capitals
FARTHEST = 4  # items: words not understood may stand between a number and its law
LOWEST_BARE_LAW = 1000  # 2911/28 is law and article; 217/2 is article and paragraph
_ROMAN = re.compile(r"[ivxl]+")
# A number that can be a year: Islamic calendars, Gregorian, Buddhist.
YEARS = frozenset(range(1300, 1460)) | frozenset(range(1780, 2600))


def read(folded: str, original: str, names: Names) -> Reading:
    """What a folded citation says. `original`: as written, of the same length, for its capitals."""
    found = list(tokens(folded, names.hits(folded)))
    return _Assembly(found, original, vocabulary(), names).reading()


class _Item:
    """Numbers ("G"), a law ("L") or words not understood ("U"), and what separates it from the last."""

    __slots__ = ("announced", "cost", "end", "kind", "law", "lawlike", "numbers", "start")

    def __init__(self, kind: str, start: int, end: int, cost: int) -> None:
        self.kind, self.start, self.end, self.cost = kind, start, end, cost
        self.numbers: list[Number] = []
        self.law: Named | None = None
        self.lawlike = False
        self.announced = False


class _Assembly:
    """Turns tokens into items and binds groups of numbers to laws."""

    def __init__(
        self,
        tokens: list[Token],
        original: str,
        words: Vocabulary,
        names: Names,
    ) -> None:
        self._tokens = tokens
        self._original = original
        self._words = words
        self._numbered = names.numbered
        self._articles = names.articles
        self._items: list[_Item] = []
        self._phrases: list[tuple[tuple[str, ...], int, int]] = []
        self._cost = 0
        self._waiting: list[tuple[str, ...]] = []  # paragraphs named before their article
        self._begins: int | None = None  # where the first of them begins
        self._after_part = False
        self._direct = True  # nothing but spaces, glue and home names since the last item
        self._art_word = ""

    def reading(self) -> Reading:
        place = 0
        while place < len(self._tokens):
            place = self._take(place)
        return self._bound()

    def _take(self, place: int) -> int:
        token = self._tokens[place]
        if token.kind == "number":
            return self._number(place)
        if token.kind == "article":
            return self._article(place)
        if token.kind == "part":
            self._after_part = True
            return place + 1
        if token.kind == "law":
            return self._law(place)
        if token.kind == "other":
            self._unknown(token, lawlike=True)
            return place + 1
        if token.kind == "abroad":
            return self._abroad(place)
        if token.kind == "home":
            return place + 1
        if token.kind == "phrase":
            assert token.entry is not None
            self._phrases.append((token.entry.keys, token.start, token.end))
            return place + 1
        if token.kind == "mark":
            return self._mark(place)
        return self._word(place)

    def _peek(self, place: int) -> Token | None:
        return self._tokens[place] if 0 <= place < len(self._tokens) else None

    def _mark(self, place: int) -> int:
        mark = self._tokens[place].text
        if mark == ";" or (mark == "," and not self._waiting):
            self._after_part = False
        if mark == ";":
            self._cost = max(self._cost, FAR)
        elif mark == "," or mark == "+" or mark == "&":
            self._cost = max(self._cost, NEAR_COMMA)
        elif mark == "'":
            # TCK'nın: the ending of a name after an apostrophe is no word of its own.
            before, after = self._peek(place - 1), self._peek(place + 1)
            if (
                before is not None
                and after is not None
                and before.kind in ("law", "number", "home")
                and after.kind in ("word", "article", "part")
                and before.end == self._tokens[place].start
            ):
                return place + 2
        if mark in ',;:"()':
            self._direct = False
        return place + 1

    def _article(self, place: int) -> int:
        token = self._tokens[place]
        last, after = self._last("G"), self._peek(place + 1)
        if (
            token.text == "§"
            and self._art_word not in ("", "§")
            and last is not None
            and self._items[-1] is last
            and after is not None
            and after.kind == "number"
            and self._direct
        ):
            self._after_part = True  # art. 286 § 1: here § counts a part of the article
            return place + 1
        self._art_word = token.text
        self._after_part = False
        return place + 1

    def _last(self, kind: str) -> _Item | None:
        return self._items[-1] if self._items and self._items[-1].kind == kind else None

    def _add(self, kind: str, start: int, end: int) -> _Item:
        item = _Item(kind, start, end, self._cost)
        self._items.append(item)
        self._cost = 0
        self._direct = True
        return item

    def _unknown(self, token: Token, *, lawlike: bool) -> None:
        last = self._last("U")
        if last is not None and self._cost < NEAR_COMMA and self._direct:
            last.end = token.end
            last.lawlike = last.lawlike or lawlike
            self._cost = 0
        else:
            self._add("U", token.start, token.end).lawlike = lawlike
        self._after_part = False

    def _abroad(self, place: int) -> int:
        token = self._tokens[place]
        last = self._last("L")
        before = self._peek(place - 1)
        bracketed = before is not None and before.text == "("
        if last is not None and (self._direct or bracketed) and self._cost < NEAR_COMMA:
            last.kind, last.lawlike = "U", True
            last.end = token.end
            return place + 1
        after = self._peek(place + 1)
        self._unknown(token, lawlike=after is not None and after.kind == "law")
        if after is not None and after.kind == "law":
            self._items[-1].end = after.end
            return place + 2
        return place + 1

    def _word(self, place: int) -> int:
        token = self._tokens[place]
        words, word = self._words, token.text
        if word in words.law:
            return self._law_word(place)
        if word in words.chapter:
            return place + 1
        if word in words.conjunction:
            self._cost = max(self._cost, NEAR_COMMA)
            return place + 1
        if word in words.glue or word in words.number_word or word in words.year_word:
            return place + 1
        if _ROMAN.fullmatch(word) and self._last("G") is not None:
            return place + 1  # art. 141, III
        if self._after_part and word in LETTERS:
            self._after_part = False
            return place + 1
        last = self._last("L")
        shown = self._original[token.start : token.end]
        short = _abbreviated(shown)
        if last is not None and self._direct and self._cost < NEAR_COMMA:
            numbered = last.lawlike or (last.law is not None and last.law.identified)
            uncased = shown == shown.upper() and shown == shown.lower()
            if word in words.qualifier or (not numbered and (short or shown[:1].isupper())):
                last.kind, last.lawlike, last.end = "U", True, token.end
                return place + 1
            if uncased and not numbered and not UNSPACED.match(word):
                last.kind, last.lawlike, last.end = "U", True, token.end
                return place + 1
        if word in words.qualifier:
            after = self._after_glue(place + 1)
            if after is not None and after.kind == "law":
                self._unknown(token, lawlike=True)
                self._items[-1].end = after.end
                return self._tokens.index(after, place) + 1
        elif shown[:1].isupper() and not short:
            after = self._peek(place + 1)
            if after is not None and after.kind == "law" and after.entry is not None and after.entry.main:
                first = self._original[after.start : after.start + 1]
                if first.isupper() and not _all_capitals(self._original[after.start : after.end]):
                    self._unknown(token, lawlike=True)  # "Military Penal Code" and its like
                    self._items[-1].end = after.end
                    return place + 2
        self._unknown(token, lawlike=short)
        return place + 1

    def _after_glue(self, place: int) -> Token | None:
        while (token := self._peek(place)) is not None:
            if token.kind != "word" or token.text not in self._words.glue:
                return token
            place += 1
        return None

    # -- laws -----------------------------------------------------------------------------------------

    def _law(self, place: int) -> int:
        token = self._tokens[place]
        assert token.entry is not None
        before = self._peek(place - 1)
        identified = token.entry.own or (
            before is not None and before.kind == "home" and token.start - before.end <= 4
        )
        item = self._add("L", token.start, token.end)
        keys, place = self._with_number(place + 1, token.entry.keys)
        if not keys:
            item.kind, item.lawlike = "U", True
            self._after_part = False
            return place
        year, place = self._year(place, keys)
        after = self._after_glue(place)
        if not identified and after is not None and after.kind == "home":
            identified = True
        item.law = Named(keys, identified, year)
        self._after_part = False
        return place

    def _with_number(self, place: int, keys: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
        """A name followed by an official number ("Cybercrime Law no. 17 of 2023"): which laws bear both?"""
        ahead = self._past_number_words(place)
        token = self._peek(ahead)
        worded = any(skipped.kind == "word" for skipped in self._tokens[place:ahead])
        if not worded or token is None or token.kind != "number":
            return keys, place
        year, after = self._year(ahead + 1, ())
        found = self._official_keys([component.text for component in token.components], year)
        both = tuple(key for key in keys if key in found)
        known = any(
            key in numbered.keys for key in keys for rows in self._numbered.values() for numbered in rows
        )
        return (both if both or known else keys), max(after, ahead + 1)

    def _year(self, place: int, keys: tuple[str, ...]) -> tuple[int | None, int]:
        """A year or a date straight after the name of a law, and where it ends."""
        start = place
        for _ in range(6):
            token = self._peek(place)
            if token is None:
                break
            if token.kind == "number":
                value = _plain(token.components)
                if value is not None and value in YEARS and not self._is_article(keys, value):
                    return value, place + 1
                after = self._peek(place + 1)
                if not (after is not None and after.kind == "word" and after.text in self._words.months):
                    break
            elif token.kind == "word":
                if token.text not in self._words.year_word and token.text not in self._words.months:
                    break
            elif not (token.kind == "mark" and token.text in ",()"):
                break
            place += 1
        return None, start

    def _is_article(self, keys: tuple[str, ...], value: int) -> bool:
        return any((key, str(value)) in self._articles for key in keys)

    def _law_word(self, place: int) -> int:
        """A word for "law": with a number behind it (perhaps far behind) it may be one of the state's."""
        token = self._tokens[place]
        ahead = self._past_number_words(place + 1)
        found = self._peek(ahead)
        if found is not None and found.kind == "number":
            return self._numbered_law(token.start, ahead)
        last = self._last("U")
        if last is not None and self._direct and self._cost < NEAR_COMMA:
            last.lawlike, last.end = True, token.end
        else:
            self._unknown(token, lawlike=True)
        self._after_part = False
        return place + 1

    def _past_number_words(self, place: int) -> int:
        """Over "no.", "raqam" and further words for law, up to the number."""
        while (token := self._peek(place)) is not None:
            known = token.text in self._words.number_word or token.text in self._words.law
            if not (known and token.kind in ("word", "part", "law")) and token.text not in (".", ":", "("):
                break
            place += 1
        return place

    def _official_keys(self, written: list[str], year: int | None) -> list[str]:
        """The laws of the state that have this official number."""
        keys: list[str] = []
        for candidate, of_year in _official(written, year):
            for numbered in self._numbered.get(candidate, ()):
                if of_year is None or numbered.year is None or numbered.year % 100 == of_year % 100:
                    keys.extend(key for key in numbered.keys if key not in keys)
        return keys

    def _numbered_law(self, start: int, place: int) -> int:
        """The law with the official number at `place`; a law of others where the state has none such."""
        token = self._tokens[place]
        written = [component.text for component in token.components]
        end, place = token.end, place + 1
        while (more := self._peek(place)) is not None and more.start == end:
            if more.kind == "mark" and more.text in ",;()'\"":
                break
            end, place = more.end, place + 1  # 100/2015/QH13, 386-ФЗ
        year, place = self._year(place, ())
        keys = self._official_keys(written, year)
        last = self._last("U")
        merges = last is not None and last.lawlike and self._cost < NEAR_COMMA
        if merges and last is not None:
            item = last
            item.end = end
        else:
            item = self._add("L", start, end)
        if keys:
            item.kind, item.law, item.lawlike = "L", Named(tuple(keys), False, None), True
        else:
            item.kind, item.lawlike = "U", True
        self._after_part = False
        return place

    # -- numbers --------------------------------------------------------------------------------------

    def _number(self, place: int) -> int:
        token = self._tokens[place]
        components = token.components
        if self._is_date(place):
            return self._skip_date(place)
        after = self._peek(place + 1)
        if after is not None and after.kind == "word" and after.text in ("sayili", "s", "say"):
            return self._after_law_words(self._numbered_law(token.start, place), place)
        if after is not None and after.kind == "article" and after.text == "s" and self._turkish(place):
            return self._after_law_words(self._numbered_law(token.start, place), place)
        last = self._last("U")
        before = self._peek(place - 1)
        if before is not None and before.text in ("(", "."):
            before = self._peek(place - 2)
        if (
            last is not None
            and last.lawlike
            and self._cost < NEAR_COMMA
            and before is not None
            and before.kind == "word"
            and before.text in self._words.number_word
        ):
            return self._numbered_law(token.start, place)  # "... law on X no. 175 of 2018"
        if self._law_and_article(components):  # 2911/28
            item = self._add("L", token.start, token.start)
            found = self._numbered[components[0].text]
            item.law, item.lawlike = Named(tuple(k for n in found for k in n.keys), False, None), True
            components = (Component("", components[1].text), *components[2:])
        if self._after_part or self._postfix_part(place):
            self._part(place)
            return place + 1
        if self._chapter(place):
            place += 2 if self._tokens[place + 2].kind == "number" else 3
            following = self._tokens[place]
            components = (
                *components,
                Component(":", following.components[0].text),
                *following.components[1:],
            )
            token = self._tokens[place]
        after = self._peek(place + 1)
        if after is not None and after.text == ".":
            after = self._peek(place + 2)
        announced = bool(self._art_word) or (after is not None and after.kind == "article")
        self._group(place, components)
        if announced or any(not component.text.isdigit() for component in components):
            self._items[-1].announced = True
        return place + 1

    def _law_and_article(self, components: tuple[Component, ...]) -> bool:
        return (
            not self._art_word
            and len(components) > 1
            and components[1].mark == "/"
            and int(components[0].text) >= LOWEST_BARE_LAW
            and components[0].text in self._numbered
        )

    def _turkish(self, place: int) -> bool:
        law = self._peek(place + 2)
        if law is not None and law.kind == "mark":
            law = self._peek(place + 3)
        return law is not None and (law.kind == "law" or law.text in self._words.law)

    def _after_law_words(self, place: int, number: int) -> int:
        place = max(place, number + 1)
        while (token := self._peek(place)) is not None:
            is_word = token.kind in ("word", "article") and (
                token.text in ("sayili", "s", "say") or token.text in self._words.law
            )
            if not (is_word or (token.kind == "mark" and token.text == ".")):
                break
            place += 1
        following = self._peek(place)
        if following is not None and following.kind == "mark" and following.text == "'":
            place += 2
        return place

    def _group(self, place: int, components: tuple[Component, ...]) -> None:
        token = self._tokens[place]
        parts = tuple(self._waiting)
        self._waiting = []
        group = self._last("G")
        if group is None or self._cost >= FAR:
            start = self._begins if parts and self._begins is not None else self._group_start(place)
            group = self._add("G", start, token.end)
        number = Number(components, parts, token.start, token.end, None)
        dash = self._original[group.end : token.start].strip() if group.numbers else ""
        if group.numbers and dash in ("-", "–", "—", "to", "through", "al", "à"):
            first = group.numbers[-1]
            group.numbers[-1] = first._replace(until=components, end=token.end)
        else:
            group.numbers.append(number)
        group.end = token.end
        self._cost = 0
        self._direct = True
        self._after_part = False

    def _group_start(self, place: int) -> int:
        """Where the group begins: at its word for article or paragraph, where that stands before it."""
        start = self._tokens[place].start
        while (before := self._peek(place - 1)) is not None:
            if before.kind not in ("article", "part") and before.text != ".":
                break
            start, place = before.start, place - 1
        return start

    def _part(self, place: int) -> None:
        """A paragraph number: of the article before it, or of the one that follows."""
        token = self._tokens[place]
        chain = tuple(component.text for component in token.components)
        if token.text.isdigit() or chain:
            group = self._last("G")
            if group is not None and group.numbers and not self._article_follows(place + 1):
                last = group.numbers[-1]
                group.numbers[-1] = last._replace(parts=(*last.parts, chain), end=token.end)
                group.end = token.end
            else:
                if not self._waiting:
                    self._begins = self._group_start(place)
                self._waiting.append(chain)
        following = self._peek(place + 1)
        self._after_part = (
            following is not None
            and following.kind == "mark"
            and following.text == ","
            and bool(self._waiting)
        )

    def _postfix_part(self, place: int) -> bool:
        """2. fıkra, 1 dalis: the word for paragraph follows its number."""
        if self._last("G") is None:
            return False
        ahead = place + 1
        following = self._peek(ahead)
        if following is not None and following.kind == "mark" and following.text == ".":
            ahead += 1
            following = self._peek(ahead)
        if following is None or following.kind != "part":
            return False
        after = self._peek(ahead + 1)
        if after is not None and after.kind == "mark" and after.text == ".":
            after = self._peek(ahead + 2)
        return after is None or after.kind != "number"

    def _article_follows(self, place: int) -> bool:
        """Does the word for article come next (ч. 2 ст. 207.3), over commas, parts and small words?"""
        while (token := self._peek(place)) is not None:
            if token.kind == "article":
                after = self._peek(place + 1)
                return token.text != "§" or (after is not None and after.kind == "number")
            small = token.kind == "word" and (
                token.text in self._words.glue
                or token.text in self._words.conjunction
                or token.text in LETTERS
            )
            if not (
                small or token.kind in ("part", "number") or (token.kind == "mark" and token.text != ";")
            ):
                return False
            place += 1
        return False

    def _chapter(self, place: int) -> bool:
        middle, last = self._peek(place + 1), self._peek(place + 2)
        if last is not None and last.text == ".":
            last = self._peek(place + 3)
        return (
            middle is not None
            and last is not None
            and last.kind == "number"
            and middle.kind in ("word", "article")
            and middle.text in self._words.chapter
        )

    def _is_date(self, place: int) -> bool:
        components = self._tokens[place].components
        marks = {component.mark for component in components[1:]}
        if len(components) == 3 and len(marks) == 1 and marks <= {".", "/", "-"}:
            for text in (components[0].text, components[2].text):
                if len(text) == 4 and text.isdigit() and int(text) in YEARS:
                    return True
        after = self._peek(place + 1)
        if after is not None and after.kind == "mark" and after.text == ".":
            after = self._peek(place + 2)
        return after is not None and after.kind == "word" and after.text in self._words.months

    def _skip_date(self, place: int) -> int:
        if len(self._tokens[place].components) == 3:
            return place + 1
        while (token := self._peek(place)) is not None:
            if token.kind == "number" and _plain(token.components) in YEARS:
                return place + 1
            if (
                token.kind == "number"
                or (token.kind == "mark" and token.text == ".")
                or (token.kind == "word" and token.text in self._words.months | self._words.year_word)
            ):
                place += 1
            else:
                break
        return place

    # -- binding --------------------------------------------------------------------------------------

    def _bound(self) -> Reading:
        items = self._items
        cited: list[Cited] = []
        used: set[int] = set()
        law_first = next((item.kind for item in items if item.kind in "GL"), "G") == "L"
        for place, item in enumerate(items):
            if item.kind != "G":
                continue
            at = self._law_of(place, law_first)
            law: Named | None = None
            start, end = item.start, item.end
            if at is not None:
                used.add(at)
                law = items[at].law if items[at].kind == "L" else None
                law = law or Named((), False, None)
                start, end = min(start, items[at].start), max(end, items[at].end)
            elif self._beside_unknown(place):
                law = Named((), False, None)
            cited.append(Cited(tuple(item.numbers), law, start, end, item.announced))
        alone = tuple(
            (item.law, item.start, item.end)
            for place, item in enumerate(items)
            if item.kind == "L" and item.law is not None and place not in used
        )
        clean = not any(item.kind == "U" for item in items)
        return Reading(tuple(cited), alone, tuple(self._phrases), clean)

    def _law_of(self, place: int, law_first: bool) -> int | None:
        """The law bound most tightly to the group at `place`; known laws win a tie, then the habit."""
        best: tuple[int, int, int] | None = None
        chosen: int | None = None
        for step in (1, -1):
            cost, at = 0, place
            for _ in range(FARTHEST):
                cost += self._items[at].cost if step < 0 else 0
                at += step
                if not 0 <= at < len(self._items):
                    break
                other = self._items[at]
                cost += other.cost if step > 0 else 0
                if other.kind == "G" or cost >= FAR:
                    break
                if other.kind == "L" or other.lawlike:
                    habit = 0 if (step < 0) == law_first else 1
                    rank = (cost, 0 if other.kind == "L" else 1, habit)
                    if best is None or rank < best:
                        best, chosen = rank, at
                    break
                cost += 1
        return chosen

    def _beside_unknown(self, place: int) -> bool:
        for at in (place - 1, place + 1):
            if 0 <= at < len(self._items) and self._items[at].kind == "U":
                return True
        return False


def _plain(components: tuple[Component, ...]) -> int | None:
    return int(components[0].text) if len(components) == 1 else None


def _abbreviated(shown: str) -> bool:
    """НК, StPO, k.p.k.: a short name, as laws are cited."""
    capitals = sum(char.isupper() for char in shown)
    return (
        capitals >= 2
        or (1 < len(shown) <= LONGEST_SHORT_NAME and shown[0].isupper())
        or shown.count(".") >= 2
    )


def _all_capitals(shown: str) -> bool:
    return shown.isupper()


def _official(written: list[str], year: int | None) -> Iterator[tuple[str, int | None]]:
    """The ways to read an official number: 175/2018, 2008-11, 21.459, 31 of 1970."""
    digits = [text for text in written if text.isdigit()]
    if not digits:
        return
    yield ".".join(written), year
    if len(digits) >= 2:
        first, second = digits[0], digits[1]
        yield first, int(second)
        if int(first) in YEARS:
            yield second, int(first)
        yield first + second.rjust(3, "0"), year  # 21.459: a point between thousands
        if len(digits) >= 3:
            yield first + second.rjust(3, "0"), int(digits[2])  # 8.069/1990
    else:
        yield digits[0], year

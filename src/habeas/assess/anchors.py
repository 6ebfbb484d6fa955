"""Which words must stand in a sentence before a phrase can match there at all.

A phrase of the phrase book is a regular expression, and running hundreds of them over every sentence
is slow. Each is therefore read once, and every piece of text that a match cannot do without is written
down, folded as `habeas.assess.text` folds. The result is a list of ways in which it can match, each a list of
groups: every match is of one of these ways and contains, in its folded sentence, at least one string of each
of its groups. One search for all strings at once then names the few phrases worth trying.

Decided here: what a match must contain. Left to others: whether it matches (`habeas.assess.phrasebook`).
The notation is the one of the packaged phrase files and no more: letters, classes, `(?:a|b)`, look-around,
`* + ? {m,n}`, escapes and the one-character pieces of the file. Anything else is refused, never guessed:
a wrong guess would silence a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from habeas.assess.text import fold_letter
from habeas.errors import Refused

Group = frozenset[str]
Way = tuple[Group, ...]

_MOST_WAYS = 24  # of one expression; more are told as one with a single group
_WIDEST = 24  # strings in one group; wider ones are cut apart, because each string is one more to look for
_WEIGHTY = 3.0  # letters below which a string stands in nearly every sentence and helps nobody
_IDEOGRAPH = 2.0  # one Chinese character says about as much as two letters
_ESCAPES = {"n": "\n", "t": "\t", "s": " "}
_COUNTS = re.compile(r"(\d+),?(\d*)\}\??")
_CODE = re.compile("[0-9a-fA-F]{4}")
_SHOWN = 12  # characters of an expression shown in a refusal
_NEVER_THERE = frozenset("\u200b\u2060\ufeff\u00ad\u0640")  # taken out before a phrase is tried


class Needs(NamedTuple):
    """What one part of an expression requires.

    exact: all folded strings the part can be, or None where they are too many to say.
    ways: any match of the part is of one of these, and contains a string of each group of it.
    """

    exact: Group | None
    ways: tuple[Way, ...] = ((),)


_NOTHING = Needs(frozenset({""}))
_ANYTHING = Needs(None)


def needed(regex: str, pieces: Mapping[str, Needs]) -> tuple[Way, ...]:
    """The ways of `regex`, in each the heaviest group first; empty where a match may consist of anything.

    pieces: what each one-character piece of the file requires. Raises Refused for a notation that is not
    understood.
    """
    needs = _Reader(regex, pieces).whole()
    ways = [_useful(way) for way in (needs.ways if needs.exact is None else ((needs.exact,),))]
    return () if () in ways else tuple(dict.fromkeys(ways))


def _useful(way: Way) -> Way:
    groups = [_trimmed(group) for group in way]
    groups.sort(key=lambda group: (-_weight(group), len(group), sorted(group)))
    useful = tuple(group for group in groups if _weight(group) >= _WEIGHTY)
    return useful or tuple(group for group in groups[:1] if _weight(group) > 0)


def piece(expression: str) -> Needs:
    """What the expression behind a one-character piece requires. Raises Refused as `needed` does."""
    return _Reader(expression, {}).whole()


def _trimmed(group: AbstractSet[str]) -> Group:
    """Without outer blanks (they may lie beyond the sentence) and strings that hold a shorter one."""
    bare = sorted({string.strip(" ") for string in group}, key=lambda string: (len(string), string))
    kept: list[str] = []
    for string in bare:
        if not any(shorter in string for shorter in kept):
            kept.append(string)
    return frozenset(kept)


def _weight(group: AbstractSet[str]) -> float:
    return min((sum(_IDEOGRAPH if "\u3400" <= c <= "\u9fff" else 1.0 for c in s) for s in group), default=0.0)


def _weight_and_size(group: AbstractSet[str]) -> tuple[float, int]:
    return _weight(_trimmed(group)), -len(group)


def _join(left: Group, right: Group) -> Group:
    """All strings of one followed by one of the other; two blanks meet in one, as in the folded text."""
    return frozenset(a + (b[1:] if a.endswith(" ") and b.startswith(" ") else b) for a in left for b in right)


def _sequence(parts: list[Needs]) -> Needs:
    run: Group = frozenset({""})
    ways: tuple[Way, ...] = ((),)
    whole = True
    for part in parts:
        if part.exact is not None and len(run) * len(part.exact) <= _WIDEST:
            run = _join(run, part.exact)
            continue
        whole = False
        ways = _both(_both(ways, (_telling(run),)), part.ways)
        run = frozenset({""}) if part.exact is None else part.exact
    return Needs(run) if whole else Needs(None, _both(ways, (_telling(run),)))


def _telling(group: Group) -> Way:
    """The group, where it says anything."""
    return (group,) if _weight(_trimmed(group)) > 0 else ()


def _both(left: tuple[Way, ...], right: tuple[Way, ...]) -> tuple[Way, ...]:
    """The ways of one part followed by another."""
    if len(left) * len(right) > _MOST_WAYS:
        right = _one_way(right)
    return tuple((*first, *then) for first in left for then in right)


def _one_way(ways: tuple[Way, ...]) -> tuple[Way, ...]:
    """What all have in common: one group with the heaviest of each."""
    if () in ways:
        return ((),)
    return ((frozenset().union(*(max(way, key=_weight_and_size) for way in ways)),),)


def _either(branches: list[Needs]) -> Needs:
    if len(branches) == 1:
        return branches[0]
    exact = [branch.exact for branch in branches if branch.exact is not None]
    if len(exact) == len(branches):
        return Needs(frozenset().union(*exact))
    ways = [_telling(group) for group in exact]
    ways += [way for branch in branches if branch.exact is None for way in branch.ways]
    if () in ways:
        return _ANYTHING
    # Where one string is enough it does not matter which.
    alone = frozenset().union(*(way[0] for way in ways if len(way) == 1))
    found = (*([(alone,)] if alone else ()), *(way for way in ways if len(way) > 1))
    return Needs(None, found if len(found) <= _MOST_WAYS else _one_way(found))


def _repeated(part: Needs, at_least: int, at_most_one: bool) -> Needs:
    if part.exact is not None and (at_most_one or part.exact <= {"", " "}):
        return part if at_least else Needs(part.exact | {""})
    if not at_least:
        return _ANYTHING
    return part if part.exact is None else Needs(None, (_telling(part.exact),))


class _Reader:
    """Recursive descent over one expression."""

    def __init__(self, regex: str, pieces: Mapping[str, Needs]) -> None:
        self._regex = regex
        self._pieces = pieces
        self._at = 0

    def whole(self) -> Needs:
        needs = self._alternatives()
        if self._at < len(self._regex):
            raise self._lost()
        return needs

    def _lost(self) -> Refused:
        return Refused(
            "this regular expression is not understood",
            place=f"character {self._at + 1}, before {self._regex[self._at : self._at + _SHOWN]!r}",
            hint="use letters, classes, (?:a|b), look-around, * + ? {m,n}, escapes and the file's pieces",
        )

    def _take(self, expected: str) -> bool:
        if self._regex.startswith(expected, self._at):
            self._at += len(expected)
            return True
        return False

    def _next(self) -> str:
        if self._at >= len(self._regex):
            raise self._lost()
        self._at += 1
        return self._regex[self._at - 1]

    def _alternatives(self) -> Needs:
        branches = [self._branch()]
        while self._take("|"):
            branches.append(self._branch())
        return _either(branches)

    def _branch(self) -> Needs:
        parts = []
        while self._at < len(self._regex) and self._regex[self._at] not in "|)":
            parts.append(self._times(self._atom()))
        return _sequence(parts)

    def _times(self, part: Needs) -> Needs:
        if self._take("?"):
            return _repeated(part, 0, at_most_one=True)
        if self._take("*"):
            return _repeated(part, 0, at_most_one=False)
        if self._take("+"):
            return _repeated(part, 1, at_most_one=False)
        if self._take("{"):
            counts = _COUNTS.match(self._regex, self._at)
            if counts is None:
                raise self._lost()
            self._at = counts.end()
            return _repeated(part, int(counts.group(1)), at_most_one=counts.group(2) == "1")
        return part

    def _atom(self) -> Needs:
        if self._take("(?:"):
            return self._closed(self._alternatives())
        for look in ("(?<!", "(?!", "(?<=", "(?="):
            if self._take(look):
                self._closed(self._alternatives())
                return _NOTHING
        if self._take("["):
            return self._class()
        if self._regex[self._at] in "(){}*+?^$.]":
            raise self._lost()
        char = self._next()
        if char in self._pieces:
            return self._pieces[char]
        if char == "\\":
            letter = self._escape()
            return _ANYTHING if letter is None else Needs(frozenset({fold_letter(letter)}))
        return Needs(frozenset({fold_letter(char)}))

    def _closed(self, needs: Needs) -> Needs:
        if not self._take(")"):
            raise self._lost()
        return needs

    def _escape(self) -> str | None:
        """The character after a backslash; None for a kind of characters (a digit, a word character)."""
        char = self._next()
        if char == "u":
            code = _CODE.match(self._regex, self._at)
            if code is None:
                raise self._lost()
            self._at = code.end()
            return chr(int(code.group(), 16))
        if char in "dwWDS":
            return None
        if char.isalnum() and char not in _ESCAPES:
            raise self._lost()
        return _ESCAPES.get(char, char)

    def _class(self) -> Needs:
        if self._take("^"):
            self._class()
            return _ANYTHING
        letters: set[str] = set()
        known = True
        while not self._take("]"):
            first = self._member()
            if first is not None and self._take_range():
                last = self._member()
                span = range(ord(first), ord(last) + 1) if last else range(0)
                known = known and 0 < len(span) <= _WIDEST
                letters.update(map(chr, span[:_WIDEST]))
            elif first is None:
                known = False
            else:
                letters.add(first)
        folded = frozenset(fold_letter(letter) for letter in letters - _NEVER_THERE)
        return Needs(folded) if known and folded and len(folded) <= _WIDEST else _ANYTHING

    def _take_range(self) -> bool:
        return not self._regex.startswith("-]", self._at) and self._take("-")

    def _member(self) -> str | None:
        char = self._next()
        return self._escape() if char == "\\" else char

"""Finds the provisions of one state that a citation names.

Decides when a citation and a provision are the same: by state, law, edition where a year is given, and
number together. A number alone counts only where the citation names no law at all, nothing in it was left
unread, and one law of the state alone has that number; the match then says so. Article 112 of another law
is not article 112 of the criminal code. Leaves to `citation` how the words hang together, to the model
whether the provision stood on the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import msgspec

from habeas.atlas.binding import read
from habeas.atlas.folding import fold, positions
from habeas.atlas.latin import Latin
from habeas.atlas.model import Law, Provision
from habeas.atlas.tokens import Cited, Component, Entry, Named, Names, Number, Numbered, number_at
from habeas.atlas.words import vocabulary

WIDEST_RANGE = 150  # articles; a wider range in the atlas is a mistake
WINDOW = 160  # characters of running text read around the name of a law
LONGEST_CITATION = 2000  # characters; what is longer is a text, and is read as one
WHOLE = "*"
_RANGE = re.compile(r"(?:(?P<head>.+)[.\-:])?(?P<low>\d+)\.\.(?P<high>\d+)")


class By(StrEnum):
    """What the match rests on."""

    LAW_AND_NUMBER = "law-and-number"
    NUMBER = "number"
    LAW = "law"
    NAME = "name"


class Strength(StrEnum):
    """How far citation and provision agree, the closest first."""

    EXACT = "exact"  # law and article agree, and the paragraph where both name one
    ARTICLE = "article"  # law and article agree; only one of the two names a paragraph, or one is a range
    EDITION_UNSAID = (
        "edition-unsaid"  # several editions or laws bear the name, the citation does not say which
    )
    NUMBER_ONLY = "number-only"  # no law named, and one law alone has the number
    LAW_ONLY = "law-only"  # the law is named, its provision covers the whole of it
    NAME_ONLY = "name-only"  # the citation gives the usual name of the offence and no number


_ORDER = {strength: place for place, strength in enumerate(Strength)}


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A provision found in a citation.

    citation: the words read, span: where they stand in the citation (or text) as given. where: the place
    of the citation among those given, -1 for the running text. in_force: did it stand on the day asked
    about? None where not known. status: in words ("repealed 2022").
    """

    provision: Provision
    citation: str
    span: tuple[int, int]
    by: By
    strength: Strength
    where: int
    in_force: bool | None
    status: str


class _Place(NamedTuple):
    """Where a provision sits under one article of a law: the paragraph, "" for the whole article."""

    provision: int
    parts: tuple[str, ...]
    ranged: bool


class _Hit(NamedTuple):
    provision: int
    start: int
    end: int
    by: By
    strength: Strength


class Finder:
    """The index of one state. Built once; `find` reads citations against it."""

    def __init__(
        self,
        laws: Sequence[Law],
        provisions: Sequence[Provision],
        *,
        home: Iterable[str] = (),
        abroad: Iterable[str] = (),
    ) -> None:
        self._provisions = tuple(provisions)
        self._laws = {law.key: law for law in laws}
        aliases = (alias for provision in provisions for alias in provision.aliases)
        abroad = tuple(abroad)
        self._latin = Latin(laws, aliases, map(fold, abroad))
        self._places: dict[tuple[str, str], list[_Place]] = {}
        self._whole: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}  # cited by the name of their law alone
        entries, numbered = _names(laws, home, abroad)
        for place, provision in enumerate(provisions):
            for number in provision.numbers:
                self._put(place, provision.law.key, number)
        articles = {(key, article) for key, article in self._places if article.isdigit()}
        self._names = Names(entries, numbered, articles)
        self._put_aliases(entries)
        self._names = Names(entries, numbered, articles)

    # -- building -------------------------------------------------------------------------------------

    def _put(self, place: int, law: str, number: str) -> None:
        if ":" in number and number.partition(":")[0] in self._laws:
            law, _, number = number.partition(":")
        if number == WHOLE:
            self._whole.setdefault(law, []).append(place)
            return
        for article, parts, ranged in spelled(number):
            self._add(law, article, _Place(place, parts, ranged))

    def _add(self, law: str, article: str, place: _Place) -> None:
        places = self._places.setdefault((law, article), [])
        if place not in places:
            places.append(place)

    def _put_aliases(self, entries: dict[str, Entry]) -> None:
        """Aliases that are citations add a number, unless it is another provision's; the rest are names."""
        phrases: dict[str, list[str]] = {}
        own = {
            key
            for provision in self._provisions
            for number in provision.numbers
            if number != WHOLE and ":" not in number
            for key in ((provision.law.key, article) for article, _, _ in spelled(number))
        }
        for place, provision in enumerate(self._provisions):
            for alias in provision.aliases:
                folded = fold(alias)
                reading = read(folded, _capitals(alias, folded), self._names)
                if not reading.cited:
                    if any(provision.law.key in named.keys for named, _, _ in reading.alone):
                        self._by_name.setdefault(provision.law.key, []).append(place)
                    phrases.setdefault(folded, []).append(str(place))
                    continue
                for cited in reading.cited:
                    own_law = provision.law.key
                    named = cited.law.keys if cited.law is not None else ()
                    keys = (own_law,) if cited.law is None or own_law in named else named
                    for number in cited.numbers:
                        for key in keys:
                            self._alias_number(place, key, number, own, provision)
        for phrase, places in phrases.items():
            if phrase not in entries and len(phrase) > 2:
                entries[phrase] = Entry("phrase", tuple(places))

    def _alias_number(
        self, place: int, key: str, number: Number, own: set[tuple[str, str]], provision: Provision
    ) -> None:
        for article, rest in self._readings(self._laws[key], number.components):
            parts = number.parts[0] if number.parts else rest
            if key == provision.law.key and (key, article) in own:
                there = self._places.get((key, article), ())
                mine = any(found.provision == place for found in there)
                free = parts and all(found.parts and not _same(found.parts, parts) for found in there)
                if mine or free:
                    self._add(key, article, _Place(place, parts, False))
                return
            if not rest:
                self._add(key, article, _Place(place, parts, False))
                return

    # -- reading --------------------------------------------------------------------------------------

    def _readings(self, law: Law, components: tuple[Component, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The ways to divide a number into article and paragraphs by the habits of a law, longest first."""
        if components[-1].mark == " a":
            yield from self._split(law, components)
            components = components[:-1]
        yield from self._split(law, components)

    def _split(self, law: Law, components: tuple[Component, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
        for at in range(len(components), 0, -1):
            inside = all(_joins(component, law) for component in components[1:at])
            outside = at == len(components) or _parts(components[at], law)
            if inside and outside:
                yield ".".join(c.text for c in components[:at]), tuple(c.text for c in components[at:])

    def _look(self, key: str, number: Number) -> list[tuple[_Place, Strength]]:
        law = self._laws[key]
        if number.until is not None or _range(number.components):
            found = self._look_range(law, number)
            if found:
                return found
        for article, rest in self._readings(law, number.components):
            places = self._places.get((key, article))
            if places:
                asked = [part for part in number.parts if part] or ([rest] if rest else [])
                if rest and number.parts:
                    asked = [(*rest, *part) for part in number.parts]
                return _agree(places, asked)
        return []

    def _look_range(self, law: Law, number: Number) -> list[tuple[_Place, Strength]]:
        first = number.components[0].text
        if number.until is not None:
            last = number.until[0].text
        elif any(
            self._places.get((law.key, article))
            for article, rest in self._split(law, number.components)
            if not rest
        ):
            return []  # 421-2 is an article here, not a range
        else:
            last = number.components[1].text
        if not (first.isdigit() and last.isdigit()):
            return []
        low, high = int(first), int(last)
        if not low <= high <= low + WIDEST_RANGE:
            return []
        found: dict[int, _Place] = {}
        for (key, article), places in self._places.items():
            base = article.partition(".")[0]
            if key == law.key and base.isdigit() and low <= int(base) <= high:
                for place in places:
                    found.setdefault(place.provision, place)
        return [(place, Strength.ARTICLE) for place in found.values()]

    def _hits(self, folded: str, original: str, *, running: bool, identified: bool) -> Iterator[_Hit]:
        reading = read(folded, original, self._names)
        for cited in reading.cited:
            if cited.law is None:
                if cited.announced and reading.clean and not (running or identified):
                    yield from self._by_number(cited)
            elif cited.law.keys and (cited.law.identified or not identified):
                yield from self._by_law(cited, cited.law)
        if reading.cited or running:
            return
        for named, start, end in reading.alone:
            if named.identified or not identified:
                for key in self._edition(named):
                    for place in (*self._whole.get(key, ()), *self._by_name.get(key, ())):
                        yield _Hit(place, start, end, By.LAW, Strength.LAW_ONLY)
        if not identified:
            for keys, start, end in reading.phrases:
                for key in keys:
                    yield _Hit(int(key), start, end, By.NAME, Strength.NAME_ONLY)

    def _by_number(self, cited: Cited) -> Iterator[_Hit]:
        for number in cited.numbers:
            found = [places for key in self._laws if (places := self._look(key, number))]
            if len({frozenset(place.provision for place, _ in places) for places in found}) == 1:
                for place, _ in found[0]:
                    yield _Hit(place.provision, number.start, number.end, By.NUMBER, Strength.NUMBER_ONLY)

    def _edition(self, named: Named) -> tuple[str, ...]:
        """The laws of that name which have the year named, all of them where none is named."""
        if named.year is None:
            return named.keys
        years = {key: self._laws[key].years for key in named.keys}
        return tuple(key for key in named.keys if not years[key] or named.year in years[key])

    def _by_law(self, cited: Cited, named: Named) -> Iterator[_Hit]:
        edition = self._edition(named)
        for number in cited.numbers:
            first = number.components[0].text
            keys = [key for key in edition if not first.isdigit() or self._laws[key].can_have(int(first))]
            start, end = min(cited.start, number.start), max(cited.end, number.end)
            for key in keys:
                found = self._look(key, number)
                for place, strength in found:
                    unsaid = len(keys) > 1 and named.year is None
                    yield _Hit(
                        place.provision,
                        start,
                        end,
                        By.LAW_AND_NUMBER,
                        Strength.EDITION_UNSAID if unsaid else strength,
                    )
                if not found:
                    for whole in self._whole.get(key, ()):
                        yield _Hit(whole, start, end, By.LAW, Strength.LAW_ONLY)

    # -- the door -------------------------------------------------------------------------------------

    def find(
        self, citations: Sequence[str], text: str, on: date | None, *, identified: bool = False
    ) -> tuple[Match, ...]:
        """Matches in the order of the citations, the closest first; each provision once per citation."""
        matches: list[Match] = []
        for where, citation in enumerate(citations):
            running = len(citation) > LONGEST_CITATION
            matches.extend(self._matches(citation, where, on, running=running, identified=identified))
        if text:
            seen = {match.provision.id for match in matches}
            for match in self._matches(text, -1, on, running=True, identified=identified):
                if match.provision.id not in seen:
                    matches.append(match)
        return tuple(matches)

    def _matches(
        self, citation: str, where: int, on: date | None, *, running: bool, identified: bool
    ) -> list[Match]:
        native = self._latin.native(citation)
        if native is not None:
            found = self._read(native.text, where, on, running=running, identified=identified)
            if found:
                places = native.places
                spans = [(places[match.span[0]], places[match.span[1]]) for match in found]
                return [
                    msgspec.structs.replace(match, citation=citation[start:end], span=(start, end))
                    for match, (start, end) in zip(found, spans, strict=True)
                ]
        return self._read(citation, where, on, running=running, identified=identified)

    def _read(
        self, citation: str, where: int, on: date | None, *, running: bool, identified: bool
    ) -> list[Match]:
        folded = fold(citation)
        if not running:
            hits = self._hits(folded, _capitals(citation, folded), running=False, identified=identified)
        else:
            hits = self._running(citation, folded, identified)
        best: dict[int, _Hit] = {}
        for hit in hits:
            known = best.get(hit.provision)
            if known is None or _ORDER[hit.strength] < _ORDER[known.strength]:
                best[hit.provision] = hit
        if not best:
            return []
        places = positions(citation)
        matches = []
        for hit in sorted(best.values(), key=lambda hit: (_ORDER[hit.strength], hit.start, hit.provision)):
            start, end = (hit.start, hit.end) if places is None else (places[hit.start], places[hit.end])
            provision = self._provisions[hit.provision]
            matches.append(
                Match(
                    provision=provision,
                    citation=citation[start:end],
                    span=(start, end),
                    by=hit.by,
                    strength=hit.strength,
                    where=where,
                    in_force=provision.in_force(on),
                    status=provision.status,
                )
            )
        return matches

    def _running(self, citation: str, folded: str, identified: bool) -> Iterator[_Hit]:
        """Citations in running text: only what stands around the name of a law is read."""
        original = _capitals(citation, folded)
        edge = 0
        for start, end, entry in self._names.hits(folded):
            if entry.kind != "law" or start < edge:
                continue
            low, high = max(edge, start - WINDOW), min(len(folded), end + WINDOW)
            low = max(low, *(folded.rfind(stop, low, start) + 1 for stop in ("\n\n", ". \n", ";")))
            for hit in self._hits(folded[low:high], original[low:high], running=True, identified=identified):
                yield hit._replace(start=hit.start + low, end=hit.end + low)
            edge = high


def _capitals(citation: str, folded: str) -> str:
    """The citation as written, cut to the length of its folded form so that places agree."""
    places = positions(citation)
    if places is None:
        return citation
    return "".join(citation[place] for place in places[:-1])


def _joins(component: Component, law: Law) -> bool:
    """Can this piece belong to the number of the article (295-C, 207.3, 87 bis)?"""
    mark = component.mark
    if mark == "(":
        return "(" in law.article_marks
    return True


def _parts(component: Component, law: Law) -> bool:
    """Can this piece be a paragraph of the article (314/2, (2), and by habit of some laws 490.3)?"""
    mark = component.mark
    return mark == "(" or mark in ("/", "/a") or (mark != "" and mark[0] in law.paragraph_marks)


def _range(components: tuple[Component, ...]) -> bool:
    """Can this be a range (280-282.4)? The end is the larger number; 421-2 is an article."""
    return (
        len(components) > 1
        and components[1].mark == "-"
        and components[0].text.isdigit()
        and components[1].text.isdigit()
        and int(components[0].text) < int(components[1].text)
    )


def _agree(places: list[_Place], asked: list[tuple[str, ...]]) -> list[tuple[_Place, Strength]]:
    """Which provisions under the article the paragraphs asked for mean."""
    exact: list[tuple[_Place, Strength]] = []
    wide: list[tuple[_Place, Strength]] = []
    for place in places:
        if place.ranged:
            wide.append((place, Strength.ARTICLE))
        elif not asked:
            strength = Strength.ARTICLE if place.parts else Strength.EXACT
            (wide if place.parts else exact).append((place, strength))
        elif not place.parts:
            wide.append((place, Strength.ARTICLE))
        elif any(_same(place.parts, part) for part in asked):
            exact.append((place, Strength.EXACT))
    if not asked:
        return exact + wide
    stated = {place.provision for place in places if place.parts}
    if exact:
        return exact + [found for found in wide if found[0].provision not in stated]
    return wide


def _same(mine: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    return all(a == b for a, b in zip(mine, asked, strict=False))


def spelled(number: str) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """("282.2", ("2",), False) for "282.2(2)"; every article of a range "20..23". Raises ValueError."""
    spread = _RANGE.fullmatch(number)
    if spread is not None:
        head, low, high = spread["head"], int(spread["low"]), int(spread["high"])
        if not low < high <= low + WIDEST_RANGE:
            raise ValueError(number)
        stem = "".join(article + "." for article, _, _ in spelled(head)) if head else ""
        for value in range(low, high + 1):
            yield f"{stem}{value}", (), True
        return
    folded = fold(number)
    if not folded[:1].isdigit():
        raise ValueError(number)
    components, end = number_at(folded, 0, len(folded))
    if end != len(folded):
        raise ValueError(number)
    article = ".".join(c.text for c in components if c.mark != "(")
    yield article, tuple(c.text for c in components if c.mark == "("), False


def _names(
    laws: Sequence[Law], home: Iterable[str], abroad: Iterable[str]
) -> tuple[dict[str, Entry], dict[str, tuple[Numbered, ...]]]:
    words = vocabulary()
    entries: dict[str, Entry] = {fold(name): Entry("abroad") for name in abroad}
    entries |= {fold(name): Entry("home") for name in home}
    entries |= {name: Entry("other") for name in words.other_law}
    main = tuple(law.key for law in laws if law.main)
    if main:
        entries |= {name: Entry("law", main, False, True) for name in words.main_code}
    named: dict[str, list[tuple[str, bool, bool]]] = {}
    for law in laws:
        for own, names in ((False, (law.name, *law.names)), (True, law.own_names)):
            for name in names:
                for form in forms(fold(name)):
                    named.setdefault(form, []).append((law.key, own, law.main))
    for name, found in named.items():
        keys = tuple(dict.fromkeys(key for key, _, _ in found))
        general = entries.get(name)
        if general is not None and general.kind == "law":
            keys = tuple(dict.fromkeys((*keys, *general.keys)))
        entries[name] = Entry("law", keys, any(own for _, own, _ in found), all(m for _, _, m in found))
    numbered: dict[str, list[Numbered]] = {}
    for law in laws:
        for number in law.numbers:
            bare, _, year = fold(number).partition("/")
            bare = bare.replace("-", ".") if not bare.isdigit() else bare.lstrip("0")
            numbered.setdefault(bare, []).append(Numbered((law.key,), int(year) if year.isdigit() else None))
    return entries, {number: tuple(found) for number, found in numbered.items()}


def forms(name: str) -> Iterator[str]:
    """A name, and for an abbreviation also its form with points (ppc, p.p.c.)."""
    yield name
    if name.isascii() and name.isalpha() and 2 <= len(name) <= 4:
        yield ".".join(name)
        yield ".".join(name) + "."

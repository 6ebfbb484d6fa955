"""The words of the request with the signs in them, and the findings that point into those words.

Signs get their numbers in the order in which a reader meets them. A quotation is marked only where exactly
those words stand; a place that does not hold them gets no mark, because a mark elsewhere would be a false
quotation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from habeas.assess import Assessment, Finding, Outcome
from habeas.assess.facts import texts
from habeas.assess.finding import Cited, FactSource, Sign
from habeas.assess.weighing import RECKONED
from habeas.reports import words
from habeas.reports.brief import Article, Fact, Missing, Passage, Point, SignLine, Source
from habeas.reports.foreign import direction, harmless, language_tag, one_line, theirs
from habeas.reports.marks import Mark, Run, bearing, blocks, fitting, runs
from habeas.request import Request

HARM = "harm"  # the kind of mark under words that describe a real crime
_HARM_FACT = "real_harm_shown"
_PROVISION_FACT = "protected_provision"
_STATEMENT = "facts"  # the path of the statement of facts; earlier versions begin with it too


# The instrument relied on has no such line: the Convention is cited to measure by, and binds nobody here.
_YARDSTICK = "as a yardstick, the UN Convention:"


class Reading:
    """The request's texts with numbered signs, and the findings that point into them. sums: with the figures
    that signs were added up to, for who checks the reckoning; a reader takes them for a score of somebody."""

    def __init__(self, request: Request, answer: Assessment, *, sums: bool = False) -> None:
        self.language = request.language
        self.sums = sums
        self.answer = answer
        self.texts = texts(request)
        self.ours = {path: _ours(path, text) for path, text in self.texts.items()}
        self.marked: dict[str, list[Mark]] = {path: [] for path in self.texts}
        self.signs = tuple(self._number(answer))
        self.passages = tuple(self._passages())

    def _number(self, answer: Assessment) -> Iterator[SignLine]:
        """Signs in the order in which their first words stand in the texts; real harm comes last."""
        order = {path: place for place, path in enumerate(self.texts)}

        def first(sign: Sign) -> tuple[int, int, str]:
            places = [(order.get(s.ref, len(order)), s.span[0]) for s in sign.sources if s.span]
            return (*min(places, default=(len(order), 0)), sign.id)

        number = 0
        for number, sign in enumerate(sorted(answer.signs, key=first), start=1):
            yield self._sign(number, sign)
        harm = self._harm(answer)
        if harm:
            yield SignLine(
                number=number + 1,
                kind=HARM,
                kind_words=words.sign(HARM),
                says="words that tell of a real crime",
                weight=None,
                categories=(),
                quotes=self._quotes(number + 1, HARM, harm),
            )

    def _sign(self, number: int, sign: Sign) -> SignLine:
        return SignLine(
            number=number,
            kind=sign.kind,
            kind_words=words.sign(sign.kind),
            says=sign.says,
            weight=sign.weight,
            categories=sign.categories,
            quotes=self._quotes(number, sign.kind, sign.sources),
        )

    def _harm(self, answer: Assessment) -> tuple[FactSource, ...]:
        found = (
            source
            for finding in answer.findings
            for used in finding.used
            if used.fact == _HARM_FACT
            for source in used.sources
            if source.kind == "narrative"
        )
        return tuple(dict.fromkeys(found))

    def _quotes(self, number: int, kind: str, sources: Iterable[FactSource]) -> tuple[Source, ...]:
        quotes = []
        for source in sorted(sources, key=_position):
            start, end = source.span or (0, 0)
            if start < self.ours.get(source.ref, 0):
                continue  # our own word before theirs
            if self._stands(source):
                self.marked[source.ref].append(Mark(start, end, number=number, kind=kind))
            quotes.append(self._quote(source))
        return tuple(dict.fromkeys(quotes))

    def _stands(self, source: FactSource) -> bool:
        """Do these words stand at that place? A mark elsewhere would be a false quotation."""
        text = self.texts.get(source.ref)
        return text is not None and source.span is not None and text[slice(*source.span)] == source.words

    def _passages(self) -> Iterator[Passage]:
        for path, text in self.texts.items():
            ours = self.ours[path]
            text = text[ours:]
            shifted = (_shifted(mark, ours) for mark in self.marked[path])
            spoken = (bearing(mark, text, self.language) for mark in fitting(shifted, len(text)))
            marks = fitting((mark for mark in spoken if mark is not None), len(text))
            statement = path.startswith(_STATEMENT) or path == "emergency.statement"
            if not text or not (marks or statement):
                continue
            yield Passage(
                title=words.capital(words.field(path)),
                language=words.language(self.language) if language_tag(self.language) else "",
                lang=language_tag(self.language),
                dir=direction(text),
                runs=_harmless(runs(text, marks)),
                blocks=_harmless(blocks(text, marks)),
                numbers=tuple(sorted({mark.number for mark in marks})),
                aside=path.startswith("facts of version"),
            )

    # ---- findings
    def point(self, finding: Finding) -> Point:
        return Point(
            check=finding.check,
            outcome=words.outcome(finding.outcome),
            tone=words.outcome_tone(finding.outcome),
            sentence=finding.sentence,
            question=finding.question,
            treaty=f"{_YARDSTICK} {finding.treaty}" if finding.yardstick else finding.treaty,
            house=words.house(finding.house),
            yardstick=finding.yardstick,
            articles=tuple(_article(cited) for cited in finding.cites),
            used=tuple(
                Fact(
                    says=fact.says,
                    holds=words.held(fact.outcome),
                    tone="plain" if fact.outcome is not Outcome.NOT_SHOWN else "ask",
                    note=self._note(fact.note),
                    sources=tuple(self.source(source) for source in sorted(fact.sources, key=_position)),
                )
                for fact in finding.used
            ),
            missing=tuple(
                Missing(
                    says=fact.says,
                    question=fact.question,
                    supplier=words.supplier(fact.supplier),
                    effect=words.effect(fact.effect),
                )
                for fact in finding.missing
            ),
        )

    def _note(self, note: str) -> str:
        says, reckoned, sum = note.partition(RECKONED)
        return one_line(says + (reckoned + sum if self.sums else ""))

    def source(self, source: FactSource) -> Source:
        """A source as it is shown: where it is, and what stands there."""
        value = theirs(source.words, self.language) if source.words else None
        match source.kind:
            case "narrative":
                return msgspec.structs.replace(self._quote(source), numbers=self._numbers(source))
            case "supposed":
                return Source(place=f"supposed, not known: {words.supposed(source.ref)}", supposed=True)
            case "atlas":
                about = words.provision(source.ref)
                entry = f"atlas entry {one_line(source.ref)}" + (f" ({about})" if about else "")
                return Source(place=entry, value=value)
            case "request":
                return Source(place=f"request, {words.field(one_line(source.ref))}", value=value)
            case "treaty":
                cites = ", ".join(words.cite(each) for each in source.ref.split(", "))
                return Source(place=cites, value=value)
            case _:
                return Source(place=f"{words.plain(source.kind)}, {one_line(source.ref)}", value=value)

    def _quote(self, source: FactSource) -> Source:
        start, end = source.span or (0, 0)
        ours = self.ours.get(source.ref, 0)
        return Source(
            place=words.field(one_line(source.ref)),
            quote=theirs(source.words, self.language),
            at=f"{start - ours + 1}–{end - ours}" if source.span else "",
        )

    def _numbers(self, source: FactSource) -> tuple[int, ...]:
        if source.span is None or not self._stands(source):
            return ()
        start, end = source.span
        here = (mark for mark in self.marked[source.ref] if mark.start == start and mark.end == end)
        return tuple(sorted({mark.number for mark in here}))

    def provisions(self) -> tuple[Source, ...]:
        """The atlas entries that punish protected conduct, where one was cited."""
        found = (
            self.source(source)
            for finding in self.answer.findings
            for fact in finding.used
            if fact.fact == _PROVISION_FACT and fact.outcome is Outcome.MET
            for source in fact.sources
        )
        return tuple(dict.fromkeys(found))


def _position(source: FactSource) -> tuple[str, int]:
    """By place in the text; a source without one keeps its place, because sorting is stable."""
    return (source.ref, source.span[0]) if source.span else ("", 0)


def _article(cited: Cited) -> Article:
    return Article(
        cite=words.cite(cited.cite),
        title=cited.title,
        certainty=words.certainty(cited.certainty),
    )


def _ours(path: str, text: str) -> int:
    """How many characters of a text are our own introduction to a described item or account."""
    kind, _, words = path.partition(": ")
    return len(text) - len(words) if kind in ("item", "handle") else 0


def _shifted(mark: Mark, by: int) -> Mark:
    return msgspec.structs.replace(mark, start=mark.start - by, end=mark.end - by)


def _harmless(cut: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(msgspec.structs.replace(run, text=harmless(run.text)) for run in cut)

"""What the atlas holds about a state: facts, laws, offences, default penalties, indicators.

Decides how a dated value is read on a day: which penalty counts, how old it is, whether it reaches a
number of years, whether death is possible, whether the provision stood. Every such answer has three
values; `None` means "the atlas does not know". Leaves to `files` how the values are read from disk and
refused, to `citations` how a provision is found, and to the assessment what any of it means for a request.

Article 2(h) of the UN Convention against Cybercrime calls a crime serious from a maximum of at least four
years; `Provision.reaches(4, on)` answers that question for one provision.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from habeas.request.model import Penalty, PenaltyKind

STALE_AFTER_YEARS = (
    3  # codes in the atlas were amended about every third year; an older reading is shown as old
)


class Category(StrEnum):
    """What kind of conduct a provision punishes. All but `ordinary-crime` can be protected conduct."""

    ASSOCIATION_NGO = "association-ngo"
    BLASPHEMY = "blasphemy"
    CRITICISM_OF_STATE = "criticism-of-state"
    CYBER_LIBEL = "cyber-libel"
    DEFAMATION = "defamation"
    ENCRYPTION_VPN = "encryption-vpn"
    EXTREMISM_SPEECH = "extremism-speech"
    FALSE_NEWS = "false-news"
    FOREIGN_AGENT = "foreign-agent"
    GENDER_EXPRESSION = "gender-expression"
    HATE_SPEECH_OVERBROAD = "hate-speech-overbroad"
    INSULT_OFFICIALS = "insult-officials"
    JOURNALISM = "journalism"
    LESE_MAJESTE = "lese-majeste"
    LGBT_PROPAGANDA = "lgbt-propaganda"
    MINORS_CONSENSUAL = "minors-consensual"
    MORALITY = "morality"
    ORDINARY_CRIME = "ordinary-crime"
    PROTEST_ASSEMBLY = "protest-assembly"
    REPRODUCTIVE_RIGHTS = "reproductive-rights"
    SAME_SEX_CONDUCT = "same-sex-conduct"
    SECURITY_RESEARCH = "security-research"
    SEPARATISM_SPEECH = "separatism-speech"
    TERRORISM_OVERBROAD = "terrorism-overbroad"
    WHISTLEBLOWING_SECRETS = "whistleblowing-secrets"


class Verification(StrEnum):
    """How a value was checked. The first two count as verified."""

    STATUTE_TEXT = "statute-text"  # the figure was seen in the text of the statute
    SECONDARY = "secondary"  # seen in a named press, NGO, university or official page
    PARTIAL = "partial"  # offence seen, the figure or its conversion to years is from knowledge
    KNOWLEDGE = "knowledge"  # official citation only, nothing seen

    @property
    def verified(self) -> bool:
        return self in (Verification.STATUTE_TEXT, Verification.SECONDARY)


class Tier(StrEnum):
    """Which form of the offence a penalty belongs to."""

    BASIC = "basic"
    AGGRAVATED = "aggravated"
    HIGHEST = "highest"  # the highest tier on record, whatever its aggravation
    FLOOR = "floor"  # the article names a least penalty only


class Standing(StrEnum):
    IN_FORCE = "in force"
    UNCLEAR = "unclear"
    REPEALED = "repealed"
    STRUCK_DOWN = "struck down"


class Evidence(StrEnum):
    SEEN = "seen"  # seen in a named source, or derived from one
    MEMORY = "memory"  # from memory, not checked: show, never decide on it


class _Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class Fact(_Value, frozen=True):
    """One cell of what is known about a state.

    year: what the year means depends on the column (`meaning` of the column file says it).
    as_of: when the source was current, as written there. risk and issue: a doubt on record.
    """

    value: str
    evidence: Evidence
    as_of: str
    source: str
    year: int | None = None
    risk: str | None = None
    issue: str | None = None

    @property
    def firm(self) -> bool:
        """May a rule turn on this value? Seen, and no high risk on record."""
        return self.evidence is Evidence.SEEN and self.risk != "high"


class StateFacts(_Value, frozen=True):
    """Facts about one state by column; a column that is absent is not known, which is never "no"."""

    state: str
    iso2: str
    name: str
    facts: Mapping[str, Fact]

    def fact(self, column: str) -> Fact | None:
        return self.facts.get(column)

    def value(self, column: str, *, firm: bool = False) -> str | None:
        """The bare value; with `firm`, only if a rule may turn on it."""
        found = self.facts.get(column)
        if found is None or (firm and not found.firm):
            return None
        return found.value


class Law(_Value, frozen=True):
    """A law of a state and what it is called.

    names: as lawyers cite it where the state is known. own_names: names that name the state as well
    (УК РФ, TCK). numbers: official numbers ("175/2018", "5237"). years: years by which it is cited.
    main: the state's criminal code, which also answers to the general words for one. articles: the span of
    its numbers ("498..729"), where another edition or book shares its name. article_marks and
    paragraph_marks: marks that divide article or paragraph numbers here against the general habit.
    """

    key: str
    name: str
    names: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    main: bool = False
    articles: str = ""
    article_marks: str = ""
    paragraph_marks: str = ""

    def can_have(self, article: int) -> bool:
        """Does the span of its numbers, where one is given, include that article?"""
        first, _, last = self.articles.partition("..")
        return not self.articles or int(first) <= article <= int(last)


class PenaltyValue(_Value, frozen=True):
    """One dated penalty. `start` and `end` are years of application (None: not known), `as_of` the year
    of the text or article that was read. `maximum` None: the article names no ceiling we know."""

    tier: Tier
    as_of: int
    verification: Verification
    sources: tuple[str, ...]
    minimum: float | None = None
    maximum: Penalty | None = None
    start: int | None = None
    end: int | None = None
    note: str | None = None

    @property
    def verified(self) -> bool:
        return self.verification.verified

    def applies(self, on: date) -> bool:
        return (self.start is None or self.start <= on.year) and (self.end is None or on.year <= self.end)


class Maximum(_Value, frozen=True):
    """The highest penalty that applies on a day, and how old our reading of it is then, in years."""

    value: PenaltyValue
    penalty: Penalty
    age: int
    stale: bool

    @property
    def verified(self) -> bool:
        return self.value.verified


class PublicProvision(_Value, frozen=True):
    """What may leave the house about a provision: verified values, nobody's name, no note on its abuse."""

    id: str
    state: str
    law: str
    article: str
    offence: str
    category: Category
    rights: tuple[str, ...]
    status: str
    penalties: tuple[PenaltyValue, ...]


class Provision(_Value, frozen=True):
    """An offence of national law in our own words.

    article: as written by lawyers. numbers: the same for the machine ("282.2(2)", "20..23", "*" for the
    whole law). online: what publication on a network adds. abuse: how it is known to be misused; for the
    house only. enacted_by: the state whose law it is, where that is another one.
    """

    id: str
    state: str
    law: Law
    article: str
    numbers: tuple[str, ...]
    offence: str
    category: Category
    rights: tuple[str, ...]
    standing: Standing
    penalties: tuple[PenaltyValue, ...]
    ended: int | None = None
    since: int | None = None
    confidence: str | None = None
    online: str | None = None
    note: str | None = None
    aliases: tuple[str, ...] = ()
    abuse: str | None = None
    enacted_by: str | None = None

    @property
    def protected(self) -> bool:
        """Can the conduct be protected by human rights as such?"""
        return self.category is not Category.ORDINARY_CRIME

    @property
    def status(self) -> str:
        return f"{self.standing} {self.ended}" if self.ended is not None else str(self.standing)

    def in_force(self, on: date | None = None) -> bool | None:
        """Did it stand on that day (without one: as last known)? None where that is not known."""
        if on is not None and self.since is not None and on.year < self.since:
            return False
        if self.standing is Standing.IN_FORCE:
            return True
        if self.standing is Standing.UNCLEAR or (on is None and self.ended is None):
            return None
        if on is None:
            return False
        if self.ended is None or on.year == self.ended:
            return None
        return on.year < self.ended

    def maximum(self, on: date, *, verified_only: bool = False) -> Maximum | None:
        """The highest maximum that applies on that day, or None where none is on record."""
        best: tuple[tuple[int, float], PenaltyValue, Penalty] | None = None
        for value in self._applying(on, verified_only):
            if value.maximum is None:
                continue
            weight = _weight(value.maximum)
            if best is None or (weight, value.as_of) > (best[0], best[1].as_of):
                best = (weight, value, value.maximum)
        if best is None:
            return None
        age = max(0, on.year - best[1].as_of)
        return Maximum(value=best[1], penalty=best[2], age=age, stale=age > STALE_AFTER_YEARS)

    def reaches(self, years: float, on: date, *, verified_only: bool = False) -> bool | None:
        """Does the maximum reach `years` of deprivation of liberty? An unknown ceiling is None, never yes.

        A provision with a floor only reaches what its floor reaches and leaves the rest open. With
        `verified_only` a value nobody checked is as good as none.
        """
        values = self._applying(on, verified_only)
        if any(value.maximum is not None and value.maximum.at_least(years) for value in values):
            return True
        if any(value.minimum is not None and value.minimum >= years for value in values):
            return True
        return False if _complete(values) else None

    def capital(self, on: date) -> bool | None:
        """Can death be imposed? Yes on any value that says so; no only where a verified ceiling says so."""
        values = self._applying(on, verified_only=False)
        if any(value.maximum is not None and value.maximum.kind is PenaltyKind.DEATH for value in values):
            return True
        return False if _complete([value for value in values if value.verified]) else None

    def public(self) -> PublicProvision:
        """What may be shown outside: only verified values, and never the note on abuse."""
        return PublicProvision(
            id=self.id,
            state=self.state,
            law=self.law.name,
            article=self.article,
            offence=self.offence,
            category=self.category,
            rights=self.rights,
            status=self.status,
            penalties=tuple(msgspec.structs.replace(p, note=None) for p in self.penalties if p.verified),
        )

    def _applying(self, on: date, verified_only: bool) -> list[PenaltyValue]:
        return [v for v in self.penalties if v.applies(on) and (v.verified or not verified_only)]


def _weight(penalty: Penalty) -> tuple[int, float]:
    order = (PenaltyKind.FINE, PenaltyKind.YEARS, PenaltyKind.LIFE, PenaltyKind.DEATH)
    return order.index(penalty.kind), penalty.years or 0.0


def _complete(values: list[PenaltyValue]) -> bool:
    """Is the highest tier known, and known with a ceiling?"""
    return any(v.tier is Tier.HIGHEST and v.maximum is not None for v in values) and all(
        v.maximum is not None for v in values if v.tier is not Tier.BASIC
    )


class DefaultPenalty(_Value, frozen=True):
    """What a bare word for a penalty means in a state ("habs" without a figure: at most three years).

    shortest and longest are the rule's own words; max_years only where they are one plain figure.
    """

    id: str
    state: str
    rule: str
    terms: tuple[str, ...]
    provision: str
    effect: str
    as_of: int
    verification: Verification
    source: str
    shortest: str | None = None
    longest: str | None = None
    min_years: float | None = None
    max_years: float | None = None
    confidence: str | None = None
    note: str | None = None

    @property
    def verified(self) -> bool:
        return self.verification.verified


class Indicator(_Value, frozen=True):
    """One V-Dem figure of a state: point estimate, and percentile among all units (0 = worst).

    Higher is freer or safer in every indicator here. Neighbouring percentiles do not differ.
    """

    name: str
    value: float
    percentile: float
    year: int
    edition: str


class State(_Value, frozen=True):
    """Everything the atlas holds about one state."""

    facts: StateFacts
    laws: tuple[Law, ...]
    provisions: tuple[Provision, ...]
    defaults: tuple[DefaultPenalty, ...]
    indicators: tuple[Indicator, ...]

    @property
    def code(self) -> str:
        return self.facts.state

    def indicator(self, name: str) -> Indicator | None:
        return next((found for found in self.indicators if found.name == name), None)

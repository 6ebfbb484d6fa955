"""Reads the law files from disk and refuses what is wrong in them.

Decides what a correct file is: every value has a source, a date and a way it was checked; nothing overlaps,
nothing is counted twice, nothing belongs to another state. Each refusal is one plain sentence with the file
and the key. A file that is wrong is never loaded in part. Leaves to the model how the values are read.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeVar

import msgspec

from habeas.atlas.finding import WHOLE, spelled
from habeas.atlas.folding import fold
from habeas.atlas.model import (
    Category,
    DefaultPenalty,
    Evidence,
    Fact,
    Indicator,
    Law,
    PenaltyValue,
    Provision,
    Standing,
    State,
    StateFacts,
    Tier,
    Verification,
)
from habeas.errors import Refused
from habeas.request.model import Penalty, PenaltyKind

EARLIEST_YEAR = 1700  # no statute in the atlas was read in a text older than its own
LONGEST_YEARS = 150  # years; a longer figure is a slip of the keyboard
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WORDS_FOR_MAXIMUM = {"life": PenaltyKind.LIFE, "death": PenaltyKind.DEATH, "fine": PenaltyKind.FINE}
T = TypeVar("T")
_SPAN = re.compile(r"\d+\.\.\d+")
_STATE_CODE = re.compile(r"[A-Z]{3}")


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class _Fact(_Part, frozen=True):
    value: str
    evidence: str
    year: int | None = None
    as_of: str | None = None
    source: str | None = None
    risk: str | None = None
    issue: str | None = None


class _Law(_Part, frozen=True):
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


class _Penalty(_Part, frozen=True):
    tier: str
    verification: str
    sources: tuple[str, ...] = ()
    as_of: int | None = None
    min: float | None = None
    max: float | str | None = None
    start: int | None = None
    end: int | None = None
    note: str | None = None


class _Internal(_Part, frozen=True):
    abuse: str


class _Provision(_Part, frozen=True):
    id: str
    law: str
    article: str
    numbers: tuple[str, ...]
    offence: str
    category: str
    rights: tuple[str, ...]
    status: str
    penalty: tuple[_Penalty, ...]
    ended: int | None = None
    since: int | None = None
    confidence: str | None = None
    online: str | None = None
    note: str | None = None
    aliases: tuple[str, ...] = ()
    enacted_by: str | None = None
    internal: _Internal | None = None


class _Default(_Part, frozen=True):
    id: str
    rule: str
    effect: str
    verification: str
    terms: tuple[str, ...] = ()
    provision: str = ""
    source: str = ""
    as_of: int | None = None
    shortest: str | None = None
    longest: str | None = None
    min_years: float | None = None
    max_years: float | None = None
    confidence: str | None = None
    note: str | None = None


class _File(_Part, frozen=True):
    state: str
    iso2: str
    name: str
    facts: dict[str, _Fact]
    law: tuple[_Law, ...] = ()
    provision: tuple[_Provision, ...] = ()
    default: tuple[_Default, ...] = ()


class Column(_Part, frozen=True):
    """What a column of facts means, which values it may hold, where it comes from and how old that is."""

    meaning: str
    as_of: str
    source: str
    values: tuple[str, ...] = ()
    year: str | None = None
    risk: str | None = None
    issue: str | None = None

    def allows(self, value: str) -> bool:
        return not self.values or value in self.values


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is checked against: columns, states with their two-letter codes, the day (None: no day)."""

    columns: Mapping[str, Column]
    states: Mapping[str, str]
    on: date | None = None


def columns_of(text: str, place: str) -> dict[str, Column]:
    """The column file, typed. Raises Refused."""
    return _typed(_toml(text, place), dict[str, Column], place)


def refusals(text: str, place: str, context: Context) -> tuple[Refused, ...]:
    """Everything wrong with a state file, each in one sentence; none if it may be loaded."""
    try:
        raw = _toml(text, place)
        file = _typed(raw, _File, place)
    except Refused as refused:
        return (_hinted(refused),)
    found = [_hinted(refused).at(place) for refused in (*_characters(raw, ""), *_wrong(file, context))]
    stem = place.rpartition("/")[2].removesuffix(".toml")
    if _STATE_CODE.fullmatch(stem) and stem != file.state:
        found.append(
            Refused(
                f"the file {stem}.toml describes the state {file.state}",
                place=place,
                hint="name the file after the state, or correct the state in it",
            )
        )
    return tuple(found)


_HINTS = {
    "state": "use the three capital letters of ISO 3166-1, for example NOR",
    "enacted_by": "use the three capital letters of ISO 3166-1, for example NOR",
    "iso2": "use the two capital letters of ISO 3166-1",
    "law": "describe it in a block [[law]], or write the key of one that is there",
    "category": "one of: " + ", ".join(Category),
    "numbers": 'write it for the machine: "185", "282.2(2)", a range "20..23", or "*" for the whole law',
    "aliases": "write how lawyers cite it, or leave the list empty",
    "status": "one of: " + ", ".join(Standing),
    "ended": "give the year with `ended` where it is repealed or struck down, and nowhere else",
    "tier": "one of: " + ", ".join(Tier) + "; a floor is a least penalty only",
    "verification": "one of: " + ", ".join(Verification) + "; say less than you believe",
    "sources": "give the address or the title of what you read; without one it does not load",
    "source": "give the address or the title of what you read; without one it does not load",
    "as_of": "write the year of the text you read, as a number",
    "min": "write years as a number, or leave it out",
    "max": "write years as a number, or life, death or fine; leave out what you do not know",
    "end": "give the old value its `end`, the new one its `start`, and leave both",
    "penalty": "give the old value its `end`, the new one its `start`, and leave both",
    "provision": "name the article that says what the word means",
    "internal.abuse": "write the note, or leave the block out",
}
"""What to do, by the key where something is wrong."""
_HINT = "compare with an entry around it, or with CONTRIBUTING.md"


def _hinted(refused: Refused) -> Refused:
    if refused.hint:
        return refused
    key = re.sub(r"\[\d+\]", "", refused.place.rpartition(": ")[2])
    hint = _HINTS.get(key) or _HINTS.get(key.rpartition(".")[2]) or _HINT
    return Refused(refused.sentence, place=refused.place, hint=hint)


def state_of(text: str, place: str, context: Context, indicators: tuple[Indicator, ...] = ()) -> State:
    """The state a file describes. Raises Refused with the first thing wrong."""
    wrong = refusals(text, place, context)
    if wrong:
        raise wrong[0]
    return _state(_typed(_toml(text, place), _File, place), context, indicators)


# -- typing -------------------------------------------------------------------------------------------


def _toml(text: str, place: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(
            f"the file is not correct TOML: {str(error)[:1].lower()}{str(error)[1:]}",
            place=place,
            hint="look at the line it names: a quotation mark, a bracket or a comma is often missing there",
        ) from error
    except RecursionError:
        raise Refused("the file is nested too deeply", place=place, hint="write plain tables") from None
    except ValueError:
        raise Refused("a number is too long to be read", place=place, hint="write it shorter") from None


_MESSAGES = (
    (re.compile(r"Object missing required field `(\w+)`"), "the key “{}” is missing"),
    (re.compile(r"Object contains unknown field `(\w+)`"), "the key “{}” is not known here"),
    (re.compile(r"Expected `(.+?)`, got `(\w+)`"), "{} is expected here, not {}"),
)
_KINDS = {
    "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list",
    "object": "a block of keys", "null": "nothing", "date": "a date", "datetime": "a time",
}  # fmt: skip


def _plainly(kinds: str) -> str:
    """The kinds of a value as a jurist calls them."""
    said = [_KINDS.get(kind, kind) for kind in kinds.split(" | ") if kind != "null" or kinds == "null"]
    return " or ".join(dict.fromkeys(said))


def _typed(raw: object, kind: type[T], place: str) -> T:
    try:
        return msgspec.convert(raw, kind, strict=True)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        for pattern, sentence in _MESSAGES:
            found = pattern.search(message)
            if found:
                words = found.groups()
                message = sentence.format(*(map(_plainly, words) if len(words) > 1 else words))
                break
        inner = path.rstrip("`").removeprefix("$").removeprefix(".")
        raise Refused(message, place=f"{place}: {inner}" if inner else place) from error


# -- what is wrong ------------------------------------------------------------------------------------


def _characters(value: object, place: str) -> Iterator[Refused]:
    if isinstance(value, str):
        for char in value:
            if (unicodedata.category(char) == "Cc" and char != "\n") or char in BIDI_CONTROLS:
                yield Refused(f"a text holds the control character U+{ord(char):04X}", place=place)
                return
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _characters(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _characters(inner, f"{place}[{index}]")


def _wrong(file: _File, context: Context) -> Iterator[Refused]:
    if file.state not in context.states:
        yield Refused(f"“{file.state}” is not the code of a state the atlas knows", place="state")
    elif context.states[file.state] != file.iso2:
        yield Refused(f"the two-letter code of {file.state} is {context.states[file.state]}", place="iso2")
    for column, fact in file.facts.items():
        yield from _wrong_fact(column, fact, context)
    laws: set[str] = set()
    for law in file.law:
        where = f"law {law.key}"
        if law.key in laws:
            yield Refused(f"two laws have the key “{law.key}”", place=where)
        laws.add(law.key)
        if law.articles and not _SPAN.fullmatch(law.articles):
            yield Refused(f"“{law.articles}” is not a span of articles", place=where, hint="write 498..729")
        if any(not fold(name).strip() for name in (law.name, *law.names, *law.own_names)):
            yield Refused(f"the law {law.key} has an empty name", place=where)
    ids: set[str] = set()
    for identifier in [item.id for item in file.provision] + [item.id for item in file.default]:
        if identifier in ids:
            yield Refused(f"the id “{identifier}” is used twice", place=identifier)
        ids.add(identifier)
    for provision in file.provision:
        yield from (refused.at(provision.id) for refused in _wrong_provision(provision, file, laws, context))
    for default in file.default:
        yield from (refused.at(default.id) for refused in _wrong_default(default, file, context))


def _wrong_fact(column: str, fact: _Fact, context: Context) -> Iterator[Refused]:
    where = f"facts.{column}"
    known = context.columns.get(column)
    if known is None:
        yield Refused(
            f"there is no column “{column}”", place=where, hint="see columns.toml for those there are"
        )
        return
    if not known.allows(fact.value):
        yield Refused(f"“{fact.value}” is not a value of the column {column}", place=where)
    if fact.evidence not in list(Evidence):
        yield Refused(f"“{fact.evidence}” is not a kind of evidence; it is seen or memory", place=where)
    if not (fact.source or known.source):
        yield Refused(f"the fact {column} names no source", place=where)
    if fact.year is not None:
        yield from _wrong_year(fact.year, "year", context, where)
    if (fact.risk is None) != (fact.issue is None):
        yield Refused(f"the doubt about {column} needs both a risk and an issue", place=where)


def _wrong_year(year: int, what: str, context: Context, where: str) -> Iterator[Refused]:
    if context.on is not None and year > context.on.year:
        yield Refused(f"the {what} {year} lies in the future", place=where)
    elif year < EARLIEST_YEAR:
        yield Refused(f"the {what} {year} is not a year of any law here", place=where)


def _owned(identifier: str, file: _File, enacted_by: str | None, context: Context) -> bool:
    """Ids begin with the state's own code; a law that another state enacted may keep that state's."""
    prefix = re.match(r"[A-Za-z]+", identifier)
    if prefix is None:
        return False
    own = {file.state.lower(), file.iso2}
    if enacted_by is not None:
        own |= {enacted_by.lower(), context.states.get(enacted_by, "")}
    return prefix[0] in own


def _wrong_provision(item: _Provision, file: _File, laws: set[str], context: Context) -> Iterator[Refused]:
    if not _owned(item.id, file, item.enacted_by, context):
        yield Refused(f"the id “{item.id}” belongs to another state than {file.state}")
    if item.enacted_by is not None and item.enacted_by not in context.states:
        yield Refused(f"“{item.enacted_by}” is not the code of a state the atlas knows", place="enacted_by")
    if item.law not in laws:
        yield Refused(f"the law “{item.law}” is not described in this file", place="law")
    if item.category not in list(Category):
        yield Refused(f"“{item.category}” is not a category of the atlas", place="category")
    for name in ("article", "offence"):
        if not getattr(item, name).strip():
            yield Refused(f"the {name} is empty", place=name)
    for number in item.numbers:
        yield from _wrong_number(number, laws)
    for alias in item.aliases:
        if not fold(alias).strip():
            yield Refused("an alias is empty", place="aliases")
    if item.status not in list(Standing):
        yield Refused(f"“{item.status}” is not a status of a provision", place="status")
    elif (item.status in (Standing.REPEALED, Standing.STRUCK_DOWN)) != (item.ended is not None):
        ended = "names no year of its end" if item.ended is None else f"has the year {item.ended} as its end"
        yield Refused(f"a provision that is {item.status} {ended}", place="ended")
    if item.ended is not None:
        yield from _wrong_year(item.ended, "year of repeal", context, "ended")
    if item.internal is not None and not item.internal.abuse.strip():
        yield Refused("the internal note is empty", place="internal.abuse")
    if not item.penalty:
        yield Refused(
            "the provision has no penalty entry",
            place="penalty",
            hint="give one with a source; max may be absent",
        )
    for index, penalty in enumerate(item.penalty):
        yield from (refused.at(f"penalty[{index}]") for refused in _wrong_penalty(penalty, context))
    yield from _overlaps(item.penalty)


def _wrong_number(number: str, laws: set[str]) -> Iterator[Refused]:
    law, colon, rest = number.partition(":")
    bare = rest if colon and law in laws else number
    if bare == WHOLE:
        return
    try:
        list(spelled(bare))
    except ValueError:
        yield Refused(f"“{number}” is not the number of an article", place="numbers")


def _wrong_penalty(penalty: _Penalty, context: Context) -> Iterator[Refused]:
    if penalty.tier not in list(Tier):
        yield Refused(f"“{penalty.tier}” is not a tier of a penalty", place="tier")
    if penalty.verification not in list(Verification):
        yield Refused(f"“{penalty.verification}” is not a way of checking a value", place="verification")
    if not penalty.sources or any(not source.strip() for source in penalty.sources):
        yield Refused("the penalty names no source", place="sources")
    if penalty.as_of is None:
        yield Refused("the penalty does not say of which year the text read is", place="as_of")
    else:
        yield from _wrong_year(penalty.as_of, "year read", context, "as_of")
    if isinstance(penalty.max, str) and penalty.max not in _WORDS_FOR_MAXIMUM:
        yield Refused(f"“{penalty.max}” is not a maximum; write years, life, death or fine", place="max")
    for name, value in (("min", penalty.min), ("max", penalty.max)):
        if isinstance(value, float) and not 0 < value <= LONGEST_YEARS:
            yield Refused(f"{value:g} years is not a length of imprisonment", place=name)
    if penalty.min is not None and isinstance(penalty.max, float) and penalty.max < penalty.min:
        yield Refused(
            f"the maximum of {penalty.max:g} years is below the minimum of {penalty.min:g}", place="max"
        )
    if penalty.tier == Tier.FLOOR and (penalty.min is None or penalty.max is not None):
        yield Refused("a floor has a minimum and no maximum", place="tier")
    if penalty.start is not None and penalty.end is not None and penalty.end < penalty.start:
        yield Refused(f"the penalty ends in {penalty.end} before it starts in {penalty.start}", place="end")


def _overlaps(penalties: tuple[_Penalty, ...]) -> Iterator[Refused]:
    for index, one in enumerate(penalties):
        for other in penalties[:index]:
            apart = (one.end is not None and other.start is not None and one.end < other.start) or (
                other.end is not None and one.start is not None and other.end < one.start
            )
            if one.tier == other.tier and not apart:
                yield Refused(
                    f"two penalties of the tier “{one.tier}” apply at the same time", place="penalty"
                )


def _wrong_default(item: _Default, file: _File, context: Context) -> Iterator[Refused]:
    if not _owned(item.id, file, None, context):
        yield Refused(f"the id “{item.id}” belongs to another state than {file.state}")
    if not item.provision.strip("—- "):
        yield Refused("the default rule names no provision", place="provision")
    if not item.source.strip():
        yield Refused("the default rule names no source", place="source")
    if item.as_of is None:
        yield Refused("the default rule does not say of which year the text read is", place="as_of")
    else:
        yield from _wrong_year(item.as_of, "year read", context, "as_of")
    if item.verification not in list(Verification):
        yield Refused(f"“{item.verification}” is not a way of checking a value", place="verification")


# -- building -----------------------------------------------------------------------------------------


def _penalty(raw: _Penalty) -> PenaltyValue:
    maximum: Penalty | None = None
    if isinstance(raw.max, str):
        maximum = Penalty(kind=_WORDS_FOR_MAXIMUM[raw.max])
    elif raw.max is not None:
        maximum = Penalty(kind=PenaltyKind.YEARS, years=raw.max)
    assert raw.as_of is not None  # checked above
    return PenaltyValue(
        tier=Tier(raw.tier),
        as_of=raw.as_of,
        verification=Verification(raw.verification),
        sources=raw.sources,
        minimum=raw.min,
        maximum=maximum,
        start=raw.start,
        end=raw.end,
        note=raw.note,
    )


def _state(file: _File, context: Context, indicators: tuple[Indicator, ...]) -> State:
    laws = {law.key: Law(**msgspec.structs.asdict(law)) for law in file.law}
    facts = {}
    for column, raw in file.facts.items():
        known = context.columns[column]
        facts[column] = Fact(
            value=raw.value,
            evidence=Evidence(raw.evidence),
            as_of=raw.as_of or known.as_of,
            source=raw.source or known.source,
            year=raw.year,
            risk=raw.risk or known.risk,
            issue=raw.issue or known.issue,
        )
    provisions = tuple(
        Provision(
            id=raw.id,
            state=file.state,
            law=laws[raw.law],
            article=raw.article,
            numbers=raw.numbers,
            offence=raw.offence,
            category=Category(raw.category),
            rights=raw.rights,
            standing=Standing(raw.status),
            penalties=tuple(_penalty(penalty) for penalty in raw.penalty),
            ended=raw.ended,
            since=raw.since,
            confidence=raw.confidence,
            online=raw.online,
            note=raw.note,
            aliases=raw.aliases,
            abuse=raw.internal.abuse if raw.internal is not None else None,
            enacted_by=raw.enacted_by,
        )
        for raw in file.provision
    )
    defaults = []
    for default in file.default:
        values = msgspec.structs.asdict(default)
        values["verification"] = Verification(default.verification)
        defaults.append(DefaultPenalty(state=file.state, **values))
    return State(
        facts=StateFacts(state=file.state, iso2=file.iso2, name=file.name, facts=facts),
        laws=tuple(laws.values()),
        provisions=provisions,
        defaults=tuple(defaults),
        indicators=indicators,
    )

"""The legal tests and the house policy, read from their files and made ready to run.

A check says what the law asks (checks/*.toml); the policy says what this house does when a check is
not met or not shown (policy.toml). A `Rulebook` holds both and evaluates them three ways from the one
definition: for one request as compiled Python, over NumPy columns of many, and as SMT terms for proofs.
Which consequence wins is a stated order: `Consequence`, the larger the stronger.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum, StrEnum
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np

from habeas.assess.logic import Column, Condition, Three, condition
from habeas.errors import Refused
from habeas.request.formats.native import explained

_T = TypeVar("_T")
CONVENTION = "uncc"  # the instrument in whose words the checks are written


class Consequence(IntEnum):
    """What follows, weakest to strongest.

    Refuse by rights or law > escalate > reroute > ask > refuse at discretion > narrow > condition > note;
    `hold` (the house must find out) stands with asking, above it.
    """

    NONE = 0
    NOTE = 1
    CONDITION = 2
    NARROW = 3
    REFUSE_DISCRETION = 4
    ASK = 5
    HOLD = 6
    REROUTE = 7
    ESCALATE = 8
    REFUSE_LAW = 9
    REFUSE_RIGHTS = 10

    @classmethod
    def read(cls, word: str, place: str) -> Consequence:
        try:
            return cls[word.upper().replace("-", "_")]
        except KeyError as error:
            words = ", ".join(each.word for each in cls)
            raise Refused(
                f"{word!r} is not a consequence", place=place, hint=f"use one of {words}"
            ) from error

    @property
    def word(self) -> str:
        return self.name.lower().replace("_", "-")


class Decision(StrEnum):
    """What is recommended. The last three are open to a house under a binding order of its own state."""

    PROCEED = "proceed"
    NARROW = "narrow"
    CLARIFY = "clarify"
    REFUSE = "refuse"
    REROUTE = "reroute"
    ESCALATE = "escalate"
    COMPLY_AS_NARROWED = "comply-as-narrowed"
    CHALLENGE = "challenge"
    SEEK_DELAY = "seek-delay"


_DECISIONS = {
    Consequence.NONE: Decision.PROCEED,
    Consequence.NOTE: Decision.PROCEED,
    Consequence.CONDITION: Decision.PROCEED,
    Consequence.NARROW: Decision.NARROW,
    Consequence.REFUSE_DISCRETION: Decision.REFUSE,
    Consequence.ASK: Decision.CLARIFY,
    Consequence.HOLD: Decision.CLARIFY,
    Consequence.REROUTE: Decision.REROUTE,
    Consequence.ESCALATE: Decision.ESCALATE,
    Consequence.REFUSE_LAW: Decision.REFUSE,
    Consequence.REFUSE_RIGHTS: Decision.REFUSE,
}
_UNDER_ORDER = {
    Decision.PROCEED: Decision.COMPLY_AS_NARROWED,
    Decision.NARROW: Decision.COMPLY_AS_NARROWED,
    Decision.REFUSE: Decision.CHALLENGE,
    Decision.CLARIFY: Decision.SEEK_DELAY,
    Decision.REROUTE: Decision.SEEK_DELAY,
    Decision.ESCALATE: Decision.SEEK_DELAY,
}


def decision(strongest: Consequence, *, under_order: bool) -> Decision:
    """The recommendation that follows from the strongest consequence."""
    plain = _DECISIONS[strongest]
    return _UNDER_ORDER[plain] if under_order else plain


def under_order(plain: Decision) -> Decision:
    """The answer open to a house under a binding order in place of a plain one."""
    return _UNDER_ORDER[plain]


class Supplier(StrEnum):
    REQUESTER = "requester"
    CUSTODIAN = "custodian"
    COUNSEL = "counsel"
    REGISTER = "register"
    HOUSE = "house"


class FactKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fact the tests need: what it says when met, who supplies it when missing, and the question."""

    says: str
    supplier: Supplier
    question: str


class _UnderEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cites: tuple[str, ...]
    treaty: str


class _CheckEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    theme: str
    question: str
    cites: tuple[str, ...]
    tests: tuple[str, ...]
    applies: str
    condition: str
    treaty: str
    met: str
    not_met: str
    not_shown: str
    under: dict[str, _UnderEntry] = {}


class _PolicyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    version: int
    weighing: dict[str, Any]
    rule: list[dict[str, Any]] = []


class _PolicyEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    check: str
    not_met: str
    not_shown: str
    when: str = "always"


class Weighing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The thresholds of policy.toml; what each means is said there."""

    telling: int
    asking: int
    provision: int
    pretext: int
    words: int
    overlong: int
    harm: int
    care: int
    judged: int
    wording: int
    base: int
    refuses: int
    far: int
    passes: int
    named: int
    plain: int
    plain_wording: int
    substantial: int
    heavy: int
    indicated: int
    harm_shown: int
    doubtful_sender: int
    false_sender: int
    long_content_days: int
    long_period_days: int
    short_facts_words: int
    torture_percentile: int


class Words(msgspec.Struct, frozen=True):
    """The law that carries a check under one instrument.

    yardstick: the instrument is silent, and the UN Convention is cited only to measure by.
    """

    cites: tuple[str, ...]
    treaty: str
    yardstick: bool = False


class Check(msgspec.Struct, frozen=True):
    """One legal test.

    cites: instrument:article, as under the UN Convention; `under` has the law of others. tests: ids
    of the treaty's concrete tests.
    """

    id: str
    theme: str
    question: str
    cites: tuple[str, ...]
    tests: tuple[str, ...]
    applies: Condition
    condition: Condition
    treaty: str
    says: Mapping[Three, str]
    under: Mapping[str, Words] = {}

    def words(self, instrument: str) -> Words:
        """The law that carries this check under `instrument`."""
        found = self.under.get(instrument)
        if found is not None:
            return found
        foreign = instrument != CONVENTION and any(cite.startswith(f"{CONVENTION}:") for cite in self.cites)
        return Words(self.cites, self.treaty, foreign)


class Rule(msgspec.Struct, frozen=True):
    """House policy for one check: what follows when it is not met or not shown, where `when` holds."""

    check: str
    when: Condition
    not_met: Consequence
    not_shown: Consequence


class Policy(msgspec.Struct, frozen=True):
    name: str
    version: int
    weighing: Weighing
    rules: tuple[Rule, ...]


class Rulebook:
    """Facts, checks and policy together. Frozen once made.

    version, policy_hash: hashes of the files of facts and checks, and of the policy. places: by rule, where
    the facts of its test stand in `names`. picks: by rule, what takes them out of a list over all `names`; a
    lone one comes bare.
    """

    def __init__(
        self,
        facts: Mapping[str, FactKind],
        checks: Sequence[Check],
        policy: Policy,
        version: str,
        policy_hash: str = "",
    ) -> None:
        self.policy_hash = policy_hash
        self.facts = dict(facts)
        self.checks = tuple(checks)
        self.policy = policy
        self.version = version
        self.by_id = {check.id: check for check in self.checks}
        self.names = tuple(self.facts)
        self.rules = [(self.by_id[rule.check], rule) for rule in policy.rules]
        self.places = tuple(
            tuple(map(self.names.index, check.condition.facts())) for check, _rule in self.rules
        )
        self.picks = tuple(map(_pick, self.places))

    def restricted(self, themes: frozenset[str]) -> Rulebook:
        """The same facts with only the checks of some themes, for comparison."""
        checks = [check for check in self.checks if check.theme in themes]
        kept = {check.id for check in checks}
        rules = tuple(rule for rule in self.policy.rules if rule.check in kept)
        policy = msgspec.structs.replace(self.policy, rules=rules)
        return Rulebook(self.facts, checks, policy, f"{self.version} restricted", self.policy_hash)

    @cached_property
    def decide(self) -> Callable[[Sequence[int]], int]:
        """Compiled: fact values in the order of `names` -> the strongest consequence.

        A value is 0 not met, 1 not shown, 2 met.
        """
        return self.deciding(range(len(self.rules)))

    @cached_property
    def outcomes(self) -> Callable[[Sequence[int]], tuple[int, list[tuple[int, int, int]]]]:
        """Compiled with trace: -> (strongest, what each rule that applies says).

        What a rule says is (its number, outcome, consequence).
        """
        run: Callable[[Sequence[int]], tuple[int, list[tuple[int, int, int]]]] = _compiled(
            self, range(len(self.rules)), trace=True
        )
        return run

    @cached_property
    def turns(self) -> tuple[Mapping[int, Consequence], ...]:
        """By fact, in the order of `names`: the rules it has a part in, with the most that can follow."""
        return tuple(self._turn(name) for name in self.names)

    def _turn(self, name: str) -> Mapping[int, Consequence]:
        return {
            place: max(rule.not_met, rule.not_shown)
            for place, (check, rule) in enumerate(self.rules)
            if any(name in part.facts() for part in (check.applies, rule.when, check.condition))
        }

    def deciding(self, rules: Iterable[int]) -> Callable[[Sequence[int]], int]:
        """Compiled as `decide` is: what follows from these rules alone, by number."""
        run: Callable[[Sequence[int]], int] = _compiled(self, rules)
        return run

    def decide_columns(self, columns: Mapping[str, Column]) -> Column:
        """The strongest consequence of each row; `columns` holds an int8 array per fact."""
        strongest: Column | None = None
        shared: dict[str, Column] = {}

        def value(source: Condition) -> Column:
            key = str(source)
            if key not in shared:
                shared[key] = source.column(columns)
            return shared[key]

        for check, rule in self.rules:
            table = np.array([rule.not_met, rule.not_shown, 0], dtype=np.int8)
            row = table[value(check.condition)]
            for gate in (check.applies, rule.when):
                if gate.op != "constant":
                    row = row * (value(gate) != 0)
            strongest = row if strongest is None else np.maximum(strongest, row)
        if strongest is None:
            raise Refused("the policy has no rule", place="policy.toml", hint="add one for each check")
        return strongest


def _pick(places: Sequence[int]) -> Callable[[Sequence[Any]], Any]:
    return itemgetter(*places) if places else lambda _values: ()


def _compiled(book: Rulebook, rules: Iterable[int], *, trace: bool = False) -> Any:
    number = {name: f"v[{place}]" for place, name in enumerate(book.names)}
    lines = ["def run(v):", " r = 0"]
    if trace:
        lines.append(" said = []")
    for place in rules:
        check, rule = book.rules[place]
        gates = [gate for gate in (check.applies, rule.when) if gate.op != "constant"]
        test = " and ".join(f"{gate.python(number.__getitem__)}" for gate in gates) or "True"
        lines.append(f" if {test}:")
        lines.append(f"  c = {check.condition.python(number.__getitem__)}")
        if trace:
            says = ((place, 0, int(rule.not_met)), (place, 1, int(rule.not_shown)), (place, 2, 0))
            lines.append(f"  said.append({says}[c])")
        lines.append("  if c != 2:")
        lines.append(f"   x = {int(rule.not_met)} if c == 0 else {int(rule.not_shown)}")
        lines.append("   if x > r: r = x")
    lines.append(" return (r, said)" if trace else " return r")
    scope: dict[str, Any] = {}
    exec(compile("\n".join(lines), "<rulebook>", "exec"), scope)  # noqa: S102 built from parsed conditions only
    return scope["run"]


def _tables(place: Traversable | Path) -> dict[str, bytes]:
    found = {entry.name: entry.read_bytes() for entry in place.iterdir() if entry.name.endswith(".toml")}
    return dict(sorted(found.items()))


def _parse(name: str, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except RecursionError:
        raise Refused("this file is nested too deeply", place=name, hint="write plain tables") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(
            f"this file is not readable TOML: {error}", place=name, hint="correct the line it names"
        ) from error
    except ValueError:
        raise Refused("a number is too long to be read", place=name, hint="write it shorter") from None


def _as(value: Any, kind: type[_T], place: str) -> _T:
    try:
        return msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError as error:
        refused = explained(str(error)).at(place)
        hint = "compare with the entries around it"
        raise Refused(refused.sentence, place=refused.place, hint=hint) from error


def make(
    facts: bytes,
    checks: Mapping[str, bytes],
    policy: bytes,
    *,
    places: tuple[str, str] = ("facts.toml", "policy.toml"),
) -> Rulebook:
    """Read a rulebook from the bytes of its files; anything wrong is refused with its file and entry."""
    fact_kinds = {
        name: _as(entry, FactKind, f"{places[0]}: {name}")
        for name, entry in _parse(places[0], facts).get("fact", {}).items()
    }
    read: list[Check] = []
    for file, data in checks.items():
        for entry in _parse(file, data).get("check", []):
            read.append(_check(entry, file, fact_kinds))
    if len({check.id for check in read}) != len(read):
        raise Refused("two checks have the same id", place="checks", hint="rename one")
    house = _policy(policy, places[1], {check.id for check in read}, fact_kinds)
    digest = hashlib.sha256()
    for part in (facts, *checks.values()):
        digest.update(hashlib.sha256(part).digest())
    return Rulebook(fact_kinds, read, house, digest.hexdigest()[:16], hashlib.sha256(policy).hexdigest()[:16])


def _known(source: str, place: str, facts: Mapping[str, FactKind]) -> Condition:
    read = condition(source, place=place)
    for name in read.facts():
        if name not in facts:
            raise Refused(f"the fact {name!r} is unknown", place=place, hint="name a fact of facts.toml")
    return read


def _check(entry: Any, file: str, facts: Mapping[str, FactKind]) -> Check:
    place = f"{file}: {entry.get('id', 'a check without id')}"
    raw = _as(entry, _CheckEntry, place)
    if not raw.cites:
        raise Refused("this check cites no law", place=place, hint="give the article it applies")
    return Check(
        id=raw.id,
        theme=raw.theme,
        question=raw.question,
        cites=raw.cites,
        tests=raw.tests,
        applies=_known(raw.applies, place, facts),
        condition=_known(raw.condition, place, facts),
        treaty=raw.treaty,
        says={Three.MET: raw.met, Three.NOT_MET: raw.not_met, Three.NOT_SHOWN: raw.not_shown},
        under={name: Words(entry.cites, entry.treaty) for name, entry in raw.under.items()},
    )


def _policy(data: bytes, file: str, checks: set[str], facts: Mapping[str, FactKind]) -> Policy:
    raw = _as(_parse(file, data), _PolicyFile, file)
    rules: list[Rule] = []
    for entry in raw.rule:
        place = f"{file}: {entry.get('check', 'a rule without check')}"
        read = _as(entry, _PolicyEntry, place)
        if read.check not in checks:
            raise Refused(f"there is no check {read.check!r}", place=place, hint="name a check of checks/")
        rules.append(
            Rule(
                read.check,
                _known(read.when, place, facts),
                Consequence.read(read.not_met, place),
                Consequence.read(read.not_shown, place),
            )
        )
    missing = checks - {rule.check for rule in rules}
    if missing:
        raise Refused(
            f"the policy says nothing about {', '.join(sorted(missing))}",
            place=file,
            hint="add a rule for each",
        )
    weighing = _as(raw.weighing, Weighing, f"{file}: weighing")
    _sensible(weighing, f"{file}: weighing")
    return Policy(name=raw.name, version=raw.version, weighing=weighing, rules=tuple(rules))


_WEIGHTS = (
    "telling",
    "asking",
    "provision",
    "pretext",
    "words",
    "overlong",
    "harm",
    "care",
    "judged",
    "wording",
)
_LEAST_ONE = (
    *("substantial", "heavy", "indicated", "harm_shown", "doubtful_sender", "false_sender"),
    *("long_content_days", "long_period_days", "short_facts_words", "torture_percentile"),
)
_MOST = {"torture_percentile": 50}  # else the state would be the reason
_IN_ORDER = (  # the first is not above the second
    *(("passes", "refuses"), ("plain", "passes"), ("named", "refuses"), ("indicated", "substantial")),
    *(("substantial", "heavy"), ("doubtful_sender", "false_sender"), ("refuses", "far")),
)
_LARGEST = 1_000_000  # of any number; nothing sensible comes near


def _sensible(weighing: Weighing, place: str) -> None:
    """Raises Refused for numbers by which a sign would speak for release, or no harm told be a crime."""
    values = msgspec.structs.asdict(weighing)
    for name, value in values.items():
        least = 0 if name in _WEIGHTS else 1 if name in _LEAST_ONE else -_LARGEST
        most = _MOST.get(name, _LARGEST)
        if not least <= value <= most:
            raise Refused(
                f"the number of `{name}` cannot be meant",
                place=f"{place}.{name}",
                hint=f"it lies between {least:,} and {most:,}",
            )
    for lower, higher in _IN_ORDER:
        if values[lower] > values[higher]:
            raise Refused(
                f"`{lower}` is above `{higher}`",
                place=f"{place}.{lower}",
                hint="the policy says beside each number what it means",
            )


@cache
def rulebook(policy: str | None = None) -> Rulebook:
    """The packaged rulebook. policy: the file of a house policy instead of the packaged one."""
    folder = files("habeas.assess")
    if policy is None:
        house = (folder / "policy.toml").read_bytes()
    else:
        try:
            house = Path(policy).read_bytes()
        except OSError as error:
            raise Refused(
                "the policy file cannot be read", place=policy, hint="give the path of a TOML file"
            ) from error
    return make(
        (folder / "facts.toml").read_bytes(),
        _tables(folder / "checks"),
        house,
        places=("facts.toml", policy or "policy.toml"),
    )

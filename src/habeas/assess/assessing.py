"""One request in, one reasoned recommendation out.

`assess` establishes the facts, runs the rulebook over them and writes down what follows: findings with
their facts and sources, a decision and a ceiling per target and item, questions to the requester (only
what decides), tasks for us, conditions, clocks, and what would change the result. It releases nothing
and decides nothing: people do. The same request, day and versions give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec

from habeas import __version__, treaty
from habeas import atlas as national
from habeas.assess.facts import (
    KEPT,
    LIVE,
    Established,
    FactSheet,
    Knowledge,
    Matter,
    Seat,
    establish,
    seat_of,
)
from habeas.assess.finding import (
    HIGHEST,
    Assessment,
    Ceiling,
    Change,
    Cited,
    ClockRun,
    FactMissing,
    FactUsed,
    Finding,
    ItemDecision,
    Outcome,
    Question,
    Recurring,
    Sign,
    Task,
    Versions,
)
from habeas.assess.kept import Kept
from habeas.assess.logic import MET, NOT_MET, NOT_SHOWN, Three
from habeas.assess.narrative import Signal
from habeas.assess.rulebook import (
    CONVENTION,
    Consequence,
    Decision,
    Rulebook,
    Supplier,
    decision,
    rulebook,
    under_order,
)
from habeas.errors import Refused
from habeas.request.model import (
    PRESERVATION_ONLY,
    AccountFacts,
    Category,
    Item,
    Measure,
    Request,
    Target,
)

_FINDINGS = 128  # of one rule under one instrument, kept for the requests that follow
MOST_QUESTIONS = 8  # more is a burden that hides what matters
_OUTCOMES = {MET: Outcome.MET, NOT_MET: Outcome.NOT_MET, NOT_SHOWN: Outcome.NOT_SHOWN}
_THREE = tuple(Three)
_OTHERS = ((2,), (2, 0), (0,))  # by the number of a fact's value: those of the others that say something
_CONSEQUENCES = tuple(Consequence)
_WORDS = {consequence: consequence.word for consequence in Consequence}
# Members of enumerations by themselves, as in `logic`, for the same reason.
_NOTE, _CONDITION, _NARROW = Consequence.NOTE, Consequence.CONDITION, Consequence.NARROW
_ASK, _ESCALATE, _REROUTE = Consequence.ASK, Consequence.ESCALATE, Decision.REROUTE
_WAITING = frozenset({_ASK, Consequence.HOLD, _ESCALATE})
_BESIDE = frozenset({_CONDITION, _NARROW})
_NOTHING, _PRESERVE, _EXISTENCE = Ceiling.NOTHING, Ceiling.PRESERVE, Ceiling.EXISTENCE
_SUBSCRIBER, _CREDENTIALS, _TRAFFIC = Category.SUBSCRIBER, Category.CREDENTIALS, Category.TRAFFIC
_CONTENT = frozenset({Category.CONTENT, Category.OTHER_STORED})
_PRESERVATION, _REQUESTER = Measure.PRESERVATION, Supplier.REQUESTER
_EFFECTS = {
    Consequence.NONE: "notes",
    Consequence.NOTE: "notes",
    Consequence.CONDITION: "conditions",
    Consequence.NARROW: "conditions",
}


def assess(
    request: Request,
    *,
    on: date,
    seat: Seat | None = None,
    knowledge: Knowledge | None = None,
    book: Rulebook | None = None,
) -> Assessment:
    """The recommendation for `request` on the day `on`.

    seat: who we are; by default the addressee named in the request. knowledge: what the house knows beyond
    the request. book: rules and policy; the packaged ones by default.
    """
    matter = Matter(request, seat or seat_of(request), knowledge or Knowledge())
    return assess_all([matter], on=on, book=book)[0]


def assess_all(matters: Sequence[Matter], *, on: date, book: Rulebook | None = None) -> list[Assessment]:
    """The recommendation for each of these requests, as `assess` gives it for one, in less time.

    All answers are in memory at once: give a long history in pieces of some dozens.
    """
    book = book or rulebook()
    answers = []
    for matter, sheet in zip(matters, establish(matters, on, book), strict=True):
        strongest, said = book.outcomes(sheet.values)
        answers.append(
            _written(matter.request, sheet, matter.knowledge, on, book, _CONSEQUENCES[strongest], said)
        )
    return answers


def _written(
    request: Request,
    sheet: FactSheet,
    knowledge: Knowledge,
    on: date,
    book: Rulebook,
    strongest: Consequence,
    said: list[tuple[int, int, int]],
) -> Assessment:
    ordered = sheet.facts["binding_order"].value is MET
    decided = decision(strongest, under_order=ordered)
    findings = _findings(book, sheet, said, request.instrument)
    weights = [
        (number, place, finding)
        for (place, _outcome, number), finding in zip(said, findings, strict=True)
        if number
    ]
    leading = [finding for number, _place, finding in weights if number == strongest]
    because = leading[0].sentence if leading and strongest > _CONDITION else _NOTHING_STANDS
    if strongest is _CONDITION:
        because += " Conditions apply."
    return Assessment(
        id=request.id,
        decision=decided,
        because=because,
        protected_conduct=sheet.verdict.categories,
        on=on,
        seat=f"{sheet.seat.state or 'state not stated'}, {sheet.seat.role}, {sheet.seat.arrival}",
        supposed=request.supposed + (("convention-in-force",) if knowledge.as_if_in_force else ()),
        items=tuple(_items(request, sheet, knowledge, strongest, decided, because)),
        findings=tuple(findings),
        signs=tuple([_sign(signal) for signal in sheet.narrative.signals]),
        road=_road(request, sheet) if decided is _REROUTE else "",
        questions=_questions(weights, strongest, book),
        tasks=_tasks(weights, strongest, book),
        conditions=_conditions(weights, sheet, strongest),
        clocks=_clocks(request, sheet, strongest, on),
        would_change=_changes(sheet, book, weights, int(strongest), decided, ordered),
        versions=_versions(book),
    )


# What follows, by number, from which rule, by its place, and what that found: where anything follows.
_Weights = list[tuple[int, int, Finding]]


def _sign(signal: Signal) -> Sign:
    return Sign(
        id=signal.id,
        kind=signal.kind,
        says=signal.says,
        weight=signal.weight,
        categories=signal.categories,
        sources=signal.quotes,
    )


class _Told(NamedTuple):
    """What the rules found under one instrument, by rule, for the requests that follow.

    alike: findings by the facts that the rule needs, none of which quotes its request. bare: by the values of
    these facts, the finding without what was used, and which facts decide, as in `book.names`.
    """

    alike: tuple[Kept[object, Recurring], ...]
    bare: tuple[Kept[object, tuple[Finding, tuple[int, ...]]], ...]


def _findings(
    book: Rulebook, sheet: FactSheet, said: list[tuple[int, int, int]], instrument: str
) -> list[Finding]:
    """What the rules say, in their order. instrument: the one relied on, whose law is cited."""
    established = list(sheet.facts.values())
    shared = [fact if fact.shared else None for fact in established]
    kept, bares = _told(book, instrument)
    picks = book.picks
    findings: list[Any] = [kept[place].get(picks[place](shared)) for place, _outcome, _number in said]
    used: dict[int, FactUsed] = {}
    for number, says in enumerate(said):
        if findings[number] is not None:
            continue
        place = says[0]
        values = picks[place](sheet.values)
        bare, decisive = bares[place].get(values) or bares[place].keep(
            values, _bare(book, says, sheet.values, instrument)
        )
        for fact in decisive:
            if fact not in used:
                used[fact] = _used(book.names[fact], established[fact], book)
        alike = picks[place](shared)
        recurs = alike is not None and (type(alike) is not tuple or None not in alike)
        finding = (Recurring if recurs else Finding)(
            check=bare.check,
            theme=bare.theme,
            outcome=bare.outcome,
            sentence=bare.sentence,
            question=bare.question,
            cites=bare.cites,
            treaty=bare.treaty,
            house=bare.house,
            yardstick=bare.yardstick,
            used=tuple([used[fact] for fact in decisive]),
            missing=bare.missing,
        )
        if type(finding) is Recurring:
            kept[place].keep(alike, finding)
        findings[number] = finding
    return findings


@lru_cache(maxsize=16)  # instruments
def _told(book: Rulebook, _instrument: str) -> _Told:
    return _Told(
        tuple([Kept(_FINDINGS) for _rule in book.rules]), tuple([Kept(_FINDINGS) for _rule in book.rules])
    )


@cache
def _missing(name: str, effect: str, book: Rulebook) -> FactMissing:
    kind = book.facts[name]
    return FactMissing(
        fact=name, says=kind.says, supplier=kind.supplier, question=kind.question, effect=effect
    )


def _bare(
    book: Rulebook, says: tuple[int, int, int], values: Sequence[int], instrument: str
) -> tuple[Finding, tuple[int, ...]]:
    """The finding for the values of all facts without the facts used, and which of them decide.

    says: the rule's place, its outcome and what follows, by number. Facts are numbered as in `book.names`.
    """
    place, outcome, number = says
    check, _rule = book.rules[place]
    consequence = _CONSEQUENCES[number]
    known = {book.names[fact]: _THREE[values[fact]] for fact in book.places[place]}
    decisive, absent = check.condition.reasons(known)
    effect = _EFFECTS.get(consequence, "blocks")
    words = check.words(instrument)
    finding = Finding(
        check=check.id,
        theme=check.theme,
        outcome=_OUTCOMES[_THREE[outcome]],
        sentence=check.says[_THREE[outcome]],
        question=check.question,
        cites=_cites(words.cites),
        treaty=words.treaty,
        yardstick=words.yardstick,
        house=_WORDS[consequence],
        missing=tuple([_missing(name, effect, book) for name in absent]),
    )
    return finding, tuple([book.names.index(name) for name in decisive])


def _used(name: str, fact: Established, book: Rulebook) -> FactUsed:
    return FactUsed(
        fact=name,
        says=book.facts[name].says,
        outcome=_OUTCOMES[fact.value],
        note=fact.note,
        sources=fact.sources,
    )


@cache
def _cited(cite: str) -> Cited:
    instrument, _, number = cite.partition(":")
    law = treaty.law()
    if instrument == "safeguards":
        for safeguard in law.safeguards:
            if safeguard.id == number:
                return Cited(cite=cite, title=safeguard.title, certainty=safeguard.certainty)
        raise Refused(f"no safeguard {number} is on file", place=cite, hint="name one of safeguards.toml")
    article = law.article(instrument, number)
    return Cited(cite=cite, title=article.title, certainty=article.certainty)


@cache
def _cites(cites: tuple[str, ...]) -> tuple[Cited, ...]:
    return tuple(_cited(cite) for cite in cites)


_NOTHING_STANDS = "Every test that decides is met."


ROADS = {
    "central": "From the requester's central authority to the central authority of {seat}.",
    "instrument": "Under an instrument in force between the two states, "
    "through the central authority of {seat}.",
}
"""The roads that follow from no law of a seat. seat: its code, or `SEAT_UNKNOWN`."""
SEAT_UNKNOWN = "the requested state"


def _road(request: Request, sheet: FactSheet) -> str:
    """The road a request should take instead."""
    for answer in sheet.seat_answers.values():
        if answer.reroute_to:
            return answer.reroute_to
    seat = sheet.seat.state or SEAT_UNKNOWN
    if sheet.facts["channel_open"].value is not MET:
        return ROADS["central"].format(seat=seat)
    return ROADS["instrument"].format(seat=seat)


def _items(
    request: Request,
    sheet: FactSheet,
    knowledge: Knowledge,
    strongest: Consequence,
    decided: Decision,
    because: str,
) -> list[ItemDecision]:
    accounts = {account.target: account for account in knowledge.accounts}
    bulk, others = sheet.asked.bulk, sheet.asked.others
    to_come, keys, cut = sheet.asked.to_come, sheet.asked.keys, sheet.asked.cut
    given: dict[tuple[object, ...], tuple[Decision, Ceiling, str]] = {}  # the like is decided alike
    items = []
    for target, item in sheet.asked.items:
        account = accounts.get(target.id)
        alike = (
            item.category,
            item.description == PRESERVATION_ONLY,
            target.id in bulk,
            target.id in others,
            account and account.target,
            account and account.opened_on and item.period,
            (target.id, item.id) in to_come,
            (target.id, item.id) in keys,
            cut.get((target.id, item.id)),
        )
        if alike not in given:
            given[alike] = _given(target, item, account, request, sheet, strongest, decided)
        outcome, ceiling, why = given[alike]
        items.append(
            ItemDecision(
                target=target.id,
                role=target.role,
                item=item.id,
                category=item.category,
                decision=outcome,
                ceiling=ceiling,
                why=why,
            )
        )
    if decided is Decision.NARROW and all(item.decision is Decision.PROCEED for item in items):
        # What is too much is said of the whole request; no item may look as if nothing of it fell away.
        return [msgspec.structs.replace(item, decision=decided, why=because) for item in items]
    return items


def _given(
    target: Target,
    item: Item,
    account: AccountFacts | None,
    request: Request,
    sheet: FactSheet,
    strongest: Consequence,
    decided: Decision,
) -> tuple[Decision, Ceiling, str]:
    """What is recommended for one item of one target, the most that may be given, and why."""
    ceiling, why = _ceiling(target, item, request, sheet, strongest)
    absent = "" if account is None else _not_held(account, item)
    if absent and strongest <= _NARROW and ceiling is not _NOTHING:
        ceiling, why = _EXISTENCE, absent
    wanted = _PRESERVE if _keep(item, request) else HIGHEST.get(item.category)
    if strongest > _NARROW:
        outcome = decided
    else:
        full, some = Decision.PROCEED, Decision.NARROW
        less = sheet.asked.cut.get((target.id, item.id))
        if less and ceiling is wanted:
            outcome, why = some, less
        else:
            outcome = Decision.REFUSE if ceiling is _NOTHING else full if ceiling is wanted else some
        if sheet.facts["binding_order"].value is MET:
            outcome = under_order(outcome)
    return outcome, ceiling, why


def _not_held(account: AccountFacts, item: Item) -> str:
    """Why the records leave nothing to give or to keep; empty where they do not say so."""
    if account.exists is False:
        return "The records hold no such account; only that can be answered."
    last = item.period.end if item.period is not None and item.category is not _SUBSCRIBER else None
    if account.opened_on is not None and last is not None and last < account.opened_on:
        return "The account was opened after the days asked for; only that can be answered."
    if account.categories_held is not None and item.category not in account.categories_held:
        return f"The records hold no {item.category} data of this account; only that can be answered."
    return ""


def _keep(item: Item, request: Request) -> bool:
    return item.preservation_only or request.measure is _PRESERVATION


def _ceiling(
    target: Target, item: Item, request: Request, sheet: FactSheet, strongest: Consequence
) -> tuple[Ceiling, str]:
    """The most that may be given. Live data and keys: always nothing."""
    asked = sheet.asked
    keys = item.category in _CONTENT and (target.id, item.id) in asked.keys
    if (
        item.category in LIVE
        or item.category is _CREDENTIALS
        or keys
        or (target.id, item.id) in asked.to_come
    ):
        return _NOTHING, "This house never collects, intercepts or decrypts."
    barred = sheet.seat_answers.get(item.category)
    if barred is not None and "seat-law-permits" not in request.supposed and barred.permits is not True:
        return _NOTHING, barred.why
    if strongest > _NARROW:
        return _meanwhile(target, sheet, strongest)
    if target.id in sheet.asked.bulk:
        return _NOTHING, "An undetermined number of persons: name the accounts one by one."
    if target.id in sheet.asked.others:
        return _NOTHING, "Nobody suspects this person."
    if _keep(item, request):
        return _PRESERVE, "Kept, not disclosed, and nobody is told."
    facts = sheet.facts
    if facts["partial_disclosure"].value is MET and item.category is not _TRAFFIC:
        return _NOTHING, "Partial disclosure names the next provider and the path, and nothing of the user."
    if item.category is not _SUBSCRIBER:
        if facts["three_year_rule"].value is MET and facts["three_years"].value is not MET:
            return Ceiling.SUBSCRIBER, "Below three years only subscriber data can be ordered (Article 5(4))."
        if facts["traffic_needs_judge"].value is MET and facts["judge_authorised"].value is not MET:
            return Ceiling.SUBSCRIBER, "Traffic data and content need a judge or court (Article 4)."
    if item.category in _CONTENT:
        return _content_ceiling(sheet)
    return HIGHEST[item.category], "Within what the case needs."


def _meanwhile(target: Target, sheet: FactSheet, strongest: Consequence) -> tuple[Ceiling, str]:
    waiting = strongest in _WAITING
    facts = sheet.facts
    safe = (
        facts["real_harm_shown"].value is MET
        and facts["persecution_shown"].value is NOT_MET
        and facts["sender_identified"].value is MET
        and facts["sender_plausible"].value is MET
        and facts["seat_law_permits"].value is MET
        and target.id not in sheet.asked.bulk
    )
    if waiting and safe:
        return _PRESERVE, "A real crime is described: keep the data while the question is open."
    return _NOTHING, "Nothing is given on this recommendation."


def _content_ceiling(sheet: FactSheet) -> tuple[Ceiling, str]:
    facts = sheet.facts
    if facts["judge_authorised"].value is not MET:
        return Ceiling.TRAFFIC, "No judge is said to have authorised content."
    if facts["content_confined"].value is NOT_MET:
        return (
            Ceiling.TRAFFIC,
            "The whole content of an account is more than the case needs; name the messages.",
        )
    if facts["privileged_material"].value is MET:
        return Ceiling.CONTENT, "Only after messages of a protected profession were taken out."
    return Ceiling.CONTENT, "Only what passed in the matter described, within the period."


def _questions(weights: _Weights, strongest: Consequence, book: Rulebook) -> tuple[Question, ...]:
    if strongest is not _ASK:
        return ()
    asked: dict[str, Question] = {}
    for number, _place, finding in weights:
        if number != _ASK:
            continue
        unanswered = [missing.fact for missing in finding.missing] or [used.fact for used in finding.used]
        cites = tuple([cited.cite for cited in finding.cites])
        for name in unanswered:
            if book.facts[name].supplier is _REQUESTER:
                question = book.facts[name].question
                asked.setdefault(name, Question(fact=name, question=question, cites=cites))
    return tuple(asked.values())[:MOST_QUESTIONS]


def _tasks(weights: _Weights, strongest: Consequence, book: Rulebook) -> tuple[Task, ...]:
    tasks: dict[str, Task] = {}
    for number, _place, finding in weights:
        consequence = _CONSEQUENCES[number]
        if consequence is _NOTE or consequence > strongest:
            continue
        for missing in finding.missing:
            fact = missing.fact
            if fact not in tasks and book.facts[fact].supplier is not _REQUESTER:
                tasks[fact] = Task(who=missing.supplier, task=missing.question, why=finding.sentence)
        if consequence is _ESCALATE:
            tasks.setdefault(
                finding.check, Task(who="senior counsel", task=finding.question, why=finding.sentence)
            )
    return tuple(tasks.values())


CONDITIONS = {
    "channel.notification": (
        "Counsel sees that the enforcing authority was notified, "
        "or that offence and person are at home in the state that orders (Article 8)."
    ),
    "proportionality.third-parties": (
        "Counsel sees that each person asked about is under suspicion: the role of one is not stated."
    ),
    "proportionality.only-bulk": (
        "Fewer places and minutes, devices seen at more than one of them, and names only afterwards."
    ),
    "conditions.speciality": "Use for this case only; no passing on without our written consent.",
    "conditions.secrecy": (
        "The person is told before anything is disclosed, unless a dated and reviewed reason stands."
    ),
    "rights.death-penalty": (
        "Nothing is disclosed before the death penalty is excluded, by law or by an assurance."
    ),
    "rights.death-penalty-preservation": (
        "Nothing is disclosed later without an assurance on the death penalty."
    ),
    "rights.treatment-risk": (
        "Nothing is disclosed before an undertaking on the treatment of the person is given."
    ),
    "rights.double-jeopardy": "Counsel looks first at the other proceedings that the records show.",
    "rights.absence": "A new trial with the person present must be open.",
    "rights.special-court": "No use before a special or military court.",
    "rights.child": "A specialist in juvenile matters looks at the file first.",
    "form.preservation-follow-up": (
        "The data are let go when no formal request follows within the preservation period."
    ),
    "emergency.danger": "Treated as an ordinary request: no danger to a person is shown.",
    "data.sessions": (
        "Addresses, ports and times of sessions count as traffic data, and are left out of the subscriber's."
    ),
    "data.territory": "What is stored in another state is left out: that state is asked for it.",
    "conditions.own-proceedings": (
        "Counsel looks first whether an answer disturbs the proceedings that the records show, "
        "and names a day to which it is put off if so."
    ),
    "scope.penalty": "Counsel compares the penalty claimed with the text of the law.",
    "scope.provision": "The requester confirms the provision in force.",
}
"""What a finding asks for where the answer is given on conditions, by its check."""
FORMAL_REQUEST = "The emergency is checked afterwards and a formal request follows within 72 hours."


def _conditions(weights: _Weights, sheet: FactSheet, strongest: Consequence) -> tuple[str, ...]:
    if strongest > _NARROW:
        return ()
    found: dict[str, None] = {}
    for number, _place, finding in weights:
        if number in _BESIDE and finding.check in CONDITIONS:
            found[CONDITIONS[finding.check]] = None
    for answer in sheet.seat_answers.values():
        if answer.permits:
            found.update(dict.fromkeys(answer.conditions))
    if sheet.facts["danger_shown"].value is MET:
        found[FORMAL_REQUEST] = None
    return tuple(found)


# Events that start a clock of a case. Final clauses, certifications and the like have clocks of their own.
_AT_RECEIPT = frozenset(
    {
        "certificate-received",
        "enforcement-request-received",
        "notification-received",
        "order-received",
        "order-received-by-provider",
        "order-served-on-provider",
        "preservation-certificate-received",
        "provider-served",
        "request-received",
    }
)
_WHEN_KEPT = frozenset({"preserved", "domestic-order-served"})


REQUESTED_DEADLINE = "requested-deadline"  # article 40(26): the day by which the requester asks for an answer
_ASKED_BY = "The requester asks for an answer by this day; without a reason it does not bind."
_ORDERED_BY = "The order sets this day: before it ends, comply as narrowed, challenge it or seek delay."


def _clocks(request: Request, sheet: FactSheet, strongest: Consequence, on: date) -> tuple[ClockRun, ...]:
    """The time limits that run in this case, each with its sum: the instrument's and the requester's own."""
    begin = request.received_on or on
    in_force = sheet.facts["instrument_in_force"].value is MET
    asked = sheet.asked
    keeps = asked.keeps or (bool(asked.items) and request.measure is _PRESERVATION)
    kept = keeps and strongest <= _NARROW
    runs = [
        run
        for run, clock in (_clocks_from(treaty.law(), request.instrument, begin) if in_force else ())
        if (kept or clock.start not in _WHEN_KEPT)
        and clock.runs(
            request.measure, asked.categories, sheet.seat.role, emergency=request.emergency.claimed
        )
    ]
    if request.deadline is not None:
        ordered = sheet.facts["binding_order"].value is MET
        runs.append(
            ClockRun(
                id=REQUESTED_DEADLINE,
                cite=f"{request.instrument}:40(26)" if request.instrument == CONVENTION else "",
                bound="not-after",
                due=request.deadline,
                sum=f"{'ordered' if ordered else 'asked for'}: {request.deadline.isoformat()}",
                rule=_ORDERED_BY if ordered else _ASKED_BY,
                certainty="policy",
            )
        )
    return tuple(runs)


@lru_cache(maxsize=KEPT)
def _clocks_from(law: treaty.Law, instrument: str, begin: date) -> tuple[tuple[ClockRun, treaty.Clock], ...]:
    """The clocks of an instrument that can run in a case, each with the law that sets it."""
    if instrument not in {each.id for each in law.instruments}:
        return ()
    runs = []
    for clock in law.clocks(instrument):
        if clock.start not in _AT_RECEIPT and clock.start not in _WHEN_KEPT:
            continue
        due = None
        event = "received" if clock.start in _AT_RECEIPT else "kept"
        total = f"{event} on {begin.isoformat()} + {clock.amount} {clock.unit}"
        if clock.unit is treaty.Unit.DAYS:
            due = begin + timedelta(days=clock.amount)
            total += f" = {due.isoformat()}"
        runs.append(
            (
                ClockRun(
                    id=clock.id,
                    cite=f"{instrument}:{clock.article}",
                    bound=clock.bound,
                    due=due,
                    sum=total,
                    rule=clock.rule,
                    certainty=clock.certainty,
                ),
                clock,
            )
        )
    return tuple(runs)


def _changes(
    sheet: FactSheet,
    book: Rulebook,
    weights: _Weights,
    strongest: int,
    decided: Decision,
    under_order: bool,
) -> tuple[Change, ...]:
    """Each fact whose other value, all else being equal, leads to another decision.

    Only the rules that the fact has a part in are run again; what the others say stands.
    """
    values = list(sheet.values)
    leading = frozenset([rule for number, rule, _finding in weights if number == strongest])
    decisions = _decisions(under_order)
    changes = []
    for place, leads, decide in _telling(book, strongest, leading):
        others = strongest
        if leads:
            rules = book.turns[place]
            others = max([number for number, rule, _finding in weights if rule not in rules], default=0)
        now = values[place]
        for other in _OTHERS[now]:
            values[place] = other
            follows = decide(values)
            then = decisions[follows if follows > others else others]
            if then is not decided:
                changes.append(_change(book, place, now, other, then))
        values[place] = now
    return tuple(changes)


@lru_cache(maxsize=KEPT)
def _telling(
    book: Rulebook, strongest: int, leading: frozenset[int]
) -> tuple[tuple[int, bool, Callable[[Sequence[int]], int]], ...]:
    """The facts, by number, whose other value can lead elsewhere, with what follows from their rules that can
    tell: they have a part in all the rules that lead (then True), or in one from which more can follow."""
    telling = []
    for place, turn in enumerate(book.turns):
        leads = leading <= turn.keys()
        above = 0 if leads else strongest
        rules = tuple([rule for rule, most in turn.items() if most > above])
        if leads or rules:
            telling.append((place, leads, _deciding(book, rules)))
    return tuple(telling)


@cache
def _deciding(book: Rulebook, rules: tuple[int, ...]) -> Callable[[Sequence[int]], int]:
    return book.deciding(rules)


@cache
def _decisions(under_order: bool) -> tuple[Decision, ...]:
    return tuple(decision(consequence, under_order=under_order) for consequence in Consequence)


@cache
def _change(book: Rulebook, place: int, now: int, other: int, then: Decision) -> Change:
    name = book.names[place]
    return Change(
        fact=name,
        says=book.facts[name].says,
        now=_OUTCOMES[_THREE[now]],
        if_outcome=_OUTCOMES[_THREE[other]],
        then=then,
    )


def _short(version: str) -> str:
    return version.removeprefix("sha256:")[:16]


@cache
def _versions(book: Rulebook) -> Versions:
    return Versions(
        habeas=__version__,
        rules=book.version,
        policy=f"{book.policy.name} {book.policy.version} {book.policy_hash}",
        law=_short(treaty.law().version),
        atlas=_short(national.atlas().version),
    )


def facts_of(sheet: FactSheet) -> Mapping[str, Three]:
    """The bare values, for tables and proofs."""
    return {name: established.value for name, established in sheet.facts.items()}

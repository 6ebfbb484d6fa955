"""From an assessment to what a reader is told, in the order in which it is read.

Decided here: what comes first, and what is left for `explain`. Nothing is judged, and nothing is shown that
the answer does not hold. Order: the recommendation; who asks whom for what; the tests that decide, strongest
first; what may leave; questions, tasks, conditions, clocks; what only the house may see; their words with
our marks; versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from habeas.assess import Assessment, Consequence, Finding, Outcome
from habeas.assess.finding import ClockRun
from habeas.reports import words
from habeas.reports.brief import Article, Asked, Brief, Clock, Conduct, Noticed, Shift, ToDo
from habeas.reports.foreign import one_line, theirs
from habeas.reports.reading import Reading
from habeas.reports.rows import item_lines, request_rows, title
from habeas.request import Notice, Request


def brief(
    request: Request,
    answer: Assessment,
    *,
    explain: bool,
    sums: bool = False,
    notices: Sequence[Notice] = (),
) -> Brief:
    """What is shown of `answer`. explain: also the tests that are met, waiting clocks and counterfactuals.
    sums: also the figures that signs were added up to."""
    reading = Reading(request, answer, sums=sums)
    effective = sorted(
        (finding for finding in answer.findings if _has_effect(finding)),
        key=lambda finding: -words.strength(finding.house),
    )
    strongest = words.strength(effective[0].house) if effective else 0
    clocks = tuple(_clock(clock) for clock in answer.clocks)
    waiting = tuple(clock for clock in clocks if clock.due is None)
    met = tuple(finding for finding in answer.findings if finding.outcome is Outcome.MET)
    return Brief(
        id=theirs(answer.id),
        title=title(request),
        on=answer.on,
        seat=one_line(words.seat(answer.seat)),
        recommended=words.recommended(answer.decision),
        why=_why(answer),
        supposed=tuple(words.supposed(term) for term in answer.supposed),
        noticed=tuple(Noticed(says=_sentence(each.sentence), place=one_line(each.place)) for each in notices),
        request=tuple(request_rows(request)),
        deciding_title=_deciding_title(strongest),
        deciding=tuple(reading.point(f) for f in effective if words.strength(f.house) == strongest),
        weaker=tuple(reading.point(f) for f in effective if words.strength(f.house) < strongest),
        noted=tuple(
            reading.point(f) for f in answer.findings if f.outcome is not Outcome.MET and not _has_effect(f)
        ),
        met=tuple(reading.point(finding) for finding in met) if explain else (),
        met_count=len(met),
        items=tuple(item_lines(request, answer)),
        questions=tuple(
            Asked(question=each.question, cites=tuple(words.cite(cite) for cite in each.cites))
            for each in answer.questions
        ),
        tasks=tuple(ToDo(who=words.plain(each.who), task=each.task, why=each.why) for each in answer.tasks),
        conditions=tuple(_sentence(each) for each in answer.conditions),
        clocks=tuple(sorted((c for c in clocks if c.due is not None), key=lambda c: c.due or date.max)),
        clocks_waiting=waiting if explain else (),
        clocks_waiting_count=len(waiting),
        conduct=tuple(
            Conduct(
                category=words.conduct(name),
                signs=tuple(sign for sign in reading.signs if name in sign.categories),
            )
            for name in answer.protected_conduct
        ),
        provisions=reading.provisions() if answer.protected_conduct else (),
        shifts=tuple(
            Shift(
                says=each.says,
                now=words.held(each.now),
                other=words.held(each.if_outcome),
                then=words.recommended(each.then),
            )
            for each in answer.would_change
        )
        if explain
        else (),
        passages=reading.passages,
        signs=reading.signs,
        versions=(
            ("habeas", answer.versions.habeas),
            ("rules", answer.versions.rules),
            ("policy", answer.versions.policy),
            ("law", answer.versions.law),
            ("atlas", answer.versions.atlas),
        ),
    )


def outside(brief: Brief) -> Brief:
    """What somebody from outside the house reads of it: nothing that is for the house only."""
    return msgspec.structs.replace(brief, conduct=(), provisions=(), shifts=(), tasks=())


def _has_effect(finding: Finding) -> bool:
    return finding.outcome is not Outcome.MET and finding.house not in ("none", "note")


def _deciding_title(strongest: int) -> str:
    return "What decides" if strongest > Consequence.CONDITION else "What the conditions rest on"


def _why(answer: Assessment) -> str:
    """The sentence under the recommendation, and the right road where this is the wrong one."""
    return f"{answer.because} The right road: {_sentence(answer.road)}" if answer.road else answer.because


def _sentence(words_: str) -> str:
    """A condition as a sentence of its own: capital first, full stop last."""
    shown = one_line(words_)
    return shown[:1].upper() + shown[1:] + ("" if shown.endswith((".", "!", "?")) else ".")


def _clock(run: ClockRun) -> Clock:
    return Clock(
        rule=run.rule,
        article=Article(cite=words.cite(run.cite), title="", certainty=words.certainty(run.certainty)),
        bound=words.bound(run.bound),
        due=run.due,
        sum=run.sum,
    )

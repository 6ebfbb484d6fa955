"""What no decision may give, and when one departs from what was recommended."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from habeas.assess import Ceiling, Decision
from habeas.assess.finding import Cited, Outcome
from habeas.desk import Case, Stage
from habeas.desk.events import Configured
from habeas.desk.letters import Ground, filling
from habeas.desk.rulings import departures, recommended, whole
from habeas.errors import Refused
from habeas.request import Category, Measure, Period, Request
from tests.desk.desks import (
    CASE,
    GROUND,
    SETTINGS,
    SOUND,
    all_refused,
    at,
    bring,
    changed,
    example,
    house_of,
    rulings,
    target,
)


def _review(request: Request, settings: Configured = SETTINGS, **ruling: Any) -> Case:
    desk, _memory = house_of(settings, request)
    case = bring(desk, "assessed", request=request)
    first, *rest = all_refused(case)
    decided = (msgspec.structs.replace(first, **{"ground": "", **ruling}), *rest)
    return desk.review(
        CASE, "reviewer", at(hours=4), assessment=case.digest, rulings=decided, why="Because we can."
    )


@pytest.mark.parametrize(
    "category", [Category.REALTIME_TRAFFIC, Category.REALTIME_CONTENT, Category.CREDENTIALS]
)
@pytest.mark.parametrize("ceiling", [each for each in Ceiling if each is not Ceiling.NOTHING])
def test_live_data_and_keys_are_never_given_whoever_decides(category: Category, ceiling: Ceiling) -> None:
    item = msgspec.structs.replace(SOUND.targets[0].items[0], category=category)
    request = changed(SOUND, targets=(target(items=(item,)),))
    for decision in Decision:
        with pytest.raises(Refused, match="never given"):
            _review(request, decision=decision, ceiling=ceiling, ground=GROUND)


@pytest.mark.parametrize("ceiling", [Ceiling.PRESERVE, Ceiling.TRAFFIC])
def test_data_of_days_to_come_are_live_data_whoever_decides(ceiling: Ceiling) -> None:
    first = SOUND.targets[0].items[0]
    for days, given in ((-9, True), (9, False)):
        begins = at(days=days).date()
        period = Period(start=begins, end=begins)
        item = msgspec.structs.replace(first, category=Category.TRAFFIC, period=period)
        request = changed(SOUND, received_on=at().date(), targets=(target(items=(item,)),))
        if given:
            _review(request, decision=Decision.PROCEED, ceiling=ceiling)
        else:
            with pytest.raises(Refused, match="never given"):
                _review(request, decision=Decision.PROCEED, ceiling=ceiling)


@pytest.mark.parametrize("ceiling", [Ceiling.SUBSCRIBER, Ceiling.TRAFFIC, Ceiling.CONTENT])
def test_who_asks_to_keep_data_is_not_given_them(ceiling: Ceiling) -> None:
    request = changed(SOUND, measure=Measure.PRESERVATION)
    item = msgspec.structs.replace(SOUND.targets[0].items[2], description="preservation")
    for asked in (request, changed(SOUND, targets=(target(items=(item,)),))):
        with pytest.raises(Refused, match="more than was asked"):
            _review(asked, decision=Decision.PROCEED, ceiling=ceiling)


def test_no_ruling_gives_more_than_was_asked_or_less_than_it_says() -> None:
    for ceiling in (Ceiling.TRAFFIC, Ceiling.CONTENT):  # the first item asks for subscriber data
        with pytest.raises(Refused, match="more than was asked"):
            _review(SOUND, decision=Decision.PROCEED, ceiling=ceiling)
    with pytest.raises(Refused, match="gives nothing"):
        _review(SOUND, decision=Decision.PROCEED)
    with pytest.raises(Refused, match="gives nothing"):
        _review(SOUND, decision=Decision.REFUSE, ceiling=Ceiling.EXISTENCE, ground=GROUND)
    with pytest.raises(Refused, match="gives nothing"):
        _review(SOUND, decision=Decision.REFUSE, ceiling=Ceiling.PRESERVE, ground=GROUND)
    with pytest.raises(Refused, match="gives nothing"):
        _review(SOUND, decision=Decision.CLARIFY, ceiling=Ceiling.SUBSCRIBER)
    for decision in (Decision.REFUSE, Decision.CHALLENGE):
        with pytest.raises(Refused, match="names its ground"):
            _review(SOUND, decision=decision, ground=" ")
    assert _review(SOUND, decision=Decision.CLARIFY, ceiling=Ceiling.PRESERVE).stage is Stage.REVIEWED
    assert _review(SOUND, decision=Decision.PROCEED, ceiling=Ceiling.SUBSCRIBER).stage is Stage.REVIEWED


def test_every_item_is_decided_exactly_once() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    every = rulings(case)
    stray = msgspec.structs.replace(every[0], target="t9")
    for wrong in ((), every[:-1], (*every, every[0]), (*every, stray), (stray, *every[1:])):
        with pytest.raises(Refused, match="exactly one decision"):
            desk.review(CASE, "reviewer", at(hours=4), assessment=case.digest, rulings=wrong, why="x")


def test_what_is_recommended_departs_in_nothing_and_every_refusal_has_an_article() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    assert case.assessment is not None
    as_recommended = recommended(case.assessment)
    assert departures(case, as_recommended) == ()
    whole(case, as_recommended)
    persecuting = example("rainbow-flag")
    refused = bring(house_of(request=persecuting)[0], "assessed", request=persecuting)
    assert refused.assessment is not None
    grounds = [each.ground for each in recommended(refused.assessment) if each.decision is Decision.REFUSE]
    cited = {str(each.cite) for finding in refused.assessment.findings for each in finding.cites}
    assert grounds
    assert set(grounds) <= cited


def test_another_decision_or_another_ceiling_departs() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    assert case.assessment is not None
    first, *rest = recommended(case.assessment)
    for change in ({"decision": Decision.CLARIFY}, {"ceiling": Ceiling.EXISTENCE}):
        other = msgspec.structs.replace(first, **change)
        assert departures(case, (other, *rest)) == (first.key,)
    assert departures(case, (msgspec.structs.replace(first, ground="another article"), *rest)) == ()


@pytest.mark.parametrize("change", [{"scope": "The first of March."}, {"conditions": ("Only once.",)}])
def test_a_scope_or_a_condition_of_our_own_departs(change: dict[str, object]) -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    assert case.assessment is not None
    first, *rest = recommended(case.assessment)
    other = (msgspec.structs.replace(first, **change), *rest)
    assert departures(case, other) == (first.key,)
    with pytest.raises(Refused, match="no reason is given"):
        desk.review(CASE, "reviewer", at(hours=4), assessment=case.digest, rulings=other)


def test_a_refusal_on_another_ground_departs_and_takes_a_reason_and_two_people() -> None:
    """Otherwise one person would tell the requester, and the public log, another reason than was found."""
    request = example("rainbow-flag")
    desk, _memory = house_of(request=request)
    case = bring(desk, "assessed", request=request)
    assert case.assessment is not None
    advised = recommended(case.assessment)
    assert {each.decision for each in advised} == {Decision.REFUSE}
    named = tuple(msgspec.structs.replace(each, ground=filling.ground(case, each.ground)) for each in advised)
    assert departures(case, named) == ()  # the same ground, by its word
    other = tuple(msgspec.structs.replace(each, ground=Ground.FORM) for each in advised)
    assert departures(case, other) == tuple(each.key for each in advised)
    with pytest.raises(Refused, match="no reason is given"):
        desk.review(CASE, "reviewer", at(hours=4), assessment=case.digest, rulings=other)
    case = desk.review(
        CASE, "reviewer", at(hours=4), assessment=case.digest, rulings=other, why="The form is plainly bad."
    )
    assert case.stage is Stage.REVIEWED


def test_an_item_is_refused_by_the_article_of_its_own_finding_not_of_the_heaviest() -> None:
    desk, _memory = house_of()
    case = bring(desk, "assessed")
    assert case.assessment is not None
    heavy, light = (
        msgspec.structs.replace(
            each,
            outcome=Outcome("not met"),
            house=word,
            cites=(Cited(cite=cite, title="", certainty="seen"),),
        )
        for each, word, cite in zip(
            [each for each in case.assessment.findings if each.cites][:2],
            ("refuse-rights", "refuse-discretion"),
            ("uncc:40(22)", "uncc:40(21)(b)"),
            strict=True,
        )
    )
    for why, ground in ((light.sentence, "uncc:40(21)(b)"), ("Something else.", "uncc:40(22)")):
        items = tuple(
            msgspec.structs.replace(each, decision=Decision.REFUSE, ceiling=Ceiling.NOTHING, why=why)
            for each in case.assessment.items
        )
        judged = msgspec.structs.replace(case.assessment, items=items, findings=(light, heavy))
        assert {each.ground for each in recommended(judged)} == {ground}

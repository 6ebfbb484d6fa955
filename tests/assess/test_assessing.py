"""Recommendations: reasoned, cited, reproducible, and closed where anything is unknown."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.assess import (
    Assessment,
    Ceiling,
    Decision,
    Knowledge,
    Matter,
    Outcome,
    Recurring,
    assess,
    assess_all,
    seat_of,
)
from habeas.request import (
    AccountFacts,
    Authorisation,
    AuthorisationKind,
    Category,
    Measure,
    Offence,
    Penalty,
    PenaltyKind,
    Request,
)
from tests.world import INSULT, ON, RANSOMWARE, item, request, target, years

LEVELS = list(Ceiling)


def answer(asked: Request, knowledge: Knowledge | None = None) -> Assessment:
    return assess(asked, on=ON, knowledge=knowledge)


def test_a_narrow_request_about_a_real_crime_proceeds() -> None:
    got = answer(request())
    assert got.decision == Decision.PROCEED
    assert {each.ceiling for each in got.items} == {Ceiling.SUBSCRIBER, Ceiling.TRAFFIC}
    assert got.protected_conduct == ()
    assert got.questions == ()


def test_many_together_are_answered_as_each_alone() -> None:
    asked = [
        request(),
        request(facts=INSULT),
        request(facts="", offences=()),
        request(facts=RANSOMWARE, instrument="budapest"),
        request(facts=INSULT, targets=()),
        request(),
    ]
    knowledge = [Knowledge(suspended=frozenset({each.requesting_state or ""})) for each in asked[:3]]
    known = [*knowledge, *[Knowledge(as_if_in_force=True)] * 3]
    matters = [Matter(each, seat_of(each), what) for each, what in zip(asked, known, strict=True)]
    together = assess_all(matters, on=ON)
    assert together == [answer(each, what) for each, what in zip(asked, known, strict=True)]
    assert len({msgspec.json.encode(each) for each in together}) == len(asked)
    assert assess_all([], on=ON) == []


def test_a_finding_that_recurs_quotes_nothing_of_its_request() -> None:
    first, second = assess_all(
        [Matter(each, seat_of(each), Knowledge()) for each in (request(), request(facts=INSULT))], on=ON
    )
    shared = {id(finding) for finding in first.findings} & {id(finding) for finding in second.findings}
    recurring = [finding for finding in second.findings if isinstance(finding, Recurring)]
    assert shared
    assert shared <= set(map(id, recurring))
    assert not [
        source
        for finding in recurring
        for used in finding.used
        for source in used.sources
        if source.kind == "narrative" or (source.words and source.words in INSULT)
    ]
    others = [finding for finding in second.findings if not isinstance(finding, Recurring)]
    assert any(
        source.words in INSULT for finding in others for used in finding.used for source in used.sources
    )


def test_speech_is_refused_whatever_it_is_called() -> None:
    for label in ("Insult", "Fraud on a large scale", "Child protection", "Extremism"):
        got = answer(request(facts=INSULT, offences=(Offence(label=label, claimed_maximum=years(10)),)))
        assert got.decision == Decision.REFUSE, label
        assert got.protected_conduct
        assert {each.ceiling for each in got.items} == {Ceiling.NOTHING}


def test_the_country_alone_changes_nothing() -> None:
    decisions = {
        answer(request(requesting_state=state)).decision for state in ("FRA", "RUS", "IRN", "PRK", None)
    }
    assert decisions == {Decision.PROCEED}


def test_every_finding_speaks_and_cites() -> None:
    for finding in answer(request(facts=INSULT)).findings:
        assert finding.sentence
        assert finding.cites
        assert all(cited.certainty for cited in finding.cites)
        if finding.outcome is Outcome.NOT_SHOWN:
            assert finding.missing


def test_live_data_and_keys_never_have_a_ceiling_above_nothing() -> None:
    wanted = (
        item(),
        item(Category.REALTIME_TRAFFIC, number=2),
        item(Category.REALTIME_CONTENT, number=3),
        item(Category.CREDENTIALS, number=4),
    )
    got = answer(request(targets=(target(*wanted),)))
    assert got.decision == Decision.NARROW
    assert [each.ceiling for each in got.items] == [Ceiling.SUBSCRIBER, *[Ceiling.NOTHING] * 3]


def test_content_without_a_judge_stops_at_traffic() -> None:
    content = (target(item(Category.CONTENT)),)
    prosecutor = request(targets=content, authorisation=Authorisation(kind=AuthorisationKind.PROSECUTOR))
    assert [each.ceiling for each in answer(prosecutor).items] == [Ceiling.TRAFFIC]
    assert [each.ceiling for each in answer(request(targets=content)).items] == [Ceiling.CONTENT]


def test_a_crowd_is_narrowed_to_the_named_account() -> None:
    crowd = target(item(number=9), value="bulk:all-members", bulk=True, number=2, role="unknown")
    got = answer(request(targets=(target(), crowd)))
    assert got.decision == Decision.NARROW
    assert {each.ceiling for each in got.items if each.target == "t2"} == {Ceiling.NOTHING}
    assert {each.ceiling for each in got.items if each.target == "t1"} == {
        Ceiling.SUBSCRIBER,
        Ceiling.TRAFFIC,
    }


def test_an_unidentified_sender_gets_nothing_and_there_is_a_task_for_us() -> None:
    got = answer(request(supposed=("instrument-in-force", "seat-law-permits")))
    assert got.decision == Decision.CLARIFY
    assert got.questions == ()
    assert {each.ceiling for each in got.items} == {Ceiling.NOTHING}
    assert any(task.who == "house" for task in got.tasks)


def test_today_the_convention_is_no_basis() -> None:
    plain = request(supposed=("sender-identified", "seat-law-permits"))
    assert answer(plain).decision == Decision.REROUTE
    supposed = answer(plain, Knowledge(as_if_in_force=True))
    assert supposed.decision == Decision.PROCEED
    assert "convention-in-force" in supposed.supposed


def test_death_for_a_real_crime_goes_to_people_and_preservation_does_not() -> None:
    capital = (
        Offence(label="Murder", citations=("art. 221-1",), claimed_maximum=Penalty(kind=PenaltyKind.DEATH)),
    )
    assert answer(request(offences=capital)).decision == Decision.ESCALATE
    kept = answer(request(offences=capital, measure=Measure.PRESERVATION))
    assert kept.decision == Decision.PROCEED
    assert {each.ceiling for each in kept.items} == {Ceiling.PRESERVE}
    assert any("death penalty" in condition for condition in kept.conditions)


def test_below_four_years_and_no_convention_offence_is_outside() -> None:
    stolen = (
        "The victim's bicycle was stolen; a witness identified the suspect, whose account was used to "
        "sell it for 300 euros."
    )
    low = (Offence(label="Theft", citations=("§ 242",), claimed_maximum=years(3)),)
    assert answer(request(facts=stolen, offences=low)).decision == Decision.REFUSE
    treaty = answer(request(facts=stolen, offences=low, instrument="bilateral-mla"))
    assert treaty.decision != Decision.REFUSE


def test_an_order_of_the_own_court_has_its_own_answers() -> None:
    ordered = request(measure=Measure.DOMESTIC_ORDER, instrument="domestic-order", requesting_state="USA")
    assert answer(ordered).decision == Decision.COMPLY_AS_NARROWED
    speech = request(
        measure=Measure.DOMESTIC_ORDER, instrument="domestic-order", requesting_state="USA", facts=INSULT
    )
    assert answer(speech).decision == Decision.CHALLENGE


def test_an_order_of_another_state_binds_nobody_here() -> None:
    foreign = request(measure=Measure.DOMESTIC_ORDER, instrument="domestic-order", requesting_state="PRT")
    assert answer(foreign).decision == Decision.REROUTE
    assert answer(foreign).road


def test_a_prosecutor_cannot_order_traffic_data_under_a_production_order() -> None:
    ordered = request(instrument="eu-e-evidence", seat_state="IRL")
    assert answer(ordered).decision == Decision.PROCEED
    alone = answer(request_with(ordered, AuthorisationKind.PROSECUTOR))
    assert alone.decision == Decision.NARROW
    assert {each.category: each.ceiling for each in alone.items} == {
        "subscriber": Ceiling.SUBSCRIBER,
        "traffic": Ceiling.SUBSCRIBER,
    }


def request_with(asked: Request, kind: AuthorisationKind) -> Request:
    return msgspec.structs.replace(asked, authorisation=Authorisation(kind=kind))


def test_below_three_years_a_production_order_reaches_subscriber_data_only() -> None:
    low = (Offence(label="Interference", citations=("art. 1",), claimed_maximum=years(1)),)
    got = answer(request(instrument="eu-e-evidence", seat_state="IRL", offences=low))
    assert got.decision == Decision.NARROW
    assert {each.ceiling for each in got.items} == {Ceiling.SUBSCRIBER}


def test_the_law_cited_is_that_of_the_instrument_and_a_yardstick_says_so() -> None:
    got = answer(request(instrument="budapest", facts=INSULT))
    finding = next(each for each in got.findings if each.check == "persecution.protected-conduct")
    assert [cited.cite for cited in finding.cites] == [
        "budapest:27(4)(a)",
        "budapest:27(4)(b)",
        "budapest:15(1)",
    ]
    assert not finding.yardstick
    form = next(each for each in got.findings if each.check == "form.facts")
    assert form.yardstick
    assert not any(each.yardstick for each in answer(request()).findings)


def test_facts_in_a_language_without_words_are_for_a_translator() -> None:
    got = answer(request(facts="ქართული ტექსტი " * 20, language="ka"))
    assert got.decision == Decision.CLARIFY
    assert got.questions == ()
    assert any("translated" in task.task for task in got.tasks)


def test_questions_ask_only_for_what_is_missing_and_never_more_than_eight() -> None:
    bare = Request(
        id="R-2",
        instrument="uncc",
        measure=Measure.STORED_ACCESS,
        requesting_state="FRA",
        supposed=request().supposed,
    )
    got = answer(bare)
    assert got.decision == Decision.CLARIFY
    assert 1 <= len(got.questions) <= 8
    for question in got.questions:
        assert question.question.startswith("Please")


def test_no_letter_text_says_what_answer_would_pass() -> None:
    bare = Request(id="R-2", instrument="uncc", measure=Measure.STORED_ACCESS, supposed=request().supposed)
    for question in answer(bare).questions:
        for word in ("four years", "protected", "signal", "weight", "persecution"):
            assert word not in question.question


def test_the_same_request_day_and_versions_give_the_same_bytes() -> None:
    first = msgspec.json.encode(answer(request(facts=INSULT)))
    assert first == msgspec.json.encode(answer(request(facts=INSULT)))


def test_what_would_change_the_result_really_does() -> None:
    got = answer(request(authorisation=Authorisation(kind=AuthorisationKind.NONE)))
    change = next(each for each in got.would_change if each.fact == "independently_authorised")
    assert change.then == answer(request()).decision


def test_a_sign_found_in_an_earlier_version_is_not_washed_out() -> None:
    clean = request(facts=RANSOMWARE)
    assert answer(clean).decision == Decision.PROCEED
    washed = answer(
        request(
            facts="Interference with a system is being investigated; particulars follow. " * 3,
            earlier_facts=(INSULT,),
        )
    )
    assert washed.decision == Decision.REFUSE


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=200),
    st.sampled_from(list(AuthorisationKind)),
    st.sampled_from(list(Category)),
    st.sampled_from(list(Measure)),
    st.booleans(),
)
def test_whatever_comes_an_answer_is_made_and_stays_under_what_was_asked(
    facts: str, kind: AuthorisationKind, category: Category, measure: Measure, bulk: bool
) -> None:
    asked = request(
        facts=facts,
        authorisation=Authorisation(kind=kind),
        measure=measure,
        targets=(target(item(category), bulk=bulk),),
    )
    got = answer(asked)
    assert got.decision in list(Decision)
    for each in got.items:
        if category in (Category.REALTIME_TRAFFIC, Category.REALTIME_CONTENT, Category.CREDENTIALS) or bulk:
            assert each.ceiling is Ceiling.NOTHING
        assert LEVELS.index(each.ceiling) <= LEVELS.index(Ceiling.CONTENT)


@pytest.mark.parametrize("measure", [Measure.REALTIME_TRAFFIC, Measure.INTERCEPTION])
def test_a_live_measure_alone_is_refused(measure: Measure) -> None:
    assert answer(request(measure=measure)).decision == Decision.REFUSE


@pytest.mark.parametrize(
    ("account", "ceilings"),
    [
        (AccountFacts(target="t1", exists=False), {Ceiling.EXISTENCE}),
        (AccountFacts(target="t1", categories_held=()), {Ceiling.EXISTENCE}),
        (
            AccountFacts(target="t1", categories_held=(Category.SUBSCRIBER,)),
            {Ceiling.SUBSCRIBER, Ceiling.EXISTENCE},
        ),
        (AccountFacts(target="t1", exists=True), {Ceiling.SUBSCRIBER, Ceiling.TRAFFIC}),
    ],
)
def test_what_the_records_do_not_hold_cannot_be_given(account: AccountFacts, ceilings: set[Ceiling]) -> None:
    assert request().targets[0].id == account.target
    got = answer(request(), Knowledge(accounts=(account,)))
    assert got.decision == Decision.PROCEED
    assert {each.ceiling for each in got.items} == ceilings
    refused = answer(request(facts=INSULT), Knowledge(accounts=(account,)))
    assert {each.ceiling for each in refused.items} == {Ceiling.NOTHING}


def test_torture_in_the_text_is_for_people_to_decide() -> None:
    got = answer(request(facts=request().facts + " The suspect confessed under torture."))
    assert got.decision == Decision.ESCALATE
    assert got.because == "The text speaks of torture or of a confession got by force."

"""Recommendations: reasoned, cited, reproducible, and closed where anything is unknown."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.assess import (
    CONDITIONS,
    Assessment,
    Ceiling,
    Consequence,
    Decision,
    Finding,
    Knowledge,
    Matter,
    Outcome,
    Recurring,
    Seat,
    assess,
    assess_all,
    rulebook,
    seat_of,
)
from habeas.request import (
    AccountFacts,
    Assurance,
    Authorisation,
    AuthorisationKind,
    Category,
    Item,
    Measure,
    Offence,
    Penalty,
    PenaltyKind,
    Period,
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


@pytest.mark.parametrize("accounts", [(), (AccountFacts(target="t2", exists=False),)])
def test_of_an_account_that_nobody_suspects_nothing_is_given_not_even_that_there_is_none(
    accounts: tuple[AccountFacts, ...],
) -> None:
    """The same data of the suspect beside it are given."""
    bystander = target(item(), number=2, value="@other", role="third-party")
    got = answer(request(targets=(target(item()), bystander)), Knowledge(accounts=accounts))
    assert got.decision == Decision.NARROW
    assert {each.target: (each.decision, each.ceiling) for each in got.items} == {
        "t1": (Decision.PROCEED, Ceiling.SUBSCRIBER),
        "t2": (Decision.REFUSE, Ceiling.NOTHING),
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
    assert kept.because.endswith("Conditions apply.")


def test_a_bombing_told_by_a_state_where_torture_is_often_reported_goes_to_people() -> None:
    """An undertaking on the treatment lifts it; so does danger to a life, and keeping data gives nothing."""
    bombed = (
        "A bomb placed at a market killed nine persons and wounded forty. The two arrested men state that "
        "the suspect's account sent them the place and the time; the messages were found on a seized phone."
    )
    terror = (
        Offence(label="Terrorist act that caused death", citations=("art. 86",), claimed_maximum=years(20)),
    )

    def of(state: str, **others: object) -> Assessment:
        return answer(request(requesting_state=state, facts=bombed, offences=terror, **others))

    asked = of("EGY")
    assert asked.decision == Decision.ESCALATE
    assert asked.because.startswith("The charge is terrorism, torture is often reported")
    words = Assurance(kind="treatment", text="Counsel from the first hour; visits by the Red Cross.")
    unhurt = Assurance(kind="no-death-penalty", text="It will neither be sought nor carried out.")
    assert of("NOR").decision == Decision.PROCEED
    assert of("EGY", assurances=(words, unhurt)).decision == Decision.PROCEED
    assert of("EGY", assurances=(unhurt,)).decision == Decision.ESCALATE
    assert of("EGY", measure=Measure.PRESERVATION).decision == Decision.PROCEED
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


def _asked_for(*wanted: Item, **parts: object) -> Request:
    return request(received_on=date(2026, 11, 2), targets=(target(*wanted),), **parts)


def test_data_of_days_to_come_are_not_given_under_the_name_of_stored_data() -> None:
    coming = Period(start=date(2026, 12, 1), end=date(2027, 2, 1))
    across = Period(start=date(2026, 10, 1), end=date(2027, 2, 1))
    traffic, content = Category.TRAFFIC, Category.CONTENT
    got = answer(
        _asked_for(item(), item(traffic, number=2, period=across), item(content, number=3, period=coming))
    )
    assert got.decision == Decision.NARROW
    assert [(each.decision, each.ceiling) for each in got.items] == [
        (Decision.PROCEED, Ceiling.SUBSCRIBER),
        (Decision.NARROW, Ceiling.TRAFFIC),
        (Decision.REFUSE, Ceiling.NOTHING),
    ]
    assert "when the request arrived" in got.items[1].why
    nothing = answer(_asked_for(item(traffic, period=coming)))
    assert nothing.decision == Decision.REFUSE
    assert "data.only-live" in {each.check for each in nothing.findings if each.house.startswith("refuse")}
    order = {"measure": Measure.DOMESTIC_ORDER, "instrument": "domestic-order", "requesting_state": "USA"}
    assert answer(_asked_for(item(traffic, period=coming), **order)).decision == Decision.CHALLENGE


def test_an_item_whose_days_the_conduct_does_not_explain_is_given_in_part() -> None:
    conduct = Period(start=date(2026, 5, 1), end=date(2026, 5, 31))
    far = Period(start=date(2021, 5, 1), end=date(2021, 5, 31))
    got = answer(_asked_for(item(), item(Category.TRAFFIC, number=2, period=far), conduct=conduct))
    assert got.decision == Decision.NARROW
    assert [each.decision for each in got.items] == [Decision.PROCEED, Decision.NARROW]
    assert "conduct" in got.items[1].why
    kept = answer(_asked_for(item(Category.TRAFFIC, period=far, description="preservation"), conduct=conduct))
    assert [each.decision for each in kept.items] == [Decision.PROCEED]


def test_what_the_law_of_the_seat_bars_in_part_is_no_bare_proceed() -> None:
    direct = request(
        instrument="national-direct",
        measure=Measure.DIRECT_TO_PROVIDER,
        supposed=("sender-identified",),
        targets=(target(item(), item(Category.CONTENT, number=2)),),
    )
    got = answer(direct)
    assert got.decision == Decision.NARROW
    assert [each.ceiling for each in got.items] == [Ceiling.SUBSCRIBER, Ceiling.NOTHING]
    finding = next(each for each in got.findings if each.check == "seat.part")
    assert finding.outcome == Outcome.NOT_MET
    whole = answer(msgspec.structs.replace(direct, targets=(target(item()),)))
    assert whole.decision == Decision.PROCEED


def test_where_death_is_not_excluded_the_condition_is_written_down() -> None:
    told = (
        "On 3 March 2026 the suspect shot the victim, a shopkeeper aged 40, before two witnesses, and the "
        "victim died. Telephone records show that the account was used to threaten him the evening before."
    )
    charged = (Offence(label="Murder", citations=("art. 199",), claimed_maximum=years(20)),)
    conditions = {
        state: answer(request(requesting_state=state, facts=told, offences=charged)).conditions
        for state in ("JPN", "FRA")
    }
    assert CONDITIONS["rights.death-penalty"] in conditions["JPN"]
    assert CONDITIONS["rights.death-penalty"] not in conditions["FRA"]


def test_every_condition_that_policy_sets_for_an_answer_is_put_in_words() -> None:
    """Else a finding says that conditions apply, and none is there to read. What is silent here shows in the
    ceilings, or is a finding that narrows."""
    silent = {"proportionality.content", "proportionality.bulk", "proportionality.period"}
    book = rulebook()
    set_by_policy = {
        rule.check for rule in book.policy.rules if Consequence.CONDITION in (rule.not_met, rule.not_shown)
    }
    assert set_by_policy - set(CONDITIONS) == silent


def test_the_day_of_an_order_binds_and_that_of_a_request_does_not() -> None:
    day = date(2026, 11, 27)
    order = request(
        measure=Measure.DOMESTIC_ORDER, instrument="domestic-order", requesting_state="USA", deadline=day
    )
    for asked, binds in ((order, True), (request(deadline=day), False)):
        run = next(each for each in answer(asked).clocks if each.id == "requested-deadline")
        assert run.due == day
        assert ("does not bind" not in run.rule) is binds
        assert run.sum.startswith("ordered" if binds else "asked for")


def test_a_question_cites_the_law_of_the_instrument() -> None:
    alone = request(instrument="budapest", authorisation=Authorisation())
    asked = {each.fact: each.cites for each in answer(alone).questions}
    assert asked["independently_authorised"] == ("budapest:15(2)",)


def test_what_arose_before_the_account_was_opened_cannot_be_given() -> None:
    opened = Knowledge(accounts=(AccountFacts(target="t1", opened_on=date(2025, 6, 1)),))
    got = answer(request(), opened)
    assert [each.ceiling for each in got.items] == [Ceiling.SUBSCRIBER, Ceiling.EXISTENCE]
    earlier = Knowledge(accounts=(AccountFacts(target="t1", opened_on=date(2025, 2, 1)),))
    assert [each.ceiling for each in answer(request(), earlier).items] == [
        Ceiling.SUBSCRIBER,
        Ceiling.TRAFFIC,
    ]


def test_preservation_is_never_measured_by_dual_criminality() -> None:
    """Article 42(4): facts are asked for as what a request must hold, not as an offence in both states."""
    for instrument, cite in (("uncc", "uncc:42(3)(b)"), ("budapest", "budapest:29(2)")):
        got = answer(request(measure=Measure.PRESERVATION, facts="Fraud.", instrument=instrument))
        about = [each for each in got.findings if each.theme == "dual criminality"]
        assert [(each.check, each.house) for each in about] == [("dual-criminality.preservation", "note")]
        finding = next(each for each in got.findings if each.check == "form.preservation-facts")
        assert [cited.cite for cited in finding.cites] == [cite]
        assert got.decision == Decision.CLARIFY


def _found(check: str, asked: Request, known: Knowledge | None = None) -> Finding | None:
    return next((each for each in answer(asked, known).findings if each.check == check), None)


ABUSE = (
    "On 3 March 2025 the suspect uploaded 300 images of child sexual abuse showing a girl aged 9. The hash "
    "values of the files matched the list of known abuse material. The account was used to upload them."
)


def test_a_reservation_on_file_is_named_with_its_source_and_certainty() -> None:
    finding = _found("treaty.reservation", request(requesting_state="QAT", facts=ABUSE))
    assert finding is not None
    assert (finding.outcome, finding.house) == (Outcome.NOT_MET, "note")
    [used] = finding.used
    assert "articles 14 to 16" in used.note
    assert [source.ref for source in used.sources] == ["uncc:14, 15, 16, reservation of QAT, 2026-02"]
    assert used.sources[0].words.endswith("(seen)")
    # the seat's own counts alike, and one about other articles than those of the conduct is shown as such
    ours = _found("treaty.reservation", request(requesting_state="FRA", seat_state="AZE"))
    assert ours is not None
    assert ours.outcome == Outcome.NOT_MET
    other = _found("treaty.reservation", request(requesting_state="QAT"))
    assert other is not None
    assert other.outcome == Outcome.MET
    assert len(other.used[-1].sources) == 2
    assert _found("treaty.reservation", request(requesting_state="FRA", facts=ABUSE)) is None


def test_a_reservation_to_the_budapest_convention_reaches_the_answer() -> None:
    keep = request(
        instrument="budapest", measure=Measure.PRESERVATION, requesting_state="HRV", seat_state="CHE"
    )
    finding = _found("treaty.reservation", keep)
    assert finding is not None
    assert (finding.outcome, finding.house) == (Outcome.NOT_MET, "note")
    assert [cited.cite for cited in finding.cites] == ["budapest:42"]
    assert "budapest:29(4), reservation of CHE, 2011-09-21" in [each.ref for each in finding.used[-1].sources]
    # The conduct is an offence everywhere, so that the reservation bars nothing here.
    assert _says("dual-criminality.preservation", keep) == (Outcome.MET, "none")
    unclear = msgspec.structs.replace(keep, facts="The account is of interest in the matter named above.")
    missing = []
    for seat in ("CHE", "EST"):  # Estonia: nothing is on file, which is no answer
        asked = _found("dual-criminality.preservation", msgspec.structs.replace(unclear, seat_state=seat))
        assert asked is not None
        assert asked.outcome == Outcome.NOT_SHOWN
        missing.append([each.fact for each in asked.missing])
    assert missing == [["offence_in_seat_law"], ["offence_in_seat_law", "dual_criminality_reserved"]]


def test_what_is_reserved_away_is_no_offence_of_the_convention_between_the_two() -> None:
    unpunished = (Offence(label="Images", citations=("art. 10",)),)
    for state, expected in (("FRA", Outcome.MET), ("QAT", Outcome.NOT_SHOWN)):
        finding = _found(
            "scope.serious-crime", request(requesting_state=state, facts=ABUSE, offences=unpunished)
        )
        assert finding is not None
        assert finding.outcome == expected, state
    assert _found("scope.serious-crime", request(requesting_state="QAT", facts=ABUSE)).outcome == Outcome.MET  # type: ignore[union-attr]


def test_another_treaty_that_binds_both_states_is_named_and_changes_no_decision() -> None:
    finding = _found("treaty.other", request())
    assert finding is not None
    assert (finding.outcome, finding.house) == (Outcome.NOT_MET, "note")
    assert [cited.cite for cited in finding.cites] == ["uncc:40(7)", "uncc:40(8)"]
    assert "budapest: " in finding.used[-1].note
    alone = _found("treaty.other", request(requesting_state="QAT"))
    assert alone is not None
    assert (
        alone.outcome == Outcome.NOT_SHOWN
    )  # no treaty between the two is on file, and silence is no answer
    assert answer(request()).decision == answer(request(requesting_state="QAT")).decision
    union = _found("treaty.other", request(instrument="budapest", seat_state="DEU"))
    assert union is not None
    assert union.used[-1].note.startswith("eu-eio: ")
    assert "budapest:27(2)" in [cited.cite for cited in union.cites]
    assert _found("treaty.other", request(instrument="eu-eio", seat_state="DEU")) is None


def _used(country: str | None, target: str = "t1") -> Knowledge:
    return Knowledge(accounts=(AccountFacts(target=target, country_of_use=country),))


def test_an_order_under_an_agreement_does_not_reach_who_is_in_the_united_states() -> None:
    order = request(
        instrument="cloud-act-agreement", requesting_state="GBR", measure=Measure.DIRECT_TO_PROVIDER
    )
    assert answer(order, _used("USA")).decision == Decision.REROUTE
    assert answer(order, _used("GBR")).decision == answer(order).decision == Decision.PROCEED
    told = [_found("scope.us-person", order, known) for known in (_used("USA"), _used("GBR"), _used(None))]
    assert [each.outcome for each in told if each] == [Outcome.NOT_MET, Outcome.MET, Outcome.NOT_SHOWN]
    theirs = msgspec.structs.replace(order, requesting_state="USA", seat_state="GBR")
    assert _found("scope.us-person", theirs, _used("USA")) is None


def test_an_account_used_elsewhere_calls_for_the_notified_authority() -> None:
    order = request(instrument="eu-e-evidence", seat_state="DEU", measure=Measure.DIRECT_TO_PROVIDER)
    away = answer(order, _used("ITA"))
    assert away.decision == Decision.PROCEED
    assert CONDITIONS["channel.notification"] in away.conditions
    for known in (_used("FRA"), _used(None)):
        assert CONDITIONS["channel.notification"] not in answer(order, known).conditions
    home = _found("channel.notification", order, _used("FRA"))
    assert home is not None
    assert home.outcome == Outcome.MET
    subscriber = msgspec.structs.replace(order, targets=(target(item()),))
    assert _found("channel.notification", subscriber, _used("ITA")) is None


def test_where_no_instrument_asks_for_it_the_country_of_use_changes_nothing() -> None:
    assert answer(request(), _used("RUS")) == answer(request(), _used(None))


def test_data_protection_is_found_under_its_own_name() -> None:
    direct = request(
        instrument="national-direct",
        measure=Measure.DIRECT_TO_PROVIDER,
        seat_state="DEU",
        requesting_state="TUR",
        supposed=("sender-identified",),
    )
    finding = _found("data-protection.transfer", direct)
    assert finding is not None
    assert (finding.theme, finding.outcome, finding.house) == ("data protection", Outcome.NOT_MET, "note")
    assert "GDPR article 48; GDPR article 44" in [source.words for source in finding.used[-1].sources]
    assert answer(direct).decision == Decision.REROUTE  # by the law of the seat, whose part it is
    assistance = msgspec.structs.replace(direct, instrument="uncc", measure=Measure.STORED_ACCESS)
    between = _found("data-protection.transfer", assistance)
    assert between is not None
    assert any("LED article 35" in source.words for source in between.used[-1].sources)
    # American law on file has no such rule: the law of the seat answers there
    assert _found("data-protection.transfer", msgspec.structs.replace(direct, seat_state="USA")) is None


def _says(check: str, asked: Request, knowledge: Knowledge | None = None) -> tuple[Outcome, str] | None:
    finding = _found(check, asked, knowledge)
    return None if finding is None else (finding.outcome, finding.house)


def test_a_request_older_than_the_treaty_between_the_two_waits_for_counsel() -> None:
    """Finland and the United States: the Budapest Convention bound both from 2007 on."""
    parts = {
        "instrument": "budapest",
        "requesting_state": "FIN",
        "supposed": ("sender-identified", "seat-law-permits"),
    }
    before = request(**parts, received_on=date(2005, 5, 1))
    assert _says("basis.instrument", before) == (Outcome.MET, "none")
    assert _says("basis.when-asked", before) == (Outcome.NOT_MET, "hold")
    assert _says("basis.when-asked", request(**parts, received_on=date(2026, 5, 1))) == (Outcome.MET, "none")
    assert _says("basis.when-asked", request(**parts)) == (Outcome.MET, "none")  # it arrived on the day
    # Where nothing binds the two, the treaty itself says so, and this does not say it again.
    assert (
        _says("basis.when-asked", request(requesting_state="RUS", instrument="budapest", supposed=())) is None
    )


IMAGES = (
    "The suspect sent secretly filmed intimate images from the account to a group of forty acquaintances in "
    "March, as log files of the group show and as he said himself when he was heard by the police."
)


def test_whose_intimate_images_they_are_is_asked_where_nobody_harmed_is_told_of() -> None:
    def asked(facts: str, role: str = "suspect") -> Request:
        return request(facts=facts, targets=(target(role=role),))

    harmed = f"{IMAGES} The victim, a woman of thirty, found them there and filed a complaint."
    assert _says("scope.intimate-images", asked(harmed)) == (Outcome.MET, "none")
    assert _says("scope.intimate-images", asked(IMAGES)) == (Outcome.NOT_SHOWN, "ask")
    assert _says("scope.intimate-images", asked(harmed, "complainant")) == (Outcome.NOT_MET, "ask")
    assert _says("scope.intimate-images", request()) is None
    assert [each.fact for each in answer(asked(IMAGES)).questions] == ["depicted_apart"]


def test_testing_a_system_with_no_crime_beside_it_goes_to_people() -> None:
    flaw = (
        "On 3 March at 14.20 the suspect, using a telephone number registered by means of an application and "
        "an IP address of the provider, found a vulnerability in the payment server of the bank and sent a "
        "report of it to its address."
    )
    assert _says("scope.tools", request(facts=flaw)) == (Outcome.NOT_MET, "escalate")
    assert _says("scope.tools", request()) == (Outcome.MET, "none")
    crime = f"{RANSOMWARE} A penetration test of the hospital had found the vulnerability a year before."
    assert _says("scope.tools", request(facts=crime)) == (Outcome.MET, "none")


def test_access_without_right_has_to_be_told_and_not_only_charged() -> None:
    assert _says("scope.access", request()) == (Outcome.MET, "none")
    hacking = (Offence(label="Hacking into a computer system", citations=("art. 323-1 code pénal",)),)
    bare = (
        "The suspect is under investigation for conduct in the spring, of which the court's file says more."
    )
    assert _says("scope.access", request(facts=bare, offences=hacking)) == (Outcome.NOT_SHOWN, "ask")
    told = (
        "The employee opened her own work account in spring and handed the internal documents to outsiders."
    )
    assert _says("scope.access", request(facts=told, offences=hacking)) == (Outcome.NOT_MET, "escalate")
    theft = (Offence(label="Theft", citations=("art. 311-1 code pénal",)),)
    assert _says("scope.access", request(facts=bare, offences=theft)) is None


def test_words_said_abroad_are_no_jurisdiction_by_themselves() -> None:
    fled = "The suspect left the territory and lives abroad in exile."
    words = (
        "On 3 March at 14.20 the suspect, who lives abroad in exile, insulted the minister by a message from "
        "a telephone number; the IP address of the device and the payment card of the account are known to "
        "the bank."
    )
    assert _says("scope.jurisdiction", request(facts=f"{RANSOMWARE} {fled}")) == (Outcome.MET, "none")
    assert _says("scope.jurisdiction", request(facts=fled)) == (Outcome.NOT_SHOWN, "ask")
    assert _says("scope.jurisdiction", request(facts=words)) == (Outcome.NOT_MET, "escalate")
    assert _says("scope.jurisdiction", request(facts=INSULT)) is None  # persecution goes first


def test_partial_disclosure_names_the_next_provider_and_nobody_else() -> None:
    more = request(measure=Measure.TRAFFIC_DISCLOSURE)
    assert _says("data.path", more) == (Outcome.NOT_MET, "narrow")
    got = answer(more)
    assert got.decision == Decision.NARROW
    assert {each.category: each.ceiling for each in got.items} == {
        Category.SUBSCRIBER: Ceiling.NOTHING,
        Category.TRAFFIC: Ceiling.TRAFFIC,
    }
    path = msgspec.structs.replace(more, targets=(target(item(Category.TRAFFIC)),))
    assert _says("data.path", path) == (Outcome.MET, "none")
    assert _says("data.path", request()) is None
    budapest = _found("data.path", msgspec.structs.replace(more, instrument="budapest"))
    assert budapest is not None
    assert [each.cite for each in budapest.cites] == ["budapest:17", "budapest:30(1)"]


@pytest.mark.parametrize(
    ("description", "outcome"),
    [
        ("name, address and the IP addresses and times of each session", Outcome.NOT_MET),
        ("данные владельца и журнал входов, время каждого соединения", Outcome.NOT_MET),
        ("注册信息及登录记录", Outcome.MET),  # the words for opening the account stand beside them
        ("登录IP及端口", Outcome.NOT_MET),
        ("name, address and IP address at registration", Outcome.MET),
        ("name and means of payment", Outcome.MET),
        ("", Outcome.MET),
    ],
)
def test_data_of_sessions_are_no_subscriber_data(description: str, outcome: Outcome) -> None:
    asked = request(targets=(target(item(description=description)),))
    finding = _found("data.sessions", asked)
    assert finding is not None
    assert finding.outcome == outcome
    assert (CONDITIONS["data.sessions"] in answer(asked).conditions) is (outcome == Outcome.NOT_MET)
    traffic = request(targets=(target(item(Category.TRAFFIC, description=description)),))
    assert _says("data.sessions", traffic) == (Outcome.MET, "none")


def test_what_lies_in_another_state_is_left_to_that_state() -> None:
    def stored(state: str | None) -> Knowledge:
        return Knowledge(accounts=(AccountFacts(target="t1", stored_in=state),))

    assert _says("data.territory", request(), stored("USA")) == (Outcome.MET, "none")
    assert _says("data.territory", request(), stored(None)) == (Outcome.NOT_SHOWN, "note")
    assert _says("data.territory", request(), stored("IRL")) == (Outcome.NOT_MET, "condition")
    assert CONDITIONS["data.territory"] in answer(request(), stored("IRL")).conditions
    assert _says("data.territory", request(measure=Measure.DIRECT_TO_PROVIDER), stored("IRL")) is None
    assert _says("data.territory", request(instrument="eu-eio"), stored("IRL")) is None


def test_other_proceedings_on_record_can_put_an_answer_off() -> None:
    def found(value: bool | None) -> Knowledge:
        return Knowledge(accounts=(AccountFacts(target="t1", other_proceedings=value),))

    check = "conditions.own-proceedings"
    assert _says(check, request(), found(True)) == (Outcome.NOT_MET, "condition")
    assert _says(check, request(), found(False)) == (Outcome.MET, "none")
    assert _says(check, request(), found(None)) == _says(check, request()) == (Outcome.NOT_SHOWN, "note")
    assert CONDITIONS[check] in answer(request(), found(True)).conditions


def test_for_preservation_it_is_noted_where_nobody_says_who_holds_the_data() -> None:
    kept = request(measure=Measure.PRESERVATION)
    assert _says("form.custodian", kept) == (Outcome.NOT_SHOWN, "note")
    named = msgspec.structs.replace(kept, addressee="A provider of mail")
    assert _says("form.custodian", named) == (Outcome.MET, "none")
    assert _says("form.custodian", request()) is None


# ---- what is narrowed shows in the items


@pytest.mark.parametrize("period", [None, Period(start=date(2025, 2, 1)), Period(end=date(2025, 3, 31))])
def test_of_an_open_period_only_a_part_is_given(period: Period | None) -> None:
    wanted = (item(), item(Category.TRAFFIC, number=2), item(Category.TRAFFIC, number=3, period=period))
    got = answer(request(targets=(target(*wanted),)))
    assert got.decision == Decision.NARROW
    assert [each.decision for each in got.items] == [Decision.PROCEED, Decision.PROCEED, Decision.NARROW]
    assert "open" in got.items[2].why


def test_an_open_period_that_begins_after_the_request_arrived_is_live_data() -> None:
    to_come = Period(start=ON + timedelta(days=30))
    got = answer(request(targets=(target(item(), item(Category.TRAFFIC, number=2, period=to_come)),)))
    assert [each.ceiling for each in got.items] == [Ceiling.SUBSCRIBER, Ceiling.NOTHING]


def test_a_day_of_arrival_that_has_yet_to_come_opens_no_days_to_come() -> None:
    """Else whoever dates a request a year ahead would have a year of live data."""
    until = Period(start=date(2025, 2, 1), end=ON + timedelta(days=200))
    wanted = (target(item(Category.TRAFFIC, period=until)),)
    got = answer(request(targets=wanted, received_on=ON + timedelta(days=365)))
    assert got.decision == Decision.NARROW
    assert "arrived" in got.items[0].why


@pytest.mark.parametrize("category", [Category.OTHER_STORED, Category.CONTENT])
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "password of the account"),
        ("en", "live location in real time of all members of the group, and their passwords"),
        ("fr", "mot de passe du compte"),
        ("ru", "пароль от учётной записи"),
    ],
)
def test_a_password_under_another_name_has_no_ceiling_above_nothing(
    category: Category, language: str, words: str
) -> None:
    wanted = (target(item(), item(category, number=2, description=words)),)
    got = answer(request(targets=wanted, language=language))
    assert [each.ceiling for each in got.items] == [Ceiling.SUBSCRIBER, Ceiling.NOTHING]
    assert got.decision == Decision.NARROW


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "all future connections for the next 30 days, continuously"),
        ("fr", "journaux de connexion en temps réel"),
        ("fr", "connection logs in real time"),
        (None, "connection logs in real time"),
    ],
)
def test_data_to_come_in_the_words_of_an_item_are_cut_from_it(language: str | None, words: str) -> None:
    wanted = (target(item(), item(Category.TRAFFIC, number=2, description=words)),)
    got = answer(request(targets=wanted, language=language))
    assert got.decision == Decision.NARROW
    assert [each.decision for each in got.items] == [Decision.PROCEED, Decision.NARROW]


def test_where_the_facts_ask_for_everybody_no_item_looks_as_if_all_of_it_were_given() -> None:
    got = answer(request(facts=request().facts + " We request the data of all members of the forum."))
    assert got.decision == Decision.NARROW
    assert {each.decision for each in got.items} == {Decision.NARROW}
    assert {each.why for each in got.items} == {got.because}


@pytest.mark.parametrize("measure", [Measure.SPONTANEOUS, Measure.POLICE_TO_POLICE])
def test_a_form_that_asks_for_nothing_is_no_road_to_data(measure: Measure) -> None:
    assert answer(request(measure=measure)).decision == Decision.REROUTE


@pytest.mark.parametrize("instrument", ["uncc", "bilateral-mla", "eu-eio"])
def test_between_authorities_no_provider_is_asked_whatever_the_measure_is_called(instrument: str) -> None:
    """The house says that it is a provider, the request that it is one for stored data."""
    asked = request(instrument=instrument)
    seat = Seat("USA", "provider", "request")
    assert assess(asked, on=ON, seat=seat).decision == Decision.REROUTE
    assert assess(asked, on=ON).decision == Decision.PROCEED


def test_a_judge_who_decided_after_the_request_arrived_did_not_authorise_it() -> None:
    content = (target(item(Category.CONTENT)),)

    def dated(day: date) -> Assessment:
        judge = Authorisation(kind=AuthorisationKind.JUDGE, issued_on=day)
        return answer(request(targets=content, authorisation=judge, received_on=date(2026, 11, 1)))

    assert dated(date(2026, 10, 30)).decision == Decision.PROCEED
    assert dated(date(2026, 11, 2)).decision == Decision.PROCEED  # the date line
    assert dated(date(2026, 11, 3)).decision == Decision.CLARIFY


def test_without_a_statement_of_facts_nobody_is_said_to_pursue_protected_conduct() -> None:
    got = answer(
        request(facts="", link="The account was used in it.", necessity="Nothing else leads to the user.")
    )
    assert (got.decision, got.protected_conduct) == (Decision.CLARIFY, ())


def test_the_role_of_a_person_that_is_not_stated_is_a_condition() -> None:
    got = answer(request(targets=(target(role=""),)))
    assert got.decision == Decision.PROCEED
    assert any("role" in condition for condition in got.conditions)
    assert not any("role" in condition for condition in answer(request()).conditions)

"""Facts: each with its source, nothing guessed, what is supposed says so."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from habeas.assess import Knowledge, Three, rulebook
from habeas.assess.facts import FactSheet, Matter, Seat, establish, seat_of
from habeas.request import (
    AccountFacts,
    Assurance,
    Authorisation,
    AuthorisationKind,
    Authority,
    Category,
    Emergency,
    Evidence,
    EvidenceKind,
    Identifier,
    Measure,
    Offence,
    Penalty,
    PenaltyKind,
    Period,
    Request,
    Target,
    identify,
)
from tests.world import INSULT, ON, item, request, target, years


def facts(asked: Request, knowledge: Knowledge | None = None, seat: Seat | None = None) -> FactSheet:
    matter = Matter(asked, seat or seat_of(asked), knowledge or Knowledge())
    return establish([matter], ON, rulebook())[0]


def value(name: str, asked: Request, knowledge: Knowledge | None = None) -> Three:
    return facts(asked, knowledge).facts[name].value


def test_every_fact_of_the_rulebook_is_made() -> None:
    assert tuple(facts(request()).facts) == rulebook().names


def test_what_is_supposed_says_so() -> None:
    source = facts(request()).facts["instrument_in_force"].sources[0]
    assert source.kind == "supposed"


def test_the_convention_is_not_in_force_today() -> None:
    plain = request(supposed=())
    assert value("instrument_in_force", plain) is Three.NOT_MET
    assert value("instrument_in_force", plain, Knowledge(as_if_in_force=True)) is Three.MET


def test_a_sender_nobody_checked_is_not_identified() -> None:
    assert value("sender_identified", request(supposed=())) is Three.NOT_SHOWN


@pytest.mark.parametrize(
    ("holds", "expected"), [(True, Three.MET), (False, Three.NOT_MET), (None, Three.NOT_SHOWN)]
)
def test_a_call_back_settles_who_sent_it(holds: bool | None, expected: Three) -> None:
    call = Evidence(
        kind=EvidenceKind.CALL_BACK,
        holds=holds,
        register_entry="entry 7",
        register_state="FRA",
        register_read_on=date(2026, 6, 1),
        seen_on=date(2026, 11, 20),
    )
    known = identify(Authority(name="Public prosecutor's office"), (call,), state="FRA", on=ON)
    assert value("sender_identified", request(supposed=()), Knowledge(identification=known)) is expected


def test_an_unknown_seat_law_is_not_shown() -> None:
    assert value("seat_law_permits", request(supposed=(), seat_state="KEN")) is Three.NOT_SHOWN
    assert value("seat_law_permits", request(supposed=(), seat_state=None)) is Three.NOT_SHOWN


def test_a_suspended_state_is_not_in_good_standing() -> None:
    assert value("requester_in_good_standing", request()) is Three.MET
    assert (
        value("requester_in_good_standing", request(), Knowledge(suspended=frozenset({"FRA"})))
        is Three.NOT_MET
    )


def test_a_request_straight_to_a_provider_has_no_road_under_the_convention() -> None:
    assert value("channel_open", request(measure=Measure.DIRECT_TO_PROVIDER)) is Three.NOT_MET
    assert value("channel_open", request(measure=Measure.STORED_ACCESS)) is Three.MET


def test_account_data_asked_for_as_police_cooperation_has_no_road() -> None:
    assert value("channel_open", request(measure=Measure.POLICE_TO_POLICE)) is Three.NOT_MET


@pytest.mark.parametrize(
    ("maximum", "expected"),
    [
        (years(4), Three.MET),
        (years(3.9), Three.NOT_MET),
        (Penalty(kind=PenaltyKind.LIFE), Three.MET),
        (Penalty(kind=PenaltyKind.FINE), Three.NOT_MET),
        (None, Three.NOT_SHOWN),
    ],
)
def test_four_years_is_exactly_enough_and_an_unknown_penalty_never_is(
    maximum: Penalty | None, expected: Three
) -> None:
    offence = Offence(label="An offence", claimed_maximum=maximum)
    assert value("four_years", request(offences=(offence,))) is expected


def test_a_claim_above_the_law_on_record_is_not_shown() -> None:
    """Turkish law punishes insult of the President with four years at most; a provision below stays below."""
    low = Offence(label="Insult", citations=("Art. 284.2 CC RF",), claimed_maximum=years(8))
    sheet = facts(request(offences=(low,), requesting_state="RUS"))
    if any(
        match.provision.maximum(ON) and match.provision.maximum(ON).verified for match in sheet.provisions
    ):  # type: ignore[union-attr]
        assert sheet.facts["four_years"].value is Three.NOT_SHOWN
        assert sheet.facts["penalty_confirmed"].value is Three.NOT_MET


def test_a_label_alone_is_no_harm() -> None:
    bare = request(
        facts="The offence is murder, kidnapping and terrorism.", offences=(Offence(label="Murder"),)
    )
    assert value("real_harm_shown", bare) is not Three.MET
    assert value("real_harm_shown", request()) is Three.MET


def test_conduct_is_an_offence_here_only_where_harm_is_shown() -> None:
    assert value("offence_in_seat_law", request()) is Three.MET
    assert (
        value("offence_in_seat_law", request(facts="He wrote a poem about the moon for his friends."))
        is Three.NOT_SHOWN
    )


def test_speech_against_rulers_is_persecution_and_says_where_it_stands() -> None:
    sheet = facts(request(facts=INSULT))
    assert sheet.facts["persecution_shown"].value is Three.MET
    for source in sheet.facts["persecution_shown"].sources:
        assert source.span is not None
        assert INSULT[slice(*source.span)] == source.words


@pytest.mark.parametrize(
    ("kind", "judge", "independent"),
    [
        (AuthorisationKind.JUDGE, Three.MET, Three.MET),
        (AuthorisationKind.PROSECUTOR, Three.NOT_MET, Three.MET),
        (AuthorisationKind.POLICE, Three.NOT_MET, Three.NOT_MET),
        (AuthorisationKind.NONE, Three.NOT_MET, Three.NOT_MET),
        (AuthorisationKind.UNSTATED, Three.NOT_SHOWN, Three.NOT_SHOWN),
    ],
)
def test_who_authorised_is_a_claim_in_three_values(
    kind: AuthorisationKind, judge: Three, independent: Three
) -> None:
    asked = request(authorisation=Authorisation(kind=kind))
    assert value("judge_authorised", asked) is judge
    assert value("independently_authorised", asked) is independent


def test_live_data_and_keys_are_seen_by_category() -> None:
    live = request(targets=(target(item(Category.REALTIME_TRAFFIC)),))
    assert value("live_measure", live) is Three.MET
    assert value("only_live", live) is Three.MET
    mixed = request(targets=(target(item(), item(Category.REALTIME_CONTENT, number=2)),))
    assert value("only_live", mixed) is Three.NOT_MET
    assert value("credentials_asked", request(targets=(target(item(Category.CREDENTIALS)),))) is Three.MET
    assert value("credentials_asked", request()) is Three.NOT_MET


def test_preservation_is_the_measure_or_every_item() -> None:
    assert value("preservation_only", request(measure=Measure.PRESERVATION)) is Three.MET
    kept = request(targets=(target(item(description="preservation")),))
    assert value("preservation_only", kept) is Three.MET
    assert (
        value("content_asked", request(targets=(target(item(Category.CONTENT, description="preservation")),)))
        is Three.NOT_MET
    )


def test_bulk_and_persons_nobody_suspects_are_seen() -> None:
    assert value("bulk_asked", request(targets=(target(value="bulk:all-donors", bulk=True),))) is Three.MET
    assert value("bulk_asked", request()) is Three.NOT_MET
    assert value("third_parties_asked", request(targets=(target(role="témoins"),))) is Three.MET
    assert value("third_parties_asked", request()) is Three.NOT_MET


def test_a_long_period_of_content_needs_a_reason() -> None:
    long = Period(start=date(2020, 1, 1), end=date(2023, 12, 1))
    assert (
        value("period_excessive", request(targets=(target(item(Category.CONTENT, period=long)),)))
        is Three.MET
    )
    assert (
        value("period_excessive", request(targets=(target(item(Category.SUBSCRIBER, period=long)),)))
        is Three.NOT_MET
    )


def test_an_open_period_is_not_bounded() -> None:
    assert (
        value(
            "period_bounded",
            request(targets=(target(item(Category.TRAFFIC, period=Period(start=date(2025, 1, 1)))),)),
        )
        is Three.NOT_MET
    )
    assert (
        value("period_bounded", request(targets=(target(item(Category.TRAFFIC, period=None)),)))
        is Three.NOT_SHOWN
    )


def test_death_is_seen_in_the_claim_and_lifted_only_by_an_assurance() -> None:
    capital = Offence(label="Murder", claimed_maximum=Penalty(kind=PenaltyKind.DEATH))
    assert value("capital_exposure", request(offences=(capital,))) is Three.MET
    assert value("no_death_assurance", request(offences=(capital,))) is Three.NOT_SHOWN
    bare = request(offences=(capital,), assurances=(Assurance(kind="no-death-penalty", text=" "),))
    assert value("no_death_assurance", bare) is Three.NOT_SHOWN
    words = "It will not be imposed, and not be carried out if it is."
    given = request(offences=(capital,), assurances=(Assurance(kind="no-death-penalty", text=words),))
    assert value("no_death_assurance", given) is Three.MET


def test_an_abolished_death_penalty_is_no_exposure() -> None:
    plain = request().facts
    spoken = request(facts=f"{plain} The death penalty may be imposed.")
    gone = request(facts=f"{plain} The death penalty was abolished long ago.")
    assert value("capital_exposure", spoken) is Three.MET
    assert value("capital_exposure", gone) is Three.NOT_MET


@pytest.mark.parametrize(
    "disguised",
    [
        "H\u0435 insult\u0435d the h\u0435ad of stat\u0435 and publish\u0435d it.",  # Cyrillic letters
        "h e   i n s u l t e d the h e a d of state",
        "He i n s u l t e d the head of state.",
        "He in\u200csulted the head of state.",
        "이 사람은 대통령을 모욕하는 글을 썼다는 이유로 조사를 받고 있습니다.",
    ],
)
def test_words_that_only_people_can_read_are_a_question(disguised: str) -> None:
    plain = request()
    assert value("facts_read", plain) is Three.MET
    told = request(facts=f"{plain.facts} {disguised}")
    assert value("facts_read", told) is Three.NOT_SHOWN
    assert value("real_harm_shown", told) is Three.NOT_SHOWN


@pytest.mark.parametrize("hidden", ["\u200d", "\u2061", "\u180e", "\u3164", "\ufe0f", "\U000e0041"])
def test_characters_nobody_sees_hide_no_word(hidden: str) -> None:
    plain = facts(request(facts="He insulted the head of state.")).scales
    told = facts(request(facts=f"He ins{hidden}ulted the he{hidden}ad of state.")).scales
    assert told == plain
    assert told.protected > 0


@pytest.mark.parametrize("written", ["*", "192.0.2.0/24", "2001:db8::/32", "user*@example.org"])
def test_a_pattern_or_a_network_is_no_account(written: str) -> None:
    many = Target(id="t1", identifiers=(Identifier(value=written),), items=(item(Category.SUBSCRIBER),))
    assert value("bulk_asked", request(targets=(many,))) is Three.MET


def test_an_identifier_that_describes_everybody_is_no_account() -> None:
    words = "all participants of the protest"
    many = Target(id="t1", identifiers=(Identifier(value=words),), items=(item(Category.SUBSCRIBER),))
    assert value("bulk_asked", request(targets=(many,))) is Three.MET


def test_data_to_come_described_as_stored_data_is_a_question() -> None:
    words = "real-time interception of all future messages"
    asked = request(targets=(target(item(Category.SUBSCRIBER, description=words)),))
    assert value("live_measure", asked) is Three.NOT_SHOWN


def test_a_request_taken_for_an_order_is_a_question() -> None:
    asked = request()
    seat = Seat(asked.seat_state, "provider", "domestic-order")
    assert facts(asked, seat=seat).facts["channel_open"].value is Three.NOT_SHOWN


def test_torture_and_the_age_of_the_accused_are_heard() -> None:
    plain = request().facts
    assert value("torture_signs", request(facts=f"{plain} He confessed under torture.")) is Three.MET
    assert value("suspect_is_child", request(facts=f"{plain} The suspect is 14 years old.")) is Three.MET
    boy = msgspec.structs.replace(target(item(Category.SUBSCRIBER)), role="suspect, aged 14")
    assert value("suspect_is_child", request(targets=(boy,))) is Three.MET


def test_a_claimed_emergency_without_a_person_in_danger_is_not_shown() -> None:
    money = request(emergency=Emergency(claimed=True, statement="the money may be lost"))
    assert value("danger_shown", money) is Three.NOT_SHOWN
    child = request(
        emergency=Emergency(claimed=True, statement="abducted child in imminent danger to life"),
        facts="The child was abducted this morning by an armed man who said he will kill the child before "
        "midnight. He communicates with the mother through the account shown; CCTV footage shows him. "
        "There is imminent danger to life. The order of the judge is attached.",
    )
    assert value("danger_shown", child) is Three.MET


def test_a_minor_is_known_from_the_records_of_the_custodian() -> None:
    known = Knowledge(accounts=(AccountFacts(target="t1", holder_is_minor=True),))
    assert value("suspect_is_child", request(), known) is Three.MET
    assert value("suspect_is_child", request()) is Three.NOT_MET


def test_the_seat_follows_from_the_request() -> None:
    assert seat_of(request()).role == "central-authority"
    assert seat_of(request(measure=Measure.DIRECT_TO_PROVIDER)).role == "provider"
    own = request(measure=Measure.DOMESTIC_ORDER, requesting_state="USA")
    assert seat_of(own).arrival == "domestic-order"
    assert seat_of(request(measure=Measure.DOMESTIC_ORDER)).arrival == "request"


def test_a_sentence_said_three_times_tells_nothing_more() -> None:
    crime = "The body of the victim was found with stab wounds, and DNA of the suspect was on the knife. "
    once, thrice = facts(request(facts=crime)).scales, facts(request(facts=crime * 3)).scales
    assert once.harm > 0
    assert (thrice.harm, thrice.told) == (once.harm, once.told)


def test_who_authorised_is_weighed() -> None:
    assert facts(request(authorisation=Authorisation(kind=AuthorisationKind.JUDGE))).scales.judged
    assert not facts(request(authorisation=Authorisation(kind=AuthorisationKind.PROSECUTOR))).scales.judged


def test_what_was_sent_or_shown_ties_an_account_to_the_offence_where_a_judge_has_seen_it() -> None:
    sent = "A film of her was published in the whole town. She was found dead on Monday."
    ordered = Authorisation(kind=AuthorisationKind.JUDGE)
    alone = Authorisation(kind=AuthorisationKind.PROSECUTOR)
    assert value("conduct_linked", request(facts=sent, authorisation=ordered)) is Three.MET
    assert value("conduct_linked", request(facts=sent, authorisation=alone)) is Three.NOT_SHOWN
    nothing = "She was found dead on Monday."
    assert value("conduct_linked", request(facts=nothing, authorisation=ordered)) is Three.NOT_SHOWN


def test_an_intermediary_is_no_medium_and_who_received_stolen_money_is_no_bystander() -> None:
    for role, bystander in (
        ("media outlet", Three.MET),
        ("his source", Three.MET),
        ("intermediary", Three.NOT_MET),
        ("recipient", Three.NOT_MET),
    ):
        assert value("third_parties_asked", request(targets=(target(role=role),))) is bystander, role
